/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir forward drain - sends what a database holds for the outputs, without a sensor. */

#include "cli/command.h"
#include "cli/forward_setup.h"
#include "cli/forwarding.h"
#include "cli/log.h"
#include "cli/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct forward_values {
	const char *config, *database;
	uint64_t seconds;
};

#define AT(member)    offsetof(struct forward_values, member)
#define SECONDS_USUAL 30

static const struct option options[] = {
	{ 0, "config", "FILE", OPTION_TEXT, AT(config),
	  "configuration (default: " CONFIG_PATH ")" },
	{ 0, "db", "FILE", OPTION_TEXT, AT(database), "database, instead of the configured one" },
	{ 0, "wait", "SECONDS", OPTION_NUMBER, AT(seconds),
	  "how long at most, for each output (default: 30)" },
};

static void print_output(void *context, const char *key, const struct tree *output)
{
	const char *error = tree_text(output, "error");

	(void)context;
	(void)key;
	printf("%s: %.0f documents sent, the last one is number %.0f%s%s\n",
	       tree_text(output, "name"), tree_number(output, "sent"),
	       tree_number(output, "sequence"), error != NULL ? "; " : "",
	       error != NULL ? error : "");
}

static void print_outputs(struct forwarding *forwarding)
{
	struct buffer text = { 0 };
	struct json json = json_to(&text);
	struct tree *tree = NULL;

	json_object(&json, NULL);
	forwarding_status(forwarding, &json);
	json_end(&json);
	if (!text.failed && tree_read(&tree, text.data, text.length) == 0) {
		tree_members(tree, "outputs", print_output, NULL);
	}
	tree_free(tree);
	buffer_free(&text);
}

static int drain(const struct forward_values *values, const struct config *config,
		 struct problem *problem)
{
	const struct log_sink log = log_to_stderr(true);
	struct store_options stored = store_defaults();
	char sensor[CONFIG_TEXT_MAX];
	struct forwarding_options forward = {
		.outputs = &config->forward,
		.database = config->store.database,
		.sensor = sensor,
		.log = &log,
	};
	struct forwarding *forwarding = NULL;
	int64_t patience =
	    (values->seconds > 0 ? (int64_t)values->seconds : SECONDS_USUAL) * NS_PER_S;
	int error, closed = 0;
	bool all = false;

	config_sensor_name(config, sensor);
	stored.path = config->store.database;
	stored.log = &log;
	error = store_open(&forward.store, &stored, problem);
	if (error == 0) {
		error = forwarding_new(&forwarding, &forward, problem);
	}
	if (error == 0) {
		all = forwarding_drain(forwarding, patience);
		print_outputs(forwarding);
	}
	forwarding_free(forwarding);
	store_close(forward.store, &closed);
	if (error == 0 && !all) {
		error = problem_set(problem, -ETIMEDOUT, "not all was sent");
	}
	return error == 0 ? closed : error;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct forward_values values = { .config = NULL };
	struct config config = config_defaults();
	struct text_list rest = { 0 };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE, error;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	if (rest.n > 0) {
		exit_code = command_misused(command, "takes no argument '%s'", rest.items[0]);
	} else if (forward_configure(&config, values.config, values.database, &problem) < 0 ||
		   forward_database_check(&config, &problem) < 0) {
		exit_code = command_misused(command, "%s", problem.text);
	} else {
		error = drain(&values, &config, &problem);
		problem_set(&problem, error, "%s", strerror(-error));
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	options_end(options, ARRAY_SIZE(options), &values, &rest);
	return exit_code;
}

const struct command command_forward_drain = {
	.name = "forward drain",
	.arguments = "[--config FILE] [--db FILE]",
	.summary = "sends what a database holds for the outputs, without a sensor",
	.details =
	    "A running sensor forwards by itself. Each output goes on where it left off; what is\n"
	    "sent again has the same event.id. Ends with 1 when something could not be sent.\n",
	.examples = "  weir forward drain\n"
		    "  weir forward drain --config weir.yaml --db old.db\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
