/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* paths.h - the files that a path of the command line means. */

#include "capture/base/problem.h"

/* path is valid during the call; in_folder: found by walking, not named. 0 or negative errno,
 * which ends the walk. */
typedef int paths_found(void *context, const char *path, bool in_folder, struct problem *problem);

/* Hands over the path itself, or, when it is a folder, every regular file below it in name order
 * (strcmp within each folder; symbolic links are followed, loops are not). 0 or negative errno. */
int paths_walk(const char *path, paths_found *found, void *context,
	       struct problem *problem) MUST_USE;
