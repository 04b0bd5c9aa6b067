/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_filter.c - filter documents (filters specification 2.1): a condition that is joined with
 * "and" to that of each rule that it names, so that a plant tunes rules without changing them. */

#include "rules/sigma.h"

#include <errno.h>
#include <string.h>

/* A filter that waits for all files to be read. */
struct filter {
	struct filter *next;
	const struct yaml *yaml;
	const struct yaml_node *root;
	const struct node *condition;
	const char *title, *service;
};

static int read_filter(struct loader *loader, const struct yaml_node *root, struct filter *filter)
{
	const struct yaml_node *section = yaml_get(root, "filter");
	struct rule head = { .title = NULL };
	struct scope ignored;
	int error = sigma_attributes(loader, root, &head), second;

	if (section->kind != YAML_MAP || yaml_get(section, "rules") == NULL) {
		return sigma_error(loader, section,
				   "a filter needs rules, a selection and a condition");
	}
	second = sigma_logsource(loader, yaml_get(root, "logsource"), &head, &ignored);
	error = error != 0 ? error : second;
	second = sigma_detection(loader, section, "rules", &filter->condition);
	filter->title = head.title;
	filter->service = head.service;
	return error != 0 ? error : second;
}

int sigma_filter(struct loader *loader, const struct yaml_node *root)
{
	struct filter *filter = arena_take(&loader->set->arena, sizeof(*filter));
	struct filter **end = &loader->filters;
	int error;

	if (filter == NULL) {
		return -ENOMEM;
	}
	if (yaml_get(root, "logsource") == NULL) {
		return sigma_error(loader, root, "a filter needs a logsource section");
	}
	*filter = (struct filter) { .yaml = loader->yaml, .root = root };
	error = read_filter(loader, root, filter);
	if (error != 0) {
		return error;
	}
	while (*end != NULL) {
		end = &(*end)->next;
	}
	*end = filter;
	loader->counts->filters++;
	return 0;
}

/* ---- joining ---- */

static struct node *copy(struct loader *loader, const struct node *node)
{
	struct node *copied = arena_take(&loader->set->arena, sizeof(*copied));

	if (copied != NULL) {
		*copied = *node;
		copied->next = NULL;
	}
	return copied;
}

static bool note_title(struct loader *loader, struct rule *rule, const char *title)
{
	size_t n = rule->filters.n;
	const char **items = arena_take(&loader->set->arena, (n + 1) * sizeof(*items));

	if (items == NULL) {
		return false;
	}
	memcpy(items, n > 0 ? rule->filters.items : items, n * sizeof(*items));
	items[n] = title;
	rule->filters = (struct texts) { items, n + 1 };
	return true;
}

static int join(struct loader *loader, const struct filter *filter, struct rule *rule)
{
	struct node *both = arena_take(&loader->set->arena, sizeof(*both));
	struct node *own = copy(loader, rule->condition);
	struct node *joined = copy(loader, filter->condition);

	if (both == NULL || own == NULL || joined == NULL ||
	    !note_title(loader, rule, filter->title)) {
		return -ENOMEM;
	}
	own->next = joined;
	*both = (struct node) { .kind = NODE_AND, .child = own };
	rule->condition = both;
	rule->hash += sigma_hash(filter->root);
	rule_scope_narrow(loader->set, rule);
	return 0;
}

/* Whether the rule's records are among those of the filter's logsource. */
static bool covers(const struct filter *filter, const struct rule *rule)
{
	return filter->service == NULL ||
	       (rule->service != NULL && strcmp(filter->service, rule->service) == 0);
}

/* The one rule that a filter names. */
static int join_named(struct loader *loader, const struct filter *filter,
		      const struct yaml_node *name)
{
	struct rule *rule = name->kind == YAML_SCALAR ? sigma_find(loader->set, name->text) : NULL;

	if (rule == NULL) {
		return name->kind == YAML_SCALAR && sigma_was_skipped(loader, name->text)
			   ? 0
			   : sigma_error(loader, name, "no usable rule has the id or name '%.80s'",
					 name->kind == YAML_SCALAR ? name->text : "");
	}
	if (rule->condition == NULL) {
		return sigma_error(loader, name,
				   "'%.80s' is a correlation: name the rules that it counts",
				   name->text);
	}
	if (!covers(filter, rule)) {
		return sigma_error(loader, name,
				   "'%.80s' looks at other records than the filter's logsource",
				   name->text);
	}
	return join(loader, filter, rule);
}

static int join_any(struct loader *loader, const struct filter *filter)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < loader->set->n_rules; i++) {
		struct rule *rule = loader->set->rules[i];

		if (rule->condition != NULL && covers(filter, rule)) {
			error = join(loader, filter, rule);
		}
	}
	return error;
}

int sigma_filter_apply(struct loader *loader)
{
	for (const struct filter *filter = loader->filters; filter != NULL; filter = filter->next) {
		const struct yaml_node *names = yaml_get(yaml_get(filter->root, "filter"), "rules");
		const struct yaml_node *at = names->kind == YAML_LIST ? names->child : names;
		int error = 0;

		loader->yaml = filter->yaml;
		loader->set->hash += sigma_hash(filter->root);
		if (names->kind == YAML_SCALAR && strcmp(names->text, "any") == 0) {
			error = join_any(loader, filter);
			at = NULL;
		}
		for (; error != -ENOMEM && at != NULL;
		     at = names->kind == YAML_LIST ? at->next : NULL) {
			error = join_named(loader, filter, at);
		}
		if (error == -ENOMEM) {
			return error;
		}
	}
	return 0;
}
