/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir assets explain - the evidence for every word that weir assets show says about an asset. */

#include "cli/asset_columns.h"
#include "cli/asset_view.h"
#include "cli/cell.h"
#include "cli/page.h"

#include <errno.h>
#include <stdlib.h>

#define CELLS_MAX PAGE_COLUMNS_MAX

/* A list of the document as a table: a column of the page for each column of its elements. */
struct list {
	struct page *page;
	const struct column *columns;
	size_t n;
	/* May be NULL: adds what no path says to the texts; false: leaves the element out. */
	bool (*complete)(struct list *list, const struct tree *element);
	const struct tree *asset;
	struct buffer texts[CELLS_MAX];
};

static void list_row(void *context, const char *key, const struct tree *element)
{
	struct list *list = context;
	const struct cell_style style = { .separator = ", ",
					  .lines = true,
					  .short_time = page_is_narrow(list->page) };
	const char *cells[CELLS_MAX];

	(void)key;
	for (size_t i = 0; i < list->n; i++) {
		buffer_clear(&list->texts[i]);
		cell_write(&list->texts[i], &list->columns[i], element, &style);
	}
	if (list->complete != NULL && !list->complete(list, element)) {
		return;
	}
	for (size_t i = 0; i < list->n; i++) {
		cells[i] = list->texts[i].length > 0 ? list->texts[i].data : NULL;
	}
	page_row(list->page, cells);
}

static void list_show(struct list *list, const char *path)
{
	tree_members(list->asset, path, list_row, list);
	for (size_t i = 0; i < list->n; i++) {
		buffer_free(&list->texts[i]);
	}
}

/* ---- why it is one device ---- */

static void show_bindings(struct page *page, const struct tree *asset)
{
	static const struct column columns[] = {
		{ "", { "ip" }, CELL_ADDRESS, 0, 0, "" },
		{ "", { "mac" }, CELL_ADDRESS, 0, 0, "" },
		{ "", { "vlan" }, CELL_TEXT, 0, 0, "" },
		{ "", { "evidence" }, CELL_TEXT, 0, 0, "" },
		{ "", { "first_seen" }, CELL_TIME, 0, 0, "" },
		{ "", { "last_seen" }, CELL_TIME, 0, 0, "" },
		{ "", { "former" }, CELL_TEXT, 0, 0, "" },
	};
	static const struct page_column headings[ARRAY_SIZE(columns)] = {
		{ "IP", PAGE_WORD, 0 },       { "MAC", PAGE_WORD, 0 },     { "VLAN", PAGE_WORD, 0 },
		{ "EVIDENCE", PAGE_LONG, 0 }, { "FIRST", PAGE_WORD, 100 }, { "LAST", PAGE_WORD, 0 },
		{ "FORMER", PAGE_WORD, 100 },
	};
	struct list list = { page, columns, ARRAY_SIZE(columns), NULL, asset, { { 0 } } };

	page_section(page, "ITS ADDRESSES, AND HOW THEY ARE KNOWN");
	page_table(page, headings, ARRAY_SIZE(headings));
	list_show(&list, "weir.asset.bindings");
}

static bool show_reason(void *page, const struct tree_value *reason)
{
	page_row(page, &reason->text);
	return true;
}

static void show_identity(struct page *page, const struct tree *asset)
{
	static const struct page_column one[] = { { "REASON", PAGE_LONG, 0 } };
	static const struct page_column former[] = { { "IDS THAT MEAN IT, TOO", PAGE_WORD, 0 } };

	page_section(page, "WHY IT IS ONE DEVICE");
	page_table(page, one, ARRAY_SIZE(one));
	tree_visit(asset, "weir.asset.identity_reasons", show_reason, page);
	page_table(page, former, ARRAY_SIZE(former));
	tree_visit(asset, "weir.asset.aliases", show_reason, page);
	show_bindings(page, asset);
}

/* ---- what it is judged to be ---- */

static void show_verdict(struct page *page, const struct tree *asset, const char *word)
{
	char value[64], rule[64], reason[64];
	const struct column columns[] = {
		{ "", { value }, CELL_TEXT, 0, 0, "" },
		{ "", { rule }, CELL_TEXT, 0, 0, "" },
		{ "", { reason }, CELL_TEXT, 0, 0, "" },
	};
	static const struct cell_style style = { .separator = ", ", .lines = true };
	struct buffer texts[ARRAY_SIZE(columns)] = { { 0 } };

	snprintf(value, sizeof(value), "weir.asset.%s", word);
	snprintf(rule, sizeof(rule), "weir.asset.%s_rule", word);
	snprintf(reason, sizeof(reason), "weir.asset.%s_reason", word);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		cell_write(&texts[i], &columns[i], asset, &style);
	}
	if (texts[0].length > 0) {
		page_row(page,
			 (const char *[]) { word, texts[0].data, texts[1].data, texts[2].data });
	}
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		buffer_free(&texts[i]);
	}
}

static void show_risk(void *page, const char *key, const struct tree *risk)
{
	(void)key;
	page_row(page, (const char *[]) { "risk", tree_text(risk, "name"), tree_text(risk, "rule"),
					  tree_text(risk, "reason") });
}

static void show_verdicts(struct page *page, const struct tree *asset)
{
	static const char *const words[] = { "type", "role", "level", "zone", "importance" };
	static const struct page_column columns[] = {
		{ "WORD", PAGE_WORD, 0 },
		{ "VALUE", PAGE_WORD, 0 },
		{ "RULE", PAGE_WORD, 0 },
		{ "BECAUSE", PAGE_LONG, 0 },
	};

	page_section(page, "WHAT IT IS, BY WHICH RULES");
	page_table(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		show_verdict(page, asset, words[i]);
	}
	tree_members(asset, "weir.asset.risks", show_risk, page);
}

/* ---- what was said about it ---- */

/* The first cells of an attribute: which word of the page it gives; of a unit: which unit it is. */
enum { SAID_USED, SAID_CELLS = 8 };

static const struct column said_columns[SAID_CELLS] = {
	{ "", { NULL }, CELL_TEXT, 0, 0, "" },
	{ "", { "name" }, CELL_TEXT, 0, 0, "" },
	{ "", { "value" }, CELL_TEXT, 0, 0, "" },
	{ "", { "source" }, CELL_TEXT, 0, 0, "" },
	{ "", { "confidence" }, CELL_NUMBER, 0, 0, "" },
	{ "", { "first_seen" }, CELL_TIME, 0, 0, "" },
	{ "", { "last_seen" }, CELL_TIME, 0, 0, "" },
	{ "", { "until" }, CELL_TIME, 0, 0, "" },
};

static bool differs(void *text, const struct tree_value *value)
{
	return strcmp(value->text, text) != 0;
}

/* Whether the word of the page has this value from an attribute of that name. The asset's own name
 * may come from several. */
static bool is_shown(const struct column *column, const char *name, const struct tree *asset,
		     char *value)
{
	for (size_t i = 0; i < COLUMN_PATHS && column->paths[i] != NULL; i++) {
		const char *path = column->paths[i], *last = strrchr(path, '.') + 1;
		bool of_it = strcmp(last, name) == 0 || strcmp(path, "host.name") == 0 ||
			     (strcmp(last, "product") == 0 && strcmp(name, "product_name") == 0);

		if (of_it && strstr(path, ".units.") == NULL) {
			return !tree_visit(asset, path, differs, value);
		}
	}
	return false;
}

static bool complete_said(struct list *list, const struct tree *element)
{
	struct buffer *used = &list->texts[SAID_USED];
	const char *name = tree_text(element, "name"), *value = tree_text(element, "value");

	if (name == NULL || value == NULL || tree_text(element, "unit_kind") != NULL) {
		return false;
	}
	for (size_t i = 0; i < ASSET_COLUMNS && tree_text(element, "until") == NULL; i++) {
		char *text = strdup(value);

		if (text != NULL && is_shown(&asset_columns[i], name, list->asset, text)) {
			buffer_format(used, "%s%s", used->length > 0 ? ", " : "",
				      asset_columns[i].name);
		}
		free(text);
	}
	return true;
}

static bool complete_unit(struct list *list, const struct tree *element)
{
	const char *kind = tree_text(element, "unit_kind");

	if (kind != NULL) {
		buffer_format(&list->texts[SAID_USED], "%s %.0f", kind,
			      tree_number(element, "unit"));
	}
	return kind != NULL;
}

static void show_attributes(struct page *page, const struct tree *asset, bool of_units)
{
	const struct page_column headings[SAID_CELLS] = {
		{ of_units ? "WHICH" : "SHOWN AS", PAGE_WORD, 0 },
		{ "ATTRIBUTE", PAGE_WORD, 0 },
		{ "VALUE", PAGE_LONG, 0 },
		{ "SOURCE", PAGE_WORD, 0 },
		{ "CONFIDENCE", PAGE_NUMBER, 100 },
		{ "FIRST", PAGE_WORD, 160 },
		{ "LAST", PAGE_WORD, 120 },
		{ "REPLACED", PAGE_WORD, 120 },
	};
	struct list list = { page,       said_columns,
			     SAID_CELLS, of_units ? complete_unit : complete_said,
			     asset,      { { 0 } } };

	page_section(page, of_units ? "WHAT MODULES AND UNITS SAID" : "WHAT WAS SAID ABOUT IT");
	page_table(page, headings, SAID_CELLS);
	list_show(&list, "weir.asset.attributes");
}

/* ---- what it was seen to do ---- */

static void show_talk(struct page *page, const struct view_talk *talk)
{
	static const struct column times[] = {
		{ "", { "event.start" }, CELL_TIME, 0, 0, "" },
		{ "", { "event.end" }, CELL_TIME, 0, 0, "" },
	};
	const struct cell_style style = { .separator = "", .short_time = page_is_narrow(page) };
	struct buffer texts[2] = { { 0 } }, operations = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		cell_write(&texts[i], &times[i], talk->conversation, &style);
	}
	view_operations(&operations, talk->conversation, page_separator(page));
	page_row(page, (const char *[]) { talk->asks ? "client" : "server",
					  tree_text(talk->conversation, "network.protocol"),
					  view_peer_name(talk), operations.data, texts[0].data,
					  texts[1].data });
	buffer_free(&operations);
	buffer_free(&texts[0]);
	buffer_free(&texts[1]);
}

static void show_talks(struct page *page, const struct asset_view *view)
{
	static const struct page_column columns[] = {
		{ "AS", PAGE_WORD, 0 },      { "PROTOCOL", PAGE_WORD, 0 },
		{ "WITH", PAGE_WORD, 0 },    { "OPERATIONS", PAGE_LINES, 0 },
		{ "FIRST", PAGE_WORD, 100 }, { "LAST", PAGE_WORD, 0 },
	};

	page_section(page, "WHAT IT WAS SEEN TO DO");
	page_table(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < view->n_talks; i++) {
		show_talk(page, &view->talks[i]);
	}
}

static int show(const struct asset_view *view, FILE *stream)
{
	struct page *page = NULL;

	if (page_new(&page, stream) < 0) {
		return -ENOMEM;
	}
	show_identity(page, view->asset);
	show_verdicts(page, view->asset);
	show_attributes(page, view->asset, false);
	show_attributes(page, view->asset, true);
	show_talks(page, view);
	int error = page_end(page);
	page_free(page);
	return error;
}

static int run(const struct command *command, int argc, char **argv)
{
	return asset_view_command(command, argc, argv, show);
}

const struct command command_assets_explain = {
	.name = "assets explain",
	.arguments = "ASSET [-r FILE | --db FILE]",
	.summary = "the evidence for every word about an asset",
	.details =
	    "Why it is one device, by which rules it has its type, role and level, who said each "
	    "of\n"
	    "its attributes, how surely and when, what they were before, and which conversations\n"
	    "tell what it speaks. ASSET is an id (a former one, too), an IP address, a MAC "
	    "address\n"
	    "or a name.\n",
	.examples = "  weir assets explain 192.168.10.41 -r plant.pcap\n"
		    "  weir assets explain PLC-3 -J | jq .weir.asset.attributes\n",
	.options = asset_view_options,
	.n_options = ASSET_VIEW_OPTIONS,
	.run = run,
};
