/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* decoding.h - private to decode: one frame on its way through the layers.
 *
 * Each layer reads its header from `rest`, narrows `rest` to what the header announces and
 * names the layer that follows.  `missing` counts the bytes behind `rest` that were on the
 * wire but not captured.  Only decoding_header() and decoding_limit() look at both, and so
 * they alone tell a cut capture (truncated) from a header that lies (malformed).  Both end
 * the packet: `rest` is empty then. */

#include "capture/decode.h"
#include "capture/fragment.h"

enum layer {
	LAYER_END,        /* `rest` is the payload */
	LAYER_ETHERNET,   /* a MAC header follows */
	LAYER_ETHER_TYPE, /* what `type` says follows */
	LAYER_LLC,
	LAYER_PPP, /* a PPP protocol field, perhaps with HDLC address and control before it */
	LAYER_PPPOE,
	LAYER_MPLS,
	LAYER_IPV4,
	LAYER_IPV6,
	LAYER_GRE
};

struct decoder {
	struct decode_counters counters;
	struct fragment_table *fragments;
};

struct decoding {
	struct decoder *decoder;
	struct packet *packet;
	struct cursor rest;
	size_t missing;
	uint16_t type; /* LAYER_ETHER_TYPE: EtherType, or length of an 802.3 frame */
	bool cut;      /* a tunnel says that it cut the inner frame: a lack is not malformed */
	bool held, conflict;
};

/* Ends the packet as one whose headers contradict themselves or the frame. */
COLD enum layer decoding_malformed(struct decoding *d);

/* Ends the packet: a header of n bytes is not there. Always returns a bad cursor. */
COLD struct cursor decoding_short(struct decoding *d, size_t n);

/* The next n bytes as a cursor of their own; bad, and the packet ended, when they are not there. */
static inline struct cursor decoding_header(struct decoding *d, size_t n)
{
	return likely(n <= cur_left(&d->rest)) ? cur_sub(&d->rest, n) : decoding_short(d, n);
}

/* How many bytes follow on the wire. */
static inline size_t decoding_announced(const struct decoding *d)
{
	return cur_left(&d->rest) + d->missing;
}

/* The length field of a header says that n bytes follow: what lies behind is padding. False, and
 * the packet ended as malformed, when the wire had fewer. */
static inline bool decoding_limit(struct decoding *d, size_t n)
{
	size_t left = cur_left(&d->rest);

	if (likely(n <= left)) {
		d->rest = cur_sub(&d->rest, n);
		d->missing = 0;
		return true;
	}
	if (n <= left + d->missing || d->cut) {
		d->missing = n - left;
		return true;
	}
	(void)decoding_malformed(d);
	return false;
}

/* Notes a tunnel; false, and counted, when there are too many: decoding stops before it. */
bool decoding_tunnel(struct decoding *d, enum tunnel_type type, uint32_t id);

/* The straight path for what most frames are; see decode_plain.c. True when *p, which decode_frame
 * has begun, is done. */
bool decode_plain(struct decode_counters *counters, const struct frame *frame, struct packet *p);

/* The layers. Each consumes its header and returns what follows. */
enum layer decode_link(struct decoding *d, int link_type);
enum layer decode_ethernet(struct decoding *d);
enum layer decode_ether_type(struct decoding *d);
enum layer decode_llc(struct decoding *d);
enum layer decode_ppp(struct decoding *d);
enum layer decode_pppoe(struct decoding *d);
enum layer decode_mpls(struct decoding *d);
enum layer decode_ipv4(struct decoding *d);
enum layer decode_ipv6(struct decoding *d);
enum layer decode_gre(struct decoding *d);

/* The payload of a UDP datagram to this port: LAYER_END when it is no tunnel that fits. */
enum layer decode_udp_tunnel(struct decoding *d, uint16_t port);

/* The layer of an IP header by its first nibble; LAYER_END when it is none. */
enum layer layer_of_ip(struct cursor look);
