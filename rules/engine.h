/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* engine.h - the inner joints of judging: windows of correlations and open alerts; private to this
 * room. */

#include "rules/lru.h"
#include "rules/rule.h"

#define EXCEPTION_NAME_SIZE 64   /* its NUL included */
#define ALERT_DOCUMENT_MAX  4500 /* bytes of a document with its newline */

/* ---- correlations ---- */

/* An event, or a value, that still counts. */
struct window_entry {
	union {
		uint64_t hash; /* of the value */
		double number;
	};
	int64_t time;
};

/* How far a temporal correlation has come with one of its rules. */
struct window_step {
	int64_t last;   /* latest hit; TIME_NONE: none that still counts */
	uint64_t event; /* id of that event's document */
	/* In order: when the latest sequence began that ends with this rule, and the same before
	 * the event that was judged last, which cannot be two steps at once. */
	int64_t start, start_before;
	uint64_t judged; /* that event */
};

/* One group of one correlation. */
struct window {
	uint16_t rule;
	bool active; /* the condition holds and was reported */
	uint32_t n, size;
	int64_t last; /* the newest entry or step; TIME_NONE: all ran out */
	union {
		struct window_entry *entries; /* oldest first */
		struct window_step *steps;    /* a temporal correlation's, one a rule */
	};
};

struct windows {
	struct lru table;
	size_t entries, entries_max; /* over all windows */
	uint64_t evicted;            /* groups */
	uint64_t dropped;            /* entries that a full window gave up although they counted */
	uint64_t judged;             /* events, to tell them apart */
	const struct document_options *document;
};

enum window_verdict {
	WINDOW_QUIET,   /* the condition does not hold, or the event does not belong to a group */
	WINDOW_FIRES,   /* it holds now and did not before */
	WINDOW_GOES_ON, /* it holds still */
};

int windows_init(struct windows *windows, size_t groups_max,
		 const struct document_options *document) MUST_USE;
void windows_end(struct windows *windows);
/* A new event is judged: what it hits from now on is one event. */
void windows_next(struct windows *windows);

#define HIT_STEPS_MAX CORRELATION_RULES_MAX

/* One hit of a rule, as a correlation that counts it sees it. */
struct window_hit {
	uint16_t rule;    /* the correlation */
	uint16_t counted; /* the rule that was hit */
	const struct event *event;
	double measure; /* set: what the condition is about: a count, sum, average, percentile */
	uint64_t group; /* set: stable hash of the correlation and its group */
	/* Set of a temporal one that holds: what it was made of. */
	size_t n_steps;
	struct hit_step {
		uint16_t rule;
		int64_t time;
		uint64_t event;
	} steps[HIT_STEPS_MAX];
};

/* ---- what a window measures (correlation_measure.c) ---- */

/* Takes the event into the window; false: it has not the values, or no memory. */
bool window_take(struct windows *windows, struct window *window, const struct rule_set *set,
		 const struct judge *judge, const struct window_hit *hit);
/* Forgets what is older than the timespan. */
void window_expire(struct window *window, const struct correlation *c, int64_t now);
/* Whether the condition holds; *measure is what it was asked about. */
bool window_holds(const struct window *window, const struct correlation *c, double *measure);
/* What a temporal correlation is made of now. */
void window_steps(const struct window *window, const struct correlation *c, struct window_hit *hit);
/* A stable hash over the texts of fields; false: one is absent. */
bool hash_fields(const struct judge *judge, const struct event *event, const uint16_t *fields,
		 size_t n, uint64_t *h);

/* What the rules of one set are in another. */
struct rule_numbers {
	/* For each rule of the old set the one of the new set with its id; RULE_GONE: none. */
	uint16_t *now;
	bool *same; /* its content, and that of all that it counts, did not change */
};
#define RULE_GONE UINT16_MAX

/* -ENOMEM: nothing to free. */
int rule_numbers_make(struct rule_numbers *numbers, const struct rule_set *old,
		      const struct rule_set *set) MUST_USE;
void rule_numbers_free(struct rule_numbers *numbers);

/* Numbers windows anew; those of correlations that changed are forgotten. */
void windows_renumber(struct windows *windows, const struct rule_numbers *numbers);

enum window_verdict windows_count(struct windows *windows, const struct rule_set *set,
				  const struct judge *judge, struct window_hit *hit);
/* Forgets windows that ran out. */
void windows_tick(struct windows *windows, const struct rule_set *set, int64_t clock);

/* ---- alerts ---- */

/* One open alert: a rule and an engineering session, or a correlation and its group. */
struct alert {
	uint16_t rule;
	uint32_t operations; /* bits of enum operation */
	uint32_t documents;  /* written so far */
	double correlated;   /* what the correlation measured; NAN: none */
	size_t n_steps;      /* of a temporal correlation */
	struct hit_step steps[HIT_STEPS_MAX];
	uint64_t count, documented; /* hits; hits that the last document told of */
	int64_t first, last, last_document;
	enum alert_level level;              /* the rule's, or what an exception made of it */
	char exception[EXCEPTION_NAME_SIZE]; /* that changed the level; empty: none */
	struct record head;                  /* of the latest event, without its fields */
	char id[17];
};

/* How alerts are told of, and findings: one for a rule and two ends, however long it goes on, with
 * an id that is the same after a restart. */
struct alert_habits {
	bool findings;
	const char *opened, *updated; /* event.action */
	int64_t update_interval;      /* a document is due so long after the last one */
};
extern const struct alert_habits alert_habits, finding_habits;

struct alerts {
	struct lru table;
	const struct rule_set *set;
	const struct rule_engine_options *options;
	struct rule_engine_counters *counters;
	const char *exceptions_hash; /* NULL: none are loaded */
	const char *baseline_hash;   /* NULL: there is none */
	const struct alert_habits *habits;
	bool held; /* what rules of high level tell of waits for a person's word */
	struct buffer text;
};

int alerts_init(struct alerts *alerts, const struct rule_set *set,
		const struct rule_engine_options *options, const struct alert_habits *habits,
		struct rule_engine_counters *counters) MUST_USE;
void alerts_end(struct alerts *alerts);
/* The end of the input: what changed since an alert's last document is documented. */
void alerts_finish(struct alerts *alerts);
/* What the rule that was hit adds to its event. */
struct alert_hit {
	uint16_t rule;
	enum alert_level level;
	const char *exception;           /* that changed the level; NULL: none */
	const struct window_hit *window; /* NULL unless it is a correlation's */
};

void alerts_hit(struct alerts *alerts, const struct alert_hit *hit, const struct event *event);
/* Numbers alerts anew; those of rules that are gone are closed. */
void alerts_renumber(struct alerts *alerts, const struct rule_set *set,
		     const struct rule_numbers *numbers);
/* Closes sessions that have been silent for longer than the gap. */
void alerts_tick(struct alerts *alerts, int64_t clock);

/* What a document is made of. */
struct alert_source {
	const struct rule_set *set;
	const struct document_options *options;
	const struct alert *alert;
	const struct event *event;
	const char *action, *event_id;
	const char *exceptions_hash; /* NULL: none are loaded */
	const char *baseline_hash;   /* NULL: there is none */
	const char *verdict;         /* weir.baseline.verdict, or NULL */
	bool finding;
};

/* Writes one document, newline included, at most ALERT_DOCUMENT_MAX bytes. */
void alert_document_write(struct buffer *out, const struct alert_source *source);
