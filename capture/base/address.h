/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* address.h - IP and MAC addresses as plain values.
 *
 * Both IP versions are 16 bytes: IPv4 is held in its mapped form (::ffff:a.b.c.d,
 * RFC 4291 2.5.5.2), so equality and hashing need no version.  All zero means "no
 * address".  Texts are RFC 5952 for IPv6, dotted for IPv4, and RFC 7042 (upper case,
 * hyphens) for MAC addresses. */

#include "capture/base/common.h"
#include "capture/base/cursor.h"

#include <endian.h>

#define IP_TEXT_SIZE  46
#define MAC_TEXT_SIZE 18

struct ip {
	uint8_t bytes[16];
};

struct mac {
	uint8_t bytes[6];
};

/* A network in CIDR form; prefix counts bits of the 128 (an IPv4 /24 is 120). */
struct ip_network {
	struct ip base;
	uint8_t prefix;
};

static inline struct ip ip_from_v4(uint32_t host_order)
{
	const uint64_t words[2] = { 0, htobe64(UINT64_C(0xffff00000000) | host_order) };
	struct ip ip;

	memcpy(ip.bytes, words, sizeof(words));
	return ip;
}

static inline bool ip_equal(const struct ip *a, const struct ip *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static inline bool mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Consumes 4 bytes (IPv4), 16 bytes (IPv6), 6 bytes (MAC); zero and bad when short. */
struct ip cur_ip4(struct cursor *c);
struct ip cur_ip6(struct cursor *c);
struct mac cur_mac(struct cursor *c);

bool ip_is_v4(const struct ip *ip);
bool ip_is_none(const struct ip *ip);       /* all zero; :: and 0.0.0.0 too */
bool ip_is_multicast(const struct ip *ip);  /* 224.0.0.0/4, ff00::/8 */
bool ip_is_broadcast(const struct ip *ip);  /* 255.255.255.255 only: nets are not known here */
bool ip_is_link_local(const struct ip *ip); /* 169.254.0.0/16, fe80::/10 */
bool ip_is_loopback(const struct ip *ip);   /* 127.0.0.0/8, ::1 */
bool ip_is_private(const struct ip *ip);    /* RFC 1918, RFC 6598, fc00::/7, and the two above */
bool ip_is_public(const struct ip *ip);     /* of one host, and none of those */
bool mac_is_none(const struct mac *mac);    /* all zero */
bool mac_is_group(const struct mac *mac);   /* multicast and broadcast */
bool mac_is_local(const struct mac *mac);   /* locally administered bit */

/* Write the text form; out has IP_TEXT_SIZE or MAC_TEXT_SIZE bytes; returns out. */
const char *ip_text(const struct ip *ip, char *out);
const char *mac_text(const struct mac *mac, char *out);

/* Read the text form ("10.0.0.1", "2001:db8::1"; MAC with ':' or '-', any case; CIDR with or
 * without a prefix, host bits are cleared).  0, or -EINVAL with *out untouched. */
int ip_parse(const char *text, struct ip *out) MUST_USE;
int mac_parse(const char *text, struct mac *out) MUST_USE;
int ip_network_parse(const char *text, struct ip_network *out) MUST_USE;
/* No IPv4 address is in a network of IPv6, however wide. */
bool ip_in_network(const struct ip *ip, const struct ip_network *network);
