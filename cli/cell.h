/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cell.h - a column of a document as text, for tables, pages and exports alike. */

#include "capture/base/buffer.h"
#include "cli/tree.h"

struct cell_style {
	const char *separator; /* between several values */
	bool plain;            /* for programs: times as in the document, numbers without units */
	bool short_time;       /* without the year */
	bool lines;            /* a value is one line, whatever a device calls itself */
};

/* Appends the values at the first of the column's paths where the document has any. */
void cell_write(struct buffer *out, const struct column *column, const struct tree *document,
		const struct cell_style *style);

/* "1.5 MiB"; out has size bytes; returns out. */
const char *text_of_bytes(uint64_t bytes, char *out, size_t size);
/* "1.2 ms", "3.5 s", "2 d 4 h"; out has size bytes; returns out. */
const char *text_of_duration(int64_t ns, char *out, size_t size);
