/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* secret.h - passwords and tokens, which stand in files of their own and not in the configuration,
 * which is shown and hashed. */

#include "capture/base/problem.h"

#define SECRET_MAX 4096 /* bytes, with the NUL */

/* Reads the file's first line, without spaces at its ends. An empty path gives an empty secret. 0
 * or negative errno with problem: also for one that is empty or too long. */
int secret_read(char out[SECRET_MAX], const char *path, struct problem *problem) MUST_USE;
