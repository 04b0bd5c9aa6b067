/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The documents themselves, one a line, as weir assets -J. */

#include "cli/export.h"

static void json_asset(struct export *export, const struct tree *asset, const char *json,
		       size_t length)
{
	(void)asset;
	buffer_add(&export->out, json, length);
	buffer_text(&export->out, "\n");
}

const struct export_format export_json = {
	.name = "json",
	.asset = json_asset,
};
