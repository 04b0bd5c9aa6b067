/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "tests/unit/flow_world.h"

static void test_handshake(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp_flags(w, HMI, TCP_SYN, 99, "");
	assert_int_equal(w->last.client, HMI);
	assert_int_equal(w->last.client_evidence, CLIENT_BY_SYN);
	assert_false(w->last.midstream);
	tcp_flags(w, PLC, TCP_SYN | TCP_ACK, 899, "");
	tcp(w, HMI, 100, "ab");
	tcp(w, PLC, 900, "xy");
	assert_log(w, "B d1:ab d0:xy ");
	assert_int_equal(w->last.client, HMI);
	assert_int_equal(w->last.client_evidence, CLIENT_BY_SYN);
	assert_int_equal(w->last.side[HMI].packets, 2);
	assert_int_equal(w->last.side[HMI].bytes, 110);
	assert_int_equal(w->last.side[PLC].mac.bytes[5], PLC);
	world_free(w);
}

static void test_syn_carries_data(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp_flags(w, HMI, TCP_SYN, 99, "ab");
	tcp_flags(w, HMI, TCP_SYN, 99, "ab");
	tcp(w, HMI, 102, "cd");
	assert_log(w, "B d1:ab d1:cd ");
	world_free(w);
}

static void test_client_without_syn(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p;

	(void)state;
	tcp(w, PLC, 900, "xy");
	assert_int_equal(w->last.client, HMI);
	assert_int_equal(w->last.client_evidence, CLIENT_BY_PORT);
	tcp_flags(w, PLC, TCP_SYN | TCP_ACK, 899, ""); /* late */
	tcp(w, PLC, 902, "z");
	assert_log(w, "B d0:xy d0:z ");
	assert_int_equal(w->last.client_evidence, CLIENT_BY_SYN);
	assert_true(w->last.midstream); /* the opener's SYN was not seen */

	p = world_packet(w, PLC, IP_PROTOCOL_UDP, "q");
	p.port_source = p.port_destination = 34964;
	world_send(w, &p);
	assert_int_equal(w->last.client, PLC);
	assert_int_equal(w->last.client_evidence, CLIENT_BY_FIRST);

	/* As DHCPv6 does: the asking port is the lower one, and a group never asks. */
	p = world_packet(w, HMI, IP_PROTOCOL_UDP, "q");
	p.ip_destination = ip_from_v4(0xe0000001);
	p.port_source = 546;
	p.port_destination = 547;
	world_send(w, &p);
	assert_int_equal(w->last.client_evidence, CLIENT_BY_FIRST);
	world_free(w);
}

static void test_both_fins(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp_flags(w, HMI, TCP_FIN | TCP_ACK, 102, "cd");
	tcp_flags(w, PLC, TCP_FIN, 900, "xy");
	tcp_flags(w, HMI, 0, 105, "");
	assert_log(w, "B d1:ab d1:cd d0:xy ");
	world_wait(w, NS_PER_S - 1);
	assert_log(w, "");
	world_wait(w, 1);
	assert_log(w, "E:closed ");
	assert_int_equal(w->last.state, FLOW_CLOSED);
	world_free(w);
}

/* Both have said FIN, but a hole before one is still open: what fills it is delivered. */
static void test_fin_behind_a_hole(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp_flags(w, HMI, TCP_FIN, 104, "ef");
	tcp_flags(w, PLC, TCP_FIN, 900, "xy");
	world_wait(w, NS_PER_S / 2);
	tcp(w, HMI, 102, "cd");
	assert_log(w, "B d1:ab d0:xy d1:cd d1:ef ");
	world_wait(w, NS_PER_S);
	assert_log(w, "E:closed ");

	tcp(w, HMI, 100, "ab");
	tcp_flags(w, HMI, TCP_FIN, 105, "");
	tcp_flags(w, PLC, TCP_FIN, 900, "xy");
	world_wait(w, NS_PER_S);
	assert_log(w, "B d1:ab d0:xy g1:3 ");
	world_wait(w, NS_PER_S);
	assert_log(w, "E:closed ");
	world_free(w);
}

/* The peer acknowledges the FIN and lost bytes before it: the FIN is not one of them. */
static void test_fin_behind_a_proven_loss(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp_flags(w, HMI, TCP_FIN, 105, "");
	tcp_acknowledging(w, PLC, 900, 106, "xy");
	tcp_flags(w, PLC, TCP_FIN, 902, "");
	world_wait(w, NS_PER_S / 10);
	assert_log(w, "B d1:ab d0:xy g1:3 ");
	world_wait(w, NS_PER_S);
	assert_log(w, "E:closed ");
	world_free(w);
}

static void test_forged_fin(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp_flags(w, HMI, TCP_FIN, 102, "");
	tcp(w, HMI, 102, "cd");
	assert_log(w, "B d1:ab d1:cd ");
	tcp_flags(w, HMI, TCP_FIN, 5000, ""); /* a forged one must not stand for the true one */
	tcp_flags(w, HMI, TCP_FIN, 104, "");
	tcp_flags(w, PLC, TCP_FIN, 900, "xy");
	world_wait(w, NS_PER_S);
	assert_log(w, "d0:xy E:closed ");
	world_free(w);
}

static void test_new_connection_on_old_ports(void **state)
{
	struct world *w = world_new(NULL);
	uint32_t generation;

	(void)state;
	tcp_flags(w, HMI, TCP_SYN, 99, "");
	tcp(w, HMI, 100, "ab");
	generation = w->last.generation;
	tcp_flags(w, HMI, TCP_SYN, 99, ""); /* sent again */
	assert_log(w, "B d1:ab ");
	tcp_flags(w, HMI, TCP_SYN, 500000, "");
	tcp(w, HMI, 500001, "cd");
	assert_log(w, "E:closed B d1:cd ");
	assert_int_equal(w->last.index, 0);
	assert_int_equal(w->last.generation, generation + 1);
	assert_int_equal(world_counters(w)->flows, 2);
	assert_int_equal(world_counters(w)->flows_open, 1);
	assert_int_equal(world_counters(w)->flows_one_sided, 1);
	world_free(w);
}

static void test_new_connection_after_midstream(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, PLC, 900, "xy");
	tcp_flags(w, HMI, TCP_SYN, 99, "");
	assert_log(w, "B d0:xy E:closed B ");
	tcp_flags(w, PLC, TCP_SYN | TCP_ACK, 40000, "");
	tcp(w, PLC, 40001, "uv");
	assert_log(w, "d0:uv ");
	world_free(w);
}

static void test_reset(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp_flags(w, HMI, TCP_RST, 102 + 65537, "");
	tcp_flags(w, HMI, TCP_RST, 102U - 65537U, "");
	assert_int_equal(world_counters(w)->resets_ignored, 2);
	world_wait(w, 10 * NS_PER_S);
	tcp(w, HMI, 102, "cd");
	assert_log(w, "B d1:ab d1:cd ");
	tcp_flags(w, HMI, TCP_RST, 104 + 65536, "why");
	assert_int_equal(world_counters(w)->resets_ignored, 2);
	tcp(w, PLC, 900, "still on its way");
	assert_log(w, "d0:still on its way ");
	world_wait(w, NS_PER_S);
	assert_log(w, "E:reset ");
	world_free(w);
}

static void test_reset_of_silent_side(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p;

	(void)state;
	tcp_acknowledging(w, HMI, 100, 900, "ab");
	tcp_flags(w, PLC, TCP_RST, 0x50000000, "");
	assert_int_equal(world_counters(w)->resets_ignored, 1);
	tcp_flags(w, PLC, TCP_RST, 900, "");
	world_wait(w, NS_PER_S);
	assert_log(w, "B d1:ab E:reset ");

	tcp_flags(w, HMI, TCP_SYN, 99, ""); /* refused */
	p = world_packet(w, PLC, IP_PROTOCOL_TCP, "");
	p.tcp_flags = TCP_RST | TCP_ACK;
	p.tcp_acknowledgement = 100;
	world_send(w, &p);
	world_wait(w, NS_PER_S);
	assert_log(w, "B E:reset ");
	world_free(w);
}

static void udp_from(struct world *w, uint16_t port, const char *text)
{
	struct packet p = world_packet(w, HMI, IP_PROTOCOL_UDP, text);

	p.port_source = port;
	world_send(w, &p);
}

static void test_idle(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	udp_from(w, 1001, "a");
	w->now += NS_PER_S;
	udp_from(w, 1002, "b");
	w->now += NS_PER_S;
	udp_from(w, 1001, "c");
	tcp(w, HMI, 100, "ab");
	assert_log(w, "B u1:a B u1:b u1:c B d1:ab ");
	world_wait(w, 5 * NS_PER_MINUTE - NS_PER_S - 1);
	assert_log(w, "");
	world_wait(w, 1);
	assert_log(w, "E:idle ");
	assert_int_equal(w->last.key.port[1], 1002);
	world_wait(w, NS_PER_S);
	assert_log(w, "E:idle ");
	assert_int_equal(w->last.key.port[1], 1001);
	world_wait(w, NS_PER_DAY);
	assert_log(w, "E:idle ");
	assert_int_equal(world_counters(w)->flows_open, 0);
	world_free(w);
}

/* A connection without data goes sooner; with its first byte it is a session. */
static void test_idle_before_data(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp_flags(w, HMI, TCP_SYN, 99, "");
	tcp_flags(w, PLC, TCP_SYN | TCP_ACK, 899, "");
	world_wait(w, 5 * NS_PER_MINUTE - 1);
	assert_log(w, "B ");
	world_wait(w, 1);
	assert_log(w, "E:idle ");
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 102, "");
	world_wait(w, NS_PER_DAY - 1);
	assert_log(w, "B d1:ab ");
	world_wait(w, 1);
	assert_log(w, "E:idle ");
	world_free(w);
}

static void test_eviction(void **state)
{
	struct tracker_options options = tracker_defaults();
	struct world *w;

	(void)state;
	options.flows_max = 3;
	w = world_new(&options);
	udp_from(w, 1, "a");
	udp_from(w, 2, "b");
	tcp(w, HMI, 100, "cc");
	udp_from(w, 1, "d");
	assert_log(w, "B u1:a B u1:b B d1:cc u1:d ");
	udp_from(w, 4, "e");
	assert_log(w, "E:evicted B u1:e ");
	assert_int_equal(world_counters(w)->flows_evicted, 1);
	udp_from(w, 5, "f");
	udp_from(w, 1, "g");
	assert_log(w, "E:evicted B u1:f u1:g ");
	tracker_finish(w->tracker);
	assert_log(w, "E:capture E:capture E:capture ");
	assert_int_equal(w->last.key.port[1], 1); /* the latest one comes last */
	world_free(w);
}

/* Enough flows to grow the index and the slots several times, then all found again. */
static void test_many_flows(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned port = 1; port <= 5000; port += round == 2 ? 2 : 1) {
			udp_from(w, (uint16_t)port, "x");
			w->length = 0;
		}
		assert_int_equal(world_counters(w)->flows, 5000);
		w->now += NS_PER_MINUTE;
	}
	world_wait(w, 3 * NS_PER_MINUTE); /* the even ones are silent for 5 minutes */
	assert_int_equal(world_counters(w)->flows_open, 2500);
	w->length = 0;
	for (unsigned port = 1; port <= 5000; port++) {
		udp_from(w, (uint16_t)port, "x");
		w->length = 0;
	}
	assert_int_equal(world_counters(w)->flows, 7500);
	world_free(w);
}

static void test_keys(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p;

	(void)state;
	p = world_packet(w, HMI, IP_PROTOCOL_UDP, "a");
	world_send(w, &p);
	p = world_packet(w, PLC, IP_PROTOCOL_UDP, "b");
	world_send(w, &p);
	assert_log(w, "B u1:a u0:b ");
	p = world_packet(w, HMI, IP_PROTOCOL_UDP, "c");
	p.n_vlans = 1;
	p.vlans[0] = 7;
	world_send(w, &p);
	assert_int_equal(w->last.key.vlan, 7);
	p = world_packet(w, HMI, IP_PROTOCOL_UDP, "d");
	p.domain = 1;
	world_send(w, &p);
	p = world_packet(w, HMI, 47, "e");
	p.port_source = p.port_destination = 0;
	world_send(w, &p);
	assert_log(w, "B u1:c B u1:d B u1:e ");
	world_free(w);
}

static void test_frames(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = world_packet(w, HMI, 0, "");

	(void)state;
	p.ip_version = 0;
	p.ether_type = 0x88cc;
	world_send(w, &p);
	assert_int_equal(w->last.key.port[0], 0x88cc);
	assert_int_equal(w->last.key.ip[1].bytes[15], HMI);
	assert_int_equal(w->last.client_evidence, CLIENT_BY_FIRST);
	assert_int_equal(w->last.client, HMI);
	p.ether_type = 0;
	p.llc = 0x4242;
	p.time = p.clock = w->now += NS_PER_S;
	world_send(w, &p);
	memset(&p.mac_source, 0, 6);
	memset(&p.mac_destination, 0, 6);
	p.has_mac = false;
	world_send(w, &p);
	assert_log(w, "B f1 B f1 B f0 ");
	world_free(w);
}

static void test_headers_that_could_not_be_read(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct packet p = world_packet(w, HMI, i < 2 ? 6 : 17, "junk");

		p.port_source = p.port_destination = 0;
		p.malformed = i % 2 == 0;
		p.truncated = !p.malformed;
		world_send(w, &p);
	}
	assert_log(w, "B B ");
	tracker_finish(w->tracker);
	assert_int_equal(w->last.side[1].packets, 2);
	world_free(w);
}

/* Times of hostile files reach the ends of the range. */
static void test_extreme_times(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	w->now = INT64_MIN;
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 104, "ef");
	w->now = INT64_MAX;
	tracker_tick(w->tracker, w->now, 3);
	assert_log(w, "B d1:ab g1:2 d1:ef E:idle ");
	tcp(w, HMI, 104, "ef");
	tracker_tick(w->tracker, 0, 4); /* does not go back */
	assert_log(w, "B d1:ef ");
	world_free(w);
}

static void test_wrong_options(void **state)
{
	struct tracker_options options = tracker_defaults();
	struct flow_handler handler = { 0 };
	struct tracker *tracker = NULL;

	(void)state;
	options.flows_max = 0;
	assert_int_not_equal(tracker_new(&tracker, &options, &handler), 0);
	options = tracker_defaults();
	options.udp_idle = 0;
	assert_int_not_equal(tracker_new(&tracker, &options, &handler), 0);
	assert_null(tracker);
	assert_null(tracker_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_syn_carries_data),
		cmocka_unit_test(test_client_without_syn),
		cmocka_unit_test(test_both_fins),
		cmocka_unit_test(test_fin_behind_a_hole),
		cmocka_unit_test(test_fin_behind_a_proven_loss),
		cmocka_unit_test(test_forged_fin),
		cmocka_unit_test(test_new_connection_on_old_ports),
		cmocka_unit_test(test_new_connection_after_midstream),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_reset_of_silent_side),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_idle_before_data),
		cmocka_unit_test(test_eviction),
		cmocka_unit_test(test_many_flows),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_headers_that_could_not_be_read),
		cmocka_unit_test(test_extreme_times),
		cmocka_unit_test(test_wrong_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
