/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_message.h - one message on its way through cip.c, and what cip_multiple.c uses of it. */

#include "dissectors/cip_private.h"
#include "dissectors/enip_private.h"

struct cip_message {
	const struct enip_packet *packet;
	uint64_t key; /* the same for a request and its answer; its lower 16 bits are 0 */
	bool connected;
	uint16_t sequence;
	const struct cip_path *route; /* of the connection or the Unconnected Send, or NULL */
	const char *wrapper;
};

/* Reads a request; `path` is where its path goes. Returns what is wrong; *out is usable then too.
 */
const char *cip_read_request(struct cursor bytes, struct cip_path *path, struct cip_request *out);
const char *cip_read_reply(struct cursor bytes, struct cip_reply *out, struct cursor *data);
/* Put the fields of the one and the other into the open record. */
void cip_put_request(struct dissection *d, const struct cip_request *request,
		     const struct cip_service *service, enum operation operation);
const char *cip_put_ask(struct dissection *d, const struct cip_request *request,
			const struct cip_service *service);
void cip_put_status(struct dissection *d, const struct cip_reply *reply);
const char *cip_put_answer(struct dissection *d, const struct cip_request *request,
			   const struct cip_service *service, const struct cip_reply *reply,
			   struct cursor data);
