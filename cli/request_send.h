/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* request_send.h - how a command that changes something reaches who owns it: the running sensor by
 * its socket, or the database, opened as its writer when no sensor does.  Either way the same
 * function answers (request.h). */

#include "capture/base/buffer.h"
#include "cli/command.h"

struct channel;

/* Where to: NULL for what the configuration says. A database that is named is opened; else the
 * sensor is asked whether it is there. */
struct channel_values {
	const char *database, *socket;
};

/* Rows for a command's option table; its values begin with a struct channel_values. */
#define CHANNEL_OPTIONS                                                                    \
	{ 0,                                                                               \
	  "db",                                                                            \
	  "FILE",                                                                          \
	  OPTION_TEXT,                                                                     \
	  offsetof(struct channel_values, database),                                       \
	  "change this database, which no sensor writes" },                                \
	{                                                                                  \
		0, "socket", "FILE", OPTION_TEXT, offsetof(struct channel_values, socket), \
		    "socket of the sensor (default: that of the configuration)"            \
	}

/* Finds the sensor, or opens the database. 0 or negative errno with problem. */
int channel_open(struct channel **out, const struct channel_values *values,
		 struct problem *problem) MUST_USE;
/* Writes what waits and closes; NULL is fine. What could not be kept is an error. */
int channel_close(struct channel *channel, struct problem *problem) MUST_USE;

/* Whether a running sensor answers. */
bool channel_is_live(const struct channel *channel);

/* Sends one request (a JSON object without newline) and gets its answer; cleared before. */
int channel_ask(struct channel *channel, const char *request, size_t length, struct buffer *answer,
		struct problem *problem) MUST_USE;
