/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/asset_diff.h"

#include "capture/base/hash.h"
#include "capture/base/list.h"
#include "cli/asset_units.h"
#include "cli/cell.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#define SEPARATOR '\n' /* between the values of a word */

/* Fields of an asset that are compared. */
enum { WORD_ID, WORD_DOMAIN, WORD_NAME, WORD_IP, WORD_MAC, WORD_VLAN, WORD_VENDOR, WORD_SERIAL };

enum compare {
	COMPARE_NOT,     /* for finding it */
	COMPARE_VALUE,   /* one value takes the place of another */
	COMPARE_SET,     /* values come and go */
	COMPARE_GROWING, /* values come; that one was not seen again says nothing */
};

static const struct {
	const char *name;
	struct column column;
	enum compare compare;
} words[] = {
	[WORD_ID] = { "id", { .paths = { "weir.asset.id" } }, COMPARE_NOT },
	[WORD_DOMAIN] = { "domain", { .paths = { "weir.asset.domain" } }, COMPARE_NOT },
	[WORD_NAME] = { "name", { .paths = { "host.name" } }, COMPARE_VALUE },
	[WORD_IP] = { "ip", { .paths = { "host.ip" } }, COMPARE_SET },
	[WORD_MAC] = { "mac", { .paths = { "host.mac" } }, COMPARE_SET },
	[WORD_VLAN] = { "vlan", { .paths = { "weir.asset.vlans" } }, COMPARE_SET },
	[WORD_VENDOR] = { "vendor", { .paths = { "weir.asset.vendor" } }, COMPARE_VALUE },
	[WORD_SERIAL] = { "serial", { .paths = { "weir.asset.serial_number" } }, COMPARE_VALUE },
	{ "type", { .paths = { "weir.asset.type" } }, COMPARE_VALUE },
	{ "role", { .paths = { "weir.asset.role" } }, COMPARE_VALUE },
	{ "level", { .paths = { "weir.asset.level" } }, COMPARE_VALUE },
	{ "zone", { .paths = { "weir.asset.zone" } }, COMPARE_VALUE },
	{ "product", { .paths = { "weir.asset.product" } }, COMPARE_VALUE },
	{ "order", { .paths = { "weir.asset.product_code" } }, COMPARE_VALUE },
	{ "model", { .paths = { "weir.asset.model" } }, COMPARE_VALUE },
	{ "firmware", { .paths = { "weir.asset.firmware_version" } }, COMPARE_VALUE },
	{ "revision", { .paths = { "weir.asset.revision" } }, COMPARE_VALUE },
	{ "hardware", { .paths = { "weir.asset.hardware_version" } }, COMPARE_VALUE },
	{ "os", { .paths = { "weir.asset.operating_system" } }, COMPARE_VALUE },
	{ "software", { .paths = { "weir.asset.software" } }, COMPARE_GROWING },
	{ "station", { .paths = { "weir.asset.device_name" } }, COMPARE_VALUE },
	{ "module", { .paths = { "weir.asset.module_name" } }, COMPARE_VALUE },
	{ "description", { .paths = { "weir.asset.description" } }, COMPARE_VALUE },
	{ "plant", { .paths = { "weir.asset.plant_id" } }, COMPARE_VALUE },
	{ "location", { .paths = { "weir.asset.location" } }, COMPARE_VALUE },
	{ "owner", { .paths = { "weir.asset.owner" } }, COMPARE_VALUE },
	{ "tag", { .paths = { "weir.asset.asset_tag" } }, COMPARE_VALUE },
	{ "criticality", { .paths = { "weir.asset.criticality" } }, COMPARE_VALUE },
	{ "mode", { .paths = { "weir.asset.mode" } }, COMPARE_VALUE },
	{ "key", { .paths = { "weir.asset.key_position" } }, COMPARE_VALUE },
	{ "protection", { .paths = { "weir.asset.protection_level" } }, COMPARE_VALUE },
	{ "server", { .paths = { "weir.asset.protocols.server" } }, COMPARE_GROWING },
	{ "client", { .paths = { "weir.asset.protocols.client" } }, COMPARE_GROWING },
	{ "risk", { .paths = { "weir.asset.risks.name" } }, COMPARE_GROWING },
};
#define WORDS ARRAY_SIZE(words)

/* A device behind the asset. */
struct diff_unit {
	char *name, *text; /* "slot 3", "1756-IB16/A DCIN 3.005 00010A11" */
};

struct diff_asset {
	char *words[WORDS]; /* NULL: nothing is said */
	char *aliases;
	struct diff_unit *units;
	size_t n_units;
	struct diff_asset *other; /* in the other inventory, or NULL */
	const char *joined_by;
};

struct diff_side {
	struct diff_asset *assets;
	size_t n, room;
	bool failed;
};

/* ---- reading an inventory ---- */

static char *word_text(struct diff_side *side, const struct column *column,
		       const struct tree *document)
{
	static const struct cell_style style = { .separator = "\n", .plain = true, .lines = true };
	struct buffer text = { 0 };

	cell_write(&text, column, document, &style);
	side->failed = side->failed || text.failed;
	return text.data;
}

struct unit_reading {
	struct diff_side *side;
	struct diff_asset *asset;
	const struct tree *document;
};

static void unit_read(void *context, const char *key, const struct tree *unit)
{
	static const struct column description[] = {
		{ .paths = { "product_name", "model", "product_code", "server_text" } },
		{ .paths = { "firmware_version", "revision" } },
		{ .paths = { "serial_number" } },
	};
	struct unit_reading *reading = context;
	struct diff_asset *asset = reading->asset;
	struct buffer name = { 0 }, text = { 0 };

	(void)key;
	if (!asset_unit_is_behind(reading->document, unit)) {
		return;
	}
	asset_unit_name(&name, unit);
	for (size_t i = 0; i < ARRAY_SIZE(description); i++) {
		char *part = word_text(reading->side, &description[i], unit);

		buffer_format(&text, "%s%s", part != NULL && text.length > 0 ? " " : "",
			      part != NULL ? part : "");
		free(part);
	}
	struct diff_unit *units =
	    realloc(asset->units, (asset->n_units + 1) * sizeof(*asset->units));
	if (units == NULL || name.failed || text.failed) {
		reading->side->failed = true;
		buffer_free(&name);
		buffer_free(&text);
		asset->units = units != NULL ? units : asset->units;
		return;
	}
	asset->units = units;
	asset->units[asset->n_units++] = (struct diff_unit) { name.data, text.data };
}

void diff_side_add(void *context, const char *json, size_t length)
{
	static const struct column aliases = { .paths = { "weir.asset.aliases" } };
	struct diff_side *side = context;
	struct tree *document = NULL;

	if (side->n == side->room) {
		size_t room = side->room * 2 + 64;
		struct diff_asset *assets = realloc(side->assets, room * sizeof(*assets));

		side->failed = side->failed || assets == NULL;
		side->assets = assets != NULL ? assets : side->assets;
		side->room = assets != NULL ? room : side->room;
	}
	if (side->failed || tree_read(&document, json, length) < 0) {
		return;
	}
	if (!tree_true(document, "weir.asset.ghost")) {
		struct diff_asset *asset = &side->assets[side->n++];
		struct unit_reading reading = { side, asset, document };

		*asset = (struct diff_asset) { .aliases = word_text(side, &aliases, document) };
		for (size_t i = 0; i < WORDS; i++) {
			asset->words[i] = word_text(side, &words[i].column, document);
		}
		tree_members(document, "weir.asset.units", unit_read, &reading);
	}
	tree_free(document);
}

int diff_side_new(struct diff_side **out)
{
	*out = calloc(1, sizeof(**out));
	return *out != NULL ? 0 : -ENOMEM;
}

struct diff_side *diff_side_free(struct diff_side *side)
{
	for (size_t i = 0; side != NULL && i < side->n; i++) {
		struct diff_asset *asset = &side->assets[i];

		for (size_t k = 0; k < WORDS; k++) {
			free(asset->words[k]);
		}
		for (size_t k = 0; k < asset->n_units; k++) {
			free(asset->units[k].name);
			free(asset->units[k].text);
		}
		free(asset->units);
		free(asset->aliases);
	}
	if (side != NULL) {
		free(side->assets);
		free(side);
	}
	return NULL;
}

/* ---- finding each other ---- */

struct diff_key {
	uint64_t hash;
	unsigned side;
	struct diff_asset *asset;
};

struct diff_keys {
	struct diff_key *keys;
	size_t n, room;
	bool failed;
};

/* Steps through the values of a word: true with the next one in (*at, *length). */
static bool next_value(const char **at, size_t *length)
{
	if (*at == NULL) {
		return false;
	}
	*at += *length;
	*at += **at == SEPARATOR ? 1 : 0;
	*length = strcspn(*at, "\n");
	return *length > 0;
}

static void key_add(struct diff_keys *keys, unsigned side, struct diff_asset *asset, uint64_t hash)
{
	struct diff_key *list = list_with_room(keys->keys, keys->n, &keys->room, sizeof(*list));

	if (list == NULL) {
		keys->failed = true;
		return;
	}
	keys->keys = list;
	keys->keys[keys->n++] = (struct diff_key) { hash, side, asset };
}

static uint64_t hash_text(const char *text, size_t length, uint64_t seed)
{
	return hash_bytes(text, length, seed);
}

static uint64_t hash_word_of(const struct diff_asset *asset, size_t word)
{
	const char *text = asset->words[word];

	return text != NULL ? hash_text(text, strlen(text), 0) : 0;
}

/* Each value of a text is a key; the seed is what must be equal besides. */
static void keys_of(struct diff_keys *keys, unsigned side, struct diff_asset *asset,
		    const char *text, uint64_t seed)
{
	const char *at = text;

	for (size_t length = 0; next_value(&at, &length);) {
		key_add(keys, side, asset, hash_text(at, length, seed));
	}
}

/* The ways by which assets are joined, in this order. */
static void keys_id(struct diff_keys *keys, unsigned side, struct diff_asset *asset)
{
	keys_of(keys, side, asset, asset->words[WORD_ID], 0);
}

static void keys_former_id(struct diff_keys *keys, unsigned side, struct diff_asset *asset)
{
	keys_id(keys, side, asset);
	keys_of(keys, side, asset, asset->aliases, 0);
}

static void keys_serial(struct diff_keys *keys, unsigned side, struct diff_asset *asset)
{
	if (asset->words[WORD_VENDOR] != NULL) {
		keys_of(keys, side, asset, asset->words[WORD_SERIAL],
			hash_word_of(asset, WORD_VENDOR));
	}
}

static void keys_mac(struct diff_keys *keys, unsigned side, struct diff_asset *asset)
{
	keys_of(keys, side, asset, asset->words[WORD_MAC], hash_word_of(asset, WORD_DOMAIN));
}

static void keys_ip_in_vlan(struct diff_keys *keys, unsigned side, struct diff_asset *asset)
{
	keys_of(keys, side, asset, asset->words[WORD_IP],
		hash_word_of(asset, WORD_DOMAIN) ^ hash_word_of(asset, WORD_VLAN) << 1);
}

static void keys_ip(struct diff_keys *keys, unsigned side, struct diff_asset *asset)
{
	keys_of(keys, side, asset, asset->words[WORD_IP], hash_word_of(asset, WORD_DOMAIN));
}

static int compare_keys(const void *a, const void *b)
{
	const struct diff_key *x = a, *y = b;

	if (x->hash != y->hash) {
		return x->hash < y->hash ? -1 : 1;
	}
	return x->side != y->side ? (x->side < y->side ? -1 : 1)
				  : (x->asset > y->asset) - (x->asset < y->asset);
}

/* The one asset of that side in a group of equal keys; NULL if there is none or more than one. */
static struct diff_asset *only_one(const struct diff_key *keys, size_t n, unsigned side)
{
	struct diff_asset *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (keys[i].side != side || keys[i].asset == found) {
			continue;
		}
		if (found != NULL) {
			return NULL;
		}
		found = keys[i].asset;
	}
	return found;
}

static void join_groups(struct diff_keys *keys, const char *by)
{
	size_t end;

	for (size_t i = 0; i < keys->n; i = end) {
		for (end = i + 1; end < keys->n && keys->keys[end].hash == keys->keys[i].hash;) {
			end++;
		}
		struct diff_asset *older = only_one(&keys->keys[i], end - i, 0);
		struct diff_asset *newer = only_one(&keys->keys[i], end - i, 1);
		if (older != NULL && newer != NULL && older->other == NULL &&
		    newer->other == NULL) {
			older->other = newer;
			newer->other = older;
			newer->joined_by = by;
		}
	}
}

static int join(struct diff_side *const sides[2])
{
	static const struct {
		const char *by;
		void (*keys)(struct diff_keys *keys, unsigned side, struct diff_asset *asset);
	} ways[] = {
		{ "id", keys_id },   { "former_id", keys_former_id },   { "serial", keys_serial },
		{ "mac", keys_mac }, { "ip_in_vlan", keys_ip_in_vlan }, { "ip", keys_ip },
	};
	struct diff_keys keys = { NULL, 0, 0, false };

	for (size_t way = 0; way < ARRAY_SIZE(ways) && !keys.failed; way++) {
		keys.n = 0;
		for (unsigned side = 0; side < 2; side++) {
			for (size_t i = 0; i < sides[side]->n; i++) {
				if (sides[side]->assets[i].other == NULL) {
					ways[way].keys(&keys, side, &sides[side]->assets[i]);
				}
			}
		}
		if (keys.n > 0 && !keys.failed) {
			qsort(keys.keys, keys.n, sizeof(*keys.keys), compare_keys);
			join_groups(&keys, ways[way].by);
		}
	}
	free(keys.keys);
	return keys.failed ? -ENOMEM : 0;
}

/* ---- saying it ---- */

struct report {
	inventory_document *handler;
	void *context;
	bool all;
	struct buffer line, older, newer; /* of the difference at hand */
};

static void write_values(struct json *json, const char *key, const char *text)
{
	const char *at = text;

	if (text == NULL || *text == '\0') {
		return;
	}
	json_array(json, key);
	for (size_t length = 0; next_value(&at, &length);) {
		json_string(json, NULL, at, length);
	}
	json_end(json);
}

static void write_asset(struct json *json, const struct diff_asset *asset)
{
	json_object(json, "host");
	if (asset->words[WORD_NAME] != NULL) {
		json_text(json, "name", asset->words[WORD_NAME]);
	}
	write_values(json, "ip", asset->words[WORD_IP]);
	write_values(json, "mac", asset->words[WORD_MAC]);
	json_end(json);
}

static void say(struct report *report, const struct diff_asset *asset, const char *change,
		const char *what, const char *older, const char *newer)
{
	struct json json = json_to(&report->line);

	buffer_clear(&report->line);
	json_object(&json, NULL);
	write_asset(&json, asset);
	json_object(&json, "weir");
	json_object(&json, "asset");
	json_text(&json, "id", asset->words[WORD_ID] != NULL ? asset->words[WORD_ID] : "");
	json_end(&json);
	json_object(&json, "diff");
	json_text(&json, "change", change);
	if (asset->joined_by != NULL) {
		json_text(&json, "joined_by", asset->joined_by);
	}
	json_text(&json, "what", what);
	write_values(&json, "old", older);
	write_values(&json, "new", newer);
	json_end(&json);
	json_end(&json);
	json_end(&json);
	report->handler(report->context, report->line.data, report->line.length);
}

/* A new or gone asset, in one line: its role and what it is. */
static void say_asset(struct report *report, const struct diff_asset *asset, bool gone)
{
	static const char *const named[] = {
		"type", "role", "vendor", "product", "order", "model"
	};

	buffer_clear(&report->newer);
	for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
		for (size_t k = 0; k < WORDS; k++) {
			if (asset->words[k] != NULL && strcmp(words[k].name, named[i]) == 0) {
				buffer_format(&report->newer, "%s%s",
					      report->newer.length > 0 ? " " : "", asset->words[k]);
			}
		}
	}
	say(report, asset, gone ? "gone" : "new", "asset", gone ? report->newer.data : NULL,
	    gone ? NULL : report->newer.data);
}

static bool has_value(const char *text, const char *value, size_t length)
{
	const char *at = text;

	for (size_t n = 0; next_value(&at, &n);) {
		if (n == length && memcmp(at, value, n) == 0) {
			return true;
		}
	}
	return false;
}

/* The values of a that b has not. */
static void missing_in(struct buffer *out, const char *a, const char *b)
{
	const char *at = a;

	buffer_clear(out);
	for (size_t length = 0; next_value(&at, &length);) {
		if (!has_value(b, at, length)) {
			buffer_text(out, out->length > 0 ? "\n" : "");
			buffer_add(out, at, length);
		}
	}
}

static void compare_sets(struct report *report, const struct diff_asset *newer, size_t word)
{
	const char *was = newer->other->words[word], *is = newer->words[word];
	bool gone_counts = report->all || (words[word].compare == COMPARE_SET && is != NULL);

	missing_in(&report->older, was, is);
	missing_in(&report->newer, is, was);
	if (!gone_counts) {
		buffer_clear(&report->older);
	}
	if (report->older.length > 0 || report->newer.length > 0) {
		say(report, newer, "changed", words[word].name,
		    report->older.length > 0 ? report->older.data : NULL,
		    report->newer.length > 0 ? report->newer.data : NULL);
	}
}

static void compare_values(struct report *report, const struct diff_asset *newer, size_t word)
{
	const char *was = newer->other->words[word], *is = newer->words[word];
	bool both = was != NULL && is != NULL;

	if (both ? strcmp(was, is) != 0 : report->all && was != is) {
		say(report, newer, "changed", words[word].name, was, is);
	}
}

static const char *unit_text(const struct diff_asset *asset, const char *name)
{
	for (size_t i = 0; i < asset->n_units; i++) {
		if (strcmp(asset->units[i].name, name) == 0) {
			return asset->units[i].text;
		}
	}
	return NULL;
}

/* A unit of one of them that the other one does not have. Where a device was not looked into at
 * all, nothing is known to be gone. */
static void compare_units(struct report *report, const struct diff_asset *newer)
{
	const struct diff_asset *older = newer->other;

	for (size_t i = 0; i < newer->n_units; i++) {
		const struct diff_unit *unit = &newer->units[i];
		const char *was = unit_text(older, unit->name);

		if (was == NULL && (older->n_units > 0 || report->all)) {
			say(report, newer, "changed", unit->name, NULL,
			    unit->text[0] != '\0' ? unit->text : "there");
		} else if (was != NULL && strcmp(was, unit->text) != 0 &&
			   (report->all || (*was != '\0' && unit->text[0] != '\0'))) {
			say(report, newer, "changed", unit->name, was, unit->text);
		}
	}
	for (size_t i = 0; i < older->n_units; i++) {
		const struct diff_unit *unit = &older->units[i];

		if (unit_text(newer, unit->name) == NULL && (newer->n_units > 0 || report->all)) {
			say(report, newer, "changed", unit->name,
			    unit->text[0] != '\0' ? unit->text : "there", NULL);
		}
	}
}

static void compare_asset(struct report *report, const struct diff_asset *newer)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (words[i].compare == COMPARE_VALUE) {
			compare_values(report, newer, i);
		} else if (words[i].compare != COMPARE_NOT) {
			compare_sets(report, newer, i);
		}
	}
	compare_units(report, newer);
}

int diff_sides(struct diff_side *older, struct diff_side *newer, bool all,
	       inventory_document *handler, void *context)
{
	struct diff_side *const sides[2] = { older, newer };
	struct report report = { .handler = handler, .context = context, .all = all };
	int error = older->failed || newer->failed ? -ENOMEM : join(sides);

	for (size_t i = 0; error == 0 && i < newer->n; i++) {
		if (newer->assets[i].other != NULL) {
			compare_asset(&report, &newer->assets[i]);
		} else {
			say_asset(&report, &newer->assets[i], false);
		}
	}
	for (size_t i = 0; error == 0 && i < older->n; i++) {
		if (older->assets[i].other == NULL) {
			say_asset(&report, &older->assets[i], true);
		}
	}
	if (report.line.failed || report.older.failed || report.newer.failed) {
		error = -ENOMEM;
	}
	buffer_free(&report.line);
	buffer_free(&report.older);
	buffer_free(&report.newer);
	return error;
}
