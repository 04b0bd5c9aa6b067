/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* link_world.h - frames without IP from 02:00:00:00:00:01 to a group, for the tests of what rides
 * over Ethernet and LLC.  Each lies in a heap block of its exact size. */

#include "engine_world.h"

/* One frame with this EtherType, or with 0 and this LLC, whose first `cut` bytes are there
 * (SIZE_MAX: all of it). `snapped`: the capture cut it, else it was that short. */
static inline void world_frame(struct engine_world *w, uint16_t ether_type, uint16_t llc,
			       const char *hex, size_t cut, bool snapped)
{
	uint8_t bytes[1600];
	size_t whole = world_hex(hex, bytes, sizeof(bytes)), n = size_min(whole, cut);
	uint8_t *block = calloc(1, n + 14);
	struct packet p = {
		.time = w->now,
		.clock = w->now,
		.number = ++w->number,
		.has_mac = true,
		.mac_source = { { 2, 0, 0, 0, 0, 1 } },
		.mac_destination = { { 1, 0x80, 0xc2, 0, 0, 0x0e } },
		.ether_type = ether_type,
		.llc = llc,
		.captured = (uint32_t)n + 14,
		.length = (uint32_t)n + 14,
		.payload_length = (uint32_t)(snapped ? whole : n),
		.truncated = snapped,
	};

	assert_non_null(block);
	memcpy(block + 14, bytes, n);
	p.frame = block;
	p.payload = cur_of(block + 14, n);
	engine_packet(w->engine, &p);
	tracker_packet(w->tracker, &p);
	free(block);
	world_drain(w);
}

/* Cuts a message at every length: none shorter than `whole` bytes may be understood (but a cut
 * capture is no fault of its), and each is counted. */
static inline void world_cut_frames(const char *protocol, uint16_t ether_type, uint16_t llc,
				    const char *hex, size_t whole)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[1600];
	size_t n = world_hex(hex, bytes, sizeof(bytes));

	for (size_t cut = 0; cut <= n; cut++) {
		w->now += 61 * NS_PER_S;
		world_frame(w, ether_type, llc, hex, cut, false);
		assert_int_equal(world_protocol(w, protocol)->malformed, size_min(cut + 1, whole));
	}
	assert_int_equal(world_protocol(w, protocol)->messages, n + 1);
	world_free(w);
	w = world_new(NULL);
	for (size_t cut = 0; cut < n; cut++) {
		w->now += 61 * NS_PER_S;
		world_frame(w, ether_type, llc, hex, cut, true);
	}
	assert_int_equal(world_protocol(w, protocol)->malformed, 0);
	world_free(w);
}
