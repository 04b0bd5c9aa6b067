/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir rules reload - has the running sensor read rules, exceptions and policy again. */

#include "cli/request_send.h"
#include "cli/tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define POLLS_MAX     600
#define POLL_INTERVAL 100000000L /* ns */

struct reload_values {
	struct channel_values to;
};

static const struct option options[] = {
	{ 0, "socket", "FILE", OPTION_TEXT, offsetof(struct channel_values, socket),
	  "socket of the sensor (default: that of the configuration)" },
};

/* One question about a reload; number 0 begins one. 1: it goes on. */
static int ask(struct channel *channel, uint64_t *number, struct buffer *answer,
	       struct problem *problem)
{
	char request[96];
	struct tree *tree = NULL;
	const char *wrong;
	int n = snprintf(request, sizeof(request),
			 "{\"command\":\"reload\",\"number\":%" PRIu64 "}", *number);
	int result = channel_ask(channel, request, (size_t)n, answer, problem);

	if (result < 0) {
		return result;
	}
	if (tree_read(&tree, answer->data != NULL ? answer->data : "", answer->length) < 0) {
		return problem_set(problem, -EPROTO, "the sensor's answer makes no sense");
	}
	wrong = tree_text(tree, "error");
	*number = (uint64_t)tree_number(tree, "number");
	if (wrong != NULL) {
		result = problem_set(problem, -EINVAL, "%s", wrong);
	} else if (tree_true(tree, "done")) {
		printf("%.0f rules, set %s\n", tree_number(tree, "rules"),
		       tree_text(tree, "rule_set"));
		result = 0;
	} else {
		result = 1;
	}
	tree_free(tree);
	return result;
}

static int reload(const struct reload_values *values, struct problem *problem)
{
	const struct timespec interval = { .tv_nsec = POLL_INTERVAL };
	struct channel *channel = NULL;
	struct buffer answer = { 0 };
	uint64_t number = 0;
	int result = channel_open(&channel, &values->to, problem);

	if (result == 0 && !channel_is_live(channel)) {
		result = problem_set(problem, -ECONNREFUSED, "no sensor runs");
	}
	if (result == 0) {
		result = ask(channel, &number, &answer, problem);
	}
	for (unsigned i = 0; result == 1 && i < POLLS_MAX; i++) {
		nanosleep(&interval, NULL);
		result = ask(channel, &number, &answer, problem);
	}
	if (result == 1) {
		result = problem_set(problem, -ETIMEDOUT, "the sensor still reads");
	}
	buffer_free(&answer);
	(void)!channel_close(channel, NULL);
	return result;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct reload_values values = { .to = { NULL, NULL } };
	struct problem problem = { "" };
	struct text_list rest = { 0 };
	int exit_code = EXIT_USAGE, result;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	result = rest.n == 0 ? reload(&values, &problem)
			     : problem_set(&problem, -EINVAL, "takes no arguments");
	options_end(command->options, command->n_options, &values, &rest);
	return result < 0 ? command_failed(exit_code_of(result), problem.text) : EXIT_FINE;
}

const struct command command_rules_reload = {
	.name = "rules reload",
	.arguments = "",
	.summary = "have the running sensor read rules, exceptions and policy again",
	.details =
	    "Waits for the outcome. What is wrong leaves the old ones in force, and is told\n"
	    "here and in the sensor's log, with its place. kill -HUP does the same.\n",
	.examples = "  weir rules check my-rules/ && weir rules reload\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
