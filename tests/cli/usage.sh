#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# usage.sh WEIR - wrong usage is one line that names the help, and ends with 2; help ends with 0.

. "$(dirname "$0")/common.sh"

expect 2 "$weir"
expect 2 "$weir" nonsense
says err "weir: no command 'nonsense'; see weir --help"
one_line
expect 0 "$weir" version
says out "weir "
expect 0 "$weir" help

for command in replay run status assets conversations topology events alerts fields protocols rules config schema; do
	expect 0 "$weir" "$command" --help
	says out "usage: weir $command"
	says out "examples:"
	expect 0 "$weir" help "$command"
	says out "usage: weir $command"
done

for command in replay run status assets conversations topology events alerts fields protocols schema; do
	expect 2 "$weir" "$command" --no-such-option
	says err "weir $command: unknown option --no-such-option; see weir $command --help"
	one_line
done

expect 2 "$weir" replay
says err "wants a capture file"
expect 2 "$weir" replay x.pcap --summary yaml
says err "--summary wants text, json or none"
expect 2 "$weir" replay x.pcap --workers 17
expect 2 "$weir" replay x.pcap --workers 0
expect 2 "$weir" replay x.pcap --fail-on terrible
says err "--fail-on wants"
expect 2 "$weir" run
says err "wants an interface"
expect 2 "$weir" run -i eth1:99999
expect 2 "$weir" rules
says err "wants a verb: check, list"
expect 2 "$weir" rules what
says err "no such verb 'what'"
for verb in check list; do
	expect 0 "$weir" rules $verb --help
	says out "usage: weir rules $verb"
	expect 0 "$weir" help rules $verb
	says out "usage: weir rules $verb"
	expect 2 "$weir" rules $verb --no-such-option
	says err "weir rules $verb: unknown option --no-such-option; see weir rules $verb --help"
done
expect 2 "$weir" config
expect 2 "$weir" schema
says err "wants elasticsearch, opensearch or json-schema"
expect 2 "$weir" schema xml
expect 2 "$weir" schema json-schema asset conversation
expect 2 "$weir" schema json-schema nothing
says err "json-schema has no file 'nothing'"
expect 2 "$weir" schema json-schema asset -o "$work/schemas"
says err "exclude each other"
expect 0 "$weir" schema opensearch -o "$work/schemas"
expect 0 test -s "$work/schemas/_plugins/_ism/policies/logs-weir.kept.json"
expect 1 "$weir" schema opensearch -o /dev/null/x
says err "cannot make /dev/null"
expect 2 "$weir" events -r x.pcap --db y.db
says err "exclude each other"
expect 2 "$weir" events -r x.pcap -f
expect 2 "$weir" events -r x.pcap nokey=1
says err "no filter key 'nokey'"
expect 2 "$weir" events -r x.pcap operation
expect 2 "$weir" events -r x.pcap --since sometime
says err "is no time"
expect 2 "$weir" assets -r x.pcap -o nocolumn
says err "no column 'nocolumn'"

expect 1 "$weir" status --socket "$work/none.sock"
says err "no sensor is running here"
one_line

done_testing
