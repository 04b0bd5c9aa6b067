/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir alerts show - one alert on a page: what happened, why it matters, what to do, and what
 * became of it. */

#include "cli/alert_evidence.h"
#include "cli/alert_query.h"
#include "cli/alert_story.h"
#include "cli/evidence_request.h"
#include "cli/known.h"
#include "cli/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sections, and the facts in each: path in the document and word on the page. */
static const struct {
	const char *heading;
	struct {
		const char *path, *word;
	} facts[14];
} sections[] = {
	{ NULL,
	  { { "rule.name", "alert" },
	    { "weir.alert.explanation", "what" },
	    { "weir.alert.next_step", "next step" },
	    { "weir.level", "level" },
	    { "event.risk_score", "risk" },
	    { "weir.alert.state", "state" },
	    { "weir.alert.by", "by" },
	    { "weir.alert.reason", "because" },
	    { "weir.alert.count", "count" },
	    { "weir.alert.first", "first" },
	    { "weir.alert.last", "last" },
	    { "weir.alert.operations", "operations" },
	    { "weir.alert.id", "id" } } },
	{ "FROM",
	  { { "weir.source.name", "name" },
	    { "source.ip", "ip" },
	    { "source.mac", "mac" },
	    { "weir.source.role", "role" },
	    { "weir.source.vendor", "vendor" },
	    { "weir.source.level", "level" },
	    { "weir.source.zone", "zone" } } },
	{ "TO",
	  { { "weir.destination.name", "name" },
	    { "destination.ip", "ip" },
	    { "destination.port", "port" },
	    { "destination.mac", "mac" },
	    { "weir.destination.role", "role" },
	    { "weir.destination.vendor", "vendor" },
	    { "weir.destination.level", "level" },
	    { "weir.destination.zone", "zone" } } },
	{ "EVIDENCE",
	  { { "network.protocol", "protocol" },
	    { "weir.operation", "operation" },
	    { "weir.function", "function" },
	    { "event.outcome", "outcome" },
	    { "weir.packet", "packet" },
	    { "weir.policy.violation", "policy" },
	    { "weir.policy.conduit", "conduit" },
	    { "weir.policy.owner", "owner" },
	    { "weir.policy.ticket", "ticket" },
	    { "weir.correlation.rules", "step" },
	    { "weir.correlation.times", "at" } } },
	{ "RULE",
	  { { "rule.id", "id" },
	    { "rule.version", "version" },
	    { "weir.rule_set.hash", "rule set" },
	    { "weir.policy.hash", "policy" },
	    { "weir.configuration.hash", "configuration" },
	    { "rule.reference", "see" } } },
};

struct shown {
	struct page *page;
	const char *word;
};

static bool show_value(void *context, const struct tree_value *value)
{
	const struct shown *shown = context;

	page_fact(shown->page, shown->word, value->text);
	return true;
}

static void show_facts(struct page *page, const struct tree *document)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		page_section(page, sections[i].heading);
		for (size_t k = 0;
		     k < ARRAY_SIZE(sections[i].facts) && sections[i].facts[k].path != NULL; k++) {
			struct shown shown = { page, sections[i].facts[k].word };

			tree_visit(document, sections[i].facts[k].path, show_value, &shown);
		}
	}
}

/* ---- mappings: lists that belong together, index by index ---- */

#define ROWS_MAX 8

struct list {
	char texts[ROWS_MAX][160];
	size_t n;
};

static bool take_text(void *context, const struct tree_value *value)
{
	struct list *list = context;

	if (list->n < ROWS_MAX) {
		snprintf(list->texts[list->n++], sizeof(list->texts[0]), "%s", value->text);
	}
	return true;
}

static void show_mapping(struct page *page, const struct tree *document, const char *const *paths)
{
	struct list lists[3] = { { .n = 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (paths[i] != NULL) {
			tree_visit(document, paths[i], take_text, &lists[i]);
		}
	}
	for (size_t row = 0; row < lists[0].n; row++) {
		const char *cells[3];

		for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
			cells[i] = row < lists[i].n ? lists[i].texts[row] : "";
		}
		page_row(page, cells);
	}
}

static void show_mappings(struct page *page, const struct tree *document)
{
	static const struct page_column columns[] = { { .heading = "MAPS TO" },
						      { .heading = "HOW" },
						      { .heading = "WHY", .kind = PAGE_LONG } };
	static const char *const rows[][3] = {
		{ "threat.technique.id", NULL, "threat.technique.name" },
		{ "weir.iec62443.sr", "weir.iec62443.relation", "weir.iec62443.reason" },
		{ "weir.iso27001.control", NULL, "weir.iso27001.reason" },
	};

	page_section(page, "MAPPINGS");
	page_table(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		show_mapping(page, document, rows[i]);
	}
}

/* ---- history ---- */

static void show_history(struct page *page, const struct alert_stories *stories, size_t number)
{
	static const struct page_column columns[] = { { .heading = "TIME" },
						      { .heading = "WHAT" },
						      { .heading = "COUNT", .kind = PAGE_NUMBER },
						      { .heading = "BY" },
						      { .heading = "WHY", .kind = PAGE_LONG } };
	size_t n = 0;
	const struct alert_step *steps = alert_story_steps(stories, number, &n);

	page_section(page, "HISTORY");
	page_table(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < n; i++) {
		char count[24] = "";
		const char *cells[] = { steps[i].time, steps[i].action, count,
					steps[i].by != NULL ? steps[i].by : "sensor",
					steps[i].reason };

		if (steps[i].count > 0) {
			snprintf(count, sizeof(count), "%lld", (long long)steps[i].count);
		}
		page_row(page, cells);
	}
}

static int show_page(const struct alert_stories *stories, size_t number)
{
	struct buffer text = { 0 };
	struct tree *document = NULL;
	struct page *page = NULL;
	int error;

	alert_story_write(stories, number, &text);
	error = text.failed ? -ENOMEM : tree_read(&document, text.data, text.length);
	error = error == 0 ? page_new(&page, stdout) : error;
	if (error == 0) {
		show_facts(page, document);
		show_mappings(page, document);
		show_history(page, stories, number);
		error = page_end(page);
	}
	page_free(page);
	tree_free(document);
	buffer_free(&text);
	return error;
}

/* ---- where it is from ---- */

static int begin(struct query *query, struct problem *problem)
{
	struct alert_stories *stories = NULL;
	int error = alert_stories_new(&stories);

	query_values(query)->gathered = stories;
	return error == 0 ? 0 : problem_set(problem, error, "out of memory");
}

static void end(struct query *query)
{
	query_values(query)->gathered = alert_stories_free(query_values(query)->gathered);
}

static void take(struct query *query, const char *json, size_t length)
{
	if (alert_stories_add(query_values(query)->gathered, json, length) < 0) {
		log_warning(query_log(query), "out of memory: something may be missing");
	}
}

static bool take_stored(void *query, const char *json, size_t length)
{
	take(query, json, length);
	return true;
}

static bool take_reading(void *context, const char *json, size_t length)
{
	struct query *query = context;

	if (alert_stories_note(query_values(query)->gathered, json, length) < 0) {
		log_warning(query_log(query), "out of memory: something may be missing");
	}
	return true;
}

static int from_store(struct query *query, struct store *store)
{
	int error = store_read_journal(store, "alert", TIME_NONE, TIME_NONE, take_stored, query);

	return error < 0 ? error
			 : store_read_journal(store, "evidence", TIME_NONE, TIME_NONE, take_reading,
					      query);
}

/* --pcap FILE: the packets in place of the page; those that the sensor kept. */
static int fetch_evidence(const struct query_values *values, const char *id,
			  struct problem *problem)
{
	const struct channel_values from = { values->database, values->socket };
	uint64_t bytes = 0;
	int error = evidence_fetch(&from, id, values->output, &bytes, problem);

	if (error == 0) {
		fprintf(stderr, "%s: %llu bytes\n", values->output, (unsigned long long)bytes);
	}
	return error;
}

/* Those of the captures. */
static int write_evidence(struct query *query, size_t number, struct problem *problem)
{
	const struct query_values *values = query_values(query);
	struct buffer text = { 0 };
	struct tree *document = NULL;
	uint64_t n = 0;
	int error;

	if (values->files.n == 0) {
		return fetch_evidence(values, alert_story_id(values->gathered, number), problem);
	}
	alert_story_write(values->gathered, number, &text);
	error = text.failed ? problem_set(problem, -ENOMEM, "out of memory")
			    : tree_read(&document, text.data, text.length);
	if (error == 0) {
		error = alert_evidence_write(document, &values->files, values->output, &n, problem);
	}
	if (error == 0) {
		fprintf(stderr, "%s: %llu packets\n", values->output, (unsigned long long)n);
	}
	tree_free(document);
	buffer_free(&text);
	return error;
}

static int show(struct query *query, struct problem *problem)
{
	const struct alert_stories *stories = query_values(query)->gathered;
	const char *id = query_operand(query, 0);
	size_t number = 0;
	int error = alert_stories_find(stories, id, &number);

	if (error < 0) {
		return problem_set(problem, error,
				   error == -EEXIST
				       ? "the ids of several alerts begin with '%s'"
				       : "no alert has the id '%s' (weir alerts -o +id)",
				   id);
	}
	if (query_values(query)->output != NULL) {
		return write_evidence(query, number, problem);
	}
	if (query_values(query)->json) {
		struct buffer text = { 0 };

		alert_story_write(stories, number, &text);
		printf("%.*s\n", (int)text.length, text.data != NULL ? text.data : "");
		buffer_free(&text);
		return 0;
	}
	error = show_page(stories, number);
	return error < 0 ? problem_set(problem, error, "cannot show it") : 0;
}

static const struct noun noun = {
	.columns = alert_columns,
	.n_columns = ALERT_COLUMNS,
	.n_operands = 1,
	.operands = "the id of an alert, or its beginning",
	.stream = STREAM_ALERTS,
	.take = take,
	.from_store = from_store,
	.begin = begin,
	.show = show,
	.end = end,
};

static const struct option options[] = {
	QUERY_OPTION_READ,
	QUERY_OPTION_DATABASE,
	QUERY_OPTION_JSON,
	QUERY_OPTION_RULES,
	{ 0, "pcap", "FILE", OPTION_TEXT, offsetof(struct query_values, output),
	  "write the packets around it, as pcapng" },
	{ 0, "socket", "FILE", OPTION_TEXT, offsetof(struct query_values, socket),
	  "with --pcap: socket of the sensor (default: that of the configuration)" },
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_alerts_show = {
	.name = "alerts show",
	.arguments = "ID [-r FILE | --db FILE]",
	.summary = "one alert: what happened, what to do, and what became of it",
	.details =
	    "ID is the id of an alert or its beginning (weir alerts -o +id). The packets that "
	    "--pcap\n"
	    "writes are those of its flow that the running sensor kept (or, without one, that are\n"
	    "kept beside its database); who got them is a row of the journal. With -r they are "
	    "those\n"
	    "of its two ends from a minute before its first hit to a minute after its last. The\n"
	    "one that raised it has a comment. Nobody but you may read the file.\n",
	.examples = "  weir alerts show fd2b1ef8\n"
		    "  weir alerts show fd2b1ef8 --pcap evidence.pcapng\n"
		    "  weir alerts show fd2b1ef8 -r plant.pcap\n"
		    "  weir alerts show fd2b1ef8 -r plant.pcap --pcap evidence.pcapng\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
