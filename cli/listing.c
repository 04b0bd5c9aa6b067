/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/listing.h"

#include "capture/base/buffer.h"
#include "cli/when.h"

#include <ctype.h>
#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Below it, times lack the year. */
#define WIDTH_NARROW 100

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

const char *text_of_bytes(uint64_t bytes, char *out, size_t size)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		value /= 1024;
		unit++;
	}
	snprintf(out, size, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
	return out;
}

const char *text_of_duration(int64_t ns, char *out, size_t size)
{
	long long seconds = ns / NS_PER_S;

	if (ns < 0) {
		snprintf(out, size, "-");
	} else if (ns < NS_PER_MS) {
		snprintf(out, size, "%.1f us", (double)ns / (double)NS_PER_US);
	} else if (ns < NS_PER_S) {
		snprintf(out, size, "%.1f ms", (double)ns / (double)NS_PER_MS);
	} else if (ns < NS_PER_MINUTE) {
		snprintf(out, size, "%.1f s", (double)ns / (double)NS_PER_S);
	} else if (ns < NS_PER_HOUR) {
		snprintf(out, size, "%lld min %lld s", seconds / 60, seconds % 60);
	} else if (ns < NS_PER_DAY) {
		snprintf(out, size, "%lld h %lld min", seconds / 3600, seconds / 60 % 60);
	} else {
		snprintf(out, size, "%lld d %lld h", seconds / 86400, seconds / 3600 % 24);
	}
	return out;
}

static int column_flags(const struct column *column)
{
	switch (column->format) {
	case CELL_NUMBER:
	case CELL_BYTES:
	case CELL_DURATION:
		return SCOLS_FL_RIGHT;
	case CELL_TEXT:
	case CELL_COUNTS:
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
	listing->narrow = listing_width(stream) < WIDTH_NARROW;
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

static void cell_time(struct buffer *cell, const char *text, bool narrow)
{
	char local[TIME_TEXT_SIZE];
	int64_t time;

	if (when_parse_iso(text, &time) < 0) {
		buffer_text(cell, text);
	} else {
		buffer_text(cell, time_text_local(time, local) + (narrow ? strlen("2026-") : 0));
	}
}

struct cell {
	struct buffer *text;
	enum cell_format format;
	const struct listing *listing;
};

/* Where lines separate values, a value is one line, whatever a device calls itself. */
static void cell_line(struct buffer *cell, const char *text)
{
	for (size_t n; *text != '\0'; text += n) {
		n = strcspn(text, "\n");
		buffer_add(cell, text, n);
		if (text[n] == '\n') {
			buffer_text(cell, " ");
			n++;
		}
	}
}

static bool cell_visit(void *context, const struct tree_value *value)
{
	struct cell *cell = context;
	char text[64];

	if (cell->text->length > 0) {
		buffer_text(cell->text,
			    cell->format == CELL_LIST && cell->listing->terminal ? "\n" : ", ");
	}
	if (cell->format == CELL_LIST) {
		cell_line(cell->text, value->text);
	} else if (cell->format == CELL_TIME) {
		cell_time(cell->text, value->text, cell->listing->narrow);
	} else if (cell->format == CELL_BYTES && value->is_integer) {
		buffer_text(cell->text,
			    text_of_bytes((uint64_t)value->integer, text, sizeof(text)));
	} else if (cell->format == CELL_DURATION && value->is_integer) {
		buffer_text(cell->text, text_of_duration(value->integer, text, sizeof(text)));
	} else {
		buffer_text(cell->text, value->text);
	}
	return true;
}

static void cell_count(void *context, const char *key, const struct tree *member)
{
	struct cell *cell = context;
	char count[32];

	snprintf(count, sizeof(count), " %.0f", tree_number(member, "count"));
	buffer_text(cell->text, cell->text->length > 0 ? ", " : "");
	buffer_text(cell->text, key);
	buffer_text(cell->text, count);
}

/* The path ends in ".*", for the filter, which sees the keys. */
static void cell_counts(struct cell *cell, const struct tree *document, const char *path)
{
	char object[128];

	snprintf(object, sizeof(object), "%.*s", (int)(strlen(path) - strlen(".*")), path);
	tree_members(document, object, cell_count, cell);
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
	struct cell cell = { &text, column->format, listing };
	int error;

	for (size_t j = 0; j < COLUMN_PATHS && column->paths[j] != NULL && text.length == 0; j++) {
		if (column->format == CELL_COUNTS) {
			cell_counts(&cell, document, column->paths[j]);
		} else {
			tree_visit(document, column->paths[j], cell_visit, &cell);
		}
	}
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
