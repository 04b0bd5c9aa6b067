/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/reader.h"

#include <errno.h>
#include <stdlib.h>

#define INTERFACES_FIRST 4
#define NS_DIGITS        9

/* Recognition looks at the first four bytes as a big-endian word, and at the same word swapped:
 * a format's byte order is that of the machine that wrote it. */
struct reader_format {
	uint32_t magic;
	int (*begin)(struct reader *reader);
	int (*next)(struct reader *reader, struct reader_record *out);
};

static const struct reader_format formats[] = {
	{ 0xa1b2c3d4, reader_pcap_begin, reader_pcap_next },     /* microseconds */
	{ 0xa1b23c4d, reader_pcap_begin, reader_pcap_next },     /* nanoseconds */
	{ 0xa1b2cd34, reader_pcap_begin, reader_pcap_next },     /* "modified": longer heads */
	{ 0x736e6f6f, reader_snoop_begin, reader_snoop_next },   /* "snoo" */
	{ 0x0a0d0d0a, reader_pcapng_begin, reader_pcapng_next }, /* reads the same both ways */
};

int reader_begin(struct reader *reader)
{
	int n = input_want(&reader->input, sizeof(uint32_t));
	struct cursor big = input_look(&reader->input, sizeof(uint32_t)), little = big;
	uint32_t be = cur_be32(&big), le = cur_le32(&little);

	reader->why = "not a capture file";
	if (n < 0) {
		return n;
	}
	for (size_t i = 0; n == 1 && i < ARRAY_SIZE(formats); i++) {
		if (be == formats[i].magic || le == formats[i].magic) {
			reader->format = &formats[i];
			reader->big_endian = be == formats[i].magic;
			return formats[i].begin(reader);
		}
	}
	return -EINVAL;
}

int reader_next(struct reader *reader, struct reader_record *out)
{
	return reader->format->next(reader, out);
}

void reader_close(struct reader *reader)
{
	input_close(&reader->input);
	free(reader->interfaces);
	reader->interfaces = NULL;
	reader->n_interfaces = reader->interfaces_capacity = 0;
}

static uint64_t power_of_ten(unsigned n)
{
	uint64_t power = 1;

	while (n-- > 0) {
		power *= 10;
	}
	return power;
}

struct time_unit reader_time_unit(uint8_t resolution, int64_t offset)
{
	struct time_unit unit = { .multiply = 1, .divide = 1, .offset = offset };
	unsigned n = resolution & 0x7fU;

	if (n != resolution) {
		/* 2^-0 is the second, as 10^-0 is. */
		unit.shift = (uint8_t)n;
		unit.multiply = power_of_ten(NS_DIGITS);
	} else if (n <= NS_DIGITS) {
		unit.multiply = power_of_ten(NS_DIGITS - n);
	} else {
		/* 10^19 is the largest power in 64 bits; a finer tick than 10^-28 s cannot
		 * reach a nanosecond in 64 bits anyway. */
		unit.divide = power_of_ten(n <= 28 ? n - NS_DIGITS : 19);
		unit.multiply = n <= 28;
	}
	if (unit.divide == 1 && unit.shift == 0 && offset == 0) {
		unit.exact = (uint64_t)READER_TIME_MAX / unit.multiply;
	}
	return unit;
}

int64_t reader_time_wide(struct reader *reader, const struct time_unit *unit, uint64_t ticks)
{
	__extension__ typedef __int128 wide;
	/* At most 2^64 x 10^9 + 2^63 x 10^9, far below 2^127. */
	wide time = (wide)ticks * (wide)unit->multiply;

	time = unit->shift > 0 ? time >> unit->shift : time / (wide)unit->divide;
	time += (wide)unit->offset * NS_PER_S;
	if (time >= 0 && time <= READER_TIME_MAX) {
		return (int64_t)time;
	}
	reader->held_times++;
	return time < 0 ? 0 : READER_TIME_MAX;
}

struct reader_interface *reader_add_interface(struct reader *reader)
{
	uint32_t capacity = reader->interfaces_capacity;
	struct reader_interface *interfaces, *added;

	if (reader->n_interfaces == capacity) {
		capacity = capacity == 0 ? INTERFACES_FIRST : capacity * 2;
		interfaces = realloc(reader->interfaces, capacity * sizeof(*interfaces));
		if (interfaces == NULL) {
			return NULL;
		}
		reader->interfaces = interfaces;
		reader->interfaces_capacity = capacity;
	}
	added = &reader->interfaces[reader->n_interfaces++];
	*added = (struct reader_interface) { .unit = reader_time_unit(6, 0) };
	return added;
}

int reader_short(const struct reader *reader, int n, bool in_block)
{
	if (n < 0) {
		return n;
	}
	switch (reader->input.end) {
	case INPUT_DAMAGED:
		return READER_DAMAGED;
	case INPUT_CUT:
		return READER_CUT;
	default:
		return in_block ? READER_CUT : READER_END;
	}
}

int reader_damaged(struct reader *reader, const char *why)
{
	reader->why = why;
	return READER_DAMAGED;
}
