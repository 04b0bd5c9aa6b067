/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"
#include "cli/config.h"
#include "cli/log.h"
#include "cli/setup.h"
#include "store/geo.h"
#include "store/kinds.h"

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

/* The exceptions can only be read against the rules. */
static int check_exceptions(const struct config *config, struct problem *problem)
{
	const struct log_sink log = log_to_stderr(false);
	const char *folders[CONFIG_TEXTS_MAX];
	struct text_list list = { folders, config->rules.folders.n };
	struct rule_exceptions *exceptions = NULL;
	struct field_registry *registry = NULL;
	struct rule_set *rules = NULL;
	uint16_t bases[PROTOCOL_NONE];
	int error = registry_setup(&registry, bases, problem);

	for (size_t i = 0; i < list.n; i++) {
		folders[i] = config->rules.folders.items[i];
	}
	if (error == 0) {
		error = rules_setup(
		    &rules, registry, &list,
		    config->rules.placeholders[0] != '\0' ? config->rules.placeholders : NULL, &log,
		    problem);
	}
	if (error == 0) {
		error = exceptions_setup(&exceptions, config->rules.exceptions, false, rules, &log,
					 problem);
	}
	rule_exceptions_free(exceptions);
	rule_set_free(rules);
	field_registry_free(registry);
	return error;
}

/* What the configuration names is looked at as well. */
static int check_files(const struct config *config, struct problem *problem)
{
	const char *geoip[CONFIG_TEXTS_MAX];
	struct kinds *kinds = NULL;
	struct geo *geo = NULL;
	int error = 0;

	for (size_t i = 0; i < config->inventory.geoip.n; i++) {
		geoip[i] = config->inventory.geoip.items[i];
	}
	if (config->inventory.roles[0] != '\0') {
		error = kinds_read(&kinds, config->inventory.roles, print_mistake, NULL, problem);
		kinds_free(kinds);
	}
	if (error == 0) {
		error = geo_open(&geo, geoip, config->inventory.geoip.n, problem);
		geo_free(geo);
	}
	if (error == 0 && config->rules.exceptions[0] != '\0') {
		error = check_exceptions(config, problem);
	}
	return error;
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
	error = check_files(&config, &problem);
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
	    "one, of the files about assets and of exceptions that it names too. Without "
	    "FILE:\n" CONFIG_PATH ".\n"
	    "Every key is explained in etc/weir.yaml.\n",
	.examples = "  weir config check\n"
		    "  weir config check --show weir.yaml\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
