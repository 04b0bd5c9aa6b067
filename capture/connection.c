/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/connection.h"

/* How far a reset's or a late SYN's number may lie from what was seen: a window without scaling. */
#define CLOSE_BY 65536U

static bool is_close(uint32_t a, uint32_t b)
{
	return a - b + CLOSE_BY <= 2 * CLOSE_BY;
}

bool connection_is_new(const struct flow *flow, const struct stream pair[2], unsigned side,
		       const struct packet *packet)
{
	const struct stream *own = &pair[side], *peer = &pair[1 - side];

	if (likely((packet->tcp_flags & TCP_SYN) == 0)) {
		return false;
	}
	if (own->syn_seen) {
		return packet->tcp_sequence != own->initial; /* else sent again */
	}
	if (flow->state != FLOW_OPEN) {
		return true;
	}
	if (!own->started) {
		/* The peer spoke in mid-stream before: of an earlier connection. */
		return (packet->tcp_flags & TCP_ACK) == 0 && peer->started && !peer->syn_seen;
	}
	/* Else a SYN that the mirror delivers late. */
	return own->next - packet->tcp_sequence - 1 > CLOSE_BY;
}

bool connection_reset_is_plausible(const struct stream pair[2], unsigned side,
				   const struct packet *packet)
{
	const struct stream *own = &pair[side], *peer = &pair[1 - side];
	bool known = false;

	if (own->started) {
		if (is_close(packet->tcp_sequence, own->next)) {
			return true;
		}
		known = true;
	}
	if (own->acknowledges) {
		if (is_close(packet->tcp_sequence, own->acknowledged)) {
			return true;
		}
		known = true;
	}
	/* A refusal: nothing was sent, so the number is 0 and the acknowledgement is the proof
	 * (RFC 9293 3.5.2). */
	if (!own->started && peer->started && (packet->tcp_flags & TCP_ACK) != 0) {
		return is_close(packet->tcp_acknowledgement, peer->next);
	}
	return !known;
}

/* A group never asks, whatever the ports say. */
static bool is_to_group(const struct packet *packet)
{
	return ip_is_multicast(&packet->ip_destination) ||
	       ip_is_broadcast(&packet->ip_destination) || mac_is_group(&packet->mac_destination);
}

void connection_note_client(struct flow *flow, unsigned side, const struct packet *packet,
			    bool first)
{
	bool tcp = packet->ip_version != 0 && packet->ip_protocol == IP_PROTOCOL_TCP;
	bool syn = tcp && (packet->tcp_flags & TCP_SYN) != 0;
	bool opener = syn && (packet->tcp_flags & TCP_ACK) == 0;

	if (first) {
		flow->midstream = tcp && !opener;
		flow->client = (uint8_t)side;
		flow->client_evidence = CLIENT_BY_FIRST;
		if (packet->ip_version != 0 && flow->key.port[0] != flow->key.port[1] &&
		    (tcp || !is_to_group(packet))) {
			flow->client = flow->key.port[0] > flow->key.port[1] ? 0 : 1;
			flow->client_evidence = CLIENT_BY_PORT;
		}
	}
	if (syn && flow->client_evidence != CLIENT_BY_PROTOCOL) {
		flow->midstream = flow->midstream && !opener;
		flow->client = (uint8_t)(opener ? side : 1 - side);
		flow->client_evidence = CLIENT_BY_SYN;
	}
}
