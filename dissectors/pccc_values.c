/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Values of PCCC files as items: 1770-6.5.16, 7-28 to 7-38 and 13-12.  Words are little-endian. A
 * timer, counter or control is three words (control bits, PRE or LEN, ACC or POS), each an item of
 * its own.  A string is its length and 82 characters, two in a word, the first in the high byte. */

#include "dissectors/pccc_private.h"

#include <string.h>

#define STRING_ELEMENT 84
#define CHUNK          RECORD_LIST_MAX

/* ---- the type/data parameter ---- */

/* A nibble below 8 is the number itself; else that many bytes hold it, low one first. */
static uint32_t read_nibble(struct cursor *data, unsigned nibble)
{
	uint32_t value = 0;

	if (nibble < 8) {
		return nibble;
	}
	for (unsigned i = 0; i < (nibble & 7); i++) {
		uint8_t byte = cur_u8(data);

		value |= i < 4 ? (uint32_t)byte << 8 * i : 0;
	}
	return value;
}

static void read_flag(struct cursor *data, uint32_t *type, uint32_t *size)
{
	uint8_t flag = cur_u8(data);

	*type = read_nibble(data, flag >> 4);
	*size = read_nibble(data, flag & 15);
}

const char *pccc_read_type(struct cursor *data, struct pccc_request *out)
{
	enum { ARRAY = 9 };
	uint32_t type, size;
	uint8_t file;

	read_flag(data, &type, &size);
	if (type == ARRAY) {
		struct cursor array = cur_sub(data, size);

		/* The size counts the descriptor of the elements as well. */
		read_flag(&array, &type, &size);
		if (!cur_ok(&array)) {
			return "type_parameter";
		}
		*data = array;
	}
	out->data_type = type;
	out->data_size = size;
	file = pccc_file_of_data_type(type);
	if (file != 0 && out->address.kind == PCCC_LEVELS && out->address.file_type == 0) {
		out->address.file_type = file;
	}
	return cur_ok(data) ? NULL : "type_parameter";
}

/* ---- how values lie ---- */

struct layout {
	enum pccc_form form;
	const char *type;
	size_t bytes; /* of an element */
	bool swapped; /* words of a float: high one first */
	bool chunks;  /* elements follow each other: long reads are several items */
};

static enum pccc_form form_of_data(uint32_t type, uint32_t size)
{
	static const struct {
		uint8_t type, size;
		enum pccc_form form;
	} forms[] = { { 3, 1, PCCC_CHARS },  { 4, 2, PCCC_INTEGER }, { 4, 4, PCCC_LONG },
		      { 5, 6, PCCC_TRIPLE }, { 6, 6, PCCC_TRIPLE },  { 7, 6, PCCC_TRIPLE },
		      { 8, 4, PCCC_FLOAT },  { 16, 2, PCCC_BCD } };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (forms[i].type == type && forms[i].size == size) {
			return forms[i].form;
		}
	}
	return PCCC_BYTES;
}

static struct layout layout_of(const struct pccc_request *request)
{
	static const uint8_t sizes[] = { [PCCC_NO_FORM] = 2, [PCCC_INTEGER] = 2,
					 [PCCC_WORD] = 2,    [PCCC_LONG] = 4,
					 [PCCC_FLOAT] = 4,   [PCCC_BCD] = 2,
					 [PCCC_TRIPLE] = 2,  [PCCC_STRING] = STRING_ELEMENT,
					 [PCCC_CHARS] = 2,   [PCCC_BYTES] = 1 };
	const struct pccc_address *address = &request->address;
	const struct pccc_file *file = pccc_file(address->file_type);
	struct layout layout = { .form = file->form, .type = file->name };

	if (request->data_size != 0) {
		layout.form = form_of_data(request->data_type, request->data_size);
		layout.form = file->form == PCCC_WORD && layout.form == PCCC_INTEGER ? PCCC_WORD
										     : layout.form;
	} else if (address->kind == PCCC_PHYSICAL || address->kind == PCCC_NO_ADDRESS ||
		   (address->kind == PCCC_LOGICAL && file->form == PCCC_NO_FORM)) {
		layout.form = PCCC_BYTES;
	}
	/* Ranges are words of memory; PLC-5 keeps the high word of a float first. */
	layout.swapped = request->data_size == 0 && address->kind == PCCC_LEVELS;
	layout.bytes = sizes[layout.form];
	layout.chunks = address->sub == 0 && address->file_type < 0x92;
	layout.type = layout.type != NULL         ? layout.type
		      : layout.form == PCCC_BYTES ? "bytes"
						  : "word";
	return layout;
}

static double bcd(uint16_t word)
{
	return (word >> 12) * 1000.0 + (word >> 8 & 15) * 100.0 + (word >> 4 & 15) * 10.0 +
	       (word & 15);
}

static double as_float(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return (double)value;
}

static double read_value(struct cursor *data, const struct layout *layout)
{
	uint32_t first;

	if (layout->bytes != 4) {
		uint16_t word = cur_le16(data);

		return layout->form == PCCC_INTEGER || layout->form == PCCC_TRIPLE
			   ? (double)(int16_t)word
		       : layout->form == PCCC_BCD ? bcd(word)
						  : (double)word;
	}
	first = cur_le32(data);
	if (layout->form == PCCC_LONG) {
		return (double)(int32_t)first;
	}
	return as_float(layout->swapped ? first << 16 | first >> 16 : first);
}

/* ---- items ---- */

struct items {
	struct dissection *d;
	const struct pccc_request *request;
	enum operation operation;
	enum phase phase;
	enum outcome outcome;
	size_t n;
};

static bool begin(struct items *items, unsigned offset, const char *member, int bit,
		  const char *type)
{
	char text[PCCC_ADDRESS_TEXT];

	if (!item_begin(items->d, items->operation, items->phase, items->outcome, items->n++)) {
		return false;
	}
	pccc_address_text(&items->request->address, offset, member, bit, text);
	record_put_text(items->d->writer, CORE_ITEM_ADDRESS, text);
	record_put_static(items->d->writer, CORE_ITEM_TYPE, type);
	return true;
}

static void put_chunk(struct items *items, struct cursor *values, const struct layout *layout,
		      unsigned offset, size_t n)
{
	double numbers[CHUNK];

	if (!begin(items, offset, NULL, -1, layout->type)) {
		return;
	}
	for (size_t i = 0; i < n; i++) {
		numbers[i] = read_value(values, layout);
	}
	record_put_uint(items->d->writer, CORE_ITEM_COUNT, n);
	if (n == 1) {
		record_put_double(items->d->writer, CORE_ITEM_VALUE, numbers[0]);
	} else {
		record_put_doubles(items->d->writer, CORE_ITEM_VALUE, numbers, n);
	}
	record_commit(items->d->writer);
}

/* Words of timers and the like: each by its name. */
static void put_triples(struct items *items, struct cursor values, const struct layout *layout)
{
	const struct pccc_file *file = pccc_file(items->request->address.file_type);
	unsigned member = items->request->address.sub;
	unsigned element = 0;

	for (; cur_left(&values) >= 2 && items->n < DISSECT_ITEMS_MAX; member++) {
		const char *name = NULL;

		if (member == 3) {
			member = 0;
			element++;
		}
		/* Of a sub-element that was asked for, the address says the name itself. */
		if (items->request->address.sub == 0) {
			name = member == 1 ? file->second : member == 2 ? file->third : NULL;
		}
		if (!begin(items, element, name, -1, layout->type)) {
			return;
		}
		record_put_uint(items->d->writer, CORE_ITEM_COUNT, 1);
		record_put_double(items->d->writer, CORE_ITEM_VALUE, read_value(&values, layout));
		record_commit(items->d->writer);
	}
}

/* Characters, two in a word, the first in the high byte. */
static void put_characters(struct items *items, struct cursor words, size_t length)
{
	uint8_t text[RECORD_STRING_MAX];
	size_t n = 0;

	while (cur_left(&words) >= 2 && n + 1 < sizeof(text)) {
		text[n + 1] = cur_u8(&words);
		text[n] = cur_u8(&words);
		n += 2;
	}
	record_put_bytes(items->d->writer, CORE_ITEM_TEXT, cur_of(text, size_min(n, length)));
}

static void put_strings(struct items *items, struct cursor values, const struct layout *layout)
{
	for (unsigned i = 0; cur_left(&values) >= layout->bytes; i++) {
		struct cursor element = cur_sub(&values, layout->bytes);
		uint16_t length = cur_le16(&element);

		if (!begin(items, i, NULL, -1, layout->type)) {
			return;
		}
		record_put_uint(items->d->writer, CORE_ITEM_COUNT, 1);
		put_characters(items, element, length);
		record_commit(items->d->writer);
	}
}

static void put_bytes(struct items *items, struct cursor values, const struct layout *layout)
{
	if (cur_left(&values) == 0 || !begin(items, 0, NULL, -1, layout->type)) {
		return;
	}
	record_put_uint(items->d->writer, CORE_ITEM_COUNT, cur_left(&values));
	if (layout->form == PCCC_CHARS) {
		put_characters(items, values, RECORD_STRING_MAX);
	} else {
		record_put_bytes(items->d->writer, CORE_ITEM_DATA, cur_sub_most(&values, 64));
	}
	record_commit(items->d->writer);
}

static void put_values(struct items *items, struct cursor values)
{
	struct layout layout = layout_of(items->request);
	unsigned offset = 0;

	if (layout.form == PCCC_TRIPLE) {
		put_triples(items, values, &layout);
		return;
	}
	if (layout.form == PCCC_STRING && items->request->address.sub == 0) {
		put_strings(items, values, &layout);
		return;
	}
	if (layout.form == PCCC_BYTES || layout.form == PCCC_CHARS || layout.form == PCCC_STRING) {
		put_bytes(items, values, &layout);
		return;
	}
	while (cur_left(&values) >= layout.bytes && items->n < DISSECT_ITEMS_MAX) {
		size_t n = size_min(cur_left(&values) / layout.bytes, CHUNK);

		put_chunk(items, &values, &layout, offset, n);
		offset += (unsigned)n;
		if (!layout.chunks) {
			return;
		}
	}
}

/* Bits that are written one by one: `touched`, to what stands in `to`, `offset` words further. */
static void put_bits(struct items *items, unsigned offset, uint16_t touched, uint16_t to)
{
	for (int bit = 0; bit < 16; bit++) {
		if ((touched >> bit & 1) == 0) {
			continue;
		}
		if (!begin(items, offset, NULL, bit, "bit")) {
			return;
		}
		record_put_uint(items->d->writer, CORE_ITEM_COUNT, 1);
		record_put_double(items->d->writer, CORE_ITEM_VALUE, to >> bit & 1);
		record_commit(items->d->writer);
	}
}

static unsigned bits_of(uint16_t word)
{
	unsigned n = 0;

	for (; word != 0; word = (uint16_t)(word & (word - 1U))) {
		n++;
	}
	return n;
}

/* A word and-ed and or-ed. */
static uint16_t touched(const struct pccc_request *request)
{
	return (uint16_t)(~(unsigned)request->and_mask | request->or_mask);
}

/* The next address and its masks behind those of this request. */
static bool next_masks(struct cursor *more, const struct pccc_request *before,
		       struct pccc_request *out)
{
	*out = (struct pccc_request) { .has = PCCC_HAS_AND_OR };
	if (cur_left(more) == 0) {
		return false;
	}
	if (before->address.kind == PCCC_BASIC) {
		out->address.kind = PCCC_BASIC;
		out->address.physical = cur_le16(more);
		out->or_mask = cur_u8(more);
		out->and_mask = (uint16_t) ~(unsigned)cur_u8(more);
		return cur_ok(more);
	}
	if (pccc_read_system(more, &out->address) != NULL) {
		return false;
	}
	out->and_mask = cur_le16(more);
	out->or_mask = cur_le16(more);
	return cur_ok(more);
}

static size_t count_values(const struct pccc_request *request, struct cursor values)
{
	struct layout layout = layout_of(request);
	size_t n = cur_left(&values) / layout.bytes;

	if (layout.form == PCCC_TRIPLE ||
	    (layout.form == PCCC_STRING && request->address.sub == 0)) {
		return n;
	}
	if (layout.form == PCCC_BYTES || layout.form == PCCC_CHARS || layout.form == PCCC_STRING) {
		return cur_left(&values) > 0;
	}
	return layout.chunks ? (n + CHUNK - 1) / CHUNK : n > 0;
}

size_t pccc_count_items(const struct pccc_request *request, struct cursor values)
{
	struct cursor more = request->more;
	struct pccc_request next = *request;
	size_t n = 0;

	if ((request->has & PCCC_HAS_MASK) != 0) {
		/* 7-18: the same bits of each word. */
		return bits_of(request->mask) * (cur_left(&values) / 2);
	}
	if ((request->has & PCCC_HAS_AND_OR) == 0) {
		return count_values(request, values);
	}
	do {
		n += bits_of(touched(&next));
	} while (next_masks(&more, request, &next));
	return n;
}

void pccc_put_items(struct dissection *d, const struct pccc_request *request, struct cursor values,
		    enum operation operation, enum phase phase, enum outcome outcome)
{
	struct items items = { d, request, operation, phase, outcome, 0 };
	struct pccc_request next = *request;
	struct cursor more = request->more;

	if ((request->has & PCCC_HAS_MASK) != 0) {
		for (unsigned i = 0; cur_left(&values) >= 2 && items.n < DISSECT_ITEMS_MAX; i++) {
			put_bits(&items, i, request->mask, cur_le16(&values));
		}
	} else if ((request->has & PCCC_HAS_AND_OR) != 0) {
		do {
			items.request = &next;
			put_bits(&items, 0, touched(&next), next.or_mask);
		} while (items.n < DISSECT_ITEMS_MAX && next_masks(&more, request, &next));
	} else {
		put_values(&items, values);
	}
}
