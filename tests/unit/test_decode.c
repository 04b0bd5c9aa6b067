/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Frames are built from the inside out: each row names its layers, outermost first, and is made
 * with an IPv4 and with an IPv6 packet inside. */

#include "capture/decode.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define SIZE 2048
#define IP   0xffffff /* in a layer's argument: the number of the IP version inside */

struct build {
	uint8_t bytes[SIZE];
	size_t at; /* the frame is bytes[at..SIZE) */
	int version;
};

static size_t length_of(const struct build *b)
{
	return SIZE - b->at;
}

static uint8_t *front(struct build *b, size_t n)
{
	b->at -= n;
	memset(b->bytes + b->at, 0, n);
	return b->bytes + b->at;
}

static void put(uint8_t *at, size_t n, uint64_t value)
{
	while (n-- > 0) {
		at[n] = (uint8_t)value;
		value >>= 8;
	}
}

static unsigned pick(const struct build *b, unsigned argument, unsigned v4, unsigned v6)
{
	return argument != IP ? argument : b->version == 4 ? v4 : v6;
}

static unsigned ether_type(const struct build *b, unsigned argument)
{
	return pick(b, argument, 0x0800, 0x86dd);
}

static void tcp(struct build *b, unsigned options)
{
	uint8_t *p;

	memcpy(front(b, 4), "WEIR", 4);
	(void)front(b, options * 4);
	p = front(b, 20);
	put(p, 2, 502);
	put(p + 2, 2, 40000);
	put(p + 4, 4, 0x01020304);
	put(p + 8, 4, 0x05060708);
	p[12] = (uint8_t)((5 + options) << 4);
	p[13] = TCP_PSH | TCP_ACK;
	put(p + 14, 2, 8192);
}

static void udp(struct build *b, unsigned port)
{
	uint8_t *p = front(b, 8);

	put(p, 2, 50000);
	put(p + 2, 2, port);
	put(p + 4, 2, length_of(b));
}

static void ipv4(struct build *b, unsigned protocol)
{
	uint8_t *p = front(b, 20);
	uint32_t sum = 0;

	p[0] = 0x45;
	put(p + 2, 2, length_of(b));
	put(p + 4, 2, 0x1234);
	p[8] = 63;
	p[9] = (uint8_t)pick(b, protocol, 4, 41);
	put(p + 12, 4, 0x0a010203);
	put(p + 16, 4, 0x0a040506);
	for (int i = 0; i < 20; i += 2) {
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	}
	put(p + 10, 2, ~((sum & 0xffff) + (sum >> 16)));
}

static void ipv6(struct build *b, unsigned next)
{
	uint8_t *p = front(b, 40);

	p[0] = 0x60;
	put(p + 4, 2, length_of(b) - 40);
	p[6] = (uint8_t)pick(b, next, 4, 41);
	p[7] = 62;
	p[8] = p[24] = 0x20;
	p[23] = 1;
	p[39] = 2;
}

static void inner(struct build *b, unsigned options)
{
	tcp(b, options);
	if (b->version == 4) {
		ipv4(b, 6);
	} else {
		ipv6(b, 6);
	}
}

/* An extension header of 16 bytes; its own next header is the argument's low byte. */
static void extension(struct build *b, unsigned next)
{
	uint8_t *p = front(b, 16);

	p[0] = (uint8_t)next;
	p[1] = 1;
}

static void authentication(struct build *b, unsigned next)
{
	uint8_t *p = front(b, 24);

	p[0] = (uint8_t)next;
	p[1] = 4;
}

static void atomic_fragment(struct build *b, unsigned next)
{
	front(b, 8)[0] = (uint8_t)next;
}

static void eth(struct build *b, unsigned type)
{
	unsigned value = ether_type(b, type);
	uint8_t *p = front(b, 14);

	put(p, 6, 0x020000000001);
	put(p + 6, 6, 0x020000000002);
	put(p + 12, 2, value);
}

/* An 802.3 frame: the length takes the place of the type. */
static void eth_length(struct build *b, unsigned unused)
{
	size_t n = length_of(b);

	(void)unused;
	eth(b, (unsigned)n);
}

static void two(struct build *b, unsigned value)
{
	put(front(b, 2), 2, ether_type(b, value));
}

/* A tag: the type is that of what follows; its id is 100 more than the tags already there. */
static void vlan(struct build *b, unsigned type)
{
	two(b, type);
	put(front(b, 2), 2, 0xa000 | 100);
}

/* The tag of a seamless ring: the type is that of what follows. */
static void ring_tag(struct build *b, unsigned type)
{
	size_t n = length_of(b);

	two(b, type);
	put(front(b, 4), 4, (n + 6) << 16 | 7);
}

static void snap(struct build *b, unsigned type)
{
	two(b, type);
	put(front(b, 6), 6, 0xaaaa03000000);
}

static void four(struct build *b, unsigned value)
{
	put(front(b, 4), 4, value);
}

static void sll(struct build *b, unsigned type)
{
	uint8_t *p = front(b, 16);

	put(p + 2, 2, 1);
	put(p + 4, 2, 6);
	put(p + 6, 6, 0x020000000002);
	put(p + 14, 2, ether_type(b, type));
}

static void sll2(struct build *b, unsigned type)
{
	uint8_t *p = front(b, 20);

	put(p, 2, ether_type(b, type));
	put(p + 8, 2, 1);
	p[11] = 6;
	put(p + 12, 6, 0x020000000002);
}

static void family(struct build *b, unsigned big_endian)
{
	uint8_t *p = front(b, 4);

	p[big_endian ? 3 : 0] = b->version == 4 ? 2 : 30;
}

static void ppp(struct build *b, unsigned n)
{
	put(front(b, n), n, b->version == 4 ? 0x21 : 0x57);
}

static void pppoe(struct build *b, unsigned session)
{
	size_t n = length_of(b);
	uint8_t *p = front(b, 6);

	p[0] = 0x11;
	put(p + 2, 2, session);
	put(p + 4, 2, n);
}

static void gre(struct build *b, unsigned flags)
{
	unsigned type = ether_type(b, IP);

	if ((flags & 0x4000) != 0) { /* routing: one entry of 4 bytes, and the end */
		(void)front(b, 4);
		put(front(b, 8), 8, 0x0800000400000000);
	}
	if ((flags & 0x1000) != 0) {
		four(b, 7);
	}
	if ((flags & 0x2000) != 0) {
		four(b, 77);
	}
	if ((flags & 0xc000) != 0) {
		four(b, 0);
	}
	two(b, type);
	two(b, flags);
}

static void gre_ethernet(struct build *b, unsigned type)
{
	two(b, type);
	two(b, 0);
}

static void pptp(struct build *b, unsigned flags)
{
	size_t n = length_of(b);

	four(b, 1);
	if ((flags & 0x80) != 0) {
		four(b, 1);
	}
	four(b, (unsigned)n << 16 | 9);
	two(b, 0x880b);
	two(b, flags);
}

static void erspan_2(struct build *b, unsigned session)
{
	four(b, 0);
	four(b, 1U << 28 | session);
	four(b, 5);
	two(b, 0x88be);
	two(b, 0x1000);
}

static void erspan_3(struct build *b, unsigned sub_header)
{
	(void)front(b, sub_header ? 8 : 0);
	four(b, sub_header);
	four(b, 0);
	four(b, 2U << 28 | 11);
	four(b, 5);
	two(b, 0x22eb);
	two(b, 0x1000);
}

static void vxlan(struct build *b, unsigned vni)
{
	four(b, vni << 8);
	four(b, 0x08000000);
}

static void vxlan_gpe(struct build *b, unsigned protocol)
{
	four(b, 66 << 8);
	four(b, 0x0c000000 | pick(b, protocol, 1, 2));
}

static void geneve(struct build *b, unsigned type)
{
	unsigned value = ether_type(b, type);

	(void)front(b, 8);
	four(b, 55 << 8);
	two(b, value);
	two(b, 2 << 8);
}

struct step {
	void (*add)(struct build *b, unsigned argument);
	unsigned argument;
};

struct row {
	const char *name;
	int link_type;
	struct step steps[10];
	unsigned n_vlans, n_tunnels, tunnel_type, tunnel_id; /* of the innermost */
};

#define ETH(type)         \
	{                 \
		eth, type \
	}
#define INNER            \
	{                \
		inner, 0 \
	}

static const struct row rows[] = {
	{ "ethernet", 1, { ETH(IP), INNER }, 0, 0, 0, 0 },
	{ "tcp options", 1, { ETH(IP), { inner, 10 } }, 0, 0, 0, 0 },
	{ "null, little-endian", 0, { { family, 0 }, INNER }, 0, 0, 0, 0 },
	{ "null, big-endian", 0, { { family, 1 }, INNER }, 0, 0, 0, 0 },
	{ "loop", 108, { { family, 1 }, INNER }, 0, 0, 0, 0 },
	{ "raw", 101, { INNER }, 0, 0, 0, 0 },
	{ "raw 12", 12, { INNER }, 0, 0, 0, 0 },
	{ "raw 14", 14, { INNER }, 0, 0, 0, 0 },
	{ "ppp", 9, { { ppp, 2 }, INNER }, 0, 0, 0, 0 },
	{ "ppp framed", 9, { { two, 0xff03 }, { ppp, 2 }, INNER }, 0, 0, 0, 0 },
	{ "ppp serial", 50, { { two, 0xff03 }, { ppp, 1 }, INNER }, 0, 0, 0, 0 },
	{ "cisco hdlc", 50, { { two, 0x0f00 }, { two, IP }, INNER }, 0, 0, 0, 0 },
	{ "ppp over ethernet", 51, { { pppoe, 3 }, { ppp, 2 }, INNER }, 0, 1, TUNNEL_PPPOE, 3 },
	{ "linux cooked", 113, { { sll, IP }, INNER }, 0, 0, 0, 0 },
	{ "linux cooked 2", 276, { { sll2, IP }, INNER }, 0, 0, 0, 0 },
	{ "linux cooked, tag", 113, { { sll, 0x8100 }, { vlan, IP }, INNER }, 1, 0, 0, 0 },
	{ "snap", 1, { { eth_length, 0 }, { snap, IP }, INNER }, 0, 0, 0, 0 },
	{ "tag", 1, { ETH(0x8100), { vlan, IP }, INNER }, 1, 0, 0, 0 },
	{ "ring tag", 1, { ETH(0x892f), { ring_tag, IP }, INNER }, 0, 0, 0, 0 },
	{ "tag, ring tag",
	  1,
	  { ETH(0x8100), { vlan, 0x892f }, { ring_tag, IP }, INNER },
	  1,
	  0,
	  0,
	  0 },
	{ "ring tag, tag",
	  1,
	  { ETH(0x892f), { ring_tag, 0x8100 }, { vlan, IP }, INNER },
	  1,
	  0,
	  0,
	  0 },
	{ "four tags",
	  1,
	  { ETH(0x88a8),
	    { vlan, 0x9100 },
	    { vlan, 0x8100 },
	    { vlan, 0x8100 },
	    { vlan, IP },
	    INNER },
	  4,
	  0,
	  0,
	  0 },
	{ "mpls",
	  1,
	  { ETH(0x8847), { four, 17 << 12 }, { four, 18 << 12 | 0x100 }, INNER },
	  0,
	  1,
	  TUNNEL_MPLS,
	  18 },
	{ "pseudowire with control word",
	  1,
	  { ETH(0x8847), { four, 18 << 12 | 0x100 }, { four, 5 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_MPLS,
	  18 },
	{ "pseudowire without",
	  1,
	  { ETH(0x8848), { four, 18 << 12 | 0x100 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_MPLS,
	  18 },
	{ "pseudowire without, tag",
	  1,
	  { ETH(0x8847), { four, 19 << 12 | 0x100 }, ETH(0x8100), { vlan, IP }, INNER },
	  1,
	  1,
	  TUNNEL_MPLS,
	  19 },
	{ "authentication",
	  1,
	  { ETH(0x0800), { ipv4, 51 }, { authentication, 47 }, { gre, 0 }, INNER },
	  0,
	  1,
	  TUNNEL_GRE,
	  0 },
	{ "pppoe", 1, { ETH(0x8864), { pppoe, 8 }, { ppp, 2 }, INNER }, 0, 1, TUNNEL_PPPOE, 8 },
	{ "gre", 1, { ETH(0x0800), { ipv4, 47 }, { gre, 0 }, INNER }, 0, 1, TUNNEL_GRE, 0 },
	{ "gre, all fields",
	  1,
	  { ETH(0x86dd), { ipv6, 47 }, { gre, 0xf000 }, INNER },
	  0,
	  1,
	  TUNNEL_GRE,
	  77 },
	{ "gre, checksum and key",
	  1,
	  { ETH(0x0800), { ipv4, 47 }, { gre, 0xa000 }, INNER },
	  0,
	  1,
	  TUNNEL_GRE,
	  77 },
	{ "gre, ethernet",
	  1,
	  { ETH(0x0800), { ipv4, 47 }, { gre_ethernet, 0x6558 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_GRE,
	  0 },
	{ "pptp",
	  1,
	  { ETH(0x0800), { ipv4, 47 }, { pptp, 0x3001 }, { two, 0xff03 }, { ppp, 1 }, INNER },
	  0,
	  1,
	  TUNNEL_GRE,
	  9 },
	{ "pptp with acknowledgement",
	  1,
	  { ETH(0x0800), { ipv4, 47 }, { pptp, 0x3081 }, { ppp, 2 }, INNER },
	  0,
	  1,
	  TUNNEL_GRE,
	  9 },
	{ "erspan I",
	  1,
	  { ETH(0x0800), { ipv4, 47 }, { gre_ethernet, 0x88be }, ETH(0x8100), { vlan, IP }, INNER },
	  1,
	  1,
	  TUNNEL_ERSPAN,
	  0 },
	{ "erspan II",
	  1,
	  { ETH(0x0800), { ipv4, 47 }, { erspan_2, 10 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_ERSPAN,
	  10 },
	{ "erspan III",
	  1,
	  { ETH(0x0800), { ipv4, 47 }, { erspan_3, 0 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_ERSPAN,
	  11 },
	{ "erspan III, sub-header",
	  1,
	  { ETH(0x86dd), { ipv6, 47 }, { erspan_3, 1 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_ERSPAN,
	  11 },
	{ "vxlan",
	  1,
	  { ETH(0x8100),
	    { vlan, 0x0800 },
	    { ipv4, 17 },
	    { udp, 4789 },
	    { vxlan, 44 },
	    ETH(IP),
	    INNER },
	  0,
	  1,
	  TUNNEL_VXLAN,
	  44 },
	{ "vxlan, port of linux",
	  1,
	  { ETH(0x86dd), { ipv6, 17 }, { udp, 8472 }, { vxlan, 44 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_VXLAN,
	  44 },
	{ "vxlan-gpe",
	  1,
	  { ETH(0x0800), { ipv4, 17 }, { udp, 4790 }, { vxlan_gpe, IP }, INNER },
	  0,
	  1,
	  TUNNEL_VXLAN,
	  66 },
	{ "vxlan-gpe, ethernet",
	  1,
	  { ETH(0x0800), { ipv4, 17 }, { udp, 4790 }, { vxlan_gpe, 3 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_VXLAN,
	  66 },
	{ "geneve",
	  1,
	  { ETH(0x0800), { ipv4, 17 }, { udp, 6081 }, { geneve, 0x6558 }, ETH(IP), INNER },
	  0,
	  1,
	  TUNNEL_GENEVE,
	  55 },
	{ "geneve, ip",
	  1,
	  { ETH(0x86dd), { ipv6, 17 }, { udp, 6081 }, { geneve, IP }, INNER },
	  0,
	  1,
	  TUNNEL_GENEVE,
	  55 },
	{ "ip in ipv4", 1, { ETH(0x0800), { ipv4, IP }, INNER }, 0, 1, TUNNEL_IPIP, 0 },
	{ "ip in ipv6", 1, { ETH(0x86dd), { ipv6, IP }, INNER }, 0, 1, TUNNEL_IPIP, 0 },
	{ "ip in ip in extensions",
	  1,
	  { ETH(0x86dd),
	    { ipv6, 0 },
	    { extension, 43 },
	    { extension, 60 },
	    { extension, 44 },
	    { atomic_fragment, 51 },
	    { authentication, 41 },
	    { ipv6, IP },
	    INNER },
	  0,
	  2,
	  TUNNEL_IPIP,
	  0 },
	{ "four tunnels",
	  1,
	  { ETH(0x0800), { ipv4, 4 }, { ipv4, 41 }, { ipv6, 4 }, { ipv4, 47 }, { gre, 0 }, INNER },
	  0,
	  4,
	  TUNNEL_GRE,
	  0 },
};

static void build(struct build *b, const struct row *row, int version)
{
	size_t n = 0;

	*b = (struct build) { .at = SIZE, .version = version };
	while (n < ARRAY_SIZE(row->steps) && row->steps[n].add != NULL) {
		n++;
	}
	while (n-- > 0) {
		row->steps[n].add(b, row->steps[n].argument);
	}
}

static enum decode_result decode(struct decoder *decoder, const struct frame *frame,
				 struct packet *out)
{
	/* What an earlier packet left must not be seen. */
	memset(out, 0xa5, sizeof(*out));
	return decode_frame(decoder, frame, out, NULL);
}

static struct frame frame_of(const struct build *b, int link_type)
{
	return (struct frame) {
		.number = 1,
		.bytes = b->bytes + b->at,
		.captured = (uint32_t)length_of(b),
		.length = (uint32_t)length_of(b),
		.link_type = link_type,
	};
}

static struct decoder *new_decoder(void)
{
	struct decode_options options = decode_defaults();
	struct decoder *decoder = NULL;

	assert_int_equal(decoder_new(&decoder, &options), 0);
	return decoder;
}

static void check_inner(const struct packet *p, int version)
{
	static const struct ip source_6 = { { 0x20, [15] = 1 } }, target_6 = { { 0x20, [15] = 2 } };
	struct ip source = version == 4 ? ip_from_v4(0x0a010203) : source_6;
	struct ip target = version == 4 ? ip_from_v4(0x0a040506) : target_6;

	assert_false(p->malformed);
	assert_false(p->truncated);
	assert_false(p->bad_checksum);
	assert_false(p->fragmented);
	assert_int_equal(p->ip_version, version);
	assert_int_equal(p->ip_protocol, IP_PROTOCOL_TCP);
	assert_int_equal(p->ttl, version == 4 ? 63 : 62);
	assert_int_equal(p->ip_id, version == 4 ? 0x1234 : 0);
	assert_true(ip_equal(&p->ip_source, &source));
	assert_true(ip_equal(&p->ip_destination, &target));
	assert_int_equal(p->port_source, 502);
	assert_int_equal(p->port_destination, 40000);
	assert_int_equal(p->tcp_sequence, 0x01020304);
	assert_int_equal(p->tcp_acknowledgement, 0x05060708);
	assert_int_equal(p->tcp_flags, TCP_PSH | TCP_ACK);
	assert_int_equal(p->tcp_window, 8192);
	assert_int_equal(p->payload_length, 4);
	assert_true(cur_equal(p->payload, cur_of("WEIR", 4)));
	assert_ptr_equal(p->network.end, p->payload.end);
}

static void test_rows(void **state)
{
	struct decoder *decoder = new_decoder();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows) * 2; i++) {
		const struct row *row = &rows[i / 2];
		int version = i % 2 == 0 ? 4 : 6;
		struct build b;
		struct packet p;
		struct frame frame;

		build(&b, row, version);
		frame = frame_of(&b, row->link_type);
		print_message("%s, IPv%d\n", row->name, version);
		assert_int_equal(decode(decoder, &frame, &p), DECODE_PACKET);
		check_inner(&p, version);
		assert_int_equal(p.n_vlans, row->n_vlans);
		for (unsigned n = 0; n < p.n_vlans; n++) {
			assert_int_equal(p.vlans[n], 100);
		}
		assert_int_equal(p.n_tunnels, row->n_tunnels);
		if (p.n_tunnels > 0) {
			assert_int_equal(p.tunnels[p.n_tunnels - 1].type, row->tunnel_type);
			assert_int_equal(p.tunnels[p.n_tunnels - 1].id, row->tunnel_id);
		}
		assert_int_equal(p.has_mac, row->link_type == 1 || row->link_type == 113 ||
						row->link_type == 276);
		assert_int_equal(p.mac_source.bytes[5], p.has_mac ? 2 : 0);
	}
	assert_int_equal(decoder_counters(decoder)->frames, ARRAY_SIZE(rows) * 2);
	assert_int_equal(decoder_counters(decoder)->tcp, ARRAY_SIZE(rows) * 2);
	assert_int_equal(decoder_counters(decoder)->too_many_layers, 0);
	decoder_free(decoder);
}

/* Cuts one frame to n bytes in a block of its own, so that a read past its end is seen. */
static void decode_cut(struct decoder *decoder, struct frame frame, uint32_t n, bool on_wire)
{
	uint8_t *block = malloc(n > 0 ? n : 1);
	struct packet p;

	assert_non_null(block);
	memcpy(block, frame.bytes, n);
	frame.bytes = block;
	frame.captured = n;
	frame.length = on_wire ? frame.length : n;
	assert_int_equal(decode(decoder, &frame, &p), DECODE_PACKET);
	assert_int_equal(p.truncated, on_wire);
	assert_false(on_wire && p.malformed);
	assert_true(cur_left(&p.payload) <= n);
	assert_true(p.payload_length >= cur_left(&p.payload));
	free(block);
}

static void test_cut_everywhere(void **state)
{
	struct decoder *decoder = new_decoder();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows) * 2; i++) {
		struct build b;
		struct frame frame;

		build(&b, &rows[i / 2], i % 2 == 0 ? 4 : 6);
		frame = frame_of(&b, rows[i / 2].link_type);
		for (uint32_t n = 0; n < frame.length; n++) {
			decode_cut(decoder, frame, n, true);
			decode_cut(decoder, frame, n, false);
		}
	}
	decoder_free(decoder);
}

/* Any single byte may be anything: nothing is read past the end, and nothing is lost on the way. */
static void test_flipped_bytes(void **state)
{
	struct decoder *decoder = new_decoder();
	uint64_t frames = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows) * 2; i++) {
		struct build b;
		struct frame frame;
		struct packet p;

		build(&b, &rows[i / 2], i % 2 == 0 ? 4 : 6);
		for (size_t n = 0; n < length_of(&b); n++) {
			uint8_t *byte = malloc(length_of(&b));

			assert_non_null(byte);
			memcpy(byte, b.bytes + b.at, length_of(&b));
			byte[n] ^= (uint8_t)(1 + n * 37 % 255);
			frame = frame_of(&b, rows[i / 2].link_type);
			frame.bytes = byte;
			(void)decode(decoder, &frame, &p);
			frames++;
			free(byte);
		}
	}
	assert_int_equal(decoder_counters(decoder)->frames, frames);
	assert_int_equal(decoder_counters(decoder)->truncated, 0);
	decoder_free(decoder);
}

/* One frame that is changed or built by hand, and what comes out. */
static struct packet decode_steps(struct decoder *decoder, const struct row *row, size_t padding,
				  int change_at, unsigned change)
{
	static struct build b; /* the packet points into it */
	struct packet p;
	struct frame frame;

	build(&b, row, 4);
	if (padding > 0) {
		memmove(b.bytes + b.at - padding, b.bytes + b.at, length_of(&b));
		b.at -= padding;
		memset(b.bytes + SIZE - padding, 0xee, padding);
	}
	if (change_at >= 0) {
		b.bytes[b.at + (size_t)change_at] = (uint8_t)change;
	}
	frame = frame_of(&b, row->link_type);
	(void)decode(decoder, &frame, &p);
	return p;
}

static void test_lengths(void **state)
{
	static const struct row plain = { "", 1, { ETH(0x0800), INNER }, 0, 0, 0, 0 };
	static const struct row datagram = {
		"", 1, { ETH(0x0800), { ipv4, 17 }, { udp, 99 }, { four, 1 } }, 0, 0, 0, 0
	};
	struct decoder *decoder = new_decoder();
	struct packet p;

	(void)state;
	p = decode_steps(decoder, &plain, 7, -1, 0); /* padding is no payload */
	check_inner(&p, 4);
	p = decode_steps(decoder, &plain, 0, 17, 44); /* total length, as it is */
	assert_false(p.malformed);
	p = decode_steps(decoder, &plain, 0, 17, 45); /* one more than there is */
	assert_true(p.malformed && !p.truncated);
	assert_int_equal(p.ip_version, 4);
	assert_int_equal(p.payload_length, 0);
	p = decode_steps(decoder, &plain, 0, 17, 19); /* less than the header */
	assert_true(p.malformed);
	p = decode_steps(decoder, &plain, 3, 17, 0); /* none: offload */
	assert_false(p.malformed);
	assert_int_equal(p.payload_length, 7);
	p = decode_steps(decoder, &plain, 0, 14, 0x44); /* header of 16 bytes */
	assert_true(p.malformed);
	p = decode_steps(decoder, &plain, 0, 46, 0x40); /* TCP header of 16 bytes */
	assert_true(p.malformed);
	assert_int_equal(p.port_source, 502);
	p = decode_steps(decoder, &plain, 0, 46, 0x60); /* of 24: takes all */
	assert_false(p.malformed);
	assert_int_equal(p.payload_length, 0);
	p = decode_steps(decoder, &plain, 0, 46, 0x70); /* of 28: past the end */
	assert_true(p.malformed);
	p = decode_steps(decoder, &datagram, 0, 39, 12); /* UDP length, as it is */
	assert_int_equal(p.payload_length, 4);
	p = decode_steps(decoder, &datagram, 0, 39, 13);
	assert_true(p.malformed);
	p = decode_steps(decoder, &datagram, 0, 39, 7);
	assert_true(p.malformed);
	p = decode_steps(decoder, &datagram, 0, 39, 9); /* trims */
	assert_false(p.malformed);
	assert_int_equal(p.payload_length, 1);
	p = decode_steps(decoder, &plain, 0, 22, 62); /* TTL without its checksum */
	assert_true(p.bad_checksum && !p.malformed);
	assert_int_equal(decoder_counters(decoder)->malformed, 7);
	decoder_free(decoder);
}

static void test_too_many(void **state)
{
	static const struct row tags = { "",
					 1,
					 { ETH(0x8100),
					   { vlan, 0x8100 },
					   { vlan, 0x8100 },
					   { vlan, 0x8100 },
					   { vlan, 0x8100 },
					   { vlan, 0x0800 },
					   INNER },
					 0,
					 0,
					 0,
					 0 };
	static const struct row tunnels = {
		"",
		1,
		{ ETH(0x0800), { ipv4, 4 }, { ipv4, 4 }, { ipv4, 4 }, { ipv4, 4 }, { ipv4, 4 }, INNER },
		0,
		0,
		0,
		0
	};
	struct decoder *decoder = new_decoder();
	struct packet p = decode_steps(decoder, &tags, 0, -1, 0);

	(void)state;
	assert_int_equal(p.n_vlans, PACKET_VLAN_MAX);
	assert_int_equal(p.ip_version, 0);
	assert_int_equal(p.ether_type, 0x8100);
	assert_false(p.malformed);
	assert_int_equal(decoder_counters(decoder)->too_many_layers, 1);
	p = decode_steps(decoder, &tunnels, 0, -1, 0);
	assert_int_equal(p.n_tunnels, PACKET_TUNNEL_MAX);
	assert_int_equal(p.ip_protocol, 4);
	assert_int_equal(p.payload_length, 44);
	assert_false(p.malformed);
	assert_int_equal(decoder_counters(decoder)->too_many_layers, 2);
	decoder_free(decoder);
}

/* What only looks like a tunnel is a UDP packet of its own. */
static void test_no_tunnel(void **state)
{
	static const struct row vx = {
		"",
		1,
		{ ETH(0x0800), { ipv4, 17 }, { udp, 4789 }, { vxlan, 44 }, ETH(0x0800), INNER },
		0,
		0,
		0,
		0
	};
	static const struct row gen = {
		"",
		1,
		{ ETH(0x0800), { ipv4, 17 }, { udp, 6081 }, { geneve, 0x6558 }, ETH(0x0800), INNER },
		0,
		0,
		0,
		0
	};
	static const struct {
		const struct row *row;
		int at;
		unsigned value;
	} cases[] = {
		{ &vx, 42, 0x00 },  /* no I */
		{ &vx, 42, 0x0c },  /* a reserved flag */
		{ &vx, 45, 0x01 },  /* reserved */
		{ &vx, 49, 0x01 },  /* reserved */
		{ &vx, 56, 0x03 },  /* a group as source inside */
		{ &vx, 64, 0x65 },  /* not IPv4 behind the IPv4 type */
		{ &gen, 42, 0x42 }, /* version 1 */
		{ &gen, 42, 0x3f }, /* options longer than all */
		{ &gen, 43, 0x01 }, /* reserved */
		{ &gen, 44, 0x12 }, /* another protocol */
		{ &gen, 49, 0x01 }, /* reserved */
	};
	struct decoder *decoder = new_decoder();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct packet p =
		    decode_steps(decoder, cases[i].row, 0, cases[i].at, cases[i].value);

		assert_int_equal(p.n_tunnels, 0);
		assert_int_equal(p.ip_protocol, IP_PROTOCOL_UDP);
		assert_int_equal(p.port_source, 50000);
		assert_false(p.malformed);
		assert_int_equal(p.payload_length, cases[i].row == &vx ? 66 : 74);
	}
	assert_int_equal(decoder_counters(decoder)->udp, ARRAY_SIZE(cases));
	decoder_free(decoder);
}

/* A switch that cuts what it mirrors says so; the inner packet does not lie then. */
static void test_cut_by_switch(void **state)
{
	static const struct row cut = {
		"", 1, { ETH(0x0800), { ipv4, 47 }, { erspan_2, 10 }, ETH(0x0800), INNER }, 0, 0,
		0,  0
	};
	struct decoder *decoder = new_decoder();
	struct packet p = decode_steps(decoder, &cut, 0, 14 + 20 + 8 + 8 + 14 + 3, 200);

	(void)state;
	assert_true(p.malformed && !p.truncated);
	p = decode_steps(decoder, &cut, 0, 14 + 20 + 8 + 2, 0x04);
	assert_false(p.truncated);
	struct build b;
	build(&b, &cut, 4);
	b.bytes[b.at + 44] = 0x04;
	b.bytes[b.at + 67] = 200;
	struct frame frame = frame_of(&b, 1);
	(void)decode(decoder, &frame, &p);
	assert_true(p.truncated && !p.malformed);
	assert_int_equal(p.port_source, 502);
	assert_int_equal(p.payload_length, 160);
	assert_int_equal(cur_left(&p.payload), 4);
	decoder_free(decoder);
}

static void test_not_ip(void **state)
{
	static const struct row arp = { "", 1, { ETH(0x8100), { vlan, 0x0806 }, { four, 1 } }, 0, 0,
					0,  0 };
	static const struct row profinet = { "", 1, { ETH(0x8892), { four, 1 } }, 0, 0, 0, 0 };
	static const struct row spanning = {
		"", 1, { { eth_length, 0 }, { two, 0x4242 }, { four, 0x03000000 } }, 0, 0, 0, 0
	};
	static const struct row cisco = {
		"", 1, { { eth_length, 0 }, { four, 0xaaaa0300 }, { four, 0x000c2000 } }, 0, 0, 0, 0
	};
	static const struct row no_type = {
		"", 1, { { eth_length, 0 }, { four, 0xaaaa0300 }, { four, 0x00000100 } }, 0, 0, 0, 0
	};
	static const struct row lldp_inside = { "",
						1,
						{ ETH(0x8100),
						  { vlan, 0x0800 },
						  { ipv4, 17 },
						  { udp, 4789 },
						  { vxlan, 44 },
						  ETH(0x88cc),
						  { four, 1 } },
						0,
						0,
						0,
						0 };
	static const struct row ring = {
		"", 1, { ETH(0x892f), { ring_tag, 0x88fb }, { four, 0x00010007 } }, 0, 0, 0, 0
	};
	static const struct row strange = { "", 147, { { four, 1 } }, 0, 0, 0, 0 };
	struct decoder *decoder = new_decoder();
	struct packet p = decode_steps(decoder, &arp, 0, -1, 0);

	(void)state;
	assert_int_equal(p.ip_version, 0);
	assert_int_equal(p.ether_type, 0x0806);
	assert_int_equal(p.n_vlans, 1);
	assert_int_equal(p.payload_length, 4);
	p = decode_steps(decoder, &profinet, 0, -1, 0);
	assert_int_equal(p.ether_type, 0x8892);
	assert_int_equal(p.payload_length, 4);
	p = decode_steps(decoder, &spanning, 5, -1, 0);
	assert_int_equal(p.ether_type, 0);
	assert_int_equal(p.llc, 0x4242);
	assert_int_equal(p.payload_length, 3);
	p = decode_steps(decoder, &cisco, 0, -1, 0);
	assert_int_equal(p.llc, 0xaaaa);
	assert_int_equal(p.payload_length, 5); /* from the OUI on */
	p = decode_steps(decoder, &no_type, 0, -1, 0);
	assert_int_equal(p.llc, 0xaaaa);
	assert_int_equal(p.payload_length, 5);
	p = decode_steps(decoder, &lldp_inside, 0, -1, 0);
	assert_int_equal(p.ip_version, 0);
	assert_int_equal(p.ether_type, 0x88cc);
	assert_int_equal(p.n_vlans, 0);
	assert_int_equal(p.n_tunnels, 1);
	assert_int_equal(p.port_source, 0);
	assert_int_equal(p.ip_source.bytes[12], 0);
	p = decode_steps(decoder, &ring, 0, -1, 0);
	assert_int_equal(p.ether_type, 0x88fb);
	assert_int_equal(p.payload_length, 4);
	p = decode_steps(decoder, &strange, 0, -1, 0);
	assert_int_equal(p.ip_version, 0);
	assert_false(p.malformed);
	assert_int_equal(p.payload_length, 4);
	assert_int_equal(decoder_counters(decoder)->unknown_link_type, 1);
	assert_int_equal(decoder_counters(decoder)->unknown_ether_type, 3);
	assert_int_equal(decoder_counters(decoder)->arp, 1);
	assert_int_equal(decoder_counters(decoder)->not_ip, 7);
	decoder_free(decoder);
}

/* The first 16 or the last 8 bytes of a UDP datagram, as a fragment. */
static void piece(struct build *b, unsigned last)
{
	uint8_t *p = front(b, last ? 8 : 16);

	memcpy(p + (last ? 0 : 8), last ? "of WEIR." : "A piece ", 8);
	if (!last) {
		put(p, 2, 50000);
		put(p + 2, 2, 99);
		put(p + 4, 2, 24);
	}
	ipv4(b, 17);
	put(b->bytes + b->at + 6, 2, last ? 2 : 0x2000);
}

static void test_fragments_in_tunnel(void **state)
{
	static const struct row first = {
		"", 1, { ETH(0x0800), { ipv4, 47 }, { gre, 0x2000 }, { piece, 0 } }, 0, 0, 0, 0
	};
	static const struct row last = {
		"", 1, { ETH(0x0800), { ipv4, 47 }, { gre, 0x2000 }, { piece, 1 } }, 0, 0, 0, 0
	};
	struct decoder *decoder = new_decoder();
	struct packet p = decode_steps(decoder, &last, 0, -1, 0);

	(void)state;
	assert_int_equal(p.payload_length, 0);
	p = decode_steps(decoder, &first, 0, 14 + 20 + 7, 78); /* another key, another datagram */
	assert_false(p.fragmented);
	p = decode_steps(decoder, &first, 0, -1, 0);
	assert_true(p.fragmented);
	assert_int_equal(p.n_tunnels, 1);
	assert_int_equal(p.port_destination, 99);
	assert_true(cur_equal(p.payload, cur_of("A piece of WEIR.", 16)));
	decoder_free(decoder);
}

/* Sends the IPv4 packet behind the MAC header of `whole` in two fragments. */
static struct packet decode_halves(struct decoder *decoder, const struct frame *whole)
{
	enum { AT = 14 + 20, FIRST = 24 };
	uint8_t bytes[SIZE];
	struct frame frame = *whole;
	struct packet p;
	size_t left = whole->captured - AT - FIRST;

	memcpy(bytes, whole->bytes, AT + FIRST);
	put(bytes + 16, 2, 20 + FIRST);
	put(bytes + 20, 2, 0x2000);
	frame.bytes = bytes;
	frame.captured = frame.length = AT + FIRST;
	assert_int_equal(decode(decoder, &frame, &p), DECODE_HELD);
	put(bytes + 16, 2, 20 + left);
	put(bytes + 20, 2, FIRST / 8);
	memcpy(bytes + AT, whole->bytes + AT + FIRST, left);
	frame.captured = frame.length = (uint32_t)(AT + left);
	assert_int_equal(decode(decoder, &frame, &p), DECODE_PACKET);
	return p;
}

static void test_tunnels_in_fragments(void **state)
{
	struct decoder *decoder = new_decoder();
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct build b;
		struct frame frame;
		struct packet p;

		if (rows[i].link_type != 1 || rows[i].steps[1].add != ipv4) {
			continue;
		}
		build(&b, &rows[i], 6);
		frame = frame_of(&b, 1);
		p = decode_halves(decoder, &frame);
		assert_true(p.fragmented);
		p.fragmented = false;
		check_inner(&p, 6);
		assert_int_equal(p.tunnels[p.n_tunnels - 1].id, rows[i].tunnel_id);
		n++;
	}
	assert_true(n > 5);
	assert_int_equal(decoder_counters(decoder)->fragments_reassembled, n);
	decoder_free(decoder);
}

/* Both directions of ARP and IP between two hosts meet. */
static void test_pair_hash(void **state)
{
	static const uint8_t arp[28] = {
		0, 1, 8, 0, 6, 4, 0, 1, [14] = 10, 1, 2, 3, [24] = 10, 4, 5, 6
	};
	static const struct row plain = { "", 1, { ETH(0x0800), INNER }, 0, 0, 0, 0 };
	struct decoder *decoder = new_decoder();
	struct packet p = decode_steps(decoder, &plain, 0, -1, 0), back = p, other = p;
	struct packet question = { .ether_type = 0x0806, .payload = cur_of(arp, sizeof(arp)) };
	struct packet cut = { .ether_type = 0x0806, .payload = cur_of(arp, 27) };

	(void)state;
	back.ip_source = p.ip_destination;
	back.ip_destination = p.ip_source;
	other.ip_source.bytes[15] ^= 1;
	assert_true(packet_pair_hash(&p) == packet_pair_hash(&back));
	assert_true(packet_pair_hash(&p) == packet_pair_hash(&question));
	assert_true(packet_pair_hash(&p) != packet_pair_hash(&other));
	assert_true(packet_pair_hash(&p) != packet_pair_hash(&cut));
	decoder_free(decoder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_flipped_bytes),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_no_tunnel),
		cmocka_unit_test(test_cut_by_switch),
		cmocka_unit_test(test_not_ip),
		cmocka_unit_test(test_fragments_in_tunnel),
		cmocka_unit_test(test_tunnels_in_fragments),
		cmocka_unit_test(test_pair_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
