/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* TPKT (RFC 1006) and COTP, the connection-oriented transport protocol (ISO/IEC 8073, X.224), on
 * which S7comm, S7comm-plus, MMS and others ride.
 *
 *	TPKT: version 1 (3) | reserved 1 (0) | length 2, with this header
 *	COTP: length indicator 1, without itself | type and credit 1 | the rest of its header
 *	  CR, CC: destination reference 2 | source reference 2 | class and options 1 | parameters
 *	  DT:     end of message and number 1 | user data
 *
 * Here only what carries is known; what a message says is its child's, chosen by the first byte of
 * the user data.  Siemens stations commonly send a data TPDU that is empty and not the last one
 * before each message. */

#include "dissectors/cotp.h"
#include "dissectors/dissector.h"

#include <stdio.h>

#define PORT        102
#define TPKT_HEADER 4
#define HEADER      7     /* TPKT and the shortest COTP header */
#define TPDU_MAX    8192  /* 13.3.4 b: the longest that can be asked for */
#define MESSAGE_MAX 65536 /* of all data TPDUs of one message */

enum tpdu { TPDU_CR = 0xe, TPDU_CC = 0xd, TPDU_DR = 0x8, TPDU_DC = 0xc, TPDU_DT = 0xf };

#define COTP_FIELDS(X)                                                                            \
	X(SOURCE_TSAP, "source_tsap", BYTES, 0, "TSAP of the one who connects")                   \
	X(DESTINATION_TSAP, "destination_tsap", BYTES, 0, "TSAP that is called")                  \
	X(SOURCE_NAME, "source_tsap_name", STRING, 0, "TSAP of the one who connects, if a text")  \
	X(DESTINATION_NAME, "destination_tsap_name", STRING, 0, "TSAP that is called, if a text") \
	X(CONNECTION_TYPE, "connection_type", STRING, FIELD_ENUM,                                 \
	  "What a Siemens TSAP asks for: pg, op, basic or resource")                              \
	X(RACK, "rack", UINT, 0, "Rack that a Siemens TSAP calls")                                \
	X(SLOT, "slot", UINT, 0, "Slot that a Siemens TSAP calls")                                \
	X(CLASS, "class", UINT, 0, "Transport class asked for")                                   \
	X(TPDU_SIZE, "tpdu_size", UINT, 0, "Longest TPDU that the client offers")                 \
	X(AGREED_SIZE, "agreed_tpdu_size", UINT, 0, "Longest TPDU that the server agrees to")     \
	X(SOURCE_REFERENCE, "source_reference", UINT, 0, "Connection reference of the client")    \
	X(PEER_REFERENCE, "peer_reference", UINT, 0, "Connection reference of the server")        \
	X(REASON_CODE, "reason_code", UINT, 0, "Reason of a disconnection, cause of a rejection") \
	X(REASON, "reason", STRING, FIELD_ENUM, "Name of the reason or cause")                    \
	X(USER, "user", STRING, FIELD_ENUM, "What rides in it, by its first byte, if not read")   \
	X(DATA, "data", BYTES, 0, "First bytes of user data that nothing here reads")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	COTP_FIELDS(X)
#undef X
};

static const struct field cotp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.cotp." name, FIELD_##type, flags, NULL, meaning, NULL },
	COTP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

struct cotp_state {
	bool gathering[2]; /* parts of a message may be there, by side */
	bool told;         /* that nobody reads the user data */
	bool connected;
	uint8_t called[2]; /* Siemens TSAP of the connection request */
	uint8_t stream;    /* selector of the child whose stream the user data are, or 0 */
};

/* ISO 8073 13.1: TPDU codes, upper four bits. The shortest header behind the length indicator. */
static const struct {
	const char *name, *function;
	uint8_t shortest;
} tpdus[16] = {
	[0x1] = { "ed", "expedited_data", 4 },
	[0x2] = { "ea", "expedited_acknowledgement", 4 },
	[0x5] = { "rj", "reject", 4 },
	[0x6] = { "ak", "acknowledgement", 4 },
	[0x7] = { "er", "error", 4 },
	[TPDU_DR] = { "dr", "disconnect", 6 },
	[TPDU_DC] = { "dc", "disconnect_confirm", 5 },
	[TPDU_CC] = { "cc", "connect_confirm", 6 },
	[TPDU_CR] = { "cr", "connect", 6 },
	[TPDU_DT] = { "dt", "data", 2 },
};

/* ---- framing ---- */

struct header {
	uint16_t length; /* of the TPKT */
	uint8_t li, type;
};

/* The header at the start, as far as it is there. False: none can begin so. */
static inline bool read_header(struct cursor *bytes, struct header *h)
{
	size_t n = cur_left(bytes);

	if (likely(n >= HEADER)) {
		struct fixed head = cur_fixed(bytes, TPKT_HEADER + 2);

		h->length = fixed_be16(head, 2);
		h->li = fixed_u8(head, 4);
		h->type = fixed_u8(head, 5) >> 4;
		return fixed_be16(head, 0) == 0x0300 && h->length >= HEADER &&
		       h->length <= TPKT_HEADER + TPDU_MAX && tpdus[h->type].name != NULL &&
		       h->li >= tpdus[h->type].shortest &&
		       h->length > TPKT_HEADER + (unsigned)h->li;
	}
	*h = (struct header) { 0 };
	if (cur_u8(bytes) != 3 || (n > 1 && cur_u8(bytes) != 0)) {
		return false;
	}
	if (n >= TPKT_HEADER) {
		h->length = cur_be16(bytes);
		return h->length >= HEADER && h->length <= TPKT_HEADER + TPDU_MAX;
	}
	return true;
}

static struct framing cotp_frame(const struct dissection *d, struct cursor bytes)
{
	size_t n = cur_left(&bytes);
	struct header h;

	(void)d;
	if (!read_header(&bytes, &h)) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	if (n < HEADER) {
		return (struct framing) { FRAMING_MORE, size_max(h.length, HEADER) };
	}
	return (struct framing) { FRAMING_PDU, h.length };
}

/* A header that stands for itself: six bytes of it are nearly constant. */
static bool strong_header(struct cursor bytes)
{
	size_t n = cur_left(&bytes);
	struct header h;

	if (!read_header(&bytes, &h)) {
		return false;
	}
	if (n < HEADER) {
		return n >= 2;
	}
	/* Class 0 has its header alone: a data TPDU is 2 bytes, one that connects fills its TPKT.
	 */
	if (h.type == TPDU_DT) {
		return h.li == 2 && (cur_u8(&bytes) & 0x7f) == 0;
	}
	return h.length == TPKT_HEADER + 1U + h.li;
}

static size_t cotp_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	size_t n = cur_left(&bytes);

	(void)d;
	cur_skip(&bytes, from);
	for (size_t skip = from; skip < n; skip++) {
		if (strong_header(bytes)) {
			return skip;
		}
		cur_skip(&bytes, 1);
	}
	return n;
}

/* ---- is it COTP ---- */

struct parameters {
	struct cursor calling, called, information;
	uint32_t size; /* of a TPDU; 0: not given */
	bool whole;    /* they end with the header */
};

/* ISO 8073 13.2.3 c: code, length and value of each. */
static struct parameters read_parameters(struct cursor bytes)
{
	struct parameters out = { cur_of(NULL, 0), cur_of(NULL, 0), cur_of(NULL, 0), 0, false };

	while (cur_left(&bytes) > 0) {
		uint8_t code = cur_u8(&bytes);
		struct cursor value = cur_sub(&bytes, cur_u8(&bytes));

		if (!cur_ok(&bytes)) {
			return out;
		}
		if (code == 0xc0 && cur_left(&value) == 1) {
			uint8_t exponent = cur_u8(&value);

			out.size = exponent >= 7 && exponent <= 16 ? 1U << exponent : 0;
		} else if (code == 0xc1) {
			out.calling = value;
		} else if (code == 0xc2) {
			out.called = value;
		} else if (code == 0xe0) {
			out.information = value;
		}
	}
	out.whole = true;
	return out;
}

static bool is_text(struct cursor bytes)
{
	bool text = cur_left(&bytes) >= 3;

	while (cur_left(&bytes) > 0) {
		uint8_t c = cur_u8(&bytes);

		text = text && c >= 0x20 && c < 0x7f;
	}
	return text;
}

/* Connection type, then rack and slot in one byte. */
static bool siemens_tsap(struct cursor tsap, uint8_t out[2])
{
	if (cur_left(&tsap) != 2) {
		return false;
	}
	cur_copy(&tsap, out, 2);
	return out[0] >= 1 && out[0] <= 3;
}

/* Names such as SIMATIC-ROOT-HMI and SIMATIC-ROOT-OTHER. */
static bool simatic_name(struct cursor tsap)
{
	return cur_left(&tsap) > 8 && cur_equal(cur_sub(&tsap, 8), cur_of("SIMATIC-", 8));
}

/* An S7comm or S7comm-plus message whose lengths are right: it fills the bytes. */
static bool looks_like_s7(struct cursor data)
{
	uint8_t id = cur_u8(&data), kind = cur_u8(&data);
	bool answer = kind == 2 || kind == 3;
	size_t parameters, content;

	if (id == 0x72) {
		/* Version 1 to 3, a length, and a trailer that repeats the first two bytes. */
		size_t length = cur_be16(&data);
		struct cursor trailer;

		cur_skip(&data, length);
		trailer = data;
		return kind >= 1 && kind <= 3 && length > 0 && cur_left(&data) == 4 &&
		       cur_u8(&trailer) == id && cur_u8(&trailer) == kind;
	}
	cur_skip(&data, 4); /* redundancy identification, PDU reference */
	parameters = cur_be16(&data);
	content = cur_be16(&data);
	cur_skip(&data, answer ? 2 : 0);
	cur_skip(&data, parameters + content);
	return id == 0x32 && (answer || kind == 1 || kind == 7) && cur_ok(&data) &&
	       cur_left(&data) == 0;
}

/* Where COTP is not expected only what carries S7 is claimed: RDP, H.323 and others have the same
 * header. */
static enum claim probe_elsewhere(const struct header *h, struct cursor tpdu)
{
	struct parameters parameters;
	uint8_t called[2];

	if (h->type == TPDU_DT) {
		cur_skip(&tpdu, h->li - 1U);
		return looks_like_s7(tpdu) ? CLAIM_YES : CLAIM_NO;
	}
	if ((h->type != TPDU_CR && h->type != TPDU_CC) || h->length != TPKT_HEADER + 1U + h->li) {
		return CLAIM_NO;
	}
	cur_skip(&tpdu, 5);
	parameters = read_parameters(tpdu);
	if (!parameters.whole) {
		return CLAIM_NO;
	}
	if (simatic_name(parameters.called)) {
		return CLAIM_YES;
	}
	return siemens_tsap(parameters.called, called) && cur_left(&parameters.calling) == 2
		   ? CLAIM_LIKELY
		   : CLAIM_NO;
}

static enum claim cotp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	size_t n = cur_left(&bytes);
	struct cursor tpdu;
	struct header h;

	if (!read_header(&bytes, &h)) {
		return CLAIM_NO;
	}
	if (n < HEADER) {
		return CLAIM_MORE;
	}
	*sender = h.type == TPDU_CR   ? SENDER_CLIENT
		  : h.type == TPDU_CC ? SENDER_SERVER
				      : SENDER_UNKNOWN;
	if (usual_port) {
		return CLAIM_YES;
	}
	tpdu = cur_sub(&bytes, h.length - TPKT_HEADER - 2U);
	return cur_ok(&tpdu) ? probe_elsewhere(&h, tpdu) : CLAIM_NO;
}

/* ---- connections ---- */

enum { KEY_CONNECT = 1 };

/* A code and its name; the last one of a table has no name. */
struct reason {
	uint8_t code;
	const char *name;
};

/* ISO 8073 13.5.3 d. */
static const struct reason disconnect_reasons[] = {
	{ 0, "not_specified" },
	{ 1, "congestion_at_tsap" },
	{ 2, "session_not_attached" },
	{ 3, "address_unknown" },
	{ 128, "normal" },
	{ 129, "remote_congestion" },
	{ 130, "negotiation_failed" },
	{ 131, "duplicate_source_reference" },
	{ 132, "mismatched_references" },
	{ 133, "protocol_error" },
	{ 135, "reference_overflow" },
	{ 136, "connection_refused" },
	{ 138, "length_invalid" },
	{ 0, NULL },
};

/* ISO 8073 13.12.3 c. */
static const struct reason reject_causes[] = {
	{ 0, "not_specified" },
	{ 1, "invalid_parameter_code" },
	{ 2, "invalid_tpdu_type" },
	{ 3, "invalid_parameter_value" },
	{ 0, NULL },
};

static const char *reason_name(const struct reason *table, uint8_t code)
{
	while (table->name != NULL && table->code != code) {
		table++;
	}
	return table->name;
}

static void put_reason(struct dissection *d, const struct reason *table, uint8_t code)
{
	record_put_uint(d->writer, PUT(REASON_CODE), code);
	record_put_static(d->writer, PUT(REASON), reason_name(table, code));
}

static void put_tsap(struct dissection *d, uint16_t raw, uint16_t name, struct cursor tsap)
{
	if (cur_left(&tsap) == 0) {
		return;
	}
	record_put_bytes(d->writer, raw, tsap);
	if (is_text(tsap)) {
		record_put_bytes(d->writer, name, tsap);
	}
}

static const char *connection_type(uint8_t type)
{
	static const char *const types[] = { [1] = "pg", [2] = "op", [3] = "basic" };

	return type >= 1 && type <= 3 ? types[type] : "resource";
}

static void put_tsaps(struct dissection *d, const struct parameters *p)
{
	uint8_t called[2];

	put_tsap(d, PUT(SOURCE_TSAP), PUT(SOURCE_NAME), p->calling);
	put_tsap(d, PUT(DESTINATION_TSAP), PUT(DESTINATION_NAME), p->called);
	/* From 0x10 on it is the resource of a configured connection; letters are a name. */
	if (siemens_tsap(p->called, called) ||
	    (cur_left(&p->called) == 2 && called[0] >= 0x10 && called[0] < 0x40)) {
		record_put_static(d->writer, PUT(CONNECTION_TYPE), connection_type(called[0]));
		record_put_uint(d->writer, PUT(RACK), called[1] >> 5);
		record_put_uint(d->writer, PUT(SLOT), called[1] & 0x1fU);
	}
}

static enum parsed parse_connect(struct dissection *d, const struct header *h, struct cursor tpdu)
{
	struct cotp_state *state = d->state;
	uint16_t destination = cur_be16(&tpdu), source = cur_be16(&tpdu);
	uint8_t class = cur_u8(&tpdu) >> 4;
	struct parameters p = read_parameters(tpdu);

	dissect_sender(d, SENDER_CLIENT);
	dissect_count(d, MESSAGE_REQUEST, h->type);
	state->connected = siemens_tsap(p.called, state->called);
	transaction_open(d, KEY_CONNECT);
	record_put_static(d->writer, CORE_FUNCTION, tpdus[h->type].function);
	put_tsaps(d, &p);
	record_put_uint(d->writer, PUT(CLASS), class);
	if (p.size > 0) {
		record_put_uint(d->writer, PUT(TPDU_SIZE), p.size);
	}
	record_put_uint(d->writer, PUT(SOURCE_REFERENCE), source);
	/* 13.3.3 b: the destination reference is 0. */
	if (!p.whole || destination != 0) {
		dissect_malformed(d, p.whole ? "destination_reference" : "parameters");
	}
	transaction_ask(d, OPERATION_SESSION, false);
	return p.whole && destination == 0 ? PARSED : PARSED_MALFORMED;
}

static enum parsed parse_confirm(struct dissection *d, const struct header *h, struct cursor tpdu)
{
	struct pending *asked;
	uint16_t source;
	struct parameters p;

	cur_skip(&tpdu, 2);
	source = cur_be16(&tpdu);
	cur_skip(&tpdu, 1);
	p = read_parameters(tpdu);
	dissect_sender(d, SENDER_SERVER);
	dissect_count(d, MESSAGE_RESPONSE, h->type);
	asked = transaction_find(d, KEY_CONNECT);
	transaction_answer(d, asked, OPERATION_SESSION);
	if (asked == NULL) {
		record_put_static(d->writer, CORE_FUNCTION, tpdus[TPDU_CR].function);
		put_tsaps(d, &p);
	}
	record_put_uint(d->writer, PUT(PEER_REFERENCE), source);
	if (p.size > 0) {
		record_put_uint(d->writer, PUT(AGREED_SIZE), p.size);
	}
	if (!p.whole) {
		dissect_malformed(d, "parameters");
	}
	transaction_done(d, OUTCOME_SUCCESS);
	return p.whole ? PARSED : PARSED_MALFORMED;
}

/* Counts a TPDU by who sent it. */
static void count(struct dissection *d, const struct header *h)
{
	dissect_count(d, d->from_client ? MESSAGE_REQUEST : MESSAGE_RESPONSE, h->type);
}

/* Ends a connection, or refuses one. In class 0 nothing answers it. */
static enum parsed parse_disconnect(struct dissection *d, const struct header *h,
				    struct cursor tpdu)
{
	struct pending *asked = transaction_find(d, KEY_CONNECT);
	uint16_t source;
	uint8_t reason;

	cur_skip(&tpdu, 2);
	source = cur_be16(&tpdu);
	reason = cur_u8(&tpdu);
	count(d, h);
	/* 13.5.3 c: who refuses a connection has no reference for it. */
	if (source == 0 && !d->from_client) {
		dissect_count_error(d, h->type);
	}
	if (asked != NULL && !d->from_client) {
		transaction_answer(d, asked, OPERATION_SESSION);
		put_reason(d, disconnect_reasons, reason);
		transaction_done(d, OUTCOME_FAILURE);
		return PARSED;
	}
	dissect_record(d, RECORD_TRANSACTION, OPERATION_SESSION)->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, tpdus[h->type].function);
	put_reason(d, disconnect_reasons, reason);
	record_commit(d->writer);
	return PARSED;
}

/* The other side contradicts the standard, its sender says. */
static enum parsed parse_error(struct dissection *d, const struct header *h, struct cursor tpdu)
{
	struct pending *asked = transaction_find(d, KEY_CONNECT);
	uint8_t cause;

	cur_skip(&tpdu, 2);
	cause = cur_u8(&tpdu);
	count(d, h);
	dissect_count_error(d, h->type);
	if (asked != NULL && !d->from_client) {
		transaction_answer(d, asked, OPERATION_SESSION);
		put_reason(d, reject_causes, cause);
		transaction_done(d, OUTCOME_FAILURE);
		return PARSED;
	}
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_SESSION);

	record->phase = PHASE_COMPLETE;
	record->outcome = OUTCOME_FAILURE;
	record_put_static(d->writer, CORE_FUNCTION, tpdus[h->type].function);
	put_reason(d, reject_causes, cause);
	record_commit(d->writer);
	return PARSED;
}

/* ---- data ---- */

/* What user data is, by its first byte. */
static const char *user_name(uint8_t first)
{
	static const char *const users[256] = {
		/* SPDUs of ISO 8327: give tokens, which data follows, finish, disconnect, refuse,
		 * connect, accept, abort. */
		[0x01] = "iso_session",
		[0x09] = "iso_session",
		[0x0a] = "iso_session",
		[0x0c] = "iso_session",
		[0x0d] = "iso_session",
		[0x0e] = "iso_session",
		[0x19] = "iso_session",
		/* TLS records: change cipher spec, alert, handshake, application data. */
		[0x14] = "tls",
		[0x15] = "tls",
		[0x16] = "tls",
		[0x17] = "tls",
		/* T.125, below RDP. */
		[0x64] = "t125",
		[0x68] = "t125",
		[0x7f] = "t125",
		[0x32] = "s7comm",
		[0x72] = "s7comm_plus",
	};

	return users[first] != NULL ? users[first] : "unknown";
}

/* Nobody reads it: said once a flow, as others follow that are counted. */
static COLD enum parsed unread(struct dissection *d, struct cursor message)
{
	struct cotp_state *state = d->state;
	struct cursor look = message;

	if (state->told) {
		return PARSED_UNKNOWN;
	}
	state->told = true;
	dissect_record(d, RECORD_TRANSACTION, OPERATION_UNKNOWN)->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, tpdus[TPDU_DT].function);
	record_put_static(d->writer, PUT(USER), user_name(cur_u8(&look)));
	record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&message, 64));
	record_commit(d->writer);
	return PARSED_UNKNOWN;
}

static enum parsed parse_message(struct dissection *d, struct cursor message, bool reassembled)
{
	struct cotp_state *state = d->state;
	struct cursor look = message;
	uint8_t selector = state->stream != 0 ? state->stream : cur_u8(&look);
	struct cotp_user user = { .reassembled = reassembled,
				  .connected = state->connected,
				  .tsap_type = state->called[0],
				  .rack = state->called[1] >> 5,
				  .slot = state->called[1] & 0x1f };

	if (cur_left(&message) == 0) {
		return PARSED;
	}
	if (unlikely(!dissect_child(d, selector, message, &user))) {
		return unread(d, message);
	}
	if (unlikely(user.stream)) {
		state->stream = selector;
	}
	return PARSED;
}

/* The last byte of the header says whether the message ends here. */
static enum parsed parse_data(struct dissection *d, const struct header *h, struct cursor tpdu,
			      struct cursor data)
{
	struct cotp_state *state = d->state;
	enum parsed parsed;
	bool last;

	/* Class 0 and 1: nothing before it; else a destination reference. */
	cur_skip(&tpdu, h->li >= 4 ? 2 : 0);
	last = (cur_u8(&tpdu) & 0x80) != 0;
	count(d, h);
	if (likely(last && !state->gathering[d->side])) {
		return parse_message(d, data, false);
	}
	if (cur_left(&data) > 0 && !dissect_gather(d, 0, data, MESSAGE_MAX)) {
		state->gathering[d->side] = false;
		return PARSED;
	}
	state->gathering[d->side] = state->gathering[d->side] || cur_left(&data) > 0;
	if (!last || !state->gathering[d->side]) {
		return PARSED;
	}
	parsed = parse_message(d, dissect_gathered(d, 0), true);
	dissect_gather_end(d, 0);
	state->gathering[d->side] = false;
	return parsed;
}

static enum parsed cotp_parse(struct dissection *d, struct cursor pdu)
{
	struct header h;
	struct cursor tpdu;

	if (cur_left(&pdu) < HEADER || !read_header(&pdu, &h)) {
		return PARSED_NOT_MINE;
	}
	tpdu = cur_sub(&pdu, h.li - 1U);
	if (!cur_ok(&tpdu)) {
		return PARSED_NOT_MINE;
	}
	if (likely(h.type == TPDU_DT)) {
		return parse_data(d, &h, tpdu, pdu);
	}
	if (h.type == TPDU_CR) {
		return parse_connect(d, &h, tpdu);
	}
	if (h.type == TPDU_CC) {
		return parse_confirm(d, &h, tpdu);
	}
	if (h.type == TPDU_DR) {
		return parse_disconnect(d, &h, tpdu);
	}
	if (h.type == 0x7) {
		return parse_error(d, &h, tpdu);
	}
	count(d, &h);
	return PARSED;
}

static void cotp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s", code < 16 && tpdus[code].name != NULL ? tpdus[code].name : "?");
}

static const struct over cotp_over[] = { { OVER_TCP, NULL, PORT }, { OVER_TCP, NULL, 0 } };

const struct dissector dissector_cotp = {
	.name = "cotp",
	.title = "TPKT and COTP (RFC 1006, ISO/IEC 8073)",
	.over = cotp_over,
	.n_over = ARRAY_SIZE(cotp_over),
	.state_size = sizeof(struct cotp_state),
	.carrier = true,
	.pdu_max = TPKT_HEADER + TPDU_MAX,
	.probe = cotp_probe,
	.frame = cotp_frame,
	.resync = cotp_resync,
	.parse = cotp_parse,
	.code_text = cotp_code_text,
	.fields = cotp_fields,
	.n_fields = ARRAY_SIZE(cotp_fields),
};
