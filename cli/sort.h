/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* sort.h - the order of a query's documents by columns: "role,-bytes".
 *
 * A document is placed by the first value that its table would show in the column: numbers by
 * size, addresses by number (IPv4 before IPv6), times by time, alert levels by rank, words without
 * regard to case and with the numbers in them by size (V4.9 before V4.10).  What has no value
 * comes last, in either direction. */

#include "capture/base/address.h"
#include "capture/base/problem.h"
#include "cli/tree.h"

#define SORT_COLUMNS_MAX 8

struct sorting;

/* Where one document stands by one column. */
struct sort_value {
	enum { SORT_NUMBER, SORT_ADDRESS, SORT_TIME, SORT_WORD, SORT_MISSING } kind;
	double number; /* also the rank of a level */
	int64_t time;
	struct ip address;
	char *word;
};

/* Reads "column,-column"; a column is a short name or a path with dots. -EINVAL with problem. The
 * columns are kept by reference. */
int sorting_new(struct sorting **out, const char *text, const struct column *columns,
		size_t n_columns, struct problem *problem) MUST_USE;
struct sorting *sorting_free(struct sorting *sorting);

/* A new array with a value for each column of the sorting; NULL when memory runs out. */
struct sort_value *sort_values(const struct sorting *sorting, const struct tree *document);
struct sort_value *sort_values_free(const struct sorting *sorting, struct sort_value *values);

/* Below, at or above 0 as qsort() wants it. */
int sort_compare(const struct sorting *sorting, const struct sort_value *a,
		 const struct sort_value *b);
