/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* DNP3: link frames, transport, pairing, damage. */

#include "dnp3_world.h"

/* ---- link frames ---- */

static void link_frames(void **state)
{
	static const struct {
		unsigned from;
		uint8_t control;
		const char *log;
	} frames[] = {
		{ HMI, 0xc0, "" },
		{ PLC, 0x00,
		  "session success link.function_code=0 function=reset_link "
		  "link.direction=from_master link.answer=ack\n" },
		{ HMI, 0xd2, "" },
		{ PLC, 0x01,
		  "diagnose failure link.function_code=2 function=test_link "
		  "link.direction=from_master link.answer=nack\n" },
		{ HMI, 0xc9, "" },
		{ PLC, 0x1b,
		  "diagnose success link.function_code=9 function=request_link_status "
		  "link.direction=from_master link.answer=link_status "
		  "link.data_flow_control=true\n" },
		{ HMI, 0xc1,
		  "restart request - unknown link.function_code=1 "
		  "function=reset_user_process link.direction=from_master "
		  "target=outstation 10\n" },
		{ PLC, 0x0f,
		  "restart failure link.function_code=1 function=reset_user_process "
		  "link.direction=from_master target=outstation 10 "
		  "link.answer=not_supported\n" },
		{ PLC, 0x49, "" },
		{ HMI, 0x8b,
		  "diagnose success link.function_code=9 function=request_link_status "
		  "link.direction=from_outstation link.answer=link_status\n" },
		{ PLC, 0x0e,
		  "diagnose orphan failure link.function_code=14 "
		  "function=not_functioning link.direction=from_outstation\n" },
		{ PLC, 0x00,
		  "session orphan success link.function_code=0 function=ack "
		  "link.direction=from_outstation\n" },
		{ HMI, 0xc6,
		  "unknown - unknown link.function_code=6 function=unknown "
		  "link.direction=from_master\n" },
		{ HMI, 0xc4,
		  "session - unknown malformed link.function_code=4 "
		  "function=unconfirmed_user_data link.direction=from_master "
		  "malformed=no_user_data\n" },
	};
	struct engine_world *w = dnp3_new();

	(void)state;
	dnp3_open(w);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		dnp3_link(w, frames[i].from, frames[i].control);
		assert_short(w, frames[i].log);
	}
	assert_int_equal(world_protocol(w, "dnp3")->messages, 1);
	assert_int_equal(world_protocol(w, "dnp3")->unknown, 1);
	assert_int_equal(world_protocol(w, "dnp3")->malformed, 1);
	dnp3_link(w, HMI, 0xc0);
	world_time(w, 6 * NS_PER_S);
	assert_int_equal(world_count(w, "session complete unanswered"), 1);
	world_free(w);
}

/* The acknowledgement of user data is no record; a refusal is. */
static void confirmed_user_data(void **state)
{
	static const uint8_t read[] = { 0xc0, 0xc0, 0x01, 60, 2, 6 };
	struct engine_world *w = dnp3_new();
	uint8_t frame[300];

	(void)state;
	dnp3_open(w);
	for (uint8_t answer = 0; answer < 2; answer++) {
		world_tcp(w, HMI, frame, dnp3_frame(frame, HMI, 3, read, sizeof(read)));
		dnp3_link(w, PLC, answer);
	}
	assert_int_equal(world_count(w, "weir.function=ack"), 0);
	assert_int_equal(world_count(w, "weir.function=nack"), 1);
	assert_int_equal(world_protocol(w, "dnp3")->messages, 3);
	world_free(w);
}

static void broadcasts(void **state)
{
	static const uint8_t time[] = { 0xc0, 0xc0, 0x02, 50, 1, 7, 1, 0, 0, 0, 0, 0, 0 };
	static const char *const words[] = { "dont_confirm", "shall_confirm", "optional_confirm" };
	struct engine_world *w = dnp3_new();
	uint8_t frame[300];

	(void)state;
	dnp3_open(w);
	for (unsigned i = 0; i < 3; i++) {
		world_tcp(w, HMI, frame,
			  dnp3_frame_to(frame, 0xc4, 0xfffd + i, 1, time, sizeof(time)));
		assert_int_equal(world_count(w, words[i]), 1);
		assert_int_equal(world_count(w, "transaction time_set complete"), 1);
		assert_int_equal(world_count(w, "weir.unit_id"), 0);
		world_clear(w);
	}
	{
		static const uint8_t restart[] = { 0xc0, 0xc0, 0x0d };

		world_tcp(w, HMI, frame,
			  dnp3_frame_to(frame, 0xc4, 0xffff, 1, restart, sizeof(restart)));
		assert_int_equal(world_count(w, "weir.target=all outstations"), 1);
		world_clear(w);
	}
	/* Nobody has such an address. */
	for (unsigned i = 0; i < 3; i++) {
		static const uint8_t empty[] = { 0xc0, 0xc0, 0x81, 0, 0 };

		world_tcp(w, PLC, frame,
			  dnp3_frame_to(frame, 0x44, 1, 0xfffd + i, empty, sizeof(empty)));
		world_tcp(w, PLC, frame, dnp3_frame_to(frame, 0x49, 1, 0xfffd + i, NULL, 0));
		assert_int_equal(world_count(w, words[i]), 2);
		world_clear(w);
	}
	/* Whoever is there answers with its own address. */
	world_tcp(w, HMI, frame, dnp3_frame_to(frame, 0xc4, 0xfffc, 1, time, sizeof(time)));
	assert_int_equal(world_count(w, "weir.dnp3.self_address=true"), 1);
	world_clear(w);
	dnp3_send(w, PLC, "c0 81 0000");
	assert_int_equal(world_count(w, "transaction time_set complete answered success"), 1);
	assert_int_equal(world_count(w, "weir.unit_id=10"), 2); /* the transaction and its item */
	world_free(w);
}

/* ---- CRC ---- */

static void damaged_blocks(void **state)
{
	struct engine_world *w = dnp3_new();
	uint8_t frame[300];
	size_t n;

	(void)state;
	dnp3_open(w);
	/* Seven blocks; every one of their octets and CRCs in turn. */
	n = dnp3_fragment(frame, PLC,
			  "c0 82 0000 1e0300 00 17"
			  "000000000000000000000000000000000000000000000000"
			  "000000000000000000000000000000000000000000000000"
			  "000000000000000000000000000000000000000000000000"
			  "000000000000000000000000000000000000000000000000");
	for (size_t at = 10; at < n; at++) {
		char expected[64];

		frame[at] ^= 0x10;
		world_tcp(w, PLC, frame, n);
		frame[at] ^= 0x10;
		snprintf(expected, sizeof(expected), "bad_crc_blocks=%zu ", (at - 10) / 18);
		if (at > 11) { /* transport and control octets decide what it is */
			assert_int_equal(world_count(w, expected), 1);
		}
		assert_int_equal(world_count(w, "weir.malformed=data_crc"), 1);
		world_clear(w);
	}
	frame[20] ^= 1;
	frame[60] ^= 1;
	world_tcp(w, PLC, frame, n);
	assert_int_equal(world_count(w, "response_bad_crc_blocks=0,2 "), 1);
	world_free(w);
}

static void damaged_headers(void **state)
{
	struct engine_world *w = dnp3_new();
	uint8_t frames[600];
	size_t n = dnp3_fragment(frames, HMI, "c0 01 3c0206");

	(void)state;
	n += dnp3_fragment(frames + n, HMI, "c1 01 3c0306");
	dnp3_open(w);
	dnp3_send(w, HMI, "c7 01 3c0106");
	world_clear(w);
	for (size_t at = 0; at < 10; at++) {
		uint64_t before = world_protocol(w, "dnp3")->messages;

		frames[at] ^= 0x21;
		world_tcp(w, HMI, frames, n);
		frames[at] ^= 0x21;
		assert_int_equal(world_protocol(w, "dnp3")->messages, before + 1);
		assert_int_equal(world_count(w, "weir.blind.reason=resync"), 1);
		world_clear(w);
	}
	world_free(w);
}

/* ---- transport ---- */

/* An answer of three segments in frames[]; returns their lengths in n[]. */
static void three_segments(uint8_t frames[3][300], size_t n[3], uint8_t sequence)
{
	uint8_t fragment[9 + 90] = { 0xc0, 0x81, 0, 0, 30, 4, 0, 0, 44 };

	for (uint8_t i = 0; i < 3; i++) {
		uint8_t head =
		    (uint8_t)((i == 0 ? 0x40 : 0) | (i == 2 ? 0x80 : 0) | ((sequence + i) & 0x3f));

		n[i] = dnp3_segment(frames[i], PLC, head, fragment + 33 * i, 33);
	}
}

static void segments(void **state)
{
	static const struct {
		const char *order; /* of the segments */
		unsigned whole;    /* answers that come out */
		const char *error;
	} cases[] = {
		{ "012", 1, NULL },
		{ "0112", 1, NULL },
		{ "00112", 1, "transport_error=incomplete" },
		{ "02", 0, "transport_error=sequence" },
		{ "0212", 0, "transport_error=sequence" },
		{ "12", 0, "transport_error=no_first" },
		{ "01012", 1, "transport_error=incomplete" },
		{ "02012", 1, "transport_error=sequence" },
	};
	uint8_t frames[3][300];
	size_t n[3];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct engine_world *w = dnp3_new();

		/* Sequence numbers wrap. */
		three_segments(frames, n, (uint8_t)(62 + i % 3));
		dnp3_open(w);
		dnp3_send(w, HMI, "c0 01 1e0406");
		for (const char *at = cases[i].order; *at != '\0'; at++) {
			world_tcp(w, PLC, frames[*at - '0'], n[*at - '0']);
		}
		assert_int_equal(world_count(w, "read complete answered success"), cases[i].whole);
		assert_int_equal(world_count(w, "item read"), 45 * cases[i].whole);
		assert_int_equal(world_count(w, "transport_error="), cases[i].error != NULL);
		if (cases[i].error != NULL) {
			assert_int_equal(world_count(w, cases[i].error), 1);
		}
		assert_int_equal(world_protocol(w, "dnp3")->messages, 2 + cases[i].whole);
		world_free(w);
	}
}

static void a_damaged_segment(void **state)
{
	struct engine_world *w = dnp3_new();
	uint8_t frames[3][300];
	size_t n[3];

	(void)state;
	three_segments(frames, n, 5);
	frames[1][10 + 18 + 4] ^= 1;
	dnp3_open(w);
	dnp3_send(w, HMI, "c0 01 1e0406");
	for (size_t i = 0; i < 3; i++) {
		world_tcp(w, PLC, frames[i], n[i]);
	}
	assert_int_equal(world_count(w, "response_bad_crc_blocks=1 weir.dnp3.bad_crc_segment=1 "),
			 1);
	world_free(w);
}

/* A whole message while parts of another wait, and a damaged part of one that never began. */
static void left_behind(void **state)
{
	struct engine_world *w = dnp3_new();
	uint8_t frames[3][300];
	size_t n[3];

	(void)state;
	three_segments(frames, n, 5);
	dnp3_open(w);
	dnp3_send(w, HMI, "c0 01 1e0406");
	world_tcp(w, PLC, frames[0], n[0]);
	dnp3_send(w, PLC, "c0 81 0000");
	assert_int_equal(world_count(w, "transport_error=incomplete"), 1);
	assert_int_equal(world_count(w, "read complete answered success"), 1);
	world_clear(w);
	frames[2][20] ^= 1;
	world_tcp(w, PLC, frames[2], n[2]);
	assert_int_equal(world_count(w, "transport_error=no_first weir.dnp3.bad_crc_blocks=0 "), 1);
	world_free(w);
}

/* Segments without end are given up. */
static void too_many_segments(void **state)
{
	static const uint8_t part[249] = { 0xc0, 0x81 };
	struct engine_world *w = dnp3_new();
	uint8_t frame[300];

	(void)state;
	dnp3_open(w);
	for (unsigned i = 0; i < 200; i++) {
		uint8_t head = (uint8_t)((i == 0 ? 0x40 : 0) | (i & 0x3f));

		world_tcp(w, PLC, frame, dnp3_segment(frame, PLC, head, part, sizeof(part)));
	}
	assert_int_equal(world_count(w, "transport_error=too_long"), 1);
	assert_int_equal(world_count(w, "weir.blind.reason=cap"), 1);
	dnp3_send(w, PLC, "c0 82 0000");
	assert_int_equal(world_count(w, "report complete"), 1);
	world_free(w);
}

/* ---- fragments and pairing ---- */

static void several_fragments(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	dnp3_open(w);
	dnp3_send(w, HMI, "cf 01 3c0106");
	dnp3_send(w, PLC, "af 81 0000 1e0400 00 00 0100");
	assert_short(w, "read success function_code=1 function=read sequence=15 objects=g60v1 "
			"qualifiers=6 confirm_requested=true response_objects=g30v4 items=1\n"
			"item read - success index=0 address=g30v4[0] type=int16 value=1\n");
	dnp3_send(w, HMI, "cf 00");
	assert_short(w, "session success function_code=0 function=confirm sequence=15\n");
	dnp3_send(w, PLC, "20 81 0000 1e0400 01 01 0200");
	world_clear(w);
	dnp3_send(w, HMI, "c0 00");
	world_clear(w);
	dnp3_send(w, PLC, "41 81 0000 1e0400 02 02 0300");
	assert_short(w, "read success function_code=1 function=read sequence=15 objects=g60v1 "
			"qualifiers=6 response_objects=g30v4 items=1\n"
			"item read - success index=0 address=g30v4[2] type=int16 value=3\n");
	/* Nothing waits any more. */
	dnp3_send(w, PLC, "42 81 0000");
	assert_int_equal(world_count(w, "orphan"), 1);
	assert_int_equal(world_count(w, "weir.dnp3.fragment=final"), 1);
	world_time(w, 6 * NS_PER_S);
	assert_int_equal(world_count(w, " unanswered "), 0);
	world_free(w);
}

static void answers_out_of_order(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	dnp3_open(w);
	dnp3_send(w, HMI, "c1 01 3c0206");
	dnp3_send(w, HMI, "c2 01 3c0306");
	dnp3_send(w, PLC, "c2 81 0000");
	dnp3_send(w, PLC, "c1 81 0000");
	assert_short(w, "read success function_code=1 function=read sequence=2 objects=g60v3 "
			"qualifiers=6\n"
			"read success function_code=1 function=read sequence=1 objects=g60v2 "
			"qualifiers=6\n");
	dnp3_send(w, HMI, "c3 01 3c0206");
	world_time(w, 6 * NS_PER_S);
	assert_int_equal(world_count(w, "read complete unanswered"), 1);
	world_free(w);
}

static void unsolicited(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	dnp3_open(w);
	dnp3_send(w, PLC, "f0 82 8000");
	assert_short(w, "diagnose - unknown function=indications_changed iin=device_restart\n"
			"report - unknown function_code=130 function=unsolicited_response "
			"sequence=0 unsolicited=initial_null confirm_requested=true "
			"iin=device_restart\n");
	dnp3_send(w, HMI, "d0 00");
	assert_short(w, "session success function_code=0 function=confirm sequence=0\n");
	dnp3_send(w, PLC, "f1 82 8000 020117 01 03 81");
	assert_short(w, "report - unknown function_code=130 function=unsolicited_response "
			"sequence=1 unsolicited=events confirm_requested=true "
			"iin=device_restart response_objects=g2v1 items=1\n"
			"item report - unknown index=0 address=g2v1[3] type=bit value=1 "
			"quality=online\n");
	/* A solicited confirmation with that number is another. */
	dnp3_send(w, HMI, "c1 00");
	assert_int_equal(world_count(w, "orphan"), 1);
	world_clear(w);
	world_time(w, 6 * NS_PER_S);
	assert_short(w, "session unanswered unknown function_code=0 function=confirm sequence=1\n");
	dnp3_send(w, PLC, "d2 82 0000");
	assert_int_equal(world_count(w, "unsolicited=null"), 1);
	assert_int_equal(world_count(w, "indications_changed"), 1);
	world_free(w);
}

#define SELECT "0c011701 %02x 03 01 64000000 64000000 00"

static void command(struct engine_world *w, const char *head, unsigned index, unsigned status)
{
	char objects[64], text[100];

	snprintf(objects, sizeof(objects), SELECT, index);
	snprintf(text, sizeof(text), "%s %s", head, objects);
	dnp3_send(w, HMI, text);
	snprintf(text, sizeof(text), "%.2s 81 0000 %.*s%02x", head, (int)strlen(objects) - 2,
		 objects, status);
	dnp3_send(w, PLC, text);
}

static void select_before_operate(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	dnp3_open(w);
	command(w, "c1 04", 1, 2);
	assert_int_equal(world_count(w, "weir.dnp3.select=missing"), 2);
	world_clear(w);
	command(w, "c2 03", 1, 0);
	assert_int_equal(world_count(w, "weir.dnp3.select="), 0);
	command(w, "c3 04", 1, 0);
	assert_int_equal(world_count(w, "weir.dnp3.select=matched"), 2);
	world_clear(w);
	/* The same once more is no new one; then the select is used up. */
	command(w, "c3 04", 1, 0);
	assert_int_equal(world_count(w, "weir.dnp3.select=repeated"), 2);
	world_clear(w);
	command(w, "c4 04", 1, 0);
	assert_int_equal(world_count(w, "weir.dnp3.select=missing"), 2);
	world_clear(w);
	command(w, "c5 03", 1, 0);
	command(w, "c6 04", 2, 0);
	assert_int_equal(world_count(w, "weir.dnp3.select=different"), 2);
	world_clear(w);
	command(w, "c7 03", 1, 0);
	command(w, "c9 04", 1, 0);
	assert_int_equal(world_count(w, "weir.dnp3.select=different"), 2);
	world_clear(w);
	command(w, "ca 03", 1, 4);
	assert_int_equal(world_count(w, "control complete answered failure"), 1);
	assert_int_equal(world_count(w, "weir.item.status=not_supported"), 1);
	command(w, "cb 04", 1, 0);
	assert_int_equal(world_count(w, "weir.dnp3.select=refused"), 2);
	world_clear(w);
	command(w, "cc 03", 1, 0);
	world_time(w, 11 * NS_PER_S);
	command(w, "cd 04", 1, 1);
	assert_int_equal(world_count(w, "weir.dnp3.select=expired"), 2);
	world_free(w);
	/* What was before the capture nobody knows. */
	w = dnp3_new();
	command(w, "c1 04", 1, 0);
	assert_int_equal(world_count(w, "weir.dnp3.select=unseen"), 2);
	world_free(w);
}

#undef SELECT

#define CROB      "0c011701 03 03 01 00000000 00000000 00"
#define CHALLENGE "78015b01 0c00 07000000 0100 04 01 aabbccdd"
#define REPLY     "78025b01 0a00 07000000 0100 00112233"
#define ERROR     "78075b01 0f00 07000000 0100 0000 01 000000000000"

static void authentication(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	dnp3_open(w);
	dnp3_send(w, HMI, "c0 05 " CROB);
	world_clear(w);
	dnp3_send(w, PLC, "c0 83 0000 " CHALLENGE);
	assert_int_equal(world_count(w, "authenticate request"), 1);
	world_clear(w);
	dnp3_send(w, HMI, "c0 20 " REPLY);
	assert_short(w, "authenticate unknown function_code=131 function=authentication_response "
			"sequence=0 objects=g120v1 authentication.message=challenge "
			"authentication.challenge_sequence=7 authentication.user_number=1 "
			"authentication.mac_algorithm=hmac_sha256_16 "
			"authentication.reason=critical authentication.challenge_length=4 "
			"authentication.answer=reply authentication.challenge_sequence=7 "
			"authentication.user_number=1 authentication.mac_length=4\n");
	dnp3_send(w, PLC, "c0 81 0000 " CROB);
	assert_int_equal(world_count(w, "control complete answered success"), 1);
	world_clear(w);
	/* The reply was wrong: the command failed, and so did the authentication. */
	dnp3_send(w, HMI, "c1 05 " CROB);
	dnp3_send(w, PLC, "c1 83 0000 " CHALLENGE);
	dnp3_send(w, HMI, "c1 20 " REPLY);
	world_clear(w);
	dnp3_send(w, PLC, "c1 83 0000 " ERROR);
	assert_int_equal(world_count(w, "control complete answered failure"), 1);
	assert_int_equal(world_count(w, "authenticate complete - failure"), 1);
	assert_int_equal(world_count(w, "authentication.error=authentication_failed"), 2);
	world_clear(w);
	/* The master challenges a report. */
	dnp3_send(w, PLC, "d2 82 0000 020117 01 03 81");
	dnp3_send(w, HMI, "c2 20 " CHALLENGE);
	dnp3_send(w, PLC, "c2 83 0000 " REPLY);
	assert_int_equal(world_count(w, "authenticate complete answered unknown"), 1);
	world_clear(w);
	/* Nobody replies. */
	dnp3_send(w, PLC, "c3 83 0000 " CHALLENGE);
	world_clear(w);
	world_time(w, 6 * NS_PER_S);
	assert_int_equal(world_count(w, "authenticate complete unanswered"), 1);
	world_free(w);
}

/* ---- several outstations, other directions ---- */

static void several_outstations(void **state)
{
	static const uint8_t read[] = { 0xc0, 0xc0, 0x01, 60, 2, 6 };
	static const uint8_t empty[] = { 0xc0, 0xc0, 0x81, 0, 0 };
	struct engine_world *w = dnp3_new();
	uint8_t frame[300];

	(void)state;
	dnp3_open(w);
	for (unsigned address = 3; address <= 5; address++) {
		world_tcp(w, HMI, frame,
			  dnp3_frame_to(frame, 0xc4, address, 1, read, sizeof(read)));
	}
	for (unsigned address = 5; address >= 3; address--) {
		char text[40];

		world_tcp(w, PLC, frame,
			  dnp3_frame_to(frame, 0x44, 1, address, empty, sizeof(empty)));
		snprintf(text, sizeof(text), "weir.unit_id=%u ", address);
		assert_int_equal(world_count(w, "read complete answered success"), 1);
		assert_int_equal(world_count(w, text), 2); /* and that it is there */
		world_clear(w);
	}
	world_free(w);
}

/* The first answer of an outstation says that the two have found each other; with many of them,
 * too. */
static void associations(void **state)
{
	static const uint8_t empty[] = { 0xc0, 0xc0, 0x81, 0x40, 0 };
	struct engine_world *w = dnp3_new();
	uint8_t frame[300];

	(void)state;
	world_open(w);
	for (unsigned turn = 0; turn < 2; turn++) {
		for (unsigned address = 100; address < 200; address++) {
			world_tcp(w, PLC, frame,
				  dnp3_frame_to(frame, 0x44, 1, address, empty, sizeof(empty)));
		}
	}
	assert_int_equal(world_count(w, "session complete - success"), 88);
	assert_int_equal(world_count(w, "weir.function=association"), 88);
	assert_int_equal(world_count(w, "weir.function=indications_changed"), 88);
	world_free(w);
}

/* The outstation opens the connection: the master is the one who asks all the same. */
static void the_outstation_connects(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	w->port[HMI] = 20000;
	w->port[PLC] = 40000;
	world_flags(w, PLC, TCP_SYN);
	world_flags(w, HMI, TCP_SYN | TCP_ACK);
	world_flags(w, PLC, TCP_ACK);
	dnp3_send(w, PLC, "f0 82 0000");
	dnp3_send(w, HMI, "c0 01 3c0206");
	dnp3_send(w, PLC, "c0 81 0000");
	assert_int_equal(world_count(w, "read complete answered success"), 1);
	assert_int_equal(w->last.source.port, 20000);
	assert_int_equal(w->last.destination.port, 40000);
	world_free(w);
}

/* ---- lost ---- */

static void a_hole(void **state)
{
	struct engine_world *w = dnp3_new();
	uint8_t frames[3][300];
	size_t n[3];

	(void)state;
	dnp3_open(w);
	three_segments(frames, n, 0);
	dnp3_send(w, HMI, "c0 01 1e0406");
	world_tcp(w, PLC, frames[0], n[0]);
	/* The second one is lost: what was gathered is forgotten, and the third begins nothing. */
	w->sequence[PLC] += (uint32_t)n[1];
	world_tcp(w, PLC, frames[2], n[2]);
	dnp3_send(w, HMI, "c1 01 3c0206");
	world_flags(w, HMI, TCP_ACK);
	dnp3_send(w, PLC, "c1 81 0000");
	for (unsigned i = 0; i < 60; i++) {
		world_time(w, NS_PER_S / 10);
	}
	assert_int_equal(world_count(w, "weir.blind.reason=lost"), 1);
	assert_int_equal(world_count(w, "read complete answered success"), 1);
	assert_int_equal(world_count(w, "read complete blind"), 1);
	world_free(w);
}

/* ---- whose is it ---- */

static void on_another_port(void **state)
{
	struct engine_world *w = dnp3_new();
	uint8_t frames[600];
	size_t n, tail;

	(void)state;
	w->port[PLC] = 2404;
	/* In mid-stream, from within a frame. */
	tail = dnp3_fragment(frames, PLC, "c0 82 0000 020117 01 03 81") - 6;
	memmove(frames, frames + 6, tail);
	n = tail + dnp3_fragment(frames + tail, PLC, "c0 82 0000 020117 01 03 81");
	world_tcp(w, PLC, frames, n);
	assert_int_equal(world_count(w, "transaction report complete"), 1);
	/* A header with its CRC alone is not enough there. */
	w->port[HMI]++;
	world_clear(w);
	world_tcp(w, PLC, frames, tail + 12);
	assert_int_equal(world_count(w, "report"), 0);
	assert_int_equal(world_protocol(w, "dnp3")->flows, 1);
	world_free(w);
}

static void another_protocol(void **state)
{
	static const char *const texts[] = { "GET / HTTP/1.1\r\n\r\n", "\x05\x64\x05\xc0 nothing",
					     "\x05\x65\x05\xc0\x01\x00\x00\x04\x04\x21" };
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct engine_world *w = dnp3_new();

		world_open(w);
		world_tcp(w, HMI, texts[i], strlen(texts[i]));
		assert_int_equal(world_count(w, "flow weir.flow.event=port_mismatch"), 1);
		assert_int_equal(world_protocol(w, "dnp3")->flows, 0);
		world_free(w);
	}
}

static void datagrams(void **state)
{
	struct engine_world *w = dnp3_new();
	uint8_t frames[900];
	size_t n = dnp3_fragment(frames, HMI, "c0 01 3c0206");

	(void)state;
	n += dnp3_fragment(frames + n, HMI, "c1 01 3c0306");
	world_udp(w, HMI, frames, n);
	assert_int_equal(world_protocol(w, "dnp3")->messages, 2);
	world_udp(w, HMI, frames, n - 1);
	assert_int_equal(world_protocol(w, "dnp3")->messages, 3);
	assert_int_equal(world_count(w, "weir.malformed=trailing_bytes"), 1);
	world_udp(w, HMI, frames + 1, n - 1);
	assert_int_equal(world_protocol(w, "dnp3")->messages, 3);
	assert_int_equal(world_count(w, "weir.blind.reason=resync"), 1);
	world_free(w);
}

/* Whatever comes: no message is made of it that is none, and nothing breaks. */
static void random_bytes(void **state)
{
	struct engine_world *w = dnp3_new();
	uint32_t random = 1;
	uint8_t bytes[249], frame[300];

	(void)state;
	for (unsigned turn = 0; turn < 3000; turn++) {
		unsigned from = turn % 2 == 0 ? HMI : PLC;
		size_t n = 2 + turn % 247;

		for (size_t i = 0; i < n; i++) {
			random = random * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(random >> 24);
		}
		/* As noise between frames, and as content of a whole frame. */
		if (turn % 3 == 0) {
			world_tcp(w, from, bytes, n);
		}
		bytes[1] = (uint8_t)(from == HMI ? bytes[1] % 34 : 129 + bytes[1] % 3);
		world_tcp(w, from, frame, dnp3_segment(frame, from, 0xc0, bytes, n));
		world_clear(w);
	}
	assert_true(world_protocol(w, "dnp3")->messages > 2900);
	world_finish(w);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(link_frames),
		cmocka_unit_test(confirmed_user_data),
		cmocka_unit_test(broadcasts),
		cmocka_unit_test(damaged_blocks),
		cmocka_unit_test(damaged_headers),
		cmocka_unit_test(segments),
		cmocka_unit_test(a_damaged_segment),
		cmocka_unit_test(left_behind),
		cmocka_unit_test(too_many_segments),
		cmocka_unit_test(several_fragments),
		cmocka_unit_test(answers_out_of_order),
		cmocka_unit_test(unsolicited),
		cmocka_unit_test(select_before_operate),
		cmocka_unit_test(authentication),
		cmocka_unit_test(several_outstations),
		cmocka_unit_test(associations),
		cmocka_unit_test(the_outstation_connects),
		cmocka_unit_test(a_hole),
		cmocka_unit_test(on_another_port),
		cmocka_unit_test(another_protocol),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
