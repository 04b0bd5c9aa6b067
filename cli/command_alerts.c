/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/query.h"

static const struct column columns[] = {
	{ "time", { "@timestamp" }, CELL_TIME, true, 14, "time of the latest document" },
	{ "level", { "weir.level" }, CELL_LEVEL, true, 8, "informational to critical" },
	{ "rule", { "rule.name" }, CELL_TEXT, true, 0.3, "title of the rule" },
	{ "rule_id", { "rule.id" }, CELL_TEXT, false, 36, "id of the rule" },
	{ "source",
	  { "weir.source.name", "source.ip", "source.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "who did it: name or address" },
	{ "target",
	  { "weir.destination.name", "destination.ip", "destination.mac" },
	  CELL_ADDRESS,
	  true,
	  7,
	  "to whom: name or address" },
	{ "protocol", { "network.protocol" }, CELL_TEXT, false, 8, "protocol" },
	{ "operation",
	  { "weir.alert.operations", "weir.operation" },
	  CELL_TEXT,
	  false,
	  0.1,
	  "what was done" },
	{ "function", { "weir.function" }, CELL_TEXT, false, 0.1, "the protocol's own name of it" },
	{ "outcome", { "event.outcome" }, CELL_TEXT, false, 8, "the device's answer" },
	{ "count", { "weir.alert.count" }, CELL_NUMBER, 100, 5, "how often, so far" },
	{ "technique", { "threat.technique.id" }, CELL_TEXT, false, 8, "ATT&CK for ICS" },
	{ "requirement", { "weir.iec62443.sr" }, CELL_TEXT, false, 8, "IEC 62443-3-3" },
	{ "control", { "weir.iso27001.control" }, CELL_TEXT, false, 8, "ISO/IEC 27001" },
	{ "action", { "event.action" }, CELL_TEXT, false, 13, "alert-opened, alert-updated..." },
	{ "ip", { "source.ip", "destination.ip" }, CELL_TEXT, false, 0.1, "either address" },
	{ "mac",
	  { "source.mac", "destination.mac" },
	  CELL_ADDRESS,
	  false,
	  17,
	  "either link address" },
	{ "id", { "weir.alert.id" }, CELL_TEXT, false, 16, "id of the alert" },
	{ "message", { "message" }, CELL_TEXT, false, 0.3, "one sentence" },
};

static int from_store(struct query *query, struct store *store)
{
	return store_read_journal(store, "alert", query_since(query), query_until(query),
				  query_store_handler, query);
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.unique = "weir.alert.id",
	.first = "@timestamp",
	.last = "@timestamp",
	.newest = true,
	.stream = STREAM_ALERTS,
	.from_store = from_store,
};

static const struct option options[] = {
	QUERY_OPTIONS_SOURCE,
	QUERY_OPTIONS_OUTPUT,
	QUERY_OPTION_ALL("every document of an alert, not only its latest"),
	QUERY_OPTION_FOLLOW,
	QUERY_OPTION_RULES,
	QUERY_OPTION_EXCEPTIONS,
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_alerts = {
	.name = "alerts",
	.arguments = "[FILTER...] [-r FILE | --db FILE]",
	.summary = "what the rules found",
	.details = "Shows each alert once, as its latest document says.\n\n" QUERY_TEXT_DETAILS,
	.examples = "  weir alerts level.gte=high --since 2d\n"
		    "  weir alerts -r plant.pcap -o +technique,+requirement\n"
		    "  weir alerts -f\n"
		    "  weir alerts target=10.0.0.3 -J\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
