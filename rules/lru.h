/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* lru.h - a capped table of fixed-size items by 64-bit key, in order of use.
 *
 * Items are zeroed when added and do not move.  The key is a hash that is taken for the thing
 * itself: with 64 bits, two things share one about never. */

#include "capture/base/common.h"

struct lru {
	uint8_t *items;
	struct lru_link *links;
	uint32_t *buckets;
	size_t item_size, n_buckets;
	uint32_t capacity, n, used; /* used: slots that were ever taken */
	uint32_t oldest, newest, free;
};

/* 0 or -ENOMEM. capacity at least 1. */
int lru_init(struct lru *lru, size_t item_size, size_t capacity) MUST_USE;
void lru_end(struct lru *lru);
/* NULL: not there. */
void *lru_find(const struct lru *lru, uint64_t key);
/* A new item, the newest; NULL when the table is full. */
void *lru_add(struct lru *lru, uint64_t key);
/* Makes it the newest. */
void lru_touch(struct lru *lru, const void *item);
/* The one that was longest not touched; NULL when empty. */
void *lru_oldest(const struct lru *lru);
/* The one touched after it; NULL: it is the newest. */
void *lru_next(const struct lru *lru, const void *item);
void lru_remove(struct lru *lru, const void *item);
