/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/stop.h"

#include <signal.h>
#include <stddef.h>

static volatile int stop, hangup;

static void on_signal(int number)
{
	(void)number;
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
}

const volatile int *stop_watch(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	/* timeout(1) and some supervisors send it twice: that must not cut the ending short. */
	sigaction(SIGTERM, &action, NULL);
	/* Who presses Ctrl-C again does not want to wait. */
	action.sa_flags = (int)SA_RESETHAND;
	sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGHUP, &action, NULL);
	return &stop;
}

static void on_hangup(int number)
{
	(void)number;
	__atomic_store_n(&hangup, 1, __ATOMIC_RELAXED);
}

void hangup_watch(void)
{
	struct sigaction action = { .sa_handler = on_hangup, .sa_flags = SA_RESTART };

	sigaction(SIGHUP, &action, NULL);
}

bool hangup_came(void)
{
	return __atomic_exchange_n(&hangup, 0, __ATOMIC_RELAXED) != 0;
}
