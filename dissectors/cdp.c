/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Cisco Discovery Protocol, in SNAP (00-00-0c, 2000). There is no public standard; the types are
 *those that Cisco's manuals name and captures show.
 *
 *	version 1 | time to live 1 | checksum 2 | { type 2 | length 2, with these four | value }...
 *
 * Addresses: count 4 | { protocol type 1 | length 1 | protocol | length 2 | address }... */

#include "dissectors/announcement.h"

#define ADDRESSES_MAX 16
#define VALUES_MAX    64 /* in one message */

#define CDP_FIELDS(X)                                                                            \
	X(VERSION, "version", UINT, 0, NULL, "Version of the protocol")                          \
	X(TTL, "ttl", UINT, 0, "s", "How long it holds")                                         \
	X(DEVICE_ID, "device_id", STRING, FIELD_IDENTITY(DEVICE_NAME), NULL,                     \
	  "Name that the sender goes by")                                                        \
	X(PORT, "port", STRING, FIELD_IDENTITY(PORT_NAME), NULL, "Port that it was sent from")   \
	X(CAPABILITIES, "capabilities", STRING, FIELD_LIST | FIELD_ENUM, NULL,                   \
	  "router, transparent_bridge, source_route_bridge, switch, host, igmp_filter, "         \
	  "repeater, phone, remotely_managed, conference, mac_relay")                            \
	X(DUTY, "duty", STRING, FIELD_LIST | FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY),   \
	  NULL, "router, bridge, station, repeater, phone")                                      \
	X(SOFTWARE, "software_version", STRING, FIELD_IDENTITY(DESCRIPTION), NULL,               \
	  "System and software, in the sender's words")                                          \
	X(PLATFORM, "platform", STRING, FIELD_IDENTITY(MODEL), NULL, "Hardware")                 \
	X(ADDRESS, "address", IP, FIELD_LIST | FIELD_IDENTITY(MANAGEMENT_ADDRESS), NULL,         \
	  "Addresses of the port, or of the sender")                                             \
	X(MANAGEMENT, "management_address", IP, FIELD_LIST | FIELD_IDENTITY(MANAGEMENT_ADDRESS), \
	  NULL, "Addresses at which it is managed")                                              \
	X(NATIVE_VLAN, "native_vlan", UINT, 0, NULL, "VLAN of untagged frames")                  \
	X(VOICE_VLAN, "voice_vlan", UINT, 0, NULL, "VLAN for phones")                            \
	X(VTP_DOMAIN, "vtp_domain", STRING, 0, NULL, "VLAN management domain")                   \
	X(DUPLEX, "duplex", STRING, FIELD_ENUM, NULL, "half or full")                            \
	X(MTU, "mtu", UINT, 0, "bytes", "Largest packet of the port")                            \
	X(POWER, "power", UINT, 0, "mW", "What the sender consumes")                             \
	X(SYSTEM_NAME, "system_name", STRING, 0, NULL, "Name of the system")                     \
	X(HOST_NAME, "host_name", STRING, FIELD_HIDDEN | FIELD_IDENTITY(HOST_NAME), NULL,        \
	  "Name of the system, without a domain")                                                \
	X(DOMAIN_NAME, "domain_name", STRING, FIELD_HIDDEN | FIELD_IDENTITY(DOMAIN_NAME), NULL,  \
	  "Name of the system, with a domain")                                                   \
	X(LOCATION, "location", STRING, FIELD_IDENTITY(LOCATION), NULL, "Where it is")

enum {
#define X(id, name, type, flags, unit, meaning) CDP_##id,
	CDP_FIELDS(X)
#undef X
};

static const struct field cdp_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[CDP_##id] = { "weir.cdp." name, FIELD_##type, flags, unit, meaning, NULL },
	CDP_FIELDS(X)
#undef X
};

static const struct capability capabilities[] = {
	{ 0x001, "router", "router" },
	{ 0x002, "transparent_bridge", "bridge" },
	{ 0x004, "source_route_bridge", "bridge" },
	{ 0x008, "switch", "bridge" },
	{ 0x010, "host", "station" },
	{ 0x020, "igmp_filter", NULL },
	{ 0x040, "repeater", "repeater" },
	{ 0x080, "phone", "phone" },
	{ 0x100, "remotely_managed", NULL },
	{ 0x200, "conference", NULL },
	{ 0x400, "mac_relay", "bridge" },
};
#define FORWARDS 0x44f /* router, bridges, switch, repeater: its addresses are not the port's */
#define PHONE    0x080 /* has one interface, though a socket for a computer besides */

/* What the message said so far that its other parts are about. */
struct cdp_message {
	uint32_t capabilities;
	struct ip addresses[ADDRESSES_MAX];
	size_t n_addresses;
};

/* What a value is, and how it is put. */
enum shape { CDP_OTHER, CDP_TEXT, CDP_UINT16, CDP_UINT32, CDP_SPECIAL };

struct cdp_type {
	enum shape shape;
	uint16_t field; /* index of the local field */
	bool (*put)(struct dissection *d, struct cursor value, struct cdp_message *message);
};

/* Protocols of addresses: NLPID (1) 0xcc is IPv4; 802.2 (2) with SNAP and an EtherType. */
static bool take_address(struct cursor *value, struct ip *out)
{
	uint8_t kind = cur_u8(value), length = cur_u8(value);
	struct cursor protocol = cur_sub(value, length), address;
	uint64_t number;

	address = cur_sub(value, cur_be16(value));
	if (!cur_ok(&address)) {
		return false;
	}
	number = length == 8 ? cur_be64(&protocol) : cur_u8(&protocol);
	if (kind == 1 && number == 0xcc && cur_left(&address) == 4) {
		*out = cur_ip4(&address);
	} else if (kind == 2 && number == 0xaaaa0300000086dd && cur_left(&address) == 16) {
		*out = cur_ip6(&address);
	} else {
		*out = (struct ip) { { 0 } };
	}
	return true;
}

static bool take_addresses(struct cursor value, struct ip *out, size_t *n)
{
	uint32_t count = cur_be32(&value);

	*n = 0;
	for (uint32_t i = 0; i < count && *n < ADDRESSES_MAX; i++) {
		if (!take_address(&value, &out[*n])) {
			return false;
		}
		*n += !ip_is_none(&out[*n]);
	}
	return cur_ok(&value);
}

static void put_ips(struct dissection *d, uint16_t field, const struct ip *ips, size_t n)
{
	if (n > 0) {
		record_put_ips(d->writer, field, ips, n);
	}
}

static bool put_addresses(struct dissection *d, struct cursor value, struct cdp_message *message)
{
	bool good = take_addresses(value, message->addresses, &message->n_addresses);

	put_ips(d, FIELD_LOCAL(CDP_ADDRESS), message->addresses, message->n_addresses);
	return good;
}

static bool put_management(struct dissection *d, struct cursor value, struct cdp_message *message)
{
	struct ip addresses[ADDRESSES_MAX];
	size_t n;
	bool good = take_addresses(value, addresses, &n);

	(void)message;
	put_ips(d, FIELD_LOCAL(CDP_MANAGEMENT), addresses, n);
	return good;
}

static bool put_capabilities(struct dissection *d, struct cursor value, struct cdp_message *message)
{
	message->capabilities = cur_be32(&value);
	if (!cur_ok(&value)) {
		return false;
	}
	announcement_put_capabilities(d, FIELD_LOCAL(CDP_CAPABILITIES), message->capabilities,
				      capabilities, ARRAY_SIZE(capabilities));
	announcement_put_duties(d, FIELD_LOCAL(CDP_DUTY), message->capabilities, capabilities,
				ARRAY_SIZE(capabilities));
	return true;
}

static bool put_duplex(struct dissection *d, struct cursor value, struct cdp_message *message)
{
	const char *duplex = cur_u8(&value) != 0 ? "full" : "half";

	(void)message;
	if (cur_ok(&value)) {
		record_put_static(d->writer, FIELD_LOCAL(CDP_DUPLEX), duplex);
	}
	return cur_ok(&value);
}

/* Kind of device 1, VLAN 2. */
static bool put_voice_vlan(struct dissection *d, struct cursor value, struct cdp_message *message)
{
	(void)message;
	cur_skip(&value, 1);
	return announcement_put_be16(d, FIELD_LOCAL(CDP_VOICE_VLAN), value);
}

static bool put_system_name(struct dissection *d, struct cursor value, struct cdp_message *message)
{
	(void)message;
	value = announcement_text(value);
	record_put_bytes(d->writer, FIELD_LOCAL(CDP_SYSTEM_NAME), value);
	announcement_put_name(d, FIELD_LOCAL(CDP_HOST_NAME), FIELD_LOCAL(CDP_DOMAIN_NAME), value);
	return true;
}

/* Kind of text 1, text. */
static bool put_location(struct dissection *d, struct cursor value, struct cdp_message *message)
{
	(void)message;
	cur_skip(&value, 1);
	record_put_bytes(d->writer, FIELD_LOCAL(CDP_LOCATION), announcement_text(value));
	return cur_ok(&value);
}

static const struct cdp_type types[] = {
	[0x01] = { CDP_TEXT, CDP_DEVICE_ID, NULL },
	[0x02] = { CDP_SPECIAL, 0, put_addresses },
	[0x03] = { CDP_TEXT, CDP_PORT, NULL },
	[0x04] = { CDP_SPECIAL, 0, put_capabilities },
	[0x05] = { CDP_TEXT, CDP_SOFTWARE, NULL },
	[0x06] = { CDP_TEXT, CDP_PLATFORM, NULL },
	[0x09] = { CDP_TEXT, CDP_VTP_DOMAIN, NULL },
	[0x0a] = { CDP_UINT16, CDP_NATIVE_VLAN, NULL },
	[0x0b] = { CDP_SPECIAL, 0, put_duplex },
	[0x0e] = { CDP_SPECIAL, 0, put_voice_vlan },
	[0x10] = { CDP_UINT16, CDP_POWER, NULL },
	[0x11] = { CDP_UINT32, CDP_MTU, NULL },
	[0x14] = { CDP_SPECIAL, 0, put_system_name },
	[0x16] = { CDP_SPECIAL, 0, put_management },
	[0x17] = { CDP_SPECIAL, 0, put_location },
};

static bool put_value(struct dissection *d, uint16_t type, struct cursor value,
		      struct cdp_message *message)
{
	const struct cdp_type *known = type < ARRAY_SIZE(types) ? &types[type] : &types[0];
	uint16_t field = FIELD_LOCAL(known->field);

	switch (known->shape) {
	case CDP_OTHER:
		return true;
	case CDP_TEXT:
		record_put_bytes(d->writer, field, announcement_text(value));
		return true;
	case CDP_UINT16:
		return announcement_put_be16(d, field, value);
	case CDP_UINT32:
		return announcement_put_be32(d, field, value);
	case CDP_SPECIAL:
		return known->put(d, value, message);
	}
	return true;
}

static enum parsed put_values(struct dissection *d, struct cursor pdu, struct cdp_message *message)
{
	bool good = true;

	for (size_t n = 0; n < VALUES_MAX && cur_left(&pdu) > 0 && good; n++) {
		struct cursor look = pdu, value;
		uint16_t type = cur_be16(&look), length = cur_be16(&look);

		value = cur_sub(&pdu, length);
		cur_skip(&value, 4);
		good = length >= 4 && cur_ok(&value) && put_value(d, type, value, message);
	}
	return good ? PARSED : announcement_short(d);
}

/* The addresses of a phone or a host are at the MAC that says so; those of a switch may be at
 * another one than its port's. */
static void bind_addresses(struct dissection *d, const struct cdp_message *message)
{
	const struct mac *mac = &d->flow->side[d->side].mac;

	if (message->capabilities == 0 ||
	    ((message->capabilities & FORWARDS) != 0 && (message->capabilities & PHONE) == 0)) {
		return;
	}
	for (size_t i = 0; i < message->n_addresses; i++) {
		announcement_put_address(d, "advertisement", &message->addresses[i], mac, true);
	}
}

static enum parsed cdp_parse(struct dissection *d, struct cursor pdu)
{
	struct announcement *last = d->state;
	struct cursor whole = pdu;
	uint8_t version = cur_u8(&pdu), ttl = cur_u8(&pdu);
	struct cdp_message message = { .capabilities = 0 };
	enum parsed verdict;

	cur_skip(&pdu, 2);
	dissect_count(d, MESSAGE_USERDATA, version);
	if (!cur_ok(&pdu)) {
		return d->packet->truncated ? PARSED : PARSED_MALFORMED;
	}
	if (!announcement_is_due(d, last, announcement_digest(ANNOUNCEMENT_START, whole))) {
		return last->verdict;
	}
	announcement_begin(d, "advertisement");
	record_put_uint(d->writer, FIELD_LOCAL(CDP_VERSION), version);
	record_put_uint(d->writer, FIELD_LOCAL(CDP_TTL), ttl);
	verdict = put_values(d, pdu, &message);
	(void)announcement_end(d, last, verdict);
	bind_addresses(d, &message);
	return verdict;
}

static const struct over cdp_over[] = { { OVER_PARENT, "snap", 0x000c2000 } };

const struct dissector dissector_cdp = {
	.name = "cdp",
	.title = "Cisco Discovery Protocol",
	.general = true,
	.over = cdp_over,
	.n_over = ARRAY_SIZE(cdp_over),
	.state_size = sizeof(struct announcement),
	.parse = cdp_parse,
	.fields = cdp_fields,
	.n_fields = ARRAY_SIZE(cdp_fields),
};
