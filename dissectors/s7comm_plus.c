/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* S7comm-plus, what engineering stations and panels speak with S7-1200 and S7-1500 controllers,
 *over COTP.  There is no public standard; what is here are facts that independent analyses agree
 *on, checked byte by byte against captures of real sessions.
 *
 *	header:  0x72 | version 1 | length 2 | data | trailer 0x72 | version 1 | 0 2
 *
 * Version 1 sets up a session, 2 and 3 are the session; in version 3 the data begins with the
 *length of a digest (32) and the digest, in version 2 they may end with these.  A long message
 *comes in parts, each with a header; only the last one has a trailer.  Versions 0xfe (system event:
 *how many bytes were taken, or a text) and 0xff (keep-alive) have none.  From TIA Portal 17 on all
 *that is inside TLS, which begins behind one exchange in the clear: s7comm_plus_tls.c. */

#include "dissectors/s7comm_plus_private.h"

#include <stdio.h>

#define MESSAGE_MAX 65536 /* of a message that is kept until it is whole */
#define DIGEST      32

enum { VERSION_SYSTEM_EVENT = 0xfe, VERSION_KEEP_ALIVE = 0xff };

static const struct field s7p_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.s7comm_plus." name, FIELD_##type, flags, NULL, meaning, NULL },
	S7P_FIELDS(X)
#undef X
};

/* ---- what is no message ---- */

/* A record of its own, complete at once. */
static void lone_record(struct dissection *d, const char *function, uint8_t version,
			enum operation operation)
{
	dissect_record(d, RECORD_TRANSACTION, operation)->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, function);
	record_put_uint(d->writer, PUT(VERSION), version);
}

static COLD enum parsed malformed(struct dissection *d, uint8_t version, const char *how)
{
	lone_record(d, NULL, version, OPERATION_UNKNOWN);
	dissect_malformed(d, how);
	record_commit(d->writer);
	return PARSED_MALFORMED;
}

static COLD enum parsed unknown_version(struct dissection *d, uint8_t version, struct cursor data)
{
	dissect_count(d, MESSAGE_USERDATA, S7P_COUNT_UNKNOWN);
	lone_record(d, NULL, version, OPERATION_UNKNOWN);
	record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&data, 64));
	record_commit(d->writer);
	return PARSED_UNKNOWN;
}

/* 0 4 | bytes taken 4 | 0 4 | 0 4, and sometimes a text or a structure. */
static enum parsed system_event(struct dissection *d, struct cursor data)
{
	uint32_t confirmed;

	cur_skip(&data, 4);
	confirmed = cur_be32(&data);
	cur_skip(&data, 8);
	if (!cur_ok(&data)) {
		return malformed(d, VERSION_SYSTEM_EVENT, "short");
	}
	dissect_count(d, MESSAGE_USERDATA, S7P_COUNT_SYSTEM_EVENT);
	if (cur_left(&data) > 0) {
		struct cursor look = data;
		bool text = cur_u8(&look) >= 0x20;

		lone_record(d, "system_event", VERSION_SYSTEM_EVENT, OPERATION_SESSION);
		record_put_uint(d->writer, PUT(CONFIRMED_BYTES), confirmed);
		record_put_bytes(d->writer, text ? PUT(TEXT) : PUT(DATA), cur_sub_most(&data, 64));
		record_commit(d->writer);
	}
	return PARSED;
}

/* ---- messages ---- */

/* Reads the head, of which 0 and 0 are constant (of a notification 0x0400). False: none begins
 * so. */
static bool read_head(struct cursor *data, struct s7p_message *m)
{
	bool plain;

	m->opcode = cur_u8(data);
	if (m->opcode == S7P_NOTIFICATION) {
		struct cursor look = *data;

		cur_skip(&look, 4);
		return (cur_be16(&look) & 0xf0ff) == 0 && cur_ok(&look);
	}
	plain = cur_be16(data) == 0;
	m->function = cur_be16(data);
	plain = cur_be16(data) == 0 && plain;
	m->sequence = cur_be16(data);
	m->session = m->opcode == S7P_REQUEST ? cur_be32(data) : 0;
	m->flags = cur_u8(data);
	return plain && cur_ok(data);
}

static bool known_opcode(uint8_t opcode)
{
	return opcode == S7P_REQUEST || opcode == S7P_RESPONSE || opcode == S7P_RESPONSE2 ||
	       opcode == S7P_NOTIFICATION;
}

static COLD enum parsed unknown_opcode(struct dissection *d, const struct s7p_message *m,
				       struct cursor data)
{
	dissect_count(d, MESSAGE_USERDATA, S7P_COUNT_UNKNOWN);
	lone_record(d, s7p_function_name(m->function), m->version, OPERATION_UNKNOWN);
	record_put_uint(d->writer, PUT(OPCODE), m->opcode);
	record_put_uint(d->writer, PUT(FUNCTION_CODE), m->function);
	record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&data, 64));
	record_commit(d->writer);
	return PARSED_UNKNOWN;
}

static void learn_direction(struct dissection *d, uint8_t opcode)
{
	if (unlikely(d->from_client != (opcode == S7P_REQUEST))) {
		dissect_sender(d, opcode == S7P_REQUEST ? SENDER_CLIENT : SENDER_SERVER);
	}
}

/* Of version 2: the digest at the end of the message, if there is one. */
static void read_last_digest(struct s7p_message *m, struct cursor data)
{
	size_t n = cur_left(&data);

	if (m->version == 2 && n > DIGEST + 1) {
		cur_skip(&data, n - DIGEST - 1);
		m->integrity = cur_u8(&data) == DIGEST;
		cur_skip(&data, DIGEST - 4);
		m->integrity = m->integrity && cur_be32(&data) != 0;
	}
}

/* A message that is whole, or the start of a tree. Leaves in *data what is not read yet. */
static enum parsed parse_message(struct dissection *d, struct s7p_message *m, struct cursor *data,
				 struct s7p_walk *walk)
{
	struct cursor whole = *data;

	if (!read_head(data, m)) {
		return PARSED; /* behind a hole: the rest of a message */
	}
	if (!known_opcode(m->opcode)) {
		return unknown_opcode(d, m, whole);
	}
	if (m->last) {
		read_last_digest(m, *data);
	}
	learn_direction(d, m->opcode);
	if (m->opcode == S7P_NOTIFICATION) {
		return s7p_notification(d, m, *data);
	}
	return m->opcode == S7P_REQUEST ? s7p_request(d, m, data, walk)
					: s7p_response(d, m, data, walk);
}

/* ---- parts ---- */

enum { KEY_WALK = 2 }; /* and the side */

static void stop(struct dissection *d, struct s7p_side *side)
{
	dissect_gather_end(d, side->parts);
	dissect_memory_end(d, KEY_WALK + d->side);
	side->under_way = false;
	side->walking = false;
}

/* Keeps bytes under the other key: they may be the end of those under this one. */
static bool keep_rest(struct dissection *d, struct s7p_side *side, struct cursor rest)
{
	uint8_t other = side->parts ^ 1U;
	bool kept = dissect_gather(d, other, rest, MESSAGE_MAX);

	dissect_gather_end(d, side->parts);
	side->parts = other;
	return kept;
}

/* Begins a tree that comes in parts, from its first one. */
static enum parsed begin_walk(struct dissection *d, struct s7p_side *side, struct s7p_message *m,
			      struct cursor data)
{
	struct s7p_walk *walk = dissect_memory(d, KEY_WALK + d->side, sizeof(*walk));
	enum parsed parsed;

	if (walk == NULL) {
		side->deaf = true;
		return PARSED;
	}
	walk->pass.depth = 0;
	parsed = parse_message(d, m, &data, walk);
	side->walking = true;
	side->under_way = true;
	if (!cur_ok(&data)) {
		data = cur_of(NULL, 0);
	}
	if (walk->pass.depth > 0 && !s7p_walk_on(d, walk, &data)) {
		walk->pass.depth = 0;
	}
	/* Nothing more to tell: what follows is only passed over. */
	if (!keep_rest(d, side, walk->pass.depth > 0 ? data : cur_of(NULL, 0))) {
		stop(d, side);
		side->deaf = true;
	}
	return parsed;
}

static enum parsed walk_part(struct dissection *d, struct s7p_side *side, struct cursor data,
			     bool last)
{
	struct s7p_walk *walk = dissect_memory_find(d, KEY_WALK + d->side);
	struct cursor bytes = cur_of(NULL, 0);
	bool kept = true;

	if (walk != NULL && walk->pass.depth > 0) {
		kept = dissect_gather(d, side->parts, data, MESSAGE_MAX);
		bytes = dissect_gathered(d, side->parts);
		if (!s7p_walk_on(d, walk, &bytes)) {
			walk->pass.depth = 0;
			bytes = cur_of(NULL, 0);
		}
	}
	if (last || !kept || !keep_rest(d, side, bytes)) {
		stop(d, side);
		side->deaf = !last;
	}
	return PARSED;
}

/* A message that is not read before it is whole. */
static enum parsed gather_part(struct dissection *d, struct s7p_side *side, struct s7p_message *m,
			       struct cursor data)
{
	struct cursor whole;
	struct s7p_walk walk;
	enum parsed parsed;

	side->under_way = dissect_gather(d, side->parts, data, MESSAGE_MAX);
	if (!side->under_way) {
		side->deaf = !m->last;
		return PARSED;
	}
	if (!m->last) {
		return PARSED;
	}
	whole = dissect_gathered(d, side->parts);
	walk.pass.depth = 0;
	parsed = parse_message(d, m, &whole, &walk);
	stop(d, side);
	return parsed;
}

static enum parsed first_part(struct dissection *d, struct s7p_side *side, struct s7p_message *m,
			      struct cursor data)
{
	struct cursor look = data;
	struct s7p_message head = *m;
	struct s7p_walk walk;
	bool begins = read_head(&look, &head) && known_opcode(head.opcode);

	/* The rest of a message whose start was not seen, or that is too long to be kept. */
	if (!begins && (side->deaf || !m->last)) {
		side->deaf = !m->last;
		return PARSED;
	}
	side->deaf = false;
	if (m->last) {
		enum parsed parsed;

		walk.pass.depth = 0;
		parsed = parse_message(d, m, &data, &walk);
		if (walk.pass.depth > 0) {
			(void)s7p_walk_on(d, &walk, &data);
		}
		return parsed;
	}
	m->fragmented = true;
	return s7p_is_tree(&head) ? begin_walk(d, side, m, data) : gather_part(d, side, m, data);
}

static enum parsed parse_part(struct dissection *d, struct s7p_message *m, struct cursor data)
{
	struct s7p_state *state = d->state;
	struct s7p_side *side = &state->side[d->side];

	/* A hole forgets what was gathered. */
	if (side->under_way && dissect_gather_note(d, side->parts) == NULL) {
		stop(d, side);
	}
	if (likely(!side->under_way)) {
		return first_part(d, side, m, data);
	}
	m->fragmented = true;
	return side->walking ? walk_part(d, side, data, m->last) : gather_part(d, side, m, data);
}

/* ---- the header ---- */

/* In version 3 every part begins with a digest. False: its length is none that is known. */
static bool read_first_digest(struct cursor *data, struct s7p_message *m)
{
	uint8_t n;

	if (m->version < 3) {
		return true;
	}
	n = cur_u8(data);
	m->integrity = n == DIGEST;
	cur_skip(data, n);
	return (n == 0 || n == DIGEST) && cur_ok(data);
}

static enum parsed parse_plus(struct dissection *d, struct cursor pdu)
{
	struct s7p_message m = { 0 };
	struct cursor data, whole;
	uint16_t length;

	cur_skip(&pdu, 1);
	m.version = cur_u8(&pdu);
	length = cur_be16(&pdu);
	if (!cur_ok(&pdu)) {
		return malformed(d, m.version, "short");
	}
	if (m.version == VERSION_KEEP_ALIVE) {
		dissect_count(d, MESSAGE_USERDATA, S7P_COUNT_KEEP_ALIVE);
		return PARSED;
	}
	whole = pdu;
	data = cur_sub(&pdu, length);
	if (m.version == VERSION_SYSTEM_EVENT && cur_ok(&data)) {
		return system_event(d, data);
	}
	if (m.version == 0 || m.version > 3) {
		return unknown_version(d, m.version, whole);
	}
	if (!cur_ok(&data) || !read_first_digest(&data, &m)) {
		return malformed(d, m.version, cur_ok(&data) ? "digest" : "length");
	}
	m.last = cur_left(&pdu) > 0;
	if (m.last && (cur_u8(&pdu) != 0x72 || cur_u8(&pdu) != m.version || cur_be16(&pdu) != 0 ||
		       !cur_ok(&pdu) || cur_left(&pdu) > 0)) {
		return malformed(d, m.version, "trailer");
	}
	return parse_part(d, &m, data);
}

static enum parsed s7p_parse(struct dissection *d, struct cursor pdu)
{
	const struct s7p_state *state = d->state;
	struct cursor look = pdu;
	uint8_t first = cur_u8(&look);

	if (likely(first == 0x72 && !state->side[d->side].tls)) {
		return parse_plus(d, pdu);
	}
	return s7p_tls(d, pdu);
}

static enum claim s7p_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)usual_port;
	(void)sender;
	return CLAIM_NO; /* only its parent hands it anything */
}

static void s7p_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	static const char *const userdata[] = {
		[S7P_COUNT_NOTIFICATION] = "notification",
		[S7P_COUNT_SYSTEM_EVENT] = "system_event",
		[S7P_COUNT_KEEP_ALIVE] = "keep_alive",
		[S7P_COUNT_UNKNOWN] = "unknown",
	};

	if (class == MESSAGE_USERDATA && code > 0 && code < ARRAY_SIZE(userdata)) {
		snprintf(out, size, "%s", userdata[code]);
	} else {
		snprintf(out, size, "%u", code);
	}
}

static const struct over s7p_over[] = {
	{ OVER_PARENT, "cotp", 0x72 },
	/* TLS records: change cipher spec, alert, handshake, application data. */
	{ OVER_PARENT, "cotp", 0x14 },
	{ OVER_PARENT, "cotp", 0x15 },
	{ OVER_PARENT, "cotp", 0x16 },
	{ OVER_PARENT, "cotp", 0x17 },
};

const struct dissector dissector_s7comm_plus = {
	.name = "s7comm_plus",
	.title = "S7comm-plus (Siemens S7-1200 and S7-1500)",
	.over = s7p_over,
	.n_over = ARRAY_SIZE(s7p_over),
	.state_size = sizeof(struct s7p_state),
	.probe = s7p_probe,
	.parse = s7p_parse,
	.code_text = s7p_code_text,
	.fields = s7p_fields,
	.n_fields = ARRAY_SIZE(s7p_fields),
};
