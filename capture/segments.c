/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/segments.h"

#include <stdlib.h>

struct segment *segment_take(struct segment_pool *pool)
{
	struct segment *segment = pool->free;

	if (segment != NULL) {
		pool->free = segment->next;
		return segment;
	}
	if (pool->bytes + SEGMENT_BLOCK > pool->bytes_max) {
		return NULL;
	}
	segment = malloc(SEGMENT_BLOCK);
	pool->bytes += segment != NULL ? SEGMENT_BLOCK : 0;
	return segment;
}

void segment_give_back(struct segment_pool *pool, struct segment *segment)
{
	segment->next = pool->free;
	pool->free = segment;
}

void segments_give_back(struct segment_pool *pool, struct segment **list)
{
	while (*list != NULL) {
		struct segment *segment = *list;

		*list = segment->next;
		segment_give_back(pool, segment);
	}
}

void segment_pool_clear(struct segment_pool *pool)
{
	while (pool->free != NULL) {
		struct segment *segment = pool->free;

		pool->free = segment->next;
		free(segment);
	}
	pool->bytes = 0;
}
