/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* alert_evidence.h - the packets behind an alert, out of the captures that it was found in. */

#include "cli/options.h"
#include "cli/tree.h"

/* Writes what the two ends of the alert sent to each other, from a minute before its first hit to a
 * minute after its last, as pcapng (mode 0600; the file must not exist). The packet that raised it,
 * and the first one, have a comment with its id. *n gets how many packets. -ENODATA with problem:
 * the alert is about no two ends, or none of their packets is there. */
int alert_evidence_write(const struct tree *alert, const struct text_list *captures,
			 const char *path, uint64_t *n, struct problem *problem) MUST_USE;
