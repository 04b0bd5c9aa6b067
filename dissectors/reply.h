/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* reply.h - commands and replies as FTP (RFC 959 4.2) and SMTP (RFC 5321 4.2) write them.
 *
 *	command: word [SP argument] CRLF
 *	reply:   code 3 (digits) SP text CRLF
 *	         code 3 "-" text CRLF ... code 3 SP text CRLF */

#include "dissectors/dissector.h"

#define REPLY_MAX 8192

struct reply {
	uint32_t code;
	struct cursor text;  /* of its first line */
	struct cursor whole; /* all of its lines */
};

/* A whole reply; MORE while its last line is not there. */
struct framing reply_frame(struct cursor bytes);
/* False: no reply begins so. */
bool reply_read(struct cursor pdu, struct reply *out);
/* Where a line behind the first one begins with a reply, from `from` on; all when none does. */
size_t reply_next(struct cursor bytes, size_t from);

struct command {
	struct cursor word, argument;
};

struct framing command_frame(struct cursor bytes);
/* False: no word of three or more letters stands there. */
bool command_read(struct cursor pdu, struct command *out);
size_t command_next(struct cursor bytes, size_t from);
