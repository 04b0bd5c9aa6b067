/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/document.h"

#include "dissectors/core_fields.h"
#include "store/json_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TEST_COUNT, TEST_RAW, TEST_SECRET, TEST_VALUES, TEST_ACTION, TEST_BIG, TEST_FIELDS };

static bool get_action(const struct event *event, struct field_value *out)
{
	(void)event;
	return field_is_text(out, "tested");
}

static const struct field test_fields[TEST_FIELDS] = {
	[TEST_COUNT] = { "weir.test.a.count", FIELD_UINT, 0, NULL, "A number", NULL },
	[TEST_RAW] = { "weir.test.a.raw", FIELD_BYTES, 0, NULL, "Bytes", NULL },
	[TEST_SECRET] = { "weir.test.secret", FIELD_STRING, FIELD_SECRET, NULL, "Hidden", NULL },
	[TEST_VALUES] = { "weir.test.values", FIELD_UINT, FIELD_LIST, NULL, "List", NULL },
	[TEST_ACTION] = { "event.action", FIELD_STRING, 0, NULL, "Of a higher room", get_action },
	[TEST_BIG] = { "weir.test.big", FIELD_STRING, 0, NULL, "Text", NULL },
};

struct fixture {
	struct field_registry *registry;
	struct record_writer writer;
	struct document_options options;
	struct buffer text;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	uint16_t core, base;

	assert_int_equal(field_registry_new(&f->registry), 0);
	assert_int_equal(
	    field_registry_add(f->registry, core_fields, CORE_FIELD_COUNT, &core, NULL), 0);
	assert_int_equal(field_registry_add(f->registry, test_fields, TEST_FIELDS, &base, NULL), 0);
	assert_int_equal(field_registry_seal(f->registry, NULL), 0);
	assert_int_equal(record_writer_init(&f->writer, NULL), 0);
	f->writer.local_base = base;
	f->options = (struct document_options) {
		.sensor_id = 7,
		.sensor_name = "line-1",
		.registry = f->registry,
	};
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	field_registry_free(f->registry);
	record_writer_end(&f->writer);
	buffer_free(&f->text);
	free(f);
	return 0;
}

static struct record *begin(struct fixture *f, enum record_kind kind)
{
	struct record *record = record_begin(&f->writer, kind, NULL);

	record->time = 1700000000 * NS_PER_S;
	record->start = record->time - 5 * NS_PER_MS;
	record->duration = 5 * NS_PER_MS;
	record->number = 12;
	record->order = 1;
	record->protocol = PROTOCOL_NONE;
	record->ip_protocol = 6;
	record->ip_version = 4;
	record->vlan = 30;
	record->source.ip = ip_from_v4(0x0a000001);
	record->source.port = 40000;
	record->source.mac = (struct mac) { { 0, 0x1b, 0x1b, 0xaa, 0xbb, 0xcc } };
	record->destination.ip = ip_from_v4(0x0a000002);
	record->destination.port = 502;
	return record;
}

/* The document of the record just committed, parsed; duplicate keys are an error. */
static struct json_value *document(struct fixture *f)
{
	struct event event = { .record = record_last(&f->writer) };
	struct json_value *json;

	buffer_clear(&f->text);
	document_line(&f->text, &f->options, &event);
	assert_false(f->text.failed);
	assert_int_equal(f->text.data[f->text.length - 1], '\n');
	assert_ptr_equal(strchr(f->text.data, '\n'), f->text.data + f->text.length - 1);
	json = json_value_parse(f->text.data, f->text.length);
	assert_non_null(json);
	return json;
}

static void assert_text(struct json_value *json, const char *path, const char *want)
{
	const char *text = json_value_text(json, path);

	assert_non_null(text);
	assert_string_equal(text, want);
}

static void assert_words(struct json_value *json, const char *path, const char *first,
			 const char *second)
{
	const struct json_value *list = json_value_at(json, path);

	assert_int_equal(json_value_count(list), second != NULL ? 2 : 1);
	assert_string_equal(json_value_text(json_value_element(list, 0), ""), first);
	if (second != NULL) {
		assert_string_equal(json_value_text(json_value_element(list, 1), ""), second);
	}
}

static void test_transaction(void **state)
{
	struct fixture *f = *state;
	struct record *record = begin(f, RECORD_TRANSACTION);
	struct json_value *json;

	record->operation = OPERATION_READ;
	record->outcome = OUTCOME_SUCCESS;
	record->phase = PHASE_COMPLETE;
	record_put_uint(&f->writer, CORE_UNIT_ID, 17);
	record_put_text(&f->writer, CORE_MESSAGE_TEXT, "hello");
	record_commit(&f->writer);
	json = document(f);
	assert_ptr_equal(strstr(f->text.data, "{\"@timestamp\":\"2023-11-14T22:13:20.000Z\","),
			 f->text.data);
	assert_text(json, "event.kind", "event");
	assert_words(json, "event.category", "network", NULL);
	assert_words(json, "event.type", "protocol", "access");
	assert_text(json, "event.dataset", "weir.unknown");
	assert_text(json, "event.outcome", "success");
	assert_text(json, "event.action", "tested");
	assert_int_equal(json_value_int(json, "event.duration", -1), 5 * NS_PER_MS);
	assert_text(json, "ecs.version", "9.4.0");
	assert_text(json, "observer.name", "line-1");
	assert_text(json, "message", "hello");
	assert_text(json, "source.ip", "10.0.0.1");
	assert_text(json, "source.mac", "00-1B-1B-AA-BB-CC");
	assert_null(json_value_at(json, "destination.mac"));
	assert_int_equal(json_value_int(json, "destination.port", -1), 502);
	assert_text(json, "network.vlan.id", "30");
	assert_int_equal(json_value_int(json, "weir.unit_id", -1), 17);
	assert_null(json_value_at(json, "weir.domain"));
	json_value_free(json);
}

static void test_types_of_kinds(void **state)
{
	static const struct {
		enum record_kind kind;
		const char *event_kind, *dataset, *category[2], *type[2];
	} rows[] = {
		{ RECORD_FLOW, "event", "weir.flow", { "network" }, { "connection", "info" } },
		{ RECORD_ASSET_CHANGE, "event", "weir.asset", { "host" }, { "change", "info" } },
		{ RECORD_BLIND, "event", "weir.blind", { "network" }, { "info" } },
		{ RECORD_SENSOR, "metric", "weir.sensor", { "host" }, { "info" } },
		{ RECORD_ALERT,
		  "alert",
		  "weir.alert",
		  { "intrusion_detection", "network" },
		  { "info" } },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json_value *json;

		begin(f, rows[i].kind);
		record_commit(&f->writer);
		json = document(f);
		assert_text(json, "event.kind", rows[i].event_kind);
		assert_text(json, "event.dataset", rows[i].dataset);
		assert_words(json, "event.category", rows[i].category[0], rows[i].category[1]);
		assert_words(json, "event.type", rows[i].type[0], rows[i].type[1]);
		json_value_free(json);
	}
}

static void test_flow_begin_and_end(void **state)
{
	struct fixture *f = *state;
	struct json_value *json;

	begin(f, RECORD_FLOW);
	record_put_static(&f->writer, CORE_FLOW_EVENT, "begin");
	record_commit(&f->writer);
	json = document(f);
	assert_words(json, "event.type", "connection", "start");
	json_value_free(json);
	begin(f, RECORD_FLOW);
	record_put_static(&f->writer, CORE_FLOW_EVENT, "end");
	record_commit(&f->writer);
	json = document(f);
	assert_words(json, "event.type", "connection", "end");
	json_value_free(json);
}

static void test_values(void **state)
{
	static const uint16_t values[] = { 1, 65535 };
	struct fixture *f = *state;
	struct json_value *json;

	begin(f, RECORD_TRANSACTION)->operation = OPERATION_WRITE;
	record_put_uint16s(&f->writer, FIELD_LOCAL(TEST_VALUES), values, 2);
	record_put_uint(&f->writer, FIELD_LOCAL(TEST_COUNT), UINT64_MAX >> 1);
	record_put_bytes(&f->writer, FIELD_LOCAL(TEST_RAW), cur_of("\x01\xff", 2));
	record_put_text(&f->writer, FIELD_LOCAL(TEST_SECRET), "hunter2");
	record_put_text(&f->writer, FIELD_LOCAL(TEST_BIG), "a\"b\n");
	record_commit(&f->writer);
	json = document(f);
	assert_words(json, "event.type", "protocol", "info");
	assert_true(json_value_int(json, "weir.test.a.count", -1) == INT64_MAX);
	assert_text(json, "weir.test.a.raw", "01ff");
	assert_text(json, "weir.test.secret", "present");
	assert_null(strstr(f->text.data, "hunter2"));
	assert_text(json, "weir.test.big", "a\"b\n");
	assert_int_equal(json_value_count(json_value_at(json, "weir.test.values")), 2);
	assert_int_equal(
	    json_value_int(json_value_element(json_value_at(json, "weir.test.values"), 1), "", -1),
	    65535);
	json_value_free(json);
}

static void test_part_of_a_document(void **state)
{
	struct fixture *f = *state;
	struct event event = { .record = NULL };
	struct json json = json_to(&f->text);
	struct json_value *parsed;

	begin(f, RECORD_TRANSACTION);
	record_commit(&f->writer);
	event.record = record_last(&f->writer);
	json_object(&json, NULL);
	document_fields(&json, &f->options, &event, false);
	json_text(&json, "after", "x");
	json_end(&json);
	parsed = json_value_parse(f->text.data, f->text.length);
	assert_non_null(parsed);
	assert_null(json_value_at(parsed, "@timestamp"));
	assert_null(json_value_at(parsed, "event.kind"));
	assert_text(parsed, "source.ip", "10.0.0.1");
	assert_text(parsed, "after", "x");
	json_value_free(parsed);
}

/* The id is part of what others store: it may never change, and each part of it counts. */
static void test_id(void **state)
{
	struct fixture *f = *state;
	struct record record = *begin(f, RECORD_TRANSACTION);
	char first[17], other[17];

	assert_string_equal(document_id(&f->options, &record, first), "39a2bdbd0246ab4a");
	record.order++;
	assert_string_not_equal(document_id(&f->options, &record, other), first);
	record.order--;
	record.kind = RECORD_ITEM;
	assert_string_not_equal(document_id(&f->options, &record, other), first);
	record.kind = RECORD_TRANSACTION;
	record.source_interface = 1;
	assert_string_not_equal(document_id(&f->options, &record, other), first);
	record.source_interface = 0;
	record.time++;
	assert_string_not_equal(document_id(&f->options, &record, other), first);
	record_abort(&f->writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_transaction, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_types_of_kinds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_flow_begin_and_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_part_of_a_document, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_id, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
