/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* person.h - the name of an OS user, for what is kept of who did something. */

#include <sys/types.h>

#define PERSON_NAME_SIZE 64

/* "maria", or "uid 1000" when the system has no name for it. */
const char *person_name(uid_t uid, char out[PERSON_NAME_SIZE]);
