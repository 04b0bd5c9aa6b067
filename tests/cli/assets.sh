#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# assets.sh WEIR - the inventory as it is read: one asset, its evidence, trees, comparisons, exports.

. "$(dirname "$0")/common.sh"
plant=$root/pcaps/plant-mixed.pcap

# shape FILE EXPRESSION WHAT: jq over all documents of the file holds.
shape() {
	jq -es "$2" "$1" >/dev/null || {
		fail "$3"
		head -c 600 "$1"
	}
}

# One asset, called by address, link address, name, id and former id.
for name in 192.168.10.31 28:63:36:10:00:1f 28-63-36-10-00-1F pumps c793a082c19c0917 3f2316fbf1a0a766; do
	expect 0 "$weir" assets show "$name" -r "$plant" -J
	shape out 'length == 1 and .[0].host.name == "PUMPS"' "show $name"
done
expect 0 "$weir" assets show PUMPS -r "$plant"
for text in "order    6ES7 315-2EH14-0AB0" "serial   S C-X4U421302009" "mode        stop" \
	"IT IS ASKED BY" "program_download 5"; do
	says out "$text"
done
expect 0 "$weir" assets show 192.168.10.41 -r "$plant"
says out "00C0FFEE"
expect 2 "$weir" assets show nobody -r "$plant"
says err "no asset has the id, address or name 'nobody'"
one_line
expect 2 "$weir" assets show -r "$plant"
says err "wants one asset"
expect 2 "$weir" assets show a -r "$plant" --db x.db
says err "exclude each other"

# A verb that is mistyped is free text, which nothing has.
expect 0 "$weir" assets shwo -r "$plant"
says err "nothing has the text 'shwo'"

# The same from a database.
expect 0 "$weir" replay "$plant" --db plant.db --summary none
expect 0 "$weir" assets show PUMPS --db plant.db
says out "6ES7 315-2EH14-0AB0"

# A name that two have is no name: they are listed.
expect 2 "$weir" assets show 192.168.10.31 -r "$root/pcaps/identity-same-net-twice.pcap"
says err "2 assets are called '192.168.10.31'"
says err "ce09ed5bdfa8ba78"
# The device that has an address now is meant, not the one that had it.
expect 0 "$weir" assets show 192.168.10.31 -r "$root/pcaps/identity-replaced.pcap" -J
shape out '.[0].host.mac == ["00-80-F4-10-00-77"]' "the device that has the address"

# Evidence: bindings, verdicts, attributes with their sources, conversations.
expect 0 "$weir" assets explain PUMPS -r "$plant"
grep -Eq '^  192.168.10.31 +28-63-36-10-00-1F +- +frame' out || fail "explain: no binding"
grep -Eq '^  role +controller' out || fail "explain: no verdict"
grep -Eq '^  serial +serial_number +S C-X4U421302009 +s7comm:read_szl +90 ' out ||
	fail "explain: no source"
grep -Eq '^  - +mode +run ' out || fail "explain: the earlier mode is gone"
grep -Eq '^  mode +mode +stop ' out || fail "explain: the mode"
grep -Eq '^  server +s7comm +192.168.10.199 +stop 1, program_download 5' out ||
	fail "explain: no conversation"
expect 0 "$weir" assets explain 192.168.10.41 -r "$plant"
grep -Eq '^  slot 0 +serial_number +00C0FFEE' out || fail "explain: no module"

# Modules below their chassis.
expect 0 "$weir" assets --tree -r "$plant" -o name,product,serial
grep -Eq '^├─slot 0 +1756-L72/B LOGIX5572 +00C0FFEE' out || fail "tree: no module"
[ "$(grep -c slot out)" = 5 ] || fail "tree: not 5 modules"
expect 0 "$weir" assets --tree -r "$root/pcaps/dnp3-gateway.pcap" -o ip
[ "$(grep -c outstation out)" = 2 ] || fail "tree: an outstation that never answered"
expect 0 "$weir" assets --tree --all -r "$root/pcaps/dnp3-gateway.pcap" -o ip
[ "$(grep -c outstation out)" = 3 ] || fail "tree: not all outstations"

# What changed since, not who was heard since: the mode of one controller.
expect 0 "$weir" assets -r "$plant" --since 2026-01-12T06:00:55Z -J
shape out 'map(.host.name) == ["PUMPS"]' "changed since"
expect 0 "$weir" assets -r "$plant" last.gte=2026-01-12T06:00:55Z -J
shape out 'length == 10' "heard since"

# What is new, gone and changed: the first minute and the whole; a database with its capture.
head -c 79901 "$plant" >before.pcap
expect 0 "$weir" assets diff before.pcap "$plant" -J
shape out '[.[] | select(.weir.diff.what == "mode" or .weir.diff.change != "changed") | .weir.diff.change,
	.host.ip[0], .weir.diff.old, .weir.diff.what] == ["changed", "192.168.10.31", ["run"], "mode",
	"new", "192.168.10.199", null, "asset"]' "differences"
expect 0 "$weir" assets diff "$plant" before.pcap change=gone -J
shape out 'map(.host.ip[0]) == ["192.168.10.199"]' "what is gone"
expect 0 "$weir" assets diff plant.db "$plant"
[ ! -s out ] || fail "a database differs from its capture"
expect 0 "$weir" assets diff "$root/pcaps/identity-replaced.pcap" "$plant" what=mac
grep -Eq '^changed +PUMPS +192.168.10.31 +mac +00-80-F4-10-00-77 +28-63-36-10-00-1F$' out ||
	fail "a replaced device"
expect 2 "$weir" assets diff "$plant"
says err "wants two captures or databases: OLD NEW"
expect 2 "$weir" assets diff "$plant" none.pcap
says err "none.pcap"

# Exports: lines of equal fields, the columns that NetBox wants, a bill of materials.
expect 0 "$weir" assets export --format csv -r "$plant" -o assets.csv vendor~rockwell --sort -serial
python3 - <<'PYTHON' || fail "CSV"
import csv
rows = list(csv.DictReader(open("assets.csv", newline="")))
assert [row["serial_number"] for row in rows] == ["6042A1B2", "40A3C9F1", "00B41D9E"]
assert rows[2]["modules"].startswith("slot 0: 1756-L72/B LOGIX5572 20.011 00C0FFEE; slot 1: ")
assert all(None not in row and None not in row.values() for row in rows)
PYTHON
expect 0 "$weir" assets export --format netbox -r "$plant" --site Waterworks
python3 - <<'PYTHON' || fail "NetBox"
import csv
rows = list(csv.DictReader(open("out", newline="")))
wanted = ["name", "role", "manufacturer", "device_type", "status", "site"]
assert len(rows) == 11 and all(row[key] for row in rows for key in wanted)
assert len({row["name"] for row in rows}) == 11
assert {row["status"] for row in rows} == {"active"} and {row["site"] for row in rows} == {"Waterworks"}
PYTHON
expect 0 "$weir" assets export --format cyclonedx -r "$plant"
# The schema of CycloneDX 1.6, as far as this document goes.
jq -e 'def text: type == "string" and length > 0;
	def component: (keys - ["bom-ref", "components", "description", "manufacturer", "name", "properties",
		"type", "version"] == []) and (.name | text) and (.["bom-ref"] | text) and
		(.type | IN("device", "firmware", "operating-system", "application")) and
		((.manufacturer // {name: "x"}) | keys == ["name"] and (.name | text)) and
		all((.properties // [])[]; keys == ["name", "value"] and (.name | startswith("weir:"))) and
		all((.components // [])[]; component);
	(keys - ["$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components",
		"compositions"] == []) and .bomFormat == "CycloneDX" and .specVersion == "1.6" and .version == 1 and
	(.serialNumber | test("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")) and
	.metadata.timestamp == "2026-01-12T06:01:29.850532Z" and .metadata.lifecycles == [{phase: "operations"}] and
	all(.metadata.tools.components[], .components[]; . + {"bom-ref": "x"} | component) and
	([.. | objects | .["bom-ref"] // empty] | length == (unique | length)) and
	.compositions == [{aggregate: "incomplete"}]' out >/dev/null || fail "CycloneDX"
jq -e '.components | length == 11 and (.[] | select(.name == "1756-EN2T/D") | .components |
	map(select(.type == "device") | .name) == ["1756-L72/B LOGIX5572", "1756-EN2T/D", "1756-IB16/A DCIN",
	"1756-OB16D/A DCOUT DIAG", "1756-IF8/A"] and .[0].version == "10.007" and .[0].type == "firmware")' out \
	>/dev/null || fail "CycloneDX: modules and firmware"
cp out first
expect 0 "$weir" assets export --format cyclonedx -r "$plant"
cmp -s out first || fail "two exports differ"
expect 0 "$weir" assets export --format json -r "$plant" 192.168.10.41
shape out 'length == 1 and .[0].weir.asset.serial_number == "00B41D9E"' "export of documents"
# The same from a database.
expect 0 "$weir" replay --summary none --db plant.db "$plant"
for format in csv netbox cyclonedx json; do
	expect 0 "$weir" assets export --format "$format" -r "$plant"
	mv out from-capture
	expect 0 "$weir" assets export --format "$format" --db plant.db
	[ "$format" = json ] || cmp -s out from-capture || fail "export as $format is another from a database"
done
expect 2 "$weir" assets export -r "$plant"
says err "wants --format"
expect 2 "$weir" assets export --format xml -r "$plant"
says err "no format 'xml'"
expect 1 "$weir" assets export --format csv -r "$plant" -o no/such/folder.csv
says err "cannot write no/such/folder.csv"

# Each verb has its help.
for verb in show explain diff export; do
	expect 0 "$weir" assets "$verb" --help
	says out "usage: weir assets $verb"
done

done_testing
