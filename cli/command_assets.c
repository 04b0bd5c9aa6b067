/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/asset_columns.h"
#include "cli/asset_noun.h"
#include "cli/asset_units.h"
#include "cli/stored.h"

/* An address that was only asked for is no device. */
static const char *const defaults[] = { "ghost!=true", NULL };

/* When something about an asset became so: it appeared, got an address, said something else. */
static const char *const changed[] = {
	"weir.asset.first_seen",
	"weir.asset.bindings.first_seen",
	"weir.asset.attributes.first_seen",
	"weir.asset.attributes.until",
	NULL,
};

static void from_replay(struct query *query, struct replay *replay)
{
	inventory_assets(analysis_inventory(replay->analysis), query_handler, query);
}

static int from_store(struct query *query, struct store *store)
{
	return stored_documents(query, store, STORE_ASSETS);
}

const struct noun asset_noun = {
	.columns = asset_columns,
	.n_columns = ASSET_COLUMNS,
	.defaults = defaults,
	.children = &asset_unit_children,
	.first = "weir.asset.first_seen",
	.last = "weir.asset.last_seen",
	.changed = changed,
	.from_replay = from_replay,
	.from_store = from_store,
};

static const struct option options[] = {
	QUERY_OPTIONS_SOURCE_SINCE(
	    "what is new or has changed since: 2d, monday, 2026-11-22T07:52"),
	QUERY_OPTIONS_OUTPUT,
	QUERY_OPTION_TREE("modules of a chassis and units of a gateway below it"),
	QUERY_OPTION_ALL("addresses that were asked for and never heard, too; units likewise"),
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &asset_noun, argc, argv);
}

/* Each in a file of its own, command_assets_VERB.c. */
static const struct command *const verbs[] = {
	&command_assets_show,    &command_assets_explain,
	&command_assets_history, &command_assets_diff,
	&command_assets_export,  &command_assets_set,
	&command_assets_import,  NULL,
};

const struct command command_assets = {
	.name = "assets",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "the devices on the network",
	.details = QUERY_TEXT_DETAILS "--since asks for what changed: a new asset, a new address, "
				      "another firmware... Who was heard\n"
				      "since is last.gte=2d.\n",
	.examples = "  weir assets\n"
		    "  weir assets -r plant.pcap role=controller -o +serial,+modules\n"
		    "  weir assets --tree -r plant.pcap\n"
		    "  weir assets vendor~siemens ip=10.1.0.0/16\n"
		    "  weir assets --since yesterday -J | jq .host.ip\n",
	.columns = asset_columns,
	.n_columns = ASSET_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.verbs = verbs,
	.run = run,
};
