/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* DNP3: IEEE 1815-2012, over TCP and UDP (clause 13), and the same frames from serial lines carried
 * in TCP.  This file has link frames (clause 9) and the transport function (clause 8).
 *
 *	0x05 0x64 | length 1 (5 + user data) | control 1 | destination 2 | source 2 | CRC 2
 *	user data in blocks of 16 bytes, each with its CRC 2
 *	control: DIR 80 (from the master), PRM 40, FCB 20, FCV or DFC 10, function 0F
 *	user data: transport 1 (FIN 80, FIR 40, sequence 3F) | part of an application fragment */

#include "dissectors/dnp3_private.h"

#define PORT         20000
#define LINK_HEADER  10
#define BLOCK        16
#define FRAME_MAX    292   /* 9.2.4.1: 255 octets counted, and CRCs */
#define FRAGMENT_MAX 32768 /* usual are 2048; devices may be told to send more */

enum { DIR = 0x80, PRM = 0x40, DFC = 0x10 };
enum { CONFIRMED_USER_DATA = 3, UNCONFIRMED_USER_DATA = 4, LINK_ACK = 0 };
enum { FIN = 0x80, FIR = 0x40, SEQUENCE = 0x3f };

/* ---- CRC ---- */

/* 9.2.4.3: x^16 + x^13 + x^12 + x^11 + x^10 + x^8 + x^6 + x^5 + x^2 + 1, lowest bit first. The CRC
 * of a byte is the sum of those of its bits; with 0 to 7 bytes behind it, eight bytes go at once.
 */
#define BIT(i, k, value) (((i) >> (k)&1) != 0 ? (value) : 0)
#define SUM(i, a, b, c, d, e, f, g, h)                                                             \
	(BIT(i, 0, a) ^ BIT(i, 1, b) ^ BIT(i, 2, c) ^ BIT(i, 3, d) ^ BIT(i, 4, e) ^ BIT(i, 5, f) ^ \
	 BIT(i, 6, g) ^ BIT(i, 7, h))
#define AFTER_0(i)    SUM(i, 0x365e, 0x6cbc, 0xd978, 0xff89, 0xb26b, 0x29af, 0x535e, 0xa6bc)
#define AFTER_1(i)    SUM(i, 0xab4e, 0x1be5, 0x37ca, 0x6f94, 0xdf28, 0xf329, 0xab2b, 0x1b2f)
#define AFTER_2(i)    SUM(i, 0x19b8, 0x3370, 0x66e0, 0xcdc0, 0xd6f9, 0xe08b, 0x8c6f, 0x55a7)
#define AFTER_3(i)    SUM(i, 0xc2e8, 0xc8a9, 0xdc2b, 0xf52f, 0xa727, 0x0337, 0x066e, 0x0cdc)
#define AFTER_4(i)    SUM(i, 0x2306, 0x460c, 0x8c18, 0x5549, 0xaa92, 0x185d, 0x30ba, 0x6174)
#define AFTER_5(i)    SUM(i, 0xb5e7, 0x26b7, 0x4d6e, 0x9adc, 0x78c1, 0xf182, 0xae7d, 0x1183)
#define AFTER_6(i)    SUM(i, 0x5f62, 0xbec4, 0x30f1, 0x61e2, 0xc3c4, 0xcaf1, 0xd89b, 0xfc4f)
#define AFTER_7(i)    SUM(i, 0x1612, 0x2c24, 0x5848, 0xb090, 0x2c59, 0x58b2, 0xb164, 0x2fb1)
#define ROWS_4(f, i)  f(i), f((i) + 1), f((i) + 2), f((i) + 3)
#define ROWS_16(f, i) ROWS_4(f, i), ROWS_4(f, (i) + 4), ROWS_4(f, (i) + 8), ROWS_4(f, (i) + 12)
#define ROWS_64(f, i) \
	ROWS_16(f, i), ROWS_16(f, (i) + 16), ROWS_16(f, (i) + 32), ROWS_16(f, (i) + 48)
#define ROWS_256(f) ROWS_64(f, 0), ROWS_64(f, 64), ROWS_64(f, 128), ROWS_64(f, 192)

static const uint16_t crc_after[8][256] = {
	{ ROWS_256(AFTER_0) }, { ROWS_256(AFTER_1) }, { ROWS_256(AFTER_2) }, { ROWS_256(AFTER_3) },
	{ ROWS_256(AFTER_4) }, { ROWS_256(AFTER_5) }, { ROWS_256(AFTER_6) }, { ROWS_256(AFTER_7) },
};

static uint64_t crc_of_4(uint64_t bytes, const uint16_t after[4][256])
{
	return (uint64_t)after[3][bytes & 0xff] ^ after[2][bytes >> 8 & 0xff] ^
	       after[1][bytes >> 16 & 0xff] ^ after[0][bytes >> 24 & 0xff];
}

/* Of the next n bytes, which are consumed. */
static uint16_t crc_of(struct cursor *bytes, size_t n)
{
	uint64_t crc = 0;

	for (; n >= 8; n -= 8) {
		crc ^= cur_le64(bytes);
		crc = crc_of_4(crc, crc_after + 4) ^ crc_of_4(crc >> 32, crc_after);
	}
	if (n >= 4) {
		crc = crc_of_4(crc ^ cur_le32(bytes), crc_after);
		n -= 4;
	}
	for (; n > 0; n--) {
		crc = crc >> 8 ^ crc_after[0][(crc ^ cur_u8(bytes)) & 0xff];
	}
	return (uint16_t)~crc;
}

/* The next n bytes and the CRC behind them agree. */
static bool crc_right(struct cursor *bytes, size_t n)
{
	uint16_t crc = crc_of(bytes, n);

	return cur_le16(bytes) == crc && cur_ok(bytes);
}

/* ---- framing ---- */

/* Bytes of a frame with that length octet. */
static size_t frame_length(uint8_t length)
{
	size_t data = length - 5U;

	return LINK_HEADER + data + 2 * ((data + BLOCK - 1) / BLOCK);
}

/* A whole header at the start, with a right CRC. */
static bool header_right(struct cursor bytes, uint8_t *length, uint8_t *control)
{
	struct cursor look = bytes;

	if (cur_be16(&look) != 0x0564) {
		return false;
	}
	*length = cur_u8(&look);
	*control = cur_u8(&look);
	return *length >= 5 && crc_right(&bytes, LINK_HEADER - 2);
}

/* What there is may be the start of a header. */
static bool header_begins(struct cursor bytes)
{
	size_t n = cur_left(&bytes);
	uint8_t first = cur_u8(&bytes), second = cur_u8(&bytes), length = cur_u8(&bytes);

	return n < LINK_HEADER && first == 0x05 && (n < 2 || second == 0x64) &&
	       (n < 3 || length >= 5);
}

/* A frame whose header and data blocks are right, and behind which nothing or another begins. */
static bool whole_frame(struct cursor bytes)
{
	uint8_t length, control;
	size_t data;

	if (!header_right(bytes, &length, &control)) {
		return false;
	}
	cur_skip(&bytes, LINK_HEADER);
	for (data = length - 5U; data > 0; data -= size_min(data, BLOCK)) {
		if (!crc_right(&bytes, size_min(data, BLOCK))) {
			return false;
		}
	}
	return cur_left(&bytes) == 0 || header_right(bytes, &length, &control) ||
	       header_begins(bytes);
}

static size_t find_header(struct cursor bytes, size_t from)
{
	size_t n = cur_left(&bytes);
	uint8_t length, control;

	cur_skip(&bytes, from);
	for (size_t skip = from; skip < n; skip++) {
		if (header_right(bytes, &length, &control) || header_begins(bytes)) {
			return skip;
		}
		cur_skip(&bytes, 1);
	}
	return n;
}

static size_t dnp3_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	struct dnp3_state *state = d->state;

	state->hole = d->packet != NULL ? d->packet->time : state->hole;
	return find_header(bytes, from);
}

static struct framing dnp3_frame(const struct dissection *d, struct cursor bytes)
{
	uint8_t length, control;

	(void)d;
	if (header_right(bytes, &length, &control)) {
		return (struct framing) { FRAMING_PDU, frame_length(length) };
	}
	return header_begins(bytes) ? (struct framing) { FRAMING_MORE, LINK_HEADER }
				    : (struct framing) { FRAMING_NOT_MINE, 0 };
}

/* Sync octets and a CRC are good evidence, wherever a frame begins. */
static enum claim dnp3_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor look = bytes;
	uint8_t length, control;
	size_t at;

	if (header_right(bytes, &length, &control)) {
		*sender = (control & DIR) != 0 ? SENDER_CLIENT : SENDER_SERVER;
		return CLAIM_YES;
	}
	if (header_begins(bytes)) {
		return usual_port && cur_left(&bytes) >= 2 ? CLAIM_YES : CLAIM_MORE;
	}
	/* In mid-stream a segment may begin within a frame; elsewhere one must be whole. */
	for (at = find_header(bytes, 1); at < cur_left(&bytes); at = find_header(bytes, at + 1)) {
		look = bytes;
		cur_skip(&look, at);
		if (usual_port ? header_right(look, &length, &control) : whole_frame(look)) {
			return CLAIM_YES;
		}
	}
	return CLAIM_NO;
}

/* ---- link functions ---- */

static const struct link_function {
	const char *name;
	enum operation operation;
	bool asks; /* of a primary: an answer comes */
} primaries[16] = {
	[0] = { "reset_link", OPERATION_SESSION, true },
	[1] = { "reset_user_process", OPERATION_RESTART, true },
	[2] = { "test_link", OPERATION_DIAGNOSE, true },
	[3] = { "confirmed_user_data", OPERATION_SESSION, true },
	[4] = { "unconfirmed_user_data", OPERATION_SESSION, false },
	[9] = { "request_link_status", OPERATION_DIAGNOSE, true },
}, secondaries[16] = {
	[0] = { "ack", OPERATION_SESSION, false },
	[1] = { "nack", OPERATION_SESSION, false },
	[11] = { "link_status", OPERATION_DIAGNOSE, false },
	[14] = { "not_functioning", OPERATION_DIAGNOSE, false },
	[15] = { "not_supported", OPERATION_DIAGNOSE, false },
};

static uint16_t outstation_of(const struct dnp3_link *link)
{
	return link->from_master ? link->destination : link->source;
}

static uint16_t master_of(const struct dnp3_link *link)
{
	return link->from_master ? link->source : link->destination;
}

static void put_link(struct dissection *d, const struct dnp3_link *link,
		     const struct link_function *function)
{
	dnp3_put_addresses(d, outstation_of(link), master_of(link), link->destination);
	record_put_uint(d->writer, PUT(LINK_FUNCTION), link->control & 15U);
	record_put_static(d->writer, CORE_FUNCTION, function->name);
	record_put_static(d->writer, PUT(LINK_DIRECTION),
			  link->from_master ? "from_master" : "from_outstation");
}

/* Requests of both sides wait apart. */
static uint64_t link_key(const struct dnp3_link *link, bool master_asked)
{
	return dnp3_key(outstation_of(link), master_of(link), KEY_LINK, master_asked);
}

/* A frame that should have user data and has none, or the reverse. */
static enum parsed put_link_tail(struct dissection *d, const struct dnp3_link *link, size_t data)
{
	bool primary = (link->control & PRM) != 0;
	const struct link_function *table = primary ? primaries : secondaries;
	bool user = primary && ((link->control & 15) == CONFIRMED_USER_DATA ||
				(link->control & 15) == UNCONFIRMED_USER_DATA);

	if (user == (data > 0)) {
		return table[link->control & 15].name != NULL ? PARSED : PARSED_UNKNOWN;
	}
	if (data > 0) {
		record_put_uint(d->writer, CORE_TRAILING_BYTES, data);
	}
	dissect_malformed(d, user ? "no_user_data" : "user_data");
	return PARSED_MALFORMED;
}

static enum parsed link_request(struct dissection *d, const struct dnp3_link *link, size_t data)
{
	const struct link_function *function = &primaries[link->control & 15];
	bool no_answer = !function->asks || link->destination >= 0xfffd;
	struct dnp3_text target = { .n = 0 };
	enum parsed parsed;

	transaction_open(d, link_key(link, link->from_master));
	put_link(d, link, function);
	if (function->operation == OPERATION_RESTART) {
		dnp3_say(&target, "outstation ");
		dnp3_say_number(&target, outstation_of(link));
		dnp3_put_said(d, CORE_TARGET, &target);
	}
	parsed = put_link_tail(d, link, data);
	transaction_ask(d, function->operation, no_answer);
	return parsed;
}

static enum parsed link_answer(struct dissection *d, const struct dnp3_link *link, size_t data)
{
	struct dnp3_state *state = d->state;
	const struct link_function *function = &secondaries[link->control & 15];
	bool bad = (link->control & 15) != LINK_ACK && (link->control & 15) != 11;
	struct pending *asked = transaction_find(d, link_key(link, !link->from_master));
	enum parsed parsed;

	if (asked == NULL && state->awaiting_ack[d->side ^ 1U]) {
		state->awaiting_ack[d->side ^ 1U] = false;
		/* The acknowledgement of user data says nothing that its answer does not. */
		if (!bad && data == 0) {
			return PARSED;
		}
	}
	transaction_answer(d, asked, function->operation);
	if (asked == NULL) {
		put_link(d, link, function);
	} else {
		record_put_static(d->writer, PUT(LINK_ANSWER), function->name);
	}
	if ((link->control & DFC) != 0) {
		record_put_bool(d->writer, PUT(LINK_BUSY), true);
	}
	parsed = put_link_tail(d, link, data);
	transaction_done(d, bad ? OUTCOME_FAILURE : OUTCOME_SUCCESS);
	return parsed;
}

/* ---- transport ---- */

/* Beside the parts: the sequence number that comes next, how many segments there are, and the
 * first damaged block. */
struct gathering {
	unsigned next, segments, damaged_segment, damaged_block;
	bool damaged;
};

static uint32_t pack(const struct gathering *g)
{
	return (g->next & SEQUENCE) | (g->segments & 0xff) << 6 | (g->damaged ? 1U << 14 : 0) |
	       (g->damaged_block & 0xff) << 15 | (g->damaged_segment & 0xff) << 23;
}

static struct gathering unpack(uint32_t note)
{
	return (struct gathering) { .next = note & SEQUENCE,
				    .segments = note >> 6 & 0xff,
				    .damaged = (note >> 14 & 1) != 0,
				    .damaged_block = note >> 15 & 0xff,
				    .damaged_segment = note >> 23 & 0xff };
}

static uint32_t gather_key(const struct dnp3_link *link)
{
	return (uint32_t)link->destination << 16 | link->source;
}

/* Segments that make no message. */
static void report_segment(struct dissection *d, const struct dnp3_link *link, const char *error,
			   const struct dnp3_damage *damage)
{
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_DIAGNOSE);

	record->phase = PHASE_COMPLETE;
	dnp3_put_addresses(d, outstation_of(link), master_of(link), link->destination);
	record_put_static(d->writer, CORE_FUNCTION, "transport_segment");
	record_put_static(d->writer, PUT(LINK_DIRECTION),
			  link->from_master ? "from_master" : "from_outstation");
	record_put_static(d->writer, PUT(TRANSPORT_ERROR), error);
	if (damage->n > 0) {
		record_put_uint8s(d->writer, PUT(BAD_BLOCKS), damage->blocks, damage->n);
		dissect_malformed(d, "data_crc");
	}
	record_commit(d->writer);
}

static enum parsed finish(struct dissection *d, const struct dnp3_link *link,
			  const struct gathering *g)
{
	uint32_t key = gather_key(link);
	struct dnp3_damage damage = { .blocks = { (uint8_t)g->damaged_block },
				      .n = g->damaged,
				      .segment = (uint8_t)g->damaged_segment };
	enum parsed parsed = dnp3_application(d, link, dissect_gathered(d, key), &damage);

	dissect_gather_end(d, key);
	return parsed;
}

/* One of several segments (8.2.1). */
static COLD enum parsed gather(struct dissection *d, const struct dnp3_link *link, uint8_t head,
			       struct cursor part, const struct dnp3_damage *damage)
{
	struct dnp3_state *state = d->state;
	uint32_t key = gather_key(link), *note = dissect_gather_note(d, key);
	struct gathering g = { .next = head & SEQUENCE };

	if ((head & FIR) == 0 && note == NULL) {
		if (!state->skipping[d->side]) {
			report_segment(d, link, "no_first", damage);
		}
		state->skipping[d->side] = true;
		return PARSED;
	}
	state->skipping[d->side] = false;
	if (note != NULL) {
		g = unpack(*note);
		if ((head & SEQUENCE) == ((g.next - 1) & SEQUENCE) && (head & FIR) == 0) {
			return PARSED; /* the same once more: serial lines repeat */
		}
		if ((head & FIR) != 0 || (head & SEQUENCE) != g.next) {
			report_segment(d, link, (head & FIR) != 0 ? "incomplete" : "sequence",
				       damage);
			dissect_gather_end(d, key);
			state->skipping[d->side] = (head & FIR) == 0;
			g = (struct gathering) { .next = head & SEQUENCE };
		}
		if (state->skipping[d->side]) {
			return PARSED;
		}
	}
	if (damage->n > 0 && !g.damaged) {
		g.damaged = true;
		g.damaged_block = damage->blocks[0];
		g.damaged_segment = g.segments;
	}
	if (!dissect_gather(d, key, part, FRAGMENT_MAX)) {
		report_segment(d, link, "too_long", damage);
		state->skipping[d->side] = true;
		return PARSED;
	}
	g.next = (g.next + 1) & SEQUENCE;
	g.segments++;
	*dissect_gather_note(d, key) = pack(&g);
	return (head & FIN) != 0 ? finish(d, link, &g) : PARSED;
}

static enum parsed parse_segment(struct dissection *d, const struct dnp3_link *link,
				 struct cursor user, const struct dnp3_damage *damage)
{
	struct dnp3_state *state = d->state;
	uint8_t head = cur_u8(&user);

	if (unlikely((head & (FIR | FIN)) != (FIR | FIN))) {
		return gather(d, link, head, user, damage);
	}
	if (unlikely(dissect_gather_note(d, gather_key(link)) != NULL)) {
		report_segment(d, link, "incomplete", &(struct dnp3_damage) { .n = 0 });
		dissect_gather_end(d, gather_key(link));
	}
	state->skipping[d->side] = false;
	return dnp3_application(d, link, user, damage);
}

/* ---- frames ---- */

/* Takes the CRCs out of the data blocks. */
static size_t take_blocks(struct cursor *frame, size_t n, uint8_t *out, struct dnp3_damage *damage)
{
	size_t taken = 0;

	for (unsigned block = 0; taken < n; block++) {
		size_t size = size_min(n - taken, BLOCK);
		struct cursor look = *frame;

		cur_copy(&look, out + taken, size);
		if (unlikely(!crc_right(frame, size)) && damage->n < ARRAY_SIZE(damage->blocks)) {
			damage->blocks[damage->n++] = (uint8_t)block;
		}
		taken += size;
	}
	return taken;
}

static enum parsed parse_frame(struct dissection *d, struct cursor frame)
{
	struct dnp3_state *state = d->state;
	uint8_t user[256];
	struct dnp3_damage damage = { .n = 0 };
	struct dnp3_link link;
	size_t n;

	cur_skip(&frame, 2);
	n = cur_u8(&frame) - 5U;
	link.control = cur_u8(&frame);
	link.destination = cur_le16(&frame);
	link.source = cur_le16(&frame);
	link.from_master = (link.control & DIR) != 0;
	cur_skip(&frame, 2);
	if (likely((link.control & PRM) != 0 && n > 0 &&
		   ((link.control & 15) == UNCONFIRMED_USER_DATA ||
		    (link.control & 15) == CONFIRMED_USER_DATA))) {
		state->awaiting_ack[d->side] = (link.control & 15) == CONFIRMED_USER_DATA;
		n = take_blocks(&frame, n, user, &damage);
		return parse_segment(d, &link, cur_of(user, n), &damage);
	}
	if (d->flow->client_evidence != CLIENT_BY_PROTOCOL) {
		dissect_sender(d, link.from_master ? SENDER_CLIENT : SENDER_SERVER);
	}
	return (link.control & PRM) != 0 ? link_request(d, &link, n) : link_answer(d, &link, n);
}

/* What stands in a datagram behind its last frame, and is none. */
static COLD enum parsed report_rest(struct dissection *d, size_t n)
{
	(void)dissect_record(d, RECORD_TRANSACTION, OPERATION_UNKNOWN);
	record_put_static(d->writer, CORE_FUNCTION, "link_frame");
	record_put_uint(d->writer, CORE_TRAILING_BYTES, n);
	dissect_malformed(d, "trailing_bytes");
	record_commit(d->writer);
	return PARSED_MALFORMED;
}

/* A stream brings one frame at a time; a datagram may hold several (13.2.2). */
static enum parsed dnp3_parse(struct dissection *d, struct cursor pdu)
{
	enum parsed all = PARSED_NOT_MINE, one;
	uint8_t length, control;

	if (d->stream) {
		return parse_frame(d, pdu); /* which frame() has looked at */
	}
	while (cur_left(&pdu) > 0) {
		struct cursor frame = cur_of(NULL, 0);
		struct cursor look = pdu;

		if (header_right(pdu, &length, &control)) {
			frame = cur_sub(&look, frame_length(length));
		}
		if (!cur_ok(&frame) || cur_left(&frame) == 0) {
			return all == PARSED_NOT_MINE ? all : report_rest(d, cur_left(&pdu));
		}
		pdu = look;
		one = parse_frame(d, frame);
		all = all == PARSED_NOT_MINE || one > all ? one : all;
	}
	return all;
}

static const struct over dnp3_over[] = {
	{ OVER_TCP, NULL, PORT },
	{ OVER_UDP, NULL, PORT },
	{ OVER_TCP, NULL, 0 },
	{ OVER_UDP, NULL, 0 },
};

const struct dissector dissector_dnp3 = {
	.name = "dnp3",
	.title = "DNP3 (IEEE 1815-2012)",
	.over = dnp3_over,
	.n_over = ARRAY_SIZE(dnp3_over),
	.state_size = sizeof(struct dnp3_state),
	.pdu_max = FRAME_MAX,
	.probe = dnp3_probe,
	.frame = dnp3_frame,
	.resync = dnp3_resync,
	.unit_kind = UNIT_IS_OUTSTATION,
	.parse = dnp3_parse,
	.fields = dnp3_fields,
	.n_fields = DNP3_FIELD_COUNT,
};
