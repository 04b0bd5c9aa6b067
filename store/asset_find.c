/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Which asset a person means. */

#include "capture/base/hash.h"
#include "store/edit_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define DOMAINS_MAX    64 /* address spaces that are searched */
#define CANDIDATES_MAX 5  /* that are told */

struct serial_row {
	uint64_t hash;
	struct asset *asset;
};

struct asset_finder {
	struct inventory *inventory;
	uint16_t domains[DOMAINS_MAX];
	size_t n_domains;
	struct serial_row *serials; /* sorted by hash; NULL: not looked up yet */
	size_t n_serials;
};

/* The assets that fit, each once. */
struct candidates {
	struct asset *assets[CANDIDATES_MAX];
	size_t n, more;
};

static void add_domain(struct asset_finder *finder, uint16_t domain)
{
	for (size_t i = 0; i < finder->n_domains; i++) {
		if (finder->domains[i] == domain) {
			return;
		}
	}
	if (finder->n_domains < DOMAINS_MAX) {
		finder->domains[finder->n_domains++] = domain;
	}
}

int asset_finder_new(struct asset_finder **out, struct inventory *inventory)
{
	struct asset_finder *finder = calloc(1, sizeof(*finder));

	if (finder == NULL) {
		return -ENOMEM;
	}
	identity_resolve(inventory);
	finder->inventory = inventory;
	for (size_t i = 0; i < inventory->n_keys; i++) {
		add_domain(finder, inventory->key_list[i]->domain);
	}
	*out = finder;
	return 0;
}

struct asset_finder *asset_finder_free(struct asset_finder *finder)
{
	if (finder != NULL) {
		free(finder->serials);
		free(finder);
	}
	return NULL;
}

static void add(struct candidates *found, struct asset *asset)
{
	if (asset == NULL || !asset_is_live(asset)) {
		return;
	}
	for (size_t i = 0; i < found->n; i++) {
		if (found->assets[i] == asset) {
			return;
		}
	}
	if (found->n < CANDIDATES_MAX) {
		found->assets[found->n++] = asset;
	} else {
		found->more++;
	}
}

/* All assets of which the key is an address; those that had it, when none has it now. */
static void add_key(struct candidates *found, struct asset *key)
{
	size_t before = found->n;

	if (key == NULL) {
		return;
	}
	if (!mac_is_none(&key->mac)) {
		add(found, key);
		add(found, key->root);
		return;
	}
	for (const struct binding *b = key->keyed; b != NULL; b = b->next_of_ip) {
		add(found, b->former ? NULL : b->asset);
	}
	for (const struct binding *b = key->keyed; b != NULL && found->n == before;
	     b = b->next_of_ip) {
		add(found, b->asset);
	}
}

static void find_address(const struct asset_finder *finder, const struct ip *ip,
			 const struct mac *mac, struct candidates *found)
{
	for (size_t i = 0; i < finder->n_domains; i++) {
		add_key(found, binding_key_find(finder->inventory, finder->domains[i], ip, mac));
	}
}

static void find_id(const struct asset_finder *finder, uint64_t id, struct candidates *found)
{
	const struct inventory *inventory = finder->inventory;

	for (size_t i = 0; i < inventory->n_keys; i++) {
		if (inventory->key_list[i]->id == id) {
			add_key(found, inventory->key_list[i]);
		}
	}
}

static void find_name(const struct asset_finder *finder, const char *name, struct candidates *found)
{
	const struct inventory *inventory = finder->inventory;

	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *asset = inventory->key_list[i];
		const char *its = asset_is_live(asset) ? asset_name(asset) : NULL;

		if (its != NULL && strcasecmp(its, name) == 0) {
			add(found, asset);
		}
	}
}

void asset_describe(const struct asset *asset, char *out, size_t size)
{
	const char *name = asset_name(asset);
	char id[ASSET_ID_SIZE], address[IP_TEXT_SIZE];

	snprintf(out, size, "%s %s%s%s%s", asset_id_text(asset->id, id),
		 asset_address(asset, address), name != NULL ? " (" : "", name != NULL ? name : "",
		 name != NULL ? ")" : "");
}

const char *asset_id(const struct asset *asset, char *out)
{
	return asset_id_text(asset->id, out);
}

/* One it must be. */
static int choose(const struct candidates *found, const char *text, struct asset **out,
		  struct problem *problem)
{
	char list[400] = "", one[160];
	size_t n = 0;

	if (found->n == 0) {
		return problem_set(problem, -ENOENT, "no asset is '%s'", text);
	}
	*out = found->assets[0];
	if (found->n == 1) {
		return 0;
	}
	for (size_t i = 0; i < found->n && n < sizeof(list); i++) {
		asset_describe(found->assets[i], one, sizeof(one));
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i > 0 ? ", " : "", one);
	}
	return problem_set(problem, -EEXIST, "'%s' is not one asset: %s%s", text, list,
			   found->more > 0 ? "..." : "");
}

static bool is_id(const char *text, uint64_t *out)
{
	char *end = NULL;

	if (strlen(text) != ASSET_ID_SIZE - 1 || !isxdigit((unsigned char)text[0])) {
		return false;
	}
	*out = strtoull(text, &end, 16);
	return *end == '\0';
}

static bool find_parsed(const struct asset_finder *finder, const char *text,
			struct candidates *found)
{
	struct mac mac = { { 0 } };
	struct ip ip = { { 0 } };

	if (ip_parse(text, &ip) != 0 && mac_parse(text, &mac) != 0) {
		return false;
	}
	find_address(finder, &ip, &mac, found);
	return true;
}

int asset_find(struct asset_finder *finder, const char *text, struct asset **out,
	       struct problem *problem)
{
	struct candidates found = { .n = 0 };
	uint64_t id;

	if (is_id(text, &id)) {
		find_id(finder, id, &found);
	}
	if (found.n == 0 && !find_parsed(finder, text, &found)) {
		find_name(finder, text, &found);
	}
	return choose(&found, text, out, problem);
}

int asset_find_by_address(struct asset_finder *finder, const char *address, struct asset **out,
			  struct problem *problem)
{
	struct candidates found = { .n = 0 };

	if (!find_parsed(finder, address, &found)) {
		return problem_set(problem, -ENOENT, "'%s' is no address", address);
	}
	return choose(&found, address, out, problem);
}

/* ---- serial numbers ---- */

static uint64_t hash_serial(const char *serial)
{
	char lower[128];
	size_t n = 0;

	for (; serial[n] != '\0' && n < sizeof(lower); n++) {
		lower[n] = (char)tolower((unsigned char)serial[n]);
	}
	return hash_bytes(lower, n, 0);
}

static int compare_serials(const void *a, const void *b)
{
	const struct serial_row *x = a, *y = b;

	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static const char *serial_of(const struct asset *asset)
{
	const struct attribute *a = attribute_best(asset, IDENTITY_SERIAL_NUMBER, UNIT_NONE);

	return a != NULL ? a->value : NULL;
}

static int learn_serials(struct asset_finder *finder)
{
	const struct inventory *inventory = finder->inventory;

	finder->serials = calloc(inventory->n_keys + 1, sizeof(*finder->serials));
	if (finder->serials == NULL) {
		return -ENOMEM;
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *asset = inventory->key_list[i];
		const char *serial = asset_is_live(asset) ? serial_of(asset) : NULL;

		if (serial != NULL) {
			finder->serials[finder->n_serials++] =
			    (struct serial_row) { hash_serial(serial), asset };
		}
	}
	qsort(finder->serials, finder->n_serials, sizeof(*finder->serials), compare_serials);
	return 0;
}

int asset_find_by_serial(struct asset_finder *finder, const char *serial, struct asset **out,
			 struct problem *problem)
{
	struct candidates found = { .n = 0 };
	uint64_t hash = hash_serial(serial);
	size_t low = 0, high;

	if (finder->serials == NULL && learn_serials(finder) < 0) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	for (high = finder->n_serials; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (finder->serials[middle].hash < hash) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (; low < finder->n_serials && finder->serials[low].hash == hash; low++) {
		if (strcasecmp(serial_of(finder->serials[low].asset), serial) == 0) {
			add(&found, finder->serials[low].asset);
		}
	}
	return choose(&found, serial, out, problem);
}
