/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* fuzz_exception.c - one input is a file of exceptions: it is read against two rules or refused
 * with a reason, and judges a few hits.  What is held back and what alerts is all there is. */

#include "dissectors/engine.h"
#include "rules/exceptions.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rules[] =
    "title: any\nname: any\nlevel: high\ntags: [attack.t0855]\n"
    "logsource: {category: ot, product: weir}\n"
    "detection:\n  s: {weir.unit_id|gte: 0}\n  condition: s\n"
    "---\ntitle: many\nlevel: low\ncorrelation:\n  type: event_count\n  rules: any\n"
    "  timespan: 1h\n  condition: {gte: 3}\ngenerate: true\n";

static void check(bool good)
{
	if (!good) {
		abort();
	}
}

static int file_of(const void *bytes, size_t size, char path[32])
{
	int file = memfd_create("file", MFD_CLOEXEC);

	check(file >= 0 && write(file, bytes, size) == (ssize_t)size);
	snprintf(path, 32, "/proc/self/fd/%d", file);
	return file;
}

static void hear(void *context, const char *text)
{
	*(size_t *)context += text[0] != '\0';
}

static void note(void *context, const struct alert_document *alert)
{
	(void)context;
	check(alert->length <= 4500 && alert->level < LEVELS);
}

static void on_event(void *context, const struct event *event)
{
	*(size_t *)context += event->record->kind == RECORD_SENSOR;
}

static void tell(void *context, const struct rule_exception_info *info)
{
	*(uint64_t *)context += info->held;
	check(info->held <= info->hits && info->name[0] != '\0' && info->owner[0] != '\0');
}

static void judge(const struct rule_set *set, const struct rule_exceptions *exceptions,
		  const struct field_registry *registry)
{
	struct document_options document = { .registry = registry };
	struct rule_engine_options options = rule_engine_defaults();
	struct rule_engine *engine;
	struct record_writer writer;
	size_t expired = 0;
	uint64_t held = 0;

	options.document = &document;
	options.on_alert = note;
	options.on_event = on_event;
	options.context = &expired;
	check(rule_engine_new(&engine, set, &options) == 0);
	check(rule_engine_exceptions(engine, exceptions) == 0);
	check(record_writer_init(&writer, NULL) == 0);
	for (unsigned i = 0; i < 64; i++) {
		struct record head = { .time = 1768471953 * NS_PER_S + i * NS_PER_HOUR,
				       .source = { .ip = ip_from_v4(0x0a000001 + i % 3) },
				       .destination = { .ip = ip_from_v4(0x0a000009) } };
		struct event event;

		record_begin(&writer, RECORD_TRANSACTION, &head);
		record_put_uint(&writer, CORE_UNIT_ID, i);
		record_commit(&writer);
		event = (struct event) { .record = record_last(&writer) };
		rule_engine_event(engine, &event);
		rule_engine_tick(engine, head.time);
	}
	rule_engine_exceptions_each(engine, tell, &held);
	check(held == rule_engine_counters(engine).held);
	check(expired <= rule_exceptions_count(exceptions));
	rule_engine_free(engine);
	record_writer_end(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct field_registry *registry;
	static struct rule_set *set;
	struct rule_exceptions *exceptions;
	struct rule_counts counts;
	uint16_t bases[PROTOCOL_NONE], base;
	unsigned errors;
	size_t problems = 0;
	char path[32];
	const char *folder = path;
	int file;

	if (registry == NULL) {
		check(field_registry_new(&registry) == 0);
		check(engine_register(registry, bases, NULL) == 0);
		check(field_registry_add(registry, exception_fields, exception_n_fields, &base,
					 NULL) == 0);
		check(field_registry_seal(registry, NULL) == 0);
		file = file_of(rules, sizeof(rules) - 1, path);
		check(rule_set_load(&set,
				    &(struct rule_load) {
					.registry = registry, .folders = &folder, .n_folders = 1 },
				    &counts) == 0 &&
		      counts.errors == 0);
		close(file);
	}
	file = file_of(data, size, path);
	check(rule_exceptions_load(&exceptions, path, set, hear, &problems, &errors) == 0);
	check((exceptions == NULL) == (errors > 0) && errors <= problems);
	if (exceptions != NULL) {
		judge(set, exceptions, registry);
	}
	rule_exceptions_free(exceptions);
	close(file);
	return 0;
}
