/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_SUFFIX ".lock"

/* The pid that the writer left in the file; 0 if there is none to read. */
static long read_pid(int fd)
{
	char text[32] = { 0 };
	long pid = 0;

	if (pread(fd, text, sizeof(text) - 1, 0) > 0) {
		sscanf(text, "%ld", &pid);
	}
	return pid;
}

static int write_pid(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n) {
		return errno != 0 ? -errno : -EIO;
	}
	return 0;
}

/* The file is never removed: its lock ends with the process, and a removed file could be locked by
 * one while another makes a new one. */
int store_lock(const char *path, int *out, struct problem *problem)
{
	char name[4096];
	int fd, error;

	if (snprintf(name, sizeof(name), "%s" LOCK_SUFFIX, path) >= (int)sizeof(name)) {
		return problem_set(problem, -ENAMETOOLONG, "%s: the name is too long", path);
	}
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0) {
		error = -errno;
		return problem_set(problem, error, "%s: %s", name, strerror(-error));
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		error = errno == EWOULDBLOCK ? -EBUSY : -errno;
		problem_set(problem, error, "%s: in use by process %ld, which is its only writer",
			    path, read_pid(fd));
		close(fd);
		return error;
	}
	error = write_pid(fd);
	if (error != 0) {
		close(fd);
		return problem_set(problem, error, "%s: %s", name, strerror(-error));
	}
	*out = fd;
	return 0;
}

void store_unlock(int lock_file)
{
	if (lock_file >= 0) {
		close(lock_file);
	}
}
