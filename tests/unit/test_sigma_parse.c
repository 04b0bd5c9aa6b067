/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "tests/unit/rule_world.h"

#include <errno.h>

#define HEAD "title: t\nlogsource: {category: ot, product: weir, service: modbus}\n"
#define TAIL "detection:\n  s: {weir.unit_id: 1}\n  condition: s\n"

/* A document, and the one problem that it has; NULL: none. */
struct row {
	const char *text, *problem;
};

static void run(const struct row *rows, size_t n)
{
	struct world w;

	world_begin(&w);
	for (size_t i = 0; i < n; i++) {
		const char *problem = rows[i].problem;

		world_load(&w, rows[i].text);
		if (problem == NULL ? w.problems[0] != '\0'
				    : strstr(w.problems, problem) != w.problems) {
			fail_msg("row %zu: %s", i, w.problems);
		}
		if (problem != NULL && strstr(problem, "warning: ") == NULL) {
			assert_int_equal(w.counts.errors, 1);
			assert_int_equal(w.counts.rules, 0);
			assert_int_equal(w.set->n_rules, 0);
		} else {
			assert_int_equal(w.counts.errors, 0);
			assert_int_equal(w.counts.rules, 1);
		}
		world_unload(&w);
	}
	world_end(&w);
}

#define RUN(rows) run(rows, ARRAY_SIZE(rows))

static void checks_attributes(void **state)
{
	static const struct row rows[] = {
		{ HEAD TAIL, NULL },
		{ HEAD "id: 929a690e-bef0-4204-a928-ef5e620d6fcc\n" TAIL, NULL },
		{ HEAD "id: 929a690e\n" TAIL, "3:5: id must be a UUID" },
		{ HEAD "level: high\nstatus: test\nauthor: a\ndate: 2026-01-02\n" TAIL, NULL },
		{ HEAD "level: hi\n" TAIL, "3:8: level must be" },
		{ HEAD "status: new\n" TAIL, "3:9: status must be" },
		{ HEAD "date: 2026/01/02\n" TAIL, "3:7: date must be written YYYY-MM-DD" },
		{ HEAD "tags: [attack.t0855, iec62443.sr-2.1, iso27001.a-8.16]\n" TAIL, NULL },
		{ HEAD "tags: [Attack]\n" TAIL, "3:8: 'Attack' is no tag" },
		{ HEAD "tags: [iec62443.sr-9.9]\n" TAIL, "3:8: 'iec62443.sr-9.9': no such" },
		{ HEAD "tags: [attack.t9999]\n" TAIL, "3:8: warning: 'attack.t9999' is no" },
		{ HEAD "tags: text\n" TAIL, "3:7: tags must be a list" },
		{ HEAD "references: [a]\nfalsepositives: [b]\nscope: [c]\n" TAIL, NULL },
		{ HEAD "references: a\n" TAIL, "3:13: references must be a list" },
		{ HEAD "fields: [weir.unit_id]\n" TAIL, NULL },
		{ HEAD "fields: [weir.unit]\n" TAIL,
		  "3:10: unknown field 'weir.unit'; did you mean 'weir.unit_id'?" },
		{ HEAD "custom: {a: b}\n" TAIL, NULL },
		{ HEAD "weir_requires: complete_capture\n" TAIL, NULL },
		{ HEAD "weir_requires: [complete_capture, baseline]\n" TAIL, NULL },
		{ HEAD "weir_requires: luck\n" TAIL, "3:16: weir_requires can be" },
		{ HEAD "weir_requires: [baseline, luck]\n" TAIL, "3:27: weir_requires can be" },
		{ HEAD "weir_next_step: Ask.\n" TAIL, NULL },
		{ HEAD "weir_next_step: []\n" TAIL, "3:17: weir_next_step must be a text" },
		{ HEAD "tags: [iso27001.a-9.1]\n" TAIL, "3:8: 'iso27001.a-9.1': no such" },
		{ "action: global\n", "1:9: action is obsolete" },
		{ HEAD "weir_other: 1\n" TAIL, "3:13: unknown attribute 'weir_other'" },
		{ HEAD "taxonomy: own\n" TAIL, "3:11: the fields here are those of ECS" },
		{ HEAD
		  "related:\n  - {id: 929a690e-bef0-4204-a928-ef5e620d6fcc, type: derived}\n" TAIL,
		  NULL },
		{ HEAD "related:\n  - {id: 1, type: derived}\n" TAIL, "4:5: related needs" },
		{ "logsource: {category: ot, product: weir}\n" TAIL, "1:1: a rule needs a title" },
		{ HEAD, "1:1: a rule needs a detection" },
		{ "title: t\n" TAIL, "1:1: a rule needs a logsource" },
		{ "title: t\nlogsource: {category: ot, product: weir, service: s8}\n" TAIL,
		  "2:51: unknown service 's8'" },
		{ HEAD "generate: maybe\n" TAIL, "3:11: generate must be" },
		{ "title: t\nfilter: {rules: any}\n", "1:1: a filter needs a logsource" },
		{ "- a\n", "1:1: a rule must be a map" },
		{ "title: [\n", "2:1: " },
	};

	(void)state;
	RUN(rows);
}

#define SEARCH(text) HEAD "detection:\n  condition: s\n  s:\n    " text "\n"

static void checks_searches(void **state)
{
	static const struct row rows[] = {
		{ SEARCH("weir.unit_id: 1"), NULL },
		{ SEARCH("weir.modbus.funtion_code: 1"),
		  "6:5: unknown field 'weir.modbus.funtion_code'; did you mean "
		  "'weir.modbus.function_code'?" },
		{ SEARCH("zzz.zzz.zzz.zzz: 1"),
		  "6:5: unknown field 'zzz.zzz.zzz.zzz' (weir fields lists all)" },
		{ SEARCH("weir.unit_id|foo: 1"), "6:18: modifier 'foo' is unknown" },
		{ SEARCH("weir.function|expand: '%x%'"),
		  "6:27: nothing says what the placeholder '%x%' stands for" },
		{ SEARCH("weir.unit_id: abc"), "6:19: 'abc' can never match" },
		{ SEARCH("source.ip: abc"), "6:16: 'abc' can never match" },
		{ SEARCH("source.mac: abc"), "6:17: 'abc' can never match" },
		{ SEARCH("source.ip|cidr: 10.0.0.0/40"), "6:21: '10.0.0.0/40' is not a network" },
		{ SEARCH("weir.unit_id|cidr: 10.0.0.0/8"), "6:24: cidr is for addresses" },
		{ SEARCH("weir.function|gt: 5"), "6:23: lt, lte, gt and gte are for numbers" },
		{ SEARCH("weir.unit_id|gt: abc"), "6:22: 'abc' is not a number" },
		{ SEARCH("weir.function|re: '('"), "6:25: not a regular expression" },
		{ SEARCH("weir.function|i: a"), "6:19: modifier 'i' is only for 're'" },
		{ SEARCH("weir.function|contains|re: a"), "6:28: modifier 're' cannot follow" },
		{ SEARCH("weir.function|all: a"), "6:24: 'all' needs a list" },
		{ SEARCH("weir.function|all: [a]"), "6:24: 'all' needs a list" },
		{ SEARCH("weir.function|exists: 5"), "6:27: exists needs true or false" },
		{ SEARCH("weir.function: []"), "6:20: an empty list" },
		{ SEARCH("weir.function: {a: b}"), "6:20: a value must be" },
		{ SEARCH("weir.function|hour: 5"), "6:25: minute, hour" },
		{ SEARCH("event.start|hour: x"), "6:23: 'x' can never match" },
		{ SEARCH("weir.function|base64: 'a*'"), "6:27: a value that is encoded" },
		{ SEARCH("weir.function|fieldref: nothing.here"), "6:29: unknown field" },
		{ SEARCH("weir.function|all|neq: [a, b]"), "6:23: modifier 'all' cannot stand" },
		{ SEARCH("weir.function|contains: null"), "6:29: null cannot have" },
		{ SEARCH("[]"), "6:5: an empty list" },
		{ SEARCH("{}"), "6:5: an empty map" },
		{ SEARCH("null"), "6:5: the search identifier 's' is empty" },
		{ SEARCH("[[a]]"), "6:6: expected a map of fields or a keyword" },
	};

	(void)state;
	RUN(rows);
}

static void tells_all_problems_at_once(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, HEAD "level: x\nid: y\ndetection:\n  a: {weir.unit_id: x}\n"
			    "  b: {nothing: 1}\n  condition: a and c\n");
	assert_int_equal(w.counts.errors, 5);
	assert_non_null(strstr(w.problems, "3:8: level"));
	assert_non_null(strstr(w.problems, "4:5: id"));
	assert_non_null(strstr(w.problems, "6:21: 'x'"));
	assert_non_null(strstr(w.problems, "7:7: unknown field"));
	assert_non_null(strstr(w.problems, "8:20: unknown search identifier 'c'"));
	world_end(&w);
}

static void skips_rules_for_other_products(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, "title: w\nname: other\nlogsource: {product: windows}\nbroken: [1]\n---\n"
		       "title: c\ncorrelation: {type: event_count, rules: [other], timespan: 1m, "
		       "condition: {gte: 2}}\n---\n" HEAD TAIL "---\n---\n" HEAD
		       "name: b\nstatus: unsupported\n" TAIL);
	assert_string_equal(w.problems, "");
	assert_int_equal(w.counts.skipped, 3);
	assert_int_equal(w.counts.rules, 1);
	assert_int_equal(w.counts.correlations, 0);
	assert_int_equal(w.counts.errors, 0);
	assert_int_equal(w.counts.files, 1);
	world_end(&w);
}

static void refuses_the_same_id_twice(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, HEAD "name: a\n" TAIL "---\n" HEAD "name: a\n" TAIL "---\n"
			    "title: c\nname: a\ncorrelation: {type: event_count, rules: [a], "
			    "timespan: 1m, condition: {gte: 2}}\n");
	assert_int_equal(w.counts.rules, 1);
	assert_int_equal(w.counts.correlations, 0);
	assert_int_equal(w.counts.errors, 2);
	assert_non_null(strstr(w.problems, "is that of the rule in"));
	assert_false(w.set->rules[0]->silent);
	world_end(&w);
}

static void hashes_content_not_layout(void **state)
{
	static const char *const texts[] = {
		HEAD "level: high\n" TAIL,
		"level:   'high'\n" HEAD "# comment\n" TAIL,
		HEAD "level: low\n" TAIL,
	};
	char hashes[3][17];
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < 3; i++) {
		world_load(&w, texts[i]);
		snprintf(hashes[i], sizeof(hashes[i]), "%s", rule_set_hash(w.set));
		world_unload(&w);
	}
	assert_string_equal(hashes[0], hashes[1]);
	assert_string_not_equal(hashes[0], hashes[2]);
	assert_int_equal(strlen(hashes[0]), 16);
	world_end(&w);
}

static void reports_a_missing_folder(void **state)
{
	const char *folder = "/nonexistent";
	struct rule_set *set = NULL;
	struct rule_counts counts;
	struct world w;

	(void)state;
	world_begin(&w);
	assert_int_equal(
	    rule_set_load(
		&set,
		&(struct rule_load) { .registry = w.registry, .folders = &folder, .n_folders = 1 },
		&counts),
	    -ENOENT);
	assert_null(set);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_attributes),
		cmocka_unit_test(checks_searches),
		cmocka_unit_test(tells_all_problems_at_once),
		cmocka_unit_test(skips_rules_for_other_products),
		cmocka_unit_test(refuses_the_same_id_twice),
		cmocka_unit_test(hashes_content_not_layout),
		cmocka_unit_test(reports_a_missing_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
