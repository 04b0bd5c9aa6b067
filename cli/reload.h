/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* reload.h - rules, exceptions and policy of a running sensor, read again while it goes on.
 *
 * A thread of its own reads the files; the analysis looks now and then whether it is done, and
 * takes what is right as a whole.  What is wrong leaves the old ones in force.  One reload at a
 * time. */

#include "cli/analysis.h"

/* What is judged by, as it was read. */
struct judges {
	struct rule_set *rules;
	struct rule_exceptions *exceptions; /* NULL: none */
	struct policy *policy;              /* NULL: none */
};

/* Where it is read from; all is borrowed. */
struct judges_source {
	const struct field_registry *registry;
	struct text_list folders;                       /* none: the pack */
	const char *placeholders, *exceptions, *policy; /* NULL or empty: none */
	const char *time_zone;                          /* of parts of times in rules */
	const struct log_sink *log;
};

/* Reads all. -EINVAL...: with problem, and each mistake said to the log; nothing is left. */
int judges_load(struct judges *out, const struct judges_source *source,
		struct problem *problem) MUST_USE;
void judges_free(struct judges *judges);

struct reload;

/* in_force: what is judged by now; replaced by what is read. Both live as long as the reload. */
int reload_new(struct reload **out, const struct judges_source *source,
	       struct judges *in_force) MUST_USE;
/* Waits for a reload under way. */
struct reload *reload_free(struct reload *reload);

/* Begins a reload; by: who wants it. Returns its number, by which its outcome is asked for; that of
 * the one under way if there is one. 0: it cannot begin. */
uint64_t reload_begin(struct reload *reload, const char *by);
/* On the analysis thread: takes what was read, if anything. True: it is judged by something else
 * now. */
bool reload_poll(struct reload *reload, struct analysis *analysis, int64_t now);
/* The outcome of the reload with this number: false while it is under way. *error is empty when all
 * went well; it is borrowed until the next reload. */
bool reload_outcome(const struct reload *reload, uint64_t number, const char **error);
