/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/forward_setup.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

int forward_configure(struct config *config, const char *path, const char *database,
		      struct problem *problem)
{
	int error;

	path = path != NULL ? path : CONFIG_PATH;
	error = config_read(config, path, print_mistake, NULL, problem);
	if (error < 0) {
		return problem_set(problem, error, "the configuration has mistakes");
	}
	if (database != NULL) {
		snprintf(config->store.database, sizeof(config->store.database), "%s", database);
	}
	return config->forward.n > 0
		   ? 0
		   : problem_set(problem, -EINVAL, "%s has no outputs (forward.outputs)", path);
}

int forward_database_check(const struct config *config, struct problem *problem)
{
	return access(config->store.database, R_OK) == 0
		   ? 0
		   : problem_set(problem, -errno, "%s: %s", config->store.database,
				 strerror(errno));
}
