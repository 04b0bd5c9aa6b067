/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* request.h - what a person may have the sensor do: JSON objects, one a line on its socket, told
 * apart by their "command".
 *
 * They are answered on the analysis thread by whoever owns the state: the running sensor, or the
 * command itself on a database that no sensor writes (request_send.h).  The table of commands is
 * in request.c; "status" is not among them, since the socket answers that one alone. */

#include "capture/base/json.h"
#include "cli/analysis.h"
#include "cli/reload.h"
#include "cli/tree.h"

struct request_place {
	struct analysis *analysis;
	int64_t time;          /* now */
	const char *user;      /* of the person, as the system knows him */
	struct reload *reload; /* of a running sensor; NULL: a database alone */
	const char *evidence;  /* folder of the packets behind alerts; NULL or empty: none */
};

/* Answers one request into the object that is open in *json; an error is a member "error". */
typedef void request_function(const struct request_place *place, const struct tree *request,
			      struct json *json);

/* Whether a request with this command goes to the analysis. NULL: no. */
bool request_is_known(const char *command);

/* Answers the request: one line of JSON without newline. */
void request_answer(const struct request_place *place, const char *request, size_t length,
		    struct buffer *answer);
