/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The fields that the inventory computes for rules and documents. */

#include "store/inventory_fields.h"

#include "store/inventory_private.h"

static const struct enrichment *enrichment_of(const struct event *event)
{
	return event->context[EVENT_STORE];
}

static const struct asset *source_of(const struct event *event)
{
	const struct enrichment *e = enrichment_of(event);

	return e != NULL ? e->source : NULL;
}

static const struct asset *destination_of(const struct event *event)
{
	const struct enrichment *e = enrichment_of(event);

	return e != NULL ? e->destination : NULL;
}

static bool put_asset(const struct asset *asset, struct field_value *out)
{
	return asset != NULL && field_is_hex(out, asset->id);
}

static bool put_name(const struct asset *asset, struct field_value *out)
{
	return asset != NULL && field_is_text(out, asset_name(asset));
}

static bool put_role(const struct asset *asset, struct field_value *out)
{
	return asset != NULL && field_is_text(out, asset_role_of(asset));
}

static bool put_judged(const struct asset *asset, enum kind_of of, struct field_value *out)
{
	return asset != NULL && field_is_text(out, asset_judged(asset, of).value);
}

static bool put_vendor(const struct asset *asset, struct field_value *out)
{
	return asset != NULL && field_is_text(out, asset_vendor(asset));
}

static bool get_changed_asset(const struct event *event, struct field_value *out)
{
	return event->record->kind == RECORD_ASSET_CHANGE && put_asset(source_of(event), out);
}

static bool get_source_asset(const struct event *event, struct field_value *out)
{
	return put_asset(source_of(event), out);
}

static bool get_source_name(const struct event *event, struct field_value *out)
{
	return put_name(source_of(event), out);
}

static bool get_source_role(const struct event *event, struct field_value *out)
{
	return put_role(source_of(event), out);
}

static bool get_source_type(const struct event *event, struct field_value *out)
{
	return put_judged(source_of(event), KIND_TYPE, out);
}

static bool get_source_level(const struct event *event, struct field_value *out)
{
	return put_judged(source_of(event), KIND_LEVEL, out);
}

static bool get_source_importance(const struct event *event, struct field_value *out)
{
	return put_judged(source_of(event), KIND_IMPORTANCE, out);
}

static bool get_source_vendor(const struct event *event, struct field_value *out)
{
	return put_vendor(source_of(event), out);
}

static bool get_destination_asset(const struct event *event, struct field_value *out)
{
	return put_asset(destination_of(event), out);
}

static bool get_destination_name(const struct event *event, struct field_value *out)
{
	return put_name(destination_of(event), out);
}

static bool get_destination_role(const struct event *event, struct field_value *out)
{
	return put_role(destination_of(event), out);
}

static bool get_destination_type(const struct event *event, struct field_value *out)
{
	return put_judged(destination_of(event), KIND_TYPE, out);
}

static bool get_destination_level(const struct event *event, struct field_value *out)
{
	return put_judged(destination_of(event), KIND_LEVEL, out);
}

static bool get_destination_importance(const struct event *event, struct field_value *out)
{
	return put_judged(destination_of(event), KIND_IMPORTANCE, out);
}

static bool get_destination_vendor(const struct event *event, struct field_value *out)
{
	return put_vendor(destination_of(event), out);
}

/* Of which end, or of what between them, the baseline does not know. */
#define GET_NEW(name, member, wanted)                                                   \
	static bool name(const struct event *event, struct field_value *out)            \
	{                                                                               \
		const struct enrichment *e = enrichment_of(event);                      \
                                                                                        \
		return e != NULL && e->wanted != NULL && field_is_bool(out, e->member); \
	}

GET_NEW(get_source_new, new_source, source)
GET_NEW(get_destination_new, new_destination, destination)
GET_NEW(get_conversation_new, new_conversation, conversation)
GET_NEW(get_new_operation, new_operation, conversation)
GET_NEW(get_new_target, new_target, conversation)
GET_NEW(get_other_time, late, conversation)

static bool get_learning(const struct event *event, struct field_value *out)
{
	const struct enrichment *e = enrichment_of(event);

	return e != NULL && field_is_bool(out, e->state != BASELINE_FROZEN);
}

const struct field inventory_fields[INVENTORY_FIELDS] = {
	[INVENTORY_CHANGE] = { "weir.asset.change", FIELD_STRING, FIELD_ENUM, NULL,
			       "new_asset, new_address, address_conflict, address_moved, merged, "
			       "firmware_changed, mode_changed, identity_changed, module_added, "
			       "role_changed, type_changed, gone_silent, reappeared, set, "
			       "merged_by_person or split_by_person",
			       NULL },
	[INVENTORY_CHANGE_OLD] = { "weir.asset.old", FIELD_STRING, 0, NULL, "What was known before",
				   NULL },
	[INVENTORY_CHANGE_NEW] = { "weir.asset.new", FIELD_STRING, 0, NULL, "What is known now",
				   NULL },
	[INVENTORY_CHANGE_LEARNING] = { "weir.asset.learning", FIELD_BOOL, FIELD_OF_BASELINE, NULL,
					"The change happened while nothing was normal yet", NULL },
	[INVENTORY_ASSET_ID] = { "weir.asset.id", FIELD_STRING, 0, NULL, "Asset that changed",
				 get_changed_asset },
	[INVENTORY_SOURCE_ASSET] = { "weir.source.asset", FIELD_STRING, FIELD_OF_ENDS, NULL,
				     "Id of the initiator's asset", get_source_asset },
	[INVENTORY_SOURCE_NAME] = { "weir.source.name", FIELD_STRING, FIELD_OF_ENDS, NULL,
				    "Name of the initiator's asset", get_source_name },
	[INVENTORY_SOURCE_ROLE] = { "weir.source.role", FIELD_STRING, FIELD_ENUM | FIELD_OF_ENDS,
				    NULL,
				    "What the initiator does: controller, hmi_scada, "
				    "engineering_workstation, router, server, client, unknown... "
				    "(rules/roles.yaml)",
				    get_source_role },
	[INVENTORY_SOURCE_TYPE] = { "weir.source.type", FIELD_STRING, FIELD_ENUM | FIELD_OF_ENDS,
				    NULL,
				    "What the initiator is: plc, rtu, hmi... (rules/roles.yaml)",
				    get_source_type },
	[INVENTORY_SOURCE_LEVEL] = { "weir.source.level", FIELD_STRING, FIELD_ENUM | FIELD_OF_ENDS,
				     NULL, "Purdue level of the initiator: 0 to 5, 3.5",
				     get_source_level },
	[INVENTORY_SOURCE_IMPORTANCE] = { "weir.source.importance", FIELD_STRING,
					  FIELD_ENUM | FIELD_HIDDEN | FIELD_OF_ENDS, NULL,
					  "How much the plant depends on the initiator: low, "
					  "medium, high or critical (rules/roles.yaml, or a "
					  "person)",
					  get_source_importance },
	[INVENTORY_SOURCE_VENDOR] = { "weir.source.vendor", FIELD_STRING, FIELD_OF_ENDS, NULL,
				      "Maker of the initiator's asset", get_source_vendor },
	[INVENTORY_SOURCE_NEW] = { "weir.source.new", FIELD_BOOL, FIELD_OF_BASELINE | FIELD_OF_ENDS,
				   NULL, "The initiator is not in the baseline", get_source_new },
	[INVENTORY_DESTINATION_ASSET] = { "weir.destination.asset", FIELD_STRING, FIELD_OF_ENDS,
					  NULL, "Id of the asset that was asked",
					  get_destination_asset },
	[INVENTORY_DESTINATION_NAME] = { "weir.destination.name", FIELD_STRING, FIELD_OF_ENDS, NULL,
					 "Name of the asset that was asked", get_destination_name },
	[INVENTORY_DESTINATION_ROLE] = { "weir.destination.role", FIELD_STRING,
					 FIELD_ENUM | FIELD_OF_ENDS, NULL,
					 "What the one asked is for, as weir.source.role",
					 get_destination_role },
	[INVENTORY_DESTINATION_TYPE] = { "weir.destination.type", FIELD_STRING,
					 FIELD_ENUM | FIELD_OF_ENDS, NULL,
					 "What the one asked is, as weir.source.type",
					 get_destination_type },
	[INVENTORY_DESTINATION_LEVEL] = { "weir.destination.level", FIELD_STRING,
					  FIELD_ENUM | FIELD_OF_ENDS, NULL,
					  "Purdue level of the one asked", get_destination_level },
	[INVENTORY_DESTINATION_IMPORTANCE] = { "weir.destination.importance", FIELD_STRING,
					       FIELD_ENUM | FIELD_HIDDEN | FIELD_OF_ENDS, NULL,
					       "How much the plant depends on the one asked",
					       get_destination_importance },
	[INVENTORY_DESTINATION_VENDOR] = { "weir.destination.vendor", FIELD_STRING, FIELD_OF_ENDS,
					   NULL, "Maker of the asset that was asked",
					   get_destination_vendor },
	[INVENTORY_DESTINATION_NEW] = { "weir.destination.new", FIELD_BOOL,
					FIELD_OF_BASELINE | FIELD_OF_ENDS, NULL,
					"The one asked is not in the baseline",
					get_destination_new },
	[INVENTORY_CONVERSATION_NEW] = { "weir.conversation.new", FIELD_BOOL, FIELD_OF_BASELINE,
					 NULL,
					 "The baseline does not have these two with this protocol",
					 get_conversation_new },
	[INVENTORY_CONVERSATION_NEW_OPERATION] = { "weir.conversation.new_operation", FIELD_BOOL,
						   FIELD_OF_BASELINE, NULL,
						   "... or not with this operation",
						   get_new_operation },
	[INVENTORY_CONVERSATION_NEW_TARGET] = { "weir.conversation.new_target", FIELD_BOOL,
						FIELD_OF_BASELINE | FIELD_HIDDEN, NULL,
						"... or not with these registers, tags, blocks or "
						"files",
						get_new_target },
	[INVENTORY_CONVERSATION_OTHER_TIME] = { "weir.conversation.other_time", FIELD_BOOL,
						FIELD_OF_BASELINE | FIELD_HIDDEN, NULL,
						"... or not at this time", get_other_time },
	[INVENTORY_CONVERSATION_CHANGE] = { "weir.conversation.change", FIELD_STRING,
					    FIELD_ENUM | FIELD_OF_BASELINE, NULL,
					    "new_conversation, new_operation, new_target, "
					    "other_time, rhythm_changed, poll_stopped, "
					    "value_out_of_range or new_program",
					    NULL },
	[INVENTORY_CONVERSATION_OLD] = { "weir.conversation.expected", FIELD_STRING, 0, NULL,
					 "What the baseline has", NULL },
	[INVENTORY_CONVERSATION_SEEN] = { "weir.conversation.seen", FIELD_STRING, 0, NULL,
					  "What was seen instead", NULL },
	[INVENTORY_LEARNING] = { "weir.learning", FIELD_BOOL, 0, NULL, "Nothing is normal yet",
				 get_learning },
};

const size_t inventory_n_fields = INVENTORY_FIELDS;
