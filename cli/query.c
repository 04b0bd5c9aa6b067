/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/query.h"

#include "cli/known.h"
#include "cli/log.h"
#include "cli/query_output.h"
#include "cli/recent.h"
#include "cli/setup.h"
#include "cli/stop.h"
#include "cli/when.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Without -n: of a table the newest or first so many, of documents all. */
#define TABLE_LIMIT   1000
#define FOLLOW_LIMIT  10
#define FOLLOW_PERIOD 1 /* s */
/* What the sensor stores late is still found when following. */
#define FOLLOW_OVERLAP NS_PER_MINUTE

struct query {
	const struct command *command;
	const struct noun *noun;
	struct query_values values;
	const struct text_list *terms;
	/* Where the documents go; NULL: to standard output. */
	void (*write)(void *context, const struct tree *document, const char *json, size_t length);
	void *write_context;
	struct log_sink log;
	struct field_registry *registry;
	struct filter *filter;
	struct output *output;
	struct buffer line;    /* of an event during a replay */
	struct recent *recent; /* following: what was shown */
	struct document_options document;
	int64_t since, until, newest;
};

static int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t query_since(const struct query *query)
{
	return query->since;
}

int64_t query_until(const struct query *query)
{
	return query->until;
}

const char *query_operand(const struct query *query, size_t i)
{
	return query->terms->items[i];
}

bool query_all(const struct query *query)
{
	return query->values.all;
}

const struct log_sink *query_log(const struct query *query)
{
	return &query->log;
}

const struct field_registry *query_registry(const struct query *query)
{
	return query->registry;
}

const struct text_list *query_rule_folders(const struct query *query)
{
	return &query->values.rules;
}

struct query_values *query_values(struct query *query)
{
	return &query->values;
}

bool query_is_filtered(const struct query *query)
{
	return query->terms->n > 0 || query->since != TIME_NONE || query->until != TIME_NONE;
}

/* ---- documents in ---- */

static bool time_at(const struct tree *document, const char *path, int64_t *out)
{
	const char *text = path != NULL ? tree_text(document, path) : NULL;

	return text != NULL && when_parse_iso(text, out) == 0;
}

/* Whether the value is a time before the other one; stops at one that is not. */
static bool is_before(void *since, const struct tree_value *value)
{
	int64_t time;

	return when_parse_iso(value->text, &time) < 0 || time < *(const int64_t *)since;
}

static bool happened_since(const struct query *query, const struct tree *document)
{
	const char *const *paths = query->noun->changed;
	int64_t time, since = query->since;

	if (paths == NULL) {
		return !time_at(document, query->noun->last, &time) || time >= since;
	}
	while (*paths != NULL && tree_visit(document, *paths, is_before, &since)) {
		paths++;
	}
	return *paths != NULL;
}

static bool in_window(const struct query *query, const struct tree *document)
{
	int64_t time;

	if (query->since != TIME_NONE && !happened_since(query, document)) {
		return false;
	}
	return query->until == TIME_NONE || !time_at(document, query->noun->first, &time) ||
	       time < query->until;
}

bool query_wants(const struct query *query, const struct tree *document)
{
	return in_window(query, document) && filter_matches(query->filter, document);
}

static bool wanted(void *context, const struct tree *document)
{
	return query_wants(context, document);
}

bool query_skips(struct query *query)
{
	return output_skips(query->output);
}

/* Following: whether the document was shown before. */
static bool shown_before(struct query *query, const struct tree *document)
{
	const char *id = tree_text(document, "event.id");
	int64_t time;

	if (time_at(document, query->noun->last, &time)) {
		query->newest = time_max(query->newest, time);
	}
	return id != NULL && recent_seen(query->recent, id);
}

bool query_document(struct query *query, const char *json, size_t length)
{
	struct tree *document = NULL;
	bool more = true;

	if (tree_read(&document, json, length) < 0) {
		log_warning(&query->log, "a document that is no JSON object was left out");
		return true;
	}
	bool collapse = query->noun->unique != NULL && !query->values.all && !query->values.follow;
	if ((query->recent == NULL || !shown_before(query, document)) &&
	    (collapse || wanted(query, document))) {
		more = output_document(query->output, document, json, length);
	}
	tree_free(document);
	return more;
}

bool query_chosen(struct query *query, const char *json, size_t length)
{
	struct tree *document = NULL;
	bool more;

	if (output_takes_text(query->output)) {
		return output_document(query->output, NULL, json, length);
	}
	if (tree_read(&document, json, length) < 0) {
		return true;
	}
	more = output_document(query->output, document, json, length);
	tree_free(document);
	return more;
}

void query_handler(void *query, const char *json, size_t length)
{
	(void)query_document(query, json, length);
}

bool query_store_handler(void *query, const char *json, size_t length)
{
	return query_document(query, json, length);
}

static void on_event(void *context, const struct event *event)
{
	struct query *query = context;

	if (query->noun->stream == STREAM_CHANGES && event->record->kind != RECORD_ASSET_CHANGE) {
		return;
	}
	buffer_clear(&query->line);
	document_line(&query->line, &query->document, event);
	if (!query->line.failed) {
		(void)query_document(query, query->line.data, query->line.length);
	}
}

static void on_alert(void *context, const struct alert_document *alert)
{
	struct query *query = context;

	if (query->noun->take != NULL) {
		query->noun->take(query, alert->json, alert->length);
	} else {
		(void)query_document(query, alert->json, alert->length);
	}
}

/* ---- times ---- */

/* The time of the last packet of the captures: what "2d ago" means with -r. */
static int last_packet(const struct query *query, int64_t *out, struct problem *problem)
{
	const struct capture_file_options options = { NULL, NULL };
	struct capture_files *files = NULL;
	struct frame frame;
	int result;

	for (size_t i = 0; i < query->values.files.n; i++) {
		if (strcmp(query->values.files.items[i], "-") == 0) {
			return problem_set(problem, -EINVAL,
					   "a pipe cannot be read twice: give absolute times");
		}
	}
	result = capture_files_open(&files, query->values.files.items, query->values.files.n,
				    &options, problem);
	while (result >= 0 && (result = capture_files_next(files, &frame, problem)) == 1) {
		*out = frame.clock;
	}
	capture_files_close(files);
	return result;
}

static int time_read(const char *option, const char *text, int64_t now, int64_t *out,
		     struct problem *problem)
{
	*out = TIME_NONE;
	if (text == NULL || when_parse(text, now, out) == 0) {
		return 0;
	}
	return problem_set(problem, -EINVAL,
			   "%s '%s' is no time: 2d, 3h, monday, today, 2026-11-22, "
			   "2026-11-22T07:52",
			   option, text);
}

static int window_read(struct query *query, int64_t now, struct problem *problem)
{
	int error = time_read("--since", query->values.since, now, &query->since, problem);

	return error < 0 ? error
			 : time_read("--until", query->values.until, now, &query->until, problem);
}

/* Fills since and until. Reads the captures for it only if a time is relative. */
static int times_read(struct query *query, struct problem *problem)
{
	const int64_t week = 7 * NS_PER_DAY;
	int64_t now = clock_now(), since, until;
	int error = window_read(query, now, problem);

	if (error == 0 && query->values.files.n > 0) {
		since = query->since;
		until = query->until;
		error = window_read(query, now - week - NS_PER_HOUR, problem);
		if (error == 0 && (since != query->since || until != query->until)) {
			error = last_packet(query, &now, problem);
			error = error < 0 ? error : window_read(query, now, problem);
		}
	}
	filter_set_now(query->filter, now);
	return error;
}

/* ---- sources ---- */

static int from_replay(struct query *query, struct problem *problem)
{
	const struct noun *noun = query->noun;
	const struct replay_options options = {
		.files = query->values.files,
		.rule_folders = query->values.rules,
		.rules = noun->stream == STREAM_ALERTS || noun->judges,
		.exceptions = query->values.exceptions,
		.workers = 1,
		.on_alert = noun->stream == STREAM_ALERTS ? on_alert : NULL,
		.on_event = noun->stream == STREAM_EVENTS || noun->stream == STREAM_CHANGES
				? on_event
				: NULL,
		.context = query,
		.log = &query->log,
	};
	struct replay replay;
	int error = replay_begin(&replay, &options, problem);

	if (error < 0) {
		return error;
	}
	query->document = (struct document_options) { .sensor_id = sensor_id_of("replay"),
						      .sensor_name = "replay",
						      .registry = replay.registry };
	error = replay_run(&replay, &options, problem);
	if (error == 0 && noun->from_replay != NULL) {
		noun->from_replay(query, &replay);
	}
	replay_end(&replay);
	return error;
}

/* Shows what comes until a signal ends it. */
static int follow(struct query *query, struct store *store)
{
	const volatile int *stop = stop_watch();
	int error = output_flush(query->output);

	output_follow(query->output);
	while (error == 0 && *stop == 0) {
		sleep(FOLLOW_PERIOD);
		query->since =
		    query->newest == TIME_NONE ? TIME_NONE : query->newest - FOLLOW_OVERLAP;
		error = query->noun->from_store(query, store);
		error = error == 0 ? output_flush(query->output) : error;
	}
	return error;
}

static int from_store(struct query *query, struct problem *problem)
{
	struct store *store = NULL;
	int error = known_database(&store, query->values.database, &query->log, problem);

	if (error < 0) {
		return error;
	}
	if (query->values.follow) {
		query->recent = calloc(1, sizeof(*query->recent));
		error = query->recent != NULL ? 0 : -ENOMEM;
	}
	if (error == 0) {
		error = query->noun->from_store(query, store);
	}
	if (error == 0 && query->values.follow) {
		error = follow(query, store);
	}
	store_close(store, NULL);
	return error < 0
		   ? problem_set(problem, error, "cannot read the database: %s", strerror(-error))
		   : 0;
}

/* ---- the command ---- */

static int term_add(struct query *query, const char *term, struct problem *problem)
{
	char text[256];

	if (query->noun->bare != NULL && strpbrk(term, "=~") == NULL) {
		snprintf(text, sizeof(text), "%s~%s", query->noun->bare, term);
		term = text;
	}
	return filter_add(query->filter, term, query->registry, problem);
}

static int filter_begin(struct query *query, struct problem *problem)
{
	const struct noun *noun = query->noun;
	int error = filter_new(&query->filter, noun->columns, noun->n_columns);

	if (error == 0 && query->terms->n < noun->n_operands) {
		return problem_set(problem, -EINVAL, "wants %s", noun->operands);
	}
	for (size_t i = noun->n_operands; error == 0 && i < query->terms->n; i++) {
		error = term_add(query, query->terms->items[i], problem);
	}
	for (size_t i = 0; error == 0 && noun->defaults != NULL && noun->defaults[i] != NULL; i++) {
		char column[64];

		snprintf(column, sizeof(column), "%.*s", (int)strcspn(noun->defaults[i], "=!~"),
			 noun->defaults[i]);
		if (!query->values.all && !filter_names(query->filter, column)) {
			error = filter_add(query->filter, noun->defaults[i], NULL, problem);
		}
	}
	return error;
}

static uint64_t limit_of(const struct query *query)
{
	if (query->values.limit != LIMIT_UNSET) {
		return query->values.limit;
	}
	if (query->values.follow) {
		return FOLLOW_LIMIT;
	}
	return query->values.json ? 0 : TABLE_LIMIT;
}

static int output_begin(struct query *query, struct problem *problem)
{
	const struct noun *noun = query->noun;
	const char *columns = query->values.files.n > 0 ? noun->replay_columns : NULL;
	const struct output_options options = {
		.columns = noun->columns,
		.n_columns = noun->n_columns,
		.selection = query->values.output != NULL ? query->values.output : columns,
		.sort = query->values.sort,
		.unique = query->values.all || query->values.follow ? NULL : noun->unique,
		.wanted = wanted,
		.context = query,
		.json = query->values.json,
		.children = query->values.tree ? noun->children : NULL,
		.all_children = query->values.all,
		.newest = noun->newest,
		.limit = limit_of(query),
		.stream = stdout,
		.write = query->write,
		.write_context = query->write_context,
	};

	return output_new(&query->output, &options, problem);
}

static int query_run(struct query *query, struct problem *problem)
{
	if (query->noun->from_program != NULL && query->values.files.n == 0 &&
	    (query->values.database == NULL || query->noun->from_store == NULL)) {
		return query->noun->from_program(query, problem);
	}
	return query->values.files.n > 0 ? from_replay(query, problem) : from_store(query, problem);
}

static void query_notes(const struct query *query)
{
	const char *key = filter_never_seen(query->filter);
	const char *text = filter_never_met(query->filter);
	uint64_t left_out = query->output != NULL ? output_left_out(query->output) : 0;

	if (key != NULL) {
		log_warning(&query->log, "no document has a field '%s': see weir %s --help", key,
			    query->command->name);
	}
	if (text != NULL) {
		log_warning(&query->log, "nothing has the text '%s': see weir %s --help", text,
			    query->command->name);
	}
	if (left_out > 0 && query->values.limit == LIMIT_UNSET && !query->values.follow) {
		fprintf(
		    stderr, "weir: %llu more %s; -n 0 shows all\n", (unsigned long long)left_out,
		    query->noun->newest && query->values.sort == NULL ? "before these" : "follow");
	}
}

/* What is wrong with the options taken together, or NULL. */
static const char *contradiction(const struct query_values *values)
{
	if (values->files.n > 0 && values->database != NULL) {
		return "-r and --db exclude each other";
	}
	if (values->files.n > 0 && values->follow) {
		return "-f follows a database, not a capture";
	}
	if (values->follow && values->sort != NULL) {
		return "-f shows what comes as it comes: without --sort";
	}
	return values->follow && values->until != NULL ? "-f and --until exclude each other" : NULL;
}

static int query_begin(struct query *query, struct problem *problem)
{
	uint16_t bases[PROTOCOL_NONE];
	int error = registry_setup(&query->registry, bases, problem);

	if (error == 0) {
		error = filter_begin(query, problem);
	}
	if (error == 0) {
		error = query->noun->show != NULL ? query->noun->begin(query, problem)
						  : output_begin(query, problem);
	}
	return error;
}

static int query_show(struct query *query, struct problem *problem)
{
	int error;

	if (query->noun->show != NULL) {
		return query->noun->show(query, problem);
	}
	error = output_flush(query->output);
	return error < 0 ? problem_set(problem, error, "cannot write: %s", strerror(-error)) : 0;
}

static int query_whole(struct query *query)
{
	struct problem problem = { "" };
	int error = query_begin(query, &problem);

	if (error == 0) {
		error = times_read(query, &problem);
		if (error == -EINVAL) {
			return command_misused(query->command, "%s", problem.text);
		}
	} else if (error == -EINVAL) {
		return command_misused(query->command, "%s", problem.text);
	}
	if (error == 0) {
		error = query_run(query, &problem);
	}
	if (error == 0) {
		error = query_show(query, &problem);
	}
	if (error < 0) {
		return command_failed(exit_code_of(error), problem.text);
	}
	query_notes(query);
	return EXIT_FINE;
}

int query_write(const struct command *command, const struct noun *noun,
		const struct query_values *values, const struct text_list *filters,
		void (*write)(void *context, const struct tree *document, const char *json,
			      size_t length),
		void *context)
{
	struct query query = { .command = command,
			       .noun = noun,
			       .values = *values,
			       .terms = filters,
			       .write = write,
			       .write_context = context,
			       .log = log_to_stderr(false),
			       .since = TIME_NONE,
			       .until = TIME_NONE,
			       .newest = TIME_NONE };
	const char *wrong = contradiction(values);
	int exit_code = wrong != NULL ? command_misused(command, "%s", wrong) : query_whole(&query);

	if (query.values.gathered != NULL && noun->end != NULL) {
		noun->end(&query);
	}
	output_free(query.output);
	filter_free(query.filter);
	field_registry_free(query.registry);
	buffer_free(&query.line);
	free(query.recent);
	return exit_code;
}

int query_command(const struct command *command, const struct noun *noun, int argc, char **argv)
{
	struct query_values values = { .limit = LIMIT_UNSET };
	struct text_list filters = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &filters, &exit_code)) {
		return exit_code;
	}
	exit_code = query_write(command, noun, &values, &filters, NULL, NULL);
	options_end(command->options, command->n_options, &values, &filters);
	return exit_code;
}
