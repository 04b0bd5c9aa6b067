/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The tables (docs/database.md), and who may open which file. */

#include "store/store_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What each version adds to the one before. A new file gets them all. */
static const char *const steps[STORE_SCHEMA_VERSION] = {
	"CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;"
	"CREATE TABLE journal ("
	" seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,"
	" json TEXT NOT NULL, previous_hash BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"
	"CREATE INDEX journal_time ON journal (time);"
	"CREATE TABLE operation ("
	" seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, source TEXT, destination TEXT,"
	" source_asset TEXT, destination_asset TEXT, protocol TEXT, operation TEXT, outcome TEXT,"
	" phase TEXT, json TEXT NOT NULL) STRICT;"
	"CREATE INDEX operation_time ON operation (time);"
	"CREATE INDEX operation_destination ON operation (destination, time);"
	"CREATE INDEX operation_operation ON operation (operation, time);"
	"CREATE TABLE asset ("
	" id TEXT PRIMARY KEY, last INTEGER NOT NULL, json TEXT NOT NULL) STRICT;"
	"CREATE TABLE asset_alias (alias TEXT PRIMARY KEY, id TEXT NOT NULL) STRICT;"
	"CREATE INDEX asset_alias_id ON asset_alias (id);"
	"CREATE TABLE binding ("
	" id TEXT PRIMARY KEY, last INTEGER NOT NULL, state TEXT NOT NULL) STRICT;"
	"CREATE TABLE conversation ("
	" id TEXT PRIMARY KEY, last INTEGER NOT NULL, json TEXT NOT NULL, state TEXT NOT NULL) "
	"STRICT;"
	"CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;",

	"CREATE TABLE asset_change ("
	" seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, asset TEXT NOT NULL, change TEXT NOT "
	"NULL,"
	" json TEXT NOT NULL) STRICT;"
	"CREATE INDEX asset_change_asset ON asset_change (asset, time);"
	"CREATE INDEX asset_change_time ON asset_change (time);"
	"CREATE TABLE asset_edit ("
	" seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, user TEXT NOT NULL, asset TEXT NOT NULL,"
	" kind TEXT NOT NULL, name TEXT NOT NULL, old TEXT, new TEXT, reason TEXT) STRICT;"
	"CREATE INDEX asset_edit_asset ON asset_edit (asset);",

	"CREATE TABLE baseline ("
	" line TEXT PRIMARY KEY, time INTEGER NOT NULL, user TEXT NOT NULL, reason TEXT) STRICT, "
	"WITHOUT ROWID;"
	"CREATE TABLE fact ("
	" id TEXT PRIMARY KEY, last INTEGER NOT NULL, state TEXT NOT NULL) STRICT;",

	"ALTER TABLE operation ADD COLUMN routine INTEGER;"
	"CREATE TABLE health ("
	" seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, json TEXT NOT NULL) STRICT;"
	"CREATE INDEX health_time ON health (time);"
	"CREATE TABLE traffic ("
	" seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, json TEXT NOT NULL) STRICT;"
	"CREATE INDEX traffic_time ON traffic (time);",
};

int store_error(sqlite3 *db)
{
	static const struct {
		int code, error;
	} rows[] = {
		{ SQLITE_FULL, ENOSPC },     { SQLITE_NOMEM, ENOMEM },   { SQLITE_BUSY, EBUSY },
		{ SQLITE_LOCKED, EBUSY },    { SQLITE_READONLY, EROFS }, { SQLITE_NOTADB, EINVAL },
		{ SQLITE_CORRUPT, EINVAL },  { SQLITE_PERM, EACCES },    { SQLITE_AUTH, EACCES },
		{ SQLITE_CANTOPEN, ENOENT }, { SQLITE_IOERR, EIO },
	};
	int code = sqlite3_errcode(db) & 0xff;
	int system = sqlite3_system_errno(db);

	if ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && system != 0) {
		return -system;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].code == code) {
			return -rows[i].error;
		}
	}
	return -EIO;
}

static int fail(sqlite3 *db, const char *path, struct problem *problem)
{
	int error = store_error(db);

	if (error == -EINVAL) {
		return problem_set(problem, error, "%s: not a database of Weir, or damaged (%s)",
				   path, sqlite3_errmsg(db));
	}
	if (sqlite3_system_errno(db) == -error) {
		return problem_set(problem, error, "%s: %s", path, strerror(-error));
	}
	return problem_set(problem, error, "%s: %s", path, sqlite3_errmsg(db));
}

/* One integer of a query; false when there is no row or an error. */
static bool ask(sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *statement = NULL;
	bool found = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
		     sqlite3_step(statement) == SQLITE_ROW;

	if (found) {
		*out = sqlite3_column_int64(statement, 0);
	}
	sqlite3_finalize(statement);
	return found;
}

/* The path as an SQLite URI of a file that nobody changes. */
static bool immutable_uri(const char *path, char *out, size_t size)
{
	static const char digits[] = "0123456789ABCDEF";
	static const char start[] = "file:", end[] = "?immutable=1";
	size_t n = sizeof(start) - 1;

	memcpy(out, start, n);
	for (; *path != '\0' && n + 3 + sizeof(end) < size; path++) {
		if (strchr("%?#", *path) == NULL) {
			out[n++] = *path;
			continue;
		}
		out[n++] = '%';
		out[n++] = digits[(unsigned char)*path >> 4];
		out[n++] = digits[*path & 15];
	}
	memcpy(out + n, end, sizeof(end));
	return *path == '\0';
}

/* A closed database on a medium that cannot be written has no WAL to read and no place for one. */
static int connect_immutable(sqlite3 **db, const char *path)
{
	char uri[4096], wal[4096];
	struct stat stat_wal;

	snprintf(wal, sizeof(wal), "%s-wal", path);
	if ((stat(wal, &stat_wal) == 0 && stat_wal.st_size > 0) ||
	    !immutable_uri(path, uri, sizeof(uri))) {
		return SQLITE_CANTOPEN;
	}
	sqlite3_close(*db);
	return sqlite3_open_v2(uri, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
}

int store_connect(sqlite3 **out, const char *path, bool write, struct problem *problem)
{
	int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	sqlite3 *db = NULL;
	int64_t ignored;
	int error;

	if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_FULLMUTEX, NULL) != SQLITE_OK) {
		error = db != NULL ? fail(db, path, problem) : -ENOMEM;
		sqlite3_close(db);
		return error;
	}
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, 5000);
	if (!write && !ask(db, "SELECT count(*) FROM sqlite_schema", &ignored) &&
	    (sqlite3_errcode(db) & 0xff) != SQLITE_NOTADB) {
		(void)connect_immutable(&db, path);
	}
	*out = db;
	return 0;
}

static bool execute(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* Brings a file from a version (0: empty) to this one, whole or not at all. */
static int upgrade(sqlite3 *db, const char *path, int64_t from, struct problem *problem)
{
	char finish[200];
	bool good = execute(db, "BEGIN IMMEDIATE");

	for (int64_t i = from; good && i < STORE_SCHEMA_VERSION; i++) {
		good = execute(db, steps[i]);
	}
	snprintf(finish, sizeof(finish),
		 "DELETE FROM schema_version; INSERT INTO schema_version VALUES (%d);"
		 " PRAGMA application_id=%d; COMMIT;",
		 STORE_SCHEMA_VERSION, STORE_APPLICATION_ID);
	if (!good || !execute(db, finish)) {
		int error = fail(db, path, problem);

		(void)execute(db, "ROLLBACK");
		return error;
	}
	return 0;
}

bool store_has_table(sqlite3 *db, const char *name)
{
	sqlite3_stmt *statement = NULL;
	bool found = sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema WHERE name = ?1", -1,
					&statement, NULL) == SQLITE_OK &&
		     sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
		     sqlite3_step(statement) == SQLITE_ROW;

	sqlite3_finalize(statement);
	return found;
}

int store_schema(sqlite3 *db, const char *path, bool write, struct problem *problem)
{
	int64_t application = 0, objects = 0, version = 0;

	if (!ask(db, "PRAGMA application_id", &application) ||
	    !ask(db, "SELECT count(*) FROM sqlite_schema", &objects)) {
		return fail(db, path, problem);
	}
	if (application == 0 && objects == 0 && write) {
		return upgrade(db, path, 0, problem);
	}
	if (application != STORE_APPLICATION_ID ||
	    !ask(db, "SELECT max(version) FROM schema_version", &version) || version < 1) {
		return problem_set(problem, -EINVAL, "%s: not a database of Weir", path);
	}
	if (version > STORE_SCHEMA_VERSION) {
		return problem_set(problem, -EPROTO,
				   "%s: written by a newer Weir (schema %lld, this one knows %d): "
				   "use that version; nothing was changed",
				   path, (long long)version, STORE_SCHEMA_VERSION);
	}
	return write && version < STORE_SCHEMA_VERSION ? upgrade(db, path, version, problem) : 0;
}
