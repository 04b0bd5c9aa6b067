/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/asset_view.h"

#include "capture/base/address.h"
#include "cli/known.h"
#include "cli/listing.h"
#include "cli/log.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#define CANDIDATES_MAX 32
/* Where a conversation's document has the two assets. */
#define SIDE "weir.conversation."

const struct option asset_view_options[] = {
	QUERY_OPTION_READ,
	QUERY_OPTION_DATABASE,
	QUERY_OPTION_JSON,
};
_Static_assert(ARRAY_SIZE(asset_view_options) == ASSET_VIEW_OPTIONS, "count them in the header");

/* ---- which asset is meant ---- */

/* How well a text names an asset. Of several assets only those named best are meant. */
enum match {
	MATCH_NOT,
	MATCH_GHOST,  /* the address was only asked for */
	MATCH_FORMER, /* an address that it had, or an id that it had */
	MATCH_NOW,
	MATCH_ID,
};

struct search {
	const char *text;
	struct ip ip;
	struct mac mac;
	bool is_ip, is_mac, failed;
	enum match best;
	char *found[CANDIDATES_MAX]; /* JSON documents */
	size_t n, more;
};

static bool visit_equal(void *context, const struct tree_value *value)
{
	const struct search *search = context;
	struct ip ip;
	struct mac mac;

	if (search->is_ip && ip_parse(value->text, &ip) == 0) {
		return !ip_equal(&ip, &search->ip);
	}
	if (search->is_mac && mac_parse(value->text, &mac) == 0) {
		return !mac_equal(&mac, &search->mac);
	}
	return strcasecmp(value->text, search->text) != 0;
}

static enum match match_of(struct search *search, const struct tree *document)
{
	static const struct {
		const char *path;
		enum match match;
	} keys[] = {
		{ "weir.asset.id", MATCH_ID },
		{ "host.name", MATCH_NOW },
		{ "host.ip", MATCH_NOW },
		{ "host.mac", MATCH_NOW },
		{ "weir.asset.device_name", MATCH_NOW },
		{ "weir.asset.asset_tag", MATCH_NOW },
		{ "weir.asset.aliases", MATCH_FORMER },
		{ "weir.asset.former_ip", MATCH_FORMER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!tree_visit(document, keys[i].path, visit_equal, search)) {
			return keys[i].match == MATCH_NOW && tree_true(document, "weir.asset.ghost")
				   ? MATCH_GHOST
				   : keys[i].match;
		}
	}
	return MATCH_NOT;
}

static void found_forget(struct search *search)
{
	for (size_t i = 0; i < search->n; i++) {
		free(search->found[i]);
	}
	search->n = search->more = 0;
}

static void found_add(struct search *search, enum match match, const char *json, size_t length)
{
	if (match > search->best) {
		found_forget(search);
		search->best = match;
	}
	if (search->n == CANDIDATES_MAX) {
		search->more++;
		return;
	}
	search->found[search->n] = strndup(json, length);
	search->failed = search->failed || search->found[search->n] == NULL;
	search->n += search->found[search->n] != NULL;
}

static void look_at_asset(void *context, const char *json, size_t length)
{
	struct search *search = context;
	struct tree *document = NULL;

	if (tree_read(&document, json, length) < 0) {
		return;
	}
	enum match match = match_of(search, document);
	if (match != MATCH_NOT && match >= search->best) {
		found_add(search, match, json, length);
	}
	tree_free(document);
}

static void list_candidates(const struct search *search)
{
	static const struct column columns[] = {
		{ "id", { "weir.asset.id" }, CELL_TEXT, true, 0, "" },
		{ "name", { "host.name" }, CELL_TEXT, true, 0, "" },
		{ "ip", { "host.ip" }, CELL_TEXT, true, 0, "" },
		{ "mac", { "host.mac" }, CELL_TEXT, true, 0, "" },
		{ "vlan", { "weir.asset.vlans" }, CELL_TEXT, true, 0, "" },
	};
	const struct column *shown[ARRAY_SIZE(columns)];
	struct listing *listing = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		shown[i] = &columns[i];
	}
	fprintf(stderr, "weir: %zu assets are called '%s'; name one by its id:\n",
		search->n + search->more, search->text);
	int error = listing_new(&listing, shown, ARRAY_SIZE(columns), stderr);
	for (size_t i = 0; error == 0 && i < search->n; i++) {
		struct tree *document = NULL;

		if (tree_read(&document, search->found[i], strlen(search->found[i])) == 0) {
			error = listing_add(listing, document);
			tree_free(document);
		}
	}
	if (error == 0) {
		error = listing_print(listing);
	}
	if (error < 0) {
		fprintf(stderr, "weir: out of memory\n");
	}
	listing_free(listing);
}

/* Finds the asset and moves its document into the view. Returns an exit code. */
static int find(struct asset_view *view, struct inventory *inventory, const char *text)
{
	struct search search = { .text = text };
	int exit_code = EXIT_FINE;

	search.is_ip = ip_parse(text, &search.ip) == 0;
	search.is_mac = mac_parse(text, &search.mac) == 0;
	inventory_assets(inventory, look_at_asset, &search);
	if (search.failed) {
		exit_code = command_failed(EXIT_FAILED, "out of memory");
	} else if (search.n == 0) {
		fprintf(stderr, "weir: no asset has the id, address or name '%s'\n", text);
		exit_code = EXIT_USAGE;
	} else if (search.n > 1) {
		list_candidates(&search);
		exit_code = EXIT_USAGE;
	} else if (tree_read_copy(&view->asset, search.found[0], strlen(search.found[0])) == 0) {
		view->json = search.found[0];
		search.n = 0;
	}
	found_forget(&search);
	return exit_code;
}

/* ---- its conversations ---- */

struct gathering {
	struct asset_view *view;
	const char *id;
	bool failed;
};

static bool talk_add(struct asset_view *view, const struct view_talk *talk)
{
	if (view->n_talks == view->talks_room) {
		size_t room = view->talks_room * 2 + 16;
		struct view_talk *talks = realloc(view->talks, room * sizeof(*talks));

		if (talks == NULL) {
			return false;
		}
		view->talks = talks;
		view->talks_room = room;
	}
	view->talks[view->n_talks++] = *talk;
	return true;
}

static bool is(const struct tree *document, const char *path, const char *text)
{
	const char *value = tree_text(document, path);

	return value != NULL && strcmp(value, text) == 0;
}

static void look_at_conversation(void *context, const char *json, size_t length)
{
	struct gathering *gathering = context;
	struct view_talk talk = { NULL, false };

	/* Of a million conversations, few are read. */
	if (memmem(json, length, gathering->id, strlen(gathering->id)) == NULL ||
	    tree_read_copy(&talk.conversation, json, length) < 0) {
		return;
	}
	talk.asks = is(talk.conversation, SIDE "source.asset", gathering->id);
	bool asked = is(talk.conversation, SIDE "destination.asset", gathering->id);
	if ((!talk.asks && !asked) || !talk_add(gathering->view, &talk)) {
		gathering->failed = gathering->failed || talk.asks || asked;
		tree_free(talk.conversation);
	}
}

static int gather(struct asset_view *view, struct inventory *inventory)
{
	struct gathering gathering = { .view = view,
				       .id = tree_text(view->asset, "weir.asset.id") };

	if (gathering.id != NULL) {
		inventory_conversations(inventory, look_at_conversation, &gathering);
	}
	return gathering.failed ? command_failed(EXIT_FAILED, "out of memory") : EXIT_FINE;
}

const char *view_peer_name(const struct view_talk *talk)
{
	static const char *const paths[2][3] = {
		{ SIDE "source.name", "source.ip", "source.mac" },
		{ SIDE "destination.name", "destination.ip", "destination.mac" },
	};
	const char *name = NULL;

	for (size_t i = 0; name == NULL && i < ARRAY_SIZE(paths[0]); i++) {
		name = tree_text(talk->conversation, paths[talk->asks][i]);
	}
	return name != NULL ? name : "-";
}

const char *view_peer_role(const struct view_talk *talk)
{
	return tree_text(talk->conversation,
			 talk->asks ? SIDE "destination.role" : SIDE "source.role");
}

struct operations {
	struct buffer *out;
	const char *separator;
};

static void write_operation(void *context, const char *key, const struct tree *member)
{
	const struct operations *operations = context;
	struct buffer *out = operations->out;

	buffer_format(out, "%s%s %.0f", out->length > 0 ? operations->separator : "", key,
		      tree_number(member, "count"));
}

void view_operations(struct buffer *out, const struct tree *conversation, const char *separator)
{
	struct operations operations = { out, separator };

	tree_members(conversation, "weir.conversation.operations", write_operation, &operations);
}

/* ---- the command ---- */

static void view_end(struct asset_view *view)
{
	for (size_t i = 0; i < view->n_talks; i++) {
		tree_free(view->talks[i].conversation);
	}
	free(view->talks);
	free(view->json);
	tree_free(view->asset);
}

static int present(const struct query_values *values, const char *text,
		   int (*show)(const struct asset_view *view, FILE *stream))
{
	const struct log_sink log = log_to_stderr(false);
	const struct known_source source = { .files = values->files,
					     .database = values->database,
					     .log = &log };
	struct problem problem = { "" };
	struct known *known = NULL;
	struct asset_view view = { .asset = NULL };
	int error = known_open(&known, &source, &problem);

	if (error < 0) {
		return command_failed(exit_code_of(error), problem.text);
	}
	int exit_code = find(&view, known_inventory(known), text);
	if (exit_code == EXIT_FINE && values->json) {
		puts(view.json);
	} else if (exit_code == EXIT_FINE) {
		exit_code = gather(&view, known_inventory(known));
		if (exit_code == EXIT_FINE && (error = show(&view, stdout)) < 0) {
			exit_code = command_failed(EXIT_FAILED, strerror(-error));
		}
	}
	view_end(&view);
	known_close(known);
	return exit_code;
}

int asset_view_command(const struct command *command, int argc, char **argv,
		       int (*show)(const struct asset_view *view, FILE *stream))
{
	struct query_values values = { .limit = LIMIT_UNSET };
	struct text_list rest = { 0 };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	if (rest.n != 1) {
		exit_code = command_misused(
		    command, "wants one asset: its id, IP address, MAC address or name");
	} else if (values.files.n > 0 && values.database != NULL) {
		exit_code = command_misused(command, "-r and --db exclude each other");
	} else {
		exit_code = present(&values, rest.items[0], show);
	}
	options_end(command->options, command->n_options, &values, &rest);
	return exit_code;
}
