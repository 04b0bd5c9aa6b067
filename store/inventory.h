/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* inventory.h - what is known: assets (devices, not addresses), and conversations between them.
 *
 * Owned by the analysis thread; nothing here locks.  The set of assets is a pure function of
 * the address bindings learned so far (DESIGN.md section 4), so neither the order of packets nor
 * the number of workers matters.  A record costs no hash look-up once its flow is known: an
 * array indexed by (worker, flow index), checked by generation, caches the conversation. */

#include "capture/base/json.h"
#include "capture/base/log.h"
#include "dissectors/field.h"

struct inventory;
struct asset;
struct conversation;

/* What the inventory says about one record; it is event.context[EVENT_STORE]. The pointers are
 * valid until the next call into the inventory. */
struct enrichment {
	const struct asset *source, *destination;
	const struct conversation *conversation;
	bool learning;         /* the learning time is not over, or a replay without baseline */
	bool new_conversation; /* first record of this pair and protocol, when not learning */
	bool new_operation;    /* first time this pair does this operation, when not learning */
	bool new_source;       /* the source was first seen after the learning time */
};

/* What is known of an asset by which a policy of zones may place it; texts may be NULL. */
struct inventory_place {
	struct ip ip;
	struct mac mac;
	uint16_t vlan;
	const char *type, *role, *vendor, *name, *level;
};

struct inventory_options {
	size_t assets_max;        /* default 100,000 */
	size_t conversations_max; /* default 1,000,000 */
	size_t details_max;       /* bytes of units, functions, targets, rhythms and histograms of
				     all conversations; default 512 MiB */
	size_t bindings_max;      /* address bindings, default 400,000 */
	int64_t learning;         /* ns of packet time from the first packet; default 1 h */
	bool replay;              /* no baseline was loaded: the whole capture is learning */
	const char *oui_path;     /* ieee-data's folder; NULL: /usr/share/ieee-data */
	const char *kinds_path;   /* further rules about assets (store/kinds.h); NULL: none */
	const char *const *geo_paths; /* databases of public addresses (store/geo.h) */
	size_t n_geo_paths;
	uint64_t sensor_id; /* part of stable ids */
	const struct field_registry *registry;
	const struct log_sink *log;
	/* An asset_change record was made, or a sensor record of a full table; for the rules and
	 * the journal. May be NULL. */
	void (*on_change)(void *context, const struct event *event);
	/* The zone of an asset by the policy in force, or NULL; lives as long as the policy. May
	 * be NULL: zones are what persons say. */
	const char *(*zone_of)(void *context, const struct inventory_place *place);
	void *context;
};

struct inventory_counters {
	uint64_t assets, conversations, bindings;
	uint64_t assets_evicted, conversations_evicted, bindings_evicted;
	uint64_t changes;
	uint64_t attributes_refused; /* of one address, beyond the cap of 512 */
	uint64_t details_refused;    /* of conversations: details_max was reached */
};

struct inventory_options inventory_defaults(void);
int inventory_new(struct inventory **out, const struct inventory_options *options,
		  struct problem *problem) MUST_USE;
struct inventory *inventory_free(struct inventory *inventory);

/* The table of fields that this room computes (weir.source.role...); base ids do not matter. */
extern const struct field inventory_fields[];
extern const size_t inventory_n_fields;

/* Takes one record of any kind; what it says about it stays valid until the next call. */
const struct enrichment *inventory_record(struct inventory *inventory, const struct record *record);
/* Lets time pass (packet time). */
void inventory_tick(struct inventory *inventory, int64_t clock);

/* Works out what is still open, as before documents are read at the end. */
void inventory_settle(struct inventory *inventory);

struct inventory_counters inventory_counters(const struct inventory *inventory);

/* Writes one JSON document an asset (ghosts too, marked) or conversation, ordered by first address,
 * to a caller who gets each text; used by queries, tables and storing alike. */
typedef void inventory_document(void *context, const char *json, size_t length);
void inventory_assets(const struct inventory *inventory, inventory_document *handler,
		      void *context);
void inventory_conversations(const struct inventory *inventory, inventory_document *handler,
			     void *context);
