/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cursor.h - bounds-checked reader over one layer of one packet.
 *
 * A cursor borrows the bytes and owns nothing; it lives as long as they do.  A
 * short read yields 0, moves to the end and sets .bad for good, so a parser reads
 * a whole structure in straight lines and asks cur_ok() once before it uses any
 * field.  Loops test cur_left(), which is 0 once .bad is set.  A length that was
 * read becomes a child cursor at once (cur_sub), and a child can never read its
 * siblings.  A cursor passed by value is looked at, one passed by pointer is
 * consumed.  This file is the only code that compares lengths of wire data or
 * moves a pointer over it. */

#include "capture/base/common.h"

#include <string.h>

struct cursor {
	const uint8_t *p, *end;
	bool bad;
};

/* A cursor over len bytes at buf; buf may be NULL only when len is 0. */
static inline struct cursor cur_of(const void *buf, size_t len)
{
	static const uint8_t nothing[1] = { 0 };
	const uint8_t *p = buf != NULL ? buf : nothing;

	return (struct cursor) { .p = p, .end = buf != NULL ? p + len : p, .bad = false };
}

/* False once any read went past the end. */
static inline bool cur_ok(const struct cursor *c)
{
	return !c->bad;
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

	if (unlikely(c->bad || n > cur_left(c))) {
		c->bad = true;
		c->p = c->end;
		return NULL;
	}
	c->p = at + n;
	return at;
}

static inline uint8_t cur_u8(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 1);

	return b ? b[0] : 0;
}

static inline uint16_t cur_be16(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 2);

	return (uint16_t)(b ? b[0] << 8 | b[1] : 0);
}

static inline uint16_t cur_le16(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 2);

	return (uint16_t)(b ? b[1] << 8 | b[0] : 0);
}

static inline uint32_t cur_be24(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 3);

	return b ? (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2] : 0;
}

static inline uint32_t cur_be32(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 4);

	return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

static inline uint32_t cur_le32(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 4);

	return b ? (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0] : 0;
}

static inline uint64_t cur_be64(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 8);
	uint64_t v = 0;

	for (int i = 0; b != NULL && i < 8; i++) {
		v = v << 8 | b[i];
	}
	return v;
}

static inline uint64_t cur_le64(struct cursor *c)
{
	const uint8_t *b = cur_take_(c, 8);
	uint64_t v = 0;

	for (int i = 7; b != NULL && i >= 0; i--) {
		v = v << 8 | b[i];
	}
	return v;
}

static inline void cur_skip(struct cursor *c, size_t n)
{
	(void)cur_take_(c, n);
}

/* Splits off the next n bytes; the child is bad and empty when the parent is short. */
static inline struct cursor cur_sub(struct cursor *c, size_t n)
{
	const uint8_t *b = cur_take_(c, n);

	return b ? cur_of(b, n) : (struct cursor) { .p = c->end, .end = c->end, .bad = true };
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
		memcpy(out, b, n);
	} else {
		memset(out, 0, n);
	}
}

/* True when both have the same bytes left. */
static inline bool cur_equal(struct cursor a, struct cursor b)
{
	return cur_left(&a) == cur_left(&b) && memcmp(a.p, b.p, cur_left(&a)) == 0;
}

/* The same cursor over a copy: bytes at `from` were copied to `to`. */
static inline struct cursor cur_moved(struct cursor c, const uint8_t *from, const uint8_t *to)
{
	return (struct cursor) { .p = to + (c.p - from), .end = to + (c.end - from), .bad = c.bad };
}
