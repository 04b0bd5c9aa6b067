/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* A byte lies where its sequence number modulo the size says; as the size divides 2^32 the wrap of
 * sequence numbers needs no care. */

#include "capture/history.h"

#include <stdlib.h>

struct history *history_take(struct history_pool *pool)
{
	struct history *history = pool->free;

	if (history != NULL) {
		pool->free = history->next;
	} else if (pool->bytes + sizeof(*history) <= pool->bytes_max) {
		history = malloc(sizeof(*history));
		pool->bytes += history != NULL ? sizeof(*history) : 0;
	}
	if (history != NULL) {
		history->filled = 0;
	}
	return history;
}

void history_give_back(struct history_pool *pool, struct history *history)
{
	history->next = pool->free;
	pool->free = history;
}

void history_pool_clear(struct history_pool *pool)
{
	while (pool->free != NULL) {
		struct history *history = pool->free;

		pool->free = history->next;
		free(history);
	}
	pool->bytes = 0;
}

void history_add(struct history *history, uint32_t sequence, struct cursor bytes)
{
	history->filled = (uint32_t)size_min(HISTORY_SIZE, history->filled + cur_left(&bytes));
	while (cur_left(&bytes) > 0) {
		uint32_t at = sequence % HISTORY_SIZE;
		struct cursor run = cur_sub_most(&bytes, HISTORY_SIZE - at);
		uint32_t n = (uint32_t)cur_left(&run);

		cur_copy(&run, history->bytes + at, n);
		sequence += n;
	}
}

uint64_t history_compare(const struct history *history, uint32_t next, uint32_t sequence,
			 struct cursor bytes)
{
	uint64_t differing = 0;

	for (; cur_left(&bytes) > 0; sequence++) {
		uint32_t back = next - sequence;
		uint8_t byte = cur_u8(&bytes);

		if (back - 1 < history->filled) {
			differing += byte != history->bytes[sequence % HISTORY_SIZE];
		}
	}
	return differing;
}
