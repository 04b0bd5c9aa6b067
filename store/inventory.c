/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Records come in here.  A flow's first record finds bindings and conversation; the records that
 * follow find them in the flow's sighting, which stays valid while flow, protocol, addresses and
 * the epoch (evictions) are the same. */

#include "store/edit_private.h"
#include "store/inventory_fields.h"

#include "dissectors/dissector.h"

#include <errno.h>
#include <stdlib.h>

#define FLOWS_CACHED_MAX (1U << 20) /* a worker; beyond it flows are looked up each time */
#define TABLE_MIN        64         /* smaller caps would evict what is being looked at */

int list_append(void ***list, size_t *n, size_t *capacity, void *object)
{
	if (*n == *capacity) {
		size_t grown = size_max(*capacity * 2, TABLE_MIN);
		void **memory = realloc(*list, grown * sizeof(*memory));

		if (memory == NULL) {
			return -ENOMEM;
		}
		*list = memory;
		*capacity = grown;
	}
	(*list)[(*n)++] = object;
	return 0;
}

struct inventory_options inventory_defaults(void)
{
	return (struct inventory_options) {
		.assets_max = 100000,
		.conversations_max = 1000000,
		.details_max = (size_t)512 << 20,
		.bindings_max = 400000,
	};
}

static void log_mistake(void *context, const char *text)
{
	log_error(context, "%s", text);
}

static int set_up(struct inventory *inventory, struct problem *problem)
{
	const struct field_registry *registry = inventory->options.registry;
	const char *folder = inventory->options.oui_path;
	uint16_t base = field_find(registry, inventory_fields[0].name);
	int error;

	if (base == FIELD_NOT_FOUND) {
		return problem_set(problem, -EINVAL, "the inventory's fields are not registered");
	}
	inventory->ids = (struct inventory_field_ids) {
		.exception_code = field_find(registry, "weir.modbus.exception_code"),
		.address = field_find(registry, "weir.modbus.address"),
		.quantity = field_find(registry, "weir.modbus.quantity"),
		.write_address = field_find(registry, "weir.modbus.write_address"),
		.write_quantity = field_find(registry, "weir.modbus.write_quantity"),
		.values = field_find(registry, "weir.modbus.values"),
		.written_values = field_find(registry, "weir.modbus.written_values"),
		.packet_interval = field_find(registry, "weir.cip_io.rpi_us"),
		.block_checksum = field_find(registry, "weir.s7comm.block.checksum"),
		.block_hash = field_find(registry, "weir.s7comm_plus.block.sha256"),
	};
	error = record_writer_init(&inventory->writer, NULL);
	if (error == 0) {
		inventory->writer.local_base = base;
		error = oui_load(&inventory->oui, folder != NULL ? folder : "/usr/share/ieee-data",
				 inventory->options.log);
	}
	if (error == 0) {
		error = kinds_read(&inventory->kinds, inventory->options.kinds_path, log_mistake,
				   (void *)(uintptr_t)inventory->options.log, problem);
	}
	if (error == 0) {
		return geo_open(&inventory->geo, inventory->options.geo_paths,
				inventory->options.n_geo_paths, problem);
	}
	if (error == -EINVAL) {
		return problem_set(problem, error, "%s: wrong rules about assets",
				   inventory->options.kinds_path != NULL
				       ? inventory->options.kinds_path
				       : "roles.yaml");
	}
	return error;
}

int inventory_new(struct inventory **out, const struct inventory_options *options,
		  struct problem *problem)
{
	struct inventory *inventory = calloc(1, sizeof(*inventory));
	int error;

	if (inventory == NULL) {
		return -ENOMEM;
	}
	inventory->options = *options;
	inventory->options.assets_max = size_max(options->assets_max, TABLE_MIN);
	inventory->options.bindings_max = size_max(options->bindings_max, TABLE_MIN);
	inventory->options.conversations_max = size_max(options->conversations_max, TABLE_MIN);
	inventory->clock = inventory->first = inventory->resolved = TIME_NONE;
	inventory->heard = inventory->attentive = inventory->listened = TIME_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(inventory->mirrors); i++) {
		inventory->mirrors[i].attentive = TIME_NONE;
	}
	error = set_up(inventory, problem);
	if (error != 0) {
		inventory_free(inventory);
		return error;
	}
	*out = inventory;
	return 0;
}

struct inventory *inventory_free(struct inventory *inventory)
{
	if (inventory == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < inventory->n_bindings; i++) {
		binding_free(inventory->binding_list[i]);
	}
	for (size_t i = 0; i < inventory->n_keys; i++) {
		free(inventory->key_list[i]);
	}
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		conversation_free(inventory->conversation_list[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(inventory->names); i++) {
		free(inventory->names[i]);
	}
	normal_facts_free(inventory);
	attribute_end(inventory);
	function_names_free(inventory);
	given_end(inventory);
	for (size_t i = 0; i < ARRAY_SIZE(inventory->workers); i++) {
		free(inventory->workers[i].flows);
	}
	free(inventory->pins);
	free(inventory->binding_list);
	free(inventory->key_list);
	free(inventory->conversation_list);
	table_free(&inventory->bindings);
	table_free(&inventory->keys);
	table_free(&inventory->conversations);
	record_writer_end(&inventory->writer);
	oui_free(inventory->oui);
	kinds_free(inventory->kinds);
	geo_free(inventory->geo);
	free(inventory);
	return NULL;
}

/* ---- time ---- */

static void advance(struct inventory *inventory, int64_t time)
{
	if (inventory->first == TIME_NONE) {
		inventory->first = time;
	}
	inventory->clock = time_max(inventory->clock, time);
}

int64_t inventory_clock(const struct inventory *inventory)
{
	return inventory->clock;
}

void inventory_tick(struct inventory *inventory, int64_t clock)
{
	if (inventory->first != TIME_NONE) {
		advance(inventory, clock);
	}
	inventory->cause = NULL;
	inventory->changes_of_cause = 0;
	identity_tick(inventory);
	normal_rhythm_tick(inventory);
	silence_tick(inventory);
	kinds_tick(inventory);
}

void inventory_settle(struct inventory *inventory)
{
	inventory->cause = NULL;
	inventory->changes_of_cause = 0;
	identity_resolve(inventory);
	kinds_tick(inventory);
}

/* ---- sightings ---- */

/* Whether the record itself shows that the destination sent something. */
static bool record_answered(const struct record *record)
{
	struct record_field stored;
	struct field_value value;

	if (record->kind != RECORD_FLOW) {
		return record->outcome != OUTCOME_UNKNOWN || record->duration >= 0 ||
		       record->status == TRANSACTION_ORPHAN;
	}
	if (!record_find_field(record, CORE_DESTINATION_PACKETS, &stored)) {
		return false;
	}
	field_of_record(FIELD_UINT, &stored, &value);
	return value.one.natural > 0;
}

static bool source_sent(const struct record *record)
{
	return !mac_is_none(&record->source.mac) || (record->flags & RECORD_ONE_SIDED) == 0 ||
	       !record_answered(record);
}

int64_t inventory_seen_at(const struct record *record)
{
	if (record->kind == RECORD_FLOW && record->start != TIME_NONE && record->duration >= 0) {
		return record->start + record->duration;
	}
	if (record->kind == RECORD_TRANSACTION && record->start != TIME_NONE &&
	    (record->status == TRANSACTION_UNANSWERED ||
	     record->status == TRANSACTION_NO_ANSWER_SEEN || record->status == TRANSACTION_BLIND)) {
		return record->start;
	}
	return record->time;
}

/* Looks up both ends; again when the first was evicted for the second. */
static void see_ends(struct inventory *inventory, struct sighting *s, const struct record *record)
{
	struct binding_key source = {
		.ip = record->source.ip,
		.mac = record->source.mac,
		.domain = record->domain,
		.vlan = record->vlan,
	};
	struct binding_key destination = {
		.ip = record->destination.ip,
		.mac = record->destination.mac,
		.domain = record->domain,
		.vlan = record->vlan,
	};
	unsigned source_evidence = source_sent(record) ? EVIDENCE_FRAME : EVIDENCE_ASKED;
	int64_t at = inventory_seen_at(record);
	uint32_t epoch;

	/* Until it answers, the frame's destination MAC is where others believe it to be. */
	if (!s->answered) {
		destination.mac = (struct mac) { { 0 } };
	}
	do {
		epoch = inventory->epoch;
		s->side[0] = binding_see(inventory, &source, source_evidence, at);
		s->side[1] = binding_see(inventory, &destination,
					 s->answered ? EVIDENCE_FRAME : EVIDENCE_ASKED, at);
	} while (epoch != inventory->epoch);
}

/* A flow whose client turned out to be the other side: what was counted turns with it. */
static void keep_totals(struct sighting *s, const struct sighting *before)
{
	bool turned =
	    ip_equal(&before->source.ip, &s->destination.ip) &&
	    before->source.port == s->destination.port &&
	    !(ip_equal(&before->source.ip, &s->source.ip) && before->source.port == s->source.port);

	for (unsigned i = 0; i < 2; i++) {
		s->bytes[i] = before->bytes[turned ? 1 - i : i];
		s->packets[i] = before->packets[turned ? 1 - i : i];
	}
	s->answered = s->answered || (before->answered && !turned);
}

static void see(struct inventory *inventory, struct sighting *s, const struct record *record)
{
	struct sighting before = *s;

	*s = (struct sighting) {
		.source = record->source,
		.destination = record->destination,
		.generation = record->generation,
		.protocol = record->protocol,
		.used = true,
		.answered = record_answered(record),
	};
	if (before.used && before.generation == record->generation) {
		keep_totals(s, &before);
	}
	see_ends(inventory, s, record);
	s->epoch = inventory->epoch;
}

static struct sighting *slot_of(struct inventory *inventory, const struct record *record)
{
	struct sightings *worker = &inventory->workers[record->worker];
	size_t n = size_max(worker->n, 256);
	struct sighting *flows;

	if (likely(record->flow < worker->n)) {
		return &worker->flows[record->flow];
	}
	if (record->flow >= FLOWS_CACHED_MAX) {
		inventory->uncached.used = false;
		return &inventory->uncached;
	}
	while (n <= record->flow) {
		n *= 2;
	}
	flows = realloc(worker->flows, n * sizeof(*flows));
	if (flows == NULL) {
		inventory->uncached.used = false;
		return &inventory->uncached;
	}
	memset(flows + worker->n, 0, (n - worker->n) * sizeof(*flows));
	worker->flows = flows;
	worker->n = n;
	return &flows[record->flow];
}

static bool is_current(const struct inventory *inventory, const struct sighting *s,
		       const struct record *record)
{
	return s->used && s->generation == record->generation && s->epoch == inventory->epoch &&
	       s->protocol == record->protocol &&
	       memcmp(&s->source, &record->source, sizeof(s->source)) == 0 &&
	       memcmp(&s->destination, &record->destination, sizeof(s->destination)) == 0;
}

static struct sighting *sighting_of(struct inventory *inventory, const struct record *record)
{
	struct sighting *s = slot_of(inventory, record);
	int64_t at = inventory_seen_at(record);

	if (unlikely(!is_current(inventory, s, record)) ||
	    (unlikely(!s->answered) && record_answered(record))) {
		see(inventory, s, record);
	}
	for (unsigned i = 0; i < 2; i++) {
		if (likely(s->side[i] != NULL)) {
			silence_sighting(inventory, s->side[i], at);
		}
	}
	return s;
}

/* ---- records ---- */

/* A flow that began may turn out to be of a protocol: it is no conversation yet. */
static bool is_only_a_beginning(const struct inventory *inventory, const struct record *record)
{
	struct event event = { .record = record };
	struct field_value value;

	if (record->kind == RECORD_BLIND) {
		return true;
	}
	return record->kind == RECORD_FLOW && record->protocol == PROTOCOL_NONE &&
	       field_get(inventory->options.registry, &event, CORE_FLOW_EVENT, &value) &&
	       value.one.length == 5 && memcmp(value.one.bytes, "begin", 5) == 0;
}

static bool need_conversation(struct inventory *inventory, struct sighting *s,
			      const struct record *record)
{
	if (likely(s->conversation != NULL)) {
		return true;
	}
	if (is_only_a_beginning(inventory, record)) {
		return false;
	}
	s->conversation = conversation_see(inventory, record, s->side);
	/* Room may have been made for it: what this flow knows is still right. */
	s->epoch = inventory->epoch;
	return s->conversation != NULL;
}

/* What opens a carrier's connection is told by the flow record, which knows what rides in it. */
static bool is_carried(const struct record *record)
{
	return record->kind <= RECORD_ITEM && record->protocol < dissector_count() &&
	       dissector_at(record->protocol)->carrier;
}

/* The key of whom the record is about, and how that is known. */
static struct binding_key subject_key(const struct record *record, unsigned *evidence)
{
	struct binding_key key = { .domain = record->domain, .vlan = record->vlan };
	struct record_field stored;
	struct field_value value;

	if (record->about != ABOUT_NAMED) {
		const struct endpoint *end =
		    record->about == ABOUT_SOURCE ? &record->source : &record->destination;

		key.ip = end->ip;
		key.mac = end->mac;
		*evidence =
		    EVIDENCE_FRAME | (record->binds ? EVIDENCE_CLAIM | EVIDENCE_ASSERTED : 0U);
		return key;
	}
	if (record_find_field(record, CORE_SUBJECT_IP, &stored)) {
		field_of_record(FIELD_IP, &stored, &value);
		key.ip = value.one.ip;
	}
	if (record_find_field(record, CORE_SUBJECT_MAC, &stored)) {
		field_of_record(FIELD_MAC, &stored, &value);
		key.mac = value.one.mac;
	}
	*evidence = record->binds ? EVIDENCE_CLAIM | EVIDENCE_ASSIGNED : EVIDENCE_NAMED;
	/* What a frame's sender says of itself. */
	if (!mac_is_none(&key.mac) && mac_equal(&key.mac, &record->source.mac)) {
		*evidence = EVIDENCE_FRAME | (record->binds ? EVIDENCE_CLAIM : 0U);
	}
	return key;
}

/* The binding that the record is about; s is NULL for what makes no connection. */
static struct binding *subject_of(struct inventory *inventory, struct sighting *s,
				  const struct record *record)
{
	struct binding_key key;
	unsigned evidence;
	struct binding *b;
	uint32_t epoch = inventory->epoch;

	if (s != NULL && record->about != ABOUT_NAMED && !record->binds) {
		return s->side[record->about == ABOUT_SOURCE ? 0 : 1];
	}
	key = subject_key(record, &evidence);
	b = binding_see(inventory, &key, evidence, record->time);
	if (s != NULL && epoch != inventory->epoch) {
		see(inventory, s, record);
	}
	return b;
}

static bool says_who(const struct record *record)
{
	return record->kind <= RECORD_ITEM &&
	       ((record->flags & RECORD_IDENTITY) != 0 || record->operation == OPERATION_IDENTIFY);
}

/* Learns who or what a device is. */
static COLD void learn(struct inventory *inventory, struct sighting *s, const struct record *record)
{
	struct binding *b = subject_of(inventory, s, record);

	if (b != NULL) {
		attribute_record(inventory, b, record);
	}
}

static void take(struct inventory *inventory, struct sighting *s, const struct record *record)
{
	struct conversation *c;

	if (unlikely(is_carried(record)) || !need_conversation(inventory, s, record)) {
		return;
	}
	c = s->conversation;
	c->last = time_max(c->last, inventory_seen_at(record));
	c->flags = record->flags;
	if (unlikely(says_who(record))) {
		learn(inventory, s, record);
	}
	if (likely(record->kind == RECORD_TRANSACTION)) {
		conversation_count(inventory, s, record);
	} else if (record->kind == RECORD_FLOW) {
		conversation_flow(inventory, s, record);
	}
}

/* A frame without IP that says something of its sender, or of others: no connection. */
static bool is_announcement(const struct record *record)
{
	return record->ip_version == 0 && record->kind <= RECORD_ITEM &&
	       (record->about != ABOUT_DESTINATION || mac_is_group(&record->destination.mac));
}

static void take_announcement(struct inventory *inventory, const struct record *record)
{
	struct binding_key target = { .ip = record->destination.ip,
				      .domain = record->domain,
				      .vlan = record->vlan };
	struct enrichment *e = &inventory->enrichment;
	struct binding *b = subject_of(inventory, NULL, record);

	e->source = b != NULL ? b->asset : NULL;
	if (b != NULL && (record->flags & RECORD_IDENTITY) != 0) {
		attribute_record(inventory, b, record);
	}
	if (!ip_is_none(&target.ip)) {
		b = binding_see(inventory, &target, EVIDENCE_ASKED, record->time);
		e->destination = b != NULL ? b->asset : NULL;
		/* That may have moved the other one. */
		b = subject_of(inventory, NULL, record);
		e->source = b != NULL ? b->asset : NULL;
	}
	e->new_source = e->source != NULL && !normal_knows(inventory, e->source);
	e->new_destination = e->destination != NULL && !normal_knows(inventory, e->destination);
}

static bool has_facts(const struct conversation *c, const struct record *record)
{
	return (c->normal.watch & ZONE_VALUES) != 0 ||
	       record->operation == OPERATION_PROGRAM_UPLOAD ||
	       record->operation == OPERATION_PROGRAM_DOWNLOAD;
}

/* What the baseline says of it. */
static void compare(struct inventory *inventory, struct sighting *s, const struct record *record)
{
	struct enrichment *e = &inventory->enrichment;
	struct conversation *c = s->conversation;

	if (unlikely(c == NULL)) {
		e->new_source = e->source != NULL && !normal_knows(inventory, e->source);
		e->new_destination =
		    e->destination != NULL && !normal_knows(inventory, e->destination);
		return;
	}
	if (unlikely(c->normal.generation != inventory->normal_generation ||
		     record->time >= c->normal.until)) {
		normal_judge(inventory, c);
	}
	e->new_source = !c->normal.known[0];
	e->new_destination = !c->normal.known[1];
	e->new_conversation = !c->normal.conversation;
	if (record->kind <= RECORD_ITEM) {
		e->late = (c->normal.late >> record->operation & 1) != 0;
		e->new_operation = !e->late && (c->normal.operations >> record->operation & 1) == 0;
	}
	if (record->kind <= RECORD_ITEM && unlikely(has_facts(c, record))) {
		normal_facts(inventory, c, record);
	}
	if (unlikely(e->new_conversation || e->new_operation || e->late || e->new_target) &&
	    inventory->normal.state == BASELINE_FROZEN) {
		normal_tell(inventory, c, record);
	}
}

static void enrich(struct inventory *inventory, struct sighting *s, const struct record *record)
{
	struct enrichment *e = &inventory->enrichment;

	e->source = s->side[0] != NULL ? s->side[0]->asset : NULL;
	e->destination = s->side[1] != NULL ? s->side[1]->asset : NULL;
	e->conversation = s->conversation;
	if (inventory->normal_generation != 0) {
		compare(inventory, s, record);
	}
}

const struct enrichment *inventory_record(struct inventory *inventory, const struct record *record)
{
	struct sighting *s;

	if (unlikely(record->time > inventory->clock)) {
		advance(inventory, record->time);
	}
	inventory->enrichment = (struct enrichment) { .state = inventory->normal.state };
	if (record->kind != RECORD_TRANSACTION && record->kind != RECORD_ITEM &&
	    record->kind != RECORD_FLOW && record->kind != RECORD_BLIND) {
		return &inventory->enrichment;
	}
	inventory->cause = record;
	inventory->changes_of_cause = 0;
	silence_heard(inventory, record->time);
	if (unlikely(is_announcement(record))) {
		take_announcement(inventory, record);
		return &inventory->enrichment;
	}
	s = sighting_of(inventory, record);
	take(inventory, s, record);
	enrich(inventory, s, record);
	return &inventory->enrichment;
}

struct inventory_counters inventory_counters(const struct inventory *inventory)
{
	struct inventory_counters counters = inventory->counters;

	counters.bindings = inventory->n_bindings;
	counters.conversations = inventory->n_conversations;
	for (size_t i = 0; i < inventory->n_keys; i++) {
		const struct asset *asset = inventory->key_list[i];

		counters.assets += asset_is_live(asset) && !asset_is_ghost(asset);
	}
	return counters;
}
