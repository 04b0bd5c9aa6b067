/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* edit_send.h - how the commands that edit reach the inventory: through the running sensor, or by
 * opening the database as its writer when no sensor does. */

#include "capture/base/json.h"
#include "cli/request_send.h"

struct editing;

struct edit_values {
	struct channel_values to;
	const char *reason;
	bool dry_run;
};

/* Rows for a command's option table; its values begin with a struct edit_values. */
#define EDIT_OPTIONS                                                                    \
	CHANNEL_OPTIONS,                                                                \
	{                                                                               \
		0, "reason", "TEXT", OPTION_TEXT, offsetof(struct edit_values, reason), \
		    "why; kept with who and when"                                       \
	}

#define EDIT_DETAILS                                                                            \
	"ASSET is an id, an earlier id, an address (IP or MAC), or a name that only one has.\n" \
	"Goes through the running sensor; without one, changes its database or that of --db.\n" \
	"Who, when and why are kept.\n"

/* Finds the sensor, or opens the database. 0 or negative errno with problem. */
int editing_begin(struct editing **out, const struct edit_values *values,
		  struct problem *problem) MUST_USE;
/* Ends it; what could not be kept is an error. */
int editing_end(struct editing *editing, struct problem *problem) MUST_USE;

/* Where to write the next edit: a JSON object in the list of edits. */
struct json *editing_next(struct editing *editing);
/* Sends what was written when there is much of it, or always with `now`. The handler hears the
 * result of each edit, in order. */
int editing_send(struct editing *editing, bool now, struct problem *problem) MUST_USE;

/* Hears of one result: error is NULL when it was done. */
typedef void edit_result(void *context, const char *error, const char *asset, unsigned changed);
void editing_results(struct editing *editing, edit_result *handler, void *context);
