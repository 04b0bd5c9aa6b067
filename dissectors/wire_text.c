/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/wire_text.h"

/* How many bytes stand before the first `end`. */
static size_t length_until(struct cursor text, uint8_t end)
{
	size_t n = 0;

	while (cur_left(&text) > 0 && cur_u8(&text) != end) {
		n++;
	}
	return n;
}

struct cursor text_until_nul(struct cursor bytes)
{
	return cur_sub(&bytes, length_until(bytes, 0));
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

struct cursor text_trimmed(struct cursor text)
{
	struct cursor look = text;
	size_t n = 0, length = 0;

	while (cur_left(&look) > 0 && is_blank(cur_u8(&look))) {
		cur_skip(&text, 1);
	}
	look = text;
	while (cur_left(&look) > 0) {
		n++;
		length = is_blank(cur_u8(&look)) ? length : n;
	}
	return cur_sub(&text, length);
}

struct cursor text_until(struct cursor *text, char end)
{
	struct cursor part = cur_sub(text, length_until(*text, (uint8_t)end));

	(void)cur_sub_most(text, 1);
	return part;
}

bool text_next_line(struct cursor *text, struct cursor *line)
{
	if (cur_left(text) == 0) {
		return false;
	}
	*line = text_until(text, '\n');
	*line = cur_sub(line, length_until(*line, '\r'));
	return true;
}

static uint8_t lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

bool text_begins(struct cursor text, const char *word)
{
	for (; *word != '\0'; word++) {
		if (cur_left(&text) == 0 || lower(cur_u8(&text)) != lower((uint8_t)*word)) {
			return false;
		}
	}
	return true;
}

bool text_is(struct cursor text, const char *word)
{
	return cur_left(&text) == strlen(word) && text_begins(text, word);
}

struct cursor text_behind(struct cursor text, const char *word)
{
	size_t n = strlen(word);

	while (cur_left(&text) >= n) {
		struct cursor look = text, part = cur_sub(&look, n);

		if (cur_equal(part, cur_of(word, n))) {
			return look;
		}
		cur_skip(&text, 1);
	}
	return cur_bad();
}

const char *text_copy(struct cursor text, char *out, size_t size)
{
	size_t n = size_min(cur_left(&text), size - 1);

	cur_copy(&text, out, n);
	out[n] = '\0';
	return out;
}
