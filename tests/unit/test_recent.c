/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/recent.h"

#include <stdio.h>
#include <stdlib.h>

static void test_generations(void **state)
{
	struct recent *recent = calloc(1, sizeof(*recent));
	char id[32];

	(void)state;
	assert_non_null(recent);
	assert_false(recent_seen(recent, "a"));
	assert_true(recent_seen(recent, "a"));
	/* One generation later it is still known, and known anew by being asked for. */
	for (unsigned i = 0; i < RECENT_SLOTS / 2; i++) {
		snprintf(id, sizeof(id), "%u", i);
		assert_false(recent_seen(recent, id));
	}
	assert_true(recent_seen(recent, "a"));
	assert_true(recent_seen(recent, "0"));
	/* Two generations without being asked for: forgotten. */
	for (unsigned i = 0; i < RECENT_SLOTS; i++) {
		snprintf(id, sizeof(id), "x%u", i);
		assert_false(recent_seen(recent, id));
	}
	assert_false(recent_seen(recent, "1"));
	free(recent);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_generations) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
