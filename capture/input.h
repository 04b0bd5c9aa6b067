/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* input.h - one stored file or pipe as a stream of plain bytes.
 *
 * Reads through one buffer and never seeks, so a pipe and a file that shrinks or grows under
 * us are nothing special.  gzip and zstd are recognised by their first bytes and inflated on
 * the way.  Bytes are looked at in place: what input_look() returned stays where it is until
 * the next input_want() or input_skip().  Zero-initialise; a closed input can be opened
 * again. */

#include "capture/base/cursor.h"
#include "capture/unpack.h"

#define INPUT_WANT_MAX ((size_t)1 << 20) /* most bytes that can be looked at in one piece */

enum input_end {
	INPUT_OPEN,
	INPUT_END,
	INPUT_CUT,     /* the compressed stream stops in its middle */
	INPUT_DAMAGED, /* the compressed stream contradicts itself; why says how */
};

struct input {
	int fd;
	bool is_open, is_regular;
	enum input_end end;
	const char *why;
	uint8_t *buffer;
	size_t at, filled, capacity;
	uint64_t offset;      /* of the buffer's first byte in the plain stream */
	uint64_t stored;      /* bytes read of the file as stored */
	uint64_t stored_size; /* of the file as stored; 0 when not regular */
	struct unpack *unpack;
	enum unpack_format format;
	uint8_t *packed;
	size_t packed_at, packed_filled;
};

/* path "-" is standard input, which stays open afterwards. 0 or negative errno. */
int input_open(struct input *input, const char *path) MUST_USE;
void input_close(struct input *input);

int input_fill(struct input *input, size_t n) MUST_USE;

/* Makes n (at most INPUT_WANT_MAX) bytes available. 1; 0: the stream ends before (see end);
 * negative errno: the read failed (-EINTR: a signal came while a pipe was silent). */
static inline MUST_USE int input_want(struct input *input, size_t n)
{
	return likely(input->filled - input->at >= n) ? 1 : input_fill(input, n);
}

/* Bytes that can be looked at without reading. */
static inline size_t input_ready(const struct input *input)
{
	return input->filled - input->at;
}

/* The next n bytes; a bad cursor when fewer are ready. */
static inline struct cursor input_look(const struct input *input, size_t n)
{
	struct cursor c = cur_of(input->buffer + input->at, input_ready(input));

	return cur_sub(&c, n);
}

/* Moves behind n bytes that are ready. */
static inline void input_take(struct input *input, size_t n)
{
	input->at += size_min(n, input_ready(input));
}

/* Moves behind n bytes, reading them if need be; results as input_want(). */
int input_skip(struct input *input, uint64_t n) MUST_USE;

/* Offset of the next byte in the plain stream. */
static inline uint64_t input_position(const struct input *input)
{
	return input->offset + input->at;
}
