# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
# shellcheck shell=bash

# common.sh - what the tests of the command line share. To be sourced with the program as $1; the
# script then has $weir, $root (of the tree), $work (a folder of its own) and expect().

weir=$(realpath "$1")
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export TZ=UTC LC_ALL=C.UTF-8 WEIR_RULES="$root/rules/pack"
failures=0

fail() {
	echo "FAILED: $*"
	failures=$((failures + 1))
}

# expect CODE COMMAND...: runs it, keeps its output in $work/out and $work/err.
expect() {
	local code=$1 got
	shift
	timeout 60 "$@" >out 2>err </dev/null
	got=$?
	if [ "$got" != "$code" ]; then
		fail "exit code $got instead of $code: $*"
		head -5 err
	fi
}

# says FILE TEXT: out or err holds the text.
says() {
	grep -qF -- "$2" "$1" || {
		fail "$1 lacks '$2'"
		head -5 "$1"
	}
}

# one_line: standard error is one line.
one_line() {
	[ "$(wc -l <err)" = 1 ] || {
		fail "not one line on standard error"
		head -5 err
	}
}

done_testing() {
	[ "$failures" = 0 ]
	exit
}
