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
