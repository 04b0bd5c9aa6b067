#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# bad_input.sh WEIR - what is given and is wrong is said in one line, with the right exit code.

. "$(dirname "$0")/common.sh"
good=$root/pcaps/modbus-functions.pcap

expect 2 "$weir" replay missing.pcap
says err "missing.pcap"
one_line

: >empty.pcap
expect 2 "$weir" replay empty.pcap
says err "empty.pcap"
one_line

echo "this is no capture at all, but a text" >text.pcap
expect 2 "$weir" replay text.pcap
says err "text.pcap"
one_line

# A good file beside a bad one is no success.
expect 2 "$weir" replay "$good" text.pcap
expect 2 "$weir" assets -r missing.pcap
says err "missing.pcap"
one_line

expect 2 "$weir" replay "$good" --filter 'this is no filter'
expect 2 "$weir" replay "$good" --rules missing-folder
one_line

mkdir rules
cat >rules/wrong.yml <<'END'
title: A field that does not exist
id: 7f5c0a5e-1111-4c58-a0a9-6d0f1d5f7a11
status: test
logsource: {category: ot, product: weir, service: modbus}
detection:
  selection:
    weir.no_such_field: 1
  condition: selection
level: low
END
expect 2 "$weir" rules check rules
says err "wrong.yml:7:"
expect 2 "$weir" replay "$good" --rules rules
says err "wrong.yml:7:"
expect 2 "$weir" alerts -r "$good" --rules rules

printf 'a: [b\n' >rules/wrong.yml
expect 2 "$weir" rules check rules
says err "wrong.yml:"

expect 0 "$weir" config check "$root/etc/weir.yaml"
expect 0 "$weir" config check --show "$root/etc/weir.yaml"
says out "snap_length: 262144"
printf 'capture: [\n' >garbage.yaml
expect 2 "$weir" config check garbage.yaml
says err "garbage.yaml:"
printf 'capture:\n  bufer: 1\n  workers: many\n' >wrong.yaml
expect 2 "$weir" config check wrong.yaml
says err "wrong.yaml:2:3: unknown key 'capture.bufer'"
says err "wrong.yaml:3:12: capture.workers wants a number"
expect 2 "$weir" config check missing.yaml
expect 2 "$weir" run --config wrong.yaml
expect 2 "$weir" run --config missing.yaml

# Databases.
expect 2 "$weir" assets --db missing.db
says err "missing.db"
one_line
echo "this is no database" >text.db
for noun in assets conversations events alerts; do
	expect 2 "$weir" "$noun" --db text.db
	says err "text.db"
done
cmp -s text.db - <<<"this is no database" || fail "a file that is no database was changed"

expect 1 "$weir" replay "$good" --events missing-folder/events.json
says err "missing-folder/events.json"
if [ -c /dev/full ]; then
	expect 1 "$weir" replay "$good" --events /dev/full
	expect 1 bash -c "'$weir' assets -r '$good' >/dev/full"
fi

done_testing
