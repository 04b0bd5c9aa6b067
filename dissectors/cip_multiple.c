/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Multiple Service Packet (CIP Volume 1, A-4.10): several requests in one, and their answers in
 * the same order.
 *
 *	count 2 | offsets 2 each, from the count on | messages
 *
 * The packet is one transaction, which does what the gravest of its requests does; each request
 * with its answer is an item. */

#include "dissectors/cip_message.h"

/* Splits off message `index`; false when there is none or the offsets lie. */
static bool take(struct cursor body, size_t index, struct cursor *out)
{
	struct cursor offsets = body;
	size_t n = cur_le16(&offsets), from, to;

	cur_skip(&offsets, 2 * index);
	from = cur_le16(&offsets);
	to = index + 1 < n ? cur_le16(&offsets) : cur_left(&body);
	if (index >= n || !cur_ok(&offsets) || from > to) {
		return false;
	}
	cur_skip(&body, from);
	*out = cur_sub(&body, to - from);
	return cur_left(out) >= 2;
}

/* How many messages there are; less than the count when the offsets lie. */
static size_t count_messages(struct cursor body)
{
	struct cursor look = body, one;
	size_t n = cur_le16(&look), i = 0;

	while (i < n && take(body, i, &one)) {
		i++;
	}
	return i;
}

static bool is_whole(struct cursor body)
{
	struct cursor look = body;

	return count_messages(body) == cur_le16(&look) && cur_ok(&look);
}

/* The graver operation of two: what changes something before what only asks, and in the order of
 * the enumeration from control on. */
static enum operation graver(enum operation a, enum operation b)
{
	bool a_changes = operation_reports_request(a) && a != OPERATION_UNKNOWN;
	bool b_changes = operation_reports_request(b) && b != OPERATION_UNKNOWN;

	if (a_changes != b_changes) {
		return a_changes ? a : b;
	}
	if (a == OPERATION_UNKNOWN || b == OPERATION_UNKNOWN) {
		return a == OPERATION_UNKNOWN ? b : a;
	}
	return a_changes ? (a > b ? a : b) : (a < b ? a : b);
}

static void put_item_request(struct dissection *d, struct cip_request *request,
			     enum operation operation)
{
	const struct cip_service *service = cip_service_of(request->object, request->service);
	const char *wrong;

	request->item = true;
	cip_put_request(d, request, service, operation);
	wrong = cip_put_ask(d, request, service);
	if (wrong != NULL) {
		dissect_malformed(d, wrong);
	}
}

static enum operation operation_of(const struct cip_request *request)
{
	return cip_operation_of(cip_service_of(request->object, request->service), request);
}

enum operation cip_multiple_count(struct dissection *d, struct cursor body)
{
	enum operation operation = OPERATION_UNKNOWN;
	struct cursor one;

	for (size_t i = 0; take(body, i, &one); i++) {
		struct cip_path path;
		struct cip_request request;

		(void)cip_read_request(one, &path, &request);
		dissect_count(d, MESSAGE_REQUEST, request.service);
		operation =
		    i == 0 ? operation_of(&request) : graver(operation, operation_of(&request));
	}
	return operation;
}

/* The target of the first request that does this. */
static void put_target(struct dissection *d, struct cursor body, enum operation operation)
{
	struct cursor one;

	for (size_t i = 0; take(body, i, &one); i++) {
		struct cip_path path;
		struct cip_request request;

		(void)cip_read_request(one, &path, &request);
		if (operation_of(&request) == operation) {
			cip_put_target(d, &request);
			return;
		}
	}
}

const char *cip_multiple_put(struct dissection *d, struct cursor body, enum operation operation)
{
	if (operation_reports_request(operation)) {
		put_target(d, body, operation);
	}
	transaction_items(d, count_messages(body), 0);
	return is_whole(body) ? NULL : "multiple_service_offsets";
}

void cip_multiple_asked(struct dissection *d, const struct cip_message *message, struct cursor body)
{
	struct cursor one;

	for (size_t i = 0; take(body, i, &one); i++) {
		struct cip_path path;
		struct cip_request request;
		enum operation operation;

		(void)cip_read_request(one, &path, &request);
		operation = operation_of(&request);
		if (operation_reports_request(operation) &&
		    item_begin(d, operation, PHASE_REQUEST, OUTCOME_UNKNOWN, i)) {
			cip_put_unit(d, message);
			put_item_request(d, &request, operation);
			record_commit(d->writer);
		}
	}
}

size_t cip_multiple_count_answers(struct dissection *d, struct cursor body)
{
	struct cursor one, data;
	struct cip_reply reply;
	size_t failed = 0;

	for (size_t i = 0; take(body, i, &one); i++) {
		struct cursor look = one;
		uint8_t code = cur_u8(&look) & (uint8_t)~CIP_REPLY;

		(void)cip_read_reply(one, &reply, &data);
		dissect_count(d, reply.status == CIP_SUCCESS ? MESSAGE_RESPONSE : MESSAGE_EXCEPTION,
			      code);
		failed += !reply.success;
	}
	return failed;
}

/* One item: its request if that is known, and its answer; without one of its own the whole packet
 * was refused. */
static void put_item(struct dissection *d, const struct cip_message *message, size_t index,
		     struct cursor asked, struct cursor body, const struct cip_reply *whole)
{
	struct cip_path path;
	struct cip_request request;
	struct cip_reply reply = *whole;
	struct cursor one, kept, data = cur_of(NULL, 0);
	bool answered = take(body, index, &one), known = take(asked, index, &kept);
	const char *wrong = answered ? cip_read_reply(one, &reply, &data) : NULL, *found = NULL;
	const struct cip_service *service;
	enum operation operation = OPERATION_UNKNOWN;
	enum outcome outcome;

	if (known) {
		(void)cip_read_request(kept, &path, &request);
		operation = operation_of(&request);
	} else {
		struct cursor look = one;

		request = (struct cip_request) { .object = cip_object_of(0, false),
						 .service = cur_u8(&look) & (uint8_t)~CIP_REPLY };
	}
	service = cip_service_of(request.object, request.service);
	/* A packet that went well and says nothing of this request tells nothing. */
	outcome = answered || !reply.success ? cip_outcome(&reply) : OUTCOME_UNKNOWN;
	if (!item_begin(d, operation, PHASE_COMPLETE, outcome, index)) {
		return;
	}
	cip_put_unit(d, message);
	if (outcome != OUTCOME_UNKNOWN) {
		record_put_static(d->writer, CORE_ITEM_STATUS, cip_status_name(reply.status));
	}
	if (known) {
		put_item_request(d, &request, operation);
	} else {
		cip_put_request(d, &request, service, operation);
	}
	if (answered) {
		cip_put_status(d, &reply);
		found = cip_put_answer(d, &request, known ? service : NULL, &reply, data);
	}
	wrong = wrong != NULL ? wrong : found;
	if (wrong != NULL) {
		dissect_malformed(d, wrong);
	}
	record_commit(d->writer);
}

void cip_multiple_answered(struct dissection *d, const struct cip_message *message,
			   struct cursor asked, struct cursor body, const struct cip_reply *reply)
{
	size_t n = size_max(count_messages(asked), count_messages(body));

	for (size_t i = 0; i < n; i++) {
		put_item(d, message, i, asked, body, reply);
	}
}
