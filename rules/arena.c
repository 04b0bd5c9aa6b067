/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/arena.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE (64U << 10)

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(max_align_t) unsigned char bytes[];
};

void *arena_take(struct arena *arena, size_t n)
{
	struct arena_block *block = arena->blocks;
	size_t need = (n + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	void *at;

	if (block == NULL || block->size - block->used < need) {
		size_t size = size_max(need, BLOCK_SIZE);

		block = calloc(1, sizeof(*block) + size);
		if (block == NULL) {
			return NULL;
		}
		block->next = arena->blocks;
		block->size = size;
		arena->blocks = block;
	}
	at = block->bytes + block->used;
	block->used += need;
	return at;
}

const char *arena_text(struct arena *arena, const void *text, size_t n)
{
	char *copy = arena_take(arena, n + 1);

	/* No text at all is an empty one: memcpy may not be given NULL, not even for no bytes. */
	if (copy != NULL && n != 0) {
		memcpy(copy, text, n);
	}
	return copy;
}

void arena_free(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
}
