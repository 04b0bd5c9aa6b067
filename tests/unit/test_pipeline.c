/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/pipeline.h"

#include "capture/base/buffer.h"
#include "cli/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const unsigned worker_counts[] = { 1, 2, 4, 7 };

/* What a replay said, as bytes, and what it counted. */
struct heard {
	struct buffer records;
	uint64_t n_records, n_ticks;
	int64_t last_tick;
	int stop;
	uint64_t stop_after; /* records; 0: never */
	struct pipeline_counters counters;
};

/* A field with its texts: where a text lies differs from worker to worker. */
static void add_field(struct buffer *to, const struct record_field *field)
{
	const char *text;

	buffer_add(to, &field->id, sizeof(field->id));
	buffer_add(to, &field->shape, sizeof(field->shape));
	buffer_add(to, &field->count, sizeof(field->count));
	if (field->shape != SHAPE_STATIC && field->shape != SHAPE_STATIC_LIST) {
		buffer_add(to, field->at, (size_t)field->count * field->width);
		return;
	}
	for (size_t i = 0; i < field->count; i++) {
		memcpy(&text, field->at + i * sizeof(text), sizeof(text));
		buffer_add(to, text, strlen(text) + 1);
	}
}

/* All that a record says, but for the worker and its tables. */
static void on_record(void *context, const struct record *record)
{
	struct heard *heard = context;
	struct record head = *record;
	struct record_field field;
	size_t position = 0;

	assert_true(record->kind < RECORD_KINDS);
	head.worker = 0;
	head.flow = head.generation = 0;
	buffer_add(&heard->records, &head, sizeof(head));
	while (record_next_field(record, &position, &field)) {
		add_field(&heard->records, &field);
	}
	heard->n_records++;
	if (heard->n_records == heard->stop_after) {
		heard->stop = 1;
	}
}

/* A tick stands where it came between the records. */
static void on_tick(void *context, int64_t clock)
{
	struct heard *heard = context;

	assert_true(clock >= heard->last_tick);
	heard->last_tick = clock;
	heard->n_ticks++;
	buffer_add(&heard->records, &clock, sizeof(clock));
}

static void replay(struct heard *heard, const char *path, unsigned workers, uint64_t stop_after)
{
	struct field_registry *registry;
	struct capture_files *files;
	uint16_t bases[PROTOCOL_NONE];
	struct pipeline_options options = { .workers = workers,
					    .field_bases = bases,
					    .on_record = on_record,
					    .on_tick = on_tick,
					    .context = heard,
					    .stop = &heard->stop };

	*heard = (struct heard) { .stop_after = stop_after };
	assert_int_equal(field_registry_new(&registry), 0);
	assert_int_equal(engine_register(registry, bases, NULL), 0);
	assert_int_equal(field_registry_seal(registry, NULL), 0);
	options.registry = registry;
	assert_int_equal(capture_files_open(&files, &path, 1,
					    &(struct capture_file_options) { .filter = NULL },
					    NULL),
			 0);
	assert_int_equal(pipeline_replay(files, &options, &heard->counters, NULL), 0);
	capture_files_close(files);
	field_registry_free(registry);
}

static void forget(struct heard *heard)
{
	buffer_free(&heard->records);
	pipeline_counters_end(&heard->counters);
}

static void assert_same_counters(const struct pipeline_counters *a,
				 const struct pipeline_counters *b)
{
	struct tracker_counters tracker = b->tracker;

	assert_memory_equal(&a->decode, &b->decode, sizeof(a->decode));
	/* Memory of history is shared out to the workers, and this cap was met. */
	tracker.history_refused = a->tracker.history_refused;
	assert_memory_equal(&a->tracker, &tracker, sizeof(tracker));
	assert_memory_equal(&a->engine, &b->engine, sizeof(a->engine));
	assert_memory_equal(&a->records, &b->records, sizeof(a->records));
	assert_true(a->first == b->first && a->last == b->last);
	assert_int_equal(a->n_codes, b->n_codes);
	for (size_t i = 0; i < a->n_codes; i++) {
		assert_int_equal(a->codes[i].protocol, b->codes[i].protocol);
		assert_int_equal(a->codes[i].class, b->codes[i].class);
		assert_int_equal(a->codes[i].code, b->codes[i].code);
		assert_int_equal(a->codes[i].count, b->codes[i].count);
	}
}

static void same_whatever_the_workers(const char *path)
{
	struct heard one, more;

	print_message("%s\n", path);
	replay(&one, path, 1, 0);
	assert_true(one.n_records > 0);
	for (size_t i = 1; i < ARRAY_SIZE(worker_counts); i++) {
		replay(&more, path, worker_counts[i], 0);
		assert_int_equal(more.n_records, one.n_records);
		assert_int_equal(more.n_ticks, one.n_ticks);
		assert_int_equal(more.records.length, one.records.length);
		assert_memory_equal(more.records.data, one.records.data, one.records.length);
		assert_same_counters(&one.counters, &more.counters);
		forget(&more);
	}
	forget(&one);
}

static void captures(void **state)
{
	static const char *const names[] = {
		"plant-modbus.pcap",      "modbus-attack.pcap",     "modbus-polling.pcap",
		"modbus-unanswered.pcap", "modbus-pipelined.pcap",  "modbus-udp.pcap",
		"identity-router.pcap",   "fragments-overlap.pcap", "fragments-tcp.pcap",
		"stream-lost.pcap",       "stream-reordered.pcap",  "time-goes-back.pcap",
		"tunnel-nested.pcap",     "span-duplicates.pcap",   "umas-session.pcap",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[1024];

		snprintf(path, sizeof(path), "%s/%s", WEIR_CAPTURES, names[i]);
		same_whatever_the_workers(path);
	}
}

/* ---- a capture of many flows ---- */

#define FLOWS 20000

static void put_be16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Flow i asks once, in mid-stream; every third is answered. */
static void write_frame(FILE *file, unsigned i, bool answer)
{
	static const uint8_t ask[] = { 0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1 };
	static const uint8_t reply[] = { 0, 1, 0, 0, 0, 5, 1, 3, 2, 0, 9 };
	size_t n = answer ? sizeof(reply) : sizeof(ask);
	uint8_t frame[80] = { [12] = 8, [14] = 0x45, [22] = 64, [23] = 6, [46] = 0x50, [47] = 8 };
	uint32_t microseconds = (i * 2 + answer) * 50;
	uint32_t head[4] = { 1700000000 + microseconds / 1000000, microseconds % 1000000,
			     (uint32_t)(54 + n), (uint32_t)(54 + n) };

	put_be16(frame + 16, (unsigned)(40 + n));
	put_be16(frame + 18, i);
	/* 10.1.x.y asks 10.2.0.z. */
	uint8_t *client = frame + (answer ? 30 : 26), *server = frame + (answer ? 26 : 30);
	client[0] = server[0] = 10;
	client[1] = 1;
	put_be16(client + 2, i);
	server[1] = 2;
	server[3] = (uint8_t)(i % 50);
	put_be16(frame + (answer ? 36 : 34), 50000);
	put_be16(frame + (answer ? 34 : 36), 502);
	put_be16(frame + 40, i);
	memcpy(frame + 54, answer ? reply : ask, n);
	assert_int_equal(fwrite(head, sizeof(head), 1, file), 1);
	assert_int_equal(fwrite(frame, 54 + n, 1, file), 1);
}

static void write_capture(char *path)
{
	const uint32_t head[6] = { 0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1 };
	int descriptor = mkstemp(path);
	FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;

	assert_non_null(file);
	assert_int_equal(fwrite(head, sizeof(head), 1, file), 1);
	for (unsigned i = 0; i < FLOWS; i++) {
		write_frame(file, i, false);
		if (i % 3 == 0) {
			write_frame(file, i, true);
		}
	}
	assert_int_equal(fclose(file), 0);
}

static void many_flows(void **state)
{
	char path[] = "/tmp/weir_pipeline_XXXXXX";
	struct heard heard;

	(void)state;
	write_capture(path);
	same_whatever_the_workers(path);
	replay(&heard, path, 4, 0);
	assert_int_equal(heard.counters.tracker.flows, FLOWS);
	/* Of each flow its begin, its end and one transaction. */
	assert_int_equal(heard.n_records, 3 * FLOWS);
	forget(&heard);
	unlink(path);
}

/* Stopped early, all that was begun is ended, in order. */
static void stopped_early(void **state)
{
	char path[] = "/tmp/weir_pipeline_XXXXXX";

	(void)state;
	write_capture(path);
	for (size_t i = 0; i < ARRAY_SIZE(worker_counts); i++) {
		struct heard heard;

		replay(&heard, path, worker_counts[i], 100);
		assert_true(heard.n_records >= 100);
		assert_true(heard.counters.decode.frames > 0);
		assert_true(heard.counters.tracker.flows > 0);
		assert_int_equal(heard.counters.tracker.flows_open, 0);
		assert_int_equal(heard.n_records, 3 * heard.counters.tracker.flows);
		assert_int_equal(heard.last_tick, heard.counters.last);
		forget(&heard);
	}
	unlink(path);
}

/* ---- ticks ---- */

#define BEGIN (1700000000 * NS_PER_S)

static unsigned count_ticks(struct ticker *ticker, int64_t clock)
{
	int64_t before = ticker->last, next;
	unsigned n = 0;

	while ((next = ticker_next(ticker, clock)) != TIME_NONE) {
		assert_true(next > before && next <= clock);
		before = next;
		n++;
	}
	return n;
}

static void ticks(void **state)
{
	struct ticker ticker = { .last = 0 };

	(void)state;
	/* The first packet begins the time. */
	assert_int_equal(count_ticks(&ticker, BEGIN + 5), 0);
	assert_int_equal(count_ticks(&ticker, BEGIN + TICK_INTERVAL - 1), 0);
	assert_int_equal(count_ticks(&ticker, BEGIN + TICK_INTERVAL), 1);
	assert_int_equal(ticker.last, BEGIN + TICK_INTERVAL);
	assert_int_equal(count_ticks(&ticker, BEGIN + TICK_INTERVAL), 0);
	assert_int_equal(count_ticks(&ticker, BEGIN + 4 * TICK_INTERVAL - 1), 2);
	/* Of a long silence the first hundred and the last. */
	assert_int_equal(count_ticks(&ticker, BEGIN + 103 * TICK_INTERVAL), 100);
	assert_int_equal(count_ticks(&ticker, BEGIN + 204 * TICK_INTERVAL), 101);
	assert_int_equal(ticker.last, BEGIN + 204 * TICK_INTERVAL);
	assert_int_equal(count_ticks(&ticker, BEGIN + 10000 * TICK_INTERVAL + 1), 101);
	assert_int_equal(ticker.last, BEGIN + 10000 * TICK_INTERVAL);
	assert_int_equal(count_ticks(&ticker, BEGIN), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captures),
		cmocka_unit_test(many_flows),
		cmocka_unit_test(stopped_early),
		cmocka_unit_test(ticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
