/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* EtherNet/IP encapsulation: CIP Volume 2, chapter 2; TCP and UDP 44818, and 2221 where it is
 * inside TLS or DTLS (Volume 8).
 *
 *	command 2 | length 2 | session 4 | status 4 | sender context 8 | options 4 | data
 *
 * All of it is little-endian. Answers look like requests with the same command, so who asks is
 * known from the flow, from the data (lists are empty in a request) or from the CIP message. */

#include "dissectors/enip_fields.h"
#include "dissectors/enip_private.h"

#include "dissectors/pccc.h"

#include "capture/base/hash.h"

#define PORT         44818
#define PORT_SECURED 2221
#define HEADER       24
#define CONTEXT      12 /* where the sender's context begins */
#define TLS_HEADER   5
#define SAMPLE       64

enum {
	NOP = 0x0000,
	REGISTER_SESSION = 0x0065,
	SEND_RR_DATA = 0x006f,
	SEND_UNIT_DATA = 0x0070,
	COMMANDS = 0x0100,
};

enum mode { MODE_UNKNOWN, MODE_PLAIN, MODE_TLS };

struct enip_state {
	uint8_t mode;
};

/* What the data of a command looks like. */
enum shape {
	SHAPE_ANY,
	SHAPE_EMPTY, /* in a request; an answer has data */
	SHAPE_NONE,  /* never any */
	SHAPE_SESSION,
	SHAPE_ITEMS,
};

/* Volume 2, table 2-3.2. */
static const struct {
	const char *name;
	enum operation operation;
	enum shape shape;
	bool unanswered; /* no answer comes */
	const char *(*answer)(struct dissection *d, struct cursor *data);
} commands[COMMANDS] = {
	[NOP] = { "nop", OPERATION_SESSION, SHAPE_ANY, true, NULL },
	[0x0001] = { "list_targets", OPERATION_DIAGNOSE, SHAPE_EMPTY, false, enip_put_targets },
	[0x0002] = { "legacy_2", OPERATION_UNKNOWN, SHAPE_ANY, false, NULL },
	[0x0003] = { "legacy_3", OPERATION_UNKNOWN, SHAPE_ANY, false, NULL },
	[0x0004] = { "list_services", OPERATION_DIAGNOSE, SHAPE_EMPTY, false, enip_put_services },
	[0x0005] = { "legacy_5", OPERATION_UNKNOWN, SHAPE_ANY, false, NULL },
	[0x0063] = { "list_identity", OPERATION_IDENTIFY, SHAPE_EMPTY, false, enip_put_identities },
	[0x0064] = { "list_interfaces", OPERATION_DIAGNOSE, SHAPE_EMPTY, false,
		     enip_put_interfaces },
	[REGISTER_SESSION] = { "register_session", OPERATION_SESSION, SHAPE_SESSION, false, NULL },
	[0x0066] = { "unregister_session", OPERATION_SESSION, SHAPE_NONE, true, NULL },
	[SEND_RR_DATA] = { "send_rr_data", OPERATION_UNKNOWN, SHAPE_ITEMS, false, NULL },
	[SEND_UNIT_DATA] = { "send_unit_data", OPERATION_UNKNOWN, SHAPE_ITEMS, true, NULL },
	[0x0072] = { "indicate_status", OPERATION_DIAGNOSE, SHAPE_ANY, true, NULL },
	[0x0073] = { "cancel", OPERATION_SESSION, SHAPE_ANY, true, NULL },
	[0x00c8] = { "start_dtls", OPERATION_SESSION, SHAPE_ANY, false, NULL },
};

static const char *const statuses[] = {
	[0x00] = "success",
	[0x01] = "invalid_command",
	[0x02] = "no_memory",
	[0x03] = "incorrect_data",
	[0x64] = "invalid_session",
	[0x65] = "invalid_length",
	[0x69] = "unsupported_protocol_revision",
	[0x6a] = "service_not_allowed_on_this_port",
};

const char *enip_status_name(uint32_t status)
{
	return status < ARRAY_SIZE(statuses) ? statuses[status] : NULL;
}

/* ---- header ---- */

struct header {
	uint16_t command, length;
	uint32_t session, status, options;
	struct cursor context;
};

/* The header at the start, as far as it is there. */
static inline struct header read_header(struct cursor *bytes)
{
	struct cursor context = *bytes;
	struct header h;

	if (likely(cur_left(bytes) >= HEADER)) {
		struct fixed head = cur_fixed(bytes, HEADER);

		cur_skip(&context, CONTEXT);
		h.command = fixed_le16(head, 0);
		h.length = fixed_le16(head, 2);
		h.session = fixed_le32(head, 4);
		h.status = fixed_le32(head, 8);
		h.context = cur_sub(&context, 8);
		h.options = fixed_le32(head, 20);
		return h;
	}
	h.command = cur_le16(bytes);
	h.length = cur_le16(bytes);
	h.session = cur_le32(bytes);
	h.status = cur_le32(bytes);
	h.context = cur_bad();
	h.options = 0;
	*bytes = cur_bad();
	return h;
}

static bool is_known(uint16_t command)
{
	return command < COMMANDS && commands[command].name != NULL;
}

/* Lengths that a known command can have. */
static bool length_right(const struct header *h)
{
	enum shape shape = commands[h->command].shape;
	/* An answer that refuses has no data. */
	bool refused = h->length == 0 && h->status != 0;

	return (shape == SHAPE_ANY || shape == SHAPE_EMPTY) ||
	       (shape == SHAPE_NONE && h->length == 0) ||
	       (shape == SHAPE_SESSION && (h->length == 4 || refused)) ||
	       (shape == SHAPE_ITEMS && (h->length >= 8 || refused));
}

/* The header of a command that is known, with nothing in it that the standard forbids. */
static bool header_right(const struct header *h)
{
	return is_known(h->command) && h->options == 0 && enip_status_name(h->status) != NULL &&
	       length_right(h);
}

/* Interface handle 0 (CIP), a time-out, and items that end where the data ends. */
static bool items_right(struct cursor data)
{
	struct enip_packet packet = { 0 };
	uint32_t interface = cur_le32(&data);

	cur_skip(&data, 2);
	return interface == 0 && enip_read_items(&data, &packet) == NULL && cur_left(&data) == 0 &&
	       packet.n_types >= 1;
}

/* A packet at the start whose every part is right; its data too where the command says how it
 * looks. `proof`: the data proves that it is this protocol. */
static bool packet_right(struct cursor bytes, bool *proof)
{
	struct header h = read_header(&bytes);
	struct cursor data;

	*proof = false;
	if (!cur_ok(&bytes) || !header_right(&h)) {
		return false;
	}
	data = cur_sub(&bytes, h.length);
	if (!cur_ok(&data)) {
		return false;
	}
	if (h.command == REGISTER_SESSION && h.length == 4) {
		*proof = cur_le16(&data) == 1 && cur_le16(&data) == 0;
		return *proof;
	}
	if (commands[h.command].shape == SHAPE_ITEMS && h.length > 0) {
		*proof = items_right(data);
		return *proof;
	}
	return true;
}

/* A header whose data ends in a later segment. */
static bool begins_packet(struct cursor bytes)
{
	struct header h = read_header(&bytes);

	if (!cur_ok(&bytes) || !header_right(&h) || h.length <= cur_left(&bytes)) {
		return false;
	}
	return commands[h.command].shape == SHAPE_ITEMS &&
	       (cur_left(&bytes) < 4 || cur_le32(&bytes) == 0);
}

/* ---- TLS and DTLS ---- */

static const char *tls_version(struct cursor bytes)
{
	static const struct {
		uint16_t code;
		const char *name;
	} versions[] = {
		{ 0x0301, "tls_1.0" }, { 0x0302, "tls_1.1" },  { 0x0303, "tls_1.2" },
		{ 0x0304, "tls_1.3" }, { 0xfeff, "dtls_1.0" }, { 0xfefd, "dtls_1.2" },
	};
	uint8_t type = cur_u8(&bytes);
	uint16_t version = cur_be16(&bytes);

	/* Change cipher spec, alert, handshake, data, heartbeat: RFC 8446, 5.1. */
	for (size_t i = 0; i < ARRAY_SIZE(versions) && type >= 20 && type <= 24; i++) {
		if (versions[i].code == version) {
			return versions[i].name;
		}
	}
	return NULL;
}

static bool is_dtls(struct cursor bytes)
{
	cur_skip(&bytes, 1);
	return cur_u8(&bytes) == 0xfe;
}

static struct framing tls_frame(struct cursor bytes)
{
	uint16_t length;

	if (cur_left(&bytes) < TLS_HEADER) {
		return (struct framing) { FRAMING_MORE, TLS_HEADER };
	}
	if (tls_version(bytes) == NULL) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	cur_skip(&bytes, 3);
	length = cur_be16(&bytes);
	return length <= 16384 + 2048
		   ? (struct framing) { FRAMING_PDU, TLS_HEADER + (size_t)length }
		   : (struct framing) { FRAMING_NOT_MINE, 0 };
}

static enum parsed parse_tls(struct dissection *d, struct cursor record)
{
	const char *version = tls_version(record);

	if (dissect_encrypted(d, cur_left(&record))) {
		dissect_record(d, RECORD_TRANSACTION, OPERATION_SESSION);
		record_put_static(d->writer, CORE_FUNCTION, is_dtls(record) ? "dtls" : "tls");
		record_put_static(d->writer, PUT(TLS_VERSION), version);
		record_put_bool(d->writer, CORE_ENCRYPTED, true);
		record_commit(d->writer);
	}
	return PARSED;
}

/* ---- who asks ---- */

/* The first byte of the CIP message in the items: its upper bit is set in an answer. */
static enum sender sender_of_items(struct cursor data)
{
	struct enip_packet packet = { 0 };

	cur_skip(&data, 6);
	if (enip_read_items(&data, &packet) != NULL || !packet.has_data) {
		return SENDER_UNKNOWN;
	}
	cur_skip(&packet.data, packet.connected ? 2 : 0);
	uint8_t service = cur_u8(&packet.data);

	if (!cur_ok(&packet.data)) {
		return SENDER_UNKNOWN;
	}
	return (service & 0x80) != 0 ? SENDER_SERVER : SENDER_CLIENT;
}

static enum sender sender_of(const struct header *h, struct cursor data)
{
	enum shape shape;

	if (h->status != 0) {
		return SENDER_SERVER;
	}
	if (!is_known(h->command)) {
		return SENDER_UNKNOWN;
	}
	shape = commands[h->command].shape;
	if (shape == SHAPE_SESSION || shape == SHAPE_EMPTY) {
		bool asks = shape == SHAPE_SESSION ? h->session == 0 : h->length == 0;

		return asks ? SENDER_CLIENT : SENDER_SERVER;
	}
	return shape == SHAPE_ITEMS ? sender_of_items(data) : SENDER_UNKNOWN;
}

static enum claim enip_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor look = bytes;
	struct header h = read_header(&look);
	bool proof = false;

	if (usual_port && tls_version(bytes) != NULL) {
		return CLAIM_YES;
	}
	if (packet_right(bytes, &proof) && (proof || usual_port)) {
		*sender = sender_of(&h, cur_sub(&look, h.length));
		return CLAIM_YES;
	}
	if (!usual_port) {
		return CLAIM_NO;
	}
	if (!cur_ok(&look)) {
		/* Of a part of a header, what is there. */
		return !is_known(h.command) || enip_status_name(h.status) == NULL ? CLAIM_NO
		       : cur_left(&bytes) >= 4                                    ? CLAIM_YES
										  : CLAIM_MORE;
	}
	/* On its own port a header is enough, whatever the command. */
	return h.command < COMMANDS && h.options == 0 && enip_status_name(h.status) != NULL
		   ? CLAIM_YES
		   : CLAIM_NO;
}

/* ---- framing ---- */

static struct framing enip_frame(const struct dissection *d, struct cursor bytes)
{
	struct enip_state *state = d->state;
	struct cursor look = bytes;
	struct header h;

	if (unlikely(state->mode == MODE_UNKNOWN)) {
		if (cur_left(&bytes) < 3) {
			return (struct framing) { FRAMING_MORE, 3 };
		}
		state->mode = tls_version(bytes) != NULL ? MODE_TLS : MODE_PLAIN;
	}
	if (unlikely(state->mode == MODE_TLS)) {
		return tls_frame(bytes);
	}
	h = read_header(&look);
	if (!cur_ok(&look)) {
		return (struct framing) { FRAMING_MORE, HEADER };
	}
	/* A receiver shall ignore a command with options (Volume 2, 2-3.7); it is reported. */
	if (!header_right(&h) && (h.command >= COMMANDS || enip_status_name(h.status) == NULL ||
				  (h.options != 0 && !is_known(h.command)))) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	return (struct framing) { FRAMING_PDU, HEADER + (size_t)h.length };
}

static size_t enip_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	const struct enip_state *state = d->state;
	struct cursor start = bytes;
	size_t n = cur_left(&bytes);
	bool proof;

	cur_skip(&bytes, from);
	for (size_t skip = from; skip < n; skip++) {
		if (state->mode == MODE_TLS ? tls_frame(bytes).verdict == FRAMING_PDU
					    : packet_right(bytes, &proof)) {
			return skip;
		}
		cur_skip(&bytes, 1);
	}
	cur_skip(&start, from);
	for (size_t skip = from; skip < n && state->mode != MODE_TLS; skip++) {
		if (begins_packet(start)) {
			return skip;
		}
		cur_skip(&start, 1);
	}
	return n;
}

/* ---- messages ---- */

static uint64_t context_number(struct cursor context)
{
	return cur_le64(&context);
}

static void put_head(struct dissection *d, const struct header *h)
{
	record_put_static(d->writer, CORE_FUNCTION,
			  is_known(h->command) ? commands[h->command].name : NULL);
	record_put_uint(d->writer, PUT(COMMAND), h->command);
	if (h->session != 0) {
		record_put_uint(d->writer, PUT(SESSION), h->session);
	}
	if (context_number(h->context) != 0) {
		record_put_bytes(d->writer, PUT(CONTEXT), h->context);
	}
	if (h->options != 0) {
		record_put_uint(d->writer, PUT(OPTIONS), h->options);
	}
}

static void put_status(struct dissection *d, const struct header *h)
{
	record_put_uint(d->writer, PUT(STATUS), h->status);
	if (h->status != 0) {
		record_put_static(d->writer, PUT(STATUS_NAME), enip_status_name(h->status));
	}
}

static void put_data(struct dissection *d, struct cursor data, bool answer)
{
	if (cur_left(&data) > 0) {
		record_put_uint(d->writer, answer ? PUT(ANSWER_BYTES) : PUT(DATA_BYTES),
				cur_left(&data));
		record_put_bytes(d->writer, answer ? PUT(ANSWER_DATA) : PUT(DATA),
				 cur_sub_most(&data, SAMPLE));
	}
}

/* The fields behind the header, of an answer when `answer`. */
static const char *put_body(struct dissection *d, const struct header *h, struct cursor data,
			    bool answer)
{
	struct enip_packet packet = { 0 };
	const char *wrong = NULL;

	if (answer && h->length > 0 && is_known(h->command) &&
	    commands[h->command].answer != NULL) {
		wrong = commands[h->command].answer(d, &data);
	} else if (h->command == REGISTER_SESSION && h->length > 0) {
		record_put_uint(d->writer, answer ? PUT(SUPPORTED) : PUT(VERSION), cur_le16(&data));
		cur_skip(&data, 2);
	} else if (commands[h->command].shape == SHAPE_ITEMS && h->length > 0) {
		cur_skip(&data, 6);
		wrong = enip_read_items(&data, &packet);
		if (!answer) {
			record_put_uint16s(d->writer, PUT(ITEM_TYPES), packet.types,
					   packet.n_types);
		}
		put_data(d, packet.data, answer);
	} else {
		put_data(d, data, answer);
		return NULL;
	}
	if (cur_left(&data) > 0) {
		record_put_uint(d->writer, CORE_TRAILING_BYTES, cur_left(&data));
		wrong = wrong != NULL ? wrong : "trailing_bytes";
	}
	return wrong != NULL || cur_ok(&data) ? wrong : "length";
}

static const char *finish(struct dissection *d, const struct header *h, const char *wrong)
{
	if (wrong == NULL && h->options != 0) {
		wrong = "options";
	}
	if (wrong == NULL && is_known(h->command) && !length_right(h)) {
		wrong = "length";
	}
	if (wrong != NULL) {
		dissect_malformed(d, wrong);
	}
	return wrong;
}

static bool is_broadcast(const struct dissection *d)
{
	const struct packet *packet = d->packet;

	return packet->has_mac && (packet->mac_destination.bytes[0] & 1) != 0;
}

static uint64_t command_key(const struct header *h)
{
	return hash_word(h->command, context_number(h->context));
}

static enum parsed own_request(struct dissection *d, const struct header *h, struct cursor data)
{
	bool known = is_known(h->command);
	const char *wrong;

	transaction_open(d, command_key(h));
	put_head(d, h);
	wrong = finish(d, h, put_body(d, h, data, false));
	transaction_ask(d, known ? commands[h->command].operation : OPERATION_UNKNOWN,
			(known && commands[h->command].unanswered) || is_broadcast(d));
	return wrong != NULL ? PARSED_MALFORMED : known ? PARSED : PARSED_UNKNOWN;
}

static enum parsed own_answer(struct dissection *d, const struct header *h, struct cursor data)
{
	struct pending *asked = transaction_find(d, command_key(h));
	bool known = is_known(h->command);
	enum operation operation = known ? commands[h->command].operation : OPERATION_UNKNOWN;
	struct record *record;
	const char *wrong;

	/* Answers to a broadcast come in flows of their own: none of them is an orphan. */
	if (asked == NULL && !d->stream) {
		record = dissect_record(d, RECORD_TRANSACTION, operation);
		record->phase = PHASE_COMPLETE;
		record->outcome = h->status == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
	} else {
		transaction_answer(d, asked, operation);
	}
	if (asked == NULL) {
		put_head(d, h);
	} else if (h->command == REGISTER_SESSION && h->session != 0) {
		record_put_uint(d->writer, PUT(SESSION), h->session);
	}
	put_status(d, h);
	wrong = finish(d, h, put_body(d, h, data, true));
	if (asked == NULL && !d->stream) {
		record_commit(d->writer);
	} else {
		transaction_done(d, h->status == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE);
	}
	return wrong != NULL ? PARSED_MALFORMED : known ? PARSED : PARSED_UNKNOWN;
}

/* Hands what the items carry to the protocol that reads it. Whether one took it. */
static bool parse_items(struct dissection *d, const struct header *h, struct cursor data)
{
	struct enip_packet packet = {
		.context = hash_word(h->session, context_number(h->context)),
		.session = h->session,
		.status = h->status,
	};
	struct pccc_carrier carrier = { .key = packet.context,
					.response = !d->from_client,
					.bare = true };

	if (h->length > 0) {
		if (cur_le32(&data) != 0) {
			return false;
		}
		cur_skip(&data, 2);
		if (enip_read_items(&data, &packet) != NULL || cur_left(&data) > 0 ||
		    !packet.has_data) {
			return false;
		}
	}
	if (packet.data_type == ITEM_UNCONNECTED_UDP) {
		/* Volume 8: message type 2, transaction 4, status 4, then the message. */
		cur_skip(&packet.data, 2);
		packet.context = hash_word(packet.context, cur_le32(&packet.data));
		packet.status = cur_le32(&packet.data);
	}
	if (packet.data_type == ITEM_PCCC) {
		return dissect_child(d, PCCC_OVER_ENIP, packet.data, &carrier);
	}
	return dissect_child(d, packet.connected ? ITEM_CONNECTED_DATA : ITEM_UNCONNECTED_DATA,
			     packet.data, &packet);
}

static void learn_direction(struct dissection *d, const struct header *h, struct cursor data)
{
	if (likely(d->flow->client_evidence == CLIENT_BY_PROTOCOL ||
		   d->flow->key.port[d->flow->client ^ 1U] == PORT)) {
		return;
	}
	dissect_sender(d, sender_of(h, data));
}

static enum parsed enip_parse(struct dissection *d, struct cursor bytes)
{
	const struct enip_state *state = d->state;
	struct cursor whole = bytes, data;
	struct header h;

	if (unlikely(d->stream ? state->mode == MODE_TLS : tls_version(bytes) != NULL)) {
		return parse_tls(d, whole);
	}
	h = read_header(&bytes);
	data = cur_sub(&bytes, h.length);
	/* In a datagram the length may lie; in a stream frame() has seen to it. */
	if (!cur_ok(&data) || h.command >= COMMANDS || enip_status_name(h.status) == NULL) {
		return PARSED_NOT_MINE;
	}
	learn_direction(d, &h, data);
	dissect_count(d, d->from_client ? MESSAGE_REQUEST : MESSAGE_RESPONSE, h.command);
	if (h.status != 0 && !d->from_client) {
		dissect_count_error(d, h.command);
	}
	if (likely(h.command == SEND_RR_DATA || h.command == SEND_UNIT_DATA) && h.options == 0 &&
	    parse_items(d, &h, data)) {
		return PARSED;
	}
	return d->from_client ? own_request(d, &h, data) : own_answer(d, &h, data);
}

const struct field enip_fields[ENIP_FIELD_COUNT] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.enip." name, FIELD_##type, flags, NULL, meaning, NULL },
	ENIP_FIELDS(X)
#undef X
};

static const struct over enip_over[] = {
	{ OVER_TCP, NULL, PORT },
	{ OVER_UDP, NULL, PORT },
	{ OVER_TCP, NULL, PORT_SECURED },
	{ OVER_UDP, NULL, PORT_SECURED },
	{ OVER_TCP, NULL, 0 },
};

const struct dissector dissector_enip = {
	.name = "enip",
	.title = "EtherNet/IP encapsulation (ODVA, CIP Volume 2)",
	.over = enip_over,
	.n_over = ARRAY_SIZE(enip_over),
	.state_size = sizeof(struct enip_state),
	.pdu_max = HEADER + 65535,
	.probe = enip_probe,
	.frame = enip_frame,
	.resync = enip_resync,
	.unit_kind = UNIT_IS_SLOT,
	.parse = enip_parse,
	.fields = enip_fields,
	.n_fields = ENIP_FIELD_COUNT,
};
