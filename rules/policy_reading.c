/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/policy_reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void policy_mistake(struct policy_reading *r, const struct yaml_node *node, const char *format, ...)
{
	char what[400], text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	snprintf(text, sizeof(text), "%s:%u:%u: %s", r->file, node->line, node->column, what);
	r->mistakes++;
	if (r->handler != NULL) {
		r->handler(r->context, text);
	}
}

/* At the key, for what the map should not have. */
void policy_mistaken_key(struct policy_reading *r, const struct yaml_node *node, const char *of)
{
	struct yaml_node key = { .line = node->key_line, .column = node->key_column };

	policy_mistake(r, &key, "'%.40s' is no key of %s", node->key, of);
}

void *policy_take(struct policy_reading *r, size_t n, size_t size)
{
	return arena_take(&r->policy->arena, (n > 0 ? n : 1) * size);
}

/* ---- words ---- */

const char *policy_text(struct policy_reading *r, const struct yaml_node *node)
{
	const char *text = NULL;

	if (node->kind != YAML_SCALAR || yaml_is_null(node) || node->length == 0) {
		policy_mistake(r, node, "%s wants a text", node->key != NULL ? node->key : "this");
		return NULL;
	}
	text = arena_text(&r->policy->arena, node->text, node->length);
	return text;
}

/* The elements of a list, or the one value that stands in its place. */
const struct yaml_node *policy_first(const struct yaml_node *node)
{
	return node->kind == YAML_LIST ? node->child : node;
}

const struct yaml_node *policy_next(const struct yaml_node *list, const struct yaml_node *at)
{
	return list->kind == YAML_LIST ? at->next : NULL;
}

size_t policy_count(const struct yaml_node *node)
{
	return node->kind == YAML_LIST ? node->n_children : 1;
}

bool policy_is(const struct yaml_node *node, const char *word)
{
	return node->kind == YAML_SCALAR && strcmp(node->text, word) == 0;
}

struct policy_place *policy_place(const struct policy_reading *r, const char *name)
{
	/* A place begins with its zone. */
	return (struct policy_place *)(uintptr_t)policy_zone_named(r->policy, name);
}
