/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* alert.c - hits to alerts: one engineering session and one rule is one alert.
 *
 * The first hit opens it.  Later ones only count, and a document tells of them when the count
 * reaches a power of ten, or an hour after the last document.  After a silence longer than the
 * session gap the alert closes, with a document if there is something that none told. */

#include "capture/base/hash.h"
#include "rules/engine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct alert_habits alert_habits = { .opened = "alert-opened",
					   .updated = "alert-updated",
					   .update_interval = NS_PER_HOUR };
const struct alert_habits finding_habits = { .findings = true,
					     .opened = "finding-opened",
					     .updated = "finding-updated",
					     .update_interval = INT64_MAX };

int alerts_init(struct alerts *alerts, const struct rule_set *set,
		const struct rule_engine_options *options, const struct alert_habits *habits,
		struct rule_engine_counters *counters)
{
	*alerts = (struct alerts) {
		.set = set, .options = options, .habits = habits, .counters = counters
	};
	return lru_init(&alerts->table, sizeof(struct alert), options->alerts_open_max);
}

void alerts_end(struct alerts *alerts)
{
	lru_end(&alerts->table);
	buffer_free(&alerts->text);
}

static uint64_t hash_number(uint64_t h, uint64_t number)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(number >> 8 * i);
	}
	return hash_stable(h, bytes, sizeof(bytes));
}

/* Who talks to whom: addresses, else link addresses, in their address space. */
static uint64_t hash_session(uint64_t h, const struct record *record)
{
	const struct endpoint *ends[2] = { &record->source, &record->destination };

	h = hash_number(h, record->domain);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		h = ip_is_none(&ends[i]->ip)
			? hash_stable(h, ends[i]->mac.bytes, sizeof(ends[i]->mac.bytes))
			: hash_stable(h, ends[i]->ip.bytes, sizeof(ends[i]->ip.bytes));
	}
	return h;
}

static void write_hash(uint64_t h, char out[17])
{
	snprintf(out, 17, "%016llx", (unsigned long long)hash_stable_end(h));
}

/* What the alert has to do with the baseline. */
static const char *verdict_of(const struct alerts *alerts, const struct rule *rule,
			      const struct alert *alert)
{
	if (alerts->baseline_hash == NULL) {
		return NULL;
	}
	if (rule->requires_baseline) {
		return alerts->habits->findings ? "finding" : "not_normal";
	}
	return alerts->held && rule->level >= LEVEL_HELD && alert->operations != 0 ? "held" : NULL;
}

static void send(struct alerts *alerts, struct alert *alert, const struct event *event,
		 const char *action)
{
	const struct rule_set *set = alerts->set;
	const struct rule *rule = set->rules[alert->rule];
	struct alert_document document = {
		.level = alert->level,
		.alert_id = alert->id,
		.rule_id = rule->id,
		.action = action,
		.finding = alerts->habits->findings,
		.record = event != NULL ? event->record : NULL,
	};
	char event_id[17];
	uint64_t h = hash_stable(HASH_STABLE_START, alert->id, strlen(alert->id));

	write_hash(hash_number(h, ++alert->documents), event_id);
	alert->documented = alert->count;
	alert->last_document = alert->last;
	buffer_clear(&alerts->text);
	alert_document_write(&alerts->text, &(struct alert_source) {
						.set = set,
						.options = alerts->options->document,
						.alert = alert,
						.event = event,
						.action = action,
						.event_id = event_id,
						.exceptions_hash = alerts->exceptions_hash,
						.baseline_hash = alerts->baseline_hash,
						.verdict = verdict_of(alerts, rule, alert),
						.finding = alerts->habits->findings,
					    });
	document.json = alerts->text.data;
	document.length = alerts->text.length;
	document.time = alert->last;
	document.event_id = event_id;
	if (!alerts->text.failed && alerts->options->on_alert != NULL) {
		alerts->options->on_alert(alerts->options->context, &document);
	}
}

static bool is_power_of_ten(uint64_t n)
{
	while (n >= 10 && n % 10 == 0) {
		n /= 10;
	}
	return n == 1;
}

static void note(struct alert *alert, const struct record *record, const struct window_hit *window)
{
	bool acts = record->kind == RECORD_TRANSACTION || record->kind == RECORD_ITEM ||
		    (record->kind == RECORD_CONVERSATION && record->operation != OPERATION_UNKNOWN);

	alert->count++;
	alert->last = record->time;
	alert->head = *record;
	alert->head.size = sizeof(alert->head);
	alert->correlated = window != NULL ? window->measure : (double)NAN;
	alert->n_steps = window != NULL ? window->n_steps : 0;
	memcpy(alert->steps, window != NULL ? window->steps : alert->steps,
	       alert->n_steps * sizeof(alert->steps[0]));
	alert->operations |= acts ? 1U << record->operation : 0;
}

/* Ends an alert, with a document if something changed since the last one. */
static void end_alert(struct alerts *alerts, struct alert *alert, const char *action)
{
	struct event event = { .record = &alert->head };

	if (alert->count != alert->documented) {
		alerts->counters->updates++;
		send(alerts, alert, &event, action);
	}
	lru_remove(&alerts->table, alert);
}

/* The silence before this hit ended the session that the alert stood for. */
static void close_alert(struct alerts *alerts, struct alert *alert)
{
	end_alert(alerts, alert, "alert-closed");
}

void alerts_finish(struct alerts *alerts)
{
	struct alert *alert;

	/* The input ends; whether the session does is not known. */
	while ((alert = lru_oldest(&alerts->table)) != NULL) {
		end_alert(alerts, alert, alerts->habits->updated);
	}
}

static struct alert *open_alert(struct alerts *alerts, const struct alert_hit *hit, uint64_t key,
				const struct record *record)
{
	struct alert *alert;

	while ((alert = lru_add(&alerts->table, key)) == NULL) {
		lru_remove(&alerts->table, lru_oldest(&alerts->table));
		alerts->counters->alerts_evicted++;
	}
	alert->rule = hit->rule;
	alert->level = hit->level;
	snprintf(alert->exception, sizeof(alert->exception), "%s",
		 hit->exception != NULL ? hit->exception : "");
	alert->first = record->time;
	write_hash(hash_number(hash_number(key, alerts->options->document->sensor_id),
			       alerts->habits->findings ? 0 : (uint64_t)record->time),
		   alert->id);
	if (alerts->habits->findings) {
		alerts->counters->findings++;
	} else {
		alerts->counters->alerts[hit->level]++;
	}
	return alert;
}

void alerts_hit(struct alerts *alerts, const struct alert_hit *hit, const struct event *event)
{
	const struct window_hit *window = hit->window;
	const struct record *record = event->record;
	const char *id = alerts->set->rules[hit->rule]->id;
	uint64_t key = hash_stable(HASH_STABLE_START, id, strlen(id));
	struct alert *alert;

	/* What an exception made of another level is an alert of its own. */
	key = hit->exception != NULL ? hash_number(key, hit->level + 1U) : key;
	key = hash_stable_end(window != NULL ? hash_number(key, window->group)
					     : hash_session(key, record));
	alert = lru_find(&alerts->table, key);
	if (alert != NULL && !alerts->habits->findings &&
	    record->time - alert->last > alerts->options->session_gap) {
		close_alert(alerts, alert);
		alert = NULL;
	}
	if (alert == NULL) {
		alert = open_alert(alerts, hit, key, record);
		note(alert, record, window);
		send(alerts, alert, event, alerts->habits->opened);
		return;
	}
	lru_touch(&alerts->table, alert);
	note(alert, record, window);
	if (is_power_of_ten(alert->count) ||
	    alert->last - alert->last_document >= alerts->habits->update_interval) {
		alerts->counters->updates++;
		send(alerts, alert, event, alerts->habits->updated);
	}
}

/* The steps of a temporal correlation whose rules are still there. */
static void renumber_steps(struct alert *alert, const struct rule_numbers *numbers)
{
	size_t kept = 0;

	for (size_t i = 0; i < alert->n_steps; i++) {
		uint16_t now = numbers->now[alert->steps[i].rule];

		if (now != RULE_GONE) {
			alert->steps[kept] = alert->steps[i];
			alert->steps[kept++].rule = now;
		}
	}
	alert->n_steps = kept;
}

void alerts_renumber(struct alerts *alerts, const struct rule_set *set,
		     const struct rule_numbers *numbers)
{
	struct alert *alert = lru_oldest(&alerts->table), *next;

	for (; alert != NULL; alert = next) {
		uint16_t now = numbers->now[alert->rule];

		next = lru_next(&alerts->table, alert);
		if (now == RULE_GONE) {
			close_alert(alerts, alert);
		}
	}
	for (alert = lru_oldest(&alerts->table); alert != NULL;
	     alert = lru_next(&alerts->table, alert)) {
		alert->rule = numbers->now[alert->rule];
		renumber_steps(alert, numbers);
	}
	alerts->set = set;
}

void alerts_tick(struct alerts *alerts, int64_t clock)
{
	struct alert *alert;

	while (!alerts->habits->findings && (alert = lru_oldest(&alerts->table)) != NULL &&
	       clock - alert->last > alerts->options->session_gap) {
		close_alert(alerts, alert);
	}
}
