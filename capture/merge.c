/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/merge.h"

#include <errno.h>
#include <stdlib.h>

#define CAPACITY_FIRST 16

static bool before(const struct merge_entry *a, const struct merge_entry *b)
{
	return a->time != b->time ? a->time < b->time : a->index < b->index;
}

static void swap(struct merge_entry *a, struct merge_entry *b)
{
	struct merge_entry t = *a;

	*a = *b;
	*b = t;
}

int merge_add(struct merge *merge, int64_t time, size_t index)
{
	size_t capacity = merge->capacity, i = merge->n;
	struct merge_entry *entries;

	if (merge->n == capacity) {
		capacity = capacity == 0 ? CAPACITY_FIRST : capacity * 2;
		entries = realloc(merge->entries, capacity * sizeof(*entries));
		if (entries == NULL) {
			return -ENOMEM;
		}
		merge->entries = entries;
		merge->capacity = capacity;
	}
	merge->entries[merge->n++] = (struct merge_entry) { time, index };
	while (i > 0 && before(&merge->entries[i], &merge->entries[(i - 1) / 2])) {
		swap(&merge->entries[i], &merge->entries[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	return 0;
}

void merge_first_moved(struct merge *merge, int64_t time)
{
	struct merge_entry *e = merge->entries;
	size_t i = 0, child;

	e[0].time = time;
	while ((child = 2 * i + 1) < merge->n) {
		if (child + 1 < merge->n && before(&e[child + 1], &e[child])) {
			child++;
		}
		if (!before(&e[child], &e[i])) {
			return;
		}
		swap(&e[child], &e[i]);
		i = child;
	}
}

void merge_drop_first(struct merge *merge)
{
	merge->entries[0] = merge->entries[--merge->n];
	if (merge->n > 0) {
		merge_first_moved(merge, merge->entries[0].time);
	}
}

void merge_free(struct merge *merge)
{
	free(merge->entries);
	*merge = (struct merge) { .entries = NULL };
}
