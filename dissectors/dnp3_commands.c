/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Commands of DNP3: control relay output blocks and their statuses (IEEE 1815-2012, A.8), and which
 * select an operate goes with (4.4.3, 4.4.4).
 *
 *	code 1 (clear 80, close/trip C0, queue 10, operation 0F) | count 1 | on 4 | off 4 | status 1
 */

#include "dissectors/dnp3_private.h"

/* Devices may choose how long a select lives; this is what common ones do. */
#define SELECT_LIVES (10 * NS_PER_S)

const char *dnp3_status_name(uint8_t status)
{
	static const char *const names[128] = {
		[0] = "success",
		[1] = "timeout",
		[2] = "no_select",
		[3] = "format_error",
		[4] = "not_supported",
		[5] = "already_active",
		[6] = "hardware_error",
		[7] = "local",
		[8] = "too_many_objects",
		[9] = "not_authorized",
		[10] = "automation_inhibit",
		[11] = "processing_limited",
		[12] = "out_of_range",
		[13] = "downstream_local",
		[14] = "already_complete",
		[15] = "blocked",
		[16] = "canceled",
		[17] = "blocked_other_master",
		[18] = "downstream_fail",
		[126] = "non_participating",
		[127] = "undefined",
	};

	return names[status & 0x7f];
}

void dnp3_put_crob(struct dissection *d, struct cursor data)
{
	static const char *const operations[16] = { "nul", "pulse_on", "pulse_off", "latch_on",
						    "latch_off" };
	static const char *const trip_close[4] = { "nul", "close", "trip", "reserved" };
	uint8_t code = cur_u8(&data), count = cur_u8(&data);
	uint32_t on = cur_le32(&data), off = cur_le32(&data);

	if (!cur_ok(&data)) {
		return;
	}
	record_put_static(d->writer, PUT(CROB_OPERATION), operations[code & 15]);
	record_put_static(d->writer, PUT(CROB_TRIP_CLOSE), trip_close[code >> 6]);
	if ((code & 0x10) != 0) {
		record_put_bool(d->writer, PUT(CROB_QUEUE), true);
	}
	if ((code & 0x20) != 0) {
		record_put_bool(d->writer, PUT(CROB_CLEAR), true);
	}
	record_put_uint(d->writer, PUT(CROB_COUNT), count);
	record_put_uint(d->writer, PUT(CROB_ON), on);
	record_put_uint(d->writer, PUT(CROB_OFF), off);
}

void dnp3_item_crob(struct dissection *d, const struct dnp3_header *h, struct cursor data,
		    struct dnp3_items *items)
{
	struct cursor look = data;
	enum outcome outcome = items->outcome;
	uint8_t status;

	cur_skip(&look, 10);
	status = cur_u8(&look) & 0x7f;
	if (items->phase == PHASE_COMPLETE && outcome == OUTCOME_SUCCESS && status != 0) {
		outcome = OUTCOME_FAILURE;
	}
	if (!dnp3_item_begin(d, h, items, outcome, h->variation == 1 ? "crob" : "pattern")) {
		return;
	}
	dnp3_put_crob(d, data);
	dnp3_put_status(d, items, status);
	record_commit(d->writer);
}

/* ---- select before operate ---- */

/* Select and operate must have the same objects, octet for octet. */
static uint64_t digest(struct cursor objects)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	while (cur_left(&objects) > 0) {
		sum = (sum ^ cur_u8(&objects)) * UINT64_C(0x100000001b3);
	}
	return sum;
}

static struct dnp3_select *find_select(struct dnp3_state *state, uint32_t addresses)
{
	for (size_t i = 0; i < ARRAY_SIZE(state->selects); i++) {
		if (state->selects[i].used && state->selects[i].addresses == addresses) {
			return &state->selects[i];
		}
	}
	return NULL;
}

static void remember(struct dissection *d, const struct dnp3_message *m)
{
	struct dnp3_state *state = d->state;
	struct dnp3_select *select = find_select(state, dnp3_addresses(m));

	if (select == NULL) {
		select = &state->selects[state->next_select];
		state->next_select =
		    (uint8_t)((state->next_select + 1U) % ARRAY_SIZE(state->selects));
	}
	*select = (struct dnp3_select) { .addresses = dnp3_addresses(m),
					 .used = true,
					 .sequence = m->control & 15,
					 .digest = digest(m->objects),
					 .time = d->packet->time };
}

/* No select waits: it may have been before the capture, or in a hole. */
static const char *judge_alone(const struct dissection *d)
{
	const struct dnp3_state *state = d->state;
	int64_t since = state->hole != 0     ? state->hole
			: d->flow->midstream ? d->flow->first
					     : INT64_MIN / 2;

	return d->packet->time - since < SELECT_LIVES ? "unseen" : "missing";
}

static const char *judge(const struct dissection *d, const struct dnp3_message *m,
			 const struct dnp3_select *select)
{
	bool same = select->digest == digest(m->objects) &&
		    (m->control & 15) == ((select->sequence + 1) & 15);

	/* The same operate once more: the outstation repeats its answer, and does nothing. */
	if (select->operated) {
		return same ? "repeated" : judge_alone(d);
	}
	if (!same) {
		return "different";
	}
	if (select->refused) {
		return "refused";
	}
	return d->packet->time - select->time > SELECT_LIVES ? "expired" : "matched";
}

void dnp3_pair_select(struct dissection *d, const struct dnp3_message *m)
{
	struct dnp3_select *select = find_select(d->state, dnp3_addresses(m));

	if (m->function == DNP3_SELECT) {
		remember(d, m);
		return;
	}
	record_put_static(d->writer, PUT(SELECT),
			  select != NULL ? judge(d, m, select) : judge_alone(d));
	if (select != NULL) {
		select->operated = true;
	}
}

void dnp3_select_answered(struct dissection *d, const struct dnp3_message *m, bool refused)
{
	struct dnp3_select *select = find_select(d->state, dnp3_addresses(m));

	if (select != NULL) {
		select->refused = refused;
	}
}
