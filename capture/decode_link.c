/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* decode_link.c - link layers as tcpdump.org/linktypes.html describes them, Ethernet with its
 * tags, LLC and SNAP (IEEE 802.3, 802.2, 802.1Q), the tag of seamless rings (IEC 62439-3), PPP (RFC
 * 1661, 1662) and PPPoE (RFC 2516). */

#include "capture/decoding.h"

enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW_BSD = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_PPP_HDLC = 50,
	LINK_PPP_ETHER = 51,
	LINK_RAW = 101,
	LINK_CISCO_HDLC = 104,
	LINK_LOOP = 108,
	LINK_LINUX_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_LINUX_SLL2 = 276,
};

enum {
	ETHER_IPV4 = 0x0800,
	ETHER_ARP = 0x0806,
	ETHER_VLAN = 0x8100,
	ETHER_IPV6 = 0x86dd,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_MULTICAST = 0x8848,
	ETHER_PPPOE_DISCOVERY = 0x8863,
	ETHER_PPPOE = 0x8864,
	ETHER_HSR = 0x892f,
	ETHER_PROVIDER_VLAN = 0x88a8,
	ETHER_OLD_PROVIDER_VLAN = 0x9100,
};

#define ETHER_TYPE_MIN 0x0600 /* an EtherType; IEEE 802.3 3.2.6 */
#define LENGTH_MAX     1500   /* the length of an 802.3 frame; between the two is undefined */
#define LLC_SNAP       0xaaaa
#define SLL_802_2      4 /* the "protocol" of a Linux cooked frame that carries LLC */

#define ARPHRD_ETHERNET_ 1

static enum layer unknown_type(struct decoding *d)
{
	d->decoder->counters.unknown_ether_type++;
	return LAYER_END;
}

/* BSD address families; IPv6 has a number of its own in each BSD, and in Windows and Linux. */
static enum layer decode_family(struct decoding *d, uint32_t family)
{
	switch (family) {
	case 2:
		return LAYER_IPV4;
	case 10:
	case 23:
	case 24:
	case 28:
	case 30:
		return LAYER_IPV6;
	default:
		return unknown_type(d);
	}
}

static enum layer decode_null(struct decoding *d, bool host_order)
{
	struct cursor head = decoding_header(d, 4), swapped = head;
	uint32_t family = cur_be32(&head);

	if (!cur_ok(&head)) {
		return LAYER_END;
	}
	/* The host may have been of either byte order; families are small. */
	return decode_family(d, host_order && family > 0xffff ? cur_le32(&swapped) : family);
}

static enum layer decode_raw(struct decoding *d)
{
	enum layer layer = layer_of_ip(d->rest);

	if (layer == LAYER_END) {
		(void)decoding_header(d, 1);
		return d->packet->truncated ? LAYER_END : decoding_malformed(d);
	}
	return layer;
}

/* Both versions of Linux cooked capture name the sender's address only. */
static void take_sender(struct decoding *d, struct cursor address, uint16_t hardware, size_t n)
{
	struct packet *p = d->packet;

	if (hardware == ARPHRD_ETHERNET_ && n == sizeof(p->mac_source.bytes)) {
		cur_copy(&address, p->mac_source.bytes, sizeof(p->mac_source.bytes));
		p->has_mac = true;
	}
}

static enum layer after_sll(struct decoding *d, uint16_t protocol)
{
	d->type = protocol;
	if (protocol >= ETHER_TYPE_MIN) {
		return LAYER_ETHER_TYPE;
	}
	return protocol == SLL_802_2 ? LAYER_LLC : unknown_type(d);
}

static enum layer decode_sll(struct decoding *d)
{
	struct cursor head = decoding_header(d, 16), address;
	uint16_t hardware, length, protocol;

	cur_skip(&head, 2);
	hardware = cur_be16(&head);
	length = cur_be16(&head);
	address = cur_sub(&head, 8);
	protocol = cur_be16(&head);
	if (!cur_ok(&head)) {
		return LAYER_END;
	}
	take_sender(d, address, hardware, length);
	return after_sll(d, protocol);
}

static enum layer decode_sll2(struct decoding *d)
{
	struct cursor head = decoding_header(d, 20);
	uint16_t protocol = cur_be16(&head), hardware;
	uint8_t length;

	cur_skip(&head, 6);
	hardware = cur_be16(&head);
	cur_skip(&head, 1);
	length = cur_u8(&head);
	if (!cur_ok(&head)) {
		return LAYER_END;
	}
	take_sender(d, head, hardware, length);
	return after_sll(d, protocol);
}

/* Cisco HDLC: address, control, EtherType. Unicast and multicast have an address each, which
 * PPP's (0xff) differs from. */
static enum layer decode_hdlc(struct decoding *d)
{
	struct cursor look = d->rest, head;
	uint8_t address = cur_u8(&look);

	if (address != 0x0f && address != 0x8f) {
		return LAYER_PPP;
	}
	head = decoding_header(d, 4);
	cur_skip(&head, 2);
	d->type = cur_be16(&head);
	if (!cur_ok(&head)) {
		return LAYER_END;
	}
	return d->type >= ETHER_TYPE_MIN ? LAYER_ETHER_TYPE : unknown_type(d);
}

enum layer decode_link(struct decoding *d, int link_type)
{
	if (likely(link_type == LINK_ETHERNET)) {
		return decode_ethernet(d);
	}
	switch (link_type) {
	case LINK_NULL:
		return decode_null(d, true);
	case LINK_LOOP:
		return decode_null(d, false);
	case LINK_RAW:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
		return decode_raw(d);
	case LINK_IPV4:
		return LAYER_IPV4;
	case LINK_IPV6:
		return LAYER_IPV6;
	case LINK_PPP:
		return LAYER_PPP;
	case LINK_PPP_HDLC:
	case LINK_CISCO_HDLC:
		return decode_hdlc(d);
	case LINK_PPP_ETHER:
		d->packet->ether_type = ETHER_PPPOE;
		return LAYER_PPPOE;
	case LINK_LINUX_SLL:
		return decode_sll(d);
	case LINK_LINUX_SLL2:
		return decode_sll2(d);
	default:
		d->decoder->counters.unknown_link_type++;
		return LAYER_END;
	}
}

/* An Ethernet header inside a tunnel: what was found outside is not the packet's any more. */
static void forget_outer(struct packet *p)
{
	p->n_vlans = 0;
	p->llc = 0;
	p->ip_version = p->ip_protocol = p->ttl = 0;
	p->ip_id = 0;
	p->bad_checksum = false;
	memset(&p->ip_source, 0, sizeof(p->ip_source));
	memset(&p->ip_destination, 0, sizeof(p->ip_destination));
	p->network = cur_of(NULL, 0);
}

enum layer decode_ethernet(struct decoding *d)
{
	struct packet *p = d->packet;
	struct cursor head = decoding_header(d, 14);

	if (unlikely(!cur_ok(&head))) {
		return LAYER_END;
	}
	if (p->n_tunnels > 0) {
		forget_outer(p);
	}
	cur_copy(&head, p->mac_destination.bytes, sizeof(p->mac_destination.bytes));
	cur_copy(&head, p->mac_source.bytes, sizeof(p->mac_source.bytes));
	p->has_mac = true;
	d->type = cur_be16(&head);
	if (likely(d->type == ETHER_IPV4)) {
		p->ether_type = ETHER_IPV4;
		return decode_ipv4(d);
	}
	return decode_ether_type(d);
}

/* HSR: path and size 2 | sequence 2 | EtherType 2 (IEC 62439-3, 5.7.2). The frame means what it
 * means without the tag. */
static bool decode_ring_tag(struct decoding *d)
{
	struct cursor head = decoding_header(d, 6);

	cur_skip(&head, 4);
	d->type = cur_be16(&head);
	return cur_ok(&head);
}

static bool is_vlan(uint16_t type)
{
	return type == ETHER_VLAN || type == ETHER_PROVIDER_VLAN || type == ETHER_OLD_PROVIDER_VLAN;
}

/* Consumes the VLAN tags at the front. False when the packet ends there. */
static bool decode_vlans(struct decoding *d)
{
	struct packet *p = d->packet;

	while (is_vlan(d->type)) {
		struct cursor head;
		uint16_t tag;

		p->ether_type = d->type;
		if (p->n_vlans == PACKET_VLAN_MAX) {
			d->decoder->counters.too_many_layers++;
			return false;
		}
		head = decoding_header(d, 4);
		tag = cur_be16(&head);
		d->type = cur_be16(&head);
		if (!cur_ok(&head)) {
			return false;
		}
		p->vlans[p->n_vlans++] = tag & 0x0fff;
	}
	return true;
}

enum layer decode_ether_type(struct decoding *d)
{
	struct packet *p = d->packet;

	if (!decode_vlans(d)) {
		return LAYER_END;
	}
	if (d->type == ETHER_HSR) {
		p->ether_type = ETHER_HSR;
		return decode_ring_tag(d) ? LAYER_ETHER_TYPE : LAYER_END;
	}
	if (d->type <= LENGTH_MAX && d->type > 0) {
		p->ether_type = 0;
		return decoding_limit(d, d->type) ? LAYER_LLC : LAYER_END;
	}
	p->ether_type = d->type;
	switch (d->type) {
	case ETHER_IPV4:
		return LAYER_IPV4;
	case ETHER_IPV6:
		return LAYER_IPV6;
	case ETHER_ARP:
	case ETHER_PPPOE_DISCOVERY:
		return LAYER_END;
	case ETHER_MPLS:
	case ETHER_MPLS_MULTICAST:
		return LAYER_MPLS;
	case ETHER_PPPOE:
		return LAYER_PPPOE;
	default:
		return unknown_type(d);
	}
}

/* SNAP with the OUI of RFC 1042 or of IEEE 802.1H: an EtherType follows. Other OUIs are payload
 * from the OUI on. */
static enum layer decode_snap(struct decoding *d)
{
	struct cursor rest = d->rest, head = cur_sub(&rest, 5);
	uint32_t oui = cur_be24(&head);
	uint16_t type = cur_be16(&head);

	if (!cur_ok(&head) || (oui != 0 && oui != 0x0000f8) || type < ETHER_TYPE_MIN) {
		return LAYER_END;
	}
	d->rest = rest;
	d->packet->llc = 0;
	d->type = type;
	return LAYER_ETHER_TYPE;
}

enum layer decode_llc(struct decoding *d)
{
	struct cursor head = decoding_header(d, 3);
	uint16_t points = cur_be16(&head);
	uint8_t control = cur_u8(&head);

	if (!cur_ok(&head)) {
		return LAYER_END;
	}
	d->packet->llc = points;
	if ((control & 3) != 3) { /* IEEE 802.2 5.2: only unnumbered frames have one byte of it */
		(void)decoding_header(d, 1);
		return LAYER_END;
	}
	return points == LLC_SNAP ? decode_snap(d) : LAYER_END;
}

/* RFC 1661 2, RFC 1662 3.1; the protocol field may be compressed to its last byte, which is odd. */
enum layer decode_ppp(struct decoding *d)
{
	struct cursor look = d->rest, head;
	uint16_t protocol = cur_be16(&look);

	if (cur_ok(&look) && protocol == 0xff03) {
		d->rest = look;
	}
	look = d->rest;
	head = decoding_header(d, (cur_u8(&look) & 1) != 0 ? 1 : 2);
	protocol = cur_left(&head) == 1 ? cur_u8(&head) : cur_be16(&head);
	if (!cur_ok(&head)) {
		return LAYER_END;
	}
	switch (protocol) {
	case 0x0021:
		return LAYER_IPV4;
	case 0x0057:
		return LAYER_IPV6;
	case 0x0281:
	case 0x0283:
		return LAYER_MPLS;
	default:
		return unknown_type(d);
	}
}

enum layer decode_pppoe(struct decoding *d)
{
	struct cursor head = decoding_header(d, 6);
	uint8_t version_type = cur_u8(&head), code = cur_u8(&head);
	uint16_t session = cur_be16(&head), length = cur_be16(&head);

	if (!cur_ok(&head)) {
		return LAYER_END;
	}
	if (version_type != 0x11) {
		return decoding_malformed(d);
	}
	if (!decoding_limit(d, length) || code != 0 || !decoding_tunnel(d, TUNNEL_PPPOE, session)) {
		return LAYER_END;
	}
	return LAYER_PPP;
}
