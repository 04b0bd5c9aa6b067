/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* progress.h - how far a replay is: one line on standard error that is written over, on a terminal
 * only: bytes, packets a second, time left. */

#include "capture/file.h"

struct progress {
	bool shown;           /* standard error is a terminal */
	bool anything;        /* a line stands there */
	int64_t begun, drawn; /* monotonic clock, ns */
};

struct progress progress_begin(void);
/* Draws at most five times a second. */
void progress_draw(struct progress *progress, const struct capture_file_counters *counters);
/* Wipes the line. */
void progress_end(struct progress *progress);
