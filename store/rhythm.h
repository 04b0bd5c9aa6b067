/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rhythm.h - how regularly something happens: the interval between its bunches, and how much that
 * varies.
 *
 * A client that polls ten ranges every second asks ten times in a row, then pauses: that is one
 * bunch a second.  Pauses well below the longest one of late lie within a bunch.  The means follow
 * a new pace within some intervals; a single outage does not move them, but what follows it counts
 * as one bunch for some hundred events. */

#include "capture/base/time.h"

#define RHYTHM_INTERVALS 5               /* so many are measured before anything is said... */
#define RHYTHM_BUNCHES   20              /* and so many seen... */
#define RHYTHM_SPAN      (10 * NS_PER_S) /* or for so long: asking once for ten things is no cycle */

enum pattern {
	PATTERN_ON_DEMAND, /* now and then, or too rarely to tell */
	PATTERN_CYCLIC,    /* jitter at most a quarter of the cycle */
	PATTERN_BURST,     /* many at a time, then nothing */
	PATTERNS
};

struct rhythm {
	int64_t first;   /* time of the first event */
	int64_t last;    /* of the latest one */
	int64_t begin;   /* of the bunch at hand */
	int64_t longest; /* the longest pause of late: it fades */
	int64_t cycle;   /* mean interval from bunch to bunch */
	int64_t jitter;  /* mean deviation from it; JITTER_UNKNOWN for a pace that was agreed on */
	uint32_t bunches;
	uint8_t measured; /* intervals in the means, at most 16 */
	uint8_t odd;      /* intervals in a row that are far off */
};

#define JITTER_UNKNOWN (-1)

/* No interval is taken for longer. */
#define INTERVAL_MAX (30 * NS_PER_DAY)

/* The first event. */
void rhythm_begin(struct rhythm *rhythm, int64_t time);
/* Sets a pace that is known otherwise. */
void rhythm_agreed(struct rhythm *rhythm, int64_t time, int64_t cycle);
/* What was read from elsewhere, brought into its bounds. */
void rhythm_bound(struct rhythm *rhythm);
/* An event that begins a bunch; for rhythm_add(). */
void rhythm_bunch(struct rhythm *rhythm, int64_t time, int64_t pause);

/* One more event. */
static inline void rhythm_add(struct rhythm *rhythm, int64_t time)
{
	/* Clocks of captures, and what a database says, may be anything. */
	int64_t pause = (int64_t)((uint64_t)time - (uint64_t)rhythm->last);

	if (pause <= 0) {
		return;
	}
	rhythm->last = time;
	if (pause < rhythm->longest / 4) {
		rhythm->longest -= rhythm->longest >> 6;
	} else {
		rhythm_bunch(rhythm, time, pause);
	}
}

/* Whether cycle and jitter mean something yet. */
static inline bool rhythm_is_measured(const struct rhythm *rhythm)
{
	return rhythm->measured >= RHYTHM_INTERVALS &&
	       (rhythm->bunches >= RHYTHM_BUNCHES ||
		(uint64_t)rhythm->last - (uint64_t)rhythm->first >= RHYTHM_SPAN);
}

/* What to call it; count: all events. */
enum pattern rhythm_pattern(const struct rhythm *rhythm, uint64_t count);
const char *pattern_name(enum pattern pattern);
