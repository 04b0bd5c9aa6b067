/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* sandbox.h - gives up what the process no longer needs, for good.
 *
 * AF_PACKET sockets can send as well as receive, and no mode of them forbids it.  So once the
 * ports are open, sandbox_enter() drops root and all capabilities and installs a system-call
 * filter in every thread, present and future: on the capture descriptors each call that sends,
 * duplicates, passes on or changes them fails with EPERM; io_uring, kernel AIO, new raw and
 * packet sockets, exec, ptrace and the administration of the kernel fail on anything.
 *
 * Call it after everything that wants privilege is open and, unless root is dropped to a user,
 * before other threads start: capabilities belong to a thread.  The filter knows descriptors
 * by number, so a capture descriptor is not to be closed while the process goes on, or its
 * number stays refused for whatever gets it next.  LeakSanitizer cannot work behind it (it
 * wants ptrace). */

#include "capture/base/log.h"
#include "capture/base/problem.h"

struct sandbox_options {
	const int *capture_descriptors;
	size_t n_capture_descriptors;
	const char *user;   /* to become; NULL is "nobody" when started as root, else no change */
	bool keep_root;     /* stay root, without capabilities: for files that only root may read */
	bool message_calls; /* allow sendmsg() and sendmmsg() on other descriptors. The kernel does
			     * not show a filter whether they pass a descriptor to another process,
			     * so this is for outputs that cannot do without */
	const struct log_sink *log;
};

/* 0; -ENOENT: no such user; -EPERM: a user is named but the process may not become it; -EBUSY:
 * another thread keeps capabilities; else what the kernel refused.  After an error the process
 * may stand between: the caller ends it. */
int sandbox_enter(const struct sandbox_options *options, struct problem *problem) MUST_USE;

/* For commands that read files: no privilege is changed, but no exec, no ptrace and the rest of
 * the list above, and no sockets but AF_UNIX. 0 or negative errno. */
int sandbox_offline(struct problem *problem) MUST_USE;
