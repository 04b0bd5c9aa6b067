/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/stored.h"

static const struct column columns[] = {
	{ "source",
	  { "weir.source.name", "source.ip", "source.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "who asks" },
	{ "target",
	  { "weir.destination.name", "destination.ip", "destination.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "who is asked" },
	{ "port", { "destination.port" }, CELL_NUMBER, true, 5, "port of the target" },
	{ "protocol", { "network.protocol" }, CELL_TEXT, true, 0.14, "protocol" },
	{ "transport", { "network.transport" }, CELL_TEXT, false, 4, "tcp, udp..." },
	{ "operation",
	  { "weir.conversation.operations.*" },
	  CELL_TEXT,
	  true,
	  0.25,
	  "what was done" },
	{ "sent", { "source.bytes" }, CELL_BYTES, 100, 8, "bytes from the source" },
	{ "received", { "destination.bytes" }, CELL_BYTES, 100, 8, "bytes from the target" },
	{ "requests", { "weir.conversation.requests" }, CELL_NUMBER, true, 8, "requests" },
	{ "failures", { "weir.conversation.failures" }, CELL_NUMBER, false, 8, "refused requests" },
	{ "unanswered",
	  { "weir.conversation.unanswered" },
	  CELL_NUMBER,
	  false,
	  8,
	  "no answer came" },
	{ "response",
	  { "weir.conversation.response_time.avg" },
	  CELL_DURATION,
	  false,
	  8,
	  "response time, average" },
	{ "unit", { "weir.conversation.units.id" }, CELL_TEXT, false, 0.1, "units asked" },
	{ "vlan", { "network.vlan.id" }, CELL_TEXT, false, 4, "VLAN id" },
	{ "ip", { "source.ip", "destination.ip" }, CELL_TEXT, false, 0.1, "either address" },
	{ "mac",
	  { "source.mac", "destination.mac" },
	  CELL_ADDRESS,
	  false,
	  17,
	  "either link address" },
	{ "first", { "event.start" }, CELL_TIME, false, 19, "first seen" },
	{ "last", { "event.end" }, CELL_TIME, 140, 19, "last seen" },
};

static void from_replay(struct query *query, struct replay *replay)
{
	inventory_conversations(analysis_inventory(replay->analysis), query_handler, query);
}

static int from_store(struct query *query, struct store *store)
{
	return stored_documents(query, store, STORE_CONVERSATIONS);
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.first = "event.start",
	.last = "event.end",
	.from_replay = from_replay,
	.from_store = from_store,
};

static const struct option options[] = { QUERY_OPTIONS_SOURCE, QUERY_OPTIONS_OUTPUT };

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_conversations = {
	.name = "conversations",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "who talks to whom",
	.details = QUERY_FILTER_DETAILS,
	.examples = "  weir conversations target=10.0.0.3\n"
		    "  weir conversations -r plant.pcap protocol=modbus sent.gt=100000\n"
		    "  weir conversations ip=10.1.0.0/16 -J\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
