/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/edit_send.h"
#include "cli/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct import_values {
	struct edit_values edit; /* first: its options count from there */
	const char *map;
};

static const struct option options[] = {
	EDIT_OPTIONS,
	{ 0, "map", "COLUMN=FIELD,...", OPTION_TEXT, offsetof(struct import_values, map),
	  "what columns mean that are not called so" },
	{ 0, "dry-run", NULL, OPTION_FLAG, offsetof(struct import_values, edit.dry_run),
	  "only say what would be joined" },
};

/* An import at work. */
struct import {
	const char *path;
	struct csv csv;
	struct import_plan plan;
	unsigned *sent; /* lines of the rows whose results come, in order */
	size_t n_sent, next_result;
	uint64_t joined, changed, failed, empty;
};

static int file_read(const char *path, struct buffer *out, struct problem *problem)
{
	FILE *file = fopen(path, "re");
	char bytes[65536];
	size_t n;
	int error;

	if (file == NULL) {
		return problem_set(problem, -errno, "cannot read %s: %s", path, strerror(errno));
	}
	/* One byte more than is taken, so that more is noticed. */
	out->limit = CSV_BYTES_MAX + 2;
	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0 && !out->failed) {
		buffer_add(out, bytes, n);
	}
	error = ferror(file)
		    ? problem_set(problem, -EIO, "cannot read %s: %s", path, strerror(errno))
		    : 0;
	fclose(file);
	return error == 0 && out->failed
		   ? problem_set(problem, -E2BIG, "%s: larger than 64 MiB", path)
		   : error;
}

/* Reads and checks the whole file before anything is changed; tells each wrong line. */
static int import_read(struct import *import, const char *map, struct problem *problem)
{
	struct buffer text = { .data = NULL };
	struct problem detail = { "" };
	unsigned wrong = 0;
	int error = file_read(import->path, &text, problem);

	if (error == 0) {
		error = csv_read(&import->csv, text.data != NULL ? text.data : "", text.length,
				 &detail);
	}
	if (error == 0) {
		error = import_plan(&import->plan, &import->csv, map, &detail);
	}
	buffer_free(&text);
	for (size_t i = 1; error == 0 && i < import->csv.n_rows; i++) {
		struct problem mistake = { "" };

		if (import_check(&import->plan, &import->csv, &import->csv.rows[i], &mistake) < 0) {
			fprintf(stderr, "%s:%u: %s\n", import->path, import->csv.rows[i].line,
				mistake.text);
			wrong++;
		}
	}
	if (wrong > 0) {
		return problem_set(problem, -EINVAL, "%s: %u line%s wrong, nothing was changed",
				   import->path, wrong, wrong == 1 ? " is" : "s are");
	}
	return error < 0 ? problem_set(problem, error, "%s: %s", import->path, detail.text) : 0;
}

static void say_unused(const struct import *import)
{
	const char *before = "columns that are not used: ";

	for (size_t i = 0; i < import->plan.n; i++) {
		if (import->plan.fields[i] == NULL) {
			fprintf(stderr, "%s%s", before,
				csv_cell(&import->csv, &import->csv.rows[0], i));
			before = ", ";
		}
	}
	if (before[0] == ',') {
		fputc('\n', stderr);
	}
}

static void on_result(void *context, const char *error, const char *asset, unsigned changed)
{
	struct import *import = context;
	unsigned line =
	    import->next_result < import->n_sent ? import->sent[import->next_result++] : 0;

	(void)asset;
	if (error == NULL) {
		import->joined++;
		import->changed += changed;
	} else {
		import->failed++;
		fprintf(stderr, "%s:%u: %s\n", import->path, line, error);
	}
}

static int import_send(struct import *import, const struct edit_values *values,
		       struct problem *problem)
{
	struct editing *editing = NULL;
	int error = editing_begin(&editing, values, problem);

	if (error < 0) {
		return error;
	}
	editing_results(editing, on_result, import);
	for (size_t i = 1; error == 0 && i < import->csv.n_rows; i++) {
		const struct csv_row *row = &import->csv.rows[i];

		if (import_write(&import->plan, &import->csv, row, editing_next(editing))) {
			import->sent[import->n_sent++] = row->line;
			error = editing_send(editing, false, problem);
		} else {
			import->empty++;
		}
	}
	if (error == 0) {
		error = editing_send(editing, true, problem);
	}
	int ended = editing_end(editing, problem);
	return error < 0 ? error : ended;
}

static void summary_print(const struct import *import, bool dry_run)
{
	printf("%s: %zu rows, %llu joined, %llu value%s %schanged, %llu not joined, %llu without "
	       "a key or a value\n",
	       import->path, import->csv.n_rows - 1, (unsigned long long)import->joined,
	       (unsigned long long)import->changed, import->changed == 1 ? "" : "s",
	       dry_run ? "would be " : "", (unsigned long long)import->failed,
	       (unsigned long long)import->empty);
}

static int import_whole(struct import *import, const struct import_values *values)
{
	struct edit_values edit = values->edit;
	struct problem problem = { "" };
	char reason[300];
	int error = import_read(import, values->map, &problem);

	if (error == 0) {
		say_unused(import);
		import->sent = calloc(import->csv.n_rows + 1, sizeof(*import->sent));
		error = import->sent != NULL ? 0 : problem_set(&problem, -ENOMEM, "out of memory");
	}
	snprintf(reason, sizeof(reason), "import %s", import->path);
	edit.reason = edit.reason != NULL ? edit.reason : reason;
	if (error == 0) {
		error = import_send(import, &edit, &problem);
	}
	if (error < 0) {
		return command_failed(error == -E2BIG ? EXIT_USAGE : exit_code_of(error),
				      problem.text);
	}
	summary_print(import, edit.dry_run);
	return import->failed > 0 ? EXIT_FAILED : EXIT_FINE;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct import_values values = { .map = NULL };
	struct text_list files = { 0 };
	struct import import = { .path = NULL };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &files, &exit_code)) {
		return exit_code;
	}
	if (files.n != 1) {
		exit_code = command_misused(command, "wants one CSV file");
	} else {
		import.path = files.items[0];
		exit_code = import_whole(&import, &values);
		csv_free(&import.csv);
		free(import.sent);
	}
	options_end(options, ARRAY_SIZE(options), &values, &files);
	return exit_code;
}

const struct command command_assets_import = {
	.name = "assets import",
	.arguments = "FILE.csv [--map COLUMN=FIELD,...] [--dry-run]",
	.summary = "take names, owners, tags... from a table",
	.details =
	    "The first line names the columns: serial, mac, address (by which an asset is found,\n"
	    "in that order), name, owner, criticality, type, level, zone, location, tag, note.\n"
	    "--map says what others mean (`Anlage=name`; `Owner=` leaves it out). Cells that are\n"
	    "empty change nothing. Rows that fit no asset, or several, are told with their line;\n"
	    "then the command ends with 1. A file with a mistake changes nothing: 2.\n",
	.examples =
	    "  weir assets import cmdb.csv --dry-run\n"
	    "  weir assets import cmdb.csv --map 'Inventarnummer=tag,Verantwortlich=owner'\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
