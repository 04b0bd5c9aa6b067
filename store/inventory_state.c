/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/inventory_state.h"

#include "dissectors/dissector.h"
#include "store/asset_document.h"
#include "store/edit_private.h"
#include "store/json_value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Counters are unsigned 64-bit; JSON integers that are read back are signed. */
static void put_count(struct json *json, const char *key, uint64_t value)
{
	json_uint(json, key, value > INT64_MAX ? INT64_MAX : value);
}

static uint64_t get_count(const struct json_value *value, const char *key)
{
	int64_t number = json_value_int(value, key, 0);

	return number > 0 ? (uint64_t)number : 0;
}

/* ---- what counts as a change ---- */

/* Things change without a later sighting: counters by the end of a flow, evidence by what others
 * say. */
static uint64_t mix(uint64_t h, uint64_t number)
{
	h = (h ^ number) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t binding_digest(const struct binding *b)
{
	uint64_t h = mix(b->evidence, (uint64_t)b->last);

	h = mix(h, (uint64_t)b->last_claim);
	h = mix(h, (uint64_t)b->gap);
	h = mix(h, b->packets);
	h = mix(h, b->bytes);
	h = mix(h, (uint64_t)b->client_operations << 32 | b->server_operations);
	h = mix(h, (uint64_t)b->cyclic << 1 | (uint64_t)b->it_client << 2 |
		       (uint64_t)b->it_server << 3 | (uint64_t)b->n_attributes << 4);
	for (size_t i = 0; i < ARRAY_SIZE(b->client.bits); i++) {
		h = mix(h, b->client.bits[i]);
		h = mix(h, b->server.bits[i]);
	}
	return h;
}

static uint64_t conversation_digest(const struct inventory *inventory, const struct conversation *c)
{
	const struct conversation *carrier = conversation_carrier(inventory, c);
	/* Its document has the bytes of the flows that it rides in. */
	const struct conversation *flows = carrier != NULL ? carrier : c;
	uint64_t h = mix(c->requests, (uint64_t)c->last);

	h = mix(h, c->failures);
	h = mix(h, c->unanswered);
	h = mix(h, c->flows);
	for (unsigned i = 0; i < 2; i++) {
		h = mix(h, flows->bytes[i]);
		h = mix(h, flows->packets[i]);
		h = mix(h, c->side[i] != NULL ? c->side[i]->asset->id : 0);
		h = mix(h, c->side[i] != NULL ? c->side[i]->asset->said_digest : 0);
	}
	h = mix(h, c->response.count);
	for (unsigned i = 0; i < VERDICTS; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(c->verdicts[i]); k++) {
			h = mix(h, c->verdicts[i][k]);
		}
	}
	h = mix(h, c->held);
	return mix(h, (uint64_t)c->n_operations << 32 | c->n_units);
}

/* ---- bindings ---- */

static void put_attributes(struct json *json, const struct inventory *inventory,
			   const struct binding *b)
{
	json_array(json, "attributes");
	for (size_t i = 0; i < b->n_attributes; i++) {
		const struct attribute *a = &b->attributes[i];

		json_object(json, NULL);
		json_text(json, "kind", attribute_kind_name((enum identity)a->kind));
		json_text(json, "source", attribute_source_name(inventory, a->source));
		json_uint(json, "confidence", a->confidence);
		json_bool(json, "itself", a->itself);
		if (a->unit != UNIT_NONE) {
			json_uint(json, "unit", unit_id(a->unit));
			json_text(json, "unit_kind", unit_kind_name(a->unit));
		}
		json_int(json, "first", a->first);
		json_int(json, "last", a->last);
		if (a->until != TIME_NONE) {
			json_int(json, "until", a->until);
		}
		json_text(json, "value", a->value);
		json_end(json);
	}
	json_end(json);
}

static void put_operations(struct json *json, const char *key, uint32_t operations)
{
	json_array(json, key);
	for (unsigned i = 0; i < OPERATIONS; i++) {
		if ((operations >> i & 1) != 0) {
			json_text(json, NULL, operation_name((enum operation)i));
		}
	}
	json_end(json);
}

static void put_binding(struct json *json, const struct inventory *inventory,
			const struct binding *b)
{
	char text[IP_TEXT_SIZE];

	json_object(json, NULL);
	if (b->ip_key != NULL) {
		json_text(json, "ip", ip_text(&b->ip, text));
	}
	if (b->mac_key != NULL) {
		json_text(json, "mac", mac_text(&b->mac, text));
	}
	json_uint(json, "domain", b->domain);
	json_uint(json, "vlan", b->vlan);
	json_uint(json, "evidence", b->evidence);
	json_bool(json, "cyclic", b->cyclic);
	json_bool(json, "it_client", b->it_client);
	json_bool(json, "it_server", b->it_server);
	json_int(json, "first", b->first);
	json_int(json, "last", b->last);
	json_int(json, "gap", b->gap);
	if (b->last_claim != TIME_NONE) {
		json_int(json, "first_claim", b->first_claim);
		json_int(json, "last_claim", b->last_claim);
	}
	put_count(json, "packets", b->packets);
	put_count(json, "bytes", b->bytes);
	put_operations(json, "client_operations", b->client_operations);
	put_operations(json, "server_operations", b->server_operations);
	write_names(json, "client", inventory, &b->client);
	write_names(json, "server", inventory, &b->server);
	put_attributes(json, inventory, b);
	json_end(json);
}

/* The key as text: what makes the row unique. */
static void binding_id(const struct binding *b, char *out, size_t size)
{
	char ip[IP_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	snprintf(out, size, "%u/%u/%s/%s", b->domain, b->vlan, mac_text(&b->mac, mac),
		 ip_text(&b->ip, ip));
}

static uint32_t get_operations(const struct json_value *list)
{
	uint32_t operations = 0;

	for (size_t i = 0; i < json_value_count(list); i++) {
		const char *name = json_value_text(json_value_element(list, i), "");
		enum operation operation;

		if (name != NULL && operation_from_name(name, &operation)) {
			operations |= UINT32_C(1) << operation;
		}
	}
	return operations;
}

static void get_names(struct inventory *inventory, const struct json_value *list,
		      struct name_set *set)
{
	for (size_t i = 0; i < json_value_count(list); i++) {
		const char *name = json_value_text(json_value_element(list, i), "");

		if (name != NULL) {
			name_set_add(set, name_intern(inventory, name, strlen(name)));
		}
	}
}

static void get_attributes(struct inventory *inventory, const struct json_value *list,
			   struct binding *b)
{
	for (size_t i = 0; i < json_value_count(list); i++) {
		const struct json_value *item = json_value_element(list, i);
		const char *kind = json_value_text(item, "kind");
		const char *source = json_value_text(item, "source");
		const char *value = json_value_text(item, "value");
		int64_t unit = json_value_int(item, "unit", UNIT_NONE);
		struct attribute a = {
			.unit = unit < 0 ? UNIT_NONE
					 : unit_from_name(json_value_text(item, "unit_kind"),
							  (uint32_t)unit),
			.until = json_value_int(item, "until", TIME_NONE),
			.confidence = (uint8_t)json_value_int(item, "confidence", 70),
			.first = json_value_int(item, "first", 0),
			.last = json_value_int(item, "last", 0),
		};

		if (kind == NULL || source == NULL || value == NULL ||
		    !attribute_kind_from_name(kind, &a.kind)) {
			continue;
		}
		a.source = attribute_source(inventory, source);
		a.itself = a.unit == UNIT_NONE || json_value_true(item, "itself");
		/* attribute_set() copies the value. */
		a.value = strdup(value);
		if (a.value != NULL) {
			attribute_restore(inventory, b, &a);
		}
		free(a.value);
	}
}

static bool get_address(const struct json_value *value, const char *ip_key, const char *mac_key,
			struct binding_key *out)
{
	const char *ip = json_value_text(value, ip_key), *mac = json_value_text(value, mac_key);

	return (ip == NULL || ip_parse(ip, &out->ip) == 0) &&
	       (mac == NULL || mac_parse(mac, &out->mac) == 0);
}

static int restore_binding(struct inventory *inventory, const struct json_value *value)
{
	struct binding_key key = {
		.domain = (uint16_t)json_value_int(value, "domain", 0),
		.vlan = (uint32_t)json_value_int(value, "vlan", 0),
	};
	int64_t first = json_value_int(value, "first", TIME_NONE);
	struct binding *b;

	if (first == TIME_NONE || !get_address(value, "ip", "mac", &key) ||
	    (ip_is_none(&key.ip) && mac_is_none(&key.mac))) {
		return -EINVAL;
	}
	b = binding_find(inventory, &key);
	b = b != NULL ? b : binding_new(inventory, &key, first);
	if (b == NULL) {
		return -ENOMEM;
	}
	b->evidence = (uint8_t)json_value_int(value, "evidence", EVIDENCE_ASKED);
	if (b->mac_key == NULL) {
		b->evidence &= EVIDENCE_ASKED | EVIDENCE_SENT;
	}
	b->cyclic = json_value_true(value, "cyclic");
	b->it_client = json_value_true(value, "it_client");
	b->it_server = json_value_true(value, "it_server");
	b->last = json_value_int(value, "last", first);
	b->gap = json_value_int(value, "gap", 0);
	b->last_claim =
	    json_value_int(value, "last_claim", json_value_int(value, "last_arp", TIME_NONE));
	b->first_claim = json_value_int(value, "first_claim", b->last_claim);
	b->packets = get_count(value, "packets");
	b->bytes = get_count(value, "bytes");
	b->client_operations = get_operations(json_value_at(value, "client_operations"));
	b->server_operations = get_operations(json_value_at(value, "server_operations"));
	get_names(inventory, json_value_at(value, "client"), &b->client);
	get_names(inventory, json_value_at(value, "server"), &b->server);
	get_attributes(inventory, json_value_at(value, "attributes"), b);
	return 0;
}

/* ---- conversations ---- */

static void put_operation_rows(struct json *json, const struct inventory *inventory,
			       const struct conversation *c)
{
	char frames[256];

	json_array(json, "operations");
	for (size_t i = 0; i < c->n_operations; i++) {
		const struct operation_count *row = &c->operations[i];

		json_object(json, NULL);
		json_text(json, "name", operation_name((enum operation)row->operation));
		put_count(json, "count", row->count);
		put_count(json, "failures", row->failures);
		json_int(json, "first", row->first);
		json_int(json, "last", row->last);
		json_bool(json, "answered", row->answered);
		if (row->frames != 0) {
			json_text(json, "frames",
				  frames_text(inventory, row->frames, frames, sizeof(frames)));
		}
		json_end(json);
	}
	json_end(json);
	json_array(json, "units");
	for (size_t i = 0; i < c->n_units; i++) {
		json_object(json, NULL);
		json_uint(json, "id", c->units[i].id);
		put_count(json, "asked", c->units[i].asked);
		put_count(json, "answered", c->units[i].answered);
		json_end(json);
	}
	json_end(json);
}

static void put_ends(struct json *json, const struct conversation *c)
{
	static const char *const keys[2][3] = {
		{ "source_ip", "source_mac", "source_link" },
		{ "destination_ip", "destination_mac", "destination_link" },
	};
	char text[IP_TEXT_SIZE];

	for (unsigned i = 0; i < 2; i++) {
		if (!ip_is_none(&c->ip[i])) {
			json_text(json, keys[i][0], ip_text(&c->ip[i], text));
		}
		if (!mac_is_none(&c->mac[i])) {
			json_text(json, keys[i][1], mac_text(&c->mac[i], text));
		}
		/* The MAC of the binding, which with the IP finds it again. */
		if (c->side[i] != NULL && !mac_is_none(&c->side[i]->mac)) {
			json_text(json, keys[i][2], mac_text(&c->side[i]->mac, text));
		}
	}
}

static void put_conversation(struct json *json, const struct inventory *inventory,
			     const struct conversation *c)
{
	static const char *const counts[2][2] = { { "source_bytes", "source_packets" },
						  { "destination_bytes", "destination_packets" } };
	const char *protocol = name_text(inventory, c->protocol);

	json_object(json, NULL);
	put_ends(json, c);
	json_uint(json, "domain", c->domain);
	json_uint(json, "vlan", c->vlan);
	json_text(json, "protocol", protocol != NULL ? protocol : "");
	json_uint(json, "ip_protocol", c->ip_protocol);
	json_uint(json, "port", c->port);
	if (c->held != 0) {
		put_operations(json, "held", c->held);
	}
	json_int(json, "first", c->first);
	json_int(json, "last", c->last);
	put_count(json, "requests", c->requests);
	put_count(json, "failures", c->failures);
	put_count(json, "unanswered", c->unanswered);
	put_count(json, "flows", c->flows);
	for (unsigned i = 0; i < 2; i++) {
		put_count(json, counts[i][0], c->bytes[i]);
		put_count(json, counts[i][1], c->packets[i]);
	}
	response_time_put(json, &c->response);
	write_verdicts(json, inventory, c);
	put_operation_rows(json, inventory, c);
	put_activity(json, c);
	json_end(json);
}

static void get_operation_rows(const struct inventory *inventory, const struct json_value *list,
			       struct conversation *c)
{
	for (size_t i = 0; i < json_value_count(list); i++) {
		const struct json_value *item = json_value_element(list, i);
		const char *name = json_value_text(item, "name"), *frames;
		enum operation operation;
		struct operation_count *row;

		if (name == NULL || !operation_from_name(name, &operation)) {
			continue;
		}
		row = conversation_operation(c, operation);
		if (row != NULL) {
			row->count = get_count(item, "count");
			row->failures = get_count(item, "failures");
			row->first = json_value_int(item, "first", c->first);
			row->last = json_value_int(item, "last", c->last);
			row->answered = json_value_true(item, "answered");
			frames = json_value_text(item, "frames");
			row->frames = frames != NULL ? frames_from_text(inventory, frames) : 0;
		}
	}
}

static void get_units(struct inventory *inventory, const struct json_value *list,
		      struct conversation *c, uint8_t protocol)
{
	for (size_t i = 0; i < json_value_count(list); i++) {
		const struct json_value *item = json_value_element(list, i);
		struct unit_count *unit =
		    conversation_unit(inventory, c, (uint32_t)get_count(item, "id"));

		if (unit != NULL) {
			unit->asked = get_count(item, "asked");
			unit->answered = get_count(item, "answered");
			if (unit->answered > 0 && c->side[1] != NULL &&
			    !attribute_is_itself(protocol, unit->id)) {
				attribute_unit_answered(c->side[1], unit_of(protocol, unit->id));
			}
		}
	}
}

static void get_verdicts(struct inventory *inventory, const struct json_value *list,
			 uint8_t names[8])
{
	for (size_t i = 0; i < json_value_count(list) && i < 8; i++) {
		const char *name = json_value_text(json_value_element(list, i), "");

		names[i] = name != NULL ? name_intern(inventory, name, strlen(name)) : NAME_NONE;
	}
}

static bool get_ends(struct inventory *inventory, const struct json_value *value,
		     struct conversation *c)
{
	static const char *const keys[2][3] = {
		{ "source_ip", "source_mac", "source_link" },
		{ "destination_ip", "destination_mac", "destination_link" },
	};

	for (unsigned i = 0; i < 2; i++) {
		struct binding_key key = { .domain = c->domain, .vlan = c->vlan };
		struct binding_key link = key;

		if (!get_address(value, keys[i][0], keys[i][1], &key) ||
		    !get_address(value, keys[i][0], keys[i][2], &link)) {
			return false;
		}
		c->ip[i] = key.ip;
		c->mac[i] = key.mac;
		c->side[i] = binding_find(inventory, &link);
	}
	return true;
}

static int restore_conversation(struct inventory *inventory, const struct json_value *value)
{
	const char *protocol = json_value_text(value, "protocol");
	struct conversation wanted = {
		.domain = (uint16_t)json_value_int(value, "domain", 0),
		.vlan = (uint32_t)json_value_int(value, "vlan", 0),
		.ip_protocol = (uint8_t)json_value_int(value, "ip_protocol", 0),
		.port = (uint16_t)json_value_int(value, "port", 0),
		.first = json_value_int(value, "first", TIME_NONE),
		.last = json_value_int(value, "last", 0),
		.requests = get_count(value, "requests"),
		.failures = get_count(value, "failures"),
		.unanswered = get_count(value, "unanswered"),
		.flows = get_count(value, "flows"),
		.bytes = { get_count(value, "source_bytes"),
			   get_count(value, "destination_bytes") },
		.packets = { get_count(value, "source_packets"),
			     get_count(value, "destination_packets") },
	};
	struct conversation *c;

	if (protocol == NULL || wanted.first == TIME_NONE || !get_ends(inventory, value, &wanted)) {
		return -EINVAL;
	}
	wanted.protocol = name_intern(inventory, protocol, strlen(protocol));
	for (unsigned i = 0; i < VERDICTS; i++) {
		get_verdicts(inventory, json_value_at(value, verdict_keys[i]), wanted.verdicts[i]);
	}
	c = conversation_add(inventory, &wanted);
	if (c == NULL) {
		return -ENOMEM;
	}
	get_operation_rows(inventory, json_value_at(value, "operations"), c);
	c->held = get_operations(json_value_at(value, "held"));
	get_activity(inventory, value, c);
	get_units(inventory, json_value_at(value, "units"), c, dissector_index(protocol));
	return 0;
}

uint64_t inventory_sensor(const struct inventory *inventory)
{
	return inventory->options.sensor_id;
}

void inventory_restore_sensor(struct inventory *inventory, uint64_t sensor_id)
{
	inventory->options.sensor_id = sensor_id;
}

int inventory_restore(struct inventory *inventory, enum state_kind kind, const char *state,
		      size_t length)
{
	AUTO(json_value_freep) struct json_value *value = NULL;
	int error;

	if (kind == STATE_FACT) {
		return normal_facts_restore(inventory, state);
	}
	value = json_value_parse(state, length);
	if (value == NULL) {
		return -EINVAL;
	}
	inventory->loading = true;
	error = kind == STATE_BINDING ? restore_binding(inventory, value)
				      : restore_conversation(inventory, value);
	inventory->stale = true;
	inventory->loading = false;
	return error;
}

void inventory_restored(struct inventory *inventory, int64_t first)
{
	inventory->loading = true;
	given_link(inventory);
	identity_resolve(inventory);
	for (size_t i = 0; i < inventory->n_keys; i++) {
		inventory->key_list[i]->stored = asset_is_live(inventory->key_list[i]);
	}
	for (size_t i = 0; i < inventory->n_bindings; i++) {
		inventory->binding_list[i]->saved_digest =
		    binding_digest(inventory->binding_list[i]);
	}
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		inventory->conversation_list[i]->saved_digest =
		    conversation_digest(inventory, inventory->conversation_list[i]);
		traffic_skip(inventory->conversation_list[i]);
	}
	inventory->loading = false;
	if (first != TIME_NONE) {
		inventory->first = first;
	}
}

int64_t inventory_first(const struct inventory *inventory)
{
	return inventory->first;
}

/* ---- saving ---- */

#define RENEWED_AT_ONCE 2000

struct saving {
	struct inventory *inventory;
	int (*handler)(void *context, const struct state_row *row);
	void *context;
	struct buffer document, state;
	struct unit_totals units;
	const char *owner;
	unsigned renewed;
	int error;
};

static int hand_over(struct saving *saving, const struct state_row *row)
{
	if (saving->document.failed || saving->state.failed) {
		return -ENOMEM;
	}
	return saving->handler(saving->context, row);
}

static void save_alias(void *context, uint64_t alias)
{
	struct saving *saving = context;
	char id[ASSET_ID_SIZE];
	struct state_row row = { .kind = STATE_ALIAS, .owner = saving->owner };

	row.id = asset_id_text(alias, id);
	saving->error = saving->error != 0 ? saving->error : hand_over(saving, &row);
}

static int save_asset(struct saving *saving, struct asset *asset)
{
	char id[ASSET_ID_SIZE];
	struct state_row row = { .kind = STATE_ASSET, .last = asset_last(asset) };

	buffer_clear(&saving->document);
	asset_document(&saving->document, saving->inventory, asset, &saving->units);
	row.id = asset_id_text(asset->id, id);
	row.document = saving->document.data;
	saving->error = hand_over(saving, &row);
	saving->owner = id;
	if (saving->error == 0) {
		asset_aliases(asset, save_alias, saving);
	}
	asset->stored = asset->stored || saving->error == 0;
	asset->dirty = asset->dirty && saving->error != 0;
	return saving->error;
}

/* Of everything that the document says. */
static uint64_t document_digest(const struct asset *asset)
{
	uint64_t h = asset_digest(asset);

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		h = mix(h, binding_digest(b));
	}
	return h | 1;
}

static bool has_changed(const struct asset *asset, uint64_t digest)
{
	bool changed = !asset->stored || asset->dirty;

	if (asset->digest != 0) {
		return changed || asset->digest != digest;
	}
	/* Of an earlier run, whose digest is not known: it was seen since. */
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		changed = changed || binding_digest(b) != b->saved_digest;
	}
	return changed;
}

/* Saves the document when it is out of date; or when it is of an earlier run, whose documents may
 * have said other things: some of these at a time. */
static int refresh_asset(struct saving *saving, struct asset *asset)
{
	uint64_t digest = document_digest(asset);
	bool changed = has_changed(asset, digest);
	int error;

	if (!changed && (asset->digest != 0 || saving->renewed == RENEWED_AT_ONCE)) {
		return 0;
	}
	saving->renewed += !changed;
	error = save_asset(saving, asset);
	if (error == 0) {
		asset->digest = digest;
		asset->said_digest = asset_digest(asset);
	}
	return error;
}

void inventory_zones_changed(struct inventory *inventory)
{
	normal_stale(inventory);
	for (size_t i = 0; i < inventory->n_keys; i++) {
		inventory->key_list[i]->digest = 0;
	}
}

static int save_assets(struct saving *saving)
{
	struct inventory *inventory = saving->inventory;
	int error = 0;

	for (size_t i = 0; error == 0 && i < inventory->n_keys; i++) {
		struct asset *key = inventory->key_list[i];
		char id[ASSET_ID_SIZE];

		if (asset_is_live(key)) {
			error = refresh_asset(saving, key);
		} else if (key->stored) {
			error = hand_over(saving,
					  &(struct state_row) { .kind = STATE_ASSET_GONE,
								.id = asset_id_text(key->id, id) });
			key->stored = error != 0;
		}
	}
	return error;
}

static int save_binding(struct saving *saving, struct binding *b)
{
	struct json json = json_to(&saving->state);
	uint64_t digest = binding_digest(b);
	char id[128];
	int error;

	if (digest == b->saved_digest) {
		return 0;
	}
	buffer_clear(&saving->state);
	put_binding(&json, saving->inventory, b);
	binding_id(b, id, sizeof(id));
	error = hand_over(saving, &(struct state_row) { .kind = STATE_BINDING,
							.id = id,
							.state = saving->state.data,
							.last = b->last });
	b->saved_digest = error == 0 ? digest : b->saved_digest;
	return error;
}

static int save_conversation(struct saving *saving, struct conversation *c)
{
	struct json json = json_to(&saving->state);
	uint64_t digest = conversation_digest(saving->inventory, c);
	char id[ASSET_ID_SIZE];
	int error;

	if (digest == c->saved_digest) {
		return 0;
	}
	buffer_clear(&saving->state);
	buffer_clear(&saving->document);
	put_conversation(&json, saving->inventory, c);
	conversation_document(&saving->document, saving->inventory, c);
	asset_id_text(conversation_id(saving->inventory, c), id);
	error = hand_over(saving, &(struct state_row) { .kind = STATE_CONVERSATION,
							.id = id,
							.document = saving->document.data,
							.state = saving->state.data,
							.last = c->last });
	c->saved_digest = error == 0 ? digest : c->saved_digest;
	return error;
}

int inventory_save(struct inventory *inventory,
		   int (*handler)(void *context, const struct state_row *row), void *context)
{
	struct saving saving = { .inventory = inventory, .handler = handler, .context = context };
	int error;

	identity_resolve(inventory);
	kinds_refresh(inventory, false);
	error = unit_totals_new(&saving.units, inventory);
	if (error == 0) {
		error = save_assets(&saving);
	}
	for (size_t i = 0; error == 0 && i < inventory->n_bindings; i++) {
		error = save_binding(&saving, inventory->binding_list[i]);
	}
	for (size_t i = 0; error == 0 && i < inventory->n_conversations; i++) {
		error = save_conversation(&saving, inventory->conversation_list[i]);
	}
	if (error == 0) {
		error = normal_facts_save(inventory, handler, context);
	}
	unit_totals_free(&saving.units);
	buffer_free(&saving.document);
	buffer_free(&saving.state);
	return error;
}
