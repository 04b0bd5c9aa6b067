/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* time.h - time is int64 nanoseconds since 1970 UTC, and always an argument.  Nothing
 * below cli/ reads a clock. */

#include "capture/base/common.h"

#define NS_PER_US     INT64_C(1000)
#define NS_PER_MS     INT64_C(1000000)
#define NS_PER_S      INT64_C(1000000000)
#define NS_PER_MINUTE (60 * NS_PER_S)
#define NS_PER_HOUR   (3600 * NS_PER_S)
#define NS_PER_DAY    (24 * NS_PER_HOUR)
#define TIME_NONE     INT64_MIN

#define TIME_TEXT_SIZE 36

/* RFC 3339 UTC with 9 decimals, trailing zeros cut in threes ("2026-11-22T07:52:20.123Z", never
 * fewer than 3 decimals). out has TIME_TEXT_SIZE bytes; returns out. */
const char *time_text_utc(int64_t time, char *out);

/* "2026-11-22 08:52:20" in the zone of the process: for tables. */
const char *time_text_local(int64_t time, char *out);
