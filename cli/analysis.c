/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The order for each record: the inventory says what it knows about it, then whoever wants
 * documents gets them, then the rules judge.  Changes that the inventory reports on the way are
 * events of their own and come before the record that caused them. */

#include "cli/analysis.h"

#include "cli/baseline_source.h"

#include "dissectors/dissector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SAVE_INTERVAL (10 * NS_PER_S) /* of packet time, between two savings of the inventory */

#define EVENT_TEXT_SIZE 64

#define TRAFFIC_AT_ONCE 2000 /* conversations that a tick sums up */

struct analysis {
	struct analysis_options options;
	struct document_options document;
	struct inventory *inventory;
	struct rule_engine *rules;
	struct policy_watch *policy;
	struct store *store;
	struct baseline_keeper *baseline;
	struct baseline_lines staged;
	struct buffer line;
	struct analysis_counters counters;
	struct traffic_round traffic; /* the hour that is being told, or the next one */
	bool telling;
	enum alert_level worst;
	bool any_alert;
	int64_t saved, clock;
	int error; /* the first failure to write */
};

/* ---- events ---- */

/* Which transactions are rows of their own: reads and cyclic traffic are conversation counters. */
static bool is_kept(const struct record *record)
{
	return record->kind == RECORD_TRANSACTION && record->phase == PHASE_COMPLETE &&
	       record->operation != OPERATION_READ && record->operation != OPERATION_IO &&
	       record->operation != OPERATION_REPORT;
}

static void write_line(struct analysis *analysis, FILE *file, const char *line, size_t length)
{
	if (fwrite(line, 1, length, file) != length && analysis->error == 0) {
		analysis->error = errno != 0 ? -errno : -EIO;
	}
}

/* The text of a field; empty when the event has it not. out has EVENT_TEXT_SIZE bytes. */
static const char *event_text(const struct analysis *analysis, const struct event *event,
			      const char *name, char *out)
{
	const struct field_registry *registry = analysis->options.registry;
	struct field_value value;
	size_t n = 0;

	if (field_get(registry, event, field_find(registry, name), &value)) {
		n = size_min(value.one.length, EVENT_TEXT_SIZE - 1);
		memcpy(out, value.one.bytes, n);
	}
	out[n] = '\0';
	return out;
}

/* What cannot be kept is counted and said by the store. */
static void keep(struct analysis *analysis, const struct event *event)
{
	const struct buffer *line = &analysis->line;
	char asset[EVENT_TEXT_SIZE], change[EVENT_TEXT_SIZE];

	if (event->record->kind == RECORD_SENSOR) {
		(void)!store_health(analysis->store, event->record->time, line->data, line->length);
		return;
	}
	if (event->record->kind != RECORD_ASSET_CHANGE) {
		(void)!store_operation(analysis->store, event, line->data, line->length);
		return;
	}
	(void)!store_change(analysis->store, event->record->time,
			    event_text(analysis, event, "weir.asset.id", asset),
			    event_text(analysis, event, "weir.asset.change", change), line->data,
			    line->length);
}

static void publish(struct analysis *analysis, const struct event *event)
{
	bool kept = analysis->store != NULL &&
		    (is_kept(event->record) || event->record->kind == RECORD_ASSET_CHANGE ||
		     event->record->kind == RECORD_SENSOR);

	if (analysis->options.on_event != NULL) {
		analysis->options.on_event(analysis->options.context, event);
	}
	if (analysis->options.events != NULL || kept) {
		buffer_clear(&analysis->line);
		document_line(&analysis->line, &analysis->document, event);
	}
	if (analysis->options.events != NULL) {
		write_line(analysis, analysis->options.events, analysis->line.data,
			   analysis->line.length);
	}
	if (kept) {
		keep(analysis, event);
	}
	if (analysis->rules != NULL) {
		rule_engine_event(analysis->rules, event);
	}
}

static void on_change(void *context, const struct event *event)
{
	struct analysis *analysis = context;
	struct event placed = *event;

	policy_watch_event(analysis->policy, &placed);
	publish(analysis, &placed);
}

static void on_violation(void *context, const struct event *event)
{
	publish(context, event);
}

static void on_alert(void *context, const struct alert_document *alert)
{
	struct analysis *analysis = context;

	if (alert->finding) {
		if (analysis->store != NULL) {
			(void)!store_journal(analysis->store, "finding", alert->time,
					     alert->event_id, alert->json, alert->length);
		}
		return;
	}
	analysis->worst =
	    analysis->any_alert && analysis->worst > alert->level ? analysis->worst : alert->level;
	analysis->any_alert = true;
	if (analysis->options.alerts != NULL) {
		write_line(analysis, analysis->options.alerts, alert->json, alert->length);
	}
	if (analysis->store != NULL) {
		(void)!store_journal(analysis->store, "alert", alert->time, alert->event_id,
				     alert->json, alert->length);
	}
	if (analysis->options.on_alert != NULL) {
		analysis->options.on_alert(analysis->options.context, alert);
	}
}

int analysis_alert_said(struct analysis *analysis, int64_t time, const char *id, const char *json,
			size_t length, bool finding)
{
	int error = 0;

	if (analysis->options.alerts != NULL && !finding) {
		write_line(analysis, analysis->options.alerts, json, length);
	}
	if (analysis->store != NULL) {
		error = store_journal(analysis->store, finding ? "finding" : "alert", time, id,
				      json, length);
		error = error == 0 ? store_flush(analysis->store) : error;
	}
	return error;
}

static void on_hit(void *context, size_t rule, const struct event *event)
{
	struct analysis *analysis = context;
	const struct rule_set *rules = analysis->options.rules;

	if (rule_set_level(rules, rule) >= LEVEL_HELD && !rule_set_needs_baseline(rules, rule)) {
		inventory_hold(analysis->inventory, event);
	}
	if (analysis->options.on_hit != NULL) {
		analysis->options.on_hit(analysis->options.context, rule, event);
	}
}

/* In a zone that adapts, what no high rule is about is for review as well. */
static bool is_finding(void *context, const struct event *event, enum alert_level level)
{
	const struct analysis *analysis = context;

	return baseline_keeper_info(analysis->baseline).state == BASELINE_LEARNING ||
	       (level < LEVEL_HELD &&
		(inventory_zone_watch(analysis->inventory, event) & ZONE_ADAPTIVE) != 0);
}

/* A record that the rules made: an exception that expired. The journal keeps it too. */
static void on_rule_event(void *context, const struct event *event)
{
	struct analysis *analysis = context;
	char id[17];

	publish(analysis, event);
	if (analysis->store != NULL) {
		buffer_clear(&analysis->line);
		document_line(&analysis->line, &analysis->document, event);
		(void)!store_journal(analysis->store, "exception", event->record->time,
				     document_id(&analysis->document, event->record, id),
				     analysis->line.data, analysis->line.length);
	}
}

static bool every_item_is_wanted(const struct analysis *analysis)
{
	return analysis->options.on_event != NULL || analysis->options.events != NULL;
}

void analysis_items(const struct analysis *analysis, struct item_demand *out)
{
	/* Where some zone wants to know between what bounds values stay. */
	uint32_t of_values = analysis->options.policy != NULL &&
				     policy_watches(analysis->options.policy, ZONE_VALUES)
				 ? UINT32_C(1) << OPERATION_READ | UINT32_C(1) << OPERATION_WRITE |
				       UINT32_C(1) << OPERATION_REPORT | UINT32_C(1) << OPERATION_IO
				 : 0;
	/* What devices say about themselves is for the inventory. */
	uint32_t always = every_item_is_wanted(analysis)
			      ? UINT32_MAX
			      : UINT32_C(1) << OPERATION_IDENTIFY | of_values;

	*out = (struct item_demand) { .version = 0 };
	for (size_t i = 0; i < dissector_count(); i++) {
		for (unsigned outcome = 0; outcome < OUTCOMES; outcome++) {
			out->operations[i][outcome] = always;
		}
	}
	if (analysis->rules != NULL) {
		rule_engine_items(analysis->rules, out);
	}
}

void analysis_record(void *context, const struct record *record)
{
	struct analysis *analysis = context;
	struct event event = { .record = record };

	analysis->counters.records++;
	event.context[EVENT_STORE] = inventory_record(analysis->inventory, record);
	policy_watch_event(analysis->policy, &event);
	publish(analysis, &event);
}

/* The rules say in their alerts which baseline is in force. */
static void tell_baseline(struct analysis *analysis)
{
	struct baseline_keeper_info info = baseline_keeper_info(analysis->baseline);

	if (analysis->rules != NULL) {
		rule_engine_baseline(analysis->rules,
				     info.state != BASELINE_NONE ? baseline_hash(info.baseline)
								 : NULL,
				     info.state == BASELINE_LEARNING);
	}
}

static void on_traffic(void *context, const char *json, size_t length)
{
	struct analysis *analysis = context;

	(void)!store_traffic(analysis->store, analysis->traffic.to, json, length);
}

/* Sums up the hour that is over, some conversations at a time. */
static void tell_traffic(struct analysis *analysis, int64_t clock)
{
	struct traffic_round *round = &analysis->traffic;
	int64_t hour = clock - clock % NS_PER_HOUR;

	if (round->from == 0) {
		round->from = clock;
	}
	if (!analysis->telling && hour > round->from) {
		round->to = hour;
		round->next = 0;
		round->sensor = analysis->options.sensor_name;
		analysis->telling = true;
	}
	if (analysis->telling &&
	    inventory_traffic(analysis->inventory, round, TRAFFIC_AT_ONCE, on_traffic, analysis)) {
		analysis->telling = false;
		round->from = round->to;
	}
}

/* At the end the hour that is under way, too. */
static void tell_all_traffic(struct analysis *analysis)
{
	struct traffic_round *round = &analysis->traffic;

	if (analysis->telling) {
		(void)inventory_traffic(analysis->inventory, round, SIZE_MAX, on_traffic, analysis);
		round->from = round->to;
	}
	if (round->from != 0 && analysis->clock > round->from) {
		round->to = analysis->clock;
		round->next = 0;
		round->sensor = analysis->options.sensor_name;
		(void)inventory_traffic(analysis->inventory, round, SIZE_MAX, on_traffic, analysis);
	}
}

void analysis_tick(void *context, int64_t clock)
{
	struct analysis *analysis = context;

	inventory_tick(analysis->inventory, clock);
	baseline_keeper_tick(analysis->baseline, clock);
	tell_baseline(analysis);
	if (analysis->rules != NULL) {
		rule_engine_tick(analysis->rules, clock);
	}
	analysis->clock = time_max(analysis->clock, clock);
	if (analysis->store != NULL) {
		tell_traffic(analysis, clock);
	}
	if (analysis->store != NULL && clock - analysis->saved >= SAVE_INTERVAL) {
		(void)!store_inventory(analysis->store, analysis->inventory);
		analysis->saved = clock;
	}
}

/* ---- life ---- */

int analysis_baseline(struct analysis *analysis, const struct baseline_change *change, bool freeze,
		      struct baseline_changed *changed, struct problem *problem)
{
	int error = freeze ? baseline_keeper_freeze(analysis->baseline, change, changed, problem)
			   : baseline_keeper_change(analysis->baseline, change, changed, problem);

	tell_baseline(analysis);
	return error;
}

struct baseline_keeper_info analysis_baseline_info(const struct analysis *analysis)
{
	return baseline_keeper_info(analysis->baseline);
}

struct baseline_lines *analysis_baseline_staged(struct analysis *analysis)
{
	return &analysis->staged;
}

static int load_baseline(struct analysis *analysis, struct problem *problem)
{
	struct baseline *baseline = NULL;
	int error = baseline_from_file(&baseline, analysis->options.baseline_path,
				       analysis->inventory, analysis->options.log, problem);

	if (error == 0) {
		baseline_keeper_use(analysis->baseline, baseline);
	}
	return error;
}

static int make_baseline(struct analysis *analysis, struct problem *problem)
{
	const struct analysis_options *options = &analysis->options;
	struct baseline_keeper_options keeper = baseline_keeper_defaults();
	struct baseline_frame frames[BASELINE_FRAMES_MAX];
	int error = 0;

	while (options->frames != NULL && error == 0 && keeper.n_frames < options->frames->n &&
	       keeper.n_frames < ARRAY_SIZE(frames)) {
		error = baseline_frame_parse(options->frames->items[keeper.n_frames],
					     &frames[keeper.n_frames], problem);
		keeper.n_frames++;
	}
	keeper.frames = frames;
	keeper.inventory = analysis->inventory;
	keeper.replay = options->replay && options->learning == 0;
	keeper.learning = options->learning != 0 ? options->learning : keeper.learning;
	keeper.log = options->log;
	return error == 0 ? baseline_keeper_new(&analysis->baseline, &keeper, problem) : error;
}

#define DIFFERENCES_MAX 100 /* ids of rules in one row; all are counted */

struct differences {
	struct json *json;
	const char *wanted;
	size_t n;
};

static void note_difference(void *context, const char *id, const char *what)
{
	struct differences *differences = context;

	if (strcmp(what, differences->wanted) == 0 && differences->n++ < DIFFERENCES_MAX) {
		json_text(differences->json, NULL, id);
	}
}

static void note_differences(struct json *json, const struct rule_set *old,
			     const struct rule_set *set)
{
	static const char *const words[] = { "added", "removed", "changed" };

	for (size_t i = 0; old != NULL && i < ARRAY_SIZE(words); i++) {
		struct differences differences = { json, words[i], 0 };

		json_array(json, words[i]);
		rule_set_differences(old, set, note_difference, &differences);
		json_end(json);
	}
}

/* What is judged by from now on is a row of the journal: old is the set before, or NULL. */
static int note_judges(struct analysis *analysis, const struct rule_set *old, int64_t now,
		       const char *by)
{
	const struct analysis_options *options = &analysis->options;
	struct json json;

	buffer_clear(&analysis->line);
	json = json_to(&analysis->line);
	json_object(&json, NULL);
	json_time(&json, "@timestamp", now);
	json_text(&json, "by", by);
	json_text(&json, "rule_set", rule_set_hash(options->rules));
	json_uint(&json, "rules", rule_set_count(options->rules));
	if (options->policy != NULL) {
		json_text(&json, "policy", policy_hash(options->policy));
	}
	if (options->exceptions != NULL) {
		json_text(&json, "exceptions", rule_exceptions_hash(options->exceptions));
	}
	note_differences(&json, old, options->rules);
	json_end(&json);
	return store_journal(analysis->store, "rules", now, rule_set_hash(options->rules),
			     analysis->line.data, analysis->line.length);
}

int analysis_use(struct analysis *analysis, const struct analysis_judges *judges, int64_t now,
		 const char *by)
{
	const struct rule_set *old = analysis->options.rules;
	int error = rule_engine_use(analysis->rules, judges->rules);

	if (error == 0) {
		error = rule_engine_exceptions(analysis->rules, judges->exceptions);
	}
	if (error < 0) {
		return error;
	}
	analysis->options.rules = judges->rules;
	analysis->options.exceptions = judges->exceptions;
	analysis->options.policy = judges->policy;
	policy_watch_use(analysis->policy, judges->policy);
	inventory_zones_changed(analysis->inventory);
	if (analysis->store != NULL) {
		(void)!note_judges(analysis, old, now, by);
	}
	return 0;
}

static int open_store(struct analysis *analysis, struct problem *problem)
{
	struct store_options options = store_defaults();
	int error;

	options.path = analysis->options.db_path;
	options.log = analysis->options.log;
	if (analysis->options.keep_operations != 0) {
		options.keep_operations = analysis->options.keep_operations;
	}
	if (analysis->options.operations_max != 0) {
		options.operations_max = analysis->options.operations_max;
	}
	error = store_open(&analysis->store, &options, problem);
	/* The names of times first: the inventory has them in it. */
	if (error == 0) {
		error = baseline_keeper_load(analysis->baseline, analysis->store, problem);
	}
	if (error == 0) {
		error = store_load(analysis->store, analysis->inventory, problem);
	}
	if (error == 0 && analysis->options.rules != NULL && !analysis->options.replay) {
		error = note_judges(analysis, NULL, analysis->options.now, "start");
	}
	return error;
}

/* Where the policy in force places an asset. */
static const char *zone_of(void *context, const struct inventory_place *place)
{
	const struct analysis *analysis = context;
	const struct policy_end end = {
		.ip = place->ip,
		.mac = place->mac,
		.vlan = place->vlan,
		.type = place->type,
		.role = place->role,
		.vendor = place->vendor,
		.name = place->name,
		.level = place->level,
	};
	const struct policy_zone *zone = analysis->options.policy != NULL
					     ? policy_zone_of(analysis->options.policy, &end)
					     : NULL;

	return zone != NULL ? zone->name : NULL;
}

static const struct policy_zone *zone_named(const struct analysis *analysis, const char *name)
{
	return analysis->options.policy != NULL ? policy_zone_named(analysis->options.policy, name)
						: NULL;
}

static bool zone_is_within(void *context, const char *name, const char *outer)
{
	const struct policy_zone *zone = zone_named(context, name);

	while (zone != NULL && strcmp(zone->name, outer) != 0) {
		zone = zone->within;
	}
	return zone != NULL;
}

static unsigned zone_watch(void *context, const char *name)
{
	return policy_zone_watch(zone_named(context, name));
}

static int make_inventory(struct analysis *analysis, struct problem *problem)
{
	struct inventory_options options = inventory_defaults();

	options.sensor_id = analysis->options.sensor_id;
	inventory_files_use(analysis->options.files, &options);
	options.registry = analysis->options.registry;
	options.log = analysis->options.log;
	options.on_change = on_change;
	options.zone_of = zone_of;
	options.zone_is_within = zone_is_within;
	options.zone_watch = zone_watch;
	options.context = analysis;
	return inventory_new(&analysis->inventory, &options, problem);
}

static int make_policy(struct analysis *analysis)
{
	struct policy_watch_options options = policy_watch_defaults();

	options.policy = analysis->options.policy;
	options.registry = analysis->options.registry;
	options.on_event = on_violation;
	options.context = analysis;
	return policy_watch_new(&analysis->policy, &options);
}

static int make_rules(struct analysis *analysis)
{
	struct rule_engine_options options = rule_engine_defaults();
	int error;

	if (analysis->options.rules == NULL) {
		return 0;
	}
	options.document = &analysis->document;
	options.no_baseline = analysis->options.replay && analysis->options.learning == 0 &&
			      analysis->options.baseline_path == NULL;
	options.is_finding = is_finding;
	options.on_alert = on_alert;
	options.on_event = on_rule_event;
	options.on_hit = on_hit;
	options.context = analysis;
	error = rule_engine_new(&analysis->rules, analysis->options.rules, &options);
	return error == 0 ? rule_engine_exceptions(analysis->rules, analysis->options.exceptions)
			  : error;
}

int analysis_new(struct analysis **out, const struct analysis_options *options,
		 struct problem *problem)
{
	struct analysis *analysis = calloc(1, sizeof(*analysis));
	int error = analysis == NULL ? -ENOMEM : 0;

	if (error == 0) {
		analysis->options = *options;
		analysis->document =
		    (struct document_options) { .sensor_id = options->sensor_id,
						.sensor_name = options->sensor_name,
						.registry = options->registry,
						.configuration_hash = options->configuration_hash };
		error = make_policy(analysis);
	}
	if (error == 0) {
		error = make_inventory(analysis, problem);
	}
	if (error == 0) {
		error = make_rules(analysis);
	}
	if (error == 0) {
		error = make_baseline(analysis, problem);
	}
	if (error == 0 && options->baseline_path != NULL) {
		error = load_baseline(analysis, problem);
	}
	if (error == 0 && options->db_path != NULL) {
		error = open_store(analysis, problem);
	}
	if (error != 0) {
		analysis_free(analysis);
		return problem_set(problem, error, "%s", strerror(-error));
	}
	tell_baseline(analysis);
	*out = analysis;
	return 0;
}

struct analysis *analysis_free(struct analysis *analysis)
{
	if (analysis == NULL) {
		return NULL;
	}
	store_close(analysis->store, NULL);
	rule_engine_free(analysis->rules);
	policy_watch_free(analysis->policy);
	inventory_free(analysis->inventory);
	baseline_keeper_free(analysis->baseline);
	baseline_lines_free(&analysis->staged);
	buffer_free(&analysis->line);
	free(analysis);
	return NULL;
}

static int flush_files(struct analysis *analysis)
{
	FILE *files[] = { analysis->options.events, analysis->options.alerts };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (files[i] != NULL && fflush(files[i]) != 0 && analysis->error == 0) {
			analysis->error = -errno;
		}
	}
	return analysis->error;
}

/* A large inventory finds no room in the queue at once: what was taken is written, then the rest is
 * handed over. */
static int save_all(struct analysis *analysis)
{
	int error, flushed;

	do {
		error = store_inventory(analysis->store, analysis->inventory);
		flushed = store_flush(analysis->store);
	} while (error == -ENOSPC && flushed == 0);
	return error != 0 ? error : flushed;
}

int analysis_finish(struct analysis *analysis, struct problem *problem)
{
	int error;

	inventory_settle(analysis->inventory);
	if (analysis->rules != NULL) {
		rule_engine_finish(analysis->rules);
	}
	error = flush_files(analysis);
	if (error != 0) {
		return problem_set(problem, error, "cannot write the output: %s", strerror(-error));
	}
	if (analysis->store != NULL) {
		tell_all_traffic(analysis);
		error = save_all(analysis);
	}
	if (error != 0) {
		return problem_set(problem, error, "%s: cannot store everything: %s",
				   analysis->options.db_path, strerror(-error));
	}
	return 0;
}

struct inventory *analysis_inventory(struct analysis *analysis)
{
	return analysis->inventory;
}

struct policy_watch *analysis_policy(struct analysis *analysis)
{
	return analysis->policy;
}

const struct rule_set *analysis_rule_set(const struct analysis *analysis)
{
	return analysis->options.rules;
}

struct rule_engine *analysis_rules(struct analysis *analysis)
{
	return analysis->rules;
}

struct store *analysis_store(struct analysis *analysis)
{
	return analysis->store;
}

const struct analysis_counters *analysis_counters(const struct analysis *analysis)
{
	return &analysis->counters;
}

enum alert_level analysis_worst(const struct analysis *analysis, bool *any)
{
	*any = analysis->any_alert;
	return analysis->worst;
}
