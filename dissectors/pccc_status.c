/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Status codes of PCCC (1770-6.5.16, chapter 8), and what processors say about themselves in a
 * diagnostic status (chapter 10).
 *
 *	SLC, MicroLogix: mode 1 | 0xEE | interface type 1 | processor type 1 | series and revision 1
 *| bulletin number 11 | major error 2 | mode and flags 2 | program id 2 | KiB 1 | owner 1 PLC-5:
 *status 1 | 0xEB | processor type 1 | bytes 4 | series and revision 1 | node 1 | I/O address 1 |
 *I/O parameters 1 | data files 2 | program files 2 | forces 1 | protected 1 | bad RAM 1 */

#include "dissectors/pccc_private.h"

#include <stdio.h>

const char *pccc_status_name(uint8_t status)
{
	/* 8-2: found by the link layer; 8-3: by the remote node. */
	static const char *const local[16] = {
		"success",
		"destination_out_of_buffers",
		"delivery_not_guaranteed",
		"duplicate_token_holder",
		"local_port_disconnected",
		"application_timeout",
		"duplicate_node",
		"station_offline",
		"hardware_fault",
	};
	static const char *const remote[16] = {
		"success",
		"illegal_command_or_format",
		"host_problem",
		"remote_host_missing",
		"hardware_fault",
		"addressing_problem_or_memory_protect",
		"function_not_allowed",
		"processor_in_program_mode",
		"compatibility_file_missing",
		"remote_node_cannot_buffer",
		"wait_ack",
		"remote_node_download_problem",
		"wait_ack",
		NULL,
		NULL,
		"extended_status",
	};

	return (status >> 4) != 0 ? remote[status >> 4] : local[status & 15];
}

/* 8-4. */
const char *pccc_extended_name(uint8_t code)
{
	static const char *const names[] = {
		[0x01] = "illegal_field_value",
		[0x02] = "too_few_address_levels",
		[0x03] = "too_many_address_levels",
		[0x04] = "symbol_not_found",
		[0x05] = "symbol_format",
		[0x06] = "address_not_usable",
		[0x07] = "file_wrong_size",
		[0x08] = "situation_changed",
		[0x09] = "data_too_large",
		[0x0a] = "transaction_too_large",
		[0x0b] = "access_denied",
		[0x0c] = "resource_not_available",
		[0x0d] = "resource_already_available",
		[0x0e] = "command_cannot_be_executed",
		[0x0f] = "histogram_overflow",
		[0x10] = "no_access",
		[0x11] = "illegal_data_type",
		[0x12] = "invalid_parameter",
		[0x13] = "reference_to_deleted_area",
		[0x14] = "execution_failure",
		[0x15] = "data_conversion_error",
		[0x16] = "rack_adapter_no_communication",
		[0x17] = "type_mismatch",
		[0x18] = "module_response_invalid",
		[0x19] = "duplicated_label",
		[0x1a] = "file_open_by_other_node",
		[0x1b] = "other_program_owner",
		[0x1e] = "data_table_protection",
		[0x1f] = "temporary_internal_problem",
		[0x22] = "remote_rack_fault",
		[0x23] = "timeout",
		[0x24] = "unknown_error",
	};

	return code < ARRAY_SIZE(names) ? names[code] : NULL;
}

/* ---- diagnostic status ---- */

enum { TYPE_SLC = 0xee, TYPE_PLC5 = 0xeb };

struct flag {
	uint16_t bit;
	const char *name;
};

static void put_flags(struct dissection *d, const struct flag *flags, size_t n, uint16_t word)
{
	const char *names[16];
	size_t set = 0;

	for (size_t i = 0; i < n; i++) {
		if ((word & flags[i].bit) != 0) {
			names[set++] = flags[i].name;
		}
	}
	if (set > 0) {
		record_put_statics(d->writer, PUT(FLAGS), names, set);
	}
}

/* 10-3 to 10-6: the low five bits; from 16 on the key switch forces the mode. */
static const char *slc_mode(unsigned mode)
{
	static const char *const modes[32] = {
		[0x00] = "remote_download",
		[0x01] = "remote_program",
		[0x03] = "remote_suspend",
		[0x06] = "remote_run",
		[0x07] = "remote_test_continuous",
		[0x08] = "remote_test_single_scan",
		[0x09] = "remote_test_single_step",
		[0x10] = "download",
		[0x11] = "program",
		[0x1b] = "suspend",
		[0x1e] = "run",
	};

	return modes[mode & 31];
}

static const char *trimmed(struct cursor name, char out[12])
{
	size_t n = 0;

	for (size_t i = 0; i < 11 && cur_left(&name) > 0; i++) {
		uint8_t c = cur_u8(&name);

		out[i] = c > ' ' && c < 0x7f ? (char)c : ' ';
		n = out[i] != ' ' ? i + 1 : n;
	}
	out[n] = '\0';
	return out;
}

/* MicroLogix are bulletins 1761 to 1766. */
static const char *slc_family(const char *name)
{
	return name[0] == '1' && name[1] == '7' && name[2] == '6' ? "MicroLogix" : "SLC 500";
}

static const char *put_slc(struct dissection *d, struct cursor data)
{
	static const struct flag flags[] = {
		{ 0x0020, "forces_enabled" },
		{ 0x0040, "forces_installed" },
		{ 0x0080, "communication_active" },
		{ 0x0100, "protection_power_loss" },
		{ 0x0200, "startup_protect_fault" },
		{ 0x0400, "load_memory_module_on_error" },
		{ 0x0800, "load_memory_module_always" },
		{ 0x1000, "load_memory_module_and_run" },
		{ 0x2000, "major_error_halted" },
		{ 0x4000, "locked" },
		{ 0x8000, "first_pass" },
	};
	uint8_t interface = cur_u8(&data), type = cur_u8(&data), series = cur_u8(&data);
	struct cursor name = cur_sub(&data, 11);
	uint16_t error = cur_le16(&data), mode = cur_le16(&data), program = cur_le16(&data);
	uint8_t memory = cur_u8(&data), owner = cur_u8(&data);
	char text[16];

	if (!cur_ok(&data)) {
		return "length";
	}
	record_put_static(d->writer, PUT(MAKER), "Allen-Bradley");
	record_put_text(d->writer, PUT(PROCESSOR), trimmed(name, text));
	record_put_static(d->writer, PUT(FAMILY), slc_family(text));
	record_put_uint(d->writer, PUT(INTERFACE_TYPE), interface);
	record_put_uint(d->writer, PUT(PROCESSOR_TYPE), type);
	snprintf(text, sizeof(text), "%c/%u", 'A' + (series >> 5), (series & 31U) + 1);
	record_put_text(d->writer, PUT(REVISION), text);
	record_put_static(d->writer, PUT(RUNS), slc_mode(mode));
	record_put_static(d->writer, PUT(KEY),
			  (mode & 16) == 0      ? "remote"
			  : (mode & 31) == 0x1e ? "run"
						: "program");
	record_put_uint(d->writer, PUT(ERROR), error);
	put_flags(d, flags, ARRAY_SIZE(flags), mode);
	record_put_uint(d->writer, PUT(PROGRAM_ID), program);
	record_put_uint(d->writer, PUT(MEMORY), 1024U * memory);
	if (owner >> 2 != 0x3f) {
		record_put_uint(d->writer, PUT(OWNER), owner >> 2);
	}
	return NULL;
}

/* 10-21, 10-22: processor expansion types. */
static const char *plc5_name(uint8_t type)
{
	static const struct {
		uint8_t type;
		const char *name;
	} names[] = { { 0x13, "1785-LT3" },  { 0x14, "1785-LT2" },  { 0x15, "1785-L40B" },
		      { 0x22, "1785-LT4" },  { 0x23, "1785-L60B" }, { 0x28, "1785-L40L" },
		      { 0x29, "1785-L60L" }, { 0x31, "1785-L11B" }, { 0x32, "1785-L20B" },
		      { 0x33, "1785-L30B" }, { 0x4a, "1785-L20E" }, { 0x4b, "1785-L40E" },
		      { 0x55, "1785-L80B" }, { 0x59, "1785-L80E" } };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].type == type) {
			return names[i].name;
		}
	}
	return NULL;
}

static const char *put_plc5(struct dissection *d, uint8_t status, struct cursor data)
{
	static const char *const modes[8] = { "program", NULL,          NULL, NULL,
					      NULL,      "remote_test", NULL, NULL };
	static const struct flag flags[] = {
		{ 0x0008, "major_fault" },      { 0x0010, "download_mode" },
		{ 0x0040, "testing_edits" },    { 0x0080, "edits_in_processor" },
		{ 0x0100, "forces_enabled" },   { 0x0200, "forces_installed" },
		{ 0x0400, "memory_protected" }, { 0x0800, "bad_memory" },
	};
	uint8_t type = cur_u8(&data);
	uint32_t memory = cur_le32(&data);
	uint8_t series = cur_u8(&data), node = cur_u8(&data);
	uint16_t data_files, program_files, word;
	uint8_t forces, protect, bad;
	unsigned mode = status & 7;
	char text[16];

	cur_skip(&data, 2);
	data_files = cur_le16(&data);
	program_files = cur_le16(&data);
	forces = cur_u8(&data);
	protect = cur_u8(&data);
	bad = cur_u8(&data);
	if (!cur_ok(&data)) {
		return "length";
	}
	record_put_static(d->writer, PUT(MAKER), "Allen-Bradley");
	record_put_static(d->writer, PUT(FAMILY), "PLC-5");
	if (plc5_name(type) != NULL) {
		record_put_static(d->writer, PUT(PROCESSOR), plc5_name(type));
	}
	record_put_uint(d->writer, PUT(PROCESSOR_TYPE), type);
	snprintf(text, sizeof(text), "%c/%c", 'A' + (series >> 5), 'A' + (series & 31));
	record_put_text(d->writer, PUT(REVISION), text);
	record_put_static(d->writer, PUT(RUNS),
			  mode == 2   ? "run"
			  : mode == 4 ? "remote_program"
			  : mode == 6 ? "remote_run"
				      : modes[mode]);
	record_put_static(d->writer, PUT(KEY),
			  mode >= 4   ? "remote"
			  : mode == 2 ? "run"
				      : "program");
	word = (uint16_t)((status & 0xd8) | (forces & 1) << 8 | (forces & 16) << 5 |
			  (protect != 0) << 10 | (bad != 0) << 11);
	put_flags(d, flags, ARRAY_SIZE(flags), word);
	record_put_uint(d->writer, PUT(MEMORY), memory);
	record_put_uint(d->writer, PUT(NODE), node);
	record_put_uint(d->writer, PUT(DATA_FILES), data_files);
	record_put_uint(d->writer, PUT(PROGRAM_FILES), program_files);
	return NULL;
}

const char *pccc_put_status(struct dissection *d, struct cursor data)
{
	struct cursor all = data;
	uint8_t status = cur_u8(&data), type = cur_u8(&data);

	if (type == TYPE_SLC && cur_left(&data) >= 22) {
		return put_slc(d, data);
	}
	if (type == TYPE_PLC5 && cur_left(&data) >= 16) {
		return put_plc5(d, status, data);
	}
	/* Interface modules and older processors: 24 layouts that nothing tells apart for sure. */
	if (cur_ok(&data)) {
		record_put_uint(d->writer, PUT(PROCESSOR_TYPE), type);
	}
	record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&all, 64));
	return NULL;
}
