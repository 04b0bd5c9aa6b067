/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "tests/unit/rule_world.h"

#define RULE(name)                                                             \
	"title: r\nname: " name "\nlogsource: {category: ot, product: weir}\n" \
	"detection:\n  s: {weir.modbus.function_code|gte: 1}\n  condition: s\n"
#define CORRELATION(body) "---\ntitle: c\nname: c\nlevel: high\ncorrelation:\n  rules: [a]\n" body

static uint64_t alerts_opened(const struct world *w)
{
	struct rule_engine_counters counters = rule_engine_counters(w->engine);
	uint64_t n = 0;

	for (size_t i = 0; i < LEVELS; i++) {
		n += counters.alerts[i];
	}
	return n;
}

static void load(struct world *w, const char *text)
{
	world_load(w, text);
	assert_string_equal(w->problems, "");
	world_start(w);
}

static void counts_events_in_a_sliding_window(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load(&w, RULE("a") CORRELATION("  type: event_count\n  group-by: [source.ip]\n"
				       "  timespan: 60s\n  condition: {gte: 3}\n"));
	assert_int_equal(w.counts.rules, 1);
	assert_int_equal(w.counts.correlations, 1);
	world_modbus(&w, OPERATION_WRITE, 6);
	w.now += 30 * NS_PER_S;
	world_modbus(&w, OPERATION_WRITE, 6);
	w.now += 30 * NS_PER_S; /* the first is 60 s old now: outside */
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 0);
	w.now += NS_PER_S;
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 1);
	assert_string_equal(w.alerts[0].rule_id, "c");
	assert_int_equal(w.alerts[0].level, LEVEL_HIGH);
	assert_int_equal(json_value_int(w.alerts[0].json, "weir.correlation.count", 0), 3);
	world_end(&w);
}

static void fires_again_only_after_the_condition_was_false(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load(&w, RULE("a") CORRELATION("  type: event_count\n  timespan: 10s\n"
				       "  condition: {gt: 1}\n"));
	for (int i = 0; i < 9; i++) {
		world_modbus(&w, OPERATION_WRITE, 6);
		w.now += NS_PER_S;
	}
	assert_int_equal(w.n_alerts, 1);
	world_modbus(&w, OPERATION_WRITE, 6);
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 2); /* the tenth while it holds: an update */
	assert_string_equal(w.alerts[1].action, "alert-updated");
	assert_string_equal(w.alerts[1].alert_id, w.alerts[0].alert_id);
	assert_int_equal(rule_engine_counters(w.engine).hits, 11 + 1);
	w.now += 11 * NS_PER_S;
	rule_engine_tick(w.engine, w.now);
	world_modbus(&w, OPERATION_WRITE, 6);
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(rule_engine_counters(w.engine).hits, 13 + 2);
	world_end(&w);
}

static void counts_distinct_values(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load(&w,
	     RULE("a") CORRELATION("  type: value_count\n  group-by: [source.ip]\n  timespan: 1m\n"
				   "  condition: {field: weir.modbus.function_code, gte: 3}\n"));
	for (unsigned i = 0; i < 50; i++) {
		world_modbus(&w, OPERATION_WRITE, 5 + i % 2);
	}
	assert_int_equal(w.n_alerts, 0);
	w.now += NS_PER_MINUTE; /* all values ran out */
	world_modbus(&w, OPERATION_WRITE, 7);
	assert_int_equal(w.n_alerts, 0);
	world_modbus(&w, OPERATION_WRITE, 8);
	world_modbus(&w, OPERATION_WRITE, 9);
	assert_int_equal(w.n_alerts, 1);
	assert_int_equal(json_value_int(w.alerts[0].json, "weir.correlation.count", 0), 3);
	world_end(&w);
}

static void from_host(struct world *w, uint32_t address)
{
	struct record head = world_head(w, OPERATION_WRITE);

	head.source.ip = ip_from_v4(address);
	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", 6);
	world_judge(w);
}

static void keeps_groups_apart(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load(&w, RULE("a") CORRELATION("  type: event_count\n  group-by: [source.ip]\n"
				       "  timespan: 1m\n  condition: {gte: 3}\n"));
	for (uint32_t i = 0; i < 12; i++) {
		from_host(&w, 0x0a000002 + i % 6);
	}
	assert_int_equal(w.n_alerts, 0);
	from_host(&w, 0x0a000003);
	assert_int_equal(w.n_alerts, 1);
	assert_string_equal(json_value_text(w.alerts[0].json, "source.ip"), "10.0.0.3");
	world_end(&w);
}

static void leaves_out_events_without_the_group(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load(&w, RULE("a") CORRELATION("  type: event_count\n  group-by: [weir.source.role]\n"
				       "  timespan: 1m\n  condition: {gte: 1}\n"));
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 0);
	world_end(&w);
}

struct bound_row {
	const char *condition;
	const char *fires; /* at which count, as digits */
};

static void knows_all_bounds(void **state)
{
	static const struct bound_row rows[] = {
		{ "{gte: 2}", "2" },        { "{gt: 2}", "3" },           { "{eq: 2}", "2" },
		{ "{lte: 2}", "1" },        { "{lt: 2}", "1" },           { "{neq: 1}", "2" },
		{ "{gt: 1, lte: 3}", "2" }, { "{gte: 1, neq: 2}", "13" }, { "{gte: 6}", "" },
	};
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[1024], fired[16] = "";

		snprintf(text, sizeof(text),
			 RULE("a")
			     CORRELATION("  type: event_count\n  timespan: 1m\n  condition: %s\n"),
			 rows[i].condition);
		load(&w, text);
		for (unsigned n = 1; n <= 5; n++) {
			uint64_t before = rule_engine_counters(w.engine).hits;

			world_modbus(&w, OPERATION_WRITE, 6);
			if (rule_engine_counters(w.engine).hits - before == 2) {
				size_t at = strlen(fired);

				snprintf(fired + at, sizeof(fired) - at, "%u", n);
			}
		}
		assert_string_equal(fired, rows[i].fires);
		world_unload(&w);
	}
	world_end(&w);
}

static void follows_aliases(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load(&w, "title: from\nname: a\nlogsource: {category: ot, product: weir}\ndetection:\n"
		 "  s: {weir.modbus.function_code: 1}\n  condition: s\n---\n"
		 "title: to\nname: b\nlogsource: {category: ot, product: weir}\ndetection:\n"
		 "  s: {weir.modbus.function_code: 2}\n  condition: s\n---\n"
		 "title: c\nname: c\ncorrelation:\n  type: event_count\n  rules: [a, b]\n"
		 "  group-by: [device]\n  timespan: 1m\n  condition: {gte: 2}\n"
		 "  aliases: {device: {a: source.ip, b: destination.ip}}\n");
	from_host(&w, 0x0a000001); /* code 6: no rule */
	for (unsigned code = 1; code <= 2; code++) {
		struct record head = world_head(&w, OPERATION_WRITE);

		head.source.ip = ip_from_v4(code == 1 ? 0x0a000001 : 0x0a000009);
		world_open(&w, &head);
		world_put_uint(&w, "weir.modbus.function_code", code);
		world_judge(&w);
		assert_int_equal(w.n_alerts, code - 1);
	}
	world_end(&w);
}

static void generates_alerts_of_its_own_when_told(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load(&w, RULE("a") CORRELATION("  type: event_count\n  timespan: 1m\n"
				       "  condition: {gte: 2}\ngenerate: true\n"));
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 1);
	assert_string_equal(w.alerts[0].rule_id, "a");
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(alerts_opened(&w), 2);
	world_end(&w);
}

static void counts_correlations(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	load(&w, "title: d\nname: d\ncorrelation: {type: event_count, rules: [c], timespan: 1h, "
		 "condition: {gte: 2}}\n---\n" RULE("a")
		     CORRELATION("  type: event_count\n  timespan: 1s\n  condition: {gte: 2}\n"));
	assert_int_equal(w.counts.correlations, 2);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(w.n_alerts, 0);
		world_modbus(&w, OPERATION_WRITE, 6);
		w.now += i == 1 ? NS_PER_MINUTE : 0;
	}
	assert_int_equal(w.n_alerts, 1);
	assert_string_equal(w.alerts[0].rule_id, "d");
	world_end(&w);
}

static void caps_groups(void **state)
{
	struct rule_engine_options options;
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, RULE("a") CORRELATION("  type: event_count\n  group-by: [source.ip]\n"
					     "  timespan: 1m\n  condition: {gte: 2}\n"));
	options = world_options(&w);
	options.correlation_groups_max = 4;
	assert_int_equal(rule_engine_new(&w.engine, w.set, &options), 0);
	for (uint32_t i = 0; i < 5; i++) {
		from_host(&w, 0x0a000002 + i);
		assert_int_equal(rule_engine_counters(w.engine).groups_evicted, i == 4);
	}
	from_host(&w, 0x0a000002); /* was forgotten */
	assert_int_equal(w.n_alerts, 0);
	from_host(&w, 0x0a000006); /* was not */
	assert_int_equal(w.n_alerts, 1);
	world_end(&w);
}

static void caps_entries(void **state)
{
	struct rule_engine_options options;
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, RULE("a") CORRELATION("  type: event_count\n  group-by: [source.ip]\n"
					     "  timespan: 1d\n  condition: {gte: 10000}\n"));
	options = world_options(&w);
	options.correlation_groups_max = 8; /* 128 entries over all */
	assert_int_equal(rule_engine_new(&w.engine, w.set, &options), 0);
	for (uint32_t i = 0; i < 8 * 60; i++) {
		from_host(&w, 0x0a000002 + i / 60);
	}
	assert_true(rule_engine_counters(w.engine).groups_evicted >= 6);
	world_end(&w);
}

struct wrong_row {
	const char *body, *problem;
};

static void refuses_what_is_wrong(void **state)
{
	static const struct wrong_row rows[] = {
		{ "type: near, rules: [a], timespan: 1m, condition: {gte: 1}",
		  "unknown correlation type 'near'" },
		{ "type: temporal, rules: [a], timespan: 1m",
		  "a temporal correlation has 2 to 16 rules" },
		{ "type: temporal_ordered, rules: [a, a], timespan: 1m", "stands twice" },
		{ "type: temporal, rules: [a, b], timespan: 1m", "id or name 'b'" },
		{ "type: value_sum, rules: [a], timespan: 1m, condition: {gte: 1}",
		  "value_sum needs a field" },
		{ "type: value_avg, rules: [a], timespan: 1m, condition: {field: source.ip, gte: "
		  "1}",
		  "value_avg needs a field that is a number" },
		{ "type: value_sum, rules: [a], timespan: 1m, condition: {field: "
		  "[weir.unit_id, weir.modbus.address], gte: 1}",
		  "value_sum has one field" },
		{ "type: value_percentile, rules: [a], timespan: 1m, condition: {field: "
		  "weir.unit_id, percentile: 101, gte: 1}",
		  "percentile is a number above 0" },
		{ "type: value_avg, rules: [a], timespan: 1m, condition: {field: weir.unit_id, "
		  "percentile: 9, gte: 1}",
		  "percentile is a number above 0" },
		{ "rules: [a], timespan: 1m, condition: {gte: 1}", "needs a type" },
		{ "type: event_count, timespan: 1m, condition: {gte: 1}", "needs rules" },
		{ "type: event_count, rules: [a], condition: {gte: 1}", "needs a timespan" },
		{ "type: event_count, rules: [a], timespan: 1y, condition: {gte: 1}",
		  "timespan must be" },
		{ "type: event_count, rules: [a], timespan: 1m", "needs a condition" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: {}",
		  "has no criterion" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: {ge: 1}",
		  "unknown criterion 'ge'" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: {gte: x}",
		  "gte must be a number" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: {gte: 10001}",
		  "gte must be a number" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: {field: source.ip, gte: "
		  "1}",
		  "event_count has no field" },
		{ "type: value_count, rules: [a], timespan: 1m, condition: {gte: 1}",
		  "value_count needs a field" },
		{ "type: value_count, rules: [a], timespan: 1m, condition: {field: x.y, gte: 1}",
		  "unknown field 'x.y'" },
		{ "type: event_count, rules: [zz], timespan: 1m, condition: {gte: 1}",
		  "no usable rule has the id or name 'zz'" },
		{ "type: event_count, rules: [c], timespan: 1m, condition: {gte: 1}",
		  "no usable rule has the id or name 'c'" },
		{ "type: event_count, rules: [a], group-by: [x.y], timespan: 1m, condition: {gte: "
		  "1}",
		  "unknown field 'x.y'" },
		{ "type: event_count, rules: [a], group-by: [d], aliases: {d: {b: source.ip}}, "
		  "timespan: 1m, condition: {gte: 1}",
		  "the alias 'd' says nothing" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: {gte: 1}, extra: 1",
		  "unknown word 'extra'" },
	};
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[1024];

		snprintf(text, sizeof(text),
			 RULE("a") "---\ntitle: c\nname: c\ncorrelation: {%s}\n", rows[i].body);
		world_load(&w, text);
		if (strstr(w.problems, rows[i].problem) == NULL) {
			fail_msg("%s: %s", rows[i].body, w.problems);
		}
		assert_int_equal(w.counts.errors, 1);
		assert_int_equal(w.counts.correlations, 0);
		assert_int_equal(w.set->n_rules, 1);
		world_unload(&w);
	}
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_events_in_a_sliding_window),
		cmocka_unit_test(fires_again_only_after_the_condition_was_false),
		cmocka_unit_test(counts_distinct_values),
		cmocka_unit_test(keeps_groups_apart),
		cmocka_unit_test(leaves_out_events_without_the_group),
		cmocka_unit_test(knows_all_bounds),
		cmocka_unit_test(follows_aliases),
		cmocka_unit_test(generates_alerts_of_its_own_when_told),
		cmocka_unit_test(counts_correlations),
		cmocka_unit_test(caps_groups),
		cmocka_unit_test(caps_entries),
		cmocka_unit_test(refuses_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
