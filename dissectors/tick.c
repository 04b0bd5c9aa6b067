/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What a tick brings is sorted before it goes out.  The order of records within one tick is by kind
 * of work, then by the packet that the request or the flow goes back to: both are the same
 * however flows are spread over workers. */

#include "dissectors/engine_private.h"

#include "dissectors/record_ring.h"

#include <errno.h>
#include <stdlib.h>

#define TICK_RING_BYTES  (1U << 20)
#define TICK_RECORDS_MAX (TICK_RING_BYTES / sizeof(struct record))

/* Ranks of records of one packet number: time-outs, then what the tracker's tick brings, then what
 * the packet brings. */
#define ORDER_TRACKER_TICK (UINT64_C(2) << 56)
#define ORDER_PACKET       (UINT64_C(3) << 56)

static int by_order(const void *a, const void *b)
{
	const struct record *const *x = a, *const *y = b;

	return record_compare(*x, *y);
}

/* Sorts and publishes what is in the tick's ring; also when it is full, which is a cap. */
static void publish(void *context)
{
	struct engine *engine = context;
	const struct record *record = record_ring_peek(engine->tick_ring);
	size_t n = 0;

	for (; record != NULL; record = record_ring_next(engine->tick_ring, record)) {
		engine->tick_records[n++] = record;
	}
	qsort(engine->tick_records, n, sizeof(*engine->tick_records), by_order);
	for (size_t i = 0; i < n; i++) {
		if (!record_ring_copy(engine->ring, engine->tick_records[i])) {
			engine->writer.counters.dropped++;
			engine->writer.counters.records--;
		}
	}
	for (size_t i = 0; i < n; i++) {
		record_ring_release(engine->tick_ring);
	}
}

int ticks_init(struct engine *engine)
{
	engine->tick_records = calloc(TICK_RECORDS_MAX, sizeof(*engine->tick_records));
	if (engine->tick_records == NULL) {
		return -ENOMEM;
	}
	return record_ring_new(&engine->tick_ring, TICK_RING_BYTES, publish, engine);
}

void ticks_end(struct engine *engine)
{
	record_ring_free(engine->tick_ring);
	free(engine->tick_records);
}

void engine_tick(struct engine *engine, int64_t clock, uint64_t number)
{
	engine->clock = time_max(engine->clock, clock);
	engine->number = number;
	engine->ticking = true;
	engine->writer.ring = engine->tick_ring;
	transactions_tick(engine);
	engine->order = ORDER_TRACKER_TICK;
}

void engine_tick_end(struct engine *engine)
{
	engine_flow_rest(engine);
	publish(engine);
	engine->writer.ring = engine->ring;
	engine->ticking = false;
}

void engine_packet(struct engine *engine, const struct packet *packet)
{
	engine->clock = time_max(engine->clock, packet->clock);
	engine->number = packet->number;
	engine->order = ORDER_PACKET;
}

/* In a tick, records rank by the last packet of their flow and count within it: one packet belongs
 * to one flow, so the rank does not depend on what else the worker has. */
void engine_flow_at_work(struct engine *engine, const struct flow *flow, struct session *session)
{
	uint64_t begin = ORDER_TRACKER_TICK | flow->last_number << 20;

	if (engine->ticking) {
		engine_flow_rest(engine);
		engine->at_work = session;
		engine->order = session->order > begin ? session->order : begin;
	}
}

void engine_flow_rest(struct engine *engine)
{
	if (engine->at_work != NULL) {
		engine->at_work->order = engine->order;
		engine->at_work = NULL;
	}
}
