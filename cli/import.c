/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/import.h"

#include "store/edit.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#define HEADING_MAX 64

/* What tables of others call what we know, in lower case and with spaces as underscores. */
static const struct {
	const char *heading, *field;
} headings[] = {
	{ "serial", "serial" },
	{ "serial_number", "serial" },
	{ "serial_no", "serial" },
	{ "serialnumber", "serial" },
	{ "mac", "mac" },
	{ "mac_address", "mac" },
	{ "address", "address" },
	{ "ip", "address" },
	{ "ip_address", "address" },
	{ "primary_ip", "address" },
	{ "tag", "tag" },
	{ "asset_tag", "tag" },
	{ "inventory_number", "tag" },
	{ "name", "name" },
	{ "device_name", "name" },
	{ "owner", "owner" },
	{ "responsible", "owner" },
	{ "location", "location" },
	{ "site", "location" },
	{ "criticality", "criticality" },
	{ "type", "type" },
	{ "level", "level" },
	{ "purdue_level", "level" },
	{ "zone", "zone" },
	{ "note", "note" },
	{ "notes", "note" },
	{ "comment", "note" },
};

static bool is_join(const char *field)
{
	return strcmp(field, "serial") == 0 || strcmp(field, "mac") == 0 ||
	       strcmp(field, "address") == 0;
}

/* The canonical text of a field's name, which lives for ever; NULL: no such field. */
static const char *field_named(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(headings); i++) {
		const char *field = headings[i].field;

		if (strlen(field) == length && strncmp(field, name, length) == 0) {
			return field;
		}
	}
	return NULL;
}

static const char *field_of_heading(const char *heading)
{
	char plain[HEADING_MAX];
	size_t n = 0;

	for (; heading[n] != '\0' && n + 1 < sizeof(plain); n++) {
		char c = heading[n] == ' ' || heading[n] == '-' ? '_' : heading[n];

		plain[n] = (char)tolower((unsigned char)c);
	}
	plain[n] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(headings); i++) {
		if (strcmp(headings[i].heading, plain) == 0) {
			return headings[i].field;
		}
	}
	return NULL;
}

/* Takes one "column=field" of the map; at its beginning, `length` bytes. */
static int map_one(struct import_plan *plan, const struct csv *csv, const char *text, size_t length,
		   struct problem *problem)
{
	const char *equal = memchr(text, '=', length);
	const char *field = NULL;

	if (equal == NULL) {
		return problem_set(problem, -EINVAL, "--map wants column=field, not '%.*s'",
				   (int)length, text);
	}
	size_t name = (size_t)(equal - text), rest = length - name - 1;
	if (rest > 0 && (field = field_named(equal + 1, rest)) == NULL) {
		return problem_set(problem, -EINVAL,
				   "--map: no field '%.*s': serial, mac, address, name, owner, "
				   "criticality, type, level, zone, location, tag, note",
				   (int)rest, equal + 1);
	}
	for (size_t i = 0; i < plan->n; i++) {
		const char *heading = csv_cell(csv, &csv->rows[0], i);

		if (strlen(heading) == name && strncasecmp(heading, text, name) == 0) {
			plan->fields[i] = field;
			return 0;
		}
	}
	return problem_set(problem, -EINVAL, "--map: the file has no column '%.*s'", (int)name,
			   text);
}

static int map_all(struct import_plan *plan, const struct csv *csv, const char *map,
		   struct problem *problem)
{
	int error = 0;

	while (map != NULL && *map != '\0' && error == 0) {
		size_t length = strcspn(map, ",");

		error = map_one(plan, csv, map, length, problem);
		map += length + (map[length] == ',' ? 1 : 0);
	}
	return error;
}

/* No field twice, something to find an asset by, and something to set. */
static int plan_check(struct import_plan *plan, struct problem *problem)
{
	bool joins = false, sets = false;

	for (size_t i = 0; i < plan->n; i++) {
		for (size_t k = 0; k < i && plan->fields[i] != NULL; k++) {
			if (plan->fields[k] != NULL &&
			    strcmp(plan->fields[k], plan->fields[i]) == 0) {
				return problem_set(problem, -EINVAL,
						   "two columns mean '%s': choose with --map",
						   plan->fields[i]);
			}
		}
		plan->joins[i] = plan->fields[i] != NULL && is_join(plan->fields[i]);
		joins = joins || plan->joins[i];
		sets = sets || (plan->fields[i] != NULL && !plan->joins[i]);
	}
	if (!joins) {
		return problem_set(problem, -EINVAL,
				   "no column means serial, mac or address: say which with --map");
	}
	return sets ? 0
		    : problem_set(problem, -EINVAL,
				  "no column means anything that can be set: say which with --map");
}

int import_plan(struct import_plan *out, const struct csv *csv, const char *map,
		struct problem *problem)
{
	*out = (struct import_plan) { .n = csv->n_rows > 0 ? csv->rows[0].n : 0 };
	if (out->n == 0) {
		return problem_set(problem, -EINVAL, "has no header line");
	}
	for (size_t i = 0; i < out->n; i++) {
		/* Two names of one thing do not both apply by themselves: the map chooses. */
		out->fields[i] = field_of_heading(csv_cell(csv, &csv->rows[0], i));
	}
	int error = map_all(out, csv, map, problem);
	return error < 0 ? error : plan_check(out, problem);
}

/* Words of a list are compared in lower case. */
static const char *value_of(const char *field, const char *cell, char lower[HEADING_MAX])
{
	size_t n = 0;

	if (strcmp(field, "criticality") != 0 || strlen(cell) >= HEADING_MAX) {
		return cell;
	}
	for (; cell[n] != '\0'; n++) {
		lower[n] = (char)tolower((unsigned char)cell[n]);
	}
	lower[n] = '\0';
	return lower;
}

int import_check(const struct import_plan *plan, const struct csv *csv, const struct csv_row *row,
		 struct problem *problem)
{
	char lower[HEADING_MAX];
	int error = 0;

	if (row->n > plan->n) {
		return problem_set(problem, -EINVAL, "more cells than the header line has");
	}
	for (size_t i = 0; i < plan->n && error == 0; i++) {
		const char *cell = csv_cell(csv, row, i);

		if (plan->fields[i] != NULL && !plan->joins[i] && cell[0] != '\0') {
			error = edit_check(edit_field(plan->fields[i]),
					   value_of(plan->fields[i], cell, lower), problem);
		}
	}
	return error;
}

/* Writes the cells that join, or those that set; how many. */
static size_t write_cells(const struct import_plan *plan, const struct csv *csv,
			  const struct csv_row *row, bool joins, struct json *json)
{
	char lower[HEADING_MAX];
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++) {
		const char *cell = csv_cell(csv, row, i);

		if (plan->fields[i] == NULL || plan->joins[i] != joins || cell[0] == '\0') {
			continue;
		}
		if (json != NULL) {
			json_text(json, plan->fields[i], value_of(plan->fields[i], cell, lower));
		}
		n++;
	}
	return n;
}

bool import_write(const struct import_plan *plan, const struct csv *csv, const struct csv_row *row,
		  struct json *json)
{
	if (write_cells(plan, csv, row, true, NULL) == 0 ||
	    write_cells(plan, csv, row, false, NULL) == 0) {
		return false;
	}
	json_object(json, NULL);
	(void)write_cells(plan, csv, row, true, json);
	json_object(json, "set");
	(void)write_cells(plan, csv, row, false, json);
	json_end(json);
	json_end(json);
	return true;
}
