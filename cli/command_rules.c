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

static void rule_document(void *context, const char *id, const char *title, enum alert_level level,
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
	int error =
	    rules_setup(&set, query_registry(query), query_rule_folders(query), &log, problem);

	options.document = &document;
	if (error == 0) {
		error = rule_engine_new(&engine, set, &options);
	}
	if (error == 0) {
		rule_engine_hits(engine, rule_document, &listed);
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

static void print_problem(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

/* Reads the folders and tells every mistake. */
static int check(const char *const *folders, size_t n_folders, struct problem *problem)
{
	struct field_registry *registry = NULL;
	struct rule_set *set = NULL;
	struct rule_counts counts = { 0 };
	uint16_t bases[PROTOCOL_NONE];
	int error = registry_setup(&registry, bases, problem);

	if (error == 0) {
		error =
		    rule_set_load(&set, registry, folders, n_folders, print_problem, NULL, &counts);
		if (error < 0) {
			problem_set(problem, error, "cannot read rules from %s: %s", folders[0],
				    strerror(-error));
		}
	}
	if (error == 0) {
		printf("%u file%s: %u rules, %u correlations, %u for other products, %u wrong\n",
		       counts.files, counts.files == 1 ? "" : "s", counts.rules,
		       counts.correlations, counts.skipped, counts.errors);
	}
	rule_set_free(set);
	field_registry_free(registry);
	return error < 0 ? error : counts.errors > 0 ? 1 : 0;
}

static int run_check(const struct command *command, int argc, char **argv)
{
	char pack[PATH_MAX];
	const char *folder = pack;
	struct problem problem = { "" };
	struct text_list rest = { 0 };
	int exit_code = EXIT_USAGE, result;

	if (!command_parse(command, argc, argv, NULL, &rest, &exit_code)) {
		return exit_code;
	}
	if (rest.n > 0) {
		result = check(rest.items, rest.n, &problem);
	} else {
		result = rule_pack_find(pack, sizeof(pack), &problem);
		result = result == 0 ? check(&folder, 1, &problem) : result;
	}
	options_end(command->options, command->n_options, NULL, &rest);
	if (result < 0) {
		return command_failed(exit_code_of(result), problem.text);
	}
	return result == 0 ? EXIT_FINE : EXIT_USAGE;
}

static int run_list(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

static const struct command verb_check = {
	.name = "rules check",
	.arguments = "[DIR...]",
	.summary = "tell every mistake of Sigma rules",
	.details =
	    "Reads all .yml and .yaml files below the folders and tells each mistake as\n"
	    "FILE:LINE:COLUMN: reason; ends with 2 when there is one. Without a folder: the pack\n"
	    "that comes with Weir ($WEIR_RULES names another).\n",
	.examples = "  weir rules check\n"
		    "  weir rules check my-rules/\n",
	.run = run_check,
};

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

static const struct command *const verbs[] = { &verb_check, &verb_list, &command_rules_exceptions,
					       NULL };

const struct command command_rules = {
	.name = "rules",
	.arguments = "check [DIR...] | list [FILTER...] | exceptions [FILTER...]",
	.summary = "check, list or test Sigma rules, and their exceptions",
	.examples = "  weir rules check my-rules/\n"
		    "  weir rules list level=high,critical\n",
	.verbs = verbs,
};
