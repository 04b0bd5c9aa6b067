/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Which bindings belong to one device (docs/inventory.md has the rules in words).
 *
 * identity_resolve() computes that from all bindings and nothing else.  identity_settle() does the
 * same for one new binding without looking at the others, where that cannot differ. */

#include "store/inventory_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define CANDIDATES_MAX  8    /* addresses of one network that a host may have unproved */
#define MOVES_MAX       16   /* addresses that a host may have had in turn */
#define RESOLVE_AT_ONCE 4096 /* with more bindings, contradictions wait for the next tick */
#define RESOLVE_PAUSE   2500 /* ns of packet time a binding, between two such ticks */

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

/* Where an address lives that has link-layer evidence only elsewhere: the lowest VLAN. Sets
 * *several when there is more than one such place. */
static const struct binding *owner_elsewhere(const struct asset *ip_key, bool *several)
{
	const struct binding *owner = NULL;

	*several = false;
	for (const struct binding *b = ip_key->keyed; b != NULL; b = b->next_of_ip) {
		const struct binding *other;

		if (!b->believed) {
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
	if (b->believed) {
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
	if (claims_took_over(b, owner)) {
		return;
	}
	carried->foreign++;
	carried->foreign_elsewhere = carried->foreign_elsewhere || owner->vlan != b->vlan;
	carried->foreign_owner = owner->mac_key;
}

/* Whether a MAC carried both at one time, or in one VLAN: what moved to another VLAN and network
 * left the old one. */
static bool is_at_once(const struct binding *a, const struct binding *b)
{
	return a->vlan == b->vlan || (a->first <= b->last && b->first <= a->last);
}

static bool are_spread(const struct binding *a, const struct binding *b)
{
	return a->ip_key != NULL && b->ip_key != NULL && scope_of(&a->ip) == scope_of(&b->ip) &&
	       scope_of(&a->ip) != SCOPE_NONE && !same_network(&a->ip, &b->ip) && is_at_once(a, b);
}

/* Takes back that addresses of two networks are spread when none of them were there at once. */
static void look_at_times(struct carried *carried, const struct asset *mac_key)
{
	unsigned n = 0;

	for (const struct binding *a = mac_key->keyed; a != NULL; a = a->next_of_mac) {
		if (++n > MOVES_MAX) {
			return;
		}
		for (const struct binding *b = a->next_of_mac; b != NULL; b = b->next_of_mac) {
			if (are_spread(a, b)) {
				return;
			}
		}
	}
	for (unsigned i = 0; i < SCOPES; i++) {
		carried->spread[i] = false;
	}
}

static struct carried carried_by(const struct asset *mac_key)
{
	struct carried carried = { .foreign = 0 };
	bool spread = false;

	for (const struct binding *b = mac_key->keyed; b != NULL; b = b->next_of_mac) {
		note_carried(&carried, b);
	}
	for (unsigned i = 0; i < SCOPES; i++) {
		spread = spread || carried.spread[i];
	}
	if (spread) {
		look_at_times(&carried, mac_key);
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

/* Which of two keys stands for both: one with a MAC, then the oldest. */
static bool stands_for(const struct asset *a, const struct asset *b)
{
	if (mac_is_none(&a->mac) != mac_is_none(&b->mac)) {
		return mac_is_none(&b->mac);
	}
	if (a->first != b->first) {
		return a->first < b->first;
	}
	return mac_is_none(&a->mac) ? memcmp(&a->ip, &b->ip, sizeof(a->ip)) < 0
				    : memcmp(&a->mac, &b->mac, sizeof(a->mac)) < 0;
}

/* Makes two keys one device. */
static void unite(struct asset *a, struct asset *b, enum union_reason why)
{
	if (a->apart || b->apart) {
		return;
	}
	a = root_of(a);
	b = root_of(b);
	if (a == b) {
		return;
	}
	if (!stands_for(a, b)) {
		struct asset *swap = a;

		a = b;
		b = swap;
	}
	b->root = a;
	b->united = (uint8_t)why;
	a->uncertain =
	    a->uncertain || why == UNION_ADDRESS || why == UNION_PORT || why == UNION_TEAM;
}

/* The asset that the binding belongs to. */
static struct asset *home_of(const struct binding *b)
{
	const struct binding *owner;
	bool several = false;

	if (b->ip_key != NULL && b->ip_key->apart) {
		return b->ip_key;
	}
	if (b->ip_key == NULL || b->believed) {
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
	return root_of(b->ip_key);
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
		key->united = UNION_NONE;
		key->members = NULL;
		key->router = key->uncertain = key->conflict = false;
	}
}

/* Which MACs forward what belongs to others. */
static void find_routers(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_keys; i++) {
		if (!mac_is_none(&inventory->key_list[i]->mac)) {
			(void)claims_weigh(inventory->key_list[i], NULL);
		}
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i];
		struct carried carried;

		if (mac_is_none(&key->mac)) {
			continue;
		}
		carried = carried_by(key);
		key->router = key->is_virtual || is_router(&carried);
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
			unite(first, b->mac_key, UNION_ADDRESS);
		}
		first = b->mac_key;
	}
}

/* A MAC that carries one address of a neighbour in the same VLAN: a second port of it, perhaps. */
static void unite_with_owner(struct asset *mac_key)
{
	struct carried carried = carried_by(mac_key);

	if (!mac_key->router && carried.foreign == 1) {
		unite(mac_key, carried.foreign_owner, UNION_PORT);
	}
}

/* Network cards of one machine that share its address. */
static void unite_teams(struct asset *ip_key)
{
	for (struct binding *a = ip_key->keyed; a != NULL; a = a->next_of_ip) {
		for (struct binding *b = a->next_of_ip; a->believed && b != NULL;
		     b = b->next_of_ip) {
			if (b->believed && a->vlan == b->vlan &&
			    claims_compare(a, b) == SUCCESSION_TEAM) {
				unite(a->mac_key, b->mac_key, UNION_TEAM);
			}
		}
	}
}

static void unite_pinned(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_pins; i++) {
		unite(inventory->pins[i].a, inventory->pins[i].b, UNION_PERSON);
	}
}

/* Keys point straight at their roots, which know what holds for any of them. */
static void settle_roots(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i], *root = root_of(key);

		key->root = root;
		root->uncertain = root->uncertain || key->uncertain;
		root->router = root->router || key->router;
		root->announced = root->announced || (key != root && key->announced);
	}
}

static void unite_all(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i];

		if (mac_is_none(&key->mac)) {
			unite_by_address(key);
			unite_teams(key);
		} else {
			unite_with_owner(key);
		}
	}
	unite_by_word(inventory, unite);
	unite_pinned(inventory);
	settle_roots(inventory);
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

/* With many bindings the work is put off: to the next tick, and the more there are, the longer. */
static bool may_wait(const struct inventory *inventory)
{
	return inventory->n_bindings > RESOLVE_AT_ONCE;
}

void identity_tick(struct inventory *inventory)
{
	int64_t pause = may_wait(inventory) ? (int64_t)inventory->n_bindings * RESOLVE_PAUSE : 0;

	if (inventory->resolved == TIME_NONE || inventory->clock - inventory->resolved >= pause) {
		identity_resolve(inventory);
	}
}

void identity_resolve(struct inventory *inventory)
{
	if (!inventory->stale) {
		return;
	}
	inventory->stale = false;
	inventory->resolved = inventory->clock;
	normal_stale(inventory);
	forget_all(inventory);
	find_routers(inventory);
	unite_all(inventory);
	for (size_t i = 0; i < inventory->n_bindings; i++) {
		struct binding *b = inventory->binding_list[i];

		b->former = false;
		if (b->believed) {
			claims_settle(b);
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
static bool settle_mac(struct asset *mac_key, const struct binding *news)
{
	bool others = claims_weigh(mac_key, news);
	struct carried carried = carried_by(mac_key);

	if (others || (is_router(&carried) || mac_key->is_virtual) != mac_key->router ||
	    root_of(mac_key) != mac_key || mac_key->pinned ||
	    (news->evidence & EVIDENCE_ASSIGNED) != 0) {
		return false;
	}
	mac_key->uncertain = mac_key->uncertain || (!mac_key->router && is_uncertain(&carried));
	return true;
}

/* Gives the binding, and the others of its address, to their asset. False: all must be resolved. */
static bool settle_simply(struct binding *b, unsigned news)
{
	bool no_structure = (b->mac_key == NULL && !b->ip_key->pinned) || b->ip_key == NULL ||
			    (news == EVIDENCE_FRAME && b->mac_key->router);

	if (no_structure || (news & (EVIDENCE_FRAME | EVIDENCE_CLAIM)) == 0) {
		join(b, home_of(b));
		return true;
	}
	if (b->mac_key == NULL || !only_mac(b) || !settle_mac(b->mac_key, b)) {
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

/* Says that a second MAC claims an address: in the place of the first, or against it. */
static void announce_claim(struct inventory *inventory, const struct binding *b)
{
	char old_mac[MAC_TEXT_SIZE], new_mac[MAC_TEXT_SIZE], ip[IP_TEXT_SIZE];
	char value[IP_TEXT_SIZE + MAC_TEXT_SIZE + 8], old_value[sizeof(value)];

	for (const struct binding *other = b->ip_key->keyed; other != NULL;
	     other = other->next_of_ip) {
		bool moved;

		if (other == b || other->vlan != b->vlan || !other->believed || !b->believed ||
		    (b->asset == other->asset && b->mac_key->united != UNION_TEAM &&
		     other->mac_key->united != UNION_TEAM)) {
			continue;
		}
		moved = claims_compare(b, other) == SUCCESSION_MOVED;
		ip_text(&b->ip, ip);
		snprintf(old_value, sizeof(old_value), "%s at %s", ip,
			 mac_text(&other->mac, old_mac));
		snprintf(value, sizeof(value), "%s at %s", ip, mac_text(&b->mac, new_mac));
		change_asset(inventory, b->asset, moved ? "address_moved" : "address_conflict",
			     old_value, value);
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
		if (!may_wait(inventory)) {
			identity_resolve(inventory);
		}
	}
	if (b->ip_key != NULL) {
		announce_merged(inventory, b->ip_key);
	}
	if (fresh && b->asset_next != NULL) {
		normal_stale(inventory);
	}
	announced = b->asset->announced;
	announce(inventory, b->asset);
	if (announced && fresh && b->ip_key != NULL && !is_ghost(b)) {
		announce_address(inventory, b);
	}
	if ((news & EVIDENCE_CLAIM) != 0) {
		announce_claim(inventory, b);
	}
}

/* ---- a person's word ---- */

static void forget_pin(struct inventory *inventory, const struct asset *a, const struct asset *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < inventory->n_pins; i++) {
		struct identity_pin pin = inventory->pins[i];

		if ((pin.a == a && pin.b == b) || (pin.a == b && pin.b == a)) {
			continue;
		}
		inventory->pins[kept++] = pin;
	}
	inventory->n_pins = kept;
}

int identity_pin(struct inventory *inventory, struct asset *a, struct asset *b, bool together)
{
	forget_pin(inventory, a, b);
	if (!together) {
		b->apart = true;
	} else {
		if (inventory->n_pins == inventory->pins_capacity) {
			size_t capacity = size_max(inventory->pins_capacity * 2, 16);
			struct identity_pin *grown =
			    realloc(inventory->pins, capacity * sizeof(*grown));

			if (grown == NULL) {
				return -ENOMEM;
			}
			inventory->pins = grown;
			inventory->pins_capacity = capacity;
		}
		inventory->pins[inventory->n_pins++] = (struct identity_pin) { a, b };
		a->apart = b->apart = false;
	}
	a->pinned = b->pinned = true;
	inventory->stale = true;
	if (!inventory->loading) {
		identity_resolve(inventory);
	}
	return 0;
}
