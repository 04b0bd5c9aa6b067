/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command_rules.h"

#include "cli/log.h"
#include "cli/query.h"
#include "cli/setup.h"
#include "rules/rule_document.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static const struct column columns[] = {
	{ "level", { "level" }, CELL_LEVEL, true, 13, "informational to critical" },
	{ "title", { "title" }, CELL_TEXT, true, 0.5, "title" },
	{ "service", { "service" }, CELL_TEXT, 120, 12, "whose records it looks at" },
	{ "needs", { "needs" }, CELL_LIST, 120, 16, "baseline, complete_capture" },
	{ "id", { "id" }, CELL_TEXT, true, 36, "id" },
	{ "status", { "status" }, CELL_TEXT, false, 8, "stable, test, experimental..." },
	{ "version", { "version" }, CELL_TEXT, false, 10, "date of the last change" },
	{ "tags", { "tags" }, CELL_LIST, false, 0.2, "attack.t0855, iec62443.sr-2.1..." },
	{ "file", { "file" }, CELL_TEXT, false, 0.3, "where it stands" },
};

static int list_from_program(struct query *query, struct problem *problem)
{
	const struct log_sink log = log_to_stderr(false);
	struct buffer line = { 0 };
	struct rule_set *set = NULL;
	int error = rules_setup(&set, query_registry(query), query_rule_folders(query), NULL, &log,
				problem);

	for (size_t i = 0; error == 0 && i < rule_set_count(set); i++) {
		buffer_clear(&line);
		rule_document(&line, set, i);
		if (line.failed || !query_document(query, line.data, line.length)) {
			break;
		}
	}
	if (error == 0 && line.failed) {
		error = problem_set(problem, -ENOMEM, "out of memory");
	}
	rule_set_free(set);
	buffer_free(&line);
	return error;
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
		    "  weir rules list needs=baseline\n"
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
