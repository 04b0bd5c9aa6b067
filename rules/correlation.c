/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* correlation.c - sliding windows over packet time.
 *
 * A window keeps no more entries than it takes to decide the condition (one more than its highest
 * bound), the newest ones, so a count beyond that is "at least so many". */

#include "capture/base/hash.h"
#include "rules/engine.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_A_GROUP 16 /* on average; the cap over all windows follows from it */
#define TEXT_MAX        1024

int windows_init(struct windows *windows, size_t groups_max)
{
	*windows = (struct windows) { .entries_max = groups_max * ENTRIES_A_GROUP };
	return lru_init(&windows->table, sizeof(struct window), groups_max);
}

static void forget(struct windows *windows, struct window *window)
{
	windows->entries -= window->size;
	free(window->entries);
	window->entries = NULL;
	lru_remove(&windows->table, window);
}

void windows_end(struct windows *windows)
{
	struct window *window;

	while ((window = lru_oldest(&windows->table)) != NULL) {
		forget(windows, window);
	}
	lru_end(&windows->table);
}

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

static bool hash_fields(const struct judge *judge, const struct event *event,
			const uint16_t *fields, size_t n, uint64_t *h)
{
	for (size_t i = 0; i < n; i++) {
		if (!hash_field(judge, event, fields[i], h)) {
			return false;
		}
	}
	*h = hash_stable_end(*h);
	return true;
}

static bool find_group(const struct rule *rule, const struct judge *judge, struct window_hit *hit)
{
	const struct correlation *c = rule->correlation;
	size_t i = 0;

	while (c->rules[i] != hit->counted) {
		i++;
	}
	hit->group = hash_stable(HASH_STABLE_START, rule->id, strlen(rule->id));
	return hash_fields(judge, hit->event, c->group_by + i * c->n_group_by, c->n_group_by,
			   &hit->group);
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

static void drop(struct window *window, uint32_t at, uint32_t n)
{
	memmove(window->entries + at, window->entries + at + n,
		(window->n - at - n) * sizeof(*window->entries));
	window->n -= n;
}

static void expire(struct window *window, int64_t before)
{
	uint32_t n = 0;

	while (n < window->n && window->entries[n].time <= before) {
		n++;
	}
	if (n > 0) {
		drop(window, 0, n);
	}
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

static bool holds(const struct bounds *bounds, uint32_t n)
{
	return n >= bounds->least && n <= bounds->most && n != bounds->not_equal;
}

static struct window *take_window(struct windows *windows, uint64_t key, uint16_t rule)
{
	struct window *window = lru_find(&windows->table, key);

	if (window != NULL) {
		lru_touch(&windows->table, window);
		return window;
	}
	while ((window = lru_add(&windows->table, key)) == NULL) {
		forget(windows, lru_oldest(&windows->table));
		windows->evicted++;
	}
	window->rule = rule;
	return window;
}

/* Keeps the sum over all windows below its cap: the oldest go, never the one in use. */
static void make_room(struct windows *windows, const struct window *keep)
{
	struct window *oldest;

	while (windows->entries > windows->entries_max &&
	       (oldest = lru_oldest(&windows->table)) != keep) {
		forget(windows, oldest);
		windows->evicted++;
	}
}

enum window_verdict windows_count(struct windows *windows, const struct rule_set *set,
				  const struct judge *judge, struct window_hit *hit)
{
	const struct correlation *c = set->rules[hit->rule]->correlation;
	int64_t time = hit->event->record->time;
	uint64_t value = HASH_STABLE_START;
	struct window *window;
	bool before;

	if (!find_group(set->rules[hit->rule], judge, hit) ||
	    !hash_fields(judge, hit->event, c->fields, c->n_fields, &value)) {
		return WINDOW_QUIET;
	}
	window = take_window(windows, hit->group, hit->rule);
	expire(window, time - c->timespan);
	before = window->active && holds(&c->bounds, window->n);
	if (c->values) {
		forget_value(window, value);
	}
	if (window->n == c->keep) {
		drop(window, 0, 1);
	}
	if (!grow(windows, window, c->keep)) {
		return WINDOW_QUIET;
	}
	window->entries[window->n++] = (struct window_entry) { value, time };
	make_room(windows, window);
	hit->count = window->n;
	window->active = holds(&c->bounds, window->n);
	return !window->active ? WINDOW_QUIET : before ? WINDOW_GOES_ON : WINDOW_FIRES;
}

void windows_tick(struct windows *windows, const struct rule_set *set, int64_t clock)
{
	struct window *window;

	while ((window = lru_oldest(&windows->table)) != NULL) {
		const struct correlation *c = set->rules[window->rule]->correlation;

		if (window->n > 0 && window->entries[window->n - 1].time > clock - c->timespan) {
			return;
		}
		forget(windows, window);
	}
}
