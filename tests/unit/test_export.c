/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/export.h"

#include <stdlib.h>
#include <string.h>

static void test_csv_values(void **state)
{
	static const struct {
		const char *value, *written;
	} cases[] = {
		{ "", "" },
		{ "CPU 315-2", "CPU 315-2" },
		{ "a,b", "\"a,b\"" },
		{ "say \"no\"", "\"say \"\"no\"\"\"" },
		{ "two\r\nlines", "\"two\r\nlines\"" },
		{ " blank", "\" blank\"" },
		{ "=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"" },
		{ "+1", "\"'+1\"" },
		{ "-2+3", "\"'-2+3\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "\t=1", "\"'\t=1\"" },
		{ "a=b", "a=b" },
		{ "P\xc3\xbcmpe", "P\xc3\xbcmpe" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buffer out = { 0 };

		csv_value(&out, cases[i].value, true);
		assert_string_equal(out.data != NULL ? out.data : "", cases[i].written);
		buffer_clear(&out);
		csv_value(&out, cases[i].value, false);
		assert_string_equal(out.data + 1, cases[i].written);
		assert_int_equal(out.data[0], ',');
		buffer_free(&out);
	}
}

/* Exports the assets and returns the text. */
static char *exported(const struct export_format *format, const char *const *assets, size_t n)
{
	struct export export = { .site = "Works, north", .newest = "2026-01-12T06:00:00.000Z" };

	if (format->begin != NULL) {
		format->begin(&export);
	}
	for (size_t i = 0; i < n; i++) {
		struct tree *document = NULL;

		assert_int_equal(tree_read(&document, assets[i], strlen(assets[i])), 0);
		format->asset(&export, document, assets[i], strlen(assets[i]));
		export.n_assets++;
		tree_free(document);
	}
	if (format->end != NULL) {
		format->end(&export);
	}
	assert_false(export.out.failed);
	return export.out.data;
}

static const char *const twins[] = {
	"{\"host\":{\"name\":\"pump\",\"ip\":[\"10.0.0.1\",\"10.0.0.2\"]},\"weir\":{\"asset\":{"
	"\"id\":\"1\","
	"\"role\":\"controller\",\"vendor\":\"Siemens\"}}}",
	"{\"host\":{\"name\":\"pump\"},\"weir\":{\"asset\":{\"id\":\"2\",\"type\":\"plc\","
	"\"product_code\":\"6ES7\",\"firmware_version\":\"V1\",\"software\":[\"nginx/1.22.1\",\"/"
	"x\","
	"\"bare\"],\"units\":[{\"id\":3,\"kind\":\"slot\",\"answered\":1,\"serial_number\":\"=9\","
	"\"revision\":\"2\"}]}}}",
};

/* Names are unique in NetBox; what it must have is never empty. */
static void test_netbox(void **state)
{
	char *text = exported(&export_netbox, twins, 2);

	(void)state;
	assert_string_equal(
	    text,
	    "name,role,manufacturer,device_type,serial,asset_tag,status,site,description,"
	    "comments\r\n"
	    "pump,controller,Siemens,unknown,,,active,\"Works, north\",,\"addresses: 10.0.0.1, "
	    "10.0.0.2; Weir id: 1\"\r\n"
	    "pump (2),plc,unknown,6ES7,,,active,\"Works, north\",,firmware: V1; Weir id: 2\r\n");
	free(text);
}

static void test_csv_modules(void **state)
{
	char *text = exported(&export_csv, &twins[1], 1);

	(void)state;
	assert_non_null(strstr(text, ",last_seen,modules\r\n2,pump,plc,,"));
	assert_non_null(strstr(text, ",slot 3: 2 =9\r\n"));
	free(text);
}

static bool first_text(void *context, const struct tree_value *value)
{
	strcpy(context, value->text);
	return false;
}

static void assert_path(const struct tree *document, const char *path, const char *wanted)
{
	char text[256] = "";

	(void)tree_visit(document, path, first_text, text);
	assert_string_equal(text, wanted);
}

static void test_cyclonedx(void **state)
{
	char *text = exported(&export_cyclonedx, &twins[1], 1), *again;
	struct tree *document = NULL;

	(void)state;
	assert_int_equal(tree_read(&document, text, strlen(text)), 0);
	assert_path(document, "specVersion", "1.6");
	assert_path(document, "metadata.timestamp", "2026-01-12T06:00:00.000Z");
	assert_path(document, "components.type", "device");
	assert_path(document, "components.name", "6ES7");
	assert_path(document, "components.components.type", "firmware");
	assert_path(document, "components.components.version", "V1");
	assert_path(document, "components.components.components.bom-ref", "2/slot 3/firmware");
	assert_non_null(strstr(text, "\"name\":\"nginx\",\"version\":\"1.22.1\"}"));
	assert_non_null(strstr(text, "\"name\":\"/x\"}"));
	assert_non_null(strstr(text, "\"name\":\"bare\"}"));
	tree_free(document);
	/* The same assets give the same serial number, others another one. */
	again = exported(&export_cyclonedx, &twins[1], 1);
	assert_string_equal(text, again);
	free(again);
	again = exported(&export_cyclonedx, twins, 1);
	assert_int_not_equal(strncmp(strstr(text, "urn:uuid:"), strstr(again, "urn:uuid:"), 45), 0);
	free(again);
	free(text);
}

static void test_nothing(void **state)
{
	char *text = exported(&export_cyclonedx, NULL, 0);

	(void)state;
	assert_non_null(strstr(text, "\"components\":[]"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_values),  cmocka_unit_test(test_netbox),
		cmocka_unit_test(test_csv_modules), cmocka_unit_test(test_cyclonedx),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
