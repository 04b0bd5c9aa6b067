#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# rules_import.sh WEIR - rules of Suricata and Snort become Sigma rules that compile and fire.

. "$(dirname "$0")/common.sh"
pcaps=$root/pcaps

cat >plant.rules <<'END'
# Rules of a plant.
alert modbus !$HMI any -> $PLC any (msg:"write by a stranger"; modbus: access write; priority:1; sid:10;)
alert tcp any any -> $PLC 502 (msg:"listen only"; flow:to_server; content:"|08 00 04|"; offset:7; depth:3; sid:11;)
alert tcp $PLC 502 -> any any (msg:"many exceptions"; flow:to_client; byte_test:1,>=,0x80,7; \
  content:"|0b|"; offset:8; depth:1; threshold:type both,track by_src,count 5,seconds 60; sid:12;)
alert tcp any any -> any 502 (msg:"new connection"; flags:S; sid:13;)
alert dnp3 any any -> any any (msg:"cold restart"; dnp3_func:cold_restart; sid:14;)
alert enip any any -> any any (msg:"who is there"; enip_command:list_identity; sid:15;)
alert tcp any any -> any 9600 (msg:"another protocol"; content:"FINS"; depth:4; sid:16;)
alert modbus any any -> any any (msg:"script"; lua:x.lua; sid:17;)
# alert modbus any any -> any any (msg:"off"; sid:18;)
END

# ---- into a folder ----

expect 0 "$weir" rules import plant.rules -o imported
says err "plant.rules:9: sid 16 not carried over: bytes of a message that is none of"
says err "plant.rules:10: sid 17 not carried over: keyword 'lua'"
says err "plant.rules: \$HMI becomes the placeholder %HMI%"
says err "plant.rules: 6 carried over, 2 not, 1 commented out"
[ "$(ls imported | paste -sd' ')" = "plant-10.yml plant-11.yml plant-12.yml plant-13.yml plant-14.yml plant-15.yml" ] ||
	fail "not a file a rule: $(ls imported)"
expect 2 "$weir" rules check imported
says err "nothing says what the placeholder '%HMI%' stands for"
printf 'HMI: [192.168.10.10, 192.168.10.20]\nPLC: [192.168.10.31, 192.168.10.32, 192.168.10.33, 192.168.10.40]\n' >names.yaml
expect 0 "$weir" rules check imported --placeholders names.yaml
says out "6 files: 6 rules, 1 correlations"

# Again: nothing is overwritten unless that is asked for, and then with the same bytes.
expect 1 "$weir" rules import plant.rules -o imported
says err "--replace overwrites"
cp -r imported before
expect 0 "$weir" rules import plant.rules -o imported --replace
diff -r before imported >/dev/null || fail "the same import gives other files"

# ---- they fire ----

# fires CAPTURE TITLE: so many alerts were opened.
fires() {
	"$weir" replay "$pcaps/$1" --rules imported --placeholders names.yaml --summary none --alerts - |
		jq -c --arg title "$2" 'select(.event.action == "alert-opened" and .rule.name == $title)' | wc -l
}

[ "$(fires modbus-attack.pcap 'write by a stranger')" -gt 0 ] || fail "writes are not seen"
[ "$(fires modbus-polling.pcap 'write by a stranger')" = 0 ] || fail "the HMI is a stranger"
[ "$(fires modbus-functions.pcap 'listen only')" = 1 ] || fail "listen only is not seen"
[ "$(fires modbus-polling.pcap 'listen only')" = 0 ] || fail "listen only where there is none"
[ "$(fires modbus-attack.pcap 'many exceptions')" -gt 0 ] || fail "the threshold is not reached"
[ "$(fires modbus-exceptions.pcap 'many exceptions')" = 0 ] || fail "the threshold is too low"
[ "$(fires modbus-polling.pcap 'new connection')" -gt 0 ] || fail "connections are not seen"
[ "$(fires dnp3-functions.pcap 'cold restart')" = 1 ] || fail "cold restart is not seen"
[ "$(fires dnp3-polling.pcap 'cold restart')" = 0 ] || fail "cold restart where there is none"
[ "$(fires enip-list-identity.pcap 'who is there')" -gt 0 ] || fail "list identity is not seen"

# ---- variables, standard output ----

expect 0 "$weir" rules import plant.rules --var HMI='[192.168.10.10,192.168.10.20]' --var '$PLC=192.168.10.0/24'
cp out all.yml
expect 0 "$weir" rules check all.yml
says out "1 file: 6 rules, 1 correlations"
grep -q expand all.yml && fail "a placeholder where the value is known"

# ---- wrong usage, hostile text ----

expect 2 "$weir" rules import
expect 2 "$weir" rules import missing.rules
expect 2 "$weir" rules import plant.rules --var HMI
head -c 200000 /dev/urandom >noise.rules
expect 0 "$weir" rules import noise.rules -o noise
: >empty.rules
expect 0 "$weir" rules import empty.rules
says err "empty.rules: 0 carried over, 0 not, 0 commented out"

done_testing
