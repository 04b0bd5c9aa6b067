/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The records that the engine makes of its own: flows, holes, and what happened to the sensor. */

#include "dissectors/engine_private.h"

static void put_endpoint(const struct flow *flow, unsigned side, struct endpoint *out)
{
	const struct flow_side *s = &flow->side[side];

	if (flow->key.ip_version != 0) {
		out->ip = flow->key.ip[side];
		out->port = flow->key.port[side];
	}
	out->mac = s->mac;
}

/* What nobody but a group is sent has no other direction; neither, mostly, have frames without IP.
 */
static bool is_one_sided(const struct flow *flow, const struct endpoint *destination)
{
	bool both = flow->side[0].seen && flow->side[1].seen;

	return !both && flow->key.ip_version != 0 && !mac_is_group(&destination->mac) &&
	       !ip_is_multicast(&destination->ip) && !ip_is_broadcast(&destination->ip);
}

struct record *engine_begin(struct engine *engine, enum record_kind kind, const struct flow *flow,
			    const struct session *session, const struct packet *packet)
{
	struct record *out = record_begin(&engine->writer, kind, NULL);
	bool recently_blind = session->blind != 0 &&
			      engine->clock - session->blind <= 2 * engine->options.request_timeout;

	out->time = engine->clock;
	out->start = TIME_NONE;
	out->duration = -1;
	out->number = engine->number;
	out->order = engine->order;
	out->flow = flow->index;
	out->generation = flow->generation;
	out->vlan = flow->key.vlan;
	out->source_interface = flow->source;
	out->domain = flow->key.domain;
	out->protocol = session->shown;
	out->ip_protocol = flow->key.protocol;
	out->ip_version = flow->key.ip_version;
	out->worker = engine->options.worker;
	out->flags = (uint8_t)((recently_blind ? RECORD_BLIND_FLOW : 0) |
			       (packet != NULL && packet->truncated ? RECORD_SNAPPED : 0) |
			       (packet != NULL && packet->fragmented ? RECORD_FRAGMENTED : 0));
	put_endpoint(flow, flow->client, &out->source);
	put_endpoint(flow, flow->client ^ 1U, &out->destination);
	/* Of a side that has not sent yet, the frame still tells the link address. */
	if (packet != NULL && packet->has_mac && !flow->side[flow->client ^ 1U].seen) {
		out->destination.mac = packet->mac_destination;
	}
	out->flags |= is_one_sided(flow, &out->destination) ? RECORD_ONE_SIDED : 0;
	return out;
}

static void put_volume(struct record_writer *writer, const struct flow *flow)
{
	const struct flow_side *client = &flow->side[flow->client];
	const struct flow_side *server = &flow->side[flow->client ^ 1U];

	record_put_uint(writer, CORE_SOURCE_BYTES, client->bytes);
	record_put_uint(writer, CORE_SOURCE_PACKETS, client->packets);
	record_put_uint(writer, CORE_DESTINATION_BYTES, server->bytes);
	record_put_uint(writer, CORE_DESTINATION_PACKETS, server->packets);
}

static void put_verdict(struct record_writer *writer, const struct session *session)
{
	const struct naming_verdict *verdict = &session->verdict;
	const char *risks[NAMING_RISKS_MAX];
	size_t n;

	if (verdict->protocol == NULL ||
	    (session->protocol != PROTOCOL_NONE && !dissector_at(session->protocol)->glance)) {
		return;
	}
	record_put_static(writer, CORE_FLOW_PROTOCOL, verdict->protocol);
	if (verdict->application != NULL) {
		record_put_static(writer, CORE_NETWORK_APPLICATION, verdict->application);
	}
	if (verdict->category != NULL) {
		record_put_static(writer, CORE_FLOW_CATEGORY, verdict->category);
	}
	n = naming_risks(verdict->risks, risks);
	if (n > 0) {
		record_put_statics(writer, CORE_FLOW_RISKS, risks, n);
	}
}

static const char *const client_evidence[] = {
	[CLIENT_BY_PORT] = "port",
	[CLIENT_BY_FIRST] = "first",
	[CLIENT_BY_SYN] = "syn",
	[CLIENT_BY_PROTOCOL] = "protocol",
};

static void begin_flow_record(struct engine *engine, struct flow *flow, struct session *session,
			      const struct packet *packet, const char *event)
{
	struct record *record = engine_begin(engine, RECORD_FLOW, flow, session, packet);

	record->start = flow->first;
	record->duration = flow->last - flow->first;
	record_put_static(&engine->writer, CORE_FLOW_EVENT, event);
	put_volume(&engine->writer, flow);
	put_verdict(&engine->writer, session);
	record_put_static(&engine->writer, CORE_FLOW_CLIENT,
			  client_evidence[flow->client_evidence]);
	if (flow->midstream) {
		record_put_bool(&engine->writer, CORE_FLOW_MIDSTREAM, true);
	}
	if (session->encrypted) {
		record_put_bool(&engine->writer, CORE_ENCRYPTED, true);
	}
	flow->reported = engine->clock;
	engine->order++;
}

void engine_flow_record(struct engine *engine, struct flow *flow, struct session *session,
			const struct packet *packet, const char *event)
{
	begin_flow_record(engine, flow, session, packet, event);
	record_commit(&engine->writer);
}

void engine_flow_end_record(struct engine *engine, struct flow *flow, struct session *session,
			    enum flow_end_reason why)
{
	static const char *const reasons[] = {
		[FLOW_END_CLOSED] = "closed",       [FLOW_END_RESET] = "reset",
		[FLOW_END_IDLE] = "idle",           [FLOW_END_EVICTED] = "evicted",
		[FLOW_END_CAPTURE] = "capture_end",
	};

	begin_flow_record(engine, flow, session, NULL, "end");
	record_put_static(&engine->writer, CORE_FLOW_END, reasons[why]);
	record_commit(&engine->writer);
}

void engine_mismatch_record(struct engine *engine, struct flow *flow, struct session *session,
			    const struct packet *packet, struct cursor sample)
{
	begin_flow_record(engine, flow, session, packet, "port_mismatch");
	record_put_static(&engine->writer, CORE_FLOW_EXPECTED, dissector_at(session->usual)->name);
	record_put_bytes(&engine->writer, CORE_FLOW_SAMPLE, cur_sub_most(&sample, 32));
	record_commit(&engine->writer);
	session->mismatched = true;
	engine->counters.port_mismatches++;
}

void engine_blind_record(struct engine *engine, struct flow *flow, struct session *session,
			 const struct packet *packet, const struct blind *blind)
{
	session->blind = engine->clock;
	engine->counters.blind_records++;
	engine->counters.blind_bytes += blind->bytes;
	/* Skipped bytes were there: they are blind, but no gap. */
	if (session->shown != PROTOCOL_NONE && strcmp(blind->reason, "resync") != 0) {
		engine->counters.protocols[session->shown].gap_bytes += blind->bytes;
	}
	engine_begin(engine, RECORD_BLIND, flow, session, packet);
	record_put_uint(&engine->writer, CORE_BLIND_BYTES, blind->bytes);
	record_put_time(&engine->writer, CORE_BLIND_FROM, blind->from);
	record_put_time(&engine->writer, CORE_BLIND_TO, blind->to);
	record_put_static(&engine->writer, CORE_BLIND_REASON, blind->reason);
	record_put_static(&engine->writer, CORE_BLIND_SIDE,
			  blind->side == flow->client ? "request" : "response");
	record_commit(&engine->writer);
	engine->order++;
}

void engine_sensor(struct engine *engine, const char *event, const char *what, uint64_t count,
		   double share)
{
	struct record head = {
		.time = engine->clock,
		.start = TIME_NONE,
		.duration = -1,
		.number = engine->number,
		.order = engine->order,
		.flow = UINT32_MAX,
		.protocol = PROTOCOL_NONE,
		.worker = engine->options.worker,
	};

	record_begin(&engine->writer, RECORD_SENSOR, &head);
	record_put_static(&engine->writer, CORE_SENSOR_EVENT, event);
	record_put_text(&engine->writer, CORE_SENSOR_WHAT, what);
	record_put_uint(&engine->writer, CORE_SENSOR_COUNT, count);
	if (share > 0) {
		record_put_double(&engine->writer, CORE_SENSOR_SHARE, share);
	}
	record_commit(&engine->writer);
	engine->order++;
}
