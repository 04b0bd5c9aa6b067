/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/page.h"

#include "cli/listing.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>

#define INDENT "  "

struct page {
	FILE *stream;
	struct libscols_table *table;  /* of the current block; NULL: none */
	const char *heading;           /* of the section; NULL when it was shown */
	size_t width;                  /* of the terminal; SIZE_MAX: it is none */
	bool hidden[PAGE_COLUMNS_MAX]; /* for want of room */
	size_t n_columns, n_rows;
	bool facts, shown; /* the block is one of facts; something was shown */
	int error;
};

static const struct page_column fact_columns[] = { { .heading = "" },
						   { .heading = "", .kind = PAGE_LONG } };

int page_new(struct page **out, FILE *stream)
{
	struct page *page = calloc(1, sizeof(*page));

	if (page == NULL) {
		return -ENOMEM;
	}
	page->stream = stream;
	page->width = listing_width(stream);
	*out = page;
	return 0;
}

struct page *page_free(struct page *page)
{
	if (page != NULL) {
		scols_unref_table(page->table);
		free(page);
	}
	return NULL;
}

static void fail(struct page *page, int error)
{
	page->error = page->error == 0 ? error : page->error;
}

static void heading_show(struct page *page)
{
	if (page->shown) {
		fputc('\n', page->stream);
	}
	page->shown = true;
	if (page->heading != NULL) {
		fprintf(page->stream, "%s\n", page->heading);
	}
	page->heading = NULL;
}

/* Shows the current block, if it has rows. */
static void block_end(struct page *page)
{
	if (page->n_rows > 0) {
		heading_show(page);
		if (scols_print_table(page->table) < 0) {
			fail(page, -EIO);
		}
	}
	scols_unref_table(page->table);
	page->table = NULL;
	page->n_rows = 0;
}

static int column_lines(struct libscols_column *column)
{
	int error = scols_column_set_safechars(column, "\n");

	return error < 0 ? error
			 : scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
						     scols_wrapnl_nextchunk, NULL);
}

static void column_add(struct page *page, const struct page_column *column, bool first)
{
	static const int flags[] = { [PAGE_NUMBER] = SCOLS_FL_RIGHT,
				     [PAGE_LONG] = SCOLS_FL_WRAP,
				     [PAGE_LINES] = SCOLS_FL_WRAP };
	char heading[64];

	snprintf(heading, sizeof(heading), "%s%s", first ? INDENT : "", column->heading);
	struct libscols_column *added = scols_table_new_column(
	    page->table, heading, column->kind >= PAGE_LONG ? 0.3 : 4, flags[column->kind]);
	if (added == NULL || (column->kind == PAGE_LINES && column_lines(added) < 0)) {
		fail(page, -ENOMEM);
	}
}

static void block_begin(struct page *page, const struct page_column *columns, size_t n, bool facts)
{
	block_end(page);
	page->table = scols_new_table();
	if (page->table == NULL) {
		fail(page, -ENOMEM);
		return;
	}
	scols_table_set_stream(page->table, page->stream);
	scols_table_enable_noheadings(page->table, facts);
	for (size_t i = 0; i < n && i < PAGE_COLUMNS_MAX; i++) {
		page->hidden[i] = columns[i].least > page->width;
		if (!page->hidden[i]) {
			column_add(page, &columns[i], i == 0);
		}
	}
	page->n_columns = size_min(n, PAGE_COLUMNS_MAX);
	page->facts = facts;
}

void page_section(struct page *page, const char *heading)
{
	block_end(page);
	page->heading = heading;
}

void page_table(struct page *page, const struct page_column *columns, size_t n)
{
	block_begin(page, columns, n, false);
}

static int first_cell(struct libscols_line *line, const char *text)
{
	char *indented = NULL;

	if (asprintf(&indented, INDENT "%s", text) < 0) {
		return -ENOMEM;
	}
	int error = scols_line_set_data(line, 0, indented);
	free(indented);
	return error;
}

void page_row(struct page *page, const char *const *cells)
{
	struct libscols_line *line =
	    page->table != NULL ? scols_table_new_line(page->table, NULL) : NULL;
	int error = line != NULL ? 0 : -ENOMEM;
	size_t at = 0;

	for (size_t i = 0; error == 0 && i < page->n_columns; i++) {
		const char *text = cells[i] != NULL && cells[i][0] != '\0' ? cells[i] : "-";

		if (!page->hidden[i]) {
			error =
			    at == 0 ? first_cell(line, text) : scols_line_set_data(line, at, text);
			at++;
		}
	}
	page->n_rows++;
	if (error < 0) {
		fail(page, error);
	}
}

void page_fact(struct page *page, const char *word, const char *value)
{
	const char *const cells[] = { word, value };

	if (page->table == NULL || !page->facts) {
		block_begin(page, fact_columns, ARRAY_SIZE(fact_columns), true);
	}
	page_row(page, cells);
}

const char *page_separator(const struct page *page)
{
	return page->width == SIZE_MAX ? ", " : "\n";
}

bool page_is_narrow(const struct page *page)
{
	return page->width < LISTING_NARROW;
}

int page_end(struct page *page)
{
	block_end(page);
	if (fflush(page->stream) != 0) {
		fail(page, -EIO);
	}
	return page->error;
}
