/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The table of address bindings, and the keys (MACs, IP addresses) that they share. */

#include "store/inventory_private.h"

#include "capture/base/hash.h"

#include <errno.h>
#include <stdlib.h>

#define EVICTED_SHARE 16 /* one in so many goes when the table is full */

static uint64_t hash_binding(const struct binding_key *key)
{
	uint64_t h = hash_bytes(key->ip.bytes, sizeof(key->ip.bytes), key->domain);

	return hash_bytes(key->mac.bytes, sizeof(key->mac.bytes), h ^ key->vlan);
}

static bool same_binding(const struct table_entry *entry, const void *wanted)
{
	const struct binding *binding = (const struct binding *)entry;
	const struct binding_key *key = wanted;

	return ip_equal(&binding->ip, &key->ip) && mac_equal(&binding->mac, &key->mac) &&
	       binding->domain == key->domain && binding->vlan == key->vlan;
}

struct binding *binding_find(const struct inventory *inventory, const struct binding_key *key)
{
	return (struct binding *)table_find(&inventory->bindings, hash_binding(key), same_binding,
					    key);
}

static bool same_key(const struct table_entry *entry, const void *wanted)
{
	const struct asset *asset = (const struct asset *)entry, *key = wanted;

	return ip_equal(&asset->ip, &key->ip) && mac_equal(&asset->mac, &key->mac) &&
	       asset->domain == key->domain;
}

static uint64_t hash_key(const struct asset *key)
{
	uint64_t h = hash_bytes(key->ip.bytes, sizeof(key->ip.bytes), key->domain);

	return hash_bytes(key->mac.bytes, sizeof(key->mac.bytes), h);
}

static struct asset *key_find(const struct inventory *inventory, const struct asset *wanted)
{
	return (struct asset *)table_find(&inventory->keys, hash_key(wanted), same_key, wanted);
}

/* The key with this address, made if need be. NULL: no memory. */
static struct asset *key_of(struct inventory *inventory, const struct asset *wanted)
{
	struct asset *key = key_find(inventory, wanted);

	if (key != NULL) {
		return key;
	}
	key = malloc(sizeof(*key));
	if (key == NULL) {
		return NULL;
	}
	*key = *wanted;
	key->entry.hash = hash_key(wanted);
	key->root = key;
	asset_setup(inventory, key);
	if (table_add(&inventory->keys, &key->entry) != 0) {
		free(key);
		return NULL;
	}
	if (list_append((void ***)&inventory->key_list, &inventory->n_keys,
			&inventory->keys_capacity, key) != 0) {
		table_remove(&inventory->keys, &key->entry);
		free(key);
		return NULL;
	}
	inventory->stale = inventory->stale || (inventory->words && !mac_is_none(&key->mac));
	return key;
}

struct asset *binding_key_of(struct inventory *inventory, uint16_t domain, const struct ip *ip,
			     const struct mac *mac)
{
	struct asset wanted = {
		.domain = domain, .ip = *ip, .mac = *mac, .first = inventory->clock
	};

	return key_of(inventory, &wanted);
}

struct asset *binding_key_find(const struct inventory *inventory, uint16_t domain,
			       const struct ip *ip, const struct mac *mac)
{
	const struct asset wanted = { .domain = domain, .ip = *ip, .mac = *mac };

	return key_find(inventory, &wanted);
}

/* Hangs the binding on its keys. */
static int link_keys(struct inventory *inventory, struct binding *b)
{
	struct asset wanted = { .domain = b->domain, .first = b->first };

	if (!mac_is_none(&b->mac)) {
		wanted.mac = b->mac;
		b->mac_key = key_of(inventory, &wanted);
		wanted.mac = (struct mac) { { 0 } };
	}
	if (!ip_is_none(&b->ip)) {
		wanted.ip = b->ip;
		b->ip_key = key_of(inventory, &wanted);
	}
	if ((b->mac_key == NULL && !mac_is_none(&b->mac)) ||
	    (b->ip_key == NULL && !ip_is_none(&b->ip))) {
		return -ENOMEM;
	}
	if (b->mac_key != NULL) {
		b->next_of_mac = b->mac_key->keyed;
		b->mac_key->keyed = b;
	}
	if (b->ip_key != NULL) {
		b->next_of_ip = b->ip_key->keyed;
		b->ip_key->keyed = b;
	}
	return 0;
}

void binding_free(struct binding *binding)
{
	for (size_t i = 0; binding != NULL && i < binding->n_attributes; i++) {
		free(binding->attributes[i].value);
	}
	if (binding != NULL) {
		free(binding->attributes);
		free(binding);
	}
}

struct binding *binding_new(struct inventory *inventory, const struct binding_key *key,
			    int64_t time)
{
	struct binding *b;

	if (inventory->n_bindings >= inventory->options.bindings_max ||
	    inventory->n_keys + 2 > 2 * inventory->options.assets_max) {
		binding_evict(inventory);
	}
	b = malloc(sizeof(*b));
	if (b == NULL) {
		inventory->out_of_memory = true;
		return NULL;
	}
	*b = (struct binding) {
		.ip = key->ip,
		.mac = key->mac,
		.domain = key->domain,
		.vlan = key->vlan,
		.first = time,
		.last = time,
		.first_claim = TIME_NONE,
		.last_claim = TIME_NONE,
	};
	b->entry.hash = hash_binding(key);
	if (list_append((void ***)&inventory->binding_list, &inventory->n_bindings,
			&inventory->bindings_capacity, b) != 0) {
		inventory->out_of_memory = true;
		free(b);
		return NULL;
	}
	if (table_add(&inventory->bindings, &b->entry) != 0 || link_keys(inventory, b) != 0) {
		inventory->out_of_memory = true;
		if (inventory->bindings.capacity > 0) {
			table_remove(&inventory->bindings, &b->entry);
		}
		inventory->n_bindings--;
		free(b);
		return NULL;
	}
	return b;
}

/* Directed broadcasts cannot be told from hosts without netmasks: an address that ends in .255 is
 * believed only once it sends. */
static bool may_be_asset(const struct binding_key *key, unsigned evidence)
{
	if (ip_is_multicast(&key->ip) || ip_is_broadcast(&key->ip)) {
		return false;
	}
	if (evidence == EVIDENCE_NAMED && ip_is_none(&key->ip)) {
		return !mac_is_none(&key->mac);
	}
	if (evidence == EVIDENCE_ASKED || evidence == EVIDENCE_NAMED) {
		return !ip_is_none(&key->ip) && !(ip_is_v4(&key->ip) && key->ip.bytes[15] == 0xff);
	}
	return !ip_is_none(&key->ip) || !mac_is_none(&key->mac);
}

/* The MAC whose claim to this address is the newest, or NULL. */
static const struct mac *owner_mac(const struct binding *b)
{
	const struct binding *owner = b->ip_key != NULL ? identity_owner(b->ip_key, b->vlan) : NULL;

	return owner != NULL ? &owner->mac : NULL;
}

static void note_claim(struct inventory *inventory, struct binding *b, int64_t time)
{
	const struct mac *before = owner_mac(b), *after;

	b->first_claim =
	    b->first_claim == TIME_NONE || time < b->first_claim ? time : b->first_claim;
	b->last_claim = b->last_claim == TIME_NONE ? time : time_max(b->last_claim, time);
	after = owner_mac(b);
	if (before != NULL && after != NULL && !mac_equal(before, after)) {
		inventory->stale = true;
	}
}

/* A time before the first one: only loaded facts can do that to newer ones. */
static void note_first(struct inventory *inventory, struct binding *b, int64_t time)
{
	struct asset *keys[2] = { b->mac_key, b->ip_key };

	b->first = time < b->first ? time : b->first;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (keys[i] != NULL && time < keys[i]->first) {
			keys[i]->first = time;
			inventory->stale = true;
		}
	}
}

struct binding *binding_see(struct inventory *inventory, const struct binding_key *wanted,
			    unsigned evidence, int64_t time)
{
	struct binding_key key = *wanted;
	struct binding *b;
	unsigned news;

	if (mac_is_group(&key.mac)) {
		key.mac = (struct mac) { { 0 } };
	}
	if (ip_is_none(&key.ip)) {
		key.ip = (struct ip) { { 0 } };
	}
	if (mac_is_none(&key.mac) && (evidence & (EVIDENCE_FRAME | EVIDENCE_CLAIM)) != 0) {
		evidence = (evidence & EVIDENCE_ASKED) | EVIDENCE_SENT;
	}
	if (!may_be_asset(&key, evidence)) {
		return NULL;
	}
	b = binding_find(inventory, &key);
	b = b != NULL ? b : binding_new(inventory, &key, time);
	if (b == NULL) {
		return NULL;
	}
	note_first(inventory, b, time);
	silence_sighting(inventory, b, time);
	news = evidence & ~(unsigned)b->evidence;
	b->evidence |= (uint8_t)evidence;
	if ((evidence & EVIDENCE_CLAIM) != 0) {
		note_claim(inventory, b, time);
	}
	if (news != 0 || inventory->stale) {
		identity_settle(inventory, b, news);
	}
	return b;
}

/* ---- eviction ---- */

static bool is_ghost(const struct binding *b)
{
	return (b->evidence & ~(EVIDENCE_ASKED | EVIDENCE_NAMED)) == 0;
}

#define BRIEF            (10 * NS_PER_S)
#define WORTH_OF_DEVICES 2

/* What is lost with a binding: nothing with a ghost, little with an address that was there for a
 * moment, answered nobody and told nothing of itself, as in a flood of forged ones. */
static unsigned worth(const struct binding *b)
{
	bool brief = b->last - b->first < BRIEF && b->n_attributes == 0 &&
		     b->server_operations == 0 && b->client_operations == 0 && !b->it_server;

	return is_ghost(b) ? 0 : brief ? 1 : WORTH_OF_DEVICES;
}

static int compare_for_eviction(const void *a, const void *b)
{
	const struct binding *x = *(struct binding *const *)a, *y = *(struct binding *const *)b;
	unsigned of_x = worth(x), of_y = worth(y);

	if (of_x != of_y) {
		return of_x < of_y ? -1 : 1;
	}
	return x->last < y->last ? -1 : x->last > y->last;
}

static int compare_creation(const void *a, const void *b)
{
	const struct binding *x = *(struct binding *const *)a, *y = *(struct binding *const *)b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* Keys without bindings go; those that stay are hung again on what is left. */
static void relink_keys(struct inventory *inventory)
{
	size_t kept = 0;

	for (size_t i = 0; i < inventory->n_keys; i++) {
		inventory->key_list[i]->keyed = NULL;
	}
	for (size_t i = 0; i < inventory->n_bindings; i++) {
		(void)link_keys(inventory, inventory->binding_list[i]);
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i];

		if (key->keyed != NULL || key->pinned) {
			inventory->key_list[kept++] = key;
			continue;
		}
		inventory->counters.assets_evicted += key->members != NULL;
		table_remove(&inventory->keys, &key->entry);
		free(key);
	}
	inventory->n_keys = kept;
}

/* How many go, of a list in the order of eviction: a share of all, and of those with which little
 * is lost up to half of all, since working out what is left costs the same for one as for many. */
static size_t evicted_count(const struct inventory *inventory)
{
	size_t n = inventory->n_bindings, least = n / EVICTED_SHARE + 1, of_little_worth = 0;

	while (of_little_worth < n / 2 &&
	       worth(inventory->binding_list[of_little_worth]) < WORTH_OF_DEVICES) {
		of_little_worth++;
	}
	return size_max(least, of_little_worth);
}

void binding_evict(struct inventory *inventory)
{
	size_t n = inventory->n_bindings, gone;

	if (n == 0) {
		return;
	}
	qsort(inventory->binding_list, n, sizeof(struct binding *), compare_for_eviction);
	gone = evicted_count(inventory);
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		/* The ends of a conversation are found again by its next record. */
		inventory->conversation_list[i]->side[0] = NULL;
		inventory->conversation_list[i]->side[1] = NULL;
	}
	for (size_t i = 0; i < gone; i++) {
		table_remove(&inventory->bindings, &inventory->binding_list[i]->entry);
		binding_free(inventory->binding_list[i]);
	}
	inventory->n_bindings = n - gone;
	memmove(inventory->binding_list, inventory->binding_list + gone,
		inventory->n_bindings * sizeof(struct binding *));
	qsort(inventory->binding_list, inventory->n_bindings, sizeof(struct binding *),
	      compare_creation);
	inventory->counters.bindings_evicted += gone;
	inventory->epoch++;
	for (size_t i = 0; i < inventory->n_keys; i++) {
		inventory->key_list[i]->root = inventory->key_list[i];
	}
	relink_keys(inventory);
	/* At once, however many there are: what stays may have belonged to an asset that went. */
	inventory->stale = true;
	identity_resolve(inventory);
	change_cap(inventory, "addresses", gone);
}
