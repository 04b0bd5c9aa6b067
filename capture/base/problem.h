/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* problem.h - one error about something a person gave us: a text for that person.
 *
 * Functions that can fail because of user input take a `struct problem *` (may be
 * NULL), fill it once and return a negative errno.  The text names file, line and
 * what to do; it has no newline. */

#include "capture/base/common.h"

struct problem {
	char text[512];
};

/* Formats the text; the first problem stands, later ones are ignored. Returns error. */
int problem_set(struct problem *problem, int error, const char *format, ...) PRINTF_LIKE(3, 4);
