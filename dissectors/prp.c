/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Supervision frames of parallel redundancy (PRP) and of seamless rings (HSR), IEC
 *62439-3:2021, 4.3 and 5.7: every node says every two seconds that it is there.
 *
 *	path 4 bits, version 12 bits | sequence 2, from version 1 on |
 *	{ type 1 | length 1 | value }..., the last one of type 0
 *
 * A node's address is in the first part (two of them in version 0, one a LAN); a RedBox that speaks
 *for a device with one port (VDAN) adds its own.  Decode steps over the HSR tag before it. */

#include "dissectors/announcement.h"

#include "capture/base/hash.h"

#define PARTS_MAX 8

#define PRP_FIELDS(X)                                                                       \
	X(VERSION, "version", UINT, 0, NULL, "Version of the supervision frame")            \
	X(PATH, "path", UINT, 0, NULL, "Ring that it belongs to")                           \
	X(KIND, "node", STRING, FIELD_ENUM, NULL,                                           \
	  "What the node is: prp_discard, prp_accept, hsr or unknown")                      \
	X(MAC, "mac", MAC, 0, NULL, "Address of the node, or of the device it speaks for")  \
	X(MAC_B, "mac_b", MAC, 0, NULL, "Its address in LAN B, when it is another one")     \
	X(RED_BOX, "red_box.mac", MAC, 0, NULL, "Address of the RedBox that speaks for it") \
	X(VDAN, "vdan.mac", MAC, 0, NULL, "Address of the device that a RedBox speaks for") \
	X(REDUNDANCY, "redundancy", STRING,                                                 \
	  FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(REDUNDANCY), NULL, "prp or hsr")

enum {
#define X(id, name, type, flags, unit, meaning) PRP_##id,
	PRP_FIELDS(X)
#undef X
};

static const struct field prp_fields[] = {
#define X(id, name, type, flags, unit, meaning) \
	[PRP_##id] = { "weir.prp." name, FIELD_##type, flags, unit, meaning, NULL },
	PRP_FIELDS(X)
#undef X
};

enum {
	PART_END = 0,
	PART_DISCARD = 20,
	PART_ACCEPT = 21,
	PART_VDAN_OLD = 22,
	PART_HSR = 23,
	PART_RED_BOX = 30,
	PART_VDAN = 31,
};

struct prp_message {
	uint16_t path_version;
	uint8_t kind; /* type of the first part */
	struct mac mac, mac_b, red_box, vdan;
};

static bool take_part(uint8_t type, struct cursor value, struct prp_message *message)
{
	switch (type) {
	case PART_DISCARD:
	case PART_ACCEPT:
	case PART_HSR:
		message->mac = cur_mac(&value);
		if (cur_ok(&value) && cur_left(&value) > 0) {
			message->mac_b = cur_mac(&value);
		}
		break;
	case PART_RED_BOX:
		message->red_box = cur_mac(&value);
		break;
	case PART_VDAN_OLD:
	case PART_VDAN:
		message->vdan = cur_mac(&value);
		break;
	default:
		break;
	}
	return cur_ok(&value);
}

/* The end is optional: padding is zero as well. */
static bool take_parts(struct cursor pdu, struct prp_message *message)
{
	bool good;

	message->path_version = cur_be16(&pdu);
	cur_skip(&pdu, (message->path_version & 0xfff) > 0 ? 2 : 0);
	good = cur_left(&pdu) > 0;
	for (size_t n = 0; n < PARTS_MAX && good && cur_left(&pdu) > 0; n++) {
		uint8_t type = cur_u8(&pdu), length = cur_u8(&pdu);
		struct cursor value = cur_sub(&pdu, length);

		message->kind = n == 0 ? type : message->kind;
		if (type == PART_END) {
			return n > 0;
		}
		good = cur_ok(&value) && take_part(type, value, message);
	}
	return good;
}

static uint64_t digest_of(const struct prp_message *message)
{
	uint64_t digest = hash_word(message->path_version, message->kind);
	const struct mac *macs[] = { &message->mac, &message->mac_b, &message->red_box,
				     &message->vdan };

	for (size_t i = 0; i < ARRAY_SIZE(macs); i++) {
		digest = announcement_digest(digest, cur_of(macs[i]->bytes, sizeof(*macs[i])));
	}
	return digest;
}

static const char *kind_name(uint8_t kind)
{
	switch (kind) {
	case PART_DISCARD:
		return "prp_discard";
	case PART_ACCEPT:
		return "prp_accept";
	case PART_HSR:
		return "hsr";
	default:
		return NULL;
	}
}

static void put_mac(struct dissection *d, uint16_t field, const struct mac *mac)
{
	if (!mac_is_none(mac)) {
		record_put_mac(d->writer, field, mac);
	}
}

static enum parsed put_message(struct dissection *d, const struct prp_message *message)
{
	const char *kind = kind_name(message->kind);

	record_put_static(d->writer, FIELD_LOCAL(PRP_KIND), kind);
	put_mac(d, FIELD_LOCAL(PRP_MAC), &message->mac);
	if (!mac_equal(&message->mac_b, &message->mac)) {
		put_mac(d, FIELD_LOCAL(PRP_MAC_B), &message->mac_b);
	}
	put_mac(d, FIELD_LOCAL(PRP_RED_BOX), &message->red_box);
	put_mac(d, FIELD_LOCAL(PRP_VDAN), &message->vdan);
	if (kind == NULL) {
		return PARSED_UNKNOWN;
	}
	record_put_static(d->writer, FIELD_LOCAL(PRP_REDUNDANCY),
			  message->kind == PART_HSR ? "hsr" : "prp");
	return PARSED;
}

static enum parsed prp_parse(struct dissection *d, struct cursor pdu)
{
	struct announcement *last = d->state;
	struct prp_message message = { .kind = PART_END };
	bool whole = take_parts(pdu, &message);

	dissect_count(d, MESSAGE_USERDATA, message.kind);
	if (!announcement_is_due(d, last, digest_of(&message) + !whole)) {
		return last->verdict;
	}
	announcement_begin(d, "supervision");
	record_put_uint(d->writer, FIELD_LOCAL(PRP_VERSION), message.path_version & 0xfff);
	record_put_uint(d->writer, FIELD_LOCAL(PRP_PATH), message.path_version >> 12);
	return announcement_end(d, last, whole ? put_message(d, &message) : announcement_short(d));
}

static const struct over prp_over[] = { { OVER_ETHERTYPE, NULL, 0x88fb } };

const struct dissector dissector_prp = {
	.name = "prp",
	.title = "PRP and HSR supervision (IEC 62439-3)",
	.general = true,
	.over = prp_over,
	.n_over = ARRAY_SIZE(prp_over),
	.state_size = sizeof(struct announcement),
	.parse = prp_parse,
	.fields = prp_fields,
	.n_fields = ARRAY_SIZE(prp_fields),
};
