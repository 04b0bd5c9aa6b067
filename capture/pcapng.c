/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* pcapng.c - pcapng, draft-ietf-opsawg-pcapng.
 *
 *   block: type 4 | total length 4 | body, padded to 4 | total length again 4
 *
 * A section header begins a section, which has its own byte order and interfaces; its length
 * field is not needed, as blocks are walked one by one.  Blocks that say nothing about packets
 * (names, secrets, custom...) are skipped, whatever their length. */

#include "capture/reader.h"

#include <errno.h>

#define BLOCK_HEAD   8
#define BLOCK_FRAME  12 /* head, and the length at the end */
#define SECTION_HEAD 28
#define HELD_MAX     ((uint32_t)512 << 10) /* longest block that is looked at as a whole */
#define PACKET_MAX   ((uint32_t)128 << 20) /* longest packet block that is believed */

#define ORDER_BIG_ENDIAN 0x1a2b3c4dU
#define ORDER_LITTLE     0x4d3c2b1aU
#define DROPS_UNKNOWN    0xffffU

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OBSOLETE = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
};

enum option_code {
	OPTION_END = 0,
	OPTION_IF_NAME = 2,
	OPTION_IF_TSRESOL = 9,
	OPTION_IF_TSOFFSET = 14,
	OPTION_EPB_DROPCOUNT = 4,
	OPTION_ISB_IFDROP = 5,
	OPTION_ISB_OSDROP = 7,
};

struct option {
	uint16_t code;
	struct cursor value;
};

/* One block. */
struct block {
	uint32_t type, length;
	uint64_t stored; /* length with the padding that some writers leave out of it */
	struct cursor body;
};

/* What next_block() says beside the reader results: go on with the next one. */
enum { BLOCK_DONE = 100 };

static uint64_t padded(uint64_t length)
{
	return (length + 3) & ~UINT64_C(3);
}

/* The next option of a list. False at its end, also when it is cut. */
static bool next_option(const struct reader *reader, struct cursor *list, struct option *out)
{
	uint16_t length;

	if (cur_left(list) == 0) {
		return false;
	}
	out->code = reader_u16(reader, list);
	length = reader_u16(reader, list);
	out->value = cur_sub(list, length);
	(void)cur_sub_most(list, padded(length) - length);
	return cur_ok(&out->value) && out->code != OPTION_END;
}

static int interface_block(struct reader *reader, struct block *block)
{
	struct reader_interface *interface;
	struct cursor name = cur_of(NULL, 0), *body = &block->body;
	struct option option;
	uint8_t resolution = 6;
	int64_t offset = 0;
	uint16_t link_type = reader_u16(reader, body);
	uint32_t snap_length;

	cur_skip(body, 2);
	snap_length = reader_u32(reader, body);
	if (!cur_ok(body)) {
		return reader_damaged(reader, "interface block is too short");
	}
	if (reader->n_interfaces == READER_INTERFACES_MAX) {
		return reader_damaged(reader, "more than 1024 interfaces in a section");
	}
	while (next_option(reader, body, &option)) {
		if (option.code == OPTION_IF_NAME) {
			name = cur_sub_most(&option.value, READER_NAME_MAX);
		} else if (option.code == OPTION_IF_TSRESOL && cur_left(&option.value) > 0) {
			resolution = cur_u8(&option.value);
		} else if (option.code == OPTION_IF_TSOFFSET && cur_left(&option.value) >= 8) {
			offset = (int64_t)reader_u64(reader, &option.value);
		}
	}
	interface = reader_add_interface(reader);
	if (interface == NULL) {
		return -ENOMEM;
	}
	interface->unit = reader_time_unit(resolution, offset);
	interface->link_type = link_type;
	interface->snap_length = snap_length;
	return reader->interface_found(reader->context, interface, reader->n_interfaces - 1, name);
}

/* The interface's totals since the capture began; frames already counted one by one (dropcount
 * options) are among them. */
static int statistics_block(struct reader *reader, struct block *block)
{
	uint32_t index = reader_u32(reader, &block->body);
	struct reader_interface *interface;
	uint64_t stated = 0, known;
	struct option option;

	cur_skip(&block->body, 8);
	if (index >= reader->n_interfaces) {
		return reader_damaged(reader, "statistics of an interface that is not there");
	}
	while (next_option(reader, &block->body, &option)) {
		if (option.code == OPTION_ISB_IFDROP || option.code == OPTION_ISB_OSDROP) {
			stated += reader_u64(reader, &option.value);
		}
	}
	interface = &reader->interfaces[index];
	known = interface->dropped_counted > interface->dropped_stated ? interface->dropped_counted
								       : interface->dropped_stated;
	if (stated > known) {
		reader->dropped += stated - known;
		interface->dropped_stated = stated;
	}
	return 0;
}

/* What the three kinds of packet block share: the frame, out of a body whose head was read. */
static int packet_body(struct reader *reader, struct cursor *body, struct reader_record *out)
{
	struct cursor frame = cur_sub(body, out->captured);

	if (unlikely(!cur_ok(&frame))) {
		return reader_damaged(reader, "packet is longer than its block");
	}
	out->oversized = out->captured > READER_FRAME_MAX;
	out->bytes = out->oversized ? NULL : frame.p;
	if (out->length < out->captured) {
		out->length = out->captured;
	}
	return READER_RECORD;
}

static int packet_time(struct reader *reader, struct cursor *body, struct reader_record *out)
{
	uint64_t high = reader_u32(reader, body), low = reader_u32(reader, body);

	if (unlikely(out->interface >= reader->n_interfaces)) {
		return reader_damaged(reader, "packet of an interface that is not there");
	}
	out->time = reader_time(reader, &reader->interfaces[out->interface].unit, high << 32 | low);
	reader->last_time = out->time;
	out->captured = reader_u32(reader, body);
	out->length = reader_u32(reader, body);
	return 0;
}

static int packet_block(struct reader *reader, struct block *block, struct reader_record *out)
{
	struct cursor *body = &block->body;
	struct option option;
	uint16_t dropped;
	int result;

	out->dropped = 0;
	if (block->type == BLOCK_PACKET) {
		out->interface = reader_u32(reader, body);
	} else {
		out->interface = reader_u16(reader, body);
		dropped = reader_u16(reader, body);
		out->dropped = dropped == DROPS_UNKNOWN ? 0 : dropped;
	}
	result = packet_time(reader, body, out);
	if (likely(result == 0)) {
		result = packet_body(reader, body, out);
	}
	if (likely(result != READER_RECORD || cur_left(body) < 4)) {
		return result;
	}
	(void)cur_sub_most(body, padded(out->captured) - out->captured);
	while (block->type == BLOCK_PACKET && next_option(reader, body, &option)) {
		if (option.code == OPTION_EPB_DROPCOUNT) {
			out->dropped = (uint32_t)reader_u64(reader, &option.value);
		}
	}
	return result;
}

/* A simple packet block has no time and no captured length of its own. */
static int simple_block(struct reader *reader, struct block *block, struct reader_record *out)
{
	size_t captured;
	uint32_t snap_length;

	if (reader->n_interfaces == 0) {
		return reader_damaged(reader, "packet of an interface that is not there");
	}
	snap_length = reader->interfaces[0].snap_length;
	out->length = reader_u32(reader, &block->body);
	captured = size_min(out->length, cur_left(&block->body));
	captured = snap_length == 0 ? captured : size_min(captured, snap_length);
	out->captured = (uint32_t)captured;
	out->time = reader->last_time;
	out->interface = out->dropped = 0;
	return packet_body(reader, &block->body, out);
}

static bool is_packet(uint32_t type)
{
	return type == BLOCK_PACKET || type == BLOCK_PACKET_SIMPLE || type == BLOCK_PACKET_OBSOLETE;
}

/* Moves behind a block without holding it; its head is ready and its length was checked. */
static int skip_block(struct reader *reader, const struct block *block)
{
	struct cursor end;
	int n = input_skip(&reader->input, block->stored - 4);

	n = n == 1 ? input_want(&reader->input, 4) : n;
	if (n != 1) {
		return reader_short(reader, n, true);
	}
	end = input_look(&reader->input, 4);
	if (reader_u32(reader, &end) != block->length) {
		return reader_damaged(reader, "block whose two lengths differ");
	}
	input_take(&reader->input, 4);
	return BLOCK_DONE;
}

/* Begins a section: a byte order of its own, and no interfaces yet. */
static int section_block(struct reader *reader)
{
	int n = input_want(&reader->input, SECTION_HEAD);
	struct cursor c = input_look(&reader->input, SECTION_HEAD), length;
	struct block block = { .type = BLOCK_SECTION };
	uint32_t order;

	if (n != 1) {
		return reader_short(reader, n, true);
	}
	cur_skip(&c, 4);
	length = cur_sub(&c, 4);
	order = cur_be32(&c);
	if (order != ORDER_BIG_ENDIAN && order != ORDER_LITTLE) {
		return reader_damaged(reader, "section without a byte order");
	}
	reader->big_endian = order == ORDER_BIG_ENDIAN;
	if (reader_u16(reader, &c) != 1) {
		return reader_damaged(reader, "section of an unknown pcapng version");
	}
	block.length = reader_u32(reader, &length);
	block.stored = padded(block.length);
	if (block.length < SECTION_HEAD) {
		return reader_damaged(reader, "impossible block length");
	}
	reader->n_interfaces = 0;
	return skip_block(reader, &block);
}

int reader_pcapng_begin(struct reader *reader)
{
	int result = section_block(reader);

	if (result == BLOCK_DONE) {
		return 0;
	}
	if (result != READER_DAMAGED) {
		reader->why = "cut inside its file header";
	}
	return result < 0 ? result : -EINVAL;
}

/* A packet block too long to hold: the frame takes part in the order of things without bytes. */
static int oversized_block(struct reader *reader, const struct block *block,
			   struct reader_record *out)
{
	int result;

	if (!is_packet(block->type) || block->length > PACKET_MAX) {
		return reader_damaged(reader, "impossible block length");
	}
	result = skip_block(reader, block);
	*out = (struct reader_record) { .time = reader->last_time, .oversized = true };
	return result == BLOCK_DONE ? (int)READER_RECORD : result;
}

/* Makes the whole block available and leaves its body in *block. 0 or as reader_next(). */
static int hold_block(struct reader *reader, struct block *block)
{
	struct cursor c;
	int n = input_want(&reader->input, block->stored);

	if (unlikely(n != 1)) {
		return reader_short(reader, n, true);
	}
	c = input_look(&reader->input, block->stored);
	cur_skip(&c, BLOCK_HEAD);
	block->body = cur_sub(&c, block->stored - BLOCK_FRAME);
	if (unlikely(reader_u32(reader, &c) != block->length)) {
		return reader_damaged(reader, "block whose two lengths differ");
	}
	input_take(&reader->input, block->stored);
	return 0;
}

/* A block that we understand, held as a whole. */
static int known_block(struct reader *reader, struct block *block, struct reader_record *out)
{
	int result = hold_block(reader, block);

	if (unlikely(result != 0)) {
		return result;
	}
	switch (block->type) {
	case BLOCK_PACKET:
	case BLOCK_PACKET_OBSOLETE:
		return packet_block(reader, block, out);
	case BLOCK_PACKET_SIMPLE:
		return simple_block(reader, block, out);
	case BLOCK_INTERFACE:
		result = interface_block(reader, block);
		break;
	default:
		result = statistics_block(reader, block);
	}
	return result == 0 ? (int)BLOCK_DONE : result;
}

static int next_block(struct reader *reader, struct reader_record *out)
{
	struct block block;
	struct cursor c;
	int n = input_want(&reader->input, BLOCK_HEAD);

	reader->record_at = input_position(&reader->input);
	if (unlikely(n != 1)) {
		return reader_short(reader, n, input_ready(&reader->input) > 0);
	}
	c = input_look(&reader->input, BLOCK_HEAD);
	block.type = reader_u32(reader, &c);
	block.length = reader_u32(reader, &c);
	block.stored = padded(block.length);
	if (unlikely(block.type == BLOCK_SECTION)) {
		return section_block(reader);
	}
	if (unlikely(block.length < BLOCK_FRAME)) {
		return reader_damaged(reader, "impossible block length");
	}
	if (!is_packet(block.type) && block.type != BLOCK_INTERFACE &&
	    block.type != BLOCK_STATISTICS) {
		return skip_block(reader, &block);
	}
	return likely(block.length <= HELD_MAX) ? known_block(reader, &block, out)
						: oversized_block(reader, &block, out);
}

int reader_pcapng_next(struct reader *reader, struct reader_record *out)
{
	int result;

	do {
		result = next_block(reader, out);
	} while (result == BLOCK_DONE);
	return result;
}
