/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_message.h - one message on its way through cip.c, and what cip_multiple.c uses of it. */

#include "dissectors/cip_private.h"
#include "dissectors/enip_private.h"

struct cip_message {
	const struct enip_packet *packet;
	uint64_t key;        /* the same for a request and its answer; its lower 16 bits are 0 */
	uint64_t plain_key;  /* the same without the connection, which an answer may not tell */
	bool any_connection; /* it does not */
	bool connected;
	uint16_t sequence;
	bool has_unit; /* it goes to a module, or to what lies behind one */
	uint32_t unit;
	const struct cip_path *route; /* of the Unconnected Send, or NULL */
	uint32_t timeout;             /* of that, in milliseconds */
	const char *wrapper, *wrong;  /* what it was in, and what was wrong with that */
};

/* Reads a request; `path` is where its path goes. Returns what is wrong; *out is usable then too.
 */
const char *cip_read_request(struct cursor bytes, struct cip_path *path, struct cip_request *out);
const char *cip_read_reply(struct cursor bytes, struct cip_reply *out, struct cursor *data);
enum outcome cip_outcome(const struct cip_reply *reply);
/* Put the fields of the one and the other into the open record. */
void cip_put_request(struct dissection *d, const struct cip_request *request,
		     const struct cip_service *service, enum operation operation);
/* What a request other than a read is about. */
void cip_put_target(struct dissection *d, const struct cip_request *request);
const char *cip_put_ask(struct dissection *d, const struct cip_request *request,
			const struct cip_service *service);
/* Which module, if it is not the device at the address itself. */
void cip_put_unit(struct dissection *d, const struct cip_message *message);
void cip_put_status(struct dissection *d, const struct cip_reply *reply);
const char *cip_put_answer(struct dissection *d, const struct cip_request *request,
			   const struct cip_service *service, const struct cip_reply *reply,
			   struct cursor data);

/* ---- requests within requests (cip_wrapped.c) ---- */

/* Whether the request holds another; *inner is that then, and *message knows its route. */
bool cip_unwrap(struct cip_message *message, const struct cip_request *request,
		struct cip_path *route, struct cursor *inner);
/* Whether the answer of a signed service holds another. (A router passes on the target's own.) */
bool cip_unwrap_reply(uint8_t code, const struct cip_reply *reply, struct cursor data,
		      struct cursor *inner);
bool cip_is_wrapper(uint8_t service);

/* ---- Multiple Service Packet (cip_multiple.c); body begins at the count ---- */

/* Counts the requests in it, and tells what the gravest of them does. */
enum operation cip_multiple_count(struct dissection *d, struct cursor body);
/* Puts how many they are, and what the first one with this operation is about when it changes
 * something. Returns what is wrong, or NULL. */
const char *cip_multiple_put(struct dissection *d, struct cursor body, enum operation operation);
/* Item records of the requests that are reported at once, behind transaction_ask(). */
void cip_multiple_asked(struct dissection *d, const struct cip_message *message,
			struct cursor body);
/* Counts the answers; how many of them failed. */
size_t cip_multiple_count_answers(struct dissection *d, struct cursor body);
/* Item records behind transaction_done(): each answer with its request of `asked`, which is empty
 * when that was not seen; what has no answer of its own was refused with the whole packet. */
void cip_multiple_answered(struct dissection *d, const struct cip_message *message,
			   struct cursor asked, struct cursor body, const struct cip_reply *reply);
