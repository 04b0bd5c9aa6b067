#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# exceptions.sh WEIR - the exceptions file: what it holds back is counted, what is wrong in it is said.

. "$(dirname "$0")/common.sh"
attack=$root/pcaps/modbus-attack.pcap
stop="UMAS Start Or Stop Of A Controller"
signed=', owner: eva, reason: ticket 4711'

# opened EXPRESSION: how many alerts of the last replay meet it.
opened() {
	jq -c "select(.event.action == \"alert-opened\") | select($1)" alerts | wc -l
}

replay() { # FILE
	expect 0 "$weir" replay "$attack" --exceptions "$1" --alerts alerts --events events --summary json
}

expect 0 "$weir" replay "$attack" --alerts alerts --summary none
[ "$(opened ".rule.name == \"$stop\"")" = 1 ] || fail "the rule does not alert by itself"
[ "$(opened '.weir.exceptions')" = 0 ] || fail "a hash of exceptions without any"

# ---- suppress ----

cat >suppress.yaml <<-END
	- {name: gateway, rules: '$stop', action: suppress, expires: 2027-06-30$signed,
	   assets: {source: [192.168.10.199, role=nobody]}}
	- {name: unused, rules: 'S7*', action: suppress, expires: 2027-06-30$signed}
	- {name: long gone, rules: '*', action: suppress, expires: 2025-12-31$signed}
END
replay suppress.yaml
[ "$(opened ".rule.name == \"$stop\"")" = 0 ] || fail "a suppressed rule alerts"
[ "$(jq -r .exceptions.held out)" = 2 ] || fail "the summary does not count what was held back"
[ "$(jq -r '.exceptions.rules["f5091aa8-5214-4f1d-bc76-d87f16ec3d31"]' out)" = 2 ] ||
	fail "the summary does not count it for its rule"
hash=$(jq -r .exceptions.hash out)
[ "$(jq -r .weir.exceptions.hash alerts | sort -u)" = "$hash" ] || fail "alerts lack the hash"
# What expired is a record, and an alert of the pack, once.
[ "$(jq -c 'select(.weir.sensor.event == "exception_expired")' events | wc -l)" = 1 ] ||
	fail "not one record of what expired"
[ "$(opened '.rule.name == "Exception Expired" and .weir.exception.name == "long gone" and
	.weir.level == "low"')" = 1 ] || fail "no alert of what expired"
WEIR_EXCEPTIONS=suppress.yaml expect 0 "$weir" replay "$attack"
says out "exceptions     2 hits raised no alert"
says out "2 $stop"

# Layout and comments do not change the hash.
{ echo "# same"; cat suppress.yaml; } >same.yaml
replay same.yaml
[ "$(jq -r .exceptions.hash out)" = "$hash" ] || fail "a comment changes the hash"

# With a database, the journal has what expired.
expect 0 "$weir" replay "$attack" --exceptions suppress.yaml --db plant.db --summary none
count=$(python3 -c 'import sqlite3
print(sqlite3.connect("plant.db").execute("select count(*) from journal where kind = ?", ("exception",)).fetchone()[0])')
[ "$count" = 1 ] || fail "the journal lacks what expired"

# ---- the list ----

expect 0 "$weir" rules exceptions -r "$attack" --exceptions suppress.yaml -J
[ "$(jq -r '.name + " " + .state + " \(.hits) \(.held)"' out | paste -sd,)" = \
	"gateway active 2 2,unused never used 0 0,long gone expired 0 0" ] || fail "the list is wrong"
expect 0 "$weir" rules exceptions --exceptions suppress.yaml -o name,state,owner,reason
says out "ticket 4711"
expect 0 "$weir" rules exceptions --exceptions suppress.yaml state=expired -o name
says out "long gone"
says out "NAME"
[ "$(wc -l <out)" = 2 ] || fail "the filter does not choose"
expect 0 "$weir" alerts -r "$attack" --exceptions suppress.yaml "rule=$stop" -J
[ -s out ] && fail "weir alerts does not use the exceptions"

# ---- level and threshold ----

cat >level.yaml <<-END
	- {name: known, tags: attack.t0858, action: level, level: low, expires: 2027-06-30$signed}
	- {name: seldom, levels: [medium], action: threshold, expires: 2027-06-30$signed,
	   threshold: {limit: 1, timespan: 1d, by: rule}}
END
replay level.yaml
[ "$(opened ".rule.name == \"$stop\" and .weir.level == \"low\" and
	.weir.exception.name == \"known\" and .weir.exception.level == \"critical\"")" = 1 ] ||
	fail "the level was not changed"

# ---- mistakes ----

cat >wrong.yaml <<-END
	- name: a
	  rules: [nobody*, '$stop']
	  action: suppress
	- {name: b, rules: '*', action: suppress, expires: 2027-06-31$signed, colour: red}
END
expect 2 "$weir" replay "$attack" --exceptions wrong.yaml --db none.db
says err "wrong.yaml:2:11: 'nobody*': no loaded rule has this id, name or title"
says err "wrong.yaml:1:3: an exception needs owner: who answers for it"
says err "wrong.yaml:1:3: an exception needs reason: why it was made"
says err "wrong.yaml:1:3: an exception needs expires"
says err "wrong.yaml:4:52: expires must be the last day"
says err "wrong.yaml:4:97: unknown key 'colour'"
says err "6 mistakes in wrong.yaml"
[ -e none.db ] && fail "an empty database was left behind"
expect 2 "$weir" rules exceptions --exceptions wrong.yaml
expect 2 "$weir" replay "$attack" --exceptions missing.yaml
expect 2 "$weir" replay "$attack" --exceptions wrong.yaml --no-rules
printf 'rules:\n  exceptions: wrong.yaml\n' >weir.yaml
expect 2 "$weir" config check weir.yaml
says err "wrong.yaml:2:11: 'nobody*'"
printf 'rules:\n  exceptions: suppress.yaml\n' >weir.yaml
expect 0 "$weir" config check weir.yaml
head -c 2000 /dev/urandom >noise.yaml
expect 2 "$weir" replay "$attack" --exceptions noise.yaml

done_testing
