/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* record_modbus - the hosts of the recorded plant, each a process in a network namespace.
 *
 * usage: record_modbus serve UNITS VENDOR PRODUCT REVISION
 *        record_modbus poll SECONDS ADDRESS...
 *        record_modbus identify ADDRESS...
 *        record_modbus scan ADDRESS
 *        record_modbus write ADDRESS
 *
 * serve is a controller: libmodbus answers, except device identification (43/14), which it does
 * not know, and units above UNITS, which are refused as a gateway does.  The others are clients.
 * Only pcaps/record starts this program. */

#include <errno.h>
#include <modbus/modbus.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define POINTS          200
#define CONNECTIONS_MAX 16
#define HOSTS_MAX       8
#define MBAP_SIZE       7
#define PORT            502

/* MODBUS Application Protocol V1.1b3 6.21 */
enum { FUNCTION_ENCAPSULATED = 43, MEI_DEVICE_IDENTIFICATION = 14, CONFORMITY_BASIC = 0x81 };

struct controller {
	modbus_t *modbus;
	modbus_mapping_t *points;
	int units;
	char **objects; /* vendor, product, revision */
	struct pollfd sockets[1 + CONNECTIONS_MAX];
	nfds_t n_sockets;
};

static void pause_ms(long milliseconds)
{
	struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

/* ---- the controller ---- */

/* The process values move a little between two polls. */
static void live(struct controller *controller)
{
	for (int i = 0; i < POINTS; i++) {
		controller->points->tab_input_registers[i] = (uint16_t)(2000 + 10 * i + rand() % 8);
		controller->points->tab_input_bits[i] = (uint8_t)(rand() % 5 == 0);
	}
}

/* libmodbus reads unknown functions only up to their code: fetches the rest of the message. */
static int receive_rest(int socket, uint8_t *query, int length)
{
	int whole = 6 + (query[4] << 8 | query[5]);

	if (length < whole && whole <= MODBUS_TCP_MAX_ADU_LENGTH) {
		ssize_t rest = recv(socket, query + length, (size_t)(whole - length), MSG_WAITALL);

		length += rest > 0 ? (int)rest : 0;
	}
	return length;
}

static void identify_answer(const struct controller *controller, int socket, const uint8_t *query)
{
	uint8_t answer[MODBUS_TCP_MAX_ADU_LENGTH] = { query[0], query[1], 0, 0, 0, 0, query[6] };
	size_t at = MBAP_SIZE;

	answer[at++] = FUNCTION_ENCAPSULATED;
	answer[at++] = MEI_DEVICE_IDENTIFICATION;
	answer[at++] = 1; /* basic */
	answer[at++] = CONFORMITY_BASIC;
	answer[at++] = 0; /* nothing follows */
	answer[at++] = 0;
	answer[at++] = 3; /* objects */
	for (uint8_t i = 0; i < 3; i++) {
		size_t length = strnlen(controller->objects[i], 64);

		answer[at++] = i;
		answer[at++] = (uint8_t)length;
		memcpy(answer + at, controller->objects[i], length);
		at += length;
	}
	answer[5] = (uint8_t)(at - 6);
	send(socket, answer, at, MSG_NOSIGNAL);
}

/* One request of one connection; false when the connection has ended. */
static bool serve_one(struct controller *controller, int socket)
{
	uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
	int length;

	modbus_set_socket(controller->modbus, socket);
	length = modbus_receive(controller->modbus, query);
	if (length <= 0) {
		return length == 0;
	}
	length = receive_rest(socket, query, length);
	pause_ms(2 + rand() % 6); /* a controller answers once a cycle */
	if (query[6] > controller->units && query[6] != MODBUS_TCP_SLAVE) {
		modbus_reply_exception(controller->modbus, query, MODBUS_EXCEPTION_GATEWAY_TARGET);
	} else if (query[MBAP_SIZE] == FUNCTION_ENCAPSULATED && length > MBAP_SIZE + 2 &&
		   query[MBAP_SIZE + 1] == MEI_DEVICE_IDENTIFICATION) {
		identify_answer(controller, socket, query);
	} else {
		modbus_reply(controller->modbus, query, length, controller->points);
	}
	return true;
}

static void accept_one(struct controller *controller)
{
	int listener = controller->sockets[0].fd;
	int socket = modbus_tcp_accept(controller->modbus, &listener);

	if (socket < 0) {
		return;
	}
	if (controller->n_sockets > CONNECTIONS_MAX) {
		close(socket);
		return;
	}
	controller->sockets[controller->n_sockets++] =
	    (struct pollfd) { .fd = socket, .events = POLLIN };
}

static void serve_ready(struct controller *controller)
{
	for (nfds_t i = 1; i < controller->n_sockets; i++) {
		struct pollfd *connection = &controller->sockets[i];

		if (connection->revents && !serve_one(controller, connection->fd)) {
			close(connection->fd);
			*connection = controller->sockets[--controller->n_sockets];
			i--;
		}
	}
}

static int serve(int units, char **objects)
{
	struct controller controller = { .units = units, .objects = objects, .n_sockets = 1 };

	controller.modbus = modbus_new_tcp("0.0.0.0", PORT);
	controller.points = modbus_mapping_new(POINTS, POINTS, POINTS, POINTS);
	if (!controller.modbus || !controller.points) {
		return -ENOMEM;
	}
	/* libmodbus waits that long before it refuses a function that it does not know. */
	modbus_set_response_timeout(controller.modbus, 0, 2000);
	controller.sockets[0].fd = modbus_tcp_listen(controller.modbus, CONNECTIONS_MAX);
	controller.sockets[0].events = POLLIN;
	if (controller.sockets[0].fd < 0) {
		return -errno;
	}
	while (poll(controller.sockets, controller.n_sockets, 500) >= 0) {
		live(&controller);
		serve_ready(&controller);
		if (controller.sockets[0].revents) {
			accept_one(&controller);
		}
	}
	return -errno;
}

/* ---- the clients ---- */

static modbus_t *connect_to(const char *address)
{
	modbus_t *modbus = modbus_new_tcp(address, PORT);

	if (modbus && modbus_connect(modbus) != 0) {
		fprintf(stderr, "record_modbus: %s: %s\n", address, modbus_strerror(errno));
		modbus_free(modbus);
		modbus = NULL;
	}
	return modbus;
}

static void hang_up(modbus_t *modbus)
{
	modbus_close(modbus);
	modbus_free(modbus);
}

static void poll_one(modbus_t *modbus, int turn)
{
	uint16_t registers[20];
	uint8_t bits[32];

	modbus_read_input_registers(modbus, 0, 16, registers);
	if (turn % 4 == 0) {
		modbus_read_registers(modbus, 40, 10, registers);
	} else if (turn % 4 == 1) {
		modbus_read_bits(modbus, 0, 16, bits);
	} else if (turn % 4 == 2) {
		modbus_read_input_bits(modbus, 0, 24, bits);
	}
}

/* An HMI: each controller every second, a set point now and then. */
static int poll_all(int seconds, char **addresses, int n)
{
	modbus_t *hosts[HOSTS_MAX];

	for (int i = 0; i < n; i++) {
		hosts[i] = connect_to(addresses[i]);
		if (!hosts[i]) {
			return -EIO;
		}
	}
	for (int turn = 0; turn < seconds; turn++) {
		for (int i = 0; i < n; i++) {
			poll_one(hosts[i], turn);
		}
		if (turn % 15 == 7) {
			modbus_write_register(hosts[turn / 15 % n], 40, (uint16_t)(700 + turn));
		}
		pause_ms(950);
	}
	for (int i = 0; i < n; i++) {
		hang_up(hosts[i]);
	}
	return 0;
}

/* Sends any message (the unit, the function code, and what follows) and drops the answer. */
static void ask(modbus_t *modbus, const uint8_t *message, int length)
{
	uint8_t answer[MODBUS_TCP_MAX_ADU_LENGTH];
	struct pollfd socket = { .fd = modbus_get_socket(modbus), .events = POLLIN };

	/* The socket does not block. */
	if (modbus_send_raw_request(modbus, message, length) > 0 && poll(&socket, 1, 1000) == 1) {
		recv(socket.fd, answer, sizeof(answer), 0);
	}
}

/* An engineering workstation that takes stock. */
static int identify(const char *address)
{
	const uint8_t identification[] = { 1, FUNCTION_ENCAPSULATED, MEI_DEVICE_IDENTIFICATION, 1,
					   0 };
	uint8_t id[MODBUS_MAX_PDU_LENGTH];
	uint16_t registers[125];
	modbus_t *modbus = connect_to(address);

	if (!modbus) {
		return -EIO;
	}
	modbus_set_slave(modbus, 1);
	ask(modbus, identification, sizeof(identification));
	pause_ms(200);
	modbus_report_slave_id(modbus, (int)sizeof(id), id);
	pause_ms(200);
	modbus_read_registers(modbus, 0, 125, registers);
	pause_ms(200);
	hang_up(modbus);
	return 0;
}

/* Somebody looks around: which units are there, which functions do they know? */
static int scan(const char *address)
{
	modbus_t *modbus = connect_to(address);
	uint16_t value;

	if (!modbus) {
		return -EIO;
	}
	for (int unit = 1; unit <= 32; unit++) {
		modbus_set_slave(modbus, unit);
		modbus_read_registers(modbus, 0, 1, &value);
		pause_ms(20);
	}
	for (uint8_t function = 1; function < 128; function++) {
		const uint8_t message[] = { 1, function, 0, 0, 0, 1 };
		bool writes = function == 5 || function == 6 || function == 15 || function == 16 ||
			      function == 22 || function == 23;

		if (!writes) {
			ask(modbus, message, sizeof(message)); /* libmodbus leaves 7 unanswered */
		}
		pause_ms(20);
	}
	hang_up(modbus);
	return 0;
}

/* And interferes. */
static int write_points(const char *address)
{
	const uint8_t restart[] = { 1, 8, 0, 1, 0, 0 };
	const uint8_t coils[16] = { 1, 0, 1, 1 };
	const uint16_t registers[] = { 9999, 0, 65535, 1 };
	modbus_t *modbus = connect_to(address);

	if (!modbus) {
		return -EIO;
	}
	modbus_set_slave(modbus, 1);
	modbus_write_bit(modbus, 0, 1);
	pause_ms(500);
	modbus_write_bits(modbus, 0, 16, coils);
	pause_ms(500);
	modbus_write_registers(modbus, 40, 4, registers);
	pause_ms(500);
	modbus_mask_write_register(modbus, 41, 0x00FF, 0x0100);
	pause_ms(500);
	ask(modbus, restart, sizeof(restart));
	hang_up(modbus);
	return 0;
}

static int run(int argc, char **argv)
{
	const char *role = argc > 2 ? argv[1] : "";

	if (strcmp(role, "serve") == 0 && argc == 6) {
		return serve(atoi(argv[2]), argv + 3);
	}
	if (strcmp(role, "poll") == 0 && argc > 3 && argc <= 3 + HOSTS_MAX) {
		return poll_all(atoi(argv[2]), argv + 3, argc - 3);
	}
	if (strcmp(role, "identify") == 0) {
		int error = 0;

		for (int i = 2; i < argc && error == 0; i++) {
			error = identify(argv[i]);
		}
		return error;
	}
	if (strcmp(role, "scan") == 0 && argc == 3) {
		return scan(argv[2]);
	}
	if (strcmp(role, "write") == 0 && argc == 3) {
		return write_points(argv[2]);
	}
	return -EINVAL;
}

int main(int argc, char **argv)
{
	int error = run(argc, argv);

	if (error != 0) {
		fprintf(stderr, "record_modbus: %s\n", strerror(-error));
		return 1;
	}
	return 0;
}
