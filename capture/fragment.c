/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* fragment.c - datagrams under way are maps of blocks, a block is 1 KiB of one datagram with a
 * bit for each unit of 8 bytes that is there.  No lists to sort or to overrun: a fragment costs
 * its own length, and a look over at most all slots. */

#include "capture/fragment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DATAGRAM_MAX    65535
#define UNIT            8
#define BLOCK           1024
#define BLOCK_UNITS     (BLOCK / UNIT)
#define DATAGRAM_BLOCKS ((DATAGRAM_MAX + 1) / BLOCK)
#define HEADER_MAX      40
#define NO_BLOCK        UINT16_MAX

struct block {
	uint64_t present[BLOCK_UNITS / 64];
	uint8_t bytes[BLOCK];
	uint16_t next_free;
};

struct datagram {
	struct fragment_key key;
	int64_t first;    /* clock of the fragment that came first */
	uint64_t order;   /* in which datagrams began */
	uint32_t length;  /* 0 until the last fragment has come */
	uint32_t highest; /* end of the fragment that reaches furthest */
	uint32_t n_units; /* there already */
	uint8_t header[HEADER_MAX];
	uint8_t header_length; /* 0 until the first fragment has come */
	uint8_t protocol;
	bool used;
	uint16_t blocks[DATAGRAM_BLOCKS];
};

struct fragment_table {
	struct decode_counters *counters;
	int64_t timeout;
	struct datagram *datagrams;
	struct block *blocks;
	size_t n_datagrams, n_used, n_free_blocks;
	uint64_t order;
	uint16_t free_block;
	uint8_t whole[HEADER_MAX + DATAGRAM_MAX + 1];
};

int fragment_table_new(struct fragment_table **out, const struct decode_options *options,
		       struct decode_counters *counters)
{
	size_t n_blocks = size_min(options->fragment_bytes_max / sizeof(struct block), NO_BLOCK);
	struct fragment_table *table;

	if (n_blocks == 0 || options->fragment_datagrams_max == 0) {
		return -EINVAL;
	}
	table = calloc(1, sizeof(*table));
	if (table == NULL) {
		return -ENOMEM;
	}
	table->datagrams = calloc(options->fragment_datagrams_max, sizeof(*table->datagrams));
	table->blocks = calloc(n_blocks, sizeof(*table->blocks));
	if (table->datagrams == NULL || table->blocks == NULL) {
		fragment_table_free(table);
		return -ENOMEM;
	}
	table->counters = counters;
	table->timeout = options->fragment_timeout;
	table->n_datagrams = options->fragment_datagrams_max;
	table->n_free_blocks = n_blocks;
	for (size_t i = 0; i < n_blocks; i++) {
		table->blocks[i].next_free = (uint16_t)(i + 1 < n_blocks ? i + 1 : NO_BLOCK);
	}
	*out = table;
	return 0;
}

struct fragment_table *fragment_table_free(struct fragment_table *table)
{
	if (table != NULL) {
		free(table->datagrams);
		free(table->blocks);
		free(table);
	}
	return NULL;
}

static void drop(struct fragment_table *table, struct datagram *datagram)
{
	for (size_t i = 0; i < DATAGRAM_BLOCKS; i++) {
		uint16_t block = datagram->blocks[i];

		if (block != NO_BLOCK) {
			table->blocks[block].next_free = table->free_block;
			table->free_block = block;
			table->n_free_blocks++;
		}
	}
	datagram->used = false;
	table->n_used--;
}

/* Capture files can hold any time: the difference may not fit into a signed number. */
static bool is_expired(const struct fragment_table *table, const struct datagram *datagram,
		       int64_t clock)
{
	return clock > datagram->first &&
	       (uint64_t)clock - (uint64_t)datagram->first > (uint64_t)table->timeout;
}

void fragment_tick(struct fragment_table *table, int64_t clock)
{
	for (size_t i = 0; i < table->n_datagrams && table->n_used > 0; i++) {
		struct datagram *datagram = &table->datagrams[i];

		if (datagram->used && is_expired(table, datagram, clock)) {
			table->counters->fragments_timed_out++;
			drop(table, datagram);
		}
	}
}

/* Drops the oldest datagram but this one. False when there is no other. */
static bool evict_oldest(struct fragment_table *table, const struct datagram *keep)
{
	struct datagram *oldest = NULL;

	for (size_t i = 0; i < table->n_datagrams; i++) {
		struct datagram *datagram = &table->datagrams[i];

		if (datagram->used && datagram != keep &&
		    (oldest == NULL || datagram->order < oldest->order)) {
			oldest = datagram;
		}
	}
	if (oldest == NULL) {
		return false;
	}
	table->counters->fragments_evicted++;
	drop(table, oldest);
	return true;
}

static struct datagram *find(struct fragment_table *table, const struct fragment *fragment,
			     struct datagram **free_slot)
{
	*free_slot = NULL;
	for (size_t i = 0; i < table->n_datagrams; i++) {
		struct datagram *datagram = &table->datagrams[i];

		if (!datagram->used) {
			*free_slot = *free_slot != NULL ? *free_slot : datagram;
		} else if (datagram->key.id == fragment->key.id &&
			   memcmp(&datagram->key, &fragment->key, sizeof(fragment->key)) == 0) {
			if (!is_expired(table, datagram, fragment->clock)) {
				return datagram;
			}
			table->counters->fragments_timed_out++;
			drop(table, datagram);
			*free_slot = datagram;
			return NULL;
		}
	}
	return NULL;
}

static struct datagram *find_or_begin(struct fragment_table *table, const struct fragment *fragment)
{
	struct datagram *slot, *datagram = find(table, fragment, &slot);

	if (datagram != NULL) {
		return datagram;
	}
	if (slot == NULL) {
		(void)evict_oldest(table, NULL);
		(void)find(table, fragment, &slot);
	}
	*slot = (struct datagram) {
		.key = fragment->key,
		.first = fragment->clock,
		.order = ++table->order,
		.used = true,
	};
	memset(slot->blocks, 0xff, sizeof(slot->blocks));
	table->n_used++;
	return slot;
}

/* Takes the blocks that the fragment's place needs, from the oldest datagrams if it must be.
 * False when the whole memory is too small for it. */
static bool take_blocks(struct fragment_table *table, struct datagram *datagram, uint32_t from,
			uint32_t to)
{
	for (uint32_t i = from / BLOCK; i <= (to - 1) / BLOCK; i++) {
		struct block *block;

		if (datagram->blocks[i] != NO_BLOCK) {
			continue;
		}
		while (table->n_free_blocks == 0) {
			if (!evict_oldest(table, datagram)) {
				return false;
			}
		}
		block = &table->blocks[table->free_block];
		datagram->blocks[i] = table->free_block;
		table->free_block = block->next_free;
		table->n_free_blocks--;
		memset(block->present, 0, sizeof(block->present));
	}
	return true;
}

enum overlap { OVERLAP_NONE, OVERLAP_SAME, OVERLAP_CONFLICT };

/* Copies the units that are new and compares those that are not. */
static enum overlap copy_units(struct fragment_table *table, struct datagram *datagram,
			       uint32_t offset, struct cursor bytes)
{
	enum overlap overlap = OVERLAP_NONE;

	for (uint32_t unit = offset / UNIT; cur_left(&bytes) > 0; unit++) {
		struct block *block = &table->blocks[datagram->blocks[unit / BLOCK_UNITS]];
		uint64_t bit = UINT64_C(1) << (unit % 64);
		uint64_t *present = &block->present[unit % BLOCK_UNITS / 64];
		uint8_t *place = block->bytes + (size_t)(unit % BLOCK_UNITS) * UNIT;
		struct cursor piece = cur_sub_most(&bytes, UNIT);

		if ((*present & bit) == 0) {
			*present |= bit;
			datagram->n_units++;
			cur_copy(&piece, place, cur_left(&piece));
		} else if (cur_equal(piece, cur_of(place, cur_left(&piece)))) {
			overlap = overlap == OVERLAP_NONE ? OVERLAP_SAME : overlap;
		} else {
			overlap = OVERLAP_CONFLICT;
		}
	}
	return overlap;
}

static void write_be16(uint8_t *out, size_t value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
}

/* Makes the header of the first fragment one of the whole datagram. */
static void mend_header(const struct datagram *datagram, uint8_t *header)
{
	memcpy(header, datagram->header, datagram->header_length);
	if (datagram->key.ip_version == 4) {
		header[0] = 0x45;
		write_be16(header + 2, datagram->header_length + datagram->length);
		write_be16(header + 6, 0);
		write_be16(header + 10, 0);
	} else {
		write_be16(header + 4, datagram->length);
		header[6] = datagram->protocol;
	}
}

static void put_together(struct fragment_table *table, struct datagram *datagram,
			 struct fragment_datagram *out)
{
	size_t header = datagram->header_length;

	mend_header(datagram, table->whole);
	for (size_t at = 0; at < datagram->length; at += BLOCK) {
		memcpy(table->whole + header + at,
		       table->blocks[datagram->blocks[at / BLOCK]].bytes,
		       size_min(BLOCK, datagram->length - at));
	}
	out->network = cur_of(table->whole, header + datagram->length);
	out->bytes = out->network;
	cur_skip(&out->bytes, header);
	out->protocol = datagram->protocol;
	table->counters->fragments_reassembled++;
	drop(table, datagram);
}

static bool is_sound(const struct fragment *fragment)
{
	size_t n = cur_left(&fragment->bytes);
	size_t header = fragment->key.ip_version == 4 ? cur_left(&fragment->header) : 0;

	/* The length field counts the header in IPv4 only. */
	return n > 0 && (!fragment->more || n % UNIT == 0) &&
	       header + fragment->offset + n <= DATAGRAM_MAX;
}

static bool contradicts_end(const struct datagram *datagram, uint32_t end, bool more)
{
	return more ? datagram->length != 0 && end > datagram->length
		    : end < datagram->highest || (datagram->length != 0 && end != datagram->length);
}

static void note_ends(struct datagram *datagram, const struct fragment *fragment, uint32_t end)
{
	struct cursor header = fragment->header;

	datagram->highest = end > datagram->highest ? end : datagram->highest;
	if (!fragment->more) {
		datagram->length = end;
	}
	if (fragment->offset == 0 && datagram->header_length == 0) {
		datagram->header_length = (uint8_t)size_min(cur_left(&header), HEADER_MAX);
		cur_copy(&header, datagram->header, datagram->header_length);
		datagram->protocol = fragment->protocol;
	}
}

enum fragment_result fragment_add(struct fragment_table *table, const struct fragment *fragment,
				  struct fragment_datagram *out, bool *conflict)
{
	uint32_t end = fragment->offset + (uint32_t)cur_left(&fragment->bytes);
	struct datagram *datagram;
	enum overlap overlap;

	table->counters->fragments++;
	if (!is_sound(fragment)) {
		return FRAGMENT_REFUSED;
	}
	datagram = find_or_begin(table, fragment);
	if (contradicts_end(datagram, end, fragment->more)) {
		table->counters->fragments_conflicting++;
		*conflict = true;
		return FRAGMENT_HELD;
	}
	if (!take_blocks(table, datagram, fragment->offset, end)) {
		table->counters->fragments_evicted++;
		drop(table, datagram);
		return FRAGMENT_HELD;
	}
	overlap = copy_units(table, datagram, fragment->offset, fragment->bytes);
	table->counters->fragments_overlapping += overlap == OVERLAP_SAME;
	table->counters->fragments_conflicting += overlap == OVERLAP_CONFLICT;
	*conflict = *conflict || overlap == OVERLAP_CONFLICT;
	note_ends(datagram, fragment, end);
	if (datagram->length == 0 || datagram->n_units < (datagram->length + UNIT - 1) / UNIT) {
		return FRAGMENT_HELD;
	}
	put_together(table, datagram, out);
	return FRAGMENT_WHOLE;
}
