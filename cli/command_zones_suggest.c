/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir zones suggest - a draft of a policy from what was observed. */

#include "cli/known.h"
#include "cli/zone_suggestion.h"

#include <errno.h>
#include <stdlib.h>

static int begin(struct query *query, struct problem *problem)
{
	query_values(query)->gathered = calloc(1, sizeof(struct buffer));
	return query_values(query)->gathered != NULL
		   ? 0
		   : problem_set(problem, -ENOMEM, "out of memory");
}

static void end(struct query *query)
{
	buffer_free(query_values(query)->gathered);
	free(query_values(query)->gathered);
	query_values(query)->gathered = NULL;
}

static void from_inventory(const struct inventory *inventory, inventory_document *handler,
			   void *context)
{
	struct buffer *text = query_values(context)->gathered;
	struct zone_observation observation;

	(void)handler;
	if (zone_observe(&observation, inventory) < 0) {
		text->failed = true;
		return;
	}
	zone_suggest(&observation, text);
	zone_observation_free(&observation);
}

static void from_replay(struct query *query, struct replay *replay)
{
	from_inventory(analysis_inventory(replay->analysis), NULL, query);
}

static int from_store(struct query *query, struct store *store)
{
	return known_from_store(query, store, from_inventory);
}

static int show(struct query *query, struct problem *problem)
{
	const struct buffer *text = query_values(query)->gathered;

	if (text->failed) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	if (text->length > 0 && fwrite(text->data, 1, text->length, stdout) != text->length) {
		return problem_set(problem, -EIO, "cannot write the policy");
	}
	return 0;
}

static const struct noun noun = {
	.from_replay = from_replay,
	.from_store = from_store,
	.begin = begin,
	.show = show,
	.end = end,
};

static const struct option options[] = { QUERY_OPTION_READ, QUERY_OPTION_DATABASE };

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_zones_suggest = {
	.name = "zones suggest",
	.arguments = "[-r CAPTURE | --db DB]",
	.summary = "a draft of zones and conduits from what was observed",
	.details =
	    "Writes a policy file: zones by Purdue level and network, and the fewest conduits\n"
	    "that allow all that was seen. Nobody says that all of it should be: read it,\n"
	    "divide what is too large, and strike out what nobody answers for.\n",
	.examples = "  weir zones suggest -r plant.pcap >plant.yaml\n"
		    "  weir zones check plant.yaml -r plant.pcap\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
