/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Values found in the text of a document: at their paths, and at no other; cut anywhere, it reads
 * nothing behind the end. */

#include "store/document_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char document[] =
    "{\"@timestamp\":\"2026-01-12T06:00:24.007671Z\",\"event\":{\"id\":\"71f5\", \"n\" : 7 },"
    "\"id\":\"outer\",\"list\":[{\"event\":{\"id\":\"inner\"}},\"]\",[1,2]],"
    "\"weir\":{\"event\":{\"id\":\"deeper\"},\"asset\":{\"id\":\"a\\\"b\",\"name\":\"x\\\\\"},"
    "\"output\":{\"name\":\"siem\",\"sequence\":18446744073709551615},\"empty\":{},\"blank\":\"\","
    "\"learning\":true},\"text\":\"\\\"event\\\":{\\\"id\\\":\\\"fake\\\"}\",\"last\":\"z\"}";

static void expect(const char *json, size_t length, const char *path, const char *expected)
{
	struct document_value value = { .path = path };

	document_scan(json, length, &value, 1);
	if (expected == NULL) {
		assert_null(value.text);
		return;
	}
	assert_non_null(value.text);
	assert_int_equal(value.length, strlen(expected));
	assert_memory_equal(value.text, expected, value.length);
}

static void test_found(void **state)
{
	static const struct {
		const char *path, *expected;
	} cases[] = {
		{ "@timestamp", "2026-01-12T06:00:24.007671Z" },
		{ "event.id", "71f5" },
		{ "event.n", "7" },
		{ "id", "outer" },
		{ "weir.event.id", "deeper" },
		{ "weir.output.name", "siem" },
		{ "weir.output.sequence", "18446744073709551615" },
		{ "weir.blank", "" },
		{ "weir.learning", "true" },
		{ "last", "z" },
		{ "weir.asset.id", NULL },   /* with an escape */
		{ "weir.asset.name", NULL }, /* with another */
		{ "weir.empty", NULL },
		{ "event", NULL },
		{ "list.event.id", NULL },
		{ "asset.id", NULL },
		{ "weir.last", NULL },
		{ "n", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		expect(document, sizeof(document) - 1, cases[i].path, cases[i].expected);
	}
}

static void test_several_at_once(void **state)
{
	struct document_value values[] = {
		{ .path = "last" },
		{ .path = "nowhere", .text = "left over", .length = 9 },
		{ .path = "event.id" },
	};

	(void)state;
	document_scan(document, sizeof(document) - 1, values, ARRAY_SIZE(values));
	assert_memory_equal(values[0].text, "z", 1);
	assert_null(values[1].text);
	assert_int_equal(values[1].length, 0);
	assert_memory_equal(values[2].text, "71f5", 4);
}

static void test_cut_anywhere(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(document); n++) {
		char *copy = malloc(n > 0 ? n : 1);
		struct document_value values[] = { { .path = "event.id" }, { .path = "last" } };

		assert_non_null(copy);
		memcpy(copy, document, n);
		document_scan(copy, n, values, ARRAY_SIZE(values));
		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			assert_true(values[i].text == NULL ||
				    (values[i].text >= copy &&
				     values[i].text + values[i].length <= copy + n));
		}
		free(copy);
	}
}

static void test_no_documents(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"}",
		"}}}}{",
		"[[[[",
		"\"event\":{\"id\":1}",
		"{\"event\"",
		"{\"event\":{\"id\":\"\\",
		"{,,::\"\":{}",
		"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{"
		"\"a\":"
		"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"event\":{\"id\":1",
	};
	char key[600] = "{\"";
	size_t n = strlen(key);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		expect(texts[i], strlen(texts[i]), "event.id", NULL);
	}
	/* Keys as long as a path may be, and longer, with objects in them. */
	for (size_t length = 251; length <= 258; length++) {
		memset(key + n, 'k', length);
		strcpy(key + n + length, "\":{\"\":{\"\":{\"x\":1}}},\"event\":{\"id\":2}}");
		expect(key, strlen(key), "event.id", length <= 252 ? "2" : NULL);
	}
	expect("{\"event\0id\":1}", 14, "event", NULL);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		int64_t expected;
	} cases[] = {
		{ "1970-01-01T00:00:00.000Z", 0 },
		{ "2026-01-12T06:00:24.007671Z", INT64_C(1768197624007) },
		{ "2026-01-12T06:00:24.007671123Z", INT64_C(1768197624007) },
		{ "2026-01-12T06:00:24.00Z", -1 },
		{ "2026-01-12T06:00:24.007671", -1 },
		{ "2026-01-12 06:00:24+01:00Z", -1 },
		{ "20x6-01-12T06:00:24.007671Z", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(document_time_ms(cases[i].text, strlen(cases[i].text)),
				 cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),        cmocka_unit_test(test_several_at_once),
		cmocka_unit_test(test_cut_anywhere), cmocka_unit_test(test_no_documents),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
