/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rule_document.h - a rule as a JSON document for people: what it says of itself, and what it was
 * compiled to. */

#include "capture/base/json.h"
#include "rules/rules.h"

/* The rule that a text names: its id, its name, its title, or the beginning of one id alone, of at
 * least four characters. -ENOENT; -EEXIST: the beginning of several. *out is its number in the set.
 */
int rule_find(const struct rule_set *set, const char *text, size_t *out) MUST_USE;

/* Writes the document: one object on one line, without newline. */
void rule_document(struct buffer *out, const struct rule_set *set, size_t rule);
