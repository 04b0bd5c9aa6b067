/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* first_look.h - what the first 30 s on a port say about the mirror: whether it is one. */

#include "cli/pipeline.h"

#define FIRST_LOOK_AFTER (30 * NS_PER_S)

enum first_look {
	LOOK_NOTHING,   /* no packets at all */
	LOOK_BROADCAST, /* only broadcast and multicast: probably not a mirror port */
	LOOK_ONE_SIDED, /* one direction of most flows only */
	LOOK_NO_FLOWS,  /* packets, but no conversation to judge by */
	LOOK_COMPLETE,
};

enum first_look first_look(const struct pipeline_counters *counters);
/* A sentence for a person, with what to do. */
const char *first_look_text(enum first_look look);
