/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* evidence.c - the evidence ring and its layout.
 *
 * The memfd holds, in the byte order of the host:
 *
 *	offset 0            struct ring_header, the rest of its page unused
 *	.heads_offset       n_heads positions: where the last packet lies whose flow number
 *	                    modulo n_heads is this index; NO_POSITION when there was none
 *	.data_offset        capacity bytes of records
 *
 * A position counts all bytes ever written into the data, so it never comes twice; modulo
 * capacity it is the offset in the data.  Positions in [oldest, written) hold whole records,
 * each right behind the other: struct record, then the captured bytes, then padding to a
 * multiple of 16.  No record straddles the end of the data: where one does not fit, a filler
 * (only its first 16 bytes count, .captured is FILLER) takes the rest.  Each record links to
 * the one before it at the same head, and a link below .oldest leads to bytes that were
 * overwritten.  A reader of a dead process starts at .oldest and steps by .size, or follows
 * the heads; a record is whole before .written passes it, and .oldest passes a record before
 * its first byte is overwritten. */

#include "capture/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define RING_MAGIC   0x4449564552494557U /* "WEIREVID" in memory of a little-endian host */
#define RING_VERSION 1
#define SNAP         2048U
#define GRAIN        16U
#define PAGE         4096U
#define BYTES_A_HEAD 512U /* of data; more heads than flows at work cost cache for nothing */
#define HEADS_MIN    64U
#define HEADS_MAX    65536U
#define FILLER       UINT32_MAX
#define NO_POSITION  UINT64_MAX
#define CAPACITY_MAX ((size_t)1 << 40)

struct ring_header {
	uint64_t magic;
	uint32_t version, n_heads;
	uint64_t heads_offset, data_offset, capacity;
	uint64_t written, oldest;      /* positions */
	uint64_t packets, overwritten; /* kept in all; of these gone again */
};

struct record {
	uint32_t size; /* with header and padding */
	uint32_t captured, flow, generation;
	uint64_t previous; /* position of the one before at the same head */
	int64_t time;
	uint64_t number;
	uint32_t length; /* on the wire */
	int32_t link_type;
	uint16_t source, domain;
	uint32_t reserved[3];
};

_Static_assert(sizeof(struct record) == 64, "a record head is one cache line");

struct evidence {
	int descriptor;
	size_t mapped;
	struct ring_header *ring;
	uint64_t *heads;
	uint8_t *data;
	size_t write_offset, oldest_offset; /* the positions modulo capacity */
};

DEFINE_FREEP(struct evidence, evidence_free)

static uint32_t heads_for(size_t capacity)
{
	uint32_t n = HEADS_MIN;

	while (n < HEADS_MAX && n < capacity / BYTES_A_HEAD) {
		n *= 2;
	}
	return n;
}

static int map_ring(struct evidence *e, size_t capacity)
{
	uint32_t n_heads = heads_for(capacity);
	size_t heads_bytes = (n_heads * sizeof(uint64_t) + PAGE - 1) / PAGE * PAGE;

	e->mapped = PAGE + heads_bytes + capacity;
	e->descriptor = memfd_create("weir-evidence", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	/* The seals: whoever else holds the descriptor cannot cut the file under our mapping. */
	if (e->descriptor < 0 || ftruncate(e->descriptor, (off_t)e->mapped) != 0 ||
	    fcntl(e->descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
		return -errno;
	}
	void *at = mmap(NULL, e->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, e->descriptor, 0);
	if (at == MAP_FAILED) {
		return -errno;
	}
	e->ring = at;
	e->heads = (uint64_t *)(void *)((uint8_t *)at + PAGE);
	e->data = (uint8_t *)at + PAGE + heads_bytes;
	*e->ring = (struct ring_header) {
		.magic = RING_MAGIC,
		.version = RING_VERSION,
		.n_heads = n_heads,
		.heads_offset = PAGE,
		.data_offset = PAGE + heads_bytes,
		.capacity = capacity,
	};
	memset(e->heads, 0xff, n_heads * sizeof(uint64_t));
	return 0;
}

int evidence_new(struct evidence **out, size_t bytes)
{
	if (bytes == 0) {
		*out = NULL;
		return 0;
	}
	if (bytes > CAPACITY_MAX) {
		return -EINVAL;
	}
	AUTO(evidence_freep) struct evidence *e = calloc(1, sizeof(*e));
	if (e == NULL) {
		return -ENOMEM;
	}
	e->descriptor = -1;
	int r = map_ring(e, (bytes + PAGE - 1) / PAGE * PAGE);
	if (r < 0) {
		return r;
	}
	*out = e;
	e = NULL;
	return 0;
}

struct evidence *evidence_free(struct evidence *e)
{
	if (e != NULL) {
		if (e->ring != NULL) {
			munmap(e->ring, e->mapped);
		}
		if (e->descriptor >= 0) {
			close(e->descriptor);
		}
		free(e);
	}
	return NULL;
}

int evidence_descriptor(const struct evidence *e)
{
	return e != NULL ? e->descriptor : -1;
}

static struct record *record_at(const struct evidence *e, size_t offset)
{
	return (struct record *)(void *)(e->data + offset);
}

static size_t step(const struct evidence *e, size_t offset, uint32_t size)
{
	offset += size;
	return offset == e->ring->capacity ? 0 : offset;
}

/* Gives up the oldest records until `size` bytes from the write position on are free. */
static void make_room(struct evidence *e, uint32_t size)
{
	struct ring_header *ring = e->ring;
	uint64_t oldest = ring->oldest;

	while (ring->written + size - oldest > ring->capacity) {
		const struct record *r = record_at(e, e->oldest_offset);

		ring->overwritten += r->captured != FILLER;
		oldest += r->size;
		e->oldest_offset = step(e, e->oldest_offset, r->size);
	}
	ring->oldest = oldest;
	/* Who reads the ring of a dead process sees its stores in the compiler's order. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void advance(struct evidence *e, uint32_t size)
{
	e->write_offset = step(e, e->write_offset, size);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	e->ring->written += size;
}

/* Fills the rest of the data when a record of `size` does not fit there. */
static void fill_end(struct evidence *e, uint32_t size)
{
	size_t rest = e->ring->capacity - e->write_offset;

	if (rest < size) {
		make_room(e, (uint32_t)rest);
		record_at(e, e->write_offset)->size = (uint32_t)rest;
		record_at(e, e->write_offset)->captured = FILLER;
		advance(e, (uint32_t)rest);
	}
}

void evidence_keep(struct evidence *e, uint32_t flow, uint32_t generation,
		   const struct packet *packet)
{
	if (e == NULL) {
		return;
	}
	struct cursor bytes = cur_of(packet->frame, packet->captured);
	uint32_t captured = packet->captured < SNAP ? packet->captured : SNAP;
	uint32_t size = (uint32_t)(sizeof(struct record) + captured + GRAIN - 1) / GRAIN * GRAIN;
	uint64_t *head = &e->heads[flow & (e->ring->n_heads - 1)];

	fill_end(e, size);
	make_room(e, size);
	struct record *r = record_at(e, e->write_offset);
	*r = (struct record) {
		.size = size,
		.captured = captured,
		.flow = flow,
		.generation = generation,
		.previous = *head,
		.time = packet->time,
		.number = packet->number,
		.length = packet->length,
		.link_type = packet->link_type,
		.source = packet->source,
		.domain = packet->domain,
	};
	cur_copy(&bytes, r + 1, captured);
	*head = e->ring->written;
	e->ring->packets++;
	advance(e, size);
}

struct query {
	uint32_t flow, generation;
	int64_t from, to;
};

static bool matches(const struct record *r, const struct query *q)
{
	return r->captured != FILLER && r->flow == q->flow && r->generation == q->generation &&
	       r->time >= q->from && r->time <= q->to;
}

/* Position of the max-th newest match, or of the oldest there is; NO_POSITION without a match. */
static uint64_t find_start(const struct evidence *e, const struct query *q, size_t max)
{
	const struct ring_header *ring = e->ring;
	uint64_t at = e->heads[q->flow & (ring->n_heads - 1)], start = NO_POSITION;

	for (size_t n = 0; n < max && at != NO_POSITION && at >= ring->oldest;) {
		const struct record *r = record_at(e, (size_t)(at % ring->capacity));

		if (matches(r, q)) {
			start = at;
			n++;
		}
		at = r->previous;
	}
	return start;
}

/* The links lead back only, so the walk finds where to start and the ring is then read forward:
 * no memory is needed to turn the order round. */
size_t evidence_of_flow(const struct evidence *e, uint32_t flow, uint32_t generation, int64_t from,
			int64_t to, size_t max, evidence_handler *handler, void *context)
{
	struct query q = { .flow = flow, .generation = generation, .from = from, .to = to };
	size_t n = 0;

	if (e == NULL) {
		return 0;
	}
	uint64_t at = find_start(e, &q, max);
	size_t offset = (size_t)(at % e->ring->capacity);
	while (at < e->ring->written && n < max) {
		const struct record *r = record_at(e, offset);

		if (matches(r, &q)) {
			struct frame frame = {
				.time = r->time,
				.clock = r->time,
				.number = r->number,
				.bytes = (const uint8_t *)(r + 1),
				.captured = r->captured,
				.length = r->length,
				.source = r->source,
				.domain = r->domain,
				.link_type = r->link_type,
			};
			handler(context, &frame);
			n++;
		}
		at += r->size;
		offset = step(e, offset, r->size);
	}
	return n;
}

struct evidence_state evidence_state(const struct evidence *e)
{
	struct evidence_state state = { .oldest = TIME_NONE };

	if (e == NULL) {
		return state;
	}
	state.capacity = e->ring->capacity;
	state.packets = e->ring->packets - e->ring->overwritten;
	state.overwritten = e->ring->overwritten;
	uint64_t at = e->ring->oldest;
	for (size_t offset = e->oldest_offset;
	     at < e->ring->written && state.oldest == TIME_NONE;) {
		const struct record *r = record_at(e, offset);

		if (r->captured != FILLER) {
			state.oldest = r->time;
		}
		at += r->size;
		offset = step(e, offset, r->size);
	}
	return state;
}
