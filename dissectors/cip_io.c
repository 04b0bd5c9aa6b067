/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* CIP implicit messages: I/O data of transport classes 0 and 1 over UDP 2222 (CIP Volume 2, 3-4),
 * in the common packet format:
 *
 *	2 2 | 0x8002 2 | 8 2 | connection id 4 | sequence 4 | 0x00B1 2 | length 2 | data
 *	data of class 1: sequence count 2 | of an owner: run/idle 4 | data of the assembly
 *
 * Such data comes hundreds of times a second, so a connection is reported when it begins and then
 * at most once a minute, with its rate and what its sequence shows to be lost; a change between
 * run and idle is reported at once. */

#include "dissectors/cip_connections.h"

#include "capture/base/hash.h"

#include <stdio.h>

#define PORT        2222
#define ITEM_SEQ    0x8002
#define ITEM_DATA   0x00b1
#define STREAMS_MAX 64 /* connections of one flow */
#define INTERVAL    (60 * NS_PER_S)

#define IO_FIELDS(X)                                                                          \
	X(EVENT, "event", STRING, FIELD_ENUM, "begin, update, run, idle or end")              \
	X(CONNECTION, "connection_id", UINT, 0, "Network connection id")                      \
	X(DIRECTION, "direction", STRING, FIELD_ENUM,                                         \
	  "o_to_t from the originator, t_to_o to it, t_to_o_multicast; absent: not known")    \
	X(CLASS, "transport_class", UINT, 0, "Transport class, if the Forward Open was seen") \
	X(SEQUENCE, "sequence", UINT, 0, "Sequence number of the packet")                     \
	X(SIZE, "size", UINT, 0, "Bytes of data with its counters")                           \
	X(RUN, "run", BOOL, 0, "The owner is in run mode (false: idle)")                      \
	X(PACKETS, "packets", UINT, 0, "Packets since the last record of this connection")    \
	X(LOST, "lost", UINT, 0, "Packets that the sequence shows to be missing since then")  \
	X(OUT_OF_ORDER, "out_of_order", UINT, 0, "Packets with an older sequence number")     \
	X(RATE, "rate", DOUBLE, 0, "Packets a second since then")                             \
	X(RPI, "rpi_us", UINT, 0, "Interval that the target granted, if that was seen")       \
	X(SERIAL, "connection_serial", UINT, 0, "Serial number of the connection, if seen")   \
	X(PATH, "path", STRING, 0, "What the connection leads to, if seen")                   \
	X(SAFETY, "safety", BOOL, 0, "A CIP Safety connection")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	IO_FIELDS(X)
#undef X
};

static const struct field io_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.cip_io." name, FIELD_##type, flags, NULL, meaning, NULL },
	IO_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

enum run { RUN_UNKNOWN, RUN_IDLE, RUN_RUN };

/* One connection's data one way; lives in memory of the flow. */
struct stream {
	bool open;
	bool known;                  /* the Forward Open was seen */
	bool from_originator, owner; /* owner: every header so far looked like run/idle */
	uint8_t run;
	uint8_t class, side;
	bool safety, has_unit, multicast;
	uint16_t size, serial;
	uint32_t id, next; /* key of the one that began next */
	uint32_t sequence, rpi, unit;
	uint8_t path_length;
	char path[CIP_CONNECTION_PATH];
	uint64_t packets, lost, out_of_order;
	int64_t since, last; /* time of the last record, and of the last packet */
};

struct io_state {
	uint32_t first, newest;
	uint8_t n;
};

/* ---- packets ---- */

struct io_packet {
	uint32_t connection, sequence;
	struct cursor data;
};

/* Both items, and nothing else. */
static bool read_packet(struct cursor bytes, struct io_packet *out)
{
	uint16_t count = cur_le16(&bytes), address = cur_le16(&bytes), length = cur_le16(&bytes);
	uint16_t type;

	out->connection = cur_le32(&bytes);
	out->sequence = cur_le32(&bytes);
	type = cur_le16(&bytes);
	out->data = cur_sub(&bytes, cur_le16(&bytes));
	return cur_ok(&out->data) && cur_left(&bytes) == 0 && count == 2 && address == ITEM_SEQ &&
	       length == 8 && type == ITEM_DATA;
}

static enum claim io_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct io_packet packet;

	(void)usual_port;
	(void)sender;
	return read_packet(bytes, &packet) ? CLAIM_YES : CLAIM_NO;
}

/* ---- streams ---- */

/* What the Forward Open said. Multicast data is seen by whichever worker its group falls to, so it
 * is told by itself alone. */
static void tie(struct dissection *d, struct stream *stream, uint32_t id)
{
	enum cip_direction direction;
	const struct cip_connection *c;

	stream->multicast = ip_is_multicast(&d->flow->key.ip[d->side ^ 1U]);
	if (stream->multicast) {
		return;
	}
	c = cip_connection_find(d->shared, d, id, &direction);
	if (c == NULL) {
		return;
	}
	stream->known = true;
	stream->from_originator = direction == CIP_O_TO_T;
	stream->class = (uint8_t)cip_transport_class(c);
	stream->serial = c->serial;
	stream->rpi = c->end[direction].api;
	stream->safety = c->safety;
	stream->has_unit = c->has_unit;
	stream->unit = c->unit;
	stream->path_length = c->path_length;
	memcpy(stream->path, c->path, sizeof(stream->path));
	/* Volume 1, 3-6.1.4: 32 bits of header in front of the owner's data; a connection that is
	 * shorter is a heartbeat. */
	stream->owner = stream->from_originator &&
			c->end[direction].size >= 4U + (stream->class == 1 ? 2U : 0U);
	dissect_sender(d, stream->from_originator ? SENDER_CLIENT : SENDER_SERVER);
}

static struct stream *find(struct dissection *d, uint32_t id)
{
	struct io_state *state = d->state;
	uint32_t key = (uint32_t)hash_word(d->side, id); /* both directions may use an id */
	struct stream *stream = dissect_memory_find(d, key), *newest;

	if (likely(stream != NULL) || state->n >= STREAMS_MAX) {
		return stream;
	}
	stream = dissect_memory(d, key, sizeof(*stream));
	if (stream == NULL) {
		return NULL;
	}
	newest = state->n > 0 ? dissect_memory_find(d, state->newest) : NULL;
	if (newest != NULL) {
		newest->next = key;
	} else {
		state->first = key;
	}
	state->newest = key;
	state->n++;
	stream->id = id;
	stream->side = (uint8_t)d->side;
	tie(d, stream, id);
	return stream;
}

/* The mode byte of a safety producer stands behind its data, which comes once with 6 bytes around
 * it when it is short, else twice with 8 (Volume 5, 2-4.3). Three of its bits say the same again.
 */
static uint8_t read_safety_run(struct cursor data)
{
	size_t total = cur_left(&data);
	size_t n = total == 7 || total == 8 ? total - 6 : total >= 14 ? (total - 8) / 2 : total;
	uint8_t mode;

	cur_skip(&data, n);
	mode = cur_u8(&data);
	if (!cur_ok(&data) || (mode >> 7 & 1) == (mode >> 4 & 1) ||
	    (mode >> 6 & 1) != (mode >> 3 & 1) || (mode >> 5 & 1) == (mode >> 2 & 1)) {
		return RUN_UNKNOWN;
	}
	return (mode & 0x80) != 0 ? RUN_RUN : RUN_IDLE;
}

/* The mode in the header of the owner's data: RUN_UNKNOWN when there is none. Volume 1, 3-6.1.4:
 * bit 0 is run, bits 1 to 3 are of redundant owners, the others 0. */
static uint8_t read_run(struct stream *stream, struct cursor data)
{
	uint32_t header;

	if (stream->safety) {
		uint8_t run = read_safety_run(data);

		return run != RUN_UNKNOWN ? run : stream->run;
	}
	cur_skip(&data, stream->class == 1 ? 2 : 0);
	if (!stream->owner || cur_left(&data) < 4) {
		return RUN_UNKNOWN;
	}
	header = cur_le32(&data);
	stream->owner = header < 16;
	return !stream->owner ? RUN_UNKNOWN : (header & 1) != 0 ? RUN_RUN : RUN_IDLE;
}

static void report(struct dissection *d, struct stream *stream, const char *event, int64_t now)
{
	int64_t span = now - stream->since;

	dissect_record(d, RECORD_TRANSACTION, OPERATION_IO);
	if (stream->has_unit) {
		dissect_unit(d, stream->unit);
	}
	record_put_static(d->writer, CORE_FUNCTION, "io_data");
	record_put_static(d->writer, PUT(EVENT), event);
	record_put_uint(d->writer, PUT(CONNECTION), stream->id);
	if (stream->known || stream->multicast) {
		record_put_static(d->writer, PUT(DIRECTION),
				  stream->multicast         ? "t_to_o_multicast"
				  : stream->from_originator ? "o_to_t"
							    : "t_to_o");
	}
	if (stream->known) {
		record_put_uint(d->writer, PUT(CLASS), stream->class);
		record_put_uint(d->writer, PUT(SERIAL), stream->serial);
		record_put_uint(d->writer, PUT(RPI), stream->rpi);
		record_put_bytes(d->writer, PUT(PATH), cur_of(stream->path, stream->path_length));
	}
	if (stream->safety) {
		record_put_bool(d->writer, PUT(SAFETY), true);
	}
	record_put_uint(d->writer, PUT(SEQUENCE), stream->sequence);
	record_put_uint(d->writer, PUT(SIZE), stream->size);
	if (stream->run != RUN_UNKNOWN) {
		record_put_bool(d->writer, PUT(RUN), stream->run == RUN_RUN);
	}
	record_put_uint(d->writer, PUT(PACKETS), stream->packets);
	if (stream->lost > 0) {
		record_put_uint(d->writer, PUT(LOST), stream->lost);
	}
	if (stream->out_of_order > 0) {
		record_put_uint(d->writer, PUT(OUT_OF_ORDER), stream->out_of_order);
	}
	if (span > 0 && stream->packets > 1) {
		record_put_double(d->writer, PUT(RATE),
				  (double)stream->packets * NS_PER_S / (double)span);
	}
	record_commit(d->writer);
	stream->since = now;
	stream->packets = stream->lost = stream->out_of_order = 0;
}

/* How far the sequence went on: 1 is the next packet, more are missing ones. */
static void follow(struct stream *stream, uint32_t sequence)
{
	uint32_t step = sequence - stream->sequence;

	if (step == 0 || step > UINT32_MAX / 2) {
		stream->out_of_order++;
		return;
	}
	stream->lost += step - 1;
	stream->sequence = sequence;
}

static enum parsed io_parse(struct dissection *d, struct cursor bytes)
{
	int64_t now = d->packet->time;
	struct io_packet packet;
	struct stream *stream;
	uint8_t run;
	bool begins;

	if (!read_packet(bytes, &packet)) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, MESSAGE_USERDATA, 0);
	stream = find(d, packet.connection);
	if (stream == NULL) {
		return PARSED;
	}
	begins = !stream->open;
	if (begins) {
		stream->open = true;
		stream->sequence = packet.sequence;
		stream->since = now;
	} else {
		follow(stream, packet.sequence);
	}
	stream->packets++;
	stream->last = now;
	stream->size = (uint16_t)cur_left(&packet.data);
	run = read_run(stream, packet.data);
	if (unlikely(begins || run != stream->run)) {
		stream->run = run;
		report(d, stream,
		       begins            ? "begin"
		       : run == RUN_RUN  ? "run"
		       : run == RUN_IDLE ? "idle"
					 : "update",
		       now);
	} else if (unlikely(now - stream->since >= INTERVAL)) {
		report(d, stream, "update", now);
	}
	return PARSED;
}

/* What came since the last record, in the order in which the connections began. */
static void io_expire(struct dissection *d)
{
	const struct io_state *state = d->state;
	uint32_t key = state->first;

	for (unsigned i = 0; i < state->n; i++) {
		struct stream *stream = dissect_memory_find(d, key);

		if (stream == NULL) {
			return;
		}
		if (stream->packets > 0) {
			d->side = stream->side;
			d->from_client = d->side == d->flow->client;
			report(d, stream, "end", stream->last);
		}
		key = stream->next;
	}
}

static void io_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	(void)code;
	snprintf(out, size, "io");
}

static const struct over io_over[] = {
	{ OVER_UDP, NULL, PORT },
	{ OVER_UDP, NULL, 0 },
};

const struct dissector dissector_cip_io = {
	.name = "cip_io",
	.title = "CIP I/O data (ODVA, CIP Volume 2, transport classes 0 and 1)",
	.over = io_over,
	.n_over = ARRAY_SIZE(io_over),
	.state_size = sizeof(struct io_state),
	.shared_with = "cip",
	.probe = io_probe,
	.unit_kind = UNIT_IS_SLOT,
	.parse = io_parse,
	.expire = io_expire,
	.code_text = io_code_text,
	.fields = io_fields,
	.n_fields = ARRAY_SIZE(io_fields),
};
