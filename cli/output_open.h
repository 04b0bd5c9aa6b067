/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_open.h - an output as it is configured, opened: one function a kind of receiver. */

#include "cli/config.h"
#include "store/output.h"

struct output_place {
	const char *sensor;   /* its name */
	const char *database; /* beside which files of rejected documents are, unless configured */
};

/* Opens it; connects to nobody yet. 0 or negative errno with problem. */
int output_open(struct output *out, const struct config_output *output,
		const struct output_place *place, struct problem *problem) MUST_USE;
