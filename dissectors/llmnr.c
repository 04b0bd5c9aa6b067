/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Link-local multicast name resolution (RFC 4795): a Windows host asks its neighbours for a name,
 * and who has the name answers. Messages are those of DNS.
 *
 * The question goes to a group and the answer comes from a host, in another flow: each is a record
 * of its own. Anybody may answer, so a name from here is what the answer says, no more. */

#include "dissectors/dissector.h"
#include "dissectors/dns_message.h"
#include "dissectors/news.h"

#define PORT      5355
#define HOSTS_MAX 16

#define LLMNR_FIELDS(X)                                                                  \
	X(NAME, "name", STRING, 0, "Name that is asked for")                             \
	X(TYPE, "type", STRING, FIELD_ENUM, "Type that is asked for")                    \
	X(CONFLICT, "conflict", BOOL, 0, "The name was found to be another's (2.1.1)")   \
	X(ADDRESS, "address", IP, 0, "Address that the answer gives")                    \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME), "Name of the host") \
	X(FQDN, "fqdn", STRING, FIELD_IDENTITY(DOMAIN_NAME), "Name with its domain")

enum llmnr_field {
#define X(id, name, type, flags, meaning) LLMNR_##id,
	LLMNR_FIELDS(X)
#undef X
};

static const struct field llmnr_fields[] = {
#define X(id, name, type, flags, meaning) \
	[LLMNR_##id] = { "weir.llmnr." name, FIELD_##type, flags, NULL, meaning, NULL },
	LLMNR_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(LLMNR_##id)

enum { FLAG_CONFLICT = 0x0400 };

struct state {
	struct news said;
};

/* RFC 4795 2.1.1: opcode 0, one question. */
static bool is_plausible(struct cursor bytes, struct dns_message *message)
{
	return dns_open(bytes, message) && dns_opcode(message) == DNS_QUERY &&
	       message->questions == 1;
}

static enum claim llmnr_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct dns_message message;

	if (!usual_port || !is_plausible(bytes, &message)) {
		return CLAIM_NO;
	}
	*sender = (message.flags & DNS_RESPONSE) != 0 ? SENDER_SERVER : SENDER_CLIENT;
	return CLAIM_YES;
}

static void put_host(struct dissection *d, const struct ip *ip, const struct dns_name *name)
{
	static const struct mac no_mac = { { 0 } };
	bool full = strchr(name->text, '.') != NULL;

	record_put_ip(d->writer, PUT(ADDRESS), ip);
	record_put_text(d->writer, full ? PUT(FQDN) : PUT(HOST_NAME), name->text);
	dissect_about(d, ip, &no_mac, false);
}

static void report_hosts(struct dissection *d, struct dns_message *message)
{
	struct dns_resource resource;
	struct dns_name name;
	struct ip ip;
	unsigned hosts = 0;

	for (unsigned i = 0;
	     i < message->answers && hosts < HOSTS_MAX && dns_next_resource(message, &resource);
	     i++) {
		if (!dns_host(message, &resource, &ip, &name)) {
			continue;
		}
		struct record *record = dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY);

		record->key = 0;
		record->phase = PHASE_COMPLETE;
		record->outcome = OUTCOME_SUCCESS;
		record_put_static(d->writer, CORE_FUNCTION, "response");
		record_put_uint(d->writer, CORE_ITEM_INDEX, hosts++);
		put_host(d, &ip, &name);
		record_commit(d->writer);
	}
}

static void report(struct dissection *d, const struct dns_message *message,
		   const struct dns_question *question, bool malformed)
{
	bool response = (message->flags & DNS_RESPONSE) != 0;
	struct record *record =
	    dissect_record(d, RECORD_TRANSACTION, response ? OPERATION_REPORT : OPERATION_READ);

	record->phase = PHASE_COMPLETE;
	record->outcome = response ? OUTCOME_SUCCESS : OUTCOME_UNKNOWN;
	record_put_static(d->writer, CORE_FUNCTION, response ? "response" : "query");
	record_put_text(d->writer, PUT(NAME), question->name.text);
	record_put_static(d->writer, PUT(TYPE), dns_type_name(question->type));
	if ((message->flags & FLAG_CONFLICT) != 0) {
		record_put_bool(d->writer, PUT(CONFLICT), true);
	}
	if (malformed) {
		dissect_malformed(d, "message");
	}
	record_commit(d->writer);
}

static enum parsed llmnr_parse(struct dissection *d, struct cursor pdu)
{
	struct dns_question question = { .type = 0 };
	struct state *state = d->state;
	struct dns_message message;
	bool response, malformed;

	if (!is_plausible(pdu, &message)) {
		return PARSED_NOT_MINE;
	}
	response = (message.flags & DNS_RESPONSE) != 0;
	malformed = !dns_is_whole(&message);
	if (!dns_next_question(&message, &question)) {
		question = (struct dns_question) { .type = 0 };
	}
	dissect_sender(d, response ? SENDER_SERVER : SENDER_CLIENT);
	dissect_count(d, response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, question.type);
	if (news_is(&state->said, pdu, d->side, d->packet->time)) {
		report(d, &message, &question, malformed);
		if (response && !malformed) {
			report_hosts(d, &message);
		}
	}
	return malformed ? PARSED_MALFORMED : PARSED;
}

static const struct over llmnr_over[] = { { OVER_UDP, NULL, PORT } };

const struct dissector dissector_llmnr = {
	.name = "llmnr",
	.title = "Link-local Multicast Name Resolution (RFC 4795)",
	.general = true,
	.over = llmnr_over,
	.n_over = ARRAY_SIZE(llmnr_over),
	.state_size = sizeof(struct state),
	.probe = llmnr_probe,
	.parse = llmnr_parse,
	.fields = llmnr_fields,
	.n_fields = ARRAY_SIZE(llmnr_fields),
};
