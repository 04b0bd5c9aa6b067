/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* policy_watch.c - records to the policy.
 *
 * Of each flow it is remembered whose zones it joins and which operations of which protocols were
 * judged, so a poll that goes on costs a look into a table.  After a minute all is judged again:
 * meanwhile more may be known of the devices, and conduits have hours. */

#include "capture/base/hash.h"
#include "dissectors/dissector.h"
#include "rules/lru.h"
#include "rules/policy_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS        256
#define FLOWS_FIRST    256
#define FLOW_PROTOCOLS 4
#define JUDGED_FOR     NS_PER_MINUTE
#define TELL_AGAIN     NS_PER_DAY
#define TEXT_MAX       128
#define NO_OPERATION   (UINT32_C(1) << OPERATIONS)

/* A flow that was looked at. */
struct watched {
	uint32_t generation, epoch;
	bool used;
	uint8_t n_protocols;
	uint8_t protocols[FLOW_PROTOCOLS];
	uint32_t judged[FLOW_PROTOCOLS]; /* bits of operations */
	int64_t until;
	struct ip source; /* which way the zones are meant */
	struct policy_context zones;
};

struct told {
	int64_t time;
};

/* Where an asset was first found. */
struct home {
	const struct policy_zone *zone;
	uint32_t epoch;
};

struct use {
	uint64_t count;
	int64_t last;
};

/* Fields that tell what an end is. */
enum end_field { END_TYPE, END_ROLE, END_VENDOR, END_NAME, END_LEVEL, END_ASSET, END_FIELDS };

struct policy_watch {
	struct policy_watch_options options;
	struct policy_watch_counters counters;
	struct {
		struct watched *flows;
		size_t n;
	} workers[WORKERS];
	struct watched uncached; /* of a flow with a number beyond the cap */
	struct lru told, homes;
	struct use *uses; /* of each conduit */
	uint32_t epoch;   /* counts policies */
	uint32_t order;   /* of the records that one record causes */
	struct record_writer writer;
	uint16_t fields[2][END_FIELDS];
	bool *resolves;    /* dissectors of protocols that only find neighbours */
	uint16_t protocol; /* network.protocol */
	char texts[2][END_FIELDS][TEXT_MAX], protocol_text[TEXT_MAX];
	struct policy_context context;
};

struct policy_watch_options policy_watch_defaults(void)
{
	return (struct policy_watch_options) { .flows_max = 1 << 20, .told_max = 65536 };
}

/* ---- life ---- */

static void find_fields(struct policy_watch *watch)
{
	static const char *const names[2][END_FIELDS] = {
		{ "weir.source.type", "weir.source.role", "weir.source.vendor", "weir.source.name",
		  "weir.source.level", "weir.source.asset" },
		{ "weir.destination.type", "weir.destination.role", "weir.destination.vendor",
		  "weir.destination.name", "weir.destination.level", "weir.destination.asset" },
	};

	watch->writer.local_base = field_find(watch->options.registry, policy_fields[0].name);
	watch->protocol = field_find(watch->options.registry, "network.protocol");
	for (unsigned side = 0; side < 2; side++) {
		for (unsigned i = 0; i < END_FIELDS; i++) {
			watch->fields[side][i] =
			    field_find(watch->options.registry, names[side][i]);
		}
	}
}

/* Finding out who has an address is not yet communication between zones. */
static int find_resolvers(struct policy_watch *watch)
{
	static const char *const names[] = { "arp", "icmpv6" };

	watch->resolves = calloc(dissector_count() + 1, sizeof(*watch->resolves));
	for (size_t i = 0; watch->resolves != NULL && i < dissector_count(); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(names); k++) {
			watch->resolves[i] =
			    watch->resolves[i] || strcmp(dissector_at(i)->name, names[k]) == 0;
		}
	}
	return watch->resolves != NULL ? 0 : -ENOMEM;
}

int policy_watch_new(struct policy_watch **out, const struct policy_watch_options *options)
{
	struct policy_watch *watch = calloc(1, sizeof(*watch));
	int error = watch == NULL ? -ENOMEM : 0;

	if (error == 0) {
		watch->options = *options;
		error = record_writer_init(&watch->writer, NULL);
	}
	if (error == 0) {
		find_fields(watch);
		error = find_resolvers(watch);
	}
	if (error == 0) {
		error = lru_init(&watch->told, sizeof(struct told), options->told_max);
	}
	if (error == 0) {
		error = lru_init(&watch->homes, sizeof(struct home), options->told_max);
	}
	if (error < 0) {
		policy_watch_free(watch);
		return error;
	}
	policy_watch_use(watch, options->policy);
	*out = watch;
	return 0;
}

struct policy_watch *policy_watch_free(struct policy_watch *watch)
{
	if (watch != NULL) {
		for (size_t i = 0; i < WORKERS; i++) {
			free(watch->workers[i].flows);
		}
		lru_end(&watch->told);
		lru_end(&watch->homes);
		record_writer_end(&watch->writer);
		free(watch->resolves);
		free(watch->uses);
		free(watch);
	}
	return NULL;
}

void policy_watch_use(struct policy_watch *watch, const struct policy *policy)
{
	void *oldest;

	watch->options.policy = policy;
	watch->epoch++;
	free(watch->uses);
	watch->uses = policy != NULL ? calloc(policy->n_conduits + 1, sizeof(*watch->uses)) : NULL;
	for (size_t i = 0; watch->uses != NULL && i < policy->n_conduits; i++) {
		watch->uses[i].last = TIME_NONE;
	}
	while ((oldest = lru_oldest(&watch->told)) != NULL) {
		lru_remove(&watch->told, oldest);
	}
	while ((oldest = lru_oldest(&watch->homes)) != NULL) {
		lru_remove(&watch->homes, oldest);
	}
}

/* ---- what is asked ---- */

/* The text of a field, in out; NULL: absent. */
static const char *field_text(const struct policy_watch *watch, const struct event *event,
			      uint16_t field, char out[TEXT_MAX])
{
	struct field_value value;
	size_t n;

	if (field == FIELD_NOT_FOUND || !field_get(watch->options.registry, event, field, &value)) {
		return NULL;
	}
	n = size_min(value.one.length, TEXT_MAX - 1);
	memcpy(out, value.one.bytes, n);
	out[n] = '\0';
	return out;
}

/* The same of an end, kept until the next question. */
static const char *text_of(struct policy_watch *watch, const struct event *event, unsigned side,
			   enum end_field field)
{
	return field_text(watch, event, watch->fields[side][field], watch->texts[side][field]);
}

/* As the dissector, else the naming engine calls it; NULL: it cannot be told (yet). */
static const char *protocol_of(struct policy_watch *watch, const struct event *event)
{
	const struct record *record = event->record;

	return record->protocol < dissector_count()
		   ? dissector_at(record->protocol)->name
		   : field_text(watch, event, watch->protocol, watch->protocol_text);
}

static struct policy_end end_of(struct policy_watch *watch, const struct event *event,
				unsigned side)
{
	const struct endpoint *end =
	    side == 0 ? &event->record->source : &event->record->destination;

	return (struct policy_end) {
		.ip = end->ip,
		.mac = end->mac,
		.vlan = (uint16_t)(event->record->vlan & 0xfff), /* the innermost */
		.type = text_of(watch, event, side, END_TYPE),
		.role = text_of(watch, event, side, END_ROLE),
		.vendor = text_of(watch, event, side, END_VENDOR),
		.name = text_of(watch, event, side, END_NAME),
		.level = text_of(watch, event, side, END_LEVEL),
	};
}

static bool has_operation(const struct record *record)
{
	return (record->kind == RECORD_TRANSACTION || record->kind == RECORD_ITEM) &&
	       record->operation < OPERATIONS;
}

static struct policy_question question_of(struct policy_watch *watch, const struct event *event)
{
	const struct record *record = event->record;

	return (struct policy_question) {
		.source = end_of(watch, event, 0),
		.destination = end_of(watch, event, 1),
		.protocol = protocol_of(watch, event),
		.operation = has_operation(record) ? (enum operation)record->operation : OPERATIONS,
		.time = record->time,
	};
}

/* ---- telling ---- */

static uint64_t hash_end(uint64_t h, const struct endpoint *end)
{
	return ip_is_none(&end->ip) ? hash_bytes(end->mac.bytes, sizeof(end->mac.bytes), h)
				    : hash_bytes(end->ip.bytes, sizeof(end->ip.bytes), h);
}

/* Whether it was not told lately. */
static bool is_news(struct policy_watch *watch, uint64_t key, int64_t time)
{
	struct told *told = lru_find(&watch->told, key);

	if (told != NULL) {
		bool again = time - told->time >= TELL_AGAIN;

		lru_touch(&watch->told, told);
		told->time = again ? time : told->time;
		return again;
	}
	while ((told = lru_add(&watch->told, key)) == NULL) {
		lru_remove(&watch->told, lru_oldest(&watch->told));
		watch->counters.forgotten++;
	}
	told->time = time;
	return true;
}

static void put_conduit(struct policy_watch *watch, const struct policy_conduit *conduit)
{
	if (conduit == NULL) {
		return;
	}
	record_put_text(&watch->writer, FIELD_LOCAL(POLICY_FIELD_CONDUIT), conduit->name);
	if (conduit->owner != NULL) {
		record_put_text(&watch->writer, FIELD_LOCAL(POLICY_FIELD_OWNER), conduit->owner);
	}
	if (conduit->ticket != NULL) {
		record_put_text(&watch->writer, FIELD_LOCAL(POLICY_FIELD_TICKET), conduit->ticket);
	}
}

static void put_violation(struct policy_watch *watch, const struct policy_verdict *verdict,
			  const struct policy_question *q)
{
	static const char *const requirements[] = { "SR 5.1", "SR 5.2" };
	const struct policy *policy = watch->options.policy;
	struct record_writer *writer = &watch->writer;

	record_put_static(writer, FIELD_LOCAL(POLICY_FIELD_VIOLATION),
			  policy_violation_name(verdict->violation));
	put_conduit(watch, verdict->conduit);
	record_put_static(writer, FIELD_LOCAL(POLICY_FIELD_MODE),
			  policy == NULL ? "none"
			  : policy->deny ? "deny"
					 : "report");
	record_put_statics(writer, FIELD_LOCAL(POLICY_FIELD_SR), requirements,
			   ARRAY_SIZE(requirements));
	if (policy != NULL) {
		record_put_text(writer, FIELD_LOCAL(POLICY_FIELD_HASH), policy->hash_text);
	}
	if (q->protocol != NULL) {
		record_put_text(writer, FIELD_LOCAL(POLICY_FIELD_PROTOCOL), q->protocol);
	}
	if (q->operation < OPERATIONS) {
		record_put_static(writer, FIELD_LOCAL(POLICY_FIELD_OPERATION),
				  operation_name(q->operation));
	}
}

/* Makes the record, which has the contexts of the one that caused it. */
static void tell(struct policy_watch *watch, const struct event *cause,
		 const struct policy_verdict *verdict, const struct policy_question *q)
{
	const struct record *record = cause->record;
	struct record head = {
		.time = record->time,
		.start = TIME_NONE,
		.duration = -1,
		.number = record->number,
		.order = record->order << 8 | (watch->order++ & 0xff),
		.protocol = record->protocol,
		.source_interface = record->source_interface,
		.worker = record->worker,
		.vlan = record->vlan,
		.domain = record->domain,
		.flow = record->flow,
		.generation = record->generation,
		.ip_protocol = record->ip_protocol,
		.ip_version = record->ip_version,
		.source = record->source,
		.destination = record->destination,
	};
	struct event event = *cause;

	watch->counters.violations++;
	if (watch->options.on_event == NULL) {
		return;
	}
	record_begin(&watch->writer, RECORD_POLICY, &head);
	put_violation(watch, verdict, q);
	record_commit(&watch->writer);
	event.record = record_last(&watch->writer);
	watch->options.on_event(watch->options.context, &event);
}

/* ---- judging ---- */

static void count_use(struct policy_watch *watch, const struct policy_verdict *verdict,
		      int64_t time)
{
	struct use *use;

	if (verdict->conduit == NULL || watch->uses == NULL) {
		return;
	}
	use = &watch->uses[verdict->conduit - watch->options.policy->conduits];
	use->count++;
	use->last = time_max(use->last, time);
}

static bool has_zone_to_be_in(const struct policy_end *end)
{
	return !ip_is_none(&end->ip) && !ip_is_link_local(&end->ip) && !ip_is_loopback(&end->ip);
}

/* An address that nobody answers from need not be in a zone. */
static bool lacks_zone(const struct record *record, const struct policy_question *q,
		       const struct policy_verdict *verdict)
{
	bool answered = record->outcome != OUTCOME_UNKNOWN || record->duration >= 0;

	return (verdict->source == NULL && has_zone_to_be_in(&q->source)) ||
	       (verdict->destination == NULL && answered && has_zone_to_be_in(&q->destination));
}

static uint64_t key_of(const struct record *record, const struct policy_verdict *verdict,
		       const struct policy_question *q)
{
	uint64_t h = hash_word(0, (uint64_t)verdict->violation << 32 | record->domain);

	if (verdict->violation == POLICY_NO_ZONE) {
		return hash_end(h,
				verdict->source == NULL ? &record->source : &record->destination);
	}
	h = hash_end(hash_end(h, &record->source), &record->destination);
	if (verdict->violation >= POLICY_LEVEL_SKIP) {
		return h; /* whatever it is for */
	}
	return hash_word(h, (uint64_t)record->protocol << 8 | q->operation);
}

/* False: it must be asked again. */
static bool judge(struct policy_watch *watch, const struct event *event)
{
	const struct record *record = event->record;
	struct policy_question q = question_of(watch, event);
	struct policy_verdict verdict = { .violation = POLICY_ALLOWED };

	if (watch->options.policy != NULL) {
		verdict = policy_judge(watch->options.policy, &q);
	} else {
		verdict.violation = policy_judge_levels(&q);
	}
	count_use(watch, &verdict, record->time);
	if (verdict.violation == POLICY_ALLOWED ||
	    (verdict.violation == POLICY_NO_ZONE && !lacks_zone(record, &q, &verdict))) {
		return !policy_is_undecided(&q);
	}
	if (is_news(watch, key_of(record, &verdict, &q), record->time)) {
		tell(watch, event, &verdict, &q);
	}
	return true;
}

/* What joins networks stands in several zones by its nature. */
static bool joins_networks(const char *role)
{
	static const char *const roles[] = { "router",  "firewall", "switch",
					     "network", "gateway",  "access_point" };

	for (size_t i = 0; role != NULL && i < ARRAY_SIZE(roles); i++) {
		if (strcmp(role, roles[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* One device with addresses in two zones is a way around every conduit between them. */
static void check_home(struct policy_watch *watch, const struct event *event, unsigned side,
		       const struct policy_zone *zone)
{
	const char *asset = text_of(watch, event, side, END_ASSET);
	struct policy_verdict verdict = { .violation = POLICY_ZONES_BRIDGED };
	struct policy_question q;
	struct home *home;
	uint64_t key;

	if (zone == NULL || asset == NULL ||
	    joins_networks(text_of(watch, event, side, END_ROLE))) {
		return;
	}
	key = hash_bytes(asset, strlen(asset), 0);
	home = lru_find(&watch->homes, key);
	if (home == NULL) {
		while ((home = lru_add(&watch->homes, key)) == NULL) {
			lru_remove(&watch->homes, lru_oldest(&watch->homes));
			watch->counters.forgotten++;
		}
		home->zone = zone;
	}
	lru_touch(&watch->homes, home);
	if (home->zone != zone && is_news(watch, key, event->record->time)) {
		q = question_of(watch, event);
		verdict.source = home->zone;
		verdict.destination = zone;
		tell(watch, event, &verdict, &q);
	}
}

/* ---- flows ---- */

static struct watched *slot_of(struct policy_watch *watch, const struct record *record)
{
	size_t n = watch->workers[record->worker].n;
	struct watched *flows = watch->workers[record->worker].flows;

	if (likely(record->flow < n)) {
		return &flows[record->flow];
	}
	if (record->flow >= watch->options.flows_max) {
		watch->uncached.used = false;
		return &watch->uncached;
	}
	n = size_max(n, FLOWS_FIRST);
	while (n <= record->flow) {
		n *= 2;
	}
	flows = realloc(flows, n * sizeof(*flows));
	if (flows == NULL) {
		watch->uncached.used = false;
		return &watch->uncached;
	}
	memset(flows + watch->workers[record->worker].n, 0,
	       (n - watch->workers[record->worker].n) * sizeof(*flows));
	watch->workers[record->worker].flows = flows;
	watch->workers[record->worker].n = n;
	return &flows[record->flow];
}

static void find_zones(struct policy_watch *watch, const struct event *event,
		       struct policy_context *out)
{
	const struct policy *policy = watch->options.policy;
	struct policy_end ends[2] = { end_of(watch, event, 0), end_of(watch, event, 1) };

	out->source = policy_zone_of(policy, &ends[0]);
	out->destination = policy_zone_of(policy, &ends[1]);
}

static void renew(struct policy_watch *watch, struct watched *flow, const struct event *event)
{
	const struct record *record = event->record;

	*flow = (struct watched) {
		.generation = record->generation,
		.epoch = watch->epoch,
		.used = true,
		.until = record->time + JUDGED_FOR,
		.source = record->source.ip,
	};
	if (watch->options.policy != NULL) {
		find_zones(watch, event, &flow->zones);
	}
}

/* The bits of what was judged of the protocol; with more protocols than fit, the last place is
 * used again. */
static uint32_t *judged_of(struct watched *flow, uint8_t protocol)
{
	unsigned i = 0;

	while (i < flow->n_protocols && flow->protocols[i] != protocol) {
		i++;
	}
	if (i == flow->n_protocols) {
		i = i == FLOW_PROTOCOLS ? FLOW_PROTOCOLS - 1 : i;
		flow->n_protocols = (uint8_t)(i + 1);
		flow->protocols[i] = protocol;
		flow->judged[i] = 0;
	}
	return &flow->judged[i];
}

/* Sent to nobody in particular: it stays where it is. */
static bool is_to_group(const struct record *record)
{
	return mac_is_group(&record->destination.mac) || ip_is_multicast(&record->destination.ip) ||
	       ip_is_broadcast(&record->destination.ip);
}

static void watch_flow(struct policy_watch *watch, struct event *event)
{
	const struct record *record = event->record;
	struct watched *flow = slot_of(watch, record);
	uint32_t bit = has_operation(record) ? UINT32_C(1) << record->operation : NO_OPERATION;
	uint32_t *judged;
	bool fresh = !flow->used || flow->generation != record->generation ||
		     flow->epoch != watch->epoch || record->time >= flow->until ||
		     !ip_equal(&flow->source, &record->source.ip);

	if (fresh) {
		renew(watch, flow, event);
	}
	watch->context = flow->zones;
	event->context[EVENT_RULES] = watch->options.policy != NULL ? &watch->context : NULL;
	judged = judged_of(flow, record->protocol);
	if (likely((*judged & bit) != 0)) {
		return;
	}
	*judged |= bit;
	if (is_to_group(record) ||
	    (record->protocol < dissector_count() && watch->resolves[record->protocol])) {
		return;
	}
	if (fresh && watch->options.policy != NULL) {
		check_home(watch, event, 0, flow->zones.source);
		check_home(watch, event, 1, flow->zones.destination);
	}
	/* A flow that nobody could name yet is judged again by what it is named. */
	if (!judge(watch, event) || record->protocol >= dissector_count()) {
		*judged &= ~bit;
	}
}

void policy_watch_event(struct policy_watch *watch, struct event *event)
{
	const struct record *record = event->record;

	watch->order = 0;
	event->context[EVENT_RULES] = NULL;
	if (record->kind == RECORD_TRANSACTION || record->kind == RECORD_ITEM ||
	    record->kind == RECORD_FLOW) {
		watch_flow(watch, event);
	} else if (record->kind == RECORD_ASSET_CHANGE && watch->options.policy != NULL) {
		find_zones(watch, event, &watch->context);
		watch->context.destination = NULL;
		event->context[EVENT_RULES] = &watch->context;
	}
}

uint64_t policy_watch_used(const struct policy_watch *watch, size_t conduit, int64_t *last)
{
	*last = watch->uses != NULL ? watch->uses[conduit].last : TIME_NONE;
	return watch->uses != NULL ? watch->uses[conduit].count : 0;
}

struct policy_watch_counters policy_watch_counters(const struct policy_watch *watch)
{
	return watch->counters;
}
