/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* ARP (RFC 826), gratuitous announcements and probes (RFC 5227).
 *
 *	hardware type 2 | protocol type 2 | hardware length 1 | protocol length 1 | opcode 2 |
 *	sender MAC 6 | sender IPv4 4 | target MAC 6 | target IPv4 4
 *
 * Each frame is one record: it is evidence that a MAC has an address, not a transaction that
 * could fail. */

#include "dissectors/dissector.h"

enum {
	ARP_OPCODE,
	ARP_SENDER_IP,
	ARP_SENDER_MAC,
	ARP_TARGET_IP,
	ARP_TARGET_MAC,
};

static const struct field arp_fields[] = {
	[ARP_OPCODE] = { "weir.arp.opcode", FIELD_STRING, FIELD_ENUM, NULL,
			 "request, reply, announcement, probe or unknown", NULL },
	[ARP_SENDER_IP] = { "weir.arp.sender_ip", FIELD_IP, 0, NULL, "Address that the sender has",
			    NULL },
	[ARP_SENDER_MAC] = { "weir.arp.sender_mac", FIELD_MAC, 0, NULL,
			     "Link address that the sender gives as its own", NULL },
	[ARP_TARGET_IP] = { "weir.arp.target_ip", FIELD_IP, 0, NULL, "Address asked for", NULL },
	[ARP_TARGET_MAC] = { "weir.arp.target_mac", FIELD_MAC, 0, NULL,
			     "Link address of the target, in a reply", NULL },
};

enum { OPCODE_REQUEST = 1, OPCODE_REPLY = 2 };

static enum claim arp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)usual_port;
	(void)sender;
	return CLAIM_YES;
}

/* RFC 5227 2: a probe has no sender address; an announcement names its own address twice. */
static const char *opcode_name(uint16_t opcode, const struct ip *sender, const struct ip *target)
{
	if (opcode != OPCODE_REQUEST && opcode != OPCODE_REPLY) {
		return NULL;
	}
	if (ip_is_none(sender)) {
		return "probe";
	}
	if (ip_equal(sender, target)) {
		return "announcement";
	}
	return opcode == OPCODE_REQUEST ? "request" : "reply";
}

static enum parsed arp_parse(struct dissection *d, struct cursor pdu)
{
	uint16_t hardware = cur_be16(&pdu), protocol = cur_be16(&pdu);
	uint8_t hardware_length = cur_u8(&pdu), protocol_length = cur_u8(&pdu);
	uint16_t opcode = cur_be16(&pdu);
	struct mac sender_mac = cur_mac(&pdu);
	struct ip sender_ip = cur_ip4(&pdu);
	struct mac target_mac = cur_mac(&pdu);
	struct ip target_ip = cur_ip4(&pdu);
	const char *name;

	/* Each message counts in one class, also one that is cut off or of another network. */
	dissect_count(d, opcode == OPCODE_REPLY ? MESSAGE_RESPONSE : MESSAGE_REQUEST, opcode);
	if (!cur_ok(&pdu)) {
		return PARSED_MALFORMED;
	}
	if (hardware != 1 || protocol != 0x0800 || hardware_length != 6 || protocol_length != 4) {
		return PARSED_UNKNOWN;
	}
	name = opcode_name(opcode, &sender_ip, &target_ip);
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);
	record->phase = PHASE_COMPLETE;
	record->source = (struct endpoint) { .ip = sender_ip, .mac = d->flow->side[d->side].mac };
	record->destination = (struct endpoint) { .ip = target_ip };
	record_put_static(d->writer, FIELD_LOCAL(ARP_OPCODE), name);
	record_put_ip(d->writer, FIELD_LOCAL(ARP_SENDER_IP), &sender_ip);
	record_put_mac(d->writer, FIELD_LOCAL(ARP_SENDER_MAC), &sender_mac);
	record_put_ip(d->writer, FIELD_LOCAL(ARP_TARGET_IP), &target_ip);
	if (opcode == OPCODE_REPLY) {
		record_put_mac(d->writer, FIELD_LOCAL(ARP_TARGET_MAC), &target_mac);
	}
	/* A probe has no address of its own yet (RFC 5227 2.1.1). */
	dissect_about(d, &sender_ip, &sender_mac, !ip_is_none(&sender_ip));
	/* Who asks or announces uses the address; who answers may do so for another. */
	if (opcode == OPCODE_REQUEST && mac_equal(&sender_mac, &record->source.mac)) {
		record->about = ABOUT_SOURCE;
	}
	record_commit(d->writer);
	return name != NULL ? PARSED : PARSED_UNKNOWN;
}

static const struct over arp_over[] = { { OVER_ETHERTYPE, NULL, 0x0806 } };

const struct dissector dissector_arp = {
	.name = "arp",
	.title = "Address Resolution Protocol (RFC 826, RFC 5227)",
	.general = true,
	.over = arp_over,
	.n_over = ARRAY_SIZE(arp_over),
	.probe = arp_probe,
	.parse = arp_parse,
	.fields = arp_fields,
	.n_fields = ARRAY_SIZE(arp_fields),
};
