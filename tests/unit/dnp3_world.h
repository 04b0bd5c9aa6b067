/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* dnp3_world.h - frames of DNP3 for its tests: the master is HMI and has link address 1, the
 * outstation is PLC and has 10. */

#include "engine_world.h"

enum { FROM_MASTER = 0xc0, FROM_OUTSTATION = 0x40, USER_DATA = 4 };

static inline struct engine_world *dnp3_new(void)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = 20000;
	return w;
}

static inline void dnp3_crc(const uint8_t *bytes, size_t n, uint8_t *out)
{
	uint16_t crc = 0;

	for (size_t i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++) {
			crc = (uint16_t)((crc & 1) != 0 ? crc >> 1 ^ 0xa6bc : crc >> 1);
		}
	}
	crc = (uint16_t)~crc;
	out[0] = (uint8_t)crc;
	out[1] = (uint8_t)(crc >> 8);
}

/* A link frame; returns its length. */
static inline size_t dnp3_frame_to(uint8_t *out, uint8_t control, unsigned destination,
				   unsigned source, const uint8_t *data, size_t n)
{
	size_t length = 10;
	const uint8_t head[8] = { 0x05,
				  0x64,
				  (uint8_t)(5 + n),
				  control,
				  (uint8_t)destination,
				  (uint8_t)(destination >> 8),
				  (uint8_t)source,
				  (uint8_t)(source >> 8) };

	assert_true(n <= 250);
	memcpy(out, head, sizeof(head));
	dnp3_crc(out, 8, out + 8);
	for (size_t at = 0; at < n; at += 16) {
		size_t block = n - at < 16 ? n - at : 16;

		memcpy(out + length, data + at, block);
		dnp3_crc(data + at, block, out + length + block);
		length += block + 2;
	}
	return length;
}

static inline size_t dnp3_frame(uint8_t *out, unsigned from, uint8_t function, const uint8_t *data,
				size_t n)
{
	uint8_t control = (uint8_t)((from == HMI ? FROM_MASTER : FROM_OUTSTATION) | function);

	return dnp3_frame_to(out, control, from == HMI ? 10 : 1, from == HMI ? 1 : 10, data, n);
}

/* A segment with this transport octet, in a frame of its own. */
static inline size_t dnp3_segment(uint8_t *out, unsigned from, uint8_t transport,
				  const uint8_t *data, size_t n)
{
	uint8_t user[250] = { transport };

	assert_true(n < sizeof(user));
	memcpy(user + 1, data, n);
	return dnp3_frame(out, from, USER_DATA, user, n + 1);
}

/* A fragment written as hexadecimal digits, in one frame. */
static inline size_t dnp3_fragment(uint8_t *out, unsigned from, const char *hex)
{
	uint8_t bytes[249];

	return dnp3_segment(out, from, 0xc0, bytes, world_hex(hex, bytes, sizeof(bytes)));
}

static inline void dnp3_send(struct engine_world *w, unsigned from, const char *hex)
{
	uint8_t frame[300];

	world_tcp(w, from, frame, dnp3_fragment(frame, from, hex));
}

static inline void dnp3_link(struct engine_world *w, unsigned from, uint8_t control)
{
	uint8_t frame[300];

	world_tcp(
	    w, from, frame,
	    dnp3_frame_to(frame, control, from == HMI ? 10 : 1, from == HMI ? 1 : 10, NULL, 0));
}

/* Connects, with one empty report behind which the outstation is known. */
static inline void dnp3_open(struct engine_world *w)
{
	world_open(w);
	dnp3_send(w, PLC, "df 82 0000");
	world_clear(w);
}

/* Takes what all records have in common out of the log. */
static inline const char *dnp3_short(struct engine_world *w)
{
	static const char *const common[] = {
		"weir.unit_id=10 ", "weir.dnp3.master=1 ", "weir.dnp3.", "weir.item.", "weir.",
		"transaction ",     "complete ",           " answered"
	};

	for (size_t i = 0; i < ARRAY_SIZE(common); i++) {
		size_t n = strlen(common[i]);

		for (char *at = strstr(w->log, common[i]); at != NULL; at = strstr(at, common[i])) {
			memmove(at, at + n, strlen(at + n) + 1);
		}
	}
	return w->log;
}

#define assert_short(w, text)                             \
	do {                                              \
		assert_string_equal(dnp3_short(w), text); \
		world_clear(w);                           \
	} while (0)
