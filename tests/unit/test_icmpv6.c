/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "names_world.h"

#define ADDRESS "fd00 0000 0000 0000 0000 0000 0000 0001 " /* the sender's */
#define OTHER   "fd00 0000 0000 0000 0000 0000 0000 0009 "
#define GROUP   "ff02 0000 0000 0000 0000 0000 0000 0001 "
#define SOURCE  "0101 020000000001 "
#define TARGET  "0201 020000000001 "
#define TARGET9 "0201 020000000009 "

/* A message of 02:00:00:00:00:01 at fd00::1, or without address, with this hop limit. */
static void send(struct engine_world *w, const void *bytes, size_t n, bool bound, uint8_t hops)
{
	struct packet p = world_packet(w, HMI, IP_PROTOCOL_ICMP6);

	p.ip_version = 6;
	p.ttl = hops;
	p.port_source = p.port_destination = 0;
	assert_int_equal(ip_parse(bound ? "fd00::1" : "::", &p.ip_source), 0);
	assert_int_equal(ip_parse("ff02::1", &p.ip_destination), 0);
	world_send(w, &p, bytes, n);
}

static void send_message(struct engine_world *w, const char *hex, bool bound, uint8_t hops)
{
	uint8_t bytes[256];

	send(w, bytes, world_hex(hex, bytes, sizeof(bytes)), bound, hops);
}

static const struct {
	const char *hex;
	bool bound;
	uint8_t hops;
	const char *function, *subject; /* NULL: about nobody */
	bool binds;
} rows[] = {
	/* A question binds who asks; a test of an address of its own binds nobody. */
	{ "87 00 0000 00000000 " OTHER SOURCE, true, 255, "neighbor_solicitation",
	  "weir.subject.ip=fd00::1 weir.subject.mac=02-00-00-00-00-01", true },
	{ "87 00 0000 00000000 " ADDRESS, false, 255, "neighbor_solicitation", NULL, false },
	{ "87 00 0000 00000000 " OTHER, true, 255, "neighbor_solicitation", NULL, false },
	/* An answer binds its target, unless it may be a proxy's. */
	{ "88 00 0000 60000000 " OTHER TARGET9, true, 255, "neighbor_advertisement",
	  "weir.subject.ip=fd00::9 weir.subject.mac=02-00-00-00-00-09", true },
	{ "88 00 0000 40000000 " OTHER TARGET9, true, 255, "neighbor_advertisement", NULL, false },
	{ "88 00 0000 40000000 " ADDRESS TARGET, true, 255, "neighbor_advertisement",
	  "weir.subject.ip=fd00::1", true },
	/* Routers. */
	{ "85 00 0000 00000000 " SOURCE, true, 255, "router_solicitation",
	  "weir.subject.mac=02-00-00-00-00-01", true },
	{ "85 00 0000 00000000", false, 255, "router_solicitation", NULL, false },
	{ "86 00 0000 40c00708 00000000 00000000 " SOURCE, true, 255, "router_advertisement",
	  "weir.subject.mac=02-00-00-00-00-01", true },
	{ "89 00 0000 00000000 " OTHER OTHER, true, 255, "redirect", NULL, false },
	/* What contradicts RFC 4861 is said and proves nothing. */
	{ "88 00 0000 60000000 " OTHER TARGET9, true, 64, "weir.malformed=hop_limit", NULL, false },
	{ "88 01 0000 60000000 " OTHER TARGET9, true, 255, "weir.malformed=code", NULL, false },
	{ "88 00 0000 60000000 " GROUP TARGET9, true, 255, "weir.malformed=target", NULL, false },
	{ "88 00 0000 60000000 " OTHER "0200 020000000009", true, 255, "weir.malformed=options",
	  NULL, false },
	{ "88 00 0000 60000000 " OTHER "0202 020000000009", true, 255, "weir.malformed=options",
	  NULL, false },
	{ "88 00 0000 60000000 fd00", true, 255, "weir.malformed=length", NULL, false },
};

static void whom_it_is_about(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		send_message(w, rows[i].hex, rows[i].bound, rows[i].hops);
		assert_int_equal(world_count(w, "transaction report complete"), 1);
		assert_int_equal(world_count(w, rows[i].function), 1);
		assert_int_equal(
		    world_count(w, rows[i].subject != NULL ? rows[i].subject : "weir.subject"),
		    rows[i].subject != NULL);
		assert_int_equal(w->last.binds, rows[i].binds);
		assert_int_equal(world_protocol(w, "icmpv6")->malformed,
				 strstr(rows[i].function, "malformed") != NULL);
		world_free(w);
	}
}

static void router_and_its_network(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send_message(w,
		     "86 00 0000 40c00708 00000000 00000000 "
		     "0304 40c0 00015180 00003840 00000000 fd00 0010 0000 0000 0000 0000 0000 0000 "
		     "0501 0000 000005dc "
		     "1903 0000 00000258 fd00 0010 0000 0000 0000 0000 0000 0053 "
		     "1f02 0000 00000258 05 706c616e74 00 00",
		     true, 255);
	assert_int_equal(world_count(w,
				     "weir.icmpv6.router_lifetime=1800 "
				     "weir.icmpv6.managed=true "
				     "weir.icmpv6.other_configuration=true "
				     "weir.icmpv6.prefix=fd00:10:: weir.icmpv6.prefix_length=/64 "
				     "weir.icmpv6.mtu=1500 weir.icmpv6.name_servers=fd00:10::53 "
				     "weir.icmpv6.domain=plant weir.icmpv6.duty=router"),
			 1);
	world_free(w);
}

/* Echo and the rest are counted and make no record; what is asked again makes none for a minute. */
static void what_is_only_counted(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send_message(w, "80 00 0000 0001 0001", true, 64);
	send_message(w, "8f 00 0000 0000 0000", true, 1);
	send_message(w, "01 00", true, 1);
	assert_int_equal(world_count(w, "transaction "), 0);
	for (unsigned i = 0; i < 3; i++) {
		send_message(w, rows[0].hex, true, 255);
	}
	assert_int_equal(world_count(w, "transaction "), 1);
	world_time(w, 61 * NS_PER_S);
	send_message(w, rows[0].hex, true, 255);
	assert_int_equal(world_count(w, "transaction "), 2);
	assert_int_equal(world_protocol(w, "icmpv6")->messages, 7);
	assert_int_equal(world_protocol(w, "icmpv6")->malformed, 1);
	world_free(w);
}

static void cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t bytes[256];
		size_t n = world_hex(rows[i].hex, bytes, sizeof(bytes));

		for (size_t length = 1; length < n; length++) {
			struct engine_world *w = world_new(NULL);

			send(w, bytes, length, rows[i].bound, 255);
			assert_true(world_count(w, "transaction ") <= 1);
			world_free(w);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whom_it_is_about),
		cmocka_unit_test(router_and_its_network),
		cmocka_unit_test(what_is_only_counted),
		cmocka_unit_test(cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
