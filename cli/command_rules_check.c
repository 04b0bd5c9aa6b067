/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"
#include "cli/setup.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct check_values {
	const char *placeholders;
};

static const struct option options[] = {
	{ 0, "placeholders", "FILE", OPTION_TEXT, offsetof(struct check_values, placeholders),
	  "what the placeholders of rules stand for" },
};

static void print_problem(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

/* Reads the folders and tells every mistake. */
static int check(const struct check_values *values, const char *const *folders, size_t n_folders,
		 struct problem *problem)
{
	struct field_registry *registry = NULL;
	struct rule_set *set = NULL;
	struct rule_counts counts = { 0 };
	uint16_t bases[PROTOCOL_NONE];
	int error = registry_setup(&registry, bases, problem);

	if (error == 0) {
		error = rule_set_load(
		    &set,
		    &(struct rule_load) { .registry = registry,
					  .folders = folders,
					  .n_folders = n_folders,
					  .placeholders = placeholders_find(values->placeholders),
					  .handler = print_problem },
		    &counts);
		if (error < 0) {
			problem_set(problem, error, "cannot read rules from %s: %s", folders[0],
				    strerror(-error));
		}
	}
	if (error == 0) {
		printf("%u file%s: %u rules, %u correlations, %u filters, %u for other products, "
		       "%u wrong\n",
		       counts.files, counts.files == 1 ? "" : "s", counts.rules,
		       counts.correlations, counts.filters, counts.skipped, counts.errors);
	}
	rule_set_free(set);
	field_registry_free(registry);
	return error < 0 ? error : counts.errors > 0 ? 1 : 0;
}

static int run_check(const struct command *command, int argc, char **argv)
{
	char pack[PATH_MAX];
	const char *folder = pack;
	struct check_values values = { NULL };
	struct problem problem = { "" };
	struct text_list rest = { 0 };
	int exit_code = EXIT_USAGE, result;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	if (rest.n > 0) {
		result = check(&values, rest.items, rest.n, &problem);
	} else {
		result = rule_pack_find(pack, sizeof(pack), &problem);
		result = result == 0 ? check(&values, &folder, 1, &problem) : result;
	}
	options_end(command->options, command->n_options, &values, &rest);
	if (result < 0) {
		return command_failed(exit_code_of(result), problem.text);
	}
	return result == 0 ? EXIT_FINE : EXIT_USAGE;
}

const struct command command_rules_check = {
	.name = "rules check",
	.arguments = "[DIR...]",
	.summary = "tell every mistake of Sigma rules",
	.details =
	    "Reads all .yml and .yaml files below the folders and tells each mistake as\n"
	    "FILE:LINE:COLUMN: reason; ends with 2 when there is one. Without a folder: the pack\n"
	    "that comes with Weir ($WEIR_RULES names another).\n",
	.examples = "  weir rules check\n"
		    "  weir rules check my-rules/\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_check,
};
