/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* zone_judgement.h - an observation held against a policy: documents of what it does not allow, and
 * of what of it is not needed. */

#include "cli/zone_observation.h"

struct zone_judgement {
	uint64_t violations; /* without conduits that were not used */
	uint64_t unused;
	bool failed; /* no memory */
};

typedef void zone_document(void *context, const char *json, size_t length);

/* Hands over one document a finding: violations in the order of conversations, addresses in no
 * zone, then conduits that nothing used. */
struct zone_judgement zone_judge(const struct policy *policy,
				 const struct zone_observation *observation, zone_document *handler,
				 void *context);

/* What the source and what it asks for are called: a question for one operation of a crossing,
 * OPERATIONS for mere traffic. */
struct policy_question crossing_question(const struct crossing *crossing, unsigned operation);
