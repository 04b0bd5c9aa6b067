/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cursor.h - bounds-checked reader over one layer of one packet.
 *
 * A cursor borrows the bytes and owns nothing; it lives as long as they do.  A
 * short read yields 0 and makes the cursor bad for good, so a parser reads
 * a whole structure in straight lines and asks cur_ok() once before it uses any
 * field.  Loops test cur_left(), which is 0 once it is bad.  A length that was
 * read becomes a child cursor at once (cur_sub), and a child can never read its
 * siblings.  A cursor passed by value is looked at, one passed by pointer is
 * consumed.  This file is the only code that compares lengths of wire data or
 * moves a pointer over it. */

#include "capture/base/common.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

/* Two words, so that it is handed on in registers. Bad: both are NULL. */
struct cursor {
	const uint8_t *p, *end;
};

/* A cursor over len bytes at buf; buf may be NULL only when len is 0. */
static inline struct cursor cur_of(const void *buf, size_t len)
{
	static const uint8_t nothing[1] = { 0 };
	const uint8_t *p = buf != NULL ? buf : nothing;

	return (struct cursor) { .p = p, .end = buf != NULL ? p + len : p };
}

/* What a failed read leaves. */
static inline struct cursor cur_bad(void)
{
	return (struct cursor) { .p = NULL, .end = NULL };
}

/* False once any read went past the end. */
static inline bool cur_ok(const struct cursor *c)
{
	return c->p != NULL;
}

/* Bytes left to read; 0 once the cursor is bad. */
static inline size_t cur_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* The only place that compares lengths; private to this file, as it can be NULL. */
static inline const uint8_t *cur_take_(struct cursor *c, size_t n)
{
	const uint8_t *at = c->p;

	if (unlikely(n > cur_left(c))) {
		*c = cur_bad();
		return NULL;
	}
	c->p = n > 0 ? at + n : at;
	return at;
}

/* Words of wire data that were looked for; private to this file. */
static inline uint16_t load16_(const uint8_t *b)
{
	uint16_t word;

	memcpy(&word, b, sizeof(word));
	return word;
}

static inline uint32_t load32_(const uint8_t *b)
{
	uint32_t word;

	memcpy(&word, b, sizeof(word));
	return word;
}

static inline uint64_t load64_(const uint8_t *b)
{
	uint64_t word;

	memcpy(&word, b, sizeof(word));
	return word;
}

static inline uint8_t cur_u8(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 1);

	return b ? b[0] : 0;
}

static inline uint16_t cur_be16(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 2);

	return b ? be16toh(load16_(b)) : 0;
}

static inline uint16_t cur_le16(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 2);

	return b ? le16toh(load16_(b)) : 0;
}

static inline uint32_t cur_be24(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 3);

	return b ? (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2] : 0;
}

static inline uint32_t cur_be32(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 4);

	return b ? be32toh(load32_(b)) : 0;
}

static inline uint32_t cur_le32(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 4);

	return b ? le32toh(load32_(b)) : 0;
}

static inline uint64_t cur_be64(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 8);

	return b ? be64toh(load64_(b)) : 0;
}

static inline uint64_t cur_le64(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 8);

	return b ? le64toh(load64_(b)) : 0;
}

static inline void cur_skip(struct cursor *c, size_t n)
{
	(void)cur_take_(c, n);
}

/* Splits off the next n bytes; the child is bad and empty when the parent is short. */
static inline struct cursor cur_sub(struct cursor *c, size_t n)
{
	const uint8_t *b = cur_take_(c, n);

	return b != NULL ? (struct cursor) { .p = b, .end = b + n } : cur_bad();
}

/* Splits off at most n bytes, never fails: for bounded samples of longer data. */
static inline struct cursor cur_sub_most(struct cursor *c, size_t n)
{
	return cur_sub(c, size_min(n, cur_left(c)));
}

/* Copies n bytes to out; zeroes out and is bad when short. */
static inline void cur_copy(struct cursor *c, void *out, size_t n)
{
	const uint8_t *b = cur_take_(c, n);

	if (b != NULL) {
		copy_few(out, b, n);
	} else {
		memset(out, 0, n);
	}
}

/* Copies n big-endian 16-bit words to out, in host order; zeroes out and is bad when short. */
static inline void cur_copy_be16s(struct cursor *c, uint8_t *out, size_t n)
{
	const uint8_t *b = cur_take_(c, 2 * n);

	for (size_t i = 0; i < n; i++) {
		uint16_t word = b != NULL ? be16toh(load16_(b + 2 * i)) : 0;

		memcpy(out + 2 * i, &word, sizeof(word));
	}
}

/* True when both have the same bytes left. */
static inline bool cur_equal(struct cursor a, struct cursor b)
{
	size_t n = cur_left(&a);

	return n == cur_left(&b) && (n == 0 || memcmp(a.p, b.p, n) == 0);
}

/* The same cursor over a copy: bytes at `from` were copied to `to`. */
static inline struct cursor cur_moved(struct cursor c, const uint8_t *from, const uint8_t *to)
{
	if (!cur_ok(&c)) {
		return c;
	}
	return (struct cursor) { .p = to + (c.p - from), .end = to + (c.end - from) };
}

/* A header of constant size whose presence was checked once: fields are read by their offset, in
 * any order, and cost a load each.  Reading behind its end is a bug of the caller's, which the
 * compiler sees as all offsets are constants. */
struct fixed {
	const uint8_t *p;
	size_t n;
};

#define FIXED_MAX 64

/* Splits off the next n bytes (at most FIXED_MAX); all zero, and the cursor bad, when short. */
static inline struct fixed cur_fixed(struct cursor *c, size_t n)
{
	static const uint8_t zero[FIXED_MAX] = { 0 };
	const uint8_t *b = cur_take_(c, n);

	assert(n <= FIXED_MAX);
	return (struct fixed) { .p = b != NULL ? b : zero, .n = n };
}

static inline void fixed_copy(struct fixed b, size_t offset, void *out, size_t n)
{
	assert(offset + n <= b.n);
	memcpy(out, b.p + offset, n);
}

static inline uint8_t fixed_u8(struct fixed b, size_t offset)
{
	assert(offset < b.n);
	return b.p[offset];
}

static inline uint16_t fixed_be16(struct fixed b, size_t offset)
{
	assert(offset + 2 <= b.n);
	return be16toh(load16_(b.p + offset));
}

static inline uint16_t fixed_le16(struct fixed b, size_t offset)
{
	assert(offset + 2 <= b.n);
	return le16toh(load16_(b.p + offset));
}

static inline uint32_t fixed_be32(struct fixed b, size_t offset)
{
	assert(offset + 4 <= b.n);
	return be32toh(load32_(b.p + offset));
}

static inline uint32_t fixed_le32(struct fixed b, size_t offset)
{
	assert(offset + 4 <= b.n);
	return le32toh(load32_(b.p + offset));
}
