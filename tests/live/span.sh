#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors

# span.sh - a plant network with a mirror port, made of network namespaces.  To be sourced.
#
#	master ----+           +---- slave
#	           |  switch   |
#	           +-----+-----+
#	                 | mirror of the master's port, both directions
#	               sensor
#
#	. tests/live/span.sh
#	span_up || exit $?      # 77: not possible here, says why
#	trap span_down EXIT
#	ip netns exec "$SPAN_SLAVE" slave_program & ...
#	ip netns exec "$SPAN_SENSOR" weir run -i "$SPAN_PORT" ...
#	[ "$(span_tx_count)" = 0 ]
#
# Names carry the process id, so several runs at once do not meet.

SPAN_MASTER="weir-$$-master" # namespaces
SPAN_SLAVE="weir-$$-slave"
SPAN_SWITCH="weir-$$-switch"
SPAN_SENSOR="weir-$$-sensor"
SPAN_PORT=span # interface in the sensor's namespace
SPAN_MASTER_MAC=02:00:00:00:00:10
SPAN_SLAVE_MAC=02:00:00:00:00:20
SPAN_MASTER_IP4=192.0.2.10
SPAN_SLAVE_IP4=192.0.2.20
SPAN_MASTER_IP6=2001:db8::10
SPAN_SLAVE_IP6=2001:db8::20

# Says why a test cannot run here and returns what meson and automake take for "skipped".
span_skip() {
	echo "skipped: $*" >&2
	return 77
}

span_possible() {
	local tool

	[ "$(id -u)" = 0 ] || span_skip "network namespaces need root" || return
	for tool in ip tc; do
		command -v "$tool" >/dev/null || span_skip "no $tool (package iproute2)" || return
	done
	ip netns add "weir-$$-try" 2>/dev/null || span_skip "no network namespaces here" || return
	ip netns del "weir-$$-try"
}

# New namespaces get no IPv6 on any interface until someone switches it on: nothing talks by itself.
# shellcheck disable=SC2016 # $f is the inner shell's
span_namespace() {
	ip netns add "$1" &&
		ip netns exec "$1" sh -c 'for f in all default lo; do
			file=/proc/sys/net/ipv6/conf/$f/disable_ipv6
			[ ! -e "$file" ] || echo 1 >"$file" || exit 1
		done'
}

# span_host NAMESPACE PORT MAC IP4 IP6: an end system, wired to port PORT of the switch.
span_host() {
	ip -n "$SPAN_SWITCH" link add "$2" type veth peer name eth0 netns "$1" address "$3" &&
		ip -n "$SPAN_SWITCH" link set "$2" master bridge arp off up &&
		ip netns exec "$1" sh -c \
			'echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6 2>/dev/null || true' &&
		ip -n "$1" link set lo up &&
		ip -n "$1" link set eth0 up &&
		ip -n "$1" address add "$4/24" dev eth0 &&
		{ ip -n "$1" address add "$5/64" dev eth0 nodad 2>/dev/null || true; }
}

# Copies what passes a port to the mirror.  The filter is the BPF program "return all": the
# matchall classifier is not in every kernel.
span_mirror() {
	local direction

	ip netns exec "$SPAN_SWITCH" tc qdisc add dev "$1" clsact || return
	for direction in ingress egress; do
		ip netns exec "$SPAN_SWITCH" tc filter add dev "$1" "$direction" \
			protocol all bpf bytecode '1,6 0 0 4294967295' \
			action mirred egress mirror dev mirror || return
	done
}

span_build() {
	local name

	for name in "$SPAN_MASTER" "$SPAN_SLAVE" "$SPAN_SWITCH" "$SPAN_SENSOR"; do
		span_namespace "$name" || return
	done
	ip -n "$SPAN_SWITCH" link add bridge type bridge stp_state 0 mcast_snooping 0 &&
		ip -n "$SPAN_SWITCH" link set bridge arp off up &&
		ip -n "$SPAN_SWITCH" link add mirror type veth peer name "$SPAN_PORT" \
			netns "$SPAN_SENSOR" &&
		ip -n "$SPAN_SWITCH" link set mirror arp off up &&
		ip -n "$SPAN_SENSOR" link set "$SPAN_PORT" arp off up &&
		span_host "$SPAN_SLAVE" to-slave "$SPAN_SLAVE_MAC" "$SPAN_SLAVE_IP4" "$SPAN_SLAVE_IP6" &&
		span_host "$SPAN_MASTER" to-master "$SPAN_MASTER_MAC" "$SPAN_MASTER_IP4" \
			"$SPAN_MASTER_IP6" &&
		span_mirror to-master
}

# 0, or 77 when this machine cannot; what was begun is taken down again.
span_up() {
	span_possible || return
	span_build || {
		span_down
		span_skip "cannot build the namespaces (veth, bridge, act_mirred, cls_bpf wanted)"
	}
}

# Accepts to be called twice, and after a failure.  Deleting a namespace deletes its interfaces.
span_down() {
	local name

	for name in "$SPAN_MASTER" "$SPAN_SLAVE" "$SPAN_SWITCH" "$SPAN_SENSOR"; do
		ip netns del "$name" 2>/dev/null
	done
	return 0
}

# Frames that the mirror port itself has sent: 0, always.
span_tx_count() {
	ip netns exec "$SPAN_SENSOR" cat "/sys/class/net/$SPAN_PORT/statistics/tx_packets"
}

# Frames that the mirror port has received.
span_rx_count() {
	ip netns exec "$SPAN_SENSOR" cat "/sys/class/net/$SPAN_PORT/statistics/rx_packets"
}
