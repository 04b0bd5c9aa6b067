/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir baseline learn, freeze, import - the baseline as a whole. */

#include "cli/baseline_send.h"
#include "cli/command.h"
#include "cli/when.h"
#include "store/baseline.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct state_values {
	struct channel_values to;
	const char *reason, *time;
};

#define AT(member) offsetof(struct state_values, member)
#define OPTION_REASON                                         \
	{                                                     \
		0, "reason", "TEXT", OPTION_TEXT, AT(reason), \
		    "why; wanted, and kept with who and when" \
	}

static const struct option options[] = { CHANNEL_OPTIONS, OPTION_REASON };

static const struct option learn_options[] = {
	CHANNEL_OPTIONS,
	OPTION_REASON,
	{ 0, "for", "TIME", OPTION_TEXT, AT(time), "for so long, such as 12h (default: 7d)" },
};

static int send(const struct state_values *values, const struct baseline_order *order,
		struct problem *problem)
{
	struct channel *channel = NULL;
	int error = channel_open(&channel, &values->to, problem), closed;

	if (error == 0) {
		error = baseline_send(channel, order, problem);
	}
	closed = channel_close(channel, error == 0 ? problem : NULL);
	return error < 0 ? error : closed;
}

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "weir: %s\n", text);
}

/* The lines of a file, which is right as a whole. */
static int read_file(const char *path, struct baseline_lines *lines, struct problem *problem)
{
	struct baseline *baseline = NULL;
	int error = baseline_read(&baseline, path, print_mistake, NULL, problem);

	for (size_t i = 0; error == 0 && i < baseline_count(baseline); i++) {
		error = baseline_lines_add(lines, baseline_line(baseline, i));
	}
	baseline_free(baseline);
	return error;
}

static int fill_in(const struct state_values *values, const char *action,
		   const struct text_list *terms, struct baseline_lines *lines,
		   struct baseline_order *order, struct problem *problem)
{
	*order = (struct baseline_order) { .action = action, .reason = values->reason };
	if (strcmp(action, "learn") == 0) {
		order->time = 7 * NS_PER_DAY;
		if (values->time != NULL &&
		    (when_parse_duration(values->time, &order->time) < 0 || order->time == 0)) {
			return problem_set(problem, -EINVAL,
					   "--for wants a time such as 7d or 12h");
		}
	}
	if (strcmp(action, "import") == 0) {
		order->lines = lines;
		return read_file(terms->items[0], lines, problem);
	}
	return 0;
}

static int run_action(const struct command *command, int argc, char **argv, const char *action,
		      size_t n_terms)
{
	struct state_values values = { .reason = NULL };
	struct text_list terms = { 0 };
	struct problem problem = { "" };
	struct baseline_lines lines = { 0 };
	struct baseline_order order;
	int exit_code = EXIT_USAGE, error;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	if (terms.n != n_terms) {
		exit_code = command_misused(command, n_terms > 0 ? "wants a file, or - for a pipe"
								 : "takes no arguments");
	} else if (values.reason == NULL || values.reason[0] == '\0') {
		exit_code =
		    command_misused(command, "wants --reason TEXT: it is kept with who and when");
	} else {
		error = fill_in(&values, action, &terms, &lines, &order, &problem);
		error = error == 0 ? send(&values, &order, &problem) : error;
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	baseline_lines_free(&lines);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

static int run_learn(const struct command *command, int argc, char **argv)
{
	return run_action(command, argc, argv, "learn", 0);
}

static int run_freeze(const struct command *command, int argc, char **argv)
{
	return run_action(command, argc, argv, "freeze", 0);
}

static int run_import(const struct command *command, int argc, char **argv)
{
	return run_action(command, argc, argv, "import", 1);
}

#define STATE_DETAILS                                                                        \
	"Goes through the running sensor; without one, into its database or that of --db.\n" \
	"Who, when and why are a row of the journal.\n"

const struct command command_baseline_learn = {
	.name = "baseline learn",
	.arguments = "--reason TEXT [--for TIME]",
	.summary = "learns what is normal, again or for longer",
	.details = "What is normal already stays so. Until the time (of packets) is over, what is\n"
		   "new makes findings instead of alerts.\n\n" STATE_DETAILS,
	.examples = "  weir baseline learn --for 2d --reason 'new packing line, CHG-40'\n",
	.options = learn_options,
	.n_options = ARRAY_SIZE(learn_options),
	.run = run_learn,
};

const struct command command_baseline_freeze = {
	.name = "baseline freeze",
	.arguments = "--reason TEXT",
	.summary = "ends learning: what was seen is normal",
	.details = "All that was seen becomes normal, but for what was rejected and what is held\n"
		   "(weir baseline review).\n\n" STATE_DETAILS,
	.examples = "  weir baseline freeze --reason 'reviewed with production'\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_freeze,
};

const struct command command_baseline_import = {
	.name = "baseline import",
	.arguments = "FILE --reason TEXT",
	.summary = "puts a file of lines in the place of the baseline",
	.details =
	    "The file is as weir baseline export writes it. It is used as a whole or not at\n"
	    "all, and is frozen.\n\n" STATE_DETAILS,
	.examples = "  weir baseline import plant.baseline --reason 'as merged, CHG-41'\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_import,
};
