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
	bool any_product;             /* as struct rule_load has it */
	const struct yaml *yaml;      /* the file at work */
	struct yaml *placeholders;    /* NULL: none */
	struct filter *filters;       /* documents that wait for all rules */
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
/* The whole detection section with its condition; `apart` is a key that is no search identifier
 * (NULL: none). */
int sigma_detection(struct loader *loader, const struct yaml_node *detection, const char *apart,
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

/* One document. Adds a rule to the set, or counts it as skipped. NULL is an empty document. */
int sigma_document(struct loader *loader, const struct yaml_node *root) MUST_USE;
/* Everything but logsource, detection and correlation. */
int sigma_attributes(struct loader *loader, const struct yaml_node *root,
		     struct rule *rule) MUST_USE;
/* Reads a filter document, which waits until all rules are known. */
int sigma_filter(struct loader *loader, const struct yaml_node *root) MUST_USE;
/* Joins all filters to the rules that they name. */
int sigma_filter_apply(struct loader *loader) MUST_USE;

/* Reads the file of placeholders; what is wrong is reported. */
int sigma_placeholders(struct loader *loader, const char *path) MUST_USE;
/* Hears each text that a value with placeholders stands for. */
typedef int sigma_expanded(void *context, const struct yaml_node *value);
/* Calls the handler with the value, once for each combination of its placeholders' values. The
 * node that it gets lives as long as the set. */
int sigma_expand(struct loader *loader, const struct yaml_node *value, sigma_expanded *handler,
		 void *context) MUST_USE;

/* A rule's logsource: whose records it looks at. */
int sigma_logsource(struct loader *loader, const struct yaml_node *source, struct rule *rule,
		    struct scope *scope) MUST_USE;
/* A stable hash of a document's content, whatever its layout. */
uint64_t sigma_hash(const struct yaml_node *node);

/* Adds a compiled rule; an id or name that is there already is an error. */
int sigma_add_rule(struct loader *loader, const struct yaml_node *root, struct rule *rule) MUST_USE;

/* A rule of the set by id or name; NULL: none. */
struct rule *sigma_find(const struct rule_set *set, const char *text);
/* Whether a document for another product is called so. */
bool sigma_was_skipped(const struct loader *loader, const char *text);

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
