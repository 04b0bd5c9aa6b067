/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Tables of names, searched by halves: CIP Volume 1, chapter 3 and appendix B, and ODVA's lists. */

#include "dissectors/cip_names.h"

#include "dissectors/cip_name_tables.h"

/* Volume 1, appendix B-1. */
static const char *const general_status[256] = {
	[0x00] = "success",
	[0x01] = "connection_failure",
	[0x02] = "resource_unavailable",
	[0x03] = "invalid_parameter_value",
	[0x04] = "path_segment_error",
	[0x05] = "path_destination_unknown",
	[0x06] = "partial_transfer",
	[0x07] = "connection_lost",
	[0x08] = "service_not_supported",
	[0x09] = "invalid_attribute_value",
	[0x0a] = "attribute_list_error",
	[0x0b] = "already_in_requested_state",
	[0x0c] = "object_state_conflict",
	[0x0d] = "object_already_exists",
	[0x0e] = "attribute_not_settable",
	[0x0f] = "privilege_violation",
	[0x10] = "device_state_conflict",
	[0x11] = "reply_data_too_large",
	[0x12] = "fragmentation_of_primitive_value",
	[0x13] = "not_enough_data",
	[0x14] = "attribute_not_supported",
	[0x15] = "too_much_data",
	[0x16] = "object_does_not_exist",
	[0x17] = "fragmentation_not_in_progress",
	[0x18] = "no_stored_attribute_data",
	[0x19] = "store_operation_failure",
	[0x1a] = "routing_failure_request_too_large",
	[0x1b] = "routing_failure_response_too_large",
	[0x1c] = "missing_attribute_list_entry",
	[0x1d] = "invalid_attribute_value_list",
	[0x1e] = "embedded_service_error",
	[0x1f] = "vendor_specific_error",
	[0x20] = "invalid_parameter",
	[0x21] = "write_once_value_already_written",
	[0x22] = "invalid_reply_received",
	[0x23] = "buffer_overflow",
	[0x24] = "invalid_message_format",
	[0x25] = "key_failure_in_path",
	[0x26] = "path_size_invalid",
	[0x27] = "unexpected_attribute_in_list",
	[0x28] = "invalid_member_id",
	[0x29] = "member_not_settable",
	[0x2a] = "group_2_only_server_failure",
	[0x2b] = "unknown_modbus_error",
	[0x2c] = "attribute_not_gettable",
	[0xff] = "general_error",
};

static const char *look_up(const struct cip_name *table, size_t n, uint32_t id)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table[middle].id == id) {
			return table[middle].name;
		}
		*(table[middle].id < id ? &low : &high) =
		    table[middle].id < id ? middle + 1 : middle;
	}
	return NULL;
}

const char *cip_vendor_name(uint32_t id)
{
	return look_up(cip_vendors, n_cip_vendors, id);
}

const char *cip_device_type_name(uint32_t id)
{
	return look_up(cip_device_types, n_cip_device_types, id);
}

const char *cip_class_word(uint32_t id)
{
	return look_up(cip_classes, n_cip_classes, id);
}

const char *cip_status_name(uint8_t status)
{
	return general_status[status];
}

const char *cip_extended_status_name(uint8_t status, uint32_t extended)
{
	return status == 1      ? look_up(cip_extended_codes, n_cip_extended_codes, extended)
	       : status == 0xff ? look_up(cip_logix_codes, n_cip_logix_codes, extended)
				: NULL;
}
