/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/engine.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FIELD(name, type)                                 \
	{                                                 \
		name, type, 0, NULL, "Of this test", NULL \
	}

static struct field_registry *registry_new(void)
{
	struct field_registry *registry;

	assert_int_equal(field_registry_new(&registry), 0);
	return registry;
}

static int add(struct field_registry *registry, const char *name)
{
	/* Tables are kept by reference; these live as long as the program. */
	static struct field kept[8192];
	static size_t n;
	uint16_t base;

	kept[n] = (struct field)FIELD(name, FIELD_UINT);
	return field_registry_add(registry, &kept[n++], 1, &base, NULL);
}

/* ---- building ---- */

static void malformed_names(void **state)
{
	static const char *const wrong[] = { "", ".", ".a", "a.", "a..b", "A", "a b", "a-b", "a@" };
	static const char *const right[] = { "a", "@timestamp", "a.b", "weir.x_1.2" };
	struct field_registry *registry = registry_new();
	char name[128] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(add(registry, wrong[i]), -EINVAL);
		assert_int_equal(field_find(registry, wrong[i]), FIELD_NOT_FOUND);
	}
	for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
		assert_int_equal(add(registry, right[i]), 0);
		assert_int_equal(field_find(registry, right[i]), i);
	}
	memset(name, 'n', 96);
	assert_int_equal(add(registry, name), -EINVAL);
	name[95] = '\0';
	assert_int_equal(add(registry, name), 0);
	field_registry_free(registry);
}

static void the_same_name_twice(void **state)
{
	static const struct field table[] = { FIELD("a.b", FIELD_UINT), FIELD("a.b", FIELD_INT) };
	struct field_registry *registry = registry_new();
	struct problem problem;
	uint16_t base;

	(void)state;
	assert_int_equal(add(registry, "a.c"), 0);
	assert_int_equal(field_registry_add(registry, table, 2, &base, &problem), -EEXIST);
	assert_int_equal(add(registry, "a.c"), -EEXIST);
	field_registry_free(registry);
}

static void leaf_and_object(void **state)
{
	static const char *const pairs[][3] = {
		{ "a.b", "a.b.c", "a.z" },
		{ "a.b.c", "x", "a.b" },
		{ "a", "b", "a.c.d" },
	};
	struct field_registry *registry;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		registry = registry_new();
		for (size_t k = 0; k < 3; k++) {
			assert_int_equal(add(registry, pairs[i][k]), 0);
		}
		assert_int_equal(field_registry_seal(registry, NULL), -EINVAL);
		field_registry_free(registry);
	}
	/* A name that only begins alike is another. */
	registry = registry_new();
	assert_int_equal(add(registry, "a.b"), 0);
	assert_int_equal(add(registry, "a.bc"), 0);
	assert_int_equal(add(registry, "a.b_c.d"), 0);
	assert_int_equal(field_registry_seal(registry, NULL), 0);
	field_registry_free(registry);
}

/* The 4,096th field is the last; all of them are found. */
static void as_many_as_there_may_be(void **state)
{
	struct field *table = calloc(4097, sizeof(*table));
	char(*names)[16] = calloc(4097, sizeof(*names));
	struct field_registry *registry = registry_new();
	uint16_t base;

	(void)state;
	for (size_t i = 0; i < 4097; i++) {
		snprintf(names[i], sizeof(names[i]), "f%zu.x", i);
		table[i] = (struct field)FIELD(names[i], FIELD_UINT);
	}
	assert_int_equal(field_registry_add(registry, table, 4097, &base, NULL), -ENOSPC);
	assert_int_equal(field_registry_add(registry, table, 4000, &base, NULL), 0);
	assert_int_equal(base, 0);
	assert_int_equal(field_registry_add(registry, table + 4000, 97, &base, NULL), -ENOSPC);
	assert_int_equal(field_registry_add(registry, table + 4000, 96, &base, NULL), 0);
	assert_int_equal(base, 4000);
	assert_int_equal(field_count(registry), 4096);
	for (size_t i = 0; i < 4096; i++) {
		assert_int_equal(field_find(registry, names[i]), i);
	}
	assert_int_equal(field_find(registry, names[4096]), FIELD_NOT_FOUND);
	field_registry_free(registry);
	free(table);
	free(names);
}

static void document_order(void **state)
{
	static const char *const added[] = { "m", "a.x", "b.y", "a.c.d", "b.a", "a.w", "a.c.a" };
	static const char *const ordered[] = { "m", "a.x", "a.c.d", "a.c.a", "a.w", "b.y", "b.a" };
	struct field_registry *registry = registry_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(added); i++) {
		assert_int_equal(add(registry, added[i]), 0);
	}
	assert_int_equal(field_registry_seal(registry, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(ordered); i++) {
		uint16_t id = field_in_order(registry, i);

		assert_string_equal(field_by_id(registry, id)->name, ordered[i]);
	}
	field_registry_free(registry);
}

/* ---- fields that are computed ---- */

static struct field_registry *whole_registry(void)
{
	struct field_registry *registry = registry_new();
	uint16_t bases[PROTOCOL_NONE];

	assert_int_equal(engine_register(registry, bases, NULL), 0);
	assert_int_equal(field_registry_seal(registry, NULL), 0);
	return registry;
}

/* The text of a field of this record, "" when it is absent. */
static const char *text_of(const struct field_registry *registry, const struct record *record,
			   const char *name, char *out)
{
	struct event event = { .record = record };
	uint16_t id = field_find(registry, name);
	struct field_value value;
	size_t n = 0;

	assert_int_not_equal(id, FIELD_NOT_FOUND);
	if (field_get(registry, &event, id, &value)) {
		n = field_scalar_text(value.type, &value.one, out, 255);
	}
	out[n] = '\0';
	return out;
}

static struct record full_record(void)
{
	return (struct record) {
		.size = sizeof(struct record),
		.kind = RECORD_TRANSACTION,
		.operation = OPERATION_STOP,
		.outcome = OUTCOME_FAILURE,
		.phase = PHASE_COMPLETE,
		.status = TRANSACTION_ANSWERED,
		.start = NS_PER_S,
		.duration = 1500,
		.number = 77,
		.key = 0xabc,
		.vlan = 5 << 12 | 9,
		.source_interface = 3,
		.domain = 2,
		.protocol = dissector_index("modbus"),
		.ip_protocol = 6,
		.ip_version = 4,
		.flags = RECORD_TRUNCATED | RECORD_SNAPPED | RECORD_ONE_SIDED,
		.source = { .ip = ip_from_v4(0x0a000001),
			    .mac = { { 1, 2, 3, 4, 5, 6 } },
			    .port = 9 },
		.destination = { .ip = ip_from_v4(0x0a000002),
				 .mac = { { 0xaa, 2, 3, 4, 5, 6 } },
				 .port = 502 },
	};
}

static const struct {
	const char *name, *full, *empty;
} computed[] = {
	{ "event.start", "1970-01-01T00:00:01.000Z", "" },
	{ "event.duration", "1500", "" },
	{ "event.outcome", "failure", "" },
	{ "source.ip", "10.0.0.1", "" },
	{ "source.port", "9", "" },
	{ "source.mac", "01-02-03-04-05-06", "" },
	{ "destination.ip", "10.0.0.2", "" },
	{ "destination.port", "502", "" },
	{ "destination.mac", "AA-02-03-04-05-06", "" },
	{ "network.type", "ipv4", "" },
	{ "network.transport", "tcp", "" },
	{ "network.protocol", "modbus", "" },
	{ "network.vlan.id", "5", "" },
	{ "network.inner.vlan.id", "9", "" },
	{ "weir.kind", "transaction", "sensor" },
	{ "weir.operation", "stop", "" },
	{ "weir.phase", "complete", "" },
	{ "weir.transaction.key", "0000000000000abc", "" },
	{ "weir.transaction.status", "answered", "" },
	{ "weir.truncated", "true", "" },
	{ "weir.snapped", "true", "" },
	{ "weir.blind_flow", "true", "" },
	{ "weir.domain", "2", "0" },
	{ "weir.interface", "3", "0" },
	{ "weir.packet", "77", "0" },
};

static void computed_fields(void **state)
{
	struct field_registry *registry = whole_registry();
	const struct record full = full_record();
	const struct record empty = { .size = sizeof(empty),
				      .kind = RECORD_SENSOR,
				      .start = TIME_NONE,
				      .duration = -1,
				      .protocol = PROTOCOL_NONE };
	size_t n = 0;
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(computed); i++) {
		assert_string_equal(text_of(registry, &full, computed[i].name, text),
				    computed[i].full);
		assert_string_equal(text_of(registry, &empty, computed[i].name, text),
				    computed[i].empty);
	}
	/* None is forgotten here. */
	for (size_t i = 0; i < CORE_FIELD_COUNT; i++) {
		n += core_fields[i].get != NULL;
	}
	assert_int_equal(n, ARRAY_SIZE(computed));
	field_registry_free(registry);
}

static void computed_from_other_values(void **state)
{
	struct field_registry *registry = whole_registry();
	struct record r = full_record();
	char text[256];

	(void)state;
	r.vlan = 12;
	assert_string_equal(text_of(registry, &r, "network.vlan.id", text), "12");
	assert_string_equal(text_of(registry, &r, "network.inner.vlan.id", text), "");
	r.ip_protocol = IP_PROTOCOL_ICMP;
	assert_string_equal(text_of(registry, &r, "source.port", text), "");
	assert_string_equal(text_of(registry, &r, "network.transport", text), "icmp");
	r.ip_protocol = 255;
	assert_string_equal(text_of(registry, &r, "network.transport", text), "");
	r.ip_version = 6;
	assert_string_equal(text_of(registry, &r, "network.type", text), "ipv6");
	r.phase = PHASE_REQUEST;
	assert_string_equal(text_of(registry, &r, "event.outcome", text), "");
	assert_string_equal(text_of(registry, &r, "weir.phase", text), "request");
	r.kind = RECORD_FLOW;
	assert_string_equal(text_of(registry, &r, "weir.operation", text), "");
	r.status = UINT8_MAX;
	r.phase = UINT8_MAX;
	r.ip_version = UINT8_MAX;
	assert_string_equal(text_of(registry, &r, "weir.transaction.status", text), "");
	assert_string_equal(text_of(registry, &r, "weir.phase", text), "");
	assert_string_equal(text_of(registry, &r, "network.type", text), "");
	field_registry_free(registry);
}

/* A flow that no dissector claims has the naming engine's word. */
static void protocol_of_a_named_flow(void **state)
{
	struct field_registry *registry = whole_registry();
	const struct record head = { .protocol = PROTOCOL_NONE };
	struct record_writer writer;
	char text[256];

	(void)state;
	assert_int_equal(record_writer_init(&writer, NULL), 0);
	record_begin(&writer, RECORD_FLOW, &head);
	record_put_static(&writer, CORE_FLOW_EVENT, "named");
	record_put_static(&writer, CORE_FLOW_PROTOCOL, "dns");
	record_commit(&writer);
	assert_string_equal(text_of(registry, record_last(&writer), "network.protocol", text),
			    "dns");
	assert_string_equal(text_of(registry, record_last(&writer), "weir.flow.event", text),
			    "named");
	assert_string_equal(text_of(registry, record_last(&writer), "weir.flow.end", text), "");
	record_writer_end(&writer);
	field_registry_free(registry);
}

/* ---- texts ---- */

static void texts_of_every_type(void **state)
{
	const struct field_scalar bytes = { .bytes = "\x01\xfe", .length = 2 };
	const struct {
		enum field_type type;
		struct field_scalar scalar;
		const char *text;
	} cases[] = {
		{ FIELD_BOOL, { .boolean = true }, "true" },
		{ FIELD_BOOL, { .boolean = false }, "false" },
		{ FIELD_INT, { .integer = INT64_MIN }, "-9223372036854775808" },
		{ FIELD_UINT, { .natural = UINT64_MAX }, "18446744073709551615" },
		{ FIELD_DOUBLE, { .real = 0.1 }, "0.1" },
		{ FIELD_DOUBLE, { .real = -2.5 }, "-2.5" },
		{ FIELD_STRING, { .bytes = "abc", .length = 2 }, "ab" },
		{ FIELD_BYTES, bytes, "01fe" },
		{ FIELD_IP, { .ip = ip_from_v4(0x7f000001) }, "127.0.0.1" },
		{ FIELD_MAC, { .mac = { { 1, 2, 3, 4, 5, 0xff } } }, "01-02-03-04-05-FF" },
		{ FIELD_TIME, { .integer = 0 }, "1970-01-01T00:00:00.000Z" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t whole = strlen(cases[i].text);

		/* Into room of every size: cut, never past its end. */
		for (size_t size = 0; size <= whole + 1; size++) {
			char *out = malloc(size + 1);
			size_t n = field_scalar_text(cases[i].type, &cases[i].scalar, out, size);
			size_t fits = size_min(size, whole);

			fits -= cases[i].type == FIELD_BYTES ? fits % 2 : 0;
			assert_int_equal(n, fits);
			assert_memory_equal(out, cases[i].text, n);
			free(out);
		}
	}
	assert_string_equal(field_type_name(FIELD_MAC), "mac");
	assert_string_equal(field_type_name(FIELD_TYPES), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_names),
		cmocka_unit_test(the_same_name_twice),
		cmocka_unit_test(leaf_and_object),
		cmocka_unit_test(as_many_as_there_may_be),
		cmocka_unit_test(document_order),
		cmocka_unit_test(computed_fields),
		cmocka_unit_test(computed_from_other_values),
		cmocka_unit_test(protocol_of_a_named_flow),
		cmocka_unit_test(texts_of_every_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
