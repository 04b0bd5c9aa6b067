/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Cisco Hot Standby Router Protocol: version 1 (RFC 2281) on UDP 1985, version 2 there and, over
 *IPv6, on 2029. Version 2 has no public standard: its parts are those that captures show.
 *
 *	1: version 1 (0) | opcode 1 | state 1 | hello time 1 | hold time 1 | priority 1 | group 1 |
 *	   reserved 1 | authentication 8 | virtual address 4
 *	   advertise: version 1 (0) | opcode 1 (3) | what it knows of its interface
 *	2: { type 1 | length 1 | value }...
 *	   group state: version 1 (2) | opcode 1 | state 1 | IP version 1 | group 2 | identifier 6 |
 *	                priority 4 | hello time 4 | hold time 4, ms | virtual address 16 */

#include "dissectors/announcement.h"

#include <stdio.h>

#define PARTS_MAX 8

#define HSRP_FIELDS(X)                                                                             \
	X(VERSION, "version", UINT, 0, NULL, "Version of the protocol: 1 or 2")                    \
	X(STATE, "state", STRING, FIELD_ENUM, NULL,                                                \
	  "Of the sender: disabled, initial, learn, listen, speak, standby or active")             \
	X(GROUP, "group", UINT, 0, NULL, "Number of the virtual router")                           \
	X(PRIORITY, "priority", UINT, 0, NULL, "Priority of the sender: higher ones win")          \
	X(HELLO_TIME, "hello_time", UINT, 0, "ms", "Time between messages")                        \
	X(HOLD_TIME, "hold_time", UINT, 0, "ms", "How long it holds")                              \
	X(ADDRESS, "address", IP, 0, NULL, "Address of the virtual router")                        \
	X(IDENTIFIER, "identifier", MAC, 0, NULL, "Address of the sender's interface (version 2)") \
	X(AUTHENTICATION, "authentication", STRING, FIELD_ENUM, NULL,                              \
	  "none, default (the word that everybody knows), simple_text or md5")                     \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY), NULL, "router")  \
	X(REDUNDANCY, "redundancy", STRING,                                                        \
	  FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(REDUNDANCY), NULL, "hsrp")                    \
	X(RISK, "risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK), NULL, "clear_text_password")

enum {
#define X(id, name, type, flags, unit, meaning) HSRP_##id,
	HSRP_FIELDS(X)
#undef X
};

static const struct field hsrp_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[HSRP_##id] = { "weir.hsrp." name, FIELD_##type, flags, unit, meaning, NULL },
	HSRP_FIELDS(X)
#undef X
};

enum { OPCODE_ADVERTISE = 3 };
enum { PART_GROUP_STATE = 1, PART_INTERFACE_STATE = 2, PART_TEXT = 3, PART_MD5 = 4 };
#define GROUP_STATE_SIZE 40

static const char *const opcodes[] = { "hello", "coup", "resign", "advertise" };

/* RFC 2281 5.3: the numbers of version 1 are bits in part; those of version 2 count. */
static const char *const states_1[17] = {
	[0] = "initial", [1] = "learn",   [2] = "listen",
	[4] = "speak",   [8] = "standby", [16] = "active",
};
static const char *const states_2[] = {
	"disabled", "initial", "learn", "listen", "speak", "standby", "active",
};

enum authentication {
	AUTHENTICATION_NONE,
	AUTHENTICATION_DEFAULT,
	AUTHENTICATION_TEXT,
	AUTHENTICATION_MD5
};
static const char *const authentications[] = { "none", "default", "simple_text", "md5" };

struct hsrp_message {
	uint8_t version, opcode;
	const char *state;
	uint16_t group;
	uint32_t priority, hello_time, hold_time;
	struct ip address;
	struct mac identifier;
	enum authentication authentication;
	bool is_group; /* it tells a group's state */
};

/* The password is looked at, and never kept. */
static enum authentication authentication_of(struct cursor password)
{
	static const char usual[] = "cisco";
	struct cursor text = announcement_text(password);

	if (cur_left(&text) == 0) {
		return AUTHENTICATION_NONE;
	}
	return cur_equal(text, cur_of(usual, sizeof(usual) - 1)) ? AUTHENTICATION_DEFAULT
								 : AUTHENTICATION_TEXT;
}

static bool take_version_1(struct cursor pdu, struct hsrp_message *m)
{
	uint8_t state;
	struct cursor password;

	cur_skip(&pdu, 1);
	m->version = 1;
	m->opcode = cur_u8(&pdu);
	if (m->opcode == OPCODE_ADVERTISE) {
		return cur_ok(&pdu);
	}
	state = cur_u8(&pdu);
	m->state = state < ARRAY_SIZE(states_1) ? states_1[state] : NULL;
	m->hello_time = cur_u8(&pdu) * 1000U;
	m->hold_time = cur_u8(&pdu) * 1000U;
	m->priority = cur_u8(&pdu);
	m->group = cur_u8(&pdu);
	cur_skip(&pdu, 1);
	password = cur_sub(&pdu, 8);
	m->address = cur_ip4(&pdu);
	m->authentication = authentication_of(password);
	m->is_group = true;
	/* Behind it there may be a digest, in the form of version 2. */
	if (cur_left(&pdu) > 0 && cur_u8(&pdu) == PART_MD5) {
		m->authentication = AUTHENTICATION_MD5;
	}
	return cur_ok(&pdu);
}

static bool take_group_state(struct cursor value, struct hsrp_message *m)
{
	uint8_t state, ip_version;

	cur_skip(&value, 1);
	m->opcode = cur_u8(&value);
	state = cur_u8(&value);
	m->state = state < ARRAY_SIZE(states_2) ? states_2[state] : NULL;
	ip_version = cur_u8(&value);
	m->group = cur_be16(&value);
	m->identifier = cur_mac(&value);
	m->priority = cur_be32(&value);
	m->hello_time = cur_be32(&value);
	m->hold_time = cur_be32(&value);
	m->address = ip_version == 6 ? cur_ip6(&value) : cur_ip4(&value);
	m->is_group = true;
	return cur_ok(&value);
}

static bool take_version_2(struct cursor pdu, struct hsrp_message *m)
{
	bool good = true;

	m->version = 2;
	m->opcode = OPCODE_ADVERTISE;
	for (size_t n = 0; n < PARTS_MAX && cur_left(&pdu) > 0 && good; n++) {
		uint8_t type = cur_u8(&pdu), length = cur_u8(&pdu);
		struct cursor value = cur_sub(&pdu, length);

		if (type == PART_GROUP_STATE) {
			good = take_group_state(value, m);
		} else if (type == PART_TEXT) {
			m->authentication = authentication_of(value);
		} else if (type == PART_MD5) {
			m->authentication = AUTHENTICATION_MD5;
		}
		good = good && cur_ok(&value);
	}
	return good;
}

/* Version 1 begins with its number, 0; version 2 with a part. */
static bool take_message(struct cursor pdu, struct hsrp_message *m)
{
	struct cursor look = pdu;

	return cur_u8(&look) == 0 ? take_version_1(pdu, m) : take_version_2(pdu, m);
}

static enum claim hsrp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor look = bytes;
	uint8_t first = cur_u8(&look), second = cur_u8(&look);
	struct hsrp_message m = { .version = 0 };
	bool known = first == 0 || (first == PART_GROUP_STATE && second == GROUP_STATE_SIZE) ||
		     (first == PART_INTERFACE_STATE && second == 4);

	if (!usual_port || !known || !take_message(bytes, &m) || m.opcode >= ARRAY_SIZE(opcodes)) {
		return CLAIM_NO;
	}
	*sender = SENDER_CLIENT;
	return CLAIM_YES;
}

static void put_group(struct dissection *d, const struct hsrp_message *m)
{
	record_put_static(d->writer, FIELD_LOCAL(HSRP_STATE), m->state);
	record_put_uint(d->writer, FIELD_LOCAL(HSRP_GROUP), m->group);
	record_put_uint(d->writer, FIELD_LOCAL(HSRP_PRIORITY), m->priority);
	record_put_uint(d->writer, FIELD_LOCAL(HSRP_HELLO_TIME), m->hello_time);
	record_put_uint(d->writer, FIELD_LOCAL(HSRP_HOLD_TIME), m->hold_time);
	if (!ip_is_none(&m->address)) {
		record_put_ip(d->writer, FIELD_LOCAL(HSRP_ADDRESS), &m->address);
	}
	if (!mac_is_none(&m->identifier)) {
		record_put_mac(d->writer, FIELD_LOCAL(HSRP_IDENTIFIER), &m->identifier);
	}
	record_put_static(d->writer, FIELD_LOCAL(HSRP_AUTHENTICATION),
			  authentications[m->authentication]);
	if (m->authentication == AUTHENTICATION_TEXT) {
		record_put_static(d->writer, FIELD_LOCAL(HSRP_RISK), "clear_text_password");
	}
}

static enum parsed hsrp_parse(struct dissection *d, struct cursor pdu)
{
	struct announcement *last = d->state;
	struct hsrp_message message = { .version = 0 };
	bool whole = take_message(pdu, &message);
	bool known = message.opcode < ARRAY_SIZE(opcodes);

	dissect_count(d, MESSAGE_USERDATA, message.opcode);
	if (!announcement_is_due(d, last, announcement_digest(ANNOUNCEMENT_START, pdu))) {
		return last->verdict;
	}
	announcement_begin(d, known ? opcodes[message.opcode] : NULL);
	record_put_uint(d->writer, FIELD_LOCAL(HSRP_VERSION), message.version);
	record_put_static(d->writer, FIELD_LOCAL(HSRP_DUTY), "router");
	record_put_static(d->writer, FIELD_LOCAL(HSRP_REDUNDANCY), "hsrp");
	if (!whole) {
		return announcement_end(d, last, announcement_short(d));
	}
	if (message.is_group) {
		put_group(d, &message);
	}
	return announcement_end(d, last, known ? PARSED : PARSED_UNKNOWN);
}

static void hsrp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	if (code < ARRAY_SIZE(opcodes)) {
		snprintf(out, size, "%s", opcodes[code]);
	} else {
		snprintf(out, size, "%u", code);
	}
}

static const struct over hsrp_over[] = {
	{ OVER_UDP, NULL, 1985 },
	{ OVER_UDP, NULL, 2029 },
};

const struct dissector dissector_hsrp = {
	.name = "hsrp",
	.title = "Hot Standby Router Protocol (RFC 2281)",
	.general = true,
	.over = hsrp_over,
	.n_over = ARRAY_SIZE(hsrp_over),
	.state_size = sizeof(struct announcement),
	.probe = hsrp_probe,
	.parse = hsrp_parse,
	.code_text = hsrp_code_text,
	.fields = hsrp_fields,
	.n_fields = ARRAY_SIZE(hsrp_fields),
};
