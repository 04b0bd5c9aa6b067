/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void add(struct topology *t, void (*taker)(struct topology *, const struct tree *),
		const char *json)
{
	struct tree *document = NULL;

	assert_int_equal(tree_read(&document, json, strlen(json)), 0);
	taker(t, document);
	tree_free(document);
}

static void add_asset(struct topology *t, const char *id, const char *more)
{
	char json[1024];

	snprintf(json, sizeof(json),
		 "{\"host\":{\"ip\":[\"10.0.0.%s\"]},\"weir\":{\"asset\":{\"id\":\"%s\"%s}}}", id,
		 id, more);
	add(t, topology_asset, json);
}

static void add_conversation(struct topology *t, const char *from, const char *to,
			     const char *protocol, unsigned bytes, const char *more)
{
	char json[1024];

	snprintf(json, sizeof(json),
		 "{\"network\":{\"protocol\":\"%s\"},\"source\":{\"bytes\":%u},\"weir\":{"
		 "\"conversation\":{\"source\":{\"asset\":\"%s\"},\"destination\":{\"asset\":"
		 "\"%s\"}%s}}}",
		 protocol, bytes, from, to, more);
	add(t, topology_conversation, json);
}

static void choose(struct topology *t, uint64_t limit, bool ghosts, bool lonely)
{
	const struct topology_choice choice = { limit, ghosts, lonely };

	topology_choose(t, &choice);
	assert_false(t->out_of_memory);
}

/* Conversations of a pair are one edge; what is carried is not counted twice. */
static void test_edges_are_merged(void **state)
{
	struct topology t = { .nodes = NULL };

	(void)state;
	add_asset(&t, "2", "");
	add_asset(&t, "1", "");
	add_conversation(&t, "1", "2", "enip", 700, "");
	add_conversation(&t, "1", "2", "cip", 700,
			 ",\"carried_by\":{\"id\":\"x\"},\"operations\":{\"read\":{\"count\":3}}");
	add_conversation(&t, "1", "2", "cip", 5, ",\"operations\":{\"stop\":{\"count\":1}}");
	add_conversation(&t, "2", "1", "modbus", 9, "");
	add_conversation(&t, "1", "nobody", "modbus", 9, "");
	choose(&t, 0, false, true);
	assert_int_equal(t.n_edges, 2);
	assert_int_equal(t.groups, 1);
	assert_string_equal(t.nodes[0].id, "1");
	assert_int_equal(t.edges[0].bytes, 705);
	assert_int_equal(t.edges[0].conversations, 3);
	assert_int_equal(t.edges[0].n_protocols, 2);
	assert_string_equal(t.edges[0].protocols[0], "cip");
	assert_int_equal(topology_edge_kind(&t.edges[0]), EDGE_PROGRAM);
	assert_int_equal(topology_edge_kind(&t.edges[1]), EDGE_OTHER);
	topology_free(&t);
}

/* Without its carrier, what is carried has the bytes. */
static void test_carried_alone(void **state)
{
	struct topology t = { .nodes = NULL };

	(void)state;
	add_asset(&t, "1", "");
	add_asset(&t, "2", "");
	add_conversation(&t, "1", "2", "cip", 700, ",\"carried_by\":{\"id\":\"x\"}");
	choose(&t, 0, false, true);
	assert_int_equal(t.edges[0].bytes, 700);
	topology_free(&t);
}

static void test_choice(void **state)
{
	struct topology t = { .nodes = NULL };

	(void)state;
	add_asset(&t, "1", "");
	add_asset(&t, "2", "");
	add_asset(&t, "3", ",\"ghost\":true");
	add_asset(&t, "4", "");
	add_conversation(&t, "1", "2", "modbus", 10, "");
	add_conversation(&t, "1", "3", "modbus", 5, "");
	choose(&t, 0, false, false);
	assert_int_equal(t.n_shown, 2); /* no ghost, nobody alone */
	assert_int_equal(t.edges_shown, 1);
	topology_free(&t);

	for (char id = '1'; id <= '9'; id++) {
		add_asset(&t, (char[]) { id, '\0' }, "");
	}
	for (char id = '2'; id <= '9'; id++) {
		add_conversation(&t, "1", (char[]) { id, '\0' }, "modbus", (unsigned)id, "");
	}
	choose(&t, 3, false, true);
	assert_int_equal(t.n_shown, 3);
	assert_int_equal(t.left_out, 6);
	assert_int_equal(t.edges_shown, 2);
	assert_true(t.nodes[0].shown && t.nodes[7].shown && t.nodes[8].shown);
	topology_free(&t);
}

#define HOSTILE "a\\\"];<script>&\\\\N\\n\\u001b[31m"

/* Whatever a device calls itself, DOT and SVG stay what they are. */
static void test_hostile_names(void **state)
{
	struct topology t = { .nodes = NULL };
	struct buffer out = { .data = NULL };

	(void)state;
	add_asset(&t, "1", ",\"name\":\"" HOSTILE "\",\"zone\":\"" HOSTILE "\",\"level\":\"1\"");
	add_asset(&t, "2", ",\"model\":\"" HOSTILE "\",\"type\":\"" HOSTILE "\"");
	add_conversation(&t, "1", "2", HOSTILE, 1, "");
	choose(&t, 0, false, true);
	topology_dot(&out, &t);
	assert_false(out.failed);
	assert_null(strstr(out.data, "<script>"));
	assert_null(strstr(out.data, "\"];<"));
	assert_null(strchr(out.data, '\\'));
	assert_null(strchr(out.data, '\x1b'));
	assert_non_null(strstr(out.data, "a&#34;];&#60;script&#62;&#38;&#92;&#8203;N  [31m"));
	buffer_clear(&out);
	topology_text(&out, &t);
	assert_null(strchr(out.data, '\x1b'));
	buffer_free(&out);
	topology_free(&t);
}

/* Many nodes on few levels take several rows. */
static void test_large(void **state)
{
	struct topology t = { .nodes = NULL };
	struct buffer out = { .data = NULL };
	char id[16], other[16];

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		snprintf(id, sizeof(id), "%u", i);
		add_asset(&t, id,
			  i < 5 ? ",\"level\":\"2\",\"zone\":\"" HOSTILE "\"" : ",\"level\":\"1\"");
	}
	for (unsigned i = 5; i < 60; i++) {
		snprintf(id, sizeof(id), "%u", i % 5);
		snprintf(other, sizeof(other), "%u", i);
		add_conversation(&t, id, other, "modbus", i,
				 ",\"operations\":{\"program_download\":{\"count\":1}}");
	}
	choose(&t, 0, false, true);
	topology_dot(&out, &t);
	assert_non_null(strstr(out.data, "row_2"));
	buffer_free(&out);
	topology_free(&t);
}

static void test_nothing(void **state)
{
	struct topology t = { .nodes = NULL };
	struct buffer out = { .data = NULL };

	(void)state;
	add_conversation(&t, "1", "2", "modbus", 1, "");
	choose(&t, 0, false, true);
	topology_json(&out, &t);
	assert_non_null(strstr(out.data, "\"nodes\":[],\"edges\":[]"));
	buffer_free(&out);
	topology_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges_are_merged),
		cmocka_unit_test(test_carried_alone),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
