/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH "test_secret.txt"

static int read_text(const char *text, char out[SECRET_MAX])
{
	struct problem problem = { "" };
	FILE *file = fopen(PATH, "w");
	int error;

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	error = secret_read(out, PATH, &problem);
	assert_true((error < 0) == (problem.text[0] != '\0'));
	unlink(PATH);
	return error;
}

static void one_line(void **state)
{
	char secret[SECRET_MAX];

	(void)state;
	assert_int_equal(read_text("s3cret\n", secret), 0);
	assert_string_equal(secret, "s3cret");
	assert_int_equal(read_text("  two words \r\n", secret), 0);
	assert_string_equal(secret, "two words");
	assert_int_equal(read_text("no end", secret), 0);
	assert_string_equal(secret, "no end");
	assert_int_equal(read_text("first\nsecond\n", secret), 0);
	assert_string_equal(secret, "first");
}

static void none(void **state)
{
	char secret[SECRET_MAX] = "x", text[2 * SECRET_MAX];
	struct problem problem = { "" };

	(void)state;
	assert_int_equal(read_text("", secret), -EINVAL);
	assert_string_equal(secret, "");
	assert_int_equal(read_text(" \n", secret), -EINVAL);
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(read_text(text, secret), -EINVAL);
	text[SECRET_MAX - 1] = '\0';
	assert_int_equal(read_text(text, secret), 0);
	assert_int_equal(secret_read(secret, "no/such/file", &problem), -ENOENT);
	assert_int_equal(secret_read(secret, "", &problem), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line),
		cmocka_unit_test(none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
