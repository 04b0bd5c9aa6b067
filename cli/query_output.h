/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* query_output.h - the end of a query: counts, keeps the newest, drops what was superseded, and
 * sorts, shows documents as they are or as a table. */

#include "capture/base/problem.h"
#include "cli/listing.h"
#include "cli/tree.h"

#include <stdio.h>

struct output;

struct output_options {
	const struct column *columns; /* of the noun */
	size_t n_columns;
	const char *selection; /* -o, or NULL */
	const char *sort;      /* --sort, or NULL: as they come */
	const char *unique;    /* path, or NULL: only the latest document of each value */
	/* With unique: whether that latest document is wanted at all. */
	bool (*wanted)(void *context, const struct tree *document);
	void *context;
	bool json;
	const struct listing_children *children; /* rows are a tree; NULL: a list */
	bool all_children;
	bool newest;    /* the limit keeps the last documents; sorted, always the first */
	uint64_t limit; /* 0: no limit */
	/* Takes the documents instead of the stream; may be NULL. */
	void (*write)(void *context, const struct tree *document, const char *json, size_t length);
	void *write_context;
	FILE *stream;
};

/* 0; -EINVAL with problem when a column is unknown, of the table or to sort by; -ENOMEM. Options
 * are kept by value, texts by reference. */
int output_new(struct output **out, const struct output_options *options,
	       struct problem *problem) MUST_USE;
struct output *output_free(struct output *output);

/* False: no more are wanted. */
bool output_document(struct output *output, const struct tree *document, const char *json,
		     size_t length);
/* Before a document: true when the limit leaves it out whatever it is; it is counted then. */
bool output_skips(struct output *output);
/* Shows what was kept back; after it only output_follow() lets more in. 0 or negative errno
 * (memory, or the stream is full). */
int output_flush(struct output *output) MUST_USE;

/* Documents that the limit left out. */
uint64_t output_left_out(const struct output *output);
/* From now on each document is shown when it comes, without limit. */
void output_follow(struct output *output);
