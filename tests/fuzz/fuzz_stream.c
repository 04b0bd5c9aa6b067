/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* fuzz_stream.c - the input is a list of TCP segments of two hosts, and of pauses.
 *
 * Checks, on top of what the sanitizers see, that the tracker's account is consistent: what the
 * handler was handed is what the flow counted, calls come in a sensible order, no packet is lost
 * from the count, memory caps hold, and everything ends with tracker_finish(). */

#include "capture/flow.h"

#include <stdlib.h>

struct account {
	uint64_t begun, ended;
	struct {
		uint64_t bytes, gaps, gap_bytes;
	} side[2];
};

/* In the session: what was handed over of one flow. */
struct session {
	uint64_t marker;
	struct account account;
};

#define MARKER 0x5745495200000001U

static void check(bool holds)
{
	if (!holds) {
		abort();
	}
}

static void on_begin(void *context, struct flow *flow, void *session, const struct packet *packet)
{
	struct account *account = context;
	struct session *mine = session;

	check(packet != NULL && mine->marker == 0);
	mine->marker = MARKER + flow->generation;
	flow->want_history = packet->ttl % 2 == 0;
	account->begun++;
}

static void on_data(void *context, struct flow *flow, void *session, const struct packet *packet,
		    unsigned side, struct cursor bytes)
{
	struct session *mine = session;
	unsigned sum = 0;

	(void)context;
	check(mine->marker == MARKER + flow->generation && packet != NULL && side < 2);
	check(cur_ok(&bytes) && cur_left(&bytes) > 0);
	mine->account.side[side].bytes += cur_left(&bytes);
	while (cur_left(&bytes) > 0) {
		sum += cur_u8(&bytes); /* all of it can be read */
	}
	check(sum <= 255U * 65536U);
}

static void on_gap(void *context, struct flow *flow, void *session, const struct packet *packet,
		   unsigned side, uint64_t bytes, int64_t from, int64_t to)
{
	struct session *mine = session;

	(void)context;
	(void)packet;
	check(mine->marker == MARKER + flow->generation && from <= to && bytes <= UINT32_MAX / 2);
	mine->account.side[side].gaps++;
	mine->account.side[side].gap_bytes += bytes;
}

static void on_conflict(void *context, struct flow *flow, void *session,
			const struct packet *packet, unsigned side, uint64_t bytes)
{
	const struct session *mine = session;

	(void)context;
	(void)side;
	check(mine->marker == MARKER + flow->generation);
	check(bytes > 0 && bytes <= 2 * cur_left(&packet->payload));
}

static void on_packet(void *context, struct flow *flow, void *session, const struct packet *packet,
		      unsigned side)
{
	const struct session *mine = session;

	(void)context;
	check(mine->marker == MARKER + flow->generation && packet != NULL && side < 2);
}

static void on_end(void *context, struct flow *flow, void *session, enum flow_end_reason why)
{
	struct account *account = context;
	struct session *mine = session;

	check(mine->marker == MARKER + flow->generation && why <= FLOW_END_CAPTURE);
	for (unsigned side = 0; side < 2 && flow->key.protocol == IP_PROTOCOL_TCP; side++) {
		check(mine->account.side[side].bytes == flow->side[side].payload);
		check(mine->account.side[side].gaps == flow->side[side].gaps);
		check(mine->account.side[side].gap_bytes == flow->side[side].gap_bytes);
	}
	mine->marker = 0;
	account->ended++;
}

/* One packet from 10 bytes and its payload: small numbers make segments meet. */
static struct packet read_packet(struct cursor *input, struct packet *previous)
{
	uint8_t kind = cur_u8(input), flags = cur_u8(input);
	bool side = (kind & 1) != 0;
	struct packet p = {
		.time = previous->time + (int64_t)(cur_u8(input) % 64) * 10 * NS_PER_MS,
		.number = previous->number + 1,
		.ip_version = 4,
		.ip_protocol = (kind & 0x70) == 0 ? IP_PROTOCOL_UDP : IP_PROTOCOL_TCP,
		.ttl = kind >> 7,
		.ip_id = (uint16_t)previous->number,
		.ip_source = ip_from_v4(side ? 1 : 2),
		.ip_destination = ip_from_v4(side ? 2 : 1),
		.port_source = side ? 502 : (uint16_t)(1000 + (kind >> 1 & 1)),
		.port_destination = side ? (uint16_t)(1000 + (kind >> 1 & 1)) : 502,
		.tcp_flags = flags & 0x1f,
		.truncated = (kind & 4) != 0,
	};

	p.tcp_sequence = (kind & 8) != 0 ? cur_be32(input) : 0xffffff00U + cur_be16(input);
	p.tcp_acknowledgement = 0xffffff00U + cur_be16(input);
	p.payload = cur_sub_most(input, cur_u8(input));
	p.payload_length = (uint32_t)cur_left(&p.payload) + (p.truncated ? flags >> 5 : 0);
	p.clock = time_max(previous->clock, p.time);
	p.network = p.payload;
	return p;
}

static void replay(struct tracker *tracker, struct cursor input)
{
	struct packet packet = { .time = 1, .clock = 1 };

	while (cur_left(&input) > 0) {
		uint8_t pause = cur_u8(&input);

		if (pause >= 0xf0) {
			packet.clock += (int64_t)(pause - 0xf0) * 100 * NS_PER_MS;
			tracker_tick(tracker, packet.clock, packet.number + 1);
			continue;
		}
		packet = read_packet(&input, &packet);
		if (pause == 0) {
			packet.number--; /* the IP id of the one before: a copy */
		}
		tracker_packet(tracker, &packet);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct account account = { 0 };
	struct flow_handler handler = {
		.context = &account,
		.flow_begin = on_begin,
		.flow_packet = on_packet,
		.data = on_data,
		.gap = on_gap,
		.conflict = on_conflict,
		.datagram = on_packet,
		.frame = on_packet,
		.flow_end = on_end,
	};
	struct tracker_options options = tracker_defaults();
	struct cursor input = cur_of(bytes, n);
	struct tracker *tracker;
	const struct tracker_counters *counters;
	uint8_t choice = cur_u8(&input);

	options.flows_max = 1 + choice % 4;
	options.session_size = sizeof(struct session);
	options.stream_bytes_max = (choice & 16) != 0 ? 4096 : 65536;
	options.stream_bytes_flow = (choice & 32) != 0 ? 2048 : 65536;
	options.history_bytes_max = (choice & 64) != 0 ? 0 : 65536;
	if (tracker_new(&tracker, &options, &handler) != 0) {
		return 0;
	}
	replay(tracker, input);
	if ((choice & 128) == 0) {
		tracker_finish(tracker);
		counters = tracker_counters(tracker);
		check(account.begun == account.ended && counters->flows_open == 0);
		check(counters->flows == account.begun);
	}
	tracker_free(tracker);
	return 0;
}
