/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* CPU functions of S7comm userdata (group 4): reading status lists, subscribing to messages, and
 * the messages themselves: alarms, their acknowledgement, diagnostic events.
 *
 *	messages:   time 8 | 1 | objects 1 | objects
 *	alarm:      0x12 | length 1 | syntax 1 | values 1 | event 4 | state 1 | last 1
 *	              | acknowledged going 1 | acknowledged coming 1 | values
 *	subscribe:  kinds 1 | 1 | station 8 | kind of alarms 1 | 1 */

#include "dissectors/s7comm_private.h"

#include <stdio.h>

enum syntax {
	ALARM_LOCK = 0x15,
	ALARM = 0x16,
	ALARM_ACK = 0x19,
	ALARM_QUERY = 0x1a,
	NOTIFY = 0x1c
};

/* ---- subscribing ---- */

static const struct s7_name alarm_kinds[] = {
	{ 0, "scan_end" },    { 1, "scan_begin" },    { 4, "alarm_end" },
	{ 5, "alarm_begin" }, { 6, "archive_end" },   { 7, "archive_begin" },
	{ 8, "alarm_s_end" }, { 9, "alarm_s_begin" }, { 0, NULL },
};

static const char *ask_messages(struct dissection *d, struct s7_userdata *u)
{
	static const struct s7_name kinds[] = {
		{ 0x01, "mode" },   { 0x02, "system" }, { 0x04, "user" },
		{ 0x80, "alarms" }, { 0, NULL },
	};
	const char *events[8];
	uint8_t set = cur_u8(&u->data);
	struct cursor station;
	size_t n = 0;

	for (size_t i = 0; i < 8; i++) {
		if ((set >> i & 1) != 0) {
			const char *name = s7_name(kinds, (uint16_t)(1U << i));

			events[n++] = name != NULL ? name : "other";
		}
	}
	if (n > 0) {
		record_put_statics(d->writer, PUT(EVENTS), events, n);
	}
	cur_skip(&u->data, 1);
	station = cur_sub(&u->data, 8);
	s7_put_text(d, PUT(STATION), station);
	if ((set & 0x80) != 0 && cur_left(&u->data) > 0) {
		record_put_static(d->writer, PUT(ALARM_KIND),
				  s7_name(alarm_kinds, cur_u8(&u->data)));
	}
	return cur_ok(&u->data) ? NULL : "length";
}

/* ---- alarms ---- */

struct alarm {
	uint8_t syntax, values;
	uint32_t event;
	bool stated;
	uint8_t state, going, coming;
	struct cursor data; /* associated values */
};

/* Reads one object. Associated values stand behind it and not in its length. */
static bool read_alarm(struct cursor *c, struct alarm *out)
{
	uint8_t kind = cur_u8(c), length = cur_u8(c);

	*out = (struct alarm) { .syntax = cur_u8(c) };
	if (kind != 0x12 || length < 6) {
		return false;
	}
	if (out->syntax != ALARM_LOCK && out->syntax != ALARM && out->syntax != ALARM_ACK &&
	    out->syntax != NOTIFY) {
		cur_skip(c, length - 1U);
		return cur_ok(c);
	}
	out->values = cur_u8(c);
	out->event = cur_be32(c);
	if (out->syntax == ALARM || out->syntax == NOTIFY) {
		out->stated = true;
		out->state = cur_u8(c);
		cur_skip(c, 1);
	}
	if (out->syntax != ALARM_LOCK) {
		out->going = cur_u8(c);
		out->coming = cur_u8(c);
	}
	cur_skip(c, out->syntax == NOTIFY ? 4 : 0);
	return cur_ok(c);
}

/* The values that come with an alarm; the cursor then stands behind them. */
static void put_associated(struct dissection *d, const struct alarm *alarm, struct cursor *c,
			   bool put)
{
	struct s7_value value;

	if (alarm->syntax != ALARM && alarm->syntax != NOTIFY) {
		return;
	}
	for (size_t i = 0; i < alarm->values; i++) {
		if (!s7_read_value(c, i + 1U == alarm->values, &value)) {
			return;
		}
		if (put && i == 0 && cur_left(&value.bytes) > 0) {
			record_put_bytes(d->writer, CORE_ITEM_DATA, value.bytes);
		}
	}
}

static void put_alarm(struct dissection *d, uint32_t event, const struct alarm *alarm, int64_t time)
{
	char address[24];

	snprintf(address, sizeof(address), "event 0x%08x", event);
	record_put_text(d->writer, CORE_ITEM_ADDRESS, address);
	record_put_uint(d->writer, PUT(EVENT_ID), event);
	if (alarm->stated) {
		record_put_uint(d->writer, PUT(ALARM_STATE), alarm->state);
	}
	if (alarm->syntax != ALARM_LOCK) {
		record_put_uint(d->writer, PUT(ALARM_GONE_ACK), alarm->going);
		record_put_uint(d->writer, PUT(ALARM_COME_ACK), alarm->coming);
	}
	s7_put_time(d, CORE_ITEM_TIME, time);
}

/* Objects: 1 | count 1 | each */
static void report_alarms(struct dissection *d, struct cursor c, enum operation operation,
			  enum phase phase, int64_t time)
{
	uint8_t n;

	cur_skip(&c, 1);
	n = cur_u8(&c);
	for (size_t i = 0; i < n && cur_left(&c) > 0; i++) {
		struct alarm alarm;

		if (!read_alarm(&c, &alarm) ||
		    !item_begin(d, operation, phase, OUTCOME_UNKNOWN, i)) {
			return;
		}
		put_alarm(d, alarm.event, &alarm, time);
		put_associated(d, &alarm, &c, true);
		record_commit(d->writer);
	}
}

static const char *put_count(struct dissection *d, struct cursor c)
{
	cur_skip(&c, 1);
	transaction_items(d, cur_u8(&c), 0);
	return cur_ok(&c) ? NULL : "length";
}

/* ---- messages from the controller ---- */

static void skip_time(const struct s7_userdata *u, struct cursor *c, int64_t *time)
{
	bool scan = u->subfunction == 0x09;

	cur_skip(c, scan ? 2 : 0);
	*time = s7_date_and_time(c);
	cur_skip(c, scan ? 2 : 0);
}

static const char *push_alarm(struct dissection *d, struct s7_userdata *u)
{
	struct cursor c = u->data, first;
	struct alarm alarm;
	int64_t time;
	const char *wrong;

	skip_time(u, &c, &time);
	wrong = put_count(d, c);
	first = c;
	cur_skip(&first, 2);
	if (wrong == NULL && cur_left(&first) > 0 && read_alarm(&first, &alarm)) {
		record_put_uint(d->writer, PUT(EVENT_ID), alarm.event);
	}
	s7_put_time(d, PUT(CLOCK), time);
	return wrong;
}

static void pushed_alarm(struct dissection *d, const struct s7_userdata *u)
{
	struct cursor c = u->data;
	int64_t time;

	skip_time(u, &c, &time);
	report_alarms(d, c, OPERATION_REPORT, PHASE_COMPLETE, time);
}

/* Messages that a lock was set or taken away have no time. */
static const char *push_lock(struct dissection *d, struct s7_userdata *u)
{
	return put_count(d, u->data);
}

static void pushed_lock(struct dissection *d, const struct s7_userdata *u)
{
	report_alarms(d, u->data, OPERATION_REPORT, PHASE_COMPLETE, TIME_NONE);
}

static const char *push_event(struct dissection *d, struct s7_userdata *u)
{
	if (cur_left(&u->data) < S7_EVENT_SIZE) {
		return "length";
	}
	s7_put_event(d, &u->data);
	return NULL;
}

/* ---- acknowledging, locking, asking ---- */

static const char *ask_alarms(struct dissection *d, struct s7_userdata *u)
{
	struct cursor first = u->data;
	struct alarm alarm;
	char text[24];
	const char *wrong = put_count(d, u->data);

	cur_skip(&first, 2);
	if (wrong == NULL && cur_left(&first) > 0 && read_alarm(&first, &alarm)) {
		snprintf(text, sizeof(text), "event 0x%08x", alarm.event);
		record_put_text(d->writer, CORE_TARGET, text);
		record_put_uint(d->writer, PUT(EVENT_ID), alarm.event);
	}
	transaction_keep(d, u->data);
	return wrong;
}

static void asked_alarms(struct dissection *d, const struct s7_userdata *u, enum phase phase)
{
	report_alarms(d, u->data, u->operation, phase, TIME_NONE);
}

/* 1 | count 1 | a return code each */
static const char *answer_alarms(struct dissection *d, struct s7_userdata *u,
				 const struct pending *asked)
{
	struct cursor c = u->data;
	size_t failed = 0;
	uint8_t n;

	(void)asked;
	if (cur_left(&c) == 0) {
		return NULL;
	}
	cur_skip(&c, 1);
	n = cur_u8(&c);
	for (size_t i = 0; i < n && cur_ok(&c); i++) {
		failed += cur_u8(&c) != S7_ITEM_OK;
	}
	if (failed > 0) {
		record_put_uint(d->writer, CORE_ITEMS_FAILED, failed);
	}
	return cur_ok(&c) ? NULL : "length";
}

static void answered_alarms(struct dissection *d, const struct s7_userdata *u, struct cursor kept)
{
	struct cursor c = u->data;
	uint8_t n;

	cur_skip(&c, 1);
	n = cur_u8(&c);
	cur_skip(&kept, 2);
	for (size_t i = 0; i < n && cur_left(&c) > 0; i++) {
		uint8_t code = cur_u8(&c);
		struct alarm alarm;
		bool known = cur_left(&kept) > 0 && read_alarm(&kept, &alarm);

		if (!item_begin(d, u->operation, PHASE_COMPLETE,
				code == S7_ITEM_OK ? OUTCOME_SUCCESS : OUTCOME_FAILURE, i)) {
			continue;
		}
		if (known) {
			put_alarm(d, alarm.event, &alarm, TIME_NONE);
		}
		s7_put_return_code(d, code);
		record_commit(d->writer);
	}
}

static const struct s7_name query_kinds[] = {
	{ 1, "scan" },
	{ 2, "alarm_8" },
	{ 4, "alarm_s" },
	{ 0, NULL },
};

/* 1 | 1 | 0x12 | 8 | 0x1a | 1 | by 1 | 1 | kind or event 4 */
static const char *ask_query(struct dissection *d, struct s7_userdata *u)
{
	struct cursor c = u->data;
	uint8_t by;
	uint32_t what;

	cur_skip(&c, 6);
	by = cur_u8(&c);
	cur_skip(&c, 1);
	what = cur_be32(&c);
	if (!cur_ok(&c)) {
		return "length";
	}
	if (by == 1) {
		record_put_static(d->writer, PUT(ALARM_KIND), s7_name(query_kinds, (uint16_t)what));
	} else if (by == 3) {
		record_put_uint(d->writer, PUT(EVENT_ID), what);
	}
	return NULL;
}

/* Data sets: length 1 | 1 | and, so long: 1 | kind 1 | event 4 | 1 | state 1 | going 1 | coming 1,
 * for ALARM_S then time and value of coming and of going. */
static bool report_state(struct dissection *d, struct cursor *sets, size_t index)
{
	uint8_t length = cur_u8(sets);
	struct alarm alarm = { .syntax = ALARM, .stated = true };
	struct cursor c;
	uint8_t kind;
	int64_t time = TIME_NONE;

	cur_skip(sets, 1);
	c = cur_sub(sets, length);
	cur_skip(&c, 1);
	kind = cur_u8(&c);
	alarm.event = cur_be32(&c);
	cur_skip(&c, 1);
	alarm.state = cur_u8(&c);
	alarm.going = cur_u8(&c);
	alarm.coming = cur_u8(&c);
	if (!cur_ok(&c) ||
	    !item_begin(d, OPERATION_DIAGNOSE, PHASE_COMPLETE, OUTCOME_SUCCESS, index)) {
		return false;
	}
	if (kind == 4 && cur_left(&c) >= 8) {
		time = s7_date_and_time(&c);
	}
	record_put_static(d->writer, PUT(ALARM_KIND), s7_name(query_kinds, kind));
	put_alarm(d, alarm.event, &alarm, time);
	record_commit(d->writer);
	return true;
}

/* 1 | 1 | return code 1 | transport 1 | length 2 | data sets */
static void answered_query(struct dissection *d, const struct s7_userdata *u, struct cursor kept)
{
	struct cursor c = u->data, sets;
	uint8_t code;
	uint16_t length;

	(void)kept;
	cur_skip(&c, 2);
	code = cur_u8(&c);
	cur_skip(&c, 1);
	length = cur_be16(&c);
	if (!cur_ok(&c) || code != S7_ITEM_OK) {
		return;
	}
	/* 0xffff: until one of length 0. */
	sets = cur_sub_most(&c, length);
	for (size_t i = 0; cur_left(&sets) >= 3 && report_state(d, &sets, i); i++) {
	}
}

/* ---- the table ---- */

#define ALARM_PUSH(function)                                                         \
	{                                                                            \
		.name = function, .operation = OPERATION_REPORT, .push = push_alarm, \
		.pushed = pushed_alarm                                               \
	}
#define ALARM_ASK(function)                                                                  \
	{                                                                                    \
		.name = function, .operation = OPERATION_CONTROL, .ask = ask_alarms,         \
		.asked = asked_alarms, .answer = answer_alarms, .answered = answered_alarms, \
		.push = push_lock, .pushed = pushed_lock                                     \
	}

const struct s7_service s7_cpu_services[S7_CPU_SERVICES] = {
	[0x01] = { .name = "read_szl",
		   .operation = OPERATION_DIAGNOSE,
		   .ask = s7_ask_szl,
		   .answer = s7_answer_szl,
		   .answered = s7_answered_szl },
	[0x02] = { .name = "message_service",
		   .operation = OPERATION_SUBSCRIBE,
		   .ask = ask_messages },
	[0x03] = { .name = "diagnostic_message",
		   .operation = OPERATION_REPORT,
		   .push = push_event },
	[0x05] = ALARM_PUSH("alarm_8"),
	[0x06] = ALARM_PUSH("notify"),
	[0x07] = ALARM_ASK("alarm_8_lock"),
	[0x08] = ALARM_ASK("alarm_8_unlock"),
	[0x09] = ALARM_PUSH("scan"),
	[0x0b] = ALARM_ASK("alarm_acknowledge"),
	[0x0c] = ALARM_PUSH("alarm_acknowledged"),
	[0x0d] = { .name = "alarm_locked",
		   .operation = OPERATION_REPORT,
		   .push = push_lock,
		   .pushed = pushed_lock },
	[0x0e] = { .name = "alarm_unlocked",
		   .operation = OPERATION_REPORT,
		   .push = push_lock,
		   .pushed = pushed_lock },
	[0x10] = { .name = "archive", .operation = OPERATION_REPORT },
	[0x11] = ALARM_PUSH("alarm_sq"),
	[0x12] = ALARM_PUSH("alarm_s"),
	[0x13] = { .name = "alarm_query",
		   .operation = OPERATION_DIAGNOSE,
		   .ask = ask_query,
		   .answered = answered_query },
	[0x16] = ALARM_PUSH("notify_8"),
};
