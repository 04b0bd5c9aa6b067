/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/relp_frame.h"

#include <errno.h>
#include <string.h>

#define COMMAND_MAX 32 /* characters */

void relp_frame_write(struct buffer *out, uint32_t number, const char *command, const char *data,
		      size_t length)
{
	buffer_format(out, "%u %s %zu%s", number, command, length, length > 0 ? " " : "");
	buffer_add(out, data, length);
	buffer_text(out, "\n");
}

/* What is left to read; the end of it is no error, but for more to come. */
struct reading {
	const char *at, *end;
	bool wrong;
};

static bool has_more(const struct reading *reading)
{
	return !reading->wrong && reading->at < reading->end;
}

/* A number of at most nine digits. */
static uint32_t read_number(struct reading *reading)
{
	uint32_t number = 0;
	unsigned digits = 0;

	while (has_more(reading) && *reading->at >= '0' && *reading->at <= '9') {
		number = number * 10 + (uint32_t)(*reading->at++ - '0');
		reading->wrong = ++digits > 9;
	}
	reading->wrong = reading->wrong || (digits == 0 && has_more(reading));
	return number;
}

static void read_byte(struct reading *reading, char byte)
{
	if (has_more(reading)) {
		reading->wrong = *reading->at++ != byte;
	}
}

static void read_command(struct reading *reading, struct relp_frame *out)
{
	out->command = reading->at;
	while (has_more(reading) && *reading->at > ' ' && *reading->at < 0x7f) {
		reading->at++;
		reading->wrong = reading->at - out->command > COMMAND_MAX;
	}
	out->command_length = (size_t)(reading->at - out->command);
	reading->wrong = reading->wrong || (out->command_length == 0 && has_more(reading));
}

static void read_data(struct reading *reading, struct relp_frame *out)
{
	out->length = read_number(reading);
	reading->wrong = reading->wrong || out->length > RELP_DATA_MAX;
	/* Some write the space also when there is no data. */
	if (has_more(reading) && (out->length > 0 || *reading->at == ' ')) {
		read_byte(reading, ' ');
	}
	out->data = reading->at;
	reading->at += size_min(out->length, (size_t)(reading->end - reading->at));
}

ssize_t relp_frame_read(struct relp_frame *out, const char *bytes, size_t n)
{
	struct reading reading = { bytes, bytes + n, false };

	*out = (struct relp_frame) { 0 };
	out->number = read_number(&reading);
	read_byte(&reading, ' ');
	read_command(&reading, out);
	read_byte(&reading, ' ');
	read_data(&reading, out);
	if (!reading.wrong && !has_more(&reading)) {
		return 0; /* at least the end of the line is missing */
	}
	read_byte(&reading, '\n');
	return reading.wrong ? (ssize_t)-EPROTO : reading.at - bytes;
}

bool relp_frame_is(const struct relp_frame *frame, const char *command)
{
	return strlen(command) == frame->command_length &&
	       memcmp(command, frame->command, frame->command_length) == 0;
}

unsigned relp_frame_code(const struct relp_frame *frame)
{
	struct reading reading = { frame->data, frame->data + frame->length, false };
	unsigned code = read_number(&reading);

	return reading.wrong ? 0 : code;
}
