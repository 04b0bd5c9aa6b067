/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/first_look.h"

static const char *const texts[] = {
	[LOOK_NOTHING] = "no packets yet: is the cable in, and is the mirror switched on?",
	[LOOK_BROADCAST] =
	    "only broadcast and multicast: this is probably not a mirror port. Set the "
	    "switch to mirror (SPAN) the ports of the controllers to this one",
	[LOOK_ONE_SIDED] = "only one direction of most conversations is there: mirror both receive "
			   "and transmit, or add the other port of the TAP with -i",
	[LOOK_NO_FLOWS] = "packets arrive, but no conversation between hosts is among them yet",
	[LOOK_COMPLETE] = "the mirror looks complete: conversations are seen in both directions",
};

enum first_look first_look(const struct pipeline_counters *counters)
{
	const struct tracker_counters *tracker = &counters->tracker;

	if (counters->decode.frames == 0) {
		return LOOK_NOTHING;
	}
	/* A switch floods a few stray unicast frames to every port: a share, not none at all. */
	if (tracker->group_packets * 20 >= tracker->packets * 19) {
		return LOOK_BROADCAST;
	}
	if (tracker->tcp_flows == 0) {
		return LOOK_NO_FLOWS;
	}
	return tracker->tcp_two_sided * 2 < tracker->tcp_flows ? LOOK_ONE_SIDED : LOOK_COMPLETE;
}

const char *first_look_text(enum first_look look)
{
	return texts[look];
}
