/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Makers: spellings and numbers; what order numbers and descriptions say. */

#include "inventory_world.h"

#include "store/kinds_private.h"
#include "store/order_number.h"
#include "store/vendor.h"

static void test_spellings(void **state)
{
	static const char *const rows[][2] = {
		{ "Siemens AG", "Siemens" },
		{ "SIEMENS", "Siemens" },
		{ "Siemens AG,", "Siemens" },
		{ "Siemens Industrial Automation Products Ltd Chengdu", "Siemens" },
		{ "Siemens Schweiz AG (Formerly: Cerberus AG)", "Siemens" },
		{ "RuggedCom Inc.", "Siemens" },
		{ "Rockwell Automation/Allen-Bradley", "Rockwell Automation" },
		{ "Rockwell Software, Inc.", "Rockwell Automation" },
		{ "Allen-Bradley", "Rockwell Automation" },
		{ "Schneider Electric/Telemecanique", "Schneider Electric" },
		{ "TELEMECANIQUE ELECTRIQUE", "Schneider Electric" },
		{ "Hewlett Packard", "HP" },
		{ "Hewlett Packard Enterprise", "Hewlett Packard Enterprise" },
		{ "Cisco Systems, Inc", "Cisco" },
		{ "ABB", "ABB" },
		{ "ABBA Lamps", "ABBA Lamps" },
		{ "Nobody & Sons", "Nobody & Sons" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(vendor_canonical(rows[i][0]), rows[i][1]);
	}
	assert_null(vendor_canonical(NULL));
	assert_null(vendor_canonical("Private"));
}

static void assert_sorted(const struct vendor_id *table, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		assert_true(table[i - 1].id < table[i].id);
	}
}

static void test_numbers(void **state)
{
	(void)state;
	assert_sorted(profinet_vendors, n_profinet_vendors);
	assert_sorted(bacnet_vendors, n_bacnet_vendors);
	assert_sorted(enterprise_vendors, n_enterprise_vendors);
	assert_string_equal(vendor_by_id("profinet_dcp:identify", 0x2a), "Siemens");
	assert_string_equal(vendor_by_id("bacnet:i_am", 5), "Johnson Controls Inc.");
	assert_null(vendor_by_id("profinet_dcp:identify", 1));
	assert_null(vendor_by_id("modbus:read", 5));
	assert_string_equal(vendor_by_object_id("1.3.6.1.4.1.248.14.10.41"), "Hirschmann");
	assert_string_equal(vendor_by_object_id(".1.3.6.1.4.1.9"), "Cisco");
	assert_null(vendor_by_object_id("1.3.6.1.4.1."));
	assert_null(vendor_by_object_id("1.3.6.1.4.1.9x"));
	assert_null(vendor_by_object_id("1.3.6.1.2.1.9"));
	assert_null(vendor_by_object_id("1.3.6.1.4.1.99999999999999999999"));
}

static void assert_order(const char *number, const char *product, const char *model,
			 const char *type)
{
	const struct order_number *row = order_number_find(number);

	assert_non_null(row);
	assert_string_equal(row->product, product);
	assert_string_equal(row->model != NULL ? row->model : "", model);
	assert_string_equal(row->type, type);
}

static void test_order_numbers(void **state)
{
	(void)state;
	assert_order("6ES7 315-2EH14-0AB0", "SIMATIC S7-300", "CPU 315-2 PN/DP", "plc");
	assert_order("6ES7 315-2FJ14-0AB0", "SIMATIC S7-300", "CPU 315F-2 PN/DP", "safety_plc");
	assert_order("6AG1 315-2EH14-7AB0", "SIMATIC S7-300", "CPU 315-2 PN/DP", "plc");
	assert_order("6ES7 215-1AG40-0XB0 ", "SIMATIC S7-1200", "CPU 1215C", "plc");
	assert_order("6ES7 214-1AD23-0XB0", "SIMATIC S7-200", "CPU 224", "plc");
	assert_order("6ES7 214-1HF40-0XB0", "SIMATIC S7-1200", "CPU 1214FC", "safety_plc");
	assert_order("6ES7 511-1AK01-0AB0", "SIMATIC S7-1500", "CPU 1511-1 PN", "plc");
	assert_order("6ES7 155-6AU00-0BN0", "SIMATIC ET 200SP", "", "remote_io");
	assert_order("6ES7 151-8AB01-0AB0", "SIMATIC IM 151-8 PN/DP CPU", "", "plc");
	assert_order("6GK5 208-0BA10-2AA3", "SCALANCE X-200", "", "switch");
	assert_order("1756-L83E/B", "ControlLogix 5580", "", "plc");
	assert_order("1756-L72S/B LOGIX5572S", "GuardLogix", "", "safety_plc");
	assert_order("1734-AENTR/B Ethernet Adapter", "POINT I/O", "", "remote_io");
	assert_order("BMX P34 2020", "Modicon M340", "", "plc");
	assert_order("TM221CE16R", "Modicon M221", "", "plc");
	assert_null(order_number_find("6XX7 315"));
	assert_null(order_number_find(""));
}

/* One binding that says one thing; what follows is in its attributes. */
static struct binding *said(struct world *w, enum identity kind, const char *source,
			    const char *value)
{
	struct binding_key key = { .ip = world_ip("10.0.0.9"),
				   .mac = world_mac("00:00:00:00:00:09") };
	struct attribute attribute = {
		.kind = (uint8_t)kind,
		.source = attribute_source(w->inventory, source),
		.confidence = 90,
		.itself = true,
		.unit = UNIT_NONE,
		.first = w->now,
		.last = w->now,
	};
	struct binding *b;
	char text[256];

	b = binding_see(w->inventory, &key, EVIDENCE_FRAME, w->now);
	assert_non_null(b);
	snprintf(text, sizeof(text), "%s", value);
	attribute.value = text;
	attribute_set(w->inventory, b, &attribute);
	return b;
}

static void assert_said(const struct binding *b, enum identity kind, const char *value)
{
	const struct attribute *a = attribute_best(b->asset, kind, UNIT_NONE);

	if (value == NULL) {
		assert_null(a);
		return;
	}
	assert_non_null(a);
	assert_string_equal(a->value, value);
}

static void test_descriptions(void **state)
{
	struct world *w = *state;
	struct binding *b = said(
	    w, IDENTITY_DESCRIPTION, "lldp:announcement",
	    "Siemens, SIMATIC S7, CPU-1200, 6ES7 215-1AG40-0XB0 , HW: 4, FW: V.4.2.3, S C-J9XX1");

	assert_said(b, IDENTITY_VENDOR, "Siemens");
	assert_said(b, IDENTITY_PRODUCT_CODE, "6ES7 215-1AG40-0XB0");
	assert_said(b, IDENTITY_PRODUCT_NAME, "SIMATIC S7-1200");
	assert_said(b, IDENTITY_MODEL, "CPU 1215C");
	assert_said(b, IDENTITY_HARDWARE_VERSION, "4");
	assert_said(b, IDENTITY_FIRMWARE_VERSION, "4.2.3");
	assert_said(b, IDENTITY_SERIAL_NUMBER, "C-J9XX1");
	assert_said(b, IDENTITY_CATEGORY, "plc");
}

static void test_other_descriptions(void **state)
{
	struct world *w = *state;
	struct binding *b =
	    said(w, IDENTITY_DESCRIPTION, "snmp:get", "Hirschmann MACH - SW: L3P-06.0.05");

	assert_said(b, IDENTITY_VENDOR, "Hirschmann");
	assert_said(b, IDENTITY_MODEL, "MACH");
	assert_said(b, IDENTITY_FIRMWARE_VERSION, "L3P-06.0.05");
	assert_said(b, IDENTITY_CATEGORY, "switch");
	world_renew(w);
	b = said(w, IDENTITY_DESCRIPTION, "snmp:get", "Siemens, half of it");
	assert_said(b, IDENTITY_VENDOR, NULL);
	world_renew(w);
	b = said(w, IDENTITY_DESCRIPTION, "snmp:get", "");
	assert_said(b, IDENTITY_VENDOR, NULL);
}

static void test_registries(void **state)
{
	struct world *w = *state;
	struct binding *b = said(w, IDENTITY_VENDOR_ID, "profinet_dcp:identify", "42");

	assert_said(b, IDENTITY_VENDOR, "Siemens");
	world_renew(w);
	b = said(w, IDENTITY_VENDOR_ID, "profinet_dcp:identify", "0x010c");
	assert_said(b, IDENTITY_VENDOR, "HMS");
	assert_string_equal(asset_vendor(b->asset), "HMS Networks");
	world_renew(w);
	b = said(w, IDENTITY_OBJECT_ID, "snmp:get", "1.3.6.1.4.1.8691.7.69");
	assert_said(b, IDENTITY_VENDOR, "Moxa");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_order_numbers),
		cmocka_unit_test_setup_teardown(test_descriptions, world_set_up, world_tear_down),
		cmocka_unit_test_setup_teardown(test_other_descriptions, world_set_up,
						world_tear_down),
		cmocka_unit_test_setup_teardown(test_registries, world_set_up, world_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
