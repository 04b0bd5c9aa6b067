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
#include "store/baseline.h"
#include "store/baseline_lines.h"

struct inventory;
struct asset;
struct conversation;

/* What the inventory says about one record; it is event.context[EVENT_STORE]. The pointers are
 * valid until the next call into the inventory. */
struct enrichment {
	const struct asset *source, *destination;
	const struct conversation *conversation;
	enum baseline_state state;
	/* Not in the baseline, while there is one to be in (not BASELINE_NONE): */
	bool new_source, new_destination;
	bool new_conversation; /* this pair and protocol */
	bool new_operation;    /* what it does; or it does it at another time: */
	bool late;
	bool new_target; /* what it does it to */
	/* Without a baseline too: what it was often done to before, and what it was not. */
	bool usual_target, unusual_target;
};

/* What is known of an asset by which a policy of zones may place it; texts may be NULL. */
struct inventory_place {
	struct ip ip;
	struct mac mac;
	uint16_t vlan;
	const char *type, *role, *vendor, *name, *level;
};

/* What the baseline of a zone is about besides. */
enum zone_watch {
	ZONE_ADAPTIVE = 1, /* what is new is for review, unless a rule of high level is about it */
	ZONE_RHYTHM = 2,   /* polls that change their pace or stop */
	ZONE_VALUES = 4,   /* values outside the range that was seen */
};

/* A write that succeeded, as it comes again and again in its rhythm and to the same targets: part
 * of cyclic traffic, and told by the summary of its conversation. */
bool inventory_is_routine(const struct event *event);

struct inventory_options {
	size_t assets_max;        /* default 100,000 */
	size_t conversations_max; /* default 1,000,000 */
	size_t details_max;       /* bytes of units, functions, targets, rhythms and histograms of
				     all conversations; default 512 MiB */
	size_t bindings_max;      /* address bindings, default 400,000 */
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
	/* Whether the zone is the outer one, or lies in it; how a zone is watched (bits of enum
	 * zone_watch). May be NULL: zones have nothing but names. */
	bool (*zone_is_within)(void *context, const char *zone, const char *outer);
	unsigned (*zone_watch)(void *context, const char *zone);
	void *context;
};

struct inventory_counters {
	uint64_t assets, conversations, bindings;
	uint64_t assets_evicted, conversations_evicted, bindings_evicted;
	uint64_t changes;
	uint64_t attributes_refused; /* of one address, beyond the cap of 512 */
	uint64_t details_refused;    /* of conversations: details_max was reached */
	uint64_t facts_refused;      /* programs and values beyond the cap of 100,000 */
};

struct inventory_options inventory_defaults(void);
int inventory_new(struct inventory **out, const struct inventory_options *options,
		  struct problem *problem) MUST_USE;
struct inventory *inventory_free(struct inventory *inventory);

/* The table of fields that this room computes (weir.source.role...); base ids do not matter. */
extern const struct field inventory_fields[];
extern const size_t inventory_n_fields;

/* What is normal from now on; all of it lives until the next call. */
struct inventory_normal {
	enum baseline_state state;
	const struct baseline *baseline; /* NULL: nothing is */
	const char *const *frames;       /* names of times that are told apart */
	size_t n_frames;                 /* at most BASELINE_FRAMES_MAX; 0: none are */
	size_t frame;                    /* which of them it is now; n_frames: not known */
};
void inventory_use(struct inventory *inventory, const struct inventory_normal *normal);
/* The names mean something else from now on: when what was done is forgotten. */
void inventory_forget_frames(struct inventory *inventory);
/* It is this time from now on. */
void inventory_frame(struct inventory *inventory, size_t frame);
/* Adds the lines of what was seen, in no order: what would be normal if all of it were, but for
 * connections that nobody answered. held: also what is held. -ENOMEM, -E2BIG. */
int inventory_learned(const struct inventory *inventory, bool held,
		      struct baseline_lines *lines) MUST_USE;
/* The operation of the event, whose context is that of the latest record, is not learned: somebody
 * has to say that it is normal. */
void inventory_hold(struct inventory *inventory, const struct event *event);
/* The same for a line that says "operation": 1 if there is such a conversation, else 0. */
size_t inventory_hold_line(struct inventory *inventory, const char *line);
/* The bits of enum zone_watch of an event's zones: that of who was asked, else of who asked. */
unsigned inventory_zone_watch(const struct inventory *inventory, const struct event *event);

/* Zones have other members from now on: what hangs on them is worked out again, and stored
 * documents that tell them are renewed, some at a time. */
void inventory_zones_changed(struct inventory *inventory);

/* Takes one record of any kind; what it says about it stays valid until the next call. */
const struct enrichment *inventory_record(struct inventory *inventory, const struct record *record);
/* The latest packet time; TIME_NONE before the first packet. */
int64_t inventory_clock(const struct inventory *inventory);
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

/* An hour of reads and cyclic traffic that is being told: one document a conversation that had
 * some. */
struct traffic_round {
	int64_t from, to;   /* times */
	const char *sensor; /* observer.name; NULL: none */
	size_t next;        /* conversation */
};
/* Tells the next `most` conversations; what they did is counted up to now. True: that were all. */
bool inventory_traffic(struct inventory *inventory, struct traffic_round *round, size_t most,
		       inventory_document *handler, void *context);
