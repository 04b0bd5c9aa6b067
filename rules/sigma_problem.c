/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/sigma.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(struct loader *loader, unsigned line, unsigned column, const char *text)
{
	char whole[768];

	snprintf(whole, sizeof(whole), "%s:%u:%u: %s", yaml_name(loader->yaml), line, column, text);
	if (loader->handler != NULL) {
		loader->handler(loader->context, whole);
	}
}

int sigma_error(struct loader *loader, const struct yaml_node *node, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	loader->counts->errors++;
	say(loader, node != NULL ? node->line : 1, node != NULL ? node->column : 1, text);
	return -EINVAL;
}

int sigma_error_at(struct loader *loader, const struct yaml_node *node, size_t offset,
		   const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	loader->counts->errors++;
	say(loader, node->line, node->column + (node->quoted ? 1 : 0) + (unsigned)offset, text);
	return -EINVAL;
}

void sigma_warning(struct loader *loader, const struct yaml_node *node, const char *format, ...)
{
	char text[512] = "warning: ";
	size_t n = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + n, sizeof(text) - n, format, arguments);
	va_end(arguments);
	say(loader, node->key_line != 0 ? node->key_line : node->line,
	    node->key_line != 0 ? node->key_column : node->column, text);
}

#define NAME_MAX_LENGTH 96

/* Levenshtein distance; names are short. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LENGTH + 1], n = strlen(b);

	for (size_t k = 0; k <= n; k++) {
		row[k] = k;
	}
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < n; k++) {
			size_t change = diagonal + (a[i] != b[k]);

			diagonal = row[k + 1];
			row[k + 1] = size_min(change, size_min(row[k], row[k + 1]) + 1);
		}
	}
	return row[n];
}

/* The name that was probably meant, or NULL. */
static const char *closest(const struct field_registry *registry, const char *name)
{
	const char *best = NULL;
	size_t least = strlen(name) / 3 + 1;

	for (size_t i = 0; i < field_count(registry); i++) {
		const char *there = field_by_id(registry, (uint16_t)i)->name;
		size_t d = strlen(there) <= NAME_MAX_LENGTH ? distance(name, there) : SIZE_MAX;

		if (d < least) {
			least = d;
			best = there;
		}
	}
	return best;
}

uint16_t sigma_field(struct loader *loader, const struct yaml_node *node, const char *name,
		     size_t length)
{
	char text[NAME_MAX_LENGTH + 1];
	const char *meant;
	uint16_t id;
	struct yaml_node place = *node;

	snprintf(text, sizeof(text), "%.*s", (int)size_min(length, NAME_MAX_LENGTH), name);
	id = field_find(loader->set->registry, text);
	if (id != FIELD_NOT_FOUND &&
	    (field_by_id(loader->set->registry, id)->flags & FIELD_OF_ALERTS) == 0) {
		return id;
	}
	if (strcmp(text, "@timestamp") == 0) {
		return FIELD_TIMESTAMP;
	}
	if (loader->any_product) {
		return field_find(loader->set->registry, "message");
	}
	if (node->key != NULL && name == node->key) {
		place.line = node->key_line;
		place.column = node->key_column;
	}
	if (id != FIELD_NOT_FOUND) {
		sigma_error(loader, &place, "field '%s' is of alerts, not of events", text);
		return FIELD_NOT_FOUND;
	}
	meant = closest(loader->set->registry, text);
	sigma_error(loader, &place, "unknown field '%s'%s%s%s", text,
		    meant != NULL ? "; did you mean '" : " (weir fields lists all)",
		    meant != NULL ? meant : "", meant != NULL ? "'?" : "");
	return FIELD_NOT_FOUND;
}
