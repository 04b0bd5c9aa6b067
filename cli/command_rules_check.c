/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"
#include "cli/setup.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check_values {
	const char *placeholders;
	bool any_product, reasons;
};

static const struct option options[] = {
	{ 0, "placeholders", "FILE", OPTION_TEXT, offsetof(struct check_values, placeholders),
	  "what the placeholders of rules stand for" },
	{ 0, "any-product", NULL, OPTION_FLAG, offsetof(struct check_values, any_product),
	  "check the form of rules for other products, too" },
	{ 0, "reasons", NULL, OPTION_FLAG, offsetof(struct check_values, reasons),
	  "count mistakes by kind in place of telling each" },
};

static void print_problem(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

/* ---- kinds of mistakes ---- */

#define REASONS_MAX 256

struct reasons {
	struct reason {
		char text[160];
		unsigned count;
	} items[REASONS_MAX];
	size_t n;
	unsigned others;
};

/* What a mistake says, without its place and without what it quotes. */
static void kind_of(const char *text, char *out, size_t size)
{
	bool quoted = false;
	size_t n = 0;

	for (unsigned colons = 0; *text != '\0' && colons < 3; text++) {
		colons += *text == ':';
	}
	for (text += *text == ' '; *text != '\0' && n + 1 < size; text++) {
		if (*text == '\'') {
			out[n++] = *text;
			quoted = !quoted;
		} else if (!quoted) {
			out[n++] = *text;
		}
	}
	out[n] = '\0';
}

static void count_problem(void *context, const char *text)
{
	struct reasons *reasons = context;
	char kind[sizeof(reasons->items[0].text)];
	size_t i = 0;

	kind_of(text, kind, sizeof(kind));
	if (strncmp(kind, "warning: ", 9) == 0) {
		return;
	}
	while (i < reasons->n && strcmp(reasons->items[i].text, kind) != 0) {
		i++;
	}
	if (i == REASONS_MAX) {
		reasons->others++;
		return;
	}
	if (i == reasons->n) {
		memcpy(reasons->items[reasons->n++].text, kind, sizeof(kind));
	}
	reasons->items[i].count++;
}

static int by_count(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->text, y->text);
}

static void print_reasons(struct reasons *reasons)
{
	qsort(reasons->items, reasons->n, sizeof(reasons->items[0]), by_count);
	for (size_t i = 0; i < reasons->n; i++) {
		printf("%6u  %s\n", reasons->items[i].count, reasons->items[i].text);
	}
	if (reasons->others > 0) {
		printf("%6u  others\n", reasons->others);
	}
}

/* Reads the folders and tells every mistake. */
static int check(const struct check_values *values, const char *const *folders, size_t n_folders,
		 struct problem *problem)
{
	struct field_registry *registry = NULL;
	struct rule_set *set = NULL;
	struct rule_counts counts = { 0 };
	struct reasons *reasons = calloc(1, sizeof(*reasons));
	uint16_t bases[PROTOCOL_NONE];
	int error = reasons != NULL ? registry_setup(&registry, bases, problem)
				    : problem_set(problem, -ENOMEM, "out of memory");

	if (error == 0) {
		error =
		    rule_set_load(&set,
				  &(struct rule_load) {
				      .registry = registry,
				      .folders = folders,
				      .n_folders = n_folders,
				      .placeholders = placeholders_find(values->placeholders),
				      .any_product = values->any_product,
				      .handler = values->reasons ? count_problem : print_problem,
				      .context = reasons },
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
	if (error == 0 && values->reasons) {
		print_reasons(reasons);
	}
	free(reasons);
	rule_set_free(set);
	field_registry_free(registry);
	return error < 0 ? error : counts.errors > 0 ? 1 : 0;
}

static int run_check(const struct command *command, int argc, char **argv)
{
	char pack[PATH_MAX];
	const char *folder = pack;
	struct check_values values = { .reasons = false };
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
