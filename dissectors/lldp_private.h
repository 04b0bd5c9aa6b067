/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* lldp_private.h - private to LLDP: one message on its way through its parts. */

#include "dissectors/announcement.h"
#include "dissectors/lldp_fields.h"

#define LLDP_ADDRESSES_MAX 16
#define LLDP_VLANS_MAX     64

/* What parts say that is told at the end, or that other parts are about. */
struct lldp_message {
	struct cursor chassis, port; /* as texts; empty when they are named by addresses */
	struct mac chassis_mac;      /* none: named by something else */
	struct mac profinet_mac;     /* none: no PROFINET device, or it does not say */
	struct ip addresses[LLDP_ADDRESSES_MAX];
	uint16_t vlans[LLDP_VLANS_MAX];
	size_t n_addresses, n_vlans;
	uint16_t enabled; /* capabilities */
	bool is_profinet;
};

/* Part 127, from the organisation on (lldp_organisations.c). False when it is too short. Unknown
 * ones are passed over. */
bool lldp_put_organisation(struct dissection *d, struct cursor value, struct lldp_message *message);

/* Whether such a part holds measured values, which are others in each message. */
bool lldp_is_measured(struct cursor value);
