/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/worker.h"

#include <errno.h>
#include <stdlib.h>

/* Caps are totals: each worker gets its share. */
static struct engine_options engine_share(const struct worker_options *options)
{
	struct engine_options engine = engine_defaults();

	engine.requests_max /= options->n_workers;
	engine.assembly_bytes_max /= options->n_workers;
	engine.worker = (uint8_t)options->index;
	engine.registry = options->registry;
	engine.field_bases = options->field_bases;
	engine.items = options->items;
	return engine;
}

static struct tracker_options tracker_share(const struct worker_options *options)
{
	struct tracker_options tracker = tracker_defaults();

	tracker.flows_max /= options->n_workers;
	tracker.stream_bytes_max /= options->n_workers;
	tracker.history_bytes_max /= options->n_workers;
	tracker.session_size = engine_session_size();
	tracker.hash_seed = options->hash_seed;
	return tracker;
}

static void keep(void *keeper, uint32_t flow, uint32_t generation, const struct packet *packet)
{
	evidence_keep(keeper, flow, generation, packet);
}

int worker_init(struct worker *worker, const struct worker_options *options)
{
	struct engine_options engine = engine_share(options);
	struct tracker_options tracker = tracker_share(options);
	struct flow_handler handler;
	int error;

	*worker = (struct worker) { .conflicts = 0 };
	error =
	    record_ring_new(&worker->ring, options->ring_bytes, options->on_full, options->context);
	if (error == 0) {
		error = evidence_new(&worker->evidence, options->evidence_bytes);
	}
	if (error == 0 && worker->evidence != NULL) {
		engine.keep = keep;
		engine.keeper = worker->evidence;
	}
	if (error == 0) {
		error = engine_new(&worker->engine, &engine, worker->ring);
	}
	if (error == 0) {
		handler = engine_handler(worker->engine);
		error = tracker_new(&worker->tracker, &tracker, &handler);
	}
	if (error != 0) {
		worker_end(worker);
	}
	return error;
}

void worker_end(struct worker *worker)
{
	worker->tracker = tracker_free(worker->tracker);
	worker->engine = engine_free(worker->engine);
	worker->ring = record_ring_free(worker->ring);
	worker->evidence = evidence_free(worker->evidence);
}

void worker_fragment_conflict(struct worker *worker, const struct packet *packet)
{
	engine_packet(worker->engine, packet);
	engine_sensor(worker->engine, "fragment_conflict", "overlapping fragments differ",
		      ++worker->conflicts, 0);
}

void worker_tick(struct worker *worker, int64_t clock, uint64_t number)
{
	engine_tick(worker->engine, clock, number);
	tracker_tick(worker->tracker, clock, number);
	engine_tick_end(worker->engine);
}

void worker_finish(struct worker *worker, int64_t clock, uint64_t number)
{
	engine_tick(worker->engine, clock, number + 1);
	tracker_finish(worker->tracker);
	engine_tick_end(worker->engine);
}

int64_t ticker_next(struct ticker *ticker, int64_t clock)
{
	int64_t due = clock - clock % TICK_INTERVAL;

	if (ticker->last == 0) {
		ticker->last = due;
	}
	if (due <= ticker->last) {
		ticker->silent = 0;
		return TIME_NONE;
	}
	ticker->last = ++ticker->silent <= 100 ? ticker->last + TICK_INTERVAL : due;
	return ticker->last;
}

/* ---- counters ---- */

/* Structs of counters are arrays of uint64_t, so they add up member by member. */
static void add(void *sum, const void *more, size_t size)
{
	uint64_t *to = sum;
	const uint64_t *from = more;

	for (size_t i = 0; i < size / sizeof(uint64_t); i++) {
		to[i] += from[i];
	}
}

#define ADD(sum, more)                                                                          \
	do {                                                                                    \
		_Static_assert(sizeof(*(sum)) % sizeof(uint64_t) == 0, "only 64-bit counters"); \
		add((sum), (more), sizeof(*(sum)));                                             \
	} while (0)

/* Adds to the count of one code; what the cap refuses is counted by the engines. */
static void code_add(struct pipeline_counters *sum, const struct code_count *more)
{
	for (size_t i = 0; i < sum->n_codes; i++) {
		struct code_count *c = &sum->codes[i];

		if (c->protocol == more->protocol && c->class == more->class &&
		    c->code == more->code) {
			c->count += more->count;
			return;
		}
	}
	if (sum->codes == NULL) {
		sum->codes = calloc(PIPELINE_CODES_MAX, sizeof(*sum->codes));
	}
	if (sum->codes != NULL && sum->n_codes < PIPELINE_CODES_MAX) {
		sum->codes[sum->n_codes++] = *more;
	}
}

struct code_sum {
	struct pipeline_counters *sum;
	size_t protocol;
};

static void on_code(void *context, enum message_class class, uint32_t code, uint64_t count)
{
	const struct code_sum *to = context;

	code_add(to->sum, &(struct code_count) { .protocol = (uint8_t)to->protocol,
						 .class = (uint8_t) class,
						 .code = code,
						 .count = count });
}

void counters_add(struct pipeline_counters *sum, const struct pipeline_counters *more)
{
	ADD(&sum->decode, &more->decode);
	ADD(&sum->tracker, &more->tracker);
	ADD(&sum->engine, &more->engine);
	ADD(&sum->records, &more->records);
	for (size_t i = 0; i < more->n_codes; i++) {
		code_add(sum, &more->codes[i]);
	}
	if (more->first != TIME_NONE && (sum->first == TIME_NONE || more->first < sum->first)) {
		sum->first = more->first;
	}
	sum->last = time_max(sum->last, more->last);
}

void worker_count(const struct worker *worker, struct pipeline_counters *sum)
{
	ADD(&sum->tracker, tracker_counters(worker->tracker));
	ADD(&sum->engine, engine_counters(worker->engine));
	ADD(&sum->records, engine_record_counters(worker->engine));
	for (size_t i = 0; i < dissector_count(); i++) {
		engine_codes(worker->engine, i, on_code,
			     &(struct code_sum) { .sum = sum, .protocol = i });
	}
}

void pipeline_counters_end(struct pipeline_counters *counters)
{
	free(counters->codes);
	counters->codes = NULL;
	counters->n_codes = 0;
}
