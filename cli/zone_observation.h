/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* zone_observation.h - what a capture or database shows, as a policy of zones looks at it: devices,
 * and who asked whom for what. */

#include "cli/known.h"
#include "rules/policy.h"

/* One end; its texts are owned by the observation. */
struct observed_end {
	struct policy_end end;
	char *address;
};

/* All that one device asked of another by one protocol. */
struct crossing {
	struct observed_end source, destination;
	char *protocol;      /* NULL: unknown */
	uint32_t operations; /* bits of enum operation; 0: mere traffic */
	int64_t first, last;
};

struct zone_observation {
	struct observed_end *devices; /* one an address that was heard */
	size_t n_devices, devices_room;
	struct crossing *crossings; /* to one device; what goes to groups is left out */
	size_t n_crossings, crossings_room;
	bool out_of_memory;
};

/* From an inventory; -ENOMEM. */
int zone_observe(struct zone_observation *out, const struct inventory *inventory) MUST_USE;
/* From a capture, a folder of captures or a database. */
int zone_observe_file(struct zone_observation *out, const char *path,
		      struct problem *problem) MUST_USE;
void zone_observation_free(struct zone_observation *observation);
