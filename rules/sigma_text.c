/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/sigma_text.h"

#include <string.h>

bool sigma_text_read(struct arena *arena, const char *value, size_t n, struct sigma_text *out)
{
	uint16_t *units = arena_take(arena, (n + 1) * sizeof(*units));
	size_t used = 0;

	if (units == NULL) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		char c = value[i];

		if (c == '\\' && i + 1 < n && strchr("*?\\", value[i + 1]) != NULL &&
		    value[i + 1] != '\0') {
			units[used++] = (uint8_t)value[++i];
		} else if (c == '*') {
			units[used++] = UNIT_MANY;
		} else {
			units[used++] = c == '?' ? UNIT_ONE : (uint8_t)c;
		}
	}
	*out = (struct sigma_text) { units, used };
	return true;
}

bool sigma_text_has_wildcard(const struct sigma_text *text)
{
	for (size_t i = 0; i < text->n; i++) {
		if (text->units[i] >= UNIT_ONE) {
			return true;
		}
	}
	return false;
}

const char *sigma_text_bytes(struct arena *arena, const struct sigma_text *text)
{
	char *bytes = arena_take(arena, text->n + 1);

	for (size_t i = 0; bytes != NULL && i < text->n; i++) {
		bytes[i] = (char)text->units[i];
	}
	return bytes;
}

bool sigma_text_wrap(struct arena *arena, struct sigma_text *text, bool front, bool behind)
{
	uint16_t *units = arena_take(arena, (text->n + 2) * sizeof(*units));
	size_t n = 0;

	if (units == NULL) {
		return false;
	}
	if (front) {
		units[n++] = UNIT_MANY;
	}
	memcpy(units + n, text->units, text->n * sizeof(*units));
	n += text->n;
	if (behind) {
		units[n++] = UNIT_MANY;
	}
	*text = (struct sigma_text) { units, n };
	return true;
}

static uint16_t fold(uint16_t unit)
{
	return unit >= 'A' && unit <= 'Z' ? (uint16_t)(unit + ('a' - 'A')) : unit;
}

bool sigma_text_fold(struct arena *arena, struct sigma_text *text)
{
	uint16_t *units = arena_take(arena, (text->n + 1) * sizeof(*units));

	for (size_t i = 0; units != NULL && i < text->n; i++) {
		units[i] = fold(text->units[i]);
	}
	text->units = units;
	return units != NULL;
}

/* Bytes of the UTF-8 character at the start; 1 for a byte that begins none. */
static size_t character_length(const char *at, size_t n)
{
	uint8_t lead = (uint8_t)at[0];
	size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;

	for (size_t i = 1; i < length; i++) {
		if (i >= n || ((uint8_t)at[i] & 0xc0) != 0x80) {
			return 1;
		}
	}
	return length;
}

bool sigma_text_matches(const struct sigma_text *text, const char *bytes, size_t n, bool cased)
{
	size_t unit = 0, at = 0, star = SIZE_MAX, mark = 0;

	while (at < n) {
		uint16_t want = unit < text->n ? text->units[unit] : UINT16_MAX;

		if (want == UNIT_MANY) {
			star = unit++;
			mark = at;
		} else if (want == UNIT_ONE) {
			at += character_length(bytes + at, n - at);
			unit++;
		} else if (want == (cased ? (uint8_t)bytes[at] : fold((uint8_t)bytes[at]))) {
			at++;
			unit++;
		} else if (star != SIZE_MAX) {
			unit = star + 1;
			at = ++mark;
		} else {
			return false;
		}
	}
	while (unit < text->n && text->units[unit] == UNIT_MANY) {
		unit++;
	}
	return unit == text->n;
}
