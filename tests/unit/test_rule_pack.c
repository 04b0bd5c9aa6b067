/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The rule pack as it is shipped: it loads without a problem, and each rule says what it should of
 * an event made for it, and nothing of its neighbour. */

#include "tests/unit/rule_world.h"

static void load_pack(struct world *w)
{
	static const char here[] = __FILE__;
	const char *end = strstr(here, "tests/unit/");
	const char *folder = w->path;

	world_begin(w);
	snprintf(w->path, sizeof(w->path), "%.*srules/pack", (int)(end - here), here);
	assert_int_equal(rule_set_load(&w->set,
				       &(struct rule_load) { .registry = w->registry,
							     .folders = &folder,
							     .n_folders = 1,
							     .placeholders = w->placeholders,
							     .handler = world_hear,
							     .context = w },
				       &w->counts),
			 0);
	assert_string_equal(w->problems, "");
	assert_int_equal(w->counts.errors, 0);
	assert_int_equal(w->counts.skipped, 0);
	world_start(w);
}

static bool raised(const struct world *w, const char *title)
{
	for (size_t i = 0; i < w->n_alerts; i++) {
		if (strcmp(json_value_text(w->alerts[i].json, "rule.name"), title) == 0) {
			return true;
		}
	}
	return false;
}

static void every_rule_says_where_it_belongs(void **state)
{
	struct world w;

	(void)state;
	load_pack(&w);
	assert_true(w.counts.rules >= 20);
	assert_true(w.counts.correlations >= 4);
	for (size_t i = 0; i < w.set->n_rules; i++) {
		const struct rule *rule = w.set->rules[i];

		assert_non_null(rule->uuid);
		if (!rule->silent) {
			assert_true(rule->tags.n >= 2);
			assert_true(rule->references.n > 0);
			assert_non_null(rule->version);
			assert_non_null(rule->next_step);
		}
	}
	world_end(&w);
}

static void exception(struct world *w, unsigned code, unsigned exception_code, unsigned at)
{
	struct record head = world_head(w, OPERATION_READ);

	head.outcome = OUTCOME_FAILURE;
	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", code);
	world_put_uint(w, "weir.modbus.exception_code", exception_code);
	world_put_uint(w, "weir.modbus.address", at);
	world_put_uint(w, "weir.unit_id", at);
	world_judge(w);
}

static void scans_are_seen(void **state)
{
	struct world w;

	(void)state;
	load_pack(&w);
	for (unsigned i = 0; i < 20; i++) {
		exception(&w, 1 + i % 2, 1, 0);
	}
	assert_int_equal(w.n_alerts, 0);
	exception(&w, 3, 1, 0);
	assert_true(raised(&w, "Modbus Function Code Scan"));
	for (unsigned i = 0; i < 4; i++) {
		exception(&w, 3, 2, i);
	}
	assert_int_equal(w.n_alerts, 1);
	exception(&w, 3, 2, 9);
	assert_true(raised(&w, "Modbus Address Scan"));
	for (unsigned i = 1; i <= 7; i++) {
		exception(&w, 3, 11, i);
	}
	assert_int_equal(w.n_alerts, 2);
	exception(&w, 3, 10, 8);
	assert_true(raised(&w, "Modbus Unit Identifier Scan"));
	for (unsigned i = 0; i < 9; i++) {
		exception(&w, 3, 6, 0);
	}
	assert_int_equal(w.n_alerts, 3);
	exception(&w, 3, 4, 0);
	assert_true(raised(&w, "Modbus Exception Burst"));
	world_end(&w);
}

static void a_message_that_contradicts_itself_is_seen(void **state)
{
	struct world w;
	struct record head;

	(void)state;
	load_pack(&w);
	head = world_head(&w, OPERATION_READ);
	head.outcome = OUTCOME_SUCCESS;
	world_open(&w, &head);
	world_put_uint(&w, "weir.modbus.function_code", 3);
	world_judge(&w);
	assert_int_equal(w.n_alerts, 0);
	head = world_head(&w, OPERATION_READ);
	head.outcome = OUTCOME_SUCCESS;
	head.flags = RECORD_MALFORMED;
	world_open(&w, &head);
	world_put_uint(&w, "weir.modbus.function_code", 3);
	world_put_text(&w, "weir.malformed", "length");
	world_judge(&w);
	assert_true(raised(&w, "Modbus Message That Contradicts Itself"));
	world_end(&w);
}

static void unanswered(struct world *w, unsigned unit, uint8_t flags)
{
	struct record head = world_head(w, OPERATION_READ);

	head.outcome = OUTCOME_UNKNOWN;
	head.status = TRANSACTION_UNANSWERED;
	head.flags = flags;
	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", 3);
	world_put_uint(w, "weir.unit_id", unit);
	world_judge(w);
}

static void silence_counts_only_in_a_complete_capture(void **state)
{
	struct world w;

	(void)state;
	load_pack(&w);
	for (unsigned i = 0; i < 20; i++) {
		unanswered(&w, i, RECORD_ONE_SIDED);
	}
	assert_int_equal(w.n_alerts, 0);
	for (unsigned i = 0; i < 8; i++) {
		unanswered(&w, i, 0); /* unit 0 is the broadcast */
	}
	assert_int_equal(w.n_alerts, 0);
	unanswered(&w, 8, 0);
	assert_true(raised(&w, "Modbus Unit Identifier Scan"));
	world_end(&w);
}

static void polling_meets_no_rule(void **state)
{
	struct world w;

	(void)state;
	load_pack(&w);
	for (unsigned i = 0; i < 1000; i++) {
		world_modbus(&w, OPERATION_READ, 1 + i % 4);
		world_modbus(&w, OPERATION_WRITE, 16);
	}
	assert_int_equal(rule_engine_counters(w.engine).candidates, 0);
	assert_int_equal(w.n_alerts, 0);
	world_end(&w);
}

/* Not even a look at one of its fields. */
static void a_successful_read_falls_on_an_empty_cell(void **state)
{
	static const char *const protocols[] = { "cip",    "cotp", "dnp3",   "enip",
						 "modbus", "pccc", "s7comm", "umas" };
	struct world w;

	(void)state;
	load_pack(&w);
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		struct record head = world_head(&w, OPERATION_READ);

		head.protocol = world_protocol(protocols[i]);
		assert_null(rule_index_find(w.set->index, &head));
	}
	world_end(&w);
}

static void diagnostics(struct world *w, enum operation operation, unsigned subfunction)
{
	struct record head = world_head(w, operation);

	head.phase = PHASE_REQUEST;
	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", 8);
	world_put_uint(w, "weir.modbus.subfunction", subfunction);
	world_judge(w);
}

static void diagnostics_are_told_apart(void **state)
{
	struct world w;

	(void)state;
	load_pack(&w);
	diagnostics(&w, OPERATION_DIAGNOSE, 0);
	assert_int_equal(w.n_alerts, 0);
	diagnostics(&w, OPERATION_RESTART, 1);
	assert_true(raised(&w, "Modbus Restart Communications"));
	diagnostics(&w, OPERATION_MODE_CHANGE, 4);
	assert_true(raised(&w, "Modbus Force Listen Only"));
	diagnostics(&w, OPERATION_CONTROL, 10);
	assert_true(raised(&w, "Modbus Counters Cleared"));
	assert_int_equal(w.n_alerts, 3);
	world_end(&w);
}

static void vendor_functions_are_told_apart(void **state)
{
	struct world w;

	(void)state;
	load_pack(&w);
	world_modbus(&w, OPERATION_UNKNOWN, 90);
	assert_int_equal(w.n_alerts, 0);
	world_modbus(&w, OPERATION_UNKNOWN, 126);
	assert_true(raised(&w, "Modbus Vendor Programming Function"));
	world_modbus(&w, OPERATION_FIRMWARE_UPDATE, 125);
	assert_true(raised(&w, "Modbus Firmware Replacement"));
	assert_int_equal(w.alerts[1].level, LEVEL_CRITICAL);
	world_end(&w);
}

static void umas(struct world *w, enum operation operation, unsigned code, bool new_operation)
{
	struct record head = world_head(w, operation);

	head.protocol = world_protocol("umas");
	world_open(w, &head);
	world_put_uint(w, "weir.umas.function_code", code);
	record_put_bool(&w->writer, world_field(w, "weir.conversation.new_operation"),
			new_operation);
	world_judge(w);
}

static void umas_functions_are_told_apart(void **state)
{
	struct world w;

	(void)state;
	load_pack(&w);
	umas(&w, OPERATION_READ, 0x20, false);
	umas(&w, OPERATION_WRITE, 0x23, false);
	umas(&w, OPERATION_IDENTIFY, 0x02, false);
	assert_int_equal(w.n_alerts, 0);
	umas(&w, OPERATION_AUTHENTICATE, 0x10, false);
	assert_true(raised(&w, "UMAS Reservation Of A Controller"));
	umas(&w, OPERATION_STOP, 0x41, false);
	assert_true(raised(&w, "UMAS Start Or Stop Of A Controller"));
	umas(&w, OPERATION_PROGRAM_DOWNLOAD, 0x31, false);
	assert_true(raised(&w, "UMAS Program Transfer To A Controller"));
	umas(&w, OPERATION_PROGRAM_UPLOAD, 0x34, false);
	assert_true(raised(&w, "UMAS Program Transfer From A Controller"));
	umas(&w, OPERATION_WRITE, 0x23, true);
	assert_true(raised(&w, "UMAS Write By A Host That Has Not Written Before"));
	umas(&w, OPERATION_IDENTIFY, 0x02, true);
	assert_int_equal(w.n_alerts, 6);
	world_end(&w);
}

/* An operation of DNP3, with one field more if there is one. */
static void dnp3(struct world *w, enum operation operation, const char *function, const char *field,
		 const char *value)
{
	struct record head = world_head(w, operation);

	head.protocol = world_protocol("dnp3");
	world_open(w, &head);
	world_put_text(w, "weir.function", function);
	record_put_bool(&w->writer, world_field(w, "weir.learning"), true);
	if (field != NULL) {
		world_put_text(w, field, value);
	}
	world_judge(w);
}

static void dnp3_functions_are_told_apart(void **state)
{
	static const struct {
		enum operation operation;
		const char *function, *field, *value, *title;
	} rows[] = {
		{ OPERATION_RESTART, "cold_restart", NULL, NULL, "DNP3 Outstation Restart" },
		{ OPERATION_RESTART, "initialize_application", NULL, NULL,
		  "DNP3 Application Stopped Or Initialized" },
		{ OPERATION_CONFIG_WRITE, "disable_unsolicited", NULL, NULL,
		  "DNP3 Unsolicited Responses Disabled" },
		{ OPERATION_CONFIG_WRITE, "save_configuration", NULL, NULL,
		  "DNP3 Configuration Changed" },
		{ OPERATION_CONTROL, "operate", "weir.dnp3.select", "missing",
		  "DNP3 Operate Without Its Select" },
		{ OPERATION_CONTROL, "direct_operate_no_ack", NULL, NULL,
		  "DNP3 Control That Wants No Answer" },
		{ OPERATION_CONTROL, "direct_operate", "weir.dnp3.broadcast", "shall_confirm",
		  "DNP3 Command To All Outstations" },
		{ OPERATION_FILE_DELETE, "delete_file", NULL, NULL, "DNP3 File Deleted" },
		{ OPERATION_FILE_WRITE, "open_file", NULL, NULL,
		  "DNP3 File Written To An Outstation" },
		{ OPERATION_AUTHENTICATE, "authentication_response",
		  "weir.dnp3.authentication.error", "authentication_failed",
		  "DNP3 Authentication Failed" },
		{ OPERATION_DIAGNOSE, "transport_segment", "weir.dnp3.transport_error", "sequence",
		  "DNP3 Transport Segments Out Of Order" },
	};
	struct world w;

	(void)state;
	load_pack(&w);
	dnp3(&w, OPERATION_READ, "read", NULL, NULL);
	dnp3(&w, OPERATION_CONTROL, "operate", "weir.dnp3.select", "matched");
	dnp3(&w, OPERATION_CONTROL, "direct_operate", NULL, NULL);
	dnp3(&w, OPERATION_CONFIG_WRITE, "enable_unsolicited", NULL, NULL);
	dnp3(&w, OPERATION_TIME_SET, "write", "weir.dnp3.broadcast", "dont_confirm");
	dnp3(&w, OPERATION_SESSION, "confirm", NULL, NULL);
	assert_int_equal(w.n_alerts, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		dnp3(&w, rows[i].operation, rows[i].function, rows[i].field, rows[i].value);
		assert_int_equal(w.n_alerts, i + 1);
		assert_true(raised(&w, rows[i].title));
	}
	world_end(&w);
}

static void new_operations_are_seen(void **state)
{
	static const struct {
		enum operation operation;
		unsigned code;
		const char *title;
	} rows[] = {
		{ OPERATION_WRITE, 6, "Modbus Write By A Host That Has Not Written Before" },
		{ OPERATION_IDENTIFY, 43,
		  "Modbus Device Identification By A Host That Has Not Asked Before" },
	};
	struct world w;

	(void)state;
	load_pack(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct record head = world_head(&w, rows[i].operation);

		world_open(&w, &head);
		world_put_uint(&w, "weir.modbus.function_code", rows[i].code);
		record_put_bool(&w.writer, world_field(&w, "weir.conversation.new_operation"),
				true);
		world_judge(&w);
		assert_int_equal(w.n_alerts, i + 1);
		assert_true(raised(&w, rows[i].title));
	}
	world_end(&w);
}

static void flow(struct world *w, const char *event, const char *expected)
{
	struct record head = world_head(w, OPERATION_UNKNOWN);

	head.kind = RECORD_FLOW;
	head.key = 0;
	head.protocol = PROTOCOL_NONE;
	world_open(w, &head);
	world_put_text(w, "weir.flow.event", event);
	if (expected != NULL) {
		world_put_text(w, "weir.flow.expected_protocol", expected);
	}
	world_judge(w);
}

static void flows_and_the_sensor_are_judged(void **state)
{
	static const struct {
		const char *event, *title;
	} sensor_events[] = {
		{ "interface_up", NULL },
		{ "drops", "Sensor Drops Packets" },
		{ "interface_down", "Capture Interface Down" },
		{ "cap", "Table Of The Sensor Full" },
		{ "fragment_conflict", "Fragments That Contradict Each Other" },
	};
	struct record head;
	struct world w;

	(void)state;
	load_pack(&w);
	flow(&w, "begin", NULL);
	assert_int_equal(w.n_alerts, 0);
	flow(&w, "port_mismatch", "bacnet");
	assert_true(raised(&w, "Something Else On The Port Of A Service"));
	assert_int_equal(w.n_alerts, 1);
	flow(&w, "port_mismatch", "modbus");
	assert_true(raised(&w, "Other Protocol On The Modbus Port"));
	flow(&w, "conflict", NULL);
	assert_true(raised(&w, "TCP Data Sent Twice With Different Content"));
	for (size_t i = 0; i < ARRAY_SIZE(sensor_events); i++) {
		head = (struct record) { .kind = RECORD_SENSOR,
					 .time = w.now,
					 .protocol = PROTOCOL_NONE };
		world_open(&w, &head);
		world_put_text(&w, "weir.sensor.event", sensor_events[i].event);
		world_judge(&w);
		assert_int_equal(w.n_alerts, 3 + i);
		assert_true(i == 0 || raised(&w, sensor_events[i].title));
	}
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_says_where_it_belongs),
		cmocka_unit_test(scans_are_seen),
		cmocka_unit_test(a_message_that_contradicts_itself_is_seen),
		cmocka_unit_test(silence_counts_only_in_a_complete_capture),
		cmocka_unit_test(polling_meets_no_rule),
		cmocka_unit_test(a_successful_read_falls_on_an_empty_cell),
		cmocka_unit_test(diagnostics_are_told_apart),
		cmocka_unit_test(vendor_functions_are_told_apart),
		cmocka_unit_test(umas_functions_are_told_apart),
		cmocka_unit_test(dnp3_functions_are_told_apart),
		cmocka_unit_test(new_operations_are_seen),
		cmocka_unit_test(flows_and_the_sensor_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
