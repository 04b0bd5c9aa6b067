/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* correlation_measure.c - what a window keeps of events, and what it measures.
 *
 * Counts keep no more entries than it takes to decide the condition (one more than its highest
 * bound), the newest ones.  Sums, averages and percentiles keep every value of the timespan up to a
 * cap.  A temporal correlation keeps the latest hit of each rule; of an ordered one the latest
 * moment at which a sequence can have begun decides, since a later beginning is never worse. */

#include "capture/base/hash.h"
#include "rules/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 1024

/* ---- values ---- */

/* Adds a field's texts to a hash; false: absent. */
static bool hash_field(const struct judge *judge, const struct event *event, uint16_t field,
		       uint64_t *h)
{
	struct field_value value;
	char text[TEXT_MAX];

	if (!judge_field(judge, event, field, &value)) {
		return false;
	}
	for (unsigned i = 0; i < value.count; i++) {
		struct field_scalar scalar = field_at(&value, i);
		size_t n = field_scalar_text(value.type, &scalar, text, sizeof(text));

		*h = hash_stable(hash_stable(*h, text, n), "", 1);
	}
	*h = hash_stable(*h, "\n", 1);
	return true;
}

bool hash_fields(const struct judge *judge, const struct event *event, const uint16_t *fields,
		 size_t n, uint64_t *h)
{
	for (size_t i = 0; i < n; i++) {
		if (!hash_field(judge, event, fields[i], h)) {
			return false;
		}
	}
	*h = hash_stable_end(*h);
	return true;
}

static double number_of(enum field_type type, const struct field_scalar *scalar)
{
	switch (type) {
	case FIELD_DOUBLE:
		return scalar->real;
	case FIELD_UINT:
		return (double)scalar->natural;
	default:
		return (double)scalar->integer;
	}
}

/* ---- keeping ---- */

static void drop(struct window *window, uint32_t at, uint32_t n)
{
	memmove(window->entries + at, window->entries + at + n,
		(window->n - at - n) * sizeof(*window->entries));
	window->n -= n;
}

/* Makes room for one more entry; false: no memory. */
static bool grow(struct windows *windows, struct window *window, uint32_t keep)
{
	uint32_t size = window->size == 0 ? 8 : window->size * 2;
	struct window_entry *entries;

	if (window->n < window->size) {
		return true;
	}
	size = size < keep ? size : keep;
	entries = realloc(window->entries, size * sizeof(*entries));
	if (entries == NULL) {
		return false;
	}
	windows->entries += size - window->size;
	window->entries = entries;
	window->size = size;
	return true;
}

static bool add(struct windows *windows, struct window *window, const struct correlation *c,
		struct window_entry entry)
{
	if (window->n == c->keep) {
		/* Counts are decided without the oldest. */
		windows->dropped += !correlation_counts(c);
		drop(window, 0, 1);
	}
	if (!grow(windows, window, c->keep)) {
		return false;
	}
	window->entries[window->n++] = entry;
	return true;
}

/* Each element of a list is a value. */
static bool take_numbers(struct windows *windows, struct window *window,
			 const struct correlation *c, const struct judge *judge,
			 const struct event *event)
{
	struct field_value value;

	if (!judge_field(judge, event, c->fields[0], &value) || value.count == 0) {
		return false;
	}
	for (unsigned i = 0; i < value.count; i++) {
		struct field_scalar scalar = field_at(&value, i);
		struct window_entry entry = { .number = number_of(value.type, &scalar),
					      .time = event->record->time };

		if (!isfinite(entry.number) || !add(windows, window, c, entry)) {
			return false;
		}
	}
	return true;
}

/* A value that is there already only becomes the newest. */
static void forget_value(struct window *window, uint64_t hash)
{
	for (uint32_t i = 0; i < window->n; i++) {
		if (window->entries[i].hash == hash) {
			drop(window, i, 1);
			return;
		}
	}
}

static bool take_value(struct windows *windows, struct window *window, const struct correlation *c,
		       const struct judge *judge, const struct event *event)
{
	struct window_entry entry = { .hash = HASH_STABLE_START, .time = event->record->time };

	if (!hash_fields(judge, event, c->fields, c->n_fields, &entry.hash)) {
		return false;
	}
	if (c->type == CORRELATION_VALUE_COUNT) {
		forget_value(window, entry.hash);
	}
	return add(windows, window, c, entry);
}

/* ---- steps ---- */

static bool make_steps(struct windows *windows, struct window *window, const struct correlation *c)
{
	if (window->steps == NULL) {
		window->steps = calloc(c->n_rules, sizeof(*window->steps));
		for (size_t i = 0; window->steps != NULL && i < c->n_rules; i++) {
			window->steps[i] =
			    (struct window_step) { TIME_NONE, 0, TIME_NONE, TIME_NONE, 0 };
		}
		window->size = window->steps != NULL ? (uint32_t)c->n_rules : 0;
		windows->entries += window->size;
	}
	return window->steps != NULL;
}

/* When the latest sequence began that leads up to the step, without this event. */
static int64_t start_of(const struct window_step *step, uint64_t judged)
{
	return step->judged == judged ? step->start_before : step->start;
}

static void take_step(const struct windows *windows, struct window_step *steps, size_t i,
		      int64_t now, int64_t timespan)
{
	struct window_step *step = &steps[i];
	int64_t start = i == 0 ? now : start_of(&steps[i - 1], windows->judged);

	if (step->judged != windows->judged) {
		step->start_before = step->start;
		step->judged = windows->judged;
	}
	if (start != TIME_NONE && start > now - timespan) {
		step->start = step->start == TIME_NONE ? start : time_max(step->start, start);
	}
}

/* A rule stands in the list once. */
static bool take_steps(struct windows *windows, struct window *window, const struct correlation *c,
		       const struct window_hit *hit)
{
	char id[17];

	if (!make_steps(windows, window, c)) {
		return false;
	}
	for (size_t i = 0; i < c->n_rules; i++) {
		if (c->rules[i] == hit->counted) {
			window->steps[i].last = hit->event->record->time;
			window->steps[i].event = strtoull(
			    document_id(windows->document, hit->event->record, id), NULL, 16);
			take_step(windows, window->steps, i, hit->event->record->time, c->timespan);
		}
	}
	return true;
}

bool window_take(struct windows *windows, struct window *window, const struct rule_set *set,
		 const struct judge *judge, const struct window_hit *hit)
{
	const struct correlation *c = set->rules[hit->rule]->correlation;

	window->last = hit->event->record->time;
	if (correlation_is_temporal(c)) {
		return take_steps(windows, window, c, hit);
	}
	return correlation_is_numeric(c) ? take_numbers(windows, window, c, judge, hit->event)
					 : take_value(windows, window, c, judge, hit->event);
}

void window_expire(struct window *window, const struct correlation *c, int64_t now)
{
	int64_t before = now - c->timespan;
	uint32_t n = 0;

	window->last = window->last <= before ? TIME_NONE : window->last;
	if (!correlation_is_temporal(c)) {
		while (n < window->n && window->entries[n].time <= before) {
			n++;
		}
		if (n > 0) {
			drop(window, 0, n);
		}
		return;
	}
	for (uint32_t i = 0; i < window->size; i++) {
		struct window_step *step = &window->steps[i];

		step->last = step->last <= before ? TIME_NONE : step->last;
		step->start = step->start <= before ? TIME_NONE : step->start;
		step->start_before = step->start_before <= before ? TIME_NONE : step->start_before;
	}
}

/* ---- measuring ---- */

/* Rules that were hit; in order: how long the longest beginning of the list is. */
static double count_steps(const struct window *window, const struct correlation *c)
{
	bool ordered = c->type == CORRELATION_TEMPORAL_ORDERED;
	double n = 0;

	for (uint32_t i = 0; i < window->size; i++) {
		if (ordered && window->steps[i].start != TIME_NONE) {
			n = i + 1;
		} else if (!ordered && window->steps[i].last != TIME_NONE) {
			n++;
		}
	}
	return n;
}

static double sum(const struct window *window)
{
	long double all = 0;

	for (uint32_t i = 0; i < window->n; i++) {
		all += window->entries[i].number;
	}
	return (double)all;
}

static int compare_numbers(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* By nearest rank: the smallest value that so many percent of the values do not exceed. */
static double percentile(const struct window *window, double percent)
{
	size_t rank = (size_t)ceil(percent / 100 * window->n);
	double *sorted = malloc((window->n + 1) * sizeof(*sorted)), value = NAN;

	if (sorted != NULL && window->n > 0) {
		for (uint32_t i = 0; i < window->n; i++) {
			sorted[i] = window->entries[i].number;
		}
		qsort(sorted, window->n, sizeof(*sorted), compare_numbers);
		value = sorted[size_max(rank, 1) - 1];
	}
	free(sorted);
	return value;
}

/* The percentage of the events that have the value of the newest. */
static double share(const struct window *window)
{
	uint32_t same = 0;

	for (uint32_t i = 0; i < window->n; i++) {
		same += window->entries[i].hash == window->entries[window->n - 1].hash;
	}
	return 100.0 * same / window->n;
}

/* NAN: it is empty, and holds nothing, whether it was forgotten meanwhile or not. */
static double measure_window(const struct window *window, const struct correlation *c)
{
	if (correlation_is_temporal(c)) {
		return window->last != TIME_NONE ? count_steps(window, c) : NAN;
	}
	if (window->n == 0) {
		return NAN;
	}
	switch (c->type) {
	case CORRELATION_EVENT_COUNT:
	case CORRELATION_VALUE_COUNT:
		return window->n;
	case CORRELATION_VALUE_SUM:
		return sum(window);
	case CORRELATION_VALUE_AVG:
		return sum(window) / window->n;
	default:
		return c->percentile > 0 ? percentile(window, c->percentile) : share(window);
	}
}

bool window_holds(const struct window *window, const struct correlation *c, double *measure)
{
	const struct bounds *bounds = &c->bounds;
	double n = measure_window(window, c);

	*measure = n;
	return !isnan(n) && (bounds->above ? n > bounds->least : n >= bounds->least) &&
	       (bounds->below ? n < bounds->most : n <= bounds->most) &&
	       (isnan(bounds->not_equal) || n < bounds->not_equal || n > bounds->not_equal);
}

void window_steps(const struct window *window, const struct correlation *c, struct window_hit *hit)
{
	hit->n_steps = 0;
	if (!correlation_is_temporal(c)) {
		return;
	}
	for (uint32_t i = 0; i < window->size && hit->n_steps < HIT_STEPS_MAX; i++) {
		const struct window_step *step = &window->steps[i];

		if (step->last != TIME_NONE) {
			hit->steps[hit->n_steps++] =
			    (struct hit_step) { c->rules[i], step->last, step->event };
		}
	}
}
