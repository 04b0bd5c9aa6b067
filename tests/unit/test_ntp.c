/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* NTP and PTP: whole messages, and every length of them. */

#include "engine_world.h"

#define ZEROS8 "0000000000000000"
#define CLIENT_ASKS \
	"23 00 06 ec 00000000 00000000 00000000" ZEROS8 ZEROS8 ZEROS8 "ea000000 00000001"
#define SERVER_SAYS                                                                \
	"24 02 06 ec 00000000 00000000 0a000009" ZEROS8 "ea000000 00000001" ZEROS8 \
	"ea000000 00000002"
#define READ_VARIABLES "16 02 0001 0000 0000 0000 0000"
#define VARIABLES                                                                                 \
	"16 82 0001 0000 0000 0000 0010 76657273696f6e3d226e7470642034220d0a" /* version="ntpd 4" \
									       */

static struct engine_world *world_on(uint16_t port)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = port;
	return w;
}

static void send_cut(struct engine_world *w, unsigned from, const char *hex, size_t cut)
{
	uint8_t bytes[200];
	size_t n = world_hex(hex, bytes, sizeof(bytes));

	world_udp(w, from, bytes, size_min(n, cut));
}

static void server_answers(void **state)
{
	struct engine_world *w = world_on(123);

	(void)state;
	send_cut(w, HMI, CLIENT_ASKS, SIZE_MAX);
	send_cut(w, PLC, SERVER_SAYS, SIZE_MAX);
	assert_int_equal(world_count(w, "transaction read complete answered success "
					"weir.function=time weir.ntp.version=4 weir.ntp.stratum=2 "
					"weir.ntp.reference_id=10.0.0.9 weir.ntp.leap=none "
					"weir.ntp.duty=time_server"),
			 1);
	send_cut(w, HMI, READ_VARIABLES, SIZE_MAX);
	send_cut(w, PLC, VARIABLES, SIZE_MAX);
	assert_int_equal(world_count(w, "weir.ntp.software=ntpd 4"), 1);
	world_free(w);
}

static void cut_everywhere(void **state)
{
	static const char *const messages[] = { CLIENT_ASKS, SERVER_SAYS, READ_VARIABLES,
						VARIABLES };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		uint8_t bytes[200];
		size_t n = world_hex(messages[i], bytes, sizeof(bytes));
		struct engine_world *w = world_on(123);

		send_cut(w, HMI, CLIENT_ASKS, SIZE_MAX);
		for (size_t cut = 1; cut <= n; cut++) {
			send_cut(w, i % 2 != 0 ? PLC : HMI, messages[i], cut);
		}
		assert_int_equal(world_protocol(w, "ntp")->messages, n + 1);
		world_free(w);
	}
}

#define PTP_ANNOUNCE                                                               \
	"0b 02 0040 00 00 0000" ZEROS8 "00000000 020000fffe000001 0001 0001 05 01" \
	"00000000000000000000 0025 00 80 f8fe436a 80 020000fffe000001 0000 a0"

static void grandmaster(void **state)
{
	uint8_t bytes[200];
	size_t n = world_hex(PTP_ANNOUNCE, bytes, sizeof(bytes));
	struct engine_world *w = world_on(320);

	(void)state;
	assert_int_equal(n, 64);
	for (int i = 0; i < 3; i++) {
		world_udp(w, PLC, bytes, n);
	}
	assert_int_equal(world_count(w, "transaction report complete - unknown one_sided "), 0);
	assert_int_equal(world_count(w, "weir.ptp.grandmaster_identity=020000fffe000001"), 1);
	assert_int_equal(world_count(w, "weir.ptp.duty=grandmaster"), 1);
	bytes[60] = 2; /* now another's */
	world_udp(w, PLC, bytes, n);
	assert_int_equal(world_count(w, "weir.ptp.grandmaster_identity"), 2);
	assert_int_equal(world_count(w, "weir.ptp.duty=grandmaster"), 1);
	for (size_t cut = 1; cut < n; cut++) {
		world_udp(w, PLC, bytes, cut);
	}
	/* Without a header it is not PTP. */
	assert_int_equal(world_protocol(w, "ptp")->messages, 4 + 64 - 34);
	assert_int_equal(world_protocol(w, "ptp")->malformed, 64 - 34);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(server_answers),
		cmocka_unit_test(cut_everywhere),
		cmocka_unit_test(grandmaster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
