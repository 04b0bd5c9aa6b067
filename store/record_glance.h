/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* record_glance.h - looks for fields of a record where they were met the last time, instead of
 * walking over it: the same kind of message has them at the same place.
 *
 * What lies there in another message may be bytes of the wire that look like the field.  So only
 * numbers are taken from it, and a pointer that is good for nothing but to be compared. */

#include "dissectors/record.h"

static inline bool glance_head(const struct record *record, size_t position, uint16_t id,
			       unsigned info)
{
	uint32_t head, wanted;
	const uint16_t halves[2] = { id, (uint16_t)info };

	memcpy(&head, (const uint8_t *)(record + 1) + position, sizeof(head));
	memcpy(&wanted, halves, sizeof(wanted));
	return head == wanted;
}

#define GLANCE_NUMBER      RECORD_FIELD_INFO(SHAPE_SCALAR, 2, 1)
#define GLANCE_NUMBER_SIZE (RECORD_FIELD_HEAD + sizeof(uint32_t))

/* A number of at most 32 bits. */
static inline bool glance_number(const struct record *record, size_t position, uint16_t id,
				 uint32_t *out)
{
	if (position + GLANCE_NUMBER_SIZE > record->size - sizeof(*record) ||
	    !glance_head(record, position, id, GLANCE_NUMBER)) {
		return false;
	}
	memcpy(out, (const uint8_t *)(record + 1) + position + RECORD_FIELD_HEAD, sizeof(*out));
	return true;
}

/* Two of them, one behind the other. */
static inline bool glance_numbers(const struct record *record, size_t position, uint16_t first,
				  uint16_t second, uint32_t out[2])
{
	const uint8_t *at = (const uint8_t *)(record + 1) + position;

	if (position + 2 * GLANCE_NUMBER_SIZE > record->size - sizeof(*record) ||
	    !glance_head(record, position, first, GLANCE_NUMBER) ||
	    !glance_head(record, position + GLANCE_NUMBER_SIZE, second, GLANCE_NUMBER)) {
		return false;
	}
	memcpy(&out[0], at + RECORD_FIELD_HEAD, sizeof(out[0]));
	memcpy(&out[1], at + GLANCE_NUMBER_SIZE + RECORD_FIELD_HEAD, sizeof(out[1]));
	return true;
}

#define GLANCE_STATIC_SIZE (RECORD_FIELD_HEAD + sizeof(const char *))

/* What record_put_static() stored; only to be compared. NULL: it is not there. */
static inline const char *glance_static(const struct record *record, size_t position, uint16_t id)
{
	const char *text;

	if (position + GLANCE_STATIC_SIZE > record->size - sizeof(*record) ||
	    !glance_head(record, position, id, RECORD_FIELD_INFO(SHAPE_STATIC, 3, 1))) {
		return NULL;
	}
	memcpy(&text, (const uint8_t *)(record + 1) + position + RECORD_FIELD_HEAD, sizeof(text));
	return text;
}
