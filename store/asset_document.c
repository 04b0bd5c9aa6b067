/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/asset_document.h"

#include "dissectors/dissector.h"
#include "store/edit_private.h"
#include "store/vendor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define ECS_VERSION   "9.4.0"
#define ADDRESSES_MAX 64 /* in one document */

const char *vlan_text(uint32_t vlan, char *out)
{
	if (vlan > 0xfff) {
		snprintf(out, 16, "%u.%u", vlan >> 12, vlan & 0xfff);
	} else {
		snprintf(out, 16, "%u", vlan);
	}
	return out;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void write_names(struct json *json, const char *key, const struct inventory *inventory,
		 const struct name_set *set)
{
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (unsigned i = 1; i < NAMES_MAX; i++) {
		if (name_set_has(set, (uint8_t)i)) {
			names[n++] = name_text(inventory, (uint8_t)i);
		}
	}
	qsort(names, n, sizeof(names[0]), compare_texts);
	json_array(json, key);
	for (size_t i = 0; i < n; i++) {
		json_text(json, NULL, names[i]);
	}
	json_end(json);
}

/* ---- units ---- */

static int compare_units(const void *a, const void *b)
{
	const struct unit_total *x = a, *y = b;

	if (x->asset != y->asset) {
		return x->asset < y->asset ? -1 : 1;
	}
	return x->unit < y->unit ? -1 : x->unit > y->unit;
}

int unit_totals_new(struct unit_totals *out, const struct inventory *inventory)
{
	size_t n = 0;

	for (size_t i = 0; i < inventory->n_conversations; i++) {
		n += inventory->conversation_list[i]->n_units;
	}
	*out = (struct unit_totals) { .totals = calloc(n + 1, sizeof(*out->totals)) };
	if (out->totals == NULL) {
		return -ENOMEM;
	}
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		const struct conversation *c = inventory->conversation_list[i];
		uint8_t protocol = c->n_units > 0 && c->protocol != NAME_NONE
				       ? dissector_index(name_text(inventory, c->protocol))
				       : PROTOCOL_NONE;

		for (size_t k = 0; c->side[1] != NULL && k < c->n_units; k++) {
			out->totals[out->n++] = (struct unit_total) {
				.asset = c->side[1]->asset,
				.unit = unit_of(protocol, c->units[k].id),
				.asked = c->units[k].asked,
				.answered = c->units[k].answered,
			};
		}
	}
	qsort(out->totals, out->n, sizeof(*out->totals), compare_units);
	return 0;
}

void unit_totals_free(struct unit_totals *totals)
{
	free(totals->totals);
	*totals = (struct unit_totals) { .totals = NULL };
}

/* The first total of this asset; units->n when there is none. */
static size_t first_unit(const struct unit_totals *units, const struct asset *asset)
{
	size_t low = 0, high = units->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (units->totals[middle].asset < asset) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static void write_unit_identification(struct json *json, const struct asset *asset, int32_t unit)
{
	for (unsigned kind = 0; kind < IDENTITIES; kind++) {
		const struct attribute *a = attribute_best(asset, (enum identity)kind, unit);

		if (a != NULL) {
			json_text(json, attribute_kind_name((enum identity)kind),
				  kind == IDENTITY_VENDOR ? vendor_canonical(a->value) : a->value);
		}
	}
}

static void write_units(struct json *json, const struct asset *asset,
			const struct unit_totals *units)
{
	size_t i = first_unit(units, asset);

	json_array(json, "units");
	while (i < units->n && units->totals[i].asset == asset) {
		int32_t unit = units->totals[i].unit;
		uint64_t asked = 0, answered = 0;

		for (; i < units->n && units->totals[i].asset == asset &&
		       units->totals[i].unit == unit;
		     i++) {
			asked += units->totals[i].asked;
			answered += units->totals[i].answered;
		}
		json_object(json, NULL);
		json_uint(json, "id", unit_id(unit));
		json_text(json, "kind", unit_kind_name(unit));
		json_uint(json, "asked", asked);
		json_uint(json, "answered", answered);
		write_unit_identification(json, asset, unit);
		json_end(json);
	}
	json_end(json);
}

/* ---- one asset ---- */

/* Bindings that tell when an asset was there: of a router without address, what it carried. */
static const struct binding *first_sign(const struct asset *asset)
{
	return asset->members != NULL ? asset->members : asset->keyed;
}

static const struct binding *next_sign(const struct asset *asset, const struct binding *b)
{
	return asset->members != NULL ? b->asset_next : b->next_of_mac;
}

int64_t asset_first(const struct asset *asset)
{
	int64_t first = INT64_MAX;

	for (const struct binding *b = first_sign(asset); b != NULL; b = next_sign(asset, b)) {
		first = b->first < first ? b->first : first;
	}
	return first;
}

int64_t asset_last(const struct asset *asset)
{
	int64_t last = INT64_MIN;

	for (const struct binding *b = first_sign(asset); b != NULL; b = next_sign(asset, b)) {
		last = time_max(last, b->last);
	}
	return last;
}

/* Addresses of an asset: sorted, each once, at most ADDRESSES_MAX. */
struct addresses {
	struct ip ips[ADDRESSES_MAX], former[ADDRESSES_MAX];
	struct mac macs[ADDRESSES_MAX];
	uint32_t vlans[ADDRESSES_MAX];
	size_t n_ips, n_former, n_macs, n_vlans;
};

/* Puts an item of that size into a sorted array, unless it is there. */
static void insert(void *array, size_t *n, size_t size, const void *item)
{
	uint8_t *at = array;
	size_t i = 0;
	int order = -1;

	while (i < *n && (order = memcmp(at + i * size, item, size)) < 0) {
		i++;
	}
	if ((i < *n && order == 0) || *n == ADDRESSES_MAX) {
		return;
	}
	memmove(at + (i + 1) * size, at + i * size, (*n - i) * size);
	memcpy(at + i * size, item, size);
	(*n)++;
}

static void insert_vlan(struct addresses *a, uint32_t vlan)
{
	size_t i = a->n_vlans;

	for (size_t k = 0; k < a->n_vlans; k++) {
		if (a->vlans[k] == vlan) {
			return;
		}
	}
	if (a->n_vlans == ADDRESSES_MAX) {
		return;
	}
	for (; i > 0 && a->vlans[i - 1] > vlan; i--) {
		a->vlans[i] = a->vlans[i - 1];
	}
	a->vlans[i] = vlan;
	a->n_vlans++;
}

/* MACs and VLANs are the asset's own: what a router shows of it elsewhere is not. */
static void gather(const struct asset *asset, struct addresses *out)
{
	out->n_ips = out->n_former = out->n_macs = out->n_vlans = 0;
	if (!mac_is_none(&asset->mac)) {
		insert(out->macs, &out->n_macs, sizeof(out->macs[0]), &asset->mac);
	}
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		bool own = b->mac_key != NULL && b->mac_key->root == asset;

		if (b->ip_key != NULL && b->former) {
			insert(out->former, &out->n_former, sizeof(out->former[0]), &b->ip);
		} else if (b->ip_key != NULL) {
			insert(out->ips, &out->n_ips, sizeof(out->ips[0]), &b->ip);
		}
		if (own) {
			insert(out->macs, &out->n_macs, sizeof(out->macs[0]), &b->mac);
		}
		if (own || mac_is_none(&asset->mac)) {
			insert_vlan(out, b->vlan);
		}
	}
	for (const struct binding *b = asset->keyed; asset->router && b != NULL;
	     b = b->next_of_mac) {
		insert_vlan(out, b->vlan);
	}
}

static void write_addresses(struct json *json, const struct addresses *a, const char *ip_key,
			    const char *mac_key)
{
	char text[IP_TEXT_SIZE];

	json_array(json, ip_key);
	for (size_t i = 0; i < a->n_ips; i++) {
		json_text(json, NULL, ip_text(&a->ips[i], text));
	}
	json_end(json);
	json_array(json, mac_key);
	for (size_t i = 0; i < a->n_macs; i++) {
		json_text(json, NULL, mac_text(&a->macs[i], text));
	}
	json_end(json);
}

/* Country and network of its first public address. */
static struct geo_place find_place(const struct asset *asset, const struct addresses *a)
{
	struct geo_place place = { .number = 0 };
	size_t i = 0;

	while (i < a->n_ips && !geo_find(asset->inventory->geo, &a->ips[i], &place)) {
		i++;
	}
	return place;
}

static void write_host(struct json *json, const struct asset *asset, const struct addresses *a,
		       const struct geo_place *place)
{
	char id[ASSET_ID_SIZE];

	json_object(json, "host");
	json_text(json, "id", asset_id_text(asset->id, id));
	if (asset_name(asset) != NULL) {
		json_text(json, "name", asset_name(asset));
	}
	write_addresses(json, a, "ip", "mac");
	json_text(json, "type", asset_role_of(asset));
	if (place->country[0] != '\0') {
		json_object(json, "geo");
		json_text(json, "country_iso_code", place->country);
		json_end(json);
	}
	json_end(json);
}

/* The autonomous system, for which the schema has no place beside a host. */
static void write_network(struct json *json, const struct geo_place *place)
{
	if (place->number == 0 && place->organisation[0] == '\0') {
		return;
	}
	json_object(json, "as");
	if (place->number != 0) {
		json_uint(json, "number", place->number);
	}
	if (place->organisation[0] != '\0') {
		json_object(json, "organization");
		json_text(json, "name", place->organisation);
		json_end(json);
	}
	json_end(json);
}

static void write_best(struct json *json, const char *key, const struct asset *asset,
		       enum identity kind)
{
	const struct attribute *a = attribute_best(asset, kind, UNIT_NONE);

	if (a != NULL) {
		json_text(json, key, a->value);
	}
}

static void write_device(struct json *json, const struct asset *asset)
{
	json_object(json, "device");
	if (asset_vendor(asset) != NULL) {
		json_text(json, "manufacturer", asset_vendor(asset));
	}
	write_best(json, "serial_number", asset, IDENTITY_SERIAL_NUMBER);
	if (attribute_best(asset, IDENTITY_MODEL, UNIT_NONE) != NULL ||
	    attribute_best(asset, IDENTITY_PRODUCT_CODE, UNIT_NONE) != NULL) {
		json_object(json, "model");
		write_best(json, "name", asset, IDENTITY_MODEL);
		write_best(json, "identifier", asset, IDENTITY_PRODUCT_CODE);
		json_end(json);
	}
	if (attribute_best(asset, IDENTITY_PRODUCT_NAME, UNIT_NONE) != NULL) {
		json_object(json, "product");
		write_best(json, "name", asset, IDENTITY_PRODUCT_NAME);
		json_end(json);
	}
	json_end(json);
}

static int compare_attributes(const void *a, const void *b)
{
	const struct attribute *x = *(const struct attribute *const *)a;
	const struct attribute *y = *(const struct attribute *const *)b;

	if (x->kind != y->kind) {
		return x->kind < y->kind ? -1 : 1;
	}
	if (x->unit != y->unit) {
		return x->unit < y->unit ? -1 : 1;
	}
	if (x->source != y->source) {
		return x->source < y->source ? -1 : 1;
	}
	return x->first != y->first ? (x->first < y->first ? -1 : 1) : strcmp(x->value, y->value);
}

static void write_attribute(struct json *json, const struct inventory *inventory,
			    const struct attribute *a)
{
	json_object(json, NULL);
	json_text(json, "name", attribute_kind_name((enum identity)a->kind));
	json_text(json, "value", a->value);
	if (a->unit != UNIT_NONE) {
		json_uint(json, "unit", unit_id(a->unit));
		json_text(json, "unit_kind", unit_kind_name(a->unit));
	}
	json_text(json, "source", attribute_source_name(inventory, a->source));
	json_uint(json, "confidence", a->confidence);
	json_time(json, "first_seen", a->first);
	json_time(json, "last_seen", a->last);
	if (a->until != TIME_NONE) {
		json_time(json, "until", a->until);
	}
	json_end(json);
}

/* The prefix of the MAC says who made the interface, not the device: it is believed least. */
static void write_oui(struct json *json, const struct asset *asset)
{
	if (asset->oui_vendor == NULL) {
		return;
	}
	json_object(json, NULL);
	json_text(json, "name", "vendor");
	json_text(json, "value", asset->oui_vendor);
	json_text(json, "source", "oui");
	json_uint(json, "confidence", 30);
	json_end(json);
}

static void write_geo_text(struct json *json, const char *name, const char *value)
{
	if (value[0] != '\0') {
		json_object(json, NULL);
		json_text(json, "name", name);
		json_text(json, "value", value);
		json_text(json, "source", "geoip");
		json_uint(json, "confidence", 60);
		json_end(json);
	}
}

/* What the databases of addresses say; they are right for networks, less so for single hosts. */
static void write_place(struct json *json, const struct geo_place *place)
{
	char number[16] = "";

	if (place->number != 0) {
		snprintf(number, sizeof(number), "AS%u", place->number);
	}
	write_geo_text(json, "country", place->country);
	write_geo_text(json, "network", number);
	write_geo_text(json, "network_name", place->organisation);
}

static void write_attributes(struct json *json, const struct inventory *inventory,
			     const struct asset *asset, const struct geo_place *place)
{
	const struct attribute *given[IDENTITIES], **list;
	size_t n = 0, n_given, i = 0;

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		n += b->n_attributes;
	}
	n_given = given_all(asset, given, ARRAY_SIZE(given));
	list = calloc(n + n_given + 1, sizeof(*list));
	if (list == NULL) {
		json->out->failed = true;
		return;
	}
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		for (size_t k = 0; k < b->n_attributes; k++) {
			list[i++] = &b->attributes[k];
		}
	}
	memcpy(list + n, given, n_given * sizeof(*list));
	n += n_given;
	qsort(list, n, sizeof(*list), compare_attributes);
	json_array(json, "attributes");
	write_oui(json, asset);
	write_place(json, place);
	for (i = 0; i < n; i++) {
		write_attribute(json, inventory, list[i]);
	}
	json_end(json);
	free(list);
}

/* What all addresses of the asset have in common. */
struct totals {
	struct name_set client, server;
	uint64_t packets, bytes;
};

static struct totals sum(const struct asset *asset)
{
	struct totals t = { .packets = 0 };

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		for (size_t i = 0; i < ARRAY_SIZE(t.client.bits); i++) {
			t.client.bits[i] |= b->client.bits[i];
			t.server.bits[i] |= b->server.bits[i];
		}
		t.packets += b->packets;
		t.bytes += b->bytes;
	}
	return t;
}

/* ---- aliases ---- */

void asset_aliases(const struct asset *asset, void (*handler)(void *context, uint64_t id),
		   void *context)
{
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		const struct asset *keys[2] = { b->mac_key, b->ip_key };

		for (unsigned i = 0; i < 2; i++) {
			if (keys[i] != NULL && keys[i] != asset &&
			    asset_is_known_by(asset, keys[i])) {
				handler(context, keys[i]->id);
			}
		}
	}
}

struct alias_list {
	uint64_t ids[2 * ADDRESSES_MAX];
	size_t n;
};

static void add_alias(void *context, uint64_t id)
{
	struct alias_list *list = context;
	size_t i = list->n;

	for (size_t k = 0; k < list->n; k++) {
		if (list->ids[k] == id) {
			return;
		}
	}
	if (list->n == ARRAY_SIZE(list->ids)) {
		return;
	}
	for (; i > 0 && list->ids[i - 1] > id; i--) {
		list->ids[i] = list->ids[i - 1];
	}
	list->ids[i] = id;
	list->n++;
}

static void write_aliases(struct json *json, const struct asset *asset)
{
	struct alias_list list = { .n = 0 };
	char id[ASSET_ID_SIZE];

	asset_aliases(asset, add_alias, &list);
	json_array(json, "aliases");
	for (size_t i = 0; i < list.n; i++) {
		json_text(json, NULL, asset_id_text(list.ids[i], id));
	}
	json_end(json);
}

static void write_vlans(struct json *json, const struct addresses *a)
{
	char text[16];

	json_array(json, "vlans");
	for (size_t i = 0; i < a->n_vlans; i++) {
		if (a->vlans[i] != 0) {
			json_text(json, NULL, vlan_text(a->vlans[i], text));
		}
	}
	json_end(json);
}

static void write_former(struct json *json, const struct addresses *a)
{
	char text[IP_TEXT_SIZE];

	if (a->n_former == 0) {
		return;
	}
	json_array(json, "former_ip");
	for (size_t i = 0; i < a->n_former; i++) {
		json_text(json, NULL, ip_text(&a->former[i], text));
	}
	json_end(json);
}

static void write_judgement(struct json *json, const struct asset *asset, enum kind_of of,
			    const char *const keys[3])
{
	struct judgement judgement = asset_judged(asset, of);

	if (judgement.value != NULL) {
		json_text(json, keys[0], judgement.value);
	}
	if (judgement.rule != NULL) {
		json_text(json, keys[1], judgement.rule);
		json_text(json, keys[2], judgement.because);
	}
}

static void write_risks(struct json *json, const struct asset *asset)
{
	struct judgement risks[ASSET_RISKS_MAX];
	size_t n = asset_risks(asset, risks);

	json_array(json, "risks");
	for (size_t i = 0; i < n; i++) {
		json_object(json, NULL);
		json_text(json, "name", risks[i].value);
		json_text(json, "rule", risks[i].rule);
		json_text(json, "reason", risks[i].because);
		json_end(json);
	}
	json_end(json);
}

/* What it is, by which rules. */
static void write_judgements(struct json *json, const struct asset *asset)
{
	static const char *const keys[KINDS][3] = {
		[KIND_TYPE] = { "type", "type_rule", "type_reason" },
		[KIND_ROLE] = { "role", "role_rule", "role_reason" },
		[KIND_LEVEL] = { "level", "level_rule", "level_reason" },
		[KIND_IMPORTANCE] = { "importance", "importance_rule", "importance_reason" },
	};

	for (unsigned of = 0; of < KINDS; of++) {
		if (of == KIND_RISK) {
			write_risks(json, asset);
		} else {
			write_judgement(json, asset, (enum kind_of)of, keys[of]);
		}
	}
}

static void write_weir(struct json *json, const struct inventory *inventory,
		       const struct asset *asset, const struct addresses *a)
{
	struct totals t = sum(asset);
	char id[ASSET_ID_SIZE];

	json_text(json, "id", asset_id_text(asset->id, id));
	write_aliases(json, asset);
	write_judgements(json, asset);
	if (asset_vendor(asset) != NULL) {
		json_text(json, "vendor", asset_vendor(asset));
	}
	write_best(json, "product", asset, IDENTITY_PRODUCT_NAME);
	write_best(json, "product_code", asset, IDENTITY_PRODUCT_CODE);
	write_best(json, "model", asset, IDENTITY_MODEL);
	write_best(json, "revision", asset, IDENTITY_REVISION);
	write_best(json, "serial_number", asset, IDENTITY_SERIAL_NUMBER);
	write_best(json, "hardware_version", asset, IDENTITY_HARDWARE_VERSION);
	write_best(json, "firmware_version", asset, IDENTITY_FIRMWARE_VERSION);
	write_best(json, "device_name", asset, IDENTITY_DEVICE_NAME);
	write_best(json, "device_type", asset, IDENTITY_DEVICE_TYPE);
	write_best(json, "module_name", asset, IDENTITY_MODULE_NAME);
	write_best(json, "plant_id", asset, IDENTITY_PLANT_ID);
	write_best(json, "location", asset, IDENTITY_LOCATION);
	write_best(json, "owner", asset, IDENTITY_OWNER);
	write_best(json, "criticality", asset, IDENTITY_CRITICALITY);
	if (asset_zone(inventory, asset) != NULL) {
		json_text(json, "zone", asset_zone(inventory, asset));
	}
	write_best(json, "asset_tag", asset, IDENTITY_ASSET_TAG);
	write_best(json, "note", asset, IDENTITY_NOTE);
	write_best(json, "description", asset, IDENTITY_DESCRIPTION);
	write_best(json, "mode", asset, IDENTITY_MODE);
	write_best(json, "key_position", asset, IDENTITY_KEY_POSITION);
	write_best(json, "protection_level", asset, IDENTITY_PROTECTION_LEVEL);
	json_uint(json, "domain", asset->domain);
	write_vlans(json, a);
	write_former(json, a);
	json_object(json, "protocols");
	write_names(json, "client", inventory, &t.client);
	write_names(json, "server", inventory, &t.server);
	json_end(json);
	json_bool(json, "ghost", asset_is_ghost(asset));
	json_bool(json, "uncertain", asset->uncertain);
	json_bool(json, "router", asset->router);
	json_bool(json, "virtual", asset->is_virtual);
	json_bool(json, "silent", asset->silent);
	json_bool(json, "address_conflict", asset->conflict);
	json_time(json, "first_seen", asset_first(asset));
	json_time(json, "last_seen", asset_last(asset));
	json_uint(json, "packets", t.packets);
	json_uint(json, "bytes", t.bytes);
}

static void write_event(struct json *json)
{
	json_object(json, "event");
	json_text(json, "kind", "asset");
	json_array(json, "category");
	json_text(json, NULL, "host");
	json_end(json);
	json_array(json, "type");
	json_text(json, NULL, "info");
	json_end(json);
	json_text(json, "dataset", "weir.asset");
	json_end(json);
	json_object(json, "ecs");
	json_text(json, "version", ECS_VERSION);
	json_end(json);
}

void asset_document(struct buffer *out, const struct inventory *inventory,
		    const struct asset *asset, const struct unit_totals *units)
{
	struct json json = json_to(out);
	struct addresses addresses;
	struct geo_place place;

	gather(asset, &addresses);
	place = find_place(asset, &addresses);
	json_object(&json, NULL);
	json_time(&json, "@timestamp", asset_last(asset));
	write_event(&json);
	write_host(&json, asset, &addresses, &place);
	write_device(&json, asset);
	json_object(&json, "weir");
	json_object(&json, "asset");
	write_weir(&json, inventory, asset, &addresses);
	write_network(&json, &place);
	write_units(&json, asset, units);
	write_attributes(&json, inventory, asset, &place);
	write_evidence(&json, asset);
	json_end(&json);
	json_end(&json);
	json_end(&json);
}

/* ---- all assets ---- */

struct sort_row {
	struct asset *asset;
	struct ip ip;
	bool has_ip;
};

static int compare_rows(const void *a, const void *b)
{
	const struct sort_row *x = a, *y = b;
	int order;

	if (x->asset->domain != y->asset->domain) {
		return x->asset->domain < y->asset->domain ? -1 : 1;
	}
	if (x->has_ip != y->has_ip) {
		return x->has_ip ? -1 : 1;
	}
	order = memcmp(&x->ip, &y->ip, sizeof(x->ip));
	return order != 0 ? order : memcmp(&x->asset->mac, &y->asset->mac, sizeof(struct mac));
}

int assets_sorted(const struct inventory *inventory, struct asset ***out, size_t *n)
{
	struct sort_row *rows = calloc(inventory->n_keys + 1, sizeof(*rows));
	struct asset **list = calloc(inventory->n_keys + 1, sizeof(struct asset *));

	*n = 0;
	if (rows == NULL || list == NULL) {
		free(rows);
		free(list);
		return -ENOMEM;
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *asset = inventory->key_list[i];

		if (asset_is_live(asset)) {
			struct ip ip = asset_ip(asset);

			rows[(*n)++] = (struct sort_row) { asset, ip, !ip_is_none(&ip) };
		}
	}
	qsort(rows, *n, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < *n; i++) {
		list[i] = rows[i].asset;
	}
	free(rows);
	*out = list;
	return 0;
}

void inventory_assets(const struct inventory *inventory, inventory_document *handler, void *context)
{
	struct unit_totals units = { .totals = NULL };
	struct buffer text = { .data = NULL };
	struct asset **list = NULL;
	size_t n = 0;

	/* Verdicts are a cache, not what is known: all of them as of now. */
	if (inventory->n_keys > 0) {
		kinds_refresh(inventory->key_list[0]->inventory, true);
	}
	if (unit_totals_new(&units, inventory) == 0 && assets_sorted(inventory, &list, &n) == 0) {
		for (size_t i = 0; i < n; i++) {
			buffer_clear(&text);
			asset_document(&text, inventory, list[i], &units);
			if (!text.failed) {
				handler(context, text.data, text.length);
			}
		}
	}
	unit_totals_free(&units);
	buffer_free(&text);
	free(list);
}
