/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "tests/unit/flow_world.h"

/* The same packet again, so much later. */
static void again(struct world *w, struct packet p, int64_t later)
{
	p.time += later;
	p.clock = w->now = p.time;
	p.number = ++w->number;
	world_send(w, &p);
}

static struct packet tcp_packet(struct world *w, uint32_t sequence, const char *text)
{
	struct packet p = world_packet(w, HMI, IP_PROTOCOL_TCP, text);

	p.tcp_flags = TCP_PSH | TCP_ACK;
	p.tcp_sequence = sequence;
	return p;
}

static void test_copy(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = tcp_packet(w, 100, "abcd");

	(void)state;
	world_send(w, &p);
	again(w, p, 0);
	again(w, p, 5 * NS_PER_MS);
	assert_int_equal(world_counters(w)->duplicates, 2);
	assert_int_equal(world_counters(w)->sources[0].duplicates, 2);
	assert_int_equal(world_counters(w)->sources[1].duplicates, 0);
	assert_int_equal(world_counters(w)->retransmissions, 0);
	again(w, p, 5 * NS_PER_MS + 1);
	assert_int_equal(world_counters(w)->duplicates, 2);
	assert_int_equal(world_counters(w)->retransmissions, 1);
	assert_log(w, "B d1:abcd ");
	assert_int_equal(world_counters(w)->packets, 4);
	tracker_finish(w->tracker);
	assert_int_equal(w->last.side[HMI].packets, 2);
	world_free(w);
}

static void test_copy_from_another_vlan_behind_a_router(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = tcp_packet(w, 100, "abcd");

	(void)state;
	world_send(w, &p);
	p.n_vlans = 1;
	p.vlans[0] = 12;
	again(w, p, NS_PER_MS);
	p.ttl--;
	p.mac_source.bytes[0] = 6;
	p.vlans[0] = 13;
	again(w, p, NS_PER_MS);
	assert_log(w, "B d1:abcd ");
	assert_int_equal(world_counters(w)->duplicates, 2);
	assert_int_equal(world_counters(w)->flows, 1);
	world_free(w);
}

static void test_what_is_no_copy(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = tcp_packet(w, 100, "abcd"), other = p;

	(void)state;
	world_send(w, &p);
	other.ip_id++;
	again(w, other, NS_PER_MS); /* sent again */
	other = p;
	other.payload = cur_of("abcD", 4);
	again(w, other, NS_PER_MS);
	other = p;
	other.tcp_acknowledgement++;
	again(w, other, NS_PER_MS);
	other = p;
	other.domain++;
	again(w, other, NS_PER_MS);
	assert_int_equal(world_counters(w)->duplicates, 0);
	world_free(w);
}

static void test_time_goes_back(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = tcp_packet(w, 100, "abcd");

	(void)state;
	world_send(w, &p);
	p.time -= 5 * NS_PER_MS;
	world_send(w, &p);
	assert_int_equal(world_counters(w)->duplicates, 1);
	p.time = INT64_MIN;
	world_send(w, &p);
	p.time = INT64_MAX;
	world_send(w, &p);
	assert_int_equal(world_counters(w)->duplicates, 1);
	world_free(w);
}

static struct packet udp_packet(struct world *w, const char *text, uint16_t ip_id)
{
	struct packet p = world_packet(w, HMI, IP_PROTOCOL_UDP, text);

	p.ip_id = ip_id;
	return p;
}

static void test_udp_with_ip_id(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = udp_packet(w, "poll", 77);

	(void)state;
	world_send(w, &p);
	w->network[8]--; /* the hop limit and the checksum do not count */
	w->network[10]++;
	again(w, p, 4 * NS_PER_MS);
	assert_log(w, "B u1:poll ");
	p.ip_id++;
	again(w, p, 0);
	w->network[29]++; /* in the payload */
	again(w, p, 0);
	assert_log(w, "u1:poll u1:poll ");
	assert_int_equal(world_counters(w)->duplicates, 1);
	assert_int_equal(world_counters(w)->duplicates_kept, 0);
	world_free(w);
}

/* Two real polls may well be identical when there is no IP id. */
static void test_identical_polls_are_kept(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = udp_packet(w, "poll", 0);

	(void)state;
	world_send(w, &p);
	again(w, p, NS_PER_MS / 2);
	assert_log(w, "B u1:poll u1:poll ");
	assert_int_equal(world_counters(w)->duplicates, 0);
	assert_int_equal(world_counters(w)->duplicates_kept, 1);
	again(w, p, NS_PER_MS + 1);
	assert_int_equal(world_counters(w)->duplicates_kept, 1);
	world_free(w);
}

/* Proves n times within little time that the two are mirrored twice. */
static void prove(struct world *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct packet p = tcp_packet(w, 100 + 4 * i, "abcd");

		world_send(w, &p);
		again(w, p, 0);
		w->now += 10 * NS_PER_MS;
	}
	w->length = 0;
}

static unsigned count_polls(struct world *w)
{
	struct packet p = udp_packet(w, "poll", 0);
	uint64_t before = world_counters(w)->duplicates;

	world_send(w, &p);
	again(w, p, NS_PER_MS);
	again(w, p, 100 * NS_PER_MS);
	w->length = 0;
	return (unsigned)(3 - (world_counters(w)->duplicates - before));
}

static void test_device_that_is_mirrored_twice(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	prove(w, 7);
	assert_int_equal(count_polls(w), 3);
	prove(w, 8);
	assert_int_equal(count_polls(w), 2);
	w->now += NS_PER_MINUTE;
	assert_int_equal(count_polls(w), 3); /* too long ago */
	world_free(w);
}

static void test_frames(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = world_packet(w, HMI, 0, "");

	(void)state;
	p.ip_version = 0;
	p.ether_type = 0x0806;
	p.ip_id = 0;
	p.captured = p.length = 60;
	world_send(w, &p);
	again(w, p, 0);
	assert_log(w, "B f1 f1 ");
	assert_int_equal(world_counters(w)->duplicates_kept, 1);
	prove(w, 8);
	p.frame = w->network;
	p.time = w->now;
	again(w, p, 0);
	again(w, p, 0);
	assert_int_equal(world_counters(w)->duplicates, 9);
	world_free(w);
}

static void test_off(void **state)
{
	struct tracker_options options = tracker_defaults();
	struct world *w;
	struct packet p;

	(void)state;
	options.duplicates = false;
	w = world_new(&options);
	p = udp_packet(w, "poll", 77);
	world_send(w, &p);
	again(w, p, 0);
	assert_log(w, "B u1:poll u1:poll ");
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_copy_from_another_vlan_behind_a_router),
		cmocka_unit_test(test_what_is_no_copy),
		cmocka_unit_test(test_time_goes_back),
		cmocka_unit_test(test_udp_with_ip_id),
		cmocka_unit_test(test_identical_polls_are_kept),
		cmocka_unit_test(test_device_that_is_mirrored_twice),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
