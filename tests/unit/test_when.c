/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Wednesday, 2026-11-25 10:30:00 in a zone one hour east of Greenwich. */
#define NOW (INT64_C(1795599000) * NS_PER_S)

static int set_zone(void **state)
{
	(void)state;
	setenv("TZ", "WEIR-1", 1);
	tzset();
	return 0;
}

static void assert_when(const char *text, const char *utc)
{
	char got[TIME_TEXT_SIZE];
	int64_t time = 0;

	if (when_parse(text, NOW, &time) != 0) {
		fail_msg("'%s' is no time", text);
	}
	assert_string_equal(time_text_utc(time, got), utc);
}

static void test_relative(void **state)
{
	(void)state;
	assert_when("now", "2026-11-25T09:30:00.000Z");
	assert_when("2d", "2026-11-23T09:30:00.000Z");
	assert_when("3h", "2026-11-25T06:30:00.000Z");
	assert_when("15m", "2026-11-25T09:15:00.000Z");
	assert_when("1h30m", "2026-11-25T08:00:00.000Z");
	assert_when("1w", "2026-11-18T09:30:00.000Z");
	assert_when("500ms", "2026-11-25T09:29:59.500Z");
}

static void test_days(void **state)
{
	(void)state;
	assert_when("today", "2026-11-24T23:00:00.000Z");
	assert_when("yesterday", "2026-11-23T23:00:00.000Z");
	assert_when("monday", "2026-11-22T23:00:00.000Z");
	assert_when("Wed", "2026-11-24T23:00:00.000Z");
	assert_when("thursday", "2026-11-18T23:00:00.000Z");
	assert_when("07:52", "2026-11-25T06:52:00.000Z");
}

static void test_iso(void **state)
{
	(void)state;
	assert_when("2026-11-22", "2026-11-21T23:00:00.000Z");
	assert_when("2026-11-22T07:52", "2026-11-22T06:52:00.000Z");
	assert_when("2026-11-22 07:52:20", "2026-11-22T06:52:20.000Z");
	assert_when("2026-11-22_07:52:20.5", "2026-11-22T06:52:20.500Z");
	assert_when("2026-11-22T07:52:20.123456789Z", "2026-11-22T07:52:20.123456789Z");
	assert_when("2026-11-22T07:52:20+02:00", "2026-11-22T05:52:20.000Z");
	assert_when("2026-11-22T07:52:20-0330", "2026-11-22T11:22:20.000Z");
	assert_when("@1795599000", "2026-11-25T09:30:00.000Z");
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = {
		"",
		"x",
		"2",
		"2x",
		"d",
		"-2d",
		"2d ",
		"2026",
		"2026-13-01",
		"2026-02-30",
		"2026-11-22T",
		"2026-11-22T25:00",
		"2026-11-22T07:52:20.",
		"2026-11-22T07:52X",
		"mo",
		"mondays",
		"24:00",
		"07:5",
		"99999999999999999999d",
		"@",
		"@-1",
		"@99999999999999999999",
		"2d3",
		"1969-12-31",
	};
	int64_t time = 42;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (when_parse(wrong[i], NOW, &time) != -EINVAL) {
			fail_msg("'%s' was taken", wrong[i]);
		}
		assert_int_equal(time, 42);
	}
}

static void test_duration(void **state)
{
	int64_t ns = 0;

	(void)state;
	assert_int_equal(when_parse_duration("90d", &ns), 0);
	assert_int_equal(ns, 90 * NS_PER_DAY);
	assert_int_equal(when_parse_duration("0", &ns), 0);
	assert_int_equal(ns, 0);
	assert_int_equal(when_parse_duration("36500d", &ns), 0);
	assert_int_equal(when_parse_duration("36501d", &ns), -EINVAL);
	assert_int_equal(when_parse_duration("36500d1ms", &ns), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relative), cmocka_unit_test(test_days),
		cmocka_unit_test(test_iso),      cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_duration),
	};

	return cmocka_run_group_tests(tests, set_zone, NULL);
}
