/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "inventory_world.h"

#include "store/inventory_state.h"

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
	assert_role(w, 0, "client");
	assert_role(w, 1, "controller");
	(void)modbus(w, OPERATION_READ, 1);
	(void)world_commit(w);
	assert_role(w, 0, "hmi_scada");
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

/* ---- rhythm, response times ---- */

static const char *text_at(struct world *w, const char *path)
{
	static char text[128];
	struct json_value *c = line_at(world_conversations(w), 0);
	const char *found = json_value_text(c, path);

	snprintf(text, sizeof(text), "%s", found != NULL ? found : "");
	json_value_free(c);
	return text;
}

static void read_at(struct world *w, int64_t time)
{
	w->now = WORLD_START + time;
	(void)modbus(w, OPERATION_READ, 1);
	(void)world_commit(w);
}

static void assert_near(int64_t got, int64_t wanted, int64_t part)
{
	assert_in_range(got, wanted - wanted / part, wanted + wanted / part);
}

/* The polls of a cycle come in a bunch, each some milliseconds late. */
static void test_cycle_of_bunches(void **state)
{
	struct world *w = *state;

	for (int64_t i = 0; i < 60; i++) {
		for (int64_t k = 0; k < 20; k++) {
			read_at(w, i * NS_PER_S + k * 3 * NS_PER_MS + i * 7 % 5 * NS_PER_MS);
		}
	}
	assert_string_equal(text_at(w, "weir.conversation.pattern"), "cyclic");
	assert_near(number_at(w, "weir.conversation.cycle_time"), NS_PER_S, 100);
	assert_in_range(number_at(w, "weir.conversation.jitter"), 0, 10 * NS_PER_MS);
	assert_near(number_at(w, "weir.conversation.operations.read.cycle_time"), NS_PER_S, 100);
}

static void test_cycle_survives_an_outage(void **state)
{
	struct world *w = *state;

	for (int64_t i = 0; i < 100; i++) {
		read_at(w, i * NS_PER_S);
	}
	for (int64_t i = 0; i < 10; i++) {
		read_at(w, (20000 + i) * NS_PER_S);
	}
	assert_string_equal(text_at(w, "weir.conversation.pattern"), "cyclic");
	assert_near(number_at(w, "weir.conversation.cycle_time"), NS_PER_S, 20);
}

static void test_cycle_follows_a_new_pace(void **state)
{
	struct world *w = *state;

	for (int64_t i = 0; i < 100; i++) {
		read_at(w, i * NS_PER_S);
	}
	for (int64_t i = 0; i < 100; i++) {
		read_at(w, 100 * NS_PER_S + i * 200 * NS_PER_MS);
	}
	assert_near(number_at(w, "weir.conversation.cycle_time"), 200 * NS_PER_MS, 50);
}

/* Intervals that differ by a factor of ten and more are no cycle. */
static void test_on_demand(void **state)
{
	struct world *w = *state;
	uint32_t random = 1;
	int64_t time = 0;

	for (int64_t i = 0; i < 200; i++) {
		random = random * 1664525 + 1013904223;
		time += (1 + (random >> 16) % 3000) * NS_PER_MS;
		read_at(w, time);
	}
	assert_string_equal(text_at(w, "weir.conversation.pattern"), "on_demand");
}

/* Ten questions in a row are no cycle, however even. */
static void test_once_is_no_cycle(void **state)
{
	struct world *w = *state;

	for (int64_t i = 0; i < 10; i++) {
		read_at(w, i * 3 * NS_PER_MS);
	}
	assert_string_equal(text_at(w, "weir.conversation.pattern"), "on_demand");
	assert_int_equal(number_at(w, "weir.conversation.cycle_time"), -1);
}

static void test_transfer_is_a_burst(void **state)
{
	struct world *w = *state;

	for (int64_t i = 0; i < 300; i++) {
		w->now = WORLD_START + i * 5 * NS_PER_MS;
		(void)modbus(w, OPERATION_PROGRAM_UPLOAD, 1);
		(void)world_commit(w);
	}
	assert_string_equal(text_at(w, "weir.conversation.pattern"), "burst");
}

static void answer_after(struct world *w, int64_t duration)
{
	modbus(w, OPERATION_READ, 1)->duration = duration;
	(void)world_commit(w);
}

static void test_percentiles(void **state)
{
	struct world *w = *state;

	/* Few answers, no histogram yet. */
	answer_after(w, 3 * NS_PER_MS);
	assert_int_equal(number_at(w, "weir.conversation.response_time.p50"), 3 * NS_PER_MS);
	assert_int_equal(number_at(w, "weir.conversation.response_time.p99"), 3 * NS_PER_MS);
	for (int64_t i = 1; i < 1000; i++) {
		answer_after(w, i < 940 ? 3 * NS_PER_MS : i < 985 ? 40 * NS_PER_MS : NS_PER_S);
	}
	assert_near(number_at(w, "weir.conversation.response_time.p50"), 3 * NS_PER_MS, 7);
	assert_near(number_at(w, "weir.conversation.response_time.p95"), 40 * NS_PER_MS, 7);
	assert_near(number_at(w, "weir.conversation.response_time.p99"), NS_PER_S, 7);
	assert_int_equal(number_at(w, "weir.conversation.response_time.max"), NS_PER_S);
}

/* Faster than the first bucket, slower than the last one. */
static void test_percentiles_beyond_the_buckets(void **state)
{
	struct world *w = *state;

	answer_after(w, 0);
	assert_int_equal(number_at(w, "weir.conversation.response_time.p50"), 0);
	for (int i = 0; i < 20; i++) {
		answer_after(w, 100 * NS_PER_S);
	}
	assert_in_range(number_at(w, "weir.conversation.response_time.p99"), 7 * NS_PER_S,
			100 * NS_PER_S);
	answer_after(w, INT64_MAX);
	assert_int_equal(number_at(w, "weir.conversation.response_time.max"), INT64_MAX);
}

/* ---- functions and targets ---- */

static void ask_registers(struct world *w, uint32_t unit, uint16_t from, uint16_t quantity)
{
	(void)modbus(w, OPERATION_READ, unit);
	record_put_static(&w->writer, CORE_FUNCTION, "read_holding_registers");
	record_put_uint(&w->writer, field_find(w->registry, "weir.modbus.transaction_id"), 7);
	record_put_uint(&w->writer, field_find(w->registry, "weir.modbus.address"), from);
	record_put_uint(&w->writer, field_find(w->registry, "weir.modbus.quantity"), quantity);
	(void)world_commit(w);
}

static void ask_target(struct world *w, const char *target)
{
	(void)modbus(w, OPERATION_WRITE, 1);
	record_put_static(&w->writer, CORE_FUNCTION, "some_function");
	record_put_text(&w->writer, CORE_TARGET, target);
	(void)world_commit(w);
}

/* ---- what is told by the hour ---- */

struct told {
	unsigned n;
	char text[4][2000];
};

static void tell(void *context, const char *json, size_t length)
{
	struct told *told = context;

	assert_true(told->n < 4 && length < sizeof(told->text[0]));
	snprintf(told->text[told->n++], sizeof(told->text[0]), "%.*s", (int)length, json);
}

static bool write_register(struct world *w, int64_t time, uint16_t address, enum outcome outcome)
{
	struct event event = { .record = NULL };
	struct record *record = modbus(w, OPERATION_WRITE, 1);

	record->time = time;
	record->outcome = (uint8_t)outcome;
	record_put_static(&w->writer, CORE_FUNCTION, "write_single_register");
	record_put_uint(&w->writer, field_find(w->registry, "weir.modbus.address"), address);
	record_put_uint(&w->writer, field_find(w->registry, "weir.modbus.quantity"), 1);
	event.context[EVENT_STORE] = world_commit(w);
	event.record = record_last(&w->writer);
	return inventory_is_routine(&event);
}

static void test_hours_are_summed_up(void **state)
{
	struct world *w = *state;
	struct traffic_round round = { .from = WORLD_START,
				       .to = WORLD_START + NS_PER_HOUR,
				       .sensor = "line-7" };
	struct told told = { 0 };

	for (int i = 0; i < 30; i++) {
		read_at(w, WORLD_START + i * NS_PER_S);
	}
	assert_true(inventory_traffic(w->inventory, &round, SIZE_MAX, tell, &told));
	assert_int_equal(told.n, 1);
	assert_non_null(strstr(told.text[0], "\"operations\":{\"read\":{\"count\":30,"));
	assert_non_null(strstr(told.text[0], "\"name\":\"line-7\""));
	/* Nothing in the next hour, three in the one after; a round may have several parts. */
	round = (struct traffic_round) { .from = round.to, .to = round.to + NS_PER_HOUR };
	assert_false(inventory_traffic(w->inventory, &round, 0, tell, &told));
	assert_true(inventory_traffic(w->inventory, &round, 1, tell, &told));
	assert_int_equal(told.n, 1);
	for (int i = 0; i < 3; i++) {
		read_at(w, round.to + i * NS_PER_S);
	}
	round = (struct traffic_round) { .from = round.to, .to = round.to + NS_PER_HOUR };
	assert_true(inventory_traffic(w->inventory, &round, SIZE_MAX, tell, &told));
	assert_int_equal(told.n, 2);
	assert_non_null(strstr(told.text[1], "\"read\":{\"count\":3,"));
}

static void test_routine_writes(void **state)
{
	struct world *w = *state;
	int64_t time = WORLD_START;
	unsigned routine = 0;

	for (int i = 0; i < 60; i++, time += NS_PER_S) {
		routine += write_register(w, time, 100, OUTCOME_SUCCESS);
	}
	/* Not the first ones: what is written to has to be usual, and the rhythm measured. */
	assert_in_range(routine, 30, 50);
	assert_true(write_register(w, time, 100, OUTCOME_SUCCESS));
	assert_false(write_register(w, time += NS_PER_S, 100, OUTCOME_FAILURE));
	assert_false(write_register(w, time += NS_PER_S, 200, OUTCOME_SUCCESS));
	/* One more than the range that is usual. */
	assert_false(write_register(w, time += NS_PER_S, 101, OUTCOME_SUCCESS));
	assert_true(write_register(w, time += NS_PER_S, 100, OUTCOME_SUCCESS));
}

/* The i-th of a list of objects. */
struct listed {
	char name[300];
	int64_t count, unit, over;
	size_t n;
};

static struct listed listed_at(struct world *w, const char *path, size_t i)
{
	struct json_value *c = line_at(world_conversations(w), 0);
	const struct json_value *list = json_value_at(c, path);
	const struct json_value *item = json_value_element(list, i);
	struct listed out = { .n = json_value_count(list) };

	if (item != NULL) {
		snprintf(out.name, sizeof(out.name), "%s", json_value_text(item, "name"));
		out.count = json_value_int(item, "count", -1);
		out.unit = json_value_int(item, "unit", -1);
		out.over = json_value_int(item, "count_over", 0);
	}
	json_value_free(c);
	return out;
}

#define TARGETS   "weir.conversation.targets"
#define FUNCTIONS "weir.conversation.functions"

static void test_ranges_grow_together(void **state)
{
	struct world *w = *state;

	ask_registers(w, 1, 0, 10);
	ask_registers(w, 1, 20, 10);
	ask_registers(w, 1, 5, 2); /* within the first */
	assert_int_equal(listed_at(w, TARGETS, 0).n, 2);
	assert_string_equal(listed_at(w, TARGETS, 0).name, "holding registers 0-9");
	assert_int_equal(listed_at(w, TARGETS, 0).count, 2);
	ask_registers(w, 2, 0, 10); /* another unit's */
	assert_int_equal(listed_at(w, TARGETS, 0).n, 3);
	ask_registers(w, 1, 10, 10); /* joins both */
	assert_int_equal(listed_at(w, TARGETS, 0).n, 2);
	assert_string_equal(listed_at(w, TARGETS, 0).name, "holding registers 0-29");
	assert_int_equal(listed_at(w, TARGETS, 0).count, 4);
	assert_int_equal(listed_at(w, TARGETS, 0).unit, 1);
	assert_int_equal(listed_at(w, FUNCTIONS, 0).count, 5);
}

/* A quantity that the wire made up stays within reason. */
static void test_absurd_ranges(void **state)
{
	struct world *w = *state;

	ask_registers(w, 1, 65535, 0);
	ask_registers(w, 1, 65535, 65535);
	assert_int_equal(listed_at(w, TARGETS, 0).n, 1);
	assert_string_equal(listed_at(w, TARGETS, 0).name, "holding registers 65535-131069");
}

static void test_polling_in_turns(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 100; i++) {
		ask_registers(w, 1, 0, 10);
		ask_registers(w, 1, 100, 10);
		ask_registers(w, 1, 200, 10);
		ask_target(w, "DB1.DBW0");
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(listed_at(w, TARGETS, i).count, 100);
	}
	assert_int_equal(listed_at(w, FUNCTIONS, 0).count, 300);
	assert_string_equal(listed_at(w, FUNCTIONS, 0).name, "read_holding_registers");
	assert_int_equal(listed_at(w, FUNCTIONS, 1).count, 100);
}

/* The frequent ones stay; what came for another says how much too high its count may be. */
static void test_targets_are_capped(void **state)
{
	struct world *w = *state;
	char text[64];

	for (int i = 0; i < 50; i++) {
		ask_target(w, "often");
	}
	for (int i = 0; i < 500; i++) {
		snprintf(text, sizeof(text), "DB%d", i);
		ask_target(w, text);
	}
	assert_int_equal(listed_at(w, TARGETS, 0).n, 32);
	assert_string_equal(listed_at(w, TARGETS, 0).name, "often");
	assert_int_equal(listed_at(w, TARGETS, 0).count, 50);
	assert_int_equal(number_at(w, "weir.conversation.targets_dropped"), 500 - 31);
	assert_in_range(listed_at(w, TARGETS, 1).over, 1, listed_at(w, TARGETS, 1).count - 1);
}

static void test_functions_are_capped(void **state)
{
	static char names[40][8];
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(names[i], sizeof(names[i]), "f%zu", i);
		(void)modbus(w, OPERATION_READ, 1);
		record_put_static(&w->writer, CORE_FUNCTION, names[i]);
		(void)world_commit(w);
	}
	assert_int_equal(listed_at(w, FUNCTIONS, 0).n, 32);
	assert_int_equal(number_at(w, "weir.conversation.functions_refused"), 8);
}

/* Details are capped for all conversations together; what is evicted gives its room back. */
static void test_details_are_capped(void **state)
{
	struct world *w = *state;
	char text[64];

	w->options.details_max = 4096;
	w->options.conversations_max = 64;
	world_renew(w);
	for (uint32_t i = 0; i < 200; i++) {
		for (int k = 0; k < 12; k++) {
			struct record *r = modbus(w, OPERATION_WRITE, (uint32_t)k);

			r->flow = i;
			r->destination.ip = ip_from_v4(0x0a010000 + i);
			r->destination.mac = (struct mac) { { 0, 0, 0, 1, 0, (uint8_t)i } };
			record_put_static(&w->writer, CORE_FUNCTION, "some_function");
			snprintf(text, sizeof(text), "DB%d.%u", k, i);
			record_put_text(&w->writer, CORE_TARGET, text);
			w->now += NS_PER_S;
			(void)world_commit(w);
		}
	}
	assert_true(inventory_counters(w->inventory).details_refused > 0);
	/* The last ones still got some: there was room again. */
	assert_in_range(listed_at(w, FUNCTIONS, 0).n, 0, 1);
	assert_int_equal(number_at(w, "weir.conversation.requests"), 12);
}

/* ---- what carries what ---- */

static void flow_bytes(struct world *w, const char *protocol, uint64_t bytes)
{
	struct record *r = world_begin(w, RECORD_FLOW, CLIENT, SERVER);

	r->flow = 9;
	r->protocol = world_protocol(protocol);
	record_put_static(&w->writer, CORE_FLOW_EVENT, "end");
	record_put_uint(&w->writer, CORE_SOURCE_BYTES, bytes);
	record_put_uint(&w->writer, CORE_SOURCE_PACKETS, 2);
	record_put_uint(&w->writer, CORE_DESTINATION_PACKETS, 2);
	(void)world_commit(w);
}

static void test_carried_conversations(void **state)
{
	static const char *const protocols[] = { "pccc", "cip", "enip" };
	struct world *w = *state;
	uint64_t sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		modbus(w, OPERATION_READ, 0)->protocol = world_protocol(protocols[i]);
		(void)world_commit(w);
	}
	flow_bytes(w, "enip", 700);
	assert_int_equal(count_lines(world_conversations(w)), 3);
	for (size_t i = 0; i < 3; i++) {
		struct json_value *c = line_at(world_conversations(w), i);
		const char *protocol = json_value_text(c, "network.protocol");
		const char *carrier = json_value_text(c, "weir.conversation.carried_by.protocol");

		assert_int_equal(json_value_int(c, "source.bytes", 0), 700);
		assert_true((carrier == NULL) == (strcmp(protocol, "enip") == 0));
		sum += carrier == NULL ? 700 : 0;
		json_value_free(c);
	}
	assert_int_equal(sum, 700);
}

/* ---- what a database gives back ---- */

static int take_back(void *context, const struct state_row *row)
{
	struct inventory *other = context;

	return row->state != NULL
		   ? inventory_restore(other, row->kind, row->state, strlen(row->state))
		   : 0;
}

/* Saved and restored, all is as before, and goes on as before. */
static void test_activity_is_kept(void **state)
{
	struct world *w = *state;
	struct inventory *other = NULL, *kept = w->inventory;
	char *before;

	for (int64_t i = 0; i < 50; i++) {
		w->now = WORLD_START + i * NS_PER_S;
		ask_registers(w, 1, (uint16_t)(i % 3 * 100), 10);
		ask_target(w, i % 2 == 0 ? "DB1 \"x\"" : "DB2");
	}
	before = strdup(world_conversations(w));
	assert_int_equal(inventory_new(&other, &w->options, NULL), 0);
	assert_int_equal(inventory_save(w->inventory, take_back, other), 0);
	inventory_restored(other, TIME_NONE);
	w->inventory = other;
	assert_string_equal(world_conversations(w), before);
	w->now += NS_PER_S;
	ask_registers(w, 1, 0, 10);
	assert_string_equal(text_at(w, "weir.conversation.operations.read.pattern"), "cyclic");
	assert_int_equal(listed_at(w, FUNCTIONS, 0).count, 51);
	inventory_free(kept);
	free(before);
}

/* A database that says nonsense is read without harm. */
static void test_absurd_state(void **state)
{
	static const char *const states[] = {
		"{\"protocol\":\"modbus\",\"ip_protocol\":6,\"first\":1,\"last\":2,\"source_ip\":"
		"\"10.0.0.1\","
		"\"destination_ip\":\"10.0.0.2\",\"durations\":-5,\"duration_buckets\":[900,1,-1,2,"
		"3],"
		"\"operations\":[{\"name\":\"read\",\"count\":5}],"
		"\"rhythms\":[{\"operation\":\"read\",\"last\":-9223372036854775807,\"measured\":"
		"300,"
		"\"cycle\":9223372036854775807,\"jitter\":-9,\"bunches\":-1},{\"operation\":7}],"
		"\"functions\":[{\"name\":7},{\"name\":\"x\",\"count\":-1}],"
		"\"targets\":[{\"operation\":\"read\"},{\"operation\":\"read\",\"space\":\"moon\"},"
		"{\"operation\":\"read\",\"space\":\"coil\",\"from\":-7,\"to\":99999999999}]}",
		"{\"protocol\":\"modbus\",\"first\":1,\"last\":2,\"source_ip\":\"10.0.0.3\","
		"\"destination_ip\":\"10.0.0.2\",\"durations\":99,\"duration_buckets\":[1,"
		"99999999999]}",
	};
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		/* Twice: what is there already is not there twice. */
		for (int k = 0; k < 2; k++) {
			assert_int_equal(inventory_restore(w->inventory, STATE_CONVERSATION,
							   states[i], strlen(states[i])),
					 0);
		}
	}
	inventory_restored(w->inventory, TIME_NONE);
	assert_int_equal(count_lines(world_conversations(w)), 2);
	(void)modbus(w, OPERATION_READ, 1);
	(void)world_commit(w);
	assert_int_equal(count_lines(world_conversations(w)), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_hours_are_summed_up),
		TEST(test_routine_writes),
		TEST(test_counts),
		TEST(test_request_phase_is_not_counted),
		TEST(test_flow_totals_only_grow_once),
		TEST(test_generation_ends_a_flow),
		TEST(test_units_behind_a_gateway),
		TEST(test_identification),
		TEST(test_one_unit_is_the_device),
		TEST(test_roles),
		TEST(test_refused_is_no_server),
		TEST(test_fields),
		TEST(test_conversations_are_capped),
		TEST(test_cycle_of_bunches),
		TEST(test_cycle_survives_an_outage),
		TEST(test_cycle_follows_a_new_pace),
		TEST(test_on_demand),
		TEST(test_once_is_no_cycle),
		TEST(test_transfer_is_a_burst),
		TEST(test_percentiles),
		TEST(test_percentiles_beyond_the_buckets),
		TEST(test_ranges_grow_together),
		TEST(test_absurd_ranges),
		TEST(test_polling_in_turns),
		TEST(test_targets_are_capped),
		TEST(test_functions_are_capped),
		TEST(test_details_are_capped),
		TEST(test_carried_conversations),
		TEST(test_activity_is_kept),
		TEST(test_absurd_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
