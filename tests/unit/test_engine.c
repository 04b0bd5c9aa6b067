/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "engine_world.h"

/* An answer to a FIFO read that says it has 65,535 bytes: longer than any message may be, so
 * nothing waits for its end, whatever follows. */
static void rtu_length_beyond_the_longest_message(void **state)
{
	static const size_t sizes[] = { 9000, 60000, 1000, 1035, 1036, 1037, 1460 };
	uint8_t bytes[60000] = { 1, 24, 0xff, 0xff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct engine_world *w = world_new(NULL);
		uint8_t ask[16];

		world_open(w);
		world_tcp(w, HMI, ask, world_rtu(1, "18 0010", ask, sizeof(ask)));
		for (int times = 0; times < 8; times++) {
			world_tcp(w, PLC, bytes, sizes[i]);
		}
		world_finish(w);
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rtu_length_beyond_the_longest_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
