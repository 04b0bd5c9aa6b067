/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"
#include "cli/config.h"

#include <errno.h>
#include <string.h>

struct config_values {
	bool show;
};

static const struct option options[] = {
	{ 0, "show", NULL, OPTION_FLAG, offsetof(struct config_values, show),
	  "print every key with the value that holds" },
};

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static int check(const char *path, bool show)
{
	struct config config = config_defaults();
	struct problem problem = { "" };
	int error = config_read(&config, path, print_mistake, NULL, &problem);

	if (error < 0) {
		return problem.text[0] != '\0' ? command_failed(EXIT_USAGE, problem.text)
					       : EXIT_USAGE;
	}
	if (show) {
		config_write(&config, stdout);
	} else {
		printf("%s: fine\n", path);
	}
	return EXIT_FINE;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct config_values values = { false };
	struct text_list rest = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	if (rest.n == 0 || strcmp(rest.items[0], "check") != 0) {
		exit_code = command_misused(command, "wants a verb: check");
	} else if (rest.n > 2) {
		exit_code = command_misused(command, "one file at a time");
	} else {
		exit_code = check(rest.n == 2 ? rest.items[1] : CONFIG_PATH, values.show);
	}
	options_end(options, ARRAY_SIZE(options), &values, &rest);
	return exit_code;
}

const struct command command_config = {
	.name = "config",
	.arguments = "check [FILE]",
	.summary = "check a configuration file",
	.details =
	    "Tells every mistake of the file as FILE:LINE:COLUMN and ends with 2 when there is\n"
	    "one. Without FILE: " CONFIG_PATH ". Every key is explained in etc/weir.yaml.\n",
	.examples = "  weir config check\n"
		    "  weir config check --show weir.yaml\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
