/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Files put aside are called PATH.TIME (UTC, to the second; -2 and so on when there is one), with
 * .gz behind it once they are compressed; so their names in order are their order. */

#include "store/output_file.h"

#include "capture/base/list.h"
#include "capture/base/write_whole.h"
#include "store/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define PATH_SIZE  512
#define BLOCK      65536
#define SUFFIX_MAX 1000
#define COMPRESSED ".gz"
#define PART       ".part"

struct output_file {
	struct output_file_options options;
	char *path;
	int descriptor;
	uint64_t size;
	int64_t begun;      /* when it was made, wall clock */
	struct buffer text; /* of a batch in another form */
};

/* ---- the file ---- */

/* The end of the last whole line. */
static int whole_lines(int descriptor, off_t size, off_t *out)
{
	char block[BLOCK];

	while (size > 0) {
		off_t from = size > BLOCK ? size - BLOCK : 0;
		ssize_t n = pread(descriptor, block, (size_t)(size - from), from);
		const char *newline = n > 0 ? memrchr(block, '\n', (size_t)n) : NULL;

		if (n <= 0) {
			return n < 0 ? -errno : -EIO;
		}
		if (newline != NULL) {
			*out = from + (newline - block) + 1;
			return 0;
		}
		size = from;
	}
	*out = 0;
	return 0;
}

/* When the file was made, as far as the file system knows it. */
static int64_t begun_at(int descriptor)
{
	struct statx status;

	if (statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME, &status) == 0 &&
	    (status.stx_mask & STATX_BTIME) != 0) {
		return status.stx_btime.tv_sec * NS_PER_S + status.stx_btime.tv_nsec;
	}
	return clock_wall();
}

/* What root makes belongs to whom its folder belongs to, so that the sensor, which is not root,
 * goes on with it. */
static void give_away(const struct output_file *file)
{
	char path[PATH_SIZE];
	struct stat folder;

	snprintf(path, sizeof(path), "%s", file->path);
	if (geteuid() == 0 && stat(dirname(path), &folder) == 0) {
		(void)!fchown(file->descriptor, folder.st_uid, folder.st_gid);
	}
}

static int open_file(struct output_file *file)
{
	bool made = access(file->path, F_OK) < 0;
	struct stat status;
	off_t whole = 0;
	int error;

	file->descriptor = open(file->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (file->descriptor < 0 || fstat(file->descriptor, &status) < 0) {
		return -errno;
	}
	if (made) {
		give_away(file);
	}
	error = whole_lines(file->descriptor, status.st_size, &whole);
	if (error == 0 && whole != status.st_size && ftruncate(file->descriptor, whole) < 0) {
		error = -errno;
	}
	file->size = (uint64_t)whole;
	file->begun = begun_at(file->descriptor);
	return error;
}

static void close_file(struct output_file *file)
{
	if (file->descriptor >= 0) {
		close(file->descriptor);
	}
	file->descriptor = -1;
}

/* ---- put aside ---- */

/* A name that no file has yet, compressed or not. */
static int aside_name(const struct output_file *file, char out[PATH_SIZE])
{
	time_t now = (time_t)(clock_wall() / NS_PER_S);
	char time[32], compressed[PATH_SIZE + 4];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(time, sizeof(time), "%Y%m%dT%H%M%SZ", &tm);
	for (unsigned i = 1; i < SUFFIX_MAX; i++) {
		int n = i == 1 ? snprintf(out, PATH_SIZE, "%s.%s", file->path, time)
			       : snprintf(out, PATH_SIZE, "%s.%s-%u", file->path, time, i);

		if (n < 0 || n >= PATH_SIZE) {
			return -ENAMETOOLONG;
		}
		snprintf(compressed, sizeof(compressed), "%s" COMPRESSED, out);
		if (access(out, F_OK) < 0 && access(compressed, F_OK) < 0) {
			return 0;
		}
	}
	return -EEXIST;
}

static int copy_compressed(FILE *from, gzFile to)
{
	char block[BLOCK];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), from)) > 0) {
		if (gzwrite(to, block, (unsigned)n) != (int)n) {
			return -EIO;
		}
	}
	return ferror(from) ? -EIO : 0;
}

/* The plain file goes once the compressed one is whole. */
static int compress_file(const char *path)
{
	char part[PATH_SIZE + 8], whole[PATH_SIZE + 4];
	FILE *from = fopen(path, "re");
	gzFile to;
	int error = from == NULL ? -errno : 0;

	if (error < 0) {
		return error;
	}
	snprintf(part, sizeof(part), "%s" PART, path);
	snprintf(whole, sizeof(whole), "%s" COMPRESSED, path);
	to = gzopen(part, "wbe");
	error = to != NULL ? copy_compressed(from, to) : -errno;
	if (to != NULL && gzclose(to) != Z_OK) {
		error = error == 0 ? -EIO : error;
	}
	fclose(from);
	if (error == 0 && rename(part, whole) < 0) {
		error = -errno;
	}
	(void)unlink(error == 0 ? path : part);
	return error;
}

struct names {
	char **items;
	size_t n, room;
};

/* The path with a suffix; NULL: no memory. */
static char *path_beside(const char *path, const char *suffix)
{
	size_t n = strlen(path), length = strlen(suffix);
	char *out = malloc(n + length + 1);

	if (out != NULL) {
		memcpy(out, path, n);
		memcpy(out + n, suffix, length + 1);
	}
	return out;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files of this folder that were put aside: the name of ours, a dot and a time. path: that of ours.
 */
static void list_aside(DIR *folder, const char *path, const char *base, struct names *names)
{
	size_t length = strlen(base);
	const struct dirent *entry;

	while ((entry = readdir(folder)) != NULL) {
		const char *time = entry->d_name + length;
		char **items;

		if (strncmp(entry->d_name, base, length) != 0 || time[0] != '.' ||
		    strspn(time + 1, "0123456789") != 8 || time[9] != 'T') {
			continue;
		}
		items = list_with_room(names->items, names->n, &names->room, sizeof(*items));
		if (items != NULL) {
			names->items = items;
			items[names->n] = path_beside(path, time);
			names->n += items[names->n] != NULL;
		}
	}
}

/* The files that were put aside, in their order; they are the caller's. */
static struct names files_aside(const struct output_file *file)
{
	char folder_path[PATH_SIZE], base_path[PATH_SIZE];
	struct names names = { .n = 0 };
	DIR *folder;

	snprintf(folder_path, sizeof(folder_path), "%s", file->path);
	snprintf(base_path, sizeof(base_path), "%s", file->path);
	folder = opendir(dirname(folder_path));
	if (folder != NULL) {
		list_aside(folder, file->path, basename(base_path), &names);
		closedir(folder);
	}
	if (names.n > 0) {
		qsort(names.items, names.n, sizeof(*names.items), by_name);
	}
	return names;
}

static void names_free(struct names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		free(names->items[i]);
	}
	free(names->items);
}

static void remove_oldest(const struct output_file *file)
{
	struct names names = files_aside(file);

	for (size_t i = 0; i + file->options.keep < names.n; i++) {
		(void)unlink(names.items[i]);
	}
	names_free(&names);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), length = strlen(end);

	return n >= length && strcmp(text + n - length, end) == 0;
}

/* What a crash left undone: a compressed file that is not whole goes, and the plain one is
 * compressed again, also when the whole one is there. */
static int finish_aside(const struct output_file *file)
{
	struct names names = files_aside(file);
	int error = 0;

	for (size_t i = 0; error == 0 && i < names.n; i++) {
		if (ends_with(names.items[i], PART)) {
			(void)unlink(names.items[i]);
		} else if (!ends_with(names.items[i], COMPRESSED)) {
			error = compress_file(names.items[i]);
		}
	}
	names_free(&names);
	return error;
}

static bool is_full(const struct output_file *file)
{
	const struct output_file_options *options = &file->options;

	return file->size > 0 &&
	       ((options->rotate_bytes > 0 && file->size >= options->rotate_bytes) ||
		(options->rotate_every > 0 && clock_wall() - file->begun >= options->rotate_every));
}

static int put_aside(struct output_file *file)
{
	char aside[PATH_SIZE];
	int error = aside_name(file, aside);

	if (error == 0) {
		close_file(file);
		error = rename(file->path, aside) < 0 ? -errno : open_file(file);
	}
	if (error == 0 && file->options.compress) {
		error = compress_file(aside);
	}
	if (error == 0 && file->options.keep > 0) {
		remove_oldest(file);
	}
	return error;
}

/* ---- the joint ---- */

static int file_send(void *output, const struct output_batch *documents,
		     struct output_answer *answer, struct problem *problem)
{
	struct output_file *file = output;
	struct output_batch batch;
	off_t end;
	int error = document_form_batch(&batch, &file->text, file->options.form, documents);

	if (error == 0 && file->descriptor < 0) {
		error = open_file(file);
	}
	if (error == 0 && is_full(file)) {
		error = put_aside(file);
	}
	/* Another program, such as a test of the outputs, may have added something. */
	end = error == 0 ? lseek(file->descriptor, 0, SEEK_END) : 0;
	error = end < 0 ? -errno : error;
	if (error == 0) {
		file->size = (uint64_t)end;
		error = write_whole(file->descriptor, batch.lines, batch.length);
	}
	if (error == 0 && fdatasync(file->descriptor) < 0) {
		error = -errno;
	}
	if (error == 0) {
		file->size += batch.length;
		snprintf(answer->text, sizeof(answer->text), "%s", file->path);
		return 0;
	}
	/* What is there of the batch goes, so that no line is there twice in one file. */
	if (file->descriptor >= 0) {
		(void)!ftruncate(file->descriptor, (off_t)file->size);
		close_file(file);
	}
	return problem_set(problem, error, "%s: %s", file->path, strerror(-error));
}

static void file_close(void *output)
{
	struct output_file *file = output;

	if (file != NULL) {
		close_file(file);
		buffer_free(&file->text);
		free(file->path);
		free(file);
	}
}

int output_file_new(struct output *out, const struct output_file_options *options,
		    struct problem *problem)
{
	static const struct output_class class = { .send = file_send, .close = file_close };
	struct output_file *file = calloc(1, sizeof(*file));
	int error;

	if (file == NULL || (file->path = strdup(options->path)) == NULL) {
		free(file);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	file->options = *options;
	file->descriptor = -1;
	error = open_file(file);
	if (error == 0 && options->compress) {
		error = finish_aside(file);
	}
	if (error < 0) {
		file_close(file);
		return problem_set(problem, error, "%s: %s", options->path, strerror(-error));
	}
	*out = (struct output) { &class, file };
	return 0;
}
