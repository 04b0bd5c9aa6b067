/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/policy_private.h"

static bool put_zone(const struct event *event, bool source, struct field_value *out)
{
	const struct policy_context *context = event->context[EVENT_RULES];
	const struct policy_zone *zone = context == NULL ? NULL
					 : source        ? context->source
							 : context->destination;

	return zone != NULL && field_is_text(out, zone->name);
}

static bool get_source_zone(const struct event *event, struct field_value *out)
{
	return put_zone(event, true, out);
}

static bool get_destination_zone(const struct event *event, struct field_value *out)
{
	return put_zone(event, false, out);
}

const struct field policy_fields[POLICY_FIELDS] = {
	[POLICY_FIELD_VIOLATION] = { "weir.policy.violation", FIELD_STRING, FIELD_ENUM, NULL,
				     "undeclared_conduit, protocol_not_allowed, "
				     "operation_not_allowed, wrong_initiator, expired_conduit, "
				     "outside_time, no_zone, zones_bridged, level_skip, "
				     "ot_to_internet or internet_to_ot",
				     NULL },
	[POLICY_FIELD_CONDUIT] = { "weir.policy.conduit", FIELD_STRING, 0, NULL,
				   "The conduit that comes nearest to allowing it", NULL },
	[POLICY_FIELD_OWNER] = { "weir.policy.owner", FIELD_STRING, 0, NULL, "Its owner", NULL },
	[POLICY_FIELD_TICKET] = { "weir.policy.ticket", FIELD_STRING, 0, NULL, "Its ticket", NULL },
	[POLICY_FIELD_MODE] = { "weir.policy.mode", FIELD_STRING, FIELD_ENUM, NULL,
				"What the policy does by default: deny or report; none without "
				"a policy",
				NULL },
	[POLICY_FIELD_SR] = { "weir.policy.requirement", FIELD_STRING, FIELD_LIST, NULL,
			      "Requirements of IEC 62443-3-3 that the boundary serves", NULL },
	[POLICY_FIELD_HASH] = { "weir.policy.hash", FIELD_STRING, 0, NULL,
				"Identifies the policy that was judged by", NULL },
	[POLICY_FIELD_PROTOCOL] = { "weir.policy.protocol", FIELD_STRING, 0, NULL,
				    "Protocol that was judged", NULL },
	[POLICY_FIELD_OPERATION] = { "weir.policy.operation", FIELD_STRING, FIELD_ENUM, NULL,
				     "Operation that was judged; absent for mere traffic", NULL },
	[POLICY_FIELD_SOURCE_ZONE] = { "weir.source.zone", FIELD_STRING, FIELD_OF_ENDS, NULL,
				       "Zone of the initiator by the policy", get_source_zone },
	[POLICY_FIELD_DESTINATION_ZONE] = { "weir.destination.zone", FIELD_STRING, FIELD_OF_ENDS,
					    NULL, "Zone of the one asked by the policy",
					    get_destination_zone },
};

const size_t policy_n_fields = POLICY_FIELDS;
