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
#include "dissectors/tls.h"

#define KEY_TLS (UINT64_C(1) << 62)

static const char *version_name(uint16_t version)
{
	static const char *const names[] = { "ssl_3.0", "tls_1.0", "tls_1.1", "tls_1.2",
					     "tls_1.3" };
	unsigned minor = version & 0xff;

	return version >> 8 == 3 && minor < ARRAY_SIZE(names) ? names[minor] : "unknown";
}

static void put_session(struct dissection *d)
{
	record_put_static(d->writer, CORE_FUNCTION, "encrypted_session");
	record_put_bool(d->writer, CORE_ENCRYPTED, true);
}

static void client_hello(struct dissection *d, struct cursor bytes)
{
	struct tls_hello hello = tls_read_hello(bytes, true);

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
	struct tls_hello hello = tls_read_hello(bytes, false);
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

	if (type == TLS_ALERT && length == 2) {
		alert(d, bytes);
		return true;
	}
	if (type != TLS_HANDSHAKE) {
		return false;
	}
	message = cur_u8(&bytes);
	/* Encrypted handshakes begin with anything: a hello is not as long as that. */
	if ((message != TLS_CLIENT_HELLO && message != TLS_SERVER_HELLO) || cur_u8(&bytes) != 0) {
		return false;
	}
	cur_skip(&bytes, 2);
	state->tls_told = true;
	(message == TLS_CLIENT_HELLO ? client_hello : server_hello)(d, bytes);
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
		if (!tls_read_header(&look, &type, &length)) {
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
