/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* fragment.h - private to decode: puts IP datagrams together (RFC 791 3.2, RFC 8200 4.5).
 *
 * The policy for overlaps: the bytes that came first stay, in units of 8 bytes.  A fragment
 * that contradicts the end of the datagram (two last ones, or bytes behind the last one) is
 * a conflict and not used.  The timeout runs from the first fragment that came.  All memory
 * is taken at the start; a full table drops the oldest datagram. */

#include "capture/decode.h"

struct fragment_key {
	struct ip source, destination;
	uint32_t id, vlan, tunnel;
	uint16_t domain;
	uint8_t protocol; /* IPv4 only (RFC 8200 4.5 names addresses and id alone) */
	uint8_t ip_version;
};

_Static_assert(sizeof(struct fragment_key) == 48, "compared as bytes: no padding");

struct fragment {
	struct fragment_key key;
	int64_t clock;
	uint32_t offset; /* bytes */
	bool more;
	uint8_t protocol;     /* of what the datagram carries */
	struct cursor header; /* of the IP header: 20 or 40 bytes, no options */
	struct cursor bytes;
};

enum fragment_result {
	FRAGMENT_HELD,    /* or dropped, and counted: a conflict, or larger than all memory */
	FRAGMENT_WHOLE,   /* the datagram is complete */
	FRAGMENT_REFUSED, /* contradicts itself, or makes a datagram larger than any can be */
};

/* Valid until the next fragment_add(). */
struct fragment_datagram {
	struct cursor network; /* a header without options, its lengths set, then the bytes */
	struct cursor bytes;
	uint8_t protocol; /* as the first fragment names it */
};

struct fragment_table;

/* 0, -ENOMEM or -EINVAL (a cap of zero). */
int fragment_table_new(struct fragment_table **out, const struct decode_options *options,
		       struct decode_counters *counters) MUST_USE;
struct fragment_table *fragment_table_free(struct fragment_table *table);

/* Takes one fragment. *conflict is set, never cleared, when its content or its end differs from
 * what is held. */
enum fragment_result fragment_add(struct fragment_table *table, const struct fragment *fragment,
				  struct fragment_datagram *out, bool *conflict);

/* Drops what is older than the timeout. */
void fragment_tick(struct fragment_table *table, int64_t clock);
