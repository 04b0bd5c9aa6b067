/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/zone_judgement.h"

#include "capture/base/json.h"

#include <stdlib.h>
#include <string.h>

struct judging {
	const struct policy *policy;
	struct zone_judgement result;
	bool *used; /* conduits */
	struct buffer line;
	zone_document *handler;
	void *context;
};

struct policy_question crossing_question(const struct crossing *crossing, unsigned operation)
{
	return (struct policy_question) {
		.source = crossing->source.end,
		.destination = crossing->destination.end,
		.protocol = crossing->protocol,
		.operation = (enum operation)operation,
		.time = crossing->last,
	};
}

static void put_zone(struct json *json, const char *key, const struct policy_zone *zone)
{
	if (zone != NULL) {
		json_text(json, key, zone->name);
	}
}

static void finish(struct judging *j)
{
	if (!j->line.failed) {
		j->handler(j->context, j->line.data, j->line.length);
	}
	j->result.failed = j->result.failed || j->line.failed;
}

static void tell(struct judging *j, const struct crossing *crossing, unsigned operation,
		 const struct policy_verdict *verdict)
{
	struct json json;

	buffer_clear(&j->line);
	json = json_to(&j->line);
	json_object(&json, NULL);
	json_text(&json, "violation", policy_violation_name(verdict->violation));
	json_text(&json, "source", crossing->source.address);
	put_zone(&json, "source_zone", verdict->source);
	json_text(&json, "destination", crossing->destination.address);
	put_zone(&json, "destination_zone", verdict->destination);
	if (crossing->protocol != NULL) {
		json_text(&json, "protocol", crossing->protocol);
	}
	if (operation < OPERATIONS) {
		json_text(&json, "operation", operation_name((enum operation)operation));
	}
	if (verdict->conduit != NULL) {
		json_text(&json, "conduit", verdict->conduit->name);
	}
	if (crossing->first != TIME_NONE && crossing->last != TIME_NONE) {
		json_time(&json, "first", crossing->first);
		json_time(&json, "last", crossing->last);
	}
	json_end(&json);
	j->result.violations++;
	finish(j);
}

static void judge_operation(struct judging *j, const struct crossing *crossing, unsigned operation)
{
	struct policy_question question = crossing_question(crossing, operation);
	struct policy_verdict verdict = policy_judge(j->policy, &question);

	if (verdict.conduit != NULL) {
		for (size_t i = 0; i < policy_conduits(j->policy); i++) {
			j->used[i] = j->used[i] || policy_conduit(j->policy, i) == verdict.conduit;
		}
	}
	/* Addresses in no zone are told once each, not with each of their conversations. */
	if (verdict.violation != POLICY_ALLOWED && verdict.violation != POLICY_NO_ZONE) {
		tell(j, crossing, operation, &verdict);
	}
}

static void judge_crossing(struct judging *j, const struct crossing *crossing)
{
	if (crossing->operations == 0) {
		judge_operation(j, crossing, OPERATIONS);
	}
	for (unsigned i = 0; i < OPERATIONS; i++) {
		if ((crossing->operations >> i & 1) != 0) {
			judge_operation(j, crossing, i);
		}
	}
}

static void judge_device(struct judging *j, const struct observed_end *device)
{
	struct json json;

	if (policy_zone_of(j->policy, &device->end) != NULL || ip_is_link_local(&device->end.ip) ||
	    ip_is_loopback(&device->end.ip)) {
		return;
	}
	buffer_clear(&j->line);
	json = json_to(&j->line);
	json_object(&json, NULL);
	json_text(&json, "violation", policy_violation_name(POLICY_NO_ZONE));
	json_text(&json, "source", device->address);
	json_end(&json);
	j->result.violations++;
	finish(j);
}

static void tell_unused(struct judging *j, const struct policy_conduit *conduit)
{
	struct json json;

	buffer_clear(&j->line);
	json = json_to(&j->line);
	json_object(&json, NULL);
	json_text(&json, "violation", "unused_conduit");
	json_text(&json, "conduit", conduit->name);
	put_zone(&json, "source_zone", conduit->n_from > 0 ? conduit->from[0] : NULL);
	put_zone(&json, "destination_zone", conduit->n_to > 0 ? conduit->to[0] : NULL);
	json_end(&json);
	j->result.unused++;
	finish(j);
}

struct zone_judgement zone_judge(const struct policy *policy,
				 const struct zone_observation *observation, zone_document *handler,
				 void *context)
{
	struct judging j = { .policy = policy, .handler = handler, .context = context };

	j.used = calloc(policy_conduits(policy) + 1, sizeof(*j.used));
	j.result.failed = j.used == NULL;
	for (size_t i = 0; j.used != NULL && i < observation->n_crossings; i++) {
		judge_crossing(&j, &observation->crossings[i]);
	}
	for (size_t i = 0; j.used != NULL && i < observation->n_devices; i++) {
		judge_device(&j, &observation->devices[i]);
	}
	for (size_t i = 0; j.used != NULL && i < policy_conduits(policy); i++) {
		if (!j.used[i]) {
			tell_unused(&j, policy_conduit(policy, i));
		}
	}
	buffer_free(&j.line);
	free(j.used);
	return j.result;
}
