/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text in a heap block of its own, so that a byte too far is noticed. */
struct text {
	char *block;
	struct tree *tree;
};

static int read_text(struct text *text, const char *json, size_t length)
{
	text->block = malloc(length + (length == 0));
	text->tree = NULL;
	assert_non_null(text->block);
	memcpy(text->block, json, length);
	return tree_read(&text->tree, text->block, length);
}

static void text_end(struct text *text)
{
	tree_free(text->tree);
	free(text->block);
}

static const char document[] =
    " { \"a\" : { \"b\" : \"one\" , \"n\": -12.5e1, \"list\":[1, \"two\", {\"deep\":[true,null]},"
    " {\"deep\":false}] }, \"x.y\":{\"z\":\"dotted\"}, \"esc\":\"q\\\"\\\\\\/\\b\\f\\n\\r\\t"
    "\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\ud800|\", \"big\":18446744073709551615,"
    " \"k\\u0065y\":\"escaped key\", \"empty\":{}, \"none\":[], \"null\":null, \"t\":true } ";

static bool add(void *context, const struct tree_value *value)
{
	char *out = context;

	snprintf(out + strlen(out), 200 - strlen(out), "%s;", value->text);
	return true;
}

static void assert_visits(const struct text *text, const char *path, const char *wanted)
{
	char got[200] = "";

	assert_true(tree_visit(text->tree, path, add, got));
	assert_string_equal(got, wanted);
}

static void test_values(void **state)
{
	struct text text;

	(void)state;
	assert_int_equal(read_text(&text, document, strlen(document)), 0);
	assert_visits(&text, "a.b", "one;");
	assert_visits(&text, "a.n", "-125;");
	assert_visits(&text, "a.list", "1;two;true;false;");
	assert_visits(&text, "a.list.deep", "true;false;");
	assert_visits(&text, "x.y.z", "dotted;");
	assert_visits(&text, "key", "escaped key;");
	assert_visits(&text, "a.*", "b;n;list;");
	assert_visits(&text, "a.b.c", "");
	assert_visits(&text, "a.bb", "");
	assert_visits(&text, "null", "");
	assert_visits(&text, "empty", "");
	assert_visits(&text, "empty.*", "");
	assert_visits(&text, "none", "");
	assert_visits(&text, "big", "1.84467e+19;");
	assert_string_equal(tree_text(text.tree, "esc"),
			    "q\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd|");
	assert_null(tree_text(text.tree, "a"));
	assert_null(tree_text(text.tree, "a.n"));
	assert_null(tree_text(text.tree, "missing"));
	assert_true(tree_number(text.tree, "a.n") == -125);
	assert_true(tree_number(text.tree, "a.b") == 0);
	assert_true(tree_true(text.tree, "t"));
	assert_false(tree_true(text.tree, "a.b"));
	assert_false(tree_true(text.tree, "missing"));
	text_end(&text);
}

static bool stop(void *context, const struct tree_value *value)
{
	unsigned *n = context;

	(void)value;
	return ++*n < 2;
}

static void test_a_visit_is_stopped(void **state)
{
	struct text text;
	unsigned n = 0;

	(void)state;
	assert_int_equal(read_text(&text, document, strlen(document)), 0);
	assert_false(tree_visit(text.tree, "", stop, &n));
	assert_int_equal(n, 2);
	text_end(&text);
}

static void add_member(void *context, const char *key, const struct tree *member)
{
	char *out = context;
	const char *value = tree_text(member, "");

	snprintf(out + strlen(out), 200 - strlen(out), "%s=%s;", key, value != NULL ? value : "-");
}

static void test_members(void **state)
{
	struct text text;
	char got[200] = "";

	(void)state;
	assert_int_equal(read_text(&text, document, strlen(document)), 0);
	tree_members(text.tree, "a", add_member, got);
	tree_members(text.tree, "a.list", add_member, got);
	tree_members(text.tree, "a.b", add_member, got);
	tree_members(text.tree, "empty", add_member, got);
	assert_string_equal(got, "b=one;n=-;list=-;=-;=two;=-;=-;");
	text_end(&text);
}

/* More values than find room beside the tree. */
static void test_many_values(void **state)
{
	char json[20000];
	struct text text;
	size_t n = 0;

	(void)state;
	n += (size_t)snprintf(json, sizeof(json), "{\"list\":[\"first\"");
	for (unsigned i = 0; i < 1000; i++) {
		n += (size_t)snprintf(json + n, sizeof(json) - n, ",\"value %u\"", i);
	}
	n += (size_t)snprintf(json + n, sizeof(json) - n, "],\"last\":\"end\"}");
	assert_int_equal(read_text(&text, json, n), 0);
	const char *end = tree_text(text.tree, "last");
	char got[200] = "";
	assert_true(tree_visit(text.tree, "list", add, got));
	assert_memory_equal(got, "first;value 0;value 1;", 22);
	assert_string_equal(end, "end");
	text_end(&text);
}

static void test_what_is_no_document(void **state)
{
	static const char *const wrong[] = {
		"",
		" ",
		"[]",
		"7",
		"\"a\"",
		"null",
		"{",
		"}",
		"{}}",
		"{} x",
		"{,}",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{a:1}",
		"{\"a\":[1,]}",
		"{\"a\":[1 2]}",
		"{\"a\":01}",
		"{\"a\":+1}",
		"{\"a\":1.}",
		"{\"a\":.5}",
		"{\"a\":1e}",
		"{\"a\":-}",
		"{\"a\":tru}",
		"{\"a\":nul",
		"{\"a\":\"}",
		"{\"a\":\"\\x\"}",
		"{\"a\":\"\\u12g4\"}",
		"{\"a\":\"\\u12",
		"{\"a\":\"\n\"}",
		"{\"a\":\"\xff\"}",
		"{\"a\":\"\xc0\x80\"}",
		"{\"a\":\"\xed\xa0\x80\"}",
		"{\"a\":\"\xe2\x82\"}",
		"{\"a\":\"\\",
		"{\"a\"",
		"{\"a\" 1}",
		"{\"a\":1]",
		"{\"a\":[1}",
		"{\"a\":NaN}",
		"{'a':1}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct text text;
		int error = read_text(&text, wrong[i], strlen(wrong[i]));

		if (error != -EINVAL) {
			print_error("%s\n", wrong[i]);
		}
		assert_int_equal(error, -EINVAL);
		text_end(&text);
	}
}

/* A document cut anywhere is none, and no byte behind it is looked at. */
static void test_every_cut(void **state)
{
	size_t whole = strlen(document) - 1; /* the space behind it may go */

	(void)state;
	for (size_t n = 0; n < whole; n++) {
		struct text text;

		assert_int_equal(read_text(&text, document, n), -EINVAL);
		text_end(&text);
	}
}

static void test_too_deep(void **state)
{
	struct text text;
	char json[400];
	size_t n = 0;

	(void)state;
	n += (size_t)snprintf(json, sizeof(json), "{\"a\":");
	memset(json + n, '[', 100);
	memset(json + n + 100, ']', 100);
	n += 200;
	json[n++] = '}';
	assert_int_equal(read_text(&text, json, n), -EINVAL);
	text_end(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_a_visit_is_stopped),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_many_values),
		cmocka_unit_test(test_what_is_no_document),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_too_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
