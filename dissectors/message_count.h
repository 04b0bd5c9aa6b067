/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* message_count.h - how often each code of each protocol was seen.  Codes below 256 cost one
 * increment; others live in a capped list. */

#include "dissectors/dissector.h"

#define MESSAGE_COUNT_CLASSES (MESSAGE_CLASSES + 1) /* the last one: errors */
#define MESSAGE_CODES_MAX     4096

struct message_counts;

int message_counts_new(struct message_counts **out, size_t n_protocols) MUST_USE;
struct message_counts *message_counts_free(struct message_counts *counts);
/* False when the cap refused a new code. */
bool message_count(struct message_counts *counts, size_t protocol, unsigned class, uint32_t code);
void message_counts_walk(const struct message_counts *counts, size_t protocol,
			 void (*handler)(void *context, enum message_class class, uint32_t code,
					 uint64_t count),
			 void *context);
