/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command_rules.h"

#include "capture/base/json.h"
#include "cli/log.h"
#include "cli/query.h"
#include "cli/setup.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static const struct column columns[] = {
	{ "level", { "level" }, CELL_LEVEL, true, 13, "informational to critical" },
	{ "title", { "title" }, CELL_TEXT, true, 0.6, "title" },
	{ "id", { "id" }, CELL_TEXT, true, 36, "id" },
};

struct listed {
	struct query *query;
	struct buffer line;
};

static void list_rule(void *context, const char *id, const char *title, enum alert_level level,
		      uint64_t hits)
{
	struct listed *listed = context;
	struct json json = json_to(&listed->line);

	(void)hits;
	buffer_clear(&listed->line);
	json_object(&json, NULL);
	json_text(&json, "id", id);
	json_text(&json, "title", title);
	json_text(&json, "level", alert_level_name(level));
	json_end(&json);
	if (!listed->line.failed) {
		(void)query_document(listed->query, listed->line.data, listed->line.length);
	}
}

static int list_from_program(struct query *query, struct problem *problem)
{
	const struct log_sink log = log_to_stderr(false);
	const struct document_options document = { .registry = query_registry(query) };
	struct rule_engine_options options = rule_engine_defaults();
	struct listed listed = { .query = query };
	struct rule_engine *engine = NULL;
	struct rule_set *set = NULL;
	int error = rules_setup(&set, query_registry(query), query_rule_folders(query), NULL, &log,
				problem);

	options.document = &document;
	if (error == 0) {
		error = rule_engine_new(&engine, set, &options);
	}
	if (error == 0) {
		rule_engine_hits(engine, list_rule, &listed);
	}
	rule_engine_free(engine);
	rule_set_free(set);
	buffer_free(&listed.line);
	return error < 0 ? problem_set(problem, error, "cannot list the rules") : 0;
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.bare = "title",
	.from_program = list_from_program,
};

static const struct option options[] = {
	QUERY_OPTIONS_OUTPUT,
	{ 0, "rules", "DIR", OPTION_LIST, offsetof(struct query_values, rules),
	  "list the rules of this folder, not the pack" },
};

static int run_list(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

static const struct command verb_list = {
	.name = "rules list",
	.arguments = "[FILTER...]",
	.summary = "the rules that are used",
	.details = "A bare word means that the title contains it.\n\n" QUERY_FILTER_DETAILS,
	.examples = "  weir rules list level=high,critical\n"
		    "  weir rules list --rules my-rules/ firmware\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_list,
};

static const struct command *const verbs[] = { &command_rules_check,  &verb_list,
					       &command_rules_show,   &command_rules_reload,
					       &command_rules_test,   &command_rules_exceptions,
					       &command_rules_import, NULL };

const struct command command_rules = {
	.name = "rules",
	.arguments = "check [DIR...] | list [FILTER...] | show RULE | test RULE CAPTURE... |"
		     " exceptions [FILTER...] | import FILE...",
	.summary =
	    "check Sigma rules, list, show, test or import them, and the exceptions from them",
	.examples = "  weir rules check my-rules/\n"
		    "  weir rules list level=high,critical\n",
	.verbs = verbs,
};
