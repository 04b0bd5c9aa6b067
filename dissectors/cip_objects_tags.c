/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Tags of Logix controllers: the services of the symbol object (class 0x6B, or a path that is a
 * name), as Rockwell's publications 1756-PM020 and 1756-RM005 describe them.
 *
 *	read: elements 2               answer: type 2 | [handle 2 if it is a structure] | values
 *	write: type 2 | [handle 2] | elements 2 | values
 *	fragmented: the same with an offset in bytes, 4, behind the elements
 *	read-modify-write: mask bytes 2 | OR mask | AND mask */

#include "dissectors/cip_private.h"

#include <stdio.h>
#include <string.h>

#define VALUES        RECORD_LIST_MAX
#define VALUES_ASKED  16     /* what waits with a request has little room */
#define STRUCTURE     0x02a0 /* a type, with the handle of its template behind it */
#define STRING_HANDLE 0x0fce /* the predefined STRING: length 4, 82 characters */

/* ---- types ---- */

enum form { FORM_NONE, FORM_SIGNED, FORM_UNSIGNED, FORM_REAL, FORM_TEXT };

struct type {
	const char *name;
	uint8_t width;
	enum form form;
};

/* Elementary types (CIP Volume 1, C-6), from 0xC1 on. */
static const struct type types[] = {
	{ "BOOL", 1, FORM_UNSIGNED },      { "SINT", 1, FORM_SIGNED },
	{ "INT", 2, FORM_SIGNED },         { "DINT", 4, FORM_SIGNED },
	{ "LINT", 8, FORM_SIGNED },        { "USINT", 1, FORM_UNSIGNED },
	{ "UINT", 2, FORM_UNSIGNED },      { "UDINT", 4, FORM_UNSIGNED },
	{ "ULINT", 8, FORM_UNSIGNED },     { "REAL", 4, FORM_REAL },
	{ "LREAL", 8, FORM_REAL },         { "STIME", 4, FORM_SIGNED },
	{ "DATE", 2, FORM_UNSIGNED },      { "TIME_OF_DAY", 4, FORM_UNSIGNED },
	{ "DATE_AND_TIME", 0, FORM_NONE }, { "STRING", 2, FORM_TEXT },
	{ "BYTE", 1, FORM_UNSIGNED },      { "WORD", 2, FORM_UNSIGNED },
	{ "DWORD", 4, FORM_UNSIGNED },     { "LWORD", 8, FORM_UNSIGNED },
	{ "STRING2", 0, FORM_NONE },       { "FTIME", 4, FORM_SIGNED },
	{ "LTIME", 8, FORM_SIGNED },       { "ITIME", 2, FORM_SIGNED },
	{ "STRINGN", 0, FORM_NONE },       { "SHORT_STRING", 1, FORM_TEXT },
	{ "TIME", 4, FORM_SIGNED },
};

static const struct type *type_of(uint16_t code)
{
	static const struct type structure = { "structure", 0, FORM_NONE };
	static const struct type unknown = { NULL, 0, FORM_NONE };

	if (code == STRUCTURE) {
		return &structure;
	}
	return code >= 0xc1 && code < 0xc1 + ARRAY_SIZE(types) ? &types[code - 0xc1] : &unknown;
}

const char *cip_tag_type_name(uint16_t code)
{
	return type_of(code)->name;
}

static double read_number(struct cursor *data, const struct type *type)
{
	uint64_t raw = type->width == 1   ? cur_u8(data)
		       : type->width == 2 ? cur_le16(data)
		       : type->width == 4 ? cur_le32(data)
					  : cur_le64(data);
	unsigned shift = 64 - 8U * type->width;

	if (type->form == FORM_SIGNED) {
		return (double)((int64_t)(raw << shift) >> shift);
	}
	if (type->form == FORM_REAL && type->width == 4) {
		uint32_t half = (uint32_t)raw;
		float value;

		memcpy(&value, &half, sizeof(value));
		return (double)value;
	}
	if (type->form == FORM_REAL) {
		double value;

		memcpy(&value, &raw, sizeof(value));
		return value;
	}
	return (double)raw;
}

/* ---- values ---- */

struct typed {
	uint16_t code, handle;
	const struct type *type;
};

/* A type, with the handle behind it if it is a structure. */
static struct typed read_type(struct cursor *data)
{
	struct typed out = { .code = cur_le16(data) };

	out.type = type_of(out.code);
	if (out.code == STRUCTURE) {
		out.handle = cur_le16(data);
	}
	return out;
}

static void put_type(struct dissection *d, const struct typed *typed)
{
	record_put_static(d->writer, CORE_ITEM_TYPE, typed->type->name);
	if (typed->type->name == NULL) {
		record_put_uint(d->writer, PUT(TAG_TYPE), typed->code);
	}
	if (typed->code == STRUCTURE) {
		record_put_uint(d->writer, PUT(TAG_HANDLE), typed->handle);
	}
}

/* At most VALUES of them. */
static size_t read_numbers(struct cursor *data, const struct type *type, double values[VALUES])
{
	size_t n = 0;

	if (type->form == FORM_SIGNED && type->width == 4) { /* what most of them are */
		while (n < VALUES && cur_left(data) >= 4) {
			values[n++] = (int32_t)cur_le32(data);
		}
	}
	while (n < VALUES && cur_left(data) >= type->width) {
		values[n++] = read_number(data, type);
	}
	return n;
}

/* Numbers from `skip` on, at most as many as a list holds; returns how many there are in all. */
static size_t put_numbers(struct dissection *d, const struct type *type, struct cursor data,
			  size_t skip)
{
	double values[VALUES];
	size_t total = cur_left(&data) / type->width, n;

	cur_skip(&data, skip * type->width);
	n = read_numbers(&data, type, values);
	if (n > 0) {
		record_put_doubles(d->writer, CORE_ITEM_VALUE, values, n);
	}
	return total;
}

static void put_text(struct dissection *d, struct cursor data, size_t width)
{
	size_t length = width == 4 ? cur_le32(&data) : width == 2 ? cur_le16(&data) : cur_u8(&data);

	record_put_bytes(d->writer, CORE_ITEM_TEXT, cur_sub_most(&data, length));
}

/* What was read or written; consumes it. `most` numbers: more are records of their own. */
static void put_values(struct dissection *d, const struct typed *typed, struct cursor *data,
		       size_t most)
{
	const struct type *type = typed->type;

	if (type->form == FORM_TEXT) {
		put_text(d, *data, type->width);
	} else if (typed->code == STRUCTURE && typed->handle == STRING_HANDLE) {
		put_text(d, *data, 4);
	} else if (type->form != FORM_NONE) {
		if (cur_left(data) <= most * type->width) {
			(void)put_numbers(d, type, *data, 0);
		}
	} else if (cur_left(data) > 0) {
		struct cursor look = *data;

		record_put_bytes(d->writer, CORE_ITEM_DATA, cur_sub_most(&look, 64));
	}
	cur_skip(data, cur_left(data));
}

/* More numbers than that: they are items. */
static bool is_long(const struct typed *typed, struct cursor data, size_t most)
{
	return typed->type->form != FORM_NONE && typed->type->form != FORM_TEXT &&
	       cur_left(&data) > most * typed->type->width;
}

static void put_count(struct dissection *d, const struct typed *typed, struct cursor data)
{
	size_t total = cur_left(&data) / typed->type->width;

	transaction_items(d, (total + VALUES - 1) / VALUES, 0);
}

/* What the item records of a message have in common. */
struct stretch {
	enum operation operation;
	enum phase phase;
	enum outcome outcome;
};

static bool is_fragmented(const struct cip_request *request)
{
	return request->service == 0x52 || request->service == 0x53;
}

static const char *ask_read(struct dissection *d, const struct cip_request *request,
			    struct cursor *data)
{
	record_put_uint(d->writer, CORE_ITEM_COUNT, cur_le16(data));
	if (is_fragmented(request)) {
		record_put_uint(d->writer, PUT(TAG_OFFSET), cur_le32(data));
	}
	return cur_ok(data) ? NULL : "length";
}

static const char *answer_read(struct dissection *d, const struct cip_request *request,
			       const struct cip_reply *reply, struct cursor *data)
{
	struct typed typed;

	if (!reply->success) {
		return NULL;
	}
	typed = read_type(data);
	if (!cur_ok(data)) {
		return "length";
	}
	put_type(d, &typed);
	if (is_long(&typed, *data, VALUES) && !request->item) {
		put_count(d, &typed, *data);
	}
	put_values(d, &typed, data, VALUES);
	return NULL;
}

/* Only of a long array the items have addresses. */
static bool read_alone(const struct cip_reply *reply, struct cursor data)
{
	struct typed typed = read_type(&data);

	return !reply->success || !is_long(&typed, data, VALUES);
}

static const char *ask_write(struct dissection *d, const struct cip_request *request,
			     struct cursor *data)
{
	struct typed typed = read_type(data);
	uint16_t elements = cur_le16(data);
	uint32_t offset = is_fragmented(request) ? cur_le32(data) : 0;

	if (!cur_ok(data)) {
		return "length";
	}
	put_type(d, &typed);
	record_put_uint(d->writer, CORE_ITEM_COUNT, elements);
	if (is_fragmented(request)) {
		record_put_uint(d->writer, PUT(TAG_OFFSET), offset);
	}
	if (is_long(&typed, *data, VALUES_ASKED) && !request->item) {
		put_count(d, &typed, *data);
	}
	put_values(d, &typed, data, request->item ? VALUES : VALUES_ASKED);
	return NULL;
}

/* What one bit becomes, if no other one changes. */
static void put_bit(struct dissection *d, struct cursor set, struct cursor keep)
{
	unsigned ones = 0, zeros = 0;

	while (cur_left(&set) > 0) {
		unsigned up = cur_u8(&set), down = ~(unsigned)cur_u8(&keep) & 0xff & ~up;

		for (; up != 0; up &= up - 1) {
			ones++;
		}
		for (; down != 0; down &= down - 1) {
			zeros++;
		}
	}
	if (ones + zeros == 1) {
		record_put_static(d->writer, CORE_ITEM_TYPE, "bit");
		record_put_double(d->writer, CORE_ITEM_VALUE, ones);
	}
}

static const char *ask_modify(struct dissection *d, const struct cip_request *request,
			      struct cursor *data)
{
	uint16_t width = cur_le16(data);
	struct cursor set = cur_sub(data, width), keep = cur_sub(data, width);

	(void)request;
	if (!cur_ok(data)) {
		return "length";
	}
	record_put_bytes(d->writer, PUT(TAG_OR), set);
	record_put_bytes(d->writer, PUT(TAG_AND), keep);
	put_bit(d, set, keep);
	return NULL;
}

/* ---- more values than one record holds ---- */

/* The text of an array's element: "History[64]", or of what the path names already:
 * "Profile[3]" and 64 elements on. */
static void element_text(const struct cip_path *path, size_t element, char *out, size_t size)
{
	int length = (int)path->length, open = length;

	/* One index at the end is where the elements begin; of several nobody knows the width. */
	if (length > 0 && path->text[length - 1] == ']') {
		while (open > 0 && path->text[open - 1] != '[') {
			open--;
		}
		if (memchr(path->text + open, ',', (size_t)(length - open)) == NULL &&
		    (open < 2 || path->text[open - 2] != ']')) {
			snprintf(out, size, "%.*s[%zu]", open - 1, path->text,
				 path->member + element);
			return;
		}
	}
	snprintf(out, size, "%.*s[%zu]", length, path->text, element);
}

/* Each stretch of a long array, by its first element; `before` elements were in other messages. */
static void put_stretches(struct dissection *d, const struct cip_request *request,
			  const struct typed *typed, struct cursor data, size_t before,
			  const struct stretch *stretch)
{
	size_t total = cur_left(&data) / typed->type->width;
	char text[CIP_PATH_TEXT + 24];

	if (request->path == NULL) {
		return;
	}
	for (size_t first = 0, i = 0; first < total; first += VALUES, i++) {
		if (!item_begin(d, stretch->operation, stretch->phase, stretch->outcome, i)) {
			return;
		}
		element_text(request->path, before + first, text, sizeof(text));
		record_put_text(d->writer, CORE_ITEM_ADDRESS, text);
		put_type(d, typed);
		record_put_uint(d->writer, CORE_ITEM_COUNT, size_min(total - first, VALUES));
		(void)put_numbers(d, typed->type, data, first);
		record_commit(d->writer);
	}
}

static void read_items(struct dissection *d, const struct cip_request *request,
		       const struct cip_reply *reply, struct cursor data, enum phase phase)
{
	struct stretch stretch = { OPERATION_READ, phase, OUTCOME_SUCCESS };
	struct cursor asked = request->data;
	uint32_t offset;
	struct typed typed;

	if (reply == NULL || !reply->success) {
		return;
	}
	cur_skip(&asked, 2);
	offset = is_fragmented(request) ? cur_le32(&asked) : 0;
	typed = read_type(&data);
	if (is_long(&typed, data, VALUES)) {
		put_stretches(d, request, &typed, data, offset / typed.type->width, &stretch);
	}
}

static void write_items(struct dissection *d, const struct cip_request *request,
			const struct cip_reply *reply, struct cursor data, enum phase phase)
{
	struct stretch stretch = { OPERATION_WRITE, phase,
				   reply == NULL    ? OUTCOME_UNKNOWN
				   : reply->success ? OUTCOME_SUCCESS
						    : OUTCOME_FAILURE };
	uint32_t offset;
	struct typed typed;

	data = request->data;
	typed = read_type(&data);
	cur_skip(&data, 2);
	offset = is_fragmented(request) ? cur_le32(&data) : 0;
	if (is_long(&typed, data, VALUES_ASKED)) {
		put_stretches(d, request, &typed, data, offset / typed.type->width, &stretch);
	}
}

/* ---- the list of tags ---- */

enum { ATTRIBUTES = 16 };

static const char *ask_list(struct dissection *d, const struct cip_request *request,
			    struct cursor *data)
{
	uint16_t ids[ATTRIBUTES];
	size_t n = cur_le16(data), kept = 0;

	(void)request;
	for (size_t i = 0; i < n && cur_left(data) > 0; i++) {
		uint16_t id = cur_le16(data);

		if (kept < ATTRIBUTES) {
			ids[kept++] = id;
		}
	}
	record_put_uint16s(d->writer, PUT(ATTRIBUTES), ids, kept);
	return cur_ok(data) ? NULL : "attribute_list_length";
}

/* One tag of the list. */
struct symbol {
	uint32_t instance;
	bool typed;
	struct cursor name;
	uint16_t type, bytes;
	uint32_t dimensions[3];
};

/* Attributes of a symbol (1756-PM020): bytes of those that are skipped. */
static bool read_attribute(struct cursor *data, uint16_t id, struct symbol *out)
{
	static const uint8_t widths[] = { [3] = 4, [5] = 4, [6] = 4, [9] = 4, [10] = 1, [11] = 1 };

	switch (id) {
	case 1:
		out->name = cur_sub(data, cur_le16(data));
		break;
	case 2:
		out->type = cur_le16(data);
		out->typed = true;
		break;
	case 7:
		out->bytes = cur_le16(data);
		break;
	case 8:
		for (size_t i = 0; i < 3; i++) {
			out->dimensions[i] = cur_le32(data);
		}
		break;
	default:
		if (id >= ARRAY_SIZE(widths) || widths[id] == 0) {
			return false;
		}
		cur_skip(data, widths[id]);
		break;
	}
	return cur_ok(data);
}

/* The attributes that the request asked for. */
static size_t asked_attributes(struct cursor data, uint16_t ids[ATTRIBUTES])
{
	size_t n = cur_le16(&data), kept = 0;

	while (kept < n && kept < ATTRIBUTES && cur_left(&data) >= 2) {
		ids[kept++] = cur_le16(&data);
	}
	return kept;
}

static bool read_symbol(struct cursor *data, const uint16_t *ids, size_t n, struct symbol *out)
{
	*out = (struct symbol) { .instance = cur_le32(data), .name = cur_of(NULL, 0) };
	for (size_t i = 0; i < n; i++) {
		if (!read_attribute(data, ids[i], out)) {
			return false;
		}
	}
	return cur_ok(data);
}

static const char *answer_list(struct dissection *d, const struct cip_request *request,
			       const struct cip_reply *reply, struct cursor *data)
{
	uint16_t ids[ATTRIBUTES];
	size_t n = asked_attributes(request->data, ids), count = 0;
	struct symbol symbol;

	if (!reply->success || n == 0) {
		return NULL;
	}
	while (cur_left(data) > 0) {
		struct cursor look = *data;

		if (!read_symbol(&look, ids, n, &symbol)) {
			return NULL; /* what is left stays as data */
		}
		*data = look;
		count++;
	}
	transaction_items(d, count, 0);
	return NULL;
}

/* Bit 15 a structure, bit 12 of the system, bits 13 and 14 dimensions; 0xC1 in the low byte: a
 * bit. */
static void put_symbol_type(struct dissection *d, const struct symbol *symbol)
{
	uint16_t code = symbol->type & 0x0fff;

	if ((symbol->type & 0x8000) != 0) {
		record_put_static(d->writer, CORE_ITEM_TYPE, "structure");
		record_put_uint(d->writer, PUT(TAG_TEMPLATE), code);
	} else if ((symbol->type & 0x1000) != 0) {
		record_put_static(d->writer, CORE_ITEM_TYPE, "system");
	} else {
		record_put_static(d->writer, CORE_ITEM_TYPE, type_of(code & 0xff)->name);
	}
}

static void list_items(struct dissection *d, const struct cip_request *request,
		       const struct cip_reply *reply, struct cursor data, enum phase phase)
{
	uint16_t ids[ATTRIBUTES];
	size_t n = asked_attributes(request->data, ids);
	struct symbol symbol;

	if (reply == NULL || !reply->success || n == 0) {
		return;
	}
	for (size_t i = 0; cur_left(&data) > 0 && read_symbol(&data, ids, n, &symbol); i++) {
		if (!item_begin(d, OPERATION_DIAGNOSE, phase, OUTCOME_SUCCESS, i)) {
			return;
		}
		if (cur_left(&symbol.name) > 0) {
			record_put_bytes(d->writer, CORE_ITEM_ADDRESS, symbol.name);
		}
		record_put_uint(d->writer, PUT(TAG_INSTANCE), symbol.instance);
		if (symbol.typed) {
			put_symbol_type(d, &symbol);
		}
		if (symbol.dimensions[0] != 0) {
			record_put_uint32s(d->writer, PUT(TAG_DIMENSIONS), symbol.dimensions,
					   symbol.dimensions[2] != 0   ? 3
					   : symbol.dimensions[1] != 0 ? 2
								       : 1);
		}
		record_commit(d->writer);
	}
}

/* ---- the objects ---- */

static const struct cip_service symbol_services[] = {
	{ .code = 0x08, .name = "create", .operation = OPERATION_PROGRAM_DOWNLOAD },
	{ .code = 0x09, .name = "delete", .operation = OPERATION_PROGRAM_DELETE },
	{ .code = 0x4b, .name = "find_instances", .operation = OPERATION_PROGRAM_UPLOAD },
	{ .code = 0x4c,
	  .keep = true,
	  .name = "read_tag",
	  .operation = OPERATION_READ,
	  .ask = ask_read,
	  .answer = answer_read,
	  .alone = read_alone,
	  .items = read_items },
	{ .code = 0x4d,
	  .keep = true,
	  .name = "write_tag",
	  .operation = OPERATION_WRITE,
	  .ask = ask_write,
	  .items = write_items },
	{ .code = 0x4e,
	  .name = "read_modify_write_tag",
	  .operation = OPERATION_WRITE,
	  .ask = ask_modify },
	{ .code = 0x52,
	  .keep = true,
	  .name = "read_tag_fragmented",
	  .operation = OPERATION_READ,
	  .ask = ask_read,
	  .answer = answer_read,
	  .alone = read_alone,
	  .items = read_items },
	{ .code = 0x53,
	  .keep = true,
	  .name = "write_tag_fragmented",
	  .operation = OPERATION_WRITE,
	  .ask = ask_write,
	  .items = write_items },
	{ .code = 0x55,
	  .keep = true,
	  .name = "get_instance_attribute_list",
	  .operation = OPERATION_DIAGNOSE,
	  .ask = ask_list,
	  .answer = answer_list,
	  .items = list_items },
};

static const char *put_type_code(struct dissection *d, struct cursor *value)
{
	struct symbol symbol = { .type = cur_le16(value) };

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	put_symbol_type(d, &symbol);
	return NULL;
}

static const char *put_dimensions(struct dissection *d, struct cursor *value)
{
	uint32_t dimensions[3] = { cur_le32(value), cur_le32(value), cur_le32(value) };

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_uint32s(d->writer, PUT(TAG_DIMENSIONS), dimensions, 3);
	return NULL;
}

static const struct cip_attribute symbol_attributes[] = {
	{ .id = 1, .name = "name", .type = CIP_STRING, .field = CIP_NO_FIELD },
	{ .id = 2, .name = "type", .put = put_type_code },
	{ .id = 3, .name = "address", .type = CIP_UDINT, .field = PUT(MEMORY_ADDRESS) },
	{ .id = 5, .name = "object_address", .type = CIP_UDINT, .field = PUT(OBJECT_ADDRESS) },
	{ .id = 6, .name = "software_control", .type = CIP_UDINT, .field = PUT(SOFTWARE_CONTROL) },
	{ .id = 7, .name = "element_bytes", .type = CIP_UINT, .field = PUT(ELEMENT_BYTES) },
	{ .id = 8, .name = "dimensions", .put = put_dimensions },
};

const struct cip_object cip_object_symbol = {
	.class = CIP_CLASS_SYMBOL,
	.name = "symbol",
	.services = symbol_services,
	.n_services = ARRAY_SIZE(symbol_services),
	.attributes = symbol_attributes,
	.n_attributes = ARRAY_SIZE(symbol_attributes),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_PROGRAM_DOWNLOAD,
};
