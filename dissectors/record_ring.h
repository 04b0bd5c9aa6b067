/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* record_ring.h - the producer's side of the record ring; private to the record writer. */

#include "dissectors/record.h"

struct record_ring {
	uint8_t *bytes;
	size_t capacity; /* a power of two */
	void (*on_full)(void *context);
	void *context;
	_Alignas(64) uint64_t head; /* producer */
	uint64_t tail_seen;         /* producer's last look at tail */
	_Alignas(64) uint64_t tail; /* consumer */
};

/* Position behind a record of that size at that position. */
static inline uint64_t record_ring_after(const struct record_ring *ring, uint64_t at, uint32_t size)
{
	uint64_t place = at & (ring->capacity - 1);

	return place + size < ring->capacity ? at + size : at - place + ring->capacity;
}

/* RECORD_SIZE_MAX writable bytes, or NULL when a ring that must not wait is full. */
uint8_t *record_ring_reserve(struct record_ring *ring);
void record_ring_publish(struct record_ring *ring, uint32_t size);
