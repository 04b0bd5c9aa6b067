/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* time_rule.h - winter and summer time by a rule for every year, as POSIX writes it for the
 * variable TZ ("CET-1CEST,M3.5.0,M10.5.0/3"). */

#include "capture/base/common.h"

/* A day of every year, and a time of it. */
struct time_rule_day {
	enum {
		RULE_JULIAN,  /* J1 to J365: 29 February is not counted */
		RULE_ORDINAL, /* 0 to 365 */
		RULE_WEEKDAY, /* M: day of the week (0: Sunday) of a week (5: the last) of a month
			       */
	} kind;
	int month, week, day;
	int32_t time; /* seconds of clocks as they stand before */
};

struct time_rule {
	int32_t standard, summer; /* seconds before UTC */
	bool changes;             /* there is a summer time */
	struct time_rule_day begins, ends;
};

/* False: it is no rule, or one that leaves the days of its changes to the system. */
bool time_rule_parse(const char *text, struct time_rule *out);
/* Seconds by which clocks are before UTC at that time (seconds since 1970). */
int32_t time_rule_offset(const struct time_rule *rule, int64_t seconds);
