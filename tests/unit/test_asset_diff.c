/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/base/buffer.h"
#include "cli/asset_diff.h"
#include "cli/tree.h"

#include <stdio.h>
#include <string.h>

/* Appends "change id what old new" of a difference, a line each. */
static void note(void *context, const char *json, size_t length)
{
	struct buffer *out = context;
	struct tree *document = NULL;
	const char *const paths[] = { "weir.diff.change", "weir.asset.id", "weir.diff.what" };

	assert_int_equal(tree_read(&document, json, length), 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		buffer_format(out, "%s ", tree_text(document, paths[i]));
	}
	const char *rest = strstr(json, "\"old\":");
	rest = rest != NULL ? rest : strstr(json, "\"new\":");
	buffer_format(out, "%.*s\n", (int)strcspn(rest, "}"), rest);
	tree_free(document);
}

static void add(struct diff_side *side, const char *asset, const char *host)
{
	char json[2048];

	snprintf(json, sizeof(json), "{\"host\":{%s},\"weir\":{\"asset\":{\"domain\":0,%s}}}", host,
		 asset);
	diff_side_add(side, json, strlen(json));
}

struct asset_text {
	const char *asset, *host;
};

static void assert_diff(const struct asset_text *older, size_t n_older,
			const struct asset_text *newer, size_t n_newer, bool all,
			const char *wanted)
{
	struct diff_side *sides[2];
	struct buffer out = { 0 };

	buffer_text(&out, "");
	assert_int_equal(diff_side_new(&sides[0]), 0);
	assert_int_equal(diff_side_new(&sides[1]), 0);
	for (size_t i = 0; i < n_older; i++) {
		add(sides[0], older[i].asset, older[i].host);
	}
	for (size_t i = 0; i < n_newer; i++) {
		add(sides[1], newer[i].asset, newer[i].host);
	}
	assert_int_equal(diff_sides(sides[0], sides[1], all, note, &out), 0);
	assert_string_equal(out.data != NULL ? out.data : "", wanted);
	diff_side_free(sides[0]);
	diff_side_free(sides[1]);
	buffer_free(&out);
}

#define ONE(older, newer, all, wanted) assert_diff(&(older), 1, &(newer), 1, all, wanted)

static void test_joined(void **state)
{
	static const struct asset_text pairs[][2] = {
		{ { "\"id\":\"1\"", "" }, { "\"id\":\"1\"", "" } },
		{ { "\"id\":\"1\"", "" }, { "\"id\":\"2\",\"aliases\":[\"9\",\"1\"]", "" } },
		{ { "\"id\":\"1\",\"vendor\":\"V\",\"serial_number\":\"S\"", "" },
		  { "\"id\":\"2\",\"vendor\":\"V\",\"serial_number\":\"S\"", "" } },
		{ { "\"id\":\"1\"", "\"mac\":[\"00-00-00-00-00-01\"]" },
		  { "\"id\":\"2\"", "\"mac\":[\"00-00-00-00-00-01\"]" } },
		{ { "\"id\":\"1\"", "\"ip\":[\"10.0.0.1\"]" },
		  { "\"id\":\"2\"", "\"ip\":[\"10.0.0.1\"]" } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		ONE(pairs[i][0], pairs[i][1], false, "");
	}
}

/* Cloned machines: the address alone says nothing, address and VLAN do. */
static void test_cloned(void **state)
{
	static const struct asset_text older[] = {
		{ "\"id\":\"1\",\"role\":\"client\",\"vlans\":[\"10\"]", "\"ip\":[\"10.0.0.1\"]" },
		{ "\"id\":\"2\",\"role\":\"client\",\"vlans\":[\"20\"]", "\"ip\":[\"10.0.0.1\"]" },
	};
	static const struct asset_text newer[] = {
		{ "\"id\":\"3\",\"role\":\"client\",\"vlans\":[\"20\"]", "\"ip\":[\"10.0.0.1\"]" },
		{ "\"id\":\"4\",\"role\":\"client\",\"vlans\":[\"30\"]", "\"ip\":[\"10.0.0.1\"]" },
	};

	(void)state;
	/* What is left of each is then the only one at the address. */
	assert_diff(older, 2, newer, 2, false,
		    "changed 4 vlan \"old\":[\"10\"],\"new\":[\"30\"]\n");
	assert_diff(older, 2, &newer[1], 1, false,
		    "new 4 asset \"new\":[\"client\"]\n"
		    "gone 1 asset \"old\":[\"client\"]\n"
		    "gone 2 asset \"old\":[\"client\"]\n");
}

static void test_values(void **state)
{
	static const struct asset_text older = { "\"id\":\"1\",\"firmware_version\":\"V1\","
						 "\"mode\":\"run\",\"protocols\":{\"server\":"
						 "[\"http\",\"modbus\"]}",
						 "\"ip\":[\"10.0.0.1\",\"10.0.0.2\"]" };
	static const struct asset_text newer = {
		"\"id\":\"1\",\"firmware_version\":\"V2\",\"protocols\":{\"server\":[\"modbus\","
		"\"s7comm\"]}",
		"\"ip\":[\"10.0.0.2\",\"10.0.0.3\"]"
	};

	(void)state;
	ONE(older, newer, false,
	    "changed 1 ip \"old\":[\"10.0.0.1\"],\"new\":[\"10.0.0.3\"]\n"
	    "changed 1 firmware \"old\":[\"V1\"],\"new\":[\"V2\"]\n"
	    "changed 1 server \"new\":[\"s7comm\"]\n");
	ONE(older, newer, true,
	    "changed 1 ip \"old\":[\"10.0.0.1\"],\"new\":[\"10.0.0.3\"]\n"
	    "changed 1 firmware \"old\":[\"V1\"],\"new\":[\"V2\"]\n"
	    "changed 1 mode \"old\":[\"run\"]\n"
	    "changed 1 server \"old\":[\"http\"],\"new\":[\"s7comm\"]\n");
}

#define SLOT(id, product) \
	"{\"id\":" id ",\"kind\":\"slot\",\"answered\":1,\"product_name\":\"" product "\"}"

static void test_modules(void **state)
{
	static const struct asset_text older = {
		"\"id\":\"1\",\"units\":[" SLOT("0", "CPU") "," SLOT("1", "DI") "," SLOT("2",
											 "AI") "]",
		""
	};
	static const struct asset_text newer = {
		"\"id\":\"1\",\"units\":[" SLOT("0", "CPU") "," SLOT("1", "DO") "," SLOT("3",
											 "AO") "]",
		""
	};
	static const struct asset_text silent = { "\"id\":\"1\"", "" };

	(void)state;
	ONE(older, newer, false,
	    "changed 1 slot 1 \"old\":[\"DI\"],\"new\":[\"DO\"]\n"
	    "changed 1 slot 3 \"new\":[\"AO\"]\n"
	    "changed 1 slot 2 \"old\":[\"AI\"]\n");
	/* Nobody looked into the chassis. */
	ONE(older, silent, false, "");
	ONE(silent, newer, false, "");
}

static void test_new_and_gone(void **state)
{
	static const struct asset_text older = { "\"id\":\"1\",\"role\":\"controller\"", "" };
	static const struct asset_text newer = { "\"id\":\"2\",\"role\":\"client\"", "" };
	static const struct asset_text ghost = { "\"id\":\"3\",\"ghost\":true", "" };

	(void)state;
	ONE(older, newer, false,
	    "new 2 asset \"new\":[\"client\"]\n"
	    "gone 1 asset \"old\":[\"controller\"]\n");
	ONE(ghost, ghost, false, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_joined),       cmocka_unit_test(test_cloned),
		cmocka_unit_test(test_values),       cmocka_unit_test(test_modules),
		cmocka_unit_test(test_new_and_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
