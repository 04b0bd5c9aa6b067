/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/options.h"

#include <errno.h>
#include <string.h>

struct values {
	bool json, all;
	const char *output;
	struct text_list read;
	uint64_t limit;
};

static const struct option options[] = {
	{ 'J', "json", NULL, OPTION_FLAG, offsetof(struct values, json), "json" },
	{ 'a', "all", NULL, OPTION_FLAG, offsetof(struct values, all), "all" },
	{ 'o', "output", "COLUMNS", OPTION_TEXT, offsetof(struct values, output), "columns" },
	{ 'r', "read", "FILE", OPTION_LIST, offsetof(struct values, read), "files" },
	{ 'n', "limit", "N", OPTION_NUMBER, offsetof(struct values, limit), "limit" },
};

/* Parses the words up to NULL, behind a name. */
static int parse(char **words, struct values *values, struct text_list *rest,
		 struct problem *problem)
{
	int n = 0;

	*values = (struct values) { 0 };
	*rest = (struct text_list) { 0 };
	problem->text[0] = '\0';
	while (words[n] != NULL) {
		n++;
	}
	return options_parse(options, ARRAY_SIZE(options), n, words, values, rest, problem);
}

static void test_forms(void **state)
{
	char *words[] = { "x",  "-Jn5", "a=1", "--read", "f1", "--read=f2", "-rf3",
			  "-o", "+p",   "-",   "--all",  "--", "-J",        NULL };
	struct values values;
	struct text_list rest;
	struct problem problem;

	(void)state;
	assert_int_equal(parse(words, &values, &rest, &problem), 0);
	assert_true(values.json && values.all);
	assert_int_equal(values.limit, 5);
	assert_string_equal(values.output, "+p");
	assert_int_equal(values.read.n, 3);
	assert_string_equal(values.read.items[2], "f3");
	assert_int_equal(rest.n, 3);
	assert_string_equal(rest.items[0], "a=1");
	assert_string_equal(rest.items[1], "-");
	assert_string_equal(rest.items[2], "-J");
	options_end(options, ARRAY_SIZE(options), &values, &rest);
	assert_null(values.read.items);
}

static void assert_wrong(char *first, char *second, const char *says)
{
	char *words[] = { "x", first, second, NULL };
	struct values values;
	struct text_list rest;
	struct problem problem;

	assert_int_equal(parse(words, &values, &rest, &problem), -EINVAL);
	assert_string_equal(problem.text, says);
	options_end(options, ARRAY_SIZE(options), &values, &rest);
}

static void test_wrong(void **state)
{
	(void)state;
	assert_wrong("--foo", NULL, "unknown option --foo");
	assert_wrong("--foo=1", NULL, "unknown option --foo");
	assert_wrong("--js", NULL, "unknown option --js");
	assert_wrong("-x", NULL, "unknown option -x");
	assert_wrong("-Jx", NULL, "unknown option -x");
	assert_wrong("--read", NULL, "--read wants a value: FILE");
	assert_wrong("-o", NULL, "--output wants a value: COLUMNS");
	assert_wrong("--json=1", NULL, "--json takes no value");
	assert_wrong("-n", "x", "--limit wants a number, not 'x'");
	assert_wrong("-n", "-5", "--limit wants a number, not '-5'");
	assert_wrong("-n", "5x", "--limit wants a number, not '5x'");
	assert_wrong("-n", "18446744073709551616",
		     "--limit wants a number, not '18446744073709551616'");
}

static void test_help(void **state)
{
	char *long_form[] = { "x", "a=1", "--help", "--foo", NULL };
	char *short_form[] = { "x", "-h", NULL };
	struct values values;
	struct text_list rest;
	struct problem problem;

	(void)state;
	assert_int_equal(parse(long_form, &values, &rest, &problem), OPTIONS_HELP);
	options_end(options, ARRAY_SIZE(options), &values, &rest);
	assert_int_equal(parse(short_form, &values, &rest, &problem), OPTIONS_HELP);
	options_end(options, ARRAY_SIZE(options), &values, &rest);
}

static void test_largest_number(void **state)
{
	char *words[] = { "x", "-n", "18446744073709551615", NULL };
	struct values values;
	struct text_list rest;
	struct problem problem;

	(void)state;
	assert_int_equal(parse(words, &values, &rest, &problem), 0);
	assert_true(values.limit == UINT64_MAX);
	options_end(options, ARRAY_SIZE(options), &values, &rest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_largest_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
