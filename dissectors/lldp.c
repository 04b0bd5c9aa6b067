/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Link Layer Discovery Protocol (IEEE 802.1AB-2016).
 *
 *	{ type 7 bits | length 9 bits | value }...
 *
 * The first three parts are chassis id, port id and time to live; an end of type 0 is optional.
 * Chassis and port id: subtype 1 | id.  Management address: length 1 | address family 1 | address |
 * numbering 1 | interface 4 | length 1 | object id. */

#include "dissectors/lldp_private.h"

#define PARTS_MAX 128 /* of one message: more than fit in a frame that means anything */

static const struct field lldp_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[LLDP_##id] = { "weir.lldp." name, FIELD_##type, flags, unit, meaning, NULL },
	LLDP_FIELDS(X)
#undef X
};

enum {
	PART_END,
	PART_CHASSIS,
	PART_PORT,
	PART_TTL,
	PART_PORT_DESCRIPTION,
	PART_SYSTEM_NAME,
	PART_SYSTEM_DESCRIPTION,
	PART_CAPABILITIES,
	PART_MANAGEMENT,
	PART_ORGANISATION = 127
};

/* IANA address family numbers. */
enum { FAMILY_IPV4 = 1, FAMILY_IPV6 = 2 };

/* 8.5.2.2, 8.5.3.2: what the bytes of an id are. */
enum id_form { ID_TEXT, ID_MAC, ID_NETWORK };

struct id_subtype {
	const char *name;
	enum id_form form;
};

static const struct id_subtype chassis_subtypes[] = {
	[1] = { "chassis_component", ID_TEXT },
	[2] = { "interface_alias", ID_TEXT },
	[3] = { "port_component", ID_TEXT },
	[4] = { "mac_address", ID_MAC },
	[5] = { "network_address", ID_NETWORK },
	[6] = { "interface_name", ID_TEXT },
	[7] = { "local", ID_TEXT },
};
static const struct id_subtype port_subtypes[] = {
	[1] = { "interface_alias", ID_TEXT }, [2] = { "port_component", ID_TEXT },
	[3] = { "mac_address", ID_MAC },      [4] = { "network_address", ID_NETWORK },
	[5] = { "interface_name", ID_TEXT },  [6] = { "agent_circuit_id", ID_TEXT },
	[7] = { "local", ID_TEXT },
};

/* Table 8-4. */
static const struct capability capabilities[] = {
	{ 0x001, "other", NULL },
	{ 0x002, "repeater", "repeater" },
	{ 0x004, "bridge", "bridge" },
	{ 0x008, "access_point", "access_point" },
	{ 0x010, "router", "router" },
	{ 0x020, "phone", "phone" },
	{ 0x040, "cable_modem", "cable_modem" },
	{ 0x080, "station", "station" },
	{ 0x100, "c_vlan", "bridge" },
	{ 0x200, "s_vlan", "bridge" },
	{ 0x400, "mac_relay", "bridge" },
};
#define FORWARDS 0x714 /* bridges and routers */
#define PHONE    0x020 /* has one interface, though a socket for a computer besides */

static void put_address_text(struct dissection *d, uint16_t field, struct cursor id)
{
	uint8_t family = cur_u8(&id);
	char text[IP_TEXT_SIZE];
	struct ip ip;

	if (family == FAMILY_IPV4 && cur_left(&id) == 4) {
		ip = cur_ip4(&id);
	} else if (family == FAMILY_IPV6 && cur_left(&id) == 16) {
		ip = cur_ip6(&id);
	} else {
		record_put_bytes(d->writer, field, id);
		return;
	}
	record_put_text(d->writer, field, ip_text(&ip, text));
}

/* Puts an id; *mac or *text is what it was, if it was that. */
static bool put_id(struct dissection *d, uint16_t field, const struct id_subtype *subtype,
		   struct cursor id, struct mac *mac, struct cursor *text)
{
	char name[MAC_TEXT_SIZE];

	if (subtype->form == ID_MAC && cur_left(&id) == 6) {
		*mac = cur_mac(&id);
		record_put_text(d->writer, field, mac_text(mac, name));
	} else if (subtype->form == ID_NETWORK) {
		put_address_text(d, field, id);
	} else {
		*text = announcement_text(id);
		record_put_bytes(d->writer, field, *text);
	}
	return cur_ok(&id);
}

static bool put_chassis(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	uint8_t number = cur_u8(&value);
	const struct id_subtype *subtype =
	    &chassis_subtypes[number < ARRAY_SIZE(chassis_subtypes) ? number : 0];

	record_put_static(d->writer, FIELD_LOCAL(LLDP_CHASSIS_SUBTYPE), subtype->name);
	if (!put_id(d, FIELD_LOCAL(LLDP_CHASSIS_ID), subtype, value, &message->chassis_mac,
		    &message->chassis)) {
		return false;
	}
	if (!mac_is_none(&message->chassis_mac) && !mac_is_group(&message->chassis_mac)) {
		record_put_mac(d->writer, FIELD_LOCAL(LLDP_CHASSIS_MAC), &message->chassis_mac);
	}
	return true;
}

static bool put_port(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	uint8_t number = cur_u8(&value);
	const struct id_subtype *subtype =
	    &port_subtypes[number < ARRAY_SIZE(port_subtypes) ? number : 0];
	struct mac mac;

	record_put_static(d->writer, FIELD_LOCAL(LLDP_PORT_SUBTYPE), subtype->name);
	return put_id(d, FIELD_LOCAL(LLDP_PORT_ID), subtype, value, &mac, &message->port);
}

static bool put_ttl(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	(void)message;
	return announcement_put_be16(d, FIELD_LOCAL(LLDP_TTL), value);
}

static bool put_port_description(struct dissection *d, struct cursor value,
				 struct lldp_message *message)
{
	(void)message;
	record_put_bytes(d->writer, FIELD_LOCAL(LLDP_PORT_DESCRIPTION), announcement_text(value));
	return true;
}

static bool put_system_name(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	(void)message;
	value = announcement_text(value);
	record_put_bytes(d->writer, FIELD_LOCAL(LLDP_SYSTEM_NAME), value);
	announcement_put_name(d, FIELD_LOCAL(LLDP_HOST_NAME), FIELD_LOCAL(LLDP_DOMAIN_NAME), value);
	return true;
}

static bool put_system_description(struct dissection *d, struct cursor value,
				   struct lldp_message *message)
{
	(void)message;
	record_put_bytes(d->writer, FIELD_LOCAL(LLDP_SYSTEM_DESCRIPTION), announcement_text(value));
	return true;
}

static bool put_capabilities(struct dissection *d, struct cursor value,
			     struct lldp_message *message)
{
	uint16_t able = cur_be16(&value);

	message->enabled = cur_be16(&value);
	if (!cur_ok(&value)) {
		return false;
	}
	announcement_put_capabilities(d, FIELD_LOCAL(LLDP_CAPABILITIES), able, capabilities,
				      ARRAY_SIZE(capabilities));
	announcement_put_capabilities(d, FIELD_LOCAL(LLDP_ENABLED), message->enabled, capabilities,
				      ARRAY_SIZE(capabilities));
	announcement_put_duties(d, FIELD_LOCAL(LLDP_DUTY), message->enabled, capabilities,
				ARRAY_SIZE(capabilities));
	return true;
}

static bool take_management(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	struct cursor address = cur_sub(&value, cur_u8(&value));
	uint8_t family = cur_u8(&address);
	struct ip ip = { { 0 } };

	(void)d;
	if (!cur_ok(&address)) {
		return false;
	}
	if (family == FAMILY_IPV4 && cur_left(&address) == 4) {
		ip = cur_ip4(&address);
	} else if (family == FAMILY_IPV6 && cur_left(&address) == 16) {
		ip = cur_ip6(&address);
	}
	if (!ip_is_none(&ip) && message->n_addresses < LLDP_ADDRESSES_MAX) {
		message->addresses[message->n_addresses++] = ip;
	}
	return true;
}

static bool (*const parts[])(struct dissection *d, struct cursor value,
			     struct lldp_message *message) = {
	[PART_CHASSIS] = put_chassis,
	[PART_PORT] = put_port,
	[PART_TTL] = put_ttl,
	[PART_PORT_DESCRIPTION] = put_port_description,
	[PART_SYSTEM_NAME] = put_system_name,
	[PART_SYSTEM_DESCRIPTION] = put_system_description,
	[PART_CAPABILITIES] = put_capabilities,
	[PART_MANAGEMENT] = take_management,
	[PART_ORGANISATION] = lldp_put_organisation,
};

/* 9.2.7.7.1: the first three parts come in this order, and nowhere else. */
static bool in_order(unsigned type, size_t n)
{
	return n < PART_TTL ? type == n + 1 : type == PART_END || type > PART_TTL;
}

static enum parsed put_parts(struct dissection *d, struct cursor pdu, struct lldp_message *message)
{
	bool ended = false;
	size_t n = 0;

	for (; n < PARTS_MAX && cur_left(&pdu) > 0 && !ended; n++) {
		uint16_t head = cur_be16(&pdu);
		unsigned type = head >> 9;
		struct cursor value = cur_sub(&pdu, head & 0x1ff);

		if (!cur_ok(&value)) {
			return announcement_short(d);
		}
		if (!in_order(type, n)) {
			dissect_malformed(d, "order");
			return PARSED_MALFORMED;
		}
		ended = type == PART_END;
		if (type < ARRAY_SIZE(parts) && parts[type] != NULL &&
		    !parts[type](d, value, message)) {
			dissect_malformed(d, "length");
			return PARSED_MALFORMED;
		}
	}
	return n < PART_TTL ? announcement_short(d) : PARSED;
}

/* PROFINET (IEC 61158-6-10, LLDP_ChassisID, LLDP_PortID): behind a dot in the name of the port, and
 * without one the name of the chassis. */
static void put_station_name(struct dissection *d, const struct lldp_message *message)
{
	struct cursor look = message->port;

	if (!message->is_profinet) {
		return;
	}
	while (cur_left(&look) > 0) {
		if (cur_u8(&look) == '.') {
			record_put_bytes(d->writer, FIELD_LOCAL(LLDP_STATION_NAME), look);
			return;
		}
	}
	if (cur_left(&message->chassis) > 0 && cur_left(&message->port) > 0) {
		record_put_bytes(d->writer, FIELD_LOCAL(LLDP_STATION_NAME), message->chassis);
	}
}

static void put_gathered(struct dissection *d, const struct lldp_message *message)
{
	if (message->n_addresses > 0) {
		record_put_ips(d->writer, FIELD_LOCAL(LLDP_MANAGEMENT), message->addresses,
			       message->n_addresses);
	}
	if (message->n_vlans > 0) {
		record_put_uint16s(d->writer, FIELD_LOCAL(LLDP_VLANS), message->vlans,
				   message->n_vlans);
	}
	put_station_name(d, message);
}

/* The MAC that management addresses are at. A PROFINET device says it; else it is the chassis', or
 * that of the port of a device that has no other. A bridge or router may have one more for them:
 * nothing proves that it is the chassis'. */
static void put_bindings(struct dissection *d, const struct lldp_message *message)
{
	const struct mac *sender = &d->flow->side[d->side].mac, *mac = sender;
	bool proved = (message->enabled & FORWARDS) == 0 || (message->enabled & PHONE) != 0;

	if (!mac_is_none(&message->profinet_mac)) {
		mac = &message->profinet_mac;
		proved = true;
	} else if (!mac_is_none(&message->chassis_mac)) {
		mac = &message->chassis_mac;
		proved = proved || mac_equal(mac, sender);
	}
	if (!proved && mac == sender) {
		return;
	}
	for (size_t i = 0; i < message->n_addresses; i++) {
		announcement_put_address(d, "advertisement", &message->addresses[i], mac, proved);
	}
}

/* What the message says; neither what pads the frame, nor what is measured anew for each. */
static uint64_t digest_parts(struct cursor pdu)
{
	uint64_t digest = ANNOUNCEMENT_START;

	for (size_t n = 0; n < PARTS_MAX && cur_left(&pdu) > 0; n++) {
		uint16_t head = cur_be16(&pdu);
		struct cursor value = cur_sub(&pdu, head & 0x1ff);

		if (head == PART_END) {
			break;
		}
		if (head >> 9 != PART_ORGANISATION || !lldp_is_measured(value)) {
			digest = announcement_digest(digest ^ head, value);
		}
	}
	return digest;
}

static enum parsed lldp_parse(struct dissection *d, struct cursor pdu)
{
	struct announcement *last = d->state;
	struct lldp_message message = { .enabled = 0 };
	enum parsed verdict;

	dissect_count(d, MESSAGE_USERDATA, 0);
	if (!announcement_is_due(d, last, digest_parts(pdu))) {
		return last->verdict;
	}
	announcement_begin(d, "advertisement");
	verdict = put_parts(d, pdu, &message);
	put_gathered(d, &message);
	(void)announcement_end(d, last, verdict);
	put_bindings(d, &message);
	return verdict;
}

static const struct over lldp_over[] = { { OVER_ETHERTYPE, NULL, 0x88cc } };

const struct dissector dissector_lldp = {
	.name = "lldp",
	.title = "Link Layer Discovery Protocol (IEEE 802.1AB)",
	.general = true,
	.over = lldp_over,
	.n_over = ARRAY_SIZE(lldp_over),
	.state_size = sizeof(struct announcement),
	.parse = lldp_parse,
	.fields = lldp_fields,
	.n_fields = ARRAY_SIZE(lldp_fields),
};
