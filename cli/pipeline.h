/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* pipeline.h - packets to records: workers, their threads and the merge, for a replay and live.
 *
 * Replay with one worker runs in the caller's thread.  With more, a dispatcher decodes, hands
 * packets to workers by address pair, and the records are merged in packet order: the same
 * records in the same order, as long as no cap is hit.  Live, each worker reads its own share
 * of every port. */

#include "capture/decode.h"
#include "capture/file.h"
#include "capture/flow.h"
#include "capture/live.h"
#include "cli/evidence_desk.h"
#include "dissectors/engine.h"

struct pipeline_options {
	unsigned workers; /* 1..16 */
	const struct field_registry *registry;
	const uint16_t *field_bases;     /* of each dissector, from engine_register() */
	const struct item_demand *items; /* NULL: all are wanted */
	const struct log_sink *log;
	size_t evidence_bytes;      /* a worker; 0 is off (always off in a replay) */
	struct evidence_desk *desk; /* live: where packets are asked for; may be NULL */
	/* One record in analysis order, on the caller's thread. */
	void (*on_record)(void *context, const struct record *record);
	/* Time passes: packet time in a replay, the sensor's clock live. At least every 100 ms. */
	void (*on_tick)(void *context, int64_t clock);
	/* Now and then during a replay, for progress; may be NULL. */
	void (*on_progress)(void *context, const struct capture_file_counters *counters);
	void *context;
	const volatile int *stop; /* set to end early and in order; may be NULL */
};

#define PIPELINE_CODES_MAX 4096

/* How often a code was counted, over all workers. */
struct code_count {
	uint8_t protocol; /* index of the dissector */
	uint8_t class;    /* enum message_class; MESSAGE_CLASSES: errors */
	uint32_t code;
	uint64_t count;
};

struct pipeline_counters {
	struct decode_counters decode;
	struct tracker_counters tracker;
	struct engine_counters engine;
	struct record_counters records;
	uint64_t filtered, dropped_kernel, dropped_interface;
	int64_t first, last;      /* packet times; TIME_NONE when there was none */
	struct code_count *codes; /* sorted by protocol, class, code; freed by counters_end() */
	size_t n_codes;
};

/* Replays all files. 0, or negative errno with problem. Counters are filled either way. */
int pipeline_replay(struct capture_files *files, const struct pipeline_options *options,
		    struct pipeline_counters *counters, struct problem *problem) MUST_USE;
void pipeline_counters_end(struct pipeline_counters *counters);

struct pipeline_port {
	const char *interface;
	uint16_t domain;
};

struct pipeline_live_options {
	const struct pipeline_port *ports;
	size_t n_ports;
	struct live_options live; /* a template: interface, source, domain, workers are filled in */
	/* After everything is opened and before the first packet: drop privileges here. */
	int (*on_opened)(void *context, const int *descriptors, size_t n_descriptors,
			 struct problem *problem);
	/* About once a second on the analysis thread, with counters of that moment. */
	void (*on_second)(void *context, const struct pipeline_counters *counters,
			  const struct live_counters *ports);
	int64_t (*now)(void *context); /* the sensor's clock, ns UTC */
};

/* Captures until *options->stop is set, then drains. */
int pipeline_live(const struct pipeline_live_options *live, const struct pipeline_options *options,
		  struct pipeline_counters *counters, struct problem *problem) MUST_USE;
