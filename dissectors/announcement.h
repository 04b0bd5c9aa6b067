/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* announcement.h - messages that a device sends of its own accord, again and again: neighbour
 * discovery, spanning tree, ring and router redundancy.
 *
 * Each is counted, but one is a record only when it says something else than the last one of its
 * flow, and once a minute besides, so that it stays known when the device was last seen. */

#include "dissectors/dissector.h"

/* What a flow last reported; part of a dissector's state. All zero: nothing. */
struct announcement {
	uint64_t digest;
	int64_t reported;
	enum parsed verdict; /* on the message that was reported: the same one gets the same */
};

/* A digest of what a message says: begins with ANNOUNCEMENT_START, goes on with each piece. */
#define ANNOUNCEMENT_START 1
uint64_t announcement_digest(uint64_t digest, struct cursor bytes);

/* Whether the message with this digest is to be reported; notes that it is. Else last->verdict is
 * what is to be said of it. */
bool announcement_is_due(const struct dissection *d, struct announcement *last, uint64_t digest);

/* Begins the record of an announcement, about its sender; its fields follow. */
struct record *announcement_begin(struct dissection *d, const char *function);
/* Marks the open record: the message ended before its fields did, unless the capture cut it. */
enum parsed announcement_short(struct dissection *d);
/* Ends the record; returns the verdict. */
enum parsed announcement_end(struct dissection *d, struct announcement *last, enum parsed verdict);

/* One record more: that the device with this MAC has this address. binds: the message is proof of
 * it, as of an answer to ARP. Behind announcement_end(). */
void announcement_put_address(struct dissection *d, const char *function, const struct ip *ip,
			      const struct mac *mac, bool binds);

/* A text without the zeros and blanks that pad it. */
struct cursor announcement_text(struct cursor bytes);

/* Puts the number at the front of the bytes, if they are there; whether they are. */
bool announcement_put_be16(struct dissection *d, uint16_t field, struct cursor bytes);
bool announcement_put_be32(struct dissection *d, uint16_t field, struct cursor bytes);

#define UUID_TEXT_SIZE 37
/* Reads a UUID, in network order (RFC 9562 4); returns out. */
const char *announcement_uuid(struct cursor *bytes, char out[UUID_TEXT_SIZE]);

/* A name that people gave a device: fully qualified when it has a dot (RFC 1123 2.1). Texts with
 * blanks are none ("not set"). */
void announcement_put_name(struct dissection *d, uint16_t host_name, uint16_t domain_name,
			   struct cursor name);

/* A bit of what a device can do, and the duty in the inventory's words; NULL: none. */
struct capability {
	uint32_t bit;
	const char *name, *duty;
};

/* Puts the names of the bits that are set. */
void announcement_put_capabilities(struct dissection *d, uint16_t field, uint32_t bits,
				   const struct capability *capabilities, size_t n);
/* Puts the duties that follow from them, each once; nothing when there are none. */
void announcement_put_duties(struct dissection *d, uint16_t field, uint32_t bits,
			     const struct capability *capabilities, size_t n);
