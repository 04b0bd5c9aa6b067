#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# inventory_files.sh WEIR - what the inventory reads besides: country and network of public addresses from
# databases made for this test, rules about assets, and what is said of files that are no such thing.
# Exit code 77: no writer of such databases.

. "$(dirname "$0")/common.sh"

perl -MMaxMind::DB::Writer::Tree -e 1 2>/dev/null || exit 77
for kind in country network; do
	"$root/tests/geo/make-database" "$kind" "$work/$kind.mmdb" || fail "cannot make $kind.mmdb"
done

# shows ADDRESS JQ TEXT: what the document of this asset has.
shows() {
	local got
	got=$(jq -r --arg ip "$1" "select(.host.ip | index(\$ip)) | $2" out)
	[ "$got" = "$3" ] || fail "$1: $2 is '$got' instead of '$3'"
}

capture="$root/pcaps/identity-public-peers.pcap"
expect 0 env WEIR_GEOIP="$work/country.mmdb:$work/network.mmdb" "$weir" assets -J -r "$capture"
shows 203.0.113.9 .host.geo.country_iso_code CH
shows 203.0.113.9 .weir.asset.as.number 64500
shows 203.0.113.9 .weir.asset.as.organization.name "Example Carrier"
shows 203.0.113.9 '[.weir.asset.attributes[] | select(.source == "geoip") | .value] | join(" ")' \
	"CH AS64500 Example Carrier"
shows 198.51.100.7 .host.geo.country_iso_code BR
shows 198.51.100.7 .weir.asset.as null
shows 203.0.113.9 .weir.asset.level 5
shows 192.168.10.31 .host.geo null
shows 192.168.10.31 '[.weir.asset.risks[].name] | index("internet_facing") != null' true

expect 0 "$weir" assets -J -r "$capture"
shows 203.0.113.9 .host.geo null

head -c 100 "$work/country.mmdb" >"$work/cut.mmdb"
expect 2 env WEIR_GEOIP="$work/cut.mmdb" "$weir" assets -r "$capture"
says err "cut.mmdb: no usable database of addresses"
one_line
expect 2 env WEIR_GEOIP="$work/none.mmdb" "$weir" assets -r "$capture"
says err "none.mmdb: No such file"
one_line

echo "inventory: {geoip: [$work/country.mmdb]}" >"$work/good.yaml"
expect 0 "$weir" config check "$work/good.yaml"
echo "inventory: {geoip: [$work/cut.mmdb]}" >"$work/bad.yaml"
expect 2 "$weir" config check "$work/bad.yaml"
says err "cut.mmdb: no usable database of addresses"

# Rules about assets, the same way.
echo "types: [{id: a, is: plx, because: b}]" >"$work/roles.yaml"
echo "inventory: {roles: $work/roles.yaml}" >"$work/bad.yaml"
expect 2 "$weir" config check "$work/bad.yaml"
says err "roles.yaml:1:21: 'plx' is not among the words of types"
expect 2 env WEIR_ROLES="$work/roles.yaml" "$weir" assets -r "$capture"
says err "roles.yaml:1:21: 'plx' is not among the words of types"
echo "types: [{id: a, is: rtu, because: ours, when: {asked_by: 1}}]" >"$work/roles.yaml"
expect 0 env WEIR_ROLES="$work/roles.yaml" "$weir" assets -J -r "$capture"
shows 192.168.10.31 .weir.asset.type rtu
shows 192.168.10.31 .weir.asset.type_reason ours

done_testing
