/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What of a conversation's state is details: response times, rhythms, functions, targets. */

#include "store/inventory_private.h"

#include <stdlib.h>

static void put_count(struct json *json, const char *key, uint64_t value)
{
	json_uint(json, key, value > INT64_MAX ? INT64_MAX : value);
}

static uint64_t get_count(const struct json_value *value, const char *key)
{
	int64_t number = json_value_int(value, key, 0);

	return number > 0 ? (uint64_t)number : 0;
}

static void put_rhythms(struct json *json, const struct conversation *c)
{
	json_array(json, "rhythms");
	for (uint16_t i = 0; i < c->n_operations; i++) {
		const struct operation_count *row = &c->operations[i];

		if (row->rhythm == NULL) {
			continue;
		}
		json_object(json, NULL);
		json_text(json, "operation", operation_name((enum operation)row->operation));
		json_int(json, "first", row->rhythm->first);
		json_int(json, "last", row->rhythm->last);
		json_int(json, "begin", row->rhythm->begin);
		json_int(json, "longest", row->rhythm->longest);
		json_int(json, "cycle", row->rhythm->cycle);
		json_int(json, "jitter", row->rhythm->jitter);
		json_uint(json, "bunches", row->rhythm->bunches);
		json_uint(json, "measured", row->rhythm->measured);
		json_uint(json, "odd", row->rhythm->odd);
		json_end(json);
	}
	json_end(json);
}

static void put_functions(struct json *json, const struct conversation *c)
{
	json_array(json, "functions");
	for (uint8_t i = 0; i < c->n_functions; i++) {
		json_object(json, NULL);
		json_text(json, "name", c->functions[i].name);
		put_count(json, "count", c->functions[i].count);
		put_count(json, "failures", c->functions[i].failures);
		json_end(json);
	}
	json_end(json);
	put_count(json, "functions_refused", c->functions_refused);
}

static void put_targets(struct json *json, const struct conversation *c)
{
	json_array(json, "targets");
	for (uint8_t i = 0; i < c->n_targets; i++) {
		const struct target_count *row = &c->targets[i];

		json_object(json, NULL);
		json_text(json, "operation", operation_name((enum operation)row->key.operation));
		if (row->text != NULL) {
			json_text(json, "text", row->text);
		} else {
			json_text(json, "space", space_name((enum space)row->key.space));
			json_uint(json, "from", row->key.from);
			json_uint(json, "to", row->key.to);
		}
		if (row->key.has_unit) {
			json_uint(json, "unit", row->key.unit);
		}
		put_count(json, "count", row->count);
		put_count(json, "failures", row->failures);
		put_count(json, "over", row->over);
		json_int(json, "first", row->first);
		json_int(json, "last", row->last);
		json_end(json);
	}
	json_end(json);
	put_count(json, "targets_dropped", c->targets_dropped);
}

void put_activity(struct json *json, const struct conversation *c)
{
	put_rhythms(json, c);
	put_functions(json, c);
	put_targets(json, c);
}

/* ---- and back ---- */

static uint8_t get_small(const struct json_value *value, const char *key)
{
	int64_t number = json_value_int(value, key, 0);

	return number < 0 ? 0 : number > UINT8_MAX ? UINT8_MAX : (uint8_t)number;
}

static uint32_t get_number(const struct json_value *value, const char *key)
{
	int64_t number = json_value_int(value, key, 0);

	return number < 0 ? 0 : number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

static void get_rhythm(struct inventory *inventory, const struct json_value *item,
		       struct conversation *c)
{
	const char *name = json_value_text(item, "operation");
	enum operation operation;
	struct operation_count *row;

	if (name == NULL || !operation_from_name(name, &operation) || c->slot[operation] == 0) {
		return;
	}
	row = &c->operations[c->slot[operation] - 1];
	if (row->rhythm == NULL && conversation_room(inventory, c, sizeof(*row->rhythm))) {
		row->rhythm = malloc(sizeof(*row->rhythm));
	}
	if (row->rhythm != NULL) {
		*row->rhythm = (struct rhythm) {
			.first = json_value_int(item, "first", row->last),
			.last = json_value_int(item, "last", row->last),
			.begin = json_value_int(item, "begin", row->last),
			.longest = json_value_int(item, "longest", 0),
			.cycle = json_value_int(item, "cycle", 0),
			.jitter = json_value_int(item, "jitter", 0),
			.bunches = get_number(item, "bunches"),
			.measured = get_small(item, "measured"),
			.odd = get_small(item, "odd"),
		};
		rhythm_bound(row->rhythm);
	}
}

static void get_function(struct inventory *inventory, const struct json_value *item,
			 struct conversation *c)
{
	const struct function_count row = {
		.name = json_value_text(item, "name"),
		.count = get_count(item, "count"),
		.failures = get_count(item, "failures"),
	};

	if (row.name != NULL) {
		conversation_restore_function(inventory, c, &row);
	}
}

static void get_target(struct inventory *inventory, const struct json_value *item,
		       struct conversation *c)
{
	const char *operation_text = json_value_text(item, "operation");
	const char *text = json_value_text(item, "text"), *space = json_value_text(item, "space");
	struct target_count row = {
		.key = { .from = get_number(item, "from"),
			 .to = get_number(item, "to"),
			 .unit = get_number(item, "unit"),
			 .has_unit = json_value_int(item, "unit", -1) >= 0 },
		.count = get_count(item, "count"),
		.failures = get_count(item, "failures"),
		.over = get_count(item, "over"),
		.first = json_value_int(item, "first", c->first),
		.last = json_value_int(item, "last", c->last),
	};
	enum operation operation;

	if (operation_text == NULL || !operation_from_name(operation_text, &operation) ||
	    (text == NULL && (space == NULL || !space_from_name(space, &row.key.space)))) {
		return;
	}
	row.key.operation = (uint8_t)operation;
	row.key.space = text != NULL ? SPACE_NONE : row.key.space;
	conversation_restore_target(inventory, c, &row, text);
}

void get_activity(struct inventory *inventory, const struct json_value *value,
		  struct conversation *c)
{
	const struct json_value *rhythms = json_value_at(value, "rhythms");
	const struct json_value *functions = json_value_at(value, "functions");
	const struct json_value *targets = json_value_at(value, "targets");

	bool room = json_value_int(value, "durations", 0) > RESPONSE_EARLY &&
		    c->response.buckets == NULL &&
		    conversation_room(inventory, c, RESPONSE_HISTOGRAM);

	response_time_get(value, room || c->response.buckets != NULL, &c->response);
	for (size_t i = 0; i < json_value_count(rhythms); i++) {
		get_rhythm(inventory, json_value_element(rhythms, i), c);
	}
	for (size_t i = 0; i < json_value_count(functions); i++) {
		get_function(inventory, json_value_element(functions, i), c);
	}
	for (size_t i = 0; i < json_value_count(targets); i++) {
		get_target(inventory, json_value_element(targets, i), c);
	}
	c->functions_refused = get_count(value, "functions_refused");
	c->targets_dropped = get_count(value, "targets_dropped");
}
