/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* store.h - what survives: one SQLite file (WAL, STRICT tables, versioned schema:
 * docs/database.md).
 *
 * A store opened for writing has a lock file (the one writer) and a thread of its own that batches
 * what the analysis thread hands it: journal rows (append-only, each with the hash of the one
 * before), operations other than reads, changes of assets, what persons said of them, and snapshots
 * of changed assets and conversations.  A
 * journal row counts as stored once its transaction is durable (synchronous=FULL).  When the
 * disk is full or fails, nothing that was stored is lost, the failure is said once and counted,
 * and what waits is kept up to a cap, oldest operations dropped first, alerts last. */

#include "capture/base/log.h"
#include "capture/base/problem.h"
#include "store/document.h"
#include "store/edit.h"
#include "store/inventory.h"

struct store;

struct store_options {
	const char *path;
	bool read_only;
	int64_t keep_operations; /* ns; default 90 days of packet time */
	uint64_t operations_max; /* rows; default 5,000,000; the oldest go first, counted */
	uint64_t changes_max;    /* rows of asset changes; default 1,000,000; as above */
	uint64_t health_max;     /* rows about the sensor; default 100,000; as above */
	uint64_t traffic_max;    /* hourly summaries; default 1,000,000; as above, by age too */
	size_t queue_bytes_max;  /* what may wait for the disk; default 64 MiB */
	const struct log_sink *log;
};

struct store_counters {
	uint64_t journal_rows, operation_rows, change_rows;
	uint64_t operations_expired, changes_expired, health_expired, traffic_expired;
	uint64_t operations_dropped, changes_dropped, journal_dropped, snapshots_dropped;
	uint64_t health_dropped, traffic_dropped;
	uint64_t failures;
	uint64_t journal_seq; /* of the newest durable row */
};

#define STORE_SCHEMA_VERSION 4

struct store_options store_defaults(void);
/* 0; -ENOENT (read-only and missing), -EACCES, -EBUSY (another writer; problem names its pid),
 * -EPROTO (newer schema), -EINVAL (no database of ours), -ENOSPC... */
int store_open(struct store **out, const struct store_options *options,
	       struct problem *problem) MUST_USE;
/* Writes what waits, then closes. Returns NULL; *error (may be NULL) gets the first failure if
 * anything is lost by it, else 0. */
struct store *store_close(struct store *store, int *error);

/* Fills a new inventory with the stored assets and conversations (they count as known). */
int store_load(struct store *store, struct inventory *inventory, struct problem *problem) MUST_USE;

/* Hands over all assets and conversations that changed since the last call. */
int store_inventory(struct store *store, struct inventory *inventory) MUST_USE;
/* One alert (or sensor, policy...) document for the journal. kind: "alert", "sensor"... */
int store_journal(struct store *store, const char *kind, int64_t time, const char *id,
		  const char *json, size_t length) MUST_USE;
/* One transaction other than a read, as its document; whether it is routine (inventory.h) is kept
 * with it. */
int store_operation(struct store *store, const struct event *event, const char *json,
		    size_t length) MUST_USE;
/* One asset_change event: the id of the asset, what changed ("new_asset"), its document. */
int store_change(struct store *store, int64_t time, const char *asset, const char *change,
		 const char *json, size_t length) MUST_USE;
/* A document about the sensor; the summary of an hour of a conversation. */
int store_health(struct store *store, int64_t time, const char *json, size_t length) MUST_USE;
int store_traffic(struct store *store, int64_t time, const char *json, size_t length) MUST_USE;
/* The newest durable row of the journal: its number, 0 if there is none, and its hash (64
 * hexadecimal digits). */
uint64_t store_journal_head(struct store *store, char hash[65]);
/* What a person said about an asset; never dropped before anything else. */
int store_edit(struct store *store, const struct asset_edit *edit) MUST_USE;
/* A line of the baseline (baseline.h) that is normal from now on, or is not any more. reason may be
 * NULL. */
int store_normal(struct store *store, bool normal, const char *line, int64_t time, const char *user,
		 const char *reason) MUST_USE;
/* Waits until everything handed over is durable. 0 or negative errno. */
int store_flush(struct store *store) MUST_USE;

struct store_counters store_counters(const struct store *store);

/* A state word of the sensor ("first_packet", "learning_until"): read and written as text. */
int store_get_state(struct store *store, const char *key, char *out, size_t size) MUST_USE;
int store_set_state(struct store *store, const char *key, const char *value) MUST_USE;
/* The same without waiting until it is durable; any thread may. */
int store_note_state(struct store *store, const char *key, const char *value) MUST_USE;

/* Reads documents back, oldest first. handler returns false to stop. since/until: TIME_NONE for
 * no bound. */
typedef bool store_document(void *context, const char *json, size_t length);
int store_read_operations(struct store *store, int64_t since, int64_t until,
			  store_document *handler, void *context) MUST_USE;
int store_read_journal(struct store *store, const char *kind, int64_t since, int64_t until,
		       store_document *handler, void *context) MUST_USE;
/* Documents of the inventory as they were stored last. */
enum store_noun { STORE_ASSETS, STORE_CONVERSATIONS };

/* By what documents are put in order, as memcmp() does. */
struct store_order {
	uint8_t bytes[64];
};

struct store_choice {
	/* Whether the document is wanted; if so, fills in its order. */
	bool (*choose)(void *context, const char *json, size_t length, struct store_order *order);
	store_document *handler; /* gets those, in order */
	/* Before each: true when it need not be read, only counted. May be NULL. */
	bool (*skip)(void *context);
	void *context;
};

/* Walks over all documents last seen at `since` or later, then hands over the chosen ones: of what
 * is not wanted nothing is kept. -ENOMEM. */
int store_read_inventory(struct store *store, enum store_noun noun, int64_t since,
			 const struct store_choice *choice) MUST_USE;
/* Changes of assets; none in a file of schema version 1. */
int store_read_changes(struct store *store, int64_t since, int64_t until, store_document *handler,
		       void *context) MUST_USE;
/* What persons said, in the order in which they did; borrowed for the call. */
int store_read_edits(struct store *store, int (*handler)(void *context, const struct asset_edit *),
		     void *context) MUST_USE;
/* The lines of the baseline, in order, with who made them normal, when and why; borrowed. None in a
 * file of an earlier schema. */
int store_read_normal(struct store *store,
		      int (*handler)(void *context, const char *line, int64_t time,
				     const char *user, const char *reason),
		      void *context) MUST_USE;
/* The hash of a row of the journal as it stands there (64 hexadecimal digits); seq 0: of the newest
 * one. Returns its number; 0: there is no such row. */
uint64_t store_journal_row_hash(struct store *store, uint64_t seq, char hash[65]);
/* Walks the journal's hash chain. 0: whole; 1: broken, *seq is the first bad row. */
int store_verify_journal(struct store *store, uint64_t *seq, struct problem *problem) MUST_USE;
