/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#pragma once

/* known.h - the inventory as a database holds it, for the nouns that show it. */

#include "cli/query.h"

/* Loads the stored inventory and hands its documents to the query by `walk`, which is
 * inventory_assets() or inventory_conversations(). */
int known_from_store(struct query *query, struct store *store,
		     void (*walk)(const struct inventory *inventory, inventory_document *handler,
				  void *context)) MUST_USE;
