/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* frame_filter.h - a BPF expression (pcap-filter(7)) over frames of mixed link types.
 *
 * Compiled once for each link type, when its first frame comes. */

#include "capture/base/log.h"
#include "capture/base/problem.h"
#include "capture/packet.h"

#define FRAME_FILTER_LINK_TYPES 32

struct frame_filter;

/* 0; -EINVAL: the expression does not compile for Ethernet, problem says why; -ENOMEM. The log
 * must outlive the filter. */
int frame_filter_new(struct frame_filter **out, const char *expression, const struct log_sink *log,
		     struct problem *problem) MUST_USE;
struct frame_filter *frame_filter_free(struct frame_filter *filter);
DEFINE_FREEP(struct frame_filter, frame_filter_free)

/* False also for a link type on which the expression has no meaning, and for those beyond
 * FRAME_FILTER_LINK_TYPES; both are told to the log once. */
bool frame_filter_passes(struct frame_filter *filter, const struct frame *frame);
