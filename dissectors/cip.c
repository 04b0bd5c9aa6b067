/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* CIP: the Common Industrial Protocol, Volume 1, over EtherNet/IP (Volume 2). Messages of the
 * message router (Volume 1, 2-4):
 *
 *	request: service 1 | path words 1 | path | data
 *	answer:  service 1 (0x80 set) | 0 1 | general status 1 | words 1 | extended status | data
 *
 * An answer does not say what was asked, so that is kept with the request: in the note that waits
 * with it, or all its bytes where the answer needs them. */

#include "dissectors/cip_connections.h"
#include "dissectors/cip_message.h"
#include "dissectors/pccc.h"

#include "capture/base/hash.h"

#define DATA_MAX 64 /* bytes kept of data that has no fields of its own */
#define NEST_MAX 4  /* wrappers around a request */

struct cip_state {
	uint16_t count; /* of unconnected requests: some clients never change their context */
};

/* ---- what waits for an answer ---- */

/* service 8 | flags 4 | class 16 | attribute 12 | instance 24 */
enum { NOTE_SYMBOL = 1, NOTE_INSTANCE = 2, NOTE_ATTRIBUTE = 4, NOTE_WRAPPED = 8 };

static bool note_holds(const struct cip_request *request)
{
	return request->class <= 0xffff && request->attribute <= 0xfff &&
	       request->instance <= 0xffffff && (request->parts & CIP_PATH_OUTER) == 0;
}

static uint64_t make_note(const struct cip_request *request, bool wrapped)
{
	unsigned flags = ((request->parts & CIP_PATH_SYMBOL) != 0 ? NOTE_SYMBOL : 0U) |
			 ((request->parts & CIP_PATH_INSTANCE) != 0 ? NOTE_INSTANCE : 0U) |
			 ((request->parts & CIP_PATH_ATTRIBUTE) != 0 ? NOTE_ATTRIBUTE : 0U) |
			 (wrapped ? NOTE_WRAPPED : 0U);

	if (!note_holds(request)) {
		/* It is kept. */
		return (uint64_t)request->service << 56 | (uint64_t)(wrapped ? NOTE_WRAPPED : 0)
							      << 52;
	}
	return (uint64_t)request->service << 56 | (uint64_t)flags << 52 |
	       (uint64_t)(request->class & 0xffff) << 36 |
	       (uint64_t)(request->attribute & 0xfff) << 24 | (request->instance & 0xffffff);
}

static void read_note(uint64_t note, struct cip_request *out)
{
	unsigned flags = note >> 52 & 15;

	*out = (struct cip_request) {
		.service = (uint8_t)(note >> 56),
		.class = note >> 36 & 0xffff,
		.attribute = note >> 24 & 0xfff,
		.instance = note & 0xffffff,
		.parts = ((flags & NOTE_SYMBOL) != 0 ? CIP_PATH_SYMBOL : 0U) |
			 ((flags & NOTE_INSTANCE) != 0 ? CIP_PATH_INSTANCE : 0U) |
			 ((flags & NOTE_ATTRIBUTE) != 0 ? CIP_PATH_ATTRIBUTE : 0U) | CIP_PATH_CLASS,
		.data = cur_of(NULL, 0),
	};
	out->object = cip_object_of(out->class, (out->parts & CIP_PATH_SYMBOL) != 0);
}

#define KEY_SHIFT     16 /* the lower bits only tell requests with the same context apart */
#define CONNECTED_KEY (UINT64_C(1) << 63)
#define ANY_SERVICE   0xff /* has the reply bit: no request's */

/* Which request an answer belongs to. */
struct wanted {
	uint64_t key;
	bool any_connection; /* nobody knows which connection the answer's id belongs to */
	uint8_t service;
};

static bool is_answered(const struct pending *pending, const void *context)
{
	const struct wanted *wanted = context;
	uint64_t note = pending_note(pending);
	uint64_t differs = pending_key(pending) ^ wanted->key;

	differs &= wanted->any_connection ? CONNECTED_KEY | UINT64_C(0xffff) << KEY_SHIFT
					  : ~UINT64_C(0xffff);
	return differs == 0 &&
	       (note >> 56 == wanted->service || wanted->service == ANY_SERVICE ||
		((note >> 52 & NOTE_WRAPPED) != 0 && cip_is_wrapper(wanted->service)));
}

/* ---- fields ---- */

const char *cip_read_request(struct cursor bytes, struct cip_path *path, struct cip_request *out)
{
	uint8_t service = cur_u8(&bytes);
	struct cursor segments = cur_sub(&bytes, 2U * cur_u8(&bytes));
	const char *wrong;

	cip_path_clear(path);
	wrong = cur_ok(&segments) ? cip_path_read(path, segments, true) : "path_length";
	*out = (struct cip_request) {
		.service = service,
		.parts = path->parts,
		.class = path->class,
		.outer_class = path->outer_class,
		.instance = path->instance,
		.attribute = path->attribute,
		.path = path,
		.data = cur_ok(&bytes) ? bytes : cur_of(NULL, 0),
	};
	out->object = cip_object_of(path->class, (path->parts & CIP_PATH_SYMBOL) != 0);
	return wrong;
}

/* For a person: "identity 0x01/1", a tag. */
void cip_put_target(struct dissection *d, const struct cip_request *request)
{
	const char *name = cip_object_name(request->object, request->class);
	const struct cip_path *path = request->path;
	char text[CIP_PATH_TEXT + 48];
	size_t n = 0;

	if ((request->parts & CIP_PATH_SYMBOL) == 0 && name != NULL) {
		n = size_min(strlen(name), 40);
		memcpy(text, name, n);
		text[n++] = ' ';
	}
	memcpy(text + n, path->text, path->length);
	record_put_bytes(d->writer, CORE_TARGET, cur_of(text, n + path->length));
}

void cip_put_request(struct dissection *d, const struct cip_request *request,
		     const struct cip_service *service, enum operation operation)
{
	const struct cip_path *path = request->path;

	record_put_static(d->writer, CORE_FUNCTION, service != NULL ? service->name : NULL);
	record_put_uint(d->writer, PUT(SERVICE), request->service);
	if ((request->parts & CIP_PATH_CLASS) != 0) {
		const char *name = cip_object_name(request->object, request->class);

		record_put_uint(d->writer, PUT(CLASS), request->class);
		if (name != NULL) {
			record_put_static(d->writer, PUT(CLASS_NAME), name);
		}
	}
	if ((request->parts & CIP_PATH_OUTER) != 0) {
		record_put_uint(d->writer, PUT(OUTER_CLASS), request->outer_class);
	}
	if ((request->parts & CIP_PATH_INSTANCE) != 0) {
		record_put_uint(d->writer, PUT(INSTANCE), request->instance);
	}
	if ((request->parts & CIP_PATH_ATTRIBUTE) != 0) {
		record_put_uint(d->writer, PUT(ATTRIBUTE), request->attribute);
	}
	if ((request->parts & CIP_PATH_SYMBOL) != 0) {
		record_put_bool(d->writer, PUT(SYMBOL), true);
	}
	if (path != NULL && path->length > 0) {
		record_put_bytes(d->writer, CORE_ITEM_ADDRESS, cur_of(path->text, path->length));
		if (operation != OPERATION_READ && request->service != CIP_MULTIPLE) {
			cip_put_target(d, request);
		}
	}
}

/* Data that nobody read. */
static void put_rest(struct dissection *d, struct cursor data, bool answer)
{
	if (cur_left(&data) > 0) {
		record_put_uint(d->writer, answer ? PUT(ANSWER_BYTES) : PUT(DATA_BYTES),
				cur_left(&data));
		record_put_bytes(d->writer, answer ? PUT(ANSWER_DATA) : PUT(DATA),
				 cur_sub_most(&data, DATA_MAX));
	}
}

const char *cip_put_ask(struct dissection *d, const struct cip_request *request,
			const struct cip_service *service)
{
	struct cursor data = request->data;
	const char *wrong = NULL;

	if (service != NULL && service->ask != NULL) {
		wrong = service->ask(d, request, &data);
	}
	put_rest(d, data, false);
	return wrong;
}

const char *cip_read_reply(struct cursor bytes, struct cip_reply *out, struct cursor *data)
{
	struct cursor words;

	out->service = cur_u8(&bytes) & (uint8_t)~CIP_REPLY;
	cur_skip(&bytes, 1);
	out->status = cur_u8(&bytes);
	words = cur_sub(&bytes, 2U * cur_u8(&bytes));
	out->n_extended = (uint8_t)(cur_left(&words) / 2);
	out->extended = cur_left(&words) > 0 ? cur_le16(&words) : 0;
	out->whole = cur_ok(&bytes);
	out->success = out->whole && (out->status == CIP_SUCCESS || out->status == CIP_PARTIAL);
	*data = cur_ok(&bytes) ? bytes : cur_of(NULL, 0);
	return cur_ok(&bytes) ? NULL : "reply_length";
}

enum outcome cip_outcome(const struct cip_reply *reply)
{
	return reply->success ? OUTCOME_SUCCESS : reply->whole ? OUTCOME_FAILURE : OUTCOME_UNKNOWN;
}

void cip_put_status(struct dissection *d, const struct cip_reply *reply)
{
	record_put_uint(d->writer, PUT(STATUS), reply->status);
	if (reply->status != CIP_SUCCESS) {
		record_put_static(d->writer, PUT(STATUS_NAME), cip_status_name(reply->status));
	}
	if (reply->n_extended > 0) {
		record_put_uint(d->writer, PUT(EXTENDED_STATUS), reply->extended);
	}
	if (reply->n_extended > 0 && (reply->status == 1 || reply->status == 0xff)) {
		record_put_static(d->writer, PUT(EXTENDED_STATUS_NAME),
				  cip_extended_status_name(reply->status, reply->extended));
	}
}

const char *cip_put_answer(struct dissection *d, const struct cip_request *request,
			   const struct cip_service *service, const struct cip_reply *reply,
			   struct cursor data)
{
	const char *wrong = NULL;

	if (unlikely(reply->service == CIP_UNCONNECTED_SEND && reply->status == 1 &&
		     cur_left(&data) > 0 && cur_left(&data) <= 2)) {
		/* A router could not pass it on: words of the route that were left, and a pad. */
		record_put_uint(d->writer, PUT(REMAINING_PATH), cur_u8(&data));
		cur_skip(&data, cur_left(&data));
	} else if (service != NULL && service->answer != NULL) {
		wrong = service->answer(d, request, reply, &data);
	}
	put_rest(d, data, true);
	return wrong;
}

/* ---- requests ---- */

void cip_put_unit(struct dissection *d, const struct cip_message *message)
{
	if (message->has_unit) {
		dissect_unit(d, message->unit);
	}
}

/* How the message goes. */
static void put_way(struct dissection *d, const struct cip_message *message)
{
	const struct cip_path *route = message->route;

	cip_put_unit(d, message);
	if (message->connected) {
		record_put_uint(d->writer, PUT(CONNECTION), message->packet->connection);
		record_put_uint(d->writer, PUT(SEQUENCE), message->sequence);
	}
	if (route != NULL && (route->parts & CIP_PATH_ROUTE) != 0) {
		record_put_bytes(d->writer, PUT(ROUTE), cur_of(route->route, route->route_length));
		record_put_uint(d->writer, PUT(HOPS), route->n_hops);
		record_put_uint(d->writer, PUT(TICK), message->timeout);
	}
	if (message->wrapper != NULL) {
		record_put_static(d->writer, PUT(WRAPPER), message->wrapper);
	}
}

static uint64_t request_key(struct dissection *d, const struct cip_message *message)
{
	struct cip_state *state = d->state;

	return message->connected ? message->key : message->key | ++state->count;
}

static enum parsed say(struct dissection *d, const char *wrong, const struct cip_service *service)
{
	if (wrong != NULL) {
		dissect_malformed(d, wrong);
	}
	return wrong != NULL ? PARSED_MALFORMED : service != NULL ? PARSED : PARSED_UNKNOWN;
}

static enum parsed ask_multiple(struct dissection *d, const struct cip_message *message,
				const struct cip_request *request, struct cursor bytes,
				const char *wrong)
{
	const struct cip_service *service = cip_service_of(request->object, request->service);
	const char *found;
	enum operation operation = cip_multiple_count(d, request->data);
	enum parsed parsed;

	transaction_open(d, request_key(d, message));
	transaction_note(d, make_note(request, message->wrapper != NULL));
	put_way(d, message);
	cip_put_request(d, request, service, operation);
	found = cip_multiple_put(d, request->data, operation);
	parsed = say(d, wrong != NULL ? wrong : found, service);
	transaction_keep(d, bytes);
	transaction_ask(d, operation, false);
	if (operation_reports_request(operation)) {
		cip_multiple_asked(d, message, request->data);
	}
	return parsed;
}

static enum parsed ask(struct dissection *d, const struct cip_message *message,
		       const struct cip_request *request, struct cursor bytes, const char *wrong)
{
	const struct cip_service *service = cip_service_of(request->object, request->service);
	enum operation operation = cip_operation_of(service, request);
	const char *found;
	enum parsed parsed;

	transaction_open(d, request_key(d, message));
	transaction_note(d, make_note(request, message->wrapper != NULL));
	put_way(d, message);
	cip_put_request(d, request, service, operation);
	found = cip_put_ask(d, request, service);
	parsed = say(d, wrong != NULL ? wrong : found, service);
	if ((service != NULL && service->keep) || !note_holds(request)) {
		transaction_keep(d, bytes);
	}
	transaction_ask(d, operation, false);
	if (service != NULL && service->items != NULL && operation_reports_request(operation)) {
		service->items(d, request, NULL, request->data, PHASE_REQUEST);
	}
	return parsed;
}

/* ---- requests that hold others ---- */

static bool execute_pccc(struct dissection *d, const struct cip_message *message,
			 const struct cip_request *request)
{
	struct pccc_carrier carrier = { .key = message->plain_key,
					.has_unit = message->has_unit,
					.unit = message->unit };

	return request->service == CIP_EXECUTE_PCCC && request->class == CIP_CLASS_PCCC &&
	       dissect_child(d, PCCC_OVER_CIP, request->data, &carrier);
}

/* Reads a request and those inside of it: the innermost is what is asked. *inner, path and route
 * are where it goes. Returns what is wrong. `d`: counts each of them; NULL: they were counted. */
static const char *read_innermost(struct dissection *d, struct cip_message *message,
				  struct cursor bytes, struct cip_path *path,
				  struct cip_path *route, struct cip_request *out)
{
	const char *wrong = cip_read_request(bytes, path, out);

	for (unsigned i = 0; i < NEST_MAX && cip_unwrap(message, out, route, &bytes); i++) {
		if (d != NULL) {
			dissect_count(d, MESSAGE_REQUEST, out->service);
		}
		wrong = cip_read_request(bytes, path, out);
	}
	if (d != NULL) {
		dissect_count(d, MESSAGE_REQUEST, out->service);
	}
	out->routed = message->has_unit;
	return message->wrong != NULL ? message->wrong : wrong;
}

static enum parsed parse_request(struct dissection *d, struct cip_message *message,
				 struct cursor bytes)
{
	struct cip_path path, route;
	struct cip_request request;
	const char *wrong = read_innermost(d, message, bytes, &path, &route, &request);

	if (unlikely(execute_pccc(d, message, &request))) {
		return PARSED;
	}
	return request.service == CIP_MULTIPLE ? ask_multiple(d, message, &request, bytes, wrong)
					       : ask(d, message, &request, bytes, wrong);
}

/* ---- answers ---- */

static bool answer_pccc(struct dissection *d, const struct cip_message *message,
			const struct cip_reply *reply, struct cursor data)
{
	struct pccc_carrier carrier = { .key = message->plain_key,
					.response = true,
					.has_unit = message->has_unit,
					.unit = message->unit,
					.status = reply->status };

	return dissect_child(d, PCCC_OVER_CIP, data, &carrier);
}

/* Whether the answer can be read without what was kept of the request. */
static bool is_alone(const struct cip_request *request, const struct cip_reply *reply,
		     struct cursor data)
{
	const struct cip_service *service = cip_service_of(request->object, request->service);

	return service != NULL && service->alone != NULL && service->alone(reply, data);
}

/* The request that was asked, from what was left with it. Of one whose bytes were kept, and are
 * needed, *message learns the way that it took. */
static void recall(const struct pending *asked, const struct cip_reply *reply, struct cursor data,
		   struct cip_message *message, struct cip_path *path, struct cip_path *route,
		   struct cip_request *out)
{
	struct cursor kept = asked != NULL ? pending_kept(asked) : cur_of(NULL, 0);

	read_note(asked != NULL ? pending_note(asked) : (uint64_t)reply->service << 56, out);
	if (cur_left(&kept) > 0 && !is_alone(out, reply, data)) {
		(void)read_innermost(NULL, message, kept, path, route, out);
	}
}

static void begin_answer(struct dissection *d, const struct cip_message *message,
			 struct pending *asked, const struct cip_request *request,
			 const struct cip_service *service)
{
	transaction_answer(d, asked, OPERATION_UNKNOWN);
	if (asked == NULL) {
		put_way(d, message);
		record_put_static(d->writer, CORE_FUNCTION, service != NULL ? service->name : NULL);
		record_put_uint(d->writer, PUT(SERVICE), request->service);
	}
}

static enum parsed answer_multiple(struct dissection *d, const struct cip_message *message,
				   struct pending *asked, const struct cip_request *request,
				   const struct cip_reply *reply, struct cursor data)
{
	const struct cip_service *service = cip_service_of(request->object, CIP_MULTIPLE);
	size_t failed = cip_multiple_count_answers(d, data);
	const char *wrong = NULL;
	enum parsed parsed;

	begin_answer(d, message, asked, request, service);
	cip_put_status(d, reply);
	if (asked == NULL) {
		wrong = cip_multiple_put(d, data, OPERATION_READ);
	}
	if (failed > 0) {
		record_put_uint(d->writer, CORE_ITEMS_FAILED, failed);
	}
	parsed = say(d, wrong, service);
	transaction_done(d, failed == 0 ? cip_outcome(reply) : OUTCOME_FAILURE);
	cip_multiple_answered(d, message, request->data, data, reply);
	return parsed;
}

static enum parsed answer(struct dissection *d, const struct cip_message *message,
			  struct pending *asked, const struct cip_request *request,
			  const struct cip_reply *reply, struct cursor data, const char *wrong)
{
	const struct cip_service *service = cip_service_of(request->object, request->service);
	const char *found;
	enum parsed parsed;

	begin_answer(d, message, asked, request, service);
	cip_put_status(d, reply);
	found = cip_put_answer(d, request, asked != NULL ? service : NULL, reply, data);
	parsed = say(d, wrong != NULL ? wrong : found, service);
	transaction_done(d, cip_outcome(reply));
	if (asked != NULL && service != NULL && service->items != NULL) {
		service->items(d, request, reply, data, PHASE_COMPLETE);
	}
	return parsed;
}

static enum parsed parse_reply(struct dissection *d, struct cip_message *message,
			       struct cursor bytes)
{
	struct cursor look = bytes, data, inner;
	uint8_t code = cur_u8(&look) & (uint8_t)~CIP_REPLY;
	struct cip_reply reply;
	const char *wrong = cip_read_reply(bytes, &reply, &data);
	struct wanted wanted = { message->key, message->any_connection, code };
	struct pending *asked = transaction_find_by(d, is_answered, &wanted);
	struct cip_request request;
	struct cip_path path, route;

	dissect_count(d, reply.status == CIP_SUCCESS ? MESSAGE_RESPONSE : MESSAGE_EXCEPTION, code);
	if (unlikely(asked != NULL && cip_unwrap_reply(code, &reply, data, &inner))) {
		look = inner;
		code = cur_u8(&look) & (uint8_t)~CIP_REPLY;
		wrong = cip_read_reply(inner, &reply, &data);
		dissect_count(d, reply.status == CIP_SUCCESS ? MESSAGE_RESPONSE : MESSAGE_EXCEPTION,
			      code);
	}
	if (asked == NULL && code == CIP_EXECUTE_PCCC && answer_pccc(d, message, &reply, data)) {
		return PARSED;
	}
	recall(asked, &reply, data, message, &path, &route, &request);
	return code == CIP_MULTIPLE ? answer_multiple(d, message, asked, &request, &reply, data)
				    : answer(d, message, asked, &request, &reply, data, wrong);
}

/* The encapsulation itself refused what it should have carried. */
static enum parsed parse_refusal(struct dissection *d, const struct cip_message *message)
{
	struct wanted wanted = { message->key, false, ANY_SERVICE };
	struct pending *asked = transaction_find_by(d, is_answered, &wanted);

	if (asked == NULL) {
		return PARSED_NOT_MINE;
	}
	transaction_answer(d, asked, OPERATION_UNKNOWN);
	record_put_static(d->writer, PUT(ENCAPSULATION), enip_status_name(message->packet->status));
	transaction_done(d, OUTCOME_FAILURE);
	return PARSED;
}

/* ---- the dissector ---- */

static enum claim cip_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)usual_port;
	(void)sender;
	return CLAIM_NO; /* only its parent hands it anything */
}

/* What pairs connected messages: the id from originator to target, which only the connection tells
 * of an answer, and the sequence count. */
static void read_connected(struct dissection *d, struct cip_message *message, struct cursor *bytes)
{
	enum cip_direction direction = CIP_O_TO_T;
	uint32_t id = message->packet->connection;
	const struct cip_connection *connection = cip_connection_find(d->shared, d, id, &direction);

	message->sequence = cur_le16(bytes);
	if (connection != NULL) {
		id = connection->end[CIP_O_TO_T].id;
		message->has_unit = connection->has_unit;
		message->unit = connection->unit;
	}
	message->any_connection = connection == NULL;
	message->plain_key = CONNECTED_KEY | (uint64_t)message->sequence << KEY_SHIFT;
	message->key = message->plain_key | (uint64_t)(id & 0x7fffffff) << 32;
}

static enum parsed cip_parse(struct dissection *d, struct cursor bytes)
{
	const struct enip_packet *packet = d->parent;
	struct cip_message message = { .packet = packet, .connected = packet->connected };
	struct cursor look;

	if (packet->connected) {
		read_connected(d, &message, &bytes);
	} else {
		message.key = message.plain_key = packet->context << KEY_SHIFT & ~CONNECTED_KEY;
	}
	if (unlikely(packet->status != 0)) {
		return parse_refusal(d, &message);
	}
	look = bytes;
	uint8_t code = cur_u8(&look);

	if (cur_left(&look) == 0) {
		return PARSED_NOT_MINE;
	}
	return (code & CIP_REPLY) != 0 ? parse_reply(d, &message, bytes)
				       : parse_request(d, &message, bytes);
}

const struct field cip_fields[CIP_FIELD_COUNT] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.cip." name, FIELD_##type, flags, NULL, meaning, NULL },
	CIP_FIELDS(X)
#undef X
};

static const struct over cip_over[] = {
	{ OVER_PARENT, "enip", ITEM_CONNECTED_DATA },
	{ OVER_PARENT, "enip", ITEM_UNCONNECTED_DATA },
};

const struct dissector dissector_cip = {
	.name = "cip",
	.title = "CIP (ODVA, Volume 1)",
	.over = cip_over,
	.n_over = ARRAY_SIZE(cip_over),
	.state_size = sizeof(struct cip_state),
	.shared_size = CIP_CONNECTIONS_BYTES,
	.probe = cip_probe,
	.unit_kind = UNIT_IS_SLOT,
	.parse = cip_parse,
	.fields = cip_fields,
	.n_fields = CIP_FIELD_COUNT,
};
