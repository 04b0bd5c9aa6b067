/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* import.h - what the columns of a table from elsewhere mean: what an asset is found by, and what
 * is set. */

#include "capture/base/json.h"
#include "cli/csv.h"

/* A column: what it joins by ("serial", "mac", "address"), or what it sets ("owner"...), or
 * nothing (NULL). */
struct import_plan {
	const char *fields[CSV_COLUMNS_MAX];
	bool joins[CSV_COLUMNS_MAX];
	size_t n;
};

/* Understands the header line; `map` is "column=field,...": these columns mean that, and
 * "column=" means nothing. -EINVAL with problem. */
int import_plan(struct import_plan *out, const struct csv *csv, const char *map,
		struct problem *problem) MUST_USE;

/* Checks all values of a row. -EINVAL with problem. */
int import_check(const struct import_plan *plan, const struct csv *csv, const struct csv_row *row,
		 struct problem *problem) MUST_USE;
/* Writes the row as an edit (edit_request.h). False: it says nothing, or of nobody. */
bool import_write(const struct import_plan *plan, const struct csv *csv, const struct csv_row *row,
		  struct json *json);
