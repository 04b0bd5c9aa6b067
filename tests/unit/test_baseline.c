/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Baselines: their lines, what they say of records, and how they are learned and kept. */

#include "inventory_world.h"

#include "store/baseline_keeper.h"

#include <errno.h>

#define CLIENT  ((struct end) { "10.0.0.1", "00:00:00:00:00:0a" })
#define SERVER  ((struct end) { "10.0.0.2", "00:00:00:00:00:0b" })
#define LAPTOP  ((struct end) { "10.0.0.9", "00:00:00:00:00:09" })
#define MINUTES (WORLD_START / NS_PER_MINUTE)

/* ---- lines ---- */

static struct baseline *made(const char *const *lines, size_t n)
{
	struct baseline *baseline = NULL;

	assert_int_equal(baseline_make(&baseline, lines, n, NULL, NULL), 0);
	return baseline;
}

#define MADE(...)                                   \
	made((const char *const[]) { __VA_ARGS__ }, \
	     ARRAY_SIZE(((const char *const[]) { __VA_ARGS__ })))

static void test_one_spelling(void **state)
{
	static const struct {
		const char *line, *spelled;
	} rows[] = {
		{ "asset  10.0.0.1\t00:00:00:00:00:0a # the panel",
		  "asset 10.0.0.1 00-00-00-00-00-0A" },
		{ "conversation 3/10.0.0.1 10.0.0.2 modbus",
		  "conversation 3/10.0.0.1 10.0.0.2 modbus" },
		{ "operation 10.0.0.1 10.0.0.2 modbus write weekend,production,weekend",
		  "operation 10.0.0.1 10.0.0.2 modbus write production,weekend" },
		{ "target 10.0.0.1 10.0.0.2 modbus read 1 \"holding registers 0-9\"",
		  "target 10.0.0.1 10.0.0.2 modbus read 1 \"holding registers 0-9\"" },
		{ "target 10.0.0.1 10.0.0.2 cip write - \"a \\\"b\\\" \\x01\"",
		  "target 10.0.0.1 10.0.0.2 cip write - \"a \\\"b\\\" \\x01\"" },
		{ "cycle 10.0.0.1 10.0.0.2 modbus read 0.5",
		  "cycle 10.0.0.1 10.0.0.2 modbus read 0.500" },
		{ "value 10.0.0.2 modbus \"1 coil 3\" 0 1.50",
		  "value 10.0.0.2 modbus \"1 coil 3\" 0 1.5" },
		{ "program 10.0.0.2 s7comm \"OB 1\" 4f2a",
		  "program 10.0.0.2 s7comm \"OB 1\" 4f2a" },
		{ "allow 10.0.0.0/24 programs zone:cell-1 s7comm",
		  "allow 10.0.0.0/24 programs zone:cell-1 s7comm" },
		{ "frame night mon-fri 22:00-06:00",
		  "frame night mon,tue,wed,thu,fri 22:00-06:00" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct baseline *b = MADE(rows[i].line), *again;

		assert_int_equal(baseline_count(b), 1);
		assert_string_equal(baseline_line(b, 0), rows[i].spelled);
		again = MADE(baseline_line(b, 0));
		assert_string_equal(baseline_hash(again), baseline_hash(b));
		baseline_free(again);
		baseline_free(b);
	}
}

static void count_mistake(void *context, size_t line, const char *what)
{
	assert_true(what[0] != '\0');
	*(size_t *)context += line;
}

static void test_wrong_lines(void **state)
{
	static const char *const lines[] = {
		"something 10.0.0.1",
		"asset",
		"asset 10.0.0.1.2",
		"asset 10.0.0.1 \"open",
		"conversation 10.0.0.1 10.0.0.2",
		"operation 10.0.0.1 10.0.0.2 modbus fly",
		"target 10.0.0.1 10.0.0.2 modbus read x \"coil 1\"",
		"cycle 10.0.0.1 10.0.0.2 modbus read -1",
		"value 10.0.0.2 modbus \"coil 1\" 5 4",
		"value 10.0.0.2 modbus \"coil 1\" nan 4",
		"allow 10.0.0.1 eats 10.0.0.2",
		"allow 10.0.0.1 reads zone:",
		"frame night 25:00-06:00",
		"frame night someday",
		"conversation 10.0.0.1 10.0.0.2 \"a\\q\"",
	};
	char *longest = calloc(1, 3000);
	struct baseline *b = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const char *const both[] = { "asset 10.0.0.1", lines[i] };
		size_t told = 0;

		assert_int_equal(baseline_make(&b, both, 2, count_mistake, &told), -EINVAL);
		assert_int_equal(told, 2);
	}
	memset(longest, 'a', 2999);
	assert_int_equal(baseline_make(&b, (const char *const[]) { longest }, 1, NULL, NULL),
			 -EINVAL);
	free(longest);
}

static void note_difference(void *context, bool added, const char *line)
{
	char *text = context;

	snprintf(text + strlen(text), 200 - strlen(text), "%c%s;", added ? '+' : '-', line);
}

static void test_sets(void **state)
{
	struct baseline *a = MADE("asset 10.0.0.2", "asset 10.0.0.1", "", "asset 10.0.0.1 # again");
	struct baseline *b = MADE("asset 10.0.0.3", "asset 10.0.0.1");
	char text[200] = "";

	(void)state;
	assert_int_equal(baseline_count(a), 2);
	assert_string_equal(baseline_line(a, 0), "asset 10.0.0.1");
	assert_true(baseline_has(a, "asset 10.0.0.2"));
	assert_false(baseline_has(a, "asset 10.0.0.3"));
	assert_string_not_equal(baseline_hash(a), baseline_hash(b));
	baseline_differences(a, b, note_difference, text);
	assert_string_equal(text, "-asset 10.0.0.2;+asset 10.0.0.3;");
	baseline_free(a);
	baseline_free(b);
}

static void test_sentences(void **state)
{
	struct baseline_writer writer;
	struct problem problem = { "" };

	(void)state;
	assert_int_equal(baseline_allow(&writer,
					(const char *const[4]) { "10.1.2.3", "programs", "cell-1" },
					&problem),
			 0);
	assert_string_equal(writer.text, "allow 10.1.2.3 programs zone:cell-1");
	assert_int_equal(
	    baseline_allow(&writer, (const char *const[4]) { "any", "stop", "10.0.0.0/8", "cip" },
			   &problem),
	    0);
	assert_string_equal(writer.text, "allow any stop 10.0.0.0/8 cip");
	assert_int_equal(baseline_allow(&writer,
					(const char *const[4]) { "10.1.2.3", "likes", "cell-1" },
					&problem),
			 -EINVAL);
}

/* 2023-11-14 22:13:20 UTC was a Tuesday. */
static void test_times(void **state)
{
	static const struct {
		const char *text;
		int64_t minutes; /* from WORLD_START */
		bool holds;
	} rows[] = {
		{ "a tue", 0, true },
		{ "a mon", 0, false },
		{ "a 22:00-23:00", 0, true },
		{ "a 22:13-22:14", 0, true },
		{ "a 22:14-22:15", 0, false },
		{ "a tue 22:00-06:00", 4 * 60, true }, /* its night goes on */
		{ "a wed 22:00-06:00", 4 * 60, false },
		{ "a mon-fri 06:00-22:00", 8 * 60, true },
		{ "a sat-mon", 4 * 24 * 60, true },
		{ "a sat-mon", 6 * 24 * 60, true },
		{ "a sat-mon", 7 * 24 * 60, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct baseline_frame frame;
		struct problem problem = { "" };

		assert_int_equal(baseline_frame_parse(rows[i].text, &frame, &problem), 0);
		assert_int_equal(baseline_frame_holds(&frame, MINUTES + rows[i].minutes),
				 rows[i].holds);
	}
}

/* ---- records ---- */

static struct record *modbus(struct world *w, struct end from, enum operation operation,
			     uint64_t address)
{
	struct record *r = world_begin(w, RECORD_TRANSACTION, from, SERVER);

	r->flow = from.ip[7] == '9' ? 9 : 7;
	r->protocol = world_protocol("modbus");
	r->operation = (uint8_t)operation;
	r->phase = PHASE_COMPLETE;
	r->outcome = OUTCOME_SUCCESS;
	r->duration = NS_PER_MS;
	r->key = w->number;
	record_put_static(&w->writer, CORE_FUNCTION,
			  operation == OPERATION_READ ? "read_holding_registers"
						      : "write_single_register");
	record_put_uint(&w->writer, field_find(w->registry, "weir.modbus.address"), address);
	record_put_uint(&w->writer, field_find(w->registry, "weir.modbus.quantity"), 1);
	return r;
}

static const struct enrichment *does(struct world *w, struct end from, enum operation operation,
				     uint64_t address)
{
	(void)modbus(w, from, operation, address);
	w->now += NS_PER_S;
	return world_commit(w);
}

static void use(struct world *w, enum baseline_state state, const struct baseline *baseline)
{
	inventory_use(w->inventory,
		      &(struct inventory_normal) { .state = state, .baseline = baseline });
}

static void test_nothing_is_new_without_one(void **state)
{
	struct world *w = *state;
	const struct enrichment *e = does(w, CLIENT, OPERATION_WRITE, 1);

	assert_int_equal(e->state, BASELINE_NONE);
	assert_false(e->new_source || e->new_destination || e->new_conversation ||
		     e->new_operation || e->new_target || e->late);
}

/* While learning all is new, and nothing is said of conversations. */
static void test_learning(void **state)
{
	struct world *w = *state;
	struct baseline *b = MADE("allow 10.0.0.1 reads any");
	const struct enrichment *e;

	use(w, BASELINE_LEARNING, b);
	e = does(w, CLIENT, OPERATION_WRITE, 1);
	assert_false(e->new_source || e->new_conversation);
	assert_true(e->new_operation);
	e = does(w, LAPTOP, OPERATION_READ, 1);
	assert_true(e->new_source && e->new_conversation && e->new_operation);
	assert_string_equal(w->last_change, "new_asset");
	use(w, BASELINE_NONE, NULL);
	baseline_free(b);
}

static void test_frozen(void **state)
{
	struct world *w = *state;
	struct baseline *b =
	    MADE("asset 10.0.0.1", "asset 10.0.0.2", "conversation 10.0.0.1 10.0.0.2 modbus",
		 "operation 10.0.0.1 10.0.0.2 modbus read",
		 "target 10.0.0.1 10.0.0.2 modbus read - \"holding registers 0-9\"");
	const struct enrichment *e;
	unsigned told;

	use(w, BASELINE_FROZEN, b);
	e = does(w, CLIENT, OPERATION_READ, 3);
	assert_false(e->new_source || e->new_destination || e->new_conversation ||
		     e->new_operation || e->new_target);
	e = does(w, CLIENT, OPERATION_READ, 10);
	assert_true(e->new_target);
	assert_string_equal(w->last_change, "new_target");
	/* The range in which the new register lies now is normal in part. */
	told = w->changes;
	e = does(w, CLIENT, OPERATION_READ, 9);
	assert_false(e->new_target);
	e = does(w, CLIENT, OPERATION_READ, 10);
	assert_true(e->new_target);
	assert_int_equal(w->changes, told);
	/* Further than what was told. */
	e = does(w, CLIENT, OPERATION_READ, 11);
	assert_true(e->new_target);
	assert_int_equal(w->changes, told + 1);
	e = does(w, CLIENT, OPERATION_WRITE, 3);
	assert_true(e->new_operation && !e->new_conversation);
	assert_string_equal(w->last_change, "new_operation");
	e = does(w, LAPTOP, OPERATION_READ, 3);
	assert_true(e->new_source && e->new_conversation);
	assert_string_equal(w->last_change, "new_conversation");
	use(w, BASELINE_NONE, NULL);
	baseline_free(b);
}

/* Each is told once a day. */
static void test_told_once(void **state)
{
	struct world *w = *state;
	struct baseline *b =
	    MADE("asset 10.0.0.1", "asset 10.0.0.2", "conversation 10.0.0.1 10.0.0.2 modbus");
	unsigned told;

	use(w, BASELINE_FROZEN, b);
	(void)does(w, CLIENT, OPERATION_WRITE, 1);
	told = w->changes;
	for (int i = 0; i < 100; i++) {
		assert_true(does(w, CLIENT, OPERATION_WRITE, 1)->new_operation);
	}
	assert_int_equal(w->changes, told);
	(void)does(w, CLIENT, OPERATION_STOP, 1);
	assert_int_equal(w->changes, told + 1);
	w->now += NS_PER_DAY;
	w->last_change[0] = '\0';
	(void)does(w, CLIENT, OPERATION_WRITE, 1);
	assert_string_equal(w->last_change, "new_operation");
	use(w, BASELINE_NONE, NULL);
	baseline_free(b);
}

/* Another address of a known device, and another card in it, are no news. */
static void test_other_addresses(void **state)
{
	struct world *w = *state;
	struct baseline *b = MADE("asset 00:00:00:00:00:0a", "asset 10.0.0.2",
				  "conversation 10.0.0.1 10.0.0.2 modbus",
				  "operation 10.0.0.1 10.0.0.2 modbus read");
	const struct enrichment *e;

	use(w, BASELINE_FROZEN, b);
	world_arp(w, 0, (struct end) { "10.0.0.1", "00:00:00:00:00:0a" }, "10.0.0.1");
	e = does(w, CLIENT, OPERATION_READ, 1);
	assert_false(e->new_source || e->new_conversation || e->new_operation);
	/* The card says that it has a second address now. */
	world_arp(w, 0, (struct end) { "10.0.0.5", "00:00:00:00:00:0a" }, "10.0.0.5");
	inventory_settle(w->inventory);
	(void)modbus(w, (struct end) { "10.0.0.5", "00:00:00:00:00:0a" }, OPERATION_READ, 1);
	e = world_commit(w);
	assert_false(e->new_source || e->new_conversation || e->new_operation);
	use(w, BASELINE_NONE, NULL);
	baseline_free(b);
}

static void test_other_time(void **state)
{
	static const char *const names[] = { "night", "other" };
	struct world *w = *state;
	struct baseline *b =
	    MADE("asset 10.0.0.1", "asset 10.0.0.2", "conversation 10.0.0.1 10.0.0.2 modbus",
		 "operation 10.0.0.1 10.0.0.2 modbus write other",
		 "operation 10.0.0.1 10.0.0.2 modbus read");
	const struct enrichment *e;

	inventory_use(w->inventory, &(struct inventory_normal) { .state = BASELINE_FROZEN,
								 .baseline = b,
								 .frames = names,
								 .n_frames = 2,
								 .frame = 2 });
	/* Nobody knows yet which time it is. */
	assert_false(does(w, CLIENT, OPERATION_WRITE, 1)->late);
	inventory_frame(w->inventory, 1);
	assert_false(does(w, CLIENT, OPERATION_WRITE, 1)->late);
	inventory_frame(w->inventory, 0);
	e = does(w, CLIENT, OPERATION_WRITE, 1);
	assert_true(e->late && !e->new_operation);
	assert_string_equal(w->last_change, "other_time");
	assert_false(does(w, CLIENT, OPERATION_READ, 1)->late);
	use(w, BASELINE_NONE, NULL);
	baseline_free(b);
}

static const char *zone_of(void *context, const struct inventory_place *place)
{
	char text[IP_TEXT_SIZE];

	(void)context;
	return strcmp(ip_text(&place->ip, text), "10.0.0.2") == 0 ? "press" : NULL;
}

static bool zone_is_within(void *context, const char *zone, const char *outer)
{
	(void)context;
	return strcmp(zone, "press") == 0 && strcmp(outer, "cells") == 0;
}

static void test_grants(void **state)
{
	static const struct {
		const char *line;
		bool programs, reads;
	} rows[] = {
		{ "allow 10.0.0.1 programs zone:press", true, true },
		{ "allow 10.0.0.0/24 programs zone:cells", true, true },
		{ "allow any programs any modbus", true, true },
		{ "allow 10.0.0.1 reads 10.0.0.2", false, true },
		{ "allow 10.0.0.1 stop zone:press", true, false },
		{ "allow 10.0.0.1 programs zone:other", false, false },
		{ "allow 10.0.0.1 programs any cip", false, false },
		{ "allow 10.0.0.2 programs 10.0.0.1", false, false },
	};
	struct world *w = *state;

	w->options.zone_of = zone_of;
	w->options.zone_is_within = zone_is_within;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct baseline *b = MADE(rows[i].line);

		world_renew(w);
		use(w, BASELINE_FROZEN, b);
		(void)does(w, CLIENT, OPERATION_READ, 1);
		assert_int_equal(does(w, CLIENT, OPERATION_STOP, 1)->new_operation,
				 !rows[i].programs);
		assert_int_equal(does(w, CLIENT, OPERATION_READ, 1)->new_operation, !rows[i].reads);
		assert_int_equal(does(w, CLIENT, OPERATION_READ, 1)->new_source,
				 !rows[i].reads && !rows[i].programs);
		use(w, BASELINE_NONE, NULL);
		baseline_free(b);
	}
}

/* ---- learning ---- */

static struct baseline *seen(struct world *w, bool held)
{
	struct baseline_lines lines = { 0 };
	struct baseline *b = NULL;

	assert_int_equal(inventory_learned(w->inventory, held, &lines), 0);
	assert_int_equal(baseline_make(&b, (const char *const *)lines.items, lines.n, NULL, NULL),
			 0);
	baseline_lines_free(&lines);
	return b;
}

/* What was seen is normal afterwards, whatever it was; what is held is not. */
static void test_what_was_seen_is_normal(void **state)
{
	struct world *w = *state;
	struct record *r;
	struct event event = { .record = NULL };
	struct baseline *b, *all;

	use(w, BASELINE_LEARNING, NULL);
	for (uint64_t i = 0; i < 50; i++) {
		(void)does(w, CLIENT, OPERATION_READ, i % 5);
		(void)does(w, LAPTOP, OPERATION_WRITE, 100 + i * 2);
	}
	r = modbus(w, CLIENT, OPERATION_STOP, 1);
	event.context[EVENT_STORE] = world_commit(w);
	event.record = r;
	inventory_hold(w->inventory, &event);
	b = seen(w, false);
	all = seen(w, true);
	assert_int_equal(baseline_count(all), baseline_count(b) + 2);
	assert_true(baseline_has(all, "operation 10.0.0.1 10.0.0.2 modbus stop"));
	assert_true(
	    baseline_has(b, "target 10.0.0.1 10.0.0.2 modbus read - \"holding registers 0-4\""));
	/* More registers than are told apart: any. */
	assert_true(baseline_has(b, "target 10.0.0.9 10.0.0.2 modbus write - *"));
	use(w, BASELINE_FROZEN, b);
	for (uint64_t i = 0; i < 5; i++) {
		assert_false(does(w, CLIENT, OPERATION_READ, i)->new_target);
		assert_false(does(w, LAPTOP, OPERATION_WRITE, 7 * i)->new_target);
	}
	assert_true(does(w, CLIENT, OPERATION_STOP, 1)->new_operation);
	use(w, BASELINE_NONE, NULL);
	baseline_free(b);
	baseline_free(all);
}

/* Doors that were knocked at in vain are not learned. */
static void test_unanswered_is_not_learned(void **state)
{
	struct world *w = *state;
	struct baseline *b;

	use(w, BASELINE_LEARNING, NULL);
	(void)world_flow(w, 0, LAPTOP, (struct end) { "10.0.0.77", NULL });
	b = seen(w, false);
	assert_false(baseline_has(b, "conversation 10.0.0.9 10.0.0.77 tcp"));
	assert_true(baseline_has(b, "asset 10.0.0.9 00-00-00-00-00-09"));
	use(w, BASELINE_NONE, NULL);
	baseline_free(b);
}

/* ---- the keeper ---- */

static struct baseline_keeper *keeper_of(struct world *w, const char *frame)
{
	struct baseline_keeper_options options = baseline_keeper_defaults();
	struct baseline_keeper *keeper = NULL;
	struct baseline_frame parsed;

	options.inventory = w->inventory;
	if (frame != NULL) {
		assert_int_equal(baseline_frame_parse(frame, &parsed, NULL), 0);
		options.frames = &parsed;
		options.n_frames = 1;
	}
	assert_int_equal(baseline_keeper_new(&keeper, &options, NULL), 0);
	return keeper;
}

static void test_learning_ends(void **state)
{
	struct world *w = *state;
	struct baseline_keeper *keeper = keeper_of(w, "night 22:00-06:00");
	struct baseline_keeper_info info;

	(void)does(w, CLIENT, OPERATION_READ, 1);
	baseline_keeper_tick(keeper, w->now);
	(void)does(w, CLIENT, OPERATION_READ, 1);
	baseline_keeper_tick(keeper, WORLD_START + 7 * NS_PER_DAY - 1);
	info = baseline_keeper_info(keeper);
	assert_int_equal(info.state, BASELINE_LEARNING);
	assert_true(info.until > WORLD_START + 7 * NS_PER_DAY - NS_PER_MINUTE);
	baseline_keeper_tick(keeper, info.until);
	info = baseline_keeper_info(keeper);
	assert_int_equal(info.state, BASELINE_FROZEN);
	assert_true(
	    baseline_has(info.baseline, "frame night mon,tue,wed,thu,fri,sat,sun 22:00-06:00"));
	assert_true(baseline_has(info.baseline, "operation 10.0.0.1 10.0.0.2 modbus read night"));
	baseline_keeper_free(keeper);
}

static void test_changes(void **state)
{
	struct world *w = *state;
	struct baseline_keeper *keeper = keeper_of(w, NULL);
	struct baseline_changed changed;
	struct problem problem = { "" };
	const char *const lines[] = { "asset 10.0.0.1", "asset 10.0.0.2" };
	const char *const wrong[] = { "asset 10.0.0.3", "nonsense" };
	struct baseline_change change = {
		.action = "accept", .user = "maria", .reason = "because", .add = lines, .n_add = 2
	};

	assert_int_equal(baseline_keeper_change(keeper, &change, &changed, &problem), 0);
	assert_int_equal(changed.added, 2);
	assert_int_equal(baseline_keeper_change(keeper, &change, &changed, &problem), 0);
	assert_int_equal(changed.added, 0);
	change.add = wrong;
	assert_int_equal(baseline_keeper_change(keeper, &change, &changed, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "line 2"));
	assert_int_equal(baseline_count(baseline_keeper_info(keeper).baseline), 2);
	change.n_add = 1;
	change.whole = true;
	change.state = BASELINE_FROZEN;
	assert_int_equal(baseline_keeper_change(keeper, &change, &changed, &problem), 0);
	assert_int_equal(changed.added, 1);
	assert_int_equal(changed.removed, 2);
	assert_int_equal(baseline_keeper_info(keeper).state, BASELINE_FROZEN);
	change.n_add = 0;
	change.whole = false;
	change.state = BASELINE_LEARNING;
	change.learning = NS_PER_HOUR;
	(void)does(w, CLIENT, OPERATION_READ, 1);
	assert_int_equal(baseline_keeper_change(keeper, &change, &changed, &problem), 0);
	assert_int_equal(baseline_keeper_info(keeper).until,
			 inventory_clock(w->inventory) + NS_PER_HOUR);
	baseline_keeper_free(keeper);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_spelling),
		cmocka_unit_test(test_wrong_lines),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_times),
		TEST(test_nothing_is_new_without_one),
		TEST(test_learning),
		TEST(test_frozen),
		TEST(test_told_once),
		TEST(test_other_addresses),
		TEST(test_other_time),
		TEST(test_grants),
		TEST(test_what_was_seen_is_normal),
		TEST(test_unanswered_is_not_learned),
		TEST(test_learning_ends),
		TEST(test_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
