/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct csv csv;

static int end(void **state)
{
	(void)state;
	csv_free(&csv);
	return 0;
}

/* From a heap block of its own, so that a byte too far is noticed. */
static int parse(const char *text, struct problem *problem)
{
	size_t length = strlen(text);
	char *block = malloc(length + (length == 0));
	int error;

	assert_non_null(block);
	memcpy(block, text, length);
	csv_free(&csv);
	error = csv_read(&csv, block, length, problem);
	free(block);
	return error;
}

static void assert_rows(const char *text, const char *wanted)
{
	char got[512] = "";
	size_t n = 0;

	assert_int_equal(parse(text, NULL), 0);
	for (size_t i = 0; i < csv.n_rows; i++) {
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%u:", csv.rows[i].line);
		for (size_t k = 0; k < csv.rows[i].n; k++) {
			n += (size_t)snprintf(got + n, sizeof(got) - n, "[%s]",
					      csv_cell(&csv, &csv.rows[i], k));
		}
	}
	assert_string_equal(got, wanted);
}

static void test_rows(void **state)
{
	(void)state;
	assert_rows("", "");
	assert_rows("\n\r\n\n", "");
	assert_rows("a", "1:[a]");
	assert_rows("a,b\r\nc,d\r\n", "1:[a][b]2:[c][d]");
	assert_rows("a,b\nc,d", "1:[a][b]2:[c][d]");
	assert_rows("a,\n,\n", "1:[a][]2:[][]");
	assert_rows("a,b\n\n\nc,d\n", "1:[a][b]4:[c][d]");
	assert_rows("\xef\xbb\xbf"
		    "a,b\n",
		    "1:[a][b]");
	assert_rows("a,b,", "1:[a][b][]");
}

static void test_quotes(void **state)
{
	(void)state;
	assert_rows("\"a\"\"b\",\"c,d\"\n", "1:[a\"b][c,d]");
	assert_rows("\"a\nb\",c\nd,e\n", "1:[a\nb][c]3:[d][e]");
	assert_rows("\"a\r\nb\",\"\"\r\n", "1:[a\r\nb][]");
	assert_rows("\"\"", "");
	assert_rows("\"\"\"\"", "1:[\"]");
}

static void test_separators(void **state)
{
	(void)state;
	assert_rows("a;b\n1,5;2\n", "1:[a][b]2:[1,5][2]");
	assert_rows("a\tb\n", "1:[a][b]");
	assert_rows("\"a;b;c\",d\n", "1:[a;b;c][d]");
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "a,\"b\n", "line 1: a quote that is not closed" },
		{ "a\nb\n\"c", "line 3: a quote that is not closed" },
		{ "a\n\"b\"c\n", "line 2: text behind a closing quote" },
		{ "a\nb\"c\n", "line 2: a quote in a cell that does not begin with one" },
		{ "\xff\xfe"
		  "a",
		  "UTF-16" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct problem problem = { "" };

		assert_int_equal(parse(rows[i].text, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, rows[i].said));
	}
}

static void test_too_much(void **state)
{
	char text[CSV_COLUMNS_MAX + 1];

	(void)state;
	memset(text, ',', sizeof(text));
	text[CSV_COLUMNS_MAX - 1] = '\0';
	assert_int_equal(parse(text, NULL), 0);
	assert_int_equal(csv.rows[0].n, CSV_COLUMNS_MAX);
	text[CSV_COLUMNS_MAX - 1] = ',';
	text[CSV_COLUMNS_MAX] = '\0';
	assert_int_equal(parse(text, NULL), -EINVAL);
	csv_free(&csv);
	assert_int_equal(csv_read(&csv, "a\0b", 3, NULL), -EINVAL);
}

/* ---- what columns mean ---- */

static void assert_edit(const char *text, const char *map, const char *wanted)
{
	struct import_plan plan;
	struct buffer out = { 0 };
	struct json json = json_to(&out);
	struct problem problem = { "" };

	assert_int_equal(parse(text, NULL), 0);
	assert_int_equal(import_plan(&plan, &csv, map, &problem), 0);
	assert_int_equal(import_check(&plan, &csv, &csv.rows[1], &problem), 0);
	if (wanted == NULL) {
		assert_false(import_write(&plan, &csv, &csv.rows[1], &json));
	} else {
		assert_true(import_write(&plan, &csv, &csv.rows[1], &json));
		assert_string_equal(out.data, wanted);
	}
	buffer_free(&out);
}

static void test_columns(void **state)
{
	(void)state;
	assert_edit("Serial Number,IP Address,Owner,Colour\n4711,10.0.0.1,Eva,red\n", NULL,
		    "{\"serial\":\"4711\",\"address\":\"10.0.0.1\",\"set\":{\"owner\":\"Eva\"}}");
	assert_edit(
	    "ip;Kritisch;Anlage\n10.0.0.1;HIGH;Presse\n", "Kritisch=criticality,Anlage=name",
	    "{\"address\":\"10.0.0.1\",\"set\":{\"criticality\":\"high\",\"name\":\"Presse\"}}");
	assert_edit("mac,owner,responsible\n00:80:f4:00:00:01,a,b\n",
		    "owner=", "{\"mac\":\"00:80:f4:00:00:01\",\"set\":{\"owner\":\"b\"}}");
	/* Empty cells say nothing; nor does a row without a key. */
	assert_edit("ip,owner,zone\n10.0.0.1,,z\n", NULL,
		    "{\"address\":\"10.0.0.1\",\"set\":{\"zone\":\"z\"}}");
	assert_edit("ip,owner\n10.0.0.1,\n", NULL, NULL);
	assert_edit("ip,owner\n,eva\n", NULL, NULL);
	assert_edit("ip,owner\n10.0.0.1\n", NULL, NULL);
}

static void test_wrong_plans(void **state)
{
	static const struct {
		const char *text, *map, *said;
	} rows[] = {
		{ "", NULL, "no header line" },
		{ "owner\n", NULL, "no column means serial, mac or address" },
		{ "ip\n", NULL, "no column means anything that can be set" },
		{ "ip,owner,responsible\n", NULL, "two columns mean 'owner'" },
		{ "ip,owner\n", "x", "--map wants column=field" },
		{ "ip,owner\n", "x=owner", "the file has no column 'x'" },
		{ "ip,owner\n", "owner=vendor", "no field 'vendor'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct problem problem = { "" };
		struct import_plan plan;

		assert_int_equal(parse(rows[i].text, NULL), 0);
		assert_int_equal(import_plan(&plan, &csv, rows[i].map, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, rows[i].said));
	}
}

static void test_wrong_rows(void **state)
{
	struct problem problem = { "" };
	struct import_plan plan;

	(void)state;
	assert_int_equal(parse("ip,criticality\n10.0.0.1,huge\n10.0.0.1,low,x\n", NULL), 0);
	assert_int_equal(import_plan(&plan, &csv, NULL, NULL), 0);
	assert_int_equal(import_check(&plan, &csv, &csv.rows[1], &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "criticality wants one of"));
	assert_int_equal(import_check(&plan, &csv, &csv.rows[2], NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_rows, end),
		cmocka_unit_test_teardown(test_quotes, end),
		cmocka_unit_test_teardown(test_separators, end),
		cmocka_unit_test_teardown(test_mistakes, end),
		cmocka_unit_test_teardown(test_too_much, end),
		cmocka_unit_test_teardown(test_columns, end),
		cmocka_unit_test_teardown(test_wrong_plans, end),
		cmocka_unit_test_teardown(test_wrong_rows, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
