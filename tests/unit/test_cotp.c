/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "s7comm_world.h"

#define READ_WORD  "32 01 0000 0001 000e 0000 0401 120a10 04 0001 0000 83 000000"
#define GIVE_WORD  "32 03 0000 0001 0002 0006 0000 0401 ff040010 1234"
#define CONNECT    "e0 0000 0001 00 c0010a c1020100 c2020102"
#define CONFIRM    "d0 0001 4431 00 c00109 c1020100 c2020102"
#define S7PLUS     "72 01 0004 01020304 72010000"
#define IN_SESSION "0102030405"

/* A TPDU whose header (without its length) and user data are these, in a TPKT. */
static size_t tpdu(const char *header, const char *user, uint8_t *out)
{
	size_t n = world_hex(header, out + 5, S7_BYTES - 5);
	size_t m = world_hex(user, out + 5 + n, S7_BYTES - 5 - n);

	out[0] = 3;
	out[1] = 0;
	world_put_be16(out + 2, 5 + n + m);
	out[4] = (uint8_t)n;
	return 5 + n + m;
}

static void send_tpdu(struct engine_world *w, unsigned from, const char *header, const char *user)
{
	uint8_t bytes[S7_BYTES];

	world_tcp(w, from, bytes, tpdu(header, user, bytes));
}

static void data(struct engine_world *w, unsigned from, const char *user)
{
	send_tpdu(w, from, "f0 80", user);
}

static const char *brief(struct engine_world *w)
{
	static const char *const words[] = { "weir.cotp.", "weir.", "transaction " };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		s7_remove(w->log, words[i]);
	}
	return w->log;
}

/* ---- connections ---- */

static void connections(void **state)
{
	static const struct {
		const char *request, *answer, *log;
	} rows[] = {
		{ CONNECT, CONFIRM,
		  "session complete answered success function=connect source_tsap=0100 "
		  "destination_tsap=0102 connection_type=pg rack=0 slot=2 class=0 tpdu_size=1024 "
		  "source_reference=1 peer_reference=17457 agreed_tpdu_size=512\n" },
		{ "e0 0000 0002 00 c1020200 c2020243", "d0 0002 0005 00",
		  "session complete answered success function=connect source_tsap=0200 "
		  "destination_tsap=0243 connection_type=op rack=2 slot=3 class=0 "
		  "source_reference=2 peer_reference=5\n" },
		{ "e0 0000 0002 00 c1020300 c2020300", "d0 0002 0005 00",
		  "session complete answered success function=connect source_tsap=0300 "
		  "destination_tsap=0300 connection_type=basic rack=0 slot=0 class=0 "
		  "source_reference=2 peer_reference=5\n" },
		{ "e0 0000 0002 00 c1021000 c2021003", "d0 0002 0005 00",
		  "session complete answered success function=connect source_tsap=1000 "
		  "destination_tsap=1003 connection_type=resource rack=0 slot=3 class=0 "
		  "source_reference=2 peer_reference=5\n" },
		{ "e0 0000 0002 40 c1020600 c210 53494d415449432d524f4f542d484d49",
		  "d0 0002 0005 00",
		  "session complete answered success function=connect source_tsap=0600 "
		  "destination_tsap=53494d415449432d524f4f542d484d49 "
		  "destination_tsap_name=SIMATIC-ROOT-HMI class=4 source_reference=2 "
		  "peer_reference=5\n" },
		{ "e0 0000 0002 00 c1020001 c2024d57 c00120", "d0 0002 0005 00",
		  "session complete answered success function=connect source_tsap=0001 "
		  "destination_tsap=4d57 class=0 source_reference=2 peer_reference=5\n" },
		{ CONNECT, "80 0001 0000 03",
		  "session complete answered failure function=connect source_tsap=0100 "
		  "destination_tsap=0102 connection_type=pg rack=0 slot=2 class=0 tpdu_size=1024 "
		  "source_reference=1 reason_code=3 reason=address_unknown\n" },
		{ CONNECT, "80 0001 0000 77",
		  "session complete answered failure function=connect source_tsap=0100 "
		  "destination_tsap=0102 connection_type=pg rack=0 slot=2 class=0 tpdu_size=1024 "
		  "source_reference=1 reason_code=119 reason=unknown\n" },
		{ CONNECT, "70 0001 02 c1020102",
		  "session complete answered failure function=connect source_tsap=0100 "
		  "destination_tsap=0102 connection_type=pg rack=0 slot=2 class=0 tpdu_size=1024 "
		  "source_reference=1 reason_code=2 reason=invalid_tpdu_type\n" },
		{ "e0 0000 0001 00 c10901", CONFIRM,
		  "session complete answered success malformed function=connect class=0 "
		  "source_reference=1 malformed=parameters peer_reference=17457 "
		  "agreed_tpdu_size=512\n" },
		{ "e0 0007 0001 00", "d0 0002 0005 00 c1",
		  "session complete answered success malformed function=connect class=0 "
		  "source_reference=1 malformed=destination_reference peer_reference=5 "
		  "malformed=parameters\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = s7_world();

		send_tpdu(w, HMI, rows[i].request, "");
		assert_log(w, "");
		send_tpdu(w, PLC, rows[i].answer, "");
		assert_string_equal(brief(w), rows[i].log);
		assert_int_equal(world_protocol(w, "cotp")->messages, 2);
		world_clear(w);
		world_free(w);
	}
}

static void without_a_request(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	send_tpdu(w, PLC, CONFIRM, "");
	send_tpdu(w, HMI, "80 4431 0001 80", "");
	send_tpdu(w, PLC, "c0 0001 4431", "");
	send_tpdu(w, PLC, "70 0001 00", "");
	assert_string_equal(brief(w),
			    "session complete orphan success function=connect source_tsap=0100 "
			    "destination_tsap=0102 connection_type=pg rack=0 slot=2 "
			    "peer_reference=17457 agreed_tpdu_size=512\n"
			    "session complete - unknown function=disconnect reason_code=128 "
			    "reason=normal\n"
			    "session complete - failure function=error reason_code=0 "
			    "reason=not_specified\n");
	assert_int_equal(world_protocol(w, "cotp")->messages, 4);
	assert_int_equal(world_protocol(w, "cotp")->errors, 1);
	world_clear(w);
	world_free(w);
}

/* ---- data ---- */

static void answers(struct engine_world *w, unsigned n)
{
	assert_int_equal(world_count(w, "read complete answered success"), n);
	assert_int_equal(world_count(w, "weir.item.value=4660"), n);
	world_clear(w);
}

static void fragments(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	/* Whole, behind an empty one. */
	send_tpdu(w, HMI, "f0 00", "");
	data(w, HMI, READ_WORD);
	data(w, PLC, GIVE_WORD);
	answers(w, 1);
	/* In three, with an empty one in the middle and an empty last one. */
	send_tpdu(w, HMI, "f0 00", "32 01");
	send_tpdu(w, HMI, "f0 00", "");
	send_tpdu(w, HMI, "f0 00", "0000 0001 000e 0000 0401 120a10 04 0001 0000 83 000000");
	assert_log(w, "");
	data(w, HMI, "");
	/* Both sides at once. */
	send_tpdu(w, PLC, "f0 00", "32 03 0000");
	send_tpdu(w, HMI, "f0 00", "32");
	data(w, PLC, "0001 0002 0006 0000 0401 ff040010 1234");
	answers(w, 1);
	data(w, HMI, "01 0000 0001 000e 0000 0401 120a10 04 0001 0000 83 000000");
	data(w, PLC, GIVE_WORD);
	answers(w, 1);
	/* Class 4 has a reference and a number of 7 bits before the data. */
	send_tpdu(w, HMI, "f0 0001 81", READ_WORD);
	send_tpdu(w, PLC, "f0 0001 81", GIVE_WORD);
	answers(w, 1);
	assert_int_equal(world_protocol(w, "cotp")->unknown, 0);
	world_free(w);
}

/* A hole forgets what was gathered: the rest of that message is none. */
static void a_hole_between_fragments(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	data(w, HMI, READ_WORD);
	send_tpdu(w, PLC, "f0 00", "32 03 0000 0001 0002");
	w->sequence[PLC] += 30;
	data(w, PLC, "ff040010 1234");
	data(w, HMI, READ_WORD);
	world_time(w, NS_PER_S);
	data(w, PLC, GIVE_WORD);
	data(w, PLC, GIVE_WORD);
	world_time(w, NS_PER_S);
	assert_int_equal(world_count(w, "weir.blind.bytes=30"), 1);
	assert_int_equal(world_count(w, "weir.item.value=4660"), 1);
	assert_int_equal(world_count(w, "weir.item.data=1234"), 1);
	assert_int_equal(world_protocol(w, "s7comm")->malformed, 0);
	world_free(w);
}

/* More than a message may have is given up, and said. */
static void too_many_fragments(void **state)
{
	struct engine_world *w = s7_world();
	static uint8_t user[8000], packet[8007];

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		world_tcp(w, HMI, packet, s7_packet(user, sizeof(user), false, packet));
	}
	assert_int_equal(world_count(w, "weir.blind.reason=cap"), 1);
	data(w, HMI, READ_WORD);
	data(w, PLC, GIVE_WORD);
	data(w, HMI, READ_WORD);
	data(w, PLC, GIVE_WORD);
	assert_true(world_count(w, "read complete answered success") >= 1);
	world_free(w);
}

static void several_a_segment(void **state)
{
	struct engine_world *w = s7_world();
	uint8_t bytes[S7_BYTES];
	size_t n = 0;

	(void)state;
	n += tpdu("f0 00", "", bytes + n);
	n += tpdu("f0 80", READ_WORD, bytes + n);
	n += tpdu("f0 80", "32 01 0000 0002 0001 0000 33", bytes + n);
	for (size_t cut = 0; cut < n; cut++) {
		world_tcp(w, HMI, bytes, cut);
		world_tcp(w, HMI, bytes + cut, n - cut);
		data(w, PLC, GIVE_WORD);
		assert_int_equal(world_count(w, "read complete answered success"), 1);
		assert_int_equal(world_count(w, "weir.s7comm.function_code=51"),
				 1 + (cut > 0)); /* the one before is unanswered */
		world_clear(w);
	}
	assert_int_equal(world_protocol(w, "cotp")->malformed, 0);
	world_free(w);
}

/* ---- what is COTP, and whose ---- */

static void claims(void **state)
{
	static const struct {
		uint16_t port;
		const char *first, *user; /* header and data of the client's first TPDU */
		const char *second, *answer;
		const char *protocol; /* that the flow has in the end; NULL: none */
	} rows[] = {
		{ 102, CONNECT, "", CONFIRM, "", "cotp" },
		{ 102, "f0 80", READ_WORD, "f0 80", GIVE_WORD, "s7comm" },
		{ 102, "f0 80", IN_SESSION, "f0 80", IN_SESSION, "cotp" },
		{ 102, "f0 00", "", "f0 80", GIVE_WORD, "s7comm" },
		{ 1102, CONNECT, "", CONFIRM, "", "cotp" },
		{ 1102, "f0 80", READ_WORD, "f0 80", GIVE_WORD, "s7comm" },
		{ 1102, "f0 80", S7PLUS, "f0 80", S7PLUS, "cotp" },
		{ 1102, "e0 0000 0001 00 c1020600 c210 53494d415449432d524f4f542d484d49", "",
		  "f0 80", IN_SESSION, "cotp" },
		/* No TSAP of Siemens, other data, lengths that do not fit, a cookie, T.125. */
		{ 1102, "e0 0000 0001 00 c1020001 c2020001", "", "d0 0001 0002 00", "", NULL },
		{ 1102, "f0 80", IN_SESSION, "f0 80", IN_SESSION, NULL },
		{ 1102, "f0 80", READ_WORD "00", "f0 80", GIVE_WORD "00", NULL },
		{ 1102, "f0 80", "32 05 0000 0001 0000 0000", "f0 80", IN_SESSION, NULL },
		{ 1102, "f0 80", "72 04 0001 01 72040000", "f0 80", IN_SESSION, NULL },
		{ 1102, "f0 80", "72 01 0001 01 72020000", "f0 80", IN_SESSION, NULL },
		{ 3389,
		  "e0 0000 0000 00 43 6f 6f 6b 69 65 3a 20 6d 73 74 73 0d 0a 0100080003000000", "",
		  "d0 0000 1234 00 0200080001000000", "", NULL },
		{ 3389, "f0 80", "6400 06 03eb 70 32", "f0 80", "68 0001 03eb 70 32", NULL },
		/* A request that may be one, and an answer that is none. */
		{ 1102, CONNECT, "", "f0 80", IN_SESSION, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);
		const char *claimed = NULL;

		w->port[PLC] = rows[i].port;
		world_open(w);
		send_tpdu(w, HMI, rows[i].first, rows[i].user);
		send_tpdu(w, PLC, rows[i].second, rows[i].answer);
		if (world_protocol(w, "cotp")->flows > 0) {
			claimed = world_protocol(w, "s7comm")->flows > 0 ? "s7comm" : "cotp";
		}
		if (rows[i].protocol == NULL) {
			assert_null(claimed);
			assert_int_equal(world_protocol(w, "cotp")->messages, 0);
		} else {
			assert_non_null(claimed);
			assert_string_equal(claimed, rows[i].protocol);
			assert_int_equal(world_protocol(w, "cotp")->messages, 2);
		}
		world_free(w);
	}
}

/* What nobody reads is said once, with its kind. */
static void users_that_nobody_reads(void **state)
{
	static const struct {
		const char *user, *name;
	} rows[] = {
		{ "0d82", "iso_session" }, { "0e82", "iso_session" }, { "01000100", "iso_session" },
		{ "160301", "tls" },       { "170303", "tls" },       { "7f65", "t125" },
		{ "99", "unknown" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = s7_world();
		char text[64];

		data(w, HMI, rows[i].user);
		snprintf(text, sizeof(text), "weir.cotp.user=%s", rows[i].name);
		/* Unless a dissector of that kind is there. */
		if (world_protocol(w, "cotp")->unknown > 0) {
			assert_int_equal(world_count(w, text), 1);
			world_clear(w);
			data(w, HMI, rows[i].user);
			assert_log(w, "");
		}
		world_free(w);
	}
}

/* ---- finding the next ---- */

static void garbage_between(void **state)
{
	static const char *const garbage[] = {
		"ff",
		"03",
		"0300",
		"030000",
		"03000003",
		"0300000702f000",
		"0300ffff",
		"0300001602f0",
		"03000016e0",
		"00000000000000000000000000000000",
		"030000160bf080",
		"0300000802f08032",
		"030100",
		"474554202f20485454502f312e310d0a",
	};
	uint8_t bytes[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		struct engine_world *w = s7_world();

		data(w, HMI, READ_WORD);
		data(w, PLC, GIVE_WORD);
		answers(w, 1);
		world_tcp(w, PLC, bytes, world_hex(garbage[i], bytes, sizeof(bytes)));
		for (int k = 0; k < 4; k++) {
			data(w, HMI, READ_WORD);
			data(w, PLC, GIVE_WORD);
		}
		assert_true(world_count(w, "read complete answered success") >= 2);
		assert_int_equal(world_protocol(w, "s7comm")->malformed, 0);
		world_clear(w);
		data(w, HMI, READ_WORD);
		data(w, PLC, GIVE_WORD);
		assert_int_equal(world_count(w, "read complete answered success"), 1);
		world_free(w);
	}
}

/* In the middle of a message at first, in every place of it. */
static void midstream(void **state)
{
	uint8_t bytes[S7_BYTES];
	size_t n = tpdu("f0 80", GIVE_WORD, bytes);

	(void)state;
	for (size_t cut = 1; cut < n; cut++) {
		struct engine_world *w = world_new(NULL);

		w->port[PLC] = 102;
		world_tcp(w, PLC, bytes + cut, n - cut);
		for (int k = 0; k < 3; k++) {
			data(w, HMI, READ_WORD);
			data(w, PLC, GIVE_WORD);
		}
		assert_true(world_count(w, "read complete answered success") >= 2);
		world_free(w);
	}
}

/* Every TPDU cut at every length, as the last bytes there are and as a TPKT of that length. */
static void cut_at_every_length(void **state)
{
	static const char *const headers[] = { CONNECT,        CONFIRM,        "80 0001 0000 03",
					       "c0 0001 4431", "70 0001 02",   "f0 80",
					       "f0 0001 81",   "10 0001 8001", "60 0001 01",
					       "50 0001 01",   "20 0001 01" };
	uint8_t bytes[S7_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
		size_t n = tpdu(headers[i], i == 5 || i == 6 ? READ_WORD : "", bytes);

		for (size_t cut = 1; cut <= n; cut++) {
			for (int whole = 0; whole < 2; whole++) {
				struct engine_world *w = s7_world();

				if (whole == 1) {
					world_put_be16(bytes + 2, cut);
				} else {
					world_put_be16(bytes + 2, n);
				}
				world_tcp(w, HMI, bytes, cut);
				world_tcp(w, PLC, bytes, cut);
				world_free(w);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections),
		cmocka_unit_test(without_a_request),
		cmocka_unit_test(fragments),
		cmocka_unit_test(a_hole_between_fragments),
		cmocka_unit_test(too_many_fragments),
		cmocka_unit_test(several_a_segment),
		cmocka_unit_test(claims),
		cmocka_unit_test(users_that_nobody_reads),
		cmocka_unit_test(garbage_between),
		cmocka_unit_test(midstream),
		cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
