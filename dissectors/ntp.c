/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* NTP version 1 to 4 (RFC 5905), its control messages (RFC 9327) and ntpd's private ones (mode 7).
 *
 *	leap 2 bits, version 3, mode 3 | stratum 1 | poll 1 | precision 1 | root delay 4 |
 *	root dispersion 4 | reference id 4 | reference, origin, receive, transmit time 8 each
 *	control:  head 1 | response, error, more, opcode 1 | sequence 2 | status 2 | association 2 |
 *		  offset 2 | count 2 | data
 *	private:  head 1 | sequence 1 | implementation 1 | request 1 | ...
 *
 * Who answers with a stratum that is synchronised is a time server. */

#include "capture/base/hash.h"
#include "dissectors/dissector.h"
#include "dissectors/news.h"

#include <stdio.h>

#define PORT                   123
#define TIME_SIZE              48
#define STRATUM_UNSYNCHRONISED 16

#define NTP_FIELDS(X)                                                                             \
	X(VERSION, "version", UINT, 0, "Version of the message")                                  \
	X(STRATUM, "stratum", UINT, 0, "Distance from a reference clock, which has 1")            \
	X(REFERENCE, "reference_id", STRING, 0, "Its reference: a clock's name or an address")    \
	X(KISS, "kiss_code", STRING, 0, "Why the server will not serve: RATE, DENY...")           \
	X(LEAP, "leap", STRING, FIELD_ENUM, "none, insert, delete or unsynchronised")             \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_IDENTITY(DUTY), "time_server: it serves time") \
	X(REQUEST_CODE, "request_code", UINT, 0,                                                  \
	  "Opcode of a control, request of a private "                                            \
	  "message")                                                                              \
	X(SOFTWARE, "software", STRING, FIELD_IDENTITY(SOFTWARE), "Server's own word of itself")  \
	X(SYSTEM, "system", STRING, FIELD_IDENTITY(OPERATING_SYSTEM) | FIELD_HINT,                \
	  "Operating system, as the server says")

enum {
#define X(id, name, type, flags, meaning) NTP_##id,
	NTP_FIELDS(X)
#undef X
};

static const struct field ntp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[NTP_##id] = { "weir.ntp." name, FIELD_##type, flags, NULL, meaning, NULL },
	NTP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(NTP_##id)

enum mode {
	MODE_SYMMETRIC = 1,
	MODE_PASSIVE = 2,
	MODE_CLIENT = 3,
	MODE_SERVER = 4,
	MODE_BROADCAST = 5,
	MODE_CONTROL = 6,
	MODE_PRIVATE = 7,
};

static const char *const modes[] = { NULL,   "symmetric", "symmetric_passive", "time",
				     "time", "broadcast", "control",           "private" };

struct ntp_state {
	struct news said[2]; /* by side */
};

struct times {
	uint8_t head, stratum;
	uint32_t reference;
	uint64_t origin, transmit;
	bool whole;
};

static enum mode mode_of(uint8_t head)
{
	return (enum mode)(head & 7);
}

static uint8_t version_of(uint8_t head)
{
	return head >> 3 & 7;
}

static struct times read_times(struct cursor bytes)
{
	struct fixed f = cur_fixed(&bytes, TIME_SIZE);

	return (struct times) {
		.head = fixed_u8(f, 0),
		.stratum = fixed_u8(f, 1),
		.reference = fixed_be32(f, 12),
		.origin = (uint64_t)fixed_be32(f, 24) << 32 | fixed_be32(f, 28),
		.transmit = (uint64_t)fixed_be32(f, 40) << 32 | fixed_be32(f, 44),
		.whole = cur_ok(&bytes),
	};
}

/* Only where NTP has its port: 48 bytes of times look like anything. */
static enum claim ntp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	uint8_t head = cur_u8(&bytes), version = version_of(head);
	enum mode mode = mode_of(head);

	if (!usual_port || !cur_ok(&bytes) || version < 1 || version > 4 || mode < 1) {
		return CLAIM_NO;
	}
	if (mode <= MODE_BROADCAST && cur_left(&bytes) + 1 < TIME_SIZE) {
		return CLAIM_NO;
	}
	if (mode == MODE_CLIENT) {
		*sender = SENDER_CLIENT;
	} else if (mode == MODE_SERVER) {
		*sender = SENDER_SERVER;
	}
	return CLAIM_YES;
}

/* ---- times ---- */

static bool is_synchronised(const struct times *t)
{
	return t->stratum >= 1 && t->stratum < STRATUM_UNSYNCHRONISED && t->head >> 6 != 3;
}

/* RFC 5905 7.3: four letters of a clock or of a kiss, else the address of the next server. */
static void put_reference(struct dissection *d, const struct times *t)
{
	char text[IP_TEXT_SIZE];
	struct ip ip = ip_from_v4(t->reference);

	if (t->reference == 0) {
		return;
	}
	if (t->stratum <= 1 || t->stratum >= STRATUM_UNSYNCHRONISED) {
		size_t n = 0;

		for (int shift = 24; shift >= 0; shift -= 8) {
			char letter = (char)(t->reference >> shift & 0xff);

			if (letter > ' ' && letter < 0x7f) {
				text[n++] = letter;
			}
		}
		text[n] = '\0';
	} else {
		ip_text(&ip, text);
	}
	record_put_text(d->writer, t->stratum == 0 ? PUT(KISS) : PUT(REFERENCE), text);
}

static void put_head(struct dissection *d, uint8_t head)
{
	record_put_static(d->writer, CORE_FUNCTION, modes[mode_of(head)]);
	record_put_uint(d->writer, PUT(VERSION), version_of(head));
}

/* What a server says with the time. Whether it serves. */
static bool put_server(struct dissection *d, const struct times *t)
{
	static const char *const leaps[] = { "none", "insert", "delete", "unsynchronised" };
	bool serves = is_synchronised(t) &&
		      (mode_of(t->head) == MODE_SERVER || mode_of(t->head) == MODE_BROADCAST);

	record_put_uint(d->writer, PUT(STRATUM), t->stratum);
	put_reference(d, t);
	record_put_static(d->writer, PUT(LEAP), leaps[t->head >> 6]);
	if (serves) {
		record_put_static(d->writer, PUT(DUTY), "time_server");
	}
	return serves;
}

static enum parsed time_request(struct dissection *d, const struct times *t)
{
	dissect_count(d, MESSAGE_REQUEST, mode_of(t->head));
	dissect_sender(d, SENDER_CLIENT);
	transaction_open(d, t->transmit);
	put_head(d, t->head);
	transaction_ask(d, OPERATION_READ, false);
	return PARSED;
}

static enum parsed time_answer(struct dissection *d, const struct times *t)
{
	struct pending *asked = transaction_find(d, t->origin);

	dissect_count(d, MESSAGE_RESPONSE, mode_of(t->head));
	dissect_sender(d, SENDER_SERVER);
	transaction_answer(d, asked, OPERATION_READ);
	if (asked == NULL) {
		put_head(d, t->head);
	}
	if (put_server(d, t)) {
		dissect_identity(d);
	}
	transaction_done(d, t->stratum == 0 ? OUTCOME_FAILURE : OUTCOME_SUCCESS);
	return PARSED;
}

/* Broadcasts, and peers that tell each other the time. */
static enum parsed announcement(struct dissection *d, const struct times *t)
{
	struct ntp_state *state = d->state;
	uint64_t topic = (uint64_t)t->reference << 32 | (uint64_t)t->head << 8 | t->stratum;
	struct record *record;

	dissect_count(d, MESSAGE_USERDATA, mode_of(t->head));
	if (!news_is_topic(&state->said[d->side], topic, d->packet->time)) {
		return PARSED;
	}
	record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);
	record->phase = PHASE_COMPLETE;
	put_head(d, t->head);
	(void)put_server(d, t);
	dissect_about_sender(d, false);
	record_commit(d->writer);
	return PARSED;
}

/* ---- control and private ---- */

#define CONTROL_RESPONSE 0x80
#define CONTROL_ERROR    0x40
#define PRIVATE_RESPONSE 0x80
#define OPCODE           0x1f
#define KEY_CONTROL      (UINT64_C(1) << 32)
#define KEY_PRIVATE      (UINT64_C(2) << 32)

/* RFC 9327 3. What has no row reads. */
static const uint8_t control_operations[OPCODE + 1] = {
	[3] = OPERATION_CONFIG_WRITE,
	[5] = OPERATION_CONFIG_WRITE,
	[8] = OPERATION_CONFIG_WRITE,
	[9] = OPERATION_CONFIG_WRITE,
};

static const char *const control_names[OPCODE + 1] = {
	[1] = "read_status",        [2] = "read_variables",     [3] = "write_variables",
	[4] = "read_clock",         [5] = "write_clock",        [6] = "set_trap",
	[7] = "asynchronous",       [8] = "configure",          [9] = "save_configuration",
	[10] = "read_monitor_list", [11] = "read_ordered_list", [12] = "request_nonce",
	[31] = "unset_trap",
};

/* name="value" of the list that a server answers with, up to the next quote. */
static void put_variable(struct dissection *d, struct cursor data, const char *name, uint16_t field)
{
	struct cursor wanted = cur_of(name, strlen(name));
	size_t n = cur_left(&wanted), length = 0;
	struct cursor look;

	for (; cur_left(&data) >= n; cur_skip(&data, 1)) {
		look = data;
		if (cur_equal(cur_sub(&look, n), wanted)) {
			struct cursor value = look;

			while (cur_left(&look) > 0 && cur_u8(&look) != '"') {
				length++;
			}
			record_put_bytes(d->writer, field, cur_sub_most(&value, length));
			return;
		}
	}
}

static enum parsed control(struct dissection *d, struct cursor pdu)
{
	uint8_t head = cur_u8(&pdu), bits = cur_u8(&pdu);
	uint64_t key = KEY_CONTROL | cur_be16(&pdu);
	bool response = (bits & CONTROL_RESPONSE) != 0;
	const uint8_t opcode = bits & OPCODE;
	enum operation operation = control_operations[opcode] != 0
				       ? (enum operation)control_operations[opcode]
				       : OPERATION_DIAGNOSE;
	struct pending *asked;

	dissect_count(d, response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, MODE_CONTROL);
	dissect_sender(d, response ? SENDER_SERVER : SENDER_CLIENT);
	cur_skip(&pdu, 8);
	if (!response) {
		transaction_open(d, key);
		put_head(d, head);
		record_put_uint(d->writer, PUT(REQUEST_CODE), opcode);
		record_put_static(d->writer, CORE_TARGET, control_names[opcode]);
		transaction_ask(d, operation, false);
		return cur_ok(&pdu) ? PARSED : PARSED_MALFORMED;
	}
	asked = transaction_find(d, key);
	transaction_answer(d, asked, operation);
	if (asked == NULL) {
		put_head(d, head);
		record_put_uint(d->writer, PUT(REQUEST_CODE), opcode);
	}
	put_variable(d, pdu, "version=\"", PUT(SOFTWARE));
	put_variable(d, pdu, "system=\"", PUT(SYSTEM));
	dissect_identity(d);
	transaction_done(d, (bits & CONTROL_ERROR) != 0 ? OUTCOME_FAILURE : OUTCOME_SUCCESS);
	return cur_ok(&pdu) ? PARSED : PARSED_MALFORMED;
}

/* ntpd's own, by which a list of clients is asked for and settings are made. Several answers come
 * for one question. */
static enum parsed private_message(struct dissection *d, struct cursor pdu)
{
	uint8_t head = cur_u8(&pdu), sequence = cur_u8(&pdu), implementation = cur_u8(&pdu);
	uint8_t code = cur_u8(&pdu);
	uint64_t key = KEY_PRIVATE | code;
	struct pending *asked;

	(void)sequence;
	(void)implementation;
	dissect_count(d, (head & PRIVATE_RESPONSE) != 0 ? MESSAGE_RESPONSE : MESSAGE_REQUEST,
		      MODE_PRIVATE);
	if ((head & PRIVATE_RESPONSE) == 0) {
		dissect_sender(d, SENDER_CLIENT);
		transaction_open(d, key);
		put_head(d, head);
		record_put_uint(d->writer, PUT(REQUEST_CODE), code);
		transaction_ask(d, OPERATION_DIAGNOSE, false);
		return cur_ok(&pdu) ? PARSED : PARSED_MALFORMED;
	}
	dissect_sender(d, SENDER_SERVER);
	asked = transaction_find(d, key);
	if (asked == NULL) {
		return cur_ok(&pdu) ? PARSED : PARSED_MALFORMED;
	}
	transaction_answer(d, asked, OPERATION_DIAGNOSE);
	transaction_done(d, OUTCOME_SUCCESS);
	return cur_ok(&pdu) ? PARSED : PARSED_MALFORMED;
}

static enum parsed ntp_parse(struct dissection *d, struct cursor pdu)
{
	struct cursor look = pdu;
	uint8_t head = cur_u8(&look);
	struct times t;

	if (mode_of(head) == MODE_CONTROL) {
		return control(d, pdu);
	}
	if (mode_of(head) == MODE_PRIVATE) {
		return private_message(d, pdu);
	}
	t = read_times(pdu);
	if (!t.whole) {
		dissect_count(d, MESSAGE_USERDATA, mode_of(head));
		return PARSED_MALFORMED;
	}
	if (mode_of(head) == MODE_CLIENT) {
		return time_request(d, &t);
	}
	return mode_of(head) == MODE_SERVER ? time_answer(d, &t) : announcement(d, &t);
}

static void ntp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	static const char *const names[] = {
		"reserved", "symmetric", "symmetric_passive", "client",
		"server",   "broadcast", "control",           "private"
	};

	(void)class;
	snprintf(out, size, "%s", code < ARRAY_SIZE(names) ? names[code] : "?");
}

static const struct over ntp_over[] = { { OVER_UDP, NULL, PORT } };

const struct dissector dissector_ntp = {
	.name = "ntp",
	.title = "Network Time Protocol (RFC 5905, RFC 9327)",
	.general = true,
	.over = ntp_over,
	.n_over = ARRAY_SIZE(ntp_over),
	.state_size = sizeof(struct ntp_state),
	.probe = ntp_probe,
	.parse = ntp_parse,
	.code_text = ntp_code_text,
	.fields = ntp_fields,
	.n_fields = ARRAY_SIZE(ntp_fields),
};
