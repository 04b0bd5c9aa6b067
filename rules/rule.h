/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rule.h - a compiled rule and the set that owns all of them; private to this room.
 *
 * Everything is in the set's arena and read-only once rule_set_load() has returned. */

#include "capture/base/time_zone.h"
#include "rules/arena.h"
#include "rules/rules.h"
#include "rules/sigma_text.h"
#include "rules/substring.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define RULES_MAX 60000
#define FIELD_TIMESTAMP                                                          \
	((uint16_t)(FIELD_NOT_FOUND - 1)) /* "@timestamp": the record's own time \
					   */

/* ---- conditions ---- */

enum match_kind {
	MATCH_NULL,    /* the field is absent */
	MATCH_TEXT,    /* its text form matches */
	MATCH_NUMBER,  /* it is this number (also a truth value: 0, 1) */
	MATCH_IP,      /* it is this address */
	MATCH_MAC,     /* it is this address */
	MATCH_NETWORK, /* cidr */
	MATCH_REGEX,   /* its text form contains a match */
	MATCH_FIELD,   /* it has the same value as this field */
};

/* One value that a field is compared with. */
struct match {
	enum match_kind kind;
	const char *text_form; /* as the rule has it, for people */
	union {
		struct sigma_text text;
		long double number; /* holds every int64 and uint64 exactly */
		struct ip ip;
		struct mac mac;
		struct ip_network network;
		pcre2_code *regex;
		uint16_t field;
	};
};

enum comparison { COMPARE_EQUAL, COMPARE_LT, COMPARE_LTE, COMPARE_GT, COMPARE_GTE };

enum time_part { PART_NONE, PART_MINUTE, PART_HOUR, PART_DAY, PART_WEEK, PART_MONTH, PART_YEAR };

/* A field and the values that it is compared with. */
struct test {
	uint16_t field;
	const char *key; /* the field with its modifiers, for people; empty: a keyword */
	bool all;        /* every value must match; else one of them */
	bool negate;     /* neq */
	bool cased;
	bool exists, wanted; /* asks only whether the field is there */
	uint8_t comparison, part;
	size_t n;
	const struct match *values;
};

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_TEST };

struct node {
	enum node_kind kind;
	const struct test *test;  /* NODE_TEST */
	const struct node *child; /* AND, OR: first of any number; NOT: the one */
	const struct node *next;
};

/* ---- where a rule looks ---- */

#define PROTOCOL_SET_WORDS 4 /* bits for 256 protocols; bit PROTOCOL_NONE: no dissector's */

/* A superset of the events that can satisfy a condition. */
#define ANSWERS (2 * OUTCOMES)

struct scope {
	uint32_t kinds;      /* bits of enum record_kind */
	uint32_t operations; /* bits of enum operation */
	uint32_t answers;    /* bits of enum outcome, then the same of malformed ones and orphan
				responses */
	uint64_t protocols[PROTOCOL_SET_WORDS];
};

/* A value of the field by which a rule is looked up. */
struct anchor_value {
	uint64_t hash;
	uint8_t bits; /* that count, from the first on: of a network; else ANCHOR_WHOLE */
};

#define ANCHOR_WHOLE 128

/* ---- rules ---- */

#define CORRELATION_FIELDS_MAX 8
#define CORRELATION_RULES_MAX  16
/* Counts beyond cannot be asked for; sums, averages, percentiles and shares are of the newest so
 * many values of a group. */
#define CORRELATION_KEPT_MAX 10000

enum correlation_type {
	CORRELATION_EVENT_COUNT,
	CORRELATION_VALUE_COUNT,
	CORRELATION_TEMPORAL,
	CORRELATION_TEMPORAL_ORDERED,
	CORRELATION_VALUE_SUM,
	CORRELATION_VALUE_AVG,
	CORRELATION_VALUE_PERCENTILE, /* without a percentile: the share of events with its value */
};

/* A correlation's condition: the measure is inside all bounds, and is not `not_equal`. Counts are
 * small enough to be exact. */
struct bounds {
	double least, most; /* inclusive; infinite: none */
	bool above, below;  /* exclusive instead */
	double not_equal;   /* NAN: none */
};

struct correlation {
	enum correlation_type type;
	int64_t timespan;
	struct bounds bounds;
	double percentile; /* 0 < percentile <= 100; 0: none */
	uint32_t keep;     /* entries a group needs to decide the condition */
	size_t n_group_by, n_fields;
	uint16_t fields[CORRELATION_FIELDS_MAX]; /* of the values */
	size_t n_rules;
	const uint16_t *rules; /* what it counts; of temporal_ordered in their order */
	/* For each of these rules, n_group_by field ids (aliases resolved). */
	const uint16_t *group_by;
};

/* "event_count"... */
const char *correlation_type_name(enum correlation_type type);

static inline bool correlation_is_temporal(const struct correlation *c)
{
	return c->type == CORRELATION_TEMPORAL || c->type == CORRELATION_TEMPORAL_ORDERED;
}

/* Whether it counts things, so that a bound says how many must be kept. */
static inline bool correlation_counts(const struct correlation *c)
{
	return c->type < CORRELATION_VALUE_SUM;
}

/* Whether it computes with numbers of one field. */
static inline bool correlation_is_numeric(const struct correlation *c)
{
	return c->type == CORRELATION_VALUE_SUM || c->type == CORRELATION_VALUE_AVG ||
	       (c->type == CORRELATION_VALUE_PERCENTILE && c->percentile > 0);
}

struct texts {
	const char *const *items;
	size_t n;
};

struct rule {
	const char *id;   /* the rule's id, else its name, else a hash of its title */
	const char *uuid; /* NULL: none */
	const char *name; /* NULL: none */
	const char *title;
	/* NULL: none. The version is the date of the last change. */
	const char *author, *version, *status, *description, *license;
	const char *service;   /* of its logsource; NULL: all */
	const char *next_step; /* what to do about an alert; NULL: nothing special */
	struct texts tags, references, falsepositives;
	struct texts filters; /* titles of the filters that were joined to it */
	uint64_t hash;        /* of its content, and of these filters' */
	enum alert_level level;
	const struct node *condition; /* NULL: a correlation */
	struct scope scope;
	uint16_t anchor_field; /* FIELD_NOT_FOUND: none; else the field has one of these values */
	size_t n_anchors;
	const struct anchor_value *anchors;
	uint16_t
	    gate_field;     /* without anchor: the field that must hold one of its texts, or none */
	bool names_outcome; /* judged on complete records only */
	bool names_phase;   /* judged on every record */
	bool requires_complete; /* withheld where the capture is not */
	bool requires_baseline; /* argues from what is normal: not judged before that is known */
	bool silent;            /* only counted by correlations */
	bool generated;         /* a correlation wants it to raise alerts all the same */
	const struct correlation *correlation;
	const uint16_t *listeners; /* correlations that count this rule */
	size_t n_listeners;
	const char *file;
	unsigned line, column;
};

/* All texts that rules need in a field, looked for at once. */
struct gate {
	uint16_t field;
	struct substrings *substrings; /* items: the literals */
	struct substring *literals;
	uint16_t *rules; /* of each literal */
	size_t n, size;
};

struct rule_index;

/* Fields that say where a rule looks. */
struct special_fields {
	uint16_t kind, operation, outcome, protocol, phase, duration, status, malformed;
	uint16_t source_ip, destination_ip;
};

struct rule_set {
	struct arena arena;
	const struct field_registry *registry;
	struct special_fields special;
	struct rule **rules;
	size_t n_rules, rules_size;
	pcre2_code **regexes;
	size_t n_regexes, regexes_size;
	struct gate *gates;
	size_t n_gates;
	struct rule_index *index;
	struct time_zone *time_zone; /* of parts of times; NULL: UTC */
	uint64_t hash;
	char hash_text[17];
};

/* Whether it is the address of one of the two ends. */
static inline bool rule_is_end(const struct rule_set *set, uint16_t field)
{
	return field != FIELD_NOT_FOUND &&
	       (field == set->special.source_ip || field == set->special.destination_ip);
}

/* ---- judging ---- */

/* What an evaluation needs beside the event. */
struct judge {
	const struct field_registry *registry;
	const struct time_zone *time_zone; /* of parts of times; NULL: UTC */
	pcre2_match_data *match_data;
	pcre2_match_context *match_context;
};

int judge_init(struct judge *judge, const struct field_registry *registry) MUST_USE;
void judge_end(struct judge *judge);
/* Whether the event satisfies the condition. */
bool judge_condition(const struct judge *judge, const struct event *event,
		     const struct node *condition);
/* field_get() that knows FIELD_TIMESTAMP too. */
bool judge_field(const struct judge *judge, const struct event *event, uint16_t field,
		 struct field_value *out);

/* ---- index ---- */

/* Rules of one cell: those that every event of the cell meets, and those that only an event meets
 * whose anchor field has the right value. */
struct anchor {
	uint64_t value; /* hash of the value */
	uint16_t rule;
};

/* All that are anchored at one field, and at as many bits of it. */
struct anchor_group {
	uint16_t field;
	uint8_t bits;
	unsigned shift;       /* of a value, for its bit among the next */
	const uint64_t *some; /* without this bit, no anchor has the value */
	size_t n;
	const struct anchor *anchors; /* sorted by value */
};

static inline uint64_t anchor_bit(const struct anchor_group *group, uint64_t value)
{
	return value * 0x9e3779b97f4a7c15U >> group->shift;
}

/* Rules of one cell that a gate stands before, by number. */
struct cell_gate {
	const struct gate *gate;
	size_t n;
	const uint16_t *rules;
};

struct cell {
	size_t n_rules, n_groups, n_gates;
	const uint16_t *rules;
	const struct anchor_group *groups;
	const struct cell_gate *gates;
};

/* Works out the gates of all rules; before rule_index_build(). */
int rule_gates_build(struct rule_set *set) MUST_USE;
void rule_gates_free(struct rule_set *set);
/* The gate of a field, or NULL. */
struct gate *rule_gate(const struct rule_set *set, uint16_t field);

int rule_index_build(struct rule_set *set) MUST_USE;
struct rule_index *rule_index_free(struct rule_index *index);
/* The cell of an event; NULL when no rule looks at it. */
const struct cell *rule_index_find(const struct rule_index *index, const struct record *record);
/* Hash of what counts of an anchor field's value in an event; false when it is absent. */
bool rule_index_value(const struct judge *judge, const struct event *event,
		      const struct anchor_group *group, uint64_t *out);
