/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_engine.c - an event to its candidates, their verdicts to correlations and alerts. */

#include "rules/engine.h"
#include "rules/exceptions_private.h"

#include "dissectors/item_demand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rule_state {
	uint64_t hits, held;
	uint64_t last_key; /* transaction of the last hit */
	uint64_t passed;   /* the event for which a gate or an anchor let it through */
};

struct rule_engine {
	const struct rule_set *set;
	struct rule_engine_options options;
	struct judge judge;
	struct windows windows;
	struct alerts alerts, findings;
	char baseline_hash[17];
	struct exception_state exceptions;
	struct rule_engine_counters counters;
	struct rule_state *states;
	uint16_t *passed; /* rules that a gate lets through, of one event; as many as there are */
	size_t n_passed;
};

struct rule_engine_options rule_engine_defaults(void)
{
	return (struct rule_engine_options) {
		.correlation_groups_max = 65536,
		.alerts_open_max = 10000,
		.session_gap = 15 * NS_PER_MINUTE,
	};
}

int rule_engine_new(struct rule_engine **out, const struct rule_set *set,
		    const struct rule_engine_options *options)
{
	struct rule_engine *engine = calloc(1, sizeof(*engine));
	int error;

	if (engine == NULL) {
		return -ENOMEM;
	}
	engine->set = set;
	engine->options = *options;
	engine->states = calloc(set->n_rules + 1, sizeof(*engine->states));
	engine->passed = calloc(set->n_rules + 1, sizeof(*engine->passed));
	error = engine->states != NULL && engine->passed != NULL ? 0 : -ENOMEM;
	if (error != 0 || (error = judge_init(&engine->judge, set->registry)) != 0 ||
	    (error = exception_state_init(&engine->exceptions, options)) != 0 ||
	    (error = windows_init(&engine->windows, options->correlation_groups_max,
				  options->document)) != 0 ||
	    (error = alerts_init(&engine->alerts, set, &engine->options, &alert_habits,
				 &engine->counters)) != 0 ||
	    (error = alerts_init(&engine->findings, set, &engine->options, &finding_habits,
				 &engine->counters)) != 0) {
		rule_engine_free(engine);
		return error;
	}
	engine->judge.time_zone = set->time_zone;
	*out = engine;
	return 0;
}

struct rule_engine *rule_engine_free(struct rule_engine *engine)
{
	if (engine != NULL) {
		alerts_end(&engine->alerts);
		alerts_end(&engine->findings);
		exception_state_end(&engine->exceptions);
		windows_end(&engine->windows);
		judge_end(&engine->judge);
		free(engine->states);
		free(engine->passed);
		free(engine);
	}
	return NULL;
}

int rule_engine_use(struct rule_engine *engine, const struct rule_set *set)
{
	const struct rule_set *old = engine->set;
	struct rule_state *states = calloc(set->n_rules + 1, sizeof(*states));
	uint16_t *passed = calloc(set->n_rules + 1, sizeof(*passed));
	struct rule_numbers numbers = { .now = NULL };
	int error =
	    states != NULL && passed != NULL ? rule_numbers_make(&numbers, old, set) : -ENOMEM;

	if (error == 0) {
		error = rule_engine_exceptions(engine, NULL);
	}
	if (error != 0) {
		rule_numbers_free(&numbers);
		free(states);
		free(passed);
		return error;
	}
	for (size_t i = 0; i < old->n_rules; i++) {
		if (numbers.now[i] != RULE_GONE) {
			states[numbers.now[i]] = engine->states[i];
		}
	}
	windows_renumber(&engine->windows, &numbers);
	alerts_renumber(&engine->alerts, set, &numbers);
	alerts_renumber(&engine->findings, set, &numbers);
	free(engine->states);
	free(engine->passed);
	engine->states = states;
	engine->passed = passed;
	engine->set = set;
	engine->judge.time_zone = set->time_zone;
	rule_numbers_free(&numbers);
	return 0;
}

/* ---- verdicts ---- */

/* What the exceptions make of a hit; what they hold back is counted. */
static struct exception_verdict except(struct rule_engine *engine, uint16_t number,
				       const struct event *event)
{
	struct exception_verdict verdict = exception_judge(
	    &engine->exceptions, &engine->judge, engine->set->rules[number], number, event);

	engine->states[number].held += verdict.held;
	engine->counters.held += verdict.held;
	return verdict;
}

/* A rule that argues from what is normal while that is not settled. */
static bool is_finding(const struct rule_engine *engine, uint16_t number, const struct event *event)
{
	const struct rule *rule = engine->set->rules[number];

	return rule->requires_baseline && engine->options.is_finding != NULL &&
	       engine->options.is_finding(engine->options.context, event, rule->level);
}

/* Whether a correlation may count the hit: a finding is no step of what stands without a baseline.
 */
static bool counts(const struct rule_engine *engine, uint16_t correlation, uint16_t number,
		   const struct event *event)
{
	return engine->set->rules[correlation]->requires_baseline ||
	       !is_finding(engine, number, event);
}

static void raise_alert(struct rule_engine *engine, uint16_t number, const struct event *event,
			const struct window_hit *window, const struct exception_verdict *verdict)
{
	bool changed = verdict->level != engine->set->rules[number]->level;

	if (!engine->set->rules[number]->silent && !verdict->held) {
		alerts_hit(is_finding(engine, number, event) ? &engine->findings : &engine->alerts,
			   &(struct alert_hit) {
			       .rule = number,
			       .level = verdict->level,
			       .exception = changed ? verdict->exception->name : NULL,
			       .window = window,
			   },
			   event);
	}
}

static void take_hit(struct rule_engine *engine, uint16_t number, const struct event *event,
		     const struct window_hit *window)
{
	const struct rule *rule = engine->set->rules[number];
	const struct exception_verdict verdict = except(engine, number, event);

	engine->states[number].hits++;
	engine->counters.hits++;
	if (engine->options.on_hit != NULL) {
		engine->options.on_hit(engine->options.context, number, event);
	}
	for (size_t i = 0; !verdict.hidden && i < rule->n_listeners; i++) {
		struct window_hit hit = { .rule = rule->listeners[i],
					  .counted = number,
					  .event = event };
		enum window_verdict goes =
		    counts(engine, hit.rule, number, event)
			? windows_count(&engine->windows, engine->set, &engine->judge, &hit)
			: WINDOW_QUIET;

		if (goes == WINDOW_FIRES) {
			take_hit(engine, hit.rule, event, &hit);
		} else if (goes == WINDOW_GOES_ON) {
			const struct exception_verdict also = except(engine, hit.rule, event);

			raise_alert(engine, hit.rule, event, &hit, &also);
		}
	}
	raise_alert(engine, number, event, window, &verdict);
}

/* Whether this is the first record of its transaction: its request if that was reported at once,
 * else what completes it.  An orphan answer had no such request; a request that nobody answers (a
 * broadcast, without a status) is complete at once. */
static bool is_first(const struct record *record)
{
	if (record->phase == PHASE_REQUEST ||
	    !operation_reports_request((enum operation)record->operation) ||
	    record->status == TRANSACTION_ORPHAN) {
		return true;
	}
	return record->kind == RECORD_TRANSACTION && record->status == TRANSACTION_NONE;
}

/* DESIGN.md section 4, "Transactions": which of its records a rule is judged on. */
static bool is_its_record(const struct rule *rule, const struct record *record)
{
	if (record->kind != RECORD_TRANSACTION && record->kind != RECORD_ITEM) {
		return true;
	}
	if (rule->names_phase) {
		return true;
	}
	return rule->names_outcome ? record->phase != PHASE_REQUEST : is_first(record);
}

static void consider(struct rule_engine *engine, uint16_t number, const struct event *event)
{
	const struct rule *rule = engine->set->rules[number];
	const struct record *record = event->record;
	struct rule_state *state = &engine->states[number];

	if (!is_its_record(rule, record) ||
	    (rule->requires_baseline && engine->options.no_baseline)) {
		return;
	}
	/* What the whole transaction was a hit for, its items are no further hits for. */
	if (record->kind == RECORD_ITEM && record->key != 0 && state->last_key == record->key) {
		return;
	}
	engine->counters.candidates++;
	if (!judge_condition(&engine->judge, event, rule->condition)) {
		return;
	}
	if (rule->requires_complete &&
	    (record->flags & (RECORD_BLIND_FLOW | RECORD_ONE_SIDED)) != 0) {
		engine->counters.withheld++;
		return;
	}
	if (record->kind == RECORD_TRANSACTION && record->key != 0) {
		if (state->last_key == record->key) {
			return; /* a further part of an answer that was counted */
		}
		state->last_key = record->key;
	}
	take_hit(engine, number, event, NULL);
}

/* A rule with anchors in several groups is a candidate once. */
static void consider_once(struct rule_engine *engine, uint16_t number, const struct event *event)
{
	struct rule_state *state = &engine->states[number];

	if (state->passed != engine->windows.judged) {
		state->passed = engine->windows.judged;
		consider(engine, number, event);
	}
}

static void consider_group(struct rule_engine *engine, const struct anchor_group *group,
			   const struct event *event)
{
	size_t low = 0, high = group->n;
	uint64_t value, at;

	if (!rule_index_value(&engine->judge, event, group, &value)) {
		return;
	}
	at = anchor_bit(group, value);
	if (likely((group->some[at / 64] >> at % 64 & 1) == 0)) {
		return;
	}
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (group->anchors[middle].value < value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (; low < group->n && group->anchors[low].value == value; low++) {
		consider_once(engine, group->anchors[low].rule, event);
	}
}

/* ---- gates ---- */

/* What one look through a gate finds. */
struct passing {
	struct rule_engine *engine;
	const struct cell_gate *gate;
};

static bool is_in_cell(const struct cell_gate *gate, uint16_t rule)
{
	size_t low = 0, high = gate->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (gate->rules[middle] < rule) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < gate->n && gate->rules[low] == rule;
}

/* A rule with several texts in the field is a candidate once. */
static void pass(void *context, uint32_t item)
{
	const struct passing *passing = context;
	struct rule_engine *engine = passing->engine;
	uint16_t rule = passing->gate->gate->rules[item];

	if (engine->states[rule].passed != engine->windows.judged &&
	    is_in_cell(passing->gate, rule)) {
		engine->states[rule].passed = engine->windows.judged;
		engine->passed[engine->n_passed++] = rule;
	}
}

static int by_number(const void *a, const void *b)
{
	uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

	return (x > y) - (x < y);
}

static void consider_gate(struct rule_engine *engine, const struct cell_gate *gate,
			  const struct event *event)
{
	struct passing passing = { engine, gate };
	struct field_value value;

	engine->n_passed = 0;
	if (!judge_field(&engine->judge, event, gate->gate->field, &value)) {
		return;
	}
	for (unsigned i = 0; i < value.count; i++) {
		struct field_scalar scalar = field_at(&value, i);

		substrings_find(gate->gate->substrings, scalar.bytes, scalar.length, pass,
				&passing);
	}
	if (likely(engine->n_passed == 0)) {
		return;
	}
	qsort(engine->passed, engine->n_passed, sizeof(*engine->passed), by_number);
	for (size_t i = 0; i < engine->n_passed; i++) {
		consider(engine, engine->passed[i], event);
	}
}

/* ---- items ---- */

/* Whether only those rules look at the cell that are looked up by an address of an end. */
static bool is_for_ends(const struct rule_set *set, const struct cell *cell)
{
	for (size_t i = 0; i < cell->n_groups; i++) {
		if (!rule_is_end(set, cell->groups[i].field)) {
			return false;
		}
	}
	return cell->n_rules == 0 && cell->n_gates == 0;
}

static void demand_operations(const struct rule_engine *engine, struct item_demand *demand,
			      uint8_t protocol, unsigned outcome)
{
	struct record head = { .kind = RECORD_ITEM,
			       .protocol = protocol,
			       .outcome = (uint8_t)outcome };

	for (unsigned i = 0; i < OPERATIONS; i++) {
		const struct cell *cell;

		head.operation = (uint8_t)i;
		cell = rule_index_find(engine->set->index, &head);
		if (cell != NULL && is_for_ends(engine->set, cell)) {
			demand->of_ends[protocol][outcome] |= UINT32_C(1) << i;
		} else if (cell != NULL) {
			demand->operations[protocol][outcome] |= UINT32_C(1) << i;
		}
	}
}

void rule_engine_items(const struct rule_engine *engine, struct item_demand *demand)
{
	const struct rule_set *set = engine->set;

	for (size_t i = 0; i < dissector_count(); i++) {
		for (unsigned outcome = 0; outcome < OUTCOMES; outcome++) {
			demand_operations(engine, demand, (uint8_t)i, outcome);
		}
	}
	for (size_t i = 0; i < set->n_rules; i++) {
		const struct rule *rule = set->rules[i];

		if (rule->condition == NULL || !rule_is_end(set, rule->anchor_field) ||
		    (rule->scope.kinds & 1U << RECORD_ITEM) == 0) {
			continue;
		}
		for (size_t k = 0; k < rule->n_anchors; k++) {
			item_demand_add_end(demand, rule->anchors[k].hash, rule->anchors[k].bits);
		}
	}
}

void rule_engine_event(struct rule_engine *engine, const struct event *event)
{
	const struct cell *cell = rule_index_find(engine->set->index, event->record);

	engine->counters.events++;
	if (likely(cell == NULL)) {
		return;
	}
	windows_next(&engine->windows);
	for (size_t i = 0; i < cell->n_groups; i++) {
		consider_group(engine, &cell->groups[i], event);
	}
	for (size_t i = 0; i < cell->n_gates; i++) {
		consider_gate(engine, &cell->gates[i], event);
	}
	for (size_t i = 0; i < cell->n_rules; i++) {
		consider(engine, cell->rules[i], event);
	}
}

void rule_engine_tick(struct rule_engine *engine, int64_t clock)
{
	exception_tick(&engine->exceptions, clock);
	windows_tick(&engine->windows, engine->set, clock);
	alerts_tick(&engine->alerts, clock);
}

void rule_engine_finish(struct rule_engine *engine)
{
	alerts_finish(&engine->alerts);
	alerts_finish(&engine->findings);
}

void rule_engine_baseline(struct rule_engine *engine, const char *hash, bool held)
{
	snprintf(engine->baseline_hash, sizeof(engine->baseline_hash), "%s",
		 hash != NULL ? hash : "");
	engine->alerts.baseline_hash = hash != NULL ? engine->baseline_hash : NULL;
	engine->findings.baseline_hash = engine->alerts.baseline_hash;
	engine->alerts.held = held;
}

struct rule_engine_counters rule_engine_counters(const struct rule_engine *engine)
{
	struct rule_engine_counters counters = engine->counters;

	counters.groups_evicted = engine->windows.evicted;
	counters.entries_dropped = engine->windows.dropped;
	return counters;
}

void rule_engine_hits(const struct rule_engine *engine,
		      void (*handler)(void *context, const char *id, const char *title,
				      enum alert_level level, uint64_t hits),
		      void *context)
{
	for (size_t i = 0; i < engine->set->n_rules; i++) {
		const struct rule *rule = engine->set->rules[i];

		handler(context, rule->id, rule->title, rule->level, engine->states[i].hits);
	}
}

int rule_engine_exceptions(struct rule_engine *engine, const struct rule_exceptions *exceptions)
{
	int error = exception_state_use(&engine->exceptions, exceptions);

	if (error == 0) {
		engine->alerts.exceptions_hash =
		    exceptions != NULL ? rule_exceptions_hash(exceptions) : NULL;
		engine->findings.exceptions_hash = engine->alerts.exceptions_hash;
	}
	return error;
}

void rule_engine_exceptions_each(const struct rule_engine *engine,
				 void (*handler)(void *context,
						 const struct rule_exception_info *info),
				 void *context)
{
	exception_state_each(&engine->exceptions, handler, context);
}

void rule_engine_held(const struct rule_engine *engine,
		      void (*handler)(void *context, const char *id, const char *title,
				      uint64_t held),
		      void *context)
{
	for (size_t i = 0; i < engine->set->n_rules; i++) {
		const struct rule *rule = engine->set->rules[i];

		if (engine->states[i].held > 0) {
			handler(context, rule->id, rule->title, engine->states[i].held);
		}
	}
}
