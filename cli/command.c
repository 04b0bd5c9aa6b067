/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* "history" of "assets history". */
static const char *verb_name(const struct command *verb)
{
	return strrchr(verb->name, ' ') + 1;
}

static void verbs_help(const struct command *command)
{
	printf("\nverbs (weir %s VERB --help tells more):\n", command->name);
	for (size_t i = 0; command->verbs[i] != NULL; i++) {
		printf("  %-12s %s\n", verb_name(command->verbs[i]), command->verbs[i]->summary);
	}
}

void command_help(const struct command *command)
{
	printf("weir %s - %s\n\nusage: weir %s%s%s\n", command->name, command->summary,
	       command->name, command->arguments[0] != '\0' ? " " : "", command->arguments);
	if (command->details != NULL) {
		printf("\n%s", command->details);
	}
	if (command->verbs != NULL && command->verbs[0] != NULL) {
		verbs_help(command);
	}
	if (command->run != NULL) {
		printf("\noptions:\n");
		options_help(command->options, command->n_options, stdout);
	}
	if (command->n_columns > 0) {
		printf(
		    "\ncolumns (* shown without -o, + without -o where the terminal is wide):\n");
	}
	for (size_t i = 0; i < command->n_columns; i++) {
		const struct column *column = &command->columns[i];

		printf("  %c %-12s %s\n", " *+"[column->shown < 2 ? column->shown : 2],
		       column -> name, column -> meaning);
	}
	printf("\nexamples:\n%s", command->examples);
}

int command_misused(const struct command *command, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fprintf(stderr, "weir %s: %s; see weir %s --help\n", command->name, text, command->name);
	return EXIT_USAGE;
}

int command_failed(int exit_code, const char *text)
{
	fprintf(stderr, "weir: %s\n", text);
	return exit_code;
}

int exit_code_of(int error)
{
	return error == -EINVAL || error == -ENOENT || error == -ENODEV ? EXIT_USAGE : EXIT_FAILED;
}

const struct command *command_verb(const struct command *command, const char *name)
{
	for (size_t i = 0; command->verbs != NULL && command->verbs[i] != NULL; i++) {
		if (strcmp(verb_name(command->verbs[i]), name) == 0) {
			return command->verbs[i];
		}
	}
	return NULL;
}

/* The command cannot run without a verb, and has none. */
static int verb_missing(const struct command *command, int argc, char **argv)
{
	char names[128] = "";
	size_t n = 0;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		command_help(command);
		return EXIT_FINE;
	}
	if (argc > 1) {
		return command_misused(command, "no such verb '%s'", argv[1]);
	}
	for (size_t i = 0; command->verbs[i] != NULL && n < sizeof(names); i++) {
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", i > 0 ? ", " : "",
				      verb_name(command->verbs[i]));
	}
	return command_misused(command, "wants a verb: %s", names);
}

int command_dispatch(const struct command *command, int argc, char **argv)
{
	const struct command *verb = argc > 1 ? command_verb(command, argv[1]) : NULL;

	if (verb != NULL) {
		return command_dispatch(verb, argc - 1, argv + 1);
	}
	return command->run != NULL ? command->run(command, argc, argv)
				    : verb_missing(command, argc, argv);
}

bool command_parse(const struct command *command, int argc, char **argv, void *values,
		   struct text_list *rest, int *exit_code)
{
	struct problem problem = { "" };
	int result =
	    options_parse(command->options, command->n_options, argc, argv, values, rest, &problem);

	if (result == 0) {
		return true;
	}
	options_end(command->options, command->n_options, values, rest);
	if (result == OPTIONS_HELP) {
		command_help(command);
		*exit_code = EXIT_FINE;
	} else if (result == -EINVAL) {
		*exit_code = command_misused(command, "%s", problem.text);
	} else {
		*exit_code = command_failed(EXIT_FAILED, problem.text);
	}
	return false;
}
