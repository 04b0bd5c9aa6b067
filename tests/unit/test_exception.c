/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/exceptions.h"
#include "tests/unit/rule_world.h"

#define RULES                                                                                  \
	"title: Modbus write\nid: 929a690e-bef0-4204-a928-ef5e620d6fcc\nlevel: high\n"         \
	"name: write\ntags: [attack.t0855]\n"                                                  \
	"logsource: {category: ot, product: weir, service: modbus}\n"                          \
	"detection:\n  s: {weir.modbus.function_code: [6, 16]}\n  condition: s\n"              \
	"---\ntitle: Many writes\nid: 2b8d4c34-93fa-4d4b-84d9-1f3d7fbb0b0f\nlevel: critical\n" \
	"correlation:\n  type: event_count\n  rules: [write]\n  group-by: [source.ip]\n"       \
	"  timespan: 1h\n  condition: {gte: 3}\ngenerate: true\n"                              \
	"---\ntitle: Exception over\nid: 7f0f7584-5e60-4bb7-a059-e960af0abf60\nlevel: low\n"   \
	"logsource: {category: ot, product: weir, service: sensor}\n"                          \
	"detection:\n  s: {weir.sensor.event: exception_expired}\n  condition: s\n"

#define SIGNED "  owner: eva\n  reason: test\n  expires: 2026-12-31\n"

struct exception_world {
	struct world world;
	struct rule_exceptions *exceptions;
	unsigned errors;
	char said[512];
};

static void judge_own(void *context, const struct event *event)
{
	struct exception_world *e = context;

	rule_engine_event(e->world.engine, event);
}

static void read_file(struct exception_world *e, const char *text)
{
	char path[] = "/tmp/weir_rule_XXXXXX";
	int file = mkstemp(path);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	e->world.problems[0] = '\0';
	assert_int_equal(rule_exceptions_load(&e->exceptions, path, e->world.set, world_hear,
					      &e->world, &e->errors),
			 0);
	unlink(path);
}

static void begin(struct exception_world *e, const char *text)
{
	struct rule_engine_options options;
	struct world *w = &e->world;

	memset(e, 0, sizeof(*e));
	world_begin(w);
	world_load(w, RULES);
	assert_string_equal(w->problems, "");
	options = world_options(w);
	options.on_event = judge_own;
	assert_int_equal(rule_engine_new(&w->engine, w->set, &options), 0);
	read_file(e, text);
}

/* The file is right, and in force. */
static void start(struct exception_world *e, const char *text)
{
	begin(e, text);
	assert_string_equal(e->world.problems, "");
	assert_non_null(e->exceptions);
	assert_int_equal(rule_engine_exceptions(e->world.engine, e->exceptions), 0);
}

static void end(struct exception_world *e)
{
	e->world.engine = rule_engine_free(e->world.engine);
	rule_exceptions_free(e->exceptions);
	world_end(&e->world);
}

static void write_once(struct exception_world *e)
{
	world_modbus(&e->world, OPERATION_WRITE, 6);
}

static uint64_t held(const struct exception_world *e)
{
	return rule_engine_counters(e->world.engine).held;
}

/* Alerts of the plain rule that were opened so far. */
static unsigned opened(const struct exception_world *e, const char *title)
{
	unsigned n = 0;

	for (size_t i = 0; i < e->world.n_alerts; i++) {
		n += strcmp(json_value_text(e->world.alerts[i].json, "rule.name"), title) == 0 &&
		     strcmp(e->world.alerts[i].action, "alert-opened") == 0;
	}
	return n;
}

static void holds_back_and_counts(void **state)
{
	struct exception_world e;

	(void)state;
	start(&e, "- name: a\n  rules: write\n  action: suppress\n" SIGNED);
	for (int i = 0; i < 3; i++) {
		write_once(&e);
	}
	assert_int_equal(opened(&e, "Modbus write"), 0);
	/* Correlations count what is held back. */
	assert_int_equal(opened(&e, "Many writes"), 1);
	assert_string_equal(json_value_text(e.world.alerts[0].json, "weir.exceptions.hash"),
			    rule_exceptions_hash(e.exceptions));
	assert_int_equal(held(&e), 3);
	assert_int_equal(rule_engine_counters(e.world.engine).hits, 4);
	/* Without the file everything is as before. */
	assert_int_equal(rule_engine_exceptions(e.world.engine, NULL), 0);
	write_once(&e);
	assert_int_equal(opened(&e, "Modbus write"), 1);
	assert_null(json_value_text(e.world.alerts[1].json, "weir.exceptions.hash"));
	end(&e);
}

static void hides_from_correlations(void **state)
{
	struct exception_world e;

	(void)state;
	start(&e, "- name: a\n  rules: [Modbus*]\n  action: suppress\n"
		  "  correlations: false\n" SIGNED);
	for (int i = 0; i < 5; i++) {
		write_once(&e);
	}
	assert_int_equal(e.world.n_alerts, 0);
	assert_int_equal(held(&e), 5);
	end(&e);
}

static void changes_the_level(void **state)
{
	struct exception_world e;
	const struct json_value *a;

	(void)state;
	start(&e, "- name: known station\n  tags: [attack.t0855]\n  action: level\n  level: low\n"
		  "  assets: {source: 10.0.0.0/24}\n" SIGNED);
	write_once(&e);
	a = e.world.alerts[0].json;
	assert_string_equal(json_value_text(a, "weir.level"), "low");
	assert_int_equal(json_value_int(a, "event.severity", 0), 21);
	assert_string_equal(json_value_text(a, "weir.exception.name"), "known station");
	assert_string_equal(json_value_text(a, "weir.exception.level"), "high");
	assert_int_equal(e.world.alerts[0].level, LEVEL_LOW);
	assert_int_equal(rule_engine_counters(e.world.engine).alerts[LEVEL_LOW], 1);
	/* The same rule without the exception is another alert. */
	assert_int_equal(rule_engine_exceptions(e.world.engine, NULL), 0);
	write_once(&e);
	assert_int_equal(opened(&e, "Modbus write"), 2);
	assert_string_equal(json_value_text(e.world.alerts[1].json, "weir.level"), "high");
	end(&e);
}

static void the_first_that_applies_decides(void **state)
{
	struct exception_world e;

	(void)state;
	start(&e, "- name: other\n  rules: write\n  action: suppress\n"
		  "  assets: {source: 10.0.0.9}\n" SIGNED
		  "- name: one\n  rules: write\n  action: level\n  level: medium\n"
		  "  assets: {either: 02:00:00:00:00:01}\n" SIGNED
		  "- name: two\n  rules: write\n  action: suppress\n" SIGNED);
	write_once(&e);
	assert_int_equal(held(&e), 0);
	assert_string_equal(json_value_text(e.world.alerts[0].json, "weir.exception.name"), "one");
	end(&e);
}

static void knows_assets_by_their_fields(void **state)
{
	struct exception_world e;
	struct record head;

	(void)state;
	start(&e, "- name: a\n  rules: write\n  action: suppress\n"
		  "  assets: {source: [role=hmi, 'name=ES-*']}\n"
		  "  detection: {s: {weir.unit_id|gte: 2}, condition: s}\n" SIGNED);
	for (unsigned i = 0; i < 4; i++) {
		head = world_head(&e.world, OPERATION_WRITE);
		world_open(&e.world, &head);
		world_put_uint(&e.world, "weir.modbus.function_code", 6);
		world_put_uint(&e.world, "weir.unit_id", i == 3 ? 1 : 2);
		world_put_text(&e.world, i == 0 ? "weir.source.role" : "weir.source.name",
			       i == 0   ? "HMI"
			       : i == 1 ? "es-7"
			       : i == 2 ? "xes-7"
					: "es-7");
		world_judge(&e.world);
		/* The third is nobody we know, the fourth another unit. */
		assert_int_equal(held(&e), i == 0 ? 1 : 2);
	}
	end(&e);
}

static void counts_to_a_threshold(void **state)
{
	struct exception_world e;

	(void)state;
	start(&e, "- name: a\n  rules: write\n  action: threshold\n"
		  "  threshold: {count: 3, timespan: 10m, by: source}\n" SIGNED);
	write_once(&e);
	e.world.now += 9 * NS_PER_MINUTE;
	write_once(&e);
	e.world.now += NS_PER_MINUTE; /* the first is 10 minutes old: out */
	write_once(&e);
	assert_int_equal(opened(&e, "Modbus write"), 0);
	e.world.now += NS_PER_MINUTE;
	write_once(&e);
	assert_int_equal(opened(&e, "Modbus write"), 1);
	assert_int_equal(held(&e), 3);
	end(&e);
}

static void limits_alerts(void **state)
{
	struct exception_world e;

	(void)state;
	start(&e, "- name: a\n  rules: write\n  action: threshold\n"
		  "  threshold: {limit: 1, timespan: 1h}\n" SIGNED);
	for (int i = 0; i < 6; i++) {
		write_once(&e);
		e.world.now += 20 * NS_PER_MINUTE;
	}
	assert_int_equal(opened(&e, "Modbus write"), 2);
	assert_int_equal(held(&e), 4);
	end(&e);
}

/* WORLD_START is Thursday, 10:12:33 UTC. */
static void keeps_hours(void **state)
{
	static const struct {
		const char *when;
		bool holds;
	} rows[] = {
		{ "{days: [thu]}", true },
		{ "{days: [mon, tue, wed, fri, sat, sun]}", false },
		{ "{time: '10:12-10:13'}", true },
		{ "{time: '10:13-10:12'}", false },
		{ "{time: '09:00-10:12'}", false },
		{ "{time: '10:12-24:00'}", true },
		{ "{time: '22:00-10:13', days: [wed]}", true }, /* began the day before */
		{ "{time: '22:00-10:13', days: [thu]}", false },
		{ "{time: '05:12-05:13', offset: '-05:00'}", true },
		{ "{days: fri, offset: '+14:00'}", true },
		{ "{days: [thu], offset: Z}", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct exception_world e;
		char text[512];

		snprintf(text, sizeof(text),
			 "- name: a\n  rules: write\n  action: suppress\n  when: %s\n%s",
			 rows[i].when, SIGNED);
		start(&e, text);
		write_once(&e);
		if ((held(&e) == 1) != rows[i].holds) {
			fail_msg("%s", rows[i].when);
		}
		end(&e);
	}
}

static void tell(void *context, const struct rule_exception_info *info)
{
	struct exception_world *e = context;
	size_t n = strlen(e->said);

	snprintf(e->said + n, sizeof(e->said) - n, "%s %s %llu/%llu %s\n", info->name,
		 info->expired ? "expired" : "active", (unsigned long long)info->held,
		 (unsigned long long)info->hits, info->last == TIME_NONE ? "never" : "used");
}

static void expires_and_says_so_once(void **state)
{
	struct exception_world e;
	struct rule_exceptions *second;

	(void)state;
	start(&e, "- name: short\n  rules: write\n  action: suppress\n  owner: eva\n"
		  "  reason: commissioning\n  expires: 2026-01-15\n"
		  "- name: over\n  rules: write\n  action: suppress\n  owner: eva\n"
		  "  reason: long ago\n  expires: 2025-02-28\n");
	rule_engine_tick(e.world.engine, WORLD_START);
	assert_int_equal(opened(&e, "Exception over"), 1);
	assert_string_equal(json_value_text(e.world.alerts[0].json, "weir.exception.name"), "over");
	write_once(&e);
	assert_int_equal(held(&e), 1);
	/* 14 h later it is the 16th. */
	e.world.now += 14 * NS_PER_HOUR;
	rule_engine_tick(e.world.engine, e.world.now);
	write_once(&e);
	assert_int_equal(held(&e), 1);
	assert_int_equal(opened(&e, "Modbus write"), 1);
	assert_int_equal(opened(&e, "Exception over"), 2);
	assert_string_equal(json_value_text(e.world.alerts[1].json, "weir.exception.reason"),
			    "commissioning");
	rule_engine_tick(e.world.engine, e.world.now + NS_PER_S);
	assert_int_equal(opened(&e, "Exception over"), 2);
	rule_engine_exceptions_each(e.world.engine, tell, &e);
	assert_string_equal(e.said, "short expired 1/1 used\nover expired 0/0 never\n");
	/* Prolonged: counts stay, and it applies again. */
	second = e.exceptions;
	read_file(&e, "- name: short\n  rules: write\n  action: suppress\n" SIGNED);
	assert_non_null(e.exceptions);
	assert_int_equal(rule_engine_exceptions(e.world.engine, e.exceptions), 0);
	rule_exceptions_free(second);
	write_once(&e);
	e.said[0] = '\0';
	rule_engine_exceptions_each(e.world.engine, tell, &e);
	assert_string_equal(e.said, "short active 2/2 used\n");
	end(&e);
}

static void tells_every_mistake(void **state)
{
	static const struct {
		const char *text, *problems;
	} rows[] = {
		{ "- name: a\n  rules: [write, nobody]\n  action: suppress\n  owner: eva\n",
		  "1:3: an exception needs reason: why it was made\n"
		  "2:18: 'nobody': no loaded rule has this id, name or title\n"
		  "1:3: an exception needs expires: its last day, YYYY-MM-DD\n" },
		{ "- name: a\n  rules: write\n  action: hide\n  expires: 2026-02-30\n"
		  "  owner: ''\n  reason: x\n  colour: red\n",
		  "7:3: unknown key 'colour'\n"
		  "5:10: an exception needs owner: who answers for it\n"
		  "3:11: action must be suppress, threshold or level\n"
		  "4:12: expires must be the last day on which it applies: YYYY-MM-DD\n" },
		{ "- name: a\n  action: suppress\n" SIGNED,
		  "1:3: an exception needs rules, levels or tags (rules: '*' is all)\n" },
		{ "- name: a\n  rules: '*'\n  action: level\n" SIGNED,
		  "3:11: action 'level' and the key of its name go together: threshold with "
		  "threshold, level with level, suppress with neither\n" },
		{ "- name: a\n  rules: '*'\n  action: threshold\n"
		  "  threshold: {count: 1, timespan: 5y, by: day}\n" SIGNED,
		  "4:22: count must be a number from 2 to 1000\n"
		  "4:35: timespan must be a number and s, m, h or d, at most 366d\n"
		  "4:43: by must be rule, source, destination or both\n" },
		{ "- name: a\n  rules: '*'\n  action: suppress\n"
		  "  assets: {source: [10.0.0.300, 'colour=red'], peer: 10.0.0.1}\n" SIGNED,
		  "4:48: unknown key 'peer'\n"
		  "4:21: '10.0.0.300' is no address, no network such as 10.1.0.0/16, and no "
		  "KEY=VALUE\n"
		  "4:33: 'colour=red': no asset has 'colour' (name, role, type, level, vendor, "
		  "zone...: what follows weir.source. in weir fields)\n" },
		{ "- name: a\n  rules: '*'\n  action: suppress\n"
		  "  when: {days: [thu, someday], time: '10:00-10:60', offset: 5}\n" SIGNED,
		  "4:22: a day must be mon, tue, wed, thu, fri, sat or sun\n"
		  "4:38: time must be two times of the day: '22:00-04:30'\n"
		  "4:61: offset must be the clock's from UTC: '+01:00'\n" },
		{ "- name: a\n  rules: '*'\n  action: suppress\n"
		  "  detection: {s: {weir.colour: red}, condition: s}\n" SIGNED,
		  "4:19: unknown field 'weir.colour' (weir fields lists all)\n" },
		{ "- name: a\n  rules: '*'\n  action: suppress\n" SIGNED
		  "- name: a\n  rules: '*'\n  action: suppress\n" SIGNED,
		  "7:9: the exception in line 1 is called 'a' already\n" },
		{ "name: a\n", "1:1: exceptions must be a list\n" },
		{ "- 3\n", "1:3: an exception must be a map with name, rules, action, owner, "
			   "reason and expires\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct exception_world e;

		begin(&e, rows[i].text);
		assert_string_equal(e.world.problems, rows[i].problems);
		assert_null(e.exceptions);
		assert_true(e.errors > 0);
		end(&e);
	}
}

static void an_empty_file_is_none(void **state)
{
	struct exception_world e;

	(void)state;
	start(&e, "# nothing yet\n");
	assert_int_equal(rule_exceptions_count(e.exceptions), 0);
	write_once(&e);
	assert_int_equal(opened(&e, "Modbus write"), 1);
	end(&e);
}

/* More groups than there is room for: the oldest go, and nothing breaks. */
static void groups_are_capped(void **state)
{
	struct exception_world e;
	struct record head;

	(void)state;
	start(&e, "- name: a\n  rules: write\n  action: threshold\n"
		  "  threshold: {count: 1000, timespan: 1d, by: both}\n" SIGNED);
	for (uint32_t i = 0; i < 2000; i++) {
		head = world_head(&e.world, OPERATION_WRITE);
		head.source.ip = ip_from_v4(0x0b000000 + i);
		world_open(&e.world, &head);
		world_put_uint(&e.world, "weir.modbus.function_code", 6);
		world_judge(&e.world);
	}
	assert_int_equal(held(&e), 2000);
	end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_back_and_counts),
		cmocka_unit_test(hides_from_correlations),
		cmocka_unit_test(changes_the_level),
		cmocka_unit_test(the_first_that_applies_decides),
		cmocka_unit_test(knows_assets_by_their_fields),
		cmocka_unit_test(counts_to_a_threshold),
		cmocka_unit_test(limits_alerts),
		cmocka_unit_test(keeps_hours),
		cmocka_unit_test(expires_and_says_so_once),
		cmocka_unit_test(tells_every_mistake),
		cmocka_unit_test(an_empty_file_is_none),
		cmocka_unit_test(groups_are_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
