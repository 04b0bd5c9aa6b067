/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "link_world.h"

#define LLDP    0x88cc
#define CHASSIS "0207 04 020000000009 "
#define PORT    "0404 05 703031 "
#define TTL     "0602 0014 "
#define HEAD    CHASSIS PORT TTL
#define END     "0000"

/* A phone, whose address is at the MAC of its chassis. */
#define NAME       "0a05 706c632d31 "
#define PHONE      "0e04 0024 0024 "
#define BRIDGE     "0e04 0014 0004 "
#define MANAGEMENT "100c 05 01 0a000005 02 00000001 00 "

static void lldp(struct engine_world *w, const char *hex)
{
	world_frame(w, LLDP, 0, hex, SIZE_MAX, false);
}

static void fields(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	lldp(w, HEAD NAME PHONE MANAGEMENT END "0000000000");
	assert_log(w, "transaction report complete - unknown weir.function=advertisement "
		      "weir.lldp.chassis.subtype=mac_address "
		      "weir.lldp.chassis.id=02-00-00-00-00-09 "
		      "weir.lldp.chassis.mac=02-00-00-00-00-09 "
		      "weir.lldp.port.subtype=interface_name weir.lldp.port.id=p01 "
		      "weir.lldp.ttl=20 weir.lldp.system.name=plc-1 weir.lldp.host_name=plc-1 "
		      "weir.lldp.system.capabilities=bridge,phone "
		      "weir.lldp.system.enabled_capabilities=bridge,phone "
		      "weir.lldp.duty=bridge,phone weir.lldp.management_address=10.0.0.5\n"
		      "item identify complete - unknown weir.function=advertisement "
		      "weir.subject.ip=10.0.0.5 weir.subject.mac=02-00-00-00-00-09\n");
	assert_true(w->last.binds);
	world_free(w);
}

/* What a chassis or port is named by, and the text that this gives. */
static void identifiers(void **state)
{
	static const struct {
		const char *message, *says;
	} rows[] = {
		{ "0205 07 61620000 " PORT TTL, "weir.lldp.chassis.id=ab " },
		{ "0206 05 01 0a000005 " PORT TTL, "weir.lldp.chassis.id=10.0.0.5 " },
		{ "0212 05 02 fe800000000000000000000000000001 " PORT TTL,
		  "weir.lldp.chassis.id=fe80::1 " },
		{ "0203 09 6162 " PORT TTL, "weir.lldp.chassis.subtype=unknown " },
		{ CHASSIS "0407 03 020000000007 " TTL, "weir.lldp.port.id=02-00-00-00-00-07 " },
		{ CHASSIS "0403 06 6162 " TTL, "weir.lldp.port.subtype=agent_circuit_id " },
		{ HEAD "0a07 612e622e636f6d ", "weir.lldp.domain_name=a.b.com" },
		{ HEAD "fe09 00120f 01 03 6c00 0010 ", "weir.lldp.mau_type=16 "
						       "weir.lldp.auto_negotiation=enabled" },
		{ HEAD "fe08 000ecf 02 0000 0004 ", "weir.lldp.profinet.rt_class_3=run" },
		{ HEAD "fe09 0080c2 03 000a 02 6162 ", "weir.lldp.vlan_name=ab "
						       "weir.lldp.vlans=10" },
		{ HEAD "fe07 0012bb 08 343731 ", "weir.lldp.med.serial_number=471" },
		/* Not known: passed over. */
		{ HEAD "fe06 123456 01 0001 fc01 00 ", "weir.lldp.ttl=20" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		lldp(w, rows[i].message);
		assert_int_equal(world_count(w, rows[i].says), 1);
		assert_int_equal(world_protocol(w, "lldp")->malformed, 0);
		world_free(w);
	}
}

/* PROFINET names a station by its chassis, or by what follows the dot in its port's name. */
static void station_names(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	lldp(w, "0204 07 737731 0409 07 706f72742d303031 " TTL "fe08 000ecf 02 0000 0000");
	assert_int_equal(world_count(w, "station_name=sw1\n"), 1);
	lldp(w, "0204 07 737731 0408 07 7030312e706c63 " TTL "fe08 000ecf 02 0000 0000");
	assert_int_equal(world_count(w, "station_name=plc\n"), 1);
	lldp(w, "0204 07 737731 0408 07 7030312e706c63 " TTL);
	assert_int_equal(world_count(w, "station_name"), 2);
	world_free(w);
}

/* Whose MAC an address is at, and whether that is proved. */
static void bindings(void **state)
{
	static const struct {
		const char *message, *mac;
		bool binds;
	} rows[] = {
		{ HEAD BRIDGE MANAGEMENT, "02-00-00-00-00-09", false },
		{ HEAD BRIDGE MANAGEMENT "fe0a 000ecf 05 020000000008", "02-00-00-00-00-08", true },
		{ "0207 04 020000000001 " PORT TTL BRIDGE MANAGEMENT, "02-00-00-00-00-01", true },
		{ "0203 07 6162 " PORT TTL MANAGEMENT, "02-00-00-00-00-01", true },
		{ "0203 07 6162 " PORT TTL BRIDGE MANAGEMENT, NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		lldp(w, rows[i].message);
		assert_int_equal(w->records, rows[i].mac != NULL ? 2 : 1);
		if (rows[i].mac != NULL) {
			char text[64];

			snprintf(text, sizeof(text), "weir.subject.mac=%s\n", rows[i].mac);
			assert_int_equal(world_count(w, text), 1);
			assert_int_equal(w->last.binds, rows[i].binds);
		}
		world_free(w);
	}
}

/* A record when something new is said, and once a minute. */
static void repetitions(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	for (unsigned i = 0; i < 25; i++) { /* 0 to 120 s: at 0, 60 and 120 */
		lldp(w, i % 2 == 0 ? HEAD END "00" : HEAD END "ff");
		w->now += 5 * NS_PER_S;
	}
	assert_int_equal(w->records, 3);
	lldp(w, HEAD NAME END);
	assert_int_equal(w->records, 4);
	/* Delays are measured: other ones say nothing new. */
	lldp(w, HEAD NAME "fe18 000ecf 01 0000000a0000000a0000000a0000000a00000005" END);
	assert_int_equal(w->records, 4);
	assert_int_equal(world_protocol(w, "lldp")->messages, 27);
	world_free(w);
}

static void malformed(void **state)
{
	static const struct {
		const char *message, *how;
	} rows[] = {
		{ PORT CHASSIS TTL, "order" },
		{ CHASSIS PORT END, "order" },
		{ HEAD TTL, "order" },
		{ CHASSIS PORT, "too_short" },
		{ HEAD "0aff 61", "too_short" },
		{ HEAD "1003 200100", "length" },
		{ HEAD "fe02 0080", "length" },
		{ HEAD "fe05 0080c2 01 00", "length" },
		{ CHASSIS PORT "0601 14", "length" },
		{ HEAD "0e02 0001", "length" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);
		char text[64];

		lldp(w, rows[i].message);
		lldp(w, rows[i].message); /* the same again: no record, but counted */
		snprintf(text, sizeof(text), "weir.malformed=%s", rows[i].how);
		assert_int_equal(world_count(w, text), 1);
		assert_int_equal(world_protocol(w, "lldp")->malformed, 2);
		world_free(w);
	}
}

/* Parts without end, and more of a kind than are kept. */
static void caps(void **state)
{
	static char message[4000] = HEAD;
	struct engine_world *w = world_new(NULL);
	size_t at = strlen(message);

	(void)state;
	for (unsigned i = 0; i < 70; i++) {
		at += (size_t)snprintf(message + at, sizeof(message) - at,
				       "fe07 0080c2 03 %04x 00 ", i);
	}
	lldp(w, message);
	assert_int_equal(world_protocol(w, "lldp")->malformed, 0);
	assert_int_equal(world_count(w, ",62,63\n"), 1);
	world_free(w);
}

static void cut_at_every_length(void **state)
{
	(void)state;
	/* Shorter than the third part, or in the middle of one. */
	struct engine_world *w = world_new(NULL);
	const char *hex = HEAD NAME PHONE MANAGEMENT;

	for (size_t cut = 0; cut < 60; cut++) {
		w->now += 61 * NS_PER_S;
		world_frame(w, LLDP, 0, hex, cut, true);
	}
	assert_int_equal(world_protocol(w, "lldp")->malformed, 0);
	assert_int_equal(world_protocol(w, "lldp")->messages, 60);
	for (size_t cut = 0; cut < 60; cut++) {
		w->now += 61 * NS_PER_S;
		world_frame(w, LLDP, 0, hex, cut, false);
	}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),        cmocka_unit_test(identifiers),
		cmocka_unit_test(station_names), cmocka_unit_test(bindings),
		cmocka_unit_test(repetitions),   cmocka_unit_test(malformed),
		cmocka_unit_test(caps),          cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
