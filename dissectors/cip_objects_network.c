/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Objects about the network and time: TCP/IP Interface and Ethernet Link (CIP Volume 2, 5-4 and
 * 5-5), Port (Volume 1, 3-7), Time Sync (Volume 1, 5-47), and the clock of Logix controllers. */

#include "dissectors/cip_private.h"

/* ---- TCP/IP Interface ---- */

static void put_address(struct dissection *d, uint16_t field, uint32_t address)
{
	struct ip ip = ip_from_v4(address);

	record_put_ip(d->writer, field, &ip);
}

static const char *put_control(struct dissection *d, struct cursor *value)
{
	static const char *const methods[] = { "static", "bootp", "dhcp" };
	uint32_t control = cur_le32(value);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_static(d->writer, PUT(IP_METHOD),
			  (control & 15) < ARRAY_SIZE(methods) ? methods[control & 15] : NULL);
	return NULL;
}

/* A length, characters, and a pad to an even number. */
static const char *put_padded(struct dissection *d, uint16_t field, struct cursor *value)
{
	uint16_t length = cur_le16(value);
	struct cursor text = cur_sub(value, length);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	if (length % 2 != 0 && cur_left(value) > 0) {
		cur_skip(value, 1);
	}
	if (length > 0) {
		record_put_bytes(d->writer, field, text);
	}
	return NULL;
}

/* Address, mask, gateway and two name servers, and the domain. */
static const char *put_interface(struct dissection *d, struct cursor *value)
{
	uint32_t address = cur_le32(value), mask = cur_le32(value), gateway = cur_le32(value);
	uint32_t first = cur_le32(value), second = cur_le32(value);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	put_address(d, PUT(IP_ADDRESS), address);
	put_address(d, PUT(IP_MASK), mask);
	put_address(d, PUT(IP_GATEWAY), gateway);
	if (first != 0) {
		put_address(d, PUT(IP_NAME_SERVER), first);
	}
	if (second != 0) {
		put_address(d, PUT(IP_NAME_SERVER_2), second);
	}
	return put_padded(d, PUT(IP_DOMAIN), value);
}

static const char *put_host(struct dissection *d, struct cursor *value)
{
	return put_padded(d, PUT(IP_HOST), value);
}

static const char *put_snn(struct dissection *d, struct cursor *value)
{
	record_put_bytes(d->writer, PUT(SAFETY_NETWORK), cur_sub(value, 6));
	return cur_ok(value) ? NULL : "attribute_length";
}

static const char *put_multicast(struct dissection *d, struct cursor *value)
{
	cur_skip(value, 4); /* allocation, reserved, number */
	put_address(d, PUT(IP_MULTICAST), cur_le32(value));
	return cur_ok(value) ? NULL : "attribute_length";
}

static const struct cip_attribute tcpip_attributes[] = {
	{ .id = 1, .name = "status", .type = CIP_UDINT, .field = PUT(INTERFACE_STATUS) },
	{ .id = 2,
	  .name = "configuration_capability",
	  .type = CIP_UDINT,
	  .field = PUT(INTERFACE_CAPABILITY) },
	{ .id = 3,
	  .name = "configuration_control",
	  .put = put_control,
	  .set = OPERATION_ADDRESS_CHANGE },
	{ .id = 4, .name = "physical_link", .type = CIP_EPATH, .field = PUT(PHYSICAL_LINK) },
	{ .id = 5,
	  .name = "interface_configuration",
	  .put = put_interface,
	  .set = OPERATION_ADDRESS_CHANGE },
	{ .id = 6, .name = "host_name", .put = put_host, .set = OPERATION_ADDRESS_CHANGE },
	{ .id = 7, .name = "safety_network_number", .put = put_snn },
	{ .id = 8, .name = "ttl", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 9, .name = "multicast_configuration", .put = put_multicast },
	{ .id = 10, .name = "select_acd", .type = CIP_BOOL, .field = CIP_NO_FIELD },
	{ .id = 13, .name = "inactivity_timeout", .type = CIP_UINT, .field = CIP_NO_FIELD },
};

static const uint16_t tcpip_all[] = { 1, 2, 3, 4, 5, 6 };

/* Set_Attributes_All: control, interface, host name. */
static const char *ask_tcpip_all(struct dissection *d, const struct cip_request *request,
				 struct cursor *data)
{
	const char *wrong = put_control(d, data);

	(void)request;
	wrong = wrong != NULL ? wrong : put_interface(d, data);
	return wrong != NULL ? wrong : put_host(d, data);
}

static const struct cip_service tcpip_services[] = {
	{ .code = CIP_SET_ALL,
	  .name = "set_attributes_all",
	  .operation = OPERATION_ADDRESS_CHANGE,
	  .ask = ask_tcpip_all },
	{ .code = 0x05, .name = "reset", .operation = OPERATION_RESTART },
};

const struct cip_object cip_object_tcpip = {
	.class = 0xf5,
	.name = "tcpip_interface",
	.services = tcpip_services,
	.n_services = ARRAY_SIZE(tcpip_services),
	.attributes = tcpip_attributes,
	.n_attributes = ARRAY_SIZE(tcpip_attributes),
	.all = tcpip_all,
	.n_all = ARRAY_SIZE(tcpip_all),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

/* ---- Ethernet Link ---- */

static const char *put_mac(struct dissection *d, struct cursor *value)
{
	struct mac mac;

	cur_copy(value, mac.bytes, sizeof(mac.bytes));
	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_mac(d->writer, PUT(LINK_MAC), &mac);
	return NULL;
}

static const char *put_counters(struct dissection *d, uint16_t field, size_t n,
				struct cursor *value)
{
	uint32_t counters[12];

	for (size_t i = 0; i < n; i++) {
		counters[i] = cur_le32(value);
	}
	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_uint32s(d->writer, field, counters, n);
	return NULL;
}

static const char *put_interface_counters(struct dissection *d, struct cursor *value)
{
	return put_counters(d, PUT(LINK_COUNTERS), 11, value);
}

static const char *put_media_counters(struct dissection *d, struct cursor *value)
{
	return put_counters(d, PUT(LINK_MEDIA), 12, value);
}

static const char *put_link_control(struct dissection *d, struct cursor *value)
{
	uint16_t control = cur_le16(value), speed = cur_le16(value);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_uint(d->writer, PUT(LINK_CONTROL), control);
	record_put_uint(d->writer, PUT(LINK_FORCED), speed);
	return NULL;
}

static const struct cip_attribute link_attributes[] = {
	{ .id = 1, .name = "interface_speed", .type = CIP_UDINT, .field = PUT(LINK_SPEED) },
	{ .id = 2, .name = "interface_flags", .type = CIP_UDINT, .field = PUT(LINK_FLAGS) },
	{ .id = 3, .name = "physical_address", .put = put_mac },
	{ .id = 4, .name = "interface_counters", .put = put_interface_counters },
	{ .id = 5, .name = "media_counters", .put = put_media_counters },
	{ .id = 6, .name = "interface_control", .put = put_link_control },
	{ .id = 7, .name = "interface_type", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 8, .name = "interface_state", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 9, .name = "admin_state", .type = CIP_USINT, .field = PUT(LINK_ADMIN) },
	{ .id = 10, .name = "interface_label", .type = CIP_SHORT_STRING, .field = PUT(LINK_LABEL) },
};

static const uint16_t link_all[] = { 1, 2, 3, 4, 5, 6 };

static const struct cip_service link_services[] = {
	{ .code = 0x4c, .name = "get_and_clear", .operation = OPERATION_CONTROL },
};

const struct cip_object cip_object_ethernet_link = {
	.class = 0xf6,
	.name = "ethernet_link",
	.services = link_services,
	.n_services = ARRAY_SIZE(link_services),
	.attributes = link_attributes,
	.n_attributes = ARRAY_SIZE(link_attributes),
	.all = link_all,
	.n_all = ARRAY_SIZE(link_all),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

/* ---- Port ---- */

static const struct cip_attribute port_attributes[] = {
	{ .id = 1, .name = "port_type", .type = CIP_UINT, .field = PUT(PORT_TYPE) },
	{ .id = 2, .name = "port_number", .type = CIP_UINT, .field = PUT(PORT_NUMBER) },
	{ .id = 3, .name = "link_object", .type = CIP_EPATH, .field = PUT(PHYSICAL_LINK) },
	{ .id = 4, .name = "port_name", .type = CIP_SHORT_STRING, .field = PUT(PORT_NAME) },
	{ .id = 7, .name = "node_address", .type = CIP_REST, .field = CIP_NO_FIELD },
};

static const uint16_t port_all[] = { 1, 2, 3, 4, 7 };

const struct cip_object cip_object_port = {
	.class = 0xf4,
	.name = "port",
	.attributes = port_attributes,
	.n_attributes = ARRAY_SIZE(port_attributes),
	.all = port_all,
	.n_all = ARRAY_SIZE(port_all),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

/* ---- Time Sync ---- */

/* A count of units since 1970. */
static const char *put_time(struct dissection *d, struct cursor *value, int64_t unit)
{
	uint64_t count = cur_le64(value);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	/* What lies behind the year 2262 does not fit. */
	if (count <= (uint64_t)(INT64_MAX / unit)) {
		record_put_time(d->writer, PUT(CLOCK), (int64_t)count * unit);
	}
	return NULL;
}

static const char *put_microseconds(struct dissection *d, struct cursor *value)
{
	return put_time(d, value, 1000);
}

static const char *put_nanoseconds(struct dissection *d, struct cursor *value)
{
	return put_time(d, value, 1);
}

static const struct cip_attribute time_sync_attributes[] = {
	{ .id = 1, .name = "ptp_enable", .type = CIP_BOOL, .field = PUT(TIME_ENABLED) },
	{ .id = 2, .name = "is_synchronized", .type = CIP_BOOL, .field = PUT(TIME_SYNCHRONIZED) },
	{ .id = 3, .name = "system_time_us", .put = put_microseconds, .set = OPERATION_TIME_SET },
	{ .id = 4, .name = "system_time_ns", .put = put_nanoseconds, .set = OPERATION_TIME_SET },
	{ .id = 5, .name = "offset_from_master", .type = CIP_LINT, .field = PUT(TIME_OFFSET) },
	{ .id = 6, .name = "max_offset_from_master", .type = CIP_ULINT, .field = CIP_NO_FIELD },
	{ .id = 7, .name = "mean_path_delay", .type = CIP_LINT, .field = CIP_NO_FIELD },
	{ .id = 11, .name = "number_of_ports", .type = CIP_UINT, .field = CIP_NO_FIELD },
	{ .id = 18, .name = "domain_number", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 27, .name = "steps_removed", .type = CIP_UINT, .field = CIP_NO_FIELD },
};

const struct cip_object cip_object_time_sync = {
	.class = 0x43,
	.name = "time_sync",
	.attributes = time_sync_attributes,
	.n_attributes = ARRAY_SIZE(time_sync_attributes),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

/* ---- wall clock of Logix controllers: seen in captures ---- */

static const char *put_zone(struct dissection *d, struct cursor *value)
{
	struct cursor text = cur_sub(value, cur_le32(value));

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_bytes(d->writer, PUT(CLOCK_ZONE), text);
	return NULL;
}

static const struct cip_attribute wall_clock_attributes[] = {
	{ .id = 5, .name = "local_time", .put = put_microseconds, .set = OPERATION_TIME_SET },
	{ .id = 6, .name = "utc_time", .put = put_microseconds, .set = OPERATION_TIME_SET },
	{ .id = 8, .name = "time_zone", .put = put_zone },
	{ .id = 9,
	  .name = "daylight_saving_minutes",
	  .type = CIP_INT,
	  .field = PUT(CLOCK_SAVING_MINUTES) },
	{ .id = 10, .name = "daylight_saving", .type = CIP_BOOL, .field = PUT(CLOCK_SAVING) },
	{ .id = 11, .name = "utc_time", .put = put_microseconds, .set = OPERATION_TIME_SET },
};

const struct cip_object cip_object_wall_clock = {
	.class = 0x8b,
	.name = "wall_clock_time",
	.attributes = wall_clock_attributes,
	.n_attributes = ARRAY_SIZE(wall_clock_attributes),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_TIME_SET,
};
