/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* baseline_keeper.h - the baseline that is in force: learned, frozen, changed by persons, kept in
 * the database.
 *
 * A sensor begins by learning.  When the learning time (of packets) is over, or a person says so,
 * what was seen becomes the baseline: it is frozen.  Each change is rows of the table baseline, and
 * one of the journal (kind "baseline") with who and why.  Owned by the analysis thread. */

#include "store/store.h"

struct baseline_keeper;

struct baseline_keeper_options {
	struct inventory *inventory;
	bool replay;      /* nothing is learned: without a baseline nothing is normal or not */
	int64_t learning; /* ns of packet time; default 7 days */
	/* Times that are told apart unless the baseline has some of its own; else it is "other". */
	const struct baseline_frame *frames;
	size_t n_frames; /* at most BASELINE_FRAMES_MAX - 1 */
	const struct log_sink *log;
};

struct baseline_keeper_options baseline_keeper_defaults(void);
/* Nothing is normal yet. Make it before the inventory is loaded, which needs the names of times. */
int baseline_keeper_new(struct baseline_keeper **out, const struct baseline_keeper_options *options,
			struct problem *problem) MUST_USE;
/* Puts in force what the store has, and keeps changes there. A replay only keeps. */
int baseline_keeper_load(struct baseline_keeper *keeper, struct store *store,
			 struct problem *problem) MUST_USE;
struct baseline_keeper *baseline_keeper_free(struct baseline_keeper *keeper);

/* Learning ends, and times change, with the clock of packets. */
void baseline_keeper_tick(struct baseline_keeper *keeper, int64_t clock);

/* What a person wants, when (the clock, not packet time), and why. */
struct baseline_change {
	const char *action; /* "learn", "freeze", "accept", "import"... */
	const char *user, *reason;
	int64_t time;
	const char *const *add, *const *remove;
	size_t n_add, n_remove;
	bool whole; /* what is not in `add` is removed */
	/* The state from now on; BASELINE_NONE: as it is. */
	enum baseline_state state;
	int64_t learning; /* BASELINE_LEARNING: for so long from the latest packet */
};
/* How much of it was a change. */
struct baseline_changed {
	size_t added, removed;
};
/* Makes a change and puts it in force. -EINVAL with problem: a line is wrong, nothing changed. */
int baseline_keeper_change(struct baseline_keeper *keeper, const struct baseline_change *change,
			   struct baseline_changed *changed, struct problem *problem) MUST_USE;
/* Adds what was seen (inventory_learned()) and freezes. */
int baseline_keeper_freeze(struct baseline_keeper *keeper, const struct baseline_change *change,
			   struct baseline_changed *changed, struct problem *problem) MUST_USE;
/* Takes a baseline from elsewhere: nothing is stored. The keeper frees it. */
void baseline_keeper_use(struct baseline_keeper *keeper, struct baseline *baseline);

struct baseline_keeper_info {
	enum baseline_state state;
	const struct baseline *baseline; /* until the next change */
	int64_t until;                   /* learning ends; TIME_NONE: it does not, or has */
	const char *frame;               /* NULL: times are not told apart */
};
struct baseline_keeper_info baseline_keeper_info(const struct baseline_keeper *keeper);

/* What a database says of its baseline; lines only if out is not NULL. */
int baseline_of_store(struct store *store, struct baseline **out,
		      struct baseline_keeper_info *info) MUST_USE;
