/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* attack.h - MITRE ATT&CK for ICS by id: the names that an alert carries. */

#include "capture/base/common.h"

#define ATTACK_VERSION "18.1"

struct attack_tactic {
	const char *id, *name, *slug;
};

struct attack_technique {
	const char *id, *name;
	const char *tactic; /* id of its first tactic */
};

/* NULL when there is none (any more). Ids in either case; a tactic by "impair-process-control" or
 * "TA0106". */
const struct attack_technique *attack_technique(const char *id);
const struct attack_tactic *attack_tactic(const char *slug_or_id);
