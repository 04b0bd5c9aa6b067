/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/known.h"

#include "cli/setup.h"

int known_from_store(struct query *query, struct store *store,
		     void (*walk)(const struct inventory *inventory, inventory_document *handler,
				  void *context))
{
	struct inventory_options options = inventory_defaults();
	struct inventory_files files;
	struct inventory *inventory = NULL;
	struct problem problem = { "" };
	int error;

	options.registry = query_registry(query);
	inventory_files_find(&files);
	inventory_files_use(&files, &options);
	error = inventory_new(&inventory, &options, &problem);
	if (error == 0) {
		error = store_load(store, inventory, &problem);
	}
	if (error == 0) {
		walk(inventory, query_handler, query);
	}
	inventory_free(inventory);
	return error;
}
