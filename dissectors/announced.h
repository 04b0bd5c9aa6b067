/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* announced.h - what was said lately, so that an announcement that comes again and again makes a
 * record only when it says something else, and once a minute.  Lies in the state of a flow. */

#include "capture/base/hash.h"
#include "dissectors/dissector.h"

#define ANNOUNCED_KEPT  6
#define ANNOUNCED_AGAIN (60 * NS_PER_S)

/* All zero: nothing was said. */
struct announced {
	uint32_t digest[ANNOUNCED_KEPT];
	int64_t time[ANNOUNCED_KEPT];
};

/* A digest of at most the first 512 bytes; never 0. */
static inline uint32_t announced_digest(struct cursor bytes, uint64_t seed)
{
	uint8_t copy[512];
	size_t n = size_min(cur_left(&bytes), sizeof(copy));

	cur_copy(&bytes, copy, n);
	return (uint32_t)hash_bytes(copy, n, seed) | 1;
}

/* Whether what has this digest is to be reported now; then it is noted, in place of what was said
 * longest ago. */
static inline bool announced_is_due(struct announced *said, uint32_t digest, int64_t now)
{
	size_t at = 0;

	for (size_t i = 0; i < ANNOUNCED_KEPT; i++) {
		if (said->digest[i] == digest) {
			if (now - said->time[i] < ANNOUNCED_AGAIN && now >= said->time[i]) {
				return false;
			}
			at = i;
			break;
		}
		at = said->digest[i] == 0 ||
			     (said->digest[at] != 0 && said->time[i] < said->time[at])
			 ? i
			 : at;
	}
	said->digest[at] = digest;
	said->time[at] = now;
	return true;
}
