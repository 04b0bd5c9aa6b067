/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Spanning tree: STP, RSTP (IEEE 802.1D-2004, 9) and MSTP (IEEE 802.1Q-2018, 14), and Cisco's one
 *tree a VLAN (PVST+), which rides in SNAP.
 *
 *	protocol 2 (0) | version 1 | type 1 | flags 1 | root 8 | root path cost 4 | bridge 8 |
 *	port 2 | message age 2 | max age 2 | hello time 2 | forward delay 2
 *	    RSTP, MSTP: | length 1 (0)
 *	    MSTP: | length 2 | format 1 | region 32 | revision 2 | digest 16 | internal path cost 4
 *| bridge 8 | remaining hops 1 | instances, 16 each PVST+: behind octet 36 | 0 2 | 2 2 | VLAN 2
 *
 * A bridge: priority 4 bits | system id extension 12 bits | MAC 6.  In MSTP the first one is the
 * regional root, and the bridge that sent it comes later.  Times are in units of 1/256 s. */

#include "dissectors/announcement.h"

#include <stdio.h>

#define STP_FIELDS(X)                                                                             \
	X(VERSION, "version", UINT, 0, NULL, "Protocol version: 0 STP, 2 RSTP, 3 MSTP, 4 SPT")    \
	X(FLAGS, "flags", STRING, FIELD_LIST | FIELD_ENUM, NULL,                                  \
	  "topology_change, proposal, learning, forwarding, agreement, "                          \
	  "topology_change_acknowledgment")                                                       \
	X(PORT_ROLE, "port.role", STRING, FIELD_ENUM, NULL,                                       \
	  "Of the port that sent it: master, alternate_or_backup, root or designated")            \
	X(ROOT_PRIORITY, "root.priority", UINT, 0, NULL, "Priority of the root bridge")           \
	X(ROOT_EXTENSION, "root.extension", UINT, 0, NULL, "System id extension of the root")     \
	X(ROOT_MAC, "root.mac", MAC, 0, NULL, "Address of the root bridge")                       \
	X(ROOT_PATH_COST, "root.path_cost", UINT, 0, NULL, "Cost of the way to the root")         \
	X(BRIDGE_PRIORITY, "bridge.priority", UINT, 0, NULL, "Priority of the sender")            \
	X(BRIDGE_EXTENSION, "bridge.extension", UINT, 0, NULL,                                    \
	  "System id extension of the sender: a VLAN or an instance")                             \
	X(BRIDGE_MAC, "bridge.mac", MAC, FIELD_IDENTITY(CHASSIS_ID) | FIELD_HINT, NULL,           \
	  "Bridge address of the sender")                                                         \
	X(REGIONAL_ROOT, "regional_root.mac", MAC, 0, NULL, "Address of the region's root")       \
	X(PORT_PRIORITY, "port.priority", UINT, 0, NULL, "Priority of the port that sent it")     \
	X(PORT_NUMBER, "port.number", UINT, 0, NULL, "Number of the port that sent it")           \
	X(MESSAGE_AGE, "message_age", DOUBLE, 0, "s", "Time since the root sent this")            \
	X(MAX_AGE, "max_age", DOUBLE, 0, "s", "Age at which it is forgotten")                     \
	X(HELLO_TIME, "hello_time", DOUBLE, 0, "s", "Time between messages")                      \
	X(FORWARD_DELAY, "forward_delay", DOUBLE, 0, "s", "Time in each state before forwarding") \
	X(VLAN, "vlan", UINT, 0, NULL, "VLAN whose tree it is, of PVST+")                         \
	X(REGION, "mst.region", STRING, 0, NULL, "Name of the region")                            \
	X(REVISION, "mst.revision", UINT, 0, NULL, "Revision of the region's configuration")      \
	X(DIGEST, "mst.digest", BYTES, 0, NULL, "Digest of which VLAN is in which instance")      \
	X(REMAINING_HOPS, "mst.remaining_hops", UINT, 0, NULL, "Bridges that it may still pass")  \
	X(INSTANCES, "mst.instances", UINT, 0, NULL, "Instances beside the common tree")          \
	X(DUTY, "duty", STRING, FIELD_LIST | FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY),    \
	  NULL, "bridge, spanning_tree_root")

enum {
#define X(id, name, type, flags, unit, meaning) STP_##id,
	STP_FIELDS(X)
#undef X
};

static const struct field stp_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[STP_##id] = { "weir.stp." name, FIELD_##type, flags, unit, meaning, NULL },
	STP_FIELDS(X)
#undef X
};

enum { TYPE_CONFIGURATION = 0x00, TYPE_RAPID = 0x02, TYPE_CHANGE = 0x80 };
#define VERSION_MULTIPLE 3

#define OTHER_PROTOCOLS 0x100 /* counted as this and their number */
#define MST_SIZE        64    /* up to the instances */
#define INSTANCE_SIZE   16

/* 802.1D 9.3.3, figure 9-4; the role is two bits between. */
static const struct capability flags[] = {
	{ 0x01, "topology_change", NULL }, { 0x02, "proposal", NULL },
	{ 0x10, "learning", NULL },        { 0x20, "forwarding", NULL },
	{ 0x40, "agreement", NULL },       { 0x80, "topology_change_acknowledgment", NULL },
};
static const char *const port_roles[] = { "master", "alternate_or_backup", "root", "designated" };

struct bridge_id {
	uint16_t priority, extension;
	struct mac mac;
};

struct bpdu {
	uint8_t version, type, flags;
	struct bridge_id root, bridge; /* bridge: of MSTP the regional root */
	uint32_t path_cost;
	uint16_t port, message_age, max_age, hello_time, forward_delay;
};

static struct bridge_id take_bridge(struct cursor *pdu)
{
	uint16_t word = cur_be16(pdu);

	return (struct bridge_id) { .priority = word & 0xf000,
				    .extension = word & 0x0fff,
				    .mac = cur_mac(pdu) };
}

/* What all but topology change notifications have behind the type. */
static void take_tree(struct cursor *pdu, struct bpdu *out)
{
	out->flags = cur_u8(pdu);
	out->root = take_bridge(pdu);
	out->path_cost = cur_be32(pdu);
	out->bridge = take_bridge(pdu);
	out->port = cur_be16(pdu);
	out->message_age = cur_be16(pdu);
	out->max_age = cur_be16(pdu);
	out->hello_time = cur_be16(pdu);
	out->forward_delay = cur_be16(pdu);
}

static bool same_bridge(const struct bridge_id *a, const struct bridge_id *b)
{
	return a->priority == b->priority && a->extension == b->extension &&
	       mac_equal(&a->mac, &b->mac);
}

static void put_seconds(struct dissection *d, uint16_t field, uint16_t time)
{
	record_put_double(d->writer, field, time / 256.0);
}

static void put_tree(struct dissection *d, const struct bpdu *bpdu)
{
	announcement_put_capabilities(d, FIELD_LOCAL(STP_FLAGS), bpdu->flags, flags,
				      ARRAY_SIZE(flags));
	if (bpdu->type == TYPE_RAPID) {
		record_put_static(d->writer, FIELD_LOCAL(STP_PORT_ROLE),
				  port_roles[bpdu->flags >> 2 & 3]);
	}
	record_put_uint(d->writer, FIELD_LOCAL(STP_ROOT_PRIORITY), bpdu->root.priority);
	record_put_uint(d->writer, FIELD_LOCAL(STP_ROOT_EXTENSION), bpdu->root.extension);
	record_put_mac(d->writer, FIELD_LOCAL(STP_ROOT_MAC), &bpdu->root.mac);
	record_put_uint(d->writer, FIELD_LOCAL(STP_ROOT_PATH_COST), bpdu->path_cost);
	record_put_uint(d->writer, FIELD_LOCAL(STP_PORT_PRIORITY), (bpdu->port >> 12) * 16U);
	record_put_uint(d->writer, FIELD_LOCAL(STP_PORT_NUMBER), bpdu->port & 0xfff);
	put_seconds(d, FIELD_LOCAL(STP_MESSAGE_AGE), bpdu->message_age);
	put_seconds(d, FIELD_LOCAL(STP_MAX_AGE), bpdu->max_age);
	put_seconds(d, FIELD_LOCAL(STP_HELLO_TIME), bpdu->hello_time);
	put_seconds(d, FIELD_LOCAL(STP_FORWARD_DELAY), bpdu->forward_delay);
}

/* The sender, and what follows from who it is. */
static void put_sender(struct dissection *d, const struct bpdu *bpdu,
		       const struct bridge_id *sender)
{
	static const char *const duties[] = { "bridge", "spanning_tree_root" };

	record_put_uint(d->writer, FIELD_LOCAL(STP_BRIDGE_PRIORITY), sender->priority);
	record_put_uint(d->writer, FIELD_LOCAL(STP_BRIDGE_EXTENSION), sender->extension);
	record_put_mac(d->writer, FIELD_LOCAL(STP_BRIDGE_MAC), &sender->mac);
	record_put_statics(d->writer, FIELD_LOCAL(STP_DUTY), duties,
			   same_bridge(&bpdu->root, sender) ? 2 : 1);
}

static enum parsed put_multiple(struct dissection *d, const struct bpdu *bpdu, struct cursor mst)
{
	struct cursor region, digest;
	size_t instances = cur_left(&mst) / INSTANCE_SIZE;
	struct bridge_id sender;
	uint16_t revision;
	uint8_t hops;

	cur_skip(&mst, 1);
	region = cur_sub(&mst, 32);
	revision = cur_be16(&mst);
	digest = cur_sub(&mst, 16);
	cur_skip(&mst, 4);
	sender = take_bridge(&mst);
	hops = cur_u8(&mst);
	if (!cur_ok(&mst)) {
		return announcement_short(d);
	}
	put_sender(d, bpdu, &sender);
	record_put_mac(d->writer, FIELD_LOCAL(STP_REGIONAL_ROOT), &bpdu->bridge.mac);
	record_put_bytes(d->writer, FIELD_LOCAL(STP_REGION), announcement_text(region));
	record_put_uint(d->writer, FIELD_LOCAL(STP_REVISION), revision);
	record_put_bytes(d->writer, FIELD_LOCAL(STP_DIGEST), digest);
	record_put_uint(d->writer, FIELD_LOCAL(STP_REMAINING_HOPS), hops);
	record_put_uint(d->writer, FIELD_LOCAL(STP_INSTANCES),
			instances - MST_SIZE / INSTANCE_SIZE);
	return PARSED;
}

/* PVST+: a TLV behind what would be RSTP's length, in messages of any version. */
static void put_vlan(struct dissection *d, struct cursor pdu)
{
	uint16_t type, length, vlan;

	cur_skip(&pdu, 36);
	type = cur_be16(&pdu);
	length = cur_be16(&pdu);
	vlan = cur_be16(&pdu);
	if (cur_ok(&pdu) && type == 0 && length == 2) {
		record_put_uint(d->writer, FIELD_LOCAL(STP_VLAN), vlan);
	}
}

static const char *function_of(uint8_t version, uint8_t type)
{
	if (type == TYPE_CONFIGURATION) {
		return "configuration_bpdu";
	}
	if (type == TYPE_CHANGE) {
		return "topology_change_notification";
	}
	if (type != TYPE_RAPID) {
		return "unknown";
	}
	if (version < VERSION_MULTIPLE) {
		return "rst_bpdu";
	}
	return version == VERSION_MULTIPLE ? "mst_bpdu" : "spt_bpdu";
}

/* Fields of the record that is open; behind the type. */
static enum parsed put_bpdu(struct dissection *d, struct bpdu *bpdu, struct cursor pdu)
{
	static const char *const bridge[] = { "bridge" };
	size_t length;

	record_put_uint(d->writer, FIELD_LOCAL(STP_VERSION), bpdu->version);
	if (bpdu->type == TYPE_CHANGE) {
		record_put_statics(d->writer, FIELD_LOCAL(STP_DUTY), bridge, 1);
		return PARSED;
	}
	if (bpdu->type != TYPE_CONFIGURATION && bpdu->type != TYPE_RAPID) {
		return PARSED_UNKNOWN;
	}
	take_tree(&pdu, bpdu);
	if (!cur_ok(&pdu)) {
		return announcement_short(d);
	}
	put_tree(d, bpdu);
	/* A part that is not there, or of length 0: an older bridge (802.1Q 14.4). */
	cur_skip(&pdu, 1);
	length = cur_be16(&pdu);
	if (bpdu->type == TYPE_RAPID && bpdu->version >= VERSION_MULTIPLE && length > 0) {
		return put_multiple(d, bpdu, cur_sub(&pdu, length));
	}
	put_sender(d, bpdu, &bpdu->bridge);
	return PARSED;
}

static enum parsed stp_parse(struct dissection *d, struct cursor pdu)
{
	struct announcement *last = d->state;
	struct cursor whole = pdu;
	uint16_t protocol = cur_be16(&pdu);
	struct bpdu bpdu = { .version = cur_u8(&pdu) };
	enum parsed verdict;

	bpdu.type = cur_u8(&pdu);
	dissect_count(d, MESSAGE_USERDATA, protocol == 0 ? bpdu.type : OTHER_PROTOCOLS + protocol);
	if (!cur_ok(&pdu)) {
		return d->packet->truncated ? PARSED : PARSED_MALFORMED;
	}
	if (protocol != 0) { /* GARP and others share the address */
		return PARSED_UNKNOWN;
	}
	if (!announcement_is_due(d, last, announcement_digest(ANNOUNCEMENT_START, whole))) {
		return last->verdict;
	}
	announcement_begin(d, function_of(bpdu.version, bpdu.type));
	verdict = put_bpdu(d, &bpdu, pdu);
	if (d->parent != NULL) {
		put_vlan(d, whole);
	}
	return announcement_end(d, last, verdict);
}

static void stp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	if (code >= OTHER_PROTOCOLS) {
		snprintf(out, size, "protocol_%u", code - OTHER_PROTOCOLS);
	} else {
		snprintf(out, size, "%u", code);
	}
}

static const struct over stp_over[] = {
	{ OVER_LLC, NULL, 0x4242 },
	{ OVER_PARENT, "snap", 0x000c010b },
};

const struct dissector dissector_stp = {
	.name = "stp",
	.title = "Spanning Tree Protocol (IEEE 802.1D, 802.1Q)",
	.general = true,
	.over = stp_over,
	.n_over = ARRAY_SIZE(stp_over),
	.state_size = sizeof(struct announcement),
	.parse = stp_parse,
	.code_text = stp_code_text,
	.fields = stp_fields,
	.n_fields = ARRAY_SIZE(stp_fields),
};
