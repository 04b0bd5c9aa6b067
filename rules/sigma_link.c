/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_link.c - what documents say about each other, once all files are read: which rules a
 * correlation counts, and by which of their fields it groups them. */

#include "rules/sigma.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* A correlation that waits for all files to be read. */
struct reference {
	struct reference *next;
	struct rule *rule;
	const struct yaml *yaml;
	const struct yaml_node *root;
};

int sigma_defer(struct loader *loader, const struct yaml_node *root, struct rule *rule)
{
	struct reference *reference = arena_take(&loader->set->arena, sizeof(*reference));
	struct reference **end = &loader->references;

	if (reference == NULL) {
		return -ENOMEM;
	}
	*reference = (struct reference) { NULL, rule, loader->yaml, root };
	while (*end != NULL) {
		end = &(*end)->next;
	}
	*end = reference;
	return 0;
}

static bool is_called(const struct rule *rule, const char *text)
{
	return strcmp(rule->id, text) == 0 || (rule->name != NULL && strcmp(rule->name, text) == 0);
}

static size_t find_rule(const struct rule_set *set, const char *text)
{
	size_t i = 0;

	while (i < set->n_rules && !is_called(set->rules[i], text)) {
		i++;
	}
	return i;
}

struct rule *sigma_find(const struct rule_set *set, const char *text)
{
	size_t found = find_rule(set, text);

	return found < set->n_rules ? set->rules[found] : NULL;
}

bool sigma_was_skipped(const struct loader *loader, const char *text)
{
	const struct skipped *at = loader->skipped;

	while (at != NULL && strcmp(at->text, text) != 0) {
		at = at->next;
	}
	return at != NULL;
}

/* The nodes of a list, or the one scalar that stands in its place. */
static const struct yaml_node *first_of(const struct yaml_node *node)
{
	return node != NULL && node->kind == YAML_LIST ? node->child : node;
}

static const struct yaml_node *next_of(const struct yaml_node *list, const struct yaml_node *at)
{
	return list->kind == YAML_LIST ? at->next : NULL;
}

/* 0: all rules are there, ids in *out; 1: not yet all. */
static int find_rules(struct loader *loader, const struct yaml_node *names, uint16_t *out)
{
	size_t n = 0;

	for (const struct yaml_node *at = first_of(names); at != NULL; at = next_of(names, at)) {
		size_t found = find_rule(loader->set, at->text);

		if (found == loader->set->n_rules) {
			return 1;
		}
		out[n++] = (uint16_t)found;
	}
	return 0;
}

/* The field that a group-by word means in events of one rule: itself, or what its alias says. */
static uint16_t resolve_group(struct loader *loader, const struct yaml_node *section,
			      const struct yaml_node *word, const struct rule *rule)
{
	const struct yaml_node *alias = yaml_get(yaml_get(section, "aliases"), word->text);

	if (alias == NULL) {
		return sigma_field(loader, word, word->text, word->length);
	}
	for (const struct yaml_node *at = alias->child; at != NULL; at = at->next) {
		if (is_called(rule, at->key)) {
			return sigma_field(loader, at, at->text, at->length);
		}
	}
	sigma_error(loader, word, "the alias '%.60s' says nothing about the rule '%.80s'",
		    word->text, rule->id);
	return FIELD_NOT_FOUND;
}

static int link_groups(struct loader *loader, const struct yaml_node *section,
		       struct correlation *correlation)
{
	const struct yaml_node *words = yaml_get(section, "group-by");
	size_t n = 0;
	uint16_t *fields;

	for (const struct yaml_node *at = first_of(words); at != NULL; at = next_of(words, at)) {
		if (at->kind != YAML_SCALAR || ++n > CORRELATION_FIELDS_MAX) {
			return sigma_error(loader, at, "group-by must be one to %d field names",
					   CORRELATION_FIELDS_MAX);
		}
	}
	fields = arena_take(&loader->set->arena, (n * correlation->n_rules + 1) * sizeof(*fields));
	if (fields == NULL) {
		return -ENOMEM;
	}
	correlation->n_group_by = n;
	correlation->group_by = fields;
	for (size_t i = 0; i < correlation->n_rules; i++) {
		const struct rule *rule = loader->set->rules[correlation->rules[i]];

		for (const struct yaml_node *at = first_of(words); at != NULL;
		     at = next_of(words, at)) {
			*fields = resolve_group(loader, section, at, rule);
			if (*fields++ == FIELD_NOT_FOUND) {
				return -EINVAL;
			}
		}
	}
	return 0;
}

static int check_rules(struct loader *loader, const struct yaml_node *section,
		       const struct yaml_node *names)
{
	size_t n = 0;

	if (names == NULL) {
		return sigma_error(loader, section, "a correlation needs rules");
	}
	for (const struct yaml_node *at = first_of(names); at != NULL; at = next_of(names, at)) {
		if (at->kind != YAML_SCALAR) {
			return sigma_error(loader, at, "rules are named by id or name");
		}
		n++;
	}
	return n > 0 ? 0 : sigma_error(loader, names, "a correlation needs rules");
}

/* Whether the rules that it counts raise alerts of their own ("generate"). */
static void mark_counted(struct loader *loader, const struct yaml_node *root,
			 const struct correlation *correlation)
{
	bool generate = false;

	(void)yaml_as_bool(yaml_get(root, "generate"), &generate);
	for (size_t i = 0; i < correlation->n_rules; i++) {
		struct rule *rule = loader->set->rules[correlation->rules[i]];

		rule->generated = rule->generated || generate;
		rule->silent = !rule->generated;
	}
}

/* Of a temporal correlation each rule is a step, and all must be hit unless it says otherwise. */
static int check_temporal(struct loader *loader, const struct yaml_node *section,
			  struct correlation *c)
{
	const struct yaml_node *names = yaml_get(section, "rules");

	if (!correlation_is_temporal(c)) {
		return 0;
	}
	if (c->n_rules < 2 || c->n_rules > CORRELATION_RULES_MAX) {
		return sigma_error(loader, names, "a temporal correlation has 2 to %d rules",
				   CORRELATION_RULES_MAX);
	}
	for (size_t i = 0; i < c->n_rules; i++) {
		for (size_t k = 0; k < i; k++) {
			if (c->rules[i] == c->rules[k]) {
				return sigma_error(loader, names,
						   "a rule stands twice among its rules");
			}
		}
	}
	if (yaml_get(section, "condition") == NULL) {
		c->bounds.least = (double)c->n_rules;
	}
	return 0;
}

/* A correlation over nothing but rules that are not judged before it is known what is normal is not
 * judged either. */
static void inherit_needs(const struct rule_set *set, struct rule *rule)
{
	const struct correlation *c = rule->correlation;
	bool all = true;

	for (size_t i = 0; i < c->n_rules; i++) {
		all = all && set->rules[c->rules[i]]->requires_baseline;
	}
	rule->requires_baseline = rule->requires_baseline || all;
}

/* 0: linked; 1: refers to what is not there (yet); negative: wrong. */
static int link_one(struct loader *loader, struct reference *reference)
{
	const struct yaml_node *section = yaml_get(reference->root, "correlation");
	const struct yaml_node *names = yaml_get(section, "rules");
	struct correlation *correlation = (struct correlation *)reference->rule->correlation;
	uint16_t *rules;
	int error;

	loader->yaml = reference->yaml;
	if ((error = check_rules(loader, section, names)) != 0) {
		return error;
	}
	correlation->n_rules = names->kind == YAML_LIST ? names->n_children : 1;
	rules = arena_take(&loader->set->arena, correlation->n_rules * sizeof(*rules));
	if (rules == NULL) {
		return -ENOMEM;
	}
	correlation->rules = rules;
	error = find_rules(loader, names, rules);
	if (error == 0) {
		error = check_temporal(loader, section, correlation);
	}
	if (error == 0 && (error = link_groups(loader, section, correlation)) == 0 &&
	    (error = sigma_add_rule(loader, reference->root, reference->rule)) == 0) {
		mark_counted(loader, reference->root, correlation);
		inherit_needs(loader->set, reference->rule);
		loader->counts->correlations++;
	}
	return error;
}

/* Says why a correlation could not be linked. */
static void explain(struct loader *loader, const struct reference *reference)
{
	const struct yaml_node *names = yaml_get(yaml_get(reference->root, "correlation"), "rules");

	loader->yaml = reference->yaml;
	for (const struct yaml_node *at = first_of(names); at != NULL; at = next_of(names, at)) {
		if (find_rule(loader->set, at->text) < loader->set->n_rules) {
			continue;
		}
		if (sigma_was_skipped(loader, at->text)) {
			loader->counts->skipped++;
		} else {
			sigma_error(loader, at,
				    "no usable rule has the id or name '%.80s' (wrong itself, or "
				    "a circle of correlations?)",
				    at->text);
		}
		return;
	}
}

/* Tells every rule which correlations count it. */
static int link_listeners(struct rule_set *set)
{
	for (size_t i = 0; i < set->n_rules; i++) {
		const struct correlation *c = set->rules[i]->correlation;

		for (size_t k = 0; c != NULL && k < c->n_rules; k++) {
			set->rules[c->rules[k]]->n_listeners++;
		}
	}
	for (size_t i = 0; i < set->n_rules; i++) {
		struct rule *rule = set->rules[i];
		uint16_t *listeners =
		    arena_take(&set->arena, (rule->n_listeners + 1) * sizeof(*listeners));

		if (listeners == NULL) {
			return -ENOMEM;
		}
		rule->listeners = listeners;
		rule->n_listeners = 0;
	}
	for (size_t i = 0; i < set->n_rules; i++) {
		const struct correlation *c = set->rules[i]->correlation;

		for (size_t k = 0; c != NULL && k < c->n_rules; k++) {
			struct rule *rule = set->rules[c->rules[k]];

			((uint16_t *)rule->listeners)[rule->n_listeners++] = (uint16_t)i;
		}
	}
	return 0;
}

int sigma_link(struct loader *loader)
{
	bool progress = true;

	while (progress) {
		struct reference **at = &loader->references;

		progress = false;
		while (*at != NULL) {
			int error = link_one(loader, *at);

			if (error == -ENOMEM) {
				return error;
			}
			if (error == 1) {
				at = &(*at)->next;
				continue;
			}
			progress = progress || error == 0;
			*at = (*at)->next;
		}
	}
	for (const struct reference *at = loader->references; at != NULL; at = at->next) {
		explain(loader, at);
	}
	return link_listeners(loader->set);
}
