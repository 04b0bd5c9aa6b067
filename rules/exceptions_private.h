/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* exceptions_private.h - entries of an exceptions file as they are judged; private to this room. */

#include "rules/engine.h"
#include "rules/exceptions.h"
#include "rules/sigma.h"

#define EXCEPTIONS_MAX           10000
#define EXCEPTION_COUNT_MAX      1000
#define EXCEPTION_TIMESPAN_MAX   (366 * NS_PER_DAY)
#define EXCEPTION_GROUPS_MAX     16384
#define EXCEPTION_TIMES_MAX      500000 /* remembered hits of all groups together */
#define EXCEPTION_ALL_DAYS       0x7fU
#define EXCEPTION_MINUTES_OF_DAY 1440
#define EXCEPTION_SENSOR_EVENT   "exception_expired"

enum exception_action { EXCEPTION_SUPPRESS, EXCEPTION_THRESHOLD, EXCEPTION_LEVEL };

/* What the hits of a threshold are counted by; always within one rule. */
enum exception_by { BY_RULE, BY_SOURCE, BY_DESTINATION, BY_BOTH };

enum exception_end_kind { END_IP, END_NETWORK, END_MAC, END_FIELD };

/* One thing that an asset is recognised by. */
struct exception_end {
	enum exception_end_kind kind;
	union {
		struct ip ip;
		struct ip_network network;
		struct mac mac;
		struct {
			uint16_t source, destination; /* fields of the two ends */
			struct sigma_text text;       /* folded */
		};
	};
};

/* Alternatives; none at all means anybody. */
struct exception_ends {
	size_t n;
	struct exception_end *items;
};

struct exception {
	const char *name, *owner, *reason;
	unsigned line, column;
	int64_t expires;
	enum exception_action action;
	enum alert_level level; /* EXCEPTION_LEVEL */
	uint32_t count;         /* threshold: alert from this hit on; 0: see limit */
	uint32_t limit;         /* threshold: hits that alert at most; 0: see count */
	int64_t timespan;       /* of either */
	enum exception_by by;
	bool hides;           /* what it holds back, correlations do not see either */
	uint8_t days;         /* bit 0: Monday; on which a window begins */
	uint16_t from, until; /* minutes of the day; equal: the whole day */
	int64_t offset;       /* of the window's clock from UTC */
	struct exception_ends source, destination, either;
	const struct node *condition; /* NULL: any event */
	size_t n_rules;
};

struct rule_exceptions {
	struct rule_set *shell; /* memory and regular expressions of the conditions; no rules */
	const struct rule_set *set;
	const char *file;
	struct exception *items;
	size_t n;
	/* Of rule r: the entries about it, in the order of the file. */
	struct exception_list {
		uint16_t *items;
		size_t n;
	} * of_rule;
	uint64_t hash;
	char hash_text[17];
};

/* Reading one entry's parts (exception_read.c). 0 or -EINVAL after it was told. */
int exception_read_ends(struct loader *loader, const struct yaml_node *node,
			struct exception_ends *out) MUST_USE;
int exception_read_when(struct loader *loader, const struct yaml_node *node,
			struct exception *out) MUST_USE;
int exception_read_threshold(struct loader *loader, const struct yaml_node *node,
			     struct exception *out) MUST_USE;
int exception_read_expires(struct loader *loader, const struct yaml_node *node,
			   struct exception *out) MUST_USE;
/* The one key of a map that is none of these; reports it. */
int exception_check_keys(struct loader *loader, const struct yaml_node *map,
			 const char *const *keys, size_t n_keys) MUST_USE;
const char *exception_action_name(enum exception_action action);

/* ---- judging ---- */

/* What an entry was used for so far. */
struct exception_use {
	uint64_t hits, held;
	int64_t last;
	bool told; /* that it expired */
};

struct exception_state {
	const struct rule_exceptions *exceptions; /* NULL: none */
	const struct field_registry *registry;
	struct exception_use *uses;
	struct lru groups;
	size_t times; /* remembered in all groups */
	int64_t clock, next_expiry;
	struct record_writer writer;
	void (*on_event)(void *context, const struct event *event);
	void *context;
};

/* What becomes of one hit. */
struct exception_verdict {
	const struct exception *exception; /* that decided; NULL: none */
	bool held;                         /* no alert */
	bool hidden;                       /* no correlation counts it */
	enum alert_level level;            /* of the alert */
};

int exception_state_init(struct exception_state *state,
			 const struct rule_engine_options *options) MUST_USE;
void exception_state_end(struct exception_state *state);
int exception_state_use(struct exception_state *state,
			const struct rule_exceptions *exceptions) MUST_USE;
/* Judges a hit of a rule, and counts it. The first entry that applies decides. */
struct exception_verdict exception_judge(struct exception_state *state, const struct judge *judge,
					 const struct rule *rule, uint16_t number,
					 const struct event *event);
/* All entries with what they were used for. */
void exception_state_each(const struct exception_state *state,
			  void (*handler)(void *context, const struct rule_exception_info *info),
			  void *context);
/* Lets time pass: an entry that expired is told once, as a sensor record. */
void exception_tick(struct exception_state *state, int64_t clock);
