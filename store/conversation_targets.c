/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What a conversation is done with (functions of the protocol) and about (register ranges, tags,
 * blocks): capped tables in which the row that came next the last time is looked at first, so that
 * polling in turns is found at once.
 *
 * Functions beyond their cap are counted together.  Of targets the most frequent stay (the Space
 * Saving algorithm of Metwally, Agrawal and El Abbadi, 2005): a new one takes the place of the
 * rarest, and its count.  Ranges of one table that touch grow into one. */

#include "store/inventory_private.h"

#include "capture/base/hash.h"
#include "store/record_glance.h"

#include <stdio.h>
#include <stdlib.h>

#define USUAL_COUNT 10 /* a target that was met so often is no news */

/* After so many transactions of a function that named no target, only each 64th is looked at. */
#define WITHOUT_MAX   16
#define WITHOUT_TURNS 64

#define OPERATIONS_OFTEN                                                   \
	(UINT32_C(1) << OPERATION_READ | UINT32_C(1) << OPERATION_REPORT | \
	 UINT32_C(1) << OPERATION_SESSION | UINT32_C(1) << OPERATION_DIAGNOSE)

static const char *const space_names[SPACES] = {
	[SPACE_COIL] = "coil",
	[SPACE_DISCRETE_INPUT] = "discrete input",
	[SPACE_INPUT_REGISTER] = "input register",
	[SPACE_HOLDING_REGISTER] = "holding register",
};

const char *space_name(enum space space)
{
	return space < SPACES ? space_names[space] : NULL;
}

bool space_from_name(const char *name, uint8_t *out)
{
	for (unsigned i = SPACE_NONE + 1; i < SPACES; i++) {
		if (strcmp(space_names[i], name) == 0) {
			*out = (uint8_t)i;
			return true;
		}
	}
	return false;
}

const char *target_text(const struct target_count *row, char *out)
{
	if (row->text != NULL) {
		return row->text;
	}
	if (row->key.from == row->key.to) {
		snprintf(out, TARGET_TEXT_SIZE, "%s %u", space_name(row->key.space), row->key.from);
	} else {
		snprintf(out, TARGET_TEXT_SIZE, "%ss %u-%u", space_name(row->key.space),
			 row->key.from, row->key.to);
	}
	return out;
}

/* ---- functions ---- */

/* Which table a function of Modbus addresses. */
static uint8_t space_of(const char *function)
{
	static const struct {
		const char *function;
		enum space space;
	} rows[] = {
		{ "read_coils", SPACE_COIL },
		{ "read_discrete_inputs", SPACE_DISCRETE_INPUT },
		{ "read_holding_registers", SPACE_HOLDING_REGISTER },
		{ "read_input_registers", SPACE_INPUT_REGISTER },
		{ "write_single_coil", SPACE_COIL },
		{ "write_single_register", SPACE_HOLDING_REGISTER },
		{ "write_multiple_coils", SPACE_COIL },
		{ "write_multiple_registers", SPACE_HOLDING_REGISTER },
		{ "mask_write_register", SPACE_HOLDING_REGISTER },
		{ "read_write_multiple_registers", SPACE_HOLDING_REGISTER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcmp(rows[i].function, function) == 0) {
			return (uint8_t)rows[i].space;
		}
	}
	return SPACE_NONE;
}

void function_names_free(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_function_names; i++) {
		free(inventory->function_names[i]);
	}
	free(inventory->function_names);
}

/* A copy of the name that lives as long as the inventory; NULL: no room, no memory. */
static const char *function_name(struct inventory *inventory, const char *name, size_t length)
{
	char *copy;

	for (size_t i = 0; i < inventory->n_function_names; i++) {
		const char *known = inventory->function_names[i];

		if (strncmp(known, name, length) == 0 && known[length] == '\0') {
			return known;
		}
	}
	copy = inventory->n_function_names < FUNCTION_NAMES_MAX ? strndup(name, length) : NULL;
	if (copy != NULL &&
	    list_append((void ***)&inventory->function_names, &inventory->n_function_names,
			&inventory->function_names_capacity, copy) != 0) {
		free(copy);
		copy = NULL;
	}
	return copy;
}

static struct function_count *function_add(struct inventory *inventory, struct conversation *c,
					   const char *name)
{
	struct function_count *rows;

	if (c->n_functions == FUNCTIONS_MAX) {
		c->functions_refused++;
		return NULL;
	}
	rows = conversation_grown(inventory, c, c->functions, c->n_functions, sizeof(*rows));
	if (rows == NULL) {
		return NULL;
	}
	c->functions = rows;
	rows[c->n_functions] = (struct function_count) { .name = name, .space = space_of(name) };
	return &rows[c->n_functions++];
}

/* The row of a name that did not come where it was expected. */
static COLD struct function_count *function_find(struct inventory *inventory,
						 struct conversation *c, const char *name)
{
	struct function_count *row = NULL;

	for (uint8_t i = 0; row == NULL && i < c->n_functions; i++) {
		if (c->functions[i].name == name || strcmp(c->functions[i].name, name) == 0) {
			row = &c->functions[i];
			row->name = name;
		}
	}
	return row != NULL ? row : function_add(inventory, c, name);
}

/* The row of a name; it is expected the next time after the one before. */
static struct function_count *function_row(struct inventory *inventory, struct conversation *c,
					   const char *name)
{
	struct function_count *row = function_find(inventory, c, name);

	if (row != NULL) {
		uint8_t i = (uint8_t)(row - c->functions);

		c->functions[c->last_function].next = i;
		c->last_function = i;
	}
	return row;
}

/* The name that the record stores. */
static const char *function_of(struct inventory *inventory, const struct record_field *stored)
{
	const char *name = NULL;

	if (likely(stored->shape == SHAPE_STATIC)) {
		memcpy(&name, stored->at, sizeof(name));
		return name;
	}
	return stored->shape == SHAPE_STRING
		   ? function_name(inventory, (const char *)stored->at, stored->count)
		   : NULL;
}

/* ---- targets ---- */

static inline bool same_table(const struct target_key *a, const struct target_key *b)
{
	return a->operation == b->operation && a->space == b->space && a->unit == b->unit &&
	       a->has_unit == b->has_unit;
}

static inline bool target_matches(const struct target_count *row, const struct target_key *key,
				  const char *text)
{
	if (!same_table(&row->key, key)) {
		return false;
	}
	return text == NULL ? row->key.from <= key->from && key->to <= row->key.to
			    : row->key.from == key->from && strcmp(row->text, text) == 0;
}

/* Of ranges: texts are in no space. */
static bool touches(const struct target_key *a, const struct target_key *b)
{
	return a->space != SPACE_NONE && same_table(a, b) && a->from <= b->to + 1 &&
	       b->from <= a->to + 1;
}

static void reach(struct target_key *range, const struct target_key *other)
{
	range->from = other->from < range->from ? other->from : range->from;
	range->to = other->to > range->to ? other->to : range->to;
}

static size_t text_size(const struct target_count *row)
{
	return row->text != NULL ? strlen(row->text) + 1 : 0;
}

static void drop_row(struct inventory *inventory, struct conversation *c, uint8_t i)
{
	size_t given_back = text_size(&c->targets[i]);

	inventory->details -= given_back;
	c->details -= (uint32_t)given_back;
	free(c->targets[i].text);
	c->targets[i] = c->targets[--c->n_targets];
	c->last_target = 0;
	for (uint8_t k = 0; k < c->n_targets; k++) {
		c->targets[k].next = 0;
	}
}

/* Makes the range as long as both, and takes in the rows that it reaches now. */
static void range_grow(struct inventory *inventory, struct conversation *c, uint8_t i,
		       const struct target_key *key)
{
	reach(&c->targets[i].key, key);
	c->targets[i].judged = 0;
	inventory->target_grew = true;
	for (uint8_t k = 0; k < c->n_targets; k++) {
		struct target_count *row = &c->targets[i], other = c->targets[k];

		if (k == i || !touches(&other.key, &row->key)) {
			continue;
		}
		reach(&row->key, &other.key);
		row->count += other.count;
		row->failures += other.failures;
		row->over += other.over;
		row->first = other.first < row->first ? other.first : row->first;
		row->last = time_max(row->last, other.last);
		i = i == c->n_targets - 1 ? k : i;
		drop_row(inventory, c, k);
		k = UINT8_MAX; /* from the start: the range is longer */
	}
	c->last_target = i;
}

/* The row that goes: the rarest, of these the one not seen for longest. */
static uint8_t rarest(const struct conversation *c)
{
	uint8_t found = 0;

	for (uint8_t i = 1; i < c->n_targets; i++) {
		const struct target_count *a = &c->targets[i], *b = &c->targets[found];

		if (a->count < b->count || (a->count == b->count && a->last < b->last)) {
			found = i;
		}
	}
	return found;
}

/* Takes the rarest row out and returns its count. */
static uint64_t make_room(struct inventory *inventory, struct conversation *c)
{
	uint8_t gone = rarest(c);
	uint64_t count = c->targets[gone].count;

	drop_row(inventory, c, gone);
	c->targets_dropped++;
	return count;
}

/* A row for what has none. */
static struct target_count *target_add(struct inventory *inventory, struct conversation *c,
				       const struct target_key *key, const char *text)
{
	struct target_count *rows, made = { .key = *key };

	if (c->n_targets == TARGETS_MAX) {
		made.count = made.over = make_room(inventory, c);
	}
	rows = conversation_grown(inventory, c, c->targets, c->n_targets, sizeof(*rows));
	if (rows == NULL) {
		return NULL;
	}
	c->targets = rows;
	if (text != NULL) {
		made.text = conversation_room(inventory, c, strlen(text) + 1) ? strdup(text) : NULL;
		if (made.text == NULL) {
			return NULL;
		}
	}
	rows[c->n_targets] = made;
	return &rows[c->n_targets++];
}

/* The row of what did not come where it was expected. */
static COLD struct target_count *target_find(struct inventory *inventory, struct conversation *c,
					     const struct target_key *key, const char *text)
{
	for (uint8_t i = 0; i < c->n_targets; i++) {
		if (target_matches(&c->targets[i], key, text)) {
			return &c->targets[i];
		}
	}
	for (uint8_t i = 0; i < c->n_targets; i++) {
		if (touches(&c->targets[i].key, key)) {
			range_grow(inventory, c, i, key);
			return &c->targets[c->last_target];
		}
	}
	return target_add(inventory, c, key, text);
}

/* The row of what did not come where it was expected: it is expected there the next time. */
static COLD struct target_count *target_seek(struct inventory *inventory, struct conversation *c,
					     const struct target_key *key, const char *text)
{
	struct target_count *row = target_find(inventory, c, key, text);

	if (row != NULL) {
		uint8_t i = (uint8_t)(row - c->targets);

		c->targets[c->last_target].next = i;
		c->last_target = i;
	}
	return row;
}

static inline struct target_count *target_row(struct inventory *inventory, struct conversation *c,
					      const struct target_key *key, const char *text)
{
	if (likely(c->n_targets > 0)) {
		uint8_t expected = c->targets[c->last_target].next;

		if (likely(target_matches(&c->targets[expected], key, text))) {
			c->last_target = expected;
			return &c->targets[expected];
		}
	}
	return target_seek(inventory, c, key, text);
}

/* A range that grew may be normal in part. */
static COLD void compare_target(struct inventory *inventory, const struct conversation *c,
				struct target_count *row, const struct target_key *key,
				const char *text)
{
	if (row->judged != inventory->normal_generation) {
		row->judged = inventory->normal_generation;
		row->outside = !normal_target(inventory, c, &row->key, row->text);
	}
	inventory->enrichment.new_target = row->outside && !normal_target(inventory, c, key, text);
	inventory->outside = *key;
}

static inline void count_target(struct inventory *inventory, struct conversation *c,
				const struct target_key *key, const char *text,
				const struct record *record)
{
	struct target_count *row;

	inventory->target_grew = false;
	row = target_row(inventory, c, key, text);
	if (likely(row != NULL)) {
		if (unlikely(row->judged != inventory->normal_generation || row->outside)) {
			compare_target(inventory, c, row, key, text);
		}
		if (unlikely(row->count == row->over)) {
			row->first = record->time;
		}
		row->last = record->time;
		if (row->count >= USUAL_COUNT && !inventory->target_grew) {
			inventory->enrichment.usual_target = true;
		} else {
			inventory->enrichment.unusual_target = true;
		}
		row->count++;
		row->failures += record->outcome == OUTCOME_FAILURE;
	}
}

/* ---- records ---- */

static size_t position_of(const struct record *record, const struct record_field *stored)
{
	return (size_t)(stored->at - (const uint8_t *)(record + 1)) - RECORD_FIELD_HEAD;
}

static uint32_t number_of(const struct record_field *stored)
{
	struct field_value value;

	field_of_record(FIELD_UINT, stored, &value);
	return (uint32_t)value.one.natural;
}

/* What a function addresses: the ids of the fields that say so. Function 23 of Modbus is about what
 * it writes. */
static void range_fields(const struct inventory *inventory, const struct record *record,
			 uint16_t *from, uint16_t *quantity)
{
	const struct inventory_field_ids *ids = &inventory->ids;
	struct record_field stored;
	bool writes = record->operation == OPERATION_WRITE &&
		      record_find_field(record, ids->write_address, &stored);

	*from = writes ? ids->write_address : ids->address;
	*quantity = writes ? ids->write_quantity : ids->quantity;
}

/* Reads a range from the whole record, and notes where it stands. */
static COLD bool find_range(const struct inventory *inventory, struct function_count *function,
			    const struct record *record, uint32_t range[2])
{
	struct record_field from, quantity;
	uint16_t ids[2];

	range_fields(inventory, record, &ids[0], &ids[1]);
	if (!record_find_field(record, ids[0], &from)) {
		return false;
	}
	range[0] = number_of(&from);
	range[1] = record_find_field(record, ids[1], &quantity) ? number_of(&quantity) : 1;
	function->position = (uint16_t)position_of(record, &from);
	function->field = ids[0];
	return true;
}

static void count_range(struct inventory *inventory, struct conversation *c,
			struct function_count *function, const struct record *record,
			struct target_key *key)
{
	uint16_t quantity = unlikely(function->field == inventory->ids.write_address)
				? inventory->ids.write_quantity
				: inventory->ids.quantity;
	uint32_t range[2]; /* first address, how many */

	if (unlikely(
		!glance_numbers(record, function->position, function->field, quantity, range)) &&
	    !find_range(inventory, function, record, range)) {
		return;
	}
	key->from = range[0];
	key->to = range[0] + (range[1] > 0 && range[1] <= UINT16_MAX ? range[1] - 1 : 0);
	count_target(inventory, c, key, NULL, record);
}

static void count_text(struct inventory *inventory, struct conversation *c,
		       struct function_count *function, const struct record *record,
		       struct target_key *key)
{
	struct record_field stored;
	struct field_value value;
	char text[RECORD_STRING_MAX + 1];
	size_t length;

	if (!record_find_field(record, CORE_TARGET, &stored)) {
		function->without = (uint8_t)size_min(function->without + 1U, WITHOUT_MAX);
		return;
	}
	function->without = 0;
	field_of_record(FIELD_STRING, &stored, &value);
	length = size_min(value.one.length, RECORD_STRING_MAX);
	memcpy(text, value.one.bytes, length);
	text[length] = '\0';
	key->from = (uint32_t)hash_bytes(text, strlen(text), 0);
	count_target(inventory, c, key, text, record);
}

/* Most functions that are asked often name no target: the record is not read to its end. */
static inline bool has_text(const struct function_count *function, const struct record *record)
{
	return function->without < WITHOUT_MAX || function->count % WITHOUT_TURNS == 0 ||
	       (OPERATIONS_OFTEN >> record->operation & 1) == 0;
}

/* The row of a record's function, from the whole record; notes where its name stands. */
static COLD struct function_count *
find_function(struct inventory *inventory, struct conversation *c, const struct record *record)
{
	struct record_field stored;
	const char *name;

	if (!record_find_field(record, CORE_FUNCTION, &stored)) {
		return NULL;
	}
	c->function_position = (uint16_t)position_of(record, &stored);
	name = function_of(inventory, &stored);
	return name != NULL ? function_row(inventory, c, name) : NULL;
}

static inline struct function_count *
function_again(struct inventory *inventory, struct conversation *c, const struct record *record)
{
	const char *name = glance_static(record, c->function_position, CORE_FUNCTION);

	if (likely(name != NULL && c->n_functions > 0)) {
		uint8_t expected = c->functions[c->last_function].next;

		if (likely(c->functions[expected].name == name)) {
			c->last_function = expected;
			return &c->functions[expected];
		}
	}
	return find_function(inventory, c, record);
}

void conversation_target(struct inventory *inventory, struct conversation *c,
			 const struct record *record, bool has_unit, uint32_t unit)
{
	struct function_count *function = function_again(inventory, c, record);

	if (function == NULL) {
		return;
	}
	function->count++;
	function->failures += record->outcome == OUTCOME_FAILURE;
	if (function->space != SPACE_NONE || has_text(function, record)) {
		struct target_key key = { .operation = record->operation,
					  .space = function->space,
					  .has_unit = has_unit,
					  .unit = has_unit ? unit : 0 };

		if (function->space != SPACE_NONE) {
			count_range(inventory, c, function, record, &key);
		} else {
			count_text(inventory, c, function, record, &key);
		}
	}
}

void conversation_targets_free(struct conversation *c)
{
	for (uint8_t i = 0; i < c->n_targets; i++) {
		free(c->targets[i].text);
	}
	free(c->targets);
	free(c->functions);
}

/* ---- what a database gives back ---- */

void conversation_restore_function(struct inventory *inventory, struct conversation *c,
				   const struct function_count *row)
{
	const char *name = function_name(inventory, row->name, strlen(row->name));
	struct function_count *made = name != NULL ? function_find(inventory, c, name) : NULL;

	if (made != NULL) {
		made->count = row->count;
		made->failures = row->failures;
	}
}

void conversation_restore_target(struct inventory *inventory, struct conversation *c,
				 const struct target_count *row, const char *text)
{
	struct target_key key = row->key;
	struct target_count *made;

	key.from = text != NULL ? (uint32_t)hash_bytes(text, strlen(text), 0) : key.from;
	made = c->n_targets < TARGETS_MAX ? target_find(inventory, c, &key, text) : NULL;
	if (made != NULL) {
		made->count = row->count;
		made->failures = row->failures;
		made->over = row->over;
		made->first = row->first;
		made->last = row->last;
	}
}
