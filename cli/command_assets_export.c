/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir assets export - the inventory for other programs. */

#include "cli/asset_columns.h"
#include "cli/asset_noun.h"
#include "cli/export.h"

#include <errno.h>
#include <stdio.h>

static const struct export_format *const formats[] = {
	&export_csv,
	&export_netbox,
	&export_cyclonedx,
	&export_json,
};

/* The query's values come first: its options have their offsets from there. */
struct export_values {
	struct query_values query;
	const char *format, *file, *site;
};

struct exporting {
	const struct export_format *format;
	struct export export;
};

static const struct export_format *format_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (strcmp(formats[i]->name, name) == 0) {
			return formats[i];
		}
	}
	return NULL;
}

static void write_asset(void *context, const struct tree *document, const char *json, size_t length)
{
	struct exporting *exporting = context;
	struct export *export = &exporting->export;
	const char *last = tree_text(document, "weir.asset.last_seen");

	if (last != NULL && strcmp(last, export->newest) > 0) {
		snprintf(export->newest, sizeof(export->newest), "%s", last);
	}
	exporting->format->asset(export, document, json, length);
	export->n_assets++;
}

static int save(const struct buffer *text, const char *path)
{
	FILE *file = path != NULL ? fopen(path, "we") : stdout;
	char problem[512];
	bool failed = file == NULL;

	if (!failed && text->length > 0) {
		failed = fwrite(text->data, 1, text->length, file) != text->length;
	}
	if (file != NULL) {
		failed = (path != NULL ? fclose(file) : fflush(file)) != 0 || failed;
	}
	if (failed) {
		snprintf(problem, sizeof(problem), "cannot write %s: %s",
			 path != NULL ? path : "standard output", strerror(errno));
		return command_failed(EXIT_FAILED, problem);
	}
	return EXIT_FINE;
}

static int export_run(const struct command *command, const struct export_values *values,
		      const struct text_list *filters)
{
	struct exporting exporting = { .format = format_find(values->format),
				       .export = { .site = values->site } };
	struct export *export = &exporting.export;

	if (exporting.format == NULL) {
		return command_misused(command, "no format '%s': csv, netbox, cyclonedx or json",
				       values->format);
	}
	if (exporting.format->begin != NULL) {
		exporting.format->begin(export);
	}
	int exit_code =
	    query_write(command, &asset_noun, &values->query, filters, write_asset, &exporting);
	if (exporting.format->end != NULL) {
		exporting.format->end(export);
	}
	if (exit_code == EXIT_FINE && export->out.failed) {
		exit_code = command_failed(EXIT_FAILED, "out of memory");
	}
	if (exit_code == EXIT_FINE) {
		exit_code = save(&export->out, values->file);
	}
	buffer_free(&export->out);
	return exit_code;
}

static const struct option options[] = {
	{ 'f', "format", "FORMAT", OPTION_TEXT, offsetof(struct export_values, format),
	  "csv, netbox, cyclonedx or json" },
	{ 'o', "output", "FILE", OPTION_TEXT, offsetof(struct export_values, file),
	  "write this file (default: standard output)" },
	{ 0, "site", "NAME", OPTION_TEXT, offsetof(struct export_values, site),
	  "netbox: the site of the devices (default: plant)" },
	{ 's', "sort", "COLUMNS", OPTION_TEXT, offsetof(struct query_values, sort),
	  "order by these columns, -COLUMN from the greatest" },
	QUERY_OPTIONS_SOURCE_SINCE(
	    "what is new or has changed since: 2d, monday, 2026-11-22T07:52"),
	QUERY_OPTION_ALL("addresses that were asked for and never heard, too"),
};

static int run(const struct command *command, int argc, char **argv)
{
	struct export_values values = { .query = { .limit = 0, .json = true }, .site = "plant" };
	struct text_list filters = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &filters, &exit_code)) {
		return exit_code;
	}
	if (values.format == NULL) {
		exit_code =
		    command_misused(command, "wants --format csv, netbox, cyclonedx or json");
	} else {
		exit_code = export_run(command, &values, &filters);
	}
	options_end(command->options, command->n_options, &values, &filters);
	return exit_code;
}

const struct command command_assets_export = {
	.name = "assets export",
	.arguments = "--format FORMAT [FILTER...] [-o FILE] [-r FILE | --db FILE]",
	.summary = "the inventory for a CMDB, for NetBox or as a bill of materials",
	.details =
	    "csv has all columns and a line an asset; netbox is its bulk import of devices, whose\n"
	    "site, roles, manufacturers and device types must be there; cyclonedx is a bill of\n"
	    "materials (1.6) with devices, modules, firmware and software; json is the documents.\n"
	    "\n" QUERY_TEXT_DETAILS,
	.examples = "  weir assets export --format csv -o assets.csv\n"
		    "  weir assets export --format netbox --site Waterworks role=plc\n"
		    "  weir assets export -f cyclonedx -r plant.pcap | jq .components\n",
	.columns = asset_columns,
	.n_columns = ASSET_COLUMNS,
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
