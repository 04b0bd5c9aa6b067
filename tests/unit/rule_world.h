/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rule_world.h - rules from a text and events made by hand, for the tests of this room. */

#include "dissectors/engine.h"
#include "rules/engine.h"
#include "rules/exceptions.h"
#include "rules/policy.h"
#include "store/json_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WORLD_DOCUMENTS 64

/* What on_alert told. */
struct world_alert {
	struct json_value *json;
	char action[24], alert_id[20], event_id[20], rule_id[64];
	size_t length;
	enum alert_level level;
	int64_t time;
};

struct world {
	struct field_registry *registry;
	struct record_writer writer;
	struct rule_set *set;
	struct rule_engine *engine;
	struct rule_counts counts;
	struct document_options document;
	char path[64];
	const char *placeholders; /* a file, for world_load() */
	char problems[16384];
	struct world_alert alerts[WORLD_DOCUMENTS];
	size_t n_alerts;
	int64_t now;
	uint64_t number;
};

/* Names that a room above the dissectors gives. */
static const struct field world_fields[] = {
	{ "weir.conversation.new_operation", FIELD_BOOL, 0, NULL, "Test", NULL },
	{ "weir.conversation.new", FIELD_BOOL, 0, NULL, "Test", NULL },
	{ "weir.conversation.change", FIELD_STRING, FIELD_ENUM, NULL, "Test", NULL },
	{ "weir.destination.role", FIELD_STRING, FIELD_ENUM, NULL, "Test", NULL },
	{ "weir.source.role", FIELD_STRING, FIELD_ENUM, NULL, "Test", NULL },
	{ "weir.source.name", FIELD_STRING, 0, NULL, "Test", NULL },
	{ "weir.asset.change", FIELD_STRING, FIELD_ENUM, NULL, "Test", NULL },
	{ "weir.asset.learning", FIELD_BOOL, 0, NULL, "Test", NULL },
	{ "weir.source.new", FIELD_BOOL, 0, NULL, "Test", NULL },
	{ "weir.source.asset", FIELD_STRING, 0, NULL, "Test", NULL },
	{ "weir.destination.type", FIELD_STRING, FIELD_ENUM, NULL, "Test", NULL },
	{ "weir.destination.level", FIELD_STRING, FIELD_ENUM, NULL, "Test", NULL },
	{ "weir.destination.new", FIELD_BOOL, 0, NULL, "Test", NULL },
	{ "weir.source.type", FIELD_STRING, FIELD_ENUM, NULL, "Test", NULL },
	{ "weir.learning", FIELD_BOOL, 0, NULL, "Test", NULL },
	{ "weir.destination.name", FIELD_STRING, 0, NULL, "Test", NULL },
	{ "weir.test.text", FIELD_STRING, 0, NULL, "Test", NULL },
	{ "weir.test.texts", FIELD_STRING, FIELD_LIST, NULL, "Test", NULL },
	{ "weir.test.number", FIELD_INT, 0, NULL, "Test", NULL },
	{ "weir.test.real", FIELD_DOUBLE, 0, NULL, "Test", NULL },
	{ "weir.test.numbers", FIELD_UINT, FIELD_LIST, NULL, "Test", NULL },
	{ "weir.test.bytes", FIELD_BYTES, 0, NULL, "Test", NULL },
	{ "weir.test.time", FIELD_TIME, 0, NULL, "Test", NULL },
};

#define WORLD_START INT64_C(1768471953000000000) /* 2026-01-15T10:12:33Z, a Thursday in week 3 */

static inline void world_begin(struct world *w)
{
	uint16_t bases[PROTOCOL_NONE], base;

	memset(w, 0, sizeof(*w));
	w->now = WORLD_START;
	assert_int_equal(field_registry_new(&w->registry), 0);
	assert_int_equal(engine_register(w->registry, bases, NULL), 0);
	assert_int_equal(
	    field_registry_add(w->registry, world_fields, ARRAY_SIZE(world_fields), &base, NULL),
	    0);
	assert_int_equal(
	    field_registry_add(w->registry, policy_fields, policy_n_fields, &base, NULL), 0);
	assert_int_equal(
	    field_registry_add(w->registry, exception_fields, exception_n_fields, &base, NULL), 0);
	assert_int_equal(field_registry_seal(w->registry, NULL), 0);
	assert_int_equal(record_writer_init(&w->writer, NULL), 0);
	w->document = (struct document_options) { .sensor_id = 7,
						  .sensor_name = "line-1",
						  .registry = w->registry };
}

static inline void world_hear(void *context, const char *text)
{
	struct world *w = context;
	const char *name = strstr(text, "weir_rule_");
	size_t n = strlen(w->problems);

	text = name != NULL ? strchr(name, ':') + 1 : text;
	snprintf(w->problems + n, sizeof(w->problems) - n, "%s\n", text);
}

/* Compiles a text; what is wrong with it is in w->problems as "LINE:COLUMN: reason" lines. */
static inline void world_load(struct world *w, const char *text)
{
	const char *path = w->path;
	int file;

	strcpy(w->path, "/tmp/weir_rule_XXXXXX");
	file = mkstemp(w->path);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	w->problems[0] = '\0';
	assert_int_equal(rule_set_load(&w->set,
				       &(struct rule_load) { .registry = w->registry,
							     .folders = &path,
							     .n_folders = 1,
							     .placeholders = w->placeholders,
							     .handler = world_hear,
							     .context = w },
				       &w->counts),
			 0);
	unlink(w->path);
}

static inline void world_note(void *context, const struct alert_document *alert)
{
	struct world *w = context;
	struct world_alert *a = &w->alerts[w->n_alerts];

	assert_true(w->n_alerts < WORLD_DOCUMENTS);
	assert_true(alert->length <= ALERT_DOCUMENT_MAX);
	assert_int_equal(alert->json[alert->length - 1], '\n');
	assert_int_equal(strlen(alert->json), alert->length);
	a->json = json_value_parse(alert->json, alert->length);
	assert_non_null(a->json);
	snprintf(a->action, sizeof(a->action), "%s", alert->action);
	snprintf(a->alert_id, sizeof(a->alert_id), "%s", alert->alert_id);
	snprintf(a->event_id, sizeof(a->event_id), "%s", alert->event_id);
	snprintf(a->rule_id, sizeof(a->rule_id), "%s", alert->rule_id);
	a->length = alert->length;
	a->level = alert->level;
	a->time = alert->time;
	w->n_alerts++;
}

static inline struct rule_engine_options world_options(struct world *w)
{
	struct rule_engine_options options = rule_engine_defaults();

	options.document = &w->document;
	options.on_alert = world_note;
	options.context = w;
	return options;
}

static inline void world_start(struct world *w)
{
	struct rule_engine_options options = world_options(w);

	assert_int_equal(rule_engine_new(&w->engine, w->set, &options), 0);
}

static inline void world_unload(struct world *w)
{
	for (size_t i = 0; i < w->n_alerts; i++) {
		json_value_free(w->alerts[i].json);
	}
	w->n_alerts = 0;
	w->engine = rule_engine_free(w->engine);
	w->set = rule_set_free(w->set);
}

static inline void world_end(struct world *w)
{
	world_unload(w);
	record_writer_end(&w->writer);
	field_registry_free(w->registry);
}

static inline uint8_t world_protocol(const char *name)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		if (strcmp(dissector_at(i)->name, name) == 0) {
			return (uint8_t)i;
		}
	}
	return PROTOCOL_NONE;
}

/* The head of a Modbus transaction from 10.0.0.2 to 10.0.0.1, complete and successful. */
static inline struct record world_head(struct world *w, enum operation operation)
{
	struct record head = {
		.kind = RECORD_TRANSACTION,
		.operation = (uint8_t)operation,
		.outcome = OUTCOME_SUCCESS,
		.phase = PHASE_COMPLETE,
		.time = w->now,
		.start = w->now - NS_PER_MS,
		.duration = NS_PER_MS,
		.number = ++w->number,
		.key = w->number * 1000,
		.protocol = world_protocol("modbus"),
		.ip_protocol = IP_PROTOCOL_TCP,
		.ip_version = 4,
		.source = { ip_from_v4(0x0a000002), { { 2, 0, 0, 0, 0, 2 } }, 50000 },
		.destination = { ip_from_v4(0x0a000001), { { 2, 0, 0, 0, 0, 1 } }, 502 },
	};

	return head;
}

static inline uint16_t world_field(const struct world *w, const char *name)
{
	uint16_t id = field_find(w->registry, name);

	if (id == FIELD_NOT_FOUND) {
		fail_msg("no field %s", name);
	}
	return id;
}

static inline void world_open(struct world *w, const struct record *head)
{
	record_begin(&w->writer, (enum record_kind)head->kind, head);
}

static inline void world_put_uint(struct world *w, const char *name, uint64_t value)
{
	record_put_uint(&w->writer, world_field(w, name), value);
}

static inline void world_put_text(struct world *w, const char *name, const char *value)
{
	record_put_text(&w->writer, world_field(w, name), value);
}

/* Ends the record; the event is valid until the next world_open(). */
static inline struct event world_event(struct world *w)
{
	record_commit(&w->writer);
	return (struct event) { .record = record_last(&w->writer) };
}

static inline void world_judge(struct world *w)
{
	struct event event = world_event(w);

	rule_engine_event(w->engine, &event);
}

/* A whole Modbus transaction with this function code. */
static inline void world_modbus(struct world *w, enum operation operation, unsigned code)
{
	struct record head = world_head(w, operation);

	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", code);
	world_put_uint(w, "weir.unit_id", 1);
	world_judge(w);
}
