/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/json_value.h"

#include <errno.h>
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
	return (struct json_value *)json_loadb(text, length,
					       JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
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

/* json_object() and json_string() of jansson have names of our writer: json_pack() stands in. */

/* The object that holds the last key of the path, which *key gets; made when `make`. NULL: none. */
static json_t *holder(json_t *json, const char *path, char key[KEY_MAX], bool make)
{
	for (;;) {
		size_t n = strcspn(path, ".");
		json_t *inner;

		if (n >= KEY_MAX || !json_is_object(json)) {
			return NULL;
		}
		memcpy(key, path, n);
		key[n] = '\0';
		if (path[n] == '\0') {
			return json;
		}
		inner = json_object_get(json, key);
		if (inner == NULL && make) {
			inner = json_pack("{}");
			if (json_object_set_new(json, key, inner) != 0) {
				return NULL;
			}
		}
		json = inner;
		path += n + 1;
	}
}

static int set(struct json_value *root, const char *path, json_t *value)
{
	char key[KEY_MAX];
	json_t *object = holder((json_t *)root, path, key, true);

	if (object == NULL || value == NULL) {
		json_decref(value);
		return -ENOMEM;
	}
	return json_object_set_new(object, key, value) == 0 ? 0 : -ENOMEM;
}

int json_value_set_text(struct json_value *root, const char *path, const char *text)
{
	return set(root, path, json_pack("s", text));
}

int json_value_take(struct json_value *root, const struct json_value *from, const char *path)
{
	const struct json_value *value = json_value_at(from, path);

	return value != NULL ? set(root, path, json_deep_copy(inside(value))) : 0;
}

void json_value_remove(struct json_value *root, const char *path)
{
	char key[KEY_MAX];
	json_t *object = holder((json_t *)root, path, key, false);

	if (object != NULL) {
		(void)json_object_del(object, key);
	}
}

static int take_text(const char *text, size_t length, void *context)
{
	buffer_add(context, text, length);
	return 0;
}

void json_value_write(const struct json_value *root, struct buffer *out)
{
	if (json_dump_callback(inside(root), take_text, out,
			       JSON_COMPACT | JSON_REAL_PRECISION(17)) != 0) {
		out->failed = true;
	}
}
