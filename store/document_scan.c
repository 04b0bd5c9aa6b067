/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/document_scan.h"

#include <time.h>

#define DEPTH_MAX  16
#define PATH_BYTES 256

/* Where the scan is: the path of the key read last, and how long it was in each object around. */
struct scan {
	const char *at, *end;
	char path[PATH_BYTES];
	size_t path_length, outer[DEPTH_MAX];
	unsigned depth;
	bool is_value; /* what comes next belongs to that key */
	struct document_value *values;
	size_t n, missing;
};

/* Behind the opening quote: the text's end; at is then behind the closing one. */
static const char *read_text(struct scan *scan, bool *escaped)
{
	const char *end;

	*escaped = false;
	while (scan->at < scan->end && *scan->at != '"') {
		*escaped = *escaped || *scan->at == '\\';
		scan->at += 1 + (*scan->at == '\\' && scan->end - scan->at > 1);
	}
	end = scan->at;
	scan->at += scan->at < scan->end;
	return end;
}

static void offer(struct scan *scan, const char *text, const char *end)
{
	for (size_t i = 0; i < scan->n; i++) {
		struct document_value *value = &scan->values[i];

		if (strlen(value->path) == scan->path_length &&
		    memcmp(value->path, scan->path, scan->path_length) == 0) {
			scan->missing -= value->text == NULL;
			value->text = text;
			value->length = (size_t)(end - text);
		}
	}
}

/* The path of the object, and the key. False: too long. */
static bool enter_key(struct scan *scan, const char *key, const char *end)
{
	size_t outer = scan->outer[scan->depth], length = (size_t)(end - key);

	if (outer + 1 + length > sizeof(scan->path)) {
		return false;
	}
	if (outer > 0) {
		scan->path[outer++] = '.';
	}
	memcpy(scan->path + outer, key, length);
	scan->path_length = outer + length;
	return true;
}

static bool take_text(struct scan *scan)
{
	bool escaped;
	const char *text = ++scan->at, *end = read_text(scan, &escaped);

	if (!scan->is_value) {
		return enter_key(scan, text, end);
	}
	if (!escaped) {
		offer(scan, text, end);
	}
	return true;
}

/* To the bracket that closes this one. */
static void skip_array(struct scan *scan)
{
	unsigned depth = 0;
	bool escaped;

	do {
		char c = *scan->at++;

		if (c == '"') {
			(void)read_text(scan, &escaped);
		}
		depth += c == '[' || c == '{';
		depth -= c == ']' || c == '}';
	} while (depth > 0 && scan->at < scan->end);
}

static void take_word(struct scan *scan)
{
	const char *text = scan->at;

	while (scan->at < scan->end && strchr(",:]}\" \t\r\n", *scan->at) == NULL) {
		scan->at++;
	}
	if (scan->is_value) {
		offer(scan, text, scan->at);
	}
	scan->at += scan->at == text;
}

/* One word of the text. False: it is over, or too deep for us. */
static bool step(struct scan *scan)
{
	switch (*scan->at) {
	case '"':
		return take_text(scan);
	case '[':
		skip_array(scan);
		return true;
	case '{':
		if (scan->depth + 1 == DEPTH_MAX) {
			return false;
		}
		scan->outer[++scan->depth] = scan->path_length;
		scan->is_value = false;
		break;
	case '}':
		scan->depth -= scan->depth > 0;
		break;
	case ':':
	case ',':
		scan->is_value = *scan->at == ':';
		break;
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		break;
	default:
		take_word(scan);
		return scan->depth > 0;
	}
	scan->at++;
	return scan->depth > 0;
}

void document_scan(const char *json, size_t length, struct document_value *values, size_t n)
{
	struct scan scan = {
		.at = json, .end = json + length, .values = values, .n = n, .missing = n
	};

	for (size_t i = 0; i < n; i++) {
		values[i].text = NULL;
		values[i].length = 0;
	}
	while (scan.missing > 0 && scan.at < scan.end && step(&scan)) {
	}
}

/* ---- times ---- */

/* So many digits; negative: they are none. */
static int digits(const char *text, size_t n)
{
	int number = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9') {
			return -1;
		}
		number = number * 10 + text[i] - '0';
	}
	return number;
}

int64_t document_time_ms(const char *text, size_t length)
{
	static const struct {
		size_t at, n;
	} parts[] = { { 0, 4 }, { 5, 2 }, { 8, 2 }, { 11, 2 }, { 14, 2 }, { 17, 2 }, { 20, 3 } };
	int values[ARRAY_SIZE(parts)];
	struct tm tm = { 0 };

	if (length < sizeof("2026-11-22T07:52:20.123Z") - 1 || text[length - 1] != 'Z') {
		return -1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		values[i] = digits(text + parts[i].at, parts[i].n);
		if (values[i] < 0) {
			return -1;
		}
	}
	tm.tm_year = values[0] - 1900;
	tm.tm_mon = values[1] - 1;
	tm.tm_mday = values[2];
	tm.tm_hour = values[3];
	tm.tm_min = values[4];
	tm.tm_sec = values[5];
	return (int64_t)timegm(&tm) * 1000 + values[6];
}
