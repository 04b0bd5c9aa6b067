/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* arena.h - memory that lives as long as a rule set: taken piece by piece, freed at once. */

#include "capture/base/common.h"

struct arena {
	struct arena_block *blocks;
};

/* n zeroed bytes, aligned for anything; NULL when memory is out. */
void *arena_take(struct arena *arena, size_t n);
/* A copy of n bytes with a NUL behind it; text may be NULL when n is 0. NULL when memory is out. */
const char *arena_text(struct arena *arena, const void *text, size_t n);
void arena_free(struct arena *arena);
