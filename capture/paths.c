/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/paths.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void close_walk(FTS **walk)
{
	if (*walk != NULL) {
		fts_close(*walk);
	}
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int walk_entry(const FTSENT *entry, paths_found *found, void *context,
		      struct problem *problem)
{
	switch (entry->fts_info) {
	case FTS_F:
		return found(context, entry->fts_path, true, problem);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return problem_set(problem, -entry->fts_errno, "%s: %s", entry->fts_path,
				   strerror(entry->fts_errno));
	default:
		/* Folders are walked by themselves; loops, dead links and devices hold nothing. */
		return 0;
	}
}

/* NULL with errno set when it cannot be begun. */
static FTS *begin_walk(const char *path)
{
	char *root = strdup(path);
	char *roots[] = { root, NULL };
	FTS *walk = root != NULL ? fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name) : NULL;

	free(root);
	return walk;
}

static int walk_folder(const char *path, paths_found *found, void *context, struct problem *problem)
{
	AUTO(close_walk) FTS *walk = begin_walk(path);
	const FTSENT *entry;
	int error;

	if (walk == NULL) {
		return problem_set(problem, -errno, "%s: %s", path, strerror(errno));
	}
	do {
		errno = 0;
		entry = fts_read(walk);
		error = entry != NULL ? walk_entry(entry, found, context, problem) : -errno;
	} while (entry != NULL && error == 0);
	if (error != 0) {
		problem_set(problem, error, "%s: %s", path, strerror(-error));
	}
	return error;
}

int paths_walk(const char *path, paths_found *found, void *context, struct problem *problem)
{
	struct stat status;

	if (strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		return walk_folder(path, found, context, problem);
	}
	return found(context, path, false, problem);
}
