/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Points of DNP3 as item records: their values, flags and times (IEEE 1815-2012, annex A). */

#include "dissectors/dnp3_private.h"

uint64_t dnp3_le48(struct cursor *data)
{
	uint64_t low = cur_le32(data);

	return low | (uint64_t)cur_le16(data) << 32;
}

int64_t dnp3_time(uint64_t milliseconds)
{
	/* 48 bits reach further than nanoseconds in 63. */
	return milliseconds < (uint64_t)INT64_MAX / 1000000 ? (int64_t)milliseconds * 1000000
							    : TIME_NONE;
}

/* ---- values ---- */

static double read_uint8(struct cursor *data)
{
	return cur_u8(data);
}

static double read_uint16(struct cursor *data)
{
	return cur_le16(data);
}

static double read_uint32(struct cursor *data)
{
	return cur_le32(data);
}

static double read_int16(struct cursor *data)
{
	return (int16_t)cur_le16(data);
}

static double read_int32(struct cursor *data)
{
	return (int32_t)cur_le32(data);
}

static double read_float32(struct cursor *data)
{
	uint32_t bits = cur_le32(data);
	float value;

	memcpy(&value, &bits, sizeof(value));
	return (double)value;
}

static double read_float64(struct cursor *data)
{
	uint64_t bits = cur_le64(data);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static const struct {
	const char *name;
	double (*read)(struct cursor *data); /* NULL: in the flags */
} values[VALUES] = {
	[VALUE_NONE] = { "octets", NULL },
	[VALUE_BIT] = { "bit", NULL },
	[VALUE_DOUBLE_BIT] = { "double_bit", NULL },
	[VALUE_UINT8] = { "uint8", read_uint8 },
	[VALUE_UINT16] = { "uint16", read_uint16 },
	[VALUE_UINT32] = { "uint32", read_uint32 },
	[VALUE_INT16] = { "int16", read_int16 },
	[VALUE_INT32] = { "int32", read_int32 },
	[VALUE_FLOAT32] = { "float32", read_float32 },
	[VALUE_FLOAT64] = { "float64", read_float64 },
};

/* 11.6: bits 1 to 6, and 7 where it is no value. Bit 0 is online. */
static const char *const qualities[QUALITIES][8] = {
	[QUALITY_BINARY] = { NULL, "restart", "comm_lost", "remote_forced", "local_forced",
			     "chatter_filter", "reserved_6", NULL },
	[QUALITY_DOUBLE_BIT] = { NULL, "restart", "comm_lost", "remote_forced", "local_forced",
				 "chatter_filter", NULL, NULL },
	[QUALITY_OUTPUT] = { NULL, "restart", "comm_lost", "remote_forced", "local_forced",
			     "reserved_5", "reserved_6", NULL },
	[QUALITY_COUNTER] = { NULL, "restart", "comm_lost", "remote_forced", "local_forced",
			      "rollover", "discontinuity", "reserved_7" },
	[QUALITY_ANALOG] = { NULL, "restart", "comm_lost", "remote_forced", "local_forced",
			     "over_range", "reference_error", "reserved_7" },
};

static void put_quality(struct dissection *d, unsigned quality, uint8_t flags)
{
	const char *names[8] = { (flags & 1) != 0 ? "online" : "offline" };
	size_t n = 1;

	for (unsigned bit = 1; bit < 8 && flags >> bit != 0; bit++) {
		if ((flags >> bit & 1) != 0 && qualities[quality][bit] != NULL) {
			names[n++] = qualities[quality][bit];
		}
	}
	record_put_statics(d->writer, CORE_ITEM_QUALITY, names, n);
}

/* A.4.1: what the two bits say. */
static void put_double_bit(struct dissection *d, unsigned state)
{
	static const char *const names[4] = { "intermediate", "determined_off", "determined_on",
					      "indeterminate" };

	record_put_double(d->writer, CORE_ITEM_VALUE, state & 3);
	record_put_text(d->writer, CORE_ITEM_TEXT, names[state & 3]);
}

/* ---- items ---- */

static void put_address(struct dissection *d, const struct dnp3_header *h,
			const struct dnp3_items *items)
{
	struct dnp3_text text;

	text.n = 0;
	if (likely(h->object != NULL)) {
		dnp3_say(&text, h->object->name);
	} else {
		dnp3_say(&text, "g");
		dnp3_say_number(&text, h->group);
		dnp3_say(&text, "v");
		dnp3_say_number(&text, h->variation);
	}
	if (items->indexed) {
		dnp3_say(&text, "[");
		dnp3_say_number(&text, items->point);
		dnp3_say(&text, "]");
	}
	dnp3_put_said(d, CORE_ITEM_ADDRESS, &text);
}

bool dnp3_item_begin(struct dissection *d, const struct dnp3_header *h, struct dnp3_items *items,
		     enum outcome outcome, const char *type)
{
	if (!item_begin(d, items->operation, items->phase, outcome, items->index++)) {
		/* Only commands have outcomes of their own: nobody wants the others either. */
		items->unwanted = items->operation != OPERATION_CONTROL;
		return false;
	}
	if (items->one_outstation) {
		dissect_unit(d, items->outstation);
	}
	put_address(d, h, items);
	if (type != NULL) {
		record_put_static(d->writer, CORE_ITEM_TYPE, type);
	}
	return true;
}

static void put_time(struct dissection *d, const struct dnp3_object *object, struct cursor *data,
		     const struct dnp3_items *items)
{
	int64_t time;

	if (object->time == TIME_OF_DEVICE) {
		time = dnp3_time(dnp3_le48(data));
	} else {
		/* Since the common time of occurrence that stood before. */
		uint16_t since = cur_le16(data);

		time =
		    items->base != TIME_NONE ? items->base + since * INT64_C(1000000) : TIME_NONE;
	}
	if (time != TIME_NONE) {
		record_put_time(d->writer, CORE_ITEM_TIME, time);
	}
}

void dnp3_put_status(struct dissection *d, const struct dnp3_items *items, uint8_t status)
{
	/* In a request it means nothing, and should be 0. */
	if (items->answered || (status & 0x7f) != 0) {
		record_put_static(d->writer, CORE_ITEM_STATUS, dnp3_status_name(status & 0x7f));
	}
}

/* An object of flags, value, status and time. */
static void put_value(struct dissection *d, const struct dnp3_header *h, struct cursor data,
		      struct dnp3_items *items)
{
	const struct dnp3_object *object = h->object;
	uint8_t flags = object->quality != QUALITY_NONE ? cur_u8(&data) : 0;
	double (*read)(struct cursor *) = values[object->value].read;
	double value = read != NULL ? read(&data) : flags >> 7;
	uint8_t status = object->status ? cur_u8(&data) : 0;
	enum outcome outcome = items->outcome;

	if (object->status && items->phase == PHASE_COMPLETE && outcome == OUTCOME_SUCCESS &&
	    (status & 0x7f) != 0) {
		outcome = OUTCOME_FAILURE;
	}
	if (!dnp3_item_begin(d, h, items, outcome, values[object->value].name)) {
		return;
	}
	if (object->value == VALUE_DOUBLE_BIT) {
		put_double_bit(d, flags >> 6);
	} else if (object->value != VALUE_NONE) {
		record_put_double(d->writer, CORE_ITEM_VALUE, value);
	} else {
		record_put_bytes(d->writer, CORE_ITEM_DATA, data);
	}
	if (object->quality != QUALITY_NONE) {
		put_quality(d, object->quality, flags);
	}
	if (object->status) {
		dnp3_put_status(d, items, status);
	}
	if (object->time != TIME_OF_NONE) {
		put_time(d, object, &data, items);
	}
	record_commit(d->writer);
}

static bool wants_more(const struct dnp3_items *items)
{
	return items->index < DISSECT_ITEMS_MAX && !items->unwanted;
}

/* One or two bits a point, the first in the lowest. */
static void put_packed(struct dissection *d, struct dnp3_header *h, struct dnp3_items *items)
{
	unsigned bits = h->object->bits, byte = 0;

	for (uint32_t i = 0; i < h->count && wants_more(items); i++) {
		byte = i * bits % 8 == 0 ? cur_u8(&h->data) : byte >> bits;
		items->point = h->start + i;
		if (!dnp3_item_begin(d, h, items, items->outcome,
				     bits == 1 ? "bit" : "double_bit")) {
			return;
		}
		if (bits == 1) {
			record_put_double(d->writer, CORE_ITEM_VALUE, byte & 1);
		} else {
			put_double_bit(d, byte & 3);
		}
		record_commit(d->writer);
	}
}

/* Whether all bytes are text, which octet strings often are. */
static bool printable(struct cursor text)
{
	bool good = cur_left(&text) > 0;

	while (cur_left(&text) > 0) {
		uint8_t c = cur_u8(&text);

		good = good && ((c >= 0x20 && c < 0x7f) || (c >= '\t' && c <= '\r'));
	}
	return good;
}

/* What has no row of its own: octet strings, and objects with a size before them. */
static void put_octets(struct dissection *d, const struct dnp3_header *h, struct cursor data,
		       struct dnp3_items *items)
{
	if (!dnp3_item_begin(d, h, items, items->outcome, "octets")) {
		return;
	}
	if (printable(data)) {
		record_put_bytes(d->writer, CORE_ITEM_TEXT, data);
	}
	record_put_uint(d->writer, CORE_ITEM_COUNT, cur_left(&data));
	record_put_bytes(d->writer, CORE_ITEM_DATA, data);
	record_commit(d->writer);
}

void dnp3_item_command_event(struct dissection *d, const struct dnp3_header *h, struct cursor data,
			     struct dnp3_items *items)
{
	uint8_t status = cur_u8(&data);
	double (*read)(struct cursor *) = values[h->object->value].read;

	if (!dnp3_item_begin(d, h, items, items->outcome,
			     read != NULL ? values[h->object->value].name : "bit")) {
		return;
	}
	record_put_double(d->writer, CORE_ITEM_VALUE, read != NULL ? read(&data) : status >> 7);
	dnp3_put_status(d, items, status);
	if (h->object->time != TIME_OF_NONE) {
		put_time(d, h->object, &data, items);
	}
	record_commit(d->writer);
}

void dnp3_item_time(struct dissection *d, const struct dnp3_header *h, struct cursor data,
		    struct dnp3_items *items)
{
	int64_t time = dnp3_time(dnp3_le48(&data));

	if (!dnp3_item_begin(d, h, items, items->outcome, "time")) {
		return;
	}
	if (time != TIME_NONE) {
		record_put_time(d->writer, CORE_ITEM_TIME, time);
	}
	if (cur_left(&data) >= 4) {
		record_put_uint(d->writer, PUT(INTERVAL), cur_le32(&data));
	}
	record_commit(d->writer);
}

/* A.24: the time from which the relative times behind it count. */
void dnp3_item_base_time(struct dissection *d, const struct dnp3_header *h, struct cursor data,
			 struct dnp3_items *items)
{
	static const char *const names[] = { "synchronized", "unsynchronized" };

	items->base = dnp3_time(dnp3_le48(&data));
	if (!dnp3_item_begin(d, h, items, items->outcome, "time")) {
		return;
	}
	if (items->base != TIME_NONE) {
		record_put_time(d->writer, CORE_ITEM_TIME, items->base);
	}
	record_put_statics(d->writer, CORE_ITEM_QUALITY, &names[h->variation == 2], 1);
	record_commit(d->writer);
}

/* Decimal digits, the lowest first. */
void dnp3_item_bcd(struct dissection *d, const struct dnp3_header *h, struct cursor data,
		   struct dnp3_items *items)
{
	double value = 0, place = 1;

	while (cur_left(&data) > 0) {
		uint8_t two = cur_u8(&data);

		value += place * (two & 15) + place * 10 * (two >> 4);
		place *= 100;
	}
	if (dnp3_item_begin(d, h, items, items->outcome, "bcd")) {
		record_put_double(d->writer, CORE_ITEM_VALUE, value);
		record_commit(d->writer);
	}
}

void dnp3_item_statistic(struct dissection *d, const struct dnp3_header *h, struct cursor data,
			 struct dnp3_items *items)
{
	uint8_t flags = cur_u8(&data);
	uint16_t association = cur_le16(&data);

	if (!dnp3_item_begin(d, h, items, items->outcome, "uint32")) {
		return;
	}
	record_put_double(d->writer, CORE_ITEM_VALUE, cur_le32(&data));
	put_quality(d, QUALITY_COUNTER, flags);
	record_put_uint(d->writer, PUT(AUTH_ASSOCIATION), association);
	if (h->object->time != TIME_OF_NONE) {
		put_time(d, h->object, &data, items);
	}
	record_commit(d->writer);
}

/* A header without data: which points it means. */
static void put_header(struct dissection *d, const struct dnp3_header *h, struct dnp3_items *items)
{
	items->point = h->start;
	items->indexed = h->ranged;
	if (!dnp3_item_begin(d, h, items, items->outcome, NULL)) {
		return;
	}
	if (h->count > 0) {
		record_put_uint(d->writer, CORE_ITEM_COUNT, h->count);
	}
	if (items->class != NULL) {
		record_put_static(d->writer, PUT(CLASS), items->class);
	}
	record_commit(d->writer);
}

static void put_points(struct dissection *d, struct dnp3_header *h, struct dnp3_items *items)
{
	struct cursor object;

	items->indexed = h->indexed;
	if (h->with_data && !h->sized && h->object != NULL && h->object->bits != 0) {
		put_packed(d, h, items);
		return;
	}
	while (wants_more(items) && dnp3_object_next(h, &items->point, &object)) {
		if (!h->with_data) {
			struct dnp3_header one = *h;

			one.start = items->point;
			one.ranged = true;
			one.count = 1;
			put_header(d, &one, items);
		} else if ((h->about->flags & GROUP_ATTRIBUTE) != 0) {
			dnp3_item_attribute(d, h, object, items);
		} else if (h->object != NULL && h->object->put != NULL) {
			h->object->put(d, h, object, items);
		} else if (h->object != NULL && h->object->size > 0 && !h->sized) {
			put_value(d, h, object, items);
		} else {
			put_octets(d, h, object, items);
		}
	}
}

void dnp3_put_items(struct dissection *d, struct cursor objects, struct dnp3_items *items)
{
	static const char *const classes[] = { NULL, "class_0", "class_1", "class_2", "class_3" };
	struct dnp3_header h;

	items->index = 0;
	items->base = TIME_NONE;
	items->class = NULL;
	items->unwanted = false;
	while (wants_more(items) && dnp3_next(&objects, items->data, &h) == STEP_HEADER) {
		if ((h.about->flags & (GROUP_AUTHENTICATION | GROUP_DELAY)) != 0) {
			continue;
		}
		if (h.with_data || (h.prefix != 0 && !h.sized)) {
			put_points(d, &h, items);
		} else if ((h.about->flags & GROUP_CLASS) != 0 && h.variation < 5 &&
			   items->assigns) {
			items->class = classes[h.variation];
		} else {
			put_header(d, &h, items);
		}
	}
}
