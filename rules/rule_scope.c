/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_scope.c - which events a rule can be about at all: record kinds, protocols, operations and
 * outcomes, and the best field to look it up by.  Always a superset: negations and whatever is
 * not plainly an equality do not narrow. */

#include "capture/base/hash.h"
#include "dissectors/dissector.h"
#include "dissectors/item_demand.h"
#include "rules/sigma.h"

#include <string.h>

#define OPTIONS_MAX 8
#define ANCHORS_MAX 64

#define WITH_OPERATION (1U << RECORD_TRANSACTION | 1U << RECORD_ITEM)

static void everything(struct scope *out)
{
	memset(out, 0xff, sizeof(*out));
}

static void combine(struct scope *to, const struct scope *with, bool both)
{
	to->kinds = both ? to->kinds & with->kinds : to->kinds | with->kinds;
	to->operations =
	    both ? to->operations & with->operations : to->operations | with->operations;
	to->answers = both ? to->answers & with->answers : to->answers | with->answers;
	for (size_t i = 0; i < PROTOCOL_SET_WORDS; i++) {
		to->protocols[i] = both ? to->protocols[i] & with->protocols[i]
					: to->protocols[i] | with->protocols[i];
	}
}

/* Whether a field with this text would satisfy the test. */
static bool accepts(const struct test *test, const char *name)
{
	bool holds = test->all;

	for (size_t i = 0; i < test->n && holds == test->all; i++) {
		holds = sigma_text_matches(&test->values[i].text, name, strlen(name), test->cased);
	}
	return holds;
}

static bool is_plain_text(const struct test *test)
{
	if (test->negate || test->exists || test->part != PART_NONE) {
		return false;
	}
	for (size_t i = 0; i < test->n; i++) {
		if (test->values[i].kind != MATCH_TEXT) {
			return false;
		}
	}
	return true;
}

static uint32_t accepted_operations(const struct test *test)
{
	uint32_t set = 0;

	for (unsigned i = 0; i < OPERATIONS; i++) {
		set |= accepts(test, operation_name((enum operation)i)) ? 1U << i : 0;
	}
	return set;
}

static void only_irregular(struct scope *out)
{
	out->answers = ((1U << OUTCOMES) - 1) << OUTCOMES;
	out->kinds = WITH_OPERATION;
}

/* Whether a transaction that is no orphan response could satisfy a test of its status. */
static bool accepts_another_status(const struct test *test)
{
	static const char *const others[] = { "answered", "unanswered", "no_answer_in_capture",
					      "blind" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (accepts(test, others[i])) {
			return true;
		}
	}
	return false;
}

static void scope_of_test(const struct special_fields *special, const struct test *test,
			  struct scope *out)
{
	everything(out);
	if (test->field == special->malformed && !test->negate &&
	    (is_plain_text(test) || (test->exists && test->wanted))) {
		only_irregular(out);
		return;
	}
	if (!is_plain_text(test)) {
		return;
	}
	if (test->field == special->status && !accepts_another_status(test)) {
		only_irregular(out);
	} else if (test->field == special->operation) {
		out->operations = accepted_operations(test);
		out->kinds = WITH_OPERATION | 1U << RECORD_CONVERSATION;
	} else if (test->field == special->outcome) {
		out->answers = 0;
		out->kinds = WITH_OPERATION;
		for (unsigned i = 0; i < OUTCOMES; i++) {
			out->answers |= accepts(test, outcome_name((enum outcome)i))
					    ? 1U << i | 1U << (i + OUTCOMES)
					    : 0;
		}
	} else if (test->field == special->kind) {
		out->kinds = 0;
		for (unsigned i = 0; i < RECORD_KINDS; i++) {
			out->kinds |=
			    accepts(test, record_kind_name((enum record_kind)i)) ? 1U << i : 0;
		}
	} else if (test->field == special->protocol) {
		for (size_t i = 0; i < dissector_count(); i++) {
			if (!accepts(test, dissector_at(i)->name)) {
				out->protocols[i / 64] &= ~(UINT64_C(1) << i % 64);
			}
		}
	}
}

static void scope_of(const struct special_fields *special, const struct node *node,
		     struct scope *out)
{
	bool first = true;

	if (node->kind == NODE_TEST) {
		scope_of_test(special, node->test, out);
		return;
	}
	everything(out);
	if (node->kind == NODE_NOT) {
		return;
	}
	for (const struct node *child = node->child; child != NULL; child = child->next) {
		struct scope part;

		scope_of(special, child, &part);
		if (first) {
			*out = part;
		} else {
			combine(out, &part, node->kind == NODE_AND);
		}
		first = false;
	}
}

/* ---- items ---- */

/* Operations that an item may have and its transaction not: what a device says of itself on the
 * way. */
#define OF_ITEMS_ALONE (1U << OPERATION_IDENTIFY | 1U << OPERATION_DIAGNOSE)

static bool tells_items_apart(const struct rule_set *set, const struct node *node)
{
	const struct special_fields *special = &set->special;
	const struct test *test = node->test;

	if (node->kind == NODE_TEST && test->field == FIELD_TIMESTAMP) {
		return false;
	}
	if (node->kind == NODE_TEST && test->field == special->operation) {
		return !is_plain_text(test) || (accepted_operations(test) & OF_ITEMS_ALONE) != 0;
	}
	if (node->kind == NODE_TEST) {
		return (field_by_id(set->registry, test->field)->flags & FIELD_OF_ENDS) == 0;
	}
	for (const struct node *child = node->child; child != NULL; child = child->next) {
		if (tells_items_apart(set, child)) {
			return true;
		}
	}
	return false;
}

/* What only asks who did something holds for the items of a transaction as it does for the whole:
 * it need not look at them, nor need they be made for it. */
static void leave_out_items(const struct rule_set *set, struct rule *rule)
{
	if ((rule->scope.kinds & 1U << RECORD_TRANSACTION) != 0 &&
	    !tells_items_apart(set, rule->condition)) {
		rule->scope.kinds &= ~(1U << RECORD_ITEM);
	}
}

/* ---- anchors ---- */

struct option {
	uint16_t field;
	size_t n;
	unsigned weight; /* how much comes past it, compared with one value of many */
	struct anchor_value values[ANCHORS_MAX];
};

struct options {
	size_t n;
	struct option items[OPTIONS_MAX];
};

/* What rule_index_value() gives for a field with this value. */
static bool anchor_of(const struct match *match, struct anchor_value *out)
{
	char text[RECORD_STRING_MAX];

	out->bits = ANCHOR_WHOLE;
	if (match->kind == MATCH_NUMBER) {
		long double n = match->number;

		if (n < (long double)INT64_MIN || n > (long double)UINT64_MAX) {
			return false;
		}
		out->hash = n < 0 ? (uint64_t)(int64_t)n : (uint64_t)n;
		return true;
	}
	if (match->kind == MATCH_IP || match->kind == MATCH_NETWORK) {
		out->bits = match->kind == MATCH_IP ? ANCHOR_WHOLE : match->network.prefix;
		out->hash = item_end_hash(
		    match->kind == MATCH_IP ? &match->ip : &match->network.base, out->bits);
		return true;
	}
	if (match->kind != MATCH_TEXT || match->text.n > sizeof(text) ||
	    sigma_text_has_wildcard(&match->text)) {
		return false;
	}
	for (size_t i = 0; i < match->text.n; i++) {
		uint8_t c = (uint8_t)match->text.units[i];

		text[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	out->hash = hash_bytes(text, match->text.n, 0);
	return true;
}

static bool can_anchor(const struct rule_set *set, const struct test *test)
{
	const struct special_fields *special = &set->special;
	const struct field *field;

	if (test->negate || test->exists || test->part != PART_NONE ||
	    test->comparison != COMPARE_EQUAL || (test->all && test->n > 1) ||
	    test->n > ANCHORS_MAX || test->field == FIELD_TIMESTAMP ||
	    test->field == special->operation || test->field == special->outcome ||
	    test->field == special->kind || test->field == special->protocol) {
		return false;
	}
	field = field_by_id(set->registry, test->field);
	return (field->flags & FIELD_LIST) == 0 &&
	       (field->type == FIELD_STRING || field->type == FIELD_BOOL ||
		field->type == FIELD_INT || field->type == FIELD_UINT || field->type == FIELD_IP);
}

/* One value of few, or a network, lets more past than one value of many; what is true is rare. */
static unsigned weight_of(const struct field *field, const struct anchor_value *value)
{
	unsigned bits = value->bits;

	if (field->type == FIELD_BOOL) {
		return value->hash != 0 ? 1 : 64;
	}
	if ((field->flags & FIELD_ENUM) != 0) {
		return 16;
	}
	return bits >= 120 ? 1 : bits >= 112 ? 4 : 64;
}

static void options_of_test(const struct rule_set *set, const struct test *test,
			    struct options *out)
{
	struct option *option = &out->items[0];
	const struct field *field;

	out->n = 0;
	if (!can_anchor(set, test)) {
		return;
	}
	field = field_by_id(set->registry, test->field);
	option->field = test->field;
	option->n = test->n;
	option->weight = 0;
	for (size_t i = 0; i < test->n; i++) {
		const struct match *match = &test->values[i];
		bool address = match->kind == MATCH_IP || match->kind == MATCH_NETWORK;

		if ((match->kind == MATCH_TEXT) != (field->type == FIELD_STRING) ||
		    address != (field->type == FIELD_IP) || !anchor_of(match, &option->values[i])) {
			return;
		}
		option->weight += weight_of(field, &option->values[i]);
	}
	out->n = 1;
}

/* What holds for one and for the other: fields that both are bound to, with the values of both. */
static void merge_alternatives(struct options *to, const struct options *with)
{
	size_t kept = 0;

	for (size_t i = 0; i < to->n; i++) {
		struct option *option = &to->items[i];
		const struct option *same = NULL;

		for (size_t k = 0; k < with->n; k++) {
			same = with->items[k].field == option->field ? &with->items[k] : same;
		}
		if (same != NULL && option->n + same->n <= ANCHORS_MAX) {
			memcpy(option->values + option->n, same->values,
			       same->n * sizeof(option->values[0]));
			option->n += same->n;
			option->weight += same->weight;
			if (kept != i) {
				to->items[kept] = *option;
			}
			kept++;
		}
	}
	to->n = kept;
}

static void merge_conjuncts(struct options *to, const struct options *with)
{
	for (size_t i = 0; i < with->n && to->n < OPTIONS_MAX; i++) {
		to->items[to->n++] = with->items[i];
	}
}

static void options_of(const struct rule_set *set, const struct node *node, struct options *out)
{
	bool first = true;

	out->n = 0;
	if (node->kind == NODE_TEST) {
		options_of_test(set, node->test, out);
		return;
	}
	if (node->kind == NODE_NOT) {
		return;
	}
	for (const struct node *child = node->child; child != NULL; child = child->next) {
		struct options part;

		options_of(set, child, &part);
		if (node->kind == NODE_AND || first) {
			merge_conjuncts(out, &part);
		} else {
			merge_alternatives(out, &part);
		}
		first = false;
	}
}

static void choose_anchor(struct rule_set *set, struct rule *rule)
{
	const struct option *best = NULL;
	struct options options;
	struct anchor_value *values;

	rule->anchor_field = FIELD_NOT_FOUND;
	options_of(set, rule->condition, &options);
	for (size_t i = 0; i < options.n; i++) {
		const struct option *option = &options.items[i];

		/* Of two as good, the address: it says of which flows items are wanted. */
		if (best == NULL || option->weight < best->weight ||
		    (option->weight == best->weight && rule_is_end(set, option->field) &&
		     !rule_is_end(set, best->field))) {
			best = option;
		}
	}
	values = best != NULL ? arena_take(&set->arena, best->n * sizeof(*values)) : NULL;
	if (values == NULL) {
		return;
	}
	memcpy(values, best->values, best->n * sizeof(*values));
	rule->anchor_field = best->field;
	rule->n_anchors = best->n;
	rule->anchors = values;
}

/* ---- phases ---- */

static bool names_field(const struct node *node, uint16_t field)
{
	if (field == FIELD_NOT_FOUND) {
		return false;
	}
	if (node->kind == NODE_TEST) {
		return node->test->field == field;
	}
	for (const struct node *child = node->child; child != NULL; child = child->next) {
		if (names_field(child, field)) {
			return true;
		}
	}
	return false;
}

/* Whether it argues from what is normal. */
static bool names_baseline(const struct rule_set *set, const struct node *node)
{
	if (node->kind == NODE_TEST) {
		return node->test->field != FIELD_TIMESTAMP &&
		       (field_by_id(set->registry, node->test->field)->flags & FIELD_OF_BASELINE) !=
			   0;
	}
	for (const struct node *child = node->child; child != NULL; child = child->next) {
		if (names_baseline(set, child)) {
			return true;
		}
	}
	return false;
}

void rule_scope_narrow(struct rule_set *set, struct rule *rule)
{
	const struct special_fields *special = &set->special;
	struct scope scope;

	scope_of(special, rule->condition, &scope);
	combine(&rule->scope, &scope, true);
	leave_out_items(set, rule);
	choose_anchor(set, rule);
	rule->names_outcome = names_field(rule->condition, special->outcome) ||
			      names_field(rule->condition, special->duration) ||
			      names_field(rule->condition, special->status);
	rule->requires_baseline = rule->requires_baseline || names_baseline(set, rule->condition);
	rule->names_phase = names_field(rule->condition, special->phase);
}
