/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* forward_rows.h - what a database has to forward: its rows by sequence, read with a connection of
 * its own, so that whoever forwards has a thread of his own. */

#include "capture/base/problem.h"

enum forward_table {
	FORWARD_ALERTS,     /* and what became of them: rows of the journal */
	FORWARD_CHANGES,    /* of assets */
	FORWARD_OPERATIONS, /* transactions that are kept; those that are routine as "routine" */
	FORWARD_HEALTH,     /* what the sensor says of itself */
	FORWARD_TRAFFIC,    /* summaries of an hour */
	FORWARD_TABLES
};

/* "alerts"... */
const char *forward_table_name(enum forward_table table);
bool forward_table_from_name(const char *name, enum forward_table *out);

struct forward_rows;

/* path: a database that is there, of this version. 0 or negative errno with problem. */
int forward_rows_open(struct forward_rows **out, const char *path,
		      struct problem *problem) MUST_USE;
struct forward_rows *forward_rows_close(struct forward_rows *rows);

/* One row: what it is about (what an asset did, which operation; of alerts "alert"), and its
 * document, borrowed. False: enough. */
typedef bool forward_row(void *context, uint64_t seq, const char *what, const char *json,
			 size_t length);
/* Hands over at most max rows behind that sequence, in order. Rows that were removed for their age
 * or number before are missing in it: only of alerts there are none. 0 or negative errno. */
int forward_rows_read(struct forward_rows *rows, enum forward_table table, uint64_t after,
		      size_t max, forward_row *handler, void *context) MUST_USE;
/* The newest sequence; 0: there is no row. Negative errno through *error. */
uint64_t forward_rows_newest(struct forward_rows *rows, enum forward_table table, int *error);

/* The times (ns) of its oldest and its newest row, and the sequence of the oldest. False: there is
 * no row. Negative errno through *error. */
bool forward_rows_span(struct forward_rows *rows, enum forward_table table, int64_t *oldest,
		       int64_t *newest, uint64_t *first, int *error);
/* The sequence before the first row of that time or later; 0: all are, or there is none. Negative
 * errno through *error. */
uint64_t forward_rows_before(struct forward_rows *rows, enum forward_table table, int64_t time,
			     int *error);
