/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* store_private.h - what the files of the store share; nobody else includes it.
 *
 * Two connections: `reader` belongs to the caller's thread, `writer` to the store's thread.  What
 * waits for the disk is a queue of items under the lock. */

#include "store/inventory_state.h"
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>

#define STORE_APPLICATION_ID 0x57656972         /* "Weir" */
#define STATE_FIRST_PACKET   "first_packet"     /* ns: when learning began */
#define STATE_SENSOR         "inventory_sensor" /* the sensor id in asset ids, hexadecimal */
#define HASH_SIZE            32
#define ITEM_TEXTS           10

/* What an item writes; also the row of statements[] in store_write.c. */
enum item_kind {
	ITEM_JOURNAL,
	ITEM_OPERATION,
	ITEM_BINDING,
	ITEM_CONVERSATION,
	ITEM_ASSET,
	ITEM_ASSET_GONE,
	ITEM_ALIAS,
	ITEM_STATE,
	ITEM_CHANGE,
	ITEM_EDIT,
	ITEM_NORMAL,
	ITEM_NOT_NORMAL,
	ITEM_FACT,
	ITEM_HEALTH,
	ITEM_TRAFFIC,
	ITEM_KINDS
};

/* One thing to write: a time and texts, in the order of the statement's parameters. */
struct item {
	struct item *next;
	enum item_kind kind;
	size_t size; /* of all memory */
	int64_t time;
	unsigned n_texts;
	const char *texts[ITEM_TEXTS]; /* NULL: SQL NULL; in data[] */
	char data[];
};

struct item_list {
	struct item *first, **end; /* end: where the next one is hung; NULL when never used */
	size_t bytes, n;
};

/* The head of the hash chain. */
struct chain {
	uint64_t seq;
	uint8_t hash[HASH_SIZE];
};

/* Numbers of rows of the tables whose old rows go. */
struct rows {
	uint64_t operation, change, health, traffic;
};

struct store {
	struct store_options options;
	char *path;
	int lock_file;
	sqlite3 *reader, *writer;
	sqlite3_stmt *statements[ITEM_KINDS];
	struct chain chain;        /* of the store's thread */
	struct rows rows, expired; /* there; deleted by the transaction under way; as above */
	int64_t newest;            /* latest operation, as above */
	pthread_t thread;
	bool running;
	/* Under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t wake, done;
	struct item_list queue;
	size_t writing_bytes; /* of what the thread has taken */
	uint64_t handed, durable;
	struct chain head; /* of the journal, durable */
	bool hurry, stopping, failing;
	bool lost; /* at the end something could not be written */
	int error, first_error;
	struct store_counters counters;
};

/* ---- store_lock.c ---- */

/* Takes the lock file beside the database. -EBUSY: problem names the writer's pid. */
int store_lock(const char *path, int *out, struct problem *problem) MUST_USE;
void store_unlock(int lock_file);

/* ---- store_schema.c ---- */

/* Opens one connection. */
int store_connect(sqlite3 **out, const char *path, bool write, struct problem *problem) MUST_USE;
/* Makes the tables of a new file; a writer brings an older one to this version; refuses what is not
 * ours or newer. */
int store_schema(sqlite3 *db, const char *path, bool write, struct problem *problem) MUST_USE;
/* Whether there is such a table: a reader may have an older file before it. */
bool store_has_table(sqlite3 *db, const char *name);
/* Negative errno for the last failure of a connection. */
int store_error(sqlite3 *db);

/* ---- store_journal.c ---- */

/* The hash of a row: of the one before, and of everything in it. */
int journal_hash(const struct chain *before, const struct item *item,
		 uint8_t out[HASH_SIZE]) MUST_USE;
/* The newest row's seq and hash. */
int journal_head(sqlite3 *db, struct chain *out) MUST_USE;

/* ---- store_queue.c ---- */

/* Copies texts into an item and queues it, dropping what matters less when the queue is full. */
int store_queue(struct store *store, enum item_kind kind, int64_t time, const char *const *texts,
		unsigned n_texts) MUST_USE;
void item_list_free(struct item_list *list);
/* Puts a list before another one. */
void item_list_prepend(struct item_list *list, struct item_list *before);

/* ---- store_write.c ---- */

int store_write_begin(struct store *store, struct problem *problem) MUST_USE;
void store_write_end(struct store *store);
