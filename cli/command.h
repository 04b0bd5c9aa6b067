/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* command.h - what a command of `weir` is: one file command_NAME.c that ends in a
 * `const struct command`, and one line in the list of main.c. */

#include "cli/options.h"
#include "cli/tree.h"

/* DESIGN.md section 6. */
enum exit_code {
	EXIT_FINE = 0,
	EXIT_FAILED = 1, /* run-time failure */
	EXIT_USAGE = 2,  /* wrong usage or configuration */
	EXIT_LEVEL = 3,  /* --fail-on level reached */
};

struct command {
	const char *name;
	const char *arguments;        /* what follows the name in the usage line */
	const char *summary;          /* one line, lower case, no full stop */
	const char *details;          /* paragraphs for --help, or NULL */
	const char *examples;         /* lines for --help */
	const struct column *columns; /* of what it shows, for the help; may be NULL */
	size_t n_columns;
	const struct option *options;
	size_t n_options;
	/* What the first argument may be: commands of their own, named "assets history", NULL at
	 * the end. NULL: the command has no verbs. */
	const struct command *const *verbs;
	/* argv[0] is the command's name. Returns an enum exit_code. NULL: a verb must be named. */
	int (*run)(const struct command *command, int argc, char **argv);
};

extern const struct command command_alerts;
extern const struct command command_alerts_ack;
extern const struct command command_alerts_close;
extern const struct command command_alerts_reopen;
extern const struct command command_alerts_show;
extern const struct command command_alerts_stats;
extern const struct command command_alerts_verify;
extern const struct command command_assets;
extern const struct command command_assets_diff;
extern const struct command command_assets_explain;
extern const struct command command_assets_export;
extern const struct command command_assets_show;
extern const struct command command_assets_history;
extern const struct command command_assets_import;
extern const struct command command_assets_merge;
extern const struct command command_assets_set;
extern const struct command command_assets_split;
extern const struct command command_baseline;
extern const struct command command_baseline_accept;
extern const struct command command_baseline_diff;
extern const struct command command_baseline_export;
extern const struct command command_baseline_freeze;
extern const struct command command_baseline_import;
extern const struct command command_baseline_learn;
extern const struct command command_baseline_reject;
extern const struct command command_baseline_review;
extern const struct command command_config;
extern const struct command command_conversations;
extern const struct command command_events;
extern const struct command command_fields;
extern const struct command command_forward;
extern const struct command command_forward_drain;
extern const struct command command_forward_estimate;
extern const struct command command_forward_test;
extern const struct command command_protocols;
extern const struct command command_replay;
extern const struct command command_rules;
extern const struct command command_rules_check;
extern const struct command command_rules_reload;
extern const struct command command_rules_show;
extern const struct command command_run;
extern const struct command command_schema;
extern const struct command command_status;
extern const struct command command_topology;
extern const struct command command_zones;
extern const struct command command_zones_check;
extern const struct command command_zones_diff;
extern const struct command command_zones_list;
extern const struct command command_zones_suggest;

/* Runs the command, or its verb when argv[1] is one. A verb is never a filter: a filter contains
 * one of = ! ~, and free text that equals a verb is written ~TEXT. Returns an enum exit_code. */
int command_dispatch(const struct command *command, int argc, char **argv);

/* The verb of this name, or NULL. */
const struct command *command_verb(const struct command *command, const char *name);

/* Reads the command line into `values`. True: go on. False: *exit_code is what to return (help was
 * shown, or the usage error was said). */
bool command_parse(const struct command *command, int argc, char **argv, void *values,
		   struct text_list *rest, int *exit_code) MUST_USE;

/* Prints the whole help of a command. */
void command_help(const struct command *command);

/* Says one line about wrong usage and returns EXIT_USAGE. */
int command_misused(const struct command *command, const char *format, ...) PRINTF_LIKE(2, 3);

/* Says "weir: TEXT" on standard error and returns the exit code given. */
int command_failed(int exit_code, const char *text);

/* EXIT_USAGE for what the user got wrong (a missing file, a wrong value), else EXIT_FAILED. */
int exit_code_of(int error);
