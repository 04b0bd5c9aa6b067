/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* traffic.c - what conversations do all the time, summed up by the hour: reads, reports, cyclic
 * inputs and outputs, and writes.  A conversation keeps how much of its counts was told. */

#include "store/asset_document.h"

#include "capture/base/hash.h"
#include "store/document.h"

#include <inttypes.h>
#include <stdio.h>

#define TOLD_OPERATIONS                                                    \
	(UINT32_C(1) << OPERATION_READ | UINT32_C(1) << OPERATION_REPORT | \
	 UINT32_C(1) << OPERATION_IO | UINT32_C(1) << OPERATION_WRITE)

bool inventory_is_routine(const struct event *event)
{
	const struct enrichment *e = event->context[EVENT_STORE];
	const struct record *record = event->record;
	unsigned slot;

	if (e == NULL || e->conversation == NULL || record->operation != OPERATION_WRITE ||
	    record->outcome != OUTCOME_SUCCESS || !e->usual_target || e->unusual_target ||
	    e->new_target || e->new_operation || e->new_conversation || e->late) {
		return false;
	}
	slot = e->conversation->slot[OPERATION_WRITE];
	return slot != 0 &&
	       operation_pattern(&e->conversation->operations[slot - 1]) == PATTERN_CYCLIC;
}

void traffic_skip(struct conversation *c)
{
	for (uint16_t i = 0; i < c->n_operations; i++) {
		c->operations[i].told = c->operations[i].count;
		c->operations[i].told_failures = c->operations[i].failures;
	}
}

static bool is_news(const struct operation_count *row)
{
	return (TOLD_OPERATIONS >> row->operation & 1) != 0 && row->count > row->told;
}

static bool has_news(const struct conversation *c)
{
	for (uint16_t i = 0; i < c->n_operations; i++) {
		if (is_news(&c->operations[i])) {
			return true;
		}
	}
	return false;
}

static void write_event(struct json *json, const struct inventory *inventory,
			const struct conversation *c, const struct traffic_round *round)
{
	uint64_t h = conversation_id(inventory, c);
	char id[17];

	h = hash_stable(HASH_STABLE_START, &h, sizeof(h));
	h = hash_stable(h, &round->from, sizeof(round->from));
	h = hash_stable(h, &round->to, sizeof(round->to));
	snprintf(id, sizeof(id), "%016" PRIx64, hash_stable_end(h));
	json_object(json, "event");
	json_text(json, "id", id);
	json_text(json, "kind", "metric");
	json_array(json, "category");
	json_text(json, NULL, "network");
	json_end(json);
	json_array(json, "type");
	json_text(json, NULL, "info");
	json_end(json);
	json_text(json, "dataset", "weir.traffic");
	json_time(json, "start", round->from);
	json_time(json, "end", round->to);
	json_end(json);
	json_object(json, "ecs");
	json_text(json, "version", ECS_VERSION);
	json_end(json);
}

static void write_end(struct json *json, const char *key, const struct binding *b)
{
	char id[ASSET_ID_SIZE];

	if (b != NULL) {
		json_object(json, key);
		json_text(json, "asset", asset_id_text(b->asset->id, id));
		json_end(json);
	}
}

static void write_traffic(struct json *json, const struct inventory *inventory,
			  const struct conversation *c)
{
	char id[ASSET_ID_SIZE];

	json_object(json, "weir");
	json_text(json, "kind", "traffic");
	write_end(json, "source", c->side[0]);
	write_end(json, "destination", c->side[1]);
	json_object(json, "traffic");
	json_text(json, "conversation", asset_id_text(conversation_id(inventory, c), id));
	json_object(json, "operations");
	for (uint16_t i = 0; i < c->n_operations; i++) {
		const struct operation_count *row = &c->operations[i];

		if (is_news(row)) {
			json_object(json, operation_name((enum operation)row->operation));
			json_uint(json, "count", row->count - row->told);
			json_uint(json, "failures", row->failures - row->told_failures);
			json_text(json, "pattern", pattern_name(operation_pattern(row)));
			json_end(json);
		}
	}
	json_end(json);
	json_end(json);
	json_end(json);
}

static void write_document(struct buffer *out, const struct inventory *inventory,
			   const struct conversation *c, const struct traffic_round *round)
{
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_time(&json, "@timestamp", round->to);
	write_event(&json, inventory, c, round);
	conversation_ends(&json, inventory, c, false);
	if (round->sensor != NULL) {
		json_object(&json, "observer");
		json_text(&json, "name", round->sensor);
		json_text(&json, "type", "ids");
		json_end(&json);
	}
	write_traffic(&json, inventory, c);
	json_end(&json);
}

bool inventory_traffic(struct inventory *inventory, struct traffic_round *round, size_t most,
		       inventory_document *handler, void *context)
{
	struct buffer text = { 0 };

	for (size_t n = 0; n < most && round->next < inventory->n_conversations; n++) {
		struct conversation *c = inventory->conversation_list[round->next++];

		if (has_news(c)) {
			buffer_clear(&text);
			write_document(&text, inventory, c, round);
			if (!text.failed) {
				handler(context, text.data, text.length);
			}
			traffic_skip(c);
		}
	}
	buffer_free(&text);
	return round->next >= inventory->n_conversations;
}
