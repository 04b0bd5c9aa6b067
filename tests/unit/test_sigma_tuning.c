/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* How a plant fits rules to itself: filters, and placeholders. */

#include "rules/rule_document.h"
#include "tests/unit/rule_world.h"

#define RULE(name, service)                                                                \
	"title: " name "\nname: " name "\nlogsource: {category: ot, product: weir" service \
	"}\ndetection:\n"                                                                  \
	"  s: {weir.modbus.function_code|gte: 1}\n  condition: s\n"

#define FILTER(body) \
	"---\ntitle: Not the HMI\nlogsource: {category: ot, product: weir}\nfilter:\n" body

static void judge_from(struct world *w, uint32_t host)
{
	struct record head = world_head(w, OPERATION_WRITE);

	head.source.ip = ip_from_v4(host);
	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", 6);
	world_judge(w);
}

/* Loads the text and says how many of two hosts raise an alert: 10.0.0.2 (1) and 10.0.0.3 (2). */
static unsigned raised(struct world *w, const char *text)
{
	unsigned bits = 0;

	world_load(w, text);
	assert_string_equal(w->problems, "");
	world_start(w);
	for (uint32_t i = 0; i < 2; i++) {
		size_t before = w->n_alerts;

		judge_from(w, 0x0a000002 + i);
		bits |= w->n_alerts > before ? 1U << i : 0;
	}
	return bits;
}

static void a_filter_joins_its_condition(void **state)
{
	static const struct {
		const char *filter;
		unsigned hosts;
	} rows[] = {
		{ "", 3 },
		{ FILTER("  rules: [a]\n  hmi: {source.ip: 10.0.0.2}\n  condition: not hmi\n"), 2 },
		{ FILTER("  rules: [a]\n  selection: {source.ip: 10.0.0.2}\n"
			 "  condition: selection\n"),
		  1 },
		{ FILTER("  rules: any\n  hmi: {source.ip: 10.0.0.2}\n  condition: not hmi\n"), 2 },
		{ FILTER("  rules: [b]\n  hmi: {source.ip: 10.0.0.2}\n  condition: not hmi\n"), 3 },
		{ FILTER("  rules: [a]\n  hmi: {source.ip: 10.0.0.2}\n  condition: not hmi\n")
		      FILTER("  rules: [a]\n  x: {source.ip: 10.0.0.3}\n  condition: not x\n"),
		  0 },
		{ "---\ntitle: f\nlogsource: {category: ot, product: weir, service: "
		  "dnp3}\nfilter:\n"
		  "  rules: any\n  x: {source.ip|exists: true}\n  condition: not x\n",
		  3 },
		{ "---\ntitle: f\nlogsource: {category: process_creation}\nfilter:\n"
		  "  rules: [a]\n  x: {User: y}\n  condition: not x\n",
		  3 },
	};
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[2048];

		snprintf(text, sizeof(text), "%s---\n%s%s", RULE("a", ""),
			 "title: b\nname: b\nlogsource: {category: ot, product: weir}\n"
			 "detection:\n  s: {weir.modbus.function_code: 99}\n  condition: s\n",
			 rows[i].filter);
		if (raised(&w, text) != rows[i].hosts) {
			fail_msg("row %zu", i);
		}
		world_unload(&w);
	}
	world_end(&w);
}

/* A filter on the rule that a correlation counts keeps events from being counted. */
static void a_filter_reaches_correlations(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(
	    &w, RULE("a",
		     "") "---\ntitle: c\nname: c\ncorrelation: {type: event_count, rules: [a], "
			 "timespan: 1m, condition: {gte: 2}}\n" FILTER(
			     "  rules: [a]\n  hmi: {source.ip: 10.0.0.2}\n  condition: not hmi\n"));
	assert_string_equal(w.problems, "");
	assert_int_equal(w.counts.filters, 1);
	world_start(&w);
	judge_from(&w, 0x0a000002);
	judge_from(&w, 0x0a000002);
	judge_from(&w, 0x0a000003);
	assert_int_equal(w.n_alerts, 0);
	judge_from(&w, 0x0a000003);
	assert_int_equal(w.n_alerts, 1);
	world_end(&w);
}

static void a_filter_changes_the_hash(void **state)
{
	char before[17];
	size_t rule = 9;
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, RULE("a", ""));
	snprintf(before, sizeof(before), "%s", rule_set_hash(w.set));
	world_unload(&w);
	world_load(&w, RULE("a", "") FILTER("  rules: [a]\n  x: {source.port: 1}\n"
					    "  condition: not x\n"));
	assert_string_not_equal(before, rule_set_hash(w.set));
	assert_int_equal(rule_find(w.set, "a", &rule), 0);
	assert_int_equal(rule, 0);
	assert_int_equal(w.set->rules[0]->filters.n, 1);
	assert_string_equal(w.set->rules[0]->filters.items[0], "Not the HMI");
	world_end(&w);
}

static void wrong_filters_are_told(void **state)
{
	static const struct {
		const char *filter, *problem;
	} rows[] = {
		{ FILTER("  rules: [zz]\n  x: {source.port: 1}\n  condition: not x\n"),
		  "no usable rule has the id or name 'zz'" },
		{ FILTER("  x: {source.port: 1}\n  condition: not x\n"), "a filter needs rules" },
		{ FILTER("  rules: [a]\n  x: {source.port: 1}\n"), "has no condition" },
		{ FILTER("  rules: [a]\n  x: {nix: 1}\n  condition: not x\n"), "unknown field" },
		{ "---\ntitle: f\nfilter:\n  rules: [a]\n  x: {source.port: 1}\n"
		  "  condition: not x\n",
		  "a filter needs a logsource" },
		{ "---\ntitle: f\nlogsource: {category: ot, product: weir, service: "
		  "dnp3}\nfilter:\n"
		  "  rules: [a]\n  x: {source.port: 1}\n  condition: not x\n",
		  "looks at other records" },
		{ "---\ntitle: c\nname: c\ncorrelation: {type: event_count, rules: [a], timespan: "
		  "1m, "
		  "condition: {gte: 2}}\n" FILTER(
		      "  rules: [c]\n  x: {source.port: 1}\n  condition: not x\n"),
		  "is a correlation" },
	};
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[2048];

		snprintf(text, sizeof(text), "%s%s", RULE("a", ""), rows[i].filter);
		world_load(&w, text);
		if (strstr(w.problems, rows[i].problem) == NULL) {
			fail_msg("row %zu: %s", i, w.problems);
		}
		assert_int_equal(w.counts.errors, 1);
		world_unload(&w);
	}
	world_end(&w);
}

/* ---- placeholders ---- */

static char placeholders[] = "/tmp/weir_placeholders_XXXXXX";

static void write_placeholders(const char *text)
{
	int file;

	strcpy(placeholders, "/tmp/weir_placeholders_XXXXXX");
	file = mkstemp(placeholders);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
}

static const char *with_selection(char *out, size_t size, const char *selection)
{
	snprintf(out, size,
		 "title: a\nname: a\nlogsource: {category: ot, product: weir}\ndetection:\n"
		 "  s: {%s}\n  condition: s\n",
		 selection);
	return out;
}

static void placeholders_stand_for_values(void **state)
{
	static const struct {
		const char *selection;
		unsigned hosts;
	} rows[] = {
		{ "'source.ip|expand': '%hmi%'", 1 },
		{ "'source.ip|expand': ['%hmi%', 10.0.0.3]", 3 },
		{ "'source.ip|cidr|expand': '%plant%'", 3 },
		{ "'source.ip|expand': '%both%'", 3 },
		{ "'source.ip|expand|neq': '%hmi%'", 2 },
		{ "'source.ip|expand': '10.0.%third%.%fourth%'", 3 },
		{ "'weir.modbus.function_code|gte|expand': '%six%'", 3 },
		{ "'weir.modbus.function_code|gt|expand': '%six%'", 0 },
		{ "'source.mac|contains|expand': '%none-such-text%'", 0 },
		{ "'message|contains|expand': '100 %'", 0 },
	};
	struct world w;

	(void)state;
	write_placeholders("hmi: 10.0.0.2\nplant: [10.0.0.0/24, 192.168.0.0/16]\n"
			   "both: [10.0.0.2, 10.0.0.3]\nthird: [0, 1]\nfourth: [2, 3, 4]\nsix: 6\n"
			   "none-such-text: 'zz'\n");
	world_begin(&w);
	w.placeholders = placeholders;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[512];

		if (raised(&w, with_selection(text, sizeof(text), rows[i].selection)) !=
		    rows[i].hosts) {
			fail_msg("%s", rows[i].selection);
		}
		world_unload(&w);
	}
	unlink(placeholders);
	world_end(&w);
}

static void wrong_placeholders_are_told(void **state)
{
	static const struct {
		const char *file, *selection, *problem;
	} rows[] = {
		{ "a: 1\n", "'source.ip|expand': '%b%'", "what the placeholder '%b%' stands for" },
		{ "a: 1\n", "'source.ip|expand': '%a%'", "'1' can never match" },
		{ "a: {b: 1}\n", "'source.ip|expand': 10.0.0.1", "a value or a list of values" },
		{ "- a\n", "'source.ip|expand': 10.0.0.1", "placeholders are a map" },
		{ "a: [\n", "'source.ip|expand': 10.0.0.1", "weir_placeholders" },
		{ "a: 1\n", "'source.ip|expand': null", "expand is for texts" },
		{ "a: [1,2,3,4,5,6,7,8,9,10,11,12]\n", "'message|expand': '%a%%a%%a%%a%'",
		  "more than 10000 values" },
	};
	struct world w;

	(void)state;
	world_begin(&w);
	w.placeholders = placeholders;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[512];

		write_placeholders(rows[i].file);
		world_load(&w, with_selection(text, sizeof(text), rows[i].selection));
		if (strstr(w.problems, rows[i].problem) == NULL) {
			fail_msg("row %zu: %s", i, w.problems);
		}
		assert_true(w.counts.errors >= 1);
		unlink(placeholders);
		world_unload(&w);
	}
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filter_joins_its_condition),
		cmocka_unit_test(a_filter_reaches_correlations),
		cmocka_unit_test(a_filter_changes_the_hash),
		cmocka_unit_test(wrong_filters_are_told),
		cmocka_unit_test(placeholders_stand_for_values),
		cmocka_unit_test(wrong_placeholders_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
