/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Requests that wait for their answer, in a capped table with all memory made in chunks.  They are
 * linked by age, and as all wait equally long, time-outs come off one end: in the order of
 * their packets, whatever worker they are on. */

#include "dissectors/engine_private.h"

#include "capture/base/hash.h"

#include <errno.h>
#include <stdlib.h>

int transactions_init(struct engine *engine)
{
	/* One block that the kernel backs with memory only as it is used. */
	engine->requests = calloc(engine->options.requests_max, sizeof(*engine->requests));
	return engine->requests != NULL ? 0 : -ENOMEM;
}

void transactions_end(struct engine *engine)
{
	free(engine->requests);
}

static void unlink_age(struct engine *engine, struct pending *p)
{
	*(p->older != NULL ? &p->older->newer : &engine->eldest) = p->newer;
	*(p->newer != NULL ? &p->newer->older : &engine->youngest) = p->older;
}

static void unlink_flow(struct session *session, struct pending *p)
{
	*(p->before != NULL ? &p->before->after : &session->oldest) = p->after;
	*(p->after != NULL ? &p->after->before : &session->newest) = p->before;
	session->n_pending--;
}

static void forget(struct engine *engine, struct pending *p)
{
	/* Its bytes may still be read until the parse at work returns. */
	if (p->kept != NULL) {
		p->kept->next = engine->spent;
		engine->spent = p->kept;
		p->kept = NULL;
	}
	unlink_age(engine, p);
	unlink_flow(p->session, p);
	p->newer = engine->free_requests;
	engine->free_requests = p;
	engine->n_requests--;
}

/* The record of a request whose answer will not come. */
static void report_unanswered(struct engine *engine, struct pending *p,
			      enum transaction_status status)
{
	struct record *record = engine_begin(engine, RECORD_TRANSACTION, p->flow, p->session, NULL);

	record->protocol = p->protocol;
	record->operation = p->operation;
	record->phase = PHASE_COMPLETE;
	record->status = (uint8_t)(p->blind ? TRANSACTION_BLIND : status);
	record->start = p->time;
	record->key = p->record_key;
	record->flags |= p->flags;
	engine->counters.requests_unanswered += record->status == TRANSACTION_UNANSWERED;
	record_fields_append(&engine->writer, p->fields, p->size);
	record_commit(&engine->writer);
	engine->order++;
}

static void expire(struct engine *engine, struct pending *p, enum transaction_status status)
{
	report_unanswered(engine, p, status);
	forget(engine, p);
}

/* Time-outs are the first records of a tick, in the order of their requests. */
void transactions_tick(struct engine *engine)
{
	while (engine->eldest != NULL && engine->eldest->deadline <= engine->clock) {
		uint64_t first = UINT64_C(1) << 56 | engine->eldest->number << 8;

		/* Several requests of one packet count on. */
		if (engine->order >> 8 != first >> 8) {
			engine->order = first;
		}
		expire(engine, engine->eldest, TRANSACTION_UNANSWERED);
	}
}

void transactions_flow_end(struct engine *engine, struct session *session,
			   enum transaction_status status)
{
	while (session->oldest != NULL) {
		expire(engine, session->oldest, status);
	}
}

void transactions_blind(struct session *session)
{
	for (struct pending *p = session->oldest; p != NULL; p = p->after) {
		p->blind = true;
	}
}

static struct pending *take_free(struct engine *engine, struct session *session)
{
	struct pending *p = engine->free_requests;

	if (session->n_pending >= engine->options.requests_flow) {
		engine->counters.requests_evicted++;
		expire(engine, session->oldest, TRANSACTION_UNANSWERED);
		p = engine->free_requests;
	}
	if (p == NULL && engine->n_requests_made < engine->options.requests_max) {
		return &engine->requests[engine->n_requests_made++];
	}
	if (p == NULL) {
		engine->counters.requests_evicted++;
		expire(engine, engine->eldest, TRANSACTION_UNANSWERED);
		p = engine->free_requests;
	}
	engine->free_requests = p->newer;
	return p;
}

static void link_newest(struct engine *engine, struct session *session, struct pending *p)
{
	p->newer = NULL;
	p->older = engine->youngest;
	*(p->older != NULL ? &p->older->newer : &engine->eldest) = p;
	engine->youngest = p;
	p->after = NULL;
	p->before = session->newest;
	*(p->before != NULL ? &p->before->after : &session->oldest) = p;
	session->newest = p;
	session->n_pending++;
	engine->n_requests++;
}

struct pending *transaction_find(struct dissection *d, uint64_t key)
{
	uint8_t protocol = (uint8_t)d->protocol;

	for (struct pending *p = d->session->oldest; p != NULL; p = p->after) {
		if (p->key == key && p->protocol == protocol) {
			return p;
		}
	}
	return NULL;
}

struct pending *transaction_find_by(struct dissection *d,
				    bool (*match)(const struct pending *pending,
						  const void *context),
				    const void *context)
{
	uint8_t protocol = (uint8_t)d->protocol;

	for (struct pending *p = d->session->oldest; p != NULL; p = p->after) {
		if (p->protocol == protocol && match(p, context)) {
			return p;
		}
	}
	return NULL;
}

enum operation pending_operation(const struct pending *pending)
{
	return (enum operation)pending->operation;
}

uint64_t pending_key(const struct pending *pending)
{
	return pending->key;
}

uint64_t pending_note(const struct pending *pending)
{
	return pending->note;
}

/* The same on every replay: from the packet and the protocol's own key. */
static uint64_t make_record_key(const struct dissection *d, uint64_t key)
{
	uint64_t packet = hash_word((uint64_t)d->packet->time, d->packet->number);
	uint64_t place = hash_word(packet, (uint64_t)d->packet->source << 48 ^ key);

	return hash_word(place, d->engine->order) | 1;
}

void transaction_open(struct dissection *d, uint64_t key)
{
	struct engine *engine = d->engine;
	struct session *session = d->session;
	struct pending *same = transaction_find(d, key);
	struct pending *p;

	if (same != NULL) {
		expire(engine, same, TRANSACTION_UNANSWERED);
	}
	p = take_free(engine, session);
	p->flow = d->flow;
	p->session = session;
	p->key = key;
	p->note = 0;
	p->number = engine->number;
	p->record_key = make_record_key(d, key);
	p->time = d->packet->time;
	p->deadline = engine->clock + engine->options.request_timeout;
	p->protocol = (uint8_t)d->protocol;
	p->blind = false;
	p->kept = NULL;
	p->flags = 0;
	p->size = 0;
	engine->open = p;
	engine->record_key = p->record_key;
	record_fields_begin(&engine->writer, p->fields, sizeof(p->fields));
}

void transaction_note(struct dissection *d, uint64_t note)
{
	d->engine->open->note = note;
}

void transaction_keep(struct dissection *d, struct cursor bytes)
{
	struct engine *engine = d->engine;
	size_t n = cur_left(&bytes);
	struct assembly *kept = assembly_get(engine, n);

	if (kept == NULL) {
		engine->counters.assemblies_refused++;
		return;
	}
	cur_copy(&bytes, kept->bytes, n);
	kept->length = (uint32_t)n;
	engine->open->kept = kept;
}

struct cursor pending_kept(const struct pending *pending)
{
	const struct assembly *kept = pending->kept;

	return kept != NULL ? cur_of(kept->bytes, kept->length) : cur_of(NULL, 0);
}

/* Marks the record that is being written, or will be from the request at work. */
static void mark(struct engine *engine, enum record_flags flag)
{
	if (engine->open != NULL) {
		engine->open->flags |= (uint8_t)flag;
	} else if (engine->writer.open != NULL) {
		engine->writer.open->flags |= (uint8_t)flag;
	}
}

void dissect_identity(struct dissection *d)
{
	mark(d->engine, RECORD_IDENTITY);
}

void dissect_unit(struct dissection *d, uint32_t unit)
{
	record_put_uint(&d->engine->writer, CORE_UNIT_ID, unit);
	mark(d->engine, RECORD_UNIT);
}

void dissect_malformed(struct dissection *d, const char *how)
{
	struct engine *engine = d->engine;

	record_put_static(&engine->writer, CORE_MALFORMED, how);
	mark(engine, RECORD_MALFORMED);
}

void transaction_items(struct dissection *d, size_t n, size_t failed)
{
	struct engine *engine = d->engine;

	record_put_uint(&engine->writer, CORE_ITEMS, n);
	if (failed > 0) {
		record_put_uint(&engine->writer, CORE_ITEMS_FAILED, failed);
	}
	if (n > DISSECT_ITEMS_MAX) {
		engine->counters.items_refused += n - DISSECT_ITEMS_MAX;
		mark(engine, RECORD_TRUNCATED);
	}
}

/* Begins a record of this transaction. */
static struct record *begin_record(struct dissection *d, enum record_kind kind,
				   const struct pending *p, enum operation operation)
{
	struct record *record = engine_begin(d->engine, kind, d->flow, d->session, d->packet);

	record->protocol = (uint8_t)d->protocol;
	record->operation = (uint8_t)operation;
	if (p != NULL) {
		record->start = p->time;
		record->key = p->record_key;
		record->flags |= p->flags;
	}
	return record;
}

static void report_request(struct dissection *d, struct pending *p, enum phase phase)
{
	struct engine *engine = d->engine;
	struct record *record =
	    begin_record(d, RECORD_TRANSACTION, p, (enum operation)p->operation);

	record->phase = (uint8_t)phase;
	record_fields_append(&engine->writer, p->fields, p->size);
	record_commit(&engine->writer);
	engine->order++;
}

void transaction_ask(struct dissection *d, enum operation operation, bool no_answer)
{
	struct engine *engine = d->engine;
	struct pending *p = engine->open;

	p->size = (uint16_t)record_fields_end(&engine->writer);
	p->flags |= engine->writer.cut ? RECORD_TRUNCATED : 0;
	p->operation = (uint8_t)operation;
	engine->open = NULL;
	link_newest(engine, d->session, p);
	if (no_answer) {
		report_request(d, p, PHASE_COMPLETE);
		forget(engine, p);
	} else if (operation_reports_request(operation)) {
		report_request(d, p, PHASE_REQUEST);
	}
}

void transaction_answer(struct dissection *d, struct pending *pending, enum operation operation)
{
	struct engine *engine = d->engine;
	struct record *record =
	    begin_record(d, RECORD_TRANSACTION, pending,
			 pending != NULL ? (enum operation)pending->operation : operation);

	record->phase = PHASE_COMPLETE;
	engine->answered = pending;
	if (pending != NULL) {
		int64_t duration = d->packet->time - pending->time;

		record->status = TRANSACTION_ANSWERED;
		record->duration = duration < 0 ? -1 : duration;
		record_fields_append(&engine->writer, pending->fields, pending->size);
	} else {
		record->status = TRANSACTION_ORPHAN;
		record->key = make_record_key(d, 0);
		engine->counters.orphan_responses++;
	}
	engine->record_key = record->key;
}

void transaction_partial(struct dissection *d, enum outcome outcome)
{
	d->engine->writer.open->outcome = (uint8_t)outcome;
	record_commit(&d->engine->writer);
	d->engine->order++;
	d->engine->answered = NULL;
}

void transaction_done(struct dissection *d, enum outcome outcome)
{
	struct pending *answered = d->engine->answered;

	transaction_partial(d, outcome);
	if (answered != NULL) {
		forget(d->engine, answered);
	}
}

/* Worked out once a flow, and again when the demand changes. */
static bool is_of_wanted_end(const struct dissection *d, const struct item_demand *demand)
{
	uint32_t version = __atomic_load_n(&demand->version, __ATOMIC_ACQUIRE) + 1;
	struct session *session = d->session;

	if (unlikely(session->of_end_since != version)) {
		session->of_end_since = version;
		session->of_end = item_demand_has_end(demand, d->flow->key.ip);
	}
	return session->of_end;
}

bool items_wanted(const struct dissection *d, enum operation operation, enum outcome outcome)
{
	const struct item_demand *demand = d->engine->options.items;
	const uint32_t *all, *of_ends;

	if (demand == NULL) {
		return true;
	}
	all = &demand->operations[d->protocol][outcome];
	of_ends = &demand->of_ends[d->protocol][outcome];
	return (__atomic_load_n(all, __ATOMIC_RELAXED) >> operation & 1) != 0 ||
	       ((__atomic_load_n(of_ends, __ATOMIC_RELAXED) >> operation & 1) != 0 &&
		is_of_wanted_end(d, demand));
}

bool item_begin(struct dissection *d, enum operation operation, enum phase phase,
		enum outcome outcome, size_t index)
{
	struct engine *engine = d->engine;
	struct record *record;

	if (index >= DISSECT_ITEMS_MAX || !items_wanted(d, operation, outcome)) {
		return false;
	}
	/* Those of one message are alike but for their order: the head is worked out once. */
	if (engine->item_head.key == engine->record_key &&
	    engine->item_head.number == engine->number &&
	    engine->item_head.protocol == d->protocol && engine->record_key != 0) {
		record = record_begin(&engine->writer, RECORD_ITEM, &engine->item_head);
		record->order = engine->order++;
		record->operation = (uint8_t)operation;
	} else {
		record = dissect_record(d, RECORD_ITEM, operation);
		engine->item_head = *record;
	}
	record->phase = (uint8_t)phase;
	record->outcome = (uint8_t)outcome;
	record_put_uint(d->writer, CORE_ITEM_INDEX, index);
	return true;
}

uint64_t transaction_record(const struct dissection *d)
{
	return d->engine->record_key;
}

void transaction_resume(struct dissection *d, uint64_t record)
{
	d->engine->record_key = record;
}

void dissect_about_sender(struct dissection *d, bool binds)
{
	struct record *record = d->engine->writer.open;

	record->flags |= RECORD_IDENTITY;
	record->about = d->from_client ? ABOUT_SOURCE : ABOUT_DESTINATION;
	record->binds = binds;
}

void dissect_about(struct dissection *d, const struct ip *ip, const struct mac *mac, bool binds)
{
	struct record *record = d->engine->writer.open;

	record->flags |= RECORD_IDENTITY;
	record->about = ABOUT_NAMED;
	record->binds = binds;
	if (!ip_is_none(ip)) {
		record_put_ip(&d->engine->writer, CORE_SUBJECT_IP, ip);
	}
	if (!mac_is_none(mac)) {
		record_put_mac(&d->engine->writer, CORE_SUBJECT_MAC, mac);
	}
}

struct record *dissect_record(struct dissection *d, enum record_kind kind, enum operation operation)
{
	struct record *record = begin_record(d, kind, NULL, operation);

	if (kind == RECORD_ITEM) {
		record->key = d->engine->record_key;
	}
	if (!d->from_client && kind != RECORD_TRANSACTION && kind != RECORD_ITEM) {
		struct endpoint source = record->source;

		record->source = record->destination;
		record->destination = source;
	}
	d->engine->order++;
	return record;
}
