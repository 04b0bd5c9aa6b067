/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/evidence_files.h"

#include "capture/base/list.h"
#include "capture/pcapng_write.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX    ".pcapng"
#define PATH_SIZE 512
#define READ_SIZE 65536

bool evidence_is_id(const char *id)
{
	return strlen(id) == EVIDENCE_ID_LENGTH &&
	       strspn(id, "0123456789abcdef") == EVIDENCE_ID_LENGTH;
}

/* prefix: "." for a file that is not whole yet. */
static int path_of(char out[PATH_SIZE], const char *folder, const char *prefix, const char *id)
{
	int n = snprintf(out, PATH_SIZE, "%s/%s%s" SUFFIX, folder, prefix, id);

	return n > 0 && n < PATH_SIZE ? 0 : -ENAMETOOLONG;
}

/* ---- writing ---- */

static int write_part(struct pcapng_writer *writer, const struct evidence_file *file,
		      const struct evidence_packets *part, bool first)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < part->n; i++) {
		const struct frame *frame = &part->frames[i];
		bool marked = (first && i == 0) ||
			      (frame->number == file->number && frame->source == file->source);

		error = pcapng_write(
		    writer, frame,
		    frame->source < file->n_interfaces ? file->interfaces[frame->source] : NULL,
		    marked ? file->comment : NULL);
	}
	return error;
}

int evidence_file_write(const char *folder, const struct evidence_file *file)
{
	struct pcapng_writer *writer = NULL;
	char path[PATH_SIZE], part[PATH_SIZE];
	int error = path_of(path, folder, "", file->id), closed = 0;

	if (error == 0) {
		error = path_of(part, folder, ".", file->id);
	}
	if (error == 0) {
		(void)unlink(part);
		error = pcapng_writer_new(&writer, part, 0600, "weir");
	}
	if (error < 0) {
		return error;
	}
	error = write_part(writer, file, file->parts[0], true);
	if (error == 0) {
		error = write_part(writer, file, file->parts[1], file->parts[0]->n == 0);
	}
	pcapng_writer_close(writer, &closed);
	error = error == 0 ? closed : error;
	if (error == 0 && rename(part, path) < 0) {
		error = -errno;
	}
	if (error < 0) {
		(void)unlink(part);
	}
	return error;
}

/* ---- reading ---- */

static int read_whole(FILE *file, struct buffer *out)
{
	char block[READ_SIZE];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), file)) > 0) {
		buffer_add(out, block, n);
	}
	return ferror(file) ? -EIO : out->failed ? -ENOMEM : 0;
}

int evidence_file_read(const char *folder, const char *id, struct buffer *out,
		       struct problem *problem)
{
	char path[PATH_SIZE];
	FILE *file;
	int error;

	if (!evidence_is_id(id)) {
		return problem_set(problem, -EINVAL, "'%s' is not the id of an alert", id);
	}
	error = path_of(path, folder, "", id);
	file = error == 0 ? fopen(path, "re") : NULL;
	if (file == NULL) {
		error = error == 0 ? -errno : error;
		return error == -ENOENT
			   ? problem_set(problem, error, "no packets are kept of alert %s", id)
			   : problem_set(problem, error, "%s: %s", path, strerror(-error));
	}
	error = read_whole(file, out);
	fclose(file);
	return error == 0 ? 0 : problem_set(problem, error, "%s: %s", path, strerror(-error));
}

/* ---- what is there ---- */

struct kept {
	char name[EVIDENCE_ID_LENGTH + sizeof(SUFFIX)];
	int64_t written;
	uint64_t bytes;
};

struct kept_list {
	struct kept *items;
	size_t n, room;
};

static bool is_kept_name(const char *name)
{
	char id[EVIDENCE_ID_LENGTH + 1];

	if (strlen(name) != EVIDENCE_ID_LENGTH + sizeof(SUFFIX) - 1 ||
	    strcmp(name + EVIDENCE_ID_LENGTH, SUFFIX) != 0) {
		return false;
	}
	memcpy(id, name, EVIDENCE_ID_LENGTH);
	id[EVIDENCE_ID_LENGTH] = '\0';
	return evidence_is_id(id);
}

static void add_kept(struct kept_list *list, const char *name, const struct stat *status)
{
	struct kept *items = list_with_room(list->items, list->n, &list->room, sizeof(*items));
	struct kept *kept;

	if (items == NULL) {
		return;
	}
	list->items = items;
	kept = &items[list->n++];
	memcpy(kept->name, name, sizeof(kept->name));
	kept->written =
	    (int64_t)status->st_mtim.tv_sec * NS_PER_S + (int64_t)status->st_mtim.tv_nsec;
	kept->bytes = (uint64_t)status->st_size;
}

static void list_folder(DIR *folder, struct kept_list *list)
{
	const struct dirent *entry;
	struct stat status;

	while ((entry = readdir(folder)) != NULL) {
		if (is_kept_name(entry->d_name) &&
		    fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(status.st_mode)) {
			add_kept(list, entry->d_name, &status);
		}
	}
}

static int newest_first(const void *a, const void *b)
{
	const struct kept *left = a, *right = b;

	return left->written < right->written   ? 1
	       : left->written > right->written ? -1
						: strcmp(left->name, right->name);
}

struct evidence_folder evidence_folder_sweep(const char *path, int64_t oldest, uint64_t bytes_max)
{
	struct evidence_folder left = { 0 };
	struct kept_list list = { 0 };
	DIR *folder = opendir(path);

	if (folder == NULL) {
		return left;
	}
	list_folder(folder, &list);
	if (list.n > 0) {
		qsort(list.items, list.n, sizeof(*list.items), newest_first);
	}
	for (size_t i = 0; i < list.n; i++) {
		const struct kept *kept = &list.items[i];

		if ((kept->written < oldest || left.bytes + kept->bytes > bytes_max) &&
		    unlinkat(dirfd(folder), kept->name, 0) == 0) {
			continue;
		}
		left.files++;
		left.bytes += kept->bytes;
	}
	closedir(folder);
	free(list.items);
	return left;
}
