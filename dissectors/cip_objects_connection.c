/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The Connection Manager: CIP Volume 1, 3-5. What a Forward Open asks for:
 *
 *	tick 1 | ticks 1 | O->T id 4 | T->O id 4 | serial 2 | vendor 2 | originator 4 |
 *	multiplier 1 | 0 3 | O->T RPI 4 | O->T parameters 2 (large: 4) | T->O RPI 4 |
 *	T->O parameters 2 (4) | transport 1 | path words 1 | path
 *
 * The target chooses ids; the answer has both, so the connection is known from the two together. */

#include "dissectors/cip_connections.h"
#include "dissectors/cip_private.h"
#include "dissectors/enip_private.h"

#include <stdio.h>

enum { FORWARD_OPEN = 0x54, LARGE_FORWARD_OPEN = 0x5b };

static const char *const types[] = { "null", "multicast", "point_to_point", "reserved" };
static const char *const priorities[] = { "low", "high", "scheduled", "urgent" };
static const char *const triggers[] = { "cyclic",   "change_of_state", "application", "reserved",
					"reserved", "reserved",        "reserved",    "reserved" };

/* ---- Forward Open ---- */

struct opening {
	struct cip_connection connection;
	struct cip_path path;
};

/* Network connection parameters: Volume 1, 3-5.5.1.1 and, of 32 bits, 3-5.5.1.2. */
static void read_parameters(struct cip_endpoint *end, struct cursor *data, bool large)
{
	uint32_t word = large ? cur_le32(data) : cur_le16(data);
	unsigned flags = large ? word >> 25 : word >> 9;

	end->size = (uint16_t)(large ? word & 0xffff : word & 0x1ff);
	end->variable = (flags & 1) != 0;
	end->priority = flags >> 1 & 3;
	end->type = flags >> 4 & 3;
	end->redundant = (flags & 0x40) != 0;
}

static const char *read_opening(struct opening *out, struct cursor *data, bool large)
{
	struct cip_connection *c = &out->connection;
	struct cursor segments;

	*c = (struct cip_connection) { 0 };
	cur_skip(data, 2);
	c->end[CIP_O_TO_T].id = cur_le32(data);
	c->end[CIP_T_TO_O].id = cur_le32(data);
	c->serial = cur_le16(data);
	c->vendor = cur_le16(data);
	c->originator = cur_le32(data);
	c->multiplier = cur_u8(data);
	cur_skip(data, 3);
	c->end[CIP_O_TO_T].rpi = cur_le32(data);
	read_parameters(&c->end[CIP_O_TO_T], data, large);
	c->end[CIP_T_TO_O].rpi = cur_le32(data);
	read_parameters(&c->end[CIP_T_TO_O], data, large);
	c->transport = cur_u8(data);
	segments = cur_sub(data, 2U * cur_u8(data));
	cip_path_clear(&out->path);
	if (!cur_ok(&segments)) {
		return "forward_open_length";
	}
	const char *wrong = cip_path_read(&out->path, segments, true);

	c->safety = (out->path.parts & CIP_PATH_SAFETY) != 0;
	c->has_unit = (out->path.parts & CIP_PATH_ROUTE) != 0;
	c->unit = out->path.unit;
	c->path_length = (uint8_t)size_min(out->path.length, sizeof(c->path));
	memcpy(c->path, out->path.text, c->path_length);
	return wrong;
}

static void put_originator(struct dissection *d, uint16_t serial, uint16_t vendor,
			   uint32_t originator)
{
	char text[12];

	record_put_uint(d->writer, PUT(CONNECTION_SERIAL), serial);
	record_put_uint(d->writer, PUT(ORIGINATOR_VENDOR_ID), vendor);
	record_put_static(d->writer, PUT(ORIGINATOR_VENDOR), cip_vendor_name(vendor));
	snprintf(text, sizeof(text), "%08X", (unsigned)originator);
	record_put_text(d->writer, PUT(ORIGINATOR_SERIAL), text);
}

/* What the connection leads to. */
static void put_path(struct dissection *d, const struct cip_request *request,
		     const struct cip_path *path)
{
	if ((path->parts & CIP_PATH_ROUTE) != 0 && !request->item && !request->routed) {
		dissect_unit(d, path->unit);
	}
	if ((path->parts & CIP_PATH_ROUTE) != 0) {
		record_put_bytes(d->writer, PUT(CONNECTION_ROUTE),
				 cur_of(path->route, path->route_length));
		record_put_uint(d->writer, PUT(CONNECTION_HOPS), path->n_hops);
	}
	if (path->length > 0) {
		record_put_bytes(d->writer, PUT(CONNECTION_PATH), cur_of(path->text, path->length));
	}
}

static const char *ask_open(struct dissection *d, const struct cip_request *request,
			    struct cursor *data)
{
	struct opening opening;
	const struct cip_connection *c = &opening.connection;
	const char *wrong = read_opening(&opening, data, request->service == LARGE_FORWARD_OPEN);

	if (!cur_ok(data)) {
		return wrong;
	}
	put_originator(d, c->serial, c->vendor, c->originator);
	record_put_uint(d->writer, PUT(TRANSPORT_CLASS), cip_transport_class(c));
	record_put_static(d->writer, PUT(TRIGGER), triggers[c->transport >> 4 & 7]);
	record_put_uint(d->writer, PUT(O_T_RPI), c->end[CIP_O_TO_T].rpi);
	record_put_uint(d->writer, PUT(T_O_RPI), c->end[CIP_T_TO_O].rpi);
	record_put_uint(d->writer, PUT(O_T_SIZE), c->end[CIP_O_TO_T].size);
	record_put_uint(d->writer, PUT(T_O_SIZE), c->end[CIP_T_TO_O].size);
	put_path(d, request, &opening.path);
	return wrong;
}

static void put_key(struct dissection *d, const struct cip_path *path)
{
	const struct cip_key *key = &path->key;
	char text[12];

	if ((path->parts & CIP_PATH_KEY) == 0) {
		return;
	}
	record_put_uint(d->writer, PUT(KEY_VENDOR), key->vendor);
	record_put_uint(d->writer, PUT(KEY_TYPE), key->device_type);
	record_put_uint(d->writer, PUT(KEY_PRODUCT), key->product_code);
	snprintf(text, sizeof(text), "%u.%03u", key->major, key->minor);
	record_put_text(d->writer, PUT(KEY_REVISION), text);
	record_put_bool(d->writer, PUT(KEY_COMPATIBLE), key->compatible);
}

/* The rest of what was asked for; it finds no room beside a waiting request. */
static void put_details(struct dissection *d, const struct opening *opening)
{
	const struct cip_connection *c = &opening->connection;
	const struct cip_endpoint *o_t = &c->end[CIP_O_TO_T], *t_o = &c->end[CIP_T_TO_O];
	const struct cip_path *path = &opening->path;
	struct cursor configuration = path->data;

	record_put_static(d->writer, PUT(O_T_TYPE), types[o_t->type]);
	record_put_static(d->writer, PUT(T_O_TYPE), types[t_o->type]);
	record_put_static(d->writer, PUT(O_T_PRIORITY), priorities[o_t->priority]);
	record_put_static(d->writer, PUT(T_O_PRIORITY), priorities[t_o->priority]);
	record_put_bool(d->writer, PUT(O_T_VARIABLE), o_t->variable);
	record_put_bool(d->writer, PUT(T_O_VARIABLE), t_o->variable);
	if (o_t->redundant || t_o->redundant) {
		record_put_bool(d->writer, PUT(REDUNDANT), true);
	}
	record_put_uint(d->writer, PUT(MULTIPLIER), 4U << (c->multiplier & 7));
	put_key(d, path);
	if (c->safety) {
		record_put_bool(d->writer, PUT(SAFETY), true);
	}
	if ((path->parts & CIP_PATH_INHIBIT) != 0) {
		record_put_uint(d->writer, PUT(INHIBIT), path->inhibit);
	}
	if (cur_left(&path->data) > 0) {
		record_put_uint(d->writer, PUT(CONFIGURATION_BYTES), cur_left(&path->data));
		record_put_bytes(d->writer, PUT(CONFIGURATION), cur_sub_most(&configuration, 64));
	}
}

/* Where data goes when that is another address than the host's (a multicast group) or port: in
 * items beside the message. Only those of the answer hold (Volume 2, 3-3.9.3). */
static void put_sockets(struct dissection *d)
{
	const struct enip_packet *packet = d->parent;
	const struct enip_socket *o_t = &packet->sockets[CIP_O_TO_T],
				 *t_o = &packet->sockets[CIP_T_TO_O];

	if (o_t->present) {
		record_put_ip(d->writer, PUT(O_T_ADDRESS), &o_t->ip);
		record_put_uint(d->writer, PUT(O_T_PORT), o_t->port);
	}
	if (t_o->present) {
		record_put_ip(d->writer, PUT(T_O_ADDRESS), &t_o->ip);
		record_put_uint(d->writer, PUT(T_O_PORT), t_o->port);
	}
}

/* Serial numbers again, and how much of the route was left (Volume 1, 3-5.5.2). */
static const char *put_refusal(struct dissection *d, struct cursor *data)
{
	cur_skip(data, 8);
	if (cur_left(data) >= 2) {
		record_put_uint(d->writer, PUT(REMAINING_PATH), cur_u8(data));
		cur_skip(data, 1);
	}
	return NULL; /* whoever could not even route it says nothing more */
}

static const char *answer_open(struct dissection *d, const struct cip_request *request,
			       const struct cip_reply *reply, struct cursor *data)
{
	struct cursor asked = request->data;
	struct opening opening;
	struct cip_connection *c = &opening.connection;
	bool known;

	(void)read_opening(&opening, &asked, request->service == LARGE_FORWARD_OPEN);
	/* Nothing was kept, or it was cut short. */
	known = cur_left(&request->data) > 0 && cur_ok(&asked);
	if (known) {
		put_details(d, &opening);
	}
	if (!reply->success) {
		return put_refusal(d, data);
	}
	c->end[CIP_O_TO_T].id = cur_le32(data);
	c->end[CIP_T_TO_O].id = cur_le32(data);
	c->serial = cur_le16(data);
	c->vendor = cur_le16(data);
	c->originator = cur_le32(data);
	c->end[CIP_O_TO_T].api = cur_le32(data);
	c->end[CIP_T_TO_O].api = cur_le32(data);
	struct cursor application = cur_sub(data, 2U * cur_u8(data));

	cur_skip(data, 1);
	(void)application;
	if (!cur_ok(data)) {
		return "forward_open_length";
	}
	if (!known) {
		put_originator(d, c->serial, c->vendor, c->originator);
	}
	record_put_uint(d->writer, PUT(O_T_ID), c->end[CIP_O_TO_T].id);
	record_put_uint(d->writer, PUT(T_O_ID), c->end[CIP_T_TO_O].id);
	record_put_uint(d->writer, PUT(O_T_API), c->end[CIP_O_TO_T].api);
	record_put_uint(d->writer, PUT(T_O_API), c->end[CIP_T_TO_O].api);
	put_sockets(d);
	if (known) {
		cip_connection_add(d->shared, d, c);
	}
	return NULL;
}

/* ---- Forward Close ---- */

static const char *ask_close(struct dissection *d, const struct cip_request *request,
			     struct cursor *data)
{
	struct cip_path path;
	uint16_t serial, vendor;
	uint32_t originator;
	struct cursor segments;
	size_t words;
	const char *wrong;

	cur_skip(data, 2);
	serial = cur_le16(data);
	vendor = cur_le16(data);
	originator = cur_le32(data);
	words = cur_u8(data);
	cur_skip(data, 1);
	segments = cur_sub(data, 2 * words);
	if (!cur_ok(&segments)) {
		return "forward_close_length";
	}
	cip_path_clear(&path);
	wrong = cip_path_read(&path, segments, true);
	put_originator(d, serial, vendor, originator);
	put_path(d, request, &path);
	return wrong;
}

static const char *answer_close(struct dissection *d, const struct cip_request *request,
				const struct cip_reply *reply, struct cursor *data)
{
	const struct cip_connection *connection;
	struct cursor look = *data;
	uint16_t serial = cur_le16(&look), vendor = cur_le16(&look);
	uint32_t originator = cur_le32(&look);

	(void)request;
	if (!reply->success) {
		return put_refusal(d, data);
	}
	*data = look;
	cur_skip(data, 2U * cur_u8(data) + 1U);
	if (!cur_ok(data)) {
		return "forward_close_length";
	}
	connection = cip_connection_by_serial(d->shared, d, serial, vendor, originator);
	if (connection != NULL) {
		record_put_uint(d->writer, PUT(O_T_ID), connection->end[CIP_O_TO_T].id);
		record_put_uint(d->writer, PUT(T_O_ID), connection->end[CIP_T_TO_O].id);
		cip_connection_remove(d->shared, connection);
	}
	return NULL;
}

/* ---- questions about connections ---- */

/* Volume 1, 3-5.5.6: who owns the connection to a path. */
static const char *ask_owner(struct dissection *d, const struct cip_request *request,
			     struct cursor *data)
{
	struct cip_path path;
	struct cursor segments;
	const char *wrong;

	cur_skip(data, 1);
	segments = cur_sub(data, 2U * cur_u8(data));
	if (!cur_ok(&segments)) {
		return "path_length";
	}
	cip_path_clear(&path);
	wrong = cip_path_read(&path, segments, true);
	put_path(d, request, &path);
	return wrong;
}

static const char *answer_owner(struct dissection *d, const struct cip_request *request,
				const struct cip_reply *reply, struct cursor *data)
{
	uint8_t connections, owned, redundant, action;
	uint16_t serial, vendor;
	uint32_t originator;

	(void)request;
	if (!reply->success) {
		return NULL;
	}
	connections = cur_u8(data);
	owned = cur_u8(data);
	redundant = cur_u8(data);
	action = cur_u8(data);
	serial = cur_le16(data);
	vendor = cur_le16(data);
	originator = cur_le32(data);
	if (!cur_ok(data)) {
		return "connection_owner_length";
	}
	record_put_uint(d->writer, PUT(CONNECTIONS), connections);
	record_put_uint(d->writer, PUT(CONNECTIONS_OWNED), owned);
	record_put_bool(d->writer, PUT(REDUNDANT), redundant != 0);
	record_put_uint(d->writer, PUT(LAST_ACTION), action);
	put_originator(d, serial, vendor, originator);
	return NULL;
}

static const char *ask_data(struct dissection *d, const struct cip_request *request,
			    struct cursor *data)
{
	(void)request;
	record_put_uint(d->writer, PUT(CONNECTION_NUMBER), cur_le16(data));
	return cur_ok(data) ? NULL : "length";
}

static const char *ask_search(struct dissection *d, const struct cip_request *request,
			      struct cursor *data)
{
	uint16_t serial = cur_le16(data), vendor = cur_le16(data);
	uint32_t originator = cur_le32(data);

	(void)request;
	put_originator(d, serial, vendor, originator);
	return cur_ok(data) ? NULL : "length";
}

static const char *answer_data(struct dissection *d, const struct cip_request *request,
			       const struct cip_reply *reply, struct cursor *data)
{
	uint16_t number, state, serial, vendor;
	uint32_t originator, o_t, t_o;

	if (!reply->success) {
		return NULL;
	}
	number = cur_le16(data);
	state = cur_le16(data);
	cur_skip(data, 4); /* originator's and target's port */
	serial = cur_le16(data);
	vendor = cur_le16(data);
	originator = cur_le32(data);
	o_t = cur_le32(data);
	t_o = cur_le32(data);
	if (!cur_ok(data)) {
		return "connection_data_length";
	}
	if (request->service != 0x56) {
		record_put_uint(d->writer, PUT(CONNECTION_NUMBER), number);
	}
	record_put_uint(d->writer, PUT(CONNECTION_STATE), state);
	if (request->service != 0x57) {
		put_originator(d, serial, vendor, originator);
	}
	record_put_uint(d->writer, PUT(O_T_ID), o_t);
	record_put_uint(d->writer, PUT(T_O_ID), t_o);
	return NULL;
}

/* Unconnected Sends are unwrapped before; what comes here could not be. */
static const char *ask_unconnected(struct dissection *d, const struct cip_request *request,
				   struct cursor *data)
{
	(void)d;
	(void)request;
	(void)data;
	return "unconnected_send_length";
}

static const struct cip_service services[] = {
	{ .code = 0x4e,
	  .name = "forward_close",
	  .operation = OPERATION_SESSION,
	  .ask = ask_close,
	  .answer = answer_close },
	{ .code = CIP_UNCONNECTED_SEND, .name = "unconnected_send", .ask = ask_unconnected },
	{ .code = FORWARD_OPEN,
	  .keep = true,
	  .name = "forward_open",
	  .operation = OPERATION_SESSION,
	  .ask = ask_open,
	  .answer = answer_open },
	{ .code = 0x56,
	  .name = "get_connection_data",
	  .operation = OPERATION_DIAGNOSE,
	  .ask = ask_data,
	  .answer = answer_data },
	{ .code = 0x57,
	  .name = "search_connection_data",
	  .operation = OPERATION_DIAGNOSE,
	  .ask = ask_search,
	  .answer = answer_data },
	{ .code = 0x5a,
	  .name = "get_connection_owner",
	  .operation = OPERATION_DIAGNOSE,
	  .ask = ask_owner,
	  .answer = answer_owner },
	{ .code = LARGE_FORWARD_OPEN,
	  .keep = true,
	  .name = "large_forward_open",
	  .operation = OPERATION_SESSION,
	  .ask = ask_open,
	  .answer = answer_open },
};

/* Volume 1, 3-5.1: counters of requests and refusals. */
static const struct cip_attribute attributes[] = {
	{ 1, "open_requests", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
	{ 2, "open_format_rejects", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
	{ 3, "open_resource_rejects", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
	{ 4, "open_other_rejects", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
	{ 5, "close_requests", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
	{ 6, "close_format_rejects", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
	{ 7, "close_other_rejects", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
	{ 8, "connection_timeouts", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
	{ 11, "cpu_utilization", CIP_UINT, CIP_NO_FIELD, NULL, OPERATION_UNKNOWN },
};

const struct cip_object cip_object_connection_manager = {
	.class = CIP_CLASS_CONNECTION_MANAGER,
	.name = "connection_manager",
	.services = services,
	.n_services = ARRAY_SIZE(services),
	.attributes = attributes,
	.n_attributes = ARRAY_SIZE(attributes),
};
