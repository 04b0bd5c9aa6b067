/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "engine_world.h"

/* An answer to a FIFO read that says it has 65,535 bytes: longer than any message may be, so
 * nothing waits for its end, whatever follows. */
static void rtu_length_beyond_the_longest_message(void **state)
{
	static const size_t sizes[] = { 9000, 60000, 1000, 1035, 1036, 1037, 1460 };
	uint8_t bytes[60000] = { 1, 24, 0xff, 0xff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct engine_world *w = world_new(NULL);
		uint8_t ask[16];

		world_open(w);
		world_tcp(w, HMI, ask, world_rtu(1, "18 0010", ask, sizeof(ask)));
		for (int times = 0; times < 8; times++) {
			world_tcp(w, PLC, bytes, sizes[i]);
		}
		world_finish(w);
		world_free(w);
	}
}

#define READ   "03 0000 0001"
#define ANSWER "03 02 0000"

/* ---- requests and answers ---- */

static void answers_out_of_order(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	for (uint16_t i = 1; i <= 3; i++) {
		world_modbus(w, HMI, i, READ);
		w->now += NS_PER_MS;
	}
	for (uint16_t i = 3; i > 0; i--) {
		world_modbus(w, PLC, i, ANSWER);
		assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
		assert_int_equal(w->last.duration, (4 - i) * NS_PER_MS);
		assert_int_equal(w->last.start, 1000 * NS_PER_S + (i - 1) * NS_PER_MS);
	}
	world_modbus(w, PLC, 1, ANSWER);
	assert_int_equal(w->last.status, TRANSACTION_ORPHAN);
	assert_int_equal(w->last.duration, -1);
	assert_int_equal(engine_counters(w->engine)->orphan_responses, 1);
	world_free(w);
}

/* A key that is asked again while it waits: the first one got no answer. */
static void same_key_again(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, READ);
	w->now += NS_PER_MS;
	world_modbus(w, HMI, 1, READ);
	assert_int_equal(world_count(w, "unanswered"), 1);
	assert_int_equal(w->last.start, 1000 * NS_PER_S);
	world_modbus(w, PLC, 1, ANSWER);
	assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
	assert_int_equal(w->last.duration, 0);
	world_free(w);
}

/* Request and complete record have the same key; two transactions have different ones. */
static void keys(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint64_t first;

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, "06 0001 0002");
	assert_int_equal(w->last.phase, PHASE_REQUEST);
	first = w->last.key;
	assert_true(first != 0);
	world_modbus(w, PLC, 1, "06 0001 0002");
	assert_int_equal(w->last.phase, PHASE_COMPLETE);
	assert_true(w->last.key == first);
	world_modbus(w, HMI, 1, "06 0001 0002");
	assert_true(w->last.key != first);
	world_free(w);
}

static void time_out_at_the_deadline(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, READ);
	world_time(w, 5 * NS_PER_S - 1);
	assert_log(w, "");
	world_time(w, 1);
	assert_int_equal(world_count(w, "complete unanswered unknown"), 1);
	assert_int_equal(w->last.time, 1005 * NS_PER_S);
	assert_int_equal(engine_counters(w->engine)->requests_unanswered, 1);
	world_clear(w);
	world_modbus(w, PLC, 1, ANSWER);
	assert_int_equal(w->last.status, TRANSACTION_ORPHAN);
	world_time(w, 10 * NS_PER_S);
	assert_int_equal(engine_counters(w->engine)->requests_unanswered, 1);
	world_free(w);
}

/* An answer in the last instant before the tick is one. */
static void answer_before_the_deadline(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, READ);
	w->now += 5 * NS_PER_S - 1;
	world_modbus(w, PLC, 1, ANSWER);
	assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
	world_time(w, 1);
	assert_int_equal(world_count(w, "unanswered"), 0);
	world_free(w);
}

static void evicted_from_the_flow(void **state)
{
	struct engine_options options = engine_defaults();
	struct engine_world *w;

	(void)state;
	options.requests_flow = 4;
	w = world_new(&options);
	world_open(w);
	for (uint16_t i = 0; i < 4; i++) {
		world_modbus(w, HMI, i, READ);
	}
	assert_log(w, "");
	world_modbus(w, HMI, 4, READ);
	assert_int_equal(world_count(w, "unanswered unknown"), 1);
	assert_int_equal(world_count(w, "weir.modbus.transaction_id=0 "), 1);
	assert_int_equal(engine_counters(w->engine)->requests_evicted, 1);
	world_clear(w);
	for (uint16_t i = 1; i <= 4; i++) {
		world_modbus(w, PLC, i, ANSWER);
	}
	assert_int_equal(world_count(w, "answered success"), 4);
	world_free(w);
}

/* The oldest request of all flows goes, with its own flow's addresses. */
static void evicted_from_all(void **state)
{
	struct engine_options options = engine_defaults();
	struct engine_world *w;

	(void)state;
	options.requests_max = 4;
	w = world_new(&options);
	for (uint16_t i = 0; i < 5; i++) {
		w->port[HMI] = (uint16_t)(50000 + i);
		world_open(w);
		world_modbus(w, HMI, i, READ);
	}
	assert_int_equal(world_count(w, "unanswered unknown"), 1);
	assert_int_equal(w->last.source.port, 50000);
	assert_int_equal(engine_counters(w->engine)->requests_evicted, 1);
	world_clear(w);
	world_modbus(w, PLC, 4, ANSWER);
	assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
	world_finish(w);
	assert_int_equal(world_count(w, "no_answer_seen"), 3);
	world_free(w);
}

static void flow_ends(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, READ);
	world_flags(w, HMI, TCP_FIN | TCP_ACK);
	world_flags(w, PLC, TCP_FIN | TCP_ACK);
	world_time(w, 2 * NS_PER_S);
	assert_int_equal(world_count(w, "complete unanswered unknown"), 1);
	assert_int_equal(world_count(w, "weir.flow.end=closed"), 1);
	/* What the flow asked comes before its end. */
	assert_int_equal(w->last.kind, RECORD_FLOW);
	world_free(w);
}

static void capture_ends(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, READ);
	world_finish(w);
	assert_int_equal(world_count(w, "complete no_answer_seen unknown"), 1);
	assert_int_equal(world_count(w, "weir.flow.end=capture_end"), 1);
	assert_int_equal(engine_counters(w->engine)->requests_unanswered, 0);
	world_free(w);
}

/* The request's fields stand in the complete record, also when no answer comes. */
static void request_fields_are_kept(void **state)
{
	struct engine_world *w = world_new(NULL);
	char request[600], log[8192];

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, "10 0064 0002 04 0001 0002");
	snprintf(request, sizeof(request), "%s", strstr(w->log, "weir.unit_id"));
	world_clear(w);
	world_time(w, 5 * NS_PER_S);
	snprintf(log, sizeof(log), "transaction write complete unanswered unknown %s", request);
	assert_log(w, log);
	world_free(w);
}

/* More than a request may keep: the mark stands in both records, the fields that fit as well. */
static void request_fields_are_cut(void **state)
{
	struct engine_world *w = world_new(NULL);
	char pdu[600] = "15 f9";
	size_t n = strlen(pdu);

	(void)state;
	/* Groups of one register: data, and three lists. */
	for (int i = 0; i < 27; i++) {
		n += (size_t)snprintf(pdu + n, sizeof(pdu) - n, "06 0001 %04x 0001 beef", i);
	}
	snprintf(pdu + n, sizeof(pdu) - n, "06 0001 0001 0000");
	pdu[3] = 'f', pdu[4] = 'a';
	world_open(w);
	for (int i = 0; i < 3; i++) {
		world_modbus(w, HMI, 1, pdu);
		assert_int_equal(w->last.flags & RECORD_TRUNCATED, 0);
		world_modbus(w, PLC, 1, pdu);
		world_modbus(w, HMI, 2, "0f 0000 0060 0c 00 00 00 00 00 00 00 00 00 00 00 00");
		assert_int_equal(w->last.phase, PHASE_REQUEST);
		assert_true((w->last.flags & RECORD_TRUNCATED) != 0);
		world_modbus(w, PLC, 2, "0f 0000 0060");
		assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
		assert_true((w->last.flags & RECORD_TRUNCATED) != 0);
	}
	/* Without an answer too; and what comes after is not marked. */
	world_modbus(w, HMI, 2, "0f 0000 0060 0c 00 00 00 00 00 00 00 00 00 00 00 00");
	world_time(w, 5 * NS_PER_S);
	assert_int_equal(w->last.status, TRANSACTION_UNANSWERED);
	assert_true((w->last.flags & RECORD_TRUNCATED) != 0);
	world_modbus(w, HMI, 3, READ);
	world_modbus(w, PLC, 3, ANSWER);
	assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
	assert_int_equal(w->last.flags & RECORD_TRUNCATED, 0);
	world_free(w);
}

/* ---- holes ---- */

static void blind_after_a_gap(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, READ);
	world_modbus(w, PLC, 1, ANSWER);
	world_modbus(w, HMI, 2, READ);
	/* The answer is lost, and the next request goes unanswered. */
	w->sequence[PLC] += 11;
	world_modbus(w, HMI, 3, READ);
	world_modbus(w, PLC, 3, ANSWER);
	world_clear(w);
	world_time(w, NS_PER_S);
	assert_int_equal(world_count(w, "weir.blind.bytes=11 "), 1);
	assert_int_equal(world_count(w, "weir.blind.reason=lost weir.blind.direction=response"), 1);
	assert_int_equal(world_count(w, "answered success blind_flow"), 1);
	world_time(w, 4 * NS_PER_S);
	assert_int_equal(world_count(w, "complete blind unknown blind_flow"), 1);
	assert_int_equal(world_count(w, "unanswered"), 0);
	assert_int_equal(world_protocol(w, "modbus")->gap_bytes, 11);
	assert_int_equal(engine_counters(w->engine)->blind_bytes, 11);
	/* The mark goes after twice the time-out. */
	world_clear(w);
	world_time(w, 6 * NS_PER_S + 1);
	world_modbus(w, HMI, 4, READ);
	world_modbus(w, PLC, 4, ANSWER);
	assert_int_equal(w->last.flags & RECORD_BLIND_FLOW, 0);
	world_free(w);
}

static void resync_after_garbage(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];
	size_t n;

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, READ);
	world_modbus(w, PLC, 1, ANSWER);
	memset(bytes, 0xee, 20);
	n = 20 + world_mbap(2, READ, bytes + 20, sizeof(bytes) - 20);
	world_tcp(w, HMI, bytes, n);
	assert_int_equal(world_count(w, "weir.blind.bytes=20 "), 1);
	world_modbus(w, PLC, 2, ANSWER);
	assert_int_equal(world_count(w, "answered success"), 2);
	assert_int_equal(world_protocol(w, "modbus")->messages, 4);
	assert_int_equal(world_protocol(w, "modbus")->gap_bytes, 0);
	world_free(w);
}

/* ---- assembly ---- */

static void assembly_over_three_segments(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[128];
	size_t n = world_mbap(1, READ, bytes, sizeof(bytes));

	(void)state;
	n += world_mbap(2, READ, bytes + n, sizeof(bytes) - n);
	world_open(w);
	world_modbus(w, HMI, 0, READ);
	world_clear(w);
	for (size_t a = 1; a < n - 1; a++) {
		for (size_t b = a + 1; b < n; b++) {
			uint64_t before = world_protocol(w, "modbus")->messages;

			world_tcp(w, HMI, bytes, a);
			world_tcp(w, HMI, bytes + a, b - a);
			world_tcp(w, HMI, bytes + b, n - b);
			assert_int_equal(world_protocol(w, "modbus")->messages, before + 2);
		}
	}
	assert_int_equal(world_count(w, "blind"), 0);
	world_free(w);
}

/* No memory for parts: they are blind, and whole messages are understood as before. */
static void assembly_refused(void **state)
{
	struct engine_options options = engine_defaults();
	struct engine_world *w;
	uint8_t bytes[64];
	size_t n = world_mbap(2, READ, bytes, sizeof(bytes));

	(void)state;
	options.assembly_bytes_max = 512;
	w = world_new(&options);
	for (uint16_t i = 0; i < 2; i++) {
		w->port[HMI] = (uint16_t)(50000 + i);
		world_open(w);
		world_modbus(w, HMI, 1, READ);
		world_clear(w);
		world_tcp(w, HMI, bytes, 7);
		assert_int_equal(engine_counters(w->engine)->assemblies_refused, i);
		assert_int_equal(world_count(w, "weir.blind.reason=cap"), i);
	}
	world_tcp(w, HMI, bytes + 7, n - 7);
	world_modbus(w, HMI, 3, READ);
	world_clear(w);
	world_modbus(w, PLC, 3, ANSWER);
	assert_int_equal(world_count(w, "answered success"), 1);
	world_free(w);
}

/* ---- which protocol ---- */

static void mismatch_at_once_after_a_handshake(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_tcp(w, HMI, "GET / HTTP/1.1\r\n\r\n", 18);
	assert_int_equal(world_count(w, "weir.flow.event=port_mismatch"), 1);
	assert_int_equal(world_count(w, "weir.flow.expected_protocol=modbus "
					"weir.flow.sample=474554202f20485454502f312e310d0a0d0a"),
			 1);
	world_tcp(w, HMI, "GET / HTTP/1.1\r\n\r\n", 18);
	assert_int_equal(engine_counters(w->engine)->port_mismatches, 1);
	world_free(w);
}

static void mismatch_at_the_second_in_midstream(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_tcp(w, HMI, "is anybody there?\n", 18);
	assert_int_equal(world_count(w, "port_mismatch"), 0);
	world_tcp(w, HMI, "is anybody there?\n", 18);
	assert_int_equal(world_count(w, "port_mismatch"), 1);
	/* Its port is offered to Modbus all the same. */
	world_clear(w);
	world_modbus(w, HMI, 1, READ);
	world_modbus(w, PLC, 1, ANSWER);
	assert_int_equal(world_count(w, "answered success"), 1);
	world_free(w);
}

/* What is surely another protocol is a mismatch at once, and has that protocol's name; on a port of
 * its own kind it is none. */
static void mismatch_with_a_name(void **state)
{
	static const uint16_t ports[] = { 502, 22, 8765 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		struct engine_world *w = world_new(NULL);

		w->port[PLC] = ports[i];
		world_tcp(w, HMI, "GET / HTTP/1.1\r\n\r\n", 18);
		assert_int_equal(world_count(w, "port_mismatch"), i == 0);
		assert_int_equal(world_protocol(w, "http")->messages, 1);
		world_free(w);
	}
}

/* A serial frame on an unusual port is believed when the other side's looks like one; the first
 * message is not lost. */
static void likely_claim_catches_up(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];

	(void)state;
	w->port[PLC] = 4001;
	world_open(w);
	world_tcp(w, HMI, bytes, world_rtu(1, READ, bytes, sizeof(bytes)));
	assert_int_equal(world_protocol(w, "modbus")->messages, 0);
	w->now += 3 * NS_PER_MS;
	world_tcp(w, PLC, bytes, world_rtu(1, ANSWER, bytes, sizeof(bytes)));
	assert_int_equal(world_protocol(w, "modbus")->messages, 2);
	assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
	assert_int_equal(w->last.duration, 3 * NS_PER_MS);
	world_free(w);
}

static void likely_claim_that_was_none(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];

	(void)state;
	w->port[PLC] = 4001;
	world_open(w);
	world_tcp(w, HMI, bytes, world_rtu(1, READ, bytes, sizeof(bytes)));
	world_tcp(w, PLC, "hello, this is not Modbus", 25);
	world_tcp(w, PLC, bytes, world_rtu(1, ANSWER, bytes, sizeof(bytes)));
	assert_int_equal(world_protocol(w, "modbus")->messages, 0);
	world_finish(w);
	world_free(w);
}

/* Stacks that write a message byte by byte, from the first of the connection on: nothing is lost,
 * at any cut, from either side, and bytes that turn out to be something else are no message. */
static void first_bytes_too_few_to_tell(void **state)
{
	uint8_t bytes[64];
	size_t n = world_mbap(1, READ, bytes, sizeof(bytes));

	(void)state;
	for (size_t cut = 1; cut < n; cut++) {
		struct engine_world *w = world_new(NULL);

		world_open(w);
		for (size_t i = 0; i < cut; i++) {
			world_tcp(w, HMI, bytes + i, 1);
		}
		world_tcp(w, HMI, bytes + cut, n - cut);
		world_modbus(w, PLC, 1, ANSWER);
		assert_int_equal(world_count(w, "transaction read complete answered success"), 1);
		assert_int_equal(engine_counters(w->engine)->blind_records, 0);
		assert_int_equal(world_protocol(w, "modbus")->messages, 2);
		world_free(w);
	}
	struct engine_world *w = world_new(NULL);

	world_open(w);
	world_tcp(w, HMI, "\0\1\0", 3);
	world_tcp(w, HMI, "GET / HTTP/1.1\r\n", 16);
	assert_int_equal(world_protocol(w, "modbus")->messages, 0);
	assert_int_equal(world_count(w, "port_mismatch"), 1);
	world_free(w);
}

/* A header that looked like Modbus and never came true is given back; what comes next is claimed
 * with nothing left of it. */
static void false_claim_is_released(void **state)
{
	static const uint8_t header[] = { 0, 1, 0, 0 };
	static const uint8_t garbage[] = { 9, 9, 9, 9, 9, 9, 9, 9 };
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];

	(void)state;
	world_open(w);
	world_tcp(w, HMI, header, sizeof(header));
	assert_int_equal(world_protocol(w, "modbus")->flows, 1);
	for (int i = 0; i < 8; i++) {
		world_tcp(w, HMI, garbage, sizeof(garbage));
	}
	assert_int_equal(world_protocol(w, "modbus")->messages, 0);
	/* Serial frames now: the framing found before does not stand. */
	world_tcp(w, HMI, bytes, world_rtu(1, READ, bytes, sizeof(bytes)));
	world_tcp(w, PLC, bytes, world_rtu(1, ANSWER, bytes, sizeof(bytes)));
	assert_int_equal(world_protocol(w, "modbus")->flows, 2);
	assert_int_equal(world_count(w, "weir.modbus.framing=rtu"), 1);
	assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
	world_free(w);
}

static void dissectors_call_only_so_deep(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t adu[64] = { 0 }, memory[DISSECTOR_STATE_MAX] = { 0 };
	struct dissection d = { .engine = w->engine,
				.writer = &w->engine->writer,
				.state = memory };

	(void)state;
	d.dissector = dissector_at(0);
	for (unsigned depth = 7; depth < 256; depth++) {
		d.depth = (uint8_t)depth;
		/* 255 + 1 would begin anew; nothing gets there. */
		assert_false(depth < 255 && dissect_child(&d, 90, cur_of("\0\2", 2), adu));
	}
	assert_false(dissect_child(&d, 91, cur_of("\0\2", 2), adu));
	world_free(w);
}

/* ---- records of time ---- */

static void update_after_a_minute(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_time(w, 60 * NS_PER_S - 1);
	world_clear(w);
	world_modbus(w, HMI, 1, READ);
	assert_log(w, "");
	w->now += 1;
	world_modbus(w, PLC, 1, ANSWER);
	assert_int_equal(world_count(w, "weir.flow.event=update"), 1);
	w->now += 60 * NS_PER_S - 1;
	world_modbus(w, HMI, 2, READ);
	assert_int_equal(world_count(w, "weir.flow.event=update"), 1);
	w->now += 1;
	world_modbus(w, PLC, 2, ANSWER);
	assert_int_equal(world_count(w, "weir.flow.event=update"), 2);
	world_free(w);
}

/* What one tick brings comes by the packets it goes back to, not by the order of the flow table. */
static void tick_records_are_sorted(void **state)
{
	struct engine_world *w = world_new(NULL);
	const char *at;

	(void)state;
	for (uint16_t i = 0; i < 20; i++) {
		w->port[HMI] = (uint16_t)(50000 + i * 7 % 20);
		world_open(w);
		world_modbus(w, HMI, i, READ);
		world_clear(w);
	}
	world_time(w, 6 * NS_PER_S);
	assert_int_equal(world_count(w, "unanswered"), 20);
	at = w->log;
	for (unsigned i = 0; i < 20; i++) {
		char text[48];

		snprintf(text, sizeof(text), "weir.modbus.transaction_id=%u ", i);
		at = strstr(at, text);
		assert_non_null(at);
	}
	world_free(w);
}

/* ---- a look at first bytes ---- */

#define ASK_PAGE "GET / HTTP/1.1\r\n\r\n"

/* A hole ends the look at its side. Nothing is said to be blind, and what waits for an answer is
 * not said to be unanswered. */
static void hole_ends_a_look(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = 80;
	world_open(w);
	world_tcp(w, HMI, ASK_PAGE, 18);
	w->sequence[PLC] += 100;
	world_tcp(w, PLC, "HTTP/1.1 200 OK\r\n\r\n", 19);
	world_time(w, 2 * NS_PER_S);
	world_time(w, 8 * NS_PER_S);
	assert_int_equal(world_count(w, "transaction read complete blind unknown"), 1);
	assert_int_equal(engine_counters(w->engine)->blind_records, 0);
	/* The other side is looked at as before. */
	world_tcp(w, HMI, ASK_PAGE, 18);
	assert_int_equal(world_protocol(w, "http")->messages, 2);
	world_free(w);
}

/* No memory for the start of a message: the look ends, and is not blind. */
static void no_memory_ends_a_look(void **state)
{
	struct engine_options options = engine_defaults();
	struct engine_world *w;

	(void)state;
	options.assembly_bytes_max = 0;
	w = world_new(&options);
	w->port[PLC] = 80;
	world_open(w);
	world_tcp(w, HMI, ASK_PAGE, 16);
	world_tcp(w, HMI, "\r\n", 2);
	world_tcp(w, HMI, ASK_PAGE, 18);
	assert_int_equal(world_protocol(w, "http")->messages, 0);
	assert_int_equal(engine_counters(w->engine)->assemblies_refused, 1);
	assert_int_equal(engine_counters(w->engine)->blind_records, 0);
	world_free(w);
}

/* ---- naming ---- */

static void http_is_named(void **state)
{
	static const char ask[] = "GET /index.html HTTP/1.1\r\nHost: www.example.org\r\n"
				  "User-Agent: test\r\nAccept: */*\r\n\r\n";
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
				     "Content-Length: 2\r\n\r\nok";
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = 80;
	world_open(w);
	world_tcp(w, HMI, ask, sizeof(ask) - 1);
	world_tcp(w, PLC, answer, sizeof(answer) - 1);
	assert_int_equal(world_count(w, "weir.flow.event=named"), 1);
	assert_int_equal(world_count(w, "weir.flow.protocol=http "), 1);
	assert_int_equal(engine_counters(w->engine)->flows_named, 1);
	world_free(w);
}

static void datagrams_are_named(void **state)
{
	/* A binding request of STUN (RFC 8489 5). */
	static const char ask[] = "0001 0000 2112a442 000102030405060708090a0b";
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];
	size_t n = world_hex(ask, bytes, sizeof(bytes));

	(void)state;
	w->port[PLC] = 3478;
	world_udp(w, HMI, bytes, n);
	world_finish(w);
	assert_true(world_count(w, "weir.flow.protocol=stun ") > 0);
	world_free(w);
}

/* A flow of ours is never asked about; without naming nobody is. */
static void not_named(void **state)
{
	struct engine_options options = engine_defaults();
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, READ);
	assert_null(w->engine->naming);
	world_free(w);
	options.name_flows = false;
	w = world_new(&options);
	w->port[PLC] = 80;
	world_open(w);
	world_tcp(w, HMI, "GET / HTTP/1.1\r\n\r\n", 18);
	assert_null(w->engine->naming);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rtu_length_beyond_the_longest_message),
		cmocka_unit_test(answers_out_of_order),
		cmocka_unit_test(same_key_again),
		cmocka_unit_test(keys),
		cmocka_unit_test(time_out_at_the_deadline),
		cmocka_unit_test(answer_before_the_deadline),
		cmocka_unit_test(evicted_from_the_flow),
		cmocka_unit_test(evicted_from_all),
		cmocka_unit_test(flow_ends),
		cmocka_unit_test(capture_ends),
		cmocka_unit_test(request_fields_are_kept),
		cmocka_unit_test(request_fields_are_cut),
		cmocka_unit_test(blind_after_a_gap),
		cmocka_unit_test(resync_after_garbage),
		cmocka_unit_test(assembly_over_three_segments),
		cmocka_unit_test(assembly_refused),
		cmocka_unit_test(mismatch_at_once_after_a_handshake),
		cmocka_unit_test(mismatch_at_the_second_in_midstream),
		cmocka_unit_test(mismatch_with_a_name),
		cmocka_unit_test(hole_ends_a_look),
		cmocka_unit_test(no_memory_ends_a_look),
		cmocka_unit_test(likely_claim_catches_up),
		cmocka_unit_test(likely_claim_that_was_none),
		cmocka_unit_test(first_bytes_too_few_to_tell),
		cmocka_unit_test(false_claim_is_released),
		cmocka_unit_test(dissectors_call_only_so_deep),
		cmocka_unit_test(update_after_a_minute),
		cmocka_unit_test(tick_records_are_sorted),
		cmocka_unit_test(http_is_named),
		cmocka_unit_test(datagrams_are_named),
		cmocka_unit_test(not_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
