/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Builds captures of every form byte by byte and reads them back through capture_files. */

#include "capture/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#define PACKET_SIZE 20
#define SECOND      INT64_C(1700000000)
#define ENDS_MAX    16

/* A file under construction. */
struct image {
	uint8_t bytes[600000];
	size_t n;
	bool big_endian;
	size_t ends[ENDS_MAX];     /* offsets behind each packet */
	size_t n_ends, empty_ends; /* the first so many are of blocks without a packet */
};

/* What a run left behind. */
struct run {
	char folder[64];
	struct image image;
	struct problem problem;
	char line[1024];
	unsigned warnings, infos;
	struct log_sink sink;
	struct capture_files *files;
	struct frame frame;
	unsigned sum; /* of all bytes read, so that reading them is not optimised away */
};

static void keep_line(void *context, enum log_level level, const char *line)
{
	struct run *run = context;

	snprintf(run->line, sizeof(run->line), "%s", line);
	run->warnings += level == LOG_LEVEL_WARNING;
	run->infos += level == LOG_LEVEL_INFO;
}

static int set_up(void **state)
{
	struct run *run = calloc(1, sizeof(*run));

	assert_non_null(run);
	snprintf(run->folder, sizeof(run->folder), "/tmp/weir-file-XXXXXX");
	assert_non_null(mkdtemp(run->folder));
	run->sink = (struct log_sink) { keep_line, run };
	*state = run;
	return 0;
}

static int tear_down(void **state)
{
	struct run *run = *state;
	char command[128];

	capture_files_close(run->files);
	snprintf(command, sizeof(command), "rm -rf '%s'", run->folder);
	assert_int_equal(system(command), 0);
	free(run);
	return 0;
}

static void add(struct image *image, const void *bytes, size_t n)
{
	assert_true(image->n + n <= sizeof(image->bytes));
	memcpy(image->bytes + image->n, bytes, n);
	image->n += n;
}

static void add_number(struct image *image, uint64_t v, size_t size)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < size; i++) {
		bytes[image->big_endian ? size - 1 - i : i] = (uint8_t)(v >> (8 * i));
	}
	add(image, bytes, size);
}

static void add_u16(struct image *image, uint16_t v)
{
	add_number(image, v, 2);
}

static void add_u32(struct image *image, uint32_t v)
{
	add_number(image, v, 4);
}

/* A packet's bytes: an IPv4 header of sorts, so that filters have something to find. */
static void add_payload(struct image *image, size_t n, uint8_t mark)
{
	for (size_t i = 0; i < n; i++) {
		add(image, i == 12 ? "\x08" : i == 13 ? "\0" : (const char *)&mark, 1);
	}
}

static void end_packet(struct image *image)
{
	assert_true(image->n_ends < ENDS_MAX);
	image->ends[image->n_ends++] = image->n;
}

static void begin_pcap(struct image *image, uint32_t magic, uint32_t snap_length, uint32_t link)
{
	image->n = image->n_ends = image->empty_ends = 0;
	add_u32(image, magic);
	add_u16(image, 2);
	add_u16(image, 4);
	add_u32(image, 0);
	add_u32(image, 0);
	add_u32(image, snap_length);
	add_u32(image, link);
}

static void add_pcap_head(struct image *image, uint32_t fraction, uint32_t captured,
			  uint32_t length)
{
	add_u32(image, (uint32_t)SECOND);
	add_u32(image, fraction);
	add_u32(image, captured);
	add_u32(image, length);
}

static void add_pcap_packet(struct image *image, uint32_t fraction, uint8_t mark)
{
	add_pcap_head(image, fraction, PACKET_SIZE, PACKET_SIZE + 5);
	add_payload(image, PACKET_SIZE, mark);
	end_packet(image);
}

/* Begins a pcapng block whose total length end_block() fills in. */
static size_t begin_block(struct image *image, uint32_t type)
{
	size_t at = image->n;

	add_u32(image, type);
	add_u32(image, 0);
	return at;
}

static void end_block(struct image *image, size_t at)
{
	size_t end = image->n;
	uint32_t total = (uint32_t)(end + 4 - at);

	add_u32(image, total);
	image->n = at + 4;
	add_u32(image, total);
	image->n = end + 4;
}

static void add_section(struct image *image)
{
	size_t at = begin_block(image, 0x0a0d0d0a);

	add_u32(image, 0x1a2b3c4d);
	add_u16(image, 1);
	add_u16(image, 0);
	add_number(image, UINT64_MAX, 8);
	end_block(image, at);
}

static void begin_pcapng(struct image *image)
{
	image->n = image->n_ends = image->empty_ends = 0;
	add_section(image);
}

static void add_option(struct image *image, uint16_t code, const void *value, uint16_t n)
{
	add_u16(image, code);
	add_u16(image, n);
	add(image, value, n);
	add(image, "\0\0\0", (4 - n % 4U) % 4);
}

static void add_interface(struct image *image, uint16_t link_type, const char *name,
			  uint8_t resolution, int64_t offset)
{
	size_t at = begin_block(image, 1);

	add_u16(image, link_type);
	add_u16(image, 0);
	add_u32(image, 0);
	if (name != NULL) {
		add_option(image, 2, name, (uint16_t)strlen(name));
	}
	add_option(image, 9, &resolution, 1);
	add_u16(image, 14);
	add_u16(image, 8);
	add_number(image, (uint64_t)offset, 8);
	add_u32(image, 0);
	end_block(image, at);
}

static void add_enhanced(struct image *image, uint32_t interface, uint64_t ticks, uint8_t mark)
{
	size_t at = begin_block(image, 6);

	add_u32(image, interface);
	add_u32(image, (uint32_t)(ticks >> 32));
	add_u32(image, (uint32_t)ticks);
	add_u32(image, PACKET_SIZE);
	add_u32(image, PACKET_SIZE + 5);
	add_payload(image, PACKET_SIZE, mark);
	end_block(image, at);
	end_packet(image);
}

static const char *in_folder(const struct run *run, const char *name, char *out)
{
	snprintf(out, 128, "%s/%s", run->folder, name);
	return out;
}

static void save_bytes(const struct run *run, const char *name, const void *bytes, size_t n)
{
	char path[128];
	FILE *file = fopen(in_folder(run, name, path), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

static void save(struct run *run, const char *name)
{
	save_bytes(run, name, run->image.bytes, run->image.n);
}

static int open_with_filter(struct run *run, const char *name, const char *filter)
{
	char path[128];
	const char *paths[] = { in_folder(run, name, path) };
	struct capture_file_options options = { .filter = filter, .log = &run->sink };

	run->files = capture_files_close(run->files);
	run->problem.text[0] = run->line[0] = '\0';
	run->warnings = run->infos = 0;
	return capture_files_open(&run->files, paths, 1, &options, &run->problem);
}

static int open_one(struct run *run, const char *name)
{
	return open_with_filter(run, name, NULL);
}

static int next(struct run *run)
{
	return capture_files_next(run->files, &run->frame, &run->problem);
}

/* Reads to the end; every byte of every frame is touched. */
static uint64_t read_all(struct run *run)
{
	uint64_t n = 0;
	int result;

	while ((result = next(run)) == 1) {
		for (uint32_t i = 0; i < run->frame.captured; i++) {
			run->sum += run->frame.bytes[i];
		}
		n++;
	}
	assert_int_equal(result, 0);
	assert_int_equal(next(run), 0);
	return n;
}

static const struct capture_file_counters *counters(const struct run *run)
{
	return capture_files_counters(run->files);
}

static void expect_frame(struct run *run, int64_t time, uint8_t mark)
{
	assert_int_equal(next(run), 1);
	assert_int_equal(run->frame.time, time);
	assert_int_equal(run->frame.captured, PACKET_SIZE);
	assert_int_equal(run->frame.length, PACKET_SIZE + 5);
	assert_int_equal(run->frame.bytes[0], mark);
	assert_int_equal(run->frame.bytes[PACKET_SIZE - 1], mark);
}

static void pcap_of_each_magic_and_order(void **state)
{
	static const struct {
		uint32_t magic;
		int64_t unit;
		bool longer_head;
	} forms[] = {
		{ 0xa1b2c3d4, 1000, false },
		{ 0xa1b23c4d, 1, false },
		{ 0xa1b2cd34, 1000, true },
	};
	struct run *run = *state;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(forms); i++) {
		run->image.big_endian = i % 2 == 1;
		begin_pcap(&run->image, forms[i / 2].magic, 65535, 113);
		for (uint8_t k = 1; k <= 2; k++) {
			add_pcap_head(&run->image, 5U * k, PACKET_SIZE, PACKET_SIZE + 5);
			add_number(&run->image, 0, forms[i / 2].longer_head ? 8 : 0);
			add_payload(&run->image, PACKET_SIZE, k);
		}
		save(run, "a.pcap");
		assert_int_equal(open_one(run, "a.pcap"), 0);
		assert_int_equal(capture_files_n_sources(run->files), 1);
		assert_int_equal(capture_files_source(run->files, 0)->link_type, 113);
		assert_int_equal(capture_files_source(run->files, 0)->snap_length, 65535);
		expect_frame(run, SECOND * NS_PER_S + 5 * forms[i / 2].unit, 1);
		assert_int_equal(run->frame.number, 1);
		expect_frame(run, SECOND * NS_PER_S + 10 * forms[i / 2].unit, 2);
		assert_int_equal(run->frame.number, 2);
		assert_int_equal(run->frame.link_type, 113);
		assert_int_equal(next(run), 0);
		assert_int_equal(counters(run)->bytes_read, run->image.n);
		assert_int_equal(counters(run)->bytes_total, run->image.n);
		assert_int_equal(run->warnings, 0);
	}
}

static void pcap_without_packets_is_fine(void **state)
{
	struct run *run = *state;

	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 1);
	save(run, "a.pcap");
	assert_int_equal(open_one(run, "a.pcap"), 0);
	assert_int_equal(capture_files_n_sources(run->files), 1);
	assert_int_equal(read_all(run), 0);
	assert_int_equal(run->warnings, 0);
}

static void pcap_link_type_field_holds_the_fcs_length(void **state)
{
	struct run *run = *state;

	/* 2 words of 16 bits, present; reserved bits are to be ignored. */
	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 0x24010001);
	add_pcap_head(&run->image, 0, 64, 64);
	add_payload(&run->image, 64, 1);
	add_pcap_head(&run->image, 0, 62, 64);
	add_payload(&run->image, 62, 2);
	add_pcap_head(&run->image, 0, 3, 3);
	add_payload(&run->image, 3, 3);
	save(run, "a.pcap");
	assert_int_equal(open_one(run, "a.pcap"), 0);
	assert_int_equal(next(run), 1);
	assert_int_equal(run->frame.link_type, 1);
	assert_int_equal(run->frame.captured, 60);
	assert_int_equal(run->frame.length, 60);
	assert_int_equal(next(run), 1);
	assert_int_equal(run->frame.captured, 60);
	assert_int_equal(next(run), 1);
	assert_int_equal(run->frame.captured, 3);
}

static void pcap_of_old_versions_swaps_lengths(void **state)
{
	struct run *run = *state;

	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 1);
	run->image.bytes[6] = 3;
	add_pcap_head(&run->image, 0, PACKET_SIZE + 5, PACKET_SIZE);
	add_payload(&run->image, PACKET_SIZE, 1);
	add_pcap_packet(&run->image, 0, 2);
	save(run, "a.pcap");
	assert_int_equal(open_one(run, "a.pcap"), 0);
	expect_frame(run, SECOND * NS_PER_S, 1);
	expect_frame(run, SECOND * NS_PER_S, 2);
	assert_int_equal(next(run), 0);
}

/* Cuts the image at every length: whole packets come out, and the cut is told. */
static void sweep(struct run *run, size_t header)
{
	struct image *image = &run->image;
	size_t length, whole, frames;
	bool border;

	for (length = 0; length <= image->n; length++) {
		save_bytes(run, "cut", image->bytes, length);
		if (length < header) {
			assert_int_equal(open_one(run, "cut"), -EINVAL);
			assert_string_not_equal(run->problem.text, "");
			continue;
		}
		whole = 0;
		while (whole < image->n_ends && image->ends[whole] <= length) {
			whole++;
		}
		border = length == header || (whole > 0 && image->ends[whole - 1] == length);
		frames = whole > image->empty_ends ? whole - image->empty_ends : 0;
		assert_int_equal(open_one(run, "cut"), 0);
		assert_int_equal(read_all(run), frames);
		assert_int_equal(counters(run)->frames, frames);
		assert_int_equal(counters(run)->cut_files, border ? 0 : 1);
		assert_int_equal(counters(run)->damaged_files, 0);
		assert_int_equal(run->warnings, border ? 0 : 1);
	}
}

static void pcap_cut_at_every_length(void **state)
{
	struct run *run = *state;

	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 1);
	add_pcap_packet(&run->image, 1, 1);
	add_pcap_packet(&run->image, 2, 2);
	add_pcap_packet(&run->image, 3, 3);
	sweep(run, 24);
	save_bytes(run, "cut", run->image.bytes, run->image.ends[1] + 3);
	assert_int_equal(open_one(run, "cut"), 0);
	assert_int_equal(read_all(run), 2);
	assert_non_null(strstr(run->line, "/cut: cut short in packet 3, which begins at byte 96"));
}

static void pcapng_cut_at_every_length(void **state)
{
	struct run *run = *state;

	for (int big = 0; big < 2; big++) {
		run->image.big_endian = big == 1;
		begin_pcapng(&run->image);
		add_interface(&run->image, 1, "eth0", 6, 0);
		run->image.ends[0] = run->image.n;
		run->image.n_ends = 1;
		run->image.empty_ends = 1;
		add_enhanced(&run->image, 0, 1, 1);
		add_enhanced(&run->image, 0, 2, 2);
		sweep(run, 28);
	}
}

/* Two interfaces of different link types and resolutions, one with an offset. */
static void pcapng_interfaces_differ(void **state)
{
	struct run *run = *state;
	const struct capture_source *second;
	char path[128], name[160];

	begin_pcapng(&run->image);
	add_interface(&run->image, 1, NULL, 9, 0);
	add_interface(&run->image, 113, "any\x1b[1m", 0x80 | 10, SECOND);
	add_enhanced(&run->image, 0, (uint64_t)SECOND * 1000000000U + 7, 1);
	add_enhanced(&run->image, 1, 3 * 1024 + 512, 2);
	save(run, "a.pcapng");
	assert_int_equal(open_one(run, "a.pcapng"), 0);
	assert_int_equal(capture_files_n_sources(run->files), 2);
	expect_frame(run, SECOND * NS_PER_S + 7, 1);
	assert_int_equal(run->frame.source, 0);
	assert_int_equal(run->frame.link_type, 1);
	expect_frame(run, (SECOND + 3) * NS_PER_S + NS_PER_S / 2, 2);
	assert_int_equal(run->frame.source, 1);
	assert_int_equal(run->frame.link_type, 113);
	assert_int_equal(next(run), 0);
	second = capture_files_source(run->files, 1);
	snprintf(name, sizeof(name), "%s:any?[1m", in_folder(run, "a.pcapng", path));
	assert_string_equal(second->name, name);
	assert_string_equal(second->path, path);
	assert_int_equal(second->frames, 1);
	assert_string_equal(capture_files_source(run->files, 0)->name, path);
	assert_null(capture_files_source(run->files, 2));
}

static void pcapng_times_of_every_resolution(void **state)
{
	static const struct {
		uint8_t resolution;
		int64_t offset;
		uint64_t ticks;
		int64_t time;
	} rows[] = {
		{ 0, 0, 5, 5 * NS_PER_S },
		{ 3, 0, 5, 5 * NS_PER_MS },
		{ 10, 0, 59, 5 },
		{ 12, 1, 7000, NS_PER_S + 7 },
		{ 28, 0, UINT64_MAX, 1 },
		{ 29, 0, UINT64_MAX, 0 },
		{ 127, 0, UINT64_MAX, 0 },
		{ 0x80, 0, 5, 5 * NS_PER_S },
		{ 0x81, 0, 5, 5 * NS_PER_S / 2 },
		{ 0xa0, 0, UINT64_C(1) << 33, 2 * NS_PER_S },
		{ 0xff, 0, UINT64_MAX, 0 },
		{ 6, -1, 1500000, NS_PER_S / 2 },
		{ 6, -2, 1500000, 0 },               /* before 1970: held */
		{ 9, 0, UINT64_MAX, INT64_MAX / 2 }, /* beyond 2116: held */
		{ 0, INT64_MAX, UINT64_MAX, INT64_MAX / 2 } /* as far as it goes */,
		{ 0, INT64_MIN, UINT64_MAX, INT64_MAX / 2 },
		{ 0, INT64_MIN, 0, 0 },
	};
	struct run *run = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		begin_pcapng(&run->image);
		add_interface(&run->image, 1, NULL, rows[i].resolution, rows[i].offset);
		add_enhanced(&run->image, 0, rows[i].ticks, 1);
		save(run, "a.pcapng");
		assert_int_equal(open_one(run, "a.pcapng"), 0);
		assert_int_equal(next(run), 1);
		assert_int_equal(run->frame.time, rows[i].time);
	}
}

/* Totals of frames lost by interface 0 and by its system, among others that do not count. */
static void add_statistics(struct image *image, uint64_t by_interface, uint64_t by_system)
{
	size_t at = begin_block(image, 5);

	add_u32(image, 0);
	add_number(image, 0, 8);
	for (uint16_t code = 4; code <= 8; code++) {
		add_u16(image, code);
		add_u16(image, 8);
		add_number(image, code == 5 ? by_interface : code == 7 ? by_system : 99, 8);
	}
	add_u32(image, 0);
	end_block(image, at);
}

/* Simple and obsolete packet blocks, statistics, drop counts, a block nobody knows. */
static void pcapng_other_blocks(void **state)
{
	struct run *run = *state;
	struct image *image = &run->image;
	size_t at;

	begin_pcapng(image);
	add_interface(image, 1, NULL, 6, 0);
	at = begin_block(image, 0x0bad);
	add_payload(image, 400, 9);
	end_block(image, at);
	add_enhanced(image, 0, 10, 1);
	at = begin_block(image, 3);
	add_u32(image, PACKET_SIZE + 5);
	add_payload(image, PACKET_SIZE, 2);
	end_block(image, at);
	at = begin_block(image, 2);
	add_u16(image, 0);
	add_u16(image, 3); /* three lost */
	add_u32(image, 0);
	add_u32(image, 30);
	add_u32(image, PACKET_SIZE);
	add_u32(image, PACKET_SIZE + 5);
	add_payload(image, PACKET_SIZE, 3);
	end_block(image, at);
	add_statistics(image, 5, 7);
	add_statistics(image, 1, 0); /* a total that went back says nothing new */
	save(run, "a.pcapng");
	assert_int_equal(open_one(run, "a.pcapng"), 0);
	expect_frame(run, 10000, 1);
	expect_frame(run, 10000, 2); /* no time of its own: the last one */
	expect_frame(run, 30000, 3);
	assert_int_equal(counters(run)->dropped, 3);
	assert_int_equal(next(run), 0);
	/* The totals of the interface contain what was counted packet by packet. */
	assert_int_equal(counters(run)->dropped, 12);
	assert_int_equal(run->warnings, 0);
}

static void pcapng_simple_packets_are_cut_at_the_snap_length(void **state)
{
	struct run *run = *state;
	struct image *image = &run->image;
	size_t at;

	begin_pcapng(image);
	add_interface(image, 1, NULL, 6, 0);
	image->bytes[28 + 12] = PACKET_SIZE;
	for (size_t k = 0; k < 2; k++) {
		at = begin_block(image, 3);
		add_u32(image, PACKET_SIZE + 5);
		add_payload(image, PACKET_SIZE + k * 4, 1);
		end_block(image, at);
	}
	save(run, "a.pcapng");
	assert_int_equal(open_one(run, "a.pcapng"), 0);
	expect_frame(run, 0, 1);
	expect_frame(run, 0, 1);
	assert_int_equal(next(run), 0);
}

static void pcapng_interfaces_are_capped(void **state)
{
	struct run *run = *state;

	for (uint32_t n = 1024; n <= 1025; n++) {
		begin_pcapng(&run->image);
		for (uint32_t i = 0; i < n; i++) {
			add_interface(&run->image, 1, NULL, 6, 0);
		}
		add_enhanced(&run->image, 1023, 1, 1);
		save(run, "a.pcapng");
		assert_int_equal(open_one(run, "a.pcapng"), 0);
		assert_int_equal(read_all(run), n == 1024 ? 1 : 0);
		assert_int_equal(counters(run)->damaged_files, n == 1024 ? 0 : 1);
		assert_int_equal(capture_files_n_sources(run->files), PACKET_SOURCE_MAX);
	}
}

static void pcapng_drop_count_of_a_packet(void **state)
{
	struct run *run = *state;
	struct image *image = &run->image;
	size_t at;

	begin_pcapng(image);
	add_interface(image, 1, NULL, 6, 0);
	at = begin_block(image, 6);
	add_u32(image, 0);
	add_number(image, 0, 8);
	add_u32(image, 3);
	add_u32(image, 3);
	add(image, "abc\0", 4);
	add_option(image, 1, "why", 3);
	add_u16(image, 4);
	add_u16(image, 8);
	add_number(image, 42, 8);
	add_u32(image, 0);
	end_block(image, at);
	save(run, "a.pcapng");
	assert_int_equal(open_one(run, "a.pcapng"), 0);
	assert_int_equal(counters(run)->dropped, 0);
	assert_int_equal(read_all(run), 1);
	assert_int_equal(counters(run)->dropped, 42);
}

static void pcapng_sections_change_byte_order(void **state)
{
	struct run *run = *state;
	struct image *image = &run->image;

	begin_pcapng(image);
	add_interface(image, 1, "a", 6, 0);
	add_enhanced(image, 0, 1, 1);
	image->big_endian = true;
	add_section(image);
	add_interface(image, 101, "b", 6, 0);
	add_enhanced(image, 0, 2, 2);
	image->big_endian = false;
	add_section(image);
	add_interface(image, 1, "a", 6, 0);
	add_enhanced(image, 0, 3, 3);
	save(run, "a.pcapng");
	assert_int_equal(open_one(run, "a.pcapng"), 0);
	expect_frame(run, 1000, 1);
	expect_frame(run, 2000, 2);
	assert_int_equal(run->frame.link_type, 101);
	expect_frame(run, 3000, 3);
	/* The same interface again is the same source. */
	assert_int_equal(run->frame.source, 0);
	assert_int_equal(capture_files_n_sources(run->files), 2);
	assert_int_equal(next(run), 0);
}

/* Spoils one byte of a file whose first packet is good. */
static void expect_damage(struct run *run, size_t at, uint8_t value, const char *why)
{
	uint8_t was = run->image.bytes[at];

	run->image.bytes[at] = value;
	save(run, "bad");
	run->image.bytes[at] = was;
	assert_int_equal(open_one(run, "bad"), 0);
	assert_int_equal(read_all(run), 1);
	assert_int_equal(counters(run)->damaged_files, 1);
	assert_int_equal(counters(run)->cut_files, 0);
	assert_int_equal(run->warnings, 1);
	assert_non_null(strstr(run->line, why));
	assert_non_null(strstr(run->line, "damaged at packet 2, byte "));
}

static void damage_ends_a_file_and_is_told(void **state)
{
	struct run *run = *state;
	size_t second;

	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 1);
	add_pcap_packet(&run->image, 1, 1);
	add_pcap_packet(&run->image, 2, 2);
	expect_damage(run, run->image.ends[0] + 11, 0x7f, "impossible packet length");

	begin_pcapng(&run->image);
	add_interface(&run->image, 1, NULL, 6, 0);
	add_enhanced(&run->image, 0, 1, 1);
	second = run->image.n;
	add_enhanced(&run->image, 0, 2, 2);
	expect_damage(run, second + 4, 8, "impossible block length");
	expect_damage(run, second + 7, 0x7f, "impossible block length");
	expect_damage(run, second + 8, 1, "interface that is not there");
	expect_damage(run, second + 20, PACKET_SIZE + 1, "longer than its block");
	expect_damage(run, run->image.n - 4, 0, "two lengths differ");
}

static void frames_beyond_256_kib_are_skipped(void **state)
{
	struct run *run = *state;

	begin_pcap(&run->image, 0xa1b2c3d4, 300000, 1);
	add_pcap_head(&run->image, 1, 262144, 262144);
	add_payload(&run->image, 262144, 1);
	add_pcap_head(&run->image, 2, 262145, 262145);
	add_payload(&run->image, 262145, 2);
	add_pcap_packet(&run->image, 3, 3);
	save(run, "a.pcap");
	assert_int_equal(open_one(run, "a.pcap"), 0);
	assert_int_equal(next(run), 1);
	assert_int_equal(run->frame.captured, 262144);
	assert_int_equal(run->frame.bytes[262143], 1);
	expect_frame(run, SECOND * NS_PER_S + 3000, 3);
	assert_int_equal(run->frame.number, 3);
	assert_int_equal(next(run), 0);
	assert_int_equal(counters(run)->oversized, 1);
	assert_int_equal(counters(run)->frames, 2);
}

/* The packet of captured bytes, then a small one; padding goes behind the data as an option. */
static void save_long_block(struct run *run, uint32_t type, uint32_t captured, size_t filling)
{
	struct image *image = &run->image;
	size_t at;

	begin_pcapng(image);
	add_interface(image, 1, NULL, 6, 0);
	add_enhanced(image, 0, 1, 1);
	at = begin_block(image, type);
	add_u32(image, 0);
	add_number(image, 0, 8);
	add_u32(image, captured);
	add_u32(image, captured);
	add_payload(image, filling, 2);
	end_block(image, at);
	add_enhanced(image, 0, 3, 3);
	save(run, "a");
	assert_int_equal(open_one(run, "a"), 0);
}

static void pcapng_long_blocks(void **state)
{
	struct run *run = *state;

	save_long_block(run, 6, 262144, 262144);
	assert_int_equal(read_all(run), 3);
	assert_int_equal(counters(run)->oversized, 0);
	save_long_block(run, 6, 262148, 262148);
	expect_frame(run, 1000, 1);
	expect_frame(run, 3000, 3);
	assert_int_equal(run->frame.number, 3);
	assert_int_equal(counters(run)->oversized, 1);
	save_long_block(run, 6, 524288, 524288);
	assert_int_equal(read_all(run), 2);
	assert_int_equal(counters(run)->oversized, 1);
	save_long_block(run, 10, 0, 524288); /* decryption secrets: no packet, no matter */
	assert_int_equal(read_all(run), 2);
	assert_int_equal(counters(run)->oversized, 0);
	assert_int_equal(run->warnings, 0);
	save_long_block(run, 1, 0, 524288);
	assert_int_equal(read_all(run), 1);
	assert_int_equal(counters(run)->damaged_files, 1);
}

static size_t gzip(const uint8_t *bytes, size_t n, uint8_t *out, size_t room)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)bytes,
		       .avail_in = (uInt)n,
		       .next_out = out };

	z.avail_out = (uInt)room;
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static size_t zstd(const uint8_t *bytes, size_t n, uint8_t *out, size_t room)
{
	size_t size = ZSTD_compress(out, room, bytes, n, 3);

	assert_false(ZSTD_isError(size));
	return size;
}

typedef size_t pack_function(const uint8_t *bytes, size_t n, uint8_t *out, size_t room);

/* Whole, in two pieces joined, and cut at every length. */
static void read_packed(struct run *run, pack_function *pack)
{
	uint8_t out[2048];
	const struct image *image = &run->image;
	size_t n = pack(image->bytes, image->n, out, sizeof(out)), border;
	uint64_t frames;

	save_bytes(run, "whole.pcap", out, n);
	assert_int_equal(open_one(run, "whole.pcap"), 0);
	expect_frame(run, SECOND * NS_PER_S + 1000, 1);
	assert_int_equal(read_all(run), 2);
	assert_int_equal(counters(run)->bytes_read, n);
	assert_int_equal(counters(run)->bytes_total, n);
	assert_int_equal(run->warnings, 0);

	/* The seam lies inside a packet. */
	border = pack(image->bytes, 50, out, sizeof(out));
	n = border + pack(image->bytes + 50, image->n - 50, out + border, sizeof(out) - border);
	for (size_t length = 1; length <= n; length++) {
		save_bytes(run, "cut", out, length);
		if (open_one(run, "cut") != 0) {
			assert_true(length < border);
			continue;
		}
		frames = read_all(run);
		assert_true(frames <= 3);
		assert_true(length < n || frames == 3);
		assert_int_equal(counters(run)->cut_files + counters(run)->damaged_files,
				 length == n ? 0 : 1);
	}
	out[border] ^= 0x55;
	save_bytes(run, "bad", out, n);
	assert_int_equal(open_one(run, "bad"), 0);
	assert_true(read_all(run) <= 3);
	assert_int_equal(counters(run)->damaged_files, 1);
	assert_non_null(strstr(run->line, "of the inflated stream"));
}

static void gzip_and_zstd_are_recognised_by_content(void **state)
{
	struct run *run = *state;

	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 1);
	add_pcap_packet(&run->image, 1, 1);
	add_pcap_packet(&run->image, 2, 2);
	add_pcap_packet(&run->image, 3, 3);
	read_packed(run, gzip);
	read_packed(run, zstd);
}

static void packed_stream_longer_than_every_buffer(void **state)
{
	struct run *run = *state;
	uint8_t *out = malloc(100000);

	assert_non_null(out);
	begin_pcap(&run->image, 0xa1b2c3d4, 262144, 1);
	add_pcap_head(&run->image, 1, 262144, 262144);
	add_payload(&run->image, 262144, 1);
	add_pcap_head(&run->image, 2, 262000, 262144);
	add_payload(&run->image, 262000, 2);
	add_pcap_packet(&run->image, 3, 3);
	save_bytes(run, "a", out, gzip(run->image.bytes, run->image.n, out, 100000));
	assert_int_equal(open_one(run, "a"), 0);
	assert_int_equal(read_all(run), 3);
	save_bytes(run, "a", out, zstd(run->image.bytes, run->image.n, out, 100000));
	assert_int_equal(open_one(run, "a"), 0);
	assert_int_equal(read_all(run), 3);
	assert_int_equal(run->warnings, 0);
	free(out);
}

/* What zlib makes of the first n packed bytes when it has room for everything. */
static size_t inflated_size(const uint8_t *packed, size_t n, uint8_t *room, size_t room_size)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)packed, .avail_in = (uInt)n };

	z.next_out = room;
	z.avail_out = (uInt)room_size;
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	(void)inflate(&z, Z_SYNC_FLUSH);
	inflateEnd(&z);
	return z.total_out;
}

/* The input may be used up while the inflater still holds bytes for which there was no room. */
static void packed_stream_gives_all_it_has(void **state)
{
	struct run *run = *state;
	size_t n, whole, room_size = sizeof(run->image.bytes);
	uint8_t *packed = malloc(20000), *room = malloc(room_size);

	assert_non_null(packed);
	assert_non_null(room);
	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 1);
	while (run->image.n < 140000) {
		add_pcap_packet(&run->image, 1, 1);
		run->image.n_ends = 0;
	}
	n = gzip(run->image.bytes, run->image.n, packed, 20000);
	for (size_t length = 30; length < n; length++) {
		whole = inflated_size(packed, length, room, room_size);
		if (whole < 130000 || whole > 134000) {
			continue;
		}
		save_bytes(run, "a", packed, length);
		assert_int_equal(open_one(run, "a"), 0);
		assert_int_equal(read_all(run), (whole - 24) / (16 + PACKET_SIZE));
	}
	free(packed);
	free(room);
}

static void what_is_no_capture_is_refused(void **state)
{
	struct run *run = *state;
	uint8_t out[128];
	size_t n;

	assert_int_equal(open_one(run, "missing.pcap"), -ENOENT);
	assert_non_null(strstr(run->problem.text, "/missing.pcap: No such file or directory"));
	save_bytes(run, "empty", "", 0);
	assert_int_equal(open_one(run, "empty"), -EINVAL);
	assert_non_null(strstr(run->problem.text, "/empty: empty file"));
	save_bytes(run, "zip", "PK\x03\x04 and more", 13);
	assert_int_equal(open_one(run, "zip"), -EINVAL);
	assert_non_null(strstr(run->problem.text,
			       "/zip: not a capture file (first bytes 50 4b 03 "
			       "04); pcap, pcapng, snoop, .gz and .zst are read"));
	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 1);
	save_bytes(run, "head", run->image.bytes, 23);
	assert_int_equal(open_one(run, "head"), -EINVAL);
	assert_non_null(strstr(run->problem.text, "cut inside its file header"));
	n = gzip((const uint8_t *)"text", 4, out, sizeof(out));
	save_bytes(run, "text.gz", out, n);
	assert_int_equal(open_one(run, "text.gz"), -EINVAL);
	assert_non_null(strstr(run->problem.text, "first bytes 74 65 78 74, inflated"));
	save_bytes(run, "text.gz", out, 8);
	assert_int_equal(open_one(run, "text.gz"), -EINVAL);
	assert_non_null(strstr(run->problem.text, "/text.gz: cut at its start, inflated"));
	out[2] ^= 0xff;
	save_bytes(run, "text.gz", out, n);
	assert_int_equal(open_one(run, "text.gz"), -EINVAL);
	assert_non_null(strstr(run->problem.text, "/text.gz: damaged from its start: "));
}

static int open_many(struct run *run, const char *const *names, size_t n)
{
	char paths[8][128];
	const char *list[8];
	struct capture_file_options options = { .log = &run->sink };

	for (size_t i = 0; i < n; i++) {
		list[i] = in_folder(run, names[i], paths[i]);
	}
	run->files = capture_files_close(run->files);
	run->problem.text[0] = '\0';
	return capture_files_open(&run->files, list, n, &options, &run->problem);
}

static void save_pcap(struct run *run, const char *name, const uint32_t *times, size_t n,
		      uint8_t mark)
{
	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 1);
	for (size_t i = 0; i < n; i++) {
		add_pcap_packet(&run->image, times[i], mark);
	}
	save(run, name);
}

static void files_are_merged_in_time_order(void **state)
{
	static const char *const names[] = { "b", "a", "none", "c" };
	static const struct {
		uint32_t time, clock;
		uint8_t mark, source;
	} expected[] = {
		{ 5, 5, 3, 3 },   { 10, 10, 1, 0 }, { 10, 10, 2, 1 }, { 15, 15, 3, 3 },
		{ 20, 20, 1, 0 }, { 12, 20, 1, 0 }, { 20, 20, 2, 1 }, { 30, 30, 1, 0 },
	};
	struct run *run = *state;

	save_pcap(run, "b", (uint32_t[]) { 10, 20, 12, 30 }, 4, 1); /* goes back at 12 */
	save_pcap(run, "a", (uint32_t[]) { 10, 20 }, 2, 2);
	save_pcap(run, "c", (uint32_t[]) { 5, 15 }, 2, 3);
	save_pcap(run, "none", NULL, 0, 4);
	assert_int_equal(open_many(run, names, 4), 0);
	assert_int_equal(capture_files_n_sources(run->files), 4);
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		expect_frame(run, SECOND * NS_PER_S + expected[i].time * NS_PER_US,
			     expected[i].mark);
		assert_int_equal(run->frame.clock,
				 SECOND * NS_PER_S + expected[i].clock * NS_PER_US);
		assert_int_equal(run->frame.source, expected[i].source);
		assert_int_equal(run->frame.number, i + 1);
	}
	assert_int_equal(next(run), 0);
}

static void damage_in_one_file_leaves_the_others(void **state)
{
	static const char *const names[] = { "a", "b" };
	struct run *run = *state;

	save_pcap(run, "a", (uint32_t[]) { 1, 3 }, 2, 1);
	save_bytes(run, "a", run->image.bytes, run->image.n - 1);
	save_pcap(run, "b", (uint32_t[]) { 2, 4 }, 2, 2);
	assert_int_equal(open_many(run, names, 2), 0);
	assert_int_equal(read_all(run), 3);
	assert_int_equal(counters(run)->cut_files, 1);
}

static void folders_are_read_in_name_order(void **state)
{
	struct run *run = *state;
	char path[128];

	mkdir(in_folder(run, "d", path), 0700);
	assert_int_equal(open_one(run, "d"), -EINVAL);
	assert_non_null(strstr(run->problem.text, "no capture file in this folder"));
	mkdir(in_folder(run, "d/m", path), 0700);
	assert_int_equal(symlink("..", in_folder(run, "d/m/loop", path)), 0);
	save_pcap(run, "d/z.pcap", (uint32_t[]) { 1 }, 1, 1);
	save_pcap(run, "d/m/deep", (uint32_t[]) { 1 }, 1, 2);
	save_pcap(run, "d/a.txt", (uint32_t[]) { 1 }, 1, 3);
	save_bytes(run, "d/notes.pcap", "some text", 9);
	save_bytes(run, "d/zero.pcap", "", 0);
	assert_int_equal(open_one(run, "d"), 0);
	assert_int_equal(run->infos, 2);
	assert_int_equal(run->warnings, 0);
	expect_frame(run, SECOND * NS_PER_S + 1000, 3);
	expect_frame(run, SECOND * NS_PER_S + 1000, 2);
	expect_frame(run, SECOND * NS_PER_S + 1000, 1);
	assert_int_equal(next(run), 0);
	/* What was skipped counts in neither. */
	assert_int_equal(counters(run)->bytes_read, 3 * run->image.n);
	assert_int_equal(counters(run)->bytes_total, 3 * run->image.n);
}

/* More files than descriptors may be open: fine one after the other, refused side by side. */
static void many_files_need_few_descriptors(void **state)
{
	struct run *run = *state;
	char name[32], path[128];
	uint32_t times[2];
	int result;

	mkdir(in_folder(run, "d", path), 0700);
	for (uint32_t i = 0; i < 300; i++) {
		times[0] = 10 * i;
		times[1] = 10 * i + 1;
		snprintf(name, sizeof(name), "d/%u", i);
		save_pcap(run, name, times, 2, 1);
	}
	assert_int_equal(open_one(run, "d"), 0);
	assert_int_equal(capture_files_n_sources(run->files), PACKET_SOURCE_MAX);
	assert_int_equal(run->warnings, 1); /* about the sources, once */
	assert_int_equal(read_all(run), 600);
	assert_int_equal(run->frame.source, PACKET_SOURCE_MAX - 1);
	assert_int_equal(counters(run)->bytes_read, counters(run)->bytes_total);
	for (uint32_t i = 0; i < 300; i++) {
		times[0] = i;
		times[1] = 1000;
		snprintf(name, sizeof(name), "d/%u", i);
		save_pcap(run, name, times, 2, 1);
	}
	assert_int_equal(open_one(run, "d"), 0);
	while ((result = next(run)) == 1) {
	}
	assert_int_equal(result, -EMFILE);
	assert_non_null(strstr(run->problem.text, "more than 256 captures overlap in time"));
}

static void file_that_vanishes_is_an_error(void **state)
{
	struct run *run = *state;
	char path[128];

	save_pcap(run, "a", (uint32_t[]) { 1 }, 1, 1);
	assert_int_equal(open_one(run, "a"), 0);
	assert_int_equal(unlink(in_folder(run, "a", path)), 0);
	assert_int_equal(next(run), -ENOENT);
	assert_int_equal(next(run), -ENOENT);
	save_pcap(run, "a", (uint32_t[]) { 1 }, 1, 1);
	assert_int_equal(open_one(run, "a"), 0);
	assert_int_equal(truncate(path, 30), 0);
	assert_int_equal(next(run), -EIO);
	assert_int_equal(next(run), -EIO);
	assert_non_null(strstr(run->problem.text, "changed while it was read"));
}

struct feed {
	int fd;
	const struct image *image;
};

/* Feeds a pipe byte by byte, as a slow writer would. */
static void *feed_slowly(void *context)
{
	struct feed *feed = context;

	for (size_t i = 0; i < feed->image->n; i++) {
		if (write(feed->fd, &feed->image->bytes[i], 1) != 1) {
			break;
		}
	}
	close(feed->fd);
	return NULL;
}

static void standard_input_is_streamed(void **state)
{
	struct run *run = *state;
	struct capture_file_options options = { .log = &run->sink };
	const char *paths[] = { "-" };
	int ends[2], saved = dup(STDIN_FILENO);
	struct feed feed;
	pthread_t thread;

	begin_pcapng(&run->image);
	add_interface(&run->image, 1, "eth0", 6, 0);
	add_enhanced(&run->image, 0, 1, 1);
	add_enhanced(&run->image, 0, 2, 2);
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
	close(ends[0]);
	feed = (struct feed) { ends[1], &run->image };
	assert_int_equal(pthread_create(&thread, NULL, feed_slowly, &feed), 0);
	assert_int_equal(capture_files_open(&run->files, paths, 1, &options, &run->problem), 0);
	assert_string_equal(capture_files_source(run->files, 0)->name, "-:eth0");
	expect_frame(run, 1000, 1);
	expect_frame(run, 2000, 2);
	assert_int_equal(next(run), 0);
	assert_int_equal(counters(run)->bytes_total, 0);
	assert_int_equal(counters(run)->bytes_read, run->image.n);
	assert_int_equal(pthread_join(thread, NULL), 0);
	run->files = capture_files_close(run->files);
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* still open: it is not ours */
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	close(saved);
}

static void standard_input_may_be_a_file(void **state)
{
	struct run *run = *state;
	struct capture_file_options options = { .log = &run->sink };
	const char *paths[] = { "-" };
	char path[128];
	int saved = dup(STDIN_FILENO), fd;

	save_pcap(run, "a", (uint32_t[]) { 1, 2 }, 2, 1);
	fd = open(in_folder(run, "a", path), O_RDONLY | O_CLOEXEC);
	assert_true(dup2(fd, STDIN_FILENO) >= 0);
	close(fd);
	assert_int_equal(capture_files_open(&run->files, paths, 1, &options, &run->problem), 0);
	assert_int_equal(read_all(run), 2);
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	close(saved);
}

static void filter_refuses_and_counts(void **state)
{
	struct run *run = *state;

	begin_pcapng(&run->image);
	add_interface(&run->image, 1, NULL, 6, 0);
	add_interface(&run->image, 147, NULL, 6, 0); /* private use: no filter knows its bytes */
	add_enhanced(&run->image, 0, 1, 1);
	add_enhanced(&run->image, 0, 2, 2);
	add_enhanced(&run->image, 1, 3, 2);
	add_enhanced(&run->image, 1, 4, 2);
	save(run, "a");
	assert_int_equal(open_with_filter(run, "a", "ether host 02:02:02:02:02:02 and ip"), 0);
	expect_frame(run, 2000, 2);
	assert_int_equal(run->frame.number, 2);
	assert_int_equal(next(run), 0);
	assert_int_equal(counters(run)->frames, 1);
	assert_int_equal(counters(run)->filtered, 3);
	assert_int_equal(run->warnings, 1);
	assert_non_null(strstr(run->line, "link type 147"));
	assert_int_equal(open_with_filter(run, "a", "hots 1.2.3.4"), -EINVAL);
	assert_non_null(strstr(run->problem.text, "wrong filter \"hots 1.2.3.4\""));
}

static void filter_knows_that_raw_ip_has_another_number(void **state)
{
	struct run *run = *state;

	begin_pcap(&run->image, 0xa1b2c3d4, 65535, 101);
	add_pcap_head(&run->image, 0, PACKET_SIZE, PACKET_SIZE);
	add(&run->image, "\x45\0\0\x14\0\0\0\0\x40\x06\0\0\x0a\0\0\x01\x0a\0\0\x02", PACKET_SIZE);
	save(run, "a");
	assert_int_equal(open_with_filter(run, "a", "host 10.0.0.2"), 0);
	assert_int_equal(read_all(run), 1);
	assert_int_equal(open_with_filter(run, "a", "host 10.0.0.3"), 0);
	assert_int_equal(read_all(run), 0);
	assert_int_equal(run->warnings, 0);
}

static void link_types_beyond_the_cap_are_refused(void **state)
{
	struct run *run = *state;
	struct image *image = &run->image;

	begin_pcapng(image);
	for (uint16_t i = 0; i < 40; i++) {
		add_interface(image, (uint16_t)(2000 + i), NULL, 6, 0);
	}
	for (uint32_t i = 0; i < 40; i++) {
		add_enhanced(image, i, i, 1);
		image->n_ends = 0;
	}
	save(run, "a");
	assert_int_equal(open_with_filter(run, "a", "ip"), 0);
	assert_int_equal(read_all(run), 0);
	assert_int_equal(counters(run)->filtered, 40);
	assert_non_null(strstr(run->line, "more than 32 link types"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pcap_of_each_magic_and_order),
		TEST(pcap_without_packets_is_fine),
		TEST(pcap_link_type_field_holds_the_fcs_length),
		TEST(pcap_of_old_versions_swaps_lengths),
		TEST(pcap_cut_at_every_length),
		TEST(pcapng_cut_at_every_length),
		TEST(pcapng_interfaces_differ),
		TEST(pcapng_times_of_every_resolution),
		TEST(pcapng_other_blocks),
		TEST(pcapng_simple_packets_are_cut_at_the_snap_length),
		TEST(pcapng_interfaces_are_capped),
		TEST(pcapng_drop_count_of_a_packet),
		TEST(pcapng_sections_change_byte_order),
		TEST(damage_ends_a_file_and_is_told),
		TEST(frames_beyond_256_kib_are_skipped),
		TEST(pcapng_long_blocks),
		TEST(gzip_and_zstd_are_recognised_by_content),
		TEST(packed_stream_longer_than_every_buffer),
		TEST(packed_stream_gives_all_it_has),
		TEST(what_is_no_capture_is_refused),
		TEST(files_are_merged_in_time_order),
		TEST(damage_in_one_file_leaves_the_others),
		TEST(folders_are_read_in_name_order),
		TEST(many_files_need_few_descriptors),
		TEST(file_that_vanishes_is_an_error),
		TEST(standard_input_is_streamed),
		TEST(standard_input_may_be_a_file),
		TEST(filter_refuses_and_counts),
		TEST(filter_knows_that_raw_ip_has_another_number),
		TEST(link_types_beyond_the_cap_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
