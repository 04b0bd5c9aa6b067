/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* pcap.c - the classic capture file, draft-ietf-opsawg-pcap.
 *
 *   magic 4 | major 2 | minor 2 | reserved 8 | snap length 4 | FCS 4 bits, f, link type 4
 *   then for each packet: seconds 4 | fraction 4 | captured 4 | length 4 | bytes
 *
 * The magic says byte order and resolution.  The "modified" form of some old Linux systems
 * has 8 bytes more (interface index, protocol, packet type) in front of each packet. */

#include "capture/reader.h"

#include <errno.h>

#define FILE_HEAD      24
#define RECORD_HEAD    16
#define MODIFIED_HEAD  24
#define MAGIC_NANO     0xa1b23c4dU
#define MAGIC_MODIFIED 0xa1b2cd34U
#define FCS_PRESENT    0x04000000U /* the "f" bit */
#define FCS_SHIFT      28
#define FCS_UNIT       2 /* bytes: the length counts 16-bit words */
#define OLD_MAJOR      2
#define OLD_MINOR      3 /* up to 2.3 the two lengths could be written in either order */
#define LINK_TYPE_MASK 0xffffU
#define MICRO          6
#define NANO           9

/* A file without a snap length may announce frames up to this and still be believed. */
#define CAPTURED_MAX ((uint32_t)128 << 20)

int reader_pcap_begin(struct reader *reader)
{
	int n = input_want(&reader->input, FILE_HEAD);
	struct cursor c = input_look(&reader->input, FILE_HEAD);
	uint32_t magic = reader_u32(reader, &c);
	uint32_t snap_length, link;
	uint16_t major, minor;
	struct reader_interface *interface;

	major = reader_u16(reader, &c);
	minor = reader_u16(reader, &c);
	cur_skip(&c, 8);
	snap_length = reader_u32(reader, &c);
	link = reader_u32(reader, &c);
	if (n != 1) {
		reader->why = "cut inside its file header";
		return n < 0 ? n : -EINVAL;
	}
	interface = reader_add_interface(reader);
	if (interface == NULL) {
		return -ENOMEM;
	}
	interface->unit = reader_time_unit(magic == MAGIC_NANO ? NANO : MICRO, 0);
	interface->link_type = (int)(link & LINK_TYPE_MASK);
	interface->snap_length = snap_length;
	reader->fcs_length = (link & FCS_PRESENT) != 0 ? (link >> FCS_SHIFT) * FCS_UNIT : 0;
	reader->record_head = magic == MAGIC_MODIFIED ? MODIFIED_HEAD : RECORD_HEAD;
	reader->maybe_swapped = major == OLD_MAJOR && minor <= OLD_MINOR;
	input_take(&reader->input, FILE_HEAD);
	return reader->interface_found(reader->context, interface, 0, cur_of(NULL, 0));
}

/* A frame that is longer than we hold: skipped when the file's own limit allows it, else the
 * length is garbage. */
static COLD int oversized(struct reader *reader, struct reader_record *out)
{
	uint32_t limit = reader->interfaces[0].snap_length;
	int n;

	if (out->captured > (limit == 0 ? CAPTURED_MAX : limit)) {
		return reader_damaged(reader, "impossible packet length");
	}
	n = input_skip(&reader->input, (uint64_t)reader->record_head + out->captured);
	if (n != 1) {
		return reader_short(reader, n, true);
	}
	out->bytes = NULL;
	out->oversized = true;
	return READER_RECORD;
}

/* In files of old versions the smaller of the two lengths is the captured one. */
static COLD void swap_lengths(struct reader_record *out)
{
	uint32_t first = out->captured;

	if (first > out->length) {
		out->captured = out->length;
		out->length = first;
	}
}

/* The frame check sequence belongs to the link: no one above wants it. */
static COLD void strip_fcs(const struct reader *reader, struct reader_record *out)
{
	if (out->length >= reader->fcs_length) {
		out->length -= reader->fcs_length;
		out->captured = (uint32_t)size_min(out->captured, out->length);
	}
}

static inline uint32_t word(const struct reader *reader, struct fixed head, size_t offset)
{
	return reader->big_endian ? fixed_be32(head, offset) : fixed_le32(head, offset);
}

int reader_pcap_next(struct reader *reader, struct reader_record *out)
{
	struct input *input = &reader->input;
	struct fixed head;
	struct cursor c;
	int n;

	reader->record_at = input_position(input);
	n = input_want(input, reader->record_head);
	if (unlikely(n != 1)) {
		return reader_short(reader, n, input_ready(input) > 0);
	}
	c = input_look(input, reader->record_head);
	head = cur_fixed(&c, RECORD_HEAD);
	out->captured = word(reader, head, 8);
	out->length = word(reader, head, 12);
	/* Both are 32 bits: the sum stays below READER_TIME_MAX even when the fraction is wrong. */
	out->time = (int64_t)(word(reader, head, 0) * (uint64_t)NS_PER_S +
			      word(reader, head, 4) * reader->interfaces[0].unit.multiply);
	out->interface = out->dropped = 0;
	out->oversized = false;
	if (unlikely(reader->maybe_swapped)) {
		swap_lengths(out);
	}
	if (unlikely(out->captured > READER_FRAME_MAX)) {
		return oversized(reader, out);
	}
	n = input_want(input, reader->record_head + out->captured);
	if (unlikely(n != 1)) {
		return reader_short(reader, n, true);
	}
	c = input_look(input, reader->record_head + out->captured);
	cur_skip(&c, reader->record_head);
	out->bytes = c.p;
	input_take(input, reader->record_head + out->captured);
	if (unlikely(out->length < out->captured)) {
		out->length = out->captured;
	}
	if (unlikely(reader->fcs_length > 0)) {
		strip_fcs(reader, out);
	}
	return READER_RECORD;
}
