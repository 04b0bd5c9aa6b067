#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# alerts.sh WEIR - alerts as one story each: shown, counted, acknowledged, closed and reopened.

. "$(dirname "$0")/common.sh"
plant=$root/pcaps/plant-mixed.pcap
"$weir" replay --db plant.db --summary none "$plant"

# The same alerts from a capture and from a database, each once.
"$weir" alerts -r "$plant" -J >replayed.ndjson
"$weir" alerts --db plant.db -J >stored.ndjson
cmp replayed.ndjson stored.ndjson || fail "alerts of a capture and of its database differ"
[ "$(jq -r .weir.alert.id stored.ndjson | sort | uniq -d | wc -l)" = 0 ] || fail "an alert is there twice"
[ "$(jq -r .weir.alert.state stored.ndjson | sort -u)" = open ] || fail "a new alert is open"
jq -e 'select(.source.ip == null and .weir.asset == null)' stored.ndjson >/dev/null &&
	fail "an alert without its evidence"

id=$(jq -r 'select(.rule.name == "S7 PLC Stop").weir.alert.id' stored.ndjson)

# A reason is wanted; what is not there is told.
expect 2 "$weir" alerts ack "$id" --db plant.db
expect 2 "$weir" alerts ack --reason x --db plant.db
expect 2 "$weir" alerts ack ffffffff --reason x --db plant.db
expect 2 "$weir" alerts show ffffffff --db plant.db
expect 2 "$weir" alerts show "" --db plant.db
expect 2 "$weir" alerts ack "$id" --reason x --db missing.db

# Acknowledged by the beginning of its id, closed by a filter, reopened.
expect 0 "$weir" alerts ack "${id:0:8}" --reason 'planned, CHG-12' --db plant.db
says out "$id"
expect 0 "$weir" alerts close 'rule~Directory' --reason backup --db plant.db
state_of() {
	"$weir" alerts --db plant.db -J "$1" | jq -r "$2"
}
[ "$(state_of "id=$id" .weir.alert.state)" = acknowledged ] || fail "it was acknowledged"
[ "$(state_of "id=$id" .weir.alert.reason)" = 'planned, CHG-12' ] || fail "and why"
[ "$(state_of "id=$id" .weir.alert.by)" = "$(id -un)" ] || fail "and by whom"
[ "$(state_of state=closed .rule.name)" = "S7 Block Directory Read" ] || fail "one was closed"
expect 0 "$weir" alerts reopen state=closed --reason 'it went on' --db plant.db
[ -z "$(state_of state=closed .rule.name)" ] || fail "it was reopened"

# Each word is a row of the journal, and a document of its own below the size that all have.
"$weir" alerts --db plant.db --all -J "id=$id" >all.ndjson
[ "$(jq -r .event.action all.ndjson | tr '\n' ' ')" = "alert-opened alert-acknowledged " ] ||
	fail "the documents of an alert"
[ "$(jq -r .event.id all.ndjson | sort -u | wc -l)" = 2 ] || fail "each document has its own id"
[ "$(wc -L <all.ndjson)" -lt 4500 ] || fail "a document is too long"

# The page: what happened, what to do, what it maps to, its history.
expect 0 "$weir" alerts show "$id" --db plant.db
for text in 'stopped the controller PUMPS' 'Bring the process into a safe state' 'SR 2.1' challenged A.8.32 \
	alert-acknowledged 'planned, CHG-12'; do
	says out "$text"
done
expect 0 "$weir" alerts show "$id" -r "$plant"
says out alert-opened
[ "$("$weir" alerts show "$id" --db plant.db -J | jq -r .weir.alert.id)" = "$id" ] || fail "show -J"

# The packets behind it: those of its two ends, the one that raised it marked, for their owner alone.
expect 0 "$weir" alerts show "$id" -r "$plant" --pcap evidence.pcapng
[ "$(stat -c %a evidence.pcapng)" = 600 ] || fail "others may read the evidence"
tshark -r evidence.pcapng -T fields -e ip.addr 2>/dev/null | grep . | sort -u >ends
[ "$(tr ',' '\n' <ends | sort -u | tr '\n' ' ')" = "192.168.10.199 192.168.10.31 " ] ||
	fail "packets of others in the evidence: $(cat ends)"
[ "$(tshark -r evidence.pcapng -Y 's7comm.param.func == 0x29 and frame.comment' -T fields \
	-e frame.comment 2>/dev/null | sort -u)" = "weir alert $id: S7 PLC Stop" ] ||
	fail "the packet that raised it is not marked"
expect 1 "$weir" alerts show "$id" -r "$plant" --pcap evidence.pcapng
# What no sensor kept; what one kept is in the folder beside the database.
expect 1 "$weir" alerts show "$id" --db plant.db --pcap other.pcapng
[ ! -e other.pcapng ] || fail "a file without evidence was left"
mkdir evidence
cp evidence.pcapng "evidence/$id.pcapng"
expect 0 "$weir" alerts show "$id" --db plant.db --pcap other.pcapng
cmp -s evidence.pcapng other.pcapng || fail "another file than the one that was kept"
"$weir" alerts show "$id" --db plant.db >page
grep -q "evidence-read .* $(id -un)" page || fail "the page does not tell who got the packets"

# The counts.
"$weir" alerts stats --db plant.db -J >stats.json
[ "$(jq .alerts stats.json)" = "$(wc -l <stored.ndjson)" ] || fail "the number of alerts"
[ "$(jq '[.level[]] | add' stats.json)" = "$(wc -l <stored.ndjson)" ] || fail "alerts by level"
[ "$(jq -r '.state.acknowledged' stats.json)" = 1 ] || fail "alerts by state"

done_testing
