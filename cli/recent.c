/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/recent.h"

#include "capture/base/hash.h"

/* The slot of the key, or the free one where it goes. */
static size_t slot_of(const uint64_t *slots, uint64_t key)
{
	size_t at = key % RECENT_SLOTS;

	while (slots[at] != 0 && slots[at] != key) {
		at = (at + 1) % RECENT_SLOTS;
	}
	return at;
}

bool recent_seen(struct recent *recent, const char *id)
{
	uint64_t key = hash_bytes(id, strlen(id), 1) | 1;
	uint64_t *newer = recent->slots[recent->newer];
	size_t at = slot_of(newer, key);

	if (newer[at] == key) {
		return true;
	}
	uint64_t *older = recent->slots[1 - recent->newer];
	bool known = older[slot_of(older, key)] == key;
	newer[at] = key;
	if (++recent->n == RECENT_SLOTS / 2) {
		recent->newer = 1 - recent->newer;
		memset(older, 0, sizeof(recent->slots[0]));
		recent->n = 0;
	}
	return known;
}
