/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/time_rule.h"

#include <string.h>

#define DAY  86400
#define HOUR 3600

/* ---- reading ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A number from least to most. */
static bool take_number(const char **at, int least, int most, int *out)
{
	int value = 0;

	if (!is_digit(**at)) {
		return false;
	}
	for (; is_digit(**at) && value <= most; ++*at) {
		value = value * 10 + (**at - '0');
	}
	*out = value;
	return value >= least && value <= most;
}

static bool take_sign(const char **at, char sign)
{
	bool there = **at == sign;

	*at += there;
	return there;
}

/* "CEST" or "<+0530>": of no further use. */
static bool skip_name(const char **at)
{
	size_t n = 0;

	if (take_sign(at, '<')) {
		n = strcspn(*at, ">");
		*at += n;
		return n > 0 && take_sign(at, '>');
	}
	while (is_letter((*at)[n])) {
		n++;
	}
	*at += n;
	return n >= 3;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(const char **at, int hours_most, int32_t *out)
{
	bool negative = take_sign(at, '-');
	int hours, minutes = 0, seconds = 0;

	if (!negative) {
		take_sign(at, '+');
	}
	if (!take_number(at, 0, hours_most, &hours) ||
	    (take_sign(at, ':') && (!take_number(at, 0, 59, &minutes) ||
				    (take_sign(at, ':') && !take_number(at, 0, 59, &seconds))))) {
		return false;
	}
	*out = (hours * HOUR + minutes * 60 + seconds) * (negative ? -1 : 1);
	return true;
}

/* ",M3.5.0/2", ",J60", ",59/-1:30": RFC 8536 lets the time be up to a week before or behind. */
static bool take_day(const char **at, struct time_rule_day *out)
{
	bool good;

	*out = (struct time_rule_day) { .kind = RULE_ORDINAL, .time = 2 * HOUR };
	if (!take_sign(at, ',')) {
		return false;
	}
	if (take_sign(at, 'M')) {
		out->kind = RULE_WEEKDAY;
		good = take_number(at, 1, 12, &out->month) && take_sign(at, '.') &&
		       take_number(at, 1, 5, &out->week) && take_sign(at, '.') &&
		       take_number(at, 0, 6, &out->day);
	} else if (take_sign(at, 'J')) {
		out->kind = RULE_JULIAN;
		good = take_number(at, 1, 365, &out->day);
	} else {
		good = take_number(at, 0, 365, &out->day);
	}
	return good && (!take_sign(at, '/') || take_time(at, 167, &out->time));
}

bool time_rule_parse(const char *text, struct time_rule *out)
{
	const char *at = text;
	int32_t west;

	*out = (struct time_rule) { .changes = false };
	if (!skip_name(&at) || !take_time(&at, 24, &west)) {
		return false;
	}
	out->standard = -west; /* POSIX counts to the west */
	out->summer = out->standard + HOUR;
	if (*at == '\0') {
		return true;
	}
	out->changes = true;
	if (!skip_name(&at)) {
		return false;
	}
	if (*at != ',') {
		if (!take_time(&at, 24, &west)) {
			return false;
		}
		out->summer = -west;
	}
	return take_day(&at, &out->begins) && take_day(&at, &out->ends) && *at == '\0';
}

/* ---- days ---- */

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1 January 1970 to 1 January of the year. */
static int64_t days_to_year(int64_t year)
{
	int64_t before = year - 1;

	return 365 * (year - 1970) + (before / 4 - before / 100 + before / 400) -
	       (1969 / 4 - 1969 / 100 + 1969 / 400);
}

/* Days from 1 January to the first of the month. */
static int64_t days_to_month(int month, bool leap)
{
	static const int days[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };

	return days[month - 1] + (leap && month > 2);
}

/* The year of a day; right for all years that a time in nanoseconds can have. */
static int64_t year_of(int64_t day)
{
	int64_t year = 1970 + day / 366 - (day < 0 ? 2 : 0);

	while (days_to_year(year + 1) <= day) {
		year++;
	}
	return year;
}

static int64_t day_in(const struct time_rule_day *rule, int64_t year)
{
	int64_t start = days_to_year(year), first, day;
	bool leap = is_leap(year);

	if (rule->kind == RULE_ORDINAL) {
		return start + rule->day;
	}
	if (rule->kind == RULE_JULIAN) {
		return start + rule->day - (leap && rule->day > 59 ? 0 : 1);
	}
	first = start + days_to_month(rule->month, leap);
	/* 1 January 1970 was a Thursday. */
	day = first + (rule->day - (first + 4) % 7 + 14) % 7 + 7 * (rule->week - 1);
	while (day >= start + days_to_month(rule->month + 1, leap)) {
		day -= 7;
	}
	return day;
}

int32_t time_rule_offset(const struct time_rule *rule, int64_t seconds)
{
	int64_t local = seconds + rule->standard, year, begins, ends;
	bool summer;

	if (!rule->changes) {
		return rule->standard;
	}
	year = year_of(local / DAY - (local % DAY < 0));
	begins = day_in(&rule->begins, year) * DAY + rule->begins.time - rule->standard;
	ends = day_in(&rule->ends, year) * DAY + rule->ends.time - rule->summer;
	summer = begins < ends ? begins <= seconds && seconds < ends
			       : seconds < ends || begins <= seconds;
	return summer ? rule->summer : rule->standard;
}
