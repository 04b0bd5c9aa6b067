/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* policy_private.h - a policy as it was read; private to this room. */

#include "rules/arena.h"
#include "rules/policy.h"

/* What an asset must be. */
struct policy_filter {
	const char *const
	    *words; /* one of them, ASCII case ignored; '*' and '?' stand for others */
	size_t n;
};

enum policy_attribute {
	MEMBER_TYPE,
	MEMBER_ROLE,
	MEMBER_VENDOR,
	MEMBER_NAME,
	MEMBER_LEVEL,
	MEMBER_ATTRIBUTES
};

/* All that is said of it must hold. */
struct policy_member {
	const struct ip_network *networks;
	size_t n_networks;
	const uint16_t *vlans;
	size_t n_vlans;
	bool internet; /* public addresses */
	struct policy_filter filters[MEMBER_ATTRIBUTES];
	unsigned line, column;
};

struct policy_place {
	struct policy_zone zone; /* first: what others see */
	const struct policy_member *members;
	size_t n_members;
	unsigned depth; /* zones around it */
};

struct policy {
	struct arena arena;
	struct policy_place *places;
	size_t n_places;
	struct policy_conduit *conduits;
	size_t n_conduits;
	bool deny;
	int64_t utc_offset; /* ns; added to UTC for hours and days */
	uint64_t hash;
	char hash_text[17];
};

enum policy_field {
	POLICY_FIELD_VIOLATION,
	POLICY_FIELD_CONDUIT,
	POLICY_FIELD_OWNER,
	POLICY_FIELD_TICKET,
	POLICY_FIELD_MODE,
	POLICY_FIELD_SR,
	POLICY_FIELD_HASH,
	POLICY_FIELD_PROTOCOL,
	POLICY_FIELD_OPERATION,
	POLICY_FIELD_SOURCE_ZONE,
	POLICY_FIELD_DESTINATION_ZONE,
	POLICY_FIELDS
};

/* event.context[EVENT_RULES] */
struct policy_context {
	const struct policy_zone *source, *destination;
};
