/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/output.h"

#include <string.h>

bool output_batch_next(const struct output_batch *batch, size_t *at, const char **json,
		       size_t *length)
{
	size_t left = batch->length - *at;
	const char *newline;

	if (left == 0) {
		return false;
	}
	*json = batch->lines + *at;
	newline = memchr(*json, '\n', left);
	*length = newline != NULL ? (size_t)(newline - *json) : left;
	*at += *length + (newline != NULL);
	return true;
}
