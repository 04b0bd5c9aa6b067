/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/lru.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

struct lru_link {
	uint64_t key;
	uint32_t chain; /* next in the bucket, or in the free list */
	uint32_t older, newer;
};

int lru_init(struct lru *lru, size_t item_size, size_t capacity)
{
	*lru = (struct lru) { .item_size = item_size,
			      .n_buckets = 64,
			      .capacity = (uint32_t)size_min(capacity, NONE - 1),
			      .oldest = NONE,
			      .newest = NONE,
			      .free = NONE };
	while (lru->n_buckets < lru->capacity) {
		lru->n_buckets *= 2;
	}
	lru->items = calloc(lru->capacity, item_size);
	lru->links = calloc(lru->capacity, sizeof(*lru->links));
	lru->buckets = malloc(lru->n_buckets * sizeof(*lru->buckets));
	if (lru->items == NULL || lru->links == NULL || lru->buckets == NULL) {
		lru_end(lru);
		return -ENOMEM;
	}
	memset(lru->buckets, 0xff, lru->n_buckets * sizeof(*lru->buckets));
	return 0;
}

void lru_end(struct lru *lru)
{
	free(lru->items);
	free(lru->links);
	free(lru->buckets);
	*lru = (struct lru) { .oldest = NONE };
}

static uint32_t *bucket_of(const struct lru *lru, uint64_t key)
{
	return &lru->buckets[(key ^ key >> 32) & (lru->n_buckets - 1)];
}

static void *item_at(const struct lru *lru, uint32_t i)
{
	return lru->items + (size_t)i * lru->item_size;
}

static uint32_t index_of(const struct lru *lru, const void *item)
{
	return (uint32_t)((size_t)((const uint8_t *)item - lru->items) / lru->item_size);
}

void *lru_find(const struct lru *lru, uint64_t key)
{
	uint32_t i = *bucket_of(lru, key);

	while (i != NONE && lru->links[i].key != key) {
		i = lru->links[i].chain;
	}
	return i != NONE ? item_at(lru, i) : NULL;
}

static void append(struct lru *lru, uint32_t i)
{
	lru->links[i].older = lru->newest;
	lru->links[i].newer = NONE;
	if (lru->newest != NONE) {
		lru->links[lru->newest].newer = i;
	} else {
		lru->oldest = i;
	}
	lru->newest = i;
}

static void detach(struct lru *lru, uint32_t i)
{
	const struct lru_link *link = &lru->links[i];

	if (link->older != NONE) {
		lru->links[link->older].newer = link->newer;
	} else {
		lru->oldest = link->newer;
	}
	if (link->newer != NONE) {
		lru->links[link->newer].older = link->older;
	} else {
		lru->newest = link->older;
	}
}

void *lru_add(struct lru *lru, uint64_t key)
{
	uint32_t i = lru->free, *bucket = bucket_of(lru, key);

	if (i != NONE) {
		lru->free = lru->links[i].chain;
	} else if (lru->used < lru->capacity) {
		i = lru->used++;
	} else {
		return NULL;
	}
	lru->links[i].key = key;
	lru->links[i].chain = *bucket;
	*bucket = i;
	append(lru, i);
	lru->n++;
	memset(item_at(lru, i), 0, lru->item_size);
	return item_at(lru, i);
}

void lru_touch(struct lru *lru, const void *item)
{
	uint32_t i = index_of(lru, item);

	if (lru->newest != i) {
		detach(lru, i);
		append(lru, i);
	}
}

void *lru_oldest(const struct lru *lru)
{
	return lru->oldest != NONE ? item_at(lru, lru->oldest) : NULL;
}

void *lru_next(const struct lru *lru, const void *item)
{
	uint32_t newer = lru->links[index_of(lru, item)].newer;

	return newer != NONE ? item_at(lru, newer) : NULL;
}

void lru_remove(struct lru *lru, const void *item)
{
	uint32_t i = index_of(lru, item), *at = bucket_of(lru, lru->links[i].key);

	while (*at != i) {
		at = &lru->links[*at].chain;
	}
	*at = lru->links[i].chain;
	detach(lru, i);
	lru->links[i].chain = lru->free;
	lru->free = i;
	lru->n--;
}
