/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* buffer.h - a growing byte buffer for text that leaves Weir (JSON, tables).  Not for
 * the packet path.  Zero-initialise to begin; data is NUL-terminated whenever it is not
 * NULL.  When memory runs out, or .limit (0: none) would be passed, .failed is set for good. */

#include "capture/base/common.h"

struct buffer {
	char *data;
	size_t length, capacity, limit;
	bool failed;
};

void buffer_add(struct buffer *b, const void *bytes, size_t n);
void buffer_text(struct buffer *b, const char *text);
void buffer_format(struct buffer *b, const char *format, ...) PRINTF_LIKE(2, 3);
void buffer_clear(struct buffer *b); /* keeps the memory */
void buffer_free(struct buffer *b);  /* frees it; the buffer can be used again */
