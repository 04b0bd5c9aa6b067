/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* merge and split: a person says that assets are one device, or two. */

#include "cli/edit_send.h"

#include <errno.h>
#include <string.h>

static const struct option options[] = { EDIT_OPTIONS };

struct result {
	char error[512];
	const char *done, *undone;
};

static void on_result(void *context, const char *error, const char *asset, unsigned changed)
{
	struct result *result = context;

	if (error != NULL) {
		snprintf(result->error, sizeof(result->error), "%s", error);
	} else {
		printf("%s: %s\n", asset != NULL ? asset : "",
		       changed > 0 ? result->done : result->undone);
	}
}

static void write_merge(struct json *json, const struct text_list *texts)
{
	json_object(json, NULL);
	json_text(json, "asset", texts->items[0]);
	json_array(json, "merge");
	for (size_t i = 1; i < texts->n; i++) {
		json_text(json, NULL, texts->items[i]);
	}
	json_end(json);
	json_end(json);
}

static void write_split(struct json *json, const struct text_list *texts)
{
	json_object(json, NULL);
	json_text(json, "asset", texts->items[0]);
	json_text(json, "split", texts->items[1]);
	json_end(json);
}

static int edit(const struct edit_values *values, const struct text_list *texts,
		void (*write)(struct json *json, const struct text_list *texts),
		struct result *result)
{
	struct problem problem = { "" };
	struct editing *editing = NULL;
	int error = editing_begin(&editing, values, &problem);

	if (error < 0) {
		return command_failed(exit_code_of(error), problem.text);
	}
	editing_results(editing, on_result, result);
	write(editing_next(editing), texts);
	error = editing_send(editing, true, &problem);
	int ended = editing_end(editing, &problem);
	if (error < 0 || ended < 0) {
		return command_failed(EXIT_FAILED, problem.text);
	}
	return result->error[0] != '\0' ? command_failed(EXIT_USAGE, result->error) : EXIT_FINE;
}

static int run_merge(const struct command *command, int argc, char **argv)
{
	struct result result = { .done = "one device", .undone = "one device already" };
	struct edit_values values = { 0 };
	struct text_list texts = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &texts, &exit_code)) {
		return exit_code;
	}
	exit_code = texts.n < 2 ? command_misused(command, "wants two assets or more")
				: edit(&values, &texts, write_merge, &result);
	options_end(options, ARRAY_SIZE(options), &values, &texts);
	return exit_code;
}

static int run_split(const struct command *command, int argc, char **argv)
{
	struct result result = { .done = "two devices", .undone = "two devices already" };
	struct edit_values values = { 0 };
	struct text_list texts = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &texts, &exit_code)) {
		return exit_code;
	}
	exit_code = texts.n != 2 ? command_misused(command, "wants an asset and its address")
				 : edit(&values, &texts, write_split, &result);
	options_end(options, ARRAY_SIZE(options), &values, &texts);
	return exit_code;
}

const struct command command_assets_merge = {
	.name = "assets merge",
	.arguments = "ASSET ASSET... [--reason TEXT]",
	.summary = "say that assets are one device",
	.details =
	    EDIT_DETAILS "It stands, whatever is seen later, until assets split takes it back.\n",
	.examples = "  weir assets merge 10.0.0.3 10.0.1.3 --reason 'two ports of one PLC'\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_merge,
};

const struct command command_assets_split = {
	.name = "assets split",
	.arguments = "ASSET ADDRESS [--reason TEXT]",
	.summary = "say that an address of an asset is another device",
	.details =
	    EDIT_DETAILS "It stands, whatever is seen later, until assets merge takes it back.\n",
	.examples = "  weir assets split 'press 4' 10.0.1.3\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_split,
};
