/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/json.h"
#include "cli/query.h"
#include "dissectors/dissector.h"

#include <errno.h>

static const struct column columns[] = {
	{ "name", { "name" }, CELL_TEXT, true, 0.1, "network.protocol" },
	{ "title", { "title" }, CELL_TEXT, true, 0.4, "full name and standard" },
	{ "over", { "over" }, CELL_TEXT, true, 0.4, "what it rides on; ports are hints" },
	{ "fields", { "fields" }, CELL_NUMBER, true, 6, "fields of its own" },
};

static const char *const layer_words[] = {
	[OVER_ETHERTYPE] = "ethertype",
	[OVER_LLC] = "llc",
	[OVER_IP_PROTOCOL] = "ip",
	[OVER_TCP] = "tcp",
	[OVER_UDP] = "udp",
	[OVER_PARENT] = "",
};

static void over_text(struct json *json, const struct over *over)
{
	const char *below = over->layer == OVER_PARENT ? over->parent : layer_words[over->layer];
	bool hexadecimal = over->layer == OVER_ETHERTYPE || over->layer == OVER_LLC;
	bool any = (over->layer == OVER_TCP || over->layer == OVER_UDP) && over->value == 0;
	char text[64];

	snprintf(text, sizeof(text),
		 any           ? "%s any port"
		 : hexadecimal ? "%s 0x%04x"
			       : "%s %u",
		 below, over->value);
	json_text(json, NULL, text);
}

static void protocol_document(struct buffer *out, const struct dissector *dissector)
{
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_text(&json, "name", dissector->name);
	json_text(&json, "title", dissector->title);
	json_array(&json, "over");
	for (size_t i = 0; i < dissector->n_over; i++) {
		over_text(&json, &dissector->over[i]);
	}
	json_end(&json);
	json_uint(&json, "fields", dissector->n_fields);
	json_end(&json);
}

static int from_program(struct query *query, struct problem *problem)
{
	struct buffer line = { 0 };
	bool more = true;

	for (size_t i = 0; more && i < dissector_count(); i++) {
		buffer_clear(&line);
		protocol_document(&line, dissector_at(i));
		more = !line.failed && query_document(query, line.data, line.length);
	}
	int error = line.failed ? problem_set(problem, -ENOMEM, "out of memory") : 0;
	buffer_free(&line);
	return error;
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.bare = "name",
	.from_program = from_program,
};

static const struct option options[] = { QUERY_OPTIONS_OUTPUT };

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_protocols = {
	.name = "protocols",
	.arguments = "[NAME-PART] [FILTER...]",
	.summary = "the protocols that Weir understands",
	.details = NULL,
	.examples = "  weir protocols\n"
		    "  weir protocols -J\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
