/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Spanning tree over LLC and in SNAP, and CDP beside it. */

#include "link_world.h"

#define STP_LLC  0x4242
#define SNAP_LLC 0xaaaa

#define ROOT  "1000 020000000001 "
#define BELOW "8001 020000000002 "
#define TIMES "0100 1400 0200 0f00 "
#define TREE  ROOT "00004e20 " BELOW "8002 " TIMES

static void stp(struct engine_world *w, const char *hex)
{
	world_frame(w, 0, STP_LLC, hex, SIZE_MAX, false);
}

static void snap(struct engine_world *w, const char *hex)
{
	world_frame(w, 0, SNAP_LLC, hex, SIZE_MAX, false);
}

static void versions(void **state)
{
	static const struct {
		const char *message, *says;
	} rows[] = {
		{ "0000 00 00 81" TREE, "weir.function=configuration_bpdu weir.stp.version=0 "
					"weir.stp.flags=topology_change,"
					"topology_change_acknowledgment weir.stp.root.priority" },
		{ "0000 00 80", "weir.function=topology_change_notification" },
		{ "0000 02 02 7c" TREE "00", "weir.function=rst_bpdu" },
		{ "0000 02 02 7c" TREE "00", "weir.stp.flags=learning,forwarding,agreement "
					     "weir.stp.port.role=designated" },
		{ "0000 02 02 0a" TREE "00", "weir.stp.port.role=root" },
		{ "0000 03 02 7c" TREE "00 0000", "weir.function=mst_bpdu" },
		{ "0000 04 02 7c" TREE "00 0000", "weir.function=spt_bpdu" },
		{ "0000 02 02 7c" TREE "00",
		  "weir.stp.root.priority=4096 weir.stp.root.extension=0 "
		  "weir.stp.root.mac=02-00-00-00-00-01 weir.stp.root.path_cost=20000 "
		  "weir.stp.port.priority=128 weir.stp.port.number=2 weir.stp.message_age=1 "
		  "weir.stp.max_age=20 weir.stp.hello_time=2 weir.stp.forward_delay=15 "
		  "weir.stp.bridge.priority=32768 weir.stp.bridge.extension=1 "
		  "weir.stp.bridge.mac=02-00-00-00-00-02 weir.stp.duty=bridge\n" },
		{ "0000 02 02 3c" ROOT "00000000" ROOT "8001" TIMES "00",
		  "weir.stp.duty=bridge,spanning_tree_root\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		stp(w, rows[i].message);
		assert_int_equal(world_count(w, rows[i].says), 1);
		assert_int_equal(world_protocol(w, "stp")->malformed, 0);
		world_free(w);
	}
}

#define REGION "00 706c616e74000000000000000000000000000000000000000000000000000000 0003 "
#define DIGEST "000102030405060708090a0b0c0d0e0f "
#define MST    REGION DIGEST "00004e20 8000 020000000003 13 "
#define MSTI   "7c 8001 020000000003 00000000 80 80 14 "

static void regions(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	stp(w, "0000 03 02 7c" TREE "00 0050" MST MSTI);
	assert_int_equal(world_count(w, "weir.stp.bridge.mac=02-00-00-00-00-03 "
					"weir.stp.duty=bridge "
					"weir.stp.regional_root.mac=02-00-00-00-00-02 "
					"weir.stp.mst.region=plant weir.stp.mst.revision=3 "
					"weir.stp.mst.digest=000102030405060708090a0b0c0d0e0f "
					"weir.stp.mst.remaining_hops=19 "
					"weir.stp.mst.instances=1\n"),
			 1);
	/* A length that the message has not, or that has no room for a region. */
	stp(w, "0000 03 02 7c" TREE "00 0150" MST MSTI);
	stp(w, "0000 03 02 7c" TREE "00 0010" MST MSTI);
	assert_int_equal(world_protocol(w, "stp")->malformed, 2);
	world_free(w);
}

static void changes(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	for (unsigned i = 0; i < 31; i++) { /* 0 to 60 s */
		stp(w, "0000 02 02 7c" TREE "00");
		w->now += 2 * NS_PER_S;
	}
	assert_int_equal(w->records, 2);
	stp(w, "0000 02 02 7d" TREE "00");
	assert_int_equal(w->records, 3);
	assert_int_equal(world_count(w, "topology_change,"), 1);
	assert_int_equal(world_protocol(w, "stp")->messages, 32);
	world_free(w);
}

static void others(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	stp(w, "0001 0102 0000"); /* GARP */
	assert_int_equal(w->records, 0);
	assert_int_equal(world_protocol(w, "stp")->unknown, 1);
	stp(w, "0000 02 07 00");
	assert_int_equal(world_count(w, "weir.function=unknown"), 1);
	assert_int_equal(world_protocol(w, "stp")->unknown, 2);
	world_free(w);
}

static void per_vlan(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	snap(w, "00000c 010b 0000 02 02 7c" TREE "00 0000 0002 001e");
	assert_int_equal(world_count(w, "weir.stp.duty=bridge weir.stp.vlan=30\n"), 1);
	assert_int_equal(world_protocol(w, "stp")->messages, 1);
	assert_int_equal(world_protocol(w, "snap")->messages, 0);
	world_free(w);
}

/* ---- CDP ---- */

#define CDP       "00000c 2000 02 b4 0000 "
#define DEVICE    "0001 0007 737731 "
#define ADDRESSES "0002 0011 00000001 01 01 cc 0004 0a000007 "
#define SWITCH    "0004 0008 00000028 "
#define PHONE     "0004 0008 00000490 "
#define ADDRESS_V6                                                                    \
	"0016 0024 00000001 02 08 aaaa0300000086dd 0010 fe80000000000000000000000000" \
	"0007 "

static void cdp_fields(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	snap(w, CDP DEVICE ADDRESSES SWITCH ADDRESS_V6 "000a 0006 000a 000b 0005 01 ffff 0004");
	assert_log(w, "transaction report complete - unknown weir.function=advertisement "
		      "weir.cdp.version=2 weir.cdp.ttl=180 weir.cdp.device_id=sw1 "
		      "weir.cdp.address=10.0.0.7 weir.cdp.capabilities=switch,igmp_filter "
		      "weir.cdp.duty=bridge weir.cdp.management_address=fe80::7 "
		      "weir.cdp.native_vlan=10 weir.cdp.duplex=full\n");
	assert_int_equal(world_protocol(w, "cdp")->messages, 1);
	/* A phone has its address at the MAC that says so. */
	snap(w, CDP ADDRESSES PHONE);
	assert_int_equal(world_count(w, "weir.subject.ip=10.0.0.7 "
					"weir.subject.mac=02-00-00-00-00-01\n"),
			 1);
	assert_true(w->last.binds);
	world_free(w);
}

static void cdp_malformed(void **state)
{
	static const char *const rows[] = {
		CDP "0001 0003",                             /* shorter than its own head */
		CDP "0001 0100 61",                          /* longer than the message */
		CDP "000a 0005 00",                          /* no room for a number */
		CDP "0002 0010 ffffffff 01 01 cc 0004 0a00", /* more addresses than there are */
		CDP "0002 0006 0000",
		CDP "0004 0006 0000",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		snap(w, rows[i]);
		assert_int_equal(world_protocol(w, "cdp")->malformed, 1);
		assert_int_equal(world_count(w, "weir.malformed=too_short"), 1);
		world_free(w);
	}
}

/* What nobody reads is counted under the carrier's name. */
static void snap_unknown(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	snap(w, "00000c 2004 01");
	snap(w, "11000c 2000 02 b4 0000"); /* its lower half is Cisco's */
	snap(w, "00000c 20");
	assert_int_equal(w->records, 0);
	assert_int_equal(world_protocol(w, "snap")->messages, 3);
	assert_int_equal(world_protocol(w, "snap")->unknown, 2);
	assert_int_equal(world_protocol(w, "snap")->malformed, 1);
	assert_int_equal(world_protocol(w, "cdp")->messages, 0);
	world_free(w);
}

static void cut_at_every_length(void **state)
{
	(void)state;
	world_cut_frames("stp", 0, STP_LLC, "0000 02 02 7c" TREE "00", 35);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions),
		cmocka_unit_test(regions),
		cmocka_unit_test(changes),
		cmocka_unit_test(others),
		cmocka_unit_test(per_vlan),
		cmocka_unit_test(cdp_fields),
		cmocka_unit_test(cdp_malformed),
		cmocka_unit_test(snap_unknown),
		cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
