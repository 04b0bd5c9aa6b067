/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir schema - the fields of documents, for the programs that keep and check them. */

#include "cli/command.h"
#include "cli/schema.h"
#include "cli/setup.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#define FORMS "elasticsearch, opensearch or json-schema"

static const struct schema *const schemas[] = {
	&schema_elasticsearch,
	&schema_opensearch,
	&schema_json_schema,
};

struct schema_values {
	const char *folder;
};

static const struct schema *schema_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemas); i++) {
		if (strcmp(schemas[i]->name, name) == 0) {
			return schemas[i];
		}
	}
	return NULL;
}

/* Compact JSON of one file. */
static int make(const struct schema_file *file, const struct field_registry *registry,
		struct buffer *out, struct problem *problem)
{
	struct json json = json_to(out);
	int error;

	json_object(&json, NULL);
	error = file->write(&json, registry, file->argument, problem);
	json_end(&json);
	if (error == 0 && out->failed) {
		error = problem_set(problem, -ENOMEM, "out of memory");
	}
	return error;
}

/* Closes the file if it is none of the program's own. */
static int put(FILE *file, const char *path, const struct buffer *compact, struct problem *problem)
{
	struct buffer lines = { 0 };
	bool failed = file == NULL;

	if (!failed) {
		schema_layout(&lines, compact->data, compact->length);
		failed = lines.failed || fwrite(lines.data, 1, lines.length, file) != lines.length;
		failed = (file == stdout ? fflush(file) : fclose(file)) != 0 || failed;
	}
	buffer_free(&lines);
	return failed ? problem_set(problem, -EIO, "cannot write %s: %s", path, strerror(errno))
		      : 0;
}

/* Makes the folders of a path, the path itself being a file. */
static int make_folders(char *path, struct problem *problem)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST) {
			return problem_set(problem, -errno, "cannot make %s: %s", path,
					   strerror(errno));
		}
		*slash = '/';
	}
	return 0;
}

static int to_folder(const struct schema *schema, const struct field_registry *registry,
		     const char *folder, struct problem *problem)
{
	struct buffer text = { 0 };
	char path[PATH_MAX];
	int error = 0;

	for (size_t i = 0; error == 0 && i < schema->n_files; i++) {
		buffer_clear(&text);
		snprintf(path, sizeof(path), "%s/%s.json", folder, schema->files[i].path);
		error = make(&schema->files[i], registry, &text, problem);
		if (error == 0) {
			error = make_folders(path, problem);
		}
		if (error == 0) {
			error = put(fopen(path, "we"), path, &text, problem);
		}
	}
	buffer_free(&text);
	return error;
}

/* One file as it is; all of them as an object from path to content. */
static int to_output(const struct schema *schema, const struct field_registry *registry,
		     const struct schema_file *one, struct problem *problem)
{
	struct buffer text = { 0 }, part = { 0 };
	struct json json = json_to(&text);
	int error = one != NULL ? make(one, registry, &text, problem) : 0;

	if (one == NULL) {
		json_object(&json, NULL);
		for (size_t i = 0; error == 0 && i < schema->n_files; i++) {
			buffer_clear(&part);
			error = make(&schema->files[i], registry, &part, problem);
			if (error == 0) {
				json_raw(&json, schema->files[i].path, part.data);
			}
		}
		json_end(&json);
	}
	if (error == 0) {
		error = text.failed ? problem_set(problem, -ENOMEM, "out of memory")
				    : put(stdout, "standard output", &text, problem);
	}
	buffer_free(&part);
	buffer_free(&text);
	return error;
}

static const struct schema_file *file_find(const struct schema *schema, const char *path)
{
	for (size_t i = 0; i < schema->n_files; i++) {
		if (strcmp(schema->files[i].path, path) == 0) {
			return &schema->files[i];
		}
	}
	return NULL;
}

static int run_form(const struct command *command, const struct schema_values *values,
		    const struct text_list *rest)
{
	const struct schema *schema = rest->n > 0 ? schema_find(rest->items[0]) : NULL;
	const struct schema_file *file = NULL;
	struct field_registry *registry = NULL;
	struct problem problem = { "" };
	uint16_t bases[PROTOCOL_NONE];

	if (schema == NULL || rest->n > 2) {
		return command_misused(command, "wants " FORMS);
	}
	if (rest->n == 2) {
		file = file_find(schema, rest->items[1]);
		if (file == NULL || values->folder != NULL) {
			return command_misused(command,
					       file == NULL
						   ? "%s has no file '%s'"
						   : "%s: '%s' and --output exclude each other",
					       schema->name, rest->items[1]);
		}
	}
	int error = registry_setup(&registry, bases, &problem);

	if (error == 0) {
		error = values->folder != NULL
			    ? to_folder(schema, registry, values->folder, &problem)
			    : to_output(schema, registry, file, &problem);
	}
	field_registry_free(registry);
	return error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
}

static const struct option options[] = {
	{ 'o', "output", "FOLDER", OPTION_TEXT, offsetof(struct schema_values, folder),
	  "write the files into this folder" },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct schema_values values = { 0 };
	struct text_list rest = { 0 };
	int exit_code = EXIT_USAGE;

	if (command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		exit_code = run_form(command, &values, &rest);
		options_end(options, ARRAY_SIZE(options), &values, &rest);
	}
	return exit_code;
}

const struct command command_schema = {
	.name = "schema",
	.arguments = "FORM [FILE | -o FOLDER]",
	.summary = "index templates and JSON Schema of all documents",
	.details =
	    "FORM is elasticsearch or opensearch (templates and lifecycles of the data streams\n"
	    "logs-weir.*-*; the path of a file is that of the request that installs it) or\n"
	    "json-schema (a file each for event, alert, asset, conversation).\n"
	    "\n"
	    "Without -o, one FILE as it is, or all as an object from path to content.\n",
	.examples = "  weir schema elasticsearch -o templates\n"
		    "  weir schema elasticsearch _index_template/logs-weir\n"
		    "  weir schema json-schema alert >alert.json\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
