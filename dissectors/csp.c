/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The client/server protocol (CSP) that carried PCCC over Ethernet before EtherNet/IP: PLC-5E, SLC
 * 5/05 and their programming software, TCP 2222.  There is no public standard; the layout is what
 * several free libraries agree on. Big-endian.
 *
 *	mode 1 (1 request, 2 answer) | submode 1 | length 2 | connection 4 | status 4 | context 16
 *	submode 1: connect; the answer gives the connection
 *	submode 7: destination 1 | control 1 | source 1 | LSAP 1 | PCCC message */

#include "dissectors/dissector.h"
#include "dissectors/pccc.h"

#define PORT       2222
#define HEADER     28
#define LENGTH_MAX 1024 /* a PCCC message is at most some 250 bytes */

enum { MODE_REQUEST = 1, MODE_ANSWER = 2 };
enum { SUBMODE_CONNECT = 1, SUBMODE_PCCC = 7, SUBMODE_MAX = 7 };

#define CSP_FIELDS(X)                                                       \
	X(SUBMODE, "submode", "What the message is: 1 connect, 7 PCCC")     \
	X(CONNECTION, "connection", "Connection that the answer to 1 gave") \
	X(STATUS, "status", "Status of the answer: 0 is fine")              \
	X(DESTINATION, "destination", "Station that a PCCC message is for") \
	X(ORIGIN, "source", "Station that it comes from")

enum {
#define X(id, name, meaning) F_##id,
	CSP_FIELDS(X)
#undef X
};

static const struct field csp_fields[] = {
#define X(id, name, meaning) [F_##id] = { "weir.csp." name, FIELD_UINT, 0, NULL, meaning, NULL },
	CSP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

struct header {
	uint8_t mode, submode;
	uint16_t length;
	uint32_t connection, status;
};

static struct header read_header(struct cursor *bytes)
{
	struct fixed head = cur_fixed(bytes, HEADER);

	return (struct header) {
		.mode = fixed_u8(head, 0),
		.submode = fixed_u8(head, 1),
		.length = fixed_be16(head, 2),
		.connection = fixed_be32(head, 4),
		.status = fixed_be32(head, 8),
	};
}

static bool plausible(const struct header *h)
{
	return (h->mode == MODE_REQUEST || h->mode == MODE_ANSWER) && h->submode >= 1 &&
	       h->submode <= SUBMODE_MAX && h->length <= LENGTH_MAX &&
	       (h->mode == MODE_ANSWER || h->status == 0);
}

/* A whole message that is right in all its parts: 1 connect, or 7 with a PCCC command. */
static bool certain(struct cursor bytes, struct header *h)
{
	*h = read_header(&bytes);
	if (!cur_ok(&bytes) || !plausible(h) || cur_left(&bytes) != h->length) {
		return false;
	}
	if (h->submode == SUBMODE_CONNECT) {
		return h->length == 0 && (h->mode == MODE_REQUEST) == (h->connection == 0);
	}
	cur_skip(&bytes, 4);
	uint8_t command = cur_u8(&bytes), status = cur_u8(&bytes);
	cur_skip(&bytes, 2);
	return cur_ok(&bytes) && h->submode == SUBMODE_PCCC && h->connection != 0 &&
	       (command & 0xb0) == 0 && ((command & 0x40) != 0) == (h->mode == MODE_ANSWER) &&
	       (h->mode == MODE_ANSWER || status == 0);
}

static enum claim csp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor look = bytes;
	struct header h;

	if (certain(bytes, &h)) {
		*sender = h.mode == MODE_REQUEST ? SENDER_CLIENT : SENDER_SERVER;
		return usual_port ? CLAIM_YES : CLAIM_LIKELY;
	}
	if (!usual_port) {
		return CLAIM_NO;
	}
	if (cur_left(&bytes) < HEADER) {
		uint8_t mode = cur_u8(&look);

		return mode == MODE_REQUEST || mode == MODE_ANSWER ? CLAIM_MORE : CLAIM_NO;
	}
	h = read_header(&look);
	return plausible(&h) && (h.submode == SUBMODE_CONNECT || h.submode == SUBMODE_PCCC)
		   ? CLAIM_LIKELY
		   : CLAIM_NO;
}

static struct framing csp_frame(const struct dissection *d, struct cursor bytes)
{
	struct header h;

	(void)d;
	if (cur_left(&bytes) < HEADER) {
		uint8_t mode = cur_u8(&bytes);

		return mode == MODE_REQUEST || mode == MODE_ANSWER
			   ? (struct framing) { FRAMING_MORE, HEADER }
			   : (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	h = read_header(&bytes);
	if (!plausible(&h)) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	return (struct framing) { FRAMING_PDU, HEADER + (size_t)h.length };
}

/* A header whose message ends with the bytes, or has another header behind it. */
static bool begins(struct cursor bytes)
{
	struct header h = read_header(&bytes);

	if (!cur_ok(&bytes) || !plausible(&h)) {
		return false;
	}
	cur_skip(&bytes, h.length);
	if (!cur_ok(&bytes) || cur_left(&bytes) == 0) {
		return cur_ok(&bytes);
	}
	h = read_header(&bytes);
	return cur_ok(&bytes) && plausible(&h);
}

static size_t csp_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	size_t n = cur_left(&bytes);

	(void)d;
	cur_skip(&bytes, from);
	for (size_t skip = from; skip < n; skip++) {
		if (begins(bytes)) {
			return skip;
		}
		cur_skip(&bytes, 1);
	}
	return n;
}

/* Connecting, and what nobody described. */
static enum parsed parse_other(struct dissection *d, const struct header *h)
{
	bool connect = h->submode == SUBMODE_CONNECT;
	enum operation operation = connect ? OPERATION_SESSION : OPERATION_UNKNOWN;

	if (h->mode == MODE_REQUEST) {
		transaction_open(d, h->submode);
		record_put_static(d->writer, CORE_FUNCTION, connect ? "connect" : NULL);
		record_put_uint(d->writer, PUT(SUBMODE), h->submode);
		transaction_ask(d, operation, false);
	} else {
		struct pending *asked = transaction_find(d, h->submode);

		transaction_answer(d, asked, operation);
		if (asked == NULL) {
			record_put_static(d->writer, CORE_FUNCTION, connect ? "connect" : NULL);
			record_put_uint(d->writer, PUT(SUBMODE), h->submode);
		}
		record_put_uint(d->writer, PUT(CONNECTION), h->connection);
		record_put_uint(d->writer, PUT(STATUS), h->status);
		transaction_done(d, h->status == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE);
	}
	return connect ? PARSED : PARSED_UNKNOWN;
}

static enum parsed csp_parse(struct dissection *d, struct cursor pdu)
{
	struct header h = read_header(&pdu);
	struct pccc_carrier carrier = { .key = h.connection,
					.response = h.mode == MODE_ANSWER,
					.bare = true };
	struct cursor look = pdu;

	if (!cur_ok(&pdu) || !plausible(&h)) {
		return PARSED_NOT_MINE;
	}
	dissect_sender(d, h.mode == MODE_REQUEST ? SENDER_CLIENT : SENDER_SERVER);
	dissect_count(d, h.mode == MODE_REQUEST ? MESSAGE_REQUEST : MESSAGE_RESPONSE, h.submode);
	if (h.mode == MODE_ANSWER && h.status != 0) {
		dissect_count_error(d, h.submode);
	}
	cur_skip(&look, 4);
	if (h.submode != SUBMODE_PCCC || (cur_left(&pdu) == 0 && h.status != 0)) {
		return parse_other(d, &h);
	}
	if (cur_ok(&look) && dissect_child(d, 0, look, &carrier)) {
		return PARSED;
	}
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_UNKNOWN);

	record->phase = PHASE_COMPLETE;
	record_put_uint(d->writer, PUT(SUBMODE), h.submode);
	dissect_malformed(d, "length");
	record_commit(d->writer);
	return PARSED_MALFORMED;
}

static const struct over csp_over[] = {
	{ OVER_TCP, NULL, PORT },
	{ OVER_TCP, NULL, 0 },
};

const struct dissector dissector_csp = {
	.name = "csp",
	.title = "CSP (Allen-Bradley client/server protocol, AB Ethernet)",
	.over = csp_over,
	.n_over = ARRAY_SIZE(csp_over),
	.carrier = true,
	.pdu_max = HEADER + LENGTH_MAX,
	.probe = csp_probe,
	.frame = csp_frame,
	.resync = csp_resync,
	.parse = csp_parse,
	.fields = csp_fields,
	.n_fields = ARRAY_SIZE(csp_fields),
};
