#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# edits.sh WEIR - what a person says about assets: set, merge, split, import on a database, and the
# history of it.

. "$(dirname "$0")/common.sh"
plant=$root/pcaps/plant-mixed.pcap
# edit CODE VERB ARGUMENTS...: always on our own database.
edit() {
	local code=$1
	shift
	expect "$code" "$weir" assets "$@" --db plant.db
}

# What the document of an address says at a jq path.
says_of() {
	"$weir" assets --db plant.db -J -a ip="$1" | jq -r "$2"
}

expect_of() { # ADDRESS PATH VALUE
	local got
	got=$(says_of "$1" "$2")
	[ "$got" = "$3" ] || fail "$2 of $1 is '$got' instead of '$3'"
}

expect 0 "$weir" replay "$plant" --db plant.db --summary none --no-rules
mapfile -t ips < <("$weir" assets --db plant.db -J | jq -r '.host.ip[0] // empty')
[ "${#ips[@]}" -ge 3 ] || fail "too few assets in the capture"
a=${ips[0]} b=${ips[1]}

# The database and a replay show the same documents, in the same order.
"$weir" assets --db plant.db -J -a >stored
"$weir" assets -r "$plant" -J -a >replayed
jq -c '[.host.ip, .host.mac, .weir.asset.role, .weir.asset.bytes]' stored >stored_short
jq -c '[.host.ip, .host.mac, .weir.asset.role, .weir.asset.bytes]' replayed >replayed_short
cmp -s stored_short replayed_short || fail "stored documents differ from replayed ones"
"$weir" conversations --db plant.db -J | jq -c '[.source.ip, .destination.ip]' >stored
"$weir" conversations -r "$plant" -J | jq -c '[.source.ip, .destination.ip]' >replayed
cmp -s stored replayed || fail "stored conversations differ from replayed ones"

# ---- set ----

edit 0 set "$a" name='press 4' owner=eva criticality=high --reason 'audit 12'
says out "(press 4): 3 values changed"
expect_of "$a" .host.name 'press 4'
expect_of "$a" .weir.asset.owner eva
edit 0 set 'PRESS 4' owner=eva
says out "0 values changed"
edit 0 set 'press 4' owner= note='ümläut "quoted", comma'
expect_of "$a" '.weir.asset.owner // "none"' none
expect_of "$a" .weir.asset.note 'ümläut "quoted", comma'
edit 0 set "$("$weir" assets --db plant.db -J ip="$a" | jq -r .weir.asset.id)" zone=z1
expect_of "$a" '.weir.asset.attributes[] | select(.name == "zone") | .source' "person:$(id -un)"

edit 2 set
says err "wants an asset and NAME=VALUE"
edit 2 set "$a"
edit 2 set "$a" owner
says err "'owner' is not NAME=VALUE"
edit 2 set "$a" vendor=acme
says err "'vendor' cannot be set"
edit 2 set "$a" criticality=huge
says err "criticality wants one of low, medium, high, critical, not 'huge'"
edit 2 set "$a" level=9
edit 2 set 203.0.113.77 owner=x
says err "no asset is '203.0.113.77'"
one_line
edit 0 set "$b" name='PRESS 4'
edit 2 set 'press 4' owner=x
says err "'press 4' is not one asset: "
says err "$b"
one_line
edit 0 set "$b" name=
expect 2 "$weir" assets set "$a" owner=x --db none.db
[ ! -e none.db ] || fail "a database was made"
expect 1 "$weir" assets set "$a" owner=x --socket none.sock
says err "no sensor is running here"

# ---- merge, split ----

count() {
	"$weir" assets --db plant.db -J -a | wc -l
}

before=$(count)
edit 0 merge "$a" "$b" --reason 'two ports'
says out "one device"
[ "$(count)" = $((before - 1)) ] || fail "merge left $(count) of $before assets"
edit 0 merge "$a" "$b"
says out "one device already"
edit 2 merge "$a"
edit 2 split "$a" 203.0.113.77
says err "is no address of this asset"
mapfile -t macs < <(says_of "$a" '.host.mac[]')
other=${macs[1]:-$b}
[ "$other" != "$(says_of "$a" .weir.asset.id)" ] || other=${macs[0]}
edit split "$a" "$other" >out 2>err || edit 0 split "$a" "${macs[0]:-$a}"
[ "$(count)" = "$before" ] || fail "split left $(count) of $before assets"

# ---- history ----

expect 0 "$weir" assets history --db plant.db -J
jq -es 'map(.weir.asset.change) as $c | ($c | index("new_asset")) != null
	and ($c | index("set")) != null and ($c | index("merged_by_person")) != null
	and ($c | index("split_by_person")) != null
	and all(.[]; has("@timestamp") and (.weir.asset.id | length == 16))
	and (map(.event.id) | length == (unique | length))' out >/dev/null ||
	fail "the history lacks changes"
expect 0 "$weir" assets history --db plant.db change=set ip="$a" -o old,new
says out "owner=eva"
expect 0 "$weir" assets history -r "$plant" change=new_asset
[ "$(wc -l <out)" -gt 3 ] || fail "no history of a capture"
expect 0 "$weir" assets history -r "$plant" -J
jq -es 'all(.[]; .weir.kind == "asset_change")' out >/dev/null || fail "more than changes"
expect 0 "$weir" help assets history
expect 2 "$weir" assets history -r "$plant" nokey=1

# ---- import ----

printf '\xef\xbb\xbfIP;Owner;Asset Tag;Colour\r\n%s;"Eva ""E"" Huber";A-1;red\r\n%s;;A-2;\r\n' \
	"$a" "$b" >fine.csv
edit 0 import fine.csv --dry-run
says out "fine.csv: 2 rows, 2 joined, 3 values would be changed, 0 not joined"
says err "columns that are not used: Colour"
expect_of "$a" '.weir.asset.asset_tag // "none"' none
edit 0 import fine.csv
says out "fine.csv: 2 rows, 2 joined, 3 values changed, 0 not joined"
expect_of "$a" .weir.asset.owner 'Eva "E" Huber'
expect_of "$b" .weir.asset.asset_tag A-2
edit 0 import fine.csv
says out "0 values changed"

mac=$(says_of "$a" '.host.mac[0] // empty')
printf 'Anlage,mac,ip,serial\nnorth,%s,203.0.113.7,nope\nsouth,,203.0.113.7,\nwest,,,\n' "$mac" >some.csv
edit 1 import some.csv --map Anlage=location
says out "3 rows, $([ -n "$mac" ] && echo 1 || echo 0) joined"
says out "1 without a key or a value"
says err "some.csv:3: no asset is '203.0.113.7'"

while IFS='|' read -r text said; do
	printf '%b' "$text" >wrong.csv
	edit 2 import wrong.csv
	says err "$said"
done <<-ROWS
	|wrong.csv: has no header line
	ip,owner\n"x|wrong.csv: line 2: a quote that is not closed
	owner\nx\n|no column means serial, mac or address
	ip,criticality\n$a,huge\n|wrong.csv:2: criticality wants one of
	ip,owner\n$a,x,y\n|wrong.csv:2: more cells than the header line has
	a\\0b\n|NUL
ROWS
edit 2 import none.csv
edit 2 import
edit 2 import fine.csv --map x=y

# What persons said is there after another replay into the database.
expect 0 "$weir" replay "$plant" --db plant.db --summary none --no-rules
expect_of "$b" .weir.asset.asset_tag A-2
expect_of "$a" .host.name 'press 4'

done_testing
