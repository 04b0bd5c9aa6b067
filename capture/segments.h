/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* segments.h - where TCP bytes wait that arrived out of order.
 *
 * A pool of blocks of one size, capped in bytes.  Blocks are made when first needed and kept for
 * the next time.  A segment that is longer than a block takes several. */

#include "capture/packet.h"

#define SEGMENT_BLOCK 1024 /* what one block costs */

struct segment {
	struct segment *next;
	uint32_t sequence;
	uint32_t length;      /* in sequence numbers */
	uint32_t stored;      /* bytes there; the snap length cut the rest */
	int64_t arrived;      /* clock */
	struct packet packet; /* that brought it; network, payload and frame are empty */
	uint8_t bytes[];
};

#define SEGMENT_CAPACITY (SEGMENT_BLOCK - sizeof(struct segment))

_Static_assert(sizeof(struct segment) <= SEGMENT_BLOCK / 2, "a block holds more bytes than head");

struct segment_pool {
	struct segment *free;
	size_t bytes, bytes_max; /* of all blocks made */
};

/* An empty block, or NULL: the cap is reached or there is no memory. */
struct segment *segment_take(struct segment_pool *pool);
void segment_give_back(struct segment_pool *pool, struct segment *segment);
/* Gives a whole list back. */
void segments_give_back(struct segment_pool *pool, struct segment **list);
/* Frees the blocks; all must have been given back. */
void segment_pool_clear(struct segment_pool *pool);
