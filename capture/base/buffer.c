/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for n more bytes and the NUL. False: failed. */
static bool reserve(struct buffer *b, size_t n)
{
	size_t need = b->length + n + 1, capacity = size_max(b->capacity, 256);
	char *data;

	if (b->failed || need < n || (b->limit != 0 && need > b->limit)) {
		b->failed = true;
		return false;
	}
	if (need <= b->capacity) {
		return true;
	}
	while (capacity < need) {
		capacity *= 2;
	}
	data = realloc(b->data, capacity);
	if (data == NULL) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->capacity = capacity;
	return true;
}

void buffer_add(struct buffer *b, const void *bytes, size_t n)
{
	if (!reserve(b, n)) {
		return;
	}
	if (n > 0) {
		memcpy(b->data + b->length, bytes, n);
	}
	b->length += n;
	b->data[b->length] = '\0';
}

void buffer_text(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

void buffer_format(struct buffer *b, const char *format, ...)
{
	va_list arguments, again;
	int n;

	va_start(arguments, format);
	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, arguments);
	if (n >= 0 && reserve(b, (size_t)n)) {
		vsnprintf(b->data + b->length, (size_t)n + 1, format, again);
		b->length += (size_t)n;
	}
	va_end(again);
	va_end(arguments);
}

void buffer_clear(struct buffer *b)
{
	b->length = 0;
	b->failed = false;
	if (b->data != NULL) {
		b->data[0] = '\0';
	}
}

void buffer_free(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer) { .limit = b->limit };
}
