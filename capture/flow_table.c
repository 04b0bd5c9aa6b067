/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/flow_table.h"

#include <errno.h>
#include <stdlib.h>

#define CHUNK_SLOTS   64U
#define BUCKETS_FIRST 1024U
#define CACHE_LINE    64U

_Static_assert(sizeof(struct flow_key) == 44, "keys are compared as bytes: no padding");
_Static_assert(sizeof(struct flow_slot) % 16 == 0, "the session behind a slot is aligned");

static struct flow_slot *slot_at(const struct flow_table *table, uint32_t index)
{
	uint8_t *chunk = table->chunks[index / CHUNK_SLOTS];

	return (struct flow_slot *)(void *)(chunk + index % CHUNK_SLOTS * table->slot_size);
}

/* ---- index ---- */

static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

static struct flow_bucket *buckets_new(size_t n)
{
	struct flow_bucket *buckets = malloc(n * sizeof(*buckets));

	for (size_t i = 0; buckets != NULL && i < n; i++) {
		buckets[i] = (struct flow_bucket) { .index = FLOW_NONE };
	}
	return buckets;
}

static void bucket_put(struct flow_bucket *buckets, size_t n, uint64_t hash, uint32_t index)
{
	size_t at = hash & (n - 1);

	while (buckets[at].index != FLOW_NONE) {
		at = (at + 1) & (n - 1);
	}
	buckets[at] = (struct flow_bucket) { .tag = tag_of(hash), .index = index };
}

/* Keeps the index at most half full. */
static int index_grow(struct flow_table *table)
{
	size_t n = table->n_buckets * 2;
	struct flow_bucket *buckets;

	if (table->n_flows < table->n_buckets / 2) {
		return 0;
	}
	buckets = buckets_new(n);
	if (buckets == NULL) {
		return -ENOMEM;
	}
	for (size_t i = 0; i < table->n_buckets; i++) {
		uint32_t index = table->buckets[i].index;

		if (index != FLOW_NONE) {
			bucket_put(buckets, n, slot_at(table, index)->hash, index);
		}
	}
	free(table->buckets);
	table->buckets = buckets;
	table->n_buckets = n;
	return 0;
}

/* Closes the gap that a removed entry leaves, so that probing needs no tombstones. */
static void index_remove(struct flow_table *table, const struct flow_slot *slot)
{
	size_t mask = table->n_buckets - 1, hole = slot->hash & mask;

	while (table->buckets[hole].index != slot->flow.index) {
		hole = (hole + 1) & mask;
	}
	for (size_t at = (hole + 1) & mask; table->buckets[at].index != FLOW_NONE;
	     at = (at + 1) & mask) {
		size_t home = slot_at(table, table->buckets[at].index)->hash & mask;

		if (((at - home) & mask) >= ((at - hole) & mask)) {
			table->buckets[hole] = table->buckets[at];
			hole = at;
		}
	}
	table->buckets[hole].index = FLOW_NONE;
}

/* memcmp() in line: a call would cost as much as the rest of the look-up. */
static bool key_equal(const struct flow_key *a, const struct flow_key *b)
{
	uint64_t a_words[5], b_words[5], differs = 0;
	uint32_t a_rest, b_rest;

	memcpy(a_words, a, sizeof(a_words));
	memcpy(b_words, b, sizeof(b_words));
	memcpy(&a_rest, (const uint8_t *)a + sizeof(a_words), sizeof(a_rest));
	memcpy(&b_rest, (const uint8_t *)b + sizeof(b_words), sizeof(b_rest));
	for (unsigned i = 0; i < ARRAY_SIZE(a_words); i++) {
		differs |= a_words[i] ^ b_words[i];
	}
	return (differs | (a_rest ^ b_rest)) == 0;
}

struct flow_slot *flow_table_find(const struct flow_table *table, const struct flow_key *key,
				  uint64_t hash)
{
	size_t mask = table->n_buckets - 1;

	for (size_t at = hash & mask; table->buckets[at].index != FLOW_NONE; at = (at + 1) & mask) {
		if (table->buckets[at].tag == tag_of(hash)) {
			struct flow_slot *slot = slot_at(table, table->buckets[at].index);

			if (likely(key_equal(&slot->flow.key, key))) {
				return slot;
			}
		}
	}
	return NULL;
}

/* ---- order of silence ---- */

static void order_leave(struct flow_table *table, const struct flow_slot *slot)
{
	struct flow_link link = table->links[slot->flow.index];

	if (link.previous != FLOW_NONE) {
		table->links[link.previous].next = link.next;
	} else {
		table->order[slot->class].first = link.next;
	}
	if (link.next != FLOW_NONE) {
		table->links[link.next].previous = link.previous;
	} else {
		table->order[slot->class].last = link.previous;
	}
}

static void order_enter(struct flow_table *table, struct flow_slot *slot, enum flow_class class)
{
	uint32_t index = slot->flow.index, last = table->order[class].last;

	slot->class = (uint8_t) class;
	table->links[index] = (struct flow_link) { .previous = last, .next = FLOW_NONE };
	if (last != FLOW_NONE) {
		table->links[last].next = index;
	} else {
		table->order[class].first = index;
	}
	table->order[class].last = index;
}

void flow_table_touch(struct flow_table *table, struct flow_slot *slot, enum flow_class class,
		      int64_t clock)
{
	slot->clock = clock;
	if (table->order[class].last != slot->flow.index) {
		order_leave(table, slot);
		order_enter(table, slot, class);
	}
}

struct flow_slot *flow_table_oldest_of(const struct flow_table *table, enum flow_class class)
{
	uint32_t first = table->order[class].first;

	return first != FLOW_NONE ? slot_at(table, first) : NULL;
}

bool flow_slot_is_older(const struct flow_slot *a, const struct flow_slot *b)
{
	return a->clock != b->clock ? a->clock < b->clock
				    : a->flow.last_number < b->flow.last_number;
}

struct flow_slot *flow_table_oldest(const struct flow_table *table)
{
	struct flow_slot *oldest = NULL;

	for (enum flow_class class = 0; class < FLOW_CLASSES; class ++) {
		struct flow_slot *slot = flow_table_oldest_of(table, class);

		if (slot != NULL && (oldest == NULL || flow_slot_is_older(slot, oldest))) {
			oldest = slot;
		}
	}
	return oldest;
}

/* ---- slots ---- */

/* Makes CHUNK_SLOTS more, free ones. */
static int slots_grow(struct flow_table *table)
{
	size_t n_chunks = table->n_slots / CHUNK_SLOTS;
	struct flow_link *links;
	uint8_t *chunk;

	links = realloc(table->links, (table->n_slots + CHUNK_SLOTS) * sizeof(*links));
	if (links == NULL) {
		return -ENOMEM;
	}
	table->links = links;
	chunk = aligned_alloc(CACHE_LINE, CHUNK_SLOTS * table->slot_size);
	if (chunk == NULL) {
		return -ENOMEM;
	}
	memset(chunk, 0, CHUNK_SLOTS * table->slot_size);
	table->chunks[n_chunks] = chunk;
	for (uint32_t i = CHUNK_SLOTS; i-- > 0;) {
		table->links[table->n_slots + i].next = table->free;
		table->free = table->n_slots + i;
	}
	table->n_slots += CHUNK_SLOTS;
	return 0;
}

struct flow_slot *flow_table_add(struct flow_table *table, const struct flow_key *key,
				 uint64_t hash, enum flow_class class)
{
	struct flow_slot *slot;
	uint32_t index, generation;

	if (table->n_flows >= table->flows_max || index_grow(table) != 0 ||
	    (table->free == FLOW_NONE && slots_grow(table) != 0)) {
		return NULL;
	}
	index = table->free;
	table->free = table->links[index].next;
	slot = slot_at(table, index);
	generation = slot->flow.generation;
	memset(slot, 0, sizeof(*slot) + table->session_size);
	slot->flow.key = *key;
	slot->flow.index = index;
	slot->flow.generation = generation + 1;
	slot->hash = hash;
	bucket_put(table->buckets, table->n_buckets, hash, index);
	order_enter(table, slot, class);
	table->n_flows++;
	return slot;
}

void flow_table_remove(struct flow_table *table, struct flow_slot *slot)
{
	index_remove(table, slot);
	order_leave(table, slot);
	table->links[slot->flow.index].next = table->free;
	table->free = slot->flow.index;
	table->n_flows--;
}

int flow_table_init(struct flow_table *table, size_t flows_max, size_t session_size)
{
	size_t slot_size = sizeof(struct flow_slot) + session_size;

	if (flows_max == 0 || flows_max >= FLOW_NONE - CHUNK_SLOTS ||
	    session_size > UINT16_MAX * CACHE_LINE) {
		return -EINVAL;
	}
	*table = (struct flow_table) { .flows_max = flows_max,
				       .session_size = session_size,
				       .slot_size =
					   (slot_size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE,
				       .n_buckets = BUCKETS_FIRST,
				       .free = FLOW_NONE };
	for (unsigned class = 0; class < FLOW_CLASSES; class ++) {
		table->order[class].first = table->order[class].last = FLOW_NONE;
	}
	table->n_chunks = (flows_max + CHUNK_SLOTS - 1) / CHUNK_SLOTS;
	table->chunks = calloc(table->n_chunks, sizeof(*table->chunks));
	table->buckets = buckets_new(table->n_buckets);
	if (table->chunks == NULL || table->buckets == NULL) {
		flow_table_clear(table);
		return -ENOMEM;
	}
	return 0;
}

void flow_table_clear(struct flow_table *table)
{
	for (size_t i = 0; table->chunks != NULL && i < table->n_chunks; i++) {
		free(table->chunks[i]);
	}
	free(table->chunks);
	free(table->links);
	free(table->buckets);
	*table = (struct flow_table) { 0 };
}
