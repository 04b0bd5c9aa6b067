/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/digest.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* FIPS 180-4 examples: "abc", the empty message, and the two-block message. */
static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char two_blocks[] = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
static const char message[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

static void known_messages_have_their_digest(void **state)
{
	struct digest digest = { 0 };
	char text[DIGEST_TEXT_SIZE];

	(void)state;
	digest_add(&digest, cur_of("abc", 3));
	assert_string_equal(digest_end(&digest, text), abc);
	assert_string_equal(digest_end(&digest, text), empty);
}

static void pieces_make_the_same_digest(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof(message); cut++) {
		struct digest digest = { 0 };
		struct cursor rest = cur_of(message, sizeof(message) - 1);
		char text[DIGEST_TEXT_SIZE];

		digest_add(&digest, cur_sub_most(&rest, cut));
		digest_add(&digest, rest);
		assert_string_equal(digest_end(&digest, text), two_blocks);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_messages_have_their_digest),
		cmocka_unit_test(pieces_make_the_same_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
