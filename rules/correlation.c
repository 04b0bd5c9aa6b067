/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* correlation.c - sliding windows over packet time: one for each group of each correlation. */

#include "capture/base/hash.h"
#include "rules/engine.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_A_GROUP 16 /* on average; the cap over all windows follows from it */

int windows_init(struct windows *windows, size_t groups_max,
		 const struct document_options *document)
{
	*windows =
	    (struct windows) { .entries_max = groups_max * ENTRIES_A_GROUP, .document = document };
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

void windows_next(struct windows *windows)
{
	windows->judged++;
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
	struct window *window;
	bool before;

	if (!find_group(set->rules[hit->rule], judge, hit)) {
		return WINDOW_QUIET;
	}
	window = take_window(windows, hit->group, hit->rule);
	window_expire(window, c, hit->event->record->time);
	before = window->active && window_holds(window, c, &hit->measure);
	if (!window_take(windows, window, set, judge, hit)) {
		return WINDOW_QUIET;
	}
	make_room(windows, window);
	window->active = window_holds(window, c, &hit->measure);
	if (!window->active) {
		return WINDOW_QUIET;
	}
	window_steps(window, c, hit);
	return before ? WINDOW_GOES_ON : WINDOW_FIRES;
}

void windows_renumber(struct windows *windows, const struct rule_numbers *numbers)
{
	struct window *window = lru_oldest(&windows->table), *next;

	for (; window != NULL; window = next) {
		next = lru_next(&windows->table, window);
		if (numbers->same[window->rule]) {
			window->rule = numbers->now[window->rule];
		} else {
			forget(windows, window);
		}
	}
}

void windows_tick(struct windows *windows, const struct rule_set *set, int64_t clock)
{
	struct window *window;

	while ((window = lru_oldest(&windows->table)) != NULL &&
	       window->last <= clock - set->rules[window->rule]->correlation->timespan) {
		forget(windows, window);
	}
}
