/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* forwarder.h - brings the rows of a database to one output, in a thread of its own.
 *
 * It reads behind the sequences that the output has acknowledged and keeps these in the database, a
 * second late at most (with what the store gathers for the disk): after a crash what was sent since
 * comes again, with the same event.id.  Each document gets the name of the output and a number,
 * counted behind the filter without a hole, by which a receiver can tell that it has all.  Rows
 * that were removed before they were sent are told by a document of their own.  A receiver that
 * fails is tried again after one second, two, four... up to a minute, and a random part of that
 * less, but not before the time that it asks for (five minutes at most). */

#include "capture/base/json.h"
#include "capture/base/log.h"
#include "store/forward_rows.h"
#include "store/output.h"
#include "store/store.h"

#define FORWARD_NAME_MAX 64

struct forwarder;

struct forwarder_options {
	const char *name;    /* of the output; letters, digits, '-' and '_' */
	const char *path;    /* of the database */
	struct store *store; /* its writer, which keeps the position */
	bool tables[FORWARD_TABLES];
	/* Whether a document goes there; what as in forward_rows.h. NULL: each does. */
	bool (*wants)(void *context, enum forward_table table, const char *what, const char *json,
		      size_t length);
	void *context;
	bool backlog;       /* the first time, what is there already is sent, too */
	uint64_t sensor_id; /* for the ids of its own documents */
	const char *sensor; /* observer.name */
	const struct log_sink *log;
};

struct forwarder_status {
	uint64_t sent;     /* since it began */
	uint64_t sequence; /* of the last document */
	uint64_t missing;  /* rows that were removed before they were sent */
	uint64_t rejected; /* documents that the receiver never takes */
	uint64_t failures; /* in a row */
	char error[160];   /* the last one; empty when it works */
};

/* Takes the output, also when it fails. 0 or negative errno with problem. */
int forwarder_new(struct forwarder **out, const struct forwarder_options *options,
		  struct output output, struct problem *problem) MUST_USE;
/* Asks it to end as forwarder_free() does, which then waits less: for several at once. */
void forwarder_stop(struct forwarder *forwarder);
/* Sends what waits if the output takes it at once, ten seconds at most, keeps the position and
 * ends. Returns NULL. */
struct forwarder *forwarder_free(struct forwarder *forwarder);
/* Waits until nothing waits, at most so long (ns). True: nothing does. */
bool forwarder_drain(struct forwarder *forwarder, int64_t patience);
struct forwarder_status forwarder_status(struct forwarder *forwarder);
