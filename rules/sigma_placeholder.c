/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_placeholder.c - %name% in values with the modifier `expand` (modifiers appendix): each
 * stands for the values that the plant's own file gives, so that a rule need not know them. */

#include "rules/sigma.h"

#include <errno.h>
#include <string.h>

#define COMBINATIONS_MAX 10000 /* of one value */

int sigma_placeholders(struct loader *loader, const char *path)
{
	struct problem problem = { "" };
	const struct yaml_node *root;
	int error = yaml_read_file(&loader->placeholders, path, &problem);

	if (error != 0) {
		loader->counts->errors++;
		if (loader->handler != NULL) {
			loader->handler(loader->context, problem.text);
		}
		return error == -ENOMEM ? error : 0;
	}
	loader->yaml = loader->placeholders;
	root = yaml_document(loader->placeholders, 0);
	if (root != NULL && root->kind != YAML_MAP) {
		sigma_error(loader, root, "placeholders are a map from name to values");
		return 0;
	}
	for (const struct yaml_node *at = root != NULL ? root->child : NULL; at != NULL;
	     at = at->next) {
		const struct yaml_node *value = at->kind == YAML_LIST ? at->child : at;

		for (; value != NULL; value = at->kind == YAML_LIST ? value->next : NULL) {
			if (value->kind != YAML_SCALAR || yaml_is_null(value)) {
				sigma_error(loader, value,
					    "a placeholder stands for a value or a list of values");
			}
		}
	}
	return 0;
}

/* One value while its placeholders are replaced, from the left. */
struct expansion {
	struct loader *loader;
	const struct yaml_node *value;
	sigma_expanded *handler;
	void *context;
	size_t n; /* combinations so far */
};

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

/* Whether an escape stands here: of a percent sign, or of the backslash that is no escape then. */
static bool is_escape(const char *at)
{
	return at[0] == '\\' && (at[1] == '%' || at[1] == '\\');
}

/* The first placeholder at or after *at, with its signs; false: none. */
static bool find(const char *text, size_t *at, size_t *length)
{
	for (size_t i = *at; text[i] != '\0'; i++) {
		size_t n = 0;

		if (is_escape(text + i)) {
			i++;
			continue;
		}
		while (text[i] == '%' && is_name(text[i + 1 + n])) {
			n++;
		}
		if (n > 0 && text[i + 1 + n] == '%') {
			*at = i;
			*length = n + 2;
			return true;
		}
	}
	return false;
}

/* The text with its escaped percent signs as they are meant. Other escapes stay for who reads it.
 */
static const char *without_escapes(struct arena *arena, const char *text)
{
	char *out = arena_take(arena, strlen(text) + 1);
	size_t n = 0;

	for (size_t i = 0; out != NULL && text[i] != '\0'; i++) {
		if (!is_escape(text + i)) {
			out[n++] = text[i];
			continue;
		}
		if (text[++i] == '\\') {
			out[n++] = '\\';
		}
		out[n++] = text[i];
	}
	return out;
}

/* What the placeholder stands for; NULL: unknown. */
static const struct yaml_node *meaning(const struct loader *loader, const char *name, size_t n)
{
	const struct yaml_node *root =
	    loader->placeholders != NULL ? yaml_document(loader->placeholders, 0) : NULL;

	for (const struct yaml_node *at = root != NULL ? root->child : NULL; at != NULL;
	     at = at->next) {
		if (strlen(at->key) == n && memcmp(at->key, name, n) == 0) {
			return at;
		}
	}
	return NULL;
}

static int expand(struct expansion *e, const char *text, size_t at);

static int put(struct expansion *e, const char *text, size_t at, size_t length,
	       const struct yaml_node *value)
{
	size_t rest = strlen(text + at + length);
	char *joined = arena_take(&e->loader->set->arena, at + value->length + rest + 1);

	if (joined == NULL) {
		return -ENOMEM;
	}
	memcpy(joined, text, at);
	memcpy(joined + at, value->text, value->length);
	memcpy(joined + at + value->length, text + at + length, rest + 1);
	return expand(e, joined, at + value->length);
}

static int finish(struct expansion *e, const char *text)
{
	struct arena *arena = &e->loader->set->arena;
	struct yaml_node *whole = arena_take(arena, sizeof(*whole));
	const char *plain = without_escapes(arena, text);

	if (whole == NULL || plain == NULL) {
		return -ENOMEM;
	}
	if (++e->n > COMBINATIONS_MAX) {
		return sigma_error(e->loader, e->value, "it stands for more than %d values",
				   COMBINATIONS_MAX);
	}
	*whole = *e->value;
	whole->text = plain;
	whole->length = strlen(plain);
	return e->handler(e->context, whole);
}

static int expand(struct expansion *e, const char *text, size_t at)
{
	const struct yaml_node *means, *value;
	size_t length;
	int error = 0;

	if (!find(text, &at, &length)) {
		return finish(e, text);
	}
	means = meaning(e->loader, text + at + 1, length - 2);
	if (means == NULL) {
		return sigma_error(e->loader, e->value,
				   "nothing says what the placeholder '%.*s' stands for",
				   (int)size_min(length, 80), text + at);
	}
	value = means->kind == YAML_LIST ? means->child : means;
	for (; error == 0 && value != NULL; value = means->kind == YAML_LIST ? value->next : NULL) {
		if (value->kind == YAML_SCALAR) {
			error = put(e, text, at, length, value);
		}
	}
	return error;
}

int sigma_expand(struct loader *loader, const struct yaml_node *value, sigma_expanded *handler,
		 void *context)
{
	struct expansion e = {
		.loader = loader, .value = value, .handler = handler, .context = context
	};

	if (value->kind != YAML_SCALAR || yaml_is_null(value)) {
		return sigma_error(loader, value, "expand is for texts");
	}
	if (memchr(value->text, '\0', value->length) != NULL) {
		return sigma_error(loader, value, "a value with a NUL in it");
	}
	return expand(&e, value->text, 0);
}
