/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Another rule set while the engine runs: what did not change goes on. */

#include "capture/base/time_zone.h"
#include "tests/unit/rule_world.h"

#define RULE(name, code)                                                                          \
	"title: " name "\nname: " name "\nlogsource: {category: ot, product: weir}\ndetection:\n" \
	"  s: {weir.modbus.function_code: " code "}\n  condition: s\n---\n"
#define COUNT(least)                                                       \
	"title: c\nname: c\ncorrelation: {type: event_count, rules: [a], " \
	"group-by: [source.ip], timespan: 1h, condition: {gte: " least "}}\n---\n"

/* Has the engine judge by the text; the old set goes. */
static void use(struct world *w, const char *text)
{
	struct rule_set *old = w->set;

	world_load(w, text);
	assert_string_equal(w->problems, "");
	assert_int_equal(rule_engine_use(w->engine, w->set), 0);
	rule_set_free(old);
}

static void hit_times(void *context, const char *id, const char *title, enum alert_level level,
		      uint64_t hits)
{
	(void)title, (void)level;
	if (strcmp(id, "a") == 0) {
		*(uint64_t *)context = hits;
	}
}

static void begin(struct world *w, const char *text)
{
	world_begin(w);
	world_load(w, text);
	assert_string_equal(w->problems, "");
	world_start(w);
}

static void windows_of_unchanged_rules_go_on(void **state)
{
	uint64_t hits = 0;
	struct world w;

	(void)state;
	begin(&w, RULE("a", "6") COUNT("3"));
	world_modbus(&w, OPERATION_WRITE, 6);
	world_modbus(&w, OPERATION_WRITE, 6);
	/* Further rules before and behind it give all of them other numbers. */
	use(&w, RULE("x", "1") RULE("y", "2") RULE("a", "6") COUNT("3") RULE("z", "3"));
	assert_int_equal(w.n_alerts, 0);
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 1);
	assert_string_equal(w.alerts[0].rule_id, "c");
	rule_engine_hits(w.engine, hit_times, &hits);
	assert_int_equal(hits, 3);
	world_end(&w);
}

/* Another set brings its own time zone; that of the old one is gone. */
static void hours_are_those_of_the_new_set(void **state)
{
	static const char *const zones[] = { "Europe/Berlin", "UTC", "Asia/Kolkata" };
	static const char rule[] = "title: a\nname: a\nlogsource: {category: ot, product: weir}\n"
				   "detection:\n  s: {'@timestamp|hour': 11}\n  condition: s\n";
	uint64_t expected = 0;
	struct world w;

	(void)state;
	begin(&w, rule); /* it is 10:12 UTC, 11:12 in Berlin */
	for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
		struct rule_set *old = w.set;
		struct time_zone *zone;

		world_load(&w, rule);
		assert_int_equal(time_zone_read(&zone, zones[i], NULL), 0);
		rule_set_use_time_zone(w.set, zone);
		assert_int_equal(rule_engine_use(w.engine, w.set), 0);
		rule_set_free(old);
		world_modbus(&w, OPERATION_WRITE, 6);
		expected += i == 0;
		assert_int_equal(rule_engine_counters(w.engine).hits, expected);
	}
	world_end(&w);
}

static void windows_of_changed_rules_begin_anew(void **state)
{
	static const char *const texts[] = {
		RULE("a", "6") COUNT("4"),       /* the correlation itself */
		RULE("a", "[6, 99]") COUNT("3"), /* what it counts */
	};
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		begin(&w, RULE("a", "6") COUNT("3"));
		world_modbus(&w, OPERATION_WRITE, 6);
		world_modbus(&w, OPERATION_WRITE, 6);
		use(&w, texts[i]);
		for (size_t k = 0; k < 2; k++) {
			world_modbus(&w, OPERATION_WRITE, 6);
			assert_int_equal(w.n_alerts, 0);
		}
		world_modbus(&w, OPERATION_WRITE, 6);
		assert_int_equal(w.n_alerts, i);
		world_end(&w);
	}
}

static void open_alerts_go_on(void **state)
{
	struct world w;

	(void)state;
	begin(&w, RULE("b", "5") RULE("a", "6"));
	for (unsigned i = 0; i < 9; i++) {
		world_modbus(&w, OPERATION_WRITE, 6);
	}
	use(&w, RULE("a", "6"));
	assert_int_equal(w.n_alerts, 1);
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 2);
	assert_string_equal(w.alerts[1].action, "alert-updated");
	assert_string_equal(w.alerts[1].alert_id, w.alerts[0].alert_id);
	assert_int_equal(json_value_int(w.alerts[1].json, "weir.alert.count", 0), 10);
	assert_string_equal(json_value_text(w.alerts[1].json, "weir.rule_set.hash"),
			    rule_set_hash(w.set));
	world_end(&w);
}

static void alerts_of_rules_that_are_gone_are_closed(void **state)
{
	struct world w;

	(void)state;
	begin(&w, RULE("a", "6") RULE("b", "5"));
	world_modbus(&w, OPERATION_WRITE, 6);
	world_modbus(&w, OPERATION_WRITE, 6);
	use(&w, RULE("b", "5"));
	assert_int_equal(w.n_alerts, 2);
	assert_string_equal(w.alerts[1].action, "alert-closed");
	assert_string_equal(w.alerts[1].rule_id, "a");
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 2);
	world_modbus(&w, OPERATION_WRITE, 5);
	assert_int_equal(w.n_alerts, 3);
	world_end(&w);
}

static void note(void *context, const char *id, const char *what)
{
	char *text = context;

	sprintf(text + strlen(text), "%s %s; ", id, what);
}

static void differences_are_told(void **state)
{
	struct rule_set *old;
	char text[256] = "";
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, RULE("a", "6") RULE("b", "5") RULE("d", "4"));
	old = w.set;
	world_load(&w, RULE("d", "4") RULE("c", "1") RULE("b", "7"));
	rule_set_differences(old, w.set, note, text);
	assert_string_equal(text, "a removed; b changed; c added; ");
	rule_set_free(old);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_of_unchanged_rules_go_on),
		cmocka_unit_test(windows_of_changed_rules_begin_anew),
		cmocka_unit_test(hours_are_those_of_the_new_set),
		cmocka_unit_test(open_alerts_go_on),
		cmocka_unit_test(alerts_of_rules_that_are_gone_are_closed),
		cmocka_unit_test(differences_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
