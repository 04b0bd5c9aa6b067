/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* forward_setup.h - what the commands about outputs begin with. */

#include "cli/config.h"

/* Reads the configuration (NULL: CONFIG_PATH) and says each mistake on standard error; database
 * stands for the configured one unless it is NULL. 0; negative errno with problem, also when there
 * are no outputs. */
int forward_configure(struct config *config, const char *path, const char *database,
		      struct problem *problem) MUST_USE;
/* 0, or why the database cannot be looked at, with problem. */
int forward_database_check(const struct config *config, struct problem *problem) MUST_USE;
