/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* S7comm beyond single exchanges: pairing, blocks on their way, answers in parts, jobs that report
 * later. */

#include "s7comm_world.h"

#define READ_WORD "04 01 120a10 04 0001 0000 83 000000"
#define ONE_WORD  "ff 04 0010 1234"

/* ---- pairing ---- */

static void answers_out_of_order(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 1, 1, 0, READ_WORD, "");
	s7_send(w, HMI, 1, 2, 0, "29 0000000000 09 505f50524f4752414d", "");
	s7_send(w, HMI, 7, 1, 0, "00 01 12 04 11 47 01 00", "0a 00 0000");
	world_clear(w);
	s7_send(w, PLC, 7, 1, 0, "00 01 12 08 12 87 01 01 00 00 0000",
		"ff 09 000a 0019 2601120600000002");
	s7_send(w, PLC, 3, 2, 0, "29", "");
	s7_send(w, PLC, 3, 1, 0, "04 01", ONE_WORD);
	assert_int_equal(world_count(w, "answered success"), 3);
	assert_int_equal(world_count(w, "read complete answered success weir.function=read_clock"),
			 1);
	assert_int_equal(world_count(w, "stop complete answered success"), 1);
	assert_int_equal(world_count(w, "weir.item.address=MW0"), 1);
	assert_int_equal(engine_counters(w->engine)->orphan_responses, 0);
	world_free(w);
}

/* A reference says nothing of the function: an answer of another one, or with another number of
 * items, is none to this job. */
static void a_reference_alone_is_no_pair(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 1, 1, 0, READ_WORD, "");
	s7_send(w, PLC, 3, 1, 0, "05 01", "ff");
	s7_send(w, PLC, 3, 1, 0, "04 02", ONE_WORD ONE_WORD);
	s7_send(w, PLC, 3, 9, 0, "04 01", ONE_WORD);
	assert_int_equal(world_count(w, "complete orphan success"), 3);
	s7_send(w, PLC, 3, 1, 0, "04 01", ONE_WORD);
	assert_int_equal(world_count(w, "read complete answered success"), 1);
	world_free(w);
}

static void unanswered_is_said(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 1, 1, 0, READ_WORD, "");
	s7_send(w, HMI, 1, 1, 0, READ_WORD, "");
	assert_int_equal(world_count(w, "read complete unanswered"), 1);
	world_time(w, 6 * NS_PER_S);
	assert_int_equal(world_count(w, "read complete unanswered"), 2);
	world_free(w);
}

/* An ack has no parameters: the job says what it is for. */
static void an_ack_without_parameters(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 1, 1, 0, "29 0000000000 09 505f50524f4752414d", "");
	s7_send(w, PLC, 2, 1, 0, "", "");
	assert_int_equal(world_count(w, "stop complete answered success"), 1);
	s7_send(w, HMI, 1, 2, 0, READ_WORD, "");
	s7_send(w, PLC, 3, 2, 0x8104, "", "");
	assert_int_equal(world_count(w, "read complete answered failure"), 1);
	assert_int_equal(world_count(w, "weir.s7comm.error=service_not_implemented"), 1);
	assert_int_equal(world_protocol(w, "s7comm")->malformed, 0);
	world_free(w);
}

/* Jobs of both sides may have the same reference. */
static void jobs_of_both_sides(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 1, 5, 0, READ_WORD, "");
	s7_send(w, PLC, 1, 5, 0, "1c 00000000000000 09 5f30383030303031 50", "");
	s7_send(w, HMI, 3, 5, 0, "1c", "");
	s7_send(w, PLC, 3, 5, 0, "04 01", ONE_WORD);
	assert_int_equal(world_count(w, "program_download complete answered success"), 1);
	assert_int_equal(world_count(w, "weir.s7comm.sent_by_server=true"), 2);
	assert_int_equal(world_count(w, "read complete answered success"), 1);
	/* Whoever sent the packet, the client is the source. */
	assert_int_equal(w->last.source.port, w->port[HMI]);
	world_free(w);
}

/* Who asks is known from what is asked, whatever the ports say. */
static void the_client_is_who_asks(void **state)
{
	static const struct {
		uint8_t type;
		const char *parameters, *data;
		bool from_client;
	} rows[] = {
		{ 1, READ_WORD, "", true },
		{ 1, "f0 00 0001 0001 01e0", "", true },
		{ 1, "1b 00000000000000 09 5f30383030303031 50", "", false },
		{ 7, "00 01 12 04 11 44 01 00", "ff 09 0004 0011 0000", true },
		{ 7, "00 01 12 04 11 04 03 00",
		  "ff 09 0014 4304 ff 84 0000 0000 00000000 2601120600000002", false },
		{ 7, "01 00 10 10 00 00 02 00", "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);

		/* In mid-stream, with the port of S7 on the wrong side. */
		w->port[HMI] = 102;
		w->port[PLC] = 40000;
		s7_send(w, HMI, rows[i].type, 1, 0, rows[i].parameters, rows[i].data);
		world_clear(w);
		s7_send(w, HMI, 1, 2, 0, "33", "");
		assert_int_equal(world_count(w, "weir.s7comm.sent_by_server=true"),
				 !rows[i].from_client);
		world_free(w);
	}
}

/* ---- blocks ---- */

#define HEAD                                                                                  \
	"7070 01 01 01 08 0001 00000060 00000003 02255100 3a98 00003e80 36b0 0006 0000 0014 " \
	"0012"
#define CODE                                   \
	"000102030405060708090a0b0c0d0e0f1011" \
	"010001000100"
#define TAIL      "4a2e444f45000000 50554d5053000000 4d41494e00000000 23 00 abcd 0000000000000000"
#define FILE_NAME "09 5f3038303030303150"
#define PASSED    "weir.s7comm.block.bytes=96 weir.s7comm.block.complete=true"

static void ask_part(struct engine_world *w, uint16_t reference)
{
	s7_send(w, PLC, 1, reference, 0, "1b 00000000000000 " FILE_NAME, "");
}

static void give_part(struct engine_world *w, uint16_t reference, bool more, const char *bytes)
{
	uint8_t raw[S7_BYTES];
	char data[S7_BYTES];
	size_t n = world_hex(bytes, raw, sizeof(raw));

	snprintf(data, sizeof(data), "%04zx 00fb %s", n, bytes);
	s7_send(w, HMI, 3, reference, 0, more ? "1b 01" : "1b 00", data);
}

static void end_download(struct engine_world *w, const char *error)
{
	char parameters[64];

	snprintf(parameters, sizeof(parameters), "1c 00 %s 00000000 " FILE_NAME, error);
	s7_send(w, PLC, 1, 99, 0, parameters, "");
	world_clear(w);
	s7_send(w, HMI, 3, 99, 0, "1c", "");
}

static void begin_download(struct engine_world *w, const char *lengths)
{
	char parameters[128];

	snprintf(parameters, sizeof(parameters), "1a 00 0100 00000000 " FILE_NAME "%s", lengths);
	s7_send(w, HMI, 1, 1, 0, parameters, "");
	s7_send(w, PLC, 3, 1, 0, "1a", "");
}

#define LENGTHS " 0d 31 303030303936 303030303138"

static void a_block_is_hashed_as_it_passes(void **state)
{
	struct engine_world *w = s7_world();
	char first[80];

	(void)state;
	for (int i = 0; i < 2; i++) {
		begin_download(w, LENGTHS);
		ask_part(w, 3);
		give_part(w, 3, true, HEAD CODE);
		ask_part(w, 5);
		give_part(w, 5, false, TAIL);
		end_download(w, "0000");
		assert_int_equal(world_count(w, PASSED), 1);
		assert_int_equal(world_count(w, "weir.s7comm.block.author=J.DOE"), 1);
		assert_int_equal(world_count(w, "weir.s7comm.block.family=PUMPS"), 1);
		assert_int_equal(world_count(w, "weir.s7comm.block.name=MAIN"), 1);
		assert_int_equal(world_count(w, "weir.s7comm.block.version=2.3"), 1);
		assert_int_equal(world_count(w, "weir.s7comm.block.language=stl"), 1);
		assert_int_equal(world_count(w, "weir.s7comm.block.know_how_protected=true"), 1);
		assert_int_equal(world_count(w, "weir.s7comm.block.code_length=18"), 1);
		assert_int_equal(world_count(w, "weir.s7comm.block.checksum=43981"), 1);
		/* The same bytes have the same digest, in whatever parts. */
		if (i == 0) {
			memcpy(first, strstr(w->log, "sha256="), 71);
			first[71] = '\0';
		}
		assert_int_equal(world_count(w, first), 1);
	}
	begin_download(w, LENGTHS);
	ask_part(w, 3);
	give_part(w, 3, false,
		  HEAD "ff"
		       "0102030405060708090a0b0c0d0e0f1011"
		       "010001000100" TAIL);
	end_download(w, "0000");
	assert_int_equal(world_count(w, PASSED), 1);
	assert_int_equal(world_count(w, first), 0);
	assert_int_equal(world_count(w, "sha256="), 1);
	world_free(w);
}

/* Without all of it there is no digest. */
static void a_block_with_a_hole_has_no_digest(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	begin_download(w, LENGTHS);
	ask_part(w, 3);
	give_part(w, 3, false, TAIL);
	end_download(w, "0000");
	assert_int_equal(world_count(w, "weir.s7comm.block.complete=false"), 1);
	/* Of which nothing was seen. */
	end_download(w, "0000");
	assert_int_equal(world_count(w, "weir.s7comm.block.complete=false"), 1);
	/* In mid-stream, but whole as its own head says. */
	ask_part(w, 3);
	give_part(w, 3, true, HEAD CODE);
	ask_part(w, 5);
	give_part(w, 5, false, TAIL);
	end_download(w, "0000");
	assert_int_equal(world_count(w, PASSED), 1);
	/* A part whose length lies. */
	begin_download(w, LENGTHS);
	ask_part(w, 3);
	s7_send(w, HMI, 3, 3, 0, "1b 00", "0100 00fb 7070");
	assert_int_equal(world_count(w, "weir.malformed=block_length"), 1);
	end_download(w, "0000");
	assert_int_equal(world_count(w, "weir.s7comm.block.complete=false"), 1);
	assert_int_equal(world_count(w, "sha256="), 0);
	world_free(w);
}

/* The controller says that it was no good. */
static void a_download_that_fails(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	begin_download(w, LENGTHS);
	ask_part(w, 3);
	give_part(w, 3, true, HEAD CODE);
	ask_part(w, 5);
	give_part(w, 5, false, TAIL);
	end_download(w, "d235");
	assert_int_equal(world_count(w, "program_download complete answered failure"), 1);
	assert_int_equal(world_count(w, "weir.s7comm.error=block_checksum"), 1);
	assert_int_equal(world_count(w, PASSED), 1);
	/* And one that the client ends by an error. */
	begin_download(w, LENGTHS);
	ask_part(w, 3);
	s7_send(w, HMI, 3, 3, 0xd2a9, "1b", "");
	end_download(w, "0000");
	assert_int_equal(world_count(w, "weir.s7comm.block.complete=false"), 1);
	world_free(w);
}

/* The answer with the bytes came without the job that says of which block they are. */
static void bytes_belong_to_the_block_on_its_way(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	begin_download(w, LENGTHS);
	give_part(w, 3, true, HEAD CODE);
	give_part(w, 5, false, TAIL);
	end_download(w, "0000");
	assert_int_equal(world_count(w, PASSED), 1);
	world_free(w);
}

static void an_upload(struct engine_world *w, uint16_t reference, const char *id)
{
	char text[200];

	s7_send(w, HMI, 1, reference, 0, "1d 00 0000 00000000 " FILE_NAME, "");
	snprintf(text, sizeof(text), "1d 00 0100 %s 07 30303030303936", id);
	s7_send(w, PLC, 3, reference, 0, text, "");
}

/* Two uploads at once are told apart by their numbers. */
static void uploads_are_told_apart(void **state)
{
	static const char *const ids[] = { "00000007", "00000009" };
	struct engine_world *w = s7_world();
	char text[64];

	(void)state;
	an_upload(w, 1, ids[0]);
	an_upload(w, 2, ids[1]);
	for (uint16_t part = 0; part < 2; part++) {
		for (uint16_t i = 0; i < 2; i++) {
			snprintf(text, sizeof(text), "1e 00 0000 %s", ids[i]);
			s7_send(w, HMI, 1, (uint16_t)(3 + i), 0, text, "");
			if (part == 0) {
				s7_send(w, PLC, 3, (uint16_t)(3 + i), 0, "1e 01",
					"003c 00fb " HEAD CODE);
			} else {
				s7_send(w, PLC, 3, (uint16_t)(3 + i), 0, "1e 00",
					"0024 00fb " TAIL);
			}
		}
	}
	world_clear(w);
	for (uint16_t i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "1f 00 0000 %s", ids[i]);
		s7_send(w, HMI, 1, 9, 0, text, "");
		s7_send(w, PLC, 3, 9, 0, "1f", "");
	}
	assert_int_equal(world_count(w, PASSED), 2);
	assert_int_equal(world_count(w, "weir.target=OB 1"), 4);
	assert_int_equal(engine_counters(w->engine)->assemblies_refused, 0);
	world_free(w);
}

/* ---- answers in parts ---- */

#define ASK_LIST  "00 01 12 04 11 44 01 00"
#define ASK_MORE  "00 01 12 08 12 44 01 03 00 00 0000"
#define PART      "00 01 12 08 12 84 01 03 05 01 0000"
#define LAST_PART "00 01 12 08 12 84 01 03 05 00 0000"

static void an_answer_in_parts(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 7, 1, 0, ASK_LIST, "ff 09 0004 0000 0000");
	s7_send(w, PLC, 7, 1, 0, PART, "ff 09 000b 0000 0000 0002 0004 0011 00");
	assert_int_equal(world_count(w, "weir.s7comm.part=true"), 1);
	assert_int_equal(world_count(w, "weir.s7comm.szl.ids"), 0);
	s7_send(w, HMI, 7, 2, 0, ASK_MORE, "0a 00 0000");
	s7_send(w, PLC, 7, 2, 0, PART, "ff 09 0003 1c 0132");
	s7_send(w, HMI, 7, 3, 0, ASK_MORE, "0a 00 0000");
	s7_send(w, PLC, 7, 3, 0, LAST_PART, "ff 09 0002 0424");
	assert_int_equal(world_count(w, "weir.s7comm.szl.ids=17,28,306,1060"), 1);
	assert_int_equal(world_count(w, "weir.s7comm.continuation=true"), 2);
	assert_int_equal(world_protocol(w, "s7comm")->malformed, 0);
	world_free(w);
}

/* The first part was not seen: the rest says nothing. */
static void an_answer_without_its_first_part(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 7, 3, 0, ASK_MORE, "0a 00 0000");
	s7_send(w, PLC, 7, 3, 0, LAST_PART, "ff 09 0008 0000 0000 0002 0001");
	assert_int_equal(world_count(w, "weir.s7comm.szl."), 0);
	assert_int_equal(world_count(w, "weir.s7comm.part=true"), 1);
	assert_int_equal(world_protocol(w, "s7comm")->malformed, 0);
	world_free(w);
}

/* ---- jobs that report later ---- */

static void values_come_with_their_addresses(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 7, 1, 0, "00 01 12 04 11 42 01 00",
		"ff 09 0010 0001 01 02 120a10 04 0001 000a 84 000020");
	s7_send(w, PLC, 7, 1, 0, "00 01 12 08 12 82 01 04 00 00 0000", "ff 09 0008 0001 " ONE_WORD);
	world_clear(w);
	s7_send(w, PLC, 7, 0, 0, "00 01 12 08 12 02 01 04 00 00 0000", "ff 09 0008 0001 " ONE_WORD);
	assert_int_equal(world_count(w, "weir.item.address=DB10.DBW4"), 1);
	assert_int_equal(world_count(w, "report complete - unknown weir.function=cyclic_transfer"),
			 1);
	s7_send(w, HMI, 7, 2, 0, "00 01 12 04 11 42 04 00", "ff 09 0002 0104");
	world_clear(w);
	s7_send(w, PLC, 7, 0, 0, "00 01 12 08 12 02 01 04 00 00 0000", "ff 09 0008 0001 " ONE_WORD);
	assert_int_equal(world_count(w, "weir.item.address"), 0);
	assert_int_equal(world_count(w, "weir.item.data=1234"), 1);
	world_free(w);
}

/* A message without a request, of each group and kind. */
static void messages_without_a_request(void **state)
{
	static const struct {
		const char *parameters, *data, *log;
	} rows[] = {
		{ "01 00 10 10 00 00 04 00", "",
		  "report complete - unknown function=mode_transition group=0 subfunction=4 "
		  "mode=hold\n" },
		{ "01 00 10 10 00 00 05 00", "",
		  "report complete - unknown function=mode_transition group=0 subfunction=5 "
		  "mode=unknown\n" },
		{ "00 01 12 08 12 04 03 00 00 00 0000",
		  "ff 09 0014 4303 ff 84 0000 0000 00000000 2601120600000002",
		  "report complete - unknown function=diagnostic_message group=4 subfunction=3 "
		  "event.id=17155 event.name=stop_by_switch event.class=mode_transition "
		  "event.entering=true event.ob=132 clock=2026-01-12T06:00:00.000Z\n" },
		{ "00 01 12 08 12 04 05 00 00 00 0000",
		  "ff 09 001e 2601120600000002 00 01 12 0c 16 01 000000af 01 01 fe ff "
		  "ff 09 0002 000c 00 00",
		  "report complete - unknown function=alarm_8 group=4 subfunction=5 items=1 "
		  "event.id=175 clock=2026-01-12T06:00:00.000Z\n"
		  "item report complete - unknown index=0 address=event 0x000000af event.id=175 "
		  "alarm.state=1 alarm.acknowledged_going=254 alarm.acknowledged_coming=255 "
		  "time=2026-01-12T06:00:00.000Z data=000c\n" },
		{ "00 01 12 08 12 04 09 00 00 00 0000", "ff 09 0002 2601",
		  "report complete - unknown malformed function=scan group=4 subfunction=9 items=0 "
		  "malformed=length\n" },
		{ "00 01 12 08 12 04 03 00 00 00 0000", "ff 09 0002 4303",
		  "report complete - unknown malformed function=diagnostic_message group=4 "
		  "subfunction=3 malformed=length\n" },
		{ "00 01 12 08 12 01 0a 02 00 00 0000",
		  "ff 09 000e 0004 0006 0100 0002 000c 0007 0024",
		  "report complete - unknown function=breakpoint group=1 subfunction=10 sequence=2 "
		  "target=FC 7 block.type=fc block.number=7 block.code_address=36\n" },
		{ "00 01 12 08 12 01 13 02 00 00 0000", "ff 09 000a 0004 0002 0100 0002 0010",
		  "report complete - unknown function=block_status_2 group=1 subfunction=19 "
		  "sequence=2 block.code_address=16\n" },
		{ "00 01 12 08 12 08 01 00 00 00 0000", "ff 09 0002 0102",
		  "report complete - unknown function=unknown group=8 subfunction=1 data=0102\n" },
		{ "00 01 12 06 13 00 00000022", "ff 09 0001 " ONE_WORD,
		  "io complete - unknown function=usend group=6 subfunction=0 r_id=34 items=1\n"
		  "item io complete - success index=0 type=bytes data=1234 status=success\n" },
		{ "00 01 12 06 13 00 0000", "ff 09 0000",
		  "io complete - unknown malformed function=usend group=6 subfunction=0 r_id=0 "
		  "items=0 malformed=length\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = s7_world();

		s7_send(w, PLC, 7, 7, 0, rows[i].parameters, rows[i].data);
		assert_string_equal(s7_brief(w), rows[i].log);
		world_clear(w);
		world_free(w);
	}
}

/* ---- what is no message, and what nobody knows ---- */

static void not_a_message(void **state)
{
	static const char *const users[] = { "32", "32 01 0000 0000 0000 00",
					     "32 00 0000 0000 0000 0000",
					     "32 08 0000 0000 0000 0000",
					     "32 07 0000 0000 0003 0000 000112" };
	uint8_t user[64], packet[80];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		struct engine_world *w = s7_world();
		size_t n = world_hex(users[i], user, sizeof(user));

		world_tcp(w, HMI, packet, s7_packet(user, n, true, packet));
		assert_int_equal(world_protocol(w, "s7comm")->messages, 0);
		assert_int_equal(world_protocol(w, "cotp")->unknown, 1);
		assert_int_equal(world_count(w, "weir.cotp.user=s7comm"), 1);
		s7_send(w, HMI, 1, 1, 0, READ_WORD, "");
		assert_int_equal(world_protocol(w, "s7comm")->messages, 1);
		world_free(w);
	}
}

static void an_unknown_message_type(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	s7_send(w, HMI, 4, 1, 0, "0102", "03");
	assert_int_equal(world_count(w, "weir.s7comm.rosctr=4"), 1);
	assert_int_equal(world_count(w, "weir.s7comm.data=010203"), 1);
	assert_int_equal(world_protocol(w, "s7comm")->unknown, 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_out_of_order),
		cmocka_unit_test(a_reference_alone_is_no_pair),
		cmocka_unit_test(unanswered_is_said),
		cmocka_unit_test(an_ack_without_parameters),
		cmocka_unit_test(jobs_of_both_sides),
		cmocka_unit_test(the_client_is_who_asks),
		cmocka_unit_test(a_block_is_hashed_as_it_passes),
		cmocka_unit_test(a_block_with_a_hole_has_no_digest),
		cmocka_unit_test(a_download_that_fails),
		cmocka_unit_test(bytes_belong_to_the_block_on_its_way),
		cmocka_unit_test(uploads_are_told_apart),
		cmocka_unit_test(an_answer_in_parts),
		cmocka_unit_test(an_answer_without_its_first_part),
		cmocka_unit_test(values_come_with_their_addresses),
		cmocka_unit_test(messages_without_a_request),
		cmocka_unit_test(not_a_message),
		cmocka_unit_test(an_unknown_message_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
