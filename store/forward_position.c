/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/forward_position.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAN " >"

static size_t put_seqs(const struct forward_position *position, char *out, size_t n)
{
	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		n += (size_t)snprintf(out + n, FORWARD_POSITION_SIZE - n, " %" PRIu64,
				      position->seq[i]);
	}
	return n;
}

void forward_position_write(const struct forward_position *position,
			    const struct forward_position *plan, char out[FORWARD_POSITION_SIZE])
{
	size_t n = (size_t)snprintf(out, FORWARD_POSITION_SIZE, "%" PRIu64, position->sequence);

	n = put_seqs(position, out, n);
	if (plan != NULL) {
		n += (size_t)snprintf(out + n, FORWARD_POSITION_SIZE - n, PLAN);
		(void)put_seqs(plan, out, n);
	}
}

static const char *read_seqs(const char *at, struct forward_position *out)
{
	for (size_t i = 0; i < FORWARD_TABLES && at[0] == ' ' && at[1] != PLAN[1]; i++) {
		char *end;

		out->seq[i] = strtoull(at + 1, &end, 10);
		at = end;
	}
	return at;
}

bool forward_position_read(const char *text, struct forward_position *position,
			   struct forward_position *plan, bool *has_plan)
{
	char *end;
	const char *at;

	*position = (struct forward_position) { .sequence = strtoull(text, &end, 10) };
	at = end != text ? read_seqs(end, position) : text;
	*plan = *position;
	*has_plan = strncmp(at, PLAN, sizeof(PLAN) - 1) == 0;
	if (*has_plan) {
		at = read_seqs(at + sizeof(PLAN) - 1, plan);
	}
	return end != text && *at == '\0';
}
