/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir alerts ack, close, reopen - what a person says of alerts. */

#include "cli/alert_query.h"
#include "cli/decision.h"

#include <errno.h>

struct say_values {
	struct channel_values to;
	const char *reason;
};

static const struct option options[] = {
	CHANNEL_OPTIONS,
	{ 0, "reason", "TEXT", OPTION_TEXT, offsetof(struct say_values, reason),
	  "why; wanted, and kept with who and when" },
};

struct meant {
	const char *action;
	struct decisions decisions;
	bool failed;
};

static void take(void *context, const struct tree *document, const char *json, size_t length)
{
	struct meant *meant = context;

	(void)document;
	meant->failed =
	    meant->failed || decisions_add(&meant->decisions, meant->action, json, length) != 0;
}

static int say(const struct say_values *values, const struct meant *meant, struct problem *problem)
{
	struct channel *channel = NULL;
	int error = channel_open(&channel, &values->to, problem), closed;

	if (error == 0) {
		error = decisions_send(channel, &meant->decisions, values->reason, problem);
	}
	closed = channel_close(channel, error == 0 ? problem : NULL);
	return error < 0 ? error : closed;
}

/* ---- commands ---- */

static int say_whole(const struct command *command, const struct say_values *values,
		     const struct text_list *terms, const char *action)
{
	struct query_values query = { .json = true, .database = values->to.database };
	struct problem problem = { "" };
	struct meant meant = { .action = action };
	int exit_code, error = 0;

	if (terms->n == 0) {
		return command_misused(command, "wants ids of alerts, or filters");
	}
	if (values->reason == NULL || values->reason[0] == '\0') {
		return command_misused(command,
				       "wants --reason TEXT: it is kept with who and when");
	}
	exit_code = alerts_query(command, &query, terms, take, &meant);
	if (exit_code == EXIT_FINE && meant.failed) {
		error = problem_set(&problem, -ENOMEM, "out of memory");
	} else if (exit_code == EXIT_FINE && meant.decisions.n == 0) {
		error = problem_set(&problem, -ENOENT, "no alert is meant by that");
	} else if (exit_code == EXIT_FINE) {
		error = say(values, &meant, &problem);
	}
	decisions_free(&meant.decisions);
	return error < 0 ? command_failed(exit_code_of(error), problem.text) : exit_code;
}

static int run_action(const struct command *command, int argc, char **argv, const char *action)
{
	struct say_values values = { .reason = NULL };
	struct text_list terms = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	exit_code = say_whole(command, &values, &terms, action);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

static int run_ack(const struct command *command, int argc, char **argv)
{
	return run_action(command, argc, argv, "acknowledge");
}

static int run_close(const struct command *command, int argc, char **argv)
{
	return run_action(command, argc, argv, "close");
}

static int run_reopen(const struct command *command, int argc, char **argv)
{
	return run_action(command, argc, argv, "reopen");
}

#define SAY_DETAILS                                                                           \
	"ID is the id of an alert or its beginning; filters are those of weir alerts. Goes\n" \
	"through the running sensor; without one, into its database or that of --db. Who,\n"  \
	"when and why are rows of the journal, and go to where alerts go.\n"

const struct command command_alerts_ack = {
	.name = "alerts ack",
	.arguments = "ID... | FILTER... --reason TEXT",
	.summary = "says that somebody looks after alerts",
	.details = SAY_DETAILS,
	.examples = "  weir alerts ack fd2b1ef8 --reason 'Maria looks at it'\n"
		    "  weir alerts ack source=192.168.10.20 --reason 'backup, CHG-12'\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_ack,
};

const struct command command_alerts_close = {
	.name = "alerts close",
	.arguments = "ID... | FILTER... --reason TEXT",
	.summary = "says that alerts are dealt with",
	.details = SAY_DETAILS,
	.examples = "  weir alerts close fd2b1ef8 --reason 'planned stop, CHG-4711'\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_close,
};

const struct command command_alerts_reopen = {
	.name = "alerts reopen",
	.arguments = "ID... | FILTER... --reason TEXT",
	.summary = "says that alerts are not dealt with after all",
	.details = SAY_DETAILS,
	.examples = "  weir alerts reopen fd2b1ef8 --reason 'it went on'\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_reopen,
};
