/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* iec62443.h - IEC 62443-3-3 system requirements: which exist, and how an alert relates to one.
 *
 * An event cannot decide whether a requirement is met or violated: that is for an assessor, who
 * knows what was agreed.  So an alert never says so. */

#include "capture/base/common.h"

#define IEC62443_EDITION "IEC 62443-3-3:2013"

enum iec62443_relation {
	RELATION_CHALLENGED, /* traffic that the requirement restricts was seen */
	RELATION_DETECTED,   /* found because this requirement is met: monitoring works */
	RELATION_SUPPORTING, /* the alert is of use to who looks after it */
};

struct iec62443_requirement {
	const char *id;    /* "SR 2.1" */
	const char *title; /* the standard's short title */
	enum iec62443_relation relation;
	const char *reason; /* one line: what was seen, in this requirement's view */
};

/* By the second part of a tag, "sr-2.1"; NULL when there is none. */
const struct iec62443_requirement *iec62443_requirement(const char *tag);
/* The word for documents: "challenged", "detected" or "supporting". */
const char *iec62443_relation(const struct iec62443_requirement *requirement);
