/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/document_form.h"
#include "store/json_value.h"

#include <string.h>

static const char *const texts[] = {
	"",
	"{",
	"[1,2]",
	"nothing",
	"{}",
	("{\"@timestamp\":7,\"event\":[],\"source\":{\"ip\":{}}}"),
	"{\"event\":{\"dataset\":\"weir.alert\"},\"threat\":{\"technique\":{\"id\":[1,null,\"T1\"]}"
	"}}",
	"{\"event\":{\"dataset\":\"weir.asset\"},\"host\":{\"ip\":[],\"mac\":[7]}}",
	"{\"rule\":{\"name\":\"a|b\\\\c\\nd\"},\"message\":\"x=y\"}",
};

/* Whatever it is, it becomes one line, and JSON where that is the form. */
static void garbage(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		for (unsigned form = FORM_CEF; form < DOCUMENT_FORMS; form++) {
			struct buffer out = { 0 };

			document_form_write(&out, (enum document_form)form, texts[i],
					    strlen(texts[i]));
			assert_false(out.failed);
			assert_null(strchr(out.data, '\n'));
			if (form == FORM_OCSF) {
				struct json_value *event = json_value_parse(out.data, out.length);

				assert_non_null(event);
				assert_non_null(json_value_at(event, "metadata.product"));
				json_value_free(event);
			} else {
				assert_memory_equal(out.data, "CEF:0|", 6);
			}
			buffer_free(&out);
		}
	}
}

static void a_batch(void **state)
{
	static const char lines[] = "{\"a\":1}\n{\"b\":2}\n";
	const struct output_batch batch = { lines, sizeof(lines) - 1, 2 };
	struct output_batch out;
	struct buffer text = { 0 };
	const char *json;
	size_t at = 0, length, n = 0;

	(void)state;
	assert_int_equal(document_form_batch(&out, &text, FORM_JSON, &batch), 0);
	assert_ptr_equal(out.lines, batch.lines);
	assert_int_equal(document_form_batch(&out, &text, FORM_CEF, &batch), 0);
	while (output_batch_next(&out, &at, &json, &length)) {
		assert_memory_equal(json, "CEF:0|", 6);
		n++;
	}
	assert_int_equal(n, 2);
	assert_int_equal(out.n, 2);
	buffer_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(garbage),
		cmocka_unit_test(a_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
