#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# conversations.sh WEIR - what a database has of conversations is what the capture has, and after a
# restart in the middle it goes on where it was.

. "$(dirname "$0")/common.sh"
plant="$root/pcaps/plant-mixed.pcap"

# kept FILE OPTION...: what is counted of each conversation, one a line.
kept() {
	local file=$1
	shift
	"$weir" conversations "$@" -J | jq -cS '[.weir.conversation.id, .source.bytes, .destination.bytes,
		(.weir.conversation | .requests, .operations, .functions, .targets, .units,
		.response_time, .pattern, .cycle_time, .jitter, .carried_by)]' | sort >"$file"
}

expect 0 "$weir" replay --no-rules --summary none --db whole.db "$plant"
kept whole --db whole.db
kept capture -r "$plant"
cmp -s whole capture || {
	fail "the database has something else than the capture"
	diff whole capture | head -4
}
[ "$(wc -l <whole)" -gt 20 ] || fail "too few conversations"

# Two runs on one database: between two polls, so that no transaction is cut. What dissectors tell
# again of a connection that they meet in the middle (sessions, implicit messages) is left out.
command -v editcap >/dev/null || done_testing
cut=2026-01-12T06:00:48.3Z
editcap -B "$cut" "$plant" first.pcap && editcap -A "$cut" "$plant" second.pcap ||
	fail "editcap cannot cut the capture"
for part in first second; do
	expect 0 "$weir" replay --no-rules --summary none --db parts.db "$part.pcap"
done
# goes_on FILE OPTION...
goes_on() {
	local file=$1
	shift
	"$weir" conversations "$@" -J | jq -cS 'select(.network.protocol | IN("cip_io", "dnp3") | not)
		| .weir.conversation | [.id, .requests, .functions, .targets, .response_time, .pattern,
		.cycle_time, .jitter]' | sort >"$file"
}
goes_on parts --db parts.db
goes_on undivided -r "$plant"
cmp -s parts undivided || {
	fail "a restart in the middle changes what is kept"
	diff parts undivided | head -4
}

done_testing
