/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The functions of S7comm-plus.
 *
 *	request: opcode 1 (0x31) | 0 2 | function 2 | 0 2 | sequence 2 | session 4 | flags 1 | ...
 *	answer:  opcode 1 (0x32) | 0 2 | function 2 | 0 2 | sequence 2 | flags 1 | return value v |
 *...
 *
 * Controllers are trees of objects.  What a person did is in the object and attribute that a
 * function is about: a stop sets the operating state that the CPU's execution unit is asked for; a
 * download creates objects in the program or the hardware configuration; an upload explores these
 * without naming attributes. */

#include "dissectors/s7comm_plus_private.h"

#include <string.h>

/* ---- what requests say ---- */

static void put_object(struct dissection *d, uint32_t object)
{
	char text[48];

	(void)s7p_object_text(object, true, text, sizeof(text));
	record_put_uint(d->writer, PUT(OBJECT), object);
	record_put_text(d->writer, PUT(OBJECT_NAME), text);
}

static void put_target_object(struct dissection *d, uint32_t object, struct cursor name)
{
	static const struct {
		uint32_t object;
		const char *text;
	} spoken[] = {
		{ 2, "hardware configuration" }, { 3, "program" },
		{ S7P_CPU_EXEC_UNIT, "CPU" },    { 12, "communication" },
		{ 35, "routing tables" },        { 114, "texts" },
		{ 537, "type information" },
	};
	char text[96];
	struct s7p_text target = { text, 0, sizeof(text) };

	for (size_t i = 0; i < ARRAY_SIZE(spoken); i++) {
		if (spoken[i].object == object) {
			record_put_static(d->writer, CORE_TARGET, spoken[i].text);
			return;
		}
	}
	target.n = s7p_object_text(object, true, text, sizeof(text));
	if (cur_left(&name) > 0 && cur_left(&name) < 60 && s7p_object(object) == NULL) {
		s7p_say(&target, " ");
		while (cur_left(&name) > 0) {
			uint8_t c = cur_u8(&name);

			s7p_say(&target, (char[]) { c >= 0x20 ? (char)c : '.', '\0' });
		}
	}
	record_put_text(d->writer, CORE_TARGET, text);
}

static void put_attribute(struct dissection *d, uint32_t id)
{
	const struct s7p_attribute *attribute = s7p_attribute(id);

	record_put_uint(d->writer, PUT(ATTRIBUTE), id);
	if (attribute != NULL) {
		record_put_static(d->writer, PUT(ATTRIBUTE_NAME), attribute->name);
	}
}

/* Several, and the name of one. */
static void put_attributes(struct dissection *d, const uint32_t *ids, size_t n, uint32_t named)
{
	const struct s7p_attribute *attribute = s7p_attribute(named);

	if (n < 2) {
		if (n == 1) {
			put_attribute(d, named);
		}
		return;
	}
	record_put_uint32s(d->writer, PUT(ATTRIBUTE), ids, n);
	if (attribute != NULL) {
		record_put_static(d->writer, PUT(ATTRIBUTE_NAME), attribute->name);
	}
}

/* A value that is set or got alone. */
static void put_value(struct dissection *d, uint32_t id, const struct s7p_value *value)
{
	const struct s7p_attribute *attribute = s7p_attribute(id);
	struct cursor text = s7p_value_text(value);
	uint64_t time = value->type == 16 ? s7p_value_natural(value) : 0;
	double number;

	if (attribute != NULL && attribute->secret) {
		record_put_uint(d->writer, PUT(SECRET_BYTES), cur_left(&value->raw));
	} else if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, PUT(TEXT), text);
	} else if (time > 0 && time <= INT64_MAX) {
		record_put_time(d->writer, PUT(TIME), (int64_t)time);
	} else if (!value->array && s7p_value_numbers(value, &number, 1) == 1) {
		record_put_double(d->writer, PUT(VALUE), number);
	}
}

/* ---- create, delete ---- */

static const struct {
	uint32_t attribute;
	uint16_t field;
} client_names[] = {
	{ 298, PUT(HOST) },    { 296, PUT(USER) },      { 297, PUT(APPLICATION) },
	{ 301, PUT(COMMENT) }, { 289, PUT(CLIENT_ID) },
};

static void put_client(struct dissection *d, struct cursor attributes)
{
	for (size_t i = 0; i < ARRAY_SIZE(client_names); i++) {
		struct s7p_value value;

		if (s7p_attribute_of(attributes, client_names[i].attribute, &value)) {
			struct cursor text = s7p_value_text(&value);

			if (cur_left(&text) > 0) {
				record_put_bytes(d->writer, client_names[i].field,
						 cur_sub_most(&text, 64));
			}
		}
	}
}

/* Up to the tree of what is created. */
static uint32_t read_create(struct cursor *data, const struct s7p_message *m)
{
	uint32_t parent = cur_be32(data);
	struct s7p_value value;
	struct cursor look;

	(void)s7p_value_read(data, &value);
	cur_skip(data, 4);
	/* A counter of the session, where there is one. */
	look = *data;
	if (m->version > 1 && cur_u8(&look) != 0xa1) {
		(void)s7p_vlq32(data);
	}
	return parent;
}

static enum operation create_operation(uint32_t parent, const struct s7p_first *first)
{
	const struct s7p_class *class = s7p_class(first->class);
	struct s7p_value value;

	/* A job that changes variables: what a watch table or a force table does. */
	if (s7p_attribute_of(first->attributes, S7P_MODIFYING_JOB, &value) &&
	    s7p_value_natural(&value) != 0) {
		return OPERATION_FORCE;
	}
	if (class != NULL) {
		return class->create;
	}
	return s7p_is_session(parent) || s7p_is_transient(parent) ? OPERATION_UNKNOWN
								  : OPERATION_PROGRAM_DOWNLOAD;
}

static enum operation ask_create(struct dissection *d, const struct s7p_message *m,
				 struct cursor *data)
{
	uint32_t parent = read_create(data, m);
	struct s7p_first first;
	const struct s7p_class *class;

	if (!s7p_first_object(*data, &first)) {
		return OPERATION_UNKNOWN;
	}
	class = s7p_class(first.class);
	transaction_note(d, first.class);
	record_put_uint(d->writer, PUT(OBJECT), parent);
	record_put_uint(d->writer, PUT(CLASS), first.class);
	if (class != NULL) {
		record_put_static(d->writer, PUT(CLASS_NAME), class->name);
	}
	if (first.class == 287) {
		put_client(d, first.attributes);
		return OPERATION_SESSION;
	}
	if (s7p_is_transient(first.object) || first.object == 211) {
		if (cur_left(&first.name) > 0) {
			record_put_bytes(d->writer, CORE_TARGET, cur_sub_most(&first.name, 80));
		}
	} else {
		put_target_object(d, first.object, first.name);
	}
	return create_operation(parent, &first);
}

static void create_items(struct dissection *d, const struct s7p_message *m,
			 enum operation operation, struct cursor data)
{
	struct s7p_first first;
	struct s7p_value list;

	(void)read_create(&data, m);
	if (operation == OPERATION_SUBSCRIBE && s7p_first_object(data, &first) &&
	    s7p_attribute_of(first.attributes, S7P_REFERENCE_LIST, &list)) {
		s7p_subscription_items(d, &list);
	}
}

/* "6ES7 215-1AG40-0XB0", by its first characters. */
static const char *family_of(struct cursor order)
{
	static const struct {
		const char *begins, *family;
	} families[] = {
		{ "6ES7 21", "S7-1200" },
		{ "6AG1 21", "S7-1200" },
		{ "6ES7 51", "S7-1500" },
		{ "6AG1 51", "S7-1500" },
		{ "6ES7 67", "S7-1500 software controller" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		struct cursor look = order;
		size_t n = strlen(families[i].begins);

		if (cur_equal(cur_sub_most(&look, n), cur_of(families[i].begins, n))) {
			return families[i].family;
		}
	}
	return NULL;
}

/* Without the spaces at its end. */
static struct cursor trimmed(struct cursor text)
{
	struct cursor look = text;
	size_t n = 0;

	for (size_t i = 1; cur_left(&look) > 0; i++) {
		uint8_t c = cur_u8(&look);

		n = c != ' ' && c != '\0' ? i : n;
	}
	return cur_sub(&text, n);
}

/* Up to the next semicolon, which is consumed. */
static struct cursor part_of(struct cursor *text)
{
	struct cursor begin = *text, look = *text;
	size_t n = 0;

	while (cur_left(&look) > 0 && cur_u8(&look) != ';') {
		n++;
	}
	*text = look;
	return trimmed(cur_sub(&begin, n));
}

static void put_order_number(struct dissection *d, struct cursor order)
{
	const char *family = family_of(order);

	record_put_bytes(d->writer, PUT(ORDER_NUMBER), order);
	if (family != NULL) {
		record_put_static(d->writer, PUT(VENDOR), "Siemens");
		record_put_static(d->writer, PUT(FAMILY), family);
	}
}

/* "1;6ES7 215-1AG40-0XB0 ;V4.3": what a session's version says of the controller. */
static void put_product(struct dissection *d, struct cursor text)
{
	struct cursor order, firmware;

	record_put_bytes(d->writer, PUT(PRODUCT), text);
	(void)part_of(&text);
	order = part_of(&text);
	firmware = part_of(&text);
	if (cur_left(&order) == 0) {
		return;
	}
	put_order_number(d, order);
	if (cur_left(&firmware) > 0) {
		record_put_bytes(d->writer, PUT(FIRMWARE), firmware);
	}
	dissect_identity(d);
}

static void answer_create(struct dissection *d, struct cursor *data, const struct pending *asked)
{
	struct s7p_state *state = d->state;
	uint32_t ids[8];
	uint8_t n = cur_u8(data);
	struct s7p_first first;
	struct s7p_value version, text;

	for (unsigned i = 0; i < n && cur_ok(data); i++) {
		ids[i < ARRAY_SIZE(ids) ? i : 0] = s7p_vlq32(data);
	}
	if (!cur_ok(data)) {
		return;
	}
	if (n > 0) {
		record_put_uint32s(d->writer, PUT(CREATED), ids, size_min(n, ARRAY_SIZE(ids)));
	}
	if (n > 0 && asked != NULL && pending_note(asked) == 1750) {
		state->file_manager = ids[0];
	}
	if (s7p_first_object(*data, &first) && first.class == 287 &&
	    s7p_attribute_of(first.attributes, S7P_SESSION_VERSION, &version) &&
	    s7p_value_member(&version, S7P_SESSION_VERSION_TEXT, &text)) {
		put_product(d, s7p_value_text(&text));
	}
}

static enum operation ask_delete(struct dissection *d, const struct s7p_message *m,
				 struct cursor *data)
{
	uint32_t object = cur_be32(data);

	put_object(d, object);
	put_target_object(d, object, cur_of(NULL, 0));
	if (object == m->session || s7p_is_session(object) || object == 211) {
		return OPERATION_SESSION;
	}
	return s7p_is_transient(object) ? OPERATION_SUBSCRIBE : OPERATION_PROGRAM_DELETE;
}

/* ---- one variable ---- */

static enum operation ask_set(struct dissection *d, const struct s7p_message *m,
			      struct cursor *data)
{
	uint32_t ids[RECORD_LIST_MAX], object = cur_be32(data), n = s7p_vlq32(data), named = 0;
	enum operation operation = OPERATION_WRITE;
	struct s7p_value value = { 0 }, said = { 0 };
	bool valued = true, said_valued = false;
	size_t n_ids = 0;

	(void)m;
	for (uint32_t i = 0; i < n && valued; i++) {
		uint32_t id = s7p_vlq32(data);
		enum operation does;

		if (!cur_ok(data)) {
			break;
		}
		valued = s7p_value_read(data, &value);
		does = s7p_set_operation(id, valued ? &value : NULL);
		if (i == 0 || s7p_weighs_more(does, operation)) {
			operation = does;
			named = id;
			said = value;
			said_valued = valued;
		}
		if (n_ids < ARRAY_SIZE(ids)) {
			ids[n_ids++] = id;
		}
	}
	put_object(d, object);
	put_attributes(d, ids, n_ids, named);
	put_target_object(d, object, cur_of(NULL, 0));
	if (said_valued) {
		put_value(d, named, &said);
	}
	return operation;
}

/* Its parts: an object, and ids from an attribute on. */
static enum operation ask_set_stream(struct dissection *d, const struct s7p_message *m,
				     struct cursor *data)
{
	uint32_t object = cur_be32(data), n, attribute;

	(void)m;
	cur_skip(data, 2);
	n = s7p_vlq32(data);
	attribute = s7p_vlq32(data);
	for (uint32_t i = 1; i < n && cur_ok(data); i++) {
		(void)s7p_vlq32(data);
	}
	put_object(d, object);
	put_attribute(d, attribute);
	put_target_object(d, object, cur_of(NULL, 0));
	return s7p_set_operation(attribute, NULL);
}

static bool is_cpu(uint32_t object)
{
	return object >= S7P_CPU && object <= S7P_CPU_EXEC_UNIT && object != 51;
}

static enum operation get_operation(uint32_t object, uint32_t attribute)
{
	const struct s7p_attribute *known = s7p_attribute(attribute);

	if (attribute == S7P_IM0 && is_cpu(object)) {
		return OPERATION_IDENTIFY;
	}
	return known != NULL && known->get != OPERATION_UNKNOWN ? known->get : OPERATION_DIAGNOSE;
}

/* Object, and a list of ids: flags and type of an array, its length, the ids. */
static enum operation ask_get(struct dissection *d, const struct s7p_message *m,
			      struct cursor *data)
{
	uint32_t object = cur_be32(data), n, attribute, last = 0;

	(void)m;
	cur_skip(data, 2);
	n = s7p_vlq32(data);
	attribute = s7p_vlq32(data);
	for (uint32_t i = 1; i < n && cur_ok(data); i++) {
		last = s7p_vlq32(data);
	}
	/* Enough for the answer: object, attribute, and what is meant in it. */
	transaction_note(d, (uint64_t)object << 32 | (uint64_t)(attribute & 0xffff) << 16 |
				(last & 0xffff));
	put_object(d, object);
	put_attribute(d, attribute);
	return get_operation(object, attribute);
}

/* Identification and maintenance data 0, as modules on PROFINET give it: block type 2, length 2,
 * version 2, vendor 2 (42 is Siemens), order number 20, serial number 16, hardware version 2,
 * kind of firmware 1, firmware version 3. */
static void put_im0(struct dissection *d, struct cursor im0, bool cpu)
{
	char firmware[24];
	struct s7p_text text = { firmware, 0, sizeof(firmware) };
	struct cursor order, serial;
	uint16_t hardware;

	cur_skip(&im0, 8);
	order = trimmed(cur_sub(&im0, 20));
	serial = trimmed(cur_sub(&im0, 16));
	hardware = cur_be16(&im0);
	s7p_say(&text, (char[]) { (char)cur_u8(&im0), '\0' });
	for (unsigned i = 0; i < 3; i++) {
		s7p_say(&text, i > 0 ? "." : "");
		s7p_say_number(&text, cur_u8(&im0));
	}
	if (!cur_ok(&im0) || cur_left(&order) == 0) {
		return;
	}
	if (!cpu) {
		record_put_bytes(d->writer, PUT(MODULE_ORDER_NUMBER), order);
		record_put_bytes(d->writer, PUT(MODULE_SERIAL), serial);
		record_put_text(d->writer, PUT(MODULE_FIRMWARE), firmware);
		return;
	}
	put_order_number(d, order);
	record_put_bytes(d->writer, PUT(SERIAL), serial);
	record_put_uint(d->writer, PUT(HARDWARE), hardware);
	record_put_text(d->writer, PUT(FIRMWARE), firmware);
	dissect_identity(d);
}

static void put_mode(struct dissection *d, uint64_t state)
{
	record_put_double(d->writer, PUT(VALUE), (double)state);
	s7p_put_mode(d, state);
	dissect_identity(d);
}

/* What is known of the value that came. */
static void put_got(struct dissection *d, uint64_t note, const struct s7p_value *value)
{
	uint32_t object = (uint32_t)(note >> 32), attribute = note >> 16 & 0xffff;
	struct s7p_value member;

	if (attribute == S7P_IM0) {
		put_im0(d, s7p_value_bytes(value), is_cpu(object));
	} else if (attribute == S7P_DIAGNOSTIC_STATE && object == S7P_CPU_EXEC_UNIT &&
		   (note & 0xffff) == S7P_OPERATING_STATE) {
		put_mode(d, s7p_value_natural(value));
	} else if (attribute == S7P_DIAGNOSTIC_STATE && object == S7P_CPU_EXEC_UNIT &&
		   s7p_value_member(value, S7P_OPERATING_STATE, &member)) {
		put_mode(d, s7p_value_natural(&member));
	} else if (attribute == S7P_PROTECTION) {
		record_put_uint(d->writer, PUT(PROTECTION), s7p_value_natural(value));
		dissect_identity(d);
	} else if (attribute == S7P_EFFECTIVE_PROTECTION) {
		record_put_double(d->writer, PUT(VALUE), (double)s7p_value_natural(value));
	} else {
		put_value(d, attribute, value);
	}
}

static void answer_get(struct dissection *d, struct cursor *data, const struct pending *asked)
{
	struct s7p_value value;

	cur_skip(data, 1);
	if (s7p_value_read(data, &value) && asked != NULL && value.type != 0) {
		put_got(d, pending_note(asked), &value);
	}
}

/* ---- explore ---- */

/* What is explored, how far, and which attributes are named. */
struct explored {
	uint32_t object;
	uint8_t recursive, filters, n;
	struct cursor attributes;
	bool content; /* the code or data of blocks is among them */
};

static void read_filters(struct cursor *data, unsigned n)
{
	for (unsigned i = 0; i < n && cur_ok(data); i++) {
		uint16_t ids;

		cur_skip(data, 5); /* a structure: type, id */
		while (cur_left(data) > 0 && s7p_vlq32(data) != 0) {
			(void)s7p_value_read(data, &(struct s7p_value) { 0 });
		}
		ids = cur_be16(data);
		for (unsigned id = 0; id < ids && cur_ok(data); id++) {
			(void)s7p_vlq32(data);
		}
	}
}

static bool read_explore(struct cursor *data, struct explored *out)
{
	out->object = cur_be32(data);
	(void)s7p_vlq32(data);
	out->recursive = cur_u8(data);
	cur_skip(data, 2);
	out->filters = cur_u8(data);
	out->n = cur_u8(data);
	out->content = out->n == 0;
	read_filters(data, out->filters);
	out->attributes = *data;
	for (unsigned i = 0; i < out->n && cur_ok(data); i++) {
		const struct s7p_attribute *attribute = s7p_attribute(s7p_vlq32(data));

		out->content = out->content || (attribute != NULL && attribute->content);
	}
	return cur_ok(data);
}

/* Blocks that are read whole, or all below the program or the hardware configuration. */
static bool is_upload(const struct explored *explored)
{
	bool all = explored->object == 2 || explored->object == 3;

	return explored->content && explored->filters == 0 &&
	       ((all && explored->recursive != 0) || s7p_block_of(explored->object) != NULL);
}

static enum operation ask_explore(struct dissection *d, const struct s7p_message *m,
				  struct cursor *data)
{
	struct explored explored;
	uint32_t ids[16];

	(void)m;
	if (!read_explore(data, &explored)) {
		return OPERATION_DIAGNOSE;
	}
	put_object(d, explored.object);
	put_target_object(d, explored.object, cur_of(NULL, 0));
	record_put_bool(d->writer, PUT(RECURSIVE), explored.recursive != 0);
	for (unsigned i = 0; i < size_min(explored.n, ARRAY_SIZE(ids)); i++) {
		ids[i] = s7p_vlq32(&explored.attributes);
	}
	if (explored.n > 0) {
		record_put_uint32s(d->writer, PUT(ATTRIBUTE), ids,
				   size_min(explored.n, ARRAY_SIZE(ids)));
	}
	return is_upload(&explored) ? OPERATION_PROGRAM_UPLOAD : OPERATION_DIAGNOSE;
}

static void answer_explore(struct dissection *d, struct cursor *data, const struct pending *asked)
{
	uint32_t object = cur_be32(data);
	struct cursor look = *data;

	if (asked == NULL) {
		put_object(d, object);
	}
	/* A counter of the session, where there is one. */
	if (cur_left(&look) > 0 && cur_u8(&look) != 0xa1) {
		(void)s7p_vlq32(data);
	}
}

/* ---- links, sequences, methods ---- */

static enum operation ask_link(struct dissection *d, const struct s7p_message *m,
			       struct cursor *data)
{
	uint32_t object = cur_be32(data), attribute = s7p_vlq32(data);

	put_object(d, object);
	put_attribute(d, attribute);
	if (m->function != 0x0524) {
		put_target_object(d, object, cur_of(NULL, 0));
	}
	return m->function == 0x0524 ? OPERATION_DIAGNOSE : OPERATION_CONFIG_WRITE;
}

/* What brackets a download. */
static enum operation ask_sequence(struct dissection *d, const struct s7p_message *m,
				   struct cursor *data)
{
	(void)m;
	record_put_static(d->writer, CORE_TARGET, "download transaction");
	cur_skip(data, cur_left(data));
	return OPERATION_PROGRAM_DOWNLOAD;
}

#define ADDRESS_RESOLVER 1387 /* gives the address of a symbol */

/* Methods of the object that gives access to files. */
static const struct {
	const char *name;
	enum operation operation;
} file_methods[] = {
	[1] = { "init", OPERATION_SESSION },
	[2] = { "open_file", OPERATION_FILE_READ },
	[3] = { "read_file", OPERATION_FILE_READ },
	[4] = { "write_file", OPERATION_FILE_WRITE },
	[5] = { "close_file", OPERATION_FILE_READ },
	[6] = { "open_directory", OPERATION_FILE_READ },
	[7] = { "read_directory", OPERATION_FILE_READ },
	[8] = { "close_directory", OPERATION_FILE_READ },
	[9] = { "delete_file", OPERATION_FILE_DELETE },
	[10] = { "create_directory", OPERATION_FILE_WRITE },
	[11] = { "delete_directory", OPERATION_FILE_DELETE },
	[12] = { "file_information", OPERATION_FILE_READ },
	[13] = { "rename_file", OPERATION_FILE_WRITE },
};

static enum operation ask_invoke(struct dissection *d, const struct s7p_message *m,
				 struct cursor *data)
{
	const struct s7p_state *state = d->state;
	uint32_t object = cur_be32(data), method = cur_be32(data);
	bool file = object == state->file_manager && object != 0 &&
		    method < ARRAY_SIZE(file_methods) && file_methods[method].name != NULL;
	char text[64];
	struct s7p_text target = { text, 0, sizeof(text) };

	(void)m;
	put_object(d, object);
	record_put_uint(d->writer, PUT(METHOD), method);
	target.n = s7p_object_text(object, true, text, sizeof(text));
	if (file) {
		target.n = 0;
		s7p_say(&target, file_methods[method].name);
	} else {
		s7p_say(&target, " method ");
		s7p_say_number(&target, method);
	}
	record_put_text(d->writer, CORE_TARGET, text);
	if (file) {
		return file_methods[method].operation;
	}
	return object == ADDRESS_RESOLVER ? OPERATION_DIAGNOSE : OPERATION_CONTROL;
}

/* ---- the table ---- */

#define FIRST_CODE 0x04b1
#define ROW(code)  [(code)-FIRST_CODE]

static const struct function {
	const char *name;
	enum operation operation; /* of an answer whose request was not seen */
	enum operation (*ask)(struct dissection *d, const struct s7p_message *m,
			      struct cursor *data);
	void (*answer)(struct dissection *d, struct cursor *data, const struct pending *asked);
} functions[] = {
	ROW(0x04b1) = { "error", OPERATION_UNKNOWN, NULL, NULL },
	ROW(S7P_EXPLORE) = { "explore", OPERATION_DIAGNOSE, ask_explore, answer_explore },
	ROW(S7P_CREATE_OBJECT) = { "create_object", OPERATION_UNKNOWN, ask_create, answer_create },
	ROW(0x04d4) = { "delete_object", OPERATION_UNKNOWN, ask_delete, NULL },
	ROW(0x04f2) = { "set_variable", OPERATION_WRITE, ask_set, NULL },
	ROW(0x04fc) = { "get_variable", OPERATION_DIAGNOSE, ask_get, answer_get },
	ROW(0x0506) = { "add_link", OPERATION_CONFIG_WRITE, ask_link, NULL },
	ROW(0x051a) = { "remove_link", OPERATION_CONFIG_WRITE, ask_link, NULL },
	ROW(0x0524) = { "get_link", OPERATION_DIAGNOSE, ask_link, NULL },
	ROW(S7P_SET_MULTI_VARIABLES) = { "set_multi_variables", OPERATION_WRITE, s7p_ask_set_multi,
					 NULL },
	ROW(S7P_GET_MULTI_VARIABLES) = { "get_multi_variables", OPERATION_READ, s7p_ask_get_multi,
					 NULL },
	ROW(0x0556) = { "begin_sequence", OPERATION_PROGRAM_DOWNLOAD, ask_sequence, NULL },
	ROW(0x0560) = { "end_sequence", OPERATION_PROGRAM_DOWNLOAD, ask_sequence, NULL },
	ROW(0x056b) = { "invoke", OPERATION_CONTROL, ask_invoke, NULL },
	ROW(0x057c) = { "set_variable_substream", OPERATION_WRITE, ask_set_stream, NULL },
	ROW(0x0586) = { "get_variable_substream", OPERATION_DIAGNOSE, ask_get, answer_get },
	ROW(0x0590) = { "get_variables_address", OPERATION_DIAGNOSE, NULL, NULL },
	ROW(0x059a) = { "abort", OPERATION_SESSION, NULL, NULL },
	ROW(0x05a9) = { "error", OPERATION_UNKNOWN, NULL, NULL },
	ROW(0x05b3) = { "init_tls", OPERATION_SESSION, NULL, NULL },
};

static const struct function *function_of(uint16_t code)
{
	static const struct function unknown = { NULL, OPERATION_UNKNOWN, NULL, NULL };
	unsigned at = code - (unsigned)FIRST_CODE;

	return at < ARRAY_SIZE(functions) ? &functions[at] : &unknown;
}

const char *s7p_function_name(uint16_t code)
{
	return function_of(code)->name;
}

/* ---- requests and answers ---- */

void s7p_put_head(struct dissection *d, const struct s7p_message *m)
{
	record_put_uint(d->writer, PUT(VERSION), m->version);
	if (m->opcode != S7P_NOTIFICATION) {
		record_put_uint(d->writer, PUT(FUNCTION_CODE), m->function);
		record_put_uint(d->writer, PUT(SEQUENCE), m->sequence);
	}
	if (m->opcode == S7P_REQUEST) {
		record_put_uint(d->writer, PUT(SESSION), m->session);
	}
	record_put_bool(d->writer, PUT(INTEGRITY), m->integrity);
	if (m->fragmented) {
		record_put_bool(d->writer, PUT(FRAGMENTED), true);
	}
}

static uint64_t pairing_key(const struct s7p_message *m)
{
	return m->sequence | (uint64_t)m->function << 16;
}

bool s7p_is_tree(const struct s7p_message *m)
{
	return (m->opcode == S7P_REQUEST && m->function == S7P_CREATE_OBJECT) ||
	       (m->opcode == S7P_RESPONSE && m->function == S7P_EXPLORE);
}

/* Flag 0x40: the client needs no answer. Old controllers give one all the same, of a kind of its
 * own. */
static bool needs_no_answer(const struct s7p_message *m)
{
	return (m->flags & 0x40) != 0 && m->version >= 3;
}

static void put_data(struct dissection *d, struct cursor data)
{
	struct cursor look = data;

	while (cur_left(&look) > 0 && cur_u8(&look) == 0) {
	}
	/* Every message ends with zeros. */
	if (cur_left(&look) > 0) {
		record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&data, 64));
	}
}

static void request_items(struct dissection *d, const struct s7p_message *m,
			  enum operation operation, struct cursor data)
{
	if (!operation_reports_request(operation)) {
		return;
	}
	if (m->function == S7P_SET_MULTI_VARIABLES) {
		s7p_ask_set_multi_items(d, operation, data, PHASE_REQUEST, cur_of(NULL, 0));
	} else if (m->function == S7P_CREATE_OBJECT) {
		create_items(d, m, operation, data);
	}
}

/* Begins to tell the blocks of the tree in *data. */
static void begin_tree(struct dissection *d, struct s7p_walk *walk, enum operation operation,
		       enum phase phase)
{
	s7p_walk_begin(walk, operation, phase);
	walk->record = transaction_record(d);
}

enum parsed s7p_request(struct dissection *d, const struct s7p_message *m, struct cursor *data,
			struct s7p_walk *walk)
{
	const struct function *function = function_of(m->function);
	struct cursor whole = *data;
	enum operation operation = OPERATION_UNKNOWN;
	bool ended = false;

	dissect_count(d, MESSAGE_REQUEST, m->function);
	transaction_open(d, pairing_key(m));
	record_put_static(d->writer, CORE_FUNCTION, function->name);
	s7p_put_head(d, m);
	if (function->ask != NULL) {
		operation = function->ask(d, m, data);
		ended = !cur_ok(data);
	} else {
		operation = function->operation;
		put_data(d, *data);
	}
	if (m->function == S7P_SET_MULTI_VARIABLES) {
		transaction_keep(d, whole);
	}
	if (ended) {
		dissect_malformed(d, "short");
	}
	transaction_ask(d, operation, needs_no_answer(m));
	request_items(d, m, operation, whole);
	if (m->function == S7P_CREATE_OBJECT && operation == OPERATION_PROGRAM_DOWNLOAD) {
		begin_tree(d, walk, operation, PHASE_REQUEST);
	}
	return function->name == NULL ? PARSED_UNKNOWN : ended ? PARSED_MALFORMED : PARSED;
}

/* The return value, and what it says. */
static enum outcome put_return_value(struct dissection *d, const struct s7p_message *m,
				     uint64_t value)
{
	int16_t code = (int16_t)(value & 0xffff);

	if (value == 0) {
		return OUTCOME_SUCCESS;
	}
	record_put_uint(d->writer, PUT(RETURN_VALUE), value);
	record_put_int(d->writer, PUT(ERROR_CODE), code);
	if (code >= 0) {
		return OUTCOME_SUCCESS;
	}
	if (s7p_error(value) != NULL) {
		record_put_static(d->writer, PUT(ERROR), s7p_error(value));
	}
	dissect_count_error(d, m->function);
	return OUTCOME_FAILURE;
}

/* Items of an answer, and whether any failed. */
static size_t count_items(struct dissection *d, const struct s7p_message *m, struct cursor data,
			  const struct pending *asked)
{
	size_t n = 0, failed = 0;

	if (m->function == S7P_GET_MULTI_VARIABLES) {
		s7p_count_get_multi(data, &n, &failed);
		if (asked == NULL) {
			transaction_items(d, n, failed);
			return failed;
		}
	} else if (m->function == S7P_SET_MULTI_VARIABLES) {
		failed = s7p_count_errors(data);
	}
	if (failed > 0) {
		record_put_uint(d->writer, CORE_ITEMS_FAILED, failed);
	}
	return failed;
}

static void answer_items(struct dissection *d, const struct s7p_message *m,
			 enum operation operation, struct cursor kept, struct cursor data)
{
	if (m->function == S7P_GET_MULTI_VARIABLES) {
		s7p_answer_get_multi_items(d, operation, kept, data);
	} else if (m->function == S7P_SET_MULTI_VARIABLES && cur_left(&kept) > 0 &&
		   operation_reports_request(operation)) {
		s7p_ask_set_multi_items(d, operation, kept, PHASE_COMPLETE, data);
	}
}

enum parsed s7p_response(struct dissection *d, const struct s7p_message *m, struct cursor *data,
			 struct s7p_walk *walk)
{
	const struct function *function = function_of(m->function);
	struct pending *asked = transaction_find(d, pairing_key(m));
	enum operation operation = asked != NULL ? pending_operation(asked) : function->operation;
	struct cursor kept = asked != NULL ? pending_kept(asked) : cur_of(NULL, 0), list;
	enum outcome outcome;
	uint64_t value;
	size_t failed;
	bool ended;

	dissect_count(d, MESSAGE_RESPONSE, m->function);
	transaction_answer(d, asked, operation);
	if (asked == NULL) {
		record_put_static(d->writer, CORE_FUNCTION, function->name);
		s7p_put_head(d, m);
	}
	value = s7p_vlq64(data);
	outcome = put_return_value(d, m, value);
	list = *data;
	if (function->answer != NULL && outcome != OUTCOME_FAILURE) {
		function->answer(d, data, asked);
	} else if (function->name == NULL) {
		put_data(d, *data);
	}
	ended = !cur_ok(data);
	failed = count_items(d, m, list, asked);
	if (ended) {
		dissect_malformed(d, "short");
	}
	transaction_done(d, failed > 0 ? OUTCOME_FAILURE : outcome);
	answer_items(d, m, operation, kept, list);
	if (m->function == S7P_EXPLORE && outcome != OUTCOME_FAILURE) {
		begin_tree(d, walk, operation, PHASE_COMPLETE);
	}
	return function->name == NULL ? PARSED_UNKNOWN : ended ? PARSED_MALFORMED : PARSED;
}
