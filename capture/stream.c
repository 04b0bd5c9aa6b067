/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What is believed, and when.
 *
 * In order: handed over where it lies.  A little ahead (STREAM_WINDOW): held, and the hole before
 * it is given up when nothing came in order for reorder_wait, when a cap is reached, or when
 * the peer acknowledges bytes beyond it: then they did arrive, only not here.  As the two
 * directions may come from two ports with some delay between them, the peer is believed only when
 * three more packets of the side itself lie beyond, or nothing came in order for a tenth of
 * reorder_wait.
 *
 * Behind: a retransmission if those bytes were handed over since the last hole.  Else, as when far
 * ahead, it is one bogus packet, or the stream did go on elsewhere (restart, a long outage
 * of the mirror).  Nobody may blind a session with one packet, neither by a jump nor by a hole that
 * makes the true bytes look old.  So it is kept aside until the next segment continues it or
 * the peer acknowledges it; then the stream continues there. */

#include "capture/stream.h"

#define GRACE_PACKETS 3

/* Bytes of one packet on their way into the order. */
struct arrival {
	const struct packet *packet;
	uint32_t sequence;
	uint32_t length;     /* as announced */
	struct cursor bytes; /* what was captured of it, from the start */
};

static int32_t distance(uint32_t from, uint32_t to)
{
	return (int32_t)(to - from);
}

static uint32_t u32_min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* ---- waiting lists ---- */

static void wait_leave(struct streams *all, struct stream *s, enum stream_wait why)
{
	struct stream_link *link = &s->wait[why];

	if (!link->queued) {
		return;
	}
	if (link->previous != NULL) {
		link->previous->wait[why].next = link->next;
	} else {
		all->waiting[why].first = link->next;
	}
	if (link->next != NULL) {
		link->next->wait[why].previous = link->previous;
	} else {
		all->waiting[why].last = link->previous;
	}
	*link = (struct stream_link) { .queued = false };
}

static void wait_enter(struct streams *all, struct stream *s, enum stream_wait why)
{
	struct stream *last;

	wait_leave(all, s, why);
	last = all->waiting[why].last;
	s->wait[why] =
	    (struct stream_link) { .previous = last, .since = all->clock, .queued = true };
	if (last != NULL) {
		last->wait[why].next = s;
	} else {
		all->waiting[why].first = s;
	}
	all->waiting[why].last = s;
}

/* ---- handing over ---- */

static void remember(struct streams *all, struct stream *s, struct cursor bytes)
{
	if (s->history == NULL) {
		s->history = history_take(&all->histories);
		if (s->history == NULL) {
			all->counters->history_refused++;
			return;
		}
	}
	history_add(s->history, s->next, bytes);
}

static void deliver(struct streams *all, struct stream *s, const struct packet *packet,
		    struct cursor bytes)
{
	uint32_t n = (uint32_t)cur_left(&bytes);

	s->flow->side[s->side].payload += n;
	s->delivered = packet->time;
	all->handler->data(all->handler->context, s->flow, s->session, packet, s->side, bytes);
	if (s->flow->want_history) {
		remember(all, s, bytes);
	}
	s->next += n;
	s->run = u32_min(s->run + n, STREAM_WINDOW);
}

/* n bytes are missing before `to`, a packet time; 0: their number is not known. */
static void report_gap(struct streams *all, struct stream *s, const struct packet *packet,
		       uint32_t n, int64_t to)
{
	struct flow_side *side = &s->flow->side[s->side];

	s->run = 0;
	if (s->history != NULL) {
		s->history->filled = 0;
	}
	side->gaps++;
	side->gap_bytes += n;
	all->counters->gaps++;
	all->counters->gap_bytes += n;
	all->handler->gap(all->handler->context, s->flow, s->session, packet, s->side, n,
			  s->delivered, time_max(s->delivered, to));
	s->next += n;
}

/* The first n bytes of the arrival, which are next in order. */
static void deliver_arrival(struct streams *all, struct stream *s, struct arrival *in, uint32_t n)
{
	struct cursor bytes = cur_sub_most(&in->bytes, n);
	uint32_t captured = (uint32_t)cur_left(&bytes);

	if (captured > 0) {
		deliver(all, s, in->packet, bytes);
	}
	if (captured < n) {
		report_gap(all, s, in->packet, n - captured, in->packet->time);
	}
	in->sequence += n;
	in->length -= n;
}

static void deliver_held(struct streams *all, struct stream *s, struct segment *segment)
{
	segment->packet.clock = all->clock;
	if (segment->stored > 0) {
		deliver(all, s, &segment->packet, cur_of(segment->bytes, segment->stored));
	}
	if (segment->stored < segment->length) {
		report_gap(all, s, &segment->packet, segment->length - segment->stored,
			   segment->packet.time);
	}
}

/* Hands over what is held and next in order. */
static void drain(struct streams *all, struct stream *s)
{
	while (s->held != NULL && s->held->sequence == s->next) {
		struct segment *segment = s->held;

		s->held = segment->next;
		s->held_bytes -= SEGMENT_BLOCK;
		deliver_held(all, s, segment);
		segment_give_back(&all->segments, segment);
	}
}

/* Gives up the hole before `to`, or the nearer end of it, and hands over what follows. */
static void give_up(struct streams *all, struct stream *s, const struct packet *packet, uint32_t to)
{
	int64_t until = packet != NULL ? packet->time : all->clock;

	if (s->held != NULL && distance(s->held->sequence, to) >= 0) {
		to = s->held->sequence;
		until = s->held->packet.time;
	}
	report_gap(all, s, packet, to - s->next, until);
	drain(all, s);
}

/* The peer has bytes that did not come by here. */
static bool is_loss(const struct stream *s)
{
	int32_t beyond = distance(s->next, s->acknowledged);

	return s->started && beyond > 0 && beyond <= (int32_t)STREAM_WINDOW;
}

/* Where what the peer has ends, without the number that the FIN takes. */
static uint32_t loss_end(const struct stream *s)
{
	bool with_fin = s->fin_seen && !s->fin_reached && s->acknowledged == s->fin + 1;

	return with_fin ? s->fin : s->acknowledged;
}

/* From now on. */
static void loss_wait(struct streams *all, struct stream *s)
{
	wait_enter(all, s, STREAM_WAIT_LOSS);
	s->grace = GRACE_PACKETS;
}

/* Brings FIN, waiting lists and the short cut up to date after a change. */
static COLD void settle(struct streams *all, struct stream *s, bool progressed)
{
	const struct stream *peer = s->side == 0 ? s + 1 : s - 1;
	bool hole, loss;

	if (s->fin_seen && !s->fin_reached && distance(s->fin, s->next) >= 0) {
		s->fin_reached = s->next == s->fin;
		s->fin_seen = s->fin_reached; /* bytes behind a FIN: it was none */
		s->next += s->fin_reached ? 1 : 0;
		if (s->fin_reached && peer->fin_reached) {
			all->closed(all->owner, s->flow);
		}
	}
	hole = s->held != NULL || (s->fin_seen && !s->fin_reached);
	if (!hole) {
		wait_leave(all, s, STREAM_WAIT_HOLE);
	} else if (progressed || !s->wait[STREAM_WAIT_HOLE].queued) {
		wait_enter(all, s, STREAM_WAIT_HOLE);
	}
	loss = s->wait[STREAM_WAIT_LOSS].queued && is_loss(s);
	if (!loss) {
		wait_leave(all, s, STREAM_WAIT_LOSS);
	} else if (progressed) {
		loss_wait(all, s);
	}
	s->attention = hole || loss || s->jumped || s->fin_seen;
}

/* ---- holding ---- */

static void skip(struct arrival *in, uint32_t n)
{
	(void)cur_sub_most(&in->bytes, n);
	in->sequence += n;
	in->length -= n;
}

/* Moves at most n bytes of the arrival into a block; NULL when a cap refuses it. */
static struct segment *hold_piece(struct streams *all, struct stream *s, struct arrival *in,
				  uint32_t n)
{
	struct segment *segment = NULL;
	struct cursor bytes;

	if (s->held_bytes + SEGMENT_BLOCK <= all->options->stream_bytes_flow) {
		segment = segment_take(&all->segments);
	}
	if (segment == NULL) {
		return NULL;
	}
	if (cur_left(&in->bytes) > 0) {
		n = u32_min(n, (uint32_t)SEGMENT_CAPACITY);
	}
	bytes = cur_sub_most(&in->bytes, n);
	segment->sequence = in->sequence;
	segment->length = n;
	segment->stored = (uint32_t)cur_left(&bytes);
	segment->arrived = all->clock;
	segment->packet = *in->packet;
	segment->packet.network = segment->packet.payload = cur_of(NULL, 0);
	segment->packet.frame = NULL;
	cur_copy(&bytes, segment->bytes, segment->stored);
	in->sequence += n;
	in->length -= n;
	s->held_bytes += SEGMENT_BLOCK;
	return segment;
}

/* Puts what the list has not yet into it. False when a cap refuses the rest, which stays in `in`.
 * *added: something was new. */
static bool hold(struct streams *all, struct stream *s, struct segment **list, struct arrival *in,
		 bool *added)
{
	while (in->length > 0) {
		struct segment *at = *list, *piece;
		uint32_t n = in->length;

		if (at != NULL && distance(at->sequence, in->sequence) >= 0) {
			int32_t inside = distance(in->sequence, at->sequence + at->length);

			if (inside > 0) {
				skip(in, u32_min(n, (uint32_t)inside));
			}
			list = &at->next;
			continue;
		}
		if (at != NULL) {
			n = u32_min(n, at->sequence - in->sequence);
		}
		piece = hold_piece(all, s, in, n);
		if (piece == NULL) {
			return false;
		}
		piece->next = at;
		*list = piece;
		list = &piece->next;
		*added = true;
	}
	return true;
}

/* ---- overlaps ---- */

static uint64_t differing_bytes(struct cursor a, struct cursor b)
{
	uint64_t differing = 0;

	while (cur_left(&a) > 0 && cur_left(&b) > 0) {
		differing += cur_u8(&a) != cur_u8(&b);
	}
	return differing;
}

static uint64_t compare_held(const struct segment *list, const struct arrival *in)
{
	uint64_t differing = 0;

	for (; list != NULL; list = list->next) {
		struct cursor mine = cur_of(list->bytes, list->stored), theirs = in->bytes;
		int32_t ahead = distance(in->sequence, list->sequence);

		(void)cur_sub_most(&theirs, ahead > 0 ? (uint32_t)ahead : 0);
		(void)cur_sub_most(&mine, ahead < 0 ? in->sequence - list->sequence : 0);
		differing += differing_bytes(mine, theirs);
	}
	return differing;
}

static void report_conflict(struct streams *all, struct stream *s, const struct packet *packet,
			    uint64_t differing)
{
	if (differing > 0) {
		all->counters->conflicts++;
		all->handler->conflict(all->handler->context, s->flow, s->session, packet, s->side,
				       differing);
	}
}

/* Bytes of the arrival that were handed over and now differ. */
static uint64_t compare_delivered(const struct stream *s, const struct arrival *in)
{
	return s->history != NULL ? history_compare(s->history, s->next, in->sequence, in->bytes)
				  : 0;
}

static void count_retransmission(struct streams *all, struct stream *s, uint32_t bytes)
{
	s->flow->side[s->side].retransmissions++;
	all->counters->retransmissions++;
	all->counters->retransmitted_bytes += bytes;
}

/* ---- order ---- */

/* Drops what is kept aside. */
static void forget_jump(struct streams *all, struct stream *s)
{
	for (const struct segment *at = s->far_off; at != NULL; at = at->next) {
		s->held_bytes -= SEGMENT_BLOCK;
	}
	segments_give_back(&all->segments, &s->far_off);
	s->jumped = false;
}

/* Takes bytes none of which lie before next. True when some were new. */
static bool accept(struct streams *all, struct stream *s, struct arrival *in)
{
	uint32_t before = s->next;
	bool added = false;

	while (in->length > 0) {
		int32_t behind = distance(in->sequence, s->next);

		if (behind > 0) {
			skip(in, u32_min(in->length, (uint32_t)behind));
		} else if (behind == 0) {
			uint32_t n = in->length;

			if (s->held != NULL) {
				n = u32_min(n, s->held->sequence - s->next);
			}
			deliver_arrival(all, s, in, n);
			drain(all, s);
		} else if (!hold(all, s, &s->held, in, &added)) {
			all->counters->stream_bytes_refused += in->length;
			give_up(all, s, in->packet, in->sequence);
		}
	}
	all->counters->out_of_order += added;
	return added || s->next != before;
}

static void resynchronise(struct streams *all, struct stream *s, const struct packet *packet)
{
	struct segment *list = s->far_off;
	uint32_t end = s->jump_end;

	while (s->held != NULL) {
		give_up(all, s, packet, s->held->sequence);
	}
	s->far_off = NULL;
	s->jumped = s->fin_seen = s->fin_reached = false;
	report_gap(all, s, packet, 0, packet->time);
	s->next = s->jump_start;
	s->held = list;
	drain(all, s);
	if (s->next != end) {
		report_gap(all, s, packet, end - s->next, packet->time);
	}
}

/* Bytes where none are expected. True when they confirm those kept aside, and the stream now
 * continues with this arrival. */
static bool jump(struct streams *all, struct stream *s, struct arrival *in)
{
	uint32_t end = in->sequence + in->length;
	bool added = false;

	if (s->jumped && in->sequence == s->jump_start) {
		return false;
	}
	if (s->jumped && in->sequence == s->jump_end) {
		resynchronise(all, s, in->packet);
		return true;
	}
	forget_jump(all, s);
	s->jumped = true;
	s->jump_start = in->sequence;
	s->jump_end = end;
	if (!hold(all, s, &s->far_off, in, &added)) {
		all->counters->stream_bytes_refused += in->length;
	}
	return false;
}

/* All of it lies before next: was it handed over, or does the peer have it already? */
static bool is_known(const struct stream *s, const struct arrival *in)
{
	int32_t beyond = distance(in->sequence + in->length, s->acknowledged);

	return s->next - in->sequence <= s->run ||
	       (s->acknowledges && beyond > 0 && beyond <= (int32_t)STREAM_WINDOW);
}

/* A probe that the peer is alive: RFC 9293 3.8.4 has it one before next, with 0 or 1 bytes that
 * mean nothing, so they are not compared. */
static bool is_keep_alive(const struct stream *s, const struct arrival *in)
{
	return in->sequence + 1 == s->next && in->length <= 1 &&
	       (in->packet->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) == 0;
}

/* The arrival is not simply next. */
static COLD void place(struct streams *all, struct stream *s, struct arrival *in)
{
	int32_t ahead = distance(s->next, in->sequence);
	uint64_t differing = 0;

	if (is_keep_alive(s, in)) {
		count_retransmission(all, s, in->length);
		return;
	}
	if (in->length == 0) {
		return;
	}
	if (s->fin_reached && in->sequence == s->fin) {
		s->next = s->fin; /* the side goes on where it had ended: the FIN was not its own */
		s->fin_seen = s->fin_reached = false;
		ahead = 0;
	}
	if (distance(s->next, in->sequence + in->length) <= 0 && is_known(s, in)) {
		report_conflict(all, s, in->packet, compare_delivered(s, in));
		count_retransmission(all, s, in->length);
		return;
	}
	if (distance(s->next, in->sequence + in->length) <= 0 || ahead > (int32_t)STREAM_WINDOW) {
		if (!jump(all, s, in)) {
			return;
		}
		ahead = 0;
	}
	if (ahead < 0) {
		uint32_t old = s->next - in->sequence;

		differing = compare_delivered(s, in);
		all->counters->retransmitted_bytes += old;
		skip(in, old);
	}
	report_conflict(all, s, in->packet, differing + compare_held(s->held, in));
	if (ahead <= 0 && s->jumped) {
		forget_jump(all, s);
	}
	uint32_t length = in->length;
	if (!accept(all, s, in)) {
		count_retransmission(all, s, length);
	}
}

/* First sight of a side. A lone byte in mid-stream is more likely a keep-alive's than data. */
static COLD void start(struct streams *all, struct stream *s, struct arrival *in)
{
	bool edge = (in->packet->tcp_flags & (TCP_SYN | TCP_FIN)) != 0;

	s->next = in->sequence;
	s->delivered = in->packet->time;
	s->started = edge || in->length > 0;
	if (!edge && in->length == 1) {
		skip(in, 1);
		s->next++;
		count_retransmission(all, s, 1);
	}
}

static void note_flags(struct stream *s, const struct packet *packet, uint32_t end)
{
	if ((packet->tcp_flags & TCP_SYN) != 0) {
		s->syn_seen = true;
		s->initial = packet->tcp_sequence;
	}
	if ((packet->tcp_flags & TCP_FIN) != 0 && s->started && !s->fin_reached &&
	    end - s->next <= STREAM_WINDOW) {
		s->fin_seen = true;
		s->fin = end;
	}
}

void stream_segment(struct streams *all, struct stream *s, const struct packet *packet)
{
	uint32_t length = (uint32_t)cur_left(&packet->payload), before;
	struct arrival in = { .packet = packet,
			      .sequence = packet->tcp_sequence,
			      .length = length,
			      .bytes = packet->payload };

	if (likely(s->started && !s->attention && in.sequence == s->next && !packet->truncated &&
		   (packet->tcp_flags & (TCP_SYN | TCP_FIN)) == 0)) {
		if (length > 0) {
			deliver(all, s, packet, in.bytes);
		}
		return;
	}
	if (packet->truncated && packet->payload_length > length) {
		in.length = packet->payload_length;
	}
	in.sequence += (packet->tcp_flags & TCP_SYN) != 0; /* SYN takes one number */
	uint32_t end = in.sequence + in.length;
	if (!s->started) {
		start(all, s, &in);
	}
	before = s->next;
	place(all, s, &in);
	note_flags(s, packet, end);
	settle(all, s, s->next != before);
}

void stream_acknowledge(struct streams *all, struct stream *s, const struct packet *packet)
{
	uint32_t acknowledged = packet->tcp_acknowledgement;

	s->acknowledged = acknowledged;
	s->acknowledges = true;
	if (likely(!s->attention && !is_loss(s))) {
		return;
	}
	if (s->jumped && acknowledged == s->jump_end) {
		resynchronise(all, s, packet);
		settle(all, s, true);
		return;
	}
	if (is_loss(s) && !s->wait[STREAM_WAIT_LOSS].queued) {
		loss_wait(all, s);
	}
	settle(all, s, false);
}

/* ---- giving up ---- */

static bool waited(const struct streams *all, const struct stream *s, enum stream_wait why)
{
	uint64_t limit = (uint64_t)all->options->reorder_wait;

	return s->wait[why].queued && time_elapsed(all->clock, s->wait[why].since) >=
					  (why == STREAM_WAIT_LOSS ? limit / 10 : limit);
}

/* Gives up the first hole, and those behind it that are as old. */
static void hole_give_up(struct streams *all, struct stream *s, const struct packet *packet)
{
	give_up(all, s, packet, s->held != NULL ? s->held->sequence : s->fin);
	while (s->held != NULL &&
	       time_elapsed(all->clock, s->held->arrived) >= (uint64_t)all->options->reorder_wait) {
		give_up(all, s, packet, s->held->sequence);
	}
	settle(all, s, true);
}

static void loss_skip(struct streams *all, struct stream *s, const struct packet *packet)
{
	while (distance(s->next, loss_end(s)) > 0) {
		give_up(all, s, packet, loss_end(s));
	}
	settle(all, s, true);
}

/* When both directions lost bytes, what the peer sent before goes first: else answers would come
 * before their requests. */
static void loss_give_up(struct streams *all, struct stream *s, const struct packet *packet)
{
	struct stream *peer = s->side == 0 ? s + 1 : s - 1;

	if (peer->wait[STREAM_WAIT_LOSS].queued && peer->held != NULL && s->held != NULL &&
	    peer->held->packet.number < s->held->packet.number) {
		loss_skip(all, peer, packet);
	}
	loss_skip(all, s, packet);
}

void stream_check_waits(struct streams *all, struct stream *s, const struct packet *packet,
			bool from_side)
{
	if (likely(!s->attention)) {
		return;
	}
	if (s->wait[STREAM_WAIT_LOSS].queued) {
		bool beyond = from_side && distance(s->next, packet->tcp_sequence) > 0;

		if (waited(all, s, STREAM_WAIT_LOSS) || (beyond && s->grace == 0)) {
			loss_give_up(all, s, packet);
		} else if (beyond) {
			s->grace--;
		}
	}
	if (waited(all, s, STREAM_WAIT_HOLE)) {
		hole_give_up(all, s, packet);
	}
}

void streams_tick(struct streams *all)
{
	struct stream *s;

	while ((s = all->waiting[STREAM_WAIT_LOSS].first) != NULL &&
	       waited(all, s, STREAM_WAIT_LOSS)) {
		loss_give_up(all, s, NULL);
	}
	while ((s = all->waiting[STREAM_WAIT_HOLE].first) != NULL &&
	       waited(all, s, STREAM_WAIT_HOLE)) {
		hole_give_up(all, s, NULL);
	}
}

void streams_flush(struct streams *all, struct stream pair[2])
{
	while (pair[0].held != NULL || pair[1].held != NULL) {
		bool second = pair[0].held == NULL ||
			      (pair[1].held != NULL &&
			       pair[1].held->packet.number < pair[0].held->packet.number);
		struct stream *s = &pair[second ? 1 : 0];

		give_up(all, s, NULL, s->held->sequence);
	}
	for (unsigned side = 0; side < 2; side++) {
		struct stream *s = &pair[side];

		if (s->wait[STREAM_WAIT_LOSS].queued && distance(s->next, loss_end(s)) > 0) {
			give_up(all, s, NULL, loss_end(s));
		} else if (s->fin_seen && !s->fin_reached && distance(s->next, s->fin) > 0) {
			give_up(all, s, NULL, s->fin);
		}
	}
}

/* ---- life ---- */

void stream_begin(struct stream *s, struct flow *flow, void *session, unsigned side)
{
	*s = (struct stream) { .flow = flow, .session = session, .side = (uint8_t)side };
}

void stream_end(struct streams *all, struct stream *s)
{
	wait_leave(all, s, STREAM_WAIT_HOLE);
	wait_leave(all, s, STREAM_WAIT_LOSS);
	segments_give_back(&all->segments, &s->held);
	segments_give_back(&all->segments, &s->far_off);
	if (s->history != NULL) {
		history_give_back(&all->histories, s->history);
		s->history = NULL;
	}
}

void streams_clear(struct streams *all)
{
	segment_pool_clear(&all->segments);
	history_pool_clear(&all->histories);
}
