/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/hash.h"
#include "capture/connection.h"
#include "capture/duplicate.h"
#include "capture/flow_table.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>

/* How long a flow that was closed or reset stays, so that its last acknowledgements and
 * retransmissions do not look like a flow of their own. */
#define CLOSED_IDLE (1 * NS_PER_S)

/* How far into a session the handler looks at every packet: a cache line further. */
#define SESSION_AHEAD 64

struct tracker {
	struct tracker_options options;
	struct flow_handler handler;
	struct tracker_counters counters;
	struct duplicates *duplicates; /* NULL: off */
	struct flow_table table;
	struct streams streams;
};

/* Whose packet it is: the key of its flow, its sender's side, and hashes. */
struct identity {
	struct flow_key key;
	struct duplicate_keys hashes;
	uint64_t hash;
};

/* ---- identity ---- */

static void hash_identity(struct identity *id, uint64_t seed)
{
	const struct flow_key *key = &id->key;
	uint64_t words[4], low, high;

	memcpy(words, key->ip, sizeof(words));
	low = hash_mix(words[0] ^ seed ^ 0x8ebc6af09c88c6e3U, words[1] ^ 0x589965cc75374cc3U);
	high = hash_mix(words[2] ^ seed ^ 0x1d8e4e27c47d124fU, words[3] ^ 0xeb44accab455d165U);
	id->hashes.pair = hash_word(low, high) ^ key->domain;
	id->hashes.flow = hash_word(id->hashes.pair,
				    (uint64_t)key->port[0] << 48 | (uint64_t)key->port[1] << 32 |
					(uint64_t)key->protocol << 8 | (uint64_t)key->ip_version);
	id->hash = id->hashes.flow ^ key->vlan * 0x9e3779b97f4a7c15U;
}

/* Whether an address and port are higher than others. */
static bool is_higher(const struct ip *a, uint16_t a_port, const struct ip *b, uint16_t b_port)
{
	uint64_t a_words[2], b_words[2];

	memcpy(a_words, a, sizeof(a_words));
	memcpy(b_words, b, sizeof(b_words));
	if (a_words[0] != b_words[0]) {
		return be64toh(a_words[0]) > be64toh(b_words[0]);
	}
	if (a_words[1] != b_words[1]) {
		return be64toh(a_words[1]) > be64toh(b_words[1]);
	}
	return a_port > b_port;
}

/* A frame without IP: the link addresses take the place of IP addresses. */
static struct ip ip_from_mac(const struct mac *mac)
{
	struct ip ip = { { 0 } };

	memcpy(ip.bytes + 10, mac->bytes, sizeof(mac->bytes));
	return ip;
}

static COLD void identify_frame(struct identity *id, const struct packet *packet)
{
	struct ip source = ip_from_mac(&packet->mac_source);
	struct ip destination = ip_from_mac(&packet->mac_destination);
	unsigned side = memcmp(&source, &destination, sizeof(source)) > 0;

	id->key.ip[side] = source;
	id->key.ip[1 - side] = destination;
	id->key.port[0] = packet->ether_type;
	id->key.port[1] = packet->llc;
	id->hashes.side = side;
}

static void identify(struct identity *id, const struct packet *packet, uint64_t seed)
{
	id->key.vlan = packet_vlan_key(packet);
	id->key.domain = packet->domain;
	id->key.ip_version = packet->ip_version;
	if (unlikely(packet->ip_version == 0)) {
		id->key.protocol = 0;
		identify_frame(id, packet);
	} else {
		unsigned side = is_higher(&packet->ip_source, packet->port_source,
					  &packet->ip_destination, packet->port_destination);

		id->key.protocol = packet->ip_protocol;
		id->key.ip[side] = packet->ip_source;
		id->key.ip[1 - side] = packet->ip_destination;
		id->key.port[side] = packet->port_source;
		id->key.port[1 - side] = packet->port_destination;
		id->hashes.side = side;
	}
	hash_identity(id, seed);
}

/* ---- begin and end of flows ---- */

static bool is_tcp(const struct flow *flow)
{
	return flow->key.ip_version != 0 && flow->key.protocol == IP_PROTOCOL_TCP;
}

/* With this packet. A connection that has not carried a byte is no session that is worth a day: a
 * port scan makes thousands of them. */
static enum flow_class class_of(const struct flow *flow, const struct packet *packet)
{
	if (flow->state != FLOW_OPEN) {
		return FLOW_CLASS_CLOSED;
	}
	if (is_tcp(flow) &&
	    (packet->payload_length | flow->side[0].payload | flow->side[1].payload) != 0) {
		return FLOW_CLASS_TCP;
	}
	return FLOW_CLASS_DATAGRAM;
}

static COLD void end_flow(struct tracker *tracker, struct flow_slot *slot, enum flow_end_reason why)
{
	struct flow *flow = &slot->flow;

	if (is_tcp(flow)) {
		streams_flush(&tracker->streams, slot->stream);
		stream_end(&tracker->streams, &slot->stream[0]);
		stream_end(&tracker->streams, &slot->stream[1]);
		tracker->counters.flows_one_sided += !flow->side[0].seen || !flow->side[1].seen;
	}
	if (flow->state != FLOW_OPEN) {
		why = flow->state == FLOW_RESET ? FLOW_END_RESET : FLOW_END_CLOSED;
	}
	tracker->handler.flow_end(tracker->handler.context, flow, flow_slot_session(slot), why);
	flow_table_remove(&tracker->table, slot);
	tracker->counters.flows_open--;
}

/* Both sides have ended: the flow stays a moment, counted from now. */
static void flow_closed(void *owner, struct flow *flow)
{
	struct tracker *tracker = owner;

	if (flow->state == FLOW_OPEN) {
		flow->state = FLOW_CLOSED;
		flow_table_touch(&tracker->table, (struct flow_slot *)(void *)flow,
				 FLOW_CLASS_CLOSED, tracker->streams.clock);
	}
}

static struct source_counters *of_source(struct tracker *tracker, uint16_t source)
{
	return &tracker->counters.sources[size_min(source, PACKET_SOURCE_MAX - 1)];
}

static COLD struct flow_slot *begin_flow(struct tracker *tracker, const struct identity *id,
					 const struct packet *packet)
{
	enum flow_class class = FLOW_CLASS_DATAGRAM; /* until it is touched */
	struct flow_slot *slot = flow_table_add(&tracker->table, &id->key, id->hash, class);

	if (slot == NULL) {
		struct flow_slot *oldest = flow_table_oldest(&tracker->table);

		if (oldest == NULL) {
			return NULL;
		}
		tracker->counters.flows_evicted++;
		end_flow(tracker, oldest, FLOW_END_EVICTED);
		slot = flow_table_add(&tracker->table, &id->key, id->hash, class);
	}
	if (slot == NULL) {
		return NULL;
	}
	slot->flow.first = slot->flow.last = packet->time;
	slot->flow.first_number = packet->number;
	slot->flow.source = packet->source;
	connection_note_client(&slot->flow, id->hashes.side, packet, true);
	for (unsigned side = 0; side < 2; side++) {
		stream_begin(&slot->stream[side], &slot->flow, flow_slot_session(slot), side);
	}
	tracker->counters.flows += id->key.ip_version != 0;
	tracker->counters.flows_open++;
	tracker->counters.tcp_flows += is_tcp(&slot->flow);
	of_source(tracker, packet->source)->tcp_flows += is_tcp(&slot->flow);
	return slot;
}

/* ---- one packet ---- */

static void count_side(struct flow_side *side, const struct packet *packet)
{
	side->packets++;
	side->bytes += packet->length;
	side->ttl = packet->ttl;
	side->tcp_flags |= packet->tcp_flags;
	side->seen = true;
	if (packet->has_mac) {
		side->mac = packet->mac_source;
	}
}

/* A header that could not be read leaves its ports 0: such a packet is counted, no more. */
static bool has_transport(const struct packet *packet)
{
	return packet->port_source != 0 || packet->port_destination != 0 ||
	       !(packet->malformed || packet->truncated);
}

static void take_segment(struct tracker *tracker, struct flow_slot *slot, unsigned side,
			 const struct packet *packet)
{
	struct stream *own = &slot->stream[side], *peer = &slot->stream[1 - side];

	if (!has_transport(packet)) {
		return;
	}
	if (unlikely((packet->tcp_flags & TCP_RST) != 0)) {
		/* What a reset carries is a message for people (RFC 9293 3.5.3), not data. */
		if (!connection_reset_is_plausible(slot->stream, side, packet)) {
			tracker->counters.resets_ignored++;
		} else if (slot->flow.state == FLOW_OPEN) {
			slot->flow.state = FLOW_RESET;
			flow_table_touch(&tracker->table, slot, FLOW_CLASS_CLOSED, packet->clock);
		}
		return;
	}
	if ((packet->tcp_flags & TCP_ACK) != 0) {
		stream_acknowledge(&tracker->streams, peer, packet);
	}
	stream_segment(&tracker->streams, own, packet);
	stream_check_waits(&tracker->streams, own, packet, true);
	stream_check_waits(&tracker->streams, peer, packet, false);
}

static void take_payload(struct tracker *tracker, struct flow_slot *slot, unsigned side,
			 const struct packet *packet)
{
	const struct flow_handler *handler = &tracker->handler;
	void *session = flow_slot_session(slot);

	if (packet->ip_version == 0) {
		slot->flow.side[side].payload += cur_left(&packet->payload);
		handler->frame(handler->context, &slot->flow, session, packet, side);
	} else if (packet->ip_protocol != IP_PROTOCOL_UDP || has_transport(packet)) {
		slot->flow.side[side].payload += cur_left(&packet->payload);
		handler->datagram(handler->context, &slot->flow, session, packet, side);
	}
}

/* True when the packet is the second copy of one that was taken. */
static bool is_duplicate(struct tracker *tracker, const struct packet *packet,
			 const struct identity *id)
{
	enum duplicate_verdict verdict;

	if (tracker->duplicates == NULL) {
		return false;
	}
	verdict = duplicates_check(tracker->duplicates, packet, &id->hashes);
	tracker->counters.duplicates += verdict == DUPLICATE_YES;
	of_source(tracker, packet->source)->duplicates += verdict == DUPLICATE_YES;
	tracker->counters.duplicates_kept += verdict == DUPLICATE_KEPT;
	return verdict == DUPLICATE_YES;
}

/* The packet's flow or NULL, while the packet is still compared with earlier ones: what the handler
 * keeps of it is on its way into the cache meanwhile. */
static struct flow_slot *find_ahead(const struct tracker *tracker, const struct identity *id)
{
	struct flow_slot *slot = flow_table_find(&tracker->table, &id->key, id->hash);

	if (likely(slot != NULL)) {
		const uint8_t *session = flow_slot_session(slot);

		__builtin_prefetch(&slot->stream[id->hashes.side], 1);
		__builtin_prefetch(&slot->stream[1 - id->hashes.side], 1);
		__builtin_prefetch(session, 1);
		__builtin_prefetch(session + SESSION_AHEAD, 1);
	}
	return slot;
}

/* The flow that was found with the packet's key, or a new one. */
static struct flow_slot *slot_for(struct tracker *tracker, struct flow_slot *slot,
				  const struct identity *id, const struct packet *packet,
				  bool *begun)
{
	*begun = false;
	if (slot != NULL && is_tcp(&slot->flow) &&
	    unlikely(connection_is_new(&slot->flow, slot->stream, id->hashes.side, packet))) {
		end_flow(tracker, slot, FLOW_END_CLOSED);
		slot = NULL;
	}
	if (slot == NULL) {
		*begun = true;
		slot = begin_flow(tracker, id, packet);
	}
	return slot;
}

void tracker_packet(struct tracker *tracker, const struct packet *packet)
{
	const struct flow_handler *handler = &tracker->handler;
	struct identity id;
	struct flow_slot *slot;
	unsigned side;
	bool begun;

	tracker->counters.packets++;
	tracker->counters.bytes += packet->length;
	tracker->streams.clock = packet->clock;
	identify(&id, packet, tracker->options.hash_seed);
	slot = find_ahead(tracker, &id);
	if (is_duplicate(tracker, packet, &id)) {
		return;
	}
	slot = slot_for(tracker, slot, &id, packet, &begun);
	if (unlikely(slot == NULL)) {
		tracker->counters.packets_without_flow++;
		return;
	}
	side = id.hashes.side;
	slot->flow.last = time_max(slot->flow.last, packet->time);
	slot->flow.last_number = packet->number;
	if (unlikely(!slot->flow.side[side].seen)) {
		bool both = is_tcp(&slot->flow) && slot->flow.side[!side].seen;

		tracker->counters.tcp_two_sided += both;
		of_source(tracker, slot->flow.source)->tcp_two_sided += both;
	}
	tracker->counters.group_packets +=
	    packet->has_mac && mac_is_group(&packet->mac_destination);
	count_side(&slot->flow.side[side], packet);
	flow_table_touch(&tracker->table, slot, class_of(&slot->flow, packet), packet->clock);
	if (begun) {
		handler->flow_begin(handler->context, &slot->flow, flow_slot_session(slot), packet);
	} else if (unlikely((packet->tcp_flags & TCP_SYN) != 0)) {
		connection_note_client(&slot->flow, side, packet, false);
	}
	if (handler->flow_packet != NULL) {
		handler->flow_packet(handler->context, &slot->flow, flow_slot_session(slot), packet,
				     side);
	}
	if (is_tcp(&slot->flow)) {
		take_segment(tracker, slot, side, packet);
	} else {
		take_payload(tracker, slot, side, packet);
	}
}

/* ---- time ---- */

static uint64_t idle_limit(const struct tracker *tracker, enum flow_class class)
{
	switch (class) {
	case FLOW_CLASS_TCP:
		return (uint64_t)tracker->options.tcp_idle;
	case FLOW_CLASS_DATAGRAM:
		return (uint64_t)tracker->options.udp_idle;
	default:
		return (uint64_t)CLOSED_IDLE;
	}
}

/* The longest silent flow whose time is over, or NULL. */
static struct flow_slot *next_idle(const struct tracker *tracker, int64_t clock)
{
	struct flow_slot *oldest = NULL;

	for (enum flow_class class = 0; class < FLOW_CLASSES; class ++) {
		struct flow_slot *slot = flow_table_oldest_of(&tracker->table, class);

		if (slot != NULL &&
		    time_elapsed(clock, slot->clock) >= idle_limit(tracker, class) &&
		    (oldest == NULL || flow_slot_is_older(slot, oldest))) {
			oldest = slot;
		}
	}
	return oldest;
}

void tracker_tick(struct tracker *tracker, int64_t clock, uint64_t number)
{
	struct flow_slot *slot;

	(void)number; /* what a tick reports carries the packets that are known */
	tracker->streams.clock = time_max(tracker->streams.clock, clock);
	streams_tick(&tracker->streams);
	while ((slot = next_idle(tracker, clock)) != NULL) {
		end_flow(tracker, slot, FLOW_END_IDLE);
	}
}

void tracker_finish(struct tracker *tracker)
{
	struct flow_slot *slot;

	while ((slot = flow_table_oldest(&tracker->table)) != NULL) {
		end_flow(tracker, slot, FLOW_END_CAPTURE);
	}
}

/* ---- life ---- */

struct tracker_options tracker_defaults(void)
{
	return (struct tracker_options) {
		.flows_max = 65536,
		.stream_bytes_max = 4U << 20,
		.stream_bytes_flow = 64U << 10,
		.history_bytes_max = 8U << 20,
		.reorder_wait = 1 * NS_PER_S,
		.tcp_idle = 24 * NS_PER_HOUR,
		.udp_idle = 5 * NS_PER_MINUTE,
		.duplicates = true,
	};
}

int tracker_new(struct tracker **out, const struct tracker_options *options,
		const struct flow_handler *handler)
{
	struct tracker *tracker;
	int error;

	if (options->reorder_wait < 0 || options->tcp_idle <= 0 || options->udp_idle <= 0) {
		return -EINVAL;
	}
	tracker = calloc(1, sizeof(*tracker));
	if (tracker == NULL) {
		return -ENOMEM;
	}
	tracker->options = *options;
	tracker->handler = *handler;
	tracker->streams = (struct streams) {
		.handler = &tracker->handler,
		.options = &tracker->options,
		.counters = &tracker->counters,
		.segments.bytes_max = options->stream_bytes_max,
		.histories.bytes_max = options->history_bytes_max,
		.clock = INT64_MIN,
		.closed = flow_closed,
		.owner = tracker,
	};
	error = flow_table_init(&tracker->table, options->flows_max, options->session_size);
	if (error == 0 && options->duplicates) {
		error = duplicates_new(&tracker->duplicates);
	}
	if (error != 0) {
		tracker_free(tracker);
		return error;
	}
	*out = tracker;
	return 0;
}

struct tracker *tracker_free(struct tracker *tracker)
{
	struct flow_slot *slot;

	if (tracker == NULL) {
		return NULL;
	}
	while ((slot = tracker->table.chunks != NULL ? flow_table_oldest(&tracker->table) : NULL) !=
	       NULL) {
		stream_end(&tracker->streams, &slot->stream[0]);
		stream_end(&tracker->streams, &slot->stream[1]);
		flow_table_remove(&tracker->table, slot);
	}
	streams_clear(&tracker->streams);
	flow_table_clear(&tracker->table);
	duplicates_free(tracker->duplicates);
	free(tracker);
	return NULL;
}

const struct tracker_counters *tracker_counters(const struct tracker *tracker)
{
	return &tracker->counters;
}
