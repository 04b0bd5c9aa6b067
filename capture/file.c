/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* file.c - merges capture files in time order.
 *
 * Every file is opened once to recognise it and to learn the time of its first packet, then
 * closed (parked) until that time is due.  So only files that overlap in time are open
 * together, and a folder of ten thousand files that a ring capture wrote one after the other
 * costs one descriptor and one buffer.  What cannot be opened twice, a pipe, stays open. */

#include "capture/file.h"

#include "capture/frame_filter.h"
#include "capture/merge.h"
#include "capture/paths.h"
#include "capture/reader.h"
#include "capture/sources.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define FILES_MAX   100000
#define OPEN_MAX    256
#define FILES_FIRST 16
#define FIRST_BYTES 4
#define NO_FILE     SIZE_MAX

struct capture_file {
	struct capture_files *files;
	char *path;
	struct reader reader;
	struct reader_record record; /* read and not yet handed out */
	uint64_t packets;            /* read so far, the pending one included */
	uint64_t stored_counted;     /* bytes of the file that bytes_read has */
	bool is_open, is_parked;
};

struct capture_files {
	struct capture_file **items;
	size_t n_items, capacity, n_open;
	struct merge merge;
	size_t current; /* whose record was handed out and must be replaced, or NO_FILE */
	uint64_t number;
	int64_t clock;
	bool size_unknown;
	const struct log_sink *log;
	struct frame_filter *filter;
	struct capture_file_counters counters;
	struct sources sources;
};

DEFINE_FREEP(struct capture_files, capture_files_close)

static int interface_found(void *context, struct reader_interface *interface, uint32_t index,
			   struct cursor name)
{
	struct capture_file *file = context;

	return sources_add(&file->files->sources, (struct source_origin) { file->path, index },
			   interface, name);
}

/* Takes over what the reader and its input have counted since the last time. */
static void count(struct capture_file *file)
{
	struct capture_file_counters *counters = &file->files->counters;

	if (unlikely(file->reader.input.stored > file->stored_counted)) {
		counters->bytes_read += file->reader.input.stored - file->stored_counted;
		file->stored_counted = file->reader.input.stored;
	}
	if (unlikely(file->reader.dropped > 0)) {
		counters->dropped += file->reader.dropped;
		file->reader.dropped = 0;
	}
}

static void close_input(struct capture_file *file)
{
	if (file->is_open) {
		input_close(&file->reader.input);
		file->is_open = false;
		file->files->n_open--;
	}
}

static int open_input(struct capture_file *file, struct problem *problem)
{
	int error;

	if (file->files->n_open == OPEN_MAX) {
		return problem_set(problem, -EMFILE,
				   "%s: more than %d captures overlap in time; merge them in steps",
				   file->path, OPEN_MAX);
	}
	error = input_open(&file->reader.input, file->path);
	if (error != 0) {
		return problem_set(problem, error, "%s: %s", file->path, strerror(-error));
	}
	file->is_open = true;
	file->files->n_open++;
	return 0;
}

/* The file is at its end, good or bad: says so and lets it go. */
static COLD void finish(struct capture_file *file, int result)
{
	struct capture_files *files = file->files;
	const struct reader *reader = &file->reader;
	const char *stream = reader->input.format != UNPACK_NONE ? " of the inflated stream" : "";

	if (result == READER_CUT) {
		files->counters.cut_files++;
		log_warning(files->log,
			    "%s: cut short in packet %" PRIu64 ", which begins at byte %" PRIu64
			    "%s; the packets before it were read",
			    file->path, file->packets + 1, reader->record_at, stream);
	} else if (result == READER_DAMAGED) {
		files->counters.damaged_files++;
		log_warning(files->log,
			    "%s: damaged at packet %" PRIu64 ", byte %" PRIu64
			    "%s: %s; the packets before it were read",
			    file->path, file->packets + 1, reader->record_at, stream,
			    reader->input.end == INPUT_DAMAGED ? reader->input.why : reader->why);
	}
	if (reader->held_times > 0) {
		log_warning(files->log,
			    "%s: %" PRIu64 " packets have times outside 1970 to 2116, held there",
			    file->path, reader->held_times);
	}
	close_input(file);
	reader_close(&file->reader);
}

/* Reads the next record. 1; 0: the file is finished; negative errno. */
static int read_record(struct capture_file *file, struct problem *problem)
{
	int result = reader_next(&file->reader, &file->record);

	count(file);
	if (likely(result == READER_RECORD)) {
		file->packets++;
		return 1;
	}
	if (result < 0) {
		return problem_set(problem, result, "%s: %s", file->path, strerror(-result));
	}
	finish(file, result);
	return 0;
}

/* Why a stream is no capture, with its first bytes: people name the wrong file. */
static COLD int not_a_capture(const struct capture_file *file, struct problem *problem)
{
	const struct reader *reader = &file->reader;
	size_t n = size_min(input_ready(&reader->input), FIRST_BYTES);
	struct cursor c = input_look(&reader->input, n);
	char first[3 * FIRST_BYTES + 1] = "";
	const char *packed = reader->input.format != UNPACK_NONE ? ", inflated" : "";

	if (n == 0 && reader->input.end == INPUT_DAMAGED) {
		return problem_set(problem, -EINVAL, "%s: damaged from its start: %s", file->path,
				   reader->input.why);
	}
	if (n == 0) {
		return problem_set(
		    problem, -EINVAL, "%s: %s%s", file->path,
		    reader->input.end == INPUT_CUT ? "cut at its start" : "empty file", packed);
	}
	if (reader->format != NULL) {
		return problem_set(problem, -EINVAL, "%s: %s", file->path, reader->why);
	}
	for (size_t i = 0; i < n; i++) {
		snprintf(first + 3 * i, sizeof(first) - 3 * i, " %02x", cur_u8(&c));
	}
	return problem_set(
	    problem, -EINVAL,
	    "%s: not a capture file (first bytes%s%s); pcap, pcapng, snoop, .gz and .zst "
	    "are read",
	    file->path, first, packed);
}

static int begin_file(struct capture_file *file, struct problem *problem)
{
	int error = open_input(file, problem);

	if (error != 0) {
		return error;
	}
	error = reader_begin(&file->reader);
	if (error == -EINVAL) {
		return not_a_capture(file, problem);
	}
	if (error != 0) {
		problem_set(problem, error, "%s: %s", file->path, strerror(-error));
	}
	return error;
}

/* Closes a file that can be opened again when its time has come. */
static void park(struct capture_file *file)
{
	if (file->reader.input.is_regular && strcmp(file->path, "-") != 0) {
		close_input(file);
		file->is_parked = true;
	}
}

/* Opens a parked file where it was left; its record is read again, as its bytes are gone. On
 * failure it stays parked. */
static COLD int resume(struct capture_file *file, struct problem *problem)
{
	uint64_t held_times = file->reader.held_times;
	int result = open_input(file, problem);

	if (result != 0) {
		return result;
	}
	result = input_skip(&file->reader.input, file->reader.record_at);
	if (result == 1) {
		result = reader_next(&file->reader, &file->record);
	}
	file->reader.held_times = held_times;
	if (result == READER_RECORD) {
		file->is_parked = false;
		return 0;
	}
	close_input(file);
	return problem_set(problem, result < 0 ? result : -EIO, "%s: %s", file->path,
			   result < 0 ? strerror(-result) : "changed while it was read");
}

static void free_file(struct capture_file *file)
{
	close_input(file);
	reader_close(&file->reader);
	free(file->path);
	free(file);
}

static int grow(struct capture_files *files)
{
	size_t capacity = files->capacity == 0 ? FILES_FIRST : files->capacity * 2;
	struct capture_file **items;

	if (files->n_items < files->capacity) {
		return 0;
	}
	items = realloc(files->items, capacity * sizeof(struct capture_file *));
	if (items == NULL) {
		return -ENOMEM;
	}
	files->items = items;
	files->capacity = capacity;
	return 0;
}

/* A new last item; its path is a copy. NULL: no memory. */
static struct capture_file *new_file(struct capture_files *files, const char *path)
{
	struct capture_file *file = calloc(1, sizeof(*file));

	if (file == NULL || grow(files) != 0 || (file->path = strdup(path)) == NULL) {
		free(file);
		return NULL;
	}
	file->files = files;
	file->reader.interface_found = interface_found;
	file->reader.context = file;
	files->items[files->n_items++] = file;
	return file;
}

static void count_size(struct capture_file *file)
{
	struct capture_file_counters *counters = &file->files->counters;

	file->files->size_unknown |= !file->reader.input.is_regular;
	counters->bytes_total += file->reader.input.stored_size;
	if (file->files->size_unknown) {
		counters->bytes_total = 0;
	}
}

/* Opens one file, learns when it begins, and parks it. */
static int add_file(void *context, const char *path, bool in_folder, struct problem *problem)
{
	struct capture_files *files = context;
	struct capture_file *file;
	struct problem own = { .text = "" };
	int result;

	if (files->n_items == FILES_MAX) {
		return problem_set(problem, -EINVAL, "%s: more than %d files", path, FILES_MAX);
	}
	file = new_file(files, path);
	if (file == NULL) {
		return problem_set(problem, -ENOMEM, "%s: out of memory", path);
	}
	result = begin_file(file, &own);
	if (result == -EINVAL && in_folder) {
		log_info(files->log, "skipped: %s", own.text);
		free_file(files->items[--files->n_items]);
		return 0;
	}
	if (result == 0) {
		count_size(file);
		result = read_record(file, &own);
	}
	if (result == 1) {
		result = merge_add(&files->merge, file->record.time, files->n_items - 1);
		park(file);
	}
	return result != 0 ? problem_set(problem, result, "%s", own.text) : 0;
}

static int add_path(struct capture_files *files, const char *path, struct problem *problem)
{
	size_t n_before = files->n_items;
	int error = paths_walk(path, add_file, files, problem);

	if (error == 0 && files->n_items == n_before) {
		error = problem_set(problem, -EINVAL, "%s: no capture file in this folder", path);
	}
	return error;
}

int capture_files_open(struct capture_files **out, const char *const *paths, size_t n_paths,
		       const struct capture_file_options *options, struct problem *problem)
{
	AUTO(capture_files_closep) struct capture_files *files = calloc(1, sizeof(*files));
	int error = 0;

	if (files == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	files->current = NO_FILE;
	files->log = files->sources.log = options->log;
	if (options->filter != NULL) {
		error = frame_filter_new(&files->filter, options->filter, files->log, problem);
	}
	for (size_t i = 0; error == 0 && i < n_paths; i++) {
		error = add_path(files, paths[i], problem);
	}
	if (error == 0) {
		*out = files;
		files = NULL;
	}
	return error;
}

struct capture_files *capture_files_close(struct capture_files *files)
{
	if (files != NULL) {
		for (size_t i = 0; i < files->n_items; i++) {
			free_file(files->items[i]);
		}
		free(files->items);
		sources_free(&files->sources);
		merge_free(&files->merge);
		frame_filter_free(files->filter);
		free(files);
	}
	return NULL;
}

/* Replaces the record that was handed out by the next one of its file. */
static int advance(struct capture_files *files, struct problem *problem)
{
	struct capture_file *file = files->items[files->current];
	int result = read_record(file, problem);

	if (likely(result == 1)) {
		merge_first_moved(&files->merge, file->record.time);
	} else if (result == 0) {
		merge_drop_first(&files->merge);
		files->current = NO_FILE;
	}
	return result < 0 ? result : 0;
}

/* Gives the pending record of a file its number and makes it a frame. False: not to be handed
 * out. */
static bool make_frame(struct capture_files *files, struct capture_file *file, struct frame *out)
{
	const struct reader_record *record = &file->record;
	struct reader_interface *interface;

	files->number++;
	files->clock = time_max(files->clock, record->time);
	if (unlikely(record->oversized)) {
		files->counters.oversized++;
		return false;
	}
	interface = &file->reader.interfaces[record->interface];
	*out = (struct frame) {
		.time = record->time,
		.clock = files->clock,
		.number = files->number,
		.bytes = record->bytes,
		.captured = record->captured,
		.length = record->length,
		.source = interface->source,
		.link_type = interface->link_type,
	};
	interface->dropped_counted += record->dropped;
	files->counters.dropped += record->dropped;
	if (files->filter != NULL && !frame_filter_passes(files->filter, out)) {
		files->counters.filtered++;
		return false;
	}
	files->counters.frames++;
	files->sources.items[out->source].frames++;
	return true;
}

int capture_files_next(struct capture_files *files, struct frame *out, struct problem *problem)
{
	struct capture_file *file;
	int error = 0;

	do {
		if (likely(files->current != NO_FILE)) {
			error = advance(files, problem);
		}
		if (unlikely(error != 0 || files->merge.n == 0)) {
			return error;
		}
		files->current = files->merge.entries[0].index;
		file = files->items[files->current];
		if (unlikely(file->is_parked)) {
			error = resume(file, problem);
			if (error != 0) {
				files->current = NO_FILE;
				return error;
			}
		}
	} while (unlikely(!make_frame(files, file, out)));
	return 1;
}

size_t capture_files_n_sources(const struct capture_files *files)
{
	return files->sources.n;
}

const struct capture_source *capture_files_source(const struct capture_files *files, size_t i)
{
	return i < files->sources.n ? &files->sources.items[i] : NULL;
}

const struct capture_file_counters *capture_files_counters(const struct capture_files *files)
{
	return &files->counters;
}
