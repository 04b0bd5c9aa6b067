/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/socket.h"

#include "cli/person.h"
#include "cli/request.h"

#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_SECONDS 30

/* Whose turn it is. What belongs to the analysis is touched by nobody else. */
enum turn { TURN_CLIENT, TURN_WAITING, TURN_ANALYSIS, TURN_ANSWERED };

struct client {
	int descriptor; /* -1: free */
	enum turn turn; /* under the lock of the server */
	size_t length;  /* of the request that waits */
	uid_t uid;
	char user[PERSON_NAME_SIZE];
	time_t active; /* monotonic seconds of the last byte */
	size_t received, sent;
	struct buffer answer;
	char request[SOCKET_REQUEST_MAX];
};

struct socket_server {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int listener, wake;
	bool running;
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows, and of the turns */
	bool stopping;
	struct buffer status;
	struct client *clients; /* SOCKET_CLIENTS_MAX */
};

static int address_of(const char *path, struct sockaddr_un *out, struct problem *problem)
{
	*out = (struct sockaddr_un) { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(out->sun_path)) {
		return problem_set(problem, -EINVAL, "the path of the socket is too long: %s",
				   path);
	}
	memcpy(out->sun_path, path, strlen(path) + 1);
	return 0;
}

static int connect_to(const struct sockaddr_un *address)
{
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (descriptor < 0) {
		return -errno;
	}
	if (connect(descriptor, (const struct sockaddr *)address, sizeof(*address)) < 0) {
		int error = -errno;

		close(descriptor);
		return error;
	}
	return descriptor;
}

/* Removes a socket that a sensor left behind when it was killed. */
static int stale_remove(const struct sockaddr_un *address, struct problem *problem)
{
	int descriptor = connect_to(address);

	if (descriptor >= 0) {
		close(descriptor);
		return problem_set(problem, -EADDRINUSE, "a sensor is running already on %s",
				   address->sun_path);
	}
	if (descriptor == -ECONNREFUSED) {
		unlink(address->sun_path);
	}
	return 0;
}

static int listener_open(struct socket_server *server, struct problem *problem)
{
	struct sockaddr_un address;
	char folder[sizeof(address.sun_path)];
	int error = address_of(server->path, &address, problem);

	if (error < 0) {
		return error;
	}
	memcpy(folder, address.sun_path, sizeof(folder));
	mkdir(dirname(folder), 0755);
	error = stale_remove(&address, problem);
	if (error < 0) {
		return error;
	}
	server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mode_t mask = umask(0117);
	bool failed = server->listener < 0 ||
		      bind(server->listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		      listen(server->listener, SOCKET_CLIENTS_MAX) < 0;
	error = failed ? -errno : 0;
	umask(mask);
	return failed ? problem_set(problem, error, "cannot listen on %s: %s", server->path,
				    strerror(-error))
		      : 0;
}

int socket_server_new(struct socket_server **out, const char *path, struct problem *problem)
{
	struct socket_server *server = calloc(1, sizeof(*server));

	if (server == NULL ||
	    (server->clients = calloc(SOCKET_CLIENTS_MAX, sizeof(*server->clients))) == NULL) {
		free(server);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < SOCKET_CLIENTS_MAX; i++) {
		server->clients[i].descriptor = -1;
	}
	pthread_mutex_init(&server->lock, NULL);
	server->listener = -1;
	server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	snprintf(server->path, sizeof(server->path), "%s", path);
	int error = server->wake < 0 ? -errno : 0;
	if (error == 0 && strlen(path) >= sizeof(server->path)) {
		error =
		    problem_set(problem, -EINVAL, "the path of the socket is too long: %s", path);
	}
	if (error == 0) {
		error = listener_open(server, problem);
	}
	if (error < 0) {
		server->path[0] = '\0'; /* not ours to remove */
		socket_server_free(server);
		return problem_set(problem, error, "cannot open the socket: %s", strerror(-error));
	}
	*out = server;
	return 0;
}

static time_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void client_drop(struct client *client)
{
	close(client->descriptor);
	client->descriptor = -1;
	buffer_free(&client->answer);
}

static uid_t peer_of(int descriptor)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t size = sizeof(peer);

	return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.uid
										  : (uid_t)-1;
}

static void clients_accept(struct socket_server *server)
{
	int descriptor = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	for (size_t i = 0; descriptor >= 0 && i < SOCKET_CLIENTS_MAX; i++) {
		struct client *client = &server->clients[i];

		if (client->descriptor < 0) {
			client->descriptor = descriptor;
			client->uid = peer_of(descriptor);
			client->active = seconds_now();
			client->received = client->sent = 0;
			return;
		}
	}
	if (descriptor >= 0) {
		close(descriptor);
	}
}

static enum turn turn_of(struct socket_server *server, const struct client *client)
{
	enum turn turn;

	pthread_mutex_lock(&server->lock);
	turn = client->turn;
	pthread_mutex_unlock(&server->lock);
	return turn;
}

static void turn_set(struct socket_server *server, struct client *client, enum turn turn)
{
	pthread_mutex_lock(&server->lock);
	client->turn = turn;
	pthread_mutex_unlock(&server->lock);
}

static void answer(struct socket_server *server, struct client *client, size_t length)
{
	struct tree *request = NULL;
	const char *command = NULL;

	buffer_clear(&client->answer);
	client->sent = 0;
	if (tree_read(&request, client->request, length) == 0) {
		command = tree_text(request, "command");
	}
	if (request_is_known(command)) {
		person_name(client->uid, client->user);
		client->length = length;
		turn_set(server, client, TURN_WAITING);
		tree_free(request);
		return;
	}
	if (command != NULL && strcmp(command, "status") == 0) {
		pthread_mutex_lock(&server->lock);
		buffer_add(&client->answer, server->status.data, server->status.length);
		pthread_mutex_unlock(&server->lock);
	} else {
		buffer_text(&client->answer, request == NULL
						 ? "{\"error\":\"the request is no JSON object\"}"
						 : "{\"error\":\"no such command\"}");
	}
	buffer_text(&client->answer, "\n");
	tree_free(request);
}

/* What was answered makes room for what follows. */
static void request_forget(struct client *client, size_t length)
{
	client->received -= length + 1;
	memmove(client->request, client->request + length + 1, client->received);
}

/* Answers the first whole line, if one is there. */
static void request_next(struct socket_server *server, struct client *client)
{
	char *end = memchr(client->request, '\n', client->received);

	if (end != NULL) {
		size_t length = (size_t)(end - client->request);

		answer(server, client, length);
		if (turn_of(server, client) == TURN_CLIENT) {
			request_forget(client, length);
		}
	} else if (client->received == sizeof(client->request)) {
		client_drop(client);
	}
}

static void client_read(struct socket_server *server, struct client *client)
{
	ssize_t n = recv(client->descriptor, client->request + client->received,
			 sizeof(client->request) - client->received, 0);

	if (n == 0 || (n < 0 && errno != EAGAIN)) {
		client_drop(client);
	} else if (n > 0) {
		client->received += (size_t)n;
		client->active = seconds_now();
		request_next(server, client);
	}
}

static void client_write(struct socket_server *server, struct client *client)
{
	ssize_t n = send(client->descriptor, client->answer.data + client->sent,
			 client->answer.length - client->sent, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN) {
		client_drop(client);
		return;
	}
	if (n > 0) {
		client->sent += (size_t)n;
		client->active = seconds_now();
	}
	if (client->sent == client->answer.length) {
		buffer_clear(&client->answer);
		client->sent = 0;
		request_next(server, client);
	}
}

static void client_turn(struct socket_server *server, struct client *client, short events)
{
	enum turn turn = turn_of(server, client);

	if (turn == TURN_WAITING || turn == TURN_ANALYSIS) {
		return;
	}
	if (turn == TURN_ANSWERED) {
		request_forget(client, client->length);
		client->active = seconds_now();
		turn_set(server, client, TURN_CLIENT);
	} else if (client->answer.length > 0 && (events & (POLLOUT | POLLERR | POLLHUP)) != 0) {
		client_write(server, client);
	} else if ((events & (POLLIN | POLLERR | POLLHUP)) != 0) {
		client_read(server, client);
	} else if (seconds_now() - client->active > SOCKET_IDLE_SECONDS) {
		client_drop(client);
	}
}

/* What to wait for from a client: a request, room for its answer, or only that it leaves. */
static short events_of(struct socket_server *server, const struct client *client)
{
	if (client->descriptor < 0 || turn_of(server, client) != TURN_CLIENT) {
		return 0;
	}
	return client->answer.length > 0 ? POLLOUT : POLLIN;
}

/* True: the server is to end. */
static bool woken(struct socket_server *server)
{
	uint64_t count;
	bool stopping;

	(void)!read(server->wake, &count, sizeof(count));
	pthread_mutex_lock(&server->lock);
	stopping = server->stopping;
	pthread_mutex_unlock(&server->lock);
	return stopping;
}

static void *serve(void *context)
{
	struct socket_server *server = context;
	struct pollfd polled[SOCKET_CLIENTS_MAX + 2];

	for (;;) {
		polled[0] = (struct pollfd) { .fd = server->wake, .events = POLLIN };
		polled[1] = (struct pollfd) { .fd = server->listener, .events = POLLIN };
		for (size_t i = 0; i < SOCKET_CLIENTS_MAX; i++) {
			const struct client *client = &server->clients[i];
			short events = events_of(server, client);

			/* One that hangs up while the analysis works for it would wake us for
			 * ever. */
			polled[i + 2] = (struct pollfd) {
				.fd = events != 0 ? client->descriptor : -1,
				.events = events,
			};
		}
		if (poll(polled, ARRAY_SIZE(polled), 1000) < 0 && errno != EINTR) {
			return NULL;
		}
		if (polled[0].revents != 0 && woken(server)) {
			return NULL;
		}
		for (size_t i = 0; i < SOCKET_CLIENTS_MAX; i++) {
			if (server->clients[i].descriptor >= 0) {
				client_turn(server, &server->clients[i], polled[i + 2].revents);
			}
		}
		if (polled[1].revents != 0) {
			clients_accept(server);
		}
	}
}

static void wake(struct socket_server *server)
{
	const uint64_t one = 1;

	(void)!write(server->wake, &one, sizeof(one));
}

/* Gives one request to the analysis, whose it is until then. */
static void serve_one(struct socket_server *server, struct client *client, socket_handler *handler,
		      void *context)
{
	bool waiting;

	pthread_mutex_lock(&server->lock);
	waiting = client->turn == TURN_WAITING;
	client->turn = waiting ? TURN_ANALYSIS : client->turn;
	pthread_mutex_unlock(&server->lock);
	if (!waiting) {
		return;
	}
	buffer_clear(&client->answer);
	handler(context, client->user, client->request, client->length, &client->answer);
	buffer_text(&client->answer, "\n");
	turn_set(server, client, TURN_ANSWERED);
	wake(server);
}

void socket_server_serve(struct socket_server *server, socket_handler *handler, void *context)
{
	for (size_t i = 0; i < SOCKET_CLIENTS_MAX; i++) {
		serve_one(server, &server->clients[i], handler, context);
	}
}

int socket_server_start(struct socket_server *server)
{
	int error = pthread_create(&server->thread, NULL, serve, server);

	server->running = error == 0;
	return -error;
}

struct socket_server *socket_server_free(struct socket_server *server)
{
	if (server == NULL) {
		return NULL;
	}
	if (server->running) {
		pthread_mutex_lock(&server->lock);
		server->stopping = true;
		pthread_mutex_unlock(&server->lock);
		wake(server);
		pthread_join(server->thread, NULL);
	}
	for (size_t i = 0; i < SOCKET_CLIENTS_MAX; i++) {
		if (server->clients[i].descriptor >= 0) {
			client_drop(&server->clients[i]);
		}
	}
	if (server->path[0] != '\0') {
		unlink(server->path);
	}
	close(server->listener);
	close(server->wake);
	pthread_mutex_destroy(&server->lock);
	buffer_free(&server->status);
	free(server->clients);
	free(server);
	return NULL;
}

void socket_server_publish(struct socket_server *server, const char *json, size_t length)
{
	pthread_mutex_lock(&server->lock);
	buffer_clear(&server->status);
	buffer_add(&server->status, json, length);
	pthread_mutex_unlock(&server->lock);
}

/* Reads to the end of the line. */
static int answer_read(int descriptor, struct buffer *out)
{
	char bytes[4096];

	while (memchr(out->data != NULL ? out->data : "", '\n', out->length) == NULL) {
		ssize_t n = recv(descriptor, bytes, sizeof(bytes), 0);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return n < 0 ? -errno : -EPROTO;
		}
		buffer_add(out, bytes, (size_t)n);
		if (out->failed) {
			return -ENOMEM;
		}
	}
	return 0;
}

int socket_ask(const char *path, const char *request, struct buffer *answer_out,
	       struct problem *problem)
{
	const struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	struct sockaddr_un address;
	int error = address_of(path, &address, problem);
	int descriptor = error < 0 ? error : connect_to(&address);

	if (descriptor == -ENOENT || descriptor == -ECONNREFUSED) {
		return problem_set(
		    problem, descriptor,
		    "no sensor is running here (%s); start one with weir run -i IFACE", path);
	}
	if (descriptor < 0) {
		return problem_set(problem, descriptor, "cannot reach the sensor at %s: %s", path,
				   strerror(-descriptor));
	}
	setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	size_t length = strlen(request);
	error = send(descriptor, request, length, MSG_NOSIGNAL) == (ssize_t)length ? 0 : -EIO;
	if (error == 0) {
		error = answer_read(descriptor, answer_out);
	}
	close(descriptor);
	return error < 0 ? problem_set(problem, error, "the sensor at %s did not answer: %s", path,
				       strerror(-error))
			 : 0;
}
