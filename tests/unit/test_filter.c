/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/filter.h"
#include "cli/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
	{ "target", { "weir.destination.name", "destination.ip" }, CELL_TEXT, true, 0, "" },
	{ "operation", { "weir.operation" }, CELL_TEXT, true, 0, "" },
	{ "bytes", { "network.bytes" }, CELL_BYTES, true, 0, "" },
	{ "level", { "weir.alert.level" }, CELL_LEVEL, true, 0, "" },
	{ "ip", { "host.ip" }, CELL_TEXT, true, 0, "" },
	{ "mac", { "host.mac" }, CELL_TEXT, true, 0, "" },
	{ "last", { "seen.last" }, CELL_TIME, true, 0, "" },
};

static const char document_text[] =
    "{\"destination\":{\"ip\":\"10.0.0.3\"},"
    "\"weir\":{\"destination\":{\"name\":\"PLC-3\"},\"operation\":\"write\","
    "\"alert\":{\"level\":\"high\"}},"
    "\"network\":{\"bytes\":1500},\"host\":{\"ip\":[\"10.1.2.3\",\"fe80::1\"],\"mac\":\"00-80-F4-"
    "12-31-31\"},"
    "\"flat.key\":\"x\",\"list\":[{\"n\":1},{\"n\":2}],"
    "\"seen\":{\"last\":\"2026-11-22T07:52:20.123Z\"},\"yes\":true,\"none\":null}";

static struct tree *document;

static int read_document(void **state)
{
	(void)state;
	return tree_read(&document, document_text, strlen(document_text));
}

static int free_document(void **state)
{
	(void)state;
	document = tree_free(document);
	return 0;
}

static struct filter *filter_of(const char *term)
{
	struct filter *filter = NULL;

	assert_int_equal(filter_new(&filter, columns, ARRAY_SIZE(columns)), 0);
	assert_int_equal(filter_add(filter, term, NULL, NULL), 0);
	return filter;
}

static void assert_term(const char *term, bool matches)
{
	struct filter *filter = filter_of(term);

	if (filter_matches(filter, document) != matches) {
		fail_msg("%s", term);
	}
	filter_free(filter);
}

static void test_equal(void **state)
{
	(void)state;
	assert_term("target=plc-3", true);
	assert_term("target=10.0.0.3", true);
	assert_term("target=10.0.0.4", false);
	assert_term("ip=FE80:0::1", true);
	assert_term("ip=fe80::2", false);
	assert_term("mac=00:80:f4:12:31:31", true);
	assert_term("mac=00:80:f4:12:31:32", false);
	assert_term("target=plc", false);
	assert_term("operation=read,write", true);
	assert_term("operation=read,stop", false);
	assert_term("operation!=read", true);
	assert_term("operation!=write,read", false);
	assert_term("weir.operation=WRITE", true);
	assert_term("not.there!=1", true);
	assert_term("not.there=1", false);
	assert_term("network.bytes=1500", true);
	assert_term("flat.key=x", true);
	assert_term("list.n=2", true);
	assert_term("list.n=3", false);
	assert_term("weir.*=alert", true);
	assert_term("weir.*=high", false);
}

static void test_networks(void **state)
{
	(void)state;
	assert_term("ip=10.1.0.0/16", true);
	assert_term("ip=10.2.0.0/16", false);
	assert_term("ip=fe80::/10", true);
	assert_term("ip!=10.1.0.0/16", false);
	assert_term("operation=10.1.0.0/16", false);
}

static void test_contains(void **state)
{
	(void)state;
	assert_term("target~lc", true);
	assert_term("target~LC-,x", true);
	assert_term("target~plc-33", false);
}

static void test_free_text(void **state)
{
	(void)state;
	assert_term("plc", true);
	assert_term("PLC-3", true);
	assert_term("~plc", true);
	assert_term("plc-4", false);
	assert_term("nothing,wri", true);
	assert_term("10.1.2.3", true);
	assert_term("10.1.2", true);
	assert_term("10.1.2.30", false);
	assert_term("10.1.0.0/16", true);
	assert_term("10.2.0.0/16", false);
	assert_term("00:80:f4:12:31:31", true);
	assert_term("high", true);
	/* Numbers and times are no words. */
	assert_term("1500", false);
	assert_term("2026", false);
}

static void test_compare(void **state)
{
	(void)state;
	assert_term("bytes.gt=1499", true);
	assert_term("bytes.gt=1500", false);
	assert_term("bytes.gte=1500", true);
	assert_term("bytes.lt=1500", false);
	assert_term("bytes.lt=1500.5", true);
	assert_term("bytes.lte=1500", true);
	assert_term("network.bytes.lte=1499", false);
	assert_term("level.gte=high", true);
	assert_term("level.gt=high", false);
	assert_term("level.gt=low", true);
	assert_term("level.lt=critical", true);
	assert_term("target.gt=5", false);
	assert_term("last.gt=2026-11-22T07:52:20Z", true);
	assert_term("last.lt=2026-11-22T07:52:20Z", false);
}

static void test_all_terms_hold(void **state)
{
	struct filter *filter = filter_of("target=plc-3");

	(void)state;
	assert_int_equal(filter_add(filter, "operation=write", NULL, NULL), 0);
	assert_true(filter_matches(filter, document));
	assert_int_equal(filter_add(filter, "bytes.gt=9999", NULL, NULL), 0);
	assert_false(filter_matches(filter, document));
	assert_true(filter_names(filter, "target"));
	assert_false(filter_names(filter, "level"));
	filter_free(filter);
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = { "",
					     "=x",
					     "~",
					     "!x",
					     "10.0.0.0/33",
					     "target!x",
					     "unknown=1",
					     "bytes.gt=",
					     "bytes.gt=many",
					     "target~",
					     "target=10.0.0.0/33" };
	struct filter *filter = NULL;

	(void)state;
	assert_int_equal(filter_new(&filter, columns, ARRAY_SIZE(columns)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct problem problem = { "" };

		if (filter_add(filter, wrong[i], NULL, &problem) != -EINVAL) {
			fail_msg("'%s' was taken", wrong[i]);
		}
		assert_true(problem.text[0] != '\0');
	}
	assert_true(filter_matches(filter, document));
	filter_free(filter);
}

static void test_values_are_capped(void **state)
{
	char term[256] = "operation=";
	struct filter *filter = NULL;

	(void)state;
	for (size_t i = 0; i < 63; i++) {
		strcat(term, "a,");
	}
	assert_int_equal(filter_new(&filter, columns, ARRAY_SIZE(columns)), 0);
	strcat(term, "write");
	assert_int_equal(filter_add(filter, term, NULL, NULL), 0);
	assert_true(filter_matches(filter, document));
	strcat(term, ",b");
	assert_int_equal(filter_add(filter, term, NULL, NULL), -EINVAL);
	filter_free(filter);
}

static void test_never_seen(void **state)
{
	struct filter *filter = filter_of("weir.operatoin=write");

	(void)state;
	assert_null(filter_never_seen(filter));
	assert_false(filter_matches(filter, document));
	assert_string_equal(filter_never_seen(filter), "weir.operatoin");
	filter_free(filter);
	filter = filter_of("nowhere");
	assert_false(filter_matches(filter, document));
	assert_null(filter_never_seen(filter));
	filter_free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),      cmocka_unit_test(test_networks),
		cmocka_unit_test(test_contains),   cmocka_unit_test(test_free_text),
		cmocka_unit_test(test_compare),    cmocka_unit_test(test_all_terms_hold),
		cmocka_unit_test(test_wrong),      cmocka_unit_test(test_values_are_capped),
		cmocka_unit_test(test_never_seen),
	};

	return cmocka_run_group_tests(tests, read_document, free_document);
}
