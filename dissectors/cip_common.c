/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Services that all objects may have (CIP Volume 1, appendix A), and attributes by the rows of
 * their object. */

#include "dissectors/cip_private.h"

#define LIST_MAX 64

/* ---- values ---- */

/* Bytes of a type of fixed length; 0: another kind of type. */
static const uint8_t widths[] = {
	[CIP_BOOL] = 1,  [CIP_USINT] = 1, [CIP_UINT] = 2,  [CIP_UDINT] = 4,
	[CIP_ULINT] = 8, [CIP_SINT] = 1,  [CIP_INT] = 2,   [CIP_DINT] = 4,
	[CIP_LINT] = 8,  [CIP_REAL] = 4,  [CIP_LREAL] = 8,
};

static uint64_t read_width(struct cursor *value, unsigned width)
{
	switch (width) {
	case 1:
		return cur_u8(value);
	case 2:
		return cur_le16(value);
	case 4:
		return cur_le32(value);
	default:
		return cur_le64(value);
	}
}

static int64_t sign_extended(uint64_t raw, unsigned width)
{
	unsigned shift = 64 - 8 * width;

	return (int64_t)(raw << shift) >> shift;
}

static double real_of(uint64_t raw, unsigned width)
{
	float small;
	double large;
	uint32_t half = (uint32_t)raw;

	memcpy(&small, &half, sizeof(small));
	memcpy(&large, &raw, sizeof(large));
	return width == 4 ? (double)small : large;
}

static void put_number(struct dissection *d, enum cip_type type, uint16_t field, uint64_t raw)
{
	unsigned width = widths[type];
	bool is_signed = type >= CIP_SINT && type <= CIP_LINT;

	if (field == CIP_NO_FIELD) {
		record_put_double(d->writer, CORE_ITEM_VALUE,
				  type >= CIP_REAL ? real_of(raw, width)
				  : is_signed      ? (double)sign_extended(raw, width)
						   : (double)raw);
	} else if (type == CIP_BOOL) {
		record_put_bool(d->writer, field, raw != 0);
	} else if (type >= CIP_REAL) {
		record_put_double(d->writer, field, real_of(raw, width));
	} else if (is_signed) {
		record_put_int(d->writer, field, sign_extended(raw, width));
	} else {
		record_put_uint(d->writer, field, raw);
	}
}

static void put_epath(struct dissection *d, uint16_t field, struct cursor segments)
{
	struct cip_path path;

	cip_path_clear(&path);
	(void)cip_path_read(&path, segments, true);
	record_put_bytes(d->writer, field == CIP_NO_FIELD ? CORE_ITEM_TEXT : field,
			 cur_of(path.length > 0 ? path.text : path.route,
				path.length > 0 ? path.length : path.route_length));
}

const char *cip_put_value(struct dissection *d, enum cip_type type, uint16_t field,
			  struct cursor *value)
{
	uint16_t text = field == CIP_NO_FIELD ? CORE_ITEM_TEXT : field;
	struct cursor bytes;

	if (type == CIP_REST) {
		record_put_bytes(d->writer, field == CIP_NO_FIELD ? CORE_ITEM_DATA : field, *value);
		cur_skip(value, cur_left(value));
		return NULL;
	}
	if (type <= CIP_LREAL) {
		uint64_t raw = read_width(value, widths[type]);

		if (cur_ok(value)) {
			put_number(d, type, field, raw);
		}
		return cur_ok(value) ? NULL : "attribute_length";
	}
	if (type == CIP_EPATH) {
		bytes = cur_sub(value, 2U * cur_le16(value));
	} else {
		bytes = cur_sub(value, type == CIP_SHORT_STRING ? cur_u8(value) : cur_le16(value));
	}
	if (!cur_ok(&bytes)) {
		return "attribute_length";
	}
	if (type == CIP_EPATH) {
		put_epath(d, field, bytes);
	} else {
		record_put_bytes(d->writer, text, bytes);
	}
	return NULL;
}

const char *cip_put_attribute(struct dissection *d, const struct cip_attribute *attribute,
			      struct cursor *value)
{
	return attribute->put != NULL ? attribute->put(d, value)
				      : cip_put_value(d, attribute->type, attribute->field, value);
}

/* ---- services ---- */

/* Attributes of the class itself (instance 0): CIP Volume 1, 4-4. */
static const struct cip_attribute class_attributes[] = {
	{ 1, "revision", CIP_UINT, PUT(REVISION), NULL, OPERATION_UNKNOWN },
	{ 2, "max_instance", CIP_UINT, PUT(MAX_INSTANCE), NULL, OPERATION_UNKNOWN },
	{ 3, "number_of_instances", CIP_UINT, PUT(INSTANCES), NULL, OPERATION_UNKNOWN },
};

/* The row of an attribute of what the request is about. */
static const struct cip_attribute *attribute_asked(const struct cip_request *request, uint32_t id)
{
	if ((request->parts & CIP_PATH_INSTANCE) == 0 || request->instance != 0) {
		return cip_attribute_of(request->object, id);
	}
	return id >= 1 && id <= ARRAY_SIZE(class_attributes) ? &class_attributes[id - 1] : NULL;
}

static void put_attribute_name(struct dissection *d, const struct cip_attribute *attribute)
{
	if (attribute != NULL) {
		record_put_static(d->writer, PUT(ATTRIBUTE_NAME), attribute->name);
	}
}

static const char *put_single(struct dissection *d, const struct cip_request *request,
			      struct cursor *data)
{
	const struct cip_attribute *attribute = attribute_asked(request, request->attribute);

	if (attribute != NULL) {
		return cip_put_attribute(d, attribute, data);
	}
	if (cur_left(data) > 0) {
		record_put_bytes(d->writer, CORE_ITEM_DATA, *data);
		cur_skip(data, cur_left(data));
	}
	return NULL;
}

static const char *ask_get_single(struct dissection *d, const struct cip_request *request,
				  struct cursor *data)
{
	(void)data;
	put_attribute_name(d, attribute_asked(request, request->attribute));
	return NULL;
}

static const char *answer_get_single(struct dissection *d, const struct cip_request *request,
				     const struct cip_reply *reply, struct cursor *data)
{
	return reply->success ? put_single(d, request, data) : NULL;
}

static const char *ask_set_single(struct dissection *d, const struct cip_request *request,
				  struct cursor *data)
{
	put_attribute_name(d, attribute_asked(request, request->attribute));
	return put_single(d, request, data);
}

/* A count and attribute ids. */
static const char *ask_get_list(struct dissection *d, const struct cip_request *request,
				struct cursor *data)
{
	uint16_t ids[LIST_MAX];
	size_t n = cur_le16(data), kept = 0;

	(void)request;
	for (size_t i = 0; i < n && cur_left(data) > 0; i++) {
		uint16_t id = cur_le16(data);

		if (kept < LIST_MAX) {
			ids[kept++] = id;
		}
	}
	record_put_uint16s(d->writer, PUT(ATTRIBUTES), ids, kept);
	return cur_ok(data) ? NULL : "attribute_list_length";
}

/* A count; each attribute with its id, its status if it is an answer, and its value if that went
 * well. Where a value has no row nobody knows where it ends: the rest stays as data. */
static const char *put_list(struct dissection *d, const struct cip_request *request,
			    struct cursor *data, bool answer, bool values)
{
	uint16_t ids[LIST_MAX], status[LIST_MAX];
	size_t n = cur_le16(data), kept = 0;
	const char *wrong = NULL;
	bool known = true, failed = false;

	for (size_t i = 0; i < n && wrong == NULL && known && cur_left(data) > 0; i++) {
		uint16_t id = cur_le16(data), code = answer ? cur_le16(data) : 0;
		const struct cip_attribute *attribute = attribute_asked(request, id);

		if (!cur_ok(data)) {
			return "attribute_list_length";
		}
		if (kept < LIST_MAX) {
			ids[kept] = id;
			status[kept++] = code;
		}
		failed |= code != 0;
		if (code == 0 && values) {
			known = attribute != NULL;
			wrong = known ? cip_put_attribute(d, attribute, data) : NULL;
		}
	}
	if (!answer) {
		record_put_uint16s(d->writer, PUT(ATTRIBUTES), ids, kept);
	}
	if (failed) {
		record_put_uint16s(d->writer, PUT(ATTRIBUTE_STATUS), status, kept);
	}
	return wrong;
}

static const char *answer_get_list(struct dissection *d, const struct cip_request *request,
				   const struct cip_reply *reply, struct cursor *data)
{
	/* A list with some bad attributes is an error with data (Volume 1, A-4.3). */
	(void)reply;
	return cur_left(data) > 0 ? put_list(d, request, data, true, true) : NULL;
}

static const char *ask_set_list(struct dissection *d, const struct cip_request *request,
				struct cursor *data)
{
	return put_list(d, request, data, false, true);
}

static const char *answer_set_list(struct dissection *d, const struct cip_request *request,
				   const struct cip_reply *reply, struct cursor *data)
{
	(void)reply;
	return cur_left(data) > 0 ? put_list(d, request, data, true, false) : NULL;
}

/* The attributes in the order that the object says, as many as there are. */
static const char *put_all(struct dissection *d, const struct cip_request *request,
			   struct cursor *data)
{
	const struct cip_object *object = request->object;
	const char *wrong = NULL;

	if ((request->parts & CIP_PATH_INSTANCE) != 0 && request->instance == 0) {
		/* The Identity class leaves its number of instances out (Volume 1, 5-2.2.3). */
		size_t n = object->class == CIP_CLASS_IDENTITY ? 2 : ARRAY_SIZE(class_attributes);

		for (size_t i = 0; i < n && cur_left(data) > 0; i++) {
			wrong = cip_put_attribute(d, &class_attributes[i], data);
		}
		return wrong;
	}
	for (size_t i = 0; i < object->n_all && wrong == NULL && cur_left(data) > 0; i++) {
		const struct cip_attribute *attribute = cip_attribute_of(object, object->all[i]);

		if (attribute == NULL) {
			break;
		}
		wrong = cip_put_attribute(d, attribute, data);
	}
	return wrong;
}

static const char *answer_get_all(struct dissection *d, const struct cip_request *request,
				  const struct cip_reply *reply, struct cursor *data)
{
	return reply->success ? put_all(d, request, data) : NULL;
}

/* ---- operations ---- */

static enum operation get_operation(const struct cip_request *request)
{
	return request->object->get != OPERATION_UNKNOWN ? request->object->get : OPERATION_READ;
}

static enum operation set_operation(const struct cip_request *request)
{
	const struct cip_attribute *attribute = (request->parts & CIP_PATH_ATTRIBUTE) != 0
						    ? attribute_asked(request, request->attribute)
						    : NULL;

	if (attribute != NULL && attribute->set != OPERATION_UNKNOWN) {
		return attribute->set;
	}
	return request->object->set != OPERATION_UNKNOWN ? request->object->set : OPERATION_WRITE;
}

/* The first attribute of a list that has an operation of its own decides. */
static enum operation set_list_operation(const struct cip_request *request)
{
	struct cursor data = request->data;
	size_t n = cur_le16(&data);

	for (size_t i = 0; i < n && cur_left(&data) > 0; i++) {
		const struct cip_attribute *attribute = attribute_asked(request, cur_le16(&data));

		if (attribute == NULL || attribute->put != NULL || attribute->type == CIP_REST ||
		    attribute->type > CIP_LREAL || attribute->set != OPERATION_UNKNOWN) {
			return attribute != NULL && attribute->set != OPERATION_UNKNOWN
				   ? attribute->set
				   : set_operation(request);
		}
		cur_skip(&data, widths[attribute->type]);
	}
	return set_operation(request);
}

const struct cip_service cip_common_services[CIP_COMMON_SERVICES] = {
	[0x01] = { .code = 0x01,
		   .name = "get_attributes_all",
		   .refine = get_operation,
		   .answer = answer_get_all },
	[0x02] = { .code = 0x02, .name = "set_attributes_all", .refine = set_operation },
	[0x03] = { .code = 0x03,
		   .name = "get_attribute_list",
		   .refine = get_operation,
		   .ask = ask_get_list,
		   .answer = answer_get_list },
	[0x04] = { .code = 0x04,
		   .name = "set_attribute_list",
		   .refine = set_list_operation,
		   .ask = ask_set_list,
		   .answer = answer_set_list },
	[0x05] = { .code = 0x05, .name = "reset", .operation = OPERATION_CONTROL },
	[0x06] = { .code = 0x06, .name = "start", .operation = OPERATION_START },
	[0x07] = { .code = 0x07, .name = "stop", .operation = OPERATION_STOP },
	[0x08] = { .code = 0x08, .name = "create", .operation = OPERATION_CONFIG_WRITE },
	[0x09] = { .code = 0x09, .name = "delete", .operation = OPERATION_CONFIG_WRITE },
	[0x0a] = { .code = 0x0a, .name = "multiple_service_packet" },
	[0x0d] = { .code = 0x0d, .name = "apply_attributes", .operation = OPERATION_CONFIG_WRITE },
	[0x0e] = { .code = 0x0e,
		   .name = "get_attribute_single",
		   .refine = get_operation,
		   .ask = ask_get_single,
		   .answer = answer_get_single },
	[0x10] = { .code = 0x10,
		   .name = "set_attribute_single",
		   .refine = set_operation,
		   .ask = ask_set_single },
	[0x11] = { .code = 0x11, .name = "find_next_object_instance", .operation = OPERATION_READ },
	[0x15] = { .code = 0x15, .name = "restore", .operation = OPERATION_CONFIG_WRITE },
	[0x16] = { .code = 0x16, .name = "save", .operation = OPERATION_CONFIG_WRITE },
	[0x17] = { .code = 0x17, .name = "no_operation", .operation = OPERATION_DIAGNOSE },
	[0x18] = { .code = 0x18, .name = "get_member", .refine = get_operation },
	[0x19] = { .code = 0x19, .name = "set_member", .refine = set_operation },
	[0x1a] = { .code = 0x1a, .name = "insert_member", .refine = set_operation },
	[0x1b] = { .code = 0x1b, .name = "remove_member", .refine = set_operation },
	[0x1c] = { .code = 0x1c, .name = "group_sync", .operation = OPERATION_DIAGNOSE },
};
