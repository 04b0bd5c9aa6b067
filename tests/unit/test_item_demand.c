/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/item_demand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct ip ip_of(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

static void add(struct item_demand *demand, const char *text, unsigned bits)
{
	struct ip ip = ip_of(text);

	item_demand_add_end(demand, item_end_hash(&ip, bits), bits);
}

static bool has(const struct item_demand *demand, const char *one, const char *other)
{
	struct ip ends[2] = { ip_of(one), ip_of(other) };

	return item_demand_has_end(demand, ends);
}

static struct item_demand *demand_new(void)
{
	struct item_demand *demand = calloc(1, sizeof(*demand));

	assert_non_null(demand);
	return demand;
}

static void addresses_and_networks(void **state)
{
	struct item_demand *demand = demand_new();

	(void)state;
	assert_false(has(demand, "10.0.0.1", "10.0.0.2"));
	add(demand, "10.0.0.1", 128);
	add(demand, "172.16.5.0", 120);
	add(demand, "2001:db8::", 32);
	assert_true(has(demand, "10.0.0.1", "10.0.0.2"));
	assert_true(has(demand, "10.0.0.2", "10.0.0.1"));
	assert_false(has(demand, "10.0.0.2", "10.0.0.3"));
	assert_true(has(demand, "10.0.0.2", "172.16.5.200"));
	assert_false(has(demand, "10.0.0.2", "172.16.6.200"));
	assert_true(has(demand, "2001:db8:1::7", "fe80::1"));
	assert_false(has(demand, "2001:db9:1::7", "fe80::1"));
	free(demand);
}

/* Networks of a length that is no multiple of eight. */
static void bits_between_bytes(void **state)
{
	struct item_demand *demand = demand_new();

	(void)state;
	add(demand, "10.0.0.64", 122);
	assert_true(has(demand, "10.0.0.127", "192.0.2.1"));
	assert_false(has(demand, "10.0.0.128", "192.0.2.1"));
	free(demand);
}

static void more_lengths_than_there_is_room_for(void **state)
{
	struct item_demand *demand = demand_new();

	(void)state;
	demand->of_ends[3][OUTCOME_SUCCESS] = 1U << OPERATION_READ;
	for (unsigned i = 0; i < ITEM_LENGTHS_MAX; i++) {
		add(demand, "10.0.0.0", 128 - i);
	}
	assert_int_equal(demand->operations[3][OUTCOME_SUCCESS], 0);
	add(demand, "10.0.0.0", 100);
	assert_int_equal(demand->operations[3][OUTCOME_SUCCESS], 1U << OPERATION_READ);
	free(demand);
}

static void any_network_at_all(void **state)
{
	struct item_demand *demand = demand_new();

	(void)state;
	demand->of_ends[3][OUTCOME_SUCCESS] = 1U << OPERATION_READ;
	add(demand, "::", 0);
	assert_int_equal(demand->operations[3][OUTCOME_SUCCESS], 1U << OPERATION_READ);
	free(demand);
}

static void another_takes_its_place(void **state)
{
	struct item_demand *demand = demand_new(), *next = demand_new();

	(void)state;
	add(demand, "10.0.0.1", 128);
	add(next, "10.0.0.2", 128);
	next->operations[7][OUTCOME_FAILURE] = 5;
	item_demand_use(demand, next);
	assert_int_equal(demand->version, 1);
	assert_int_equal(demand->operations[7][OUTCOME_FAILURE], 5);
	assert_true(has(demand, "10.0.0.2", "10.0.0.9"));
	assert_false(has(demand, "10.0.0.1", "10.0.0.9"));
	free(demand);
	free(next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_and_networks),
		cmocka_unit_test(bits_between_bytes),
		cmocka_unit_test(more_lengths_than_there_is_room_for),
		cmocka_unit_test(any_network_at_all),
		cmocka_unit_test(another_takes_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
