/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/tree.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define PATH_KEY_MAX 128
/* Documents are our own and flat; a list of objects of lists is all there is. */
#define VISIT_DEPTH_MAX 16

/* struct tree is jansson's value under our name, so that no other file needs its header. */
static const json_t *value_of(const struct tree *tree)
{
	return (const json_t *)(const void *)tree;
}

static const struct tree *tree_of(const json_t *value)
{
	return (const struct tree *)(const void *)value;
}

struct visit {
	bool (*visit)(void *context, const struct tree_value *value);
	void *context;
};

int tree_read(struct tree **out, const char *json, size_t length)
{
	json_t *value = json_loadb(json, length, JSON_ALLOW_NUL, NULL);

	if (!json_is_object(value)) {
		json_decref(value);
		return -EINVAL;
	}
	*out = (struct tree *)(void *)value;
	return 0;
}

struct tree *tree_free(struct tree *tree)
{
	json_decref((json_t *)(void *)tree);
	return NULL;
}

static bool visit_scalar(const struct visit *visit, const json_t *value)
{
	struct tree_value out = { .is_number = json_is_number(value),
				  .is_integer = json_is_integer(value),
				  .number = json_number_value(value),
				  .integer = json_integer_value(value) };
	char number[32];

	out.text = number;
	if (json_is_string(value)) {
		out.text = json_string_value(value);
	} else if (out.is_integer) {
		snprintf(number, sizeof(number), "%" PRId64, out.integer);
	} else if (out.is_number) {
		snprintf(number, sizeof(number), "%.6g", out.number);
	} else {
		out.text = json_is_true(value) ? "true" : "false";
	}
	return visit->visit(visit->context, &out);
}

static bool visit_value(const struct visit *visit, const json_t *value, const char *path,
			unsigned depth);

static bool visit_list(const struct visit *visit, const json_t *list, const char *path,
		       unsigned depth)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (!visit_value(visit, json_array_get(list, i), path, depth + 1)) {
			return false;
		}
	}
	return true;
}

/* Steps to the next way of cutting the path into a key and a rest: each prefix that ends before a
 * dot, and the whole path. */
static bool path_cut(const char *path, size_t *length, char *key)
{
	if (*length > 0 && path[*length] == '\0') {
		return false;
	}
	*length += *length > 0 ? 1 : 0;
	*length += strcspn(path + *length, ".");
	if (*length == 0 || *length >= PATH_KEY_MAX) {
		return false;
	}
	memcpy(key, path, *length);
	key[*length] = '\0';
	return true;
}

static bool visit_object(const struct visit *visit, const json_t *object, const char *path,
			 unsigned depth)
{
	char key[PATH_KEY_MAX];
	size_t length = 0;

	while (path_cut(path, &length, key)) {
		const json_t *child = json_object_get(object, key);
		const char *rest = path + length + (path[length] == '.' ? 1 : 0);

		if (child != NULL && !visit_value(visit, child, rest, depth + 1)) {
			return false;
		}
	}
	return true;
}

static bool visit_all(const struct visit *visit, const json_t *object, unsigned depth)
{
	const char *key;
	json_t *child;

	json_object_foreach((json_t *)(void *)(uintptr_t)object, key, child)
	{
		if (!visit_value(visit, child, "", depth + 1)) {
			return false;
		}
	}
	return true;
}

static bool visit_keys(const struct visit *visit, const json_t *object)
{
	const char *key;
	json_t *child;

	json_object_foreach((json_t *)(void *)(uintptr_t)object, key, child)
	{
		const struct tree_value name = { .text = key };

		if (!visit->visit(visit->context, &name)) {
			return false;
		}
	}
	return true;
}

static bool visit_value(const struct visit *visit, const json_t *value, const char *path,
			unsigned depth)
{
	if (depth > VISIT_DEPTH_MAX) {
		return true;
	}
	if (json_is_array(value)) {
		return visit_list(visit, value, path, depth);
	}
	if (json_is_object(value) && strcmp(path, "*") == 0) {
		return visit_keys(visit, value);
	}
	if (json_is_object(value)) {
		return *path == '\0' ? visit_all(visit, value, depth)
				     : visit_object(visit, value, path, depth);
	}
	return *path != '\0' || json_is_null(value) || visit_scalar(visit, value);
}

bool tree_visit(const struct tree *tree, const char *path,
		bool (*visit)(void *context, const struct tree_value *value), void *context)
{
	struct visit state = { visit, context };

	return visit_value(&state, value_of(tree), path, 0);
}

/* The first value at the path, whatever it is. */
static const json_t *value_at(const json_t *value, const char *path, unsigned depth)
{
	char key[PATH_KEY_MAX];
	size_t length = 0;

	if (*path == '\0' || depth > VISIT_DEPTH_MAX) {
		return value;
	}
	while (json_is_object(value) && path_cut(path, &length, key)) {
		const json_t *child = json_object_get(value, key);
		const char *rest = path + length + (path[length] == '.' ? 1 : 0);
		const json_t *found = child != NULL ? value_at(child, rest, depth + 1) : NULL;

		if (found != NULL) {
			return found;
		}
	}
	return NULL;
}

const char *tree_text(const struct tree *tree, const char *path)
{
	return json_string_value(value_at(value_of(tree), path, 0));
}

double tree_number(const struct tree *tree, const char *path)
{
	return json_number_value(value_at(value_of(tree), path, 0));
}

bool tree_true(const struct tree *tree, const char *path)
{
	return json_is_true(value_at(value_of(tree), path, 0));
}

void tree_members(const struct tree *tree, const char *path,
		  void (*visit)(void *context, const char *key, const struct tree *member),
		  void *context)
{
	const json_t *object = value_at(value_of(tree), path, 0);
	size_t i = 0;
	const char *key;
	json_t *child;

	if (json_is_array(object)) {
		for (i = 0; i < json_array_size(object); i++) {
			visit(context, "", tree_of(json_array_get(object, i)));
		}
		return;
	}
	json_object_foreach((json_t *)(void *)(uintptr_t)object, key, child)
	{
		visit(context, key, tree_of(child));
	}
}

const struct column *column_find(const struct column *columns, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(columns[i].name, name) == 0) {
			return &columns[i];
		}
	}
	return NULL;
}
