/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "engine_world.h"

static struct engine_world *syslog_world(void)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = 514;
	return w;
}

static const struct {
	const char *message, *fields; /* NULL: no syslog */
} heads[] = {
	{ "<34>Oct 11 22:14:15 mymachine su: failed",
	  "weir.syslog.format=rfc3164 weir.syslog.facility=auth weir.syslog.severity=critical "
	  "weir.syslog.host_name=mymachine weir.syslog.application=su\n" },
	{ "<165>1 2003-10-11T22:14:15.003Z a.example.com evntslog - ID47 - x",
	  "weir.syslog.format=rfc5424 weir.syslog.facility=local4 weir.syslog.severity=notice "
	  "weir.syslog.domain_name=a.example.com weir.syslog.application=evntslog\n" },
	{ "<13>1 - - - - - -",
	  "weir.syslog.format=rfc5424 weir.syslog.facility=user weir.syslog.severity=notice\n" },
	{ "<0>Jan  1 00:00:00 10.0.0.9 kernel[1]: x",
	  "weir.syslog.format=rfc3164 weir.syslog.facility=kern weir.syslog.severity=emergency "
	  "weir.syslog.host_address=10.0.0.9 weir.syslog.application=kernel\n" },
	{ "<191>text alone",
	  "weir.syslog.format=rfc3164 weir.syslog.facility=local7 weir.syslog.severity=debug\n" },
	{ "<192>x", NULL },
	{ "<1234>x", NULL },
	{ "<>x", NULL },
	{ "<1", NULL },
	{ "x<1>", NULL },
};

static void reads_heads(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		struct engine_world *w = syslog_world();

		world_udp(w, HMI, heads[i].message, strlen(heads[i].message));
		assert_int_equal(world_protocol(w, "syslog")->messages, heads[i].fields != NULL);
		if (heads[i].fields != NULL) {
			assert_non_null(strstr(w->log, heads[i].fields));
		}
		world_free(w);
	}
}

static void cut_everywhere(void **state)
{
	(void)state;
	for (size_t i = 0; heads[i].fields != NULL; i++) {
		for (size_t cut = 0; cut <= strlen(heads[i].message); cut++) {
			struct engine_world *w = syslog_world();

			world_udp(w, HMI, heads[i].message, cut);
			world_free(w);
		}
	}
}

static void in_a_stream(void **state)
{
	static const char lines[] = "<14>Jan  1 00:00:00 h a: 1\n<14>Jan  1 00:00:00 h b: 2\n";
	static const char counted[] = "17 <14>1 - h c - - -18 <14>1 - h d - - - ";
	struct engine_world *w = syslog_world();

	(void)state;
	world_open(w);
	for (size_t i = 0; i < sizeof(lines) - 1; i++) {
		world_tcp(w, HMI, lines + i, 1);
	}
	world_tcp(w, HMI, counted, sizeof(counted) - 1);
	assert_int_equal(world_protocol(w, "syslog")->messages, 4);
	assert_int_equal(world_count(w, "transaction report"), 4);
	world_free(w);
}

/* A shell on its port (RFC 1282 and its like) is none. */
static void another_protocol(void **state)
{
	struct engine_world *w = syslog_world();

	(void)state;
	world_open(w);
	world_tcp(w, HMI, "1022\0root\0root\0ls\0", 18);
	assert_int_equal(world_protocol(w, "syslog")->messages, 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_heads),
		cmocka_unit_test(cut_everywhere),
		cmocka_unit_test(in_a_stream),
		cmocka_unit_test(another_protocol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
