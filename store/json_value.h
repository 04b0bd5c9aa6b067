/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* json_value.h - JSON in: a parsed text to look things up in, and to change a little (jansson
 * below).
 *
 * It stands between jansson and the rest because jansson's own names (json_object, json_string)
 * are those of our writer; no other file includes <jansson.h>.  Values are owned by the root. */

#include "capture/base/buffer.h"
#include "capture/base/common.h"

struct json_value;

/* Parses one JSON text; duplicate keys are an error, a text may have a NUL in it (who reads it gets
 * what is before). NULL: not JSON, or no memory. */
struct json_value *json_value_parse(const char *text, size_t length);
struct json_value *json_value_free(struct json_value *root);

/* The value at a path of object keys ("source.ip"), or NULL; value may be NULL. */
const struct json_value *json_value_at(const struct json_value *value, const char *path);
/* Elements of an array, members of an object; 0 for everything else. */
size_t json_value_count(const struct json_value *value);
const struct json_value *json_value_element(const struct json_value *array, size_t i);

/* The string at the path; NULL when there is none. */
const char *json_value_text(const struct json_value *value, const char *path);
/* The integer at the path; fallback when there is none. */
int64_t json_value_int(const struct json_value *value, const char *path, int64_t fallback);
/* Whether there is `true` at the path. */
bool json_value_true(const struct json_value *value, const char *path);

/* Sets the member at a path; objects on the way are made. 0 or -ENOMEM. */
int json_value_set_text(struct json_value *root, const char *path, const char *text) MUST_USE;
/* The same with what the other has there; nothing happens when it has nothing. */
int json_value_take(struct json_value *root, const struct json_value *from,
		    const char *path) MUST_USE;
void json_value_remove(struct json_value *root, const char *path);
/* Writes it on one line, without newline, members in their order. */
void json_value_write(const struct json_value *root, struct buffer *out);

DEFINE_FREEP(struct json_value, json_value_free)
