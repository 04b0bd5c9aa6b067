/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* common.h - the few words that every file uses.
 *
 * AUTO(x_freep) on a local calls x_freep(&local) when the scope ends; hand the
 * object over with `*out = x; x = NULL;`.  X_FREEP(type, x_free) defines such a
 * helper for an x_free() that accepts NULL. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_USE              __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, arg) __attribute__((format(printf, fmt, arg)))
#define AUTO(free_function)   __attribute__((cleanup(free_function)))
#define ARRAY_SIZE(a)         (sizeof(a) / sizeof((a)[0]))

/* A function away from the straight path, which stays short. */
#define COLD __attribute__((noinline, cold))

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define DEFINE_FREEP(type, free_function)                  \
	static inline void free_function##p(type **object) \
	{                                                  \
		free_function(*object);                    \
		*object = NULL;                            \
	}

/* Copies n bytes, most often few: whole words, the last of which may overlap the one before. */
static inline void copy_few(void *to, const void *from, size_t n)
{
	uint8_t *out = to;
	const uint8_t *in = from;

	if (__builtin_constant_p(n)) {
		memcpy(to, from, n);
		return;
	}
	if (n < 4) {
		for (size_t i = 0; i < n; i++) {
			out[i] = in[i];
		}
		return;
	}
	if (n < 8) {
		uint32_t first, last;

		memcpy(&first, in, sizeof(first));
		memcpy(&last, in + n - sizeof(last), sizeof(last));
		memcpy(out, &first, sizeof(first));
		memcpy(out + n - sizeof(last), &last, sizeof(last));
		return;
	}
	if (n < 16) {
		uint64_t first, last;

		memcpy(&first, in, sizeof(first));
		memcpy(&last, in + n - sizeof(last), sizeof(last));
		memcpy(out, &first, sizeof(first));
		memcpy(out + n - sizeof(last), &last, sizeof(last));
		return;
	}
	struct pair_of_words {
		uint64_t words[2];
	} last;

	memcpy(&last, in + n - sizeof(last), sizeof(last));
	for (size_t i = 0; i + sizeof(last) < n; i += sizeof(last)) {
		struct pair_of_words pair;

		memcpy(&pair, in + i, sizeof(pair));
		memcpy(out + i, &pair, sizeof(pair));
	}
	memcpy(out + n - sizeof(last), &last, sizeof(last));
}

static inline size_t size_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline size_t size_max(size_t a, size_t b)
{
	return a > b ? a : b;
}

static inline int64_t time_max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}
