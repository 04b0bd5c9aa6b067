/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_connections.h - the connections that Forward Opens made (CIP Volume 1, 3-5), shared by all
 * flows of a worker: which module connected data goes to, and how I/O data looks. The two hosts of
 * a connection are always on the same worker; multicast data, which may be on another, is never
 * looked up. The oldest is overwritten when the table is full. */

#include "dissectors/dissector.h"

#define CIP_CONNECTIONS       1024
#define CIP_CONNECTIONS_BYTES (224U << 10) /* of a worker */
#define CIP_CONNECTION_PATH   47

enum cip_direction { CIP_O_TO_T, CIP_T_TO_O };

enum cip_connection_type { CIP_TYPE_NULL, CIP_TYPE_MULTICAST, CIP_TYPE_POINT_TO_POINT };

/* One direction of a connection. */
struct cip_endpoint {
	uint32_t id;  /* network connection id */
	uint32_t rpi; /* microseconds */
	uint32_t api; /* the interval that the target grants */
	uint16_t size;
	uint8_t type, priority; /* enum cip_connection_type */
	bool variable, redundant;
};

struct cip_connection {
	struct cip_endpoint end[2]; /* enum cip_direction */
	uint16_t serial, vendor;
	uint32_t originator;
	uint8_t multiplier; /* of the time-out, as coded */
	uint8_t transport;  /* class and trigger, as coded */
	bool safety;
	bool has_unit;
	uint32_t unit; /* see cip_path_read() */
	uint8_t path_length;
	char path[CIP_CONNECTION_PATH]; /* what it leads to; a longer one is cut */
};

static inline unsigned cip_transport_class(const struct cip_connection *c)
{
	return c->transport & 15U;
}

/* Adds what a Forward Open of this flow's client made; one with the same serial numbers between the
 * same hosts is replaced. shared: the table (d->shared of cip and of what shares with it). */
void cip_connection_add(void *shared, const struct dissection *d,
			const struct cip_connection *made);
/* The connection whose data with this id the sender of the packet at work sends; *direction says
 * which way that is. NULL: not known. */
const struct cip_connection *cip_connection_find(void *shared, const struct dissection *d,
						 uint32_t id, enum cip_direction *direction);
/* The one that a Forward Close of this flow's client names, or NULL. */
const struct cip_connection *cip_connection_by_serial(void *shared, const struct dissection *d,
						      uint16_t serial, uint16_t vendor,
						      uint32_t originator);
void cip_connection_remove(void *shared, const struct cip_connection *connection);
