/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Data sets of DNP3: groups 85 to 88 (IEEE 1815-2012, A.33 to A.36).  A prototype or descriptor is
 *a row of elements that say what a data set has; its present value and events bring the values.
 *
 *	descriptor: length 1 | code 1 | data type 1 | most bytes 1 | id, name, UUID or value
 *	value:      length 1 | value */

#include "dissectors/dnp3_private.h"

enum { CODE_ID = 1, CODE_NAMESPACE = 3, CODE_NAME = 4, CODE_FIRST_ELEMENT = 5 };

static uint64_t read_id(struct cursor value)
{
	uint64_t id = 0;
	unsigned bits = 0;

	while (cur_left(&value) > 0 && bits < 32) {
		id |= (uint64_t)cur_u8(&value) << bits;
		bits += 8;
	}
	return id;
}

static void put_element(struct dissection *d, unsigned code, struct cursor value)
{
	if (code == CODE_ID) {
		record_put_uint(d->writer, PUT(SET_ID), read_id(value));
	} else if (code == CODE_NAMESPACE) {
		record_put_bytes(d->writer, PUT(SET_NAMESPACE), value);
	} else if (code == CODE_NAME) {
		record_put_bytes(d->writer, PUT(SET_NAME), value);
	}
}

static void put_descriptor(struct dissection *d, struct cursor data)
{
	size_t elements = 0;

	while (cur_left(&data) > 0) {
		struct cursor element = cur_sub(&data, cur_u8(&data));
		uint8_t code = cur_u8(&element);

		cur_skip(&element, 2);
		if (cur_ok(&element)) {
			put_element(d, code, element);
			elements += code >= CODE_FIRST_ELEMENT;
		}
	}
	record_put_uint(d->writer, PUT(SET_ELEMENTS), elements);
}

/* The id stands first. */
static void put_values(struct dissection *d, struct cursor data)
{
	size_t elements = 0;

	while (cur_left(&data) > 0) {
		struct cursor element = cur_sub(&data, cur_u8(&data));

		if (cur_ok(&element) && elements++ == 0) {
			record_put_uint(d->writer, PUT(SET_ID), read_id(element));
		}
	}
	record_put_uint(d->writer, PUT(SET_ELEMENTS), elements);
}

void dnp3_item_data_set(struct dissection *d, const struct dnp3_header *h, struct cursor data,
			struct dnp3_items *items)
{
	if (!dnp3_item_begin(d, h, items, items->outcome, "data_set")) {
		return;
	}
	/* Variations 2 and 3 of descriptors are bits and points, not elements. */
	if (h->group == 85 || (h->group == 86 && h->variation == 1)) {
		put_descriptor(d, data);
	} else if (h->group >= 87) {
		put_values(d, data);
	}
	record_put_uint(d->writer, CORE_ITEM_COUNT, cur_left(&data));
	record_put_bytes(d->writer, CORE_ITEM_DATA, data);
	record_commit(d->writer);
}
