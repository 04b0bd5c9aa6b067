/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* evidence_request.h - the packets behind an alert for a person, and a row of the journal that says
 * who got them.
 *
 *	{"command":"evidence","alert":"fd2b1ef80c11a7d0"}
 *
 * The answer has "data", the file in base64, or "error". Nothing is handed out that the journal
 *does not have. */

#include "cli/request.h"
#include "cli/request_send.h"

request_function evidence_answer;

/* Asks for the packets of the alert and writes them to path (mode 0600; it must not exist). *bytes
 * gets how many. 0 or negative errno with problem. */
int evidence_fetch(const struct channel_values *from, const char *alert, const char *path,
		   uint64_t *bytes, struct problem *problem) MUST_USE;
