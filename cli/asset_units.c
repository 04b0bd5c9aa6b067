/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/asset_units.h"

struct unit_count {
	const char *kind;
	unsigned answered;
};

static void count_unit(void *context, const char *key, const struct tree *unit)
{
	struct unit_count *count = context;
	const char *kind = tree_text(unit, "kind");

	(void)key;
	count->answered +=
	    kind != NULL && strcmp(kind, count->kind) == 0 && tree_number(unit, "answered") > 0;
}

bool asset_unit_is_behind(const struct tree *asset, const struct tree *unit)
{
	struct unit_count count = { tree_text(unit, "kind"), 0 };
	double id = tree_number(unit, "id");

	if (tree_number(unit, "answered") == 0) {
		return false;
	}
	if (count.kind == NULL || strcmp(count.kind, "slot") == 0) {
		return true;
	}
	tree_members(asset, "weir.asset.units", count_unit, &count);
	return count.answered > 1 && (strcmp(count.kind, "unit") != 0 || (id > 0 && id < 255));
}

void asset_unit_name(struct buffer *out, const struct tree *unit)
{
	const char *kind = tree_text(unit, "kind");

	buffer_format(out, "%s %.0f", kind != NULL ? kind : "unit", tree_number(unit, "id"));
}

static bool label(struct buffer *out, const struct tree *asset, const struct tree *unit, bool all)
{
	const char *name = tree_text(unit, "device_name");

	asset_unit_name(out, unit);
	if (name != NULL) {
		buffer_format(out, " %s", name);
	}
	return all || asset_unit_is_behind(asset, unit);
}

const struct listing_children asset_unit_children = {
	.list = "weir.asset.units",
	.prefix = "weir.asset.",
	.label = label,
};
