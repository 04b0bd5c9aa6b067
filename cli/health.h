/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* health.h - the state of a running sensor: its status document, what it says in its first minute,
 * and losses that are reported once an interval.  Belongs to the analysis thread. */

#include "cli/analysis.h"
#include "cli/config.h"
#include "cli/evidence_keeper.h"
#include "cli/forwarding.h"
#include "cli/pipeline.h"

#define HEALTH_VLANS_MAX 64

struct health_port {
	const char *name;
	struct live_counters before; /* a second ago */
	uint64_t rate;               /* packets in the last second */
	uint32_t vlans[HEALTH_VLANS_MAX];
	size_t n_vlans;
};

struct health {
	const struct config *config;
	const struct log_sink *log;
	const char *name; /* of the sensor */
	struct analysis *analysis;
	struct evidence_keeper *evidence; /* NULL: none is kept */
	struct forwarding *forwarding;    /* NULL: no outputs */
	struct record_writer writer;      /* for records of its own */
	struct health_port ports[CONFIG_INTERFACES_MAX];
	int64_t started, clock;
	int64_t interval_from;
	int64_t told; /* when the database last got what it saw and lost */
	uint64_t interval_packets, interval_drops; /* as they stood then */
	bool looked;
};

/* 0 or -ENOMEM. Borrows config, log and name. */
int health_begin(struct health *health, const struct config *config, const char *name,
		 const struct log_sink *log) MUST_USE;
void health_end(struct health *health);

/* Notes which VLANs a port carries, and how late it is. */
void health_record(struct health *health, const struct record *record);
/* Once a second: first look, losses. */
void health_second(struct health *health, const struct pipeline_counters *counters,
		   const struct live_counters *ports, int64_t now);
/* The answer to `weir status`, one line without newline. */
void health_status(const struct health *health, const struct pipeline_counters *counters,
		   const struct live_counters *ports, int64_t now, struct buffer *out);
