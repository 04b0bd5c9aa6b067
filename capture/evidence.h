/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* evidence.h - the last packets of a worker, so that an alert can bring its proof.
 *
 * A byte-capped ring in a memfd (a supervisor can read it after a crash): packets are copied
 * (at most 2 KiB each) in arrival order and linked by flow.  One writer, the worker; it
 * also answers requests, so nothing is shared.  The layout is documented in evidence.c. */

#include "capture/packet.h"

struct evidence;

/* bytes: capacity, rounded up to a page; 0 makes *out NULL, which every call accepts. */
int evidence_new(struct evidence **out, size_t bytes) MUST_USE;
struct evidence *evidence_free(struct evidence *evidence);
int evidence_descriptor(const struct evidence *evidence); /* -1 when off */

/* Keeps a packet of the flow with this slot number and generation. */
void evidence_keep(struct evidence *evidence, uint32_t flow, uint32_t generation,
		   const struct packet *packet);

typedef void evidence_handler(void *context, const struct frame *frame);

/* Hands over the flow's kept packets with from <= time <= to, oldest first; at most max, the
 * newest ones. Their clock is their own time. Returns how many. */
size_t evidence_of_flow(const struct evidence *evidence, uint32_t flow, uint32_t generation,
			int64_t from, int64_t to, size_t max, evidence_handler *handler,
			void *context);

/* Bytes of capacity, packets held now, and the time of the oldest. */
struct evidence_state {
	size_t capacity;
	uint64_t packets, overwritten;
	int64_t oldest;
};
struct evidence_state evidence_state(const struct evidence *evidence);
