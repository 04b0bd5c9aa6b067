/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir baseline - the state of the baseline. */

#include "cli/command.h"
#include "cli/known.h"
#include "cli/log.h"
#include "store/baseline_keeper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct baseline_values {
	const char *database;
	bool json;
};

static const struct option options[] = {
	{ 0, "db", "FILE", OPTION_TEXT, offsetof(struct baseline_values, database),
	  "of this database (default: the sensor's)" },
	{ 'J', "json", NULL, OPTION_FLAG, offsetof(struct baseline_values, json),
	  "one JSON object" },
};

static void print_text(const struct baseline_keeper_info *info)
{
	char text[TIME_TEXT_SIZE];

	printf("state  %s\n", baseline_state_name(info->state));
	if (info->state == BASELINE_LEARNING && info->until != TIME_NONE) {
		printf("until  %s\n", time_text_local(info->until, text));
	}
	printf("lines  %zu\n", baseline_count(info->baseline));
	printf("hash   %s\n", baseline_hash(info->baseline));
}

static void print_json(const struct baseline_keeper_info *info)
{
	struct buffer line = { 0 };
	struct json json = json_to(&line);

	json_object(&json, NULL);
	json_text(&json, "state", baseline_state_name(info->state));
	if (info->state == BASELINE_LEARNING && info->until != TIME_NONE) {
		json_time(&json, "until", info->until);
	}
	json_uint(&json, "lines", baseline_count(info->baseline));
	json_text(&json, "hash", baseline_hash(info->baseline));
	json_end(&json);
	printf("%.*s\n", (int)line.length, line.data);
	buffer_free(&line);
}

static int show(const struct baseline_values *values, struct problem *problem)
{
	struct log_sink log = log_to_stderr(false);
	struct baseline_keeper_info info = { .state = BASELINE_NONE };
	struct baseline *baseline = NULL;
	struct store *store = NULL;
	int error = known_database(&store, values->database, &log, problem);

	if (error == 0) {
		error = baseline_of_store(store, &baseline, &info);
		error = error < 0 ? problem_set(problem, error, "%s", strerror(-error)) : 0;
	}
	if (error == 0 && values->json) {
		print_json(&info);
	} else if (error == 0) {
		print_text(&info);
	}
	baseline_free(baseline);
	store_close(store, NULL);
	return error;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct baseline_values values = { .database = NULL };
	struct text_list terms = { 0 };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE, error;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	if (terms.n > 0) {
		exit_code = command_misused(command, "has no such verb");
	} else {
		error = show(&values, &problem);
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

static const struct command *const verbs[] = {
	&command_baseline_review, &command_baseline_accept, &command_baseline_reject,
	&command_baseline_freeze, &command_baseline_learn,  &command_baseline_export,
	&command_baseline_import, &command_baseline_diff,   NULL,
};

const struct command command_baseline = {
	.name = "baseline",
	.arguments = "[--db FILE]",
	.summary = "what is normal: learned, reviewed, frozen",
	.details =
	    "Without a verb: the state, until when is learned, and how many lines there are.\n",
	.examples = "  weir baseline\n"
		    "  weir baseline review\n"
		    "  weir baseline export >plant.baseline\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.verbs = verbs,
	.run = run,
};
