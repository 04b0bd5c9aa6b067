/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/yaml.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct yaml *read_text(const char *text)
{
	struct problem problem = { "" };
	struct yaml *yaml = NULL;
	int error = yaml_read_bytes(&yaml, "t.yml", text, strlen(text), &problem);

	if (error != 0) {
		fail_msg("%s", problem.text);
	}
	return yaml;
}

static void expect_problem(const char *text, const char *expected)
{
	struct problem problem = { "" };
	struct yaml *yaml = NULL;

	assert_int_equal(yaml_read_bytes(&yaml, "t.yml", text, strlen(text), &problem), -EINVAL);
	assert_null(yaml);
	assert_string_equal(problem.text, expected);
}

static void reads_a_tree_with_positions(void **state)
{
	struct yaml *yaml = read_text("a: 1\nb:\n  - x\n  - 'y z'\nc: {d: ~}\n");
	const struct yaml_node *root = yaml_document(yaml, 0), *b = yaml_get(root, "b");

	(void)state;
	assert_int_equal(yaml_n_documents(yaml), 1);
	assert_string_equal(yaml_name(yaml), "t.yml");
	assert_int_equal(root->kind, YAML_MAP);
	assert_int_equal(root->n_children, 3);
	assert_null(root->key);
	assert_int_equal(root->key_line, 0);
	assert_int_equal(b->kind, YAML_LIST);
	assert_int_equal(b->n_children, 2);
	assert_int_equal(b->key_line, 2);
	assert_int_equal(b->key_column, 1);
	assert_int_equal(b->child->line, 3);
	assert_int_equal(b->child->column, 5);
	assert_false(b->child->quoted);
	assert_string_equal(b->child->next->text, "y z");
	assert_true(b->child->next->quoted);
	assert_null(b->child->next->next);
	assert_true(yaml_is_null(yaml_get(yaml_get(root, "c"), "d")));
	assert_null(yaml_get(root, "z"));
	assert_null(yaml_get(b, "x"));
	assert_null(yaml_get(NULL, "x"));
	assert_null(yaml_free(yaml));
}

static void reads_several_documents(void **state)
{
	struct yaml *yaml = read_text("a: 1\n---\n---\n''\n---\n- b\n");

	(void)state;
	assert_int_equal(yaml_n_documents(yaml), 4);
	assert_non_null(yaml_document(yaml, 0));
	assert_null(yaml_document(yaml, 1));
	assert_non_null(yaml_document(yaml, 2));
	assert_int_equal(yaml_document(yaml, 3)->kind, YAML_LIST);
	assert_null(yaml_document(yaml, 4));
	yaml_free(yaml);
	yaml = read_text("# nothing\n");
	assert_int_equal(yaml_n_documents(yaml), 0);
	yaml_free(yaml);
}

static void resolves_aliases(void **state)
{
	struct yaml *yaml = read_text("a: &x {k: [1, 2]}\nb: *x\nc: [*x, 3]\n");
	const struct yaml_node *root = yaml_document(yaml, 0), *b = yaml_get(root, "b");

	(void)state;
	assert_string_equal(yaml_get(b, "k")->child->next->text, "2");
	assert_string_equal(b->key, "b");
	assert_int_equal(b->line, 2);
	assert_int_equal(yaml_get(root, "c")->n_children, 2);
	assert_string_equal(yaml_get(root, "c")->child->next->text, "3");
	yaml_free(yaml);
}

static void refuses_what_is_wrong(void **state)
{
	(void)state;
	expect_problem("a: 1\nb: 2\na: 3\n",
		       "t.yml:3:1: the key 'a' is there twice (first in line 1)");
	expect_problem("a: *x\n", "t.yml:1:4: an alias without an anchor of this name before it");
	expect_problem("a: &x [*x]\n", "t.yml:1:8: an alias to a value that contains it");
	expect_problem("? [a]\n: 1\n", "t.yml:1:3: a key must be a plain word or a string");
	expect_problem("a: !!binary aGk=\n",
		       "t.yml:1:4: this tag is not supported; write the value without it");
	expect_problem("\"a\\0b\": 1\n", "t.yml:1:1: a key with a NUL in it");
	expect_problem("&x a: 1\n", "t.yml:1:1: an anchor at a key is not supported");
}

static void names_the_place_of_a_syntax_error(void **state)
{
	struct problem problem = { "" };
	struct yaml *yaml = NULL;

	(void)state;
	assert_int_equal(yaml_read_bytes(&yaml, "t.yml", "a: [1\nb: 2\n", 11, &problem), -EINVAL);
	assert_int_equal(strncmp(problem.text, "t.yml:2:", 8), 0);
	problem.text[0] = '\0';
	assert_int_equal(yaml_read_bytes(&yaml, "t.yml", "a: \xff\xfe\n", 6, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "t.yml:1:"));
	assert_int_equal(yaml_read_bytes(&yaml, "t.yml", "a: [1", 5, NULL), -EINVAL);
}

static void nest(char *text, unsigned depth)
{
	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	text[2 * depth] = '\0';
}

static void caps_the_depth(void **state)
{
	char text[256];

	(void)state;
	nest(text, 64);
	yaml_free(read_text(text));
	nest(text, 65);
	expect_problem(text, "t.yml:1:65: nested more than 64 levels deep");
	yaml_free(read_text("a: 1"));
}

static void caps_what_aliases_expand_to(void **state)
{
	char text[2048] = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
	struct problem problem = { "" };
	struct yaml *yaml = NULL;

	(void)state;
	for (int i = 1; i < 9; i++) {
		size_t n = strlen(text);

		n += (size_t)snprintf(text + n, sizeof(text) - n, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++) {
			n += (size_t)snprintf(text + n, sizeof(text) - n, "*a%d,", i - 1);
		}
		snprintf(text + n, sizeof(text) - n, "]\n");
	}
	assert_int_equal(yaml_read_bytes(&yaml, "t.yml", text, strlen(text), &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "more than 200,000 values in one file"));
}

static void caps_the_number_of_values(void **state)
{
	size_t n = 200000 - 1;
	char *text = malloc(2 * n + 8), *at = text;

	(void)state;
	assert_non_null(text);
	*at++ = '[';
	for (size_t i = 0; i < n; i++) {
		*at++ = '1';
		*at++ = ',';
	}
	memcpy(at, "]", 2);
	yaml_free(read_text(text));
	memcpy(at, "1]", 3);
	expect_problem(text, "t.yml:1:400000: more than 200,000 values in one file");
	free(text);
}

struct scalar_case {
	const char *text;
	int is_null, as_bool; /* as_bool: -1 no, 0, 1 */
	bool is_int;
	int64_t integer;
	bool is_double;
	double real;
};

static void knows_the_core_schema(void **state)
{
	static const struct scalar_case cases[] = {
		{ "~", 1, -1, false, 0, false, 0 },
		{ "null", 1, -1, false, 0, false, 0 },
		{ "nULL", 0, -1, false, 0, false, 0 },
		{ "true", 0, 1, false, 0, false, 0 },
		{ "FALSE", 0, 0, false, 0, false, 0 },
		{ "yes", 0, -1, false, 0, false, 0 },
		{ "'true'", 0, -1, false, 0, false, 0 },
		{ "12", 0, -1, true, 12, true, 12 },
		{ "-7", 0, -1, true, -7, true, -7 },
		{ "0x1F", 0, -1, true, 31, true, 31 },
		{ "0o17", 0, -1, true, 15, true, 15 },
		{ "012", 0, -1, true, 12, true, 12 },
		{ "'12'", 0, -1, false, 0, false, 0 },
		{ "1_000", 0, -1, false, 0, false, 0 },
		{ "9223372036854775807", 0, -1, true, INT64_MAX, true, 9223372036854775807.0 },
		{ "9223372036854775808", 0, -1, false, 0, true, 9223372036854775808.0 },
		{ "1.5", 0, -1, false, 0, true, 1.5 },
		{ ".5", 0, -1, false, 0, true, 0.5 },
		{ "1e3", 0, -1, false, 0, true, 1000 },
		{ "-1.e-1", 0, -1, false, 0, true, -0.1 },
		{ "1e", 0, -1, false, 0, false, 0 },
		{ ".", 0, -1, false, 0, false, 0 },
		{ "0x", 0, -1, false, 0, false, 0 },
		{ "+", 0, -1, false, 0, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[64];
		struct yaml *yaml;
		const struct yaml_node *node;
		int64_t integer = 0;
		double real = 0;
		bool boolean = false;

		snprintf(text, sizeof(text), "[%s]", cases[i].text);
		yaml = read_text(text);
		node = yaml_document(yaml, 0)->child;
		print_message("%s\n", cases[i].text);
		assert_int_equal(yaml_is_null(node), cases[i].is_null);
		assert_int_equal(yaml_as_bool(node, &boolean), cases[i].as_bool >= 0);
		assert_int_equal(boolean, cases[i].as_bool == 1);
		assert_int_equal(yaml_as_int(node, &integer), cases[i].is_int);
		assert_int_equal(integer, cases[i].integer);
		assert_int_equal(yaml_as_double(node, &real), cases[i].is_double);
		assert_true(real <= cases[i].real && real >= cases[i].real);
		yaml_free(yaml);
	}
}

static void explicit_tags_make_strings(void **state)
{
	struct yaml *yaml = read_text("[!!str 5, ! 6, !!int 7]");
	const struct yaml_node *node = yaml_document(yaml, 0)->child;
	int64_t integer;

	(void)state;
	assert_false(yaml_as_int(node, &integer));
	assert_false(yaml_as_int(node->next, &integer));
	assert_true(yaml_as_int(node->next->next, &integer));
	yaml_free(yaml);
}

static void reports_missing_files(void **state)
{
	struct problem problem = { "" };
	struct yaml *yaml = NULL;

	(void)state;
	assert_int_equal(yaml_read_file(&yaml, "/nonexistent.yml", &problem), -ENOENT);
	assert_string_equal(problem.text, "/nonexistent.yml: No such file or directory");
	assert_int_equal(yaml_read_file(&yaml, "/", NULL), -EISDIR);
	assert_int_equal(yaml_read_file(&yaml, "/dev/null", NULL), 0);
	assert_int_equal(yaml_n_documents(yaml), 0);
	yaml_free(yaml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_tree_with_positions),
		cmocka_unit_test(reads_several_documents),
		cmocka_unit_test(resolves_aliases),
		cmocka_unit_test(refuses_what_is_wrong),
		cmocka_unit_test(names_the_place_of_a_syntax_error),
		cmocka_unit_test(caps_the_depth),
		cmocka_unit_test(caps_what_aliases_expand_to),
		cmocka_unit_test(caps_the_number_of_values),
		cmocka_unit_test(knows_the_core_schema),
		cmocka_unit_test(explicit_tags_make_strings),
		cmocka_unit_test(reports_missing_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
