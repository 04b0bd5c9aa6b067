/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* s7comm_world.h - S7comm messages between the two hosts of engine_world.h, whose PLC then listens
 * on port 102, and what is said of them in short. */

#include "engine_world.h"

#define S7_BYTES 2000

/* TPKT and one data TPDU (last or not) around the user data; returns the length. */
static inline size_t s7_packet(const uint8_t *user, size_t n, bool last, uint8_t *out)
{
	out[0] = 3;
	out[1] = 0;
	world_put_be16(out + 2, n + 7);
	out[4] = 2;
	out[5] = 0xf0;
	out[6] = last ? 0x80 : 0;
	memcpy(out + 7, user, n);
	return n + 7;
}

/* A message: type 1 job, 3 ack data, 7 userdata. */
static inline size_t s7_message(uint8_t type, uint16_t reference, uint16_t error,
				const char *parameters, const char *data, uint8_t *out)
{
	size_t head = type == 2 || type == 3 ? 12 : 10;
	size_t n = world_hex(parameters, out + head, S7_BYTES - head);
	size_t m = world_hex(data, out + head + n, S7_BYTES - head - n);

	out[0] = 0x32;
	out[1] = type;
	world_put_be16(out + 2, 0);
	world_put_be16(out + 4, reference);
	world_put_be16(out + 6, n);
	world_put_be16(out + 8, m);
	if (head == 12) {
		world_put_be16(out + 10, error);
	}
	return head + n + m;
}

static inline void s7_send(struct engine_world *w, unsigned from, uint8_t type, uint16_t reference,
			   uint16_t error, const char *parameters, const char *data)
{
	uint8_t user[S7_BYTES], packet[S7_BYTES + 7];
	size_t n = s7_message(type, reference, error, parameters, data, user);

	world_tcp(w, from, packet, s7_packet(user, n, true, packet));
}

/* Two hosts whose connection is open, to port 102. */
static inline struct engine_world *s7_world(void)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = 102;
	world_open(w);
	return w;
}

/* Removes every occurrence of a word. */
static inline void s7_remove(char *text, const char *word)
{
	size_t n = strlen(word);

	for (char *at = strstr(text, word); at != NULL; at = strstr(at, word)) {
		memmove(at, at + n, strlen(at + n) + 1);
	}
}

/* The log without what all of it has. */
static inline const char *s7_brief(struct engine_world *w)
{
	static const char *const words[] = {
		"weir.s7comm.",     "weir.item.",       "weir.",           "transaction ",
		"pdu_reference=7 ", " pdu_reference=7", "return_code=255 "
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		s7_remove(w->log, words[i]);
	}
	return w->log;
}

/* ---- exchanges ---- */

/* A request and its answer, and what is logged of both, in short. type: 1 job, 7 userdata. */
struct s7_exchange {
	uint8_t type;
	const char *parameters, *data;
	uint16_t error;
	const char *answer_parameters, *answer_data;
	const char *log;
};

static inline void s7_exchange(struct engine_world *w, const struct s7_exchange *e)
{
	s7_send(w, HMI, e->type, 7, 0, e->parameters, e->data);
	s7_send(w, PLC, e->type == 1 ? 3 : e->type, 7, e->error, e->answer_parameters,
		e->answer_data);
}

static inline void s7_every(const struct s7_exchange *exchanges, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct engine_world *w = s7_world();

		s7_exchange(w, &exchanges[i]);
		assert_string_equal(s7_brief(w), exchanges[i].log);
		assert_int_equal(world_protocol(w, "s7comm")->messages, 2);
		assert_int_equal(world_protocol(w, "cotp")->messages, 2);
		world_clear(w);
		world_free(w);
	}
}

/* The message of one side of an exchange. */
static inline size_t s7_side(const struct s7_exchange *e, unsigned from, uint8_t *out)
{
	return from == HMI ? s7_message(e->type, 7, 0, e->parameters, e->data, out)
			   : s7_message(e->type == 1 ? 3 : e->type, 7, e->error,
					e->answer_parameters, e->answer_data, out);
}

/* Every message cut short at every length, as a TPKT of that length: it counts, unless it ends in
 * its head, and nothing is read behind its end. */
static inline void s7_cut(const struct s7_exchange *exchanges, size_t n)
{
	struct engine_world *w = s7_world();
	uint8_t user[S7_BYTES], packet[S7_BYTES + 7];

	for (size_t i = 0; i < 2 * n; i++) {
		unsigned from = i % 2 == 0 ? HMI : PLC;
		size_t size = s7_side(&exchanges[i / 2], from, user);

		for (size_t cut = 1; cut < size; cut++) {
			uint64_t before = world_protocol(w, "s7comm")->messages;

			w->port[HMI] = (uint16_t)(w->port[HMI] % 60000 + 1024);
			world_open(w);
			if (from == PLC) {
				s7_send(w, HMI, exchanges[i / 2].type, 7, 0,
					exchanges[i / 2].parameters, exchanges[i / 2].data);
			}
			world_tcp(w, from, packet, s7_packet(user, cut, true, packet));
			assert_true(world_protocol(w, "s7comm")->messages >=
				    before + (cut >= 18 || from == PLC));
			world_flags(w, HMI, TCP_RST);
			world_clear(w);
		}
	}
	world_finish(w);
	world_free(w);
}

/* Every message in two data TPDUs and three segments gives the same record. */
static inline void s7_in_two(const struct s7_exchange *exchanges, size_t n)
{
	uint8_t user[S7_BYTES], packet[S7_BYTES + 7];

	for (size_t i = 0; i < n; i++) {
		size_t step = 1 + s7_side(&exchanges[i], HMI, user) / 7;

		for (size_t cut = 1; cut < s7_side(&exchanges[i], HMI, user); cut += step) {
			struct engine_world *w = s7_world();
			size_t size, length;

			world_tcp(w, HMI, packet, s7_packet(user, 0, false, packet));
			for (unsigned side = 0; side < 2; side++) {
				unsigned from = side == 0 ? HMI : PLC;
				size_t at;

				size = s7_side(&exchanges[i], from, user);
				at = cut < size ? cut : size / 2;
				length = s7_packet(user, at, false, packet);
				world_tcp(w, from, packet, length / 2);
				world_tcp(w, from, packet + length / 2, length - length / 2);
				length = s7_packet(user + at, size - at, true, packet);
				world_tcp(w, from, packet, length);
			}
			assert_string_equal(s7_brief(w), exchanges[i].log);
			world_clear(w);
			world_free(w);
		}
	}
}
