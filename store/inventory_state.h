/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* inventory_state.h - the inventory as rows that a store keeps and gives back.
 *
 * Bindings and conversations are what is read back; assets follow from them, and are rows only for
 * those who query. */

#include "store/inventory.h"

enum state_kind {
	STATE_BINDING,
	STATE_CONVERSATION,
	STATE_ASSET,
	STATE_ASSET_GONE, /* merged or evicted: only the id */
	STATE_ALIAS,      /* id is now a name of `owner` */
	STATE_FACT,       /* a program or value of a device */
};

/* One row; everything is borrowed for the call. */
struct state_row {
	enum state_kind kind;
	const char *id;
	const char *owner;    /* alias: id of the asset */
	const char *document; /* asset, conversation: for queries */
	const char *state;    /* binding, conversation, fact: for inventory_restore() */
	int64_t last;         /* latest sighting */
};

/* Hands over what changed since the last call. -ENOMEM, or what the handler returns if not 0. */
int inventory_save(struct inventory *inventory,
		   int (*handler)(void *context, const struct state_row *row),
		   void *context) MUST_USE;

/* The sensor id that asset ids are made with. One that the database gives back stands, whatever the
 * sensor is called now: ids in the database stay what they are. Restore it before all rows. */
uint64_t inventory_sensor(const struct inventory *inventory);
void inventory_restore_sensor(struct inventory *inventory, uint64_t sensor_id);

/* Takes back the state of a binding, conversation or fact; call inventory_restored() after the
 * last. -EINVAL: not a state. */
int inventory_restore(struct inventory *inventory, enum state_kind kind, const char *state,
		      size_t length) MUST_USE;
/* first: when learning began (inventory_first()); TIME_NONE if unknown. */
void inventory_restored(struct inventory *inventory, int64_t first);
/* Packet time at which learning began; TIME_NONE before the first packet. */
int64_t inventory_first(const struct inventory *inventory);
