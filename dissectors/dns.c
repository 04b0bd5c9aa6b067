/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* DNS (RFC 1035), over UDP and TCP, with its updates (RFC 2136) and notifications (RFC 1996).
 *
 *	over TCP: length 2 | message
 *
 * Query and answer are a transaction; each answer that gives a name to an address is an item about
 * the host with that address. */

#include "dissectors/dissector.h"
#include "dissectors/dns_message.h"

#include <stdio.h>

#define PORT          53
#define HEADER        12
#define HOSTS_MAX     16 /* that one message names */
#define QUESTIONS_MAX 16
#define RESOLVED_MAX  16 /* addresses that one message tells */
#define OPCODE_MAX    6

#define DNS_FIELDS(X)                                                                          \
	X(ID, "dns.id", STRING, 0, "Number of the query")                                      \
	X(OP_CODE, "dns.op_code", STRING, FIELD_ENUM, "Kind of query")                         \
	X(FLAGS, "dns.header_flags", STRING, FIELD_LIST | FIELD_ENUM, "Flags of the answer")   \
	X(QUESTION_NAME, "dns.question.name", STRING, 0, "Name that is asked for")             \
	X(QUESTION_TYPE, "dns.question.type", STRING, 0, "Type that is asked for")             \
	X(RESPONSE_CODE, "dns.response_code", STRING, FIELD_ENUM, "What the server says")      \
	X(RESOLVED_IP, "dns.resolved_ip", IP, FIELD_LIST,                                      \
	  "Addresses in the answer, or in this item")                                          \
	X(ANSWER_NAME, "dns.answers.name", STRING, 0, "Name that the answer is about")         \
	X(ANSWER_TYPE, "dns.answers.type", STRING, 0, "Type of the answer")                    \
	X(ANSWER_DATA, "dns.answers.data", STRING, 0, "What it says")                          \
	X(ANSWER_TTL, "dns.answers.ttl", UINT, 0, "How long it holds, in seconds")             \
	X(ANSWERS, "weir.dns.answers", UINT, 0, "Answers in the message")                      \
	X(HOST_NAME, "weir.dns.host_name", STRING, FIELD_IDENTITY(HOST_NAME),                  \
	  "Name of the host, when it has no domain")                                           \
	X(FQDN, "weir.dns.fqdn", STRING, FIELD_IDENTITY(DOMAIN_NAME), "Full name of the host") \
	X(DUTY, "weir.dns.duty", STRING, FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY),     \
	  "What the server does")

enum dns_field {
#define X(id, name, type, flags, meaning) F_##id,
	DNS_FIELDS(X)
#undef X
};

static const struct field dns_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { name, FIELD_##type, flags, NULL, meaning, NULL },
	DNS_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

static const struct {
	const char *op_code, *function;
	enum operation operation;
} kinds[OPCODE_MAX + 1] = {
	[DNS_QUERY] = { "QUERY", "query", OPERATION_READ },
	[1] = { "IQUERY", "inverse_query", OPERATION_READ },
	[DNS_STATUS] = { "STATUS", "status", OPERATION_DIAGNOSE },
	[DNS_NOTIFY] = { "NOTIFY", "notify", OPERATION_REPORT },
	[DNS_UPDATE] = { "UPDATE", "update", OPERATION_WRITE },
	[6] = { "DSO", "stateful", OPERATION_SESSION },
};

static bool is_plausible(struct cursor bytes, struct dns_message *message)
{
	return dns_open(bytes, message) && dns_opcode(message) <= OPCODE_MAX &&
	       kinds[dns_opcode(message)].function != NULL && message->questions <= QUESTIONS_MAX;
}

static enum claim dns_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct dns_message message;
	struct cursor behind_length = bytes;

	cur_skip(&behind_length, 2);
	if (!usual_port) {
		return CLAIM_NO;
	}
	if (cur_left(&bytes) < HEADER + 2) {
		return CLAIM_MORE;
	}
	if (!is_plausible(bytes, &message) && !is_plausible(behind_length, &message)) {
		return CLAIM_NO;
	}
	*sender = (message.flags & DNS_RESPONSE) != 0 ? SENDER_SERVER : SENDER_CLIENT;
	return CLAIM_YES;
}

static struct framing dns_frame(const struct dissection *d, struct cursor bytes)
{
	uint16_t length = cur_be16(&bytes);

	(void)d;
	if (!cur_ok(&bytes)) {
		return (struct framing) { FRAMING_MORE, 2 };
	}
	if (length < HEADER) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	return (struct framing) { FRAMING_PDU, (size_t)length + 2 };
}

/* A length, and a message of that length whose parts all can be read. */
static size_t dns_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	size_t n = cur_left(&bytes);
	struct dns_message message;

	(void)d;
	cur_skip(&bytes, from);
	for (size_t skip = from; skip < n; skip++) {
		struct cursor look = bytes, part = cur_sub(&look, cur_be16(&look));

		if (cur_ok(&part) && is_plausible(part, &message) && message.questions > 0 &&
		    dns_is_whole(&message)) {
			return skip;
		}
		cur_skip(&bytes, 1);
	}
	return n;
}

/* ---- records ---- */

static void put_question(struct dissection *d, const struct dns_message *message,
			 const struct dns_question *question)
{
	const char *type = dns_type_name(question->type);
	char text[12];

	record_put_static(d->writer, CORE_FUNCTION, kinds[dns_opcode(message)].function);
	snprintf(text, sizeof(text), "%u", message->id);
	record_put_text(d->writer, PUT(ID), text);
	record_put_static(d->writer, PUT(OP_CODE), kinds[dns_opcode(message)].op_code);
	if (question->name.text[0] == '\0') {
		return;
	}
	record_put_text(d->writer, PUT(QUESTION_NAME), question->name.text);
	if (type != NULL) {
		record_put_static(d->writer, PUT(QUESTION_TYPE), type);
	} else {
		snprintf(text, sizeof(text), "%u", question->type);
		record_put_text(d->writer, PUT(QUESTION_TYPE), text);
	}
}

static void put_flags(struct dissection *d, uint16_t flags)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} rows[] = {
		{ DNS_AUTHORITATIVE, "AA" },
		{ DNS_TRUNCATED, "TC" },
		{ 0x0100, "RD" },
		{ 0x0080, "RA" },
		{ 0x0020, "AD" },
		{ 0x0010, "CD" },
	};
	const char *names[ARRAY_SIZE(rows)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if ((flags & rows[i].bit) != 0) {
			names[n++] = rows[i].name;
		}
	}
	if (n > 0) {
		record_put_statics(d->writer, PUT(FLAGS), names, n);
	}
}

/* What the first answer says, and the addresses in all of them. */
static void put_answers(struct dissection *d, const struct dns_message *message)
{
	struct dns_message look = *message;
	struct dns_resource resource;
	char text[DNS_NAME_TEXT + 20];
	struct ip ips[RESOLVED_MAX];
	size_t n = 0;

	record_put_uint(d->writer, PUT(ANSWERS), message->answers);
	for (unsigned i = 0;
	     i < message->answers && n < ARRAY_SIZE(ips) && dns_next_resource(&look, &resource);
	     i++) {
		if (i == 0 && dns_data_text(&look, &resource, text, sizeof(text))) {
			record_put_text(d->writer, PUT(ANSWER_DATA), text);
		}
		n += dns_address(&resource, &ips[n]);
	}
	if (n > 0) {
		record_put_ips(d->writer, PUT(RESOLVED_IP), ips, n);
	}
}

static void put_host(struct dissection *d, const struct dns_message *message,
		     const struct dns_resource *resource, const struct ip *ip,
		     const struct dns_name *name)
{
	static const struct mac no_mac = { { 0 } };
	bool full = strchr(name->text, '.') != NULL;
	char text[DNS_NAME_TEXT];

	record_put_static(d->writer, CORE_FUNCTION, kinds[DNS_QUERY].function);
	record_put_ips(d->writer, PUT(RESOLVED_IP), ip, 1);
	record_put_text(d->writer, PUT(ANSWER_NAME), resource->name.text);
	record_put_static(d->writer, PUT(ANSWER_TYPE), dns_type_name(resource->type));
	if (dns_data_text(message, resource, text, sizeof(text))) {
		record_put_text(d->writer, PUT(ANSWER_DATA), text);
	}
	record_put_uint(d->writer, PUT(ANSWER_TTL), resource->ttl);
	record_put_text(d->writer, full ? PUT(FQDN) : PUT(HOST_NAME), name->text);
	dissect_about(d, ip, &no_mac, false);
}

/* The hosts that the answers name. */
static void report_hosts(struct dissection *d, struct dns_message *message)
{
	struct dns_resource resource;
	struct dns_name name;
	struct ip ip;
	unsigned hosts = 0;

	for (unsigned i = 0;
	     i < message->resources && hosts < HOSTS_MAX && dns_next_resource(message, &resource);
	     i++) {
		if (!dns_host(message, &resource, &ip, &name) || name.text[0] == '.') {
			continue;
		}
		struct record *record = dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY);

		record->phase = PHASE_COMPLETE;
		record->outcome = OUTCOME_SUCCESS;
		record_put_uint(d->writer, CORE_ITEM_INDEX, hosts++);
		put_host(d, message, &resource, &ip, &name);
		record_commit(d->writer);
	}
}

/* ---- messages ---- */

static void ask(struct dissection *d, const struct dns_message *message,
		const struct dns_question *question, bool malformed)
{
	transaction_open(d, message->id);
	put_question(d, message, question);
	if (malformed) {
		dissect_malformed(d, "message");
	}
	transaction_ask(d, kinds[dns_opcode(message)].operation, false);
}

static void answer(struct dissection *d, struct dns_message *message,
		   const struct dns_question *question, bool malformed)
{
	struct pending *asked = transaction_find(d, message->id);
	unsigned rcode = message->flags & DNS_RCODE;

	transaction_answer(d, asked, kinds[dns_opcode(message)].operation);
	if (asked == NULL) {
		put_question(d, message, question);
	}
	put_flags(d, message->flags);
	record_put_static(d->writer, PUT(RESPONSE_CODE), dns_rcode_name(rcode));
	if (malformed) {
		dissect_malformed(d, "message");
	} else {
		put_answers(d, message);
		record_put_static(d->writer, PUT(DUTY), "dns_server");
		dissect_about_sender(d, false);
	}
	transaction_done(d, rcode == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE);
	if (!malformed && rcode == 0 && dns_opcode(message) == DNS_QUERY) {
		report_hosts(d, message);
	}
}

static enum parsed dns_parse(struct dissection *d, struct cursor pdu)
{
	struct dns_question question = { .type = 0 }, other;
	struct dns_message message;
	bool response, malformed;

	if (d->stream) {
		cur_skip(&pdu, 2);
	}
	if (!is_plausible(pdu, &message)) {
		return PARSED_NOT_MINE;
	}
	response = (message.flags & DNS_RESPONSE) != 0;
	malformed = !dns_is_whole(&message);
	for (unsigned i = 0; i < message.questions && dns_next_question(&message, &other); i++) {
		question = i == 0 ? other : question;
	}
	dissect_sender(d, response ? SENDER_SERVER : SENDER_CLIENT);
	dissect_count(d, response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, question.type);
	if (response && (message.flags & DNS_RCODE) != 0) {
		dissect_count_error(d, message.flags & DNS_RCODE);
	}
	if (response) {
		answer(d, &message, &question, malformed);
	} else {
		ask(d, &message, &question, malformed);
	}
	return malformed ? PARSED_MALFORMED : PARSED;
}

static const struct over dns_over[] = {
	{ OVER_UDP, NULL, PORT },
	{ OVER_TCP, NULL, PORT },
};

const struct dissector dissector_dns = {
	.name = "dns",
	.title = "Domain Name System (RFC 1035)",
	.general = true,
	.over = dns_over,
	.n_over = ARRAY_SIZE(dns_over),
	.probe = dns_probe,
	.frame = dns_frame,
	.resync = dns_resync,
	.parse = dns_parse,
	.fields = dns_fields,
	.n_fields = ARRAY_SIZE(dns_fields),
};
