/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* fuzz_rule.c - one input is one rule file: it is compiled and, if anything of it is right, judged
 * against a few events.  Alerts must keep to their size. */

#include "dissectors/engine.h"
#include "rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good) {
		abort();
	}
}

static void hear(void *context, const char *text)
{
	*(size_t *)context += text[0] != '\0';
}

static void note(void *context, const struct alert_document *alert)
{
	(void)context;
	check(alert->length <= 4500 && alert->json[alert->length - 1] == '\n');
}

static void judge(struct rule_engine *engine, struct record_writer *writer, unsigned i)
{
	struct record head = { .operation = (uint8_t)(i % OPERATIONS),
			       .outcome = (uint8_t)(i % OUTCOMES),
			       .phase = PHASE_COMPLETE,
			       .time = (int64_t)i * NS_PER_S,
			       .duration = 1000,
			       .key = i,
			       .protocol = (uint8_t)(i % 2),
			       .ip_protocol = IP_PROTOCOL_TCP,
			       .ip_version = 4,
			       .source = { .ip = ip_from_v4(0x0a000001 + i % 3), .port = 50000 },
			       .destination = { .ip = ip_from_v4(0x0a000009), .port = 502 } };
	struct event event;

	record_begin(writer, i % 8 == 7 ? RECORD_FLOW : RECORD_TRANSACTION, &head);
	record_put_text(writer, CORE_FUNCTION, "write_single_coil");
	record_put_text(writer, CORE_MESSAGE_TEXT, "a line of text");
	record_put_uint(writer, CORE_UNIT_ID, i);
	record_commit(writer);
	event = (struct event) { .record = record_last(writer) };
	rule_engine_event(engine, &event);
	rule_engine_tick(engine, head.time);
}

static void run(const struct rule_set *set, const struct field_registry *registry)
{
	struct document_options document = { .registry = registry };
	struct rule_engine_options options = rule_engine_defaults();
	struct rule_engine *engine;
	struct record_writer writer;

	options.document = &document;
	options.correlation_groups_max = 8;
	options.alerts_open_max = 4;
	options.on_alert = note;
	check(rule_engine_new(&engine, set, &options) == 0);
	check(record_writer_init(&writer, NULL) == 0);
	for (unsigned i = 0; i < 64; i++) {
		judge(engine, &writer, i);
	}
	rule_engine_finish(engine);
	rule_engine_free(engine);
	record_writer_end(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct field_registry *registry;
	uint16_t bases[PROTOCOL_NONE];
	struct rule_counts counts;
	struct rule_set *set;
	size_t problems = 0;
	char path[32];
	const char *folder = path;
	int file = memfd_create("rule", MFD_CLOEXEC);

	check(file >= 0 && write(file, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	check(field_registry_new(&registry) == 0);
	check(engine_register(registry, bases, NULL) == 0);
	check(field_registry_seal(registry, NULL) == 0);
	check(rule_set_load(&set,
			    &(struct rule_load) { .registry = registry,
						  .folders = &folder,
						  .n_folders = 1,
						  .handler = hear,
						  .context = &problems },
			    &counts) == 0);
	check(counts.errors <= problems);
	if (counts.rules + counts.correlations > 0) {
		run(set, registry);
	}
	rule_set_free(set);
	field_registry_free(registry);
	close(file);
	return 0;
}
