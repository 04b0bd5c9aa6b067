/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Files and addresses of PCCC: 1770-6.5.16, chapter 13, and 7-16 to 7-18.
 *
 *	SLC logical: file number 1 | file type 1 | element 1 | [sub-element 1]
 *	    each but the type: 0xFF and two bytes, low one first, from 255 on
 *	PLC-5 logical binary: mask 1 | one value for each bit of the mask, written alike
 *	    levels: data table 0, file, element, sub-element
 *	PLC-3 the same with six levels; logical ASCII: 0 | '$' | text | 0; symbol: 0 | text | 0 */

#include "dissectors/pccc_private.h"

/* Words of timers, counters and controls. */
#define TRIPLE(second, third) PCCC_TRIPLE, PCCC_DATA, second, third

/* 1770-6.5.16 7-17; 0x91 and on, and the function files of MicroLogix, as its tools name them. */
static const struct pccc_file files[256] = {
	[0x22] = { "LAD", "ladder", PCCC_BYTES, PCCC_PROGRAM, NULL, NULL },
	[0x49] = { "CFG", "channel_configuration", PCCC_BYTES, PCCC_CONFIG, NULL, NULL },
	[0x4a] = { "ENC", "ethernet_configuration", PCCC_BYTES, PCCC_CONFIG, NULL, NULL },
	[0x65] = { "EDT", "online_editing", PCCC_BYTES, PCCC_EDIT, NULL, NULL },
	[0x6a] = { "IOS", "io_status", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0x82] = { "O", "output", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0x83] = { "I", "input", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0x84] = { "S", "status", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0x85] = { "B", "bit", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0x86] = { "T", "timer", TRIPLE("PRE", "ACC") },
	[0x87] = { "C", "counter", TRIPLE("PRE", "ACC") },
	[0x88] = { "R", "control", TRIPLE("LEN", "POS") },
	[0x89] = { "N", "integer", PCCC_INTEGER, PCCC_DATA, NULL, NULL },
	[0x8a] = { "F", "float", PCCC_FLOAT, PCCC_DATA, NULL, NULL },
	[0x8b] = { "O", "output_by_slot", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0x8c] = { "I", "input_by_slot", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0x8d] = { "ST", "string", PCCC_STRING, PCCC_DATA, NULL, NULL },
	[0x8e] = { "A", "ascii", PCCC_CHARS, PCCC_DATA, NULL, NULL },
	[0x8f] = { "D", "bcd", PCCC_BCD, PCCC_DATA, NULL, NULL },
	[0x91] = { "L", "long", PCCC_LONG, PCCC_DATA, NULL, NULL },
	[0x92] = { "MG", "message", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0x93] = { "PD", "pid", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0xa1] = { "OF", "output_force", PCCC_WORD, PCCC_FORCE, NULL, NULL },
	[0xa2] = { "IF", "input_force", PCCC_WORD, PCCC_FORCE, NULL, NULL },
	[0xe0] = { "HSC", "high_speed_counter", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0xe2] = { "STI", "selectable_timed_interrupt", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0xe3] = { "EII", "event_input_interrupt", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0xe4] = { "RTC", "real_time_clock", PCCC_WORD, PCCC_CLOCK, NULL, NULL },
	[0xe5] = { "BHI", "base_hardware_information", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0xe6] = { "MMI", "memory_module_information", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0xec] = { "LCD", "lcd", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0xed] = { "PTO", "pulse_train_output", PCCC_WORD, PCCC_DATA, NULL, NULL },
	[0xee] = { "PWM", "pulse_width_modulation", PCCC_WORD, PCCC_DATA, NULL, NULL },
};

const struct pccc_file *pccc_file(uint8_t type)
{
	return &files[type];
}

/* 1770-6.5.16 7-29: ids of data types. */
uint8_t pccc_file_of_data_type(uint32_t type)
{
	static const uint8_t types[] = { [1] = 0x85, [3] = 0x8e, [4] = 0x89, [5] = 0x86,
					 [6] = 0x87, [7] = 0x88, [8] = 0x8a, [16] = 0x8f };

	return type < ARRAY_SIZE(types) ? types[type] : 0;
}

/* One byte, or 0xFF and two. */
static uint16_t read_number(struct cursor *data)
{
	uint8_t small = cur_u8(data);

	return small == 0xff ? cur_le16(data) : small;
}

const char *pccc_read_logical(struct cursor *data, struct pccc_address *address, bool with_sub)
{
	address->kind = PCCC_LOGICAL;
	address->file = read_number(data);
	address->file_type = cur_u8(data);
	address->element = read_number(data);
	address->sub = with_sub ? read_number(data) : 0;
	address->has_sub = with_sub;
	return cur_ok(data) ? NULL : "length";
}

/* A text that ends in 0. */
static const char *read_text(struct cursor *data, struct pccc_address *address)
{
	struct cursor look = *data;
	size_t n = 0;

	while (cur_left(&look) > 0 && cur_u8(&look) != 0) {
		n++;
	}
	address->kind = PCCC_TEXT;
	address->text = cur_sub(data, n);
	if (cur_left(data) == 0) {
		return "address";
	}
	cur_skip(data, 1);
	return NULL;
}

/* The nine default files of a PLC-5 (13-13). */
static uint8_t default_file(uint16_t number)
{
	static const uint8_t types[] = { 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a };

	return number < ARRAY_SIZE(types) ? types[number] : 0;
}

const char *pccc_read_system(struct cursor *data, struct pccc_address *address)
{
	uint8_t mask = cur_u8(data);
	bool plc3 = (mask >> 4 & 7) != 0; /* a PLC-5 has four levels */

	if (cur_ok(data) && mask == 0) {
		struct cursor look = *data;

		cur_skip(data, cur_u8(&look) == '$' ? 1 : 0);
		return read_text(data, address);
	}
	address->kind = PCCC_LEVELS;
	for (unsigned i = 0; i < PCCC_LEVELS_MAX; i++) {
		bool told = (mask >> i & 1) != 0;

		/* 13-11: what is not told is 0, the file 1. 13-6: data table 3, context 1. */
		address->level[i] = told ? read_number(data) : i == 1 ? 1 : i == 0 && plc3 ? 3 : 0;
		address->n_levels = told ? (uint8_t)(i + 1) : address->n_levels;
	}
	address->file = address->level[1];
	address->element = address->level[2];
	address->sub = address->level[3];
	address->has_sub = address->n_levels > 3;
	address->file_type = plc3 ? 0 : default_file(address->file);
	if (!cur_ok(data)) {
		return "length";
	}
	/* Bit 7 of the mask has no level. */
	return (mask & 0x80) == 0 ? NULL : "address";
}

/* ---- as an engineer writes them ---- */

/* Texts of polled items are many: no printf. */
struct text {
	char *at;
	size_t left; /* with the final 0 */
};

static void add_char(struct text *text, char c)
{
	if (text->left > 1) {
		*text->at++ = c;
		text->left--;
	}
}

static void add(struct text *text, const char *word)
{
	while (*word != '\0') {
		add_char(text, *word++);
	}
}

static void add_number(struct text *text, uint32_t number, unsigned base, unsigned digits)
{
	char reversed[12];
	unsigned n = 0;

	do {
		reversed[n++] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number > 0 || n < digits);
	while (n > 0) {
		add_char(text, reversed[--n]);
	}
}

/* PLC-3: E and the levels. */
static void extended_text(const struct pccc_address *address, struct text *out)
{
	for (unsigned i = 0; i < address->n_levels; i++) {
		add_char(out, i == 0 ? 'E' : '.');
		add_number(out, address->level[i], 10, 1);
	}
}

static void symbol_text(struct cursor symbol, struct text *out)
{
	while (cur_left(&symbol) > 0) {
		char c = (char)cur_u8(&symbol);

		add_char(out, c >= ' ' && c < 0x7f ? c : '?');
	}
}

/* The name of a sub-element. */
static const char *member_of(const struct pccc_file *file, uint16_t sub)
{
	return sub == 1 ? file->second : sub == 2 ? file->third : NULL;
}

static void file_text(const struct pccc_address *address, unsigned offset, const char *member,
		      struct text *out)
{
	const struct pccc_file *file = pccc_file(address->file_type);
	unsigned element = address->element + offset;

	if (address->kind == PCCC_LEVELS && address->file < 2) {
		/* Inputs and outputs of a PLC-5 are counted in octal: rack and group. */
		add(out, file->letter);
		add_char(out, ':');
		add_number(out, element, 8, 3);
		return;
	}
	if (file->letter != NULL) {
		add(out, file->letter);
	} else if (address->kind == PCCC_LOGICAL) {
		add(out, "type 0x");
		add_number(out, address->file_type, 16, 2);
		add_char(out, ' ');
	}
	add_number(out, address->file, 10, 1);
	add_char(out, ':');
	add_number(out, element, 10, 1);
	if (member == NULL && address->sub != 0) {
		member = member_of(file, address->sub);
		add_char(out, '.');
		if (member == NULL) {
			add_number(out, address->sub, 10, 1);
		} else {
			add(out, member);
		}
	} else if (member != NULL) {
		add_char(out, '.');
		add(out, member);
	}
}

static void any_text(const struct pccc_address *address, unsigned offset, const char *member,
		     struct text *out)
{
	switch (address->kind) {
	case PCCC_TEXT:
		symbol_text(address->text, out);
		break;
	case PCCC_PHYSICAL:
		add(out, "memory 0x");
		add_number(out, address->physical, 16, 8);
		break;
	case PCCC_BASIC:
		add(out, "byte ");
		add_number(out, address->physical + 2 * offset, 10, 1);
		break;
	case PCCC_LEVELS:
		if (address->n_levels > 4 || address->level[0] != 0) {
			extended_text(address, out);
			break;
		}
		file_text(address, offset, member, out);
		break;
	default:
		file_text(address, offset, member, out);
		break;
	}
}

void pccc_address_text(const struct pccc_address *address, unsigned offset, const char *member,
		       int bit, char out[PCCC_ADDRESS_TEXT])
{
	struct text text = { out, PCCC_ADDRESS_TEXT };

	any_text(address, offset, member, &text);
	if (bit >= 0) {
		add_char(&text, '/');
		add_number(&text, (uint32_t)bit, 10, 1);
	}
	*text.at = '\0';
}
