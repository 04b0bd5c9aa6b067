/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Many texts in one pass, against one look for each; and rules behind a gate against rules that are
 * judged. */

#include "rules/substring.h"
#include "tests/unit/rule_world.h"

#include <time.h>

#define ITEMS 40
#define TEXT  60

struct found {
	unsigned count[ITEMS];
};

static void note(void *context, uint32_t item)
{
	((struct found *)context)->count[item]++;
}

/* Few letters, so that items are parts of each other, and of the text. */
static size_t make(char *out, size_t least, size_t most, bool upper)
{
	size_t n = least + (size_t)rand() % (most - least + 1);

	for (size_t i = 0; i < n; i++) {
		out[i] = (char)("aabc\xc3\0"[rand() % 6]);
		out[i] = upper && out[i] >= 'a' && out[i] <= 'c' && rand() % 2 == 0
			     ? (char)(out[i] - 32)
			     : out[i];
	}
	return n;
}

static unsigned occurrences(const char *text, size_t n, const struct substring *item)
{
	unsigned count = 0;

	for (size_t i = 0; i + item->n <= n; i++) {
		bool same = true;

		for (size_t k = 0; k < item->n; k++) {
			char c = text[i + k];

			c = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
			same = same && c == item->bytes[k];
		}
		count += same;
	}
	return count;
}

static void agrees_with_one_look_for_each(void **state)
{
	unsigned seed = (unsigned)time(NULL);

	(void)state;
	printf("seed %u\n", seed);
	srand(seed);
	for (unsigned round = 0; round < 200; round++) {
		char bytes[ITEMS][8], text[TEXT];
		struct substring items[ITEMS];
		struct substrings *s;
		size_t n = 1 + (size_t)rand() % ITEMS;

		for (size_t i = 0; i < n; i++) {
			items[i] = (struct substring) { bytes[i], make(bytes[i], 1, 7, false) };
		}
		assert_int_equal(substrings_new(&s, items, n), 0);
		for (unsigned k = 0; k < 20; k++) {
			struct found found = { { 0 } };
			size_t length = make(text, 0, TEXT, true);

			substrings_find(s, text, length, note, &found);
			for (size_t i = 0; i < n; i++) {
				assert_int_equal(found.count[i],
						 occurrences(text, length, &items[i]));
			}
		}
		substrings_free(s);
	}
}

static void too_many_are_refused(void **state)
{
	static char bytes[70000][16];
	static struct substring items[70000];
	struct substrings *s = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(items); i++) {
		int n = snprintf(bytes[i], sizeof(bytes[i]), "%zxghijklmnop", i);

		items[i] = (struct substring) { bytes[i], (size_t)n };
	}
	assert_int_equal(substrings_new(&s, items, ARRAY_SIZE(items)), -28);
	assert_null(s);
}

/* ---- rules ---- */

static void judge_text(struct world *w, const char *text)
{
	struct record head = world_head(w, OPERATION_WRITE);

	w->now += NS_PER_HOUR; /* each is an alert of its own */
	world_open(w, &head);
	world_put_text(w, "weir.test.text", text);
	world_judge(w);
}

static bool fired(const struct world *w, const char *rule)
{
	for (size_t i = 0; i < w->n_alerts; i++) {
		if (strcmp(w->alerts[i].rule_id, rule) == 0 &&
		    strcmp(w->alerts[i].action, "alert-opened") == 0) {
			return true;
		}
	}
	return false;
}

static void gates_let_the_right_rules_through(void **state)
{
	static const char *const rules[][2] = {
		{ "contains", "  s: {weir.test.text|contains: pump}\n  condition: s\n" },
		{ "cased", "  s: {weir.test.text|contains|cased: Pump}\n  condition: s\n" },
		{ "starts", "  s: {weir.test.text|startswith: pump}\n  condition: s\n" },
		{ "any", "  s: {weir.test.text|contains: [valve, station]}\n  condition: s\n" },
		{ "all", "  s: {weir.test.text|contains|all: [pump, station]}\n  condition: s\n" },
		{ "wild", "  s: {weir.test.text: 'pump*4?'}\n  condition: s\n" },
		{ "not", "  s: {weir.test.text|contains: pump}\n  condition: not s\n" },
		{ "or", "  a: {weir.test.text|contains: pump}\n"
			"  b: {weir.test.text|endswith: shut}\n  condition: a or b\n" },
		{ "and", "  a: {weir.test.text|contains: pump}\n"
			 "  b: {weir.test.text|endswith: shut}\n  condition: a and b\n" },
		{ "neq", "  s: {weir.test.text|contains|neq: pump}\n  condition: s\n" },
		{ "short", "  s: {weir.test.text|contains: u}\n  condition: s\n" },
	};
	static const struct {
		const char *text, *fires;
	} rows[] = {
		{ "pump", "contains starts or short" },
		{ "PUMP", "contains starts or short" },
		{ "the Pump", "contains cased or short" },
		{ "pump station 42", "contains starts any all wild or short" },
		{ "station", "any not neq" },
		{ "valve shut", "any not or neq short" },
		{ "pump shut", "contains starts or and short" },
		{ "", "not neq" },
	};
	char text[8192] = "";
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n,
			 "title: %s\nname: %s\nlogsource: {category: ot, product: weir}\n"
			 "detection:\n%s---\n",
			 rules[i][0], rules[i][0], rules[i][1]);
	}
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		world_load(&w, text);
		assert_string_equal(w.problems, "");
		assert_true(w.set->n_gates > 0);
		world_start(&w);
		judge_text(&w, rows[i].text);
		for (size_t k = 0; k < ARRAY_SIZE(rules); k++) {
			char padded[256], word[32];

			snprintf(padded, sizeof(padded), " %s ", rows[i].fires);
			snprintf(word, sizeof(word), " %s ", rules[k][0]);
			if (fired(&w, rules[k][0]) != (strstr(padded, word) != NULL)) {
				fail_msg("'%s': %s", rows[i].text, rules[k][0]);
			}
		}
		world_unload(&w);
	}
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_one_look_for_each),
		cmocka_unit_test(too_many_are_refused),
		cmocka_unit_test(gates_let_the_right_rules_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
