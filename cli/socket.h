/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* socket.h - the Unix socket of a running sensor (mode 0660): JSON lines, one request, one answer.
 *
 * The server has a thread of its own that never waits for the analysis, nor the analysis for
 * it: the analysis publishes its state about once a second, and `{"command":"status"}` is
 * answered with the latest.  The requests of request.h ask for or change what the analysis
 * owns: each waits until the analysis looks for such requests, while other clients are served.  A
 * request has at most 64 KiB; at most 16 clients at once; a silent
 * one is let go after 10 s. */

#include "capture/base/buffer.h"
#include "capture/base/problem.h"

#define SOCKET_REQUEST_MAX  65536
#define SOCKET_CLIENTS_MAX  16
#define SOCKET_IDLE_SECONDS 10

struct socket_server;

/* Binds and listens; makes the folder if its parent is there; a socket that nobody listens on is
 * replaced. -EADDRINUSE: a sensor is running. */
int socket_server_new(struct socket_server **out, const char *path,
		      struct problem *problem) MUST_USE;
/* Starts the thread. 0 or negative errno. */
int socket_server_start(struct socket_server *server) MUST_USE;
/* Ends the thread and removes the socket. */
struct socket_server *socket_server_free(struct socket_server *server);

/* Sets the answer to "status": one line of JSON without newline; copied. */
void socket_server_publish(struct socket_server *server, const char *json, size_t length);

/* Called by the analysis: hands over each request that waits for it, with the name of the OS user
 * who asks (peer credentials); the handler writes the answer, one line without newline. */
typedef void socket_handler(void *context, const char *user, const char *request, size_t length,
			    struct buffer *answer);
void socket_server_serve(struct socket_server *server, socket_handler *handler, void *context);

/* The client's side: sends one request line and waits for the answer (at most 30 s). -ENOENT or
 * -ECONNREFUSED: no sensor is running. */
int socket_ask(const char *path, const char *request, struct buffer *answer,
	       struct problem *problem) MUST_USE;
