/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Means with a weight of 1/16 for the newest interval; an interval that is far off counts as one
 * that is off by four deviations (as estimators of round trips do, RFC 6298, but with the outlier
 * bounded).  Four far ones in a row are a new pace: it is measured from scratch. */

#include "store/rhythm.h"

#define WEIGHT_SHIFT 4
#define WEIGHT       (1 << WEIGHT_SHIFT)
#define WARM         8 /* from so many intervals on, a far one is an outlier */
#define ODD_MAX      4
#define BURST_EVENTS 8 /* a bunch, on average */
#define CYCLIC_SHARE 4 /* jitter is at most this part of the cycle */

void rhythm_begin(struct rhythm *rhythm, int64_t time)
{
	*rhythm = (struct rhythm) { .first = time, .last = time, .begin = time, .bunches = 1 };
}

void rhythm_agreed(struct rhythm *rhythm, int64_t time, int64_t cycle)
{
	rhythm->last = time;
	rhythm->cycle = cycle;
	rhythm->jitter = JITTER_UNKNOWN;
	rhythm->measured = WEIGHT;
	rhythm->bunches = RHYTHM_BUNCHES;
}

static int64_t bounded(int64_t interval)
{
	return interval < 0 ? 0 : interval > INTERVAL_MAX ? INTERVAL_MAX : interval;
}

void rhythm_bound(struct rhythm *rhythm)
{
	rhythm->longest = bounded(rhythm->longest);
	rhythm->cycle = bounded(rhythm->cycle);
	if (rhythm->jitter != JITTER_UNKNOWN) {
		rhythm->jitter = bounded(rhythm->jitter);
	}
	rhythm->measured = rhythm->measured > WEIGHT ? WEIGHT : rhythm->measured;
}

static bool is_steady(const struct rhythm *rhythm)
{
	return rhythm_is_measured(rhythm) && rhythm->jitter <= rhythm->cycle / CYCLIC_SHARE;
}

static void start_over(struct rhythm *rhythm, int64_t interval)
{
	rhythm->cycle = interval;
	rhythm->jitter = 0;
	rhythm->measured = 1;
	rhythm->odd = 0;
}

static int64_t magnitude(int64_t value)
{
	return value < 0 ? -value : value;
}

static void add_to_means(struct rhythm *rhythm, int64_t error)
{
	if (rhythm->measured >= WEIGHT) {
		rhythm->cycle += error >> WEIGHT_SHIFT;
		rhythm->jitter += (magnitude(error) - rhythm->jitter) >> WEIGHT_SHIFT;
		return;
	}
	rhythm->measured++;
	rhythm->cycle += error / rhythm->measured;
	rhythm->jitter += (magnitude(error) - rhythm->jitter) / rhythm->measured;
}

static void measure(struct rhythm *rhythm, int64_t interval)
{
	int64_t error = interval - rhythm->cycle;
	int64_t limit = rhythm->cycle / 2;

	/* At first, what was taken for the cycle may have lain within a bunch. */
	if (rhythm->measured == 0 || (rhythm->measured < WARM && interval > 4 * rhythm->cycle)) {
		start_over(rhythm, interval);
		return;
	}
	limit = 4 * rhythm->jitter > limit ? 4 * rhythm->jitter : limit;
	if (rhythm->measured < WARM || magnitude(error) <= limit) {
		rhythm->odd = 0;
	} else if (++rhythm->odd >= ODD_MAX) {
		start_over(rhythm, interval);
		return;
	} else {
		error = error < 0 ? -limit : limit;
	}
	add_to_means(rhythm, error);
}

void rhythm_bunch(struct rhythm *rhythm, int64_t time, int64_t pause)
{
	int64_t faded = rhythm->longest - (rhythm->longest >> 6);
	int64_t interval = (int64_t)((uint64_t)time - (uint64_t)rhythm->begin);

	measure(rhythm, bounded(interval));
	rhythm->begin = time;
	rhythm->bunches += rhythm->bunches < UINT32_MAX;
	rhythm->longest = time_max(pause, faded);
}

enum pattern rhythm_pattern(const struct rhythm *rhythm, uint64_t count)
{
	if (is_steady(rhythm)) {
		return PATTERN_CYCLIC;
	}
	return rhythm->bunches > 0 && count / rhythm->bunches >= BURST_EVENTS ? PATTERN_BURST
									      : PATTERN_ON_DEMAND;
}

const char *pattern_name(enum pattern pattern)
{
	static const char *const names[PATTERNS] = {
		[PATTERN_ON_DEMAND] = "on_demand",
		[PATTERN_CYCLIC] = "cyclic",
		[PATTERN_BURST] = "burst",
	};

	return pattern < PATTERNS ? names[pattern] : "unknown";
}
