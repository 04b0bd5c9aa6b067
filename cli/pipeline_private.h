/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* pipeline_private.h - what the two forms of a replay and the live pipeline share. */

#include "cli/worker.h"

bool pipeline_stopped(const struct pipeline_options *options);
/* The next frame; 0 at the end, and when a stop was asked for, also one that interrupts a silent
 * pipe: that is an end in order. */
int pipeline_next(const struct pipeline_options *options, struct capture_files *files,
		  struct frame *out, struct problem *problem) MUST_USE;
void pipeline_progress(const struct pipeline_options *options, struct capture_files *files,
		       uint64_t number);
void pipeline_seen(struct pipeline_counters *counters, const struct frame *frame);
int compare_codes(const void *a, const void *b);

/* pipeline_threads.c: a replay with several workers. */
int replay_threads(struct capture_files *files, const struct pipeline_options *options,
		   struct pipeline_counters *counters, struct problem *problem) MUST_USE;
