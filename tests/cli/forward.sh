#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# forward.sh WEIR - the commands about outputs: what they would get, whether they take a document, and what
# mistakes of their configuration are told.

. "$(dirname "$0")/common.sh"

cat >outputs.yaml <<'END'
sensor: {name: line-7}
forward:
  outputs:
    - {name: all, file: all.ndjson, backlog: true}
    - {name: high, file: high.ndjson, send: [alerts], level: high, backlog: true}
    - {name: s7, file: s7.ndjson, filter: ['network.protocol=s7comm', 'weir.operation!=write'], backlog: true}
    - {name: cef, file: cef.log, send: [alerts], form: cef}
END
expect 0 "$weir" config check outputs.yaml
expect 0 "$weir" replay --summary none --db plant.db "$root/pcaps/plant-mixed.pcap"

# The estimate is what a drain then sends, a day.
expect 0 "$weir" forward estimate --config outputs.yaml --db plant.db
says out "OUTPUT"
expect 0 "$weir" forward estimate --config outputs.yaml --db plant.db -J
cp out estimate
expect 0 "$weir" forward drain --config outputs.yaml --db plant.db
for name in all high s7; do
	sent=$(wc -l <$name.ndjson)
	said=$(jq -s --arg name $name 'map(select(.output == $name))[0] | (.documents_a_day * .span / 86400e9 | round)' estimate)
	[ "$sent" -gt 0 ] && [ "$sent" = "$said" ] || fail "$name: $said estimated, $sent sent"
done
jq -es 'all(.[]; .network.protocol == "s7comm" and .weir.operation != "write")' s7.ndjson >/dev/null ||
	fail "the filter of s7 lets others through"
jq -es 'all(.[]; .weir.level == "high" or .weir.level == "critical")' high.ndjson >/dev/null || fail "levels of high"

# One document of each, without a number.
rm -f ./*.ndjson cef.log
expect 0 "$weir" forward test --config outputs.yaml
says out "all: taken"
jq -es 'length == 1 and .[0].weir.sensor.event == "output_test" and .[0].observer.name == "line-7"
	and (.[0].weir | has("output") | not)' all.ndjson >/dev/null || fail "the test document: $(cat all.ndjson)"
grep -q '^CEF:0|Weir|' cef.log || fail "no CEF: $(cat cef.log)"
expect 0 "$weir" forward test high --config outputs.yaml
[ "$(cat all.ndjson high.ndjson | wc -l)" = 3 ] || fail "an output that was not named was tested"
expect 2 "$weir" forward test nobody --config outputs.yaml
says err "no output is called 'nobody'"

# A replay forwards by itself; a drain after it finds nothing to send.
rm -f ./*.ndjson cef.log
expect 0 "$weir" replay --summary none --db again.db --forward outputs.yaml "$root/pcaps/plant-mixed.pcap"
[ "$(wc -l <all.ndjson)" -gt 50 ] || fail "the replay sent $(wc -l <all.ndjson) documents"
expect 0 "$weir" forward drain --config outputs.yaml --db again.db
says out "all: 0 documents sent, the last one is number $(wc -l <all.ndjson)"
expect 2 "$weir" replay --forward outputs.yaml "$root/pcaps/plant-mixed.pcap"
says err "--forward wants --db"

# The journal as it was written, and changed.
expect 0 "$weir" alerts verify --db plant.db
says out "the chain is whole"
rows=$(grep -o '[0-9]* rows' out | cut -d' ' -f1)
hash=$(grep -o '[0-9a-f]\{64\}' out)
expect 0 "$weir" alerts verify "$rows" "$hash" --db plant.db
says out "row $rows is the one that was told"
expect 1 "$weir" alerts verify 2 "$hash" --db plant.db
says err "another one than when that was told"
expect 1 "$weir" alerts verify 99999 "$hash" --db plant.db
expect 2 "$weir" alerts verify 3 --db plant.db
python3 -c 'import sqlite3
with sqlite3.connect("plant.db") as db:
    db.execute("UPDATE journal SET json = replace(json, \"critical\", \"low\") WHERE seq = 3")
    db.execute("UPDATE journal SET json = json || \" \" WHERE seq = 3")'
expect 1 "$weir" alerts verify --db plant.db
says err "chain is broken at row 3"

# A receiver that is not there, and a secret that is not.
cat >away.yaml <<'END'
forward:
  outputs:
    - {name: away, syslog: '127.0.0.1:1', transport: tcp}
    - {name: fine, file: fine.ndjson}
END
expect 1 "$weir" forward test --config away.yaml
says out "away: failed: 127.0.0.1 port 1: Connection refused"
says out "fine: taken"
expect 2 "$weir" forward estimate --config away.yaml --db nothing.db
says err "nothing.db: No such file"

# Every mistake with its place.
cat >wrong.yaml <<'END'
forward:
  outputs:
    - {name: a, file: a.ndjson, filter: ['nokey=3']}
    - {name: b, kafka: 'h:9092', facility: 3}
    - {name: c, mqtt: h}
    - {name: d}
    - {name: e, splunk: 'https://user:secret@h:8088'}
    - {name: f, syslog: 'h:1', file: f.ndjson}
    - {name: a, file: g.ndjson, send: [alerts, nothing], form: xml}
END
expect 2 "$weir" config check wrong.yaml
for text in "3:7: filter: no filter key 'nokey'" "4:34: an output to kafka has no key 'facility'" \
	"5:23: mqtt wants HOST:PORT" "6:7: an output wants a receiver" "7:25: splunk wants a URL" \
	"8:32: an output goes to one receiver, not to syslog and file" "9:48: output.send wants of these: alerts" \
	"9:64: form is json, cef or ocsf" "9:7: two outputs have the name"; do
	says err "wrong.yaml:$text"
done

done_testing
