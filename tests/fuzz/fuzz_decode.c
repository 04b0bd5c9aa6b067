/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* fuzz_decode.c - one input is a run of frames through one decoder, so that fragments meet:
 * a byte that picks the link type, then for each frame two bytes of captured length, one byte of
 * how much more was on the wire, and the bytes. Fails when what decode hands out lies outside of
 * what it may point to, or says two things at once. */

#include "capture/decode.h"

#include <stdlib.h>

#define FRAMES_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int link_types[] = { 1, 0, 9, 12, 50, 51, 101, 104, 108, 113, 228, 229, 276, 147 };

static void check(bool good)
{
	if (!good) {
		abort();
	}
}

static void touch(struct cursor c)
{
	volatile uint8_t sum = 0;

	while (cur_left(&c) > 0) {
		sum = (uint8_t)(sum + cur_u8(&c));
	}
}

static void one_frame(struct decoder *decoder, struct frame *frame, struct cursor bytes)
{
	struct packet packet;
	bool conflict;
	uint8_t *block = malloc(size_max(cur_left(&bytes), 1));

	check(block != NULL);
	frame->bytes = block;
	frame->captured = (uint32_t)cur_left(&bytes);
	frame->length += frame->captured;
	cur_copy(&bytes, block, frame->captured);
	if (decode_frame(decoder, frame, &packet, &conflict) == DECODE_HELD) {
		check(cur_left(&packet.payload) == 0);
	}
	touch(packet.network);
	touch(packet.payload);
	(void)packet_pair_hash(&packet);
	check(packet.payload_length >= cur_left(&packet.payload));
	check(packet.n_vlans <= PACKET_VLAN_MAX && packet.n_tunnels <= PACKET_TUNNEL_MAX);
	check(!packet.malformed || packet.payload_length == 0);
	check(packet.ip_version == 0 || packet.ip_version == 4 || packet.ip_version == 6);
	free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decode_options options = { .fragment_bytes_max = 1 << 14,
					  .fragment_datagrams_max = 4,
					  .fragment_timeout = 10 };
	struct cursor input = cur_of(data, size);
	struct decoder *decoder;
	struct frame frame = { .link_type = link_types[cur_u8(&input) % ARRAY_SIZE(link_types)] };

	if (decoder_new(&decoder, &options) < 0) {
		return 0;
	}
	for (unsigned n = 0; n < FRAMES_MAX && cur_left(&input) > 0; n++) {
		uint16_t captured = cur_be16(&input);

		frame.clock++;
		frame.number++;
		frame.length = cur_u8(&input);
		one_frame(decoder, &frame, cur_sub_most(&input, captured));
	}
	decoder_tick(decoder, frame.clock + 8);
	decoder_free(decoder);
	return 0;
}
