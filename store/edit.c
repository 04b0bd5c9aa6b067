/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What persons say hangs on the ids of keys; an asset has what was said of any key that is a name
 * of it, the newest of each kind. */

#include "store/edit_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void text_freep(char **text)
{
	free(*text);
}

#define CONFIDENCE_PERSON 100
#define VALUE_MAX         256 /* bytes */
#define KEY_TEXT_SIZE     (IP_TEXT_SIZE + 8)

static const char *const criticalities[] = { "low", "medium", "high", "critical", NULL };
static const char *const levels[] = { "0", "1", "2", "3", "3.5", "4", "5", NULL };

static const struct {
	const char *name;
	enum identity kind;
	const char *const *values; /* NULL: any text */
} fields[] = {
	{ "name", IDENTITY_GIVEN_NAME, NULL },
	{ "owner", IDENTITY_OWNER, NULL },
	{ "criticality", IDENTITY_CRITICALITY, criticalities },
	{ "type", IDENTITY_TYPE, NULL },
	{ "level", IDENTITY_LEVEL, levels },
	{ "zone", IDENTITY_ZONE, NULL },
	{ "location", IDENTITY_LOCATION, NULL },
	{ "tag", IDENTITY_ASSET_TAG, NULL },
	{ "note", IDENTITY_NOTE, NULL },
};

const char *edit_field_name(enum identity kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (fields[i].kind == kind) {
			return fields[i].name;
		}
	}
	return NULL;
}

enum identity edit_field(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (strcmp(fields[i].name, name) == 0) {
			return fields[i].kind;
		}
	}
	return IDENTITIES;
}

static int check_word(const char *name, const char *const *words, const char *value,
		      struct problem *problem)
{
	char list[64] = "";
	size_t n = 0;

	for (size_t i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], value) == 0) {
			return 0;
		}
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i > 0 ? ", " : "",
				      words[i]);
	}
	return problem_set(problem, -EINVAL, "%s wants one of %s, not '%s'", name, list, value);
}

int edit_check(enum identity kind, const char *value, struct problem *problem)
{
	const char *name = edit_field_name(kind);
	size_t length = strlen(value);

	if (name == NULL) {
		return problem_set(problem, -EINVAL, "that cannot be set");
	}
	if (length > VALUE_MAX) {
		return problem_set(problem, -EINVAL, "%s is longer than %d bytes", name, VALUE_MAX);
	}
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f) {
			return problem_set(problem, -EINVAL, "%s has a control character", name);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(fields) && length > 0; i++) {
		if (fields[i].kind == kind && fields[i].values != NULL) {
			return check_word(name, fields[i].values, value, problem);
		}
	}
	return 0;
}

/* ---- words by key ---- */

static bool same_id(const struct table_entry *entry, const void *wanted)
{
	return ((const struct given *)entry)->id == *(const uint64_t *)wanted;
}

struct given *given_find(const struct inventory *inventory, uint64_t id)
{
	/* The id is a hash already. */
	return inventory->given.used == 0
		   ? NULL
		   : (struct given *)table_find(&inventory->given, id, same_id, &id);
}

static struct given *given_make(struct inventory *inventory, uint64_t id)
{
	struct given *given = given_find(inventory, id);

	if (given != NULL) {
		return given;
	}
	given = calloc(1, sizeof(*given));
	if (given == NULL) {
		return NULL;
	}
	given->id = given->entry.hash = id;
	if (table_add(&inventory->given, &given->entry) != 0) {
		free(given);
		return NULL;
	}
	return given;
}

void given_end(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->given.capacity; i++) {
		struct given *given = (struct given *)inventory->given.slots[i];

		for (size_t k = 0; given != NULL && k < given->n_attributes; k++) {
			free(given->attributes[k].value);
		}
		if (given != NULL) {
			free(given->attributes);
			free(given);
		}
	}
	table_free(&inventory->given);
}

static struct attribute *attribute_of(const struct given *given, enum identity kind)
{
	for (size_t i = 0; given != NULL && i < given->n_attributes; i++) {
		if (given->attributes[i].kind == kind) {
			return &given->attributes[i];
		}
	}
	return NULL;
}

static void forget(struct given *given, struct attribute *a)
{
	free(a->value);
	*a = given->attributes[--given->n_attributes];
}

static int remember(struct given *given, const struct attribute *wanted)
{
	struct attribute *a = attribute_of(given, wanted->kind);
	char *value = strdup(wanted->value);

	if (value != NULL && a == NULL) {
		a = realloc(given->attributes, (given->n_attributes + 1) * sizeof(*a));
		if (a != NULL) {
			given->attributes = a;
			a += given->n_attributes++;
			a->value = NULL;
		}
	}
	if (value == NULL || a == NULL) {
		free(value);
		return -ENOMEM;
	}
	free(a->value);
	*a = *wanted;
	a->value = value;
	return 0;
}

/* ---- words about an asset ---- */

static const struct attribute *newer(const struct attribute *a, const struct attribute *b)
{
	return b != NULL && (a == NULL || b->last > a->last) ? b : a;
}

/* The newest word, and the key that it was said of: NULL for the asset's own. */
static const struct attribute *word_of(const struct asset *asset, enum identity kind,
				       struct asset **holder)
{
	const struct attribute *best = attribute_of(asset->given, kind);

	*holder = NULL;
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		struct asset *const keys[2] = { b->mac_key, b->ip_key };

		for (unsigned i = 0; i < 2; i++) {
			if (keys[i] != NULL && unlikely(keys[i]->given != NULL) &&
			    asset_is_known_by(asset, keys[i]) &&
			    newer(best, attribute_of(keys[i]->given, kind)) != best) {
				best = attribute_of(keys[i]->given, kind);
				*holder = keys[i];
			}
		}
	}
	return best;
}

const struct attribute *given_best(const struct asset *asset, enum identity kind)
{
	struct asset *holder;

	return word_of(asset, kind, &holder);
}

size_t given_all(const struct asset *asset, const struct attribute **out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fields) && n < size; i++) {
		const struct attribute *a = given_best(asset, fields[i].kind);

		if (a != NULL) {
			out[n++] = a;
		}
	}
	return n;
}

/* ---- taking back what the database has ---- */

static bool id_read(const char *text, uint64_t *out)
{
	char *end;

	*out = strtoull(text, &end, 16);
	return end == text + ASSET_ID_SIZE - 1 && *end == '\0';
}

static int restore_set(struct inventory *inventory, uint64_t id, const struct asset_edit *edit)
{
	enum identity kind = edit_field(edit->name);
	struct given *given = kind != IDENTITIES ? given_make(inventory, id) : NULL;
	struct attribute *old = attribute_of(given, kind);
	char source[96];
	struct attribute a = {
		.kind = (uint8_t)kind,
		.confidence = CONFIDENCE_PERSON,
		.itself = true,
		.unit = UNIT_NONE,
		.first = edit->time,
		.last = edit->time,
		.until = TIME_NONE,
	};

	if (given == NULL) {
		return kind != IDENTITIES ? -ENOMEM : 0;
	}
	inventory->edits++;
	if (edit->new_value == NULL) {
		if (old != NULL) {
			forget(given, old);
		}
		return 0;
	}
	snprintf(source, sizeof(source), EDIT_SOURCE "%s", edit->user);
	a.source = attribute_source(inventory, source);
	a.value = (char *)(uintptr_t)edit->new_value;
	return remember(given, &a);
}

/* A key as DOMAIN/ADDRESS: what an id cannot be turned back to. */
static const char *key_text(const struct asset *key, char out[KEY_TEXT_SIZE])
{
	char address[IP_TEXT_SIZE];

	snprintf(out, KEY_TEXT_SIZE, "%u/%s", key->domain,
		 mac_is_none(&key->mac) ? ip_text(&key->ip, address)
					: mac_text(&key->mac, address));
	return out;
}

/* The key of that text, made if nothing was seen of it. NULL: no key, or no memory. */
static struct asset *key_from_text(struct inventory *inventory, const char *text)
{
	struct ip ip = { { 0 } };
	struct mac mac = { { 0 } };
	char *end;
	unsigned long domain = strtoul(text, &end, 10);
	struct asset *key;

	if (end == text || *end != '/' || domain > UINT16_MAX ||
	    (ip_parse(end + 1, &ip) != 0 && mac_parse(end + 1, &mac) != 0)) {
		return NULL;
	}
	key = binding_key_find(inventory, (uint16_t)domain, &ip, &mac);
	if (key != NULL) {
		return key;
	}
	key = binding_key_of(inventory, (uint16_t)domain, &ip, &mac);
	if (key != NULL) {
		/* Not older than what was seen. */
		key->first = INT64_MAX;
	}
	return key;
}

static int restore_pin(struct inventory *inventory, const struct asset_edit *edit)
{
	struct asset *a = key_from_text(inventory, edit->name);
	struct asset *b = key_from_text(inventory, edit->new_value);
	bool loading = inventory->loading;
	int error;

	if (a == NULL || b == NULL || a == b) {
		return inventory->out_of_memory ? -ENOMEM : 0;
	}
	/* All at once, at the end. */
	inventory->loading = true;
	error = identity_pin(inventory, a, b, strcmp(edit->kind, "merge") == 0);
	inventory->loading = loading;
	return error;
}

int inventory_restore_edit(struct inventory *inventory, const struct asset_edit *edit)
{
	uint64_t id;

	if (edit->user == NULL || edit->asset == NULL || edit->kind == NULL || edit->name == NULL ||
	    !id_read(edit->asset, &id)) {
		return 0;
	}
	if (strcmp(edit->kind, "set") == 0) {
		return restore_set(inventory, id, edit);
	}
	return edit->new_value != NULL &&
		       (strcmp(edit->kind, "merge") == 0 || strcmp(edit->kind, "split") == 0)
		   ? restore_pin(inventory, edit)
		   : 0;
}

void given_link(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_keys && inventory->given.used > 0; i++) {
		inventory->key_list[i]->given = given_find(inventory, inventory->key_list[i]->id);
	}
}

/* ---- setting ---- */

/* Tells the rules and the history. */
static void announce_set(struct inventory *inventory, const struct asset *asset,
			 const struct asset_edit *edit)
{
	char old_text[VALUE_MAX + 32] = "", new_text[VALUE_MAX + 32] = "";

	snprintf(old_text, sizeof(old_text), "%s=%s", edit->name,
		 edit->old_value != NULL ? edit->old_value : "");
	snprintf(new_text, sizeof(new_text), "%s=%s", edit->name,
		 edit->new_value != NULL ? edit->new_value : "");
	change_asset(inventory, asset, "set", old_text, new_text);
}

/* What is said of one key of the asset, from now on. */
static int set_key(struct inventory *inventory, struct asset *asset, struct asset *holder,
		   enum identity kind, const char *value, const struct editor *editor)
{
	const struct attribute *stood = attribute_best(asset, kind, UNIT_NONE);
	AUTO(text_freep) char *old_value = stood != NULL ? strdup(stood->value) : NULL;
	char id[ASSET_ID_SIZE];
	const struct asset_edit edit = {
		.time = editor->time,
		.user = editor->user,
		.asset = asset_id_text(holder->id, id),
		.kind = "set",
		.name = edit_field_name(kind),
		.old_value = old_value,
		.new_value = value[0] != '\0' ? value : NULL,
		.reason = editor->reason,
	};
	int error = inventory_restore_edit(inventory, &edit);

	if (error == 0) {
		holder->given = given_find(inventory, holder->id);
		asset->dirty = true;
		announce_set(inventory, asset, &edit);
		error = editor->keep(editor->context, &edit);
	}
	return error;
}

static int set_all(struct inventory *inventory, struct asset *asset, enum identity kind,
		   const char *value, const struct editor *editor)
{
	struct asset *holder;
	const struct attribute *said = word_of(asset, kind, &holder);
	int error = 0;

	if (said == NULL ? value[0] == '\0' : strcmp(said->value, value) == 0) {
		return 1;
	}
	if (editor->keep == NULL) {
		return 0;
	}
	if (value[0] != '\0') {
		return set_key(inventory, asset, asset, kind, value, editor);
	}
	/* It may have been said of several keys, before they were known to be one device. */
	while (error == 0 && word_of(asset, kind, &holder) != NULL) {
		error =
		    set_key(inventory, asset, holder != NULL ? holder : asset, kind, value, editor);
	}
	return error;
}

int inventory_set(struct inventory *inventory, struct asset *asset, enum identity kind,
		  const char *value, const struct editor *editor)
{
	const struct record cause = { .time = editor->time };
	int result;

	/* Changes are told at the time of the clock. */
	inventory->cause = &cause;
	result = set_all(inventory, asset, kind, value, editor);
	inventory->cause = NULL;
	return result;
}

/* ---- one device, or two ---- */

/* Pins two keys and keeps that; what is told is about `asset` as it is then. */
static int pin(struct inventory *inventory, struct asset *key, struct asset *other, bool together,
	       const struct editor *editor)
{
	char id[ASSET_ID_SIZE], name[KEY_TEXT_SIZE], other_name[KEY_TEXT_SIZE];
	const struct asset_edit edit = {
		.time = editor->time,
		.user = editor->user,
		.asset = asset_id_text(key->id, id),
		.kind = together ? "merge" : "split",
		.name = key_text(key, name),
		.new_value = key_text(other, other_name),
		.reason = editor->reason,
	};
	const struct record cause = { .time = editor->time };
	int error;

	inventory->cause = &cause;
	error = identity_pin(inventory, key, other, together);
	if (error == 0) {
		change_asset(inventory, key->root,
			     together ? "merged_by_person" : "split_by_person", NULL,
			     strchr(other_name, '/') + 1);
		error = editor->keep(editor->context, &edit);
	}
	inventory->cause = NULL;
	key->root->dirty = other->root->dirty = true;
	return error;
}

int inventory_merge(struct inventory *inventory, struct asset *asset, struct asset *other,
		    const struct editor *editor)
{
	if (asset->root == other->root) {
		return 1;
	}
	return editor->keep != NULL ? pin(inventory, asset, other, true, editor) : 0;
}

/* The key of an address that the asset has, or NULL. */
static struct asset *own_key(const struct asset *asset, const char *address)
{
	struct ip ip = { { 0 } };
	struct mac mac = { { 0 } };

	if (ip_parse(address, &ip) != 0 && mac_parse(address, &mac) != 0) {
		return NULL;
	}
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		if (b->ip_key != NULL && !ip_is_none(&ip) && ip_equal(&b->ip, &ip)) {
			return b->ip_key;
		}
		if (b->mac_key != NULL && !mac_is_none(&mac) && mac_equal(&b->mac, &mac)) {
			return b->mac_key;
		}
	}
	return NULL;
}

int inventory_split(struct inventory *inventory, struct asset *asset, const char *address,
		    const struct editor *editor, struct problem *problem)
{
	struct asset *key = own_key(asset, address);

	if (key == NULL) {
		return problem_set(problem, -EINVAL, "'%s' is no address of this asset", address);
	}
	if (key == asset) {
		return problem_set(problem, -EINVAL,
				   "'%s' is what the asset is known by: name its other address",
				   address);
	}
	return editor->keep != NULL ? pin(inventory, asset, key, false, editor) : 0;
}
