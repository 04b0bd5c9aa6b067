/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Which bindings belong to one device (docs/inventory.md has the rules in words).
 *
 * identity_resolve() computes that from all bindings and nothing else.  identity_settle() does the
 * same for one new binding without looking at the others, where that cannot differ. */

#include "store/inventory_private.h"

#include <stdio.h>

#define CANDIDATES_MAX  8    /* addresses of one network that a host may have unproved */
#define RESOLVE_AT_ONCE 4096 /* with more bindings, contradictions wait for the next tick */

/* Address scopes within which two networks can be told apart. */
enum scope { SCOPE_V4, SCOPE_GLOBAL, SCOPE_LOCAL, SCOPES, SCOPE_NONE = SCOPES };

static enum scope scope_of(const struct ip *ip)
{
	if (ip_is_link_local(ip) || ip_is_none(ip)) {
		return SCOPE_NONE;
	}
	if (ip_is_v4(ip)) {
		return SCOPE_V4;
	}
	return (ip->bytes[0] & 0xfe) == 0xfc ? SCOPE_LOCAL : SCOPE_GLOBAL;
}

/* Netmasks are not on the wire: a /24 and a /64 are what most plants use. */
static bool same_network(const struct ip *a, const struct ip *b)
{
	return memcmp(a->bytes, b->bytes, ip_is_v4(a) ? 15 : 8) == 0;
}

const struct binding *identity_owner(const struct asset *ip_key, uint32_t vlan)
{
	const struct binding *owner = NULL;

	for (const struct binding *b = ip_key->keyed; b != NULL; b = b->next_of_ip) {
		if ((b->evidence & EVIDENCE_CLAIM) == 0 || b->vlan != vlan) {
			continue;
		}
		if (owner == NULL || b->last_claim > owner->last_claim ||
		    (b->last_claim == owner->last_claim &&
		     memcmp(&b->mac, &owner->mac, sizeof(b->mac)) < 0)) {
			owner = b;
		}
	}
	return owner;
}

/* Where an address lives that has link-layer evidence only elsewhere: the lowest VLAN. Sets
 * *several when there is more than one such place. */
static const struct binding *owner_elsewhere(const struct asset *ip_key, bool *several)
{
	const struct binding *owner = NULL;

	*several = false;
	for (const struct binding *b = ip_key->keyed; b != NULL; b = b->next_of_ip) {
		const struct binding *other;

		if ((b->evidence & EVIDENCE_CLAIM) == 0) {
			continue;
		}
		other = identity_owner(ip_key, b->vlan);
		*several =
		    *several || (owner != NULL && owner->mac_key->root != other->mac_key->root);
		if (owner == NULL || other->vlan < owner->vlan) {
			owner = other;
		}
	}
	return owner;
}

/* What the addresses that a MAC carries say about it. */
struct carried {
	const struct ip *network[SCOPES]; /* of one address each */
	bool spread[SCOPES];              /* there are others */
	unsigned candidates[SCOPES];      /* addresses without link-layer evidence */
	unsigned candidates_all, foreign; /* foreign: the address belongs to another MAC */
	bool foreign_elsewhere;           /* ... in another VLAN */
	struct asset *foreign_owner;
};

static void note_network(struct carried *carried, const struct ip *ip, bool candidate)
{
	enum scope scope = scope_of(ip);

	carried->candidates_all += candidate;
	if (scope == SCOPE_NONE) {
		return;
	}
	if (carried->network[scope] == NULL) {
		carried->network[scope] = ip;
	} else if (!same_network(carried->network[scope], ip)) {
		carried->spread[scope] = true;
	}
	carried->candidates[scope] += candidate;
}

static void note_carried(struct carried *carried, const struct binding *b)
{
	const struct binding *owner;
	bool several;

	if (b->ip_key == NULL || (b->evidence & (EVIDENCE_FRAME | EVIDENCE_CLAIM)) == 0) {
		return;
	}
	if ((b->evidence & EVIDENCE_CLAIM) != 0) {
		note_network(carried, &b->ip, false);
		return;
	}
	owner = identity_owner(b->ip_key, b->vlan);
	if (owner == NULL) {
		owner = owner_elsewhere(b->ip_key, &several);
	}
	if (owner == NULL || owner->mac_key == b->mac_key) {
		note_network(carried, &b->ip, owner == NULL);
		return;
	}
	carried->foreign++;
	carried->foreign_elsewhere = carried->foreign_elsewhere || owner->vlan != b->vlan;
	carried->foreign_owner = owner->mac_key;
}

static struct carried carried_by(const struct asset *mac_key)
{
	struct carried carried = { .foreign = 0 };

	for (const struct binding *b = mac_key->keyed; b != NULL; b = b->next_of_mac) {
		note_carried(&carried, b);
	}
	return carried;
}

static bool is_router(const struct carried *carried)
{
	bool router = carried->foreign > 1 || carried->foreign_elsewhere;

	for (unsigned i = 0; i < SCOPES; i++) {
		router = router || carried->candidates[i] > CANDIDATES_MAX ||
			 (carried->spread[i] && carried->candidates[i] > 0);
	}
	return router;
}

static bool is_uncertain(const struct carried *carried)
{
	for (unsigned i = 0; i < SCOPES; i++) {
		if (carried->candidates[i] > 1) {
			return true;
		}
	}
	return carried->foreign == 1;
}

static struct asset *root_of(struct asset *key)
{
	while (key->root != key) {
		key = key->root;
	}
	return key;
}

/* Makes two keys one device; the oldest stands for it. */
static void unite(struct asset *a, struct asset *b)
{
	bool first;

	a = root_of(a);
	b = root_of(b);
	if (a == b) {
		return;
	}
	first = a->first != b->first ? a->first < b->first
				     : memcmp(&a->mac, &b->mac, sizeof(a->mac)) < 0;
	if (first) {
		b->root = a;
	} else {
		a->root = b;
	}
	root_of(a)->uncertain = true;
}

/* The asset that the binding belongs to. */
static struct asset *home_of(const struct binding *b)
{
	const struct binding *owner;
	bool several = false;

	if (b->ip_key == NULL || (b->evidence & EVIDENCE_CLAIM) != 0) {
		return root_of(b->mac_key);
	}
	owner = identity_owner(b->ip_key, b->vlan);
	if (owner == NULL) {
		owner = owner_elsewhere(b->ip_key, &several);
	}
	if (owner != NULL) {
		struct asset *home = root_of(owner->mac_key);

		home->uncertain = home->uncertain || several;
		return home;
	}
	for (const struct binding *other = b->ip_key->keyed; other != NULL;
	     other = other->next_of_ip) {
		if ((other->evidence & EVIDENCE_FRAME) != 0 && !other->mac_key->router) {
			return root_of(other->mac_key);
		}
	}
	return b->ip_key;
}

static bool is_ghost(const struct binding *b)
{
	return (b->evidence & ~(EVIDENCE_ASKED | EVIDENCE_NAMED)) == 0;
}

bool asset_is_live(const struct asset *asset)
{
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		if (b->evidence != EVIDENCE_NAMED) {
			return true;
		}
	}
	return asset->router && asset->root == asset;
}

bool asset_is_ghost(const struct asset *asset)
{
	if (asset->router) {
		return false;
	}
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		if (!is_ghost(b)) {
			return false;
		}
	}
	return true;
}

static void leave(struct binding *b)
{
	if (b->asset == NULL) {
		return;
	}
	if (b->asset_previous != NULL) {
		b->asset_previous->asset_next = b->asset_next;
	} else {
		b->asset->members = b->asset_next;
	}
	if (b->asset_next != NULL) {
		b->asset_next->asset_previous = b->asset_previous;
	}
	b->asset = NULL;
}

static void join(struct binding *b, struct asset *home)
{
	leave(b);
	b->asset = home;
	b->asset_previous = NULL;
	b->asset_next = home->members;
	if (home->members != NULL) {
		home->members->asset_previous = b;
	}
	home->members = b;
	home->known = home->known || b->known;
}

/* ---- all at once ---- */

static void forget_all(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_bindings; i++) {
		struct binding *b = inventory->binding_list[i];

		b->asset = NULL;
		b->asset_next = b->asset_previous = NULL;
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i];

		key->root = key;
		key->members = NULL;
		key->router = key->uncertain = key->conflict = false;
	}
}

/* Which MACs forward what belongs to others. */
static void find_routers(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i];
		struct carried carried;

		if (mac_is_none(&key->mac)) {
			continue;
		}
		carried = carried_by(key);
		key->router = is_router(&carried);
		key->uncertain = !key->router && is_uncertain(&carried);
	}
}

/* One address on several MACs that are no routers, without a word by ARP: one device, perhaps. */
static void unite_by_address(struct asset *ip_key)
{
	struct asset *first = NULL;
	bool several;

	if (owner_elsewhere(ip_key, &several) != NULL) {
		return;
	}
	for (struct binding *b = ip_key->keyed; b != NULL; b = b->next_of_ip) {
		if ((b->evidence & EVIDENCE_FRAME) == 0 || b->mac_key->router) {
			continue;
		}
		if (first != NULL) {
			unite(first, b->mac_key);
		}
		first = b->mac_key;
	}
}

/* A MAC that carries one address of a neighbour in the same VLAN: a second port of it, perhaps. */
static void unite_with_owner(struct asset *mac_key)
{
	struct carried carried = carried_by(mac_key);

	if (!mac_key->router && carried.foreign == 1) {
		unite(mac_key, carried.foreign_owner);
	}
}

static void unite_all(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i];

		if (mac_is_none(&key->mac)) {
			unite_by_address(key);
		} else {
			unite_with_owner(key);
		}
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i], *root = root_of(key);

		root->uncertain = root->uncertain || key->uncertain;
		root->router = root->router || key->router;
		root->announced = root->announced || (key != root && key->announced);
	}
}

static void mark_conflict(struct binding *b)
{
	for (struct binding *other = b->ip_key->keyed; other != NULL; other = other->next_of_ip) {
		if (other != b && other->vlan == b->vlan &&
		    (other->evidence & EVIDENCE_CLAIM) != 0) {
			root_of(b->mac_key)->conflict = true;
			root_of(other->mac_key)->conflict = true;
		}
	}
}

/* Says what became visible. */
static void announce(struct inventory *inventory, struct asset *asset)
{
	char address[IP_TEXT_SIZE];

	if (asset->announced || !asset_is_live(asset) || asset_is_ghost(asset)) {
		return;
	}
	asset->announced = true;
	change_asset(inventory, asset, "new_asset", NULL, asset_address(asset, address));
}

/* An asset that was there and is now part of another. */
static void announce_merged(struct inventory *inventory, struct asset *key)
{
	char id[ASSET_ID_SIZE];

	if (!key->announced || asset_is_live(key)) {
		return;
	}
	key->announced = false;
	key->keyed->asset->announced = true;
	change_asset(inventory, key->keyed->asset, "merged", asset_id_text(key->id, id), NULL);
}

void identity_resolve(struct inventory *inventory)
{
	if (!inventory->stale) {
		return;
	}
	inventory->stale = false;
	forget_all(inventory);
	find_routers(inventory);
	unite_all(inventory);
	for (size_t i = 0; i < inventory->n_bindings; i++) {
		struct binding *b = inventory->binding_list[i];

		if ((b->evidence & EVIDENCE_CLAIM) != 0) {
			mark_conflict(b);
		}
		join(b, home_of(b));
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		announce_merged(inventory, inventory->key_list[i]);
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		announce(inventory, inventory->key_list[i]);
	}
}

/* ---- one binding ---- */

/* Whether only this MAC, or none, was ever seen with the address. */
static bool only_mac(const struct binding *b)
{
	for (const struct binding *other = b->ip_key->keyed; other != NULL;
	     other = other->next_of_ip) {
		if (other->mac_key != NULL && other->mac_key != b->mac_key) {
			return false;
		}
	}
	return true;
}

/* What changes about a MAC when it gets one more address that no other MAC has. False: more than
 * this MAC's own addresses may be touched. */
static bool settle_mac(struct asset *mac_key)
{
	struct carried carried = carried_by(mac_key);

	if (is_router(&carried) != mac_key->router || root_of(mac_key) != mac_key) {
		return false;
	}
	mac_key->uncertain = mac_key->uncertain || (!mac_key->router && is_uncertain(&carried));
	return true;
}

/* Gives the binding, and the others of its address, to their asset. False: all must be resolved. */
static bool settle_simply(struct binding *b, unsigned news)
{
	bool no_structure = b->mac_key == NULL || b->ip_key == NULL ||
			    (news == EVIDENCE_FRAME && b->mac_key->router);

	if (no_structure || (news & (EVIDENCE_FRAME | EVIDENCE_CLAIM)) == 0) {
		join(b, home_of(b));
		return true;
	}
	if (!only_mac(b) || !settle_mac(b->mac_key)) {
		return false;
	}
	for (struct binding *other = b->ip_key->keyed; other != NULL; other = other->next_of_ip) {
		join(other, home_of(other));
	}
	return true;
}

/* Says that an asset that was known got an address. */
static void announce_address(struct inventory *inventory, const struct binding *b)
{
	char text[IP_TEXT_SIZE];

	for (const struct binding *other = b->asset->members; other != NULL;
	     other = other->asset_next) {
		if (other != b && ip_equal(&other->ip, &b->ip)) {
			return;
		}
	}
	change_asset(inventory, b->asset, "new_address", NULL, ip_text(&b->ip, text));
}

/* Says that two MACs claim one address. */
static void announce_conflict(struct inventory *inventory, const struct binding *b)
{
	char old_mac[MAC_TEXT_SIZE], new_mac[MAC_TEXT_SIZE], ip[IP_TEXT_SIZE];
	char value[IP_TEXT_SIZE + MAC_TEXT_SIZE + 8], old_value[sizeof(value)];

	for (const struct binding *other = b->ip_key->keyed; other != NULL;
	     other = other->next_of_ip) {
		if (other == b || other->vlan != b->vlan ||
		    (other->evidence & EVIDENCE_CLAIM) == 0) {
			continue;
		}
		ip_text(&b->ip, ip);
		snprintf(old_value, sizeof(old_value), "%s at %s", ip,
			 mac_text(&other->mac, old_mac));
		snprintf(value, sizeof(value), "%s at %s", ip, mac_text(&b->mac, new_mac));
		change_asset(inventory, b->asset, "address_conflict", old_value, value);
		return;
	}
}

void identity_settle(struct inventory *inventory, struct binding *b, unsigned news)
{
	bool fresh = b->asset == NULL, announced;

	if (inventory->stale || !settle_simply(b, news)) {
		inventory->stale = true;
		if (b->asset == NULL) {
			join(b, home_of(b));
		}
		if (inventory->n_bindings <= RESOLVE_AT_ONCE) {
			identity_resolve(inventory);
		}
	}
	if (b->ip_key != NULL) {
		announce_merged(inventory, b->ip_key);
	}
	announced = b->asset->announced;
	announce(inventory, b->asset);
	if (announced && fresh && b->ip_key != NULL && !is_ghost(b)) {
		announce_address(inventory, b);
	}
	if ((news & EVIDENCE_CLAIM) != 0) {
		announce_conflict(inventory, b);
	}
}
