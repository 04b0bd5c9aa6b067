/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* news.h - what a device says again and again makes a record when it says something new, and once
 * in a while so that it is known to be still there.
 *
 * A dissector keeps a struct news in its flow's state, zero at first. */

#include "capture/base/cursor.h"
#include "capture/base/time.h"

#define NEWS_KEPT  6               /* different things that a flow may say by turns */
#define NEWS_AGAIN (60 * NS_PER_S) /* the same is said once more after so long */

struct news {
	uint32_t digest[NEWS_KEPT]; /* 0: free */
	int64_t time[NEWS_KEPT];
};

/* Whether this was not said in the last NEWS_AGAIN of packet time, or longer ago than NEWS_KEPT
 * other things. topic tells apart who says it, and what of several things in one message. */
bool news_is(struct news *news, struct cursor message, uint64_t topic, int64_t now);
/* The same of what the topic says alone. */
bool news_is_topic(struct news *news, uint64_t topic, int64_t now);
