/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/listing.h"

#include "cli/cell.h"

#include <ctype.h>
#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct listing {
	struct libscols_table *scols;
	const struct column *columns[LISTING_COLUMNS_MAX];
	size_t n_columns, rows;
	bool terminal, colours, narrow;
};

static const struct {
	const char *level, *colour;
} level_colours[] = {
	{ "critical", "red" },
	{ "high", "red" },
	{ "medium", "yellow" },
	{ "low", "cyan" },
};

static int column_flags(const struct column *column)
{
	switch (column->format) {
	case CELL_NUMBER:
	case CELL_BYTES:
	case CELL_DURATION:
		return SCOLS_FL_RIGHT;
	case CELL_TEXT:
		return SCOLS_FL_TRUNC;
	case CELL_LIST:
		return SCOLS_FL_WRAP;
	default:
		return 0;
	}
}

/* Short names are shown as headings in capitals, paths as they are. */
static int column_add(struct listing *listing, const struct column *column)
{
	char heading[64];
	size_t i;

	for (i = 0; column->name[i] != '\0' && i + 1 < sizeof(heading); i++) {
		heading[i] =
		    column->name[i] == '_' ? '-' : (char)toupper((unsigned char)column->name[i]);
	}
	heading[i] = '\0';
	const char *title = column->meaning != NULL ? heading : column->name;
	struct libscols_column *added = scols_table_new_column(
	    listing->scols, title, column->width > 0 ? column->width : 0.1, column_flags(column));
	if (added == NULL) {
		return -ENOMEM;
	}
	if (column->format != CELL_LIST) {
		return 0;
	}
	int error = scols_column_set_safechars(added, "\n");
	return error < 0 ? error
			 : scols_column_set_wrapfunc(added, scols_wrapnl_chunksize,
						     scols_wrapnl_nextchunk, NULL);
}

size_t listing_width(FILE *stream)
{
	struct winsize size = { .ws_col = 0 };

	if (!isatty(fileno(stream))) {
		return SIZE_MAX;
	}
	return ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

int listing_new(struct listing **out, const struct column *const *columns, size_t n_columns,
		FILE *stream)
{
	struct listing *listing = calloc(1, sizeof(*listing));
	int error = listing != NULL ? 0 : -ENOMEM;

	if (error == 0 && (listing->scols = scols_new_table()) == NULL) {
		error = -ENOMEM;
	}
	for (size_t i = 0; error == 0 && i < size_min(n_columns, LISTING_COLUMNS_MAX); i++) {
		listing->columns[listing->n_columns++] = columns[i];
		error = column_add(listing, columns[i]);
	}
	if (error < 0) {
		listing_free(listing);
		return error;
	}
	scols_table_set_stream(listing->scols, stream);
	listing->terminal = isatty(fileno(stream));
	listing->colours = listing->terminal && getenv("NO_COLOR") == NULL;
	listing->narrow = listing_width(stream) < LISTING_NARROW;
	scols_table_enable_colors(listing->scols, listing->colours);
	*out = listing;
	return 0;
}

struct listing *listing_free(struct listing *listing)
{
	if (listing != NULL) {
		scols_unref_table(listing->scols);
		free(listing);
	}
	return NULL;
}

static const char *level_colour(const char *level)
{
	for (size_t i = 0; i < ARRAY_SIZE(level_colours); i++) {
		if (strcmp(level_colours[i].level, level) == 0) {
			return level_colours[i].colour;
		}
	}
	return NULL;
}

static int cell_fill(struct listing *listing, struct libscols_line *line, size_t i,
		     const struct tree *document)
{
	const struct column *column = listing->columns[i];
	struct buffer text = { 0 };
	bool lines = column->format == CELL_LIST;
	const struct cell_style style = { .separator = lines && listing->terminal ? "\n" : ", ",
					  .short_time = listing->narrow,
					  .lines = lines };
	int error;

	cell_write(&text, column, document, &style);
	error = scols_line_set_data(line, i, text.length > 0 ? text.data : "-");
	if (error == 0 && listing->colours && column->format == CELL_LEVEL && text.data != NULL) {
		const char *colour = level_colour(text.data);

		error = colour == NULL ? 0 : scols_line_set_color(line, colour);
	}
	if (text.failed) {
		error = -ENOMEM;
	}
	buffer_free(&text);
	return error;
}

int listing_add(struct listing *listing, const struct tree *document)
{
	struct libscols_line *line = scols_table_new_line(listing->scols, NULL);
	int error = line != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; error == 0 && i < listing->n_columns; i++) {
		error = cell_fill(listing, line, i, document);
	}
	listing->rows++;
	return error;
}

size_t listing_rows(const struct listing *listing)
{
	return listing->rows;
}

int listing_print(struct listing *listing)
{
	int error = listing->rows > 0 ? scols_print_table(listing->scols) : 0;

	if (listing->rows > 0) {
		scols_table_enable_noheadings(listing->scols, 1);
	}
	scols_table_remove_lines(listing->scols);
	listing->rows = 0;
	return error;
}
