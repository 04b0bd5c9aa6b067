#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# rules_test.sh WEIR - a rule tried on captures, and the tests that a folder of rules carries.

. "$(dirname "$0")/common.sh"
pcaps=$root/pcaps
rule=$root/rules/pack/umas/umas_start_stop.yml

# ---- one rule ----

expect 0 "$weir" rules test "$rule" "$pcaps/modbus-attack.pcap"
says out "192.168.10.199 -> 192.168.10.31  transaction umas stop request, packet 1214"
says out "    weir.operation: stop"
says out "    weir.umas.function_code: 65"
says out "2 hits, 1 alerts"
expect 1 "$weir" rules test "$rule" "$pcaps/modbus-polling.pcap"
says out "0 hits, 0 alerts"
expect 0 "$weir" rules test "$rule" "$pcaps/modbus-polling.pcap" --quiet-expected
expect 1 "$weir" rules test "$rule" "$pcaps/modbus-attack.pcap" --quiet-expected
expect 0 "$weir" rules test "$rule" "$pcaps/modbus-attack.pcap" --expect 2 -q
[ "$(wc -l <out)" = 1 ] || fail "-q tells more than the counts"
expect 1 "$weir" rules test "$rule" "$pcaps/modbus-attack.pcap" --expect 3
expect 0 "$weir" rules test "$rule" "$pcaps/modbus-attack.pcap" -J
[ "$(jq -r .weir.operation out | paste -sd,)" = stop,start ] || fail "-J is not the records"
says err "2 hits, 1 alerts"

# A rule of the pack by its title, by its id, and by the beginning of it.
for name in "UMAS Start Or Stop Of A Controller" f5091aa8-5214-4f1d-bc76-d87f16ec3d31 f5091aa8; do
	expect 0 "$weir" rules test "$name" "$pcaps/modbus-attack.pcap" -q
	says out "2 hits"
done
expect 2 "$weir" rules test nothing "$pcaps/modbus-attack.pcap"
says err "no file and no rule is called 'nothing'"

# What is new needs a base.
new=$root/tests/rule_sample/new_writer.yml
expect 1 "$weir" rules test "$new" "$pcaps/modbus-attack.pcap"
expect 0 "$weir" rules test "$new" "$pcaps/modbus-attack.pcap" --base "$pcaps/modbus-polling.pcap"

# A correlation counts; what it counts is told too.
expect 0 "$weir" rules test "$root/tests/rule_sample/boiler_write.yml" "$pcaps/modbus-attack.pcap" -n 1
says out "12 more hits; -n 0 shows all"
says out "Many writes to one PLC: 2 hits, 2 alerts"

# Exceptions do not hide a hit from a test.
printf -- "- {name: a, rules: '*', action: suppress, owner: o, reason: r, expires: 2099-01-01}\n" >all.yaml
WEIR_EXCEPTIONS=all.yaml expect 0 "$weir" rules test "$rule" "$pcaps/modbus-attack.pcap"
says out "2 hits, 1 alerts"

# Hours are those of UTC, or of a zone that is named: 06:00 UTC is 11:30 in India.
first=$("$weir" events -r "$pcaps/plant-mixed.pcap" operation=stop -J | jq -r '."@timestamp"' | head -n 1)
hour=$(date -u -d "$first" +%-H)
there=$(TZ=Asia/Kolkata date -d "$first" +%-H)
hours() { # HOUR
	cat >hours.yml <<-END
		title: Stop by the clock
		logsource: {category: ot, product: weir}
		detection:
		  s: {weir.operation: stop, '@timestamp|hour': $1}
		  condition: s
	END
}
hours "$hour"
expect 0 "$weir" rules test hours.yml "$pcaps/plant-mixed.pcap" -q
expect 1 "$weir" rules test hours.yml "$pcaps/plant-mixed.pcap" -q --time-zone Asia/Kolkata
hours "$there"
expect 1 "$weir" rules test hours.yml "$pcaps/plant-mixed.pcap" -q --time-zone UTC
expect 0 "$weir" rules test hours.yml "$pcaps/plant-mixed.pcap" -q --time-zone Asia/Kolkata
WEIR_TIME_ZONE=Asia/Kolkata expect 0 "$weir" rules test hours.yml "$pcaps/plant-mixed.pcap" -q
expect 3 "$weir" replay "$pcaps/plant-mixed.pcap" --rules hours.yml --time-zone Asia/Kolkata --fail-on low
expect 0 "$weir" replay "$pcaps/plant-mixed.pcap" --rules hours.yml --fail-on low
expect 2 "$weir" replay "$pcaps/plant-mixed.pcap" --rules hours.yml --time-zone Asia/Calcuta
says err "'Asia/Calcuta' is no time zone"

expect 2 "$weir" rules test
expect 2 "$weir" rules test "$rule"
says err "wants a capture"
expect 2 "$weir" rules test "$rule" missing.pcap
expect 2 "$weir" rules test "$rule" "$pcaps/modbus-attack.pcap" --expect 1 --quiet-expected

# ---- a folder ----

expect 0 "$weir" rules test "$root/tests/rule_sample"
says out "6 tests, 0 failed"
says out "boiler_write.yml"
expect 0 "$weir" rules check "$root/tests/rule_sample"
says out "2 files: 2 rules, 1 correlations"

mkdir mine
cp "$root/tests/rule_sample/new_writer.yml" mine/
cat >mine/new_writer.test.yml <<-END
	tests:
	  - {capture: $pcaps/modbus-attack.pcap, fires: true}
	  - {capture: missing.pcap, quiet: true}
	  - {capture: $pcaps/modbus-attack.pcap, id: other, quiet: true}
	  - {capture: $pcaps/modbus-attack.pcap, hits: 0}
END
expect 1 "$weir" rules test mine
says out "4 tests, 3 failed"
says out "(mine/new_writer.test.yml:2)"
says out "no such rule"
says out "mine/missing.pcap"
[ "$(grep -c FAILED out)" = 3 ] || fail "not three lines FAILED"
expect 1 "$weir" rules test mine -q
[ "$(grep -c '^ok' out)" = 0 ] || fail "-q tells what is right"

cat >mine/new_writer.test.yml <<-END
	rule: new_writer.yml
	color: red
	tests:
	  - capture: a.pcap
	    fires: true
	    quiet: true
	  - hits: 3
	  - {capture: a.pcap, hits: -1, wrong: 2}
	  - 7
END
expect 2 "$weir" rules test mine
says err "mine/new_writer.test.yml:2:8: unknown key 'color'"
says err "mine/new_writer.test.yml:4:5: a test needs one of fires, quiet, hits, alerts"
says err "mine/new_writer.test.yml:7:5: a test needs a capture"
says err "mine/new_writer.test.yml:8:29: hits must be a number"
says err "mine/new_writer.test.yml:8:40: wrong: a test has"
says err "mine/new_writer.test.yml:9:5: a test must be a map"
says err "6 mistakes in the tests of mine"
rm mine/new_writer.test.yml
expect 2 "$weir" rules test mine
says err "no tests"

done_testing
