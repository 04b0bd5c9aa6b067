/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/base/time_rule.h"
#include "capture/base/time_zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define YEAR_2061 INT64_C(2871763200)

/* North and south, halves and quarters of hours, no summer time, a summer time of half an hour, one
 * that is the standard, days that were left out, and rules by the week of a month. */
static const char *const zones[] = {
	"Europe/Berlin",    "America/New_York",  "Australia/Sydney", "Asia/Kolkata",
	"Asia/Kathmandu",   "Asia/Tokyo",        "Europe/Dublin",    "Australia/Lord_Howe",
	"Pacific/Apia",     "America/Sao_Paulo", "Africa/Cairo",     "Asia/Jerusalem",
	"America/Santiago", "Pacific/Chatham",   "Etc/GMT+5",        "Africa/Casablanca",
};

/* Every half hour of 91 years as the C library has it. */
static void agrees_with_the_system(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
		struct problem problem = { "" };
		struct time_zone *zone;

		if (time_zone_read(&zone, zones[i], &problem) != 0) {
			fail_msg("%s", problem.text);
		}
		setenv("TZ", zones[i], 1);
		tzset();
		for (int64_t at = 0; at < YEAR_2061; at += 1800) {
			time_t seconds = (time_t)at;
			struct tm tm;

			localtime_r(&seconds, &tm);
			if (time_zone_offset(zone, at) != tm.tm_gmtoff) {
				fail_msg("%s at %lld: %d, not %ld", zones[i], (long long)at,
					 time_zone_offset(zone, at), tm.tm_gmtoff);
			}
		}
		time_zone_free(zone);
	}
	unsetenv("TZ");
	tzset();
}

static void utc_needs_no_file(void **state)
{
	static const char *const names[] = { "", "UTC" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct time_zone *zone = (void *)&zone;

		assert_int_equal(time_zone_read(&zone, names[i], NULL), 0);
		assert_null(zone);
	}
	assert_int_equal(time_zone_offset(NULL, 1768471953), 0);
}

static void refuses_what_is_no_zone(void **state)
{
	static const char *const names[] = {
		"Europe/Nowhere",
		"Europe",
		"/etc/hostname",
		"../../../etc/hostname",
		"zone.tab",
		"Europe/Berlin ",
		"a long name of a zone that nobody has ever given to one, anywhere",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct problem problem = { "" };
		struct time_zone *zone;

		if (time_zone_read(&zone, names[i], &problem) >= 0) {
			fail_msg("'%s' is a zone", names[i]);
		}
		assert_non_null(strstr(problem.text, "is no time zone"));
		assert_null(zone);
	}
}

/* A file by hand: one change, an hour to the east at 1000, and no times of 4 bytes. */
#define HEADER(times, types, letters)                                                      \
	"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" times "\0\0\0" types \
	"\0\0\0" letters
#define WHOLE(type, footer)                        \
	HEADER("\0\0\0\0", "\0", "\0")             \
	HEADER("\0\0\0\1", "\2", "\4")             \
	"\0\0\0\0\0\0\x03\xe8" type "\0\0\0\0\0\0" \
	"\0\0\x0e\x10\1\0"                         \
	"ABC\0" footer

static int read_bytes(struct time_zone **out, const char *bytes, size_t n)
{
	/* In memory of its own, so that a read behind it is found. */
	char *copy = malloc(n + 1);
	int error;

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	error = time_zone_of(out, cur_of(copy, n));
	free(copy);
	return error;
}

static void reads_bytes(void **state)
{
	static const char good[] = WHOLE("\1", "\n\n"), ruled[] = WHOLE("\1", "\n<+02>-2\n"),
			  type[] = WHOLE("\2", "\n\n"), footer[] = WHOLE("\1", "\nX\n");
	struct time_zone *zone;

	(void)state;
	assert_int_equal(read_bytes(&zone, good, sizeof(good) - 1), 0);
	assert_int_equal(time_zone_offset(zone, 999), 0);
	assert_int_equal(time_zone_offset(zone, 1000), 3600);
	assert_int_equal(time_zone_offset(zone, INT64_C(1) << 40), 3600);
	time_zone_free(zone);
	assert_int_equal(read_bytes(&zone, ruled, sizeof(ruled) - 1), 0);
	assert_int_equal(time_zone_offset(zone, 999), 0);
	assert_int_equal(time_zone_offset(zone, 1000), 7200);
	time_zone_free(zone);
	assert_int_equal(read_bytes(&zone, type, sizeof(type) - 1), -EINVAL);
	assert_int_equal(read_bytes(&zone, footer, sizeof(footer) - 1), -EINVAL);
	for (size_t n = 0; n < sizeof(good) - 1; n++) {
		assert_int_equal(read_bytes(&zone, good, n), -EINVAL);
	}
}

/* Each byte of a file with every value: it is read or refused. */
static void survives_any_byte(void **state)
{
	static const char ruled[] = WHOLE("\1", "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
	char bytes[sizeof(ruled)];
	struct time_zone *zone;

	(void)state;
	for (size_t i = 0; i < sizeof(ruled) - 1; i++) {
		for (int value = 0; value < 256; value++) {
			memcpy(bytes, ruled, sizeof(ruled));
			bytes[i] = (char)value;
			if (read_bytes(&zone, bytes, sizeof(ruled) - 1) == 0) {
				(void)time_zone_offset(zone, 1768471953);
				time_zone_free(zone);
			}
		}
	}
}

static void reads_rules(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
		int32_t offset;
	} rows[] = {
		{ "CET-1", 0, 3600 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1774745999, 3600 }, /* 2026-03-29T00:59:59Z */
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1774746000, 7200 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1792889999, 7200 }, /* 2026-10-25T00:59:59Z */
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1792890000, 3600 },
		{ "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", 1774745999, -10800 },
		{ "AAA0BBB,J60/0,J61/0", 1772323200, 3600 }, /* 2026-03-01 */
		{ "AAA0BBB,J60/0,J61/0", 1835481600, 3600 }, /* 2028-03-01, a leap year */
		{ "AAA0BBB,59/0,60/0", 1835395200, 3600 },   /* 2028-02-29 */
		{ "AAA0BBB-0:30:30,0/0,J365/0", 1772323200, 1830 },
	};
	static const char *const wrong[] = {
		"",
		"A1",
		"ABC",
		"ABC25",
		"<>1",
		"<ABC1",
		"ABC1DEF",
		"ABC1DEF,M3.5.0",
		"ABC1DEF,M13.1.0,M1.1.0",
		"ABC1DEF,M3.6.0,M1.1.0",
		"ABC1DEF,J0,J1",
		"ABC1DEF,366,1",
		"ABC1DEF,M3.5.0/168,M10.5.0",
		"ABC1DEF,M3.5.0,M10.5.0 ",
		"ABC99999999999999999999",
		"ABC1:60",
	};
	struct time_rule rule;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!time_rule_parse(rows[i].text, &rule) ||
		    time_rule_offset(&rule, rows[i].at) != rows[i].offset) {
			fail_msg("%s at %lld", rows[i].text, (long long)rows[i].at);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (time_rule_parse(wrong[i], &rule)) {
			fail_msg("'%s' is a rule", wrong[i]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_system),  cmocka_unit_test(utc_needs_no_file),
		cmocka_unit_test(refuses_what_is_no_zone), cmocka_unit_test(reads_bytes),
		cmocka_unit_test(survives_any_byte),       cmocka_unit_test(reads_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
