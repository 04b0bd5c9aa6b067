/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* iec62443.h - IEC 62443-3-3 system requirements: which exist, and how an alert relates to one. */

#include "capture/base/common.h"

enum iec62443_relation {
	RELATION_BOTH,       /* traffic can show a violation, and that it is met */
	RELATION_VIOLATION,  /* traffic can show a violation; silence proves nothing */
	RELATION_COMPLIANCE, /* that the alert exists is part of meeting it */
	RELATION_LIMITED,    /* traffic is an indication only */
	RELATION_NONE,       /* traffic says nothing; named for context */
};

struct iec62443_requirement {
	const char *id; /* "SR 2.1" */
	enum iec62443_relation relation;
};

/* By the second part of a tag, "sr-2.1"; NULL when there is none. */
const struct iec62443_requirement *iec62443_requirement(const char *tag);
/* The word for documents: "violation", "violation_or_compliance", "compliance", "indicates" or
 * "context". */
const char *iec62443_relation(const struct iec62443_requirement *requirement);
