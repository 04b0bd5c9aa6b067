/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_file.h - documents into a file, one a line, that is put aside by size and age.
 *
 * What was sent is on the disk (fdatasync). A batch is in the file whole or not at all: after a
 * failure, and after a crash, what is of a line that has no end is cut off again. */

#include "store/document_form.h"

struct output_file_options {
	const char *path;
	uint64_t rotate_bytes; /* put aside when it has more; 0: never */
	int64_t rotate_every;  /* ns of the wall clock; 0: never */
	uint64_t keep;         /* files put aside that stay; 0: all */
	bool compress;         /* those, with gzip */
	enum document_form form;
};

/* Opens or makes the file (mode 0640). 0 or negative errno with problem. */
int output_file_new(struct output *out, const struct output_file_options *options,
		    struct problem *problem) MUST_USE;
