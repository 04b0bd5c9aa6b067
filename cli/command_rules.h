/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* command_rules.h - the verbs of `weir rules` that have a file of their own. */

#include "cli/command.h"

extern const struct command command_rules_exceptions;
extern const struct command command_rules_import;
extern const struct command command_rules_test;
