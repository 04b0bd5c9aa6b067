/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/response_time.h"

#include <stdlib.h>

struct response_time response_time_none(void)
{
	return (struct response_time) { .min = INT64_MAX };
}

void response_time_free(struct response_time *times)
{
	free(times->buckets);
	times->buckets = NULL;
}

void response_time_grow(struct response_time *times)
{
	times->buckets = calloc(RESPONSE_BUCKETS, sizeof(*times->buckets));
	for (unsigned i = 0; times->buckets != NULL && i < RESPONSE_EARLY; i++) {
		times->buckets[times->early[i]]++;
	}
}

/* ---- percentiles ---- */

static void histogram(const struct response_time *times, uint64_t out[RESPONSE_BUCKETS])
{
	uint64_t early = times->count < RESPONSE_EARLY ? times->count : RESPONSE_EARLY;

	memset(out, 0, RESPONSE_BUCKETS * sizeof(out[0]));
	for (unsigned i = 0; times->buckets != NULL && i < RESPONSE_BUCKETS; i++) {
		out[i] = times->buckets[i];
	}
	for (unsigned i = 0; times->buckets == NULL && i < early; i++) {
		out[times->early[i]]++;
	}
}

/* The middle of a bucket. */
static int64_t bucket_duration(unsigned bucket)
{
	int64_t begin = (INT64_C(4) + bucket % 4) << (bucket / 4 + 11);
	int64_t width = INT64_C(1) << (bucket / 4 + 11);

	return begin + width / 2;
}

int64_t response_time_percentile(const struct response_time *times, unsigned percent)
{
	uint64_t n[RESPONSE_BUCKETS], total = 0, rank, below = 0;
	unsigned bucket = 0;
	int64_t duration;

	histogram(times, n);
	for (unsigned i = 0; i < RESPONSE_BUCKETS; i++) {
		total += n[i];
	}
	if (total == 0) {
		return -1;
	}
	rank = total - total * (100 - percent) / 100; /* nearest rank */
	for (; bucket + 1 < RESPONSE_BUCKETS && below + n[bucket] < rank; bucket++) {
		below += n[bucket];
	}
	duration = bucket_duration(bucket);
	duration = duration < times->min ? times->min : duration;
	return duration > times->max ? times->max : duration;
}

/* ---- documents ---- */

static void put_percentile(struct json *json, const char *key, const struct response_time *times,
			   unsigned percent)
{
	int64_t duration = response_time_percentile(times, percent);

	if (duration >= 0) {
		json_int(json, key, duration);
	}
}

void response_time_document(struct json *json, const struct response_time *times)
{
	if (times->count == 0) {
		return;
	}
	json_object(json, "response_time");
	json_uint(json, "count", times->count);
	json_int(json, "min", times->min);
	json_int(json, "avg", (int64_t)(times->sum / (double)times->count));
	put_percentile(json, "p50", times, 50);
	put_percentile(json, "p95", times, 95);
	put_percentile(json, "p99", times, 99);
	json_int(json, "max", times->max);
	json_end(json);
}

/* ---- state ---- */

void response_time_put(struct json *json, const struct response_time *times)
{
	uint64_t n[RESPONSE_BUCKETS];

	json_uint(json, "durations", times->count > INT64_MAX ? INT64_MAX : times->count);
	json_int(json, "duration_min", times->min);
	json_int(json, "duration_max", times->max);
	json_int(json, "duration_sum", (int64_t)times->sum);
	if (times->count == 0) {
		return;
	}
	/* Pairs of bucket and count: few are filled. */
	histogram(times, n);
	json_array(json, "duration_buckets");
	for (unsigned i = 0; i < RESPONSE_BUCKETS; i++) {
		if (n[i] > 0) {
			json_uint(json, NULL, i);
			json_uint(json, NULL, n[i]);
		}
	}
	json_end(json);
}

/* One bucket of a state: into the histogram, or among the first answers. */
static void get_bucket(struct response_time *times, int64_t bucket, int64_t count)
{
	if (bucket < 0 || bucket >= RESPONSE_BUCKETS || count <= 0) {
		return;
	}
	if (times->buckets != NULL) {
		times->buckets[bucket] = (uint32_t)(count < UINT32_MAX ? count : UINT32_MAX);
		return;
	}
	for (int64_t i = 0; i < count && times->count < RESPONSE_EARLY; i++) {
		times->early[times->count++] = (uint8_t)bucket;
	}
}

void response_time_get(const struct json_value *value, bool room, struct response_time *times)
{
	const struct json_value *list = json_value_at(value, "duration_buckets");
	int64_t count = json_value_int(value, "durations", 0);

	response_time_free(times);
	*times = (struct response_time) {
		.min = json_value_int(value, "duration_min", INT64_MAX),
		.max = json_value_int(value, "duration_max", 0),
		.sum = (double)json_value_int(value, "duration_sum", 0),
	};
	if (count > RESPONSE_EARLY && room) {
		times->buckets = calloc(RESPONSE_BUCKETS, sizeof(*times->buckets));
	}
	for (size_t i = 0; i + 1 < json_value_count(list); i += 2) {
		get_bucket(times, json_value_int(json_value_element(list, i), "", -1),
			   json_value_int(json_value_element(list, i + 1), "", 0));
	}
	times->count = count > 0 ? (uint64_t)count : 0;
}
