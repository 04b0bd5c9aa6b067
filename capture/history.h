/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* history.h - the latest bytes of one TCP side that were handed over, so that what comes again
 * can be compared with what was there first.
 *
 * Rings of one size from a pool that is capped in bytes; made when first needed, kept for the
 * next flow. */

#include "capture/base/cursor.h"

/* Bytes of a ring, a power of two: some of the longest OT messages.  Small, because it is written
 * round and round and should stay in the cache. */
#define HISTORY_SIZE 1024U

struct history {
	struct history *next; /* in the pool */
	uint32_t filled;      /* bytes that count, the latest ones */
	uint8_t bytes[HISTORY_SIZE];
};

struct history_pool {
	struct history *free;
	size_t bytes, bytes_max;
};

/* An empty ring, or NULL: the cap is reached or there is no memory. */
struct history *history_take(struct history_pool *pool);
void history_give_back(struct history_pool *pool, struct history *history);
/* Frees the rings; all must have been given back. */
void history_pool_clear(struct history_pool *pool);

/* Appends bytes, the first of which has this sequence number. */
void history_add(struct history *history, uint32_t sequence, struct cursor bytes);
/* Bytes from `sequence` on that differ from what the ring, which ends before `next`, has. */
uint64_t history_compare(const struct history *history, uint32_t next, uint32_t sequence,
			 struct cursor bytes);
