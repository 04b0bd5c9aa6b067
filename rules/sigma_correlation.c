/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_correlation.c - correlation documents (correlation rules specification 2.1): event_count
 * and value_count.  A document is checked when it is read and linked when all files are known. */

#include "rules/sigma.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static int take_type(struct loader *loader, const struct yaml_node *section,
		     struct correlation *out)
{
	const struct yaml_node *type = yaml_get(section, "type");

	if (type == NULL || type->kind != YAML_SCALAR) {
		return sigma_error(loader, section, "a correlation needs a type");
	}
	if (strcmp(type->text, "event_count") != 0 && strcmp(type->text, "value_count") != 0) {
		return sigma_error(
		    loader, type,
		    "correlation type '%.40s' is not supported by this version, only "
		    "event_count and value_count are",
		    type->text);
	}
	out->values = type->text[0] == 'v';
	return 0;
}

static int take_timespan(struct loader *loader, const struct yaml_node *section,
			 struct correlation *out)
{
	static const struct {
		char letter;
		int64_t unit;
	} units[] = { { 's', NS_PER_S },
		      { 'm', NS_PER_MINUTE },
		      { 'h', NS_PER_HOUR },
		      { 'd', NS_PER_DAY },
		      { 'w', 7 * NS_PER_DAY } };
	const struct yaml_node *node = yaml_get(section, "timespan");
	size_t digits;

	if (node == NULL || node->kind != YAML_SCALAR) {
		return sigma_error(loader, section, "a correlation needs a timespan");
	}
	digits = strspn(node->text, "0123456789");
	for (size_t i = 0; digits > 0 && digits < 6 && i < ARRAY_SIZE(units); i++) {
		if (node->text[digits] == units[i].letter && node->text[digits + 1] == '\0') {
			out->timespan = strtol(node->text, NULL, 10) * units[i].unit;
		}
	}
	return out->timespan > 0
		   ? 0
		   : sigma_error(loader, node, "timespan must be a number and s, m, h, d or w");
}

/* Narrows the bounds by one criterion; false: unknown word. */
static bool add_bound(struct bounds *bounds, const char *word, uint32_t n)
{
	if (strcmp(word, "gte") == 0 || strcmp(word, "gt") == 0) {
		bounds->least = n + (word[2] == '\0');
	} else if (strcmp(word, "lte") == 0) {
		bounds->most = n;
	} else if (strcmp(word, "lt") == 0) {
		bounds->most = n - 1;
	} else if (strcmp(word, "eq") == 0) {
		bounds->least = bounds->most = n;
	} else if (strcmp(word, "neq") == 0) {
		bounds->not_equal = n;
	} else {
		return false;
	}
	return true;
}

static int take_criterion(struct loader *loader, const struct yaml_node *node,
			  struct bounds *bounds, uint32_t *highest)
{
	int64_t n;

	if (!yaml_as_int(node, &n) || n < (strcmp(node->key, "lt") == 0) ||
	    n > CORRELATION_BOUND_MAX) {
		return sigma_error(loader, node, "%.20s must be a number from 0 to %d", node->key,
				   CORRELATION_BOUND_MAX);
	}
	if (!add_bound(bounds, node->key, (uint32_t)n)) {
		return sigma_error(loader, node,
				   "unknown criterion '%.20s': gt, gte, lt, lte, eq or neq",
				   node->key);
	}
	*highest = *highest > (uint32_t)n ? *highest : (uint32_t)n;
	return 0;
}

static int take_value_field(struct loader *loader, const struct yaml_node *node,
			    struct correlation *out)
{
	const struct yaml_node *at = node->kind == YAML_LIST ? node->child : node;

	for (; at != NULL; at = node->kind == YAML_LIST ? at->next : NULL) {
		if (at->kind != YAML_SCALAR || out->n_fields == CORRELATION_FIELDS_MAX) {
			return sigma_error(loader, at, "field must be one to %d field names",
					   CORRELATION_FIELDS_MAX);
		}
		out->fields[out->n_fields] = sigma_field(loader, at, at->text, at->length);
		if (out->fields[out->n_fields++] == FIELD_NOT_FOUND) {
			return -EINVAL;
		}
	}
	return 0;
}

static int take_condition(struct loader *loader, const struct yaml_node *section,
			  struct correlation *out)
{
	const struct yaml_node *condition = yaml_get(section, "condition");
	uint32_t highest = 0, criteria = 0;

	out->bounds = (struct bounds) { 0, UINT32_MAX, UINT32_MAX };
	if (condition == NULL || condition->kind != YAML_MAP) {
		return sigma_error(loader, condition != NULL ? condition : section,
				   "a correlation needs a condition, such as 'gte: 10'");
	}
	for (const struct yaml_node *at = condition->child; at != NULL; at = at->next) {
		bool field = strcmp(at->key, "field") == 0;
		int error = field ? take_value_field(loader, at, out)
				  : take_criterion(loader, at, &out->bounds, &highest);

		if (error != 0) {
			return error;
		}
		criteria += !field;
	}
	if (criteria == 0) {
		return sigma_error(loader, condition, "the condition has no criterion");
	}
	if (out->values != (out->n_fields > 0)) {
		return sigma_error(loader, condition,
				   out->values ? "value_count needs a field in its condition"
					       : "event_count has no field in its condition");
	}
	out->keep = highest + 1;
	return 0;
}

static const char *const section_words[] = { "type",     "rules",    "aliases",
					     "group-by", "timespan", "condition" };

static int check_words(struct loader *loader, const struct yaml_node *section)
{
	for (const struct yaml_node *at = section->child; at != NULL; at = at->next) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_SIZE(section_words); i++) {
			known = known || strcmp(section_words[i], at->key) == 0;
		}
		if (!known) {
			return sigma_error(loader, at, "unknown word '%.40s' in a correlation",
					   at->key);
		}
	}
	return 0;
}

int sigma_correlation(struct loader *loader, const struct yaml_node *root, struct rule *rule)
{
	const struct yaml_node *section = yaml_get(root, "correlation");
	struct correlation *out = arena_take(&loader->set->arena, sizeof(*out));
	int error;

	if (out == NULL) {
		return -ENOMEM;
	}
	if (section->kind != YAML_MAP) {
		return sigma_error(loader, section, "correlation must be a map");
	}
	if ((error = check_words(loader, section)) != 0 ||
	    (error = take_type(loader, section, out)) != 0 ||
	    (error = take_timespan(loader, section, out)) != 0 ||
	    (error = take_condition(loader, section, out)) != 0) {
		return error;
	}
	rule->correlation = out;
	return 0;
}

/* ---- linking ---- */

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

static bool was_skipped(const struct loader *loader, const char *text)
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
	if (error == 0 && (error = link_groups(loader, section, correlation)) == 0 &&
	    (error = sigma_add_rule(loader, reference->root, reference->rule)) == 0) {
		mark_counted(loader, reference->root, correlation);
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
		if (was_skipped(loader, at->text)) {
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
