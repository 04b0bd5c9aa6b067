/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rule_trial.h - rules on a capture: which of them were hit how often, for `weir rules test`. */

#include "cli/replay.h"

/* What a trial counts of one rule. */
struct trial_count {
	uint64_t hits, alerts;
};

struct trial {
	const struct text_list *folders; /* or files, of the rules */
	const char *placeholders;        /* NULL: none */
	const char *time_zone;           /* of parts of times; NULL: UTC */
	const char *base;                /* capture whose content is known before; NULL: none */
	struct text_list captures;
	/* Each hit as it comes; may be NULL. */
	void (*on_hit)(void *context, const struct rule_set *set, size_t rule,
		       const struct event *event);
	/* The rules, before the first packet; may be NULL. Negative errno with problem: stop. */
	int (*on_rules)(void *context, const struct rule_set *set, struct problem *problem);
	/* The counts of all rules, by their number in the set, after the last packet. */
	void (*on_end)(void *context, const struct rule_set *set, const struct trial_count *counts);
	void *context;
	const struct log_sink *log;
};

/* 0 or negative errno with problem. */
int trial_run(const struct trial *trial, struct problem *problem) MUST_USE;
