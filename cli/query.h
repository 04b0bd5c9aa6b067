/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* query.h - the one design of all commands that show things: a noun yields JSON documents, from a
 * capture (-r), the database (--db) or the program itself; filters choose among them; a table or
 * the documents themselves are shown. */

#include "cli/command.h"
#include "cli/filter.h"
#include "cli/replay.h"

struct query;

/* Where a noun's documents come from during a replay. */
enum noun_stream {
	STREAM_NONE,    /* after the replay, from what it left: from_replay() */
	STREAM_EVENTS,  /* each record as it comes */
	STREAM_CHANGES, /* of these, the changes of assets */
	STREAM_ALERTS,  /* each alert document as it comes */
};

struct noun {
	const struct column *columns;
	size_t n_columns;
	const char *const *defaults; /* filter terms, NULL at the end; each holds unless the user
					filters by its column, or says --all */
	const char *bare;            /* a filter that is only a word stands for bare~WORD */
	size_t n_operands;           /* arguments before the filters; see query_operand() */
	const char *operands;        /* what they are, for a person who left them out */
	const char *unique;          /* path: only the latest document of each value */
	const char *first, *last;    /* paths of the times that --since and --until look at */
	/* Paths of times, NULL at the end: --since looks for one of them that is not before; NULL:
	 * at the last time. */
	const char *const *changed;
	bool newest;                /* -n keeps the last documents, not the first */
	const char *replay_columns; /* those of a table with -r, if not the default ones */
	const struct listing_children *children; /* what --tree shows below each row */
	enum noun_stream stream;
	/* Takes each streamed document in place of showing it; from_replay() shows. */
	void (*take)(struct query *query, const char *json, size_t length);
	bool judges; /* a replay judges by the rules, also without STREAM_ALERTS */
	void (*from_replay)(struct query *query, struct replay *replay);
	int (*from_store)(struct query *query, struct store *store);
	/* In place of a table: begin() makes values.gathered (-EINVAL: wrong usage), from_...()
	 * fill it, show() shows it, end() frees it. All NULL: a table. */
	int (*begin)(struct query *query, struct problem *problem);
	int (*show)(struct query *query, struct problem *problem);
	void (*end)(struct query *query);
	/* Without -r, and without --db where there is a from_store(). */
	int (*from_program)(struct query *query, struct problem *problem);
};

/* What the options of a query fill in. */
struct query_values {
	struct text_list files, rules;
	const char *database, *since, *until, *output, *sort, *exceptions, *socket;
	const char *format; /* of a noun with show() */
	void *gathered;     /* by a noun with show() */
	uint64_t limit;
	bool json, all, follow, tree;
};

#define LIMIT_UNSET UINT64_MAX

/* Rows for a command's option table. */
#define QUERY_OPTION_JSON                                                            \
	{                                                                            \
		'J', "json", NULL, OPTION_FLAG, offsetof(struct query_values, json), \
		    "the documents themselves, one JSON object a line"               \
	}
#define QUERY_OPTIONS_OUTPUT                                         \
	{ 'o',                                                       \
	  "output",                                                  \
	  "COLUMNS",                                                 \
	  OPTION_TEXT,                                               \
	  offsetof(struct query_values, output),                     \
	  "columns, comma-separated; +COLUMN adds one" },            \
	    { 's',                                                   \
	      "sort",                                                \
	      "COLUMNS",                                             \
	      OPTION_TEXT,                                           \
	      offsetof(struct query_values, sort),                   \
	      "order by these columns, -COLUMN from the greatest" }, \
	    { 'n',                                                   \
	      "limit",                                               \
	      "N",                                                   \
	      OPTION_NUMBER,                                         \
	      offsetof(struct query_values, limit),                  \
	      "at most N (0: all)" },                                \
	    QUERY_OPTION_JSON
#define QUERY_OPTION_READ                                                               \
	{                                                                               \
		'r', "read", "FILE", OPTION_LIST, offsetof(struct query_values, files), \
		    "read this capture (may be repeated; a folder, - for a pipe)"       \
	}
#define QUERY_OPTION_DATABASE                                                          \
	{                                                                              \
		0, "db", "FILE", OPTION_TEXT, offsetof(struct query_values, database), \
		    "read this database (default: the sensor's)"                       \
	}
#define QUERY_OPTIONS_SOURCE \
	QUERY_OPTIONS_SOURCE_SINCE("not before: 2d, 3h, monday, yesterday, 2026-11-22T07:52")
#define QUERY_OPTIONS_SOURCE_SINCE(help)                                                       \
	QUERY_OPTION_READ, QUERY_OPTION_DATABASE,                                              \
	    { 'S', "since", "WHEN", OPTION_TEXT, offsetof(struct query_values, since), help }, \
	{                                                                                      \
		'U', "until", "WHEN", OPTION_TEXT, offsetof(struct query_values, until),       \
		    "only before"                                                              \
	}
#define QUERY_OPTION_ALL(help)                                                          \
	{                                                                               \
		'a', "all", NULL, OPTION_FLAG, offsetof(struct query_values, all), help \
	}
#define QUERY_OPTION_TREE(help)                                                           \
	{                                                                                 \
		't', "tree", NULL, OPTION_FLAG, offsetof(struct query_values, tree), help \
	}
#define QUERY_OPTION_FOLLOW                                                              \
	{                                                                                \
		'f', "follow", NULL, OPTION_FLAG, offsetof(struct query_values, follow), \
		    "show what the sensor adds to its database, as it comes"             \
	}
#define QUERY_OPTION_RULES                                                            \
	{                                                                             \
		0, "rules", "DIR", OPTION_LIST, offsetof(struct query_values, rules), \
		    "with -r: use the rules of this folder, not the pack"             \
	}

#define QUERY_OPTION_EXCEPTIONS                                                                  \
	{                                                                                        \
		0, "exceptions", "FILE", OPTION_TEXT, offsetof(struct query_values, exceptions), \
		    "use these exceptions (default: $WEIR_EXCEPTIONS)"                           \
	}

/* The paragraph about filters that ends each query's details. */
#define QUERY_FILTER_DETAILS                                                                    \
	"A FILTER is key=value, key!=value, key~text, or key.gt=N (gt, gte, lt, lte); commas\n" \
	"mean or, several filters all hold. Keys are the columns below or full field names\n"   \
	"(`weir fields`); networks are written 10.1.0.0/16.\n"

/* The same where a bare word is free text. */
#define QUERY_TEXT_DETAILS QUERY_FILTER_DETAILS "A word alone is looked for in all columns.\n"

/* Runs the command of a noun. Returns the exit code. */
int query_command(const struct command *command, const struct noun *noun, int argc, char **argv);

/* One document that query_wants() wanted. False: enough, stop. */
bool query_chosen(struct query *query, const char *json, size_t length);
/* Before a wanted document: true when it would not be shown, only counted, and then it was. */
bool query_skips(struct query *query);
/* The same with options that were read already (--json and the limit as they stand there), and each
 * document that is wanted goes to write() instead of standard output. */
int query_write(const struct command *command, const struct noun *noun,
		const struct query_values *values, const struct text_list *filters,
		void (*write)(void *context, const struct tree *document, const char *json,
			      size_t length),
		void *context);

/* For from_...(): one document; its text is borrowed. False: enough, stop. */
bool query_document(struct query *query, const char *json, size_t length);
/* The same with the signature of inventory_document and of store_document. */
void query_handler(void *query, const char *json, size_t length);
bool query_store_handler(void *query, const char *json, size_t length);

/* For nouns with show(): whether filters and times let a document in, and whether there are any. */
bool query_wants(const struct query *query, const struct tree *document);
bool query_is_filtered(const struct query *query);
struct query_values *query_values(struct query *query);

/* The window of --since and --until; TIME_NONE for no bound. */
int64_t query_since(const struct query *query);
int64_t query_until(const struct query *query);
/* The arguments before the filters. */
const char *query_operand(const struct query *query, size_t i);
/* Whether --all was asked for. */
bool query_all(const struct query *query);
const struct log_sink *query_log(const struct query *query);
const struct field_registry *query_registry(const struct query *query);
const struct text_list *query_rule_folders(const struct query *query);
