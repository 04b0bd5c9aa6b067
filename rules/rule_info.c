/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/rule_info.h"

#include "rules/rule.h"

#define FIELDS_MAX 64

/* The fields told so far. */
struct told {
	uint16_t items[FIELDS_MAX];
	size_t n;
};

struct rule_info rule_info(const struct rule_set *set, size_t number)
{
	const struct rule *rule = set->rules[number];

	return (struct rule_info) {
		.id = rule->id,
		.title = rule->title,
		.file = rule->file,
		.line = rule->line,
		.level = rule->level,
		.silent = rule->silent,
	};
}

static void note(struct told *told, const struct rule_set *set, uint16_t field)
{
	bool there = field >= field_count(set->registry) || told->n == FIELDS_MAX;

	for (size_t i = 0; i < told->n && !there; i++) {
		there = told->items[i] == field;
	}
	if (!there) {
		told->items[told->n++] = field;
	}
}

static void note_condition(struct told *told, const struct rule_set *set, const struct node *node)
{
	if (node->kind == NODE_TEST) {
		note(told, set, node->test->field);
		return;
	}
	for (const struct node *child = node->child; child != NULL; child = child->next) {
		note_condition(told, set, child);
	}
}

void rule_fields(const struct rule_set *set, size_t number,
		 void (*handler)(void *context, uint16_t field), void *context)
{
	const struct rule *rule = set->rules[number];
	const struct correlation *c = rule->correlation;
	struct told told = { .n = 0 };

	if (rule->condition != NULL) {
		note_condition(&told, set, rule->condition);
	}
	for (size_t i = 0; c != NULL && i < c->n_rules * c->n_group_by; i++) {
		note(&told, set, c->group_by[i]);
	}
	for (size_t i = 0; c != NULL && i < c->n_fields; i++) {
		note(&told, set, c->fields[i]);
	}
	for (size_t i = 0; i < told.n; i++) {
		handler(context, told.items[i]);
	}
}
