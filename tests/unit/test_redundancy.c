/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Rings and parallel networks (MRP, PRP, HSR), virtual routers (VRRP, HSRP). */

#include "link_world.h"

#define MRP 0x88e3
#define PRP 0x88fb

/* ---- MRP ---- */

#define COMMON(sequence) "01 12 " sequence " ffffffffffffffffffffffffffffffff "
#define END_PART         "00 00"
#define TEST(state, sequence, time) \
	"0001 02 12 8000 020000000009 0001 " state " 0002 " time " " COMMON(sequence) END_PART

static void mrp(struct engine_world *w, const char *hex)
{
	world_frame(w, MRP, 0, hex, SIZE_MAX, false);
}

static void mrp_functions(void **state)
{
	static const struct {
		const char *message, *says;
	} rows[] = {
		{ TEST("0001", "0001", "00000014"),
		  "weir.function=test weir.mrp.version=1 weir.mrp.mac=02-00-00-00-00-09 "
		  "weir.mrp.priority=32768 weir.mrp.port_role=secondary weir.mrp.ring_state=closed "
		  "weir.mrp.transitions=2 weir.mrp.duty=mrp_manager "
		  "weir.mrp.domain=ffffffff-ffff-ffff-ffff-ffffffffffff "
		  "weir.mrp.redundancy=mrp\n" },
		{ TEST("0000", "0001", "00000014"), "weir.mrp.ring_state=open" },
		{ TEST("0007", "0001", "00000014"), "weir.mrp.ring_state=unknown" },
		{ "0001 03 0a 8000 020000000009 0014" COMMON("0001") END_PART,
		  "weir.function=topology_change" },
		{ "0001 04 0c 020000000009 0000 0014 0001" COMMON("0001") END_PART,
		  "weir.function=link_down weir.mrp.version=1 weir.mrp.mac=02-00-00-00-00-09 "
		  "weir.mrp.interval=20 weir.mrp.port_role=primary "
		  "weir.mrp.blocked_supported=true weir.mrp.duty=mrp_client" },
		{ "0001 05 0c 020000000009 0000 0014 0000" COMMON("0001") END_PART,
		  "weir.function=link_up" },
		{ "0001 06 02 0001" COMMON("0001") END_PART, "weir.function=interconnection_test" },
		{ "0001 7f 0a 080006 00 0000 03000000" COMMON("0001") END_PART,
		  "weir.mrp.automanager=true" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		mrp(w, rows[i].message);
		assert_int_equal(world_count(w, rows[i].says), 1);
		assert_int_equal(world_protocol(w, "mrp")->malformed, 0);
		assert_int_equal(world_protocol(w, "mrp")->unknown, 0);
		world_free(w);
	}
}

/* Sequence and time are others in each test: they are no news. */
static void mrp_repetitions(void **state)
{
	struct engine_world *w = world_new(NULL);
	char text[200];

	(void)state;
	for (unsigned i = 0; i < 3001; i++) { /* a minute */
		snprintf(text, sizeof(text),
			 "0001 02 12 8000 020000000009 0001 %s 0002 %08x 01 12 %04x "
			 "ffffffffffffffffffffffffffffffff 00 00",
			 i < 3000 ? "0001" : "0000", 20 * i, i);
		mrp(w, text);
		w->now += NS_PER_S / 50;
	}
	assert_int_equal(w->records, 2);
	assert_int_equal(world_count(w, "ring_state=open"), 1);
	assert_int_equal(world_protocol(w, "mrp")->messages, 3001);
	world_free(w);
}

static void mrp_others(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	mrp(w, "0001 40 02 0000 0000");
	assert_int_equal(world_protocol(w, "mrp")->unknown, 1);
	mrp(w, "0001 02 04 80000200 0000"); /* a test too short for what it says */
	mrp(w, "0001 02 ff 8000");
	mrp(w, "0001 0000"); /* an end, and nothing before it */
	assert_int_equal(world_protocol(w, "mrp")->malformed, 3);
	world_free(w);
	world_cut_frames("mrp", MRP, 0, TEST("0001", "0001", "00000014"), 44);
}

/* ---- PRP and HSR ---- */

static void prp_nodes(void **state)
{
	static const struct {
		const char *message, *says;
	} rows[] = {
		{ "0001 0007 14 06 020000000005 0000",
		  "weir.function=supervision weir.prp.version=1 weir.prp.path=0 "
		  "weir.prp.node=prp_discard weir.prp.mac=02-00-00-00-00-05 "
		  "weir.prp.redundancy=prp\n" },
		{ "0001 0007 15 06 020000000005 1e 06 020000000006 0000",
		  "weir.prp.node=prp_accept weir.prp.mac=02-00-00-00-00-05 "
		  "weir.prp.red_box.mac=02-00-00-00-00-06" },
		{ "2001 0007 17 06 020000000005 0000", "weir.prp.path=2 weir.prp.node=hsr" },
		{ "2001 0007 17 06 020000000005 0000", "weir.prp.redundancy=hsr" },
		/* Version 0 has no sequence, and two addresses. */
		{ "0000 14 0c 020000000005 020000000006 0000", "weir.prp.mac_b=02-00-00-00-00-06" },
		{ "0000 14 0c 020000000005 020000000005 0000",
		  "weir.prp.mac=02-00-00-00-00-05 weir.prp.redundancy" },
		{ "0001 0007 63 02 0000 0000", "weir.prp.node=unknown" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		world_frame(w, PRP, 0, rows[i].message, SIZE_MAX, false);
		assert_int_equal(world_count(w, rows[i].says), 1);
		assert_int_equal(world_protocol(w, "prp")->malformed, 0);
		world_free(w);
	}
	/* The end is optional. */
	world_cut_frames("prp", PRP, 0, "0001 0007 14 06 020000000005", 12);
}

static void prp_repetitions(void **state)
{
	struct engine_world *w = world_new(NULL);
	char text[100];

	(void)state;
	for (unsigned i = 0; i < 30; i++) {
		/* The trailer of the network itself follows: its sequence is no news either. */
		snprintf(text, sizeof(text), "0001 %04x 14 06 020000000005 0000 %04x a02a 88fb", i,
			 i);
		world_frame(w, PRP, 0, text, SIZE_MAX, false);
		w->now += 2 * NS_PER_S;
	}
	assert_int_equal(w->records, 1);
	assert_int_equal(world_protocol(w, "prp")->messages, 30);
	assert_int_equal(world_protocol(w, "prp")->malformed, 0);
	world_free(w);
}

/* ---- virtual routers ---- */

/* A message of this IP protocol from 10.0.0.2. */
static void ip_message(struct engine_world *w, uint8_t protocol, const char *hex)
{
	uint8_t bytes[200], *block;
	size_t n = world_hex(hex, bytes, sizeof(bytes));
	struct packet p = world_packet(w, HMI, protocol);

	block = calloc(1, n);
	assert_non_null(block);
	memcpy(block, bytes, n);
	p.port_source = p.port_destination = 0;
	p.payload = p.network = cur_of(block, n);
	p.frame = block;
	p.captured = p.length = p.payload_length = (uint32_t)n;
	engine_packet(w->engine, &p);
	tracker_packet(w->tracker, &p);
	free(block);
	world_drain(w);
}

static void vrrp(void **state)
{
	static const struct {
		const char *message, *says; /* NULL: none of its business */
	} rows[] = {
		{ "21 0a c8 02 01 01 0000 0a0000fe 0a0000fd 7365637265740000",
		  "weir.function=advertisement weir.vrrp.version=2 weir.vrrp.router_id=10 "
		  "weir.vrrp.priority=200 weir.vrrp.interval=1000 "
		  "weir.vrrp.authentication=simple_text weir.vrrp.risk=clear_text_password "
		  "weir.vrrp.duty=router weir.vrrp.redundancy=vrrp "
		  "weir.vrrp.address=10.0.0.254,10.0.0.253\n" },
		{ "31 1e 64 01 0064 0000 0a0000fe", "weir.vrrp.version=3 weir.vrrp.router_id=30 "
						    "weir.vrrp.priority=100 "
						    "weir.vrrp.interval=1000 weir.vrrp.duty" },
		{ "31 1e 64 02 0064 0000 0a0000fe", NULL },
		{ "31 00 64 01 0064 0000 0a0000fe", NULL },
		{ "41 1e 64 01 0064 0000 0a0000fe", NULL },
		/* CARP */
		{ "21 01 00 07 00 01 0000 0000000000000000000102030405060708090a0b0c0d0e0f10111213",
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		ip_message(w, 112, rows[i].message);
		assert_int_equal(world_protocol(w, "vrrp")->messages, rows[i].says != NULL);
		if (rows[i].says != NULL) {
			assert_int_equal(world_count(w, rows[i].says), 1);
			assert_int_equal(w->last.about, ABOUT_SOURCE);
		}
		assert_null(strstr(w->log, "secret"));
		world_free(w);
	}
}

static void vrrp_cut(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	ip_message(w, 112, "31 1e 64 01 0064 0000 0a0000fe");
	ip_message(w, 112, "31 1e 64 02 0064 0000 0a0000fe");
	ip_message(w, 112, "31 1e 64");
	assert_int_equal(world_protocol(w, "vrrp")->malformed, 2);
	assert_int_equal(world_count(w, "weir.malformed=too_short"), 2);
	world_free(w);
}

#define HSRP_1 "00 00 10 03 0a 6e 0a 00 "
#define CISCO  "636973636f000000 "
#define HSRP_2                                                                    \
	"01 28 02 00 06 04 0014 020000000007 00000064 00000bb8 00002710 0a00000b" \
	"000000000000000000000000 "

static void hsrp(void **state)
{
	static const struct {
		const char *message, *says;
	} rows[] = {
		{ HSRP_1 CISCO "0a000001",
		  "weir.function=hello weir.hsrp.version=1 weir.hsrp.duty=router "
		  "weir.hsrp.redundancy=hsrp weir.hsrp.state=active weir.hsrp.group=10 "
		  "weir.hsrp.priority=110 weir.hsrp.hello_time=3000 weir.hsrp.hold_time=10000 "
		  "weir.hsrp.address=10.0.0.1 weir.hsrp.authentication=default\n" },
		{ HSRP_1 "7365637265740000 0a000001",
		  "weir.hsrp.authentication=simple_text weir.hsrp.risk=clear_text_password\n" },
		{ HSRP_1 "0000000000000000 0a000001", "weir.hsrp.authentication=none\n" },
		{ HSRP_1 CISCO "0a000001 04 1c 01", "weir.hsrp.authentication=md5\n" },
		{ "00 03 0001 000a 01 00 0000 0001 00000000", "weir.function=advertise" },
		{ HSRP_2, "weir.hsrp.version=2 weir.hsrp.duty=router weir.hsrp.redundancy=hsrp "
			  "weir.hsrp.state=active weir.hsrp.group=20 weir.hsrp.priority=100 "
			  "weir.hsrp.hello_time=3000 weir.hsrp.hold_time=10000 "
			  "weir.hsrp.address=10.0.0.11 weir.hsrp.identifier=02-00-00-00-00-07 "
			  "weir.hsrp.authentication=none\n" },
		{ HSRP_2 "03 08 7365637265740000", "weir.hsrp.authentication=simple_text" },
		{ "00 07 10 03 0a 6e 0a 00 " CISCO "0a000001", NULL },
		{ HSRP_1 CISCO, NULL },
		{ "09 28 00", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);
		uint8_t bytes[100];
		size_t n = world_hex(rows[i].message, bytes, sizeof(bytes));

		w->port[PLC] = w->port[HMI] = 1985;
		world_udp(w, HMI, bytes, n);
		assert_int_equal(world_protocol(w, "hsrp")->messages, rows[i].says != NULL);
		if (rows[i].says != NULL) {
			assert_int_equal(world_count(w, rows[i].says), 1);
			assert_int_equal(w->last.about, ABOUT_SOURCE);
		}
		assert_null(strstr(w->log, "secret"));
		/* Cut short, in a flow that is known. */
		if (rows[i].says != NULL) {
			world_udp(w, HMI, bytes, n - 1);
		}
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mrp_functions),   cmocka_unit_test(mrp_repetitions),
		cmocka_unit_test(mrp_others),      cmocka_unit_test(prp_nodes),
		cmocka_unit_test(prp_repetitions), cmocka_unit_test(vrrp),
		cmocka_unit_test(vrrp_cut),        cmocka_unit_test(hsrp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
