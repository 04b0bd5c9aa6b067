/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"

static const struct command *const verbs[] = { &command_forward_drain, &command_forward_estimate,
					       &command_forward_test, NULL };

const struct command command_forward = {
	.name = "forward",
	.arguments = "drain|estimate|test",
	.summary = "what goes to the outputs of the configuration",
	.examples = "  weir forward estimate\n"
		    "  weir forward test\n"
		    "  weir forward drain --db old.db\n",
	.verbs = verbs,
};
