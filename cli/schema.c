/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/schema.h"

#include "rules/rules.h"
#include "store/document_fields.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- which fields ---- */

static int add_leaf(struct schema_leaves *leaves, const char *name, const struct field *field,
		    bool judged)
{
	if (leaves->n == leaves->size) {
		size_t size = leaves->size * 2 + 256;
		struct schema_leaf *items = realloc(leaves->items, size * sizeof(*items));

		if (items == NULL) {
			return -ENOMEM;
		}
		leaves->items = items;
		leaves->size = size;
	}
	struct schema_leaf *leaf = &leaves->items[leaves->n++];

	leaf->field = field;
	leaf->judged = judged;
	int written = snprintf(leaf->name, sizeof(leaf->name), "%s", name);
	return written > 0 && (size_t)written < sizeof(leaf->name) ? 0 : -EINVAL;
}

/* Adds a field of a table, once for each word that its placeholder stands for. */
static int add_field(struct schema_leaves *leaves, const struct field *field)
{
	const char *open = strchr(field->name, '{'), *close = strchr(field->name, '}'), *word;
	char placeholder[32], name[sizeof(leaves->items->name)];
	int error = 0;

	if (open == NULL || close == NULL) {
		return add_leaf(leaves, field->name, field, false);
	}
	snprintf(placeholder, sizeof(placeholder), "%.*s", (int)(close + 1 - open), open);
	for (size_t i = 0; error == 0 && (word = document_word(placeholder, i)) != NULL; i++) {
		snprintf(name, sizeof(name), "%.*s%s%s", (int)(open - field->name), field->name,
			 word, close + 1);
		error = add_leaf(leaves, name, field, false);
	}
	return error;
}

static int add_table(struct schema_leaves *leaves, const struct field *table, size_t n)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < n; i++) {
		error = add_field(leaves, &table[i]);
	}
	return error;
}

static int add_registry(struct schema_leaves *leaves, const struct field_registry *registry,
			bool alerts)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < field_count(registry); i++) {
		const struct field *field = field_by_id(registry, field_in_order(registry, i));
		bool of_alerts = (field->flags & FIELD_OF_ALERTS) != 0;

		if ((field->flags & FIELD_HIDDEN) == 0 &&
		    (alerts || !of_alerts || (field->flags & FIELD_OF_OUTPUTS) != 0)) {
			error = add_leaf(leaves, field->name, field, !of_alerts);
		}
	}
	return error;
}

/* A dot goes before every other character. */
static int compare_leaves(const void *a, const void *b)
{
	const char *x = ((const struct schema_leaf *)a)->name;
	const char *y = ((const struct schema_leaf *)b)->name;

	while (*x != '\0' && *x == *y) {
		x++;
		y++;
	}
	return (*x == '.' ? 1 : (uint8_t)*x) - (*y == '.' ? 1 : (uint8_t)*y);
}

static bool is_object_of(const char *prefix, const char *name)
{
	size_t length = strlen(prefix);

	return strncmp(prefix, name, length) == 0 && (name[length] == '.' || name[length] == '[');
}

/* Sorts, and leaves one of each name. */
static int settle(struct schema_leaves *leaves, struct problem *problem)
{
	struct schema_leaf *items = leaves->items;
	size_t n = 0;

	qsort(items, leaves->n, sizeof(*items), compare_leaves);
	for (size_t i = 0; i < leaves->n; i++) {
		struct schema_leaf *last = n > 0 ? &items[n - 1] : NULL;

		if (last != NULL && is_object_of(last->name, items[i].name)) {
			return problem_set(problem, -EINVAL, "'%s' and '%s': leaf and object",
					   last->name, items[i].name);
		}
		if (last == NULL || strcmp(last->name, items[i].name) != 0) {
			items[n++] = items[i];
			continue;
		}
		if (last->field->type != items[i].field->type ||
		    ((last->field->flags ^ items[i].field->flags) & FIELD_LIST) != 0) {
			return problem_set(problem, -EINVAL, "'%s' has two types", last->name);
		}
		last->judged = last->judged || items[i].judged;
	}
	leaves->n = n;
	return 0;
}

static bool has(unsigned kinds, enum document_kind kind)
{
	return (kinds >> kind & 1) != 0;
}

int schema_leaves_of(struct schema_leaves *out, const struct field_registry *registry,
		     unsigned kinds, struct problem *problem)
{
	struct schema_leaves leaves = { .items = NULL };
	int error = add_table(&leaves, document_head_fields, document_n_head_fields);

	if (error == 0 && (has(kinds, DOCUMENT_EVENT) || has(kinds, DOCUMENT_ALERT))) {
		error = add_registry(&leaves, registry, has(kinds, DOCUMENT_ALERT));
	}
	if (error == 0 && has(kinds, DOCUMENT_EVENT)) {
		error = add_table(&leaves, traffic_document_fields, traffic_document_n_fields);
	}
	if (error == 0 && has(kinds, DOCUMENT_EVENT)) {
		error = add_table(&leaves, health_document_fields, health_document_n_fields);
	}
	if (error == 0 && has(kinds, DOCUMENT_ALERT)) {
		error = add_table(&leaves, alert_head_fields, alert_n_head_fields);
	}
	if (error == 0 && has(kinds, DOCUMENT_ASSET)) {
		error = add_table(&leaves, asset_document_fields, asset_document_n_fields);
	}
	if (error == 0 && has(kinds, DOCUMENT_CONVERSATION)) {
		error = add_table(&leaves, conversation_document_fields,
				  conversation_document_n_fields);
	}
	if (error == 0) {
		error = settle(&leaves, problem);
	}
	if (error < 0) {
		schema_leaves_free(&leaves);
		return problem_set(problem, error, "cannot list the fields: %s", strerror(-error));
	}
	*out = leaves;
	return 0;
}

void schema_leaves_free(struct schema_leaves *leaves)
{
	free(leaves->items);
	*leaves = (struct schema_leaves) { .items = NULL };
}

/* ---- the tree that their names make ---- */

/* How many leaves, from the first on, share its first `length` characters. */
static size_t count_below(const struct schema_leaf *leaves, size_t n, size_t length)
{
	size_t i = 1;

	while (i < n && strncmp(leaves[0].name, leaves[i].name, length) == 0) {
		i++;
	}
	return i;
}

/* Calls itself once for each word of a name. */
static void walk(struct json *json, const struct schema_form *form,
		 const struct schema_leaf *leaves, size_t n, size_t prefix)
{
	while (n > 0) {
		const char *name = leaves->name + prefix;
		size_t length = strcspn(name, "."), below = 1;
		bool list = length > 2 && strncmp(name + length - 2, "[]", 2) == 0;
		char key[sizeof(leaves->name)];

		snprintf(key, sizeof(key), "%.*s", (int)(list ? length - 2 : length), name);
		if (name[length] == '\0') {
			form->leaf(json, key, leaves);
		} else {
			below = count_below(leaves, n, prefix + length + 1);
			form->open(json, key, list, leaves, below, prefix);
			walk(json, form, leaves, below, prefix + length + 1);
			form->close(json, list);
		}
		leaves += below;
		n -= below;
	}
}

void schema_walk(struct json *json, const struct schema_form *form,
		 const struct schema_leaf *leaves, size_t n)
{
	walk(json, form, leaves, n, 0);
}
