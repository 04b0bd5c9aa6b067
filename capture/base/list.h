/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* list.h - lists that grow. */

#include "capture/base/common.h"

#include <stdlib.h>

/* The list with room for one more behind its n elements of `size` bytes; *room says for how many it
 * is now. NULL: no memory, and the list stays as it is. */
static inline void *list_with_room(void *list, size_t n, size_t *room, size_t size)
{
	size_t more = *room * 2 + 64;
	void *memory = n < *room ? list : realloc(list, more * size);

	*room = n < *room || memory == NULL ? *room : more;
	return memory;
}
