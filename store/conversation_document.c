/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/asset_document.h"

#include "capture/base/hash.h"
#include "store/document.h"

#include <errno.h>
#include <stdlib.h>

static uint64_t hash_number(uint64_t h, uint64_t number)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(number >> 8 * i);
	}
	return hash_stable(h, bytes, sizeof(bytes));
}

uint64_t conversation_id(const struct inventory *inventory, const struct conversation *c)
{
	const char *protocol = name_text(inventory, c->protocol);
	uint64_t h = hash_number(HASH_STABLE_START, inventory->options.sensor_id);

	h = hash_number(h, c->domain);
	h = hash_number(h, c->vlan);
	h = hash_number(h, c->ip_protocol);
	for (unsigned i = 0; i < 2; i++) {
		h = hash_stable(h, c->ip[i].bytes, sizeof(c->ip[i].bytes));
		h = hash_stable(h, c->mac[i].bytes, sizeof(c->mac[i].bytes));
	}
	if (protocol != NULL) {
		h = hash_stable(h, protocol, strlen(protocol));
	}
	return hash_stable_end(h);
}

static void write_event(struct json *json, const struct conversation *c)
{
	json_object(json, "event");
	json_text(json, "kind", "event");
	json_array(json, "category");
	json_text(json, NULL, "network");
	json_end(json);
	json_array(json, "type");
	json_text(json, NULL, "connection");
	json_text(json, NULL, "info");
	json_end(json);
	json_text(json, "dataset", "weir.conversation");
	json_time(json, "start", c->first);
	json_time(json, "end", c->last);
	json_end(json);
	json_object(json, "ecs");
	json_text(json, "version", ECS_VERSION);
	json_end(json);
}

/* What rides in the flows of another protocol has their bytes. */
static void write_side(struct json *json, const struct conversation *c,
		       const struct conversation *carrier, unsigned side, bool counts)
{
	const struct conversation *flows = carrier != NULL ? carrier : c;
	const struct binding *b = c->side[side];
	const struct mac *mac = b != NULL && !mac_is_none(&b->mac) ? &b->mac : &c->mac[side];
	char text[IP_TEXT_SIZE];

	json_object(json, side == 0 ? "source" : "destination");
	if (!ip_is_none(&c->ip[side])) {
		json_text(json, "ip", ip_text(&c->ip[side], text));
	}
	if (!mac_is_none(mac)) {
		json_text(json, "mac", mac_text(mac, text));
	}
	if (side == 1 && (c->ip_protocol == IP_PROTOCOL_TCP || c->ip_protocol == IP_PROTOCOL_UDP)) {
		json_uint(json, "port", c->port);
	}
	if (counts) {
		json_uint(json, "bytes", flows->bytes[side]);
		json_uint(json, "packets", flows->packets[side]);
	}
	json_end(json);
}

static const char *transport_name(uint8_t ip_protocol)
{
	switch (ip_protocol) {
	case IP_PROTOCOL_TCP:
		return "tcp";
	case IP_PROTOCOL_UDP:
		return "udp";
	case 1:
		return "icmp";
	case 58:
		return "ipv6-icmp";
	default:
		return NULL;
	}
}

void write_verdicts(struct json *json, const struct inventory *inventory,
		    const struct conversation *c)
{
	for (unsigned i = 0; i < VERDICTS; i++) {
		struct name_set names = { { 0 } };

		for (size_t k = 0; k < ARRAY_SIZE(c->verdicts[i]); k++) {
			name_set_add(&names, c->verdicts[i][k]);
		}
		write_names(json, verdict_keys[i], inventory, &names);
	}
}

static void write_network(struct json *json, const struct inventory *inventory,
			  const struct conversation *c)
{
	/* Without a dissector, the first name that was given stands. */
	const char *protocol =
	    name_text(inventory,
		      c->protocol != NAME_NONE ? c->protocol : c->verdicts[VERDICT_APPLICATION][0]);
	const char *transport = transport_name(c->ip_protocol);
	char text[16];

	json_object(json, "network");
	if (transport != NULL) {
		json_text(json, "transport", transport);
	}
	if (protocol != NULL) {
		json_text(json, "protocol", protocol);
	}
	if (c->vlan != 0) {
		json_object(json, "vlan");
		json_text(json, "id", vlan_text(c->vlan > 0xfff ? c->vlan >> 12 : c->vlan, text));
		json_end(json);
	}
	json_end(json);
}

/* ---- what is done ---- */

static void write_rhythm(struct json *json, const struct operation_count *row)
{
	json_text(json, "pattern", pattern_name(operation_pattern(row)));
	if (row->rhythm == NULL || !rhythm_is_measured(row->rhythm)) {
		return;
	}
	json_int(json, "cycle_time", row->rhythm->cycle);
	if (row->rhythm->jitter != JITTER_UNKNOWN) {
		json_int(json, "jitter", row->rhythm->jitter);
	}
}

static void write_operations(struct json *json, const struct conversation *c)
{
	json_object(json, "operations");
	for (unsigned operation = 0; operation < OPERATIONS; operation++) {
		const struct operation_count *row;

		if (c->slot[operation] == 0) {
			continue;
		}
		row = &c->operations[c->slot[operation] - 1];
		json_object(json, operation_name((enum operation)operation));
		json_uint(json, "count", row->count);
		json_uint(json, "failures", row->failures);
		write_rhythm(json, row);
		json_time(json, "first_seen", row->first);
		json_time(json, "last_seen", row->last);
		json_end(json);
	}
	json_end(json);
}

/* What was done and waits for a person to say that it is normal. */
static void write_held(struct json *json, const struct conversation *c)
{
	if (c->held == 0) {
		return;
	}
	json_array(json, "held");
	for (unsigned i = 0; i < OPERATIONS; i++) {
		if ((c->held >> i & 1) != 0) {
			json_text(json, NULL, operation_name((enum operation)i));
		}
	}
	json_end(json);
}

static int compare_functions(const void *a, const void *b)
{
	const struct function_count *x = a, *y = b;

	return x->count != y->count ? (x->count < y->count) - (x->count > y->count)
				    : strcmp(x->name, y->name);
}

static void write_functions(struct json *json, const struct conversation *c)
{
	struct function_count rows[FUNCTIONS_MAX];

	if (c->n_functions > 0) {
		memcpy(rows, c->functions, c->n_functions * sizeof(rows[0]));
		qsort(rows, c->n_functions, sizeof(rows[0]), compare_functions);
	}
	json_array(json, "functions");
	for (size_t i = 0; i < c->n_functions; i++) {
		json_object(json, NULL);
		json_text(json, "name", rows[i].name);
		json_uint(json, "count", rows[i].count);
		json_uint(json, "failures", rows[i].failures);
		json_end(json);
	}
	json_end(json);
	if (c->functions_refused > 0) {
		json_uint(json, "functions_refused", c->functions_refused);
	}
}

/* The most frequent first; then by what they are. */
static int compare_targets(const void *a, const void *b)
{
	const struct target_count *x = a, *y = b;
	int order = (x->count < y->count) - (x->count > y->count);

	order = order != 0 ? order : x->key.operation - y->key.operation;
	order = order != 0 ? order : x->key.space - y->key.space;
	order = order != 0 ? order : (x->key.unit > y->key.unit) - (x->key.unit < y->key.unit);
	if (order == 0 && x->text != NULL && y->text != NULL) {
		return strcmp(x->text, y->text);
	}
	return order != 0 ? order : (x->key.from > y->key.from) - (x->key.from < y->key.from);
}

static void write_target(struct json *json, const struct target_count *row)
{
	char text[TARGET_TEXT_SIZE];

	json_object(json, NULL);
	json_text(json, "name", target_text(row, text));
	json_text(json, "operation", operation_name((enum operation)row->key.operation));
	if (row->key.has_unit) {
		json_uint(json, "unit", row->key.unit);
	}
	json_uint(json, "count", row->count);
	if (row->over > 0) {
		json_uint(json, "count_over", row->over);
	}
	json_uint(json, "failures", row->failures);
	json_time(json, "first_seen", row->first);
	json_time(json, "last_seen", row->last);
	json_end(json);
}

static void write_targets(struct json *json, const struct conversation *c)
{
	struct target_count rows[TARGETS_MAX];

	if (c->n_targets > 0) {
		memcpy(rows, c->targets, c->n_targets * sizeof(rows[0]));
		qsort(rows, c->n_targets, sizeof(rows[0]), compare_targets);
	}
	json_array(json, "targets");
	for (size_t i = 0; i < c->n_targets; i++) {
		write_target(json, &rows[i]);
	}
	json_end(json);
	if (c->targets_dropped > 0) {
		json_uint(json, "targets_dropped", c->targets_dropped);
	}
}

static int compare_units(const void *a, const void *b)
{
	const struct unit_count *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static void write_units(struct json *json, const struct conversation *c)
{
	struct unit_count units[UNITS_MAX];

	if (c->n_units > 0) {
		memcpy(units, c->units, c->n_units * sizeof(units[0]));
		qsort(units, c->n_units, sizeof(units[0]), compare_units);
	}
	json_array(json, "units");
	for (size_t i = 0; i < c->n_units; i++) {
		json_object(json, NULL);
		json_uint(json, "id", units[i].id);
		json_uint(json, "asked", units[i].asked);
		json_uint(json, "answered", units[i].answered);
		json_end(json);
	}
	json_end(json);
}

/* ---- who ---- */

static void write_if_known(struct json *json, const char *key, const char *text)
{
	if (text != NULL) {
		json_text(json, key, text);
	}
}

/* The best that is known of one kind, or NULL. */
static void write_end(struct json *json, const struct inventory *inventory, const char *key,
		      const struct binding *b)
{
	char id[ASSET_ID_SIZE];

	if (b == NULL) {
		return;
	}
	json_object(json, key);
	json_text(json, "asset", asset_id_text(b->asset->id, id));
	write_if_known(json, "name", asset_name(b->asset));
	json_text(json, "role", asset_role_of(b->asset));
	write_if_known(json, "type", asset_judged(b->asset, KIND_TYPE).value);
	write_if_known(json, "level", asset_judged(b->asset, KIND_LEVEL).value);
	write_if_known(json, "vendor", asset_vendor(b->asset));
	write_if_known(json, "zone", asset_zone(inventory, b->asset));
	json_end(json);
}

static void write_carrier(struct json *json, const struct inventory *inventory,
			  const struct conversation *carrier)
{
	char id[ASSET_ID_SIZE];

	if (carrier != NULL) {
		json_object(json, "carried_by");
		json_text(json, "id", asset_id_text(conversation_id(inventory, carrier), id));
		json_text(json, "protocol", name_text(inventory, carrier->protocol));
		json_end(json);
	}
}

static void write_weir(struct json *json, const struct inventory *inventory,
		       const struct conversation *c, const struct conversation *carrier)
{
	const struct operation_count *busiest = conversation_busiest(c);
	char id[ASSET_ID_SIZE];

	json_text(json, "id", asset_id_text(conversation_id(inventory, c), id));
	write_end(json, inventory, "source", c->side[0]);
	write_end(json, inventory, "destination", c->side[1]);
	json_uint(json, "domain", c->domain);
	write_carrier(json, inventory, carrier);
	write_verdicts(json, inventory, c);
	json_uint(json, "flows", c->flows);
	json_uint(json, "requests", c->requests);
	json_uint(json, "failures", c->failures);
	json_uint(json, "unanswered", c->unanswered);
	if (busiest != NULL) {
		write_rhythm(json, busiest);
	}
	write_operations(json, c);
	write_held(json, c);
	write_functions(json, c);
	write_targets(json, c);
	write_units(json, c);
	response_time_document(json, &c->response);
	json_time(json, "first_seen", c->first);
	json_time(json, "last_seen", c->last);
}

void conversation_ends(struct json *json, const struct inventory *inventory,
		       const struct conversation *c, bool counts)
{
	const struct conversation *carrier = counts ? conversation_carrier(inventory, c) : NULL;

	write_side(json, c, carrier, 0, counts);
	write_side(json, c, carrier, 1, counts);
	write_network(json, inventory, c);
}

void conversation_document(struct buffer *out, const struct inventory *inventory,
			   const struct conversation *c)
{
	const struct conversation *carrier = conversation_carrier(inventory, c);
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_time(&json, "@timestamp", c->last);
	write_event(&json, c);
	conversation_ends(&json, inventory, c, true);
	json_object(&json, "weir");
	json_object(&json, "conversation");
	write_weir(&json, inventory, c, carrier);
	json_end(&json);
	json_end(&json);
	json_end(&json);
}

/* ---- all conversations ---- */

static int compare_conversations(const void *a, const void *b)
{
	const struct conversation *x = *(struct conversation *const *)a;
	const struct conversation *y = *(struct conversation *const *)b;
	int order = x->domain - y->domain;

	order = order != 0 ? order : memcmp(x->ip, y->ip, sizeof(x->ip));
	order = order != 0 ? order : memcmp(x->mac, y->mac, sizeof(x->mac));
	order = order != 0 ? order : (x->vlan > y->vlan) - (x->vlan < y->vlan);
	order = order != 0 ? order : x->ip_protocol - y->ip_protocol;
	return order != 0 ? order : x->protocol - y->protocol;
}

int conversations_sorted(const struct inventory *inventory, struct conversation ***out, size_t *n)
{
	size_t size = inventory->n_conversations * sizeof(struct conversation *);

	*n = inventory->n_conversations;
	*out = malloc(size + 1);
	if (*out == NULL) {
		return -ENOMEM;
	}
	if (size > 0) {
		memcpy(*out, inventory->conversation_list, size);
		qsort(*out, *n, sizeof(struct conversation *), compare_conversations);
	}
	return 0;
}

void inventory_conversations(const struct inventory *inventory, inventory_document *handler,
			     void *context)
{
	struct buffer text = { .data = NULL };
	struct conversation **list = NULL;
	size_t n = 0;

	if (conversations_sorted(inventory, &list, &n) != 0) {
		return;
	}
	for (size_t i = 0; i < n; i++) {
		buffer_clear(&text);
		conversation_document(&text, inventory, list[i]);
		if (!text.failed) {
			handler(context, text.data, text.length);
		}
	}
	buffer_free(&text);
	free(list);
}
