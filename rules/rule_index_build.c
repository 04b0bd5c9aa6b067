/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_index_build.c - makes the table of rule_index.c from a set of rules. */

#include "rules/rule_index.h"

#include "capture/base/hash.h"
#include "dissectors/dissector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BITS_AN_ANCHOR 16 /* how seldom an anchor seems to be there and is not */
#define GROUP_SLOTS    4096

/* The rules that a cell or group was made of. */
struct rule_list {
	uint64_t hash;
	size_t n;
	const uint16_t *rules;
};

struct builder {
	struct rule_set *set;
	struct rule_index *index;
	uint16_t *rules; /* of the cell under way */
	size_t n_rules;
	uint16_t *some;              /* of these, those of what is under way */
	struct anchor_group *places; /* where the rules of the set are anchored: field and bits */
	size_t n_places;
	uint16_t *candidates; /* rules that look at the kind and protocol under way */
	size_t n_candidates;
	struct cell_entry {
		struct rule_list list;
		struct cell *cell;
	} * known; /* cells made so far: open addressing, as many slots as the table twice */
	struct group_entry *groups[GROUP_SLOTS]; /* groups made so far, by hash */
	struct arena scratch;
};

struct group_entry {
	struct rule_list list;
	struct anchor_group group;
	struct group_entry *next;
};

/* protocol: its bit in a scope. */
static bool looks_at_kind(const struct rule *rule, unsigned kind, size_t protocol)
{
	return rule->condition != NULL && (rule->scope.kinds >> kind & 1) != 0 &&
	       (rule->scope.protocols[protocol / 64] >> protocol % 64 & 1) != 0;
}

static bool looks_at(const struct rule *rule, const struct place *place)
{
	return !index_is_detailed(place->kind) ||
	       ((rule->scope.operations >> place->operation & 1) != 0 &&
		(rule->scope.answers >> place->answer & 1) != 0);
}

/* A list that is kept, with its hash; rules NULL: no memory. */
static struct rule_list keep_list(struct builder *b, const uint16_t *rules, size_t n, uint64_t hash)
{
	uint16_t *kept = arena_take(&b->scratch, n * sizeof(*kept));

	if (kept != NULL && n > 0) {
		memcpy(kept, rules, n * sizeof(*kept));
	}
	return (struct rule_list) { hash, n, kept };
}

static bool is_list(const struct rule_list *list, const uint16_t *rules, size_t n, uint64_t hash)
{
	return list->hash == hash && list->n == n &&
	       memcmp(list->rules, rules, n * sizeof(*rules)) == 0;
}

static int by_value(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	if (x->value != y->value) {
		return x->value < y->value ? -1 : 1;
	}
	return (x->rule > y->rule) - (x->rule < y->rule);
}

static bool is_anchored(const struct rule *rule, const struct anchor_group *group)
{
	for (size_t k = 0; rule->anchor_field == group->field && k < rule->n_anchors; k++) {
		if (rule->anchors[k].bits == group->bits) {
			return true;
		}
	}
	return false;
}

/* The anchors of these rules at this field, and at as many bits of it; out may be NULL. Returns how
 * many. */
static size_t gather_anchors(const struct builder *b, const struct rule_list *list,
			     const struct anchor_group *group, struct anchor *out)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct rule *rule = b->set->rules[list->rules[i]];

		for (size_t k = 0; k < rule->n_anchors; k++) {
			if (rule->anchors[k].bits != group->bits) {
				continue;
			}
			if (out != NULL) {
				out[n] = (struct anchor) { rule->anchors[k].hash, list->rules[i] };
			}
			n++;
		}
	}
	return n;
}

/* So that most values that no anchor has are told by a look at one bit. */
static int fill_bits(struct builder *b, struct anchor_group *group)
{
	unsigned bits = 6;
	uint64_t *some;

	while (bits < 24 && (size_t)1 << bits < group->n * BITS_AN_ANCHOR) {
		bits++;
	}
	group->shift = 64 - bits;
	group->some = some = arena_take(&b->index->arena, ((size_t)1 << bits) / 8);
	for (size_t i = 0; some != NULL && i < group->n; i++) {
		uint64_t at = anchor_bit(group, group->anchors[i].value);

		some[at / 64] |= UINT64_C(1) << at % 64;
	}
	return some != NULL ? 0 : -ENOMEM;
}

static int make_group(struct builder *b, const struct rule_list *list, struct anchor_group *group)
{
	size_t n = gather_anchors(b, list, group, NULL);
	struct anchor *anchors = arena_take(&b->index->arena, n * sizeof(*anchors));

	if (anchors == NULL) {
		return -ENOMEM;
	}
	(void)gather_anchors(b, list, group, anchors);
	qsort(anchors, n, sizeof(*anchors), by_value);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || by_value(&anchors[i - 1], &anchors[i]) != 0) {
			anchors[group->n++] = anchors[i];
		}
	}
	group->anchors = anchors;
	return fill_bits(b, group);
}

/* Many cells have the same rules about addresses: they share what was made of these. */
static int share_group(struct builder *b, const struct rule_list *list, struct anchor_group *group)
{
	struct group_entry **slot = &b->groups[list->hash % GROUP_SLOTS];
	struct group_entry *entry;
	int error;

	for (entry = *slot; entry != NULL; entry = entry->next) {
		if (entry->group.field == group->field && entry->group.bits == group->bits &&
		    is_list(&entry->list, list->rules, list->n, list->hash)) {
			*group = entry->group;
			return 0;
		}
	}
	entry = arena_take(&b->scratch, sizeof(*entry));
	error = entry != NULL ? make_group(b, list, group) : -ENOMEM;
	if (error == 0) {
		*entry = (struct group_entry) {
			.list = keep_list(b, list->rules, list->n, list->hash),
			.group = *group,
			.next = *slot,
		};
		*slot = entry;
		error = entry->list.rules != NULL ? 0 : -ENOMEM;
	}
	return error;
}

/* Of the cell's rules, those that are anchored there; until the next call. */
static struct rule_list rules_anchored(struct builder *b, const struct anchor_group *group)
{
	struct rule_list list = { .rules = b->some };
	uint64_t seed = (uint64_t)group->field << 8 | group->bits;

	for (size_t i = 0; i < b->n_rules; i++) {
		if (is_anchored(b->set->rules[b->rules[i]], group)) {
			b->some[list.n++] = b->rules[i];
		}
	}
	list.hash = hash_bytes(list.rules, list.n * sizeof(*list.rules), seed);
	return list;
}

/* A group for each field, and number of bits of it, that the cell's rules are anchored at. */
static int fill_groups(struct builder *b, struct cell *cell)
{
	struct anchor_group *groups = arena_take(&b->index->arena, b->n_places * sizeof(*groups));
	int error = groups != NULL ? 0 : -ENOMEM;

	cell->groups = groups;
	for (size_t i = 0; error == 0 && i < b->n_places; i++) {
		struct anchor_group group = b->places[i];
		const struct rule_list list = rules_anchored(b, &group);

		if (list.n > 0) {
			error = share_group(b, &list, &group);
			groups[cell->n_groups++] = group;
		}
	}
	return error;
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

/* The cell's rules that nothing stands before. */
static int fill_plain(struct builder *b, struct cell *cell)
{
	uint16_t *rules;

	for (size_t i = 0; i < b->n_rules; i++) {
		const struct rule *rule = b->set->rules[b->rules[i]];

		if (rule->anchor_field == FIELD_NOT_FOUND && rule->gate_field == FIELD_NOT_FOUND) {
			b->some[cell->n_rules++] = b->rules[i];
		}
	}
	rules = arena_take(&b->index->arena, cell->n_rules * sizeof(*rules));
	if (rules == NULL) {
		return -ENOMEM;
	}
	memcpy(rules, b->some, cell->n_rules * sizeof(*rules));
	cell->rules = rules;
	return 0;
}

static struct cell *make_cell(struct builder *b)
{
	struct cell *cell = arena_take(&b->index->arena, sizeof(*cell));

	return cell != NULL && fill_gates(b, cell) == 0 && fill_groups(b, cell) == 0 &&
		       fill_plain(b, cell) == 0
		   ? cell
		   : NULL;
}

/* The cell with these rules: one that is there, or a new one. */
static struct cell *share_cell(struct builder *b)
{
	size_t size = 2 * b->index->table_size;
	uint64_t hash = hash_bytes(b->rules, b->n_rules * sizeof(*b->rules), b->n_rules);
	size_t at = hash % size;

	while (b->known[at].cell != NULL &&
	       !is_list(&b->known[at].list, b->rules, b->n_rules, hash)) {
		at = (at + 1) % size;
	}
	if (b->known[at].cell == NULL) {
		struct rule_list list = keep_list(b, b->rules, b->n_rules, hash);

		b->known[at] =
		    (struct cell_entry) { list, list.rules != NULL ? make_cell(b) : NULL };
	}
	return b->known[at].cell;
}

/* Of the rules that look at the kind and protocol, those that look at this place. */
static int fill_place(struct builder *b, const struct place *place)
{
	size_t slot = index_slot(b->index, place);

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
	unsigned operations = index_is_detailed(kind) ? OPERATIONS : 1;
	unsigned answers = index_is_detailed(kind) ? ANSWERS : 1;
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

static int add_place(struct builder *b, uint16_t field, uint8_t bits)
{
	struct anchor_group *places;

	for (size_t i = 0; i < b->n_places; i++) {
		if (b->places[i].field == field && b->places[i].bits == bits) {
			return 0;
		}
	}
	places = realloc(b->places, (b->n_places + 1) * sizeof(*places));
	if (places == NULL) {
		return -ENOMEM;
	}
	b->places = places;
	places[b->n_places++] = (struct anchor_group) { .field = field, .bits = bits };
	return 0;
}

static int find_places(struct builder *b)
{
	int error = 0;

	for (size_t i = 0; i < b->set->n_rules; i++) {
		const struct rule *rule = b->set->rules[i];

		if (rule->condition == NULL || rule->anchor_field == FIELD_NOT_FOUND) {
			continue;
		}
		for (size_t k = 0; error == 0 && k < rule->n_anchors; k++) {
			error = add_place(b, rule->anchor_field, rule->anchors[k].bits);
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
	b.some = calloc(set->n_rules + 1, sizeof(*b.some));
	b.known = calloc(2 * index->table_size, sizeof(*b.known));
	if (index->table != NULL && b.rules != NULL && b.candidates != NULL && b.some != NULL &&
	    b.known != NULL) {
		error = find_places(&b);
		error = error == 0 ? fill(&b) : error;
	}
	arena_free(&b.scratch);
	free(b.rules);
	free(b.candidates);
	free(b.some);
	free(b.places);
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
