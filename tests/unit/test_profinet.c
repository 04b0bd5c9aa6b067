/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "engine_world.h"

#define DEVICE   1
#define STATION  2
#define EVERYONE 0

/* Sends the first `cut` bytes of a frame of EtherType 0x8892 from 02:..:01 or :02 to the other, or
 * to the group that DCP has. */
static void frame_cut(struct engine_world *w, uint8_t from, uint8_t to, const char *hex, size_t cut)
{
	uint8_t bytes[600];
	size_t n = size_min(world_hex(hex, bytes, sizeof(bytes)), cut);
	uint8_t *block = calloc(1, n + 14);
	struct packet p = {
		.time = w->now,
		.clock = w->now,
		.number = ++w->number,
		.has_mac = true,
		.mac_source = { { 2, 0, 0, 0, 0, from } },
		.mac_destination = { { 2, 0, 0, 0, 0, to } },
		.ether_type = 0x8892,
		.captured = (uint32_t)n + 14,
		.length = (uint32_t)n + 14,
		.payload_length = (uint32_t)n,
	};

	if (to == EVERYONE) {
		p.mac_destination = (struct mac) { { 1, 0x0e, 0xcf, 0, 0, 0 } };
	}
	assert_non_null(block);
	memcpy(block + 14, bytes, n);
	p.frame = block;
	p.payload = cur_of(block + 14, n);
	engine_packet(w->engine, &p);
	tracker_packet(w->tracker, &p);
	free(block);
	world_drain(w);
}

static void frame(struct engine_world *w, uint8_t from, uint8_t to, const char *hex)
{
	frame_cut(w, from, to, hex, SIZE_MAX);
}

#define SUITE                   "0a000005 ffffff00 0a000001"
#define NAME                    "0202 0006 0000 696f2d31"
#define ID                      "0203 0006 0000 002a 0313"
#define ROLE                    "0204 0004 0000 0300"
#define ADDRESS                 "0102 000e 0001" SUITE
#define SAYS                    NAME ID ROLE ADDRESS
#define IDENTIFY                "fefe 05 00 01000001 0001 0004 ffff 0000"
#define ANSWER                  "feff 05 01 01000001 0000 002e" SAYS
#define SET_NAME                "fefd 04 00 01000002 0000 000a 0202 0006 0001 696f2d31"
#define SET_IP                  "fefd 04 00 01000003 0000 0012 0102 000e 0000" SUITE
#define DONE(xid, block, error) "fefd 04 01" xid "0000 0008 0504 0003" block error "00"

static void identify_answered(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	frame(w, STATION, EVERYONE, IDENTIFY);
	assert_int_equal(w->last.about, ABOUT_SOURCE);
	assert_log(w, "transaction identify complete - unknown weir.function=identify "
		      "weir.profinet_dcp.xid=16777217 weir.profinet_dcp.service_type=request "
		      "weir.profinet_dcp.blocks=all\n");
	frame(w, DEVICE, STATION, ANSWER "000000000000");
	assert_log(w,
		   "transaction report complete - unknown weir.function=identify "
		   "weir.profinet_dcp.xid=16777217 weir.profinet_dcp.service_type=success "
		   "weir.profinet_dcp.name_of_station=io-1 weir.profinet_dcp.vendor_id=0x002a "
		   "weir.profinet_dcp.device_id=0x0313 "
		   "weir.profinet_dcp.role=io_device,io_controller weir.profinet_dcp.ip=10.0.0.5 "
		   "weir.profinet_dcp.netmask=255.255.255.0 weir.profinet_dcp.gateway=10.0.0.1 "
		   "weir.profinet_dcp.ip_state=set "
		   "weir.profinet_dcp.blocks=name_of_station,device_id,device_role,ip_parameter "
		   "weir.subject.ip=10.0.0.5 weir.subject.mac=02-00-00-00-00-01\n");
	assert_true(w->last.binds);
	assert_int_equal(w->last.source.mac.bytes[5], DEVICE);
	/* The same again is counted, and said once a minute. */
	frame(w, DEVICE, STATION, ANSWER);
	assert_log(w, "");
	world_time(w, 61 * NS_PER_S);
	frame(w, DEVICE, STATION, ANSWER);
	assert_int_equal(world_count(w, "report complete"), 1);
	assert_int_equal(world_protocol(w, "profinet_dcp")->messages, 4);
	world_free(w);
}

static void set_and_refused(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	frame(w, STATION, DEVICE, SET_NAME);
	assert_int_equal(world_count(w, "transaction config_write request"), 1);
	frame(w, DEVICE, STATION, DONE("01000002", "0202", "06"));
	assert_int_equal(world_count(w, "transaction config_write complete answered failure"), 1);
	assert_int_equal(world_count(w, "weir.profinet_dcp.refused=name_of_station "
					"weir.profinet_dcp.errors=in_operation"),
			 1);
	assert_false(w->last.flags & RECORD_IDENTITY);
	frame(w, STATION, DEVICE, SET_IP);
	assert_int_equal(world_count(w, "transaction address_change request"), 1);
	world_clear(w);
	frame(w, DEVICE, STATION, DONE("01000003", "0102", "00"));
	assert_int_equal(world_count(w, "address_change complete answered success"), 1);
	assert_int_equal(world_count(w, "item identify complete - success"), 1);
	assert_int_equal(
	    world_count(w, "weir.subject.ip=10.0.0.5 weir.subject.mac=02-00-00-00-00-01"), 1);
	assert_int_equal(world_protocol(w, "profinet_dcp")->errors, 1);
	world_free(w);
}

/* The gravest of what one message sets. */
static void operations(void **state)
{
	static const struct {
		const char *blocks, *operation;
	} rows[] = {
		{ "0006 0503 0002 0000", "control" },
		{ "0006 0505 0002 0000", "memory_reset" },
		{ "0006 0506 0002 0004", "memory_reset" },
		{ "000c 0501 0002 0000 0502 0002 0000", "session" },
		{ "0006 033d 0002 0001", "address_change" },
		{ "0006 8001 0002 0001", "config_write" },
		{ "0006 0909 0002 0001", "config_write" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);
		char text[128];

		snprintf(text, sizeof(text), "fefd 04 00 01000009 0000 %s", rows[i].blocks);
		frame(w, STATION, DEVICE, text);
		world_finish(w);
		snprintf(text, sizeof(text), "transaction %s complete", rows[i].operation);
		assert_int_equal(world_count(w, text), 1);
		world_free(w);
	}
}

/* Every length of every message: nothing is read behind it, and each counts once. */
static void cut_everywhere(void **state)
{
	static const char *const frames[] = { IDENTIFY, ANSWER, SET_NAME, SET_IP,
					      DONE("01000003", "0102", "00") };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		struct engine_world *w = world_new(NULL);
		uint8_t bytes[600];
		size_t n = world_hex(frames[i], bytes, sizeof(bytes));

		for (size_t cut = 0; cut <= n; cut++) {
			w->now += NS_PER_S;
			frame_cut(w, STATION, DEVICE, frames[i], cut);
		}
		/* Two bytes are the FrameID: without them it is not known to be DCP. */
		assert_int_equal(world_protocol(w, "profinet_dcp")->messages, n - 1);
		assert_int_equal(world_protocol(w, "profinet")->malformed, 2);
		world_free(w);
	}
}

/* A message full of empty blocks has a list that ends. */
static void many_blocks(void **state)
{
	struct engine_world *w = world_new(NULL);
	char text[1200] = "fefe 05 00 00000001 0001 0100";

	(void)state;
	for (int i = 0; i < 64; i++) {
		strcat(text, "05050000");
	}
	frame(w, STATION, EVERYONE, text);
	assert_int_equal(w->records, 1);
	assert_int_equal(world_protocol(w, "profinet_dcp")->malformed, 0);
	world_free(w);
}

static void cyclic_data(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	for (int i = 0; i < 1000; i++) {
		w->now += 4000000;
		frame(w, STATION, DEVICE, "8001 0102030405060708");
		frame(w, DEVICE, STATION, "8000 0102030405060708");
	}
	assert_int_equal(world_count(w, "transaction io complete"), 2);
	assert_int_equal(world_count(w, "weir.profinet.frame_id=32769"), 1);
	world_clear(w);
	frame(w, DEVICE, STATION, "8002 0102030405060708");
	assert_int_equal(world_count(w, "transaction io complete - success"), 1);
	w->now += 61 * NS_PER_S;
	frame(w, DEVICE, STATION, "8002 0102030405060708");
	assert_int_equal(world_count(w, "transaction io complete"), 2);
	/* More FrameIDs than are kept are not told apart. */
	for (unsigned id = 0; id < 100; id++) {
		char text[32];

		snprintf(text, sizeof(text), "%04x 0000", 0xc000 + id);
		frame(w, DEVICE, STATION, text);
	}
	assert_int_equal(world_count(w, "transaction io complete"), 6);
	frame(w, DEVICE, STATION, "fc01 0000");
	frame(w, DEVICE, STATION, "fc02 0000");
	assert_int_equal(world_protocol(w, "profinet")->messages, 2104);
	assert_int_equal(world_protocol(w, "profinet")->unknown, 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identify_answered), cmocka_unit_test(set_and_refused),
		cmocka_unit_test(operations),        cmocka_unit_test(cut_everywhere),
		cmocka_unit_test(many_blocks),       cmocka_unit_test(cyclic_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
