/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* kinds.h - what assets are: their type, role, Purdue level, risks and importance, by rules that
 * are data (rules/roles.yaml, which is built in; docs/inventory.md describes the format).
 *
 * A set of rules is read once and read-only then. */

#include "capture/base/problem.h"

enum kind_of { KIND_TYPE, KIND_ROLE, KIND_RISK, KIND_LEVEL, KIND_IMPORTANCE, KINDS };

struct kinds;

/* Hears each mistake of a file: "FILE:LINE:COLUMN: what". */
typedef void kinds_mistake(void *context, const char *text);

/* Reads the built-in rules, and those of the file before them unless path is NULL: a rule of the
 * file stands in for the built-in one with the same id. 0; -EINVAL: mistakes were told; -ENOENT,
 * -EACCES... with problem. */
int kinds_read(struct kinds **out, const char *path, kinds_mistake *handler, void *context,
	       struct problem *problem) MUST_USE;
struct kinds *kinds_free(struct kinds *kinds);

/* Whether this is a word for a type, a role... */
bool kinds_word(const struct kinds *kinds, enum kind_of of, const char *word);
/* Its spelling in the list of words, or NULL. */
const char *kinds_spelling(const struct kinds *kinds, enum kind_of of, const char *word);
/* The i-th word, or NULL behind the last. */
const char *kinds_word_at(const struct kinds *kinds, enum kind_of of, size_t i);
