/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_document.c - one YAML document: a detection rule of ours, one of somebody else's, a
 * correlation or a filter. */

#include "capture/base/hash.h"
#include "dissectors/dissector.h"
#include "rules/sigma.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Services that are no protocol: groups of record kinds. */
static const struct {
	const char *service;
	enum record_kind kind;
} groups[] = {
	{ "asset", RECORD_ASSET_CHANGE }, { "conversation", RECORD_CONVERSATION },
	{ "policy", RECORD_POLICY },      { "sensor", RECORD_SENSOR },
	{ "flow", RECORD_FLOW },          { "blind", RECORD_BLIND },
};

static bool is(const struct yaml_node *node, const char *text)
{
	return node != NULL && node->kind == YAML_SCALAR && strcmp(node->text, text) == 0;
}

/* A document for another product, or that says of itself that it cannot be used. */
static bool is_foreign(const struct yaml_node *root)
{
	const struct yaml_node *source = yaml_get(root, "logsource");

	return source != NULL && (!is(yaml_get(source, "category"), "ot") ||
				  !is(yaml_get(source, "product"), "weir") ||
				  is(yaml_get(root, "status"), "unsupported"));
}

static void only_protocol(struct scope *scope, size_t protocol)
{
	memset(scope->protocols, 0, sizeof(scope->protocols));
	scope->protocols[protocol / 64] = UINT64_C(1) << protocol % 64;
}

int sigma_logsource(struct loader *loader, const struct yaml_node *source, struct rule *rule,
		    struct scope *scope)
{
	const struct yaml_node *service = yaml_get(source, "service");

	memset(scope, 0xff, sizeof(*scope));
	if (service == NULL || loader->any_product) {
		return 0;
	}
	if (rule != NULL && service->kind == YAML_SCALAR) {
		rule->service = arena_text(&loader->set->arena, service->text, service->length);
	}
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (is(service, groups[i].service)) {
			scope->kinds = 1U << groups[i].kind;
			return 0;
		}
	}
	for (size_t i = 0; i < dissector_count(); i++) {
		if (is(service, dissector_at(i)->name)) {
			only_protocol(scope, i);
			return 0;
		}
	}
	return sigma_error(
	    loader, service,
	    "unknown service '%.40s': a protocol (weir protocols lists them), asset, "
	    "conversation, policy, sensor, flow or blind",
	    service->kind == YAML_SCALAR ? service->text : "");
}

/* Order-free over the keys of a map, so the hash does not depend on how a rule is laid out. */
uint64_t sigma_hash(const struct yaml_node *node)
{
	uint64_t kind = node->kind, h = hash_stable(HASH_STABLE_START, &kind, sizeof(kind));
	uint64_t sum = 0;

	h = hash_stable(h, node->text, node->kind == YAML_SCALAR ? node->length : 0);
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		uint64_t child = sigma_hash(at);

		if (at->key != NULL) {
			sum += hash_stable_end(hash_stable(child, at->key, strlen(at->key)));
		} else {
			h = hash_stable(h, &child, sizeof(child));
		}
	}
	return hash_stable_end(hash_stable(h, &sum, sizeof(sum)));
}

/* Ids and names are unique over everything that is loaded. */
static int check_unique(struct loader *loader, const struct yaml_node *root,
			const struct rule *rule)
{
	const struct rule_set *set = loader->set;

	for (size_t i = 0; i < set->n_rules; i++) {
		const struct rule *other = set->rules[i];
		bool same_name = rule->name != NULL && other->name != NULL &&
				 strcmp(rule->name, other->name) == 0;

		if (strcmp(rule->id, other->id) == 0 || same_name) {
			return sigma_error(loader, root,
					   "its %s is that of the rule in %s:%u already",
					   same_name ? "name" : "id", other->file, other->line);
		}
	}
	return 0;
}

int sigma_add_rule(struct loader *loader, const struct yaml_node *root, struct rule *rule)
{
	struct rule_set *set = loader->set;
	int error = check_unique(loader, root, rule);

	if (error != 0) {
		return error;
	}
	if (set->n_rules == set->rules_size) {
		size_t size = set->rules_size * 2 + 64;
		struct rule **rules = realloc(set->rules, size * sizeof(struct rule *));

		if (rules == NULL) {
			return -ENOMEM;
		}
		set->rules = rules;
		set->rules_size = size;
	}
	if (set->n_rules == RULES_MAX) {
		return sigma_error(loader, NULL, "more than %d rules", RULES_MAX);
	}
	set->rules[set->n_rules++] = rule;
	rule->hash = sigma_hash(root);
	set->hash += rule->hash;
	return 0;
}

/* The id that alerts carry: the rule's own, else its name, else a hash of its title. */
static int settle_id(struct loader *loader, struct rule *rule)
{
	char text[20];

	rule->id = rule->uuid != NULL ? rule->uuid : rule->name;
	if (rule->id == NULL) {
		snprintf(text, sizeof(text), "%016llx",
			 (unsigned long long)hash_stable_end(
			     hash_stable(HASH_STABLE_START, rule->title, strlen(rule->title))));
		rule->id = arena_text(&loader->set->arena, text, strlen(text));
	}
	return rule->id != NULL ? 0 : -ENOMEM;
}

static struct rule *new_rule(struct loader *loader, const struct yaml_node *root)
{
	struct rule *rule = arena_take(&loader->set->arena, sizeof(*rule));
	const char *file = yaml_name(loader->yaml);

	if (rule != NULL) {
		rule->file = arena_text(&loader->set->arena, file, strlen(file));
		rule->line = root->line;
		rule->level = LEVEL_MEDIUM;
		rule->anchor_field = FIELD_NOT_FOUND;
	}
	return rule != NULL && rule->file != NULL ? rule : NULL;
}

static int take_detection(struct loader *loader, const struct yaml_node *root, struct rule *rule)
{
	const struct yaml_node *detection = yaml_get(root, "detection");
	int error = sigma_logsource(loader, yaml_get(root, "logsource"), rule, &rule->scope);
	int second;

	if (detection == NULL) {
		return sigma_error(loader, root, "a rule needs a detection section");
	}
	second = sigma_detection(loader, detection, NULL, &rule->condition);
	error = error != 0 ? error : second;
	if (error == 0) {
		rule_scope_narrow(loader->set, rule);
	}
	return error;
}

static int take_rule(struct loader *loader, const struct yaml_node *root, bool correlation)
{
	struct rule *rule = new_rule(loader, root);
	int error = rule != NULL ? 0 : -ENOMEM;
	int second;

	if (error != 0) {
		return error;
	}
	error = sigma_attributes(loader, root, rule);
	second = correlation ? sigma_correlation(loader, root, rule)
			     : take_detection(loader, root, rule);
	if (error != 0 || second != 0) {
		return error != 0 ? error : second;
	}
	error = settle_id(loader, rule);
	if (error != 0) {
		return error;
	}
	return correlation ? sigma_defer(loader, root, rule) : sigma_add_rule(loader, root, rule);
}

/* Remembers what a skipped rule is called, for correlations over such rules. */
static int skip(struct loader *loader, const struct yaml_node *root)
{
	static const char *const keys[] = { "id", "name" };

	loader->counts->skipped++;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct yaml_node *node = yaml_get(root, keys[i]);
		struct skipped *skipped;

		if (node == NULL || node->kind != YAML_SCALAR) {
			continue;
		}
		skipped = arena_take(&loader->set->arena, sizeof(*skipped));
		if (skipped == NULL) {
			return -ENOMEM;
		}
		*skipped = (struct skipped) { loader->skipped, node->text };
		loader->skipped = skipped;
	}
	return 0;
}

int sigma_document(struct loader *loader, const struct yaml_node *root)
{
	int error;

	if (root == NULL) {
		return 0;
	}
	if (root->kind != YAML_MAP) {
		return sigma_error(loader, root, "a rule must be a map");
	}
	if (!loader->any_product && is_foreign(root)) {
		return skip(loader, root);
	}
	if (yaml_get(root, "action") != NULL) {
		return sigma_error(loader, yaml_get(root, "action"),
				   "action is obsolete: write each document whole");
	}
	if (yaml_get(root, "filter") != NULL) {
		return sigma_filter(loader, root);
	}
	if (yaml_get(root, "correlation") != NULL) {
		return take_rule(loader, root, true);
	}
	if (yaml_get(root, "logsource") == NULL) {
		return sigma_error(loader, root, "a rule needs a logsource section");
	}
	error = take_rule(loader, root, false);
	loader->counts->rules += error == 0;
	return error;
}
