/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/baseline_source.h"

#include "cli/known.h"
#include "store/baseline_keeper.h"
#include "store/baseline_lines.h"

#include <errno.h>

static void log_wrong(void *context, const char *text)
{
	log_error(context, "%s", text);
}

int baseline_of_inventory(struct baseline **out, const struct inventory *inventory, bool held)
{
	struct baseline_lines lines = { 0 };
	int error = inventory_learned(inventory, held, &lines);

	if (error == 0) {
		error = baseline_make(out, (const char *const *)lines.items, lines.n, NULL, NULL);
	}
	baseline_lines_free(&lines);
	return error;
}

static int from_database(struct baseline **out, const char *path, struct inventory *inventory,
			 const struct log_sink *log, struct problem *problem)
{
	struct baseline_keeper_info info = { .state = BASELINE_NONE };
	struct store *store = NULL;
	int error = known_database(&store, path, log, problem);

	if (error == 0) {
		error = store_load(store, inventory, problem);
	}
	if (error == 0) {
		error = baseline_of_store(store, out, &info);
	}
	store_close(store, NULL);
	if (error == 0 && info.state != BASELINE_FROZEN) {
		*out = baseline_free(*out);
		error = baseline_of_inventory(out, inventory, false);
	}
	return error;
}

int baseline_from_file(struct baseline **out, const char *path, struct inventory *inventory,
		       const struct log_sink *log, struct problem *problem)
{
	bool database = false;
	int error = known_is_database(path, &database, problem);

	if (error != 0) {
		return error;
	}
	return database ? from_database(out, path, inventory, log, problem)
			: baseline_read(out, path, log_wrong, (void *)(uintptr_t)log, problem);
}
