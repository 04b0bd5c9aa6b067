/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/network_link.h"

#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define WAIT_SECONDS 10
#define FINISH_MS    2000

struct network_link {
	struct link_options options;
	char *texts[6]; /* the options' own */
	int descriptor; /* -1: closed */
	SSL_CTX *context;
	SSL *tls;
};

static const char *const transports[LINK_TRANSPORTS] = {
	[LINK_TCP] = "tcp",
	[LINK_TLS] = "tls",
	[LINK_UDP] = "udp",
};

const char *link_transport_name(enum link_transport transport)
{
	return transports[transport];
}

bool link_transport_from_name(const char *name, enum link_transport *out)
{
	for (size_t i = 0; i < LINK_TRANSPORTS; i++) {
		if (strcmp(name, transports[i]) == 0) {
			*out = (enum link_transport)i;
			return true;
		}
	}
	return false;
}

static bool is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* ---- TLS ---- */

static int tls_error(const char *what, struct problem *problem)
{
	char text[160] = "no reason given";
	unsigned long code = ERR_get_error();

	if (code != 0) {
		ERR_error_string_n(code, text, sizeof(text));
	}
	ERR_clear_error();
	return problem_set(problem, -EPROTO, "%s: %s", what, text);
}

static int set_up_tls(struct network_link *link, struct problem *problem)
{
	const struct link_options *options = &link->options;
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	link->context = context;
	if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
		return tls_error("TLS", problem);
	}
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if ((is_given(options->ca) ? SSL_CTX_load_verify_file(context, options->ca)
				   : SSL_CTX_set_default_verify_paths(context)) != 1) {
		return tls_error(is_given(options->ca) ? options->ca : "certificates", problem);
	}
	if (is_given(options->certificate) &&
	    SSL_CTX_use_certificate_chain_file(context, options->certificate) != 1) {
		return tls_error(options->certificate, problem);
	}
	if (is_given(options->key) &&
	    (SSL_CTX_use_PrivateKey_file(context, options->key, SSL_FILETYPE_PEM) != 1 ||
	     SSL_CTX_check_private_key(context) != 1)) {
		return tls_error(options->key, problem);
	}
	return 0;
}

static const char *name_of(const struct network_link *link)
{
	return is_given(link->options.server_name) ? link->options.server_name : link->options.host;
}

/* Why the certificate was refused, where that is what failed. */
static int handshake_failed(struct network_link *link, struct problem *problem)
{
	long verdict = SSL_get_verify_result(link->tls);

	if (verdict != X509_V_OK) {
		ERR_clear_error();
		return problem_set(problem, -EACCES, "the certificate of %s: %s", name_of(link),
				   X509_verify_cert_error_string(verdict));
	}
	return tls_error("TLS with the receiver", problem);
}

static int shake_hands(struct network_link *link, struct problem *problem)
{
	link->tls = SSL_new(link->context);
	if (link->tls == NULL || SSL_set_fd(link->tls, link->descriptor) != 1 ||
	    SSL_set_tlsext_host_name(link->tls, name_of(link)) != 1 ||
	    SSL_set1_host(link->tls, name_of(link)) != 1) {
		return tls_error("TLS", problem);
	}
	return SSL_connect(link->tls) == 1 ? 0 : handshake_failed(link, problem);
}

/* ---- life ---- */

static const char *keep_text(struct network_link *link, size_t i, const char *text)
{
	link->texts[i] = text != NULL ? strdup(text) : NULL;
	return link->texts[i];
}

int link_new(struct network_link **out, const struct link_options *options, struct problem *problem)
{
	struct network_link *link = calloc(1, sizeof(*link));
	int error = 0;

	if (link == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	link->descriptor = -1;
	link->options = (struct link_options) {
		.host = keep_text(link, 0, options->host),
		.port = keep_text(link, 1, options->port),
		.transport = options->transport,
		.ca = keep_text(link, 2, options->ca),
		.certificate = keep_text(link, 3, options->certificate),
		.key = keep_text(link, 4, options->key),
		.server_name = keep_text(link, 5, options->server_name),
	};
	if (options->transport == LINK_TLS) {
		error = set_up_tls(link, problem);
	}
	if (error < 0) {
		link_free(link);
		return error;
	}
	*out = link;
	return 0;
}

struct network_link *link_free(struct network_link *link)
{
	if (link != NULL) {
		link_close(link);
		SSL_CTX_free(link->context);
		for (size_t i = 0; i < ARRAY_SIZE(link->texts); i++) {
			free(link->texts[i]);
		}
		free(link);
	}
	return NULL;
}

bool link_is_open(const struct network_link *link)
{
	return link->descriptor >= 0;
}

void link_close(struct network_link *link)
{
	if (link->tls != NULL) {
		(void)SSL_shutdown(link->tls);
		SSL_free(link->tls);
		link->tls = NULL;
	}
	if (link->descriptor >= 0) {
		close(link->descriptor);
		link->descriptor = -1;
	}
}

int link_finish(struct network_link *link)
{
	struct pollfd polled = { .fd = link->descriptor, .events = POLLIN };
	char bytes[512];
	bool reset;
	ssize_t n = 1;

	if (link->descriptor < 0 || link->options.transport == LINK_UDP) {
		return 0;
	}
	if (link->tls != NULL) {
		(void)SSL_shutdown(link->tls);
		ERR_clear_error();
	}
	(void)shutdown(link->descriptor, SHUT_WR);
	/* What he says is of no interest, only how it ends. */
	while (n > 0 && poll(&polled, 1, FINISH_MS) > 0) {
		errno = 0;
		n = recv(link->descriptor, bytes, sizeof(bytes), MSG_DONTWAIT);
	}
	reset = n < 0 && errno != EAGAIN;
	SSL_free(link->tls);
	link->tls = NULL;
	link_close(link);
	return reset ? -ECONNRESET : 0;
}

/* ---- connecting ---- */

static void set_time_outs(int descriptor)
{
	const struct timeval wait = { .tv_sec = WAIT_SECONDS };

	/* Linux holds connect() to the time-out for sending. */
	(void)setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	(void)setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	(void)setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &(int) { 1 }, sizeof(int));
}

/* The first address that answers. */
static int connect_first(struct network_link *link, const struct addrinfo *addresses)
{
	int error = -EADDRNOTAVAIL;

	for (const struct addrinfo *at = addresses; at != NULL && link->descriptor < 0;
	     at = at->ai_next) {
		int descriptor =
		    socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);

		if (descriptor < 0) {
			error = -errno;
			continue;
		}
		set_time_outs(descriptor);
		if (connect(descriptor, at->ai_addr, at->ai_addrlen) == 0) {
			link->descriptor = descriptor;
			return 0;
		}
		error = errno == EINPROGRESS ? -ETIMEDOUT : -errno;
		close(descriptor);
	}
	return error;
}

int link_connect(struct network_link *link, struct problem *problem)
{
	const struct link_options *options = &link->options;
	const struct addrinfo wanted = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = options->transport == LINK_UDP ? SOCK_DGRAM : SOCK_STREAM,
	};
	struct addrinfo *addresses = NULL;
	int result = getaddrinfo(options->host, options->port, &wanted, &addresses), error;

	if (result != 0) {
		return problem_set(problem, -EHOSTUNREACH, "%s: %s", options->host,
				   gai_strerror(result));
	}
	error = connect_first(link, addresses);
	freeaddrinfo(addresses);
	if (error < 0) {
		return problem_set(problem, error, "%s port %s: %s", options->host, options->port,
				   strerror(-error));
	}
	if (options->transport == LINK_TLS) {
		error = shake_hands(link, problem);
	}
	if (error < 0) {
		link_close(link);
	}
	return error;
}

/* ---- sending ---- */

static ssize_t send_some(struct network_link *link, const uint8_t *bytes, size_t n)
{
	int sent;

	if (link->tls == NULL) {
		return send(link->descriptor, bytes, n, MSG_NOSIGNAL);
	}
	sent = SSL_write(link->tls, bytes, (int)size_min(n, 1 << 20));
	if (sent <= 0) {
		ERR_clear_error();
		errno = errno != 0 ? errno : ECONNRESET;
		return -1;
	}
	return sent;
}

int link_send(struct network_link *link, const void *bytes, size_t n, struct problem *problem)
{
	const uint8_t *at = bytes;

	while (n > 0) {
		ssize_t done;

		errno = 0;
		done = send_some(link, at, n);
		if (done < 0 && errno != EINTR) {
			int error = errno == EAGAIN ? -ETIMEDOUT : -errno;

			link_close(link);
			return problem_set(problem, error, "%s: %s", link->options.host,
					   strerror(-error));
		}
		at += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	return 0;
}

/* ---- receiving ---- */

static ssize_t receive_some(struct network_link *link, void *bytes, size_t n)
{
	int done;

	errno = 0;
	if (link->tls == NULL) {
		return recv(link->descriptor, bytes, n, 0);
	}
	done = SSL_read(link->tls, bytes, (int)size_min(n, 1 << 20));
	if (done > 0) {
		return done;
	}
	done = SSL_get_error(link->tls, done) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
	ERR_clear_error();
	errno = done < 0 && errno == 0 ? ECONNRESET : errno;
	return done;
}

ssize_t link_receive(struct network_link *link, void *bytes, size_t n, int wait,
		     struct problem *problem)
{
	struct pollfd polled = { .fd = link->descriptor, .events = POLLIN };
	bool there = link->tls != NULL && SSL_pending(link->tls) > 0;
	ssize_t done;

	if (link->descriptor < 0) {
		return problem_set(problem, -ENOTCONN, "not connected");
	}
	if (!there && poll(&polled, 1, wait) <= 0) {
		return -EAGAIN;
	}
	done = receive_some(link, bytes, n);
	if (done < 0) {
		int error = errno == EAGAIN || errno == EINTR ? -EAGAIN : -errno;

		if (error == -EAGAIN) {
			return error;
		}
		link_close(link);
		return problem_set(problem, error, "%s: %s", link->options.host, strerror(-error));
	}
	return done;
}

bool link_is_stale(struct network_link *link)
{
	struct pollfd polled = { .fd = link->descriptor, .events = POLLIN };
	char byte;

	if (link->descriptor < 0 || link->options.transport == LINK_UDP ||
	    poll(&polled, 1, 0) <= 0) {
		return false;
	}
	/* Receivers of syslog say nothing: what is there is the end, or an error. In TLS it may be
	 * a ticket for later, which is read away. */
	if (link->tls != NULL && recv(link->descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
		return SSL_peek(link->tls, &byte, 1) == 0;
	}
	return recv(link->descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}
