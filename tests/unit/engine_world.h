/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* engine_world.h - two hosts, and a tracker and an engine between them, for the tests of
 * dissectors.
 *
 * PLC is 10.0.0.1 port 502 and side 0, HMI is 10.0.0.2 port 50000 and side 1; ports may be changed.
 * Every packet lies in a heap block of its exact size, its payload at the end, so that a sanitizer
 * sees a read past it.  Records are written into a log, one line a record:
 *   KIND OPERATION PHASE STATUS OUTCOME [FLAG...] FIELD=VALUE...   of transactions and items
 *   KIND FIELD=VALUE...                                           of all others
 * with the fields that the record stores, in its order; lists are joined by commas. */

#include "dissectors/engine_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PLC, HMI };

#define LOG_BYTES (4U << 20)

struct engine_world {
	struct field_registry *registry;
	uint16_t bases[PROTOCOL_NONE];
	struct record_ring *ring;
	struct engine *engine;
	struct tracker *tracker;
	int64_t now;
	uint64_t number;
	uint16_t ip_id;
	uint16_t port[2];
	uint32_t sequence[2];
	struct record last; /* head of the latest record */
	uint64_t records;
	size_t length;
	char log[LOG_BYTES];
};

static inline void world_say(struct engine_world *w, const char *text, size_t n)
{
	assert_true(n < LOG_BYTES - w->length);
	memcpy(w->log + w->length, text, n);
	w->length += n;
	w->log[w->length] = '\0';
}

static inline void world_word(struct engine_world *w, const char *text)
{
	world_say(w, text, strlen(text));
	world_say(w, " ", 1);
}

static inline void world_log_field(struct engine_world *w, const struct record_field *stored)
{
	const struct field *field = field_by_id(w->registry, stored->id);
	struct field_value value;
	char text[2 * RECORD_STRING_MAX];

	field_of_record(field->type, stored, &value);
	world_say(w, field->name, strlen(field->name));
	for (unsigned i = 0; i < value.count; i++) {
		struct field_scalar scalar = field_at(&value, i);

		world_say(w, i == 0 ? "=" : ",", 1);
		world_say(w, text, field_scalar_text(field->type, &scalar, text, sizeof(text)));
	}
	world_say(w, " ", 1);
}

static inline void world_log_head(struct engine_world *w, const struct record *r)
{
	static const char *const phases[] = { "-", "request", "complete" };
	static const char *const statuses[] = { "-",     "answered", "unanswered", "no_answer_seen",
						"blind", "orphan" };
	static const char *const flags[] = { "truncated", "snapped", "malformed", "blind_flow",
					     "fragmented" };

	world_word(w, record_kind_name((enum record_kind)r->kind));
	if (r->kind != RECORD_TRANSACTION && r->kind != RECORD_ITEM) {
		return;
	}
	world_word(w, operation_name((enum operation)r->operation));
	world_word(w, phases[r->phase]);
	world_word(w, statuses[r->status]);
	world_word(w, outcome_name((enum outcome)r->outcome));
	for (unsigned i = 0; i < ARRAY_SIZE(flags); i++) {
		if ((r->flags >> i & 1) != 0) {
			world_word(w, flags[i]);
		}
	}
}

/* Takes all records off the ring into the log. */
static inline void world_drain(void *context)
{
	struct engine_world *w = context;
	const struct record *record;
	struct record_field field;

	while ((record = record_ring_peek(w->ring)) != NULL) {
		size_t position = 0;

		assert_int_equal(record->size % 8, 0);
		world_log_head(w, record);
		while (record_next_field(record, &position, &field)) {
			world_log_field(w, &field);
		}
		w->log[w->length - 1] = '\n';
		w->last = *record;
		w->records++;
		record_ring_release(w->ring);
	}
}

/* The registry is the same for every world, read-only once sealed, and takes longer to make than
 * most tests take. */
static inline void world_registry(struct engine_world *w)
{
	static struct field_registry *registry;
	static uint16_t bases[PROTOCOL_NONE];

	if (registry == NULL) {
		assert_int_equal(field_registry_new(&registry), 0);
		assert_int_equal(engine_register(registry, bases, NULL), 0);
		assert_int_equal(field_registry_seal(registry, NULL), 0);
	}
	w->registry = registry;
	memcpy(w->bases, bases, sizeof(bases));
}

static inline struct engine_world *world_new(const struct engine_options *options)
{
	struct engine_options engine = options != NULL ? *options : engine_defaults();
	struct tracker_options tracker = tracker_defaults();
	struct engine_world *w = calloc(1, sizeof(*w));
	struct flow_handler handler;

	assert_non_null(w);
	w->now = 1000 * NS_PER_S;
	w->port[PLC] = 502;
	w->port[HMI] = 50000;
	w->sequence[PLC] = 1000;
	w->sequence[HMI] = 2000;
	world_registry(w);
	assert_int_equal(record_ring_new(&w->ring, 0, world_drain, w), 0);
	engine.registry = w->registry;
	engine.field_bases = w->bases;
	assert_int_equal(engine_new(&w->engine, &engine, w->ring), 0);
	handler = engine_handler(w->engine);
	tracker.session_size = engine_session_size();
	assert_int_equal(tracker_new(&w->tracker, &tracker, &handler), 0);
	return w;
}

static inline void world_clear(struct engine_world *w)
{
	w->length = 0;
	w->log[0] = '\0';
}

/* Compares the log with this text and empties it. */
#define assert_log(w, text)                          \
	do {                                         \
		assert_string_equal((w)->log, text); \
		world_clear(w);                      \
	} while (0)

/* How many lines of the log have this text in them. */
static inline unsigned world_count(const struct engine_world *w, const char *text)
{
	unsigned n = 0;

	for (const char *line = w->log; *line != '\0';) {
		const char *end = strchr(line, '\n');
		const char *found = strstr(line, text);

		n += found != NULL && found < end;
		line = end + 1;
	}
	return n;
}

static inline void world_time(struct engine_world *w, int64_t ns)
{
	w->now += ns;
	engine_tick(w->engine, w->now, w->number + 1);
	tracker_tick(w->tracker, w->now, w->number + 1);
	engine_tick_end(w->engine);
	world_drain(w);
}

static inline void world_finish(struct engine_world *w)
{
	engine_tick(w->engine, w->now, w->number + 1);
	tracker_finish(w->tracker);
	engine_tick_end(w->engine);
	world_drain(w);
}

static inline void world_free(struct engine_world *w)
{
	world_finish(w);
	tracker_free(w->tracker);
	engine_free(w->engine);
	record_ring_free(w->ring);
	free(w);
}

static inline const struct protocol_counters *world_protocol(const struct engine_world *w,
							     const char *name)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		if (strcmp(dissector_at(i)->name, name) == 0) {
			return &engine_counters(w->engine)->protocols[i];
		}
	}
	fail_msg("no protocol %s", name);
	return NULL;
}

/* ---- packets ---- */

static inline void world_put_be16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* An IPv4 header, and the ports behind it. */
static inline void world_headers(struct engine_world *w, uint8_t *at, struct packet *p, size_t size)
{
	at[0] = 0x45;
	world_put_be16(at + 2, size);
	world_put_be16(at + 4, p->ip_id);
	at[8] = p->ttl;
	at[9] = p->ip_protocol;
	memcpy(at + 12, p->ip_source.bytes + 12, 4);
	memcpy(at + 16, p->ip_destination.bytes + 12, 4);
	world_put_be16(at + 20, p->port_source);
	world_put_be16(at + 22, p->port_destination);
	if (p->ip_protocol == IP_PROTOCOL_TCP) {
		world_put_be16(at + 24, p->tcp_sequence >> 16);
		world_put_be16(at + 26, p->tcp_sequence & 0xffff);
		at[32] = 0x50;
		at[33] = p->tcp_flags;
	} else {
		world_put_be16(at + 24, size - 20);
	}
	(void)w;
}

static inline void world_send(struct engine_world *w, struct packet *p, const void *bytes, size_t n)
{
	size_t head = p->ip_protocol == IP_PROTOCOL_TCP ? 40 : 28;
	uint8_t *block = calloc(1, head + n);

	assert_non_null(block);
	world_headers(w, block, p, head + n);
	memcpy(block + head, bytes, n);
	p->network = cur_of(block, head + n);
	p->frame = block;
	p->payload = cur_of(block + head, n);
	p->payload_length = p->payload_length != 0 ? p->payload_length : (uint32_t)n;
	p->captured = p->length = (uint32_t)(14 + head + n);
	engine_packet(w->engine, p);
	tracker_packet(w->tracker, p);
	free(block);
	world_drain(w);
}

static inline struct packet world_packet(struct engine_world *w, unsigned from, uint8_t protocol)
{
	return (struct packet) {
		.time = w->now,
		.clock = w->now,
		.number = ++w->number,
		.has_mac = true,
		.mac_source = { { 2, 0, 0, 0, 0, (uint8_t)from } },
		.mac_destination = { { 2, 0, 0, 0, 0, (uint8_t)(1 - from) } },
		.ip_version = 4,
		.ip_protocol = protocol,
		.ttl = 64,
		.ip_id = ++w->ip_id,
		.ip_source = ip_from_v4(from == PLC ? 0x0a000001 : 0x0a000002),
		.ip_destination = ip_from_v4(from == PLC ? 0x0a000002 : 0x0a000001),
		.port_source = w->port[from],
		.port_destination = w->port[1 - from],
	};
}

/* The next bytes of one side of the connection. */
static inline void world_tcp(struct engine_world *w, unsigned from, const void *bytes, size_t n)
{
	struct packet p = world_packet(w, from, IP_PROTOCOL_TCP);

	p.tcp_flags = TCP_PSH;
	p.tcp_sequence = w->sequence[from];
	w->sequence[from] += (uint32_t)n;
	world_send(w, &p, bytes, n);
}

static inline void world_flags(struct engine_world *w, unsigned from, uint8_t flags)
{
	struct packet p = world_packet(w, from, IP_PROTOCOL_TCP);

	p.tcp_flags = flags;
	p.tcp_sequence = w->sequence[from];
	p.tcp_acknowledgement = w->sequence[1 - from];
	w->sequence[from] += (flags & (TCP_SYN | TCP_FIN)) != 0;
	world_send(w, &p, "", 0);
}

/* The handshake, which HMI begins. */
static inline void world_open(struct engine_world *w)
{
	world_flags(w, HMI, TCP_SYN);
	world_flags(w, PLC, TCP_SYN | TCP_ACK);
	world_flags(w, HMI, TCP_ACK);
	world_clear(w);
}

static inline void world_udp(struct engine_world *w, unsigned from, const void *bytes, size_t n)
{
	struct packet p = world_packet(w, from, IP_PROTOCOL_UDP);

	world_send(w, &p, bytes, n);
}

/* Bytes written as hexadecimal digits, with spaces as one likes; returns their number. */
static inline size_t world_hex(const char *text, uint8_t *out, size_t size)
{
	size_t n = 0;
	unsigned byte;

	for (; *text != '\0'; text++) {
		if (*text == ' ') {
			continue;
		}
		assert_true(n < size);
		assert_int_equal(sscanf(text, "%2x", &byte), 1);
		out[n++] = (uint8_t)byte;
		text++;
	}
	return n;
}

/* An MBAP message with this transaction id, unit 1 and this PDU. */
static inline size_t world_mbap(uint16_t transaction, const char *pdu, uint8_t *out, size_t size)
{
	size_t n = world_hex(pdu, out + 7, size - 7);

	world_put_be16(out, transaction);
	world_put_be16(out + 2, 0);
	world_put_be16(out + 4, n + 1);
	out[6] = 1;
	return n + 7;
}

static inline void world_modbus(struct engine_world *w, unsigned from, uint16_t transaction,
				const char *pdu)
{
	uint8_t bytes[1200];

	world_tcp(w, from, bytes, world_mbap(transaction, pdu, bytes, sizeof(bytes)));
}

/* A serial frame: unit, PDU and CRC-16 (MODBUS over Serial Line V1.02, 6.2). */
static inline size_t world_rtu(uint8_t unit, const char *pdu, uint8_t *out, size_t size)
{
	size_t n = 1 + world_hex(pdu, out + 1, size - 3);
	uint16_t crc = 0xffff;

	out[0] = unit;
	for (size_t i = 0; i < n; i++) {
		crc ^= out[i];
		for (int bit = 0; bit < 8; bit++) {
			crc = (uint16_t)((crc & 1) != 0 ? crc >> 1 ^ 0xa001 : crc >> 1);
		}
	}
	out[n] = (uint8_t)crc;
	out[n + 1] = (uint8_t)(crc >> 8);
	return n + 2;
}
