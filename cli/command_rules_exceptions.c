/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command_rules.h"
#include "cli/config.h"
#include "cli/exception_view.h"
#include "cli/query.h"
#include "cli/setup.h"
#include "cli/socket.h"
#include "cli/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct column columns[] = {
	{ "name", { "name" }, CELL_TEXT, true, 0.2, "what the entry is called" },
	{ "state", { "state" }, CELL_TEXT, true, 10, "active, expired or never used" },
	{ "action", { "action" }, CELL_TEXT, true, 9, "suppress, threshold or level" },
	{ "rules", { "rules" }, CELL_NUMBER, true, 5, "loaded rules that it is about" },
	{ "hits", { "hits" }, CELL_NUMBER, true, 6, "hits that it changed or held back" },
	{ "held", { "held" }, CELL_NUMBER, true, 6, "of these, hits without an alert" },
	{ "last", { "last" }, CELL_TIME, false, 14, "latest hit" },
	{ "expires", { "expires" }, CELL_TIME, true, 14, "from when on it applies no more" },
	{ "owner", { "owner" }, CELL_TEXT, true, 0.1, "who answers for it" },
	{ "reason", { "reason" }, CELL_TEXT, true, 0.3, "why it was made" },
	{ "file", { "file" }, CELL_TEXT, false, 0.2, "its file" },
	{ "line", { "line" }, CELL_NUMBER, false, 5, "its line there" },
};

struct shown {
	struct query *query;
	struct buffer line;
	bool used;
};

static void show(void *context, const struct rule_exception_info *info)
{
	struct shown *shown = context;
	struct json json = json_to(&shown->line);

	buffer_clear(&shown->line);
	json_object(&json, NULL);
	exception_view_write(&json, info, shown->used);
	json_end(&json);
	if (!shown->line.failed) {
		(void)query_document(shown->query, shown->line.data, shown->line.length);
	}
}

static void from_replay(struct query *query, struct replay *replay)
{
	struct shown shown = { .query = query, .used = true };

	rule_engine_exceptions_each(analysis_rules(replay->analysis), show, &shown);
	buffer_free(&shown.line);
}

/* ---- from the sensor ---- */

static int64_t time_of(const struct tree *entry, const char *path)
{
	const char *text = tree_text(entry, path);
	int64_t time;

	return text != NULL && when_parse_iso(text, &time) == 0 ? time : TIME_NONE;
}

static const char *text_of(const struct tree *entry, const char *path)
{
	const char *text = tree_text(entry, path);

	return text != NULL ? text : "";
}

static void show_answer(void *context, const char *key, const struct tree *entry)
{
	const struct rule_exception_info info = {
		.name = text_of(entry, "name"),
		.owner = text_of(entry, "owner"),
		.reason = text_of(entry, "reason"),
		.action = text_of(entry, "action"),
		.file = text_of(entry, "file"),
		.line = (unsigned)tree_number(entry, "line"),
		.n_rules = (size_t)tree_number(entry, "rules"),
		.expires = time_of(entry, "expires"),
		.expired = strcmp(text_of(entry, "state"), "expired") == 0,
		.hits = (uint64_t)tree_number(entry, "hits"),
		.held = (uint64_t)tree_number(entry, "held"),
		.last = time_of(entry, "last"),
	};

	(void)key;
	show(context, &info);
}

/* 0; -ENOENT or -ECONNREFUSED: no sensor runs. */
static int from_sensor(struct query *query, const char *socket, struct problem *problem)
{
	struct shown shown = { .query = query, .used = true };
	struct buffer answer = { 0 };
	struct problem unreachable = { "" };
	struct tree *tree = NULL;
	int error = socket_ask(socket, "{\"command\":\"exceptions\"}\n", &answer, &unreachable);

	if (error == 0 && (error = tree_read(&tree, answer.data, answer.length)) == 0) {
		if (tree_text(tree, "error") != NULL) {
			error = problem_set(problem, -EIO, "%s", tree_text(tree, "error"));
		} else {
			tree_members(tree, "exceptions", show_answer, &shown);
		}
	} else if (error != -ENOENT && error != -ECONNREFUSED) {
		problem_set(problem, error, "%s", unreachable.text);
	}
	tree_free(tree);
	buffer_free(&answer);
	buffer_free(&shown.line);
	return error;
}

/* ---- from a file ---- */

static int from_file(struct query *query, const char *path, const struct text_list *folders,
		     const char *placeholders, struct problem *problem)
{
	struct shown shown = { .query = query };
	struct rule_exceptions *exceptions = NULL;
	struct rule_set *set = NULL;
	struct timespec now;
	int error = rules_setup(&set, query_registry(query), folders, placeholders,
				query_log(query), problem);

	if (error == 0) {
		error = exceptions_setup(&exceptions, path, true, set, query_log(query), problem);
	}
	if (error == 0 && exceptions == NULL) {
		error = problem_set(problem, -ENOENT,
				    "no exceptions: rules.exceptions is not configured, and no "
				    "--exceptions FILE is given");
	}
	if (error == 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		rule_exceptions_each(exceptions, now.tv_sec * NS_PER_S + now.tv_nsec, show, &shown);
	}
	rule_exceptions_free(exceptions);
	rule_set_free(set);
	buffer_free(&shown.line);
	return error;
}

static void first_mistake(void *context, const char *text)
{
	problem_set(context, -EINVAL, "%s", text);
}

/* Whether a file is asked about, not the sensor. */
static bool names_file(struct query *query)
{
	const char *variable = getenv("WEIR_EXCEPTIONS");

	return query_values(query)->exceptions != NULL || query_rule_folders(query)->n > 0 ||
	       (variable != NULL && *variable != '\0');
}

/* The file that was named; else what the running sensor says; else the configured file. */
static int from_program(struct query *query, struct problem *problem)
{
	const char *path = query_values(query)->exceptions;
	const char *socket = query_values(query)->socket;
	const struct text_list *given = query_rule_folders(query);
	const char *folders[CONFIG_TEXTS_MAX];
	struct config config = config_defaults();
	struct problem missing = { "" };
	int error;

	if (socket == NULL && names_file(query)) {
		return from_file(query, path, given, NULL, problem);
	}
	error = config_read(&config, CONFIG_PATH, first_mistake, problem, &missing);
	if (error < 0 && error != -ENOENT) {
		return problem_set(problem, error, "%s", missing.text);
	}
	error = from_sensor(query, socket != NULL ? socket : config.run.socket, problem);
	if (error != -ENOENT && error != -ECONNREFUSED) {
		return error;
	}
	if (socket != NULL) {
		return problem_set(problem, error, "no sensor listens at %s", socket);
	}
	for (size_t i = 0; i < config.rules.folders.n; i++) {
		folders[i] = config.rules.folders.items[i];
	}
	return from_file(
	    query, config.rules.exceptions, &(struct text_list) { folders, config.rules.folders.n },
	    config.rules.placeholders[0] != '\0' ? config.rules.placeholders : NULL, problem);
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.bare = "name",
	.judges = true,
	.from_replay = from_replay,
	.from_program = from_program,
};

static const struct option options[] = {
	{ 'r', "read", "FILE", OPTION_LIST, offsetof(struct query_values, files),
	  "what they did on this capture (may be repeated)" },
	QUERY_OPTION_EXCEPTIONS,
	{ 0, "socket", "FILE", OPTION_TEXT, offsetof(struct query_values, socket),
	  "socket of the sensor (default: that of the configuration)" },
	QUERY_OPTIONS_OUTPUT,
	{ 0, "rules", "DIR", OPTION_LIST, offsetof(struct query_values, rules),
	  "the rules of this folder, not the pack" },
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_rules_exceptions = {
	.name = "rules exceptions",
	.arguments = "[FILTER...] [-r FILE] [--exceptions FILE]",
	.summary = "what raises no alert, or another one, and who decided so",
	.details =
	    "Shows the entries of the exceptions file: those of the running sensor with what each\n"
	    "was used for since it started; with -r what they did on a capture; else those of the\n"
	    "file alone. Every mistake of the file is told as FILE:LINE:COLUMN: reason, and ends\n"
	    "the command with 2. A bare word means that the name contains it.\n"
	    "\n" QUERY_FILTER_DETAILS,
	.examples = "  weir rules exceptions state=expired\n"
		    "  weir rules exceptions --exceptions exceptions.yaml -r plant.pcap\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
