/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/csv.h"

#include "capture/base/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The text is unquoted in place: `to` never overtakes `at`. */
struct reading {
	struct csv *csv;
	char *at, *end, *to;
	unsigned line;
	struct problem *problem;
};

static int wrong(struct reading *reading, const char *what)
{
	return problem_set(reading->problem, -EINVAL, "line %u: %s", reading->line, what);
}

static int out_of_memory(struct reading *reading)
{
	return problem_set(reading->problem, -ENOMEM, "out of memory");
}

/* What the first line has most of, outside of quotes. */
static char separator_of(const char *text)
{
	static const char separators[] = ",;\t";
	size_t counts[3] = { 0 }, best = 0;
	bool quoted = false;

	for (; *text != '\0' && (quoted || (*text != '\n' && *text != '\r')); text++) {
		const char *found = quoted ? NULL : strchr(separators, *text);

		quoted = quoted != (*text == '"');
		if (found != NULL) {
			counts[found - separators]++;
		}
	}
	for (size_t i = 1; i < ARRAY_SIZE(counts); i++) {
		best = counts[i] > counts[best] ? i : best;
	}
	return separators[best];
}

static int cell_add(struct reading *reading, const char *text)
{
	struct csv *csv = reading->csv;
	struct csv_row *row = &csv->rows[csv->n_rows - 1];
	const char **cells;

	if (row->n == CSV_COLUMNS_MAX) {
		return wrong(reading, "more than 256 columns");
	}
	cells = list_with_room(csv->cells, csv->n_cells, &csv->cells_room, sizeof(*cells));
	if (cells == NULL) {
		return out_of_memory(reading);
	}
	csv->cells = cells;
	csv->cells[csv->n_cells++] = text;
	row->n++;
	return 0;
}

static bool is_cell_end(const struct reading *reading, const char *at)
{
	return at == reading->end || *at == reading->csv->separator || *at == '\n' ||
	       (*at == '\r' && (at + 1 == reading->end || at[1] == '\n'));
}

/* Copies a quoted cell without its quotes; at the opening one. */
static int quoted_copy(struct reading *reading)
{
	unsigned begun = reading->line;

	for (reading->at++; reading->at < reading->end; reading->at++) {
		if (*reading->at == '"' &&
		    (reading->at + 1 == reading->end || reading->at[1] != '"')) {
			reading->at++;
			return is_cell_end(reading, reading->at)
				   ? 0
				   : wrong(reading, "text behind a closing quote");
		}
		reading->at += *reading->at == '"';
		reading->line += *reading->at == '\n';
		*reading->to++ = *reading->at;
	}
	reading->line = begun;
	return wrong(reading, "a quote that is not closed");
}

static int plain_copy(struct reading *reading)
{
	while (!is_cell_end(reading, reading->at)) {
		if (*reading->at == '"') {
			return wrong(reading, "a quote in a cell that does not begin with one");
		}
		*reading->to++ = *reading->at++;
	}
	return 0;
}

/* One cell and what ends it; *last gets whether the row ends too. */
static int cell_read(struct reading *reading, bool *last)
{
	const char *text = reading->to;
	int error = reading->at < reading->end && *reading->at == '"' ? quoted_copy(reading)
								      : plain_copy(reading);

	*last = true;
	if (error < 0) {
		return error;
	}
	if (reading->at < reading->end) {
		*last = *reading->at != reading->csv->separator;
		reading->at += *reading->at == '\r' && reading->at + 1 < reading->end ? 2 : 1;
		reading->line += *last;
	}
	/* There was at least the byte that ended the cell, or the NUL behind the text. */
	*reading->to++ = '\0';
	return cell_add(reading, text);
}

static int row_read(struct reading *reading)
{
	struct csv *csv = reading->csv;
	struct csv_row *rows;
	bool last = false;
	int error = 0;

	rows = list_with_room(csv->rows, csv->n_rows, &csv->rows_room, sizeof(*rows));
	if (rows == NULL) {
		return out_of_memory(reading);
	}
	csv->rows = rows;
	csv->rows[csv->n_rows++] = (struct csv_row) { csv->n_cells, 0, reading->line };
	while (error == 0 && !last) {
		error = cell_read(reading, &last);
	}
	struct csv_row *row = &csv->rows[csv->n_rows - 1];
	if (row->n == 1 && csv->cells[row->first][0] == '\0') {
		csv->n_cells--;
		csv->n_rows--;
	}
	return error;
}

static int check_text(const char *text, size_t length, struct problem *problem)
{
	if (length > CSV_BYTES_MAX) {
		return problem_set(problem, -E2BIG, "larger than 64 MiB");
	}
	if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
		return problem_set(problem, -EINVAL, "UTF-16: save it as CSV UTF-8");
	}
	return memchr(text, '\0', length) == NULL
		   ? 0
		   : problem_set(problem, -EINVAL, "not a text: it has NUL bytes");
}

int csv_read(struct csv *out, const char *text, size_t length, struct problem *problem)
{
	struct reading reading = { .csv = out, .line = 1, .problem = problem };
	int error = check_text(text, length, problem);

	*out = (struct csv) { .text = NULL };
	if (error < 0) {
		return error;
	}
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		length -= 3;
	}
	out->text = malloc(length + 1);
	if (out->text == NULL) {
		return out_of_memory(&reading);
	}
	memcpy(out->text, text, length);
	out->text[length] = '\0';
	out->separator = separator_of(out->text);
	reading.at = reading.to = out->text;
	reading.end = out->text + length;
	while (error == 0 && reading.at < reading.end) {
		error = row_read(&reading);
	}
	return error;
}

void csv_free(struct csv *csv)
{
	free(csv->text);
	free(csv->cells);
	free(csv->rows);
	*csv = (struct csv) { .text = NULL };
}

const char *csv_cell(const struct csv *csv, const struct csv_row *row, size_t column)
{
	return column < row->n ? csv->cells[row->first + column] : "";
}
