#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# output.sh WEIR - pipes get neither colours nor progress, JSON is JSON, filters and columns work.

. "$(dirname "$0")/common.sh"
functions=$root/pcaps/modbus-functions.pcap
attack=$root/pcaps/modbus-attack.pcap
escape=$(printf '\033')

no_escapes() {
	if grep -q "$escape" out err; then
		fail "escape codes in a pipe: $*"
	fi
}

for command in "replay $attack" "assets -r $attack" "conversations -r $attack" \
	"events -r $attack" "alerts -r $attack" "fields" "protocols" "rules list"; do
	# shellcheck disable=SC2086 # words on purpose
	expect 0 "$weir" $command
	[ -s out ] || fail "nothing from: $command"
	no_escapes "$command"
done

for command in "assets -r $attack" "conversations -r $attack" "events -r $attack" \
	"alerts -r $attack" "fields" "protocols" "rules list"; do
	# shellcheck disable=SC2086 # words on purpose
	expect 0 "$weir" $command -J
	jq -es 'length > 0 and all(.[]; type == "object")' out >/dev/null || fail "no JSON: $command"
done

# The summary is a contract: one object, schema first.
expect 0 "$weir" replay "$functions" --summary json
[ "$(wc -l <out)" = 1 ] || fail "the summary is not one line"
jq -e 'keys_unsorted[:4] == ["schema", "packets", "bytes", "duplicates"] and .schema == 1
	and (.protocols.modbus | .messages > 0 and (.requests | type == "object"))
	and (.alerts | has("critical")) and (.protocols | has("umas") | not)' out >/dev/null ||
	fail "the summary is not as documented"

# Documents on standard output stay alone there.
expect 0 "$weir" replay "$functions" --events -
jq -es 'all(.[]; has("@timestamp"))' out >/dev/null || fail "events are not alone on standard output"
expect 0 "$weir" replay "$functions" --summary none
[ ! -s out ] || fail "output without a summary"

# The same replay twice gives the same bytes.
expect 0 "$weir" replay "$functions" --events - --alerts -
cp out first
expect 0 "$weir" replay "$functions" --events - --alerts -
cmp -s out first || fail "two replays differ"

# Filters and columns.
expect 0 "$weir" events -r "$functions" operation=read -J
jq -es 'length > 0 and all(.[]; .weir.operation == "read")' out >/dev/null || fail "filter by operation"
expect 0 "$weir" events -r "$functions" -J
jq -es 'length > 0 and all(.[]; .weir.operation != "read")' out >/dev/null || fail "reads are shown"
expect 0 "$weir" events -r "$functions" --all -n 3 -J
[ "$(wc -l <out)" = 3 ] || fail "-n 3 gives $(wc -l <out)"
expect 0 "$weir" events -r "$functions" --all -o time,weir.unit_id -n 1
says out "weir.unit_id"
expect 0 "$weir" fields modbus type=uint64 -J
jq -es 'length > 0 and all(.[]; (.name | contains("modbus")) and .type == "uint64")' out >/dev/null ||
	fail "fields by name and type"
expect 0 "$weir" events -r "$functions" weir.no.such.field=1
says err "no document has a field 'weir.no.such.field'"
expect 0 "$weir" events -r "$functions" --all --since 0 --until now -J
expect 0 "$weir" events -r "$functions" --all --until 2001-01-01 -J
[ ! -s out ] || fail "events before the capture"

# How far each protocol was understood.
expect 0 "$weir" protocols -r "$functions" -J
says out '"name":"modbus"'
says out '"decoded":'
expect 0 "$weir" protocols -r "$functions"
says out MALFORMED

# Levels and exit codes.
expect 3 "$weir" replay "$attack" --fail-on low
expect 0 "$weir" replay "$functions" --no-rules --fail-on informational
says out "rules were not used"

# Into a database and out of it: the same assets.
expect 0 "$weir" replay "$attack" --db plant.db
for noun in assets conversations; do
	[ "$noun" = assets ] && columns=ip,mac || columns=source,target,port,protocol
	expect 0 "$weir" "$noun" -r "$attack" -o "$columns"
	sort out >from_capture
	expect 0 "$weir" "$noun" --db plant.db -o "$columns"
	sort out >from_database
	cmp -s from_capture from_database || fail "$noun: database and capture differ"
done
expect 0 "$weir" alerts --db plant.db -J
expect 0 "$weir" events --db plant.db -J

# A stop in the middle of a pipe that has fallen silent is an end in order.
mkfifo pipe.fifo
for workers in 1 2; do
	{
		head -c 20000 "$root/pcaps/modbus-polling.pcap"
		sleep 20
	} >pipe.fifo &
	feeder=$!
	"$weir" replay --workers "$workers" --summary json - >out 2>err <pipe.fifo &
	replay=$!
	sleep 2
	kill -INT "$replay"
	wait "$replay" || fail "interrupted pipe: exit code $?"
	kill "$feeder"
	says out '"packets":244'
	[ ! -s err ] || fail "interrupted pipe: $(head -1 err)"
done

done_testing
