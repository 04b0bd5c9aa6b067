/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/reply.h"

#include "dissectors/text.h"

#define COMMAND_MAX 1024

/* Reads "220 " or "220-". */
static bool read_code(struct cursor *line, uint32_t *code, bool *last)
{
	struct cursor digits = cur_sub(line, 3);

	if (!text_number(&digits, code) || cur_left(&digits) > 0 || *code < 100 || *code > 599) {
		return false;
	}
	*last = !text_take(line, "-");
	return !*last || cur_left(line) == 0 || text_take(line, " ");
}

bool reply_read(struct cursor pdu, struct reply *out)
{
	struct cursor line;
	bool last;

	out->whole = pdu;
	if (!text_line(&pdu, &line) || !read_code(&line, &out->code, &last)) {
		return false;
	}
	out->text = line;
	return true;
}

struct framing reply_frame(struct cursor bytes)
{
	size_t all = cur_left(&bytes);
	struct cursor line;
	uint32_t code = 0, first = 0;
	bool last = false;

	while (text_line(&bytes, &line)) {
		bool coded = read_code(&line, &code, &last);

		if (!coded && first == 0) {
			return (struct framing) { FRAMING_NOT_MINE, 0 };
		}
		first = first == 0 ? code : first;
		if (coded && last && code == first) {
			return (struct framing) { FRAMING_PDU, all - cur_left(&bytes) };
		}
	}
	return (struct framing) { all < REPLY_MAX ? FRAMING_MORE : FRAMING_NOT_MINE, 0 };
}

/* The next line begin, from `from` on, for which the line is wanted. */
static size_t next_line(struct cursor bytes, size_t from, bool (*wanted)(struct cursor bytes))
{
	size_t all = cur_left(&bytes), at = 0;

	while (at < all) {
		size_t n = text_line_size(bytes);

		if (at >= from && wanted(bytes)) {
			return at;
		}
		if (n == 0) {
			break;
		}
		cur_skip(&bytes, n);
		at += n;
	}
	return all;
}

static bool is_reply(struct cursor bytes)
{
	struct reply reply;

	return reply_read(bytes, &reply);
}

size_t reply_next(struct cursor bytes, size_t from)
{
	return next_line(bytes, from, is_reply);
}

bool command_read(struct cursor pdu, struct command *out)
{
	struct cursor line, letters;

	if (!text_line(&pdu, &line)) {
		return false;
	}
	out->word = text_until(&line, ' ');
	out->argument = text_trim(line);
	letters = out->word;
	while (cur_left(&letters) > 0) {
		uint8_t c = (uint8_t)(cur_u8(&letters) | 0x20);

		if (c < 'a' || c > 'z') {
			return false;
		}
	}
	return cur_left(&out->word) >= 3 && cur_left(&out->word) <= 8;
}

struct framing command_frame(struct cursor bytes)
{
	size_t n = text_line_size(bytes);
	struct command command;

	if (n == 0) {
		return (struct framing) { cur_left(&bytes) < COMMAND_MAX ? FRAMING_MORE
									 : FRAMING_NOT_MINE,
					  0 };
	}
	return (struct framing) { command_read(bytes, &command) ? FRAMING_PDU : FRAMING_NOT_MINE,
				  n };
}

static bool is_command(struct cursor bytes)
{
	struct command command;

	return command_read(bytes, &command);
}

size_t command_next(struct cursor bytes, size_t from)
{
	return next_line(bytes, from, is_command);
}
