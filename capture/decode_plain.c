/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* decode_plain.c - the straight path: an untagged Ethernet frame with a whole IPv4 packet, without
 * options and fragments, with TCP.  Everything is looked at before anything is written; whatever is
 * unusual is left to the layers, which would find the same. */

#include "capture/decoding.h"

#define LINK_ETHERNET   1
#define ETHER_TYPE_IPV4 0x0800
#define ETHERNET_HEADER 14
#define IPV4_HEADER     20
#define TCP_HEADER      20

/* Offsets in the frame. */
enum {
	ETHER_SOURCE = 6,
	ETHER_TYPE = 12,
	IP = ETHERNET_HEADER,
	IP_TOTAL_LENGTH = IP + 2,
	IP_ID = IP + 4,
	IP_FRAGMENT = IP + 6,
	IP_TTL = IP + 8,
	IP_PROTOCOL = IP + 9,
	IP_SOURCE = IP + 12,
	IP_DESTINATION = IP + 16,
	TCP = IP + IPV4_HEADER,
	TCP_PORTS = TCP,
	TCP_SEQUENCE = TCP + 4,
	TCP_ACKNOWLEDGEMENT = TCP + 8,
	TCP_OFFSET = TCP + 12,
	TCP_FLAGS = TCP + 13,
	TCP_WINDOW = TCP + 14,
	HEADERS = TCP + TCP_HEADER,
};

/* RFC 791 3.1; the sum is the same in any byte order (RFC 1071 2). */
static bool checksum_bad(struct fixed head)
{
	uint64_t sum = 0;
	uint32_t words[IPV4_HEADER / 4];

	fixed_copy(head, IP, words, sizeof(words));
	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		sum += words[i];
	}
	sum = (sum >> 32) + (sum & 0xffffffff);
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	return (sum >> 16) + (sum & 0xffff) != 0xffff;
}

bool decode_plain(struct decode_counters *counters, const struct frame *frame, struct packet *p)
{
	struct cursor look = cur_of(frame->bytes, frame->captured), network = look;
	struct fixed head = cur_fixed(&look, HEADERS);
	size_t total = fixed_be16(head, IP_TOTAL_LENGTH);
	size_t tcp_header = (size_t)(fixed_u8(head, TCP_OFFSET) >> 4) * 4;

	if (!cur_ok(&look) || frame->link_type != LINK_ETHERNET ||
	    fixed_be16(head, ETHER_TYPE) != ETHER_TYPE_IPV4 || fixed_u8(head, IP) != 0x45 ||
	    (fixed_be16(head, IP_FRAGMENT) & 0x3fff) != 0 ||
	    fixed_u8(head, IP_PROTOCOL) != IP_PROTOCOL_TCP || tcp_header < TCP_HEADER ||
	    total < IPV4_HEADER + tcp_header) {
		return false;
	}
	cur_skip(&network, ETHERNET_HEADER);
	network = cur_sub(&network, total);
	if (!cur_ok(&network)) {
		return false;
	}
	p->network = p->payload = network;
	cur_skip(&p->payload, IPV4_HEADER + tcp_header);
	p->payload_length = (uint32_t)cur_left(&p->payload);
	fixed_copy(head, 0, p->mac_destination.bytes, sizeof(p->mac_destination.bytes));
	fixed_copy(head, ETHER_SOURCE, p->mac_source.bytes, sizeof(p->mac_source.bytes));
	p->has_mac = true;
	p->ether_type = ETHER_TYPE_IPV4;
	p->ip_version = 4;
	p->ip_protocol = IP_PROTOCOL_TCP;
	p->ttl = fixed_u8(head, IP_TTL);
	p->ip_id = fixed_be16(head, IP_ID);
	p->ip_source = ip_from_v4(fixed_be32(head, IP_SOURCE));
	p->ip_destination = ip_from_v4(fixed_be32(head, IP_DESTINATION));
	p->bad_checksum = checksum_bad(head);
	p->port_source = fixed_be16(head, TCP_PORTS);
	p->port_destination = fixed_be16(head, TCP_PORTS + 2);
	p->tcp_sequence = fixed_be32(head, TCP_SEQUENCE);
	p->tcp_acknowledgement = fixed_be32(head, TCP_ACKNOWLEDGEMENT);
	p->tcp_flags = fixed_u8(head, TCP_FLAGS);
	p->tcp_window = fixed_be16(head, TCP_WINDOW);
	counters->ipv4++;
	counters->tcp++;
	counters->bad_ip_checksum += p->bad_checksum;
	return true;
}
