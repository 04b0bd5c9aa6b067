/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "tests/unit/rule_world.h"

/* Search identifiers t1 and t2 hold, f1 and f2 do not, _t holds. */
#define SEARCHES                                                           \
	"title: t\nlogsource: {category: ot, product: weir}\ndetection:\n" \
	"  t1: {weir.unit_id: 1}\n  t2: {weir.operation: write}\n"         \
	"  f1: {weir.unit_id: 2}\n  f2: {weir.operation: read}\n  _t: {weir.unit_id: 1}\n"

struct row {
	const char *condition;
	bool expected;
};

static bool judge(struct world *w, const char *condition)
{
	char text[2048];
	struct record head = world_head(w, OPERATION_WRITE);
	struct event event;
	bool result;

	snprintf(text, sizeof(text), SEARCHES "  condition: %s\n", condition);
	world_load(w, text);
	if (w->counts.rules != 1) {
		fail_msg("%s: %s", condition, w->problems);
	}
	world_open(w, &head);
	world_put_uint(w, "weir.unit_id", 1);
	event = world_event(w);
	world_start(w);
	rule_engine_event(w->engine, &event);
	result = rule_engine_counters(w->engine).hits == 1;
	world_unload(w);
	return result;
}

static void follows_the_grammar(void **state)
{
	static const struct row rows[] = {
		{ "t1", true },
		{ "f1", false },
		{ "not f1", true },
		{ "not not t1", true },
		{ "not t1", false },
		{ "t1 and t2", true },
		{ "t1 and f1", false },
		{ "f1 or t1", true },
		{ "f1 or f2", false },
		{ "t1 or f1 and f2", true },
		{ "(t1 or f1) and f2", false },
		{ "f1 and f2 or t1", true },
		{ "f1 and (f2 or t1)", false },
		{ "not f1 and f2", false },
		{ "not (f1 and f2)", true },
		{ "not f1 or f2", true },
		{ "((((t1))))", true },
		{ "1 of t*", true },
		{ "1 of f*", false },
		{ "all of t*", true },
		{ "all of f*", false },
		{ "all of *1", false },
		{ "1 of *1", true },
		{ "1 of them", true },
		{ "all of them", false },
		{ "not 1 of f*", true },
		{ "not all of them", true },
		{ "all of t* and not 1 of f*", true },
		{ "1 of f* or all of t*", true },
		{ "1 of _*", true },
		{ "all of t1", true },
		{ "[f1, t1]", true },
		{ "[f1, f2]", false },
		{ "'t1  and\tt2'", true },
	};
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (judge(&w, rows[i].condition) != rows[i].expected) {
			fail_msg("%s", rows[i].condition);
		}
	}
	world_end(&w);
}

struct wrong {
	const char *condition, *problem;
};

static void names_the_place_of_what_is_wrong(void **state)
{
	static const struct wrong rows[] = {
		{ "t9", "9:14: unknown search identifier 't9'" },
		{ "t1 and t9", "9:21: unknown search identifier 't9'" },
		{ "t1 t2", "9:17: expected 'and', 'or' or the end" },
		{ "t1 and", "9:20: expected a search identifier" },
		{ "(t1", "9:17: expected ')'" },
		{ "t1)", "9:16: expected 'and'" },
		{ "()", "9:15: expected a search identifier" },
		{ "1 of", "9:18: expected 'them'" },
		{ "1 of x*", "9:19: 'x*' selects no search identifier" },
		{ "2 of them", "9:14: unknown search identifier '2'" },
		{ "t1 AND t2", "9:17: expected 'and', 'or'" },
		{ "'t1 | count() > 5'", "9:18: aggregations behind '|' are obsolete" },
		{ "''", "9:15: expected a search identifier" },
		{ "[]", "9:14: a condition must be" },
		{ "{a: b}", "9:14: a condition must be" },
		{ "[t1, t9]", "9:19: unknown search identifier 't9'" },
	};
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[2048];

		snprintf(text, sizeof(text), SEARCHES "  condition: %s\n", rows[i].condition);
		world_load(&w, text);
		if (strstr(w.problems, rows[i].problem) != w.problems) {
			fail_msg("%s: %s", rows[i].condition, w.problems);
		}
		assert_int_equal(w.counts.errors, 1);
		world_unload(&w);
	}
	world_end(&w);
}

static void caps_brackets(void **state)
{
	char condition[128] = "";
	struct world w;

	(void)state;
	world_begin(&w);
	memset(condition, '(', 32);
	strcat(condition, "t1");
	memset(condition + 34, ')', 32);
	condition[66] = '\0';
	assert_true(judge(&w, condition));
	memmove(condition + 1, condition, 67);
	condition[0] = '(';
	strcat(condition, ")");
	{
		char text[2048];

		snprintf(text, sizeof(text), SEARCHES "  condition: %s\n", condition);
		world_load(&w, text);
		assert_non_null(strstr(w.problems, "too many brackets"));
		world_unload(&w);
	}
	world_end(&w);
}

static void warns_of_what_is_not_used(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, SEARCHES "  condition: t1 or t2 or f1 or f2\n");
	assert_string_equal(w.problems, "8:3: warning: the search identifier '_t' is not used\n");
	assert_int_equal(w.counts.rules, 1);
	assert_int_equal(w.counts.errors, 0);
	world_end(&w);
}

/* ---- what a rule is judged on ---- */

static void load_selection(struct world *w, const char *extra, const char *selection)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "title: t\n%slogsource: {category: ot, product: weir, service: modbus}\n"
		 "detection:\n  s: {%s}\n  condition: s\n",
		 extra, selection);
	world_load(w, text);
	assert_string_equal(w->problems, "");
	world_start(w);
}

static void judge_head(struct world *w, const struct record *head)
{
	world_open(w, head);
	world_put_uint(w, "weir.modbus.function_code", 6);
	world_judge(w);
}

static uint64_t hits(const struct world *w)
{
	return rule_engine_counters(w->engine).hits;
}

static void judges_the_first_record(void **state)
{
	struct record head;
	struct world w;

	(void)state;
	world_begin(&w);
	load_selection(&w, "", "weir.operation: write");
	head = world_head(&w, OPERATION_WRITE);
	head.phase = PHASE_REQUEST;
	head.outcome = OUTCOME_UNKNOWN;
	judge_head(&w, &head);
	assert_int_equal(hits(&w), 1);
	head.phase = PHASE_COMPLETE;
	head.outcome = OUTCOME_SUCCESS;
	head.status = TRANSACTION_ANSWERED;
	judge_head(&w, &head);
	assert_int_equal(hits(&w), 1);
	head.status = TRANSACTION_ORPHAN;
	head.key++;
	judge_head(&w, &head);
	assert_int_equal(hits(&w), 2);
	/* Without a request record (a broadcast has no status) the complete one is the first. */
	head = world_head(&w, OPERATION_WRITE);
	judge_head(&w, &head);
	judge_head(&w, &head);
	assert_int_equal(hits(&w), 3);
	head.key = 0;
	judge_head(&w, &head);
	judge_head(&w, &head);
	assert_int_equal(hits(&w), 5);
	world_end(&w);
}

static void judges_the_complete_record_for_its_outcome(void **state)
{
	static const char *const selections[] = {
		"weir.operation: write, event.outcome: success",
		"weir.operation: write, event.duration|gte: 0",
	};
	struct record head;
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(selections); i++) {
		load_selection(&w, "", selections[i]);
		head = world_head(&w, OPERATION_WRITE);
		head.phase = PHASE_REQUEST;
		head.outcome = OUTCOME_UNKNOWN;
		judge_head(&w, &head);
		assert_int_equal(hits(&w), 0);
		head.phase = PHASE_COMPLETE;
		head.outcome = OUTCOME_SUCCESS;
		judge_head(&w, &head);
		judge_head(&w, &head);
		assert_int_equal(hits(&w), 1);
		world_unload(&w);
	}
	world_end(&w);
}

static void withholds_what_needs_a_complete_capture(void **state)
{
	static const uint8_t flags[] = { RECORD_BLIND_FLOW, RECORD_ONE_SIDED };
	struct world w;

	(void)state;
	world_begin(&w);
	load_selection(&w, "weir_requires: complete_capture\n", "weir.operation: write");
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		struct record head = world_head(&w, OPERATION_WRITE);

		head.flags = flags[i];
		judge_head(&w, &head);
		assert_int_equal(hits(&w), 0);
		assert_int_equal(rule_engine_counters(w.engine).withheld, i + 1);
	}
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(hits(&w), 1);
	world_end(&w);
}

static void a_polling_read_meets_no_rule(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load_selection(&w, "", "weir.modbus.function_code: [5, 6]");
	world_modbus(&w, OPERATION_READ, 3);
	world_modbus(&w, OPERATION_WRITE, 16);
	assert_int_equal(rule_engine_counters(w.engine).candidates, 0);
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(rule_engine_counters(w.engine).candidates, 1);
	assert_int_equal(hits(&w), 1);
	assert_int_equal(rule_engine_counters(w.engine).events, 3);
	world_unload(&w);
	load_selection(&w, "", "weir.operation: write");
	{
		struct record head = world_head(&w, OPERATION_READ);

		assert_null(rule_index_find(w.set->index, &head));
		head.operation = OPERATION_WRITE;
		assert_non_null(rule_index_find(w.set->index, &head));
		head.protocol = world_protocol("arp");
		assert_null(rule_index_find(w.set->index, &head));
		head.protocol = PROTOCOL_NONE;
		assert_null(rule_index_find(w.set->index, &head));
		head.kind = RECORD_KINDS;
		assert_null(rule_index_find(w.set->index, &head));
	}
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_grammar),
		cmocka_unit_test(names_the_place_of_what_is_wrong),
		cmocka_unit_test(caps_brackets),
		cmocka_unit_test(warns_of_what_is_not_used),
		cmocka_unit_test(judges_the_first_record),
		cmocka_unit_test(judges_the_complete_record_for_its_outcome),
		cmocka_unit_test(withholds_what_needs_a_complete_capture),
		cmocka_unit_test(a_polling_read_meets_no_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
