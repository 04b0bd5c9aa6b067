/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/alert_query.h"
#include "cli/alert_story.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct column alert_columns[ALERT_COLUMNS] = {
	{ "time", { "@timestamp" }, CELL_TIME, true, 14, "time of the latest document" },
	{ "level", { "weir.level" }, CELL_LEVEL, true, 8, "informational to critical" },
	{ "rule", { "rule.name" }, CELL_TEXT, true, 0.3, "title of the rule" },
	{ "rule_id", { "rule.id" }, CELL_TEXT, false, 36, "id of the rule" },
	{ "source",
	  { "weir.source.name", "source.ip", "source.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "who did it: name or address" },
	{ "target",
	  { "weir.destination.name", "destination.ip", "destination.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "to whom: name or address" },
	{ "protocol", { "network.protocol" }, CELL_TEXT, false, 8, "protocol" },
	{ "operation",
	  { "weir.alert.operations", "weir.operation" },
	  CELL_TEXT,
	  false,
	  0.1,
	  "what was done" },
	{ "function", { "weir.function" }, CELL_TEXT, false, 0.1, "the protocol's own name of it" },
	{ "outcome", { "event.outcome" }, CELL_TEXT, false, 8, "the device's answer" },
	{ "count", { "weir.alert.count" }, CELL_NUMBER, 100, 5, "how often, so far" },
	{ "technique", { "threat.technique.id" }, CELL_TEXT, false, 8, "ATT&CK for ICS" },
	{ "requirement", { "weir.iec62443.sr" }, CELL_TEXT, false, 8, "IEC 62443-3-3" },
	{ "control", { "weir.iso27001.control" }, CELL_TEXT, false, 8, "ISO/IEC 27001" },
	{ "state", { "weir.alert.state" }, CELL_TEXT, 120, 12, "open, acknowledged or closed" },
	{ "by", { "weir.alert.by" }, CELL_TEXT, false, 8, "who acknowledged or closed it" },
	{ "reason", { "weir.alert.reason" }, CELL_TEXT, false, 0.2, "why" },
	{ "risk", { "event.risk_score" }, CELL_NUMBER, false, 4, "0 to 100" },
	{ "zone",
	  { "weir.source.zone", "weir.destination.zone" },
	  CELL_TEXT,
	  false,
	  0.1,
	  "zone of either end" },
	{ "explanation", { "weir.alert.explanation" }, CELL_TEXT, false, 0.4, "what happened" },
	{ "action", { "event.action" }, CELL_TEXT, false, 13, "alert-opened, alert-updated..." },
	{ "ip", { "source.ip", "destination.ip" }, CELL_TEXT, false, 0.1, "either address" },
	{ "mac",
	  { "source.mac", "destination.mac" },
	  CELL_ADDRESS,
	  false,
	  17,
	  "either link address" },
	{ "id", { "weir.alert.id" }, CELL_TEXT, false, 16, "id of the alert" },
	{ "message", { "message" }, CELL_TEXT, false, 0.3, "one sentence" },
	{ "verdict",
	  { "weir.baseline.verdict" },
	  CELL_TEXT,
	  false,
	  10,
	  "not_normal; while that is learned: held, or finding" },
};

/* Unless every document is wanted: those of one alert are told as one. */
static bool tells_stories(const struct query *query)
{
	return !query_all(query) && !query_values((struct query *)(uintptr_t)query)->follow;
}

static void take(struct query *query, const char *json, size_t length)
{
	struct query_values *values = query_values(query);
	struct alert_stories *stories = values->gathered;

	if (stories == NULL || alert_stories_add(stories, json, length) < 0) {
		query_handler(query, json, length);
	}
}

static bool take_stored(void *query, const char *json, size_t length)
{
	take(query, json, length);
	return true;
}

static void show_all(struct query *query)
{
	struct alert_stories *stories = query_values(query)->gathered;
	struct buffer line = { 0 };

	if (stories != NULL && alert_stories_count(stories) > 0) {
		alert_stories_sort(stories);
	}
	for (size_t i = 0; stories != NULL && i < alert_stories_count(stories); i++) {
		buffer_clear(&line);
		alert_story_write(stories, i, &line);
		if (!line.failed) {
			query_handler(query, line.data, line.length);
		}
	}
	buffer_free(&line);
}

static void from_replay(struct query *query, struct replay *replay)
{
	(void)replay;
	show_all(query);
}

/* A person's word may be later than --until: the times choose among alerts, not among documents. */
static int from_store(struct query *query, struct store *store)
{
	int error;

	if (!tells_stories(query)) {
		return store_read_journal(store, "alert", query_since(query), query_until(query),
					  query_store_handler, query);
	}
	error = store_read_journal(store, "alert", TIME_NONE, TIME_NONE, take_stored, query);
	show_all(query);
	return error;
}

static const struct noun noun = {
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.first = "@timestamp",
	.last = "@timestamp",
	.newest = true,
	.stream = STREAM_ALERTS,
	.take = take,
	.from_replay = from_replay,
	.from_store = from_store,
};

static const struct option options[] = {
	QUERY_OPTIONS_SOURCE,
	QUERY_OPTIONS_OUTPUT,
	QUERY_OPTION_ALL("every document of an alert, not only its latest"),
	QUERY_OPTION_FOLLOW,
	QUERY_OPTION_RULES,
	QUERY_OPTION_EXCEPTIONS,
};

static bool is_id(const char *term)
{
	size_t n = strlen(term);

	return n >= 4 && n <= 16 && strspn(term, "0123456789abcdef") == n;
}

/* The terms, with those that are ids as filters; texts gets the memory of these. */
static const char **filters_of(const struct text_list *terms, char (**texts)[32])
{
	const char **filters = calloc(terms->n + 1, sizeof(*filters));

	*texts = calloc(terms->n + 1, sizeof(**texts));
	for (size_t i = 0; filters != NULL && *texts != NULL && i < terms->n; i++) {
		filters[i] = terms->items[i];
		if (is_id(terms->items[i])) {
			snprintf((*texts)[i], sizeof((*texts)[i]), "id~%s", terms->items[i]);
			filters[i] = (*texts)[i];
		}
	}
	return filters;
}

static int stories_query(const struct command *command, const struct noun *of,
			 struct query_values *values, const struct text_list *terms,
			 void (*write)(void *context, const struct tree *document, const char *json,
				       size_t length),
			 void *context)
{
	/* Of what is reviewed, --all is about what was decided on. */
	bool documents = of->stream == STREAM_ALERTS;
	struct alert_stories *stories = NULL;
	char(*texts)[32] = NULL;
	const char **filters = filters_of(terms, &texts);
	int exit_code = EXIT_FAILED;

	/* The stories live beside the query, which shows them as any other documents. */
	if (filters != NULL && texts != NULL &&
	    ((documents && (values->all || values->follow)) || alert_stories_new(&stories) == 0)) {
		values->gathered = stories;
		exit_code = query_write(command, of, values,
					&(struct text_list) { filters, terms->n }, write, context);
		values->gathered = NULL;
	}
	alert_stories_free(stories);
	free(filters);
	free(texts);
	return exit_code;
}

int alerts_query(const struct command *command, struct query_values *values,
		 const struct text_list *terms,
		 void (*write)(void *context, const struct tree *document, const char *json,
			       size_t length),
		 void *context)
{
	return stories_query(command, &noun, values, terms, write, context);
}

/* ---- what has to do with the baseline ---- */

static bool take_verdict(void *query, const char *json, size_t length)
{
	struct tree *document = NULL;

	if (tree_read(&document, json, length) == 0 &&
	    tree_text(document, "weir.baseline.verdict") != NULL) {
		take(query, json, length);
	}
	tree_free(document);
	return true;
}

static int verdicts_from_store(struct query *query, struct store *store)
{
	int error = store_read_journal(store, NULL, TIME_NONE, TIME_NONE, take_verdict, query);

	show_all(query);
	return error;
}

static const char *const only_open[] = { "state=open", NULL };

static const struct noun verdicts = {
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.defaults = only_open,
	.first = "@timestamp",
	.last = "@timestamp",
	.newest = true,
	.from_store = verdicts_from_store,
};

int verdicts_query(const struct command *command, struct query_values *values,
		   const struct text_list *terms,
		   void (*write)(void *context, const struct tree *document, const char *json,
				 size_t length),
		   void *context)
{
	if (values->output == NULL && !values->json) {
		values->output = "time,verdict,level,rule,source,target,operation,count,id";
	}
	return stories_query(command, &verdicts, values, terms, write, context);
}

static int run_with(const struct command *command, int argc, char **argv, bool follow)
{
	struct query_values values = { .limit = LIMIT_UNSET };
	struct text_list terms = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	values.follow = values.follow || follow;
	exit_code = alerts_query(command, &values, &terms, NULL, NULL);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

static int run(const struct command *command, int argc, char **argv)
{
	return run_with(command, argc, argv, false);
}

static int run_watch(const struct command *command, int argc, char **argv)
{
	return run_with(command, argc, argv, true);
}

static const struct command verb_list = {
	.name = "alerts list",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "what the rules found",
	.details = "The same as weir alerts.\n\n" QUERY_TEXT_DETAILS,
	.examples = "  weir alerts list state=open level.gte=high\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};

static const struct command verb_watch = {
	.name = "alerts watch",
	.arguments = "[FILTER...] [--db FILE]",
	.summary = "alerts as they come",
	.details =
	    "Shows what the sensor adds to its database until stopped: every document of an\n"
	    "alert, not only its latest.\n\n" QUERY_TEXT_DETAILS,
	.examples = "  weir alerts watch level.gte=high\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run_watch,
};

static const struct command *const verbs[] = {
	&verb_list,
	&command_alerts_show,
	&command_alerts_ack,
	&command_alerts_close,
	&command_alerts_reopen,
	&command_alerts_stats,
	&command_alerts_verify,
	&verb_watch,
	NULL,
};

const struct command command_alerts = {
	.name = "alerts",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "what the rules found",
	.details = "Shows each alert once: the evidence that came with it, the counts of its "
		   "latest document,\n"
		   "and what persons said of it.\n\n" QUERY_TEXT_DETAILS,
	.examples = "  weir alerts level.gte=high --since 2d\n"
		    "  weir alerts -r plant.pcap -o +technique,+requirement\n"
		    "  weir alerts -f\n"
		    "  weir alerts target=10.0.0.3 -J\n",
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.verbs = verbs,
	.run = run,
};
