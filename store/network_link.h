/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* network_link.h - one connection to a receiver: TCP, TLS (1.2 or later) or UDP, with time-outs.
 *
 * For threads that may wait; nothing of it touches a capture port. */

#include "capture/base/problem.h"

#include <sys/types.h>

enum link_transport { LINK_TCP, LINK_TLS, LINK_UDP, LINK_TRANSPORTS };

/* "tcp"... */
const char *link_transport_name(enum link_transport transport);
bool link_transport_from_name(const char *name, enum link_transport *out);

/* Texts may be NULL or empty: none. */
struct link_options {
	const char *host, *port;
	enum link_transport transport;
	const char *ca; /* file of certificates that are trusted, else the system's */
	const char *certificate, *key; /* files: who we are */
	const char *server_name;       /* in the receiver's certificate, else the host */
};

struct network_link;

/* Checks the options and reads the files; connects to nobody. 0 or negative errno with problem. */
int link_new(struct network_link **out, const struct link_options *options,
	     struct problem *problem) MUST_USE;
struct network_link *link_free(struct network_link *link);

bool link_is_open(const struct network_link *link);
/* Connects, at most 10 s. A receiver whose certificate does not prove its name is refused. */
int link_connect(struct network_link *link, struct problem *problem) MUST_USE;
/* Sends all bytes (of UDP: one datagram), at most 10 s without progress. After an error it is
 * closed. */
int link_send(struct network_link *link, const void *bytes, size_t n,
	      struct problem *problem) MUST_USE;
/* What the receiver says, n bytes at most, which are waited for so long (ms) at most. Their number;
 * 0: he has closed his side; -EAGAIN: nothing came; another negative errno with problem, and it is
 * closed. */
ssize_t link_receive(struct network_link *link, void *bytes, size_t n, int wait,
		     struct problem *problem) MUST_USE;
/* Whether the receiver has closed its side: what was sent last may be lost. */
bool link_is_stale(struct network_link *link);
/* Says that no more comes and waits, 2 s at most, for the receiver to close as well, which he does
 * when he has read all. 0, also when he does not answer; -ECONNRESET: he did not read all. It is
 * closed. */
int link_finish(struct network_link *link) MUST_USE;
void link_close(struct network_link *link);
