/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* asset_change records: what happened to an asset, for the rules and the journal. */

#include "store/inventory_fields.h"
#include "store/inventory_private.h"

#include "dissectors/dissector.h"

/* The head of a record that came of the record at work, or of a tick. */
static struct record head_of_cause(struct inventory *inventory)
{
	const struct record *cause = inventory->cause;
	struct record head = {
		.time = inventory->clock,
		.start = TIME_NONE,
		.duration = -1,
		.protocol = PROTOCOL_NONE,
	};

	if (cause != NULL) {
		head.time = cause->time;
		head.number = cause->number;
		head.source_interface = cause->source_interface;
		head.worker = cause->worker;
		head.flow = cause->flow;
		head.generation = cause->generation;
		head.vlan = cause->vlan;
		/* Several changes of one record, and changes of several records of one packet. */
		head.order = cause->order << 8 | (inventory->changes_of_cause++ & 0xff);
	} else {
		head.order = inventory->changes_of_cause++;
	}
	return head;
}

/* The same, with the ends of a conversation, and what the record at work does if it is of it. */
static void head_of_conversation(const struct inventory *inventory, const struct conversation *c,
				 struct record *head)
{
	const struct record *cause = inventory->cause;
	const char *protocol = name_text(inventory, c->protocol);

	head->domain = c->domain;
	head->vlan = c->vlan;
	head->ip_protocol = c->ip_protocol;
	head->ip_version = ip_is_none(&c->ip[0]) ? 0 : ip_is_v4(&c->ip[0]) ? 4 : 6;
	head->protocol = protocol != NULL ? dissector_index(protocol) : PROTOCOL_NONE;
	head->source = (struct endpoint) { .ip = c->ip[0], .mac = c->mac[0] };
	head->destination = (struct endpoint) { .ip = c->ip[1], .mac = c->mac[1], .port = c->port };
	if (cause != NULL && inventory->enrichment.conversation == c) {
		head->source = cause->source;
		head->destination = cause->destination;
		head->operation = cause->kind <= RECORD_ITEM ? cause->operation : 0;
	}
}

/* The same, with the asset as source. */
static struct record change_head(struct inventory *inventory, const struct asset *asset)
{
	struct record head = head_of_cause(inventory);

	head.domain = asset->domain;
	head.source.ip = asset_ip(asset);
	head.source.mac = asset_mac(asset);
	head.ip_version = ip_is_none(&head.source.ip) ? 0 : ip_is_v4(&head.source.ip) ? 4 : 6;
	return head;
}

void change_asset(struct inventory *inventory, const struct asset *asset, const char *what,
		  const char *old_value, const char *new_value)
{
	/* What a database gives back belongs to no asset yet. */
	if (inventory->loading) {
		return;
	}
	struct record_writer *writer = &inventory->writer;
	struct enrichment enrichment = {
		.source = asset,
		.state = inventory->normal.state,
		.new_source = !normal_knows(inventory, asset),
	};
	struct event event = { .context = { [EVENT_STORE] = &enrichment } };
	struct record head = change_head(inventory, asset);

	inventory->counters.changes++;
	if (inventory->options.on_change == NULL) {
		return;
	}
	record_begin(writer, RECORD_ASSET_CHANGE, &head);
	record_put_static(writer, FIELD_LOCAL(INVENTORY_CHANGE), what);
	record_put_bool(writer, FIELD_LOCAL(INVENTORY_CHANGE_LEARNING),
			inventory->normal.state != BASELINE_FROZEN);
	if (old_value != NULL) {
		record_put_text(writer, FIELD_LOCAL(INVENTORY_CHANGE_OLD), old_value);
	}
	if (new_value != NULL) {
		record_put_text(writer, FIELD_LOCAL(INVENTORY_CHANGE_NEW), new_value);
	}
	record_commit(writer);
	event.record = record_last(writer);
	inventory->options.on_change(inventory->options.context, &event);
}

static void tell_conversation(struct inventory *inventory, const struct conversation *c,
			      const struct record *head, const char *what, const char *old_value,
			      const char *new_value)
{
	struct record_writer *writer = &inventory->writer;
	struct enrichment enrichment = inventory->enrichment;
	struct event event = { .context = { [EVENT_STORE] = &enrichment } };
	const char *protocol = name_text(inventory, c->protocol);

	inventory->counters.changes++;
	if (inventory->options.on_change == NULL) {
		return;
	}
	enrichment.conversation = c;
	enrichment.source = c->side[0] != NULL ? c->side[0]->asset : NULL;
	enrichment.destination = c->side[1] != NULL ? c->side[1]->asset : NULL;
	record_begin(writer, RECORD_CONVERSATION, head);
	record_put_static(writer, FIELD_LOCAL(INVENTORY_CONVERSATION_CHANGE), what);
	if (old_value != NULL) {
		record_put_text(writer, FIELD_LOCAL(INVENTORY_CONVERSATION_OLD), old_value);
	}
	if (new_value != NULL) {
		record_put_text(writer, FIELD_LOCAL(INVENTORY_CONVERSATION_SEEN), new_value);
	}
	if (head->protocol == PROTOCOL_NONE && protocol != NULL) {
		record_put_text(writer, CORE_FLOW_PROTOCOL, protocol);
	}
	record_commit(writer);
	event.record = record_last(writer);
	inventory->options.on_change(inventory->options.context, &event);
}

void change_conversation(struct inventory *inventory, const struct conversation *c,
			 const char *what, const char *old_value, const char *new_value)
{
	struct record head = head_of_cause(inventory);

	head_of_conversation(inventory, c, &head);
	tell_conversation(inventory, c, &head, what, old_value, new_value);
}

void change_conversation_operation(struct inventory *inventory, const struct conversation *c,
				   enum operation operation, const char *what,
				   const char *old_value, const char *new_value)
{
	struct record head = head_of_cause(inventory);

	inventory->enrichment = (struct enrichment) { .state = inventory->normal.state };
	head_of_conversation(inventory, c, &head);
	head.operation = (uint8_t)operation;
	tell_conversation(inventory, c, &head, what, old_value, new_value);
}

static void sensor_begin(struct inventory *inventory, const struct record *head, const char *what,
			 const char *of, uint64_t count)
{
	record_begin(&inventory->writer, RECORD_SENSOR, head);
	record_put_static(&inventory->writer, CORE_SENSOR_EVENT, what);
	record_put_static(&inventory->writer, CORE_SENSOR_WHAT, of);
	record_put_uint(&inventory->writer, CORE_SENSOR_COUNT, count);
}

static void sensor_end(struct inventory *inventory)
{
	struct event event = { .record = NULL };

	record_commit(&inventory->writer);
	event.record = record_last(&inventory->writer);
	inventory->options.on_change(inventory->options.context, &event);
}

void change_cap(struct inventory *inventory, const char *table, uint64_t gone)
{
	struct record head = head_of_cause(inventory);

	if (inventory->loading || inventory->options.on_change == NULL) {
		return;
	}
	sensor_begin(inventory, &head, "cap", table, gone);
	sensor_end(inventory);
}

void change_mirror(struct inventory *inventory, size_t source, const char *what, uint64_t devices,
		   double percent)
{
	struct record head = head_of_cause(inventory);

	if (inventory->options.on_change == NULL) {
		return;
	}
	head.source_interface = (uint16_t)source;
	head.start = inventory->mirrors[source].since;
	head.duration = head.time - head.start;
	sensor_begin(inventory, &head, what, "devices", devices);
	record_put_double(&inventory->writer, CORE_SENSOR_SHARE, percent);
	sensor_end(inventory);
}
