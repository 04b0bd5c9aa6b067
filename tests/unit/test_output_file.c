/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The file of an output: whole lines, put aside by size and age, so many kept. */

#include "store/output_file.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER "/tmp/weir-output-XXXXXX"

struct run {
	char folder[64], path[96];
	struct output_file_options options;
};

static int set_up(void **state)
{
	struct run *run = calloc(1, sizeof(*run));

	memcpy(run->folder, FOLDER, sizeof(FOLDER));
	assert_non_null(mkdtemp(run->folder));
	snprintf(run->path, sizeof(run->path), "%s/out.ndjson", run->folder);
	run->options = (struct output_file_options) { .path = run->path };
	*state = run;
	return 0;
}

/* Removes all files of the folder; returns how many there were. */
static unsigned clear(const char *folder, const char *ending)
{
	DIR *opened = opendir(folder);
	struct dirent *entry;
	unsigned n = 0;

	assert_non_null(opened);
	while ((entry = readdir(opened)) != NULL) {
		size_t length = strlen(entry->d_name), end = strlen(ending);

		n += entry->d_name[0] != '.' && length >= end &&
		     strcmp(entry->d_name + length - end, ending) == 0;
		if (ending[0] == '\0') {
			(void)unlinkat(dirfd(opened), entry->d_name, 0);
		}
	}
	closedir(opened);
	return n;
}

static int tear_down(void **state)
{
	struct run *run = *state;

	(void)clear(run->folder, "");
	assert_int_equal(rmdir(run->folder), 0);
	free(run);
	return 0;
}

static struct output open_output(struct run *run)
{
	struct problem problem = { "" };
	struct output output;

	assert_int_equal(output_file_new(&output, &run->options, &problem), 0);
	return output;
}

static void send(struct output output, const char *lines)
{
	const struct output_batch batch = { lines, strlen(lines), 1 };
	struct problem problem = { "" };
	struct output_answer answer = { 0 };

	assert_int_equal(output.class->send(output.state, &batch, &answer, &problem), 0);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void assert_text(const char *path, const char *wanted)
{
	char text[256] = "";
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, wanted);
}

static void lines_behind_lines(void **state)
{
	struct run *run = *state;
	struct output output = open_output(run);
	struct stat status;

	send(output, "{\"a\":1}\n");
	output.class->close(output.state);
	output = open_output(run);
	send(output, "{\"a\":2}\n");
	output.class->close(output.state);
	assert_text(run->path, "{\"a\":1}\n{\"a\":2}\n");
	assert_int_equal(stat(run->path, &status), 0);
	assert_int_equal(status.st_mode & 07777 & ~0640U, 0);
}

static void a_line_without_an_end_is_cut_off(void **state)
{
	struct run *run = *state;
	struct output output;

	write_text(run->path, "{\"a\":1}\n{\"a\":");
	output = open_output(run);
	send(output, "{\"a\":3}\n");
	output.class->close(output.state);
	assert_text(run->path, "{\"a\":1}\n{\"a\":3}\n");
	write_text(run->path, "{\"a\":");
	output = open_output(run);
	output.class->close(output.state);
	assert_text(run->path, "");
}

static void put_aside_by_size(void **state)
{
	struct run *run = *state;
	struct output output;

	run->options.rotate_bytes = 10;
	run->options.keep = 2;
	output = open_output(run);
	for (unsigned i = 0; i < 5; i++) {
		send(output, "{\"number\":1}\n");
	}
	output.class->close(output.state);
	/* The newest two of four, and the one at work. */
	assert_int_equal(clear(run->folder, "Z") + clear(run->folder, "-2") +
			     clear(run->folder, "-3") + clear(run->folder, "-4"),
			 2);
	assert_text(run->path, "{\"number\":1}\n");
}

static void put_aside_by_age_and_compressed(void **state)
{
	struct run *run = *state;
	struct output output;

	run->options.rotate_every = 1;
	run->options.compress = true;
	output = open_output(run);
	send(output, "{\"number\":1}\n");
	usleep(20000);
	send(output, "{\"number\":2}\n");
	output.class->close(output.state);
	assert_int_equal(clear(run->folder, ".gz"), 1);
	assert_text(run->path, "{\"number\":2}\n");
}

/* What a crash left between putting aside and compressing. */
static void compressed_at_the_next_start(void **state)
{
	struct run *run = *state;
	char path[160];
	struct output output;

	snprintf(path, sizeof(path), "%s.20260112T060000Z", run->path);
	write_text(path, "{\"a\":1}\n");
	snprintf(path, sizeof(path), "%s.20260112T060000Z.part", run->path);
	write_text(path, "half");
	run->options.compress = true;
	output = open_output(run);
	output.class->close(output.state);
	assert_int_equal(clear(run->folder, ".part"), 0);
	assert_int_equal(clear(run->folder, "Z"), 0);
	assert_int_equal(clear(run->folder, "Z.gz"), 1);
}

static void a_folder_that_is_not_there(void **state)
{
	struct run *run = *state;
	struct problem problem = { "" };
	struct output output;

	run->options.path = "/nowhere/out.ndjson";
	assert_int_equal(output_file_new(&output, &run->options, &problem), -ENOENT);
	assert_string_equal(problem.text, "/nowhere/out.ndjson: No such file or directory");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_behind_lines),
		TEST(a_line_without_an_end_is_cut_off),
		TEST(put_aside_by_size),
		TEST(put_aside_by_age_and_compressed),
		TEST(compressed_at_the_next_start),
		TEST(a_folder_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
