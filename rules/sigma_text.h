/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* sigma_text.h - a Sigma string with wildcards, and the changes that modifiers make to it.
 *
 * Rules specification, "String Wildcard" and "Escaping".  A text is a row of units: a byte,
 * or one of the two wildcards.  Transformations make new texts in the arena; one text may become
 * several (base64offset, windash), which are alternatives. */

#include "rules/arena.h"

#define UNIT_ONE  256 /* '?': one character */
#define UNIT_MANY 257 /* '*': any number of characters */

struct sigma_text {
	const uint16_t *units;
	size_t n;
};

/* Alternatives; items is in the arena. */
struct sigma_texts {
	struct sigma_text *items;
	size_t n;
};

#define SIGMA_TEXTS_MAX 1024 /* alternatives that one value may become */

/* Reads a value with its escapes. False: out of memory. */
bool sigma_text_read(struct arena *arena, const char *value, size_t n, struct sigma_text *out);
bool sigma_text_has_wildcard(const struct sigma_text *text);
/* The bytes of a text without wildcards, NUL-terminated. */
const char *sigma_text_bytes(struct arena *arena, const struct sigma_text *text);
/* Adds '*' in front and behind. False: out of memory. */
bool sigma_text_wrap(struct arena *arena, struct sigma_text *text, bool front, bool behind);
/* Lower case (ASCII letters), for texts that are compared without regard to case.
 * False: out of memory. */
bool sigma_text_fold(struct arena *arena, struct sigma_text *text);
/* cased false: the text must be folded. */
bool sigma_text_matches(const struct sigma_text *text, const char *bytes, size_t n, bool cased);

/* A modifier that changes texts. Returns NULL, or what is wrong with the value. */
typedef const char *sigma_transform(struct arena *arena, struct sigma_texts *texts);
sigma_transform sigma_base64, sigma_base64offset, sigma_utf16le, sigma_utf16be, sigma_utf16,
    sigma_windash;
