/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* packet.h - a frame as it came from a source, and the view that decode makes of it.
 *
 * Both borrow the bytes: they are valid only during the call that hands them over.  In a
 * live source the bytes lie in the kernel's ring and die when the block is released;
 * whoever needs them longer copies them. */

#include "capture/base/address.h"
#include "capture/base/cursor.h"
#include "capture/base/time.h"

#define PACKET_VLAN_MAX   4
#define PACKET_TUNNEL_MAX 4
#define PACKET_SOURCE_MAX 64 /* interfaces over all files and ports of one run */

/* One frame from a source, not yet looked at. */
struct frame {
	int64_t time;    /* capture time, ns UTC */
	int64_t clock;   /* the highest capture time so far: never goes back */
	uint64_t number; /* 1-based, over all sources of a replay; of its source when live */
	const uint8_t *bytes;
	uint32_t captured; /* bytes there */
	uint32_t length;   /* bytes that were on the wire, >= captured */
	uint16_t source;   /* index of the interface in this run */
	uint16_t domain;   /* address space; 0 unless configured */
	int link_type;     /* LINKTYPE_ value, tcpdump.org/linktypes.html */
};

enum tunnel_type {
	TUNNEL_NONE,
	TUNNEL_GRE,
	TUNNEL_ERSPAN,
	TUNNEL_VXLAN,
	TUNNEL_GENEVE,
	TUNNEL_MPLS,
	TUNNEL_PPPOE,
	TUNNEL_IPIP, /* also 6in4 and the like: IP directly in IP */
	TUNNEL_TYPES
};

struct tunnel {
	uint32_t id; /* GRE key, ERSPAN session, VNI, label, PPPoE session */
	uint8_t type;
};

/* TCP flag bits as in RFC 9293 3.1. */
enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10 };
enum { IP_PROTOCOL_ICMP = 1, IP_PROTOCOL_TCP = 6, IP_PROTOCOL_UDP = 17, IP_PROTOCOL_ICMP6 = 58 };

/* What decode found. Addresses are those of the innermost packet; VLANs and MACs those of the
 * innermost Ethernet header (zero when the link has none). What decode always sets comes first;
 * all from n_vlans on begins as zero, for each packet anew. */
struct packet {
	int64_t time, clock;
	uint64_t number;
	const uint8_t *frame;      /* the frame's bytes */
	uint32_t captured, length; /* of the frame */
	int link_type;
	uint16_t source, domain;
	uint32_t payload_length; /* as the headers say; more than captured when truncated */
	struct cursor payload;   /* behind the last header that decode understood */
	struct cursor network;   /* from the innermost IP header to the end of its datagram */

	uint16_t vlans[PACKET_VLAN_MAX];          /* ids, outermost first; n_vlans of them */
	struct tunnel tunnels[PACKET_TUNNEL_MAX]; /* outermost first; n_tunnels of them */

	uint8_t n_vlans, n_tunnels;
	bool has_mac; /* Linux cooked frames have the sender's only, the other is zero */
	uint8_t tcp_flags;
	struct mac mac_source, mac_destination;
	uint16_t
	    ether_type; /* of `payload` when ip_version is 0; an 802.3 frame has 0 and llc set */
	uint16_t llc;   /* DSAP << 8 | SSAP of an LLC frame, else 0 */

	uint8_t ip_version; /* 4, 6; 0: no IP header was reached */
	uint8_t ip_protocol, ttl;
	bool fragmented;   /* reassembled from fragments; payload does not lie in the frame */
	bool truncated;    /* the snap length cut bytes off that the headers announce */
	bool malformed;    /* a header contradicts itself; there is no payload */
	bool bad_checksum; /* IP header checksum wrong (never a reason to drop) */
	uint16_t ip_id;    /* IPv4 only */
	struct ip ip_source, ip_destination;

	uint16_t port_source, port_destination;
	uint16_t tcp_window;
	uint32_t tcp_sequence, tcp_acknowledgement;
};

/* VLAN ids folded into one word for keys: 0 without tags. The first two tags count. */
static inline uint32_t packet_vlan_key(const struct packet *p)
{
	uint32_t key = p->n_vlans > 0 ? p->vlans[0] : 0;

	return p->n_vlans > 1 ? key << 12 | p->vlans[1] : key;
}

/* Bytes that packet_copy() needs for this packet. */
size_t packet_copy_size(const struct packet *p);
/* Copies the packet with the bytes it points to into memory of that size: *out lives as long as it.
 */
void packet_copy(struct packet *out, const struct packet *p, uint8_t *memory);
