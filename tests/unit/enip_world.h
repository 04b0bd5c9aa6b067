/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* enip_world.h - EtherNet/IP packets between the two hosts of engine_world.h. */

#include "engine_world.h"

#define ENIP_PORT   44818
#define ENIP_BYTES  2048
#define ENIP_HEADER 24

static inline void world_put_le(uint8_t *at, uint64_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++) {
		at[i] = (uint8_t)(value >> 8 * i);
	}
}

/* A packet with session 0x11223344; returns its length. */
static inline size_t enip_packet(uint16_t command, uint32_t status, uint64_t context,
				 const uint8_t *data, size_t n, uint8_t *out)
{
	memset(out, 0, ENIP_HEADER);
	world_put_le(out, command, 2);
	world_put_le(out + 2, n, 2);
	world_put_le(out + 4, 0x11223344, 4);
	world_put_le(out + 8, status, 4);
	world_put_le(out + 12, context, 8);
	memcpy(out + ENIP_HEADER, data, n);
	return ENIP_HEADER + n;
}

/* Send RR Data with this CIP message. */
static inline size_t enip_rr(uint64_t context, const uint8_t *message, size_t n, uint8_t *out)
{
	uint8_t data[ENIP_BYTES] = { 0 };

	world_put_le(data + 6, 2, 2);
	world_put_le(data + 12, 0xb2, 2);
	world_put_le(data + 14, n, 2);
	memcpy(data + 16, message, n);
	return enip_packet(0x6f, 0, context, data, 16 + n, out);
}

/* Send Unit Data with this CIP message. */
static inline size_t enip_unit(uint32_t connection, uint16_t sequence, const uint8_t *message,
			       size_t n, uint8_t *out)
{
	uint8_t data[ENIP_BYTES] = { 0 };

	world_put_le(data + 6, 2, 2);
	world_put_le(data + 8, 0xa1, 2);
	world_put_le(data + 10, 4, 2);
	world_put_le(data + 12, connection, 4);
	world_put_le(data + 16, 0xb1, 2);
	world_put_le(data + 18, n + 2, 2);
	world_put_le(data + 20, sequence, 2);
	memcpy(data + 22, message, n);
	return enip_packet(0x70, 0, 0, data, 22 + n, out);
}

static inline void world_enip(struct engine_world *w, unsigned from, uint16_t command,
			      uint32_t status, uint64_t context, const char *hex)
{
	uint8_t data[ENIP_BYTES], out[ENIP_BYTES];
	size_t n = world_hex(hex, data, sizeof(data) - ENIP_HEADER);

	world_tcp(w, from, out, enip_packet(command, status, context, data, n, out));
}

static inline void world_rr(struct engine_world *w, unsigned from, uint64_t context,
			    const char *hex)
{
	uint8_t message[ENIP_BYTES], out[ENIP_BYTES];
	size_t n = world_hex(hex, message, sizeof(message) - 64);

	world_tcp(w, from, out, enip_rr(context, message, n, out));
}

static inline void world_unit(struct engine_world *w, unsigned from, uint32_t connection,
			      uint16_t sequence, const char *hex)
{
	uint8_t message[ENIP_BYTES], out[ENIP_BYTES];
	size_t n = world_hex(hex, message, sizeof(message) - 64);

	world_tcp(w, from, out, enip_unit(connection, sequence, message, n, out));
}

static inline struct engine_world *world_new_enip(void)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = ENIP_PORT;
	return w;
}

/* Removes every occurrence of a word. */
static inline void world_remove(char *text, const char *word)
{
	size_t n = strlen(word);

	for (char *at = strstr(text, word); at != NULL; at = strstr(at, word)) {
		memmove(at, at + n, strlen(at + n) + 1);
	}
}

/* The whole log, without what most records have; empties it. */
static inline const char *world_short_log(struct engine_world *w)
{
	world_remove(w->log, "transaction ");
	world_remove(w->log, "complete answered ");
	world_remove(w->log, "weir.enip.");
	world_remove(w->log, "weir.cip.");
	world_remove(w->log, "weir.cip_io.");
	world_remove(w->log, "weir.");
	w->length = 0;
	return w->log;
}
