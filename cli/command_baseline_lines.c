/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir baseline export, diff - the baseline as lines. */

#include "cli/baseline_source.h"
#include "cli/command.h"
#include "cli/known.h"
#include "cli/log.h"
#include "store/baseline_keeper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct lines_values {
	struct text_list files;
	const char *database;
	bool seen;
};

#define AT(member) offsetof(struct lines_values, member)

static const struct option export_options[] = {
	{ 0, "db", "FILE", OPTION_TEXT, AT(database), "of this database (default: the sensor's)" },
	{ 'r', "read", "FILE", OPTION_LIST, AT(files),
	  "what is seen in this capture (may be repeated)" },
	{ 0, "seen", NULL, OPTION_FLAG, AT(seen), "what was seen, in place of what is normal" },
};

static const struct option diff_options[] = {
	{ 0, "db", "FILE", OPTION_TEXT, AT(database), "of this database (default: the sensor's)" },
};

/* What was seen, in a capture or by the sensor of a database. */
static int seen(const struct text_list *files, const char *database, bool held,
		struct baseline **out, struct problem *problem)
{
	struct log_sink log = log_to_stderr(false);
	const struct known_source source = {
		.files = *files, .database = database, .log = &log, .learns = true
	};
	struct known *known = NULL;
	int error = known_open(&known, &source, problem);

	if (error < 0) {
		return error;
	}
	error = baseline_of_inventory(out, known_inventory(known), held);
	known_close(known);
	return error == 0 ? 0 : problem_set(problem, error, "%s", strerror(-error));
}

/* What is normal by a database. */
static int normal(const char *database, struct baseline **out, struct problem *problem)
{
	struct log_sink log = log_to_stderr(false);
	struct baseline_keeper_info info;
	struct store *store = NULL;
	int error = known_database(&store, database, &log, problem);

	if (error == 0) {
		error = baseline_of_store(store, out, &info);
	}
	store_close(store, NULL);
	return error == 0 ? 0 : problem_set(problem, error, "%s", strerror(-error));
}

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "weir: %s\n", text);
}

/* A file of lines, or a database. */
static int read_side(const char *path, struct baseline **out, struct problem *problem)
{
	bool database = false;
	int error = strcmp(path, "-") != 0 ? known_is_database(path, &database, problem) : 0;

	if (error < 0) {
		return error;
	}
	return database ? normal(path, out, problem)
			: baseline_read(out, path, print_mistake, NULL, problem);
}

/* ---- export ---- */

static int run_export(const struct command *command, int argc, char **argv)
{
	struct lines_values values = { .database = NULL };
	struct text_list terms = { 0 };
	struct problem problem = { "" };
	struct baseline *baseline = NULL;
	int exit_code = EXIT_USAGE, error = 0;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	if (terms.n > 0) {
		exit_code = command_misused(command, "takes no arguments");
	} else {
		error = values.files.n > 0 || values.seen
			    ? seen(&values.files, values.database, values.seen, &baseline, &problem)
			    : normal(values.database, &baseline, &problem);
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	for (size_t i = 0; baseline != NULL && i < baseline_count(baseline); i++) {
		printf("%s\n", baseline_line(baseline, i));
	}
	baseline_free(baseline);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

/* ---- diff ---- */

static void print_difference(void *context, bool added, const char *line)
{
	(void)context;
	printf("%c %s\n", added ? '+' : '-', line);
}

static int read_sides(const struct lines_values *values, const struct text_list *terms,
		      struct baseline *sides[2], struct problem *problem)
{
	static const struct text_list none;
	int error = terms->n == 2 ? read_side(terms->items[0], &sides[0], problem)
				  : normal(values->database, &sides[0], problem);

	if (error < 0) {
		return error;
	}
	return terms->n > 0 ? read_side(terms->items[terms->n - 1], &sides[1], problem)
			    : seen(&none, values->database, true, &sides[1], problem);
}

static int run_diff(const struct command *command, int argc, char **argv)
{
	struct lines_values values = { .database = NULL };
	struct text_list terms = { 0 };
	struct problem problem = { "" };
	struct baseline *sides[2] = { NULL, NULL };
	int exit_code = EXIT_USAGE, error;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	if (terms.n > 2) {
		exit_code = command_misused(command, "wants at most two files");
	} else {
		error = read_sides(&values, &terms, sides, &problem);
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
		if (error == 0) {
			baseline_differences(sides[0], sides[1], print_difference, NULL);
		}
	}
	baseline_free(sides[0]);
	baseline_free(sides[1]);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

const struct command command_baseline_export = {
	.name = "baseline export",
	.arguments = "[--db FILE | -r FILE]",
	.summary = "writes the baseline as sorted lines",
	.details =
	    "One fact a line, for review and version control; docs/baseline.md has the form.\n"
	    "Of a capture: what a sensor that learned from it would have frozen.\n",
	.examples = "  weir baseline export >plant.baseline\n"
		    "  weir baseline export -r quiet-week.pcap >plant.baseline\n",
	.options = export_options,
	.n_options = ARRAY_SIZE(export_options),
	.run = run_export,
};

const struct command command_baseline_diff = {
	.name = "baseline diff",
	.arguments = "[[OLD] NEW] [--db FILE]",
	.summary = "what differs between two baselines",
	.details =
	    "OLD and NEW are databases or files of weir baseline export. With one file: how it\n"
	    "differs from the baseline. With none: + was seen and is not normal, - is normal\n"
	    "and was not seen.\n",
	.examples = "  weir baseline diff\n"
		    "  weir baseline diff plant.baseline\n"
		    "  weir baseline diff monday.baseline today.baseline\n",
	.options = diff_options,
	.n_options = ARRAY_SIZE(diff_options),
	.run = run_diff,
};
