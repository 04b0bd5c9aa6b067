/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/edit_send.h"

#include "store/edit.h"

#include <errno.h>
#include <string.h>

static const struct option options[] = { EDIT_OPTIONS };

/* What came of the one edit. */
struct result {
	char error[512];
};

static void on_result(void *context, const char *error, const char *asset, unsigned changed)
{
	struct result *result = context;

	if (error != NULL) {
		snprintf(result->error, sizeof(result->error), "%s", error);
	} else {
		printf("%s: %u value%s changed\n", asset != NULL ? asset : "", changed,
		       changed == 1 ? "" : "s");
	}
}

/* Cuts NAME=VALUE; -EINVAL with problem when it is none that can be set. */
static int check(const char *text, char *name, size_t size, const char **value,
		 struct problem *problem)
{
	size_t n = strcspn(text, "=");

	if (text[n] == '\0' || n == 0 || n >= size) {
		return problem_set(problem, -EINVAL, "'%s' is not NAME=VALUE", text);
	}
	memcpy(name, text, n);
	name[n] = '\0';
	*value = text + n + 1;
	if (edit_field(name) == IDENTITIES) {
		return problem_set(problem, -EINVAL,
				   "'%s' cannot be set: name, owner, criticality, type, level, "
				   "zone, location, tag and note can",
				   name);
	}
	return edit_check(edit_field(name), *value, problem);
}

/* Writes the edit; the texts were checked. */
static void write_edit(struct json *json, const struct text_list *texts)
{
	struct problem problem = { "" };
	const char *value = NULL;
	char name[32];

	json_object(json, NULL);
	json_text(json, "asset", texts->items[0]);
	json_object(json, "set");
	for (size_t i = 1; i < texts->n; i++) {
		if (check(texts->items[i], name, sizeof(name), &value, &problem) == 0) {
			json_text(json, name, value);
		}
	}
	json_end(json);
	json_end(json);
}

static int set(const struct edit_values *values, const struct text_list *texts)
{
	struct result result = { "" };
	struct problem problem = { "" };
	struct editing *editing = NULL;
	int error = editing_begin(&editing, values, &problem);

	if (error < 0) {
		return command_failed(exit_code_of(error), problem.text);
	}
	editing_results(editing, on_result, &result);
	write_edit(editing_next(editing), texts);
	error = editing_send(editing, true, &problem);
	int ended = editing_end(editing, &problem);
	if (error < 0 || ended < 0) {
		return command_failed(EXIT_FAILED, problem.text);
	}
	return result.error[0] != '\0' ? command_failed(EXIT_USAGE, result.error) : EXIT_FINE;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct edit_values values = { 0 };
	struct text_list texts = { 0 };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE, error = 0;

	if (!command_parse(command, argc, argv, &values, &texts, &exit_code)) {
		return exit_code;
	}
	for (size_t i = 1; i < texts.n && error == 0; i++) {
		const char *value;
		char name[32];

		error = check(texts.items[i], name, sizeof(name), &value, &problem);
	}
	if (texts.n < 2) {
		exit_code = command_misused(command, "wants an asset and NAME=VALUE");
	} else if (error < 0) {
		exit_code = command_misused(command, "%s", problem.text);
	} else {
		exit_code = set(&values, &texts);
	}
	options_end(options, ARRAY_SIZE(options), &values, &texts);
	return exit_code;
}

const struct command command_assets_set = {
	.name = "assets set",
	.arguments = "ASSET NAME=VALUE... [--reason TEXT]",
	.summary = "say what an asset is; a person's word always wins",
	.details =
	    "NAME is name, owner, criticality (low, medium, high, critical), type, level (0 to 5,\n"
	    "3.5), zone, location, tag or note. An empty value takes back what was "
	    "set.\n\n" EDIT_DETAILS,
	.examples = "  weir assets set 10.0.0.3 name='press 4' owner=maria criticality=high\n"
		    "  weir assets set 00:80:f4:01:02:03 zone=cell-4 --reason 'audit 12'\n"
		    "  weir assets set 'press 4' note=\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
