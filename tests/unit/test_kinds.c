/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Types, roles, levels, risks: the rules that come with Weir on what assets do, and the reader of
 * such rules. */

#include "inventory_world.h"

#include "store/kinds_private.h"

#include <errno.h>
#include <unistd.h>

#define CLIENT ((struct end) { "10.0.0.1", "00:00:00:00:00:0a" })
#define SERVER ((struct end) { "10.0.0.2", "00:00:00:00:00:0b" })

#define RULES_FILE "test_kinds.yaml"

/* n transactions between two hosts. */
static void transact(struct world *w, struct end from, struct end to, const char *protocol,
		     enum operation operation, enum outcome outcome, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct record *r = world_begin(w, RECORD_TRANSACTION, from, to);

		r->protocol = world_protocol(protocol);
		r->operation = (uint8_t)operation;
		r->phase = PHASE_COMPLETE;
		r->outcome = (uint8_t)outcome;
		r->duration = outcome != OUTCOME_UNKNOWN ? NS_PER_MS : -1;
		r->key = w->number;
		(void)world_commit(w);
	}
}

static void ask(struct world *w, const char *protocol, enum operation operation, unsigned n)
{
	transact(w, CLIENT, SERVER, protocol, operation, OUTCOME_SUCCESS, n);
}

static void say(struct world *w, const char *field, const char *text)
{
	struct record *r = world_begin(w, RECORD_TRANSACTION, CLIENT, SERVER);
	uint16_t id = field_find(w->registry, field);

	assert_int_not_equal(id, FIELD_NOT_FOUND);
	r->protocol = world_protocol("enip");
	r->operation = OPERATION_IDENTIFY;
	r->phase = PHASE_COMPLETE;
	r->outcome = OUTCOME_SUCCESS;
	r->duration = NS_PER_MS;
	record_put_text(&w->writer, id, text);
	(void)world_commit(w);
}

static void assert_asset(struct world *w, size_t line, const char *key, const char *value)
{
	struct json_value *asset = line_at(world_assets(w), line);
	char path[64];
	const char *found;

	snprintf(path, sizeof(path), "weir.asset.%s", key);
	found = json_value_text(asset, path);
	if (value == NULL) {
		assert_null(found);
	} else {
		assert_non_null(found);
		assert_string_equal(found, value);
		if (strchr(key, '_') == NULL && strcmp(key, "vendor") != 0) {
			snprintf(path, sizeof(path), "weir.asset.%s_rule", key);
			assert_non_null(json_value_text(asset, path));
			snprintf(path, sizeof(path), "weir.asset.%s_reason", key);
			assert_non_null(json_value_text(asset, path));
		}
	}
	json_value_free(asset);
}

/* ---- what assets do ---- */

static void test_polling_makes_an_hmi(void **state)
{
	struct world *w = *state;

	ask(w, "s7comm", OPERATION_READ, 9);
	assert_asset(w, 0, "role", "client");
	assert_asset(w, 1, "role", "controller");
	assert_asset(w, 1, "type", "plc");
	assert_asset(w, 1, "level", "1");
	ask(w, "s7comm", OPERATION_READ, 1);
	assert_asset(w, 0, "role", "hmi_scada");
	assert_asset(w, 0, "type", "hmi");
	assert_asset(w, 0, "level", "2");
}

/* Three controllers: more than a panel. */
static void test_many_controllers_make_scada(void **state)
{
	struct world *w = *state;
	static const char *const ips[] = { "10.0.0.2", "10.0.0.3", "10.0.0.4" };
	static const char *const macs[] = { "00:00:00:00:00:0b", "00:00:00:00:00:0c",
					    "00:00:00:00:00:0d" };

	for (size_t i = 0; i < ARRAY_SIZE(ips); i++) {
		transact(w, CLIENT, (struct end) { ips[i], macs[i] }, "modbus", OPERATION_READ,
			 OUTCOME_SUCCESS, 10);
	}
	assert_asset(w, 0, "type", "scada_server");
	assert_asset(w, 1, "type", "industrial_device");
}

static void test_stranger_is_no_engineering_station(void **state)
{
	struct world *w = *state;

	transact(w, CLIENT, SERVER, "s7comm", OPERATION_STOP, OUTCOME_UNKNOWN, 1);
	assert_asset(w, 0, "role", "unknown");
	assert_asset(w, 0, "role_rule", "role_tried");
	transact(w, CLIENT, SERVER, "s7comm", OPERATION_PROGRAM_DOWNLOAD, OUTCOME_FAILURE, 20);
	assert_asset(w, 0, "role_rule", "role_tried");
	ask(w, "s7comm", OPERATION_STOP, 1);
	assert_asset(w, 0, "role", "client");
	assert_asset(w, 0, "role_rule", "role_commander");
	ask(w, "s7comm", OPERATION_PROGRAM_DOWNLOAD, 3);
	assert_asset(w, 0, "role", "client");
	ask(w, "s7comm", OPERATION_DIAGNOSE, 1);
	assert_asset(w, 0, "role", "engineering_workstation");
	assert_asset(w, 0, "type", "engineering_workstation");
}

/* Two units answered: what is at the address stands between them and the network. */
static void test_gateway(void **state)
{
	struct world *w = *state;

	for (unsigned unit = 1; unit < 3; unit++) {
		struct record *r = world_begin(w, RECORD_TRANSACTION, CLIENT, SERVER);

		r->protocol = world_protocol("modbus");
		r->operation = OPERATION_READ;
		r->phase = PHASE_COMPLETE;
		r->outcome = OUTCOME_SUCCESS;
		r->duration = NS_PER_MS;
		r->flags |= RECORD_UNIT;
		record_put_uint(&w->writer, CORE_UNIT_ID, unit);
		(void)world_commit(w);
	}
	assert_asset(w, 1, "type", "protocol_converter");
	assert_asset(w, 1, "role", "gateway");
	assert_asset(w, 1, "level", "1");
}

/* Masters tell outstations what to report. */
static void test_dnp3_master(void **state)
{
	struct world *w = *state;

	ask(w, "dnp3", OPERATION_CONFIG_WRITE, 12);
	assert_asset(w, 0, "role_rule", "role_commander");
	ask(w, "dnp3", OPERATION_READ, 5);
	assert_asset(w, 0, "type", "scada_server");
	assert_asset(w, 0, "role", "hmi_scada");
	assert_asset(w, 1, "type", "rtu");
}

static void test_only_identify(void **state)
{
	struct world *w = *state;

	ask(w, "enip", OPERATION_IDENTIFY, 2);
	assert_asset(w, 0, "role", "client");
	assert_asset(w, 0, "role_rule", "role_reader");
}

static void test_adapter_is_no_controller(void **state)
{
	struct world *w = *state;

	ask(w, "cip", OPERATION_IO, 20);
	say(w, "weir.enip.identity.device_type", "Communications adapter");
	assert_asset(w, 1, "type", "remote_io");
	assert_asset(w, 1, "role", "io_device");
	assert_asset(w, 1, "level", "0");
}

/* The catalogue number in a product's name says more than its device type. */
static void test_order_number(void **state)
{
	struct world *w = *state;

	say(w, "weir.enip.identity.product_name", "1756-L83E/B");
	assert_asset(w, 1, "type", "plc");
	assert_asset(w, 1, "vendor", "Rockwell Automation");
}

static void test_scanner(void **state)
{
	struct world *w = *state;
	char ip[16];

	for (unsigned i = 10; i < 30; i++) {
		snprintf(ip, sizeof(ip), "10.0.0.%u", i);
		transact(w, CLIENT, (struct end) { ip, NULL }, "modbus", OPERATION_READ,
			 OUTCOME_UNKNOWN, 1);
	}
	assert_asset(w, 0, "role", "scanner");
	/* Nobody is at those addresses. */
	assert_asset(w, 1, "role", "unknown");
	assert_asset(w, 1, "type", NULL);
}

static void test_internet(void **state)
{
	struct world *w = *state;
	struct json_value *asset;
	struct end outside = { "203.0.113.9", "00:00:00:00:00:99" };

	/* Two public addresses behind one MAC: a router. */
	transact(w, outside, SERVER, "modbus", OPERATION_READ, OUTCOME_SUCCESS, 1);
	outside.ip = "198.51.100.7";
	transact(w, outside, SERVER, "modbus", OPERATION_READ, OUTCOME_SUCCESS, 1);
	asset = line_at(world_assets(w), 0);
	assert_string_equal(
	    json_value_text(json_value_element(json_value_at(asset, "weir.asset.risks"), 0),
			    "name"),
	    "internet_facing");
	json_value_free(asset);
}

/* What is known decides, not the order in which it became known. */
static void test_order_does_not_matter(void **state)
{
	struct world *w = *state;
	char *text[2];

	for (unsigned i = 0; i < 2; i++) {
		world_renew(w);
		w->number = 0;
		if (i == 0) {
			ask(w, "s7comm", OPERATION_PROGRAM_DOWNLOAD, 12);
			(void)world_assets(w);
			ask(w, "s7comm", OPERATION_READ, 12);
		} else {
			ask(w, "s7comm", OPERATION_READ, 12);
			(void)world_assets(w);
			ask(w, "s7comm", OPERATION_PROGRAM_DOWNLOAD, 12);
		}
		text[i] = strdup(world_assets(w));
	}
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
}

/* A device that was long there and does something else now. */
static void test_change_is_told(void **state)
{
	struct world *w = *state;

	ask(w, "modbus", OPERATION_READ, 1);
	inventory_tick(w->inventory, w->now);
	ask(w, "modbus", OPERATION_READ, 12);
	w->now += NS_PER_MINUTE;
	inventory_tick(w->inventory, w->now);
	assert_string_equal(w->last_change, "new_asset");
	w->now += 2 * NS_PER_HOUR;
	ask(w, "modbus", OPERATION_PROGRAM_DOWNLOAD, 20);
	inventory_tick(w->inventory, w->now);
	assert_string_equal(w->last_change, "role_changed");
}

/* ---- the reader ---- */

struct told {
	unsigned n;
	char text[8][256];
};

static void tell(void *context, const char *text)
{
	struct told *told = context;

	if (told->n < ARRAY_SIZE(told->text)) {
		snprintf(told->text[told->n], sizeof(told->text[0]), "%s", text);
	}
	told->n++;
}

static void write_rules(const char *text)
{
	FILE *file = fopen(RULES_FILE, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void assert_mistake(const char *text, const char *mistake)
{
	struct kinds *kinds = NULL;
	struct told told = { 0 };

	write_rules(text);
	assert_int_equal(kinds_read(&kinds, RULES_FILE, tell, &told, NULL), -EINVAL);
	unlink(RULES_FILE);
	assert_null(kinds);
	assert_int_equal(told.n, 1);
	assert_string_equal(told.text[0], mistake);
}

static void test_mistakes(void **state)
{
	(void)state;
	assert_mistake("types:\n  - {id: a, is: plx, because: b}\n",
		       RULES_FILE ":2:17: 'plx' is not among the words of types");
	assert_mistake("types:\n  - {id: a, is: plc, because: b, when: {polled: 1}}\n",
		       RULES_FILE ":2:41: unknown fact 'polled'");
	assert_mistake("types:\n  - {id: a, is: plc, because: b, when: {polls: many}}\n",
		       RULES_FILE ":2:48: polls wants a number (at least) or a range such as 1-2");
	assert_mistake("types:\n  - {id: a, is: plc, because: b, when: {role: client}}\n",
		       RULES_FILE ":2:41: role is decided later than this section");
	assert_mistake("roles:\n  - {id: a, is: client, because: b, when: {does: [red]}}\n",
		       RULES_FILE ":2:51: 'red' is no operation");
	assert_mistake("roles:\n  - {is: client, because: b}\n",
		       RULES_FILE ":2:5: the rule wants 'id'");
	assert_mistake("kinds: []\n", RULES_FILE ":1:1: unknown section 'kinds'");
	assert_mistake("roles:\n  - {id: a, is: client, because: b, wen: {polls: 1}}\n",
		       RULES_FILE ":2:37: unknown key 'wen'");
}

/* A user's rule comes first, brings own words, and stands in for the built-in one. */
static void test_own_rules(void **state)
{
	struct world *w = *state;

	write_rules(
	    "words: {types: [press]}\n"
	    "types:\n  - {id: own, is: press, because: ours, when: {polled_by: 1}}\n"
	    "roles:\n  - {id: role_reader, is: scanner, because: ours, when: {polls: 99}}\n");
	w->options.kinds_path = RULES_FILE;
	world_renew(w);
	unlink(RULES_FILE);
	ask(w, "modbus", OPERATION_READ, 1);
	assert_asset(w, 0, "role_rule", "role_tried");
	ask(w, "modbus", OPERATION_READ, 10);
	assert_asset(w, 1, "type", "press");
	assert_asset(w, 1, "type_reason", "ours");
}

static void test_patterns(void **state)
{
	(void)state;
	assert_true(pattern_fits("6ES7 31?-?F*", "6ES7 315-2FJ14-0AB0"));
	assert_false(pattern_fits("6ES7 31?-?F*", "6ES7 315-2EH14-0AB0"));
	assert_true(pattern_fits("*panel*", "SIMATIC Comfort PANEL 7"));
	assert_true(pattern_fits("*a*b", "aXbab"));
	assert_false(pattern_fits("abc", "ab"));
	assert_false(pattern_fits("ab", "abc"));
	assert_true(pattern_fits("*", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_polling_makes_an_hmi, world_set_up,
						world_tear_down),
		cmocka_unit_test_setup_teardown(test_many_controllers_make_scada, world_set_up,
						world_tear_down),
		cmocka_unit_test_setup_teardown(test_stranger_is_no_engineering_station,
						world_set_up, world_tear_down),
		cmocka_unit_test_setup_teardown(test_dnp3_master, world_set_up, world_tear_down),
		cmocka_unit_test_setup_teardown(test_gateway, world_set_up, world_tear_down),
		cmocka_unit_test_setup_teardown(test_only_identify, world_set_up, world_tear_down),
		cmocka_unit_test_setup_teardown(test_adapter_is_no_controller, world_set_up,
						world_tear_down),
		cmocka_unit_test_setup_teardown(test_order_number, world_set_up, world_tear_down),
		cmocka_unit_test_setup_teardown(test_scanner, world_set_up, world_tear_down),
		cmocka_unit_test_setup_teardown(test_internet, world_set_up, world_tear_down),
		cmocka_unit_test_setup_teardown(test_order_does_not_matter, world_set_up,
						world_tear_down),
		cmocka_unit_test_setup_teardown(test_change_is_told, world_set_up, world_tear_down),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test_setup_teardown(test_own_rules, world_set_up, world_tear_down),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
