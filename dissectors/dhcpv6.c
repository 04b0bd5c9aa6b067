/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* DHCPv6 (RFC 8415; names RFC 4704, servers RFC 3646). Big-endian.
 *
 *	type 1 | transaction id 3 | options
 *	type 12, 13 (relay): hops 1 | link address 16 | peer address 16 | options, one of them (9)
 *	                     the message that is passed on
 *	option: code 2 | length 2 | value
 *
 * Each message is one record; of a relayed one, the message inside. A client is known by the
 *address that it asks from, which is of its link. */

#include "dissectors/dissector.h"
#include "dissectors/dns_message.h"
#include "dissectors/news.h"

#include <stdio.h>

#define RELAYS_MAX 4 /* inside of each other */

enum { CLIENT_PORT = 546, SERVER_PORT = 547 };
enum { ADVERTISE = 2, REPLY = 7, RECONFIGURE = 10, RELAY_FORWARD = 12, RELAY_REPLY = 13 };

enum {
	OPTION_CLIENT_ID = 1,
	OPTION_SERVER_ID = 2,
	OPTION_ADDRESSES = 3,
	OPTION_ADDRESS = 5,
	OPTION_WANTED = 6,
	OPTION_RELAYED = 9,
	OPTION_STATUS = 13,
	OPTION_VENDOR_CLASS = 16,
	OPTION_NAME_SERVERS = 23,
	OPTION_DOMAINS = 24,
	OPTION_FQDN = 39,
};

enum { DUID_LINK_TIME = 1, DUID_LINK = 3, HARDWARE_ETHERNET = 1 };

static const char *const type_names[] = {
	[1] = "solicit",
	[ADVERTISE] = "advertise",
	[3] = "request",
	[4] = "confirm",
	[5] = "renew",
	[6] = "rebind",
	[REPLY] = "reply",
	[8] = "release",
	[9] = "decline",
	[RECONFIGURE] = "reconfigure",
	[11] = "information_request",
	[RELAY_FORWARD] = "relay_forward",
	[RELAY_REPLY] = "relay_reply",
};

#define DHCPV6_FIELDS(X)                                                                    \
	X(TRANSACTION, "transaction_id", UINT, 0, NULL, "Number of the dialogue")           \
	X(CLIENT_ID, "client_id", BYTES, 0, NULL, "Unique id of the client (DUID)")         \
	X(SERVER_ID, "server_id", BYTES, 0, NULL, "Unique id of the server (DUID)")         \
	X(CLIENT_MAC, "client_mac", MAC, 0, NULL, "Link address in the client's unique id") \
	X(ADDRESS, "address", IP, 0, NULL, "First address that is asked for or given")      \
	X(LIFETIME, "valid_lifetime", UINT, 0, "s", "How long it is valid")                 \
	X(STATUS, "status", UINT, 0, NULL, "What the server says: 0 is fine")               \
	X(PEER_IP, "peer_ip", IP, 0, NULL, "Client, as the relay says")                     \
	X(PARAMETERS, "parameters", STRING, FIELD_IDENTITY(FINGERPRINT), NULL,              \
	  "Options that the client asks for, in its order (6)")                             \
	X(ENTERPRISE, "enterprise", UINT, 0, NULL, "IANA number of the vendor (16)")        \
	X(VENDOR_CLASS, "vendor_class", STRING, FIELD_IDENTITY(VENDOR_CLASS), NULL,         \
	  "What the client says it is (16)")                                                \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME), NULL, "Its name (39)") \
	X(FQDN, "fqdn", STRING, FIELD_IDENTITY(DOMAIN_NAME), NULL, "Its full name (39)")    \
	X(NAME_SERVERS, "name_servers", STRING, 0, NULL, "DNS servers (23)")                \
	X(DOMAIN, "domain", STRING, 0, NULL, "Domain that the client shall look in (24)")   \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY), NULL,     \
	  "What the server does")

enum dhcpv6_field {
#define X(id, name, type, flags, unit, meaning) DHCPV6_##id,
	DHCPV6_FIELDS(X)
#undef X
};

static const struct field dhcpv6_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[DHCPV6_##id] = { "weir.dhcpv6." name, FIELD_##type, flags, unit, meaning, NULL },
	DHCPV6_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(DHCPV6_##id)

struct state {
	struct news servers;
};

/* What one message is, behind relays. */
struct message {
	uint8_t type, outer;
	uint32_t transaction;
	struct ip peer, address; /* none if there is none */
	uint32_t lifetime;
	struct cursor options;
	bool relayed, malformed;
};

static enum claim dhcpv6_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	uint8_t type = cur_u8(&bytes);

	(void)sender;
	return usual_port && type < ARRAY_SIZE(type_names) && type_names[type] != NULL ? CLAIM_YES
										       : CLAIM_NO;
}

/* ---- options ---- */

static bool next_option(struct cursor *options, uint16_t *code, struct cursor *value)
{
	if (cur_left(options) == 0) {
		return false;
	}
	*code = cur_be16(options);
	*value = cur_sub(options, cur_be16(options));
	return cur_ok(options);
}

static bool find_option(struct cursor options, uint16_t wanted, struct cursor *value)
{
	uint16_t code;

	while (next_option(&options, &code, value)) {
		if (code == wanted) {
			return true;
		}
	}
	return false;
}

static bool is_whole(struct cursor options)
{
	struct cursor value;
	uint16_t code;

	while (next_option(&options, &code, &value)) {
	}
	return cur_ok(&options);
}

static void read_address(struct message *m)
{
	struct cursor association, address;

	if (!find_option(m->options, OPTION_ADDRESSES, &association)) {
		return;
	}
	cur_skip(&association, 12);
	if (find_option(association, OPTION_ADDRESS, &address)) {
		m->address = cur_ip6(&address);
		cur_skip(&address, 4);
		m->lifetime = cur_be32(&address);
	}
}

static void read_message(struct cursor pdu, struct message *m)
{
	memset(m, 0, sizeof(*m));
	m->type = m->outer = cur_u8(&pdu);
	for (unsigned i = 0; i < RELAYS_MAX && (m->type == RELAY_FORWARD || m->type == RELAY_REPLY);
	     i++) {
		struct cursor inner;

		m->relayed = true;
		cur_skip(&pdu, 17);
		m->peer = cur_ip6(&pdu);
		if (!cur_ok(&pdu) || !find_option(pdu, OPTION_RELAYED, &inner)) {
			m->malformed = true;
			return;
		}
		pdu = inner;
		m->type = cur_u8(&pdu);
	}
	m->transaction = cur_be24(&pdu);
	m->options = pdu;
	m->malformed = !cur_ok(&pdu) || !is_whole(pdu);
	if (!m->malformed) {
		read_address(m);
	}
}

/* ---- fields ---- */

static void put_id(struct dissection *d, const struct message *m, uint16_t code,
		   enum dhcpv6_field field)
{
	struct cursor id;

	if (find_option(m->options, code, &id)) {
		record_put_bytes(d->writer, FIELD_LOCAL(field), id);
	}
}

/* RFC 8415 11.2, 11.4: two kinds of unique id are made from a link address. */
static void put_client_mac(struct dissection *d, const struct message *m)
{
	struct cursor id;
	uint16_t kind, hardware;
	struct mac mac;

	if (!find_option(m->options, OPTION_CLIENT_ID, &id)) {
		return;
	}
	kind = cur_be16(&id);
	hardware = cur_be16(&id);
	if ((kind != DUID_LINK_TIME && kind != DUID_LINK) || hardware != HARDWARE_ETHERNET) {
		return;
	}
	cur_skip(&id, kind == DUID_LINK_TIME ? 4 : 0);
	mac = cur_mac(&id);
	if (cur_ok(&id)) {
		record_put_mac(d->writer, PUT(CLIENT_MAC), &mac);
	}
}

static void put_wanted(struct dissection *d, const struct message *m)
{
	char text[RECORD_STRING_MAX];
	struct cursor wanted;
	int n = 0;

	if (!find_option(m->options, OPTION_WANTED, &wanted)) {
		return;
	}
	while (cur_left(&wanted) >= 2 && n < (int)sizeof(text) - 6) {
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%u", n > 0 ? "," : "",
			      cur_be16(&wanted));
	}
	if (n > 0) {
		record_put_text(d->writer, PUT(PARAMETERS), text);
	}
}

static void put_vendor_class(struct dissection *d, const struct message *m)
{
	struct cursor value, text;

	if (!find_option(m->options, OPTION_VENDOR_CLASS, &value)) {
		return;
	}
	record_put_uint(d->writer, PUT(ENTERPRISE), cur_be32(&value));
	text = cur_sub(&value, cur_be16(&value));
	if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, PUT(VENDOR_CLASS), text);
	}
}

/* RFC 4704 4.2: a name without its end is the host's alone. */
static void put_name(struct dissection *d, const struct message *m)
{
	struct cursor value, whole, label;
	struct dns_name name;

	if (!find_option(m->options, OPTION_FQDN, &value)) {
		return;
	}
	cur_skip(&value, 1);
	whole = value;
	label = cur_sub(&value, cur_u8(&value));
	if (cur_left(&label) == 0) {
		return;
	}
	record_put_bytes(d->writer, PUT(HOST_NAME), label);
	if (dns_read_name(whole, &whole, &name) && strchr(name.text, '.') != NULL) {
		record_put_text(d->writer, PUT(FQDN), name.text);
	}
}

static void put_servers(struct dissection *d, const struct message *m)
{
	char text[RECORD_STRING_MAX], one[IP_TEXT_SIZE];
	struct cursor value;
	struct dns_name name;
	int n = 0;

	if (find_option(m->options, OPTION_NAME_SERVERS, &value)) {
		while (cur_left(&value) >= 16 && n < (int)sizeof(text) - IP_TEXT_SIZE) {
			struct ip ip = cur_ip6(&value);

			n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%s", n > 0 ? "," : "",
				      ip_text(&ip, one));
		}
	}
	if (n > 0) {
		record_put_text(d->writer, PUT(NAME_SERVERS), text);
	}
	if (find_option(m->options, OPTION_DOMAINS, &value) &&
	    dns_read_name(value, &value, &name)) {
		record_put_text(d->writer, PUT(DOMAIN), name.text);
	}
}

static void put_message(struct dissection *d, const struct message *m)
{
	struct cursor status;

	record_put_uint(d->writer, PUT(TRANSACTION), m->transaction);
	put_id(d, m, OPTION_CLIENT_ID, DHCPV6_CLIENT_ID);
	put_id(d, m, OPTION_SERVER_ID, DHCPV6_SERVER_ID);
	put_client_mac(d, m);
	if (!ip_is_none(&m->address)) {
		record_put_ip(d->writer, PUT(ADDRESS), &m->address);
		record_put_uint(d->writer, PUT(LIFETIME), m->lifetime);
	}
	if (find_option(m->options, OPTION_STATUS, &status)) {
		record_put_uint(d->writer, PUT(STATUS), cur_be16(&status));
	}
	if (m->relayed) {
		record_put_ip(d->writer, PUT(PEER_IP), &m->peer);
	}
	put_wanted(d, m);
	put_vendor_class(d, m);
	put_name(d, m);
	put_servers(d, m);
}

/* ---- records ---- */

static bool is_of_server(uint8_t type)
{
	return type == ADVERTISE || type == REPLY || type == RECONFIGURE || type == RELAY_REPLY;
}

/* A client by the address that it asks from; an address that a server gave to it. */
static void put_whom(struct dissection *d, const struct message *m)
{
	static const struct mac no_mac = { { 0 } };
	const struct packet *packet = d->packet;
	bool here = packet->has_mac && ip_is_link_local(&packet->ip_destination);

	if (!is_of_server(m->type)) {
		if (m->relayed) {
			dissect_about(d, &m->peer, &no_mac, false);
		} else {
			dissect_about_sender(d, false);
		}
	} else if (m->type == REPLY && !ip_is_none(&m->address) && m->lifetime > 0) {
		bool binds = here && !m->relayed;

		dissect_about(d, &m->address, binds ? &packet->mac_destination : &no_mac, binds);
	}
}

/* Who answers, as its clients see it: a relay on their link hands on what a server said. */
static void report_server(struct dissection *d, const struct message *m)
{
	struct state *state = d->state;

	if (!is_of_server(m->type) || !is_of_server(m->outer) ||
	    !news_is(&state->servers, cur_of(NULL, 0), d->side, d->packet->time)) {
		return;
	}
	struct record *record = dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY);

	record->key = 0;
	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, type_names[m->type]);
	record_put_static(d->writer, PUT(DUTY), "dhcp_server");
	dissect_about_sender(d, false);
	record_commit(d->writer);
}

static enum outcome outcome_of(const struct message *m)
{
	struct cursor status;

	if (m->malformed || !is_of_server(m->type)) {
		return OUTCOME_UNKNOWN;
	}
	return find_option(m->options, OPTION_STATUS, &status) && cur_be16(&status) != 0
		   ? OUTCOME_FAILURE
		   : OUTCOME_SUCCESS;
}

static enum parsed dhcpv6_parse(struct dissection *d, struct cursor pdu)
{
	struct message m;
	bool known;

	read_message(pdu, &m);
	if (m.outer == 0) {
		return PARSED_NOT_MINE;
	}
	known = m.type < ARRAY_SIZE(type_names) && type_names[m.type] != NULL;
	dissect_count(d, is_of_server(m.outer) ? MESSAGE_RESPONSE : MESSAGE_REQUEST, m.outer);
	if (!mac_is_group(&d->packet->mac_destination)) {
		dissect_sender(d, is_of_server(m.outer) ? SENDER_SERVER : SENDER_CLIENT);
	}
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);

	record->phase = PHASE_COMPLETE;
	record->outcome = (uint8_t)outcome_of(&m);
	record_put_static(d->writer, CORE_FUNCTION, known ? type_names[m.type] : NULL);
	if (m.malformed) {
		dissect_malformed(d, "options");
	} else {
		put_message(d, &m);
		put_whom(d, &m);
	}
	record_commit(d->writer);
	if (m.malformed) {
		return PARSED_MALFORMED;
	}
	report_server(d, &m);
	return known ? PARSED : PARSED_UNKNOWN;
}

static const struct over dhcpv6_over[] = {
	{ OVER_UDP, NULL, CLIENT_PORT },
	{ OVER_UDP, NULL, SERVER_PORT },
};

const struct dissector dissector_dhcpv6 = {
	.name = "dhcpv6",
	.title = "Dynamic Host Configuration Protocol for IPv6 (RFC 8415)",
	.general = true,
	.over = dhcpv6_over,
	.n_over = ARRAY_SIZE(dhcpv6_over),
	.state_size = sizeof(struct state),
	.probe = dhcpv6_probe,
	.parse = dhcpv6_parse,
	.fields = dhcpv6_fields,
	.n_fields = ARRAY_SIZE(dhcpv6_fields),
};
