/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* enip_private.h - what enip.c (framing, commands), enip_items.c (the common packet format) and the
 * protocols inside the encapsulation share. */

#include "dissectors/dissector.h"

/* Item types of the common packet format (CIP Volume 2, 2-6). */
enum enip_item {
	ITEM_NULL = 0x0000,
	ITEM_TARGET = 0x0001,
	ITEM_IDENTITY = 0x000c,
	ITEM_SECURITY = 0x0086,
	ITEM_CAPABILITY = 0x0087,
	ITEM_USAGE = 0x0088,
	ITEM_PCCC = 0x0091,
	ITEM_CONNECTED_ADDRESS = 0x00a1,
	ITEM_CONNECTED_DATA = 0x00b1,
	ITEM_UNCONNECTED_DATA = 0x00b2,
	ITEM_SERVICES = 0x0100,
	ITEM_SOCKET_O_T = 0x8000,
	ITEM_SOCKET_T_O = 0x8001,
	ITEM_SEQUENCED_ADDRESS = 0x8002,
	ITEM_UNCONNECTED_UDP = 0x8003,
};

#define ENIP_ITEMS_MAX 8 /* read of one packet; the standard has at most 4 of a kind */

struct enip_socket {
	bool present;
	struct ip ip;
	uint16_t port;
};

/* The items of one packet, as a protocol inside it needs them; d->parent of cip. */
struct enip_packet {
	uint64_t context; /* session and sender context: pairs unconnected requests */
	uint32_t session;
	uint32_t status;     /* of the encapsulation; with one that is not 0 there are no items */
	bool connected;      /* data of a connection, with its id */
	bool has_data;       /* there is a data item */
	bool has_connection; /* there is an address item with a connection id */
	uint32_t connection;
	uint32_t sequence;  /* of a sequenced address */
	uint16_t data_type; /* enum enip_item */
	uint16_t types[ENIP_ITEMS_MAX];
	size_t n_types;
	struct cursor data;
	struct enip_socket sockets[2]; /* O->T, T->O */
};

/* Reads a count and items. Returns what is wrong, or NULL. Identity, service and other items that
 * are answers of their own are skipped. */
const char *enip_read_items(struct cursor *bytes, struct enip_packet *out);
/* A sockaddr_in as the encapsulation carries it, in network order. */
struct enip_socket enip_read_socket(struct cursor *at);

/* Status of the encapsulation; NULL: not assigned. */
const char *enip_status_name(uint32_t status);
