/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/query.h"

static const struct column columns[] = {
	{ "time", { "@timestamp" }, CELL_TIME, true, 14, "when it became known" },
	{ "source",
	  { "weir.source.name", "source.ip", "source.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "who did it: name or address" },
	{ "source_role", { "weir.source.role" }, CELL_TEXT, false, 12, "role of the source" },
	{ "target",
	  { "weir.destination.name", "destination.ip", "destination.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "to whom: name or address" },
	{ "target_role", { "weir.destination.role" }, CELL_TEXT, false, 12, "role of the target" },
	{ "unit", { "weir.unit_id" }, CELL_NUMBER, 120, 4, "device behind the address" },
	{ "protocol", { "network.protocol" }, CELL_TEXT, 100, 0.1, "protocol" },
	{ "operation", { "weir.operation" }, CELL_TEXT, true, 0.15, "what was done" },
	{ "function", { "weir.function" }, CELL_TEXT, 140, 0.12, "the protocol's own name of it" },
	{ "code",
	  { "weir.modbus.function_code", "weir.umas.function_code", "weir.dnp3.function_code",
	    "weir.s7comm.function_code", "weir.s7comm_plus.function_code", "weir.cip.service",
	    "weir.pccc.function_code", "weir.enip.command" },
	  CELL_NUMBER,
	  false,
	  4,
	  "number of the function" },
	{ "what",
	  { "weir.target", "weir.item.address", "weir.modbus.subfunction_name", "weir.function" },
	  CELL_TEXT,
	  true,
	  0.17,
	  "what was read, written, loaded or ordered, else the function" },
	{ "value",
	  { "weir.modbus.written_values", "weir.modbus.values", "weir.item.value", "weir.item.text",
	    "weir.item.data" },
	  CELL_TEXT,
	  120,
	  0.05,
	  "values written, or read" },
	{ "outcome", { "event.outcome" }, CELL_TEXT, true, 0.09, "the device's answer" },
	{ "duration", { "event.duration" }, CELL_DURATION, false, 8, "from request to answer" },
	{ "ip", { "source.ip", "destination.ip" }, CELL_TEXT, false, 0.1, "either address" },
	{ "mac",
	  { "source.mac", "destination.mac" },
	  CELL_ADDRESS,
	  false,
	  17,
	  "either link address" },
	{ "port", { "source.port", "destination.port" }, CELL_NUMBER, false, 5, "either port" },
	{ "vlan", { "network.vlan.id" }, CELL_TEXT, false, 4, "VLAN id" },
	{ "kind", { "weir.kind" }, CELL_TEXT, false, 11, "kind of record" },
	{ "phase", { "weir.phase" }, CELL_TEXT, false, 8, "request or complete" },
	{ "status",
	  { "weir.transaction.status" },
	  CELL_TEXT,
	  false,
	  10,
	  "answered, unanswered, no_answer_in_capture, blind or orphan_response" },
	{ "packet", { "weir.packet" }, CELL_NUMBER, false, 7, "packet number" },
	{ "message", { "message" }, CELL_TEXT, false, 0.3, "one sentence" },
};

/* Who did what to whom: each finished operation once, and not the polling. */
static const char *const defaults[] = { "kind=transaction", "phase!=request",
					"operation!=read,report,io,session", NULL };

static int from_store(struct query *query, struct store *store)
{
	return store_read_operations(store, query_since(query), query_until(query),
				     query_store_handler, query);
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.defaults = defaults,
	.first = "@timestamp",
	.last = "@timestamp",
	.newest = true,
	.stream = STREAM_EVENTS,
	.from_store = from_store,
};

static const struct option options[] = {
	QUERY_OPTIONS_SOURCE,
	QUERY_OPTIONS_OUTPUT,
	QUERY_OPTION_ALL("reads, requests, flows and all other records too"),
	QUERY_OPTION_FOLLOW,
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_events = {
	.name = "events",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "who did what to whom",
	.details =
	    "Shows finished operations other than reads, reports, cyclic I/O and sessions; a "
	    "filter\n"
	    "by operation, kind or phase lifts that, and --all shows every record. The database\n"
	    "keeps operations other than reads.\n\n" QUERY_TEXT_DETAILS,
	.examples =
	    "  weir events target=10.0.0.3 operation=write,program_download --since monday\n"
	    "  weir events -r plant.pcap operation=read -n 20\n"
	    "  weir events -r plant.pcap outcome=failure -o +duration\n"
	    "  weir events -f source=10.0.5.0/24 -J\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
