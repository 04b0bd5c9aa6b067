/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* PROFINET DCP, the protocol that finds stations and gives them name and address (IEC 61158-6-10,
 * 4.3.1 "DCP"), behind the FrameIDs 0xfefc (Hello), 0xfefd (Get and Set), 0xfefe (Identify) and
 *0xfeff (the answers to Identify):
 *
 *	service 1 | type 1 | xid 4 | response delay 2 | length 2 | blocks
 *
 * Identify goes to a group, and whoever fits answers: these answers, and Hello, are announcements
 * of the station that sends them.  Get and Set go to one station. */

#include "dissectors/profinet_dcp_private.h"

#include "dissectors/news.h"

#define PUT(id) FIELD_LOCAL(DCP_##id)

static const struct field dcp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[DCP_##id] = { "weir.profinet_dcp." name, FIELD_##type, flags, NULL, meaning, NULL },
	DCP_FIELDS(X)
#undef X
};

enum { SERVICE_GET = 3, SERVICE_SET = 4, SERVICE_IDENTIFY = 5, SERVICE_HELLO = 6 };
enum { TYPE_REQUEST = 0, TYPE_SUCCESS = 1, TYPE_UNSUPPORTED = 5 };

static const char *const services[] = {
	[SERVICE_GET] = "get",
	[SERVICE_SET] = "set",
	[SERVICE_IDENTIFY] = "identify",
	[SERVICE_HELLO] = "hello",
};

static const char *const types[] = {
	[TYPE_REQUEST] = "request",
	[TYPE_SUCCESS] = "success",
	[TYPE_UNSUPPORTED] = "unsupported",
};

struct dcp_state {
	struct news said[2]; /* by side */
};

struct message {
	uint8_t service, type;
	uint32_t xid;
	struct cursor blocks;
	bool cut; /* the blocks are shorter than they should be */
};

static enum claim dcp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)usual_port;
	(void)sender;
	return CLAIM_YES;
}

static const char *service_name(uint8_t service)
{
	return service < ARRAY_SIZE(services) ? services[service] : NULL;
}

static void put_head(struct dissection *d, const struct message *m)
{
	record_put_static(d->writer, CORE_FUNCTION, service_name(m->service));
	record_put_uint(d->writer, PUT(XID), m->xid);
}

static void put_type(struct dissection *d, const struct message *m)
{
	record_put_static(d->writer, PUT(SERVICE_TYPE),
			  m->type < ARRAY_SIZE(types) ? types[m->type] : NULL);
}

/* Puts the blocks; false when they contradict their lengths. Those that the snap length cut do
 * not. */
static bool put_blocks(struct dissection *d, const struct message *m, struct dcp_walk *walk)
{
	walk->d = d;
	dcp_blocks(walk, m->blocks);
	if ((m->cut || walk->malformed) && !d->packet->truncated) {
		dissect_malformed(d, "length");
		return false;
	}
	return true;
}

/* What binds an address to the station that this message comes from, as it says so itself. */
static void put_binding(struct dissection *d, struct record *record, uint32_t number)
{
	struct ip ip = number != 0 ? ip_from_v4(number) : (struct ip) { { 0 } };
	struct mac mac = d->flow->side[d->side].mac;

	record->source.ip = ip;
	record->source.mac = mac;
	record->destination.mac = d->packet->mac_destination;
	dissect_about(d, &ip, &mac, number != 0);
}

/* Hello, and an answer to Identify. */
static enum parsed announcement(struct dissection *d, const struct message *m)
{
	struct dcp_state *state = d->state;
	struct dcp_walk walk = { .form = DCP_INFO };
	struct record *record;
	bool whole;

	if (!news_is(&state->said[d->side], m->blocks, m->service, d->packet->time)) {
		return PARSED;
	}
	record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);
	record->phase = PHASE_COMPLETE;
	put_head(d, m);
	put_type(d, m);
	whole = put_blocks(d, m, &walk);
	put_binding(d, record, walk.ip);
	record_commit(d->writer);
	return whole ? PARSED : PARSED_MALFORMED;
}

/* Identify: to all, or to the station of a name, of a vendor... */
static enum parsed question(struct dissection *d, const struct message *m)
{
	struct dcp_state *state = d->state;
	struct dcp_walk walk = { .form = DCP_FILTER };
	struct record *record;
	bool whole;

	if (!news_is(&state->said[d->side], m->blocks, m->service, d->packet->time)) {
		return PARSED;
	}
	record = dissect_record(d, RECORD_TRANSACTION, OPERATION_IDENTIFY);
	record->phase = PHASE_COMPLETE;
	put_head(d, m);
	put_type(d, m);
	whole = put_blocks(d, m, &walk);
	dissect_about_sender(d, false);
	record_commit(d->writer);
	return whole ? PARSED : PARSED_MALFORMED;
}

/* Get or Set. */
static enum parsed request(struct dissection *d, const struct message *m)
{
	bool get = m->service == SERVICE_GET;
	struct dcp_walk walk = { .form = get ? DCP_ASKED : DCP_QUALIFIER };
	bool whole;

	transaction_open(d, m->xid);
	put_head(d, m);
	whole = put_blocks(d, m, &walk);
	transaction_note(d, (uint64_t)walk.names_device << 32 | walk.ip);
	transaction_ask(d, get ? OPERATION_IDENTIFY : walk.operation,
			mac_is_group(&d->packet->mac_destination));
	return whole ? PARSED : PARSED_MALFORMED;
}

/* The address that a station said it has, or took: evidence of its own, as the answer itself is
 * about what was asked. */
static void say_address(struct dissection *d, uint32_t ip, bool itself)
{
	struct record *record = dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY);
	struct mac mac = d->flow->side[d->side].mac;
	struct ip address = ip_from_v4(ip);

	record->phase = PHASE_COMPLETE;
	record->outcome = OUTCOME_SUCCESS;
	record_put_ip(d->writer, PUT(IP), &address);
	if (itself) {
		put_binding(d, record, ip);
	} else {
		dissect_about(d, &address, &mac, true);
	}
	record_commit(d->writer);
}

static enum outcome outcome_of(const struct message *m, const struct dcp_walk *walk)
{
	return m->type == TYPE_SUCCESS && walk->n_refused == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
}

/* The answer to a Get or Set. */
static enum parsed answer(struct dissection *d, const struct message *m)
{
	bool get = m->service == SERVICE_GET;
	struct pending *asked = transaction_find(d, m->xid);
	uint64_t note = asked != NULL ? pending_note(asked) : 0;
	struct dcp_walk walk = { .form = DCP_INFO, .answers = asked != NULL };
	enum outcome outcome;
	uint32_t ip;
	bool whole;

	transaction_answer(d, asked, get ? OPERATION_IDENTIFY : OPERATION_CONFIG_WRITE);
	if (asked == NULL) {
		put_head(d, m);
	}
	put_type(d, m);
	whole = put_blocks(d, m, &walk);
	outcome = outcome_of(m, &walk);
	if (walk.n_refused > 0 || m->type != TYPE_SUCCESS) {
		dissect_count_error(d, m->service);
	}
	if (!get && (note >> 32 & 1) != 0 && outcome == OUTCOME_SUCCESS) {
		dissect_identity(d);
	}
	transaction_done(d, outcome);
	ip = get ? walk.ip : (uint32_t)note;
	if (ip != 0 && outcome == OUTCOME_SUCCESS) {
		say_address(d, ip, get);
	}
	return whole ? PARSED : PARSED_MALFORMED;
}

/* A service that has no row: a record with its number, and nothing more. */
static enum parsed unknown(struct dissection *d, const struct message *m)
{
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_UNKNOWN);

	record->phase = PHASE_COMPLETE;
	put_head(d, m);
	put_type(d, m);
	record_commit(d->writer);
	return PARSED_UNKNOWN;
}

static struct message read_message(struct cursor pdu)
{
	struct message m = { .service = cur_u8(&pdu), .type = cur_u8(&pdu) };
	uint16_t length;

	m.xid = cur_be32(&pdu);
	cur_skip(&pdu, 2);
	length = cur_be16(&pdu);
	m.cut = !cur_ok(&pdu) || cur_left(&pdu) < length;
	/* Short frames are padded behind it. */
	m.blocks = cur_sub_most(&pdu, length);
	return m;
}

static enum parsed dcp_parse(struct dissection *d, struct cursor pdu)
{
	struct message m = read_message(pdu);
	bool asks = m.type == TYPE_REQUEST;

	dissect_count(d, asks ? MESSAGE_REQUEST : MESSAGE_RESPONSE, m.service);
	dissect_sender(d, asks ? SENDER_CLIENT : SENDER_SERVER);
	if (service_name(m.service) == NULL || m.type >= ARRAY_SIZE(types) ||
	    types[m.type] == NULL) {
		return unknown(d, &m);
	}
	if (m.service == SERVICE_HELLO || (m.service == SERVICE_IDENTIFY && !asks)) {
		return announcement(d, &m);
	}
	if (m.service == SERVICE_IDENTIFY) {
		return question(d, &m);
	}
	return asks ? request(d, &m) : answer(d, &m);
}

static const struct over dcp_over[] = {
	{ OVER_PARENT, "profinet", 0xfefc },
	{ OVER_PARENT, "profinet", 0xfefd },
	{ OVER_PARENT, "profinet", 0xfefe },
	{ OVER_PARENT, "profinet", 0xfeff },
};

const struct dissector dissector_profinet_dcp = {
	.name = "profinet_dcp",
	.title = "PROFINET DCP, discovery and configuration (IEC 61158-6-10)",
	.over = dcp_over,
	.n_over = ARRAY_SIZE(dcp_over),
	.state_size = sizeof(struct dcp_state),
	.probe = dcp_probe,
	.parse = dcp_parse,
	.fields = dcp_fields,
	.n_fields = ARRAY_SIZE(dcp_fields),
};
