/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command_rules.h"

#include "capture/base/buffer.h"
#include "rules/suricata.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX (64 << 20)

struct import_values {
	const char *folder;
	struct text_list variables;
	bool replace;
};

#define AT(member) offsetof(struct import_values, member)

static const struct option options[] = {
	{ 'o', "output", "DIR", OPTION_TEXT, AT(folder),
	  "one file a rule in this folder (default: standard output)" },
	{ 0, "var", "NAME=VALUE", OPTION_LIST, AT(variables),
	  "what $NAME stands for: 10.0.0.0/8, [10.0.0.1,10.0.0.2], 502 (may be repeated)" },
	{ 0, "replace", NULL, OPTION_FLAG, AT(replace), "overwrite files that are there" },
};

struct importing {
	const struct import_values *values;
	const char *file;
	struct problem *problem;
	int error;
	unsigned documents;
};

/* ---- what comes out ---- */

/* DIR/STEM-SID.yml */
static void path_of(const struct importing *importing, const char *sid, char *out, size_t size)
{
	const char *name = strrchr(importing->file, '/');
	int stem;

	name = name != NULL ? name + 1 : importing->file;
	stem = (int)strcspn(name, ".");
	snprintf(out, size, "%s/%.*s-%s.yml", importing->values->folder, stem, name, sid);
}

static void write_rule(struct importing *importing, const struct suricata_result *result)
{
	char path[PATH_MAX];
	FILE *out = stdout;
	bool failed;

	if (importing->values->folder == NULL) {
		fputs(importing->documents++ > 0 ? "---\n" : "", stdout);
		failed = fwrite(result->yaml, 1, result->length, stdout) != result->length;
	} else {
		path_of(importing, result->sid, path, sizeof(path));
		out = fopen(path, importing->values->replace ? "we" : "wxe");
		failed =
		    out == NULL || fwrite(result->yaml, 1, result->length, out) != result->length;
		failed = (out != NULL && fclose(out) != 0) || failed;
	}
	if (failed) {
		importing->error =
		    problem_set(importing->problem, -errno, "cannot write %s: %s%s",
				importing->values->folder != NULL ? path : "standard output",
				strerror(errno), errno == EEXIST ? " (--replace overwrites)" : "");
	}
}

static void on_result(void *context, const struct suricata_result *result)
{
	struct importing *importing = context;

	if (result->reason != NULL) {
		fprintf(stderr, "%s:%u: sid %s not carried over: %s\n", importing->file,
			result->line, result->sid[0] != '\0' ? result->sid : "-", result->reason);
		return;
	}
	if (result->note != NULL) {
		fprintf(stderr, "%s:%u: sid %s: %s\n", importing->file, result->line, result->sid,
			result->note);
	}
	if (importing->error == 0) {
		write_rule(importing, result);
	}
}

static void on_placeholder(void *context, const char *name)
{
	const struct importing *importing = context;

	fprintf(stderr, "%s: $%s becomes the placeholder %%%s%%\n", importing->file, name, name);
}

/* ---- what goes in ---- */

static int file_read(const char *path, struct buffer *out, struct problem *problem)
{
	FILE *file = fopen(path, "re");
	char block[65536];
	size_t n;
	int error = 0;

	if (file == NULL) {
		return problem_set(problem, -errno, "cannot read %s: %s", path, strerror(errno));
	}
	while ((n = fread(block, 1, sizeof(block), file)) > 0 && error == 0) {
		buffer_add(out, block, n);
		if (out->failed || out->length > FILE_MAX) {
			error = problem_set(problem, -EFBIG, "%s has more than 64 MiB", path);
		}
	}
	if (error == 0 && ferror(file)) {
		error = problem_set(problem, -EIO, "cannot read %s: %s", path, strerror(errno));
	}
	fclose(file);
	return error;
}

static int import_file(struct importing *importing, const struct suricata_variable *variables,
		       struct suricata_counts *all)
{
	struct suricata_counts counts = { 0 };
	struct buffer text = { 0 };
	int error = file_read(importing->file, &text, importing->problem);

	if (error == 0) {
		const struct suricata_file file = { .name = importing->file,
						    .text = text.data != NULL ? text.data : "",
						    .length = text.length,
						    .variables = variables,
						    .n_variables = importing->values->variables.n };

		error = suricata_import(&file, on_result, on_placeholder, importing, &counts);
		error = error < 0 ? problem_set(importing->problem, error, "out of memory")
				  : importing->error;
	}
	buffer_free(&text);
	if (error == 0) {
		fprintf(stderr, "%s: %u carried over, %u not, %u commented out\n", importing->file,
			counts.carried, counts.refused, counts.disabled);
	}
	all->carried += counts.carried;
	all->refused += counts.refused;
	all->disabled += counts.disabled;
	return error;
}

/* "NAME=VALUE" is cut in two; out has as many places as there are options. */
static int variables_read(const struct text_list *list, struct suricata_variable *out,
			  struct problem *problem)
{
	for (size_t i = 0; i < list->n; i++) {
		char *text = (char *)(uintptr_t)list->items[i];
		char *equal = strchr(text, '=');

		if (equal == NULL || equal == text || equal[1] == '\0') {
			return problem_set(problem, -EINVAL, "--var wants NAME=VALUE, not '%s'",
					   text);
		}
		*equal = '\0';
		out[i] = (struct suricata_variable) { text + (text[0] == '$' ? 1 : 0), equal + 1 };
	}
	return 0;
}

static int import_all(const struct import_values *values, const struct text_list *files,
		      struct problem *problem)
{
	struct importing importing = { .values = values, .problem = problem };
	struct suricata_variable *variables = calloc(values->variables.n + 1, sizeof(*variables));
	struct suricata_counts all = { 0 };
	int error = variables != NULL ? variables_read(&values->variables, variables, problem)
				      : problem_set(problem, -ENOMEM, "out of memory");

	if (error == 0 && values->folder != NULL && mkdir(values->folder, 0777) != 0 &&
	    errno != EEXIST) {
		error = problem_set(problem, -errno, "cannot make %s: %s", values->folder,
				    strerror(errno));
	}
	for (size_t i = 0; error == 0 && i < files->n; i++) {
		importing.file = files->items[i];
		error = import_file(&importing, variables, &all);
	}
	if (error == 0 && files->n > 1) {
		fprintf(stderr, "%zu files: %u carried over, %u not, %u commented out\n", files->n,
			all.carried, all.refused, all.disabled);
	}
	free(variables);
	return error;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct import_values values = { 0 };
	struct text_list files = { 0 };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE, error;

	if (!command_parse(command, argc, argv, &values, &files, &exit_code)) {
		return exit_code;
	}
	if (files.n == 0) {
		exit_code = command_misused(command, "wants a file of rules");
	} else {
		error = import_all(&values, &files, &problem);
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	options_end(options, ARRAY_SIZE(options), &values, &files);
	return exit_code;
}

const struct command command_rules_import = {
	.name = "rules import",
	.arguments = "FILE...",
	.summary = "make Sigma rules of those of Suricata or Snort",
	.details =
	    "Carries over what asks for a field that Weir has: headers, the keywords of Modbus,\n"
	    "DNP3 and EtherNet/IP with CIP, and bytes at a fixed place of their messages. What is\n"
	    "not carried over is told on standard error with file, line, sid and reason, and so "
	    "is\n"
	    "what became wider. A threshold becomes a correlation. A variable that --var does not\n"
	    "name becomes a placeholder, which a file of --placeholders says (docs/rules.md).\n",
	.examples =
	    "  weir rules import modbus.rules -o imported/\n"
	    "  weir rules import quickdraw.rules --var MODBUS_SERVER=10.1.2.0/24 >rules.yml\n"
	    "  weir rules check imported/ --placeholders plant.yaml\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
