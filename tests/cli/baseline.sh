#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# baseline.sh WEIR - what is normal: learned, reviewed, decided on, frozen, exported and imported.

. "$(dirname "$0")/common.sh"
plant=$root/pcaps/plant-mixed.pcap
usual=$root/pcaps/baseline-usual.pcap
otherwise=$root/pcaps/baseline-otherwise.pcap

state() {
	"$weir" baseline --db "$1" -J | jq -r .state
}

# While it learns, rules on what is new make findings, and what a high rule tells of is held.
"$weir" replay --learn 1d --db plant.db --alerts alerts.ndjson --summary none "$plant"
[ "$(state plant.db)" = learning ] || fail "a sensor begins by learning"
[ -z "$(jq 'select(.weir.baseline.verdict == "finding")' alerts.ndjson)" ] || fail "a finding is no alert"
"$weir" baseline review --db plant.db -J >review.ndjson
[ "$(jq -r 'select(.weir.baseline.verdict == "finding").event.kind' review.ndjson | sort -u)" = event ] ||
	fail "findings are there to review"
[ -n "$(jq 'select(.weir.baseline.verdict == "held" and .rule.name == "S7 PLC Stop")' review.ndjson)" ] ||
	fail "a stop is held"
expect 2 "$weir" baseline freeze --db plant.db
expect 2 "$weir" baseline accept --db plant.db --reason x
expect 2 "$weir" baseline accept 0123456789abcdef --db plant.db --reason x
expect 2 "$weir" baseline accept 10.1.2.3 likes cell-1 --db plant.db --reason x

# One is rejected, one accepted, and who and why is kept.
id=$(jq -r 'select(.rule.name == "CIP Connection By A New Originator" and .source.ip == "192.168.10.41").weir.alert.id' \
	review.ndjson)
expect 0 "$weir" baseline reject "$id" --db plant.db --reason 'not known to us'
id=$(jq -r 'select(.rule.name == "S7 Write By A Host That Has Not Written Before").weir.alert.id' review.ndjson)
expect 0 "$weir" baseline accept "$id" --db plant.db --reason 'the panel'
expect 0 "$weir" baseline accept 192.168.10.20 programs any --db plant.db --reason 'engineering, CHG-12'
"$weir" baseline review --db plant.db -J | jq -r .weir.alert.id | grep -q "$id" && fail "it is decided on"
"$weir" baseline review -a --db plant.db -J "id=$id" >decided.ndjson
[ "$(jq -r '.weir.alert.state + "," + .weir.alert.reason' decided.ndjson)" = "accepted,the panel" ] ||
	fail "who decided and why"
"$weir" baseline export --db plant.db >accepted.txt
grep -qx 'allow 192.168.10.20 programs any' accepted.txt || fail "the sentence is a line"
grep -qx 'operation 192.168.10.10 192.168.10.31 s7comm write' accepted.txt || fail "the finding is lines"

# Frozen: what was held or rejected is not normal, all else is.
expect 0 "$weir" baseline freeze --db plant.db --reason 'reviewed with production'
[ "$(state plant.db)" = frozen ] || fail "it is frozen"
"$weir" baseline export --db plant.db >plant.txt
grep -q '192.168.10.199 192.168.10.31 s7comm stop' plant.txt && fail "a held operation was learned"
grep -qx 'operation 192.168.10.41 192.168.10.42 cip session' plant.txt && fail "what was rejected was learned"
"$weir" baseline diff --db plant.db >diff.txt
grep -qx '+ operation 192.168.10.199 192.168.10.31 s7comm stop' diff.txt || fail "seen and not normal"
LC_ALL=C sort -c plant.txt || fail "the lines are sorted"
"$weir" replay --baseline plant.txt --alerts again.ndjson --summary none "$plant"
[ "$(jq -r 'select(.weir.baseline.verdict == "not_normal" and .source.ip == "192.168.10.20").rule.name' \
	again.ndjson | wc -l)" = 0 ] || fail "what was learned is normal"
[ "$(jq -r '.weir.baseline.hash' again.ndjson | sort -u)" = \
	"$("$weir" baseline --db plant.db -J | jq -r .hash)" ] || fail "alerts name their baseline"

# Text and database are the same; a file with a mistake changes nothing.
"$weir" baseline diff plant.db plant.txt | grep . && fail "export and database differ"
grep -v ' 192.168.10.199 ' plant.txt >edited.txt
echo 'operation 192.168.10.1 modbus' >wrong.txt
expect 2 "$weir" baseline import wrong.txt --db plant.db --reason x
"$weir" baseline import wrong.txt --db plant.db --reason x 2>&1 | grep -q 'wrong.txt:1: ' || fail "where the mistake is"
"$weir" baseline diff plant.db plant.txt | grep . && fail "a wrong file changed something"
expect 0 "$weir" baseline import edited.txt --db plant.db --reason 'as merged'
"$weir" baseline diff plant.db edited.txt | grep . && fail "the import is not what was imported"
expect 0 "$weir" baseline learn --for 12h --db plant.db --reason 'new line'
[ "$(state plant.db)" = learning ] || fail "it learns again"

# Another day: what differs, and only that.
export WEIR_POLICY=$root/tests/policies/baseline.yaml
"$weir" baseline export -r "$usual" >usual.txt
"$weir" replay --baseline usual.txt --no-rules --events events.ndjson --summary none "$otherwise"
jq -r 'select(.weir.kind == "conversation").weir.conversation.change' events.ndjson | LC_ALL=C sort >changes.txt
printf '%s\n' new_conversation new_operation new_program new_target poll_stopped rhythm_changed \
	value_out_of_range | cmp - changes.txt || fail "what was otherwise"

# Times that are told apart.
(grep -v '^operation .*31 modbus write' usual.txt
	echo 'frame day 06:00-18:00'
	echo 'operation 192.168.10.10 192.168.10.31 modbus write day') >day.txt
"$weir" replay --baseline day.txt --alerts night.ndjson --summary none "$root/pcaps/baseline-web.pcap"
[ "$(jq -r 'select(.rule.name == "Known Operation At Another Time").weir.conversation.seen' night.ndjson)" = other ] ||
	fail "a write at night"
"$weir" replay --baseline day.txt --alerts day.ndjson --summary none "$root/pcaps/baseline-again.pcap"
jq -r 'select(.weir.baseline.verdict) | .rule.name' day.ndjson | sort -u >day.rules
[ ! -s day.rules ] || fail "a day like the other"
expect 2 "$weir" replay --learn 1d --baseline day.txt "$usual"
expect 2 "$weir" replay --learn never "$usual"

done_testing
