/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* evidence_keeper.h - the packets behind each alert of a running sensor become a file.
 *
 * When an alert opens, the packets of its flow that are still in its worker's ring are asked for
 * and written at once; some time later those that came since, and the file is written again, whole.
 * A thread of its own writes, so that a slow disk does not hold up the analysis; the rest belongs
 * to the analysis thread. What is too much at once, or was not in the ring any more, is counted. */

#include "capture/base/log.h"
#include "cli/evidence_files.h"
#include "rules/rules.h"

struct evidence_keeper;

struct evidence_keeper_options {
	struct evidence_desk *desk;
	const char *folder;    /* must be there */
	int64_t keep;          /* ns of the wall clock that a file stays */
	uint64_t bytes_max;    /* of all files; the oldest go first */
	int64_t before, after; /* ns around the record that opened the alert */
	const char *const *interfaces;
	size_t n_interfaces;
	const struct log_sink *log;
};

struct evidence_keeper_counters {
	struct evidence_folder folder;
	uint64_t missed; /* alerts whose packets were not there, or too many at once */
	uint64_t failed; /* files that could not be written */
};

/* Borrows the options' pointers. 0 or negative errno with problem. */
int evidence_keeper_new(struct evidence_keeper **out, const struct evidence_keeper_options *options,
			struct problem *problem) MUST_USE;
/* Writes what waits. Returns NULL. */
struct evidence_keeper *evidence_keeper_free(struct evidence_keeper *keeper);

/* Each alert document; keeper may be NULL. */
void evidence_keeper_alert(struct evidence_keeper *keeper, const struct alert_document *alert);
/* Takes what workers answered, and asks for what came after; keeper may be NULL. */
void evidence_keeper_tick(struct evidence_keeper *keeper, int64_t now);
struct evidence_keeper_counters evidence_keeper_counters(struct evidence_keeper *keeper);
