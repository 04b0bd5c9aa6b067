/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* time_zone.h - what clocks show at a place, by its name of the IANA's tables ("Europe/Berlin").
 *
 * Independent of the zone of the process, which tables on the terminal are in.  Read once, then
 * read-only: all threads may ask. */

#include "capture/base/cursor.h"
#include "capture/base/problem.h"

#define TIME_ZONE_NAME_MAX 64

struct time_zone;

/* Reads the zone from the system's tables. "UTC" and "" are NULL, which is a zone, too. -EINVAL,
 * -ENOENT...: with problem. */
int time_zone_read(struct time_zone **out, const char *name, struct problem *problem) MUST_USE;
/* The same from the bytes of a TZif file (RFC 8536, version 2 or later). -EINVAL: it is none. */
int time_zone_of(struct time_zone **out, struct cursor file) MUST_USE;
struct time_zone *time_zone_free(struct time_zone *zone);

/* Seconds by which clocks there are before UTC at that time (seconds since 1970). */
int32_t time_zone_offset(const struct time_zone *zone, int64_t seconds);
