/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "inventory_world.h"

#define CLIENT ((struct end) { "10.0.0.1", "00:00:00:00:00:0a" })
#define SERVER ((struct end) { "10.0.0.2", "00:00:00:00:00:0b" })

/* A Modbus transaction on flow 7 that is under way until committed. */
static struct record *modbus(struct world *w, enum operation operation, uint32_t unit)
{
	struct record *r = world_begin(w, RECORD_TRANSACTION, CLIENT, SERVER);

	r->flow = 7;
	r->protocol = world_protocol("modbus");
	r->operation = (uint8_t)operation;
	r->phase = PHASE_COMPLETE;
	r->outcome = OUTCOME_SUCCESS;
	r->duration = 2 * NS_PER_MS;
	r->key = w->number;
	r->flags |= RECORD_UNIT;
	record_put_uint(&w->writer, CORE_UNIT_ID, unit);
	return r;
}

static int64_t number_at(struct world *w, const char *path)
{
	struct json_value *c = line_at(world_conversations(w), 0);
	int64_t number = json_value_int(c, path, -1);

	json_value_free(c);
	return number;
}

static void test_counts(void **state)
{
	struct world *w = *state;
	struct record *r;

	for (int i = 0; i < 5; i++) {
		(void)modbus(w, OPERATION_READ, 1);
		(void)world_commit(w);
		w->now += NS_PER_S;
	}
	r = modbus(w, OPERATION_READ, 2);
	r->outcome = OUTCOME_FAILURE;
	r->duration = 6 * NS_PER_MS;
	(void)world_commit(w);
	r = modbus(w, OPERATION_WRITE, 1);
	r->outcome = OUTCOME_UNKNOWN;
	r->duration = -1;
	(void)world_commit(w);
	assert_int_equal(count_lines(world_conversations(w)), 1);
	assert_int_equal(number_at(w, "weir.conversation.requests"), 7);
	assert_int_equal(number_at(w, "weir.conversation.failures"), 1);
	assert_int_equal(number_at(w, "weir.conversation.unanswered"), 1);
	assert_int_equal(number_at(w, "weir.conversation.operations.read.count"), 6);
	assert_int_equal(number_at(w, "weir.conversation.operations.read.failures"), 1);
	assert_int_equal(number_at(w, "weir.conversation.operations.write.count"), 1);
	assert_int_equal(number_at(w, "weir.conversation.response_time.min"), 2 * NS_PER_MS);
	assert_int_equal(number_at(w, "weir.conversation.response_time.max"), 6 * NS_PER_MS);
	assert_int_equal(number_at(w, "weir.conversation.response_time.count"), 6);
	assert_int_equal(number_at(w, "destination.port"), 502);
}

/* A write is reported at once and again with its answer, and counted once. */
static void test_request_phase_is_not_counted(void **state)
{
	struct world *w = *state;
	struct record *r = modbus(w, OPERATION_WRITE, 1);

	r->phase = PHASE_REQUEST;
	r->outcome = OUTCOME_UNKNOWN;
	r->duration = -1;
	(void)world_commit(w);
	(void)modbus(w, OPERATION_WRITE, 1);
	(void)world_commit(w);
	assert_int_equal(number_at(w, "weir.conversation.operations.write.count"), 1);
}

static void test_flow_totals_only_grow_once(void **state)
{
	struct world *w = *state;

	for (uint64_t total = 100; total <= 300; total += 100) {
		struct record *r = world_begin(w, RECORD_FLOW, CLIENT, SERVER);

		r->flow = 9;
		r->protocol = world_protocol("modbus");
		record_put_static(&w->writer, CORE_FLOW_EVENT, total == 300 ? "end" : "update");
		record_put_uint(&w->writer, CORE_SOURCE_BYTES, total);
		record_put_uint(&w->writer, CORE_SOURCE_PACKETS, total / 100);
		record_put_uint(&w->writer, CORE_DESTINATION_BYTES, total * 2);
		record_put_uint(&w->writer, CORE_DESTINATION_PACKETS, total / 100);
		(void)world_commit(w);
	}
	assert_int_equal(number_at(w, "source.bytes"), 300);
	assert_int_equal(number_at(w, "source.packets"), 3);
	assert_int_equal(number_at(w, "destination.bytes"), 600);
	assert_int_equal(number_at(w, "weir.conversation.flows"), 1);
}

/* The slot of a flow that ended is taken by another one. */
static void test_generation_ends_a_flow(void **state)
{
	struct world *w = *state;
	const struct enrichment *e;
	struct record *r;

	(void)modbus(w, OPERATION_READ, 1);
	e = world_commit(w);
	const struct asset *first = e->destination;
	r = modbus(w, OPERATION_READ, 1);
	r->generation = 1;
	r->destination.ip = world_ip("10.0.0.3");
	r->destination.mac = world_mac("00:00:00:00:00:0c");
	e = world_commit(w);
	assert_ptr_not_equal(e->destination, first);
	assert_int_equal(count_lines(world_conversations(w)), 2);
}

static void test_quiet_while_learning(void **state)
{
	struct world *w = *state;
	const struct enrichment *e;

	(void)modbus(w, OPERATION_READ, 1);
	e = world_commit(w);
	assert_true(e->learning);
	assert_false(e->new_conversation || e->new_operation || e->new_source);
	w->now = WORLD_START + NS_PER_HOUR - 1;
	(void)modbus(w, OPERATION_WRITE, 1);
	e = world_commit(w);
	assert_true(e->learning);
	assert_false(e->new_operation);
	w->now = WORLD_START + NS_PER_HOUR;
	(void)modbus(w, OPERATION_WRITE, 1);
	e = world_commit(w);
	assert_false(e->learning);
	assert_false(e->new_operation || e->new_conversation);
	(void)modbus(w, OPERATION_STOP, 1);
	e = world_commit(w);
	assert_true(e->new_operation);
	assert_false(e->new_conversation);
	(void)modbus(w, OPERATION_STOP, 1);
	e = world_commit(w);
	assert_false(e->new_operation);
}

/* Both records of one new transaction are new; those of the next are not. */
static void test_both_phases_are_new(void **state)
{
	struct world *w = *state;
	const struct enrichment *e;
	struct record *r;
	uint64_t key;

	(void)modbus(w, OPERATION_READ, 1);
	(void)world_commit(w);
	w->now = WORLD_START + 2 * NS_PER_HOUR;
	r = modbus(w, OPERATION_WRITE, 1);
	r->phase = PHASE_REQUEST;
	r->outcome = OUTCOME_UNKNOWN;
	key = r->key;
	e = world_commit(w);
	assert_true(e->new_operation);
	r = modbus(w, OPERATION_WRITE, 1);
	r->key = key;
	e = world_commit(w);
	assert_true(e->new_operation);
	(void)modbus(w, OPERATION_WRITE, 1);
	e = world_commit(w);
	assert_false(e->new_operation);
}

static void test_new_source_and_conversation(void **state)
{
	struct world *w = *state;
	const struct enrichment *e;
	struct record *r;

	(void)modbus(w, OPERATION_READ, 1);
	(void)world_commit(w);
	w->now = WORLD_START + 2 * NS_PER_HOUR;
	r = modbus(w, OPERATION_READ, 1);
	r->flow = 8;
	r->source.ip = world_ip("10.0.0.9");
	r->source.mac = world_mac("00:00:00:00:00:09");
	e = world_commit(w);
	assert_true(e->new_source && e->new_conversation && e->new_operation);
	assert_string_equal(w->last_change, "new_asset");
}

static void test_replay_learns_to_the_end(void **state)
{
	struct world *w = *state;
	const struct enrichment *e;

	w->options.replay = true;
	world_renew(w);
	(void)modbus(w, OPERATION_READ, 1);
	(void)world_commit(w);
	w->now = WORLD_START + 1000 * NS_PER_HOUR;
	(void)modbus(w, OPERATION_STOP, 1);
	e = world_commit(w);
	assert_true(e->learning);
	assert_false(e->new_operation);
}

/* An exception that comes from the gateway is no answer of the unit. */
static void test_units_behind_a_gateway(void **state)
{
	static const struct {
		uint32_t unit;
		uint64_t exception;
	} rows[] = { { 1, 0 }, { 2, 11 }, { 3, 2 }, { 4, 10 }, { 1, 0 } };
	struct world *w = *state;
	struct json_value *asset;
	const struct json_value *units;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct record *r = modbus(w, OPERATION_READ, rows[i].unit);

		if (rows[i].exception != 0) {
			r->outcome = OUTCOME_FAILURE;
			record_put_uint(&w->writer,
					field_find(w->registry, "weir.modbus.exception_code"),
					rows[i].exception);
		}
		(void)world_commit(w);
	}
	asset = line_at(world_assets(w), 1);
	units = json_value_at(asset, "weir.asset.units");
	assert_int_equal(json_value_count(units), 4);
	for (size_t i = 0; i < 4; i++) {
		static const int64_t asked[] = { 2, 1, 1, 1 }, answered[] = { 2, 0, 1, 0 };
		const struct json_value *unit = json_value_element(units, i);

		assert_int_equal(json_value_int(unit, "id", -1), i + 1);
		assert_int_equal(json_value_int(unit, "asked", -1), asked[i]);
		assert_int_equal(json_value_int(unit, "answered", -1), answered[i]);
	}
	json_value_free(asset);
}

static void put_text(struct world *w, const char *field, const char *text)
{
	record_put_text(&w->writer, field_find(w->registry, field), text);
}

static void test_identification(void **state)
{
	struct world *w = *state;
	struct json_value *asset;

	(void)modbus(w, OPERATION_IDENTIFY, 255);
	put_text(w, "weir.modbus.device_id.vendor_name", "Acme");
	put_text(w, "weir.modbus.device_id.revision", "V1.0");
	(void)world_commit(w);
	assert_string_equal(w->last_change, "new_asset");
	(void)modbus(w, OPERATION_IDENTIFY, 5);
	put_text(w, "weir.modbus.device_id.vendor_name", "Drives Inc");
	(void)world_commit(w);
	(void)modbus(w, OPERATION_IDENTIFY, 255);
	put_text(w, "weir.modbus.device_id.revision", "V1.1");
	(void)world_commit(w);
	assert_string_equal(w->last_change, "firmware_changed");
	asset = line_at(world_assets(w), 1);
	assert_string_equal(json_value_text(asset, "device.manufacturer"), "Acme");
	assert_string_equal(json_value_text(asset, "weir.asset.revision"), "V1.1");
	assert_string_equal(
	    json_value_text(json_value_element(json_value_at(asset, "weir.asset.units"), 0),
			    "vendor"),
	    "Drives Inc");
	assert_int_equal(json_value_count(json_value_at(asset, "weir.asset.attributes")), 4);
	json_value_free(asset);
}

static void identify(struct world *w, uint32_t unit, const char *product)
{
	(void)modbus(w, OPERATION_IDENTIFY, unit);
	put_text(w, "weir.modbus.device_id.product_code", product);
	(void)world_commit(w);
}

static void assert_product(struct world *w, const char *product)
{
	struct json_value *asset = line_at(world_assets(w), 1);
	const char *found = json_value_text(asset, "weir.asset.product_code");

	if (product == NULL) {
		assert_null(found);
	} else {
		assert_string_equal(found, product);
	}
	json_value_free(asset);
}

/* One unit that answers is the device; a second one makes it a gateway. */
static void test_one_unit_is_the_device(void **state)
{
	struct world *w = *state;
	struct record *r;

	(void)modbus(w, OPERATION_READ, 255);
	(void)world_commit(w);
	identify(w, 1, "P34");
	assert_product(w, "P34");
	r = modbus(w, OPERATION_READ, 2);
	r->outcome = OUTCOME_UNKNOWN;
	r->duration = -1;
	(void)world_commit(w);
	assert_product(w, "P34");
	(void)modbus(w, OPERATION_READ, 2);
	(void)world_commit(w);
	assert_product(w, NULL);
	identify(w, 255, "GW");
	assert_product(w, "GW");
}

static void assert_role(struct world *w, size_t line, const char *role)
{
	struct json_value *asset = line_at(world_assets(w), line);

	assert_string_equal(json_value_text(asset, "weir.asset.role"), role);
	assert_non_null(json_value_text(asset, "weir.asset.role_reason"));
	json_value_free(asset);
}

static void test_roles(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 9; i++) {
		(void)modbus(w, OPERATION_READ, 1);
		(void)world_commit(w);
	}
	assert_role(w, 0, "unknown");
	assert_role(w, 1, "controller");
	(void)modbus(w, OPERATION_READ, 1);
	(void)world_commit(w);
	assert_role(w, 0, "hmi_scada");
	(void)modbus(w, OPERATION_PROGRAM_DOWNLOAD, 1);
	(void)world_commit(w);
	assert_role(w, 0, "engineering_workstation");
}

static void put_ended_flow(struct world *w, const char *end, uint64_t answers)
{
	(void)world_begin(w, RECORD_FLOW, CLIENT, SERVER);
	record_put_static(&w->writer, CORE_FLOW_EVENT, "end");
	record_put_uint(&w->writer, CORE_SOURCE_PACKETS, 2);
	record_put_uint(&w->writer, CORE_DESTINATION_PACKETS, answers);
	record_put_static(&w->writer, CORE_FLOW_END, end);
	(void)world_commit(w);
}

/* A scan does not make servers. */
static void test_refused_is_no_server(void **state)
{
	struct world *w = *state;

	put_ended_flow(w, "reset", 2);
	assert_role(w, 0, "client");
	assert_role(w, 1, "unknown");
	put_ended_flow(w, "reset", 3);
	assert_role(w, 1, "server");
}

static void test_fields(void **state)
{
	struct world *w = *state;
	struct event event = { .record = NULL };
	struct field_value value;

	(void)modbus(w, OPERATION_READ, 1);
	event.context[EVENT_STORE] = world_commit(w);
	event.record = record_last(&w->writer);
	assert_true(field_get(w->registry, &event, field_find(w->registry, "weir.destination.role"),
			      &value));
	assert_memory_equal(value.one.bytes, "controller", value.one.length);
	assert_true(field_get(w->registry, &event,
			      field_find(w->registry, "weir.conversation.new_operation"), &value));
	assert_false(value.one.boolean);
	assert_true(
	    field_get(w->registry, &event, field_find(w->registry, "weir.source.asset"), &value));
	assert_int_equal(value.one.length, 16);
	assert_false(
	    field_get(w->registry, &event, field_find(w->registry, "weir.asset.id"), &value));
}

static void test_conversations_are_capped(void **state)
{
	struct world *w = *state;

	w->options.conversations_max = 64;
	world_renew(w);
	for (uint32_t i = 0; i < 200; i++) {
		struct record *r = modbus(w, OPERATION_READ, 1);

		r->flow = i;
		r->destination.ip = ip_from_v4(0x0a010000 + i);
		r->destination.mac = (struct mac) { { 0, 0, 0, 1, 0, (uint8_t)i } };
		w->now += NS_PER_S;
		(void)world_commit(w);
	}
	assert_true(inventory_counters(w->inventory).conversations <= 64);
	assert_true(inventory_counters(w->inventory).conversations_evicted >= 136);
	/* What was cached for a flow whose conversation is gone is not used. */
	struct record *r = modbus(w, OPERATION_READ, 1);
	r->flow = 0;
	r->destination.ip = ip_from_v4(0x0a010000);
	r->destination.mac = (struct mac) { { 0, 0, 0, 1, 0, 0 } };
	assert_non_null(world_commit(w)->conversation);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_counts),
		TEST(test_request_phase_is_not_counted),
		TEST(test_flow_totals_only_grow_once),
		TEST(test_generation_ends_a_flow),
		TEST(test_quiet_while_learning),
		TEST(test_both_phases_are_new),
		TEST(test_new_source_and_conversation),
		TEST(test_replay_learns_to_the_end),
		TEST(test_units_behind_a_gateway),
		TEST(test_identification),
		TEST(test_one_unit_is_the_device),
		TEST(test_roles),
		TEST(test_refused_is_no_server),
		TEST(test_fields),
		TEST(test_conversations_are_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
