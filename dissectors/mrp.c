/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Media Redundancy Protocol (IEC 62439-2:2021, 8), by which a ring of switches stays without a
 *loop.
 *
 *	version 2 | { type 1 | length 1 | value }..., the last one of type 0
 *
 * The first part says what the message is, a common part its sequence and domain:
 *	test              priority 2 | sender 6 | port role 2 | ring state 2 | transitions 2 | time
 *4 topology change   priority 2 | sender 6 | interval 2 link down, up     sender 6 | port role 2 |
 *interval 2 | blocked 2 common            sequence 2 | domain 16 option            organisation 3 |
 *its own
 *
 * The manager sends tests every 20 ms from both of its ring ports. */

#include "dissectors/announcement.h"

#include "capture/base/hash.h"

#include <stdio.h>

#define PARTS_MAX 16

#define MRP_FIELDS(X)                                                                       \
	X(VERSION, "version", UINT, 0, NULL, "Version of the protocol")                     \
	X(MAC, "mac", MAC, FIELD_IDENTITY(CHASSIS_ID) | FIELD_HINT, NULL,                   \
	  "Address of the sender's interface, which need not be its port's")                \
	X(PRIORITY, "priority", UINT, 0, NULL, "Priority of the manager: lower ones win")   \
	X(PORT_ROLE, "port_role", STRING, FIELD_ENUM, NULL,                                 \
	  "Ring port that it was sent from: primary or secondary")                          \
	X(RING_STATE, "ring_state", STRING, FIELD_ENUM, NULL, "open or closed")             \
	X(TRANSITIONS, "transitions", UINT, 0, NULL, "How often the ring has opened")       \
	X(INTERVAL, "interval", UINT, 0, "ms", "Time until the change is made")             \
	X(BLOCKED, "blocked_supported", BOOL, 0, NULL, "The client can block a port")       \
	X(DOMAIN, "domain", STRING, 0, NULL, "UUID of the ring; all ones: the default one") \
	X(AUTO, "automanager", BOOL, 0, NULL, "Managers negotiate which of them it is")     \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_IDENTITY(DUTY), NULL,                    \
	  "What the sender is: mrp_manager or mrp_client")                                  \
	X(REDUNDANCY, "redundancy", STRING,                                                 \
	  FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(REDUNDANCY), NULL, "mrp")

enum {
#define X(id, name, type, flags, unit, meaning) MRP_##id,
	MRP_FIELDS(X)
#undef X
};

static const struct field mrp_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[MRP_##id] = { "weir.mrp." name, FIELD_##type, flags, unit, meaning, NULL },
	MRP_FIELDS(X)
#undef X
};

enum {
	PART_END = 0x00,
	PART_COMMON = 0x01,
	PART_TEST = 0x02,
	PART_TOPOLOGY_CHANGE = 0x03,
	PART_LINK_DOWN = 0x04,
	PART_LINK_UP = 0x05,
	PART_OPTION = 0x7f,
};

enum { ORGANISATION_SIEMENS = 0x080006, OPTION_AUTOMANAGER = 3 };

/* Functions by the type of the first part. */
static const struct {
	const char *name, *duty;
} functions[] = {
	[PART_TEST] = { "test", "mrp_manager" },
	[PART_TOPOLOGY_CHANGE] = { "topology_change", "mrp_manager" },
	[PART_LINK_DOWN] = { "link_down", "mrp_client" },
	[PART_LINK_UP] = { "link_up", "mrp_client" },
	[0x06] = { "interconnection_test", NULL },
	[0x07] = { "interconnection_topology_change", NULL },
	[0x08] = { "interconnection_link_down", NULL },
	[0x09] = { "interconnection_link_up", NULL },
	[0x0a] = { "interconnection_link_status_poll", NULL },
};

struct mrp_message {
	uint16_t version, priority, port_role, ring_state, transitions, interval, blocked;
	uint8_t type; /* of the first part */
	bool automanager;
	struct mac mac;
	struct cursor domain; /* empty: no common part */
};

static const char *function_of(uint8_t type)
{
	if (type == PART_OPTION) {
		return "option";
	}
	return type < ARRAY_SIZE(functions) ? functions[type].name : NULL;
}

/* Siemens' options (62439-2, manufacturer data of edition 1, then parts of its own). */
static void take_option(struct cursor value, struct mrp_message *message)
{
	uint32_t organisation = cur_be24(&value);
	struct cursor own;

	cur_skip(&value, 3);
	own = value;
	message->automanager = message->automanager || (organisation == ORGANISATION_SIEMENS &&
							cur_u8(&own) == OPTION_AUTOMANAGER);
}

/* False when the part is shorter than what it has to say. */
static bool take_part(uint8_t type, struct cursor value, struct mrp_message *message)
{
	switch (type) {
	case PART_TEST:
		message->priority = cur_be16(&value);
		message->mac = cur_mac(&value);
		message->port_role = cur_be16(&value);
		message->ring_state = cur_be16(&value);
		message->transitions = cur_be16(&value);
		cur_skip(&value, 4);
		break;
	case PART_TOPOLOGY_CHANGE:
		message->priority = cur_be16(&value);
		message->mac = cur_mac(&value);
		message->interval = cur_be16(&value);
		break;
	case PART_LINK_DOWN:
	case PART_LINK_UP:
		message->mac = cur_mac(&value);
		message->port_role = cur_be16(&value);
		message->interval = cur_be16(&value);
		message->blocked = cur_be16(&value);
		break;
	case PART_COMMON:
		cur_skip(&value, 2);
		message->domain = cur_sub(&value, 16);
		break;
	case PART_OPTION:
		take_option(value, message);
		break;
	default:
		break;
	}
	return cur_ok(&value);
}

/* Whether all of it was there. */
static bool take_parts(struct cursor pdu, struct mrp_message *message)
{
	bool good = true;

	message->version = cur_be16(&pdu);
	for (size_t n = 0; n < PARTS_MAX && good; n++) {
		uint8_t type = cur_u8(&pdu), length = cur_u8(&pdu);
		struct cursor value = cur_sub(&pdu, length);

		message->type = n == 0 ? type : message->type;
		if (cur_ok(&value) && type == PART_END) {
			return n > 0;
		}
		good = cur_ok(&value) && take_part(type, value, message);
	}
	return good;
}

/* Neither sequence, time nor the countdown to a change. */
static uint64_t digest_of(const struct mrp_message *m)
{
	uint64_t a = (uint64_t)m->priority << 48 | (uint64_t)m->port_role << 32 |
		     (uint64_t)m->ring_state << 16 | m->transitions;
	uint64_t b = (uint64_t)m->type << 32 | (uint64_t)m->automanager << 16 | m->blocked;
	struct cursor mac = cur_of(m->mac.bytes, sizeof(m->mac.bytes));

	return announcement_digest(announcement_digest(hash_word(a, b), mac), m->domain);
}

static void put_ring_port(struct dissection *d, const struct mrp_message *message)
{
	static const char *const roles[] = { "primary", "secondary" };

	record_put_static(d->writer, FIELD_LOCAL(MRP_PORT_ROLE),
			  message->port_role < ARRAY_SIZE(roles) ? roles[message->port_role]
								 : NULL);
}

static void put_test(struct dissection *d, const struct mrp_message *message)
{
	static const char *const states[] = { "open", "closed" };

	put_ring_port(d, message);
	record_put_static(d->writer, FIELD_LOCAL(MRP_RING_STATE),
			  message->ring_state < ARRAY_SIZE(states) ? states[message->ring_state]
								   : NULL);
	record_put_uint(d->writer, FIELD_LOCAL(MRP_TRANSITIONS), message->transitions);
}

/* What the first part says. */
static void put_first(struct dissection *d, const struct mrp_message *message)
{
	bool manager = message->type == PART_TEST || message->type == PART_TOPOLOGY_CHANGE;
	bool link = message->type == PART_LINK_DOWN || message->type == PART_LINK_UP;

	if (!manager && !link) {
		return;
	}
	record_put_mac(d->writer, FIELD_LOCAL(MRP_MAC), &message->mac);
	if (manager) {
		record_put_uint(d->writer, FIELD_LOCAL(MRP_PRIORITY), message->priority);
	}
	if (message->type == PART_TEST) {
		put_test(d, message);
	} else {
		record_put_uint(d->writer, FIELD_LOCAL(MRP_INTERVAL), message->interval);
	}
	if (link) {
		put_ring_port(d, message);
		record_put_bool(d->writer, FIELD_LOCAL(MRP_BLOCKED), message->blocked != 0);
	}
	record_put_static(d->writer, FIELD_LOCAL(MRP_DUTY), functions[message->type].duty);
}

static void put_common(struct dissection *d, const struct mrp_message *message)
{
	struct cursor domain = message->domain;
	char text[UUID_TEXT_SIZE];

	if (cur_left(&domain) > 0) {
		record_put_text(d->writer, FIELD_LOCAL(MRP_DOMAIN),
				announcement_uuid(&domain, text));
	}
	if (message->automanager) {
		record_put_bool(d->writer, FIELD_LOCAL(MRP_AUTO), true);
	}
	record_put_static(d->writer, FIELD_LOCAL(MRP_REDUNDANCY), "mrp");
}

static enum parsed mrp_parse(struct dissection *d, struct cursor pdu)
{
	struct announcement *last = d->state;
	struct mrp_message message = { .domain = cur_of(NULL, 0) };
	bool whole = take_parts(pdu, &message);
	const char *function = function_of(message.type);
	enum parsed verdict = function != NULL ? PARSED : PARSED_UNKNOWN;

	dissect_count(d, MESSAGE_USERDATA, message.type);
	if (!announcement_is_due(d, last, digest_of(&message) + !whole)) {
		return last->verdict;
	}
	announcement_begin(d, function);
	record_put_uint(d->writer, FIELD_LOCAL(MRP_VERSION), message.version);
	if (!whole) {
		verdict = announcement_short(d);
	} else {
		put_first(d, &message);
		put_common(d, &message);
	}
	return announcement_end(d, last, verdict);
}

static void mrp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	const char *name = function_of((uint8_t)code);

	(void)class;
	if (name != NULL) {
		snprintf(out, size, "%s", name);
	} else {
		snprintf(out, size, "%u", code);
	}
}

static const struct over mrp_over[] = { { OVER_ETHERTYPE, NULL, 0x88e3 } };

const struct dissector dissector_mrp = {
	.name = "mrp",
	.title = "Media Redundancy Protocol (IEC 62439-2)",
	.general = true,
	.over = mrp_over,
	.n_over = ARRAY_SIZE(mrp_over),
	.state_size = sizeof(struct announcement),
	.parse = mrp_parse,
	.code_text = mrp_code_text,
	.fields = mrp_fields,
	.n_fields = ARRAY_SIZE(mrp_fields),
};
