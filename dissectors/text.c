/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/text.h"

static uint8_t lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

size_t text_line_size(struct cursor bytes)
{
	size_t n = 0;

	while (cur_left(&bytes) > 0) {
		n++;
		if (cur_u8(&bytes) == '\n') {
			return n;
		}
	}
	return 0;
}

bool text_line(struct cursor *bytes, struct cursor *line)
{
	size_t n = text_line_size(*bytes), ends = 1;
	struct cursor look;

	if (n == 0) {
		return false;
	}
	look = cur_sub(bytes, n);
	if (n >= 2) {
		struct cursor end = look;

		cur_skip(&end, n - 2);
		ends += cur_u8(&end) == '\r';
	}
	*line = cur_sub(&look, n - ends);
	return true;
}

bool text_take(struct cursor *text, const char *word)
{
	struct cursor look = *text;

	for (; *word != '\0'; word++) {
		if (cur_left(&look) == 0 || lower(cur_u8(&look)) != lower((uint8_t)*word)) {
			return false;
		}
	}
	*text = look;
	return true;
}

bool text_begins(struct cursor text, const char *word)
{
	return text_take(&text, word);
}

bool text_is(struct cursor text, const char *word)
{
	return text_take(&text, word) && cur_left(&text) == 0;
}

size_t text_find(struct cursor text, const char *word)
{
	for (size_t at = 0; cur_left(&text) > 0; at++) {
		if (text_begins(text, word)) {
			return at;
		}
		cur_skip(&text, 1);
	}
	return TEXT_NOT_FOUND;
}

struct cursor text_until(struct cursor *text, char stop)
{
	struct cursor look = *text, out;
	size_t n = 0;

	while (cur_left(&look) > 0 && cur_u8(&look) != (uint8_t)stop) {
		n++;
	}
	out = cur_sub(text, n);
	cur_skip(text, size_min(1, cur_left(text)));
	return out;
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct cursor text_trim(struct cursor text)
{
	struct cursor look;
	size_t n = 0, last = 0;

	for (look = text; cur_left(&look) > 0 && is_blank(cur_u8(&look)); text = look) {
	}
	for (look = text; cur_left(&look) > 0;) {
		n++;
		last = is_blank(cur_u8(&look)) ? last : n;
	}
	return cur_sub(&text, last);
}

bool text_number(struct cursor *text, uint32_t *out)
{
	struct cursor look = *text;
	unsigned digits = 0;

	*out = 0;
	while (cur_left(&look) > 0) {
		uint8_t byte = cur_u8(&look);

		if (byte < '0' || byte > '9') {
			break;
		}
		if (++digits > 9) {
			return false;
		}
		*out = *out * 10 + (byte - '0');
		*text = look;
	}
	return digits > 0;
}

bool text_printable(struct cursor text)
{
	if (cur_left(&text) == 0) {
		return false;
	}
	while (cur_left(&text) > 0) {
		uint8_t byte = cur_u8(&text);

		if (byte < 0x20 || byte == 0x7f) {
			return false;
		}
	}
	return true;
}

bool text_is_address(struct cursor name)
{
	if (text_find(name, ":") != TEXT_NOT_FOUND || text_begins(name, "[")) {
		return true;
	}
	while (cur_left(&name) > 0) {
		uint8_t byte = cur_u8(&name);

		if (byte != '.' && (byte < '0' || byte > '9')) {
			return false;
		}
	}
	return true;
}

/* Appends one character as UTF-8; those outside of the basic plane come in halves and are left out.
 */
static size_t put_utf8(uint16_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c >= 0xd800 && c <= 0xdfff) {
		return 0;
	}
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

bool text_from_utf16(struct cursor bytes, char *out, size_t size)
{
	size_t n = 0;

	while (cur_left(&bytes) >= 2 && n + 4 <= size) {
		uint16_t c = cur_le16(&bytes);

		if (c < 0x20 || c == 0x7f) {
			break;
		}
		n += put_utf8(c, out + n);
	}
	out[n] = '\0';
	return n > 0;
}

/* ---- texts inside messages ---- */

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

bool text_next_line(struct cursor *text, struct cursor *line)
{
	if (cur_left(text) == 0) {
		return false;
	}
	*line = text_until(text, '\n');
	*line = cur_sub(line, length_until(*line, '\r'));
	return true;
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
