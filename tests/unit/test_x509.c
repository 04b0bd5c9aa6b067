/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/x509.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ISSUER  "300f310d300b06035504030c0443413033" /* CN=CA03 */
#define SUBJECT "300f310d300b06035504030c04504c4331" /* CN=PLC1 */
#define KEY     "3000"
#define UNTIL   "301e170d3439313233313233353935395a170d3530303130313030303030305a"

static size_t unhex(const char *text, uint8_t *out)
{
	size_t n = 0;
	unsigned byte;

	for (; sscanf(text, "%2x", &byte) == 1; text += 2) {
		out[n++] = (uint8_t)byte;
	}
	return n;
}

/* The bytes in a block of their own size, so that a read beyond is seen. */
static bool read_block(const uint8_t *bytes, size_t n, struct x509 *out)
{
	uint8_t *block = malloc(n > 0 ? n : 1);
	bool good;

	assert_non_null(block);
	memcpy(block, bytes, n);
	good = x509_read(cur_of(block, n), out);
	free(block);
	return good;
}

/* SEQUENCE { SEQUENCE { serial 5, {}, issuer, validity, subject, key } } */
static size_t make(const char *validity, const char *tail, uint8_t *out)
{
	char body[600];
	uint8_t inner[300];
	size_t n;

	snprintf(body, sizeof(body), "0201053000%s%s%s%s%s", ISSUER, validity, SUBJECT, KEY, tail);
	n = unhex(body, inner);
	assert_true(n < 0x7e);
	out[0] = 0x30, out[1] = (uint8_t)(n + 2), out[2] = 0x30, out[3] = (uint8_t)n;
	memcpy(out + 4, inner, n);
	return n + 4;
}

static void whole(void **state)
{
	struct x509 x;
	uint8_t der[300];
	size_t n = make(UNTIL, "", der);

	(void)state;
	assert_true(read_block(der, n, &x));
	assert_string_equal(x.issuer.text, "CN=CA03");
	assert_string_equal(x.subject.common_name, "PLC1");
	assert_false(x.own_issuer);
	/* RFC 5280 4.1.2.5.1: 49 is 2049, 50 is 1950. */
	assert_true(x.not_before == INT64_C(2524607999) * NS_PER_S);
	assert_true(x.not_after == INT64_C(-631152000) * NS_PER_S);
}

static void every_length(void **state)
{
	struct x509 x;
	uint8_t der[300];
	size_t n = make(UNTIL, "", der);

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		(void)read_block(der, cut, &x);
	}
	/* Each length field in turn says more than there is. */
	for (size_t i = 1; i < n; i++) {
		uint8_t was = der[i];

		for (unsigned value = 0x7f; value <= 0x85; value++) {
			der[i] = (uint8_t)value;
			(void)read_block(der, n, &x);
		}
		der[i] = was;
	}
}

static void times(void **state)
{
	static const struct {
		const char *validity;
		int64_t seconds;
	} cases[] = {
		{ "301e170d3730303130313030303030305a170d3730303130313030303030305a", 0 },
		{ "3022180f32303030303232393132303030305a180f32303030303232393132303030305a",
		  951825600 },
		{ "301e170d3730313330313030303030305a170d3730313330313030303030305a", INT64_MIN },
		{ "301e170d37302a3130313030303030305a170d37302a3130313030303030305a", INT64_MIN },
		{ "3000", INT64_MIN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct x509 x;
		uint8_t der[300];

		assert_true(read_block(der, make(cases[i].validity, "", der), &x));
		assert_true(
		    x.not_before ==
		    (cases[i].seconds == INT64_MIN ? TIME_NONE : cases[i].seconds * NS_PER_S));
	}
}

static void alternative_names(void **state)
{
	/* [3] { SEQUENCE { { 2.5.29.17, OCTET STRING { { "a.b", 10.0.0.1, "*.c" } } } } } */
	static const char names[] = "a31c301a3018"
				    "0603551d11"
				    "0411"
				    "300f"
				    "8203612e62"
				    "87040a000001"
				    "82022a63";
	struct x509 x;
	uint8_t der[300];

	(void)state;
	assert_true(read_block(der, make("3000", names, der), &x));
	assert_string_equal(x.names, "a.b,10.0.0.1,*c");
	assert_string_equal(x.dns_name, "a.b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(every_length),
		cmocka_unit_test(times),
		cmocka_unit_test(alternative_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
