/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* recent.h - which ids were seen lately: two generations of a fixed hash set, the older one
 * forgotten when the newer is full. */

#include "capture/base/common.h"

#define RECENT_SLOTS 65536

struct recent {
	uint64_t slots[2][RECENT_SLOTS];
	size_t n; /* in the newer generation */
	unsigned newer;
};

/* True when the id was there already; else it is remembered. */
bool recent_seen(struct recent *recent, const char *id);
