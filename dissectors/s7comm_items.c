/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Variables of S7comm: how they are addressed, and their values.
 *
 *	address: 0x12 | length 1 | syntax 1 | the rest
 *	  0x10 by area: transport size 1 | count 2 | data block 2 | area 1 | bit address 3
 *	  0xb0 several ranges of data blocks: ranges 1 | (bytes 1 | data block 2 | first byte 2)...
 *	value: return code 1 | transport size 1 | length 2 (in bits for some sizes) | bytes
 *
 * Addresses and values of odd length are filled up, but for the last. */

#include "dissectors/s7comm_private.h"

enum syntax {
	SYNTAX_ANY = 0x10,
	SYNTAX_NCK = 0x82,
	SYNTAX_NCK_METRIC = 0x83,
	SYNTAX_NCK_INCH = 0x84,
	SYNTAX_DRIVE = 0xa2,
	SYNTAX_DB_RANGES = 0xb0,
	SYNTAX_SYMBOL = 0xb2
};

#define VARIABLE 0x12 /* what every address begins with */

/* ---- transport sizes of addresses ---- */

enum form {
	FORM_BYTES,
	FORM_BIT,
	FORM_UNSIGNED,
	FORM_SIGNED,
	FORM_REAL,
	FORM_TEXT,
	FORM_TIMER, /* three digits of BCD and a time base */
	FORM_TIME   /* date and time */
};

struct type {
	const char *name;
	char letter; /* in an address: DBX, DBB, DBW, DBD */
	uint8_t width, form;
};

static const struct type types[] = {
	[1] = { "bit", 'X', 1, FORM_BIT },
	[2] = { "byte", 'B', 1, FORM_UNSIGNED },
	[3] = { "char", 'B', 1, FORM_TEXT },
	[4] = { "word", 'W', 2, FORM_UNSIGNED },
	[5] = { "int", 'W', 2, FORM_SIGNED },
	[6] = { "dword", 'D', 4, FORM_UNSIGNED },
	[7] = { "dint", 'D', 4, FORM_SIGNED },
	[8] = { "real", 'D', 4, FORM_REAL },
	[9] = { "date", 'W', 2, FORM_UNSIGNED },
	[10] = { "time_of_day", 'D', 4, FORM_UNSIGNED },
	[11] = { "time", 'D', 4, FORM_SIGNED },
	[12] = { "s5time", 'W', 2, FORM_TIMER },
	[15] = { "date_and_time", 'B', 8, FORM_TIME },
	[28] = { "counter", 'W', 2, FORM_UNSIGNED },
	[29] = { "timer", 'W', 2, FORM_TIMER },
	[30] = { "iec_counter", 'W', 2, FORM_BYTES },
	[31] = { "iec_timer", 'W', 2, FORM_BYTES },
	[32] = { "hs_counter", 'D', 4, FORM_UNSIGNED },
};

/* Transport sizes of values: their names, and whether their length counts bits. */
static const struct {
	struct type type;
	bool bits;
} value_types[] = {
	[3] = { { "bit", 'X', 1, FORM_BIT }, true },
	[4] = { { "bytes", 'B', 1, FORM_BYTES }, true },
	[5] = { { "integer", 'W', 2, FORM_SIGNED }, true },
	[6] = { { "double_integer", 'D', 4, FORM_SIGNED }, false },
	[7] = { { "real", 'D', 4, FORM_REAL }, false },
	[9] = { { "octets", 'B', 1, FORM_BYTES }, false },
};

static const struct type *type_of(const struct s7_item *item, const struct s7_value *value)
{
	static const struct type none = { NULL, 'B', 1, FORM_BYTES };

	if (item != NULL && item->syntax == SYNTAX_ANY && item->type < ARRAY_SIZE(types) &&
	    types[item->type].name != NULL) {
		return &types[item->type];
	}
	if (value != NULL && value->transport < ARRAY_SIZE(value_types) &&
	    value_types[value->transport].type.name != NULL) {
		return &value_types[value->transport].type;
	}
	return &none;
}

/* ---- areas ---- */

struct area {
	const char *name, *letter;
	bool numbered; /* the address is a number, not a place in bytes and bits */
	bool in_block;
};

static const struct area areas[256] = {
	[0x01] = { "data_record", "record ", true, false },
	[0x03] = { "system_info_200", "SI", false, false },
	[0x05] = { "system_flags_200", "SM", false, false },
	[0x06] = { "analog_inputs_200", "AI", false, false },
	[0x07] = { "analog_outputs_200", "AQ", false, false },
	[0x1c] = { "counters", "C", true, false },
	[0x1d] = { "timers", "T", true, false },
	[0x1e] = { "iec_counters_200", "C", true, false },
	[0x1f] = { "iec_timers_200", "T", true, false },
	[0x80] = { "peripheral", "PI", false, false },
	[0x81] = { "inputs", "I", false, false },
	[0x82] = { "outputs", "Q", false, false },
	[0x83] = { "flags", "M", false, false },
	[0x84] = { "db", "DB", false, true },
	[0x85] = { "instance_db", "DI", false, true },
	[0x86] = { "local_data", "L", false, false },
	[0x87] = { "local_data_of_caller", "V", false, false },
};

/* ---- reading addresses and values ---- */

bool s7_read_item(struct cursor *items, bool last, struct s7_item *out)
{
	uint8_t kind = cur_u8(items), length = cur_u8(items);
	struct cursor c = cur_sub(items, length);

	if (!last && length % 2 != 0) {
		cur_skip(items, 1);
	}
	*out = (struct s7_item) { .syntax = cur_u8(&c) };
	if (likely(out->syntax == SYNTAX_ANY && length == 10)) {
		out->type = cur_u8(&c);
		out->count = cur_be16(&c);
		out->db = cur_be16(&c);
		out->area = cur_u8(&c);
		out->address = cur_be24(&c);
	}
	out->detail = c;
	return cur_ok(items) && cur_ok(&c) && kind == VARIABLE;
}

bool s7_read_value(struct cursor *values, bool last, struct s7_value *out)
{
	uint8_t code = cur_u8(values), transport = cur_u8(values);
	size_t length = cur_be16(values);
	bool bits = transport < ARRAY_SIZE(value_types) && value_types[transport].bits;

	length = bits ? (length + 7) / 8 : length;
	/* Whatever the length says, an error brings no bytes. */
	if (code != S7_ITEM_OK && code != S7_ITEM_RESERVED) {
		length = 0;
	}
	out->code = code;
	out->transport = transport;
	out->bytes = cur_sub(values, length);
	if (!last && length % 2 != 0) {
		cur_skip(values, 1);
	}
	return cur_ok(values);
}

/* ---- addresses as text ---- */

struct text {
	char *at, *end;
};

static void add_char(struct text *text, char c)
{
	if (text->at < text->end) {
		*text->at++ = c;
	}
}

static void add_text(struct text *text, const char *s)
{
	while (*s != '\0') {
		add_char(text, *s++);
	}
}

static void add_number(struct text *text, uint32_t n)
{
	char digits[10];
	size_t k = 0;

	do {
		digits[k++] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	while (k > 0) {
		add_char(text, digits[--k]);
	}
}

static void add_hex(struct text *text, uint32_t n, int digits)
{
	add_text(text, "0x");
	for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
		add_char(text, "0123456789abcdef"[n >> shift & 15]);
	}
}

/* DB1.DBX2.3, MW20, I0.0, T5 */
static void add_area_address(struct text *text, const struct s7_item *item, bool written)
{
	const struct area *area = &areas[item->area];
	const struct type *type = type_of(item, NULL);

	if (area->name == NULL) {
		add_text(text, "area ");
		add_hex(text, item->area, 2);
		add_char(text, ' ');
	}
	if (area->in_block) {
		add_text(text, area->letter);
		add_number(text, item->db);
		add_char(text, '.');
	}
	/* What is read there is an input, what is written an output. */
	add_text(text, item->area == 0x80 && written ? "PQ" : area->name ? area->letter : "");
	if (area->numbered) {
		add_number(text, item->address);
		return;
	}
	if (type->letter != 'X' || area->in_block) {
		add_char(text, type->letter);
	}
	add_number(text, item->address >> 3);
	if (type->letter == 'X') {
		add_char(text, '.');
		add_number(text, item->address & 7);
	}
}

/* Area and unit of a numerical control, then module, column and line of its variables. */
static void add_nck_address(struct text *text, struct cursor c)
{
	static const char letters[] = "NBCATVMM";
	uint8_t area = cur_u8(&c);
	uint16_t column = cur_be16(&c), line = cur_be16(&c);
	uint8_t module = cur_u8(&c);

	add_text(text, "NCK ");
	add_char(text, letters[area >> 5]);
	add_number(text, area & 31U);
	add_text(text, " module ");
	add_number(text, module);
	add_text(text, " column ");
	add_number(text, column);
	add_text(text, " line ");
	add_number(text, line);
}

/* Root, checksum of the symbol, and the path of local ids. */
static void add_symbol_address(struct text *text, struct cursor c)
{
	uint16_t root, number;
	uint32_t checksum;

	cur_skip(&c, 1);
	root = cur_be16(&c);
	number = cur_be16(&c);
	checksum = cur_be32(&c);
	if (root == 0x8a0e) {
		add_text(text, "DB");
		add_number(text, number);
	} else if (root == 0 && number >= 0x50 && number <= 0x54) {
		add_char(text, "IQMCT"[number - 0x50]);
	} else {
		add_hex(text, (uint32_t)root << 16 | number, 8);
	}
	add_text(text, " symbol ");
	add_hex(text, checksum, 8);
	while (cur_left(&c) >= 4) {
		add_char(text, '.');
		add_number(text, cur_be32(&c) & 0x0fffffffU);
	}
}

/* A parameter of a drive: p1000[0]. */
static void add_drive_address(struct text *text, struct cursor c)
{
	uint16_t number;

	cur_skip(&c, 5);
	number = cur_be16(&c);
	add_char(text, 'p');
	add_number(text, number);
	add_char(text, '[');
	add_number(text, cur_be16(&c));
	add_char(text, ']');
}

static bool is_nck(uint8_t syntax)
{
	return syntax >= SYNTAX_NCK && syntax <= SYNTAX_NCK_INCH;
}

const char *s7_item_address(const struct s7_item *item, bool written, char out[S7_ADDRESS_MAX])
{
	struct text text = { out, out + S7_ADDRESS_MAX - 1 };

	if (likely(item->syntax == SYNTAX_ANY)) {
		add_area_address(&text, item, written);
	} else if (is_nck(item->syntax)) {
		add_nck_address(&text, item->detail);
	} else if (item->syntax == SYNTAX_SYMBOL) {
		add_symbol_address(&text, item->detail);
	} else if (item->syntax == SYNTAX_DRIVE) {
		add_drive_address(&text, item->detail);
	} else {
		add_text(&text, "syntax ");
		add_hex(&text, item->syntax, 2);
	}
	*text.at = '\0';
	return out;
}

static const char *syntax_name(uint8_t syntax)
{
	static const struct s7_name names[] = {
		{ SYNTAX_NCK, "nck" },
		{ SYNTAX_NCK_METRIC, "nck_metric" },
		{ SYNTAX_NCK_INCH, "nck_inch" },
		{ SYNTAX_DRIVE, "drive" },
		{ SYNTAX_DB_RANGES, "db_ranges" },
		{ SYNTAX_SYMBOL, "symbolic" },
		{ 0, NULL },
	};

	return s7_name(names, syntax);
}

/* ---- values ---- */

#define VALUES_MAX RECORD_LIST_MAX

/* S5TIME: 00 base 2 | three digits; the value in milliseconds. */
static double timer_value(uint16_t word)
{
	static const uint16_t bases[] = { 10, 100, 1000, 10000 };
	unsigned digits = (word >> 8 & 15U) * 100 + (word >> 4 & 15U) * 10 + (word & 15U);

	return (double)digits * bases[word >> 12 & 3];
}

static double read_number(struct cursor *c, const struct type *type)
{
	uint32_t raw = type->width == 1 ? cur_u8(c) : type->width == 2 ? cur_be16(c) : cur_be32(c);
	float real;

	if (type->form == FORM_REAL) {
		memcpy(&real, &raw, sizeof(real));
		return (double)real;
	}
	if (type->form == FORM_TIMER) {
		return timer_value((uint16_t)raw);
	}
	if (type->form == FORM_SIGNED) {
		return type->width == 2 ? (double)(int16_t)raw : (double)(int32_t)raw;
	}
	return type->form == FORM_BIT ? (double)(raw & 1) : (double)raw;
}

static void put_numbers(struct dissection *d, const struct type *type, struct cursor bytes)
{
	double values[VALUES_MAX];
	size_t n = 0;

	while (cur_left(&bytes) >= type->width && n < VALUES_MAX) {
		values[n++] = read_number(&bytes, type);
	}
	if (n == 1) {
		record_put_double(d->writer, CORE_ITEM_VALUE, values[0]);
	} else if (n > 1) {
		record_put_doubles(d->writer, CORE_ITEM_VALUE, values, n);
	}
	if (cur_left(&bytes) > 0) {
		/* More than a list holds, or a piece of an element. */
		record_put_bytes(d->writer, CORE_ITEM_DATA, bytes);
	}
}

static void put_value(struct dissection *d, const struct type *type, struct cursor bytes)
{
	int64_t time;

	if (cur_left(&bytes) == 0) {
		return;
	}
	if (type->form == FORM_TIME && cur_left(&bytes) == 8) {
		struct cursor look = bytes;

		time = s7_date_and_time(&look);
		if (time != TIME_NONE) {
			record_put_time(d->writer, CORE_ITEM_TIME, time);
			return;
		}
	}
	if (type->form == FORM_TEXT) {
		record_put_bytes(d->writer, CORE_ITEM_TEXT, bytes);
	} else if (type->form == FORM_BYTES || type->form == FORM_TIME ||
		   (type->width == 1 && cur_left(&bytes) > 1)) {
		/* Bytes in a row are not numbers: what they mean only the program knows. */
		record_put_bytes(d->writer, CORE_ITEM_DATA, bytes);
	} else {
		put_numbers(d, type, bytes);
	}
}

void s7_put_return_code(struct dissection *d, uint8_t code)
{
	record_put_uint(d->writer, PUT(RETURN_CODE), code);
	record_put_static(d->writer, CORE_ITEM_STATUS, s7_return_name(code));
}

void s7_put_item(struct dissection *d, const struct s7_item *item, const struct s7_value *value,
		 bool written)
{
	const struct type *type = type_of(item, value);
	char address[S7_ADDRESS_MAX];

	if (item != NULL) {
		record_put_text(d->writer, CORE_ITEM_ADDRESS,
				s7_item_address(item, written, address));
	}
	if (type->name != NULL) {
		record_put_static(d->writer, CORE_ITEM_TYPE, type->name);
	}
	if (item != NULL && likely(item->syntax == SYNTAX_ANY)) {
		record_put_uint(d->writer, CORE_ITEM_COUNT, item->count);
		record_put_static(d->writer, PUT(AREA), areas[item->area].name);
		if (areas[item->area].in_block) {
			record_put_uint(d->writer, PUT(DB_NUMBER), item->db);
		}
		record_put_uint(d->writer, PUT(BYTE_OFFSET),
				areas[item->area].numbered ? item->address : item->address >> 3);
	} else if (item != NULL) {
		record_put_static(d->writer, PUT(SYNTAX), syntax_name(item->syntax));
	}
	if (value != NULL) {
		put_value(d, type, value->bytes);
	}
}

/* ---- ranges of data blocks ---- */

static void report_range(struct dissection *d, const struct s7_message *m, enum phase phase,
			 const struct s7_item *item, const struct s7_value *value, size_t index)
{
	enum outcome outcome = value == NULL               ? OUTCOME_UNKNOWN
			       : value->code == S7_ITEM_OK ? OUTCOME_SUCCESS
							   : OUTCOME_FAILURE;

	if (item_begin(d, m->operation, phase, outcome, index)) {
		s7_put_item(d, item, value, false);
		if (value != NULL) {
			s7_put_return_code(d, value->code);
		}
		record_commit(d->writer);
	}
}

/* One address of this syntax stands for many; so does its value, with a return code before each
 * range. Returns how many items were reported. */
static size_t report_ranges(struct dissection *d, const struct s7_message *m, enum phase phase,
			    struct cursor ranges, const struct s7_value *value, size_t first)
{
	uint8_t n = cur_u8(&ranges);
	struct cursor bytes = value != NULL ? value->bytes : cur_of(NULL, 0);
	size_t i = 0;

	for (; i < n && cur_left(&ranges) >= 5; i++) {
		uint8_t length = cur_u8(&ranges);
		struct s7_item item = { .syntax = SYNTAX_ANY,
					.type = 2,
					.area = 0x84,
					.count = length,
					.db = cur_be16(&ranges) };
		struct s7_value part = { .transport = 4 };

		item.address = (uint32_t)cur_be16(&ranges) << 3;
		if (value != NULL) {
			part.code = cur_u8(&bytes);
			part.bytes = cur_sub(&bytes, part.code == S7_ITEM_OK ? length : 0);
		}
		if (part.code != S7_ITEM_UNCHANGED) {
			report_range(d, m, phase, &item,
				     value != NULL && cur_ok(&bytes) ? &part : NULL, first + i);
		}
	}
	return i;
}

/* ---- reading and writing ---- */

size_t s7_failed_values(struct cursor values, size_t n, const char **wrong)
{
	struct s7_value value;
	size_t failed = 0;

	for (size_t i = 0; i < n; i++) {
		if (!s7_read_value(&values, i + 1 == n, &value)) {
			*wrong = "item_length";
			break;
		}
		failed += value.code != S7_ITEM_OK;
	}
	if (*wrong == NULL && cur_left(&values) > 0) {
		*wrong = "trailing_bytes";
	}
	return failed;
}

/* "DB1.DBW0 and 2 more" */
static void put_target(struct dissection *d, const struct s7_item *first, size_t n)
{
	char text[S7_ADDRESS_MAX + 24], address[S7_ADDRESS_MAX];
	struct text out = { text, text + sizeof(text) - 1 };

	add_text(&out, s7_item_address(first, true, address));
	if (n > 1) {
		add_text(&out, " and ");
		add_number(&out, (uint32_t)n - 1);
		add_text(&out, " more");
	}
	*out.at = '\0';
	record_put_text(d->writer, CORE_TARGET, text);
}

/* A write of one variable says what it writes in its own record, as a table of events shows it. */
static void put_only_item(struct dissection *d, const struct s7_message *m,
			  const struct s7_item *item)
{
	struct cursor values = m->data;
	struct s7_value value;

	if (s7_read_value(&values, true, &value)) {
		s7_put_item(d, item, &value, true);
	}
}

const char *s7_ask_variables(struct dissection *d, struct s7_message *m)
{
	struct cursor items = m->parameters;
	uint8_t n = cur_u8(&items);
	struct s7_item item = { 0 };
	const char *wrong = NULL;

	transaction_items(d, n, 0);
	transaction_note(d, m->function | (uint64_t)m->length << 8 | (uint64_t)n << 24);
	transaction_keep(d, m->function == S7_WRITE_VARIABLE ? m->body : m->parameters);
	for (size_t i = 0; i < n && wrong == NULL; i++) {
		wrong = s7_read_item(&items, i + 1U == n, &item) ? NULL : "item_address";
		if (m->function == S7_WRITE_VARIABLE && i == 0 && wrong == NULL) {
			put_target(d, &item, n);
			if (n == 1) {
				put_only_item(d, m, &item);
			}
		}
	}
	if (m->function == S7_WRITE_VARIABLE && wrong == NULL) {
		(void)s7_failed_values(m->data, n, &wrong);
	}
	return wrong != NULL ? wrong : cur_left(&items) > 0 ? "trailing_bytes" : NULL;
}

void s7_asked_write(struct dissection *d, const struct s7_message *m)
{
	struct cursor items = m->parameters, values = m->data;
	uint8_t n = cur_u8(&items);

	for (size_t i = 0; i < n; i++) {
		bool last = i + 1U == n;
		struct s7_item item;
		struct s7_value value;

		if (!s7_read_item(&items, last, &item) || !s7_read_value(&values, last, &value) ||
		    !item_begin(d, OPERATION_WRITE, PHASE_REQUEST, OUTCOME_UNKNOWN, i)) {
			return;
		}
		s7_put_item(d, &item, &value, true);
		record_commit(d->writer);
	}
}

/* An answer has one byte an item to a write, and values to a read. */
const char *s7_answer_variables(struct dissection *d, struct s7_message *m,
				const struct pending *asked, enum outcome *outcome)
{
	struct cursor codes = m->data;
	uint8_t n = cur_u8(&m->parameters);
	const char *wrong = NULL;
	size_t failed = 0;

	if (m->error != 0 && cur_left(&m->data) == 0) {
		return NULL;
	}
	if (m->function == S7_READ_VARIABLE) {
		failed = s7_failed_values(m->data, n, &wrong);
	} else {
		for (size_t i = 0; i < n; i++) {
			failed += cur_u8(&codes) != S7_ITEM_OK;
		}
		wrong = cur_ok(&codes) && cur_left(&codes) == 0 ? NULL : "item_length";
	}
	if (asked == NULL) {
		transaction_items(d, n, failed);
	} else if (failed > 0) {
		record_put_uint(d->writer, CORE_ITEMS_FAILED, failed);
	}
	if (asked != NULL) {
		struct cursor kept = pending_kept(asked);

		wrong = cur_left(&kept) > 0 && m->function == S7_READ_VARIABLE && cur_u8(&kept) != n
			    ? "item_count"
			    : wrong;
	}
	*outcome = failed > 0 || m->error != 0 ? OUTCOME_FAILURE : OUTCOME_SUCCESS;
	return wrong;
}

static enum outcome outcome_of(uint8_t code)
{
	return code == S7_ITEM_OK ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
}

/* Values beside the addresses that were asked for, if they are known. */
void s7_report_items(struct dissection *d, const struct s7_message *m, struct cursor addresses,
		     struct cursor values, size_t n, enum phase phase)
{
	bool known = cur_left(&addresses) > 0, valued = cur_left(&values) > 0;
	size_t index = 0;

	for (size_t i = 0; i < n; i++) {
		bool last = i + 1 == n;
		struct s7_item item;
		struct s7_value value;

		known = known && s7_read_item(&addresses, last, &item);
		valued = valued && s7_read_value(&values, last, &value);
		if (!known && !valued) {
			return;
		}
		if (known && item.syntax == SYNTAX_DB_RANGES &&
		    (!valued || value.code == S7_ITEM_OK)) {
			index +=
			    report_ranges(d, m, phase, item.detail, valued ? &value : NULL, index);
			continue;
		}
		if (!item_begin(d, m->operation, phase,
				valued ? outcome_of(value.code) : OUTCOME_UNKNOWN, index++)) {
			continue;
		}
		s7_put_item(d, known ? &item : NULL, valued ? &value : NULL, false);
		if (valued) {
			s7_put_return_code(d, value.code);
		}
		record_commit(d->writer);
	}
}

static void report_written(struct dissection *d, const struct s7_message *m, struct cursor kept,
			   uint16_t length, size_t n)
{
	struct cursor values = kept, items, codes = m->data;
	uint8_t asked;

	items = cur_sub_most(&values, length);
	cur_skip(&items, 1); /* the function code */
	asked = cur_u8(&items);
	for (size_t i = 0; i < n && cur_left(&codes) > 0; i++) {
		bool last = i + 1U == asked;
		uint8_t code = cur_u8(&codes);
		struct s7_item item;
		struct s7_value value;
		bool known = i < asked && s7_read_item(&items, last, &item) &&
			     s7_read_value(&values, last, &value);

		if (!item_begin(d, OPERATION_WRITE, PHASE_COMPLETE, outcome_of(code), i)) {
			continue;
		}
		s7_put_item(d, known ? &item : NULL, known ? &value : NULL, true);
		s7_put_return_code(d, code);
		record_commit(d->writer);
	}
}

void s7_answered_variables(struct dissection *d, const struct s7_message *m, struct cursor kept)
{
	struct cursor body = m->body, addresses = kept;
	struct s7_message read = *m;
	uint8_t n;

	cur_skip(&body, 1);
	n = cur_u8(&body);
	if (m->function == S7_WRITE_VARIABLE) {
		report_written(d, m, kept, m->asked_length, n);
		return;
	}
	read.operation = OPERATION_READ;
	cur_skip(&addresses, cur_left(&addresses) > 0 ? 1 : 0);
	s7_report_items(d, &read, addresses, m->data, n, PHASE_COMPLETE);
}
