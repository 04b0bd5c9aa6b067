/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_path.h - EPATH (CIP Volume 1, appendix C-1): which object, or tag, behind which ports.
 *
 * A path is read into numbers and a text as an engineer writes it: `0x01/1/7` for class, instance
 * and attribute, `Program:Main.Tag[3].Field` for a tag. Port segments before it make a route:
 * `1/0, 2/10.0.0.7, 1/3`. A struct cip_path is a value; it borrows nothing. */

#include "capture/base/cursor.h"

#define CIP_PATH_TEXT  232 /* longer ones are cut */
#define CIP_ROUTE_TEXT 96

enum cip_path_parts {
	CIP_PATH_CLASS = 1,
	CIP_PATH_INSTANCE = 2,
	CIP_PATH_ATTRIBUTE = 4,
	CIP_PATH_MEMBER = 8,
	CIP_PATH_POINT = 16,     /* connection point */
	CIP_PATH_SYMBOL = 32,    /* a tag by its name */
	CIP_PATH_KEY = 64,       /* an electronic key */
	CIP_PATH_ROUTE = 128,    /* port segments */
	CIP_PATH_OUTER = 256,    /* more than one class: object within an object */
	CIP_PATH_SAFETY = 512,   /* a safety network segment */
	CIP_PATH_INHIBIT = 1024, /* a production inhibit time */
	CIP_PATH_CUT = 2048,     /* a text did not fit */
};

/* Electronic key: which device the originator wants there. 0: any. */
struct cip_key {
	uint16_t vendor, device_type, product_code;
	uint8_t major, minor;
	bool compatible; /* an equal or compatible device will do */
};

struct cip_path {
	unsigned parts;               /* enum cip_path_parts */
	uint32_t class;               /* the last one */
	uint32_t outer_class;         /* the first, with CIP_PATH_OUTER */
	uint32_t instance, attribute; /* of the last class */
	uint32_t member;              /* the last one */
	uint32_t points[3];           /* connection points: configuration, O->T, T->O */
	uint8_t n_points, n_hops;
	uint32_t unit;    /* with CIP_PATH_ROUTE: see cip_path_read() */
	uint32_t inhibit; /* production inhibit time in microseconds */
	struct cip_key key;
	struct cursor data; /* of a simple data segment: configuration of the target */
	uint16_t length, route_length;
	char text[CIP_PATH_TEXT], route[CIP_ROUTE_TEXT];
};

/* Makes an empty path. */
void cip_path_clear(struct cip_path *path);

/* Reads all segments and adds them to *path. padded: as in messages; packed paths have no pads.
 * Returns what is wrong with it, or NULL. `unit` is the slot of a module in the backplane of the
 * device itself (one hop over port 1); what lies behind other ports or further hops gets a number
 * from 256 on, the same for the same route, whose low byte is the last link address. */
const char *cip_path_read(struct cip_path *path, struct cursor segments, bool padded);
