/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#pragma once

/* known.h - the inventory that a capture leaves or a database holds, for all that shows it. */

#include "cli/query.h"

/* Loads the stored inventory and hands its documents to the query by `walk`, which is
 * inventory_assets() or inventory_conversations(). */
int known_from_store(struct query *query, struct store *store,
		     void (*walk)(const struct inventory *inventory, inventory_document *handler,
				  void *context)) MUST_USE;

/* Opens a database for reading; path NULL: the sensor's. -EINVAL, -ENOENT... with problem. */
int known_database(struct store **out, const char *path, const struct log_sink *log,
		   struct problem *problem) MUST_USE;

/* One inventory at hand, whatever it comes from. */
struct known;

struct known_source {
	struct text_list files; /* captures; if there are none, the database */
	const char *database;   /* NULL: the sensor's */
	bool learns;            /* captures are judged by the rules, which hold what they tell of */
	const struct log_sink *log;
};

int known_open(struct known **out, const struct known_source *source,
	       struct problem *problem) MUST_USE;
/* A capture or a database, whichever the file is. */
int known_open_path(struct known **out, const char *path, const struct log_sink *log,
		    struct problem *problem) MUST_USE;
struct known *known_close(struct known *known);
struct inventory *known_inventory(const struct known *known);

/* Whether the file is a database, by its first bytes. -ENOENT... with problem. */
int known_is_database(const char *path, bool *out, struct problem *problem) MUST_USE;
