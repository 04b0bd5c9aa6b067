/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* DHCP (RFC 2131, RFC 2132) and BOOTP (RFC 951). Big-endian.
 *
 *	op 1 (1 request, 2 reply) | hardware type 1 | hardware length 1 | hops 1
 *	transaction id 4 | seconds 2 | flags 2
 *	client address 4 | your address 4 | next server 4 | relay agent 4
 *	client hardware address 16 | server name 64 | file 128
 *	cookie 63 82 53 63 | options; BOOTP has something else here, or nothing
 *
 * Each message is one record about the client: a request and its answer go between addresses that
 * the client does not have yet, so they cannot be told to be one dialogue by their flow. */

#include "dissectors/dhcp_private.h"

#include "dissectors/news.h"
#include "dissectors/text.h"

#define HEADER 236
#define COOKIE 0x63825363U

enum { SERVER_PORT = 67, CLIENT_PORT = 68 };
enum { OP_REQUEST = 1, OP_REPLY = 2 };
enum { HARDWARE_ETHERNET = 1, HARDWARE_LENGTH_MAX = 16 };

/* Message types (option 53): RFC 2132 9.6, RFC 3203, RFC 4388. 0 is BOOTP. */
enum { BOOTP = 0, OFFER = 2, REQUEST = 3, ACK = 5, NAK = 6, INFORM = 8 };

static const char *const type_names[] = {
	[1] = "discover",
	[OFFER] = "offer",
	[REQUEST] = "request",
	[4] = "decline",
	[ACK] = "ack",
	[NAK] = "nak",
	[7] = "release",
	[INFORM] = "inform",
	[9] = "force_renew",
	[10] = "lease_query",
	[11] = "lease_unassigned",
	[12] = "lease_unknown",
	[13] = "lease_active",
};

static const struct field dhcp_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[DHCP_##id] = { "weir.dhcp." name, FIELD_##type, flags, unit, meaning, NULL },
	DHCP_FIELDS(X)
#undef X
};

struct state {
	struct news servers;
};

struct message {
	uint8_t op, hardware, hardware_length, type;
	uint32_t transaction;
	struct ip client, your, next_server, relay, server;
	struct mac mac; /* none when it is no Ethernet address */
	struct cursor server_name, file;
	struct dhcp_options options;
};

static enum claim dhcp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	uint8_t op = cur_u8(&bytes), hardware = cur_u8(&bytes), length = cur_u8(&bytes);

	if (!usual_port || (op != OP_REQUEST && op != OP_REPLY) || hardware == 0 ||
	    length > HARDWARE_LENGTH_MAX || !cur_ok(&bytes)) {
		return CLAIM_NO;
	}
	/* A server may answer to all, and then its flow has no other side. */
	*sender = op == OP_REQUEST ? SENDER_CLIENT : SENDER_UNKNOWN;
	return CLAIM_YES;
}

/* ---- reading ---- */

static void read_options(struct cursor pdu, struct message *m)
{
	struct cursor look = pdu, value;

	/* Without the cookie it is BOOTP of RFC 951. */
	if (cur_be32(&look) != COOKIE || !cur_ok(&look)) {
		look = cur_of(NULL, 0);
	}
	dhcp_options_open(look, m->file, m->server_name, &m->options);
	if (dhcp_option(&m->options, DHCP_OPTION_TYPE, &value)) {
		m->type = cur_u8(&value);
	}
	if (dhcp_option(&m->options, DHCP_OPTION_SERVER, &value)) {
		m->server = cur_ip4(&value);
	}
}

/* False when it is cut off. */
static bool read_message(struct cursor pdu, struct message *m)
{
	struct cursor hardware_address;

	memset(m, 0, sizeof(*m));
	m->op = cur_u8(&pdu);
	m->hardware = cur_u8(&pdu);
	m->hardware_length = cur_u8(&pdu);
	cur_skip(&pdu, 1);
	m->transaction = cur_be32(&pdu);
	cur_skip(&pdu, 4);
	m->client = cur_ip4(&pdu);
	m->your = cur_ip4(&pdu);
	m->next_server = cur_ip4(&pdu);
	m->relay = cur_ip4(&pdu);
	hardware_address = cur_sub(&pdu, HARDWARE_LENGTH_MAX);
	if (m->hardware == HARDWARE_ETHERNET && m->hardware_length == 6) {
		m->mac = cur_mac(&hardware_address);
	}
	m->server_name = cur_sub(&pdu, 64);
	m->file = cur_sub(&pdu, 128);
	if (!cur_ok(&pdu)) {
		return false;
	}
	read_options(pdu, m);
	return true;
}

static const char *function_of(const struct message *m)
{
	if (m->type == BOOTP) {
		return m->op == OP_REPLY ? "bootp_reply" : "bootp_request";
	}
	return m->type < ARRAY_SIZE(type_names) ? type_names[m->type] : NULL;
}

/* ---- records ---- */

static void put_ip(struct dissection *d, enum dhcp_field field, const struct ip *ip)
{
	if (!ip_is_none(ip)) {
		record_put_ip(d->writer, FIELD_LOCAL(field), ip);
	}
}

static void put_text(struct dissection *d, enum dhcp_field field, struct cursor text)
{
	text = text_until_nul(text);
	if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, FIELD_LOCAL(field), text);
	}
}

static void put_message(struct dissection *d, const struct message *m)
{
	record_put_static(d->writer, CORE_FUNCTION, function_of(m));
	record_put_uint(d->writer, FIELD_LOCAL(DHCP_TRANSACTION), m->transaction);
	if (!mac_is_none(&m->mac)) {
		record_put_mac(d->writer, FIELD_LOCAL(DHCP_CLIENT_MAC), &m->mac);
	}
	put_ip(d, DHCP_CLIENT_IP, &m->client);
	put_ip(d, DHCP_YOUR_IP, &m->your);
	put_ip(d, DHCP_NEXT_SERVER_IP, &m->next_server);
	put_ip(d, DHCP_RELAY_IP, &m->relay);
	if (!dhcp_options_use_name(&m->options)) {
		put_text(d, DHCP_BOOT_SERVER, m->server_name);
	}
	if (!dhcp_options_use_file(&m->options)) {
		put_text(d, DHCP_BOOT_FILE, m->file);
	}
	dhcp_put_options(d, &m->options, m->op == OP_REQUEST);
}

/* The address that the client has now, or none: what is offered, refused or given back is not. */
static struct ip address_of(const struct message *m)
{
	if (m->op == OP_REPLY && (m->type == ACK || m->type == BOOTP)) {
		return ip_is_none(&m->your) ? m->client : m->your;
	}
	if (m->op == OP_REQUEST && (m->type == REQUEST || m->type == INFORM)) {
		return m->client;
	}
	return (struct ip) { { 0 } };
}

/* Whether this frame goes from or to the client itself: behind a relay or a router the client's
 * link address says nothing of this network. */
static bool is_on_its_link(const struct dissection *d, const struct message *m)
{
	const struct packet *packet = d->packet;

	if (!packet->has_mac || mac_is_none(&m->mac)) {
		return false;
	}
	return m->op == OP_REQUEST ? mac_equal(&packet->mac_source, &m->mac)
				   : mac_is_group(&packet->mac_destination) ||
					 mac_equal(&packet->mac_destination, &m->mac);
}

static void put_whom(struct dissection *d, const struct message *m)
{
	static const struct mac no_mac = { { 0 } };
	struct ip ip = address_of(m);
	bool known = !ip_is_none(&ip), here = is_on_its_link(d, m);

	/* What is offered or refused is nothing that the client has. */
	if (m->op == OP_REPLY && !known) {
		return;
	}
	dissect_about(d, &ip, known && !here ? &no_mac : &m->mac, known && here);
}

static enum outcome outcome_of(const struct message *m)
{
	if (m->op == OP_REQUEST) {
		return OUTCOME_UNKNOWN;
	}
	return m->type == NAK ? OUTCOME_FAILURE : OUTCOME_SUCCESS;
}

/* Who answers is a DHCP server; a relay passes on what one said. */
static void report_server(struct dissection *d, const struct message *m)
{
	static const struct mac no_mac = { { 0 } };
	struct state *state = d->state;
	struct cursor said = cur_of(m->server.bytes, sizeof(m->server.bytes));

	if (m->op != OP_REPLY || (ip_is_none(&m->server) && !ip_is_none(&m->relay)) ||
	    !news_is(&state->servers, said, d->side, d->packet->time)) {
		return;
	}
	struct record *record = dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY);

	record->key = 0;
	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, function_of(m));
	record_put_static(d->writer, FIELD_LOCAL(DHCP_DUTY), "dhcp_server");
	if (ip_is_none(&m->server)) {
		dissect_about_sender(d, false);
	} else {
		dissect_about(d, &m->server, &no_mac, false);
	}
	record_commit(d->writer);
}

static void report_malformed(struct dissection *d)
{
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);

	record->phase = PHASE_COMPLETE;
	dissect_malformed(d, "length");
	record_commit(d->writer);
}

static enum parsed dhcp_parse(struct dissection *d, struct cursor pdu)
{
	struct message m;
	bool whole = read_message(pdu, &m);

	if (m.op != OP_REQUEST && m.op != OP_REPLY) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, m.op == OP_REQUEST ? MESSAGE_REQUEST : MESSAGE_RESPONSE, m.type);
	if (!whole) {
		report_malformed(d);
		return PARSED_MALFORMED;
	}
	if (m.op == OP_REPLY && !mac_is_group(&d->packet->mac_destination)) {
		dissect_sender(d, SENDER_SERVER);
	}
	if (m.type == NAK) {
		dissect_count_error(d, NAK);
	}
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);

	record->phase = PHASE_COMPLETE;
	record->outcome = (uint8_t)outcome_of(&m);
	put_message(d, &m);
	if (m.options.malformed) {
		dissect_malformed(d, "options");
	}
	put_whom(d, &m);
	record_commit(d->writer);
	report_server(d, &m);
	if (m.options.malformed) {
		return PARSED_MALFORMED;
	}
	return function_of(&m) != NULL ? PARSED : PARSED_UNKNOWN;
}

static const struct over dhcp_over[] = {
	{ OVER_UDP, NULL, SERVER_PORT },
	{ OVER_UDP, NULL, CLIENT_PORT },
};

const struct dissector dissector_dhcp = {
	.name = "dhcp",
	.title = "Dynamic Host Configuration Protocol (RFC 2131, RFC 2132; BOOTP RFC 951)",
	.general = true,
	.over = dhcp_over,
	.n_over = ARRAY_SIZE(dhcp_over),
	.state_size = sizeof(struct state),
	.probe = dhcp_probe,
	.parse = dhcp_parse,
	.fields = dhcp_fields,
	.n_fields = ARRAY_SIZE(dhcp_fields),
};
