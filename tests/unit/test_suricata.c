/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/suricata.h"
#include "tests/unit/rule_world.h"

struct imported {
	struct suricata_counts counts;
	char yaml[16384], reason[512], note[512], names[512];
	unsigned line;
};

static void take(void *context, const struct suricata_result *result)
{
	struct imported *i = context;
	size_t n = strlen(i->yaml);

	i->line = result->line;
	snprintf(i->reason, sizeof(i->reason), "%s", result->reason != NULL ? result->reason : "");
	snprintf(i->note, sizeof(i->note), "%s", result->note != NULL ? result->note : "");
	if (result->yaml != NULL) {
		snprintf(i->yaml + n, sizeof(i->yaml) - n, "%s%.*s", n > 0 ? "---\n" : "",
			 (int)result->length, result->yaml);
	}
}

static void take_name(void *context, const char *name)
{
	struct imported *i = context;
	size_t n = strlen(i->names);

	snprintf(i->names + n, sizeof(i->names) - n, "%s ", name);
}

static void import_bytes(struct imported *out, const char *text, size_t n,
			 const struct suricata_variable *variables, size_t n_variables)
{
	const struct suricata_file file = { "folder/Some-Rules.rules", text, n, variables,
					    n_variables };

	*out = (struct imported) { .line = 0 };
	assert_int_equal(suricata_import(&file, take, take_name, out, &out->counts), 0);
}

static void import(struct imported *out, const char *text)
{
	import_bytes(out, text, strlen(text), NULL, 0);
}

/* The detection section alone. */
static const char *detection(const struct imported *i)
{
	static char text[4096];
	const char *from = strstr(i->yaml, "detection:\n"), *to;

	if (from == NULL) {
		return "";
	}
	from += strlen("detection:\n");
	to = strstr(from, "falsepositives:");
	snprintf(text, sizeof(text), "%.*s", (int)(to - from), from);
	return text;
}

static void a_rule_becomes_a_document(void **state)
{
	static struct imported i;
	struct world w;

	(void)state;
	import(&i,
	       "# a comment\n\nalert tcp !$CLIENT any -> 10.1.0.0/16 502 \\\n"
	       "  (flow:from_client,established; content:\"|00 00|\"; offset:2; depth:2; \\\r\n"
	       "   content:\"|08 00 04|\"; offset:7; depth:3; msg:\"Listen \\\"only\\\"; stop\"; "
	       "reference:url,example.org/a; reference:cve,2020-1; classtype:attempted-dos; "
	       "sid:7; rev:2; metadata:a b, c d;)\n");
	assert_string_equal(i.reason, "");
	assert_string_equal(i.names, "CLIENT ");
	assert_int_equal(i.line, 3);
	assert_string_equal(
	    i.yaml,
	    "title: \"Listen \\\"only\\\"; stop\"\nid: 3e90d417-70ce-8775-9a14-e622aa02101c\n"
	    "status: experimental\nreferences:\n    - \"http://example.org/a\"\n"
	    "    - \"https://nvd.nist.gov/vuln/detail/CVE-2020-1\"\nsuricata:\n"
	    "    file: \"folder/Some-Rules.rules\"\n    line: 3\n    sid: \"7\"\n    rev: \"2\"\n"
	    "    classtype: \"attempted-dos\"\n    metadata: \"a b, c d\"\nlogsource:\n"
	    "    category: ot\n    product: weir\n    service: modbus\ndetection:\n"
	    "    selection:\n        network.transport: \"tcp\"\n"
	    "        weir.modbus.function_code: 8\n        weir.modbus.subfunction: 4\n"
	    "        destination.ip|cidr: \"10.1.0.0/16\"\n        destination.port: \"502\"\n"
	    "    selection_except_3:\n        source.ip|cidr|expand: \"%CLIENT%\"\n"
	    "    condition: selection and not selection_except_3\n"
	    "falsepositives:\n    - Unknown\nlevel: medium\n");
	/* With the variable it compiles as it is. */
	import_bytes(&i, "alert modbus !$CLIENT any -> any 502 (modbus: function 6; sid:7;)",
		     strlen("alert modbus !$CLIENT any -> any 502 (modbus: function 6; sid:7;)"),
		     &(struct suricata_variable) { "CLIENT", "[10.0.0.9, 10.2.0.0/16]" }, 1);
	world_begin(&w);
	world_load(&w, i.yaml);
	assert_string_equal(w.problems, "");
	world_start(&w);
	world_modbus(&w, OPERATION_WRITE, 6);
	world_modbus(&w, OPERATION_WRITE, 5);
	assert_int_equal(w.n_alerts, 1);
	world_end(&w);
}

static void keywords_become_fields(void **state)
{
	static const struct {
		const char *rule, *detection;
	} rows[] = {
		{ "modbus any any -> any any (modbus: function !8; sid:1;)",
		  "    selection_except_0:\n        weir.modbus.function_code: 8\n"
		  "    condition: not selection_except_0\n" },
		{ "modbus any any -> any any (modbus: unit 3<>9, function 8, subfunction 4; "
		  "sid:1;)",
		  "    selection:\n        weir.unit_id|gt: 3\n        weir.unit_id|lt: 9\n"
		  "        weir.modbus.function_code: 8\n        weir.modbus.subfunction: 4\n"
		  "    condition: selection\n" },
		{ "modbus any any -> any any (modbus: access write coils, address <100; sid:1;)",
		  "    selection:\n        weir.modbus.function_code: [5, 15]\n"
		  "        weir.modbus.address|lt: 100\n    condition: selection\n" },
		{ "dnp3 any any -> any any (dnp3_func:cold_restart; sid:1;)",
		  "    selection:\n        weir.dnp3.function_code: 13\n"
		  "    condition: selection\n" },
		{ "dnp3 any any -> any any (dnp3_ind:device_restart,!need_time; sid:1;)",
		  "    selection:\n        weir.dnp3.iin: \"device_restart\"\n"
		  "        weir.transaction.status: \"answered\"\n    selection_except_1:\n"
		  "        weir.dnp3.iin: \"need_time\"\n"
		  "    condition: selection and not selection_except_1\n" },
		{ "dnp3 any any -> any any (dnp3_ind:device_restart,need_time; sid:1;)",
		  "    selection:\n        weir.dnp3.iin: \"device_restart\"\n"
		  "        weir.transaction.status: \"answered\"\n    selection_also_1:\n"
		  "        weir.dnp3.iin: \"need_time\"\n"
		  "    condition: selection and selection_also_1\n" },
		{ "dnp3 any any -> any any (dnp3_obj:12,1; sid:1;)",
		  "    forward:\n        weir.dnp3.objects: \"g12v1\"\n    backward:\n"
		  "        weir.dnp3.response_objects: \"g12v1\"\n"
		  "    condition: ((forward) or (backward))\n" },
		{ "enip any any -> any any (enip_command:list_identity; enip.vendor_id:1; sid:1;)",
		  "    selection:\n        weir.enip.command: 99\n"
		  "        weir.enip.identity.vendor_id: 1\n    condition: selection\n" },
		{ "ip any any -> any any (cip_service:76,0x6b; sid:1;)",
		  "    selection:\n        weir.cip.service: 76\n        weir.cip.class: 107\n"
		  "    condition: selection\n" },
		{ "enip any any -> any any (enip.product_name; content:\"1756-*\"; sid:1;)",
		  "    selection:\n"
		  "        weir.enip.identity.product_name|contains: \"1756-\\\\*\"\n"
		  "    condition: selection\n" },
		{ "tcp any any -> any 20000 (content:\"|05 64|\"; depth:2; "
		  "pcre:\"/[\\S\\s]{10}(\\x02|\\x0A)/iAR\"; sid:1;)",
		  "    selection:\n        network.transport: \"tcp\"\n"
		  "        weir.dnp3.function_code: [2, 10]\n        destination.port: \"20000\"\n"
		  "    condition: selection\n" },
		{ "tcp any 502 -> any any (byte_test:1,>=,0x80,7; content:\"|02|\"; offset:8; "
		  "depth:1; sid:1;)",
		  "    selection:\n        network.transport: \"tcp\"\n"
		  "        weir.modbus.exception_code: 2\n        destination.port: \"502\"\n"
		  "        weir.transaction.status: \"answered\"\n    condition: selection\n" },
		{ "udp any any -> any 44818 (content:\"c\"; depth:1; content:\"|be d1|\"; "
		  "offset:18; depth:2; sid:1;)",
		  "    selection:\n        network.transport: \"udp\"\n"
		  "        weir.enip.command: 99\n"
		  "        weir.enip.sender_context|endswith: \"bed1\"\n"
		  "        destination.port: \"44818\"\n    condition: selection\n" },
		{ "tcp [10.0.0.1,!10.0.0.2] any -> any [22,80:82] (flags:S; sid:1;)",
		  "    selection:\n        network.transport: \"tcp\"\n"
		  "        weir.flow.client_evidence: \"syn\"\n"
		  "        weir.flow.event: \"begin\"\n        source.ip|cidr: \"10.0.0.1\"\n"
		  "        destination.port: [\"22\", \"80\", \"81\", \"82\"]\n"
		  "    selection_except_4:\n        source.ip|cidr: \"10.0.0.2\"\n"
		  "    condition: selection and not selection_except_4\n" },
		{ "modbus 10.0.0.1 any <> 10.0.0.2 any (modbus: function 6; sid:1;)",
		  "    selection:\n        weir.modbus.function_code: 6\n    forward:\n"
		  "        source.ip|cidr: \"10.0.0.1\"\n"
		  "        destination.ip|cidr: \"10.0.0.2\"\n    backward:\n"
		  "        source.ip|cidr: \"10.0.0.2\"\n"
		  "        destination.ip|cidr: \"10.0.0.1\"\n"
		  "    condition: selection and ((forward) or (backward))\n" },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
		static struct imported i;
		char text[512];
		struct world w;

		snprintf(text, sizeof(text), "alert %s", rows[k].rule);
		import(&i, text);
		assert_string_equal(i.reason, "");
		assert_string_equal(detection(&i), rows[k].detection);
		world_begin(&w);
		world_load(&w, i.yaml);
		assert_string_equal(w.problems, "");
		world_end(&w);
	}
}

static void what_is_no_field_is_refused(void **state)
{
	static const struct {
		const char *rule, *reason;
	} rows[] = {
		{ "alert tcp any any -> any 502 (content:\"abc\"; sid:1;)",
		  "a content without a fixed place is no field" },
		{ "alert tcp any any -> any 502 (content:!\"a\"; depth:1; sid:1;)",
		  "a content that must not be there" },
		{ "alert tcp any any -> any 502 (content:\"a\"; offset:30; depth:1; sid:1;)",
		  "byte 30 of modbus is no field" },
		{ "alert tcp any any -> any 47808 (content:\"a\"; depth:1; sid:1;)",
		  "bytes of a message that is none of Modbus, DNP3 or EtherNet/IP, by its port" },
		{ "alert tcp any any -> any 502 (content:\"|01|\"; offset:2; depth:1; sid:1;)",
		  "byte 2 of such a message has another value" },
		{ "alert modbus any any -> any any (modbus: access read, address 5; sid:1;)",
		  "an address inside of what a request names is no field, only the first one is" },
		{ "alert modbus any any -> any any (lua:x.lua; sid:1;)",
		  "keyword 'lua' asks for what no field says" },
		{ "alert http any any -> any any (sid:1;)",
		  "protocol 'http' has no keywords that are fields here" },
		{ "pass modbus any any -> any any (sid:1;)", "action 'pass' raises no alert" },
		{ "alert modbus any any -> any any (msg:\"x\";)", "it has no number as its sid" },
		{ "alert modbus any any -> any any (sid:1)", "an option lacks its semicolon" },
		{ "alert modbus any any -> any (sid:1;)",
		  "the header lacks words: action protocol address port -> address port" },
		{ "alert modbus any any => any any (sid:1;)", "the direction must be -> or <>" },
		{ "alert modbus 10.0.0.300 any -> any any (sid:1;)", "'10.0.0.300' is no address" },
		{ "alert modbus any any -> any 70000 (sid:1;)", "'70000' is no port" },
		{ "alert modbus any any -> any 1:60000 (sid:1;)",
		  "the range of ports '1:60000' is too wide to list" },
		{ "alert modbus !any any -> any any (sid:1;)", "'!any' is nobody" },
		{ "alert modbus !$A any -> any any (sid:1;)", "a negation within a negation" },
		{ "alert modbus $B any -> any any (sid:1;)",
		  "variables or lists are nested too deep" },
		{ "alert dnp3 any any -> any any (flow:to_client; dnp3_func:2; sid:1;)",
		  "no such message goes in this direction" },
		{ "alert tcp any any -> any 80 (threshold:type both,track by_src,count 5,seconds "
		  "9; sid:1;)",
		  "a threshold of packets; connections are counted here" },
		{ "alert modbus any any -> any any (enip_command:1; sid:1;)",
		  "keywords of modbus and of enip in one rule" },
		{ "nonsense", "no options in brackets" },
	};
	const struct suricata_variable variables[] = { { "A", "!10.0.0.1" }, { "B", "$B" } };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
		static struct imported i;

		import_bytes(&i, rows[k].rule, strlen(rows[k].rule), variables, 2);
		assert_string_equal(i.reason, rows[k].reason);
		assert_int_equal(i.counts.refused, 1);
		assert_string_equal(i.yaml, "");
	}
}

static void a_threshold_becomes_a_correlation(void **state)
{
	static struct imported i;
	struct world w;

	(void)state;
	import(&i, "alert modbus any any -> any any (modbus: function 6; "
		   "detection_filter: track by_src, count 2, seconds 60; sid:9;)\n");
	assert_non_null(strstr(i.yaml, "    group-by: [source.ip]\n    timespan: 60s\n"
				       "    condition:\n        gte: 3\n"));
	world_begin(&w);
	world_load(&w, i.yaml);
	assert_string_equal(w.problems, "");
	world_start(&w);
	world_modbus(&w, OPERATION_WRITE, 6);
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 0);
	world_modbus(&w, OPERATION_WRITE, 6);
	assert_int_equal(w.n_alerts, 1);
	world_end(&w);
	import(&i, "alert modbus any any -> any any (modbus: function 6; "
		   "threshold: type limit, track by_src, count 1, seconds 60; sid:9;)\n");
	assert_null(strstr(i.yaml, "correlation:"));
	assert_string_equal(i.note, "its limit is left out: repeated hits are one alert anyway");
}

static void counts_what_it_met(void **state)
{
	static struct imported i;

	(void)state;
	import(&i, "# alert tcp any any -> any any (sid:1;)\n# only text\n"
		   "alert modbus any any -> any any (modbus: function 1; sid:2;)\n"
		   "alert modbus any any -> any any (modbus: function 2; sid:2;)\n"
		   "drop modbus any any -> any any (modbus: function 3; sid:3;)\n");
	assert_int_equal(i.counts.disabled, 1);
	assert_int_equal(i.counts.carried, 2);
	assert_int_equal(i.counts.refused, 1);
	assert_string_equal(i.note, "the action becomes an alert: Weir is passive");
}

/* Each text cut anywhere, and with any one byte changed: an answer, and rules that compile. */
static void hostile_texts_do_no_harm(void **state)
{
	static const char *const texts[] = {
		"alert tcp [10.0.0.1,!$A,[1.2.3.4]] [1:3,!5] <> $B 502 (flow:to_client; "
		"content:\"|08 0|a\\\"|\"; offset:7; depth:3; pcre:\"/[\\S\\s]{3}(\\x01)/iAR\"; "
		"byte_test:1,>=,0x80,7; threshold: type both, track by_dst, count 5, seconds 30; "
		"reference:url,a; sid:1; rev:2;)\n",
		"alert dnp3 any any -> any any (dnp3_obj:12,01; dnp3_ind:!need_time,0x8000; "
		"dnp3_func:unsolicited_response; app-layer-event:dnp3.unknown_object; sid:4;) \\\n",
		"alert enip any any -> any 44818 (enip.revision:0x403; enip.serial:5; "
		"enip.state:3; "
		"enip.cip_class:!5; enip.product_name; content:\"a*b\\;\"; sid:5;)",
	};
	static const char bytes[] = { 0, '"', '\\', ';', '|', '[', ']', ')', '(', '$', '%', -1 };
	static struct imported i;

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(texts); k++) {
		size_t n = strlen(texts[k]);

		for (size_t cut = 0; cut <= n; cut++) {
			char *copy = malloc(cut + 1);

			assert_non_null(copy);
			memcpy(copy, texts[k], cut);
			import_bytes(&i, copy, cut, NULL, 0);
			for (size_t b = 0; cut > 0 && b < ARRAY_SIZE(bytes); b++) {
				memcpy(copy, texts[k], cut);
				copy[cut - 1] = bytes[b];
				import_bytes(&i, copy, cut, NULL, 0);
			}
			free(copy);
		}
		for (size_t at = 0; at < n; at++) {
			char *copy = strdup(texts[k]);

			assert_non_null(copy);
			copy[at] = bytes[at % ARRAY_SIZE(bytes)];
			import_bytes(&i, copy, n, NULL, 0);
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_becomes_a_document),
		cmocka_unit_test(keywords_become_fields),
		cmocka_unit_test(what_is_no_field_is_refused),
		cmocka_unit_test(a_threshold_becomes_a_correlation),
		cmocka_unit_test(counts_what_it_met),
		cmocka_unit_test(hostile_texts_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
