/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* csv.h - a whole CSV text (RFC 4180): UTF-8 with or without a byte order mark, lines that end in
 * CRLF or LF, cells separated by commas, semicolons or tabs, whichever the first line has most of.
 * Empty lines are passed over. */

#include "capture/base/problem.h"

#define CSV_BYTES_MAX   (64U << 20)
#define CSV_COLUMNS_MAX 256

struct csv_row {
	size_t first; /* of its cells */
	size_t n;
	unsigned line; /* where it begins, from 1 */
};

struct csv {
	char *text; /* cells are texts in it */
	const char **cells;
	struct csv_row *rows;
	size_t n_cells, n_rows, cells_room, rows_room;
	char separator;
};

/* 0; -EINVAL with problem ("line 7: ..."); -E2BIG; -ENOMEM. Call csv_free() in each case. */
int csv_read(struct csv *out, const char *text, size_t length, struct problem *problem) MUST_USE;
void csv_free(struct csv *csv);

/* A cell of a row; empty when the row is too short for it. */
const char *csv_cell(const struct csv *csv, const struct csv_row *row, size_t column);
