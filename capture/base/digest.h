/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* digest.h - SHA-256 over bytes that come piece by piece.
 *
 * A value without a lifetime: it may lie in memory that is zeroed and forgotten, as that of a
 * flow.  All zero is not begun. */

#include "capture/base/cursor.h"

#define DIGEST_SIZE      32
#define DIGEST_TEXT_SIZE (2 * DIGEST_SIZE + 1)

struct digest {
	bool begun;
	_Alignas(8) uint8_t state[128]; /* the library's own */
};

void digest_begin(struct digest *digest);
/* Adds the bytes left; begins it if need be. */
void digest_add(struct digest *digest, struct cursor bytes);
/* Ends it: 64 lower-case hexadecimal digits and a NUL. The digest may be begun again. */
const char *digest_end(struct digest *digest, char out[DIGEST_TEXT_SIZE]);
