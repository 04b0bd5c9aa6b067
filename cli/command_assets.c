/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/stored.h"

static const struct column columns[] = {
	{ "name", { "host.name" }, CELL_TEXT, true, 0.12, "name" },
	{ "ip", { "host.ip" }, CELL_ADDRESS, true, 7, "addresses" },
	{ "mac", { "host.mac" }, CELL_ADDRESS, 160, 17, "link addresses" },
	{ "role", { "weir.asset.role" }, CELL_TEXT, true, 0.14, "what it is for" },
	{ "vendor", { "weir.asset.vendor" }, CELL_TEXT, true, 0.1, "maker" },
	{ "product",
	  { "weir.asset.product", "weir.asset.model", "weir.asset.product_code" },
	  CELL_TEXT,
	  true,
	  0.16,
	  "product, model or code" },
	{ "order",
	  { "weir.asset.product_code" },
	  CELL_TEXT,
	  120,
	  0.17,
	  "order number or product code" },
	{ "firmware",
	  { "weir.asset.firmware_version", "weir.asset.revision" },
	  CELL_TEXT,
	  true,
	  8,
	  "version of the firmware" },
	{ "serial", { "weir.asset.serial_number" }, CELL_TEXT, false, 0.1, "serial number" },
	{ "server", { "weir.asset.protocols.server" }, CELL_TEXT, 100, 0.1, "what it answers" },
	{ "client", { "weir.asset.protocols.client" }, CELL_TEXT, false, 0.1, "what it asks" },
	{ "protocol",
	  { "weir.asset.protocols.server", "weir.asset.protocols.client" },
	  CELL_TEXT,
	  false,
	  0.1,
	  "any protocol it speaks" },
	{ "unit", { "weir.asset.units.id" }, CELL_TEXT, false, 0.1, "devices behind the address" },
	{ "modules",
	  { "weir.asset.units.product_name", "weir.asset.units.model",
	    "weir.asset.units.product_code" },
	  CELL_LIST,
	  false,
	  0.3,
	  "products of these devices, as of modules in a chassis" },
	{ "vlan", { "weir.asset.vlans" }, CELL_TEXT, false, 4, "VLAN ids" },
	{ "domain", { "weir.asset.domain" }, CELL_NUMBER, false, 6, "address space" },
	{ "reason", { "weir.asset.role_reason" }, CELL_TEXT, false, 0.2, "why it has this role" },
	{ "uncertain", { "weir.asset.uncertain" }, CELL_TEXT, false, 5, "could be two devices" },
	{ "ghost", { "weir.asset.ghost" }, CELL_TEXT, false, 5, "asked for, never heard" },
	{ "bytes", { "weir.asset.bytes" }, CELL_BYTES, false, 8, "bytes that it sent" },
	{ "owner", { "weir.asset.owner" }, CELL_TEXT, false, 0.1, "to whom it belongs" },
	{ "criticality", { "weir.asset.criticality" }, CELL_TEXT, false, 8, "low to critical" },
	{ "zone", { "weir.asset.zone" }, CELL_TEXT, false, 0.1, "zone" },
	{ "location", { "weir.asset.location" }, CELL_TEXT, false, 0.1, "where it stands" },
	{ "tag", { "weir.asset.asset_tag" }, CELL_TEXT, false, 8, "number in the books" },
	{ "note", { "weir.asset.note" }, CELL_TEXT, false, 0.2, "what a person noted" },
	{ "id", { "weir.asset.id" }, CELL_TEXT, false, 16, "stable id" },
	{ "first", { "weir.asset.first_seen" }, CELL_TIME, false, 19, "first seen" },
	{ "last", { "weir.asset.last_seen" }, CELL_TIME, 140, 19, "last seen" },
};

/* An address that was only asked for is no device. */
static const char *const defaults[] = { "ghost!=true", NULL };

static void from_replay(struct query *query, struct replay *replay)
{
	inventory_assets(analysis_inventory(replay->analysis), query_handler, query);
}

static int from_store(struct query *query, struct store *store)
{
	return stored_documents(query, store, STORE_ASSETS);
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.defaults = defaults,
	.first = "weir.asset.first_seen",
	.last = "weir.asset.last_seen",
	.from_replay = from_replay,
	.from_store = from_store,
};

static const struct option options[] = {
	QUERY_OPTIONS_SOURCE,
	QUERY_OPTIONS_OUTPUT,
	QUERY_OPTION_ALL("addresses that were asked for and never heard, too"),
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

/* Each in a file of its own, command_assets_VERB.c. */
static const struct command *const verbs[] = {
	&command_assets_history,
	&command_assets_set,
	&command_assets_merge,
	&command_assets_split,
	&command_assets_import,
	NULL,
};

const struct command command_assets = {
	.name = "assets",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "the devices on the network",
	.details = QUERY_FILTER_DETAILS,
	.examples = "  weir assets\n"
		    "  weir assets -r plant.pcap role=controller -o +serial,+modules\n"
		    "  weir assets vendor~siemens ip=10.1.0.0/16\n"
		    "  weir assets --since yesterday -J | jq .host.ip\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.verbs = verbs,
	.run = run,
};
