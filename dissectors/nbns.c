/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* NetBIOS name service (RFC 1001, RFC 1002 4.2). Messages are those of DNS with names of their own.
 *
 *	registration, refresh, release: question | NB resource: flags 2 | address 4
 *	query response: NB resource: (flags 2 | address 4)...
 *	node status response: NBSTAT resource: names 1 | (name 15 | suffix 1 | flags 2)... |
 *	                      unit id 6 | statistics
 *
 * What goes to all is a record of its own, as its answer comes in another flow; what goes to one
 *host is a transaction. */

#include "dissectors/dns_message.h"
#include "dissectors/netbios_name.h"
#include "dissectors/news.h"

#define PORT      137
#define NAMES_MAX 64 /* of a node status */
#define HOSTS_MAX 25 /* addresses of one name (RFC 1002 4.2.1.3 has no other) */

enum { FLAG_GROUP = 0x8000 };

#define NBNS_FIELDS(X)                                                                      \
	X(ID, "transaction_id", UINT, 0, "Number of the dialogue")                          \
	X(NAME, "name", STRING, 0, "Name that is meant")                                    \
	X(SUFFIX, "suffix", UINT, 0, "What of the host it names: 0 itself, 32 file server") \
	X(GROUP, "group", BOOL, 0, "It is the name of a group")                             \
	X(ADDRESS, "address", IP, 0, "Address that has the name")                           \
	X(RESPONSE_CODE, "response_code", STRING, FIELD_ENUM, "What the answer says")       \
	X(MAC, "unit_id", MAC, 0, "Link address in a node status")                          \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME), "Name of the host")    \
	X(GROUP_NAME, "group_name", STRING, FIELD_IDENTITY(GROUP_NAME),                     \
	  "Workgroup or domain of the host")                                                \
	X(SERVICES, "services", STRING, FIELD_LIST | FIELD_ENUM | FIELD_IDENTITY(SERVICE),  \
	  "What the host offers")                                                           \
	X(DUTIES, "duties", STRING, FIELD_LIST | FIELD_ENUM | FIELD_IDENTITY(DUTY),         \
	  "What the host does in its network")

enum nbns_field {
#define X(id, name, type, flags, meaning) NBNS_##id,
	NBNS_FIELDS(X)
#undef X
};

static const struct field nbns_fields[] = {
#define X(id, name, type, flags, meaning) \
	[NBNS_##id] = { "weir.nbns." name, FIELD_##type, flags, NULL, meaning, NULL },
	NBNS_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(NBNS_##id)

enum { QUERY = 0, REGISTRATION = 5, RELEASE = 6, WAIT = 7, REFRESH = 8 };

/* RFC 1002 4.2.1.1; 9 is a refresh as well (4.2.4), 15 the registration of a host with several
 * addresses (Microsoft). */
static const struct {
	const char *name;
	bool claims; /* the request says that its sender has the name */
} opcodes[16] = {
	[QUERY] = { "query", false },
	[REGISTRATION] = { "registration", true },
	[RELEASE] = { "release", false },
	[WAIT] = { "wait", false },
	[REFRESH] = { "refresh", true },
	[9] = { "refresh", true },
	[15] = { "multihomed_registration", true },
};

static const char *const response_codes[] = { "ok",      "format_error", "server_failure",
					      "no_name", "unsupported",  "refused",
					      "active",  "conflict" };

struct state {
	struct news said;
};

/* One message, its first name, and the resource that says the most. */
struct message {
	struct dns_message dns;
	struct netbios_name name;
	uint16_t type; /* NB or NBSTAT */
	bool response, has_name, has_data, malformed;
	struct dns_resource resource;
};

static bool is_plausible(struct cursor bytes, struct dns_message *message)
{
	return dns_open(bytes, message) && opcodes[dns_opcode(message)].name != NULL &&
	       message->questions <= 1 && message->questions + message->resources > 0;
}

static enum claim nbns_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct dns_message message;

	(void)sender;
	return usual_port && is_plausible(bytes, &message) ? CLAIM_YES : CLAIM_NO;
}

static bool read_message(struct cursor pdu, struct message *m)
{
	struct dns_question question;

	memset(m, 0, sizeof(*m));
	if (!is_plausible(pdu, &m->dns)) {
		return false;
	}
	m->response = (m->dns.flags & DNS_RESPONSE) != 0;
	if (m->dns.questions > 0) {
		m->malformed = !dns_next_question(&m->dns, &question);
		m->type = question.type;
		m->has_name = netbios_name_decode(question.name.text, &m->name);
	}
	if (!m->malformed && m->dns.resources > 0) {
		m->has_data = dns_next_resource(&m->dns, &m->resource);
		m->malformed = !m->has_data;
		m->type = m->dns.questions > 0 ? m->type : m->resource.type;
		m->has_name = m->has_name || netbios_name_decode(m->resource.name.text, &m->name);
	}
	m->malformed = m->malformed || !m->has_name;
	return true;
}

/* ---- what a name says ---- */

/* Words of one record, each once. */
struct words {
	const char *word[8];
	size_t n;
};

static void add_word(struct words *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++) {
		if (strcmp(words->word[i], word) == 0) {
			return;
		}
	}
	if (words->n < ARRAY_SIZE(words->word)) {
		words->word[words->n++] = word;
	}
}

struct findings {
	struct words duties, services;
	bool host, group;
};

static void take_name(struct dissection *d, struct findings *findings,
		      const struct netbios_name *name, bool group)
{
	struct netbios_meaning meaning = netbios_name_meaning(name, group);

	if (meaning.duty != NULL) {
		add_word(&findings->duties, meaning.duty);
	}
	if (meaning.service != NULL) {
		add_word(&findings->services, meaning.service);
	}
	if (meaning.host && !findings->host) {
		record_put_text(d->writer, PUT(HOST_NAME), name->text);
		findings->host = true;
	}
	if (meaning.group && !findings->group) {
		record_put_text(d->writer, PUT(GROUP_NAME), name->text);
		findings->group = true;
	}
}

static void put_findings(struct dissection *d, const struct findings *findings)
{
	if (findings->duties.n > 0) {
		record_put_statics(d->writer, PUT(DUTIES), findings->duties.word,
				   findings->duties.n);
	}
	if (findings->services.n > 0) {
		record_put_statics(d->writer, PUT(SERVICES), findings->services.word,
				   findings->services.n);
	}
}

/* ---- records ---- */

static const char *function_of(const struct message *m)
{
	return m->type == DNS_NBSTAT ? "node_status" : opcodes[dns_opcode(&m->dns)].name;
}

static void put_name(struct dissection *d, const struct message *m)
{
	record_put_static(d->writer, CORE_FUNCTION, function_of(m));
	record_put_uint(d->writer, PUT(ID), m->dns.id);
	if (m->has_name) {
		record_put_text(d->writer, PUT(NAME), m->name.text);
		record_put_uint(d->writer, PUT(SUFFIX), m->name.suffix);
	}
	if (m->malformed) {
		dissect_malformed(d, "message");
	}
}

/* One address of an NB resource, and what its host is known by. */
static void put_owner(struct dissection *d, const struct message *m, uint16_t flags,
		      const struct ip *ip)
{
	static const struct mac no_mac = { { 0 } };
	bool group = (flags & FLAG_GROUP) != 0;
	struct findings findings = { .host = false };

	record_put_bool(d->writer, PUT(GROUP), group);
	record_put_ip(d->writer, PUT(ADDRESS), ip);
	take_name(d, &findings, &m->name, group);
	put_findings(d, &findings);
	if (ip_equal(ip, &d->packet->ip_source)) {
		dissect_about_sender(d, false);
	} else {
		dissect_about(d, ip, &no_mac, false);
	}
}

/* The hosts that an answer names. */
static void report_owners(struct dissection *d, const struct message *m, uint64_t key)
{
	struct cursor data = m->resource.data;

	for (unsigned i = 0; i < HOSTS_MAX && cur_left(&data) > 0; i++) {
		uint16_t flags = cur_be16(&data);
		struct ip ip = cur_ip4(&data);

		if (!cur_ok(&data) || ip_is_none(&ip)) {
			break;
		}
		struct record *record = dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY);

		record->key = key;
		record->phase = PHASE_COMPLETE;
		record->outcome = OUTCOME_SUCCESS;
		record_put_static(d->writer, CORE_FUNCTION, function_of(m));
		record_put_uint(d->writer, CORE_ITEM_INDEX, i);
		put_owner(d, m, flags, &ip);
		record_commit(d->writer);
	}
}

/* The names and the link address of the one who answers. */
static void put_node_status(struct dissection *d, const struct message *m)
{
	struct cursor data = m->resource.data;
	struct findings findings = { .host = false };
	unsigned n = cur_u8(&data);
	struct mac mac;

	for (unsigned i = 0; i < n && i < NAMES_MAX && cur_ok(&data); i++) {
		struct netbios_name name = netbios_name_read(&data);
		uint16_t flags = cur_be16(&data);

		if (cur_ok(&data)) {
			take_name(d, &findings, &name, (flags & FLAG_GROUP) != 0);
		}
	}
	put_findings(d, &findings);
	mac = cur_mac(&data);
	if (!mac_is_none(&mac)) {
		record_put_mac(d->writer, PUT(MAC), &mac);
	}
	if (!mac_is_none(&mac) && !mac_is_group(&mac)) {
		dissect_about(d, &d->packet->ip_source, &mac, false);
	} else {
		dissect_about_sender(d, false);
	}
}

static bool is_to_all(const struct dissection *d, const struct message *m)
{
	enum { FLAG_BROADCAST = 0x0010 };

	return (m->dns.flags & FLAG_BROADCAST) != 0 || mac_is_group(&d->packet->mac_destination);
}

/* A request: what goes to all will be answered elsewhere, if at all. */
static void ask(struct dissection *d, const struct message *m)
{
	unsigned opcode = dns_opcode(&m->dns);
	enum operation operation = m->type == DNS_NBSTAT    ? OPERATION_IDENTIFY
				   : opcodes[opcode].claims ? OPERATION_REPORT
							    : OPERATION_READ;
	bool claims = opcodes[opcode].claims && m->has_data && !m->malformed;
	struct cursor data = m->resource.data;
	uint16_t flags = cur_be16(&data);
	struct ip ip = cur_ip4(&data);

	if (!is_to_all(d, m) && !claims) {
		transaction_open(d, m->dns.id);
		put_name(d, m);
		transaction_ask(d, operation, false);
		return;
	}
	struct record *record = dissect_record(d, RECORD_TRANSACTION, operation);

	record->phase = PHASE_COMPLETE;
	put_name(d, m);
	if (claims && cur_ok(&data)) {
		put_owner(d, m, flags, &ip);
	}
	record_commit(d->writer);
}

static void put_answer(struct dissection *d, const struct message *m)
{
	unsigned rcode = m->dns.flags & DNS_RCODE;

	record_put_static(d->writer, PUT(RESPONSE_CODE),
			  rcode < ARRAY_SIZE(response_codes) ? response_codes[rcode] : NULL);
	if (m->has_data && m->resource.type == DNS_NBSTAT && !m->malformed) {
		put_node_status(d, m);
	}
}

static void answer(struct dissection *d, const struct message *m)
{
	struct pending *asked = transaction_find(d, m->dns.id);
	unsigned rcode = m->dns.flags & DNS_RCODE;
	enum outcome outcome = rcode == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE;

	if (asked != NULL) {
		transaction_answer(d, asked, OPERATION_READ);
		put_answer(d, m);
		transaction_done(d, outcome);
	} else {
		struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);

		record->phase = PHASE_COMPLETE;
		record->outcome = (uint8_t)outcome;
		put_name(d, m);
		put_answer(d, m);
		record_commit(d->writer);
	}
	if (rcode == 0 && m->has_data && m->resource.type == DNS_NB && !m->malformed &&
	    dns_opcode(&m->dns) == QUERY) {
		report_owners(d, m, asked != NULL ? transaction_record(d) : 0);
	}
}

/* What is said to all again, under another number. */
static bool is_news(struct dissection *d, struct cursor pdu)
{
	struct state *state = d->state;

	cur_skip(&pdu, 2);
	return news_is(&state->said, pdu, d->side, d->packet->time);
}

static enum parsed nbns_parse(struct dissection *d, struct cursor pdu)
{
	struct message m;

	if (!read_message(pdu, &m)) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, m.response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, dns_opcode(&m.dns));
	if (m.response && (m.dns.flags & DNS_RCODE) != 0) {
		dissect_count_error(d, m.dns.flags & DNS_RCODE);
	}
	if (m.response) {
		answer(d, &m);
	} else if (!is_to_all(d, &m) || is_news(d, pdu)) {
		ask(d, &m);
	}
	return m.malformed ? PARSED_MALFORMED : PARSED;
}

static const struct over nbns_over[] = { { OVER_UDP, NULL, PORT } };

const struct dissector dissector_nbns = {
	.name = "nbns",
	.title = "NetBIOS name service (RFC 1001, RFC 1002)",
	.general = true,
	.over = nbns_over,
	.n_over = ARRAY_SIZE(nbns_over),
	.state_size = sizeof(struct state),
	.probe = nbns_probe,
	.parse = nbns_parse,
	.fields = nbns_fields,
	.n_fields = ARRAY_SIZE(nbns_fields),
};
