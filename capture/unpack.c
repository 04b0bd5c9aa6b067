/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/unpack.h"

#include "capture/base/cursor.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST /* next_in is const */
#include <zlib.h>
#include <zstd.h>

#define GZIP_MAGIC      0x1f8bU
#define GZIP_WINDOW     (15 + 16) /* zlib: the largest window, gzip header expected */
#define ZSTD_MAGIC      0xfd2fb528U
#define SKIPPABLE_MAGIC 0x184d2a50U /* the last four bits are free (RFC 8878 3.1.2) */

struct unpack {
	enum unpack_format format;
	z_stream gzip;
	ZSTD_DStream *zstd;
	bool at_border;
	bool holds; /* the room ran out: more may come without further input */
	const char *why;
};

enum unpack_format unpack_recognise(const uint8_t *bytes, size_t n)
{
	struct cursor gzip = cur_of(bytes, n), zstd = gzip;
	uint16_t first = cur_be16(&gzip);
	uint32_t magic = cur_le32(&zstd);

	if (first == GZIP_MAGIC) {
		return UNPACK_GZIP;
	}
	return magic == ZSTD_MAGIC || (magic & ~0xfU) == SKIPPABLE_MAGIC ? UNPACK_ZSTD
									 : UNPACK_NONE;
}

int unpack_new(struct unpack **out, enum unpack_format format)
{
	AUTO(unpack_freep) struct unpack *unpack = calloc(1, sizeof(*unpack));

	if (unpack == NULL) {
		return -ENOMEM;
	}
	unpack->at_border = true;
	if (format == UNPACK_GZIP) {
		if (inflateInit2(&unpack->gzip, GZIP_WINDOW) != Z_OK) {
			return -ENOMEM;
		}
	} else {
		unpack->zstd = ZSTD_createDStream();
		if (unpack->zstd == NULL) {
			return -ENOMEM;
		}
	}
	unpack->format = format;
	*out = unpack;
	unpack = NULL;
	return 0;
}

struct unpack *unpack_free(struct unpack *unpack)
{
	if (unpack != NULL) {
		if (unpack->format == UNPACK_GZIP) {
			inflateEnd(&unpack->gzip);
		}
		ZSTD_freeDStream(unpack->zstd);
		free(unpack);
	}
	return NULL;
}

static int gzip_some(struct unpack *unpack, struct unpack_piece *piece)
{
	z_stream *z = &unpack->gzip;
	uInt n_packed = (uInt)size_min(piece->n_packed, UINT_MAX);
	uInt n_plain = (uInt)size_min(piece->n_plain, UINT_MAX);
	int result;

	/* zlib stops behind each member (RFC 1952 2.2: a file is a series of them). */
	if (unpack->at_border) {
		inflateReset(z);
		unpack->at_border = false;
	}
	z->next_in = piece->packed;
	z->avail_in = n_packed;
	z->next_out = piece->plain;
	z->avail_out = n_plain;
	result = inflate(z, Z_NO_FLUSH);
	piece->packed += n_packed - z->avail_in;
	piece->n_packed -= n_packed - z->avail_in;
	piece->plain += n_plain - z->avail_out;
	piece->n_plain -= n_plain - z->avail_out;
	unpack->at_border = result == Z_STREAM_END;
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
		unpack->why = z->msg != NULL ? z->msg : zError(result);
		return -EBADMSG;
	}
	return 0;
}

static int zstd_some(struct unpack *unpack, struct unpack_piece *piece)
{
	ZSTD_inBuffer in = { piece->packed, piece->n_packed, 0 };
	ZSTD_outBuffer out = { piece->plain, piece->n_plain, 0 };
	size_t result = ZSTD_decompressStream(unpack->zstd, &out, &in);

	piece->packed += in.pos;
	piece->n_packed -= in.pos;
	piece->plain += out.pos;
	piece->n_plain -= out.pos;
	if (ZSTD_isError(result)) {
		unpack->why = ZSTD_getErrorName(result);
		return -EBADMSG;
	}
	unpack->at_border = result == 0;
	return 0;
}

int unpack_some(struct unpack *unpack, struct unpack_piece *piece)
{
	int error = 0;

	while (error == 0 && piece->n_plain > 0 && (piece->n_packed > 0 || unpack->holds)) {
		error = unpack->format == UNPACK_GZIP ? gzip_some(unpack, piece)
						      : zstd_some(unpack, piece);
		unpack->holds = piece->n_plain == 0 && !unpack->at_border;
	}
	return error;
}

bool unpack_holds(const struct unpack *unpack)
{
	return unpack->holds;
}

bool unpack_at_border(const struct unpack *unpack)
{
	return unpack->at_border;
}

const char *unpack_why(const struct unpack *unpack)
{
	return unpack->why != NULL ? unpack->why : "unknown";
}
