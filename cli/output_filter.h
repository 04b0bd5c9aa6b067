/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_filter.h - which documents go to an output: by its level, its filter, and what is no news
 * to anybody. */

#include "cli/config.h"
#include "cli/filter.h"

/* Used by one thread. */
struct output_filter {
	const struct config_output *output;
	struct filter *filter;
};

/* output is borrowed. 0 or negative errno with problem; free it in each case. */
int output_filter_make(struct output_filter *filter, const struct config_output *output,
		       struct problem *problem) MUST_USE;
void output_filter_end(struct output_filter *filter);
/* Whether the output has this row: what as in forward_rows.h. */
bool output_filter_wants(const struct output_filter *filter, enum forward_table table,
			 const char *what, const char *json, size_t length);
