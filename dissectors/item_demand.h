/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* item_demand.h - which item records somebody wants to see. The others are not built: a poll of 200
 * points would be 200 records that nobody looks at.
 *
 * It is filled by whoever knows and read by the workers, which go on meanwhile: what is read while
 * it changes is a mix of before and after. */

#include "capture/base/address.h"
#include "dissectors/dissector.h"

#define ITEM_END_WORDS   1024 /* 64-bit words of the set of ends */
#define ITEM_LENGTHS_MAX 8

struct item_demand {
	/* By protocol and outcome, a bit an operation: wanted of all flows... */
	uint32_t operations[PROTOCOL_NONE][OUTCOMES];
	/* ...and only of flows one of whose two addresses is among these. */
	uint32_t of_ends[PROTOCOL_NONE][OUTCOMES];
	uint64_t ends[ITEM_END_WORDS]; /* a bit a hash: some seem to be among them and are not */
	uint8_t lengths[ITEM_LENGTHS_MAX]; /* of their networks, in bits of 128; 0: no more */
	uint32_t version;                  /* counts changes */
};

/* Hash of the first bits of an address, of 128: of the network that it lies in. */
uint64_t item_end_hash(const struct ip *ip, unsigned bits);
/* Adds an end by that hash. One with a further length than ITEM_LENGTHS_MAX makes all wanted that
 * is wanted of ends. */
void item_demand_add_end(struct item_demand *demand, uint64_t hash, unsigned bits);
/* Puts it in the place of one that workers read. */
void item_demand_use(struct item_demand *to, const struct item_demand *from);
/* Whether one of these is among the ends. */
bool item_demand_has_end(const struct item_demand *demand, const struct ip ends[2]);
