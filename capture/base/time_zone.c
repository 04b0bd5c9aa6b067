/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* time_zone.c - TZif files (RFC 8536): a header, a block of data with times of 4 bytes, the same
 * with times of 8 bytes, and a line of text that says what holds after the last of them. */

#include "capture/base/time_zone.h"

#include "capture/base/time_rule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER      "/usr/share/zoneinfo"
#define FILE_MAX    (256 << 10)
#define TYPES_MAX   256
#define CHANGES_MAX 16384
#define OFFSET_MAX  93599 /* RFC 8536, 3.2: below 26 hours */

struct time_zone {
	int32_t first; /* before the first change */
	bool ruled;    /* the rule holds after the last change, else what that brought */
	struct time_rule rule;
	size_t n;
	struct change {
		int64_t time;
		int32_t offset;
	} changes[];
};

/* What a header says of the block behind it. */
struct block {
	uint8_t version;
	uint32_t times, types, letters, leaps, standards, universals;
};

static bool read_header(struct cursor *c, struct block *out)
{
	struct cursor magic = cur_sub(c, 4);

	*out = (struct block) { .version = cur_u8(c) };
	cur_skip(c, 15);
	out->universals = cur_be32(c);
	out->standards = cur_be32(c);
	out->leaps = cur_be32(c);
	out->times = cur_be32(c);
	out->types = cur_be32(c);
	out->letters = cur_be32(c);
	return cur_ok(c) && cur_equal(magic, cur_of("TZif", 4)) && out->version >= '2' &&
	       out->times <= CHANGES_MAX && out->types <= TYPES_MAX;
}

static bool skip_block(struct cursor *c, const struct block *block)
{
	cur_skip(c, block->times * 5UL + block->types * 6UL);
	cur_skip(c, block->letters);
	cur_skip(c, block->leaps * 8UL);
	cur_skip(c, block->standards);
	cur_skip(c, block->universals);
	return cur_ok(c);
}

/* The offsets of the types; each has an offset, whether it is summer time, and a name's place. */
static bool read_types(struct cursor types, size_t n, int32_t *out)
{
	for (size_t i = 0; i < n; i++) {
		out[i] = (int32_t)cur_be32(&types);
		cur_skip(&types, 2);
		if (out[i] < -OFFSET_MAX || out[i] > OFFSET_MAX) {
			return false;
		}
	}
	return cur_ok(&types);
}

/* Times in their order, and the type that each brings. */
static bool read_changes(struct time_zone *zone, struct cursor times, struct cursor kinds,
			 const int32_t *types, size_t n_types)
{
	for (size_t i = 0; i < zone->n; i++) {
		uint8_t type = cur_u8(&kinds);

		zone->changes[i].time = (int64_t)cur_be64(&times);
		if (type >= n_types ||
		    (i > 0 && zone->changes[i].time <= zone->changes[i - 1].time)) {
			return false;
		}
		zone->changes[i].offset = types[type];
	}
	return cur_ok(&times) && cur_ok(&kinds);
}

/* The last line: nothing, or a rule. */
static bool read_footer(struct time_zone *zone, struct cursor c)
{
	char text[128];
	size_t n = 0;
	uint8_t byte = cur_u8(&c);

	if (byte != '\n') {
		return false;
	}
	while ((byte = cur_u8(&c)) != '\n') {
		if (!cur_ok(&c) || byte == '\0' || n + 1 == sizeof(text)) {
			return false;
		}
		text[n++] = (char)byte;
	}
	text[n] = '\0';
	zone->ruled = n > 0;
	return n == 0 || time_rule_parse(text, &zone->rule);
}

int time_zone_of(struct time_zone **out, struct cursor file)
{
	int32_t types[TYPES_MAX];
	struct cursor times, kinds, offsets;
	struct time_zone *zone;
	struct block block;

	if (!read_header(&file, &block) || !skip_block(&file, &block) ||
	    !read_header(&file, &block) || block.types == 0 || block.leaps != 0) {
		return -EINVAL;
	}
	times = cur_sub(&file, block.times * 8UL);
	kinds = cur_sub(&file, block.times);
	offsets = cur_sub(&file, block.types * 6UL);
	cur_skip(&file, block.letters);
	cur_skip(&file, block.standards);
	cur_skip(&file, block.universals);
	zone = calloc(1, sizeof(*zone) + block.times * sizeof(zone->changes[0]));
	if (zone == NULL) {
		return -ENOMEM;
	}
	zone->n = block.times;
	if (!read_types(offsets, block.types, types) ||
	    !read_changes(zone, times, kinds, types, block.types) || !read_footer(zone, file)) {
		free(zone);
		return -EINVAL;
	}
	zone->first = types[0];
	*out = zone;
	return 0;
}

struct time_zone *time_zone_free(struct time_zone *zone)
{
	free(zone);
	return NULL;
}

/* A name is no way out of the folder. */
static bool is_name(const char *name)
{
	size_t n = strlen(name);

	return n < TIME_ZONE_NAME_MAX && name[0] != '/' && strstr(name, "..") == NULL &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			    "_+-/") == n;
}

int time_zone_read(struct time_zone **out, const char *name, struct problem *problem)
{
	char path[sizeof(FOLDER) + TIME_ZONE_NAME_MAX];
	uint8_t *bytes;
	int error = -ENOENT;
	FILE *file = NULL;

	*out = NULL;
	if (name[0] == '\0' || strcmp(name, "UTC") == 0) {
		return 0;
	}
	bytes = malloc(FILE_MAX);
	if (bytes == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	if (is_name(name)) {
		snprintf(path, sizeof(path), "%s/%s", FOLDER, name);
		file = fopen(path, "re");
		error = file != NULL ? 0 : -errno;
	}
	if (file != NULL) {
		error = time_zone_of(out, cur_of(bytes, fread(bytes, 1, FILE_MAX, file)));
		fclose(file);
	}
	free(bytes);
	return error == 0 ? 0
			  : problem_set(problem, error,
					"'%.64s' is no time zone of %s (such as Europe/Berlin)",
					name, FOLDER);
}

int32_t time_zone_offset(const struct time_zone *zone, int64_t seconds)
{
	size_t low = 0, high = zone != NULL ? zone->n : 0;

	if (zone == NULL) {
		return 0;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->changes[middle].time <= seconds) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	if (low == zone->n && zone->ruled) {
		return time_rule_offset(&zone->rule, seconds);
	}
	return low == 0 ? zone->first : zone->changes[low - 1].offset;
}
