/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* worker.h - one capture worker: tracker, engine and record ring; private to the pipeline.
 *
 * Everything in it belongs to one thread, but for the consumer's end of the ring. */

#include "capture/evidence.h"
#include "cli/pipeline.h"

#define TICK_INTERVAL (100 * NS_PER_MS)
#define RECORD_TICK   RECORD_KINDS /* a mark in the ring of the first worker: time passed */
#define RING_BYTES    (4U << 20)

struct worker {
	struct tracker *tracker;
	struct engine *engine;
	struct record_ring *ring;
	struct evidence *evidence; /* NULL: off */
	uint64_t conflicts;        /* of fragments, as far as they were reported */
};

struct worker_options {
	const struct field_registry *registry;
	const uint16_t *field_bases;
	const struct item_demand *items; /* NULL: all are wanted */
	unsigned index, n_workers;
	size_t ring_bytes;
	uint64_t hash_seed;
	size_t evidence_bytes;
	void (*on_full)(void *context); /* NULL: a full ring drops (live) */
	void *context;
};

int worker_init(struct worker *worker, const struct worker_options *options) MUST_USE;
void worker_end(struct worker *worker);

/* Takes a decoded packet. */
static inline void worker_packet(struct worker *worker, const struct packet *packet)
{
	engine_packet(worker->engine, packet);
	tracker_packet(worker->tracker, packet);
}

/* Fragments of one datagram contradict each other. */
void worker_fragment_conflict(struct worker *worker, const struct packet *packet);
/* Lets time pass, before the packet with this number. */
void worker_tick(struct worker *worker, int64_t clock, uint64_t number);
/* The end of the capture, behind the packet with this number. */
void worker_finish(struct worker *worker, int64_t clock, uint64_t number);

/* Adds this worker's counters to the sum. */
void worker_count(const struct worker *worker, struct pipeline_counters *sum);

/* Adds counters of one worker to those of all. */
void counters_add(struct pipeline_counters *sum, const struct pipeline_counters *more);

/* Which ticks lie before a packet: one each interval while something happens; of a long silence the
 * first hundred and the last. Returns the clock of the next tick, or TIME_NONE. */
struct ticker {
	int64_t last;
	unsigned silent;
};
int64_t ticker_next(struct ticker *ticker, int64_t clock);
