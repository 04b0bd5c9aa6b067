/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"

static const struct command *const verbs[] = { &command_forward_drain, NULL };

const struct command command_forward = {
	.name = "forward",
	.arguments = "drain",
	.summary = "what goes to the outputs of the configuration",
	.examples = "  weir forward drain --db old.db\n",
	.verbs = verbs,
};
