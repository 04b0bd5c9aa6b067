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

/* The first column of a tree is not cut where the terminal ends, but here. */
#define TREE_LABEL_MAX 28

struct listing {
	struct libscols_table *scols;
	const struct column *columns[LISTING_COLUMNS_MAX];
	size_t n_columns, rows;
	const struct listing_children *children; /* NULL: no tree */
	bool all_children;
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

/* Cuts a text behind so many bytes, not inside a character. */
static void cut(struct buffer *text, size_t max)
{
	if (text->length > max) {
		while (max > 0 && ((unsigned char)text->data[max] & 0xc0) == 0x80) {
			max--;
		}
		text->length = max;
		text->data[max] = '\0';
	}
}

static int cell_set(struct listing *listing, struct libscols_line *line, size_t i,
		    const struct column *column, const struct tree *document)
{
	struct buffer text = { 0 };
	bool lines = column->format == CELL_LIST;
	const struct cell_style style = { .separator = lines && listing->terminal ? "\n" : ", ",
					  .short_time = listing->narrow,
					  .lines = lines };
	int error;

	cell_write(&text, column, document, &style);
	if (i == 0 && listing->children != NULL && listing->terminal) {
		cut(&text, TREE_LABEL_MAX);
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

/* ---- children ---- */

struct parent {
	struct listing *listing;
	struct libscols_line *line;
	const struct tree *document;
	int error;
};

/* The column as it stands for an element of the list. */
static struct column column_below(const struct listing_children *children,
				  const struct column *column)
{
	struct column below = *column;
	size_t n = 0, prefix = strlen(children->prefix);

	for (size_t i = 0; i < COLUMN_PATHS && column->paths[i] != NULL; i++) {
		if (strncmp(column->paths[i], children->prefix, prefix) == 0) {
			below.paths[n++] = column->paths[i] + prefix;
		}
	}
	for (; n < COLUMN_PATHS; n++) {
		below.paths[n] = NULL;
	}
	return below;
}

static int child_fill(const struct parent *parent, struct libscols_line *line,
		      const struct tree *element, struct buffer *label)
{
	struct listing *listing = parent->listing;

	if (listing->terminal) {
		cut(label, TREE_LABEL_MAX);
	}
	int error = scols_line_set_data(line, 0, label->data);

	for (size_t i = 1; error == 0 && i < listing->n_columns; i++) {
		const struct column column = column_below(listing->children, listing->columns[i]);

		error = cell_set(listing, line, i, &column, element);
	}
	return error;
}

static void child_add(void *context, const char *key, const struct tree *element)
{
	struct parent *parent = context;
	struct listing *listing = parent->listing;
	struct buffer label = { 0 };

	(void)key;
	if (parent->error == 0 &&
	    listing->children->label(&label, parent->document, element, listing->all_children)) {
		struct libscols_line *line = scols_table_new_line(listing->scols, parent->line);

		parent->error = line == NULL || label.data == NULL
				    ? -ENOMEM
				    : child_fill(parent, line, element, &label);
	}
	buffer_free(&label);
}

int listing_tree(struct listing *listing, const struct listing_children *children, bool all)
{
	struct libscols_column *first = scols_table_get_column(listing->scols, 0);

	listing->children = children;
	listing->all_children = all;
	return scols_column_set_flags(first, SCOLS_FL_TREE);
}

/* ---- rows ---- */

int listing_add(struct listing *listing, const struct tree *document)
{
	struct libscols_line *line = scols_table_new_line(listing->scols, NULL);
	int error = line != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; error == 0 && i < listing->n_columns; i++) {
		error = cell_set(listing, line, i, listing->columns[i], document);
	}
	listing->rows++;
	if (error < 0 || listing->children == NULL) {
		return error;
	}
	struct parent parent = { listing, line, document, 0 };
	tree_members(document, listing->children->list, child_add, &parent);
	return parent.error;
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
