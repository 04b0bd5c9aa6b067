/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* decode_ip.c - IPv4 (RFC 791), IPv6 and its extension headers (RFC 8200, 4302, 6275, 5533),
 * TCP (RFC 9293) and UDP (RFC 768).  Other IP protocols are payload. */

#include "capture/decoding.h"

#define EXTENSIONS_MAX 16
#define IPV4_HEADER    20
#define IPV6_HEADER    40
#define TCP_HEADER     20
#define UDP_HEADER     8

enum {
	NEXT_HOP_BY_HOP = 0,
	NEXT_IPV4 = 4,
	NEXT_IPV6 = 41,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_GRE = 47,
	NEXT_AUTHENTICATION = 51,
	NEXT_NONE = 59,
	NEXT_DESTINATION = 60,
	NEXT_MOBILITY = 135,
	NEXT_HIP = 139,
	NEXT_SHIM6 = 140,
};

enum layer layer_of_ip(struct cursor look)
{
	switch (cur_u8(&look) >> 4) {
	case 4:
		return LAYER_IPV4;
	case 6:
		return LAYER_IPV6;
	default:
		return LAYER_END;
	}
}

static void take_ports(struct packet *p, uint32_t ports)
{
	p->port_source = (uint16_t)(ports >> 16);
	p->port_destination = (uint16_t)ports;
}

/* A transport header of n bytes is not there whole: its ports may be. */
static COLD enum layer decode_partial(struct decoding *d, size_t n)
{
	struct cursor partial = d->rest;

	(void)decoding_short(d, n);
	if (d->packet->truncated) {
		take_ports(d->packet, cur_be32(&partial));
	}
	return LAYER_END;
}

static enum layer decode_tcp(struct decoding *d)
{
	struct packet *p = d->packet;
	struct cursor head;
	uint32_t flags;
	size_t size;

	if (unlikely(cur_left(&d->rest) < TCP_HEADER)) {
		return decode_partial(d, TCP_HEADER);
	}
	head = cur_sub(&d->rest, TCP_HEADER);
	take_ports(p, cur_be32(&head));
	p->tcp_sequence = cur_be32(&head);
	p->tcp_acknowledgement = cur_be32(&head);
	flags = cur_be32(&head);
	p->tcp_flags = (uint8_t)(flags >> 16);
	p->tcp_window = (uint16_t)flags;
	size = (size_t)(flags >> 28) * 4;
	if (unlikely(size < TCP_HEADER)) {
		return decoding_malformed(d);
	}
	if (size > TCP_HEADER) {
		(void)decoding_header(d, size - TCP_HEADER);
	}
	return LAYER_END;
}

static enum layer decode_udp(struct decoding *d)
{
	struct packet *p = d->packet;
	struct cursor head;
	enum layer tunnel = LAYER_END;
	uint32_t ports;
	size_t length;

	if (unlikely(cur_left(&d->rest) < UDP_HEADER)) {
		return decode_partial(d, UDP_HEADER);
	}
	head = cur_sub(&d->rest, UDP_HEADER);
	ports = cur_be32(&head);
	length = cur_be16(&head);
	/* RFC 2675 4: 0 stands for a length that does not fit, in a jumbogram only. */
	if (length == 0 && p->ip_version == 6 && decoding_announced(d) > UINT16_MAX - UDP_HEADER) {
		length = decoding_announced(d) + UDP_HEADER;
	}
	if (length < UDP_HEADER) {
		(void)decoding_malformed(d);
	} else if (decoding_limit(d, length - UDP_HEADER)) {
		tunnel = decode_udp_tunnel(d, (uint16_t)ports);
	}
	if (tunnel == LAYER_END) {
		take_ports(p, ports);
	}
	return tunnel;
}

/* RFC 2003, RFC 4213: an IP header directly behind another one. */
static enum layer decode_ip_in_ip(struct decoding *d, enum layer inner)
{
	return layer_of_ip(d->rest) == inner && decoding_tunnel(d, TUNNEL_IPIP, 0) ? inner
										   : LAYER_END;
}

/* The protocol above IP and its extension headers. */
static enum layer decode_transport(struct decoding *d)
{
	switch (d->packet->ip_protocol) {
	case IP_PROTOCOL_TCP:
		return decode_tcp(d);
	case IP_PROTOCOL_UDP:
		return decode_udp(d);
	case NEXT_GRE:
		return LAYER_GRE;
	case NEXT_IPV4:
		return decode_ip_in_ip(d, LAYER_IPV4);
	case NEXT_IPV6:
		return decode_ip_in_ip(d, LAYER_IPV6);
	default:
		return LAYER_END;
	}
}

static void end_without_payload(struct decoding *d)
{
	d->rest = cur_of(NULL, 0);
	d->missing = 0;
}

/* Gives a fragment to the table; true when its datagram is whole and decoding goes on in it. */
static bool put_together(struct decoding *d, struct fragment *fragment)
{
	struct packet *p = d->packet;
	struct fragment_datagram whole;

	if (d->missing > 0) {
		/* Its end was never captured, so its datagram can never be whole. */
		p->truncated = true;
		end_without_payload(d);
		return false;
	}
	fragment->key.source = p->ip_source;
	fragment->key.destination = p->ip_destination;
	fragment->key.vlan = packet_vlan_key(p);
	fragment->key.tunnel = p->n_tunnels > 0 ? p->tunnels[p->n_tunnels - 1].id : 0;
	fragment->key.domain = p->domain;
	fragment->key.ip_version = p->ip_version;
	fragment->clock = p->clock;
	fragment->bytes = d->rest;
	end_without_payload(d);
	switch (fragment_add(d->decoder->fragments, fragment, &whole, &d->conflict)) {
	case FRAGMENT_WHOLE:
		p->fragmented = true;
		p->ip_protocol = whole.protocol;
		p->network = whole.network;
		d->rest = whole.bytes;
		return true;
	case FRAGMENT_REFUSED:
		p->malformed = true;
		return false;
	case FRAGMENT_HELD:
		d->held = true;
		return false;
	}
	return false;
}

/* RFC 8200 4.5. True when decoding goes on: the datagram is whole, or was never cut (RFC 6946). */
static bool decode_fragment_header(struct decoding *d)
{
	struct packet *p = d->packet;
	struct cursor head = decoding_header(d, 8);
	struct fragment fragment = { .header = p->network };
	uint16_t place;

	fragment.protocol = cur_u8(&head);
	cur_skip(&head, 1);
	place = cur_be16(&head);
	fragment.offset = place & 0xfff8;
	fragment.more = (place & 1) != 0;
	fragment.key.id = cur_be32(&head);
	if (!cur_ok(&head)) {
		return false;
	}
	p->ip_protocol = fragment.protocol;
	if (fragment.offset == 0 && !fragment.more) {
		return true;
	}
	fragment.header = cur_sub_most(&fragment.header, IPV6_HEADER);
	return put_together(d, &fragment);
}

/* RFC 8200 4: next header, then the length in units of 8 bytes without the first; RFC 4302 2.2
 * counts in units of 4 without the first two. */
static bool skip_extension(struct decoding *d)
{
	struct packet *p = d->packet;
	bool authentication = p->ip_protocol == NEXT_AUTHENTICATION;
	struct cursor head = decoding_header(d, 2);
	uint8_t next = cur_u8(&head);
	size_t length = cur_u8(&head);

	if (!cur_ok(&head)) {
		return false;
	}
	head = decoding_header(d, authentication ? length * 4 + 6 : length * 8 + 6);
	if (!cur_ok(&head)) {
		return false;
	}
	p->ip_protocol = next;
	return true;
}

/* Only the authentication header is one of IPv4, too. */
static enum layer decode_extensions(struct decoding *d)
{
	for (unsigned n = 0; n < EXTENSIONS_MAX; n++) {
		bool goes_on;

		if (d->packet->ip_version == 4 && d->packet->ip_protocol != NEXT_AUTHENTICATION) {
			return decode_transport(d);
		}
		switch (d->packet->ip_protocol) {
		case NEXT_HOP_BY_HOP:
		case NEXT_ROUTING:
		case NEXT_AUTHENTICATION:
		case NEXT_DESTINATION:
		case NEXT_MOBILITY:
		case NEXT_HIP:
		case NEXT_SHIM6:
			goes_on = skip_extension(d);
			break;
		case NEXT_FRAGMENT:
			goes_on = decode_fragment_header(d);
			break;
		default:
			return decode_transport(d);
		}
		if (!goes_on) {
			return LAYER_END;
		}
	}
	d->decoder->counters.too_many_layers++;
	return LAYER_END;
}

/* RFC 791 3.1: the sum of all 16-bit words of a good header is all ones. */
static bool checksum_bad(uint64_t sum, struct cursor options)
{
	while (cur_left(&options) > 0) {
		sum += cur_be32(&options);
	}
	sum = (sum >> 32) + (sum & 0xffffffff);
	sum = (sum >> 32) + (sum & 0xffffffff);
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	return sum != 0xffff;
}

static COLD enum layer decode_ipv4_fragment(struct decoding *d, uint32_t id_and_offset)
{
	struct packet *p = d->packet;
	struct fragment fragment = {
		.key = { .id = p->ip_id, .protocol = p->ip_protocol },
		.offset = (id_and_offset & 0x1fff) * 8,
		.more = (id_and_offset & 0x2000) != 0,
		.protocol = p->ip_protocol,
		.header = p->network,
	};

	fragment.header = cur_sub_most(&fragment.header, IPV4_HEADER);
	if (!put_together(d, &fragment)) {
		return LAYER_END;
	}
	return p->ip_protocol == NEXT_AUTHENTICATION ? decode_extensions(d) : decode_transport(d);
}

enum layer decode_ipv4(struct decoding *d)
{
	struct packet *p = d->packet;
	struct cursor network = d->rest, options = cur_of(NULL, 0);
	struct cursor head = decoding_header(d, IPV4_HEADER);
	uint32_t length, id_and_offset, ttl, source, destination;
	size_t size, total;

	if (unlikely(!cur_ok(&head))) {
		return LAYER_END;
	}
	length = cur_be32(&head);
	id_and_offset = cur_be32(&head);
	ttl = cur_be32(&head);
	source = cur_be32(&head);
	destination = cur_be32(&head);
	size = (size_t)(length >> 24 & 15) * 4;
	total = length & 0xffff;
	if (unlikely(length >> 28 != 4 || size < IPV4_HEADER || (total < size && total != 0))) {
		return decoding_malformed(d);
	}
	p->ip_version = 4;
	p->ip_protocol = (uint8_t)(ttl >> 16);
	p->ttl = (uint8_t)(ttl >> 24);
	p->ip_id = (uint16_t)(id_and_offset >> 16);
	p->ip_source = ip_from_v4(source);
	p->ip_destination = ip_from_v4(destination);
	/* A total length of 0 was left to the card to fill in (segmentation offload). */
	if (total != 0 && !decoding_limit(d, total - IPV4_HEADER)) {
		p->network = d->rest;
		return LAYER_END;
	}
	network.end = d->rest.end;
	p->network = network;
	if (size > IPV4_HEADER) {
		options = decoding_header(d, size - IPV4_HEADER);
		if (!cur_ok(&options)) {
			return LAYER_END;
		}
	}
	p->bad_checksum =
	    checksum_bad((uint64_t)length + id_and_offset + ttl + source + destination, options);
	d->decoder->counters.bad_ip_checksum += p->bad_checksum;
	if (unlikely((id_and_offset & 0x3fff) != 0)) {
		return decode_ipv4_fragment(d, id_and_offset);
	}
	if (unlikely(p->ip_protocol == NEXT_AUTHENTICATION)) {
		return decode_extensions(d);
	}
	return decode_transport(d);
}

enum layer decode_ipv6(struct decoding *d)
{
	struct packet *p = d->packet;
	struct cursor network = d->rest;
	struct cursor head = decoding_header(d, IPV6_HEADER);
	uint32_t version;
	uint16_t length;
	uint8_t next;

	if (unlikely(!cur_ok(&head))) {
		return LAYER_END;
	}
	version = cur_be32(&head) >> 28;
	length = cur_be16(&head);
	next = cur_u8(&head);
	if (unlikely(version != 6)) {
		return decoding_malformed(d);
	}
	p->ip_version = 6;
	p->ip_protocol = next;
	p->ttl = cur_u8(&head);
	p->ip_id = 0;
	p->bad_checksum = false;
	cur_copy(&head, p->ip_source.bytes, sizeof(p->ip_source.bytes));
	cur_copy(&head, p->ip_destination.bytes, sizeof(p->ip_destination.bytes));
	/* A length of 0 is that of a jumbogram (RFC 2675) or of segmentation offload. */
	if ((length != 0 || next == NEXT_NONE) && !decoding_limit(d, length)) {
		p->network = d->rest;
		return LAYER_END;
	}
	network.end = d->rest.end;
	p->network = network;
	return decode_extensions(d);
}
