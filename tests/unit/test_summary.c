/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/first_look.h"
#include "cli/summary.h"

#include <stdlib.h>
#include <string.h>

static uint8_t protocol_of(const char *name)
{
	uint8_t i = 0;

	while (strcmp(dissector_at(i)->name, name) != 0) {
		i++;
	}
	return i;
}

/* The contract, from its first key to the end of "protocols": order, names, codes as text. */
static void test_json(void **state)
{
	static const char wanted[] =
	    "{\"schema\":1,\"packets\":10,\"bytes\":1000,\"duplicates\":1,\"flows\":2,"
	    "\"records\":5,\"assets\":3,\"conversations\":4,"
	    "\"alerts\":{\"critical\":0,\"high\":2,\"medium\":0,\"low\":0,\"informational\":0},"
	    "\"blind\":{\"intervals\":6,\"bytes\":7},"
	    "\"protocols\":{\"modbus\":{\"messages\":9,\"unknown\":1,\"malformed\":0,"
	    "\"gap_bytes\":7,\"decoded\":8,\"encrypted\":0,\"requests\":{\"3\":4,\"16\":1},"
	    "\"responses\":{\"3\":3},"
	    "\"exceptions\":{\"3\":1},\"userdata\":{},\"errors\":{}}},"
	    "\"first\":\"1970-01-01T00:00:01.000Z\",\"last\":\"1970-01-01T00:00:02.000Z\",";
	uint8_t modbus = protocol_of("modbus");
	struct code_count codes[] = {
		{ modbus, MESSAGE_REQUEST, 3, 4 },
		{ modbus, MESSAGE_REQUEST, 16, 1 },
		{ modbus, MESSAGE_RESPONSE, 3, 3 },
		{ modbus, MESSAGE_EXCEPTION, 3, 1 },
	};
	struct pipeline_counters *pipeline = calloc(1, sizeof(*pipeline));
	struct summary summary = { .pipeline = pipeline,
				   .inventory = { .assets = 3, .conversations = 4 },
				   .judged = true };
	struct buffer out = { 0 };

	(void)state;
	assert_non_null(pipeline);
	pipeline->decode.frames = 10;
	pipeline->decode.bytes = 1000;
	pipeline->tracker.duplicates = 1;
	pipeline->tracker.flows = 2;
	pipeline->records.records = 5;
	pipeline->engine.blind_records = 6;
	pipeline->engine.blind_bytes = 7;
	pipeline->engine.protocols[modbus] =
	    (struct protocol_counters) { .messages = 9, .unknown = 1, .gap_bytes = 7 };
	pipeline->first = NS_PER_S;
	pipeline->last = 2 * NS_PER_S;
	pipeline->codes = codes;
	pipeline->n_codes = ARRAY_SIZE(codes);
	summary.rules.alerts[LEVEL_HIGH] = 2;
	summary_json(&out, &summary);
	assert_true(out.length > strlen(wanted));
	assert_memory_equal(out.data, wanted, strlen(wanted));
	assert_string_equal(out.data + out.length - 2, "}\n");
	assert_null(strstr(out.data, "\"note\""));

	buffer_clear(&out);
	summary.learning = true;
	summary_json(&out, &summary);
	assert_non_null(strstr(out.data, "\"note\":\"no baseline: 0 rules about what is new were "
					 "not judged (weir rules list needs=baseline)\""));
	buffer_free(&out);
	free(pipeline);
}

static void test_empty(void **state)
{
	struct pipeline_counters *pipeline = calloc(1, sizeof(*pipeline));
	struct summary summary = { .pipeline = pipeline, .judged = true };
	struct buffer out = { 0 };

	(void)state;
	assert_non_null(pipeline);
	pipeline->first = pipeline->last = TIME_NONE;
	summary_json(&out, &summary);
	assert_non_null(strstr(out.data, "\"protocols\":{}"));
	assert_null(strstr(out.data, "\"first\""));
	buffer_clear(&out);
	summary_text(&out, &summary);
	assert_non_null(strstr(out.data, "protocols      none that Weir dissects\n"));
	assert_non_null(strstr(out.data, "alerts         none\n"));
	buffer_free(&out);
	free(pipeline);
}

static void test_first_look(void **state)
{
	static const struct {
		uint64_t packets, group, tcp, two_sided;
		enum first_look look;
	} rows[] = {
		{ 0, 0, 0, 0, LOOK_NOTHING },     { 20, 20, 0, 0, LOOK_BROADCAST },
		{ 20, 19, 1, 0, LOOK_BROADCAST }, { 20, 18, 0, 0, LOOK_NO_FLOWS },
		{ 20, 18, 4, 2, LOOK_COMPLETE },  { 20, 18, 4, 1, LOOK_ONE_SIDED },
		{ 20, 0, 4, 0, LOOK_ONE_SIDED },  { 20, 0, 4, 4, LOOK_COMPLETE },
	};
	struct pipeline_counters *pipeline = calloc(1, sizeof(*pipeline));

	(void)state;
	assert_non_null(pipeline);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		pipeline->decode.frames = pipeline->tracker.packets = rows[i].packets;
		pipeline->tracker.group_packets = rows[i].group;
		pipeline->tracker.tcp_flows = rows[i].tcp;
		pipeline->tracker.tcp_two_sided = rows[i].two_sided;
		assert_int_equal(first_look(pipeline), rows[i].look);
		assert_non_null(first_look_text(rows[i].look));
	}
	free(pipeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_first_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
