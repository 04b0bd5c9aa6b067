/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/forwarder.h"

#include "capture/base/hash.h"
#include "store/clock.h"
#include "store/forward_position.h"
#include "store/sensor_note.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH_BYTES (1U << 20)
#define ROW_BYTES   1024 /* about, to read no more than a batch holds */
#define LOOK_EVERY  (500 * NS_PER_MS)
#define KEEP_EVERY  (100 * NS_PER_MS)
#define WAIT_FIRST  NS_PER_S
#define WAIT_MOST   NS_PER_MINUTE
#define WAIT_ASKED  (5 * NS_PER_MINUTE)
#define LAST_CALL   (10 * NS_PER_S)
#define STATE_KEY   "forward:"

struct forwarder {
	struct forwarder_options options;
	char name[FORWARD_NAME_MAX], key[FORWARD_NAME_MAX + sizeof(STATE_KEY)];
	struct output output;
	struct forward_rows *rows;
	struct forward_position position, kept;
	/* Up to where the batch goes that was begun: it is sent whole before any newer row, so that
	 * its documents have the numbers again that they had, however it ended. */
	struct forward_position plan;
	bool has_plan;
	pthread_t thread;
	bool started;
	/* The batch under way. */
	struct buffer lines;
	size_t n_lines;
	struct forward_position reached;
	enum forward_table table;
	uint64_t missing; /* before its next row */
	struct output_answer answer;
	size_t batch_bytes;
	int64_t kept_at, wait, asked;
	unsigned random;
	/* Under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t wake, idle;
	bool stopping, hurry;
	uint64_t drains, drained; /* asked for; the last that was answered */
	struct forwarder_status status;
};

/* ---- the position ---- */

static int newest_position(struct forwarder *forwarder)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < FORWARD_TABLES; i++) {
		forwarder->position.seq[i] =
		    forward_rows_newest(forwarder->rows, (enum forward_table)i, &error);
	}
	return error;
}

/* Where it left off; the first time at the end of what is there, unless that is wanted, too. */
static int load_position(struct forwarder *forwarder, struct problem *problem)
{
	char text[FORWARD_POSITION_SIZE];
	int error = store_get_state(forwarder->options.store, forwarder->key, text, sizeof(text));

	if (error == 0) {
		return forward_position_read(text, &forwarder->position, &forwarder->plan,
					     &forwarder->has_plan)
			   ? 0
			   : problem_set(problem, -EINVAL, "%s: the position of output %s is '%s'",
					 forwarder->options.path, forwarder->name, text);
	}
	/* Kept at once: what is stored from now on is sent, whatever happens. */
	if (error == -ENOENT) {
		error = forwarder->options.backlog ? 0 : newest_position(forwarder);
		forward_position_write(&forwarder->position, NULL, text);
		error = error == 0 ? store_set_state(forwarder->options.store, forwarder->key, text)
				   : error;
	}
	return error == 0 ? 0
			  : problem_set(problem, error, "%s: %s", forwarder->options.path,
					strerror(-error));
}

/* now: whatever was kept last. */
static void keep_position(struct forwarder *forwarder, bool now)
{
	int64_t clock = clock_monotonic();
	char text[FORWARD_POSITION_SIZE];

	if (memcmp(&forwarder->kept, &forwarder->position, sizeof(forwarder->kept)) == 0 ||
	    (!now && clock - forwarder->kept_at < KEEP_EVERY)) {
		return;
	}
	forward_position_write(&forwarder->position, NULL, text);
	if (store_note_state(forwarder->options.store, forwarder->key, text) == 0) {
		forwarder->kept = forwarder->position;
		forwarder->kept_at = clock;
	}
}

/* Durable, before the first document of a batch leaves. When it cannot be kept, the batch goes all
 * the same: after a crash its numbers may then be those of other documents. */
static void keep_plan(struct forwarder *forwarder)
{
	char text[FORWARD_POSITION_SIZE];

	forwarder->plan = forwarder->reached;
	forwarder->has_plan = true;
	forward_position_write(&forwarder->position, &forwarder->plan, text);
	(void)!store_set_state(forwarder->options.store, forwarder->key, text);
}

/* ---- documents ---- */

/* Behind which byte the members of the object "weir" begin, at the first depth; 0: there is none.
 */
static size_t weir_members(const char *json, size_t length)
{
	static const char key[] = "\"weir\":{";
	unsigned depth = 0;
	bool text = false;

	for (size_t i = 0; i < length; i++) {
		if (text) {
			i += json[i] == '\\';
			text = json[i] != '"';
		} else if (depth == 1 && json[i] == '"' && length - i >= sizeof(key) &&
			   memcmp(json + i, key, sizeof(key) - 1) == 0) {
			return i + sizeof(key) - 1;
		} else {
			text = json[i] == '"';
			depth += json[i] == '{' || json[i] == '[';
			depth -= json[i] == '}' || json[i] == ']';
		}
	}
	return 0;
}

/* Adds a document with the output's name and number as the first of "weir". */
static void add_line(struct forwarder *forwarder, const char *json, size_t length)
{
	struct buffer *lines = &forwarder->lines;
	size_t at;

	while (length > 0 && json[length - 1] == '\n') {
		length--;
	}
	at = weir_members(json, length);
	forwarder->reached.sequence++;
	forwarder->n_lines++;
	if (at == 0) {
		buffer_add(lines, json, length);
	} else {
		buffer_add(lines, json, at);
		buffer_format(lines, "\"output\":{\"name\":\"%s\",\"sequence\":%" PRIu64 "}%s",
			      forwarder->name, forwarder->reached.sequence,
			      json[at] != '}' ? "," : "");
		buffer_add(lines, json + at, length - at);
	}
	buffer_text(lines, "\n");
}

/* Rows of the table are gone that were not sent. */
static void add_gap(struct forwarder *forwarder, uint64_t from, uint64_t count)
{
	const char *table = forward_table_name(forwarder->table);
	struct buffer text = { 0 };
	uint64_t h = hash_stable(HASH_STABLE_START, table, strlen(table));
	struct sensor_note note = { .event = "output_gap",
				    .what = table,
				    .count = count,
				    .time = clock_wall(),
				    .sensor = forwarder->options.sensor };

	h = hash_stable(h, &forwarder->options.sensor_id, sizeof(forwarder->options.sensor_id));
	h = hash_stable(h, forwarder->name, strlen(forwarder->name));
	h = hash_stable(h, &from, sizeof(from));
	note.id = hash_stable_end(h);
	sensor_note_write(&text, &note);
	if (!text.failed) {
		add_line(forwarder, text.data, text.length);
	}
	forwarder->missing += count;
	buffer_free(&text);
}

static bool take_row(void *context, uint64_t seq, const char *what, const char *json, size_t length)
{
	struct forwarder *forwarder = context;
	const struct forwarder_options *options = &forwarder->options;
	uint64_t *reached = &forwarder->reached.seq[forwarder->table];

	if (forwarder->has_plan && seq > forwarder->plan.seq[forwarder->table]) {
		return false;
	}
	if (forwarder->table != FORWARD_ALERTS && seq > *reached + 1) {
		add_gap(forwarder, *reached + 1, seq - *reached - 1);
	}
	*reached = seq;
	if (options->wants == NULL ||
	    options->wants(options->context, forwarder->table, what, json, length)) {
		add_line(forwarder, json, length);
	}
	return (forwarder->has_plan || forwarder->lines.length < forwarder->batch_bytes) &&
	       !forwarder->lines.failed;
}

/* ---- the thread ---- */

/* One table: up to the plan, or as much as there is room for. */
static int gather_table(struct forwarder *forwarder, enum forward_table table)
{
	uint64_t *reached = &forwarder->reached.seq[table], end = forwarder->plan.seq[table];
	size_t most = forwarder->has_plan ? SIZE_MAX / 2 : forwarder->batch_bytes / ROW_BYTES;
	int error;

	forwarder->table = table;
	error = forward_rows_read(forwarder->rows, table, *reached, most, take_row, forwarder);
	if (error == 0 && forwarder->has_plan && *reached < end) {
		/* The rest of it was removed meanwhile; of alerts these are rows of another kind.
		 */
		if (table != FORWARD_ALERTS) {
			add_gap(forwarder, *reached + 1, end - *reached);
		}
		*reached = end;
	}
	return error;
}

static int gather(struct forwarder *forwarder)
{
	int error = 0;

	buffer_clear(&forwarder->lines);
	forwarder->n_lines = 0;
	forwarder->missing = 0;
	forwarder->answer = (struct output_answer) { 0 };
	forwarder->reached = forwarder->position;
	for (size_t i = 0; error == 0 && i < FORWARD_TABLES; i++) {
		if (forwarder->options.tables[i] &&
		    (forwarder->has_plan || forwarder->lines.length < forwarder->batch_bytes)) {
			error = gather_table(forwarder, (enum forward_table)i);
		}
	}
	if (error == 0 && !forwarder->has_plan && forwarder->n_lines > 0) {
		keep_plan(forwarder);
	}
	return error == 0 && forwarder->lines.failed ? -ENOMEM : error;
}

static int settle(struct forwarder *forwarder, bool last, struct problem *problem)
{
	const struct output_class *class = forwarder->output.class;

	return class->settle != NULL ? class->settle(forwarder->output.state, last, problem) : 0;
}

static int send_batch(struct forwarder *forwarder, struct problem *problem)
{
	const struct output_batch batch = { forwarder->lines.data, forwarder->lines.length,
					    forwarder->n_lines };

	return batch.n == 0 ? settle(forwarder, false, problem)
			    : forwarder->output.class->send(forwarder->output.state, &batch,
							    &forwarder->answer, problem);
}

/* Until the next try: between half of the wait and all of it, or what the receiver asked for and a
 * part of a second. */
static int64_t with_jitter(struct forwarder *forwarder)
{
	int64_t wait = forwarder->wait;
	int64_t part = rand_r(&forwarder->random) % 1000;
	int64_t ours = wait / 2 + wait / 2 * part / 1000;
	int64_t asked = forwarder->asked > 0 ? forwarder->asked + part * NS_PER_MS : 0;

	return asked > ours ? asked : ours;
}

static void note_failure(struct forwarder *forwarder, const char *what)
{
	bool first;

	forwarder->wait = forwarder->wait == 0              ? WAIT_FIRST
			  : forwarder->wait < WAIT_MOST / 2 ? forwarder->wait * 2
							    : WAIT_MOST;
	forwarder->asked =
	    forwarder->answer.wait < WAIT_ASKED ? forwarder->answer.wait : WAIT_ASKED;
	pthread_mutex_lock(&forwarder->lock);
	first = forwarder->status.failures++ == 0;
	snprintf(forwarder->status.error, sizeof(forwarder->status.error), "%s", what);
	pthread_mutex_unlock(&forwarder->lock);
	if (first) {
		log_warning(forwarder->options.log, "output %s: %s; it is tried again",
			    forwarder->name, what);
	}
}

/* all: nothing waited any more when the round began, which answers so many drains. */
static void note_success(struct forwarder *forwarder, bool all, uint64_t drains)
{
	bool again;

	forwarder->wait = 0;
	pthread_mutex_lock(&forwarder->lock);
	again = forwarder->status.failures > 0;
	forwarder->status.failures = 0;
	forwarder->status.error[0] = '\0';
	forwarder->status.sent += forwarder->n_lines;
	forwarder->status.missing += forwarder->missing;
	forwarder->status.rejected += forwarder->answer.rejected;
	forwarder->status.sequence = forwarder->position.sequence;
	forwarder->drained = all ? drains : forwarder->drained;
	pthread_cond_broadcast(&forwarder->idle);
	pthread_mutex_unlock(&forwarder->lock);
	if (forwarder->answer.rejected > 0) {
		log_warning(forwarder->options.log,
			    "output %s: %zu of %zu documents were rejected: %s", forwarder->name,
			    forwarder->answer.rejected, forwarder->n_lines, forwarder->answer.text);
	}
	if (again) {
		log_info(forwarder->options.log, "output %s takes documents again",
			 forwarder->name);
	}
}

static uint64_t drains_asked(struct forwarder *forwarder)
{
	uint64_t drains;

	pthread_mutex_lock(&forwarder->lock);
	drains = forwarder->drains;
	pthread_mutex_unlock(&forwarder->lock);
	return drains;
}

/* One batch. True: there may be more. */
static bool round_of(struct forwarder *forwarder)
{
	struct problem problem = { "" };
	uint64_t drains = drains_asked(forwarder);
	int error = gather(forwarder);
	bool all;

	if (error == 0) {
		error = send_batch(forwarder, &problem);
	}
	if (error < 0) {
		note_failure(forwarder, problem.text[0] != '\0' ? problem.text : strerror(-error));
		return false;
	}
	all = memcmp(&forwarder->reached, &forwarder->position, sizeof(forwarder->reached)) == 0;
	forwarder->position = forwarder->reached;
	forwarder->has_plan = false;
	note_success(forwarder, all, drains);
	keep_position(forwarder, all);
	return !all;
}

static void rest(struct forwarder *forwarder, int64_t ns)
{
	struct timespec until;
	int64_t at = clock_monotonic() + ns;

	until.tv_sec = (time_t)(at / NS_PER_S);
	until.tv_nsec = (long)(at % NS_PER_S);
	pthread_mutex_lock(&forwarder->lock);
	if (!forwarder->stopping && !forwarder->hurry) {
		(void)pthread_cond_timedwait(&forwarder->wake, &forwarder->lock, &until);
	}
	forwarder->hurry = false;
	pthread_mutex_unlock(&forwarder->lock);
}

static bool is_stopping(struct forwarder *forwarder)
{
	bool stopping;

	pthread_mutex_lock(&forwarder->lock);
	stopping = forwarder->stopping;
	pthread_mutex_unlock(&forwarder->lock);
	return stopping;
}

static void *run(void *context)
{
	struct forwarder *forwarder = context;
	struct problem problem = { "" };
	bool more = true;
	int64_t until;
	sigset_t all;

	/* Signals are for others; a receiver that hangs up is an error, not one. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (!is_stopping(forwarder)) {
		more = round_of(forwarder);
		if (!more) {
			rest(forwarder, forwarder->wait > 0 ? with_jitter(forwarder) : LOOK_EVERY);
		}
	}
	/* What is left, as long as it is taken; the rest is for the next start. */
	until = clock_monotonic() + LAST_CALL;
	while (forwarder->wait == 0 && clock_monotonic() < until && round_of(forwarder)) {
	}
	if (settle(forwarder, true, &problem) < 0) {
		note_failure(forwarder, problem.text);
	}
	keep_position(forwarder, true);
	return NULL;
}

/* ---- life ---- */

static int start(struct forwarder *forwarder, struct problem *problem)
{
	pthread_condattr_t attributes;
	int error = forward_rows_open(&forwarder->rows, forwarder->options.path, problem);

	if (error == 0) {
		error = load_position(forwarder, problem);
	}
	if (error < 0) {
		return error;
	}
	forwarder->status.sequence = forwarder->position.sequence;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&forwarder->wake, &attributes);
	pthread_cond_init(&forwarder->idle, &attributes);
	pthread_condattr_destroy(&attributes);
	error = -pthread_create(&forwarder->thread, NULL, run, forwarder);
	forwarder->started = error == 0;
	return error == 0
		   ? 0
		   : problem_set(problem, error, "cannot start a thread: %s", strerror(-error));
}

int forwarder_new(struct forwarder **out, const struct forwarder_options *options,
		  struct output output, struct problem *problem)
{
	struct forwarder *forwarder = calloc(1, sizeof(*forwarder));
	int error;

	if (forwarder == NULL) {
		output.class->close(output.state);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	forwarder->options = *options;
	forwarder->output = output;
	forwarder->batch_bytes =
	    output.class->batch_bytes > 0 ? output.class->batch_bytes : BATCH_BYTES;
	forwarder->random = (unsigned)clock_wall();
	snprintf(forwarder->name, sizeof(forwarder->name), "%s", options->name);
	snprintf(forwarder->key, sizeof(forwarder->key), STATE_KEY "%s", forwarder->name);
	pthread_mutex_init(&forwarder->lock, NULL);
	error = start(forwarder, problem);
	if (error < 0) {
		forwarder_free(forwarder);
		return error;
	}
	*out = forwarder;
	return 0;
}

void forwarder_stop(struct forwarder *forwarder)
{
	if (forwarder != NULL && forwarder->started) {
		pthread_mutex_lock(&forwarder->lock);
		forwarder->stopping = true;
		pthread_cond_signal(&forwarder->wake);
		pthread_mutex_unlock(&forwarder->lock);
	}
}

struct forwarder *forwarder_free(struct forwarder *forwarder)
{
	if (forwarder == NULL) {
		return NULL;
	}
	forwarder_stop(forwarder);
	if (forwarder->started) {
		pthread_join(forwarder->thread, NULL);
		pthread_cond_destroy(&forwarder->wake);
		pthread_cond_destroy(&forwarder->idle);
	}
	forwarder->output.class->close(forwarder->output.state);
	forward_rows_close(forwarder->rows);
	buffer_free(&forwarder->lines);
	pthread_mutex_destroy(&forwarder->lock);
	free(forwarder);
	return NULL;
}

bool forwarder_drain(struct forwarder *forwarder, int64_t patience)
{
	int64_t at = clock_monotonic() + patience;
	struct timespec until = { .tv_sec = (time_t)(at / NS_PER_S),
				  .tv_nsec = (long)(at % NS_PER_S) };
	uint64_t drain;
	bool sent;

	pthread_mutex_lock(&forwarder->lock);
	drain = ++forwarder->drains;
	forwarder->hurry = true;
	pthread_cond_signal(&forwarder->wake);
	while (forwarder->drained < drain &&
	       pthread_cond_timedwait(&forwarder->idle, &forwarder->lock, &until) == 0) {
	}
	sent = forwarder->drained >= drain;
	pthread_mutex_unlock(&forwarder->lock);
	return sent;
}

struct forwarder_status forwarder_status(struct forwarder *forwarder)
{
	struct forwarder_status status;

	pthread_mutex_lock(&forwarder->lock);
	status = forwarder->status;
	pthread_mutex_unlock(&forwarder->lock);
	return status;
}
