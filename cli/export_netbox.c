/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Devices as NetBox imports them in bulk (Devices > Import, CSV).  It wants name, role,
 * manufacturer, device_type, status and site, of which role, manufacturer, device type and site
 * must exist there, and names that are unique in their site.  Serial numbers, asset tags and texts
 * have the lengths of its database columns. */

#include "cli/cell.h"
#include "cli/export.h"

#include <search.h>
#include <stdlib.h>

enum { NAME_MAX_LENGTH = 64, TEXT_MAX_LENGTH = 100, SERIAL_MAX_LENGTH = 50, COMMENT_MAX = 2000 };

static const struct column names = { .paths = { "host.name", "host.ip", "host.mac",
						"weir.asset.id" } };
static const struct column roles = { .paths = { "weir.asset.type", "weir.asset.role" } };
static const struct column makers = { .paths = { "weir.asset.vendor" } };
static const struct column types = { .paths = { "weir.asset.product_code", "weir.asset.product",
						"weir.asset.model" } };
static const struct column serials = { .paths = { "weir.asset.serial_number" } };
static const struct column tags = { .paths = { "weir.asset.asset_tag" } };
static const struct column descriptions = { .paths = { "weir.asset.description" } };

/* What NetBox has no column for. */
static const struct {
	const char *label;
	struct column column;
} comments[] = {
	{ "addresses", { .paths = { "host.ip" } } },
	{ "MAC", { .paths = { "host.mac" } } },
	{ "VLAN", { .paths = { "weir.asset.vlans" } } },
	{ "level", { .paths = { "weir.asset.level" } } },
	{ "zone", { .paths = { "weir.asset.zone" } } },
	{ "firmware", { .paths = { "weir.asset.firmware_version", "weir.asset.revision" } } },
	{ "hardware", { .paths = { "weir.asset.hardware_version" } } },
	{ "location", { .paths = { "weir.asset.location" } } },
	{ "owner", { .paths = { "weir.asset.owner" } } },
	{ "answers", { .paths = { "weir.asset.protocols.server" } } },
	{ "first seen", { .paths = { "weir.asset.first_seen" } } },
	{ "last seen", { .paths = { "weir.asset.last_seen" } } },
	{ "Weir id", { .paths = { "weir.asset.id" } } },
};

static void netbox_begin(struct export *export)
{
	buffer_text(&export->out, "name,role,manufacturer,device_type,serial,asset_tag,status,site,"
				  "description,comments\r\n");
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

/* The first value of the column, or the other text. */
static bool first_value(void *context, const struct tree_value *value)
{
	buffer_text(context, value->text);
	return false;
}

static void first_of(struct buffer *out, const struct column *column, const struct tree *asset)
{
	buffer_clear(out);
	for (size_t i = 0; i < COLUMN_PATHS && column->paths[i] != NULL && out->length == 0; i++) {
		(void)tree_visit(asset, column->paths[i], first_value, out);
	}
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Takes the name, unless it is taken. */
static bool name_take(struct export *export, const char *name)
{
	char *own = strdup(name);
	char **found = own != NULL ? tsearch(own, &export->names, compare_names) : NULL;

	if (found == NULL) {
		export->out.failed = true;
		free(own);
		return true;
	}
	if (*found != own) {
		free(own);
		return false;
	}
	return true;
}

/* A name that no other device has: with the id where there are two. */
static void unique_name(struct buffer *name, struct export *export, const struct tree *asset)
{
	const char *id = tree_text(asset, "weir.asset.id");

	first_of(name, &names, asset);
	cut(name, NAME_MAX_LENGTH);
	if (id != NULL && name->length > 0 && !name_take(export, name->data)) {
		cut(name, NAME_MAX_LENGTH - strlen(id) - 3);
		buffer_format(name, " (%s)", id);
		(void)name_take(export, name->data);
	}
}

static void value_add(struct export *export, const struct column *column, const struct tree *asset,
		      size_t max, const char *otherwise)
{
	struct buffer value = { 0 };

	first_of(&value, column, asset);
	cut(&value, max);
	csv_value(&export->out, value.length > 0 ? value.data : otherwise, false);
	export->out.failed = export->out.failed || value.failed;
	buffer_free(&value);
}

static void comments_add(struct export *export, const struct tree *asset)
{
	static const struct cell_style style = { .separator = ", ", .plain = true, .lines = true };
	struct buffer text = { 0 }, value = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(comments); i++) {
		buffer_clear(&value);
		cell_write(&value, &comments[i].column, asset, &style);
		if (value.length > 0) {
			buffer_format(&text, "%s%s: %s", text.length > 0 ? "; " : "",
				      comments[i].label, value.data);
		}
	}
	cut(&text, COMMENT_MAX);
	csv_value(&export->out, text.length > 0 ? text.data : "", false);
	export->out.failed = export->out.failed || text.failed || value.failed;
	buffer_free(&text);
	buffer_free(&value);
}

static void netbox_asset(struct export *export, const struct tree *asset, const char *json,
			 size_t length)
{
	struct buffer name = { 0 };

	(void)json;
	(void)length;
	unique_name(&name, export, asset);
	csv_value(&export->out, name.length > 0 ? name.data : "", true);
	buffer_free(&name);
	value_add(export, &roles, asset, TEXT_MAX_LENGTH, "unknown");
	value_add(export, &makers, asset, TEXT_MAX_LENGTH, "unknown");
	value_add(export, &types, asset, TEXT_MAX_LENGTH, "unknown");
	value_add(export, &serials, asset, SERIAL_MAX_LENGTH, "");
	value_add(export, &tags, asset, SERIAL_MAX_LENGTH, "");
	csv_value(&export->out, "active", false);
	csv_value(&export->out, export->site, false);
	value_add(export, &descriptions, asset, 2 * TEXT_MAX_LENGTH, "");
	comments_add(export, asset);
	buffer_text(&export->out, "\r\n");
}

static void netbox_end(struct export *export)
{
	tdestroy(export->names, free);
	export->names = NULL;
}

const struct export_format export_netbox = {
	.name = "netbox",
	.begin = netbox_begin,
	.asset = netbox_asset,
	.end = netbox_end,
};
