/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* flow_table.h - the flows of one tracker: found by key, ordered by silence.
 *
 * Slots lie in chunks that are allocated as they are needed and never move.  The index has 8
 * bytes a flow (linear probing, at most half full); the order of silence is kept in links of
 * their own, as dense as can be, so that a packet costs one miss for the index and those of its
 * flow's slot. */

#include "capture/stream.h"

/* Flows that fall silent are kept for a time of their class. */
enum flow_class { FLOW_CLASS_TCP, FLOW_CLASS_DATAGRAM, FLOW_CLASS_CLOSED, FLOW_CLASSES };

struct flow_slot {
	struct flow flow;
	uint64_t hash;
	int64_t clock; /* of the latest activity */
	uint8_t class;
	struct stream stream[2];
	/* session follows; flow_slot_session() */
};

#define FLOW_NONE UINT32_MAX

struct flow_bucket {
	uint32_t tag;   /* upper half of the hash */
	uint32_t index; /* FLOW_NONE: empty */
};

struct flow_link {
	uint32_t previous, next;
};

struct flow_table {
	struct flow_bucket *buckets;
	size_t n_buckets; /* a power of two */
	uint8_t **chunks;
	size_t n_chunks;
	struct flow_link *links; /* one a slot made */
	uint32_t n_slots;        /* made */
	uint32_t free;           /* first of the free ones, by links[].next */
	size_t n_flows, flows_max, slot_size, session_size;
	struct {
		uint32_t first, last; /* longest silent; latest */
	} order[FLOW_CLASSES];
};

int flow_table_init(struct flow_table *table, size_t flows_max, size_t session_size) MUST_USE;
void flow_table_clear(struct flow_table *table);

/* The flow with this key, or NULL. */
struct flow_slot *flow_table_find(const struct flow_table *table, const struct flow_key *key,
				  uint64_t hash);
/* A slot for a new flow, all zero but for index, generation, key and hash, last in its class.
 * NULL when the table is full or there is no memory. */
struct flow_slot *flow_table_add(struct flow_table *table, const struct flow_key *key,
				 uint64_t hash, enum flow_class class);
/* The flow is active now: it goes to the end of its class. */
void flow_table_touch(struct flow_table *table, struct flow_slot *slot, enum flow_class class,
		      int64_t clock);
void flow_table_remove(struct flow_table *table, struct flow_slot *slot);
/* The longest silent one of a class, or of all; NULL when there is none. */
struct flow_slot *flow_table_oldest_of(const struct flow_table *table, enum flow_class class);
struct flow_slot *flow_table_oldest(const struct flow_table *table);
/* True when a has been silent for longer than b. */
bool flow_slot_is_older(const struct flow_slot *a, const struct flow_slot *b);

static inline void *flow_slot_session(struct flow_slot *slot)
{
	return slot + 1;
}
