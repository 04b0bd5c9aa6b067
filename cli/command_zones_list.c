/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir zones list - the zones and conduits of a policy file. */

#include "capture/base/json.h"
#include "cli/query.h"
#include "rules/policy.h"

#include <errno.h>

static const struct column columns[] = {
	{ "kind", { "kind" }, CELL_TEXT, true, 7, "zone or conduit" },
	{ "name", { "name" }, CELL_TEXT, true, 0.2, "name" },
	{ "level", { "level" }, CELL_TEXT, true, 5, "Purdue level of a zone" },
	{ "within", { "within" }, CELL_TEXT, true, 0.1, "the zone around it" },
	{ "sl_t", { "sl_t" }, CELL_TEXT, true, 13, "target security levels of FR 1 to FR 7" },
	{ "from", { "from" }, CELL_LIST, true, 0.15, "zones that begin" },
	{ "to", { "to" }, CELL_LIST, true, 0.15, "zones that are asked" },
	{ "protocols", { "protocols" }, CELL_LIST, true, 0.15, "protocols; none: any" },
	{ "operations", { "operations" }, CELL_LIST, false, 0.15, "operations; none: any" },
	{ "initiator", { "initiator" }, CELL_TEXT, false, 9, "from, or any" },
	{ "owner", { "owner" }, CELL_TEXT, true, 0.1, "who answers for it" },
	{ "ticket", { "ticket" }, CELL_TEXT, false, 0.1, "ticket" },
	{ "expires", { "expires" }, CELL_TIME, false, 19, "valid until" },
	{ "line", { "line" }, CELL_NUMBER, false, 5, "where it stands" },
};

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static void zone_document(struct buffer *out, const struct policy_zone *zone)
{
	struct json json = json_to(out);
	char text[32];

	json_object(&json, NULL);
	json_text(&json, "kind", "zone");
	json_text(&json, "name", zone->name);
	if (zone->level != NULL) {
		json_text(&json, "level", zone->level);
	}
	if (zone->within != NULL) {
		json_text(&json, "within", zone->within->name);
	}
	if (zone->has_sl_t) {
		snprintf(text, sizeof(text), "%u %u %u %u %u %u %u", zone->sl_t[0], zone->sl_t[1],
			 zone->sl_t[2], zone->sl_t[3], zone->sl_t[4], zone->sl_t[5], zone->sl_t[6]);
		json_text(&json, "sl_t", text);
	}
	json_uint(&json, "line", zone->line);
	json_end(&json);
}

static void put_ends(struct json *json, const char *key, const struct policy_zone *const *zones,
		     size_t n)
{
	json_array(json, key);
	for (size_t i = 0; i < n; i++) {
		json_text(json, NULL, zones[i]->name);
	}
	json_end(json);
}

static void put_operations(struct json *json, uint32_t operations)
{
	if (operations == UINT32_MAX) {
		return;
	}
	json_array(json, "operations");
	for (unsigned i = 0; i < OPERATIONS; i++) {
		if ((operations >> i & 1) != 0) {
			json_text(json, NULL, operation_name((enum operation)i));
		}
	}
	json_end(json);
}

static void conduit_document(struct buffer *out, const struct policy_conduit *conduit)
{
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_text(&json, "kind", "conduit");
	json_text(&json, "name", conduit->name);
	put_ends(&json, "from", conduit->from, conduit->n_from);
	put_ends(&json, "to", conduit->to, conduit->n_to);
	json_array(&json, "protocols");
	for (size_t i = 0; i < conduit->n_protocols; i++) {
		json_text(&json, NULL, conduit->protocols[i]);
	}
	json_end(&json);
	put_operations(&json, conduit->operations);
	json_text(&json, "initiator", conduit->any_initiator ? "any" : "from");
	if (conduit->owner != NULL) {
		json_text(&json, "owner", conduit->owner);
	}
	if (conduit->ticket != NULL) {
		json_text(&json, "ticket", conduit->ticket);
	}
	if (conduit->expires != TIME_NONE) {
		json_time(&json, "expires", conduit->expires);
	}
	json_uint(&json, "line", conduit->line);
	json_end(&json);
}

static int from_program(struct query *query, struct problem *problem)
{
	struct policy *policy = NULL;
	struct buffer line = { 0 };
	int error = policy_read(&policy, query_operand(query, 0), print_mistake, NULL, problem);

	for (size_t i = 0; error == 0 && i < policy_zones(policy); i++) {
		buffer_clear(&line);
		zone_document(&line, policy_zone(policy, i));
		query_handler(query, line.data, line.length);
	}
	for (size_t i = 0; error == 0 && i < policy_conduits(policy); i++) {
		buffer_clear(&line);
		conduit_document(&line, policy_conduit(policy, i));
		query_handler(query, line.data, line.length);
	}
	if (error == 0 && line.failed) {
		error = problem_set(problem, -ENOMEM, "out of memory");
	}
	buffer_free(&line);
	policy_free(policy);
	return error;
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.bare = "name",
	.n_operands = 1,
	.operands = "a policy file",
	.from_program = from_program,
};

static const struct option options[] = { QUERY_OPTIONS_OUTPUT };

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_zones_list = {
	.name = "zones list",
	.arguments = "FILE [FILTER...]",
	.summary = "the zones and conduits of a policy file",
	.details = "A bare word means that the name contains it.\n\n" QUERY_FILTER_DETAILS,
	.examples = "  weir zones list plant.yaml\n"
		    "  weir zones list plant.yaml kind=conduit -o +operations,+expires\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
