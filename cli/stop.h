/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* stop.h - SIGINT and SIGTERM as a flag: the one mutable word of the program, because a signal
 * handler has no context. */

/* From now on the two signals set the flag that is returned; a second one ends the program as
 * usual. SIGHUP is ignored. */
const volatile int *stop_watch(void);
