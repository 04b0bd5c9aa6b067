/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/dead_letters.h"

#include "capture/base/json.h"
#include "capture/base/write_whole.h"
#include "store/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct dead_letters {
	char *path, *aside;
	uint64_t cap;
	struct buffer lines;
};

int dead_letters_new(struct dead_letters **out, const char *path, uint64_t cap)
{
	struct dead_letters *letters = calloc(1, sizeof(*letters));
	struct buffer aside = { 0 };

	if (letters == NULL) {
		return -ENOMEM;
	}
	buffer_format(&aside, "%s.1", path);
	letters->path = strdup(path);
	letters->aside = aside.data;
	letters->cap = cap > 0 ? cap : DEAD_LETTERS_MAX;
	if (letters->path == NULL || aside.failed) {
		dead_letters_free(letters);
		return -ENOMEM;
	}
	*out = letters;
	return 0;
}

struct dead_letters *dead_letters_free(struct dead_letters *letters)
{
	if (letters != NULL) {
		buffer_free(&letters->lines);
		free(letters->path);
		free(letters->aside);
		free(letters);
	}
	return NULL;
}

void dead_letters_add(struct dead_letters *letters, unsigned status, const char *reason,
		      const char *json, size_t length)
{
	struct json line = json_to(&letters->lines);

	json_object(&line, NULL);
	json_time(&line, "@timestamp", clock_wall());
	json_text(&line, "reason", reason);
	json_uint(&line, "status", status);
	buffer_text(&letters->lines, ",\"document\":");
	buffer_add(&letters->lines, json, length);
	json_end(&line);
	buffer_text(&letters->lines, "\n");
}

/* What root makes belongs to whom its folder belongs to. */
static int open_file(const struct dead_letters *letters)
{
	bool made = access(letters->path, F_OK) < 0;
	int descriptor = open(letters->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	char *path = made && geteuid() == 0 ? strdup(letters->path) : NULL;
	struct stat folder;

	if (descriptor >= 0 && path != NULL && stat(dirname(path), &folder) == 0) {
		(void)!fchown(descriptor, folder.st_uid, folder.st_gid);
	}
	free(path);
	return descriptor;
}

static int write_lines(const struct dead_letters *letters, int descriptor)
{
	off_t end = lseek(descriptor, 0, SEEK_END);
	int error = end < 0 ? -errno : 0;

	if (error == 0) {
		error = write_whole(descriptor, letters->lines.data, letters->lines.length);
	}
	if (error == 0 && fdatasync(descriptor) < 0) {
		error = -errno;
	}
	if (error < 0 && end >= 0) {
		(void)!ftruncate(descriptor, end);
	}
	return error;
}

int dead_letters_flush(struct dead_letters *letters, struct problem *problem)
{
	struct stat status;
	int descriptor, error;

	if (letters->lines.length == 0) {
		return 0;
	}
	if (stat(letters->path, &status) == 0 && (uint64_t)status.st_size >= letters->cap) {
		(void)rename(letters->path, letters->aside);
	}
	descriptor = open_file(letters);
	error = descriptor < 0          ? -errno
		: letters->lines.failed ? -ENOMEM
					: write_lines(letters, descriptor);
	if (descriptor >= 0) {
		close(descriptor);
	}
	dead_letters_clear(letters);
	return error == 0 ? 0
			  : problem_set(problem, error, "%s: %s", letters->path, strerror(-error));
}

void dead_letters_clear(struct dead_letters *letters)
{
	buffer_free(&letters->lines);
}
