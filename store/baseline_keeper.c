/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/baseline_keeper.h"

#include "capture/base/json.h"
#include "store/baseline_lines.h"
#include "store/inventory_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_BASELINE       "baseline"       /* the state's name */
#define STATE_BASELINE_UNTIL "baseline_until" /* ns: when learning ends */
#define NOTED_MAX            100              /* lines in one row of the journal; all are counted */
#define OTHER_FRAME          "other"

struct baseline_keeper {
	struct baseline_keeper_options options;
	struct store *store;       /* NULL: memory only */
	struct baseline *baseline; /* never NULL */
	enum baseline_state state;
	int64_t until;                /* of learning; TIME_NONE before the first packet */
	struct baseline_frame *given; /* of the options */
	struct baseline_frame frames[BASELINE_FRAMES_MAX];
	const char *names[BASELINE_FRAMES_MAX];
	size_t n_frames;
	size_t frame;
	int64_t minute; /* in which that was found out */
};

struct baseline_keeper_options baseline_keeper_defaults(void)
{
	return (struct baseline_keeper_options) { .learning = 7 * NS_PER_DAY };
}

/* ---- times ---- */

/* The time that it is; the last one is what is no other. */
static size_t frame_at(const struct baseline_keeper *keeper, int64_t minute)
{
	for (size_t i = 0; i + 1 < keeper->n_frames; i++) {
		if (baseline_frame_holds(&keeper->frames[i], minute)) {
			return i;
		}
	}
	return keeper->n_frames - 1;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct baseline_frame *)a)->name,
		      ((const struct baseline_frame *)b)->name);
}

static bool same_frames(const struct baseline_keeper *keeper, const struct baseline_frame *frames,
			size_t n)
{
	size_t known = keeper->n_frames > 0 ? keeper->n_frames - 1 : 0;

	for (size_t i = 0; i < n && i < known; i++) {
		if (strcmp(keeper->frames[i].name, frames[i].name) != 0) {
			return false;
		}
	}
	return n == known;
}

/* Those of the baseline, else those of the options. Which it is now is not known before the next
 * tick. */
static void set_frames(struct baseline_keeper *keeper)
{
	struct baseline_frame frames[BASELINE_FRAMES_MAX];
	size_t own = 0, n;
	const struct baseline_frame *owned = baseline_frames(keeper->baseline, &own);

	n = size_min(own > 0 ? own : keeper->options.n_frames, BASELINE_FRAMES_MAX - 1);
	for (size_t i = 0; i < n; i++) {
		frames[i] = own > 0 ? owned[i] : keeper->options.frames[i];
	}
	qsort(frames, n, sizeof(frames[0]), by_name);
	if (!same_frames(keeper, frames, n)) {
		inventory_forget_frames(keeper->options.inventory);
	}
	for (size_t i = 0; i < n; i++) {
		keeper->frames[i] = frames[i];
		keeper->names[i] = keeper->frames[i].name;
	}
	keeper->names[n] = OTHER_FRAME;
	keeper->n_frames = n > 0 ? n + 1 : 0;
	keeper->frame = keeper->n_frames;
	keeper->minute = -1;
}

/* ---- in force ---- */

static void put_in_force(struct baseline_keeper *keeper)
{
	set_frames(keeper);
	inventory_use(keeper->options.inventory,
		      &(struct inventory_normal) { .state = keeper->state,
						   .baseline = keeper->baseline,
						   .frames = keeper->names,
						   .n_frames = keeper->n_frames,
						   .frame = keeper->frame });
}

void baseline_keeper_use(struct baseline_keeper *keeper, struct baseline *baseline)
{
	baseline_free(keeper->baseline);
	keeper->baseline = baseline;
	keeper->state = BASELINE_FROZEN;
	put_in_force(keeper);
}

/* ---- the store ---- */

static int take_line(void *context, const char *line, int64_t time, const char *user,
		     const char *reason)
{
	(void)time;
	(void)user;
	(void)reason;
	return baseline_lines_add(context, line);
}

int baseline_of_store(struct store *store, struct baseline **out, struct baseline_keeper_info *info)
{
	struct baseline_lines lines = { 0 };
	char text[32];
	int error = 0;

	*info = (struct baseline_keeper_info) { .state = BASELINE_LEARNING, .until = TIME_NONE };
	if (store_get_state(store, STATE_BASELINE, text, sizeof(text)) == 0) {
		(void)baseline_state_from_name(text, &info->state);
	}
	if (store_get_state(store, STATE_BASELINE_UNTIL, text, sizeof(text)) == 0) {
		info->until = strtoll(text, NULL, 10);
	}
	if (out != NULL) {
		error = store_read_normal(store, take_line, &lines);
		if (error == 0) {
			error = baseline_make(out, (const char *const *)lines.items, lines.n, NULL,
					      NULL);
		}
		info->baseline = error == 0 ? *out : NULL;
	}
	baseline_lines_free(&lines);
	return error;
}

static int keep_state(struct baseline_keeper *keeper)
{
	char text[32];
	int error;

	if (keeper->store == NULL) {
		return 0;
	}
	snprintf(text, sizeof(text), "%lld", (long long)keeper->until);
	error = store_set_state(keeper->store, STATE_BASELINE, baseline_state_name(keeper->state));
	return error == 0 ? store_set_state(keeper->store, STATE_BASELINE_UNTIL, text) : error;
}

/* ---- life ---- */

int baseline_keeper_new(struct baseline_keeper **out, const struct baseline_keeper_options *options,
			struct problem *problem)
{
	struct baseline_keeper *keeper = calloc(1, sizeof(*keeper));
	int error =
	    keeper == NULL ? -ENOMEM : baseline_make(&keeper->baseline, NULL, 0, NULL, NULL);

	if (error != 0) {
		baseline_keeper_free(keeper);
		return problem_set(problem, error, "out of memory");
	}
	keeper->options = *options;
	keeper->state = options->replay ? BASELINE_NONE : BASELINE_LEARNING;
	keeper->until = TIME_NONE;
	keeper->given = malloc((options->n_frames + 1) * sizeof(*keeper->given));
	if (keeper->given == NULL) {
		baseline_keeper_free(keeper);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < options->n_frames; i++) {
		keeper->given[i] = options->frames[i];
	}
	keeper->options.frames = keeper->given;
	put_in_force(keeper);
	*out = keeper;
	return 0;
}

int baseline_keeper_load(struct baseline_keeper *keeper, struct store *store,
			 struct problem *problem)
{
	struct baseline_keeper_info info;
	struct baseline *baseline = NULL;
	int error;

	keeper->store = store;
	if (keeper->options.replay) {
		return 0;
	}
	error = baseline_of_store(store, &baseline, &info);
	if (error != 0) {
		return problem_set(problem, error, "the baseline cannot be read: %s",
				   strerror(-error));
	}
	baseline_free(keeper->baseline);
	keeper->baseline = baseline;
	keeper->state = info.state;
	keeper->until = info.until;
	put_in_force(keeper);
	return 0;
}

struct baseline_keeper *baseline_keeper_free(struct baseline_keeper *keeper)
{
	if (keeper != NULL) {
		baseline_free(keeper->baseline);
		free(keeper->given);
		free(keeper);
	}
	return NULL;
}

struct baseline_keeper_info baseline_keeper_info(const struct baseline_keeper *keeper)
{
	return (struct baseline_keeper_info) {
		.state = keeper->state,
		.baseline = keeper->baseline,
		.until = keeper->state == BASELINE_LEARNING ? keeper->until : TIME_NONE,
		.frame = keeper->frame < keeper->n_frames ? keeper->names[keeper->frame] : NULL,
	};
}

/* ---- changes ---- */

/* What a change does to the lines. */
struct noting {
	struct baseline_keeper *keeper;
	const struct baseline_change *change;
	struct baseline_changed counts;
	struct json *json;
	size_t noted;
	int error;
};

static void note_line(void *context, bool added, const char *line)
{
	struct noting *noting = context;
	char text[BASELINE_LINE_SIZE + 2];

	noting->counts.added += added;
	noting->counts.removed += !added;
	if (noting->json != NULL && noting->noted++ < NOTED_MAX) {
		snprintf(text, sizeof(text), "%c%s", added ? '+' : '-', line);
		json_text(noting->json, NULL, text);
	}
}

/* A large change finds no room in the queue at once. */
static void keep_line(void *context, bool added, const char *line)
{
	struct noting *noting = context;
	const struct baseline_change *change = noting->change;
	struct store *store = noting->keeper->store;
	int error = noting->error;

	while (error == 0) {
		error =
		    store_normal(store, added, line, change->time, change->user, change->reason);
		if (error != -ENOSPC || store_flush(store) != 0) {
			break;
		}
		error = 0;
	}
	noting->error = error;
}

static int note_change(struct noting *noting, const struct baseline *now)
{
	const struct baseline_change *change = noting->change;
	struct store *store = noting->keeper->store;
	struct buffer line = { 0 };
	struct json json = json_to(&line);
	int error;

	json_object(&json, NULL);
	json_time(&json, "@timestamp", change->time);
	json_text(&json, "action", change->action);
	json_text(&json, "by", change->user);
	if (change->reason != NULL) {
		json_text(&json, "reason", change->reason);
	}
	json_text(&json, "state", baseline_state_name(noting->keeper->state));
	json_text(&json, "baseline", baseline_hash(now));
	json_uint(&json, "lines", baseline_count(now));
	json_array(&json, "changes");
	noting->json = &json;
	baseline_differences(noting->keeper->baseline, now, note_line, noting);
	json_end(&json);
	json_uint(&json, "added", noting->counts.added);
	json_uint(&json, "removed", noting->counts.removed);
	json_end(&json);
	error = line.failed ? -ENOMEM : 0;
	if (error == 0 && store != NULL) {
		error = store_journal(store, "baseline", change->time, baseline_hash(now),
				      line.data, line.length);
	}
	buffer_free(&line);
	return error;
}

static void tell_wrong(void *context, size_t line, const char *what)
{
	struct problem *problem = context;

	problem_set(problem, -EINVAL, "line %zu: %s", line, what);
}

static bool is_removed(const struct baseline_change *change, const char *line)
{
	for (size_t i = 0; i < change->n_remove; i++) {
		if (strcmp(change->remove[i], line) == 0) {
			return true;
		}
	}
	return change->whole;
}

static int make_changed(const struct baseline_keeper *keeper, const struct baseline_change *change,
			struct baseline **out, struct problem *problem)
{
	struct baseline_lines lines = { 0 };
	int error = 0;

	/* New lines first: mistakes are told by their number. */
	for (size_t i = 0; error == 0 && i < change->n_add; i++) {
		error = baseline_lines_add(&lines, change->add[i]);
	}
	for (size_t i = 0; error == 0 && i < baseline_count(keeper->baseline); i++) {
		const char *line = baseline_line(keeper->baseline, i);

		error = is_removed(change, line) ? 0 : baseline_lines_add(&lines, line);
	}
	if (error == 0) {
		error = baseline_make(out, (const char *const *)lines.items, lines.n, tell_wrong,
				      problem);
	}
	baseline_lines_free(&lines);
	return error;
}

static int store_changed(struct baseline_keeper *keeper, struct noting *noting,
			 const struct baseline *now)
{
	int error = note_change(noting, now);

	if (error == 0 && keeper->store != NULL) {
		baseline_differences(keeper->baseline, now, keep_line, noting);
		error = noting->error == 0 ? keep_state(keeper) : noting->error;
	}
	return error;
}

int baseline_keeper_change(struct baseline_keeper *keeper, const struct baseline_change *change,
			   struct baseline_changed *changed, struct problem *problem)
{
	struct noting noting = { .keeper = keeper, .change = change };
	enum baseline_state before = keeper->state;
	struct baseline *now = NULL;
	int error = make_changed(keeper, change, &now, problem);

	if (error != 0) {
		return problem_set(problem, error, "%s", strerror(-error));
	}
	if (change->state != BASELINE_NONE) {
		keeper->state = change->state;
	}
	if (change->state == BASELINE_LEARNING) {
		int64_t clock = inventory_clock(keeper->options.inventory);

		keeper->until = clock != TIME_NONE ? clock + change->learning : TIME_NONE;
	}
	error = store_changed(keeper, &noting, now);
	if (error != 0) {
		keeper->state = before;
		baseline_free(now);
		return problem_set(problem, error, "the change cannot be stored: %s",
				   strerror(-error));
	}
	*changed = noting.counts;
	baseline_free(keeper->baseline);
	keeper->baseline = now;
	put_in_force(keeper);
	return 0;
}

int baseline_keeper_freeze(struct baseline_keeper *keeper, const struct baseline_change *change,
			   struct baseline_changed *changed, struct problem *problem)
{
	struct baseline_change freeze = *change;
	struct baseline_lines lines = { 0 };
	int error = inventory_learned(keeper->options.inventory, false, &lines);

	for (size_t i = 0; error == 0 && i + 1 < keeper->n_frames; i++) {
		struct baseline_writer writer;

		baseline_frame_write(&writer, &keeper->frames[i]);
		error = baseline_lines_add(&lines, writer.text);
	}
	freeze.add = (const char *const *)lines.items;
	freeze.n_add = lines.n;
	freeze.state = BASELINE_FROZEN;
	error = error != 0 ? problem_set(problem, error, "%s", strerror(-error))
			   : baseline_keeper_change(keeper, &freeze, changed, problem);
	baseline_lines_free(&lines);
	return error;
}

/* ---- time ---- */

static void end_learning(struct baseline_keeper *keeper, int64_t clock)
{
	const struct baseline_change change = { .action = "freeze",
						.user = "sensor",
						.reason = "the learning time is over",
						.time = clock };
	struct baseline_changed changed = { 0 };
	struct problem problem = { "" };

	if (baseline_keeper_freeze(keeper, &change, &changed, &problem) != 0) {
		/* It goes on learning, and tries again. */
		keeper->until = clock + NS_PER_HOUR;
		log_error(keeper->options.log, "the baseline cannot be frozen: %s", problem.text);
		return;
	}
	log_info(keeper->options.log, "learning is over: the baseline has %zu lines",
		 baseline_count(keeper->baseline));
}

void baseline_keeper_tick(struct baseline_keeper *keeper, int64_t clock)
{
	int64_t first = inventory_first(keeper->options.inventory);

	if (keeper->n_frames > 0 && clock / NS_PER_MINUTE != keeper->minute) {
		keeper->minute = clock / NS_PER_MINUTE;
		keeper->frame = frame_at(keeper, keeper->minute);
		inventory_frame(keeper->options.inventory, keeper->frame);
	}
	if (keeper->state != BASELINE_LEARNING) {
		return;
	}
	if (keeper->until == TIME_NONE && first != TIME_NONE) {
		keeper->until = first + keeper->options.learning;
		if (keep_state(keeper) != 0) {
			log_error(keeper->options.log, "cannot store when learning ends");
		}
	}
	if (keeper->until != TIME_NONE && clock >= keeper->until) {
		end_learning(keeper, clock);
	}
}
