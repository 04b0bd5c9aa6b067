/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* tls.h - TLS records and hellos (RFC 5246, RFC 8446): of connections of its own, and inside of
 * other protocols.
 *
 * A protocol that turns to TLS in mid-connection (RDP, SMTP) frames with tls_frame() from then on
 * and hands the records to dissect_child() with the selector TLS_CHILD. */

#include "dissectors/dissector.h"

#define TLS_RECORD_MAX (16384 + 2048) /* RFC 5246 6.2.3 */
#define TLS_CHILD      1

enum tls_type { TLS_CHANGE_CIPHER = 20, TLS_ALERT, TLS_HANDSHAKE, TLS_DATA };
enum tls_message {
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_CERTIFICATE = 11,
	TLS_SERVER_HELLO_DONE = 14,
};

/* The header of a record, 5 bytes. False: none begins so. */
bool tls_read_header(struct cursor *bytes, uint8_t *type, uint16_t *length);
/* One record; the bytes are at least one. */
struct framing tls_frame(struct cursor bytes);

struct tls_hello {
	uint16_t version, cipher; /* cipher: of a server */
	struct cursor name;       /* server name that a client asks for, or empty */
	struct cursor protocol;   /* of the application: the first one offered, or the one chosen */
	bool retry;               /* a server's that asks for another hello of the client */
};

/* The body of a hello, behind the header of its message. */
struct tls_hello tls_read_hello(struct cursor bytes, bool client);
