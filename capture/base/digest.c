/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The library's newer interface allocates a context for each digest; the older one, of version 1.1,
 * works in memory that is given to it, as a flow's is. */
#define OPENSSL_API_COMPAT 0x10100000L

#include "capture/base/digest.h"

#include <openssl/sha.h>
#include <stdio.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(((struct digest *)0)->state), "the context fits");

/* The context is copied in and out: what it lies in has another type. */
void digest_begin(struct digest *digest)
{
	SHA256_CTX context;

	SHA256_Init(&context);
	memcpy(digest->state, &context, sizeof(context));
	digest->begun = true;
}

void digest_add(struct digest *digest, struct cursor bytes)
{
	SHA256_CTX context;
	uint8_t piece[256];

	if (!digest->begun) {
		digest_begin(digest);
	}
	memcpy(&context, digest->state, sizeof(context));
	while (cur_left(&bytes) > 0) {
		size_t n = size_min(cur_left(&bytes), sizeof(piece));

		cur_copy(&bytes, piece, n);
		SHA256_Update(&context, piece, n);
	}
	memcpy(digest->state, &context, sizeof(context));
}

const char *digest_end(struct digest *digest, char out[DIGEST_TEXT_SIZE])
{
	SHA256_CTX context;
	uint8_t sum[DIGEST_SIZE];

	if (!digest->begun) {
		digest_begin(digest);
	}
	memcpy(&context, digest->state, sizeof(context));
	SHA256_Final(sum, &context);
	for (size_t i = 0; i < sizeof(sum); i++) {
		snprintf(out + 2 * i, 3, "%02x", sum[i]);
	}
	digest->begun = false;
	return out;
}
