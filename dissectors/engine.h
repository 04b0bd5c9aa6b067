/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* engine.h - one worker's dissection: which protocol a flow speaks, cutting its bytes into
 * PDUs, pairing requests with answers, and saying what was not seen.
 *
 * The engine is the flow_handler of its worker's tracker.  A PDU that lies whole in one segment is
 * dissected where it lies; only one that spans segments is copied, into a pooled buffer.  After
 * a hole, or bytes that are no PDU, the dissector's resync finds the next boundary; the bytes
 * between are a blind record.  Nothing ends a session for good. */

#include "dissectors/dissector.h"
#include "dissectors/item_demand.h"

struct engine;

struct engine_options {
	size_t requests_max;       /* waiting requests over all flows; default 16,384 */
	size_t requests_flow;      /* of one flow; default 256 */
	size_t assembly_bytes_max; /* partial PDUs over all flows; default 8 MiB */
	int64_t request_timeout;   /* packet time; default 5 s */
	int64_t update_interval; /* a flow record of an open flow at most so often; default 60 s */
	bool name_flows;         /* nDPI for flows that no dissector claims; default true */
	uint8_t worker;
	/* Hears of every packet with its flow (the evidence ring). May be NULL. */
	void (*keep)(void *keeper, uint32_t flow, uint32_t generation, const struct packet *packet);
	void *keeper;
	const struct field_registry *registry;
	const uint16_t *field_bases;     /* of each dissector, from engine_register() */
	const struct item_demand *items; /* NULL: all are wanted */
};

/* Counters of one protocol; codes are reported through protocol_codes(). */
struct protocol_counters {
	uint64_t messages, unknown, malformed, gap_bytes;
	uint64_t by_class[MESSAGE_CLASSES], errors;
	uint64_t flows;                      /* flows of IP that speak it */
	uint64_t encrypted, encrypted_bytes; /* PDUs that cannot be read, and what they hold */
	uint64_t codes_refused;              /* distinct codes beyond the cap of 4,096 */
};

struct engine_counters {
	uint64_t requests_evicted, requests_unanswered, orphan_responses;
	uint64_t assemblies_refused; /* no room for a partial PDU, a gathered message, a kept
					request or memory of a flow */
	uint64_t items_refused;      /* beyond the cap of a message */
	uint64_t blind_records, blind_bytes;
	uint64_t flows_named, flows_unnamed, port_mismatches;
	struct protocol_counters protocols[PROTOCOL_NONE];
};

/* Adds the core table and the tables of all dissectors to a registry. bases has dissector_count()
 * entries. */
int engine_register(struct field_registry *registry, uint16_t *bases,
		    struct problem *problem) MUST_USE;

struct engine_options engine_defaults(void);
int engine_new(struct engine **out, const struct engine_options *options,
	       struct record_ring *ring) MUST_USE;
struct engine *engine_free(struct engine *engine);

/* What the tracker must be given: the handler, and bytes of session a flow. */
struct flow_handler engine_handler(struct engine *engine);
size_t engine_session_size(void);

/* Lets requests time out; then call tracker_tick() (or tracker_finish()) and engine_tick_end(),
 * which publishes what the tick brought, sorted. Before the packet with this number is tracked. */
void engine_tick(struct engine *engine, int64_t clock, uint64_t number);
void engine_tick_end(struct engine *engine);
/* The next calls belong to this packet number (for the order of records). */
void engine_packet(struct engine *engine, const struct packet *packet);
/* A sensor record that capture noticed (fragment conflict, time step, drops). */
void engine_sensor(struct engine *engine, const char *event, const char *what, uint64_t count,
		   double share);

const struct engine_counters *engine_counters(const struct engine *engine);
const struct record_counters *engine_record_counters(const struct engine *engine);
/* Walks the counted codes of protocol i; class MESSAGE_CLASSES stands for `errors`. */
void engine_codes(const struct engine *engine, size_t protocol,
		  void (*handler)(void *context, enum message_class class, uint32_t code,
				  uint64_t count),
		  void *context);
