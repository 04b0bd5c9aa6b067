/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* flow_world.h - two hosts and a tracker between them, for the tests of flows.
 *
 * PLC is 10.0.0.1 port 502 and side 0, HMI is 10.0.0.2 port 50000 and side 1.  What the tracker
 * says is written into a log, one word a call:
 *   B begin   d1:TEXT data   g1:N gap   c1:N conflict   u1:TEXT datagram   f1 frame   E:WHY end */

#include "capture/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PLC, HMI };

struct world {
	struct tracker *tracker;
	int64_t now;
	uint64_t number;
	uint16_t ip_id;
	uint8_t network[2048];
	char log[65536];
	size_t length;
	bool keep_history;
	struct flow last; /* as it was in the latest call */
	int64_t gap_from, gap_to, data_time;
	uint64_t data_number;
};

PRINTF_LIKE(2, 3)
static inline void world_say(struct world *w, const char *format, ...)
{
	va_list arguments;
	size_t room = sizeof(w->log) - w->length;

	va_start(arguments, format);
	int n = vsnprintf(w->log + w->length, room, format, arguments);
	va_end(arguments);
	assert_true(n >= 0 && (size_t)n < room);
	w->length += (size_t)n;
}

/* Compares the log with this text and empties it. */
#define assert_log(w, text)                          \
	do {                                         \
		assert_string_equal((w)->log, text); \
		(w)->length = 0;                     \
		(w)->log[0] = '\0';                  \
	} while (0)

static inline void on_begin(void *context, struct flow *flow, void *session,
			    const struct packet *packet)
{
	struct world *w = context;

	(void)packet;
	assert_int_equal(*(uint64_t *)session, 0);
	*(uint64_t *)session = flow->index + 1;
	flow->want_history = w->keep_history;
	w->last = *flow;
	world_say(w, "B ");
}

static inline void on_data(void *context, struct flow *flow, void *session,
			   const struct packet *packet, unsigned side, struct cursor bytes)
{
	struct world *w = context;

	assert_int_equal(*(uint64_t *)session, flow->index + 1);
	assert_true(cur_left(&bytes) > 0);
	w->last = *flow;
	w->data_time = packet->time;
	w->data_number = packet->number;
	world_say(w, "d%u:%.*s ", side, (int)cur_left(&bytes), (const char *)bytes.p);
}

static inline void on_gap(void *context, struct flow *flow, void *session,
			  const struct packet *packet, unsigned side, uint64_t bytes, int64_t from,
			  int64_t to)
{
	struct world *w = context;

	(void)session;
	(void)packet;
	w->last = *flow;
	w->gap_from = from;
	w->gap_to = to;
	world_say(w, "g%u:%llu ", side, (unsigned long long)bytes);
}

static inline void on_conflict(void *context, struct flow *flow, void *session,
			       const struct packet *packet, unsigned side, uint64_t bytes)
{
	struct world *w = context;

	(void)session;
	assert_non_null(packet);
	w->last = *flow;
	world_say(w, "c%u:%llu ", side, (unsigned long long)bytes);
}

static inline void on_datagram(void *context, struct flow *flow, void *session,
			       const struct packet *packet, unsigned side)
{
	struct world *w = context;
	struct cursor bytes = packet->payload;

	assert_int_equal(*(uint64_t *)session, flow->index + 1);
	w->last = *flow;
	world_say(w, "u%u:%.*s ", side, (int)cur_left(&bytes), (const char *)bytes.p);
}

static inline void on_frame(void *context, struct flow *flow, void *session,
			    const struct packet *packet, unsigned side)
{
	struct world *w = context;

	(void)session;
	(void)packet;
	w->last = *flow;
	world_say(w, "f%u ", side);
}

static inline void on_end(void *context, struct flow *flow, void *session, enum flow_end_reason why)
{
	static const char *const names[] = { "closed", "reset", "idle", "evicted", "capture" };
	struct world *w = context;

	assert_int_equal(*(uint64_t *)session, flow->index + 1);
	w->last = *flow;
	world_say(w, "E:%s ", names[why]);
}

static inline struct flow_handler world_handler(struct world *w)
{
	return (struct flow_handler) {
		.context = w,
		.flow_begin = on_begin,
		.data = on_data,
		.gap = on_gap,
		.conflict = on_conflict,
		.datagram = on_datagram,
		.frame = on_frame,
		.flow_end = on_end,
	};
}

static inline struct world *world_new(const struct tracker_options *options)
{
	struct tracker_options chosen = options != NULL ? *options : tracker_defaults();
	struct world *w = calloc(1, sizeof(*w));
	struct flow_handler handler;

	assert_non_null(w);
	w->now = 1000 * NS_PER_S;
	handler = world_handler(w);
	chosen.session_size = sizeof(uint64_t);
	assert_int_equal(tracker_new(&w->tracker, &chosen, &handler), 0);
	return w;
}

static inline void world_free(struct world *w)
{
	tracker_free(w->tracker);
	free(w);
}

static inline const struct tracker_counters *world_counters(const struct world *w)
{
	return tracker_counters(w->tracker);
}

/* A packet of one of the two; the text must live on. */
static inline struct packet world_packet(struct world *w, unsigned from, uint8_t protocol,
					 const char *text)
{
	size_t n = strlen(text);
	struct packet p = {
		.time = w->now,
		.clock = w->now,
		.number = ++w->number,
		.length = (uint32_t)(54 + n),
		.captured = (uint32_t)(54 + n),
		.has_mac = true,
		.mac_source = { { 2, 0, 0, 0, 0, (uint8_t)from } },
		.mac_destination = { { 2, 0, 0, 0, 0, (uint8_t)(1 - from) } },
		.ip_version = 4,
		.ip_protocol = protocol,
		.ttl = 64,
		.ip_id = ++w->ip_id,
		.ip_source = ip_from_v4(from == PLC ? 0x0a000001 : 0x0a000002),
		.ip_destination = ip_from_v4(from == PLC ? 0x0a000002 : 0x0a000001),
		.port_source = from == PLC ? 502 : 50000,
		.port_destination = from == PLC ? 50000 : 502,
		.payload = cur_of(text, n),
		.payload_length = (uint32_t)n,
	};

	memset(w->network, 0, 28);
	w->network[8] = p.ttl;
	assert_true(n <= sizeof(w->network) - 28);
	memcpy(w->network + 28, text, n);
	p.network = cur_of(w->network, 28 + n);
	p.frame = w->network;
	return p;
}

static inline void world_send(struct world *w, const struct packet *p)
{
	tracker_packet(w->tracker, p);
}

/* Sends one TCP segment of the one or the other. */
static inline void tcp_flags(struct world *w, unsigned from, uint8_t flags, uint32_t sequence,
			     const char *text)
{
	struct packet p = world_packet(w, from, IP_PROTOCOL_TCP, text);

	p.tcp_flags = flags;
	p.tcp_sequence = sequence;
	world_send(w, &p);
}

static inline void tcp(struct world *w, unsigned from, uint32_t sequence, const char *text)
{
	tcp_flags(w, from, TCP_PSH, sequence, text);
}

static inline void tcp_acknowledging(struct world *w, unsigned from, uint32_t sequence,
				     uint32_t acknowledgement, const char *text)
{
	struct packet p = world_packet(w, from, IP_PROTOCOL_TCP, text);

	p.tcp_flags = TCP_ACK;
	p.tcp_sequence = sequence;
	p.tcp_acknowledgement = acknowledgement;
	world_send(w, &p);
}

static inline void world_wait(struct world *w, int64_t ns)
{
	w->now += ns;
	tracker_tick(w->tracker, w->now, w->number + 1);
}
