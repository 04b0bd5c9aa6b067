/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* asset_columns.h - the words about an asset, and where its document has them: for tables, filters,
 * pages, comparisons and exports alike. */

#include "cli/tree.h"

enum { ASSET_COLUMNS = 47 };

extern const struct column asset_columns[];

/* The column of this name, which is one of them. */
const struct column *asset_column(const char *name);
