/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* forwarding.h - the outputs of the configuration at work: a forwarder each. */

#include "capture/base/json.h"
#include "cli/config.h"
#include "store/forwarder.h"

struct forwarding;

struct forwarding_options {
	const struct config_outputs *outputs;
	const char *database;
	struct store *store;
	const char *sensor; /* its name */
	const struct log_sink *log;
};

/* Whether an output is on another machine. */
bool forwarding_needs_network(const struct config_outputs *outputs);

/* Opens every output and begins. 0 or negative errno with problem. */
int forwarding_new(struct forwarding **out, const struct forwarding_options *options,
		   struct problem *problem) MUST_USE;
/* Sends what waits where it is taken at once, and ends; NULL is fine. Returns NULL. */
struct forwarding *forwarding_free(struct forwarding *forwarding);
/* Waits until all that is stored was sent, at most so long (ns). True: all was. */
bool forwarding_drain(struct forwarding *forwarding, int64_t patience);
/* Writes a list of one object an output into *json; NULL is fine. */
void forwarding_status(struct forwarding *forwarding, struct json *json);
