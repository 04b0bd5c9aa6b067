/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* ICMPv6 (RFC 4443), of which neighbour discovery (RFC 4861, RFC 4862, RFC 8106) is read: it is to
 * IPv6 what ARP is to IPv4, and names the routers. All else is only counted. Big-endian.
 *
 *	type 1 | code 1 | checksum 2 | body
 *	133 router solicitation:    reserved 4 | options
 *	134 router advertisement:   hop limit 1 | flags 1 | lifetime 2 | reachable 4 | retry 4 |
 *	                            options
 *	135 neighbour solicitation: reserved 4 | target 16 | options
 *	136 neighbour advertisement: flags 1, reserved 3 | target 16 | options
 *	137 redirect:               reserved 4 | target 16 | destination 16 | options
 *	option: type 1 | length in units of 8 bytes 1 | value */

#include "dissectors/dissector.h"
#include "dissectors/dns_message.h"
#include "dissectors/news.h"

#include <stdio.h>

#define HOP_LIMIT 255 /* never forwarded (RFC 4861 6.1, 7.1, 8.1) */

enum {
	ECHO_REQUEST = 128,
	ECHO_REPLY = 129,
	LISTENER_QUERY = 130,
	ROUTER_SOLICITATION = 133,
	ROUTER_ADVERTISEMENT = 134,
	NEIGHBOUR_SOLICITATION = 135,
	NEIGHBOUR_ADVERTISEMENT = 136,
	REDIRECT = 137,
};

enum { FLAG_ROUTER = 0x80, FLAG_SOLICITED = 0x40, FLAG_OVERRIDE = 0x20 }; /* of 136 */
enum { FLAG_MANAGED = 0x80, FLAG_OTHER = 0x40 };                          /* of 134 */

enum {
	OPTION_SOURCE_MAC = 1,
	OPTION_TARGET_MAC = 2,
	OPTION_PREFIX = 3,
	OPTION_MTU = 5,
	OPTION_NAME_SERVERS = 25, /* RFC 8106 5.1 */
	OPTION_DOMAINS = 31,      /* RFC 8106 5.2 */
};

#define ICMPV6_FIELDS(X)                                                                        \
	X(TARGET, "target_ip", IP, 0, NULL, "Address that it is about")                         \
	X(DESTINATION, "destination_ip", IP, 0, NULL, "Address that is redirected")             \
	X(MAC, "link_address", MAC, 0, NULL,                                                    \
	  "Link address that it gives: the sender's or target's")                               \
	X(DETECTION, "duplicate_detection", BOOL, 0, NULL,                                      \
	  "Asks whether the address is free: the sender does not have it yet")                  \
	X(ROUTER, "router", BOOL, 0, NULL, "The sender is a router")                            \
	X(SOLICITED, "solicited", BOOL, 0, NULL, "Answers a question")                          \
	X(OVERRIDE, "override", BOOL, 0, NULL, "Replaces what others know")                     \
	X(LIFETIME, "router_lifetime", UINT, 0, "s",                                            \
	  "How long it is a default router; 0: not one")                                        \
	X(MANAGED, "managed", BOOL, 0, NULL, "Addresses come from DHCPv6")                      \
	X(OTHER, "other_configuration", BOOL, 0, NULL, "Other configuration comes from DHCPv6") \
	X(PREFIX, "prefix", IP, 0, NULL, "Prefix of the network")                               \
	X(NETMASK, "prefix_length", STRING, FIELD_IDENTITY(NETMASK), NULL,                      \
	  "Its length, such as /64")                                                            \
	X(MTU, "mtu", UINT, 0, "bytes", "Longest packet on this link")                          \
	X(NAME_SERVERS, "name_servers", STRING, 0, NULL, "DNS servers")                         \
	X(DOMAIN, "domain", STRING, 0, NULL, "Domain that hosts shall look in")                 \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY), NULL,         \
	  "What the sender does")

enum icmpv6_field {
#define X(id, name, type, flags, unit, meaning) ICMPV6_##id,
	ICMPV6_FIELDS(X)
#undef X
};

static const struct field icmpv6_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[ICMPV6_##id] = { "weir.icmpv6." name, FIELD_##type, flags, unit, meaning, NULL },
	ICMPV6_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(ICMPV6_##id)

struct state {
	struct news said;
};

static enum claim icmpv6_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)sender;
	return usual_port ? CLAIM_YES : CLAIM_NO;
}

/* ---- options ---- */

struct options {
	struct mac source, target;
	struct cursor prefix, mtu, name_servers, domains; /* empty when absent */
	bool malformed;
};

static void take_option(uint8_t type, struct cursor value, struct options *out)
{
	struct cursor *const places[] = {
		[OPTION_PREFIX] = &out->prefix,
		[OPTION_MTU] = &out->mtu,
		[OPTION_NAME_SERVERS] = &out->name_servers,
		[OPTION_DOMAINS] = &out->domains,
	};

	if (type == OPTION_SOURCE_MAC) {
		out->source = cur_mac(&value);
	} else if (type == OPTION_TARGET_MAC) {
		out->target = cur_mac(&value);
	} else if (type < ARRAY_SIZE(places) && places[type] != NULL &&
		   cur_left(places[type]) == 0) {
		*places[type] = value;
	}
}

static struct options read_options(struct cursor bytes)
{
	struct cursor nothing = cur_of(NULL, 0);
	struct options out = {
		.prefix = nothing, .mtu = nothing, .name_servers = nothing, .domains = nothing
	};

	while (cur_left(&bytes) > 0) {
		struct cursor head = bytes, option;
		uint8_t type = cur_u8(&head), units = cur_u8(&head);

		/* RFC 4861 4.6: a length of 0 makes the packet invalid. */
		option = cur_sub(&bytes, units > 0 ? 8U * units : SIZE_MAX);
		cur_skip(&option, 2);
		if (!cur_ok(&option)) {
			out.malformed = true;
			break;
		}
		take_option(type, option, &out);
	}
	return out;
}

static void put_prefix(struct dissection *d, struct cursor value)
{
	uint8_t length = cur_u8(&value);
	struct ip prefix;
	char text[8];

	cur_skip(&value, 13);
	prefix = cur_ip6(&value);
	if (cur_ok(&value) && length <= 128) {
		record_put_ip(d->writer, PUT(PREFIX), &prefix);
		snprintf(text, sizeof(text), "/%u", length);
		record_put_text(d->writer, PUT(NETMASK), text);
	}
}

static void put_name_servers(struct dissection *d, struct cursor value)
{
	char text[RECORD_STRING_MAX], one[IP_TEXT_SIZE];
	int n = 0;

	cur_skip(&value, 6);
	while (cur_left(&value) >= 16 && n < (int)sizeof(text) - IP_TEXT_SIZE) {
		struct ip ip = cur_ip6(&value);

		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%s", n > 0 ? "," : "",
			      ip_text(&ip, one));
	}
	if (n > 0) {
		record_put_text(d->writer, PUT(NAME_SERVERS), text);
	}
}

static void put_domain(struct dissection *d, struct cursor value)
{
	struct dns_name name;

	cur_skip(&value, 6);
	if (cur_left(&value) > 0 && dns_read_name(value, &value, &name) &&
	    strcmp(name.text, ".") != 0) {
		record_put_text(d->writer, PUT(DOMAIN), name.text);
	}
}

static void put_mac(struct dissection *d, const struct mac *mac)
{
	if (!mac_is_none(mac)) {
		record_put_mac(d->writer, PUT(MAC), mac);
	}
}

/* ---- messages ---- */

/* What the readers of messages share. */
struct message {
	uint8_t type;
	struct cursor body, options_at;
	struct ip source, target, destination;
	uint8_t flags;
	struct options options;
};

/* The sender has its own address at the link address that it gives. Without an address (it looks
 * for one, RFC 4862 5.4.2) it claims nothing. */
static void put_sender(struct dissection *d, const struct message *m)
{
	if (!ip_is_none(&m->source) && !mac_is_none(&m->options.source)) {
		dissect_about(d, &m->source, &m->options.source, true);
	}
}

static void put_solicitation(struct dissection *d, const struct message *m)
{
	record_put_ip(d->writer, PUT(TARGET), &m->target);
	if (ip_is_none(&m->source)) {
		record_put_bool(d->writer, PUT(DETECTION), true);
	}
	put_mac(d, &m->options.source);
	put_sender(d, m);
}

/* Without the override flag it may be a proxy that answers for the target (RFC 4861 7.2.8). */
static void put_neighbour(struct dissection *d, const struct message *m)
{
	bool own = (m->flags & FLAG_OVERRIDE) != 0 || ip_equal(&m->source, &m->target);

	record_put_ip(d->writer, PUT(TARGET), &m->target);
	put_mac(d, &m->options.target);
	record_put_bool(d->writer, PUT(ROUTER), (m->flags & FLAG_ROUTER) != 0);
	record_put_bool(d->writer, PUT(SOLICITED), (m->flags & FLAG_SOLICITED) != 0);
	record_put_bool(d->writer, PUT(OVERRIDE), (m->flags & FLAG_OVERRIDE) != 0);
	if ((m->flags & FLAG_ROUTER) != 0) {
		record_put_static(d->writer, PUT(DUTY), "router");
	}
	if (own && !mac_is_none(&m->options.target)) {
		dissect_about(d, &m->target, &m->options.target, true);
	} else if (ip_equal(&m->source, &m->target)) {
		dissect_about_sender(d, false);
	}
}

static void put_router(struct dissection *d, const struct message *m)
{
	struct cursor body = m->body, mtu = m->options.mtu;
	uint8_t flags;
	uint16_t lifetime;

	cur_skip(&body, 1);
	flags = cur_u8(&body);
	lifetime = cur_be16(&body);
	put_mac(d, &m->options.source);
	record_put_uint(d->writer, PUT(LIFETIME), lifetime);
	record_put_bool(d->writer, PUT(MANAGED), (flags & FLAG_MANAGED) != 0);
	record_put_bool(d->writer, PUT(OTHER), (flags & FLAG_OTHER) != 0);
	if (cur_left(&m->options.prefix) > 0) {
		put_prefix(d, m->options.prefix);
	}
	cur_skip(&mtu, 2);
	if (cur_left(&mtu) > 0) {
		record_put_uint(d->writer, PUT(MTU), cur_be32(&mtu));
	}
	put_name_servers(d, m->options.name_servers);
	put_domain(d, m->options.domains);
	record_put_static(d->writer, PUT(DUTY), "router");
	dissect_about_sender(d, false);
	put_sender(d, m);
}

static void put_router_solicitation(struct dissection *d, const struct message *m)
{
	put_mac(d, &m->options.source);
	put_sender(d, m);
}

static void put_redirect(struct dissection *d, const struct message *m)
{
	record_put_ip(d->writer, PUT(TARGET), &m->target);
	record_put_ip(d->writer, PUT(DESTINATION), &m->destination);
	put_mac(d, &m->options.target);
}

static const struct {
	const char *name;
	uint8_t before_target; /* bytes before the options or, if there are any, the addresses */
	uint8_t addresses;
	void (*put)(struct dissection *d, const struct message *m);
} rows[] = {
	[ROUTER_SOLICITATION] = { "router_solicitation", 4, 0, put_router_solicitation },
	[ROUTER_ADVERTISEMENT] = { "router_advertisement", 12, 0, put_router },
	[NEIGHBOUR_SOLICITATION] = { "neighbor_solicitation", 4, 1, put_solicitation },
	[NEIGHBOUR_ADVERTISEMENT] = { "neighbor_advertisement", 4, 1, put_neighbour },
	[REDIRECT] = { "redirect", 4, 2, put_redirect },
};

static void read_message(struct dissection *d, struct cursor body, struct message *m)
{
	struct cursor at = body;

	m->body = body;
	m->source = d->packet->ip_source;
	m->flags = cur_u8(&body);
	cur_skip(&at, rows[m->type].before_target);
	if (rows[m->type].addresses > 0) {
		m->target = cur_ip6(&at);
	}
	if (rows[m->type].addresses > 1) {
		m->destination = cur_ip6(&at);
	}
	m->options = read_options(at);
	m->options_at = at;
}

/* How the message contradicts RFC 4861; NULL: it does not. */
static const char *wrong(const struct dissection *d, const struct message *m, uint8_t code)
{
	if (!cur_ok(&m->options_at)) {
		return "length";
	}
	if (d->packet->ttl != HOP_LIMIT) {
		return "hop_limit";
	}
	if (code != 0) {
		return "code";
	}
	if (ip_is_multicast(&m->target)) {
		return "target";
	}
	return m->options.malformed ? "options" : NULL;
}

/* The same question or answer again is no record. */
static bool is_news(struct dissection *d, struct cursor pdu)
{
	struct state *state = d->state;
	struct cursor mac = cur_of(d->packet->mac_source.bytes, sizeof(struct mac));
	uint64_t topic = cur_be32(&mac);

	topic = topic << 17 | (uint64_t)cur_be16(&mac) << 1 | d->side;
	return news_is(&state->said, pdu, topic, d->packet->time);
}

static void count(struct dissection *d, uint8_t type)
{
	bool request = type == ECHO_REQUEST || type == LISTENER_QUERY ||
		       type == ROUTER_SOLICITATION || type == NEIGHBOUR_SOLICITATION;
	bool response =
	    type == ECHO_REPLY || type == ROUTER_ADVERTISEMENT || type == NEIGHBOUR_ADVERTISEMENT;

	dissect_count(d,
		      request    ? MESSAGE_REQUEST
		      : response ? MESSAGE_RESPONSE
				 : MESSAGE_USERDATA,
		      type);
}

static enum parsed icmpv6_parse(struct dissection *d, struct cursor pdu)
{
	struct cursor body = pdu;
	struct message m = { .type = cur_u8(&body) };
	uint8_t code = cur_u8(&body);
	const char *malformed;

	count(d, m.type);
	cur_skip(&body, 2);
	if (m.type >= ARRAY_SIZE(rows) || rows[m.type].name == NULL) {
		return cur_ok(&body) ? PARSED : PARSED_MALFORMED;
	}
	read_message(d, body, &m);
	malformed = wrong(d, &m, code);
	if (!is_news(d, pdu)) {
		return malformed == NULL ? PARSED : PARSED_MALFORMED;
	}
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);

	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, rows[m.type].name);
	/* What is not as it must be may come from another network: it proves nothing. */
	if (malformed != NULL) {
		dissect_malformed(d, malformed);
	} else {
		rows[m.type].put(d, &m);
	}
	record_commit(d->writer);
	return malformed == NULL ? PARSED : PARSED_MALFORMED;
}

static const struct over icmpv6_over[] = { { OVER_IP_PROTOCOL, NULL, IP_PROTOCOL_ICMP6 } };

const struct dissector dissector_icmpv6 = {
	.name = "icmpv6",
	.title = "ICMPv6 and neighbour discovery (RFC 4443, RFC 4861)",
	.general = true,
	.over = icmpv6_over,
	.n_over = ARRAY_SIZE(icmpv6_over),
	.state_size = sizeof(struct state),
	.probe = icmpv6_probe,
	.parse = icmpv6_parse,
	.fields = icmpv6_fields,
	.n_fields = ARRAY_SIZE(icmpv6_fields),
};
