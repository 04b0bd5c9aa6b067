/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Requests within requests: Unconnected Send, which a router takes the route off, and the signed
 * services of newer Logix firmware (seen from version 36 on; there is no public description). */

#include "dissectors/cip_message.h"

/* Unconnected Send: Volume 1, 3-5.5.4.
 *	tick 1 | ticks 1 | length 2 | message | pad | route words 1 | 0 1 | route */
static bool open_unconnected(struct cip_message *message, struct cursor data,
			     struct cip_path *route, struct cursor *inner)
{
	uint8_t tick = cur_u8(&data), ticks = cur_u8(&data);
	uint16_t length = cur_le16(&data);
	size_t words;
	struct cursor segments;

	*inner = cur_sub(&data, length);
	cur_skip(&data, length % 2);
	words = cur_u8(&data);
	cur_skip(&data, 1);
	segments = cur_sub(&data, 2 * words);
	if (!cur_ok(&segments) || length < 2) {
		return false;
	}
	if (message->route == NULL) { /* else a route that goes on behind another */
		cip_path_clear(route);
	}
	message->wrong = cip_path_read(route, segments, true);
	message->timeout = ((uint32_t)ticks) << (tick & 15);
	message->route = route;
	message->has_unit = (route->parts & CIP_PATH_ROUTE) != 0;
	message->unit = route->unit;
	return true;
}

#define SIGNATURE 20 /* SHA-1 */

/* The signed services of newer Logix firmware: a message and its signature behind it. */
static bool open_signed(struct cip_message *message, struct cursor data, struct cip_path *route,
			struct cursor *inner)
{
	struct cip_path path;
	struct cip_request request;

	(void)message;
	(void)route;
	if (cur_left(&data) < SIGNATURE + 2) {
		return false;
	}
	*inner = cur_sub(&data, cur_left(&data) - SIGNATURE);
	return cip_read_request(*inner, &path, &request) == NULL &&
	       (request.service & CIP_REPLY) == 0;
}

static const struct {
	uint16_t class;
	uint8_t service;
	const char *name;
	bool (*open)(struct cip_message *message, struct cursor data, struct cip_path *route,
		     struct cursor *inner);
} wrappers[] = {
	{ CIP_CLASS_CONNECTION_MANAGER, CIP_UNCONNECTED_SEND, "unconnected_send",
	  open_unconnected },
	{ CIP_CLASS_MESSAGE_ROUTER, CIP_SIGNED, "signed", open_signed },
	{ CIP_CLASS_MESSAGE_ROUTER, CIP_AUDITED, "audited", open_signed },
};

bool cip_unwrap(struct cip_message *message, const struct cip_request *request,
		struct cip_path *route, struct cursor *inner)
{
	if (likely(request->class != CIP_CLASS_CONNECTION_MANAGER &&
		   request->class != CIP_CLASS_MESSAGE_ROUTER)) {
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++) {
		if (wrappers[i].class == request->class &&
		    wrappers[i].service == request->service) {
			bool opened = wrappers[i].open(message, request->data, route, inner);

			message->wrapper = opened ? wrappers[i].name : message->wrapper;
			return opened;
		}
	}
	return false;
}

bool cip_unwrap_reply(uint8_t code, const struct cip_reply *reply, struct cursor data,
		      struct cursor *inner)
{
	struct cursor look;

	if ((code != CIP_SIGNED && code != CIP_AUDITED) || reply->status != CIP_SUCCESS ||
	    cur_left(&data) < SIGNATURE + 4) {
		return false;
	}
	*inner = look = cur_sub(&data, cur_left(&data) - SIGNATURE);
	return (cur_u8(&look) & CIP_REPLY) != 0;
}

bool cip_is_wrapper(uint8_t service)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++) {
		if (wrappers[i].service == service) {
			return true;
		}
	}
	return false;
}
