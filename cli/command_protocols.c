/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/json.h"
#include "cli/query.h"
#include "cli/summary.h"
#include "dissectors/dissector.h"

#include <errno.h>

static const struct column columns[] = {
	{ "name", { "name" }, CELL_TEXT, true, 0.1, "network.protocol" },
	{ "title", { "title" }, CELL_TEXT, true, 0.4, "full name and standard" },
	{ "over", { "over" }, CELL_TEXT, true, 0.4, "what it rides on; ports are hints" },
	{ "fields", { "fields" }, CELL_NUMBER, true, 6, "fields of its own" },
	{ "messages", { "messages" }, CELL_NUMBER, false, 8, "with -r: messages seen" },
	{ "decoded", { "decoded" }, CELL_NUMBER, false, 8, "wholly understood" },
	{ "unknown", { "unknown" }, CELL_NUMBER, false, 7, "with a code that nobody described" },
	{ "malformed", { "malformed" }, CELL_NUMBER, false, 9, "that contradict their standard" },
	{ "gap", { "gap_bytes" }, CELL_NUMBER, false, 8, "bytes that the capture lacks" },
	{ "encrypted", { "encrypted" }, CELL_NUMBER, false, 9, "that cannot be read" },
	{ "readable",
	  { "readable_percent" },
	  CELL_NUMBER,
	  false,
	  8,
	  "percent, when any is encrypted" },
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

/* pipeline: what of it was seen, or NULL. */
static void protocol_document(struct buffer *out, size_t i,
			      const struct pipeline_counters *pipeline)
{
	const struct dissector *dissector = dissector_at(i);
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_text(&json, "name", dissector->name);
	json_text(&json, "title", dissector->title);
	json_array(&json, "over");
	for (size_t k = 0; k < dissector->n_over; k++) {
		over_text(&json, &dissector->over[k]);
	}
	json_end(&json);
	json_uint(&json, "fields", dissector->n_fields);
	if (pipeline != NULL) {
		summary_protocol(&json, pipeline, i);
	}
	json_end(&json);
}

static int from_program(struct query *query, struct problem *problem)
{
	struct buffer line = { 0 };
	bool more = true;

	for (size_t i = 0; more && i < dissector_count(); i++) {
		buffer_clear(&line);
		protocol_document(&line, i, NULL);
		more = !line.failed && query_document(query, line.data, line.length);
	}
	int error = line.failed ? problem_set(problem, -ENOMEM, "out of memory") : 0;
	buffer_free(&line);
	return error;
}

/* Those that were seen in the captures, with how far they were understood. */
static void from_replay(struct query *query, struct replay *replay)
{
	struct buffer line = { 0 };

	for (size_t i = 0; i < dissector_count(); i++) {
		if (summary_protocol_seen(&replay->counters.engine.protocols[i])) {
			buffer_clear(&line);
			protocol_document(&line, i, &replay->counters);
			query_handler(query, line.data, line.length);
		}
	}
	buffer_free(&line);
}

static const struct noun noun = {
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.bare = "name",
	.replay_columns = "name,messages,decoded,unknown,malformed,gap,encrypted,readable",
	.from_program = from_program,
	.from_replay = from_replay,
};

static const struct option options[] = { QUERY_OPTION_READ, QUERY_OPTIONS_OUTPUT };

static int run(const struct command *command, int argc, char **argv)
{
	return query_command(command, &noun, argc, argv);
}

const struct command command_protocols = {
	.name = "protocols",
	.arguments = "[NAME-PART] [FILTER...] [-r FILE]",
	.summary = "the protocols that Weir understands, and how far",
	.details =
	    "With -r: those that the capture holds, with how many messages were understood,\n"
	    "unknown, malformed, encrypted, and how many bytes are missing. Of a running sensor\n"
	    "`weir status` says the same.\n",
	.examples =
	    "  weir protocols\n"
	    "  weir protocols -r plant.pcap -o name,messages,decoded,unknown,malformed,gap\n"
	    "  weir protocols -J\n",
	.columns = columns,
	.n_columns = ARRAY_SIZE(columns),
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
