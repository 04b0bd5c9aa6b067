/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Commands and functions of PCCC: 1770-6.5.16 (October 1996), chapter 7.  One row a code: its name,
 * what it does, what reads its request, what its answer holds, and what it does to a program on
 * its way. Direction: a download goes into the processor, an upload out of it, as the standard has
 * it.  Not in the standard: 0x57, 0x88 and 0xA1, which later controllers have, and 0xA3, a read of
 * a list of addresses that programming software uses while it is online. */

#include "dissectors/pccc_private.h"

/* ---- what stands behind the codes ---- */

static const char *checked(const struct cursor *data, const char *wrong)
{
	return wrong != NULL ? wrong : cur_ok(data) ? NULL : "length";
}

static const char *read_values(struct cursor *data, struct pccc_request *out)
{
	out->values = *data;
	out->has |= PCCC_HAS_VALUES;
	cur_skip(data, cur_left(data));
	return NULL;
}

static void read_size(struct cursor *data, struct pccc_request *out)
{
	out->size = cur_u8(data);
	out->has |= PCCC_HAS_SIZE;
}

static const char *read_mode(struct cursor *data, struct pccc_request *out)
{
	out->mode = cur_u8(data);
	out->has |= PCCC_HAS_MODE;
	return checked(data, NULL);
}

/* 7-17, 7-18: logical addresses. */
static const char *read_logical(struct cursor *data, struct pccc_request *out, bool with_sub)
{
	read_size(data, out);
	return pccc_read_logical(data, &out->address, with_sub);
}

static const char *logical_read_2(struct cursor *data, struct pccc_request *out)
{
	return read_logical(data, out, false);
}

static const char *logical_read_3(struct cursor *data, struct pccc_request *out)
{
	return read_logical(data, out, true);
}

static const char *written(struct cursor *data, struct pccc_request *out, const char *wrong)
{
	wrong = checked(data, wrong);
	read_values(data, out);
	if (wrong == NULL && cur_left(&out->values) != out->size) {
		wrong = "byte_size";
	}
	return wrong;
}

static const char *logical_write_2(struct cursor *data, struct pccc_request *out)
{
	return written(data, out, read_logical(data, out, false));
}

static const char *logical_write_3(struct cursor *data, struct pccc_request *out)
{
	return written(data, out, read_logical(data, out, true));
}

static const char *masked_write(struct cursor *data, struct pccc_request *out)
{
	const char *wrong = read_logical(data, out, true);

	out->mask = cur_le16(data);
	out->has |= PCCC_HAS_MASK;
	return written(data, out, wrong);
}

/* 7-16: files that were opened. */
static const char *file_read(struct cursor *data, struct pccc_request *out)
{
	read_size(data, out);
	out->tag = cur_le16(data);
	out->offset = cur_le16(data);
	out->address.kind = PCCC_NO_ADDRESS;
	out->address.file_type = cur_u8(data);
	out->has |= PCCC_HAS_TAG | PCCC_HAS_OFFSET;
	return checked(data, NULL);
}

static const char *file_write(struct cursor *data, struct pccc_request *out)
{
	return written(data, out, file_read(data, out));
}

static const char *open_file(struct cursor *data, struct pccc_request *out)
{
	out->access = cur_u8(data);
	out->has |= PCCC_HAS_ACCESS;
	out->address.kind = PCCC_NO_ADDRESS;
	out->address.file = cur_u8(data);
	out->address.file_type = cur_u8(data);
	return checked(data, NULL);
}

static const char *close_file(struct cursor *data, struct pccc_request *out)
{
	out->tag = cur_le16(data);
	out->has |= PCCC_HAS_TAG;
	return checked(data, NULL);
}

/* 7-28 on: parts of a transfer at a system address. */
static const char *range(struct cursor *data, struct pccc_request *out)
{
	out->offset = cur_le16(data);
	out->total = cur_le16(data);
	out->has |= PCCC_HAS_OFFSET | PCCC_HAS_TOTAL;
	return pccc_read_system(data, &out->address);
}

static const char *range_read(struct cursor *data, struct pccc_request *out)
{
	const char *wrong = range(data, out);

	read_size(data, out);
	return checked(data, wrong);
}

static const char *range_write(struct cursor *data, struct pccc_request *out)
{
	const char *wrong = range(data, out);

	read_values(data, out);
	return wrong;
}

static const char *typed_read(struct cursor *data, struct pccc_request *out)
{
	const char *wrong = range(data, out);

	out->elements = cur_le16(data);
	out->has |= PCCC_HAS_ELEMENTS;
	return checked(data, wrong);
}

static const char *typed_write(struct cursor *data, struct pccc_request *out)
{
	const char *wrong = range(data, out);

	wrong = wrong != NULL ? wrong : pccc_read_type(data, out);
	read_values(data, out);
	return wrong;
}

static const char *system_address(struct cursor *data, struct pccc_request *out)
{
	return pccc_read_system(data, &out->address);
}

/* Bits that are written at an address; further addresses may follow. */
static const char *and_or(struct cursor *data, struct pccc_request *out)
{
	const char *wrong = pccc_read_system(data, &out->address);

	out->and_mask = cur_le16(data);
	out->or_mask = cur_le16(data);
	out->has |= PCCC_HAS_AND_OR;
	out->more = *data;
	cur_skip(data, cur_left(data));
	return checked(data, wrong);
}

/* PLC-3: bits to set, bits to reset. */
static const char *bit_write(struct cursor *data, struct pccc_request *out)
{
	const char *wrong = pccc_read_system(data, &out->address);

	out->or_mask = cur_le16(data);
	out->and_mask = (uint16_t)~cur_le16(data);
	out->has |= PCCC_HAS_AND_OR;
	return checked(data, wrong);
}

static void basic(struct cursor *data, struct pccc_request *out)
{
	out->address.kind = PCCC_BASIC;
	out->address.physical = cur_le16(data);
}

/* 7-15, 7-31: the same of a byte, several times. */
static const char *basic_bits(struct cursor *data, struct pccc_request *out)
{
	basic(data, out);
	out->or_mask = cur_u8(data);
	out->and_mask = (uint16_t) ~(unsigned)cur_u8(data);
	out->has |= PCCC_HAS_AND_OR;
	out->more = *data;
	cur_skip(data, cur_left(data));
	return checked(data, NULL);
}

static const char *basic_read(struct cursor *data, struct pccc_request *out)
{
	basic(data, out);
	read_size(data, out);
	return checked(data, NULL);
}

static const char *basic_write(struct cursor *data, struct pccc_request *out)
{
	basic(data, out);
	read_values(data, out);
	return checked(data, NULL);
}

static void physical(struct cursor *data, struct pccc_request *out)
{
	out->address.kind = PCCC_PHYSICAL;
	out->address.physical = cur_le32(data);
}

static const char *physical_read(struct cursor *data, struct pccc_request *out)
{
	physical(data, out);
	read_size(data, out);
	return checked(data, NULL);
}

static const char *physical_write(struct cursor *data, struct pccc_request *out)
{
	physical(data, out);
	read_values(data, out);
	return checked(data, NULL);
}

static const char *command_list(struct cursor *data, struct pccc_request *out)
{
	out->has |= PCCC_HAS_COMMANDS;
	out->more = *data;
	cur_skip(data, cur_left(data));
	return NULL;
}

static const char *address_list(struct cursor *data, struct pccc_request *out)
{
	out->has |= PCCC_HAS_LIST;
	out->more = *data;
	cur_skip(data, cur_left(data));
	return NULL;
}

/* ---- the tables ---- */

#define DATA   PCCC_REPLY_DATA
#define VALUES PCCC_REPLY_VALUES
#define TYPED  PCCC_REPLY_TYPED
#define NONE   PCCC_REPLY_NONE
#define BLOCK  PCCC_REPLY_BLOCK
#define KEEP   PCCC_STEP_NONE
#define BEGIN  PCCC_STEP_BEGIN
#define IN     PCCC_STEP_IN
#define OUT    PCCC_STEP_OUT
#define END    PCCC_STEP_END

/* Commands without a function. */
static const struct pccc_function commands[16] = {
	[0x00] = { "protected_write", OPERATION_WRITE, basic_write, NONE, KEEP },
	[0x01] = { "unprotected_read", OPERATION_READ, basic_read, VALUES, KEEP },
	[0x02] = { "protected_bit_write", OPERATION_WRITE, basic_bits, NONE, KEEP },
	[0x03] = { "physical_write", OPERATION_PROGRAM_DOWNLOAD, basic_write, NONE, IN },
	[0x04] = { "physical_read", OPERATION_PROGRAM_UPLOAD, basic_read, BLOCK, OUT },
	[0x05] = { "unprotected_bit_write", OPERATION_WRITE, basic_bits, NONE, KEEP },
	[0x08] = { "unprotected_write", OPERATION_WRITE, basic_write, NONE, KEEP },
};

/* Diagnostics. */
static const struct pccc_function functions_06[] = {
	[0x00] = { "echo", OPERATION_DIAGNOSE, read_values, DATA, KEEP },
	[0x01] = { "read_diagnostic_counters", OPERATION_DIAGNOSE, basic_read, DATA, KEEP },
	[0x02] = { "set_variables", OPERATION_CONFIG_WRITE, read_values, NONE, KEEP },
	[0x03] = { "diagnostic_status", OPERATION_IDENTIFY, NULL, PCCC_REPLY_STATUS, KEEP },
	[0x04] = { "set_timeout", OPERATION_CONFIG_WRITE, read_values, NONE, KEEP },
	[0x05] = { "set_naks", OPERATION_CONFIG_WRITE, read_values, NONE, KEEP },
	[0x06] = { "set_enqs", OPERATION_CONFIG_WRITE, read_values, NONE, KEEP },
	[0x07] = { "reset_diagnostic_counters", OPERATION_CONTROL, NULL, NONE, KEEP },
	[0x08] = { "set_data_table_size", OPERATION_CONFIG_WRITE, read_values, NONE, KEEP },
	[0x09] = { "read_link_parameters", OPERATION_DIAGNOSE, basic_read, DATA, KEEP },
	[0x0a] = { "set_link_parameters", OPERATION_CONFIG_WRITE, basic_write, NONE, KEEP },
};

/* PLC and PLC-2. */
static const struct pccc_function functions_07[] = {
	[0x00] = { "disable_outputs", OPERATION_CONTROL, NULL, NONE, KEEP },
	[0x01] = { "enable_program", OPERATION_CONTROL, NULL, NONE, KEEP },
	[0x03] = { "enable_scanning", OPERATION_START, NULL, NONE, KEEP },
	[0x04] = { "enter_download_mode", OPERATION_PROGRAM_DOWNLOAD, NULL, NONE, BEGIN },
	[0x05] = { "exit_download_upload_mode", OPERATION_SESSION, NULL, NONE, END },
	[0x06] = { "enter_upload_mode", OPERATION_PROGRAM_UPLOAD, NULL, NONE, BEGIN },
};

/* PLC-4. */
static const struct pccc_function functions_0e[] = {
	[0x01] = { "set_to_program_mode", OPERATION_MODE_CHANGE, read_values, NONE, KEEP },
	[0x02] = { "set_to_run_mode", OPERATION_MODE_CHANGE, read_values, NONE, KEEP },
	[0x03] = { "set_to_test_mode", OPERATION_MODE_CHANGE, read_values, NONE, KEEP },
	[0x04] = { "set_to_single_step_test_mode", OPERATION_MODE_CHANGE, read_values, NONE, KEEP },
	[0x05] = { "allocate", OPERATION_AUTHENTICATE, read_values, NONE, KEEP },
	[0x06] = { "deallocate", OPERATION_SESSION, read_values, NONE, KEEP },
	[0x0c] = { "initialize_processor", OPERATION_MEMORY_RESET, read_values, NONE, KEEP },
	[0x0d] = { "physical_read", OPERATION_PROGRAM_UPLOAD, read_values, BLOCK, OUT },
	[0x0e] = { "physical_write", OPERATION_PROGRAM_DOWNLOAD, read_values, NONE, IN },
	[0x0f] = { "physical_write_with_mask", OPERATION_PROGRAM_DOWNLOAD, read_values, NONE, IN },
};

static const struct pccc_function functions_0f[256] = {
	[0x00] = { "word_range_write", OPERATION_WRITE, range_write, NONE, KEEP },
	[0x01] = { "word_range_read", OPERATION_READ, range_read, VALUES, KEEP },
	[0x02] = { "bit_write", OPERATION_WRITE, bit_write, NONE, KEEP },
	[0x03] = { "file_write", OPERATION_WRITE, range_write, NONE, KEEP },
	[0x04] = { "file_read", OPERATION_READ, range_read, VALUES, KEEP },
	[0x05] = { "download_request", OPERATION_PROGRAM_DOWNLOAD, NULL, NONE, BEGIN },
	[0x06] = { "upload_request", OPERATION_PROGRAM_UPLOAD, NULL, NONE, BEGIN },
	[0x07] = { "shutdown", OPERATION_STOP, NULL, NONE, KEEP },
	[0x08] = { "physical_write", OPERATION_PROGRAM_DOWNLOAD, physical_write, NONE, IN },
	[0x09] = { "physical_read", OPERATION_PROGRAM_UPLOAD, physical_read, BLOCK, OUT },
	[0x0a] = { "restart_request", OPERATION_RESTART, NULL, NONE, END },
	[0x11] = { "get_edit_resource", OPERATION_AUTHENTICATE, NULL, NONE, KEEP },
	[0x12] = { "return_edit_resource", OPERATION_SESSION, NULL, NONE, KEEP },
	[0x17] = { "read_bytes_physical", OPERATION_PROGRAM_UPLOAD, physical_read, BLOCK, OUT },
	[0x18] = { "write_bytes_physical", OPERATION_PROGRAM_DOWNLOAD, physical_write, NONE, IN },
	[0x26] = { "read_modify_write", OPERATION_WRITE, and_or, NONE, KEEP },
	[0x29] = { "read_section_size", OPERATION_DIAGNOSE, system_address, DATA, KEEP },
	[0x3a] = { "set_cpu_mode", OPERATION_MODE_CHANGE, read_mode, NONE, KEEP },
	[0x41] = { "disable_forces", OPERATION_FORCE, NULL, NONE, KEEP },
	[0x50] = { "download_all_request", OPERATION_PROGRAM_DOWNLOAD, NULL, NONE, BEGIN },
	[0x52] = { "download_completed", OPERATION_PROGRAM_DOWNLOAD, NULL, NONE, END },
	[0x53] = { "upload_all_request", OPERATION_PROGRAM_UPLOAD, NULL, DATA, BEGIN },
	[0x55] = { "upload_completed", OPERATION_PROGRAM_UPLOAD, NULL, NONE, END },
	[0x57] = { "initialize_memory", OPERATION_MEMORY_RESET, NULL, NONE, KEEP },
	[0x5e] = { "modify_plc2_compatibility_file", OPERATION_CONFIG_WRITE, read_values, NONE,
		   KEEP },
	[0x67] = { "typed_write", OPERATION_WRITE, typed_write, NONE, KEEP },
	[0x68] = { "typed_read", OPERATION_READ, typed_read, TYPED, KEEP },
	[0x79] = { "read_modify_write_n", OPERATION_WRITE, read_values, NONE, KEEP },
	[0x80] = { "change_mode", OPERATION_MODE_CHANGE, read_mode, NONE, KEEP },
	[0x81] = { "open_file", OPERATION_FILE_READ, open_file, PCCC_REPLY_TAG, BEGIN },
	[0x82] = { "close_file", OPERATION_SESSION, close_file, NONE, END },
	[0x88] = { "execute_multiple_commands", OPERATION_WRITE, command_list, DATA, KEEP },
	[0x8f] = { "apply_port_configuration", OPERATION_CONFIG_WRITE, read_values, DATA, KEEP },
	[0xa1] = { "protected_typed_logical_read_2", OPERATION_READ, logical_read_2, VALUES, KEEP },
	[0xa2] = { "protected_typed_logical_read_3", OPERATION_READ, logical_read_3, VALUES, KEEP },
	[0xa3] = { "list_read", OPERATION_READ, address_list, DATA, KEEP },
	[0xa7] = { "protected_typed_file_read", OPERATION_FILE_READ, file_read, BLOCK, OUT },
	[0xa9] = { "protected_typed_logical_write_2", OPERATION_WRITE, logical_write_2, NONE,
		   KEEP },
	[0xaa] = { "protected_typed_logical_write_3", OPERATION_WRITE, logical_write_3, NONE,
		   KEEP },
	[0xab] = { "protected_typed_logical_masked_write", OPERATION_WRITE, masked_write, NONE,
		   KEEP },
	[0xaf] = { "protected_typed_file_write", OPERATION_FILE_WRITE, file_write, NONE, IN },
};

static const struct {
	const struct pccc_function *rows;
	size_t n;
} functions[16] = {
	[0x06] = { functions_06, ARRAY_SIZE(functions_06) },
	[0x07] = { functions_07, ARRAY_SIZE(functions_07) },
	[0x0e] = { functions_0e, ARRAY_SIZE(functions_0e) },
	[0x0f] = { functions_0f, ARRAY_SIZE(functions_0f) },
};

bool pccc_has_function(uint8_t command)
{
	return command < ARRAY_SIZE(functions) && functions[command].rows != NULL;
}

const struct pccc_function *pccc_function(struct pccc_code code)
{
	static const struct pccc_function unknown = { NULL, OPERATION_UNKNOWN, read_values, DATA,
						      KEEP };
	const struct pccc_function *row = &unknown;

	if (code.has_function && code.function < functions[code.command].n) {
		row = &functions[code.command].rows[code.function];
	} else if (!code.has_function && code.command < ARRAY_SIZE(commands)) {
		row = &commands[code.command];
	}
	return row->name != NULL ? row : &unknown;
}

/* A list of commands reads, unless one of them does something else: then that. */
static enum operation list_operation(struct cursor list)
{
	uint8_t count = cur_u8(&list);
	enum operation operation = OPERATION_READ;

	while (count-- > 0 && cur_left(&list) > 0 && operation == OPERATION_READ) {
		struct cursor command = cur_sub(&list, cur_u8(&list));
		struct pccc_code code = { 0x0f, cur_u8(&command), true };

		operation = pccc_function(code)->operation;
	}
	return operation;
}

/* Reading or writing a file that is no data is something else. */
enum operation pccc_operation(const struct pccc_function *function,
			      const struct pccc_request *request)
{
	static const enum operation read[] = { [PCCC_PROGRAM] = OPERATION_PROGRAM_UPLOAD };
	static const enum operation write[] = { [PCCC_PROGRAM] = OPERATION_PROGRAM_DOWNLOAD,
						[PCCC_EDIT] = OPERATION_ONLINE_EDIT,
						[PCCC_FORCE] = OPERATION_FORCE,
						[PCCC_CONFIG] = OPERATION_CONFIG_WRITE,
						[PCCC_CLOCK] = OPERATION_TIME_SET };
	enum pccc_class class = pccc_file(request->address.file_type)->class;
	bool writes = function->operation == OPERATION_WRITE ||
		      function->operation == OPERATION_FILE_WRITE ||
		      ((request->has & PCCC_HAS_ACCESS) != 0 && request->access == 3);
	bool reads =
	    function->operation == OPERATION_READ || function->operation == OPERATION_FILE_READ;

	if ((request->has & PCCC_HAS_COMMANDS) != 0) {
		return list_operation(request->more);
	}
	if (writes && class < ARRAY_SIZE(write) && write[class] != OPERATION_UNKNOWN) {
		return write[class];
	}
	if (!writes && reads && class < ARRAY_SIZE(read) && read[class] != OPERATION_UNKNOWN) {
		return read[class];
	}
	return writes && reads ? OPERATION_FILE_WRITE : function->operation;
}

/* 7-4: mode of SLC and MicroLogix. 7-26: of PLC-5, bits 0 and 1; MicroLogix 1000 has the same
 * code, where 1 is program and 2 run (7-4), which nothing in the message tells apart. */
const char *pccc_mode_name(struct pccc_code code, uint8_t mode)
{
	static const char *const modes[] = { [0x01] = "remote_program",
					     [0x06] = "remote_run",
					     [0x07] = "remote_test_continuous",
					     [0x08] = "remote_test_single_scan",
					     [0x09] = "remote_test_single_step" };
	static const char *const cpu_modes[] = { "program", "test_or_program", "run", "unchanged" };

	if (code.function == 0x3a) {
		return cpu_modes[mode & 3];
	}
	return mode < ARRAY_SIZE(modes) ? modes[mode] : NULL;
}

const struct field pccc_fields[PCCC_FIELD_COUNT] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.pccc." name, FIELD_##type, flags, NULL, meaning, NULL },
	PCCC_FIELDS(X)
#undef X
};

/* ---- fields of a request ---- */

static void put_address(struct dissection *d, const struct pccc_request *request)
{
	const struct pccc_address *address = &request->address;
	const struct pccc_file *file = pccc_file(address->file_type);

	if (address->file_type != 0 || address->kind == PCCC_LOGICAL) {
		record_put_uint(d->writer, PUT(FILE_TYPE), address->file_type);
		record_put_static(d->writer, PUT(FILE_TYPE_NAME), file->name);
	}
	if (address->kind == PCCC_LOGICAL || address->kind == PCCC_LEVELS) {
		record_put_uint(d->writer, PUT(FILE), address->file);
		record_put_uint(d->writer, PUT(ELEMENT), address->element);
		if (address->has_sub) {
			record_put_uint(d->writer, PUT(SUB), address->sub);
		}
	} else if (address->kind == PCCC_PHYSICAL || address->kind == PCCC_BASIC) {
		record_put_uint(d->writer, PUT(PHYSICAL), address->physical);
	} else if ((request->has & PCCC_HAS_ACCESS) != 0) {
		record_put_uint(d->writer, PUT(FILE), address->file);
	}
}

static void put_commands(struct dissection *d, struct cursor list)
{
	uint8_t codes[RECORD_LIST_MAX];
	uint8_t count = cur_u8(&list);
	size_t n = 0;

	while (n < count && n < ARRAY_SIZE(codes) && cur_left(&list) > 0) {
		struct cursor command = cur_sub(&list, cur_u8(&list));

		codes[n++] = cur_u8(&command);
	}
	record_put_uint8s(d->writer, PUT(COMMANDS), codes, n);
}

/* 0xFF and two bytes, or one byte, each. */
static void put_list(struct dissection *d, struct cursor list)
{
	uint16_t addresses[RECORD_LIST_MAX];
	size_t n = 0;

	while (n < ARRAY_SIZE(addresses) && cur_left(&list) > 0) {
		uint8_t small = cur_u8(&list);

		addresses[n++] = small == 0xff ? cur_le16(&list) : small;
	}
	record_put_uint16s(d->writer, PUT(ADDRESSES), addresses, n);
}

static void put_masks(struct dissection *d, const struct pccc_request *request)
{
	if ((request->has & PCCC_HAS_MASK) != 0) {
		record_put_uint(d->writer, PUT(MASK), request->mask);
	}
	if ((request->has & PCCC_HAS_AND_OR) != 0) {
		record_put_uint(d->writer, PUT(AND_MASK), request->and_mask);
		record_put_uint(d->writer, PUT(OR_MASK), request->or_mask);
	}
}

static void put_numbers(struct dissection *d, const struct pccc_request *request)
{
	const struct {
		unsigned has;
		uint16_t field;
		uint32_t value;
	} numbers[] = { { PCCC_HAS_SIZE, PUT(SIZE), request->size },
			{ PCCC_HAS_OFFSET, PUT(OFFSET), request->offset },
			{ PCCC_HAS_TOTAL, PUT(TOTAL), request->total },
			{ PCCC_HAS_TAG, PUT(TAG), request->tag },
			{ PCCC_HAS_MODE, PUT(MODE_CODE), request->mode } };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if ((request->has & numbers[i].has) != 0) {
			record_put_uint(d->writer, numbers[i].field, numbers[i].value);
		}
	}
	if ((request->has & (PCCC_HAS_SIZE | PCCC_HAS_VALUES)) == PCCC_HAS_VALUES) {
		record_put_uint(d->writer, PUT(SIZE), cur_left(&request->values));
	}
}

void pccc_put_request(struct dissection *d, struct pccc_code code,
		      const struct pccc_request *request)
{
	put_address(d, request);
	put_numbers(d, request);
	put_masks(d, request);
	if ((request->has & PCCC_HAS_MODE) != 0) {
		record_put_static(d->writer, PUT(MODE), pccc_mode_name(code, request->mode));
	}
	if ((request->has & PCCC_HAS_ACCESS) != 0) {
		record_put_static(d->writer, PUT(ACCESS),
				  request->access == 1   ? "read"
				  : request->access == 3 ? "read_write"
							 : NULL);
	}
	if ((request->has & PCCC_HAS_COMMANDS) != 0) {
		put_commands(d, request->more);
	}
	if ((request->has & PCCC_HAS_LIST) != 0) {
		put_list(d, request->more);
	}
}
