/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* when.h - times as a person types them.
 *
 * "2d", "3h", "15m", "30s", "1w", "1h30m": so long before now.  "now", "today", "yesterday" and
 * a weekday ("monday", "mon": the latest one, today included) are local midnights.  ISO 8601:
 * "2026-11-22", "2026-11-22T07:52[:20[.5]]", with "Z" or "+01:00", else local; a blank or "_" may
 * stand for the T.  "07:52[:20]" is today.  "@1764000000" counts seconds since 1970. */

#include "capture/base/time.h"

/* 0, or -EINVAL with *out untouched. */
int when_parse(const char *text, int64_t now, int64_t *out) MUST_USE;

/* Only the ISO 8601 forms with a date. */
int when_parse_iso(const char *text, int64_t *out) MUST_USE;

/* A duration: "90d", "1h30m", "500ms", "0". Nanoseconds. */
int when_parse_duration(const char *text, int64_t *out) MUST_USE;
