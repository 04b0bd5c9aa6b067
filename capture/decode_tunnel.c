/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* decode_tunnel.c - MPLS (RFC 3032, RFC 4385), GRE (RFC 2784, 2890, 1701, 2637), ERSPAN
 * (draft-foschiano-erspan-03), VXLAN (RFC 7348, draft-ietf-nvo3-vxlan-gpe) and GENEVE (RFC 8926).
 *
 * Nothing but a port number tells a UDP tunnel from other traffic, so its header and what
 * follows must fit in every bit that the standards fix; else the packet is what it was. */

#include "capture/decoding.h"

#define MPLS_LABELS_MAX 16
#define MAC_HEADER      14

enum {
	PORT_VXLAN = 4789,
	PORT_VXLAN_GPE = 4790,
	PORT_GENEVE = 6081,
	PORT_VXLAN_LINUX = 8472, /* Linux's default, older than the assignment */
};

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_ERSPAN_3 = 0x22eb,
	TYPE_ETHERNET = 0x6558,
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_MULTICAST = 0x8848,
	TYPE_PPP = 0x880b,
	TYPE_ERSPAN = 0x88be,
};

enum { /* RFC 1701, RFC 2637 4.1: the first 16 bits */
       GRE_CHECKSUM = 0x8000,
       GRE_ROUTING = 0x4000,
       GRE_KEY = 0x2000,
       GRE_SEQUENCE = 0x1000,
       GRE_ACKNOWLEDGEMENT = 0x0080, /* version 1 only */
       GRE_VERSION = 0x0007,
};

struct gre {
	uint16_t flags, type;
	uint32_t key; /* in version 1: payload length << 16 | call id */
};

/* Could `look`, of which `announced` bytes were on the wire, begin with a MAC header? */
static bool is_ethernet(struct cursor look, size_t announced)
{
	uint8_t source;
	uint16_t type;

	cur_skip(&look, 6);
	source = cur_u8(&look);
	cur_skip(&look, 5);
	type = cur_be16(&look);
	if (!cur_ok(&look) || (source & 1) != 0) {
		return false;
	}
	if (type == TYPE_IPV4 || type == TYPE_IPV6) {
		return cur_left(&look) == 0 ||
		       layer_of_ip(look) == (type == TYPE_IPV4 ? LAYER_IPV4 : LAYER_IPV6);
	}
	return type >= 0x0600 || type + (size_t)MAC_HEADER <= announced;
}

/* Could `look` begin with an IP header of a datagram that fits? */
static enum layer is_ip(struct cursor look, size_t announced)
{
	struct cursor first = look;
	uint8_t size = cur_u8(&first) & 0x0f;
	uint16_t total, payload;

	cur_skip(&first, 1);
	total = cur_be16(&first);
	payload = cur_be16(&first);
	switch (layer_of_ip(look)) {
	case LAYER_IPV4:
		return size >= 5 && total <= announced ? LAYER_IPV4 : LAYER_END;
	case LAYER_IPV6:
		return payload <= announced ? LAYER_IPV6 : LAYER_END;
	default:
		return LAYER_END;
	}
}

/* A MAC header of a type that is certain enough where nothing announces Ethernet. */
static bool is_certain_ethernet(struct cursor look, size_t announced)
{
	struct cursor behind = look;
	uint16_t type;

	cur_skip(&behind, 12);
	type = cur_be16(&behind);
	return is_ethernet(look, announced) &&
	       (type == TYPE_IPV4 || type == TYPE_IPV6 || type == TYPE_ARP || type == TYPE_VLAN);
}

/* RFC 4385 3: behind the labels the first nibble is 4 or 6 for IP, 0 for a control word; a
 * pseudowire may also have none. What fits nothing is payload. */
static enum layer layer_behind_labels(struct decoding *d)
{
	size_t announced = decoding_announced(d);
	struct cursor behind = d->rest;
	uint32_t word = cur_be32(&behind);

	if (is_ip(d->rest, announced) != LAYER_END) {
		return layer_of_ip(d->rest);
	}
	/* RFC 4448 4.6: zero, flags and length are reserved in it, then a sequence number. */
	if (cur_ok(&behind) && word >> 16 == 0 && is_ethernet(behind, announced)) {
		d->rest = behind;
		return LAYER_ETHERNET;
	}
	return is_certain_ethernet(d->rest, announced) ? LAYER_ETHERNET : layer_of_ip(d->rest);
}

enum layer decode_mpls(struct decoding *d)
{
	struct cursor head;
	uint32_t label = 0;
	enum layer inner;

	for (unsigned n = 0; (label & 0x100) == 0; n++) { /* bottom of stack */
		if (n == MPLS_LABELS_MAX) {
			d->decoder->counters.too_many_layers++;
			return LAYER_END;
		}
		head = decoding_header(d, 4);
		label = cur_be32(&head);
		if (!cur_ok(&head)) {
			return LAYER_END;
		}
	}
	if (d->packet->n_tunnels == PACKET_TUNNEL_MAX) {
		(void)decoding_tunnel(d, TUNNEL_MPLS, label >> 12);
		return LAYER_END;
	}
	inner = layer_behind_labels(d);
	return inner != LAYER_END && decoding_tunnel(d, TUNNEL_MPLS, label >> 12) ? inner
										  : LAYER_END;
}

/* RFC 1701: source route entries up to one of family 0 and length 0. */
static bool skip_routes(struct decoding *d)
{
	for (;;) {
		struct cursor head = decoding_header(d, 4);
		uint16_t family = cur_be16(&head);
		uint8_t length;

		cur_skip(&head, 1);
		length = cur_u8(&head);
		if (!cur_ok(&head)) {
			return false;
		}
		if (family == 0 && length == 0) {
			return true;
		}
		head = decoding_header(d, length);
		if (!cur_ok(&head)) {
			return false;
		}
	}
}

static bool read_gre(struct decoding *d, struct gre *gre)
{
	struct cursor head = decoding_header(d, 4);
	bool version_1;
	size_t size;

	gre->flags = cur_be16(&head);
	gre->type = cur_be16(&head);
	if (!cur_ok(&head)) {
		return false;
	}
	version_1 = (gre->flags & GRE_VERSION) == 1;
	size = (gre->flags & (GRE_CHECKSUM | GRE_ROUTING)) != 0 ? 4 : 0;
	head = decoding_header(d, size);
	if (!cur_ok(&head)) {
		return false;
	}
	size = (gre->flags & GRE_KEY) != 0 ? 4 : 0;
	head = decoding_header(d, size);
	gre->key = size != 0 ? cur_be32(&head) : 0;
	if (!cur_ok(&head)) {
		return false;
	}
	size = (gre->flags & GRE_SEQUENCE) != 0 ? 4 : 0;
	size += version_1 && (gre->flags & GRE_ACKNOWLEDGEMENT) != 0 ? 4 : 0;
	head = decoding_header(d, size);
	return cur_ok(&head) && ((gre->flags & GRE_ROUTING) == 0 || skip_routes(d));
}

/* Type I has no header; type II has version 1, type III version 2 and perhaps a sub-header. */
static enum layer decode_erspan(struct decoding *d, const struct gre *gre)
{
	bool third = gre->type == TYPE_ERSPAN_3;
	struct cursor head;
	uint32_t word, last;

	if (!third && (gre->flags & GRE_SEQUENCE) == 0) {
		return decoding_tunnel(d, TUNNEL_ERSPAN, 0) ? LAYER_ETHERNET : LAYER_END;
	}
	head = decoding_header(d, third ? 12 : 8);
	word = cur_be32(&head);
	last = cur_be32(&head);
	last = third ? cur_be32(&head) : last;
	if (!cur_ok(&head)) {
		return LAYER_END;
	}
	if (word >> 28 != (third ? 2 : 1)) {
		return decoding_malformed(d);
	}
	if (third && (last & 1) != 0) { /* the O bit */
		head = decoding_header(d, 8);
		if (!cur_ok(&head)) {
			return LAYER_END;
		}
	}
	if (!decoding_tunnel(d, TUNNEL_ERSPAN, word & 0x3ff)) {
		return LAYER_END;
	}
	d->cut = d->cut || (word & 0x400) != 0;  /* the T bit: truncated by the mirroring switch */
	if (third && (last >> 10 & 0x1f) == 2) { /* frame type IP */
		return layer_of_ip(d->rest);
	}
	return LAYER_ETHERNET;
}

/* RFC 2637 4.1. A packet without payload acknowledges only. */
static enum layer decode_pptp(struct decoding *d, const struct gre *gre)
{
	size_t length = gre->key >> 16;

	if (length == 0 || gre->type != TYPE_PPP || !decoding_limit(d, length)) {
		return LAYER_END;
	}
	return decoding_tunnel(d, TUNNEL_GRE, gre->key & 0xffff) ? LAYER_PPP : LAYER_END;
}

static enum layer layer_in_gre(uint16_t type)
{
	switch (type) {
	case TYPE_IPV4:
		return LAYER_IPV4;
	case TYPE_IPV6:
		return LAYER_IPV6;
	case TYPE_ETHERNET:
		return LAYER_ETHERNET;
	case TYPE_MPLS:
	case TYPE_MPLS_MULTICAST:
		return LAYER_MPLS;
	case TYPE_PPP:
		return LAYER_PPP;
	default:
		return LAYER_END;
	}
}

enum layer decode_gre(struct decoding *d)
{
	struct gre gre;
	struct decoding whole = *d;
	enum layer inner = LAYER_END;

	if (!read_gre(d, &gre)) {
		return LAYER_END;
	}
	if ((gre.flags & GRE_VERSION) == 1) {
		inner = decode_pptp(d, &gre);
	} else if ((gre.flags & GRE_VERSION) == 0) {
		if (gre.type == TYPE_ERSPAN || gre.type == TYPE_ERSPAN_3) {
			inner = decode_erspan(d, &gre);
		} else {
			inner = layer_in_gre(gre.type);
			if (inner != LAYER_END && !decoding_tunnel(d, TUNNEL_GRE, gre.key)) {
				inner = LAYER_END;
			}
		}
	}
	if (inner == LAYER_END && !d->packet->malformed && !d->packet->truncated) {
		d->rest = whole.rest; /* the packet stays one of GRE */
		d->missing = whole.missing;
	}
	return inner;
}

/* The tunnel's header is `rest` behind d->rest: enters it, or leaves all as it is. */
static enum layer enter(struct decoding *d, struct cursor rest, enum layer inner,
			struct tunnel tunnel)
{
	size_t announced = cur_left(&rest) + d->missing;

	if (inner == LAYER_ETHERNET && !is_ethernet(rest, announced)) {
		return LAYER_END;
	}
	if ((inner == LAYER_IPV4 || inner == LAYER_IPV6) && is_ip(rest, announced) != inner) {
		return LAYER_END;
	}
	if (inner == LAYER_END || !decoding_tunnel(d, tunnel.type, tunnel.id)) {
		return LAYER_END;
	}
	d->rest = rest;
	return inner;
}

/* RFC 7348 5. The extension for group policy sets G, D and A, and fills the next 16 bits. */
static enum layer decode_vxlan(struct decoding *d)
{
	struct cursor rest = d->rest;
	uint32_t flags = cur_be32(&rest), vni = cur_be32(&rest);
	bool policy = (flags & 0x80000000) != 0;
	uint32_t allowed = policy ? 0x8848ffff : 0x08000000;

	if (!cur_ok(&rest) || (flags & 0x08000000) == 0 || (flags & ~allowed) != 0 ||
	    (vni & 0xff) != 0) {
		return LAYER_END;
	}
	return enter(d, rest, LAYER_ETHERNET,
		     (struct tunnel) { .type = TUNNEL_VXLAN, .id = vni >> 8 });
}

/* Version 0, the I bit, and with the P bit the number of the protocol inside. */
static enum layer decode_vxlan_gpe(struct decoding *d)
{
	static const enum layer protocols[] = {
		[1] = LAYER_IPV4,
		[2] = LAYER_IPV6,
		[3] = LAYER_ETHERNET,
		[5] = LAYER_MPLS,
	};
	struct cursor rest = d->rest;
	uint32_t flags = cur_be32(&rest), vni = cur_be32(&rest);
	uint8_t protocol = (flags & 0x04000000) != 0 ? (uint8_t)flags : 3;

	if (!cur_ok(&rest) || (flags & 0xf8ffff00) != 0x08000000 || (vni & 0xff) != 0 ||
	    protocol >= ARRAY_SIZE(protocols)) {
		return LAYER_END;
	}
	return enter(d, rest, protocols[protocol],
		     (struct tunnel) { .type = TUNNEL_VXLAN, .id = vni >> 8 });
}

/* RFC 8926 3.4: version 0, reserved bits zero, options in units of 4 bytes. */
static enum layer decode_geneve(struct decoding *d)
{
	struct cursor rest = d->rest;
	uint32_t head = cur_be32(&rest), vni = cur_be32(&rest);
	enum layer inner = layer_in_gre((uint16_t)head);

	cur_skip(&rest, (size_t)(head >> 24 & 0x3f) * 4);
	if (!cur_ok(&rest) || head >> 30 != 0 || (head & 0x003f0000) != 0 || (vni & 0xff) != 0) {
		return LAYER_END;
	}
	if (inner == LAYER_PPP || inner == LAYER_MPLS) {
		return LAYER_END;
	}
	return enter(d, rest, inner, (struct tunnel) { .type = TUNNEL_GENEVE, .id = vni >> 8 });
}

enum layer decode_udp_tunnel(struct decoding *d, uint16_t port)
{
	switch (port) {
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
		return decode_vxlan(d);
	case PORT_VXLAN_GPE:
		return decode_vxlan_gpe(d);
	case PORT_GENEVE:
		return decode_geneve(d);
	default:
		return LAYER_END;
	}
}
