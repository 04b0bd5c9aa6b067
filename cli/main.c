/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* main.c - the command table of `weir`. */

#include "cli/command.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_replay,        &command_run,       &command_status, &command_assets,
	&command_conversations, &command_topology,  &command_events, &command_alerts,
	&command_fields,        &command_protocols, &command_rules,  &command_zones,
	&command_baseline,      &command_forward,   &command_config, &command_schema,
};

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i]->name, name) == 0) {
			return commands[i];
		}
	}
	return NULL;
}

static void overview_print(FILE *out)
{
	fputs("weir - passive monitor for industrial networks\n\n"
	      "usage: weir COMMAND [OPTIONS] [FILTER...]\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		fprintf(out, "  %-14s %s\n", commands[i]->name, commands[i]->summary);
	}
	fprintf(out, "  %-14s %s\n", "version", "the version of this program");
	fprintf(out, "  %-14s %s\n", "help", "this, or the help of a command");
	fputs("\nexamples:\n"
	      "  weir replay plant.pcap\n"
	      "  weir assets -r plant.pcap\n"
	      "  weir run -i eth1\n\n"
	      "weir COMMAND --help tells more.\n",
	      out);
}

static int unknown(const char *name)
{
	fprintf(stderr, "weir: no command '%s'; see weir --help\n", name);
	return EXIT_USAGE;
}

static int help(int argc, char **argv)
{
	const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;

	if (argc > 1 && command == NULL) {
		return unknown(argv[1]);
	}
	const struct command *verb =
	    command != NULL && argc > 2 ? command_verb(command, argv[2]) : NULL;
	if (command != NULL) {
		command_help(verb != NULL ? verb : command);
	} else {
		overview_print(stdout);
	}
	return EXIT_FINE;
}

static bool is_one_of(const char *name, const char *const *names)
{
	while (*names != NULL && strcmp(name, *names) != 0) {
		names++;
	}
	return *names != NULL;
}

static int dispatch(int argc, char **argv)
{
	static const char *const version[] = { "version", "--version", "-V", NULL };
	static const char *const helps[] = { "help", "--help", "-h", NULL };

	if (argc < 2) {
		overview_print(stderr);
		return EXIT_USAGE;
	}
	if (is_one_of(argv[1], version)) {
		printf("weir %s\n", WEIR_VERSION);
		return EXIT_FINE;
	}
	if (is_one_of(argv[1], helps)) {
		return help(argc - 1, argv + 1);
	}
	const struct command *command = command_find(argv[1]);
	return command != NULL ? command_dispatch(command, argc - 1, argv + 1) : unknown(argv[1]);
}

int main(int argc, char **argv)
{
	/* Tables measure and print UTF-8; everything else stays as in C. */
	if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1) {
		setlocale(LC_CTYPE, "C.UTF-8");
	}
	int exit_code = dispatch(argc, argv);
	if ((fflush(stdout) != 0 || ferror(stdout)) && exit_code == EXIT_FINE) {
		exit_code = command_failed(EXIT_FAILED, "cannot write standard output");
	}
	return exit_code;
}
