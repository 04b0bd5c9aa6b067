/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_gate.c - rules that can only be about an event if one of their texts is part of a field of
 * it.
 *
 * All such texts of all rules, by field, are looked for at once; a rule none of whose texts is
 * there is not judged.  What is found is only a candidate: the whole condition decides. */

#include "rules/rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LITERAL_LEAST 2  /* a single character is everywhere */
#define LITERALS_MAX  64 /* of one rule; more make it no candidate of a gate */

/* ---- what a rule needs ---- */

struct need {
	uint16_t field; /* FIELD_NOT_FOUND: nothing that a gate can look for */
	size_t n;
	struct substring literals[LITERALS_MAX];
};

static bool is_text_field(const struct rule_set *set, const struct test *test)
{
	return test->field != FIELD_TIMESTAMP && !test->negate && !test->exists &&
	       test->part == PART_NONE && test->comparison == COMPARE_EQUAL && test->n > 0 &&
	       field_by_id(set->registry, test->field)->type == FIELD_STRING;
}

/* The longest part of a text without wildcards, in lower case. False: none is long enough. */
static bool longest_literal(struct arena *arena, const struct sigma_text *text,
			    struct substring *out)
{
	size_t best = 0, best_n = 0, begin = 0;
	char *bytes;

	for (size_t i = 0; i <= text->n; i++) {
		if (i == text->n || text->units[i] >= UNIT_ONE) {
			if (i - begin > best_n) {
				best = begin;
				best_n = i - begin;
			}
			begin = i + 1;
		}
	}
	bytes = best_n >= LITERAL_LEAST ? arena_take(arena, best_n) : NULL;
	for (size_t i = 0; bytes != NULL && i < best_n; i++) {
		char c = (char)text->units[best + i];

		bytes[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	*out = (struct substring) { bytes, best_n };
	return bytes != NULL;
}

/* One of the values must match; with `all` each must, so the longest literal of them is enough. */
static void need_of_test(struct rule_set *set, const struct test *test, struct need *out)
{
	out->field = FIELD_NOT_FOUND;
	out->n = 0;
	if (!is_text_field(set, test) || test->n > LITERALS_MAX) {
		return;
	}
	for (size_t i = 0; i < test->n; i++) {
		struct substring literal;

		if (test->values[i].kind != MATCH_TEXT ||
		    !longest_literal(&set->arena, &test->values[i].text, &literal)) {
			return;
		}
		if (!test->all) {
			out->literals[out->n++] = literal;
		} else if (out->n == 0 || literal.n > out->literals[0].n) {
			out->literals[0] = literal;
			out->n = 1;
		}
	}
	out->field = test->field;
}

/* How much a need keeps away: by its shortest literal. */
static size_t strength(const struct need *need)
{
	size_t shortest = SIZE_MAX;

	for (size_t i = 0; i < need->n; i++) {
		shortest = size_min(shortest, need->literals[i].n);
	}
	return need->field != FIELD_NOT_FOUND ? shortest : 0;
}

/* Alternatives need one of their literals, if all of them look at one field. */
static void join_needs(struct need *to, const struct need *other)
{
	if (to->field != other->field || to->n + other->n > LITERALS_MAX) {
		to->field = FIELD_NOT_FOUND;
		return;
	}
	memcpy(to->literals + to->n, other->literals, other->n * sizeof(other->literals[0]));
	to->n += other->n;
}

static void need_of(struct rule_set *set, const struct node *node, struct need *out)
{
	bool first = true;

	out->field = FIELD_NOT_FOUND;
	out->n = 0;
	if (node->kind == NODE_TEST) {
		need_of_test(set, node->test, out);
		return;
	}
	if (node->kind == NODE_NOT) {
		return;
	}
	for (const struct node *child = node->child; child != NULL; child = child->next) {
		struct need part;

		need_of(set, child, &part);
		if (first) {
			*out = part;
		} else if (node->kind == NODE_OR) {
			join_needs(out, &part);
		} else if (strength(&part) > strength(out)) {
			*out = part;
		}
		first = false;
	}
}

/* ---- gates ---- */

struct gate *rule_gate(const struct rule_set *set, uint16_t field)
{
	for (size_t i = 0; i < set->n_gates; i++) {
		if (set->gates[i].field == field) {
			return &set->gates[i];
		}
	}
	return NULL;
}

static struct gate *take_gate(struct rule_set *set, uint16_t field)
{
	struct gate *gate = rule_gate(set, field), *gates;

	if (gate != NULL) {
		return gate;
	}
	gates = realloc(set->gates, (set->n_gates + 1) * sizeof(*gates));
	if (gates == NULL) {
		return NULL;
	}
	set->gates = gates;
	gates[set->n_gates] = (struct gate) { .field = field };
	return &gates[set->n_gates++];
}

static int add(struct gate *gate, const struct need *need, uint16_t rule)
{
	size_t n = gate->n + need->n;

	if (n > gate->size) {
		size_t size = n * 2;
		struct substring *literals = realloc(gate->literals, size * sizeof(*literals));
		uint16_t *rules = realloc(gate->rules, size * sizeof(*rules));

		gate->literals = literals != NULL ? literals : gate->literals;
		gate->rules = rules != NULL ? rules : gate->rules;
		if (literals == NULL || rules == NULL) {
			return -ENOMEM;
		}
		gate->size = size;
	}
	for (size_t i = 0; i < need->n; i++) {
		gate->literals[gate->n] = need->literals[i];
		gate->rules[gate->n++] = rule;
	}
	return 0;
}

int rule_gates_build(struct rule_set *set)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < set->n_rules; i++) {
		struct rule *rule = set->rules[i];
		struct need need = { .field = FIELD_NOT_FOUND };
		struct gate *gate;

		rule->gate_field = FIELD_NOT_FOUND;
		if (rule->condition != NULL && rule->anchor_field == FIELD_NOT_FOUND) {
			need_of(set, rule->condition, &need);
		}
		if (need.field != FIELD_NOT_FOUND) {
			gate = take_gate(set, need.field);
			error = gate != NULL ? add(gate, &need, (uint16_t)i) : -ENOMEM;
			rule->gate_field = need.field;
		}
	}
	for (size_t i = 0; error == 0 && i < set->n_gates; i++) {
		error = substrings_new(&set->gates[i].substrings, set->gates[i].literals,
				       set->gates[i].n);
		/* So many texts are not looked for at once: each rule looks for its own. */
		for (size_t k = 0; error == -ENOSPC && k < set->gates[i].n; k++) {
			set->rules[set->gates[i].rules[k]]->gate_field = FIELD_NOT_FOUND;
		}
		error = error == -ENOSPC ? 0 : error;
	}
	return error;
}

void rule_gates_free(struct rule_set *set)
{
	for (size_t i = 0; i < set->n_gates; i++) {
		substrings_free(set->gates[i].substrings);
		free(set->gates[i].literals);
		free(set->gates[i].rules);
	}
	free(set->gates);
}
