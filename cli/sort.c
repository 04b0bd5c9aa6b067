/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/sort.h"

#include "cli/when.h"
#include "rules/rules.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

struct sorting {
	char *text;
	struct column paths[SORT_COLUMNS_MAX]; /* columns that are no noun's but a path */
	const struct column *columns[SORT_COLUMNS_MAX];
	bool descending[SORT_COLUMNS_MAX];
	size_t n;
};

static int sorting_add(struct sorting *sorting, const char *name, const struct column *columns,
		       size_t n_columns, struct problem *problem)
{
	size_t n = sorting->n;

	if (n == SORT_COLUMNS_MAX) {
		return problem_set(problem, -EINVAL, "--sort takes at most %d columns",
				   SORT_COLUMNS_MAX);
	}
	sorting->descending[n] = *name == '-';
	name += *name == '-' || *name == '+' ? 1 : 0;
	const struct column *column = column_find(columns, n_columns, name);
	if (column == NULL && strchr(name, '.') != NULL) {
		sorting->paths[n] = (struct column) { .name = name, .paths = { name } };
		column = &sorting->paths[n];
	}
	if (column == NULL) {
		return problem_set(problem, -EINVAL, "no column '%s' to sort by", name);
	}
	sorting->columns[sorting->n++] = column;
	return 0;
}

int sorting_new(struct sorting **out, const char *text, const struct column *columns,
		size_t n_columns, struct problem *problem)
{
	struct sorting *sorting = calloc(1, sizeof(*sorting));
	int error = 0;

	if (sorting == NULL || (sorting->text = strdup(text)) == NULL) {
		sorting_free(sorting);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	char *rest = sorting->text;
	for (char *name = strsep(&rest, ","); error == 0 && name != NULL;
	     name = strsep(&rest, ",")) {
		error = sorting_add(sorting, name, columns, n_columns, problem);
	}
	if (error < 0) {
		sorting_free(sorting);
		return error;
	}
	*out = sorting;
	return 0;
}

struct sorting *sorting_free(struct sorting *sorting)
{
	if (sorting != NULL) {
		free(sorting->text);
		free(sorting);
	}
	return NULL;
}

/* ---- a document's place ---- */

struct reading {
	const struct column *column;
	struct sort_value *value;
	bool failed;
};

static char *lower_case(const char *text)
{
	char *copy = strdup(text);

	for (char *at = copy; at != NULL && *at != '\0'; at++) {
		*at = (char)tolower((unsigned char)*at);
	}
	return copy;
}

/* Takes the first value and stops. */
static bool read_value(void *context, const struct tree_value *value)
{
	struct reading *reading = context;
	struct sort_value *out = reading->value;
	enum alert_level level;

	if (value->is_number) {
		out->kind = SORT_NUMBER;
		out->number = value->number;
	} else if (reading->column->format == CELL_LEVEL &&
		   alert_level_from_name(value->text, &level)) {
		out->kind = SORT_NUMBER;
		out->number = (double)level;
	} else if (ip_parse(value->text, &out->address) == 0) {
		out->kind = SORT_ADDRESS;
	} else if (when_parse_iso(value->text, &out->time) == 0) {
		out->kind = SORT_TIME;
	} else {
		out->kind = SORT_WORD;
		out->word = lower_case(value->text);
		reading->failed = out->word == NULL;
	}
	return false;
}

struct sort_value *sort_values(const struct sorting *sorting, const struct tree *document)
{
	struct sort_value *values = calloc(sorting->n, sizeof(*values));
	struct reading reading = { .failed = values == NULL };

	for (size_t i = 0; !reading.failed && i < sorting->n; i++) {
		reading.column = sorting->columns[i];
		reading.value = &values[i];
		values[i].kind = SORT_MISSING;
		for (size_t k = 0; k < COLUMN_PATHS && reading.column->paths[k] != NULL; k++) {
			if (!tree_visit(document, reading.column->paths[k], read_value, &reading)) {
				break;
			}
		}
	}
	return reading.failed ? sort_values_free(sorting, values) : values;
}

struct sort_value *sort_values_free(const struct sorting *sorting, struct sort_value *values)
{
	for (size_t i = 0; values != NULL && i < sorting->n; i++) {
		free(values[i].word);
	}
	free(values);
	return NULL;
}

/* ---- comparing ---- */

static int compare_values(const struct sort_value *a, const struct sort_value *b)
{
	if (a->kind != b->kind) {
		return a->kind < b->kind ? -1 : 1;
	}
	switch (a->kind) {
	case SORT_NUMBER:
		return (a->number > b->number) - (a->number < b->number);
	case SORT_ADDRESS:
		return memcmp(&a->address, &b->address, sizeof(a->address));
	case SORT_TIME:
		return (a->time > b->time) - (a->time < b->time);
	case SORT_WORD:
		return strverscmp(a->word, b->word);
	default:
		return 0;
	}
}

int sort_compare(const struct sorting *sorting, const struct sort_value *a,
		 const struct sort_value *b)
{
	for (size_t i = 0; i < sorting->n; i++) {
		bool missing = a[i].kind == SORT_MISSING || b[i].kind == SORT_MISSING;
		int order = compare_values(&a[i], &b[i]);

		if (order != 0) {
			return sorting->descending[i] && !missing ? -order : order;
		}
	}
	return 0;
}
