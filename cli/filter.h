/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* filter.h - the filters of every query: key=value, key!=value, key~text, commas for or,
 * key.gt=N (gt, gte, lt, lte), and free text; all terms must hold.
 *
 * The key is a column's short name, or the full path of a document field.  Texts compare without
 * regard to case; a value in CIDR form meets the addresses of that network; gt and its kin compare
 * numbers, alert levels and times ("2d" back from now).  `!=` holds when no value is equal, also
 * when there is none.  Free text is a word without operator, or ~TEXT: some column of words
 * contains it; an address or a network is compared as such, so 10.0.0.3 is not found in 10.0.0.30.
 */

#include "capture/base/problem.h"
#include "cli/tree.h"
#include "dissectors/field.h"

enum filter_operator {
	FILTER_EQUAL,
	FILTER_NOT_EQUAL,
	FILTER_CONTAINS,
	FILTER_GREATER,
	FILTER_GREATER_EQUAL,
	FILTER_LESS,
	FILTER_LESS_EQUAL,
	FILTER_ANYWHERE, /* free text: without a key */
};

struct filter;

/* Columns give the short names; kept by reference. */
int filter_new(struct filter **out, const struct column *columns, size_t n_columns) MUST_USE;
struct filter *filter_free(struct filter *filter);

/* What "2d" in key.gt=2d is counted from. */
void filter_set_now(struct filter *filter, int64_t now);

/* Adds one term. -EINVAL with problem: no term, or a key that is neither a short name, nor has a
 * dot, nor a field of the registry (may be NULL). */
int filter_add(struct filter *filter, const char *term, const struct field_registry *registry,
	       struct problem *problem) MUST_USE;

/* Whether a term names this column (for defaults that a term of the user lifts). */
bool filter_names(const struct filter *filter, const char *column);

bool filter_matches(struct filter *filter, const struct tree *document);

/* Free text that no document seen by filter_matches() has, or NULL: a typing error, perhaps of a
 * verb. */
const char *filter_never_met(const struct filter *filter);
/* The key of a term that no document seen by filter_matches() has, or NULL: a typing error. */
const char *filter_never_seen(const struct filter *filter);
