/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* TLS 1.0 to 1.3 (RFC 2246, RFC 4346, RFC 5246, RFC 8446): a look at the handshake, which is in the
 * clear until the keys change.  With version 1.3 that is the two hellos, before that the
 * certificates as well.
 *
 *	record:    type 1 | version 2 | length 2 | messages, or parts of them
 *	handshake: type 1 | length 3 | body
 *	certificate: list <3> of: certificate <3> */

#include "dissectors/tls.h"
#include "dissectors/banner.h"
#include "dissectors/text.h"
#include "dissectors/tls_names.h"
#include "dissectors/x509.h"

#include <stdio.h>

#define HANDSHAKE_MAX    16384 /* of one message with what precedes it in its records */
#define HANDSHAKE_HEADER 4
#define MESSAGES_MAX     16 /* of one side */

/* What is said of a certificate, of the server's and of the client's alike. */
#define CERTIFICATE_FIELDS(X, SIDE, side)                                                          \
	X(SIDE##_SUBJECT, "tls." side ".subject", STRING, FIELD_IDENTITY(CERTIFICATE),             \
	  "Subject of the certificate of the " side)                                               \
	X(SIDE##_ISSUER, "tls." side ".issuer", STRING, FIELD_IDENTITY(CERTIFICATE_ISSUER),        \
	  "Issuer of the certificate of the " side)                                                \
	X(SIDE##_NOT_BEFORE, "tls." side ".not_before", TIME, 0, "Begin of its validity")          \
	X(SIDE##_NOT_AFTER, "tls." side ".not_after", TIME, 0, "End of its validity")              \
	X(SIDE##_SERIAL, "weir.tls." side ".certificate_serial", BYTES, 0,                         \
	  "Serial number of the certificate, which its issuer gave it")                            \
	X(SIDE##_NAMES, "weir.tls." side ".alternative_names", STRING, 0,                          \
	  "Further names in the certificate, joined by commas")                                    \
	X(SIDE##_HOST, "weir.tls." side ".name", STRING, FIELD_IDENTITY(DOMAIN_NAME) | FIELD_HINT, \
	  "First host name in the certificate, or its common name if that is one")                 \
	X(SIDE##_HOST_NAME, "weir.tls." side ".host_name", STRING,                                 \
	  FIELD_IDENTITY(HOST_NAME) | FIELD_HINT, "The same, without a domain")                    \
	X(SIDE##_RISK, "weir.tls." side ".certificate_risk", STRING,                               \
	  FIELD_LIST | FIELD_ENUM | FIELD_IDENTITY(RISK),                                          \
	  "self_signed_certificate, expired_certificate")

#define TLS_FIELDS(X)                                                                              \
	X(VERSION, "tls.version", STRING, FIELD_ENUM, "Version: 1.2; 3.0 is that of SSL")          \
	X(PROTOCOL, "tls.version_protocol", STRING, FIELD_ENUM, "tls or ssl")                      \
	X(CIPHER, "tls.cipher", STRING, 0, "Cipher suite that the server chose")                   \
	X(CIPHER_CODE, "weir.tls.cipher_code", UINT, 0, "The same, as a number")                   \
	X(NEXT, "tls.next_protocol", STRING, 0, "Protocol inside that the server chose")           \
	X(OFFERED_VERSION, "weir.tls.offered_version", STRING, FIELD_ENUM,                         \
	  "Highest version that the client offers")                                                \
	X(OFFERED_PROTOCOL, "weir.tls.offered_protocol", STRING, 0,                                \
	  "Protocol inside that the client offers first")                                          \
	X(SERVER_NAME, "tls.client.server_name", STRING, FIELD_IDENTITY(DOMAIN_NAME) | FIELD_HINT, \
	  "Server name that the client asks for")                                                  \
	X(ALERT, "weir.tls.alert", UINT, 0, "Alert that ended the handshake")                      \
	X(RISK, "weir.tls.risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK),                        \
	  "old_tls: the server agreed to a version before 1.2")                                    \
	X(ASKED_HOST, "weir.tls.server_host", STRING, FIELD_IDENTITY(HOST_NAME) | FIELD_HINT,      \
	  "Server name that the client asks for, where it has no domain")                          \
	X(ORGANIZATION, "weir.tls.server.certificate_organization", STRING,                        \
	  FIELD_IDENTITY(VENDOR) | FIELD_HINT,                                                     \
	  "Organization of a server that is its own issuer, as devices of one maker are")          \
	CERTIFICATE_FIELDS(X, SERVER, "server")                                                    \
	CERTIFICATE_FIELDS(X, CLIENT, "client")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	TLS_FIELDS(X)
#undef X
};

static const struct field tls_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { name, FIELD_##type, flags, NULL, meaning, NULL },
	TLS_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)
/* Of the side that sent the certificate. */
#define PUT_OF(d, id) FIELD_LOCAL((d)->from_client ? F_CLIENT_##id : F_SERVER_##id)

enum { KEY_HELLO = 1, GATHER_HANDSHAKE = 1 };

struct tls_state {
	uint64_t record;     /* of the hellos */
	uint8_t messages[2]; /* of each side */
	bool done[2];
};

static void enough(struct dissection *d)
{
	struct tls_state *state = d->state;

	state->done[d->side] = true;
	dissect_enough(d);
}

static void tls_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	const char *name = tls_message_name(code);

	(void)class;
	if (name != NULL) {
		snprintf(out, size, "%s", name);
	} else {
		snprintf(out, size, "%u", (unsigned)code);
	}
}

/* A first record that holds a hello whose lengths agree. */
static enum claim tls_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor start = bytes;
	uint8_t type, message;
	uint16_t length;
	uint32_t size;

	if (cur_left(&bytes) < 11) {
		bool begins = cur_u8(&start) == TLS_HANDSHAKE &&
			      (cur_left(&start) == 0 || cur_u8(&start) == 3);

		return usual_port && begins ? CLAIM_MORE : CLAIM_NO;
	}
	if (!tls_read_header(&bytes, &type, &length) || type != TLS_HANDSHAKE) {
		return CLAIM_NO;
	}
	message = cur_u8(&bytes);
	size = cur_be24(&bytes);
	/* The shortest hellos; a message may go on in further records, which few do. */
	if ((message != TLS_CLIENT_HELLO && message != TLS_SERVER_HELLO) || size < 38 ||
	    size > HANDSHAKE_MAX || cur_u8(&bytes) != 3 || cur_u8(&bytes) > 4 || length < 42) {
		return CLAIM_NO;
	}
	*sender = message == TLS_CLIENT_HELLO ? SENDER_CLIENT : SENDER_SERVER;
	return CLAIM_YES;
}

static struct framing tls_frame_stream(const struct dissection *d, struct cursor bytes)
{
	(void)d;
	return tls_frame(bytes);
}

static size_t tls_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	(void)d;
	(void)from;
	return cur_left(&bytes);
}

/* ---- hellos ---- */

static void client_hello(struct dissection *d, struct cursor body)
{
	struct tls_hello hello = tls_read_hello(body, true);

	dissect_sender(d, SENDER_CLIENT);
	/* Once more, as the server wants it. */
	if (transaction_find(d, KEY_HELLO) != NULL) {
		return;
	}
	transaction_open(d, KEY_HELLO);
	record_put_static(d->writer, CORE_FUNCTION, "handshake");
	record_put_bool(d->writer, CORE_ENCRYPTED, true);
	record_put_static(d->writer, PUT(OFFERED_VERSION), tls_version_text(hello.version));
	banner_put_name(d, PUT(SERVER_NAME), PUT(ASKED_HOST), hello.name);
	banner_put(d, PUT(OFFERED_PROTOCOL), hello.protocol);
	transaction_ask(d, OPERATION_SESSION, false);
}

static void server_hello(struct dissection *d, struct cursor body)
{
	struct tls_hello hello = tls_read_hello(body, false);
	struct pending *asked = transaction_find(d, KEY_HELLO);
	struct tls_state *state = d->state;
	const char *cipher = tls_cipher_name(hello.cipher);

	dissect_sender(d, SENDER_SERVER);
	if (hello.retry) {
		return;
	}
	transaction_answer(d, asked, OPERATION_SESSION);
	if (asked == NULL) {
		record_put_static(d->writer, CORE_FUNCTION, "handshake");
		record_put_bool(d->writer, CORE_ENCRYPTED, true);
	}
	record_put_static(d->writer, PUT(VERSION), tls_version_text(hello.version));
	record_put_static(d->writer, PUT(PROTOCOL), hello.version == 0x0300 ? "ssl" : "tls");
	if (cipher != NULL) {
		record_put_static(d->writer, PUT(CIPHER), cipher);
	}
	record_put_uint(d->writer, PUT(CIPHER_CODE), hello.cipher);
	banner_put(d, PUT(NEXT), hello.protocol);
	if (hello.version < TLS_VERSION_1_2) {
		record_put_static(d->writer, PUT(RISK), "old_tls");
	}
	dissect_identity(d);
	state->record = transaction_record(d);
	transaction_done(d, OUTCOME_SUCCESS);
	/* Its certificate is encrypted (RFC 8446 4.4). */
	if (hello.version >= TLS_VERSION_1_3) {
		enough(d);
	}
}

/* ---- certificates ---- */

/* Of those that programs make when nobody tells them a name. */
static bool is_placeholder(const char *organization)
{
	static const char *const placeholders[] = {
		"",
		"Internet Widgits Pty Ltd",
		"Default Company Ltd",
		"SomeOrganization",
		"Acme Co",
		"Snake Oil, Ltd",
		"My Company",
		"Example",
		"Dummy Value",
	};

	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++) {
		if (strcmp(organization, placeholders[i]) == 0) {
			return true;
		}
	}
	return false;
}

static void put_text(struct dissection *d, uint16_t field, const char *text)
{
	if (text[0] != '\0') {
		record_put_text(d->writer, field, text);
	}
}

static void put_risks(struct dissection *d, const struct x509 *certificate)
{
	const char *risks[2];
	size_t n = 0;

	if (certificate->own_issuer) {
		risks[n++] = "self_signed_certificate";
	}
	if (certificate->not_after != TIME_NONE && certificate->not_after < d->packet->time) {
		risks[n++] = "expired_certificate";
	}
	if (n > 0) {
		record_put_statics(d->writer, PUT_OF(d, RISK), risks, n);
	}
}

static void put_certificate(struct dissection *d, const struct x509 *certificate)
{
	const char *organization = certificate->subject.organization;
	const char *name = certificate->dns_name[0] != '\0' ? certificate->dns_name
							    : certificate->subject.common_name;

	put_text(d, PUT_OF(d, SUBJECT), certificate->subject.text);
	put_text(d, PUT_OF(d, ISSUER), certificate->issuer.text);
	if (certificate->not_before != TIME_NONE) {
		record_put_time(d->writer, PUT_OF(d, NOT_BEFORE), certificate->not_before);
	}
	if (certificate->not_after != TIME_NONE) {
		record_put_time(d->writer, PUT_OF(d, NOT_AFTER), certificate->not_after);
	}
	record_put_bytes(d->writer, PUT_OF(d, SERIAL), certificate->serial);
	put_text(d, PUT_OF(d, NAMES), certificate->names);
	banner_put_name(d, PUT_OF(d, HOST), PUT_OF(d, HOST_NAME), cur_of(name, strlen(name)));
	/* A device that carries its maker's certificate, not one that an authority sold. */
	if (!d->from_client && strcmp(organization, certificate->issuer.organization) == 0 &&
	    !is_placeholder(organization)) {
		put_text(d, PUT(ORGANIZATION), organization);
	}
	put_risks(d, certificate);
}

/* The sender's own certificate is the first one of the list (RFC 5246 7.4.2). */
static bool certificates(struct dissection *d, struct cursor body)
{
	const struct tls_state *state = d->state;
	struct cursor list = cur_sub(&body, cur_be24(&body));
	struct x509 certificate;

	if (cur_ok(&list) && cur_left(&list) == 0) {
		return true; /* a client that has none */
	}
	if (!x509_read(cur_sub(&list, cur_be24(&list)), &certificate)) {
		return false;
	}
	banner_beside(d, state->record, "certificate");
	put_certificate(d, &certificate);
	record_commit(d->writer);
	return true;
}

/* ---- messages ---- */

static enum parsed message(struct dissection *d, uint8_t type, struct cursor body)
{
	struct tls_state *state = d->state;

	dissect_count(d, d->from_client ? MESSAGE_REQUEST : MESSAGE_RESPONSE, type);
	if (++state->messages[d->side] >= MESSAGES_MAX || type == TLS_SERVER_HELLO_DONE) {
		enough(d);
	}
	if (type == TLS_CLIENT_HELLO) {
		client_hello(d, body);
	} else if (type == TLS_SERVER_HELLO) {
		server_hello(d, body);
	} else if (type == TLS_CERTIFICATE && !certificates(d, body)) {
		return PARSED_MALFORMED;
	}
	return PARSED;
}

/* Walks the whole messages of *bytes, and leaves the start of an unfinished one there. */
static enum parsed messages(struct dissection *d, struct cursor *bytes)
{
	const struct tls_state *state = d->state;
	enum parsed parsed = PARSED;

	while (cur_left(bytes) >= HANDSHAKE_HEADER && !state->done[d->side]) {
		struct cursor look = *bytes;
		uint8_t type = cur_u8(&look);
		uint32_t length = cur_be24(&look);

		if (length > HANDSHAKE_MAX) {
			enough(d);
			break;
		}
		if (length > cur_left(&look)) {
			break;
		}
		if (message(d, type, cur_sub(&look, length)) != PARSED) {
			parsed = PARSED_MALFORMED;
		}
		*bytes = look;
	}
	return parsed;
}

/* Parts of messages are kept from the first unfinished one on; the note says how many of the bytes
 * are read. */
static enum parsed handshake(struct dissection *d, struct cursor record)
{
	const struct tls_state *state = d->state;
	uint32_t *note = dissect_gather_note(d, GATHER_HANDSHAKE);
	struct cursor bytes = record;
	enum parsed parsed;

	if (note != NULL) {
		if (!dissect_gather(d, GATHER_HANDSHAKE, record, HANDSHAKE_MAX)) {
			enough(d);
			return PARSED;
		}
		note = dissect_gather_note(d, GATHER_HANDSHAKE);
		bytes = dissect_gathered(d, GATHER_HANDSHAKE);
		cur_skip(&bytes, *note);
	}
	parsed = messages(d, &bytes);
	if (note != NULL) {
		struct cursor all = dissect_gathered(d, GATHER_HANDSHAKE);

		*note = (uint32_t)(cur_left(&all) - cur_left(&bytes));
	} else if (cur_left(&bytes) > 0 && !state->done[d->side] &&
		   !dissect_gather(d, GATHER_HANDSHAKE, bytes, HANDSHAKE_MAX)) {
		enough(d);
	}
	return parsed;
}

/* The server does not want (RFC 8446 6). */
static void alert(struct dissection *d, struct cursor record)
{
	struct pending *asked = transaction_find(d, KEY_HELLO);

	cur_skip(&record, 1);
	if (asked != NULL && !d->from_client) {
		transaction_answer(d, asked, OPERATION_SESSION);
		record_put_uint(d->writer, PUT(ALERT), cur_u8(&record));
		transaction_done(d, OUTCOME_FAILURE);
	}
}

static enum parsed tls_parse(struct dissection *d, struct cursor pdu)
{
	uint16_t length;
	uint8_t type;

	if (!tls_read_header(&pdu, &type, &length)) {
		return PARSED_NOT_MINE;
	}
	if (type == TLS_HANDSHAKE) {
		return handshake(d, pdu);
	}
	if (type == TLS_ALERT && length == 2) {
		alert(d, pdu);
	}
	/* The keys change, or the connection ends. */
	enough(d);
	return PARSED;
}

static const struct over tls_over[] = {
	{ OVER_TCP, NULL, 443 },
	{ OVER_TCP, NULL, 8443 },
	{ OVER_TCP, NULL, 0 },
	{ OVER_PARENT, "rdp", TLS_CHILD },
	{ OVER_PARENT, "smtp", TLS_CHILD },
	{ OVER_PARENT, "ftp", TLS_CHILD },
};

const struct dissector dissector_tls = {
	.name = "tls",
	.title = "Transport Layer Security, handshake (RFC 8446, RFC 5246)",
	.general = true,
	.glance = true,
	.over = tls_over,
	.n_over = ARRAY_SIZE(tls_over),
	.state_size = sizeof(struct tls_state),
	.pdu_max = TLS_RECORD_MAX + 5,
	.probe = tls_probe,
	.frame = tls_frame_stream,
	.resync = tls_resync,
	.parse = tls_parse,
	.code_text = tls_code_text,
	.fields = tls_fields,
	.n_fields = ARRAY_SIZE(tls_fields),
};
