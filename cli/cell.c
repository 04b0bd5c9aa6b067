/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/cell.h"

#include "cli/when.h"

#include <stdio.h>

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

static void write_time(struct buffer *out, const char *text, bool without_year)
{
	char local[TIME_TEXT_SIZE];
	int64_t time;

	if (when_parse_iso(text, &time) < 0) {
		buffer_text(out, text);
	} else {
		buffer_text(out,
			    time_text_local(time, local) + (without_year ? strlen("2026-") : 0));
	}
}

static void write_line(struct buffer *out, const char *text)
{
	for (size_t n; *text != '\0'; text += n) {
		n = strcspn(text, "\n");
		buffer_add(out, text, n);
		if (text[n] == '\n') {
			buffer_text(out, " ");
			n++;
		}
	}
}

struct cell {
	struct buffer *out;
	size_t begin; /* of this cell in out */
	enum cell_format format;
	const struct cell_style *style;
};

static void write_value(struct cell *cell, const struct tree_value *value)
{
	const struct cell_style *style = cell->style;
	char text[64];

	if (cell->format == CELL_TIME && !style->plain) {
		write_time(cell->out, value->text, style->short_time);
	} else if (cell->format == CELL_BYTES && value->is_integer && !style->plain) {
		buffer_text(cell->out, text_of_bytes((uint64_t)value->integer, text, sizeof(text)));
	} else if (cell->format == CELL_DURATION && value->is_integer && !style->plain) {
		buffer_text(cell->out, text_of_duration(value->integer, text, sizeof(text)));
	} else if (style->lines) {
		write_line(cell->out, value->text);
	} else {
		buffer_text(cell->out, value->text);
	}
}

static bool visit(void *context, const struct tree_value *value)
{
	struct cell *cell = context;

	if (cell->out->length > cell->begin) {
		buffer_text(cell->out, cell->style->separator);
	}
	write_value(cell, value);
	return true;
}

static void visit_count(void *context, const char *key, const struct tree *member)
{
	struct cell *cell = context;

	buffer_format(cell->out, "%s%s %.0f",
		      cell->out->length > cell->begin ? cell->style->separator : "", key,
		      tree_number(member, "count"));
}

/* The path ends in ".*", for the filter, which sees the keys. */
static void visit_counts(struct cell *cell, const struct tree *document, const char *path)
{
	char object[128];

	snprintf(object, sizeof(object), "%.*s", (int)(strlen(path) - strlen(".*")), path);
	tree_members(document, object, visit_count, cell);
}

void cell_write(struct buffer *out, const struct column *column, const struct tree *document,
		const struct cell_style *style)
{
	struct cell cell = { out, out->length, column->format, style };

	for (size_t i = 0;
	     i < COLUMN_PATHS && column->paths[i] != NULL && out->length == cell.begin; i++) {
		if (column->format == CELL_COUNTS) {
			visit_counts(&cell, document, column->paths[i]);
		} else {
			tree_visit(document, column->paths[i], visit, &cell);
		}
	}
}
