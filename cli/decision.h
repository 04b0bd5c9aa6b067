/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* decision.h - what a person decides about alerts and findings: gathered first, so that what is
 * chosen is read before anything changes, then sent one by one (alert_request.h). */

#include "cli/request_send.h"

struct decision {
	const char *action; /* as in alert_request.h */
	char *document;
};

struct decisions {
	struct decision *items;
	size_t n, room;
};

/* Copies the document; action stays where it is. -ENOMEM. */
int decisions_add(struct decisions *decisions, const char *action, const char *document,
		  size_t length) MUST_USE;
void decisions_free(struct decisions *decisions);
/* Sends them and says of each which alert it was. 0 or negative errno with problem. */
int decisions_send(struct channel *channel, const struct decisions *decisions, const char *reason,
		   struct problem *problem) MUST_USE;
