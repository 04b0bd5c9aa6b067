/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What waits for the disk. */

#include "store/store_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void append(struct item_list *list, struct item *item)
{
	item->next = NULL;
	if (list->first == NULL) {
		list->end = &list->first;
	}
	*list->end = item;
	list->end = &item->next;
	list->bytes += item->size;
	list->n++;
}

void item_list_free(struct item_list *list)
{
	struct item *next;

	for (struct item *item = list->first; item != NULL; item = next) {
		next = item->next;
		free(item);
	}
	*list = (struct item_list) { .first = NULL };
}

void item_list_prepend(struct item_list *list, struct item_list *before)
{
	if (before->first == NULL) {
		return;
	}
	if (list->first == NULL) {
		list->end = before->end;
	} else {
		*before->end = list->first;
	}
	list->first = before->first;
	list->bytes += before->bytes;
	list->n += before->n;
	*before = (struct item_list) { .first = NULL };
}

/* Alerts, what persons said and what is normal go last, operations first. */
static unsigned importance(const struct item *item)
{
	switch (item->kind) {
	case ITEM_JOURNAL:
	case ITEM_EDIT:
	case ITEM_NORMAL:
	case ITEM_NOT_NORMAL:
		return 2;
	case ITEM_OPERATION:
	case ITEM_TRAFFIC:
		return 0;
	default:
		return 1;
	}
}

/* Items of so many ranks make room for this one. A snapshot that is refused is handed over again,
 * one that was taken is not: it stays. */
static unsigned may_drop(const struct item *item)
{
	return importance(item) + (importance(item) == 1 ? 0 : 1);
}

static void count_dropped(struct store *store, const struct item *item)
{
	store->durable++;
	if (importance(item) == 2) {
		store->counters.journal_dropped++;
	} else if (item->kind == ITEM_OPERATION) {
		store->counters.operations_dropped++;
	} else if (item->kind == ITEM_CHANGE) {
		store->counters.changes_dropped++;
	} else if (item->kind == ITEM_HEALTH) {
		store->counters.health_dropped++;
	} else if (item->kind == ITEM_TRAFFIC) {
		store->counters.traffic_dropped++;
	} else {
		store->counters.snapshots_dropped++;
	}
}

/* Drops the oldest items of that importance until there is room. True: there is. */
static bool drop(struct store *store, unsigned rank, size_t need)
{
	struct item_list *list = &store->queue;
	struct item **at = &list->first;

	while (*at != NULL &&
	       list->bytes + store->writing_bytes + need > store->options.queue_bytes_max) {
		struct item *item = *at;

		if (importance(item) != rank) {
			at = &item->next;
			continue;
		}
		*at = item->next;
		list->bytes -= item->size;
		list->n--;
		count_dropped(store, item);
		free(item);
	}
	/* Where the next one is hung may have been in what was dropped. */
	for (at = &list->first; *at != NULL; at = &(*at)->next) {
		continue;
	}
	list->end = at;
	return list->bytes + store->writing_bytes + need <= store->options.queue_bytes_max;
}

static struct item *make(enum item_kind kind, int64_t time, const char *const *texts,
			 unsigned n_texts)
{
	size_t size = sizeof(struct item);
	struct item *item;
	char *at;

	for (unsigned i = 0; i < n_texts; i++) {
		size += texts[i] != NULL ? strlen(texts[i]) + 1 : 0;
	}
	item = malloc(size);
	if (item == NULL) {
		return NULL;
	}
	*item = (struct item) { .kind = kind, .size = size, .time = time, .n_texts = n_texts };
	at = item->data;
	for (unsigned i = 0; i < n_texts; i++) {
		size_t n = texts[i] != NULL ? strlen(texts[i]) + 1 : 0;

		if (n > 0) {
			memcpy(at, texts[i], n);
			item->texts[i] = at;
			at += n;
		}
	}
	return item;
}

int store_queue(struct store *store, enum item_kind kind, int64_t time, const char *const *texts,
		unsigned n_texts)
{
	struct item *item;
	bool room;

	if (!store->running) {
		return -EROFS;
	}
	item = make(kind, time, texts, n_texts);
	if (item == NULL) {
		return -ENOMEM;
	}
	pthread_mutex_lock(&store->lock);
	room = store->queue.bytes + store->writing_bytes + item->size <=
	       store->options.queue_bytes_max;
	for (unsigned rank = 0; !room && rank < may_drop(item); rank++) {
		room = drop(store, rank, item->size);
	}
	store->handed++;
	if (room) {
		append(&store->queue, item);
		pthread_cond_signal(&store->wake);
	} else {
		count_dropped(store, item);
		free(item);
	}
	pthread_mutex_unlock(&store->lock);
	return room ? 0 : -ENOSPC;
}
