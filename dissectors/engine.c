/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Flows to dissectors.  A flow on a usual port is offered to that protocol at every payload until
 * it claims it, as mid-stream is normal; any other flow is offered to all protocols that can be on
 * any port for its first payloads, and then named by nDPI. */

#include "dissectors/engine_private.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#define REFUSALS_MAX    12 /* payloads offered on an unusual port */
#define REFUSALS_REPORT 2  /* payloads refused before a mid-stream mismatch is reported */
#define DEPTH_MAX       8  /* of dissectors calling children */

/* ---- making ---- */

int engine_register(struct field_registry *registry, uint16_t *bases, struct problem *problem)
{
	uint16_t base;
	int error = field_registry_add(registry, core_fields, CORE_FIELD_COUNT, &base, problem);

	for (size_t i = 0; error == 0 && i < dissector_count(); i++) {
		const struct dissector *dissector = dissector_at(i);

		error = field_registry_add(registry, dissector->fields, dissector->n_fields,
					   &bases[i], problem);
	}
	return error;
}

struct engine_options engine_defaults(void)
{
	return (struct engine_options) {
		.requests_max = 16384,
		.requests_flow = 256,
		.assembly_bytes_max = 8 << 20,
		.request_timeout = 5 * NS_PER_S,
		.update_interval = 60 * NS_PER_S,
		.name_flows = true,
	};
}

static void fill_ports(struct engine *engine)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		const struct dissector *dissector = dissector_at(i);

		for (size_t k = 0; k < dissector->n_over; k++) {
			const struct over *over = &dissector->over[k];

			if (over->layer == OVER_TCP) {
				engine->tcp[over->value] = (uint8_t)(i + 1);
			} else if (over->layer == OVER_UDP) {
				engine->udp[over->value] = (uint8_t)(i + 1);
			} else if (over->layer == OVER_IP_PROTOCOL) {
				engine->ip[over->value] = (uint8_t)(i + 1);
			}
		}
	}
	/* Port 0 means "any port": no usual one. */
	engine->tcp[0] = engine->udp[0] = 0;
}

/* Adds those of one dissector's places that are over this parent. */
static uint8_t add_children(struct engine *engine, size_t parent, size_t i, uint8_t n)
{
	const struct dissector *dissector = dissector_at(i);

	for (size_t k = 0; k < dissector->n_over; k++) {
		const struct over *over = &dissector->over[k];

		if (over->layer == OVER_PARENT && dissector_index(over->parent) == parent) {
			assert(n < CHILDREN_MAX);
			engine->children[n++] =
			    (struct child) { .selector = over->value, .index = (uint8_t)i };
		}
	}
	return n;
}

static void fill_children(struct engine *engine)
{
	uint8_t n = 0;

	for (size_t parent = 0; parent < dissector_count(); parent++) {
		for (size_t i = 0; i < dissector_count(); i++) {
			n = add_children(engine, parent, i, n);
		}
		engine->children_of[parent + 1] = n;
	}
}

static size_t state_room(size_t i)
{
	return (dissector_at(i)->state_size + 7) / 8 * 8;
}

static bool is_child(const struct engine *engine, size_t i)
{
	for (size_t k = 0; k < engine->children_of[dissector_count()]; k++) {
		if (engine->children[k].index == i) {
			return true;
		}
	}
	return false;
}

/* Whether dissector i may ride in a flow of this one, at any depth. */
static bool rides_in(const struct engine *engine, size_t root, size_t i, unsigned depth)
{
	for (size_t k = engine->children_of[root];
	     depth < DEPTH_MAX && k < engine->children_of[root + 1]; k++) {
		if (engine->children[k].index == i ||
		    rides_in(engine, engine->children[k].index, i, depth + 1)) {
			return true;
		}
	}
	return false;
}

/* Where the state of each dissector lies in that of a flow. Those that ride in another come behind
 * it, each in its own place: one connection may carry several. */
static void place_states(struct engine *engine)
{
	size_t used[PROTOCOL_NONE]; /* in a flow of each dissector that rides in none */

	for (size_t i = 0; i < dissector_count(); i++) {
		used[i] = state_room(i);
		assert(used[i] <= DISSECTOR_STATE_MAX);
	}
	for (size_t i = 0; i < dissector_count(); i++) {
		size_t at = 0;

		if (!is_child(engine, i)) {
			continue;
		}
		for (size_t root = 0; root < dissector_count(); root++) {
			if (!is_child(engine, root) && rides_in(engine, root, i, 0)) {
				at = size_max(at, used[root]);
			}
		}
		engine->state_at[i] = (uint16_t)at;
		for (size_t root = 0; root < dissector_count(); root++) {
			if (!is_child(engine, root) && rides_in(engine, root, i, 0)) {
				used[root] = at + state_room(i);
				assert(used[root] <= DISSECTOR_STATE_MAX);
			}
		}
	}
}

/* What flows of a protocol share. One block that the kernel backs with memory only as it is used.
 */
static int make_shared(struct engine *engine)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		size_t size = dissector_at(i)->shared_size;

		if (size > 0) {
			engine->shared[i] = calloc(1, size);
			if (engine->shared[i] == NULL) {
				return -ENOMEM;
			}
		}
	}
	for (size_t i = 0; i < dissector_count(); i++) {
		const char *with = dissector_at(i)->shared_with;

		if (with != NULL) {
			engine->shared[i] = engine->shared[dissector_index(with)];
		}
	}
	return 0;
}

static void free_shared(struct engine *engine)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		if (dissector_at(i)->shared_with == NULL) {
			free(engine->shared[i]);
		}
	}
}

int engine_new(struct engine **out, const struct engine_options *options, struct record_ring *ring)
{
	struct engine *engine = calloc(1, sizeof(*engine));

	if (engine == NULL) {
		return -ENOMEM;
	}
	engine->options = *options;
	engine->ring = ring;
	fill_ports(engine);
	fill_children(engine);
	place_states(engine);
	if (make_shared(engine) != 0 || record_writer_init(&engine->writer, ring) != 0 ||
	    message_counts_new(&engine->messages, dissector_count()) != 0 ||
	    transactions_init(engine) != 0 || ticks_init(engine) != 0) {
		engine_free(engine);
		return -ENOMEM;
	}
	*out = engine;
	return 0;
}

struct engine *engine_free(struct engine *engine)
{
	if (engine == NULL) {
		return NULL;
	}
	assembly_spent(engine);
	assembly_free_all(engine);
	free_shared(engine);
	transactions_end(engine);
	ticks_end(engine);
	record_writer_end(&engine->writer);
	message_counts_free(engine->messages);
	naming_free(engine->naming);
	free(engine);
	return NULL;
}

size_t engine_session_size(void)
{
	return sizeof(struct session);
}

const struct engine_counters *engine_counters(const struct engine *engine)
{
	return &engine->counters;
}

const struct record_counters *engine_record_counters(const struct engine *engine)
{
	return &engine->writer.counters;
}

void engine_codes(const struct engine *engine, size_t protocol,
		  void (*handler)(void *context, enum message_class class, uint32_t code,
				  uint64_t count),
		  void *context)
{
	message_counts_walk(engine->messages, protocol, handler, context);
}

/* ---- what dissectors use ---- */

void dissect_count(struct dissection *d, enum message_class class, uint32_t code)
{
	struct protocol_counters *counters = &d->engine->counters.protocols[d->protocol];

	counters->messages++;
	counters->by_class[class]++;
	counters->codes_refused += !message_count(d->engine->messages, d->protocol, class, code);
}

void dissect_count_error(struct dissection *d, uint32_t code)
{
	struct protocol_counters *counters = &d->engine->counters.protocols[d->protocol];

	counters->errors++;
	counters->codes_refused +=
	    !message_count(d->engine->messages, d->protocol, MESSAGE_CLASSES, code);
}

bool dissect_encrypted(struct dissection *d, size_t bytes)
{
	struct protocol_counters *counters = &d->engine->counters.protocols[d->protocol];
	bool first = !d->session->encrypted;

	counters->encrypted++;
	counters->encrypted_bytes += bytes;
	d->session->encrypted = true;
	return first;
}

void dissect_sender(struct dissection *d, enum sender sender)
{
	unsigned client = sender == SENDER_CLIENT ? d->side : d->side ^ 1U;
	const uint8_t *table = d->stream ? d->engine->tcp : d->engine->udp;
	uint8_t usual = table[d->flow->key.port[client ^ 1U]];

	/* Who opened the connection counts more than one message, unless the other side's port
	 * agrees with the message. */
	if (sender == SENDER_UNKNOWN || d->flow->client_evidence == CLIENT_BY_PROTOCOL ||
	    (d->flow->client_evidence == CLIENT_BY_SYN && usual != d->session->protocol + 1)) {
		return;
	}
	flow_set_client(d->flow, client);
	d->from_client = d->side == client;
}

void dissect_enough(struct dissection *d)
{
	d->session->enough |= (uint8_t)(1U << d->side);
	/* What still waits may be answered, where nobody looks any more. */
	if (!d->from_client) {
		transactions_blind(d->session);
	}
}

/* Gives the bytes to one child. Whether it took them. */
static bool give(struct dissection *d, size_t index, struct cursor bytes, void *parent)
{
	struct protocol_counters *counters = &d->engine->counters.protocols[index];
	struct dissection child = *d;
	enum parsed parsed;

	child.depth++;
	child.parent = parent;
	child.state = d->session->state + d->engine->state_at[index];
	child.shared = d->engine->shared[index];
	child.dissector = dissector_at(index);
	child.protocol = index;
	d->writer->local_base = d->engine->options.field_bases[index];
	parsed = child.dissector->parse(&child, bytes);
	d->writer->local_base = d->engine->options.field_bases[d->protocol];
	d->from_client = child.from_client;
	if (unlikely(parsed != PARSED)) {
		counters->unknown += parsed == PARSED_UNKNOWN;
		counters->malformed += parsed == PARSED_MALFORMED;
	}
	if (parsed != PARSED_NOT_MINE && d->dissector->carrier &&
	    d->session->shown == d->protocol) {
		d->session->shown = (uint8_t)index;
		counters->flows++;
	}
	return parsed != PARSED_NOT_MINE;
}

bool dissect_child(struct dissection *d, uint32_t selector, struct cursor bytes, void *parent)
{
	const struct engine *engine = d->engine;

	if (d->depth + 1U >= DEPTH_MAX) {
		return false;
	}
	for (size_t i = engine->children_of[d->protocol]; i < engine->children_of[d->protocol + 1];
	     i++) {
		const struct child *child = &engine->children[i];

		if (child->selector == selector && give(d, child->index, bytes, parent)) {
			return true;
		}
	}
	return false;
}

void engine_dissection(struct engine *engine, struct flow *flow, struct session *session,
		       const struct packet *packet, unsigned side, struct dissection *out)
{
	*out = (struct dissection) {
		.engine = engine,
		.dissector =
		    session->protocol != PROTOCOL_NONE ? dissector_at(session->protocol) : NULL,
		.flow = flow,
		.session = session,
		.protocol = session->protocol,
		.state = session->state,
		.shared =
		    session->protocol != PROTOCOL_NONE ? engine->shared[session->protocol] : NULL,
		.packet = packet,
		.writer = &engine->writer,
		.side = side,
		.from_client = side == flow->client,
		.stream = flow->key.protocol == IP_PROTOCOL_TCP && flow->key.ip_version != 0,
	};
	if (session->protocol != PROTOCOL_NONE) {
		engine->writer.local_base = engine->options.field_bases[session->protocol];
	}
}

/* ---- which protocol ---- */

static bool rides_over(const struct dissector *dissector, enum over_layer layer, uint32_t value)
{
	for (size_t i = 0; i < dissector->n_over; i++) {
		if (dissector->over[i].layer == layer && dissector->over[i].value == value) {
			return true;
		}
	}
	return false;
}

static enum claim ask(struct session *session, size_t i, struct cursor bytes, enum sender *sender)
{
	enum claim claim = dissector_at(i)->probe(bytes, i == session->usual, sender);

	if (claim == CLAIM_YES) {
		session->protocol = session->shown = (uint8_t)i;
	}
	return claim;
}

static void likely_drop(struct engine *engine, struct session *session)
{
	engine->n_likely -= session->likely != NULL;
	free(session->likely);
	session->likely = NULL;
}

/* Keeps a payload that is likely protocol i's. */
static void likely_keep(struct engine *engine, struct session *session, size_t i,
			const struct dissection *d, struct cursor bytes)
{
	size_t n = cur_left(&bytes);
	struct likely *likely;

	if (n > LIKELY_BYTES || engine->n_likely >= LIKELY_MAX) {
		return;
	}
	likely_drop(engine, session);
	likely = malloc(sizeof(*likely) + LIKELY_BYTES);
	if (likely == NULL) {
		return;
	}
	engine->n_likely++;
	likely->packet = *d->packet;
	likely->packet.network = likely->packet.payload = cur_of(NULL, 0);
	likely->packet.frame = NULL;
	likely->protocol = (uint8_t)i;
	likely->side = (uint8_t)d->side;
	likely->too_short = false;
	likely->length = (uint16_t)n;
	cur_copy(&bytes, likely->bytes, n);
	session->likely = likely;
}

/* The flow speaks session->protocol from now on. */
static void claimed(const struct dissection *d, enum sender sender)
{
	struct flow *flow = d->flow;
	struct session *session = d->session;

	d->engine->counters.protocols[session->protocol].flows++;
	if (!dissector_at(session->protocol)->glance) {
		flow->want_history = true;
		naming_end(d->engine->naming, &session->naming, &session->verdict);
	}
	if (sender != SENDER_UNKNOWN && flow->client_evidence != CLIENT_BY_SYN) {
		flow_set_client(flow, sender == SENDER_CLIENT ? d->side : d->side ^ 1U);
	}
}

/* Asks the usual port's protocol. Stacks that write a header by itself begin with too few bytes to
 * tell: these are kept, and stand before what the same side sends next. */
static enum claim ask_usual(const struct dissection *d, struct cursor bytes, enum sender *sender)
{
	struct session *session = d->session;
	const struct likely *kept = session->likely;
	uint8_t room[LIKELY_BYTES];
	struct cursor whole = bytes;
	enum claim claim;

	if (kept != NULL && kept->too_short && kept->side == d->side) {
		struct cursor more = bytes;
		size_t n = size_min(cur_left(&more), sizeof(room) - kept->length);

		memcpy(room, kept->bytes, kept->length);
		cur_copy(&more, room + kept->length, n);
		whole = cur_of(room, kept->length + n);
	}
	claim = ask(session, session->usual, whole, sender);
	if (claim == CLAIM_MORE && d->stream) {
		likely_keep(d->engine, session, session->usual, d, whole);
		if (session->likely != NULL) {
			session->likely->too_short = true;
		}
	}
	return claim;
}

/* Offers a payload. CLAIM_MORE only from the usual port's protocol. */
static enum claim classify(const struct dissection *d, struct cursor bytes)
{
	struct session *session = d->session;
	enum over_layer layer = d->stream ? OVER_TCP : OVER_UDP;
	enum sender sender = SENDER_UNKNOWN;
	enum claim claim = CLAIM_NO;

	if (session->usual != PROTOCOL_NONE) {
		claim = ask_usual(d, bytes, &sender);
	}
	if (!d->stream && d->flow->key.protocol != IP_PROTOCOL_UDP) {
		session->settled = true;
	}
	for (size_t i = 0; i < dissector_count() && claim == CLAIM_NO && !session->settled; i++) {
		if (i == session->usual || !rides_over(dissector_at(i), layer, 0)) {
			continue;
		}
		claim = ask(session, i, bytes, &sender);
		if (claim == CLAIM_LIKELY) {
			const struct likely *likely = session->likely;

			if (likely != NULL && likely->protocol == i && likely->side != d->side) {
				session->protocol = session->shown = (uint8_t)i;
				claim = CLAIM_YES;
			} else {
				likely_keep(d->engine, session, i, d, bytes);
			}
		} else if (claim == CLAIM_MORE) {
			claim = CLAIM_NO;
		}
	}
	if (claim == CLAIM_YES) {
		claimed(d, sender);
	} else if (claim == CLAIM_NO) {
		likely_drop(d->engine, session);
	}
	return claim;
}

/* A payload that nobody wanted. */
static void refused(struct engine *engine, struct flow *flow, struct session *session,
		    const struct packet *packet, struct cursor bytes)
{
	session->refusals = (uint8_t)(session->refusals + (session->refusals < UINT8_MAX));
	if (session->usual != PROTOCOL_NONE && !session->mismatched &&
	    !dissector_at(session->usual)->glance &&
	    (!flow->midstream || session->refusals >= REFUSALS_REPORT)) {
		engine_mismatch_record(engine, flow, session, packet, bytes);
	}
	if (session->refusals >= REFUSALS_MAX) {
		session->settled = true;
	}
}

static bool want_naming(const struct engine *engine, const struct session *session)
{
	if (!engine->options.name_flows || session->named) {
		return false;
	}
	if (session->protocol != PROTOCOL_NONE) {
		return dissector_at(session->protocol)->glance;
	}
	return session->usual == PROTOCOL_NONE || session->mismatched ||
	       dissector_at(session->usual)->glance;
}

/* ---- the flow handler ---- */

static uint8_t usual_of(const struct engine *engine, const struct flow *flow)
{
	const uint8_t *table = flow->key.protocol == IP_PROTOCOL_TCP   ? engine->tcp
			       : flow->key.protocol == IP_PROTOCOL_UDP ? engine->udp
								       : NULL;
	const uint16_t *port = flow->key.port;

	if (flow->key.ip_version == 0) {
		return PROTOCOL_NONE;
	}
	if (table == NULL) {
		uint8_t known = engine->ip[flow->key.protocol];

		return known != 0 ? (uint8_t)(known - 1) : PROTOCOL_NONE;
	}
	/* The server's port first; a client may use one of ours by chance. */
	if (table[port[flow->client ^ 1U]] != 0) {
		return (uint8_t)(table[port[flow->client ^ 1U]] - 1);
	}
	return table[port[flow->client]] != 0 ? (uint8_t)(table[port[flow->client]] - 1)
					      : PROTOCOL_NONE;
}

/* What rides over Ethernet is known by its type. */
static void settle_frame(struct session *session, const struct packet *packet)
{
	enum over_layer layer = packet->llc != 0 ? OVER_LLC : OVER_ETHERTYPE;
	uint32_t value = packet->llc != 0 ? packet->llc : packet->ether_type;

	for (size_t i = 0; session->protocol == PROTOCOL_NONE && i < dissector_count(); i++) {
		if (rides_over(dissector_at(i), layer, value)) {
			session->protocol = session->shown = (uint8_t)i;
		}
	}
	session->settled = true;
}

/* Frames without IP that a dissector reads have records that say all; they make no connection, and
 * ARP between two link addresses is spread over workers by what it asks for. */
static bool is_reported(const struct flow *flow, const struct session *session)
{
	return flow->key.ip_version != 0 || session->protocol == PROTOCOL_NONE;
}

static void on_begin(void *context, struct flow *flow, void *memory, const struct packet *packet)
{
	struct engine *engine = context;
	struct session *session = memory;

	session->protocol = session->shown = PROTOCOL_NONE;
	session->usual = usual_of(engine, flow);
	if (packet->ip_version == 0) {
		settle_frame(session, packet);
	}
	if (is_reported(flow, session)) {
		engine_flow_record(engine, flow, session, packet, "begin");
	}
}

/* Gives a payload to the naming engine. */
static void name(struct engine *engine, struct flow *flow, struct session *session,
		 const struct packet *packet)
{
	bool last;

	if (engine->naming == NULL && naming_new(&engine->naming) != 0) {
		engine->options.name_flows = false;
		return;
	}
	last = ++session->named_packets >= NAMING_PACKETS;
	if (naming_packet(engine->naming, &session->naming, packet->network, packet->time, last,
			  &session->verdict)) {
		session->named = true;
		engine->counters.flows_named += session->verdict.protocol != NULL;
		engine->counters.flows_unnamed += session->verdict.protocol == NULL;
		if (session->verdict.protocol != NULL) {
			engine_flow_record(engine, flow, session, packet, "named");
		}
	}
}

/* What few packets need. */
static COLD void on_unusual_packet(struct engine *engine, struct flow *flow,
				   struct session *session, const struct packet *packet)
{
	if (engine->options.keep != NULL) {
		engine->options.keep(engine->options.keeper, flow->index, flow->generation, packet);
	}
	if (engine->clock - flow->reported >= engine->options.update_interval &&
	    is_reported(flow, session)) {
		engine_flow_record(engine, flow, session, packet, "update");
	}
	if (want_naming(engine, session) && packet->ip_version != 0 &&
	    cur_left(&packet->payload) > 0) {
		name(engine, flow, session, packet);
	}
}

static void on_packet(void *context, struct flow *flow, void *memory, const struct packet *packet,
		      unsigned side)
{
	struct engine *engine = context;

	(void)side;
	if (unlikely(engine->options.keep != NULL ||
		     engine->clock - flow->reported >= engine->options.update_interval ||
		     want_naming(engine, memory))) {
		on_unusual_packet(engine, flow, memory, packet);
	}
}

/* Something general where an industrial protocol is expected. */
static bool is_stranger(const struct session *session)
{
	return session->usual != PROTOCOL_NONE && !session->mismatched &&
	       !dissector_at(session->usual)->general && dissector_at(session->protocol)->general;
}

/* Offers a payload of a flow whose protocol is not known. Whether it is now. */
static COLD bool settle(struct dissection *d, struct cursor bytes)
{
	struct session *session = d->session;
	enum claim claim;

	if (session->settled && session->usual == PROTOCOL_NONE) {
		return false;
	}
	claim = classify(d, bytes);
	if (claim == CLAIM_NO) {
		refused(d->engine, d->flow, session, d->packet, bytes);
	} else if (claim == CLAIM_YES && is_stranger(session)) {
		engine_mismatch_record(d->engine, d->flow, session, d->packet, bytes);
	}
	return claim == CLAIM_YES;
}

/* Hands the dissector what it was not sure of, before the payload that settled it. */
static COLD void catch_up(struct engine *engine, struct flow *flow, struct session *session)
{
	struct likely *likely = session->likely;
	struct dissection d;
	struct cursor bytes = cur_of(likely->bytes, likely->length);

	session->likely = NULL;
	engine->n_likely--;
	likely->packet.clock = engine->clock;
	engine_dissection(engine, flow, session, &likely->packet, likely->side, &d);
	if (likely->protocol == session->protocol) {
		(d.stream ? framing_data : framing_datagram)(&d, session, bytes);
	}
	free(likely);
}

static void deliver(struct engine *engine, struct flow *flow, struct session *session,
		    const struct packet *packet, unsigned side, struct cursor bytes)
{
	struct dissection d;

	engine_dissection(engine, flow, session, packet, side, &d);
	if (unlikely(session->protocol == PROTOCOL_NONE)) {
		if (!settle(&d, bytes)) {
			return;
		}
		if (session->likely != NULL) {
			catch_up(engine, flow, session);
		}
		engine_dissection(engine, flow, session, packet, side, &d);
	}
	if (unlikely(session->enough >> side & 1)) {
		return;
	}
	if (d.stream) {
		framing_data(&d, session, bytes);
	} else {
		framing_datagram(&d, session, bytes);
	}
}

static void on_data(void *context, struct flow *flow, void *memory, const struct packet *packet,
		    unsigned side, struct cursor bytes)
{
	engine_flow_at_work(context, flow, memory);
	deliver(context, flow, memory, packet, side, bytes);
}

static void on_gap(void *context, struct flow *flow, void *memory, const struct packet *packet,
		   unsigned side, uint64_t bytes, int64_t from, int64_t to)
{
	struct engine *engine = context;
	struct session *session = memory;
	bool snapped = packet != NULL && packet->truncated;

	if (session->likely != NULL && session->likely->side == side) {
		likely_drop(engine, session);
	}
	if (session->protocol == PROTOCOL_NONE && session->usual == PROTOCOL_NONE) {
		return;
	}
	if (session->protocol == PROTOCOL_NONE ? dissector_at(session->usual)->glance
					       : dissector_at(session->protocol)->glance) {
		framing_glance_end(engine, flow, session, side);
		return;
	}
	engine_flow_at_work(engine, flow, session);
	framing_hole(engine, session, side);
	transactions_blind(session);
	engine_blind_record(engine, flow, session, packet,
			    &(struct blind) { .bytes = bytes,
					      .from = from,
					      .to = to,
					      .reason = snapped ? "snapped" : "lost",
					      .side = side });
}

static void on_conflict(void *context, struct flow *flow, void *memory, const struct packet *packet,
			unsigned side, uint64_t bytes)
{
	(void)side;
	(void)bytes;
	engine_flow_at_work(context, flow, memory);
	engine_flow_record(context, flow, memory, packet, "conflict");
}

static void on_datagram(void *context, struct flow *flow, void *memory, const struct packet *packet,
			unsigned side)
{
	const struct session *session = memory;
	uint64_t missing = packet->payload_length - cur_left(&packet->payload);

	if ((flow->key.protocol != IP_PROTOCOL_UDP && session->usual == PROTOCOL_NONE) ||
	    cur_left(&packet->payload) == 0) {
		return;
	}
	if (unlikely(missing > 0) &&
	    (session->protocol != PROTOCOL_NONE || session->usual != PROTOCOL_NONE)) {
		/* A message that the snap length cut is not malformed: it was not seen. */
		on_gap(context, flow, memory, packet, side, missing, packet->time, packet->time);
		return;
	}
	deliver(context, flow, memory, packet, side, packet->payload);
}

static void on_frame(void *context, struct flow *flow, void *memory, const struct packet *packet,
		     unsigned side)
{
	struct session *session = memory;
	struct dissection d;

	if (session->protocol != PROTOCOL_NONE) {
		engine_dissection(context, flow, session, packet, side, &d);
		framing_datagram(&d, session, packet->payload);
	}
}

static void on_end(void *context, struct flow *flow, void *memory, enum flow_end_reason why)
{
	struct engine *engine = context;
	struct session *session = memory;
	struct dissection d;

	engine_flow_at_work(engine, flow, session);
	transactions_flow_end(engine, session,
			      why == FLOW_END_CAPTURE ? TRANSACTION_NO_ANSWER_SEEN
						      : TRANSACTION_UNANSWERED);
	if (session->protocol != PROTOCOL_NONE && dissector_at(session->protocol)->expire != NULL) {
		engine_dissection(engine, flow, session, NULL, flow->client, &d);
		d.dissector->expire(&d);
	}
	likely_drop(engine, session);
	naming_end(engine->naming, &session->naming, &session->verdict);
	if (is_reported(flow, session)) {
		engine_flow_end_record(engine, flow, session, why);
	}
	framing_end(engine, session);
	engine_flow_rest(engine);
}

struct flow_handler engine_handler(struct engine *engine)
{
	return (struct flow_handler) {
		.context = engine,
		.flow_begin = on_begin,
		.flow_packet = on_packet,
		.data = on_data,
		.gap = on_gap,
		.conflict = on_conflict,
		.datagram = on_datagram,
		.frame = on_frame,
		.flow_end = on_end,
	};
}
