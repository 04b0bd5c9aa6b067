/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* merge.h - which of many ordered things comes next: a binary heap by time, then by index. */

#include "capture/base/common.h"

struct merge_entry {
	int64_t time;
	size_t index;
};

/* Zero-initialise. */
struct merge {
	struct merge_entry *entries; /* the first is next; read it when n is not 0 */
	size_t n, capacity;
};

/* 0 or -ENOMEM. */
int merge_add(struct merge *merge, int64_t time, size_t index) MUST_USE;
/* The first entry has a new time: puts it where it belongs. n is not 0. */
void merge_first_moved(struct merge *merge, int64_t time);
/* Takes the first entry away. n is not 0. */
void merge_drop_first(struct merge *merge);
void merge_free(struct merge *merge);
