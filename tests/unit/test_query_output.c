/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/query_output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
	{ "id", { "id" }, CELL_TEXT, true, 0, "id" },
	{ "state", { "state" }, CELL_TEXT, true, 0, "state" },
	{ "size", { "size" }, CELL_BYTES, false, 0, "size" },
};

static char *text;
static size_t text_length;

static bool not_closed(void *context, const struct tree *document)
{
	(void)context;
	return strcmp(tree_text(document, "state"), "closed") != 0;
}

static bool give(struct output *output, const char *json)
{
	struct tree *document = NULL;

	assert_int_equal(tree_read(&document, json, strlen(json)), 0);
	bool more = output_document(output, document, json, strlen(json));
	tree_free(document);
	return more;
}

static void give_numbers(struct output *output, unsigned n)
{
	char json[64];

	for (unsigned i = 1; i <= n; i++) {
		snprintf(json, sizeof(json), "{\"id\":\"%u\",\"state\":\"open\"}\n", i);
		assert_true(give(output, json));
	}
}

/* Flushes, compares what was written and ends. */
static void assert_shown(struct output *output, FILE *stream, const char *wanted)
{
	assert_int_equal(output_flush(output), 0);
	assert_string_equal(text, wanted);
	output_free(output);
	fclose(stream);
	free(text);
	text = NULL;
}

static void test_first(void **state)
{
	FILE *stream = open_memstream(&text, &text_length);
	struct output_options options = { .columns = columns,
					  .n_columns = ARRAY_SIZE(columns),
					  .json = true,
					  .limit = 2,
					  .stream = stream };
	struct output *output = NULL;

	(void)state;
	assert_int_equal(output_new(&output, &options, NULL), 0);
	give_numbers(output, 3);
	assert_int_equal(output_left_out(output), 1);
	assert_shown(output, stream,
		     "{\"id\":\"1\",\"state\":\"open\"}\n{\"id\":\"2\",\"state\":\"open\"}\n");
}

static void test_newest(void **state)
{
	static const struct {
		unsigned given, left_out;
		const char *wanted;
	} cases[] = {
		{ 1, 0, "{\"id\":\"1\",\"state\":\"open\"}\n" },
		{ 2, 0, "{\"id\":\"1\",\"state\":\"open\"}\n{\"id\":\"2\",\"state\":\"open\"}\n" },
		{ 3, 1, "{\"id\":\"2\",\"state\":\"open\"}\n{\"id\":\"3\",\"state\":\"open\"}\n" },
		{ 4, 2, "{\"id\":\"3\",\"state\":\"open\"}\n{\"id\":\"4\",\"state\":\"open\"}\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		FILE *stream = open_memstream(&text, &text_length);
		struct output_options options = { .columns = columns,
						  .n_columns = ARRAY_SIZE(columns),
						  .json = true,
						  .newest = true,
						  .limit = 2,
						  .stream = stream };
		struct output *output = NULL;

		assert_int_equal(output_new(&output, &options, NULL), 0);
		give_numbers(output, cases[i].given);
		assert_int_equal(output_left_out(output), cases[i].left_out);
		assert_shown(output, stream, cases[i].wanted);
	}
}

/* The latest document of each id, judged as it is then, in the order of first sight. */
static void test_unique(void **state)
{
	FILE *stream = open_memstream(&text, &text_length);
	struct output_options options = { .columns = columns,
					  .n_columns = ARRAY_SIZE(columns),
					  .json = true,
					  .newest = true,
					  .unique = "id",
					  .wanted = not_closed,
					  .stream = stream };
	struct output *output = NULL;

	(void)state;
	assert_int_equal(output_new(&output, &options, NULL), 0);
	give_numbers(output, 3);
	assert_true(give(output, "{\"id\":\"1\",\"state\":\"updated\"}"));
	assert_true(give(output, "{\"id\":\"2\",\"state\":\"closed\"}"));
	assert_shown(output, stream,
		     "{\"id\":\"1\",\"state\":\"updated\"}\n{\"id\":\"3\",\"state\":\"open\"}\n");
}

/* The limit takes the first in the order asked for; equal ones stay as they came. */
static void test_sorted(void **state)
{
	FILE *stream = open_memstream(&text, &text_length);
	struct output_options options = { .columns = columns,
					  .n_columns = ARRAY_SIZE(columns),
					  .sort = "state,-id",
					  .newest = true,
					  .json = true,
					  .limit = 3,
					  .stream = stream };
	struct output *output = NULL;

	(void)state;
	assert_int_equal(output_new(&output, &options, NULL), 0);
	give_numbers(output, 11);
	assert_true(give(output, "{\"id\":\"12\",\"state\":\"closed\"}"));
	assert_true(give(output, "{\"id\":\"11\",\"state\":\"open\",\"size\":1}"));
	assert_shown(output, stream,
		     "{\"id\":\"12\",\"state\":\"closed\"}\n{\"id\":\"11\",\"state\":"
		     "\"open\"}\n{\"id\":\"11\",\"state\":\"open\",\"size\":1}\n");
}

static void test_table(void **state)
{
	FILE *stream = open_memstream(&text, &text_length);
	struct output_options options = { .columns = columns,
					  .n_columns = ARRAY_SIZE(columns),
					  .selection = "+size,a.b",
					  .stream = stream };
	struct output *output = NULL;

	(void)state;
	assert_int_equal(output_new(&output, &options, NULL), 0);
	assert_true(give(output, "{\"id\":\"x\\u001b[31m\",\"state\":\"open\",\"size\":2048,"
				 "\"a\":{\"b\":[1,2]}}"));
	assert_int_equal(output_flush(output), 0);
	assert_non_null(strstr(text, "ID"));
	assert_non_null(strstr(text, "a.b"));
	assert_non_null(strstr(text, "2.0 KiB"));
	assert_non_null(strstr(text, "1, 2"));
	assert_null(strchr(text, '\033'));
	output_free(output);
	fclose(stream);
	free(text);
}

static void test_many_unique(void **state)
{
	FILE *stream = open_memstream(&text, &text_length);
	struct output_options options = { .columns = columns,
					  .n_columns = ARRAY_SIZE(columns),
					  .json = true,
					  .newest = true,
					  .unique = "id",
					  .wanted = not_closed,
					  .limit = 1,
					  .stream = stream };
	struct output *output = NULL;

	(void)state;
	assert_int_equal(output_new(&output, &options, NULL), 0);
	give_numbers(output, 2000);
	give_numbers(output, 2000);
	assert_shown(output, stream, "{\"id\":\"2000\",\"state\":\"open\"}\n");
}

/* Following begins behind what was kept, and shows each document once. */
static void test_follow(void **state)
{
	FILE *stream = open_memstream(&text, &text_length);
	struct output_options options = { .columns = columns,
					  .n_columns = ARRAY_SIZE(columns),
					  .json = true,
					  .newest = true,
					  .limit = 1,
					  .stream = stream };
	struct output *output = NULL;

	(void)state;
	assert_int_equal(output_new(&output, &options, NULL), 0);
	give_numbers(output, 2);
	assert_int_equal(output_flush(output), 0);
	output_follow(output);
	assert_int_equal(output_flush(output), 0);
	assert_true(give(output, "{\"id\":\"3\",\"state\":\"open\"}"));
	assert_shown(output, stream,
		     "{\"id\":\"2\",\"state\":\"open\"}\n{\"id\":\"3\",\"state\":\"open\"}\n");
}

static void test_wrong_column(void **state)
{
	struct output_options options = { .columns = columns,
					  .n_columns = ARRAY_SIZE(columns),
					  .selection = "id,nothing",
					  .stream = stdout };
	struct output *output = NULL;
	struct problem problem = { "" };

	(void)state;
	assert_int_equal(output_new(&output, &options, &problem), -EINVAL);
	assert_string_equal(problem.text, "no column 'nothing'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),  cmocka_unit_test(test_newest),
		cmocka_unit_test(test_unique), cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_table),  cmocka_unit_test(test_many_unique),
		cmocka_unit_test(test_follow), cmocka_unit_test(test_wrong_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
