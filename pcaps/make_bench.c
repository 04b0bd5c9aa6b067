/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* make_bench - a large capture of polling over many TCP connections, for the bench.
 *
 * usage: make_bench OUT.pcap [--packets N] [--flows F] [--clients C] [--rate PPS] [--acks]
 *                   [--protocol modbus|s7comm|dnp3|cip|mix]
 *
 * Connection i joins client i % C with server i / C.  All open with a handshake, then poll in
 * turn: a request, its answer, and with --acks a segment that acknowledges the answer (else the
 * next request does, as real stacks do when polls follow closely).  Values vary.  mix: connection
 * i speaks protocol i modulo their number.  The same options make the same bytes.  Prints how many
 * messages there are.
 *
 * Capture file: pcap with nanoseconds, little endian (draft-ietf-opsawg-pcap). */

#include "bench_messages.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE_TIME    (UINT64_C(1768197600) * 1000000000) /* 2026-01-12T06:00:00Z */
#define FRAME_MAX    (HEADER_BYTES + BENCH_MESSAGE_MAX)
#define BUFFER_SIZE  (1U << 20)
#define FLOWS_MAX    1000000
#define CLIENT_BASE  0x0a000001 /* 10.0.0.1 */
#define SERVER_BASE  0x0a800001 /* 10.128.0.1 */
#define HEADER_BYTES 54         /* Ethernet, IPv4, TCP */

enum { FLAG_SYN = 0x02, FLAG_PSH = 0x08, FLAG_ACK = 0x10 };
enum side { CLIENT, SERVER };

struct options {
	const char *path;
	uint64_t packets, flows, clients, rate;
	const struct bench_protocol *protocol; /* NULL: all in turn */
	bool acks;
};

struct flow {
	uint32_t address[2];
	uint32_t next[2]; /* sequence number of each side's next byte */
	uint16_t port[2], identifier[2];
	const struct bench_protocol *protocol;
	struct bench_poll poll;
};

struct generator {
	FILE *file;
	uint8_t *buffer;
	size_t used;
	uint64_t time, step, left;
	uint64_t bytes, requests, responses;
	uint64_t random;
	int error; /* 0 or negative errno; nothing is written after it */
};

static uint8_t *put_be16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return at + 2;
}

static uint8_t *put_be32(uint8_t *at, uint32_t value)
{
	return put_be16(put_be16(at, value >> 16), value);
}

static uint8_t *put_le32(uint8_t *at, uint64_t value)
{
	for (int i = 0; i < 4; i++) {
		*at++ = (uint8_t)(value >> 8 * i);
	}
	return at;
}

static uint32_t next_random(struct generator *generator)
{
	generator->random =
	    generator->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(generator->random >> 33);
}

/* Adds to an Internet checksum (RFC 1071). length may be odd only in the last call. */
static uint32_t sum(uint32_t total, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i + 1 < length; i += 2) {
		total += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	}
	return length % 2 ? total + ((uint32_t)bytes[length - 1] << 8) : total;
}

static uint32_t folded(uint32_t total)
{
	total = (total & 0xFFFF) + (total >> 16);
	total = (total & 0xFFFF) + (total >> 16);
	return ~total & 0xFFFF;
}

static void flush(struct generator *generator)
{
	if (generator->error == 0 &&
	    fwrite(generator->buffer, 1, generator->used, generator->file) != generator->used) {
		generator->error = errno ? -errno : -EIO;
	}
	generator->used = 0;
}

static void file_header(struct generator *generator)
{
	uint8_t *at = generator->buffer;

	at = put_le32(at, 0xA1B23C4D);
	at = put_le32(at, 4U << 16 | 2); /* version 2.4 */
	at = put_le32(put_le32(at, 0), 0);
	at = put_le32(at, 262144);
	put_le32(at, 1); /* LINKTYPE_ETHERNET */
	generator->used = 24;
}

/* Locally administered: made from the address. */
static uint8_t *put_mac(uint8_t *at, uint32_t address)
{
	return put_be32(put_be16(at, 0x0200), address);
}

static uint8_t *put_ipv4(uint8_t *at, struct flow *flow, enum side side, size_t payload)
{
	uint8_t *header = at;

	at = put_be16(at, 0x4500);
	at = put_be16(at, (uint32_t)(40 + payload));
	at = put_be16(at, flow->identifier[side]++);
	at = put_be16(at, 0x4000); /* do not fragment */
	at = put_be16(at, 64U << 8 | 6);
	at = put_be16(at, 0);
	at = put_be32(at, flow->address[side]);
	at = put_be32(at, flow->address[1 - side]);
	put_be16(header + 10, folded(sum(0, header, 20)));
	return at;
}

/* Header and payload; the payload already lies behind the header. */
static void put_tcp(uint8_t *at, struct flow *flow, enum side side, uint8_t flags, size_t payload)
{
	uint8_t *header = at;
	uint32_t pseudo = (flow->address[0] >> 16) + (flow->address[0] & 0xFFFF) +
			  (flow->address[1] >> 16) + (flow->address[1] & 0xFFFF) + 6 +
			  (uint32_t)(20 + payload);

	at = put_be16(at, flow->port[side]);
	at = put_be16(at, flow->port[1 - side]);
	at = put_be32(at, flow->next[side]);
	at = put_be32(at, flags & FLAG_ACK ? flow->next[1 - side] : 0);
	at = put_be16(at, 5U << 12 | flags);
	at = put_be16(at, 64240);
	put_be32(at, 0);
	put_be16(header + 16, folded(sum(pseudo, header, 20 + payload)));
	flow->next[side] += (uint32_t)payload + (flags & FLAG_SYN ? 1 : 0);
}

/* One frame with `length` bytes of payload, which lie at payload_of(generator). */
static void emit(struct generator *generator, struct flow *flow, enum side side, uint8_t flags,
		 size_t length)
{
	uint8_t *record = generator->buffer + generator->used;
	uint8_t *frame = record + 16;
	size_t size = HEADER_BYTES + length;
	uint8_t *at;

	for (; size < 60; size++) {
		frame[size] = 0; /* the padding that a short frame has on the wire */
	}
	at = put_mac(put_mac(frame, flow->address[1 - side]), flow->address[side]);
	at = put_be16(at, 0x0800);
	at = put_ipv4(at, flow, side, length);
	put_tcp(at, flow, side, flags, length);

	at = put_le32(record, generator->time / 1000000000);
	at = put_le32(at, generator->time % 1000000000);
	put_le32(put_le32(at, size), size);
	generator->used += 16 + size;
	generator->bytes += size;
	generator->time += generator->step;
	generator->left--;
	if (generator->used + 16 + FRAME_MAX > BUFFER_SIZE) {
		flush(generator);
	}
}

static uint8_t *payload_of(struct generator *generator)
{
	return generator->buffer + generator->used + 16 + HEADER_BYTES;
}

static void request(struct generator *generator, struct flow *flow)
{
	size_t n = flow->protocol->request(payload_of(generator), &flow->poll);

	generator->requests++;
	emit(generator, flow, CLIENT, FLAG_PSH | FLAG_ACK, n);
}

static void answer(struct generator *generator, struct flow *flow)
{
	for (size_t i = 0; i < BENCH_VALUES; i++) {
		flow->poll.values[i] = (uint8_t)next_random(generator);
	}
	size_t n = flow->protocol->answer(payload_of(generator), &flow->poll);

	generator->responses++;
	emit(generator, flow, SERVER, FLAG_PSH | FLAG_ACK, n);
}

static void open_flow(struct generator *generator, struct flow *flow)
{
	const uint8_t flags[] = { FLAG_SYN, FLAG_SYN | FLAG_ACK, FLAG_ACK };

	for (unsigned i = 0; i < 3 && generator->left > 0; i++) {
		emit(generator, flow, i % 2 ? SERVER : CLIENT, flags[i], 0);
	}
}

static void poll_flow(struct generator *generator, struct flow *flow, bool acks)
{
	request(generator, flow);
	if (generator->left > 0) {
		answer(generator, flow);
	}
	flow->poll.number++;
	if (generator->left > 0 && acks) {
		emit(generator, flow, CLIENT, FLAG_ACK, 0);
	}
}

static const struct bench_protocol *protocol_of(const struct options *options, size_t i)
{
	size_t n = 0;

	if (options->protocol != NULL) {
		return options->protocol;
	}
	while (bench_protocol_at(n) != NULL) {
		n++;
	}
	return bench_protocol_at(i % n);
}

static void prepare(struct generator *generator, struct flow *flow, uint32_t i, uint32_t clients)
{
	flow->address[CLIENT] = CLIENT_BASE + i % clients;
	flow->address[SERVER] = SERVER_BASE + i / clients;
	flow->port[CLIENT] = (uint16_t)(49152 + i / clients % 16384);
	flow->port[SERVER] = flow->protocol->port;
	flow->next[CLIENT] = next_random(generator);
	flow->next[SERVER] = next_random(generator);
}

static void generate(struct generator *generator, struct flow *flows, const struct options *options)
{
	file_header(generator);
	for (uint64_t i = 0; i < options->flows; i++) {
		flows[i].protocol = protocol_of(options, i);
		prepare(generator, &flows[i], (uint32_t)i, (uint32_t)options->clients);
	}
	for (uint64_t i = 0; i < options->flows && generator->left > 0; i++) {
		open_flow(generator, &flows[i]);
	}
	for (uint64_t i = 0; generator->left > 0 && generator->error == 0; i++) {
		poll_flow(generator, &flows[i % options->flows], options->acks);
	}
	flush(generator);
}

static void print_counts(const struct generator *generator, const struct options *options)
{
	printf("{\"packets\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"flows\": %" PRIu64
	       ", \"requests\": %" PRIu64 ", \"responses\": %" PRIu64 "}\n",
	       options->packets, generator->bytes, options->flows, generator->requests,
	       generator->responses);
}

static int run(const struct options *options)
{
	struct generator generator = { .time = BASE_TIME,
				       .step = UINT64_C(1000000000) / options->rate,
				       .left = options->packets,
				       .random = 1 };
	struct flow *flows = calloc(options->flows, sizeof(*flows));

	generator.buffer = malloc(BUFFER_SIZE);
	generator.file = flows && generator.buffer ? fopen(options->path, "wb") : NULL;
	if (generator.file) {
		generate(&generator, flows, options);
		if (fclose(generator.file) != 0 && generator.error == 0) {
			generator.error = -errno;
		}
	} else {
		generator.error = -errno;
	}
	if (generator.error == 0) {
		print_counts(&generator, options);
	}
	free(generator.buffer);
	free(flows);
	return generator.error;
}

/* True if text is a decimal number from 1 to max. */
static bool number(const char *text, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' && *out >= 1 &&
	       *out <= max;
}

static bool parse(int argc, char **argv, struct options *out)
{
	static const struct option long_options[] = { { "packets", required_argument, NULL, 'p' },
						      { "flows", required_argument, NULL, 'f' },
						      { "clients", required_argument, NULL, 'c' },
						      { "rate", required_argument, NULL, 'r' },
						      { "protocol", required_argument, NULL, 'P' },
						      { "acks", no_argument, NULL, 'a' },
						      { NULL, 0, NULL, 0 } };
	bool good = true;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 'a') {
			out->acks = true;
		} else if (option == 'P') {
			out->protocol = bench_protocol_find(optarg);
			good = good && (out->protocol != NULL || strcmp(optarg, "mix") == 0);
		} else if (option == 'p') {
			good = good && number(optarg, UINT64_MAX / 2, &out->packets);
		} else if (option == 'f') {
			good = good && number(optarg, FLOWS_MAX, &out->flows);
		} else if (option == 'c') {
			good = good && number(optarg, FLOWS_MAX, &out->clients);
		} else if (option == 'r') {
			good = good && number(optarg, 1000000000, &out->rate);
		} else {
			good = false;
		}
	}
	out->path = optind + 1 == argc ? argv[optind] : NULL;
	return good && out->path;
}

int main(int argc, char **argv)
{
	struct options options = {
		.packets = 1000000,
		.flows = 1000,
		.clients = 10,
		.rate = 100000,
		.protocol = bench_protocol_find("modbus"),
	};
	int error;

	if (!parse(argc, argv, &options)) {
		fprintf(stderr, "usage: make_bench OUT.pcap [--packets N] [--flows F] "
				"[--clients C] [--rate PPS] [--acks] [--protocol NAME|mix]\n");
		return 2;
	}
	error = run(&options);
	if (error != 0) {
		fprintf(stderr, "make_bench: %s: %s\n", options.path, strerror(-error));
		return 1;
	}
	return 0;
}
