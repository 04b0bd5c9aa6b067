/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The common packet format (CIP Volume 2, 2-6): a count, and items of type 2, length 2 and data;
 * and what devices answer to the list commands in such items. */

#include "dissectors/enip_fields.h"
#include "dissectors/enip_private.h"

#include "dissectors/cip_names.h"

#include <stdio.h>

struct enip_socket enip_read_socket(struct cursor *at)
{
	struct enip_socket out = { .present = true };

	cur_skip(at, 2); /* family */
	out.port = cur_be16(at);
	out.ip = ip_from_v4(cur_be32(at));
	cur_skip(at, 8);
	return out;
}

static void read_connected_address(struct enip_packet *out, uint16_t type, struct cursor item)
{
	out->has_connection = true;
	out->connection = cur_le32(&item);
	out->sequence = type == ITEM_SEQUENCED_ADDRESS ? cur_le32(&item) : 0;
}

static void read_item(struct enip_packet *out, uint16_t type, struct cursor item)
{
	if (type == ITEM_NULL) {
		return;
	}
	if (type == ITEM_CONNECTED_ADDRESS || type == ITEM_SEQUENCED_ADDRESS) {
		read_connected_address(out, type, item);
	} else if (type == ITEM_SOCKET_O_T || type == ITEM_SOCKET_T_O) {
		out->sockets[type - ITEM_SOCKET_O_T] = enip_read_socket(&item);
	} else if (!out->has_data &&
		   (type == ITEM_CONNECTED_DATA || type == ITEM_UNCONNECTED_DATA ||
		    type == ITEM_UNCONNECTED_UDP || type == ITEM_PCCC)) {
		out->has_data = true;
		out->data_type = type;
		out->data = item;
		out->connected = type == ITEM_CONNECTED_DATA;
	}
}

const char *enip_read_items(struct cursor *bytes, struct enip_packet *out)
{
	size_t n = cur_le16(bytes);

	for (size_t i = 0; i < n && cur_ok(bytes); i++) {
		uint16_t type = cur_le16(bytes);
		struct cursor item = cur_sub(bytes, cur_le16(bytes));

		if (!cur_ok(&item)) {
			return "item_length";
		}
		if (out->n_types < ENIP_ITEMS_MAX) {
			out->types[out->n_types++] = type;
		}
		read_item(out, type, item);
	}
	return cur_ok(bytes) ? NULL : "item_length";
}

/* ---- identity ---- */

/* Volume 1, 5A-2.2 attribute 8. */
static const char *const states[] = { "nonexistent",
				      "self_testing",
				      "standby",
				      "operational",
				      "major_recoverable_fault",
				      "major_unrecoverable_fault" };

/* Volume 8, 5-3.3, 5-4.3 and 3-2.1. */
static const char *const security_states[] = { "factory_default", "configuration_in_progress",
					       "configured", "incomplete_configuration" };
static const char *const enip_security_states[] = {
	"factory_default",        "configuration_in_progress", "configured",
	"pull_model_in_progress", "pull_model_completed",      "pull_model_disabled",
};
static const char *const profiles[] = { "integrity", "confidentiality", "authorization",
					"user_authentication", "resource_constrained" };
static const char *const ports[] = { "tcp_44818", "udp_44818", "udp_2222", "tcp_2221", "udp_2221" };

static const char *put_identity(struct dissection *d, struct cursor item)
{
	struct enip_socket socket;
	uint16_t vendor, type, product, status;
	uint8_t major, minor, state;
	uint32_t serial;
	struct cursor name;
	char text[16];

	record_put_uint(d->writer, PUT(VERSION), cur_le16(&item));
	socket = enip_read_socket(&item);
	vendor = cur_le16(&item);
	type = cur_le16(&item);
	product = cur_le16(&item);
	major = cur_u8(&item);
	minor = cur_u8(&item);
	status = cur_le16(&item);
	serial = cur_le32(&item);
	name = cur_sub(&item, cur_u8(&item));
	state = cur_u8(&item);
	if (!cur_ok(&name)) {
		return "identity_length";
	}
	record_put_uint(d->writer, PUT(VENDOR_ID), vendor);
	record_put_static(d->writer, PUT(VENDOR), cip_vendor_name(vendor));
	record_put_uint(d->writer, PUT(TYPE_ID), type);
	record_put_static(d->writer, PUT(TYPE), cip_device_type_name(type));
	record_put_uint(d->writer, PUT(PRODUCT_CODE), product);
	snprintf(text, sizeof(text), "%u.%03u", major, minor);
	record_put_text(d->writer, PUT(REVISION), text);
	record_put_uint(d->writer, PUT(DEVICE_STATUS), status);
	snprintf(text, sizeof(text), "%08X", (unsigned)serial);
	record_put_text(d->writer, PUT(SERIAL), text);
	record_put_bytes(d->writer, PUT(PRODUCT), name);
	if (cur_ok(&item) && state < ARRAY_SIZE(states)) {
		record_put_static(d->writer, PUT(DEVICE_STATE), states[state]);
	}
	record_put_ip(d->writer, PUT(ADDRESS), &socket.ip);
	record_put_uint(d->writer, PUT(PORT), socket.port);
	return NULL;
}

/* The names of the bits that are set. */
static void put_bits(struct dissection *d, uint16_t field, unsigned bits, const char *const *names,
		     size_t n)
{
	const char *set[8];
	size_t n_set = 0;

	for (size_t i = 0; i < n && n_set < ARRAY_SIZE(set); i++) {
		if ((bits >> i & 1) != 0) {
			set[n_set++] = names[i];
		}
	}
	record_put_statics(d->writer, field, set, n_set);
}

static void put_security(struct dissection *d, struct cursor item)
{
	uint16_t supported = cur_le16(&item);
	uint8_t state = cur_u8(&item), ethernet_ip = cur_u8(&item);

	if (!cur_ok(&item)) {
		return;
	}
	put_bits(d, PUT(SECURITY_PROFILES), supported, profiles, ARRAY_SIZE(profiles));
	record_put_static(d->writer, PUT(SECURITY_STATE),
			  state < ARRAY_SIZE(security_states) ? security_states[state] : NULL);
	record_put_static(d->writer, PUT(SECURITY_ENIP),
			  ethernet_ip < ARRAY_SIZE(enip_security_states)
			      ? enip_security_states[ethernet_ip]
			      : NULL);
	if (cur_left(&item) > 0) { /* newer devices */
		put_bits(d, PUT(SECURITY_PORTS), cur_u8(&item), ports, ARRAY_SIZE(ports));
	}
}

/* Volume 2, 2-4.2.3: bit 5 is CIP over TCP, bit 8 class 0 and 1 over UDP. */
static const char *put_service(struct dissection *d, struct cursor item)
{
	const char *words[2];
	size_t n = 0;
	uint16_t version = cur_le16(&item), capabilities = cur_le16(&item);
	struct cursor name = cur_sub_most(&item, 16), text = name;
	size_t length = 0;

	if (!cur_ok(&item)) {
		return "service_length";
	}
	while (cur_left(&text) > 0 && cur_u8(&text) != 0) {
		length++;
	}
	record_put_uint(d->writer, PUT(VERSION), version);
	record_put_bytes(d->writer, PUT(SERVICE_NAME), cur_sub(&name, length));
	if ((capabilities & 0x20) != 0) {
		words[n++] = "cip_over_tcp";
	}
	if ((capabilities & 0x100) != 0) {
		words[n++] = "io_over_udp";
	}
	record_put_statics(d->writer, PUT(CAPABILITIES), words, n);
	return NULL;
}

/* Walks a list of items: the first of the type, and of security if there is one, is put. */
static const char *put_items(struct dissection *d, struct cursor *data, uint16_t wanted,
			     const char *(*put)(struct dissection *d, struct cursor item),
			     size_t *n)
{
	size_t count = cur_le16(data);
	const char *wrong = NULL;

	*n = 0;
	for (size_t i = 0; i < count && cur_ok(data); i++) {
		uint16_t type = cur_le16(data);
		struct cursor item = cur_sub(data, cur_le16(data));

		if (!cur_ok(&item)) {
			return "item_length";
		}
		if (type == wanted && ++*n == 1) {
			wrong = put(d, item);
		} else if (type == ITEM_SECURITY) {
			put_security(d, item);
		}
	}
	return cur_ok(data) ? wrong : "item_length";
}

const char *enip_put_identities(struct dissection *d, struct cursor *data)
{
	size_t n;
	const char *wrong = put_items(d, data, ITEM_IDENTITY, put_identity, &n);

	dissect_identity(d);
	return wrong != NULL || n > 0 ? wrong : "identity_item";
}

const char *enip_put_services(struct dissection *d, struct cursor *data)
{
	size_t n;

	return put_items(d, data, ITEM_SERVICES, put_service, &n);
}

/* Of the time before the standard: version, address, and the address as text. */
static const char *put_target(struct dissection *d, struct cursor item)
{
	uint16_t version = cur_le16(&item);
	struct enip_socket socket = enip_read_socket(&item);

	if (!cur_ok(&item)) {
		return "target_length";
	}
	record_put_uint(d->writer, PUT(VERSION), version);
	record_put_ip(d->writer, PUT(ADDRESS), &socket.ip);
	record_put_uint(d->writer, PUT(PORT), socket.port);
	return NULL;
}

const char *enip_put_targets(struct dissection *d, struct cursor *data)
{
	size_t n;

	return put_items(d, data, ITEM_TARGET, put_target, &n);
}

static const char *put_nothing(struct dissection *d, struct cursor item)
{
	(void)d;
	(void)item;
	return NULL;
}

const char *enip_put_interfaces(struct dissection *d, struct cursor *data)
{
	struct cursor look = *data;
	size_t n;
	const char *wrong;

	record_put_uint(d->writer, PUT(INTERFACES), cur_le16(&look));
	wrong = put_items(d, data, ITEM_NULL, put_nothing, &n);
	return wrong;
}
