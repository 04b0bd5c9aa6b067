/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* zone_suggestion.h - a policy that fits what was observed: a first draft for a person to edit. */

#include "capture/base/buffer.h"
#include "cli/zone_observation.h"

/* Writes it as YAML. Zones are devices of one band of Purdue levels; a network that holds one band
 * alone is a member as a whole, else its addresses are.  Conduits are the fewest that allow all
 * that was seen: one for each two zones and set of operations. */
void zone_suggest(const struct zone_observation *observation, struct buffer *out);
