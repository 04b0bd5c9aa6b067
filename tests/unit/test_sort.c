/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/sort.h"

#include <errno.h>

static const struct column columns[] = {
	{ "name", { "name", "other" }, CELL_TEXT, true, 0, "" },
	{ "ip", { "ip" }, CELL_ADDRESS, true, 0, "" },
	{ "bytes", { "bytes" }, CELL_BYTES, true, 0, "" },
	{ "last", { "last" }, CELL_TIME, true, 0, "" },
	{ "level", { "level" }, CELL_LEVEL, true, 0, "" },
};

static struct sort_value *values_of(const struct sorting *sorting, const char *json)
{
	struct tree *document = NULL;

	assert_int_equal(tree_read(&document, json, strlen(json)), 0);
	struct sort_value *values = sort_values(sorting, document);
	assert_non_null(values);
	tree_free(document);
	return values;
}

/* The sign of what the order says about two documents. */
static int order_of(const char *by, const char *a, const char *b)
{
	struct sorting *sorting = NULL;

	assert_int_equal(sorting_new(&sorting, by, columns, ARRAY_SIZE(columns), NULL), 0);
	struct sort_value *x = values_of(sorting, a), *y = values_of(sorting, b);
	int order = sort_compare(sorting, x, y);
	assert_int_equal(sort_compare(sorting, y, x) > 0, order < 0);
	sort_values_free(sorting, x);
	sort_values_free(sorting, y);
	sorting_free(sorting);
	return (order > 0) - (order < 0);
}

static void test_kinds(void **state)
{
	static const struct {
		const char *by, *less, *more;
	} cases[] = {
		{ "bytes", "{\"bytes\":9}", "{\"bytes\":10}" },
		{ "ip", "{\"ip\":[\"10.0.0.9\"]}", "{\"ip\":[\"10.0.0.10\"]}" },
		{ "ip", "{\"ip\":\"250.0.0.1\"}", "{\"ip\":\"2001:db8::1\"}" },
		{ "last", "{\"last\":\"2026-11-22T07:52:20Z\"}",
		  "{\"last\":\"2026-11-22T07:52:20.123Z\"}" },
		{ "level", "{\"level\":\"low\"}", "{\"level\":\"high\"}" },
		{ "name", "{\"name\":\"V4.9\"}", "{\"name\":\"V4.10\"}" },
		{ "name", "{\"name\":\"alpha\"}", "{\"name\":\"Beta\"}" },
		{ "name", "{\"other\":\"a\"}", "{\"name\":\"b\"}" },
		{ "free.path", "{\"free\":{\"path\":2}}", "{\"free\":{\"path\":11}}" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char reversed[32] = "-";

		strcat(reversed, cases[i].by);
		if (order_of(cases[i].by, cases[i].less, cases[i].more) != -1 ||
		    order_of(reversed, cases[i].less, cases[i].more) != 1) {
			fail_msg("%s: %s", cases[i].by, cases[i].less);
		}
	}
}

static void test_missing_is_last(void **state)
{
	(void)state;
	assert_int_equal(order_of("bytes", "{\"bytes\":1}", "{}"), -1);
	assert_int_equal(order_of("-bytes", "{\"bytes\":1}", "{}"), -1);
	assert_int_equal(order_of("bytes", "{}", "{}"), 0);
}

static void test_several(void **state)
{
	(void)state;
	assert_int_equal(
	    order_of("name,-bytes", "{\"name\":\"a\",\"bytes\":1}", "{\"name\":\"A\",\"bytes\":2}"),
	    1);
	assert_int_equal(order_of("name,-bytes", "{\"name\":\"a\"}", "{\"name\":\"b\"}"), -1);
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = { "",          "none", "name,",
					     "name,none", "-",    "ip,ip,ip,ip,ip,ip,ip,ip,ip" };
	struct sorting *sorting = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct problem problem = { "" };

		assert_int_equal(
		    sorting_new(&sorting, wrong[i], columns, ARRAY_SIZE(columns), &problem),
		    -EINVAL);
		assert_true(problem.text[0] != '\0');
	}
	assert_null(sorting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_missing_is_last),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
