/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* reader.h - the records of one capture stream, whatever its format.
 *
 * reader_begin() recognises the format and reads its header; reader_next() then hands out one
 * packet a call, in the order of the stream, its bytes in place: valid until the next call.  A
 * format is a row in reader.c: its magic, how it begins, and its next packet. */

#include "capture/base/time.h"
#include "capture/input.h"

#define READER_FRAME_MAX      ((uint32_t)256 << 10) /* longer frames are skipped, not held */
#define READER_INTERFACES_MAX 1024                  /* of one pcapng section */
#define READER_NAME_MAX       64                    /* bytes of an interface's name */

/* Times are held between 1970 and early 2116, so that sums and differences of two cannot pass
 * the range of int64. */
#define READER_TIME_MAX (INT64_MAX / 2)

/* Ticks of a capture to nanoseconds: ticks x multiply / divide, or ticks x 10^9 / 2^shift. */
struct time_unit {
	uint64_t multiply, divide;
	uint64_t exact; /* up to here the product alone is the time; 0: never */
	int64_t offset; /* seconds to add */
	uint8_t shift;  /* 0: decimal */
};

struct reader_interface {
	struct time_unit unit;
	int link_type;
	uint32_t snap_length; /* 0: not limited */
	uint16_t source;      /* for the one who listens to interface_found */
	uint64_t dropped_counted, dropped_stated;
};

struct reader_record {
	int64_t time;
	const uint8_t *bytes; /* NULL when oversized */
	uint32_t captured, length;
	uint32_t interface;
	uint32_t dropped; /* frames lost just before this one, as the file says */
	bool oversized;
};

/* Positive results of reader_next(); 0 is the end of the stream, negative a failed read. */
enum reader_result {
	READER_END = 0,
	READER_RECORD = 1,
	READER_CUT = 2,     /* the stream stops inside a packet or block */
	READER_DAMAGED = 3, /* the next block makes no sense; why says in what way */
};

struct reader;
struct reader_format;

/* An interface was announced (index, name and its length; 0: it has none). 0 or negative
 * errno, which ends the reading. */
typedef int reader_interface_found(void *context, struct reader_interface *interface,
				   uint32_t index, struct cursor name);

struct reader {
	struct input input;
	const struct reader_format *format;
	reader_interface_found *interface_found;
	void *context;

	bool big_endian;
	uint32_t record_head;  /* pcap: bytes before each packet */
	uint32_t fcs_length;   /* pcap: bytes of checksum behind each frame */
	bool maybe_swapped;    /* pcap: captured and wire length may stand in either order */
	uint32_t drops_before; /* snoop: drops up to the record before */
	struct reader_interface *interfaces;
	uint32_t n_interfaces, interfaces_capacity;

	uint64_t record_at;  /* plain offset of the last record or block looked at */
	int64_t last_time;   /* of the last record: for packets without a time of their own */
	uint64_t held_times; /* records whose time had to be held in range */
	uint64_t dropped;    /* what the capture lost by its own account (interface statistics) */
	const char *why;
};

/* Recognises and begins the stream of reader->input, which is open. 0; -EINVAL: no capture, *why
 * says so; other negative errno: the read failed. */
int reader_begin(struct reader *reader) MUST_USE;
/* READER_RECORD with *out filled, another reader_result, or negative errno. */
int reader_next(struct reader *reader, struct reader_record *out) MUST_USE;
/* Frees what the reader holds and closes its input. */
void reader_close(struct reader *reader);

/* Below: for the formats alone. */

static inline uint16_t reader_u16(const struct reader *reader, struct cursor *c)
{
	return reader->big_endian ? cur_be16(c) : cur_le16(c);
}

static inline uint32_t reader_u32(const struct reader *reader, struct cursor *c)
{
	return reader->big_endian ? cur_be32(c) : cur_le32(c);
}

static inline uint64_t reader_u64(const struct reader *reader, struct cursor *c)
{
	return reader->big_endian ? cur_be64(c) : cur_le64(c);
}

/* The unit of if_tsresol: 10^-n, or 2^-n when the top bit is set; offset in seconds. */
struct time_unit reader_time_unit(uint8_t resolution, int64_t offset);

int64_t reader_time_wide(struct reader *reader, const struct time_unit *unit, uint64_t ticks);

/* Ticks as ns UTC, held in 0..READER_TIME_MAX. */
static inline int64_t reader_time(struct reader *reader, const struct time_unit *unit,
				  uint64_t ticks)
{
	return likely(ticks <= unit->exact) ? (int64_t)(ticks * unit->multiply)
					    : reader_time_wide(reader, unit, ticks);
}

/* A new interface behind those there are, microseconds, nothing else set. NULL: no memory. */
struct reader_interface *reader_add_interface(struct reader *reader);

/* The result when input_want() or input_skip() returned n, which was not 1; in_block: bytes of
 * the block were already there. */
int reader_short(const struct reader *reader, int n, bool in_block) MUST_USE;

/* Sets why and returns READER_DAMAGED. */
int reader_damaged(struct reader *reader, const char *why) MUST_USE;

int reader_pcap_begin(struct reader *reader) MUST_USE;
int reader_pcap_next(struct reader *reader, struct reader_record *out) MUST_USE;
int reader_pcapng_begin(struct reader *reader) MUST_USE;
int reader_pcapng_next(struct reader *reader, struct reader_record *out) MUST_USE;
int reader_snoop_begin(struct reader *reader) MUST_USE;
int reader_snoop_next(struct reader *reader, struct reader_record *out) MUST_USE;
