/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/conversation_columns.h"
#include "cli/known.h"
#include "cli/topology.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NODES_DEFAULT 200 /* without -n: more is no picture any more */

enum format { FORMAT_TEXT, FORMAT_DOT, FORMAT_SVG, FORMAT_JSON, FORMATS };

static const char *const format_names[FORMATS] = {
	[FORMAT_TEXT] = "text",
	[FORMAT_DOT] = "dot",
	[FORMAT_SVG] = "svg",
	[FORMAT_JSON] = "json",
};

static enum format format_of(const struct query_values *values)
{
	enum format format = FORMAT_TEXT;

	while (values->format != NULL && format < FORMATS &&
	       strcmp(format_names[format], values->format) != 0) {
		format++;
	}
	return format;
}

/* ---- in ---- */

static int begin(struct query *query, struct problem *problem)
{
	struct query_values *values = query_values(query);

	if (format_of(values) == FORMATS) {
		return problem_set(problem, -EINVAL, "--format wants text, dot, svg or json");
	}
	values->gathered = calloc(1, sizeof(struct topology));
	return values->gathered != NULL ? 0 : problem_set(problem, -ENOMEM, "out of memory");
}

static void end(struct query *query)
{
	struct query_values *values = query_values(query);

	topology_free(values->gathered);
	free(values->gathered);
	values->gathered = NULL;
}

static void take_asset(void *context, const char *json, size_t length)
{
	struct query *query = context;
	struct tree *document = NULL;

	if (tree_read(&document, json, length) == 0) {
		topology_asset(query_values(query)->gathered, document);
		tree_free(document);
	}
}

static void take_conversation(void *context, const char *json, size_t length)
{
	struct query *query = context;
	struct tree *document = NULL;

	if (tree_read(&document, json, length) == 0) {
		if (query_wants(query, document)) {
			topology_conversation(query_values(query)->gathered, document);
		}
		tree_free(document);
	}
}

static void gather(const struct inventory *inventory, inventory_document *handler, void *context)
{
	(void)handler;
	inventory_assets(inventory, take_asset, context);
	inventory_conversations(inventory, take_conversation, context);
}

static void from_replay(struct query *query, struct replay *replay)
{
	gather(analysis_inventory(replay->analysis), NULL, query);
}

static int from_store(struct query *query, struct store *store)
{
	return known_from_store(query, store, gather);
}

/* ---- out ---- */

static int write_topology(FILE *out, const struct topology *topology, enum format format,
			  struct problem *problem)
{
	static void (*const writers[FORMATS])(struct buffer *, const struct topology *) = {
		[FORMAT_TEXT] = topology_text,
		[FORMAT_DOT] = topology_dot,
		[FORMAT_SVG] = topology_dot,
		[FORMAT_JSON] = topology_json,
	};
	struct buffer text = { .data = NULL };
	int error = 0;

	writers[format](&text, topology);
	if (text.failed || topology->out_of_memory) {
		error = problem_set(problem, -ENOMEM, "out of memory");
	} else if (format == FORMAT_SVG) {
		error = topology_svg(out, text.data, problem);
	} else if (fwrite(text.data, 1, text.length, out) != text.length) {
		error = problem_set(problem, -EIO, "cannot write the topology");
	}
	buffer_free(&text);
	return error;
}

/* Into the file of -o, or standard output. */
static int show(struct query *query, struct problem *problem)
{
	const struct query_values *values = query_values(query);
	struct topology *topology = values->gathered;
	const struct topology_choice choice = {
		.limit = values->limit == LIMIT_UNSET ? NODES_DEFAULT : values->limit,
		.ghosts = values->all,
		.lonely = !query_is_filtered(query),
	};
	FILE *out = values->output != NULL ? fopen(values->output, "w") : stdout;
	int error;

	if (out == NULL) {
		return problem_set(problem, -errno, "cannot write %s: %s", values->output,
				   strerror(errno));
	}
	topology_choose(topology, &choice);
	error = write_topology(out, topology, format_of(values), problem);
	if (values->output != NULL && fclose(out) != 0 && error == 0) {
		error = problem_set(problem, -errno, "cannot write %s: %s", values->output,
				    strerror(errno));
	}
	if (error == 0 && topology->left_out > 0) {
		fprintf(stderr,
			"weir: %zu devices with less traffic are not shown; -n 0 shows all\n",
			topology->left_out);
	}
	return error;
}

static const struct noun noun = {
	.columns = conversation_columns,
	.n_columns = CONVERSATION_COLUMNS,
	.first = "event.start",
	.last = "event.end",
	.from_replay = from_replay,
	.from_store = from_store,
	.begin = begin,
	.show = show,
	.end = end,
};

static const struct option options[] = {
	QUERY_OPTIONS_SOURCE,
	{ 0, "format", "FORMAT", OPTION_TEXT, offsetof(struct query_values, format),
	  "text (default), dot (Graphviz), svg or json" },
	{ 'o', "output", "FILE", OPTION_TEXT, offsetof(struct query_values, output),
	  "write to this file" },
	{ 'n', "limit", "N", OPTION_NUMBER, offsetof(struct query_values, limit),
	  "at most N devices, those with the most traffic (default 200; 0: all)" },
	QUERY_OPTION_ALL("addresses that were asked for and never heard, too"),
};

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_topology = {
	.name = "topology",
	.arguments = "[--format FORMAT] [FILTER...] [-r FILE | --db FILE] [-o FILE]",
	.summary = "the network as a picture, by level and zone",
	.details = "Devices by Purdue level, the highest at the top; lines are what one asks of "
		   "another.\n"
		   "Filters choose conversations; only devices that take part in them are "
		   "shown.\n\n" QUERY_FILTER_DETAILS,
	.examples =
	    "  weir topology -r plant.pcap\n"
	    "  weir topology --format svg -o plant.svg\n"
	    "  weir topology --format dot operation=write,program_download | dot -Tpdf >w.pdf\n"
	    "  weir topology --format json | jq .edges\n",
	.columns = conversation_columns,
	.n_columns = CONVERSATION_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
