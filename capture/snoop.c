/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* snoop.c - the capture file of Solaris, RFC 1761.
 *
 *   "snoop\0\0\0" 8 | version 4 (2) | datalink 4
 *   then for each packet: length 4 | captured 4 | record length 4 | drops so far 4 | seconds 4 |
 *   microseconds 4 | bytes and padding, up to the record length
 *
 * All numbers are big-endian. */

#include "capture/reader.h"

#include <errno.h>

#define FILE_HEAD      16
#define RECORD_HEAD    24
#define VERSION        2
#define LINK_ETHERNET  1
#define LINK_UNKNOWN   0xffff
#define DATALINK_8023  0
#define DATALINK_ETHER 4
#define MICRO          6

int reader_snoop_begin(struct reader *reader)
{
	int n = input_want(&reader->input, FILE_HEAD);
	struct cursor c = input_look(&reader->input, FILE_HEAD);
	struct reader_interface *interface;
	uint32_t version, datalink;

	cur_skip(&c, 8);
	version = cur_be32(&c);
	datalink = cur_be32(&c);
	if (n != 1 || !reader->big_endian || version != VERSION) {
		reader->why =
		    n == 1 ? "not a snoop file of version 2" : "cut inside its file header";
		return n < 0 ? n : -EINVAL;
	}
	interface = reader_add_interface(reader);
	if (interface == NULL) {
		return -ENOMEM;
	}
	interface->unit = reader_time_unit(MICRO, 0);
	interface->link_type =
	    datalink == DATALINK_8023 || datalink == DATALINK_ETHER ? LINK_ETHERNET : LINK_UNKNOWN;
	input_take(&reader->input, FILE_HEAD);
	return reader->interface_found(reader->context, interface, 0, cur_of(NULL, 0));
}

int reader_snoop_next(struct reader *reader, struct reader_record *out)
{
	struct input *input = &reader->input;
	uint32_t size, seconds, micros, drops;
	struct cursor c;
	int n;

	reader->record_at = input_position(input);
	n = input_want(input, RECORD_HEAD);
	if (n != 1) {
		return reader_short(reader, n, input_ready(input) > 0);
	}
	c = input_look(input, RECORD_HEAD);
	out->length = cur_be32(&c);
	out->captured = cur_be32(&c);
	size = cur_be32(&c);
	drops = cur_be32(&c);
	seconds = cur_be32(&c);
	micros = cur_be32(&c);
	if (size < RECORD_HEAD || out->captured > size - RECORD_HEAD ||
	    out->captured > READER_FRAME_MAX || size > 2 * READER_FRAME_MAX) {
		return reader_damaged(reader, "impossible packet length");
	}
	n = input_want(input, size);
	if (n != 1) {
		return reader_short(reader, n, true);
	}
	c = input_look(input, size);
	cur_skip(&c, RECORD_HEAD);
	out->bytes = c.p;
	out->time = (int64_t)seconds * NS_PER_S + (int64_t)micros * NS_PER_US;
	out->length = out->length < out->captured ? out->captured : out->length;
	out->interface = 0;
	out->oversized = false;
	/* The file counts its drops from the beginning. */
	out->dropped = drops > reader->drops_before ? drops - reader->drops_before : 0;
	reader->drops_before = drops;
	input_take(input, size);
	return READER_RECORD;
}
