/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

struct ip cur_ip4(struct cursor *c)
{
	struct ip ip;

	memcpy(ip.bytes, v4_prefix, sizeof(v4_prefix));
	cur_copy(c, ip.bytes + 12, 4);
	return cur_ok(c) ? ip : (struct ip) { { 0 } };
}

struct ip cur_ip6(struct cursor *c)
{
	struct ip ip;

	cur_copy(c, ip.bytes, 16);
	return ip;
}

struct mac cur_mac(struct cursor *c)
{
	struct mac mac;

	cur_copy(c, mac.bytes, 6);
	return mac;
}

bool ip_is_v4(const struct ip *ip)
{
	return memcmp(ip->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool ip_is_none(const struct ip *ip)
{
	static const struct ip zero;

	return ip_equal(ip, &zero) || (ip_is_v4(ip) && memcmp(ip->bytes + 12, zero.bytes, 4) == 0);
}

bool ip_is_multicast(const struct ip *ip)
{
	return ip_is_v4(ip) ? (ip->bytes[12] & 0xf0) == 0xe0 : ip->bytes[0] == 0xff;
}

bool ip_is_broadcast(const struct ip *ip)
{
	static const uint8_t ones[4] = { 0xff, 0xff, 0xff, 0xff };

	return ip_is_v4(ip) && memcmp(ip->bytes + 12, ones, 4) == 0;
}

bool ip_is_link_local(const struct ip *ip)
{
	if (ip_is_v4(ip)) {
		return ip->bytes[12] == 169 && ip->bytes[13] == 254;
	}
	return ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
}

bool ip_is_loopback(const struct ip *ip)
{
	static const struct ip one = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } };

	return ip_is_v4(ip) ? ip->bytes[12] == 127 : ip_equal(ip, &one);
}

bool ip_is_private(const struct ip *ip)
{
	const uint8_t *b = ip->bytes + 12;

	if (ip_is_link_local(ip) || ip_is_loopback(ip)) {
		return true;
	}
	if (!ip_is_v4(ip)) {
		return (ip->bytes[0] & 0xfe) == 0xfc;
	}
	return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
	       (b[0] == 100 && (b[1] & 0xc0) == 64);
}

bool ip_is_public(const struct ip *ip)
{
	return !ip_is_none(ip) && !ip_is_private(ip) && !ip_is_multicast(ip) &&
	       !ip_is_broadcast(ip);
}

bool mac_is_none(const struct mac *mac)
{
	static const struct mac zero;

	return mac_equal(mac, &zero);
}

bool mac_is_group(const struct mac *mac)
{
	return (mac->bytes[0] & 1) != 0;
}

bool mac_is_local(const struct mac *mac)
{
	return (mac->bytes[0] & 2) != 0;
}

const char *ip_text(const struct ip *ip, char *out)
{
	bool v4 = ip_is_v4(ip);

	if (inet_ntop(v4 ? AF_INET : AF_INET6, ip->bytes + (v4 ? 12 : 0), out, IP_TEXT_SIZE) ==
	    NULL) {
		out[0] = '\0';
	}
	return out;
}

const char *mac_text(const struct mac *mac, char *out)
{
	const uint8_t *b = mac->bytes;

	snprintf(out, MAC_TEXT_SIZE, "%02X-%02X-%02X-%02X-%02X-%02X", b[0], b[1], b[2], b[3], b[4],
		 b[5]);
	return out;
}

int ip_parse(const char *text, struct ip *out)
{
	struct ip ip;

	if (inet_pton(AF_INET, text, ip.bytes + 12) == 1) {
		memcpy(ip.bytes, v4_prefix, sizeof(v4_prefix));
	} else if (inet_pton(AF_INET6, text, ip.bytes) != 1) {
		return -EINVAL;
	}
	*out = ip;
	return 0;
}

int mac_parse(const char *text, struct mac *out)
{
	struct mac mac;

	if (strlen(text) != 17 || (text[2] != ':' && text[2] != '-')) {
		return -EINVAL;
	}
	for (int i = 0; i < 6; i++) {
		char digits[3] = { text[3 * i], text[3 * i + 1], '\0' };
		char *end;

		mac.bytes[i] = (uint8_t)strtoul(digits, &end, 16);
		if (end != digits + 2 || digits[0] == '+' || digits[0] == '-' ||
		    (i < 5 && text[3 * i + 2] != text[2])) {
			return -EINVAL;
		}
	}
	*out = mac;
	return 0;
}

static void clear_host_bits(struct ip *ip, unsigned prefix)
{
	for (unsigned bit = prefix; bit < 128; bit++) {
		ip->bytes[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
	}
}

int ip_network_parse(const char *text, struct ip_network *out)
{
	const char *slash = strchr(text, '/');
	size_t n = slash != NULL ? (size_t)(slash - text) : strlen(text);
	char address[IP_TEXT_SIZE];
	struct ip_network network;
	char *end;

	if (n >= sizeof(address)) {
		return -EINVAL;
	}
	memcpy(address, text, n);
	address[n] = '\0';
	if (ip_parse(address, &network.base) != 0) {
		return -EINVAL;
	}
	unsigned offset = ip_is_v4(&network.base) ? 96 : 0;
	unsigned long prefix = 128 - offset;
	if (slash != NULL) {
		if (slash[1] < '0' || slash[1] > '9') {
			return -EINVAL;
		}
		prefix = strtoul(slash + 1, &end, 10);
		if (*end != '\0' || prefix > 128 - offset) {
			return -EINVAL;
		}
	}
	network.prefix = (uint8_t)(prefix + offset);
	clear_host_bits(&network.base, network.prefix);
	*out = network;
	return 0;
}

bool ip_in_network(const struct ip *ip, const struct ip_network *network)
{
	unsigned whole = network->prefix / 8, rest = network->prefix % 8;
	uint8_t mask = (uint8_t)(0xff00U >> rest);

	if (network->prefix < 96 && ip_is_v4(ip)) {
		return false; /* a network of IPv6, however wide, holds no IPv4 address */
	}
	return memcmp(ip->bytes, network->base.bytes, whole) == 0 &&
	       (rest == 0 || (ip->bytes[whole] & mask) == network->base.bytes[whole]);
}
