/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Remote Desktop (MS-RDPBCGR 2.2.1.1 to 2.2.1.3) over TPKT and X.224: the connection request with
 * the cookie and the kinds of security that are offered, what the server chooses, and the client's
 * name where the connection stays without TLS.  With TLS its handshake is handed on, in which a
 * Windows server's certificate has the host's name.
 *
 *	TPKT 4 | length indicator 1 | type 1 (0xe0, 0xd0) | destination 2 | source 2 | class 1 |
 *	  ["Cookie: mstshash=" name CRLF] [type 1 | flags 1 | length 2 (8) | protocols 4] */

#include "dissectors/banner.h"
#include "dissectors/text.h"
#include "dissectors/tls.h"

#include <stdio.h>

#define TPKT_HEADER   4
#define PROTOCOLS_MAX 6

#define RDP_FIELDS(X)                                                                          \
	X(COOKIE, "cookie", STRING, FIELD_IDENTITY(USER) | FIELD_HINT,                         \
	  "User name that the client was given, perhaps cut")                                  \
	X(OFFERED, "offered_security", STRING, FIELD_LIST | FIELD_ENUM,                        \
	  "Kinds of security that the client offers: tls, credssp, rdstls, credssp_ex, aad")   \
	X(SECURITY, "security", STRING, FIELD_ENUM,                                            \
	  "What the server chose; rdp: its own encryption")                                    \
	X(FAILURE, "failure", UINT, 0, "Why the server refuses")                               \
	X(CLIENT_NAME, "client_name", STRING, FIELD_IDENTITY(HOST_NAME), "Name of the client") \
	X(CLIENT_BUILD, "client_build", UINT, 0, "Build number of the client's software")      \
	X(RISK, "risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK), "remote_desktop")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	RDP_FIELDS(X)
#undef X
};

static const struct field rdp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.rdp." name, FIELD_##type, flags, NULL, meaning, NULL },
	RDP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

enum tpdu { TPDU_CONFIRM = 0xd0, TPDU_REQUEST = 0xe0, TPDU_DATA = 0xf0 };
enum negotiation { NEGOTIATION_REQUEST = 1, NEGOTIATION_RESPONSE = 2, NEGOTIATION_FAILURE = 3 };
enum { KEY_CONNECT = 1 };

struct rdp_state {
	bool tls, done;
};

static void rdp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s",
		 code == TPDU_REQUEST   ? "connect"
		 : code == TPDU_CONFIRM ? "connect_confirm"
					: "connect_initial");
}

/* TPKT and the fixed part of X.224; *bytes goes behind it. 0: it is none of ours. */
static uint8_t read_header(struct cursor *bytes, uint16_t *length)
{
	uint16_t version = cur_be16(bytes);
	uint8_t indicator, type;

	*length = cur_be16(bytes);
	indicator = cur_u8(bytes);
	type = cur_u8(bytes);
	if (!cur_ok(bytes) || version != 0x0300) {
		return 0;
	}
	if (type == TPDU_DATA) {
		cur_skip(bytes, 1);
		return indicator == 2 ? type : 0;
	}
	cur_skip(bytes, 5);
	return (type == TPDU_REQUEST || type == TPDU_CONFIRM) && indicator >= 6 &&
		       *length == TPKT_HEADER + 1U + indicator
		   ? type
		   : 0;
}

static bool read_negotiation(struct cursor bytes, uint8_t *type, uint32_t *value)
{
	*type = cur_u8(&bytes);
	cur_skip(&bytes, 1);
	return cur_le16(&bytes) == 8 && (*value = cur_le32(&bytes), cur_ok(&bytes)) &&
	       *type >= NEGOTIATION_REQUEST && *type <= NEGOTIATION_FAILURE;
}

/* Takes the cookie, or a load balancer's token, which is a line as well. */
static struct cursor take_cookie(struct cursor *bytes)
{
	struct cursor line, look = *bytes;

	if (!text_begins(look, "Cookie: ") || !text_line(&look, &line)) {
		return cur_of(NULL, 0);
	}
	*bytes = look;
	return text_take(&line, "Cookie: mstshash=") ? line : cur_of(NULL, 0);
}

/* What no other protocol's connection request has: a cookie, or what RDP offers alone. */
static bool is_request(struct cursor bytes)
{
	struct cursor rest = bytes;
	uint8_t negotiation;
	uint32_t value;

	(void)take_cookie(&rest);
	return cur_left(&rest) < cur_left(&bytes) ||
	       (cur_left(&rest) == 8 && read_negotiation(rest, &negotiation, &value) &&
		negotiation == NEGOTIATION_REQUEST && value < UINT32_C(1) << PROTOCOLS_MAX);
}

static enum claim rdp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	uint16_t length;
	uint8_t type = read_header(&bytes, &length);

	if ((type != TPDU_REQUEST && type != TPDU_CONFIRM) ||
	    (!usual_port && (type != TPDU_REQUEST || !is_request(bytes)))) {
		return CLAIM_NO;
	}
	*sender = type == TPDU_REQUEST ? SENDER_CLIENT : SENDER_SERVER;
	return CLAIM_YES;
}

static struct framing rdp_frame(const struct dissection *d, struct cursor bytes)
{
	const struct rdp_state *state = d->state;
	uint16_t length;

	if (state->done) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	if (state->tls) {
		return tls_frame(bytes);
	}
	if (cur_left(&bytes) < TPKT_HEADER + 7) {
		return (struct framing) { FRAMING_MORE, TPKT_HEADER + 7 };
	}
	return (struct framing) { read_header(&bytes, &length) != 0 ? FRAMING_PDU
								    : FRAMING_NOT_MINE,
				  length };
}

static size_t rdp_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	(void)d;
	(void)from;
	return cur_left(&bytes);
}

/* MS-RDPBCGR 2.2.1.1.1: bits of what is offered. */
static const char *const protocols[PROTOCOLS_MAX] = { "tls",        "credssp", "rdstls",
						      "credssp_ex", "aad",     "other" };

static void put_offered(struct dissection *d, uint32_t offered)
{
	const char *names[PROTOCOLS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < PROTOCOLS_MAX; i++) {
		if ((offered >> i & 1) != 0) {
			names[n++] = protocols[i];
		}
	}
	if (n == 0) {
		names[n++] = "rdp";
	}
	record_put_statics(d->writer, PUT(OFFERED), names, n);
}

static void connect_request(struct dissection *d, struct cursor bytes)
{
	struct cursor cookie = take_cookie(&bytes);
	uint32_t offered;
	uint8_t type;

	dissect_sender(d, SENDER_CLIENT);
	dissect_count(d, MESSAGE_REQUEST, TPDU_REQUEST);
	transaction_open(d, KEY_CONNECT);
	record_put_static(d->writer, CORE_FUNCTION, "connect");
	if (read_negotiation(bytes, &type, &offered) && type == NEGOTIATION_REQUEST) {
		put_offered(d, offered);
	}
	transaction_ask(d, OPERATION_SESSION, false);
	if (text_printable(cookie)) {
		banner_beside(d, transaction_record(d), "cookie");
		banner_put(d, PUT(COOKIE), cookie);
		record_commit(d->writer);
	}
}

static const char *chosen_name(uint32_t chosen)
{
	for (size_t i = 0; i < PROTOCOLS_MAX; i++) {
		if (chosen == UINT32_C(1) << i) {
			return protocols[i];
		}
	}
	return chosen == 0 ? "rdp" : "other";
}

static void connect_confirm(struct dissection *d, struct cursor bytes)
{
	struct rdp_state *state = d->state;
	struct pending *asked = transaction_find(d, KEY_CONNECT);
	uint8_t type = NEGOTIATION_RESPONSE;
	uint32_t value = 0;
	bool fails;

	dissect_sender(d, SENDER_SERVER);
	/* A server of old does not answer that part, and has but one kind. */
	if (!read_negotiation(bytes, &type, &value)) {
		type = NEGOTIATION_RESPONSE;
		value = 0;
	}
	fails = type == NEGOTIATION_FAILURE;
	dissect_count(d, fails ? MESSAGE_EXCEPTION : MESSAGE_RESPONSE, TPDU_CONFIRM);
	transaction_answer(d, asked, OPERATION_SESSION);
	if (asked == NULL) {
		record_put_static(d->writer, CORE_FUNCTION, "connect");
	}
	if (fails) {
		record_put_uint(d->writer, PUT(FAILURE), value);
	} else {
		record_put_static(d->writer, PUT(SECURITY), chosen_name(value));
	}
	record_put_static(d->writer, PUT(RISK), "remote_desktop");
	dissect_identity(d);
	transaction_done(d, fails ? OUTCOME_FAILURE : OUTCOME_SUCCESS);
	state->tls = !fails && value != 0;
	state->done = fails;
}

/* The client core data behind the key "Duca" of its conference request (MS-RDPBCGR 2.2.1.3.2). */
static void connect_initial(struct dissection *d, struct cursor bytes)
{
	struct rdp_state *state = d->state;
	size_t at = text_find(bytes, "Duca");
	char name[64];
	uint32_t build;

	dissect_count(d, MESSAGE_REQUEST, TPDU_DATA);
	state->done = true;
	dissect_enough(d);
	if (at == TEXT_NOT_FOUND) {
		return;
	}
	cur_skip(&bytes, at + 4);
	/* X.691 10.9.3: a length of one byte or two. */
	cur_skip(&bytes, (cur_u8(&bytes) & 0x80) != 0 ? 1 : 0);
	if (cur_le16(&bytes) != 0xc001) {
		return;
	}
	cur_skip(&bytes, 18); /* length, version, size and depth of the screen, keyboard */
	build = cur_le32(&bytes);
	if (!text_from_utf16(cur_sub(&bytes, 32), name, sizeof(name))) {
		return;
	}
	banner_beside(d, 0, "connect_initial");
	record_put_text(d->writer, PUT(CLIENT_NAME), name);
	record_put_uint(d->writer, PUT(CLIENT_BUILD), build);
	record_commit(d->writer);
}

static enum parsed rdp_parse(struct dissection *d, struct cursor pdu)
{
	const struct rdp_state *state = d->state;
	uint16_t length;

	if (state->tls) {
		return dissect_child(d, TLS_CHILD, pdu, NULL) ? PARSED : PARSED_NOT_MINE;
	}
	switch (read_header(&pdu, &length)) {
	case TPDU_REQUEST:
		connect_request(d, pdu);
		return PARSED;
	case TPDU_CONFIRM:
		connect_confirm(d, pdu);
		return PARSED;
	case TPDU_DATA:
		if (d->from_client) {
			connect_initial(d, pdu);
		}
		return PARSED;
	default:
		return PARSED_NOT_MINE;
	}
}

static const struct over rdp_over[] = { { OVER_TCP, NULL, 3389 }, { OVER_TCP, NULL, 0 } };

const struct dissector dissector_rdp = {
	.name = "rdp",
	.title = "Remote Desktop Protocol, connection (MS-RDPBCGR)",
	.general = true,
	.glance = true,
	.over = rdp_over,
	.n_over = ARRAY_SIZE(rdp_over),
	.state_size = sizeof(struct rdp_state),
	.pdu_max = TLS_RECORD_MAX + 5,
	.probe = rdp_probe,
	.frame = rdp_frame,
	.resync = rdp_resync,
	.parse = rdp_parse,
	.code_text = rdp_code_text,
	.fields = rdp_fields,
	.n_fields = ARRAY_SIZE(rdp_fields),
};
