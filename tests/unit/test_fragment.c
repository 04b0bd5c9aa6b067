/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Fragments go through the decoder, as they do in life. The datagram is UDP to port 99 with a
 * known pattern; `send` cuts any part of it out as one fragment. */

#include "capture/decode.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

#define DATAGRAM 3000
#define HEADER   8 /* UDP */

static const uint8_t large[65536];

struct test {
	struct decoder *decoder;
	uint8_t datagram[DATAGRAM];
	uint8_t frame[66000];
	int version;
	struct packet packet;
	bool conflict;
	int64_t clock;
	uint16_t id, vlan, domain;
};

static void put(uint8_t *at, size_t n, uint64_t value)
{
	while (n-- > 0) {
		at[n] = (uint8_t)value;
		value >>= 8;
	}
}

static void begin(struct test *t, int version, struct decode_options options)
{
	memset(t, 0, sizeof(*t));
	assert_int_equal(decoder_new(&t->decoder, &options), 0);
	t->version = version;
	t->id = 7;
	for (size_t i = 0; i < DATAGRAM; i++) {
		t->datagram[i] = (uint8_t)(i * 7 + i / 256);
	}
	put(t->datagram, 2, 5000);
	put(t->datagram + 2, 2, 99);
	put(t->datagram + 4, 2, DATAGRAM);
}

static size_t put_ipv4(struct test *t, uint8_t *p, size_t offset, size_t n, bool more)
{
	p[0] = 0x45;
	put(p + 2, 2, 20 + n);
	put(p + 4, 2, t->id);
	put(p + 6, 2, offset / 8 | (more ? 0x2000U : 0));
	p[8] = 64;
	p[9] = IP_PROTOCOL_UDP;
	p[12] = p[16] = 10;
	p[15] = 1;
	p[19] = 2;
	return 20;
}

static size_t put_ipv6(struct test *t, uint8_t *p, size_t offset, size_t n, bool more)
{
	p[0] = 0x60;
	put(p + 4, 2, 8 + n);
	p[6] = 44;
	p[8] = p[24] = 0xfd;
	p[23] = 1;
	p[39] = 2;
	p[40] = IP_PROTOCOL_UDP;
	put(p + 42, 2, offset | more);
	put(p + 44, 4, t->id);
	return 48;
}

/* Sends bytes[0..n) as the fragment at offset. */
static enum decode_result send_bytes(struct test *t, const uint8_t *bytes, size_t offset, size_t n,
				     bool more)
{
	struct frame frame = {
		.bytes = t->frame, .link_type = 1, .clock = t->clock, .domain = t->domain
	};
	size_t at = 18;

	memset(t->frame, 0, 80);
	put(t->frame + 12, 4, 0x81000000U | t->vlan);
	put(t->frame + 16, 2, t->version == 4 ? 0x0800 : 0x86dd);
	at += t->version == 4 ? put_ipv4(t, t->frame + at, offset, n, more)
			      : put_ipv6(t, t->frame + at, offset, n, more);
	memcpy(t->frame + at, bytes, n);
	frame.captured = frame.length = (uint32_t)(at + n);
	return decode_frame(t->decoder, &frame, &t->packet, &t->conflict);
}

static enum decode_result send(struct test *t, size_t from, size_t to)
{
	return send_bytes(t, t->datagram + from, from, to - from, to < DATAGRAM);
}

static void assert_whole(struct test *t)
{
	struct packet *p = &t->packet;
	struct cursor network = p->network;
	size_t header = t->version == 4 ? 20 : 40;

	assert_false(p->malformed);
	assert_false(p->truncated);
	assert_true(p->fragmented);
	assert_int_equal(p->ip_protocol, IP_PROTOCOL_UDP);
	assert_int_equal(p->port_destination, 99);
	assert_int_equal(p->payload_length, DATAGRAM - HEADER);
	assert_true(cur_equal(p->payload, cur_of(t->datagram + HEADER, DATAGRAM - HEADER)));
	assert_int_equal(cur_left(&network), header + DATAGRAM);
	cur_skip(&network, t->version == 4 ? 2 : 4);
	assert_int_equal(cur_be16(&network), t->version == 4 ? 20 + DATAGRAM : DATAGRAM);
}

static const struct decode_counters *counters(const struct test *t)
{
	return decoder_counters(t->decoder);
}

static void test_orders(void **state)
{
	static const size_t cuts[] = { 0, 1000, 2000, DATAGRAM };
	static const uint8_t orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					     { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	struct test t;

	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		begin(&t, version, decode_defaults());
		for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
			const uint8_t *o = orders[i];

			assert_int_equal(send(&t, cuts[o[0]], cuts[o[0] + 1]), DECODE_HELD);
			assert_int_equal(cur_left(&t.packet.payload), 0);
			assert_int_equal(send(&t, cuts[o[1]], cuts[o[1] + 1]), DECODE_HELD);
			assert_int_equal(send(&t, cuts[o[2]], cuts[o[2] + 1]), DECODE_PACKET);
			assert_whole(&t);
			assert_false(t.conflict);
		}
		assert_int_equal(counters(&t)->fragments, 18);
		assert_int_equal(counters(&t)->fragments_reassembled, 6);
		assert_int_equal(counters(&t)->udp, 6);
		assert_int_equal(counters(&t)->fragments_overlapping, 0);
		decoder_free(t.decoder);
	}
}

static void test_overlaps(void **state)
{
	struct test t;
	uint8_t other[800];

	(void)state;
	memset(other, 0xee, sizeof(other));
	for (int version = 4; version <= 6; version += 2) {
		begin(&t, version, decode_defaults());
		assert_int_equal(send(&t, 0, 1600), DECODE_HELD);
		assert_int_equal(send(&t, 0, 1600), DECODE_HELD); /* twice */
		assert_int_equal(send(&t, 800, 2400), DECODE_HELD);
		assert_false(t.conflict);
		assert_int_equal(counters(&t)->fragments_overlapping, 2);
		assert_int_equal(send_bytes(&t, other, 1600, sizeof(other), true), DECODE_HELD);
		assert_true(t.conflict);
		assert_int_equal(send(&t, 2400, DATAGRAM), DECODE_PACKET);
		assert_false(t.conflict);
		assert_whole(&t); /* what came first stays */
		assert_int_equal(counters(&t)->fragments_conflicting, 1);
		decoder_free(t.decoder);
	}
}

static void test_contradicting_ends(void **state)
{
	struct test t;

	(void)state;
	begin(&t, 4, decode_defaults());
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_HELD);
	assert_int_equal(send_bytes(&t, t.datagram, 2400, 8, false), DECODE_HELD);
	assert_true(t.conflict); /* another end */
	assert_int_equal(send_bytes(&t, t.datagram, 3000, 8, true), DECODE_HELD);
	assert_true(t.conflict); /* bytes behind the end */
	assert_int_equal(send(&t, 0, 1600), DECODE_PACKET);
	assert_false(t.conflict);
	assert_whole(&t);
	assert_int_equal(send(&t, 800, 1600), DECODE_HELD);
	assert_int_equal(send_bytes(&t, t.datagram, 80, 160, false), DECODE_HELD);
	assert_true(t.conflict); /* an end before what is there */
	assert_int_equal(counters(&t)->fragments_conflicting, 3);
	decoder_free(t.decoder);
}

static void test_refused(void **state)
{
	struct test t;

	(void)state;
	begin(&t, 4, decode_defaults());
	assert_int_equal(send_bytes(&t, t.datagram, 0, 1001, true), DECODE_PACKET);
	assert_true(t.packet.malformed); /* not a multiple of 8 */
	assert_int_equal(send_bytes(&t, t.datagram, 8, 0, true), DECODE_PACKET);
	assert_true(t.packet.malformed); /* empty */
	/* 20 + 65,512 + 3 is the largest datagram, one more is none. */
	assert_int_equal(send_bytes(&t, t.datagram, 65512, 4, false), DECODE_PACKET);
	assert_true(t.packet.malformed);
	assert_int_equal(send_bytes(&t, t.datagram, 65512, 3, false), DECODE_HELD);
	assert_int_equal(send_bytes(&t, large, 0, 65512, true), DECODE_PACKET);
	assert_true(t.packet.fragmented);
	assert_int_equal(cur_left(&t.packet.network), 65535);
	decoder_free(t.decoder);
}

static void test_keys(void **state)
{
	struct test t;

	(void)state;
	begin(&t, 4, decode_defaults());
	assert_int_equal(send(&t, 0, 1600), DECODE_HELD);
	t.id++;
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_HELD);
	t.id--;
	t.vlan = 5;
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_HELD);
	t.vlan = 0;
	t.domain = 1;
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_HELD);
	t.domain = 0;
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_PACKET);
	assert_whole(&t);
	decoder_free(t.decoder);
}

static void test_timeout(void **state)
{
	struct decode_options options = decode_defaults();
	struct test t;

	(void)state;
	begin(&t, 6, options);
	assert_int_equal(send(&t, 0, 1600), DECODE_HELD);
	t.clock = options.fragment_timeout;
	decoder_tick(t.decoder, t.clock);
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_PACKET);
	assert_whole(&t);
	assert_int_equal(send(&t, 0, 1600), DECODE_HELD);
	t.clock += options.fragment_timeout + 1; /* without a tick, too */
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_HELD);
	assert_int_equal(counters(&t)->fragments_timed_out, 1);
	decoder_tick(t.decoder, t.clock + options.fragment_timeout + 1);
	assert_int_equal(counters(&t)->fragments_timed_out, 2);
	decoder_free(t.decoder);
}

static void test_datagram_cap(void **state)
{
	struct decode_options options = decode_defaults();
	struct test t;

	(void)state;
	options.fragment_datagrams_max = 2;
	begin(&t, 4, options);
	for (t.id = 1; t.id <= 3; t.id++) {
		assert_int_equal(send(&t, 0, 1600), DECODE_HELD);
	}
	assert_int_equal(counters(&t)->fragments_evicted, 1);
	t.id = 2; /* still there; 1 is not */
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_PACKET);
	assert_whole(&t);
	t.id = 1;
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_HELD);
	assert_int_equal(counters(&t)->fragments_evicted, 1);
	decoder_free(t.decoder);
}

static void test_byte_cap(void **state)
{
	struct decode_options options = decode_defaults();
	struct test t;

	(void)state;
	options.fragment_bytes_max = 4400; /* 4 KiB and what it takes to know them */
	begin(&t, 4, options);
	assert_int_equal(send(&t, 0, 2000), DECODE_HELD);
	t.id++;
	assert_int_equal(send(&t, 0, 2048), DECODE_HELD);
	assert_int_equal(counters(&t)->fragments_evicted, 0);
	assert_int_equal(send(&t, 2048, DATAGRAM), DECODE_PACKET);
	assert_whole(&t);
	assert_int_equal(counters(&t)->fragments_evicted, 1);
	/* Alone larger than all memory: it goes, and nothing of it is left. */
	assert_int_equal(send_bytes(&t, large, 0, 4104, true), DECODE_HELD);
	assert_int_equal(counters(&t)->fragments_evicted, 2);
	assert_int_equal(send(&t, 0, 1600), DECODE_HELD);
	assert_int_equal(send(&t, 1600, DATAGRAM), DECODE_PACKET);
	assert_whole(&t);
	options.fragment_bytes_max = 0;
	assert_true(decoder_new(&(struct decoder *) { NULL }, &options) < 0);
	decoder_free(t.decoder);
}

/* The end of a cut fragment is nowhere: it is shown and not held. */
static void test_cut_fragment(void **state)
{
	struct test t;
	struct frame frame;

	(void)state;
	begin(&t, 4, decode_defaults());
	assert_int_equal(send(&t, 0, 1600), DECODE_HELD);
	t.id++;
	assert_int_equal(send(&t, 0, 1600), DECODE_HELD);
	frame =
	    (struct frame) { .bytes = t.frame, .captured = 1000, .length = 1638, .link_type = 1 };
	assert_int_equal(decode_frame(t.decoder, &frame, &t.packet, NULL), DECODE_PACKET);
	assert_true(t.packet.truncated && !t.packet.malformed);
	assert_int_equal(cur_left(&t.packet.payload), 0);
	decoder_free(t.decoder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_contradicting_ends),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_datagram_cap),
		cmocka_unit_test(test_byte_cap),
		cmocka_unit_test(test_cut_fragment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
