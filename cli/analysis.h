/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* analysis.h - records to inventory, rules, documents and the store; one thread owns it. */

#include "cli/config.h"
#include "cli/setup.h"
#include "dissectors/engine.h"
#include "rules/policy.h"
#include "rules/rules.h"
#include "store/baseline_keeper.h"
#include "store/baseline_lines.h"

#include <stdio.h>

struct analysis;

struct analysis_options {
	const struct field_registry *registry;
	const struct rule_set *rules;             /* may be NULL */
	const struct rule_exceptions *exceptions; /* may be NULL */
	const char *db_path;                      /* NULL: memory only */
	const char *baseline_path; /* a database, or a file of lines: what is normal; NULL: none */
	const struct policy *policy; /* zones and conduits; may be NULL */
	int64_t now;                 /* live: when it begins; 0 in a replay */
	bool replay;
	const struct inventory_files *files; /* of the inventory; NULL: none */
	int64_t learning;                  /* ns; 0: the default, in a replay: nothing is learned */
	const struct config_texts *frames; /* times that the baseline tells apart; NULL: none */
	int64_t keep_operations;           /* ns; 0: the store's default */
	uint64_t operations_max;           /* 0: the store's default */
	FILE *events;                      /* every record as a document; NULL: none */
	FILE *alerts;
	void (*on_alert)(void *context, const struct alert_document *alert);
	void (*on_event)(void *context, const struct event *event);
	/* A rule was hit; its number in the set. May be NULL. */
	void (*on_hit)(void *context, size_t rule, const struct event *event);
	void *context;
	const char *sensor_name;
	uint64_t sensor_id;
	const char *configuration_hash; /* NULL: there is none */
	const struct log_sink *log;
};

struct analysis_counters {
	uint64_t records;
};

int analysis_new(struct analysis **out, const struct analysis_options *options,
		 struct problem *problem) MUST_USE;
struct analysis *analysis_free(struct analysis *analysis);
/* Which items are worth a record. */
void analysis_items(const struct analysis *analysis, struct item_demand *out);
void analysis_record(void *analysis, const struct record *record);
void analysis_tick(void *analysis, int64_t clock);
/* Judges by another rule set (and exceptions read against it, NULL: none) and policy from now on,
 * and notes that in the journal; by: who wanted it. The old ones may go when this returns 0. */
struct analysis_judges {
	const struct rule_set *rules;
	const struct rule_exceptions *exceptions;
	const struct policy *policy;
};
int analysis_use(struct analysis *analysis, const struct analysis_judges *judges, int64_t now,
		 const char *by) MUST_USE;
/* A document in which a person says something of an alert or finding, newline included: of an alert
 * it is written where alerts are; made durable. 0 or negative errno. */
int analysis_alert_said(struct analysis *analysis, int64_t time, const char *id, const char *json,
			size_t length, bool finding) MUST_USE;
/* Changes the baseline; freeze: what was seen is added. */
int analysis_baseline(struct analysis *analysis, const struct baseline_change *change, bool freeze,
		      struct baseline_changed *changed, struct problem *problem) MUST_USE;
struct baseline_keeper_info analysis_baseline_info(const struct analysis *analysis);
/* Lines that a person hands over before he says what to do with them. */
struct baseline_lines *analysis_baseline_staged(struct analysis *analysis);
int analysis_finish(struct analysis *analysis, struct problem *problem) MUST_USE;
struct inventory *analysis_inventory(struct analysis *analysis);
struct policy_watch *analysis_policy(struct analysis *analysis);
const struct rule_set *analysis_rule_set(const struct analysis *analysis);
struct rule_engine *analysis_rules(struct analysis *analysis);
struct store *analysis_store(struct analysis *analysis);
const struct analysis_counters *analysis_counters(const struct analysis *analysis);
enum alert_level analysis_worst(const struct analysis *analysis, bool *any);
