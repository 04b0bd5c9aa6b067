/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* inventory_world.h - records as dissectors make them, an inventory that takes them, and its
 * documents, for the tests of the inventory and the store. */

#include "dissectors/engine.h"
#include "store/inventory.h"
#include "store/json_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WORLD_START (1700000000 * NS_PER_S)

struct world {
	struct field_registry *registry;
	uint16_t bases[UINT8_MAX];
	struct record_writer writer;
	struct inventory_options options;
	struct inventory *inventory;
	int64_t now;
	uint64_t number;
	struct buffer text; /* documents, one a line */
	unsigned changes;
	char last_change[64];
	char last_sensor[64]; /* event, count and what of the last sensor record */
};

static void world_sensor(struct world *w, const struct event *event)
{
	struct field_value name, count, what;

	assert_true(
	    field_get(w->registry, event, field_find(w->registry, "weir.sensor.event"), &name));
	assert_true(
	    field_get(w->registry, event, field_find(w->registry, "weir.sensor.count"), &count));
	assert_true(
	    field_get(w->registry, event, field_find(w->registry, "weir.sensor.what"), &what));
	snprintf(w->last_sensor, sizeof(w->last_sensor), "%.*s %llu %.*s", (int)name.one.length,
		 name.one.bytes, (unsigned long long)count.one.natural, (int)what.one.length,
		 what.one.bytes);
}

static void world_change(void *context, const struct event *event)
{
	struct world *w = context;
	struct field_value value;
	uint16_t id = field_find(w->registry, event->record->kind == RECORD_CONVERSATION
						  ? "weir.conversation.change"
						  : "weir.asset.change");

	if (event->record->kind == RECORD_SENSOR) {
		world_sensor(w, event);
		return;
	}
	assert_true(field_get(w->registry, event, id, &value));
	snprintf(w->last_change, sizeof(w->last_change), "%.*s", (int)value.one.length,
		 value.one.bytes);
	w->changes++;
}

static inline void world_renew(struct world *w)
{
	inventory_free(w->inventory);
	w->changes = 0;
	w->last_change[0] = w->last_sensor[0] = '\0';
	assert_int_equal(inventory_new(&w->inventory, &w->options, NULL), 0);
}

static inline int world_set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	uint16_t base;

	assert_int_equal(field_registry_new(&w->registry), 0);
	assert_int_equal(engine_register(w->registry, w->bases, NULL), 0);
	assert_int_equal(
	    field_registry_add(w->registry, inventory_fields, inventory_n_fields, &base, NULL), 0);
	assert_int_equal(field_registry_seal(w->registry, NULL), 0);
	assert_int_equal(record_writer_init(&w->writer, NULL), 0);
	w->options = inventory_defaults();
	w->options.registry = w->registry;
	w->options.oui_path = "/nowhere";
	w->options.on_change = world_change;
	w->options.context = w;
	w->now = WORLD_START;
	world_renew(w);
	*state = w;
	return 0;
}

static inline int world_tear_down(void **state)
{
	struct world *w = *state;

	inventory_free(w->inventory);
	field_registry_free(w->registry);
	record_writer_end(&w->writer);
	buffer_free(&w->text);
	free(w);
	return 0;
}

static inline uint8_t world_protocol(const char *name)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		if (strcmp(dissector_at(i)->name, name) == 0) {
			return (uint8_t)i;
		}
	}
	return PROTOCOL_NONE;
}

static inline struct ip world_ip(const char *text)
{
	struct ip ip = { { 0 } };

	if (text != NULL) {
		assert_int_equal(ip_parse(text, &ip), 0);
	}
	return ip;
}

static inline struct mac world_mac(const char *text)
{
	struct mac mac = { { 0 } };

	if (text != NULL) {
		assert_int_equal(mac_parse(text, &mac), 0);
	}
	return mac;
}

/* One end of a packet; mac may be NULL. */
struct end {
	const char *ip, *mac;
};

static inline struct record *world_begin(struct world *w, enum record_kind kind, struct end from,
					 struct end to)
{
	struct record *r = record_begin(&w->writer, kind, NULL);

	r->time = w->now;
	r->start = TIME_NONE;
	r->duration = -1;
	r->number = ++w->number;
	r->flow = (uint32_t)w->number;
	r->protocol = PROTOCOL_NONE;
	r->ip_protocol = 6;
	r->ip_version = 4;
	r->source.ip = world_ip(from.ip);
	r->source.mac = world_mac(from.mac);
	r->source.port = 40000;
	r->destination.ip = world_ip(to.ip);
	r->destination.mac = world_mac(to.mac);
	r->destination.port = 502;
	return r;
}

static inline const struct enrichment *world_commit(struct world *w)
{
	record_commit(&w->writer);
	return inventory_record(w->inventory, record_last(&w->writer));
}

/* A flow that both ends answered in. */
static inline const struct enrichment *world_flow(struct world *w, uint32_t vlan, struct end from,
						  struct end to)
{
	struct record *r = world_begin(w, RECORD_FLOW, from, to);

	r->vlan = vlan;
	record_put_static(&w->writer, CORE_FLOW_EVENT, "end");
	record_put_uint(&w->writer, CORE_SOURCE_PACKETS, 3);
	record_put_uint(&w->writer, CORE_DESTINATION_PACKETS, to.mac != NULL ? 2 : 0);
	return world_commit(w);
}

/* A frame of `from` that says who has an address. */
static inline struct record *world_announcement(struct world *w, uint32_t vlan, struct end from)
{
	struct record *r = world_begin(w, RECORD_TRANSACTION, from, (struct end) { 0 });

	r->vlan = vlan;
	r->protocol = world_protocol("arp");
	r->operation = OPERATION_REPORT;
	r->phase = PHASE_COMPLETE;
	r->ip_version = 0;
	r->flags |= RECORD_IDENTITY;
	return r;
}

static inline void world_put_subject(struct world *w, struct record *r, struct end subject)
{
	struct ip ip = world_ip(subject.ip);
	struct mac mac = world_mac(subject.mac);

	r->about = ABOUT_NAMED;
	if (!ip_is_none(&ip)) {
		record_put_ip(&w->writer, CORE_SUBJECT_IP, &ip);
	}
	if (!mac_is_none(&mac)) {
		record_put_mac(&w->writer, CORE_SUBJECT_MAC, &mac);
	}
}

/* An ARP request, or an announcement when target is its own address. */
static inline void world_arp(struct world *w, uint32_t vlan, struct end sender, const char *target)
{
	struct record *r = world_announcement(w, vlan, sender);

	r->destination.ip = world_ip(target);
	r->binds = !ip_is_none(&r->source.ip);
	world_put_subject(w, r, sender);
	r->about = ABOUT_SOURCE;
	(void)world_commit(w);
}

/* An ARP reply; or, given, what a server says that another has. */
static inline void world_claim(struct world *w, uint32_t vlan, struct end who, bool given)
{
	struct record *r = world_announcement(
	    w, vlan, given ? (struct end) { "10.0.0.53", "00:00:00:00:53:53" } : who);

	r->binds = true;
	world_put_subject(w, r, who);
	(void)world_commit(w);
}

/* What a name server says of an address. */
static inline void world_name(struct world *w, const char *ip, const char *name)
{
	struct record *r =
	    world_begin(w, RECORD_ITEM, (struct end) { "10.0.0.9", "00:00:00:00:09:09" },
			(struct end) { "10.0.0.53", "00:00:00:00:53:53" });

	r->operation = OPERATION_IDENTIFY;
	r->flags |= RECORD_IDENTITY;
	world_put_subject(w, r, (struct end) { ip, NULL });
	record_put_text(&w->writer, field_find(w->registry, "weir.dnp3.device.name"), name);
	(void)world_commit(w);
}

static inline void world_add_document(void *context, const char *json, size_t length)
{
	struct world *w = context;

	buffer_add(&w->text, json, length);
	buffer_add(&w->text, "\n", 1);
}

/* All assets, one document a line. */
static inline const char *world_assets(struct world *w)
{
	buffer_clear(&w->text);
	inventory_tick(w->inventory, w->now);
	inventory_assets(w->inventory, world_add_document, w);
	return w->text.length > 0 ? w->text.data : "";
}

static inline const char *world_conversations(struct world *w)
{
	buffer_clear(&w->text);
	inventory_conversations(w->inventory, world_add_document, w);
	return w->text.length > 0 ? w->text.data : "";
}

static inline size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		n += *text == '\n';
	}
	return n;
}

/* Line i of a text, parsed. */
static inline struct json_value *line_at(const char *text, size_t i)
{
	const char *end;
	struct json_value *value;

	for (; i > 0; i--) {
		text = strchr(text, '\n');
		assert_non_null(text);
		text++;
	}
	end = strchr(text, '\n');
	assert_non_null(end);
	value = json_value_parse(text, (size_t)(end - text));
	assert_non_null(value);
	return value;
}
