/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* table.h - a hash table of pointers to objects that begin with a struct table_entry.
 *
 * The table does not own the objects.  Linear probing, at most half full. */

#include "capture/base/common.h"

struct table_entry {
	uint64_t hash;
};

struct table {
	struct table_entry **slots;
	size_t capacity, used;
};

typedef bool table_same(const struct table_entry *entry, const void *key);

/* The entry with this hash for which same() holds, or NULL. */
struct table_entry *table_find(const struct table *table, uint64_t hash, table_same *same,
			       const void *key);
/* Adds an entry whose hash is set and that is not there yet. -ENOMEM: nothing changed. */
int table_add(struct table *table, struct table_entry *entry) MUST_USE;
void table_remove(struct table *table, const struct table_entry *entry);
void table_free(struct table *table);
