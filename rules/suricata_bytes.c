/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_bytes.c - contents and their like: which byte of the message may have which values. */

#include "rules/suricata_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_MAX 256

struct pin *suricata_pin(struct draft *draft, unsigned position)
{
	for (size_t i = 0; i < draft->n_pins; i++) {
		if (draft->pins[i].position == position) {
			return &draft->pins[i];
		}
	}
	return NULL;
}

/* Another condition on the byte at this place: both must hold. */
static bool pin_add(struct draft *draft, unsigned position, const bool values[256])
{
	struct pin *pin = suricata_pin(draft, position);

	if (pin == NULL && draft->n_pins == SURICATA_PINS_MAX) {
		return draft_refuse(draft, "too many bytes are asked for");
	}
	if (pin == NULL) {
		pin = &draft->pins[draft->n_pins++];
		pin->position = position;
		memset(pin->values, true, sizeof(pin->values));
	}
	for (unsigned i = 0; i < 256; i++) {
		pin->values[i] = pin->values[i] && values[i];
	}
	return true;
}

static bool pin_byte(struct draft *draft, unsigned position, uint8_t byte)
{
	bool values[256] = { false };

	values[byte] = true;
	return pin_add(draft, position, values);
}

/* ---- content ---- */

static bool hex_part(struct draft *draft, const char **at, uint8_t *out, size_t *n)
{
	const char *c = *at;

	for (; *c != '\0' && *c != '|'; c++) {
		char digits[3] = { c[0], c[1], '\0' };

		if (*c == ' ') {
			continue;
		}
		if (!isxdigit((unsigned char)c[0]) || !isxdigit((unsigned char)c[1]) ||
		    *n == CONTENT_MAX) {
			return draft_refuse(draft, "a content cannot be read");
		}
		out[(*n)++] = (uint8_t)strtoul(digits, NULL, 16);
		c++;
	}
	if (*c != '|') {
		return draft_refuse(draft, "a content cannot be read");
	}
	*at = c;
	return true;
}

static bool content_read(struct draft *draft, const char *value, uint8_t *out, size_t *n)
{
	size_t length = strlen(value);

	*n = 0;
	if (value[0] == '!') {
		return draft_refuse(draft, "a content that must not be there");
	}
	if (length < 2 || value[0] != '"' || value[length - 1] != '"') {
		return draft_refuse(draft, "a content cannot be read");
	}
	for (const char *c = value + 1; c < value + length - 1; c++) {
		if (*c == '|') {
			c++;
			if (!hex_part(draft, &c, out, n)) {
				return false;
			}
			continue;
		}
		c += *c == '\\' && c[1] != '\0';
		if (*n == CONTENT_MAX) {
			return draft_refuse(draft, "a content is longer than %d bytes",
					    CONTENT_MAX);
		}
		out[(*n)++] = (uint8_t)*c;
	}
	return *n > 0 ? true : draft_refuse(draft, "a content cannot be read");
}

/* The content before is complete: it must be pinned to one place. */
bool suricata_content_end(struct draft *draft)
{
	if (!draft->content_open) {
		return true;
	}
	draft->content_open = false;
	if (!draft->content_fixed || draft->content_depth != draft->content_length) {
		return draft_refuse(draft, "a content without a fixed place is no field");
	}
	for (size_t i = 0; i < draft->content_length; i++) {
		if (!pin_byte(draft, draft->content_offset + (unsigned)i, draft->content[i])) {
			return false;
		}
	}
	draft->content_end = draft->content_offset + (unsigned)draft->content_length;
	return true;
}

/* A content in a buffer that is a text of ours. */
static bool sticky_content(struct draft *draft, const uint8_t *bytes, size_t n)
{
	char *text = arena_take(draft->arena, 2 * n + 1);
	size_t used = 0;

	if (strcmp(draft->sticky, "enip.product_name") != 0) {
		return draft_refuse(draft, "the buffer %.40s is no field", draft->sticky);
	}
	for (size_t i = 0; text != NULL && i < n; i++) {
		if (bytes[i] < ' ' || bytes[i] > '~') {
			return draft_refuse(draft, "a content with bytes that are no text");
		}
		if (strchr("*?\\", bytes[i]) != NULL) {
			text[used++] = '\\';
		}
		text[used++] = (char)bytes[i];
	}
	if (text == NULL) {
		return draft_refuse(draft, "out of memory");
	}
	draft_note(draft, "upper and lower case are the same");
	return draft_text(draft, "weir.enip.identity.product_name|contains", text);
}

bool suricata_content(struct draft *draft, const char *value)
{
	uint8_t bytes[CONTENT_MAX];
	size_t n;

	if (!suricata_content_end(draft) || !content_read(draft, value, bytes, &n)) {
		return false;
	}
	if (draft->sticky != NULL) {
		return sticky_content(draft, bytes, n);
	}
	draft->content = (const uint8_t *)draft_copy(draft, (const char *)bytes, n);
	draft->content_length = n;
	draft->content_offset = draft->content_depth = 0;
	draft->content_open = draft->content != NULL;
	draft->content_fixed = false;
	return draft->content_open;
}

bool suricata_content_modifier(struct draft *draft, const char *name, const char *value)
{
	uint64_t number;

	if (!draft->content_open) {
		return draft_refuse(draft, "%.20s stands behind no content", name);
	}
	if (!suricata_number(value, &number) || number > 4096) {
		return draft_refuse(draft, "%.20s cannot be read", name);
	}
	if (name[0] == 'o') {
		draft->content_offset = (unsigned)number;
	} else {
		draft->content_depth = (unsigned)number;
		draft->content_fixed = true; /* without an offset it is 0 */
	}
	return true;
}

/* One shape alone: so many bytes behind the latest content, then one of a list.
 *	"/[\S\s]{3}(\x05|\x06|\x0F)/iAR" */
bool suricata_pcre(struct draft *draft, const char *value)
{
	static const char shape[] = "a regular expression other than a list of bytes at one place";
	bool values[256] = { false };
	unsigned skip = 0;
	int used = 0;

	if (!suricata_content_end(draft)) {
		return false;
	}
	if (sscanf(value, "\"/[\\S\\s]{%u}(%n", &skip, &used) != 1 || used == 0 || skip > 4096) {
		return draft_refuse(draft, shape);
	}
	for (const char *at = value + used;;) {
		char digits[3] = "";

		if (at[0] != '\\' || at[1] != 'x' || !isxdigit((unsigned char)at[2]) ||
		    !isxdigit((unsigned char)at[3])) {
			return draft_refuse(draft, shape);
		}
		memcpy(digits, at + 2, 2);
		values[strtoul(digits, NULL, 16)] = true;
		at += 4;
		if (*at == ')') {
			/* Anchored (A) and behind the latest match (R). */
			if (strcmp(at, ")/iAR\"") != 0 && strcmp(at, ")/AR\"") != 0) {
				return draft_refuse(draft, shape);
			}
			return pin_add(draft, draft->content_end + skip, values);
		}
		if (*at++ != '|') {
			return draft_refuse(draft, shape);
		}
	}
}

/* "1, >=, 0x80, 7": one byte, compared with a number. */
bool suricata_byte_test(struct draft *draft, const char *value)
{
	char relation[3] = "", number[12] = "";
	bool values[256] = { false };
	uint64_t limit;
	unsigned position;

	if (!suricata_content_end(draft)) {
		return false;
	}
	if (sscanf(value, "1 , %2[<>=] , %11[0-9a-fA-Fx] , %4u", relation, number, &position) !=
		3 ||
	    strspn(value + strcspn(value, "r"), "r") != 0 || !suricata_number(number, &limit) ||
	    position > 4096) {
		return draft_refuse(draft, "a byte_test other than of one byte at a fixed place");
	}
	for (unsigned i = 0; i < 256; i++) {
		values[i] = strcmp(relation, ">=") == 0   ? i >= limit
			    : strcmp(relation, "<=") == 0 ? i <= limit
			    : relation[0] == '>'          ? i > limit
			    : relation[0] == '<'          ? i < limit
							  : i == limit;
	}
	return pin_add(draft, position, values);
}
