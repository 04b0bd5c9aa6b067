/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* duplicate.h - tells the second copy of a mirrored frame from a second frame.
 *
 * A mirror port that copies a switch's ports in both directions, or two VLANs with a router
 * between them, delivers a frame twice: also with a VLAN tag more or less, other MACs, a TTL
 * one lower.  Two tables of fixed size; one cache line a packet. */

#include "capture/packet.h"

enum duplicate_verdict {
	DUPLICATE_NO,
	DUPLICATE_YES,
	DUPLICATE_KEPT, /* looks like one, but may be a second real packet: not to be dropped */
};

/* What is known of a packet before it is looked up. Hashes are the caller's, of what both copies
 * share: no VLAN. */
struct duplicate_keys {
	uint64_t flow; /* domain, addresses, protocol, ports */
	uint64_t pair; /* domain and the unordered addresses */
	unsigned side; /* sender: 0 or 1 */
};

struct duplicates;

int duplicates_new(struct duplicates **out) MUST_USE;
struct duplicates *duplicates_free(struct duplicates *duplicates);

/* Looks for an earlier copy and remembers this one. */
enum duplicate_verdict duplicates_check(struct duplicates *duplicates, const struct packet *packet,
					const struct duplicate_keys *keys);
