/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The function codes of Modbus: MODBUS Application Protocol Specification V1.1b3, clause 6.  One
 * row a code: its name, what it does, how long its data is, and what puts the fields of a request
 * and of an answer.  A function that puts fields returns NULL, or a word that says how the data
 * contradicts the standard. */

#include "dissectors/modbus_private.h"

const struct field modbus_fields[MODBUS_FIELD_COUNT] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.modbus." name, FIELD_##type, flags, NULL, meaning, NULL },
	MODBUS_FIELDS(X)
#undef X
};

/* A request leaves its quantity for the answer to be checked against. */
static uint16_t note_quantity(const struct pending *p)
{
	return p != NULL ? (uint16_t)pending_note(p) : 0;
}

/* ---- values ---- */

/* A message that is well formed, but asks for what the standard forbids. */
static void put_forbidden(struct dissection *d, bool forbidden, const char *what)
{
	if (forbidden) {
		record_put_static(d->writer, PUT(FORBIDDEN), what);
	}
}

/* Coils as a list of 0 and 1, first coil in the lowest bit of the first byte (V1.1b3 6.1). */
static void put_bits(struct dissection *d, uint16_t field, struct cursor bytes, size_t n)
{
	uint8_t bits[RECORD_LIST_MAX + 1] = { 0 };
	size_t kept = size_min(n, sizeof(bits));
	uint8_t byte = 0;

	for (size_t i = 0; i < kept; i++) {
		byte = i % 8 == 0 ? cur_u8(&bytes) : (uint8_t)(byte >> 1);
		bits[i] = byte & 1;
	}
	record_put_uint8s(d->writer, field, bits, kept);
}

static uint16_t put_range(struct dissection *d, struct cursor *data)
{
	uint16_t address = cur_be16(data), quantity = cur_be16(data);

	record_put_uint(d->writer, PUT(ADDRESS), address);
	record_put_uint(d->writer, PUT(QUANTITY), quantity);
	return quantity;
}

/* ---- functions 1-6, 15, 16, 22-24: coils and registers ---- */

static const char *ask_bits(struct dissection *d, struct cursor *data)
{
	uint16_t quantity = put_range(d, data);

	transaction_note(d, quantity);
	/* V1.1b3 6.1, 6.2: 1 to 2000. */
	put_forbidden(d, quantity < 1 || quantity > 2000, "quantity");
	return NULL;
}

static const char *ask_registers(struct dissection *d, struct cursor *data)
{
	uint16_t quantity = put_range(d, data);

	transaction_note(d, quantity);
	/* V1.1b3 6.3, 6.4: 1 to 125. */
	put_forbidden(d, quantity < 1 || quantity > 125, "quantity");
	return NULL;
}

static const char *answer_bits(struct dissection *d, struct cursor *data,
			       const struct pending *asked)
{
	uint8_t count = cur_u8(data);
	struct cursor bytes = cur_sub(data, count);
	size_t n = asked != NULL ? note_quantity(asked) : 8U * count;

	put_bits(d, PUT(VALUES), bytes, size_min(n, 8U * count));
	return asked == NULL || (n + 7) / 8 == count ? NULL : "byte_count";
}

static const char *answer_registers(struct dissection *d, struct cursor *data,
				    const struct pending *asked)
{
	uint8_t count = cur_u8(data);

	record_put_be16s(d->writer, PUT(VALUES), cur_sub(data, count));
	return asked == NULL || 2U * note_quantity(asked) == count ? NULL : "byte_count";
}

static const char *ask_write_coil(struct dissection *d, struct cursor *data)
{
	uint16_t address = cur_be16(data), value = cur_be16(data);
	uint8_t bit = value == 0xff00;

	record_put_uint(d->writer, PUT(ADDRESS), address);
	record_put_uint(d->writer, PUT(QUANTITY), 1);
	record_put_uint8s(d->writer, PUT(WRITTEN), &bit, 1);
	/* V1.1b3 6.5: 0x0000 or 0xFF00. */
	put_forbidden(d, value != 0 && value != 0xff00, "value");
	return NULL;
}

static const char *ask_write_register(struct dissection *d, struct cursor *data)
{
	uint16_t address = cur_be16(data), value = cur_be16(data);

	record_put_uint(d->writer, PUT(ADDRESS), address);
	record_put_uint(d->writer, PUT(QUANTITY), 1);
	record_put_uint16s(d->writer, PUT(WRITTEN), &value, 1);
	return NULL;
}

static const char *ask_write_coils(struct dissection *d, struct cursor *data)
{
	uint16_t quantity = put_range(d, data);
	uint8_t count = cur_u8(data);

	put_bits(d, PUT(WRITTEN), cur_sub(data, count), size_min(quantity, 8U * count));
	/* V1.1b3 6.11: 1 to 1968. */
	put_forbidden(d, quantity < 1 || quantity > 1968, "quantity");
	return (quantity + 7U) / 8 == count ? NULL : "byte_count";
}

static const char *ask_write_registers(struct dissection *d, struct cursor *data)
{
	uint16_t quantity = put_range(d, data);
	uint8_t count = cur_u8(data);

	record_put_be16s(d->writer, PUT(WRITTEN), cur_sub(data, count));
	/* V1.1b3 6.12: 1 to 123. */
	put_forbidden(d, quantity < 1 || quantity > 123, "quantity");
	return 2U * quantity == count ? NULL : "byte_count";
}

/* The answer to a write repeats what the request said; the request's fields stand already. */
static const char *answer_echo(struct dissection *d, struct cursor *data,
			       const struct pending *asked)
{
	if (asked == NULL) {
		record_put_uint(d->writer, PUT(ADDRESS), cur_be16(data));
		cur_skip(data, 2);
	} else {
		cur_skip(data, 4);
	}
	return NULL;
}

static const char *ask_mask(struct dissection *d, struct cursor *data)
{
	uint16_t address = cur_be16(data), and = cur_be16(data), or = cur_be16(data);

	record_put_uint(d->writer, PUT(ADDRESS), address);
	record_put_uint(d->writer, PUT(QUANTITY), 1);
	record_put_uint(d->writer, PUT(AND_MASK), and);
	record_put_uint(d->writer, PUT(OR_MASK), or);
	return NULL;
}

static const char *answer_mask(struct dissection *d, struct cursor *data,
			       const struct pending *asked)
{
	if (asked == NULL) {
		return ask_mask(d, data);
	}
	cur_skip(data, 6);
	return NULL;
}

static const char *ask_read_write(struct dissection *d, struct cursor *data)
{
	uint16_t quantity = put_range(d, data);
	uint16_t address = cur_be16(data), written = cur_be16(data);
	uint8_t count = cur_u8(data);

	transaction_note(d, quantity);
	record_put_uint(d->writer, PUT(WRITE_ADDRESS), address);
	record_put_uint(d->writer, PUT(WRITE_QUANTITY), written);
	record_put_be16s(d->writer, PUT(WRITTEN), cur_sub(data, count));
	/* V1.1b3 6.17: read 1 to 125, write 1 to 121. */
	put_forbidden(d, quantity < 1 || quantity > 125 || written < 1 || written > 121,
		      "quantity");
	return 2U * written == count ? NULL : "byte_count";
}

static const char *ask_fifo(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(ADDRESS), cur_be16(data));
	return NULL;
}

static const char *answer_fifo(struct dissection *d, struct cursor *data,
			       const struct pending *asked)
{
	uint16_t bytes = cur_be16(data), count = cur_be16(data);

	(void)asked;
	record_put_uint(d->writer, PUT(QUANTITY), count);
	record_put_be16s(d->writer, PUT(VALUES), cur_sub(data, 2U * count));
	/* V1.1b3 6.18: at most 31 registers. */
	return count <= 31 && bytes == 2U * count + 2U ? NULL : "byte_count";
}

/* ---- functions 7, 8, 11, 12, 17: the serial line's diagnostics ---- */

static const char *answer_exception_status(struct dissection *d, struct cursor *data,
					   const struct pending *asked)
{
	(void)asked;
	record_put_uint(d->writer, PUT(EXCEPTION_STATUS), cur_u8(data));
	return NULL;
}

/* V1.1b3 6.8. What changes the device is an operation of its own. */
static const struct {
	const char *name;
	enum operation operation;
} subfunctions[] = {
	[0] = { "return_query_data", OPERATION_DIAGNOSE },
	[1] = { "restart_communications", OPERATION_RESTART },
	[2] = { "return_diagnostic_register", OPERATION_DIAGNOSE },
	[3] = { "change_ascii_input_delimiter", OPERATION_CONFIG_WRITE },
	[4] = { "force_listen_only_mode", OPERATION_MODE_CHANGE },
	[10] = { "clear_counters_and_diagnostic_register", OPERATION_CONTROL },
	[11] = { "return_bus_message_count", OPERATION_DIAGNOSE },
	[12] = { "return_bus_communication_error_count", OPERATION_DIAGNOSE },
	[13] = { "return_bus_exception_error_count", OPERATION_DIAGNOSE },
	[14] = { "return_server_message_count", OPERATION_DIAGNOSE },
	[15] = { "return_server_no_response_count", OPERATION_DIAGNOSE },
	[16] = { "return_server_nak_count", OPERATION_DIAGNOSE },
	[17] = { "return_server_busy_count", OPERATION_DIAGNOSE },
	[18] = { "return_bus_character_overrun_count", OPERATION_DIAGNOSE },
	[20] = { "clear_overrun_counter_and_flag", OPERATION_CONTROL },
};

enum operation modbus_diagnostics_operation(struct cursor data)
{
	uint16_t code = cur_be16(&data);

	return code < ARRAY_SIZE(subfunctions) ? subfunctions[code].operation : OPERATION_UNKNOWN;
}

static const char *ask_diagnostics(struct dissection *d, struct cursor *data)
{
	uint16_t code = cur_be16(data);

	record_put_uint(d->writer, PUT(SUBFUNCTION), code);
	record_put_static(d->writer, PUT(SUBFUNCTION_NAME),
			  code < ARRAY_SIZE(subfunctions) ? subfunctions[code].name : NULL);
	record_put_bytes(d->writer, PUT(DATA), *data);
	cur_skip(data, cur_left(data));
	return NULL;
}

static const char *answer_diagnostics(struct dissection *d, struct cursor *data,
				      const struct pending *asked)
{
	if (asked == NULL) {
		return ask_diagnostics(d, data);
	}
	cur_skip(data, 2);
	record_put_be16s(d->writer, PUT(VALUES), *data);
	cur_skip(data, cur_left(data));
	return NULL;
}

static const char *answer_event_counter(struct dissection *d, struct cursor *data,
					const struct pending *asked)
{
	(void)asked;
	record_put_uint(d->writer, PUT(STATUS), cur_be16(data));
	record_put_uint(d->writer, PUT(EVENT_COUNT), cur_be16(data));
	return NULL;
}

static const char *answer_event_log(struct dissection *d, struct cursor *data,
				    const struct pending *asked)
{
	struct cursor log = cur_sub(data, cur_u8(data));
	uint8_t events[RECORD_LIST_MAX];
	size_t n;

	(void)asked;
	record_put_uint(d->writer, PUT(STATUS), cur_be16(&log));
	record_put_uint(d->writer, PUT(EVENT_COUNT), cur_be16(&log));
	record_put_uint(d->writer, PUT(MESSAGE_COUNT), cur_be16(&log));
	n = size_min(cur_left(&log), sizeof(events));
	cur_copy(&log, events, n);
	record_put_uint8s(d->writer, PUT(EVENTS), events, n);
	return cur_ok(&log) ? NULL : "byte_count";
}

/* The longest run of at least 3 printable characters: what a server id says to a person. */
static struct cursor readable(struct cursor bytes)
{
	struct cursor best = cur_of(NULL, 0), start = bytes;
	size_t run = 0;

	while (cur_left(&bytes) > 0) {
		uint8_t c = cur_u8(&bytes);

		run = c >= 0x20 && c < 0x7f ? run + 1 : 0;
		if (run == 0) {
			start = bytes;
		} else if (run >= 3 && run > cur_left(&best)) {
			struct cursor from = start;

			best = cur_sub(&from, run);
		}
	}
	return best;
}

/* V1.1b3 6.13: the layout is the device's own, but ends in the run indicator (0x00 or 0xFF) and
 * what follows it; commonly id bytes come first. */
static const char *answer_server_id(struct dissection *d, struct cursor *data,
				    const struct pending *asked)
{
	struct cursor id = cur_sub(data, cur_u8(data));
	struct cursor text = readable(id), look = id;

	(void)asked;
	record_put_bytes(d->writer, PUT(SERVER_ID), id);
	if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, PUT(SERVER_TEXT), text);
	}
	cur_skip(&look, 1);
	if (cur_left(&look) > 0) {
		uint8_t run = cur_u8(&look);

		if (run == 0x00 || run == 0xff) {
			record_put_bool(d->writer, PUT(RUN_INDICATOR), run == 0xff);
		}
	}
	return NULL;
}

/* ---- functions 20, 21: file records ---- */

#define FILE_GROUPS 35 /* V1.1b3 6.14: at most 35 groups of 7 bytes */

/* Groups of reference type 6, file, record, length and, when they carry data, registers. */
static const char *put_groups(struct dissection *d, struct cursor *data, bool with_data)
{
	struct cursor groups = cur_sub(data, cur_u8(data));
	uint16_t files[FILE_GROUPS], records[FILE_GROUPS], lengths[FILE_GROUPS];
	const char *wrong = NULL;
	size_t n = 0;

	while (cur_left(&groups) > 0 && n < FILE_GROUPS) {
		uint8_t type = cur_u8(&groups);

		files[n] = cur_be16(&groups);
		records[n] = cur_be16(&groups);
		lengths[n] = cur_be16(&groups);
		if (with_data) {
			struct cursor registers = cur_sub(&groups, 2U * lengths[n]);

			if (n == 0) {
				record_put_be16s(d->writer, PUT(WRITTEN), registers);
			}
		}
		if (!cur_ok(&groups)) {
			wrong = "byte_count";
			break;
		}
		wrong = type != 6 ? "reference_type" : wrong;
		n++;
	}
	record_put_uint16s(d->writer, PUT(FILES), files, n);
	record_put_uint16s(d->writer, PUT(FILE_RECORDS), records, n);
	record_put_uint16s(d->writer, PUT(FILE_LENGTHS), lengths, n);
	return wrong;
}

static const char *ask_read_file(struct dissection *d, struct cursor *data)
{
	return put_groups(d, data, false);
}

static const char *ask_write_file(struct dissection *d, struct cursor *data)
{
	return put_groups(d, data, true);
}

/* The answer has groups of length, reference type and registers. */
static const char *answer_read_file(struct dissection *d, struct cursor *data,
				    const struct pending *asked)
{
	struct cursor groups = cur_sub(data, cur_u8(data));
	struct cursor first = cur_sub(&groups, cur_u8(&groups));

	(void)asked;
	cur_skip(&first, 1);
	record_put_be16s(d->writer, PUT(VALUES), first);
	return cur_ok(&first) ? NULL : "byte_count";
}

static const char *answer_write_file(struct dissection *d, struct cursor *data,
				     const struct pending *asked)
{
	if (asked == NULL) {
		return put_groups(d, data, true);
	}
	cur_skip(data, cur_left(data));
	return NULL;
}

/* ---- function 43: encapsulated interface ---- */

enum { MEI_CANOPEN = 13, MEI_DEVICE_ID = 14 };

static const char *ask_encapsulated(struct dissection *d, struct cursor *data)
{
	uint8_t type = cur_u8(data);

	record_put_uint(d->writer, PUT(MEI_TYPE), type);
	transaction_note(d, type);
	if (type != MEI_DEVICE_ID) {
		record_put_bytes(d->writer, PUT(DATA), *data);
		cur_skip(data, cur_left(data));
		return NULL;
	}
	record_put_uint(d->writer, PUT(ID_CODE), cur_u8(data));
	cur_skip(data, 1); /* object id to begin with */
	return cur_ok(data) ? NULL : "length";
}

/* V1.1b3 6.21: conformity, more follows, next object, count, then id, length and text of each. */
static const char *put_device_id(struct dissection *d, struct cursor *data)
{
	static const uint16_t names[] = { PUT(ID_VENDOR),     PUT(ID_PRODUCT_CODE),
					  PUT(ID_REVISION),   PUT(ID_URL),
					  PUT(ID_PRODUCT),    PUT(ID_MODEL),
					  PUT(ID_APPLICATION) };
	uint8_t ids[RECORD_LIST_MAX];
	bool other = false;
	size_t n = 0;

	record_put_uint(d->writer, PUT(ID_CONFORMITY), cur_u8(data));
	record_put_bool(d->writer, PUT(ID_MORE), cur_u8(data) == 0xff);
	cur_skip(data, 1);
	uint8_t count = cur_u8(data);
	while (n < count && n < ARRAY_SIZE(ids) && cur_ok(data)) {
		uint8_t id = cur_u8(data);
		struct cursor text = cur_sub(data, cur_u8(data));

		if (!cur_ok(data)) {
			break;
		}
		ids[n++] = id;
		if (id < ARRAY_SIZE(names)) {
			record_put_bytes(d->writer, names[id], text);
		} else if (!other) {
			record_put_bytes(d->writer, PUT(ID_OTHER), text);
			other = true;
		}
	}
	record_put_uint8s(d->writer, PUT(ID_OBJECTS), ids, n);
	return cur_ok(data) ? NULL : "object_length";
}

static const char *answer_encapsulated(struct dissection *d, struct cursor *data,
				       const struct pending *asked)
{
	uint8_t type = cur_u8(data);

	if (asked == NULL) {
		record_put_uint(d->writer, PUT(MEI_TYPE), type);
	}
	if (type != MEI_DEVICE_ID) {
		if (asked == NULL || note_quantity(asked) == type) {
			record_put_bytes(d->writer, PUT(DATA), *data);
			cur_skip(data, cur_left(data));
			return NULL;
		}
		return "mei_type";
	}
	cur_skip(data, 1); /* read device id code, as asked */
	return put_device_id(d, data);
}

enum operation modbus_encapsulated_operation(struct cursor data)
{
	return cur_u8(&data) == MEI_DEVICE_ID ? OPERATION_IDENTIFY : OPERATION_UNKNOWN;
}

/* ---- the table of functions ---- */

#define FIXED(n)               \
	{                      \
		SHAPE_FIXED, n \
	}
#define AT_LEAST(n)               \
	{                         \
		SHAPE_AT_LEAST, n \
	}
#define COUNT8(n)               \
	{                       \
		SHAPE_COUNT8, n \
	}
#define COUNT16(n)               \
	{                        \
		SHAPE_COUNT16, n \
	}
#define ANY                  \
	{                    \
		SHAPE_ANY, 0 \
	}

/* V1.1b3 5.1 and 6; below them, names that older Modicon controllers gave to reserved codes. */
const struct modbus_function modbus_functions[128] = {
	[1] = { "read_coils", OPERATION_READ, FIXED(4), COUNT8(0), ask_bits, answer_bits },
	[2] = { "read_discrete_inputs", OPERATION_READ, FIXED(4), COUNT8(0), ask_bits,
		answer_bits },
	[3] = { "read_holding_registers", OPERATION_READ, FIXED(4), COUNT8(0), ask_registers,
		answer_registers },
	[4] = { "read_input_registers", OPERATION_READ, FIXED(4), COUNT8(0), ask_registers,
		answer_registers },
	[5] = { "write_single_coil", OPERATION_WRITE, FIXED(4), FIXED(4), ask_write_coil,
		answer_echo },
	[6] = { "write_single_register", OPERATION_WRITE, FIXED(4), FIXED(4), ask_write_register,
		answer_echo },
	[7] = { "read_exception_status", OPERATION_DIAGNOSE, FIXED(0), FIXED(1), NULL,
		answer_exception_status },
	[8] = { "diagnostics", OPERATION_DIAGNOSE, AT_LEAST(2), AT_LEAST(2), ask_diagnostics,
		answer_diagnostics },
	[11] = { "get_comm_event_counter", OPERATION_DIAGNOSE, FIXED(0), FIXED(4), NULL,
		 answer_event_counter },
	[12] = { "get_comm_event_log", OPERATION_DIAGNOSE, FIXED(0), COUNT8(0), NULL,
		 answer_event_log },
	[15] = { "write_multiple_coils", OPERATION_WRITE, COUNT8(4), FIXED(4), ask_write_coils,
		 answer_echo },
	[16] = { "write_multiple_registers", OPERATION_WRITE, COUNT8(4), FIXED(4),
		 ask_write_registers, answer_echo },
	[17] = { "report_server_id", OPERATION_IDENTIFY, FIXED(0), COUNT8(0), NULL,
		 answer_server_id },
	[20] = { "read_file_record", OPERATION_FILE_READ, COUNT8(0), COUNT8(0), ask_read_file,
		 answer_read_file },
	[21] = { "write_file_record", OPERATION_FILE_WRITE, COUNT8(0), COUNT8(0), ask_write_file,
		 answer_write_file },
	[22] = { "mask_write_register", OPERATION_WRITE, FIXED(6), FIXED(6), ask_mask,
		 answer_mask },
	[23] = { "read_write_multiple_registers", OPERATION_WRITE, COUNT8(8), COUNT8(0),
		 ask_read_write, answer_registers },
	[24] = { "read_fifo_queue", OPERATION_READ, FIXED(2), COUNT16(0), ask_fifo, answer_fifo },
	[43] = { "encapsulated_interface_transport", OPERATION_IDENTIFY, AT_LEAST(1), AT_LEAST(1),
		 ask_encapsulated, answer_encapsulated },

	[9] = { "program_484", OPERATION_UNKNOWN, ANY, ANY, NULL, NULL },
	[10] = { "poll_484", OPERATION_UNKNOWN, ANY, ANY, NULL, NULL },
	[13] = { "program_controller", OPERATION_UNKNOWN, ANY, ANY, NULL, NULL },
	[14] = { "poll_controller", OPERATION_UNKNOWN, ANY, ANY, NULL, NULL },
	[18] = { "program_884", OPERATION_UNKNOWN, ANY, ANY, NULL, NULL },
	[19] = { "reset_communications_link", OPERATION_RESTART, ANY, ANY, NULL, NULL },
	[40] = { "program_concept", OPERATION_UNKNOWN, ANY, ANY, NULL, NULL },
	[MODBUS_UMAS] = { "umas", OPERATION_UNKNOWN, AT_LEAST(2), AT_LEAST(2), NULL, NULL },
	[125] = { "firmware_replacement", OPERATION_FIRMWARE_UPDATE, ANY, ANY, NULL, NULL },
	[126] = { "program_584_984", OPERATION_UNKNOWN, ANY, ANY, NULL, NULL },
	[127] = { "report_local_address", OPERATION_IDENTIFY, ANY, ANY, NULL, NULL },
};

/* V1.1b3 7. */
const char *const modbus_exceptions[MODBUS_EXCEPTIONS] = {
	[1] = "illegal_function",
	[2] = "illegal_data_address",
	[3] = "illegal_data_value",
	[4] = "server_device_failure",
	[5] = "acknowledge",
	[6] = "server_device_busy",
	[7] = "negative_acknowledge",
	[8] = "memory_parity_error",
	[10] = "gateway_path_unavailable",
	[11] = "gateway_target_device_failed_to_respond",
};

/* Bytes that data of this shape has; `more` (a count is not there yet) or any length: 0. */
bool modbus_shape_length(struct modbus_data_shape shape, struct cursor data, size_t *length)
{
	size_t count;

	switch (shape.shape) {
	case SHAPE_FIXED:
		*length = shape.n;
		return true;
	case SHAPE_COUNT8:
		cur_skip(&data, shape.n);
		count = cur_u8(&data);
		*length = shape.n + 1U + count;
		return cur_ok(&data);
	case SHAPE_COUNT16:
		cur_skip(&data, shape.n);
		count = cur_be16(&data);
		*length = shape.n + 2U + count;
		return cur_ok(&data);
	default:
		*length = 0;
		return false;
	}
}

/* Whether data behind function `code` can be a whole request, or a whole answer. */
bool modbus_fits(uint8_t code, struct cursor data, bool response)
{
	const struct modbus_function *function = &modbus_functions[code & 0x7f];
	struct modbus_data_shape shape = response ? function->response : function->request;
	size_t length;

	if ((code & MODBUS_EXCEPTION_BIT) != 0) {
		return response && cur_left(&data) >= 1;
	}
	if (shape.shape == SHAPE_ANY) {
		return true;
	}
	if (shape.shape == SHAPE_AT_LEAST) {
		return cur_left(&data) >= shape.n;
	}
	return modbus_shape_length(shape, data, &length) && length == cur_left(&data);
}

/* Codes that the standard describes, and UMAS. */
bool modbus_understood(uint8_t code)
{
	return modbus_functions[code & 0x7f].request.shape != SHAPE_ANY;
}

/* V1.1b3 5: 65-72 and 100-110 are for users. */
bool modbus_known_code(uint8_t code)
{
	code &= 0x7f;
	return modbus_functions[code].name != NULL || (code >= 65 && code <= 72) ||
	       (code >= 100 && code <= 110);
}
