/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Trees of objects: what a download creates and an upload reads.  They come in hundreds of parts,
 * so they are read as they pass: of each program block its number, name, language and dates are
 * kept, and its code, or a data block's initial values, hashed.  The hash is of the value as it is
 * on the wire; a controller gives out a block as it was loaded. */

#include "dissectors/s7comm_plus_private.h"

#include <string.h>

enum { NUMBER = 2521, LANGUAGE = 2523, MODIFIED = 2453, LOAD_SIZE = 2454 };
enum { INITIAL_VALUE = 2548, CODE = 2580 };

#define NO_NUMBER UINT32_MAX /* data types have names only */

/* No token of a tree is longer; longer values are passed over in parts. */
#define TOKEN_MAX 2048

void s7p_walk_begin(struct s7p_walk *walk, enum operation operation, enum phase phase)
{
	memset(walk, 0, sizeof(*walk));
	s7p_pass_objects(&walk->pass);
	walk->operation = (uint8_t)operation;
	walk->phase = (uint8_t)phase;
}

static void begin_block(struct s7p_walk *walk)
{
	const struct s7p_class *class = s7p_class(walk->pass.class);

	if (walk->block != 0 || class == NULL || class->block == NULL) {
		return;
	}
	walk->block = walk->pass.depth;
	memset(&walk->of, 0, sizeof(walk->of));
	walk->of.object = walk->pass.object;
	walk->of.class = walk->pass.class;
	walk->of.number = NO_NUMBER;
}

static void put_block(struct dissection *d, const struct s7p_walk *walk,
		      const struct s7p_class *class)
{
	char text[24];
	struct s7p_text address = { text, 0, sizeof(text) };

	if (walk->of.number != NO_NUMBER) {
		s7p_say(&address, class->block);
		s7p_say_number(&address, walk->of.number);
		record_put_text(d->writer, CORE_ITEM_ADDRESS, text);
	} else if (walk->of.name_length > 0) {
		record_put_bytes(d->writer, CORE_ITEM_ADDRESS,
				 cur_of(walk->of.name, walk->of.name_length));
	}
	record_put_static(d->writer, CORE_ITEM_TYPE, class->name);
	if (walk->of.name_length > 0) {
		record_put_bytes(d->writer, PUT(BLOCK_NAME),
				 cur_of(walk->of.name, walk->of.name_length));
	}
	if (s7p_language(walk->of.language) != NULL) {
		record_put_static(d->writer, PUT(BLOCK_LANGUAGE), s7p_language(walk->of.language));
	}
	if (walk->of.modified > 0 && walk->of.modified <= INT64_MAX) {
		record_put_time(d->writer, PUT(BLOCK_MODIFIED), (int64_t)walk->of.modified);
	}
	if (walk->of.bytes > 0) {
		record_put_uint(d->writer, PUT(BLOCK_BYTES), walk->of.bytes);
	}
}

/* A block is whole: an item. */
static void end_block(struct dissection *d, struct s7p_walk *walk)
{
	const struct s7p_class *class = s7p_class(walk->of.class);
	char sha256[DIGEST_TEXT_SIZE];

	walk->block = 0;
	transaction_resume(d, walk->record);
	if (class == NULL ||
	    !item_begin(d, (enum operation)walk->operation, (enum phase)walk->phase,
			walk->phase == PHASE_REQUEST ? OUTCOME_UNKNOWN : OUTCOME_SUCCESS,
			walk->items++)) {
		return;
	}
	put_block(d, walk, class);
	if (walk->of.digest.begun) {
		record_put_text(d->writer, PUT(BLOCK_SHA256), digest_end(&walk->of.digest, sha256));
	}
	record_commit(d->writer);
}

/* An attribute of the block itself, whose value comes next. */
static void meet_attribute(struct s7p_walk *walk)
{
	uint32_t attribute = walk->pass.attribute;

	if (walk->block == 0 || walk->pass.depth != walk->block + 1) {
		return;
	}
	if (attribute == S7P_NAME || attribute == NUMBER || attribute == LANGUAGE ||
	    attribute == MODIFIED || attribute == LOAD_SIZE) {
		walk->wanted = attribute;
	} else if (attribute == CODE || attribute == INITIAL_VALUE) {
		walk->hashing = walk->pass.depth;
	}
}

static void keep_value(struct s7p_walk *walk, const struct s7p_value *value)
{
	struct cursor text = s7p_value_text(value);
	uint64_t number = s7p_value_natural(value);

	switch (walk->wanted) {
	case S7P_NAME:
		walk->of.name_length = (uint8_t)size_min(cur_left(&text), sizeof(walk->of.name));
		cur_copy(&text, walk->of.name, walk->of.name_length);
		break;
	case NUMBER:
		walk->of.number = (uint32_t)number;
		break;
	case LANGUAGE:
		walk->of.language = (uint32_t)number;
		break;
	case MODIFIED:
		walk->of.modified = number;
		break;
	default:
		walk->of.bytes = (uint32_t)number;
		break;
	}
}

/* The value that is read. False: it is not there as a whole. */
static bool read_wanted(struct s7p_walk *walk, struct cursor bytes)
{
	bool whole = cur_left(&bytes) >= TOKEN_MAX;
	struct s7p_value value;

	if (s7p_value_read(&bytes, &value)) {
		keep_value(walk, &value);
	} else if (!whole) {
		return false;
	}
	walk->wanted = 0;
	return true;
}

/* One token more. */
static enum s7p_event advance(struct dissection *d, struct s7p_walk *walk, struct cursor *bytes)
{
	struct cursor before = *bytes;
	bool hashed = walk->hashing != 0;
	enum s7p_event event = s7p_pass_step(&walk->pass, bytes);

	if (event == S7P_OBJECT) {
		begin_block(walk);
	} else if (event == S7P_ATTRIBUTE) {
		meet_attribute(walk);
	} else if (event == S7P_OBJECT_END && walk->block > walk->pass.depth) {
		end_block(d, walk);
	}
	if (hashed) {
		digest_add(&walk->of.digest, cur_sub(&before, cur_left(&before) - cur_left(bytes)));
		if (walk->pass.skip == 0 && walk->pass.depth < walk->hashing) {
			walk->hashing = 0;
		}
	}
	return event;
}

bool s7p_walk_on(struct dissection *d, struct s7p_walk *walk, struct cursor *bytes)
{
	for (;;) {
		enum s7p_event event;

		if (walk->wanted != 0 && !read_wanted(walk, *bytes)) {
			return true;
		}
		event = advance(d, walk, bytes);
		if (event == S7P_MORE) {
			return cur_left(bytes) < TOKEN_MAX;
		}
		if (event == S7P_END || event == S7P_BAD) {
			return false;
		}
	}
}

/* ---- the first object ---- */

bool s7p_first_object(struct cursor tree, struct s7p_first *out)
{
	struct s7p_pass pass = { 0 };
	struct s7p_value name;

	s7p_pass_objects(&pass);
	if (s7p_pass_step(&pass, &tree) != S7P_OBJECT) {
		return false;
	}
	*out = (struct s7p_first) { .object = pass.object,
				    .class = pass.class,
				    .attributes = tree,
				    .name = cur_of(NULL, 0) };
	if (s7p_attribute_of(tree, S7P_NAME, &name)) {
		out->name = s7p_value_text(&name);
	}
	return true;
}

bool s7p_attribute_of(struct cursor attributes, uint32_t id, struct s7p_value *out)
{
	for (unsigned i = 0; i < 64; i++) {
		uint8_t element = cur_u8(&attributes);
		uint32_t attribute = s7p_vlq32(&attributes);

		if (element != 0xa3 || !s7p_value_read(&attributes, out)) {
			return false;
		}
		if (attribute == id) {
			return true;
		}
	}
	return false;
}
