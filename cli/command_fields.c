/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/json.h"
#include "cli/query.h"

#include <errno.h>

static const struct column columns[] = {
	{ "name", { "name" }, CELL_TEXT, true, 0.3, "name" },
	{ "type", { "type" }, CELL_TEXT, true, 8, "type" },
	{ "list", { "list" }, CELL_TEXT, false, 5, "whether it holds a list" },
	{ "unit", { "unit" }, CELL_TEXT, true, 5, "unit" },
	{ "stored", { "stored" }, CELL_TEXT, false, 5, "whether records store it" },
	{ "meaning", { "meaning" }, CELL_TEXT, true, 0.5, "what it says" },
};

static void field_document(struct buffer *out, const struct field *field)
{
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_text(&json, "name", field->name);
	json_text(&json, "type", field_type_name(field->type));
	json_bool(&json, "list", (field->flags & FIELD_LIST) != 0);
	if (field->unit != NULL) {
		json_text(&json, "unit", field->unit);
	}
	json_bool(&json, "stored", field->get == NULL);
	json_text(&json, "meaning", field->meaning);
	json_end(&json);
}

static int from_program(struct query *query, struct problem *problem)
{
	const struct field_registry *registry = query_registry(query);
	struct buffer line = { 0 };
	bool more = true;

	for (size_t i = 0; more && i < field_count(registry); i++) {
		buffer_clear(&line);
		field_document(&line, field_by_id(registry, field_in_order(registry, i)));
		more = !line.failed && query_document(query, line.data, line.length);
	}
	int error = line.failed ? problem_set(problem, -ENOMEM, "out of memory") : 0;
	buffer_free(&line);
	return error;
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.bare = "name",
	.from_program = from_program,
};

static const struct option options[] = { QUERY_OPTIONS_OUTPUT };

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_fields = {
	.name = "fields",
	.arguments = "[NAME-PART] [FILTER...]",
	.summary = "the names that rules, filters and documents use",
	.details = NULL,
	.examples = "  weir fields modbus\n"
		    "  weir fields type=ip\n"
		    "  weir fields -J\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
