/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/inventory_fields.h"
#include "store/store_private.h"

#include "dissectors/core_fields.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void text_freep(char **text)
{
	free(*text);
}

struct store_options store_defaults(void)
{
	return (struct store_options) {
		.keep_operations = 90 * NS_PER_DAY,
		.operations_max = 5000000,
		.changes_max = 1000000,
		.health_max = 100000,
		.traffic_max = 1000000,
		.queue_bytes_max = 64U << 20,
	};
}

/* WAL, and durable when a transaction says so. */
static int set_up_writer(struct store *store, struct problem *problem)
{
	if (sqlite3_exec(store->writer,
			 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
			 "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;",
			 NULL, NULL, NULL) != SQLITE_OK) {
		return problem_set(problem, store_error(store->writer), "%s: %s", store->path,
				   sqlite3_errmsg(store->writer));
	}
	return 0;
}

static int open_writer(struct store *store, struct problem *problem)
{
	int error = store_lock(store->path, &store->lock_file, problem);

	if (error == 0) {
		error = store_connect(&store->writer, store->path, true, problem);
	}
	if (error == 0) {
		error = store_schema(store->writer, store->path, true, problem);
	}
	if (error == 0) {
		error = set_up_writer(store, problem);
	}
	return error;
}

static int open_all(struct store *store, struct problem *problem)
{
	int error = store->options.read_only ? 0 : open_writer(store, problem);

	if (error == 0) {
		error = store_connect(&store->reader, store->path, false, problem);
	}
	if (error == 0) {
		error = store_schema(store->reader, store->path, false, problem);
	}
	if (error == 0 && !store->options.read_only) {
		error = store_write_begin(store, problem);
	}
	return error;
}

int store_open(struct store **out, const struct store_options *options, struct problem *problem)
{
	struct store *store = calloc(1, sizeof(*store));
	int error;

	if (store == NULL) {
		return -ENOMEM;
	}
	store->options = *options;
	store->lock_file = -1;
	store->path = strdup(options->path);
	error = store->path != NULL ? open_all(store, problem) : -ENOMEM;
	if (error != 0) {
		problem_set(problem, error, "%s: %s", options->path, strerror(-error));
		(void)store_close(store, NULL);
		return error;
	}
	*out = store;
	return 0;
}

struct store *store_close(struct store *store, int *error)
{
	if (error != NULL) {
		*error = 0;
	}
	if (store == NULL) {
		return NULL;
	}
	store_write_end(store);
	if (error != NULL && store->lost) {
		*error = store->first_error;
	}
	sqlite3_close(store->reader);
	sqlite3_close(store->writer);
	store_unlock(store->lock_file);
	free(store->path);
	free(store);
	return NULL;
}

struct store_counters store_counters(const struct store *store)
{
	/* The lock is no part of what a caller may see change. */
	struct store *locked = (struct store *)(uintptr_t)store;
	struct store_counters counters;

	if (!store->running) {
		return store->counters;
	}
	pthread_mutex_lock(&locked->lock);
	counters = store->counters;
	pthread_mutex_unlock(&locked->lock);
	return counters;
}

/* ---- writing ---- */

int store_journal(struct store *store, const char *kind, int64_t time, const char *id,
		  const char *json, size_t length)
{
	AUTO(text_freep) char *text = strndup(json, length);
	const char *texts[] = { kind, id, text };

	return text != NULL ? store_queue(store, ITEM_JOURNAL, time, texts, ARRAY_SIZE(texts))
			    : -ENOMEM;
}

/* The text of a computed field for a column; NULL when the event has it not. */
static const char *column(const struct field *field, const struct event *event,
			  char out[IP_TEXT_SIZE])
{
	struct field_value value = { .type = field->type, .count = 1 };

	if (!field->get(event, &value)) {
		return NULL;
	}
	out[field_scalar_text(field->type, &value.one, out, IP_TEXT_SIZE - 1)] = '\0';
	return out;
}

int store_operation(struct store *store, const struct event *event, const char *json, size_t length)
{
	const struct field *const fields[] = {
		&core_fields[CORE_SOURCE_IP],
		&core_fields[CORE_DESTINATION_IP],
		&inventory_fields[INVENTORY_SOURCE_ASSET],
		&inventory_fields[INVENTORY_DESTINATION_ASSET],
		&core_fields[CORE_NETWORK_PROTOCOL],
		&core_fields[CORE_OPERATION],
		&core_fields[CORE_OUTCOME],
		&core_fields[CORE_PHASE],
	};
	char texts[ARRAY_SIZE(fields)][IP_TEXT_SIZE];
	const char *columns[ARRAY_SIZE(fields) + 2];
	AUTO(text_freep) char *document = strndup(json, length);

	if (document == NULL) {
		return -ENOMEM;
	}
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		columns[i] = column(fields[i], event, texts[i]);
	}
	columns[ARRAY_SIZE(fields)] = document;
	columns[ARRAY_SIZE(fields) + 1] = inventory_is_routine(event) ? "1" : NULL;
	return store_queue(store, ITEM_OPERATION, event->record->time, columns,
			   ARRAY_SIZE(columns));
}

int store_change(struct store *store, int64_t time, const char *asset, const char *change,
		 const char *json, size_t length)
{
	AUTO(text_freep) char *text = strndup(json, length);
	const char *texts[] = { asset, change, text };

	return text != NULL ? store_queue(store, ITEM_CHANGE, time, texts, ARRAY_SIZE(texts))
			    : -ENOMEM;
}

static int queue_document(struct store *store, enum item_kind kind, int64_t time, const char *json,
			  size_t length)
{
	AUTO(text_freep) char *text = strndup(json, length);
	const char *texts[] = { text };

	return text != NULL ? store_queue(store, kind, time, texts, ARRAY_SIZE(texts)) : -ENOMEM;
}

int store_health(struct store *store, int64_t time, const char *json, size_t length)
{
	return queue_document(store, ITEM_HEALTH, time, json, length);
}

int store_traffic(struct store *store, int64_t time, const char *json, size_t length)
{
	return queue_document(store, ITEM_TRAFFIC, time, json, length);
}

uint64_t store_journal_head(struct store *store, char hash[65])
{
	struct chain head;

	pthread_mutex_lock(&store->lock);
	head = store->head;
	pthread_mutex_unlock(&store->lock);
	for (size_t i = 0; i < HASH_SIZE; i++) {
		snprintf(hash + 2 * i, 3, "%02x", head.hash[i]);
	}
	return head.seq;
}

int store_edit(struct store *store, const struct asset_edit *edit)
{
	const char *texts[] = { edit->user,      edit->asset,     edit->kind,  edit->name,
				edit->old_value, edit->new_value, edit->reason };

	return store_queue(store, ITEM_EDIT, edit->time, texts, ARRAY_SIZE(texts));
}

int store_normal(struct store *store, bool normal, const char *line, int64_t time, const char *user,
		 const char *reason)
{
	const char *texts[] = { line, user, reason };

	return normal ? store_queue(store, ITEM_NORMAL, time, texts, ARRAY_SIZE(texts))
		      : store_queue(store, ITEM_NOT_NORMAL, time, texts, 1);
}

static int hand_over(void *context, const struct state_row *row)
{
	struct store *store = context;

	switch (row->kind) {
	case STATE_BINDING:
		return store_queue(store, ITEM_BINDING, row->last,
				   (const char *[]) { row->id, row->state }, 2);
	case STATE_FACT:
		return store_queue(store, ITEM_FACT, row->last,
				   (const char *[]) { row->id, row->state }, 2);
	case STATE_CONVERSATION:
		return store_queue(store, ITEM_CONVERSATION, row->last,
				   (const char *[]) { row->id, row->document, row->state }, 3);
	case STATE_ASSET:
		return store_queue(store, ITEM_ASSET, row->last,
				   (const char *[]) { row->id, row->document }, 2);
	case STATE_ASSET_GONE:
		return store_queue(store, ITEM_ASSET_GONE, 0, (const char *[]) { row->id }, 1);
	case STATE_ALIAS:
		return store_queue(store, ITEM_ALIAS, 0, (const char *[]) { row->id, row->owner },
				   2);
	}
	return -EINVAL;
}

int store_note_state(struct store *store, const char *key, const char *value)
{
	return store_queue(store, ITEM_STATE, 0, (const char *[]) { key, value }, 2);
}

int store_inventory(struct store *store, struct inventory *inventory)
{
	int64_t first = inventory_first(inventory);
	char text[32];
	int error;

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)inventory_sensor(inventory));
	error = store_note_state(store, STATE_SENSOR, text);
	if (error == 0 && first != TIME_NONE) {
		snprintf(text, sizeof(text), "%lld", (long long)first);
		error = store_note_state(store, STATE_FIRST_PACKET, text);
	}
	return error == 0 ? inventory_save(inventory, hand_over, store) : error;
}

int store_set_state(struct store *store, const char *key, const char *value)
{
	int error = store_note_state(store, key, value);

	return error == 0 ? store_flush(store) : error;
}
