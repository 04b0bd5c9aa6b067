/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* engine_private.h - what the engine's files share: engine.c (flows, who speaks what), framing.c
 * (bytes to PDUs), transaction.c (requests and answers), engine_records.c (flow, blind and sensor
 * records), message_count.c. */

#include "dissectors/engine.h"
#include "dissectors/message_count.h"
#include "dissectors/naming.h"

/* The fields of the longest request of one list of registers, or of 252 raw bytes, fit. */
#define PENDING_FIELDS 320

/* A request that waits. Linked twice: by age over all flows, and within its flow. */
struct pending {
	struct pending *older, *newer;  /* by age; newer also links the free list */
	struct pending *before, *after; /* within the flow */
	struct flow *flow;
	struct session *session;
	struct assembly *kept; /* bytes of the request, or NULL */
	uint64_t key, note, number, record_key;
	int64_t time, deadline;
	uint32_t vlan;
	uint16_t size; /* bytes of fields used */
	uint8_t operation, protocol;
	bool blind;
	uint8_t flags; /* enum record_flags: what the request itself brings */
	uint8_t fields[PENDING_FIELDS];
};

/* A pooled buffer: the start of a PDU whose end has not come, parts of a message, the bytes of a
 * request, memory of a flow. */
struct assembly {
	struct assembly *next; /* free list, or the flow's list of parts or memory */
	uint32_t length, capacity;
	uint32_t key, note; /* the dissector's own */
	uint8_t size_class, protocol, side;
	_Alignas(8) uint8_t bytes[];
};

enum { ASSEMBLY_CLASSES = 4 };

/* A dissector that rides over another. */
struct child {
	uint32_t selector;
	uint8_t index;
};

#define CHILDREN_MAX 64

/* A first payload that is likely a protocol's, or too short to tell, with a copy of its packet. */
struct likely {
	struct packet packet;
	uint8_t protocol, side;
	bool too_short; /* what the same side sends next tells */
	uint16_t length;
	uint8_t bytes[]; /* LIKELY_BYTES */
};

#define LIKELY_BYTES 512
#define LIKELY_MAX   1024 /* flows that wait so at once */

/* What the engine keeps of a flow; the tracker owns the memory. */
struct session {
	uint8_t protocol; /* index, or PROTOCOL_NONE */
	uint8_t shown;    /* the same, or what rides in it where it only carries */
	uint8_t usual;    /* index of the dissector this port is for, or PROTOCOL_NONE */
	uint8_t refusals; /* payloads that no dissector wanted */
	uint8_t named_packets;
	bool lost[2];    /* looking for the next PDU after a hole */
	bool settled;    /* no more probing and naming */
	bool mismatched; /* port_mismatch was reported */
	bool proven;     /* a PDU was understood */
	bool named;
	bool encrypted;
	uint8_t enough;   /* bit a side: its dissector wants no more of it */
	uint8_t failures; /* times in a row that bytes were no PDU */
	uint16_t n_pending;
	struct assembly *assembly[2];
	uint32_t need[2]; /* bytes the PDU under way needs */
	struct assembly *parts, *memory;
	struct pending *oldest, *newest;
	bool of_end;           /* items are wanted of one of its ends, as... */
	uint32_t of_end_since; /* ...version + 1 of the demand has it; 0: not looked at yet */
	int64_t blind;         /* clock of the last hole; 0: none */
	uint64_t order;        /* of its next record, if a tick makes it */
	struct likely *likely; /* a payload that waits for the other side's */
	struct naming_flow *naming;
	struct naming_verdict verdict;
	_Alignas(8) uint8_t state[DISSECTOR_STATE_MAX];
};

struct engine {
	struct engine_options options;
	struct record_writer writer;
	struct engine_counters counters;
	struct message_counts *messages;
	struct naming *naming;
	int64_t clock;
	uint64_t number, order; /* of the next record */

	/* A tick's records come in the order of the worker's own lists; they wait here to be
	 * sorted, so that their order does not depend on which flows share a worker. */
	struct record_ring *ring, *tick_ring;
	const struct record **tick_records; /* room to sort them */
	bool ticking;
	struct session *at_work; /* whose records a tick brings now */

	uint8_t tcp[65536], udp[65536]; /* usual port -> dissector index + 1 */
	uint8_t ip[256];                /* the same by IP protocol */

	struct pending *requests;      /* all of them */
	struct pending *free_requests; /* linked by newer */
	struct pending *eldest, *youngest;
	size_t n_requests, n_requests_made;
	struct pending *open;     /* being asked, between open and ask */
	struct pending *answered; /* whose answer is being written */
	uint64_t record_key;      /* of the transaction being written */
	struct record item_head;  /* of the items of that transaction, once there was one */

	struct child children[CHILDREN_MAX];    /* by parent */
	uint8_t children_of[PROTOCOL_NONE + 1]; /* where a parent's begin; they end at the next */
	uint16_t state_at[PROTOCOL_NONE];       /* of each dissector, in the state of a flow */
	void *shared[PROTOCOL_NONE]; /* of a dissector, or of the one that it shares with */

	size_t n_likely;
	struct assembly *spent; /* kept bytes of answered requests, readable until the parse ends */
	struct assembly *free_assemblies[ASSEMBLY_CLASSES];
	size_t assembly_bytes;
};

/* engine_records.c */
/* Begins a record of this flow, its head filled. */
struct record *engine_begin(struct engine *engine, enum record_kind kind, const struct flow *flow,
			    const struct session *session, const struct packet *packet);
void engine_flow_record(struct engine *engine, struct flow *flow, struct session *session,
			const struct packet *packet, const char *event);
void engine_flow_end_record(struct engine *engine, struct flow *flow, struct session *session,
			    enum flow_end_reason why);
void engine_mismatch_record(struct engine *engine, struct flow *flow, struct session *session,
			    const struct packet *packet, struct cursor sample);

struct blind {
	uint64_t bytes;
	int64_t from, to;
	const char *reason;
	unsigned side;
};
void engine_blind_record(struct engine *engine, struct flow *flow, struct session *session,
			 const struct packet *packet, const struct blind *blind);

/* assembly.c */
struct assembly *assembly_get(struct engine *engine, size_t need);
void assembly_put(struct engine *engine, struct assembly *assembly);
void assembly_free_all(struct engine *engine);
/* Forgets the parts of one side. */
void assembly_hole(struct engine *engine, struct session *session, unsigned side);
void assembly_end(struct engine *engine, struct session *session);
/* What was kept for the parse that ended. */
void assembly_spent(struct engine *engine);

/* framing.c */
void framing_data(struct dissection *d, struct session *session, struct cursor bytes);
void framing_datagram(struct dissection *d, struct session *session, struct cursor bytes);
void framing_hole(struct engine *engine, struct session *session, unsigned side);
/* No more of this side is looked at. */
void framing_glance_end(struct engine *engine, const struct flow *flow, struct session *session,
			unsigned side);
void framing_end(struct engine *engine, struct session *session);

/* transaction.c */
int transactions_init(struct engine *engine) MUST_USE;
void transactions_end(struct engine *engine);
void transactions_tick(struct engine *engine);
void transactions_flow_end(struct engine *engine, struct session *session,
			   enum transaction_status status);
void transactions_blind(struct session *session);

/* tick.c */
int ticks_init(struct engine *engine) MUST_USE;
void ticks_end(struct engine *engine);
/* The records that follow are this flow's, until the next call. */
void engine_flow_at_work(struct engine *engine, const struct flow *flow, struct session *session);
void engine_flow_rest(struct engine *engine);

/* engine.c */
void engine_dissection(struct engine *engine, struct flow *flow, struct session *session,
		       const struct packet *packet, unsigned side, struct dissection *out);
