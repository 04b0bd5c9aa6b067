/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Names of what S7comm numbers, and its times and texts. */

#include "dissectors/s7comm_private.h"

#include "capture/base/time.h"

const char *s7_name(const struct s7_name *table, uint16_t code)
{
	while (table->name != NULL && table->code != code) {
		table++;
	}
	return table->name;
}

/* Error class and code of an ack, or the error of userdata. In order. */
static const struct s7_name errors[] = {
	{ 0x0110, "invalid_block_number" },
	{ 0x0111, "invalid_request_length" },
	{ 0x0112, "invalid_parameter" },
	{ 0x0113, "invalid_block_type" },
	{ 0x0114, "block_not_found" },
	{ 0x0115, "block_exists" },
	{ 0x0116, "block_write_protected" },
	{ 0x0117, "block_too_large" },
	{ 0x0118, "invalid_block_number" },
	{ 0x0119, "wrong_password" },
	{ 0x011a, "station_resources" },
	{ 0x011b, "controller_resources" },
	{ 0x011c, "protocol_error" },
	{ 0x011d, "too_many_blocks" },
	{ 0x011e, "connection_lost" },
	{ 0x011f, "result_buffer_too_small" },
	{ 0x0120, "end_of_block_list" },
	{ 0x0140, "out_of_memory" },
	{ 0x0141, "out_of_resources" },
	{ 0x8001, "not_in_this_block_state" },
	{ 0x8003, "block_transfer_error" },
	{ 0x8100, "service_unknown" },
	{ 0x8104, "service_not_implemented" },
	{ 0x8204, "object_type_inconsistent" },
	{ 0x8205, "copied_block_exists" },
	{ 0x8301, "out_of_memory" },
	{ 0x8302, "out_of_resources" },
	{ 0x8304, "too_many_uploads" },
	{ 0x8305, "function_not_available" },
	{ 0x8306, "out_of_work_memory" },
	{ 0x8307, "out_of_retentive_memory" },
	{ 0x8401, "invalid_service_sequence" },
	{ 0x8402, "object_state_forbids" },
	{ 0x8404, "function_not_possible" },
	{ 0x8405, "remote_block_disabled" },
	{ 0x8500, "wrong_frame" },
	{ 0x8503, "cancelled_by_module" },
	{ 0x8701, "address_error" },
	{ 0x8702, "service_not_supported" },
	{ 0x8703, "access_refused" },
	{ 0x8704, "object_damaged" },
	{ 0xd001, "illegal_job_number" },
	{ 0xd002, "illegal_job_variant" },
	{ 0xd003, "test_function_not_supported" },
	{ 0xd004, "illegal_job_status" },
	{ 0xd005, "illegal_job_termination" },
	{ 0xd006, "illegal_link_id" },
	{ 0xd007, "illegal_buffer_elements" },
	{ 0xd008, "illegal_scan_rate" },
	{ 0xd009, "illegal_number_of_executions" },
	{ 0xd00a, "illegal_trigger_event" },
	{ 0xd00b, "illegal_trigger_condition" },
	{ 0xd011, "block_of_call_path_missing" },
	{ 0xd012, "wrong_address_in_block" },
	{ 0xd014, "block_being_replaced" },
	{ 0xd015, "illegal_variable_address" },
	{ 0xd016, "errors_in_user_program" },
	{ 0xd017, "illegal_trigger_number" },
	{ 0xd025, "invalid_path" },
	{ 0xd026, "illegal_access_type" },
	{ 0xd027, "number_of_data_blocks" },
	{ 0xd031, "internal_error" },
	{ 0xd032, "wrong_result_length" },
	{ 0xd033, "wrong_job_length" },
	{ 0xd03f, "parameter_coding" },
	{ 0xd041, "illegal_status_list" },
	{ 0xd042, "illegal_variable_address" },
	{ 0xd043, "referenced_job_not_found" },
	{ 0xd044, "illegal_variable_value" },
	{ 0xd045, "not_in_hold" },
	{ 0xd046, "illegal_measuring_stage" },
	{ 0xd047, "illegal_job_list_level" },
	{ 0xd048, "illegal_deletion_id" },
	{ 0xd049, "invalid_substitute_id" },
	{ 0xd04a, "program_status_failed" },
	{ 0xd05f, "data_coding" },
	{ 0xd061, "no_memory_for_job" },
	{ 0xd062, "job_list_full" },
	{ 0xd063, "trigger_occupied" },
	{ 0xd064, "no_memory_for_result" },
	{ 0xd065, "no_memory_for_results" },
	{ 0xd066, "timer_occupied" },
	{ 0xd067, "too_many_modify_jobs" },
	{ 0xd081, "not_in_this_mode" },
	{ 0xd082, "cannot_leave_hold" },
	{ 0xd0a1, "protection_level" },
	{ 0xd0a2, "memory_being_modified" },
	{ 0xd0a3, "too_many_modify_jobs" },
	{ 0xd0a4, "force_job_exists" },
	{ 0xd0a5, "referenced_job_not_found" },
	{ 0xd0a6, "job_cannot_be_switched" },
	{ 0xd0a7, "job_cannot_be_deleted" },
	{ 0xd0a8, "job_cannot_be_replaced" },
	{ 0xd0a9, "job_cannot_be_read" },
	{ 0xd0aa, "time_limit" },
	{ 0xd0ab, "invalid_job_parameters" },
	{ 0xd0ac, "invalid_job_data" },
	{ 0xd0ad, "mode_already_set" },
	{ 0xd0ae, "job_of_another_connection" },
	{ 0xd0c1, "variable_access_error" },
	{ 0xd0c2, "change_to_stop_or_hold" },
	{ 0xd0c3, "variable_access_error_and_stop" },
	{ 0xd0c4, "measurement_timeout" },
	{ 0xd0c5, "block_stack_inconsistent" },
	{ 0xd0c6, "job_deleted_with_referenced" },
	{ 0xd0c7, "job_deleted_on_leaving_stop" },
	{ 0xd0c8, "block_status_aborted" },
	{ 0xd0c9, "status_area_left" },
	{ 0xd0ca, "status_area_left_with_error" },
	{ 0xd0cb, "output_disable_activated" },
	{ 0xd0cc, "data_limited_by_time" },
	{ 0xd201, "block_name_syntax" },
	{ 0xd202, "parameter_syntax" },
	{ 0xd205, "linked_block_in_ram" },
	{ 0xd206, "linked_block_in_eprom" },
	{ 0xd208, "too_many_copied_blocks" },
	{ 0xd209, "block_not_found" },
	{ 0xd20a, "too_many_blocks_to_link" },
	{ 0xd20b, "too_many_blocks_to_delete" },
	{ 0xd20c, "no_priority_class_for_ob" },
	{ 0xd20d, "sdb_not_interpretable" },
	{ 0xd20e, "no_further_block" },
	{ 0xd20f, "block_too_large" },
	{ 0xd210, "invalid_block_number" },
	{ 0xd212, "header_attribute" },
	{ 0xd213, "too_many_sdbs" },
	{ 0xd216, "invalid_user_program" },
	{ 0xd217, "protection_level_not_permitted" },
	{ 0xd218, "wrong_attribute" },
	{ 0xd219, "wrong_block_length" },
	{ 0xd21a, "wrong_local_data_length" },
	{ 0xd21b, "compression_not_possible" },
	{ 0xd21d, "dynamic_data_volume" },
	{ 0xd21e, "module_not_parameterized" },
	{ 0xd220, "invalid_language" },
	{ 0xd221, "connection_data_invalid" },
	{ 0xd222, "global_data_invalid" },
	{ 0xd223, "instance_data_block" },
	{ 0xd224, "scan_data_invalid" },
	{ 0xd225, "dp_data_invalid" },
	{ 0xd226, "block_structure" },
	{ 0xd230, "block_structure" },
	{ 0xd231, "no_priority_class_for_ob" },
	{ 0xd232, "illegal_block_number" },
	{ 0xd234, "block_twice" },
	{ 0xd235, "block_checksum" },
	{ 0xd236, "block_without_checksum" },
	{ 0xd237, "same_block_loaded" },
	{ 0xd238, "not_a_data_block" },
	{ 0xd239, "data_block_not_linked" },
	{ 0xd23a, "data_block_differs" },
	{ 0xd240, "coordination_rules" },
	{ 0xd241, "protection_level" },
	{ 0xd242, "fail_safe_protection" },
	{ 0xd250, "update_does_not_match" },
	{ 0xd251, "update_sequence" },
	{ 0xd252, "checksum_error" },
	{ 0xd253, "update_needs_memory_card" },
	{ 0xd254, "storage_error" },
	{ 0xd280, "block_compile_error" },
	{ 0xd2a1, "block_function_active" },
	{ 0xd2a2, "trigger_active" },
	{ 0xd2a3, "block_not_active" },
	{ 0xd2a4, "block_in_use" },
	{ 0xd2a6, "cannot_save_and_change" },
	{ 0xd2a7, "block_unlinked" },
	{ 0xd2a8, "test_function_active" },
	{ 0xd2a9, "parameters_being_assigned" },
	{ 0xd2aa, "modules_being_parameterized" },
	{ 0xd2ab, "limits_being_changed" },
	{ 0xd2ac, "reconfiguration_blocked" },
	{ 0xd2b0, "configuration_in_run_failed" },
	{ 0xd2c0, "too_many_technology_objects" },
	{ 0xd2c1, "technology_block_exists" },
	{ 0xd2c2, "download_not_possible" },
	{ 0xd401, "information_unavailable" },
	{ 0xd402, "information_unavailable" },
	{ 0xd403, "already_logged_on_or_off" },
	{ 0xd404, "too_many_stations" },
	{ 0xd405, "parameter_syntax" },
	{ 0xd406, "information_not_available_now" },
	{ 0xd407, "diagnostics_error" },
	{ 0xd408, "update_aborted" },
	{ 0xd409, "dp_bus_error" },
	{ 0xd601, "parameter_syntax" },
	{ 0xd602, "wrong_password" },
	{ 0xd603, "already_authorized" },
	{ 0xd604, "connection_enabled" },
	{ 0xd605, "no_password_set" },
	{ 0xd801, "invalid_variable_address" },
	{ 0xd802, "job_does_not_exist" },
	{ 0xd803, "illegal_job_status" },
	{ 0xd804, "illegal_cycle_time" },
	{ 0xd805, "too_many_cyclic_jobs" },
	{ 0xd806, "not_in_this_job_state" },
	{ 0xd807, "cycle_overload" },
	{ 0xdc01, "invalid_time" },
	{ 0xe201, "already_master" },
	{ 0xe202, "user_program_differs" },
	{ 0xe203, "firmware_differs" },
	{ 0xe204, "memory_configuration_differs" },
	{ 0xe205, "synchronization_error" },
	{ 0xe206, "coordination_violation" },
	{ 0xef01, "id2_not_zero" },
	{ 0xef02, "resources_do_not_exist" },
};

/* The class alone, for codes that have no name. */
static const struct s7_name error_classes[] = {
	{ 0x81, "application_relationship" },
	{ 0x82, "object_definition" },
	{ 0x83, "no_resources" },
	{ 0x84, "service_processing" },
	{ 0x85, "supplies" },
	{ 0x87, "access" },
	{ 0, NULL },
};

const char *s7_error_name(uint16_t code)
{
	size_t low = 0, high = ARRAY_SIZE(errors);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (errors[middle].code == code) {
			return errors[middle].name;
		}
		if (errors[middle].code < code) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return s7_name(error_classes, code >> 8);
}

void s7_put_error(struct dissection *d, uint16_t code)
{
	record_put_uint(d->writer, PUT(ERROR_CODE), code);
	record_put_static(d->writer, PUT(ERROR), s7_error_name(code));
}

const char *s7_return_name(uint8_t code)
{
	static const char *const names[256] = {
		[S7_ITEM_RESERVED] = "reserved",
		[0x01] = "hardware_fault",
		[S7_ITEM_DENIED] = "access_denied",
		[0x05] = "invalid_address",
		[0x06] = "type_not_supported",
		[0x07] = "type_inconsistent",
		[S7_ITEM_NONE] = "object_does_not_exist",
		[S7_ITEM_UNCHANGED] = "unchanged",
		[S7_ITEM_OK] = "success",
	};

	return names[code];
}

const char *s7_block_type(uint8_t type)
{
	static const char *const types[16] = {
		[0x08] = "ob", [0x09] = "cmod", [0x0a] = "db", [0x0b] = "sdb",
		[0x0c] = "fc", [0x0d] = "sfc",  [0x0e] = "fb", [0x0f] = "sfb",
	};

	return type < ARRAY_SIZE(types) ? types[type] : NULL;
}

const char *s7_block_language(uint8_t code)
{
	static const struct s7_name languages[] = {
		{ 0x01, "stl" },         { 0x02, "lad" },       { 0x03, "fbd" },
		{ 0x04, "scl" },         { 0x05, "db" },        { 0x06, "graph" },
		{ 0x07, "sdb" },         { 0x08, "cpu_db" },    { 0x11, "sdb_default" },
		{ 0x12, "sdb_routing" }, { 0x29, "encrypted" }, { 0, NULL },
	};

	return s7_name(languages, code);
}

const char *s7_mode_name(uint8_t mode)
{
	static const char *const modes[] = {
		[0] = "stop",          [1] = "warm_restart", [2] = "run",
		[3] = "hot_restart",   [4] = "hold",         [6] = "cold_restart",
		[9] = "run_redundant", [11] = "link_up",     [12] = "update",
	};

	return mode < ARRAY_SIZE(modes) ? modes[mode] : NULL;
}

/* Events of the diagnostic buffer that tell what happened to the CPU. */
static const struct s7_name events[] = {
	{ 0x1381, "manual_warm_restart_requested" },
	{ 0x1382, "automatic_warm_restart_requested" },
	{ 0x1383, "manual_hot_restart_requested" },
	{ 0x1384, "automatic_hot_restart_requested" },
	{ 0x1385, "manual_cold_restart_requested" },
	{ 0x1386, "automatic_cold_restart_requested" },
	{ 0x253a, "db_not_loaded" },
	{ 0x253c, "fc_not_loaded" },
	{ 0x253d, "sfc_not_loaded" },
	{ 0x253e, "fb_not_loaded" },
	{ 0x253f, "sfb_not_loaded" },
	{ 0x2942, "io_access_error_reading" },
	{ 0x2943, "io_access_error_writing" },
	{ 0x3501, "cycle_time_exceeded" },
	{ 0x3578, "unknown_instruction" },
	{ 0x3842, "module_ok" },
	{ 0x38c4, "station_back" },
	{ 0x38cb, "profinet_station_back" },
	{ 0x3921, "battery_failed" },
	{ 0x3942, "module_error" },
	{ 0x3961, "module_removed" },
	{ 0x39c4, "station_failed" },
	{ 0x39cb, "profinet_station_failed" },
	{ 0x4300, "power_on" },
	{ 0x4301, "stop_to_startup" },
	{ 0x4302, "startup_to_run" },
	{ 0x4303, "stop_by_switch" },
	{ 0x4304, "stop_by_station_or_program" },
	{ 0x4305, "hold_at_breakpoint" },
	{ 0x4306, "breakpoint_left" },
	{ 0x4307, "memory_reset_by_station" },
	{ 0x4308, "memory_reset_by_switch" },
	{ 0x4309, "memory_reset_automatic" },
	{ 0x430a, "hold_to_stop" },
	{ 0x430d, "stop_by_other_cpu" },
	{ 0x430e, "memory_reset_done" },
	{ 0x43b0, "firmware_update_successful" },
	{ 0x4543, "stop_by_test_function" },
	{ 0x4556, "stop_memory_reset_requested" },
	{ 0x4562, "stop_by_programming_error" },
	{ 0x4563, "stop_by_io_access_error" },
	{ 0x4568, "stop_by_time_error" },
	{ 0x456f, "stop_by_rack_failure" },
	{ 0x457f, "stop_by_stop_command" },
	{ 0x494d, "stop_by_io_error" },
	{ 0x494e, "stop_by_power_failure" },
	{ 0x49b1, "firmware_update_data_incorrect" },
	{ 0x49b2, "firmware_update_wrong_hardware" },
	{ 0x49b3, "firmware_update_wrong_module" },
	{ 0x530d, "startup_information_in_stop" },
	{ 0x53ff, "reset_to_factory_setting" },
	{ 0x6253, "firmware_download_ended" },
	{ 0x6353, "firmware_download_started" },
	{ 0x6390, "memory_card_formatted" },
	{ 0x6521, "no_memory_card" },
	{ 0x73d8, "safety_mode_disabled" },
	{ 0x73db, "safety_mode_enabled" },
	{ 0, NULL },
};

const char *s7_event_name(uint16_t id)
{
	return s7_name(events, id);
}

const char *s7_event_class(uint16_t id)
{
	static const char *const classes[16] = {
		[0x1] = "ob",
		[0x2] = "synchronous_error",
		[0x3] = "asynchronous_error",
		[0x4] = "mode_transition",
		[0x5] = "run_time",
		[0x6] = "communication",
		[0x7] = "fail_safe_or_redundant",
		[0x8] = "module_diagnostics",
		[0x9] = "user",
		[0xa] = "user",
		[0xb] = "user",
		[0xf] = "other_module",
	};

	return classes[id >> 12];
}

/* ---- times and texts ---- */

/* Two decimal digits; 100 and more for what is none. */
static unsigned bcd(uint8_t byte)
{
	return (byte & 15U) > 9 ? 100U : 10U * (byte >> 4) + (byte & 15U);
}

static int64_t days_before(unsigned year, unsigned month, unsigned day)
{
	/* Days since 1970 of a date of the Gregorian calendar, March first. */
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = y / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t s7_date_and_time(struct cursor *bytes)
{
	unsigned year = bcd(cur_u8(bytes)), month = bcd(cur_u8(bytes)), day = bcd(cur_u8(bytes));
	unsigned hour = bcd(cur_u8(bytes)), minute = bcd(cur_u8(bytes));
	unsigned second = bcd(cur_u8(bytes)), hundredths = bcd(cur_u8(bytes));
	unsigned thousandth = cur_u8(bytes) >> 4;
	int64_t seconds;

	if (!cur_ok(bytes) || year > 99 || month < 1 || month > 12 || day < 1 || day > 31 ||
	    hour > 23 || minute > 59 || second > 59 || hundredths > 99 || thousandth > 9) {
		return TIME_NONE;
	}
	/* From 1990 to 2089. */
	seconds = days_before(year + (year < 90 ? 2000 : 1900), month, day) * 86400 +
		  (int64_t)(hour * 3600 + minute * 60 + second);
	return seconds * NS_PER_S + (int64_t)(hundredths * 10 + thousandth) * 1000000;
}

int64_t s7_block_time(struct cursor *bytes)
{
	int64_t milliseconds = cur_be32(bytes), days = cur_be16(bytes);

	/* 5113 days from 1970 to 1984. */
	return cur_ok(bytes) && milliseconds < 86400000
		   ? ((days + 5113) * 86400000 + milliseconds) * 1000000
		   : TIME_NONE;
}

void s7_put_time(struct dissection *d, uint16_t field, int64_t time)
{
	if (time != TIME_NONE) {
		record_put_time(d->writer, field, time);
	}
}

void s7_put_text(struct dissection *d, uint16_t field, struct cursor text)
{
	struct cursor look = text, kept;
	size_t n = 0, length = 0;

	/* Up to the last byte that is not padding. */
	while (cur_left(&look) > 0) {
		uint8_t c = cur_u8(&look);

		n++;
		length = c != ' ' && c != 0 ? n : length;
	}
	kept = cur_sub(&text, length);
	if (length > 0) {
		record_put_bytes(d->writer, field, kept);
	}
}

bool s7_refused(uint8_t return_code)
{
	return return_code != S7_ITEM_OK && return_code != S7_ITEM_RESERVED &&
	       return_code != S7_ITEM_NONE;
}
