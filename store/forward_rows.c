/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/forward_rows.h"

#include "store/store_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *read, *newest, *span, *before;
} tables[FORWARD_TABLES] = {
	[FORWARD_ALERTS] = { "alerts",
			     "SELECT seq, kind, json FROM journal WHERE seq > ?1 AND kind = 'alert'"
			     " ORDER BY seq LIMIT ?2",
			     "SELECT max(seq) FROM journal WHERE kind = 'alert'",
			     "SELECT min(time), max(time), min(seq) FROM journal"
			     " WHERE kind = 'alert'",
			     "SELECT min(seq) FROM journal WHERE kind = 'alert' AND time >= ?1" },
	[FORWARD_CHANGES] = { "changes",
			      "SELECT seq, change, json FROM asset_change WHERE seq > ?1"
			      " ORDER BY seq LIMIT ?2",
			      "SELECT max(seq) FROM asset_change",
			      "SELECT min(time), max(time), min(seq) FROM asset_change",
			      "SELECT min(seq) FROM asset_change WHERE time >= ?1" },
	[FORWARD_OPERATIONS] = { "operations",
				 "SELECT seq, iif(routine, 'routine', operation), json"
				 " FROM operation WHERE seq > ?1 ORDER BY seq LIMIT ?2",
				 "SELECT max(seq) FROM operation",
				 "SELECT min(time), max(time), min(seq) FROM operation",
				 "SELECT min(seq) FROM operation WHERE time >= ?1" },
	[FORWARD_HEALTH] = { "health",
			     "SELECT seq, 'health', json FROM health WHERE seq > ?1"
			     " ORDER BY seq LIMIT ?2",
			     "SELECT max(seq) FROM health",
			     "SELECT min(time), max(time), min(seq) FROM health",
			     "SELECT min(seq) FROM health WHERE time >= ?1" },
	[FORWARD_TRAFFIC] = { "traffic",
			      "SELECT seq, 'traffic', json FROM traffic WHERE seq > ?1"
			      " ORDER BY seq LIMIT ?2",
			      "SELECT max(seq) FROM traffic",
			      "SELECT min(time), max(time), min(seq) FROM traffic",
			      "SELECT min(seq) FROM traffic WHERE time >= ?1" },
};

struct forward_rows {
	sqlite3 *db;
	sqlite3_stmt *read[FORWARD_TABLES];
};

const char *forward_table_name(enum forward_table table)
{
	return tables[table].name;
}

bool forward_table_from_name(const char *name, enum forward_table *out)
{
	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		if (strcmp(name, tables[i].name) == 0) {
			*out = (enum forward_table)i;
			return true;
		}
	}
	return false;
}

int forward_rows_open(struct forward_rows **out, const char *path, struct problem *problem)
{
	struct forward_rows *rows = calloc(1, sizeof(*rows));
	int error;

	if (rows == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	error = store_connect(&rows->db, path, false, problem);
	if (error == 0 && store_schema(rows->db, path, false, problem) == 0 &&
	    !store_has_table(rows->db, "traffic")) {
		error = problem_set(problem, -EPROTO,
				    "%s: written by an older Weir: a sensor that runs with it, or "
				    "weir forward drain, brings it to this version",
				    path);
	}
	for (size_t i = 0; error == 0 && i < FORWARD_TABLES; i++) {
		if (sqlite3_prepare_v2(rows->db, tables[i].read, -1, &rows->read[i], NULL) !=
		    SQLITE_OK) {
			error = problem_set(problem, store_error(rows->db), "%s: %s", path,
					    sqlite3_errmsg(rows->db));
		}
	}
	if (error < 0) {
		forward_rows_close(rows);
		return error;
	}
	*out = rows;
	return 0;
}

struct forward_rows *forward_rows_close(struct forward_rows *rows)
{
	if (rows != NULL) {
		for (size_t i = 0; i < FORWARD_TABLES; i++) {
			sqlite3_finalize(rows->read[i]);
		}
		sqlite3_close(rows->db);
		free(rows);
	}
	return NULL;
}

int forward_rows_read(struct forward_rows *rows, enum forward_table table, uint64_t after,
		      size_t max, forward_row *handler, void *context)
{
	sqlite3_stmt *statement = rows->read[table];
	bool more = true;
	int step = SQLITE_DONE, error;

	sqlite3_bind_int64(statement, 1, (sqlite3_int64)after);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)max);
	while (more && (step = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *what = (const char *)sqlite3_column_text(statement, 1);
		const char *json = (const char *)sqlite3_column_text(statement, 2);

		more = handler(context, (uint64_t)sqlite3_column_int64(statement, 0),
			       what != NULL ? what : "", json != NULL ? json : "",
			       (size_t)sqlite3_column_bytes(statement, 2));
	}
	error = step == SQLITE_ROW || step == SQLITE_DONE ? 0 : store_error(rows->db);
	/* Else the database could not tidy up what it wrote meanwhile. */
	sqlite3_reset(statement);
	return error;
}

/* Runs a query with one row; the caller finalizes. NULL with *error: it cannot. */
static sqlite3_stmt *one_row(struct forward_rows *rows, const char *query, const int64_t *value,
			     int *error)
{
	sqlite3_stmt *statement = NULL;

	*error = 0;
	if (sqlite3_prepare_v2(rows->db, query, -1, &statement, NULL) == SQLITE_OK &&
	    (value == NULL || sqlite3_bind_int64(statement, 1, *value) == SQLITE_OK) &&
	    sqlite3_step(statement) == SQLITE_ROW) {
		return statement;
	}
	*error = store_error(rows->db);
	sqlite3_finalize(statement);
	return NULL;
}

uint64_t forward_rows_newest(struct forward_rows *rows, enum forward_table table, int *error)
{
	sqlite3_stmt *statement = one_row(rows, tables[table].newest, NULL, error);
	uint64_t newest = statement != NULL ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;

	sqlite3_finalize(statement);
	return newest;
}

bool forward_rows_span(struct forward_rows *rows, enum forward_table table, int64_t *oldest,
		       int64_t *newest, uint64_t *first, int *error)
{
	sqlite3_stmt *statement = one_row(rows, tables[table].span, NULL, error);
	bool some = statement != NULL && sqlite3_column_type(statement, 0) != SQLITE_NULL;

	if (some) {
		*oldest = sqlite3_column_int64(statement, 0);
		*newest = sqlite3_column_int64(statement, 1);
		*first = (uint64_t)sqlite3_column_int64(statement, 2);
	}
	sqlite3_finalize(statement);
	return some;
}

uint64_t forward_rows_before(struct forward_rows *rows, enum forward_table table, int64_t time,
			     int *error)
{
	sqlite3_stmt *statement = one_row(rows, tables[table].before, &time, error);
	uint64_t seq = 0;

	if (statement != NULL && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
		seq = (uint64_t)sqlite3_column_int64(statement, 0) - 1;
	}
	sqlite3_finalize(statement);
	return seq;
}
