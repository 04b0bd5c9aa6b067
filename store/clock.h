/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* clock.h - the clocks of those who wait for other machines: outputs.  Analysis gets its time as an
 * argument and has nothing to do with these. */

#include "capture/base/time.h"

#include <time.h>

static inline int64_t clock_read(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* For how long something takes. */
static inline int64_t clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

/* As the wall has it. */
static inline int64_t clock_wall(void)
{
	return clock_read(CLOCK_REALTIME);
}

/* Waits so long, or until a signal comes. */
static inline void clock_pause(int64_t ns)
{
	(void)nanosleep(&(struct timespec) { .tv_sec = (time_t)(ns / NS_PER_S),
					     .tv_nsec = (long)(ns % NS_PER_S) },
			NULL);
}
