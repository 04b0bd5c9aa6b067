/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/rules.h"

#include <string.h>

static const char *const names[LEVELS] = {
	[LEVEL_INFORMATIONAL] = "informational",
	[LEVEL_LOW] = "low",
	[LEVEL_MEDIUM] = "medium",
	[LEVEL_HIGH] = "high",
	[LEVEL_CRITICAL] = "critical",
};

const char *alert_level_name(enum alert_level level)
{
	return level < LEVELS ? names[level] : "unknown";
}

bool alert_level_from_name(const char *name, enum alert_level *out)
{
	for (unsigned i = 0; i < LEVELS; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum alert_level)i;
			return true;
		}
	}
	return false;
}
