/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* stream.h - one direction of a TCP connection: puts its bytes in order and hands them over.
 *
 * struct streams is what all streams of a tracker share: buffers, waiting lists, counters.
 * struct stream is one side and lives in the flow's slot; the two of a flow lie next to each other.
 * Sequence numbers are compared modulo 2^32 (RFC 9293 3.4).  How holes, jumps and overlaps
 * are judged is told in stream.c. */

#include "capture/flow.h"
#include "capture/history.h"
#include "capture/segments.h"

/* How far a segment may lie from what is expected and still be believed at once. */
#define STREAM_WINDOW (1U << 20)

/* Why a stream waits, each with a list in order of `since`: for a hole to be filled; to believe
 * the peer, which acknowledged what was not seen. */
enum stream_wait { STREAM_WAIT_HOLE, STREAM_WAIT_LOSS, STREAM_WAITS };

struct stream_link {
	struct stream *previous, *next;
	int64_t since; /* clock */
	bool queued;
};

struct stream {
	struct flow *flow;
	void *session;
	uint32_t next;         /* sequence number of the next byte to hand over */
	uint32_t run;          /* bytes handed over since the last hole, at most STREAM_WINDOW */
	uint32_t acknowledged; /* what the peer said last */
	uint8_t side;
	bool started;      /* next is known */
	bool acknowledges; /* the peer's acknowledgements are seen */
	bool attention;    /* anything below is in use: no short cut */
	bool syn_seen, fin_seen, fin_reached;
	bool jumped;                    /* a segment far off is kept until another confirms it */
	uint8_t grace;                  /* packets beyond the hole until the peer is believed */
	uint32_t initial, fin;          /* sequence numbers of SYN and FIN */
	uint32_t jump_start, jump_end;  /* of the segments far off */
	uint32_t held_bytes;            /* of blocks in both lists */
	struct segment *held, *far_off; /* by sequence number, without overlap */
	struct history *history;
	int64_t delivered; /* packet time of the latest byte */
	struct stream_link wait[STREAM_WAITS];
};

struct streams {
	const struct flow_handler *handler;
	const struct tracker_options *options;
	struct tracker_counters *counters;
	struct segment_pool segments;
	struct history_pool histories;
	struct {
		struct stream *first, *last;
	} waiting[STREAM_WAITS];
	int64_t clock; /* of the packet or tick at work */
	/* Both sides have ended and all their bytes were handed over. */
	void (*closed)(void *owner, struct flow *flow);
	void *owner;
};

void stream_begin(struct stream *stream, struct flow *flow, void *session, unsigned side);
/* Drops what is held. Call streams_flush() before if it is to be handed over. */
void stream_end(struct streams *all, struct stream *stream);

/* A packet of this side: its SYN, bytes and FIN. */
void stream_segment(struct streams *all, struct stream *stream, const struct packet *packet);
/* A packet of the peer that has the ACK flag. */
void stream_acknowledge(struct streams *all, struct stream *stream, const struct packet *packet);
/* Gives up what has waited long enough; after every packet of the flow. from_side: of this side. */
void stream_check_waits(struct streams *all, struct stream *stream, const struct packet *packet,
			bool from_side);
/* The same for all streams, by time alone. */
void streams_tick(struct streams *all);
/* Hands over all that both sides of a flow still hold, in the order in which it arrived. */
void streams_flush(struct streams *all, struct stream pair[2]);
void streams_clear(struct streams *all);

/* ns from `since` to clock; 0 when clock is not later. Never overflows. */
static inline uint64_t time_elapsed(int64_t clock, int64_t since)
{
	return clock > since ? (uint64_t)clock - (uint64_t)since : 0;
}
