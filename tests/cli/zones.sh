#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# zones.sh WEIR - zones and conduits: suggested, checked, listed, compared, and seen in what else is shown.

. "$(dirname "$0")/common.sh"
plant=$root/pcaps/plant-mixed.pcap
policies=$root/tests/policies

# What is suggested is a policy that allows what was seen.
for capture in plant-mixed zones-internet zones-bridged modbus-attack; do
	"$weir" zones suggest -r "$root/pcaps/$capture.pcap" >suggested.yaml
	expect 0 "$weir" zones check suggested.yaml -r "$root/pcaps/$capture.pcap"
	"$weir" replay --policy suggested.yaml --summary none --no-rules --events events.ndjson \
		"$root/pcaps/$capture.pcap"
	[ "$(jq -c 'select(.weir.policy)' events.ndjson | wc -l)" = 0 ] ||
		fail "the policy suggested for $capture is violated by it"
done

# A database says the same as the capture that it is from.
"$weir" replay --db plant.db --summary none --no-rules "$plant"
"$weir" zones suggest -r "$plant" >suggested.yaml
"$weir" zones suggest --db plant.db | cmp - suggested.yaml || fail "suggested from a database"
expect 0 "$weir" zones check suggested.yaml --db plant.db

# Exit codes: the file alone, violations, mistakes, no file.
expect 0 "$weir" zones check "$policies/plant.yaml"
expect 1 "$weir" zones check "$policies/plant.yaml" -r "$plant"
expect 0 "$weir" zones check "$policies/whole.yaml" -r "$plant"
printf 'version: 1\nzones: [{name: a, level: 9}]\n' >wrong.yaml
expect 2 "$weir" zones check wrong.yaml
expect 2 "$weir" zones check wrong.yaml -r "$plant"
expect 2 "$weir" replay --policy wrong.yaml "$plant"
expect 2 "$weir" zones check missing.yaml
expect 2 "$weir" zones check
"$weir" zones check wrong.yaml 2>&1 | grep -q '^wrong.yaml:2:26: level wants' ||
	fail "the mistake is not told with its place"

# What is found, as documents.
"$weir" zones check "$policies/plant.yaml" -r "$plant" -J >found.ndjson
[ "$(jq -r 'select(.violation == "no_zone").source' found.ndjson)" = 192.168.10.199 ] ||
	fail "the stranger is in no zone"
[ "$(jq -r 'select(.violation == "expired_conduit").conduit' found.ndjson | sort -u)" = telecontrol ] ||
	fail "an expired conduit"
"$weir" zones check "$policies/answers.yaml" -r "$plant" -J violation=unused_conduit >unused.ndjson
[ "$(wc -l <unused.ndjson)" = 0 ] || fail "a conduit that is asked about is not unused"

# The list, and what differs between two observations.
"$weir" zones list "$policies/plant.yaml" -J >list.ndjson
[ "$(jq -r 'select(.name == "press").within' list.ndjson)" = cells ] || fail "a nested zone"
[ "$(jq -r 'select(.name == "cells").sl_t' list.ndjson)" = "2 2 0 0 0 0 3" ] || fail "sl_t"
"$weir" zones diff "$policies/whole.yaml" "$plant" "$plant" -J | grep . && fail "a capture differs from itself"
"$weir" zones diff "$policies/networks.yaml" "$root/pcaps/zones-internet.pcap" \
	"$root/pcaps/zones-bridged.pcap" -J >diff.ndjson
[ "$(jq -r 'select(.change == "new" and .what == "member").address' diff.ndjson | sort | head -1)" = \
	192.168.20.10 ] || fail "a new member"

# The zone is an attribute of assets and a filter, and stands in events and alerts.
export WEIR_POLICY=$policies/plant.yaml
[ "$("$weir" assets -r "$plant" -J zone=press | jq -r '.host.ip[0]')" = 192.168.10.51 ] ||
	fail "assets zone=press"
"$weir" events -r "$plant" -J >events.ndjson
[ "$(jq -r 'select(.weir.operation == "write").weir.destination.zone' events.ndjson | head -1)" = cells ] ||
	fail "the zone of an event"
"$weir" replay --summary none --alerts alerts.ndjson "$plant"
[ "$(jq -r 'select(.rule.name == "Expired Conduit in Use").weir.policy.owner' alerts.ndjson | head -1)" = \
	Ines ] ||
	fail "the owner of a conduit in its alert"

# What the zone wants of the requirement (RA: 3) raises the risk.
risk() {
	jq -r 'select(.rule.name == "S7 PLC Stop").event.risk_score' alerts.ndjson
}
raised=$(risk)
WEIR_POLICY='' "$weir" replay --summary none --alerts alerts.ndjson "$plant"
[ "$raised" = $(($(risk) + 5)) ] || fail "risk $raised in its zone, $(risk) without zones"

done_testing
