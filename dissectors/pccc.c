/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* PCCC, the commands of DF1 and Data Highway (Allen-Bradley 1770-6.5.16, October 1996), as CIP
 * carries them (Execute PCCC, service 0x4B of class 0x67) and the older client/server protocol.
 *
 *	in CIP first: length of the requestor's id 1 (with itself) | vendor 2 | serial 4
 *	request: command 1 | status 1 (0) | transaction 2 | [function 1] | data
 *	answer:  command + 0x40 | status 1 | transaction 2 | [extended status 1] | data
 *
 * An answer has no function code: that of its request, with the same transaction number, tells how
 * it is read. */

#include "dissectors/pccc.h"
#include "capture/base/digest.h"
#include "capture/base/hash.h"
#include "dissectors/pccc_private.h"

#include <stdio.h>

/* ---- codes that are counted: command, and function if there is one ---- */

#define COUNT_FUNCTION 0x100U

static uint32_t count_code(struct pccc_code code)
{
	return code.has_function ? (uint32_t)code.command << 9 | COUNT_FUNCTION | code.function
				 : (uint32_t)code.command << 9;
}

/* "15.162": command 0x0F, function 0xA2. */
static void pccc_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	if ((code & COUNT_FUNCTION) != 0) {
		snprintf(out, size, "%u.%u", code >> 9, code & 0xff);
	} else {
		snprintf(out, size, "%u", code >> 9);
	}
}

/* ---- messages ---- */

#define REQUESTOR     7
#define REQUESTOR_MAX 32

struct message {
	const struct pccc_carrier *carrier;
	bool has_requestor;
	uint16_t vendor;
	uint32_t serial;
	uint8_t status;
	uint16_t transaction;
	struct pccc_code code;
	struct cursor data;
};

static bool read_message(const struct pccc_carrier *carrier, struct cursor pdu, struct message *out)
{
	*out = (struct message) { .carrier = carrier };
	if (!carrier->bare) {
		uint8_t length = cur_u8(&pdu);
		struct cursor id = cur_sub(&pdu, length > 0 ? length - 1U : 0);

		out->vendor = cur_le16(&id);
		out->serial = cur_le32(&id);
		out->has_requestor = cur_ok(&id);
		/* The length counts itself, vendor and serial number. */
		if (length < REQUESTOR || length > REQUESTOR_MAX) {
			return false;
		}
	}
	out->code.command = cur_u8(&pdu);
	out->status = cur_u8(&pdu);
	out->transaction = cur_le16(&pdu);
	if (!cur_ok(&pdu)) {
		return false;
	}
	/* A command has no bit 6, an answer has it; bit 7 is priority on a link. */
	if (((out->code.command & PCCC_ANSWER) != 0) != carrier->response ||
	    (out->code.command & 0x30) != 0) {
		return false;
	}
	out->code.command &= 0x0f;
	if (!carrier->response && pccc_has_function(out->code.command)) {
		out->code.has_function = true;
		out->code.function = cur_u8(&pdu);
	}
	out->data = pdu;
	return true;
}

static uint64_t pairing_key(const struct message *m)
{
	return hash_word(m->carrier->key, (uint64_t)m->serial << 32 |
					      (uint64_t)m->code.command << 16 | m->transaction);
}

/* What a request leaves: transaction, command, whether it has a function, that, and a part of the
 * carrier's key. */
static uint64_t note_of(const struct message *m)
{
	return m->transaction | (uint64_t)m->code.command << 16 |
	       (uint64_t)m->code.has_function << 24 | (uint64_t)m->code.function << 32 |
	       hash_word(m->carrier->key, 0) << 40;
}

/* The same command and transaction number, where a carrier's key does not pair. */
static bool same_transaction(const struct pending *pending, const void *context)
{
	const struct message *m = context;

	return (pending_note(pending) & 0xffffff) ==
	       (m->transaction | (uint64_t)m->code.command << 16);
}

/* The carrier's own answer, without one of PCCC in it. */
static bool same_carrier(const struct pending *pending, const void *context)
{
	const struct pccc_carrier *carrier = context;

	return pending_note(pending) >> 40 == hash_word(carrier->key, 0) << 40 >> 40;
}

static void put_head(struct dissection *d, const struct message *m, const char *function)
{
	if (m->carrier->has_unit) {
		dissect_unit(d, m->carrier->unit);
	}
	record_put_static(d->writer, CORE_FUNCTION, function);
	record_put_uint(d->writer, PUT(COMMAND), m->code.command);
	if (m->code.has_function) {
		record_put_uint(d->writer, PUT(FUNCTION_CODE), m->code.function);
	}
	record_put_uint(d->writer, PUT(TRANSACTION), m->transaction);
	if (m->has_requestor) {
		record_put_uint(d->writer, PUT(VENDOR), m->vendor);
		record_put_uint(d->writer, PUT(SERIAL), m->serial);
	}
}

/* ---- programs on their way ---- */

#define TRANSFER_MEMORY 0x70636363 /* "pccc" */

struct transfer {
	struct digest digest;
	uint64_t bytes;
	uint32_t blocks;
	uint8_t operation;
};

static void transfer_begin(struct dissection *d, enum operation operation)
{
	struct transfer *transfer = dissect_memory(d, TRANSFER_MEMORY, sizeof(*transfer));

	if (transfer != NULL) {
		*transfer = (struct transfer) { .operation = (uint8_t)operation };
		digest_begin(&transfer->digest);
	}
}

static void transfer_add(struct dissection *d, struct cursor bytes)
{
	struct transfer *transfer = dissect_memory_find(d, TRANSFER_MEMORY);

	if (transfer != NULL) {
		digest_add(&transfer->digest, bytes);
		transfer->bytes += cur_left(&bytes);
		transfer->blocks++;
	}
}

/* Puts what passed. */
static void transfer_end(struct dissection *d)
{
	struct transfer *transfer = dissect_memory_find(d, TRANSFER_MEMORY);
	char text[DIGEST_TEXT_SIZE];

	if (transfer == NULL) {
		return;
	}
	record_put_uint(d->writer, PUT(TRANSFER_BYTES), transfer->bytes);
	record_put_uint(d->writer, PUT(TRANSFER_BLOCKS), transfer->blocks);
	record_put_text(d->writer, PUT(TRANSFER_DIGEST), digest_end(&transfer->digest, text));
	dissect_memory_end(d, TRANSFER_MEMORY);
}

/* The end of a transfer is what its beginning was; a file was opened for what is done to it. */
static enum operation operation_of(const struct dissection *d, const struct pccc_function *function,
				   const struct pccc_request *request)
{
	const struct transfer *transfer;

	if (function->step == PCCC_STEP_END && function->operation == OPERATION_SESSION) {
		transfer = dissect_memory_find(d, TRANSFER_MEMORY);
		return transfer != NULL ? (enum operation)transfer->operation : OPERATION_SESSION;
	}
	return pccc_operation(function, request);
}

/* ---- requests ---- */

/* What the operation is about, for a person. */
static void put_target(struct dissection *d, enum operation operation,
		       const struct pccc_request *request)
{
	char text[PCCC_ADDRESS_TEXT];

	if (request->address.kind != PCCC_NO_ADDRESS) {
		int bit = -1;

		/* One bit is named as such. */
		for (int i = 0; i < 16 && (request->has & PCCC_HAS_MASK) != 0; i++) {
			bit = request->mask == 1U << i ? i : bit;
		}
		pccc_address_text(&request->address, 0, NULL, bit, text);
		record_put_text(d->writer, CORE_TARGET, text);
		return;
	}
	if ((request->has & PCCC_HAS_ACCESS) != 0) {
		const char *name = pccc_file(request->address.file_type)->name;

		snprintf(text, sizeof(text), "%s file %u", name != NULL ? name : "unknown",
			 request->address.file);
		record_put_text(d->writer, CORE_TARGET, text);
		return;
	}
	if (operation == OPERATION_PROGRAM_UPLOAD || operation == OPERATION_PROGRAM_DOWNLOAD) {
		record_put_static(d->writer, CORE_TARGET, "program");
	} else if (operation != OPERATION_FILE_READ && operation != OPERATION_FILE_WRITE &&
		   operation != OPERATION_UNKNOWN && operation_reports_request(operation)) {
		record_put_static(d->writer, CORE_TARGET, "processor");
	}
}

static const char *read_request(const struct pccc_function *function, struct cursor *data,
				struct pccc_request *out)
{
	const char *wrong;

	*out = (struct pccc_request) { .values = cur_of(NULL, 0), .more = cur_of(NULL, 0) };
	out->address.text = cur_of(NULL, 0);
	if (function->read == NULL) {
		return NULL;
	}
	wrong = function->read(data, out);
	return wrong != NULL ? wrong : cur_ok(data) ? NULL : "length";
}

static bool has_values(const struct pccc_request *request)
{
	return request->address.kind != PCCC_NO_ADDRESS &&
	       (request->has & (PCCC_HAS_VALUES | PCCC_HAS_MASK | PCCC_HAS_AND_OR)) != 0;
}

static void put_request_data(struct dissection *d, const struct pccc_request *request)
{
	struct cursor values = request->values;

	if ((request->has & PCCC_HAS_VALUES) != 0 && request->address.kind == PCCC_NO_ADDRESS &&
	    cur_left(&values) > 0) {
		record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&values, 64));
	}
}

static enum parsed parse_request(struct dissection *d, const struct message *m)
{
	const struct pccc_function *function = pccc_function(m->code);
	struct cursor data = m->data;
	struct pccc_request request;
	const char *wrong = read_request(function, &data, &request);
	enum operation operation = operation_of(d, function, &request);
	bool items = has_values(&request) && wrong == NULL && function->step != PCCC_STEP_IN;

	dissect_count(d, MESSAGE_REQUEST, count_code(m->code));
	transaction_open(d, pairing_key(m));
	transaction_note(d, note_of(m));
	transaction_keep(d, m->data);
	put_head(d, m, function->name);
	pccc_put_request(d, m->code, &request);
	put_target(d, operation, &request);
	put_request_data(d, &request);
	if (items) {
		transaction_items(d, pccc_count_items(&request, request.values), 0);
	}
	if (cur_left(&data) > 0) {
		record_put_uint(d->writer, CORE_TRAILING_BYTES, cur_left(&data));
	}
	if (wrong != NULL) {
		dissect_malformed(d, wrong);
	}
	transaction_ask(d, operation, false);
	if (items && operation_reports_request(operation)) {
		pccc_put_items(d, &request, request.values, operation, PHASE_REQUEST,
			       OUTCOME_UNKNOWN);
	}
	if (function->step == PCCC_STEP_BEGIN) {
		transfer_begin(d, operation);
	} else if (function->step == PCCC_STEP_IN && wrong == NULL) {
		transfer_add(d, request.values);
	}
	return wrong != NULL ? PARSED_MALFORMED : function->name == NULL ? PARSED_UNKNOWN : PARSED;
}

/* ---- answers ---- */

struct answer {
	const struct pccc_function *function;
	struct pccc_request request;
	struct cursor values;
	bool items;
};

/* Puts the data of an answer that says success, and leaves its values for the items. */
static const char *put_reply(struct dissection *d, struct answer *a, struct cursor data)
{
	const char *wrong = NULL;

	switch (a->function->reply) {
	case PCCC_REPLY_STATUS:
		return pccc_put_status(d, data);
	case PCCC_REPLY_TAG:
		record_put_uint(d->writer, PUT(TAG), cur_le16(&data));
		return cur_ok(&data) ? NULL : "length";
	case PCCC_REPLY_TYPED:
		wrong = pccc_read_type(&data, &a->request);
		a->items = wrong == NULL;
		a->values = data;
		return wrong;
	case PCCC_REPLY_VALUES:
		a->items = a->request.address.kind != PCCC_NO_ADDRESS;
		a->values = data;
		/* 7-17: as many bytes as were asked for. */
		return cur_left(&data) == a->request.size ? NULL : "byte_size";
	case PCCC_REPLY_BLOCK:
		transfer_add(d, data);
		return NULL;
	default:
		if (a->function->reply == PCCC_REPLY_DATA && cur_left(&data) > 0) {
			record_put_bytes(d->writer, PUT(ANSWER_DATA), cur_sub_most(&data, 64));
		} else if (cur_left(&data) > 0) {
			record_put_uint(d->writer, CORE_TRAILING_BYTES, cur_left(&data));
		}
		return NULL;
	}
}

static struct pending *find_request(struct dissection *d, struct message *m)
{
	struct pending *asked = transaction_find(d, pairing_key(m));
	uint64_t note;

	if (asked == NULL) {
		asked = transaction_find_by(d, same_transaction, m);
	}
	if (asked != NULL) {
		note = pending_note(asked);
		m->code.has_function = (note >> 24 & 1) != 0;
		m->code.function = (uint8_t)(note >> 32);
	}
	return asked;
}

static void put_result(struct dissection *d, uint8_t status, struct cursor *data)
{
	record_put_uint(d->writer, PUT(STATUS_CODE), status);
	record_put_static(d->writer, PUT(STATUS), pccc_status_name(status));
	/* 8-3: there is an extended status if all four high bits are set. */
	if (status == PCCC_EXTENDED) {
		uint8_t extended = cur_u8(data);

		record_put_uint(d->writer, PUT(EXTENDED_CODE), extended);
		record_put_static(d->writer, PUT(EXTENDED), pccc_extended_name(extended));
	}
}

/* An answer without its request: what it is can only be guessed, so its bytes stand. */
static enum parsed parse_orphan(struct dissection *d, const struct message *m)
{
	struct cursor data = m->data;

	transaction_answer(d, NULL, OPERATION_UNKNOWN);
	put_head(d, m, pccc_has_function(m->code.command) ? NULL : pccc_function(m->code)->name);
	put_result(d, m->status, &data);
	if (cur_ok(&data) && cur_left(&data) > 0) {
		record_put_bytes(d->writer, PUT(ANSWER_DATA), cur_sub_most(&data, 64));
	}
	transaction_done(d, m->status == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE);
	return PARSED;
}

static enum parsed parse_answer(struct dissection *d, struct message *m)
{
	struct pending *asked = find_request(d, m);
	struct answer a = { .values = cur_of(NULL, 0) };
	enum outcome outcome = m->status == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
	enum operation operation;
	struct cursor kept, data = m->data;
	const char *wrong = NULL, *unread;

	dissect_count(d, MESSAGE_RESPONSE, count_code(m->code));
	if (m->status != 0) {
		dissect_count_error(d, count_code(m->code));
	}
	if (asked == NULL) {
		return parse_orphan(d, m);
	}
	a.function = pccc_function(m->code);
	operation = pending_operation(asked);
	kept = pending_kept(asked);
	unread = read_request(a.function, &kept, &a.request);
	transaction_answer(d, asked, operation);
	put_result(d, m->status, &data);
	if (m->status == 0 && unread == NULL) {
		wrong = put_reply(d, &a, data);
	}
	if (a.function->step == PCCC_STEP_END && m->status == 0) {
		transfer_end(d);
	}
	if (a.items) {
		transaction_items(d, pccc_count_items(&a.request, a.values), 0);
	} else if (has_values(&a.request) && unread == NULL && a.function->step != PCCC_STEP_IN) {
		a.items = true;
		a.values = a.request.values;
	}
	if (wrong != NULL || !cur_ok(&data)) {
		dissect_malformed(d, wrong != NULL ? wrong : "length");
	}
	transaction_done(d, outcome);
	if (a.items) {
		pccc_put_items(d, &a.request, a.values, operation, PHASE_COMPLETE, outcome);
	}
	return wrong != NULL || !cur_ok(&data) ? PARSED_MALFORMED
	       : a.function->name == NULL      ? PARSED_UNKNOWN
					       : PARSED;
}

/* The carrier refused to hand the command on: the answer has nothing of PCCC. */
static enum parsed parse_refused(struct dissection *d, const struct pccc_carrier *carrier)
{
	struct pending *asked = transaction_find_by(d, same_carrier, carrier);

	if (asked == NULL) {
		return PARSED_NOT_MINE;
	}
	transaction_answer(d, asked, OPERATION_UNKNOWN);
	record_put_uint(d->writer, PUT(CARRIER), carrier->status);
	transaction_done(d, OUTCOME_FAILURE);
	return PARSED;
}

static enum parsed pccc_parse(struct dissection *d, struct cursor pdu)
{
	const struct pccc_carrier *carrier = d->parent;
	struct message m;

	if (!read_message(carrier, pdu, &m)) {
		return carrier->response && carrier->status != 0 ? parse_refused(d, carrier)
								 : PARSED_NOT_MINE;
	}
	return carrier->response ? parse_answer(d, &m) : parse_request(d, &m);
}

static enum claim pccc_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)usual_port;
	(void)sender;
	return CLAIM_NO; /* only its parents hand it anything */
}

static const struct over pccc_over[] = {
	{ OVER_PARENT, "cip", PCCC_OVER_CIP },
	{ OVER_PARENT, "enip", PCCC_OVER_ENIP },
	{ OVER_PARENT, "csp", 0 },
};

const struct dissector dissector_pccc = {
	.name = "pccc",
	.title = "PCCC (Allen-Bradley DF1 command set, 1770-6.5.16)",
	.over = pccc_over,
	.n_over = ARRAY_SIZE(pccc_over),
	.probe = pccc_probe,
	.unit_kind = UNIT_IS_SLOT,
	.parse = pccc_parse,
	.code_text = pccc_code_text,
	.fields = pccc_fields,
	.n_fields = PCCC_FIELD_COUNT,
};
