/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* How S7comm-plus writes values and objects.
 *
 *	value:  flags 1 (0x10 array, 0x20 address array, 0x40 sparse array) | type 1 | elements
 *	object: 0xa1 | id 4 | class v | flags v | attribute v [flags v] | members | 0xa2
 *	member: 0xa3 attribute v, value; 0xa4 relation v, id 4; 0xa7 variable, 0xa8;
 *	        0xab, 0xac lists: (length 2, bytes)... 0 2; an object
 *
 * v is a number of variable length: seven bits a byte, the highest first, 0x80 where more follow; a
 * ninth byte counts in full.  As trees of objects come in many parts, and are longer than what is
 * ever kept, they are passed over token by token. */

#include "dissectors/s7comm_plus_private.h"

#include <string.h>

uint32_t s7p_vlq32(struct cursor *bytes)
{
	uint32_t value = 0;

	for (int i = 0; i < 5; i++) {
		uint8_t octet = cur_u8(bytes);

		value = value << 7 | (octet & 0x7f);
		if ((octet & 0x80) == 0) {
			break;
		}
	}
	return value;
}

uint64_t s7p_vlq64(struct cursor *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++) {
		uint8_t octet = cur_u8(bytes);

		value = value << 7 | (octet & 0x7f);
		if ((octet & 0x80) == 0) {
			return value;
		}
	}
	return value << 8 | cur_u8(bytes);
}

/* Bit 6 of the first byte is the sign. */
int64_t s7p_signed_vlq(struct cursor *bytes, bool wide)
{
	struct cursor look = *bytes;
	uint64_t value = (cur_u8(&look) & 0x40) != 0 ? UINT64_MAX : 0;

	for (int i = 0; i < (wide ? 8 : 5); i++) {
		uint8_t octet = cur_u8(bytes);

		value = value << 7 | (octet & 0x7f);
		if ((octet & 0x80) == 0) {
			return (int64_t)value;
		}
	}
	return (int64_t)(wide ? value << 8 | cur_u8(bytes) : value);
}

/* ---- types ---- */

enum shape { FIXED, VLQ32, VLQ64, SIGNED32, SIGNED64, TEXT, BLOB, STRUCT };

enum {
	TYPE_BOOL = 1,
	TYPE_USINT = 2,
	TYPE_BYTE = 10,
	TYPE_REAL = 14,
	TYPE_LREAL = 15,
	TYPE_BLOB = 20,
	TYPE_TEXT = 21,
	TYPE_STRUCT = 23
};

static const struct {
	const char *name;
	uint8_t shape, width;
	bool negative; /* of fixed width, may be negative */
} types[] = {
	[0] = { "null", FIXED, 0, false },
	[TYPE_BOOL] = { "bool", FIXED, 1, false },
	[TYPE_USINT] = { "usint", FIXED, 1, false },
	[3] = { "uint", FIXED, 2, false },
	[4] = { "udint", VLQ32, 0, false },
	[5] = { "ulint", VLQ64, 0, false },
	[6] = { "sint", FIXED, 1, true },
	[7] = { "int", FIXED, 2, true },
	[8] = { "dint", SIGNED32, 0, false },
	[9] = { "lint", SIGNED64, 0, false },
	[TYPE_BYTE] = { "byte", FIXED, 1, false },
	[11] = { "word", FIXED, 2, false },
	[12] = { "dword", FIXED, 4, false },
	[13] = { "lword", FIXED, 8, false },
	[TYPE_REAL] = { "real", FIXED, 4, false },
	[TYPE_LREAL] = { "lreal", FIXED, 8, false },
	[16] = { "timestamp", FIXED, 8, false },
	[17] = { "timespan", SIGNED64, 0, false },
	[18] = { "rid", FIXED, 4, false },
	[19] = { "aid", VLQ32, 0, false },
	[TYPE_BLOB] = { "blob", BLOB, 0, false },
	[TYPE_TEXT] = { "wstring", TEXT, 0, false },
	[22] = { "variant", VLQ32, 0, false },
	[TYPE_STRUCT] = { "struct", STRUCT, 0, false },
};

const char *s7p_type_name(uint8_t type)
{
	return type < ARRAY_SIZE(types) ? types[type].name : NULL;
}

/* ---- passing over ---- */

enum { FLAG_ARRAY = 0x10, FLAG_ADDRESS_ARRAY = 0x20, FLAG_SPARSE = 0x40 };

enum kind {
	KIND_VALUE,   /* flags and type come next, once */
	KIND_MEMBERS, /* of a structure: id and value, until id 0 */
	KIND_STRUCTS, /* `left` structures without heads */
	KIND_SPARSE,  /* key and element, until key 0 */
	KIND_ARRAY,   /* `left` elements */
	KIND_OBJECT,  /* members of an object, or objects */
	KIND_LIST     /* length and bytes, until length 0 */
};

static bool push(struct s7p_pass *pass, enum kind kind, uint8_t type, uint32_t left)
{
	if (pass->depth >= S7P_DEPTH) {
		return false;
	}
	pass->level[pass->depth].kind = (uint8_t)kind;
	pass->level[pass->depth].type = type;
	pass->level[pass->depth].left = left;
	pass->depth++;
	return true;
}

void s7p_pass_value(struct s7p_pass *pass)
{
	pass->depth = 0;
	pass->skip = 0;
	(void)push(pass, KIND_VALUE, 0, 0);
}

void s7p_pass_objects(struct s7p_pass *pass)
{
	pass->depth = 0;
	pass->skip = 0;
	(void)push(pass, KIND_OBJECT, 0, 0);
}

/* Structures of a library or a user's type: their members as the controller keeps them. */
static bool is_packed(uint32_t structure)
{
	return (structure > 0x90000000 && structure < 0x9fffffff) ||
	       (structure > 0x02000000 && structure < 0x02ffffff);
}

/* Enters a structure, behind its flags and type. */
static enum s7p_event enter_struct(struct s7p_pass *pass, struct cursor *bytes)
{
	uint32_t structure = cur_be32(bytes);

	if (!is_packed(structure)) {
		if (!cur_ok(bytes)) {
			return S7P_MORE;
		}
		return push(pass, KIND_MEMBERS, 0, 0) ? S7P_PASSED : S7P_BAD;
	}
	cur_skip(bytes, 8); /* time of its interface */
	uint32_t flags = s7p_vlq32(bytes), n = s7p_vlq32(bytes);

	/* 0x400: the number of elements comes before the length. */
	n = (flags & 0x400) != 0 ? s7p_vlq32(bytes) : n;
	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	pass->skip = n;
	return S7P_PASSED;
}

/* One element. */
static enum s7p_event pass_element(struct s7p_pass *pass, uint8_t type, struct cursor *bytes)
{
	uint32_t skip = 0;

	switch ((enum shape)types[type].shape) {
	case FIXED:
		cur_skip(bytes, types[type].width);
		break;
	case VLQ32:
	case SIGNED32:
		(void)s7p_vlq32(bytes);
		break;
	case VLQ64:
	case SIGNED64:
		(void)s7p_vlq64(bytes);
		break;
	case BLOB:
		/* The id of what it holds; 0 nearly always, else 9 bytes follow. */
		skip = s7p_vlq32(bytes) != 0 ? 9 : s7p_vlq32(bytes);
		break;
	case TEXT:
		skip = s7p_vlq32(bytes);
		break;
	case STRUCT:
		return enter_struct(pass, bytes);
	}
	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	pass->skip = skip;
	return S7P_PASSED;
}

/* A value, from its flags on; its level was taken off. */
static enum s7p_event pass_value(struct s7p_pass *pass, struct cursor *bytes)
{
	uint8_t flags = cur_u8(bytes), type = cur_u8(bytes);
	uint32_t n;

	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	if (type >= ARRAY_SIZE(types)) {
		return S7P_BAD;
	}
	if ((flags & FLAG_SPARSE) != 0) {
		return push(pass, KIND_SPARSE, type, 0) ? S7P_PASSED : S7P_BAD;
	}
	if ((flags & (FLAG_ARRAY | FLAG_ADDRESS_ARRAY)) == 0) {
		return pass_element(pass, type, bytes);
	}
	n = s7p_vlq32(bytes);
	if (types[type].shape == STRUCT) {
		cur_skip(bytes, 4);
	}
	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	if (types[type].width == 1) {
		pass->skip = n;
		return S7P_PASSED;
	}
	/* Elements without bytes would be counted down for nothing. */
	n = type == 0 ? 0 : n;
	return push(pass, types[type].shape == STRUCT ? KIND_STRUCTS : KIND_ARRAY, type, n)
		   ? S7P_PASSED
		   : S7P_BAD;
}

static enum s7p_event pass_member(struct s7p_pass *pass, struct cursor *bytes)
{
	uint32_t id = s7p_vlq32(bytes);

	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	if (id == 0) {
		pass->depth--;
		return S7P_PASSED;
	}
	return push(pass, KIND_VALUE, 0, 0) ? S7P_PASSED : S7P_BAD;
}

static enum s7p_event pass_sparse(struct s7p_pass *pass, uint8_t type, struct cursor *bytes)
{
	uint32_t key = s7p_vlq32(bytes);

	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	if (key == 0) {
		pass->depth--;
		return S7P_PASSED;
	}
	return pass_element(pass, type, bytes);
}

/* One of `left` elements or structures. */
static enum s7p_event pass_counted(struct s7p_pass *pass, struct cursor *bytes)
{
	unsigned at = pass->depth - 1U;
	uint8_t type = pass->level[at].type;
	enum s7p_event event;

	if (pass->level[at].left == 0) {
		pass->depth--;
		return S7P_PASSED;
	}
	if (pass->level[at].kind == KIND_STRUCTS) {
		event = push(pass, KIND_MEMBERS, 0, 0) ? S7P_PASSED : S7P_BAD;
	} else {
		event = pass_element(pass, type, bytes);
	}
	if (event == S7P_PASSED) {
		pass->level[at].left--;
	}
	return event;
}

static enum s7p_event pass_list(struct s7p_pass *pass, struct cursor *bytes)
{
	uint16_t n = cur_be16(bytes);

	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	if (n == 0) {
		pass->depth--;
	}
	pass->skip = n;
	return S7P_PASSED;
}

/* A variable of a type: what it needs to be found by name. The last byte is the next element's. */
static enum s7p_event pass_variable(struct cursor *bytes)
{
	/* Numbers behind the name, by the kind of its place. */
	static const uint8_t numbers[] = { 2, 4, 6, 0, 4, 6, 8, 7 };
	uint8_t place = cur_u8(bytes);
	uint32_t dimensions;

	cur_skip(bytes, s7p_vlq32(bytes));
	cur_skip(bytes, 2);
	(void)s7p_vlq32(bytes);
	cur_skip(bytes, 4);
	(void)s7p_vlq32(bytes);
	(void)s7p_vlq32(bytes);
	if (place >= ARRAY_SIZE(numbers) || numbers[place] == 0) {
		return cur_ok(bytes) ? S7P_BAD : S7P_MORE;
	}
	dimensions = 0;
	for (unsigned i = 0; i < numbers[place]; i++) {
		dimensions = s7p_vlq32(bytes);
	}
	for (uint32_t i = 0; place == 7 && i < 2 * dimensions && cur_ok(bytes); i++) {
		(void)s7p_vlq32(bytes);
	}
	return cur_ok(bytes) ? S7P_PASSED : S7P_MORE;
}

static enum s7p_event pass_object_head(struct s7p_pass *pass, struct cursor *bytes)
{
	uint32_t object = cur_be32(bytes), class = s7p_vlq32(bytes);

	(void)s7p_vlq32(bytes);
	if (s7p_vlq32(bytes) != 0) {
		(void)s7p_vlq32(bytes);
	}
	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	if (!push(pass, KIND_OBJECT, 0, 0)) {
		return S7P_BAD;
	}
	pass->object = object;
	pass->class = class;
	return S7P_OBJECT;
}

static enum s7p_event pass_attribute(struct s7p_pass *pass, struct cursor *bytes)
{
	uint32_t attribute = s7p_vlq32(bytes);

	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	if (attribute == 0) {
		return S7P_PASSED;
	}
	pass->attribute = attribute;
	return push(pass, KIND_VALUE, 0, 0) ? S7P_ATTRIBUTE : S7P_BAD;
}

static enum s7p_event pass_object(struct s7p_pass *pass, struct cursor *bytes)
{
	struct cursor whole = *bytes;
	uint8_t element = cur_u8(bytes);

	if (!cur_ok(bytes)) {
		return S7P_MORE;
	}
	switch (element) {
	case 0xa1:
		return pass_object_head(pass, bytes);
	case 0xa2:
		pass->depth--;
		return S7P_OBJECT_END;
	case 0xa3:
		return pass_attribute(pass, bytes);
	case 0xa4:
		(void)s7p_vlq32(bytes);
		cur_skip(bytes, 4);
		return cur_ok(bytes) ? S7P_PASSED : S7P_MORE;
	case 0xa7:
		return pass_variable(bytes);
	case 0xa8:
		return S7P_PASSED;
	case 0xab:
	case 0xac:
		return push(pass, KIND_LIST, 0, 0) ? S7P_PASSED : S7P_BAD;
	default:
		/* Behind the last object something else comes. */
		*bytes = whole;
		pass->depth--;
		return pass->depth == 0 ? S7P_END : S7P_BAD;
	}
}

static enum s7p_event step(struct s7p_pass *pass, struct cursor *bytes)
{
	unsigned at = pass->depth - 1U;
	enum s7p_event event;

	switch ((enum kind)pass->level[at].kind) {
	case KIND_VALUE:
		pass->depth--;
		event = pass_value(pass, bytes);
		pass->depth = event == S7P_MORE ? (uint8_t)(at + 1) : pass->depth;
		return event;
	case KIND_MEMBERS:
		return pass_member(pass, bytes);
	case KIND_SPARSE:
		return pass_sparse(pass, pass->level[at].type, bytes);
	case KIND_STRUCTS:
	case KIND_ARRAY:
		return pass_counted(pass, bytes);
	case KIND_LIST:
		return pass_list(pass, bytes);
	case KIND_OBJECT:
		break;
	}
	return pass_object(pass, bytes);
}

enum s7p_event s7p_pass_step(struct s7p_pass *pass, struct cursor *bytes)
{
	struct cursor look = *bytes;
	enum s7p_event event;

	if (pass->skip > 0) {
		size_t n = size_min(pass->skip, cur_left(bytes));

		cur_skip(bytes, n);
		pass->skip = pass->skip - (uint32_t)n;
		return n > 0 ? S7P_PASSED : S7P_MORE;
	}
	if (pass->depth == 0) {
		return S7P_END;
	}
	event = step(pass, &look);
	if (event != S7P_MORE && event != S7P_BAD) {
		*bytes = look;
	}
	return event;
}

/* ---- reading ---- */

/* Passes over one value; *bytes bad when it is not whole. */
static void pass_whole(struct cursor *bytes)
{
	struct s7p_pass pass;
	enum s7p_event event = S7P_PASSED;

	s7p_pass_value(&pass);
	while (event != S7P_END && cur_ok(bytes)) {
		event = s7p_pass_step(&pass, bytes);
		if (event == S7P_MORE || event == S7P_BAD) {
			*bytes = cur_bad();
		}
	}
}

bool s7p_value_read(struct cursor *bytes, struct s7p_value *out)
{
	struct cursor look = *bytes;
	uint8_t flags = cur_u8(&look), type = cur_u8(&look);

	*out = (struct s7p_value) { .type = type, .count = 1, .raw = cur_of(NULL, 0) };
	if (!cur_ok(&look) || type >= ARRAY_SIZE(types)) {
		*bytes = cur_bad();
		return false;
	}
	out->sparse = (flags & FLAG_SPARSE) != 0;
	out->array = !out->sparse && (flags & (FLAG_ARRAY | FLAG_ADDRESS_ARRAY)) != 0;
	if (likely(!out->array && !out->sparse && types[type].shape == FIXED)) {
		out->raw = cur_sub(&look, types[type].width);
		*bytes = look;
		return cur_ok(bytes);
	}
	pass_whole(bytes);
	if (!cur_ok(bytes)) {
		return false;
	}
	if (out->array) {
		out->count = s7p_vlq32(&look);
	}
	out->raw = cur_sub(&look, cur_left(&look) - cur_left(bytes));
	return true;
}

/* One number of fixed width. */
static double fixed_number(uint8_t type, struct cursor *bytes)
{
	uint64_t value = 0;
	unsigned width = types[type].width;
	double real;

	for (unsigned i = 0; i < width; i++) {
		value = value << 8 | cur_u8(bytes);
	}
	if (type == TYPE_REAL) {
		uint32_t bits = (uint32_t)value;
		float single;

		memcpy(&single, &bits, sizeof(single));
		return (double)single;
	}
	if (type == TYPE_LREAL) {
		memcpy(&real, &value, sizeof(real));
		return real;
	}
	if (types[type].negative && (value >> (8 * width - 1) & 1) != 0) {
		return (double)value - (double)(UINT64_C(1) << (8 * width));
	}
	return (double)value;
}

size_t s7p_value_numbers(const struct s7p_value *value, double *out, size_t max)
{
	struct cursor bytes = value->raw;
	size_t n = 0;

	if (value->sparse || value->type == 0) {
		return 0;
	}
	for (; n < size_min(value->count, max) && cur_left(&bytes) > 0; n++) {
		switch ((enum shape)types[value->type].shape) {
		case FIXED:
			out[n] = fixed_number(value->type, &bytes);
			break;
		case VLQ32:
			out[n] = s7p_vlq32(&bytes);
			break;
		case VLQ64:
			out[n] = (double)s7p_vlq64(&bytes);
			break;
		case SIGNED32:
		case SIGNED64:
			out[n] =
			    (double)s7p_signed_vlq(&bytes, types[value->type].shape == SIGNED64);
			break;
		case TEXT:
		case BLOB:
		case STRUCT:
			return 0;
		}
	}
	return n;
}

struct cursor s7p_value_text(const struct s7p_value *value)
{
	struct cursor bytes = value->raw;

	if (value->type != TYPE_TEXT || value->array || value->sparse) {
		return cur_of(NULL, 0);
	}
	return cur_sub(&bytes, s7p_vlq32(&bytes));
}

struct cursor s7p_value_bytes(const struct s7p_value *value)
{
	struct cursor bytes = value->raw;

	if (value->sparse) {
		return cur_of(NULL, 0);
	}
	if (value->type == TYPE_BLOB && !value->array) {
		return s7p_vlq32(&bytes) == 0 ? cur_sub(&bytes, s7p_vlq32(&bytes)) : bytes;
	}
	return value->array && types[value->type].width == 1 ? bytes : cur_of(NULL, 0);
}

uint64_t s7p_value_natural(const struct s7p_value *value)
{
	struct cursor bytes = value->raw;
	uint64_t number = 0;
	int64_t whole;

	if (value->array || value->sparse) {
		return 0;
	}
	switch ((enum shape)types[value->type].shape) {
	case FIXED:
		for (unsigned i = 0; i < types[value->type].width; i++) {
			number = number << 8 | cur_u8(&bytes);
		}
		return number;
	case VLQ32:
		return s7p_vlq32(&bytes);
	case VLQ64:
		return s7p_vlq64(&bytes);
	case SIGNED32:
	case SIGNED64:
		whole = s7p_signed_vlq(&bytes, types[value->type].shape == SIGNED64);
		return whole > 0 ? (uint64_t)whole : 0;
	case TEXT:
	case BLOB:
	case STRUCT:
		break;
	}
	return 0;
}

bool s7p_value_member(const struct s7p_value *value, uint32_t id, struct s7p_value *out)
{
	struct cursor bytes = value->raw;

	if (value->type != TYPE_STRUCT || value->array || value->sparse) {
		return false;
	}
	if (is_packed(cur_be32(&bytes))) {
		return false;
	}
	while (cur_left(&bytes) > 0) {
		uint32_t member = s7p_vlq32(&bytes);

		if (member == 0 || !s7p_value_read(&bytes, out)) {
			return false;
		}
		if (member == id) {
			return true;
		}
	}
	return false;
}
