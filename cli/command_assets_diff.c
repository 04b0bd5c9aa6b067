/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir assets diff - what is new, gone or changed between two captures or databases. */

#include "cli/asset_diff.h"
#include "cli/known.h"
#include "cli/log.h"

#include <errno.h>

static const struct column columns[] = {
	{ "change", { "weir.diff.change" }, CELL_TEXT, true, 7, "new, gone, changed" },
	{ "name", { "host.name" }, CELL_TEXT, true, 0.12, "name" },
	{ "ip", { "host.ip", "host.mac" }, CELL_ADDRESS, true, 7, "addresses" },
	{ "what",
	  { "weir.diff.what" },
	  CELL_TEXT,
	  true,
	  10,
	  "which column of weir assets; or a slot, a unit, an outstation" },
	{ "old", { "weir.diff.old" }, CELL_TEXT, true, 0.25, "as it was; what is gone" },
	{ "new", { "weir.diff.new" }, CELL_TEXT, true, 0.25, "as it is; what has come" },
	{ "mac", { "host.mac" }, CELL_ADDRESS, false, 17, "link addresses" },
	{ "joined",
	  { "weir.diff.joined_by" },
	  CELL_TEXT,
	  false,
	  8,
	  "how the two were found to be one asset" },
	{ "id", { "weir.asset.id" }, CELL_TEXT, false, 16, "stable id" },
};

/* Reads a capture or a database, whichever the file is. */
static int side_read(struct diff_side **out, const char *path, struct problem *problem)
{
	const struct log_sink log = log_to_stderr(false);
	struct known *known = NULL;
	int error = known_open_path(&known, path, &log, problem);

	if (error == 0) {
		error = diff_side_new(out);
	}
	if (error == 0) {
		inventory_assets(known_inventory(known), diff_side_add, *out);
	}
	known_close(known);
	return error < 0 ? problem_set(problem, error, "out of memory") : 0;
}

static int from_program(struct query *query, struct problem *problem)
{
	struct diff_side *sides[2] = { NULL, NULL };
	int error = 0;

	for (size_t i = 0; error == 0 && i < ARRAY_SIZE(sides); i++) {
		error = side_read(&sides[i], query_operand(query, i), problem);
	}
	if (error == 0) {
		error = diff_sides(sides[0], sides[1], query_all(query), query_handler, query);
	}
	diff_side_free(sides[0]);
	diff_side_free(sides[1]);
	return error < 0 ? problem_set(problem, error, "out of memory") : 0;
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.n_operands = 2,
	.operands = "two captures or databases: OLD NEW",
	.from_program = from_program,
};

static const struct option options[] = {
	QUERY_OPTIONS_OUTPUT,
	QUERY_OPTION_ALL("what only one of the two says about an asset, too"),
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_assets_diff = {
	.name = "assets diff",
	.arguments = "OLD NEW [FILTER...]",
	.summary = "what is new, gone or changed between two captures or databases",
	.details =
	    "OLD and NEW are captures, folders of captures or databases; which, is told by "
	    "content.\n"
	    "An asset of one is that of the other by id, else by serial number, MAC or IP "
	    "address.\n"
	    "What only one of them says about an asset is left out without -a: it may just not "
	    "have\n"
	    "been said. Ends with 0, whether there are differences or not.\n\n" QUERY_TEXT_DETAILS,
	.examples = "  weir assets diff monday.pcap today.pcap\n"
		    "  weir assets diff last-year.db /var/lib/weir/weir.db what=firmware,order\n"
		    "  weir assets diff before.pcap after.pcap change=new -J\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
