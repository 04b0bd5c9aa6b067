/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* ber.h - elements of the Basic Encoding Rules (ITU-T X.690, clause 8): tag, length, content.
 *
 * Only what SNMP allows (RFC 3417, 8): tags of one byte and definite lengths.  Nothing recurses:
 * whoever reads walks down as deep as its own syntax goes. */

#include "capture/base/cursor.h"

enum {
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_NULL = 0x05,
	BER_OID = 0x06,
	BER_SEQUENCE = 0x30
};

#define BER_OID_TEXT 256

struct ber {
	uint8_t tag;
	struct cursor content; /* bad when the element was */
};

/* The next element; bad, and the cursor with it, when there is none that is whole. */
struct ber ber_next(struct cursor *c);
/* The content of the next element if it has this tag; else bad, and the cursor with it. */
struct cursor ber_expect(struct cursor *c, uint8_t tag);
/* The same for a number of at most 8 bytes, signed. */
int64_t ber_integer(struct cursor *c);
/* A number that is the content of an element; false when it is longer than 8 bytes or empty. */
bool ber_signed(struct cursor content, int64_t *out);
/* The same, never negative (Counter32, Gauge32, TimeTicks, Counter64). */
bool ber_unsigned(struct cursor content, uint64_t *out);
/* The next arc of an object identifier's content; bad when it is longer than 32 bits. */
uint32_t ber_arc(struct cursor *content);
/* Dotted, cut at the end of out; at least BER_OID_TEXT bytes hold what SNMP allows of sane ones. */
void ber_oid_text(struct cursor content, char *out, size_t size);
