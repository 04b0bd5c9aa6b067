/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* policy.h - zones and conduits (IEC 62443-3-2): which part of the plant an address or device
 * belongs to, and who may do what across.
 *
 * The policy is one YAML file (docs/zones.md), read once and then only looked at.  A watch asks it
 * about each record and reports what it does not allow: once for each pair, protocol, operation and
 * violation.  Without a file a watch knows no zones, and reports only traffic with the Internet and
 * from enterprise levels to controllers. */

#include "capture/base/json.h"
#include "capture/base/log.h"
#include "dissectors/field.h"

struct policy;

struct policy_zone {
	const char *name;
	const char *level;                /* of Purdue: "0" to "5", "3.5"; NULL: not said */
	const struct policy_zone *within; /* the zone around it, or NULL */
	uint8_t sl_t[7];                  /* target security level of FR 1 to FR 7, 0 to 4 */
	bool has_sl_t;
	uint8_t watch; /* bits of enum zone_watch (inventory.h) */
	bool has_watch;
	unsigned line;
};

struct policy_conduit {
	const char *name;
	const struct policy_zone *const *from, *const *to;
	size_t n_from, n_to;
	const char *const *protocols; /* none: any */
	size_t n_protocols;
	uint32_t operations; /* bits of enum operation */
	bool any_initiator;  /* the `to` side may begin as well */
	const char *owner, *ticket;
	int64_t expires; /* the first moment when it is not valid any more; TIME_NONE: never */
	uint8_t days;    /* bits, Monday first; 0: all */
	int from_minute, to_minute; /* of the day; both 0: all day */
	unsigned line;
};

enum policy_violation {
	POLICY_ALLOWED,
	POLICY_UNDECLARED_CONDUIT,
	POLICY_PROTOCOL,  /* a conduit is there, for other protocols */
	POLICY_OPERATION, /* ... for other operations */
	POLICY_INITIATOR, /* ... which the other side has to begin */
	POLICY_EXPIRED,
	POLICY_TIME, /* ... at other times */
	POLICY_NO_ZONE,
	POLICY_ZONES_BRIDGED,
	POLICY_LEVEL_SKIP,
	POLICY_OT_TO_INTERNET,
	POLICY_INTERNET_TO_OT,
	POLICY_VIOLATIONS
};
const char *policy_violation_name(enum policy_violation violation);

/* One end of what is asked about; texts may be NULL. */
struct policy_end {
	struct ip ip;
	struct mac mac;
	uint16_t vlan;
	const char *type, *role, *vendor, *name, *level;
};

struct policy_question {
	struct policy_end source, destination; /* source: who began */
	const char *protocol;                  /* NULL: unknown */
	enum operation operation;              /* OPERATIONS: traffic, no operation is known */
	int64_t time;
};

struct policy_verdict {
	enum policy_violation violation;
	const struct policy_zone *source, *destination; /* NULL: none */
	const struct policy_conduit *conduit; /* the one that allows it, or comes nearest */
};

typedef void policy_problem_handler(void *context, const char *text);

/* Reads the file. 0; -EINVAL: mistakes were told, each as FILE:LINE:COLUMN; -ENOENT, -EACCES...
 * with problem. */
int policy_read(struct policy **out, const char *path, policy_problem_handler *handler,
		void *context, struct problem *problem) MUST_USE;
struct policy *policy_free(struct policy *policy);
/* 16 hexadecimal digits of the content, whatever its layout. */
const char *policy_hash(const struct policy *policy);
bool policy_denies(const struct policy *policy); /* default: deny, not report */

size_t policy_zones(const struct policy *policy);
const struct policy_zone *policy_zone(const struct policy *policy, size_t i);
/* NULL: no zone has that name. */
const struct policy_zone *policy_zone_named(const struct policy *policy, const char *name);
/* How a zone is watched: as it says, else as the one around it. */
unsigned policy_zone_watch(const struct policy_zone *zone);
/* Whether any zone is watched so. */
bool policy_watches(const struct policy *policy, unsigned watch);
size_t policy_conduits(const struct policy *policy);
const struct policy_conduit *policy_conduit(const struct policy *policy, size_t i);

/* The zone of an end: the innermost with a member that fits; among these the longest network, then
 * the first in the file. NULL: none. */
const struct policy_zone *policy_zone_of(const struct policy *policy, const struct policy_end *end);
struct policy_verdict policy_judge(const struct policy *policy,
				   const struct policy_question *question);
/* What is judged without a policy: the Internet, and levels that were inferred. */
enum policy_violation policy_judge_levels(const struct policy_question *question);

/* Whether more must be known of an end before traffic with the Internet can be judged. */
bool policy_is_undecided(const struct policy_question *question);

/* ---- records ---- */

struct policy_watch;

struct policy_watch_options {
	const struct policy *policy; /* may be NULL; replaced by policy_watch_use() */
	const struct field_registry *registry;
	size_t flows_max; /* looked up by number; default 1,048,576 */
	size_t told_max;  /* violations that are remembered; default 65,536 */
	/* A RECORD_POLICY event; it comes before the record that it is about. */
	void (*on_event)(void *context, const struct event *event);
	void *context;
};

struct policy_watch_counters {
	uint64_t violations, forgotten;
};

struct policy_watch_options policy_watch_defaults(void);
int policy_watch_new(struct policy_watch **out,
		     const struct policy_watch_options *options) MUST_USE;
struct policy_watch *policy_watch_free(struct policy_watch *watch);
/* Judges by another policy from now on; all is judged again. */
void policy_watch_use(struct policy_watch *watch, const struct policy *policy);

/* Looks at a record (its event has the inventory's context) and sets the event's own context, which
 * lives until the next call. */
void policy_watch_event(struct policy_watch *watch, struct event *event);
/* How often a conduit was used, and when last (TIME_NONE: never). */
uint64_t policy_watch_used(const struct policy_watch *watch, size_t conduit, int64_t *last);
struct policy_watch_counters policy_watch_counters(const struct policy_watch *watch);

/* The table of fields of this file's records, and of zones on every event. */
extern const struct field policy_fields[];
extern const size_t policy_n_fields;
