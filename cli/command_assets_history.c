/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/query.h"

static const struct column columns[] = {
	{ "time", { "@timestamp" }, CELL_TIME, true, 14, "when it became known" },
	{ "asset",
	  { "weir.source.name", "source.ip", "source.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "name or address" },
	{ "change", { "weir.asset.change" }, CELL_TEXT, true, 0.15, "what happened" },
	{ "old", { "weir.asset.old" }, CELL_TEXT, true, 0.2, "what was known before" },
	{ "new", { "weir.asset.new" }, CELL_TEXT, true, 0.2, "what is known now" },
	{ "ip", { "source.ip" }, CELL_ADDRESS, false, 7, "address" },
	{ "mac", { "source.mac" }, CELL_ADDRESS, false, 17, "link address" },
	{ "role", { "weir.source.role" }, CELL_TEXT, 140, 0.12, "what it is for" },
	{ "vendor", { "weir.source.vendor" }, CELL_TEXT, false, 0.1, "maker" },
	{ "learning",
	  { "weir.asset.learning" },
	  CELL_TEXT,
	  false,
	  5,
	  "in the learning time, when everything is new" },
	{ "vlan", { "network.vlan.id" }, CELL_TEXT, false, 4, "VLAN id" },
	{ "id", { "weir.asset.id" }, CELL_TEXT, false, 16, "stable id of the asset" },
	{ "packet", { "weir.packet" }, CELL_NUMBER, false, 7, "packet number" },
};

static int from_store(struct query *query, struct store *store)
{
	return store_read_changes(store, query_since(query), query_until(query),
				  query_store_handler, query);
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.first = "@timestamp",
	.last = "@timestamp",
	.newest = true,
	.stream = STREAM_CHANGES,
	.from_store = from_store,
};

static const struct option options[] = {
	QUERY_OPTIONS_SOURCE,
	QUERY_OPTIONS_OUTPUT,
	QUERY_OPTION_FOLLOW,
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_assets_history = {
	.name = "assets history",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "what changed: new, moved, replaced, edited",
	.details = "Shows changes of assets in the order of time, those that persons made, "
		   "too.\n\n" QUERY_FILTER_DETAILS,
	.examples = "  weir assets history --since monday\n"
		    "  weir assets history ip=10.0.0.3\n"
		    "  weir assets history -r plant.pcap change=address_conflict\n"
		    "  weir assets history -f -J\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
