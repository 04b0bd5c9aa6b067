/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* SNMP: version 1 (RFC 1157), 2c (RFC 1901, RFC 3416) and 3 (RFC 3412, RFC 3414), BER (RFC 3417).
 *
 *	SEQUENCE { version, community, PDU }
 *	SEQUENCE { 3, SEQUENCE { id, size, flags, model }, security parameters, scoped PDU }
 *	PDU { request id, error status, error index, SEQUENCE of { OID, value } }
 *
 * A community is a password: that it is there, how long it is, and whether it is one of the two
 * that everybody knows, is all that is kept. */

#include "dissectors/snmp_private.h"

#include <stdio.h>

#define PUT(id) FIELD_LOCAL(SNMP_##id)

#define PORT      161
#define PORT_TRAP 162

static const struct field snmp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[SNMP_##id] = { "weir.snmp." name, FIELD_##type, flags, NULL, meaning, NULL },
	SNMP_FIELDS(X)
#undef X
};

enum {
	PDU_GET,
	PDU_GET_NEXT,
	PDU_RESPONSE,
	PDU_SET,
	PDU_TRAP_1,
	PDU_GET_BULK,
	PDU_INFORM,
	PDU_TRAP,
	PDU_REPORT,
	PDU_TYPES
};

#define PDU_TAG       0xa0 /* of type 0 */
#define COUNT_HIDDEN  255  /* an encrypted one */
#define FLAG_AUTH     1
#define FLAG_PRIVACY  2
#define KEY_VERSION_3 (UINT64_C(1) << 32)
#define USM           3

/* What becomes of each: a question waits for its answer, a notice does not. */
static const struct pdu_type {
	const char *name;
	uint8_t operation;
	enum { ROLE_QUESTION, ROLE_ANSWER, ROLE_NOTICE } role;
} pdu_types[PDU_TYPES] = {
	[PDU_GET] = { "get", OPERATION_READ, ROLE_QUESTION },
	[PDU_GET_NEXT] = { "get_next", OPERATION_READ, ROLE_QUESTION },
	[PDU_RESPONSE] = { "response", OPERATION_UNKNOWN, ROLE_ANSWER },
	[PDU_SET] = { "set", OPERATION_CONFIG_WRITE, ROLE_QUESTION },
	[PDU_TRAP_1] = { "trap", OPERATION_REPORT, ROLE_NOTICE },
	[PDU_GET_BULK] = { "get_bulk", OPERATION_READ, ROLE_QUESTION },
	[PDU_INFORM] = { "inform", OPERATION_REPORT, ROLE_QUESTION },
	[PDU_TRAP] = { "trap", OPERATION_REPORT, ROLE_NOTICE },
	[PDU_REPORT] = { "report", OPERATION_REPORT, ROLE_ANSWER },
};

static const char *const versions[] = { "1", "2c", NULL, "3" };

struct message {
	uint8_t version, type;
	bool known_community, encrypted, malformed;
	size_t community_length;
	uint8_t flags;
	uint32_t id;                         /* of version 3 */
	struct cursor engine, user, context; /* of version 3 */
	struct cursor pdu;
};

/* ---- reading ---- */

static bool is_word(struct cursor text, const char *word)
{
	return cur_equal(text, cur_of(word, strlen(word)));
}

static void read_pdu(struct cursor *c, struct message *m)
{
	struct ber pdu = ber_next(c);

	m->type = (uint8_t)(pdu.tag - PDU_TAG);
	m->pdu = pdu.content;
}

/* RFC 3414 2.4: engine, boots, time, user; what follows are keys and digests. */
static void read_usm(struct cursor parameters, struct message *m)
{
	struct cursor usm = ber_expect(&parameters, BER_SEQUENCE);

	m->engine = ber_expect(&usm, BER_OCTETS);
	(void)ber_integer(&usm);
	(void)ber_integer(&usm);
	m->user = ber_expect(&usm, BER_OCTETS);
}

static void read_version_3(struct cursor *c, struct message *m)
{
	struct cursor header = ber_expect(c, BER_SEQUENCE), flags, parameters, scoped;
	int64_t model;

	m->id = (uint32_t)ber_integer(&header);
	(void)ber_integer(&header);
	flags = ber_expect(&header, BER_OCTETS);
	m->flags = cur_u8(&flags);
	model = ber_integer(&header);
	parameters = ber_expect(c, BER_OCTETS);
	m->malformed = !cur_ok(&header) || !cur_ok(&flags);
	if (model == USM) {
		read_usm(parameters, m);
	}
	m->encrypted = (m->flags & FLAG_PRIVACY) != 0;
	if (m->encrypted) {
		m->pdu = ber_expect(c, BER_OCTETS);
		return;
	}
	scoped = ber_expect(c, BER_SEQUENCE);
	(void)ber_expect(&scoped, BER_OCTETS);
	m->context = ber_expect(&scoped, BER_OCTETS);
	read_pdu(&scoped, m);
}

/* False when it is no SNMP at all. */
static bool read_message(struct cursor bytes, struct message *m)
{
	struct cursor body = ber_expect(&bytes, BER_SEQUENCE);
	int64_t version = ber_integer(&body);

	*m = (struct message) { .engine = cur_of(NULL, 0),
				.user = cur_of(NULL, 0),
				.context = cur_of(NULL, 0) };
	if (!cur_ok(&body) || version < 0 || version >= (int64_t)ARRAY_SIZE(versions) ||
	    versions[version] == NULL) {
		return false;
	}
	m->version = (uint8_t)version;
	if (version == 3) {
		read_version_3(&body, m);
	} else {
		struct cursor community = ber_expect(&body, BER_OCTETS);

		m->community_length = cur_left(&community);
		m->known_community = is_word(community, "public") || is_word(community, "private");
		read_pdu(&body, m);
	}
	return cur_ok(&body) && cur_ok(&m->pdu) && (m->encrypted || m->type < PDU_TYPES);
}

static enum claim snmp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct message m;

	(void)usual_port;
	if (!read_message(bytes, &m) || m.malformed) {
		return CLAIM_NO;
	}
	if (!m.encrypted) {
		*sender = pdu_types[m.type].role == ROLE_ANSWER ? SENDER_SERVER : SENDER_CLIENT;
	}
	return CLAIM_YES;
}

/* ---- putting ---- */

/* RFC 3411 5, SnmpEngineID: the enterprise, and by the fifth byte what the rest is. */
static bool put_engine(struct dissection *d, struct cursor engine)
{
	uint32_t enterprise;
	uint8_t format;
	char text[12];

	if (cur_left(&engine) < 5) {
		return false;
	}
	record_put_bytes(d->writer, PUT(ENGINE_ID), engine);
	enterprise = cur_be32(&engine);
	format = cur_u8(&engine);
	snprintf(text, sizeof(text), "%u", enterprise & 0x7fffffff);
	record_put_text(d->writer, PUT(ENTERPRISE), text);
	if ((enterprise >> 31) == 0) {
		return true;
	}
	if (format == 1 && cur_left(&engine) >= 4) {
		struct ip ip = cur_ip4(&engine);

		record_put_ip(d->writer, PUT(ENGINE_IP), &ip);
	} else if (format == 3 && cur_left(&engine) >= 6) {
		struct mac mac = cur_mac(&engine);

		record_put_mac(d->writer, PUT(ENGINE_MAC), &mac);
	}
	return true;
}

static void put_head(struct dissection *d, const struct message *m)
{
	static const char *const levels[] = { "none", "authenticated", "encrypted", "encrypted" };

	record_put_static(d->writer, PUT(VERSION), versions[m->version]);
	if (m->version != 3) {
		record_put_uint(d->writer, PUT(COMMUNITY), m->community_length);
		return;
	}
	record_put_static(d->writer, PUT(SECURITY), levels[m->flags & (FLAG_AUTH | FLAG_PRIVACY)]);
	if (cur_left(&m->user) > 0) {
		record_put_bytes(d->writer, PUT(USER), m->user);
	}
	if (cur_left(&m->context) > 0) {
		record_put_bytes(d->writer, PUT(CONTEXT), m->context);
	}
}

/* Once a flow: that the device lets itself be asked by a word in clear. */
static bool put_risk(struct dissection *d, const struct message *m)
{
	static const char *const risks[] = { "community_seen", "default_community" };
	struct snmp_state *state = d->state;

	if (m->version == 3 || state->risk_told) {
		return false;
	}
	state->risk_told = true;
	record_put_statics(d->writer, PUT(RISK), risks, m->known_community ? 2 : 1);
	return true;
}

static bool put_engine_once(struct dissection *d, const struct message *m)
{
	struct snmp_state *state = d->state;

	if (m->version != 3 || state->engine_told || !put_engine(d, m->engine)) {
		return false;
	}
	state->engine_told = true;
	return true;
}

/* ---- messages ---- */

/* Head of a PDU that is no trap of version 1. */
struct pdu {
	int64_t id, status, index;
	struct cursor variables;
	bool whole;
};

static struct pdu read_head(struct cursor body)
{
	struct pdu pdu = { .id = ber_integer(&body) };

	pdu.status = ber_integer(&body);
	pdu.index = ber_integer(&body);
	pdu.variables = ber_expect(&body, BER_SEQUENCE);
	pdu.whole = cur_ok(&body);
	return pdu;
}

static uint64_t key_of(const struct message *m, const struct pdu *pdu)
{
	return m->version == 3 ? KEY_VERSION_3 | m->id : (uint32_t)pdu->id;
}

static enum parsed finish(struct dissection *d, bool whole)
{
	if (!whole && !d->packet->truncated) {
		dissect_malformed(d, "ber");
		return PARSED_MALFORMED;
	}
	return PARSED;
}

static enum parsed question(struct dissection *d, const struct message *m)
{
	const struct pdu_type *type = &pdu_types[m->type];
	struct pdu pdu = read_head(m->pdu);
	struct snmp_variables variables;
	enum parsed parsed;

	dissect_sender(d, SENDER_CLIENT);
	transaction_open(d, key_of(m, &pdu));
	record_put_static(d->writer, CORE_FUNCTION, type->name);
	put_head(d, m);
	record_put_int(d->writer, PUT(REQUEST_ID), pdu.id);
	if (m->type == PDU_GET_BULK) {
		record_put_uint(d->writer, PUT(MAX_REPETITIONS),
				(uint64_t)(pdu.index > 0 ? pdu.index : 0));
	}
	variables = snmp_variables(d, pdu.variables, m->type == PDU_INFORM);
	/* Of a get-bulk the answer says how many there are. */
	transaction_note(d, m->type == PDU_GET_BULK);
	if (m->type != PDU_GET_BULK) {
		transaction_items(d, variables.n, 0);
	}
	parsed = finish(d, pdu.whole && !variables.malformed);
	transaction_ask(d, (enum operation)type->operation, false);
	if (operation_reports_request((enum operation)type->operation)) {
		snmp_items(d, &variables, (enum operation)type->operation, PHASE_REQUEST, false);
	}
	return parsed;
}

static void put_error(struct dissection *d, const struct pdu *pdu)
{
	static const char *const errors[] = {
		"no_error",
		"too_big",
		"no_such_name",
		"bad_value",
		"read_only",
		"general_error",
		"no_access",
		"wrong_type",
		"wrong_length",
		"wrong_encoding",
		"wrong_value",
		"no_creation",
		"inconsistent_value",
		"resource_unavailable",
		"commit_failed",
		"undo_failed",
		"authorization_error",
		"not_writable",
		"inconsistent_name",
	};

	if (pdu->status != 0) {
		record_put_static(d->writer, PUT(ERROR),
				  pdu->status > 0 && pdu->status < (int64_t)ARRAY_SIZE(errors)
				      ? errors[pdu->status]
				      : NULL);
		record_put_uint(d->writer, PUT(ERROR_INDEX),
				(uint64_t)(pdu->index > 0 ? pdu->index : 0));
	}
}

/* How many variables, where the question did not say it, and how many of them are not there. */
static void put_items(struct dissection *d, const struct snmp_variables *variables, bool counts)
{
	if (counts) {
		transaction_items(d, variables->n, variables->missing);
	} else if (variables->missing > 0) {
		record_put_uint(d->writer, CORE_ITEMS_FAILED, variables->missing);
	}
}

/* What an inform said is about the device that sent it. */
static void about_asker(struct dissection *d)
{
	unsigned asker = d->side ^ 1U;

	dissect_about(d, &d->flow->key.ip[asker], &d->flow->side[asker].mac, false);
}

static enum parsed answer(struct dissection *d, const struct message *m)
{
	struct pdu pdu = read_head(m->pdu);
	struct pending *asked = transaction_find(d, key_of(m, &pdu));
	/* Who asks by inform is the device; what answers is a manager. */
	bool inform = asked != NULL && pending_operation(asked) == OPERATION_REPORT;
	enum operation operation = asked != NULL ? pending_operation(asked) : OPERATION_UNKNOWN;
	struct snmp_variables variables;
	enum outcome outcome;
	enum parsed parsed;

	dissect_sender(d, SENDER_SERVER);
	transaction_answer(d, asked, operation);
	if (asked == NULL) {
		record_put_static(d->writer, CORE_FUNCTION, pdu_types[m->type].name);
		put_head(d, m);
		record_put_int(d->writer, PUT(REQUEST_ID), pdu.id);
	}
	put_error(d, &pdu);
	variables = snmp_variables(d, pdu.variables, !inform && pdu.status == 0);
	put_items(d, &variables, asked == NULL || pending_note(asked) != 0);
	if (inform) {
		about_asker(d);
	} else {
		bool risk = put_risk(d, m), engine = put_engine_once(d, m);

		if (risk || engine || variables.identity) {
			dissect_identity(d);
		}
	}
	parsed = finish(d, pdu.whole && !variables.malformed);
	outcome = pdu.status == 0 && variables.missing == 0 && m->type == PDU_RESPONSE
		      ? OUTCOME_SUCCESS
		      : OUTCOME_FAILURE;
	if (outcome == OUTCOME_FAILURE) {
		dissect_count_error(d, m->type);
	}
	transaction_done(d, outcome);
	snmp_items(d, &variables, operation, PHASE_COMPLETE, pdu.status != 0);
	return parsed;
}

/* RFC 1157 4.1.6: enterprise, agent, generic and specific number, time. */
static struct cursor put_trap_1(struct dissection *d, struct cursor body, bool *whole)
{
	static const char *const generic[] = { "cold_start",
					       "warm_start",
					       "link_down",
					       "link_up",
					       "authentication_failure",
					       "egp_neighbor_loss",
					       "enterprise_specific" };
	struct cursor enterprise = ber_expect(&body, BER_OID);
	struct cursor agent = ber_next(&body).content;
	struct ip ip = cur_ip4(&agent);
	int64_t number = ber_integer(&body), specific = ber_integer(&body);
	char text[BER_OID_TEXT];

	(void)ber_next(&body);
	*whole = cur_ok(&body) && cur_ok(&agent);
	if (!*whole) {
		return cur_of(NULL, 0);
	}
	ber_oid_text(enterprise, text, sizeof(text) - 12);
	if (number == (int64_t)ARRAY_SIZE(generic) - 1) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n, ".0.%lld", (long long)specific);
	}
	record_put_text(d->writer, PUT(TRAP_OID), text);
	record_put_ip(d->writer, PUT(AGENT), &ip);
	record_put_static(d->writer, PUT(TRAP),
			  number >= 0 && number < (int64_t)ARRAY_SIZE(generic) ? generic[number]
									       : NULL);
	return ber_expect(&body, BER_SEQUENCE);
}

static enum parsed notice(struct dissection *d, const struct message *m)
{
	struct record *record;
	struct snmp_variables variables;
	struct cursor list;
	enum parsed parsed;
	bool whole;

	dissect_sender(d, SENDER_CLIENT);
	record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);
	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, pdu_types[m->type].name);
	put_head(d, m);
	if (m->type == PDU_TRAP_1) {
		list = put_trap_1(d, m->pdu, &whole);
	} else {
		struct pdu pdu = read_head(m->pdu);

		list = pdu.variables;
		whole = pdu.whole;
	}
	variables = snmp_variables(d, list, true);
	transaction_items(d, variables.n, 0);
	(void)put_risk(d, m);
	(void)put_engine_once(d, m);
	dissect_about_sender(d, false);
	parsed = finish(d, whole && !variables.malformed);
	record_commit(d->writer);
	return parsed;
}

/* Who talks to whom under which name is all that can be seen. */
static enum parsed hidden(struct dissection *d, const struct message *m)
{
	struct record *record;

	dissect_count(d, MESSAGE_USERDATA, COUNT_HIDDEN);
	if (!dissect_encrypted(d, cur_left(&m->pdu))) {
		return PARSED;
	}
	record = dissect_record(d, RECORD_TRANSACTION, OPERATION_UNKNOWN);
	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, "encrypted");
	put_head(d, m);
	if (put_engine_once(d, m)) {
		dissect_identity(d);
	}
	record_put_bool(d->writer, CORE_ENCRYPTED, true);
	record_commit(d->writer);
	return PARSED;
}

static enum parsed snmp_parse(struct dissection *d, struct cursor pdu)
{
	struct message m;

	if (!read_message(pdu, &m)) {
		return PARSED_NOT_MINE;
	}
	if (m.encrypted) {
		return hidden(d, &m);
	}
	dissect_count(d, pdu_types[m.type].role == ROLE_ANSWER ? MESSAGE_RESPONSE : MESSAGE_REQUEST,
		      m.type);
	switch (pdu_types[m.type].role) {
	case ROLE_ANSWER:
		return answer(d, &m);
	case ROLE_NOTICE:
		return notice(d, &m);
	default:
		return question(d, &m);
	}
}

static void snmp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s",
		 code == COUNT_HIDDEN ? "encrypted"
		 : code == PDU_TRAP_1 ? "trap_v1"
		 : code < PDU_TYPES   ? pdu_types[code].name
				      : "?");
}

static const struct over snmp_over[] = {
	{ OVER_UDP, NULL, PORT },
	{ OVER_UDP, NULL, PORT_TRAP },
	{ OVER_UDP, NULL, 0 },
};

const struct dissector dissector_snmp = {
	.name = "snmp",
	.title = "SNMP version 1, 2c and 3 (RFC 1157, RFC 3416, RFC 3412)",
	.general = true,
	.over = snmp_over,
	.n_over = ARRAY_SIZE(snmp_over),
	.state_size = sizeof(struct snmp_state),
	.probe = snmp_probe,
	.parse = snmp_parse,
	.code_text = snmp_code_text,
	.fields = snmp_fields,
	.n_fields = ARRAY_SIZE(snmp_fields),
};
