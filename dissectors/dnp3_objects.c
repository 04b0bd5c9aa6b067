/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Object headers of DNP3: IEEE 1815-2012, 4.2.2.7.
 *
 *	group 1 | variation 1 | qualifier 1 (prefix 3 bits, range 4 bits) | range | objects
 *
 * The range is start and stop, a count, or nothing (all of them); each object may have an index or
 * a size before it. */

#include "dissectors/dnp3_private.h"

enum range_kind { RANGE_RESERVED, RANGE_START_STOP, RANGE_ALL, RANGE_COUNT };

static const struct {
	uint8_t kind, width;
} ranges[16] = {
	[0] = { RANGE_START_STOP, 1 }, [1] = { RANGE_START_STOP, 2 }, [2] = { RANGE_START_STOP, 4 },
	[3] = { RANGE_START_STOP, 1 }, [4] = { RANGE_START_STOP, 2 }, [5] = { RANGE_START_STOP, 4 },
	[6] = { RANGE_ALL, 0 },        [7] = { RANGE_COUNT, 1 },      [8] = { RANGE_COUNT, 2 },
	[9] = { RANGE_COUNT, 4 },      [11] = { RANGE_COUNT, 1 },
};

static const struct {
	uint8_t width;
	bool sized, known;
} prefixes[8] = {
	[0] = { 0, false, true }, [1] = { 1, false, true }, [2] = { 2, false, true },
	[3] = { 4, false, true }, [4] = { 1, true, true },  [5] = { 2, true, true },
	[6] = { 4, true, true },
};

static uint32_t read_width(struct cursor *c, unsigned width)
{
	if (width == 1) {
		return cur_u8(c);
	}
	if (width == 2) {
		return cur_le16(c);
	}
	return width == 4 ? cur_le32(c) : 0;
}

/* The range field. False when start lies behind stop. */
static bool read_range(struct cursor *objects, struct dnp3_header *h)
{
	unsigned kind = ranges[h->qualifier & 15].kind, width = ranges[h->qualifier & 15].width;
	uint32_t stop;

	if (kind != RANGE_START_STOP) {
		h->start = 0;
		h->count = read_width(objects, width);
		return true;
	}
	h->ranged = true;
	h->start = read_width(objects, width);
	stop = read_width(objects, width);
	h->count = stop - h->start + 1;
	return stop >= h->start && h->count != 0;
}

/* Objects that each say how long they are: by a size before them, or, as device attributes, by a
 * length inside. */
static bool walk(struct cursor *objects, const struct dnp3_header *h)
{
	for (uint32_t i = 0; i < h->count && cur_ok(objects); i++) {
		uint32_t size = read_width(objects, h->prefix);
		uint8_t type;

		if (h->sized) {
			cur_skip(objects, size);
		} else {
			(void)dnp3_attribute_next(objects, &type);
		}
	}
	return cur_ok(objects);
}

/* Bytes of all objects where each has the same; false: not known. */
static bool total(const struct dnp3_header *h, size_t *out)
{
	bool by_variation = (h->about->flags & GROUP_SIZED) != 0;

	if (!by_variation && h->object == NULL) {
		return false;
	}
	if (!by_variation && h->object->bits != 0) {
		*out = ((size_t)h->count * h->object->bits + 7) / 8;
		return h->prefix == 0;
	}
	*out = (size_t)h->count * (size_t)(h->prefix + h->size);
	return h->size > 0;
}

/* Splits off the objects of the header. */
static enum dnp3_step split(struct cursor *objects, struct dnp3_header *h)
{
	struct cursor look = *objects;
	size_t n = 0;

	if (!h->with_data) {
		h->size = 0;
		h->data = cur_sub(objects, (size_t)h->count * h->prefix);
		return cur_ok(objects) ? STEP_HEADER : STEP_WRONG;
	}
	if (h->sized || (h->about->flags & GROUP_ATTRIBUTE) != 0) {
		if (!walk(&look, h)) {
			return STEP_WRONG;
		}
		n = cur_left(objects) - cur_left(&look);
	} else if (!total(h, &n)) {
		return STEP_UNKNOWN;
	}
	h->data = cur_sub(objects, n);
	return cur_ok(objects) ? STEP_HEADER : STEP_WRONG;
}

static bool follows(const struct dnp3_header *h, enum dnp3_data data)
{
	return data == DATA_ALL || h->sized || (h->about->flags & GROUP_AUTHENTICATION) != 0 ||
	       (data == DATA_OF_TIME && (h->about->flags & GROUP_TIME) != 0);
}

enum dnp3_step dnp3_next(struct cursor *objects, enum dnp3_data data, struct dnp3_header *out)
{
	struct dnp3_header *h = out;
	unsigned prefix;
	bool in_order;

	if (cur_left(objects) == 0) {
		return STEP_END;
	}
	h->group = cur_u8(objects);
	h->variation = cur_u8(objects);
	h->qualifier = cur_u8(objects);
	prefix = h->qualifier >> 4 & 7;
	h->prefix = prefixes[prefix].width;
	h->sized = prefixes[prefix].sized;
	h->ranged = false;
	h->about = dnp3_group(h->group);
	h->object = dnp3_object(h->about, h->variation);
	h->size = (h->about->flags & GROUP_SIZED) != 0 ? h->variation
		  : h->object != NULL                  ? h->object->size
						       : 0;
	h->wrong = "object_header";
	h->data = cur_of(NULL, 0);
	in_order = read_range(objects, h);
	h->indexed = h->ranged || (h->prefix != 0 && !h->sized);
	/* A header for all of them has no objects of its own. */
	h->with_data = follows(h, data) && ranges[h->qualifier & 15].kind != RANGE_ALL;
	if (!cur_ok(objects) || !prefixes[prefix].known || !in_order || h->qualifier > 0x7f ||
	    ranges[h->qualifier & 15].kind == RANGE_RESERVED) {
		return STEP_WRONG;
	}
	h->wrong = "object_data";
	return split(objects, h);
}

bool dnp3_object_next(struct dnp3_header *h, uint32_t *point, struct cursor *out)
{
	uint32_t prefix;

	if (h->count == 0 || (h->prefix != 0 && cur_left(&h->data) == 0)) {
		return false;
	}
	h->count--;
	prefix = read_width(&h->data, h->prefix);
	*point = h->prefix != 0 && !h->sized ? prefix : h->start++;
	if (h->sized) {
		*out = cur_sub(&h->data, prefix);
	} else if (h->with_data && (h->about->flags & GROUP_ATTRIBUTE) != 0) {
		struct cursor look = h->data;
		size_t n = cur_left(&look);
		uint8_t type;

		(void)dnp3_attribute_next(&look, &type);
		*out = cur_sub(&h->data, n - cur_left(&look));
	} else {
		*out = cur_sub(&h->data, h->size);
	}
	return cur_ok(&h->data);
}

/* ---- texts ---- */

void dnp3_say_part(struct dnp3_text *text, const char *word, size_t length)
{
	size_t n = size_min(length, sizeof(text->bytes) - text->n);

	copy_few(text->bytes + text->n, word, n);
	text->n = (uint8_t)(text->n + n);
}

/* ---- a message at one look ---- */

static void note_name(struct dnp3_scan *scan, const struct dnp3_header *h)
{
	const char *name = h->object != NULL ? h->object->name : h->about->name;
	unsigned n = scan->n_names;

	for (unsigned i = 0; i < n; i++) {
		if (scan->names[i] == name) {
			return;
		}
	}
	if (n < ARRAY_SIZE(scan->names)) {
		scan->names[n] = name != NULL ? name : "unknown";
		scan->qualifiers[n] = h->qualifier;
		scan->n_names++;
	}
}

/* Commands that were answered with another status than success. */
static size_t count_failed(struct dnp3_header h)
{
	struct cursor object;
	uint32_t point;
	size_t failed = 0;

	if (h.object == NULL || !h.object->status) {
		return 0;
	}
	while (dnp3_object_next(&h, &point, &object)) {
		cur_skip(&object, h.size - 1U);
		failed += (cur_u8(&object) & 0x7f) != 0;
	}
	return failed;
}

/* What files and authentication say stands in the record of the message itself. */
static bool has_items(const struct dnp3_header *h)
{
	return (h->about->flags & (GROUP_AUTHENTICATION | GROUP_DELAY)) == 0 &&
	       ((h->about->flags & GROUP_FILE) == 0 || h->variation == 7);
}

void dnp3_scan(struct cursor objects, enum dnp3_data data, struct dnp3_scan *out)
{
	enum dnp3_step step = STEP_HEADER;
	struct dnp3_header later, *h;

	out->n_names = out->n_headers = out->groups = out->authentication = 0;
	out->points = out->failed = out->left = 0;
	out->any_data = out->unknown = out->has_first = false;
	out->wrong = NULL;
	while (step == STEP_HEADER) {
		size_t before = cur_left(&objects);

		h = out->has_first ? &later : &out->first;
		step = dnp3_next(&objects, data, h);
		if (step == STEP_END) {
			break;
		}
		if (before >= 3) {
			note_name(out, h);
			out->groups |= h->about->flags;
			if ((h->about->flags & GROUP_AUTHENTICATION) != 0) {
				out->authentication =
				    out->authentication != 0 ? out->authentication : h->variation;
			} else {
				out->has_first = true;
			}
			out->n_headers = (uint8_t)(out->n_headers + (out->n_headers < UINT8_MAX));
		}
		if (step == STEP_HEADER) {
			out->any_data |= h->with_data && h->count > 0;
			out->points += h->with_data && has_items(h) ? h->count : 0;
			out->failed +=
			    (h->about->flags & GROUP_COMMAND) != 0 ? count_failed(*h) : 0;
			continue;
		}
		out->left = cur_ok(&objects) ? cur_left(&objects) : before;
		out->unknown = step == STEP_UNKNOWN;
		out->wrong = step == STEP_WRONG ? h->wrong : NULL;
		out->unknown_group = h->group;
		out->unknown_variation = h->variation;
	}
}
