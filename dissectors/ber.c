/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/ber.h"

#include <stdio.h>

#define LENGTH_LONG  0x80
#define LENGTH_BYTES 4 /* of a long form; more would be longer than any datagram */
#define TAG_LONG     0x1f
#define ARC_BYTES    5 /* of 32 bits */

/* X.690 8.1.3: short form, or the number of bytes that follow. */
static size_t read_length(struct cursor *c)
{
	uint8_t first = cur_u8(c);
	size_t length = first & 0x7f, n = length;

	if ((first & LENGTH_LONG) == 0) {
		return length;
	}
	if (n == 0 || n > LENGTH_BYTES) {
		*c = cur_bad();
	}
	length = 0;
	for (size_t i = 0; i < n && cur_ok(c); i++) {
		length = length << 8 | cur_u8(c);
	}
	return length;
}

struct ber ber_next(struct cursor *c)
{
	struct ber out = { .tag = cur_u8(c) };

	if ((out.tag & TAG_LONG) == TAG_LONG) {
		*c = cur_bad();
	}
	out.content = cur_sub(c, read_length(c));
	if (!cur_ok(&out.content)) {
		*c = cur_bad();
	}
	return out;
}

struct cursor ber_expect(struct cursor *c, uint8_t tag)
{
	struct ber element = ber_next(c);

	if (element.tag != tag) {
		*c = element.content = cur_bad();
	}
	return element.content;
}

bool ber_signed(struct cursor content, int64_t *out)
{
	size_t n = cur_left(&content);
	uint64_t value = 0;

	if (n == 0 || n > sizeof(value)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		uint8_t byte = cur_u8(&content);

		value = i == 0 && (byte & 0x80) != 0 ? UINT64_MAX : value;
		value = value << 8 | byte;
	}
	*out = (int64_t)value;
	return true;
}

bool ber_unsigned(struct cursor content, uint64_t *out)
{
	/* A ninth byte is there when the highest bit is set. */
	size_t n = cur_left(&content);
	uint64_t value = 0;

	if (n == 0 || n > sizeof(value) + 1) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		value = value << 8 | cur_u8(&content);
	}
	*out = value;
	return true;
}

int64_t ber_integer(struct cursor *c)
{
	int64_t value = 0;

	if (!ber_signed(ber_expect(c, BER_INTEGER), &value)) {
		*c = cur_bad();
	}
	return value;
}

uint32_t ber_arc(struct cursor *content)
{
	uint64_t value = 0;
	uint8_t byte = 0x80;

	for (int i = 0; (byte & 0x80) != 0 && cur_ok(content); i++) {
		byte = cur_u8(content);
		value = value << 7 | (byte & 0x7f);
		if (i == ARC_BYTES) {
			*content = cur_bad();
		}
	}
	if (value > UINT32_MAX) {
		*content = cur_bad();
	}
	return (uint32_t)value;
}

void ber_oid_text(struct cursor content, char *out, size_t size)
{
	uint32_t first = ber_arc(&content);
	uint32_t root = first < 80 ? first / 40 : 2;
	int n = snprintf(out, size, "%u.%u", root, first - root * 40);

	if (!cur_ok(&content)) {
		snprintf(out, size, "unknown");
		return;
	}
	while (cur_left(&content) > 0) {
		uint32_t arc = ber_arc(&content);
		size_t used = (size_t)n;

		if (!cur_ok(&content) || n < 0 || used + 12 >= size) {
			return;
		}
		n += snprintf(out + used, size - used, ".%u", arc);
	}
}
