/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* baseline_source.h - what is normal, from a file of lines or from a database. */

#include "capture/base/log.h"
#include "store/baseline.h"
#include "store/inventory.h"

/* Of a database, the inventory is filled, too; where nobody froze anything, all that it knows is
 * normal. Mistakes in lines are said to the log. */
int baseline_from_file(struct baseline **out, const char *path, struct inventory *inventory,
		       const struct log_sink *log, struct problem *problem) MUST_USE;

/* What was seen, as lines; held: also what waits for a person's word. -ENOMEM. */
int baseline_of_inventory(struct baseline **out, const struct inventory *inventory,
			  bool held) MUST_USE;
