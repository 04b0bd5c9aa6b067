/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir assets show - one asset on a page. */

#include "cli/asset_columns.h"
#include "cli/asset_view.h"
#include "cli/cell.h"
#include "cli/page.h"

#include <errno.h>

/* The sections of words, and of which columns they are. */
static const struct {
	const char *heading;
	const char *words[20];
} sections[] = {
	{ NULL,
	  { "name", "type", "role", "level", "zone", "vendor", "product", "order", "model",
	    "serial", "firmware", "hardware", "os", "software" } },
	{ "IN THE PLANT",
	  { "station", "module", "description", "plant", "location", "owner", "tag", "criticality",
	    "mode", "key", "protection" } },
	{ "ON THE NETWORK", { "ip", "former", "mac", "vlan", "domain", "server", "client" } },
	{ "SEEN", { "first", "last", "packets", "bytes", "id" } },
};

/* What is only worth a line when it is so. */
static const struct {
	const char *path, *word, *text;
} marks[] = {
	{ "weir.asset.ghost", "ghost", "asked for, never heard" },
	{ "weir.asset.uncertain", "uncertain", "could be two devices" },
	{ "weir.asset.address_conflict", "conflict", "another device claims its address" },
	{ "weir.asset.router", "router", "carries packets of other networks" },
	{ "weir.asset.virtual", "virtual", "an address that several routers share" },
};

static const struct cell_style style = { .separator = ", ", .lines = true };

static bool write_cell(struct buffer *out, const char *word, const struct tree *document)
{
	buffer_clear(out);
	cell_write(out, asset_column(word), document, &style);
	return out->length > 0;
}

static void show_words(struct page *page, const struct tree *asset, struct buffer *cell)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		page_section(page, sections[i].heading);
		for (size_t k = 0; sections[i].words[k] != NULL; k++) {
			if (write_cell(cell, sections[i].words[k], asset)) {
				page_fact(page, sections[i].words[k], cell->data);
			}
		}
	}
}

static void show_marks(struct page *page, const struct tree *asset)
{
	page_section(page, "MARKS");
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		if (tree_true(asset, marks[i].path)) {
			page_fact(page, marks[i].word, marks[i].text);
		}
	}
}

static void show_risk(void *page, const char *key, const struct tree *risk)
{
	const char *name = tree_text(risk, "name"), *reason = tree_text(risk, "reason");

	(void)key;
	if (name != NULL) {
		page_fact(page, name, reason != NULL ? reason : "");
	}
}

/* ---- units behind it ---- */

struct unit_rows {
	struct page *page;
	struct buffer texts[8];
};

static void show_unit(void *context, const char *key, const struct tree *unit)
{
	static const struct column columns[8] = {
		{ "", { "kind" }, CELL_TEXT, 0, 0, "" },
		{ "", { "id" }, CELL_NUMBER, 0, 0, "" },
		{ "", { "product_name", "model", "product_code" }, CELL_TEXT, 0, 0, "" },
		{ "", { "serial_number" }, CELL_TEXT, 0, 0, "" },
		{ "", { "firmware_version", "revision" }, CELL_TEXT, 0, 0, "" },
		{ "", { "mode", "status" }, CELL_TEXT, 0, 0, "" },
		{ "", { "asked" }, CELL_NUMBER, 0, 0, "" },
		{ "", { "answered" }, CELL_NUMBER, 0, 0, "" },
	};
	struct unit_rows *rows = context;
	const char *cells[8];

	(void)key;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		buffer_clear(&rows->texts[i]);
		cell_write(&rows->texts[i], &columns[i], unit, &style);
		cells[i] = rows->texts[i].data;
	}
	page_row(rows->page, cells);
}

static void show_units(struct page *page, const struct tree *asset)
{
	static const struct page_column columns[8] = {
		{ "BEHIND IT", PAGE_WORD, 0 }, { "", PAGE_NUMBER, 0 },
		{ "PRODUCT", PAGE_LONG, 0 },   { "SERIAL", PAGE_WORD, 0 },
		{ "FIRMWARE", PAGE_WORD, 0 },  { "MODE", PAGE_WORD, 0 },
		{ "ASKED", PAGE_NUMBER, 100 }, { "ANSWERED", PAGE_NUMBER, 100 },
	};
	struct unit_rows rows = { .page = page };

	page_section(page, "MODULES AND UNITS");
	page_table(page, columns, ARRAY_SIZE(columns));
	tree_members(asset, "weir.asset.units", show_unit, &rows);
	for (size_t i = 0; i < ARRAY_SIZE(rows.texts); i++) {
		buffer_free(&rows.texts[i]);
	}
}

/* ---- its conversations ---- */

static void number_text(char *out, size_t size, double number)
{
	snprintf(out, size, "%.0f", number);
}

static void show_talk(struct page *page, const struct view_talk *talk)
{
	const struct tree *conversation = talk->conversation;
	static const struct column last = { "", { "event.end" }, CELL_TIME, 0, 0, "" };
	const struct cell_style time_style = { .separator = "",
					       .short_time = page_is_narrow(page) };
	struct buffer operations = { 0 }, end = { 0 };
	char port[24], requests[24], failures[24], bytes[24];

	view_operations(&operations, conversation, page_separator(page));
	cell_write(&end, &last, conversation, &time_style);
	number_text(port, sizeof(port), tree_number(conversation, "destination.port"));
	number_text(requests, sizeof(requests),
		    tree_number(conversation, "weir.conversation.requests"));
	number_text(failures, sizeof(failures),
		    tree_number(conversation, "weir.conversation.failures"));
	text_of_bytes((uint64_t)(tree_number(conversation, "source.bytes") +
				 tree_number(conversation, "destination.bytes")),
		      bytes, sizeof(bytes));
	page_row(page, (const char *[]) {
			   view_peer_name(talk),
			   talk->peer != NULL ? tree_text(talk->peer, "weir.asset.role") : NULL,
			   tree_text(conversation, "network.protocol"),
			   strcmp(port, "0") != 0 ? port : NULL, operations.data, requests,
			   failures, bytes, end.data });
	buffer_free(&operations);
	buffer_free(&end);
}

static void show_talks(struct page *page, const struct asset_view *view, bool asks)
{
	const struct page_column columns[9] = {
		{ asks ? "WHOM" : "WHO", PAGE_WORD, 0 },
		{ "ROLE", PAGE_WORD, 120 },
		{ "PROTOCOL", PAGE_WORD, 0 },
		{ "PORT", PAGE_NUMBER, 100 },
		{ "OPERATIONS", PAGE_LINES, 0 },
		{ "REQUESTS", PAGE_NUMBER, 0 },
		{ "FAILED", PAGE_NUMBER, 100 },
		{ "VOLUME", PAGE_NUMBER, 100 },
		{ "LAST", PAGE_WORD, 0 },
	};

	page_section(page, asks ? "IT ASKS" : "IT IS ASKED BY");
	page_table(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < view->n_talks; i++) {
		if (view->talks[i].asks == asks) {
			show_talk(page, &view->talks[i]);
		}
	}
}

static int show(const struct asset_view *view, FILE *stream)
{
	struct page *page = NULL;
	struct buffer cell = { 0 };

	if (page_new(&page, stream) < 0) {
		return -ENOMEM;
	}
	show_words(page, view->asset, &cell);
	show_marks(page, view->asset);
	page_section(page, "RISKS");
	tree_members(view->asset, "weir.asset.risks", show_risk, page);
	show_units(page, view->asset);
	show_talks(page, view, false);
	show_talks(page, view, true);
	int error = page_end(page);
	error = cell.failed ? -ENOMEM : error;
	buffer_free(&cell);
	page_free(page);
	return error;
}

static int run(const struct command *command, int argc, char **argv)
{
	return asset_view_command(command, argc, argv, show);
}

const struct command command_assets_show = {
	.name = "assets show",
	.arguments = "ASSET [-r FILE | --db FILE]",
	.summary = "one asset on a page: what it is, what it speaks, with whom",
	.details = "ASSET is an id (a former one, too), an IP address, a MAC address or a name.\n",
	.examples = "  weir assets show 192.168.10.41 -r plant.pcap\n"
		    "  weir assets show PLC-3\n"
		    "  weir assets show 28:63:36:10:00:1f -J | jq .weir.asset\n",
	.options = asset_view_options,
	.n_options = ASSET_VIEW_OPTIONS,
	.run = run,
};
