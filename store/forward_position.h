/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* forward_position.h - how far an output has got, as the text that the database keeps. */

#include "store/forward_rows.h"

#define FORWARD_POSITION_SIZE 320

/* What the output has: sequences of rows, and the number of its last document. */
struct forward_position {
	uint64_t seq[FORWARD_TABLES], sequence;
};

/* "SEQUENCE SEQ..."; with a plan, up to where the batch goes that was begun, " > SEQ..." behind it.
 * plan may be NULL. */
void forward_position_write(const struct forward_position *position,
			    const struct forward_position *plan, char out[FORWARD_POSITION_SIZE]);
/* The same back. What an earlier version wrote has fewer numbers: of a table that came later all is
 * sent. False: it is none. */
bool forward_position_read(const char *text, struct forward_position *position,
			   struct forward_position *plan, bool *has_plan);
