/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* naming.h - the name of a flow that no OT dissector claims, by nDPI.
 *
 * One naming engine a worker.  A flow is asked for at most NAMING_PACKETS packets with payload;
 * then the verdict stands and its memory is given back.  Builds against the nDPI APIs from 4.2 on.
 */

#include "capture/base/cursor.h"
#include "capture/base/time.h"

#define NAMING_PACKETS   16
#define NAMING_FLOWS_MAX 4096 /* under way at once; what the cap costs is counted */
#define NAMING_RISKS_MAX 8

struct naming;
struct naming_flow;

/* Texts belong to nDPI's tables, or to the naming engine: they live as long as it does. */
struct naming_verdict {
	const char *protocol;    /* lower case: "dns", "http"; NULL: not known */
	const char *application; /* lower case, when it is more than the protocol, else NULL */
	const char *category;
	uint64_t risks; /* bits; naming_risks() names them */
};

/* -ENOMEM. Costs about 16 ms and 5 MiB, so it is made when the first flow asks. */
int naming_new(struct naming **out) MUST_USE;
struct naming *naming_free(struct naming *naming);

/* One packet of the flow: from its IP header on. *flow is NULL before the first. True when the
 * verdict is final: *flow is NULL again then and *verdict is filled (all NULL: nothing was
 * recognised). */
bool naming_packet(struct naming *naming, struct naming_flow **flow, struct cursor network,
		   int64_t time, bool last, struct naming_verdict *verdict);
/* The flow ended before a verdict: gives its memory back, *verdict gets the best guess. */
void naming_end(struct naming *naming, struct naming_flow **flow, struct naming_verdict *verdict);

/* Names of the risks, at most NAMING_RISKS_MAX; returns how many. */
size_t naming_risks(uint64_t risks, const char *names[NAMING_RISKS_MAX]);
uint64_t naming_refused(const struct naming *naming);
