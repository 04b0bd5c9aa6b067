/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/conversation_columns.h"
#include "cli/known.h"
#include "cli/stored.h"

#define SOURCE      "weir.conversation.source."
#define DESTINATION "weir.conversation.destination."

const struct column conversation_columns[] = {
	{ "source",
	  { SOURCE "name", "source.ip", "source.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "who asks" },
	{ "target",
	  { DESTINATION "name", "destination.ip", "destination.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "who is asked" },
	{ "port", { "destination.port" }, CELL_NUMBER, true, 5, "port of the target" },
	{ "protocol", { "network.protocol" }, CELL_TEXT, true, 0.12, "protocol" },
	{ "carrier",
	  { "weir.conversation.carried_by.protocol" },
	  CELL_TEXT,
	  false,
	  6,
	  "protocol in whose flows it rides, and whose bytes are shown" },
	{ "transport", { "network.transport" }, CELL_TEXT, false, 4, "tcp, udp..." },
	{ "operation",
	  { "weir.conversation.operations.*" },
	  CELL_COUNTS,
	  true,
	  0.25,
	  "what was done, how often" },
	{ "function",
	  { "weir.conversation.functions.name" },
	  CELL_TEXT,
	  false,
	  0.2,
	  "functions and services of the protocol" },
	{ "tags",
	  { "weir.conversation.targets.name" },
	  CELL_TEXT,
	  false,
	  0.2,
	  "registers, tags, blocks it is about, the most frequent first" },
	{ "pattern",
	  { "weir.conversation.pattern" },
	  CELL_TEXT,
	  false,
	  9,
	  "cyclic, on_demand or burst" },
	{ "cycle", { "weir.conversation.cycle_time" }, CELL_DURATION, true, 8, "cycle time" },
	{ "jitter",
	  { "weir.conversation.jitter" },
	  CELL_DURATION,
	  false,
	  8,
	  "mean deviation from the cycle" },
	{ "response",
	  { "weir.conversation.response_time.p95" },
	  CELL_DURATION,
	  100,
	  8,
	  "response time of 95 % of the answers at most" },
	{ "sent", { "source.bytes" }, CELL_BYTES, 100, 8, "bytes from the source" },
	{ "received", { "destination.bytes" }, CELL_BYTES, 100, 8, "bytes from the target" },
	{ "requests", { "weir.conversation.requests" }, CELL_NUMBER, false, 8, "requests" },
	{ "failures", { "weir.conversation.failures" }, CELL_NUMBER, false, 8, "refused requests" },
	{ "unanswered",
	  { "weir.conversation.unanswered" },
	  CELL_NUMBER,
	  false,
	  8,
	  "no answer came" },
	{ "unit", { "weir.conversation.units.id" }, CELL_TEXT, false, 0.1, "units asked" },
	{ "vlan", { "network.vlan.id" }, CELL_TEXT, false, 4, "VLAN id" },
	{ "ip", { "source.ip", "destination.ip" }, CELL_TEXT, false, 0.1, "either address" },
	{ "mac",
	  { "source.mac", "destination.mac" },
	  CELL_ADDRESS,
	  false,
	  17,
	  "either link address" },
	{ "name", { SOURCE "name", DESTINATION "name" }, CELL_TEXT, false, 0.1, "either name" },
	{ "vendor",
	  { SOURCE "vendor", DESTINATION "vendor" },
	  CELL_TEXT,
	  false,
	  0.1,
	  "either maker" },
	{ "role", { SOURCE "role", DESTINATION "role" }, CELL_TEXT, false, 0.1, "either role" },
	{ "type", { SOURCE "type", DESTINATION "type" }, CELL_TEXT, false, 0.1, "either type" },
	{ "zone", { SOURCE "zone", DESTINATION "zone" }, CELL_TEXT, false, 0.1, "either zone" },
	{ "level",
	  { SOURCE "level", DESTINATION "level" },
	  CELL_TEXT,
	  false,
	  3,
	  "either Purdue level" },
	{ "asset",
	  { SOURCE "asset", DESTINATION "asset" },
	  CELL_TEXT,
	  false,
	  16,
	  "either asset's id" },
	{ "id", { "weir.conversation.id" }, CELL_TEXT, false, 16, "stable id" },
	{ "first", { "event.start" }, CELL_TIME, 180, 19, "first seen" },
	{ "last", { "event.end" }, CELL_TIME, 150, 19, "last seen" },
};

_Static_assert(ARRAY_SIZE(conversation_columns) == CONVERSATION_COLUMNS,
	       "see conversation_columns.h");

static void from_replay(struct query *query, struct replay *replay)
{
	inventory_conversations(analysis_inventory(replay->analysis), query_handler, query);
}

static int from_store(struct query *query, struct store *store)
{
	return stored_documents(query, store, STORE_CONVERSATIONS);
}

static const struct noun noun = {
	.columns = conversation_columns,
	.n_columns = ARRAY_SIZE(conversation_columns),
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
	.details = QUERY_TEXT_DETAILS,
	.examples = "  weir conversations target=10.0.0.3\n"
		    "  weir conversations -r plant.pcap protocol=modbus sent.gt=100000 -o +tags\n"
		    "  weir conversations role=engineering_workstation operation=program_download\n"
		    "  weir conversations pattern=cyclic cycle.lt=100000000 -o +jitter\n"
		    "  weir conversations ip=10.1.0.0/16 -J\n",
	.columns = conversation_columns,
	.n_columns = ARRAY_SIZE(conversation_columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
