/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/time.h"

#include <stdio.h>
#include <time.h>

/* Splits into whole seconds and 0..999,999,999 ns, also before 1970. */
static time_t split(int64_t time, int64_t *ns)
{
	int64_t seconds = time / NS_PER_S;

	*ns = time % NS_PER_S;
	if (*ns < 0) {
		*ns += NS_PER_S;
		seconds--;
	}
	return (time_t)seconds;
}

const char *time_text_utc(int64_t time, char *out)
{
	struct tm tm;
	int64_t ns;
	time_t seconds = split(time, &ns);
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(out, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	if (ns % 1000000 == 0) {
		snprintf(out + n, TIME_TEXT_SIZE - n, ".%03dZ", (int)(ns / 1000000));
	} else if (ns % 1000 == 0) {
		snprintf(out + n, TIME_TEXT_SIZE - n, ".%06dZ", (int)(ns / 1000));
	} else {
		snprintf(out + n, TIME_TEXT_SIZE - n, ".%09dZ", (int)ns);
	}
	return out;
}

const char *time_text_local(int64_t time, char *out)
{
	struct tm tm;
	int64_t ns;
	time_t seconds = split(time, &ns);

	localtime_r(&seconds, &tm);
	strftime(out, TIME_TEXT_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
	return out;
}
