/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/json_value.h"

#include <jansson.h>
#include <string.h>

#define KEY_MAX 128

static const json_t *inside(const struct json_value *value)
{
	return (const json_t *)value;
}

static const struct json_value *outside(const json_t *json)
{
	return (const struct json_value *)json;
}

struct json_value *json_value_parse(const char *text, size_t length)
{
	return (struct json_value *)json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
}

struct json_value *json_value_free(struct json_value *root)
{
	json_decref((json_t *)root);
	return NULL;
}

const struct json_value *json_value_at(const struct json_value *value, const char *path)
{
	const json_t *json = inside(value);
	char key[KEY_MAX];

	while (json != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		if (n >= sizeof(key)) {
			return NULL;
		}
		memcpy(key, path, n);
		key[n] = '\0';
		json = json_object_get(json, key);
		path += n + (path[n] == '.');
	}
	return outside(json);
}

size_t json_value_count(const struct json_value *value)
{
	const json_t *json = inside(value);

	return json_is_array(json) ? json_array_size(json) : json_object_size(json);
}

const struct json_value *json_value_element(const struct json_value *array, size_t i)
{
	return outside(json_array_get(inside(array), i));
}

const char *json_value_text(const struct json_value *value, const char *path)
{
	return json_string_value(inside(json_value_at(value, path)));
}

int64_t json_value_int(const struct json_value *value, const char *path, int64_t fallback)
{
	const json_t *json = inside(json_value_at(value, path));

	return json_is_integer(json) ? json_integer_value(json) : fallback;
}

bool json_value_true(const struct json_value *value, const char *path)
{
	return json_is_true(inside(json_value_at(value, path)));
}
