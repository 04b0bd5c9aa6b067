/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* pccc.h - what carries PCCC: Execute PCCC of CIP (service 0x4B of class 0x67), or the item of an
 * encapsulation that holds PCCC itself. It reaches the child as d->parent. */

#include "dissectors/dissector.h"

/* Selectors of dissect_child(): of `cip`, and of `enip` (item type of the encapsulation). */
#define PCCC_OVER_CIP  0x67
#define PCCC_OVER_ENIP 0x91

struct pccc_carrier {
	/* The same for a request and its answer; mix the transaction number of PCCC into it, as
	 * several requests of one connection may have it. */
	uint64_t key;
	bool response;
	bool bare;     /* no requestor id stands before the command */
	bool has_unit; /* routed to a module */
	uint32_t unit;
	uint8_t status; /* general status of CIP; 0 in a request */
};

/* The bytes begin with the requestor id (its length, vendor, serial number) over CIP, with the PCCC
 * command over the encapsulation. The child opens and answers the transactions and counts its
 * own messages; its parent counts the CIP service. */
