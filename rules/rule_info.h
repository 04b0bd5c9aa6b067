/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rule_info.h - what commands ask of one rule of a set, by its number. */

#include "rules/rules.h"

/* Texts live as long as the set. */
struct rule_info {
	const char *id, *title, *file;
	unsigned line;
	enum alert_level level;
	bool silent; /* only correlations count it: it raises no alert */
};

struct rule_info rule_info(const struct rule_set *set, size_t rule);

/* Tells each field that the condition names, once, as far as the registry knows it; of a
 * correlation those that it groups by and measures. */
void rule_fields(const struct rule_set *set, size_t rule,
		 void (*handler)(void *context, uint16_t field), void *context);
