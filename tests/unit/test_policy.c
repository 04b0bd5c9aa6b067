/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Zones and conduits: what a file may say, and what follows from it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char problems[8192];

static void hear(void *context, const char *text)
{
	const char *place = strstr(text, "weir_policy_");
	size_t n = strlen(problems);

	(void)context;
	text = place != NULL ? strchr(place, ':') + 1 : text;
	snprintf(problems + n, sizeof(problems) - n, "%s\n", text);
}

static int read_text(struct policy **out, const char *text, struct problem *problem)
{
	char path[] = "/tmp/weir_policy_XXXXXX";
	int file = mkstemp(path), error;

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	problems[0] = '\0';
	error = policy_read(out, path, hear, NULL, problem);
	unlink(path);
	return error;
}

static struct policy *read_good(const char *text)
{
	struct problem problem = { "" };
	struct policy *policy = NULL;

	if (read_text(&policy, text, &problem) != 0) {
		fail_msg("%s %s", problem.text, problems);
	}
	return policy;
}

#define HEAD                                                                     \
	"version: 1\nzones:\n  - {name: a, members: [{network: 10.0.0.0/24}]}\n" \
	"  - {name: b, members: [{network: 10.0.1.0/24}]}\n"

static void mistakes_are_told_where_they_are(void **state)
{
	static const struct {
		const char *text, *problem;
	} rows[] = {
		{ "zones: [{name: a}]\n", "1:1: a policy begins with version: 1" },
		{ "version: 1\n", "1:1: a policy wants zones" },
		{ "version: 1\nzones: []\n", "2:8: zones wants a list" },
		{ HEAD "x: 1\n", "5:1: 'x' is no key of a policy" },
		{ HEAD "default: allow\n", "5:10: default wants deny or report" },
		{ HEAD "utc_offset: 1\n", "5:13: utc_offset wants" },
		{ "version: 1\nzones:\n  - {level: 1}\n", "3:5: a zone is a map with a name" },
		{ "version: 1\nzones: [{name: a}, {name: a}]\n", "there is a zone 'a' already" },
		{ "version: 1\nzones: [{name: a, level: 7}]\n", "level wants 0, 1, 2, 3, 3.5" },
		{ "version: 1\nzones: [{name: a, sl_t: [1]}]\n", "sl_t wants seven levels" },
		{ "version: 1\nzones: [{name: a, sl_t: {IAC: 5}}]\n", "from 0 to 4" },
		{ "version: 1\nzones: [{name: a, sl_t: {XX: 1}}]\n", "'XX' is no key of sl_t" },
		{ "version: 1\nzones: [{name: a, within: z}]\n", "there is no zone 'z'" },
		{ "version: 1\nzones: [{name: a, within: b}, {name: b, within: a}]\n",
		  "in a circle" },
		{ "version: 1\nzones: [{name: a, members: [{network: x}]}]\n",
		  "'x' is no address or network" },
		{ "version: 1\nzones: [{name: a, members: [{vlan: 5000}]}]\n", "a VLAN is" },
		{ "version: 1\nzones: [{name: a, members: [{asset: {colour: x}}]}]\n",
		  "'colour' is no key of asset" },
		{ "version: 1\nzones: [{name: a, members: [{net: x}]}]\n",
		  "'net' is no key of a member" },
		{ "version: 1\nzones: [{name: a, members: [{network: 10.0.0.0/8}]},\n"
		  "        {name: b, members: [{network: 10.0.0.0/8}]}]\n",
		  "the same network is a member of 'a'" },
		{ HEAD "conduits: [{name: c, from: a}]\n", "a conduit wants name, from and to" },
		{ HEAD "conduits: [{name: c, from: a, to: z}]\n", "there is no zone 'z'" },
		{ HEAD "conduits: [{name: c, from: a, to: b, protocols: [modbuss]}]\n",
		  "unknown protocol 'modbuss'" },
		{ HEAD "conduits: [{name: c, from: a, to: b, operations: [scan]}]\n",
		  "unknown operation 'scan'" },
		{ HEAD "conduits: [{name: c, from: a, to: b, initiator: to}]\n",
		  "initiator wants from or any" },
		{ HEAD "conduits: [{name: c, from: a, to: b, expires: soon}]\n",
		  "expires wants a date" },
		{ HEAD "conduits: [{name: c, from: a, to: b, hours: {from: 6}}]\n",
		  "from wants a time" },
		{ HEAD "conduits: [{name: c, from: a, to: b, hours: {days: [someday]}}]\n",
		  "a day is mon" },
		{ HEAD "conduits: [{name: c, from: a, to: b}, {name: c, from: b, to: a}]\n",
		  "there is a conduit 'c' already" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct problem problem = { "" };
		struct policy *policy = NULL;

		assert_int_equal(read_text(&policy, rows[i].text, &problem), -EINVAL);
		if (strstr(problems, rows[i].problem) == NULL) {
			fail_msg("%s: %s", rows[i].text, problems);
		}
		assert_null(policy);
	}
}

static void all_mistakes_are_told_at_once(void **state)
{
	struct problem problem = { "" };
	struct policy *policy = NULL;

	(void)state;
	assert_int_equal(
	    read_text(&policy,
		      "version: 2\nzones:\n  - {name: a, level: 9}\n  - {name: b, within: z}\n"
		      "conduits:\n  - {name: c, from: q, to: b}\n",
		      &problem),
	    -EINVAL);
	assert_non_null(strstr(problems, "version"));
	assert_non_null(strstr(problems, "level wants"));
	assert_non_null(strstr(problems, "'z'"));
	assert_non_null(strstr(problems, "'q'"));
	assert_non_null(strstr(problem.text, "4 mistakes"));
}

static void the_layout_does_not_change_the_hash(void **state)
{
	struct policy *a = read_good(HEAD), *b;

	(void)state;
	b = read_good("zones: [{members: [{network: 10.0.0.0/24}], name: a},\n"
		      "  {members: [{network: 10.0.1.0/24}], name: b}] # comment\nversion: 1\n");
	assert_string_equal(policy_hash(a), policy_hash(b));
	policy_free(b);
	b = read_good(HEAD "default: report\n");
	assert_string_not_equal(policy_hash(a), policy_hash(b));
	policy_free(a);
	policy_free(b);
}

/* ---- zones ---- */

static struct policy_end end_at(const char *address)
{
	struct policy_end end = { .type = NULL };

	assert_int_equal(ip_parse(address, &end.ip), 0);
	return end;
}

static const char *zone_at(const struct policy *policy, const struct policy_end *end)
{
	const struct policy_zone *zone = policy_zone_of(policy, end);

	return zone != NULL ? zone->name : "none";
}

static void the_nearest_zone_has_an_address(void **state)
{
	struct policy *policy = read_good(
	    "version: 1\nzones:\n"
	    "  - {name: plant, members: [{network: 10.0.0.0/8}]}\n"
	    "  - {name: line, within: plant, members: [{network: 10.1.0.0/16}]}\n"
	    "  - {name: cell, within: line, members: [{network: 10.1.5.0/24}]}\n"
	    "  - {name: other, within: plant, members: [{network: 10.1.5.0/28}]}\n"
	    "  - {name: tagged, within: cell, members: [{vlan: 30, network: 10.1.0.0/16}]}\n"
	    "  - {name: panels, members: [{asset: {role: hmi_scada, vendor: 'Siem*'}}]}\n"
	    "  - {name: outside, members: [{internet: true}]}\n");
	static const struct {
		const char *address, *role, *vendor, *zone;
		uint16_t vlan;
	} rows[] = {
		{ "10.9.9.9", NULL, NULL, "plant", 0 },
		{ "10.1.9.9", NULL, NULL, "line", 0 },
		{ "10.1.5.9", NULL, NULL, "cell", 0 }, /* deeper than the longer network */
		{ "10.1.9.9", NULL, NULL, "tagged", 30 },
		{ "192.168.1.1", "hmi_scada", "SIEMENS", "panels", 0 },
		{ "192.168.1.1", "hmi_scada", "ABB", "none", 0 },
		{ "192.168.1.1", NULL, NULL, "none", 0 },
		{ "93.184.216.34", NULL, NULL, "outside", 0 },
		{ "169.254.1.1", NULL, NULL, "none", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct policy_end end = end_at(rows[i].address);

		end.role = rows[i].role;
		end.vendor = rows[i].vendor;
		end.vlan = rows[i].vlan;
		assert_string_equal(zone_at(policy, &end), rows[i].zone);
	}
	policy_free(policy);
}

/* ---- conduits ---- */

#define DAY(n) ((20469 + (n)) * NS_PER_DAY) /* 2026-01-16, a Friday, and so on */

static void conduits_decide(void **state)
{
	struct policy *policy = read_good(
	    "version: 1\nutc_offset: \"+01:00\"\nzones:\n"
	    "  - {name: plant, members: [{network: 10.0.0.0/16}]}\n"
	    "  - {name: cell, within: plant, members: [{network: 10.0.1.0/24}]}\n"
	    "  - {name: scada, members: [{network: 10.1.0.0/24}]}\n"
	    "  - {name: office, level: 4, members: [{network: 10.4.0.0/24}]}\n"
	    "  - {name: field, level: 1, members: [{network: 10.5.0.0/24}]}\n"
	    "conduits:\n"
	    "  - {name: poll, from: scada, to: plant, protocols: [modbus], operations: [reads]}\n"
	    "  - {name: set, from: scada, to: cell, protocols: [modbus], operations: [write]}\n"
	    "  - {name: old, from: scada, to: field, expires: 2026-01-16}\n"
	    "  - {name: night, from: field, to: cell, initiator: any,\n"
	    "     hours: {days: [fri], from: \"22:00\", to: \"06:00\"}}\n");
	static const struct {
		const char *from, *to, *protocol;
		enum operation operation;
		int64_t time;
		const char *verdict, *conduit;
	} rows[] = {
		{ "10.1.0.1", "10.1.0.2", "smb", OPERATION_WRITE, 0, "allowed", "" },
		{ "10.1.0.1", "10.0.0.2", "modbus", OPERATION_READ, 0, "allowed", "poll" },
		{ "10.1.0.1", "10.0.0.2", "modbus", OPERATION_SESSION, 0, "allowed", "poll" },
		{ "10.1.0.1", "10.0.1.2", "modbus", OPERATION_READ, 0, "allowed", "poll" },
		{ "10.1.0.1", "10.0.1.2", "modbus", OPERATION_WRITE, 0, "allowed", "set" },
		{ "10.1.0.1", "10.0.0.2", "modbus", OPERATION_WRITE, 0, "operation_not_allowed",
		  "poll" },
		{ "10.1.0.1", "10.0.0.2", "dnp3", OPERATION_READ, 0, "protocol_not_allowed",
		  "poll" },
		{ "10.1.0.1", "10.0.0.2", NULL, OPERATIONS, 0, "allowed", "poll" },
		{ "10.0.0.2", "10.1.0.1", "modbus", OPERATION_READ, 0, "wrong_initiator", "poll" },
		{ "10.0.0.2", "10.0.1.2", "modbus", OPERATION_READ, 0, "undeclared_conduit", "" },
		{ "10.1.0.1", "10.5.0.1", "s7comm", OPERATION_STOP, DAY(0), "allowed", "old" },
		/* Until midnight of the plant, an hour before that of UTC. */
		{ "10.1.0.1", "10.5.0.1", "s7comm", OPERATION_STOP, DAY(1) - NS_PER_HOUR - 1,
		  "allowed", "old" },
		{ "10.1.0.1", "10.5.0.1", "s7comm", OPERATION_STOP, DAY(1) - NS_PER_HOUR,
		  "expired_conduit", "old" },
		{ "10.5.0.1", "10.0.1.2", "s7comm", OPERATION_READ, DAY(0) + 22 * NS_PER_HOUR,
		  "allowed", "night" },
		{ "10.0.1.2", "10.5.0.1", "s7comm", OPERATION_READ, DAY(0) + 21 * NS_PER_HOUR,
		  "allowed", "night" },
		{ "10.5.0.1", "10.0.1.2", "s7comm", OPERATION_READ, DAY(0) + 20 * NS_PER_HOUR,
		  "outside_time", "night" },
		/* Saturday 04:00 belongs to the night of Friday; Friday 04:00 does not. */
		{ "10.5.0.1", "10.0.1.2", "s7comm", OPERATION_READ, DAY(1) + 3 * NS_PER_HOUR,
		  "allowed", "night" },
		{ "10.5.0.1", "10.0.1.2", "s7comm", OPERATION_READ, DAY(0) + 3 * NS_PER_HOUR,
		  "outside_time", "night" },
		{ "10.4.0.1", "10.5.0.1", "s7comm", OPERATION_READ, 0, "level_skip", "" },
		{ "10.9.0.1", "10.5.0.1", "s7comm", OPERATION_READ, 0, "no_zone", "" },
		{ "93.184.216.34", "10.5.0.1", "s7comm", OPERATION_READ, 0, "internet_to_ot", "" },
		{ "10.5.0.1", "93.184.216.34", NULL, OPERATIONS, 0, "ot_to_internet", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct policy_question q = { .source = end_at(rows[i].from),
					     .destination = end_at(rows[i].to),
					     .protocol = rows[i].protocol,
					     .operation = rows[i].operation,
					     .time = rows[i].time };
		struct policy_verdict verdict = policy_judge(policy, &q);

		if (strcmp(policy_violation_name(verdict.violation), rows[i].verdict) != 0) {
			fail_msg("row %zu: %s", i, policy_violation_name(verdict.violation));
		}
		assert_string_equal(verdict.conduit != NULL ? verdict.conduit->name : "",
				    rows[i].conduit);
	}
	policy_free(policy);
}

static void levels_alone_decide_little(void **state)
{
	static const struct {
		const char *from, *from_level, *to, *to_level, *verdict;
	} rows[] = {
		{ "10.0.0.1", "4", "10.0.0.2", "1", "level_skip" },
		{ "10.0.0.1", "5", "10.0.0.2", "0", "level_skip" },
		{ "10.0.0.1", "4", "10.0.0.2", "2", "allowed" },
		{ "10.0.0.1", "3.5", "10.0.0.2", "1", "allowed" },
		{ "10.0.0.1", NULL, "10.0.0.2", "1", "allowed" },
		{ "10.0.0.1", "1", "8.8.8.8", NULL, "ot_to_internet" },
		{ "10.0.0.1", "2", "8.8.8.8", NULL, "ot_to_internet" },
		{ "10.0.0.1", "3", "8.8.8.8", NULL, "allowed" },
		{ "10.0.0.1", "4", "8.8.8.8", NULL, "allowed" },
		{ "10.0.0.1", NULL, "8.8.8.8", NULL, "allowed" },
		{ "8.8.8.8", "5", "10.0.0.1", "1", "internet_to_ot" },
		/* A plant with public addresses of its own. */
		{ "8.8.8.8", "2", "8.8.4.4", "1", "allowed" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct policy_question q = { .source = end_at(rows[i].from),
					     .destination = end_at(rows[i].to),
					     .operation = OPERATIONS };

		q.source.level = rows[i].from_level;
		q.destination.level = rows[i].to_level;
		if (strcmp(policy_violation_name(policy_judge_levels(&q)), rows[i].verdict) != 0) {
			fail_msg("row %zu", i);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_are_told_where_they_are),
		cmocka_unit_test(all_mistakes_are_told_at_once),
		cmocka_unit_test(the_layout_does_not_change_the_hash),
		cmocka_unit_test(the_nearest_zone_has_an_address),
		cmocka_unit_test(conduits_decide),
		cmocka_unit_test(levels_alone_decide_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
