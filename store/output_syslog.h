/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_syslog.h - documents as syslog messages: over TCP and TLS each with its length before it
 * (RFC 6587 3.4.1, RFC 5425), over UDP one a datagram (RFC 5426).
 *
 * Receivers of syslog acknowledge nothing: what TCP took may be lost with the connection. So the
 * last messages are kept, and sent again over a new one.  Over UDP nothing is promised; a message
 * that would be too long for a datagram becomes a short one, never half a one. */

#include "store/network_link.h"
#include "store/output.h"
#include "store/syslog_message.h"

#define SYSLOG_AGAIN_MAX    200  /* messages that are sent again */
#define SYSLOG_DATAGRAM_MAX 1400 /* bytes */

struct output_syslog_options {
	struct link_options link;
	unsigned facility;
	enum document_form form;
	const char *host; /* of the sensor */
};

/* Connects to nobody yet. 0 or negative errno with problem. */
int output_syslog_new(struct output *out, const struct output_syslog_options *options,
		      struct problem *problem) MUST_USE;
