/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* unpack.h - gzip (RFC 1952) and Zstandard (RFC 8878) streams, inflated piece by piece.
 *
 * Concatenated gzip members and zstd frames are one stream; skippable zstd frames yield nothing.
 * Memory is bounded by the format's window (zstd: at most 128 MiB, what the library allows). */

#include "capture/base/common.h"

enum unpack_format { UNPACK_NONE, UNPACK_GZIP, UNPACK_ZSTD };

struct unpack;

/* What one call moves: packed bytes in, plain bytes out; both shrink from the front. */
struct unpack_piece {
	const uint8_t *packed;
	size_t n_packed;
	uint8_t *plain;
	size_t n_plain;
};

/* The format that the first bytes of a file announce. */
enum unpack_format unpack_recognise(const uint8_t *bytes, size_t n);

/* 0 or -ENOMEM. format is not UNPACK_NONE. */
int unpack_new(struct unpack **out, enum unpack_format format) MUST_USE;
struct unpack *unpack_free(struct unpack *unpack);
DEFINE_FREEP(struct unpack, unpack_free)

/* Inflates until the piece has no packed bytes or no room left; in the latter case more plain
 * bytes may come from a call without packed bytes: unpack_holds(). 0; -EBADMSG: the stream is
 * damaged, what lies before the damage is in the piece, and unpack_why() says what is wrong. */
int unpack_some(struct unpack *unpack, struct unpack_piece *piece) MUST_USE;

bool unpack_holds(const struct unpack *unpack);

/* True where a stream may end: before its first byte, and behind a whole member or frame. */
bool unpack_at_border(const struct unpack *unpack);
const char *unpack_why(const struct unpack *unpack);
