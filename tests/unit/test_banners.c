/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The protocols that only tell who is there: whatever the segments, the same is told; nothing that
 * is secret is; and no bytes bring them down. */

#include "engine_world.h"

struct said {
	unsigned from;
	const char *hex; /* or a text that begins with a quote */
};

static size_t bytes_of(const char *text, uint8_t *out, size_t size)
{
	if (text[0] != '"') {
		return world_hex(text, out, size);
	}
	assert_true(strlen(text) <= size);
	memcpy(out, text + 1, strlen(text) - 1);
	return strlen(text) - 1;
}

struct dialogue {
	uint16_t port;
	const char *protocol;
	struct said said[9];
};

#define TLS_HELLO                                                                             \
	"16 0301 0031 01 00002d 0303 "                                                        \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 0002 002f 01 00" \
	"0004 ff01 0000"
#define TLS_ANSWER                                                                             \
	"16 0303 002a 02 000026 0303 "                                                         \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 002f 00 14 0303 " \
	"0001 01"
/* A certificate message that ends within its list. */
#define TLS_BAD "16 0303 000a 0b 000006 000003 300230"

static const struct dialogue dialogues[] = {
	{ 80,
	  "http",
	  { { HMI, "\"GET /index.html HTTP/1.1\r\nHost: plc\r\nUser-Agent: panel\r\n\r\n" },
	    { PLC, "\"HTTP/1.1 200 OK\r\nServer: web/1\r\nTransfer-Encoding: chunked\r\n\r\n"
		   "5\r\nabcde\r\n0\r\nTrailer: 1\r\n\r\n" },
	    { HMI, "\"HEAD / HTTP/1.1\r\nAuthorization: Basic dXNlcjpodW50ZXIy\r\n\r\n" },
	    { PLC, "\"HTTP/1.0 204 No\r\n\r\nHTTP/1.1 500 Again\r\n\r\n" } } },
	{ 443, "tls", { { HMI, TLS_HELLO }, { PLC, TLS_ANSWER TLS_BAD } } },
	{ 22, "ssh", { { PLC, "\"SSH-2.0-sshd 1\r\n" }, { HMI, "\"SSH-2.0-client\r\n" } } },
	{ 21,
	  "ftp",
	  { { PLC, "\"220-a\r\n220 b\r\n" },
	    { HMI, "\"USER admin\r\nPASS hunter2\r\n" },
	    { PLC, "\"331 ok\r\n230 ok\r\n" } } },
	{ 23,
	  "telnet",
	  { { PLC, "fffd18 fffb01" },
	    { PLC, "\"\r\nswitch\r\nlogin: " },
	    { HMI, "\"hunter2\r\n" } } },
	{ 25,
	  "smtp",
	  { { PLC, "\"220 mail.example ESMTP x\r\n" },
	    { HMI, "\"EHLO plc.example\r\n" },
	    { PLC, "\"250 hi\r\n" },
	    { HMI, "\"AUTH LOGIN\r\n" },
	    { PLC, "\"334 VXNlcm5hbWU6\r\n" },
	    { HMI, "\"hunter2\r\n" },
	    { PLC, "\"235 ok\r\n" } } },
	{ 445,
	  "smb",
	  { { HMI, "00000024 fe534d42 4000 0000 00000000 0000 0100 00000000 00000000 "
		   "0000000000000000 00000000" },
	    { PLC, "00000023 ff534d42 72 00000000 98 0000 000000000000000000000000 0000 0000 0000 "
		   "0000 00 0000" } } },
	{ 3389,
	  "rdp",
	  { { HMI, "0300 0013 0e e0 0000 0000 00 01 00 0800 03000000" },
	    { PLC, "0300 0013 0e d0 0000 1234 00 02 00 0800 01000000" },
	    { HMI, TLS_HELLO },
	    { PLC, TLS_ANSWER } } },
	{ 5900,
	  "vnc",
	  { { PLC, "\"RFB 003.008\n" }, { HMI, "\"RFB 003.008\n" }, { PLC, "03 01 02 12" } } },
};

/* All of it, each message but the first of a flow cut in two at `cut`. */
static struct engine_world *play(const struct dialogue *dialogue, size_t cut)
{
	struct engine_options options = engine_defaults();
	struct engine_world *w;

	options.name_flows = false;
	w = world_new(&options);
	w->port[PLC] = dialogue->port;
	world_open(w);
	for (size_t i = 0; i < ARRAY_SIZE(dialogue->said) && dialogue->said[i].hex != NULL; i++) {
		uint8_t bytes[512];
		size_t n = bytes_of(dialogue->said[i].hex, bytes, sizeof(bytes));
		size_t first = i > 0 && cut < n ? cut : n;

		world_tcp(w, dialogue->said[i].from, bytes, first);
		if (first < n) {
			world_tcp(w, dialogue->said[i].from, bytes + first, n - first);
		}
	}
	world_time(w, 10 * NS_PER_S);
	return w;
}

static void any_segments(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(dialogues); i++) {
		struct engine_world *whole = play(&dialogues[i], SIZE_MAX);
		uint64_t messages = world_protocol(whole, dialogues[i].protocol)->messages;

		assert_true(messages > 0);
		for (size_t cut = 1; cut < 120; cut++) {
			struct engine_world *w = play(&dialogues[i], cut);

			assert_int_equal(world_protocol(w, dialogues[i].protocol)->messages,
					 messages);
			assert_int_equal(engine_counters(w->engine)->blind_records, 0);
			if (i > 0) {
				assert_string_equal(w->log, whole->log);
			}
			world_free(w);
		}
		world_free(whole);
	}
}

static void no_secrets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(dialogues); i++) {
		struct engine_world *w = play(&dialogues[i], SIZE_MAX);

		assert_null(strstr(w->log, "hunter2"));
		assert_null(strstr(w->log, "aHVudGVy"));
		world_free(w);
	}
}

/* Every byte of a message replaced, in a block of its own size. */
static void damaged(void **state)
{
	static const uint8_t values[] = { 0x00, 0x7f, 0x80, 0xff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(dialogues); i++) {
		struct engine_options options = engine_defaults();
		struct engine_world *w;

		options.name_flows = false;
		w = world_new(&options);
		w->port[PLC] = dialogues[i].port;
		for (size_t at = 0; at < 120 * ARRAY_SIZE(values); at++) {
			w->port[HMI]++;
			world_open(w);
			for (size_t k = 0; dialogues[i].said[k].hex != NULL; k++) {
				uint8_t bytes[512];
				size_t n = bytes_of(dialogues[i].said[k].hex, bytes, sizeof(bytes));

				bytes[at / ARRAY_SIZE(values) % n] =
				    values[at % ARRAY_SIZE(values)];
				world_tcp(w, dialogues[i].said[k].from, bytes, n);
			}
			world_clear(w);
		}
		world_free(w);
	}
}

/* The fifth exchange of a connection is not looked at. */
static void four_messages(void **state)
{
	static const char ask[] = "GET / HTTP/1.1\r\n\r\n";
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = 8080;
	world_open(w);
	for (unsigned i = 0; i < 9; i++) {
		world_tcp(w, HMI, ask, sizeof(ask) - 1);
		world_tcp(w, PLC, answer, sizeof(answer) - 1);
	}
	assert_int_equal(world_count(w, "transaction read complete answered success"), 4);
	world_time(w, 10 * NS_PER_S);
	assert_int_equal(world_count(w, "unanswered"), 0);
	world_free(w);
}

/* A body to the end of the connection is passed over without being kept. */
static void long_bodies(void **state)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n";
	static const char ask[] = "GET /a HTTP/1.1\r\n\r\n";
	struct engine_options options = engine_defaults();
	struct engine_world *w;
	uint8_t body[1000] = { 0 };

	(void)state;
	options.assembly_bytes_max = 0;
	w = world_new(&options);
	w->port[PLC] = 80;
	world_open(w);
	for (unsigned turn = 0; turn < 2; turn++) {
		world_tcp(w, HMI, ask, sizeof(ask) - 1);
		world_tcp(w, PLC, answer, sizeof(answer) - 1);
		for (unsigned i = 0; i < 500; i++) {
			world_tcp(w, PLC, body, sizeof(body));
		}
	}
	assert_int_equal(world_count(w, "answered success"), 2);
	assert_int_equal(engine_counters(w->engine)->assemblies_refused, 0);
	world_free(w);
}

/* Only the exact beginnings are claimed where nobody expects them. */
static void not_by_chance(void **state)
{
	static const char *const others[] = {
		"\"GETTING THINGS DONE\r\n",
		"\"HTTP is a protocol\r\n",
		"\"220 V AC\r\n",
		"\"SSH\r\n",
		"\"RFB 003.008\n and more",
		"16 0301 0005 02 000001 00",
		"fffb",
		"0300 0016 11 e0 0000 0001 00 c0 01 0a c1 02 0100 c2 02 0102",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct engine_world *w = world_new(NULL);
		uint8_t bytes[64];

		w->port[PLC] = 51234;
		world_open(w);
		world_tcp(w, HMI, bytes, bytes_of(others[i], bytes, sizeof(bytes)));
		for (size_t k = 0; k < dissector_count(); k++) {
			assert_int_equal(engine_counters(w->engine)->protocols[k].flows, 0);
		}
		world_free(w);
	}
}

/* In mid-stream the one who greets is not taken for the client because another protocol was asked
 * before. */
static void who_greets(void **state)
{
	static const char version[] = "RFB 003.008\n";
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = 5900;
	w->port[HMI] = 61000;
	world_tcp(w, PLC, version, sizeof(version) - 1);
	assert_int_equal(w->last.destination.port, 5900);
	assert_int_equal(world_protocol(w, "vnc")->by_class[MESSAGE_RESPONSE], 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_segments), cmocka_unit_test(no_secrets),
		cmocka_unit_test(damaged),      cmocka_unit_test(four_messages),
		cmocka_unit_test(long_bodies),  cmocka_unit_test(not_by_chance),
		cmocka_unit_test(who_greets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
