/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What is seen of devices besides who talks to them: the programs in them, and, in zones where that
 * is wanted, between what bounds their values stay.
 *
 * A fact is kept, stored and given back as the line of a baseline that it would be. */

#include "store/baseline_private.h"
#include "store/inventory_private.h"
#include "store/inventory_state.h"

#include "capture/base/hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACTS_MAX  100000
#define TELL_AGAIN NS_PER_DAY
#define NAME_SIZE  (RECORD_STRING_MAX + 32)

#define TRANSFERS \
	(UINT32_C(1) << OPERATION_PROGRAM_UPLOAD | UINT32_C(1) << OPERATION_PROGRAM_DOWNLOAD)
#define EXCHANGES                                                         \
	(UINT32_C(1) << OPERATION_READ | UINT32_C(1) << OPERATION_WRITE | \
	 UINT32_C(1) << OPERATION_REPORT | UINT32_C(1) << OPERATION_IO)

/* One program, or one value. */
struct seen {
	struct table_entry entry;
	struct seen *next;
	enum baseline_kind kind;
	struct baseline_end end;
	const char *protocol; /* of a conversation, interned */
	char *name;
	char *hash;       /* of a program; else NULL */
	double low, high; /* of a value */
	int64_t last, told;
	bool dirty; /* the database has it otherwise */
};

static bool same_seen(const struct table_entry *entry, const void *key)
{
	const struct seen *a = (const struct seen *)entry, *b = key;

	return a->kind == b->kind && baseline_end_equal(&a->end, &b->end) &&
	       strcmp(a->protocol, b->protocol) == 0 && strcmp(a->name, b->name) == 0 &&
	       (a->hash == NULL || strcmp(a->hash, b->hash) == 0);
}

static uint64_t hash_seen(const struct seen *seen)
{
	uint64_t h = hash_bytes(seen->name, strlen(seen->name), seen->kind);

	h = hash_bytes(&seen->end.ip, sizeof(seen->end.ip), h ^ seen->end.domain);
	return seen->hash != NULL ? hash_bytes(seen->hash, strlen(seen->hash), h) : h;
}

static void seen_free(struct seen *seen)
{
	free(seen->name);
	free(seen->hash);
	free(seen);
}

/* The fact like the one wanted, made if need be. NULL: no room. */
static struct seen *seen_of(struct inventory *inventory, const struct seen *wanted)
{
	uint64_t hash = hash_seen(wanted);
	struct seen *seen = (struct seen *)table_find(&inventory->facts, hash, same_seen, wanted);

	if (seen != NULL) {
		return seen;
	}
	if (inventory->n_facts >= FACTS_MAX || (seen = malloc(sizeof(*seen))) == NULL) {
		inventory->counters.facts_refused++;
		return NULL;
	}
	*seen = *wanted;
	seen->entry.hash = hash;
	seen->name = strdup(wanted->name);
	seen->hash = wanted->hash != NULL ? strdup(wanted->hash) : NULL;
	if (seen->name == NULL || (wanted->hash != NULL && seen->hash == NULL) ||
	    table_add(&inventory->facts, &seen->entry) != 0) {
		inventory->counters.facts_refused++;
		seen_free(seen);
		return NULL;
	}
	seen->dirty = true;
	seen->next = inventory->facts_list;
	inventory->facts_list = seen;
	inventory->n_facts++;
	return seen;
}

void normal_facts_free(struct inventory *inventory)
{
	struct seen *next;

	for (struct seen *seen = inventory->facts_list; seen != NULL; seen = next) {
		next = seen->next;
		seen_free(seen);
	}
	table_free(&inventory->facts);
}

static struct baseline_end end_of(const struct conversation *c)
{
	struct baseline_end end = { .ip = c->ip[1], .domain = c->domain };

	if (ip_is_none(&end.ip)) {
		end.mac = c->mac[1];
	}
	return end;
}

static bool is_time_to_tell(const struct inventory *inventory, struct seen *seen, int64_t time)
{
	if (inventory->normal.state != BASELINE_FROZEN ||
	    (seen->told != 0 && time - seen->told < TELL_AGAIN)) {
		return false;
	}
	seen->told = time;
	return true;
}

static const struct baseline_fact *normal_fact(const struct inventory *inventory,
					       const struct seen *seen)
{
	return inventory->normal.baseline != NULL
		   ? baseline_fact_of(inventory->normal.baseline, seen->kind, &seen->end,
				      seen->protocol, seen->name, seen->hash)
		   : NULL;
}

/* ---- programs ---- */

/* The hash that the record has of a block; false: none. */
static bool program_hash(const struct inventory *inventory, const struct record *record,
			 char out[72])
{
	struct record_field stored;
	struct field_value value;

	if (record_find_field(record, inventory->ids.block_hash, &stored)) {
		field_of_record(FIELD_STRING, &stored, &value);
		snprintf(out, 72, "%.*s", (int)size_min(value.one.length, 64), value.one.bytes);
		return true;
	}
	if (record_find_field(record, inventory->ids.block_checksum, &stored)) {
		field_of_record(FIELD_UINT, &stored, &value);
		snprintf(out, 72, "%llx", (unsigned long long)value.one.natural);
		return true;
	}
	return false;
}

/* Whether it is code: what is in a data block changes as the plant runs. */
static bool target_of_code(const struct record *record, char out[NAME_SIZE])
{
	struct record_field stored;
	struct field_value value;

	if (!record_find_field(record, CORE_TARGET, &stored)) {
		return false;
	}
	field_of_record(FIELD_STRING, &stored, &value);
	snprintf(out, NAME_SIZE, "%.*s", (int)size_min(value.one.length, RECORD_STRING_MAX),
		 value.one.bytes);
	return strncmp(out, "DB", 2) != 0;
}

static void take_program(struct inventory *inventory, struct conversation *c,
			 const struct record *record)
{
	char hash[72], name[NAME_SIZE];
	struct seen *seen;

	if (!program_hash(inventory, record, hash) || !target_of_code(record, name)) {
		return;
	}
	seen = seen_of(inventory, &(struct seen) { .kind = BASELINE_PROGRAM,
						   .end = end_of(c),
						   .protocol = normal_protocol(inventory, c),
						   .name = name,
						   .hash = hash });
	if (seen == NULL) {
		return;
	}
	seen->last = record->time;
	if (normal_fact(inventory, seen) == NULL &&
	    is_time_to_tell(inventory, seen, record->time)) {
		char text[NAME_SIZE + 80];

		snprintf(text, sizeof(text), "%s %s", name, hash);
		change_conversation(inventory, c, "new_program", NULL, text);
	}
}

/* ---- values ---- */

static void tell_value(struct inventory *inventory, struct conversation *c, const struct seen *seen,
		       const struct baseline_fact *fact, double value)
{
	char expected[64], text[NAME_SIZE + 40];

	snprintf(expected, sizeof(expected), "%.9g to %.9g", fact->low, fact->high);
	snprintf(text, sizeof(text), "%s: %.9g", seen->name, value);
	change_conversation(inventory, c, "value_out_of_range", expected, text);
}

static void take_value(struct inventory *inventory, struct conversation *c,
		       const struct record *record, char *name, double value)
{
	struct seen *seen =
	    seen_of(inventory, &(struct seen) { .kind = BASELINE_VALUE,
						.end = end_of(c),
						.protocol = normal_protocol(inventory, c),
						.name = name,
						.low = value,
						.high = value });
	const struct baseline_fact *fact;

	if (seen == NULL || value != value) {
		return;
	}
	seen->last = record->time;
	if (value < seen->low || value > seen->high) {
		seen->low = value < seen->low ? value : seen->low;
		seen->high = value > seen->high ? value : seen->high;
		seen->dirty = true;
	}
	fact = normal_fact(inventory, seen);
	if (fact != NULL && (value < fact->low || value > fact->high) &&
	    is_time_to_tell(inventory, seen, record->time)) {
		tell_value(inventory, c, seen, fact, value);
	}
}

/* The unit behind the address, as the beginning of a name. */
static size_t unit_of_name(const struct record *record, char out[NAME_SIZE])
{
	struct record_field stored;
	struct field_value value;

	out[0] = '\0';
	if (!record_find_field(record, CORE_UNIT_ID, &stored)) {
		return 0;
	}
	field_of_record(FIELD_UINT, &stored, &value);
	return (size_t)snprintf(out, NAME_SIZE, "%llu ", (unsigned long long)value.one.natural);
}

/* One item, whose first value stands for it. */
static void take_item(struct inventory *inventory, struct conversation *c,
		      const struct record *record)
{
	struct record_field address, values;
	struct field_value text, list;
	char name[NAME_SIZE];
	size_t n = unit_of_name(record, name);

	if (!record_find_field(record, CORE_ITEM_ADDRESS, &address) ||
	    !record_find_field(record, CORE_ITEM_VALUE, &values)) {
		return;
	}
	field_of_record(FIELD_STRING, &address, &text);
	field_of_record(FIELD_DOUBLE, &values, &list);
	snprintf(name + n, sizeof(name) - n, "%.*s",
		 (int)size_min(text.one.length, RECORD_STRING_MAX), text.one.bytes);
	if (list.count > 0) {
		take_value(inventory, c, record, name, field_at(&list, 0).real);
	}
}

/* Registers and coils of a message, each by its number. */
static void take_registers(struct inventory *inventory, struct conversation *c,
			   const struct record *record)
{
	const struct inventory_field_ids *ids = &inventory->ids;
	bool writes = record_find_field(record, ids->written_values, &(struct record_field) { 0 });
	struct record_field first, stored;
	struct field_value address, values;
	uint8_t space = c->n_functions > 0 ? c->functions[c->last_function].space : SPACE_NONE;
	char name[NAME_SIZE];
	size_t n = unit_of_name(record, name);

	if (space == SPACE_NONE ||
	    !record_find_field(record, writes ? ids->written_values : ids->values, &stored) ||
	    !(record_find_field(record, writes ? ids->write_address : ids->address, &first) ||
	      record_find_field(record, ids->address, &first))) {
		return;
	}
	field_of_record(FIELD_UINT, &first, &address);
	field_of_record(FIELD_UINT, &stored, &values);
	for (unsigned i = 0; i < values.count; i++) {
		snprintf(name + n, sizeof(name) - n, "%s %llu", space_name((enum space)space),
			 (unsigned long long)(address.one.natural + i));
		take_value(inventory, c, record, name, (double)field_at(&values, i).natural);
	}
}

void normal_facts(struct inventory *inventory, struct conversation *c, const struct record *record)
{
	uint32_t bit = UINT32_C(1) << record->operation;

	if ((bit & TRANSFERS) != 0) {
		take_program(inventory, c, record);
	} else if ((bit & EXCHANGES) != 0 && (c->normal.watch & ZONE_VALUES) != 0 &&
		   record->outcome == OUTCOME_SUCCESS) {
		if (record->kind == RECORD_ITEM) {
			take_item(inventory, c, record);
		} else {
			take_registers(inventory, c, record);
		}
	}
}

/* ---- lines ---- */

static void write_key(struct baseline_writer *writer, const struct seen *seen)
{
	baseline_begin(writer, seen->kind == BASELINE_VALUE ? "value" : "program");
	baseline_address(writer, &seen->end);
	baseline_word(writer, seen->protocol);
	baseline_word(writer, seen->name);
	if (seen->hash != NULL) {
		baseline_word(writer, seen->hash);
	}
}

static void write_line(struct baseline_writer *writer, const struct seen *seen)
{
	char text[32];

	write_key(writer, seen);
	for (unsigned i = 0; seen->kind == BASELINE_VALUE && i < 2; i++) {
		snprintf(text, sizeof(text), "%.9g", i == 0 ? seen->low : seen->high);
		baseline_word(writer, text);
	}
}

int normal_facts_learned(const struct inventory *inventory, struct baseline_lines *lines)
{
	int error = 0;

	for (const struct seen *seen = inventory->facts_list; error == 0 && seen != NULL;
	     seen = seen->next) {
		struct baseline_writer writer;

		write_line(&writer, seen);
		error = writer.cut ? 0 : baseline_lines_add(lines, writer.text);
	}
	return error;
}

int normal_facts_save(struct inventory *inventory,
		      int (*handler)(void *context, const struct state_row *row), void *context)
{
	int error = 0;

	for (struct seen *seen = inventory->facts_list; error == 0 && seen != NULL;
	     seen = seen->next) {
		struct baseline_writer id, line;

		if (!seen->dirty) {
			continue;
		}
		write_key(&id, seen);
		write_line(&line, seen);
		error = line.cut ? 0
				 : handler(context, &(struct state_row) { .kind = STATE_FACT,
									  .id = id.text,
									  .state = line.text,
									  .last = seen->last });
		seen->dirty = error != 0;
	}
	return error;
}

int normal_facts_restore(struct inventory *inventory, const char *line)
{
	char scratch[BASELINE_LINE_SIZE];
	struct baseline_writer spelled;
	struct baseline_entry entry;
	struct seen *seen;
	uint8_t protocol;
	bool empty;

	if (baseline_parse(line, scratch, &entry, &spelled, &empty) != NULL || empty ||
	    (entry.kind != BASELINE_VALUE && entry.kind != BASELINE_PROGRAM)) {
		return -EINVAL;
	}
	protocol = name_intern(inventory, entry.protocol, strlen(entry.protocol));
	if (protocol == NAME_NONE) {
		return -EINVAL;
	}
	seen = seen_of(inventory, &(struct seen) { .kind = entry.kind,
						   .end = entry.ends[0],
						   .protocol = name_text(inventory, protocol),
						   .name = (char *)(uintptr_t)entry.name,
						   .hash = (char *)(uintptr_t)entry.hash,
						   .low = entry.low,
						   .high = entry.high });
	if (seen == NULL) {
		return -ENOMEM;
	}
	seen->dirty = false;
	return 0;
}
