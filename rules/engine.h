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
	uint64_t hash;
	int64_t time;
};

/* One group of one correlation. */
struct window {
	uint16_t rule;
	bool active; /* the condition holds and was reported */
	uint32_t n, size;
	struct window_entry *entries; /* oldest first */
};

struct windows {
	struct lru table;
	size_t entries, entries_max; /* over all windows */
	uint64_t evicted;
};

enum window_verdict {
	WINDOW_QUIET,   /* the condition does not hold, or the event does not belong to a group */
	WINDOW_FIRES,   /* it holds now and did not before */
	WINDOW_GOES_ON, /* it holds still */
};

int windows_init(struct windows *windows, size_t groups_max) MUST_USE;
void windows_end(struct windows *windows);
/* One hit of a rule, as a correlation that counts it sees it. */
struct window_hit {
	uint16_t rule;    /* the correlation */
	uint16_t counted; /* the rule that was hit */
	const struct event *event;
	uint32_t count; /* set: events or values in the window */
	uint64_t group; /* set: stable hash of the correlation and its group */
};

enum window_verdict windows_count(struct windows *windows, const struct rule_set *set,
				  const struct judge *judge, struct window_hit *hit);
/* Forgets windows that ran out. */
void windows_tick(struct windows *windows, const struct rule_set *set, int64_t clock);

/* ---- alerts ---- */

/* One open alert: a rule and an engineering session, or a correlation and its group. */
struct alert {
	uint16_t rule;
	uint32_t operations;        /* bits of enum operation */
	uint32_t documents;         /* written so far */
	uint32_t correlated;        /* events or values in the window; 0: no correlation */
	uint64_t count, documented; /* hits; hits that the last document told of */
	int64_t first, last, last_document;
	enum alert_level level;              /* the rule's, or what an exception made of it */
	char exception[EXCEPTION_NAME_SIZE]; /* that changed the level; empty: none */
	struct record head;                  /* of the latest event, without its fields */
	char id[17];
};

struct alerts {
	struct lru table;
	const struct rule_set *set;
	const struct rule_engine_options *options;
	struct rule_engine_counters *counters;
	const char *exceptions_hash; /* NULL: none are loaded */
	struct buffer text;
};

int alerts_init(struct alerts *alerts, const struct rule_set *set,
		const struct rule_engine_options *options,
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
};

/* Writes one document, newline included, at most ALERT_DOCUMENT_MAX bytes. */
void alert_document_write(struct buffer *out, const struct alert_source *source);
