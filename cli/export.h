/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* export.h - assets in the forms that other programs read: one file export_FORM.c, one row in the
 * table of command_assets_export.c.
 *
 * Nothing in an export depends on the clock: its time is that of the last packet of its assets. */

#include "capture/base/buffer.h"
#include "cli/tree.h"

struct export
{
	struct buffer out;
	const char *site; /* where the devices stand, as NetBox calls it */
	char newest[40]; /* the latest time that an asset was seen, RFC 3339; "" while there is none
			  */
	void *names;     /* names that were given away: a tree of tsearch(3) */
	size_t n_assets;
};

/* Memory that runs out marks export->out as failed. */
struct export_format {
	const char *name;
	void (*begin)(struct export *export); /* may be NULL */
	void (*asset)(struct export *export, const struct tree *asset, const char *json,
		      size_t length);
	void (*end)(struct export *export); /* may be NULL */
};

extern const struct export_format export_csv, export_netbox, export_cyclonedx, export_json;

/* Appends a value to a line of RFC 4180: quoted where need be, a comma before it unless it is the
 * first. What a spreadsheet would take for a formula gets an apostrophe in front. */
void csv_value(struct buffer *out, const char *text, bool first);
