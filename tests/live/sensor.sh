# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
# shellcheck shell=bash

# sensor.sh - a sensor on a mirror port in network namespaces, and two peers that talk. To be sourced with
# the program as $1 and the peer as $2; exits with 77 where that is not possible.

weir=$(realpath "$1")
peer=$(realpath "$2")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/span.sh"
export TZ=UTC LC_ALL=C.UTF-8 WEIR_RULES="$here/../../rules/pack"
# The leak check of a sanitized build stops threads by ptrace, which the sandbox forbids.
export ASAN_OPTIONS=detect_leaks=0
failures=0
command -v jq >/dev/null || {
	echo "skipped: no jq"
	exit 77
}
span_up || exit $?
work=$(mktemp -d)
pids=()

# shellcheck disable=SC2317 # called by the trap
clean() {
	kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	span_down
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

fail() {
	echo "FAILED: $*"
	failures=$((failures + 1))
}

until_true() {
	local tries=$(($1 * 10))
	shift
	while [ "$tries" -gt 0 ]; do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
		tries=$((tries - 1))
	done
	return 1
}

sensor_start() {
	: >"$work/log"
	ip netns exec "$SPAN_SENSOR" "$weir" run -i "$SPAN_PORT" --socket "$work/socket" \
		"$@" 2>"$work/log" &
	sensor=$!
	pids+=("$sensor")
	until_true 20 grep -q "listening on" "$work/log" || {
		fail "the sensor does not start"
		cat "$work/log"
		exit 1
	}
	sleep 0.5
}

sensor_stop() {
	kill -TERM "$sensor"
	wait "$sensor" || fail "the sensor ended with $?"
}

talk() {
	ip netns exec "$SPAN_MASTER" "$peer" ask "$SPAN_SLAVE_IP4" 2 >"$work/asked"
}
