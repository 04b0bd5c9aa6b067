/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir zones check - the mistakes of a policy file, and what a capture or database shows against
 * it. */

#include "cli/known.h"
#include "cli/zone_judgement.h"

#include <errno.h>
#include <stdio.h>

static const struct column columns[] = {
	{ "violation",
	  { "violation" },
	  CELL_TEXT,
	  true,
	  21,
	  "undeclared_conduit, protocol_not_allowed, operation_not_allowed, wrong_initiator, "
	  "expired_conduit, outside_time, no_zone, level_skip, ot_to_internet, internet_to_ot, "
	  "unused_conduit" },
	{ "from", { "source" }, CELL_ADDRESS, true, 15, "who began" },
	{ "zone", { "source_zone" }, CELL_TEXT, true, 0.15, "its zone" },
	{ "to", { "destination" }, CELL_ADDRESS, true, 15, "who was asked" },
	{ "to_zone", { "destination_zone" }, CELL_TEXT, true, 0.15, "its zone" },
	{ "protocol", { "protocol" }, CELL_TEXT, true, 12, "protocol" },
	{ "operation", { "operation" }, CELL_TEXT, true, 12, "operation; none: mere traffic" },
	{ "conduit", { "conduit" }, CELL_TEXT, true, 0.15, "that comes nearest" },
	{ "first", { "first" }, CELL_TIME, false, 19, "first seen" },
	{ "last", { "last" }, CELL_TIME, false, 19, "last seen" },
};

/* The check under way: the policy was read before any capture is. */
static struct {
	struct policy *policy;
	struct zone_judgement found;
} checking;

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static void judge(struct query *query, const struct inventory *inventory)
{
	struct zone_observation observation;

	if (zone_observe(&observation, inventory) < 0) {
		checking.found.failed = true;
		return;
	}
	checking.found = zone_judge(checking.policy, &observation, query_handler, query);
	zone_observation_free(&observation);
}

static void from_replay(struct query *query, struct replay *replay)
{
	judge(query, analysis_inventory(replay->analysis));
}

static void from_inventory(const struct inventory *inventory, inventory_document *handler,
			   void *context)
{
	(void)handler;
	judge(context, inventory);
}

static int from_store(struct query *query, struct store *store)
{
	return known_from_store(query, store, from_inventory);
}

/* The file alone, which was read already. */
static int from_program(struct query *query, struct problem *problem)
{
	(void)problem;
	fprintf(stderr, "%s: %zu zones, %zu conduits, %s by default\n", query_operand(query, 0),
		policy_zones(checking.policy), policy_conduits(checking.policy),
		policy_denies(checking.policy) ? "deny" : "report");
	return 0;
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.n_operands = 1,
	.operands = "a policy file",
	.from_replay = from_replay,
	.from_store = from_store,
	.from_program = from_program,
};

static const struct option options[] = {
	QUERY_OPTION_READ,
	QUERY_OPTION_DATABASE,
	QUERY_OPTIONS_OUTPUT,
};

static int check(const struct command *command, const struct query_values *values,
		 const struct text_list *terms)
{
	struct problem problem = { "" };
	int exit_code, error = 0;

	if (terms->n > 0) {
		error =
		    policy_read(&checking.policy, terms->items[0], print_mistake, NULL, &problem);
	}
	if (error < 0) {
		return command_failed(error == -EINVAL ? EXIT_USAGE : exit_code_of(error),
				      problem.text);
	}
	exit_code = query_write(command, &noun, values, terms, NULL, NULL);
	checking.policy = policy_free(checking.policy);
	if (exit_code == EXIT_FINE && checking.found.failed) {
		return command_failed(EXIT_FAILED, "out of memory");
	}
	return exit_code == EXIT_FINE && checking.found.violations > 0 ? EXIT_FAILED : exit_code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct query_values values = { .limit = LIMIT_UNSET };
	struct text_list terms = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &terms, &exit_code)) {
		return exit_code;
	}
	exit_code = check(command, &values, &terms);
	options_end(command->options, command->n_options, &values, &terms);
	return exit_code;
}

const struct command command_zones_check = {
	.name = "zones check",
	.arguments = "FILE [FILTER...] [-r CAPTURE | --db DB]",
	.summary = "tell the mistakes of a policy, and what is seen against it",
	.details =
	    "Without -r and --db only the file is read. With one of them: what it does not allow,\n"
	    "addresses in no zone, and conduits that nothing used. Ends with 2 when the file has\n"
	    "mistakes and with 1 when something is not allowed; an unused conduit is no failure.\n"
	    "\n" QUERY_FILTER_DETAILS,
	.examples = "  weir zones check plant.yaml\n"
		    "  weir zones check plant.yaml -r monday.pcap\n"
		    "  weir zones check plant.yaml --db /var/lib/weir/weir.db violation=no_zone\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
