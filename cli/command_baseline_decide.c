/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir baseline review, accept, reject - what is not normal (yet), and what persons decide. */

#include "cli/alert_query.h"
#include "cli/baseline_lines_of.h"
#include "cli/baseline_send.h"
#include "cli/decision.h"
#include "store/baseline.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct decide_values {
	struct channel_values to;
	const char *reason;
};

static const struct option options[] = {
	CHANNEL_OPTIONS,
	{ 0, "reason", "TEXT", OPTION_TEXT, offsetof(struct decide_values, reason),
	  "why; wanted, and kept with who and when" },
};

/* ---- what is meant ---- */

struct meant {
	struct decisions decisions;
	struct baseline_lines lines;
	bool reject, failed;
};

static const char *verdict_of(const struct tree *document)
{
	const char *verdict = tree_text(document, "weir.baseline.verdict");

	return verdict != NULL ? verdict : "";
}

static void take(void *context, const struct tree *document, const char *json, size_t length)
{
	struct meant *meant = context;
	bool finding = strcmp(verdict_of(document), "finding") == 0;
	const char *action = finding         ? meant->reject ? "reject" : "accept"
			     : meant->reject ? NULL
					     : "close";

	meant->failed =
	    meant->failed || baseline_lines_of(document, meant->reject, &meant->lines) != 0 ||
	    (action != NULL && decisions_add(&meant->decisions, action, json, length) != 0);
}

static int find(const struct command *command, const struct decide_values *values,
		const struct text_list *terms, struct meant *meant, struct problem *problem)
{
	struct query_values query = { .json = true, .database = values->to.database };
	int exit_code = verdicts_query(command, &query, terms, take, meant);

	if (exit_code != EXIT_FINE) {
		return exit_code == EXIT_USAGE ? -EINVAL : -EIO;
	}
	if (meant->failed) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	return meant->lines.n == 0 && meant->decisions.n == 0
		   ? problem_set(problem, -ENOENT,
				 "nothing to review is meant by that (weir baseline review)")
		   : 0;
}

/* ---- deciding ---- */

static int decide(const struct decide_values *values, const char *action, const struct meant *meant,
		  struct problem *problem)
{
	struct channel *channel = NULL;
	int error = channel_open(&channel, &values->to, problem), closed;

	if (error == 0) {
		error = baseline_send(channel,
				      &(struct baseline_order) { .action = action,
								 .reason = values->reason,
								 .lines = &meant->lines },
				      problem);
	}
	if (error == 0) {
		error = decisions_send(channel, &meant->decisions, values->reason, problem);
	}
	closed = channel_close(channel, error == 0 ? problem : NULL);
	return error < 0 ? error : closed;
}

/* "10.1.2.3 programs cell-1" */
static bool is_grant(const struct text_list *terms)
{
	static const char marks[] = "=~!";

	if (terms->n < 3 || terms->n > 4) {
		return false;
	}
	for (size_t i = 0; i < terms->n; i++) {
		if (strpbrk(terms->items[i], marks) != NULL) {
			return false;
		}
	}
	return true;
}

static int grant(const struct text_list *terms, struct meant *meant, struct problem *problem)
{
	const char *words[4] = { NULL };
	struct baseline_writer writer;
	int error;

	for (size_t i = 0; i < terms->n; i++) {
		words[i] = terms->items[i];
	}
	error = baseline_allow(&writer, words, problem);
	return error == 0 ? baseline_lines_add(&meant->lines, writer.text) : error;
}

static int run_decision(const struct command *command, int argc, char **argv, bool reject)
{
	struct decide_values values = { .reason = NULL };
	struct text_list terms = { 0 };
	struct problem problem = { "" };
	struct meant meant = { .reject = reject };
	int exit_code = EXIT_USAGE, error;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	if (terms.n == 0) {
		exit_code =
		    command_misused(command, "wants ids, filters, or who does what to whom");
	} else if (values.reason == NULL || values.reason[0] == '\0') {
		exit_code =
		    command_misused(command, "wants --reason TEXT: it is kept with who and when");
	} else {
		error = !reject && is_grant(&terms)
			    ? grant(&terms, &meant, &problem)
			    : find(command, &values, &terms, &meant, &problem);
		error = error == 0 ? decide(&values, reject ? "reject" : "accept", &meant, &problem)
				   : error;
		exit_code = error == 0 ? EXIT_FINE
			    : problem.text[0] == '\0'
				? exit_code_of(error)
				: command_failed(exit_code_of(error), problem.text);
	}
	decisions_free(&meant.decisions);
	baseline_lines_free(&meant.lines);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

static int run_accept(const struct command *command, int argc, char **argv)
{
	return run_decision(command, argc, argv, false);
}

static int run_reject(const struct command *command, int argc, char **argv)
{
	return run_decision(command, argc, argv, true);
}

/* ---- review ---- */

static int run_review(const struct command *command, int argc, char **argv)
{
	struct query_values values = { .limit = LIMIT_UNSET };
	struct text_list terms = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	exit_code = verdicts_query(command, &values, &terms, NULL, NULL);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

static const struct option review_options[] = {
	QUERY_OPTION_DATABASE,
	QUERY_OPTIONS_OUTPUT,
	QUERY_OPTION_ALL("also what was decided on"),
};

#define DECIDE_DETAILS                                                                            \
	"ID and FILTER choose among what weir baseline review shows. Goes through the running\n"  \
	"sensor; without one, into its database or that of --db. Who, when and why are rows of\n" \
	"the journal.\n"

const struct command command_baseline_review = {
	.name = "baseline review",
	.arguments = "[FILTER...] [--db FILE]",
	.summary = "what is not normal, for a person to decide on",
	.details =
	    "While the sensor learns: findings, which will be normal unless they are rejected,\n"
	    "and what is held, because a rule of level high told of it: it will not be normal\n"
	    "unless it is accepted. Afterwards: alerts that something is not "
	    "normal.\n\n" QUERY_TEXT_DETAILS,
	.examples = "  weir baseline review\n"
		    "  weir baseline review verdict=held\n"
		    "  weir baseline review source=10.1.2.3 -J\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = review_options,
	.n_options = ARRAY_SIZE(review_options),
	.run = run_review,
};

const struct command command_baseline_accept = {
	.name = "baseline accept",
	.arguments = "ID... | FILTER... | WHO VERB WHOM [PROTOCOL] --reason TEXT",
	.summary = "says that something is normal",
	.details =
	    "WHO and WHOM are an address, a network, the name of a zone, or any; VERB is reads,\n"
	    "writes, programs, updates, anything, or an operation such as stop.\n\n" DECIDE_DETAILS,
	.examples =
	    "  weir baseline accept 10.1.2.3 programs cell-1 --reason 'engineering, CHG-12'\n"
	    "  weir baseline accept fd2b1ef8 --reason 'the new HMI'\n"
	    "  weir baseline accept source=10.1.2.3 --reason 'Maria knows it'\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_accept,
};

const struct command command_baseline_reject = {
	.name = "baseline reject",
	.arguments = "ID... | FILTER... --reason TEXT",
	.summary = "says that something is not normal, and not to be learned",
	.details = DECIDE_DETAILS,
	.examples = "  weir baseline reject fd2b1ef8 --reason 'nobody knows this laptop'\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_reject,
};
