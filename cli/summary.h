/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* summary.h - what a run saw, as the JSON object of DESIGN.md section 6 (schema 1, a contract), and
 * as text for a person. */

#include "cli/pipeline.h"
#include "rules/exceptions.h"
#include "store/inventory.h"

struct summary {
	const struct pipeline_counters *pipeline;
	const struct capture_file_counters *files; /* NULL when live */
	struct inventory_counters inventory;
	struct rule_engine_counters rules;
	const struct rule_exceptions *exceptions; /* NULL: none are loaded */
	const struct rule_engine *engine;         /* that judged by them */
	bool judged;                              /* rules were used at all */
	bool learning;            /* no baseline: rules about what is new are not judged */
	size_t rules_of_baseline; /* how many these are */
	bool interrupted;
};

/* One line with its newline. */
void summary_json(struct buffer *out, const struct summary *summary);
void summary_text(struct buffer *out, const struct summary *summary);

/* The members of "protocols" into an open object: also part of `weir status`. */
void summary_protocols(struct json *json, const struct pipeline_counters *pipeline);
/* What of one protocol was seen and understood, into an open object. */
void summary_protocol(struct json *json, const struct pipeline_counters *pipeline, size_t protocol);
bool summary_protocol_seen(const struct protocol_counters *counters);
