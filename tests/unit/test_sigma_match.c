/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "tests/unit/rule_world.h"

/* Each row: a search identifier's body, and whether the event of make_event() matches. */
struct row {
	const char *search;
	bool expected;
};

static void put_event(struct world *w)
{
	static const char *const texts[] = { "Alpha", "beta" };
	static const uint32_t numbers[] = { 7, 400, 65536 };
	struct record head = world_head(w, OPERATION_WRITE);

	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", 16);
	world_put_text(w, "weir.test.text", "C:\\Tools\\Plc-Load.exe -run now");
	world_put_text(w, "message", "a line of text");
	world_put_text(w, "weir.source.role", "engineering");
	world_put_text(w, "weir.source.name", "PLC-3");
	world_put_text(w, "weir.destination.name", "plc-3");
	record_put_statics(&w->writer, world_field(w, "weir.test.texts"), texts, 2);
	record_put_uint32s(&w->writer, world_field(w, "weir.test.numbers"), numbers, 3);
	record_put_int(&w->writer, world_field(w, "weir.test.number"), -5);
	record_put_double(&w->writer, world_field(w, "weir.test.real"), 1.5);
	record_put_bytes(&w->writer, world_field(w, "weir.test.bytes"), cur_of("\xde\xad", 2));
	record_put_time(&w->writer, world_field(w, "weir.test.time"), WORLD_START);
	record_put_bool(&w->writer, world_field(w, "weir.conversation.new"), true);
}

static bool matches(struct world *w, const char *search)
{
	char text[2048];
	struct event event;
	struct judge judge;
	bool result;

	snprintf(text, sizeof(text),
		 "title: t\nlogsource: {category: ot, product: weir}\ndetection:\n  s:\n%s\n"
		 "  condition: s\n",
		 search);
	world_load(w, text);
	if (w->set->n_rules != 1) {
		fail_msg("%s: %s", search, w->problems);
	}
	put_event(w);
	event = world_event(w);
	assert_int_equal(judge_init(&judge, w->registry), 0);
	result = judge_condition(&judge, &event, w->set->rules[0]->condition);
	judge_end(&judge);
	/* The index must never hide a rule whose condition holds. */
	world_start(w);
	rule_engine_event(w->engine, &event);
	assert_int_equal(rule_engine_counters(w->engine).hits, result);
	world_unload(w);
	return result;
}

static void run(const struct row *rows, size_t n)
{
	struct world w;

	world_begin(&w);
	for (size_t i = 0; i < n; i++) {
		if (matches(&w, rows[i].search) != rows[i].expected) {
			fail_msg("row %zu: %s", i, rows[i].search);
		}
	}
	world_end(&w);
}

#define RUN(rows) run(rows, ARRAY_SIZE(rows))

static void matches_texts(void **state)
{
	static const struct row rows[] = {
		{ "    weir.source.role: engineering", true },
		{ "    weir.source.role: ENGINEERING", true },
		{ "    weir.source.role: engineer", false },
		{ "    weir.source.role|cased: Engineering", false },
		{ "    weir.source.role|cased: engineering", true },
		{ "    weir.source.role: [hmi, engineering]", true },
		{ "    weir.source.role: [hmi, server]", false },
		{ "    weir.source.role: eng*", true },
		{ "    weir.source.role: '*ing'", true },
		{ "    weir.source.role: 'e*n*g'", true },
		{ "    weir.source.role: 'engineerin?'", true },
		{ "    weir.source.role: 'engineering?'", false },
		{ "    weir.source.role: '*'", true },
		{ "    weir.source.role: 'eng\\*'", false },
		{ "    weir.test.text: 'C:\\Tools\\*'", false },
		{ "    weir.test.text: 'C:\\Tools\\\\*'", true },
		{ "    weir.test.text: 'C:\\Tools\\Plc-Load.exe -run now'", true },
		{ "    weir.test.text: 'C:\\\\Tools\\\\plc-load.exe -run now'", true },
		{ "    weir.test.text: ''", false },
		{ "    weir.test.text|contains: tools", true },
		{ "    weir.test.text|contains: toolz", false },
		{ "    weir.test.text|contains: ''", true },
		{ "    weir.test.text|startswith: 'c:'", true },
		{ "    weir.test.text|startswith: tools", false },
		{ "    weir.test.text|endswith: NOW", true },
		{ "    weir.test.text|endswith: run", false },
		{ "    weir.test.text|contains|all: [tools, run]", true },
		{ "    weir.test.text|contains|all: [tools, walk]", false },
		{ "    weir.test.text|contains|cased: Tools", true },
		{ "    weir.test.text|contains|cased: tools", false },
		{ "    weir.source.role|neq: hmi", true },
		{ "    weir.source.role|neq: engineering", false },
		{ "    weir.source.role|neq: [hmi, engineering]", false },
		{ "    weir.test.texts: alpha", true },
		{ "    weir.test.texts: BETA", true },
		{ "    weir.test.texts: gamma", false },
		{ "    weir.test.texts|all: [alpha, beta]", true },
		{ "    weir.test.texts|all: [alpha, gamma]", false },
	};

	(void)state;
	RUN(rows);
}

static void matches_numbers(void **state)
{
	static const struct row rows[] = {
		{ "    weir.modbus.function_code: 16", true },
		{ "    weir.modbus.function_code: 0x10", true },
		{ "    weir.modbus.function_code: '16'", true },
		{ "    weir.modbus.function_code: '0x10'", true },
		{ "    weir.modbus.function_code: 1", false },
		{ "    weir.modbus.function_code: 16.5", false },
		{ "    weir.modbus.function_code: -16", false },
		{ "    weir.modbus.function_code: [5, 6, 15, 16]", true },
		{ "    weir.modbus.function_code: '1*'", true },
		{ "    weir.modbus.function_code|startswith: 6", false },
		{ "    weir.modbus.function_code|gt: 15", true },
		{ "    weir.modbus.function_code|gt: 16", false },
		{ "    weir.modbus.function_code|gte: 16", true },
		{ "    weir.modbus.function_code|gte: 17", false },
		{ "    weir.modbus.function_code|lt: 17", true },
		{ "    weir.modbus.function_code|lt: 16", false },
		{ "    weir.modbus.function_code|lte: 16", true },
		{ "    weir.modbus.function_code|lte: 15", false },
		{ "    weir.modbus.function_code|neq: 6", true },
		{ "    weir.modbus.function_code|neq: 16", false },
		{ "    weir.modbus.function_code: 18446744073709551615", false },
		{ "    weir.test.number: -5", true },
		{ "    weir.test.number|lt: 0", true },
		{ "    weir.test.number|gt: 18446744073709551615", false },
		{ "    weir.test.real: 1.5", true },
		{ "    weir.test.real|gt: 1.4", true },
		{ "    weir.test.real: 1", false },
		{ "    weir.test.numbers: 400", true },
		{ "    weir.test.numbers: 401", false },
		{ "    weir.test.numbers|gt: 65535", true },
		{ "    weir.test.numbers|all: [7, 400]", true },
		{ "    weir.test.numbers|all: [7, 8]", false },
		{ "    weir.conversation.new: true", true },
		{ "    weir.conversation.new: 'TRUE'", true },
		{ "    weir.conversation.new: false", false },
	};

	(void)state;
	RUN(rows);
}

static void matches_addresses_and_bytes(void **state)
{
	static const struct row rows[] = {
		{ "    source.ip: 10.0.0.2", true },
		{ "    source.ip: 10.0.0.3", false },
		{ "    source.ip: '10.0.0.*'", true },
		{ "    source.ip: '10.1.*'", false },
		{ "    source.ip|startswith: '10.'", true },
		{ "    source.ip|cidr: 10.0.0.0/8", true },
		{ "    source.ip|cidr: 192.168.0.0/16", false },
		{ "    source.ip|cidr: [192.168.0.0/16, 10.0.0.2/32]", true },
		{ "    source.ip|cidr: 'fc00::/7'", false },
		{ "    source.mac: '02:00:00:00:00:02'", true },
		{ "    source.mac: 02-00-00-00-00-03", false },
		{ "    source.mac|startswith: '02-00'", true },
		{ "    weir.test.bytes: DEAD", true },
		{ "    weir.test.bytes: beef", false },
		{ "    source.ip|fieldref: destination.ip", false },
		{ "    source.ip|fieldref: source.ip", true },
		{ "    source.ip|fieldref|neq: destination.ip", true },
		{ "    weir.source.name|fieldref: weir.destination.name", true },
		{ "    weir.source.name|fieldref|cased: weir.destination.name", false },
		{ "    weir.source.name|fieldref: network.inner.vlan.id", false },
	};

	(void)state;
	RUN(rows);
}

static void matches_absence(void **state)
{
	static const struct row rows[] = {
		{ "    weir.unit_id: null", true },
		{ "    weir.unit_id: ~", true },
		{ "    weir.source.role: null", false },
		{ "    weir.unit_id: ''", false },
		{ "    weir.unit_id: '*'", false },
		{ "    weir.unit_id|exists: true", false },
		{ "    weir.unit_id|exists: false", true },
		{ "    weir.source.role|exists: true", true },
		{ "    weir.source.role|exists: false", false },
		{ "    weir.unit_id|neq: 5", true },
		{ "    weir.source.role: [null, engineering]", true },
		{ "    weir.unit_id: [null, 5]", true },
	};

	(void)state;
	RUN(rows);
}

static void matches_expressions(void **state)
{
	static const struct row rows[] = {
		{ "    weir.test.text|re: 'Plc-[A-Z]oad'", true },
		{ "    weir.test.text|re: 'plc-load'", false },
		{ "    weir.test.text|re|i: 'plc-load'", true },
		{ "    weir.test.text|re: '^Tools'", false },
		{ "    weir.test.text|re: 'Load.exe.*now$'", true },
		{ "    weir.test.text|re: ['x', 'now$']", true },
		{ "    weir.modbus.function_code|re: '^1[56]$'", true },
		{ "    source.ip|re: '^10\\.'", true },
		{ "    weir.test.text|re|i|m|s: '^c:.*NOW$'", true },
		{ "    weir.test.text|re: '(a+)+$'", false },
	};

	(void)state;
	RUN(rows);
}

static void matches_parts_of_times(void **state)
{
	static const struct row rows[] = {
		{ "    weir.test.time|minute: 12", true },
		{ "    weir.test.time|minute: 13", false },
		{ "    weir.test.time|hour: 10", true },
		{ "    weir.test.time|hour: 11", false },
		{ "    weir.test.time|hour|gte: 10", true },
		{ "    weir.test.time|hour|lt: 10", false },
		{ "    weir.test.time|day: 15", true },
		{ "    weir.test.time|day: 14", false },
		{ "    weir.test.time|week: 3", true },
		{ "    weir.test.time|week: 2", false },
		{ "    weir.test.time|month: 1", true },
		{ "    weir.test.time|month: 0", false },
		{ "    weir.test.time|year: 2026", true },
		{ "    weir.test.time|year|neq: 2026", false },
		{ "    '@timestamp|hour': [9, 10]", true },
		{ "    weir.test.time: '2026-01-15T10:12:33*'", true },
	};

	(void)state;
	RUN(rows);
}

static void matches_encodings(void **state)
{
	struct sigma_text text;
	struct sigma_texts texts = { &text, 1 };
	struct arena arena = { NULL };

	(void)state;
	assert_true(sigma_text_read(&arena, "foobar!", 7, &text));
	assert_null(sigma_base64(&arena, &texts));
	assert_true(sigma_text_matches(&texts.items[0], "Zm9vYmFyIQ==", 12, true));
	assert_true(sigma_text_read(&arena, "cmd", 3, &text));
	assert_null(sigma_utf16le(&arena, &texts));
	assert_true(sigma_text_matches(&texts.items[0], "c\0m\0d", 6, true));
	assert_true(sigma_text_read(&arena, "cmd", 3, &text));
	assert_null(sigma_utf16be(&arena, &texts));
	assert_true(sigma_text_matches(&texts.items[0], "\0c\0m\0d", 6, true));
	assert_true(sigma_text_read(&arena, "cmd", 3, &text));
	assert_null(sigma_utf16(&arena, &texts));
	assert_true(sigma_text_matches(&texts.items[0],
				       "\xff\xfe"
				       "c\0m\0d",
				       8, true));
	assert_true(sigma_text_read(&arena, "\xf0\x9f\x98\x80", 4, &text));
	assert_null(sigma_utf16be(&arena, &texts));
	assert_true(sigma_text_matches(&texts.items[0], "\xd8\x3d\xde\x00", 4, true));
	assert_true(sigma_text_read(&arena, "a*", 2, &text));
	assert_non_null(sigma_base64(&arena, &texts));
	arena_free(&arena);
}

/* The static parts of "foobar!" at each of the three places, worked out by hand. */
static void finds_base64_at_any_offset(void **state)
{
	static const char *const expected[] = { "Zm9vYmFyI", "Zvb2Jhci", "mb29iYXIh" };
	struct sigma_text text;
	struct sigma_texts texts = { &text, 1 };
	struct arena arena = { NULL };

	(void)state;
	assert_true(sigma_text_read(&arena, "foobar!", 7, &text));
	assert_null(sigma_base64offset(&arena, &texts));
	assert_int_equal(texts.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(sigma_text_bytes(&arena, &texts.items[i]), expected[i]);
	}
	assert_true(sigma_text_read(&arena, "", 0, &text));
	texts = (struct sigma_texts) { &text, 1 };
	assert_non_null(sigma_base64offset(&arena, &texts));
	arena_free(&arena);
}

static void permutes_dashes(void **state)
{
	static const struct row rows[] = {
		{ "    weir.test.text|windash|contains: ' /run'", true },
		{ "    weir.test.text|windash|contains: ' -run'", true },
		{ "    weir.test.text|contains|windash: ' /run'", true },
		{ "    weir.test.text|contains: ' /run'", false },
		{ "    weir.test.text|windash|contains: 'plc/load'", false },
		{ "    weir.test.text|windash|contains|cased: ' /Run'", false },
	};
	struct sigma_text text;
	struct sigma_texts texts = { &text, 1 };
	struct arena arena = { NULL };

	(void)state;
	RUN(rows);
	assert_true(sigma_text_read(&arena, "-a -b", 5, &text));
	assert_null(sigma_windash(&arena, &texts));
	assert_int_equal(texts.n, 25);
	assert_true(sigma_text_read(&arena, "-a -b -c -d -e", 14, &text));
	texts = (struct sigma_texts) { &text, 1 };
	assert_non_null(sigma_windash(&arena, &texts));
	arena_free(&arena);
}

static void wildcard_takes_one_character(void **state)
{
	struct sigma_text text;
	struct arena arena = { NULL };

	(void)state;
	assert_true(sigma_text_read(&arena, "a?c", 3, &text));
	assert_true(sigma_text_matches(&text, "abc", 3, true));
	assert_true(sigma_text_matches(&text,
				       "a\xc3\xa4"
				       "c",
				       4, true));
	assert_false(sigma_text_matches(&text, "abbc", 4, true));
	assert_false(sigma_text_matches(&text, "ac", 2, true));
	assert_true(sigma_text_matches(&text,
				       "a\xff"
				       "c",
				       3, true));
	arena_free(&arena);
}

static void searches_keywords(void **state)
{
	static const struct row rows[] = {
		{ "    - LINE", true },
		{ "    - nothing\n    - text", true },
		{ "    - nothing", false },
		{ "    - 'a*text'", true },
		{ "    '|all':\n      - line\n      - text", true },
		{ "    '|all':\n      - line\n      - nothing", false },
		{ "    - weir.source.role: hmi\n    - weir.modbus.function_code: 16", true },
		{ "    - weir.source.role: hmi\n    - weir.modbus.function_code: 6", false },
		{ "    weir.source.role: engineering\n    weir.modbus.function_code: 16", true },
		{ "    weir.source.role: engineering\n    weir.modbus.function_code: 6", false },
		{ "    weir.operation: write", true },
		{ "    weir.operation: read", false },
		{ "    weir.operation|neq: read", true },
		{ "    network.protocol: modbus", true },
		{ "    network.protocol: [umas, arp]", false },
		{ "    weir.kind: transaction", true },
		{ "    weir.kind: flow", false },
		{ "    event.outcome: success", true },
		{ "    event.outcome: failure", false },
	};

	(void)state;
	RUN(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_texts),
		cmocka_unit_test(matches_numbers),
		cmocka_unit_test(matches_addresses_and_bytes),
		cmocka_unit_test(matches_absence),
		cmocka_unit_test(matches_expressions),
		cmocka_unit_test(matches_parts_of_times),
		cmocka_unit_test(matches_encodings),
		cmocka_unit_test(finds_base64_at_any_offset),
		cmocka_unit_test(permutes_dashes),
		cmocka_unit_test(wildcard_takes_one_character),
		cmocka_unit_test(searches_keywords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
