/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/forward_position.h"

#include <string.h>

static void there_and_back(void **state)
{
	struct forward_position position = { .sequence = UINT64_MAX }, plan, a, b;
	char text[FORWARD_POSITION_SIZE];
	bool has_plan;

	(void)state;
	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		position.seq[i] = UINT64_MAX - i;
	}
	plan = position;
	plan.seq[1] = 7;
	forward_position_write(&position, NULL, text);
	assert_true(forward_position_read(text, &a, &b, &has_plan));
	assert_memory_equal(&a, &position, sizeof(a));
	assert_false(has_plan);
	forward_position_write(&position, &plan, text);
	assert_true(strlen(text) < sizeof(text) - 1);
	assert_true(forward_position_read(text, &a, &b, &has_plan));
	assert_memory_equal(&a, &position, sizeof(a));
	assert_memory_equal(&b, &plan, sizeof(b));
	assert_true(has_plan);
}

/* The first version had three tables and no plan. */
static void an_earlier_one(void **state)
{
	struct forward_position a, b;
	bool has_plan;

	(void)state;
	assert_true(forward_position_read("12 5 6 7", &a, &b, &has_plan));
	assert_int_equal(a.sequence, 12);
	assert_int_equal(a.seq[0], 5);
	assert_int_equal(a.seq[2], 7);
	assert_int_equal(a.seq[FORWARD_TABLES - 1], 0);
	assert_false(has_plan);
}

static void garbage(void **state)
{
	static const char *const texts[] = {
		"", "x", "1 2 x", "1 2 3 4 5 6 7 8 9", "1 > x", "1 >>"
	};
	struct forward_position a, b;
	bool has_plan;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_false(forward_position_read(texts[i], &a, &b, &has_plan));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(an_earlier_one),
		cmocka_unit_test(garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
