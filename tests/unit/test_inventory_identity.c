/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* One test a rule of docs/inventory.md. */

#include "identity_world.h"

#define MAC_A "00:00:00:00:00:0a"
#define MAC_B "00:00:00:00:01:0b"
#define MAC_R "00:00:00:00:00:01"

static void test_two_hosts_on_one_link(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { "10.0.0.2", MAC_B }, NULL, ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "10.0.0.2", ASKS, 0 },
		{ 0, { "10.0.0.2", MAC_B }, { 0 }, "10.0.0.1", ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "00-00-00-00-00-0A" },
		{ .ips = "10.0.0.2", .macs = "00-00-00-00-01-0B" },
	};

	RUN(state, steps, want);
}

static void test_without_macs_an_address_is_an_asset(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", NULL }, { "10.0.0.2", NULL }, NULL, ASKS, 0 },
		{ 0, { "10.0.0.2", NULL }, { "10.0.0.1", NULL }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "" },
		{ .ips = "10.0.0.2", .macs = "" },
	};

	RUN(state, steps, want);
}

static void test_a_router_absorbs_nothing(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.1.0.5", MAC_R }, { "10.0.0.2", MAC_B }, NULL, ASKS, 0 },
		{ 0, { "10.2.0.6", MAC_R }, { "10.0.0.2", MAC_B }, NULL, ASKS, 0 },
		{ 0, { "10.0.0.254", MAC_R }, { 0 }, "10.0.0.2", ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.2", .macs = "00-00-00-00-01-0B" },
		{ .ips = "10.0.0.254", .macs = "00-00-00-00-00-01", .router = true },
		{ .ips = "10.1.0.5", .macs = "" },
		{ .ips = "10.2.0.6", .macs = "" },
	};

	RUN(state, steps, want);
}

/* One remote network is enough once ARP shows that the router's own address is elsewhere. */
static void test_a_router_to_one_network(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.254", MAC_R }, { 0 }, "10.0.0.2", ASKS, 0 },
		{ 0, { "10.1.0.5", MAC_R }, { "10.0.0.2", MAC_B }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.2", .macs = "00-00-00-00-01-0B" },
		{ .ips = "10.0.0.254", .macs = "00-00-00-00-00-01", .router = true },
		{ .ips = "10.1.0.5", .macs = "" },
	};

	RUN(state, steps, want);
}

static void test_a_host_may_prove_many_addresses(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "10.0.0.9", ASKS, 0 },
		{ 0, { "10.7.0.1", MAC_A }, { 0 }, "10.7.0.9", ASKS, 0 },
		{ 0, { "10.7.0.1", MAC_A }, { "10.7.0.2", MAC_B }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1 10.7.0.1", .macs = "00-00-00-00-00-0A" },
		{ .ips = "10.0.0.9", .macs = "", .ghost = true },
		{ .ips = "10.7.0.2", .macs = "00-00-00-00-01-0B" },
		{ .ips = "10.7.0.9", .macs = "", .ghost = true },
	};

	RUN(state, steps, want);
}

static void test_unproved_neighbours_are_one_uncertain_asset(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { "10.0.0.9", MAC_B }, NULL, ASKS, 0 },
		{ 0, { "10.0.0.2", MAC_A }, { "10.0.0.9", MAC_B }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1 10.0.0.2", .macs = "00-00-00-00-00-0A", .uncertain = true },
		{ .ips = "10.0.0.9", .macs = "00-00-00-00-01-0B" },
	};

	RUN(state, steps, want);
}

/* The core switch mirrors a routed packet in both VLANs: the host is where ARP says. */
static void test_a_routed_sighting_joins_the_home(void **state)
{
	static const struct step steps[] = {
		{ 10, { "10.0.10.1", MAC_A }, { 0 }, "10.0.10.254", ASKS, 0 },
		{ 10, { "10.0.10.1", MAC_A }, { "10.0.20.2", MAC_R }, NULL, ASKS, 0 },
		{ 20, { "10.0.10.1", MAC_R }, { "10.0.20.2", MAC_B }, NULL, ASKS, 0 },
		{ 20, { "10.0.20.2", MAC_B }, { 0 }, "10.0.20.254", ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.10.1", .macs = "00-00-00-00-00-0A", .vlans = "10" },
		{ .ips = "10.0.10.254", .macs = "", .vlans = "10", .ghost = true },
		{ .ips = "10.0.20.2", .macs = "00-00-00-00-01-0B", .vlans = "20" },
		{ .ips = "10.0.20.254", .macs = "", .vlans = "20", .ghost = true },
		{ .ips = "", .macs = "00-00-00-00-00-01", .vlans = "10 20", .router = true },
	};

	RUN(state, steps, want);
}

static void test_cloned_machines_are_two_assets(void **state)
{
	static const struct step steps[] = {
		{ 10, { "192.168.0.1", MAC_A }, { 0 }, "192.168.0.1", ASKS, 0 },
		{ 20, { "192.168.0.1", MAC_B }, { 0 }, "192.168.0.1", ASKS, 0 },
		{ 10, { "192.168.0.1", MAC_A }, { "192.168.0.2", NULL }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "192.168.0.1", .macs = "00-00-00-00-00-0A", .vlans = "10" },
		{ .ips = "192.168.0.1", .macs = "00-00-00-00-01-0B", .vlans = "20" },
		{ .ips = "192.168.0.2", .macs = "", .vlans = "10", .ghost = true },
	};

	RUN(state, steps, want);
}

static void test_without_proof_the_same_address_is_one_asset(void **state)
{
	static const struct step steps[] = {
		{ 10, { "192.168.0.1", MAC_A }, { "192.168.0.2", NULL }, NULL, ASKS, 0 },
		{ 20, { "192.168.0.1", MAC_B }, { "192.168.0.2", NULL }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "192.168.0.1",
		  .macs = "00-00-00-00-00-0A 00-00-00-00-01-0B",
		  .vlans = "10 20",
		  .uncertain = true },
		{ .ips = "192.168.0.2", .macs = "", .vlans = "10 20", .ghost = true },
	};

	RUN(state, steps, want);
}

static void test_two_claims_are_a_conflict(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "10.0.0.1", ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_B }, { 0 }, "10.0.0.1", ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "00-00-00-00-00-0A", .conflict = true },
		{ .ips = "10.0.0.1", .macs = "00-00-00-00-01-0B", .conflict = true },
	};
	struct world *w = *state;

	RUN(state, steps, want);
	assert_string_equal(w->last_change, "address_conflict");
}

/* A second network card that never speaks ARP. */
static void test_one_foreign_address_is_a_second_port(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "10.0.0.1", ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_B }, { "10.0.0.2", NULL }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1",
		  .macs = "00-00-00-00-00-0A 00-00-00-00-01-0B",
		  .uncertain = true },
		{ .ips = "10.0.0.2", .macs = "", .ghost = true },
	};

	RUN(state, steps, want);
}

static void test_groups_are_no_assets(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { "224.0.0.251", NULL }, NULL, ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_A }, { "255.255.255.255", NULL }, NULL, ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_A }, { "10.0.0.255", NULL }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "00-00-00-00-00-0A" },
	};

	RUN(state, steps, want);
}

static void test_a_probe_claims_nothing(void **state)
{
	static const struct step steps[] = {
		{ 0, { "0.0.0.0", MAC_A }, { 0 }, "10.0.0.1", ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_B }, { 0 }, "10.0.0.1", ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "00-00-00-00-01-0B" },
		{ .ips = "", .macs = "00-00-00-00-00-0A" },
	};

	RUN(state, steps, want);
}

static void test_ipv6_scopes_are_not_networks(void **state)
{
	static const struct step steps[] = {
		{ 0, { "fe80::1", MAC_A }, { "fe80::2", MAC_B }, NULL, ASKS, 0 },
		{ 0, { "2001:db8:1::1", MAC_A }, { "fe80::2", MAC_B }, NULL, ASKS, 0 },
		{ 0, { "fd00:1::1", MAC_A }, { "fe80::2", MAC_B }, NULL, ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_A }, { "fe80::2", MAC_B }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1 2001:db8:1::1 fd00:1::1 fe80::1", .macs = "00-00-00-00-00-0A" },
		{ .ips = "fe80::2", .macs = "00-00-00-00-01-0B" },
	};

	RUN(state, steps, want);
}

static void test_ipv6_router(void **state)
{
	static const struct step steps[] = {
		{ 0, { "2001:db8:1::1", MAC_R }, { "2001:db8:9::2", MAC_B }, NULL, ASKS, 0 },
		{ 0, { "2001:db8:2::1", MAC_R }, { "2001:db8:9::2", MAC_B }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "2001:db8:1::1", .macs = "" },
		{ .ips = "2001:db8:2::1", .macs = "" },
		{ .ips = "2001:db8:9::2", .macs = "00-00-00-00-01-0B" },
		{ .ips = "", .macs = "00-00-00-00-00-01", .router = true },
	};

	RUN(state, steps, want);
}

/* Eight unproved neighbours may be one host; with the ninth the MAC forwards. */
static void test_too_many_unproved_neighbours(void **state)
{
	struct world *w = *state;
	char ip[16];

	for (unsigned i = 1; i <= 8; i++) {
		snprintf(ip, sizeof(ip), "10.0.0.%u", i);
		(void)world_flow(w, 0, (struct end) { ip, MAC_A },
				 (struct end) { "224.0.0.1", NULL });
	}
	assert_int_equal(count_lines(world_assets(w)), 1);
	(void)world_flow(w, 0, (struct end) { "10.0.0.9", MAC_A },
			 (struct end) { "224.0.0.1", NULL });
	assert_int_equal(count_lines(world_assets(w)), 10);
}

static void test_ids_stay_as_aliases(void **state)
{
	struct world *w = *state;
	struct json_value *before, *after;
	const struct json_value *aliases;

	(void)world_flow(w, 0, (struct end) { "10.0.0.1", NULL },
			 (struct end) { "224.0.0.1", NULL });
	before = line_at(world_assets(w), 0);
	world_arp(w, 0, (struct end) { "10.0.0.1", MAC_A }, "10.0.0.1");
	assert_string_equal(w->last_change, "merged");
	after = line_at(world_assets(w), 0);
	aliases = json_value_at(after, "weir.asset.aliases");
	assert_int_equal(json_value_count(aliases), 1);
	assert_string_equal(json_value_text(json_value_element(aliases, 0), ""),
			    json_value_text(before, "weir.asset.id"));
	assert_string_not_equal(json_value_text(after, "weir.asset.id"),
				json_value_text(before, "weir.asset.id"));
	json_value_free(before);
	json_value_free(after);
}

static void test_ghosts_go_first(void **state)
{
	struct world *w = *state;
	char ip[16];

	w->options.bindings_max = 64;
	world_renew(w);
	(void)world_flow(w, 0, (struct end) { "10.0.0.1", MAC_A },
			 (struct end) { "10.0.0.2", MAC_B });
	for (unsigned i = 0; i < 200; i++) {
		snprintf(ip, sizeof(ip), "10.9.0.%u", i);
		w->now += NS_PER_S;
		(void)world_flow(w, 0, (struct end) { "10.0.0.1", MAC_A },
				 (struct end) { ip, NULL });
	}
	assert_non_null(strstr(world_assets(w), "00-00-00-00-01-0B"));
	assert_true(inventory_counters(w->inventory).bindings <= 64);
	assert_true(inventory_counters(w->inventory).bindings_evicted >= 138);
	assert_int_equal(inventory_counters(w->inventory).assets, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_two_hosts_on_one_link),
		TEST(test_without_macs_an_address_is_an_asset),
		TEST(test_a_router_absorbs_nothing),
		TEST(test_a_router_to_one_network),
		TEST(test_a_host_may_prove_many_addresses),
		TEST(test_unproved_neighbours_are_one_uncertain_asset),
		TEST(test_a_routed_sighting_joins_the_home),
		TEST(test_cloned_machines_are_two_assets),
		TEST(test_without_proof_the_same_address_is_one_asset),
		TEST(test_two_claims_are_a_conflict),
		TEST(test_one_foreign_address_is_a_second_port),
		TEST(test_groups_are_no_assets),
		TEST(test_a_probe_claims_nothing),
		TEST(test_ipv6_scopes_are_not_networks),
		TEST(test_ipv6_router),
		TEST(test_too_many_unproved_neighbours),
		TEST(test_ids_stay_as_aliases),
		TEST(test_ghosts_go_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
