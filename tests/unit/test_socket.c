/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/person.h"
#include "cli/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define STATUS   "{\"command\":\"status\"}\n"
#define SNAPSHOT "{\"packets\":42}"

static char path[64];
static struct socket_server *server;

static int begin(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "test_socket_%d.sock", (int)getpid());
	if (socket_server_new(&server, path, NULL) != 0) {
		return -1;
	}
	socket_server_publish(server, SNAPSHOT, strlen(SNAPSHOT));
	return socket_server_start(server);
}

static int end(void **state)
{
	struct stat info;

	(void)state;
	server = socket_server_free(server);
	return stat(path, &info) == 0 ? -1 : 0;
}

static int connect_plain(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_true(descriptor >= 0);
	assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof(address)), 0);
	return descriptor;
}

/* Waits at most 5 s for n bytes; returns what came, also at the end of the stream. */
static size_t receive(int descriptor, char *out, size_t n)
{
	size_t got = 0;

	while (got < n) {
		struct pollfd polled = { .fd = descriptor, .events = POLLIN };
		ssize_t more =
		    poll(&polled, 1, 5000) == 1 ? recv(descriptor, out + got, n - got, 0) : 0;

		if (more <= 0) {
			break;
		}
		got += (size_t)more;
	}
	return got;
}

static void assert_answer(const char *request, const char *wanted)
{
	struct buffer answer = { 0 };

	assert_int_equal(socket_ask(path, request, &answer, NULL), 0);
	assert_string_equal(answer.data, wanted);
	buffer_free(&answer);
}

static void test_status(void **state)
{
	struct stat info;

	(void)state;
	assert_answer(STATUS, SNAPSHOT "\n");
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0660);
}

static void test_wrong_requests(void **state)
{
	(void)state;
	assert_answer("no json\n", "{\"error\":\"the request is no JSON object\"}\n");
	assert_answer("\n", "{\"error\":\"the request is no JSON object\"}\n");
	assert_answer("{\"command\":\"dance\"}\n", "{\"error\":\"no such command\"}\n");
	assert_answer("{\"command\":7}\n", "{\"error\":\"no such command\"}\n");
}

/* ---- what waits for the analysis ---- */

#define EDIT "{\"command\":\"edit\",\"edits\":[]}\n"

struct served {
	unsigned n;
	char user[64];
	size_t length;
};

static void serve(void *context, const char *user, const char *request, size_t length,
		  struct buffer *out)
{
	struct served *served = context;

	assert_memory_equal(request, EDIT, length);
	snprintf(served->user, sizeof(served->user), "%s", user);
	served->length = length;
	served->n++;
	buffer_text(out, "{\"n\":1}");
}

/* Lets the analysis look for requests until so many came. */
static void serve_until(struct served *served, unsigned n)
{
	for (unsigned tries = 0; tries < 500 && served->n < n; tries++) {
		socket_server_serve(server, serve, served);
		poll(NULL, 0, 10);
	}
	assert_int_equal(served->n, n);
}

static void test_an_edit_waits_for_the_analysis(void **state)
{
	struct served served = { 0 };
	int descriptor = connect_plain();
	char got[64], name[PERSON_NAME_SIZE];

	(void)state;
	assert_int_equal(send(descriptor, EDIT STATUS EDIT, 2 * strlen(EDIT) + strlen(STATUS), 0),
			 2 * strlen(EDIT) + strlen(STATUS));
	/* Others are served meanwhile. */
	assert_answer(STATUS, SNAPSHOT "\n");
	serve_until(&served, 1);
	assert_string_equal(served.user, person_name(getuid(), name));
	assert_int_equal(served.length, strlen(EDIT) - 1);
	assert_int_equal(receive(descriptor, got, 23), 23);
	assert_memory_equal(got, "{\"n\":1}\n" SNAPSHOT "\n", 23);
	serve_until(&served, 2);
	assert_int_equal(receive(descriptor, got, 8), 8);
	close(descriptor);
}

/* A client that does not wait for its answer harms nobody; nor does a server that ends before. */
static void test_edits_that_nobody_waits_for(void **state)
{
	struct served served = { 0 };
	int descriptor = connect_plain();

	(void)state;
	assert_int_equal(send(descriptor, EDIT, strlen(EDIT), 0), strlen(EDIT));
	close(descriptor);
	serve_until(&served, 1);
	assert_answer(STATUS, SNAPSHOT "\n");
	descriptor = connect_plain();
	assert_int_equal(send(descriptor, EDIT, strlen(EDIT), 0), strlen(EDIT));
	poll(NULL, 0, 100);
	server = socket_server_free(server);
	close(descriptor);
	assert_int_equal(begin(NULL), 0);
}

static void test_requests_in_one_go(void **state)
{
	int descriptor = connect_plain();
	char got[64];

	(void)state;
	assert_int_equal(send(descriptor, STATUS STATUS, 2 * strlen(STATUS), 0),
			 2 * strlen(STATUS));
	assert_int_equal(receive(descriptor, got, 30), 30);
	assert_memory_equal(got, SNAPSHOT "\n" SNAPSHOT "\n", 30);
	close(descriptor);
}

/* A request that fits exactly is read; one that is a byte longer ends the connection. */
static void test_request_too_long(void **state)
{
	static char request[SOCKET_REQUEST_MAX];
	char got[128];

	(void)state;
	for (unsigned over = 0; over < 2; over++) {
		int descriptor = connect_plain();

		memset(request, ' ', sizeof(request));
		request[sizeof(request) - 1] = over == 0 ? '\n' : ' ';
		assert_int_equal(send(descriptor, request, sizeof(request), MSG_NOSIGNAL),
				 sizeof(request));
		size_t n = receive(descriptor, got, 1);
		assert_int_equal(n, over == 0 ? 1 : 0);
		close(descriptor);
	}
	assert_answer(STATUS, SNAPSHOT "\n");
}

/* A silent client takes a place; those beyond the last are let go, others are served. */
static void test_many_clients(void **state)
{
	int descriptors[SOCKET_CLIENTS_MAX + 1];
	char got[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(descriptors); i++) {
		descriptors[i] = connect_plain();
	}
	assert_int_equal(send(descriptors[SOCKET_CLIENTS_MAX - 1], STATUS, strlen(STATUS), 0),
			 strlen(STATUS));
	assert_int_equal(receive(descriptors[SOCKET_CLIENTS_MAX - 1], got, 15), 15);
	assert_int_equal(receive(descriptors[SOCKET_CLIENTS_MAX], got, 1), 0);
	for (size_t i = 0; i < ARRAY_SIZE(descriptors); i++) {
		close(descriptors[i]);
	}
	/* The places are free again once the server noticed. */
	for (unsigned attempt = 0; attempt < 50; attempt++) {
		struct buffer answer = { 0 };
		int error = socket_ask(path, STATUS, &answer, NULL);

		buffer_free(&answer);
		if (error == 0) {
			return;
		}
		usleep(20000);
	}
	fail_msg("no place after all clients left");
}

static void test_second_sensor(void **state)
{
	struct socket_server *second = NULL;
	struct problem problem = { "" };

	(void)state;
	assert_int_equal(socket_server_new(&second, path, &problem), -EADDRINUSE);
	assert_null(second);
	assert_answer(STATUS, SNAPSHOT "\n");
}

static void test_stale_socket(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "test_stale.sock" };
	int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
	struct socket_server *second = NULL;

	(void)state;
	unlink("test_stale.sock");
	assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof(address)), 0);
	close(descriptor);
	assert_int_equal(socket_server_new(&second, "test_stale.sock", NULL), 0);
	socket_server_free(second);
}

static void test_nobody(void **state)
{
	struct buffer answer = { 0 };
	struct problem problem = { "" };

	(void)state;
	assert_int_equal(socket_ask("test_none.sock", STATUS, &answer, &problem), -ENOENT);
	assert_non_null(strstr(problem.text, "no sensor is running here"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_wrong_requests),
		cmocka_unit_test(test_an_edit_waits_for_the_analysis),
		cmocka_unit_test(test_edits_that_nobody_waits_for),
		cmocka_unit_test(test_requests_in_one_go),
		cmocka_unit_test(test_request_too_long),
		cmocka_unit_test(test_many_clients),
		cmocka_unit_test(test_second_sensor),
		cmocka_unit_test(test_stale_socket),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
