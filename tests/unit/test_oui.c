/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/oui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	char folder[32];
	struct oui *oui;
};

static void write_file(const struct fixture *f, const char *name, const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", f->folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->folder, sizeof(f->folder), "/tmp/weir-oui-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "oui.csv", "mam.csv", "oui36.csv" };
	struct fixture *f = *state;
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->folder, names[i]);
		unlink(path);
	}
	rmdir(f->folder);
	oui_free(f->oui);
	free(f);
	return 0;
}

static const char *vendor(const struct fixture *f, const char *text)
{
	struct mac mac;

	assert_int_equal(mac_parse(text, &mac), 0);
	return oui_vendor(f->oui, &mac);
}

static void test_longest_prefix(void **state)
{
	struct fixture *f = *state;

	write_file(f, "oui.csv",
		   "Registry,Assignment,Organization Name,Organization Address\r\n"
		   "MA-L,00A0DE,\"Acme, Inc.\",\"1 Road, Town\"\r\n"
		   "MA-L,70B3D5,IEEE Registration Authority,x\r\n"
		   "MA-L,00A0DF,Plain  ,x\r\n");
	write_file(f, "mam.csv", "MA-M,70B3D51,Medium,x\n");
	write_file(f, "oui36.csv", "MA-S,70B3D5123,\"Say \"\"small\"\"\",x\nMA-S,70B3D5124,Last,x");
	assert_int_equal(oui_load(&f->oui, f->folder, NULL), 0);
	assert_int_equal(oui_count(f->oui), 6);
	assert_string_equal(vendor(f, "00:a0:de:ff:ff:ff"), "Acme, Inc.");
	assert_string_equal(vendor(f, "00:a0:df:00:00:00"), "Plain");
	assert_null(vendor(f, "00:a0:dd:ff:ff:ff"));
	assert_null(vendor(f, "00:a0:e0:00:00:00"));
	assert_string_equal(vendor(f, "70:b3:d5:12:30:01"), "Say \"small\"");
	assert_string_equal(vendor(f, "70:b3:d5:12:40:01"), "Last");
	assert_string_equal(vendor(f, "70:b3:d5:12:50:01"), "Medium");
	assert_string_equal(vendor(f, "70:b3:d5:20:00:01"), "IEEE Registration Authority");
}

static void test_nobody_was_assigned_local_addresses(void **state)
{
	struct fixture *f = *state;

	write_file(f, "oui.csv", "MA-L,020000,Nobody,x\nMA-L,000000,Xerox,x\n");
	assert_int_equal(oui_load(&f->oui, f->folder, NULL), 0);
	assert_null(vendor(f, "02:00:00:00:00:01"));
	assert_null(vendor(f, "00:00:00:00:00:00"));
	assert_string_equal(vendor(f, "00:00:00:00:00:01"), "Xerox");
}

static void test_bad_files(void **state)
{
	struct fixture *f = *state;

	write_file(f, "oui.csv", "");
	write_file(f, "mam.csv", "MA-M,70B3D51");
	write_file(f, "oui36.csv", "\n\n,,,\nMA-S,XYZ,Bad,x\nMA-S\nMA-S,0011223344556677,Long,x\n");
	assert_int_equal(oui_load(&f->oui, f->folder, NULL), 0);
	assert_int_equal(oui_count(f->oui), 1);
	assert_string_equal(vendor(f, "70:b3:d5:12:50:01"), "");
	assert_null(vendor(f, "00:11:22:33:44:55"));
}

static void test_no_folder(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(oui_load(&f->oui, "/nowhere/at/all", NULL), 0);
	assert_int_equal(oui_count(f->oui), 0);
	assert_null(vendor(f, "00:00:00:00:00:01"));
}

static void test_the_registry_of_the_package(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(oui_load(&f->oui, "/usr/share/ieee-data", NULL), 0);
	if (oui_count(f->oui) == 0) {
		skip();
	}
	assert_true(oui_count(f->oui) > 30000);
	assert_string_equal(vendor(f, "00:22:72:00:00:01"), "American Micro-Fuel Device Corp.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_longest_prefix, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nobody_was_assigned_local_addresses, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_bad_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_folder, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_registry_of_the_package, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
