/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What the writer writes, our own reader reads back. */

#include "capture/file.h"
#include "capture/pcapng_write.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct run {
	char folder[64], path[96];
	struct pcapng_writer *writer;
	struct capture_files *files;
	struct problem problem;
	uint8_t bytes[262144];
};

static int set_up(void **state)
{
	struct run *run = calloc(1, sizeof(*run));

	assert_non_null(run);
	snprintf(run->folder, sizeof(run->folder), "/tmp/weir-write-XXXXXX");
	assert_non_null(mkdtemp(run->folder));
	snprintf(run->path, sizeof(run->path), "%s/out.pcapng", run->folder);
	for (size_t i = 0; i < sizeof(run->bytes); i++) {
		run->bytes[i] = (uint8_t)(i * 7);
	}
	*state = run;
	return 0;
}

static int tear_down(void **state)
{
	struct run *run = *state;

	pcapng_writer_close(run->writer, NULL);
	capture_files_close(run->files);
	unlink(run->path);
	assert_int_equal(rmdir(run->folder), 0);
	free(run);
	return 0;
}

static struct frame frame_of(const struct run *run, int64_t time, uint32_t captured)
{
	return (struct frame) { .time = time,
				.bytes = run->bytes,
				.captured = captured,
				.length = captured + 1,
				.link_type = 1 };
}

static void begin(struct run *run)
{
	assert_int_equal(pcapng_writer_new(&run->writer, run->path, 0640, "weir test"), 0);
}

/* Closes without an error and opens for reading. */
static void turn_round(struct run *run)
{
	struct capture_file_options options = { .filter = NULL };
	const char *paths[] = { run->path };
	int error = 1;

	run->writer = pcapng_writer_close(run->writer, &error);
	assert_int_equal(error, 0);
	assert_int_equal(capture_files_open(&run->files, paths, 1, &options, &run->problem), 0);
}

static void expect(struct run *run, const struct frame *wanted)
{
	struct frame frame;

	assert_int_equal(capture_files_next(run->files, &frame, &run->problem), 1);
	assert_int_equal(frame.time, time_max(wanted->time, 0));
	assert_int_equal(frame.captured, wanted->captured);
	assert_int_equal(frame.length, wanted->length);
	assert_int_equal(frame.link_type, wanted->link_type);
	assert_memory_equal(frame.bytes, wanted->bytes, wanted->captured);
}

static void expect_end(struct run *run)
{
	struct frame frame;
	const struct capture_file_counters *counters = capture_files_counters(run->files);

	assert_int_equal(capture_files_next(run->files, &frame, &run->problem), 0);
	assert_int_equal(counters->cut_files + counters->damaged_files, 0);
}

static void every_length_and_padding_comes_back(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 2, 3, 4, 60, 65503, 65504, 65505, 262144 };
	struct run *run = *state;
	struct frame frame;

	begin(run);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		frame = frame_of(run, INT64_C(1700000000123456789) + (int64_t)i, lengths[i]);
		assert_int_equal(pcapng_write(run->writer, &frame, "eth0", i % 2 ? "seen" : NULL),
				 0);
	}
	turn_round(run);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		frame = frame_of(run, INT64_C(1700000000123456789) + (int64_t)i, lengths[i]);
		expect(run, &frame);
	}
	expect_end(run);
	assert_int_equal(capture_files_n_sources(run->files), 1);
	assert_non_null(strstr(capture_files_source(run->files, 0)->name, "out.pcapng:eth0"));
}

static void interfaces_are_described_once(void **state)
{
	struct run *run = *state;
	struct frame frames[] = { frame_of(run, 1, 8), frame_of(run, 2, 8), frame_of(run, 3, 8),
				  frame_of(run, 4, 8) };

	frames[1].source = 1;
	frames[2].link_type = 113;
	begin(run);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		assert_int_equal(pcapng_write(run->writer, &frames[i], NULL, NULL), 0);
	}
	turn_round(run);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		expect(run, &frames[i]);
	}
	expect_end(run);
	assert_int_equal(capture_files_n_sources(run->files), 3);
}

static void interfaces_are_capped(void **state)
{
	struct run *run = *state;
	struct frame frame = frame_of(run, 1, 4);

	begin(run);
	for (uint16_t i = 0; i < 256; i++) {
		frame.source = i;
		assert_int_equal(pcapng_write(run->writer, &frame, NULL, NULL), 0);
	}
	frame.source = 256;
	assert_int_equal(pcapng_write(run->writer, &frame, NULL, NULL), -E2BIG);
	frame.source = 255;
	assert_int_equal(pcapng_write(run->writer, &frame, NULL, NULL), 0);
	turn_round(run);
	for (int i = 0; i < 257; i++) {
		expect(run, &frame);
	}
	expect_end(run);
}

static void long_texts_and_early_times_are_bounded(void **state)
{
	struct run *run = *state;
	struct frame frame = frame_of(run, -5, 4);
	char *text = malloc(70001);

	assert_non_null(text);
	for (size_t i = 0; i < 70000; i += 2) {
		memcpy(text + i, "\xc3\xa9", 2);
	}
	text[70000] = '\0';
	begin(run);
	assert_int_equal(pcapng_write(run->writer, &frame, text, text), 0);
	free(text);
	turn_round(run);
	expect(run, &frame);
	expect_end(run);
}

static void existing_file_is_not_touched(void **state)
{
	struct run *run = *state;
	struct stat status;
	struct pcapng_writer *second = NULL;

	begin(run);
	assert_int_equal(pcapng_writer_new(&second, run->path, 0640, NULL), -EEXIST);
	assert_null(second);
	assert_int_equal(stat(run->path, &status), 0);
	assert_int_equal(status.st_mode & 0777 & ~0640U, 0);
	assert_int_equal(pcapng_writer_new(&second, "/nowhere/x", 0640, NULL), -ENOENT);
}

static void full_disk_is_told_and_stays_told(void **state)
{
	struct run *run = *state;
	struct frame frame = frame_of(run, 1, 1000);
	struct rlimit before, limit;
	int error = 0, written = 0;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 100000;
	begin(run);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; error == 0 && i < 300; i++) {
		error = pcapng_write(run->writer, &frame, NULL, NULL);
		written += error == 0;
	}
	assert_int_equal(error, -EFBIG);
	assert_in_range(written, 1, 200);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	/* Room again, but a hole in the middle: the writer does not pretend. */
	assert_int_equal(pcapng_write(run->writer, &frame, NULL, NULL), -EFBIG);
	error = 0;
	run->writer = pcapng_writer_close(run->writer, &error);
	assert_int_equal(error, -EFBIG);
}

static void failure_at_the_last_flush_is_told(void **state)
{
	struct run *run = *state;
	struct frame frame = frame_of(run, 1, 1000);
	struct rlimit before, limit;
	int error = 0;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 500;
	begin(run);
	assert_int_equal(pcapng_write(run->writer, &frame, NULL, NULL), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	run->writer = pcapng_writer_close(run->writer, &error);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(error, -EFBIG);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_length_and_padding_comes_back),
		TEST(interfaces_are_described_once),
		TEST(interfaces_are_capped),
		TEST(long_texts_and_early_times_are_bounded),
		TEST(existing_file_is_not_touched),
		TEST(full_disk_is_told_and_stays_told),
		TEST(failure_at_the_last_flush_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
