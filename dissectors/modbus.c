/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Modbus: MODBUS Application Protocol Specification V1.1b3, MODBUS Messaging on TCP/IP
 * Implementation Guide V1.0b; over TCP and UDP, and serial (RTU) frames carried in TCP (MODBUS
 * over Serial Line V1.02).
 *
 *	MBAP: transaction 2 | protocol 2 (0) | length 2 (unit + PDU) | unit 1 | function 1 | data
 *	RTU:  unit 1 | function 1 | data | CRC-16 2 (low byte first)
 *
 * A request and its answer have the same function code and the same header, so who asks is known
 * from the flow, or from the shape of the data, which differs for most functions. */

#include "dissectors/dissector.h"
#include "dissectors/modbus_adu.h"

#include <stdio.h>

#define PORT          502
#define MBAP_HEADER   6    /* up to and with the length */
#define LENGTH_MAX    254  /* unit and PDU: Messaging on TCP/IP 3.1.3 */
#define UMAS_MAX      1030 /* what UMAS stations agree on between themselves */
#define RTU_MAX       256
#define FUNCTION_UMAS 90
#define EXCEPTION_BIT 0x80

/* ---- functions ---- */

/* Lengths of the data behind the function code. */
enum shape {
	SHAPE_ANY,
	SHAPE_FIXED,    /* exactly n bytes */
	SHAPE_AT_LEAST, /* n bytes or more */
	SHAPE_COUNT8,   /* n bytes, a count, and that many bytes more */
	SHAPE_COUNT16   /* n bytes, a 16-bit count, and that many bytes more */
};

struct data_shape {
	enum shape shape;
	uint8_t n;
};

struct function {
	const char *name;
	enum operation operation;
	struct data_shape request, response;
	/* Put the fields behind the function code. May be NULL: only the raw data is kept. */
	const char *(*ask)(struct dissection *d, struct cursor *data);
	const char *(*answer)(struct dissection *d, struct cursor *data,
			      const struct pending *asked);
};

/* Fields of this protocol. */
#define MODBUS_FIELDS(X)                                                                           \
	X(TRANSACTION, "transaction_id", UINT, 0, "Transaction id of the MBAP header")             \
	X(FUNCTION_CODE, "function_code", UINT, 0, "Function code without the exception bit")      \
	X(SUBFUNCTION, "subfunction", UINT, 0, "Sub-function of diagnostics (8)")                  \
	X(SUBFUNCTION_NAME, "subfunction_name", STRING, FIELD_ENUM,                                \
	  "Name of the diagnostics sub-function")                                                  \
	X(MEI_TYPE, "mei_type", UINT, 0, "Encapsulated interface type of function 43")             \
	X(ADDRESS, "address", UINT, 0, "First coil or register, counted from 0")                   \
	X(QUANTITY, "quantity", UINT, 0, "Coils or registers asked for or written")                \
	X(WRITE_ADDRESS, "write_address", UINT, 0, "First register written by function 23")        \
	X(WRITE_QUANTITY, "write_quantity", UINT, 0, "Registers written by function 23")           \
	X(VALUES, "values", UINT, FIELD_LIST, "Values read (coils as 0 and 1)")                    \
	X(WRITTEN, "written_values", UINT, FIELD_LIST, "Values written (coils as 0 and 1)")        \
	X(AND_MASK, "and_mask", UINT, 0, "And mask of mask write (22)")                            \
	X(OR_MASK, "or_mask", UINT, 0, "Or mask of mask write (22)")                               \
	X(EXCEPTION_CODE, "exception_code", UINT, 0, "Exception code of the answer")               \
	X(EXCEPTION_NAME, "exception", STRING, FIELD_ENUM, "Name of the exception code")           \
	X(EXCEPTION_STATUS, "exception_status", UINT, 0, "Eight status outputs (7)")               \
	X(STATUS, "status", UINT, 0, "Status word: 65535 while a command is being worked on")      \
	X(EVENT_COUNT, "event_count", UINT, 0, "Comm event counter")                               \
	X(MESSAGE_COUNT, "message_count", UINT, 0, "Messages counted by the comm event log")       \
	X(EVENTS, "events", UINT, FIELD_LIST, "Comm event log, newest first")                      \
	X(FILES, "file_numbers", UINT, FIELD_LIST, "File numbers of file record functions")        \
	X(FILE_RECORDS, "file_records", UINT, FIELD_LIST, "Record numbers in these files")         \
	X(FILE_LENGTHS, "file_lengths", UINT, FIELD_LIST, "Lengths in registers")                  \
	X(SERVER_ID, "server_id", BYTES, 0, "Identification that function 17 gives")               \
	X(SERVER_TEXT, "server_text", STRING, 0, "Readable part of that identification")           \
	X(RUN_INDICATOR, "run_indicator", BOOL, 0, "Run indicator of function 17")                 \
	X(ID_CODE, "device_id.code", UINT, 0,                                                      \
	  "What was asked: 1 basic, 2 regular, 3 extended, 4 one")                                 \
	X(ID_CONFORMITY, "device_id.conformity", UINT, 0, "Conformity level of the device")        \
	X(ID_MORE, "device_id.more_follows", BOOL, 0, "More objects follow in another answer")     \
	X(ID_OBJECTS, "device_id.objects", UINT, FIELD_LIST, "Object ids in the answer")           \
	X(ID_VENDOR, "device_id.vendor_name", STRING, 0, "Object 0")                               \
	X(ID_PRODUCT_CODE, "device_id.product_code", STRING, 0, "Object 1")                        \
	X(ID_REVISION, "device_id.revision", STRING, 0, "Object 2: major and minor revision")      \
	X(ID_URL, "device_id.vendor_url", STRING, 0, "Object 3")                                   \
	X(ID_PRODUCT, "device_id.product_name", STRING, 0, "Object 4")                             \
	X(ID_MODEL, "device_id.model_name", STRING, 0, "Object 5")                                 \
	X(ID_APPLICATION, "device_id.application_name", STRING, 0, "Object 6")                     \
	X(ID_OTHER, "device_id.other", BYTES, 0, "First object with another id")                   \
	X(FRAMING, "framing", STRING, FIELD_ENUM, "rtu for serial frames in TCP; absent for MBAP") \
	X(FORBIDDEN, "forbidden", STRING, FIELD_ENUM,                                              \
	  "What the standard forbids in a well-formed request: quantity or value")                 \
	X(DATA, "data", BYTES, 0, "Data of a function without fields of its own")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	MODBUS_FIELDS(X)
#undef X
};

static const struct field modbus_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.modbus." name, FIELD_##type, flags, NULL, meaning, NULL },
	MODBUS_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

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

static enum operation diagnostics_operation(struct cursor data)
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

static enum operation encapsulated_operation(struct cursor data)
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
static const struct function functions[128] = {
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
	[FUNCTION_UMAS] = { "umas", OPERATION_UNKNOWN, AT_LEAST(2), AT_LEAST(2), NULL, NULL },
	[125] = { "firmware_replacement", OPERATION_FIRMWARE_UPDATE, ANY, ANY, NULL, NULL },
	[126] = { "program_584_984", OPERATION_UNKNOWN, ANY, ANY, NULL, NULL },
	[127] = { "report_local_address", OPERATION_IDENTIFY, ANY, ANY, NULL, NULL },
};

/* V1.1b3 7. */
static const char *const exceptions[] = {
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

enum { EXCEPTION_ACKNOWLEDGE = 5 };

/* Bytes that data of this shape has; `more` (a count is not there yet) or any length: 0. */
static bool shape_length(struct data_shape shape, struct cursor data, size_t *length)
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
static bool fits(uint8_t code, struct cursor data, bool response)
{
	const struct function *function = &functions[code & 0x7f];
	struct data_shape shape = response ? function->response : function->request;
	size_t length;

	if ((code & EXCEPTION_BIT) != 0) {
		return response && cur_left(&data) >= 1;
	}
	if (shape.shape == SHAPE_ANY) {
		return true;
	}
	if (shape.shape == SHAPE_AT_LEAST) {
		return cur_left(&data) >= shape.n;
	}
	return shape_length(shape, data, &length) && length == cur_left(&data);
}

/* Codes that the standard describes, and UMAS. */
static bool understood(uint8_t code)
{
	return functions[code & 0x7f].request.shape != SHAPE_ANY;
}

/* V1.1b3 5: 65-72 and 100-110 are for users. */
static bool known_code(uint8_t code)
{
	code &= 0x7f;
	return functions[code].name != NULL || (code >= 65 && code <= 72) ||
	       (code >= 100 && code <= 110);
}

/* ---- framing ---- */

enum framing_mode { MODE_UNKNOWN, MODE_MBAP, MODE_RTU };

struct modbus_state {
	uint8_t mode;
};

/* CRC-16 of the serial line (over Serial Line V1.02, 6.2.2), four bits a step. */
static uint16_t crc16(struct cursor bytes)
{
	static const uint16_t nibbles[16] = { 0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00,
					      0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401,
					      0x5000, 0x9c01, 0x8801, 0x4400 };
	uint16_t crc = 0xffff;

	while (cur_left(&bytes) > 0) {
		crc ^= cur_u8(&bytes);
		crc = (uint16_t)(crc >> 4 ^ nibbles[crc & 15]);
		crc = (uint16_t)(crc >> 4 ^ nibbles[crc & 15]);
	}
	return crc;
}

/* Whether the first n bytes are a serial frame with a right CRC. */
static bool rtu_crc_right(struct cursor bytes, size_t n)
{
	struct cursor body;

	if (n < 4 || n > cur_left(&bytes)) {
		return false;
	}
	body = cur_sub(&bytes, n - 2);
	return crc16(body) == cur_le16(&bytes);
}

/* Length of the serial frame at the start, by the shape of a request or an answer; 0: not known. */
static size_t rtu_length(struct cursor bytes, bool response)
{
	uint8_t code;
	size_t length;

	cur_skip(&bytes, 1);
	code = cur_u8(&bytes);
	if ((code & EXCEPTION_BIT) != 0) {
		return response ? 5 : 0;
	}
	const struct function *function = &functions[code];
	if (!shape_length(response ? function->response : function->request, bytes, &length)) {
		return 0;
	}
	/* No serial frame is longer (over Serial Line V1.02, 2.5.1): the count is none. */
	return length + 4 <= RTU_MAX ? length + 4 : 0;
}

/* A serial frame that fills the bytes, with a code of the standard, its shape and its CRC. */
static COLD bool whole_rtu(struct cursor bytes, bool *request, bool *response)
{
	struct cursor look = bytes;
	size_t n = cur_left(&bytes);
	uint8_t unit = cur_u8(&look), code = cur_u8(&look);
	struct cursor data;

	if (n < 4 || n > RTU_MAX || unit > 247 || functions[code & 0x7f].name == NULL ||
	    functions[code & 0x7f].request.shape == SHAPE_ANY) {
		return false;
	}
	data = cur_sub(&look, n - 4);
	*request = fits(code, data, false);
	*response = fits(code, data, true);
	return (*request || *response) && rtu_crc_right(bytes, n);
}

struct header {
	uint16_t transaction, protocol, length;
	uint8_t unit, code;
};

static inline bool length_right(const struct header *h)
{
	return h->length >= 2 && (h->length <= LENGTH_MAX ||
				  ((h->code & 0x7f) == FUNCTION_UMAS && h->length <= UMAS_MAX));
}

static inline struct header read_header(struct cursor *bytes)
{
	struct header h;

	if (likely(cur_left(bytes) >= MBAP_HEADER + 2)) {
		struct fixed head = cur_fixed(bytes, MBAP_HEADER + 2);

		h.transaction = fixed_be16(head, 0);
		h.protocol = fixed_be16(head, 2);
		h.length = fixed_be16(head, 4);
		h.unit = fixed_u8(head, 6);
		h.code = fixed_u8(head, 7);
		return h;
	}
	/* Of a part, what is there. */
	h.transaction = cur_be16(bytes);
	h.protocol = cur_be16(bytes);
	h.length = cur_be16(bytes);
	h.unit = cur_u8(bytes);
	h.code = cur_u8(bytes);
	return h;
}

/* An ADU at the start whose every part is right: it ends with the bytes, or others follow that are
 * right as well. any_code: function codes that nobody has described are fine too. */
static bool certain_mbap(struct cursor bytes, bool any_code, bool *request, bool *response)
{
	bool first = true;

	while (cur_left(&bytes) > 0) {
		struct cursor look = bytes;
		struct header h = read_header(&look);

		if (!cur_ok(&look) || h.protocol != 0 || !length_right(&h) ||
		    !(any_code || known_code(h.code))) {
			return false;
		}
		struct cursor data = cur_sub(&look, h.length - 2U);
		if (!cur_ok(&data)) {
			/* The end is in the next segment: enough if a whole one came before. */
			return !first;
		}
		bool can_ask = fits(h.code, data, false), can_answer = fits(h.code, data, true);
		if (!can_ask && !can_answer) {
			return false;
		}
		if (first) {
			*request = can_ask;
			*response = can_answer;
		}
		first = false;
		cur_skip(&bytes, MBAP_HEADER + h.length);
	}
	return !first;
}

static enum sender sender_of(bool request, bool response)
{
	if (request == response) {
		return SENDER_UNKNOWN;
	}
	return request ? SENDER_CLIENT : SENDER_SERVER;
}

static enum claim modbus_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	bool request = false, response = false;
	struct cursor look = bytes;
	struct header h;

	/* A serial frame may look like an MBAP header too; its CRC then decides. But a CRC on an
	 * unusual port is no proof: other protocols have the same. */
	if (whole_rtu(bytes, &request, &response)) {
		*sender = sender_of(request, response);
		return usual_port ? CLAIM_YES : CLAIM_LIKELY;
	}
	if (certain_mbap(bytes, false, &request, &response)) {
		*sender = sender_of(request, response);
		return CLAIM_YES;
	}
	if (!usual_port) {
		return CLAIM_NO;
	}
	/* On its own port a header is enough, whatever the function code. */
	h = read_header(&look);
	if (h.protocol != 0 || (cur_ok(&look) && !length_right(&h))) {
		return CLAIM_NO;
	}
	return cur_left(&bytes) >= 4 ? CLAIM_YES : CLAIM_MORE;
}

static struct framing mbap_frame(struct cursor bytes)
{
	struct cursor look = bytes;
	struct header h = read_header(&look);

	/* A bad read yields 0 for every field that was not there. */
	if (h.protocol != 0) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	if (cur_left(&bytes) < MBAP_HEADER) {
		return (struct framing) { FRAMING_MORE, MBAP_HEADER };
	}
	if (!length_right(&h)) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	return (struct framing) { FRAMING_PDU, MBAP_HEADER + (size_t)h.length };
}

static COLD struct framing rtu_frame(const struct dissection *d, struct cursor bytes)
{
	size_t n = cur_left(&bytes);
	size_t expected = rtu_length(bytes, !d->from_client);
	size_t other = rtu_length(bytes, d->from_client);

	if (rtu_crc_right(bytes, expected)) {
		return (struct framing) { FRAMING_PDU, expected };
	}
	if (rtu_crc_right(bytes, other)) {
		return (struct framing) { FRAMING_PDU, other };
	}
	if (n <= RTU_MAX && rtu_crc_right(bytes, n)) {
		return (struct framing) { FRAMING_PDU, n };
	}
	if (n < 4 || n < expected) {
		return (struct framing) { FRAMING_MORE, size_max(expected, 4) };
	}
	/* The CRC is wrong: the message is reported with that. */
	return (struct framing) { FRAMING_PDU, expected != 0 ? expected : size_min(n, RTU_MAX) };
}

static struct framing modbus_frame(const struct dissection *d, struct cursor bytes)
{
	struct modbus_state *state = d->state;
	bool request, response;

	if (state->mode == MODE_UNKNOWN) {
		state->mode = whole_rtu(bytes, &request, &response) ? MODE_RTU : MODE_MBAP;
	}
	return state->mode == MODE_RTU ? rtu_frame(d, bytes) : mbap_frame(bytes);
}

static size_t modbus_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	const struct modbus_state *state = d->state;
	size_t n = cur_left(&bytes);
	bool request, response;

	cur_skip(&bytes, from);
	for (size_t skip = from; skip < n; skip++) {
		if (state->mode == MODE_RTU ? whole_rtu(bytes, &request, &response)
					    : certain_mbap(bytes, true, &request, &response)) {
			return skip;
		}
		cur_skip(&bytes, 1);
	}
	return n;
}

/* ---- messages ---- */

static bool is_rtu(const struct dissection *d)
{
	const struct modbus_state *state = d->state;

	return d->stream && state->mode == MODE_RTU;
}

static void put_head(struct dissection *d, const struct header *h)
{
	const struct function *function = &functions[h->code & 0x7f];

	record_put_uint(d->writer, CORE_UNIT_ID, h->unit);
	record_put_uint(d->writer, PUT(FUNCTION_CODE), h->code & 0x7fU);
	record_put_static(d->writer, CORE_FUNCTION, function->name);
	if (is_rtu(d)) {
		record_put_static(d->writer, PUT(FRAMING), "rtu");
	} else {
		record_put_uint(d->writer, PUT(TRANSACTION), h->transaction);
	}
}

/* Ends the fields of a message: what is wrong with it, and what stands behind its last field. */
static enum parsed put_tail(struct dissection *d, struct cursor data, const char *wrong, bool known)
{
	if (!cur_ok(&data)) {
		wrong = "length";
	}
	if (known && cur_left(&data) > 0) {
		record_put_uint(d->writer, CORE_TRAILING_BYTES, cur_left(&data));
		wrong = wrong != NULL ? wrong : "trailing_bytes";
	}
	if (wrong != NULL) {
		dissect_malformed(d, wrong);
	}
	return wrong != NULL ? PARSED_MALFORMED : known ? PARSED : PARSED_UNKNOWN;
}

static enum operation operation_of(uint8_t code, struct cursor data)
{
	if (code == 8) {
		return diagnostics_operation(data);
	}
	return code == 43 ? encapsulated_operation(data) : functions[code & 0x7f].operation;
}

/* Clients that keep the transaction id at 0 are common: unit and function tell as well. */
static uint64_t pairing_key(const struct header *h)
{
	return h->transaction | (uint64_t)h->unit << 16 | (uint64_t)(h->code & 0x7f) << 24;
}

/* What an operation other than a read is about, for a person: "holding registers 100-109". */
static void put_target(struct dissection *d, uint8_t code, struct cursor data)
{
	static const char *const tables[128] = {
		[5] = "coil",
		[6] = "holding register",
		[15] = "coil",
		[16] = "holding register",
		[22] = "holding register",
		[23] = "holding register",
	};
	unsigned first, n;
	char text[48];

	if (tables[code & 0x7f] == NULL) {
		return;
	}
	/* Function 23 writes where its second range says. */
	cur_skip(&data, code == 23 ? 4 : 0);
	first = cur_be16(&data);
	n = code == 15 || code == 16 || code == 23 ? cur_be16(&data) : 1;
	if (n > 1) {
		snprintf(text, sizeof(text), "%ss %u-%u", tables[code & 0x7f], first,
			 first + n - 1);
	} else {
		snprintf(text, sizeof(text), "%s %u", tables[code & 0x7f], first);
	}
	record_put_text(d->writer, CORE_TARGET, text);
}

static enum parsed parse_request(struct dissection *d, const struct header *h, struct cursor data,
				 const char *wrong)
{
	const struct function *function = &functions[h->code & 0x7f];
	enum operation operation = operation_of(h->code, data);
	const char *found = NULL;
	enum parsed parsed;

	dissect_count(d, MESSAGE_REQUEST, h->code & 0x7fU);
	transaction_open(d, pairing_key(h));
	put_head(d, h);
	put_target(d, h->code, data);
	if (function->ask != NULL) {
		found = function->ask(d, &data);
	} else if (cur_left(&data) > 0) {
		record_put_bytes(d->writer, PUT(DATA), data);
		cur_skip(&data, cur_left(&data));
	}
	parsed = put_tail(d, data, wrong != NULL ? wrong : found, understood(h->code));
	/* Over Serial Line V1.02, 2.2: nobody answers address 0. */
	transaction_ask(d, operation, is_rtu(d) && h->unit == 0);
	return parsed;
}

static COLD enum parsed parse_exception(struct dissection *d, const struct header *h,
					struct cursor data, struct pending *asked)
{
	uint8_t code = cur_u8(&data);
	enum parsed parsed;

	dissect_count(d, MESSAGE_EXCEPTION, h->code & 0x7fU);
	transaction_answer(d, asked, functions[h->code & 0x7f].operation);
	if (asked == NULL) {
		put_head(d, h);
	}
	record_put_uint(d->writer, PUT(EXCEPTION_CODE), code);
	record_put_static(d->writer, PUT(EXCEPTION_NAME),
			  code < ARRAY_SIZE(exceptions) ? exceptions[code] : NULL);
	parsed = put_tail(d, data, NULL, understood(h->code));
	transaction_done(d, code == EXCEPTION_ACKNOWLEDGE ? OUTCOME_UNKNOWN : OUTCOME_FAILURE);
	return parsed;
}

static enum parsed parse_response(struct dissection *d, const struct header *h, struct cursor data,
				  const char *wrong)
{
	const struct function *function = &functions[h->code & 0x7f];
	struct pending *asked = transaction_find(d, pairing_key(h));
	const char *found = NULL;
	enum parsed parsed;

	if ((h->code & EXCEPTION_BIT) != 0) {
		return parse_exception(d, h, data, asked);
	}
	dissect_count(d, MESSAGE_RESPONSE, h->code);
	transaction_answer(d, asked, operation_of(h->code, data));
	if (asked == NULL) {
		put_head(d, h);
	}
	if (function->answer != NULL) {
		found = function->answer(d, &data, asked);
	} else if (cur_left(&data) > 0) {
		record_put_bytes(d->writer, PUT(DATA), data);
		cur_skip(&data, cur_left(&data));
	}
	parsed = put_tail(d, data, wrong != NULL ? wrong : found, understood(h->code));
	transaction_done(d, OUTCOME_SUCCESS);
	return parsed;
}

/* The shape shows who sent it where the flow does not know for sure. */
static void learn_direction(struct dissection *d, uint8_t code, struct cursor data)
{
	bool request, response;

	if (likely(d->flow->client_evidence == CLIENT_BY_PROTOCOL ||
		   d->flow->key.port[d->flow->client ^ 1U] == PORT)) {
		return;
	}
	request = fits(code, data, false);
	response = fits(code, data, true);
	if (request != response) {
		dissect_sender(d, request ? SENDER_CLIENT : SENDER_SERVER);
	}
}

/* Hands the data to the protocol that rides in this function. */
static COLD bool parse_umas(struct dissection *d, const struct header *h, struct cursor data)
{
	struct modbus_adu adu = { .key = pairing_key(h),
				  .transaction = h->transaction,
				  .unit = h->unit,
				  .function = h->code,
				  .response = !d->from_client };

	if (!dissect_child(d, FUNCTION_UMAS, data, &adu)) {
		return false;
	}
	dissect_count(d, adu.response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, h->code);
	return true;
}

static enum parsed parse_message(struct dissection *d, const struct header *h, struct cursor data,
				 const char *wrong)
{
	learn_direction(d, h->code, data);
	if (unlikely(h->code == FUNCTION_UMAS) && wrong == NULL && parse_umas(d, h, data)) {
		return PARSED;
	}
	return d->from_client ? parse_request(d, h, data, wrong)
			      : parse_response(d, h, data, wrong);
}

static COLD enum parsed parse_rtu(struct dissection *d, struct cursor adu)
{
	bool right = rtu_crc_right(adu, cur_left(&adu));
	struct header h = { .unit = cur_u8(&adu), .code = cur_u8(&adu) };
	struct cursor data;

	if (cur_left(&adu) < 2) {
		return PARSED_NOT_MINE;
	}
	data = cur_sub(&adu, cur_left(&adu) - 2);
	return parse_message(d, &h, data, right ? NULL : "crc");
}

static enum parsed modbus_parse(struct dissection *d, struct cursor adu)
{
	struct header h;
	struct cursor data;

	if (is_rtu(d)) {
		return parse_rtu(d, adu);
	}
	h = read_header(&adu);
	if (!cur_ok(&adu) || h.protocol != 0 || !length_right(&h)) {
		return PARSED_NOT_MINE;
	}
	/* In a datagram the length may lie; in a stream frame() has seen to it. */
	data = cur_sub(&adu, h.length - 2U);
	if (!cur_ok(&data)) {
		return PARSED_NOT_MINE;
	}
	return parse_message(d, &h, data, NULL);
}

static const struct over modbus_over[] = {
	{ OVER_TCP, NULL, PORT },
	{ OVER_UDP, NULL, PORT },
	{ OVER_TCP, NULL, 0 },
	{ OVER_UDP, NULL, 0 },
};

const struct dissector dissector_modbus = {
	.name = "modbus",
	.title = "Modbus (Application Protocol V1.1b3, Messaging on TCP/IP V1.0b)",
	.over = modbus_over,
	.n_over = ARRAY_SIZE(modbus_over),
	.state_size = sizeof(struct modbus_state),
	.pdu_max = MBAP_HEADER + UMAS_MAX,
	.probe = modbus_probe,
	.frame = modbus_frame,
	.resync = modbus_resync,
	.parse = modbus_parse,
	.fields = modbus_fields,
	.n_fields = ARRAY_SIZE(modbus_fields),
};
