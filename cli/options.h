/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* options.h - command lines from a table: one row an option, values land in the command's own
 * struct.
 *
 * Accepts -x, -xVALUE, -x VALUE, -xyz (flags), --name VALUE, --name=VALUE; options and other
 * arguments may be mixed; "--" ends the options and "-" is an argument.  Texts point into argv. */

#include "capture/base/problem.h"

#include <stdio.h>

struct text_list {
	const char **items;
	size_t n;
};

enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char *; given twice: the last one holds */
	OPTION_LIST,   /* struct text_list; may be repeated */
	OPTION_NUMBER, /* uint64_t */
};

struct option {
	char letter;       /* 0: none */
	const char *name;  /* without the dashes */
	const char *value; /* what the value is called in the help; NULL for a flag */
	enum option_kind kind;
	size_t offset; /* of the value in the command's struct */
	const char *help;
};

enum { OPTIONS_HELP = 1 };

/* 0; OPTIONS_HELP when -h or --help is there; -EINVAL with problem; -ENOMEM. `rest` gets the other
 * arguments. Call options_end() in each case. */
int options_parse(const struct option *options, size_t n_options, int argc, char **argv,
		  void *values, struct text_list *rest, struct problem *problem) MUST_USE;

/* Frees the lists (not the texts). */
void options_end(const struct option *options, size_t n_options, void *values,
		 struct text_list *rest);

/* One line an option, help texts aligned. */
void options_help(const struct option *options, size_t n_options, FILE *out);
