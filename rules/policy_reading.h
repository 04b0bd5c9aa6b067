/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* policy_reading.h - a policy file while it is read; private to this room. */

#include "capture/base/yaml.h"
#include "rules/policy_private.h"

struct policy_reading {
	struct policy *policy;
	const char *file;
	policy_problem_handler *handler;
	void *context;
	unsigned mistakes;
};

/* Tells a mistake at the node. */
void policy_mistake(struct policy_reading *r, const struct yaml_node *node, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* At the key, for what the map should not have. */
void policy_mistaken_key(struct policy_reading *r, const struct yaml_node *node, const char *of);

/* n zeroed things that live as long as the policy; NULL: no memory. */
void *policy_take(struct policy_reading *r, size_t n, size_t size);
/* A copy of the node's text; NULL, and told, when it has none. */
const char *policy_text(struct policy_reading *r, const struct yaml_node *node);

/* The elements of a list, or the one value that stands in its place. */
const struct yaml_node *policy_first(const struct yaml_node *node);
const struct yaml_node *policy_next(const struct yaml_node *list, const struct yaml_node *at);
size_t policy_count(const struct yaml_node *node);
bool policy_is(const struct yaml_node *node, const char *word);

/* The zone of that name, or NULL. */
struct policy_place *policy_place(const struct policy_reading *r, const char *name);

/* The list of conduits; zones are known. */
void policy_read_conduits(struct policy_reading *r, const struct yaml_node *list);
