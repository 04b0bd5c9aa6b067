/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* S7comm: what SIMATIC S7-300, S7-400 and, for other stations, S7-1200 and S7-1500 speak over COTP.
 * There is no public standard; the numbers are those that independent implementations agree on.
 *
 *	0x32 | type 1 | redundancy 2 | PDU reference 2 | parameter length 2 | data length 2
 *	  | error class 1 | error code 1 (ack and ack data only) | parameters | data
 *
 * A job is answered by ack data (or an ack without parameters) with its PDU reference.  Most jobs
 * are the client's; to fetch a block that is loaded into it the controller sends jobs itself.
 * Userdata has requests, answers and messages without a request. */

#include "dissectors/cotp.h"
#include "dissectors/s7comm_private.h"

#include <stdio.h>

#define PROTOCOL 0x32
#define HEADER   10

static const struct field s7_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.s7comm." name, FIELD_##type, flags, NULL, meaning, NULL },
	S7_FIELDS(X)
#undef X
};

/* ---- jobs ---- */

static const char *ask_setup(struct dissection *d, struct s7_message *m)
{
	uint16_t calling, called, size;

	cur_skip(&m->parameters, 1);
	calling = cur_be16(&m->parameters);
	called = cur_be16(&m->parameters);
	size = cur_be16(&m->parameters);
	if (!cur_ok(&m->parameters)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(JOBS_CALLING), calling);
	record_put_uint(d->writer, PUT(JOBS_CALLED), called);
	record_put_uint(d->writer, PUT(PDU_SIZE), size);
	return NULL;
}

static const char *answer_setup(struct dissection *d, struct s7_message *m,
				const struct pending *asked, enum outcome *outcome)
{
	uint16_t calling, called, size;

	(void)asked;
	(void)outcome;
	if (cur_left(&m->parameters) == 0) {
		return NULL;
	}
	cur_skip(&m->parameters, 1);
	calling = cur_be16(&m->parameters);
	called = cur_be16(&m->parameters);
	size = cur_be16(&m->parameters);
	if (!cur_ok(&m->parameters)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(AGREED_CALLING), calling);
	record_put_uint(d->writer, PUT(AGREED_CALLED), called);
	record_put_uint(d->writer, PUT(AGREED_PDU_SIZE), size);
	return NULL;
}

struct function {
	const char *name;
	enum operation operation;
	bool by_server; /* a job that the controller sends to its client */
	/* Puts the request's fields; may change m->operation. */
	const char *(*ask)(struct dissection *d, struct s7_message *m);
	void (*asked)(struct dissection *d, const struct s7_message *m); /* its items */
	const char *(*answer)(struct dissection *d, struct s7_message *m,
			      const struct pending *asked, enum outcome *outcome);
	void (*answered)(struct dissection *d, const struct s7_message *m, struct cursor kept);
};

static const struct function functions[256] = {
	[S7_READ_VARIABLE] = { "read_variable", OPERATION_READ, false, s7_ask_variables, NULL,
			       s7_answer_variables, s7_answered_variables },
	[S7_WRITE_VARIABLE] = { "write_variable", OPERATION_WRITE, false, s7_ask_variables,
				s7_asked_write, s7_answer_variables, s7_answered_variables },
	[S7_REQUEST_DOWNLOAD] = { "request_download", OPERATION_PROGRAM_DOWNLOAD, false,
				  s7_ask_transfer, NULL, s7_answer_transfer, NULL },
	[S7_DOWNLOAD_BLOCK] = { "download_block", OPERATION_PROGRAM_DOWNLOAD, true, s7_ask_transfer,
				NULL, s7_answer_transfer, NULL },
	[S7_DOWNLOAD_ENDED] = { "download_ended", OPERATION_PROGRAM_DOWNLOAD, true, s7_ask_transfer,
				NULL, s7_answer_transfer, NULL },
	[S7_START_UPLOAD] = { "start_upload", OPERATION_PROGRAM_UPLOAD, false, s7_ask_transfer,
			      NULL, s7_answer_transfer, NULL },
	[S7_UPLOAD] = { "upload", OPERATION_PROGRAM_UPLOAD, false, s7_ask_transfer, NULL,
			s7_answer_transfer, NULL },
	[S7_END_UPLOAD] = { "end_upload", OPERATION_PROGRAM_UPLOAD, false, s7_ask_transfer, NULL,
			    s7_answer_transfer, NULL },
	[S7_PI_SERVICE] = { "pi_service", OPERATION_UNKNOWN, false, s7_ask_pi_service, NULL, NULL,
			    NULL },
	[S7_PLC_STOP] = { "plc_stop", OPERATION_STOP, false, s7_ask_stop, NULL, NULL, NULL },
	[S7_SETUP] = { "setup_communication", OPERATION_SESSION, false, ask_setup, NULL,
		       answer_setup, NULL },
};

/* Requests of either side may be under way with the same reference, and jobs beside userdata. */
uint64_t s7_pairing_key(const struct s7_message *m, unsigned asker)
{
	return m->reference | (uint64_t)asker << 16 | (uint64_t)(m->rosctr == S7_USERDATA) << 17;
}

/* ---- messages ---- */

static enum parsed put_tail(struct dissection *d, const struct s7_message *m, bool known)
{
	if (unlikely(m->wrong != NULL)) {
		dissect_malformed(d, m->wrong);
		return PARSED_MALFORMED;
	}
	return known ? PARSED : PARSED_UNKNOWN;
}

static void put_head(struct dissection *d, const struct s7_message *m, bool by_server)
{
	record_put_static(d->writer, CORE_FUNCTION, functions[m->function].name);
	record_put_uint(d->writer, PUT(FUNCTION_CODE), m->function);
	record_put_uint(d->writer, PUT(REFERENCE), m->reference);
	if (unlikely(by_server)) {
		record_put_bool(d->writer, PUT(BY_SERVER), true);
	}
}

static void put_data(struct dissection *d, struct s7_message *m)
{
	if (cur_left(&m->parameters) > 0) {
		record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&m->parameters, 64));
	}
}

static enum parsed parse_job(struct dissection *d, struct s7_message *m)
{
	const struct function *function = &functions[m->function];
	enum parsed parsed;

	if (unlikely(d->flow->client_evidence != CLIENT_BY_PROTOCOL) && function->name != NULL) {
		dissect_sender(d, function->by_server ? SENDER_SERVER : SENDER_CLIENT);
	}
	dissect_count(d, MESSAGE_REQUEST, m->function);
	m->operation = function->operation;
	transaction_open(d, s7_pairing_key(m, d->side));
	transaction_note(d, m->function | (uint64_t)m->length << 8);
	put_head(d, m, !d->from_client);
	if (likely(function->ask != NULL)) {
		const char *wrong = function->ask(d, m);

		m->wrong = m->wrong != NULL ? m->wrong : wrong;
	} else {
		put_data(d, m);
	}
	parsed = put_tail(d, m, function->name != NULL);
	transaction_ask(d, m->operation, false);
	if (function->asked != NULL) {
		function->asked(d, m);
	}
	return parsed;
}

/* A job of this reference whose function, and number of variables, the answer repeats; an ack
 * repeats none. There are stations whose reference is always the same. */
static struct pending *find_job(struct dissection *d, struct s7_message *m)
{
	struct pending *asked = transaction_find(d, s7_pairing_key(m, d->side ^ 1U));
	struct cursor look = m->parameters;
	uint64_t note;

	if (asked == NULL) {
		return NULL;
	}
	note = pending_note(asked);
	m->asked_length = (uint16_t)(note >> 8);
	if (m->length == 0) {
		m->function = (uint8_t)note;
	}
	if (m->function != (uint8_t)note) {
		return NULL;
	}
	return (note >> 24 & 0xff) == 0 || cur_left(&look) == 0 ||
		       cur_u8(&look) == (note >> 24 & 0xff)
		   ? asked
		   : NULL;
}

static enum parsed parse_answer(struct dissection *d, struct s7_message *m)
{
	struct pending *asked = find_job(d, m);
	const struct function *function = &functions[m->function];
	enum outcome outcome = m->error == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
	struct cursor kept = cur_of(NULL, 0);
	enum parsed parsed;

	dissect_count(d, MESSAGE_RESPONSE, m->function);
	transaction_answer(d, asked, function->operation);
	if (likely(asked != NULL)) {
		kept = pending_kept(asked);
	} else {
		put_head(d, m, d->from_client);
	}
	if (unlikely(m->error != 0)) {
		dissect_count_error(d, m->function);
		record_put_uint(d->writer, PUT(ERROR_CLASS), m->error >> 8);
		s7_put_error(d, m->error);
	}
	if (function->answer != NULL) {
		const char *wrong = function->answer(d, m, asked, &outcome);

		m->wrong = m->wrong != NULL ? m->wrong : wrong;
	}
	parsed = put_tail(d, m, function->name != NULL);
	transaction_done(d, outcome);
	if (function->answered != NULL && m->error == 0) {
		function->answered(d, m, kept);
	}
	return parsed;
}

/* A message type that nobody described. */
static COLD enum parsed parse_unknown(struct dissection *d, struct s7_message *m)
{
	dissect_record(d, RECORD_TRANSACTION, OPERATION_UNKNOWN)->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, NULL);
	record_put_uint(d->writer, PUT(ROSCTR), m->rosctr);
	record_put_uint(d->writer, PUT(REFERENCE), m->reference);
	record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&m->body, 64));
	record_commit(d->writer);
	return PARSED_UNKNOWN;
}

/* False when the bytes are no S7comm message. */
static bool read_message(struct cursor pdu, struct s7_message *m)
{
	struct fixed head;
	size_t parameters, data;
	bool answer;

	if (cur_left(&pdu) < HEADER) {
		return false;
	}
	head = cur_fixed(&pdu, HEADER);
	m->rosctr = fixed_u8(head, 1);
	m->reference = fixed_be16(head, 4);
	parameters = fixed_be16(head, 6);
	data = fixed_be16(head, 8);
	answer = m->rosctr == S7_ACK || m->rosctr == S7_ACK_DATA;
	if (fixed_u8(head, 0) != PROTOCOL || m->rosctr < 1 || m->rosctr > 7) {
		return false;
	}
	m->error = answer ? cur_be16(&pdu) : 0;
	m->wrong = cur_ok(&pdu) ? NULL : "length";
	/* What is there of a message that says it is longer is still read. */
	if (unlikely(parameters + data != cur_left(&pdu))) {
		m->wrong = parameters + data > cur_left(&pdu) ? "length" : "trailing_bytes";
	}
	m->body = cur_sub_most(&pdu, parameters + data);
	m->data = m->body;
	m->parameters = cur_sub_most(&m->data, parameters);
	m->length = (uint16_t)parameters;
	m->function = 0;
	return true;
}

static enum parsed s7comm_parse(struct dissection *d, struct cursor pdu)
{
	struct s7_message m;

	if (!read_message(pdu, &m)) {
		return PARSED_NOT_MINE;
	}
	if (unlikely(m.rosctr == S7_USERDATA)) {
		return s7_parse_userdata(d, &m);
	}
	if (cur_left(&m.parameters) > 0) {
		m.function = cur_u8(&m.parameters);
	}
	if (m.rosctr == S7_JOB) {
		return parse_job(d, &m);
	}
	if (m.rosctr == S7_ACK_DATA || m.rosctr == S7_ACK) {
		return parse_answer(d, &m);
	}
	return parse_unknown(d, &m);
}

static enum claim s7comm_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)usual_port;
	(void)sender;
	return CLAIM_NO; /* only its parent hands it anything */
}

/* Userdata: type.group.subfunction. */
static void s7comm_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	if (class != MESSAGE_USERDATA && code <= S7_NO_SUBFUNCTION) {
		snprintf(out, size, "%u", code);
	} else if ((code & 0xfff) == S7_NO_SUBFUNCTION) {
		snprintf(out, size, "%u.%u.None", code >> 20, code >> 12 & 0xffU);
	} else {
		snprintf(out, size, "%u.%u.%u", code >> 20, code >> 12 & 0xffU, code & 0xfffU);
	}
}

static const struct over s7comm_over[] = { { OVER_PARENT, "cotp", PROTOCOL } };

const struct dissector dissector_s7comm = {
	.name = "s7comm",
	.title = "S7comm (Siemens SIMATIC S7 communication)",
	.over = s7comm_over,
	.n_over = ARRAY_SIZE(s7comm_over),
	.state_size = sizeof(struct s7_state),
	.probe = s7comm_probe,
	.parse = s7comm_parse,
	.code_text = s7comm_code_text,
	.fields = s7_fields,
	.n_fields = S7_FIELD_COUNT,
};
