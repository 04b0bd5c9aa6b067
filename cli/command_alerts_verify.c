/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir alerts verify - whether the journal of alerts is as it was written. */

#include "cli/command.h"
#include "cli/config.h"
#include "cli/log.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct verify_values {
	const char *database;
};

static const struct option options[] = {
	{ 0, "db", "FILE", OPTION_TEXT, offsetof(struct verify_values, database),
	  "database (default: that of the configuration)" },
};

/* A row as its hash was told elsewhere, such as in an hourly document of the sensor. */
struct anchor {
	uint64_t sequence;
	const char *hash;
};

static bool read_anchor(const struct text_list *rest, struct anchor *out)
{
	char *end;

	if (rest->n == 0) {
		return true;
	}
	if (rest->n != 2) {
		return false;
	}
	out->sequence = strtoull(rest->items[0], &end, 10);
	out->hash = rest->items[1];
	return *end == '\0' && out->sequence > 0 && strlen(out->hash) == 64;
}

static int compare(struct store *store, const char *path, const struct anchor *anchor,
		   struct problem *problem)
{
	char hash[65];

	if (store_journal_row_hash(store, anchor->sequence, hash) == 0) {
		return problem_set(problem, -EBADMSG, "%s: row %" PRIu64 " is missing", path,
				   anchor->sequence);
	}
	if (strcasecmp(hash, anchor->hash) != 0) {
		return problem_set(problem, -EBADMSG,
				   "%s: row %" PRIu64
				   " has the hash %s: it, or a row before it, is "
				   "another one than when that was told",
				   path, anchor->sequence, hash);
	}
	printf("%s: row %" PRIu64 " is the one that was told\n", path, anchor->sequence);
	return 0;
}

static int verify(const char *path, const struct anchor *anchor, struct problem *problem)
{
	const struct log_sink log = log_to_stderr(false);
	struct store_options stored = store_defaults();
	struct store *store = NULL;
	uint64_t sequence = 0;
	char hash[65];
	int error;

	stored.path = path;
	stored.read_only = true;
	stored.log = &log;
	error = store_open(&store, &stored, problem);
	if (error == 0 && store_verify_journal(store, &sequence, problem) != 0) {
		error = -EBADMSG;
	}
	if (error == 0) {
		sequence = store_journal_row_hash(store, 0, hash);
		printf("%s: %" PRIu64 " rows, the chain is whole%s%s\n", path, sequence,
		       sequence > 0 ? "; the last one has the hash " : "",
		       sequence > 0 ? hash : "");
		error = anchor->sequence > 0 ? compare(store, path, anchor, problem) : 0;
	}
	store_close(store, NULL);
	return error;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct verify_values values = { .database = NULL };
	char path[CONFIG_TEXT_MAX] = "";
	struct text_list rest = { 0 };
	struct anchor anchor = { 0, NULL };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE, error = 0;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	if (values.database == NULL) {
		error = config_database(path, &problem);
	}
	if (error < 0) {
		exit_code = command_misused(command, "%s", problem.text);
	} else if (!read_anchor(&rest, &anchor)) {
		exit_code =
		    command_misused(command, "wants SEQUENCE and HASH (64 digits), or neither");
	} else {
		error = verify(values.database != NULL ? values.database : path, &anchor, &problem);
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	options_end(options, ARRAY_SIZE(options), &values, &rest);
	return exit_code;
}

const struct command command_alerts_verify = {
	.name = "alerts verify",
	.arguments = "[SEQUENCE HASH] [--db FILE]",
	.summary = "whether the journal of alerts is as it was written",
	.details =
	    "Walks the hash chain of the journal. SEQUENCE and HASH are those that the sensor\n"
	    "told its outputs (weir.journal.sequence, weir.journal.hash): who has them knows\n"
	    "that no row up to there was changed since. Ends with 1 when something was.\n",
	.examples = "  weir alerts verify\n"
		    "  weir alerts verify 4711 e3b0c442... --db plant.db\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
