/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* baseline_lines_of.h - the lines that make what a finding or alert is about normal. */

#include "cli/tree.h"
#include "store/baseline_lines.h"

/* Adds them. operations: only those that say what was done. -ENOMEM. */
int baseline_lines_of(const struct tree *document, bool operations,
		      struct baseline_lines *lines) MUST_USE;
