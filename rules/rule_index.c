/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_index.c - from an event's head to the few rules that could be about it.
 *
 * A table over (kind, protocol, operation, outcome and whether it is irregular) leads to a cell;
 * equal cells are shared.  In a cell, rules with an anchor are grouped by its field, so one look at
 * that field finds those with the right value.  A polling read falls on an empty cell. */

#include "rules/rule.h"

#include "capture/base/hash.h"
#include "dissectors/dissector.h"

#include <errno.h>
#include <stdlib.h>

struct rule_index {
	size_t protocols; /* dissectors, and one for "none of them" */
	struct cell **table;
	size_t table_size;
	struct arena arena;
};

/* One place of the table. */
struct place {
	unsigned kind, operation;
	unsigned answer; /* its outcome; plus OUTCOMES when irregular */
	size_t protocol; /* dissectors; the last stands for all others */
};

/* Kinds whose head has an operation and an outcome. */
static bool is_detailed(unsigned kind)
{
	return kind == RECORD_TRANSACTION || kind == RECORD_ITEM;
}

static size_t slot_of(const struct rule_index *index, const struct place *place)
{
	size_t row = (size_t)place->kind * index->protocols + place->protocol;

	return (row * OPERATIONS + place->operation) * ANSWERS + place->answer;
}

/* What contradicts itself, and answers that nobody asked for: rare, so rules about them shall cost
 * the regular messages nothing. */
static bool is_irregular(const struct record *record)
{
	return (record->flags & RECORD_MALFORMED) != 0 || record->status == TRANSACTION_ORPHAN;
}

const struct cell *rule_index_find(const struct rule_index *index, const struct record *record)
{
	bool detailed = is_detailed(record->kind);
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
	return index->table[slot_of(index, &place)];
}

bool rule_index_value(const struct judge *judge, const struct event *event, uint16_t field,
		      uint64_t *out)
{
	char text[RECORD_STRING_MAX];
	struct field_value value;

	if (!judge_field(judge, event, field, &value) || value.count == 0) {
		return false;
	}
	if (value.type == FIELD_BOOL) {
		*out = value.one.boolean;
		return true;
	}
	if (value.type == FIELD_IP) {
		*out = hash_bytes(value.one.ip.bytes, sizeof(value.one.ip.bytes), 0);
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

/* ---- building ---- */

struct builder {
	struct rule_set *set;
	struct rule_index *index;
	uint16_t *rules; /* of the cell under way */
	size_t n_rules;
	uint16_t *candidates; /* rules that look at the kind and protocol under way */
	size_t n_candidates;
	struct cell_entry {
		uint64_t hash;
		struct cell *cell;
	} * known; /* cells made so far: open addressing, as many slots as the table twice */
	size_t n_known;
};

/* protocol: its bit in a scope. */
static bool looks_at_kind(const struct rule *rule, unsigned kind, size_t protocol)
{
	return rule->condition != NULL && (rule->scope.kinds >> kind & 1) != 0 &&
	       (rule->scope.protocols[protocol / 64] >> protocol % 64 & 1) != 0;
}

static bool looks_at(const struct rule *rule, const struct place *place)
{
	return !is_detailed(place->kind) ||
	       ((rule->scope.operations >> place->operation & 1) != 0 &&
		(rule->scope.answers >> place->answer & 1) != 0);
}

static int by_value(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	if (x->value != y->value) {
		return x->value < y->value ? -1 : 1;
	}
	return (x->rule > y->rule) - (x->rule < y->rule);
}

/* Moves all rules that are anchored at this field from the cell's list into a group. */
static int fill_group(struct builder *b, uint16_t field, struct anchor_group *group)
{
	struct anchor *anchors;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < b->n_rules; i++) {
		const struct rule *rule = b->set->rules[b->rules[i]];

		n += rule->anchor_field == field ? rule->n_anchors : 0;
	}
	anchors = arena_take(&b->index->arena, n * sizeof(*anchors));
	if (anchors == NULL) {
		return -ENOMEM;
	}
	n = 0;
	for (size_t i = 0; i < b->n_rules; i++) {
		const struct rule *rule = b->set->rules[b->rules[i]];

		for (size_t k = 0; rule->anchor_field == field && k < rule->n_anchors; k++) {
			anchors[n++] = (struct anchor) { rule->anchors[k], b->rules[i] };
		}
	}
	qsort(anchors, n, sizeof(*anchors), by_value);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || by_value(&anchors[i - 1], &anchors[i]) != 0) {
			anchors[kept++] = anchors[i];
		}
	}
	*group = (struct anchor_group) { .field = field, .n = kept, .anchors = anchors };
	return 0;
}

static bool is_grouped(const struct anchor_group *groups, size_t n, uint16_t field)
{
	for (size_t i = 0; i < n; i++) {
		if (groups[i].field == field) {
			return true;
		}
	}
	return false;
}

/* The cell's rules behind a gate; b->rules is in order. */
static int fill_cell_gate(struct builder *b, uint16_t field, struct cell_gate *out)
{
	uint16_t *rules = arena_take(&b->index->arena, b->n_rules * sizeof(*rules));

	if (rules == NULL) {
		return -ENOMEM;
	}
	*out = (struct cell_gate) { .gate = rule_gate(b->set, field), .rules = rules };
	for (size_t i = 0; i < b->n_rules; i++) {
		if (b->set->rules[b->rules[i]]->gate_field == field) {
			rules[out->n++] = b->rules[i];
		}
	}
	return 0;
}

static bool has_gate(const struct cell_gate *gates, size_t n, uint16_t field)
{
	for (size_t i = 0; i < n; i++) {
		if (gates[i].gate->field == field) {
			return true;
		}
	}
	return false;
}

static int fill_gates(struct builder *b, struct cell *cell)
{
	struct cell_gate *gates =
	    arena_take(&b->index->arena, (b->set->n_gates + 1) * sizeof(*gates));

	if (gates == NULL) {
		return -ENOMEM;
	}
	cell->gates = gates;
	for (size_t i = 0; i < b->n_rules; i++) {
		const struct rule *rule = b->set->rules[b->rules[i]];

		if (rule->anchor_field == FIELD_NOT_FOUND && rule->gate_field != FIELD_NOT_FOUND &&
		    !has_gate(gates, cell->n_gates, rule->gate_field) &&
		    fill_cell_gate(b, rule->gate_field, &gates[cell->n_gates++]) != 0) {
			return -ENOMEM;
		}
	}
	return 0;
}

static struct cell *make_cell(struct builder *b)
{
	struct arena *arena = &b->index->arena;
	struct cell *cell = arena_take(arena, sizeof(*cell));
	struct anchor_group *groups = arena_take(arena, b->n_rules * sizeof(*groups));
	uint16_t *plain = arena_take(arena, b->n_rules * sizeof(*plain));

	if (cell == NULL || groups == NULL || plain == NULL || fill_gates(b, cell) != 0) {
		return NULL;
	}
	cell->groups = groups;
	cell->rules = plain;
	for (size_t i = 0; i < b->n_rules; i++) {
		const struct rule *rule = b->set->rules[b->rules[i]];
		uint16_t field = rule->anchor_field;

		if (field == FIELD_NOT_FOUND && rule->gate_field == FIELD_NOT_FOUND) {
			plain[cell->n_rules++] = b->rules[i];
		} else if (field != FIELD_NOT_FOUND && !is_grouped(groups, cell->n_groups, field) &&
			   fill_group(b, field, &groups[cell->n_groups++]) != 0) {
			return NULL;
		}
	}
	return cell;
}

/* The cell with these rules: one that is there, or a new one. */
static struct cell *share_cell(struct builder *b)
{
	size_t size = 2 * b->index->table_size;
	uint64_t hash = hash_bytes(b->rules, b->n_rules * sizeof(*b->rules), b->n_rules);
	size_t at = hash % size;

	while (b->known[at].cell != NULL && b->known[at].hash != hash) {
		at = (at + 1) % size;
	}
	if (b->known[at].cell == NULL) {
		b->known[at] = (struct cell_entry) { hash, make_cell(b) };
	}
	return b->known[at].cell;
}

/* Of the rules that look at the kind and protocol, those that look at this place. */
static int fill_place(struct builder *b, const struct place *place)
{
	size_t slot = slot_of(b->index, place);

	b->n_rules = 0;
	for (size_t i = 0; i < b->n_candidates; i++) {
		if (looks_at(b->set->rules[b->candidates[i]], place)) {
			b->rules[b->n_rules++] = b->candidates[i];
		}
	}
	if (b->n_rules > 0) {
		b->index->table[slot] = share_cell(b);
		return b->index->table[slot] != NULL ? 0 : -ENOMEM;
	}
	return 0;
}

static int fill_protocol(struct builder *b, unsigned kind, size_t protocol)
{
	/* The last column stands for all protocols that no dissector has: bit PROTOCOL_NONE. */
	size_t bit = protocol + 1 < b->index->protocols ? protocol : PROTOCOL_NONE;
	unsigned operations = is_detailed(kind) ? OPERATIONS : 1;
	unsigned answers = is_detailed(kind) ? ANSWERS : 1;
	int error = 0;

	b->n_candidates = 0;
	for (size_t i = 0; i < b->set->n_rules; i++) {
		if (looks_at_kind(b->set->rules[i], kind, bit)) {
			b->candidates[b->n_candidates++] = (uint16_t)i;
		}
	}
	for (unsigned i = 0; b->n_candidates > 0 && error == 0 && i < operations * answers; i++) {
		struct place place = { .kind = kind,
				       .operation = i / answers,
				       .answer = i % answers,
				       .protocol = protocol };

		error = fill_place(b, &place);
	}
	return error;
}

static int fill(struct builder *b)
{
	int error = 0;

	for (unsigned kind = 0; error == 0 && kind < RECORD_KINDS; kind++) {
		for (size_t i = 0; error == 0 && i < b->index->protocols; i++) {
			error = fill_protocol(b, kind, i);
		}
	}
	return error;
}

int rule_index_build(struct rule_set *set)
{
	struct rule_index *index = calloc(1, sizeof(*index));
	struct builder b = { .set = set, .index = index };
	int error = -ENOMEM;

	if (index == NULL) {
		return -ENOMEM;
	}
	index->protocols = dissector_count() + 1;
	index->table_size = RECORD_KINDS * index->protocols * OPERATIONS * ANSWERS;
	index->table = calloc(index->table_size, sizeof(struct cell *));
	b.rules = calloc(set->n_rules + 1, sizeof(*b.rules));
	b.candidates = calloc(set->n_rules + 1, sizeof(*b.candidates));
	b.known = calloc(2 * index->table_size, sizeof(*b.known));
	if (index->table != NULL && b.rules != NULL && b.candidates != NULL && b.known != NULL) {
		error = fill(&b);
	}
	free(b.rules);
	free(b.candidates);
	free(b.known);
	if (error != 0) {
		rule_index_free(index);
		return error;
	}
	set->index = index;
	return 0;
}

struct rule_index *rule_index_free(struct rule_index *index)
{
	if (index != NULL) {
		arena_free(&index->arena);
		free(index->table);
		free(index);
	}
	return NULL;
}
