/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* response_time.h - how long answers take: number, sum, extremes, and a histogram for percentiles.
 *
 * The buckets are four to a doubling, from 8 us to 8.6 s: a percentile is right within an eighth.
 * The first RESPONSE_EARLY answers are kept as bucket numbers; only then is a histogram allocated,
 * as most conversations of a scan need none.  Without one, percentiles are those of these first. */

#include "capture/base/json.h"
#include "store/json_value.h"

#define RESPONSE_BUCKETS 80
#define RESPONSE_EARLY   8

struct response_time {
	uint64_t count;
	int64_t min, max;
	double sum;
	uint32_t *buckets; /* RESPONSE_BUCKETS, or NULL */
	uint8_t early[RESPONSE_EARLY];
};

struct response_time response_time_none(void);
void response_time_free(struct response_time *times);

#define RESPONSE_HISTOGRAM (RESPONSE_BUCKETS * sizeof(uint32_t))

/* Whether the next answer finds no room: time to allocate the histogram, or to do without. */
static inline bool response_time_is_full(const struct response_time *times)
{
	return times->buckets == NULL && times->count == RESPONSE_EARLY;
}

/* Allocates the histogram if there is memory for it. */
void response_time_grow(struct response_time *times);

static inline unsigned response_bucket(int64_t duration)
{
	uint64_t steps = (uint64_t)duration >> 11; /* 4 at 8 us: the two bits below the highest */
	unsigned top;

	if (steps < 4) {
		return 0;
	}
	top = 63U - (unsigned)__builtin_clzll(steps);
	top = (top - 2) * 4 + (unsigned)(steps >> (top - 2) & 3);
	return top < RESPONSE_BUCKETS ? top : RESPONSE_BUCKETS - 1;
}

static inline void response_time_add(struct response_time *times, int64_t duration)
{
	unsigned bucket = response_bucket(duration);

	times->count++;
	times->sum += (double)duration;
	times->min = duration < times->min ? duration : times->min;
	times->max = duration > times->max ? duration : times->max;
	if (likely(times->buckets != NULL)) {
		times->buckets[bucket] += times->buckets[bucket] < UINT32_MAX;
	} else if (times->count <= RESPONSE_EARLY) {
		times->early[times->count - 1] = (uint8_t)bucket;
	}
}

/* The duration that `percent` of the answers did not exceed; -1: nothing is known of any. */
int64_t response_time_percentile(const struct response_time *times, unsigned percent);

/* The object `response_time` of a document; nothing without an answer. */
void response_time_document(struct json *json, const struct response_time *times);
/* As members of a saved state, and back; room: for a histogram, if it takes one. */
void response_time_put(struct json *json, const struct response_time *times);
void response_time_get(const struct json_value *value, bool room, struct response_time *times);
