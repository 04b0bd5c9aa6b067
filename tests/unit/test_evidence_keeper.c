/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* From an alert to its file: what is asked of the worker, what is written, what makes room. */

#include "capture/file.h"
#include "cli/evidence_keeper.h"
#include "dissectors/record.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define START      (1700000000 * NS_PER_S)
#define ID         "0123456789abcdef"
#define FLOW       7U
#define PARTIAL    "/tmp/weir-evidence-XXXXXX"
#define SECONDS(n) (START + (n)*NS_PER_S)

struct run {
	char folder[64];
	struct evidence *ring;
	struct evidence_desk *desk;
	struct evidence_keeper *keeper;
	struct evidence_keeper_options options;
};

static const char *const interfaces[] = { "mirror-0" };

static int set_up(void **state)
{
	struct run *run = calloc(1, sizeof(*run));

	memcpy(run->folder, PARTIAL, sizeof(PARTIAL));
	assert_non_null(mkdtemp(run->folder));
	assert_int_equal(evidence_new(&run->ring, 1 << 20), 0);
	assert_int_equal(evidence_desk_new(&run->desk, 2), 0);
	run->options = (struct evidence_keeper_options) {
		.desk = run->desk,
		.folder = run->folder,
		.keep = NS_PER_DAY,
		.bytes_max = 1 << 20,
		.before = 60 * NS_PER_S,
		.after = 10 * NS_PER_S,
		.interfaces = interfaces,
		.n_interfaces = 1,
	};
	assert_int_equal(evidence_keeper_new(&run->keeper, &run->options, NULL), 0);
	*state = run;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct run *run = *state;

	evidence_keeper_free(run->keeper);
	evidence_desk_free(run->desk);
	evidence_free(run->ring);
	assert_int_equal(nftw(run->folder, remove_one, 4, FTW_DEPTH | FTW_PHYS), 0);
	free(run);
	return 0;
}

/* One packet a second of a flow, number n at second n. */
static void packets(struct run *run, uint32_t flow, uint64_t from, uint64_t to)
{
	static const uint8_t bytes[60] = { 1, 2, 3 };

	for (uint64_t number = from; number <= to; number++) {
		evidence_keep(run->ring, flow, 1,
			      &(struct packet) { .time = SECONDS((int64_t)number),
						 .number = number,
						 .captured = sizeof(bytes),
						 .length = sizeof(bytes),
						 .link_type = 1,
						 .frame = bytes });
	}
}

static struct record record_at(uint64_t number)
{
	return (struct record) {
		.time = SECONDS((int64_t)number), .number = number, .flow = FLOW, .generation = 1
	};
}

static void alert(struct run *run, const char *id, const char *action, const struct record *record)
{
	static const char json[] = "{\"rule\":{\"name\":\"Coil Written\"}}\n";

	evidence_keeper_alert(run->keeper, &(struct alert_document) {
					       .json = json,
					       .length = sizeof(json) - 1,
					       .alert_id = id,
					       .action = action,
					       .record = record,
					   });
}

static void rest(void)
{
	nanosleep(&(struct timespec) { .tv_nsec = NS_PER_MS }, NULL);
}

/* Until the keeper has written so many files altogether, or missed so many alerts. */
static void wait_for(struct run *run, int64_t now, uint64_t files, uint64_t missed)
{
	struct evidence_keeper_counters counters;

	for (unsigned tries = 0; tries < 10000; tries++) {
		evidence_desk_serve(run->desk, 0, run->ring);
		evidence_keeper_tick(run->keeper, now);
		counters = evidence_keeper_counters(run->keeper);
		if (counters.folder.files == files && counters.missed == missed) {
			return;
		}
		rest();
	}
	fail_msg("%llu files, %llu missed", (unsigned long long)counters.folder.files,
		 (unsigned long long)counters.missed);
}

/* The numbers of the first and last packet of an alert's file, and how many there are. */
static size_t read_file(struct run *run, const char *id, int64_t *first, int64_t *last)
{
	char path[128];
	const char *paths[] = { path };
	struct capture_files *files = NULL;
	struct problem problem = { "" };
	struct frame frame;
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/%s.pcapng", run->folder, id);
	if (access(path, F_OK) != 0) {
		return 0;
	}
	assert_int_equal(capture_files_open(&files, paths, 1,
					    &(struct capture_file_options) { NULL, NULL },
					    &problem),
			 0);
	while (capture_files_next(files, &frame, &problem) == 1) {
		*first = n == 0 ? (frame.time - START) / NS_PER_S : *first;
		*last = (frame.time - START) / NS_PER_S;
		n++;
	}
	assert_string_equal(problem.text, "");
	capture_files_close(files);
	return n;
}

/* Until the file of the alert has so many packets. */
static void wait_for_packets(struct run *run, int64_t now, size_t wanted, int64_t *first,
			     int64_t *last)
{
	size_t n = 0;

	for (unsigned tries = 0; tries < 10000 && n != wanted; tries++) {
		evidence_desk_serve(run->desk, 0, run->ring);
		evidence_keeper_tick(run->keeper, now);
		n = read_file(run, ID, first, last);
		rest();
	}
	assert_int_equal(n, wanted);
}

static void before_at_once_and_after_later(void **state)
{
	struct run *run = *state;
	struct record record = record_at(100);
	int64_t first = 0, last = 0;
	struct stat status;
	char path[128];

	packets(run, FLOW, 1, 101);
	packets(run, FLOW + 1, 1, 101);
	alert(run, ID, "alert-opened", &record);
	wait_for_packets(run, SECONDS(101), 62, &first, &last);
	assert_int_equal(first, 40);
	assert_int_equal(last, 101);
	snprintf(path, sizeof(path), "%s/" ID ".pcapng", run->folder);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	packets(run, FLOW, 102, 130);
	wait_for_packets(run, SECONDS(111), 71, &first, &last);
	assert_int_equal(first, 40);
	assert_int_equal(last, 110);
}

static void what_came_later_only(void **state)
{
	struct run *run = *state;
	struct record record = record_at(100);
	int64_t first = 0, last = 0;

	alert(run, ID, "alert-opened", &record);
	wait_for(run, SECONDS(100), 0, 0);
	packets(run, FLOW, 101, 103);
	wait_for_packets(run, SECONDS(111), 3, &first, &last);
	assert_int_equal(first, 101);
	assert_int_equal(last, 103);
}

static void nothing_was_there(void **state)
{
	struct run *run = *state;
	struct record record = record_at(100), none = { .time = SECONDS(100) };

	packets(run, FLOW + 1, 1, 100);
	alert(run, ID, "alert-updated", &record);
	alert(run, ID, "alert-opened", NULL);
	alert(run, ID, "alert-opened", &none);
	wait_for(run, SECONDS(120), 0, 0);
	alert(run, ID, "alert-opened", &record);
	wait_for(run, SECONDS(120), 0, 1);
}

/* More than wait for one worker at once. */
static void too_many_at_once(void **state)
{
	struct run *run = *state;
	struct record record = record_at(100);
	char id[EVIDENCE_ID_LENGTH + 1];

	packets(run, FLOW, 90, 100);
	for (unsigned i = 0; i < 70; i++) {
		snprintf(id, sizeof(id), "%016x", i);
		alert(run, id, "alert-opened", &record);
	}
	wait_for(run, SECONDS(100), 64, 6);
}

/* What is on the way when the sensor ends is written. */
static void written_at_the_end(void **state)
{
	struct run *run = *state;
	struct record record = record_at(100);
	int64_t first = 0, last = 0;

	packets(run, FLOW, 90, 100);
	alert(run, ID, "alert-opened", &record);
	evidence_desk_serve(run->desk, 0, run->ring);
	evidence_keeper_tick(run->keeper, SECONDS(100));
	run->keeper = evidence_keeper_free(run->keeper);
	assert_int_equal(read_file(run, ID, &first, &last), 11);
}

static void write_bytes(const char *folder, const char *name, size_t n, int64_t written)
{
	struct timespec times[2] = { { .tv_sec = written }, { .tv_sec = written } };
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	assert_non_null(file);
	for (size_t i = 0; i < n; i++) {
		fputc('x', file);
	}
	fclose(file);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void the_oldest_make_room(void **state)
{
	struct run *run = *state;
	struct evidence_folder left;
	struct buffer file = { 0 };

	write_bytes(run->folder, "000000000000000a.pcapng", 100, 1000);
	write_bytes(run->folder, "000000000000000b.pcapng", 100, 2000);
	write_bytes(run->folder, "000000000000000c.pcapng", 100, 3000);
	write_bytes(run->folder, "000000000000000d.pcapng", 100, 4000);
	write_bytes(run->folder, "somebody-elses.pcapng", 100, 1);
	left = evidence_folder_sweep(run->folder, 1500 * NS_PER_S, 250);
	assert_int_equal(left.files, 2);
	assert_int_equal(left.bytes, 200);
	assert_int_equal(evidence_file_read(run->folder, "000000000000000b", &file, NULL), -ENOENT);
	assert_int_equal(evidence_file_read(run->folder, "000000000000000c", &file, NULL), 0);
	assert_int_equal(file.length, 100);
	buffer_free(&file);
	assert_int_equal(evidence_file_read(run->folder, "../00000000000000", &file, NULL),
			 -EINVAL);
	left = evidence_folder_sweep(run->folder, 0, 0);
	assert_int_equal(left.files, 0);
	left = evidence_folder_sweep("/nowhere", 0, 0);
	assert_int_equal(left.files, 0);
}

static void a_folder_that_is_gone(void **state)
{
	struct run *run = *state;
	struct record record = record_at(100);
	struct evidence_keeper_counters counters = { .failed = 0 };

	assert_int_equal(rmdir(run->folder), 0);
	packets(run, FLOW, 90, 100);
	alert(run, ID, "alert-opened", &record);
	for (unsigned tries = 0; tries < 10000 && counters.failed == 0; tries++) {
		evidence_desk_serve(run->desk, 0, run->ring);
		evidence_keeper_tick(run->keeper, SECONDS(100));
		counters = evidence_keeper_counters(run->keeper);
		rest();
	}
	assert_int_equal(counters.failed, 1);
	assert_int_equal(mkdir(run->folder, 0700), 0);
}

static void the_ring_is_off(void **state)
{
	struct run *run = *state;
	struct evidence_answer answer;

	evidence_desk_serve(NULL, 0, NULL);
	assert_false(evidence_desk_ask(run->desk, 2, &(struct evidence_request) { .flow = 1 }));
	assert_true(evidence_desk_ask(run->desk, 1, &(struct evidence_request) { .token = 9 }));
	assert_false(evidence_desk_take(run->desk, &answer));
	evidence_desk_serve(run->desk, 1, NULL);
	assert_true(evidence_desk_take(run->desk, &answer));
	assert_int_equal(answer.token, 9);
	assert_int_equal(answer.packets.n, 0);
	assert_false(evidence_desk_take(run->desk, &answer));
	evidence_packets_free(&answer.packets);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(before_at_once_and_after_later),
		TEST(what_came_later_only),
		TEST(nothing_was_there),
		TEST(too_many_at_once),
		TEST(written_at_the_end),
		TEST(the_oldest_make_room),
		TEST(a_folder_that_is_gone),
		TEST(the_ring_is_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
