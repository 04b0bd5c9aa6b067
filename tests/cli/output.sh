#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# output.sh WEIR - pipes get neither colours nor progress, JSON is JSON, filters and columns work.

. "$(dirname "$0")/common.sh"
functions=$root/pcaps/modbus-functions.pcap
attack=$root/pcaps/modbus-attack.pcap
plant=$root/pcaps/plant-mixed.pcap
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

# Free text, and the order.
expect 0 "$weir" assets -r "$plant" 1756-l72 -J
jq -es 'map(.host.ip[0]) == ["192.168.10.41"]' out >/dev/null || fail "free text"
expect 0 "$weir" assets -r "$plant" 192.168.10.4 -J
[ ! -s out ] || fail "an address is found in a longer one"
expect 0 "$weir" assets -r "$plant" 192.168.10.32/30,1756 -J
jq -es 'map(.host.ip[0]) == ["192.168.10.32", "192.168.10.41"]' out >/dev/null || fail "a network or a word"
expect 0 "$weir" assets -r "$plant" --sort -ip -J -n 2
jq -es 'map(.host.ip[0]) == ["192.168.10.199", "192.168.10.61"]' out >/dev/null || fail "order by address"
expect 0 "$weir" conversations -r "$plant" --sort protocol,-sent -J
jq -es 'map([.network.protocol, -.source.bytes]) | . == sort' out >/dev/null || fail "order by two columns"
expect 2 "$weir" assets -r "$plant" --sort nothing
says err "no column 'nothing' to sort by"

# How far each protocol was understood.
expect 0 "$weir" protocols -r "$functions" -J
says out '"name":"modbus"'
says out '"decoded":'
expect 0 "$weir" protocols -r "$functions"
says out MALFORMED

# A plant of many protocols: order numbers, modules by slot, who stopped and who loaded, what is critical.
expect 0 "$weir" assets -r "$plant"
says out "6ES7 315-2EH14-0AB0"
says out "6ES7 511-1AK01-0AB0"
expect 0 "$weir" assets -r "$plant" modules~1756 -o ip,unit,modules
says out "192.168.10.41 0, 1, 2, 3, 4 1756-L72/B LOGIX5572, 1756-EN2T/D, 1756-IB16/A DCIN"
expect 0 "$weir" events -r "$plant" source=192.168.10.199 operation=stop,program_download -J
jq -es '[.[] | select(.event.outcome == "success") | [.weir.operation, .destination.ip, .weir.target]] | unique ==
	[["program_download", "192.168.10.31", "OB 1"], ["stop", "192.168.10.31", "program"],
	["stop", "192.168.10.41", "controller 0x8e/1"]]' out >/dev/null || fail "stops and downloads of the plant"
expect 0 "$weir" alerts -r "$plant" level=critical -J
jq -es 'map(.rule.name) == ["S7 PLC Stop", "S7 Block Download", "S7 Program Replaced",
	"S7 Block Linked Into The Running Program", "CIP Controller Stop Or Start",
	"Several Kinds Of Controllers Enumerated, Then One Attacked"] and
	all(.[]; .source.ip == "192.168.10.199")' out >/dev/null || fail "critical alerts of the plant"

# A terminal: never wider than it is, times without the year where it is narrow, modules line by line.
on_terminal() {
	script -qec "stty cols $1; NO_COLOR=1 $weir ${*:2} -r $plant" /dev/null </dev/null | tr -d '\r' >out
}
on_terminals() {
	for width in 80 120; do
		for command in assets conversations events alerts; do
			on_terminal "$width" "$command"
			[ -s out ] || fail "nothing on a terminal: $command"
			awk -v w="$width" 'length > w { exit 1 }' out || fail "$command is wider than $width columns"
		done
		[ "$(grep -q '^2026-' out && echo 120 || echo 80)" = "$width" ] || fail "times at $width columns"
	done
	on_terminal 80 assets modules~1756 -o ip,unit,modules
	grep -q '^ *1756-IF8/A' out || fail "modules are not line by line"
}
# Without /dev/pts there is no terminal to be had (a bare root directory).
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	on_terminals
else
	echo "no terminal here: tables on one are not looked at"
fi

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
