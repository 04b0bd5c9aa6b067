/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct parse {
	const struct option *options;
	size_t n_options;
	int argc;
	char **argv;
	int at; /* index of the argument being read */
	void *values;
	struct text_list *rest;
	struct problem *problem;
};

static int list_add(struct parse *parse, struct text_list *list, const char *text)
{
	if (list->items == NULL) {
		/* No list can be longer than the command line. */
		list->items = calloc((size_t)parse->argc, sizeof(*list->items));
	}
	if (list->items == NULL) {
		return problem_set(parse->problem, -ENOMEM, "out of memory");
	}
	list->items[list->n++] = text;
	return 0;
}

static int number_read(const char *text, uint64_t *out)
{
	char *end = NULL;

	if (*text < '0' || *text > '9') {
		return -EINVAL;
	}
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0') {
		return -EINVAL;
	}
	*out = value;
	return 0;
}

static int option_set(struct parse *parse, const struct option *option, const char *value)
{
	void *slot = (char *)parse->values + option->offset;

	switch (option->kind) {
	case OPTION_FLAG:
		*(bool *)slot = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)slot = value;
		return 0;
	case OPTION_LIST:
		return list_add(parse, slot, value);
	case OPTION_NUMBER:
		break;
	}
	if (number_read(value, slot) < 0) {
		return problem_set(parse->problem, -EINVAL, "--%s wants a number, not '%s'",
				   option->name, value);
	}
	return 0;
}

/* The value of an option that wants one: `inside` if it is part of the same argument, else the
 * next argument. */
static int option_with_value(struct parse *parse, const struct option *option, const char *inside)
{
	if (inside == NULL && parse->at + 1 >= parse->argc) {
		return problem_set(parse->problem, -EINVAL, "--%s wants a value: %s", option->name,
				   option->value);
	}
	return option_set(parse, option, inside != NULL ? inside : parse->argv[++parse->at]);
}

static int parse_long(struct parse *parse, const char *argument)
{
	size_t length = strcspn(argument, "=");
	const char *inside = argument[length] == '=' ? argument + length + 1 : NULL;

	if (strcmp(argument, "help") == 0) {
		return OPTIONS_HELP;
	}
	for (size_t i = 0; i < parse->n_options; i++) {
		const struct option *option = &parse->options[i];

		if (strlen(option->name) != length || memcmp(option->name, argument, length) != 0) {
			continue;
		}
		if (option->kind != OPTION_FLAG) {
			return option_with_value(parse, option, inside);
		}
		if (inside != NULL) {
			return problem_set(parse->problem, -EINVAL, "--%s takes no value",
					   option->name);
		}
		return option_set(parse, option, NULL);
	}
	return problem_set(parse->problem, -EINVAL, "unknown option --%.*s", (int)length, argument);
}

static const struct option *letter_find(const struct parse *parse, char letter)
{
	for (size_t i = 0; i < parse->n_options; i++) {
		if (parse->options[i].letter == letter) {
			return &parse->options[i];
		}
	}
	return NULL;
}

static int parse_letters(struct parse *parse, const char *letters)
{
	for (const char *at = letters; *at != '\0'; at++) {
		const struct option *option = letter_find(parse, *at);

		if (*at == 'h' && option == NULL) {
			return OPTIONS_HELP;
		}
		if (option == NULL) {
			return problem_set(parse->problem, -EINVAL, "unknown option -%c", *at);
		}
		if (option->kind != OPTION_FLAG) {
			return option_with_value(parse, option, at[1] != '\0' ? at + 1 : NULL);
		}
		int error = option_set(parse, option, NULL);
		if (error < 0) {
			return error;
		}
	}
	return 0;
}

int options_parse(const struct option *options, size_t n_options, int argc, char **argv,
		  void *values, struct text_list *rest, struct problem *problem)
{
	struct parse parse = { options, n_options, argc, argv, 0, values, rest, problem };
	bool options_over = false;
	int result = 0;

	for (parse.at = 1; result == 0 && parse.at < argc; parse.at++) {
		const char *argument = argv[parse.at];

		if (options_over || argument[0] != '-' || argument[1] == '\0') {
			result = list_add(&parse, rest, argument);
		} else if (strcmp(argument, "--") == 0) {
			options_over = true;
		} else if (argument[1] == '-') {
			result = parse_long(&parse, argument + 2);
		} else {
			result = parse_letters(&parse, argument + 1);
		}
	}
	return result;
}

void options_end(const struct option *options, size_t n_options, void *values,
		 struct text_list *rest)
{
	for (size_t i = 0; i < n_options; i++) {
		if (options[i].kind == OPTION_LIST) {
			struct text_list *list =
			    (struct text_list *)(void *)((char *)values + options[i].offset);

			free(list->items);
			*list = (struct text_list) { 0 };
		}
	}
	free(rest->items);
	*rest = (struct text_list) { 0 };
}

void options_help(const struct option *options, size_t n_options, FILE *out)
{
	char left[64];

	for (size_t i = 0; i < n_options; i++) {
		const struct option *option = &options[i];
		const char *value = option->value != NULL ? option->value : "";

		if (option->letter != 0) {
			snprintf(left, sizeof(left), "-%c, --%s %s", option->letter, option->name,
				 value);
		} else {
			snprintf(left, sizeof(left), "    --%s %s", option->name, value);
		}
		fprintf(out, "  %-28s %s\n", left, option->help);
	}
	fprintf(out, "  %-28s %s\n", "-h, --help", "show this help");
}
