/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/schema.h"

#define COLUMNS 110

/* Length of the text that begins with the quote at json[0], both quotes included. */
static size_t text_length(const char *json, size_t length)
{
	size_t n = 1;

	while (n < length && json[n] != '"') {
		n += json[n] == '\\' ? 2 : 1;
	}
	return size_min(n + 1, length);
}

/* Length of the object or list that begins at json[0], or more than `most`. */
static size_t value_length(const char *json, size_t length, size_t most)
{
	unsigned depth = 0;
	size_t i = 0;

	while (i < length && i <= most) {
		depth += json[i] == '{' || json[i] == '[';
		depth -= json[i] == '}' || json[i] == ']';
		i += json[i] == '"' ? text_length(json + i, length - i) : 1;
		if (depth == 0) {
			break;
		}
	}
	return i;
}

static void new_line(struct buffer *out, unsigned depth)
{
	buffer_text(out, "\n");
	for (unsigned i = 0; i < depth; i++) {
		buffer_text(out, "  ");
	}
}

/* Writes one character outside of texts, and what stands behind or before it. */
static void put(struct buffer *out, char c, bool broken, unsigned *depth)
{
	if (broken && (c == '}' || c == ']')) {
		new_line(out, --*depth);
	}
	buffer_add(out, &c, 1);
	if (broken && (c == '{' || c == '[')) {
		new_line(out, ++*depth);
	} else if (broken && c == ',') {
		new_line(out, *depth);
	} else if (c == ':' || c == ',') {
		buffer_text(out, " ");
	}
}

void schema_layout(struct buffer *out, const char *json, size_t length)
{
	size_t i = 0, together = 0; /* what is before that stands on one line */
	unsigned depth = 0;

	while (i < length) {
		char c = json[i];

		if (c == '"') {
			size_t n = text_length(json + i, length - i);

			buffer_add(out, json + i, n);
			i += n;
			continue;
		}
		if ((c == '{' || c == '[') && i >= together) {
			size_t n = value_length(json + i, length - i, COLUMNS);

			together = n + (size_t)2 * depth <= COLUMNS ? i + n : 0;
		}
		put(out, c, i >= together, &depth);
		i++;
	}
	buffer_text(out, "\n");
}
