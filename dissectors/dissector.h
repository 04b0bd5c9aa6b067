/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* dissector.h - what a protocol offers, and what it may use.
 *
 * A protocol is one file that ends in `const struct dissector dissector_NAME`, and one word in the
 * list `protocols` of meson.build.  It answers three questions with three functions: probe (is it
 * mine?), frame (how long is this PDU, or do I need more?) and parse (one whole PDU to its
 * records).  It neither prints, allocates, logs nor reads a clock; it sees bytes only through
 * cursors.  Everything here runs on one worker's thread. */

#include "capture/flow.h"
#include "dissectors/core_fields.h"

#define DISSECTOR_STATE_MAX 256
#define DISSECT_ITEMS_MAX   256 /* of one message */

/* Where a protocol rides. Ports and types are hints: probe decides, on any port. */
enum over_layer {
	OVER_ETHERTYPE,   /* value: EtherType */
	OVER_LLC,         /* value: DSAP << 8 | SSAP */
	OVER_IP_PROTOCOL, /* value: IP protocol number */
	OVER_TCP,         /* value: port, or 0 for "any port, by probe" */
	OVER_UDP,         /* the same */
	OVER_PARENT,      /* parent: name of the dissector below; value: its selector */
};

struct over {
	enum over_layer layer;
	const char *parent;
	uint32_t value;
};

/* MORE: cannot tell from so few bytes. LIKELY: mine if the other side's bytes look like mine as
 * well; they are kept until then. */
enum claim { CLAIM_NO, CLAIM_MORE, CLAIM_LIKELY, CLAIM_YES };

/* What probe learned about who sent the bytes. */
enum sender { SENDER_UNKNOWN, SENDER_CLIENT, SENDER_SERVER };

/* What the units of dissect_unit() are, behind one address: their numbers are told apart. */
enum unit_kind {
	UNIT_IS_DEVICE, /* Modbus unit identifier */
	UNIT_IS_OUTSTATION,
	UNIT_IS_SLOT, /* of a chassis */
	UNIT_KINDS
};

/* What frame says about the bytes at the start of the cursor. */
struct framing {
	enum { FRAMING_PDU, FRAMING_MORE, FRAMING_NOT_MINE } verdict;
	size_t length; /* PDU: its whole length, at least 1; MORE: bytes needed at least, or 0 */
};

enum parsed {
	PARSED,           /* understood, records written */
	PARSED_UNKNOWN,   /* a valid frame with a code that has no row: records written all the same
			   */
	PARSED_MALFORMED, /* contradicts its specification; record written with weir.malformed */
	PARSED_NOT_MINE, /* not this protocol after all: resynchronise, do not count as a message */
};

/* How a message is counted in the summary (DESIGN.md section 6). */
enum message_class {
	MESSAGE_REQUEST,
	MESSAGE_RESPONSE,
	MESSAGE_EXCEPTION,
	MESSAGE_USERDATA,
	MESSAGE_CLASSES
};

struct engine;
struct session;
struct dissector;
struct pending;

/* One call into a dissector. Filled by the engine; a dissector reads it and hands it on. */
struct dissection {
	struct engine *engine;
	const struct dissector *dissector;
	struct flow *flow;
	void *state;                 /* dissector->state_size bytes of this flow, zero at first */
	void *shared;                /* dissector->shared_size bytes of this worker, or NULL */
	const struct packet *packet; /* that brought the last byte; NULL on expiry */
	struct record_writer *writer;
	unsigned side;           /* who sent it: index in flow->side */
	bool from_client;        /* side == flow->client at the time of the call */
	bool stream;             /* TCP bytes in order; else one whole datagram or frame */
	uint8_t depth;           /* of dissectors calling children */
	struct session *session; /* the engine's own part of the flow */
	size_t protocol;         /* index of the dissector at work */
	void *parent;            /* what a parent dissector hands its child; see dissect_child() */
};

struct dissector {
	const char *name;  /* network.protocol, lower case */
	const char *title; /* "Modbus", and the standard it follows */
	const struct over *over;
	size_t n_over;
	size_t state_size; /* with those of its parents and siblings at most DISSECTOR_STATE_MAX */
	/* What all flows of one worker share (a table of connections): so many bytes at d->shared,
	 * zero at first. shared_with: name of the dissector whose memory it is instead. */
	size_t shared_size;
	const char *shared_with;
	bool carrier; /* only carries others: a flow is named for what rides in it */
	bool general; /* not an industrial protocol: speaking it makes nobody a controller */
	/* Only a look at the first bytes of each side (a banner, a certificate): until
	 * dissect_enough(), a hole, or bytes that are no PDU. Its flows are named by the naming
	 * engine besides, and holes in them are not blind: nobody says that all was read. */
	bool glance;
	size_t pdu_max; /* longest PDU that frame may announce; 0: 64 KiB */

	/* Is it mine? bytes: the first in-order bytes of one side, or a whole datagram. Sets
	 * *sender when the bytes show it. usual_port: the flow has a port of an over row. */
	enum claim (*probe)(struct cursor bytes, bool usual_port, enum sender *sender);
	/* Streams only. Called with whatever has arrived, at least 1 byte. */
	struct framing (*frame)(const struct dissection *d, struct cursor bytes);
	/* Offset, from `from` on, at which a PDU may begin; the number of bytes there are when none
	 * does. Called after a hole (from 0), or when frame said NOT_MINE (from 1). */
	size_t (*resync)(const struct dissection *d, struct cursor bytes, size_t from);
	/* One whole PDU, frame or datagram. */
	enum parsed (*parse)(struct dissection *d, struct cursor pdu);
	/* The flow's state is about to be reused or the capture ends. May be NULL. */
	void (*expire)(struct dissection *d);
	/* Whether this unit id means the device at the address itself, not one behind it. NULL:
	 * none does; what names a unit is about the unit. */
	bool (*unit_is_device)(uint32_t unit);
	enum unit_kind unit_kind;
	/* Text of a counted code; NULL: decimal. Writes at most size bytes. */
	void (*code_text)(enum message_class class, uint32_t code, char *out, size_t size);

	const struct field *fields;
	size_t n_fields;
};

/* The list made from `protocols` in meson.build. */
size_t dissector_count(void);
const struct dissector *dissector_at(size_t i);
/* PROTOCOL_NONE: none has this name. */
uint8_t dissector_index(const char *name);

/* ---- counting ---- */

/* Counts one message of the protocol at work, in exactly one class. A PDU without a message of its
 * own (a part of one, a link frame) is not counted; one that holds several counts each. */
void dissect_count(struct dissection *d, enum message_class class, uint32_t code);
/* Counts the same message again under `errors` (answers that report an error where that is no
 * class of its own). */
void dissect_count_error(struct dissection *d, uint32_t code);
/* Counts a PDU that cannot be read as it is encrypted, and its bytes; the flow is marked. True the
 * first time in this flow: time for a record that says so. */
bool dissect_encrypted(struct dissection *d, size_t bytes);

/* Of a dissector that glances: no further bytes of this side are wanted. */
void dissect_enough(struct dissection *d);

/* ---- transactions ---- */

/* The evidence says that `side` is the client: corrects the flow unless stronger evidence stands.
 */
void dissect_sender(struct dissection *d, enum sender sender);

/* Opens a transaction: the fields that are put until transaction_ask() are its request's. key tells
 * transactions of one flow apart (a transaction id, a sequence number); one with the same key that
 * is still waiting is reported as unanswered first. */
void transaction_open(struct dissection *d, uint64_t key);
/* Ends the request: it waits for its answer, and is reported at once when the operation is one of
 * those that must not wait. no_answer: none will come (a broadcast): reported complete now. */
void transaction_ask(struct dissection *d, enum operation operation, bool no_answer);

/* The message at work contradicts its specification: puts weir.malformed (a text that outlives the
 * record) and marks the record. */
void dissect_malformed(struct dissection *d, const char *how);

/* The record that is being written says who or what the device is, in fields marked with
 * FIELD_IDENTITY(): the inventory learns from it. (Of answers to OPERATION_IDENTIFY it always
 * does.) */
void dissect_identity(struct dissection *d);

/* Of the open record, which says so by FIELD_IDENTITY() fields: it is about who sent the message,
 * not about the one asked. binds: it says that its source address is its own (ARP, neighbour
 * discovery): stronger evidence than a frame, which a router may have forwarded. */
void dissect_about_sender(struct dissection *d, bool binds);
/* It is about the device with these addresses (either may be none), whoever sent it: a DHCP server
 * about its client, a name server about a host. Puts CORE_SUBJECT_IP and CORE_SUBJECT_MAC. binds:
 * that MAC has that IP. */
void dissect_about(struct dissection *d, const struct ip *ip, const struct mac *mac, bool binds);

/* Puts the unit behind the address that is asked (CORE_UNIT_ID), and marks the record. */
void dissect_unit(struct dissection *d, uint32_t unit);

/* The waiting request with that key, or NULL. */
struct pending *transaction_find(struct dissection *d, uint64_t key);
/* The oldest waiting request for which match() is true, or NULL. */
struct pending *transaction_find_by(struct dissection *d,
				    bool (*match)(const struct pending *pending,
						  const void *context),
				    const void *context);
enum operation pending_operation(const struct pending *pending);
uint64_t pending_key(const struct pending *pending);
/* A number that the dissector may leave with a request for its answer (a function code, a count).
 */
void transaction_note(struct dissection *d, uint64_t note); /* between open and ask */
uint64_t pending_note(const struct pending *pending);

/* Keeps the request's bytes for its answer, so that both can be read side by side; between open
 * and ask. Without room, which is counted, pending_kept() is empty. */
void transaction_keep(struct dissection *d, struct cursor bytes);
/* They stay readable until the parse at work returns, also behind transaction_done(). */
struct cursor pending_kept(const struct pending *pending);

/* Begins the complete record: with the request's fields, duration and key if pending is not NULL,
 * else as an orphan response with this operation. The answer's fields follow by record_put_*. */
void transaction_answer(struct dissection *d, struct pending *pending, enum operation operation);
/* Ends it: commits, and forgets the pending request. */
void transaction_done(struct dissection *d, enum outcome outcome);
/* Ends an answer that is not the last one (more parts follow): commits, keeps the request. */
void transaction_partial(struct dissection *d, enum outcome outcome);

/* Puts how many items the message has, and how many of them failed if any did, into the open
 * record (or the request under way). */
void transaction_items(struct dissection *d, size_t n, size_t failed);
/* Begins the record of item `index` (from 0) of the transaction that was asked or done last, with
 * its index; the item's fields follow, then record_commit(). Behind a request only for operations
 * that report it at once (operation_reports_request()), with PHASE_REQUEST; behind an answer
 * always, with PHASE_COMPLETE. False for an item beyond the cap of DISSECT_ITEMS_MAX, or one that
 * nobody wants to see (another of the same message may be wanted). */
bool item_begin(struct dissection *d, enum operation operation, enum phase phase,
		enum outcome outcome, size_t index);

/* Whether anybody wants to see such items: where not, a message need not be walked for them. */
bool items_wanted(const struct dissection *d, enum operation operation, enum outcome outcome);

/* Items that come when other transactions were asked or done in between (a message in many parts):
 * a number for the one at work, and back to it before item_begin(). */
uint64_t transaction_record(const struct dissection *d);
void transaction_resume(struct dissection *d, uint64_t record);
/* A record of its own, outside any transaction: source is the sender unless from_client is false
 * and kind is TRANSACTION or ITEM, where it is the client. Commit with record_commit(). */
struct record *dissect_record(struct dissection *d, enum record_kind kind,
			      enum operation operation);

/* ---- memory of a flow ---- */

/* Messages that come in parts (COTP fragments, DNP3 transport segments). key tells apart what is
 * under way at once on one side of the flow; a hole on that side forgets it. */

/* Appends a part. False, with all parts forgotten and a blind record, when there would be more
 * than max bytes or no room is left (inside of an open record or request it is only counted). */
bool dissect_gather(struct dissection *d, uint32_t key, struct cursor part, size_t max);
/* What was gathered so far, readable until the next call with this key; empty if nothing. */
struct cursor dissect_gathered(const struct dissection *d, uint32_t key);
/* A number of the dissector's own beside the parts (the next sequence number); NULL if nothing was
 * gathered. */
uint32_t *dissect_gather_note(const struct dissection *d, uint32_t key);
void dissect_gather_end(struct dissection *d, uint32_t key);

/* size bytes (at most 64 KiB) of this flow, zero when they are first asked for, that live until
 * dissect_memory_end() or the end of the flow; for what few flows need. NULL, and counted, when
 * the cap of the pool is reached. */
void *dissect_memory(struct dissection *d, uint32_t key, size_t size);
/* The same, if it was asked for before; else NULL. */
void *dissect_memory_find(const struct dissection *d, uint32_t key);
void dissect_memory_end(struct dissection *d, uint32_t key);

/* ---- layers ---- */

/* Hands the bytes to the dissectors that ride over this one with that selector; `parent` reaches
 * them as d->parent. True when one took it. */
bool dissect_child(struct dissection *d, uint32_t selector, struct cursor bytes, void *parent);
