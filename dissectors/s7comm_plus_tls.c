/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* TLS inside COTP: what controllers speak with TIA Portal 17 and later.  S7comm-plus begins with
 *one exchange in the clear (init_tls); from then on the user data of both sides are TLS records
 *(RFC 8446, 5.1), in whatever pieces COTP carries.  The two hellos are read: they say which version
 * and cipher, and whom the client means.  Everything else is encrypted, and counted as such.
 *
 *	record: type 1 (20 to 23) | version 2 (3.0 to 3.4) | length 2 | ... */

#include "dissectors/cotp.h"
#include "dissectors/s7comm_plus_private.h"

#define RECORD_MAX (16384 + 2048) /* RFC 5246, 6.2.3 */
#define KEY_TLS    (UINT64_C(1) << 62)

enum { TYPE_ALERT = 21, TYPE_HANDSHAKE = 22, TYPE_DATA = 23 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2 };
enum { EXTENSION_SERVER_NAME = 0, EXTENSION_VERSIONS = 43 };

static const char *version_name(uint16_t version)
{
	static const char *const names[] = { "ssl_3.0", "tls_1.0", "tls_1.1", "tls_1.2",
					     "tls_1.3" };
	unsigned minor = version & 0xff;

	return version >> 8 == 3 && minor < ARRAY_SIZE(names) ? names[minor] : "unknown";
}

struct hello {
	uint16_t version, cipher;
	struct cursor name;
};

/* One of the extensions of a hello (RFC 8446, 4.2). */
static void read_extension(struct hello *hello, uint16_t type, struct cursor data, bool client)
{
	if (type == EXTENSION_SERVER_NAME && client) {
		cur_skip(&data, 3); /* length of the list, kind of name */
		hello->name = cur_sub(&data, cur_be16(&data));
		return;
	}
	if (type != EXTENSION_VERSIONS) {
		return;
	}
	cur_skip(&data, client ? 1 : 0);
	while (cur_left(&data) >= 2) {
		uint16_t version = cur_be16(&data);

		/* Reserved values that clients send to keep servers tolerant are no versions. */
		if (version >> 8 == 3 && version > hello->version) {
			hello->version = version;
		}
	}
}

static struct hello read_hello(struct cursor bytes, bool client)
{
	struct hello hello = { .name = cur_of(NULL, 0) };
	struct cursor extensions;

	hello.version = cur_be16(&bytes);
	cur_skip(&bytes, 32);
	cur_skip(&bytes, cur_u8(&bytes));
	if (client) {
		cur_skip(&bytes, cur_be16(&bytes));
		cur_skip(&bytes, cur_u8(&bytes));
	} else {
		hello.cipher = cur_be16(&bytes);
		cur_skip(&bytes, 1);
	}
	extensions = cur_sub_most(&bytes, cur_be16(&bytes));
	while (cur_left(&extensions) >= 4) {
		uint16_t type = cur_be16(&extensions);
		struct cursor data = cur_sub(&extensions, cur_be16(&extensions));

		if (cur_ok(&data)) {
			read_extension(&hello, type, data, client);
		}
	}
	return hello;
}

static void put_session(struct dissection *d)
{
	record_put_static(d->writer, CORE_FUNCTION, "encrypted_session");
	record_put_bool(d->writer, CORE_ENCRYPTED, true);
}

static void client_hello(struct dissection *d, struct cursor bytes)
{
	struct hello hello = read_hello(bytes, true);

	dissect_sender(d, SENDER_CLIENT);
	transaction_open(d, KEY_TLS);
	put_session(d);
	record_put_static(d->writer, PUT(TLS_VERSION), version_name(hello.version));
	if (cur_ok(&hello.name) && cur_left(&hello.name) > 0) {
		record_put_bytes(d->writer, PUT(TLS_SERVER_NAME), hello.name);
	}
	transaction_ask(d, OPERATION_SESSION, false);
}

static void server_hello(struct dissection *d, struct cursor bytes)
{
	struct hello hello = read_hello(bytes, false);
	struct pending *asked = transaction_find(d, KEY_TLS);

	dissect_sender(d, SENDER_SERVER);
	transaction_answer(d, asked, OPERATION_SESSION);
	if (asked == NULL) {
		put_session(d);
	}
	record_put_static(d->writer, PUT(TLS_VERSION), version_name(hello.version));
	record_put_uint(d->writer, PUT(TLS_CIPHER), hello.cipher);
	transaction_done(d, OUTCOME_SUCCESS);
}

/* The other side does not want. */
static void alert(struct dissection *d, struct cursor bytes)
{
	struct pending *asked = transaction_find(d, KEY_TLS);

	cur_skip(&bytes, 1);
	if (asked != NULL && !d->from_client) {
		transaction_answer(d, asked, OPERATION_SESSION);
		record_put_uint(d->writer, PUT(TLS_ALERT), cur_u8(&bytes));
		transaction_done(d, OUTCOME_FAILURE);
	}
}

/* What of a record is readable. False: nothing. */
static bool read_record(struct dissection *d, uint8_t type, uint16_t length, struct cursor bytes)
{
	struct s7p_state *state = d->state;
	uint8_t message;

	if (type == TYPE_ALERT && length == 2) {
		alert(d, bytes);
		return true;
	}
	if (type != TYPE_HANDSHAKE) {
		return false;
	}
	message = cur_u8(&bytes);
	/* Encrypted handshakes begin with anything: a hello is not as long as that. */
	if ((message != CLIENT_HELLO && message != SERVER_HELLO) || cur_u8(&bytes) != 0) {
		return false;
	}
	cur_skip(&bytes, 2);
	state->tls_told = true;
	(message == CLIENT_HELLO ? client_hello : server_hello)(d, bytes);
	return true;
}

/* What is not readable, in one count for all user data of a message. */
static void encrypted(struct dissection *d, size_t bytes)
{
	struct s7p_state *state = d->state;

	if (bytes > 0 && dissect_encrypted(d, bytes) && !state->tls_told) {
		state->tls_told = true;
		dissect_record(d, RECORD_TRANSACTION, OPERATION_SESSION)->phase = PHASE_COMPLETE;
		put_session(d);
		record_commit(d->writer);
	}
}

static bool read_header(struct cursor *bytes, uint8_t *type, uint16_t *length)
{
	uint16_t version;

	*type = cur_u8(bytes);
	version = cur_be16(bytes);
	*length = cur_be16(bytes);
	return cur_ok(bytes) && *type >= 20 && *type <= TYPE_DATA && version >> 8 == 3 &&
	       (version & 0xff) <= 4 && *length > 0 && *length <= RECORD_MAX;
}

enum parsed s7p_tls(struct dissection *d, struct cursor bytes)
{
	struct s7p_state *state = d->state;
	struct s7p_side *side = &state->side[d->side];
	struct cotp_user *user = d->parent;
	size_t hidden = 0;

	while (cur_left(&bytes) > 0) {
		size_t n = size_min(side->record_left, cur_left(&bytes));
		struct cursor look = bytes, record;
		uint16_t length;
		uint8_t type;

		if (n > 0) {
			cur_skip(&bytes, n);
			side->record_left = side->record_left - (uint32_t)n;
			hidden += n;
			continue;
		}
		if (!read_header(&look, &type, &length)) {
			if (!side->tls) {
				return PARSED_NOT_MINE;
			}
			/* Behind a hole, until a record begins with the user data. */
			hidden += cur_left(&bytes);
			break;
		}
		state->side[0].tls = state->side[1].tls = true;
		user->stream = true;
		bytes = look;
		record = cur_sub_most(&look, length);
		if (read_record(d, type, length, record)) {
			n = cur_left(&record);
			cur_skip(&bytes, n);
			side->record_left = length - (uint32_t)n;
		} else {
			side->record_left = length;
		}
	}
	encrypted(d, hidden);
	return PARSED;
}
