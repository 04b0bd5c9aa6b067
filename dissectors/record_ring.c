/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The ring is bytes; a record never wraps: behind the capacity lies room for one whole record, so
 * one that begins before the end may run over it, and the next begins at 0.  Positions only
 * grow; position modulo capacity is the place.  The producer owns head, the consumer owns tail. */

#include "dissectors/record_ring.h"

#include <errno.h>
#include <stdlib.h>

int record_ring_new(struct record_ring **out, size_t bytes, void (*on_full)(void *context),
		    void *context)
{
	size_t capacity = 4 * (size_t)RECORD_SIZE_MAX;
	struct record_ring *ring;

	while (capacity < bytes) {
		capacity *= 2;
	}
	ring = aligned_alloc(64, (sizeof(*ring) + 63) / 64 * 64);
	if (ring == NULL) {
		return -ENOMEM;
	}
	*ring =
	    (struct record_ring) { .capacity = capacity, .on_full = on_full, .context = context };
	ring->bytes = malloc(capacity + RECORD_SIZE_MAX);
	if (ring->bytes == NULL) {
		free(ring);
		return -ENOMEM;
	}
	*out = ring;
	return 0;
}

struct record_ring *record_ring_free(struct record_ring *ring)
{
	if (ring != NULL) {
		free(ring->bytes);
		free(ring);
	}
	return NULL;
}

const struct record *record_ring_peek(struct record_ring *ring)
{
	uint64_t head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);

	if (ring->tail == head) {
		return NULL;
	}
	return (const struct record *)(ring->bytes + (ring->tail & (ring->capacity - 1)));
}

void record_ring_release(struct record_ring *ring)
{
	const struct record *record =
	    (const struct record *)(ring->bytes + (ring->tail & (ring->capacity - 1)));

	__atomic_store_n(&ring->tail, record_ring_after(ring, ring->tail, record->size),
			 __ATOMIC_RELEASE);
}

const struct record *record_ring_next(struct record_ring *ring, const struct record *record)
{
	uint64_t place = (uint64_t)((const uint8_t *)record - ring->bytes);
	uint64_t tail_place = ring->tail & (ring->capacity - 1);
	uint64_t at = ring->tail - tail_place + place + (place < tail_place ? ring->capacity : 0);
	uint64_t after = record_ring_after(ring, at, record->size);

	if (after == __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE)) {
		return NULL;
	}
	return (const struct record *)(ring->bytes + (after & (ring->capacity - 1)));
}

bool record_ring_copy(struct record_ring *ring, const struct record *record)
{
	uint8_t *place = record_ring_reserve(ring);

	if (place == NULL) {
		return false;
	}
	memcpy(place, record, record->size);
	record_ring_publish(ring, record->size);
	return true;
}

unsigned record_ring_fill(const struct record_ring *ring)
{
	uint64_t tail = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);

	return (unsigned)((ring->head - tail) * 100 / ring->capacity);
}

static bool has_room(struct record_ring *ring)
{
	if (ring->head + RECORD_SIZE_MAX <= ring->tail_seen + ring->capacity) {
		return true;
	}
	ring->tail_seen = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
	return ring->head + RECORD_SIZE_MAX <= ring->tail_seen + ring->capacity;
}

uint8_t *record_ring_reserve(struct record_ring *ring)
{
	while (!has_room(ring)) {
		if (ring->on_full == NULL) {
			return NULL;
		}
		ring->on_full(ring->context);
	}
	return ring->bytes + (ring->head & (ring->capacity - 1));
}

void record_ring_publish(struct record_ring *ring, uint32_t size)
{
	__atomic_store_n(&ring->head, record_ring_after(ring, ring->head, size), __ATOMIC_RELEASE);
}
