/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rules.h - Sigma on the wire: rule files in, verdicts and alerts out.
 *
 * A rule set is compiled once from folders of Sigma 2.1 documents (detections and correlations) and
 * is then read-only.  What is accepted works as the specification says; what is not supported is
 * refused with file, line, column and reason. The engine belongs to the analysis thread.  An event
 * meets only the rules that its kind, protocol, operation and equality anchors select: a polling
 * read meets none. */

#include "capture/base/json.h"
#include "capture/base/log.h"
#include "dissectors/field.h"
#include "store/document.h"

struct rule_set;
struct time_zone;
struct alert_document;
struct item_demand;
struct rule_engine;

enum alert_level {
	LEVEL_INFORMATIONAL,
	LEVEL_LOW,
	LEVEL_MEDIUM,
	LEVEL_HIGH,
	LEVEL_CRITICAL,
	LEVELS
};
/* What a rule of this level or a higher one tells of does not become normal by being seen. */
#define LEVEL_HELD LEVEL_HIGH

const char *alert_level_name(enum alert_level level);
bool alert_level_from_name(const char *name, enum alert_level *out);

/* Fields that only alert documents have, for the registry: queries, mappings and `weir fields`. */
extern const struct field alert_fields[];
extern const size_t alert_n_fields;
/* And those that no query asks for by name, for schemas alone. */
extern const struct field alert_head_fields[];
extern const size_t alert_n_head_fields;

struct rule_counts {
	unsigned files, rules, correlations, filters;
	unsigned skipped; /* documents whose logsource is for another product */
	unsigned errors;
};

/* Hears each problem found: "FILE:LINE:COLUMN: reason". */
typedef void rule_problem_handler(void *context, const char *text);

/* What is loaded. All is borrowed for the call, the registry for the life of the set. */
struct rule_load {
	const struct field_registry *registry;
	const char *const *folders; /* or files */
	size_t n_folders;
	/* Values of placeholders (modifier `expand`): a YAML map from name to value or list of
	 * values. NULL: none are known. */
	const char *placeholders;
	/* Compiles rules for other products, too, for their form: fields that we have not are taken
	 * for such as fit. The set says nothing of our records then. */
	bool any_product;
	rule_problem_handler *handler; /* may be NULL */
	void *context;
};

/* Loads all .yml and .yaml files below the folders, in name order. The set is made from what is
 * right; the caller decides whether counts->errors forbids using it. -ENOENT: no such folder. */
int rule_set_load(struct rule_set **out, const struct rule_load *load,
		  struct rule_counts *counts) MUST_USE;
struct rule_set *rule_set_free(struct rule_set *set);
/* Minutes, hours and the like are those of clocks there (capture/base/time_zone.h; NULL, as at
 * first: UTC). The set owns the zone from now on. Before an engine judges by the set. */
void rule_set_use_time_zone(struct rule_set *set, struct time_zone *zone);
/* Stable hash over the canonical content of all rules, as 16 hexadecimal digits. */
const char *rule_set_hash(const struct rule_set *set);
size_t rule_set_count(const struct rule_set *set);
/* How many rules that raise alerts argue from what is normal. */
size_t rule_set_of_baseline(const struct rule_set *set);
/* The level of a rule by its number in the set, and whether it argues from what is normal. */
enum alert_level rule_set_level(const struct rule_set *set, size_t rule);
bool rule_set_needs_baseline(const struct rule_set *set, size_t rule);
/* Tells which rules differ between two sets: id, and "added", "removed" or "changed". old may be
 * NULL. */
void rule_set_differences(const struct rule_set *old, const struct rule_set *set,
			  void (*handler)(void *context, const char *id, const char *what),
			  void *context);

struct rule_engine_options {
	const struct document_options *document;
	size_t correlation_groups_max; /* over all rules; default 65,536; oldest evicted, counted */
	size_t alerts_open_max;        /* default 10,000 */
	int64_t session_gap;           /* one engineering session: default 15 min */
	/* Nobody knows what is normal, and nothing will be learned: rules that argue from that are
	 * not judged. */
	bool no_baseline;
	/* Such a rule of this level was hit: whether that is a finding for a person to review
	 * rather than an alert, because what is normal is still being learned. NULL: never. */
	bool (*is_finding)(void *context, const struct event *event, enum alert_level level);
	/* One alert document: a new alert or an update, newline included. */
	void (*on_alert)(void *context, const struct alert_document *alert);
	/* A rule's condition held, before exceptions; rule: its number in the set. May be NULL. */
	void (*on_hit)(void *context, size_t rule, const struct event *event);
	/* A record of the engine's own: an exception that expired (exceptions.h). May be NULL. */
	void (*on_event)(void *context, const struct event *event);
	void *context;
};

/* What on_alert gets; borrowed. */
struct alert_document {
	const char *json; /* one line with its newline, at most 4,500 bytes */
	size_t length;
	enum alert_level level;
	int64_t time;
	const char *alert_id, *event_id, *rule_id, *action; /* action: "alert-opened"... */
	bool finding;                /* no alert: action is "finding-opened" or "finding-updated" */
	const struct record *record; /* that brought it; NULL: time did */
};

struct rule_engine_counters {
	uint64_t events, candidates, hits; /* candidates: conditions really evaluated */
	uint64_t held;                     /* no alert because of an exception */
	uint64_t withheld;                 /* needed a complete capture and had none */
	uint64_t alerts[LEVELS];           /* opened, by level */
	uint64_t findings;
	uint64_t updates, groups_evicted, alerts_evicted;
	uint64_t entries_dropped; /* values that sums and the like had to do without */
};

struct rule_engine_options rule_engine_defaults(void);
int rule_engine_new(struct rule_engine **out, const struct rule_set *set,
		    const struct rule_engine_options *options) MUST_USE;
struct rule_engine *rule_engine_free(struct rule_engine *engine);

/* Judges by another set from now on; the engine's must live until this returns, the new one as long
 * as the engine. Windows of correlations that did not change, nor what they count, go on; so do
 * open alerts of rules that are still there, and counts of hits. Alerts of others are closed.
 * Exceptions are numbered by the old set: there are none after this (rule_engine_exceptions()).
 * -ENOMEM: nothing changed. */
int rule_engine_use(struct rule_engine *engine, const struct rule_set *set) MUST_USE;

/* Judges one event. Event time never goes back. */
void rule_engine_event(struct rule_engine *engine, const struct event *event);
/* Adds of which items a rule could be about. What the rules say of a malformed message they say of
 * its transaction. */
void rule_engine_items(const struct rule_engine *engine, struct item_demand *demand);
/* Lets windows and sessions end. */
void rule_engine_tick(struct rule_engine *engine, int64_t clock);
/* End of input: an alert that changed since its last document gets one more. */
void rule_engine_finish(struct rule_engine *engine);

/* The baseline that is in force, for the documents: 16 hexadecimal digits, copied; NULL: none.
 * held: what alerts of high level are about is not learned. */
void rule_engine_baseline(struct rule_engine *engine, const char *hash, bool held);

struct rule_engine_counters rule_engine_counters(const struct rule_engine *engine);
/* Hits of each rule, for tables: handler gets id, title, level and hits in load order. */
void rule_engine_hits(const struct rule_engine *engine,
		      void (*handler)(void *context, const char *id, const char *title,
				      enum alert_level level, uint64_t hits),
		      void *context);
