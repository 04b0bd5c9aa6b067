/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* document_scan.h - a few values of a document, found in one pass over its text: for those that
 * need no more than its ids and names, and of every document. */

#include "capture/base/common.h"

/* A value that is wanted, by its path of keys ("event.id"). */
struct document_value {
	const char *path;
	const char *text; /* in the document, a text without its quotes, as written; NULL: none */
	size_t length;
};

/* Finds texts, numbers, true, false and null at these paths; what is in arrays has none. A text
 * with an escape in it is not found. What is no JSON finds nothing, or some. */
void document_scan(const char *json, size_t length, struct document_value *values, size_t n);

/* Milliseconds since 1970 of a time such as "2026-11-22T07:52:20.123Z"; negative: it is none. */
int64_t document_time_ms(const char *text, size_t length);
