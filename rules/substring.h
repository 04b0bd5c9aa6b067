/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* substring.h - many texts looked for in one pass (Aho and Corasick, 1975), without regard to the
 * case of ASCII letters.
 *
 * A table of states by classes of bytes: one step for each byte of the text, however many texts are
 * looked for. */

#include "capture/base/common.h"

struct substring {
	const char *bytes; /* lower case, not empty */
	size_t n;
};

struct substrings;

/* The texts are only read here. -ENOMEM; -ENOSPC: the table would exceed 64 MiB. */
int substrings_new(struct substrings **out, const struct substring *items, size_t n) MUST_USE;
struct substrings *substrings_free(struct substrings *substrings);

/* Calls found() with the number of each item that ends at some place of the text, as often as it
 * does. */
void substrings_find(const struct substrings *substrings, const char *text, size_t n,
		     void (*found)(void *context, uint32_t item), void *context);
