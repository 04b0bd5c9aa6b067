/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Test functions of S7comm userdata (group 1): what a programming station uses to watch variables
 * and blocks, to modify and force variables, to set breakpoints and to reset the memory.
 *
 *	data: parameter bytes 2 | data bytes 2 | parameters | data
 *	parameters of a request: 2 | kind 2 | repeat 2 | answer bytes 2 | 2 2 2 2 2 | trigger 2
 *	  | block type 2 | block number 2 | code address 2 ...
 *	address of a variable: area 1 | repetition or bit 1 | data block 2 | byte 2
 *
 * A request makes a job; what it sees comes later, in messages with the job's sequence number. */

#include "dissectors/s7comm_private.h"

#define GROUP_TEST 1

enum test {
	TEST_BLOCK_STATUS = 0x01,
	TEST_VARIABLE_STATUS = 0x02,
	TEST_MODIFY = 0x08,
	TEST_FORCE = 0x09,
	TEST_DELETE_JOB = 0x0f,
	TEST_REPLACE_JOB = 0x12,
};

/* ---- addresses ---- */

/* The upper four bits are the area, the lower ones the width: 0 a bit, 1 byte, 2 word, 3 double
 * word; timers and counters have 4. */
static bool read_address(struct cursor *c, struct s7_item *out)
{
	static const uint8_t areas[16] = {
		[0] = 0x83, [1] = 0x81, [2] = 0x82, [3] = 0x80, [5] = 0x1d, [6] = 0x1c, [7] = 0x84
	};
	static const uint8_t types[16] = { [0] = 1, [1] = 2, [2] = 4, [3] = 6, [4] = 4 };
	uint8_t kind = cur_u8(c), repeat = cur_u8(c);
	uint16_t db = cur_be16(c), byte = cur_be16(c);
	bool bit = (kind & 15) == 0;
	uint8_t area = areas[kind >> 4];

	*out = (struct s7_item) { .syntax = 0x10,
				  .type = area == 0x1d   ? 29
					  : area == 0x1c ? 28
							 : types[kind & 15],
				  .area = area,
				  .count = bit ? 1 : repeat,
				  .db = db };
	out->address =
	    area == 0x1d || area == 0x1c ? byte : (uint32_t)byte << 3 | (bit ? repeat & 7U : 0);
	return cur_ok(c);
}

struct content {
	struct cursor parameters, data;
};

static bool split(struct cursor c, struct content *out)
{
	uint16_t parameters = cur_be16(&c), data = cur_be16(&c);

	out->parameters = cur_sub(&c, parameters);
	/* Some CPUs send more, or less, than they say. */
	out->data = cur_sub_most(&c, data);
	return cur_ok(&c);
}

/* ---- requests ---- */

static const struct s7_name triggers[] = {
	{ 0x0000, "immediately" },
	{ 0x0100, "system_trigger" },
	{ 0x0200, "cycle_start" },
	{ 0x0300, "cycle_end" },
	{ 0x0400, "run_to_stop" },
	{ 0x0500, "after_code_address" },
	{ 0x0600, "code_address_area" },
	{ 0x0601, "code_address_area_of_call" },
	{ 0x0700, "data_address" },
	{ 0x0800, "data_address_area" },
	{ 0x0900, "local_data_address" },
	{ 0x0a00, "local_data_address_area" },
	{ 0x0b00, "range" },
	{ 0x0c00, "before_code_address" },
	{ 0, NULL },
};

static const struct s7_name repeats[] = {
	{ 0, "every_cycle" },
	{ 1, "once" },
	{ 2, "always" },
	{ 0, NULL },
};

static void put_parameters(struct dissection *d, struct cursor c)
{
	uint16_t repeat, trigger;
	struct s7_block block = { 0 };
	char text[24];

	cur_skip(&c, 4);
	repeat = cur_be16(&c);
	cur_skip(&c, 12);
	trigger = cur_be16(&c);
	if (!cur_ok(&c)) {
		return;
	}
	record_put_static(d->writer, PUT(REPEAT), s7_name(repeats, repeat));
	record_put_static(d->writer, PUT(TRIGGER), s7_name(triggers, trigger));
	block.type = (uint8_t)cur_be16(&c);
	block.number = cur_be16(&c);
	uint16_t address = cur_be16(&c);

	if (cur_ok(&c) && s7_block_type(block.type) != NULL) {
		record_put_text(d->writer, CORE_TARGET, s7_block_text(&block, text));
		s7_put_block(d, &block);
		record_put_uint(d->writer, PUT(BLOCK_ADDRESS), address);
	}
}

static const char *ask_test(struct dissection *d, struct s7_userdata *u)
{
	struct content content;

	if (cur_left(&u->data) == 0) {
		return NULL;
	}
	if (!split(u->data, &content)) {
		return "length";
	}
	put_parameters(d, content.parameters);
	return NULL;
}

static bool is_written(enum operation operation)
{
	return operation == OPERATION_WRITE || operation == OPERATION_FORCE;
}

/* count 2 | addresses | values, if something is written */
static const char *ask_variables(struct dissection *d, struct s7_userdata *u)
{
	struct content content;
	struct s7_item item;
	uint16_t n;

	if (!split(u->data, &content)) {
		return "length";
	}
	put_parameters(d, content.parameters);
	transaction_keep(d, content.data);
	n = cur_be16(&content.data);
	transaction_items(d, n, 0);
	if (n > 0 && read_address(&content.data, &item)) {
		char address[S7_ADDRESS_MAX];

		record_put_text(d->writer, CORE_TARGET,
				s7_item_address(&item, is_written(u->operation), address));
	}
	return cur_ok(&content.data) ? NULL : "length";
}

static void report(struct dissection *d, enum operation operation, enum phase phase, size_t index,
		   const struct s7_item *item, const struct s7_value *value)
{
	bool answer = value != NULL && operation == OPERATION_REPORT;
	enum outcome outcome = !answer                     ? OUTCOME_UNKNOWN
			       : value->code == S7_ITEM_OK ? OUTCOME_SUCCESS
							   : OUTCOME_FAILURE;

	if (item_begin(d, operation, phase, outcome, index)) {
		s7_put_item(d, item, value, is_written(operation));
		if (answer) {
			s7_put_return_code(d, value->code);
		}
		record_commit(d->writer);
	}
}

static void asked_variables(struct dissection *d, const struct s7_userdata *u, enum phase phase)
{
	struct content content;
	struct cursor addresses, values;
	uint16_t n;

	if (!split(u->data, &content)) {
		return;
	}
	n = cur_be16(&content.data);
	addresses = cur_sub_most(&content.data, 6U * n);
	values = content.data;
	for (size_t i = 0; i < n && cur_left(&addresses) > 0; i++) {
		struct s7_item item;
		struct s7_value value;
		bool valued = cur_left(&values) > 0 &&
			      s7_read_value(&values, cur_left(&addresses) <= 6, &value);

		if (!read_address(&addresses, &item)) {
			return;
		}
		report(d, u->operation, phase, i, &item, valued ? &value : NULL);
	}
}

/* ---- jobs that are there already ---- */

static const char *const test_names[S7_TEST_SERVICES] = {
	[0x01] = "block_status",    [0x02] = "variable_status",  [0x03] = "interrupt_stack",
	[0x04] = "block_stack",     [0x05] = "local_data_stack", [0x06] = "measure_time",
	[0x07] = "force_selection", [0x08] = "modify_variable",  [0x09] = "force",
	[0x0a] = "breakpoint",      [0x0b] = "leave_hold",       [0x0c] = "memory_reset",
	[0x13] = "block_status_2",
};

/* Switching a job that forces is forcing, one that only watches is watching. */
static enum operation job_operation(uint8_t function)
{
	static const uint8_t operations[S7_TEST_SERVICES] = {
		[0x01] = OPERATION_DIAGNOSE, [0x02] = OPERATION_DIAGNOSE,
		[0x03] = OPERATION_DIAGNOSE, [0x04] = OPERATION_DIAGNOSE,
		[0x05] = OPERATION_DIAGNOSE, [0x06] = OPERATION_DIAGNOSE,
		[0x07] = OPERATION_FORCE,    [0x08] = OPERATION_WRITE,
		[0x09] = OPERATION_FORCE,    [0x13] = OPERATION_DIAGNOSE,
	};

	return function < S7_TEST_SERVICES && operations[function] != 0
		   ? (enum operation)operations[function]
		   : OPERATION_CONTROL;
}

static const char *put_job(struct dissection *d, struct s7_userdata *u, struct cursor c)
{
	uint8_t function = cur_u8(&c), job = cur_u8(&c);

	if (!cur_ok(&c)) {
		return "length";
	}
	u->operation = job_operation(function);
	record_put_static(d->writer, PUT(JOB_FUNCTION),
			  function < S7_TEST_SERVICES ? test_names[function] : NULL);
	record_put_uint(d->writer, PUT(JOB_NUMBER), job);
	return NULL;
}

/* function 1 | job 1; before it 2 bytes when the job is deleted or replaced */
static const char *ask_job(struct dissection *d, struct s7_userdata *u)
{
	struct content content;

	if (!split(u->data, &content)) {
		return "length";
	}
	put_parameters(d, content.parameters);
	if (u->subfunction == TEST_DELETE_JOB || u->subfunction == TEST_REPLACE_JOB) {
		cur_skip(&content.data, 2);
	}
	return put_job(d, u, content.data);
}

static const char *ask_read_job(struct dissection *d, struct s7_userdata *u)
{
	const char *wrong = ask_job(d, u);

	u->operation = OPERATION_DIAGNOSE;
	return wrong;
}

/* function 1 | job 1 | state 2 of each job */
static void answered_job_list(struct dissection *d, const struct s7_userdata *u, struct cursor kept)
{
	struct content content;

	(void)kept;
	if (!split(u->data, &content)) {
		return;
	}
	for (size_t i = 0; cur_left(&content.data) >= 4; i++) {
		uint8_t function = cur_u8(&content.data), job = cur_u8(&content.data);
		uint16_t state = cur_be16(&content.data);

		if (!item_begin(d, OPERATION_DIAGNOSE, PHASE_COMPLETE, OUTCOME_SUCCESS, i)) {
			return;
		}
		record_put_static(d->writer, PUT(JOB_FUNCTION),
				  function < S7_TEST_SERVICES ? test_names[function] : NULL);
		record_put_uint(d->writer, PUT(JOB_NUMBER), job);
		record_put_double(d->writer, CORE_ITEM_VALUE, state);
		record_commit(d->writer);
	}
}

/* ---- answers and messages of a job ---- */

/* The answer says which number the job has; its addresses are wanted for what comes later. */
static const char *answer_variables(struct dissection *d, struct s7_userdata *u,
				    const struct pending *asked)
{
	struct cursor kept = asked != NULL ? pending_kept(asked) : cur_of(NULL, 0);
	struct cursor look = kept;

	s7_remember_job(d, GROUP_TEST, u->sequence, cur_sub_most(&kept, 2U + 6U * cur_be16(&look)),
			0);
	return NULL;
}

static void answered_write(struct dissection *d, const struct s7_userdata *u, struct cursor kept)
{
	struct cursor addresses, values;
	uint16_t n = cur_be16(&kept);

	(void)u;
	addresses = cur_sub_most(&kept, 6U * n);
	values = kept;
	for (size_t i = 0; i < n && cur_left(&addresses) > 0; i++) {
		struct s7_item item;
		struct s7_value value;
		bool valued = s7_read_value(&values, cur_left(&addresses) <= 6, &value);

		if (!read_address(&addresses, &item)) {
			return;
		}
		report(d, u->operation, PHASE_COMPLETE, i, &item, valued ? &value : NULL);
	}
}

static const char *push_variables(struct dissection *d, struct s7_userdata *u)
{
	struct content content;

	if (!split(u->data, &content)) {
		return "length";
	}
	transaction_items(d, cur_be16(&content.data), 0);
	return cur_ok(&content.data) ? NULL : "length";
}

static void pushed_values(struct dissection *d, const struct s7_userdata *u)
{
	struct cursor addresses = s7_remembered_job(d, GROUP_TEST, u->sequence);
	struct content content;
	uint16_t n;

	if (!split(u->data, &content)) {
		return;
	}
	n = cur_be16(&content.data);
	cur_skip(&addresses, 2);
	for (size_t i = 0; i < n && cur_left(&content.data) > 0; i++) {
		struct s7_item item;
		struct s7_value value;
		bool known = cur_left(&addresses) > 0 && read_address(&addresses, &item);

		if (!s7_read_value(&content.data, i + 1U == n, &value)) {
			return;
		}
		report(d, OPERATION_REPORT, PHASE_COMPLETE, i, known ? &item : NULL, &value);
	}
}

/* What became of each variable that was to be modified: a return code. */
static void pushed_codes(struct dissection *d, const struct s7_userdata *u)
{
	struct cursor addresses = s7_remembered_job(d, GROUP_TEST, u->sequence);
	struct content content;
	uint16_t n;

	if (!split(u->data, &content)) {
		return;
	}
	n = cur_be16(&content.data);
	cur_skip(&addresses, 2);
	for (size_t i = 0; i < n && cur_left(&content.data) > 0; i++) {
		struct s7_value value = { .code = cur_u8(&content.data), .bytes = cur_of(NULL, 0) };
		struct s7_item item;
		bool known = cur_left(&addresses) > 0 && read_address(&addresses, &item);

		report(d, OPERATION_REPORT, PHASE_COMPLETE, i, known ? &item : NULL, &value);
	}
}

/* Where the program stands at a breakpoint, and in the stacks: block type 2 | number 2 | address 2
 */
static const char *push_place(struct dissection *d, struct s7_userdata *u)
{
	struct content content;
	struct s7_block block = { 0 };
	char text[24];
	uint16_t address;

	if (!split(u->data, &content)) {
		return cur_left(&u->data) == 0 ? NULL : "length";
	}
	block.type = (uint8_t)cur_be16(&content.data);
	block.number = cur_be16(&content.data);
	address = cur_be16(&content.data);
	if (cur_ok(&content.data) && s7_block_type(block.type) != NULL) {
		record_put_text(d->writer, CORE_TARGET, s7_block_text(&block, text));
		s7_put_block(d, &block);
		record_put_uint(d->writer, PUT(BLOCK_ADDRESS), address);
	}
	return NULL;
}

static const char *answer_place(struct dissection *d, struct s7_userdata *u,
				const struct pending *asked)
{
	(void)asked;
	return push_place(d, u);
}

static const char *push_block_status(struct dissection *d, struct s7_userdata *u)
{
	struct content content;

	if (!split(u->data, &content)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(BLOCK_ADDRESS), cur_be16(&content.data));
	return cur_ok(&content.data) ? NULL : "length";
}

static const char *ask_memory_reset(struct dissection *d, struct s7_userdata *u)
{
	(void)u;
	record_put_static(d->writer, CORE_TARGET, "memory");
	return NULL;
}

/* ---- the table ---- */

#define WATCH(function, op)                                                                 \
	{                                                                                   \
		.name = function, .operation = op, .ask = ask_test, .answer = answer_place, \
		.push = push_place                                                          \
	}
#define JOB(function)                                                            \
	{                                                                        \
		.name = function, .operation = OPERATION_CONTROL, .ask = ask_job \
	}
#define CHANGE(function, op)                                                                       \
	{                                                                                          \
		.name = function, .operation = op, .ask = ask_variables, .asked = asked_variables, \
		.answer = answer_variables, .answered = answered_write, .push = push_variables,    \
		.pushed = pushed_codes                                                             \
	}

const struct s7_service s7_test_services[S7_TEST_SERVICES] = {
	[TEST_BLOCK_STATUS] = { .name = "block_status",
				.operation = OPERATION_DIAGNOSE,
				.ask = ask_test,
				.push = push_block_status },
	[TEST_VARIABLE_STATUS] = { .name = "variable_status",
				   .operation = OPERATION_SUBSCRIBE,
				   .ask = ask_variables,
				   .asked = asked_variables,
				   .answer = answer_variables,
				   .push = push_variables,
				   .pushed = pushed_values },
	[0x03] = WATCH("interrupt_stack", OPERATION_DIAGNOSE),
	[0x04] = WATCH("block_stack", OPERATION_DIAGNOSE),
	[0x05] = WATCH("local_data_stack", OPERATION_DIAGNOSE),
	[0x06] = { .name = "measure_time", .operation = OPERATION_DIAGNOSE, .ask = ask_test },
	[0x07] = { .name = "force_selection", .operation = OPERATION_FORCE, .ask = ask_test },
	[TEST_MODIFY] = CHANGE("modify_variable", OPERATION_WRITE),
	[TEST_FORCE] = CHANGE("force", OPERATION_FORCE),
	[0x0a] = WATCH("breakpoint", OPERATION_CONTROL),
	[0x0b] = { .name = "leave_hold", .operation = OPERATION_CONTROL, .ask = ask_test },
	[0x0c] = { .name = "memory_reset",
		   .operation = OPERATION_MEMORY_RESET,
		   .ask = ask_memory_reset },
	[0x0d] = JOB("disable_job"),
	[0x0e] = JOB("enable_job"),
	[TEST_DELETE_JOB] = JOB("delete_job"),
	[0x10] = { .name = "read_job_list",
		   .operation = OPERATION_DIAGNOSE,
		   .answered = answered_job_list },
	[0x11] = { .name = "read_job", .operation = OPERATION_DIAGNOSE, .ask = ask_read_job },
	[TEST_REPLACE_JOB] = JOB("replace_job"),
	[0x13] = { .name = "block_status_2",
		   .operation = OPERATION_DIAGNOSE,
		   .ask = ask_test,
		   .push = push_block_status },
	[0x16] = { .name = "flash_led", .operation = OPERATION_CONTROL },
};
