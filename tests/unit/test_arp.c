/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "engine_world.h"

/* Sends a frame of EtherType 0x0806 from 02:00:00:00:00:01. */
static void arp(struct engine_world *w, const char *hex, size_t cut)
{
	uint8_t bytes[64];
	size_t n = size_min(world_hex(hex, bytes, sizeof(bytes)), cut);
	uint8_t *block = calloc(1, n + 14);
	struct packet p = {
		.time = w->now,
		.clock = w->now,
		.number = ++w->number,
		.has_mac = true,
		.mac_source = { { 2, 0, 0, 0, 0, 1 } },
		.mac_destination = { { 255, 255, 255, 255, 255, 255 } },
		.ether_type = 0x0806,
		.captured = (uint32_t)n + 14,
		.length = (uint32_t)n + 14,
		.payload_length = (uint32_t)n,
	};

	assert_non_null(block);
	memcpy(block + 14, bytes, n);
	p.frame = block;
	p.payload = cur_of(block + 14, n);
	engine_packet(w->engine, &p);
	tracker_packet(w->tracker, &p);
	free(block);
	world_drain(w);
}

#define ETHERNET "0001 0800 06 04 "
#define SENDER   "020000000001 0a000001 "
#define TARGET   "020000000002 0a000002"

static const struct {
	const char *frame, *opcode;
} frames[] = {
	{ ETHERNET "0001" SENDER "000000000000 0a000002", "request" },
	{ ETHERNET "0002" SENDER TARGET, "reply" },
	{ ETHERNET "0001" SENDER "000000000000 0a000001", "announcement" },
	{ ETHERNET "0002" SENDER "020000000001 0a000001", "announcement" },
	{ ETHERNET "0001 020000000001 00000000 000000000000 0a000002", "probe" },
	{ ETHERNET "0003" SENDER TARGET, "unknown" },
};

static void opcodes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		struct engine_world *w = world_new(NULL);
		char text[64];

		arp(w, frames[i].frame, SIZE_MAX);
		snprintf(text, sizeof(text), "weir.arp.opcode=%s ", frames[i].opcode);
		assert_int_equal(world_count(w, text), 1);
		assert_int_equal(world_count(w, "transaction report complete - unknown "), 1);
		assert_int_equal(w->last.phase, PHASE_COMPLETE);
		assert_int_equal(world_protocol(w, "arp")->messages, 1);
		assert_int_equal(world_protocol(w, "arp")->unknown,
				 strcmp(frames[i].opcode, "unknown") == 0);
		/* It makes no connection. */
		assert_int_equal(w->records, 1);
		world_free(w);
	}
}

static void fields_of_a_reply(void **state)
{
	struct engine_world *w = world_new(NULL);
	const struct ip sender = ip_from_v4(0x0a000001), target = ip_from_v4(0x0a000002);

	(void)state;
	arp(w, ETHERNET "0002" SENDER TARGET, SIZE_MAX);
	assert_log(w, "transaction report complete - unknown weir.arp.opcode=reply "
		      "weir.arp.sender_ip=10.0.0.1 weir.arp.sender_mac=02-00-00-00-00-01 "
		      "weir.arp.target_ip=10.0.0.2 weir.arp.target_mac=02-00-00-00-00-02 "
		      "weir.subject.ip=10.0.0.1 weir.subject.mac=02-00-00-00-00-01\n");
	assert_true(ip_equal(&w->last.source.ip, &sender));
	assert_true(ip_equal(&w->last.destination.ip, &target));
	/* The padding of a short frame is nothing. */
	arp(w, ETHERNET "0002" SENDER TARGET "000000000000000000", SIZE_MAX);
	assert_int_equal(world_protocol(w, "arp")->malformed, 0);
	world_free(w);
}

static void cut_at_every_length(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	for (size_t cut = 0; cut <= 28; cut++) {
		w->now += NS_PER_S;
		arp(w, ETHERNET "0002" SENDER TARGET, cut);
	}
	assert_int_equal(w->records, 1);
	assert_int_equal(world_protocol(w, "arp")->messages, 29);
	assert_int_equal(world_protocol(w, "arp")->malformed, 28);
	world_finish(w);
	world_free(w);
}

/* Other networks' ARP is counted, and says nothing about addresses. */
static void other_networks(void **state)
{
	static const char *const others[] = {
		"0006 0800 06 04 0001" SENDER TARGET,
		"0001 86dd 06 04 0001" SENDER TARGET,
		"0001 0800 08 04 0001" SENDER TARGET,
		"0001 0800 06 10 0001" SENDER TARGET,
	};
	struct engine_world *w = world_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		arp(w, others[i], SIZE_MAX);
		assert_int_equal(world_protocol(w, "arp")->unknown, i + 1);
	}
	assert_int_equal(w->records, 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opcodes),
		cmocka_unit_test(fields_of_a_reply),
		cmocka_unit_test(cut_at_every_length),
		cmocka_unit_test(other_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
