/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rule_index.h - the table between building it and looking things up in it. */

#include "rules/rule.h"

struct rule_index {
	size_t protocols; /* dissectors, and one for "none of them" */
	struct cell **table;
	size_t table_size;
	struct arena arena;
};

/* One place of the table. */
struct place {
	unsigned kind, operation;
	unsigned answer; /* its outcome; plus OUTCOMES when irregular */
	size_t protocol; /* dissectors; the last stands for all others */
};

/* Kinds whose head has an operation and an outcome. */
static inline bool index_is_detailed(unsigned kind)
{
	return kind == RECORD_TRANSACTION || kind == RECORD_ITEM;
}

static inline size_t index_slot(const struct rule_index *index, const struct place *place)
{
	size_t row = (size_t)place->kind * index->protocols + place->protocol;

	return (row * OPERATIONS + place->operation) * ANSWERS + place->answer;
}
