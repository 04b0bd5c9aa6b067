/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* fuzz_dissect.c - all dissectors: the input is one flow's packets, through tracker, engine and
 * ring to documents.
 *
 * The first byte picks caps, the second ports or the IP protocol.  Then, for each packet: a byte of
 * flags (below), a length byte (two with LONG), and the payload; OFFSET and FRAME take two bytes
 * more.  Bytes of a stream follow each other unless told otherwise, so that a small input gets
 * deep.
 *
 * Fails when a count does not add up: a record that is no record, a document that is no line, a
 * message in no class or in two, a request that neither ended nor was forgotten. */

#include "dissectors/engine.h"
#include "store/document.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	FLAG_SERVER = 0x01,
	FLAG_OFFSET = 0x02, /* a signed distance from where the stream was: a hole, or again */
	FLAG_LONG = 0x04,
	FLAG_TRUNCATED = 0x08,
	FLAG_PAUSE = 0x10, /* a second or more passes, with a tick */
	FLAG_SYN = 0x20,
	FLAG_FIN = 0x40,
	FLAG_FRAME = 0x80, /* not IP: the EtherType, or the LLC when it is a length */
};

struct world {
	struct field_registry *registry;
	uint16_t bases[PROTOCOL_NONE];
	struct engine *engine;
	struct tracker *tracker;
	struct record_ring *ring;
	struct buffer line;
	uint8_t choice, choice_of_port;
	uint32_t sequence[2];
	struct packet last;
	uint64_t records;
};

static void check(bool good)
{
	if (!good) {
		abort();
	}
}

static void check_record(struct world *w, const struct record *record)
{
	const struct document_options options = { .registry = w->registry };
	struct record_field field;
	size_t position = 0;

	check(record->size % 8 == 0 && record->size >= sizeof(*record));
	check(record->size <= RECORD_SIZE_MAX);
	check(record->kind < RECORD_KINDS && record->operation < OPERATIONS);
	check(record->outcome < OUTCOMES && record->status < TRANSACTION_STATUSES);
	while (record_next_field(record, &position, &field)) {
		check(field.shape <= SHAPE_STATIC_LIST);
	}
	w->records++;
	if ((w->choice & 0x40) != 0) {
		buffer_clear(&w->line);
		document_line(&w->line, &options, &(struct event) { .record = record });
		check(w->line.length > 2 && w->line.data[0] == '{');
		check(memchr(w->line.data, '\n', w->line.length) ==
		      w->line.data + w->line.length - 1);
	}
}

static void drain(void *context)
{
	struct world *w = context;
	const struct record *record;

	while ((record = record_ring_peek(w->ring)) != NULL) {
		check_record(w, record);
		record_ring_release(w->ring);
	}
}

/* Built once: it is the same for every input, read-only, and costs more than an input does. */
static int registry_of(struct world *w)
{
	static struct field_registry *registry;
	static uint16_t bases[PROTOCOL_NONE];

	if (registry == NULL) {
		check(field_registry_new(&registry) == 0);
		check(engine_register(registry, bases, NULL) == 0);
		check(field_registry_seal(registry, NULL) == 0);
	}
	w->registry = registry;
	memcpy(w->bases, bases, sizeof(bases));
	return 0;
}

static int world_begin(struct world *w)
{
	struct tracker_options tracker = tracker_defaults();
	struct engine_options engine = engine_defaults();
	struct flow_handler handler;
	int error = registry_of(w);

	engine.requests_max = (w->choice & 0x10) != 0 ? 4 : 64;
	engine.requests_flow = (w->choice & 0x10) != 0 ? 2 : 32;
	engine.assembly_bytes_max = (w->choice & 0x20) != 0 ? 512 : 1 << 17;
	engine.name_flows = false; /* nDPI has fuzz targets of its own, and takes 16 ms to start */
	engine.registry = w->registry;
	engine.field_bases = w->bases;
	tracker.flows_max = 4;
	tracker.session_size = engine_session_size();
	tracker.stream_bytes_max = 1 << 17;
	tracker.history_bytes_max = 1 << 15;
	error = error == 0 ? record_ring_new(&w->ring, 0, drain, w) : error;
	error = error == 0 ? engine_new(&w->engine, &engine, w->ring) : error;
	if (error == 0) {
		handler = engine_handler(w->engine);
		error = tracker_new(&w->tracker, &tracker, &handler);
	}
	return error;
}

static void tick(struct world *w, int64_t clock)
{
	engine_tick(w->engine, clock, w->last.number + 1);
	tracker_tick(w->tracker, clock, w->last.number + 1);
	engine_tick_end(w->engine);
}

static void set_ports(const struct world *w, struct packet *p, bool server)
{
	static const uint16_t ports[] = { 502,   1502, 50001, 80,   102,  20000, 44818, 2222, 2221,
					  50002, 102,  20000, 161,  123,  320,   514,   1985, 53,
					  67,    137,  138,   1900, 3702, 5353,  5355,  547,  21,
					  22,    23,   25,    139,  443,  445,   3389,  5900 };
	uint16_t service = ports[w->choice_of_port % ARRAY_SIZE(ports)];

	p->port_source = server ? service : 50000;
	p->port_destination = server ? 50000 : service;
}

/* Ethernet header first: what decode leaves in the view of a frame without IP. */
static void read_frame(struct packet *p, struct cursor *input)
{
	uint16_t type = cur_be16(input);

	p->ether_type = type >= 0x600 ? type : 0;
	p->llc = type >= 0x600 ? 0 : type;
}

static void read_ip(struct world *w, struct packet *p, struct cursor *input, uint8_t flags)
{
	bool server = (flags & FLAG_SERVER) != 0;
	int16_t offset = (flags & FLAG_OFFSET) != 0 ? (int16_t)cur_be16(input) : 0;
	uint8_t size = (w->choice & 0x04) != 0 ? 6 : 4;

	p->ip_version = size;
	p->ip_protocol = (w->choice & 0x08) != 0 ? IP_PROTOCOL_UDP : IP_PROTOCOL_TCP;
	p->ip_id = (uint16_t)p->number;
	p->ttl = 64;
	/* Another IP protocol, as on the link itself. */
	if ((w->choice & 0x80) != 0) {
		p->ip_protocol = w->choice_of_port;
		p->ttl = 255;
	}
	p->ip_source = ip_from_v4(server ? 1 : 2);
	p->ip_destination = ip_from_v4(server ? 2 : 1);
	set_ports(w, p, server);
	p->tcp_flags = (uint8_t)(TCP_ACK | ((flags & FLAG_SYN) != 0 ? TCP_SYN : 0) |
				 ((flags & FLAG_FIN) != 0 ? TCP_FIN : 0));
	p->tcp_sequence = w->sequence[server] + (uint32_t)offset;
	p->tcp_acknowledgement = w->sequence[!server];
}

static struct cursor read_payload(struct cursor *input, uint8_t flags)
{
	uint16_t length = (flags & FLAG_LONG) != 0 ? cur_be16(input) : cur_u8(input);

	return cur_sub_most(input, length);
}

/* The payload lies in a block of its own size, so that a read beyond it is seen. */
static void one_packet(struct world *w, struct cursor *input)
{
	uint8_t flags = cur_u8(input);
	bool server = (flags & FLAG_SERVER) != 0;
	struct packet p = { .number = w->last.number + 1, .has_mac = true };
	struct cursor payload;

	p.time = p.clock = w->last.clock + ((flags & FLAG_PAUSE) != 0 ? 2 * NS_PER_S : NS_PER_MS);
	if ((flags & FLAG_PAUSE) != 0) {
		tick(w, p.clock);
	}
	p.mac_source.bytes[5] = server ? 1 : 2;
	p.mac_destination.bytes[5] = server ? 2 : 1;
	if ((flags & FLAG_FRAME) != 0) {
		read_frame(&p, input);
	} else {
		read_ip(w, &p, input, flags);
	}
	payload = read_payload(input, flags);
	size_t n = cur_left(&payload);
	uint8_t *block = malloc(size_max(n, 1));

	check(block != NULL);
	cur_copy(&payload, block, n);
	p.payload = p.network = cur_of(block, n);
	p.frame = block;
	p.captured = (uint32_t)n;
	p.truncated = (flags & FLAG_TRUNCATED) != 0;
	p.payload_length = (uint32_t)n + (p.truncated ? 7 : 0);
	p.length = p.payload_length;
	w->sequence[server] = p.tcp_sequence + p.payload_length +
			      ((flags & FLAG_SYN) != 0 ? 1U : 0U) +
			      ((flags & FLAG_FIN) != 0 ? 1U : 0U);
	w->last = p;
	engine_packet(w->engine, &p);
	tracker_packet(w->tracker, &p);
	free(block);
}

static void check_counters(const struct world *w)
{
	const struct engine_counters *counters = engine_counters(w->engine);

	for (size_t i = 0; i < dissector_count(); i++) {
		const struct protocol_counters *p = &counters->protocols[i];
		uint64_t sum = 0;

		for (size_t class = 0; class < MESSAGE_CLASSES; class ++) {
			sum += p->by_class[class];
		}
		check(sum == p->messages);
	}
	check(tracker_counters(w->tracker)->flows_open == 0);
	check(engine_record_counters(w->engine)->records == w->records);
	check(engine_record_counters(w->engine)->dropped == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor input = cur_of(data, size);
	struct world w = { .choice = cur_u8(&input),
			   .choice_of_port = cur_u8(&input),
			   .last = { .time = 1, .clock = 1 } };

	if (world_begin(&w) == 0) {
		while (cur_left(&input) > 0) {
			one_packet(&w, &input);
		}
		engine_tick(w.engine, w.last.clock, w.last.number + 1);
		tracker_finish(w.tracker);
		engine_tick_end(w.engine);
		drain(&w);
		check_counters(&w);
	}
	tracker_free(w.tracker);
	engine_free(w.engine);
	record_ring_free(w.ring);
	buffer_free(&w.line);
	return 0;
}
