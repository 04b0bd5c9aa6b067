/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What an asset is called, by whom it was made, where it is. */

#include "store/edit_private.h"

#include "capture/base/hash.h"

#include <stdio.h>
#include <string.h>

static uint64_t hash_number(uint64_t h, uint64_t number)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(number >> 8 * i);
	}
	return hash_stable(h, bytes, sizeof(bytes));
}

void asset_setup(struct inventory *inventory, struct asset *key)
{
	uint64_t h = hash_number(HASH_STABLE_START, inventory->options.sensor_id);

	key->inventory = inventory;
	h = hash_number(h, key->domain);
	if (mac_is_none(&key->mac)) {
		h = hash_stable(h, key->ip.bytes, sizeof(key->ip.bytes));
	} else {
		h = hash_stable(h, key->mac.bytes, sizeof(key->mac.bytes));
		key->oui_vendor = oui_vendor(inventory->oui, &key->mac);
		key->is_virtual = mac_is_shared(&key->mac);
	}
	key->id = hash_stable_end(h);
	key->given = given_find(inventory, key->id);
}

/* An address names one asset only while it has one home. */
static bool has_one_home(const struct asset *ip_key, const struct asset *asset)
{
	for (const struct binding *b = ip_key->keyed; b != NULL; b = b->next_of_ip) {
		if (b->asset != asset) {
			return false;
		}
	}
	return true;
}

bool asset_is_known_by(const struct asset *asset, const struct asset *key)
{
	if (key == asset) {
		return true;
	}
	return mac_is_none(&key->mac) ? has_one_home(key, asset) : key->root == asset;
}

const char *asset_id_text(uint64_t id, char *out)
{
	snprintf(out, ASSET_ID_SIZE, "%016llx", (unsigned long long)id);
	return out;
}

const char *asset_vendor_said(const struct asset *asset)
{
	const struct attribute *said = attribute_best(asset, IDENTITY_VENDOR, UNIT_NONE);

	return said != NULL ? said->value : asset->oui_vendor;
}

const char *asset_name(const struct asset *asset)
{
	/* What people gave a device for others to read, best first. */
	static const enum identity kinds[] = {
		IDENTITY_GIVEN_NAME, IDENTITY_APPLICATION, IDENTITY_DEVICE_NAME,
		IDENTITY_HOST_NAME,  IDENTITY_DOMAIN_NAME,
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct attribute *said = attribute_best(asset, kinds[i], UNIT_NONE);

		if (said != NULL) {
			return said->value;
		}
	}
	return NULL;
}

static uint64_t hash_text(uint64_t h, const char *text)
{
	/* With its NUL, so that two texts are not one. */
	return text != NULL ? hash_stable(h, text, strlen(text) + 1) : hash_number(h, 0);
}

uint64_t asset_digest(const struct asset *asset)
{
	uint64_t h = HASH_STABLE_START;

	h = hash_text(h, asset_name(asset));
	h = hash_text(h, asset_vendor(asset));
	for (unsigned of = 0; of < KINDS; of++) {
		struct judgement judgement = asset_judged(asset, (enum kind_of)of);

		h = hash_text(hash_text(h, judgement.value), judgement.rule);
	}
	h = hash_number(h, (uint64_t)asset->router | (uint64_t)asset->uncertain << 1 |
			       (uint64_t)asset->conflict << 2 |
			       (uint64_t)asset_is_ghost(asset) << 3 | (uint64_t)asset->silent << 4);
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		h = hash_number(h, b->entry.hash);
		h = hash_number(h, b->n_attributes | (uint64_t)b->former << 32);
	}
	return hash_stable_end(h) | 1;
}

struct ip asset_ip(const struct asset *asset)
{
	struct ip lowest = { { 0 } };

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		if (b->ip_key != NULL && !b->former &&
		    (ip_is_none(&lowest) || memcmp(&b->ip, &lowest, sizeof(lowest)) < 0)) {
			lowest = b->ip;
		}
	}
	return lowest;
}

const char *asset_zone(const struct inventory *inventory, const struct asset *asset)
{
	const struct attribute *said = attribute_best(asset, IDENTITY_ZONE, UNIT_NONE);
	const char *zone = NULL;
	struct inventory_place place;

	if (inventory->options.zone_of != NULL) {
		place = (struct inventory_place) {
			.ip = asset_ip(asset),
			.mac = asset_mac(asset),
			.vlan =
			    asset->members != NULL ? (uint16_t)(asset->members->vlan & 0xfff) : 0,
			.type = asset_judged(asset, KIND_TYPE).value,
			.role = asset_role_of(asset),
			.vendor = asset_vendor(asset),
			.name = asset_name(asset),
			.level = asset_judged(asset, KIND_LEVEL).value,
		};
		zone = inventory->options.zone_of(inventory->options.context, &place);
	}
	return zone != NULL ? zone : said != NULL ? said->value : NULL;
}

/* Of a device on the link, its own; behind a router, none. */
struct mac asset_mac(const struct asset *asset)
{
	return asset->mac;
}

const char *asset_address(const struct asset *asset, char *out)
{
	struct ip ip = asset_ip(asset);

	return ip_is_none(&ip) ? mac_text(&asset->mac, out) : ip_text(&ip, out);
}
