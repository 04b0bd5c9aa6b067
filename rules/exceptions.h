/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* exceptions.h - what a plant has decided not to be alerted about: a file beside the rules, in
 * which each entry has an owner, a reason and a last day.
 *
 * An entry says which rules, which assets and which hours it is about, and what becomes of a hit:
 * no alert (suppress), an alert only if there are enough or not too many (threshold), or an alert
 * of another level.  It stands between a rule's verdict and its alert; what it holds back is
 * counted. A file is read against one rule set and is read-only then; the set must outlive it. */

#include "capture/base/time.h"
#include "rules/rules.h"

struct rule_exceptions;

/* Reads the file (YAML: a list of entries). Every mistake is told as "FILE:LINE:COLUMN: reason" and
 * counted in *errors; *out is made only when there is none, else it is NULL. 0; -ENOENT,
 * -EACCES...: the file cannot be read; -ENOMEM. */
int rule_exceptions_load(struct rule_exceptions **out, const char *path, const struct rule_set *set,
			 rule_problem_handler *handler, void *context, unsigned *errors) MUST_USE;
struct rule_exceptions *rule_exceptions_free(struct rule_exceptions *exceptions);

size_t rule_exceptions_count(const struct rule_exceptions *exceptions);
/* Stable hash over the content of all entries, as 16 hexadecimal digits. */
const char *rule_exceptions_hash(const struct rule_exceptions *exceptions);

/* Fields that an expired exception's sensor record has, and those that alerts have of exceptions.
 */
extern const struct field exception_fields[];
extern const size_t exception_n_fields;

/* An entry as a table shows it; texts live as long as the file's set. */
struct rule_exception_info {
	const char *name, *owner, *reason, *action, *file;
	unsigned line;
	size_t n_rules;  /* loaded rules that it is about */
	int64_t expires; /* the first moment at which it applies no more */
	bool expired;    /* at the time asked about */
	uint64_t hits;   /* that it changed or held back */
	uint64_t held;   /* of these, held back */
	int64_t last;    /* hit; TIME_NONE: never used */
};

/* Tells all entries in the order of the file; none of them was used yet. */
void rule_exceptions_each(const struct rule_exceptions *exceptions, int64_t now,
			  void (*handler)(void *context, const struct rule_exception_info *info),
			  void *context);

/* Has the engine judge by this file from now on, or by none (NULL). An entry whose name was there
 * before keeps its counts; thresholds begin anew. The file must outlive the engine, or its
 * replacement. -ENOMEM: nothing changed. */
int rule_engine_exceptions(struct rule_engine *engine,
			   const struct rule_exceptions *exceptions) MUST_USE;
/* The same table with the counts of a running engine, as of its clock. */
void rule_engine_exceptions_each(const struct rule_engine *engine,
				 void (*handler)(void *context,
						 const struct rule_exception_info *info),
				 void *context);
/* Hits of each rule that an exception held back; rules without any are not told. */
void rule_engine_held(const struct rule_engine *engine,
		      void (*handler)(void *context, const char *id, const char *title,
				      uint64_t held),
		      void *context);
