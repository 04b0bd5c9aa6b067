/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Who has an address when several say so, what makes several MACs one device, and who fell silent:
 * one test a rule of docs/inventory.md. */

#include "identity_world.h"
#include "store/inventory_private.h"

#define MAC_A      "00:1b:1b:00:00:0a"
#define MAC_B      "00:80:f4:00:01:0b"
#define MAC_R      "00:00:bc:00:00:01"
#define MAC_NEAR   "00:1b:1b:00:00:0c"
#define MAC_SHARED "00:00:5e:00:01:07"

static void test_a_device_that_was_replaced(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "10.0.0.9", ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_B }, { 0 }, "10.0.0.1", ASKS, NS_PER_HOUR },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "00-80-F4-00-01-0B" },
		{ .ips = "10.0.0.9", .macs = "", .ghost = true },
		{ .ips = "", .macs = "00-1B-1B-00-00-0A" },
	};
	struct world *w = *state;

	RUN(state, steps, want);
	assert_string_equal(w->last_change, "address_moved");
}

/* A device that comes back to the address after another claimed it is in the way. */
static void test_a_moved_address_that_is_claimed_again(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "10.0.0.1", ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_B }, { 0 }, "10.0.0.1", ASKS, NS_PER_HOUR },
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "10.0.0.1", ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "00-1B-1B-00-00-0A", .conflict = true },
		{ .ips = "10.0.0.1", .macs = "00-80-F4-00-01-0B", .conflict = true },
	};

	RUN(state, steps, want);
}

static void test_a_lease_that_another_gets(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "", IS_GIVEN, 0 },
		{ 0, { "10.0.0.1", MAC_A }, { "10.0.0.8", NULL }, NULL, ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_B }, { 0 }, "", IS_GIVEN, NS_PER_MINUTE },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "00-80-F4-00-01-0B" },
		{ .ips = "10.0.0.8", .macs = "", .ghost = true },
		{ .ips = "", .macs = "00-1B-1B-00-00-0A" },
		{ .ips = "", .macs = "00-00-00-00-53-53" },
	};

	(void)want;
	assert_order_does_not_matter(*state, steps, ARRAY_SIZE(steps));
}

/* The address before the last lease is history of the same device. */
static void test_a_device_that_gets_another_lease(void **state)
{
	struct world *w = *state;
	struct json_value *asset;
	char list[64];

	world_claim(w, 0, (struct end) { "10.0.0.1", MAC_A }, true);
	w->now += NS_PER_HOUR;
	world_claim(w, 0, (struct end) { "10.0.0.2", MAC_A }, true);
	asset = line_at(world_assets(w), 0);
	join_list(json_value_at(asset, "host.ip"), list, sizeof(list));
	assert_string_equal(list, "10.0.0.2");
	join_list(json_value_at(asset, "weir.asset.former_ip"), list, sizeof(list));
	assert_string_equal(list, "10.0.0.1");
	json_value_free(asset);
}

/* The router answers for a host of another network that asked with too short a mask. */
static void test_proxy_arp_is_no_claim(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.254", MAC_R }, { 0 }, "10.0.0.2", ASKS, 0 },
		{ 0, { "10.0.1.5", MAC_R }, { 0 }, "", ANSWERS, 0 },
		{ 0, { "10.0.1.5", MAC_R }, { "10.0.0.2", MAC_B }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.2", .macs = "00-80-F4-00-01-0B" },
		{ .ips = "10.0.0.254", .macs = "00-00-BC-00-00-01", .router = true },
		{ .ips = "10.0.1.5", .macs = "" },
	};

	RUN(state, steps, want);
}

/* Who answers for more addresses than any host has forwards for others. */
static void test_answers_for_many(void **state)
{
	struct world *w = *state;
	char ip[16];

	for (unsigned i = 1; i <= 17; i++) {
		snprintf(ip, sizeof(ip), "10.0.0.%u", i);
		world_claim(w, 0, (struct end) { ip, MAC_R }, false);
		(void)world_flow(w, 0, (struct end) { ip, MAC_R },
				 (struct end) { "224.0.0.1", NULL });
	}
	assert_int_equal(count_lines(world_assets(w)), 18);
}

/* Both routers speak with MACs of their own, and one of them with that of the group. */
static void test_a_router_group(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_SHARED }, { 0 }, "10.0.0.1", ASKS, 0 },
		{ 0, { "10.0.0.2", MAC_A }, { 0 }, "10.0.0.9", ASKS, 0 },
		{ 0, { "10.0.0.3", MAC_B }, { 0 }, "10.0.0.9", ASKS, 0 },
		{ 0, { "10.5.0.7", MAC_SHARED }, { "10.0.0.3", MAC_B }, NULL, ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1", .macs = "00-00-5E-00-01-07", .router = true },
		{ .ips = "10.0.0.2", .macs = "00-1B-1B-00-00-0A" },
		{ .ips = "10.0.0.3", .macs = "00-80-F4-00-01-0B" },
		{ .ips = "10.0.0.9", .macs = "", .ghost = true },
		{ .ips = "10.5.0.7", .macs = "" },
	};
	struct world *w = *state;
	struct json_value *asset;

	RUN(state, steps, want);
	asset = line_at(world_assets(w), 0);
	assert_true(json_value_true(asset, "weir.asset.virtual"));
	json_value_free(asset);
}

static void test_teamed_network_cards(void **state)
{
	static const struct step steps[] = {
		{ 0, { "10.0.0.1", MAC_A }, { 0 }, "10.0.0.1", ASKS, 0 },
		{ 0, { "10.0.0.1", MAC_NEAR }, { 0 }, "10.0.0.1", ASKS, 0 },
	};
	static const struct want want[] = {
		{ .ips = "10.0.0.1",
		  .macs = "00-1B-1B-00-00-0A 00-1B-1B-00-00-0C",
		  .uncertain = true,
		  .conflict = true },
	};

	RUN(state, steps, want);
}

/* The same machine on another switch and VLAN. */
static void test_a_virtual_machine_that_moved(void **state)
{
	static const struct step steps[] = {
		{ 10, { "10.0.10.1", MAC_A }, { 0 }, "10.0.10.1", ASKS, 0 },
		{ 20, { "10.0.20.1", MAC_A }, { 0 }, "10.0.20.1", ASKS, NS_PER_HOUR },
	};
	static const struct want want[] = {
		{ .ips = "10.0.10.1 10.0.20.1", .macs = "00-1B-1B-00-00-0A", .vlans = "10 20" },
	};

	RUN(state, steps, want);
}

static void say_serial(struct world *w, const char *ip, const char *mac, const char *serial)
{
	struct record *r =
	    world_begin(w, RECORD_TRANSACTION, (struct end) { "10.0.0.9", "00:00:00:00:09:09" },
			(struct end) { ip, mac });

	r->operation = OPERATION_IDENTIFY;
	r->phase = PHASE_COMPLETE;
	r->outcome = OUTCOME_SUCCESS;
	record_put_text(&w->writer, field_find(w->registry, "weir.dnp3.device.serial_number"),
			serial);
	(void)world_commit(w);
}

static size_t assets_after_serials(struct world *w, const char *second_mac, const char *serial)
{
	world_renew(w);
	say_serial(w, "10.0.0.1", MAC_A, serial);
	say_serial(w, "10.0.0.2", second_mac, serial);
	return count_lines(world_assets(w));
}

/* Two interfaces of one maker give one serial number. Simulators do so on machines of any maker,
 * and a number that was never given says nothing. */
static void test_one_serial_number(void **state)
{
	assert_int_equal(assets_after_serials(*state, MAC_NEAR, "S C-X4U421302009"), 2);
	assert_int_equal(assets_after_serials(*state, MAC_B, "S C-X4U421302009"), 3);
	assert_int_equal(assets_after_serials(*state, MAC_NEAR, "00000000"), 3);
	assert_int_equal(assets_after_serials(*state, MAC_NEAR, "17"), 3);
}

/* A name for an address makes no device of it, whenever the device is seen. */
static void test_a_name_alone_is_no_asset(void **state)
{
	struct world *w = *state;
	struct json_value *asset;

	world_name(w, "10.0.0.1", "pump-station");
	assert_int_equal(count_lines(world_assets(w)), 2);
	world_arp(w, 0, (struct end) { "10.0.0.1", MAC_A }, "10.0.0.1");
	assert_int_equal(count_lines(world_assets(w)), 3);
	asset = line_at(world_assets(w), 0);
	assert_string_equal(json_value_text(asset, "host.name"), "pump-station");
	json_value_free(asset);
}

static struct asset *key(struct world *w, const char *ip, const char *mac)
{
	struct ip of_ip = world_ip(ip);
	struct mac of_mac = world_mac(mac);

	return binding_key_of(w->inventory, 0, &of_ip, &of_mac);
}

static void test_a_persons_word(void **state)
{
	struct world *w = *state;

	world_arp(w, 0, (struct end) { "10.0.0.1", MAC_A }, "10.0.0.1");
	world_arp(w, 0, (struct end) { "10.0.0.2", MAC_B }, "10.0.0.2");
	assert_int_equal(count_lines(world_assets(w)), 2);
	assert_int_equal(identity_pin(w->inventory, key(w, NULL, MAC_A), key(w, NULL, MAC_B), true),
			 0);
	assert_int_equal(count_lines(world_assets(w)), 1);
	/* What comes later does not undo it. */
	world_arp(w, 0, (struct end) { "10.0.0.3", MAC_B }, "10.0.0.3");
	assert_int_equal(count_lines(world_assets(w)), 1);
	assert_int_equal(
	    identity_pin(w->inventory, key(w, NULL, MAC_A), key(w, NULL, MAC_B), false), 0);
	assert_int_equal(count_lines(world_assets(w)), 2);
	/* One address of two that a MAC has. */
	assert_int_equal(
	    identity_pin(w->inventory, key(w, NULL, MAC_B), key(w, "10.0.0.3", NULL), false), 0);
	assert_int_equal(count_lines(world_assets(w)), 3);
}

static void test_history_of_a_value(void **state)
{
	struct world *w = *state;
	struct json_value *asset;
	const struct json_value *attributes;
	unsigned former = 0;

	for (unsigned i = 0; i < 3; i++) {
		char serial[16];

		snprintf(serial, sizeof(serial), "SERIAL-%u", i);
		say_serial(w, "10.0.0.1", MAC_A, serial);
		w->now += NS_PER_HOUR;
	}
	asset = line_at(world_assets(w), 0);
	assert_string_equal(json_value_text(asset, "weir.asset.serial_number"), "SERIAL-2");
	attributes = json_value_at(asset, "weir.asset.attributes");
	for (size_t i = 0; i < json_value_count(attributes); i++) {
		former +=
		    json_value_text(json_value_element(attributes, i), "until") != NULL ? 1U : 0;
	}
	assert_int_equal(former, 2);
	json_value_free(asset);
}

/* ---- silence ---- */

static void heard(struct world *w, const char *ip, const char *mac)
{
	(void)world_flow(w, 0, (struct end) { ip, mac }, (struct end) { "224.0.0.1", NULL });
	inventory_tick(w->inventory, w->now);
}

/* A device that was heard every second, while another goes on. */
static void test_a_device_falls_silent(void **state)
{
	struct world *w = *state;

	for (unsigned i = 0; i < 60; i++) {
		heard(w, "10.0.0.1", MAC_A);
		heard(w, "10.0.0.2", MAC_B);
		w->now += NS_PER_S;
	}
	for (unsigned i = 0; i < 50; i++) {
		heard(w, "10.0.0.2", MAC_B);
		w->now += NS_PER_S;
	}
	assert_string_equal(w->last_change, "new_asset");
	for (unsigned i = 0; i < 50; i++) {
		heard(w, "10.0.0.2", MAC_B);
		w->now += NS_PER_S;
	}
	assert_string_equal(w->last_change, "gone_silent");
	heard(w, "10.0.0.1", MAC_A);
	assert_string_equal(w->last_change, "reappeared");
}

/* Nobody is silent while the capture is. */
static void test_a_capture_that_is_silent(void **state)
{
	struct world *w = *state;

	for (unsigned i = 0; i < 60; i++) {
		heard(w, "10.0.0.1", MAC_A);
		heard(w, "10.0.0.2", MAC_B);
		w->now += NS_PER_S;
	}
	for (unsigned i = 0; i < 600; i++) {
		inventory_tick(w->inventory, w->now);
		w->now += NS_PER_S;
	}
	heard(w, "10.0.0.2", MAC_B);
	assert_string_equal(w->last_change, "new_asset");
}

/* The devices behind one mirror. */
static const char *const lively[][2] = {
	{ "10.0.0.1", MAC_A },
	{ "10.0.0.2", MAC_B },
	{ "10.0.0.3", MAC_R },
	{ "10.0.0.4", MAC_NEAR },
	{ "10.0.0.5", "00:80:f4:00:01:0c" },
};

/* All from the first on are heard every second. */
static void hear_seconds(struct world *w, size_t first, unsigned seconds)
{
	for (unsigned second = 0; second < seconds; second++) {
		for (size_t i = first; i < ARRAY_SIZE(lively); i++) {
			heard(w, lively[i][0], lively[i][1]);
		}
		inventory_tick(w->inventory, w->now);
		w->now += NS_PER_S;
	}
}

/* Most devices at once: the mirror is what fell silent, and no device is. */
static void test_a_mirror_falls_silent(void **state)
{
	struct world *w = *state;

	hear_seconds(w, 0, 60);
	w->last_sensor[0] = '\0';
	hear_seconds(w, 4, 29);
	assert_string_equal(w->last_sensor, "");
	hear_seconds(w, 4, 12);
	assert_string_equal(w->last_sensor, "mirror_silent 4 devices");
	hear_seconds(w, 4, 600);
	assert_string_equal(w->last_change, "new_asset");
	assert_string_equal(w->last_sensor, "mirror_silent 4 devices");
	hear_seconds(w, 0, 12);
	assert_string_equal(w->last_sensor, "mirror_back 5 devices");
	/* Its pause was not the devices': one that falls silent now is noticed in a minute. */
	hear_seconds(w, 1, 75);
	assert_string_equal(w->last_change, "gone_silent");
	assert_string_equal(w->last_sensor, "mirror_back 5 devices");
}

/* Nothing at all comes any more; who is not back with the others is told of then. */
static void test_a_mirror_that_brings_nothing(void **state)
{
	struct world *w = *state;

	hear_seconds(w, 0, 60);
	hear_seconds(w, ARRAY_SIZE(lively), 45);
	assert_string_equal(w->last_sensor, "mirror_silent 5 devices");
	hear_seconds(w, 1, 30);
	assert_string_equal(w->last_sensor, "mirror_back 4 devices");
	assert_string_equal(w->last_change, "new_asset");
	hear_seconds(w, 1, 60);
	assert_string_equal(w->last_change, "gone_silent");
}

/* Two of five are devices. */
static void test_a_few_devices_are_no_mirror(void **state)
{
	struct world *w = *state;

	hear_seconds(w, 0, 60);
	w->last_sensor[0] = '\0';
	hear_seconds(w, 2, 90);
	assert_string_equal(w->last_change, "gone_silent");
	assert_string_equal(w->last_sensor, "");
}

/* ---- floods ---- */

/* Forged addresses, each seen once, make way for each other and not for devices. */
static void test_a_flood_of_forged_addresses(void **state)
{
	struct world *w = *state;
	char ip[16], mac[MAC_TEXT_SIZE];

	w->options.bindings_max = 64;
	world_renew(w);
	for (unsigned i = 0; i < 20; i++) {
		heard(w, "10.0.0.1", MAC_A);
		w->now += NS_PER_S;
	}
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(ip, sizeof(ip), "10.9.%u.%u", i / 200, i % 200);
		snprintf(mac, sizeof(mac), "02:00:00:09:%02x:%02x", i / 200, i % 200);
		heard(w, ip, mac);
		w->now += NS_PER_MS;
	}
	assert_non_null(strstr(world_assets(w), "00-1B-1B-00-00-0A"));
	assert_true(inventory_counters(w->inventory).bindings <= 64);
	assert_true(inventory_counters(w->inventory).bindings_evicted >= 1900);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_device_that_was_replaced),
		TEST(test_a_moved_address_that_is_claimed_again),
		TEST(test_a_lease_that_another_gets),
		TEST(test_a_device_that_gets_another_lease),
		TEST(test_proxy_arp_is_no_claim),
		TEST(test_answers_for_many),
		TEST(test_a_router_group),
		TEST(test_teamed_network_cards),
		TEST(test_a_virtual_machine_that_moved),
		TEST(test_one_serial_number),
		TEST(test_a_name_alone_is_no_asset),
		TEST(test_a_persons_word),
		TEST(test_history_of_a_value),
		TEST(test_a_device_falls_silent),
		TEST(test_a_capture_that_is_silent),
		TEST(test_a_mirror_falls_silent),
		TEST(test_a_mirror_that_brings_nothing),
		TEST(test_a_few_devices_are_no_mirror),
		TEST(test_a_flood_of_forged_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
