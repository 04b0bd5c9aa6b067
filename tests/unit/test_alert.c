/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "tests/unit/rule_world.h"

#define RULE                                                                           \
	"title: Modbus write\nid: 929a690e-bef0-4204-a928-ef5e620d6fcc\nlevel: high\n" \
	"author: The Weir authors\ndate: 2026-01-02\nmodified: 2026-02-03\n"           \
	"references: [https://example.org/a]\n"                                        \
	"tags: [attack.t0855, attack.t0836, iec62443.sr-2.1, iso27001.a-8.16]\n"       \
	"logsource: {category: ot, product: weir, service: modbus}\n"                  \
	"detection:\n  s: {weir.modbus.function_code: [6, 16]}\n  condition: s\n"

static void load(struct world *w, const char *text)
{
	world_begin(w);
	world_load(w, text);
	assert_string_equal(w->problems, "");
	world_start(w);
}

static void is_an_ecs_document(void **state)
{
	const struct json_value *a;
	struct record head;
	struct world w;

	(void)state;
	load(&w, RULE);
	head = world_head(&w, OPERATION_WRITE);
	world_open(&w, &head);
	world_put_uint(&w, "weir.modbus.function_code", 16);
	world_put_text(&w, "weir.source.name", "HMI-1");
	world_put_text(&w, "weir.source.role", "hmi");
	world_judge(&w);
	assert_int_equal(w.n_alerts, 1);
	a = w.alerts[0].json;
	assert_string_equal(json_value_text(a, "@timestamp"), "2026-01-15T10:12:33.000Z");
	assert_string_equal(json_value_text(a, "message"), "Modbus write: 10.0.0.2 to 10.0.0.1");
	assert_string_equal(json_value_text(a, "event.kind"), "alert");
	assert_string_equal(json_value_text(a, "event.action"), "alert-opened");
	assert_int_equal(json_value_int(a, "event.severity", 0), 73);
	assert_string_equal(json_value_text(a, "event.id"), w.alerts[0].event_id);
	assert_string_equal(json_value_text(a, "event.outcome"), "success");
	assert_int_equal(json_value_count(json_value_at(a, "event.category")), 2);
	assert_string_equal(json_value_text(a, "rule.name"), "Modbus write");
	assert_string_equal(json_value_text(a, "rule.id"), "929a690e-bef0-4204-a928-ef5e620d6fcc");
	assert_string_equal(json_value_text(a, "rule.version"), "2026-02-03");
	assert_string_equal(json_value_text(a, "threat.framework"), "MITRE ATT&CK");
	assert_int_equal(json_value_count(json_value_at(a, "threat.technique.id")), 2);
	assert_int_equal(json_value_count(json_value_at(a, "threat.technique.name")), 2);
	assert_int_equal(json_value_count(json_value_at(a, "threat.tactic.id")), 2);
	assert_string_equal(json_value_text(a, "source.ip"), "10.0.0.2");
	assert_int_equal(json_value_int(a, "source.port", 0), 50000);
	assert_string_equal(json_value_text(a, "destination.mac"), "02-00-00-00-00-01");
	assert_string_equal(json_value_text(a, "network.protocol"), "modbus");
	assert_string_equal(json_value_text(a, "weir.level"), "high");
	assert_string_equal(json_value_text(a, "weir.operation"), "write");
	assert_string_equal(json_value_text(a, "weir.source.name"), "HMI-1");
	assert_string_equal(json_value_text(a, "weir.alert.id"), w.alerts[0].alert_id);
	assert_int_equal(json_value_int(a, "weir.alert.count", 0), 1);
	assert_int_equal(json_value_count(json_value_at(a, "weir.alert.operations")), 1);
	assert_int_equal(json_value_count(json_value_at(a, "weir.iec62443.sr")), 1);
	assert_int_equal(json_value_count(json_value_at(a, "weir.iec62443.relation")), 1);
	assert_string_equal(
	    json_value_text(json_value_element(json_value_at(a, "weir.iec62443.relation"), 0), ""),
	    "challenged");
	assert_int_equal(json_value_count(json_value_at(a, "weir.iso27001.control")), 1);
	assert_int_equal(json_value_count(json_value_at(a, "weir.iso27001.reason")), 1);
	assert_string_equal(json_value_text(a, "weir.iec62443.edition"), "IEC 62443-3-3:2013");
	assert_string_equal(
	    json_value_text(a, "weir.alert.explanation"),
	    "The hmi HMI-1 (10.0.0.2) wrote values of 10.0.0.1 by modbus; the device "
	    "carried it out.");
	assert_string_equal(json_value_text(a, "weir.alert.next_step"),
			    "Ask the operator whether this was wanted, and check that the source "
			    "may write there.");
	assert_int_equal(json_value_int(a, "event.risk_score", 0), 65);
	assert_int_equal(json_value_int(a, "weir.modbus.function_code", 0), 16);
	assert_string_equal(json_value_text(a, "weir.rule_set.hash"), rule_set_hash(w.set));
	assert_string_equal(json_value_text(a, "observer.name"), "line-1");
	assert_string_equal(json_value_text(a, "ecs.version"), "9.4.0");
	world_end(&w);
}

static void a_session_is_one_alert(void **state)
{
	struct world w;

	(void)state;
	load(&w, RULE);
	for (int i = 0; i < 100; i++) {
		world_modbus(&w, OPERATION_WRITE, 6);
		w.now += NS_PER_S;
	}
	assert_int_equal(w.n_alerts, 3);
	assert_string_equal(w.alerts[0].action, "alert-opened");
	assert_string_equal(w.alerts[1].action, "alert-updated");
	assert_int_equal(json_value_int(w.alerts[1].json, "weir.alert.count", 0), 10);
	assert_int_equal(json_value_int(w.alerts[2].json, "weir.alert.count", 0), 100);
	assert_string_equal(w.alerts[1].alert_id, w.alerts[0].alert_id);
	assert_string_not_equal(w.alerts[1].event_id, w.alerts[0].event_id);
	assert_string_not_equal(w.alerts[2].event_id, w.alerts[1].event_id);
	assert_string_equal(json_value_text(w.alerts[2].json, "message"),
			    "Modbus write: 10.0.0.2 to 10.0.0.1, 100 times");
	assert_int_equal(rule_engine_counters(w.engine).alerts[LEVEL_HIGH], 1);
	assert_int_equal(rule_engine_counters(w.engine).updates, 2);
	world_end(&w);
}

static void tells_at_most_hourly(void **state)
{
	struct world w;

	(void)state;
	load(&w, RULE);
	for (int i = 0; i < 7; i++) {
		world_modbus(&w, OPERATION_WRITE, 6);
		w.now += 10 * NS_PER_MINUTE;
	}
	assert_int_equal(w.n_alerts, 2); /* the seventh is an hour after the first */
	assert_int_equal(json_value_int(w.alerts[1].json, "weir.alert.count", 0), 7);
	world_end(&w);
}

static void closes_after_the_gap(void **state)
{
	struct world w;

	(void)state;
	load(&w, RULE);
	world_modbus(&w, OPERATION_WRITE, 6);
	rule_engine_tick(w.engine, w.now + 15 * NS_PER_MINUTE);
	world_modbus(&w, OPERATION_WRITE, 6); /* still the session */
	assert_int_equal(w.n_alerts, 1);
	rule_engine_tick(w.engine, w.now + 15 * NS_PER_MINUTE);
	assert_int_equal(w.n_alerts, 1);
	rule_engine_tick(w.engine, w.now + 15 * NS_PER_MINUTE + 1);
	assert_int_equal(w.n_alerts, 2);
	assert_string_equal(w.alerts[1].action, "alert-closed");
	assert_string_equal(w.alerts[1].alert_id, w.alerts[0].alert_id);
	assert_string_equal(json_value_text(w.alerts[1].json, "source.ip"), "10.0.0.2");
	assert_int_equal(json_value_int(w.alerts[1].json, "weir.alert.count", 0), 2);
	/* A new session is a new alert; nothing is said at its end that was said before. */
	w.now += NS_PER_HOUR;
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_string_not_equal(w.alerts[2].alert_id, w.alerts[0].alert_id);
	rule_engine_tick(w.engine, w.now + NS_PER_HOUR);
	assert_int_equal(w.n_alerts, 3);
	world_end(&w);
}

static void a_hit_after_the_gap_opens_anew(void **state)
{
	struct world w;

	(void)state;
	load(&w, RULE);
	world_modbus(&w, OPERATION_WRITE, 6);
	w.now += 15 * NS_PER_MINUTE + 1;
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 2);
	assert_string_equal(w.alerts[1].action, "alert-opened");
	rule_engine_finish(w.engine);
	assert_int_equal(w.n_alerts, 2);
	world_end(&w);
}

static void the_end_of_the_input_tells_the_last_count(void **state)
{
	struct world w;

	(void)state;
	load(&w, RULE);
	for (int i = 0; i < 5; i++) {
		world_modbus(&w, OPERATION_WRITE, 6);
	}
	assert_int_equal(w.n_alerts, 1);
	rule_engine_finish(w.engine);
	assert_int_equal(w.n_alerts, 2);
	assert_string_equal(w.alerts[1].action, "alert-updated");
	assert_int_equal(json_value_int(w.alerts[1].json, "weir.alert.count", 0), 5);
	world_end(&w);
}

static void sessions_are_told_apart(void **state)
{
	struct record head;
	struct world w;

	(void)state;
	load(&w, RULE);
	world_modbus(&w, OPERATION_WRITE, 6);
	head = world_head(&w, OPERATION_WRITE);
	head.destination.ip = ip_from_v4(0x0a000063);
	world_open(&w, &head);
	world_put_uint(&w, "weir.modbus.function_code", 6);
	world_judge(&w);
	head = world_head(&w, OPERATION_WRITE);
	head.domain = 1;
	world_open(&w, &head);
	world_put_uint(&w, "weir.modbus.function_code", 6);
	world_judge(&w);
	assert_int_equal(w.n_alerts, 3);
	assert_string_not_equal(w.alerts[0].alert_id, w.alerts[1].alert_id);
	assert_string_not_equal(w.alerts[0].alert_id, w.alerts[2].alert_id);
	world_end(&w);
}

static void ids_are_stable(void **state)
{
	char alert_id[20], event_id[20];
	struct world w;

	(void)state;
	load(&w, RULE);
	world_modbus(&w, OPERATION_WRITE, 6);
	memcpy(alert_id, w.alerts[0].alert_id, sizeof(alert_id));
	memcpy(event_id, w.alerts[0].event_id, sizeof(event_id));
	world_end(&w);
	load(&w, RULE);
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_string_equal(w.alerts[0].alert_id, alert_id);
	assert_string_equal(w.alerts[0].event_id, event_id);
	assert_int_equal(strlen(alert_id), 16);
	world_end(&w);
}

static void long_evidence_is_cut(void **state)
{
	static const char *const fields[] = { "weir.test.text", "weir.target", "weir.function",
					      "weir.source.name", "weir.destination.name" };
	uint32_t numbers[RECORD_LIST_MAX];
	const char *texts[RECORD_LIST_MAX];
	char hostile[257];
	struct record head;
	struct world w;

	(void)state;
	load(&w, RULE);
	memset(hostile, 1, 256); /* six bytes each in JSON */
	hostile[256] = '\0';
	for (size_t i = 0; i < RECORD_LIST_MAX; i++) {
		numbers[i] = UINT32_MAX;
		texts[i] = "a text of thirty characters...";
	}
	head = world_head(&w, OPERATION_WRITE);
	world_open(&w, &head);
	world_put_uint(&w, "weir.modbus.function_code", 6);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		world_put_text(&w, fields[i], hostile);
	}
	record_put_uint32s(&w.writer, world_field(&w, "weir.test.numbers"), numbers, 64);
	record_put_statics(&w.writer, world_field(&w, "weir.test.texts"), texts, 64);
	world_judge(&w);
	assert_int_equal(w.n_alerts, 1);
	assert_true(w.alerts[0].length <= 4500);
	assert_true(json_value_true(w.alerts[0].json, "weir.alert.truncated"));
	assert_string_equal(json_value_text(w.alerts[0].json, "source.ip"), "10.0.0.2");
	assert_string_equal(json_value_text(w.alerts[0].json, "weir.alert.id"),
			    w.alerts[0].alert_id);
	world_end(&w);
}

static void what_changes_a_controller_is_configuration(void **state)
{
	const struct json_value *types;
	struct world w;

	(void)state;
	load(&w, RULE);
	world_modbus(&w, OPERATION_PROGRAM_DOWNLOAD, 16);
	types = json_value_at(w.alerts[0].json, "event.type");
	assert_int_equal(json_value_count(types), 2);
	world_end(&w);
}

static void open_alerts_are_capped(void **state)
{
	struct rule_engine_options options;
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(&w, RULE);
	options = world_options(&w);
	options.alerts_open_max = 2;
	assert_int_equal(rule_engine_new(&w.engine, w.set, &options), 0);
	for (uint32_t i = 0; i < 3; i++) {
		struct record head = world_head(&w, OPERATION_WRITE);

		head.source.ip = ip_from_v4(0x0a000010 + i);
		world_open(&w, &head);
		world_put_uint(&w, "weir.modbus.function_code", 6);
		world_judge(&w);
		assert_int_equal(rule_engine_counters(w.engine).alerts_evicted, i == 2);
	}
	world_end(&w);
}

static void note_hits(void *context, const char *id, const char *title, enum alert_level level,
		      uint64_t hits)
{
	assert_string_equal(id, "929a690e-bef0-4204-a928-ef5e620d6fcc");
	assert_string_equal(title, "Modbus write");
	assert_int_equal(level, LEVEL_HIGH);
	*(uint64_t *)context = hits;
}

static void hits_are_told_a_rule(void **state)
{
	uint64_t hits = 0;
	struct world w;

	(void)state;
	load(&w, RULE);
	world_modbus(&w, OPERATION_WRITE, 6);
	world_modbus(&w, OPERATION_WRITE, 16);
	world_modbus(&w, OPERATION_READ, 3);
	rule_engine_hits(w.engine, note_hits, &hits);
	assert_int_equal(hits, 2);
	world_end(&w);
}

#define ITEM_RULE                                                                          \
	"title: Write to a point\nid: 1f0c9a9e-6a05-4b0e-9d3c-8c1c5c1f7a11\nlevel: high\n" \
	"logsource: {category: ot, product: weir}\n"                                       \
	"detection:\n  s: {weir.operation: write, weir.item.address: [a, b]}\n  condition: s\n"

/* A write with three items: its own record, then one each. */
static void write_items(struct world *w)
{
	static const char *const addresses[] = { "a", "b", "c" };
	struct record head = world_head(w, OPERATION_WRITE);

	head.phase = PHASE_REQUEST;
	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", 16);
	world_judge(w);
	head.kind = RECORD_ITEM;
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		world_open(w, &head);
		world_put_uint(w, "weir.modbus.function_code", 16);
		world_put_text(w, "weir.item.address", addresses[i]);
		world_judge(w);
	}
}

static void items_are_no_further_hits_of_their_transaction(void **state)
{
	uint64_t hits = 0;
	struct world w;

	(void)state;
	load(&w, RULE);
	write_items(&w);
	rule_engine_hits(w.engine, note_hits, &hits);
	assert_int_equal(hits, 1);
	write_items(&w);
	rule_engine_hits(w.engine, note_hits, &hits);
	assert_int_equal(hits, 2);
	world_end(&w);
}

static void count(void *context, const char *id, const char *title, enum alert_level level,
		  uint64_t hits)
{
	(void)id;
	(void)title;
	(void)level;
	*(uint64_t *)context = hits;
}

static void a_rule_about_items_hits_each(void **state)
{
	uint64_t hits = 0;
	struct world w;

	(void)state;
	load(&w, ITEM_RULE);
	write_items(&w);
	rule_engine_hits(w.engine, count, &hits);
	assert_int_equal(hits, 2);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_an_ecs_document),
		cmocka_unit_test(a_session_is_one_alert),
		cmocka_unit_test(tells_at_most_hourly),
		cmocka_unit_test(closes_after_the_gap),
		cmocka_unit_test(a_hit_after_the_gap_opens_anew),
		cmocka_unit_test(the_end_of_the_input_tells_the_last_count),
		cmocka_unit_test(sessions_are_told_apart),
		cmocka_unit_test(ids_are_stable),
		cmocka_unit_test(long_evidence_is_cut),
		cmocka_unit_test(what_changes_a_controller_is_configuration),
		cmocka_unit_test(open_alerts_are_capped),
		cmocka_unit_test(hits_are_told_a_rule),
		cmocka_unit_test(items_are_no_further_hits_of_their_transaction),
		cmocka_unit_test(a_rule_about_items_hits_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
