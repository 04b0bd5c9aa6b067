/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* decode.h - frame to packet view: link layers, tags, tunnels, IP with fragments, TCP, UDP.
 *
 * One decoder belongs to one thread.  It owns the fragment table; a datagram that was put
 * together lives in the decoder until the next call. */

#include "capture/packet.h"

struct decode_options {
	size_t fragment_bytes_max;     /* all held fragments together; default 1 MiB */
	size_t fragment_datagrams_max; /* datagrams under way; default 256 */
	int64_t fragment_timeout; /* ns of packet time; default 30 s (RFC 791, RFC 8200 4.5: 60) */
};

/* Everything decode saw; each counter says what it cost or skipped. A frame counts once in ipv4,
 * ipv6, arp or not_ip, by its innermost packet, and one with IP, unless it is a fragment that is
 * held, once in tcp, udp, icmp or other_ip. */
struct decode_counters {
	uint64_t frames, bytes; /* bytes: on the wire */
	uint64_t truncated, malformed;
	uint64_t unknown_link_type;
	uint64_t unknown_ether_type; /* also PPP protocols: handed on as payload */
	uint64_t too_many_layers;    /* more tags or tunnels than the caps */
	uint64_t bad_ip_checksum;
	uint64_t fragments;             /* frames */
	uint64_t fragments_reassembled; /* datagrams, as the next two */
	uint64_t fragments_timed_out, fragments_evicted;
	uint64_t fragments_overlapping; /* overlap, same content */
	uint64_t fragments_conflicting; /* overlap with other content: evasion or damage */
	uint64_t tunnels[TUNNEL_TYPES];
	uint64_t ipv4, ipv6, arp, tcp, udp, icmp, other_ip, not_ip;
};

struct decoder;

struct decode_options decode_defaults(void);
int decoder_new(struct decoder **out, const struct decode_options *options) MUST_USE;
struct decoder *decoder_free(struct decoder *decoder);

enum decode_result {
	DECODE_PACKET, /* *out is a packet (maybe malformed or truncated: see its flags) */
	DECODE_HELD,   /* a fragment, kept; *out describes the fragment itself, without payload */
};

/* Looks at one frame. Never fails: what cannot be understood is a packet with malformed set or
 * with ip_version 0. *conflict (may be NULL) says whether this frame is a fragment that
 * contradicts an earlier one; what came first is kept. A fragment that is itself truncated or
 * malformed is a packet without ports and payload. */
enum decode_result decode_frame(struct decoder *decoder, const struct frame *frame,
				struct packet *out, bool *conflict);

/* Drops fragments older than the timeout. */
void decoder_tick(struct decoder *decoder, int64_t clock);

const struct decode_counters *decoder_counters(const struct decoder *decoder);

/* Hash of the unordered address pair, the same for both directions, for spreading packets over
 * workers: IP pair, else the pair that ARP names, else MAC pair. */
uint64_t packet_pair_hash(const struct packet *packet);
