/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/cell.h"
#include "cli/command.h"
#include "cli/config.h"
#include "cli/listing.h"
#include "cli/log.h"
#include "cli/socket.h"
#include "cli/tree.h"
#include "cli/when.h"

#include <errno.h>
#include <string.h>

struct status_values {
	const char *socket;
	bool json;
};

static const struct option options[] = {
	{ 0, "socket", "FILE", OPTION_TEXT, offsetof(struct status_values, socket),
	  "socket of the sensor (default: that of the configuration)" },
	{ 'J', "json", NULL, OPTION_FLAG, offsetof(struct status_values, json),
	  "the answer itself, one JSON object" },
};

static const struct column port_columns[] = {
	{ "interface", { "name" }, CELL_TEXT, true, 0.2, "interface" },
	{ "domain", { "domain" }, CELL_NUMBER, true, 6, "address space" },
	{ "packets", { "packets" }, CELL_NUMBER, true, 10, "packets" },
	{ "rate", { "packets_per_second" }, CELL_NUMBER, true, 8, "packets a second" },
	{ "lost", { "dropped_kernel" }, CELL_NUMBER, true, 8, "lost: buffer full" },
	{ "lost_adapter", { "dropped_interface" }, CELL_NUMBER, true, 8, "lost: adapter" },
	{ "duplicates", { "duplicates" }, CELL_NUMBER, true, 8, "seen twice, left out" },
	{ "both_ways",
	  { "both_directions_percent" },
	  CELL_NUMBER,
	  true,
	  8,
	  "percent of TCP conversations that are seen in both directions" },
	{ "vlans", { "vlans" }, CELL_TEXT, true, 0.2, "VLAN ids" },
};

struct port_rows {
	struct listing *listing;
	int error;
};

static void print_port(void *context, const char *key, const struct tree *port)
{
	struct port_rows *rows = context;

	(void)key;
	if (rows->error == 0) {
		rows->error = listing_add(rows->listing, port);
	}
}

static void print_protocol(void *context, const char *key, const struct tree *protocol)
{
	const char *const *label = context;

	printf("%-12s %s: %.0f messages, %.0f malformed, %.0f unknown, %.0f bytes not seen\n",
	       *label, key, tree_number(protocol, "messages"), tree_number(protocol, "malformed"),
	       tree_number(protocol, "unknown"), tree_number(protocol, "gap_bytes"));
}

static const char *text_or_dash(const struct tree *status, const char *path)
{
	const char *text = tree_text(status, path);

	return text != NULL ? text : "-";
}

static int print_ports(const struct tree *status)
{
	const struct column *columns[ARRAY_SIZE(port_columns)];
	struct port_rows rows = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(port_columns); i++) {
		columns[i] = &port_columns[i];
	}
	rows.error = listing_new(&rows.listing, columns, ARRAY_SIZE(port_columns), stdout);
	if (rows.error == 0) {
		tree_members(status, "interfaces", print_port, &rows);
	}
	if (rows.error == 0) {
		rows.error = listing_print(rows.listing);
	}
	listing_free(rows.listing);
	return rows.error;
}

static void print_baseline(const struct tree *status)
{
	const char *until = tree_text(status, "baseline.until");
	char text[TIME_TEXT_SIZE] = "";
	int64_t time;

	printf("baseline     %s", text_or_dash(status, "baseline.state"));
	if (until != NULL && when_parse_iso(until, &time) == 0) {
		printf(" until %s", time_text_local(time, text));
	}
	printf(", %.0f lines, %.0f findings since the start\n",
	       tree_number(status, "baseline.lines"), tree_number(status, "baseline.findings"));
}

static void print_evidence(const struct tree *status)
{
	char bytes[32];

	if (!tree_true(status, "evidence.kept")) {
		printf("evidence     no packets of alerts are kept\n");
		return;
	}
	printf("evidence     packets of %.0f alerts kept (%s), of %.0f missed\n",
	       tree_number(status, "evidence.files"),
	       text_of_bytes((uint64_t)tree_number(status, "evidence.bytes"), bytes, sizeof(bytes)),
	       tree_number(status, "evidence.missed") + tree_number(status, "evidence.failed"));
}

static void print_output(void *context, const char *key, const struct tree *output)
{
	const char *error = tree_text(output, "error");

	(void)context;
	(void)key;
	printf("output       %s: %.0f sent, number %.0f, %.0f missing, %.0f rejected%s%s\n",
	       text_or_dash(output, "name"), tree_number(output, "sent"),
	       tree_number(output, "sequence"), tree_number(output, "missing"),
	       tree_number(output, "rejected"), error != NULL ? "; failing: " : "",
	       error != NULL ? error : "");
}

static int print_status(const struct tree *status)
{
	static const char *const levels[] = { "critical", "high", "medium", "low",
					      "informational" };
	const char *label = "protocol";
	char started[TIME_TEXT_SIZE] = "-", path[64], bytes[32];
	int64_t time;

	if (when_parse_iso(text_or_dash(status, "started"), &time) == 0) {
		time_text_local(time, started);
	}
	printf("sensor       %s, weir %s, since %s\n", text_or_dash(status, "sensor"),
	       text_or_dash(status, "version"), started);
	printf("mirror       %s\n", text_or_dash(status, "mirror"));
	printf("packets      %.0f (%s), %.0f duplicates left out\n", tree_number(status, "packets"),
	       text_of_bytes((uint64_t)tree_number(status, "bytes"), bytes, sizeof(bytes)),
	       tree_number(status, "duplicates"));
	printf("flows        %.0f, %.1f %% of TCP seen in both directions\n",
	       tree_number(status, "flows"), tree_number(status, "tcp_both_directions_percent"));
	printf("blind        %.0f intervals, %.0f bytes\n", tree_number(status, "blind.intervals"),
	       tree_number(status, "blind.bytes"));
	printf("inventory    %.0f assets, %.0f conversations\n", tree_number(status, "assets"),
	       tree_number(status, "conversations"));
	printf("alerts      ");
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		snprintf(path, sizeof(path), "alerts.%s", levels[i]);
		printf("%s %.0f %s", i > 0 ? "," : "", tree_number(status, path), levels[i]);
	}
	printf(", %.0f hits held back by exceptions\n", tree_number(status, "alerts_held"));
	print_baseline(status);
	print_evidence(status);
	tree_members(status, "outputs", print_output, NULL);
	tree_members(status, "protocols", print_protocol, &label);
	printf("\n");
	return print_ports(status);
}

static int status_show(const char *path, bool json)
{
	struct buffer answer = { 0 };
	struct problem problem = { "" };
	struct tree *status = NULL;
	int error = socket_ask(path, "{\"command\":\"status\"}\n", &answer, &problem);

	if (error == 0 && json) {
		fwrite(answer.data, 1, answer.length, stdout);
	} else if (error == 0 && (error = tree_read(&status, answer.data, answer.length)) == 0) {
		error = print_status(status);
	}
	tree_free(status);
	buffer_free(&answer);
	if (error < 0) {
		problem_set(&problem, error, "the answer of the sensor makes no sense");
		return command_failed(EXIT_FAILED, problem.text);
	}
	return EXIT_FINE;
}

static void first_mistake(void *context, const char *text)
{
	problem_set(context, -EINVAL, "%s", text);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct config config = config_defaults();
	struct status_values values = { 0 };
	struct text_list rest = { 0 };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	if (rest.n > 0) {
		exit_code = command_misused(command, "takes no argument '%s'", rest.items[0]);
	} else if (config_read(&config, CONFIG_PATH, first_mistake, &problem, &problem) ==
		   -EINVAL) {
		exit_code = command_failed(EXIT_USAGE, problem.text);
	} else {
		exit_code = status_show(values.socket != NULL ? values.socket : config.run.socket,
					values.json);
	}
	options_end(options, ARRAY_SIZE(options), &values, &rest);
	return exit_code;
}

const struct command command_status = {
	.name = "status",
	.arguments = "",
	.summary = "how the running sensor is",
	.details =
	    "Asks the running sensor: packets and losses of each interface, whether the mirror\n"
	    "looks complete, VLANs, duplicates, protocols, alerts.\n",
	.examples = "  weir status\n"
		    "  weir status -J | jq .interfaces\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
