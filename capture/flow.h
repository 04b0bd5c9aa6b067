/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* flow.h - flows, TCP streams and the tracker that owns them, one tracker a worker.
 *
 * The tracker takes packets, drops SPAN duplicates, keeps a capped flow table (symmetric
 * key: domain, VLANs, IPs, ports, IP protocol), puts TCP bytes in order without any depth
 * limit, and hands them to the flow_handler that a higher floor registers.  Bytes that
 * arrive in order are handed over where they lie in the frame; only what arrives out of
 * order is copied.  A flow first seen in mid-stream is normal.  A hole costs the bytes in
 * it and no more: the handler hears of it (gap) and the bytes behind it follow.
 *
 * Side 0 is the endpoint with the lower (IP, port); `client` names the side that opened or
 * asks.  It is first guessed from the SYN, else from the port, and the dissector corrects it
 * with flow_set_client() once the protocol itself shows who asks. */

#include "capture/packet.h"

struct flow_key {
	struct ip ip[2]; /* [0] <= [1]; for flows without IP the MACs in bytes 10..15 */
	uint16_t port[2];
	uint32_t vlan;
	uint16_t domain;
	uint8_t protocol;   /* IP protocol */
	uint8_t ip_version; /* 0: of MAC addresses; port[0] is the EtherType, port[1] the LLC */
};

enum client_evidence { CLIENT_BY_PORT, CLIENT_BY_FIRST, CLIENT_BY_SYN, CLIENT_BY_PROTOCOL };

struct flow_side {
	uint64_t packets, bytes;  /* frames and their length on the wire */
	uint64_t payload;         /* payload bytes seen, without retransmissions */
	uint64_t retransmissions; /* segments that brought nothing new, keep-alives too */
	uint64_t gaps, gap_bytes; /* holes given up on, and bytes missing in them if known */
	struct mac mac;           /* of this side's latest frame */
	uint8_t ttl;              /* of its latest packet */
	uint8_t tcp_flags;        /* all flags seen, ORed */
	bool seen;                /* sent anything at all */
};

/* CLOSED: both FINs came, and all bytes before them; RESET: a believable RST came. The flow stays a
 * second longer, so that what is still under way does not look like a new one. */
enum flow_state { FLOW_OPEN, FLOW_CLOSED, FLOW_RESET };

struct flow {
	struct flow_key key;
	struct flow_side side[2];
	int64_t first, last; /* packet time */
	int64_t reported;    /* clock of the last flow record: the handler's to use */
	uint64_t first_number, last_number;
	uint32_t index;      /* slot in this tracker's table; reused, hence: */
	uint32_t generation; /* counts how often the slot was taken */
	uint16_t source;     /* interface of the first packet */
	uint8_t client;      /* 0 or 1 */
	uint8_t client_evidence, state;
	bool midstream;    /* TCP without the SYN of the opener */
	bool want_history; /* set by the handler: keep bytes handed over, to compare overlaps */
};

enum flow_end_reason {
	FLOW_END_CLOSED, /* FINs; or a SYN began another connection on the same ports */
	FLOW_END_RESET,
	FLOW_END_IDLE,
	FLOW_END_EVICTED, /* flows_max was reached and it was the longest silent */
	FLOW_END_CAPTURE
};

/* What the higher floor hears. `session` is options.session_size bytes that belong to the flow,
 * zeroed when it begins, for the handler's use; they live exactly as long as the flow. All but
 * flow_packet must be there; none may call the tracker. */
struct flow_handler {
	void *context;
	/* First packet of a flow, before any of its data. */
	void (*flow_begin)(void *context, struct flow *flow, void *session,
			   const struct packet *packet);
	/* Every packet of a flow that is not a duplicate, before its data is put in order
	 * (for what wants packets, such as protocol naming). May be NULL. */
	void (*flow_packet)(void *context, struct flow *flow, void *session,
			    const struct packet *packet, unsigned side);
	/* The next TCP bytes of one side, in order, each byte once. `packet` is the one that
	 * brought them, never NULL. Bytes that had to wait come with a copy of their packet: time
	 * and number are its own, older than those of the call at work; clock is the current one;
	 * network, payload and frame are empty. */
	void (*data)(void *context, struct flow *flow, void *session, const struct packet *packet,
		     unsigned side, struct cursor bytes);
	/* This many TCP bytes of that side are missing here (lost, or cut by the snap length); 0:
	 * the stream went on at quite another sequence number, how many is not known. from, to:
	 * packet times of the bytes before and behind (or when it was given up). `packet`: what
	 * showed the hole; NULL when a tick or the end of the flow gives it up. */
	void (*gap)(void *context, struct flow *flow, void *session, const struct packet *packet,
		    unsigned side, uint64_t bytes, int64_t from, int64_t to);
	/* A retransmission or overlap in which so many bytes differ from what was there before;
	 * once a segment, before its new bytes. What was there first stands. Always found against
	 * bytes that wait; against bytes handed over when flow->want_history was set. */
	void (*conflict)(void *context, struct flow *flow, void *session,
			 const struct packet *packet, unsigned side, uint64_t bytes);
	/* Payload of one UDP (or other non-TCP IP) packet; may be empty or cut (packet->truncated).
	 * Not called when the UDP header could not be read. */
	void (*datagram)(void *context, struct flow *flow, void *session,
			 const struct packet *packet, unsigned side);
	/* A frame without IP (ARP, LLDP, PROFINET...), also one without MAC. Flow is that of the
	 * MAC pair and EtherType. */
	void (*frame)(void *context, struct flow *flow, void *session, const struct packet *packet,
		      unsigned side);
	void (*flow_end)(void *context, struct flow *flow, void *session, enum flow_end_reason why);
};

struct tracker_options {
	size_t flows_max;         /* default 65,536; the longest silent one is evicted */
	size_t session_size;      /* bytes of handler state a flow */
	size_t stream_bytes_max;  /* out-of-order bytes held over all flows; default 4 MiB */
	size_t stream_bytes_flow; /* ... of one side of a flow; default 64 KiB */
	size_t history_bytes_max; /* delivered bytes kept to compare overlaps; default 8 MiB */
	int64_t reorder_wait;     /* how long a hole is waited for; default 1 s of packet time */
	int64_t tcp_idle;   /* of TCP that carried data; default 24 h: OT sessions poll rarely */
	int64_t udp_idle;   /* of all else; default 5 min */
	bool duplicates;    /* suppress SPAN duplicates; default true */
	uint64_t hash_seed; /* 0 in a replay */
};

/* What one source brought: how good its mirror is. */
struct source_counters {
	uint64_t duplicates, tcp_flows, tcp_two_sided; /* as in struct tracker_counters */
};

struct tracker_counters {
	uint64_t packets, bytes;
	uint64_t duplicates;           /* SPAN duplicates dropped */
	uint64_t duplicates_kept;      /* looked like one but could be a real poll: kept */
	uint64_t packets_without_flow; /* no memory for one more flow: not looked at */
	uint64_t flows;                /* of IP: frames without it make no connections */
	uint64_t flows_evicted;
	uint64_t flows_one_sided; /* TCP flows that ended with one direction never seen */
	uint64_t flows_open;
	uint64_t tcp_flows, tcp_two_sided; /* begun; of these, seen in both directions so far */
	uint64_t group_packets;            /* to a multicast or broadcast link address */
	uint64_t retransmissions, retransmitted_bytes;
	uint64_t out_of_order, gaps, gap_bytes;
	uint64_t conflicts;
	uint64_t resets_ignored;       /* RST whose numbers fit nothing that was seen */
	uint64_t stream_bytes_refused; /* out of order, no buffer left: the hole before them was
					  given up at once */
	uint64_t history_refused;      /* hand-overs that no history was left for */
	struct source_counters sources[PACKET_SOURCE_MAX];
};

struct tracker;

struct tracker_options tracker_defaults(void);
/* 0; -ENOMEM; -EINVAL: flows_max is 0, a time is not positive, or a size is absurd. */
int tracker_new(struct tracker **out, const struct tracker_options *options,
		const struct flow_handler *handler) MUST_USE;
struct tracker *tracker_free(struct tracker *tracker);

/* Takes one packet; packet->clock must not go back. */
void tracker_packet(struct tracker *tracker, const struct packet *packet);

/* Lets holes and idle flows expire: the longest silent first, whatever other flows there are.
 * `number` is the packet number that the tick precedes. */
void tracker_tick(struct tracker *tracker, int64_t clock, uint64_t number);

/* End of the capture: delivers what is held (holes become gaps), ends all flows, oldest first. */
void tracker_finish(struct tracker *tracker);

const struct tracker_counters *tracker_counters(const struct tracker *tracker);

/* The protocol showed who asks. */
static inline void flow_set_client(struct flow *flow, unsigned side)
{
	flow->client = (uint8_t)side;
	flow->client_evidence = CLIENT_BY_PROTOCOL;
}
