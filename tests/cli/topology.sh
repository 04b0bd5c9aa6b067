#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# topology.sh WEIR - `weir topology` of the captures: DOT and JSON are byte for byte what
# tests/golden/topology has (GOLDEN_UPDATE=1 writes that), every format says the same devices, and
# filters, limits and files are obeyed.

. "$(dirname "$0")/common.sh"
golden="$root/tests/golden/topology"
plant="$root/pcaps/plant-mixed.pcap"
# What Graphviz allocated is left to the end of the process.
export ASAN_OPTIONS=detect_leaks=0

for format in dot json; do
	expect 0 "$weir" topology -r "$plant" --format "$format"
	if [ "${GOLDEN_UPDATE:-0}" = 1 ]; then
		mkdir -p "$golden"
		cp out "$golden/plant-mixed.$format"
	fi
	cmp -s out "$golden/plant-mixed.$format" || {
		fail "not tests/golden/topology/plant-mixed.$format"
		diff out "$golden/plant-mixed.$format" | head -5
	}
done
jq -e '[.nodes[].id] as $ids | all(.edges[]; .source as $s | .target as $t
	| ($ids | index($s)) != null and ($ids | index($t)) != null)' out >/dev/null ||
	fail "an edge ends at no node"

# The bytes of all edges are those of the conversations that are not carried.
edges=$(jq '[.edges[].bytes] | add' out)
expect 0 "$weir" conversations -r "$plant" -J
sum=$(jq -s '[.[] | select(.weir.conversation.carried_by | not)
	| select(.weir.conversation.destination) | .source.bytes + .destination.bytes] | add' out)
[ "$edges" = "$sum" ] || fail "edges have $edges bytes, conversations $sum"
jq -se '[.[] | select(.source.packets + .destination.packets == 0)] == []' out >/dev/null ||
	fail "a conversation without packets"

expect 0 "$weir" topology -r "$plant"
says out "192.168.10.41"
expect 0 "$weir" topology -r "$plant" protocol=s7comm --format json
[ "$(jq '.nodes | length' out)" = 4 ] || fail "a filter shows other devices"
expect 0 "$weir" topology -r "$plant" -n 3 --format json -o some.json
[ "$(jq '(.nodes | length), .nodes_left_out' some.json | tr '\n' ' ')" = "3 8 " ] ||
	fail "the limit is not obeyed"
says err "8 devices with less traffic are not shown"
expect 0 "$weir" topology -r "$plant" name=nobody --format dot
says out "0 devices"

if "$weir" topology -r "$plant" --format svg >plant.svg 2>err; then
	grep -q "192.168.10.41" plant.svg || fail "no device in the SVG"
	python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' plant.svg ||
		fail "the SVG is no XML"
else
	says err "built without Graphviz"
fi

expect 2 "$weir" topology -r "$plant" --format png
says err "--format wants text, dot, svg or json"
one_line
expect 2 "$weir" topology -r "$plant" -o /nowhere/x
says err "cannot write /nowhere/x"

# Conversations: either end's attributes filter, what rides in EtherNet/IP has its bytes.
expect 0 "$weir" conversations -r "$plant" role=engineering_workstation operation=program_upload -J
[ "$(wc -l <out)" = 1 ] || fail "not one upload"
expect 0 "$weir" conversations -r "$plant" pattern=cyclic protocol=cip cycle.gt=4000000000 \
	-o target,carrier,operation,cycle
says out "read 18, write 1, session 1"
says out "enip"

done_testing
