/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What was stored, given back. */

#include "store/store_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int store_get_state(struct store *store, const char *key, char *out, size_t size)
{
	sqlite3_stmt *statement = NULL;
	int error = -ENOENT;

	if (sqlite3_prepare_v2(store->reader, "SELECT value FROM state WHERE key = ?1", -1,
			       &statement, NULL) != SQLITE_OK) {
		return store_error(store->reader);
	}
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(statement, 0);
		size_t n = text != NULL ? strlen(text) : size;

		error = n < size ? 0 : -ENOSPC;
		if (error == 0) {
			memcpy(out, text, n + 1);
		}
	}
	sqlite3_finalize(statement);
	return error;
}

/* One query whose first column is handed over, with the bounds as parameters 1 and 2. */
static int read_documents(struct store *store, sqlite3_stmt *statement, store_document *handler,
			  void *context)
{
	int step;

	while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *json = (const char *)sqlite3_column_text(statement, 0);
		size_t n = (size_t)sqlite3_column_bytes(statement, 0);

		if (json != NULL && !handler(context, json, n)) {
			step = SQLITE_DONE;
			break;
		}
	}
	sqlite3_finalize(statement);
	return step == SQLITE_DONE ? 0 : store_error(store->reader);
}

static void bind_bounds(sqlite3_stmt *statement, int64_t since, int64_t until)
{
	sqlite3_bind_int64(statement, 1, since); /* TIME_NONE is before all */
	sqlite3_bind_int64(statement, 2, until != TIME_NONE ? until : INT64_MAX);
}

int store_read_operations(struct store *store, int64_t since, int64_t until,
			  store_document *handler, void *context)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(store->reader,
			       "SELECT json FROM operation WHERE time BETWEEN ?1 AND ?2"
			       " ORDER BY time, seq",
			       -1, &statement, NULL) != SQLITE_OK) {
		return store_error(store->reader);
	}
	bind_bounds(statement, since, until);
	return read_documents(store, statement, handler, context);
}

int store_read_journal(struct store *store, const char *kind, int64_t since, int64_t until,
		       store_document *handler, void *context)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(store->reader,
			       "SELECT json FROM journal WHERE time BETWEEN ?1 AND ?2"
			       " AND (?3 IS NULL OR kind = ?3) ORDER BY seq",
			       -1, &statement, NULL) != SQLITE_OK) {
		return store_error(store->reader);
	}
	bind_bounds(statement, since, until);
	sqlite3_bind_text(statement, 3, kind, -1, SQLITE_STATIC);
	return read_documents(store, statement, handler, context);
}

int store_read_changes(struct store *store, int64_t since, int64_t until, store_document *handler,
		       void *context)
{
	sqlite3_stmt *statement = NULL;

	if (!store_has_table(store->reader, "asset_change")) {
		return 0;
	}
	if (sqlite3_prepare_v2(store->reader,
			       "SELECT json FROM asset_change WHERE time BETWEEN ?1 AND ?2"
			       " ORDER BY time, seq",
			       -1, &statement, NULL) != SQLITE_OK) {
		return store_error(store->reader);
	}
	bind_bounds(statement, since, until);
	return read_documents(store, statement, handler, context);
}

/* ---- the inventory ---- */

static struct asset_edit edit_of(sqlite3_stmt *row)
{
	const char *texts[7];

	for (int i = 0; i < 7; i++) {
		texts[i] = (const char *)sqlite3_column_text(row, i + 1);
	}
	return (struct asset_edit) {
		.time = sqlite3_column_int64(row, 0),
		.user = texts[0],
		.asset = texts[1],
		.kind = texts[2],
		.name = texts[3],
		.old_value = texts[4],
		.new_value = texts[5],
		.reason = texts[6],
	};
}

int store_read_edits(struct store *store, int (*handler)(void *context, const struct asset_edit *),
		     void *context)
{
	sqlite3_stmt *statement = NULL;
	int step, error = 0;

	if (!store_has_table(store->reader, "asset_edit")) {
		return 0;
	}
	if (sqlite3_prepare_v2(store->reader,
			       "SELECT time, user, asset, kind, name, old, new, reason"
			       " FROM asset_edit ORDER BY seq",
			       -1, &statement, NULL) != SQLITE_OK) {
		return store_error(store->reader);
	}
	while ((step = sqlite3_step(statement)) == SQLITE_ROW && error == 0) {
		struct asset_edit edit = edit_of(statement);

		error = handler(context, &edit);
	}
	sqlite3_finalize(statement);
	return error != 0 ? error : step == SQLITE_DONE ? 0 : store_error(store->reader);
}

int store_read_normal(struct store *store,
		      int (*handler)(void *context, const char *line, int64_t time,
				     const char *user, const char *reason),
		      void *context)
{
	sqlite3_stmt *statement = NULL;
	int step, error = 0;

	if (!store_has_table(store->reader, "baseline")) {
		return 0;
	}
	if (sqlite3_prepare_v2(store->reader,
			       "SELECT line, time, user, reason FROM baseline ORDER BY line", -1,
			       &statement, NULL) != SQLITE_OK) {
		return store_error(store->reader);
	}
	while ((step = sqlite3_step(statement)) == SQLITE_ROW && error == 0) {
		error = handler(context, (const char *)sqlite3_column_text(statement, 0),
				sqlite3_column_int64(statement, 1),
				(const char *)sqlite3_column_text(statement, 2),
				(const char *)sqlite3_column_text(statement, 3));
	}
	sqlite3_finalize(statement);
	return error != 0 ? error : step == SQLITE_DONE ? 0 : store_error(store->reader);
}

static int restore_edit(void *context, const struct asset_edit *edit)
{
	return inventory_restore_edit(context, edit);
}

static int load_rows(struct store *store, struct inventory *inventory, enum state_kind kind,
		     const char *sql)
{
	sqlite3_stmt *statement = NULL;
	uint64_t refused = 0;
	int step, error = 0;

	if (sqlite3_prepare_v2(store->reader, sql, -1, &statement, NULL) != SQLITE_OK) {
		return store_error(store->reader);
	}
	while ((step = sqlite3_step(statement)) == SQLITE_ROW && error == 0) {
		const char *state = (const char *)sqlite3_column_text(statement, 0);
		size_t n = (size_t)sqlite3_column_bytes(statement, 0);

		error = state != NULL ? inventory_restore(inventory, kind, state, n) : -EINVAL;
		if (error == -EINVAL) {
			refused++;
			error = 0;
		}
	}
	sqlite3_finalize(statement);
	if (refused > 0) {
		log_warning(store->options.log,
			    "%s: %llu rows of the inventory are damaged and "
			    "were passed over",
			    store->path, (unsigned long long)refused);
	}
	return error != 0 ? error : step == SQLITE_DONE ? 0 : store_error(store->reader);
}

int store_load(struct store *store, struct inventory *inventory, struct problem *problem)
{
	int64_t first = TIME_NONE;
	char text[32];
	int error;

	if (store_get_state(store, STATE_SENSOR, text, sizeof(text)) == 0) {
		inventory_restore_sensor(inventory, strtoull(text, NULL, 16));
	}
	error = load_rows(store, inventory, STATE_BINDING,
			  "SELECT state FROM binding ORDER BY last, id");
	if (error == 0) {
		error = load_rows(store, inventory, STATE_CONVERSATION,
				  "SELECT state FROM conversation ORDER BY last, id");
	}
	if (error == 0 && store_has_table(store->reader, "fact")) {
		error = load_rows(store, inventory, STATE_FACT,
				  "SELECT state FROM fact ORDER BY last, id");
	}
	if (error == 0) {
		error = store_read_edits(store, restore_edit, inventory);
	}
	if (error != 0) {
		return problem_set(problem, error, "%s: the inventory cannot be read: %s",
				   store->path, strerror(-error));
	}
	if (store_get_state(store, STATE_FIRST_PACKET, text, sizeof(text)) == 0) {
		first = strtoll(text, NULL, 10);
	}
	inventory_restored(inventory, first);
	return 0;
}
