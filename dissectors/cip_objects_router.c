/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The Message Router (CIP Volume 1, 5A-3): which classes a device has, and how many connections. */

#include "dissectors/cip_private.h"

#define CLASSES_MAX 64

/* A count and as many 16-bit numbers: classes, or connections. */
static const char *put_numbers(struct dissection *d, uint16_t field, struct cursor *value)
{
	uint16_t numbers[CLASSES_MAX];
	size_t n = cur_le16(value), kept = 0;

	for (size_t i = 0; i < n && cur_left(value) > 0; i++) {
		uint16_t number = cur_le16(value);

		if (kept < CLASSES_MAX) {
			numbers[kept++] = number;
		}
	}
	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_uint16s(d->writer, field, numbers, kept);
	return NULL;
}

static const char *put_classes(struct dissection *d, struct cursor *value)
{
	return put_numbers(d, PUT(OBJECT_CLASSES), value);
}

static const char *put_active(struct dissection *d, struct cursor *value)
{
	return put_numbers(d, PUT(ACTIVE_CONNECTIONS), value);
}

static const struct cip_attribute attributes[] = {
	{ .id = 1, .name = "object_list", .field = CIP_NO_FIELD, .put = put_classes },
	{ .id = 2, .name = "max_connections", .type = CIP_UINT, .field = PUT(MAX_CONNECTIONS) },
	{ .id = 3, .name = "active_connections", .field = CIP_NO_FIELD, .put = put_active },
};

static const uint16_t all[] = { 1, 2, 3 };

/* The signed services of Logix; what could be unwrapped of them does not come here. */
static const struct cip_service services[] = {
	{ .code = CIP_SIGNED, .name = "signed" },
	{ .code = CIP_AUDITED, .name = "audited" },
};

const struct cip_object cip_object_message_router = {
	.class = CIP_CLASS_MESSAGE_ROUTER,
	.name = "message_router",
	.services = services,
	.n_services = ARRAY_SIZE(services),
	.attributes = attributes,
	.n_attributes = ARRAY_SIZE(attributes),
	.all = all,
	.n_all = ARRAY_SIZE(all),
	.get = OPERATION_IDENTIFY,
};
