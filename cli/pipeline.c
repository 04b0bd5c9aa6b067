/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Replay with one worker: reading, decoding, tracking, dissecting and analysis in the caller's
 * thread, batch by batch. */

#include "cli/pipeline_private.h"

#include <errno.h>
#include <stdlib.h>

#define BATCH 64 /* packets between two looks at the ring */

/* No more than a batch wants: the ring is written round and round, and should stay in the cache. */
#define RING_BYTES_HERE (4U * RECORD_SIZE_MAX)

struct replay {
	const struct pipeline_options *options;
	struct worker worker;
};

static void drain(void *context)
{
	struct replay *replay = context;
	const struct record *record;

	while ((record = record_ring_peek(replay->worker.ring)) != NULL) {
		replay->options->on_record(replay->options->context, record);
		record_ring_release(replay->worker.ring);
	}
}

static void ticks_before(struct replay *replay, struct ticker *ticker, const struct frame *frame)
{
	int64_t clock;

	while ((clock = ticker_next(ticker, frame->clock)) != TIME_NONE) {
		drain(replay);
		worker_tick(&replay->worker, clock, frame->number);
		drain(replay);
		replay->options->on_tick(replay->options->context, clock);
	}
}

bool pipeline_stopped(const struct pipeline_options *options)
{
	return options->stop != NULL && __atomic_load_n(options->stop, __ATOMIC_RELAXED) != 0;
}

int pipeline_next(const struct pipeline_options *options, struct capture_files *files,
		  struct frame *out, struct problem *problem)
{
	int more = pipeline_stopped(options) ? 0 : capture_files_next(files, out, problem);

	if (more == -EINTR && pipeline_stopped(options)) {
		if (problem != NULL) {
			problem->text[0] = '\0';
		}
		return 0;
	}
	return more;
}

void pipeline_progress(const struct pipeline_options *options, struct capture_files *files,
		       uint64_t number)
{
	if (options->on_progress != NULL && number % 16384 == 0) {
		options->on_progress(options->context, capture_files_counters(files));
	}
}

void pipeline_seen(struct pipeline_counters *counters, const struct frame *frame)
{
	if (counters->first == TIME_NONE) {
		counters->first = frame->time;
	}
	counters->last = frame->clock;
}

static int replay_all(struct replay *replay, struct capture_files *files, struct decoder *decoder,
		      struct pipeline_counters *counters, struct problem *problem)
{
	struct ticker ticker = { 0 };
	struct packet packet;
	struct frame frame;
	bool conflict = false;
	int more = 0;

	while ((more = pipeline_next(replay->options, files, &frame, problem)) > 0) {
		pipeline_seen(counters, &frame);
		if (unlikely(frame.clock - ticker.last >= TICK_INTERVAL)) {
			ticks_before(replay, &ticker, &frame);
			decoder_tick(decoder, frame.clock);
		}
		if (decode_frame(decoder, &frame, &packet, &conflict) == DECODE_PACKET) {
			worker_packet(&replay->worker, &packet);
		}
		if (unlikely(conflict)) {
			worker_fragment_conflict(&replay->worker, &packet);
			conflict = false;
		}
		if (frame.number % BATCH == 0) {
			drain(replay);
			pipeline_progress(replay->options, files, frame.number);
		}
	}
	drain(replay);
	if (counters->first != TIME_NONE) {
		worker_finish(&replay->worker, counters->last, frame.number);
		drain(replay);
		replay->options->on_tick(replay->options->context, counters->last);
	}
	return more < 0 ? more : 0;
}

static int replay_here(struct capture_files *files, const struct pipeline_options *options,
		       struct pipeline_counters *counters, struct problem *problem)
{
	struct decode_options decode = decode_defaults();
	struct replay replay = { .options = options };
	struct decoder *decoder = NULL;
	int error;

	error = worker_init(&replay.worker,
			    &(struct worker_options) { .registry = options->registry,
						       .field_bases = options->field_bases,
						       .items = options->items,
						       .n_workers = 1,
						       .ring_bytes = RING_BYTES_HERE,
						       .on_full = drain,
						       .context = &replay });
	if (error == 0) {
		error = decoder_new(&decoder, &decode);
	}
	if (error == 0) {
		error = replay_all(&replay, files, decoder, counters, problem);
		counters->decode = *decoder_counters(decoder);
		worker_count(&replay.worker, counters);
	}
	decoder_free(decoder);
	worker_end(&replay.worker);
	return error;
}

int compare_codes(const void *a, const void *b)
{
	const struct code_count *x = a, *y = b;

	if (x->protocol != y->protocol) {
		return x->protocol < y->protocol ? -1 : 1;
	}
	if (x->class != y->class) {
		return x->class < y->class ? -1 : 1;
	}
	return x->code < y->code ? -1 : x->code > y->code;
}

int pipeline_replay(struct capture_files *files, const struct pipeline_options *options,
		    struct pipeline_counters *counters, struct problem *problem)
{
	int error;

	*counters = (struct pipeline_counters) { .first = TIME_NONE, .last = TIME_NONE };
	error = options->workers > 1 ? replay_threads(files, options, counters, problem)
				     : replay_here(files, options, counters, problem);
	counters->filtered = capture_files_counters(files)->filtered;
	if (counters->n_codes > 0) {
		qsort(counters->codes, counters->n_codes, sizeof(*counters->codes), compare_codes);
	}
	if (error == -ENOMEM) {
		problem_set(problem, error, "out of memory");
	}
	return error;
}
