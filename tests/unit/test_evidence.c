/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/evidence.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define RECORD_HEAD 64

/* Packet `number` at time == number, of `captured` bytes that all hold the low byte of number. */
static void keep(struct evidence *e, uint32_t flow, uint32_t generation, uint64_t number,
		 uint32_t captured)
{
	uint8_t bytes[4096];
	struct packet packet = {
		.time = (int64_t)number,
		.number = number,
		.captured = captured,
		.length = captured + 1,
		.source = 3,
		.domain = 4,
		.link_type = 1,
		.frame = bytes,
	};

	memset(bytes, (int)(number & 0xff), sizeof(bytes));
	evidence_keep(e, flow, generation, &packet);
}

struct seen {
	uint64_t numbers[512];
	size_t n;
	uint32_t captured;
};

static void on_frame(void *context, const struct frame *frame)
{
	struct seen *seen = context;

	assert_true(seen->n < ARRAY_SIZE(seen->numbers));
	seen->numbers[seen->n++] = frame->number;
	seen->captured = frame->captured;
	assert_int_equal(frame->time, frame->number);
	assert_int_equal(frame->source, 3);
	assert_int_equal(frame->domain, 4);
	assert_int_equal(frame->link_type, 1);
	for (uint32_t i = 0; i < frame->captured; i++) {
		assert_int_equal(frame->bytes[i], frame->number & 0xff);
	}
}

static struct seen ask(const struct evidence *e, uint32_t flow, uint32_t generation, int64_t from,
		       int64_t to, size_t max)
{
	struct seen seen = { .n = 0 };

	size_t n = evidence_of_flow(e, flow, generation, from, to, max, on_frame, &seen);
	assert_int_equal(n, seen.n);
	return seen;
}

static void off_is_accepted_everywhere(void **state)
{
	struct evidence *e = (struct evidence *)(void *)&state;

	assert_int_equal(evidence_new(&e, 0), 0);
	assert_null(e);
	assert_int_equal(evidence_descriptor(e), -1);
	keep(e, 1, 1, 1, 60);
	assert_int_equal(ask(e, 1, 1, 0, INT64_MAX, 10).n, 0);
	assert_int_equal(evidence_state(e).capacity, 0);
	assert_int_equal(evidence_state(e).oldest, TIME_NONE);
	assert_null(evidence_free(e));
	assert_int_equal(evidence_new(&e, SIZE_MAX), -EINVAL);
}

static void flows_are_told_apart(void **state)
{
	struct evidence *e;

	(void)state;
	assert_int_equal(evidence_new(&e, 1 << 16), 0);
	for (uint64_t i = 1; i <= 30; i++) {
		/* 1 and 65,537 share a head in any table. */
		keep(e, i % 3 == 0 ? 65537 : (uint32_t)(i % 3), 7, i, 80);
	}
	struct seen one = ask(e, 1, 7, 0, INT64_MAX, 100);
	assert_int_equal(one.n, 10);
	assert_int_equal(one.numbers[0], 1);
	assert_int_equal(one.numbers[9], 28);
	struct seen shared = ask(e, 65537, 7, 0, INT64_MAX, 100);
	assert_int_equal(shared.n, 10);
	assert_int_equal(shared.numbers[0], 3);
	assert_int_equal(ask(e, 5, 7, 0, INT64_MAX, 100).n, 0);
	evidence_free(e);
}

static void another_generation_is_another_flow(void **state)
{
	struct evidence *e;

	(void)state;
	assert_int_equal(evidence_new(&e, 1 << 16), 0);
	keep(e, 9, 1, 1, 80);
	keep(e, 9, 1, 2, 80);
	keep(e, 9, 2, 3, 80);
	struct seen old = ask(e, 9, 1, 0, INT64_MAX, 100), new = ask(e, 9, 2, 0, INT64_MAX, 100);
	assert_int_equal(old.n, 2);
	assert_int_equal(new.n, 1);
	assert_int_equal(new.numbers[0], 3);
	assert_int_equal(ask(e, 9, 3, 0, INT64_MAX, 100).n, 0);
	evidence_free(e);
}

static void times_and_count_bound_the_answer(void **state)
{
	struct evidence *e;

	(void)state;
	assert_int_equal(evidence_new(&e, 1 << 16), 0);
	for (uint64_t i = 1; i <= 20; i++) {
		keep(e, 1, 1, i, 80);
	}
	struct seen middle = ask(e, 1, 1, 5, 10, 100);
	assert_int_equal(middle.n, 6);
	assert_int_equal(middle.numbers[0], 5);
	assert_int_equal(middle.numbers[5], 10);
	struct seen newest = ask(e, 1, 1, 0, 10, 3);
	assert_int_equal(newest.n, 3);
	assert_int_equal(newest.numbers[0], 8);
	assert_int_equal(newest.numbers[2], 10);
	assert_int_equal(ask(e, 1, 1, 0, INT64_MAX, 0).n, 0);
	assert_int_equal(ask(e, 1, 1, 21, INT64_MAX, 9).n, 0);
	evidence_free(e);
}

static void long_packets_are_cut_at_2_kib(void **state)
{
	struct evidence *e;

	(void)state;
	assert_int_equal(evidence_new(&e, 1 << 16), 0);
	keep(e, 1, 1, 1, 2048);
	assert_int_equal(ask(e, 1, 1, 1, 1, 1).captured, 2048);
	keep(e, 1, 1, 2, 2049);
	assert_int_equal(ask(e, 1, 1, 2, 2, 1).captured, 2048);
	keep(e, 1, 1, 3, 0);
	assert_int_equal(ask(e, 1, 1, 3, 3, 1).captured, 0);
	evidence_free(e);
}

static void a_full_ring_gives_up_the_oldest(void **state)
{
	struct evidence *e;

	(void)state;
	assert_int_equal(evidence_new(&e, 1), 0); /* one page */
	size_t fit = 4096 / (RECORD_HEAD + 64);
	for (uint64_t i = 1; i <= fit; i++) {
		keep(e, 1, 1, i, 64);
	}
	assert_int_equal(evidence_state(e).capacity, 4096);
	assert_int_equal(evidence_state(e).packets, fit);
	assert_int_equal(evidence_state(e).overwritten, 0);
	assert_int_equal(evidence_state(e).oldest, 1);
	keep(e, 2, 1, fit + 1, 64);
	assert_int_equal(evidence_state(e).packets, fit);
	assert_int_equal(evidence_state(e).overwritten, 1);
	assert_int_equal(evidence_state(e).oldest, 2);
	struct seen seen = ask(e, 1, 1, 0, INT64_MAX, 100);
	assert_int_equal(seen.n, fit - 1);
	assert_int_equal(seen.numbers[0], 2);
	evidence_free(e);
}

static void many_laps_of_all_sizes_stay_whole(void **state)
{
	struct evidence *e;
	uint32_t random = 12345;

	(void)state;
	assert_int_equal(evidence_new(&e, 5 * 4096), 0);
	for (uint64_t i = 1; i <= 20000; i++) {
		random = random * 1664525 + 1013904223;
		keep(e, random >> 30, 1, i, (random >> 8) % 3000);
		if (i % 97 != 0) {
			continue;
		}
		size_t n = 0;
		for (uint32_t flow = 0; flow < 4; flow++) {
			struct seen seen = ask(e, flow, 1, 0, INT64_MAX, SIZE_MAX);
			for (size_t k = 1; k < seen.n; k++) {
				assert_true(seen.numbers[k - 1] < seen.numbers[k]);
			}
			n += seen.n;
		}
		struct evidence_state s = evidence_state(e);
		assert_int_equal(n, s.packets);
		assert_int_equal(s.packets + s.overwritten, i);
	}
	evidence_free(e);
}

static void the_descriptor_holds_the_layout(void **state)
{
	struct evidence *e;
	char magic[8];
	uint32_t version;

	(void)state;
	assert_int_equal(evidence_new(&e, 1 << 16), 0);
	keep(e, 1, 1, 1, 80);
	assert_int_equal(pread(evidence_descriptor(e), magic, 8, 0), 8);
	assert_memory_equal(magic, "WEIREVID", 8);
	assert_int_equal(pread(evidence_descriptor(e), &version, 4, 8), 4);
	assert_int_equal(version, 1);
	assert_int_equal(ftruncate(evidence_descriptor(e), 0), -1);
	assert_int_equal(errno, EPERM);
	evidence_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(off_is_accepted_everywhere),
		cmocka_unit_test(flows_are_told_apart),
		cmocka_unit_test(another_generation_is_another_flow),
		cmocka_unit_test(times_and_count_bound_the_answer),
		cmocka_unit_test(long_packets_are_cut_at_2_kib),
		cmocka_unit_test(a_full_ring_gives_up_the_oldest),
		cmocka_unit_test(many_laps_of_all_sizes_stay_whole),
		cmocka_unit_test(the_descriptor_holds_the_layout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
