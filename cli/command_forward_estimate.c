/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir forward estimate - how much an output would get a day, from what a database holds. */

#include "capture/base/json.h"
#include "cli/cell.h"
#include "cli/command.h"
#include "cli/forward_setup.h"
#include "cli/output_filter.h"
#include "cli/page.h"
#include "cli/when.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WINDOW_USUAL (7 * NS_PER_DAY)
#define ROWS_AT_ONCE 10000
/* What the name and number of an output add to a document, about. */
#define NUMBER_BYTES 50

struct estimate_values {
	const char *config, *database, *window;
	bool json;
};

#define AT(member) offsetof(struct estimate_values, member)

/* Columns: the output, each table, all of them. */
enum { SHOWN_ALL = 1 + FORWARD_TABLES, SHOWN_GB, SHOWN_COLUMNS };

static const struct option options[] = {
	{ 0, "config", "FILE", OPTION_TEXT, AT(config),
	  "configuration (default: " CONFIG_PATH ")" },
	{ 0, "db", "FILE", OPTION_TEXT, AT(database), "database, instead of the configured one" },
	{ 0, "last", "DURATION", OPTION_TEXT, AT(window),
	  "how far back from the newest row is looked (default: 7d)" },
	{ 'J', "json", NULL, OPTION_FLAG, AT(json), "as JSON" },
};

/* Documents and bytes of a table that an output would have got. */
struct amount {
	uint64_t documents, bytes;
};

struct estimate {
	const struct config *config;
	struct forward_rows *rows;
	struct output_filter filters[CONFIG_OUTPUTS_MAX];
	struct amount amounts[CONFIG_OUTPUTS_MAX][FORWARD_TABLES];
	int64_t begin[FORWARD_TABLES], end; /* times */
	enum forward_table table;           /* that is read */
	uint64_t reached;
};

/* ---- counting ---- */

static bool count_row(void *context, uint64_t seq, const char *what, const char *json,
		      size_t length)
{
	struct estimate *estimate = context;

	estimate->reached = seq;
	for (size_t i = 0; i < estimate->config->forward.n; i++) {
		const struct config_output *output = &estimate->config->forward.items[i];
		struct amount *amount = &estimate->amounts[i][estimate->table];

		if (output->send[estimate->table] &&
		    output_filter_wants(&estimate->filters[i], estimate->table, what, json,
					length)) {
			amount->documents++;
			amount->bytes += length + NUMBER_BYTES;
		}
	}
	return true;
}

/* From when on rows of each table count: as far back as wanted, as far as there are any. A table
 * whose old rows were removed begins where it begins; another had none before. */
static int find_window(struct estimate *estimate, int64_t window)
{
	int64_t oldest[FORWARD_TABLES], newest, begin = INT64_MAX;
	uint64_t first[FORWARD_TABLES];
	bool some[FORWARD_TABLES];
	int error = 0;

	estimate->end = INT64_MIN;
	for (size_t i = 0; error == 0 && i < FORWARD_TABLES; i++) {
		some[i] = forward_rows_span(estimate->rows, (enum forward_table)i, &oldest[i],
					    &newest, &first[i], &error);
		if (error == 0 && some[i]) {
			begin = oldest[i] < begin ? oldest[i] : begin;
			estimate->end = newest > estimate->end ? newest : estimate->end;
		}
	}
	begin = begin > estimate->end - window ? begin : estimate->end - window;
	for (size_t i = 0; error == 0 && i < FORWARD_TABLES; i++) {
		bool removed = some[i] && first[i] > 1 && oldest[i] > begin;

		estimate->begin[i] = removed ? oldest[i] : begin;
	}
	return error;
}

static int count_table(struct estimate *estimate, enum forward_table table)
{
	uint64_t before;
	int error = 0;

	estimate->table = table;
	estimate->reached =
	    forward_rows_before(estimate->rows, table, estimate->begin[table], &error);
	do {
		before = estimate->reached;
		error = error == 0 ? forward_rows_read(estimate->rows, table, before, ROWS_AT_ONCE,
						       count_row, estimate)
				   : error;
	} while (error == 0 && estimate->reached > before);
	return error;
}

/* ---- showing ---- */

static double a_day(const struct estimate *estimate, enum forward_table table, uint64_t amount)
{
	int64_t span = estimate->end - estimate->begin[table];

	return (double)amount * (double)NS_PER_DAY / (double)(span > NS_PER_S ? span : NS_PER_S);
}

static void sum_up(const struct estimate *estimate, size_t output, double *documents, double *bytes)
{
	*documents = *bytes = 0;
	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		const struct amount *amount = &estimate->amounts[output][i];

		*documents += a_day(estimate, (enum forward_table)i, amount->documents);
		*bytes += a_day(estimate, (enum forward_table)i, amount->bytes);
	}
}

static int64_t span_of(const struct estimate *estimate)
{
	int64_t begin = estimate->end;

	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		begin = estimate->begin[i] < begin ? estimate->begin[i] : begin;
	}
	return estimate->end - begin;
}

static void show_output(const struct estimate *estimate, size_t output, struct page *page)
{
	const struct config_output *configured = &estimate->config->forward.items[output];
	char cells[SHOWN_COLUMNS][32];
	const char *row[SHOWN_COLUMNS] = { configured->name };
	double documents, bytes;

	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		snprintf(
		    cells[1 + i], sizeof(cells[0]), "%.0f",
		    a_day(estimate, (enum forward_table)i, estimate->amounts[output][i].documents));
		row[1 + i] = configured->send[i] ? cells[1 + i] : NULL;
	}
	sum_up(estimate, output, &documents, &bytes);
	snprintf(cells[SHOWN_ALL], sizeof(cells[0]), "%.0f", documents);
	snprintf(cells[SHOWN_GB], sizeof(cells[0]), "%.3f", bytes / 1e9);
	row[SHOWN_ALL] = cells[SHOWN_ALL];
	row[SHOWN_GB] = cells[SHOWN_GB];
	page_row(page, row);
}

static int show(const struct estimate *estimate)
{
	struct page_column columns[SHOWN_COLUMNS] = { { "OUTPUT", PAGE_WORD, 0 } };
	char headings[FORWARD_TABLES][32], heading[96], span[32];
	struct page *page = NULL;
	int error = page_new(&page, stdout);

	if (error < 0) {
		return error;
	}
	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		const char *name = forward_table_name((enum forward_table)i);
		size_t n = 0;

		for (; name[n] != '\0' && n + 1 < sizeof(headings[0]); n++) {
			headings[i][n] = (char)toupper((unsigned char)name[n]);
		}
		headings[i][n] = '\0';
		columns[1 + i] = (struct page_column) { headings[i], PAGE_NUMBER, 0 };
	}
	columns[SHOWN_ALL] = (struct page_column) { "ALL", PAGE_NUMBER, 0 };
	columns[SHOWN_GB] = (struct page_column) { "GB", PAGE_NUMBER, 0 };
	snprintf(heading, sizeof(heading), "documents and GB a day, from %s of stored rows",
		 text_of_duration(span_of(estimate), span, sizeof(span)));
	page_section(page, heading);
	page_table(page, columns, SHOWN_COLUMNS);
	for (size_t i = 0; i < estimate->config->forward.n; i++) {
		show_output(estimate, i, page);
	}
	error = page_end(page);
	page_free(page);
	return error;
}

static int write_json(const struct estimate *estimate)
{
	struct buffer out = { 0 };
	struct json json = json_to(&out);
	double documents, bytes;
	bool failed;

	for (size_t k = 0; k < estimate->config->forward.n; k++) {
		sum_up(estimate, k, &documents, &bytes);
		json_object(&json, NULL);
		json_text(&json, "output", estimate->config->forward.items[k].name);
		json_int(&json, "span", span_of(estimate));
		json_double(&json, "documents_a_day", documents);
		json_double(&json, "bytes_a_day", bytes);
		for (size_t i = 0; i < FORWARD_TABLES; i++) {
			json_double(&json, forward_table_name((enum forward_table)i),
				    a_day(estimate, (enum forward_table)i,
					  estimate->amounts[k][i].documents));
		}
		json_end(&json);
		buffer_text(&out, "\n");
		json = json_to(&out);
	}
	failed = out.failed || fwrite(out.data, 1, out.length, stdout) != out.length;
	buffer_free(&out);
	return failed ? -EIO : 0;
}

/* ---- the command ---- */

static int look(struct estimate *estimate, int64_t window, struct problem *problem)
{
	const struct config *config = estimate->config;
	int error = forward_rows_open(&estimate->rows, config->store.database, problem);

	for (size_t i = 0; error == 0 && i < config->forward.n; i++) {
		error =
		    output_filter_make(&estimate->filters[i], &config->forward.items[i], problem);
	}
	if (error == 0) {
		error = find_window(estimate, window);
	}
	if (error == 0 && estimate->end == INT64_MIN) {
		error = problem_set(problem, -ENODATA, "%s: nothing is stored yet",
				    config->store.database);
	}
	for (size_t i = 0; error == 0 && i < FORWARD_TABLES; i++) {
		error = count_table(estimate, (enum forward_table)i);
	}
	return error == 0 ? 0
			  : problem_set(problem, error, "%s: %s", config->store.database,
					strerror(-error));
}

static int estimate_run(const struct config *config, const struct estimate_values *values,
			struct problem *problem)
{
	struct estimate estimate = { .config = config };
	int64_t window = WINDOW_USUAL;
	int error = values->window != NULL ? when_parse_duration(values->window, &window) : 0;

	if (error < 0) {
		return problem_set(problem, -EINVAL, "--last wants a duration such as 7d");
	}
	error = look(&estimate, window, problem);
	if (error == 0) {
		error = values->json ? write_json(&estimate) : show(&estimate);
	}
	for (size_t i = 0; i < config->forward.n; i++) {
		output_filter_end(&estimate.filters[i]);
	}
	forward_rows_close(estimate.rows);
	return error == 0 ? 0 : problem_set(problem, error, "%s", strerror(-error));
}

static int run(const struct command *command, int argc, char **argv)
{
	struct estimate_values values = { .config = NULL };
	struct config config = config_defaults();
	struct text_list rest = { 0 };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE, error;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	if (rest.n > 0) {
		exit_code = command_misused(command, "takes no argument '%s'", rest.items[0]);
	} else if (forward_configure(&config, values.config, values.database, &problem) < 0 ||
		   forward_database_check(&config, &problem) < 0) {
		exit_code = command_misused(command, "%s", problem.text);
	} else {
		error = estimate_run(&config, &values, &problem);
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	options_end(options, ARRAY_SIZE(options), &values, &rest);
	return exit_code;
}

const struct command command_forward_estimate = {
	.name = "forward estimate",
	.arguments = "[--config FILE] [--db FILE] [--last DURATION]",
	.summary = "how many documents and GB a day each output would get",
	.details =
	    "Counts what a database holds, with the outputs of a configuration and their filters,\n"
	    "whether they are switched on or not. Bytes are those of JSON, without compression.\n",
	.examples = "  weir forward estimate\n"
		    "  weir forward estimate --config new.yaml --last 1d -J\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
