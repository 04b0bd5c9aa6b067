/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* sigma.h - the compiler's inner joints: from YAML nodes to rules; private to this room. */

#include "capture/base/yaml.h"
#include "rules/rule.h"

/* One load under way. */
struct loader {
	struct rule_set *set;
	struct rule_counts *counts;
	rule_problem_handler *handler;
	void *context;
	const struct yaml *yaml;      /* the file at work */
	struct reference *references; /* correlations that are not linked yet */
	struct skipped *skipped;
};

/* Id or name of a document for another product. */
struct skipped {
	struct skipped *next;
	const char *text;
};

/* Reports an error at the node (its key when key is true; NULL: the file) and counts it. Returns
 * -EINVAL. */
int sigma_error(struct loader *loader, const struct yaml_node *node, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* The same at `offset` characters into a one-line value. */
int sigma_error_at(struct loader *loader, const struct yaml_node *node, size_t offset,
		   const char *format, ...) PRINTF_LIKE(4, 5);
/* Reports what is allowed and probably a mistake; not counted. */
void sigma_warning(struct loader *loader, const struct yaml_node *node, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Id of a field by name; reports an unknown one with the closest name there is. */
uint16_t sigma_field(struct loader *loader, const struct yaml_node *node, const char *name,
		     size_t length);

/* One `field|modifiers: values` of a map; an empty field name means keywords. 0, -EINVAL. */
int sigma_test(struct loader *loader, const struct yaml_node *item, struct node *out) MUST_USE;
/* One keyword of a list. */
int sigma_keyword(struct loader *loader, const struct yaml_node *value, struct node *out) MUST_USE;
/* The whole detection section with its condition. */
int sigma_detection(struct loader *loader, const struct yaml_node *detection,
		    const struct node **out) MUST_USE;

/* A search identifier, compiled. */
struct search {
	const char *name;
	const struct yaml_node *node;
	const struct node *condition;
	bool used;
	struct search *next;
};

/* One condition text; marks the identifiers that it uses. */
int sigma_condition(struct loader *loader, const struct yaml_node *text, struct search *searches,
		    const struct node **out) MUST_USE;

/* Stable hash of a node's content; order-free over the keys of a map, so that it does not depend on
 * how a rule is laid out. */
uint64_t sigma_hash_node(const struct yaml_node *node);

/* One document. Adds a rule to the set, or counts it as skipped. NULL is an empty document. */
int sigma_document(struct loader *loader, const struct yaml_node *root) MUST_USE;
/* Everything but logsource, detection and correlation. */
int sigma_attributes(struct loader *loader, const struct yaml_node *root,
		     struct rule *rule) MUST_USE;
/* Adds a compiled rule; an id or name that is there already is an error. */
int sigma_add_rule(struct loader *loader, const struct yaml_node *root, struct rule *rule) MUST_USE;

/* Reads the correlation section, as far as it can be read without the other rules. */
int sigma_correlation(struct loader *loader, const struct yaml_node *root,
		      struct rule *rule) MUST_USE;
/* Lets the correlation wait for sigma_link(); the tree must live until then. */
int sigma_defer(struct loader *loader, const struct yaml_node *root, struct rule *rule) MUST_USE;
/* Resolves what correlations refer to once every file is read. Those that cannot be linked are
 * reported and left out. */
int sigma_link(struct loader *loader) MUST_USE;

/* Works out scope, anchor, names_outcome and names_phase from the condition. */
void rule_scope_narrow(struct rule_set *set, struct rule *rule);
