/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"

static const struct command *const verbs[] = { &command_zones_check, &command_zones_list,
					       &command_zones_suggest, &command_zones_diff, NULL };

const struct command command_zones = {
	.name = "zones",
	.arguments = "check FILE | list FILE | suggest | diff FILE OLD NEW",
	.summary = "zones and conduits (IEC 62443): check, list, suggest, compare",
	.examples = "  weir zones suggest -r plant.pcap >plant.yaml\n"
		    "  weir zones check plant.yaml -r monday.pcap\n"
		    "  weir zones diff plant.yaml monday.pcap today.pcap\n",
	.verbs = verbs,
};
