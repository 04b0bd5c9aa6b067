/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* evidence_desk.h - where analysis asks workers for packets of a flow, and gets copies.
 *
 * The rings of evidence.h belong to the workers.  A request waits until its worker looks for some,
 * which costs it one load a round; the copies wait until analysis takes them. */

#include "capture/evidence.h"

#define EVIDENCE_PACKETS_MAX 1000 /* of one answer: the newest */

struct evidence_desk;

struct evidence_request {
	uint64_t token; /* of whoever asks: the answer has it too */
	uint32_t flow, generation;
	int64_t from, to; /* packet times, both included */
};

/* Copies of packets, oldest first. Zeroed is none. */
struct evidence_packets {
	struct frame *frames;
	size_t n;
	uint8_t *bytes; /* of all frames */
	size_t used;
};

struct evidence_answer {
	uint64_t token;
	struct evidence_packets packets;
	bool failed; /* out of memory */
};

int evidence_desk_new(struct evidence_desk **out, unsigned n_workers) MUST_USE;
struct evidence_desk *evidence_desk_free(struct evidence_desk *desk);
void evidence_packets_free(struct evidence_packets *packets);

/* Analysis: false when too much waits for that worker already. */
bool evidence_desk_ask(struct evidence_desk *desk, unsigned worker,
		       const struct evidence_request *request);
/* Analysis: the next answer of any worker; its packets are the caller's. False: none is there. */
bool evidence_desk_take(struct evidence_desk *desk, struct evidence_answer *out);
/* Worker: answers what waits for it; its ring may be NULL (off). desk may be NULL. */
void evidence_desk_serve(struct evidence_desk *desk, unsigned worker,
			 const struct evidence *evidence);
