/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What the numbers of S7comm-plus mean.  There is no public standard: these are the names that
 * independent analyses agree on, and that captures of real sessions bear out. */

#include "dissectors/s7comm_plus_private.h"

/* ---- objects that every controller has ---- */

static const char *const objects[] = {
	[1] = "as_root",
	[2] = "hw_configuration",
	[3] = "plc_program",
	[4] = "folders",
	[5] = "logs",
	[7] = "tis_job_container",
	[8] = "alarm_subsystem",
	[9] = "as_log",
	[10] = "sw_events",
	[11] = "tis_subsystem",
	[12] = "communication",
	[13] = "nonpersistent_connections",
	[14] = "program_cycle_image",
	[15] = "application_objects",
	[16] = "firmware_packages",
	[30] = "station_configuration",
	[31] = "station_central_device",
	[32] = "central_device",
	[33] = "central_io_controller",
	[34] = "central_io_system",
	[35] = "routing_tables",
	[S7P_CPU] = "cpu",
	[S7P_CPU_PROXY] = "cpu_proxy",
	[S7P_CPU_COMMON] = "cpu_common",
	[51] = "card_reader",
	[S7P_CPU_EXEC_UNIT] = "cpu_exec_unit",
	[53] = "web_server",
	[54] = "cpu_display",
	[55] = "cpu_failsafe_exec_unit",
	[56] = "plc_program_change",
	[64] = "interface_1",
	[65] = "interface_1_port_1",
	[66] = "interface_1_port_2",
	[72] = "interface_2",
	[77] = "interface_1_parameters",
	[78] = "interface_2_parameters",
	[80] = "i_area",
	[81] = "q_area",
	[82] = "m_area",
	[83] = "s7_counters",
	[84] = "s7_timers",
	[85] = "runtime_meters",
	[114] = "text_container",
	[115] = "certificates",
	[201] = "object_root",
	[211] = "new_object",
	[226] = "types",
	[285] = "server_sessions",
	[288] = "null_session",
	[537] = "type_information",
};

const char *s7p_object(uint32_t id)
{
	return id < ARRAY_SIZE(objects) ? objects[id] : NULL;
}

/* ---- attributes ---- */

#define NO OPERATION_UNKNOWN

/* By id. What is set and got in them, where that is more than a write and a look. */
static const struct s7p_attribute attributes[] = {
	{ S7P_NAME, "name", NO, NO, false, false },
	{ 289, "client_id", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 296, "user", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 297, "application", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 298, "host", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 299, "role", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 300, "client_object", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 301, "client_comment", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 302, "session_timeout", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 303, "challenge", OPERATION_AUTHENTICATE, OPERATION_AUTHENTICATE, true, false },
	{ 304, "response", OPERATION_AUTHENTICATE, OPERATION_AUTHENTICATE, true, false },
	{ 305, "roles", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ S7P_SESSION_VERSION, "session_version", OPERATION_SESSION, OPERATION_SESSION, false,
	  false },
	{ 309, "password", OPERATION_AUTHENTICATE, OPERATION_AUTHENTICATE, true, false },
	{ S7P_SESSION_VERSION_TEXT, "version_text", OPERATION_SESSION, OPERATION_IDENTIFY, false,
	  false },
	{ 323, "session_format", OPERATION_SESSION, OPERATION_SESSION, false, false },
	{ 387, "memory_reset", OPERATION_MEMORY_RESET, NO, false, false },
	{ 388, "reset", OPERATION_MEMORY_RESET, NO, false, false },
	{ 411, "types_reset", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 1037, "system_limits", NO, OPERATION_DIAGNOSE, false, false },
	{ 1040, "route_mode", OPERATION_SUBSCRIBE, NO, false, false },
	{ 1041, "subscription_active", OPERATION_SUBSCRIBE, NO, false, false },
	{ S7P_REFERENCE_LIST, "reference_list", OPERATION_SUBSCRIBE, NO, false, false },
	{ 1049, "cycle_time", OPERATION_SUBSCRIBE, NO, false, false },
	{ 1050, "delay_time", OPERATION_SUBSCRIBE, NO, false, false },
	{ 1051, "subscription_disabled", OPERATION_SUBSCRIBE, NO, false, false },
	{ 1052, "subscription_count", OPERATION_SUBSCRIBE, NO, false, false },
	{ 1053, "credit_limit", OPERATION_SUBSCRIBE, NO, false, false },
	{ 1054, "ticks", OPERATION_SUBSCRIBE, NO, false, false },
	{ 1081, "free_items", NO, OPERATION_DIAGNOSE, false, false },
	{ 1830, "session_key", OPERATION_AUTHENTICATE, NO, true, false },
	{ S7P_EFFECTIVE_PROTECTION, "effective_protection_level", NO, NO, false, false },
	{ 1843, "active_protection_level", NO, NO, false, false },
	{ 1845, "collaboration_token", OPERATION_SESSION, NO, false, false },
	{ 1846, "legitimate", OPERATION_AUTHENTICATE, NO, true, false },
	{ 2118, "card_command_request", OPERATION_CONTROL, NO, false, false },
	/* What is asked for is in its value. */
	{ S7P_OPERATING_STATE_REQUEST, "operating_state_request", OPERATION_MODE_CHANGE, NO, false,
	  false },
	{ S7P_DIAGNOSTIC_STATE, "diagnostic_state", NO, NO, false, false },
	{ 2339, "io_system_dirty", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 2372, "write_records_request", OPERATION_CONFIG_WRITE, NO, false, false },
	{ 2415, "local_time", OPERATION_TIME_SET, NO, false, false },
	{ 2421, "system_time", OPERATION_TIME_SET, NO, false, false },
	{ 2422, "time_rule", OPERATION_CONFIG_WRITE, NO, false, false },
	{ 2449, "engineering_identity", NO, NO, false, false },
	{ 2453, "last_modified", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 2454, "load_memory_size", NO, NO, false, false },
	{ 2458, "hw_consistent", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 2459, "engineering_version", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 2460, "model_development_version", NO, NO, false, false },
	{ 2461, "model_version", NO, NO, false, false },
	{ 2479, "change_counter", NO, NO, false, false },
	{ 2521, "block_number", NO, NO, false, false },
	{ 2523, "block_language", NO, NO, false, false },
	{ 2533, "body_description", NO, NO, false, true },
	{ 2544, "interface_description", NO, NO, false, false },
	{ 2548, "initial_value", OPERATION_WRITE, NO, false, true },
	{ S7P_DB_VALUE, "value", OPERATION_WRITE, OPERATION_READ, false, false },
	{ 2580, "code", OPERATION_PROGRAM_DOWNLOAD, NO, false, true },
	{ 2687, "job_enabled", OPERATION_SUBSCRIBE, NO, false, false },
	{ S7P_MODIFYING_JOB, "modifying_job", OPERATION_FORCE, NO, false, false },
	{ 2692, "job_credit", OPERATION_SUBSCRIBE, NO, false, false },
	{ 2711, "increment_credit", OPERATION_SUBSCRIBE, NO, false, false },
	{ 3449, "knowhow_password", OPERATION_CONFIG_WRITE, NO, true, false },
	{ S7P_PROTECTION, "protection_level", OPERATION_CONFIG_WRITE, NO, false, false },
	{ 3452, "protection_password", OPERATION_CONFIG_WRITE, NO, true, false },
	{ 3453, "failsafe_password", OPERATION_CONFIG_WRITE, NO, true, false },
	{ S7P_OPERATING_STATE, "operating_state", NO, NO, false, false },
	{ 3586, "network_parameters", OPERATION_ADDRESS_CHANGE, NO, false, false },
	{ 3587, "network_configuration", OPERATION_ADDRESS_CHANGE, NO, false, false },
	{ 3635, "program_consistent", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 3688, "subordinate_state", NO, NO, false, false },
	{ 3701, "cpu_leds", NO, NO, false, false },
	{ S7P_AREA_VALUE, "value", OPERATION_WRITE, OPERATION_READ, false, false },
	{ 3745, "hw_offline_change", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 3746, "program_offline_change", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 3748, "as_state_request", OPERATION_CONTROL, NO, false, false },
	{ S7P_IM0, "identification", NO, NO, false, false },
	{ 4186, "compress", OPERATION_CONTROL, NO, false, false },
	{ 4196, "online_capabilities", NO, NO, false, false },
	{ 4271, "culture", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 4289, "card_write_protected", NO, NO, false, false },
	{ 4292, "communication_consistent", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 4543, "db_number_range", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 4551, "hw_dirty", OPERATION_PROGRAM_DOWNLOAD, NO, false, false },
	{ 4570, "cpu_switch", NO, NO, false, false },
};

const struct s7p_attribute *s7p_attribute(uint32_t id)
{
	size_t first = 0, last = ARRAY_SIZE(attributes);

	while (first < last) {
		size_t middle = (first + last) / 2;

		if (attributes[middle].id == id) {
			return &attributes[middle];
		}
		if (attributes[middle].id < id) {
			first = middle + 1;
		} else {
			last = middle;
		}
	}
	return NULL;
}

/* ---- classes ---- */

/* By id. */
static const struct s7p_class classes[] = {
	{ 255, "subscription_container", OPERATION_SUBSCRIBE, NULL },
	{ 287, "server_session", OPERATION_SESSION, NULL },
	{ 511, "type", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 534, "type_information", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 606, "text_library", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 1001, "subscription", OPERATION_SUBSCRIBE, NULL },
	{ 1700, "transaction", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 1750, "file_access_manager", OPERATION_SESSION, NULL },
	{ 2378, "release_management", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 2436, "cpu_common", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 2478, "as_root", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 2496, "hw_configuration", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 2520, "plc_program", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 2574, "data_block", OPERATION_PROGRAM_DOWNLOAD, "DB" },
	{ 2578, "function_block", OPERATION_PROGRAM_DOWNLOAD, "FB" },
	{ 2579, "function", OPERATION_PROGRAM_DOWNLOAD, "FC" },
	{ 2610, "organization_block", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2637, "communication_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2638, "application_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2639, "redundancy_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2640, "cyclic_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2641, "diagnostic_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2642, "io_access_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2643, "io_redundancy_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2644, "peripheral_access_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2645, "process_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2646, "profile_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2647, "program_cycle_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2648, "programming_error_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2649, "pull_plug_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2650, "rack_failure_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2651, "startup_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2652, "status_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2653, "synchronous_cycle_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2654, "technology_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2655, "time_delay_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2656, "time_error_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2657, "time_of_day_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2658, "update_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 2662, "alarm_subscription", OPERATION_SUBSCRIBE, NULL },
	{ 2708, "continuing_job", OPERATION_DIAGNOSE, NULL },
	{ 2709, "session_job", OPERATION_DIAGNOSE, NULL },
	{ 2712, "job_subscription", OPERATION_SUBSCRIBE, NULL },
	{ 3932, "user_data_type", OPERATION_PROGRAM_DOWNLOAD, "UDT" },
	{ 3942, "communication", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 4170, "file", OPERATION_FILE_WRITE, NULL },
	{ 4272, "technology_db", OPERATION_PROGRAM_DOWNLOAD, "DB" },
	{ 4273, "constants", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 4600, "motion_db", OPERATION_PROGRAM_DOWNLOAD, "DB" },
	{ 4621, "routing_tables", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 4637, "servo_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 4639, "interpolator_ob", OPERATION_PROGRAM_DOWNLOAD, "OB" },
	{ 4672, "text_container", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 8040, "plc_program_change", OPERATION_PROGRAM_DOWNLOAD, NULL },
	{ 8135, "container_changes", OPERATION_PROGRAM_DOWNLOAD, NULL },
};

const struct s7p_class *s7p_class(uint32_t id)
{
	size_t first = 0, last = ARRAY_SIZE(classes);

	while (first < last) {
		size_t middle = (first + last) / 2;

		if (classes[middle].id == id) {
			return &classes[middle];
		}
		if (classes[middle].id < id) {
			first = middle + 1;
		} else {
			last = middle;
		}
	}
	return NULL;
}

/* ---- errors, states, languages ---- */

/* General kind of an error: bits 40 to 46 of the return value. */
static const char *const errors[] = {
	[1] = "general",
	[2] = "application",
	[3] = "access_denied",
	[4] = "cannot_activate",
	[5] = "cardinality_overflow",
	[6] = "cardinality_underflow",
	[7] = "class_not_allowed",
	[8] = "invalid_attribute",
	[9] = "invalid_datatype",
	[10] = "invalid_object",
	[11] = "invalid_placement",
	[12] = "invalid_qualifier",
	[13] = "invalid_range",
	[14] = "invalid_session",
	[15] = "not_linked",
	[16] = "service_timeout",
	[17] = "disconnected",
	[18] = "failed_to_disconnect",
	[19] = "invalid_address",
	[20] = "service_not_allowed",
	[21] = "service_not_connected",
	[22] = "not_owner",
	[23] = "too_many_requests",
	[24] = "too_many_sessions",
	[25] = "session_delegitimated",
	[26] = "unknown_service",
	[27] = "invalid_storage_format",
	[28] = "invalid_communication_format",
	[29] = "not_changeable_in_run",
	[30] = "wrong_number_of_arguments",
	[31] = "wrong_argument_format",
	[32] = "invoke_failed",
	[33] = "already_stored",
	[34] = "object_locked",
	[35] = "store_inactive",
	[36] = "hierarchy_overflow",
	[37] = "already_exists",
	[38] = "not_enough_memory",
	[39] = "no_memory_on_storage",
	[40] = "no_storage",
	[41] = "invalid_timestamp",
	[42] = "invalid_file_name",
	[43] = "invalid_argument_value",
	[44] = "directory_in_use",
	[45] = "store",
	[46] = "invalid_object_reference",
	[47] = "create_object",
	[48] = "add_object",
	[49] = "delete_object",
	[50] = "get_variable",
	[51] = "set_variable",
	[52] = "get_variable_subrange",
	[53] = "set_variable_subrange",
	[54] = "get_multi_variables",
	[55] = "set_multi_variables",
	[56] = "add_link",
	[57] = "remove_link",
	[58] = "invalid_id",
	[59] = "communication",
	[60] = "not_changeable_in_error_state",
	[61] = "several_stations_not_supported",
	[62] = "service_aborted",
	[63] = "file_not_found",
	[64] = "invalid_version",
	[65] = "format_differs",
	[66] = "transaction",
	[67] = "distribution",
	[68] = "path_not_found",
	[69] = "end_of_file",
	[70] = "write_protected",
	[71] = "disk_full",
	[72] = "invalid_path",
	[73] = "text_not_supported",
	[74] = "transaction_aborted",
	[75] = "store_forced",
	[76] = "integrity",
	[77] = "station_conflict",
	[78] = "out_of_resources",
	[79] = "too_many_stations",
	[80] = "incompatible_station",
	[81] = "transaction_running",
	[82] = "tls",
};

const char *s7p_error(uint64_t return_value)
{
	unsigned kind = return_value >> 40 & 0x7f;

	return kind < ARRAY_SIZE(errors) ? errors[kind] : NULL;
}

/* Those that captures of sessions around a stop and a start bear out. */
const char *s7p_mode(uint64_t operating_state)
{
	static const char *const modes[] = { [4] = "stop", [8] = "run" };

	return operating_state < ARRAY_SIZE(modes) ? modes[operating_state] : NULL;
}

const char *s7p_language(uint32_t code)
{
	static const char *const languages[] = {
		[1] = "stl",
		[2] = "lad",
		[3] = "fbd",
		[4] = "scl",
		[5] = "db",
		[6] = "graph",
		[7] = "sdb",
		[8] = "cpu_db",
		[17] = "cpu_sdb",
		[21] = "c",
		[22] = "higraph",
		[23] = "cfc",
		[24] = "sfc",
		[29] = "pdiag",
		[31] = "rse",
		[32] = "f_stl",
		[33] = "f_lad",
		[34] = "f_fbd",
		[35] = "f_db",
		[36] = "f_call",
		[37] = "technology_db",
		[38] = "f_lad_library",
		[39] = "f_fbd_library",
		[100] = "lad_iec",
		[101] = "fbd_iec",
		[102] = "fld",
		[201] = "motion_db",
	};

	return code < ARRAY_SIZE(languages) ? languages[code] : NULL;
}

/* ---- objects by their id ---- */

const char *s7p_block_of(uint32_t object)
{
	static const char *const blocks[] = {
		[0x0e] = "DB",
		[0x20] = "FB",
		[0x24] = "UDT",
		[0x32] = "OB",
	};
	uint32_t kind = object >> 16 & 0xff;

	return object >> 24 == 0x8a && kind < ARRAY_SIZE(blocks) ? blocks[kind] : NULL;
}

bool s7p_is_session(uint32_t object)
{
	return object >= 0x380 && object < 0x400;
}

bool s7p_is_transient(uint32_t object)
{
	return object >> 28 == 1 || object >> 28 == 7;
}

void s7p_say(struct s7p_text *text, const char *word)
{
	for (; *word != '\0' && text->n + 1 < text->size; word++) {
		text->out[text->n++] = *word;
	}
	text->out[text->n] = '\0';
}

void s7p_say_number(struct s7p_text *text, uint32_t number)
{
	char digits[11];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	s7p_say(text, digits + at);
}

static void say_hexadecimal(struct s7p_text *text, uint32_t number)
{
	char digits[9];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = "0123456789abcdef"[number & 15];
		number >>= 4;
	} while (number > 0);
	s7p_say(text, "0x");
	s7p_say(text, digits + at);
}

size_t s7p_object_text(uint32_t object, bool gap, char *out, size_t size)
{
	struct s7p_text text = { out, 0, size };
	const char *block = s7p_block_of(object), *name = s7p_object(object);

	if (block != NULL) {
		s7p_say(&text, block);
		s7p_say(&text, gap ? " " : "");
		s7p_say_number(&text, object & 0xffff);
	} else if (name != NULL) {
		s7p_say(&text, name);
	} else {
		s7p_say(&text, s7p_is_session(object) ? "session " : "object ");
		say_hexadecimal(&text, object);
	}
	return text.n;
}
