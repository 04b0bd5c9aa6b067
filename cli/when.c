/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/when.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* Longest duration that is taken: a hundred years. */
#define DURATION_MAX (INT64_C(36500) * NS_PER_DAY)

static const struct {
	const char *name;
	int64_t ns;
} units[] = {
	{ "ms", NS_PER_MS },      { "s", NS_PER_S },    { "m", NS_PER_MINUTE },
	{ "min", NS_PER_MINUTE }, { "h", NS_PER_HOUR }, { "d", NS_PER_DAY },
	{ "w", 7 * NS_PER_DAY },
};

static const char *const weekdays[7] = {
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
};

/* Consumes exactly n digits. */
static bool digits(const char **at, unsigned n, int *out)
{
	int value = 0;

	for (unsigned i = 0; i < n; i++, (*at)++) {
		if (!isdigit((unsigned char)**at)) {
			return false;
		}
		value = value * 10 + (**at - '0');
	}
	*out = value;
	return true;
}

static int unit_find(const char *name, size_t length, int64_t *ns)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0) {
			*ns = units[i].ns;
			return 0;
		}
	}
	return -EINVAL;
}

int when_parse_duration(const char *text, int64_t *out)
{
	int64_t sum = 0, ns;

	if (strcmp(text, "0") == 0) {
		*out = 0;
		return 0;
	}
	for (const char *at = text; *at != '\0' || at == text;) {
		char *end;

		if (!isdigit((unsigned char)*at)) {
			return -EINVAL;
		}
		errno = 0;
		long long count = strtoll(at, &end, 10);
		size_t length = strspn(end, "dhimnsw");
		if (errno != 0 || unit_find(end, length, &ns) < 0 || count > DURATION_MAX / ns ||
		    count * ns > DURATION_MAX - sum) {
			return -EINVAL;
		}
		sum += count * ns;
		at = end + length;
	}
	*out = sum;
	return 0;
}

/* Reads ":SS[.fraction]" if it is there. */
static bool seconds_read(const char **at, int *seconds, int64_t *ns)
{
	*seconds = 0;
	*ns = 0;
	if (**at != ':') {
		return true;
	}
	(*at)++;
	if (!digits(at, 2, seconds) || *seconds > 60) {
		return false;
	}
	if (**at != '.') {
		return true;
	}
	(*at)++;
	if (!isdigit((unsigned char)**at)) {
		return false;
	}
	for (int64_t scale = NS_PER_S / 10; isdigit((unsigned char)**at); scale /= 10, (*at)++) {
		*ns += scale * (**at - '0');
	}
	return true;
}

/* Reads "HH:MM[:SS[.fraction]]" into tm and *ns. */
static bool clock_read(const char **at, struct tm *tm, int64_t *ns)
{
	if (!digits(at, 2, &tm->tm_hour) || *(*at)++ != ':' || !digits(at, 2, &tm->tm_min)) {
		return false;
	}
	return tm->tm_hour < 24 && tm->tm_min < 60 && seconds_read(at, &tm->tm_sec, ns);
}

/* Reads "Z", "+HH:MM", "+HHMM" or nothing. *local: nothing was there. */
static bool zone_read(const char **at, bool *local, int64_t *offset)
{
	int hours, minutes;
	char sign = **at;

	*local = sign == '\0';
	*offset = 0;
	if (sign == 'Z' || sign == 'z') {
		(*at)++;
		return true;
	}
	if (sign != '+' && sign != '-') {
		return sign == '\0';
	}
	(*at)++;
	if (!digits(at, 2, &hours)) {
		return false;
	}
	*at += **at == ':' ? 1 : 0;
	if (!digits(at, 2, &minutes)) {
		return false;
	}
	*offset = (hours * 60 + minutes) * (sign == '-' ? -NS_PER_MINUTE : NS_PER_MINUTE);
	return true;
}

static int64_t calendar_time(struct tm *tm, bool local)
{
	tm->tm_isdst = -1;
	return (int64_t)(local ? mktime(tm) : timegm(tm)) * NS_PER_S;
}

int when_parse_iso(const char *text, int64_t *out)
{
	struct tm tm = { 0 };
	int64_t ns = 0, offset = 0;
	bool local = true;
	const char *at = text;
	int day;

	if (!digits(&at, 4, &tm.tm_year) || *at++ != '-' || !digits(&at, 2, &tm.tm_mon) ||
	    *at++ != '-' || !digits(&at, 2, &tm.tm_mday)) {
		return -EINVAL;
	}
	/* Nanoseconds since 1970 in 64 bits end in 2262. */
	if (tm.tm_year < 1970 || tm.tm_year > 2261 || tm.tm_mon < 1 || tm.tm_mon > 12) {
		return -EINVAL;
	}
	if (*at != '\0') {
		if (strchr("Tt _", *at++) == NULL || !clock_read(&at, &tm, &ns) ||
		    !zone_read(&at, &local, &offset) || *at != '\0') {
			return -EINVAL;
		}
	}
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	day = tm.tm_mday;
	int64_t time = calendar_time(&tm, local) - offset + ns;
	if (tm.tm_mday != day) {
		return -EINVAL; /* the 31st of a month of 30 days */
	}
	*out = time;
	return 0;
}

/* Local midnight so many days before the day of `now`. */
static int64_t midnight(int64_t now, int days_back)
{
	time_t seconds = (time_t)(now / NS_PER_S);
	struct tm tm;

	localtime_r(&seconds, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday -= days_back;
	return calendar_time(&tm, true);
}

static int parse_weekday(const char *text, int64_t now, int64_t *out)
{
	time_t seconds = (time_t)(now / NS_PER_S);
	size_t length = strlen(text);
	struct tm tm;

	localtime_r(&seconds, &tm);
	for (int day = 0; length >= 3 && day < 7; day++) {
		if ((length == 3 || length == strlen(weekdays[day])) &&
		    strncasecmp(text, weekdays[day], length) == 0) {
			*out = midnight(now, (tm.tm_wday - day + 7) % 7);
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_epoch(const char *text, int64_t *out)
{
	char *end;

	errno = 0;
	long long seconds = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || seconds < 0 ||
	    seconds > INT64_MAX / NS_PER_S) {
		return -EINVAL;
	}
	*out = seconds * NS_PER_S;
	return 0;
}

/* "07:52[:20]": today. */
static int parse_clock(const char *text, int64_t now, int64_t *out)
{
	time_t seconds = (time_t)(now / NS_PER_S);
	struct tm tm;
	int64_t ns = 0;
	const char *at = text;

	localtime_r(&seconds, &tm);
	if (!clock_read(&at, &tm, &ns) || *at != '\0') {
		return -EINVAL;
	}
	*out = calendar_time(&tm, true) + ns;
	return 0;
}

int when_parse(const char *text, int64_t now, int64_t *out)
{
	int64_t back;

	if (strcmp(text, "now") == 0) {
		*out = now;
		return 0;
	}
	if (strcmp(text, "today") == 0 || strcmp(text, "yesterday") == 0) {
		*out = midnight(now, text[0] == 'y' ? 1 : 0);
		return 0;
	}
	if (text[0] == '@') {
		return parse_epoch(text + 1, out);
	}
	if (when_parse_duration(text, &back) == 0) {
		*out = now - back;
		return 0;
	}
	if (when_parse_iso(text, out) == 0 || parse_clock(text, now, out) == 0) {
		return 0;
	}
	return parse_weekday(text, now, out);
}
