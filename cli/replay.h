/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* replay.h - captures through the whole pipeline: used by `weir replay` and by every query with
 * -r. */

#include "cli/analysis.h"
#include "cli/forwarding.h"
#include "cli/options.h"
#include "cli/pipeline.h"

struct replay_options {
	struct text_list files;        /* captures, folders, "-" */
	struct text_list rule_folders; /* empty: the pack */
	const char *policy;            /* zones and conduits; NULL: those of the environment */
	const char *placeholders;      /* values for rules; NULL: those of the environment */
	const char *time_zone; /* of parts of times in rules; NULL: that of the environment */
	bool rules;            /* judge at all */
	const char *filter;    /* BPF or NULL */
	unsigned workers;      /* 1..16 */
	const char *database;
	const char *baseline;   /* database or file: what is normal; NULL: nobody knows */
	int64_t learning;       /* ns: learns for so long, as a sensor does; 0: does not learn */
	const char *exceptions; /* file; NULL: $WEIR_EXCEPTIONS */
	bool no_exceptions;
	const struct config_outputs *outputs; /* that get what the database holds; NULL: none */
	FILE *events, *alerts;
	void (*on_alert)(void *context, const struct alert_document *alert);
	void (*on_event)(void *context, const struct event *event);
	void (*on_hit)(void *context, size_t rule, const struct event *event);
	void *context;
	const struct log_sink *log;
};

/* What a replay leaves; read it, then replay_end(). */
struct replay {
	struct field_registry *registry;
	uint16_t bases[PROTOCOL_NONE]; /* field ids of the dissectors */
	struct rule_set *rules;
	struct policy *policy; /* NULL: none */
	struct rule_exceptions *exceptions;
	struct capture_files *source;
	struct analysis *analysis;
	struct forwarding *forwarding; /* NULL: none */
	struct pipeline_counters counters;
	struct capture_file_counters files;
	bool baseline, interrupted;
};

/* Opens everything, so that what is wrong is said before the first packet. On an error nothing is
 * left to end. */
int replay_begin(struct replay *replay, const struct replay_options *options,
		 struct problem *problem) MUST_USE;
/* Replays the files, finishes the analysis, and waits a minute at most for the outputs. */
int replay_run(struct replay *replay, const struct replay_options *options,
	       struct problem *problem) MUST_USE;
void replay_end(struct replay *replay);
