/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Modbus: MODBUS Application Protocol Specification V1.1b3, MODBUS Messaging on TCP/IP
 * Implementation Guide V1.0b; over TCP and UDP, and serial (RTU) frames carried in TCP (MODBUS
 * over Serial Line V1.02).
 *
 *	MBAP: transaction 2 | protocol 2 (0) | length 2 (unit + PDU) | unit 1 | function 1 | data
 *	RTU:  unit 1 | function 1 | data | CRC-16 2 (low byte first)
 *
 * A request and its answer have the same function code and the same header, so who asks is known
 * from the flow, or from the shape of the data, which differs for most functions. */

#include "dissectors/modbus_adu.h"
#include "dissectors/modbus_private.h"

#include <stdio.h>

#define PORT        502
#define MBAP_HEADER 6    /* up to and with the length */
#define LENGTH_MAX  254  /* unit and PDU: Messaging on TCP/IP 3.1.3 */
#define UMAS_MAX    1030 /* what UMAS stations agree on between themselves */
#define RTU_MAX     256

enum { EXCEPTION_ACKNOWLEDGE = 5 };

/* ---- framing ---- */

enum framing_mode { MODE_UNKNOWN, MODE_MBAP, MODE_RTU };

struct modbus_state {
	uint8_t mode;
};

/* CRC-16 of the serial line (over Serial Line V1.02, 6.2.2), four bits a step. */
static uint16_t crc16(struct cursor bytes)
{
	static const uint16_t nibbles[16] = { 0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00,
					      0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401,
					      0x5000, 0x9c01, 0x8801, 0x4400 };
	uint16_t crc = 0xffff;

	while (cur_left(&bytes) > 0) {
		crc ^= cur_u8(&bytes);
		crc = (uint16_t)(crc >> 4 ^ nibbles[crc & 15]);
		crc = (uint16_t)(crc >> 4 ^ nibbles[crc & 15]);
	}
	return crc;
}

/* Whether the first n bytes are a serial frame with a right CRC. */
static bool rtu_crc_right(struct cursor bytes, size_t n)
{
	struct cursor body;

	if (n < 4 || n > cur_left(&bytes)) {
		return false;
	}
	body = cur_sub(&bytes, n - 2);
	return crc16(body) == cur_le16(&bytes);
}

/* Length of the serial frame at the start, by the shape of a request or an answer; 0: not known. */
static size_t rtu_length(struct cursor bytes, bool response)
{
	uint8_t code;
	size_t length;

	cur_skip(&bytes, 1);
	code = cur_u8(&bytes);
	if ((code & MODBUS_EXCEPTION_BIT) != 0) {
		return response ? 5 : 0;
	}
	const struct modbus_function *function = &modbus_functions[code];
	if (!modbus_shape_length(response ? function->response : function->request, bytes,
				 &length)) {
		return 0;
	}
	/* No serial frame is longer (over Serial Line V1.02, 2.5.1): the count is none. */
	return length + 4 <= RTU_MAX ? length + 4 : 0;
}

/* A serial frame that fills the bytes, with a code of the standard, its shape and its CRC. */
static COLD bool whole_rtu(struct cursor bytes, bool *request, bool *response)
{
	struct cursor look = bytes;
	size_t n = cur_left(&bytes);
	uint8_t unit = cur_u8(&look), code = cur_u8(&look);
	struct cursor data;

	if (n < 4 || n > RTU_MAX || unit > 247 || modbus_functions[code & 0x7f].name == NULL ||
	    modbus_functions[code & 0x7f].request.shape == SHAPE_ANY) {
		return false;
	}
	data = cur_sub(&look, n - 4);
	*request = modbus_fits(code, data, false);
	*response = modbus_fits(code, data, true);
	return (*request || *response) && rtu_crc_right(bytes, n);
}

struct header {
	uint16_t transaction, protocol, length;
	uint8_t unit, code;
};

static inline bool length_right(const struct header *h)
{
	return h->length >= 2 && (h->length <= LENGTH_MAX ||
				  ((h->code & 0x7f) == MODBUS_UMAS && h->length <= UMAS_MAX));
}

static inline struct header read_header(struct cursor *bytes)
{
	struct header h;

	if (likely(cur_left(bytes) >= MBAP_HEADER + 2)) {
		struct fixed head = cur_fixed(bytes, MBAP_HEADER + 2);

		h.transaction = fixed_be16(head, 0);
		h.protocol = fixed_be16(head, 2);
		h.length = fixed_be16(head, 4);
		h.unit = fixed_u8(head, 6);
		h.code = fixed_u8(head, 7);
		return h;
	}
	/* Of a part, what is there. */
	h.transaction = cur_be16(bytes);
	h.protocol = cur_be16(bytes);
	h.length = cur_be16(bytes);
	h.unit = cur_u8(bytes);
	h.code = cur_u8(bytes);
	return h;
}

/* An ADU at the start whose every part is right: it ends with the bytes, or others follow that are
 * right as well. any_code: function codes that nobody has described are fine too. */
static bool certain_mbap(struct cursor bytes, bool any_code, bool *request, bool *response)
{
	bool first = true;

	while (cur_left(&bytes) > 0) {
		struct cursor look = bytes;
		struct header h = read_header(&look);

		if (!cur_ok(&look) || h.protocol != 0 || !length_right(&h) ||
		    !(any_code || modbus_known_code(h.code))) {
			return false;
		}
		struct cursor data = cur_sub(&look, h.length - 2U);
		if (!cur_ok(&data)) {
			/* The end is in the next segment: enough if a whole one came before. */
			return !first;
		}
		bool can_ask = modbus_fits(h.code, data, false),
		     can_answer = modbus_fits(h.code, data, true);
		if (!can_ask && !can_answer) {
			return false;
		}
		if (first) {
			*request = can_ask;
			*response = can_answer;
		}
		first = false;
		cur_skip(&bytes, MBAP_HEADER + h.length);
	}
	return !first;
}

static enum sender sender_of(bool request, bool response)
{
	if (request == response) {
		return SENDER_UNKNOWN;
	}
	return request ? SENDER_CLIENT : SENDER_SERVER;
}

static enum claim modbus_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	bool request = false, response = false;
	struct cursor look = bytes;
	struct header h;

	/* A serial frame may look like an MBAP header too; its CRC then decides. But a CRC on an
	 * unusual port is no proof: other protocols have the same. */
	if (whole_rtu(bytes, &request, &response)) {
		*sender = sender_of(request, response);
		return usual_port ? CLAIM_YES : CLAIM_LIKELY;
	}
	if (certain_mbap(bytes, false, &request, &response)) {
		*sender = sender_of(request, response);
		return CLAIM_YES;
	}
	if (!usual_port) {
		return CLAIM_NO;
	}
	/* On its own port a header is enough, whatever the function code. */
	h = read_header(&look);
	if (h.protocol != 0 || (cur_ok(&look) && !length_right(&h))) {
		return CLAIM_NO;
	}
	return cur_left(&bytes) >= 4 ? CLAIM_YES : CLAIM_MORE;
}

static struct framing mbap_frame(struct cursor bytes)
{
	struct cursor look = bytes;
	struct header h = read_header(&look);

	/* A bad read yields 0 for every field that was not there. */
	if (h.protocol != 0) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	if (cur_left(&bytes) < MBAP_HEADER) {
		return (struct framing) { FRAMING_MORE, MBAP_HEADER };
	}
	if (!length_right(&h)) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	return (struct framing) { FRAMING_PDU, MBAP_HEADER + (size_t)h.length };
}

static COLD struct framing rtu_frame(const struct dissection *d, struct cursor bytes)
{
	size_t n = cur_left(&bytes);
	size_t expected = rtu_length(bytes, !d->from_client);
	size_t other = rtu_length(bytes, d->from_client);

	if (rtu_crc_right(bytes, expected)) {
		return (struct framing) { FRAMING_PDU, expected };
	}
	if (rtu_crc_right(bytes, other)) {
		return (struct framing) { FRAMING_PDU, other };
	}
	if (n <= RTU_MAX && rtu_crc_right(bytes, n)) {
		return (struct framing) { FRAMING_PDU, n };
	}
	if (n < 4 || n < expected) {
		return (struct framing) { FRAMING_MORE, size_max(expected, 4) };
	}
	/* The CRC is wrong: the message is reported with that. */
	return (struct framing) { FRAMING_PDU, expected != 0 ? expected : size_min(n, RTU_MAX) };
}

static struct framing modbus_frame(const struct dissection *d, struct cursor bytes)
{
	struct modbus_state *state = d->state;
	bool request, response;

	if (state->mode == MODE_UNKNOWN) {
		state->mode = whole_rtu(bytes, &request, &response) ? MODE_RTU : MODE_MBAP;
	}
	return state->mode == MODE_RTU ? rtu_frame(d, bytes) : mbap_frame(bytes);
}

/* A header at the start whose message ends in a later segment. */
static bool begins_mbap(struct cursor bytes)
{
	size_t n = cur_left(&bytes);
	struct header h = read_header(&bytes);

	return n > MBAP_HEADER && h.protocol == 0 && length_right(&h) &&
	       MBAP_HEADER + (size_t)h.length > n &&
	       (n == MBAP_HEADER + 1 || modbus_known_code(h.code));
}

static size_t modbus_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	const struct modbus_state *state = d->state;
	struct cursor start = bytes;
	size_t n = cur_left(&bytes);
	bool request, response;

	cur_skip(&bytes, from);
	for (size_t skip = from; skip < n; skip++) {
		if (state->mode == MODE_RTU ? whole_rtu(bytes, &request, &response)
					    : certain_mbap(bytes, true, &request, &response)) {
			return skip;
		}
		cur_skip(&bytes, 1);
	}
	/* Nothing is whole in it: some devices send header and data in segments of their own. */
	return from == 0 && state->mode != MODE_RTU && begins_mbap(start) ? 0 : n;
}

/* ---- messages ---- */

static bool is_rtu(const struct dissection *d)
{
	const struct modbus_state *state = d->state;

	return d->stream && state->mode == MODE_RTU;
}

static void put_head(struct dissection *d, const struct header *h)
{
	const struct modbus_function *function = &modbus_functions[h->code & 0x7f];

	dissect_unit(d, h->unit);
	record_put_uint(d->writer, PUT(FUNCTION_CODE), h->code & 0x7fU);
	record_put_static(d->writer, CORE_FUNCTION, function->name);
	if (is_rtu(d)) {
		record_put_static(d->writer, PUT(FRAMING), "rtu");
	} else {
		record_put_uint(d->writer, PUT(TRANSACTION), h->transaction);
	}
}

/* Ends the fields of a message: what is wrong with it, and what stands behind its last field. */
static enum parsed put_tail(struct dissection *d, struct cursor data, const char *wrong, bool known)
{
	if (!cur_ok(&data)) {
		wrong = "length";
	}
	if (known && cur_left(&data) > 0) {
		record_put_uint(d->writer, CORE_TRAILING_BYTES, cur_left(&data));
		wrong = wrong != NULL ? wrong : "trailing_bytes";
	}
	if (wrong != NULL) {
		dissect_malformed(d, wrong);
	}
	return wrong != NULL ? PARSED_MALFORMED : known ? PARSED : PARSED_UNKNOWN;
}

static enum operation operation_of(uint8_t code, struct cursor data)
{
	if (code == 8) {
		return modbus_diagnostics_operation(data);
	}
	return code == 43 ? modbus_encapsulated_operation(data)
			  : modbus_functions[code & 0x7f].operation;
}

/* Clients that keep the transaction id at 0 are common: unit and function tell as well. */
static uint64_t pairing_key(const struct header *h)
{
	return h->transaction | (uint64_t)h->unit << 16 | (uint64_t)(h->code & 0x7f) << 24;
}

/* What an operation other than a read is about, for a person: "holding registers 100-109". */
static void put_target(struct dissection *d, uint8_t code, struct cursor data)
{
	static const char *const tables[128] = {
		[5] = "coil",
		[6] = "holding register",
		[15] = "coil",
		[16] = "holding register",
		[22] = "holding register",
		[23] = "holding register",
	};
	unsigned first, n;
	char text[48];

	if (tables[code & 0x7f] == NULL) {
		return;
	}
	/* Function 23 writes where its second range says. */
	cur_skip(&data, code == 23 ? 4 : 0);
	first = cur_be16(&data);
	n = code == 15 || code == 16 || code == 23 ? cur_be16(&data) : 1;
	if (n > 1) {
		snprintf(text, sizeof(text), "%ss %u-%u", tables[code & 0x7f], first,
			 first + n - 1);
	} else {
		snprintf(text, sizeof(text), "%s %u", tables[code & 0x7f], first);
	}
	record_put_text(d->writer, CORE_TARGET, text);
}

static enum parsed parse_request(struct dissection *d, const struct header *h, struct cursor data,
				 const char *wrong)
{
	const struct modbus_function *function = &modbus_functions[h->code & 0x7f];
	enum operation operation = operation_of(h->code, data);
	const char *found = NULL;
	enum parsed parsed;

	dissect_count(d, MESSAGE_REQUEST, h->code & 0x7fU);
	transaction_open(d, pairing_key(h));
	put_head(d, h);
	put_target(d, h->code, data);
	if (function->ask != NULL) {
		found = function->ask(d, &data);
	} else if (cur_left(&data) > 0) {
		record_put_bytes(d->writer, PUT(DATA), data);
		cur_skip(&data, cur_left(&data));
	}
	parsed = put_tail(d, data, wrong != NULL ? wrong : found, modbus_understood(h->code));
	/* Over Serial Line V1.02, 2.2: nobody answers address 0. */
	transaction_ask(d, operation, is_rtu(d) && h->unit == 0);
	return parsed;
}

static COLD enum parsed parse_exception(struct dissection *d, const struct header *h,
					struct cursor data, struct pending *asked)
{
	uint8_t code = cur_u8(&data);
	enum parsed parsed;

	dissect_count(d, MESSAGE_EXCEPTION, h->code & 0x7fU);
	transaction_answer(d, asked, modbus_functions[h->code & 0x7f].operation);
	if (asked == NULL) {
		put_head(d, h);
	}
	record_put_uint(d->writer, PUT(EXCEPTION_CODE), code);
	record_put_static(d->writer, PUT(EXCEPTION_NAME),
			  code < ARRAY_SIZE(modbus_exceptions) ? modbus_exceptions[code] : NULL);
	parsed = put_tail(d, data, NULL, modbus_understood(h->code));
	transaction_done(d, code == EXCEPTION_ACKNOWLEDGE ? OUTCOME_UNKNOWN : OUTCOME_FAILURE);
	return parsed;
}

static enum parsed parse_response(struct dissection *d, const struct header *h, struct cursor data,
				  const char *wrong)
{
	const struct modbus_function *function = &modbus_functions[h->code & 0x7f];
	struct pending *asked = transaction_find(d, pairing_key(h));
	const char *found = NULL;
	enum parsed parsed;

	if ((h->code & MODBUS_EXCEPTION_BIT) != 0) {
		return parse_exception(d, h, data, asked);
	}
	dissect_count(d, MESSAGE_RESPONSE, h->code);
	transaction_answer(d, asked, operation_of(h->code, data));
	if (asked == NULL) {
		put_head(d, h);
	}
	if (function->answer != NULL) {
		found = function->answer(d, &data, asked);
	} else if (cur_left(&data) > 0) {
		record_put_bytes(d->writer, PUT(DATA), data);
		cur_skip(&data, cur_left(&data));
	}
	parsed = put_tail(d, data, wrong != NULL ? wrong : found, modbus_understood(h->code));
	transaction_done(d, OUTCOME_SUCCESS);
	return parsed;
}

/* The shape shows who sent it where the flow does not know for sure. */
static void learn_direction(struct dissection *d, uint8_t code, struct cursor data)
{
	bool request, response;

	if (likely(d->flow->client_evidence == CLIENT_BY_PROTOCOL ||
		   d->flow->key.port[d->flow->client ^ 1U] == PORT)) {
		return;
	}
	request = modbus_fits(code, data, false);
	response = modbus_fits(code, data, true);
	if (request != response) {
		dissect_sender(d, request ? SENDER_CLIENT : SENDER_SERVER);
	}
}

/* Hands the data to the protocol that rides in this function. */
static COLD bool parse_umas(struct dissection *d, const struct header *h, struct cursor data)
{
	struct modbus_adu adu = { .key = pairing_key(h),
				  .transaction = h->transaction,
				  .unit = h->unit,
				  .function = h->code,
				  .response = !d->from_client };

	if (!dissect_child(d, MODBUS_UMAS, data, &adu)) {
		return false;
	}
	dissect_count(d, adu.response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, h->code);
	return true;
}

static enum parsed parse_message(struct dissection *d, const struct header *h, struct cursor data,
				 const char *wrong)
{
	learn_direction(d, h->code, data);
	if (unlikely(h->code == MODBUS_UMAS) && wrong == NULL && parse_umas(d, h, data)) {
		return PARSED;
	}
	return d->from_client ? parse_request(d, h, data, wrong)
			      : parse_response(d, h, data, wrong);
}

static COLD enum parsed parse_rtu(struct dissection *d, struct cursor adu)
{
	bool right = rtu_crc_right(adu, cur_left(&adu));
	struct header h = { .unit = cur_u8(&adu), .code = cur_u8(&adu) };
	struct cursor data;

	if (cur_left(&adu) < 2) {
		return PARSED_NOT_MINE;
	}
	data = cur_sub(&adu, cur_left(&adu) - 2);
	return parse_message(d, &h, data, right ? NULL : "crc");
}

static enum parsed modbus_parse(struct dissection *d, struct cursor adu)
{
	struct header h;
	struct cursor data;

	if (is_rtu(d)) {
		return parse_rtu(d, adu);
	}
	h = read_header(&adu);
	if (!cur_ok(&adu) || h.protocol != 0 || !length_right(&h)) {
		return PARSED_NOT_MINE;
	}
	/* In a datagram the length may lie; in a stream frame() has seen to it. */
	data = cur_sub(&adu, h.length - 2U);
	if (!cur_ok(&data)) {
		return PARSED_NOT_MINE;
	}
	return parse_message(d, &h, data, NULL);
}

/* Messaging on TCP/IP V1.0b, 4.4.2.1. */
bool modbus_unit_is_device(uint32_t unit)
{
	return unit == 0 || unit == 255;
}

static const struct over modbus_over[] = {
	{ OVER_TCP, NULL, PORT },
	{ OVER_UDP, NULL, PORT },
	{ OVER_TCP, NULL, 0 },
	{ OVER_UDP, NULL, 0 },
};

const struct dissector dissector_modbus = {
	.name = "modbus",
	.title = "Modbus (Application Protocol V1.1b3, Messaging on TCP/IP V1.0b)",
	.over = modbus_over,
	.n_over = ARRAY_SIZE(modbus_over),
	.state_size = sizeof(struct modbus_state),
	.pdu_max = MBAP_HEADER + UMAS_MAX,
	.probe = modbus_probe,
	.frame = modbus_frame,
	.resync = modbus_resync,
	.parse = modbus_parse,
	.unit_is_device = modbus_unit_is_device,
	.fields = modbus_fields,
	.n_fields = MODBUS_FIELD_COUNT,
};
