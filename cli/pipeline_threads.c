/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Replay with several workers.
 *
 * The dispatcher's thread reads and decodes, and spreads packets over the workers by address pair,
 * in rounds: at the end of a round every worker gets its batch, an empty one too, so each learns
 * how far the capture has come (its watermark).  The caller's thread merges the workers' records by
 * packet number; it may take a record once every other worker has one to compare with or has
 * come past its number.  A worker whose ring is full waits for the merge, and the merge never waits
 * for that worker: the others' watermarks go on for as many rounds as the queue holds.
 *
 * Ticks travel in the batches.  The first worker leaves a mark among its records, and the merge
 * calls on_tick there: where it would have been called with one worker. */

#include "cli/pipeline_private.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define WORKERS_MAX   16
#define QUEUE         8 /* batches on the way to one worker */
#define ROUND         512
#define BATCH_BYTES   (1U << 20)
#define MESSAGE_ALIGN 16

enum message_kind { MESSAGE_PACKET, MESSAGE_CONFLICT, MESSAGE_TICK, MESSAGE_FINISH };

struct message {
	enum message_kind kind;
	uint32_t size; /* with the bytes behind it */
	int64_t clock;
	uint64_t number;
	struct packet packet;
	_Alignas(MESSAGE_ALIGN) uint8_t bytes[];
};

struct batch {
	uint64_t through; /* every packet up to this number is in this batch or before it */
	size_t used;
	bool last;
	_Alignas(MESSAGE_ALIGN) uint8_t bytes[BATCH_BYTES];
};

struct lane {
	struct worker worker;
	pthread_t thread;
	struct batch *batches[QUEUE];
	sem_t full, empty;
	unsigned fill;      /* dispatcher: batch being filled */
	uint64_t watermark; /* atomic */
	bool marks;         /* this one leaves the marks of ticks */
};

struct threads {
	const struct pipeline_options *options;
	struct capture_files *files;
	struct decoder *decoder;
	struct pipeline_counters *counters;
	struct problem *problem;
	struct lane lanes[WORKERS_MAX];
	unsigned n, n_started;
	sigset_t signals; /* what was blocked before; see run() */
	int error;
};

static void rest(void *context)
{
	(void)context;
	nanosleep(&(struct timespec) { .tv_nsec = 20000 }, NULL);
}

/* ---- worker ---- */

static void leave_mark(struct lane *lane, const struct message *message)
{
	struct record mark = {
		.size = sizeof(mark),
		.kind = RECORD_TICK,
		.time = message->clock,
		.number = message->number,
		/* Behind what the tick brought, before what the packet brings. */
		.order = (UINT64_C(3) << 56) - 1,
	};

	record_ring_copy(lane->worker.ring, &mark);
}

static void take(struct lane *lane, const struct message *message)
{
	switch (message->kind) {
	case MESSAGE_PACKET:
		worker_packet(&lane->worker, &message->packet);
		break;
	case MESSAGE_CONFLICT:
		worker_fragment_conflict(&lane->worker, &message->packet);
		break;
	case MESSAGE_TICK:
		worker_tick(&lane->worker, message->clock, message->number);
		break;
	case MESSAGE_FINISH:
		worker_finish(&lane->worker, message->clock, message->number - 1);
		break;
	}
	if (lane->marks && message->kind >= MESSAGE_TICK) {
		leave_mark(lane, message);
	}
}

static void *work(void *context)
{
	struct lane *lane = context;
	bool last = false;

	for (unsigned i = 0; !last; i = (i + 1) % QUEUE) {
		const struct batch *batch = lane->batches[i];

		while (sem_wait(&lane->full) != 0) {
		}
		for (size_t at = 0; at < batch->used;) {
			const struct message *message = (const struct message *)(batch->bytes + at);

			take(lane, message);
			at += message->size;
		}
		last = batch->last;
		__atomic_store_n(&lane->watermark, last ? UINT64_MAX : batch->through,
				 __ATOMIC_RELEASE);
		sem_post(&lane->empty);
	}
	return NULL;
}

/* ---- dispatcher ---- */

static void send_round(struct threads *threads, uint64_t through, bool last)
{
	for (unsigned i = 0; i < threads->n; i++) {
		struct lane *lane = &threads->lanes[i];

		lane->batches[lane->fill]->through = through;
		lane->batches[lane->fill]->last = last;
		sem_post(&lane->full);
		lane->fill = (lane->fill + 1) % QUEUE;
		while (!last && sem_wait(&lane->empty) != 0) {
		}
		if (!last) {
			lane->batches[lane->fill]->used = 0;
		}
	}
}

/* Room for one message; a full batch ends the round early. The packets up to `through` are sent. */
static struct message *add(struct threads *threads, unsigned i, size_t bytes, uint64_t through)
{
	struct lane *lane = &threads->lanes[i];
	size_t size =
	    (sizeof(struct message) + bytes + MESSAGE_ALIGN - 1) / MESSAGE_ALIGN * MESSAGE_ALIGN;
	struct batch *batch = lane->batches[lane->fill];

	if (batch->used + size > BATCH_BYTES) {
		send_round(threads, through, false);
		batch = lane->batches[lane->fill];
	}
	struct message *message = (struct message *)(batch->bytes + batch->used);
	batch->used += size;
	message->size = (uint32_t)size;
	return message;
}

static void add_packet(struct threads *threads, const struct packet *packet, enum message_kind kind)
{
	unsigned i = (unsigned)(packet_pair_hash(packet) % threads->n);
	struct message *message = add(threads, i, packet_copy_size(packet), packet->number - 1);

	message->kind = kind;
	packet_copy(&message->packet, packet, message->bytes);
}

static void add_time(struct threads *threads, enum message_kind kind, int64_t clock,
		     uint64_t number)
{
	for (unsigned i = 0; i < threads->n; i++) {
		struct message *message = add(threads, i, 0, number - 1);

		message->kind = kind;
		message->clock = clock;
		message->number = number;
	}
}

static void dispatch_frame(struct threads *threads, const struct frame *frame,
			   struct ticker *ticker)
{
	struct packet packet;
	bool conflict = false;
	int64_t clock;

	if (unlikely(frame->clock - ticker->last >= TICK_INTERVAL)) {
		while ((clock = ticker_next(ticker, frame->clock)) != TIME_NONE) {
			add_time(threads, MESSAGE_TICK, clock, frame->number);
		}
		decoder_tick(threads->decoder, frame->clock);
	}
	if (decode_frame(threads->decoder, frame, &packet, &conflict) == DECODE_PACKET) {
		add_packet(threads, &packet, MESSAGE_PACKET);
	}
	if (unlikely(conflict)) {
		add_packet(threads, &packet, MESSAGE_CONFLICT);
	}
}

static void *dispatch(void *context)
{
	struct threads *threads = context;
	struct ticker ticker = { 0 };
	struct frame frame = { 0 };
	int more = 0;

	pthread_sigmask(SIG_SETMASK, &threads->signals, NULL);
	while ((more = pipeline_next(threads->options, threads->files, &frame, threads->problem)) >
	       0) {
		pipeline_seen(threads->counters, &frame);
		dispatch_frame(threads, &frame, &ticker);
		if (frame.number % ROUND == 0) {
			send_round(threads, frame.number, false);
			pipeline_progress(threads->options, threads->files, frame.number);
		}
	}
	threads->error = more < 0 ? more : 0;
	if (threads->counters->first != TIME_NONE) {
		add_time(threads, MESSAGE_FINISH, threads->counters->last, frame.number + 1);
	}
	send_round(threads, UINT64_MAX, true);
	return NULL;
}

/* ---- merge ---- */

/* The lane whose oldest record is next, or -1 when none is there; *sure: no other can come before.
 */
static int next_lane(struct threads *threads, bool *sure)
{
	uint64_t low = UINT64_MAX;
	const struct record *best = NULL;
	int lane = -1;

	for (unsigned i = 0; i < threads->n; i++) {
		struct lane *l = &threads->lanes[i];
		uint64_t watermark = __atomic_load_n(&l->watermark, __ATOMIC_ACQUIRE);
		const struct record *record = record_ring_peek(l->worker.ring);

		if (record == NULL) {
			low = watermark < low ? watermark : low;
		} else if (best == NULL || record_compare(record, best) < 0) {
			best = record;
			lane = (int)i;
		}
	}
	*sure = best == NULL ? low == UINT64_MAX : low >= best->number;
	return lane;
}

static void merge(struct threads *threads)
{
	const struct pipeline_options *options = threads->options;

	for (;;) {
		bool sure;
		int lane = next_lane(threads, &sure);

		if (!sure) {
			rest(NULL);
			continue;
		}
		if (lane < 0) {
			return;
		}
		struct record_ring *ring = threads->lanes[lane].worker.ring;
		const struct record *record = record_ring_peek(ring);
		if (record->kind == RECORD_TICK) {
			options->on_tick(options->context, record->time);
		} else {
			options->on_record(options->context, record);
		}
		record_ring_release(ring);
	}
}

/* ---- life ---- */

static int lane_init(struct threads *threads, unsigned i)
{
	struct lane *lane = &threads->lanes[i];
	int error = worker_init(
	    &lane->worker, &(struct worker_options) { .registry = threads->options->registry,
						      .field_bases = threads->options->field_bases,
						      .items = threads->options->items,
						      .index = i,
						      .n_workers = threads->n,
						      .ring_bytes = RING_BYTES,
						      .on_full = rest });

	lane->marks = i == 0;
	for (unsigned k = 0; error == 0 && k < QUEUE; k++) {
		lane->batches[k] = malloc(sizeof(struct batch));
		if (lane->batches[k] == NULL) {
			error = -ENOMEM;
		} else {
			lane->batches[k]->used = 0;
		}
	}
	sem_init(&lane->full, 0, 0);
	/* One batch is being filled from the start. */
	sem_init(&lane->empty, 0, QUEUE - 1);
	return error;
}

static void lane_end(struct lane *lane)
{
	for (unsigned k = 0; k < QUEUE; k++) {
		free(lane->batches[k]);
	}
	sem_destroy(&lane->full);
	sem_destroy(&lane->empty);
	worker_end(&lane->worker);
}

/* Signals go to the dispatcher alone: it is the one that may wait for a silent pipe. */
static int run(struct threads *threads)
{
	pthread_t dispatcher;
	sigset_t all;
	int error = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &threads->signals);
	while (error == 0 && threads->n_started < threads->n) {
		struct lane *lane = &threads->lanes[threads->n_started];

		error = pthread_create(&lane->thread, NULL, work, lane);
		threads->n_started += error == 0;
	}
	if (error == 0) {
		error = pthread_create(&dispatcher, NULL, dispatch, threads);
	}
	if (error == 0) {
		merge(threads);
		pthread_join(dispatcher, NULL);
	} else {
		send_round(threads, UINT64_MAX, true);
	}
	for (unsigned i = 0; i < threads->n_started; i++) {
		pthread_join(threads->lanes[i].thread, NULL);
	}
	pthread_sigmask(SIG_SETMASK, &threads->signals, NULL);
	return error != 0 ? -error : threads->error;
}

int replay_threads(struct capture_files *files, const struct pipeline_options *options,
		   struct pipeline_counters *counters, struct problem *problem)
{
	struct threads *threads = calloc(1, sizeof(*threads));
	struct decode_options decode = decode_defaults();
	unsigned made = 0;
	int error = threads == NULL ? -ENOMEM : 0;

	if (error != 0) {
		return error;
	}
	threads->options = options;
	threads->files = files;
	threads->counters = counters;
	threads->problem = problem;
	threads->n = options->workers < WORKERS_MAX ? options->workers : WORKERS_MAX;
	error = decoder_new(&threads->decoder, &decode);
	while (error == 0 && made < threads->n) {
		error = lane_init(threads, made++);
	}
	if (error == 0) {
		error = run(threads);
		counters->decode = *decoder_counters(threads->decoder);
	}
	for (unsigned i = 0; i < made; i++) {
		if (error == 0) {
			worker_count(&threads->lanes[i].worker, counters);
		}
		lane_end(&threads->lanes[i]);
	}
	decoder_free(threads->decoder);
	free(threads);
	return error;
}
