/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "inventory_world.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

struct fixture {
	struct world *world;
	char folder[32], path[64];
	struct store_options options;
	struct store *store;
	struct problem problem;
	unsigned documents;
	char last[256];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	void *world = NULL;

	(void)world_set_up(&world);
	f->world = world;
	snprintf(f->folder, sizeof(f->folder), "/tmp/weir-store-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/weir.db", f->folder);
	f->options = store_defaults();
	f->options.path = f->path;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
	struct fixture *f = *state;
	void *world = f->world;
	char path[80];

	store_close(f->store, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, suffixes[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(f->folder), 0);
	(void)world_tear_down(&world);
	free(f);
	return 0;
}

static void reopen(struct fixture *f)
{
	int error = 0;

	f->store = store_close(f->store, &error);
	assert_int_equal(error, 0);
	f->problem.text[0] = '\0';
	error = store_open(&f->store, &f->options, &f->problem);
	if (error != 0) {
		print_error("%s\n", f->problem.text);
	}
	assert_int_equal(error, 0);
}

static int open_error(struct fixture *f)
{
	struct store *store = NULL;
	int error = store_open(&store, &f->options, &f->problem);

	store_close(store, NULL);
	return error;
}

static int journal(struct fixture *f, int i)
{
	char text[64], id[16];
	int n = snprintf(text, sizeof(text), "{\"alert\":%d}", i);

	snprintf(id, sizeof(id), "id-%d", i);
	return store_journal(f->store, "alert", WORLD_START + i, id, text, (size_t)n);
}

static void assert_chain_is_whole(struct fixture *f)
{
	uint64_t seq = 0;

	assert_int_equal(store_verify_journal(f->store, &seq, &f->problem), 0);
}

static bool count_document(void *context, const char *json, size_t length)
{
	struct fixture *f = context;

	f->documents++;
	snprintf(f->last, sizeof(f->last), "%.*s", (int)length, json);
	return true;
}

static unsigned count_journal(struct fixture *f)
{
	f->documents = 0;
	assert_int_equal(
	    store_read_journal(f->store, NULL, TIME_NONE, TIME_NONE, count_document, f), 0);
	return f->documents;
}

static unsigned count_operations(struct fixture *f)
{
	f->documents = 0;
	assert_int_equal(store_read_operations(f->store, TIME_NONE, TIME_NONE, count_document, f),
			 0);
	return f->documents;
}

/* Changes the file behind the store's back. */
static void execute(struct fixture *f, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_journal(void **state)
{
	struct fixture *f = *state;

	reopen(f);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(journal(f, i), 0);
	}
	assert_int_equal(store_journal(f->store, "sensor", WORLD_START, "s", "{}", 2), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(store_counters(f->store).journal_seq, 11);
	assert_chain_is_whole(f);
	reopen(f);
	assert_int_equal(journal(f, 10), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(count_journal(f), 12);
	assert_string_equal(f->last, "{\"alert\":10}");
	assert_chain_is_whole(f);
	f->documents = 0;
	assert_int_equal(store_read_journal(f->store, "alert", WORLD_START + 3, WORLD_START + 5,
					    count_document, f),
			 0);
	assert_int_equal(f->documents, 3);
}

static void test_a_changed_row_breaks_the_chain(void **state)
{
	struct fixture *f = *state;
	uint64_t seq = 0;

	reopen(f);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(journal(f, i), 0);
	}
	f->store = store_close(f->store, NULL);
	execute(f, "UPDATE journal SET json = '{}' WHERE seq = 3");
	reopen(f);
	assert_int_equal(store_verify_journal(f->store, &seq, &f->problem), 1);
	assert_int_equal(seq, 3);
	f->store = store_close(f->store, NULL);
	execute(f, "DELETE FROM journal WHERE seq = 1");
	reopen(f);
	assert_int_equal(store_verify_journal(f->store, &seq, &f->problem), 1);
	assert_int_equal(seq, 2);
}

static void add_operation(struct fixture *f, int64_t time)
{
	struct world *w = f->world;
	struct event event = { .record = NULL };
	char text[64];
	int n = snprintf(text, sizeof(text), "{\"time\":%lld}", (long long)time);
	struct record *r;

	w->now = time;
	r = world_begin(w, RECORD_TRANSACTION, (struct end) { "10.0.0.1", NULL },
			(struct end) { "10.0.0.2", NULL });
	r->operation = OPERATION_WRITE;
	r->protocol = world_protocol("modbus");
	record_commit(&w->writer);
	event.record = record_last(&w->writer);
	event.context[EVENT_STORE] = inventory_record(w->inventory, event.record);
	assert_int_equal(store_operation(f->store, &event, text, (size_t)n), 0);
}

static void test_operations(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;

	reopen(f);
	add_operation(f, WORLD_START);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(count_operations(f), 1);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
					    "SELECT source, destination, protocol, operation,"
					    " length(source_asset) FROM operation",
					    -1, &row, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(row, 0), "10.0.0.1");
	assert_string_equal((const char *)sqlite3_column_text(row, 1), "10.0.0.2");
	assert_string_equal((const char *)sqlite3_column_text(row, 2), "modbus");
	assert_string_equal((const char *)sqlite3_column_text(row, 3), "write");
	assert_int_equal(sqlite3_column_int(row, 4), 16);
	sqlite3_finalize(row);
	sqlite3_close(db);
}

static void test_retention(void **state)
{
	struct fixture *f = *state;

	f->options.keep_operations = 10 * NS_PER_S;
	f->options.operations_max = 5;
	reopen(f);
	for (int i = 0; i < 3; i++) {
		add_operation(f, WORLD_START + i * NS_PER_S);
	}
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(count_operations(f), 3);
	add_operation(f, WORLD_START + 11 * NS_PER_S);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(count_operations(f), 3);
	for (int i = 0; i < 10; i++) {
		add_operation(f, WORLD_START + 12 * NS_PER_S + i);
	}
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(count_operations(f), 5);
	assert_int_equal(store_counters(f->store).operations_expired, 9);
	reopen(f);
	add_operation(f, WORLD_START + 13 * NS_PER_S);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(count_operations(f), 5);
}

static void fill_inventory(struct world *w)
{
	for (int i = 0; i < 20; i++) {
		struct record *r = world_begin(w, RECORD_TRANSACTION,
					       (struct end) { "10.0.0.1", "00:00:00:00:00:0a" },
					       (struct end) { "10.0.0.2", "00:00:00:00:00:0b" });

		r->flow = 3;
		r->protocol = world_protocol("modbus");
		r->operation = i == 0 ? OPERATION_IDENTIFY : OPERATION_READ;
		r->phase = PHASE_COMPLETE;
		r->outcome = OUTCOME_SUCCESS;
		r->duration = 1000 + i;
		r->flags |= RECORD_UNIT;
		record_put_uint(&w->writer, CORE_UNIT_ID, 255);
		record_put_text(&w->writer,
				field_find(w->registry, "weir.modbus.device_id.vendor_name"),
				"Acme");
		(void)world_commit(w);
		w->now += NS_PER_S;
	}
	world_arp(w, 0, (struct end) { "10.0.0.1", "00:00:00:00:00:0a" }, "10.0.0.7");
	(void)world_flow(w, 30, (struct end) { "10.0.0.1", "00:00:00:00:00:0c" },
			 (struct end) { "10.3.0.3", NULL });
}

/* A restart changes nothing that was known. */
static void test_inventory_roundtrip(void **state)
{
	struct fixture *f = *state;
	struct world *w = f->world;
	char *assets, *conversations;

	reopen(f);
	w->options.sensor_id = 77;
	world_renew(w);
	fill_inventory(w);
	assets = strdup(world_assets(w));
	conversations = strdup(world_conversations(w));
	assert_int_equal(store_inventory(f->store, w->inventory), 0);
	reopen(f);
	w->options.sensor_id = 78; /* renamed: ids stay */
	world_renew(w);
	assert_int_equal(store_load(f->store, w->inventory, &f->problem), 0);
	assert_int_equal(w->changes, 0);
	assert_string_equal(world_assets(w), assets);
	assert_string_equal(world_conversations(w), conversations);
	free(assets);
	free(conversations);
}

static int64_t ask(struct fixture *f, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	int64_t number;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	number = sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	sqlite3_close(db);
	return number;
}

static void test_a_merged_asset_leaves_an_alias(void **state)
{
	struct fixture *f = *state;
	struct world *w = f->world;

	reopen(f);
	(void)world_flow(w, 0, (struct end) { "10.0.0.1", NULL },
			 (struct end) { "224.0.0.1", NULL });
	assert_int_equal(store_inventory(f->store, w->inventory), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(ask(f, "SELECT count(*) FROM asset"), 1);
	w->now += NS_PER_S;
	world_arp(w, 0, (struct end) { "10.0.0.1", "00:00:00:00:00:0a" }, "10.0.0.1");
	assert_int_equal(store_inventory(f->store, w->inventory), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(ask(f, "SELECT count(*) FROM asset"), 1);
	assert_int_equal(ask(f, "SELECT count(*) FROM asset_alias JOIN asset USING (id)"), 1);
}

static void test_states(void **state)
{
	struct fixture *f = *state;
	char text[8];

	reopen(f);
	assert_int_equal(store_get_state(f->store, "k", text, sizeof(text)), -ENOENT);
	assert_int_equal(store_set_state(f->store, "k", "1234567"), 0);
	assert_int_equal(store_get_state(f->store, "k", text, sizeof(text)), 0);
	assert_string_equal(text, "1234567");
	assert_int_equal(store_set_state(f->store, "k", "12345678"), 0);
	assert_int_equal(store_get_state(f->store, "k", text, sizeof(text)), -ENOSPC);
}

static void test_one_writer_many_readers(void **state)
{
	struct fixture *f = *state;
	struct store *reader = NULL;
	char pid[16];

	reopen(f);
	assert_int_equal(journal(f, 1), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(open_error(f), -EBUSY);
	snprintf(pid, sizeof(pid), " %ld,", (long)getpid());
	assert_non_null(strstr(f->problem.text, pid));
	f->options.read_only = true;
	assert_int_equal(store_open(&reader, &f->options, NULL), 0);
	assert_int_equal(store_journal(reader, "a", 0, "b", "{}", 2), -EROFS);
	store_close(reader, NULL);
}

static void test_refused_files(void **state)
{
	struct fixture *f = *state;
	FILE *file;

	f->options.read_only = true;
	assert_int_equal(open_error(f), -ENOENT);
	f->options.read_only = false;
	file = fopen(f->path, "w");
	assert_non_null(file);
	for (int i = 0; i < 1000; i++) {
		assert_true(fputs("this is no database\n", file) >= 0);
	}
	assert_int_equal(fclose(file), 0);
	assert_int_equal(open_error(f), -EINVAL);
	assert_non_null(strstr(f->problem.text, f->path));
	unlink(f->path);
	execute(f, "CREATE TABLE somebody_elses (x)");
	f->problem.text[0] = '\0';
	assert_int_equal(open_error(f), -EINVAL);
	assert_int_equal(ask(f, "SELECT count(*) FROM sqlite_schema"), 1);
}

static void test_newer_schema(void **state)
{
	struct fixture *f = *state;

	reopen(f);
	assert_int_equal(journal(f, 1), 0);
	f->store = store_close(f->store, NULL);
	execute(f, "UPDATE schema_version SET version = version + 1");
	assert_int_equal(open_error(f), -EPROTO);
	assert_non_null(strstr(f->problem.text, "newer"));
	f->options.read_only = true;
	assert_int_equal(open_error(f), -EPROTO);
	assert_int_equal(ask(f, "SELECT count(*) FROM journal"), 1);
}

/* A medium that nothing can be written to: no WAL, no lock. */
/* A file as the first version wrote it. */
static void make_version_1(struct fixture *f)
{
	reopen(f);
	assert_int_equal(journal(f, 1), 0);
	add_operation(f, WORLD_START);
	assert_int_equal(store_inventory(f->store, f->world->inventory), 0);
	f->store = store_close(f->store, NULL);
	execute(
	    f,
	    "DROP TABLE asset_change; DROP TABLE asset_edit; DROP TABLE baseline; DROP TABLE fact;"
	    " DROP TABLE health; DROP TABLE traffic; ALTER TABLE operation DROP COLUMN routine;"
	    " UPDATE schema_version SET version = 1");
}

static int count_edit(void *context, const struct asset_edit *edit)
{
	unsigned *n = context;

	assert_non_null(edit->user);
	++*n;
	return 0;
}

static void test_an_older_file_is_read(void **state)
{
	struct fixture *f = *state;
	unsigned edits = 0;

	make_version_1(f);
	f->options.read_only = true;
	reopen(f);
	assert_int_equal(count_journal(f), 1);
	assert_int_equal(count_operations(f), 1);
	f->documents = 0;
	assert_int_equal(store_read_changes(f->store, TIME_NONE, TIME_NONE, count_document, f), 0);
	assert_int_equal(store_read_edits(f->store, count_edit, &edits), 0);
	assert_int_equal(f->documents + edits, 0);
	world_renew(f->world);
	assert_int_equal(store_load(f->store, f->world->inventory, &f->problem), 0);
	assert_int_equal(count_lines(world_assets(f->world)), 2);
	f->store = store_close(f->store, NULL);
	assert_int_equal(ask(f, "SELECT version FROM schema_version"), 1);
}

static int change(struct fixture *f, int64_t time, const char *what)
{
	return store_change(f->store, time, "00000000000000aa", what, what, strlen(what));
}

static void test_a_writer_brings_it_up_to_date(void **state)
{
	struct fixture *f = *state;

	make_version_1(f);
	reopen(f);
	assert_int_equal(ask(f, "SELECT version FROM schema_version"), STORE_SCHEMA_VERSION);
	assert_int_equal(ask(f, "SELECT count(*) FROM schema_version"), 1);
	assert_int_equal(count_journal(f), 1);
	assert_chain_is_whole(f);
	assert_int_equal(change(f, WORLD_START, "new_asset"), 0);
	reopen(f);
	f->documents = 0;
	assert_int_equal(store_read_changes(f->store, TIME_NONE, TIME_NONE, count_document, f), 0);
	assert_int_equal(f->documents, 1);
}

/* Half a step is no step. */
static void test_an_upgrade_that_fails_changes_nothing(void **state)
{
	struct fixture *f = *state;

	make_version_1(f);
	execute(f, "CREATE TABLE asset_edit (x)");
	assert_true(open_error(f) < 0);
	assert_int_equal(ask(f, "SELECT version FROM schema_version"), 1);
	assert_int_equal(ask(f, "SELECT count(*) FROM sqlite_schema WHERE name = 'asset_change'"),
			 0);
}

static void test_changes(void **state)
{
	struct fixture *f = *state;

	f->options.changes_max = 10;
	reopen(f);
	for (int i = 0; i < 25; i++) {
		assert_int_equal(change(f, WORLD_START + i, i == 24 ? "last" : "new_address"), 0);
	}
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(store_counters(f->store).change_rows, 25);
	assert_int_equal(store_counters(f->store).changes_expired, 15);
	f->documents = 0;
	assert_int_equal(store_read_changes(f->store, TIME_NONE, TIME_NONE, count_document, f), 0);
	assert_int_equal(f->documents, 10);
	assert_string_equal(f->last, "last");
	/* The rows are counted from where they were. */
	reopen(f);
	assert_int_equal(change(f, WORLD_START + 25, "one more"), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(store_counters(f->store).changes_expired, 1);
	f->documents = 0;
	assert_int_equal(
	    store_read_changes(f->store, WORLD_START + 20, WORLD_START + 22, count_document, f), 0);
	assert_int_equal(f->documents, 3);
}

static void test_edits(void **state)
{
	struct fixture *f = *state;
	const struct asset_edit edit = { .time = WORLD_START,
					 .user = "eva",
					 .asset = "00000000000000aa",
					 .kind = "set",
					 .name = "owner",
					 .new_value = "hans" };
	unsigned n = 0;

	reopen(f);
	assert_int_equal(store_edit(f->store, &edit), 0);
	reopen(f);
	assert_int_equal(store_edit(f->store, &edit), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(store_read_edits(f->store, count_edit, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(ask(f, "SELECT count(*) FROM asset_edit WHERE old IS NULL"
				" AND new = 'hans' AND reason IS NULL"),
			 2);
}

static bool choose(void *context, const char *json, size_t length, struct store_order *order)
{
	struct fixture *f = context;

	(void)length;
	order->bytes[0] = strstr(json, "10.0.0.1") != NULL;
	f->documents++;
	return strstr(json, "10.0.0.2") != NULL || strstr(json, "10.0.0.1") != NULL;
}

static void test_documents_in_order(void **state)
{
	struct fixture *f = *state;
	const struct store_choice choice = { choose, count_document, NULL, f };

	reopen(f);
	for (int i = 3; i <= 5; i++) {
		char text[16];

		snprintf(text, sizeof(text), "10.0.0.%d", i);
		world_flow(f->world, 0, (struct end) { text, NULL },
			   (struct end) { "10.0.0.6", NULL });
	}
	add_operation(f, WORLD_START);
	assert_int_equal(store_inventory(f->store, f->world->inventory), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(store_read_inventory(f->store, STORE_ASSETS, TIME_NONE, &choice), 0);
	/* Six were looked at, two handed over, the last first. */
	assert_int_equal(f->documents, 6 + 2);
	assert_non_null(strstr(f->last, "10.0.0.1"));
	f->documents = 0;
	assert_int_equal(store_read_inventory(f->store, STORE_ASSETS, INT64_MAX, &choice), 0);
	assert_int_equal(f->documents, 0);
	assert_int_equal(store_read_inventory(f->store, STORE_CONVERSATIONS, TIME_NONE, &choice),
			 0);
	assert_int_equal(f->documents, 4 + 1);
}

static int keep(void *context, const struct asset_edit *edit)
{
	struct fixture *f = context;

	return store_edit(f->store, edit);
}

/* A document that a person made wrong is written again, without a sight of its asset. */
static void test_documents_stay_right(void **state)
{
	struct fixture *f = *state;
	const struct editor editor = { .user = "eva", .time = 1, .keep = keep, .context = f };
	struct asset_finder *finder = NULL;
	struct asset *asset = NULL;

	reopen(f);
	add_operation(f, WORLD_START);
	assert_int_equal(store_inventory(f->store, f->world->inventory), 0);
	assert_int_equal(asset_finder_new(&finder, f->world->inventory), 0);
	assert_int_equal(asset_find(finder, "10.0.0.2", &asset, &f->problem), 0);
	assert_int_equal(
	    inventory_set(f->world->inventory, asset, IDENTITY_CRITICALITY, "high", &editor), 0);
	asset_finder_free(finder);
	assert_int_equal(store_inventory(f->store, f->world->inventory), 0);
	reopen(f);
	assert_int_equal(ask(f, "SELECT count(*) FROM asset"
				" WHERE json LIKE '%\"criticality\":\"high\"%'"),
			 1);
	/* And in the next run, what the person said is there again. */
	world_renew(f->world);
	assert_int_equal(store_load(f->store, f->world->inventory, &f->problem), 0);
	assert_non_null(strstr(world_assets(f->world), "\"criticality\":\"high\""));
}

static void test_read_only_folder(void **state)
{
	struct fixture *f = *state;
	bool root = geteuid() == 0;

	reopen(f);
	assert_int_equal(journal(f, 1), 0);
	f->store = store_close(f->store, NULL);
	/* Root may write everywhere: become somebody else for a moment. */
	assert_int_equal(chmod(f->path, 0444), 0);
	assert_int_equal(chmod(f->folder, 0555), 0);
	if (root) {
		assert_int_equal(seteuid(NOBODY), 0);
	}
	assert_int_equal(open_error(f), -EACCES);
	f->options.read_only = true;
	reopen(f);
	assert_int_equal(count_journal(f), 1);
	f->store = store_close(f->store, NULL);
	if (root) {
		assert_int_equal(seteuid(0), 0);
	}
	assert_int_equal(chmod(f->folder, 0700), 0);
}

/* Writes rows and says after each how many are durable, until it is killed. */
static void write_until_killed(struct fixture *f, int out)
{
	if (store_open(&f->store, &f->options, NULL) != 0) {
		_exit(1);
	}
	for (int i = 0;; i++) {
		if (journal(f, i) != 0 || store_flush(f->store) != 0 ||
		    write(out, &i, sizeof(i)) != sizeof(i)) {
			_exit(1);
		}
	}
}

static void test_killed_writer(void **state)
{
	struct fixture *f = *state;
	int ends[2], last = -1, status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		write_until_killed(f, ends[1]);
	}
	close(ends[1]);
	for (int i = 0; i < 25; i++) {
		assert_int_equal(read(ends[0], &last, sizeof(last)), sizeof(last));
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	while (read(ends[0], &last, sizeof(last)) == sizeof(last)) {
		continue;
	}
	close(ends[0]);
	reopen(f);
	assert_true(count_journal(f) >= (unsigned)last + 1);
	assert_chain_is_whole(f);
	assert_int_equal(journal(f, 1000), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_chain_is_whole(f);
}

struct log_lines {
	unsigned errors, warnings;
};

static void count_line(void *context, enum log_level level, const char *line)
{
	struct log_lines *lines = context;

	(void)line;
	lines->errors += level == LOG_LEVEL_ERROR;
	lines->warnings += level == LOG_LEVEL_WARNING;
}

static void test_full_disk(void **state)
{
	struct fixture *f = *state;
	struct log_lines lines = { .errors = 0 };
	struct log_sink sink = { .write = count_line, .context = &lines };
	struct rlimit limit, before;
	char *big = malloc(100000);
	int error = 0;

	assert_non_null(big);
	memset(big, ' ', 100000);
	f->options.log = &sink;
	reopen(f);
	assert_int_equal(journal(f, 0), 0);
	assert_int_equal(store_flush(f->store), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 300000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(store_journal(f->store, "alert", WORLD_START, "big", big, 100000),
				 0);
	}
	error = store_flush(f->store);
	assert_true(error < 0);
	assert_true(store_flush(f->store) < 0);
	assert_int_equal(lines.errors, 1);
	assert_true(store_counters(f->store).failures >= 2);
	assert_int_equal(count_journal(f), 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(store_flush(f->store), 0);
	assert_int_equal(lines.warnings, 1);
	assert_int_equal(count_journal(f), 11);
	assert_chain_is_whole(f);
	free(big);
}

static void test_what_finds_no_room_is_counted(void **state)
{
	struct fixture *f = *state;
	struct rlimit limit, before;
	struct store_counters counters;
	int error = 0;

	f->options.queue_bytes_max = 20000;
	reopen(f);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 1000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 50; i++) {
		add_operation(f, WORLD_START + i);
	}
	for (int i = 0; i < 1000; i++) {
		(void)journal(f, i);
		if (i == 500) {
			assert_true(store_flush(f->store) < 0);
		}
	}
	counters = store_counters(f->store);
	assert_int_equal(counters.operations_dropped, 50);
	assert_true(counters.journal_dropped > 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(store_flush(f->store), 0);
	counters = store_counters(f->store);
	assert_int_equal(counters.journal_dropped + counters.journal_rows, 1000);
	/* The newest are those that were kept. */
	assert_true(count_journal(f) > 0);
	assert_string_equal(f->last, "{\"alert\":999}");
	f->store = store_close(f->store, &error);
	assert_true(error < 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_journal),
		TEST(test_a_changed_row_breaks_the_chain),
		TEST(test_operations),
		TEST(test_retention),
		TEST(test_inventory_roundtrip),
		TEST(test_a_merged_asset_leaves_an_alias),
		TEST(test_states),
		TEST(test_one_writer_many_readers),
		TEST(test_refused_files),
		TEST(test_newer_schema),
		TEST(test_an_older_file_is_read),
		TEST(test_a_writer_brings_it_up_to_date),
		TEST(test_an_upgrade_that_fails_changes_nothing),
		TEST(test_changes),
		TEST(test_edits),
		TEST(test_documents_in_order),
		TEST(test_documents_stay_right),
		TEST(test_read_only_folder),
		TEST(test_killed_writer),
		TEST(test_full_disk),
		TEST(test_what_finds_no_room_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
