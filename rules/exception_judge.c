/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* exception_judge.c - what becomes of a hit, and what the entries were used for. */

#include "capture/base/hash.h"
#include "dissectors/core_fields.h"
#include "rules/exceptions_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The latest hits of one group of a threshold: a ring of as many times as its number says. */
struct group {
	int64_t *times; /* TIME_NONE: none yet */
	uint32_t size, next;
};

int exception_state_init(struct exception_state *state, const struct rule_engine_options *options)
{
	int error;

	*state = (struct exception_state) { .registry = options->document->registry,
					    .clock = TIME_NONE,
					    .next_expiry = INT64_MAX,
					    .on_event = options->on_event,
					    .context = options->context };
	error = record_writer_init(&state->writer, NULL);
	return error == 0 ? lru_init(&state->groups, sizeof(struct group), EXCEPTION_GROUPS_MAX)
			  : error;
}

static void forget_oldest(struct exception_state *state)
{
	struct group *group = lru_oldest(&state->groups);

	state->times -= group->size;
	free(group->times);
	lru_remove(&state->groups, group);
}

static void forget_groups(struct exception_state *state)
{
	while (state->groups.items != NULL && lru_oldest(&state->groups) != NULL) {
		forget_oldest(state);
	}
}

void exception_state_end(struct exception_state *state)
{
	forget_groups(state);
	lru_end(&state->groups);
	free(state->uses);
	record_writer_end(&state->writer);
}

/* The counts of an entry of this name in the file that went. */
static struct exception_use use_before(const struct exception_state *state, const char *name)
{
	for (size_t i = 0; state->exceptions != NULL && i < state->exceptions->n; i++) {
		if (strcmp(state->exceptions->items[i].name, name) == 0) {
			return state->uses[i];
		}
	}
	return (struct exception_use) { .last = TIME_NONE };
}

int exception_state_use(struct exception_state *state, const struct rule_exceptions *exceptions)
{
	size_t n = exceptions != NULL ? exceptions->n : 0;
	struct exception_use *uses = calloc(n + 1, sizeof(*uses));

	if (uses == NULL) {
		return -ENOMEM;
	}
	state->next_expiry = INT64_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct exception *entry = &exceptions->items[i];

		uses[i] = use_before(state, entry->name);
		/* What was prolonged can expire once more. */
		uses[i].told = uses[i].told && entry->expires <= state->clock;
		if (!uses[i].told && entry->expires < state->next_expiry) {
			state->next_expiry = entry->expires;
		}
	}
	forget_groups(state);
	free(state->uses);
	state->uses = uses;
	state->exceptions = exceptions;
	return 0;
}

/* ---- whether an entry applies ---- */

static bool field_is(const struct judge *judge, const struct event *event, uint16_t field,
		     const struct sigma_text *text)
{
	struct field_value value;
	char space[RECORD_STRING_MAX];

	if (field == FIELD_NOT_FOUND || !judge_field(judge, event, field, &value)) {
		return false;
	}
	for (unsigned i = 0; i < value.count; i++) {
		struct field_scalar scalar = field_at(&value, i);
		size_t n = field_scalar_text(value.type, &scalar, space, sizeof(space));

		if (sigma_text_matches(text, space, n, false)) {
			return true;
		}
	}
	return false;
}

static bool is_end(const struct judge *judge, const struct event *event,
		   const struct exception_end *end, bool source)
{
	const struct record *record = event->record;
	const struct endpoint *at = source ? &record->source : &record->destination;

	switch (end->kind) {
	case END_IP:
		return ip_equal(&at->ip, &end->ip);
	case END_NETWORK:
		return ip_in_network(&at->ip, &end->network);
	case END_MAC:
		return mac_equal(&at->mac, &end->mac);
	default:
		return field_is(judge, event, source ? end->source : end->destination, &end->text);
	}
}

static bool any_end(const struct judge *judge, const struct event *event,
		    const struct exception_ends *ends, bool source)
{
	for (size_t i = 0; i < ends->n; i++) {
		if (is_end(judge, event, &ends->items[i], source)) {
			return true;
		}
	}
	return false;
}

static bool is_about(const struct judge *judge, const struct event *event,
		     const struct exception *entry)
{
	return (entry->source.n == 0 || any_end(judge, event, &entry->source, true)) &&
	       (entry->destination.n == 0 || any_end(judge, event, &entry->destination, false)) &&
	       (entry->either.n == 0 || any_end(judge, event, &entry->either, true) ||
		any_end(judge, event, &entry->either, false));
}

/* 1970-01-01 was a Thursday. A window over midnight belongs to the day on which it begins. */
static bool is_time(const struct exception *entry, int64_t time)
{
	int64_t local = time + entry->offset;
	int64_t day = local / NS_PER_DAY - (local % NS_PER_DAY < 0);
	unsigned minute = (unsigned)((local - day * NS_PER_DAY) / NS_PER_MINUTE);
	bool over_midnight = entry->until < entry->from;

	if (over_midnight && minute < entry->until) {
		day--;
	} else if (entry->from != entry->until &&
		   (minute < entry->from || (!over_midnight && minute >= entry->until))) {
		return false;
	}
	return (entry->days >> (day + 3 + 7 * NS_PER_S) % 7 & 1) != 0;
}

static bool applies(const struct judge *judge, const struct event *event,
		    const struct exception *entry)
{
	return event->record->time < entry->expires && is_time(entry, event->record->time) &&
	       is_about(judge, event, entry) &&
	       (entry->condition == NULL || judge_condition(judge, event, entry->condition));
}

/* ---- thresholds ---- */

static uint64_t hash_end(uint64_t h, const struct endpoint *end)
{
	return ip_is_none(&end->ip) ? hash_bytes(end->mac.bytes, sizeof(end->mac.bytes), h)
				    : hash_bytes(end->ip.bytes, sizeof(end->ip.bytes), h);
}

static uint64_t group_key(const struct exception_state *state, const struct exception *entry,
			  uint16_t number, const struct record *record)
{
	uint64_t h = hash_word((uint64_t)(entry - state->exceptions->items), number);

	h = hash_word(h, record->domain);
	if (entry->by == BY_SOURCE || entry->by == BY_BOTH) {
		h = hash_end(hash_word(h, 1), &record->source);
	}
	if (entry->by == BY_DESTINATION || entry->by == BY_BOTH) {
		h = hash_end(hash_word(h, 2), &record->destination);
	}
	return h;
}

static struct group *find_group(struct exception_state *state, const struct exception *entry,
				uint64_t key)
{
	uint32_t size = entry->count != 0 ? entry->count : entry->limit;
	struct group *group = lru_find(&state->groups, key);

	if (group != NULL) {
		lru_touch(&state->groups, group);
		return group;
	}
	while (lru_oldest(&state->groups) != NULL && state->times + size > EXCEPTION_TIMES_MAX) {
		forget_oldest(state);
	}
	while ((group = lru_add(&state->groups, key)) == NULL) {
		forget_oldest(state);
	}
	group->times = malloc(size * sizeof(*group->times));
	if (group->times == NULL) {
		lru_remove(&state->groups, group);
		return NULL;
	}
	group->size = size;
	state->times += size;
	for (uint32_t i = 0; i < size; i++) {
		group->times[i] = TIME_NONE;
	}
	return group;
}

/* Whether a threshold holds this hit back. A group that finds no memory holds nothing back. */
static bool is_below(struct exception_state *state, const struct exception *entry, uint16_t number,
		     const struct record *record)
{
	struct group *group = find_group(state, entry, group_key(state, entry, number, record));
	int64_t oldest;
	bool recent;

	if (group == NULL) {
		return false;
	}
	/* The ring's next place holds the oldest of the latest `size` times. A hit that a limit
	 * holds back is none of those that alerted, so it is not remembered. */
	if (entry->limit != 0) {
		oldest = group->times[group->next];
		recent = oldest != TIME_NONE && record->time - oldest < entry->timespan;
		if (recent) {
			return true;
		}
	}
	group->times[group->next] = record->time;
	group->next = (group->next + 1) % group->size;
	oldest = group->times[group->next];
	recent = oldest != TIME_NONE && record->time - oldest < entry->timespan;
	return entry->limit == 0 && !recent;
}

/* ---- verdicts ---- */

struct exception_verdict exception_judge(struct exception_state *state, const struct judge *judge,
					 const struct rule *rule, uint16_t number,
					 const struct event *event)
{
	struct exception_verdict verdict = { .level = rule->level };
	const struct exception_list *list;

	if (state->exceptions == NULL) {
		return verdict;
	}
	list = &state->exceptions->of_rule[number];
	for (size_t i = 0; i < list->n; i++) {
		const struct exception *entry = &state->exceptions->items[list->items[i]];
		struct exception_use *use = &state->uses[list->items[i]];

		/* A rule that only correlations count has no alert to hold back. */
		if ((rule->silent && !entry->hides) || !applies(judge, event, entry)) {
			continue;
		}
		verdict.exception = entry;
		verdict.held = entry->action == EXCEPTION_SUPPRESS ||
			       (entry->action == EXCEPTION_THRESHOLD &&
				is_below(state, entry, number, event->record));
		verdict.hidden = verdict.held && entry->hides;
		verdict.level = entry->action == EXCEPTION_LEVEL ? entry->level : rule->level;
		use->hits++;
		use->held += verdict.held;
		use->last = event->record->time;
		return verdict;
	}
	return verdict;
}

/* ---- expiry ---- */

static void tell_expired(struct exception_state *state, const struct exception *entry)
{
	const struct record head = { .time = state->clock,
				     .order = (uint64_t)(entry - state->exceptions->items) + 1,
				     .start = entry->expires,
				     .duration = -1,
				     .protocol = PROTOCOL_NONE };
	const struct {
		const char *name, *text;
	} texts[] = { { "weir.exception.name", entry->name },
		      { "weir.exception.owner", entry->owner },
		      { "weir.exception.reason", entry->reason } };
	struct record_writer *writer = &state->writer;
	struct event event = { .record = NULL };
	uint16_t field;

	record_begin(writer, RECORD_SENSOR, &head);
	record_put_static(writer, CORE_SENSOR_EVENT, EXCEPTION_SENSOR_EVENT);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		field = field_find(state->registry, texts[i].name);
		if (field != FIELD_NOT_FOUND) {
			record_put_text(writer, field, texts[i].text);
		}
	}
	field = field_find(state->registry, "weir.exception.expires");
	if (field != FIELD_NOT_FOUND) {
		record_put_time(writer, field, entry->expires);
	}
	record_commit(writer);
	event.record = record_last(writer);
	state->on_event(state->context, &event);
}

void exception_tick(struct exception_state *state, int64_t clock)
{
	state->clock = time_max(state->clock, clock);
	if (likely(state->clock < state->next_expiry) || state->exceptions == NULL) {
		return;
	}
	state->next_expiry = INT64_MAX;
	for (size_t i = 0; i < state->exceptions->n; i++) {
		const struct exception *entry = &state->exceptions->items[i];

		if (state->uses[i].told) {
			continue;
		}
		if (entry->expires > state->clock) {
			state->next_expiry = entry->expires < state->next_expiry
						 ? entry->expires
						 : state->next_expiry;
			continue;
		}
		state->uses[i].told = true;
		if (state->on_event != NULL) {
			tell_expired(state, entry);
		}
	}
}
