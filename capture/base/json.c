/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/json.h"

#include "capture/base/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

struct json json_to(struct buffer *out)
{
	return (struct json) { .out = out };
}

/* Length of the UTF-8 sequence at p (1..4), or 0 when it is not well-formed (Unicode 15, table
 * 3-7). */
static size_t utf8_length(const uint8_t *p, size_t n)
{
	static const struct {
		uint8_t first, last, low, high, length;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (p[0] < rows[i].first || p[0] > rows[i].last) {
			continue;
		}
		if (rows[i].length > n) {
			return 0;
		}
		for (size_t k = 1; k < rows[i].length; k++) {
			uint8_t low = k == 1 ? rows[i].low : 0x80;
			uint8_t high = k == 1 ? rows[i].high : 0xbf;

			if (p[k] < low || p[k] > high) {
				return 0;
			}
		}
		return rows[i].length;
	}
	return 0;
}

static void escape(struct buffer *out, uint8_t c)
{
	static const char letters[] = "\b\f\n\r\t\"\\";
	static const char names[] = "bfnrt\"\\";
	const char *at = c != 0 ? strchr(letters, c) : NULL;

	if (at != NULL) {
		char two[2] = { '\\', names[at - letters] };

		buffer_add(out, two, 2);
	} else {
		buffer_format(out, "\\u%04x", c);
	}
}

static void quoted(struct buffer *out, const uint8_t *p, size_t n)
{
	size_t start = 0;

	buffer_add(out, "\"", 1);
	for (size_t i = 0; i < n;) {
		size_t step = utf8_length(p + i, n - i);
		bool plain = step > 1 || (step == 1 && p[i] >= 0x20 && p[i] != '"' &&
					  p[i] != '\\' && p[i] != 0x7f);

		if (plain) {
			i += step;
			continue;
		}
		buffer_add(out, p + start, i - start);
		if (step == 0) {
			buffer_text(out, "\xef\xbf\xbd");
		} else {
			escape(out, p[i]);
		}
		i++;
		start = i;
	}
	buffer_add(out, p + start, n - start);
	buffer_add(out, "\"", 1);
}

/* Comma and key before a value. */
static void lead(struct json *j, const char *key)
{
	if (j->depth > 0) {
		if (j->filled[j->depth - 1]) {
			buffer_add(j->out, ",", 1);
		}
		j->filled[j->depth - 1] = true;
	}
	if (key != NULL) {
		quoted(j->out, (const uint8_t *)key, strlen(key));
		buffer_add(j->out, ":", 1);
	}
}

static void open_level(struct json *j, const char *key, bool array)
{
	lead(j, key);
	buffer_add(j->out, array ? "[" : "{", 1);
	if (j->depth >= JSON_DEPTH_MAX) {
		j->out->failed = true;
		return;
	}
	j->filled[j->depth] = false;
	j->array[j->depth] = array;
	j->depth++;
}

void json_object(struct json *j, const char *key)
{
	open_level(j, key, false);
}

void json_array(struct json *j, const char *key)
{
	open_level(j, key, true);
}

void json_end(struct json *j)
{
	if (j->depth == 0) {
		j->out->failed = true;
		return;
	}
	j->depth--;
	buffer_add(j->out, j->array[j->depth] ? "]" : "}", 1);
}

void json_text(struct json *j, const char *key, const char *text)
{
	json_string(j, key, text, strlen(text));
}

void json_string(struct json *j, const char *key, const void *bytes, size_t n)
{
	lead(j, key);
	quoted(j->out, bytes, n);
}

void json_hex(struct json *j, const char *key, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	lead(j, key);
	buffer_add(j->out, "\"", 1);
	for (size_t i = 0; i < n; i++) {
		char two[2] = { hex_digits[p[i] >> 4], hex_digits[p[i] & 15] };

		buffer_add(j->out, two, 2);
	}
	buffer_add(j->out, "\"", 1);
}

void json_int(struct json *j, const char *key, int64_t value)
{
	lead(j, key);
	buffer_format(j->out, "%lld", (long long)value);
}

void json_uint(struct json *j, const char *key, uint64_t value)
{
	lead(j, key);
	buffer_format(j->out, "%llu", (unsigned long long)value);
}

void json_double(struct json *j, const char *key, double value)
{
	char text[32];

	lead(j, key);
	if (!isfinite(value)) {
		buffer_text(j->out, "null");
		return;
	}
	/* The shortest form that reads back as the same number. */
	for (int digits = 6; digits <= 17; digits++) {
		double back = 0;

		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (sscanf(text, "%lf", &back) == 1 && !(back < value) && !(back > value)) {
			break;
		}
	}
	buffer_text(j->out, text);
}

void json_bool(struct json *j, const char *key, bool value)
{
	lead(j, key);
	buffer_text(j->out, value ? "true" : "false");
}

void json_time(struct json *j, const char *key, int64_t time)
{
	char text[TIME_TEXT_SIZE];

	json_text(j, key, time_text_utc(time, text));
}

void json_raw(struct json *j, const char *key, const char *json_text)
{
	lead(j, key);
	buffer_text(j->out, json_text);
}
