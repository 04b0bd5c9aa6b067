/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* baseline_send.h - what a person does to the baseline, sent to who owns it (baseline_request.h).
 */

#include "cli/request_send.h"
#include "store/baseline_lines.h"

struct baseline_order {
	const char *action, *reason;
	const struct baseline_lines *lines; /* NULL: none are needed */
	int64_t time;                       /* of "learn" */
};

/* Sends the order and says on standard output what came of it. 0 or negative errno with problem. */
int baseline_send(struct channel *channel, const struct baseline_order *order,
		  struct problem *problem) MUST_USE;
