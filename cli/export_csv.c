/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Comma-separated values (RFC 4180) of all that is known of an asset, for a CMDB.  Columns are only
 * ever added, at the end.  Values come from the network: a device may call itself
 * =HYPERLINK(...), which a spreadsheet must not run. */

#include "cli/asset_units.h"
#include "cli/cell.h"
#include "cli/export.h"

static const struct column columns[] = {
	{ .name = "id", .paths = { "weir.asset.id" } },
	{ .name = "name", .paths = { "host.name" } },
	{ .name = "type", .paths = { "weir.asset.type" } },
	{ .name = "role", .paths = { "weir.asset.role" } },
	{ .name = "level", .paths = { "weir.asset.level" } },
	{ .name = "zone", .paths = { "weir.asset.zone" } },
	{ .name = "ip", .paths = { "host.ip" } },
	{ .name = "mac", .paths = { "host.mac" } },
	{ .name = "vlan", .paths = { "weir.asset.vlans" } },
	{ .name = "domain", .paths = { "weir.asset.domain" } },
	{ .name = "vendor", .paths = { "weir.asset.vendor" } },
	{ .name = "product", .paths = { "weir.asset.product" } },
	{ .name = "order_number", .paths = { "weir.asset.product_code" } },
	{ .name = "model", .paths = { "weir.asset.model" } },
	{ .name = "serial_number", .paths = { "weir.asset.serial_number" } },
	{ .name = "firmware", .paths = { "weir.asset.firmware_version", "weir.asset.revision" } },
	{ .name = "hardware", .paths = { "weir.asset.hardware_version" } },
	{ .name = "operating_system", .paths = { "weir.asset.operating_system" } },
	{ .name = "description", .paths = { "weir.asset.description" } },
	{ .name = "location", .paths = { "weir.asset.location" } },
	{ .name = "owner", .paths = { "weir.asset.owner" } },
	{ .name = "asset_tag", .paths = { "weir.asset.asset_tag" } },
	{ .name = "criticality", .paths = { "weir.asset.criticality", "weir.asset.importance" } },
	{ .name = "answers", .paths = { "weir.asset.protocols.server" } },
	{ .name = "asks", .paths = { "weir.asset.protocols.client" } },
	{ .name = "risks", .paths = { "weir.asset.risks.name" } },
	{ .name = "first_seen", .paths = { "weir.asset.first_seen" }, .format = CELL_TIME },
	{ .name = "last_seen", .paths = { "weir.asset.last_seen" }, .format = CELL_TIME },
};

void csv_value(struct buffer *out, const char *text, bool first)
{
	bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
	bool quoted = formula || text[strcspn(text, ",\"\r\n")] != '\0' || text[0] == ' ';

	buffer_text(out, first ? "" : ",");
	if (!quoted) {
		buffer_text(out, text);
		return;
	}
	buffer_text(out, formula ? "\"'" : "\"");
	for (size_t n; *text != '\0'; text += n) {
		n = strcspn(text, "\"");
		buffer_add(out, text, n);
		if (text[n] == '"') {
			buffer_text(out, "\"\"");
			n++;
		}
	}
	buffer_text(out, "\"");
}

static void csv_begin(struct export *export)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		csv_value(&export->out, columns[i].name, i == 0);
	}
	buffer_text(&export->out, ",modules\r\n");
}

struct module_list {
	struct buffer text;
	const struct tree *asset;
};

/* "slot 3: 1756-IB16/A DCIN 3.005 00010A11" */
static void list_module(void *context, const char *key, const struct tree *unit)
{
	static const struct cell_style style = { .separator = " ", .plain = true, .lines = true };
	static const struct column parts[] = {
		{ .paths = { "product_name", "model", "product_code", "server_text" } },
		{ .paths = { "firmware_version", "revision" } },
		{ .paths = { "serial_number" } },
	};
	struct module_list *list = context;

	(void)key;
	if (!asset_unit_is_behind(list->asset, unit)) {
		return;
	}
	buffer_text(&list->text, list->text.length > 0 ? "; " : "");
	asset_unit_name(&list->text, unit);
	buffer_text(&list->text, ":");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		struct buffer part = { 0 };

		cell_write(&part, &parts[i], unit, &style);
		if (part.length > 0) {
			buffer_format(&list->text, " %s", part.data);
		}
		buffer_free(&part);
	}
}

static void csv_asset(struct export *export, const struct tree *asset, const char *json,
		      size_t length)
{
	static const struct cell_style style = { .separator = "; ", .plain = true, .lines = true };
	struct module_list modules = { { 0 }, asset };
	struct buffer value = { 0 };

	(void)json;
	(void)length;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		buffer_clear(&value);
		cell_write(&value, &columns[i], asset, &style);
		csv_value(&export->out, value.length > 0 ? value.data : "", i == 0);
		export->out.failed = export->out.failed || value.failed;
	}
	tree_members(asset, "weir.asset.units", list_module, &modules);
	csv_value(&export->out, modules.text.length > 0 ? modules.text.data : "", false);
	buffer_text(&export->out, "\r\n");
	buffer_free(&modules.text);
	buffer_free(&value);
}

const struct export_format export_csv = {
	.name = "csv",
	.begin = csv_begin,
	.asset = csv_asset,
};
