/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* modbus_peer.c - a real Modbus stack (libmodbus) at both ends of the live test.
 *
 *	modbus_peer serve ADDRESS            serves port 502 until it is killed
 *	modbus_peer ask ADDRESS ROUNDS       reads and writes of every kind, and what is refused
 *
 * Prints, when asking, how many transactions it made. Exit code 1 when an answer was not what it
 * should be. */

#include <arpa/inet.h>
#include <errno.h>
#include <modbus.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POINTS      64
#define CLIENTS_MAX 16

static int serve(const char *address)
{
	modbus_t *modbus = modbus_new_tcp_pi(address, "502");
	modbus_mapping_t *points = modbus_mapping_new(POINTS, POINTS, POINTS, POINTS);
	int listener = modbus_tcp_pi_listen(modbus, 4);
	struct pollfd clients[CLIENTS_MAX + 1] = { { .fd = listener, .events = POLLIN } };
	nfds_t n = 1;

	if (listener < 0) {
		fprintf(stderr, "cannot listen at %s: %s\n", address, modbus_strerror(errno));
		return 1;
	}
	while (poll(clients, n, -1) > 0) {
		uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];

		for (nfds_t i = 1; i < n; i++) {
			if (clients[i].revents == 0) {
				continue;
			}
			modbus_set_socket(modbus, clients[i].fd);
			int length = modbus_receive(modbus, query);
			if (length > 0) {
				modbus_reply(modbus, query, length, points);
			} else if (length < 0) {
				close(clients[i].fd);
				clients[i--] = clients[--n];
			}
		}
		if (clients[0].revents != 0 && n <= CLIENTS_MAX) {
			clients[n].revents = 0;
			clients[n].events = POLLIN;
			clients[n++].fd = modbus_tcp_pi_accept(modbus, &listener);
		}
	}
	return 1;
}

/* The device must refuse, and as it should. */
static bool refused(int result, int code)
{
	return result == -1 && errno == code;
}

static bool one_round(modbus_t *modbus, unsigned round, unsigned *n)
{
	uint16_t values[POINTS] = { (uint16_t)round, (uint16_t)(round + 1) }, read[POINTS];
	uint8_t bits[POINTS] = { 1, 0, 1 };

	*n += 11;
	return modbus_read_bits(modbus, 0, 8, bits) == 8 &&
	       modbus_read_input_bits(modbus, 3, 20, bits) == 20 &&
	       modbus_read_registers(modbus, 0, 10, read) == 10 &&
	       modbus_read_input_registers(modbus, 1, 2, read) == 2 &&
	       modbus_write_bit(modbus, 5, round % 2) == 1 &&
	       modbus_write_register(modbus, 6, (uint16_t)round) == 1 &&
	       modbus_write_registers(modbus, 10, 2, values) == 2 &&
	       modbus_mask_write_register(modbus, 6, 0xff00, 0x0012) != -1 &&
	       modbus_write_and_read_registers(modbus, 20, 2, values, 10, 2, read) == 2 &&
	       refused(modbus_read_registers(modbus, POINTS, 1, read), EMBXILADD) &&
	       refused(modbus_write_register(modbus, 4000, 1), EMBXILADD);
}

/* Restart communications (function 8, sub-function 1): what a rule of the pack is about. */
static bool provoke(modbus_t *modbus, unsigned *n)
{
	uint8_t restart[] = { 1, 8, 0, 1, 0, 0 };
	uint8_t answer[MODBUS_TCP_MAX_ADU_LENGTH];

	*n += 1;
	return modbus_send_raw_request(modbus, restart, sizeof(restart)) > 0 &&
	       modbus_receive_confirmation(modbus, answer) == 9 && answer[7] == 0x88;
}

static int ask(const char *address, unsigned rounds)
{
	modbus_t *modbus = modbus_new_tcp_pi(address, "502");
	unsigned n = 0;

	for (int attempt = 0; modbus_connect(modbus) != 0; attempt++) {
		if (attempt == 50) {
			fprintf(stderr, "cannot connect to %s: %s\n", address,
				modbus_strerror(errno));
			return 1;
		}
		usleep(100000);
	}
	modbus_set_slave(modbus, 1);
	modbus_set_response_timeout(modbus, 10, 0);
	for (unsigned round = 0; round < rounds; round++) {
		if (!one_round(modbus, round, &n)) {
			fprintf(stderr, "%s, round %u: %s\n", address, round,
				modbus_strerror(errno));
			return 1;
		}
		usleep(2000);
	}
	if (!provoke(modbus, &n)) {
		fprintf(stderr, "%s, restart: %s\n", address, modbus_strerror(errno));
		return 1;
	}
	modbus_close(modbus);
	modbus_free(modbus);
	printf("%u\n", n);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "serve") == 0) {
		return serve(argv[2]);
	}
	if (argc == 4 && strcmp(argv[1], "ask") == 0) {
		return ask(argv[2], (unsigned)strtoul(argv[3], NULL, 10));
	}
	fprintf(stderr, "usage: modbus_peer serve ADDRESS | ask ADDRESS ROUNDS\n");
	return 2;
}
