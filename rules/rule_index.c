/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_index.c - from an event's head to the few rules that could be about it.
 *
 * A table over (kind, protocol, operation, outcome and whether it is irregular) leads to a cell;
 * equal cells are shared.  In a cell, rules with an anchor are grouped by its field, so one look at
 * that field finds those with the right value.  A polling read falls on an empty cell. */

#include "rules/rule_index.h"

#include "capture/base/hash.h"
#include "dissectors/item_demand.h"
#include <string.h>

/* What contradicts itself, and answers that nobody asked for: rare, so rules about them shall cost
 * the regular messages nothing. */
static bool is_irregular(const struct record *record)
{
	return (record->flags & RECORD_MALFORMED) != 0 || record->status == TRANSACTION_ORPHAN;
}

const struct cell *rule_index_find(const struct rule_index *index, const struct record *record)
{
	bool detailed = index_is_detailed(record->kind);
	struct place place = {
		.kind = record->kind,
		.operation = detailed ? record->operation : 0,
		.answer = detailed ? record->outcome + (is_irregular(record) ? OUTCOMES : 0U) : 0,
		.protocol = size_min(record->protocol, index->protocols - 1),
	};

	if (place.kind >= RECORD_KINDS || place.operation >= OPERATIONS ||
	    place.answer >= ANSWERS) {
		return NULL;
	}
	return index->table[index_slot(index, &place)];
}

bool rule_index_value(const struct judge *judge, const struct event *event,
		      const struct anchor_group *group, uint64_t *out)
{
	char text[RECORD_STRING_MAX];
	struct field_value value;

	if (!judge_field(judge, event, group->field, &value) || value.count == 0) {
		return false;
	}
	if (value.type == FIELD_BOOL) {
		*out = value.one.boolean;
		return true;
	}
	if (value.type == FIELD_IP) {
		*out = item_end_hash(&value.one.ip, group->bits);
		return true;
	}
	if (value.type != FIELD_STRING) {
		*out = value.one.natural;
		return true;
	}
	if (value.one.length > sizeof(text)) {
		return false;
	}
	for (size_t i = 0; i < value.one.length; i++) {
		char c = value.one.bytes[i];

		text[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	*out = hash_bytes(text, value.one.length, 0);
	return true;
}
