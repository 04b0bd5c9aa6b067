/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* tree.h - a JSON document that was parsed: its values by dotted path ("source.ip"); and columns.
 *
 * Every noun of the command line (assets, events, fields...) yields JSON documents; filters and
 * tables find their values in them by path.  A path goes through lists: it names the values in all
 * their elements.  The text is borrowed: it must stay where it is as long as its tree. */

#include "capture/base/common.h"

struct tree;

/* 0; -EINVAL when it is no JSON object (RFC 8259), or nested deeper than any of ours; -ENOMEM. */
int tree_read(struct tree **out, const char *json, size_t length) MUST_USE;
/* The same with a copy of the text, which may go then. */
int tree_read_copy(struct tree **out, const char *json, size_t length) MUST_USE;
struct tree *tree_free(struct tree *tree);

/* A scalar of the document, borrowed from the tree (text of numbers: from the call). */
struct tree_value {
	const char *text; /* strings as they are; "502", "true" */
	bool is_number, is_integer;
	double number;
	int64_t integer;
};

/* Calls visit() for each scalar at the path; visit returns false to stop. Returns false when it
 * was stopped. Keys that contain dots themselves are found too; of several ways that a path can be
 * cut into keys, the first that leads to a value. An empty path names all; a last
 * step "*" names the keys of an object. */
bool tree_visit(const struct tree *tree, const char *path,
		bool (*visit)(void *context, const struct tree_value *value), void *context);

/* The first text at the path; NULL if there is none. Lives as long as the tree. */
const char *tree_text(const struct tree *tree, const char *path);
/* The first number at the path; 0 if there is none. */
double tree_number(const struct tree *tree, const char *path);
/* Whether the first value at the path is true. */
bool tree_true(const struct tree *tree, const char *path);
/* Calls visit() for each member of the object or list at the path (key "" in a list). */
void tree_members(const struct tree *tree, const char *path,
		  void (*visit)(void *context, const char *key, const struct tree *member),
		  void *context);

/* Those up to CELL_LEVEL are words, which free text finds. */
enum cell_format {
	CELL_TEXT,    /* cut when the terminal is narrow */
	CELL_ADDRESS, /* a name or address that is of no use when cut */
	CELL_LIST,    /* on a terminal each value has a line of its own */
	CELL_COUNTS,  /* "read 1200, write 3": the keys of an object ("operations.*"), counted */
	CELL_LEVEL,   /* of an alert: coloured on a terminal */
	CELL_NUMBER,
	CELL_TIME,     /* RFC 3339 in the document; local time in the table */
	CELL_BYTES,    /* 1.5 MiB */
	CELL_DURATION, /* nanoseconds in the document */
};

#define COLUMN_PATHS 8

/* A column of a noun. Its name is short, for -o and for filters; a filter looks at all paths, a
 * table shows the first that the document has. */
struct column {
	const char *name;
	const char *paths[COLUMN_PATHS];
	enum cell_format format;
	/* Without -o: in pipes, and on terminals of at least so many columns; 0: never. */
	unsigned shown;
	double width; /* libsmartcols' hint: below 1 a share of the terminal, else characters */
	const char *meaning;
};

const struct column *column_find(const struct column *columns, size_t n, const char *name);
