/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* http_client.h - requests over HTTP and HTTPS to a receiver, one after the other over connections
 * that stay open (libcurl).
 *
 * For threads that may wait: at most 10 s for a connection, 30 s without progress, 2 minutes in
 * all. Redirections are not followed: they would carry the secret to another host.  A receiver
 * whose certificate does not prove its name is refused. */

#include "capture/base/problem.h"

#define HTTP_ANSWER_MAX (16 << 20) /* bytes of an answer's body */

/* Texts may be NULL or empty: none. */
struct http_options {
	const char *ca; /* file of certificates that are trusted, else the system's */
	const char *certificate, *key; /* files: who we are */
	const char *user, *password;   /* basic authentication (RFC 7617) */
	/* Value of the Authorization header, such as "Splunk TOKEN", instead of these. */
	const char *authorization;
	bool compress; /* bodies go with gzip */
};

struct http_request {
	const char *url;
	const char *type;           /* of the body; NULL: no body, a GET */
	const char *const *headers; /* further ones, "Name: value", ended by NULL; or NULL */
	const void *body;
	size_t length;
};

struct http_answer {
	unsigned status;
	const char *body; /* NUL-terminated; until the next request */
	size_t length;
	int64_t retry_after; /* ns (RFC 9110 10.2.3); 0: not said */
};

struct http_client;

/* Copies the texts and reads no file yet. 0 or negative errno with problem. */
int http_client_new(struct http_client **out, const struct http_options *options,
		    struct problem *problem) MUST_USE;
struct http_client *http_client_free(struct http_client *client);

/* Sends a request and waits for its answer, of whatever status. Negative errno with problem: there
 * is no whole answer, and the receiver may or may not have taken the request. */
int http_send(struct http_client *client, const struct http_request *request,
	      struct http_answer *answer, struct problem *problem) MUST_USE;
