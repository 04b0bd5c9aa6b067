/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* listing.h - documents as a table on the terminal: columns fit its width, the widest are cut; in a
 * pipe nothing is cut and nothing is coloured.  Times are local, on a narrow terminal without the
 * year. */

#include "cli/cell.h"

#include <stdio.h>

#define LISTING_COLUMNS_MAX 32
/* Below so many columns of the terminal, times lack the year. */
#define LISTING_NARROW 100

struct listing;

/* Columns of the terminal; SIZE_MAX when it is none. */
size_t listing_width(FILE *stream);

int listing_new(struct listing **out, const struct column *const *columns, size_t n_columns,
		FILE *stream) MUST_USE;
struct listing *listing_free(struct listing *listing);

/* What a document has below it when rows are a tree: the elements of a list inside it. */
struct listing_children {
	const char *list;   /* path of the list */
	const char *prefix; /* a column's path that begins so holds for an element, without it */
	/* Writes what the element is called, for the first column. False: it is no row of its own,
	 * unless `all` are wanted. */
	bool (*label)(struct buffer *out, const struct tree *document, const struct tree *element,
		      bool all);
};

/* From now on rows have their children below them. */
int listing_tree(struct listing *listing, const struct listing_children *children,
		 bool all) MUST_USE;
int listing_add(struct listing *listing, const struct tree *document) MUST_USE;
size_t listing_rows(const struct listing *listing);
/* Prints and empties it; the heading only the first time. */
int listing_print(struct listing *listing) MUST_USE;
