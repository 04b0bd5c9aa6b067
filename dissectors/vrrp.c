/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Virtual Router Redundancy Protocol: version 2 (RFC 3768), version 3 (RFC 5798).
 *
 *	version 4 bits, type 4 bits | router id 1 | priority 1 | addresses 1 |
 *	    2: authentication 1 | interval 1, s
 *	    3: interval 2, 12 bits in 1/100 s
 *	| checksum 2 | address 4 (or 16 over IPv6)... | 2: authentication data 8
 *
 * Only the master sends. CARP has the same protocol number and the same first octet. */

#include "dissectors/announcement.h"

#define VRRP_FIELDS(X)                                                                            \
	X(VERSION, "version", UINT, 0, NULL, "Version of the protocol")                           \
	X(ROUTER_ID, "router_id", UINT, 0, NULL, "Number of the virtual router")                  \
	X(PRIORITY, "priority", UINT, 0, NULL,                                                    \
	  "Of the master: 255 it owns the addresses, 0 it gives them up")                         \
	X(INTERVAL, "interval", UINT, 0, "ms", "Time between messages")                           \
	X(ADDRESS, "address", IP, FIELD_LIST, NULL, "Addresses of the virtual router")            \
	X(AUTHENTICATION, "authentication", STRING, FIELD_ENUM, NULL,                             \
	  "none, simple_text or ip_header (version 2)")                                           \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY), NULL, "router") \
	X(REDUNDANCY, "redundancy", STRING,                                                       \
	  FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(REDUNDANCY), NULL, "vrrp")                   \
	X(RISK, "risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK), NULL, "clear_text_password")

enum {
#define X(id, name, type, flags, unit, meaning) VRRP_##id,
	VRRP_FIELDS(X)
#undef X
};

static const struct field vrrp_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[VRRP_##id] = { "weir.vrrp." name, FIELD_##type, flags, unit, meaning, NULL },
	VRRP_FIELDS(X)
#undef X
};

enum { TYPE_ADVERTISEMENT = 1, AUTHENTICATION_TEXT = 1 };
static const char *const authentications[] = { "none", "simple_text", "ip_header" };

struct vrrp_message {
	uint8_t version, type, router_id, priority, authentication;
	uint16_t interval; /* ms */
	size_t n;
	struct ip addresses[RECORD_LIST_MAX];
};

static struct vrrp_message take_head(struct cursor *pdu)
{
	struct vrrp_message m = { .version = cur_u8(pdu) };
	uint16_t word;

	m.type = m.version & 15;
	m.version >>= 4;
	m.router_id = cur_u8(pdu);
	m.priority = cur_u8(pdu);
	m.n = cur_u8(pdu);
	word = cur_be16(pdu);
	if (m.version == 2) {
		m.authentication = (uint8_t)(word >> 8);
		m.interval = (uint16_t)((word & 0xff) * 1000);
	} else {
		m.interval = (uint16_t)((word & 0xfff) * 10);
	}
	cur_skip(pdu, 2);
	return m;
}

/* A router id is never 0. CARP has seven in the place of the count, and 28 octets behind its head,
 * as no message of version 2 has. */
static enum claim vrrp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct vrrp_message m = take_head(&bytes);
	bool carp = m.version == 2 && m.n == 7 && cur_left(&bytes) == 28;

	(void)usual_port;
	cur_skip(&bytes, 4 * m.n);
	if (!cur_ok(&bytes) || (m.version != 2 && m.version != 3) || m.type != TYPE_ADVERTISEMENT ||
	    m.router_id == 0 || m.n == 0 || carp) {
		return CLAIM_NO;
	}
	*sender = SENDER_CLIENT;
	return CLAIM_YES;
}

/* Whether all of them are there. */
static bool take_addresses(struct dissection *d, struct cursor *pdu, struct vrrp_message *m)
{
	size_t announced = m->n;

	m->n = size_min(announced, RECORD_LIST_MAX);
	for (size_t i = 0; i < announced && cur_ok(pdu); i++) {
		struct ip ip = d->packet->ip_version == 6 ? cur_ip6(pdu) : cur_ip4(pdu);

		if (i < m->n) {
			m->addresses[i] = ip;
		}
	}
	return cur_ok(pdu);
}

static void put_message(struct dissection *d, const struct vrrp_message *m)
{
	record_put_uint(d->writer, FIELD_LOCAL(VRRP_VERSION), m->version);
	record_put_uint(d->writer, FIELD_LOCAL(VRRP_ROUTER_ID), m->router_id);
	record_put_uint(d->writer, FIELD_LOCAL(VRRP_PRIORITY), m->priority);
	record_put_uint(d->writer, FIELD_LOCAL(VRRP_INTERVAL), m->interval);
	if (m->version == 2) {
		record_put_static(d->writer, FIELD_LOCAL(VRRP_AUTHENTICATION),
				  m->authentication < ARRAY_SIZE(authentications)
				      ? authentications[m->authentication]
				      : NULL);
	}
	if (m->version == 2 && m->authentication == AUTHENTICATION_TEXT) {
		record_put_static(d->writer, FIELD_LOCAL(VRRP_RISK), "clear_text_password");
	}
	record_put_static(d->writer, FIELD_LOCAL(VRRP_DUTY), "router");
	record_put_static(d->writer, FIELD_LOCAL(VRRP_REDUNDANCY), "vrrp");
}

static enum parsed vrrp_parse(struct dissection *d, struct cursor pdu)
{
	struct announcement *last = d->state;
	struct cursor whole = pdu;
	struct vrrp_message message = take_head(&pdu);
	enum parsed verdict = PARSED;

	dissect_count(d, MESSAGE_USERDATA, message.type);
	if (!announcement_is_due(d, last, announcement_digest(ANNOUNCEMENT_START, whole))) {
		return last->verdict;
	}
	if (message.type != TYPE_ADVERTISEMENT || (message.version != 2 && message.version != 3)) {
		verdict = PARSED_UNKNOWN;
	}
	announcement_begin(d, verdict == PARSED ? "advertisement" : NULL);
	if (!cur_ok(&pdu)) {
		return announcement_end(d, last, announcement_short(d));
	}
	put_message(d, &message);
	if (!take_addresses(d, &pdu, &message)) {
		return announcement_end(d, last, announcement_short(d));
	}
	record_put_ips(d->writer, FIELD_LOCAL(VRRP_ADDRESS), message.addresses, message.n);
	return announcement_end(d, last, verdict);
}

static const struct over vrrp_over[] = { { OVER_IP_PROTOCOL, NULL, 112 } };

const struct dissector dissector_vrrp = {
	.name = "vrrp",
	.title = "Virtual Router Redundancy Protocol (RFC 5798, RFC 3768)",
	.general = true,
	.over = vrrp_over,
	.n_over = ARRAY_SIZE(vrrp_over),
	.state_size = sizeof(struct announcement),
	.probe = vrrp_probe,
	.parse = vrrp_parse,
	.fields = vrrp_fields,
	.n_fields = ARRAY_SIZE(vrrp_fields),
};
