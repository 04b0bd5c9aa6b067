/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* System status lists (SZL) of S7 controllers: what they are, in which mode, and what has happened.
 *
 *	request: list 2 | index 2
 *	answer:  list 2 | index 2 | bytes of a record 2 | records 2 | records
 *
 * The lower byte of a list's number says what it is about, the upper one which part of it. */

#include "dissectors/s7comm_private.h"

#include <stdio.h>

/* Reads one record. `index`: its place in the list. */
struct list {
	uint8_t about;
	const char *name;
	enum operation operation;
	/* Fields of the transaction, from one record of the list. */
	void (*put)(struct dissection *d, struct cursor record);
	/* Items: each record gives one or more. Returns the next item's index. */
	size_t (*report)(struct dissection *d, struct cursor record, size_t index);
};

/* ---- 0x11: module identification ---- */

/* "V3.2.6", of a boot loader "A32.9.9": a letter, version and two more numbers. */
static void put_version(struct dissection *d, uint16_t field, uint16_t major, uint16_t rest)
{
	char text[24];

	uint8_t letter = (uint8_t)(major >> 8);

	if (letter >= 'A' && letter <= 'Z') {
		snprintf(text, sizeof(text), "%c%u.%u.%u", letter, major & 255U, rest >> 8,
			 rest & 255U);
	} else {
		snprintf(text, sizeof(text), "%u", major);
	}
	record_put_text(d->writer, field, text);
}

/* index 2 | order number 20 | type 2 | version 2 | release 2 */
static void put_identification(struct dissection *d, struct cursor c)
{
	uint16_t index = cur_be16(&c);
	struct cursor order = cur_sub(&c, 20);
	uint16_t version, release;

	cur_skip(&c, 2);
	version = cur_be16(&c);
	release = cur_be16(&c);
	if (!cur_ok(&c)) {
		return;
	}
	if (index == 1) {
		s7_put_text(d, PUT(ORDER_NUMBER), order);
		record_put_uint(d->writer, PUT(MODULE_VERSION), version);
	} else if (index == 6) {
		put_version(d, PUT(HARDWARE_VERSION), version, release);
	} else if (index == 7) {
		put_version(d, PUT(FIRMWARE), version, release);
	} else if (index == 0x81) {
		put_version(d, PUT(BOOT_LOADER), version, release);
	}
}

/* ---- 0x1c: component identification ---- */

/* index 2 | text 24 to 32; in a redundant system the upper byte of the index is the rack */
static void put_component(struct dissection *d, struct cursor c)
{
	static const struct {
		uint8_t length;
		uint16_t field;
	} components[] = {
		[1] = { 24, PUT(SYSTEM_NAME) },   [2] = { 24, PUT(MODULE_NAME) },
		[3] = { 32, PUT(PLANT_ID) },      [4] = { 26, PUT(COPYRIGHT) },
		[5] = { 24, PUT(SERIAL_NUMBER) }, [7] = { 32, PUT(MODULE_TYPE) },
		[8] = { 32, PUT(MEMORY_CARD) },   [10] = { 26, PUT(OEM) },
		[11] = { 32, PUT(LOCATION) },
	};
	uint16_t index = cur_be16(&c) & 0xffU;

	if (index == 9) {
		record_put_uint(d->writer, PUT(MANUFACTURER), cur_be16(&c));
	} else if (index < ARRAY_SIZE(components) && components[index].length > 0) {
		s7_put_text(d, components[index].field, cur_sub(&c, components[index].length));
	}
}

/* ---- 0x24: mode, 0x32: state of the CPU, 0x74 and 0x19: lamps ---- */

static const char *mode_name(uint8_t mode)
{
	static const char *const modes[16] = {
		[1] = "stop_update",    [2] = "stop_memory_reset",
		[3] = "stop_self_test", [4] = "stop",
		[5] = "startup",        [6] = "startup_cold",
		[7] = "startup_hot",    [8] = "run",
		[9] = "run_redundant",  [10] = "hold",
		[11] = "link_up",       [12] = "update",
		[13] = "defect",        [14] = "self_test",
		[15] = "no_power",
	};

	return modes[mode & 15];
}

/* event 2 | 1 | previous mode and mode 1 | 4 | start-up information 4 | time 8 */
static void put_mode(struct dissection *d, struct cursor c)
{
	uint16_t event = cur_be16(&c);
	uint8_t mode;

	cur_skip(&c, 1);
	mode = cur_u8(&c);
	if (!cur_ok(&c)) {
		return;
	}
	record_put_static(d->writer, PUT(MODE), mode_name(mode));
	if (mode >> 4 != 0) {
		record_put_static(d->writer, PUT(PREVIOUS_MODE), mode_name(mode >> 4));
	}
	record_put_uint(d->writer, PUT(EVENT_ID), event);
	if (s7_event_name(event) != NULL) {
		record_put_static(d->writer, PUT(EVENT_NAME), s7_event_name(event));
	}
	dissect_identity(d);
}

/* index 2 | level of the switch 2 | level of the project 2 | level in force 2 | switch 2 | start
 * switch 2 | 2 | 2 | checksums: configuration 4, program 4 */
static void put_protection(struct dissection *d, struct cursor c)
{
	static const char *const positions[] = { "unknown", "run", "run_p", "stop", "mres" };
	uint16_t index = cur_be16(&c), of_switch = cur_be16(&c), of_project = cur_be16(&c);
	uint16_t in_force = cur_be16(&c), position = cur_be16(&c);
	uint32_t configuration, program;

	cur_skip(&c, 6);
	configuration = cur_be32(&c);
	program = cur_be32(&c);
	if ((index & 0xff) != 4 || !cur_ok(&c)) {
		return;
	}
	record_put_uint(d->writer, PUT(PROTECTION_KEY), of_switch);
	record_put_uint(d->writer, PUT(PROTECTION_SET), of_project);
	record_put_uint(d->writer, PUT(PROTECTION), in_force);
	record_put_static(d->writer, PUT(KEY_POSITION),
			  position < ARRAY_SIZE(positions) ? positions[position] : NULL);
	record_put_uint(d->writer, PUT(CHECKSUM_HARDWARE), configuration);
	record_put_uint(d->writer, PUT(CHECKSUM_PROGRAM), program);
	dissect_identity(d);
}

static const struct s7_name lamps[] = {
	{ 1, "sf" },     { 2, "intf" },   { 3, "extf" },   { 4, "run" },    { 5, "stop" },
	{ 6, "frce" },   { 7, "crst" },   { 8, "baf" },    { 9, "usr" },    { 10, "usr1" },
	{ 11, "bus1f" }, { 12, "bus2f" }, { 13, "redf" },  { 14, "mstr" },  { 15, "rack0" },
	{ 16, "rack1" }, { 17, "rack2" }, { 18, "ifm1f" }, { 19, "ifm2f" }, { 20, "bus3f" },
	{ 21, "maint" }, { 22, "dc24v" }, { 128, "if" },   { 129, "uf" },   { 130, "mf" },
	{ 131, "cf" },   { 132, "tf" },   { 0, NULL },
};

#define LAMPS_MAX 32

/* All records at once: lamp 2 | on 1 | blinking 1 */
static void put_lamps(struct dissection *d, struct cursor records, size_t width)
{
	const char *on[LAMPS_MAX], *blinking[LAMPS_MAX];
	size_t n_on = 0, n_blinking = 0;

	while (cur_left(&records) >= width && width >= 4 && n_on < LAMPS_MAX &&
	       n_blinking < LAMPS_MAX) {
		struct cursor c = cur_sub(&records, width);
		const char *name = s7_name(lamps, cur_be16(&c) & 0xffU);

		name = name != NULL ? name : "other";
		if (cur_u8(&c) != 0) {
			on[n_on++] = name;
		}
		if (cur_u8(&c) != 0) {
			blinking[n_blinking++] = name;
		}
	}
	if (n_on > 0) {
		record_put_statics(d->writer, PUT(LEDS_ON), on, n_on);
	}
	if (n_blinking > 0) {
		record_put_statics(d->writer, PUT(LEDS_BLINK), blinking, n_blinking);
	}
}

/* ---- lists that give items ---- */

static bool begin_item(struct dissection *d, const char *address, size_t index)
{
	if (!item_begin(d, OPERATION_DIAGNOSE, PHASE_COMPLETE, OUTCOME_SUCCESS, index)) {
		return false;
	}
	record_put_text(d->writer, CORE_ITEM_ADDRESS, address);
	return true;
}

/* 0x13. index 2 | kind 2 | size 4 | mode 2 | unit 2 | size, used and largest free of two parts */
static size_t report_memory(struct dissection *d, struct cursor c, size_t index)
{
	static const char *const names[] = {
		[1] = "work_memory",
		[2] = "load_memory_integrated",
		[3] = "load_memory_plugged_in",
		[4] = "load_memory_possible",
		[5] = "backup_memory",
		[6] = "communication_memory",
	};
	uint16_t which = cur_be16(&c);
	double values[3];

	cur_skip(&c, 2);
	values[0] = cur_be32(&c);
	cur_skip(&c, 8);
	values[1] = cur_be32(&c);
	values[2] = cur_be32(&c);
	if (!cur_ok(&c) ||
	    !begin_item(d, which < ARRAY_SIZE(names) && which > 0 ? names[which] : "memory",
			index)) {
		return index;
	}
	record_put_static(d->writer, CORE_ITEM_TYPE, "size_used_largest_free");
	record_put_doubles(d->writer, CORE_ITEM_VALUE, values, 3);
	record_commit(d->writer);
	return index + 1;
}

static size_t report_number(struct dissection *d, const char *name, double value, size_t index)
{
	if (!begin_item(d, name, index)) {
		return index;
	}
	record_put_double(d->writer, CORE_ITEM_VALUE, value);
	record_commit(d->writer);
	return index + 1;
}

/* 0x31, index 1: PDU 2 | connections 2 | bits a second of MPI 4 and of the bus 4 */
static size_t report_communication(struct dissection *d, struct cursor c, size_t index)
{
	uint16_t part = cur_be16(&c), pdu = cur_be16(&c), connections = cur_be16(&c);
	uint32_t mpi = cur_be32(&c), bus = cur_be32(&c);

	if (part != 1 || !cur_ok(&c)) {
		return index;
	}
	index = report_number(d, "pdu_size", pdu, index);
	index = report_number(d, "connections", connections, index);
	index = report_number(d, "mpi_bits_per_second", mpi, index);
	return report_number(d, "bus_bits_per_second", bus, index);
}

/* 0x91. rack 2 | slot 2 | logical address 2 | configured type 2 | type 2 | 2 | state 2 | area 2 */
static size_t report_module(struct dissection *d, struct cursor c, size_t index)
{
	static const char *const flags[] = { "module_error", "module_exists", "not_available",
					     "disabled",     "station_error", "reconfiguring",
					     "reserved",     "local_segment" };
	uint16_t rack = cur_be16(&c), slot = cur_be16(&c);
	double values[3];
	const char *set[ARRAY_SIZE(flags)];
	char address[48];
	size_t n = 0;
	uint16_t state;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		values[i] = cur_be16(&c);
	}
	cur_skip(&c, 2);
	state = cur_be16(&c);
	snprintf(address, sizeof(address), "rack %u slot %u.%u", rack & 0xffU, slot >> 8,
		 slot & 0xffU);
	if (!cur_ok(&c) || !begin_item(d, address, index)) {
		return index;
	}
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if ((state >> i & 1) != 0) {
			set[n++] = flags[i];
		}
	}
	record_put_static(d->writer, CORE_ITEM_TYPE, "address_configured_type_type");
	record_put_doubles(d->writer, CORE_ITEM_VALUE, values, 3);
	if (n > 0) {
		record_put_statics(d->writer, CORE_ITEM_QUALITY, set, n);
	}
	record_commit(d->writer);
	return index + 1;
}

/* 0xa0. The diagnostic buffer, newest first. */
static size_t report_event(struct dissection *d, struct cursor c, size_t index)
{
	char address[24];

	snprintf(address, sizeof(address), "event %zu", index + 1);
	if (cur_left(&c) < S7_EVENT_SIZE || !begin_item(d, address, index)) {
		return index;
	}
	s7_put_event(d, &c);
	record_commit(d->writer);
	return index + 1;
}

/* One entry: event 2 | priority 1 | block 1 | 2 | information 2 and 4 | time 8 */
void s7_put_event(struct dissection *d, struct cursor *entry)
{
	uint16_t id = cur_be16(entry);
	uint8_t ob;
	int64_t time;

	cur_skip(entry, 1);
	ob = cur_u8(entry);
	cur_skip(entry, 8);
	time = s7_date_and_time(entry);
	record_put_uint(d->writer, PUT(EVENT_ID), id);
	if (s7_event_name(id) != NULL) {
		record_put_static(d->writer, PUT(EVENT_NAME), s7_event_name(id));
	}
	record_put_static(d->writer, PUT(EVENT_CLASS), s7_event_class(id));
	record_put_bool(d->writer, PUT(EVENT_ENTERING), (id & 0x0100) != 0);
	record_put_uint(d->writer, PUT(EVENT_OB), ob);
	s7_put_time(d, PUT(CLOCK), time);
}

/* ---- the lists ---- */

static const struct list lists[] = {
	{ 0x00, "lists", OPERATION_IDENTIFY, NULL, NULL },
	{ 0x11, "module_identification", OPERATION_IDENTIFY, put_identification, NULL },
	{ 0x12, "characteristics", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x13, "memory_areas", OPERATION_DIAGNOSE, NULL, report_memory },
	{ 0x14, "system_areas", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x15, "block_types", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x19, "leds", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x1c, "component_identification", OPERATION_IDENTIFY, put_component, NULL },
	{ 0x22, "interrupts", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x24, "mode", OPERATION_DIAGNOSE, put_mode, NULL },
	{ 0x25, "process_image_partitions", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x31, "communication_unit", OPERATION_IDENTIFY, NULL, report_communication },
	{ 0x32, "communication_status", OPERATION_IDENTIFY, put_protection, NULL },
	{ 0x33, "logged_on_stations", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x37, "ethernet_interfaces", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x71, "redundancy", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x74, "leds", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x90, "dp_masters", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x91, "module_status", OPERATION_DIAGNOSE, NULL, report_module },
	{ 0x92, "station_status", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x94, "station_status", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x95, "dp_master_details", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0x96, "module_status_details", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0xa0, "diagnostic_buffer", OPERATION_DIAGNOSE, NULL, report_event },
	{ 0xb1, "module_diagnostics", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0xb2, "module_diagnostics", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0xb3, "module_diagnostics", OPERATION_DIAGNOSE, NULL, NULL },
	{ 0xb4, "module_diagnostics", OPERATION_DIAGNOSE, NULL, NULL },
};

/* 0x0Fxx are the heads of lists only. */
static const struct list *list_of(uint16_t id)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (lists[i].about == (id & 0xff)) {
			return &lists[i];
		}
	}
	return NULL;
}

enum operation s7_szl_operation(uint16_t id)
{
	const struct list *list = list_of(id);

	return list != NULL ? list->operation : OPERATION_DIAGNOSE;
}

static void put_list(struct dissection *d, uint16_t id, uint16_t index)
{
	const struct list *list = list_of(id);
	char text[32];

	snprintf(text, sizeof(text), "SZL 0x%04x index 0x%04x", id, index);
	record_put_text(d->writer, CORE_TARGET, text);
	record_put_uint(d->writer, PUT(SZL_ID), id);
	record_put_uint(d->writer, PUT(SZL_INDEX), index);
	record_put_static(d->writer, PUT(SZL_NAME), list != NULL ? list->name : NULL);
}

const char *s7_ask_szl(struct dissection *d, struct s7_userdata *u)
{
	uint16_t id = cur_be16(&u->data), index = cur_be16(&u->data);

	if (!cur_ok(&u->data)) {
		return "length";
	}
	u->operation = s7_szl_operation(id);
	put_list(d, id, index);
	return NULL;
}

struct answer {
	uint16_t id, index, width, count;
	struct cursor records;
};

static bool read_answer(struct cursor c, struct answer *out)
{
	out->id = cur_be16(&c);
	out->index = cur_be16(&c);
	out->width = cur_be16(&c);
	out->count = cur_be16(&c);
	out->records = c;
	return cur_ok(&c);
}

/* What a list without a reader of its own says is kept as it is. */
static void put_records(struct dissection *d, const struct answer *answer)
{
	const struct list *list = list_of(answer->id);
	struct cursor records = answer->records;
	uint8_t about = (uint8_t)(answer->id & 0xff);
	/* Of these two lists only one part has fields. */
	bool other = (about == 0x31 && answer->index != 1) || (about == 0x32 && answer->index != 4);
	size_t n = 0;

	if (about == 0) {
		record_put_be16s(d->writer, PUT(SZL_IDS),
				 cur_sub_most(&records, 2 * (size_t)answer->count));
	} else if (about == 0x74 || about == 0x19) {
		put_lamps(d, records, answer->width);
	} else if (list != NULL && list->put != NULL && answer->width > 0 && !other) {
		while (cur_left(&records) >= answer->width && n++ < answer->count) {
			list->put(d, cur_sub(&records, answer->width));
		}
	} else if ((list == NULL || list->report == NULL || other) && cur_left(&records) > 0) {
		record_put_bytes(d->writer, PUT(SZL_DATA), cur_sub_most(&records, 64));
	}
}

const char *s7_answer_szl(struct dissection *d, struct s7_userdata *u, const struct pending *asked)
{
	struct answer answer;

	if (cur_left(&u->data) == 0) {
		return NULL;
	}
	if (!read_answer(u->data, &answer)) {
		return "length";
	}
	/* The answer to the last part was asked for without the list's number. */
	if (asked == NULL || u->whole) {
		put_list(d, answer.id, answer.index);
	}
	record_put_uint(d->writer, PUT(SZL_COUNT), answer.count);
	if (s7_szl_operation(answer.id) == OPERATION_IDENTIFY) {
		dissect_identity(d);
	}
	put_records(d, &answer);
	/* 0x0Fxx is the head of a list without its records. */
	return (answer.id & 0x0f00) != 0x0f00 && answer.count > 0 &&
		       cur_left(&answer.records) < answer.width
		   ? "record_count"
		   : NULL;
}

void s7_answered_szl(struct dissection *d, const struct s7_userdata *u, struct cursor kept)
{
	const struct list *list;
	struct answer answer;
	size_t n = 0, index = 0;

	(void)kept;
	if (cur_left(&u->data) == 0 || !read_answer(u->data, &answer) || answer.width == 0) {
		return;
	}
	list = list_of(answer.id);
	while (list != NULL && list->report != NULL && cur_left(&answer.records) >= answer.width &&
	       n++ < answer.count) {
		index = list->report(d, cur_sub(&answer.records, answer.width), index);
	}
}
