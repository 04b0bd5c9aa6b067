/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#pragma once

/* stored.h - the inventory as a database holds it, for the nouns that show it: the stored documents
 * in the order in which a replay shows them. */

#include "cli/query.h"

/* Hands the wanted documents to the query, ordered by domain and addresses. */
int stored_documents(struct query *query, struct store *store, enum store_noun noun) MUST_USE;
