/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "tests/unit/flow_world.h"

#include <time.h>

static void test_in_order(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "abc");
	tcp(w, PLC, 900, "xy");
	tcp(w, HMI, 103, "def");
	assert_log(w, "B d1:abc d0:xy d1:def ");
	assert_int_equal(w->last.side[HMI].payload, 6);
	assert_true(w->last.midstream);
	tracker_finish(w->tracker);
	assert_log(w, "E:capture ");
	world_free(w);
}

static void test_reorder(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 106, "gh");
	int64_t third = w->now;
	w->now += NS_PER_MS;
	tcp(w, HMI, 104, "ef");
	assert_log(w, "B d1:ab ");
	w->now += NS_PER_MS;
	tcp(w, HMI, 102, "cd");
	assert_log(w, "d1:cd d1:ef d1:gh ");
	assert_int_equal(w->data_time, third);
	assert_int_equal(w->data_number, 2);
	assert_int_equal(world_counters(w)->out_of_order, 2);
	assert_int_equal(world_counters(w)->gaps, 0);
	tcp(w, HMI, 108, "ij");
	assert_log(w, "d1:ij ");
	world_free(w);
}

static void test_hole_is_given_up(void **state)
{
	struct world *w = world_new(NULL);
	int64_t before = w->now;

	(void)state;
	tcp(w, HMI, 100, "ab");
	w->now += NS_PER_MS;
	tcp(w, HMI, 105, "fg");
	int64_t behind = w->now;
	world_wait(w, NS_PER_S - 1);
	assert_log(w, "B d1:ab ");
	world_wait(w, 1);
	assert_log(w, "g1:3 d1:fg ");
	assert_int_equal(w->gap_from, before);
	assert_int_equal(w->gap_to, behind);
	assert_int_equal(w->last.side[HMI].gap_bytes, 3);
	tcp(w, HMI, 107, "hi");
	assert_log(w, "d1:hi ");
	world_free(w);
}

/* No tick: the flow's own next packet shows that the time is over. */
static void test_hole_is_given_up_by_packet(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 105, "fg");
	w->now += 2 * NS_PER_S;
	tcp(w, HMI, 109, "jk");
	assert_log(w, "B d1:ab g1:3 d1:fg ");
	tcp(w, HMI, 107, "hi");
	assert_log(w, "d1:hi d1:jk ");
	world_free(w);
}

static void test_many_holes(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "a");
	tcp(w, HMI, 102, "c");
	assert_log(w, "B "); /* a lone byte at the start may be a keep-alive */
	tcp(w, HMI, 104, "e");
	tcp(w, HMI, 106, "g");
	world_wait(w, NS_PER_S);
	assert_log(w, "g1:1 d1:c g1:1 d1:e g1:1 d1:g ");
	world_free(w);
}

static void test_peer_proves_loss_before_held(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 105, "fg");
	tcp_acknowledging(w, PLC, 900, 107, "");
	assert_log(w, "B d1:ab ");
	tcp(w, HMI, 107, "hi");
	tcp(w, HMI, 109, "jk");
	tcp(w, HMI, 111, "lm");
	assert_log(w, "");
	tcp(w, HMI, 113, "no");
	assert_log(w, "g1:3 d1:fg d1:hi d1:jk d1:lm d1:no ");
	world_free(w);
}

static void test_peer_proves_loss_of_all(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp_acknowledging(w, PLC, 900, 112, "answer");
	world_wait(w, NS_PER_S / 10 - 1);
	assert_log(w, "B d1:ab d0:answer ");
	world_wait(w, 1);
	assert_log(w, "g1:10 ");
	tcp(w, HMI, 112, "cd");
	assert_log(w, "d1:cd ");
	world_free(w);
}

static void test_mirror_delay_is_no_loss(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	for (uint32_t i = 0; i < 20; i++) { /* the port of the one direction comes first */
		tcp_acknowledging(w, PLC, 900 + 2 * i, 104 + 2 * i, "xy");
	}
	w->length = 0;
	for (uint32_t i = 0; i < 5; i++) {
		tcp(w, HMI, 102, "");
	}
	world_wait(w, NS_PER_S / 10 - 1);
	tcp(w, HMI, 102, "cd");
	world_wait(w, NS_PER_S / 10 - 1);
	tcp(w, HMI, 104, "ef");
	assert_log(w, "d1:cd d1:ef ");
	world_wait(w, NS_PER_S);
	assert_log(w, "g1:36 ");
	world_free(w);
}

static void test_forged_acknowledgement(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp_acknowledging(w, PLC, 900, 500102, "");
	tcp_acknowledging(w, PLC, 900, 102, "xy"); /* the true one takes it back */
	world_wait(w, NS_PER_S);
	tcp(w, HMI, 102, "cd");
	assert_log(w, "B d1:ab d0:xy d1:cd ");
	world_free(w);
}

static void test_retransmission(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "abcd");
	tcp(w, HMI, 100, "abcd");
	tcp(w, HMI, 102, "cd");
	tcp(w, HMI, 102, "cdef");
	assert_log(w, "B d1:abcd d1:ef ");
	assert_int_equal(world_counters(w)->retransmissions, 2);
	assert_int_equal(world_counters(w)->retransmitted_bytes, 8);
	assert_int_equal(w->last.side[HMI].payload, 6);
	tcp(w, HMI, 110, "kl");
	tcp(w, HMI, 110, "kl"); /* of bytes that wait */
	assert_int_equal(world_counters(w)->retransmissions, 3);
	world_free(w);
}

static void test_overlap_with_held(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 104, "ef");
	tcp(w, HMI, 103, "dEFg"); /* what was first stands */
	assert_log(w, "B d1:ab c1:2 ");
	tcp(w, HMI, 102, "cdefghi");
	assert_log(w, "d1:c d1:d d1:ef d1:g d1:hi ");
	assert_int_equal(world_counters(w)->conflicts, 1);
	world_free(w);
}

static void test_overlap_with_delivered(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	w->keep_history = true;
	tcp(w, HMI, 100, "abcd");
	tcp(w, HMI, 100, "abcd");
	tcp(w, HMI, 101, "bXdef");
	tcp(w, HMI, 104, "EF");
	assert_log(w, "B d1:abcd c1:1 d1:ef c1:2 ");
	world_free(w);

	w = world_new(NULL);
	tcp(w, HMI, 100, "abcd");
	tcp(w, HMI, 100, "ABCD");
	assert_log(w, "B d1:abcd "); /* not asked for */
	world_free(w);
}

static void test_history_cap(void **state)
{
	struct tracker_options options = tracker_defaults();
	struct world *w;

	(void)state;
	options.history_bytes_max = 0;
	w = world_new(&options);
	w->keep_history = true;
	tcp(w, HMI, 100, "abcd");
	tcp(w, HMI, 100, "ABCD");
	assert_log(w, "B d1:abcd ");
	assert_int_equal(world_counters(w)->history_refused, 1);
	world_free(w);
}

static void test_wrap_around(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	w->keep_history = true;
	tcp(w, HMI, 0xfffffffe, "abcd");
	tcp(w, HMI, 4, "gh");
	tcp(w, HMI, 0xffffffff, "bCde");
	assert_log(w, "B d1:abcd c1:1 d1:e ");
	tcp(w, HMI, 3, "f");
	assert_log(w, "d1:f d1:gh ");
	world_free(w);
}

static void test_keep_alive(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	w->keep_history = true;
	tcp(w, HMI, 100, "abcd");
	tcp_acknowledging(w, HMI, 103, 0, "");
	tcp_acknowledging(w, HMI, 103, 0, "?");
	tcp_acknowledging(w, PLC, 900, 104, "");
	tcp(w, HMI, 104, "ef");
	assert_log(w, "B d1:abcd d1:ef ");
	assert_int_equal(world_counters(w)->retransmissions, 2);
	tcp(w, HMI, 106, "g"); /* zero-window probe: the first byte of what follows */
	tcp(w, HMI, 106, "ghi");
	assert_log(w, "d1:g d1:hi ");
	world_free(w);
}

static void test_starts_with_keep_alive(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp_acknowledging(w, HMI, 99, 900, "\1");
	tcp_acknowledging(w, PLC, 900, 100, "");
	tcp(w, HMI, 100, "abcd");
	assert_log(w, "B d1:abcd ");
	world_free(w);
}

static struct packet cut_packet(struct world *w, uint32_t sequence, const char *text,
				uint32_t whole)
{
	struct packet p = world_packet(w, HMI, IP_PROTOCOL_TCP, text);

	p.tcp_sequence = sequence;
	p.tcp_flags = TCP_PSH;
	p.truncated = true;
	p.payload_length = whole;
	return p;
}

static void test_snap_length(void **state)
{
	struct world *w = world_new(NULL);
	struct packet p = cut_packet(w, 100, "abc", 10);

	(void)state;
	world_send(w, &p);
	tcp(w, HMI, 110, "kl");
	assert_log(w, "B d1:abc g1:7 d1:kl ");
	p = cut_packet(w, 114, "opq", 6); /* out of order */
	world_send(w, &p);
	tcp(w, HMI, 120, "uv");
	tcp(w, HMI, 112, "mn");
	assert_log(w, "d1:mn d1:opq g1:3 d1:uv ");
	p = cut_packet(w, 122, "", 5);
	world_send(w, &p);
	assert_log(w, "g1:5 ");
	world_free(w);
}

static void test_forged_jump(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp_acknowledging(w, HMI, 100, 900, "abcd");
	tcp_acknowledging(w, PLC, 900, 104, "xy");
	tcp_acknowledging(w, HMI, 0x70000000, 902, "evil");
	tcp_acknowledging(w, PLC, 902, 104, "");
	tcp_acknowledging(w, HMI, 104, 902, "ef");
	assert_log(w, "B d1:abcd d0:xy d1:ef ");
	world_wait(w, 10 * NS_PER_S);
	assert_log(w, "");
	world_free(w);
}

static void test_jump_that_continues(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "abcd");
	tcp(w, HMI, 0x70000000, "12");
	tcp(w, HMI, 0x70000002, "34");
	assert_log(w, "B d1:abcd g1:0 d1:12 d1:34 ");
	tcp(w, HMI, 50, "back");
	tcp(w, HMI, 54, "wards");
	assert_log(w, "g1:0 d1:back d1:wards ");
	world_free(w);
}

static void test_jump_that_is_acknowledged(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "abcd");
	tcp(w, HMI, 0x70000000, "12");
	assert_log(w, "B d1:abcd ");
	tcp_acknowledging(w, PLC, 900, 0x70000002, "answer");
	assert_log(w, "g1:0 d1:12 d0:answer ");
	tcp(w, HMI, 0x70000002, "34");
	assert_log(w, "d1:34 ");
	world_free(w);
}

/* The last number that is believed at once, and the first that is not. */
static void test_window_edge(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 102 + (1U << 20) + 1, "far");
	world_wait(w, NS_PER_S);
	assert_log(w, "B d1:ab ");
	tcp(w, HMI, 102 + (1U << 20), "near");
	world_wait(w, NS_PER_S);
	assert_log(w, "g1:1048576 d1:near ");
	world_free(w);
}

/* A forged segment a little ahead opens a hole; the true stream behind it must not look old. */
static void test_forged_hole(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp_acknowledging(w, HMI, 100, 900, "abcd");
	tcp_acknowledging(w, PLC, 900, 104, "xy");
	tcp_acknowledging(w, HMI, 400000, 902, "evil");
	world_wait(w, 5 * NS_PER_S);
	assert_log(w, "B d1:abcd d0:xy g1:399896 d1:evil ");
	tcp_acknowledging(w, HMI, 104, 902, "efgh");
	tcp_acknowledging(w, PLC, 902, 108, "zz");
	assert_log(w, "g1:0 d1:efgh d0:zz ");
	tcp_acknowledging(w, HMI, 108, 904, "ijkl");
	assert_log(w, "d1:ijkl ");
	world_free(w);
}

/* What comes after its hole was given up, and which the peer has, is old. */
static void test_late_retransmission(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 104, "ef");
	world_wait(w, NS_PER_S);
	assert_log(w, "B d1:ab g1:2 d1:ef ");
	tcp_acknowledging(w, PLC, 900, 106, "");
	tcp(w, HMI, 102, "cd");
	tcp(w, HMI, 106, "gh");
	assert_log(w, "d1:gh ");
	world_free(w);
}

static void test_side_cap(void **state)
{
	struct tracker_options options = tracker_defaults();
	struct world *w;

	(void)state;
	options.stream_bytes_flow = 2048; /* two blocks */
	w = world_new(&options);
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 104, "ef");
	tcp(w, HMI, 108, "ij");
	assert_log(w, "B d1:ab ");
	tcp(w, HMI, 112, "mn");
	assert_log(w, "g1:2 d1:ef ");
	tcp(w, HMI, 106, "gh");
	assert_log(w, "d1:gh d1:ij ");
	tcp(w, HMI, 110, "kl");
	assert_log(w, "d1:kl d1:mn ");
	assert_int_equal(world_counters(w)->stream_bytes_refused, 2);
	world_free(w);
}

static void test_no_room_at_all(void **state)
{
	struct tracker_options options = tracker_defaults();
	struct world *w;

	(void)state;
	options.stream_bytes_max = 0;
	w = world_new(&options);
	tcp(w, HMI, 100, "ab");
	tcp(w, HMI, 104, "ef");
	assert_log(w, "B d1:ab g1:2 d1:ef ");
	tcp(w, HMI, 0x70000000, "12");
	tcp(w, HMI, 0x70000002, "34");
	assert_log(w, "g1:0 g1:2 d1:34 ");
	world_free(w);
}

static void test_finish_hands_over(void **state)
{
	struct world *w = world_new(NULL);

	(void)state;
	tcp(w, HMI, 100, "ab");
	tcp(w, PLC, 900, "uv");
	tcp(w, PLC, 904, "yz");
	tcp(w, HMI, 104, "ef");
	tracker_finish(w->tracker);
	assert_log(w, "B d1:ab d0:uv g0:2 d0:yz g1:2 d1:ef E:capture ");
	world_free(w);
}

/* ---- any segmentation, order and repetition within the wait gives the stream back ---- */

#define STREAM_LENGTH 4000

struct piece {
	uint32_t at, length;
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(*seed >> 33) % below;
}

static size_t cut_up(struct piece *pieces, uint64_t *seed)
{
	size_t n = 0;

	for (uint32_t at = 0; at < STREAM_LENGTH;) {
		uint32_t length = 1 + draw(seed, 150);

		length = length < STREAM_LENGTH - at ? length : STREAM_LENGTH - at;
		pieces[n++] = (struct piece) { at, length };
		if (draw(seed, 4) == 0) { /* again, cut in another way */
			uint32_t back = draw(seed, at + 1 < 80 ? at + 1 : 80);

			pieces[n++] = (struct piece) { at - back, back + length };
		}
		at += length;
	}
	for (size_t i = 1; i + 12 < n; i++) { /* the first stays: it says where the stream starts */
		size_t other = i + draw(seed, 12);
		struct piece piece = pieces[i];

		pieces[i] = pieces[other];
		pieces[other] = piece;
	}
	return n;
}

static void check_random(uint64_t seed)
{
	struct world *w = world_new(NULL);
	struct piece pieces[2 * STREAM_LENGTH];
	char stream[STREAM_LENGTH + 1], got[STREAM_LENGTH + 1], text[512];
	uint64_t state = seed;
	uint32_t first = draw(&state, UINT32_MAX);
	size_t n, length = 0;

	for (size_t i = 0; i < STREAM_LENGTH; i++) {
		stream[i] = (char)('a' + draw(&state, 26));
	}
	stream[STREAM_LENGTH] = '\0';
	n = cut_up(pieces, &state);
	tcp_flags(w, HMI, TCP_SYN, first - 1, "");
	for (size_t i = 0; i < n; i++) {
		memcpy(text, stream + pieces[i].at, pieces[i].length);
		text[pieces[i].length] = '\0';
		tcp(w, HMI, first + pieces[i].at, text);
		w->now += NS_PER_MS;
	}
	for (const char *at = w->log; *at != '\0'; at++) {
		if (strncmp(at, "d1:", 3) == 0) {
			for (at += 3; *at != ' '; at++) {
				got[length++] = *at;
			}
		}
	}
	got[length] = '\0';
	if (strcmp(got, stream) != 0 || world_counters(w)->gaps != 0 ||
	    world_counters(w)->conflicts != 0) {
		fail_msg("seed %llu", (unsigned long long)seed);
	}
	world_free(w);
}

static void test_random(void **state)
{
	uint64_t seed = (uint64_t)time(NULL) << 10;

	(void)state;
	for (uint64_t i = 0; i < 200; i++) {
		check_random(seed + i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_reorder),
		cmocka_unit_test(test_hole_is_given_up),
		cmocka_unit_test(test_hole_is_given_up_by_packet),
		cmocka_unit_test(test_many_holes),
		cmocka_unit_test(test_peer_proves_loss_before_held),
		cmocka_unit_test(test_peer_proves_loss_of_all),
		cmocka_unit_test(test_mirror_delay_is_no_loss),
		cmocka_unit_test(test_forged_acknowledgement),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_overlap_with_held),
		cmocka_unit_test(test_overlap_with_delivered),
		cmocka_unit_test(test_history_cap),
		cmocka_unit_test(test_wrap_around),
		cmocka_unit_test(test_keep_alive),
		cmocka_unit_test(test_starts_with_keep_alive),
		cmocka_unit_test(test_snap_length),
		cmocka_unit_test(test_forged_jump),
		cmocka_unit_test(test_jump_that_continues),
		cmocka_unit_test(test_jump_that_is_acknowledged),
		cmocka_unit_test(test_window_edge),
		cmocka_unit_test(test_forged_hole),
		cmocka_unit_test(test_late_retransmission),
		cmocka_unit_test(test_side_cap),
		cmocka_unit_test(test_no_room_at_all),
		cmocka_unit_test(test_finish_hands_over),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
