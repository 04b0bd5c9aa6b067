/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "enip_world.h"

#define OPEN(transport, o_to_t, t_to_o)                                                        \
	"54 02 2006 2401 079d 00000000 02000030 0100 0100 44332211 02 000000 a0860100 " o_to_t \
	" a0860100 " t_to_o " " transport " 04 2004 2401 2c64 2c65"
#define OPENED "d4 00 00 00 01000020 02000030 0100 0100 44332211 a0860100 a0860100 00 00"

#define O_TO_T 0x20000001U
#define T_TO_O 0x30000002U

/* Opens a connection over TCP, and goes on in UDP. */
static struct engine_world *opened(const char *request)
{
	struct engine_world *w = world_new_enip();

	world_open(w);
	world_rr(w, HMI, 1, request);
	world_rr(w, PLC, 1, OPENED);
	w->port[PLC] = w->port[HMI] = 2222;
	world_clear(w);
	return w;
}

static void send(struct engine_world *w, unsigned from, uint32_t id, uint32_t sequence,
		 const char *hex)
{
	uint8_t bytes[512] = { 2, 0, 2, 0x80, 8 };
	size_t n = world_hex(hex, bytes + 18, sizeof(bytes) - 18);

	world_put_le(bytes + 6, id, 4);
	world_put_le(bytes + 10, sequence, 4);
	world_put_le(bytes + 14, 0xb1, 2);
	world_put_le(bytes + 16, n, 2);
	world_udp(w, from, bytes, 18 + n);
	w->now += 10 * NS_PER_MS;
}

/* The log without the records of the flow is this. */
static void assert_io(struct engine_world *w, const char *text)
{
	char *flow = strstr(w->log, "flow weir.");

	while (flow != NULL) {
		char *end = strchr(flow, '\n');

		memmove(flow, end + 1, strlen(end + 1) + 1);
		flow = strstr(w->log, "flow weir.");
	}
	(void)world_short_log(w);
	world_remove(w->log, "io - - unknown function=io_data ");
	assert_log(w, text);
}

/* Run, idle, run: each at once, and nothing in between. */
static void run_and_idle(void **state)
{
	struct engine_world *w = opened(OPEN("01", "0a48", "0e48"));

	(void)state;
	send(w, HMI, O_TO_T, 1, "0100 01000000 aabbccdd");
	assert_io(w, "event=begin connection_id=536870913 direction=o_to_t "
		     "transport_class=1 connection_serial=1 rpi_us=100000 "
		     "path=0x04/1/cp100/cp101 "
		     "sequence=1 size=10 run=true packets=1\n");
	send(w, HMI, O_TO_T, 2, "0200 01000000 aabbccdd");
	assert_log(w, "");
	send(w, HMI, O_TO_T, 3, "0300 00000000 aabbccdd");
	assert_io(w, "event=idle connection_id=536870913 direction=o_to_t "
		     "transport_class=1 connection_serial=1 rpi_us=100000 "
		     "path=0x04/1/cp100/cp101 "
		     "sequence=3 size=10 run=false packets=2 rate=100\n");
	send(w, HMI, O_TO_T, 4, "0300 00000000 aabbccdd");
	assert_log(w, "");
	send(w, HMI, O_TO_T, 5, "0400 01000000 aabbccdd");
	assert_int_equal(world_count(w, "weir.cip_io.event=run"), 1);
	world_clear(w);
	/* Bits that no run/idle header has: it was none. */
	send(w, HMI, O_TO_T, 6, "0500 99000000 aabbccdd");
	assert_int_equal(world_count(w, "weir.cip_io.event=update"), 1);
	assert_int_equal(world_count(w, "run="), 0);
	world_clear(w);
	send(w, HMI, O_TO_T, 7, "0600 00000000 aabbccdd");
	assert_log(w, "");
	assert_int_equal(world_protocol(w, "cip_io")->by_class[MESSAGE_USERDATA], 7);
	world_free(w);
}

/* From the target, and of a heartbeat, there is no such header. */
static void without_header(void **state)
{
	struct engine_world *w = opened(OPEN("01", "0248", "0e48"));

	(void)state;
	send(w, HMI, O_TO_T, 1, "0100");
	send(w, PLC, T_TO_O, 1, "0100 01000000 01020304 05060708");
	assert_int_equal(world_count(w, "direction=o_to_t"), 1);
	assert_int_equal(world_count(w, "direction=t_to_o"), 1);
	assert_int_equal(world_count(w, "run="), 0);
	/* The one who opened it is the source of both. */
	assert_int_equal(w->last.source.ip.bytes[15], 2);
	world_free(w);
	/* Class 0 has no sequence count before the header. */
	w = opened(OPEN("00", "0848", "0848"));
	send(w, HMI, O_TO_T, 1, "00000000 aabbccdd");
	assert_int_equal(world_count(w, "weir.cip_io.transport_class=0"), 1);
	assert_int_equal(world_count(w, "run=false"), 1);
	world_free(w);
}

/* A safety producer has its mode behind the data, in either direction. */
static void safety(void **state)
{
	struct engine_world *w = opened(
	    "54 02 2006 2401 079d 00000000 02000030 0100 0100 44332211 02 000000 a0860100 0848 "
	    "a0860100 0648 00 08 5003 010203040506 2004 2401 2c64 2c65");

	(void)state;
	send(w, HMI, O_TO_T, 1, "ab a0 11 22 3344 55"); /* run: 1, not 0; tbd 1, not 0 */
	assert_int_equal(world_count(w, "event=begin"), 2);
	assert_int_equal(world_count(w, "run=true"), 1);
	world_clear(w);
	send(w, HMI, O_TO_T, 2, "ab 20 11 22 3344 55");
	assert_int_equal(world_count(w, "event="), 0); /* neither run nor idle: no mode */
	send(w, HMI, O_TO_T, 3, "ab 30 11 22 3344 55");
	assert_int_equal(world_count(w, "run=false"), 1);
	send(w, HMI, O_TO_T, 4, "aabbcc a0 1111 554433 2222 0001 33");
	assert_int_equal(world_count(w, "event=run"), 1);
	send(w, PLC, T_TO_O, 1, "01 0002 03 0405");
	assert_int_equal(world_count(w, "weir.cip_io.safety=true"), 3);
	world_free(w);
}

static void losses(void **state)
{
	struct engine_world *w = opened(OPEN("01", "0a48", "0e48"));

	(void)state;
	send(w, PLC, T_TO_O, 0xfffffffe, "0100 aabb");
	send(w, PLC, T_TO_O, 0xffffffff, "0100 aabb");
	send(w, PLC, T_TO_O, 2, "0100 aabb"); /* 0 and 1 are missing */
	send(w, PLC, T_TO_O, 1, "0100 aabb"); /* and one comes late */
	send(w, PLC, T_TO_O, 3, "0100 aabb");
	world_clear(w);
	w->now += 60 * NS_PER_S;
	send(w, PLC, T_TO_O, 4, "0100 aabb");
	assert_int_equal(world_count(w, "weir.cip_io.event=update"), 1);
	assert_int_equal(world_count(w, "packets=5 weir.cip_io.lost=2 weir.cip_io.out_of_order=1"),
			 1);
	world_clear(w);
	send(w, PLC, T_TO_O, 5, "0100 aabb");
	assert_log(w, "");
	world_finish(w);
	assert_int_equal(world_count(w, "weir.cip_io.event=end"), 1);
	assert_int_equal(world_count(w, "weir.cip_io.packets=1"), 1);
	world_free(w);
}

/* In the order in which they began, whatever their ids; both directions may have the same id. */
static void several(void **state)
{
	struct engine_world *w = world_new(NULL);
	static const uint32_t ids[] = { 9, 2, 0x80000002, 7 };
	const char *at;

	(void)state;
	w->port[PLC] = w->port[HMI] = 2222;
	for (unsigned turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
			send(w, i == 3 ? PLC : HMI, ids[i], turn, "0100 aabb");
			send(w, PLC, 9, turn, "0100");
		}
	}
	assert_int_equal(world_count(w, "weir.cip_io.event=begin"), 5);
	assert_int_equal(world_count(w, "weir.cip_io.direction"), 0);
	world_clear(w);
	world_finish(w);
	assert_int_equal(world_count(w, "weir.cip_io.event=end"), 5);
	at = strstr(w->log, "connection_id=9 ");
	at = strstr(at + 1, "connection_id=9 ");
	at = strstr(at, "connection_id=2 ");
	at = strstr(at, "connection_id=2147483650 ");
	at = strstr(at, "connection_id=7 ");
	assert_non_null(at);
	world_free(w);
}

/* More connections in a flow than are followed: the others are counted. */
static void many(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = w->port[HMI] = 2222;
	for (uint32_t id = 0; id < 1000; id++) {
		send(w, HMI, id, 1, "0100 aabb");
	}
	assert_int_equal(world_count(w, "weir.cip_io.event=begin"), 64);
	assert_int_equal(world_protocol(w, "cip_io")->messages, 1000);
	world_free(w);
}

/* On another port too; what is no such packet is nobody's. */
static void any_port(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];
	size_t n =
	    world_hex("0200 0280 0800 01000000 01000000 b100 0400 0100 aabb", bytes, sizeof(bytes));

	(void)state;
	w->port[PLC] = 4444;
	world_udp(w, HMI, bytes, n);
	assert_int_equal(world_protocol(w, "cip_io")->messages, 1);
	for (size_t cut = 0; cut < n; cut++) {
		w->port[HMI]++;
		world_udp(w, HMI, bytes, cut);
	}
	bytes[n] = 0;
	world_udp(w, HMI, bytes, n + 1);
	assert_int_equal(world_protocol(w, "cip_io")->messages, 1);
	w->port[PLC] = 2222;
	w->port[HMI]++;
	world_udp(w, HMI, bytes, n);
	world_clear(w);
	world_udp(w, HMI, "garbage", 7);
	assert_int_equal(world_count(w, "weir.blind.reason=resync"), 1);
	world_udp(w, HMI, bytes, n);
	assert_int_equal(world_protocol(w, "cip_io")->messages, 3);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_and_idle), cmocka_unit_test(without_header),
		cmocka_unit_test(losses),       cmocka_unit_test(safety),
		cmocka_unit_test(several),      cmocka_unit_test(many),
		cmocka_unit_test(any_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
