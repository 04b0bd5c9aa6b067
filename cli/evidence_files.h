/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* evidence_files.h - the folder where a sensor keeps the packets behind its alerts: one pcapng file
 * (mode 0600) an alert, named by its id. */

#include "capture/base/buffer.h"
#include "capture/base/problem.h"
#include "cli/evidence_desk.h"

#define EVIDENCE_ID_LENGTH 16 /* hexadecimal digits */

/* Whether it is the id of an alert, and so may be part of a path. */
bool evidence_is_id(const char *id);

struct evidence_file {
	const char *id;      /* of the alert */
	const char *comment; /* of its packet, and of the first */
	uint64_t number;     /* of its packet, at this interface */
	uint16_t source;
	const struct evidence_packets *parts[2]; /* in order of time */
	const char *const *interfaces;           /* their names, by source */
	size_t n_interfaces;
};

/* Writes it beside its place, then puts it there: what stood there before is replaced. 0 or
 * negative errno. */
int evidence_file_write(const char *folder, const struct evidence_file *file) MUST_USE;
/* Reads it whole into an empty buffer. 0; -ENOENT: none is kept; -EINVAL: no id; other negative
 * errno; with problem. */
int evidence_file_read(const char *folder, const char *id, struct buffer *out,
		       struct problem *problem) MUST_USE;

struct evidence_folder {
	uint64_t files, bytes;
};

/* Removes what was written before `oldest` (ns UTC), and of the rest the oldest until at most
 * bytes_max are left. Returns what is there then. */
struct evidence_folder evidence_folder_sweep(const char *folder, int64_t oldest,
					     uint64_t bytes_max);
