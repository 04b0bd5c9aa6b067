/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* baseline_lines.h - a growing list of lines, which it owns. */

#include "capture/base/common.h"

struct baseline_lines {
	char **items;
	size_t n, room;
	bool failed; /* of whoever fills it */
};

/* -ENOMEM; -E2BIG: more than BASELINE_LINES_MAX. */
int baseline_lines_add(struct baseline_lines *lines, const char *line) MUST_USE;
void baseline_lines_free(struct baseline_lines *lines);
