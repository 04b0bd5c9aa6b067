/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct told {
	unsigned n;
	char text[16][256];
};

static void tell(void *context, const char *text)
{
	struct told *told = context;

	if (told->n < 16) {
		snprintf(told->text[told->n], sizeof(told->text[0]), "%s", text);
	}
	told->n++;
}

/* Reads a configuration from a text; mistakes are named after "c.yaml". */
static int read_text(const char *text, struct config *config, struct told *told)
{
	FILE *file = fopen("test_config_c.yaml", "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	*told = (struct told) { 0 };
	int result = config_read(config, "test_config_c.yaml", tell, told, NULL);
	unlink("test_config_c.yaml");
	return result;
}

/* Both written out, so that a difference is one of a key's value. */
static void assert_same(const struct config *a, const struct config *b)
{
	char *text[2];
	size_t length[2];
	const struct config *const configs[] = { a, b };

	for (size_t i = 0; i < 2; i++) {
		FILE *out = open_memstream(&text[i], &length[i]);

		assert_non_null(out);
		config_write(configs[i], out);
		assert_int_equal(fclose(out), 0);
	}
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
}

/* The sample has every key, and each with its default. */
static void test_sample(void **state)
{
	struct config defaults = config_defaults(), config = config_defaults();
	struct problem problem = { "" };
	struct told told = { 0 };
	char *text, *line;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_int_equal(config_read(&config, WEIR_SAMPLE, tell, &told, &problem), 0);
	assert_same(&config, &defaults);

	char sample[16384] = "";
	FILE *file = fopen(WEIR_SAMPLE, "r");
	assert_non_null(file);
	assert_true(fread(sample, 1, sizeof(sample) - 1, file) > 0);
	assert_int_equal(fclose(file), 0);
	config_write(&defaults, out);
	assert_int_equal(fclose(out), 0);
	for (char *rest = text; (line = strsep(&rest, "\n")) != NULL && *line != '\0';) {
		char key[128];

		snprintf(key, sizeof(key), "\n%.*s", (int)strcspn(line, ":") + 1, line);
		if (strstr(sample, key) == NULL) {
			fail_msg("the sample lacks the key%s", key);
		}
	}
	free(text);
}

static void test_values(void **state)
{
	struct config config, again;
	struct told told;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_int_equal(
	    read_text("capture:\n  interfaces: [eth1, 'eth2:7']\n  buffer: 64 MiB\n"
		      "  workers: 16\n  promiscuous: false\n  filter: 'tcp port 502'\n"
		      "rules: {folders: [a, b], time_zone: Europe/Berlin}\n"
		      "baseline: {learning: 30m, frames: [night 22:00-06:00]}\n"
		      "inventory: {roles: r.yaml, geoip: [c.mmdb, n.mmdb]}\nstore:\n  keep: 1w\n"
		      "health: {drops: 2.5 %}\nsensor: {name: 'it''s'}\n",
		      &config, &told),
	    0);
	assert_int_equal(config.capture.n_interfaces, 2);
	assert_string_equal(config.capture.interfaces[1].name, "eth2");
	assert_int_equal(config.capture.interfaces[1].domain, 7);
	assert_int_equal(config.capture.buffer, 64 << 20);
	assert_int_equal(config.capture.workers, 16);
	assert_false(config.capture.promiscuous);
	assert_string_equal(config.rules.folders.items[1], "b");
	assert_string_equal(config.rules.time_zone, "Europe/Berlin");
	assert_string_equal(config.inventory.roles, "r.yaml");
	assert_string_equal(config.inventory.geoip.items[1], "n.mmdb");
	assert_true(config.baseline.learning == 30 * NS_PER_MINUTE);
	assert_string_equal(config.baseline.frames.items[0], "night 22:00-06:00");
	assert_true(config.store.keep == 7 * NS_PER_DAY);
	assert_true(config.health.drops > 2.4 && config.health.drops < 2.6);

	config_write(&config, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(read_text(text, &again, &told), 0);
	assert_same(&config, &again);
	free(text);
}

static void test_outputs(void **state)
{
	struct config config, again;
	struct told told;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	const struct config_output *items = config.forward.items;

	(void)state;
	assert_int_equal(
	    read_text(
		"forward:\n  outputs:\n"
		"    - {name: a, file: a.ndjson, form: cef, keep: 0, compress: false}\n"
		"    - {name: b, syslog: '[2001:db8::7]:514', transport: udp, facility: 23}\n"
		"    - {name: c, elasticsearch: ['https://h:9200', 'http://i:9200'],\n"
		"       namespace: plant1, token_file: /k, filter: ['a.b=c', \"d.e!=it's\"]}\n"
		"    - {name: d, kafka: [h:9092, i:9092], topic: t, mechanism: PLAIN, user: u}\n"
		"    - {name: e, splunk: 'https://h:8088', acknowledge: false, send: [alerts]}\n",
		&config, &told),
	    0);
	assert_int_equal(config.forward.n, 5);
	assert_int_equal(items[0].receiver, RECEIVER_FILE);
	assert_int_equal(items[0].keep, 0);
	assert_string_equal(items[1].addresses.items[0], "[2001:db8::7]:514");
	assert_int_equal(items[1].facility, 23);
	assert_int_equal(items[2].addresses.n, 2);
	assert_string_equal(items[2].filter.items[1], "d.e!=it's");
	assert_string_equal(items[3].addresses.items[1], "i:9092");
	assert_false(items[4].acknowledge);
	assert_true(items[3].acknowledge);
	assert_true(items[4].send[FORWARD_ALERTS]);
	assert_false(items[4].send[FORWARD_CHANGES]);

	config_write(&config, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(read_text(text, &again, &told), 0);
	assert_same(&config, &again);
	free(text);
}

static void test_empty(void **state)
{
	struct config config, defaults = config_defaults();
	struct told told;

	(void)state;
	assert_int_equal(read_text("", &config, &told), 0);
	assert_same(&config, &defaults);
	assert_int_equal(read_text("capture:\n", &config, &told), 0);
	assert_same(&config, &defaults);
}

/* All mistakes at once, each where it stands, and nothing is taken. */
static void test_mistakes(void **state)
{
	struct config config = config_defaults(), before = config;
	struct told told;

	(void)state;
	assert_int_equal(read_text("captur:\n  buffer: 1\ncapture:\n  bufer: 1\n  workers: 17\n"
				   "  promiscuous: maybe\n  interfaces: eth1\n  buffer: 1 PiB\n"
				   "rules:\n  time_zone: Europe/Berlim\n"
				   "store:\n  keep: long\nbaseline: {learning: 0}\n",
				   &config, &told),
			 -EINVAL);
	assert_int_equal(told.n, 9);
	assert_string_equal(told.text[0], "test_config_c.yaml:1:1: unknown section 'captur'");
	assert_string_equal(told.text[1], "test_config_c.yaml:4:3: unknown key 'capture.bufer'");
	assert_string_equal(told.text[2],
			    "test_config_c.yaml:5:12: capture.workers wants a number from 1 to 16");
	assert_string_equal(told.text[3],
			    "test_config_c.yaml:6:16: capture.promiscuous wants true or false");
	assert_string_equal(told.text[6],
			    "test_config_c.yaml:10:14: 'Europe/Berlim' is no time zone "
			    "of /usr/share/zoneinfo (such as Europe/Berlin)");
	assert_same(&config, &before);
}

static void test_garbage(void **state)
{
	struct config config = config_defaults();
	struct problem problem = { "" };
	struct told told;

	(void)state;
	assert_int_equal(read_text("a: [b\n", &config, &told), -EINVAL);
	assert_int_equal(told.n, 1);
	assert_int_equal(read_text("just a text\n", &config, &told), -EINVAL);
	assert_int_equal(read_text("- a\n- list\n", &config, &told), -EINVAL);
	assert_int_equal(config_read(&config, "not-there.yaml", tell, &told, &problem), -ENOENT);
	assert_true(problem.text[0] != '\0');
}

static void test_interfaces(void **state)
{
	static const char *const wrong[] = { "", ":1", "eth1:", "eth1:x", "eth1:65536", "eth1:-1" };
	struct config config = config_defaults();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(config_add_interface(&config, wrong[i], NULL), -EINVAL);
	}
	assert_int_equal(config.capture.n_interfaces, 0);
	for (size_t i = 0; i < CONFIG_INTERFACES_MAX; i++) {
		assert_int_equal(config_add_interface(&config, "eth1:65535", NULL), 0);
	}
	assert_int_equal(config_add_interface(&config, "eth1", NULL), -ENOSPC);
	assert_int_equal(config.capture.interfaces[0].domain, 65535);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample),     cmocka_unit_test(test_values),
		cmocka_unit_test(test_outputs),    cmocka_unit_test(test_empty),
		cmocka_unit_test(test_mistakes),   cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
