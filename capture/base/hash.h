/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* hash.h - 64-bit hashing for tables and ids.
 *
 * hash_bytes() is for tables in memory: fast, keyed by a seed, its value may change
 * between versions and must not be stored.  What is stored (asset ids, event ids)
 * uses hash_stable(), FNV-1a 64 followed by a finaliser, which never changes. */

#include "capture/base/common.h"

#include <string.h>

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide m = (wide)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Mixes one more word into a hash. */
static inline uint64_t hash_word(uint64_t h, uint64_t word)
{
	return hash_mix(h ^ 0x9e3779b97f4a7c15U, word ^ 0xd6e8feb86659fd93U);
}

static inline uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
	const uint8_t *p = bytes;
	uint64_t h = seed ^ n, word = 0, pair[2];
	uint32_t first, last;

	for (; n >= 16; n -= 16, p += 16) {
		memcpy(pair, p, 16);
		h = hash_word(h ^ pair[0], pair[1]);
	}
	if (n >= 8) {
		memcpy(pair, p, 8);
		h = hash_word(h, pair[0]);
		n -= 8;
		p += 8;
	}
	if (n >= 4) { /* the rest without a call of memcpy(): two words that may overlap */
		memcpy(&first, p, 4);
		memcpy(&last, p + n - 4, 4);
		word = (uint64_t)first << 32 | last;
	} else if (n > 0) {
		word = (uint64_t)p[0] << 16 | (uint64_t)p[n / 2] << 8 | p[n - 1];
	}
	return hash_word(h, word);
}

#define HASH_STABLE_START 0xcbf29ce484222325U

/* Continues a stable hash over n more bytes; begin with HASH_STABLE_START. */
static inline uint64_t hash_stable(uint64_t h, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < n; i++) {
		h = (h ^ p[i]) * 0x100000001b3U;
	}
	return h;
}

/* Ends a stable hash: spreads the bits. */
static inline uint64_t hash_stable_end(uint64_t h)
{
	h = (h ^ h >> 33) * 0xff51afd7ed558ccdU;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53U;
	return h ^ h >> 33;
}
