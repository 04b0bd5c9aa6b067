/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/table.h"

#include <errno.h>
#include <stdlib.h>

#define CAPACITY_FIRST 64

struct table_entry *table_find(const struct table *table, uint64_t hash, table_same *same,
			       const void *key)
{
	size_t mask = table->capacity - 1;

	if (table->capacity == 0) {
		return NULL;
	}
	for (size_t at = hash & mask; table->slots[at] != NULL; at = (at + 1) & mask) {
		if (table->slots[at]->hash == hash && same(table->slots[at], key)) {
			return table->slots[at];
		}
	}
	return NULL;
}

static void place(struct table *table, struct table_entry *entry)
{
	size_t mask = table->capacity - 1, at = entry->hash & mask;

	while (table->slots[at] != NULL) {
		at = (at + 1) & mask;
	}
	table->slots[at] = entry;
	table->used++;
}

static int grow(struct table *table)
{
	struct table old = *table;
	size_t capacity = size_max(old.capacity * 2, CAPACITY_FIRST);
	struct table_entry **slots = calloc(capacity, sizeof(struct table_entry *));

	if (slots == NULL) {
		return -ENOMEM;
	}
	*table = (struct table) { .slots = slots, .capacity = capacity };
	for (size_t i = 0; i < old.capacity; i++) {
		if (old.slots[i] != NULL) {
			place(table, old.slots[i]);
		}
	}
	free(old.slots);
	return 0;
}

int table_add(struct table *table, struct table_entry *entry)
{
	int error = (table->used + 1) * 2 > table->capacity ? grow(table) : 0;

	if (error == 0) {
		place(table, entry);
	}
	return error;
}

void table_remove(struct table *table, const struct table_entry *entry)
{
	size_t mask = table->capacity - 1, at = entry->hash & mask;

	while (table->slots[at] != entry) {
		if (table->slots[at] == NULL) {
			return;
		}
		at = (at + 1) & mask;
	}
	table->slots[at] = NULL;
	table->used--;
	/* What follows in the same run may have been pushed past the hole: place it again. */
	for (at = (at + 1) & mask; table->slots[at] != NULL; at = (at + 1) & mask) {
		struct table_entry *next = table->slots[at];

		table->slots[at] = NULL;
		table->used--;
		place(table, next);
	}
}

void table_free(struct table *table)
{
	free(table->slots);
	*table = (struct table) { .slots = NULL };
}
