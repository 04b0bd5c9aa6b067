/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The store's thread: batches what waits into transactions, and tries again when the disk fails.
 * It waits on the monotonic clock; no time of its own goes into the database. */

#include "store/store_private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#define BATCH_WAIT_NS   (500 * NS_PER_MS)
#define RETRY_WAIT_NS   NS_PER_S
#define BATCH_ITEMS     1000  /* so many do not wait for more */
#define EXPIRED_AT_ONCE 10000 /* rows deleted in one transaction */

static const char *const statements[ITEM_KINDS] = {
	[ITEM_JOURNAL] = "INSERT INTO journal (time, kind, id, json, seq, previous_hash, hash)"
			 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[ITEM_OPERATION] = "INSERT INTO operation (time, source, destination, source_asset,"
			   " destination_asset, protocol, operation, outcome, phase, json, routine)"
			   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[ITEM_BINDING] = "INSERT INTO binding (last, id, state) VALUES (?1, ?2, ?3)"
			 " ON CONFLICT (id) DO UPDATE SET last = ?1, state = ?3",
	[ITEM_CONVERSATION] = "INSERT INTO conversation (last, id, json, state)"
			      " VALUES (?1, ?2, ?3, ?4)"
			      " ON CONFLICT (id) DO UPDATE SET last = ?1, json = ?3, state = ?4",
	[ITEM_ASSET] = "INSERT INTO asset (last, id, json) VALUES (?1, ?2, ?3)"
		       " ON CONFLICT (id) DO UPDATE SET last = ?1, json = ?3",
	[ITEM_ASSET_GONE] = "DELETE FROM asset WHERE ?1 IS NOT NULL AND id = ?2",
	[ITEM_ALIAS] = "INSERT OR REPLACE INTO asset_alias (alias, id)"
		       " SELECT ?2, ?3 WHERE ?1 IS NOT NULL",
	[ITEM_STATE] = "INSERT OR REPLACE INTO state (key, value)"
		       " SELECT ?2, ?3 WHERE ?1 IS NOT NULL",
	[ITEM_CHANGE] = "INSERT INTO asset_change (time, asset, change, json)"
			" VALUES (?1, ?2, ?3, ?4)",
	[ITEM_EDIT] = "INSERT INTO asset_edit (time, user, asset, kind, name, old, new, reason)"
		      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[ITEM_NORMAL] = "INSERT OR IGNORE INTO baseline (time, line, user, reason)"
			" VALUES (?1, ?2, ?3, ?4)",
	[ITEM_FACT] = "INSERT OR REPLACE INTO fact (last, id, state) VALUES (?1, ?2, ?3)",
	[ITEM_HEALTH] = "INSERT INTO health (time, json) VALUES (?1, ?2)",
	[ITEM_TRAFFIC] = "INSERT INTO traffic (time, json) VALUES (?1, ?2)",
	[ITEM_NOT_NORMAL] = "DELETE FROM baseline WHERE ?1 IS NOT NULL AND line = ?2",
};

/* The tables that have caps: whose rows are counted, and by what their old ones go. */
struct capped_table {
	const char *name;
	enum item_kind kind;
	size_t rows; /* in struct rows */
	size_t max;  /* in struct store_options */
	bool ages;   /* keep_operations */
	size_t gone; /* in struct store_counters */
};

#define CAPPED(name, kind, member, cap, ages, counter)                                          \
	{                                                                                       \
		name, kind, offsetof(struct rows, member), offsetof(struct store_options, cap), \
		    ages, offsetof(struct store_counters, counter)                              \
	}

static const struct capped_table capped[] = {
	CAPPED("operation", ITEM_OPERATION, operation, operations_max, true, operations_expired),
	CAPPED("asset_change", ITEM_CHANGE, change, changes_max, false, changes_expired),
	CAPPED("health", ITEM_HEALTH, health, health_max, false, health_expired),
	CAPPED("traffic", ITEM_TRAFFIC, traffic, traffic_max, true, traffic_expired),
};

static uint64_t *number_at(void *structure, size_t offset)
{
	return (uint64_t *)(void *)((char *)structure + offset);
}

/* ---- one transaction ---- */

static int bind_chain(struct store *store, sqlite3_stmt *statement, const struct item *item)
{
	uint8_t hash[HASH_SIZE];
	int error = journal_hash(&store->chain, item, hash);

	if (error != 0) {
		return error;
	}
	sqlite3_bind_int64(statement, 5, (sqlite3_int64)(store->chain.seq + 1));
	sqlite3_bind_blob(statement, 6, store->chain.hash, HASH_SIZE, SQLITE_TRANSIENT);
	sqlite3_bind_blob(statement, 7, hash, HASH_SIZE, SQLITE_TRANSIENT);
	store->chain.seq++;
	memcpy(store->chain.hash, hash, HASH_SIZE);
	return 0;
}

static int write_item(struct store *store, const struct item *item)
{
	sqlite3_stmt *statement = store->statements[item->kind];
	int error = 0;

	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	sqlite3_bind_int64(statement, 1, item->time);
	for (unsigned i = 0; i < item->n_texts; i++) {
		sqlite3_bind_text(statement, 2 + (int)i, item->texts[i], -1, SQLITE_STATIC);
	}
	if (item->kind == ITEM_JOURNAL) {
		error = bind_chain(store, statement, item);
	}
	if (error == 0 && sqlite3_step(statement) != SQLITE_DONE) {
		error = store_error(store->writer);
	}
	sqlite3_reset(statement);
	if (error == 0 && item->kind == ITEM_OPERATION) {
		store->newest = time_max(store->newest, item->time);
	}
	for (size_t i = 0; error == 0 && i < ARRAY_SIZE(capped); i++) {
		*number_at(&store->rows, capped[i].rows) += item->kind == capped[i].kind;
	}
	return error;
}

/* Deletes rows of a table that the condition selects; *gone gets how many. `rows` counts them. */
static int expire(struct store *store, const char *table, const char *condition, int64_t parameter,
		  uint64_t *rows, uint64_t *gone)
{
	sqlite3_stmt *statement = NULL;
	char sql[256];
	int error = 0;

	sqlite3_snprintf(sizeof(sql), sql, "DELETE FROM %s WHERE seq IN (SELECT seq FROM %s %s)",
			 table, table, condition);
	if (sqlite3_prepare_v2(store->writer, sql, -1, &statement, NULL) != SQLITE_OK) {
		return store_error(store->writer);
	}
	sqlite3_bind_int64(statement, 1, parameter);
	sqlite3_bind_int64(statement, 2, EXPIRED_AT_ONCE);
	if (sqlite3_step(statement) != SQLITE_DONE) {
		error = store_error(store->writer);
	}
	sqlite3_finalize(statement);
	if (error == 0) {
		uint64_t n = (uint64_t)sqlite3_changes64(store->writer);

		*gone += n;
		*rows -= n < *rows ? n : *rows;
	}
	return error;
}

static int retain_table(struct store *store, const struct capped_table *table)
{
	const struct store_options *options = &store->options;
	uint64_t *rows = number_at(&store->rows, table->rows);
	uint64_t *gone = number_at(&store->expired, table->rows);
	uint64_t max = *number_at(&store->options, table->max);
	int error = 0;

	if (table->ages && store->newest != TIME_NONE && options->keep_operations > 0) {
		error = expire(store, table->name, "WHERE time < ?1 ORDER BY time LIMIT ?2",
			       store->newest - options->keep_operations, rows, gone);
	}
	if (error == 0 && *rows > max) {
		error = expire(store, table->name, "ORDER BY seq LIMIT min(?1, ?2)",
			       (int64_t)(*rows - max), rows, gone);
	}
	return error;
}

static int retain(struct store *store)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < ARRAY_SIZE(capped); i++) {
		error = retain_table(store, &capped[i]);
	}
	return error;
}

static int execute(struct store *store, const char *sql)
{
	return sqlite3_exec(store->writer, sql, NULL, NULL, NULL) == SQLITE_OK
		   ? 0
		   : store_error(store->writer);
}

static int write_all(struct store *store, const struct item_list *list)
{
	int error = execute(store, "BEGIN IMMEDIATE");

	for (const struct item *item = list->first; error == 0 && item != NULL; item = item->next) {
		error = write_item(store, item);
	}
	if (error == 0) {
		error = retain(store);
	}
	return error == 0 ? execute(store, "COMMIT") : error;
}

/* Writes a batch whole or not at all. */
static int write_batch(struct store *store, const struct item_list *list)
{
	struct chain chain = store->chain;
	struct rows rows = store->rows;
	int64_t newest = store->newest;
	int error;

	store->expired = (struct rows) { 0 };
	error = write_all(store, list);

	if (error != 0) {
		if (!sqlite3_get_autocommit(store->writer)) {
			(void)sqlite3_exec(store->writer, "ROLLBACK", NULL, NULL, NULL);
		}
		store->chain = chain;
		store->rows = rows;
		store->newest = newest;
	}
	return error;
}

/* ---- the thread ---- */

static void wait_for(struct store *store, int64_t ns)
{
	struct timespec until;
	int64_t nanoseconds;

	clock_gettime(CLOCK_MONOTONIC, &until);
	nanoseconds = until.tv_nsec + ns;
	until.tv_sec += (time_t)(nanoseconds / NS_PER_S);
	until.tv_nsec = (long)(nanoseconds % NS_PER_S);
	while (!store->hurry && !store->stopping &&
	       (store->failing || store->queue.n < BATCH_ITEMS)) {
		if (pthread_cond_timedwait(&store->wake, &store->lock, &until) == ETIMEDOUT) {
			return;
		}
	}
}

static void note_success(struct store *store, const struct item_list *batch)
{
	for (const struct item *item = batch->first; item != NULL; item = item->next) {
		store->counters.journal_rows += item->kind == ITEM_JOURNAL;
		store->counters.operation_rows += item->kind == ITEM_OPERATION;
		store->counters.change_rows += item->kind == ITEM_CHANGE;
	}
	store->durable += batch->n;
	for (size_t i = 0; batch->n > 0 && i < ARRAY_SIZE(capped); i++) {
		*number_at(&store->counters, capped[i].gone) +=
		    *number_at(&store->expired, capped[i].rows);
	}
	store->counters.journal_seq = store->chain.seq;
	store->head = store->chain;
	store->error = 0;
	if (store->failing) {
		store->failing = false;
		log_warning(store->options.log, "%s: can be written again", store->path);
	}
}

static void note_failure(struct store *store, int error)
{
	store->counters.failures++;
	store->error = error;
	store->first_error = store->first_error != 0 ? store->first_error : error;
	if (!store->failing) {
		store->failing = true;
		log_error(store->options.log,
			  "%s: cannot be written (%s): what was stored is safe, what is new waits "
			  "in memory; make room or repair the disk",
			  store->path, strerror(-error));
	}
}

/* Takes what waits and writes it; called with the lock held. */
static void write_waiting(struct store *store)
{
	struct item_list batch = store->queue;
	int error;

	store->queue = (struct item_list) { .first = NULL };
	store->writing_bytes = batch.bytes;
	pthread_mutex_unlock(&store->lock);
	error = batch.n > 0 ? write_batch(store, &batch) : 0;
	pthread_mutex_lock(&store->lock);
	store->writing_bytes = 0;
	if (error == 0) {
		note_success(store, &batch);
		item_list_free(&batch);
	} else {
		note_failure(store, error);
		item_list_prepend(&store->queue, &batch);
	}
	store->hurry = false;
	pthread_cond_broadcast(&store->done);
}

static void *run(void *context)
{
	struct store *store = context;
	bool last = false;

	pthread_mutex_lock(&store->lock);
	while (!last) {
		while (store->queue.n == 0 && !store->stopping && !store->hurry) {
			pthread_cond_wait(&store->wake, &store->lock);
		}
		wait_for(store, store->failing ? RETRY_WAIT_NS : BATCH_WAIT_NS);
		last = store->stopping;
		write_waiting(store);
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}

/* ---- beginning and end ---- */

static int prepare(struct store *store, struct problem *problem)
{
	for (unsigned i = 0; i < ITEM_KINDS; i++) {
		if (sqlite3_prepare_v3(store->writer, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &store->statements[i], NULL) != SQLITE_OK) {
			return problem_set(problem, store_error(store->writer), "%s: %s",
					   store->path, sqlite3_errmsg(store->writer));
		}
	}
	return 0;
}

/* How many rows there are: they go only at the old end, so the ends tell. */
static uint64_t count_rows(struct store *store, const char *table, int64_t *newest)
{
	sqlite3_stmt *statement = NULL;
	uint64_t n = 0;
	char sql[160];

	sqlite3_snprintf(sizeof(sql), sql,
			 "SELECT (SELECT max(seq) FROM %s), (SELECT min(seq) FROM %s),"
			 " (SELECT max(time) FROM %s)",
			 table, table, table);
	if (sqlite3_prepare_v2(store->writer, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) == SQLITE_INTEGER) {
		n = (uint64_t)(sqlite3_column_int64(statement, 0) -
			       sqlite3_column_int64(statement, 1) + 1);
		*newest = sqlite3_column_int64(statement, 2);
	}
	sqlite3_finalize(statement);
	return n;
}

/* Signals are for the program's own threads. */
static int start_thread(struct store *store)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&store->thread, NULL, run, store);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

int store_write_begin(struct store *store, struct problem *problem)
{
	pthread_condattr_t attributes;
	int error = prepare(store, problem);

	if (error == 0) {
		error = journal_head(store->writer, &store->chain);
	}
	if (error != 0) {
		return error;
	}
	store->newest = TIME_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(capped); i++) {
		int64_t newest = TIME_NONE;

		*number_at(&store->rows, capped[i].rows) =
		    count_rows(store, capped[i].name, &newest);
		if (capped[i].kind == ITEM_OPERATION) {
			store->newest = newest;
		}
	}
	store->counters.journal_seq = store->chain.seq;
	store->head = store->chain;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->wake, &attributes);
	pthread_cond_init(&store->done, NULL);
	pthread_condattr_destroy(&attributes);
	error = start_thread(store);
	store->running = error == 0;
	return -error;
}

void store_write_end(struct store *store)
{
	if (store->running) {
		pthread_mutex_lock(&store->lock);
		store->stopping = true;
		pthread_cond_signal(&store->wake);
		pthread_mutex_unlock(&store->lock);
		pthread_join(store->thread, NULL);
		store->running = false;
		pthread_mutex_destroy(&store->lock);
		pthread_cond_destroy(&store->wake);
		pthread_cond_destroy(&store->done);
	}
	store->lost = store->queue.n > 0 || store->counters.journal_dropped > 0 ||
		      store->counters.operations_dropped > 0 || store->counters.changes_dropped > 0;
	item_list_free(&store->queue);
	for (unsigned i = 0; i < ITEM_KINDS; i++) {
		sqlite3_finalize(store->statements[i]);
	}
}

int store_flush(struct store *store)
{
	uint64_t want, failures;
	int error;

	if (!store->running) {
		return 0;
	}
	pthread_mutex_lock(&store->lock);
	want = store->handed;
	failures = store->counters.failures;
	while (store->durable < want && store->counters.failures == failures) {
		store->hurry = true;
		pthread_cond_signal(&store->wake);
		pthread_cond_wait(&store->done, &store->lock);
	}
	error = store->durable < want ? store->error : 0;
	pthread_mutex_unlock(&store->lock);
	return error;
}
