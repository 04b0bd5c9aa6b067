/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* PROFINET frames (IEC 61158-6-10, 4.2 "DLPDU abstract syntax"): EtherType 0x8892.
 *
 *	FrameID 2 | ... what it is, says the range that the FrameID lies in
 *
 * Cyclic data come a thousand times a second. They are counted by range, and a pair of stations has
 * a record when it begins, when one of them sends another FrameID, and once a minute. DCP, which
 * says who is who, is a dissector of its own. */

#include "dissectors/dissector.h"

#include <stdio.h>

#define FRAMES_KEPT 6
#define SAY_AGAIN   (60 * NS_PER_S)

enum { PROFINET_FRAME_ID, PROFINET_CLASS };

static const struct field profinet_fields[] = {
	[PROFINET_FRAME_ID] = { "weir.profinet.frame_id", FIELD_UINT, 0, NULL,
				"FrameID: which cyclic data these are", NULL },
	[PROFINET_CLASS] = { "weir.profinet.frame_class", FIELD_STRING, FIELD_ENUM, NULL,
			     "What the FrameID stands for: rt_class_1, rt_class_3...", NULL },
};

enum kind { KIND_RESERVED, KIND_CYCLIC, KIND_OTHER, KIND_DCP };

/* Where each range begins; it ends before the next (IEC 61158-6-10, table "FrameID"). */
static const struct range {
	uint16_t first;
	uint8_t kind;
	const char *name;
} ranges[] = {
	{ 0x0000, KIND_RESERVED, "reserved" },
	{ 0x0020, KIND_OTHER, "ptcp_sync" },
	{ 0x0022, KIND_RESERVED, "reserved" },
	{ 0x0080, KIND_OTHER, "ptcp_sync" },
	{ 0x0082, KIND_RESERVED, "reserved" },
	/* Its upper part is reserved by now; older devices use it. */
	{ 0x0100, KIND_CYCLIC, "rt_class_3" },
	{ 0x8000, KIND_CYCLIC, "rt_class_1" },
	{ 0xbc00, KIND_CYCLIC, "rt_class_1_multicast" },
	{ 0xc000, KIND_CYCLIC, "rt_class_1" },
	{ 0xf800, KIND_CYCLIC, "rt_class_1_multicast" },
	{ 0xfc00, KIND_RESERVED, "reserved" },
	{ 0xfc01, KIND_OTHER, "alarm_high" },
	{ 0xfc02, KIND_RESERVED, "reserved" },
	{ 0xfe01, KIND_OTHER, "alarm_low" },
	{ 0xfe02, KIND_OTHER, "remote_service" },
	{ 0xfe03, KIND_RESERVED, "reserved" },
	{ 0xfefc, KIND_DCP, "dcp" },
	{ 0xff00, KIND_OTHER, "ptcp_announce" },
	{ 0xff02, KIND_RESERVED, "reserved" },
	{ 0xff20, KIND_OTHER, "ptcp_follow_up" },
	{ 0xff22, KIND_RESERVED, "reserved" },
	{ 0xff40, KIND_OTHER, "ptcp_delay" },
	{ 0xff44, KIND_RESERVED, "reserved" },
	{ 0xff80, KIND_OTHER, "fragment" },
	{ 0xff90, KIND_RESERVED, "reserved" },
};

/* What two stations exchange, by side. */
struct profinet_state {
	int64_t said; /* when the last record was */
	uint16_t frames[2][FRAMES_KEPT];
	uint8_t n_frames[2];
	uint16_t last[2]; /* FrameID of the latest frame, and the row that it is in */
	uint8_t row[2];
};

static enum claim profinet_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)usual_port;
	(void)sender;
	return CLAIM_YES;
}

static uint8_t find_row(uint16_t frame_id)
{
	uint8_t row = ARRAY_SIZE(ranges) - 1;

	while (ranges[row].first > frame_id) {
		row--;
	}
	return row;
}

/* Whether this side never sent this FrameID before. More than are kept are not told apart. */
static bool is_new(struct profinet_state *state, unsigned side, uint16_t frame_id)
{
	for (uint8_t i = 0; i < state->n_frames[side]; i++) {
		if (state->frames[side][i] == frame_id) {
			return false;
		}
	}
	if (state->n_frames[side] == FRAMES_KEPT) {
		return false;
	}
	state->frames[side][state->n_frames[side]++] = frame_id;
	return true;
}

static COLD void say(struct dissection *d, uint16_t frame_id, const char *class)
{
	struct profinet_state *state = d->state;
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_IO);

	record->phase = PHASE_COMPLETE;
	/* Provider and consumer: who has sent is there. */
	record->outcome =
	    d->flow->side[d->flow->client ^ 1U].seen ? OUTCOME_SUCCESS : OUTCOME_UNKNOWN;
	record_put_static(d->writer, CORE_FUNCTION, "cyclic_data");
	record_put_static(d->writer, FIELD_LOCAL(PROFINET_CLASS), class);
	record_put_uint(d->writer, FIELD_LOCAL(PROFINET_FRAME_ID), frame_id);
	record_commit(d->writer);
	state->said = d->packet->time;
}

/* A FrameID other than that of the frame before it. */
static COLD void look_up(struct dissection *d, uint16_t frame_id)
{
	struct profinet_state *state = d->state;
	uint8_t row = find_row(frame_id);

	state->last[d->side] = frame_id;
	state->row[d->side] = row;
	if (ranges[row].kind == KIND_CYCLIC && is_new(state, d->side, frame_id)) {
		say(d, frame_id, ranges[row].name);
	}
}

static enum parsed profinet_parse(struct dissection *d, struct cursor pdu)
{
	struct profinet_state *state = d->state;
	uint16_t frame_id = cur_be16(&pdu);
	const struct range *range;

	if (unlikely(!cur_ok(&pdu))) {
		return PARSED_MALFORMED;
	}
	if (unlikely(state->last[d->side] != frame_id)) {
		look_up(d, frame_id);
	}
	range = &ranges[state->row[d->side]];
	if (range->kind == KIND_DCP && dissect_child(d, frame_id, pdu, &frame_id)) {
		return PARSED;
	}
	dissect_count(d, MESSAGE_USERDATA, state->row[d->side]);
	if (range->kind == KIND_CYCLIC && d->packet->time - state->said >= SAY_AGAIN) {
		say(d, frame_id, range->name);
	}
	return range->kind == KIND_RESERVED ? PARSED_UNKNOWN : PARSED;
}

/* The FrameID that the range begins with. */
static void profinet_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%04x", code < ARRAY_SIZE(ranges) ? ranges[code].first : 0U);
}

static const struct over profinet_over[] = { { OVER_ETHERTYPE, NULL, 0x8892 } };

const struct dissector dissector_profinet = {
	.name = "profinet",
	.title = "PROFINET cyclic data, alarms and time (IEC 61158-6-10)",
	.over = profinet_over,
	.n_over = ARRAY_SIZE(profinet_over),
	.state_size = sizeof(struct profinet_state),
	.probe = profinet_probe,
	.parse = profinet_parse,
	.code_text = profinet_code_text,
	.fields = profinet_fields,
	.n_fields = ARRAY_SIZE(profinet_fields),
};
