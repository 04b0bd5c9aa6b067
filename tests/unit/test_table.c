/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define OBJECTS 1000

struct object {
	struct table_entry entry;
	int number;
};

static bool same(const struct table_entry *entry, const void *key)
{
	return ((const struct object *)entry)->number == *(const int *)key;
}

static struct object *find(const struct table *table, uint64_t hash, int number)
{
	return (struct object *)table_find(table, hash, same, &number);
}

static void test_empty(void **state)
{
	struct table table = { .slots = NULL };

	(void)state;
	assert_null(find(&table, 0, 0));
	table_free(&table);
}

/* Hashes that all collide, wrap around the end, or are spread: each object is found until removed,
 * and those behind it in the same run still are. */
static void test_add_find_remove(void **state)
{
	static const uint64_t steps[] = { 0, 1, 63, UINT64_C(0x9e3779b97f4a7c15) };
	static struct object objects[OBJECTS];

	(void)state;
	for (size_t s = 0; s < ARRAY_SIZE(steps); s++) {
		struct table table = { .slots = NULL };
		int n = steps[s] == 0 ? 100 : OBJECTS;

		for (int i = 0; i < n; i++) {
			objects[i] = (struct object) {
				.entry.hash = UINT64_MAX - (uint64_t)i * steps[s],
				.number = i,
			};
			assert_int_equal(table_add(&table, &objects[i].entry), 0);
		}
		for (int i = 0; i < n; i += 3) {
			table_remove(&table, &objects[i].entry);
			table_remove(&table, &objects[i].entry);
		}
		for (int i = 0; i < n; i++) {
			struct object *want = i % 3 == 0 ? NULL : &objects[i];

			assert_ptr_equal(find(&table, objects[i].entry.hash, i), want);
		}
		assert_int_equal(table.used, n - (n + 2) / 3);
		table_free(&table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_add_find_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
