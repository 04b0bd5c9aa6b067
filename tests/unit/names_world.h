/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* names_world.h - datagrams between the hosts of engine_world.h, to others, and cut short. */

#include "engine_world.h"

/* From HMI (10.0.0.2) to PLC (10.0.0.1), or back, with these ports. */
static inline void send_datagram(struct engine_world *w, unsigned from, uint16_t source,
				 uint16_t destination, const void *bytes, size_t n)
{
	w->port[from] = source;
	w->port[1 - from] = destination;
	world_udp(w, from, bytes, n);
}

static inline void send_hex(struct engine_world *w, unsigned from, uint16_t source,
			    uint16_t destination, const char *hex)
{
	uint8_t bytes[2048];

	send_datagram(w, from, source, destination, bytes, world_hex(hex, bytes, sizeof(bytes)));
}

/* Every shorter form of a datagram, each in a world of its own: nothing but records of this
 * protocol comes of it, at most `most` of them. */
static inline void cut_everywhere(uint16_t source, uint16_t destination, const void *bytes,
				  size_t n, unsigned most)
{
	for (size_t cut = 1; cut < n; cut++) {
		struct engine_world *w = world_new(NULL);

		send_datagram(w, HMI, source, destination, bytes, cut);
		assert_true(world_count(w, "transaction ") + world_count(w, "item ") <= most);
		world_free(w);
	}
}
