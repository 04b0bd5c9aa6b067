/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Records and hellos of TLS (RFC 8446 4.1 and 5.1; RFC 5246 7.4.1).
 *
 *	record: type 1 (20 to 23) | version 2 (3.0 to 3.4) | length 2 | ...
 *	hello:  version 2 | random 32 | session id <1> | cipher suite(s) | compression(s) |
 *	        extensions <2>: type 2 | length 2 | data */

#include "dissectors/tls.h"

#define HEADER 5

enum { EXTENSION_SERVER_NAME = 0, EXTENSION_PROTOCOLS = 16, EXTENSION_VERSIONS = 43 };

bool tls_read_header(struct cursor *bytes, uint8_t *type, uint16_t *length)
{
	uint16_t version;

	*type = cur_u8(bytes);
	version = cur_be16(bytes);
	*length = cur_be16(bytes);
	return cur_ok(bytes) && *type >= TLS_CHANGE_CIPHER && *type <= TLS_DATA &&
	       version >> 8 == 3 && (version & 0xff) <= 4 && *length > 0 &&
	       *length <= TLS_RECORD_MAX;
}

struct framing tls_frame(struct cursor bytes)
{
	uint8_t type;
	uint16_t length;

	if (cur_left(&bytes) < HEADER) {
		return (struct framing) { FRAMING_MORE, HEADER };
	}
	if (!tls_read_header(&bytes, &type, &length)) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	return (struct framing) { FRAMING_PDU, HEADER + (size_t)length };
}

static void read_versions(struct tls_hello *hello, struct cursor data, bool client)
{
	cur_skip(&data, client ? 1 : 0);
	while (cur_left(&data) >= 2) {
		uint16_t version = cur_be16(&data);

		/* Reserved values that clients send to keep servers tolerant are no versions. */
		if (version >> 8 == 3 && version > hello->version) {
			hello->version = version;
		}
	}
}

static void read_extension(struct tls_hello *hello, uint16_t type, struct cursor data, bool client)
{
	if (type == EXTENSION_SERVER_NAME && client) {
		cur_skip(&data, 3); /* length of the list, kind of name */
		hello->name = cur_sub(&data, cur_be16(&data));
	} else if (type == EXTENSION_PROTOCOLS) {
		cur_skip(&data, 2); /* length of the list (RFC 7301 3.1) */
		hello->protocol = cur_sub(&data, cur_u8(&data));
	} else if (type == EXTENSION_VERSIONS) {
		read_versions(hello, data, client);
	}
}

/* RFC 8446 4.1.3: the SHA-256 of "HelloRetryRequest" in place of a random number. */
static bool is_retry(struct cursor random)
{
	static const uint8_t retry[32] = {
		0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
		0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
		0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
	};

	return cur_equal(random, cur_of(retry, sizeof(retry)));
}

struct tls_hello tls_read_hello(struct cursor bytes, bool client)
{
	struct tls_hello hello = { .name = cur_of(NULL, 0), .protocol = cur_of(NULL, 0) };
	struct cursor extensions;

	hello.version = cur_be16(&bytes);
	hello.retry = is_retry(cur_sub(&bytes, 32));
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
