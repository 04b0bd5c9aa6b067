/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* SNAP (IEEE 802, 9.5), behind LLC, of organisations that give out protocol numbers of their own.
 * (EtherTypes in SNAP, of RFC 1042, are no business of this file: decode steps over them.)
 *
 *	organisation 3 | protocol 2 | protocol's data
 *
 * A child's selector is the lower 16 bits of the organisation, then the protocol. */

#include "dissectors/dissector.h"

#include <stdio.h>

static enum parsed snap_parse(struct dissection *d, struct cursor pdu)
{
	uint32_t organisation = cur_be24(&pdu), protocol = cur_be16(&pdu);
	uint32_t selector = (organisation & 0xffff) << 16 | protocol;

	if (cur_ok(&pdu) && organisation <= 0xffff && dissect_child(d, selector, pdu, &selector)) {
		return PARSED;
	}
	/* What nobody reads is counted here. */
	dissect_count(d, MESSAGE_USERDATA, selector);
	if (!cur_ok(&pdu)) {
		return d->packet->truncated ? PARSED : PARSED_MALFORMED;
	}
	return PARSED_UNKNOWN;
}

/* Frequent ones that have no dissector. */
static const struct {
	uint32_t selector;
	const char *name;
} names[] = {
	{ 0x000c0102, "cisco_drip" },  { 0x000c0104, "cisco_pagp" },  { 0x000c0105, "cisco_mls" },
	{ 0x000c0111, "cisco_udld" },  { 0x000c2003, "cisco_vtp" },   { 0x000c2004, "cisco_dtp" },
	{ 0x008101a1, "nortel_ndp" },  { 0x008101a2, "nortel_ndp" },  { 0x0007809b, "appletalk" },
	{ 0xe02b00bb, "extreme_edp" }, { 0xe0522000, "foundry_fdp" },
};

static void snap_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].selector == code) {
			snprintf(out, size, "%s", names[i].name);
			return;
		}
	}
	snprintf(out, size, "%04x.%04x", code >> 16, code & 0xffff);
}

static const struct over snap_over[] = { { OVER_LLC, NULL, 0xaaaa } };

const struct dissector dissector_snap = {
	.name = "snap",
	.title = "Subnetwork Access Protocol (IEEE 802)",
	.carrier = true,
	.general = true,
	.over = snap_over,
	.n_over = ARRAY_SIZE(snap_over),
	.parse = snap_parse,
	.code_text = snap_code_text,
};
