/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* stop.h - signals as flags: the mutable words of the program, because a signal handler has no
 * context. */

#include <stdbool.h>

/* From now on the two signals set the flag that is returned; a second one ends the program as
 * usual. SIGHUP is ignored, unless somebody asks for it. */
const volatile int *stop_watch(void);

/* From now on SIGHUP is noted. */
void hangup_watch(void);
/* Whether it came since the last call. */
bool hangup_came(void);
