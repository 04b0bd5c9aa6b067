/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* stages.c - how much CPU a packet costs up to a stage of the pipeline.
 *
 *	stages read|decode|track|dissect|items|evidence|inventory|rules FILE
 *
 * Each stage does all of those before it, in one thread as a replay does; `evidence` is `dissect`
 * with the evidence ring on, `items` is `dissect` with a record of every item, wanted or not.
 *Prints packets, CPU nanoseconds (user and system) a packet, and the peak of resident memory in
 *KiB. What is done once, before the first packet, is not counted. */

#include "cli/analysis.h"
#include "cli/log.h"
#include "cli/setup.h"
#include "cli/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define BATCH          64
#define EVIDENCE_BYTES (8U << 20)

enum stage {
	STAGE_READ,
	STAGE_DECODE,
	STAGE_TRACK,
	STAGE_DISSECT,
	STAGE_ITEMS,
	STAGE_EVIDENCE,
	STAGE_INVENTORY,
	STAGE_RULES,
	STAGES
};

static const char *const stage_names[] = { "read",  "decode",   "track",     "dissect",
					   "items", "evidence", "inventory", "rules" };

struct bench {
	enum stage stage;
	struct capture_files *files;
	struct decoder *decoder;
	struct tracker *tracker;
	struct worker worker;
	struct field_registry *registry;
	uint16_t bases[PROTOCOL_NONE];
	struct item_demand items; /* none, until analysis says which */
	struct rule_set *rules;
	struct analysis *analysis;
	uint64_t records;
};

static int fail(const char *what, const struct problem *problem)
{
	fprintf(stderr, "stages: %s: %s\n", what, problem->text);
	return 1;
}

static void drain(void *context)
{
	struct bench *bench = context;
	const struct record *record;

	while ((record = record_ring_peek(bench->worker.ring)) != NULL) {
		bench->records++;
		if (bench->analysis != NULL) {
			analysis_record(bench->analysis, record);
		}
		record_ring_release(bench->worker.ring);
	}
}

/* ---- a tracker that nobody listens to ---- */

static void no_begin(void *context, struct flow *flow, void *session, const struct packet *packet)
{
	(void)context, (void)flow, (void)session, (void)packet;
}

static void no_data(void *context, struct flow *flow, void *session, const struct packet *packet,
		    unsigned side, struct cursor bytes)
{
	(void)context, (void)flow, (void)session, (void)packet, (void)side, (void)bytes;
}

static void no_gap(void *context, struct flow *flow, void *session, const struct packet *packet,
		   unsigned side, uint64_t bytes, int64_t from, int64_t to)
{
	(void)context, (void)flow, (void)session, (void)packet;
	(void)side, (void)bytes, (void)from, (void)to;
}

static void no_conflict(void *context, struct flow *flow, void *session,
			const struct packet *packet, unsigned side, uint64_t bytes)
{
	(void)context, (void)flow, (void)session, (void)packet, (void)side, (void)bytes;
}

static void no_packet(void *context, struct flow *flow, void *session, const struct packet *packet,
		      unsigned side)
{
	(void)context, (void)flow, (void)session, (void)packet, (void)side;
}

static void no_end(void *context, struct flow *flow, void *session, enum flow_end_reason why)
{
	(void)context, (void)flow, (void)session, (void)why;
}

static int begin_tracker(struct bench *bench)
{
	static const struct flow_handler handler = {
		.flow_begin = no_begin,
		.data = no_data,
		.gap = no_gap,
		.conflict = no_conflict,
		.datagram = no_packet,
		.frame = no_packet,
		.flow_end = no_end,
	};
	struct tracker_options options = tracker_defaults();

	options.session_size = engine_session_size();
	return tracker_new(&bench->tracker, &options, &handler);
}

/* ---- begin, run, end ---- */

static int begin_analysis(struct bench *bench, const struct log_sink *log, struct problem *problem)
{
	struct text_list folders = { 0 };
	int error = bench->stage == STAGE_RULES
			? rules_setup(&bench->rules, bench->registry, &folders, NULL, log, problem)
			: 0;
	const struct analysis_options options = {
		.registry = bench->registry, .rules = bench->rules, .replay = true, .log = log
	};

	error = error == 0 ? analysis_new(&bench->analysis, &options, problem) : error;
	if (error == 0) {
		analysis_items(bench->analysis, &bench->items);
	}
	return error;
}

static int begin(struct bench *bench, const char *path, const struct log_sink *log,
		 struct problem *problem)
{
	struct capture_file_options files = { .log = log };
	struct decode_options decode = decode_defaults();
	int error = capture_files_open(&bench->files, &path, 1, &files, problem);

	error = error == 0 ? decoder_new(&bench->decoder, &decode) : error;
	error = error == 0 ? registry_setup(&bench->registry, bench->bases, problem) : error;
	if (error == 0 && bench->stage == STAGE_TRACK) {
		error = begin_tracker(bench);
	}
	if (error == 0 && bench->stage >= STAGE_DISSECT) {
		bool evidence = bench->stage == STAGE_EVIDENCE;
		const struct worker_options worker = {
			.registry = bench->registry,
			.field_bases = bench->bases,
			.items = bench->stage == STAGE_ITEMS ? NULL : &bench->items,
			.n_workers = 1,
			.ring_bytes = RING_BYTES,
			.evidence_bytes = evidence ? EVIDENCE_BYTES : 0,
			.on_full = drain,
			.context = bench
		};

		error = worker_init(&bench->worker, &worker);
	}
	if (error == 0 && bench->stage >= STAGE_INVENTORY) {
		error = begin_analysis(bench, log, problem);
	}
	return error;
}

static void tick(struct bench *bench, const struct frame *frame)
{
	if (bench->stage == STAGE_TRACK) {
		tracker_tick(bench->tracker, frame->clock, frame->number);
	} else if (bench->stage >= STAGE_DISSECT) {
		worker_tick(&bench->worker, frame->clock, frame->number);
		drain(bench);
	}
	if (bench->analysis != NULL) {
		analysis_tick(bench->analysis, frame->clock);
	}
}

static void one_packet(struct bench *bench, const struct frame *frame)
{
	struct packet packet;
	bool conflict;

	if (decode_frame(bench->decoder, frame, &packet, &conflict) != DECODE_PACKET) {
		return;
	}
	if (bench->stage == STAGE_TRACK) {
		tracker_packet(bench->tracker, &packet);
	} else if (bench->stage >= STAGE_DISSECT) {
		worker_packet(&bench->worker, &packet);
	}
	if (frame->number % BATCH == 0 && bench->stage >= STAGE_DISSECT) {
		drain(bench);
	}
}

static uint64_t run(struct bench *bench, struct problem *problem)
{
	struct frame frame = { 0 };
	volatile uint8_t touched;
	int64_t ticked = 0;

	while (capture_files_next(bench->files, &frame, problem) > 0) {
		if (bench->stage == STAGE_READ) {
			touched = frame.bytes[0];
			continue;
		}
		if (frame.clock - ticked >= TICK_INTERVAL) {
			ticked = frame.clock;
			tick(bench, &frame);
		}
		one_packet(bench, &frame);
	}
	(void)touched;
	if (bench->stage >= STAGE_DISSECT) {
		worker_finish(&bench->worker, frame.clock, frame.number);
		drain(bench);
	}
	return frame.number;
}

static double cpu_seconds(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static void end(struct bench *bench)
{
	analysis_free(bench->analysis);
	rule_set_free(bench->rules);
	if (bench->stage >= STAGE_DISSECT) {
		worker_end(&bench->worker);
	}
	tracker_free(bench->tracker);
	decoder_free(bench->decoder);
	capture_files_close(bench->files);
	field_registry_free(bench->registry);
}

int main(int argc, char **argv)
{
	struct log_sink log = log_to_stderr(false);
	struct bench bench = { .stage = STAGE_READ };
	struct problem problem = { "" };
	struct rusage before, after;

	while (argc == 3 && bench.stage < STAGES &&
	       strcmp(argv[1], stage_names[bench.stage]) != 0) {
		bench.stage++;
	}
	if (argc != 3 || bench.stage == STAGES) {
		fprintf(stderr, "usage: stages STAGE FILE\n");
		return 2;
	}
	if (begin(&bench, argv[2], &log, &problem) < 0) {
		return fail(argv[2], &problem);
	}
	getrusage(RUSAGE_SELF, &before);
	uint64_t n = run(&bench, &problem);
	getrusage(RUSAGE_SELF, &after);
	printf("%llu %.1f %ld\n", (unsigned long long)n,
	       (cpu_seconds(&after) - cpu_seconds(&before)) * 1e9 / (double)(n > 0 ? n : 1),
	       after.ru_maxrss);
	end(&bench);
	return 0;
}
