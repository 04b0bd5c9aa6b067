/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* json.h - the one JSON writer: streaming, no tree, commas and nesting by itself.
 *
 *	struct json j = json_to(&buffer);
 *	json_object(&j, NULL);
 *	json_text(&j, "name", "plc-3");
 *	json_array(&j, "ports"); json_uint(&j, NULL, 502); json_end(&j);
 *	json_end(&j);
 *
 * key is NULL inside arrays and for the outermost value.  Strings are escaped; bytes
 * that are not UTF-8 become U+FFFD.  Doubles that JSON cannot hold become null. */

#include "capture/base/buffer.h"

#define JSON_DEPTH_MAX 16

struct json {
	struct buffer *out;
	unsigned depth;
	bool filled[JSON_DEPTH_MAX], array[JSON_DEPTH_MAX];
};

struct json json_to(struct buffer *out);
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j); /* closes the innermost object or array */
void json_text(struct json *j, const char *key, const char *text);
void json_string(struct json *j, const char *key, const void *bytes, size_t n);
void json_hex(struct json *j, const char *key, const void *bytes, size_t n);
void json_int(struct json *j, const char *key, int64_t value);
void json_uint(struct json *j, const char *key, uint64_t value);
void json_double(struct json *j, const char *key, double value);
void json_bool(struct json *j, const char *key, bool value);
void json_time(struct json *j, const char *key, int64_t time);         /* RFC 3339 */
void json_raw(struct json *j, const char *key, const char *json_text); /* already JSON */
