/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The Identity object (CIP Volume 1, 5-2): who a device is.  Routed to a slot, it is the inventory
 * of a backplane. */

#include "dissectors/cip_private.h"

#include <stdio.h>

static const char *put_vendor(struct dissection *d, struct cursor *value)
{
	uint16_t id = cur_le16(value);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_uint(d->writer, PUT(ID_VENDOR), id);
	record_put_static(d->writer, PUT(ID_VENDOR_NAME), cip_vendor_name(id));
	dissect_identity(d);
	return NULL;
}

static const char *put_device_type(struct dissection *d, struct cursor *value)
{
	uint16_t id = cur_le16(value);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_uint(d->writer, PUT(ID_TYPE), id);
	record_put_static(d->writer, PUT(ID_TYPE_NAME), cip_device_type_name(id));
	return NULL;
}

static const char *put_revision(struct dissection *d, struct cursor *value)
{
	uint8_t major = cur_u8(value), minor = cur_u8(value);
	char text[16];

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	snprintf(text, sizeof(text), "%u.%03u", major, minor);
	record_put_text(d->writer, PUT(ID_REVISION), text);
	return NULL;
}

static const char *put_serial(struct dissection *d, struct cursor *value)
{
	uint32_t serial = cur_le32(value);
	char text[16];

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	snprintf(text, sizeof(text), "%08X", serial);
	record_put_text(d->writer, PUT(ID_SERIAL), text);
	return NULL;
}

/* Bits 12 and 13 are free for vendors (reserved at first): Logix controllers tell by them that they
 * have a key switch (1), and that it stands on remote (3). */
static void put_mode(struct dissection *d, uint16_t word)
{
	bool remote = (word >> 12 & 3) == 3, run = (word >> 4 & 15) == 6;

	if ((word >> 12 & 1) == 0 || ((word >> 4 & 15) != 6 && (word >> 4 & 15) != 7)) {
		return;
	}
	record_put_static(d->writer, PUT(ID_MODE),
			  remote ? (run ? "remote_run" : "remote_program")
				 : (run ? "run" : "program"));
	record_put_static(d->writer, PUT(ID_KEY), remote ? "remote" : run ? "run" : "program");
}

/* 5-2.2.1.5: bits, and in bits 4 to 7 what the device is doing. */
static const char *put_status(struct dissection *d, struct cursor *value)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} bits[] = {
		{ 0x0001, "owned" },
		{ 0x0004, "configured" },
		{ 0x0100, "minor_recoverable_fault" },
		{ 0x0200, "minor_unrecoverable_fault" },
		{ 0x0400, "major_recoverable_fault" },
		{ 0x0800, "major_unrecoverable_fault" },
	};
	static const char *const extended[16] = {
		"self_testing",       "firmware_update_in_progress",
		"faulted_connection", "no_connections",
		"bad_configuration",  "major_fault",
		"connection_in_run",  "connections_idle",
	};
	uint16_t word = cur_le16(value);
	const char *names[ARRAY_SIZE(bits)];
	size_t n = 0;

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
		if ((word & bits[i].bit) != 0) {
			names[n++] = bits[i].name;
		}
	}
	put_mode(d, word);
	record_put_uint(d->writer, PUT(ID_STATUS), word);
	record_put_static(d->writer, PUT(ID_ACTIVITY), extended[word >> 4 & 15]);
	if (n > 0) {
		record_put_statics(d->writer, PUT(ID_FLAGS), names, n);
	}
	return NULL;
}

static const char *put_state(struct dissection *d, struct cursor *value)
{
	static const char *const states[] = { "nonexistent",
					      "self_testing",
					      "standby",
					      "operational",
					      "major_recoverable_fault",
					      "major_unrecoverable_fault" };
	uint8_t state = cur_u8(value);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_static(d->writer, PUT(ID_STATE),
			  state < ARRAY_SIZE(states) ? states[state]
			  : state == 255             ? "default"
						     : NULL);
	return NULL;
}

const char *cip_put_international(struct dissection *d, uint16_t field, struct cursor *value)
{
	uint8_t n = cur_u8(value);

	for (uint8_t i = 0; i < n && cur_left(value) > 0; i++) {
		struct cursor text;
		uint8_t type;

		cur_skip(value, 3); /* language */
		type = cur_u8(value);
		cur_skip(value, 2); /* character set */
		text = cur_sub(value, type == 0xda ? cur_u8(value) : cur_le16(value));
		if (!cur_ok(value)) {
			return "attribute_length";
		}
		if (i == 0) {
			record_put_bytes(d->writer, field, text);
		}
	}
	return cur_ok(value) ? NULL : "attribute_length";
}

static const char *put_assigned_name(struct dissection *d, struct cursor *value)
{
	return cip_put_international(d, PUT(ID_NAME), value);
}

static const char *put_description(struct dissection *d, struct cursor *value)
{
	return cip_put_international(d, PUT(ID_DESCRIPTION), value);
}

static const char *put_location(struct dissection *d, struct cursor *value)
{
	return cip_put_international(d, PUT(ID_LOCATION), value);
}

static const struct cip_attribute attributes[] = {
	{ .id = 1, .name = "vendor_id", .put = put_vendor },
	{ .id = 2, .name = "device_type", .put = put_device_type },
	{ .id = 3, .name = "product_code", .type = CIP_UINT, .field = PUT(ID_PRODUCT_CODE) },
	{ .id = 4, .name = "revision", .put = put_revision },
	{ .id = 5, .name = "status", .put = put_status },
	{ .id = 6, .name = "serial_number", .put = put_serial },
	{ .id = 7, .name = "product_name", .type = CIP_SHORT_STRING, .field = PUT(ID_PRODUCT) },
	{ .id = 8, .name = "state", .put = put_state },
	{ .id = 9,
	  .name = "configuration_consistency",
	  .type = CIP_UINT,
	  .field = PUT(ID_CONSISTENCY) },
	{ .id = 10, .name = "heartbeat_interval", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 15, .name = "assigned_name", .put = put_assigned_name },
	{ .id = 16, .name = "assigned_description", .put = put_description },
	{ .id = 17, .name = "geographic_location", .put = put_location },
	{ .id = 19, .name = "protection_mode", .type = CIP_UINT, .field = PUT(ID_PROTECTION) },
};

static const uint16_t all[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

/* 5-2.3.1: what Reset sets back. */
static const char *const reset_types[] = { "power_cycle", "factory_default",
					   "factory_default_except_communication" };

static const char *ask_reset(struct dissection *d, const struct cip_request *request,
			     struct cursor *data)
{
	uint8_t type = cur_left(data) > 0 ? cur_u8(data) : 0;

	(void)request;
	record_put_static(d->writer, PUT(RESET),
			  type < ARRAY_SIZE(reset_types) ? reset_types[type] : NULL);
	return NULL;
}

static enum operation reset_operation(const struct cip_request *request)
{
	struct cursor data = request->data;
	uint8_t type = cur_left(&data) > 0 ? cur_u8(&data) : 0;

	return type == 1 || type == 2 ? OPERATION_MEMORY_RESET : OPERATION_RESTART;
}

static const struct cip_service services[] = {
	{ .code = 0x05, .name = "reset", .refine = reset_operation, .ask = ask_reset },
};

const struct cip_object cip_object_identity = {
	.class = CIP_CLASS_IDENTITY,
	.name = "identity",
	.services = services,
	.n_services = ARRAY_SIZE(services),
	.attributes = attributes,
	.n_attributes = ARRAY_SIZE(attributes),
	.all = all,
	.n_all = ARRAY_SIZE(all),
	.get = OPERATION_IDENTIFY,
	.set = OPERATION_CONFIG_WRITE,
};
