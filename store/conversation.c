/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Who talks to whom, and what they do: counters in arrays, found once a flow. */

#include "store/inventory_private.h"

#include "capture/base/hash.h"
#include "dissectors/dissector.h"
#include "store/record_glance.h"

#include <stdlib.h>

#define EVICTED_SHARE  16
#define CYCLIC_RECORDS 10 /* the same operation so often is cyclic */
#define CARRIERS_MAX   4  /* protocols on top of each other */

/* Modbus exceptions with which a gateway says that the device behind it did not answer. */
#define GATEWAY_PATH_UNAVAILABLE 10
#define GATEWAY_NO_RESPONSE      11

#define CYCLIC_OPERATIONS                                                 \
	(UINT32_C(1) << OPERATION_READ | UINT32_C(1) << OPERATION_WRITE | \
	 UINT32_C(1) << OPERATION_CONTROL | UINT32_C(1) << OPERATION_IO | \
	 UINT32_C(1) << OPERATION_REPORT)

static bool same_conversation(const struct table_entry *entry, const void *wanted)
{
	const struct conversation *a = (const struct conversation *)entry, *b = wanted;

	return ip_equal(&a->ip[0], &b->ip[0]) && ip_equal(&a->ip[1], &b->ip[1]) &&
	       mac_equal(&a->mac[0], &b->mac[0]) && mac_equal(&a->mac[1], &b->mac[1]) &&
	       a->vlan == b->vlan && a->domain == b->domain && a->protocol == b->protocol &&
	       a->ip_protocol == b->ip_protocol;
}

static uint64_t hash_conversation(const struct conversation *key)
{
	uint64_t h = hash_bytes(key->ip, sizeof(key->ip), key->vlan);

	h = hash_bytes(key->mac, sizeof(key->mac), h);
	return hash_word(h, (uint64_t)key->domain << 16 | (uint64_t)key->protocol << 8 |
				key->ip_protocol);
}

void conversation_free(struct conversation *conversation)
{
	if (conversation != NULL) {
		for (uint16_t i = 0; i < conversation->n_operations; i++) {
			free(conversation->operations[i].rhythm);
		}
		free(conversation->operations);
		free(conversation->units);
		response_time_free(&conversation->response);
		conversation_targets_free(conversation);
		free(conversation);
	}
}

static int compare_age(const void *a, const void *b)
{
	const struct conversation *x = *(struct conversation *const *)a;
	const struct conversation *y = *(struct conversation *const *)b;

	return x->last < y->last ? -1 : x->last > y->last;
}

void conversation_evict(struct inventory *inventory)
{
	struct conversation **list = inventory->conversation_list;
	size_t n = inventory->n_conversations, gone = n / EVICTED_SHARE + 1;

	if (n == 0) {
		return;
	}
	qsort(list, n, sizeof(struct conversation *), compare_age);
	for (size_t i = 0; i < gone; i++) {
		table_remove(&inventory->conversations, &list[i]->entry);
		inventory->details -= list[i]->details;
		conversation_free(list[i]);
	}
	inventory->n_conversations = n - gone;
	memmove(list, list + gone, inventory->n_conversations * sizeof(struct conversation *));
	inventory->counters.conversations_evicted += gone;
	inventory->epoch++;
	change_cap(inventory, "conversations", gone);
}

/* The conversation with the key in *wanted, made with all else as in *wanted if need be. */
struct conversation *conversation_add(struct inventory *inventory,
				      const struct conversation *wanted)
{
	uint64_t hash = hash_conversation(wanted);
	struct conversation *c;

	c = (struct conversation *)table_find(&inventory->conversations, hash, same_conversation,
					      wanted);
	if (c != NULL) {
		return c;
	}
	if (inventory->n_conversations >= inventory->options.conversations_max) {
		conversation_evict(inventory);
	}
	c = malloc(sizeof(*c));
	if (c == NULL) {
		inventory->out_of_memory = true;
		return NULL;
	}
	*c = *wanted;
	c->entry.hash = hash;
	if (list_append((void ***)&inventory->conversation_list, &inventory->n_conversations,
			&inventory->conversations_capacity, c) != 0) {
		inventory->out_of_memory = true;
		free(c);
		return NULL;
	}
	if (table_add(&inventory->conversations, &c->entry) != 0) {
		inventory->out_of_memory = true;
		inventory->n_conversations--;
		free(c);
		return NULL;
	}
	return c;
}

/* Of no industrial protocol. */
static bool is_general(const struct record *record)
{
	return record->protocol >= dissector_count() || dissector_at(record->protocol)->general;
}

static uint8_t protocol_name(struct inventory *inventory, const struct record *record)
{
	struct event event = { .record = record };
	struct field_value value;

	if (record->protocol == PROTOCOL_NONE ||
	    !field_get(inventory->options.registry, &event, CORE_NETWORK_PROTOCOL, &value)) {
		return NAME_NONE;
	}
	return name_intern(inventory, value.one.bytes, value.one.length);
}

struct conversation *conversation_see(struct inventory *inventory, const struct record *record,
				      struct binding *const *side)
{
	struct conversation wanted = {
		.ip = { record->source.ip, record->destination.ip },
		.vlan = record->vlan,
		.domain = record->domain,
		.protocol = protocol_name(inventory, record),
		.ip_protocol = record->ip_version != 0 ? record->ip_protocol : 0,
		.port = record->destination.port,
		.first = record->kind == RECORD_FLOW && record->start != TIME_NONE ? record->start
										   : record->time,
		.last = inventory_seen_at(record),
		.response = response_time_none(),
	};
	struct conversation *c;

	if (ip_is_none(&record->source.ip) && ip_is_none(&record->destination.ip)) {
		wanted.mac[0] = record->source.mac;
		wanted.mac[1] = record->destination.mac;
	}
	c = conversation_add(inventory, &wanted);
	if (c == NULL) {
		return NULL;
	}
	c->side[0] = side[0];
	c->side[1] = side[1];
	if (side[0] != NULL && c->protocol != NAME_NONE) {
		name_set_add(&side[0]->client, c->protocol);
	}
	return c;
}

struct operation_count *conversation_operation(struct conversation *c, enum operation operation)
{
	struct operation_count *grown;

	if (c->slot[operation] != 0) {
		return &c->operations[c->slot[operation] - 1];
	}
	grown = realloc(c->operations, (c->n_operations + 1U) * sizeof(*grown));
	if (grown == NULL) {
		return NULL;
	}
	c->operations = grown;
	grown[c->n_operations] = (struct operation_count) { .operation = (uint8_t)operation };
	c->slot[operation] = (uint8_t)++c->n_operations;
	return &grown[c->n_operations - 1];
}

bool conversation_room(struct inventory *inventory, struct conversation *c, size_t bytes)
{
	if (bytes > inventory->options.details_max - inventory->details) {
		inventory->counters.details_refused++;
		return false;
	}
	inventory->details += bytes;
	c->details += (uint32_t)bytes;
	return true;
}

void *conversation_grown(struct inventory *inventory, struct conversation *c, void *rows, size_t n,
			 size_t row_size)
{
	size_t capacity = n == 0 ? 1 : 2 * n;

	if ((n & (n - 1)) != 0) {
		return rows;
	}
	return conversation_room(inventory, c, (capacity - n) * row_size)
		   ? realloc(rows, capacity * row_size)
		   : NULL;
}

struct unit_count *conversation_unit(struct inventory *inventory, struct conversation *c,
				     uint32_t id)
{
	struct unit_count *grown;

	for (uint16_t i = 0; i < c->n_units; i++) {
		if (c->units[i].id == id) {
			c->last_unit = i;
			return &c->units[i];
		}
	}
	if (c->n_units == UNITS_MAX) {
		return NULL;
	}
	grown = conversation_grown(inventory, c, c->units, c->n_units, sizeof(*grown));
	if (grown == NULL) {
		return NULL;
	}
	c->units = grown;
	c->last_unit = c->n_units;
	c->units[c->n_units] = (struct unit_count) { .id = id };
	return &c->units[c->n_units++];
}

/* The unit that the record names; false: none. */
static bool unit_named(const struct record *record, uint32_t *id)
{
	struct record_field field;
	struct field_value value;

	if ((record->flags & RECORD_UNIT) == 0) {
		return false;
	}
	/* Most protocols put it first, or behind the name of the function. */
	if (likely(glance_number(record, 0, CORE_UNIT_ID, id)) ||
	    (glance_static(record, 0, CORE_FUNCTION) != NULL &&
	     glance_number(record, GLANCE_STATIC_SIZE, CORE_UNIT_ID, id))) {
		return true;
	}
	if (!record_find_field(record, CORE_UNIT_ID, &field)) {
		return false;
	}
	field_of_record(FIELD_UINT, &field, &value);
	*id = (uint32_t)value.one.natural;
	return true;
}

/* Whether the device itself answered, rather than a gateway for it. */
static bool device_answered(const struct inventory *inventory, const struct record *record)
{
	struct event event = { .record = record };
	struct field_value value;

	if (record->outcome != OUTCOME_FAILURE ||
	    inventory->ids.exception_code == FIELD_NOT_FOUND) {
		return record->outcome != OUTCOME_UNKNOWN || record->duration >= 0;
	}
	if (!field_get(inventory->options.registry, &event, inventory->ids.exception_code,
		       &value)) {
		return true;
	}
	return value.one.natural != GATEWAY_PATH_UNAVAILABLE &&
	       value.one.natural != GATEWAY_NO_RESPONSE;
}

static void count_unit(struct inventory *inventory, struct conversation *c,
		       const struct record *record, uint32_t id)
{
	struct unit_count *unit = c->n_units > 0 && c->units[c->last_unit].id == id
				      ? &c->units[c->last_unit]
				      : conversation_unit(inventory, c, id);

	if (unit == NULL) {
		return;
	}
	unit->asked++;
	if (device_answered(inventory, record) && unit->answered++ == 0 && c->side[1] != NULL &&
	    !attribute_is_itself(record->protocol, id)) {
		attribute_unit_answered(c->side[1], unit_of(record->protocol, id));
	}
}

/* ---- rhythm ---- */

/* What is transferred once in a while has no cycle, however regular its parts. */
#define NEVER_CYCLIC                                                                           \
	(UINT32_C(1) << OPERATION_PROGRAM_UPLOAD | UINT32_C(1) << OPERATION_PROGRAM_DOWNLOAD | \
	 UINT32_C(1) << OPERATION_FIRMWARE_UPDATE | UINT32_C(1) << OPERATION_FILE_READ |       \
	 UINT32_C(1) << OPERATION_FILE_WRITE)
#define BURST_TRANSACTIONS 8

/* Implicit messages are reported now and then: their pace is the one that was agreed on. */
static COLD void count_interval(const struct inventory *inventory, struct operation_count *row,
				const struct record *record)
{
	struct record_field stored;
	struct field_value value;

	if (record_find_field(record, inventory->ids.packet_interval, &stored)) {
		field_of_record(FIELD_UINT, &stored, &value);
		rhythm_agreed(row->rhythm, record->time,
			      (int64_t)(value.one.natural & UINT32_MAX) * NS_PER_US);
	}
}

/* From the second transaction on: most conversations of a scan have one. */
static COLD void begin_rhythm(struct inventory *inventory, struct conversation *c,
			      struct operation_count *row, int64_t time)
{
	if (conversation_room(inventory, c, sizeof(*row->rhythm))) {
		row->rhythm = malloc(sizeof(*row->rhythm));
	}
	if (row->rhythm != NULL) {
		rhythm_begin(row->rhythm, row->count > 1 ? row->last : time);
	}
}

static void count_rhythm(struct inventory *inventory, struct conversation *c,
			 struct operation_count *row, const struct record *record)
{
	int64_t time = record->start != TIME_NONE ? record->start : record->time;

	if (unlikely(row->rhythm == NULL)) {
		begin_rhythm(inventory, c, row, time);
		if (row->rhythm == NULL) {
			return;
		}
	}
	if (unlikely(record->operation == OPERATION_IO)) {
		count_interval(inventory, row, record);
	} else {
		rhythm_add(row->rhythm, time);
	}
}

enum pattern operation_pattern(const struct operation_count *row)
{
	if ((NEVER_CYCLIC >> row->operation & 1) != 0) {
		return row->count >= BURST_TRANSACTIONS ? PATTERN_BURST : PATTERN_ON_DEMAND;
	}
	return row->rhythm != NULL ? rhythm_pattern(row->rhythm, row->count) : PATTERN_ON_DEMAND;
}

const struct operation_count *conversation_busiest(const struct conversation *c)
{
	const struct operation_count *found = NULL;

	for (uint16_t i = 0; i < c->n_operations; i++) {
		const struct operation_count *row = &c->operations[i];

		if (found == NULL || row->count > found->count) {
			found = row;
		}
	}
	return found;
}

/* The first time that this pair does this. */
static struct operation_count *
begin_operation(struct inventory *inventory, const struct sighting *s, const struct record *record)
{
	struct operation_count *row =
	    conversation_operation(s->conversation, (enum operation)record->operation);

	if (row == NULL) {
		inventory->out_of_memory = true;
		return NULL;
	}
	row->first = record->time;
	if (s->side[0] != NULL && !is_general(record)) {
		s->side[0]->client_operations |= UINT32_C(1) << record->operation;
	}
	return row;
}

/* The first answer: now the destination is known to be a server of this. */
static void begin_answers(const struct sighting *s, const struct record *record,
			  struct operation_count *row)
{
	row->answered = true;
	if (s->side[1] != NULL) {
		if (!is_general(record)) {
			s->side[1]->server_operations |= UINT32_C(1) << row->operation;
		}
		name_set_add(&s->side[1]->server, s->conversation->protocol);
	}
}

void conversation_count(struct inventory *inventory, const struct sighting *s,
			const struct record *record)
{
	struct conversation *c = s->conversation;
	unsigned slot = c->slot[record->operation];
	struct operation_count *row =
	    likely(slot != 0) ? &c->operations[slot - 1] : begin_operation(inventory, s, record);
	bool answered = record->outcome != OUTCOME_UNKNOWN || record->duration >= 0;
	uint32_t unit = 0;
	bool has_unit;

	if (row == NULL) {
		return;
	}
	if (record->phase == PHASE_REQUEST) {
		return; /* its complete record is counted */
	}
	row->count++;
	row->frames |= inventory->frame_bit;
	if (row->count > 1 || record->operation == OPERATION_IO) {
		count_rhythm(inventory, c, row, record);
	}
	row->last = record->time;
	row->failures += record->outcome == OUTCOME_FAILURE;
	c->requests++;
	c->failures += record->outcome == OUTCOME_FAILURE;
	c->unanswered += !answered;
	if (unlikely(answered && !row->answered)) {
		begin_answers(s, record, row);
	}
	if (unlikely(row->count == CYCLIC_RECORDS) && s->side[0] != NULL &&
	    (CYCLIC_OPERATIONS >> record->operation & 1) != 0 && !is_general(record)) {
		s->side[0]->cyclic = true;
	}
	if (record->duration >= 0) {
		if (unlikely(response_time_is_full(&c->response)) &&
		    conversation_room(inventory, c, RESPONSE_HISTOGRAM)) {
			response_time_grow(&c->response);
		}
		response_time_add(&c->response, record->duration);
	}
	has_unit = unit_named(record, &unit);
	if (has_unit) {
		count_unit(inventory, c, record, unit);
	}
	conversation_target(inventory, c, record, has_unit, unit);
}

/* ---- what carries what ---- */

static const struct conversation *find_alike(const struct inventory *inventory,
					     const struct conversation *c, const char *protocol)
{
	struct conversation wanted = { .vlan = c->vlan,
				       .domain = c->domain,
				       .ip_protocol = c->ip_protocol };

	for (unsigned i = 1; i < inventory->n_names && wanted.protocol == NAME_NONE; i++) {
		if (strcmp(inventory->names[i], protocol) == 0) {
			wanted.protocol = (uint8_t)i;
		}
	}
	if (wanted.protocol == NAME_NONE) {
		return NULL;
	}
	memcpy(wanted.ip, c->ip, sizeof(wanted.ip));
	memcpy(wanted.mac, c->mac, sizeof(wanted.mac));
	return (const struct conversation *)table_find(
	    &inventory->conversations, hash_conversation(&wanted), same_conversation, &wanted);
}

/* Looks for the protocol that is carried by `dissector`, then for what carries that. */
static const struct conversation *carrier_over(const struct inventory *inventory,
					       const struct conversation *c, const char *protocol,
					       unsigned depth)
{
	uint8_t index = dissector_index(protocol);
	const struct dissector *d = index != PROTOCOL_NONE ? dissector_at(index) : NULL;
	const struct conversation *found = NULL;

	for (size_t i = 0; d != NULL && found == NULL && i < d->n_over; i++) {
		if (d->over[i].layer != OVER_PARENT) {
			continue;
		}
		found = find_alike(inventory, c, d->over[i].parent);
		if (found == NULL || found->packets[0] + found->packets[1] == 0) {
			found = depth > 0 ? carrier_over(inventory, c, d->over[i].parent, depth - 1)
					  : NULL;
		}
	}
	return found;
}

const struct conversation *conversation_carrier(const struct inventory *inventory,
						const struct conversation *c)
{
	const char *protocol = name_text(inventory, c->protocol);

	if (protocol == NULL || c->packets[0] + c->packets[1] > 0) {
		return NULL;
	}
	return carrier_over(inventory, c, protocol, CARRIERS_MAX);
}

/* ---- flow records ---- */

const char *const verdict_keys[VERDICTS] = { "applications", "categories", "risks" };

/* Adds a name to a list that is full some day. False: it was there. */
static bool verdict_add(struct conversation *c, enum verdict verdict, uint8_t name)
{
	uint8_t *names = c->verdicts[verdict];

	for (size_t i = 0; i < ARRAY_SIZE(c->verdicts[0]); i++) {
		if (names[i] == name) {
			return false;
		}
		if (names[i] == NAME_NONE) {
			names[i] = name;
			break;
		}
	}
	return true;
}

static void add_verdict(struct inventory *inventory, struct sighting *s, enum verdict verdict,
			const struct field_value *value)
{
	for (unsigned i = 0; i < value->count; i++) {
		struct field_scalar text = field_at(value, i);

		verdict_add(s->conversation, verdict,
			    name_intern(inventory, text.bytes, text.length));
	}
}

static void add_application(struct inventory *inventory, struct sighting *s,
			    const struct field_value *value)
{
	uint8_t name = name_intern(inventory, value->one.bytes, value->one.length);

	if (!verdict_add(s->conversation, VERDICT_APPLICATION, name)) {
		return;
	}
	if (s->side[0] != NULL) {
		name_set_add(&s->side[0]->client, name);
	}
	if (s->side[1] != NULL && s->side[1]->it_server) {
		name_set_add(&s->side[1]->server, name);
	}
}

/* Adds what the flow brought since its last record: its totals only grow. */
static void add_total(uint64_t total, uint64_t *before, uint64_t *conversation, uint64_t *asset)
{
	uint64_t more = total > *before ? total - *before : 0;

	*before = total > *before ? total : *before;
	*conversation += more;
	*asset += more;
}

static void count_totals(struct sighting *s, const struct record_field *stored)
{
	static const struct {
		uint16_t id;
		uint8_t side;
		bool bytes;
	} totals[] = {
		{ CORE_SOURCE_BYTES, 0, true },
		{ CORE_SOURCE_PACKETS, 0, false },
		{ CORE_DESTINATION_BYTES, 1, true },
		{ CORE_DESTINATION_PACKETS, 1, false },
	};
	struct field_value value;

	for (size_t i = 0; i < ARRAY_SIZE(totals); i++) {
		unsigned side = totals[i].side;
		struct binding *b = s->side[side];
		uint64_t nowhere = 0;

		if (totals[i].id != stored->id) {
			continue;
		}
		field_of_record(FIELD_UINT, stored, &value);
		if (totals[i].bytes) {
			add_total(value.one.natural, &s->bytes[side], &s->conversation->bytes[side],
				  b != NULL ? &b->bytes : &nowhere);
		} else {
			add_total(value.one.natural, &s->packets[side],
				  &s->conversation->packets[side],
				  b != NULL ? &b->packets : &nowhere);
		}
	}
}

static bool is_it(const struct record *record)
{
	return is_general(record) &&
	       (record->ip_protocol == IP_PROTOCOL_TCP || record->ip_protocol == IP_PROTOCOL_UDP);
}

static bool is_text(const struct record_field *stored, const char *text)
{
	struct field_value value;

	field_of_record(FIELD_STRING, stored, &value);
	return value.one.length == strlen(text) &&
	       memcmp(value.one.bytes, text, value.one.length) == 0;
}

/* Each SYN got a reset and nothing else was said: there is no server. */
static bool was_refused(const struct sighting *s, const struct record *record)
{
	struct record_field stored;
	bool reset = false;

	for (size_t position = 0; record_next_field(record, &position, &stored);) {
		reset = reset || (stored.id == CORE_FLOW_END && is_text(&stored, "reset"));
	}
	return reset && s->packets[0] == s->packets[1];
}

/* A carrier in which nothing rides that a dissector knows: it is what the server speaks. */
static void note_carrier(struct sighting *s, const struct record *record)
{
	if (record->protocol < dissector_count() && dissector_at(record->protocol)->carrier &&
	    s->side[1] != NULL && s->packets[1] > 0) {
		name_set_add(&s->side[1]->server, s->conversation->protocol);
	}
}

static void note_it(struct sighting *s, const struct record *record)
{
	if (s->side[0] != NULL && !s->side[0]->it_client) {
		s->side[0]->it_client = true;
	}
	if (s->side[1] != NULL && !s->side[1]->it_server && s->packets[1] > 0 &&
	    !was_refused(s, record)) {
		s->side[1]->it_server = true;
	}
}

void conversation_flow(struct inventory *inventory, struct sighting *s, const struct record *record)
{
	struct record_field stored;
	size_t position = 0;
	struct field_value value;

	while (record_next_field(record, &position, &stored)) {
		count_totals(s, &stored);
	}
	if (is_it(record)) {
		note_it(s, record);
	}
	note_carrier(s, record);
	for (position = 0; record_next_field(record, &position, &stored);) {
		if (stored.id == CORE_NETWORK_APPLICATION || stored.id == CORE_FLOW_PROTOCOL) {
			field_of_record(FIELD_STRING, &stored, &value);
			add_application(inventory, s, &value);
		} else if (stored.id == CORE_FLOW_CATEGORY || stored.id == CORE_FLOW_RISKS) {
			field_of_record(FIELD_STRING, &stored, &value);
			add_verdict(inventory, s,
				    stored.id == CORE_FLOW_RISKS ? VERDICT_RISK : VERDICT_CATEGORY,
				    &value);
		}
		if (stored.id == CORE_FLOW_EVENT) {
			s->conversation->flows += is_text(&stored, "end");
		}
	}
}
