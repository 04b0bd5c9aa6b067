/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/packet.h"

size_t packet_copy_size(const struct packet *p)
{
	return p->captured + (p->fragmented ? cur_left(&p->network) : 0);
}

void packet_copy(struct packet *out, const struct packet *p, uint8_t *memory)
{
	/* A datagram from fragments lies beside the frame, not in it. */
	const uint8_t *from = p->fragmented ? p->network.p : p->frame;
	uint8_t *to = memory + (p->fragmented ? p->captured : 0);

	memcpy(memory, p->frame, p->captured);
	if (p->fragmented) {
		struct cursor network = p->network;

		cur_copy(&network, to, cur_left(&network));
	}
	*out = *p;
	out->frame = memory;
	out->network = cur_moved(p->network, from, to);
	out->payload = cur_moved(p->payload, from, to);
}
