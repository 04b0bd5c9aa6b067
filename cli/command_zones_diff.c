/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir zones diff - what crosses between zones in one observation and not in the other. */

#include "capture/base/json.h"
#include "cli/query.h"
#include "cli/zone_judgement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct column columns[] = {
	{ "change", { "change" }, CELL_TEXT, true, 6, "new or gone" },
	{ "what", { "what" }, CELL_TEXT, true, 8, "member or crossing" },
	{ "zone", { "zone" }, CELL_TEXT, true, 0.2, "zone; of a crossing, that of who began" },
	{ "to_zone", { "to_zone" }, CELL_TEXT, true, 0.2, "zone of who was asked" },
	{ "address", { "address" }, CELL_ADDRESS, true, 15, "of a member" },
	{ "protocol", { "protocol" }, CELL_TEXT, true, 12, "of a crossing" },
	{ "operation", { "operation" }, CELL_TEXT, true, 14, "of a crossing" },
};

/* All facts of one side, as lines: sorted, each once. */
struct facts {
	char **lines;
	size_t n, room;
	bool failed;
};

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static void facts_free(struct facts *facts)
{
	for (size_t i = 0; i < facts->n; i++) {
		free(facts->lines[i]);
	}
	free(facts->lines);
}

static void add(struct facts *facts, const char *json, size_t length)
{
	if (facts->n == facts->room) {
		size_t room = facts->room * 2 + 64;
		char **lines = realloc(facts->lines, room * sizeof(*lines));

		if (lines == NULL) {
			facts->failed = true;
			return;
		}
		facts->lines = lines;
		facts->room = room;
	}
	facts->lines[facts->n] = strndup(json, length);
	facts->failed = facts->failed || facts->lines[facts->n] == NULL;
	facts->n += facts->lines[facts->n] != NULL;
}

static const char *name_of(const struct policy_zone *zone)
{
	return zone != NULL ? zone->name : "(none)";
}

static void add_crossing(struct facts *facts, const struct policy *policy,
			 const struct crossing *crossing, unsigned operation, struct buffer *line)
{
	struct policy_question question = crossing_question(crossing, operation);
	const struct policy_zone *from = policy_zone_of(policy, &question.source);
	const struct policy_zone *to = policy_zone_of(policy, &question.destination);
	struct json json;

	if (from == to) {
		return;
	}
	buffer_clear(line);
	json = json_to(line);
	json_object(&json, NULL);
	json_text(&json, "what", "crossing");
	json_text(&json, "zone", name_of(from));
	json_text(&json, "to_zone", name_of(to));
	json_text(&json, "protocol", crossing->protocol != NULL ? crossing->protocol : "unknown");
	json_text(&json, "operation",
		  operation < OPERATIONS ? operation_name((enum operation)operation) : "traffic");
	json_end(&json);
	facts->failed = facts->failed || line->failed;
	add(facts, line->data, line->length);
}

static void add_device(struct facts *facts, const struct policy *policy,
		       const struct observed_end *device, struct buffer *line)
{
	struct json json;

	buffer_clear(line);
	json = json_to(line);
	json_object(&json, NULL);
	json_text(&json, "what", "member");
	json_text(&json, "zone", name_of(policy_zone_of(policy, &device->end)));
	json_text(&json, "address", device->address);
	json_end(&json);
	facts->failed = facts->failed || line->failed;
	add(facts, line->data, line->length);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_unique(struct facts *facts)
{
	size_t kept = 0;

	if (facts->n == 0) {
		return;
	}
	qsort(facts->lines, facts->n, sizeof(char *), by_text);
	for (size_t i = 0; i < facts->n; i++) {
		if (kept > 0 && strcmp(facts->lines[kept - 1], facts->lines[i]) == 0) {
			free(facts->lines[i]);
		} else {
			facts->lines[kept++] = facts->lines[i];
		}
	}
	facts->n = kept;
}

static int read_side(struct facts *facts, const struct policy *policy, const char *path,
		     struct problem *problem)
{
	struct zone_observation observation;
	struct buffer line = { 0 };
	int error = zone_observe_file(&observation, path, problem);

	if (error < 0) {
		return error;
	}
	for (size_t i = 0; i < observation.n_devices; i++) {
		add_device(facts, policy, &observation.devices[i], &line);
	}
	for (size_t i = 0; i < observation.n_crossings; i++) {
		const struct crossing *crossing = &observation.crossings[i];

		if (crossing->operations == 0) {
			add_crossing(facts, policy, crossing, OPERATIONS, &line);
		}
		for (unsigned k = 0; k < OPERATIONS; k++) {
			if ((crossing->operations >> k & 1) != 0) {
				add_crossing(facts, policy, crossing, k, &line);
			}
		}
	}
	zone_observation_free(&observation);
	buffer_free(&line);
	sort_unique(facts);
	return facts->failed ? problem_set(problem, -ENOMEM, "out of memory") : 0;
}

/* The fact as a document, with what became of it. */
static void tell(struct query *query, const char *change, const char *fact)
{
	struct buffer line = { 0 };

	buffer_text(&line, "{\"change\":\"");
	buffer_text(&line, change);
	buffer_text(&line, "\",");
	buffer_text(&line, fact + 1);
	query_handler(query, line.data, line.length);
	buffer_free(&line);
}

static void compare(struct query *query, const struct facts *old, const struct facts *new)
{
	size_t i = 0, k = 0;

	while (i < old->n || k < new->n) {
		int order = i == old->n   ? 1
			    : k == new->n ? -1
					  : strcmp(old->lines[i], new->lines[k]);

		if (order < 0) {
			tell(query, "gone", old->lines[i++]);
		} else if (order > 0) {
			tell(query, "new", new->lines[k++]);
		} else {
			i++;
			k++;
		}
	}
}

static int from_program(struct query *query, struct problem *problem)
{
	struct facts sides[2] = { { .n = 0 }, { .n = 0 } };
	struct policy *policy = NULL;
	int error = policy_read(&policy, query_operand(query, 0), print_mistake, NULL, problem);

	for (size_t i = 0; error == 0 && i < ARRAY_SIZE(sides); i++) {
		error = read_side(&sides[i], policy, query_operand(query, i + 1), problem);
	}
	if (error == 0) {
		compare(query, &sides[0], &sides[1]);
	}
	facts_free(&sides[0]);
	facts_free(&sides[1]);
	policy_free(policy);
	return error;
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.n_operands = 3,
	.operands = "a policy file and two captures or databases: FILE OLD NEW",
	.from_program = from_program,
};

static const struct option options[] = { QUERY_OPTIONS_OUTPUT };

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_zones_diff = {
	.name = "zones diff",
	.arguments = "FILE OLD NEW [FILTER...]",
	.summary = "members and crossings that came or went between two observations",
	.details =
	    "FILE is a policy, which says what the zones are; OLD and NEW are captures, folders\n"
	    "of captures or databases.\n\n" QUERY_FILTER_DETAILS,
	.examples = "  weir zones diff plant.yaml monday.pcap today.pcap\n"
		    "  weir zones diff plant.yaml last-year.db weir.db change=new what=crossing\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
