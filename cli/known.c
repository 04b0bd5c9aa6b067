/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/known.h"

#include "cli/config.h"
#include "cli/setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct known {
	struct replay replay;
	bool replayed;
	struct field_registry *registry; /* when it is from a database */
	struct inventory *inventory;     /* the same */
};

static int load(struct inventory **out, struct store *store, const struct field_registry *registry,
		struct problem *problem)
{
	struct inventory_options options = inventory_defaults();
	struct inventory_files files;
	struct inventory *inventory = NULL;
	int error;

	options.registry = registry;
	inventory_files_find(&files);
	inventory_files_use(&files, &options);
	error = inventory_new(&inventory, &options, problem);
	if (error == 0) {
		error = store_load(store, inventory, problem);
	}
	if (error < 0) {
		inventory_free(inventory);
		return error;
	}
	*out = inventory;
	return 0;
}

int known_from_store(struct query *query, struct store *store,
		     void (*walk)(const struct inventory *inventory, inventory_document *handler,
				  void *context))
{
	struct inventory *inventory = NULL;
	struct problem problem = { "" };
	int error = load(&inventory, store, query_registry(query), &problem);

	if (error == 0) {
		walk(inventory, query_handler, query);
		inventory_free(inventory);
	}
	return error;
}

int known_database(struct store **out, const char *path, const struct log_sink *log,
		   struct problem *problem)
{
	char default_path[CONFIG_TEXT_MAX];
	struct store_options options = store_defaults();
	int error = path == NULL ? config_database(default_path, problem) : 0;

	if (error < 0) {
		return error;
	}
	options.path = path != NULL ? path : default_path;
	options.read_only = true;
	options.log = log;
	error = store_open(out, &options, problem);
	if (error == -ENOENT && path == NULL) {
		problem->text[0] = '\0';
		return problem_set(problem, error,
				   "no sensor's database at %s; read a capture with -r FILE or "
				   "name one with --db FILE",
				   default_path);
	}
	return error;
}

#define LEARNS_FOREVER (10000 * NS_PER_DAY)

static int open_replay(struct known *known, const struct known_source *source,
		       struct problem *problem)
{
	const struct replay_options options = { .files = source->files,
						.workers = 1,
						.rules = source->learns,
						.learning = source->learns ? LEARNS_FOREVER : 0,
						.log = source->log };
	int error = replay_begin(&known->replay, &options, problem);

	if (error < 0) {
		return error;
	}
	known->replayed = true;
	return replay_run(&known->replay, &options, problem);
}

static int open_database(struct known *known, const struct known_source *source,
			 struct problem *problem)
{
	uint16_t bases[PROTOCOL_NONE];
	struct store *store = NULL;
	int error = known_database(&store, source->database, source->log, problem);

	if (error < 0) {
		return error;
	}
	error = registry_setup(&known->registry, bases, problem);
	if (error == 0) {
		error = load(&known->inventory, store, known->registry, problem);
	}
	store_close(store, NULL);
	return error < 0
		   ? problem_set(problem, error, "cannot read the database: %s", strerror(-error))
		   : 0;
}

int known_open(struct known **out, const struct known_source *source, struct problem *problem)
{
	struct known *known = calloc(1, sizeof(*known));

	if (known == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	int error = source->files.n > 0 ? open_replay(known, source, problem)
					: open_database(known, source, problem);
	if (error < 0) {
		known_close(known);
		return error;
	}
	*out = known;
	return 0;
}

int known_open_path(struct known **out, const char *path, const struct log_sink *log,
		    struct problem *problem)
{
	struct known_source source = { .log = log };
	bool is_database = false;
	int error = known_is_database(path, &is_database, problem);

	if (error < 0) {
		return error;
	}
	if (is_database) {
		source.database = path;
	} else {
		source.files = (struct text_list) { &path, 1 };
	}
	return known_open(out, &source, problem);
}

struct known *known_close(struct known *known)
{
	if (known == NULL) {
		return NULL;
	}
	if (known->replayed) {
		replay_end(&known->replay);
	}
	inventory_free(known->inventory);
	field_registry_free(known->registry);
	free(known);
	return NULL;
}

struct inventory *known_inventory(const struct known *known)
{
	return known->replayed ? analysis_inventory(known->replay.analysis) : known->inventory;
}

int known_is_database(const char *path, bool *out, struct problem *problem)
{
	static const char magic[16] = "SQLite format 3";
	char head[sizeof(magic)];
	FILE *file = fopen(path, "re");

	if (file == NULL) {
		return problem_set(problem, -errno, "cannot open %s: %s", path, strerror(errno));
	}
	*out = fread(head, 1, sizeof(head), file) == sizeof(head) &&
	       memcmp(head, magic, sizeof(magic)) == 0;
	fclose(file);
	return 0;
}
