/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The registry of one field. */
static struct field_registry *registry_of(const struct field *field)
{
	struct field_registry *registry = NULL;
	struct problem problem = { "" };
	uint16_t base;

	assert_int_equal(field_registry_new(&registry), 0);
	assert_int_equal(field_registry_add(registry, field, 1, &base, &problem), 0);
	assert_int_equal(field_registry_seal(registry, &problem), 0);
	return registry;
}

static void test_one_name_one_type(void **state)
{
	static const struct field fields[] = {
		{ "host.ip", FIELD_STRING, FIELD_LIST, NULL, "an address of assets", NULL },
		{ "host.ip", FIELD_IP, 0, NULL, "which is a list there", NULL },
		{ "host", FIELD_STRING, 0, NULL, "an object there", NULL },
		{ "host.ip.first", FIELD_IP, 0, NULL, "below what is none", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		struct field_registry *registry = registry_of(&fields[i]);
		struct schema_leaves leaves = { .items = NULL };
		struct problem problem = { "" };

		assert_int_equal(schema_leaves_of(&leaves, registry, DOCUMENT_ALL, &problem),
				 -EINVAL);
		assert_null(leaves.items);
		assert_string_not_equal(problem.text, "");
		/* Records alone have no host. */
		assert_int_equal(
		    schema_leaves_of(&leaves, registry, 1U << DOCUMENT_EVENT, &problem), 0);
		schema_leaves_free(&leaves);
		field_registry_free(registry);
	}
}

static void test_hidden_and_placeholders(void **state)
{
	static const struct field hidden = { "weir.none", FIELD_BOOL, FIELD_HIDDEN,
					     NULL,        "hidden",   NULL };
	struct field_registry *registry = registry_of(&hidden);
	struct schema_leaves leaves = { .items = NULL };
	struct problem problem = { "" };
	unsigned found = 0;

	(void)state;
	assert_int_equal(schema_leaves_of(&leaves, registry, DOCUMENT_ALL, &problem), 0);
	for (size_t i = 0; i < leaves.n; i++) {
		assert_string_not_equal(leaves.items[i].name, "weir.none");
		assert_null(strchr(leaves.items[i].name, '{'));
		assert_true(i == 0 || strcmp(leaves.items[i - 1].name, leaves.items[i].name) != 0);
		found +=
		    strcmp(leaves.items[i].name, "weir.conversation.operations.stop.count") == 0;
		found += strcmp(leaves.items[i].name, "weir.asset.units[].serial_number") == 0;
		found += strcmp(leaves.items[i].name, "weir.conversation.source.zone") == 0;
	}
	assert_int_equal(found, 3);
	schema_leaves_free(&leaves);
	field_registry_free(registry);
}

static void test_layout(void **state)
{
	static const char json[] =
	    "{\"a\":{\"b\":[1,2]},\"long\":[\"0123456789012345678901234567890123"
	    "456789\",\"{\\\"[,:\",{\"c\":\"01234567890123456789012345678901234"
	    "5678901234567890123456789\"}],\"none\":{}}";
	static const char lines[] =
	    "{\n"
	    "  \"a\": {\"b\": [1, 2]},\n"
	    "  \"long\": [\n"
	    "    \"0123456789012345678901234567890123456789\",\n"
	    "    \"{\\\"[,:\",\n"
	    "    {\"c\": \"012345678901234567890123456789012345678901234567890"
	    "123456789\"}\n"
	    "  ],\n"
	    "  \"none\": {}\n"
	    "}\n";
	struct buffer out = { 0 };

	(void)state;
	schema_layout(&out, json, strlen(json));
	assert_string_equal(out.data, lines);
	/* What is cut is laid out as far as it goes. */
	for (size_t length = 0; length < strlen(json); length++) {
		char *cut = strndup(json, length);

		buffer_clear(&out);
		schema_layout(&out, cut, length);
		assert_false(out.failed);
		free(cut);
	}
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_name_one_type),
		cmocka_unit_test(test_hidden_and_placeholders),
		cmocka_unit_test(test_layout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
