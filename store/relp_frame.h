/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* relp_frame.h - frames of the Reliable Event Logging Protocol (version 0 of the protocol): a
 *number, a command, a length, data and an end of line.
 *
 *	TXNR SP COMMAND SP DATALEN [SP DATA] LF */

#include "capture/base/buffer.h"

#include <sys/types.h>

#define RELP_NUMBER_MAX 999999999
#define RELP_DATA_MAX   65536 /* of what a receiver says */

struct relp_frame {
	uint32_t number;
	const char *command, *data; /* in the bytes that were read, not NUL-terminated */
	size_t command_length, length;
};

/* Adds a frame. */
void relp_frame_write(struct buffer *out, uint32_t number, const char *command, const char *data,
		      size_t length);
/* Reads the frame at the beginning. Its size; 0: it is not all there; -EPROTO: it is none. */
ssize_t relp_frame_read(struct relp_frame *out, const char *bytes, size_t n);
bool relp_frame_is(const struct relp_frame *frame, const char *command);
/* The code of a response ("200 OK"); 0: it has none. */
unsigned relp_frame_code(const struct relp_frame *frame);
