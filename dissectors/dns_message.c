/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* DNS messages (RFC 1035 4; types of RFC 1183, 2782, 3596, 4034, 6891, 9460).
 *
 *	id 2 | flags 2 | questions 2 | answers 2 | authorities 2 | additionals 2
 *	question: name | type 2 | class 2
 *	resource: name | type 2 | class 2 | time to live 4 | length 2 | data
 *	name: (length 1 | label)... | 0, or | 0xc000 + offset of the rest in the message */

#include "dissectors/dns_message.h"

#include <stdio.h>

#define JUMPS_MAX      32  /* pointers in one name */
#define NAME_BYTES_MAX 255 /* bytes of a name on the wire (RFC 1035 3.1) */

bool dns_open(struct cursor bytes, struct dns_message *out)
{
	struct cursor c = bytes;
	uint16_t authorities, additionals;

	out->whole = bytes;
	out->id = cur_be16(&c);
	out->flags = cur_be16(&c);
	out->questions = cur_be16(&c);
	out->answers = cur_be16(&c);
	authorities = cur_be16(&c);
	additionals = cur_be16(&c);
	out->resources = (uint32_t)out->answers + authorities + additionals;
	out->rest = c;
	/* A question takes 5 bytes at least, a resource 11. */
	return cur_ok(&c) &&
	       (size_t)out->questions * 5 + (size_t)out->resources * 11 <= cur_left(&c);
}

unsigned dns_opcode(const struct dns_message *message)
{
	return message->flags >> 11 & 0xf;
}

/* ---- names ---- */

struct writer {
	char *at;
	size_t left;
};

static void put(struct writer *out, char c)
{
	if (out->left > 1) {
		*out->at++ = c;
		out->left--;
	}
	*out->at = '\0';
}

static void put_label(struct writer *out, struct cursor label)
{
	while (cur_left(&label) > 0) {
		uint8_t c = cur_u8(&label);

		if (c == '.' || c == '\\') {
			put(out, '\\');
			put(out, (char)c);
		} else if (c < ' ' || c == 0x7f) {
			put(out, '\\');
			put(out, (char)('0' + c / 100));
			put(out, (char)('0' + c / 10 % 10));
			put(out, (char)('0' + c % 10));
		} else {
			put(out, (char)c);
		}
	}
}

bool dns_read_name(struct cursor whole, struct cursor *at, struct dns_name *out)
{
	struct writer writer = { out->text, sizeof(out->text) };
	struct cursor here = *at, *c = at;
	unsigned jumps = 0, length = 0;

	out->text[0] = '\0';
	for (;;) {
		uint8_t head = cur_u8(c);

		if (!cur_ok(c) || head == 0) {
			break;
		}
		if (head >= 0xc0) {
			size_t offset = (head & 0x3fU) << 8 | cur_u8(c);

			here = whole;
			cur_skip(&here, offset);
			if (!cur_ok(c) || ++jumps > JUMPS_MAX) {
				return false;
			}
			c = &here;
			continue;
		}
		length += head + 1U;
		if (head > 63 || length >= NAME_BYTES_MAX) {
			return false;
		}
		if (out->text[0] != '\0') {
			put(&writer, '.');
		}
		put_label(&writer, cur_sub(c, head));
	}
	if (out->text[0] == '\0') {
		put(&writer, '.');
	}
	return cur_ok(c) && cur_ok(at);
}

/* ---- sections ---- */

bool dns_next_question(struct dns_message *message, struct dns_question *out)
{
	bool named = dns_read_name(message->whole, &message->rest, &out->name);

	out->type = cur_be16(&message->rest);
	out->class = cur_be16(&message->rest);
	return named && cur_ok(&message->rest);
}

bool dns_next_resource(struct dns_message *message, struct dns_resource *out)
{
	bool named = dns_read_name(message->whole, &message->rest, &out->name);
	uint16_t length;

	out->type = cur_be16(&message->rest);
	out->class = cur_be16(&message->rest);
	out->ttl = cur_be32(&message->rest);
	length = cur_be16(&message->rest);
	out->data = cur_sub(&message->rest, length);
	return named && cur_ok(&message->rest);
}

bool dns_is_whole(const struct dns_message *message)
{
	struct dns_message look = *message;
	struct dns_question question;
	struct dns_resource resource;

	for (unsigned i = 0; i < message->questions; i++) {
		if (!dns_next_question(&look, &question)) {
			return false;
		}
	}
	for (unsigned i = 0; i < message->resources; i++) {
		if (!dns_next_resource(&look, &resource)) {
			return false;
		}
	}
	return true;
}

/* ---- addresses ---- */

bool dns_address(const struct dns_resource *resource, struct ip *out)
{
	struct cursor data = resource->data;
	size_t wanted = resource->type == DNS_A ? 4 : 16;

	if ((resource->type != DNS_A && resource->type != DNS_AAAA) || cur_left(&data) != wanted) {
		return false;
	}
	*out = resource->type == DNS_A ? cur_ip4(&data) : cur_ip6(&data);
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 3596 2.5: 32 digits, the last one first, a dot behind each. */
static bool reverse6(const char *text, struct ip *out)
{
	struct ip ip = { { 0 } };

	for (size_t i = 0; i < 32; i++) {
		int digit = hex_digit(text[2 * i]);

		if (digit < 0 || text[2 * i + 1] != '.') {
			return false;
		}
		ip.bytes[15 - i / 2] =
		    (uint8_t)(ip.bytes[15 - i / 2] | digit << (i % 2 == 0 ? 0 : 4));
	}
	*out = ip;
	return strcasecmp(text + 64, "ip6.arpa") == 0;
}

bool dns_reverse_address(const struct dns_name *name, struct ip *out)
{
	unsigned part[4];
	int end = 0;

	if (sscanf(name->text, "%3u.%3u.%3u.%3u%n", &part[3], &part[2], &part[1], &part[0], &end) ==
		4 &&
	    strcasecmp(name->text + end, ".in-addr.arpa") == 0) {
		uint32_t address = 0;

		for (size_t i = 0; i < 4; i++) {
			if (part[i] > 255) {
				return false;
			}
			address = address << 8 | part[i];
		}
		*out = ip_from_v4(address);
		return true;
	}
	return strlen(name->text) == 72 && reverse6(name->text, out);
}

bool dns_host(const struct dns_message *message, const struct dns_resource *resource, struct ip *ip,
	      struct dns_name *name)
{
	struct cursor data = resource->data;

	if (resource->type == DNS_PTR) {
		return dns_reverse_address(&resource->name, ip) &&
		       dns_read_name(message->whole, &data, name);
	}
	*name = resource->name;
	return dns_address(resource, ip);
}

void dns_cut_domain(struct dns_name *name, const char *domain)
{
	size_t n = strlen(name->text), tail = strlen(domain);

	if (n > tail && strcasecmp(name->text + (n - tail), domain) == 0) {
		name->text[n - tail] = '\0';
	}
}

/* ---- texts ---- */

/* The name behind so many bytes of numbers. */
static bool name_text(const struct dns_message *message, struct cursor data, size_t numbers,
		      char *out, size_t size)
{
	struct dns_name name;
	uint16_t number[3] = { 0 };
	int n = 0;

	for (size_t i = 0; i < numbers; i++) {
		number[i] = cur_be16(&data);
		n += snprintf(out + n, size - (size_t)n, "%u ", number[i]);
	}
	if (!dns_read_name(message->whole, &data, &name)) {
		return false;
	}
	snprintf(out + n, size - (size_t)n, "%s", name.text);
	return true;
}

/* Strings with a length byte each, with a space between. */
static bool strings_text(struct cursor data, char *out, size_t size)
{
	struct writer writer = { out, size };

	out[0] = '\0';
	while (cur_left(&data) > 0) {
		struct cursor part = cur_sub(&data, cur_u8(&data));

		if (!cur_ok(&data)) {
			return false;
		}
		if (out[0] != '\0') {
			put(&writer, ' ');
		}
		while (cur_left(&part) > 0) {
			put(&writer, (char)cur_u8(&part));
		}
	}
	return true;
}

bool dns_data_text(const struct dns_message *message, const struct dns_resource *resource,
		   char *out, size_t size)
{
	struct ip ip;

	switch (resource->type) {
	case DNS_A:
	case DNS_AAAA:
		return dns_address(resource, &ip) && size >= IP_TEXT_SIZE &&
		       ip_text(&ip, out) != NULL;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
	case DNS_SOA:
		return name_text(message, resource->data, 0, out, size);
	case DNS_MX:
		return name_text(message, resource->data, 1, out, size);
	case DNS_SRV:
		return name_text(message, resource->data, 3, out, size);
	case DNS_TXT:
	case DNS_HINFO:
		return strings_text(resource->data, out, size);
	default:
		return false;
	}
}

/* IANA's table of resource record types: those that are met. */
static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{ 1, "A" },         { 2, "NS" },       { 5, "CNAME" },       { 6, "SOA" },
	{ 10, "NULL" },     { 12, "PTR" },     { 13, "HINFO" },      { 15, "MX" },
	{ 16, "TXT" },      { 17, "RP" },      { 18, "AFSDB" },      { 24, "SIG" },
	{ 25, "KEY" },      { 28, "AAAA" },    { 29, "LOC" },        { 33, "SRV" },
	{ 35, "NAPTR" },    { 36, "KX" },      { 37, "CERT" },       { 39, "DNAME" },
	{ 41, "OPT" },      { 42, "APL" },     { 43, "DS" },         { 44, "SSHFP" },
	{ 45, "IPSECKEY" }, { 46, "RRSIG" },   { 47, "NSEC" },       { 48, "DNSKEY" },
	{ 49, "DHCID" },    { 50, "NSEC3" },   { 52, "TLSA" },       { 53, "SMIMEA" },
	{ 59, "CDS" },      { 60, "CDNSKEY" }, { 61, "OPENPGPKEY" }, { 64, "SVCB" },
	{ 65, "HTTPS" },    { 99, "SPF" },     { 108, "EUI48" },     { 109, "EUI64" },
	{ 249, "TKEY" },    { 250, "TSIG" },   { 251, "IXFR" },      { 252, "AXFR" },
	{ 255, "ANY" },     { 256, "URI" },    { 257, "CAA" },       { 65281, "WINS" },
	{ 65282, "WINSR" },
};

const char *dns_type_name(uint16_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].type == type) {
			return types[i].name;
		}
	}
	return NULL;
}

const char *dns_rcode_name(unsigned rcode)
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
					     "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
					     "NXRRSET", "NOTAUTH", "NOTZONE" };

	return rcode < ARRAY_SIZE(names) ? names[rcode] : NULL;
}
