/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* sandbox_filter.h - the system-call filters of sandbox.h: for all threads, never to be taken
 * off.  No-new-privileges must be set.  0 or negative errno. */

#include "cli/sandbox.h"

int sandbox_filter_live(const struct sandbox_options *options, struct problem *problem) MUST_USE;
int sandbox_filter_offline(struct problem *problem) MUST_USE;
