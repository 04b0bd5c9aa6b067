/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* PTP version 2 (IEEE 1588-2008 and 1588-2019, clause 13; IEEE 802.1AS), in frames and in UDP.
 *
 *	SdoId, type 1 | version 1 | length 2 | domain 1 | SdoId 1 | flags 2 | correction 8 |
 *	4 | source port: clock identity 8, number 2 | sequence 2 | control 1 | interval 1
 *	Announce:    time 10 | UTC offset 2 | 1 | priority 1 | class 1, accuracy 1, variance 2 |
 *		     priority 1 | grandmaster 8 | steps removed 2 | time source 1
 *	Management:  target port 10 | hops 1 | hops 1 | action 1 | 1 | TLV 2 | length 2 | id 2
 *
 * Messages come several a second. All are counted; an Announce is a record when it says something
 * else than before, and once a minute, a management message always. */

#include "dissectors/dissector.h"
#include "dissectors/news.h"

#include <stdio.h>

#define PORT_EVENT   319
#define PORT_GENERAL 320
#define ETHERTYPE    0x88f7
#define HEADER       34
#define TIMESTAMP    10
#define VERSION      2

#define PTP_FIELDS(X)                                                                             \
	X(DOMAIN, "domain", UINT, 0, "PTP domain")                                                \
	X(CLOCK, "clock_identity", STRING, 0, "Clock that sends the message")                     \
	X(PORT_NUMBER, "port", UINT, 0, "Port of that clock")                                     \
	X(GRANDMASTER, "grandmaster_identity", STRING, 0, "Clock that all follow")                \
	X(PRIORITY1, "priority1", UINT, 0, "First priority of the grandmaster, less is better")   \
	X(PRIORITY2, "priority2", UINT, 0, "Second priority of the grandmaster")                  \
	X(CLASS, "clock_class", UINT, 0,                                                          \
	  "Class of the grandmaster: 6 is a reference, 248 default")                              \
	X(ACCURACY, "clock_accuracy", UINT, 0, "Accuracy of the grandmaster, by code")            \
	X(STEPS, "steps_removed", UINT, 0, "Clocks between the sender and the grandmaster")       \
	X(TIME_SOURCE, "time_source", STRING, FIELD_ENUM, "Where the grandmaster's time is from") \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_IDENTITY(DUTY),                                \
	  "grandmaster: it announces itself as that")                                             \
	X(ACTION, "action", STRING, FIELD_ENUM, "Of management: get, set, response...")           \
	X(MANAGEMENT_ID, "management_id", UINT, 0, "What a management message is about")

enum {
#define X(id, name, type, flags, meaning) PTP_##id,
	PTP_FIELDS(X)
#undef X
};

static const struct field ptp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[PTP_##id] = { "weir.ptp." name, FIELD_##type, flags, NULL, meaning, NULL },
	PTP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(PTP_##id)

enum { ANNOUNCE = 11, MANAGEMENT = 13 };

/* IEEE 1588-2019, table 36. NULL: reserved. */
static const char *const types[16] = {
	[0] = "sync",
	[1] = "delay_request",
	[2] = "peer_delay_request",
	[3] = "peer_delay_response",
	[8] = "follow_up",
	[9] = "delay_response",
	[10] = "peer_delay_response_follow_up",
	[ANNOUNCE] = "announce",
	[12] = "signaling",
	[MANAGEMENT] = "management",
};

struct ptp_state {
	struct news said[2]; /* by side */
};

struct header {
	uint8_t type, version, domain;
	uint16_t length, port;
	uint64_t clock;
};

static struct header read_header(struct cursor *bytes)
{
	struct fixed f = cur_fixed(bytes, HEADER);

	return (struct header) {
		.type = fixed_u8(f, 0) & 0xf,
		.version = fixed_u8(f, 1) & 0xf,
		.length = fixed_be16(f, 2),
		.domain = fixed_u8(f, 4),
		.clock = (uint64_t)fixed_be32(f, 20) << 32 | fixed_be32(f, 24),
		.port = fixed_be16(f, 28),
	};
}

static enum claim ptp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	size_t n = cur_left(&bytes);
	struct header h = read_header(&bytes);

	(void)sender;
	return usual_port && cur_ok(&bytes) && h.version == VERSION && h.length <= n &&
		       h.length >= HEADER && types[h.type] != NULL
		   ? CLAIM_YES
		   : CLAIM_NO;
}

static void put_identity(struct dissection *d, uint16_t field, uint64_t identity)
{
	char text[17];

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)identity);
	record_put_text(d->writer, field, text);
}

static struct record *begin(struct dissection *d, const struct header *h, enum operation operation)
{
	struct record *record = dissect_record(d, RECORD_TRANSACTION, operation);

	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, types[h->type]);
	record_put_uint(d->writer, PUT(DOMAIN), h->domain);
	put_identity(d, PUT(CLOCK), h->clock);
	record_put_uint(d->writer, PUT(PORT_NUMBER), h->port);
	return record;
}

/* IEEE 1588-2019, table 6. */
static const char *time_source(uint8_t code)
{
	static const struct {
		uint8_t code;
		const char *name;
	} sources[] = {
		{ 0x10, "atomic_clock" }, { 0x20, "gnss" },  { 0x30, "terrestrial_radio" },
		{ 0x39, "serial_code" },  { 0x40, "ptp" },   { 0x50, "ntp" },
		{ 0x60, "hand_set" },     { 0x90, "other" }, { 0xa0, "internal_oscillator" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		if (sources[i].code == code) {
			return sources[i].name;
		}
	}
	return NULL;
}

static enum parsed announce(struct dissection *d, const struct header *h, struct cursor body)
{
	struct ptp_state *state = d->state;
	struct cursor rest, said;
	uint64_t grandmaster;

	cur_skip(&body, TIMESTAMP);
	rest = body;
	said = cur_sub_most(&rest, 20);
	cur_skip(&body, 3);
	struct fixed f = cur_fixed(&body, 17);

	if (!cur_ok(&body)) {
		return PARSED_MALFORMED;
	}
	if (!news_is(&state->said[d->side], said, h->clock ^ h->domain, d->packet->time)) {
		return PARSED;
	}
	grandmaster = (uint64_t)fixed_be32(f, 6) << 32 | fixed_be32(f, 10);
	begin(d, h, OPERATION_REPORT);
	put_identity(d, PUT(GRANDMASTER), grandmaster);
	record_put_uint(d->writer, PUT(PRIORITY1), fixed_u8(f, 0));
	record_put_uint(d->writer, PUT(CLASS), fixed_u8(f, 1));
	record_put_uint(d->writer, PUT(ACCURACY), fixed_u8(f, 2));
	record_put_uint(d->writer, PUT(PRIORITY2), fixed_u8(f, 5));
	record_put_uint(d->writer, PUT(STEPS), fixed_be16(f, 14));
	record_put_static(d->writer, PUT(TIME_SOURCE), time_source(fixed_u8(f, 16)));
	if (grandmaster == h->clock) {
		record_put_static(d->writer, PUT(DUTY), "grandmaster");
	}
	dissect_about_sender(d, false);
	record_commit(d->writer);
	return PARSED;
}

static enum parsed management(struct dissection *d, const struct header *h, struct cursor body)
{
	static const struct {
		const char *name;
		enum operation operation;
	} actions[] = {
		{ "get", OPERATION_READ },           { "set", OPERATION_CONFIG_WRITE },
		{ "response", OPERATION_REPORT },    { "command", OPERATION_CONFIG_WRITE },
		{ "acknowledge", OPERATION_REPORT },
	};
	uint8_t action;
	bool known;

	cur_skip(&body, 12);
	action = cur_u8(&body) & 0xf;
	cur_skip(&body, 5);
	uint16_t id = cur_be16(&body);

	if (!cur_ok(&body)) {
		return PARSED_MALFORMED;
	}
	known = action < ARRAY_SIZE(actions);
	begin(d, h, known ? actions[action].operation : OPERATION_UNKNOWN);
	record_put_static(d->writer, PUT(ACTION), known ? actions[action].name : NULL);
	record_put_uint(d->writer, PUT(MANAGEMENT_ID), id);
	record_commit(d->writer);
	return known ? PARSED : PARSED_UNKNOWN;
}

static enum parsed ptp_parse(struct dissection *d, struct cursor pdu)
{
	struct header h = read_header(&pdu);

	if (!cur_ok(&pdu)) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, MESSAGE_USERDATA, h.type);
	if (h.version != VERSION || types[h.type] == NULL) {
		return PARSED_UNKNOWN;
	}
	if (h.type == ANNOUNCE) {
		return announce(d, &h, pdu);
	}
	return h.type == MANAGEMENT ? management(d, &h, pdu) : PARSED;
}

static void ptp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s", code < 16 && types[code] != NULL ? types[code] : "reserved");
}

static const struct over ptp_over[] = {
	{ OVER_ETHERTYPE, NULL, ETHERTYPE },
	{ OVER_UDP, NULL, PORT_EVENT },
	{ OVER_UDP, NULL, PORT_GENERAL },
};

const struct dissector dissector_ptp = {
	.name = "ptp",
	.title = "Precision Time Protocol version 2 (IEEE 1588, IEEE 802.1AS)",
	.general = true,
	.over = ptp_over,
	.n_over = ARRAY_SIZE(ptp_over),
	.state_size = sizeof(struct ptp_state),
	.probe = ptp_probe,
	.parse = ptp_parse,
	.code_text = ptp_code_text,
	.fields = ptp_fields,
	.n_fields = ARRAY_SIZE(ptp_fields),
};
