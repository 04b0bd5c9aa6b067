/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir alerts stats - how many alerts there are of what. */

#include "cli/alert_query.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 4096 /* of one dimension; further ones are counted together */
#define SHOWN      10   /* of each on a terminal or in a pipe */

static const struct {
	const char *name, *path;
} dimensions[] = {
	{ "level", "weir.level" },
	{ "state", "weir.alert.state" },
	{ "rule", "rule.name" },
	{ "technique", "threat.technique.id" },
	{ "requirement", "weir.iec62443.sr" },
	{ "source", "source.ip" },
	{ "target", "destination.ip" },
	{ "zone", "weir.destination.zone" },
	{ "day", "@timestamp" },
};

struct value {
	char *text;
	uint64_t count;
};

struct dimension {
	struct value *values;
	size_t n, room;
	uint64_t others;
	bool day; /* only the date of a time */
};

struct statistics {
	struct dimension of[ARRAY_SIZE(dimensions)];
	uint64_t alerts;
	bool failed;
};

static struct value *value_of(struct dimension *dimension, const char *text)
{
	for (size_t i = 0; i < dimension->n; i++) {
		if (strcmp(dimension->values[i].text, text) == 0) {
			return &dimension->values[i];
		}
	}
	if (dimension->n == VALUES_MAX) {
		return NULL;
	}
	if (dimension->n == dimension->room) {
		size_t room = dimension->room * 2 + 16;
		struct value *values = realloc(dimension->values, room * sizeof(*values));

		if (values == NULL) {
			return NULL;
		}
		dimension->values = values;
		dimension->room = room;
	}
	dimension->values[dimension->n] = (struct value) { .text = strdup(text) };
	return dimension->values[dimension->n].text != NULL ? &dimension->values[dimension->n++]
							    : NULL;
}

static bool count_value(void *context, const struct tree_value *value)
{
	struct dimension *dimension = context;
	char text[256];
	struct value *counted;

	snprintf(text, dimension->day ? sizeof("2026-01-01") : sizeof(text), "%s", value->text);
	counted = value_of(dimension, text);
	if (counted != NULL) {
		counted->count++;
	} else {
		dimension->others++;
	}
	return true;
}

static void take(void *context, const struct tree *document, const char *json, size_t length)
{
	struct statistics *statistics = context;

	(void)json, (void)length;
	statistics->alerts++;
	for (size_t i = 0; i < ARRAY_SIZE(dimensions); i++) {
		tree_visit(document, dimensions[i].path, count_value, &statistics->of[i]);
	}
}

static int compare_counts(const void *a, const void *b)
{
	const struct value *x = a, *y = b;

	if (x->count != y->count) {
		return x->count > y->count ? -1 : 1;
	}
	return strcmp(x->text, y->text);
}

static void add_line(struct libscols_table *table, const char *name, const char *text,
		     uint64_t count, bool *failed)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char number[24];

	snprintf(number, sizeof(number), "%llu", (unsigned long long)count);
	*failed = *failed || line == NULL || scols_line_set_data(line, 0, name) != 0 ||
		  scols_line_set_data(line, 1, text) != 0 ||
		  scols_line_set_data(line, 2, number) != 0;
}

static void sort_values(struct dimension *dimension)
{
	if (dimension->n > 0) {
		qsort(dimension->values, dimension->n, sizeof(*dimension->values), compare_counts);
	}
}

static int show(struct statistics *statistics)
{
	struct libscols_table *table = scols_new_table();
	bool failed = table == NULL || scols_table_new_column(table, "BY", 0.1, 0) == NULL ||
		      scols_table_new_column(table, "VALUE", 0.5, 0) == NULL ||
		      scols_table_new_column(table, "ALERTS", 6, SCOLS_FL_RIGHT) == NULL;

	for (size_t i = 0; !failed && i < ARRAY_SIZE(dimensions); i++) {
		struct dimension *dimension = &statistics->of[i];
		uint64_t rest = dimension->others;

		sort_values(dimension);
		for (size_t k = 0; k < dimension->n; k++) {
			if (k < SHOWN) {
				add_line(table, dimensions[i].name, dimension->values[k].text,
					 dimension->values[k].count, &failed);
			} else {
				rest += dimension->values[k].count;
			}
		}
		if (rest > 0) {
			add_line(table, dimensions[i].name, "(others)", rest, &failed);
		}
	}
	failed = failed || scols_print_table(table) != 0;
	scols_unref_table(table);
	return failed ? -ENOMEM : 0;
}

static void write_json(struct statistics *statistics)
{
	struct buffer out = { 0 };
	struct json json = json_to(&out);

	json_object(&json, NULL);
	json_uint(&json, "alerts", statistics->alerts);
	for (size_t i = 0; i < ARRAY_SIZE(dimensions); i++) {
		struct dimension *dimension = &statistics->of[i];

		sort_values(dimension);
		json_object(&json, dimensions[i].name);
		for (size_t k = 0; k < dimension->n; k++) {
			json_uint(&json, dimension->values[k].text, dimension->values[k].count);
		}
		json_end(&json);
	}
	json_end(&json);
	printf("%.*s\n", (int)out.length, out.data != NULL ? out.data : "");
	buffer_free(&out);
}

static void statistics_free(struct statistics *statistics)
{
	for (size_t i = 0; i < ARRAY_SIZE(dimensions); i++) {
		for (size_t k = 0; k < statistics->of[i].n; k++) {
			free(statistics->of[i].values[k].text);
		}
		free(statistics->of[i].values);
	}
}

static const struct option options[] = {
	QUERY_OPTIONS_SOURCE,
	QUERY_OPTION_JSON,
	QUERY_OPTION_RULES,
};

static int run(const struct command *command, int argc, char **argv)
{
	struct query_values values = { .limit = 0 };
	struct statistics statistics = { .alerts = 0 };
	struct text_list terms = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	statistics.of[ARRAY_SIZE(dimensions) - 1].day = true;
	exit_code = alerts_query(command, &values, &terms, take, &statistics);
	if (exit_code == EXIT_FINE && values.json) {
		write_json(&statistics);
	} else if (exit_code == EXIT_FINE && show(&statistics) < 0) {
		exit_code = command_failed(EXIT_FAILED, "out of memory");
	}
	statistics_free(&statistics);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

const struct command command_alerts_stats = {
	.name = "alerts stats",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "how many alerts there are, by rule, level, technique, asset, day...",
	.details = "The ten that are most often of each; -J tells all.\n\n" QUERY_TEXT_DETAILS,
	.examples = "  weir alerts stats --since 7d\n"
		    "  weir alerts stats state=open level.gte=high -J | jq .rule\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
